/* Geometry in whole numbers against GEOS (sides, polygons) and PROJ's geodesics (distances, ways, boxes), at random:
 * the seed is printed; give one to repeat. Neither library is linked into the program. */
#include "check.h"
#include "ellipsoid.h"
#include <geos_c.h>

enum {
    DISTANCES = 120000,
    CHAINS = 12000,
    POLYGONS = 3000,
    POINTS_OF_POLYGON = 40,
    SEGMENTS = 20000,
    BENT_LINES = 1500,
    POINTS_OF_LINE = 20,
    WAYS = 20000,
    BOXES = 2000,
    VERTICES = 24,
    FAILURES_SHOWN = 20
};
#define KM 1e6
#define TURN 6.283185307179586
#define LAT_MOST 70.0  /* geo_error_mm holds up to here, */
#define FAR (500 * KM) /* and so far */

static struct random dice;

/* Rounding to whole millimetres comes on top of what geo_error_mm gives. */
static double allowed_mm(double mm)
{
    return (double)geo_error_mm((int64_t)mm) + 1;
}

static bool shown(bool held, const char *what, struct point p, const struct point *line, size_t count)
{
    if (held) return true;
    fprintf(stderr, "    %s: %" PRId32 ",%" PRId32 " and", what, p.lat_e7, p.lon_e7);
    for (size_t i = 0; i < count; i++) fprintf(stderr, " %" PRId32 ",%" PRId32, line[i].lat_e7, line[i].lon_e7);
    fprintf(stderr, "\n");
    return false;
}

static bool goes_on(size_t i, size_t count)
{
    return i < count && check_failed < FAILURES_SHOWN;
}

static bool all_within(const struct point *points, size_t count, double lat_most)
{
    for (size_t i = 0; i < count; i++)
        if (fabs(spot_of(points[i]).lat) > lat_most) return false;
    return true;
}

/* ---- distances */

static struct band {
    double km_most, lat_most, design_mm; /* what src/geo/geo.h promises */
    double worst_mm;
    size_t count;
} bands[] = {
    {3.5, 49, 0.1, 0, 0}, {25, 49, 27, 0, 0},  {70, 49, 600, 0, 0},  {500, 49, INFINITY, 0, 0},
    {3.5, 70, 0.5, 0, 0}, {25, 70, 138, 0, 0}, {70, 70, 3000, 0, 0}, {500, 70, INFINITY, 0, 0},
};

static void distances_are_geodesics(void)
{
    for (size_t i = 0; goes_on(i, DISTANCES); i++) {
        struct band *band = &bands[i % COUNT_OF(bands)];
        struct spot from = random_spot(&dice, band->lat_most);
        double most = band->km_most * KM,
               wanted = random_chance(&dice, 50) ? random_from(&dice, most / 2, most) : random_size(&dice, 1, most);
        struct point ends[] = {point_near(from), point_near(geodesic_ahead(from, random_from(&dice, 0, 360), wanted))};
        if (!all_within(ends, 2, band->lat_most)) continue;
        double mm = geodesic_mm(spot_of(ends[0]), spot_of(ends[1]), NULL, NULL);
        int64_t got = geo_distance_mm(ends[0], ends[1]);
        double off = fabs((double)got - mm);
        shown(CHECK(off <= allowed_mm(mm)), "distance", ends[0], ends + 1, 1);
        shown(CHECK(mm > most || off <= band->design_mm + 0.51), "design", ends[0], ends + 1, 1);
        CHECK_INT(geo_distance_mm(ends[1], ends[0]), got);
        if (mm <= most) band->worst_mm = fmax(band->worst_mm, off), band->count++;
    }
    for (struct band *b = bands; b < bands + COUNT_OF(bands); b++)
        printf("distance up to %g km and %g degrees: worst %.2f mm of %zu\n", b->km_most, b->lat_most, b->worst_mm,
               b->count);
}

/* ---- lines */

static const double reaches_km[] = {0.1, 1, 10, 50, 200, 500};

