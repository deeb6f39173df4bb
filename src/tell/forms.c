#include "tell/forms.h"

#include "base/degrees.h"
#include "tell/typed.h"
#include "json/write.h"
#include <inttypes.h>

bool export_leaves_out(const struct json *record)
{
    static const char *const kinds[] = {"site", "passage", "coverage"};
    struct slice kind = json_find_string(record, "kind");
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (slice_is(kind, kinds[i])) return true;
    return false;
}

/* Where what it tells of was. A notice's place is for its addressees: it is not exported. */
static const struct json *where_of(const struct json *record)
{
    const struct json *where = json_find(record, "where");
    if (where != NULL || slice_is(json_find_string(record, "kind"), "notice")) return where;
    return json_find(json_find(record, "event"), "where");
}

static const struct json *when_of(const struct json *record)
{
    const struct json *when = json_find(record, "when");
    return when != NULL ? when : json_find(json_find(record, "event"), "when");
}

static const struct json *point_of(const struct json *where)
{
    const struct json *point = json_find(where, "point");
    return point != NULL ? point : json_find(where, "cell");
}

/* ---- CSV */

/* A text that a spreadsheet would take for a formula gets an apostrophe before it; the exact text is in the JSON. */
static void csv_cell(struct buffer *out, struct slice text)
{
    bool formula = text.size > 0 && strchr("=+-@\t\r", text.data[0]) != NULL, quoted = false;
    for (size_t i = 0; i < text.size && !quoted; i++) quoted = strchr("\",\r\n", text.data[i]) != NULL;
    if (quoted) buffer_put_byte(out, '"');
    if (formula) buffer_put_byte(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"') buffer_put_byte(out, '"');
        buffer_put_byte(out, text.data[i]);
    }
    if (quoted) buffer_put_byte(out, '"');
}

static void csv_degrees(struct buffer *out, const struct json *point, const char *key)
{
    char text[DEGREES_TEXT_SIZE];
    if (json_find(point, key) == NULL) return;
    degrees_format((int32_t)json_find_integer(point, key, 0), text);
    buffer_put_string(out, text);
}

static void csv_integer(struct buffer *out, const struct json *object, const char *key)
{
    if (json_find(object, key) != NULL) buffer_print(out, "%" PRId64, json_find_integer(object, key, 0));
}

/* Words of a closed list, with a space between. */
static void csv_words(struct buffer *out, const struct json *list)
{
    for (const struct json *word = list == NULL ? NULL : list->first; word != NULL; word = word->next) {
        buffer_put(out, word->string);
        if (word->next != NULL) buffer_put_byte(out, ' ');
    }
}

void csv_titles(struct buffer *out)
{
    buffer_put_string(out, "id,index,received,kind,by,written,when_from,when_to,lat,lon,radius_m,act,actor,void,marks,"
                           "text_ar,text_en");
}

void csv_record(struct buffer *out, const struct json *record)
{
    const struct json *where = where_of(record), *when = when_of(record), *point = point_of(where);
    const struct json *event = json_find(record, "event"), *text = json_find(record, "text");
    const struct json *told = json_find(record, "act") != NULL || event == NULL ? record : event;
    csv_cell(out, json_find_string(record, "id")), buffer_put_byte(out, ',');
    csv_integer(out, record, "index"), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(record, "received")), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(record, "kind")), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(record, "by")), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(record, "written")), buffer_put_byte(out, ',');
    csv_cell(out, when != NULL ? json_find_string(when, "from") : json_find_string(record, "at"));
    buffer_put_byte(out, ',');
    csv_cell(out, when != NULL ? json_find_string(when, "to") : json_find_string(record, "at"));
    buffer_put_byte(out, ',');
    csv_degrees(out, point, "lat_e7"), buffer_put_byte(out, ',');
    csv_degrees(out, point, "lon_e7"), buffer_put_byte(out, ',');
    csv_integer(out, where, "radius_m"), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(told, "act")), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(told, "actor")), buffer_put_byte(out, ',');
    buffer_put_string(out, json_find_bool(record, "void") ? "true," : ",");
    csv_words(out, json_find(record, "marks")), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(text, "ar")), buffer_put_byte(out, ',');
    csv_cell(out, json_find_string(text, "en"));
}

