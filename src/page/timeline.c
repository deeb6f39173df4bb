/* The timeline: days side by side, a lane for each kind of record. What happened is a mark with the number of records
 * that opens them; what lasted is a bar. Days run as the reader's language does. */
#include "page/map.h"

#include "base/time.h"
#include "tell/labels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DAY_S = 86400,
    SLOTS_MOST = 31,
    ROWS_MOST = 24,
    UNIT = 20 /* of the drawing: a slot's width and a lane's height */
};

/* What somebody watched, and what was kept from being watched, has a lane for each place: watching one place tells
 * nothing of another. */
static const struct lane {
    const char *kind;
    bool lasts, by_place;
} lanes[] = {
    {"report", false, false},   {"claim", false, false},   {"restriction", true, true},
    {"coverage", true, true},   {"passage", false, false}, {"notice", false, false},
    {"standing", false, false}, {"site", true, false},     {"area", true, false},
};

struct row {
    const struct lane *lane;
    struct slice place; /* {NULL,0}: of no name, or of any */
};

struct timeline {
    const struct drawn *drawn;
    int64_t from, step_s; /* of the first slot; of each */
    int64_t slots, rows;
    struct row row[ROWS_MOST];
};

static bool is_kind(const struct json *record, const struct lane *lane)
{
    return slice_is(json_find_string(record, "kind"), lane->kind);
}

static bool is_of(const struct json *record, const struct row *row)
{
    return is_kind(record, row->lane) &&
           (!row->lane->by_place || slice_equal(json_find_string(record, "place"), row->place));
}

static bool lasts(const struct json *record)
{
    for (size_t i = 0; i < COUNT_OF(lanes); i++)
        if (is_kind(record, &lanes[i])) return lanes[i].lasts;
    return false;
}

static int64_t day_of(int64_t seconds)
{
    return seconds - ((seconds % DAY_S) + DAY_S) % DAY_S;
}

/* From the first to the last day on which something began; what lasts longer is cut there. */
static void measure(struct timeline *t)
{
    int64_t first = INT64_MAX, last = INT64_MIN, from, to;
    for (int pass = 0; pass < 2 && first > last; pass++)
        for (size_t i = 0; i < t->drawn->count; i++) {
            const struct json *record = t->drawn->record[i];
            if (!drawn_times(record, &from, &to) || (pass == 0 && lasts(record))) continue;
            if (from < first) first = from;
            if (from > last) last = from;
        }
    if (first > last) return;
    int64_t days = (day_of(last) - day_of(first)) / DAY_S + 1;
    t->step_s = (days + SLOTS_MOST - 1) / SLOTS_MOST * DAY_S;
    t->from = day_of(first);
    t->slots = (day_of(last) - t->from) / t->step_s + 1;
}

static void find_row(struct timeline *t, const struct lane *lane, const struct json *record)
{
    for (int64_t row = 0; row < t->rows; row++)
        if (is_of(record, &t->row[row])) return;
    if (t->rows == ROWS_MOST) return;
    struct slice place = lane->by_place ? json_find_string(record, "place") : (struct slice){NULL, 0};
    t->row[t->rows++] = (struct row){lane, place};
}

static void find_rows(struct timeline *t)
{
    for (size_t l = 0; l < COUNT_OF(lanes); l++)
        for (size_t i = 0; i < t->drawn->count; i++)
            if (is_kind(t->drawn->record[i], &lanes[l])) find_row(t, &lanes[l], t->drawn->record[i]);
}

/* ---- drawing */

static int64_t across(const struct timeline *t, int64_t units)
{
    return words_arabic() ? t->slots * UNIT - units : units;
}

static void set_units(struct html *html, enum html_attribute attribute, int64_t units)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, units);
    html_set(html, attribute, text);
}

static void put_text(struct sheet *sheet, int64_t x, int64_t y, const char *words)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_DRAWN_TEXT);
    set_units(html, ATTR_X, x);
    set_units(html, ATTR_Y, y);
    html_set(html, ATTR_TEXT_ANCHOR, "middle");
    html_words(html, words);
    html_end(html, TAG_DRAWN_TEXT);
}

