#include "register/beside.h"

enum { NAMING_MOST = 1000 };

/* A record read apart from others. */
struct one {
    struct buffer entry;
    struct arena arena;
    struct record record;
    int64_t received_ms;
};

static enum status one_read(struct one *one, struct truce_register *reg, uint64_t index, struct error *error)
{
    buffer_reset(&one->entry);
    arena_reset(&one->arena);
    return register_read(reg, index, &one->entry, &one->arena, &one->record, &one->received_ms, error);
}

static void one_clear(struct one *one)
{
    buffer_clear(&one->entry);
    arena_clear(&one->arena);
}

static void add(struct event_records *records, uint64_t index)
{
    for (size_t i = 0; i < records->count; i++)
        if (records->index[i] == index) return;
    records->more = records->more || records->count == EVENT_RECORDS_MOST;
    if (records->count < EVENT_RECORDS_MOST) records->index[records->count++] = index;
}

static enum status consider(void *context, uint64_t index, struct error *error)
{
    struct beside *beside = context;
    struct one one = {.entry = {0}};
    if (index >= beside->size || !view_counts(beside->view, index)) return STATUS_DONE;
    arena_init(&one.arena, LIMIT_REQUEST_BYTES);
    enum status status = one_read(&one, beside->reg, index, error);
    if (status == STATUS_DONE && strcmp(one.record.kind->name, "evidence") == 0) add(&beside->evidence, index);
    if (status == STATUS_DONE && beside->every && strcmp(one.record.kind->name, "statement") == 0)
        add(&beside->statements, index);
    one_clear(&one);
    return status;
}

/* The evidence that a record itself names. */
static enum status consider_named(struct beside *beside, const struct record *record, struct error *error)
{
    const struct json *about = json_find(record->body, "about");
    for (const struct json *m = about == NULL ? NULL : about->first; m != NULL; m = m->next) {
        struct record_id id;
        uint64_t index;
        bool found = false, is_void;
        if (!hash_parse(&id.hash, m->string)) continue;
        TRY(index_find_id(beside->reg->index, &id, &found, &index, &is_void, error));
        if (found && !is_void) TRY(consider(beside, index, error));
    }
    return STATUS_DONE;
}

static enum status look_beside(struct beside *beside, uint64_t index, struct error *error)
{
    struct one one = {.entry = {0}};
    arena_init(&one.arena, LIMIT_REQUEST_BYTES);
    enum status status = one_read(&one, beside->reg, index, error);
    beside->every = true;
    if (status == STATUS_DONE)
        status = index_find_references(beside->reg->index, &one.record.id, 0, NAMING_MOST, consider, beside, error);
    beside->every = false; /* a statement that a report names is about something else */
    if (status == STATUS_DONE) status = consider_named(beside, &one.record, error);
    one_clear(&one);
    return status;
}

enum status beside_find(struct beside *beside, const struct event_records *records, struct error *error)
{
    for (size_t i = 0; i < records->count; i++) TRY(look_beside(beside, records->index[i], error));
    return STATUS_DONE;
}

enum status beside_put_ids(struct truce_register *reg, const char *key, const struct event_records *records,
                           struct json_writer *w, struct error *error)
{
    json_put_key(w, key);
    json_put_array(w);
    for (size_t i = 0; i < records->count; i++) {
        char hex[HASH_HEX_SIZE];
        struct seen seen;
        TRY(sight_entry(reg, records->index[i], &seen, error));
        hash_format(&seen.id.hash, hex);
        json_put_string(w, hex);
    }
    json_put_close(w);
    return STATUS_DONE;
}

enum status beside_put(const struct beside *beside, struct json_writer *w, struct error *error)
{
    TRY(beside_put_ids(beside->reg, "evidence", &beside->evidence, w, error));
    return beside_put_ids(beside->reg, "statements", &beside->statements, w, error);
}
