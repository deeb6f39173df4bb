/* In, out, or cannot tell: the error of a position is part of the answer. */
#include "terms/world.h"

struct disc {
    struct point centre;
    int64_t radius_mm;
};

static struct point point_of(const struct json *value)
{
    return (struct point){(int32_t)json_find_integer(value, "lat_e7", 0),
                          (int32_t)json_find_integer(value, "lon_e7", 0)};
}

/* A disc that holds all the points. */
static struct disc disc_around(const struct point *points, size_t count, int64_t reach_mm)
{
    int64_t south = INT64_MAX, north = INT64_MIN, west = INT64_MAX, east = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        if (points[i].lat_e7 < south) south = points[i].lat_e7;
        if (points[i].lat_e7 > north) north = points[i].lat_e7;
        if (points[i].lon_e7 < west) west = points[i].lon_e7;
        if (points[i].lon_e7 > east) east = points[i].lon_e7;
    }
    struct disc disc = {{(int32_t)((south + north) / 2), (int32_t)((west + east) / 2)}, 0};
    for (size_t i = 0; i < count; i++) {
        int64_t d = geo_distance_mm(disc.centre, points[i]);
        if (d > disc.radius_mm) disc.radius_mm = d;
    }
    disc.radius_mm += reach_mm;
    return disc;
}

static struct disc disc_of_place(const struct place *place)
{
    if (place->count == 0) return (struct disc){{0, 0}, INT64_MAX / 4}; /* nobody knows where */
    if (place->type == PLACE_BUFFER || place->type == PLACE_ANY) {
        struct point centres[PARTS_MOST];
        int64_t widest = 0;
        for (size_t i = 0; i < place->count; i++) {
            struct disc part = disc_of_place(place->parts[i]);
            centres[i] = part.centre;
            if (part.radius_mm > widest) widest = part.radius_mm;
        }
        return disc_around(centres, place->count, widest + place->reach_mm);
    }
    return disc_around(place->points, place->count, place->reach_mm);
}

static bool disc_of_points(const struct json *list, int64_t reach_mm, struct disc *out)
{
    struct point points[LIMIT_LIST_ITEMS];
    size_t count = 0;
    for (const struct json *m = list->first; m != NULL && count < COUNT_OF(points); m = m->next)
        points[count++] = point_of(m);
    *out = disc_around(points, count, reach_mm);
    return count > 0;
}

/* What was heard lies somewhere in a sector: its middle, and half its depth and breadth. A bearing is taken to be wrong
 * by up to ten degrees. */
static struct disc disc_of_bearing(const struct json *bearing)
{
    int64_t least = json_find_integer(bearing, "least_m", 0) * 1000,
            most = json_find_integer(bearing, "most_m", 0) * 1000;
    int degrees = (int)json_find_integer(bearing, "degrees", 0);
    struct point centre = geo_bearing(point_of(json_find(bearing, "from")), degrees, (least + most) / 2);
    return (struct disc){centre, (most - least) / 2 + most * 175 / 1000};
}

/* The last area of that name, of those that hold at the time (NEVER: of all). */
static const struct json *area_named(const struct matter *matter, struct slice name, int64_t at)
{
    const struct json *where = NULL;
    for (size_t i = 0; i < matter->few_count; i++) {
        const struct json *area = matter->few[i]->body;
        if (!entry_is(matter->few[i], "area") || !slice_equal(json_find_string(area, "area"), name)) continue;
        if (at == NEVER || holds_then(area, at)) where = json_find(area, "where");
    }
    return where;
}

static const struct json *table_place(const struct agreement *agreement, struct slice name)
{
    for (size_t s = 0; s < agreement->source_count; s++) {
        const struct json *table = json_find(agreement->sources[s], "places");
        for (const struct json *m = table == NULL ? NULL : table->first; m != NULL; m = m->next)
            if (slice_equal(m->key, name)) return m;
    }
    return NULL;
}

static bool disc_of_where(const struct matter *matter, const struct json *where, unsigned hops, struct disc *out);

/* A place of the agreement's table, as a disc around it. */
static bool disc_of_table(const struct matter *matter, const struct json *place, unsigned hops, struct disc *out)
{
    const struct json *any = json_find(place, "any"), *buffer = json_find(place, "buffer");
    if (any == NULL && buffer == NULL) return disc_of_where(matter, place, hops, out);
    struct point centres[PARTS_MOST];
    int64_t widest = 0;
    size_t count = 0;
    for (const struct json *m = any != NULL ? any->first : buffer; m != NULL && count < PARTS_MOST;
         m = any != NULL ? m->next : NULL) {
        const struct json *part = m->type == JSON_STRING ? table_place(matter->agreement, m->string) : m;
        struct disc disc;
        if (part == NULL || hops == 0 || !disc_of_table(matter, part, hops - 1, &disc)) return false;
        centres[count++] = disc.centre;
        if (disc.radius_mm > widest) widest = disc.radius_mm;
    }
    *out = disc_around(centres, count, widest + json_find_integer(place, "m", 0) * 1000);
    return count > 0;
}

