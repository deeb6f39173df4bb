#include "page/sketch.h"

#include <inttypes.h>
#include <stdio.h>

enum { SPOTS_MOST = 64, WIDE = 600, LEAST_M = 100, MARGIN = 40, LABEL_BYTES = 64 };

/* Records that say the very same of where it was. */
struct spot {
    int64_t east, north, radius; /* metres */
    char label[LABEL_BYTES];     /* "1, 2, 4" */
    bool named;                  /* by a place, which has an extent of its own */
};
struct sketch {
    struct spot spot[SPOTS_MOST];
    size_t count;
    int64_t west, south, metres; /* what is drawn is a square */
};

static struct spot *spot_of(struct sketch *sketch, const struct json *disc)
{
    const struct spot at = {json_find_integer(disc, "east_m", 0), json_find_integer(disc, "north_m", 0),
                            json_find_integer(disc, "radius_m", 0), "", false};
    for (size_t i = 0; i < sketch->count; i++) {
        struct spot *spot = &sketch->spot[i];
        if (spot->east == at.east && spot->north == at.north && spot->radius == at.radius) return spot;
    }
    if (sketch->count == SPOTS_MOST) return NULL;
    sketch->spot[sketch->count] = at;
    return &sketch->spot[sketch->count++];
}

static void gather(struct sketch *sketch, const struct json *members)
{
    unsigned number = 0;
    for (const struct json *member = members->first; member != NULL; member = member->next) {
        const struct json *disc = json_find(member, "disc");
        struct spot *spot = disc == NULL ? NULL : spot_of(sketch, disc);
        number++;
        if (spot == NULL) continue;
        size_t size = strlen(spot->label);
        if (size + 8 < LABEL_BYTES)
            snprintf(spot->label + size, LABEL_BYTES - size, "%s%u", size == 0 ? "" : ", ", number);
        spot->named = spot->named || json_find(member, "place") != NULL;
    }
}

static void frame(struct sketch *sketch)
{
    int64_t west = INT64_MAX, east = INT64_MIN, south = INT64_MAX, north = INT64_MIN;
    for (size_t i = 0; i < sketch->count; i++) {
        const struct spot *spot = &sketch->spot[i];
        if (spot->east - spot->radius < west) west = spot->east - spot->radius;
        if (spot->east + spot->radius > east) east = spot->east + spot->radius;
        if (spot->north - spot->radius < south) south = spot->north - spot->radius;
        if (spot->north + spot->radius > north) north = spot->north + spot->radius;
    }
    int64_t wide = east - west > north - south ? east - west : north - south;
    sketch->metres = wide < LEAST_M ? LEAST_M : wide;
    sketch->west = (west + east - sketch->metres) / 2;
    sketch->south = (south + north - sketch->metres) / 2;
}

/* ---- units of the drawing */

static int64_t length(const struct sketch *sketch, int64_t metres)
{
    return metres * WIDE / sketch->metres;
}

static int64_t x_of(const struct sketch *sketch, int64_t east)
{
    return MARGIN + length(sketch, east - sketch->west);
}

static int64_t y_of(const struct sketch *sketch, int64_t north)
{
    return MARGIN + WIDE - length(sketch, north - sketch->south);
}

static void set(struct html *html, enum html_attribute attribute, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    html_set(html, attribute, text);
}

static void put_line(struct html *html, int64_t x1, int64_t y1, int64_t x2, int64_t y2)
{
    html_begin(html, TAG_LINE);
    set(html, ATTR_X1, x1), set(html, ATTR_Y1, y1), set(html, ATTR_X2, x2), set(html, ATTR_Y2, y2);
    html_set(html, ATTR_STROKE, "currentColor");
    html_set(html, ATTR_STROKE_WIDTH, "2");
    html_end(html, TAG_LINE);
}

