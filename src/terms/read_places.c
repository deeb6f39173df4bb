#include "terms/reader.h"

static bool read_point(struct reader *r, struct point *out, const struct json *value)
{
    const struct json *lat = json_find(value, "lat_e7"), *lon = json_find(value, "lon_e7");
    bool good = lat != NULL && lon != NULL && value->size == 2 && lat->type == JSON_INTEGER &&
                lon->type == JSON_INTEGER && lat->integer >= -900000000 && lat->integer <= 900000000 &&
                lon->integer >= -1800000000 && lon->integer <= 1800000000;
    if (!good) return reader_fault(r, NULL, "term-shape", "A point is lat_e7 and lon_e7, in range.", slice_from(""));
    *out = (struct point){(int32_t)lat->integer, (int32_t)lon->integer};
    return true;
}

static bool read_points(struct reader *r, struct place *place, const struct json *list, size_t least)
{
    if (list->type != JSON_ARRAY || list->size < least)
        return reader_fault(r, NULL, "term-shape", "A line needs two points, a polygon three.", slice_from(""));
    if (list->size > LIMIT_VERTICES)
        return reader_limit(r, "More vertices than are allowed: at most {0}.", LIMIT_VERTICES);
    struct point *points = reader_get(r, list->size * sizeof *points);
    if (points == NULL) return false;
    bool good = true;
    for (const struct json *m = list->first; m != NULL; m = m->next, place->count++) {
        size_t mark = json_path_push_index(&r->path, place->count);
        good = read_point(r, &points[place->count], m) && good;
        reader_out(r, mark);
    }
    place->points = points;
    return good;
}

static bool read_metres(struct reader *r, int64_t *mm, const struct json *object, const char *key, bool needed)
{
    const struct json *value = json_find(object, key);
    if (value == NULL && !needed) return true;
    if (value == NULL || value->type != JSON_INTEGER || value->integer < 0 || value->integer > 1000000)
        return reader_fault(r, key, "term-shape", "Whole metres from 0 to 1000000 are needed.", slice_from(""));
    *mm = value->integer * 1000;
    return true;
}

static bool read_parts(struct reader *r, struct place *place, const struct json *list)
{
    bool one = list->type != JSON_ARRAY;
    size_t count = one ? 1 : list->size;
    if (count == 0) return reader_fault(r, NULL, "term-shape", "A list of places is needed.", slice_from(""));
    if (count > PARTS_MOST) return reader_limit(r, "More parts of a place than are allowed: at most {0}.", PARTS_MOST);
    const struct place **parts = reader_get(r, count * sizeof(struct place *));
    if (parts == NULL) return false;
    bool good = true;
    for (const struct json *m = one ? list : list->first; place->count < count; m = m->next, place->count++) {
        size_t mark = one ? r->path.size : json_path_push_index(&r->path, place->count);
        parts[place->count] = read_place(r, m);
        if (!one) reader_out(r, mark);
        good = good && parts[place->count] != NULL;
    }
    place->parts = parts;
    return good;
}

static bool read_buffer(struct reader *r, struct place *place, const struct json *value)
{
    static const char *const sides[] = {"both", "left", "right", NULL};
    int side;
    bool good = read_word(r, &side, value, "side", sides, SIDE_BOTH);
    place->side = (enum place_side)side;
    good = read_metres(r, &place->reach_mm, value, "m", true) && good;
    size_t mark = reader_in(r, "buffer");
    bool around = read_parts(r, place, json_find(value, "buffer"));
    enum place_type core = around ? place->parts[0]->type : PLACE_POINT;
    if (core >= PLACE_BUFFER && core != PLACE_AREA)
        around = reader_fault(r, NULL, "term-shape", "A buffer lies around one point, line, polygon or area.",
                              slice_from(""));
    if (around && good && place->side != SIDE_BOTH && core != PLACE_LINE && core != PLACE_AREA)
        around = reader_fault(r, NULL, "term-shape", "Only a line has a left and a right side.", slice_from(""));
    reader_out(r, mark);
    return around && good;
}

/* What a place may be: the member that says it, and what else may stand beside it. */
static const struct shape_of_place {
    const char *key;
    enum place_type type;
    size_t least;
    const char *members[4];
} shapes[] = {
    {"point", PLACE_POINT, 1, {"point", "radius_m", "name", NULL}},
    {"line", PLACE_LINE, 2, {"line", "radius_m", "name", NULL}},
    {"polygon", PLACE_POLYGON, 3, {"polygon", "name", NULL}},
    {"buffer", PLACE_BUFFER, 0, {"buffer", "m", "side", NULL}},
    {"any", PLACE_ANY, 0, {"any", "name", NULL}},
    {"area", PLACE_AREA, 0, {"area", NULL}},
    {"sealed", PLACE_SEALED, 0, {"sealed", "cell", "radius_m", NULL}},
};

