/* Records for tests of what is derived from them: decoded from relaxed JSON, unsigned, without a round through
 * record_decode. Missing parts of the envelope get plain values. */
#ifndef TRUCE_TEST_MADE_RECORD_H
#define TRUCE_TEST_MADE_RECORD_H

#include "check.h"
#include "record/record.h"

static inline struct record made_record(struct arena *arena, const char *json)
{
    struct record record = {.text = arena_copy(arena, slice_from(json))};
    struct error error = {0};
    if (json_read(&record.body, record.text, JSON_RELAXED, arena, &error) != STATUS_DONE) {
        fprintf(stderr, "not JSON: %s\n", json);
        abort();
    }
    record.id.hash = hash_of(record.text);
    struct slice kind = json_find_string(record.body, "kind");
    record.kind = record_kind_find(kind.data == NULL ? slice_from("report") : kind);
    record.by = json_find_string(record.body, "by");
    if (record.by.data == NULL) record.by = slice_from("monitor");
    record.key_id = (uint32_t)json_find_integer(record.body, "key_number", 1);
    record.seq = json_find_integer(record.body, "seq", 0);
    if (!time_parse(&record.written, json_find_string(record.body, "written"))) record.written = 0;
    return record;
}

#endif
