#include "record/coarse.h"

#include "geo/cell.h"
#include "record/check.h"
#include "base/time.h"
#include <stdio.h>

static const char *const levels[] = {"exact", "1km", "10km", "hash"};

const char *level_find(struct slice word)
{
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (slice_is(word, levels[i])) return levels[i];
    return NULL;
}

bool level_is_cell(const char *level)
{
    return strcmp(level, "1km") == 0 || strcmp(level, "10km") == 0;
}

/* ---- a tree that can be changed */

/* Where in the object's members the key stands, or would stand. Keys of records are ASCII. */
static const struct json **place_of(struct json *object, struct slice key)
{
    const struct json **link = &object->first;
    while (*link != NULL && slice_compare((*link)->key, key) < 0) {
        struct json *member = (struct json *)(uintptr_t)*link; /* our own copy */
        link = &member->next;
    }
    return link;
}

static void put_member(struct json *object, struct json *member)
{
    const struct json **link = place_of(object, member->key);
    bool there = *link != NULL && slice_equal((*link)->key, member->key);
    member->next = there ? (*link)->next : *link;
    object->size += there ? 0 : 1;
    *link = member;
}

static void remove_member(struct json *object, struct slice key)
{
    const struct json **link = place_of(object, key);
    if (*link == NULL || !slice_equal((*link)->key, key)) return;
    *link = (*link)->next;
    object->size--;
}

static struct json *new_value(struct arena *arena, enum json_type type, const char *key)
{
    struct json *value = arena_get(arena, sizeof *value);
    if (value != NULL) *value = (struct json){.type = type, .key = slice_from(key)};
    return value;
}

static enum status put_number(struct json *object, const char *key, int64_t number, struct arena *arena,
                              struct error *error)
{
    struct json *value = new_value(arena, JSON_INTEGER, key);
    if (value == NULL) return arena_full(error);
    value->integer = number;
    put_member(object, value);
    return STATUS_DONE;
}

static enum status put_text(struct json *object, const char *key, struct slice text, struct arena *arena,
                            struct error *error)
{
    struct json *value = new_value(arena, JSON_STRING, key);
    struct slice kept = arena_copy(arena, text);
    if (value == NULL || kept.data == NULL) return arena_full(error);
    value->string = kept;
    put_member(object, value);
    return STATUS_DONE;
}

/* ---- beginning */

enum status taking_begin(struct taking *out, const struct record_kind *kind, const struct json *whole,
                         struct arena *arena, struct error *error)
{
    *out = (struct taking){.kind = kind, .whole = whole, .left = json_copy(arena, whole), .arena = arena};
    return out->left == NULL ? arena_full(error) : STATUS_DONE;
}

static bool same_level(const struct taken *taken, struct slice pointer, const char *level)
{
    return slice_equal(taken->pointer, pointer) && strcmp(taken->level, level) == 0;
}

enum status taking_put(struct taking *taking, const char *key, const struct json *value, struct error *error)
{
    struct json *copy = json_copy(taking->arena, value);
    if (copy == NULL) return arena_full(error);
    copy->key = slice_from(key);
    put_member(taking->left, copy);
    return STATUS_DONE;
}

static enum status add(struct taking *taking, struct slice pointer, const char *level, const struct json *value,
                       unsigned request, struct error *error)
{
    for (size_t i = 0; i < taking->count; i++)
        if (same_level(&taking->taken[i], pointer, level)) return STATUS_DONE;
    if (taking->count == LIMIT_SEALED)
        return error_set(error, STATUS_REFUSED, "seal-many", "A record seals at most {0} values.",
                         error_number(LIMIT_SEALED).text, NULL);
    taking->taken[taking->count] = (struct taken){arena_copy(taking->arena, pointer), level, value, request};
    return taking->taken[taking->count++].pointer.data == NULL ? arena_full(error) : STATUS_DONE;
}

/* ---- pointers. Names of fields need no unescaping. */

static struct slice parent_of(struct slice pointer, struct slice *last)
{
    size_t size = pointer.size;
    while (size > 0 && pointer.data[size - 1] != '/') size--;
    *last = slice_part(pointer, size, SIZE_MAX);
    return slice_part(pointer, 0, size == 0 ? 0 : size - 1);
}

static struct json *left_at(const struct taking *taking, struct slice pointer)
{
    return (struct json *)(uintptr_t)json_at(taking->left, pointer); /* our own copy */
}

static void take_out(const struct taking *taking, struct slice pointer)
{
    struct slice last;
    struct json *object = left_at(taking, parent_of(pointer, &last));
    if (object != NULL && object->type == JSON_OBJECT) remove_member(object, last);
}

static const struct shape *shape_at(const struct record_kind *kind, struct slice pointer)
{
    const struct plan *plan = plan_of_kind(kind);
    const struct plan_field *field = NULL;
    while (pointer.size > 0) {
        unsigned at;
        pointer = slice_part(pointer, 1, SIZE_MAX);
        const uint8_t *slash = pointer.size == 0 ? NULL : memchr(pointer.data, '/', pointer.size);
        struct slice step = slice_part(pointer, 0, slash == NULL ? pointer.size : (size_t)(slash - pointer.data));
        pointer = slice_part(pointer, step.size, SIZE_MAX);
        field = plan == NULL ? NULL : plan_find(plan, step, &at);
        plan = field == NULL ? NULL : field->object;
    }
    return plan == NULL ? NULL : plan->rules[0];
}

