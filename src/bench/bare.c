#include "bench/bare.h"

#include "bench/measure.h"
#include "index/database.h"
#include "index/words.h"
#include "record/record.h"
#include "register/register.h"

/* A row is kept as: statement, number of values, and each value as its type and bytes. */
struct value {
    uint8_t type; /* SQLITE_INTEGER, SQLITE_TEXT, SQLITE_BLOB */
    int64_t number;
    struct slice bytes;
};

static void put_value(struct buffer *out, struct value value)
{
    uint64_t size = value.bytes.size;
    buffer_put_byte(out, value.type);
    if (value.type == SQLITE_INTEGER) {
        buffer_put(out, slice_of(&value.number, sizeof value.number));
        return;
    }
    buffer_put(out, slice_of(&size, sizeof size));
    buffer_put(out, value.bytes);
}

static struct value get_value(struct slice *rest)
{
    struct value value = {.type = rest->data[0]};
    uint64_t size = 0;
    if (value.type == SQLITE_INTEGER)
        memcpy(&value.number, rest->data + 1, sizeof value.number);
    else
        memcpy(&size, rest->data + 1, sizeof size);
    value.bytes = slice_part(*rest, 9, (size_t)size);
    *rest = slice_part(*rest, 9 + (size_t)size, SIZE_MAX);
    return value;
}

void bare_clear(struct bare_rows *rows)
{
    buffer_clear(&rows->rows);
    buffer_clear(&rows->ends);
    rows->count = 0;
}

/* ---- reading them out */

/* Each gives the entry first, then what its statement binds; in the order of the entries. */
static const struct source {
    enum statement statement;
    const char *sql;
} sources[] = {
    {STATEMENT_ADD_ENTRY, "SELECT entry,* FROM entry WHERE entry>=?1 ORDER BY entry"},
    {STATEMENT_ADD_SOURCE, "SELECT entry,* FROM source WHERE entry>=?1 ORDER BY entry"},
    {STATEMENT_ADD_REFERENCE, "SELECT entry,* FROM reference WHERE entry>=?1 ORDER BY entry"},
    {STATEMENT_ADD_TERM, "SELECT entry,* FROM term WHERE entry>=?1 ORDER BY entry"},
    {STATEMENT_ADD_POINT, "SELECT entry,* FROM point WHERE entry>=?1 ORDER BY entry"},
    {STATEMENT_ADD_EXTENT, "SELECT entry,entry,shape FROM extent WHERE entry>=?1 ORDER BY extent"},
    {STATEMENT_ADD_EXTENT_BOX,
     "SELECT x.entry,b.west,b.east,b.south,b.north FROM extent x JOIN extent_box b USING(extent)"
     " WHERE x.entry>=?1 ORDER BY x.extent"},
};

struct capture {
    struct index *index;
    sqlite3_stmt *cursor[COUNT_OF(sources)];
    bool row[COUNT_OF(sources)];
    struct arena arena;
    struct buffer words;
    struct words scratch;
};

static void capture_clear(struct capture *capture)
{
    for (size_t i = 0; i < COUNT_OF(sources); i++) sqlite3_finalize(capture->cursor[i]);
    index_close(&capture->index);
    arena_clear(&capture->arena);
    buffer_clear(&capture->words);
    words_clear(&capture->scratch);
}

static enum status open_cursors(struct capture *capture, uint64_t first, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        int code = sqlite3_prepare_v2(capture->index->database, sources[i].sql, -1, &capture->cursor[i], NULL);
        if (code != SQLITE_OK) return database_error(capture->index, code, error);
        bind_number(capture->cursor[i], 1, first);
        TRY(statement_step(capture->index, capture->cursor[i], &capture->row[i], error));
    }
    return STATUS_DONE;
}

static void put_row(struct buffer *out, enum statement statement, sqlite3_stmt *row)
{
    int count = sqlite3_column_count(row);
    buffer_put_byte(out, (uint8_t)statement);
    buffer_put_byte(out, (uint8_t)(count - 1));
    for (int i = 1; i < count; i++) {
        struct value value = {.type = (uint8_t)sqlite3_column_type(row, i)};
        if (value.type == SQLITE_INTEGER)
            value.number = sqlite3_column_int64(row, i);
        else
            value.bytes = column_slice(row, i);
        put_value(out, value);
    }
}

