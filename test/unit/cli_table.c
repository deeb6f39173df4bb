/* Tables and wrapped text: measured in columns, in both scripts, at every width. */
#include "check.h"

#include "cli/progress.h"
#include "cli/table.h"
#include "cli/wrap.h"
#include "text/utf8.h"

static const struct table_column columns[] = {
    {.title = "No.", .right = true},
    {.title = "Kind", .least = 6},
    {.title = "Text", .least = 8, .wrap = true},
};

static void fill(struct table *table, bool isolate)
{
    table_open(table, columns, COUNT_OF(columns), isolate);
    table_row(table, (struct slice[]){slice_from("7"), slice_from("تقرير رصد"),
                                      slice_from("شاحنتان عند نقطة التفتيش منذ الصباح، ولم يُسمح لهما بالمرور")});
    table_row(table, (struct slice[]){slice_from("12345"), slice_from("acknowledgement"), slice_from("short")});
    table_row(table, (struct slice[]){slice_from("8"), slice_from(""), slice_from("")});
}

static size_t widest(struct slice text)
{
    struct slice line;
    size_t most = 0;
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end == NULL ? text.size : (size_t)(end - text.data);
        line = slice_part(text, 0, size);
        if (text_columns(line) > most) most = text_columns(line);
        text = slice_part(text, size + 1, text.size);
    }
    return most;
}

static void fits(void)
{
    for (size_t width = 24; width <= 120; width++) {
        for (int isolate = 0; isolate <= 1; isolate++) {
            OWN(buffer_clear) struct buffer out = {0};
            struct table table;
            size_t bad;
            fill(&table, isolate == 1);
            table_write(&table, &out, width, "", "");
            CHECK(widest(buffer_slice(&out)) <= width);
            CHECK(utf8_valid(buffer_slice(&out), &bad));
            table_close(&table);
        }
    }
}

static void looks(void)
{
    OWN(buffer_clear) struct buffer out = {0};
    struct table table;
    table_open(&table, columns, COUNT_OF(columns), false);
    table_row(&table,
              (struct slice[]){slice_from("7"), slice_from("acknowledgement"), slice_from("one two three four")});
    table_row(&table, (struct slice[]){slice_from("12"), slice_from("إخطار"), slice_from("x")});
    table_write(&table, &out, 30, "", "");
    buffer_put_byte(&out, '\0');
    CHECK_STRING((const char *)out.data, "No.  Kind           Text\n"
                                         "  7  acknowledgem…  one two\n"
                                         "                    three four\n"
                                         " 12  إخطار          x\n");
    table_close(&table);
}

static void isolates_each_cell(void)
{
    OWN(buffer_clear) struct buffer out = {0};
    struct table table;
    table_open(&table, columns, COUNT_OF(columns), true);
    table_row(&table, (struct slice[]){slice_from("7"), slice_from("إخطار"), slice_from("abc")});
    table_write(&table, &out, 80, "", "");
    buffer_put_byte(&out, '\0');
    CHECK(strstr((const char *)out.data, "\u2068إخطار\u2069  \u2068abc\u2069\n") != NULL);
    table_close(&table);
}

static void wraps(void)
{
    struct slice rest = slice_from("alpha beta  gamma\ndelta-delta-delta"), line;
    CHECK(wrap_next(&rest, 10, &line) && slice_is(line, "alpha beta"));
    CHECK(wrap_next(&rest, 10, &line) && slice_is(line, " gamma"));
    CHECK(wrap_next(&rest, 10, &line) && slice_is(line, "delta-delt"));
    CHECK(wrap_next(&rest, 10, &line) && slice_is(line, "a-delta"));
    CHECK(!wrap_next(&rest, 10, &line));
    rest = slice_from("سلام");
    CHECK(wrap_next(&rest, 0, &line) && slice_is(line, "س")); /* always gets on */
}

static void cuts(void)
{
    OWN(buffer_clear) struct buffer out = {0};
    wrap_cut(&out, slice_from("وقف إطلاق النار"), 9);
    CHECK_INT(text_columns(buffer_slice(&out)), 9);
    buffer_reset(&out);
    wrap_cut(&out, slice_from("fits"), 4);
    CHECK(slice_is(buffer_slice(&out), "fits"));
}

static void bars(void)
{
    OWN(buffer_clear) struct buffer out = {0};
    progress_draw(&out, "Verifying", 1200, 2400);
    CHECK(slice_is(buffer_slice(&out), "Verifying [############............] 50% 1200/2400"));
    buffer_reset(&out);
    progress_draw(&out, "Verifying", UINT64_MAX, UINT64_MAX);
    CHECK(text_columns(buffer_slice(&out)) <= 90);
    buffer_reset(&out);
    progress_draw(&out, "Verifying", 7, 0);
    CHECK(slice_is(buffer_slice(&out), "Verifying 7"));
}

TESTS(fits, looks, isolates_each_cell, wraps, cuts, bars)
