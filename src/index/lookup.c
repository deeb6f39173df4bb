/* Looking up one thing by its name. */
#include "index/database.h"

static void read_hash(struct hash *out, sqlite3_stmt *statement, int column)
{
    struct slice stored = column_slice(statement, column);
    memset(out, 0, sizeof *out);
    if (stored.size == HASH_BYTES) memcpy(out->bytes, stored.data, HASH_BYTES);
}

/* The same text may stand twice if a host slipped it in before it was admitted: then the valid one is meant. */
enum status index_find_id(struct index *index, const struct record_id *id, bool *found, uint64_t *entry, bool *is_void,
                          struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ID, &statement, error));
    bind_blob(statement, 1, slice_of(id->hash.bytes, HASH_BYTES));
    TRY(statement_step(index, statement, found, error));
    if (*found) *entry = (uint64_t)sqlite3_column_int64(statement, 0);
    *is_void = *found && sqlite3_column_int(statement, 1) != 0;
    sqlite3_reset(statement);
    return STATUS_DONE;
}

/* The lowest and highest hash that begin with these digits. */
static bool prefix_range(struct hash *low, struct hash *high, struct slice prefix)
{
    char text[HASH_HEX_SIZE - 1];
    if (prefix.size < 8 || prefix.size > sizeof text) return false;
    memset(text, '0', sizeof text);
    memcpy(text, prefix.data, prefix.size);
    if (!hash_parse(low, slice_of(text, sizeof text))) return false;
    memset(text + prefix.size, 'f', sizeof text - prefix.size);
    return hash_parse(high, slice_of(text, sizeof text));
}

enum status index_find_prefix(struct index *index, struct slice prefix, bool *found, uint64_t *entry, bool *is_void,
                              struct error *error)
{
    struct hash low, high;
    struct record_id id;
    if (!prefix_range(&low, &high, prefix))
        return error_set(error, STATUS_USAGE, "index-prefix",
                         "\"{0}\" is not the beginning of an id: type 8 to 64 of the digits 0-9 and a-f.",
                         error_slice(prefix).text, NULL);
    if (prefix.size == 2 * HASH_BYTES)
        return index_find_id(index, &(struct record_id){low}, found, entry, is_void, error);
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_PREFIX, &statement, error));
    bind_blob(statement, 1, slice_of(low.bytes, HASH_BYTES));
    bind_blob(statement, 2, slice_of(high.bytes, HASH_BYTES));
    bool more = false;
    TRY(statement_step(index, statement, found, error));
    if (!*found) return STATUS_DONE;
    read_hash(&id.hash, statement, 0);
    TRY(statement_step(index, statement, &more, error));
    sqlite3_reset(statement);
    if (more)
        return error_set(error, STATUS_USAGE, "index-ambiguous", "More than one id begins with {0}: type more of it.",
                         error_slice(prefix).text, NULL);
    return index_find_id(index, &id, found, entry, is_void, error);
}

enum status index_find_head(struct index *index, struct slice by, uint32_t key_id, bool *found, int64_t *seq,
                            struct record_id *id, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_HEAD, &statement, error));
    bind_slice(statement, 1, by);
    sqlite3_bind_int64(statement, 2, (int64_t)key_id);
    TRY(statement_step(index, statement, found, error));
    if (!*found) return STATUS_DONE;
    *seq = sqlite3_column_int64(statement, 0);
    read_hash(&id->hash, statement, 1);
    sqlite3_reset(statement);
    return STATUS_DONE;
}

enum status index_find_source(struct index *index, struct slice by, struct slice name, struct slice row, bool *found,
                              uint64_t *entry, struct record_id *id, struct hash *row_sha256, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_SOURCE, &statement, error));
    bind_slice(statement, 1, by);
    bind_slice(statement, 2, name);
    bind_slice(statement, 3, row);
    TRY(statement_step(index, statement, found, error));
    if (!*found) return STATUS_DONE;
    *entry = (uint64_t)sqlite3_column_int64(statement, 0);
    read_hash(&id->hash, statement, 1);
    read_hash(row_sha256, statement, 2);
    sqlite3_reset(statement);
    return STATUS_DONE;
}

enum status index_count_day(struct index *index, struct slice by, int64_t day, uint64_t *count, struct error *error)
{
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(index, STATEMENT_DAY, &statement, error));
    bind_slice(statement, 1, by);
    sqlite3_bind_int64(statement, 2, day);
    TRY(statement_step(index, statement, &row, error));
    *count = row ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return STATUS_DONE;
}

enum status index_find_course(struct index *index, uint64_t entry, bool *found, uint64_t *first, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_COURSE, &statement, error));
    bind_number(statement, 1, entry);
    TRY(statement_step(index, statement, found, error));
    if (*found) *first = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return STATUS_DONE;
}

static enum status read_entries(struct index *index, sqlite3_stmt *statement, uint64_t *out, size_t most, size_t *count,
                                struct error *error)
{
    bool row = true;
    *count = 0;
    while (row && *count < most) {
        TRY(statement_step(index, statement, &row, error));
        if (row) out[(*count)++] = (uint64_t)sqlite3_column_int64(statement, 0);
    }
    sqlite3_reset(statement);
    return STATUS_DONE;
}

enum status index_courses(struct index *index, struct slice kind, uint64_t after, uint64_t known, uint64_t *out,
                          size_t most, size_t *count, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_COURSES, &statement, error));
    bind_number(statement, 1, after);
    bind_number(statement, 2, known);
    bind_slice(statement, 3, kind);
    bind_number(statement, 4, most);
    return read_entries(index, statement, out, most, count, error);
}

enum status index_course(struct index *index, uint64_t first, uint64_t known, uint64_t *out, size_t most, size_t *count,
                         struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_COURSE_LAST, &statement, error));
    bind_number(statement, 1, first);
    bind_number(statement, 2, known);
    bind_number(statement, 3, most);
    TRY(read_entries(index, statement, out, most, count, error));
    for (size_t i = 0; i < *count / 2; i++) {
        uint64_t swap = out[i];
        out[i] = out[*count - 1 - i];
        out[*count - 1 - i] = swap;
    }
    return STATUS_DONE;
}

enum status index_next_void(struct index *index, uint64_t from, uint64_t *entry, struct error *error)
{
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(index, STATEMENT_NEXT_VOID, &statement, error));
    bind_number(statement, 1, from);
    TRY(statement_step(index, statement, &row, error));
    *entry = row ? (uint64_t)sqlite3_column_int64(statement, 0) : UINT64_MAX;
    sqlite3_reset(statement);
    return STATUS_DONE;
}

/* An entry that was applied and left no row was no record. */
enum status index_is_void(struct index *index, uint64_t entry, bool *is_void, struct error *error)
{
    sqlite3_stmt *statement;
    struct hash root;
    uint64_t size;
    bool row;
    TRY(statement_get(index, STATEMENT_VOID, &statement, error));
    bind_number(statement, 1, entry);
    TRY(statement_step(index, statement, &row, error));
    *is_void = !row || sqlite3_column_int(statement, 0) != 0;
    sqlite3_reset(statement);
    if (row) return STATUS_DONE;
    TRY(index_applied(index, &size, &root, error));
    if (entry < size || (index->in_transaction && entry < index->applied)) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "index-order", "Entry {0} is not in the index.",
                     error_number((int64_t)entry).text, NULL);
}
