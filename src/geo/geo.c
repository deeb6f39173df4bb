#include "geo/geo.h"
#include "geo/plane.h"

enum { UM = 1000 };    /* micrometres in a millimetre */
enum { SAME_UM = 12 }; /* nearest points lie on a grid of 11 µm: what is as near may seem so much farther */

int64_t geo_distance_mm(struct point a, struct point b)
{
    return plane_divide(plane_length_um(plane_between(plane_fine(a), plane_fine(b))), UM);
}

/* The plane's error grows with the cube of the distance; 17 µm per km³ bounds it up to 70° of latitude and 500 km
 * (test/interop/geo.c holds it against geodesics). Beyond that nothing is promised but the order of size. */
int64_t geo_error_mm(int64_t distance_mm)
{
    if (distance_mm > INT64_C(20000000000)) distance_mm = INT64_C(20000000000);
    int64_t km = (distance_mm + 999999) / 1000000;
    int64_t error = km * km * km * 17 / 1000 + 1;
    return error < distance_mm + 1 ? error : distance_mm + 1;
}

/* ---- lines: straight in degrees between their vertices, as in GeoJSON */

struct nearest {
    struct vector to;    /* from p to the nearest point of the segment */
    struct vector along; /* the segment's direction there */
};

/* Where on a-b, from 0 to 2^40, p is nearest: a step of Newton's on the plane around the last guess; three settle it.
 * As q goes north, the plane's latitude goes half as far, and the way east from p shrinks with it. */
static struct nearest nearest_on(struct fine p, struct fine a, struct fine b)
{
    const int64_t whole = INT64_C(1) << 40;
    int64_t dlat = b.lat - a.lat, dlon = plane_wrap(b.lon - a.lon), t = whole / 2;
    struct nearest out = {0};
    for (int step = 0; step < 4; step++) {
        struct fine q = {a.lat + plane_divide((wide)dlat * t, whole), a.lon + plane_divide((wide)dlon * t, whole)};
        int64_t away = plane_wrap(q.lon - p.lon);
        struct scale scale = plane_scale((p.lat + q.lat) / 2);
        out.to = plane_scaled(q.lat - p.lat, away, scale);
        out.along = plane_scaled(dlat, dlon, scale);
        out.along.x_um -= plane_divide((wide)out.along.y_um * plane_convergence(away, scale), INT64_C(1) << 61);
        wide length2 = (wide)out.along.x_um * out.along.x_um + (wide)out.along.y_um * out.along.y_um;
        if (length2 == 0 || step == 3) break;
        wide ahead = (wide)out.to.x_um * out.along.x_um + (wide)out.to.y_um * out.along.y_um;
        /* ahead / length2 in 2^40ths, without leaving 128 bits */
        wide change = length2 >> 60 > 0 ? ahead * (1 << 20) / (length2 >> 20) : ahead * whole / length2;
        wide next = (wide)t - change;
        t = next < 0 ? 0 : next > whole ? whole : (int64_t)next;
    }
    return out;
}

static int64_t chain_distance_um(struct point point, const struct point *line, size_t count, bool closed)
{
    struct fine p = plane_fine(point);
    int64_t least = INT64_MAX;
    for (size_t i = 0; i + (closed ? 0 : 1) < count && least > 0; i++) {
        int64_t d = plane_length_um(nearest_on(p, plane_fine(line[i]), plane_fine(line[(i + 1) % count])).to);
        if (d < least) least = d;
    }
    return least;
}

int64_t geo_line_distance_mm(struct point p, const struct point *line, size_t count)
{
    return plane_divide(chain_distance_um(p, line, count, false), UM);
}

int64_t geo_polygon_edge_mm(struct point p, const struct point *polygon, size_t count)
{
    return plane_divide(chain_distance_um(p, polygon, count, true), UM);
}

/* Past a bend two segments share the nearest point; the one that p lies more squarely beside knows the side. */
int64_t geo_line_beside_mm(struct point point, const struct point *line, size_t count)
{
    struct fine p = plane_fine(point);
    int64_t least = INT64_MAX / 2, squarest = 0, out = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        struct nearest n = nearest_on(p, plane_fine(line[i]), plane_fine(line[i + 1]));
        int64_t distance = plane_length_um(n.to), length = plane_length_um(n.along);
        if (length == 0 || distance > least + SAME_UM) continue;
        wide cross = (wide)n.along.x_um * -n.to.y_um + (wide)n.along.y_um * n.to.x_um;
        int64_t beside = plane_divide(cross, length), square = beside < 0 ? -beside : beside;
        if (distance + SAME_UM >= least && square <= squarest) continue;
        if (distance < least) least = distance;
        squarest = square;
        out = distance < UM ? 0 : -beside;
    }
    int64_t mm = plane_divide(out, UM);
    return mm != 0 ? mm : (out > 0) - (out < 0);
}

int geo_line_side(struct point point, const struct point *line, size_t count)
{
    int64_t beside = geo_line_beside_mm(point, line, count);
    return (beside > 0) - (beside < 0);
}

/* ---- polygons */

struct flat {
    int64_t x, y;
};

/* Twice the area of a, b, p: positive when p lies to the left of a-b. */
static wide turn(struct flat a, struct flat b, struct flat p)
{
    return (wide)(b.x - a.x) * (p.y - a.y) - (wide)(b.y - a.y) * (p.x - a.x);
}

static bool between(int64_t v, int64_t a, int64_t b)
{
    return a <= b ? a <= v && v <= b : b <= v && v <= a;
}

static int64_t wrap_e7(int64_t lon)
{
    return plane_wrap(lon * FINE) / FINE;
}

