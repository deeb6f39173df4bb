/* One entry into the tables. What an entry puts there depends on the entry alone and on entries before it, so that
 * rebuilding and adding one by one give the same contents.
 *
 * A void entry can be found and shown, but it moves no author's head, fills no quota and stands for no source row. */
#include "index/database.h"
#include "index/place.h"
#include "index/words.h"

enum status index_begin(struct index *index, struct error *error)
{
    sqlite3_stmt *statement;
    struct hash root;
    if (sqlite3_db_readonly(index->database, "main") == 1) return database_error(index, SQLITE_READONLY, error);
    TRY(statement_get(index, STATEMENT_BEGIN, &statement, error));
    TRY(statement_run(index, statement, error));
    index->in_transaction = true;
    index->advanced = index->half_added = false;
    enum status status = index_applied(index, &index->applied, &root, error); /* now that nobody else can move it */
    if (status != STATUS_DONE) index_rollback(index);
    return status;
}

enum status index_commit(struct index *index, const struct hash *root, struct error *error)
{
    sqlite3_stmt *statement;
    if (index->half_added) {
        index_rollback(index);
        return error_set(error, STATUS_USAGE, "index-order", "An entry could not be indexed; its group was taken back.",
                         NULL);
    }
    if (index->advanced) {
        TRY(statement_get(index, STATEMENT_SET_APPLIED, &statement, error));
        bind_number(statement, 1, index->applied);
        bind_blob(statement, 2, slice_of(root->bytes, HASH_BYTES));
        TRY(statement_run(index, statement, error));
    }
    TRY(statement_get(index, STATEMENT_COMMIT, &statement, error));
    TRY(statement_run(index, statement, error));
    index->in_transaction = false;
    return STATUS_DONE;
}

void index_rollback(struct index *index)
{
    sqlite3_stmt *statement;
    if (!index->in_transaction) return;
    index->in_transaction = false;
    /* If this fails the transaction is already gone, which is all that was asked for. */
    if (statement_get(index, STATEMENT_ROLLBACK, &statement, NULL) == STATUS_DONE) {
        sqlite3_step(statement);
        sqlite3_reset(statement);
    }
}

enum status index_read_begin(struct index *index, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_BEGIN_READ, &statement, error));
    return statement_run(index, statement, error);
}

void index_read_end(struct index *index)
{
    sqlite3_stmt *statement;
    if (statement_get(index, STATEMENT_COMMIT, &statement, NULL) == STATUS_DONE)
        (void)!statement_run(index, statement, NULL);
}

/* ---- the time of what it tells */

struct interval {
    int64_t from, to;
};

static bool read_time(int64_t *out, const struct json *object, const char *key)
{
    struct slice text = json_find_string(object, key);
    return text.data != NULL && time_parse(out, text);
}

/* `when` of the record or of the event it tells, else `from` and `until`, else `at`, else when it was written. */
static struct interval time_of_record(const struct record *record)
{
    struct interval time;
    const struct json *when = json_find(record->body, "when");
    if (when == NULL) when = json_find(json_find(record->body, "event"), "when");
    if (read_time(&time.from, when, "from") && read_time(&time.to, when, "to")) return time;
    if (read_time(&time.from, record->body, "from")) {
        if (!read_time(&time.to, record->body, "until")) time.to = TIME_MOST;
        if (time.to < time.from) time.to = time.from;
        return time;
    }
    if (!read_time(&time.from, record->body, "at")) time.from = record->written;
    time.to = time.from;
    return time;
}

static enum status add_entry(struct index *index, uint64_t entry, const struct record *record, bool is_void,
                             struct error *error)
{
    struct interval time = time_of_record(record);
    int span = 0; /* lengths below 2^span seconds */
    while (time.to - time.from >= INT64_C(1) << span) span++;
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_ENTRY, &statement, error));
    bind_number(statement, 1, entry);
    bind_blob(statement, 2, slice_of(record->id.hash.bytes, HASH_BYTES));
    bind_slice(statement, 3, slice_from(record->kind->name));
    bind_slice(statement, 4, record->by);
    sqlite3_bind_int64(statement, 5, time.from);
    sqlite3_bind_int64(statement, 6, time.to);
    sqlite3_bind_int(statement, 7, span);
    sqlite3_bind_int(statement, 8, is_void);
    TRY(statement_run(index, statement, error));
    TRY(statement_get(index, STATEMENT_ADD_SPAN, &statement, error));
    sqlite3_bind_int(statement, 1, span);
    sqlite3_bind_int64(statement, 2, (int64_t)((UINT64_C(1) << span) - 1));
    return statement_run(index, statement, error);
}

/* ---- the author's chain, quota and imported rows */