static void put_words(struct html *html, int64_t x, int64_t y, const char *anchor, struct slice words)
{
    html_begin(html, TAG_DRAWN_TEXT);
    set(html, ATTR_X, x), set(html, ATTR_Y, y);
    html_set(html, ATTR_TEXT_ANCHOR, anchor);
    html_set(html, ATTR_FILL, "currentColor");
    html_words_slice(html, words);
    html_end(html, TAG_DRAWN_TEXT);
}

/* ---- what is drawn */

/* A cross where it was, and a circle as far as that may be wrong: in dashes where it is an area's extent. */
static void put_spot(struct html *html, const struct sketch *sketch, const struct spot *spot)
{
    int64_t x = x_of(sketch, spot->east), y = y_of(sketch, spot->north), r = length(sketch, spot->radius);
    if (r > 2) {
        html_begin(html, TAG_CIRCLE);
        set(html, ATTR_CX, x), set(html, ATTR_CY, y), set(html, ATTR_R, r);
        html_set(html, ATTR_FILL, "none");
        html_set(html, ATTR_STROKE, "currentColor");
        html_set(html, ATTR_STROKE_WIDTH, "2");
        if (spot->named) html_set(html, ATTR_STROKE_DASHARRAY, "8 5");
        html_end(html, TAG_CIRCLE);
    }
    put_line(html, x - 5, y, x + 5, y);
    put_line(html, x, y - 5, x, y + 5);
    bool room = r > 60;
    put_words(html, room ? x : x + (r > 2 ? r : 5) + 6, room ? y - r + 38 : y + 6, room ? "middle" : "start",
              slice_from(spot->label));
}

static int64_t bar_of(int64_t metres)
{
    int64_t step = 1, most = metres / 3;
    while (step * 10 <= most) step *= 10;
    return step * 5 <= most ? step * 5 : step * 2 <= most ? step * 2 : step;
}

static void put_bar(struct html *html, const struct sketch *sketch)
{
    int64_t metres = bar_of(sketch->metres), x = MARGIN, y = WIDE + 2 * MARGIN + 14;
    int64_t end = x + length(sketch, metres);
    OWN(buffer_clear) struct buffer words = {0};
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, metres % 1000 == 0 ? metres / 1000 : metres);
    words_fill(&words, metres % 1000 == 0 ? TR("{0} km") : TR("{0} m"), number, NULL);
    put_line(html, x, y, end, y);
    put_line(html, x, y - 6, x, y + 6);
    put_line(html, end, y - 6, end, y + 6);
    put_words(html, end + 10, y + 6, "start", buffer_slice(&words));
}

static void put_north(struct html *html)
{
    const int64_t x = WIDE + MARGIN, y = MARGIN - 30;
    html_begin(html, TAG_PATH);
    html_set(html, ATTR_D, "M640 8 l8 22 h-16 z");
    html_set(html, ATTR_FILL, "currentColor");
    html_end(html, TAG_PATH);
    put_line(html, x, y + 20, x, y + 44);
    put_words(html, x - 14, y + 30, "end", slice_from(TR("north")));
}

bool sketch_put(struct sheet *sheet, const struct json *members)
{
    struct html *html = &sheet->html;
    struct sketch sketch = {.count = 0};
    if (members == NULL || members->type != JSON_ARRAY) return false;
    gather(&sketch, members);
    if (sketch.count == 0) return false;
    frame(&sketch);
    html_begin(html, TAG_SVG);
    html_set(html, ATTR_CLASS, "sketch");
    html_set(html, ATTR_VIEWBOX, "0 0 680 720");
    html_set(html, ATTR_ROLE, "img");
    html_set(html, ATTR_DIR, "ltr");
    html_set(html, ATTR_ARIA_LABEL,
             TR("Where the records say it was, to scale, each with its error; the table says the same in words."));
    for (size_t i = 0; i < sketch.count; i++) put_spot(html, &sketch, &sketch.spot[i]);
    put_bar(html, &sketch);
    put_north(html);
    html_end(html, TAG_SVG);
    return true;
}