static void lines_and_edges_have_their_distance(void)
{
    double worst[COUNT_OF(reaches_km)] = {0}, share = 0;
    for (size_t i = 0; goes_on(i, CHAINS); i++) {
        struct point line[5];
        size_t band = i % COUNT_OF(reaches_km), count = 2 + random_below(&dice, COUNT_OF(line) - 1);
        double size = reaches_km[band] * KM / 2;
        struct spot middle = random_spot(&dice, LAT_MOST);
        for (size_t k = 0; k < count; k++) line[k] = random_near(&dice, middle, size);
        struct point p = random_chance(&dice, 5) ? line[random_below(&dice, count)] : random_near(&dice, middle, size);
        if (!all_within(line, count, LAT_MOST) || !all_within(&p, 1, LAT_MOST)) continue;
        bool closed = count > 2 && random_chance(&dice, 50);
        double mm = chain_mm(spot_of(p), line, count, closed, NULL);
        int64_t got = closed ? geo_polygon_edge_mm(p, line, count) : geo_line_distance_mm(p, line, count);
        double off = fabs((double)got - mm);
        shown(CHECK(off <= allowed_mm(mm)), closed ? "edge" : "line", p, line, count);
        worst[band] = fmax(worst[band], off), share = fmax(share, off / allowed_mm(mm));
    }
    for (size_t i = 0; i < COUNT_OF(reaches_km); i++)
        printf("lines and edges of %g km: worst %.2f mm\n", reaches_km[i], worst[i]);
    printf("lines and edges: at most %.2f of the error allowed\n", share);
}

/* ---- shapes on a lattice of whole numbers, which doubles hold exactly */

struct lattice {
    int64_t x, y;
};

static struct point point_at(struct point middle, struct lattice at)
{
    return (struct point){(int32_t)(middle.lat_e7 + at.y), (int32_t)turned_e7(middle.lon_e7 + at.x)};
}

static GEOSGeometry *geos_point(struct lattice at)
{
    return GEOSGeom_createPointFromXY((double)at.x, (double)at.y);
}

static GEOSGeometry *geos_polygon(const struct lattice *ring, size_t count)
{
    GEOSCoordSequence *all = GEOSCoordSeq_create((unsigned)count + 1, 2);
    for (size_t i = 0; i <= count; i++)
        GEOSCoordSeq_setXY(all, (unsigned)i, (double)ring[i % count].x, (double)ring[i % count].y);
    return GEOSGeom_createPolygon(GEOSGeom_createLinearRing(all), NULL, 0);
}

/* A polygon round the origin, as far out at each of its angles as chance has it. */
static void draw_star(struct lattice *out, size_t count, double size, int64_t grain)
{
    double angle = random_part(&dice), part = TURN / (double)count;
    for (size_t i = 0; i < count; i++) {
        double at = angle + part * ((double)i + 0.8 * random_part(&dice)), far = size * random_from(&dice, 0.1, 1);
        out[i] = (struct lattice){llrint(far * cos(at) / (double)grain) * grain,
                                  llrint(far * sin(at) / (double)grain) * grain};
    }
}

/* A line that always goes on in x, up and down as chance has it. */
static void draw_rising(struct lattice *out, size_t count, double size, int64_t grain)
{
    double step = 2 * size / (double)(count - 1);
    for (size_t i = 0; i < count; i++) {
        double x = -size + step * ((double)i + random_from(&dice, -0.3, 0.3));
        out[i] = (struct lattice){llrint(x / (double)grain) * grain,
                                  llrint(random_from(&dice, -size, size) / (double)grain) * grain};
    }
}

/* A comb: its teeth end on a straight edge beneath. */
static void draw_comb(struct lattice *out, size_t count, double size, int64_t grain)
{
    draw_rising(out, count, size, grain);
    int64_t beneath = -llrint(1.1 * size / (double)grain) * grain;
    out[count - 2] = (struct lattice){out[count - 3].x, beneath};
    out[count - 1] = (struct lattice){out[0].x, beneath};
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b, b = rest;
    }
    return a < 0 ? -a : a;
}

static struct lattice lattice_on(struct lattice a, struct lattice b, bool *on)
{
    int64_t steps = common_divisor(b.x - a.x, b.y - a.y);
    *on = steps > 0;
    if (!*on) return a;
    int64_t k = (int64_t)random_below(&dice, (uint64_t)steps + 1);
    return (struct lattice){a.x + (b.x - a.x) / steps * k, a.y + (b.y - a.y) / steps * k};
}

