/* What can be drawn: records with a place or a time in the world, the places they go by, and distances from a line. */
#include "register/answer.h"
#include "register/map.h"

#include "base/time.h"
#include "index/place.h"
#include "register/sight.h"
#include "register/withheld.h"

#include <stdlib.h>

enum {
    ENTRY_ARENA_BYTES = 16 * 1024 * 1024,
    WINDOW_LEAST = 1024, /* entries that are searched at once, the last first */
    WINDOW_GROWS = 4,
    LOOKED_AT_MOST = 8192 /* of sites and areas, for those that hold */
};

/* A record as it is written in the answer. */
struct piece {
    uint64_t index;
    size_t from, size;
};
struct found {
    uint64_t *list;
    size_t count, room;
};

struct drawing {
    struct truce_register *reg;
    struct look look;
    struct map map;
    int64_t until; /* nothing later is told */
    bool exercise;
    const struct truce_query *asked;
    struct json_writer *w;
    bool lasting;          /* sites and areas are drawn; else what else there is */
    bool all;              /* both */
    struct buffer written; /* the records */
    struct piece *piece;   /* room for `most` */
    size_t pieces, most;
    bool more;
    struct arena arena; /* of one record */
    struct buffer entry;
};

/* ---- when */

struct times {
    int64_t from, to;
};

static int64_t time_of(const struct json *object, const char *key, int64_t otherwise)
{
    int64_t seconds;
    return time_parse(&seconds, json_find_string(object, key)) ? seconds : otherwise;
}

/* A claim tells of an event; an area and a site last; what else has no time of its own was when it was written. */
static struct times times_of(const struct json *body)
{
    const struct json *when = json_find(body, "when");
    if (when == NULL) when = json_find(json_find(body, "event"), "when");
    int64_t at = time_of(body, "at", time_of(body, "from", time_of(body, "written", 0)));
    if (when == NULL) return (struct times){at, time_of(body, "until", time_of(body, "expires", at))};
    return (struct times){time_of(when, "from", at), time_of(when, "to", at)};
}

static const struct json *where_of(const struct json *body)
{
    const struct json *where = json_find(body, "where");
    return where != NULL ? where : json_find(json_find(body, "event"), "where");
}

/* ---- which records */

static bool is_withheld(const struct drawing *d, const struct record *record, struct times times)
{
    return withheld_kind(record->kind) && withheld_yet(d->exercise, times.to, d->until);
}

static bool is_drawn_kind(const char *kind)
{
    static const char *const kinds[] = {"area",   "claim",       "coverage", "notice",  "passage",
                                        "report", "restriction", "site",     "standing"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kind, kinds[i]) == 0) return true;
    return false;
}

/* A site's place is told until it expires, an area while it holds. */
static bool is_over(const struct drawing *d, const struct json *body)
{
    return time_of(body, "until", INT64_MAX) <= d->look.moment.as_of ||
           time_of(body, "expires", INT64_MAX) <= d->look.moment.as_of;
}

/* Was the area drawn anew by its author? */
static bool is_outdated(const struct map *map, const struct json *body, const char *id)
{
    struct slice area = json_find_string(body, "area"), by = json_find_string(body, "by");
    for (size_t i = map->names; area.data != NULL && i-- > 0;)
        if (slice_equal(map->name[i].name, area) && slice_equal(map->name[i].by, by))
            return strcmp(map->name[i].id, id) != 0;
    return false;
}

/* ---- a record */

static enum status read_counting(struct drawing *d, uint64_t index, struct record *record, bool *counts,
                                 struct error *error)
{
    int64_t received_ms;
    *counts = index < d->look.moment.size && effects_of(view_effects(d->look.view), index, NULL) == EFFECT_COUNTS;
    if (!*counts) return STATUS_DONE;
    arena_reset(&d->arena);
    buffer_reset(&d->entry);
    return register_read(d->reg, index, &d->entry, &d->arena, record, &received_ms, error);
}

