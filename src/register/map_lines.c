/* Distances from a line: what the agreement says of them, and how far from it what records tell of was. */
#include "register/map.h"

enum { WALK_DEPTH_MOST = 32, SAMPLES = 64 };

/* ---- what the agreement says */

static struct map_line *line_named(struct map *map, const char *id, const struct json *core)
{
    struct figures shapes;
    if (core == NULL || core->type != JSON_STRING) return NULL;
    for (size_t i = 0; i < map->lines; i++)
        if (slice_equal(map->line[i].name, core->string) && strcmp(map->line[i].agreement, id) == 0)
            return &map->line[i];
    map_shapes(map, core, &shapes);
    if (map->lines == MAP_LINES_MOST || shapes.count != 1 || shapes.shape[0].type != FIGURE_LINE) return NULL;
    struct map_line *line = &map->line[map->lines++];
    *line = (struct map_line){.name = core->string, .shape = shapes.shape[0]};
    memcpy(line->agreement, id, sizeof line->agreement);
    return line;
}

static struct map_band *band_of(struct map_line *line, int64_t m, enum outline_side side)
{
    for (size_t i = 0; i < line->bands; i++)
        if (line->band[i].m == m && line->band[i].side == side) return &line->band[i];
    if (line->bands == MAP_BANDS_MOST) return NULL;
    size_t at = line->bands++; /* the narrowest first, so that a band is drawn over those that hold it */
    for (; at > 0 && line->band[at - 1].m > m; at--) line->band[at] = line->band[at - 1];
    line->band[at] = (struct map_band){.m = m, .side = side};
    if (m > line->widest_m) line->widest_m = m;
    return &line->band[at];
}

static void mention(struct slice *list, size_t *count, struct slice name)
{
    for (size_t i = 0; i < *count; i++)
        if (slice_equal(list[i], name)) return;
    if (*count < MAP_MENTIONS_MOST && name.size > 0) list[(*count)++] = name;
}

struct mention {
    struct slice term, place;
};

static void take_buffer(struct map *map, const char *id, const struct json *value, const struct mention *by)
{
    struct slice side = json_find_string(value, "side");
    struct map_line *line = line_named(map, id, json_find(value, "buffer"));
    struct map_band *band = line == NULL ? NULL
                                         : band_of(line, json_find_integer(value, "m", 0),
                                                   slice_is(side, "left")    ? OUTLINE_LEFT
                                                   : slice_is(side, "right") ? OUTLINE_RIGHT
                                                                             : OUTLINE_BOTH);
    if (band == NULL) return;
    mention(band->terms, &band->term_count, by->term);
    mention(band->places, &band->place_count, by->place);
}

/* A rule, its selectors and conditions may each name a place that is a distance. */
static void look_through(struct map *map, const char *id, const struct json *value, const struct mention *by,
                         unsigned depth)
{
    if (depth == 0 || (value->type != JSON_OBJECT && value->type != JSON_ARRAY)) return;
    if (json_find(value, "buffer") != NULL) take_buffer(map, id, value, by);
    for (const struct json *m = value->first; m != NULL; m = m->next) look_through(map, id, m, by, depth - 1);
}

void map_measure(struct map *map, const char *id, const struct json *agreement)
{
    const struct json *places = json_find(agreement, "places"), *terms = json_find(agreement, "terms");
    for (const struct json *m = places == NULL ? NULL : places->first; m != NULL; m = m->next)
        look_through(map, id, m, &(struct mention){.place = m->key}, WALK_DEPTH_MOST);
    for (const struct json *m = terms == NULL ? NULL : terms->first; m != NULL; m = m->next)
        look_through(map, id, m, &(struct mention){.term = json_find_string(m, "id")}, WALK_DEPTH_MOST);
}

static const char *const sides[] = {[OUTLINE_BOTH] = "both", [OUTLINE_LEFT] = "left", [OUTLINE_RIGHT] = "right"};

static void put_names(const struct slice *names, size_t count, struct json_writer *w)
{
    json_put_array(w);
    for (size_t i = 0; i < count; i++) json_put_slice(w, names[i]);
    json_put_close(w);
}

static void put_band(struct map *map, const struct map_line *line, const struct map_band *band, struct json_writer *w)
{
    const struct figure *shape = &line->shape;
    struct point *ring = arena_get(&map->arena, outline_points(shape->count) * sizeof *ring);
    size_t count = ring == NULL ? 0 : geo_outline(shape->points, shape->count, band->m * 1000, band->side, ring);
    json_put_object(w);
    json_put_key(w, "m"), json_put_integer(w, band->m);
    json_put_key(w, "outline"), map_put_points(ring, count, w);
    json_put_key(w, "places"), put_names(band->places, band->place_count, w);
    json_put_key(w, "side"), json_put_string(w, sides[band->side]);
    json_put_key(w, "terms"), put_names(band->terms, band->term_count, w);
    json_put_close(w);
}