static bool disc_of_where(const struct matter *matter, const struct json *where, unsigned hops, struct disc *out)
{
    const struct json *point = json_find(where, "point"), *cell = json_find(where, "cell");
    const struct json *line = json_find(where, "line"), *polygon = json_find(where, "polygon");
    const struct json *bearing = json_find(where, "bearing");
    struct slice area_name = json_find_string(where, "area"); /* of the agreement's table */
    struct slice name = json_find_string(where, "place");
    int64_t radius = json_find_integer(where, "radius_m", 0) * 1000;
    if (cell != NULL) point = cell;
    if (point != NULL) return *out = (struct disc){point_of(point), radius}, true;
    if (line != NULL) return disc_of_points(line, radius, out);
    if (polygon != NULL) return disc_of_points(polygon, radius, out);
    if (bearing != NULL) {
        *out = disc_of_bearing(bearing);
        out->radius_mm += radius;
        return true;
    }
    if (hops == 0) return false;
    if (area_name.data != NULL) {
        const struct json *drawn = area_named(matter, area_name, NEVER);
        return drawn != NULL && disc_of_where(matter, drawn, hops - 1, out);
    }
    if (name.data == NULL) return false;
    const struct json *place = table_place(matter->agreement, name), *area = area_named(matter, name, NEVER);
    if (place != NULL) return disc_of_table(matter, place, hops - 1, out);
    return area != NULL && disc_of_where(matter, area, hops - 1, out);
}

/* ---- a disc against a place */

static enum tri within(int64_t distance_mm, int64_t radius_mm, int64_t reach_mm)
{
    int64_t error = radius_mm + geo_error_mm(distance_mm);
    if (distance_mm + error <= reach_mm) return IN;
    return distance_mm - error > reach_mm ? OUT : MAYBE;
}

static enum tri polygon_has(const struct place *place, struct disc disc, int64_t reach_mm)
{
    int64_t edge = geo_polygon_edge_mm(disc.centre, place->points, place->count);
    bool inside = geo_polygon_contains(disc.centre, place->points, place->count);
    int64_t error = disc.radius_mm + geo_error_mm(edge);
    if (inside) return edge + reach_mm >= error ? IN : MAYBE;
    return edge + error <= reach_mm ? IN : edge - error > reach_mm ? OUT : MAYBE;
}

static enum tri buffer_has(const struct place *place, struct disc disc)
{
    const struct place *core = place->parts[0];
    if (core->type == PLACE_POLYGON) return polygon_has(core, disc, place->reach_mm);
    if (core->type == PLACE_POINT)
        return within(geo_distance_mm(disc.centre, core->points[0]), disc.radius_mm, place->reach_mm + core->reach_mm);
    if (core->type != PLACE_LINE) return MAYBE;
    int64_t distance = geo_line_distance_mm(disc.centre, core->points, core->count);
    enum tri near = within(distance, disc.radius_mm, place->reach_mm);
    if (place->side == SIDE_BOTH || near == OUT) return near;
    int side = geo_line_side(disc.centre, core->points, core->count);
    bool right_side = place->side == SIDE_LEFT ? side < 0 : side > 0;
    bool sure = distance > disc.radius_mm + geo_error_mm(distance);
    return tri_both(near, right_side ? (sure ? IN : MAYBE) : sure ? OUT : MAYBE);
}

static enum tri disc_in(const struct matter *matter, const struct place *place, struct disc disc, int64_t at);

/* What a record draws, as a place for as long as it is asked about. */
static enum tri disc_in_drawn(const struct matter *matter, const struct json *where, struct disc disc)
{
    const struct json *point = json_find(where, "point"), *line = json_find(where, "line");
    const struct json *list = line != NULL ? line : json_find(where, "polygon");
    struct point points[LIMIT_LIST_ITEMS];
    struct place drawn = {.type = line != NULL   ? PLACE_LINE
                                  : list != NULL ? PLACE_POLYGON
                                                 : PLACE_POINT,
                          .points = points,
                          .reach_mm = json_find_integer(where, "radius_m", 0) * 1000};
    if (point == NULL && list == NULL) return MAYBE;
    if (point != NULL) points[drawn.count++] = point_of(point);
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL && drawn.count < COUNT_OF(points);
         m = m->next)
        points[drawn.count++] = point_of(m);
    return disc_in(matter, &drawn, disc, NEVER);
}

static enum tri sealed_has(const struct place *place, struct disc disc)
{
    if (place->count == 0) return MAYBE;
    enum tri near = within(geo_distance_mm(disc.centre, place->points[0]), disc.radius_mm, place->reach_mm);
    return near == OUT ? OUT : MAYBE;
}

