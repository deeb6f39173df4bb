/* Claims with what stands beside them, and tallies beside what readings count. */
#include "register/side_by_side.h"

/* ---- many */

struct listed {
    struct truce_register *reg;
    struct view *view;
    struct sought sought;
    bool narrow; /* by more than the index can tell */
    truce_line *line;
    void *context;
    uint64_t left;
    struct buffer out, entry;
    struct arena arena;
    bool ended;
};

static void put_own(struct json_writer *w, const struct json *body, const char *name)
{
    const struct json *value = json_find(body, name);
    if (value != NULL) json_put_key(w, name), json_put_tree(w, value);
}

/* A claim's own words may stand in its `event` alone. */
static void put_told(struct json_writer *w, const struct json *body, const char *name)
{
    const struct json *own = json_find(body, name);
    put_own(w, own != NULL ? body : json_find(body, "event"), name);
}

static void put_claim(struct json_writer *w, const struct record *record, uint64_t index, int64_t received_ms)
{
    char hex[HASH_HEX_SIZE], received[25];
    hash_format(&record->id.hash, hex);
    received_format(received_ms, received);
    json_put_object(w);
    put_told(w, record->body, "act");
    put_told(w, record->body, "actor");
    put_own(w, record->body, "by");
    put_own(w, record->body, "confidence");
    json_put_key(w, "id"), json_put_string(w, hex);
    json_put_key(w, "index"), json_put_integer(w, (int64_t)index);
    json_put_key(w, "received"), json_put_string(w, received);
    put_own(w, record->body, "term");
    json_put_close(w);
}

