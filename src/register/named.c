/* What came behind a record and names it: its retraction or a new version, answers, acknowledgements, findings. */
#include "register/answer.h"

#include "base/time.h"

struct naming {
    struct truce_register *reg;
    struct moment moment;
    uint64_t most, count;
    bool more;
    struct json_writer w;
    struct record_id of;
    struct arena arena;
    struct buffer entry;
};

/* The admission of either asked for its own author. */
static bool takes_its_place(const struct naming *n, const struct record *record)
{
    struct record_id replaced;
    return hash_parse(&replaced.hash, json_find_string(record->body, "replaces")) && record_id_equal(&replaced, &n->of);
}

static enum status put_one(void *context, uint64_t index, struct error *error)
{
    struct naming *n = context;
    struct record record;
    int64_t received_ms;
    bool is_void;
    if (index >= n->moment.size) return STATUS_DONE;
    n->more = n->count == n->most;
    if (n->more) return STATUS_DONE;
    arena_reset(&n->arena);
    buffer_reset(&n->entry);
    TRY(index_is_void(n->reg->index, index, &is_void, error));
    if (is_void) return STATUS_DONE;
    TRY(register_read(n->reg, index, &n->entry, &n->arena, &record, &received_ms, error));
    n->count++;
    json_put_object(&n->w);
    json_put_key(&n->w, "by"), json_put_slice(&n->w, record.by);
    answer_put_id(&n->w, "id", &record.id);
    json_put_key(&n->w, "kind"), json_put_string(&n->w, record.kind->name);
    answer_put_time(&n->w, "received", received_ms / 1000);
    json_put_key(&n->w, "replaces"), json_put_bool(&n->w, takes_its_place(n, &record));
    json_put_close(&n->w);
    return STATUS_DONE;
}

static enum status put_named(struct naming *n, const char *id, const struct truce_moment *asked, struct buffer *out,
                             struct error *error)
{
    uint64_t index;
    struct seen seen;
    bool is_void;
    TRY(register_find(n->reg, id, &index, &is_void, error));
    TRY(register_moment(n->reg, asked, &n->moment, error));
    TRY(sight_entry(n->reg, index, &seen, error));
    n->of = seen.id;
    json_write_open(&n->w, out);
    json_put_object(&n->w);
    json_put_key(&n->w, "named_by");
    json_put_array(&n->w);
    TRY(index_find_references(n->reg->index, &n->of, 0, n->most + 1, put_one, n, error));
    json_put_close(&n->w);
    if (n->more) json_put_key(&n->w, "truncated"), json_put_bool(&n->w, true);
    json_put_close(&n->w);
    return json_write_finish(&n->w, error);
}

enum truce_status truce_named_by(struct truce_register *reg, const char *id, uint64_t most,
                                 const struct truce_moment *asked, struct truce_buffer *answer,
                                 struct truce_error *error)
{
    struct error why;
    struct naming naming = {.reg = reg, .most = most};
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&naming.arena, LIMIT_REQUEST_BYTES);
    enum status status = put_named(&naming, id, asked, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    buffer_clear(&naming.entry);
    arena_clear(&naming.arena);
    return public_status(status, &why, error);
}
