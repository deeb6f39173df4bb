/* In, out or maybe: what terms say of a position with its error, against PROJ's geodesics, at random. In must be true
 * of every point where it may have been, out of none; and what is clear must not be left at maybe. The seed is printed;
 * give one to repeat. */
#include "terms_log.h"
#include "ellipsoid.h"

enum { LOGS = 36, PLACES = 8, REPORTS = 40, SAMPLES = 8, POINTS_MOST = 5, FAILURES_SHOWN = 20 };
#define KM 1e6
#define ROUNDED_MM 2 /* distances are whole millimetres, twice */

static struct random dice;

enum type { POINT, LINE, POLYGON, BEARING };
static const char *const fields[] = {"point", "line", "polygon", "bearing"};

/* ---- shapes: a point, line or polygon with a reach around it */

struct figure {
    enum type type;
    struct point points[POINTS_MOST];
    size_t count;
    int64_t reach_m;
    bool buffered;  /* the reach is a buffer's, not its own radius */
    int side;       /* of a buffered line: -1 left, 1 right, 0 both */
    bool backwards; /* such a line always goes on eastwards, or westwards */
    double span_mm; /* from points[0] to the farthest */
    int degrees;    /* a bearing: from points[0] */
    int64_t least_m, most_m;
};

static void draw_points(struct figure *shape, struct spot middle, double size)
{
    double turn = 360.0 / (double)shape->count;
    for (size_t i = 0; i < shape->count; i++)
        shape->points[i] = shape->type == POLYGON
                               ? point_near(geodesic_ahead(middle, turn * ((double)i + 0.8 * random_part(&dice)),
                                                           size * random_from(&dice, 0.2, 1)))
                               : random_near(&dice, middle, size);
}

/* Every line with a side goes on eastwards between 60 and 120 degrees, then perhaps is turned round. */
static void draw_sided(struct figure *shape, struct spot middle, double size)
{
    struct spot at = geodesic_ahead(middle, 270, size);
    for (size_t i = 0; i < shape->count; i++) {
        shape->points[i] = point_near(at);
        at = geodesic_ahead(at, random_from(&dice, 60, 120), 2 * size / (double)(shape->count - 1));
    }
    shape->backwards = random_chance(&dice, 50);
    for (size_t i = 0; shape->backwards && i < shape->count / 2; i++) {
        struct point kept = shape->points[i];
        shape->points[i] = shape->points[shape->count - 1 - i];
        shape->points[shape->count - 1 - i] = kept;
    }
}

static struct figure draw_place(struct spot middle, double size)
{
    struct figure out = {.type = (enum type)random_below(&dice, 3), .buffered = random_chance(&dice, 60)};
    out.count = out.type == POINT ? 1 : (out.type == LINE ? 2 : 3) + random_below(&dice, POINTS_MOST - 2);
    out.reach_m = (int64_t)(size / 1000 * random_part(&dice));
    if (out.type == POLYGON && !out.buffered) out.reach_m = 0;
    if (out.type == LINE && out.buffered) out.side = (int)random_below(&dice, 3) - 1;
    if (out.side != 0)
        draw_sided(&out, middle, size);
    else
        draw_points(&out, middle, size);
    for (size_t i = 1; i < out.count; i++)
        out.span_mm = fmax(out.span_mm, geodesic_mm(spot_of(out.points[0]), spot_of(out.points[i]), NULL, NULL));
    return out;
}

