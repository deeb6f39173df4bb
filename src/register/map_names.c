#include "register/map.h"

#include "index/place.h"

enum status map_open(struct map *out, struct error *error)
{
    *out = (struct map){.names = 0};
    arena_init(&out->arena, LIMIT_REQUEST_BYTES);
    out->name = arena_get(&out->arena, MAP_NAMES_MOST * sizeof *out->name);
    out->line = arena_get(&out->arena, MAP_LINES_MOST * sizeof *out->line);
    out->source = arena_get(&out->arena, MAP_SOURCES_MOST * sizeof *out->source);
    if (out->name != NULL && out->line != NULL && out->source != NULL) return STATUS_DONE;
    arena_clear(&out->arena);
    return arena_full(error);
}

void map_close(struct map *map)
{
    arena_clear(&map->arena);
}

/* ---- names */

/* The last that draws it. */
static const struct map_name *find_name(const struct map *map, struct slice name)
{
    for (size_t i = map->names; i-- > 0;)
        if (slice_equal(map->name[i].name, name)) return &map->name[i];
    return NULL;
}

static void put_name(struct map *map, const char *id, struct slice name, struct slice by, const struct json *where)
{
    if (map->names == MAP_NAMES_MOST || where == NULL) return;
    struct map_name *known = &map->name[map->names++];
    *known = (struct map_name){.name = name, .by = by, .where = where};
    memcpy(known->id, id, sizeof known->id);
}

static void widen(struct map *map, const struct figure *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        struct box box = geo_box_around(shape->points[i], shape->type == FIGURE_LINE ? 0 : shape->radius_m * 1000);
        if (box.west_e7 > box.east_e7) continue; /* across the antimeridian: what is drawn there is drawn without */
        if (!map->around.known || box.south_e7 < map->around.south) map->around.south = box.south_e7;
        if (!map->around.known || box.west_e7 < map->around.west) map->around.west = box.west_e7;
        if (!map->around.known || box.north_e7 > map->around.north) map->around.north = box.north_e7;
        if (!map->around.known || box.east_e7 > map->around.east) map->around.east = box.east_e7;
        map->around.known = true;
    }
}

static void widen_by(struct map *map, const struct json *where)
{
    struct figures shapes;
    map_shapes(map, where, &shapes);
    for (size_t i = 0; i < shapes.count; i++) widen(map, &shapes.shape[i]);
}

/* What a part of it says, the agreement says. */
static void take_part(struct map *map, struct slice part, const char *id)
{
    for (size_t i = 0; i < map->names; i++)
        if (slice_is(part, map->name[i].id)) memcpy(map->name[i].id, id, HASH_HEX_SIZE);
    for (size_t i = 0; i < map->sources; i++)
        if (slice_is(part, map->source[i].id)) memcpy(map->source[i].id, id, HASH_HEX_SIZE);
}

static void know_tables(struct map *map, const char *id, const struct json *body)
{
    const struct json *table = json_find(body, "places"), *parts = json_find(body, "parts");
    for (const struct json *m = table == NULL ? NULL : table->first; m != NULL; m = m->next)
        put_name(map, id, m->key, (struct slice){NULL, 0}, m);
    if (map->sources < MAP_SOURCES_MOST) {
        struct map_source *source = &map->source[map->sources++];
        memcpy(source->id, id, HASH_HEX_SIZE);
        source->body = body;
    }
    for (const struct json *m = parts == NULL ? NULL : parts->first; m != NULL; m = m->next)
        if (m->type == JSON_STRING) take_part(map, m->string, id);
}

void map_settle(struct map *map)
{
    for (size_t i = 0; i < map->names; i++) widen_by(map, map->name[i].where);
    for (size_t i = 0; i < map->sources; i++) map_measure(map, map->source[i].id, map->source[i].body);
}

enum status map_know(struct map *map, const char *id, const struct json *body, struct error *error)
{
    const struct json *own = json_copy(&map->arena, body);
    struct slice area = json_find_string(own, "area");
    if (own == NULL) return arena_full(error);
    if (area.data != NULL)
        put_name(map, id, area, json_find_string(own, "by"), json_find(own, "where"));
    else
        know_tables(map, id, own);
    return STATUS_DONE;
}

/* ---- shapes */

static struct point *points_of(struct map *map, const struct json *list, size_t *count)
{
    struct point *points = arena_get(&map->arena, (list->size + 1) * sizeof *points);
    *count = 0;
    for (const struct json *m = list->first; m != NULL && points != NULL; m = m->next)
        points[(*count)++] =
            (struct point){(int32_t)json_find_integer(m, "lat_e7", 0), (int32_t)json_find_integer(m, "lon_e7", 0)};
    return points;
}

static void add(struct figures *out, enum figure_type type, const struct point *points, size_t count, int64_t radius_m)
{
    if (points == NULL || count == 0 || out->count == MAP_SHAPES_MOST) return;
    out->shape[out->count++] = (struct figure){type, points, count, radius_m};
}

static void add_point(struct map *map, struct figures *out, const struct json *where, const char *key,
                      enum figure_type type)
{
    const struct json *value = json_find(where, key);
    struct point *point = value == NULL ? NULL : arena_get(&map->arena, sizeof *point);
    if (point == NULL) return;
    *point =
        (struct point){(int32_t)json_find_integer(value, "lat_e7", 0), (int32_t)json_find_integer(value, "lon_e7", 0)};
    add(out, type, point, 1,
        json_find_integer(where, "radius_m", 0) + (type == FIGURE_CELL ? json_find_integer(value, "reach_m", 0) : 0));
}

