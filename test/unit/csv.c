#include "base/buffer.h"
#include "check.h"
#include "exchange/csv.h"
#include <unistd.h>

/* Reads all of `text`: fields joined by '|', rows ended by ';', a refused row as "!code@line:…;". */
static void read_all(struct buffer *out, struct slice text)
{
    struct csv *csv = NULL;
    struct error error = {0};
    CHECK(csv_open_slice(&csv, text, &error) == STATUS_DONE);
    for (;;) {
        struct csv_row row = {0};
        bool found = false;
        enum status status = csv_next(csv, &row, &found, &error);
        if (status == STATUS_REFUSED) {
            char said[256];
            error_format(&error, NULL, said, sizeof said);
            buffer_print(out, "!%s %.*s;", error.code, (int)strcspn(said, ":"), said);
            continue;
        }
        if (!CHECK(status == STATUS_DONE) || !found) break;
        buffer_print(out, "%d:", (int)row.line);
        for (size_t i = 0; i < row.count; i++) {
            if (i > 0) buffer_put_byte(out, '|');
            buffer_put(out, row.field[i]);
        }
        buffer_put_byte(out, ';');
    }
    csv_close(&csv);
    buffer_put_byte(out, 0);
}

static void rows_are_cut_as_written(void)
{
    static const struct {
        const char *text, *rows;
    } good[] = {
        {"", ""},
        {"a", "1:a;"},
        {"a,b\r\nc,d\r\n", "1:a|b;2:c|d;"},
        {"a,b\nc,d\n", "1:a|b;2:c|d;"},
        {"\xef\xbb\xbf"
         "a,b\n",
         "1:a|b;"},
        {",\n", "1:|;"},
        {"\n", "1:;"},
        {"\"a\",\"\"\n", "1:a|;"},
        {"\"a,b\",c\n", "1:a,b|c;"},
        {"\"he said \"\"no\"\"\",x\n", "1:he said \"no\"|x;"},
        {"\"\"\"\"\n", "1:\";"},
        {"\"two\r\nlines\",x\r\nnext,y\r\n", "1:two\r\nlines|x;3:next|y;"},
        {"\"\xd8\xad\xd9\x84\xd8\xa8\"\n", "1:\xd8\xad\xd9\x84\xd8\xa8;"},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        OWN(buffer_clear) struct buffer out = {0};
        read_all(&out, slice_from(good[i].text));
        CHECK_STRING((const char *)out.data, good[i].rows);
    }
}

static void broken_rows_are_refused_and_none_is_lost(void)
{
    static const struct {
        const char *text, *rows;
    } bad[] = {
        {"a\"b,c\nd\n", "!csv-quote Line 1, column 2;2:d;"},
        {"\"a\"b,c\nd\n", "!csv-quote Line 1, column 4;2:d;"},
        {"a,\"open\nb\nc\n", "!csv-quote Line 1, column 3;2:b;3:c;"},
        {"x\n\"\xd8\xad\" ,y\nd", "1:x;!csv-quote Line 2, column 4;3:d;"},
        {"a\rb\nc\n", "!csv-line-end Line 1, column 2;2:c;"},
        {"a\r", "!csv-line-end Line 1, column 2;"},
        {"a,\xff\nb\n", "!csv-utf8 Line 1, column 3;2:b;"},
        {"\"two\nlines\" bad\nlast\n", "!csv-quote Line 2, column 7;!csv-quote Line 2, column 6;3:last;"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        OWN(buffer_clear) struct buffer out = {0};
        read_all(&out, slice_from(bad[i].text));
        CHECK_STRING((const char *)out.data, bad[i].rows);
    }
}

static void limits_are_refusals(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    OWN(buffer_clear) struct buffer out = {0};
    for (size_t i = 0; i < 3 * (size_t)CSV_ROW_BYTES; i++) buffer_put_byte(&text, 'x');
    buffer_put_string(&text, "\nnext\n");
    for (size_t i = 0; i < CSV_FIELDS; i++) buffer_put_byte(&text, ',');
    buffer_put_string(&text, "\nlast");
    read_all(&out, buffer_slice(&text));
    CHECK_STRING((const char *)out.data,
                 "!csv-limit Line 1, column 1048577;2:next;!csv-limit Line 3, column 513;4:last;");
}

/* A row of every length around the window's edges, plain and quoted, comes out whole. */
static void rows_cross_the_window(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    static const size_t lengths[] = {1,      65530,  65533,  65534,  65535,   65536,   65537, 131070,
                                     131071, 131072, 200000, 524288, 1048000, 1048570, 3};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        if (i % 2 == 1) buffer_put_byte(&text, '"');
        for (size_t k = 0; k < lengths[i]; k++)
            buffer_put_string(&text, i % 2 == 0 ? "x" : k % 7 != 3 ? "\n" : k + 2 < lengths[i] ? (k++, "\"\"") : "y");
        buffer_put_string(&text, i % 2 == 1 ? "\"\r\n" : "\r\n");
    }
    struct csv *csv = NULL;
    struct error error = {0};
    CHECK(csv_open_slice(&csv, buffer_slice(&text), &error) == STATUS_DONE);
    struct csv_row row;
    bool found;
    uint64_t behind = 0;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        if (!CHECK(csv_next(csv, &row, &found, &error) == STATUS_DONE) || !CHECK(found)) break;
        CHECK_INT(row.offset, behind);
        CHECK_INT(row.count, 1);
        if (i % 2 == 0) CHECK_INT(row.field[0].size, lengths[i]);
        CHECK(slice_equal(row.bytes, slice_part(buffer_slice(&text), behind, row.bytes.size)));
        behind += row.bytes.size + 2;
    }
    CHECK(csv_next(csv, &row, &found, &error) == STATUS_DONE && !found);
    CHECK_INT(behind, text.size);
    csv_close(&csv);
}

static void files_are_read_through_the_system(void)
{
    struct csv *csv = NULL;
    struct csv_row row;
    struct error error = {0};
    bool found = false;
    CHECK(csv_open(&csv, &system_real, "/nonexistent/rows.csv", &error) == STATUS_FAILED && csv == NULL);
    char path[] = "/tmp/truce-csv-XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0 && write(file, "a,b\n1,2\n", 8) == 8 && close(file) == 0);
    CHECK(csv_open(&csv, &system_real, path, &error) == STATUS_DONE);
    CHECK(csv_next(csv, &row, &found, &error) == STATUS_DONE && found && row.count == 2);
    CHECK(csv_next(csv, &row, &found, &error) == STATUS_DONE && found && slice_is(row.field[1], "2"));
    CHECK_INT(row.line, 2);
    CHECK_INT(row.offset, 4);
    CHECK(csv_next(csv, &row, &found, &error) == STATUS_DONE && !found);
    csv_close(&csv);
    unlink(path);
}

TESTS(rows_are_cut_as_written, broken_rows_are_refused_and_none_is_lost, limits_are_refusals, rows_cross_the_window,
      files_are_read_through_the_system)
