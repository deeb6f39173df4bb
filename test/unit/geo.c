/* Distances against geodesics (Vincenty's formulae on WGS 84, computed beforehand in double precision, to the nearest
 * millimetre); shapes against slow, plain ways of saying the same. */
#include "geo/geo.h"
#include "geo/outline.h"
#include "check.h"

static int64_t apart(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

static void distances_are_geodesics_within_the_error(void)
{
    static const struct {
        struct point a, b;
        int64_t mm;
    } known[] = {
        {{-314577, 1799315678}, {-313893, 1799311234}, 50045},
        {{159163270, 1798774537}, {159123056, 1798795453}, 498183},
        {{-329804468, -700054485}, {-329493692, -700113908}, 3491111},
        {{366003980, 413542}, {364678095, -1848017}, 25032943},
        {{609369141, -700351575}, {606856905, -712233552}, 70468455},
        {{-320637733, 1798542882}, {-317277303, -1769870515}, 301111914},
        {{607144220, 145099}, {607146688, 137415}, 50159},
        {{606715178, 371403679}, {606749551, 371344499}, 501332},
        {{152972957, 371292926}, {153204927, 371513475}, 3492643},
        {{1943275, -699601556}, {-218494, -700218945}, 24872008},
        {{3932520, 28961}, {2153794, 6067539}, 70038472},
        {{370504647, -700232557}, {397300895, -704154188}, 299414503},
        {{162309655, -700273442}, {162314119, -700273999}, 49757},
        {{594658293, 1798754994}, {594642964, 1798838195}, 501694},
        {{601988351, 1798983947}, {602223105, 1799405803}, 3508823},
        {{-338993808, -699857965}, {-336878787, -698939557}, 24953698},
        {{358340048, 14151}, {354187174, 5849449}, 70123164},
        {{145891572, 1799293034}, {165475094, 1780118920}, 298749488},
        {{368007616, 378107}, {368009318, 383305}, 50086},
        {{367832021, 306238}, {367868768, 338591}, 499695},
        {{599180616, -699772146}, {599199813, -699145373}, 3512454},
        {{352464328, 370556763}, {351461299, 373020464}, 25044839},
        {{-9167753, -699519299}, {-10580400, -693384102}, 70050371},
        {{148408983, 1798578949}, {133450038, -1778194853}, 300497156},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        int64_t d = geo_distance_mm(known[i].a, known[i].b);
        CHECK(apart(d, known[i].mm) <= geo_error_mm(d) + 1);
        CHECK_INT(geo_distance_mm(known[i].b, known[i].a), d);
        if (known[i].mm < 4000000) CHECK(apart(d, known[i].mm) <= 1);
    }
    CHECK_INT(geo_distance_mm(known[0].a, known[0].a), 0);
    CHECK(geo_error_mm(3500000) < 3);
    struct point here = {362000000, 371000000}, next = {362000000, 371000001};
    CHECK_INT(geo_distance_mm(here, next), 9); /* 1e-7 degree of longitude at 36.2 N is 8.99 mm */
}

/* A road of about 4.5 km from west to east with a bend northwards. */
static const struct point road[] = {{362300000, 371000000}, {362300000, 371300000}, {362400000, 371500000}};

static int64_t slow_distance(struct point p, const struct point *line, size_t count)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i + 1 < count; i++)
        for (int64_t t = 0; t <= 20000; t++) {
            struct point q = {(int32_t)(line[i].lat_e7 + (line[i + 1].lat_e7 - line[i].lat_e7) * t / 20000),
                              (int32_t)(line[i].lon_e7 + (line[i + 1].lon_e7 - line[i].lon_e7) * t / 20000)};
            int64_t d = geo_distance_mm(p, q);
            if (d < least) least = d;
        }
    return least;
}

static void lines_have_distance_and_sides(void)
{
    static const struct {
        struct point p;
        int side; /* of the road going east: north is left */
    } places[] = {
        {{362350000, 371100000}, -1}, {{362200000, 371100000}, 1}, {{362300000, 371100000}, 0},
        {{362500000, 371300000}, -1}, {{362310000, 371400000}, 1}, {{362300000, 370900000}, 0},
        {{362310000, 370900000}, -1}, {{362250000, 371310000}, 1}, {{362600000, 371500000}, -1},
        {{362380000, 371600000}, 1},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        CHECK_INT(geo_line_side(places[i].p, road, COUNT_OF(road)), places[i].side);
        int64_t d = geo_line_distance_mm(places[i].p, road, COUNT_OF(road));
        CHECK(apart(d, slow_distance(places[i].p, road, COUNT_OF(road))) <= 70); /* the slow way steps by 0.14 m */
    }
    struct point north = geo_offset((struct point){362300000, 371150000}, 3500000, 0);
    CHECK(apart(geo_line_distance_mm(north, road, 2), 3500000) <= 10);
    CHECK_INT(geo_line_distance_mm(road[1], road, COUNT_OF(road)), 0);
    /* Turned round, the sides change places. */
    struct point back[COUNT_OF(road)] = {road[2], road[1], road[0]};
    CHECK_INT(geo_line_side(places[0].p, back, COUNT_OF(back)), 1);
    /* A degenerate line is its point. */
    struct point twice[] = {road[0], road[0]};
    CHECK_INT(geo_line_distance_mm(road[1], twice, 2), geo_distance_mm(road[1], road[0]));
    CHECK_INT(geo_line_side(road[1], twice, 2), 0);
}