/* ---- places */

static struct point point_of(const struct json *value)
{
    return (struct point){(int32_t)json_find_integer(value, "lat_e7", 0),
                          (int32_t)json_find_integer(value, "lon_e7", 0)};
}

/* A point that all of it lies around, and how far it reaches from there. */
struct spread {
    struct point middle;
    int64_t reach_mm;
};

static struct spread spread_of_list(const struct json *list)
{
    struct box box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    struct spread spread = {.reach_mm = 0};
    for (const struct json *m = list->first; m != NULL; m = m->next) {
        struct point p = point_of(m);
        if (p.lat_e7 < box.south_e7) box.south_e7 = p.lat_e7;
        if (p.lat_e7 > box.north_e7) box.north_e7 = p.lat_e7;
        if (p.lon_e7 < box.west_e7) box.west_e7 = p.lon_e7;
        if (p.lon_e7 > box.east_e7) box.east_e7 = p.lon_e7;
    }
    spread.middle.lat_e7 = (int32_t)(((int64_t)box.south_e7 + box.north_e7) / 2);
    spread.middle.lon_e7 = (int32_t)(((int64_t)box.west_e7 + box.east_e7) / 2);
    for (const struct json *m = list->first; m != NULL; m = m->next) {
        int64_t distance_mm = geo_distance_mm(spread.middle, point_of(m));
        if (distance_mm > spread.reach_mm) spread.reach_mm = distance_mm;
    }
    return spread;
}

/* As evaluation takes a bearing: the middle of the sector, half its depth, and ten degrees either way. */
static struct spread spread_of_bearing(const struct json *bearing)
{
    int64_t least = json_find_integer(bearing, "least_m", 0) * 1000,
            most = json_find_integer(bearing, "most_m", 0) * 1000;
    int degrees = (int)json_find_integer(bearing, "degrees", 0);
    return (struct spread){geo_bearing(point_of(json_find(bearing, "from")), degrees, (least + most) / 2),
                           (most - least) / 2 + most * 175 / 1000};
}

static bool spread_of(struct spread *out, const struct json *place)
{
    *out = (struct spread){.reach_mm = 0};
    if (slice_is(place->key, "point"))
        out->middle = point_of(place);
    else if (slice_is(place->key, "bearing"))
        *out = spread_of_bearing(place);
    else if (slice_is(place->key, "line") || slice_is(place->key, "polygon"))
        *out = spread_of_list(place);
    else
        return false; /* a name tells no cell */
    return true;
}

enum { REACH_MOST_M = 1000000, ROUNDED_M = 1000 };

/* The cell that stays: what reaches beyond it is rounded up to whole kilometres, so that it tells nothing more. */
static enum status leave_cell(struct taking *taking, struct slice where, const struct json *place, struct error *error)
{
    struct spread spread;
    struct json *left = left_at(taking, where), *member;
    int64_t error_m = json_find_integer(json_at(taking->whole, where), "radius_m", 0);
    if (left == NULL || json_find(left, "cell") != NULL || !spread_of(&spread, place)) return STATUS_DONE;
    struct cell cell = cell_of(spread.middle, CELL_10_KM);
    int64_t beyond_m = (spread.reach_mm + 999) / 1000 + error_m;
    int64_t reach_m = cell.reach_m + (beyond_m + ROUNDED_M - 1) / ROUNDED_M * ROUNDED_M;
    if ((member = new_value(taking->arena, JSON_OBJECT, "cell")) == NULL) return arena_full(error);
    TRY(put_number(member, "lat_e7", cell.centre.lat_e7, taking->arena, error));
    TRY(put_number(member, "lon_e7", cell.centre.lon_e7, taking->arena, error));
    TRY(put_number(member, "reach_m", reach_m > REACH_MOST_M ? REACH_MOST_M : reach_m, taking->arena, error));
    put_member(left, member);
    return STATUS_DONE;
}

static enum status no_cell(struct slice pointer, const char *level, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "seal-level",
                     "\"{0}\" is no point: only a point is sealed at level {1}, as the cell that holds it.",
                     error_slice(pointer).text, level, NULL);
}

static enum status take_cell(struct taking *taking, struct slice pointer, const struct json *value, const char *level,
                             unsigned request, struct error *error)
{
    bool is_point = value->type == JSON_OBJECT && json_find(value, "lat_e7") != NULL && value->size == 2;
    struct json *centre = new_value(taking->arena, JSON_OBJECT, "point");
    if (!is_point) return no_cell(pointer, level, error);
    if (centre == NULL) return arena_full(error);
    struct cell cell = cell_of(point_of(value), strcmp(level, "1km") == 0 ? CELL_1_KM : CELL_10_KM);
    TRY(put_number(centre, "lat_e7", cell.centre.lat_e7, taking->arena, error));
    TRY(put_number(centre, "lon_e7", cell.centre.lon_e7, taking->arena, error));
    return add(taking, pointer, level, centre, request, error);
}

