#include "geo/sketch.h"

#include "geo/plane.h"

enum { UM = 1000000, STEP = 2, CIRCLE_STEP = 15 };

static void put(struct sketch *out, struct point p)
{
    if (out->count == SKETCH_MOST) return;
    struct vector v = plane_between(plane_fine(out->middle), plane_fine(p));
    int64_t length = plane_length_um(v) / UM;
    out->at[out->count].east_m = plane_divide(v.x_um, UM);
    out->at[out->count].north_m = plane_divide(v.y_um, UM);
    out->count++;
    if (length > out->reach_m) out->reach_m = length;
}

static int turned(int degrees)
{
    return (degrees % 360 + 360) % 360;
}

void sketch_sector(struct sketch *out, struct point from, int degrees, int64_t least_m, int64_t most_m)
{
    *out = (struct sketch){.middle = from};
    for (int by = -SKETCH_SPREAD; by <= SKETCH_SPREAD; by += STEP)
        put(out, geo_bearing(from, turned(degrees + by), most_m * 1000));
    for (int by = SKETCH_SPREAD; by >= -SKETCH_SPREAD; by -= STEP)
        put(out, geo_bearing(from, turned(degrees + by), least_m * 1000));
}

void sketch_circle(struct sketch *out, struct point centre, int64_t radius_m)
{
    *out = (struct sketch){.middle = centre};
    for (int at = 0; at < 360; at += CIRCLE_STEP) put(out, geo_bearing(centre, at, radius_m * 1000));
}

static int32_t halfway(int32_t least, int32_t most)
{
    return (int32_t)(((int64_t)least + most) / 2);
}

void sketch_points(struct sketch *out, const struct point *points, size_t count)
{
    *out = (struct sketch){.count = 0};
    if (count == 0) return;
    struct point least = points[0], most = points[0];
    for (size_t i = 1; i < count; i++) {
        if (points[i].lat_e7 < least.lat_e7) least.lat_e7 = points[i].lat_e7;
        if (points[i].lon_e7 < least.lon_e7) least.lon_e7 = points[i].lon_e7;
        if (points[i].lat_e7 > most.lat_e7) most.lat_e7 = points[i].lat_e7;
        if (points[i].lon_e7 > most.lon_e7) most.lon_e7 = points[i].lon_e7;
    }
    out->middle = (struct point){halfway(least.lat_e7, most.lat_e7), halfway(least.lon_e7, most.lon_e7)};
    for (size_t i = 0; i < count; i++) put(out, points[i]);
}
