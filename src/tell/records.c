#include "tell/records.h"

#include "base/table.h"

#include <stdio.h>

enum { RECORDS_BYTES_MOST = 512 * 1024 * 1024, ID_SIZE = 65 };

struct kept_record {
    struct kept_record *next, *chain; /* of all; of those in its bucket */
    struct slice id;
    const struct json *record; /* NULL: looked for and not found */
};

void records_open(struct records *records, struct truce_register *reg)
{
    *records = (struct records){.reg = reg};
    arena_init(&records->arena, RECORDS_BYTES_MOST);
}

void records_close(struct records *records)
{
    arena_clear(&records->arena);
}

static struct kept_record **bucket(struct records *records, struct slice id)
{
    return &records->by_id[table_hash(id) % RECORDS_BUCKETS];
}

static void keep(struct records *records, struct slice id, const struct json *record)
{
    struct kept_record *kept = arena_get(&records->arena, sizeof *kept);
    if (kept == NULL) return;
    struct kept_record **chain = bucket(records, id);
    *kept = (struct kept_record){records->first, *chain, arena_copy(&records->arena, id), record};
    records->first = *chain = kept;
}

void records_put(struct records *records, const struct json *record)
{
    keep(records, json_find_string(record, "id"), record);
}

static const struct json *look_up(struct records *records, struct slice id)
{
    char text[ID_SIZE];
    struct truce_buffer answer = {0};
    struct truce_error error;
    const struct json *record = NULL;
    if (records->reg == NULL || id.size >= sizeof text) return NULL;
    snprintf(text, sizeof text, "%.*s", SLICE(id));
    if (truce_show(records->reg, text, TRUCE_JSON, &answer, &error) == TRUCE_DONE) {
        struct slice copy = arena_copy(&records->arena, slice_of(answer.data, answer.size));
        if (copy.data == NULL || json_read(&record, copy, JSON_RELAXED, &records->arena, NULL) != STATUS_DONE)
            record = NULL;
    }
    truce_free(&answer);
    return record;
}

const struct json *records_get(struct records *records, struct slice id)
{
    if (id.size == 0) return NULL;
    for (const struct kept_record *kept = *bucket(records, id); kept != NULL; kept = kept->chain)
        if (slice_equal(kept->id, id)) return kept->record;
    const struct json *record = look_up(records, id);
    keep(records, id, record);
    return record;
}

/* ---- by kind: few, and read once */

struct gathering {
    struct records *records;
    struct kept_record *first;
};

static int gather_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct gathering *gathering = context;
    struct arena *arena = &gathering->records->arena;
    const struct json *record;
    struct slice copy = arena_copy(arena, slice_of(line, size));
    struct kept_record *kept = arena_get(arena, sizeof *kept);
    (void)status;
    if (kept == NULL || copy.data == NULL || json_read(&record, copy, JSON_RELAXED, arena, NULL) != STATUS_DONE)
        return 1;
    *kept = (struct kept_record){gathering->first, NULL, json_find_string(record, "id"), record};
    gathering->first = kept;
    return 0;
}

/* The newest first. What was put (tests, and what is already known) is asked as well. */
static struct kept_record *gather(struct records *records, const char *const *kinds)
{
    struct gathering gathering = {.records = records};
    struct truce_error error;
    for (const struct kept_record *kept = records->first; kept != NULL && records->reg == NULL; kept = kept->next)
        for (const char *const *kind = kinds; *kind != NULL; kind++)
            if (slice_is(json_find_string(kept->record, "kind"), *kind))
                (void)gather_line(&gathering, TRUCE_DONE, (const char *)kept->record->source.data,
                                  kept->record->source.size);
    for (const char *const *kind = kinds; *kind != NULL && records->reg != NULL; kind++) {
        const struct truce_query query = {.kind = *kind};
        if (truce_find(records->reg, &query, gather_line, &gathering, &error) != TRUCE_DONE) break;
    }
    return gathering.first;
}

static const struct kept_record *agreements(struct records *records)
{
    static const char *const kinds[] = {"agreement", NULL};
    if (!records->agreements_known) records->agreements = gather(records, kinds);
    records->agreements_known = records->reg != NULL;
    return records->agreements;
}

static size_t put_records(const struct kept_record *kept, const struct json **out, size_t room)
{
    size_t count = 0;
    for (; kept != NULL && count < room; kept = kept->next) out[count++] = kept->record;
    return count;
}

size_t records_agreements(struct records *records, const struct json **out, size_t room)
{
    return put_records(agreements(records), out, room);
}

size_t records_areas(struct records *records, const struct json **out, size_t room)
{
    static const char *const kinds[] = {"area", NULL};
    if (!records->areas_known) records->areas = gather(records, kinds);
    records->areas_known = records->reg != NULL;
    return put_records(records->areas, out, room);
}

const struct json *records_agreement(struct records *records, struct slice name)
{
    for (const struct kept_record *kept = agreements(records); kept != NULL; kept = kept->next)
        if (slice_equal(json_find_string(kept->record, "agreement"), name)) return kept->record;
    return NULL;
}

static const struct kept_record *people(struct records *records)
{
    static const char *const kinds[] = {"genesis", "party", NULL};
    if (!records->people_known) records->people = gather(records, kinds);
    records->people_known = true;
    return records->people;
}

const struct json *records_party(struct records *records, struct slice party)
{
    for (const struct kept_record *kept = people(records); kept != NULL; kept = kept->next) {
        const struct json *founders = json_find(kept->record, "founders");
        if (slice_equal(json_find_string(kept->record, "party"), party)) return json_find(kept->record, "names");
        for (const struct json *f = founders == NULL ? NULL : founders->first; f != NULL; f = f->next)
            if (slice_equal(json_find_string(f, "party"), party)) return json_find(f, "names");
    }
    return NULL;
}

static void put_party(struct slice party, struct slice *parties, size_t room, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if (slice_equal(parties[i], party)) return;
    if (party.size > 0 && *count < room) parties[(*count)++] = party;
}

/* From the oldest on, which is the last. */
static void put_people(const struct kept_record *kept, struct slice *parties, size_t room, size_t *count)
{
    if (kept == NULL) return;
    put_people(kept->next, parties, room, count);
    const struct json *founders = json_find(kept->record, "founders");
    put_party(json_find_string(kept->record, "party"), parties, room, count);
    for (const struct json *f = founders == NULL ? NULL : founders->first; f != NULL; f = f->next)
        put_party(json_find_string(f, "party"), parties, room, count);
}

size_t records_parties(struct records *records, struct slice *parties, size_t room)
{
    size_t count = 0;
    put_people(people(records), parties, room, &count);
    return count;
}