static enum status add_author(struct index *index, int64_t received_ms, const struct record *record,
                              struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_HEAD, &statement, error));
    bind_slice(statement, 1, record->by);
    sqlite3_bind_int64(statement, 2, (int64_t)record->key_id);
    sqlite3_bind_int64(statement, 3, record->seq);
    bind_blob(statement, 4, slice_of(record->id.hash.bytes, HASH_BYTES));
    TRY(statement_run(index, statement, error));
    const int64_t day_ms = INT64_C(86400000);
    TRY(statement_get(index, STATEMENT_ADD_DAY, &statement, error));
    bind_slice(statement, 1, record->by);
    sqlite3_bind_int64(statement, 2, received_ms / day_ms - (received_ms % day_ms < 0));
    return statement_run(index, statement, error);
}

static enum status add_source(struct index *index, uint64_t entry, const struct record *record, struct error *error)
{
    const struct json *source = json_find(record->body, "source");
    struct hash sha256;
    if (source == NULL || !hash_parse(&sha256, json_find_string(source, "sha256"))) return STATUS_DONE;
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_SOURCE, &statement, error));
    bind_slice(statement, 1, record->by);
    bind_slice(statement, 2, json_find_string(source, "name"));
    bind_slice(statement, 3, json_find_string(source, "row"));
    bind_number(statement, 4, entry);
    bind_blob(statement, 5, slice_of(record->id.hash.bytes, HASH_BYTES));
    bind_blob(statement, 6, slice_of(sha256.bytes, HASH_BYTES));
    return statement_run(index, statement, error);
}

/* ---- what it refers to */

static enum status add_reference(struct index *index, uint64_t entry, const char *field, const struct json *id,
                                 struct error *error)
{
    struct hash target;
    if (id == NULL || id->type != JSON_STRING || !hash_parse(&target, id->string)) return STATUS_DONE;
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_REFERENCE, &statement, error));
    bind_blob(statement, 1, slice_of(target.bytes, HASH_BYTES));
    bind_number(statement, 2, entry);
    bind_slice(statement, 3, slice_from(field));
    return statement_run(index, statement, error);
}

/* Fields that name records by id, whichever kind has them; a list gives each of its members. */
static const char *const reference_fields[] = {"about", "of", "replaces", "agreement", "parts", "records"};

static enum status add_references(struct index *index, uint64_t entry, const struct record *record, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(reference_fields); i++) {
        const struct json *value = json_find(record->body, reference_fields[i]);
        if (value == NULL) continue;
        if (value->type != JSON_ARRAY) {
            TRY(add_reference(index, entry, reference_fields[i], value, error));
            continue;
        }
        for (const struct json *item = value->first; item != NULL; item = item->next)
            TRY(add_reference(index, entry, reference_fields[i], item, error));
    }
    const struct json *sealed = json_find(record->body, "sealed");
    for (const struct json *item = sealed == NULL ? NULL : sealed->first; item != NULL; item = item->next)
        TRY(add_reference(index, entry, "cipher", json_find(item, "cipher"), error));
    return STATUS_DONE;
}

static enum status add_term(struct index *index, uint64_t entry, struct slice term, struct error *error)
{
    if (term.size == 0) return STATUS_DONE;
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_TERM, &statement, error));
    bind_slice(statement, 1, term);
    bind_number(statement, 2, entry);
    return statement_run(index, statement, error);
}

/* "agreement/term" is found by its whole and by the term alone. */
static enum status add_term_both(struct index *index, uint64_t entry, struct slice term, struct error *error)
{
    TRY(add_term(index, entry, term, error));
    const uint8_t *slash = term.size == 0 ? NULL : memchr(term.data, '/', term.size);
    if (slash == NULL) return STATUS_DONE;
    return add_term(index, entry, slice_part(term, (size_t)(slash - term.data) + 1, term.size), error);
}

/* A record is found by the term it names, by the agreement it names (its short name or the id of its record), and an
 * agreement or part by each term it holds. */
static enum status add_terms(struct index *index, uint64_t entry, const struct record *record, struct error *error)
{
    struct slice agreement = json_find_string(record->body, "agreement");
    TRY(add_term(index, entry, agreement, error));
    TRY(add_term_both(index, entry, json_find_string(record->body, "term"), error));
    const struct json *amends = json_find(record->body, "amends"), *terms = json_find(record->body, "terms");
    for (const struct json *item = amends == NULL ? NULL : amends->first; item != NULL; item = item->next)
        if (item->type == JSON_STRING) TRY(add_term_both(index, entry, item->string, error));
    if (terms == NULL || terms->type != JSON_ARRAY) return STATUS_DONE;
    for (const struct json *item = terms->first; item != NULL; item = item->next) {
        struct slice id = json_find_string(item, "id");
        if (id.size == 0) continue;
        buffer_reset(&index->blob);
        buffer_put(&index->blob, agreement);
        buffer_put_byte(&index->blob, '/');
        buffer_put(&index->blob, id);
        TRY(buffer_finish(&index->blob, error));
        TRY(add_term_both(index, entry, buffer_slice(&index->blob), error));
    }
    return STATUS_DONE;
}

/* ---- what it is a step or a version of */