/* Points anywhere, and where it is hard to tell: on edges and vertices, a hair beside them, level with a vertex. */
static struct lattice draw_probe(const struct lattice *ring, size_t count, double size, bool *on)
{
    size_t i = random_below(&dice, count);
    struct lattice any = {llrint(random_from(&dice, -1.2, 1.2) * size), llrint(random_from(&dice, -1.2, 1.2) * size)};
    *on = false;
    switch (random_below(&dice, 6)) {
    case 0: return *on = true, ring[i];
    case 1: return (struct lattice){any.x, ring[i].y};
    case 2: return (struct lattice){ring[i].x, any.y};
    case 3: return lattice_on(ring[i], ring[(i + 1) % count], on);
    case 4: break;
    default: return any;
    }
    struct lattice near = lattice_on(ring[i], ring[(i + 1) % count], on);
    *on = false;
    near.x += (int64_t)random_below(&dice, 3) - 1, near.y += (int64_t)random_below(&dice, 3) - 1;
    return near;
}

static void turn_round(struct lattice *line, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct lattice kept = line[i];
        line[i] = line[count - 1 - i];
        line[count - 1 - i] = kept;
    }
}

static void polygons_contain_what_geos_says(void)
{
    size_t asked = 0, inside = 0, edges = 0;
    for (size_t i = 0; goes_on(i, POLYGONS); i++) {
        struct lattice ring[VERTICES];
        struct point polygon[VERTICES + 1], middle = point_near(random_spot(&dice, 60));
        size_t count = 5 + random_below(&dice, VERTICES - 4);
        double size = random_chance(&dice, 40) ? random_from(&dice, 4, 60) : random_size(&dice, 100, 25e7);
        (random_chance(&dice, 60) ? draw_star : draw_comb)(ring, count, size, size > 1e4 && i % 2 == 0 ? 64 : 1);
        if (random_chance(&dice, 50)) turn_round(ring, count);
        for (size_t k = 0; k <= count; k++) polygon[k] = point_at(middle, ring[k % count]);
        GEOSGeometry *shape = geos_polygon(ring, count);
        bool simple = GEOSisValid(shape) == 1, closed = random_chance(&dice, 20);
        const GEOSPreparedGeometry *prepared = GEOSPrepare(shape);
        for (size_t k = 0; simple && goes_on(k, POINTS_OF_POLYGON); k++, asked++) {
            bool on;
            struct lattice at = draw_probe(ring, count, size, &on);
            struct point p = point_at(middle, at);
            GEOSGeometry *point = geos_point(at);
            bool wanted = GEOSPreparedIntersects(prepared, point) == 1, got;
            got = geo_polygon_contains(p, polygon, count + closed);
            shown(CHECK(got == wanted && (wanted || !on)), "polygon", p, polygon, count);
            inside += wanted, edges += on;
            GEOSGeom_destroy(point);
        }
        GEOSPreparedGeom_destroy(prepared);
        GEOSGeom_destroy(shape);
    }
    printf("polygons: %zu points asked, %zu inside, of these %zu on an edge\n", asked, inside, edges);
    CHECK(check_failed > 0 || (inside > asked / 5 && inside < asked - asked / 5 && edges > asked / 20));
}

/* ---- sides */

/* Beside one segment: the place is reached from a point of it, at 20 to 160 degrees from its direction. */
static void segments_have_sides(void)
{
    for (size_t i = 0; goes_on(i, SEGMENTS); i++) {
        struct spot middle = random_spot(&dice, LAT_MOST);
        double size = random_size(&dice, 1000, 50 * KM), along;
        struct point ends[] = {random_near(&dice, middle, size), random_near(&dice, middle, size)};
        struct spot foot = spot_between(ends[0], ends[1], random_part(&dice));
        double length = geodesic_mm(spot_of(ends[0]), spot_of(ends[1]), NULL, NULL);
        if (length < 500) continue;
        geodesic_mm(foot, spot_between(ends[0], ends[1], 1.001), &along, NULL);
        bool left = random_chance(&dice, 50);
        double turn = random_from(&dice, 20, 160);
        struct point p =
            point_near(geodesic_ahead(foot, along + (left ? -turn : turn), random_size(&dice, 100, 20 * KM)));
        double east = (double)turned_e7((int64_t)ends[1].lon_e7 - ends[0].lon_e7);
        double aside = (double)turned_e7((int64_t)p.lon_e7 - ends[0].lon_e7);
        int turned = GEOSOrientationIndex(0, 0, east, (double)(ends[1].lat_e7 - ends[0].lat_e7), aside,
                                          (double)(p.lat_e7 - ends[0].lat_e7));
        CHECK(turned == (left ? 1 : -1));
        shown(CHECK(geo_line_side(p, ends, 2) == -turned), "side", p, ends, 2);
    }
}

