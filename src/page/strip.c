/* Strips of distances: what a base map cannot show, to scale. Every record is a row: a mark at its distance from the
 * line, and a bar as long as the error of its position, over the distances that the terms speak of. */
#include "page/map.h"

#include <inttypes.h>
#include <stdio.h>

enum { STRIP_ROWS_MOST = 80, ROUGH_MOST = 40, PERCENT_SIZE = 24 };

static const struct json *items(const struct json *list)
{
    return list == NULL ? NULL : list->first;
}

struct strip {
    const struct json *line, *agreement;
    int64_t number;  /* of the line */
    int64_t reach_m; /* what is drawn on each side */
};

void strip_metres(struct sheet *sheet, int64_t metres)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, metres);
    SAY(sheet, TR("{0} m"), hole(HOLE_NUMBER, slice_from(number)));
}

static const char *opposite_of(struct slice wind, const char **here)
{
    static const struct {
        const char *id, *words, *opposite;
    } winds[] = {
        {"north", N_("north"), N_("south")}, {"north-east", N_("north-east"), N_("south-west")},
        {"east", N_("east"), N_("west")},    {"south-east", N_("south-east"), N_("north-west")},
        {"south", N_("south"), N_("north")}, {"south-west", N_("south-west"), N_("north-east")},
        {"west", N_("west"), N_("east")},    {"north-west", N_("north-west"), N_("south-east")},
    };
    for (size_t i = 0; i < COUNT_OF(winds); i++)
        if (slice_is(wind, winds[i].id)) {
            *here = truce_word(winds[i].words);
            return truce_word(winds[i].opposite);
        }
    return *here = "";
}

/* ---- along the strip: percents of its width, in thousandths */

static void set_percent(struct html *html, enum html_attribute attribute, int64_t thousandths)
{
    char text[PERCENT_SIZE];
    snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64 "%%", thousandths / 1000, thousandths % 1000);
    html_set(html, attribute, text);
}

/* Metres to the right of the line; what lies farther is at the edge. */
static int64_t place_of(const struct strip *strip, int64_t metres)
{
    if (metres > strip->reach_m) metres = strip->reach_m;
    if (metres < -strip->reach_m) metres = -strip->reach_m;
    return 50000 + metres * 50000 / strip->reach_m;
}

static void put_bar(struct sheet *sheet, const struct strip *strip, const char *class_name, int64_t from_m,
                    int64_t to_m, const char *y, const char *height)
{
    struct html *html = &sheet->html;
    int64_t from = place_of(strip, from_m), to = place_of(strip, to_m);
    html_begin(html, TAG_RECT);
    html_set(html, ATTR_CLASS, class_name);
    set_percent(html, ATTR_X, from);
    html_set(html, ATTR_Y, y);
    set_percent(html, ATTR_WIDTH, to > from + 300 ? to - from : 300);
    html_set(html, ATTR_HEIGHT, height);
    html_end(html, TAG_RECT);
}

static void put_tick(struct sheet *sheet, const struct strip *strip, int64_t metres, const char *class_name)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_LINE);
    html_set(html, ATTR_CLASS, class_name);
    set_percent(html, ATTR_X1, place_of(strip, metres));
    set_percent(html, ATTR_X2, place_of(strip, metres));
    html_set(html, ATTR_Y1, "0");
    html_set(html, ATTR_Y2, "100%");
    html_end(html, TAG_LINE);
}

static void put_drawn_text(struct sheet *sheet, int64_t at, const char *y, const char *anchor, const char *words)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_DRAWN_TEXT);
    set_percent(html, ATTR_X, at);
    html_set(html, ATTR_Y, y);
    html_set(html, ATTR_TEXT_ANCHOR, anchor);
    html_words(html, words);
    html_end(html, TAG_DRAWN_TEXT);
}

static bool lies(const struct json *band, const char *side)
{
    struct slice where = json_find_string(band, "side");
    return slice_is(where, "both") || slice_is(where, side);
}

