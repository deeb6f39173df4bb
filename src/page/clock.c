/* A continuity clock, told twice: as lines of shapes beside its clause, and day by day with words and records. */
#include "page/days.h"

#include "base/time.h"
#include <stdio.h>

/* The latest days are shown; the JSON has them all. */
enum { FIGURE_DAYS_MOST = 42, TABLE_DAYS_MOST = 400, IDS_MOST = 3 };

struct stamp {
    char text[TIME_TEXT_SIZE];
};

static struct stamp stamp_of(int64_t seconds)
{
    struct stamp stamp;
    time_format(seconds, stamp.text);
    return stamp;
}

static size_t first_shown(const struct days *days, size_t most)
{
    return days->rows > most ? days->rows - most : 0;
}

/* A breached day is a result like any other: the sentence that follows results stands with it. */
static void put_caution(struct sheet *sheet, const struct days *days, size_t first)
{
    for (size_t i = first; i < days->rows; i++)
        for (size_t r = 0; r < days->readings; r++)
            if (slice_is(json_find_string(days->row[i].span[r], "state"), "breached")) {
                sheet_not_a_finding(sheet);
                return;
            }
}

/* ---- the figure */

static void put_run(struct sheet *sheet, struct slice reading, const struct json *clock)
{
    const struct json *run = NULL, *runs = json_find(clock, "runs");
    OWN(buffer_clear) struct buffer sure = {0}, wanted = {0};
    for (const struct json *r = runs == NULL ? NULL : runs->first; r != NULL; r = r->next)
        if (slice_equal(r->key, reading)) run = r;
    words_duration(&sure, json_find_integer(run, "sure_s", 0));
    words_duration(&wanted, json_find_integer(clock, "held_s", 0));
    html_begin(&sheet->html, TAG_P);
    SAY(sheet, TR("Continuous under \"{0}\": {1} of {2}."), hole(HOLE_TEXT, tell_reading(sheet->agreement, reading)),
        hole(HOLE_WORDS, buffer_slice(&sure)), hole(HOLE_WORDS, buffer_slice(&wanted)));
    if (json_find(run, "reset_at") != NULL)
        SAY(sheet, TR(" Last reset: {0}, by record {1}."), hole(HOLE_TIME, json_find_string(run, "reset_at")),
            hole(HOLE_RECORD, json_find_string(run, "reset_by")));
    html_end(&sheet->html, TAG_P);
}

/* One day under one reading: a shape that opens what is told of it. */
static void put_day_link(struct sheet *sheet, const struct days_row *row, const struct json *span,
                         struct slice agreement, struct slice term)
{
    struct html *html = &sheet->html;
    struct slice state = json_find_string(span, "state");
    struct stamp from = stamp_of(row->from);
    OWN(address_clear) struct address why;
    why_address(&why, agreement, term);
    html_begin(html, TAG_LI);
    sheet_link_to(sheet, NULL, &why, "day-", slice_from(from.text));
    mark_put(html, LABEL_DAY, state);
    sheet_begin(sheet, TAG_SPAN, "heard"); /* the word, for whoever does not see the shape */
    SAY(sheet, "{0}: ", hole(HOLE_STAMP, slice_from(from.text)));
    sheet_label(sheet, LABEL_DAY, state);
    html_end(html, TAG_SPAN);
    sheet_link_end(sheet);
    html_end(html, TAG_LI);
}

static void put_strip(struct sheet *sheet, const struct days *days, size_t r, struct slice agreement, struct slice term)
{
    sheet_begin(sheet, TAG_OL, "strip");
    for (size_t i = first_shown(days, FIGURE_DAYS_MOST); i < days->rows; i++)
        put_day_link(sheet, &days->row[i], days->row[i].span[r], agreement, term);
    html_end(&sheet->html, TAG_OL);
}

