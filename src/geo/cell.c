#include "geo/cell.h"

/* Ten thousand times the cosine of each whole degree, rounded up: a cell is never wider than it is high. */
static const int16_t cosine[90] = {
    10000, 9999, 9994, 9987, 9976, 9962, 9946, 9926, 9903, 9877, 9849, 9817, 9782, 9744, 9703, 9660, 9613, 9564,
    9511,  9456, 9397, 9336, 9272, 9206, 9136, 9064, 8988, 8911, 8830, 8747, 8661, 8572, 8481, 8387, 8291, 8192,
    8091,  7987, 7881, 7772, 7661, 7548, 7432, 7314, 7194, 7072, 6947, 6820, 6692, 6561, 6428, 6294, 6157, 6019,
    5878,  5736, 5592, 5447, 5300, 5151, 5000, 4849, 4695, 4540, 4384, 4227, 4068, 3908, 3747, 3584, 3421, 3256,
    3091,  2924, 2757, 2589, 2420, 2250, 2080, 1909, 1737, 1565, 1392, 1219, 1046, 872,  698,  524,  349,  175,
};

/* A cell of 10 km is 0.0895 degrees high: a degree of latitude is nowhere longer than 111.7 km. */
static const struct {
    int32_t height_e7;
    int64_t reach_m; /* half the diagonal of a square of that side, and what integers round */
} sizes[] = {[CELL_1_KM] = {89500, 710}, [CELL_10_KM] = {895000, 7100}};

enum { POLE_E7 = 900000000, TURN_E7 = 1800000000, DEGREE_E7 = 10000000 };

struct span {
    int64_t from, to;
};

/* The one of equal spans between -most and most that holds `at`; the last is cut off, and holds its end. */
static struct span span_of(int64_t at, int64_t width, int64_t most)
{
    int64_t count = (2 * most + width - 1) / width, number = (at + most) / width;
    if (number >= count) number = count - 1;
    struct span span = {number * width - most, (number + 1) * width - most};
    if (span.to > most) span.to = most;
    return span;
}

static int64_t middle(struct span span)
{
    return span.from + (span.to - span.from) / 2;
}

struct cell cell_of(struct point point, enum cell_size size)
{
    struct span row = span_of(point.lat_e7, sizes[size].height_e7, POLE_E7);
    int64_t nearest = row.from > 0 ? row.from : row.to < 0 ? -row.to : 0; /* where the row is widest */
    int64_t degree = nearest / DEGREE_E7;
    if (degree > 89) degree = 89;
    struct span column = span_of(point.lon_e7, (int64_t)sizes[size].height_e7 * 10000 / cosine[degree], TURN_E7);
    return (struct cell){{(int32_t)middle(row), (int32_t)middle(column)}, sizes[size].reach_m};
}