static bool clear_of(struct point p, const struct point *line, size_t count)
{
    return geo_line_distance_mm(p, line, count) >= 20;
}

/* A place of the line's own size, or a little way from one of its inner bends. */
static struct lattice draw_aside(const struct lattice *line, size_t count, double west, double east, double size)
{
    struct lattice any = {llrint(random_from(&dice, west, east)), llrint(random_from(&dice, -2, 2) * size)};
    if (random_chance(&dice, 50)) return any;
    struct lattice bend = line[1 + random_below(&dice, count - 2)];
    double near = random_size(&dice, 2, size / 2), angle = random_from(&dice, 0, TURN);
    struct lattice by = {bend.x + llrint(near * cos(angle)), bend.y + llrint(near * sin(angle))};
    return (double)by.x > west && (double)by.x < east ? by : any;
}

/* Between its ends a line that always goes on has one side above and one beneath: a polygon above it tells. */
static void bent_lines_have_sides(void)
{
    size_t asked = 0;
    for (size_t i = 0; goes_on(i, BENT_LINES); i++) {
        struct lattice line[12 + 2];
        struct point points[12], middle = point_near(random_spot(&dice, 65));
        size_t count = 3 + random_below(&dice, 10);
        double size = random_size(&dice, 300, 4e6);
        draw_rising(line, count, size, 1);
        double west = (double)line[0].x + 0.02 * size, east = (double)line[count - 1].x - 0.02 * size;
        line[count] = (struct lattice){line[count - 1].x, llrint(3 * size)};
        line[count + 1] = (struct lattice){line[0].x, llrint(3 * size)};
        GEOSGeometry *above = geos_polygon(line, count + 2);
        bool north = random_chance(&dice, 50), back = random_chance(&dice, 50);
        for (size_t k = 0; k < count; k++) {
            struct lattice at = line[back ? count - 1 - k : k];
            points[k] = point_at(middle, north ? (struct lattice){at.y, at.x} : at);
        }
        for (size_t k = 0; goes_on(k, POINTS_OF_LINE); k++) {
            struct lattice at = draw_aside(line, count, west, east, size);
            struct point p = point_at(middle, north ? (struct lattice){at.y, at.x} : at);
            if (!clear_of(p, points, count)) continue;
            GEOSGeometry *point = geos_point(at);
            bool left = (GEOSIntersects(above, point) == 1) != (north != back);
            shown(CHECK(geo_line_side(p, points, count) == (left ? -1 : 1)), "bent side", p, points, count);
            GEOSGeom_destroy(point);
            asked++;
        }
        GEOSGeom_destroy(above);
    }
    printf("sides of bent lines: %zu points asked\n", asked);
}

/* A line that comes back to its beginning, against the sun: what it encloses lies to the left. */
static void closed_lines_have_sides(void)
{
    size_t asked = 0, inside = 0;
    for (size_t i = 0; goes_on(i, BENT_LINES); i++) {
        struct lattice ring[12];
        struct point points[13], middle = point_near(random_spot(&dice, 65));
        size_t count = 5 + random_below(&dice, 8);
        double size = random_size(&dice, 300, 4e6);
        draw_star(ring, count, size, 1);
        bool back = random_chance(&dice, 50);
        if (back) turn_round(ring, count);
        for (size_t k = 0; k <= count; k++) points[k] = point_at(middle, ring[k % count]);
        GEOSGeometry *shape = geos_polygon(ring, count);
        bool simple = GEOSisValid(shape) == 1;
        for (size_t k = 0; simple && goes_on(k, POINTS_OF_LINE); k++) {
            struct lattice at = draw_aside(ring, count, -size, size, size);
            struct point p = point_at(middle, at);
            if (!clear_of(p, points, count + 1)) continue;
            GEOSGeometry *point = geos_point(at);
            bool in = GEOSIntersects(shape, point) == 1;
            shown(CHECK(geo_line_side(p, points, count + 1) == (in != back ? -1 : 1)), "ring side", p, points,
                  count + 1);
            GEOSGeom_destroy(point);
            asked++, inside += in;
        }
        GEOSGeom_destroy(shape);
    }
    printf("sides of closed lines: %zu points asked, %zu inside\n", asked, inside);
}

/* ---- ways and boxes */

/* Half a unit of 1e-7 degree each way is 8 mm at most. */
#define ROUNDED_MM 8.1