static bool shape_fits(const struct truce_query *asked, const struct figure *shape)
{
    static const enum place_type types[] = {[FIGURE_POINT] = PLACE_POINT,
                                            [FIGURE_CELL] = PLACE_CIRCLE,
                                            [FIGURE_LINE] = PLACE_LINE,
                                            [FIGURE_BEARING] = PLACE_LINE,
                                            [FIGURE_POLYGON] = PLACE_POLYGON};
    const struct place place = {types[shape->type], shape->type == FIGURE_CELL ? shape->radius_m * 1000 : 0,
                                shape->points, shape->count};
    const struct box box = {asked->south_e7, asked->west_e7, asked->north_e7, asked->east_e7};
    if (asked->has_box && !place_in_box(&place, box)) return false;
    return !asked->has_near || place_near(&place, (struct point){asked->lat_e7, asked->lon_e7}, asked->within_m * 1000);
}

static bool place_fits(const struct truce_query *asked, const struct figures *shapes)
{
    if (!asked->has_box && !asked->has_near) return true;
    for (size_t i = 0; i < shapes->count; i++)
        if (shape_fits(asked, &shapes->shape[i])) return true;
    return false;
}

static void put_record(struct drawing *d, uint64_t index, const struct record *record, const char *id,
                       struct times times, struct figures *shapes, struct json_writer *w)
{
    struct slice named =
        shapes->count == 0 ? (struct slice){NULL, 0} : json_find_string(where_of(record->body), "place");
    const struct json *act = json_find(record->body, "act"), *route = json_find(record->body, "route");
    if (act == NULL) act = json_find(json_find(record->body, "event"), "act");
    bool withheld = is_withheld(d, record, times);
    json_put_object(w);
    if (act != NULL) json_put_key(w, "act"), json_put_tree(w, act);
    if (json_find(record->body, "area") != NULL)
        json_put_key(w, "area"), json_put_tree(w, json_find(record->body, "area"));
    json_put_key(w, "by"), json_put_slice(w, record->by);
    json_put_key(w, "distances"), map_put_distances(&d->map, shapes, named, w);
    json_put_key(w, "id"), json_put_string(w, id);
    json_put_key(w, "index"), json_put_integer(w, (int64_t)index);
    json_put_key(w, "kind"), json_put_string(w, record->kind->name);
    if (named.size > 0) json_put_key(w, "place"), json_put_slice(w, named);
    if (route != NULL && !withheld) {
        struct figures way;
        map_shapes(&d->map, route, &way);
        json_put_key(w, "route"), map_put_shapes(&way, w);
    }
    json_put_key(w, "shapes"), map_put_shapes(shapes, w);
    json_put_key(w, "when");
    json_put_object(w);
    answer_put_time(w, "from", times.from), answer_put_time(w, "to", times.to);
    json_put_close(w);
    if (withheld) json_put_key(w, "withheld"), json_put_bool(w, true);
    json_put_close(w);
}

static bool is_lasting(const char *kind)
{
    return strcmp(kind, "site") == 0 || strcmp(kind, "area") == 0;
}

static enum status write_record(struct drawing *d, uint64_t index, const struct record *record, const char *id,
                                struct times times, struct figures *shapes, struct error *error)
{
    struct json_writer w;
    struct piece *piece = &d->piece[d->pieces++];
    *piece = (struct piece){.index = index, .from = d->written.size};
    json_write_open(&w, &d->written);
    put_record(d, index, record, id, times, shapes, &w);
    piece->size = d->written.size - piece->from;
    return json_write_finish(&w, error);
}

static enum status draw_one(struct drawing *d, uint64_t index, struct error *error)
{
    struct record record;
    struct figures shapes = {.count = 0};
    char id[HASH_HEX_SIZE];
    bool counts;
    TRY(read_counting(d, index, &record, &counts, error));
    if (!counts || !is_drawn_kind(record.kind->name)) return STATUS_DONE;
    if (!d->all && is_lasting(record.kind->name) != d->lasting) return STATUS_DONE;
    struct times times = times_of(record.body);
    hash_format(&record.id.hash, id);
    if (times.from > d->until || is_over(d, record.body) || is_outdated(&d->map, record.body, id)) return STATUS_DONE;
    bool told = strcmp(record.kind->name, "notice") != 0 && !is_withheld(d, &record, times); /* a notice is for some */
    if (told) map_shapes(&d->map, where_of(record.body), &shapes);
    if (!place_fits(d->asked, &shapes)) return STATUS_DONE;
    d->more = d->pieces == d->most;
    return d->more ? STATUS_DONE : write_record(d, index, &record, id, times, &shapes, error);
}