/* ---- GeoJSON */

static void put_position(struct json_writer *w, const struct json *point)
{
    static const char *const keys[] = {"lon_e7", "lat_e7"};
    json_put_array(w);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        char text[DEGREES_TEXT_SIZE];
        degrees_format((int32_t)json_find_integer(point, keys[i], 0), text);
        json_put_raw(w, slice_from(text));
    }
    json_put_close(w);
}

/* Twice the ring's area in units that cannot overflow; positive if it runs against the clock, as RFC 7946 asks. */
static int64_t ring_turn(const struct json *ring)
{
    int64_t turn = 0;
    for (const struct json *a = ring->first; a != NULL; a = a->next) {
        const struct json *b = a->next != NULL ? a->next : ring->first;
        int64_t ax = json_find_integer(a, "lon_e7", 0) / 1000, ay = json_find_integer(a, "lat_e7", 0) / 1000;
        int64_t bx = json_find_integer(b, "lon_e7", 0) / 1000, by = json_find_integer(b, "lat_e7", 0) / 1000;
        turn += ax * by - bx * ay;
    }
    return turn;
}

static void put_ring(struct json_writer *w, const struct json *ring)
{
    const struct json *points[4096];
    size_t count = 0;
    bool forwards = ring_turn(ring) >= 0;
    for (const struct json *point = ring->first; point != NULL && count < COUNT_OF(points); point = point->next)
        points[count++] = point;
    json_put_array(w);
    json_put_array(w);
    for (size_t i = 0; i <= count && count > 0; i++)
        put_position(w, points[forwards ? i % count : (count - i) % count]);
    json_put_close(w);
    json_put_close(w);
}

static bool put_geometry(struct json_writer *w, const struct json *where)
{
    const struct json *point = point_of(where), *line = json_find(where, "line"),
                      *polygon = json_find(where, "polygon"), *bearing = json_find(where, "bearing");
    if (bearing != NULL && bearing->type == JSON_ARRAY) line = bearing; /* as the map draws it */
    if (point == NULL && line == NULL && polygon == NULL) return false;
    json_put_key(w, "geometry");
    json_put_object(w);
    json_put_key(w, "coordinates");
    if (point != NULL) {
        put_position(w, point);
    } else if (polygon != NULL) {
        put_ring(w, polygon);
    } else {
        json_put_array(w);
        for (const struct json *at = line->first; at != NULL; at = at->next) put_position(w, at);
        json_put_close(w);
    }
    json_put_key(w, "type");
    json_put_string(w, point != NULL ? "Point" : polygon != NULL ? "Polygon" : "LineString");
    json_put_close(w);
    return true;
}

bool geojson_record(struct buffer *out, const struct json *record)
{
    const struct json *where = where_of(record), *when = when_of(record);
    size_t before = out->size;
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    if (!put_geometry(&w, where)) {
        out->size = before;
        return false;
    }
    json_put_key(&w, "id"), json_put_slice(&w, json_find_string(record, "id"));
    json_put_key(&w, "properties");
    json_put_object(&w);
    static const char *const first[] = {"act", "by"}, *const second[] = {"index", "kind"};
    for (size_t i = 0; i < COUNT_OF(first); i++)
        if (json_find(record, first[i]) != NULL)
            json_put_key(&w, first[i]), json_put_tree(&w, json_find(record, first[i]));
    for (size_t i = 0; i < COUNT_OF(second); i++)
        json_put_key(&w, second[i]), json_put_tree(&w, json_find(record, second[i]));
    if (json_find(record, "marks") != NULL) json_put_key(&w, "marks"), json_put_tree(&w, json_find(record, "marks"));
    if (json_find(where, "radius_m") != NULL)
        json_put_key(&w, "radius_m"), json_put_integer(&w, json_find_integer(where, "radius_m", 0));
    json_put_key(&w, "received"), json_put_slice(&w, json_find_string(record, "received"));
    if (json_find(record, "text") != NULL) json_put_key(&w, "text"), json_put_tree(&w, json_find(record, "text"));
    if (json_find_bool(record, "void")) json_put_key(&w, "void"), json_put_bool(&w, true);
    if (when != NULL) json_put_key(&w, "when"), json_put_tree(&w, when);
    json_put_close(&w);
    json_put_key(&w, "type"), json_put_string(&w, "Feature");
    json_put_close(&w);
    return json_write_finish(&w, NULL) == STATUS_DONE;
}

