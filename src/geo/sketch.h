/* Shapes as they are drawn: metres east and north of a middle, for a drawing that is a few hundred pixels wide. */
#ifndef TRUCE_GEO_SKETCH_H
#define TRUCE_GEO_SKETCH_H

#include "geo/geo.h"

enum { SKETCH_MOST = 512, SKETCH_SPREAD = 10 /* degrees by which a bearing may be wrong, as evaluation takes it */ };

struct sketch {
    struct point middle;
    int64_t reach_m; /* to the farthest of its points */
    size_t count;
    struct {
        int64_t east_m, north_m;
    } at[SKETCH_MOST];
};

/* What can have been heard at a bearing, between two distances: seen from the middle. */
void sketch_sector(struct sketch *out, struct point from, int degrees, int64_t least_m, int64_t most_m);
void sketch_circle(struct sketch *out, struct point centre, int64_t radius_m);
/* At most SKETCH_MOST points; the middle is that of their box. */
void sketch_points(struct sketch *out, const struct point *points, size_t count);

#endif
