/* The source of statements as it was given, with marks: who speaks, what is said, whom it is about. */
#include "page/intake.h"

#include <stdio.h>
#include <stdlib.h>

/* What a byte of the source is part of. A later statement's claim stands over an earlier one's, words over names. */
enum part { PART_NONE, PART_SPEAKER, PART_TARGET, PART_REPORTED, PART_DIRECT };
struct paint {
    uint32_t number; /* from 1; 0: nobody's */
    enum part part;
};

struct mark {
    size_t at, number;
};

static void paint(struct paint *on, size_t size, const struct json *statement, const char *const names[2],
                  struct paint with)
{
    int64_t from = json_find_integer(statement, names[0], -1), to = json_find_integer(statement, names[1], -1);
    if (from < 0 || to < from || (uint64_t)to > size) return;
    for (int64_t i = from; i < to; i++)
        if (on[i].part <= PART_TARGET || with.part > PART_TARGET) on[i] = with;
}

static void paint_all(const struct intake *in, struct paint *on)
{
    static const char *const content[] = {"content_start", "content_end"}, *const speaker[] = {"start", "end"},
                             *const target[] = {"target_start", "target_end"};
    size_t size = in->what->shown.size;
    for (size_t i = 0; i < in->what->count; i++) {
        const struct json *statement = in->statement[i];
        uint32_t number = (uint32_t)i + 1;
        if (in->what->items[i].state == STATEMENT_REFUSED) continue;
        enum part said = json_find_bool(statement, "direct") ? PART_DIRECT : PART_REPORTED;
        paint(on, size, statement, speaker, (struct paint){number, PART_SPEAKER});
        paint(on, size, statement, target, (struct paint){number, PART_TARGET});
        paint(on, size, statement, content, (struct paint){number, said});
    }
}

static int by_place(const void *a, const void *b)
{
    const struct mark *one = a, *other = b;
    if (one->at != other->at) return one->at < other->at ? -1 : 1;
    return (one->number > other->number) - (one->number < other->number);
}

static size_t find_marks(const struct intake *in, struct mark *marks)
{
    size_t count = 0;
    for (size_t i = 0; i < in->what->count; i++) {
        int64_t at = json_find_integer(in->statement[i], "content_start", -1);
        if (in->what->items[i].state == STATEMENT_REFUSED || at < 0) continue;
        marks[count++] = (struct mark){(size_t)at, i + 1};
    }
    qsort(marks, count, sizeof *marks, by_place);
    return count;
}

/* ---- text */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Of a page: blanks are single, a break of lines among them stays, and what fills the place of markup is gone. */
static void put_squeezed(struct sheet *sheet, struct slice text)
{
    OWN(buffer_clear) struct buffer out = {0};
    for (size_t i = 0; i < text.size;) {
        struct slice rest = slice_part(text, i, 3);
        size_t blank = i;
        bool breaks = false;
        for (; blank < text.size && is_blank(text.data[blank]); blank++) breaks |= text.data[blank] == '\n';
        if (blank > i) {
            buffer_put_string(&out, breaks ? "\n" : " ");
            i = blank;
        } else if (slice_starts(rest, "\xd9\x80")) {
            i += 2;
        } else if (slice_starts(rest, "\xe2\x80\x8b")) {
            i += 3;
        } else {
            buffer_put_byte(&out, text.data[i++]);
        }
    }
    html_text(&sheet->html, buffer_slice(&out));
    if (out.failed) sheet->html.out->failed = true;
}

static void put_text(const struct intake *in, struct slice text)
{
    if (in->what->markup)
        put_squeezed(in->sheet, text);
    else
        html_text(&in->sheet->html, text);
}

static void put_part(const struct intake *in, struct slice text, enum part part)
{
    static const char *const classes[] = {
        [PART_SPEAKER] = "who", [PART_TARGET] = "whom", [PART_REPORTED] = "reported", [PART_DIRECT] = "direct"};
    enum html_tag tag = part > PART_TARGET ? TAG_MARK : TAG_SPAN;
    if (text.size == 0) return;
    if (part == PART_NONE) {
        put_text(in, text);
        return;
    }
    sheet_begin(in->sheet, tag, classes[part]);
    put_text(in, text);
    html_end(&in->sheet->html, tag);
}

/* Its number, which leads to its card. */
static void put_number(const struct intake *in, size_t number)
{
    struct html *html = &in->sheet->html;
    char digits[24], id[32];
    OWN(address_clear) struct address card;
    snprintf(digits, sizeof digits, "%zu", number);
    snprintf(id, sizeof id, "in-text-%zu", number);
    address_open(&card, "");
    address_place(&card, "statement-", slice_from(digits));
    sheet_begin(in->sheet, TAG_A, in->what->items[number - 1].state == STATEMENT_PROPOSED ? "nr" : "nr taken");
    html_set(html, ATTR_ID, id);
    html_address(html, ATTR_HREF, &card);
    html_set(html, ATTR_DIR, "ltr");
    html_words(html, digits);
    html_end(html, TAG_A);
}

static void put_source(const struct intake *in, const struct paint *on, const struct mark *marks, size_t count)
{
    struct slice text = in->what->shown;
    size_t next = 0;
    for (size_t from = 0, to; from < text.size; from = to) {
        while (next < count && marks[next].at <= from) put_number(in, marks[next++].number);
        size_t stop = next < count && marks[next].at < text.size ? marks[next].at : text.size;
        for (to = from + 1; to < stop && on[to].number == on[from].number && on[to].part == on[from].part;) to++;
        put_part(in, slice_part(text, from, to - from), on[from].part);
    }
}

enum status intake_source(const struct intake *in, struct error *error)
{
    struct html *html = &in->sheet->html;
    struct slice language = json_find_string(in->what->answer, "lang");
    struct paint *on = calloc(in->what->shown.size + 1, sizeof *on);
    struct mark *marks = calloc(in->what->count + 1, sizeof *marks);
    bool there = on != NULL && marks != NULL;
    if (there) {
        paint_all(in, on);
        size_t count = find_marks(in, marks);
        sheet_begin(in->sheet, TAG_DIV, "source");
        html_set_slice(html, ATTR_LANG, language);
        html_set(html, ATTR_DIR, slice_is(language, "ar") ? "rtl" : "ltr");
        put_source(in, on, marks, count);
        html_end(html, TAG_DIV);
    }
    free(on);
    free(marks);
    return there ? STATUS_DONE : arena_full(error);
}
