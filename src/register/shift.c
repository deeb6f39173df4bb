/* What one shift hands over to the next: what waits, and what was confirmed, tried and recorded since it began. */
#include "register/answer.h"

#include <stdlib.h>

enum { SHIFT_S = 8 * 3600, ENTRY_ARENA_BYTES = 16 * 1024 * 1024 };

/* Of whom it is told; nobody stands for everybody. */
struct shift_query {
    struct waiting_query waiting;
    bool has_from;
    int64_t from;
};

struct handing {
    struct truce_register *reg;
    const struct view *view;
    const struct parties *whose; /* NULL: everybody */
    uint64_t first, known;       /* entries of the shift */
    uint64_t most, count;        /* of one list */
    struct json_writer *w;
    struct arena arena;
    struct buffer entry;
};

static enum status read_entry(struct handing *h, uint64_t index, struct record *record, struct error *error)
{
    int64_t received_ms;
    buffer_reset(&h->entry);
    return register_read(h->reg, index, &h->entry, &h->arena, record, &received_ms, error);
}

/* ---- whose matter it is */

static bool names_one(const struct handing *h, const struct json *names)
{
    if (names == NULL || names->type == JSON_STRING) return names != NULL && parties_have(h->whose, names->string);
    for (const struct json *name = names->type == JSON_ARRAY ? names->first : NULL; name != NULL; name = name->next)
        if (name->type == JSON_STRING && parties_have(h->whose, name->string)) return true;
    return false;
}

/* Theirs, or to them. */
static bool is_theirs(const struct handing *h, const struct record *record)
{
    return parties_have(h->whose, record->by) || names_one(h, json_find(record->body, "to"));
}

/* Of what they gave as well: an acknowledgement or attempt says what it is about. */
static enum status concerns(struct handing *h, const struct record *record, bool *out, struct error *error)
{
    struct record_id of;
    struct record about;
    bool found = false, is_void;
    uint64_t index;
    *out = is_theirs(h, record);
    if (*out || !hash_parse(&of.hash, json_find_string(record->body, "of"))) return STATUS_DONE;
    TRY(index_find_id(h->reg->index, &of, &found, &index, &is_void, error));
    if (!found || is_void || index >= h->known) return STATUS_DONE;
    TRY(read_entry(h, index, &about, error));
    *out = is_theirs(h, &about);
    return STATUS_DONE;
}

/* ---- lists of ids, in the order of the log */

static void put_id(struct handing *h, const struct hash *hash)
{
    char id[HASH_HEX_SIZE];
    if (h->count++ >= h->most) return;
    hash_format(hash, id);
    json_put_string(h->w, id);
}

static enum status on_done(void *context, uint64_t index, struct error *error)
{
    struct handing *h = context;
    struct record record;
    bool told;
    if (effects_of(view_effects(h->view), index, NULL) != EFFECT_COUNTS) return STATUS_DONE;
    arena_reset(&h->arena);
    TRY(read_entry(h, index, &record, error));
    struct hash id = record.id.hash;
    TRY(concerns(h, &record, &told, error));
    if (told) put_id(h, &id);
    return STATUS_DONE;
}

/* Those beyond what is told are counted, and not read. */
static enum status on_recorded(void *context, uint64_t index, struct error *error)
{
    struct handing *h = context;
    struct seen seen = {.received_ms = 0};
    if (h->count < h->most) TRY(sight_entry(h->reg, index, &seen, error));
    put_id(h, &seen.id.hash);
    return STATUS_DONE;
}

/* Those that came in the shift, at most so many; how many more there are. */
static enum status put_list(struct handing *h, const char *key, const char *kind, uint64_t *left_off,
                            struct error *error)
{
    const struct query query = {
        .kind = kind == NULL ? (struct slice){NULL, 0} : slice_from(kind), .after = h->first, .known = h->known};
    h->count = 0;
    json_put_key(h->w, key);
    json_put_array(h->w);
    TRY(index_find(h->reg->index, &query, kind == NULL ? on_recorded : on_done, h, error));
    json_put_close(h->w);
    *left_off = h->count > h->most ? h->count - h->most : 0;
    return STATUS_DONE;
}