/* ---- the last of the log first: a long log costs no more than a short one */

static enum status on_found(void *context, uint64_t index, struct error *error)
{
    struct found *found = context;
    if (found->count == found->room) {
        size_t room = found->room == 0 ? WINDOW_LEAST : found->room * 2;
        uint64_t *grown = realloc(found->list, room * sizeof *grown);
        if (grown == NULL) return arena_full(error);
        found->list = grown;
        found->room = room;
    }
    found->list[found->count++] = index;
    return STATUS_DONE;
}

static enum status draw_windows(struct drawing *d, struct query query, uint64_t looked_at_most, struct found *found,
                                struct error *error)
{
    uint64_t until = query.known, window = WINDOW_LEAST, looked = 0;
    d->more = false;
    for (; until > 0 && !d->more; window *= WINDOW_GROWS) {
        query.after = until > window ? until - window : 0;
        query.known = until;
        found->count = 0;
        TRY(index_find(d->reg->index, &query, on_found, found, error));
        for (size_t i = found->count; i-- > 0 && !d->more; looked++) {
            d->more = looked == looked_at_most;
            if (!d->more) TRY(draw_one(d, found->list[i], error));
        }
        until = query.after;
    }
    return STATUS_DONE;
}

static enum status draw_last(struct drawing *d, const struct query *query, uint64_t looked_at_most, struct error *error)
{
    struct found found = {.count = 0};
    enum status status = draw_windows(d, *query, looked_at_most, &found, error);
    free(found.list);
    return status;
}

/* What lasts is drawn however long ago it was written; it takes at most half of the room. */
static enum status draw_lasting(struct drawing *d, struct query query, bool *more, struct error *error)
{
    static const char *const kinds[] = {"site", "area"};
    size_t most = d->most;
    d->most = most / 2;
    d->lasting = true;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        query.kind = slice_from(kinds[i]);
        TRY(draw_last(d, &query, LOOKED_AT_MOST, error));
        *more |= d->more;
    }
    d->most = most;
    d->lasting = false;
    return STATUS_DONE;
}

static enum status draw_records(struct drawing *d, const struct query *query, struct error *error)
{
    bool more = false;
    d->all = query->kind.size > 0;
    if (!d->all) TRY(draw_lasting(d, *query, &more, error));
    TRY(draw_last(d, query, UINT64_MAX, error));
    d->more |= more;
    return STATUS_DONE;
}

