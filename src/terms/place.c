/* In, out, or cannot tell: the error of a position is part of the answer. */
#include "terms/world.h"

static struct point point_of(const struct json *value)
{
    return (struct point){(int32_t)json_find_integer(value, "lat_e7", 0),
                          (int32_t)json_find_integer(value, "lon_e7", 0)};
}

struct disc disc_around(const struct point *points, size_t count, int64_t reach_mm)
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

/* ---- names: a place of the agreement's table, or the last area of that name, as a disc around it */

static const struct json *table_place(const struct agreement *agreement, struct slice name)
{
    for (size_t s = 0; s < agreement->source_count; s++) {
        const struct json *table = json_find(agreement->sources[s], "places");
        for (const struct json *m = table == NULL ? NULL : table->first; m != NULL; m = m->next)
            if (slice_equal(m->key, name)) return m;
    }
    return NULL;
}

/* The last area of that name that the secretariat drew, of those that hold at the time (NEVER: of all). A record's own
 * `where` may also name what only others drew. */
static const struct drawn *area_named(const struct matter *matter, symbol name, int64_t at)
{
    const struct drawn *last = NULL;
    for (size_t i = 0; i < matter->governing.area_count; i++) {
        const struct drawn *area = &matter->governing.areas[i];
        bool holds = at == NEVER || (area->agreed && at >= area->from && at < area->until);
        if (area->area == name && holds && (last == NULL || area->agreed >= last->agreed)) last = area;
    }
    return last;
}

static bool disc_of_name(const struct matter *matter, symbol name, unsigned hops, struct disc *out);

static bool disc_of_ground(const struct matter *matter, const struct ground *where, unsigned hops, struct disc *out)
{
    if (!where->told) return false;
    if (where->name != 0) return hops > 0 && disc_of_name(matter, where->name, hops - 1, out);
    *out = where->disc;
    return true;
}