static bool contains(struct flat p, const struct point *polygon, size_t count)
{
    struct flat a = {polygon[0].lon_e7, polygon[0].lat_e7};
    bool inside = false;
    for (size_t i = 1; i <= count; i++) {
        struct point next = polygon[i % count];
        struct flat b = {a.x + wrap_e7(next.lon_e7 - a.x), next.lat_e7};
        wide side = turn(a, b, p);
        if (side == 0 && between(p.x, a.x, b.x) && between(p.y, a.y, b.y)) return true;
        if ((a.y > p.y) != (b.y > p.y) && (side > 0) == (b.y > a.y)) inside = !inside;
        a = b;
    }
    return inside;
}

bool geo_polygon_contains(struct point p, const struct point *polygon, size_t count)
{
    const int64_t turn_e7 = INT64_C(3600000000);
    for (int64_t shift = -turn_e7; shift <= turn_e7; shift += turn_e7)
        if (contains((struct flat){p.lon_e7 + shift, p.lat_e7}, polygon, count)) return true;
    return false;
}

/* ---- going somewhere, and boxes */

static struct point point_of(struct fine f)
{
    int64_t lat = plane_divide(f.lat, FINE), lon = plane_divide(plane_wrap(f.lon), FINE);
    const int64_t pole = 900000000;
    if (lat > pole) lat = pole;
    if (lat < -pole) lat = -pole;
    return (struct point){(int32_t)lat, (int32_t)lon};
}

static int64_t degrees(int64_t mm, int64_t um_q32, int64_t most)
{
    if (um_q32 <= 0) return 0;
    wide fine = (wide)mm * UM * (INT64_C(1) << 32) / um_q32;
    return fine > most ? most : fine < -most ? -most : (int64_t)fine;
}

struct point geo_offset(struct point from, int64_t north_mm, int64_t east_mm)
{
    const int64_t pole = FINE_TURN / 4;
    struct fine f = plane_fine(from), out = f;
    for (int step = 0; step < 3; step++) {
        struct scale scale = plane_scale((f.lat + out.lat) / 2);
        out.lat = f.lat + degrees(north_mm, scale.lat_q32, FINE_TURN);
        if (out.lat > pole) out.lat = pole;
        if (out.lat < -pole) out.lat = -pole;
        out.lon = f.lon + degrees(east_mm, scale.lon_q32, FINE_TURN / 2);
    }
    return point_of(out);
}

static struct point at_angle(struct point from, int64_t angle_fine, int64_t distance_mm)
{
    int64_t turned = (angle_fine % FINE_TURN + FINE_TURN) % FINE_TURN, quarter = FINE_TURN / 4, sine, cosine;
    plane_sine(turned % quarter, &sine, &cosine);
    int64_t forth = plane_divide((wide)distance_mm * cosine, INT64_C(1) << 60);
    int64_t aside = plane_divide((wide)distance_mm * sine, INT64_C(1) << 60);
    const int64_t north[] = {forth, -aside, -forth, aside}, east[] = {aside, forth, -aside, -forth};
    return geo_offset(from, north[turned / quarter], east[turned / quarter]);
}

/* The way turns against the meridians as it goes; on the plane, its direction is that of its middle. */
struct point geo_bearing(struct point from, int bearing, int64_t distance_mm)
{
    struct fine f = plane_fine(from);
    int64_t angle = (int64_t)(bearing % 360) * 10000000 * FINE;
    struct point to = from;
    for (int step = 0; step < 4; step++) {
        struct fine t = plane_fine(to);
        int64_t sine = plane_scale((f.lat + t.lat) / 2).sine_q60;
        int64_t turn = plane_divide((wide)plane_wrap(t.lon - f.lon) * sine, INT64_C(1) << 61);
        to = at_angle(from, angle + turn, distance_mm);
    }
    return to;
}

/* A degree of latitude is nowhere shorter than at the equator, one of longitude nowhere than at the box's outer edge.
 */
struct box geo_box_around(struct point p, int64_t distance_mm)
{
    const int64_t pole = FINE_TURN / 4;
    struct fine f = plane_fine(p);
    int64_t reach = distance_mm + geo_error_mm(distance_mm);
    int64_t up = degrees(reach, plane_scale(0).lat_q32, pole) + FINE;
    int64_t south = f.lat - up, north = f.lat + up;
    int64_t outer = -south > north ? -south : north;
    if (outer >= pole - FINE)
        return (struct box){(int32_t)((south < -pole ? -pole : south) / FINE), -1800000000,
                            (int32_t)((north > pole ? pole : north) / FINE), 1800000000};
    int64_t aside = degrees(reach, plane_scale(outer).lon_q32, FINE_TURN / 2) + FINE;
    if (aside >= FINE_TURN / 2)
        return (struct box){(int32_t)(south / FINE), -1800000000, (int32_t)(north / FINE), 1800000000};
    return (struct box){(int32_t)(south / FINE) - 1, (int32_t)(plane_wrap(f.lon - aside) / FINE) - 1,
                        (int32_t)(north / FINE) + 1, (int32_t)(plane_wrap(f.lon + aside) / FINE) + 1};
}

bool geo_box_contains(struct box box, struct point p)
{
    if (p.lat_e7 < box.south_e7 || p.lat_e7 > box.north_e7) return false;
    if (box.west_e7 <= box.east_e7) return p.lon_e7 >= box.west_e7 && p.lon_e7 <= box.east_e7;
    return p.lon_e7 >= box.west_e7 || p.lon_e7 <= box.east_e7;
}
