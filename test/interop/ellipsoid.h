/* The ellipsoid as PROJ's geodesic.h has it, in double precision: what the whole numbers of src/geo are held against.
 * Nothing here uses src/geo but its structures. */
#ifndef TRUCE_TEST_ELLIPSOID_H
#define TRUCE_TEST_ELLIPSOID_H

#include "geo/geo.h"
#include "random.h"
#include <geodesic.h>
#include <math.h>

enum { E7 = 10000000 };

struct spot {
    double lat, lon; /* degrees */
};

static inline const struct geod_geodesic *earth(void)
{
    static struct geod_geodesic wgs84;
    if (wgs84.a == 0) geod_init(&wgs84, 6378137, 1 / 298.257223563);
    return &wgs84;
}

static inline struct spot spot_of(struct point p)
{
    return (struct spot){(double)p.lat_e7 / E7, (double)p.lon_e7 / E7};
}

static inline int64_t turned_e7(int64_t lon_e7)
{
    const int64_t half = INT64_C(180) * E7;
    return lon_e7 > half ? lon_e7 - 2 * half : lon_e7 < -half ? lon_e7 + 2 * half : lon_e7;
}

static inline struct point point_near(struct spot s)
{
    return (struct point){(int32_t)llrint(s.lat * E7), (int32_t)turned_e7(llrint(s.lon * E7))};
}

/* The distance, and the azimuths (clockwise from north) at both ends where they are asked for. */
static inline double geodesic_mm(struct spot a, struct spot b, double *there, double *arriving)
{
    double metres = 0;
    geod_inverse(earth(), a.lat, a.lon, b.lat, b.lon, &metres, there, arriving);
    return metres * 1000;
}

static inline struct spot geodesic_ahead(struct spot from, double azimuth, double mm)
{
    struct spot to;
    geod_direct(earth(), from.lat, from.lon, azimuth, mm / 1000, &to.lat, &to.lon, NULL);
    return to;
}

/* ---- lines that are straight in degrees */

static inline struct spot spot_between(struct point a, struct point b, double t)
{
    return (struct spot){((double)a.lat_e7 + t * (double)(b.lat_e7 - a.lat_e7)) / E7,
                         ((double)a.lon_e7 + t * (double)turned_e7((int64_t)b.lon_e7 - a.lon_e7)) / E7};
}

/* The least distance from p to a-b: a few steps to find the neighbourhood, then its golden section. */
static inline double segment_mm(struct spot p, struct point a, struct point b, struct spot *nearest)
{
    enum { STEPS = 8, CUTS = 36 };
    const double golden = 0.6180339887498949;
    double least = INFINITY, best = 0;
    for (int i = 0; i <= STEPS; i++) {
        double d = geodesic_mm(p, spot_between(a, b, (double)i / STEPS), NULL, NULL);
        if (d < least) least = d, best = (double)i / STEPS;
    }
    double low = fmax(0, best - 1.0 / STEPS), high = fmin(1, best + 1.0 / STEPS);
    double x = high - golden * (high - low), y = low + golden * (high - low);
    double at_x = geodesic_mm(p, spot_between(a, b, x), NULL, NULL);
    double at_y = geodesic_mm(p, spot_between(a, b, y), NULL, NULL);
    for (int i = 0; i < CUTS; i++) {
        if (at_x < at_y) {
            high = y, y = x, at_y = at_x, x = high - golden * (high - low);
            at_x = geodesic_mm(p, spot_between(a, b, x), NULL, NULL);
        } else {
            low = x, x = y, at_x = at_y, y = low + golden * (high - low);
            at_y = geodesic_mm(p, spot_between(a, b, y), NULL, NULL);
        }
    }
    if (at_x < least) least = at_x, best = x;
    if (nearest != NULL) *nearest = spot_between(a, b, best);
    return least;
}

static inline double chain_mm(struct spot p, const struct point *line, size_t count, bool closed, struct spot *nearest)
{
    double least = INFINITY;
    for (size_t i = 0; i + (closed ? 0 : 1) < count; i++) {
        struct spot there;
        double d = segment_mm(p, line[i], line[(i + 1) % count], &there);
        if (d < least && nearest != NULL) *nearest = there;
        least = fmin(least, d);
    }
    return least;
}

/* ---- at random */

static inline double random_part(struct random *random) /* from 0 to below 1 */
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

static inline double random_from(struct random *random, double least, double most)
{
    return least + (most - least) * random_part(random);
}

/* As often between 1 and 2 as between 1000 and 2000. */
static inline double random_size(struct random *random, double least, double most)
{
    return least * pow(most / least, random_part(random));
}

/* Anywhere up to a latitude; every fourth place lies within a degree of the antimeridian. */
static inline struct spot random_spot(struct random *random, double lat_most)
{
    double lat = random_from(random, -lat_most, lat_most);
    double lon = random_chance(random, 25) ? 180 + random_from(random, -1, 1) : random_from(random, -180, 180);
    return (struct spot){lat, lon > 180 ? lon - 360 : lon};
}

static inline struct point random_near(struct random *random, struct spot middle, double mm)
{
    return point_near(geodesic_ahead(middle, random_from(random, 0, 360), mm * sqrt(random_part(random))));
}

#endif
