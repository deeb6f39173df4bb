#include "index/place.h"

#define FULL_E7 INT64_C(3600000000)
#define HALF_E7 INT64_C(1800000000)

__extension__ typedef __int128 wide; /* products of two differences of degrees pass 64 bits */

/* ---- reading */

static void put_point(struct buffer *points, const struct json *point)
{
    struct point p = {(int32_t)json_find_integer(point, "lat_e7", 0), (int32_t)json_find_integer(point, "lon_e7", 0)};
    buffer_put(points, slice_of(&p, sizeof p));
}

static void put_points(struct buffer *points, const struct json *list)
{
    for (const struct json *point = list->first; point != NULL; point = point->next) put_point(points, point);
}

static void put_bearing(struct buffer *points, const struct json *bearing)
{
    const struct json *from = json_find(bearing, "from");
    struct point observer = {(int32_t)json_find_integer(from, "lat_e7", 0),
                             (int32_t)json_find_integer(from, "lon_e7", 0)};
    int degrees = (int)json_find_integer(bearing, "degrees", 0);
    static const char *const distances[] = {"least_m", "most_m"};
    for (size_t i = 0; i < COUNT_OF(distances); i++) {
        struct point p = geo_bearing(observer, degrees, json_find_integer(bearing, distances[i], 0) * 1000);
        buffer_put(points, slice_of(&p, sizeof p));
    }
}

static const struct {
    const char *field;
    enum place_type type;
    void (*put)(struct buffer *points, const struct json *value);
} forms[] = {
    {"point", PLACE_POINT, put_point},    {"line", PLACE_LINE, put_points},  {"polygon", PLACE_POLYGON, put_points},
    {"bearing", PLACE_LINE, put_bearing}, {"cell", PLACE_CIRCLE, put_point},
};

enum status place_read(struct place *out, const struct json *where, struct buffer *points, struct error *error)
{
    struct place place = {.type = PLACE_NONE};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const struct json *value = json_find(where, forms[i].field);
        if (value == NULL) continue;
        place.type = forms[i].type;
        place.radius_mm = json_find_integer(value, "reach_m", 0) * 1000; /* of a cell */
        forms[i].put(points, value);
        break;
    }
    TRY(buffer_finish(points, error));
    place.points = (const struct point *)(const void *)points->data;
    place.count = points->size / sizeof(struct point);
    if (place.type == PLACE_CIRCLE) place.radius_mm += json_find_integer(where, "radius_m", 0) * 1000;
    if (place.type == PLACE_CIRCLE && place.radius_mm == 0) place.type = PLACE_POINT;
    *out = place;
    return STATUS_DONE;
}

/* ---- packing */

void place_pack(struct buffer *out, const struct place *place)
{
    buffer_put_byte(out, (uint8_t)place->type);
    buffer_put_u64be(out, (uint64_t)place->radius_mm);
    for (size_t i = 0; i < place->count; i++) {
        buffer_put_u32be(out, (uint32_t)place->points[i].lat_e7);
        buffer_put_u32be(out, (uint32_t)place->points[i].lon_e7);
    }
}

static uint64_t unpack_number(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) number = number << 8 | bytes[i];
    return number;
}

bool place_unpack(struct place *out, struct slice packed, struct buffer *points)
{
    if (packed.size < 17 || (packed.size - 9) % 8 != 0) return false;
    if (packed.data[0] < PLACE_POINT || packed.data[0] > PLACE_CIRCLE) return false;
    buffer_reset(points);
    for (size_t at = 9; at < packed.size; at += 8) {
        struct point p = {(int32_t)(uint32_t)unpack_number(packed.data + at, 4),
                          (int32_t)(uint32_t)unpack_number(packed.data + at + 4, 4)};
        buffer_put(points, slice_of(&p, sizeof p));
    }
    if (points->failed) return false;
    *out = (struct place){(enum place_type)packed.data[0], (int64_t)unpack_number(packed.data + 1, 8),
                          (const struct point *)(const void *)points->data, points->size / sizeof(struct point)};
    return true;
}

/* ---- geometry: a line goes the shorter way round between two points */

static int64_t step_east(int64_t from_lon, int64_t to_lon)
{
    int64_t step = to_lon - from_lon;
    return step > HALF_E7 ? step - FULL_E7 : step < -HALF_E7 ? step + FULL_E7 : step;
}

static struct place_bounds bounds_of_box(struct box box)
{
    int64_t east = box.east_e7;
    return (struct place_bounds){box.south_e7, box.north_e7, box.west_e7, east < box.west_e7 ? east + FULL_E7 : east};
}

static struct place_bounds whole_turn(struct place_bounds bounds)
{
    bounds.west = -HALF_E7;
    bounds.east = HALF_E7;
    return bounds;
}

