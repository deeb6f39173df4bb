/* Every table's contents in a fixed order, a row a line: what a rebuilt index is compared by. */
#include "index/database.h"

static const struct {
    const char *table;
    enum statement statement;
} tables[] = {
    {"state", STATEMENT_DUMP_STATE},
    {"entry", STATEMENT_DUMP_ENTRY},
    {"span", STATEMENT_DUMP_SPAN},
    {"head", STATEMENT_DUMP_HEAD},
    {"day", STATEMENT_DUMP_DAY},
    {"source", STATEMENT_DUMP_SOURCE},
    {"reference", STATEMENT_DUMP_REFERENCE},
    {"term", STATEMENT_DUMP_TERM},
    {"words", STATEMENT_DUMP_WORDS},
    {"point", STATEMENT_DUMP_POINT},
    {"extent", STATEMENT_DUMP_EXTENT},
    {"extent_box", STATEMENT_DUMP_EXTENT_BOX},
};

static void put_value(struct buffer *out, sqlite3_stmt *row, int column)
{
    static const char digits[] = "0123456789abcdef";
    struct slice bytes;
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL: buffer_put_byte(out, '-'); return;
    case SQLITE_INTEGER: buffer_print(out, "%lld", sqlite3_column_int64(row, column)); return;
    case SQLITE_BLOB:
        bytes = column_slice(row, column);
        for (size_t i = 0; i < bytes.size; i++) {
            buffer_put_byte(out, (uint8_t)digits[bytes.data[i] >> 4]);
            buffer_put_byte(out, (uint8_t)digits[bytes.data[i] & 15]);
        }
        return;
    default:
        buffer_put_byte(out, '"');
        buffer_put(out, column_slice(row, column));
        buffer_put_byte(out, '"');
    }
}

/* Rows are gathered in `text`, and where there is a hasher, given to it piece by piece. */
struct dumping {
    struct buffer *text;
    struct hasher *hasher;
};
enum { PIECE_BYTES = 65536 };

static void settle(struct dumping *dumping, size_t most)
{
    if (dumping->hasher == NULL || dumping->text->size <= most) return;
    hasher_add(dumping->hasher, buffer_slice(dumping->text));
    buffer_reset(dumping->text);
}

static enum status dump_table(struct index *index, enum statement which, struct dumping *dumping, struct error *error)
{
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(index, which, &statement, error));
    for (;;) {
        TRY(statement_step(index, statement, &row, error));
        if (!row) return STATUS_DONE;
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            if (i > 0) buffer_put_byte(dumping->text, ' ');
            put_value(dumping->text, statement, i);
        }
        buffer_put_byte(dumping->text, '\n');
        settle(dumping, PIECE_BYTES);
    }
}

static enum status dump(struct index *index, struct dumping *dumping, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        buffer_print(dumping->text, "# %s\n", tables[i].table);
        TRY(dump_table(index, tables[i].statement, dumping, error));
    }
    TRY(buffer_finish(dumping->text, error));
    settle(dumping, 0);
    return STATUS_DONE;
}

enum status index_dump(struct index *index, struct buffer *out, struct error *error)
{
    return dump(index, &(struct dumping){.text = out}, error);
}

enum status index_digest(struct index *index, struct hash *out, struct error *error)
{
    OWN(buffer_clear) struct buffer piece = {0};
    struct dumping dumping = {.text = &piece, .hasher = hasher_open()};
    enum status status = dump(index, &dumping, error);
    struct hash digest = hasher_close(&dumping.hasher);
    if (status == STATUS_DONE) *out = digest;
    return status;
}