static int in_order(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

static void put_records(struct drawing *d)
{
    struct slice written = buffer_slice(&d->written);
    if (d->pieces > 1) qsort(d->piece, d->pieces, sizeof *d->piece, in_order);
    json_put_array(d->w);
    for (size_t i = 0; i < d->pieces; i++) json_put_raw(d->w, slice_part(written, d->piece[i].from, d->piece[i].size));
    json_put_close(d->w);
}

/* ---- names */

static enum status on_named(void *context, uint64_t index, struct error *error)
{
    struct drawing *d = context;
    struct record record;
    char id[HASH_HEX_SIZE];
    bool counts;
    TRY(read_counting(d, index, &record, &counts, error));
    if (!counts || is_over(d, record.body)) return STATUS_DONE;
    if (strcmp(record.kind->name, "area") == 0 && times_of(record.body).from > d->until) return STATUS_DONE;
    hash_format(&record.id.hash, id);
    return map_know(&d->map, id, record.body, error);
}

static enum status know_names(struct drawing *d, struct error *error)
{
    static const char *const kinds[] = {"area", "part", "agreement"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct query query = {.kind = slice_from(kinds[i]), .known = d->look.moment.size};
        TRY(index_find(d->reg->index, &query, on_named, d, error));
    }
    map_settle(&d->map);
    return STATUS_DONE;
}

static void put_around(struct drawing *d)
{
    static const char *const keys[] = {"east_e7", "north_e7", "south_e7", "west_e7"};
    const int64_t values[] = {d->map.around.east, d->map.around.north, d->map.around.south, d->map.around.west};
    if (!d->map.around.known) return;
    json_put_key(d->w, "around");
    json_put_object(d->w);
    for (size_t i = 0; i < COUNT_OF(keys); i++) json_put_key(d->w, keys[i]), json_put_integer(d->w, values[i]);
    json_put_close(d->w);
}

static void put_places(struct drawing *d)
{
    struct json_writer *w = d->w;
    struct figures shapes;
    json_put_array(w);
    for (size_t i = 0; i < d->map.names; i++) {
        const struct map_name *name = &d->map.name[i];
        if (name->by.data != NULL) continue;
        map_shapes(&d->map, name->where, &shapes);
        json_put_object(w);
        json_put_key(w, "agreement"), json_put_string(w, name->id);
        json_put_key(w, "place"), json_put_slice(w, name->name);
        json_put_key(w, "shapes"), map_put_shapes(&shapes, w);
        json_put_close(w);
    }
    json_put_close(w);
}

/* ---- the answer */

static enum status put_answer(struct drawing *d, struct error *error)
{
    struct query query;
    struct truce_query wide = *d->asked;
    wide.has_box = wide.has_near = false;
    wide.limit = wide.after = 0;
    TRY(register_query(d->asked, d->look.moment.size, &query, error)); /* its faults are those of all that was asked */
    TRY(register_query(&wide, d->look.moment.size, &query, error));
    TRY(know_names(d, error));
    json_put_object(d->w);
    put_around(d);
    answer_put_moment(d->reg, &d->look.moment, d->w);
    json_put_key(d->w, "lines"), map_put_lines(&d->map, d->w);
    json_put_key(d->w, "places"), put_places(d);
    TRY(draw_records(d, &query, error));
    json_put_key(d->w, "records"), put_records(d);
    answer_put_register(d->reg, d->w);
    TRY(answer_put_root(d->reg, d->look.moment.size, d->w, error));
    if (d->more) json_put_key(d->w, "truncated"), json_put_bool(d->w, true);
    json_put_close(d->w);
    return json_write_finish(d->w, error);
}

static enum status draw(struct drawing *d, const struct truce_moment *asked, struct buffer *out, struct error *error)
{
    struct json_writer w;
    TRY(map_open(&d->map, error));
    enum status status = look_begin(d->reg, asked, &d->look, error);
    if (status == STATUS_DONE) {
        json_write_open(&w, out);
        d->w = &w;
        d->exercise = members_exercise(d->reg->members);
        status = withheld_until(d->reg, &d->look.moment, &d->until, error);
        if (status == STATUS_DONE) status = put_answer(d, error);
        look_end(&d->look);
    }
    map_close(&d->map);
    return status;
}

enum truce_status truce_map(struct truce_register *reg, const struct truce_query *query,
                            const struct truce_moment *moment, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct drawing drawing = {.reg = reg, .asked = query};
    OWN(buffer_clear) struct buffer out = {0};
    bool fewer = query->limit > 0 && query->limit < MAP_RECORDS_MOST;
    drawing.most = fewer ? (size_t)query->limit : MAP_RECORDS_MOST;
    drawing.piece = calloc(drawing.most, sizeof *drawing.piece);
    arena_init(&drawing.arena, ENTRY_ARENA_BYTES);
    enum status status = drawing.piece == NULL ? arena_full(&why) : draw(&drawing, moment, &out, &why);
    arena_clear(&drawing.arena);
    buffer_clear(&drawing.entry);
    buffer_clear(&drawing.written);
    free(drawing.piece);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