struct place_bounds place_bounds(const struct place *place)
{
    if (place->type == PLACE_CIRCLE) return bounds_of_box(geo_box_around(place->points[0], place->radius_mm));
    const struct point *p = place->points;
    int64_t lon = p[0].lon_e7;
    struct place_bounds bounds = {p[0].lat_e7, p[0].lat_e7, lon, lon};
    for (size_t i = 1; i < place->count; i++) {
        lon += step_east(p[i - 1].lon_e7, p[i].lon_e7);
        if (p[i].lat_e7 < bounds.south) bounds.south = p[i].lat_e7;
        if (p[i].lat_e7 > bounds.north) bounds.north = p[i].lat_e7;
        if (lon < bounds.west) bounds.west = lon;
        if (lon > bounds.east) bounds.east = lon;
    }
    bool around = place->type == PLACE_POLYGON && /* it does not come back to where it began, but goes round a pole */
                  lon + step_east(p[place->count - 1].lon_e7, p[0].lon_e7) != p[0].lon_e7;
    if (around || bounds.east - bounds.west >= FULL_E7) return whole_turn(bounds);
    for (; bounds.west < -HALF_E7; bounds.east += FULL_E7) bounds.west += FULL_E7;
    for (; bounds.west >= HALF_E7; bounds.east -= FULL_E7) bounds.west -= FULL_E7;
    return bounds;
}

struct flat {
    int64_t lat, lon;
};

static int side_of(struct flat a, struct flat b, int64_t lat, int64_t lon)
{
    wide cross = (wide)(b.lon - a.lon) * (lat - a.lat) - (wide)(b.lat - a.lat) * (lon - a.lon);
    return (cross > 0) - (cross < 0);
}

static bool inside(const struct place_bounds *box, struct flat p)
{
    return box->south <= p.lat && p.lat <= box->north && box->west <= p.lon && p.lon <= box->east;
}

/* Touching counts. Where the two rectangles overlap, a segment misses the box only if all four corners lie on one side
 * of its line. */
static bool segment_meets(struct flat a, struct flat b, const struct place_bounds *box)
{
    if (inside(box, a) || inside(box, b)) return true;
    if ((a.lat < box->south && b.lat < box->south) || (a.lat > box->north && b.lat > box->north)) return false;
    if ((a.lon < box->west && b.lon < box->west) || (a.lon > box->east && b.lon > box->east)) return false;
    int first = side_of(a, b, box->south, box->west);
    return first == 0 || first != side_of(a, b, box->south, box->east) ||
           first != side_of(a, b, box->north, box->west) || first != side_of(a, b, box->north, box->east);
}

static bool segment_in_box(struct point from, struct point to, const struct place_bounds *box)
{
    struct flat a = {from.lat_e7, from.lon_e7}, b = {to.lat_e7, a.lon + step_east(from.lon_e7, to.lon_e7)};
    for (int64_t turn = -2; turn <= 1; turn++) { /* b may be a turn off, and the box's east another */
        struct place_bounds turned = *box;
        turned.west += turn * FULL_E7;
        turned.east += turn * FULL_E7;
        if (segment_meets(a, b, &turned)) return true;
    }
    return false;
}

static bool edges_in_box(const struct place *place, const struct place_bounds *box)
{
    for (size_t i = 1; i < place->count; i++)
        if (segment_in_box(place->points[i - 1], place->points[i], box)) return true;
    return place->type == PLACE_POLYGON && segment_in_box(place->points[place->count - 1], place->points[0], box);
}

/* The box's point that is nearest to p, judged along its meridian and parallel. */
static struct point nearest_in_box(struct point p, struct box box)
{
    struct point nearest = p;
    if (p.lat_e7 < box.south_e7) nearest.lat_e7 = box.south_e7;
    if (p.lat_e7 > box.north_e7) nearest.lat_e7 = box.north_e7;
    if (geo_box_contains(box, nearest)) return nearest;
    int64_t to_west = step_east(p.lon_e7, box.west_e7), to_east = step_east(p.lon_e7, box.east_e7);
    bool west = (to_west < 0 ? -to_west : to_west) < (to_east < 0 ? -to_east : to_east);
    nearest.lon_e7 = west ? box.west_e7 : box.east_e7;
    return nearest;
}

bool place_in_box(const struct place *place, struct box box)
{
    struct place_bounds flat = bounds_of_box(box);
    struct point corner = {box.south_e7, box.west_e7};
    switch (place->type) {
    case PLACE_POINT: return geo_box_contains(box, place->points[0]);
    case PLACE_CIRCLE:
        return geo_distance_mm(place->points[0], nearest_in_box(place->points[0], box)) <= place->radius_mm;
    case PLACE_LINE: return edges_in_box(place, &flat);
    case PLACE_POLYGON: /* the box may lie wholly inside it */
        return edges_in_box(place, &flat) || geo_polygon_contains(corner, place->points, place->count);
    case PLACE_NONE: break;
    }
    return false;
}

bool place_near(const struct place *place, struct point p, int64_t within_mm)
{
    switch (place->type) {
    case PLACE_POINT: return geo_distance_mm(p, place->points[0]) <= within_mm;
    case PLACE_CIRCLE: return geo_distance_mm(p, place->points[0]) - place->radius_mm <= within_mm;
    case PLACE_LINE: return geo_line_distance_mm(p, place->points, place->count) <= within_mm;
    case PLACE_POLYGON:
        return geo_polygon_contains(p, place->points, place->count) ||
               geo_polygon_edge_mm(p, place->points, place->count) <= within_mm;
    case PLACE_NONE: break;
    }
    return false;
}