/* The text index keeps no text: what was put there is made again from the record. */
static enum status put_words(struct capture *capture, struct buffer *out, uint64_t entry, struct slice note,
                             struct error *error)
{
    struct record record;
    arena_reset(&capture->arena);
    buffer_reset(&capture->words);
    TRY(record_decode(&record, note, &capture->arena, error));
    TRY(words_of_record(&capture->words, &capture->scratch, record.body, error));
    if (capture->words.size == 0) return STATUS_DONE;
    buffer_put_byte(out, STATEMENT_ADD_WORDS);
    buffer_put_byte(out, 2);
    put_value(out, (struct value){.type = SQLITE_INTEGER, .number = (int64_t)entry});
    put_value(out, (struct value){.type = SQLITE_TEXT, .bytes = buffer_slice(&capture->words)});
    return STATUS_DONE;
}

static enum status capture_entry(struct capture *capture, struct bare_rows *out, uint64_t entry, struct slice note,
                                 struct error *error)
{
    uint64_t end;
    for (size_t i = 0; i < COUNT_OF(sources); i++)
        while (capture->row[i] && (uint64_t)sqlite3_column_int64(capture->cursor[i], 0) == entry) {
            put_row(&out->rows, sources[i].statement, capture->cursor[i]);
            TRY(statement_step(capture->index, capture->cursor[i], &capture->row[i], error));
        }
    TRY(put_words(capture, &out->rows, entry, note, error));
    end = out->rows.size;
    buffer_put(&out->ends, slice_of(&end, sizeof end));
    out->count++;
    TRY(buffer_finish(&out->ends, error));
    return buffer_finish(&out->rows, error);
}

enum status bare_capture(struct bare_rows *out, const char *path, uint64_t first, const struct notes *notes,
                         size_t from, size_t count, struct error *error)
{
    OWN(capture_clear) struct capture capture = {.index = NULL};
    arena_init(&capture.arena, LIMIT_REQUEST_BYTES);
    TRY(index_open_read_only(&capture.index, path, error));
    TRY(open_cursors(&capture, first, error));
    for (size_t i = 0; i < count; i++) TRY(capture_entry(&capture, out, first + i, notes_at(notes, from + i), error));
    return STATUS_DONE;
}

/* ---- putting them in */

enum status bare_make(const char *path, struct error *error)
{
    struct index *index;
    TRY(index_open(&index, path, error));
    index_close(&index);
    return STATUS_DONE;
}

static enum status insert_entry(struct index *index, struct slice rows, struct error *error)
{
    while (rows.size > 0) {
        sqlite3_stmt *statement;
        int count = rows.data[1];
        TRY(statement_get(index, (enum statement)rows.data[0], &statement, error));
        rows = slice_part(rows, 2, SIZE_MAX);
        for (int i = 1; i <= count; i++) {
            struct value value = get_value(&rows);
            if (value.type == SQLITE_INTEGER)
                sqlite3_bind_int64(statement, i, value.number);
            else if (value.type == SQLITE_TEXT)
                bind_slice(statement, i, value.bytes);
            else
                bind_blob(statement, i, value.bytes);
        }
        TRY(statement_run(index, statement, error));
    }
    return STATUS_DONE;
}

static struct slice rows_of(const struct bare_rows *rows, size_t i)
{
    uint64_t from = 0, to;
    if (i > 0) memcpy(&from, rows->ends.data + (i - 1) * sizeof from, sizeof from);
    memcpy(&to, rows->ends.data + i * sizeof to, sizeof to);
    return slice_part(buffer_slice(&rows->rows), (size_t)from, (size_t)(to - from));
}

static enum status transact(struct index *index, enum statement which, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, which, &statement, error));
    return statement_run(index, statement, error);
}

static enum status insert_all(struct index *index, const struct bare_rows *rows, size_t from, size_t to,
                              struct error *error)
{
    for (size_t at = from; at < to; at += REGISTER_GROUP) {
        TRY(transact(index, STATEMENT_BEGIN, error));
        for (size_t i = at; i < at + REGISTER_GROUP && i < to; i++) TRY(insert_entry(index, rows_of(rows, i), error));
        TRY(transact(index, STATEMENT_COMMIT, error));
    }
    return STATUS_DONE;
}

enum status bare_insert(const struct bare_rows *rows, const char *path, size_t i, size_t count, double *seconds,
                        struct error *error)
{
    struct index *index;
    TRY(index_open(&index, path, error));
    double from = now_s();
    enum status status = insert_all(index, rows, i, i + count, error);
    *seconds = now_s() - from;
    index_close(&index);
    return status;
}