static void put_left_off(struct json_writer *w, const uint64_t left_off[3])
{
    static const char *const names[] = {"attempts", "confirmed", "records"};
    json_put_object(w);
    for (size_t i = 0; i < COUNT_OF(names); i++) json_put_key(w, names[i]), json_put_integer(w, (int64_t)left_off[i]);
    json_put_close(w);
}

/* ---- the answer */

/* How many entries had been received by then. */
static enum status size_at(struct truce_register *reg, int64_t time, uint64_t *size, struct error *error)
{
    const struct truce_moment asked = {
        .has_as_of = true, .as_of = time, .known_by = TRUCE_KNOWN_TIME, .known_time = time};
    struct moment moment;
    TRY(register_moment(reg, &asked, &moment, error));
    *size = moment.size;
    return STATUS_DONE;
}

static enum status put_shift(struct handing *h, int64_t from, const struct shift_query *query,
                             struct standing *standing, struct error *error)
{
    uint64_t left_off[3];
    char text[TIME_TEXT_SIZE];
    struct json_writer *w = h->w;
    time_format(from, text);
    json_put_object(w);
    json_put_key(w, "after"), json_put_integer(w, (int64_t)h->first);
    TRY(put_list(h, "attempts", "attempt", &left_off[0], error));
    TRY(put_list(h, "confirmed", "acknowledgement", &left_off[1], error));
    json_put_key(w, "from"), json_put_string(w, text);
    json_put_key(w, "open");
    TRY(standing_write_waiting(standing, &query->waiting, w, error));
    TRY(put_list(h, "records", NULL, &left_off[2], error));
    json_put_key(w, "without"), put_left_off(w, left_off);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status hand_over(struct handing *h, const struct moment *moment, struct view *view,
                             const struct shift_query *query, struct error *error)
{
    struct standing *standing;
    struct parties whose = {0};
    uint64_t by_then;
    int64_t from = query->has_from ? query->from : moment->as_of - SHIFT_S;
    TRY(size_at(h->reg, from, &h->first, error));
    TRY(size_at(h->reg, moment->as_of, &by_then, error));
    h->known = by_then < moment->size ? by_then : moment->size;
    if (h->first > h->known) h->first = h->known;
    TRY(standing_open(&standing, view, moment->as_of, error));
    enum status status = STATUS_DONE;
    if (query->waiting.party.size > 0) {
        h->whose = &whose;
        if (!standing_parties(standing, query->waiting.party, &whose)) status = arena_full(error);
    }
    if (status == STATUS_DONE) status = put_shift(h, from, query, standing, error);
    free(whose.list);
    standing_close(&standing);
    return status;
}

static enum status shift_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                               const void *question, struct json_writer *w, struct error *error)
{
    const struct shift_query *query = question;
    struct handing handing = {.reg = reg, .view = view, .w = w, .most = query->waiting.most};
    arena_init(&handing.arena, ENTRY_ARENA_BYTES);
    enum status status = hand_over(&handing, moment, view, query, error);
    arena_clear(&handing.arena);
    buffer_clear(&handing.entry);
    return status;
}

enum truce_status truce_shift(struct truce_register *reg, const char *party, const int64_t *from, uint64_t most,
                              const struct truce_moment *moment, struct truce_buffer *answer, struct truce_error *error)
{
    const struct shift_query query = {
        .waiting = {slice_from(party == NULL ? "" : party), most == 0 ? SIZE_MAX : (size_t)most, .given = true},
        .has_from = from != NULL,
        .from = from == NULL ? 0 : *from};
    return answer_value_at(reg, moment, "shift", shift_value, &query, answer, error);
}