/* Known by its hash alone, and perhaps by a cell that holds it. */
static bool read_sealed(struct reader *r, struct place *place, const struct json *value)
{
    struct hash hash;
    const struct json *cell = json_find(value, "cell"), *sealed = json_find(value, "sealed");
    if (sealed->type != JSON_STRING || !hash_parse(&hash, sealed->string))
        return reader_fault(r, "sealed", "term-shape", "The hash of a sealed place is 64 hexadecimal digits.",
                            slice_from(""));
    if (cell == NULL) return true;
    struct point *point = reader_get(r, sizeof *point);
    size_t mark = reader_in(r, "cell");
    bool good = point != NULL && read_point(r, point, cell);
    reader_out(r, mark);
    place->points = point;
    place->count = good;
    return good;
}

static bool read_shape(struct reader *r, struct place *place, const struct json *value,
                       const struct shape_of_place *shape)
{
    const struct json *member = json_find(value, shape->key);
    place->type = shape->type;
    bool members = reader_members(r, value, shape->members), good;
    if (shape->type == PLACE_BUFFER) return read_buffer(r, place, value) && members;
    members = read_metres(r, &place->reach_mm, value, "radius_m", false) && members;
    if (shape->type == PLACE_SEALED) return read_sealed(r, place, value) && members;
    size_t mark = reader_in(r, shape->key);
    if (shape->type == PLACE_POINT) {
        struct point *point = reader_get(r, sizeof *point);
        good = point != NULL && read_point(r, point, member);
        place->points = point;
        place->count = 1;
    } else if (shape->type == PLACE_ANY) {
        good = read_parts(r, place, member);
    } else if (shape->type == PLACE_AREA) {
        good = read_slug(r, &place->area, member);
        place->area_number = good ? reader_symbol(r, place->area) : 0;
    } else {
        good = read_points(r, place, member, shape->least);
    }
    reader_out(r, mark);
    return good && members;
}

static const struct place *place_named(struct reader *r, struct slice name)
{
    const struct json *named = reader_named(r, "places", name);
    if (named == NULL) {
        if (r->whole) reader_unknown(r, NULL, UNKNOWN_PLACE, name, reader_near_named(r, name, "places"));
        return NULL;
    }
    if (named->type == JSON_STRING || !reader_name_in(r, named, name)) return NULL;
    const struct place *read = read_place(r, named);
    reader_name_out(r);
    if (read == NULL) return NULL;
    struct place *place = reader_get(r, sizeof *place);
    if (place == NULL) return NULL;
    *place = *read;
    place->name = name;
    place->number = reader_symbol(r, name);
    return place;
}

static bool no_such_shape(struct reader *r, const struct json *value)
{
    const char *keys[COUNT_OF(shapes) + 1] = {NULL};
    for (size_t i = 0; i < COUNT_OF(shapes); i++) keys[i] = shapes[i].key;
    for (const struct json *m = value->type == JSON_OBJECT ? value->first : NULL; m != NULL; m = m->next) {
        struct slice near = reader_near(r, m->key, keys);
        if (near.size == 0) continue;
        size_t mark = json_path_push(&r->path, m->key);
        reader_unknown(r, NULL, UNKNOWN_MEMBER, m->key, near);
        reader_out(r, mark);
        return false;
    }
    return reader_fault(r, NULL, "term-shape",
                        "A place is a point, line, polygon, buffer, any, area, sealed, or a name.", slice_from(""));
}

const struct place *read_place(struct reader *r, const struct json *value)
{
    const struct place *out = NULL;
    if (!reader_enter(r)) {
        reader_leave(r);
        return NULL;
    }
    struct place *place = reader_get(r, sizeof *place);
    const struct shape_of_place *shape = shapes;
    while (shape < shapes + COUNT_OF(shapes) && json_find(value, shape->key) == NULL) shape++;
    if (value->type == JSON_STRING)
        out = place_named(r, value->string);
    else if (shape == shapes + COUNT_OF(shapes))
        no_such_shape(r, value);
    else if (place != NULL && read_shape(r, place, value, shape))
        out = place;
    if (out == place && place != NULL) {
        place->moves = place->type == PLACE_AREA;
        for (size_t i = 0; place->parts != NULL && i < place->count; i++) place->moves |= place->parts[i]->moves;
    }
    reader_leave(r);
    return out;
}