static enum tri disc_in(const struct matter *matter, const struct place *place, struct disc disc, int64_t at)
{
    enum tri out = OUT;
    switch (place->type) {
    case PLACE_POINT: return within(geo_distance_mm(disc.centre, place->points[0]), disc.radius_mm, place->reach_mm);
    case PLACE_LINE:
        return within(geo_line_distance_mm(disc.centre, place->points, place->count), disc.radius_mm, place->reach_mm);
    case PLACE_POLYGON: return polygon_has(place, disc, 0);
    case PLACE_BUFFER: return buffer_has(place, disc);
    case PLACE_SEALED: return sealed_has(place, disc);
    case PLACE_AREA: {
        const struct json *drawn = area_named(matter, place->area, at);
        return drawn == NULL ? MAYBE : disc_in_drawn(matter, drawn, disc);
    }
    case PLACE_ANY: break;
    }
    for (size_t i = 0; i < place->count; i++) out = tri_either(out, disc_in(matter, place->parts[i], disc, at));
    return out;
}

/* A name that the place itself is made of needs no measuring: the whole of a union's part is in it, and so is the
 * middle of a buffer on both sides. */
static bool made_of(const struct place *place, struct slice name)
{
    if (place->name.size > 0 && slice_equal(place->name, name)) return true;
    if (place->type == PLACE_AREA && slice_equal(place->area, name)) return true;
    bool through = place->type == PLACE_ANY || (place->type == PLACE_BUFFER && place->side == SIDE_BOTH);
    for (size_t i = 0; through && i < place->count; i++)
        if (made_of(place->parts[i], name)) return true;
    return false;
}

static enum tri measured(const struct matter *matter, const struct place *place, const struct json *where, int64_t at)
{
    struct disc disc;
    struct slice name = json_find_string(where, "place");
    if (name.data != NULL && made_of(place, name)) return IN;
    if (!disc_of_where(matter, where, TERM_DEPTH_MOST, &disc)) return MAYBE;
    return disc_in(matter, place, disc, at);
}

/* A slot is overwritten by whatever meets it: what it holds can always be measured again. */
struct placed {
    const struct place *place;
    const struct json *where;
    enum tri has;
};
enum { PLACED_MOST = 1 << 18 };

bool places_open(struct matter *matter)
{
    for (matter->placed_room = 64;
         matter->placed_room < 4 * matter->counted_count && matter->placed_room < PLACED_MOST;)
        matter->placed_room *= 2;
    matter->placed = matter_get(matter, matter->placed_room * sizeof *matter->placed);
    return matter->placed != NULL;
}

enum tri place_has(const struct matter *matter, const struct place *place, const struct json *where, int64_t at)
{
    if (where == NULL) return MAYBE;
    if (place->moves) return measured(matter, place, where, at);
    uint64_t mixed =
        ((uintptr_t)place * UINT64_C(0x9E3779B97F4A7C15)) ^ ((uintptr_t)where * UINT64_C(0xC2B2AE3D27D4EB4F));
    struct placed *slot = &matter->placed[(mixed >> 32) & (matter->placed_room - 1)];
    if (slot->place != place || slot->where != where)
        *slot = (struct placed){place, where, measured(matter, place, where, at)};
    return slot->has;
}

/* ---- a place within what was watched */

bool place_within(const struct matter *matter, const struct place *place, const struct json *where)
{
    struct slice name = json_find_string(where, "place");
    if (name.data != NULL && place->name.size > 0 && slice_equal(place->name, name)) return true;
    if (place->type == PLACE_ANY) {
        for (size_t i = 0; i < place->count; i++)
            if (!place_within(matter, place->parts[i], where)) return false;
        return true;
    }
    const struct json *area = name.data == NULL ? NULL : table_place(matter->agreement, name);
    if (name.data != NULL && area == NULL) area = area_named(matter, name, NEVER);
    const struct json *shape = area != NULL ? area : where, *any = json_find(shape, "any");
    for (const struct json *m = any == NULL ? NULL : any->first; m != NULL; m = m->next)
        if (m->type == JSON_STRING && slice_equal(m->string, place->name)) return true;
    if (place->moves || place->type == PLACE_SEALED) return place->type == PLACE_AREA && slice_equal(place->area, name);
    struct disc wanted = disc_of_place(place);
    const struct json *point = json_find(shape, "point"), *polygon = json_find(shape, "polygon");
    if (point != NULL) {
        int64_t reach = json_find_integer(shape, "radius_m", 0) * 1000;
        return within(geo_distance_mm(point_of(point), wanted.centre), wanted.radius_mm, reach) == IN;
    }
    if (polygon == NULL) return false;
    struct point points[LIMIT_LIST_ITEMS];
    struct place watched = {.type = PLACE_POLYGON, .points = points};
    for (const struct json *m = polygon->first; m != NULL && watched.count < COUNT_OF(points); m = m->next)
        points[watched.count++] = point_of(m);
    return polygon_has(&watched, wanted, 0) == IN;
}
