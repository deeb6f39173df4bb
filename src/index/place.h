/* For this room and the map: where a record's event is, in a form that can be packed into a table and looked at again.
 * A point is a point whatever its radius (that is the error of its position, not its extent); a cell is a circle, for
 * it is all that is told; a bearing is the line from its nearest to its farthest point. */
#ifndef TRUCE_INDEX_PLACE_H
#define TRUCE_INDEX_PLACE_H

#include "base/buffer.h"
#include "geo/geo.h"
#include "json/json.h"

enum place_type { PLACE_NONE, PLACE_POINT, PLACE_LINE, PLACE_POLYGON, PLACE_CIRCLE };

struct place {
    enum place_type type;
    int64_t radius_mm; /* circle */
    const struct point *points;
    size_t count;
};

/* Reads a `where` that a schema checked; points live in *points (struct point after struct point). PLACE_NONE for a
 * place that is known by name alone. */
MUST_USE enum status place_read(struct place *out, const struct json *where, struct buffer *points,
                                struct error *error);

/* Big-endian: type, radius, points. Unpacking refuses (false) what packing never makes. */
void place_pack(struct buffer *out, const struct place *place);
MUST_USE bool place_unpack(struct place *out, struct slice packed, struct buffer *points);

/* South, north in 1e-7 degrees; west in [-180°, 180°), east at most 360° further: a place across the antimeridian has
 * its east beyond 180°. */
struct place_bounds {
    int64_t south, north, west, east;
};
struct place_bounds place_bounds(const struct place *place);

/* Does it touch the box? Exact in integers for points, lines and polygons; a circle by the distance of geo.h. */
bool place_in_box(const struct place *place, struct box box);

/* Is any of it within the distance? */
bool place_near(const struct place *place, struct point p, int64_t within_mm);

#endif
