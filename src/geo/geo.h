/* Places in integers: degrees in 1e-7, distances in millimetres from a fixed algorithm (a local plane at the pair's
 * mid-latitude with the ellipsoid's radii), the same on every machine. No float, no libm. */
#ifndef TRUCE_GEO_GEO_H
#define TRUCE_GEO_GEO_H

#include "base/error.h"

struct point {
    int32_t lat_e7, lon_e7;
};
struct box {
    int32_t south_e7, west_e7, north_e7, east_e7; /* west > east crosses the antimeridian */
};

/* Up to 49° of latitude within 0.1 mm of the geodesic at 3.5 km, 27 mm at 25 km, 0.6 m at 70 km; up to 70° within 0.5
 * mm, 138 mm and 3 m. geo_error_mm bounds it. */
int64_t geo_distance_mm(struct point a, struct point b);
int64_t geo_error_mm(int64_t distance_mm); /* to be added to the position's error */

/* Distance to the nearest point of a line (2 or more points); 0 when on it. */
int64_t geo_line_distance_mm(struct point p, const struct point *line, size_t count);
/* Even-odd; a point on the edge is inside. The last point joins the first. */
bool geo_polygon_contains(struct point p, const struct point *polygon, size_t count);
/* Distance to the polygon's edge, whichever side p is on. */
int64_t geo_polygon_edge_mm(struct point p, const struct point *polygon, size_t count);
/* Which side of a directed line p lies on: -1 left, 0 on it, 1 right, judged at the nearest segment. */
/* How far beside that segment, or what would go on straight from it beyond the line's end: negative to the left. */
int64_t geo_line_beside_mm(struct point p, const struct point *line, size_t count);
int geo_line_side(struct point p, const struct point *line, size_t count);

/* North and east as they are in the middle of the way. */
struct point geo_offset(struct point from, int64_t north_mm, int64_t east_mm);
/* The end of the geodesic that sets out at a bearing (degrees clockwise from north), as near as geo_error_mm. */
struct point geo_bearing(struct point from, int degrees, int64_t distance_mm);
/* A box around p that holds everything within the distance. */
struct box geo_box_around(struct point p, int64_t distance_mm);
bool geo_box_contains(struct box box, struct point p);

#endif