void map_put_lines(struct map *map, struct json_writer *w)
{
    static const char *const winds[] = {"north", "north-east", "east", "south-east",
                                        "south", "south-west", "west", "north-west"};
    json_put_array(w);
    for (size_t i = 0; i < map->lines; i++) {
        const struct map_line *line = &map->line[i];
        json_put_object(w);
        json_put_key(w, "agreement"), json_put_string(w, line->agreement);
        json_put_key(w, "bands");
        json_put_array(w);
        for (size_t b = 0; b < line->bands; b++) put_band(map, line, &line->band[b], w);
        json_put_close(w);
        json_put_key(w, "left"), json_put_string(w, winds[geo_left_faces(line->shape.points, line->shape.count)]);
        json_put_key(w, "line"), map_put_points(line->shape.points, line->shape.count, w);
        json_put_key(w, "place"), json_put_slice(w, line->name);
        json_put_close(w);
    }
    json_put_close(w);
}

/* ---- how far a record's place is */

struct far {
    bool known, left, right; /* which sides it may lie on */
    int64_t at_mm, least_mm, most_mm;
};

static void far_point(struct far *far, const struct map_line *line, struct point p, int64_t error_mm)
{
    int64_t at = geo_line_distance_mm(p, line->shape.points, line->shape.count);
    int64_t beside = geo_line_beside_mm(p, line->shape.points, line->shape.count);
    int64_t error = error_mm + geo_error_mm(at), least = at > error ? at - error : 0;
    if (!far->known || at < far->at_mm) far->at_mm = at;
    if (!far->known || least < far->least_mm) far->least_mm = least;
    if (!far->known || at + error > far->most_mm) far->most_mm = at + error;
    far->left |= beside < error;
    far->right |= beside > -error;
    far->known = true;
}

/* Along the way from one point to the other; what lies between two samples is nearer to one than half their distance.
 */
static void far_between(struct far *far, const struct map_line *line, struct point a, struct point b)
{
    int64_t half_mm = geo_distance_mm(a, b) / SAMPLES / 2 + 1;
    for (int64_t i = 0; i <= SAMPLES; i++) {
        struct point p = {(int32_t)(a.lat_e7 + ((int64_t)b.lat_e7 - a.lat_e7) * i / SAMPLES),
                          (int32_t)(a.lon_e7 + ((int64_t)b.lon_e7 - a.lon_e7) * i / SAMPLES)};
        far_point(far, line, p, half_mm);
    }
}

/* What is told of as somewhere in a polygon or along another line has no distance that would say anything. */
static struct far far_from(const struct map_line *line, const struct figures *shapes, struct slice named)
{
    struct far far = {.known = false};
    if (named.size > 0 && slice_equal(named, line->name))
        return (struct far){.known = true, .left = true, .right = true};
    for (size_t i = 0; i < shapes->count; i++) {
        const struct figure *shape = &shapes->shape[i];
        if (shape->type == FIGURE_POINT || shape->type == FIGURE_CELL)
            far_point(&far, line, shape->points[0], shape->radius_m * 1000);
        else if (shape->type == FIGURE_BEARING && shape->count == 2)
            far_between(&far, line, shape->points[0], shape->points[1]);
    }
    return far;
}

void map_put_distances(const struct map *map, const struct figures *shapes, struct slice named, struct json_writer *w)
{
    json_put_array(w);
    for (size_t i = 0; i < map->lines; i++) {
        struct far far = far_from(&map->line[i], shapes, named);
        if (!far.known || far.least_mm > map->line[i].widest_m * 2000) continue;
        json_put_object(w);
        json_put_key(w, "at_m"), json_put_integer(w, (far.at_mm + 500) / 1000);
        json_put_key(w, "least_m"), json_put_integer(w, far.least_mm / 1000);
        json_put_key(w, "line"), json_put_integer(w, (int64_t)i);
        json_put_key(w, "most_m"), json_put_integer(w, (far.most_mm + 999) / 1000);
        json_put_key(w, "side"), json_put_string(w, sides[far.left && far.right ? OUTLINE_BOTH
                                                          : far.left            ? OUTLINE_LEFT
                                                                                : OUTLINE_RIGHT]);
        json_put_close(w);
    }
    json_put_close(w);
}