static void put_title(struct sheet *sheet, const char *words)
{
    html_begin(&sheet->html, TAG_DRAWN_TITLE);
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_DRAWN_TITLE);
}

struct span {
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
};

static struct span span_of(const struct timeline *t, int64_t slot)
{
    struct span span;
    time_format(t->from + slot * t->step_s, span.from);
    time_format(t->from + (slot + 1) * t->step_s - 1, span.to);
    return span;
}

/* The same map, of one slot and perhaps one kind. */
static void begin_slot_link(struct sheet *sheet, const struct timeline *t, int64_t slot, const char *kind)
{
    static const char *const without[] = {"from", "to", "lang", "f", NULL};
    static const char *const without_kind[] = {"from", "to", "lang", "f", "kind", NULL};
    struct span span = span_of(t, slot);
    OWN(address_clear) struct address address;
    address_again(&address, "/map", sheet->page->query, kind == NULL ? without : without_kind);
    if (kind != NULL) address_ask(&address, "kind", slice_from(kind));
    address_ask(&address, "from", slice_from(span.from));
    address_ask(&address, "to", slice_from(span.to));
    html_begin(&sheet->html, TAG_DRAWN_LINK);
    html_address(&sheet->html, ATTR_HREF, &address);
}

static void put_field(struct sheet *sheet, int64_t x, int64_t y, int64_t width, int64_t height, const char *class_name)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_RECT);
    html_set(html, ATTR_CLASS, class_name);
    set_units(html, ATTR_X, x);
    set_units(html, ATTR_Y, y);
    set_units(html, ATTR_WIDTH, width);
    set_units(html, ATTR_HEIGHT, height);
    html_end(html, TAG_RECT);
}

/* The day's number, and above it year and month where they begin. */
static void put_days(struct sheet *sheet, const struct timeline *t)
{
    struct html *html = &sheet->html;
    for (int64_t slot = 0; slot < t->slots; slot++) {
        struct span span = span_of(t, slot);
        int64_t x = across(t, slot * UNIT + UNIT / 2);
        char month[8], day[3];
        snprintf(month, sizeof month, "%.7s", span.from);
        snprintf(day, sizeof day, "%.2s", span.from + 8);
        if (slot == 0 || (memcmp(span_of(t, slot - 1).from, span.from, 7) != 0 && slot + 1 < t->slots)) {
            html_begin(html, TAG_DRAWN_TEXT);
            html_set(html, ATTR_CLASS, "month");
            set_units(html, ATTR_X, across(t, slot * UNIT + 2));
            set_units(html, ATTR_Y, 12);
            html_set(html, ATTR_TEXT_ANCHOR, "start");
            html_words(html, month);
            html_end(html, TAG_DRAWN_TEXT);
        }
        begin_slot_link(sheet, t, slot, NULL);
        html_data(html, "from", slice_from(span.from));
        html_data(html, "to", slice_from(span.to));
        char whole[11];
        snprintf(whole, sizeof whole, "%.10s", span.from);
        html_set(html, ATTR_ARIA_LABEL, whole);
        put_field(sheet, x - UNIT / 2, UNIT, UNIT, UNIT, "day");
        put_text(sheet, x, UNIT + 14, day);
        html_end(html, TAG_DRAWN_LINK);
    }
}

static int64_t slot_at(const struct timeline *t, int64_t seconds)
{
    int64_t slot = (seconds - t->from) / t->step_s;
    return seconds < t->from ? 0 : slot >= t->slots ? t->slots - 1 : slot;
}

/* Is it in the slot? As a query for the slot's time finds it. */
static bool meets(const struct timeline *t, const struct json *record, int64_t slot)
{
    int64_t from, to, begin = t->from + slot * t->step_s;
    return drawn_times(record, &from, &to) && from < begin + t->step_s && to >= begin;
}