static bool disc_of_table(const struct matter *matter, const struct json *place, unsigned hops, struct disc *out)
{
    const struct json *any = json_find(place, "any"), *buffer = json_find(place, "buffer");
    struct slice area = json_find_string(place, "area");
    struct point centres[PARTS_MOST];
    int64_t widest = 0;
    size_t count = 0;
    if (area.data != NULL) {
        const struct drawn *drawn = area_named(matter, view_symbol(matter->view, area), NEVER);
        return drawn != NULL && hops > 0 && disc_of_ground(matter, &drawn->where, hops - 1, out);
    }
    if (any == NULL && buffer == NULL) {
        struct ground where;
        struct error ignored;
        return ground_read(&where, place, &matter->view->symbols, &ignored) == STATUS_DONE &&
               disc_of_ground(matter, &where, hops, out);
    }
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

static bool disc_of_name(const struct matter *matter, symbol name, unsigned hops, struct disc *out)
{
    const struct json *place = table_place(matter->agreement, symbols_name(&matter->view->symbols, name));
    if (place != NULL) return disc_of_table(matter, place, hops, out);
    const struct drawn *area = area_named(matter, name, NEVER);
    return area != NULL && disc_of_ground(matter, &area->where, hops, out);
}

bool place_disc(const struct matter *matter, const struct ground *where, struct disc *out)
{
    return disc_of_ground(matter, where, TERM_DEPTH_MOST, out);
}

/* ---- far away: most of what happens lies far from most places, and needs no exact measuring */

struct extent {
    int64_t south, north, west, east; /* 1e-7 degree */
};

static struct extent extent_of(const struct point *points, size_t count)
{
    struct extent e = {INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < count; i++) {
        if (points[i].lat_e7 < e.south) e.south = points[i].lat_e7;
        if (points[i].lat_e7 > e.north) e.north = points[i].lat_e7;
        if (points[i].lon_e7 < e.west) e.west = points[i].lon_e7;
        if (points[i].lon_e7 > e.east) e.east = points[i].lon_e7;
    }
    return e;
}

static int64_t gap(int64_t at, int64_t low, int64_t high)
{
    return at < low ? low - at : at > high ? at - high : 0;
}

/* Surely out, as the exact measuring would find: 1e-7 degree of latitude is never less than 11 mm, of longitude up to
 * 60 degrees north or south never less than 5. Within 2,000 km distance less its error grows with distance. */
static bool is_far(const struct point *points, size_t count, struct disc disc, int64_t reach_mm)
{
    const int64_t sixty = 600000000, near = 120000000; /* 12 degrees: less than 2,000 km */
    struct extent e = extent_of(points, count);
    int64_t lat = gap(disc.centre.lat_e7, e.south, e.north), lon = gap(disc.centre.lon_e7, e.west, e.east);
    if (lat > near || lon > near || e.north - e.south > near || e.east - e.west > near) return false;
    bool lon_tells = e.south > -sixty && e.north < sixty && disc.centre.lat_e7 > -sixty && disc.centre.lat_e7 < sixty;
    int64_t least = lat * 11, aside = lon_tells ? lon * 5 : 0;
    if (aside > least) least = aside;
    return least > 0 && least - geo_error_mm(least) > reach_mm + disc.radius_mm;
}

/* Surely in, as the exact measuring would find: the way around two sides is never shorter, and 1e-7 degree never more
 * than 12 mm. */
static bool is_near(struct point point, struct disc disc, int64_t reach_mm)
{
    int64_t lat = (int64_t)point.lat_e7 - disc.centre.lat_e7, lon = (int64_t)point.lon_e7 - disc.centre.lon_e7;
    int64_t most = ((lat < 0 ? -lat : lat) + (lon < 0 ? -lon : lon)) * 12;
    return most + geo_error_mm(most) + disc.radius_mm <= reach_mm;
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
    if (is_far(place->points, place->count, disc, reach_mm)) return OUT;
    int64_t edge = geo_polygon_edge_mm(disc.centre, place->points, place->count);
    bool inside = geo_polygon_contains(disc.centre, place->points, place->count);
    int64_t error = disc.radius_mm + geo_error_mm(edge);
    if (inside) return edge + reach_mm >= error ? IN : MAYBE;
    return edge + error <= reach_mm ? IN : edge - error > reach_mm ? OUT : MAYBE;
}

static enum tri buffer_has(const struct place *place, const struct place *core, struct disc disc)
{
    if (core->type == PLACE_POLYGON) return polygon_has(core, disc, place->reach_mm);
    if (core->type == PLACE_POINT && is_far(core->points, 1, disc, place->reach_mm + core->reach_mm)) return OUT;
    if (core->type == PLACE_POINT)
        return within(geo_distance_mm(disc.centre, core->points[0]), disc.radius_mm, place->reach_mm + core->reach_mm);
    if (core->type != PLACE_LINE) return MAYBE;
    int64_t reach_mm = place->reach_mm + core->reach_mm;
    if (is_far(core->points, core->count, disc, reach_mm)) return OUT;
    int64_t distance = geo_line_distance_mm(disc.centre, core->points, core->count);
    enum tri near = within(distance, disc.radius_mm, reach_mm);
    if (place->side == SIDE_BOTH || near == OUT) return near;
    /* beyond the line's ends the sides are parted by what would go on straight */
    int64_t beside = geo_line_beside_mm(disc.centre, core->points, core->count);
    bool right_side = place->side == SIDE_LEFT ? beside < 0 : beside > 0;
    bool sure = (beside < 0 ? -beside : beside) > disc.radius_mm + geo_error_mm(distance);
    return tri_both(near, right_side ? (sure ? IN : MAYBE) : sure ? OUT : MAYBE);
}

static enum tri sealed_has(const struct place *place, struct disc disc)
{
    if (place->count == 0) return MAYBE;
    enum tri near = within(geo_distance_mm(disc.centre, place->points[0]), disc.radius_mm, place->reach_mm);
    return near == OUT ? OUT : MAYBE;
}

static enum tri fixed_has(const struct place *place, struct disc disc);

/* What records draw, as it was drawn then: the area itself, or what lies within so much of it. */
static enum tri drawn_has(const struct matter *matter, const struct place *place, struct disc disc, int64_t at)
{
    const struct place *area = place->type == PLACE_BUFFER ? place->parts[0] : place;
    const struct drawn *drawn = area_named(matter, area->area_number, at);
    if (drawn == NULL || drawn->shape.count == 0) return MAYBE;
    if (place->type == PLACE_AREA) return fixed_has(&drawn->shape, disc);
    if (place->side != SIDE_BOTH && drawn->shape.type != PLACE_LINE) return MAYBE;
    return buffer_has(place, &drawn->shape, disc);
}

/* A place that does not move. */
static enum tri fixed_has(const struct place *place, struct disc disc)
{
    enum tri out = OUT;
    if (place->type <= PLACE_LINE && is_far(place->points, place->count, disc, place->reach_mm)) return OUT;
    if (place->type == PLACE_POINT && is_near(place->points[0], disc, place->reach_mm)) return IN;
    switch (place->type) {
    case PLACE_POINT: return within(geo_distance_mm(disc.centre, place->points[0]), disc.radius_mm, place->reach_mm);
    case PLACE_LINE:
        return within(geo_line_distance_mm(disc.centre, place->points, place->count), disc.radius_mm, place->reach_mm);
    case PLACE_POLYGON: return polygon_has(place, disc, 0);
    case PLACE_BUFFER: return buffer_has(place, place->parts[0], disc);
    case PLACE_SEALED: return sealed_has(place, disc);
    case PLACE_AREA: return MAYBE;
    case PLACE_ANY: break;
    }
    for (size_t i = 0; i < place->count; i++) out = tri_either(out, fixed_has(place->parts[i], disc));
    return out;
}

static enum tri disc_in(const struct matter *matter, const struct place *place, struct disc disc, int64_t from,
                        int64_t to)
{
    enum tri out = OUT;
    if (!place->moves) return fixed_has(place, disc);
    if (place->type != PLACE_ANY) {
        out = drawn_has(matter, place, disc, from);
        for (int64_t at = governing_turn(matter, from); at <= to && at != NEVER; at = governing_turn(matter, at))
            if (drawn_has(matter, place, disc, at) != out) return MAYBE;
        return out;
    }
    for (size_t i = 0; i < place->count; i++) out = tri_either(out, disc_in(matter, place->parts[i], disc, from, to));
    return out;
}

/* A name that the place itself is made of needs no measuring: the whole of a union's part is in it, and so is the
 * middle of a buffer on both sides. */
static bool made_of(const struct place *place, symbol name)
{
    if (place->number != 0 && place->number == name) return true;
    if (place->type == PLACE_AREA && place->area_number == name) return true;
    bool through = place->type == PLACE_ANY || (place->type == PLACE_BUFFER && place->side == SIDE_BOTH);
    for (size_t i = 0; through && i < place->count; i++)
        if (made_of(place->parts[i], name)) return true;
    return false;
}

static enum tri measured(const struct matter *matter, const struct place *place, const struct ground *where,
                         int64_t from, int64_t to)
{
    struct disc disc;
    if (where->name != 0 && made_of(place, where->name)) return IN;
    if (!disc_of_ground(matter, where, TERM_DEPTH_MOST, &disc)) return MAYBE;
    return disc_in(matter, place, disc, from, to);
}

/* A slot is overwritten by whatever meets it: what it holds can always be measured again. */
struct placed {
    const struct place *place;
    const struct ground *where;
    enum tri has;
};
enum { PLACED = 1 << 14 };

bool places_open(struct matter *matter)
{
    matter->placed = matter_get(matter, PLACED * sizeof *matter->placed);
    return matter->placed != NULL;
}

enum tri place_has(const struct matter *matter, const struct place *place, const struct ground *where, int64_t from,
                   int64_t to)
{
    if (place->moves) return measured(matter, place, where, from, to);
    uint64_t mixed =
        ((uintptr_t)place * UINT64_C(0x9E3779B97F4A7C15)) ^ ((uintptr_t)where * UINT64_C(0xC2B2AE3D27D4EB4F));
    struct placed *slot = &matter->placed[(mixed >> 32) & (PLACED - 1)];
    if (slot->place != place || slot->where != where)
        *slot = (struct placed){place, where, measured(matter, place, where, from, to)};
    return slot->has;
}

/* ---- what records draw */

bool place_drawn(struct matter *matter, struct place *out, const struct json *where)
{
    const struct json *point = json_find(where, "point"), *line = json_find(where, "line");
    const struct json *list = line != NULL ? line : json_find(where, "polygon");
    size_t count = point != NULL ? 1 : list != NULL ? list->size : 0;
    struct point *points = matter_get(matter, (count + 1) * sizeof *points);
    *out = (struct place){.type = line != NULL   ? PLACE_LINE
                                  : list != NULL ? PLACE_POLYGON
                                                 : PLACE_POINT,
                          .points = points,
                          .reach_mm = json_find_integer(where, "radius_m", 0) * 1000};
    if (points == NULL) return false;
    if (point != NULL) points[out->count++] = point_of(point);
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        points[out->count++] = point_of(m);
    return true;
}

/* ---- a place within what was watched */

/* The last area of that name. */
static bool area_holds(const struct matter *matter, symbol name, struct disc wanted)
{
    const struct drawn *drawn = area_named(matter, name, NEVER);
    if (drawn == NULL || drawn->shape.count == 0 || drawn->shape.type == PLACE_LINE) return false;
    return fixed_has(&drawn->shape, wanted) == IN;
}

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
    const struct json *shape = area != NULL ? area : where, *any = json_find(shape, "any");
    for (const struct json *m = any == NULL ? NULL : any->first; m != NULL; m = m->next)
        if (m->type == JSON_STRING && slice_equal(m->string, place->name)) return true;
    if (place->moves)
        return place->type == PLACE_AREA && slice_equal(place->area, name); /* what watches does not move */
    struct disc wanted = disc_of_place(place);
    if (name.data != NULL && area == NULL) return area_holds(matter, view_symbol(matter->view, name), wanted);
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
