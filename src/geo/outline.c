#include "geo/outline.h"

#include "geo/plane.h"

/* A direction on the plane, of length UNIT. */
#define UNIT (INT64_C(1) << 20)
struct direction {
    int64_t east, north;
};

static struct direction direction_of(int64_t east, int64_t north)
{
    struct vector v = {east, north};
    int64_t length = plane_length_um(v);
    if (length == 0) return (struct direction){0, 0};
    return (struct direction){plane_divide((wide)east * UNIT, length), plane_divide((wide)north * UNIT, length)};
}

static struct direction direction_between(struct point a, struct point b)
{
    struct vector v = plane_between(plane_fine(a), plane_fine(b));
    return direction_of(v.x_um, v.y_um);
}

static bool is_none(struct direction d)
{
    return d.east == 0 && d.north == 0;
}

static struct direction left_of(struct direction d)
{
    return (struct direction){-d.north, d.east};
}

/* 1/8 of a right angle clockwise. */
static struct direction turned(struct direction d)
{
    static const int64_t cosine = 1028428, sine = 204567; /* of 11.25 degrees, in UNIT */
    return (struct direction){plane_divide((wide)d.east * cosine + (wide)d.north * sine, UNIT),
                              plane_divide((wide)d.north * cosine - (wide)d.east * sine, UNIT)};
}

/* ---- a walk along a line, in either direction, that leaves points to its left */

struct walk {
    const struct point *line;
    size_t count;
    bool back;
    int64_t reach_mm;
    struct point *out;
    size_t written;
};

static struct point walk_point(const struct walk *walk, size_t i)
{
    return walk->line[walk->back ? walk->count - 1 - i : i];
}

static void put(struct walk *walk, struct point from, struct direction d, int64_t numerator, int64_t denominator)
{
    int64_t reach = plane_divide((wide)walk->reach_mm * numerator, denominator);
    walk->out[walk->written++] =
        geo_offset(from, plane_divide((wide)d.north * reach, UNIT), plane_divide((wide)d.east * reach, UNIT));
}

/* Part of a circle round a point, clockwise from `d` on. */
static struct direction put_round(struct walk *walk, struct point centre, struct direction d, size_t steps)
{
    put(walk, centre, d, 1, 1);
    for (size_t i = 0; i < steps; i++) {
        d = turned(d);
        put(walk, centre, d, 1, 1);
    }
    return d;
}

/* Where the way bends: outwards by three points on the circle, inwards where the two edges meet. */
static void put_bend(struct walk *walk, struct point at, struct direction before, struct direction after)
{
    wide cross = (wide)before.east * after.north - (wide)before.north * after.east;
    wide dot = (wide)before.east * after.east + (wide)before.north * after.north;
    struct direction a = left_of(before), b = left_of(after);
    struct direction middle = direction_of(a.east + b.east, a.north + b.north);
    bool inwards = cross > 0 && dot > 0;
    if (inwards) { /* 1 / cos(half the angle): twice the unit by the length of the sum */
        struct vector sum = {a.east + b.east, a.north + b.north};
        put(walk, at, middle, 2 * UNIT, plane_length_um(sum));
        return;
    }
    put(walk, at, a, 1, 1);
    if (cross <= 0 && !is_none(middle)) put(walk, at, middle, 1, 1);
    put(walk, at, b, 1, 1);
}

/* The directions that a walk has at its two ends; none if all points are the same. */
static bool put_way(struct walk *walk, struct direction *first, struct direction *last)
{
    *first = *last = (struct direction){0, 0};
    for (size_t i = 0; i + 1 < walk->count; i++) {
        struct point a = walk_point(walk, i), b = walk_point(walk, i + 1);
        struct direction d = direction_between(a, b);
        if (is_none(d)) continue;
        if (is_none(*first))
            put(walk, a, left_of(*first = d), 1, 1);
        else
            put_bend(walk, a, *last, d);
        *last = d;
    }
    return !is_none(*last);
}

size_t geo_outline(const struct point *line, size_t count, int64_t reach_mm, enum outline_side side, struct point *out)
{
    struct direction first, last;
    struct walk walk = {line, count, side == OUTLINE_RIGHT, reach_mm, out, 0};
    if (!put_way(&walk, &first, &last)) return 0;
    if (side == OUTLINE_BOTH) {
        put_round(&walk, walk_point(&walk, count - 1), left_of(last), 2 * OUTLINE_STEPS);
        walk.back = true;
        put_way(&walk, &first, &last);
        put_round(&walk, walk_point(&walk, count - 1), left_of(last), 2 * OUTLINE_STEPS);
        return walk.written;
    }
    put_round(&walk, walk_point(&walk, count - 1), left_of(last), OUTLINE_STEPS);
    for (size_t i = count; i-- > 0;) out[walk.written++] = walk_point(&walk, i);
    put_round(&walk, walk_point(&walk, 0), (struct direction){-first.east, -first.north}, OUTLINE_STEPS);
    return walk.written;
}

unsigned geo_left_faces(const struct point *line, size_t count)
{
    struct direction d = left_of(direction_between(line[0], line[count - 1]));
    unsigned eighth = 0;
    for (int64_t most = INT64_MIN, i = 0; i < 8; i++) {
        static const int64_t east[] = {0, 1, 1, 1, 0, -1, -1, -1}, north[] = {1, 1, 0, -1, -1, -1, 0, 1};
        int64_t along = i % 2 == 0 ? 1000 : 707; /* so that all eight are as long */
        int64_t fits = (d.east * east[i] + d.north * north[i]) * along;
        if (fits > most) most = fits, eighth = (unsigned)i;
    }
    return eighth;
}
