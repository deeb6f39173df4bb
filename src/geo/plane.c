#include "geo/plane.h"

/* WGS 84. Angles, sines and ratios are integers times 2^60; their products fit in 128 bits. */
#define ONE (INT64_C(1) << 60)
#define PI_Q60 INT64_C(3622009729038561421)
#define E2_Q60 INT64_C(7718094650642178) /* 0.00669437999014 */
#define A_UM INT64_C(6378137000000)
#define HALF_TURN_FINE (INT64_C(1800000000) * FINE)

static int64_t multiply(int64_t a_q60, int64_t b_q60)
{
    return (int64_t)(((wide)a_q60 * b_q60) >> 60);
}

int64_t plane_divide(wide a, wide b)
{
    return (int64_t)(a >= 0 ? (a + b / 2) / b : -((-a + b / 2) / b));
}

/* Taylor's series from the last term inwards; with 13 terms the rest is below 2^-60 up to a right angle. */
static int64_t series(int64_t x2, int64_t first)
{
    int64_t sum = ONE;
    for (int64_t k = 24 + first; k >= 2; k -= 2) sum = ONE - multiply(x2, sum) / (k * (k - 1));
    return sum;
}

void plane_sine(int64_t angle_fine, int64_t *sine_q60, int64_t *cosine_q60)
{
    int64_t x = plane_divide((wide)angle_fine * PI_Q60, HALF_TURN_FINE), x2 = multiply(x, x);
    *sine_q60 = multiply(x, series(x2, 1));
    *cosine_q60 = series(x2, 0);
    if (*cosine_q60 < 0) *cosine_q60 = 0;
}

/* The root of 1 - x for x at most e², by the binomial series. */
static int64_t root_below_one(int64_t x)
{
    int64_t sum = multiply(x, ONE / 1024 * 21);
    sum = multiply(x, ONE / 256 * 7 + sum);
    sum = multiply(x, ONE / 128 * 5 + sum);
    sum = multiply(x, ONE / 16 + sum);
    sum = multiply(x, ONE / 8 + sum);
    return ONE - multiply(x, ONE / 2 + sum);
}

/* The meridian's radius of curvature is N (1 - e²) / w², the parallel's is N cos φ, where N = a / w, w² = 1 - e² sin²
 * φ. */
struct scale plane_scale(int64_t lat_fine)
{
    int64_t sine, cosine;
    plane_sine(lat_fine, &sine, &cosine);
    int64_t bent = multiply(E2_Q60, multiply(sine, sine)), w = root_below_one(bent);
    int64_t normal_um = plane_divide((wide)A_UM << 60, w);
    int64_t meridian_um = plane_divide((wide)normal_um * (ONE - E2_Q60), ONE - bent);
    int64_t parallel_um = multiply(normal_um, cosine);
    return (struct scale){plane_divide((wide)meridian_um * PI_Q60, (wide)HALF_TURN_FINE << 28),
                          plane_divide((wide)parallel_um * PI_Q60, (wide)HALF_TURN_FINE << 28), sine};
}

int64_t plane_convergence(int64_t lon_fine, struct scale scale)
{
    return multiply(plane_divide((wide)lon_fine * PI_Q60, HALF_TURN_FINE), scale.sine_q60);
}

struct fine plane_fine(struct point p)
{
    return (struct fine){(int64_t)p.lat_e7 * FINE, (int64_t)p.lon_e7 * FINE};
}

int64_t plane_wrap(int64_t lon_fine)
{
    while (lon_fine > FINE_TURN / 2) lon_fine -= FINE_TURN;
    while (lon_fine < -FINE_TURN / 2) lon_fine += FINE_TURN;
    return lon_fine;
}

struct vector plane_scaled(int64_t lat_fine, int64_t lon_fine, struct scale scale)
{
    return (struct vector){plane_divide((wide)lon_fine * scale.lon_q32, INT64_C(1) << 32),
                           plane_divide((wide)lat_fine * scale.lat_q32, INT64_C(1) << 32)};
}

struct vector plane_between(struct fine a, struct fine b)
{
    return plane_scaled(b.lat - a.lat, plane_wrap(b.lon - a.lon), plane_scale((a.lat + b.lat) / 2));
}

/* The greatest whole number whose square is not more than n, digit by binary digit. */
static int64_t whole_root(wide n)
{
    wide root = 0, bit = (wide)1 << 100;
    while (bit > n) bit >>= 2;
    for (; bit != 0; bit >>= 2) {
        if (n >= root + bit) {
            n -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return (int64_t)root;
}

int64_t plane_length_um(struct vector v)
{
    return whole_root((wide)v.x_um * v.x_um + (wide)v.y_um * v.y_um);
}
