/* The cell that a place lies in, where the place itself is not told: of 10 km or 1 km, always the same for the same
 * place, in integers. spec/sealed.md says how it is found. */
#ifndef TRUCE_GEO_CELL_H
#define TRUCE_GEO_CELL_H

#include "geo/geo.h"

enum cell_size { CELL_1_KM, CELL_10_KM };
struct cell {
    struct point centre;
    int64_t reach_m; /* from the centre to the farthest corner, rounded up */
};
struct cell cell_of(struct point point, enum cell_size size);

#endif