static void long_segments_keep_their_distance(void)
{
    struct point line[] = {{350000000, 360000000}, {370000000, 400000000}};
    struct point p = {362000000, 381000000};
    int64_t d = geo_line_distance_mm(p, line, 2);
    CHECK(apart(d, slow_distance(p, line, 2)) <= 1000); /* the slow way steps by 20 m */
    struct point on = {360000000, 380000000};
    CHECK(geo_line_distance_mm(on, line, 2) <= 1);
}

/* Where meridians converge, the nearest point is not the one at a right angle on the plane of the middle. */
static void far_north_lines_keep_their_distance(void)
{
    static const struct point line[] = {{699167236, -1005532407}, {695065001, -998715689}};
    struct point p = {699917299, -1000851788};
    int64_t d = geo_line_distance_mm(p, line, 2);
    CHECK(apart(d, 19710307) <= geo_error_mm(d) + 1);
}

/* Two centimetres beside a sharp bend, nearer to one of its segments than to the bend by half a millimetre. */
static void a_sharp_bend_has_sides(void)
{
    static const struct point bend[] = {{-315870759, 1774709579}, {-315870642, 1774710174}, {-315870536, 1774709558}};
    CHECK_INT(geo_line_side((struct point){-315870644, 1774710174}, bend, 3), 1);
}

static void polygons_contain_their_edge(void)
{
    /* A square with a notch from above. */
    static const struct point notched[] = {{0, 0}, {0, 100}, {100, 100}, {100, 60}, {50, 50}, {100, 40}, {100, 0}};
    static const struct {
        struct point p;
        bool in;
    } places[] = {
        {{50, 50}, true},   {{51, 50}, false},  {{49, 50}, true},  {{100, 100}, true},
        {{0, 0}, true},     {{0, 55}, true},    {{-1, 50}, false}, {{50, 0}, true},
        {{50, 101}, false}, {{100, 50}, false}, {{90, 50}, false}, {{99, 39}, true},
        {{75, 45}, true},   {{75, 46}, false},  {{101, 0}, false}, {{50, 100}, true},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++)
        CHECK(geo_polygon_contains(places[i].p, notched, COUNT_OF(notched)) == places[i].in);
    /* Across the antimeridian. */
    static const struct point far[] = {{-10, 1799999990}, {-10, -1799999990}, {10, -1799999990}, {10, 1799999990}};
    CHECK(geo_polygon_contains((struct point){0, 1799999995}, far, 4));
    CHECK(geo_polygon_contains((struct point){0, -1799999995}, far, 4));
    CHECK(geo_polygon_contains((struct point){0, 1800000000}, far, 4));
    CHECK(!geo_polygon_contains((struct point){0, 0}, far, 4));
    CHECK(!geo_polygon_contains((struct point){0, 1799999980}, far, 4));
    CHECK(geo_polygon_edge_mm((struct point){0, 1799999995}, far, 4) <= 60);
}

static uint64_t seed = 2016;
static int32_t drawn(int32_t most)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int32_t)((seed >> 33) % (uint64_t)most);
}

/* The slow way: a ray in a direction that meets no lattice point, all crossings counted in whole numbers. */
static bool slow_contains(struct point p, const struct point *polygon, size_t count)
{
    bool in = false;
    for (size_t i = 0; i < count; i++) {
        int64_t ax = polygon[i].lon_e7 - p.lon_e7, ay = polygon[i].lat_e7 - p.lat_e7;
        int64_t bx = polygon[(i + 1) % count].lon_e7 - p.lon_e7, by = polygon[(i + 1) % count].lat_e7 - p.lat_e7;
        int64_t area = ax * by - ay * bx;
        if (area == 0 && ax * bx <= 0 && ay * by <= 0) return true;
        int64_t as = 1009 * ay - ax, bs = 1009 * by - bx; /* sides of the ray (1009, 1) */
        if ((as > 0) == (bs > 0)) continue;
        if ((area > 0) == (bs > as)) in = !in;
    }
    return in;
}

static void polygons_agree_with_the_slow_way(void)
{
    printf("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 3000; round++) {
        struct point polygon[7], p = {drawn(60), drawn(60)};
        size_t count = 3 + (size_t)drawn(5);
        for (size_t i = 0; i < count; i++) polygon[i] = (struct point){drawn(60), drawn(60)};
        CHECK(geo_polygon_contains(p, polygon, count) == slow_contains(p, polygon, count));
    }
}