/* The farthest band first: each lies over those that hold it. Of one distance on one side there is one. */
static void put_bands(struct sheet *sheet, const struct strip *strip)
{
    const struct json *bands = json_find(strip->line, "bands");
    for (int side = 0; side < 2; side++) {
        int64_t before = 0;
        for (const struct json *band = items(bands); band != NULL; band = band->next) {
            int64_t m = json_find_integer(band, "m", 0);
            if (m == before || !lies(band, side == 0 ? "left" : "right")) continue;
            put_bar(sheet, strip, "strip-band", side == 0 ? -m : 0, side == 0 ? 0 : m, "0", "100%");
            put_tick(sheet, strip, side == 0 ? -m : m, "strip-edge");
            before = m;
        }
    }
    put_tick(sheet, strip, 0, "strip-line");
}

static void begin_drawing(struct sheet *sheet, const char *height)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_DIV, "track");
    html_set(html, ATTR_DIR, "ltr"); /* left of the line is left, whatever the language */
    html_begin(html, TAG_SVG);
    html_set(html, ATTR_ARIA_HIDDEN, "true");
    html_set(html, ATTR_WIDTH, "100%");
    html_set(html, ATTR_HEIGHT, height);
}

static void end_drawing(struct sheet *sheet)
{
    html_end(&sheet->html, TAG_SVG);
    html_end(&sheet->html, TAG_DIV);
}

/* Drawn once in the head, and shown again under every row. */
static void name_bands(const struct strip *strip, char name[32])
{
    snprintf(name, 32, "bands-%" PRId64, strip->number);
}

static void use_bands(struct sheet *sheet, const struct strip *strip)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address address;
    char name[32];
    name_bands(strip, name);
    address_open(&address, "");
    address_place(&address, name, (struct slice){NULL, 0});
    html_begin(html, TAG_USE);
    html_address(html, ATTR_HREF, &address);
    html_set(html, ATTR_WIDTH, "100%");
    html_set(html, ATTR_HEIGHT, "100%");
    html_end(html, TAG_USE);
}

/* ---- its head: the scale */

static void put_scale_side(struct sheet *sheet, const struct strip *strip, bool left)
{
    int64_t before = 0, row = 0;
    const struct json *bands = json_find(strip->line, "bands");
    for (const struct json *band = items(bands); band != NULL; band = band->next) {
        int64_t m = json_find_integer(band, "m", 0);
        char number[24];
        if (m == before || !lies(band, left ? "left" : "right")) continue;
        snprintf(number, sizeof number, "%" PRId64, m);
        put_drawn_text(sheet, place_of(strip, left ? -m : m), row++ % 2 == 0 ? "3.6em" : "2.3em", "middle", number);
        before = m;
    }
}

static void put_scale(struct sheet *sheet, const struct strip *strip)
{
    const char *left, *right = opposite_of(json_find_string(strip->line, "left"), &left);
    char name[32];
    name_bands(strip, name);
    begin_drawing(sheet, "4.4em");
    html_begin(&sheet->html, TAG_SYMBOL);
    html_set(&sheet->html, ATTR_ID, name);
    put_bands(sheet, strip);
    html_end(&sheet->html, TAG_SYMBOL);
    use_bands(sheet, strip);
    put_drawn_text(sheet, 800, "1em", "start", left);
    put_drawn_text(sheet, 50000, "1em", "middle", TR("0 m"));
    put_drawn_text(sheet, 99200, "1em", "end", right);
    put_scale_side(sheet, strip, true);
    put_scale_side(sheet, strip, false);
    end_drawing(sheet);
}

/* ---- rows */

static const struct json *distance_of(const struct strip *strip, const struct json *record)
{
    const struct json *d = items(json_find(record, "distances"));
    while (d != NULL && json_find_integer(d, "line", -1) != strip->number) d = d->next;
    return d;
}

/* What was seen, and what somebody says was: who watched where is in the list. */
static bool is_row(const struct json *record)
{
    struct slice kind = json_find_string(record, "kind");
    return slice_is(kind, "report") || slice_is(kind, "claim") || slice_is(kind, "restriction");
}

static bool is_rough(const struct strip *strip, const struct json *distance)
{
    return json_find_integer(distance, "most_m", 0) - json_find_integer(distance, "least_m", 0) > strip->reach_m ||
           json_find_integer(distance, "at_m", 0) > strip->reach_m;
}

