/* A record's `where` as a drawing needs it: a pure function of what is typed, so that a form can show what it means. */
#include "geo/sketch.h"

#include "json/write.h"
#include "register/register.h"

static struct point point_of(const struct json *value)
{
    return (struct point){(int32_t)json_find_integer(value, "lat_e7", 0),
                          (int32_t)json_find_integer(value, "lon_e7", 0)};
}

static bool on_earth(int64_t value, int64_t most)
{
    return value >= -most && value <= most;
}

static bool is_point(const struct json *value)
{
    return value != NULL && on_earth(json_find_integer(value, "lat_e7", INT64_MAX), 900000000) &&
           on_earth(json_find_integer(value, "lon_e7", INT64_MAX), 1800000000);
}

static bool points_of(const struct json *list, struct sketch *out)
{
    struct point points[SKETCH_MOST];
    size_t count = 0;
    for (const struct json *m = list->first; m != NULL && count < COUNT_OF(points); m = m->next) {
        if (!is_point(m)) return false;
        points[count++] = point_of(m);
    }
    sketch_points(out, points, count);
    return count > 0;
}

static bool sector_of(const struct json *bearing, struct sketch *out)
{
    const struct json *from = json_find(bearing, "from");
    int64_t degrees = json_find_integer(bearing, "degrees", -1), least = json_find_integer(bearing, "least_m", -1),
            most = json_find_integer(bearing, "most_m", -1);
    if (!is_point(from) || degrees < 0 || degrees > 359 || least < 0 || most < least || most > 200000) return false;
    sketch_sector(out, point_of(from), (int)degrees, least, most);
    return true;
}

static bool circle_of(const struct json *where, const struct json *centre, int64_t radius_m, struct sketch *out)
{
    radius_m += json_find_integer(where, "radius_m", 0);
    if (!is_point(centre) || radius_m < 0 || radius_m > 1000000) return false;
    sketch_circle(out, point_of(centre), radius_m);
    return true;
}

static bool outline_of(const struct json *where, const char **shape, struct sketch *out)
{
    const struct json *line = json_find(where, "line"), *polygon = json_find(where, "polygon"),
                      *bearing = json_find(where, "bearing"), *point = json_find(where, "point"),
                      *cell = json_find(where, "cell");
    *shape = bearing != NULL ? "sector" : line != NULL ? "line" : polygon != NULL ? "polygon" : "circle";
    if (bearing != NULL) return sector_of(bearing, out);
    if (line != NULL) return points_of(line, out);
    if (polygon != NULL) return points_of(polygon, out);
    return circle_of(where, point != NULL ? point : cell, json_find_integer(cell, "reach_m", 0), out);
}

static void put_answer(struct json_writer *w, const char *shape, const struct sketch *outline)
{
    json_put_object(w);
    json_put_key(w, "middle"), json_put_object(w);
    json_put_key(w, "lat_e7"), json_put_integer(w, outline->middle.lat_e7);
    json_put_key(w, "lon_e7"), json_put_integer(w, outline->middle.lon_e7);
    json_put_close(w);
    json_put_key(w, "points"), json_put_array(w);
    for (size_t i = 0; i < outline->count; i++) {
        json_put_array(w);
        json_put_integer(w, outline->at[i].east_m);
        json_put_integer(w, outline->at[i].north_m);
        json_put_close(w);
    }
    json_put_close(w);
    json_put_key(w, "reach_m"), json_put_integer(w, outline->reach_m);
    json_put_key(w, "shape"), json_put_string(w, shape);
    json_put_close(w);
}

static enum status answer_of(struct slice text, struct buffer *out, struct arena *arena, struct error *error)
{
    const struct json *where;
    const char *shape;
    struct sketch outline;
    struct json_writer w;
    TRY(json_read(&where, text, JSON_RELAXED, arena, error));
    if (!outline_of(where, &shape, &outline))
        return error_set(error, STATUS_REFUSED, "outline-none", "This tells of no place that can be drawn.", NULL);
    json_write_open(&w, out);
    put_answer(&w, shape, &outline);
    return json_write_finish(&w, error);
}

enum truce_status truce_outline(const char *where, size_t size, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct arena arena;
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = answer_of(slice_of(where, size), &out, &arena, &why);
    arena_clear(&arena);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