static void bearings_are_geodesics(void)
{
    static const double lengths_km[] = {1, 6, 20, 50, 200}; /* the most that a record may say is 200 km */
    double worst[COUNT_OF(lengths_km)] = {0};
    for (size_t i = 0; goes_on(i, WAYS); i++) {
        size_t band = i % COUNT_OF(lengths_km);
        struct point from = point_near(random_spot(&dice, LAT_MOST));
        int64_t mm = (int64_t)(lengths_km[band] * KM * random_part(&dice));
        int degrees = (int)random_below(&dice, 360);
        struct spot wanted = geodesic_ahead(spot_of(from), degrees, (double)mm);
        if (fabs(wanted.lat) > LAT_MOST) continue;
        struct point got = geo_bearing(from, degrees, mm);
        double off = geodesic_mm(wanted, spot_of(got), NULL, NULL);
        shown(CHECK(off <= allowed_mm((double)mm) + ROUNDED_MM), "bearing", from, &got, 1);
        worst[band] = fmax(worst[band], off);
    }
    for (size_t i = 0; i < COUNT_OF(lengths_km); i++)
        printf("bearings up to %g km: worst %.1f mm\n", lengths_km[i], worst[i]);
}

/* North and east are those of the middle of the way: the mean of the azimuths at its ends. */
static void offsets_are_geodesics(void)
{
    double worst = 0;
    for (size_t i = 0; goes_on(i, WAYS); i++) {
        struct point from = point_near(random_spot(&dice, LAT_MOST));
        double most = random_size(&dice, 1, 200 * KM), there, arriving;
        int64_t north = llrint(random_from(&dice, -most, most)), east = llrint(random_from(&dice, -most, most));
        struct point got = geo_offset(from, north, east);
        double mm = hypot((double)north, (double)east);
        if (!all_within(&got, 1, LAT_MOST)) continue;
        double off = geodesic_mm(spot_of(from), spot_of(got), &there, &arriving) - mm;
        shown(CHECK(fabs(off) <= allowed_mm(mm) + ROUNDED_MM), "offset", from, &got, 1);
        double wanted = atan2((double)east, (double)north) * (360 / TURN);
        double aside = mm * sin(remainder((there + arriving) / 2 - wanted, 180) / (360 / TURN));
        if (fabs(there - arriving) > 180) continue; /* no mean of azimuths across south */
        shown(CHECK(fabs(aside) <= allowed_mm(mm) + ROUNDED_MM), "offset's direction", from, &got, 1);
        worst = fmax(worst, hypot(off, aside) / (allowed_mm(mm) + ROUNDED_MM));
    }
    printf("offsets: at most %.2f of the error allowed\n", worst);
}

static void boxes_hold_what_is_within(void)
{
    for (size_t i = 0; goes_on(i, BOXES); i++) {
        struct spot middle = random_spot(&dice, random_chance(&dice, 20) ? 90 : LAT_MOST);
        struct point centre = point_near(middle);
        int64_t mm = (int64_t)random_size(&dice, 1, FAR);
        struct box box = geo_box_around(centre, mm);
        CHECK(geo_box_contains(box, centre));
        for (double azimuth = random_part(&dice) < 0.5 ? 0 : random_from(&dice, 0, 9); azimuth < 360; azimuth += 9) {
            double far = (double)mm * (random_chance(&dice, 70) ? 1 : random_part(&dice));
            struct point p = point_near(geodesic_ahead(spot_of(centre), azimuth, far));
            if (geodesic_mm(spot_of(centre), spot_of(p), NULL, NULL) > (double)mm) continue;
            shown(CHECK(geo_box_contains(box, p)), "box", centre, &p, 1);
        }
        if (fabs(middle.lat) > 60) continue;
        for (int azimuth = 0; azimuth < 360; azimuth += 90) {
            struct point p = point_near(geodesic_ahead(spot_of(centre), azimuth, 1.3 * (double)mm + 100));
            shown(CHECK(!geo_box_contains(box, p)), "wide box", centre, &p, 1);
        }
    }
}

static void say_nothing(const char *format, ...)
{
    (void)format;
}

int main(int count, char **arguments)
{
    dice = random_start(count, arguments);
    initGEOS(say_nothing, say_nothing);
    distances_are_geodesics();
    lines_and_edges_have_their_distance();
    polygons_contain_what_geos_says();
    segments_have_sides();
    bent_lines_have_sides();
    closed_lines_have_sides();
    bearings_are_geodesics();
    offsets_are_geodesics();
    boxes_hold_what_is_within();
    finishGEOS();
    return check_end(__FILE__);
}