/* Where something was seen: its reach is the error of the position. */
static struct figure draw_where(struct spot middle, double size)
{
    static const enum type types[] = {POINT, POINT, POINT, LINE, POLYGON, BEARING, BEARING};
    struct figure out = {.type = types[random_below(&dice, COUNT_OF(types))]};
    struct spot at = spot_of(random_near(&dice, middle, 1.5 * size));
    out.count = out.type == POINT || out.type == BEARING ? 1 : 3;
    draw_points(&out, at, out.type == POINT ? 1 : 0.3 * size);
    out.reach_m = random_chance(&dice, 20) ? 0 : (int64_t)(random_size(&dice, 1000, size / 2) / 1000);
    out.degrees = (int)random_below(&dice, 360);
    out.most_m = 1 + (int64_t)(size / 1000 * random_part(&dice));
    out.least_m = random_chance(&dice, 30) ? out.most_m : (int64_t)((double)out.most_m * random_part(&dice));
    return out;
}

static void put_shape(struct buffer *out, const struct figure *s)
{
    static const char *const sides[] = {"left", "both", "right"};
    if (s->type == BEARING) {
        buffer_print(out,
                     "{\"bearing\":{\"from\":{\"lat_e7\":%" PRId32 ",\"lon_e7\":%" PRId32
                     "},\"degrees\":%d,\"least_m\":%" PRId64 ",\"most_m\":%" PRId64 "},\"radius_m\":%" PRId64 "}",
                     s->points[0].lat_e7, s->points[0].lon_e7, s->degrees, s->least_m, s->most_m, s->reach_m);
        return;
    }
    buffer_print(out, "%s{\"%s\":%s", s->buffered ? "{\"buffer\":" : "", fields[s->type], s->type == POINT ? "" : "[");
    for (size_t i = 0; i < s->count; i++)
        buffer_print(out, "%s{\"lat_e7\":%" PRId32 ",\"lon_e7\":%" PRId32 "}", i > 0 ? "," : "", s->points[i].lat_e7,
                     s->points[i].lon_e7);
    buffer_print(out, "%s", s->type == POINT ? "" : "]");
    if (s->buffered)
        buffer_print(out, "},\"m\":%" PRId64 ",\"side\":\"%s\"}", s->reach_m, sides[s->side + 1]);
    else if (s->reach_m > 0)
        buffer_print(out, ",\"radius_m\":%" PRId64 "}", s->reach_m);
    else
        buffer_print(out, "}");
}

/* ---- the truth about one spot */

static double east_of(struct spot x, struct point p) /* in 1e-7 degree, the short way */
{
    double lon = x.lon * E7 - p.lon_e7;
    return lon > 180.0 * E7 ? lon - 360.0 * E7 : lon < -180.0 * E7 ? lon + 360.0 * E7 : lon;
}

/* Even-odd, on edges that are straight in degrees. */
static bool encloses(const struct figure *s, struct spot x)
{
    bool inside = false;
    for (size_t i = 0; i < s->count; i++) {
        struct point a = s->points[i], b = s->points[(i + 1) % s->count];
        double ay = a.lat_e7 - x.lat * E7, by = b.lat_e7 - x.lat * E7;
        if ((ay > 0) == (by > 0)) continue;
        double ax = -east_of(x, a), bx = -east_of(x, b);
        if (ax + (bx - ax) * ay / (ay - by) > 0) inside = !inside;
    }
    return inside;
}

/* How far a spot lies outside (inside: less than 0) what a place reaches; and the nearest point of the shape itself. */
static double outside_mm(const struct figure *s, struct spot x, struct spot *nearest)
{
    double reach = (double)s->reach_m * 1000;
    if (nearest != NULL) *nearest = spot_of(s->points[0]);
    double first = geodesic_mm(x, spot_of(s->points[0]), NULL, NULL);
    if (s->type == POINT) return first - reach;
    if (first - 1.1 * s->span_mm > reach + KM) return first - 1.1 * s->span_mm - reach; /* far outside: no matter */
    double mm = chain_mm(x, s->points, s->count, s->type == POLYGON, nearest);
    bool inside = s->type == POLYGON && encloses(s, x);
    return (inside ? -mm : mm) - reach;
}

