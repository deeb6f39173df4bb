/* What the files of this room share: the ellipsoid seen as a plane around one latitude, in fixed point. */
#ifndef TRUCE_GEO_PLANE_H
#define TRUCE_GEO_PLANE_H

#include "geo/geo.h"

__extension__ typedef __int128 wide;

/* Degrees are carried in 1/1024 of 1e-7 degree, so that a point between two vertices loses nothing. */
enum { FINE = 1024 };
#define FINE_TURN (INT64_C(3600000000) * FINE)

struct fine {
    int64_t lat, lon;
};

/* Micrometres on the plane: x to the east, y to the north. */
struct vector {
    int64_t x_um, y_um;
};

/* Micrometres in one fine unit of latitude and of longitude, times 2^32; the sine of the latitude, times 2^60. */
struct scale {
    int64_t lat_q32, lon_q32, sine_q60;
};

struct scale plane_scale(int64_t lat_fine);
struct fine plane_fine(struct point p);

/* From a to b on the plane of their mid-latitude, the short way round. */
struct vector plane_between(struct fine a, struct fine b);
struct vector plane_scaled(int64_t lat_fine, int64_t lon_fine, struct scale scale);
int64_t plane_length_um(struct vector v);
/* The angle between two meridians so far apart, seen at that latitude, times 2^60. */
int64_t plane_convergence(int64_t lon_fine, struct scale scale);

int64_t plane_wrap(int64_t lon_fine); /* into -180° … 180° */
int64_t plane_divide(wide a, wide b); /* rounded half away from zero; b > 0 */

/* Sine and cosine of an angle of at most 90 degrees either way, times 2^60. */
void plane_sine(int64_t angle_fine, int64_t *sine_q60, int64_t *cosine_q60);

#endif