/* Whoever tells of it, a passage is one by its name; a site's name is its author's own. */
static enum status add_course(struct index *index, uint64_t entry, const struct record *record, struct error *error)
{
    bool site = strcmp(record->kind->name, "site") == 0;
    if (!site && strcmp(record->kind->name, "passage") != 0) return STATUS_DONE;
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_COURSE, &statement, error));
    bind_number(statement, 1, entry);
    bind_slice(statement, 2, slice_from(record->kind->name));
    bind_slice(statement, 3, json_find_string(record->body, record->kind->name));
    bind_slice(statement, 4, site ? record->by : slice_from(""));
    return statement_run(index, statement, error);
}

/* ---- its words and places */

static enum status add_words(struct index *index, uint64_t entry, struct slice words, struct error *error)
{
    if (words.size == 0) return STATUS_DONE;
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_WORDS, &statement, error));
    bind_number(statement, 1, entry);
    bind_slice(statement, 2, words);
    return statement_run(index, statement, error);
}

static enum status add_point(struct index *index, uint64_t entry, struct point point, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_POINT, &statement, error));
    sqlite3_bind_int64(statement, 1, index_band(point.lat_e7));
    sqlite3_bind_int64(statement, 2, point.lon_e7);
    sqlite3_bind_int64(statement, 3, point.lat_e7);
    bind_number(statement, 4, entry);
    return statement_run(index, statement, error);
}

static enum status add_extent(struct index *index, uint64_t entry, const struct place *place, struct error *error)
{
    buffer_reset(&index->blob);
    place_pack(&index->blob, place);
    TRY(buffer_finish(&index->blob, error));
    sqlite3_stmt *statement;
    TRY(statement_get(index, STATEMENT_ADD_EXTENT, &statement, error));
    bind_number(statement, 1, entry);
    bind_blob(statement, 2, buffer_slice(&index->blob));
    TRY(statement_run(index, statement, error));
    struct place_bounds bounds = place_bounds(place);
    TRY(statement_get(index, STATEMENT_ADD_EXTENT_BOX, &statement, error));
    sqlite3_bind_int64(statement, 1, index_micro(bounds.west));
    sqlite3_bind_int64(statement, 2, index_micro(bounds.east) + 1);
    sqlite3_bind_int64(statement, 3, index_micro(bounds.south));
    sqlite3_bind_int64(statement, 4, index_micro(bounds.north) + 1);
    return statement_run(index, statement, error);
}

static enum status add_place(struct index *index, uint64_t entry, const struct json *where, struct error *error)
{
    if (where == NULL) return STATUS_DONE;
    struct place place;
    buffer_reset(&index->shape);
    TRY(place_read(&place, where, &index->shape, error));
    if (place.type == PLACE_NONE) return STATUS_DONE;
    return place.type == PLACE_POINT ? add_point(index, entry, place.points[0], error)
                                     : add_extent(index, entry, &place, error);
}

static enum status add_record(struct index *index, uint64_t entry, int64_t received_ms, const struct record *record,
                              bool is_void, struct slice words, struct error *error)
{
    TRY(add_entry(index, entry, record, is_void, error));
    if (!is_void) {
        TRY(add_author(index, received_ms, record, error));
        TRY(add_source(index, entry, record, error));
        TRY(add_course(index, entry, record, error));
    }
    TRY(add_references(index, entry, record, error));
    TRY(add_terms(index, entry, record, error));
    TRY(add_words(index, entry, words, error));
    TRY(add_place(index, entry, json_find(record->body, "where"), error));
    TRY(add_place(index, entry, json_find(record->body, "route"), error));
    return add_place(index, entry, json_find(json_find(record->body, "event"), "where"), error);
}

enum status index_words(struct buffer *out, struct words *scratch, const struct record *record, struct error *error)
{
    return words_of_record(out, scratch, record->body, error);
}

enum status index_add_with(struct index *index, uint64_t entry, int64_t received_ms, const struct record *record,
                           bool is_void, struct slice words, struct error *error)
{
    if (entry < index->applied) return STATUS_DONE; /* another process was faster */
    if (!index->in_transaction || entry > index->applied)
        return error_set(error, STATUS_USAGE, "index-order", "Entry {0} was to be indexed where entry {1} comes next.",
                         error_number((int64_t)entry).text, error_number((int64_t)index->applied).text, NULL);
    index->half_added = true;
    if (record != NULL) TRY(add_record(index, entry, received_ms, record, is_void, words, error));
    index->half_added = false;
    index->applied = entry + 1;
    index->advanced = true;
    return STATUS_DONE;
}

enum status index_add(struct index *index, uint64_t entry, int64_t received_ms, const struct record *record,
                      bool is_void, struct error *error)
{
    buffer_reset(&index->words);
    enum status status = STATUS_DONE;
    if (record != NULL && entry >= index->applied) status = index_words(&index->words, &index->scratch, record, error);
    if (status != STATUS_DONE) index->half_added = true;
    TRY(status);
    return index_add_with(index, entry, received_ms, record, is_void, buffer_slice(&index->words), error);
}