/* Left of an eastward line is north of it. False: not between its ends. */
static bool side_of(const struct figure *s, struct spot x, int *side)
{
    for (size_t i = 0; i + 1 < s->count; i++) {
        struct point a = s->points[s->backwards ? i + 1 : i], b = s->points[s->backwards ? i : i + 1];
        double step = (double)turned_e7((int64_t)b.lon_e7 - a.lon_e7), along = east_of(x, a);
        if (along < 0 || along > step) continue;
        bool north = x.lat * E7 > a.lat_e7 + (double)(b.lat_e7 - a.lat_e7) * along / step;
        *side = north != s->backwards ? -1 : 1;
        return true;
    }
    return false;
}

/* Is a spot in the place (or out of it), to a hair? */
static bool truly(const struct figure *place, struct spot x, bool in)
{
    double mm = outside_mm(place, x, NULL);
    int side;
    if (place->side == 0 || mm > ROUNDED_MM) return in ? mm <= ROUNDED_MM : mm >= -ROUNDED_MM;
    return !side_of(place, x, &side) || in == (side == place->side) || (!in && mm >= -ROUNDED_MM);
}

/* ---- where it may have been */

/* A spot of the shape itself: of a bearing, within ten degrees of it and as far as it says, most often at a corner. */
static struct spot draw_origin(const struct figure *where)
{
    if (where->type == POINT) return spot_of(where->points[0]);
    if (where->type == BEARING) {
        double off = random_chance(&dice, 80) ? 10 : random_from(&dice, 0, 10), least = (double)where->least_m * 1000;
        double most = (double)where->most_m * 1000;
        double mm = random_chance(&dice, 30)   ? random_from(&dice, least, most)
                    : random_chance(&dice, 50) ? least
                                               : most;
        if (random_chance(&dice, 50)) off = -off;
        return geodesic_ahead(spot_of(where->points[0]), where->degrees + off, mm);
    }
    size_t i = random_below(&dice, where->count - (where->type == LINE));
    return spot_between(where->points[i], where->points[(i + 1) % where->count],
                        random_chance(&dice, 30) ? 0 : random_part(&dice));
}

/* At the end of the error's reach: towards what the place is made of, away from it, anywhere. */
static struct spot draw_spot(const struct figure *where, const struct figure *place)
{
    struct spot origin = draw_origin(where), nearest = origin;
    double azimuth = random_from(&dice, 0, 360), reach = (double)where->reach_m * 1000;
    if (random_chance(&dice, 60)) {
        outside_mm(place, origin, &nearest);
        geodesic_mm(origin, nearest, &azimuth, NULL);
        if (random_chance(&dice, 50)) azimuth += 180;
    }
    return geodesic_ahead(origin, azimuth, random_chance(&dice, 80) ? reach : reach * random_part(&dice));
}

/* ---- asking */

enum { SECONDS_APART = 60 };

/* Places p0 to p7, and p8: one of the first two; a term for each. */
static void say_agreement(struct terms_log *log, const struct figure *places)
{
    OWN(buffer_clear) struct buffer json = {0};
    buffer_print(&json, "{\"kind\":\"agreement\",\"by\":\"s\",\"agreement\":\"truce\",\"title\":{\"en\":\"T\"},"
                        "\"parties\":[\"a\",\"b\"],\"readings\":{\"all\":{\"trust\":\"*\",\"links\":\"m\",\"need\":["
                        "\"report\"]}},\"force\":{\"assent\":[\"a\"],\"from\":{\"at\":\"2020-01-01T00:00:00Z\"}},"
                        "\"places\":{");
    for (unsigned i = 0; i < PLACES; i++) {
        buffer_print(&json, "%s\"p%u\":", i > 0 ? "," : "", i);
        put_shape(&json, &places[i]);
    }
    buffer_print(&json, ",\"p%u\":{\"any\":[\"p0\",\"p1\"]}},\"terms\":[", PLACES);
    for (unsigned i = 0; i <= PLACES; i++)
        buffer_print(&json,
                     "%s{\"id\":\"t%u\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"at_most\":0,\"of\":{"
                     "\"act\":\"shelling\",\"place\":\"p%u\"}},\"watch\":\"log\"}",
                     i > 0 ? "," : "", i, i);
    buffer_print(&json, "]}%c", 0);
    say(log, "agreement", "2019-12-20", (const char *)json.data);
    say(log, "assent", "2019-12-21",
        "{\"kind\":\"standing\",\"by\":\"a\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2019-12-21T00:00:00Z\"}");
}