static void put_position(struct sheet *sheet, const struct strip *strip, const struct json *distance)
{
    struct slice side = json_find_string(distance, "side");
    int64_t least = json_find_integer(distance, "least_m", 0), most = json_find_integer(distance, "most_m", 0);
    int64_t at = json_find_integer(distance, "at_m", 0);
    struct html *html = &sheet->html;
    bool left = slice_is(side, "left"), both = slice_is(side, "both");
    int64_t from = both ? -most : left ? -most : least, to = both ? most : left ? -least : most;
    begin_drawing(sheet, "1.3em");
    use_bands(sheet, strip);
    put_bar(sheet, strip, "error", from, to, "40%", "20%");
    if (!both || at == 0) {
        html_begin(html, TAG_CIRCLE);
        html_set(html, ATTR_CLASS, "at");
        set_percent(html, ATTR_CX, place_of(strip, left ? -at : at));
        html_set(html, ATTR_CY, "50%");
        html_set(html, ATTR_R, ".35em");
        html_end(html, TAG_CIRCLE);
    }
    end_drawing(sheet);
}

static void put_distance(struct sheet *sheet, const struct strip *strip, const struct json *distance)
{
    struct slice side = json_find_string(distance, "side");
    int64_t least = json_find_integer(distance, "least_m", 0), most = json_find_integer(distance, "most_m", 0);
    const char *left, *right = opposite_of(json_find_string(strip->line, "left"), &left);
    char from[24], to[24];
    snprintf(from, sizeof from, "%" PRId64, least);
    snprintf(to, sizeof to, "%" PRId64, most);
    if (most == 0)
        html_words(&sheet->html, TR("on the line, as its place is named"));
    else if (slice_is(side, "both"))
        SAY(sheet, TR("within {0} m of the line, on either side"), hole(HOLE_NUMBER, slice_from(to)));
    else
        SAY(sheet, TR("{0} to {1} m, on the side: {2}"), hole(HOLE_NUMBER, slice_from(from)),
            hole(HOLE_NUMBER, slice_from(to)), hole_words(slice_is(side, "left") ? left : right));
}

static void put_row(struct sheet *sheet, const struct strip *strip, const struct json *record)
{
    struct html *html = &sheet->html;
    const struct json *distance = distance_of(strip, record), *whole;
    struct slice id = json_find_string(record, "id");
    OWN(address_clear) struct address address;
    whole = records_get(sheet->page->records, id);
    record_address(&address, id);
    html_begin(html, TAG_LI);
    put_position(sheet, strip, distance);
    html_begin(html, TAG_P);
    sheet_link(sheet, NULL, &address);
    sheet_label(sheet, LABEL_KIND, json_find_string(record, "kind"));
    html_words(html, " ");
    sheet_hole(sheet, hole(HOLE_CODE, slice_part(id, 0, 8)));
    sheet_link_end(sheet);
    html_words(html, TR(", "));
    sheet_hole(sheet, hole(HOLE_STAMP, json_find_string(json_find(record, "when"), "from")));
    html_words(html, TR(": "));
    put_distance(sheet, strip, distance);
    html_words(html, TR(". "));
    sheet_beginning(sheet, tell_gist(whole), 120);
    html_end(html, TAG_P);
    html_end(html, TAG_LI);
}

static void put_rows(struct sheet *sheet, const struct strip *strip, const struct drawn *drawn)
{
    size_t rows = 0, left = 0;
    sheet_begin(sheet, TAG_OL, "rows");
    for (size_t i = 0; i < drawn->count; i++) {
        const struct json *record = drawn->record[i], *distance = distance_of(strip, record);
        if (!is_row(record) || distance == NULL || is_rough(strip, distance)) continue;
        if (rows++ < STRIP_ROWS_MOST)
            put_row(sheet, strip, record);
        else
            left++;
    }
    html_end(&sheet->html, TAG_OL);
    if (rows == 0) html_words_in(&sheet->html, TAG_P, "quiet", TR("No report of this time can be placed on it."));
    if (left > 0) html_words_in(&sheet->html, TAG_P, NULL, TR("There are more: a shorter time shows them all."));
}