static void put_mark(struct sheet *sheet, const struct timeline *t, int64_t row, int64_t slot, uint64_t count)
{
    struct html *html = &sheet->html;
    OWN(buffer_clear) struct buffer records = {0}, label = {0};
    struct span span = span_of(t, slot);
    char number[24], day[11];
    int64_t x = across(t, slot * UNIT + UNIT / 2), y = (row + 2) * UNIT + UNIT / 2;
    snprintf(number, sizeof number, "%" PRIu64, count);
    snprintf(day, sizeof day, "%.10s", span.from);
    words_count(&records, NOUN_RECORD, count);
    words_fill(&label, TR("{0}, {1}: {2}"), words_label(LABEL_KIND, t->row[row].lane->kind), day, text_of(&records),
               NULL);
    begin_slot_link(sheet, t, slot, t->row[row].lane->kind);
    html_set(html, ATTR_CLASS, "mark-link");
    html_set(html, ATTR_ARIA_LABEL, text_of(&label));
    put_title(sheet, text_of(&label));
    put_field(sheet, x - UNIT / 2, y - UNIT / 2, UNIT, UNIT, "target");
    html_begin(html, TAG_CIRCLE);
    set_units(html, ATTR_CX, x);
    set_units(html, ATTR_CY, y);
    set_units(html, ATTR_R, 7);
    html_end(html, TAG_CIRCLE);
    put_text(sheet, x, y + 4, number);
    html_end(html, TAG_DRAWN_LINK);
}

static void put_marks(struct sheet *sheet, const struct timeline *t, int64_t row)
{
    uint64_t counts[SLOTS_MOST + 1] = {0};
    int64_t from, to;
    for (size_t i = 0; i < t->drawn->count; i++) {
        const struct json *record = t->drawn->record[i];
        if (!is_of(record, &t->row[row]) || !drawn_times(record, &from, &to)) continue;
        for (int64_t slot = slot_at(t, from); slot <= slot_at(t, to); slot++)
            if (meets(t, record, slot)) counts[slot]++;
    }
    for (int64_t slot = 0; slot < t->slots; slot++)
        if (counts[slot] > 0) put_mark(sheet, t, row, slot, counts[slot]);
}

/* ---- what lasts */

struct stretch {
    int64_t from, to;
};

static int by_begin(const void *a, const void *b)
{
    int64_t x = ((const struct stretch *)a)->from, y = ((const struct stretch *)b)->from;
    return (x > y) - (x < y);
}

/* Of a lane, joined where they meet, cut at the edges. */
static size_t gather(const struct timeline *t, const struct row *row, struct stretch *out)
{
    size_t count = 0, joined = 0;
    int64_t end = t->from + t->slots * t->step_s;
    for (size_t i = 0; i < t->drawn->count; i++) {
        struct stretch s;
        if (!is_of(t->drawn->record[i], row) || !drawn_times(t->drawn->record[i], &s.from, &s.to)) continue;
        bool open = strcmp(row->lane->kind, "area") == 0 && s.to <= s.from; /* until it is drawn anew */
        if (open || s.to > end) s.to = end;
        if (s.from < t->from) s.from = t->from;
        if (s.from < end) out[count++] = s;
    }
    if (count > 1) qsort(out, count, sizeof *out, by_begin);
    for (size_t i = 1; i < count; i++) {
        if (out[i].from <= out[joined].to)
            out[joined].to = out[i].to > out[joined].to ? out[i].to : out[joined].to;
        else
            out[++joined] = out[i];
    }
    return count == 0 ? 0 : joined + 1;
}

static int64_t units_at(const struct timeline *t, int64_t seconds)
{
    return (seconds - t->from) * UNIT / t->step_s;
}

static void put_bars(struct sheet *sheet, const struct timeline *t, int64_t row)
{
    struct html *html = &sheet->html;
    struct stretch *stretches = calloc(t->drawn->count + 1, sizeof *stretches);
    size_t count = stretches == NULL ? 0 : gather(t, &t->row[row], stretches);
    for (size_t i = 0; i < count; i++) {
        int64_t from = units_at(t, stretches[i].from), to = units_at(t, stretches[i].to);
        char label[2 * TIME_TEXT_SIZE + 8], a[TIME_TEXT_SIZE], b[TIME_TEXT_SIZE];
        time_format(stretches[i].from, a), time_format(stretches[i].to, b);
        snprintf(label, sizeof label, "%s – %s", a, b);
        if (to < from + 2) to = from + 2;
        html_begin(html, TAG_G);
        put_title(sheet, label);
        put_field(sheet, words_arabic() ? across(t, to) : from, (row + 2) * UNIT + 5, to - from, 10, "bar");
        html_end(html, TAG_G);
    }
    free(stretches);
}