static void say_report(struct terms_log *log, const struct figure *where, unsigned number)
{
    OWN(buffer_clear) struct buffer json = {0};
    char at[TIME_TEXT_SIZE];
    time_format(time_of("2020-01-02") + number * SECONDS_APART, at);
    buffer_print(&json,
                 "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"shelling\",\"method\":\"seen\",\"when\":{\"from\":\"%s\","
                 "\"to\":\"%s\"},\"where\":",
                 at, at);
    put_shape(&json, where);
    buffer_print(&json, "}%c", 0);
    say(log, "report", NULL, (const char *)json.data);
}

enum said { SAID_OUT, SAID_MAYBE, SAID_IN };
static const char *const said_words[] = {"out", "maybe", "in"};

static void mark(enum said said[REPORTS], const struct json *list, enum said as)
{
    int64_t at = 0, first = time_of("2020-01-02");
    for (const struct json *m = list->first; m != NULL; m = m->next) {
        bool told = time_parse(&at, json_find_string(m, "at"));
        if (as == SAID_MAYBE && !CHECK(slice_is(json_find_string(m, "why"), "place-doubted"))) continue;
        if (CHECK(told && at >= first && (at - first) / SECONDS_APART < REPORTS))
            said[(at - first) / SECONDS_APART] = as;
    }
}

/* What the term's explanation counts is in, what it doubts is maybe, and what it does not name is out. */
static void hear(const struct terms_log *log, unsigned term, enum said said[REPORTS])
{
    struct answer answer = {0};
    struct json_writer w;
    struct error error = {0};
    char name[16];
    snprintf(name, sizeof name, "t%u", term);
    for (size_t i = 0; i < REPORTS; i++) said[i] = SAID_OUT;
    json_write_open(&w, &answer.text);
    CHECK(why_write(log->view, slice_from(name), slice_from(""), time_of("2020-01-03"), &w, &error) == STATUS_DONE);
    answer_read(&answer, &w);
    const struct json *reading = json_find(json_find(answer.tree, "readings"), "all");
    mark(said, json_find(reading, "counted"), SAID_IN);
    mark(said, json_find(reading, "not_counted"), SAID_MAYBE);
    answer_clear(&answer);
}

/* ---- holding one against the other */

static size_t tally[3], clear;

static void tell(const struct figure *place, const struct figure *where, enum said said)
{
    OWN(buffer_clear) struct buffer text = {0};
    put_shape(&text, place);
    buffer_print(&text, " has ");
    put_shape(&text, where);
    buffer_print(&text, "%c", 0);
    fprintf(stderr, "    %s: %s\n", said_words[said], (const char *)text.data);
}

/* A point's disc that is clear of the edge by twice the error of the distance must be in or out. */
static void is_told_where_clear(const struct figure *place, const struct figure *where, enum said said)
{
    if (where->type != POINT || place->side != 0) return;
    double outside = outside_mm(place, spot_of(where->points[0]), NULL), radius = (double)where->reach_m * 1000;
    double slack = 2 * (double)geo_error_mm((int64_t)fabs(outside + (double)place->reach_m * 1000)) + 2 * ROUNDED_MM;
    enum said wanted = outside + radius + slack <= 0 ? SAID_IN : outside - radius > slack ? SAID_OUT : SAID_MAYBE;
    if (wanted == SAID_MAYBE) return;
    clear++;
    if (!CHECK(said == wanted)) tell(place, where, said);
}