static void add_points(struct map *map, struct figures *out, const struct json *where, const char *key,
                       enum figure_type type, size_t least)
{
    const struct json *list = json_find(where, key);
    size_t count = 0;
    struct point *points = list == NULL || list->type != JSON_ARRAY ? NULL : points_of(map, list, &count);
    if (count >= least) add(out, type, points, count, json_find_integer(where, "radius_m", 0));
}

/* From the nearest to the farthest point that was said. */
static void add_bearing(struct map *map, struct figures *out, const struct json *where)
{
    OWN(buffer_clear) struct buffer points = {0};
    struct place place;
    struct error ignored;
    if (json_find(where, "bearing") == NULL || place_read(&place, where, &points, &ignored) != STATUS_DONE) return;
    struct slice kept = arena_copy(&map->arena, slice_of(place.points, place.count * sizeof *place.points));
    add(out, FIGURE_BEARING, (const struct point *)(const void *)kept.data, place.count, 0);
}

static void gather(struct map *map, const struct json *where, unsigned hops, struct figures *out);

static void gather_name(struct map *map, struct slice name, unsigned hops, struct figures *out)
{
    const struct map_name *known = name.data == NULL ? NULL : find_name(map, name);
    if (known != NULL && hops > 0) gather(map, known->where, hops - 1, out);
}

static enum outline_side side_of(const struct json *buffer)
{
    struct slice side = json_find_string(buffer, "side");
    return slice_is(side, "left") ? OUTLINE_LEFT : slice_is(side, "right") ? OUTLINE_RIGHT : OUTLINE_BOTH;
}

/* Round a point, a larger circle; round a line, its outline. What lies round a polygon is drawn as the polygon. */
static void gather_buffer(struct map *map, const struct json *buffer, unsigned hops, struct figures *out)
{
    struct figures core = {.count = 0};
    int64_t m = json_find_integer(buffer, "m", 0);
    if (hops > 0) gather(map, json_find(buffer, "buffer"), hops - 1, &core);
    for (size_t i = 0; i < core.count; i++) {
        struct figure shape = core.shape[i];
        if (shape.type == FIGURE_POINT || shape.type == FIGURE_CELL) shape.radius_m += m;
        if (shape.type == FIGURE_LINE && shape.count >= 2) {
            struct point *ring = arena_get(&map->arena, outline_points(shape.count) * sizeof *ring);
            size_t count = ring == NULL ? 0
                                        : geo_outline(shape.points, shape.count, (m + shape.radius_m) * 1000,
                                                      side_of(buffer), ring);
            shape = (struct figure){FIGURE_POLYGON, ring, count, 0};
        }
        add(out, shape.type, shape.points, shape.count, shape.radius_m);
    }
}

static void gather(struct map *map, const struct json *where, unsigned hops, struct figures *out)
{
    const struct json *any = json_find(where, "any");
    if (where == NULL) return;
    if (where->type == JSON_STRING) {
        gather_name(map, where->string, hops, out);
        return;
    }
    for (const struct json *m = any == NULL ? NULL : any->first; m != NULL && hops > 0; m = m->next)
        gather(map, m, hops - 1, out);
    if (json_find(where, "buffer") != NULL) gather_buffer(map, where, hops, out);
    gather_name(map, json_find_string(where, "place"), hops, out);
    gather_name(map, json_find_string(where, "area"), hops, out);
    add_point(map, out, where, "point", FIGURE_POINT);
    add_point(map, out, where, "cell", FIGURE_CELL);
    add_points(map, out, where, "line", FIGURE_LINE, 2);
    add_points(map, out, where, "polygon", FIGURE_POLYGON, 3);
    add_bearing(map, out, where);
}

void map_shapes(struct map *map, const struct json *where, struct figures *out)
{
    out->count = 0;
    gather(map, where, MAP_HOPS_MOST, out);
}

/* ---- written */

static void put_point(struct point point, struct json_writer *w)
{
    json_put_object(w);
    json_put_key(w, "lat_e7"), json_put_integer(w, point.lat_e7);
    json_put_key(w, "lon_e7"), json_put_integer(w, point.lon_e7);
    json_put_close(w);
}

void map_put_points(const struct point *points, size_t count, struct json_writer *w)
{
    json_put_array(w);
    for (size_t i = 0; i < count; i++) put_point(points[i], w);
    json_put_close(w);
}

void map_put_shapes(const struct figures *shapes, struct json_writer *w)
{
    static const char *const keys[] = {[FIGURE_POINT] = "point",
                                       [FIGURE_CELL] = "cell",
                                       [FIGURE_LINE] = "line",
                                       [FIGURE_BEARING] = "bearing",
                                       [FIGURE_POLYGON] = "polygon"};
    json_put_array(w);
    for (size_t i = 0; i < shapes->count; i++) {
        const struct figure *shape = &shapes->shape[i];
        json_put_object(w);
        json_put_key(w, keys[shape->type]);
        if (shape->type <= FIGURE_CELL)
            put_point(shape->points[0], w);
        else
            map_put_points(shape->points, shape->count, w);
        if (shape->radius_m > 0) json_put_key(w, "radius_m"), json_put_integer(w, shape->radius_m);
        json_put_close(w);
    }
    json_put_close(w);
}