void days_figure(struct sheet *sheet, struct slice agreement, struct slice term, const struct json *clock,
                 const struct json *readings)
{
    OWN(days_close) struct days days;
    days_open(&days, readings);
    if (days.rows == 0) return;
    struct stamp from = stamp_of(days.row[first_shown(&days, FIGURE_DAYS_MOST)].from),
                 to = stamp_of(days.row[days.rows - 1].to);
    sheet_begin(sheet, TAG_SECTION, "clock");
    SAY_P(sheet, "quiet", TR("Each shape is a day, from {0} to {1}; it opens what is told of that day."),
          hole(HOLE_TIME, slice_from(from.text)), hole(HOLE_TIME, slice_from(to.text)));
    for (size_t r = 0; r < days.readings; r++) {
        sheet_begin(sheet, TAG_DIV, "run");
        put_run(sheet, days.reading[r], clock);
        put_strip(sheet, &days, r, agreement, term);
        html_end(&sheet->html, TAG_DIV);
    }
    put_caution(sheet, &days, first_shown(&days, FIGURE_DAYS_MOST));
    mark_legend(sheet, LABEL_DAY);
    html_end(&sheet->html, TAG_SECTION);
}

/* ---- the table */

static void put_cell(struct sheet *sheet, struct slice reading, const struct json *span)
{
    struct html *html = &sheet->html;
    struct slice state = json_find_string(span, "state"), term = json_find_string(span, "term");
    const char *shape = mark_shape(LABEL_DAY, state);
    char hatch[32];
    snprintf(hatch, sizeof hatch, "day-%s", shape == NULL ? "none" : shape);
    sheet_begin(sheet, TAG_TD, hatch);
    sheet_begin(sheet, TAG_SPAN, "cell-head");
    SAY(sheet, "{0}: ", hole(HOLE_TEXT, tell_reading(sheet->agreement, reading)));
    html_end(html, TAG_SPAN);
    if (span != NULL) sheet_mark(sheet, LABEL_DAY, state, "result");
    if (term.size > 0 || json_find(span, "by") != NULL) {
        html_words(html, " ");
        sheet_begin(sheet, TAG_SPAN, "by");
        if (term.size > 0) SAY(sheet, "{0} ", hole(HOLE_CODE, term));
        sheet_ids(sheet, json_find(span, "by"), IDS_MOST);
        html_end(html, TAG_SPAN);
    }
    html_end(html, TAG_TD);
}

static void put_day(struct sheet *sheet, const struct days *days, size_t i)
{
    struct html *html = &sheet->html;
    struct stamp from = stamp_of(days->row[i].from), to = stamp_of(days->row[i].to);
    char id[TIME_TEXT_SIZE + 8];
    snprintf(id, sizeof id, "day-%s", from.text);
    html_begin(html, TAG_TR);
    html_set(html, ATTR_ID, id);
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    SAY(sheet, TR("{0} to {1}"), hole(HOLE_STAMP, slice_from(from.text)), hole(HOLE_STAMP, slice_from(to.text)));
    html_end(html, TAG_TH);
    for (size_t r = 0; r < days->readings; r++) put_cell(sheet, days->reading[r], days->row[i].span[r]);
    html_end(html, TAG_TR);
}

static void put_heads(struct sheet *sheet, const struct days *days)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_THEAD);
    html_begin(html, TAG_TR);
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "col");
    html_words(html, TR("Day"));
    html_end(html, TAG_TH);
    for (size_t r = 0; r < days->readings; r++) {
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        sheet_hole(sheet, hole(HOLE_TEXT, tell_reading(sheet->agreement, days->reading[r])));
        html_end(html, TAG_TH);
    }
    html_end(html, TAG_TR);
    html_end(html, TAG_THEAD);
}

void days_table(struct sheet *sheet, const struct json *readings)
{
    struct html *html = &sheet->html;
    OWN(days_close) struct days days;
    days_open(&days, readings);
    if (days.rows == 0) return;
    size_t first = first_shown(&days, TABLE_DAYS_MOST);
    sheet_heading(sheet, TAG_H2, TR("Day by day, reading by reading"));
    if (first > 0) {
        html_begin(html, TAG_P);
        html_words(html, TR("Earlier days are not shown here: "));
        sheet_count(sheet, NOUN_DAY, first);
        html_end(html, TAG_P);
    }
    mark_legend(sheet, LABEL_DAY);
    sheet_begin(sheet, TAG_TABLE, "days");
    put_heads(sheet, &days);
    html_begin(html, TAG_TBODY);
    for (size_t i = first; i < days.rows; i++) put_day(sheet, &days, i);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    put_caution(sheet, &days, first);
}