/* Beyond a line's ends its sides are not held here: the middle of what is asked must lie between them. */
static bool has_clear_sides(const struct figure *place, const struct figure *where)
{
    int side;
    if (where->type == BEARING)
        return side_of(
            place,
            geodesic_ahead(spot_of(where->points[0]), where->degrees, (double)(where->least_m + where->most_m) * 500),
            &side);
    for (size_t i = 0; i < where->count; i++)
        if (!side_of(place, spot_of(where->points[i]), &side)) return false;
    return true;
}

static void holds(const struct figure *place, const struct figure *where, enum said said)
{
    if (place->side != 0 && !has_clear_sides(place, where)) return;
    tally[said]++;
    is_told_where_clear(place, where, said);
    for (int i = 0; said != SAID_MAYBE && i < SAMPLES; i++)
        if (!CHECK(truly(place, draw_spot(where, place), said == SAID_IN))) {
            tell(place, where, said);
            return;
        }
}

/* Moves the observer so that the middle of what the bearing may mean lies there. */
static void aim(struct figure *where, struct spot middle)
{
    double mm = (double)(where->least_m + where->most_m) * 500, back = where->degrees + 180, there;
    struct spot from = middle;
    for (int step = 0; step < 4; step++) {
        from = geodesic_ahead(middle, back, mm);
        geodesic_mm(from, middle, &there, NULL);
        back += where->degrees - there;
    }
    where->points[0] = point_near(from);
}

/* Lets the error of a position reach just to the edge of a place, or just across it; a bearing's about as far. */
static void touch(struct figure *where, const struct figure *place)
{
    if (where->type == POINT) {
        double metres = fabs(outside_mm(place, spot_of(where->points[0]), NULL)) / 1000;
        where->reach_m = (int64_t)fmin(metres, 900000) + (int64_t)random_below(&dice, 2);
    } else if (where->type == BEARING && place->type == POINT) {
        where->reach_m = 0;
        where->most_m = 1 + (int64_t)fmin((double)place->reach_m / random_from(&dice, 0.17, 0.7), 199999);
        where->least_m =
            random_chance(&dice, 50) ? where->most_m : (int64_t)((double)where->most_m * random_part(&dice));
        aim(where, spot_of(place->points[0]));
    }
}

static void one_log(void)
{
    struct figure places[PLACES], wheres[REPORTS];
    enum said said[PLACES + 1][REPORTS];
    struct terms_log log;
    double size = random_size(&dice, 100 * 1000, 80 * KM);
    struct spot middle = random_spot(&dice, 66);
    for (size_t i = 0; i < PLACES; i++) places[i] = draw_place(middle, size);
    for (size_t i = 0; i < REPORTS; i++) {
        wheres[i] = draw_where(middle, size);
        if (random_chance(&dice, 40)) touch(&wheres[i], &places[i % PLACES]);
    }
    log_open_empty(&log);
    say_agreement(&log, places);
    for (unsigned i = 0; i < REPORTS; i++) say_report(&log, &wheres[i], i);
    for (unsigned t = 0; t <= PLACES; t++) hear(&log, t, said[t]);
    view_close(&log.view);
    for (size_t i = 0; i < REPORTS; i++) {
        for (size_t t = 0; t < PLACES; t++) holds(&places[t], &wheres[i], said[t][i]);
        CHECK(said[PLACES][i] == (said[0][i] > said[1][i] ? said[0][i] : said[1][i])); /* one of the two */
    }
}

int main(int count, char **arguments)
{
    dice = random_start(count, arguments);
    for (int i = 0; i < LOGS && check_failed < FAILURES_SHOWN; i++) one_log();
    printf("%zu in, %zu out, %zu maybe; %zu clear\n", tally[SAID_IN], tally[SAID_OUT], tally[SAID_MAYBE], clear);
    return check_end(__FILE__);
}