static enum status write_line(struct listed *listed, uint64_t index, struct error *error)
{
    struct event_records records;
    struct record record;
    struct json_writer w;
    int64_t received_ms;
    buffer_reset(&listed->out);
    buffer_reset(&listed->entry);
    arena_reset(&listed->arena);
    TRY(register_read(listed->reg, index, &listed->entry, &listed->arena, &record, &received_ms, error));
    json_write_open(&w, &listed->out);
    json_put_object(&w);
    json_put_key(&w, "claim");
    put_claim(&w, &record, index, received_ms);
    json_put_key(&w, "with");
    json_put_object(&w);
    TRY(claim_write(listed->view, index, &w, &records, error));
    json_put_close(&w);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status give(void *context, uint64_t index, struct error *error)
{
    struct listed *listed = context;
    bool fits = true;
    if (listed->ended || !view_counts(listed->view, index)) return STATUS_DONE;
    if (listed->narrow) TRY(sought_fits(listed->view, index, &listed->sought, &fits, error));
    if (!fits) return STATUS_DONE;
    TRY(write_line(listed, index, error));
    listed->ended = --listed->left == 0;
    return public_line(listed->line, listed->context, STATUS_DONE, buffer_slice(&listed->out), error);
}

static enum status list_claims(struct listed *listed, const struct truce_sought *asked, uint64_t known,
                               struct error *error)
{
    const struct truce_query *q = &asked->query;
    const struct query query = {.kind = slice_from("claim"),
                                .by = q->by == NULL ? (struct slice){NULL, 0} : slice_from(q->by),
                                .term = q->term == NULL ? (struct slice){NULL, 0} : slice_from(q->term),
                                .after = q->after,
                                .known = known};
    listed->sought.by = (struct slice){NULL, 0}; /* of the claim itself, which the index tells */
    listed->narrow = asked->against != NULL || q->has_from || q->has_to || q->has_near || q->has_box;
    arena_init(&listed->arena, LIMIT_REQUEST_BYTES);
    enum status status = index_find(listed->reg->index, &query, give, listed, error);
    arena_clear(&listed->arena);
    return status;
}

enum truce_status truce_claims(struct truce_register *reg, const struct truce_sought *asked,
                               const struct truce_moment *moment, truce_line *line, void *context,
                               struct truce_error *error)
{
    struct error why;
    struct look look;
    struct listed listed = {.reg = reg, .line = line, .context = context};
    listed.left = asked->query.limit == 0 ? UINT64_MAX : asked->query.limit;
    enum status status = sought_read(asked, &listed.sought, &why);
    if (status == STATUS_DONE) status = look_begin(reg, moment, &look, &why);
    if (status == STATUS_DONE) {
        listed.view = look.view;
        status = list_claims(&listed, asked, look.moment.size, &why);
        look_end(&look);
    }
    buffer_clear(&listed.out);
    buffer_clear(&listed.entry);
    return public_status(status, &why, error);
}

/* ---- one */

static void add_new(struct event_records *all, const struct event_records *more)
{
    for (size_t i = 0; i < more->count; i++) {
        bool known = false;
        for (size_t k = 0; k < all->count; k++) known = known || all->index[k] == more->index[i];
        if (!known && all->count < EVENT_RECORDS_MOST) all->index[all->count++] = more->index[i];
    }
}

/* What else speaks of them: of each column its evidence, and of all the statements. */
static enum status find_beside(struct side_by_side *all, struct beside *beside, struct event_records *statements,
                               struct error *error)
{
    *statements = (struct event_records){.count = 0};
    for (size_t i = 0; i < all->count; i++) {
        const struct event_records one = {.index = {all->column[i].index}, .count = 1};
        beside->evidence = beside->statements = (struct event_records){.count = 0};
        TRY(beside_find(beside, &one, error));
        all->column[i].evidence = beside->evidence;
        add_new(statements, &beside->statements);
    }
    return STATUS_DONE;
}

static enum status put_side_by_side(struct side_by_side *all, struct beside *beside, bool more, struct slice with,
                                    struct json_writer *w, struct error *error)
{
    struct event_records statements;
    TRY(find_beside(all, beside, &statements, error));
    json_put_object(w);
    json_put_key(w, "columns");
    side_by_side_put_columns(all, w);
    json_put_key(w, "fields");
    TRY(side_by_side_put_fields(all, beside->reg, w, error));
    json_put_key(w, "more"), json_put_bool(w, more);
    TRY(beside_put_ids(beside->reg, "statements", &statements, w, error));
    json_put_key(w, "with"), json_put_raw(w, with);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status is_claim(struct truce_register *reg, uint64_t index, const char *id, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct arena arena;
    struct record record;
    int64_t received_ms;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = register_read(reg, index, &entry, &arena, &record, &received_ms, error);
    bool claims = status == STATUS_DONE && strcmp(record.kind->name, "claim") == 0;
    arena_clear(&arena);
    if (status != STATUS_DONE || claims) return status;
    return error_set(error, STATUS_FAILED, "claim-none", "Record {0} is not a claim.", error_slice(slice_from(id)).text,
                     NULL);
}

static enum status claim_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                               const void *id, struct json_writer *w, struct error *error)
{
    OWN(buffer_clear) struct buffer with = {0};
    struct beside beside = {.reg = reg, .view = view, .size = moment->size};
    struct event_records records;
    struct side_by_side all;
    struct json_writer inner;
    uint64_t index;
    TRY(known_record(reg, moment, id, &index, error));
    TRY(is_claim(reg, index, id, error));
    json_write_open(&inner, &with);
    json_put_object(&inner);
    TRY(claim_write(view, index, &inner, &records, error));
    json_put_close(&inner);
    TRY(json_write_finish(&inner, error));
    enum status status = side_by_side_open(&all, reg, &records, error);
    if (status == STATUS_DONE) status = put_side_by_side(&all, &beside, records.more, buffer_slice(&with), w, error);
    side_by_side_close(&all);
    return status;
}

enum truce_status truce_claim(struct truce_register *reg, const char *id, const struct truce_moment *moment,
                              struct truce_buffer *answer, struct truce_error *error)
{
    return answer_value_at(reg, moment, "claim", claim_value, id, answer, error);
}

/* ---- tallies */

struct tallies {
    struct truce_register *reg;
    struct view *view;
    const struct moment *moment;
    struct json_writer *w;
};

static enum status put_counted(const struct tallies *tallies, const struct record *record, struct span span,
                               struct error *error)
{
    json_put_key(tallies->w, "counted");
    json_put_array(tallies->w);
    TRY(tally_write(tallies->view, json_find_string(record->body, "term"), span, tallies->w, error));
    json_put_close(tallies->w);
    return STATUS_DONE;
}

static enum status put_tally(const struct tallies *tallies, const struct record *record, uint64_t index,
                             struct error *error)
{
    struct json_writer *w = tallies->w;
    const struct json *when = json_find(record->body, "when");
    struct span span = {.as_of = tallies->moment->as_of};
    char hex[HASH_HEX_SIZE];
    if (!time_parse(&span.from, json_find_string(when, "from")) || !time_parse(&span.to, json_find_string(when, "to")))
        return STATUS_DONE;
    hash_format(&record->id.hash, hex);
    json_put_object(w);
    put_own(w, record->body, "actor");
    put_own(w, record->body, "by");
    put_own(w, record->body, "casualties");
    TRY(put_counted(tallies, record, span, error));
    put_own(w, record->body, "counts");
    json_put_key(w, "id"), json_put_string(w, hex);
    json_put_key(w, "index"), json_put_integer(w, (int64_t)index);
    put_own(w, record->body, "rule");
    put_own(w, record->body, "term");
    json_put_key(w, "watched");
    TRY(watched_write(tallies->view, record->by, span, w, error));
    put_own(w, record->body, "when");
    json_put_close(w);
    return STATUS_DONE;
}

static enum status on_tally(void *context, uint64_t index, struct error *error)
{
    struct tallies *tallies = context;
    OWN(buffer_clear) struct buffer entry = {0};
    struct arena arena;
    struct record record;
    int64_t received_ms;
    if (!view_counts(tallies->view, index)) return STATUS_DONE;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = register_read(tallies->reg, index, &entry, &arena, &record, &received_ms, error);
    if (status == STATUS_DONE) status = put_tally(tallies, &record, index, error);
    arena_clear(&arena);
    return status;
}

static enum status tallies_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                                 const void *nothing, struct json_writer *w, struct error *error)
{
    const struct query query = {.kind = slice_from("tally"), .known = moment->size};
    struct tallies tallies = {reg, view, moment, w};
    (void)nothing;
    json_put_array(w);
    TRY(index_find(reg->index, &query, on_tally, &tallies, error));
    json_put_close(w);
    return STATUS_DONE;
}

enum truce_status truce_tallies(struct truce_register *reg, const struct truce_moment *moment,
                                struct truce_buffer *answer, struct truce_error *error)
{
    return answer_value_at(reg, moment, "tallies", tallies_value, NULL, answer, error);
}
