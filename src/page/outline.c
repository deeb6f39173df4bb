/* A place as a small drawing to scale, north at the top: what was typed is seen before it is signed, and printed. No
 * map lies under it: who sees a drawing takes nothing from the network, and no border is drawn. */
#include "page/filing.h"

#include <inttypes.h>
#include <stdio.h>

enum { SIDE = 260, MARGIN = 30, HALF = SIDE / 2 };

struct drawing {
    struct html *html;
    int64_t reach_m;
};

static int64_t scaled(const struct drawing *d, int64_t metres)
{
    return metres * (HALF - MARGIN) / d->reach_m;
}

static void set_number(struct html *html, enum html_attribute attribute, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    html_set(html, attribute, digits);
}

static void put_shape(const struct drawing *d, const struct json *points, bool closed)
{
    OWN(buffer_clear) struct buffer list = {0};
    for (const struct json *p = points->first; p != NULL; p = p->next) {
        if (p->first == NULL || p->first->next == NULL) continue;
        buffer_print(&list, "%s%" PRId64 ",%" PRId64, list.size > 0 ? " " : "", HALF + scaled(d, p->first->integer),
                     HALF - scaled(d, p->first->next->integer));
    }
    buffer_put_byte(&list, '\0');
    html_begin(d->html, closed ? TAG_POLYGON : TAG_POLYLINE);
    html_set(d->html, ATTR_CLASS, "drawn-area");
    html_set(d->html, ATTR_POINTS, list.failed ? "" : (const char *)list.data);
    html_end(d->html, closed ? TAG_POLYGON : TAG_POLYLINE);
}

static void put_dot(const struct drawing *d)
{
    html_begin(d->html, TAG_CIRCLE);
    html_set(d->html, ATTR_CLASS, "drawn-place");
    set_number(d->html, ATTR_CX, HALF);
    set_number(d->html, ATTR_CY, HALF);
    set_number(d->html, ATTR_R, 4);
    html_end(d->html, TAG_CIRCLE);
}

static void put_line(struct html *html, int64_t x1, int64_t y1, int64_t x2, int64_t y2)
{
    html_begin(html, TAG_LINE);
    html_set(html, ATTR_CLASS, "drawn-line");
    set_number(html, ATTR_X1, x1);
    set_number(html, ATTR_Y1, y1);
    set_number(html, ATTR_X2, x2);
    set_number(html, ATTR_Y2, y2);
    html_end(html, TAG_LINE);
}

static void put_label(struct html *html, int64_t x, int64_t y, const char *text)
{
    html_begin(html, TAG_DRAWN_TEXT);
    set_number(html, ATTR_X, x);
    set_number(html, ATTR_Y, y);
    html_set(html, ATTR_TEXT_ANCHOR, "middle");
    html_words(html, text);
    html_end(html, TAG_DRAWN_TEXT);
}

/* The largest of 1, 2, 5 times a power of ten that fits. */
static int64_t round_length(int64_t most_m)
{
    int64_t length = 1;
    while (length * 10 <= most_m) length *= 10;
    return length * 5 <= most_m ? length * 5 : length * 2 <= most_m ? length * 2 : length;
}

static void put_scale(const struct drawing *d)
{
    char text[40];
    int64_t length = round_length(d->reach_m), x = HALF - scaled(d, length) / 2, y = SIDE - 12;
    snprintf(text, sizeof text, "%" PRId64 "%s", length >= 1000 ? length / 1000 : length,
             length >= 1000 ? " km" : " m");
    put_line(d->html, x, y, x + scaled(d, length), y);
    put_label(d->html, HALF, y - 5, text);
    put_line(d->html, SIDE - 14, 26, SIDE - 14, 8);
    put_label(d->html, SIDE - 14, 38, "N");
}

static void put_drawing(struct sheet *sheet, const struct json *outline)
{
    struct html *html = &sheet->html;
    struct drawing d = {html, json_find_integer(outline, "reach_m", 0)};
    struct slice shape = json_find_string(outline, "shape");
    bool area = d.reach_m > 0;
    if (!area) d.reach_m = 1000;
    html_begin(html, TAG_SVG);
    html_set(html, ATTR_CLASS, "drawn");
    html_set(html, ATTR_VIEWBOX, "0 0 260 260");
    html_set(html, ATTR_ROLE, "img");
    html_set(html, ATTR_ARIA_LABEL, TR("The place as it is understood, to scale, north at the top"));
    if (area) put_shape(&d, json_find(outline, "points"), !slice_is(shape, "line"));
    if (slice_is(shape, "sector") || slice_is(shape, "circle")) put_dot(&d);
    put_scale(&d);
    html_end(html, TAG_SVG);
}

void sheet_outline(struct sheet *sheet, const struct json *where)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct arena arena;
    const struct json *outline;
    if (where == NULL ||
        truce_outline((const char *)where->source.data, where->source.size, &answer, &error) != TRUCE_DONE)
        return;
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&outline, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        put_drawing(sheet, outline);
    arena_clear(&arena);
    truce_free(&answer);
}