/* ---- the map: a feature for each shape */

static void put_members(struct json_writer *w, const struct json *object, const char *const *names)
{
    for (; *names != NULL; names++)
        if (json_find(object, *names) != NULL) json_put_key(w, *names), json_put_tree(w, json_find(object, *names));
}

static void put_shape(struct json_writer *w, const struct json *shape, const struct json *of, const char *kind)
{
    static const char *const first[] = {"act", "agreement", "by", "id", "index", NULL};
    static const char *const second[] = {"m", "place", "places", NULL}, *const third[] = {"side", "terms", "when",
                                                                                          NULL};
    json_put_object(w);
    if (put_geometry(w, shape)) {
        json_put_key(w, "properties");
        json_put_object(w);
        put_members(w, of, first);
        json_put_key(w, "kind");
        if (kind != NULL)
            json_put_string(w, kind);
        else
            json_put_slice(w, json_find_string(of, "kind"));
        put_members(w, of, second);
        if (json_find(shape, "radius_m") != NULL)
            json_put_key(w, "radius_m"), json_put_tree(w, json_find(shape, "radius_m"));
        put_members(w, of, third);
        json_put_close(w);
    }
    json_put_key(w, "type"), json_put_string(w, "Feature");
    json_put_close(w);
}

static void put_each(struct json_writer *w, const struct json *of, const char *kind)
{
    const struct json *shapes = json_find(of, "shapes");
    for (const struct json *m = shapes == NULL ? NULL : shapes->first; m != NULL; m = m->next)
        put_shape(w, m, of, kind);
}

static void put_line(struct json_writer *w, const struct json *line)
{
    const struct json *bands = json_find(line, "bands");
    put_shape(w, line, line, "line");
    for (const struct json *band = bands == NULL ? NULL : bands->first; band != NULL; band = band->next) {
        struct json outline = *json_find(band, "outline");
        const struct json ring = {.type = JSON_OBJECT, .size = 1, .first = &outline};
        outline.key = slice_from("polygon");
        outline.next = NULL;
        put_shape(w, &ring, band, "distance");
    }
}

void geojson_map(struct buffer *out, const struct json *answer)
{
    static const char *const before[] = {"as_of", NULL}, *const behind[] = {"known", "register", "root", NULL};
    const struct json *lines = json_find(answer, "lines"), *records = json_find(answer, "records");
    const struct json *places = json_find(answer, "places");
    bool exercise = json_find_bool(answer, "exercise");
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    put_members(&w, answer, before);
    json_put_key(&w, "features");
    json_put_array(&w);
    for (const struct json *p = places == NULL ? NULL : places->first; p != NULL; p = p->next) put_each(&w, p, "place");
    for (const struct json *line = lines == NULL ? NULL : lines->first; line != NULL; line = line->next)
        put_line(&w, line);
    for (const struct json *r = records == NULL ? NULL : records->first; r != NULL; r = r->next) {
        if (exercise || !export_leaves_out(r)) put_each(&w, r, NULL);
    }
    json_put_close(&w);
    put_members(&w, answer, behind);
    json_put_key(&w, "type"), json_put_string(&w, "FeatureCollection");
    json_put_close(&w);
    struct error ignored; /* the buffer tells whoever gives it out */
    (void)!json_write_finish(&w, &ignored);
}