static void offsets_come_back(void)
{
    static const struct point from[] = {
        {362300000, 371000000}, {-335000000, 1799999000}, {0, 0}, {650000000, -1000000}};
    for (size_t i = 0; i < COUNT_OF(from); i++)
        for (int bearing = -30; bearing < 400; bearing += 15) {
            struct point to = geo_bearing(from[i], bearing, 6000000);
            CHECK(apart(geo_distance_mm(from[i], to), 6000000) <= 20);
        }
    struct point east = geo_bearing(from[0], 90, 1000000), south = geo_bearing(from[0], 180, 1000000);
    CHECK(east.lon_e7 == 371111233 && east.lat_e7 == 362299995); /* what sets out to the east bends southwards */
    CHECK(south.lat_e7 < from[0].lat_e7 && apart(south.lon_e7, from[0].lon_e7) <= 1);
    struct point to = geo_bearing(from[0], 60, 50000000);
    CHECK(geo_distance_mm(to, (struct point){364543216, 375830383}) <= geo_error_mm(50000000) + 9);
    CHECK(geo_distance_mm(geo_bearing(from[0], 780, 50000000), to) == 0);
    CHECK(geo_offset((struct point){899999999, 0}, 5000000, 0).lat_e7 == 900000000);
}

static void boxes_hold_the_circle(void)
{
    static const struct point centres[] = {{362300000, 371000000}, {100, 1799990000}, {-890000000, 0}, {600000000, 5}};
    static const int64_t reaches[] = {0, 1000, 3500000, 70000000, 400000000};
    for (size_t i = 0; i < COUNT_OF(centres); i++)
        for (size_t j = 0; j < COUNT_OF(reaches); j++) {
            struct box box = geo_box_around(centres[i], reaches[j]);
            CHECK(geo_box_contains(box, centres[i]));
            for (int bearing = 0; bearing < 360; bearing += 5)
                CHECK(geo_box_contains(box, geo_bearing(centres[i], bearing, reaches[j])));
        }
    CHECK(!geo_box_contains(geo_box_around(centres[0], 1000000), geo_bearing(centres[0], 90, 1100000)));
    CHECK(!geo_box_contains(geo_box_around(centres[1], 1000000), (struct point){100, 0}));
}

/* Each point of the outline is as far from the line as was asked, but inwards of a bend; nothing that is nearer is left
 * out of it. */
static void check_ring(const struct point *line, size_t count, int64_t reach_mm, enum outline_side side)
{
    enum { CIRCLE_MM = 4000 }; /* between two points of a circle it is cut short */
    struct point ring[80];
    size_t size = geo_outline(line, count, reach_mm, side, ring);
    CHECK(size > 16 && size <= outline_points(count) && outline_points(count) <= COUNT_OF(ring));
    for (size_t i = 0; i < size; i++) CHECK(geo_line_distance_mm(ring[i], line, count) <= reach_mm + 500);
    for (int i = 0; i < 4000; i++) {
        struct point p = {362300000 + i / 60 * 4000, 370800000 + i % 60 * 15000};
        int64_t far = geo_line_distance_mm(p, line, count), beside = geo_line_beside_mm(p, line, count);
        bool within = side == OUTLINE_BOTH || (side == OUTLINE_LEFT ? beside < 0 : beside > 0);
        if (far >= reach_mm - CIRCLE_MM && far <= reach_mm) continue;
        if (side != OUTLINE_BOTH && apart(beside, 0) < CIRCLE_MM) continue;
        CHECK_INT(geo_polygon_contains(p, ring, size), far <= reach_mm && within);
    }
}

static void outlines_follow_the_line(void)
{
    static const struct point bent[] = {{362368000, 370920000},
                                        {362375000, 371040000},
                                        {362375000, 371040000},
                                        {362430000, 371300000},
                                        {362385000, 371540000}};
    static const struct point south[] = {{10000000, 0}, {0, 0}}, diagonal[] = {{0, 0}, {10000000, 10000000}};
    struct point ring[80];
    check_ring(bent, COUNT_OF(bent), 500000, OUTLINE_BOTH);
    check_ring(bent, COUNT_OF(bent), 500000, OUTLINE_LEFT);
    check_ring(bent, COUNT_OF(bent), 500000, OUTLINE_RIGHT);
    CHECK_INT(geo_outline(bent + 1, 2, 500000, OUTLINE_BOTH, ring), 0);
    CHECK_INT(geo_left_faces(bent, COUNT_OF(bent)), 0);
    CHECK_INT(geo_left_faces(south, 2), 2);
    CHECK_INT(geo_left_faces(diagonal, 2), 7);
}

TESTS(distances_are_geodesics_within_the_error, lines_have_distance_and_sides, long_segments_keep_their_distance,
      far_north_lines_keep_their_distance, a_sharp_bend_has_sides, polygons_contain_their_edge,
      polygons_agree_with_the_slow_way, offsets_come_back, boxes_hold_the_circle, outlines_follow_the_line)
