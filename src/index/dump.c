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
    {"course", STATEMENT_DUMP_COURSE},
    {"words", STATEMENT_DUMP_WORDS},
    {"point", STATEMENT_DUMP_POINT},
    {"extent", STATEMENT_DUMP_EXTENT},
    {"extent_box", STATEMENT_DUMP_EXTENT_BOX},
};

/* Most of what a dump holds are numbers. */
static void put_number(struct buffer *out, int64_t number)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do digits[--at] = (uint8_t)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0) digits[--at] = '-';
    buffer_put(out, slice_of(digits + at, sizeof digits - at));
}

static void put_value(struct buffer *out, sqlite3_stmt *row, int column)
{
    static const char digits[] = "0123456789abcdef";
    struct slice bytes;
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL: buffer_put_byte(out, '-'); return;
    case SQLITE_INTEGER: put_number(out, sqlite3_column_int64(row, column)); return;
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

/* The entries of one term stand in order, whatever segments they came from: a dump that did not would not be one. */
static bool word_follows(sqlite3_stmt *row, struct buffer *term, int64_t *doc)
{
    struct slice now = column_slice(row, 0);
    int64_t at = sqlite3_column_int64(row, 1);
    bool same = slice_equal(buffer_slice(term), now), follows = !same || at > *doc;
    *doc = at;
    if (same) return follows;
    buffer_reset(term);
    buffer_put(term, now);
    return true;
}

static enum status dump_table(struct index *index, enum statement which, struct dumping *dumping, struct error *error)
{
    OWN(buffer_clear) struct buffer term = {0};
    int64_t doc = -1;
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(index, which, &statement, error));
    for (;;) {
        TRY(statement_step(index, statement, &row, error));
        if (!row) return STATUS_DONE;
        if (which == STATEMENT_DUMP_WORDS && !word_follows(statement, &term, &doc))
            return database_error(index, SQLITE_CORRUPT, error);
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