static void put_drawing(struct sheet *sheet, const struct timeline *t)
{
    struct html *html = &sheet->html;
    char box[64], em[24];
    int64_t width = t->slots * UNIT, height = (t->rows + 2) * UNIT;
    html_begin(html, TAG_SVG);
    html_set(html, ATTR_ROLE, "group");
    html_set(html, ATTR_ARIA_LABELLEDBY, "timeline");
    snprintf(box, sizeof box, "0 0 %" PRId64 " %" PRId64, width, height);
    html_set(html, ATTR_VIEWBOX, box);
    snprintf(em, sizeof em, "%" PRId64 "em", width / 10);
    html_set(html, ATTR_WIDTH, em);
    snprintf(em, sizeof em, "%" PRId64 "em", height / 10);
    html_set(html, ATTR_HEIGHT, em);
    for (int64_t row = 0; row < t->rows; row++)
        put_field(sheet, 0, (row + 2) * UNIT, width, UNIT, row % 2 == 0 ? "lane" : "lane odd");
    put_days(sheet, t);
    for (int64_t row = 0; row < t->rows; row++)
        if (t->row[row].lane->lasts)
            put_bars(sheet, t, row);
        else
            put_marks(sheet, t, row);
    html_end(html, TAG_SVG);
}

/* The names of the lanes; each opens its records. */
static void put_names(struct sheet *sheet, const struct json *answer, const struct timeline *t)
{
    static const char *const without[] = {"kind", "lang", "f", NULL};
    sheet_begin(sheet, TAG_UL, "lanes");
    for (int64_t row = 0; row < t->rows; row++) {
        OWN(address_clear) struct address address;
        address_again(&address, "/map", sheet->page->query, without);
        address_ask(&address, "kind", slice_from(t->row[row].lane->kind));
        html_begin(&sheet->html, TAG_LI);
        html_begin(&sheet->html, TAG_A);
        html_address(&sheet->html, ATTR_HREF, &address);
        html_words(&sheet->html, words_label(LABEL_KIND, t->row[row].lane->kind));
        if (t->row[row].place.size > 0) {
            html_words(&sheet->html, TR(": "));
            map_named(sheet, answer, t->row[row].place);
        }
        html_end(&sheet->html, TAG_A);
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
}

void timeline_put(struct sheet *sheet, const struct json *answer, const struct drawn *drawn)
{
    struct html *html = &sheet->html;
    struct timeline t = {.drawn = drawn, .slots = 0};
    measure(&t);
    find_rows(&t);
    if (t.slots == 0 || t.rows == 0) return;
    html_begin(html, TAG_H2);
    html_set(html, ATTR_ID, "timeline");
    html_words(html, TR("Timeline"));
    html_end(html, TAG_H2);
    html_words_in(html, TAG_P, "quiet",
                  t.step_s == DAY_S ? TR("Days in UTC. A number opens the records of its day; a day's own opens all.")
                                    : TR("Several days together, in UTC, by the first of them. A number opens its "
                                         "records; a day's own opens all."));
    sheet_begin(sheet, TAG_DIV, "timeline");
    put_names(sheet, answer, &t);
    sheet_begin(sheet, TAG_DIV, "days-by");
    html_set(html, ATTR_TABINDEX, "0");
    html_set(html, ATTR_ROLE, "region");
    html_set(html, ATTR_ARIA_LABELLEDBY, "timeline");
    html_set(html, ATTR_DIR, words_arabic() ? "rtl" : "ltr");
    put_drawing(sheet, &t);
    html_end(html, TAG_DIV);
    html_end(html, TAG_DIV);
    html_words_in(html, TAG_P, "quiet brush-help",
                  TR("Several days: drag over them, or Shift with the arrow keys on a day, then Enter."));
}