static struct slice joined(const struct taking *taking, struct slice base, struct slice last)
{
    char text[ERROR_POINTER_SIZE];
    int size = snprintf(text, sizeof text, "%.*s/%.*s", SLICE(base), SLICE(last));
    return arena_copy(taking->arena, slice_of(text, size < 0 || (size_t)size >= sizeof text ? 0 : (size_t)size));
}

static bool is_way(struct slice key)
{
    static const char *const ways[] = {"point", "line", "polygon", "bearing", "place"};
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (slice_is(key, ways[i])) return true;
    return false;
}

/* One field of a place. */
static enum status take_of_place(struct taking *taking, struct slice where, const struct json *field, const char *level,
                                 unsigned request, struct error *error)
{
    struct slice pointer = joined(taking, where, field->key);
    if (level_is_cell(level)) return take_cell(taking, pointer, field, level, request, error);
    TRY(add(taking, pointer, level, field, request, error));
    if (is_way(field->key)) TRY(leave_cell(taking, where, field, error));
    take_out(taking, pointer);
    return STATUS_DONE;
}

static enum status take_place(struct taking *taking, struct slice where, const struct json *place, const char *level,
                              unsigned request, bool *found, struct error *error)
{
    for (const struct json *m = place->first; m != NULL; m = m->next) {
        bool detail = slice_is(m->key, "radius_m") || slice_is(m->key, "name");
        if (level_is_cell(level) ? !is_way(m->key) : !is_way(m->key) && !detail) continue;
        if (detail && json_find(place, "cell") != NULL && slice_is(m->key, "radius_m")) continue; /* the cell's */
        TRY(take_of_place(taking, where, m, level, request, error));
        *found = true;
    }
    return STATUS_DONE;
}

/* ---- times: the days around them stay */

enum { DAY_S = 86400 };

static int64_t day_of(int64_t at)
{
    return at - ((at % DAY_S) + DAY_S) % DAY_S;
}

static enum status take_time(struct taking *taking, struct slice when, const struct json *time, const char *level,
                             unsigned request, bool *found, struct error *error)
{
    int64_t from, to;
    char text[TIME_TEXT_SIZE];
    struct json *left = left_at(taking, when), *exact = new_value(taking->arena, JSON_OBJECT, "exact");
    struct slice from_text = json_find_string(time, "from"), to_text = json_find_string(time, "to");
    const struct json *stated = json_find(time, "exact");
    if (left == NULL || !time_parse(&from, from_text) || !time_parse(&to, to_text)) return STATUS_DONE;
    if (level_is_cell(level)) return no_cell(when, level, error);
    if (exact == NULL) return arena_full(error);
    *found = true;
    if (stated == NULL) {
        TRY(put_text(exact, "from", from_text, taking->arena, error));
        TRY(put_text(exact, "to", to_text, taking->arena, error));
    }
    TRY(add(taking, joined(taking, when, slice_from("exact")), level, stated != NULL ? stated : exact, request, error));
    remove_member(left, slice_from("exact"));
    time_format(day_of(from), text);
    TRY(put_text(left, "from", slice_from(text), taking->arena, error));
    time_format(day_of(to) + DAY_S - 1, text);
    TRY(put_text(left, "to", slice_from(text), taking->arena, error));
    struct slice precision = json_find_string(left, "precision");
    if (!slice_is(precision, "exact") && !slice_is(precision, "hour")) return STATUS_DONE;
    return put_text(left, "precision", slice_from("day"), taking->arena, error);
}

/* ---- the whole */

enum coarse { COARSE_NOTHING, COARSE_PLACE, COARSE_TIME };

static enum coarse coarse_of(const struct record_kind *kind, struct slice pointer)
{
    const struct shape *shape = shape_at(kind, pointer);
    return shape == &shape_where ? COARSE_PLACE : shape == &shape_when ? COARSE_TIME : COARSE_NOTHING;
}

enum status taking_take(struct taking *taking, struct slice pointer, const char *level, unsigned request, bool *found,
                        struct error *error)
{
    struct slice last, parent = parent_of(pointer, &last);
    const struct json *value = pointer.size == 0 ? NULL : json_at(taking->whole, pointer);
    *found = false;
    if (value == NULL) return STATUS_DONE;
    switch (coarse_of(taking->kind, pointer)) {
    case COARSE_PLACE: return take_place(taking, pointer, value, level, request, found, error);
    case COARSE_TIME: return take_time(taking, pointer, value, level, request, found, error);
    case COARSE_NOTHING: break;
    }
    *found = true;
    if (coarse_of(taking->kind, parent) == COARSE_PLACE)
        return take_of_place(taking, parent, value, level, request, error);
    if (level_is_cell(level)) return no_cell(pointer, level, error);
    TRY(schema_check_sealed(taking->kind, pointer, value, error));
    TRY(add(taking, pointer, level, value, request, error));
    take_out(taking, pointer);
    return STATUS_DONE;
}
