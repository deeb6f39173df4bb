#include "cli/table.h"

#include "cli/wrap.h"
#include "text/utf8.h"

enum { GAP = 2, TABLE_BYTES_MOST = 512 * 1024 * 1024 };

void table_open(struct table *table, const struct table_column *columns, size_t count, bool isolate)
{
    *table = (struct table){.columns = columns, .count = count, .isolate = isolate};
    arena_init(&table->arena, TABLE_BYTES_MOST);
}

void table_close(struct table *table)
{
    arena_clear(&table->arena);
}

void table_row(struct table *table, const struct slice *cells)
{
    struct table_row *row = arena_get(&table->arena, sizeof *row);
    if (row == NULL) {
        table->full = true;
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        row->cell[i] = arena_copy(&table->arena, cells[i]);
        if (row->cell[i].size != cells[i].size) table->full = true;
    }
    if (table->last == NULL)
        table->first = row;
    else
        table->last->next = row;
    table->last = row;
}

/* Natural widths, then the widest column that may shrink gives way until all fit. */
static void lay_out(const struct table *table, size_t width, size_t widths[TABLE_COLUMNS_MOST])
{
    size_t total = 0;
    for (size_t i = 0; i < table->count; i++) {
        widths[i] = text_columns(slice_from(table->columns[i].title));
        for (const struct table_row *row = table->first; row != NULL; row = row->next) {
            size_t columns = text_columns(row->cell[i]);
            if (columns > widths[i]) widths[i] = columns;
        }
        total += widths[i] + (i > 0 ? GAP : 0);
    }
    while (total > width) {
        size_t widest = table->count;
        for (size_t i = 0; i < table->count; i++)
            if (table->columns[i].least > 0 && widths[i] > table->columns[i].least &&
                (widest == table->count || widths[i] > widths[widest]))
                widest = i;
        if (widest == table->count) return;
        size_t room = widths[widest] - table->columns[widest].least, over = total - width;
        size_t give = over < room ? over : room;
        if (give > 8) give = 8; /* in steps, so that two wide columns shrink together */
        widths[widest] -= give;
        total -= give;
    }
}

static void put_cell(const struct table *table, struct buffer *out, struct slice text, size_t i, size_t width)
{
    size_t columns = text_columns(text), pad = columns < width ? width - columns : 0;
    bool last = i + 1 == table->count;
    if (table->columns[i].right) wrap_spaces(out, pad);
    if (table->isolate && text.size > 0) buffer_put_string(out, "\u2068");
    buffer_put(out, text);
    if (table->isolate && text.size > 0) buffer_put_string(out, "\u2069");
    if (!last) wrap_spaces(out, (table->columns[i].right ? 0 : pad) + GAP);
}

static void trim(struct buffer *out)
{
    while (out->size > 0 && out->data[out->size - 1] == ' ') out->size--;
}

static void put_row(const struct table *table, struct buffer *out, const struct slice *cells, const size_t *widths)
{
    struct slice rest[TABLE_COLUMNS_MOST];
    memcpy(rest, cells, sizeof rest);
    for (bool first = true, more = true; more; first = false) {
        more = false;
        for (size_t i = 0; i < table->count; i++) {
            struct slice line = {NULL, 0};
            OWN(buffer_clear) struct buffer cut = {0};
            if (table->columns[i].wrap) {
                if (!wrap_next(&rest[i], widths[i], &line)) line = (struct slice){NULL, 0};
                more = more || rest[i].size > 0;
            } else if (first) {
                wrap_cut(&cut, rest[i], widths[i]);
                line = buffer_slice(&cut);
            }
            put_cell(table, out, line, i, widths[i]);
        }
        trim(out);
        buffer_put_byte(out, '\n');
    }
}

void table_write(const struct table *table, struct buffer *out, size_t width, const char *bold, const char *plain)
{
    size_t widths[TABLE_COLUMNS_MOST] = {0};
    struct slice titles[TABLE_COLUMNS_MOST] = {{NULL, 0}};
    lay_out(table, width, widths);
    for (size_t i = 0; i < table->count; i++) titles[i] = slice_from(table->columns[i].title);
    buffer_put_string(out, bold);
    put_row(table, out, titles, widths);
    buffer_put_string(out, plain);
    for (const struct table_row *row = table->first; row != NULL; row = row->next)
        put_row(table, out, row->cell, widths);
}