/* Whose position is known less well than the strip is wide, or lies beyond it: named, so that nothing is lost. */
static void put_rough(struct sheet *sheet, const struct strip *strip, const struct drawn *drawn)
{
    struct html *html = &sheet->html;
    size_t count = 0;
    for (size_t i = 0; i < drawn->count; i++) {
        const struct json *record = drawn->record[i], *distance = distance_of(strip, record);
        if (!is_row(record) || distance == NULL || !is_rough(strip, distance) || count == ROUGH_MOST) continue;
        if (count++ == 0) {
            html_begin(html, TAG_DETAILS);
            html_words_in(html, TAG_SUMMARY, NULL, TR("Near, but known too roughly, or farther away"));
            sheet_begin(sheet, TAG_UL, "ids");
        }
        html_begin(html, TAG_LI);
        sheet_hole(sheet, hole(HOLE_RECORD, json_find_string(record, "id")));
        html_words(html, TR(": "));
        put_distance(sheet, strip, distance);
        html_end(html, TAG_LI);
    }
    if (count == 0) return;
    html_end(html, TAG_UL);
    html_end(html, TAG_DETAILS);
}

/* ---- what the distances are */

static void put_side(struct sheet *sheet, const struct strip *strip, const struct json *band)
{
    const char *left, *right = opposite_of(json_find_string(strip->line, "left"), &left);
    struct slice side = json_find_string(band, "side");
    if (slice_is(side, "both"))
        html_words(&sheet->html, TR("on both sides"));
    else
        SAY(sheet, TR("on the side: {0}"), hole_words(slice_is(side, "left") ? left : right));
}

static void put_band(struct sheet *sheet, const struct strip *strip, const struct json *band)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_LI);
    html_data(html, "outline", json_find(band, "outline")->source);
    strip_metres(sheet, json_find_integer(band, "m", 0));
    html_words(html, TR(", "));
    put_side(sheet, strip, band);
    html_words(html, TR(": "));
    bool first = true;
    for (const struct json *name = items(json_find(band, "places")); name != NULL; name = name->next, first = false) {
        if (!first) html_words(html, TR(", "));
        map_place_name(sheet, strip->agreement, name->string);
    }
    for (const struct json *term = items(json_find(band, "terms")); term != NULL; term = term->next, first = false) {
        if (!first) html_words(html, TR(", "));
        sheet_term(sheet, term->string);
    }
    html_end(html, TAG_LI);
}

static void put_strip(struct sheet *sheet, const struct strip *strip, const struct drawn *drawn)
{
    struct html *html = &sheet->html;
    const struct json *bands = json_find(strip->line, "bands");
    sheet->agreement = strip->agreement;
    sheet_begin(sheet, TAG_SECTION, "distances");
    html_data(html, "line", json_find(strip->line, "line")->source);
    html_begin(html, TAG_H2);
    SAY(sheet, TR("Distances from: {0}"),
        hole(HOLE_TEXT, tell_place(sheet->page->records, strip->agreement, json_find_string(strip->line, "place"))));
    html_end(html, TAG_H2);
    html_words_in(html, TAG_P, "quiet",
                  TR("To scale, in metres from the line on either side. A mark is where the record places it, its bar "
                     "the error of that position."));
    put_scale(sheet, strip);
    put_rows(sheet, strip, drawn);
    put_rough(sheet, strip, drawn);
    sheet_heading(sheet, TAG_H3, TR("Distances in the agreement"));
    sheet_begin(sheet, TAG_UL, "bands");
    for (const struct json *band = items(bands); band != NULL; band = band->next) put_band(sheet, strip, band);
    html_end(html, TAG_UL);
    html_end(html, TAG_SECTION);
    sheet->agreement = NULL;
}

void strips_put(struct sheet *sheet, const struct json *answer, const struct drawn *drawn)
{
    struct strip strip = {.number = 0};
    for (strip.line = items(json_find(answer, "lines")); strip.line != NULL; strip.line = strip.line->next) {
        int64_t widest = 0;
        for (const struct json *band = items(json_find(strip.line, "bands")); band != NULL; band = band->next)
            if (json_find_integer(band, "m", 0) > widest) widest = json_find_integer(band, "m", 0);
        strip.agreement = records_get(sheet->page->records, json_find_string(strip.line, "agreement"));
        strip.reach_m = widest * 6 / 5;
        if (strip.reach_m > 0) put_strip(sheet, &strip, drawn);
        strip.number++;
    }
}
