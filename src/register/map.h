/* What is drawn: the places of agreements and areas by their names, and the shapes that a `where` stands for. Private
 * to truce_map (map.c, map_names.c, map_lines.c); everything lives in the map's arena. */
#ifndef TRUCE_REGISTER_MAP_H
#define TRUCE_REGISTER_MAP_H

#include "base/arena.h"
#include "geo/outline.h"
#include "json/write.h"
#include "register/register.h"

enum {
    MAP_NAMES_MOST = 4096,
    MAP_SHAPES_MOST = 64,   /* that one place is made of */
    MAP_SOURCES_MOST = 256, /* agreements and parts of them */
    MAP_LINES_MOST = 32,
    MAP_BANDS_MOST = 32,     /* of one line */
    MAP_MENTIONS_MOST = 32,  /* of one band */
    MAP_RECORDS_MOST = 2000, /* in one answer */
    MAP_HOPS_MOST = 8        /* a place that is named by a place … */
};

enum figure_type { FIGURE_POINT, FIGURE_CELL, FIGURE_LINE, FIGURE_BEARING, FIGURE_POLYGON };
struct figure {
    enum figure_type type;
    const struct point *points;
    size_t count;
    int64_t radius_m; /* the error of a point, the reach of a cell, the width of a line */
};
struct figures {
    struct figure shape[MAP_SHAPES_MOST];
    size_t count;
};

/* A name that places go by: in an agreement's table, or of an area that a record draws. */
struct map_name {
    struct slice name, by; /* by: whose area it is; {NULL,0} of a table */
    const struct json *where;
    char id[HASH_HEX_SIZE]; /* of the record */
};

/* What lies within so many metres of a line, as terms and places of the agreement say. */
struct map_band {
    int64_t m;
    enum outline_side side;
    struct slice terms[MAP_MENTIONS_MOST], places[MAP_MENTIONS_MOST];
    size_t term_count, place_count;
};
struct map_line {
    struct slice name;
    char agreement[HASH_HEX_SIZE];
    struct figure shape;
    struct map_band band[MAP_BANDS_MOST];
    size_t bands;
    int64_t widest_m;
};

/* An agreement, or a part of it under the agreement's id. */
struct map_source {
    char id[HASH_HEX_SIZE];
    const struct json *body;
};

struct map {
    struct arena arena;
    struct map_name *name;
    size_t names;
    struct map_source *source;
    size_t sources;
    struct map_line *line;
    size_t lines;
    struct {
        bool known;
        int64_t south, west, north, east;
    } around; /* all that agreements and areas name */
};

/* ---- map_names.c */

MUST_USE enum status map_open(struct map *out, struct error *error);
void map_close(struct map *map);

/* A record of kind area, part or agreement becomes known; `body` need not stay. Parts come before their agreements. */
MUST_USE enum status map_know(struct map *map, const char *id, const struct json *body, struct error *error);

/* All are known: what they measure from, and how far they reach. */
void map_settle(struct map *map);

/* The shapes that a place stands for: of a record's `where`, of an agreement's table, or a name. What nobody drew adds
 * none. Memory may be out: then the answer fails with the arena. */
void map_shapes(struct map *map, const struct json *where, struct figures *out);
void map_put_shapes(const struct figures *shapes, struct json_writer *w);
void map_put_points(const struct point *points, size_t count, struct json_writer *w);

/* ---- map_lines.c */

/* The distances that an agreement speaks of. */
void map_measure(struct map *map, const char *id, const struct json *agreement);
void map_put_lines(struct map *map, struct json_writer *w);

/* How far the shapes lie from each line that they may be near to, as far as that can be said of them; `named` is the
 * name they were given by, or {NULL,0}. */
void map_put_distances(const struct map *map, const struct figures *shapes, struct slice named, struct json_writer *w);

#endif
