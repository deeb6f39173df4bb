/* Opening, making and removing the file; statements and what SQLite says when one fails.
 *
 * Durability: the log is the truth and is synced before an entry comes here, so the index may lose its newest
 * transactions and never more. WAL with synchronous=NORMAL gives just that: a torn -wal is cut at its last whole
 * transaction (its frames carry checksums), and the file is synced before a -wal is begun anew, so that a power cut
 * cannot leave a half-written file that looks whole. synchronous=OFF could, and would not be noticed. */
#include "index/database.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status damaged(const char *path, const char *why, struct error *error)
{
    return error_at(error,
                    error_set(error, STATUS_FAILED, "index-damaged",
                              "The index {0} is damaged or not an index of truce ({1}); delete it and run truce "
                              "rebuild, nothing is lost.",
                              path, why, NULL),
                    path);
}

/* ---- statements */

static const struct {
    int code;
    const char *name, *sentence;
} failures[] = {
    {SQLITE_BUSY, "index-busy", "The index {0} is being written by another process; try again."},
    {SQLITE_LOCKED, "index-busy", "The index {0} is being written by another process; try again."},
    {SQLITE_FULL, "index-full", "There is no room on the disk for the index {0}; free some and try again."},
    {SQLITE_READONLY, "index-read-only", "The index {0} cannot be written: check its permissions."},
    {SQLITE_CANTOPEN, "index-unreadable",
     "The index {0} cannot be opened ({1}); check its permissions and its folder."},
    {SQLITE_PERM, "index-unreadable", "The index {0} cannot be opened ({1}); check its permissions and its folder."},
    {SQLITE_NOMEM, "out-of-memory", "Memory is out."},
    {SQLITE_IOERR, "index-io", "The disk failed while the index {0} was used ({1})."},
    {0, "index-failed", "The index {0} could not be used ({1})."},
};

enum status database_error(struct index *index, int code, struct error *error)
{
    const char *why = index->database == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(index->database);
    int kind = code & 0xff;
    if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) return damaged(index->path, why, error);
    size_t i = 0;
    while (failures[i].code != 0 && failures[i].code != kind) i++;
    return error_at(error,
                    error_set(error, STATUS_FAILED, failures[i].name, failures[i].sentence, index->path, why, NULL),
                    index->path);
}

enum status statement_get(struct index *index, enum statement which, sqlite3_stmt **out, struct error *error)
{
    sqlite3_stmt **prepared = &index->prepared[which];
    if (*prepared == NULL) {
        int code =
            sqlite3_prepare_v3(index->database, statement_sql[which], -1, SQLITE_PREPARE_PERSISTENT, prepared, NULL);
        /* The statements fit the schema, so one that does not compile met other tables than ours. */
        if (code == SQLITE_ERROR) return damaged(index->path, sqlite3_errmsg(index->database), error);
        if (code != SQLITE_OK) return database_error(index, code, error);
    }
    sqlite3_reset(*prepared);
    sqlite3_clear_bindings(*prepared);
    *out = *prepared;
    return STATUS_DONE;
}

enum status statement_step(struct index *index, sqlite3_stmt *statement, bool *row, struct error *error)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    if (*row) return STATUS_DONE;
    enum status status = code == SQLITE_DONE ? STATUS_DONE : database_error(index, code, error);
    sqlite3_reset(statement);
    return status;
}

enum status statement_run(struct index *index, sqlite3_stmt *statement, struct error *error)
{
    bool row;
    TRY(statement_step(index, statement, &row, error));
    if (row) sqlite3_reset(statement);
    return STATUS_DONE;
}

void bind_slice(sqlite3_stmt *statement, int at, struct slice text)
{
    if (text.data == NULL) return;
    sqlite3_bind_text(statement, at, (const char *)text.data, (int)text.size, SQLITE_STATIC);
}

void bind_blob(sqlite3_stmt *statement, int at, struct slice bytes)
{
    sqlite3_bind_blob(statement, at, bytes.data, (int)bytes.size, SQLITE_STATIC);
}

void bind_number(sqlite3_stmt *statement, int at, uint64_t number)
{
    sqlite3_bind_int64(statement, at, number > INT64_MAX ? INT64_MAX : (int64_t)number);
}

struct slice column_slice(sqlite3_stmt *statement, int at)
{
    const void *data = sqlite3_column_blob(statement, at);
    return slice_of(data, (size_t)sqlite3_column_bytes(statement, at));
}

/* ---- opening */

static enum status run(struct index *index, const char *sql, struct error *error)
{
    int code = sqlite3_exec(index->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_DONE : database_error(index, code, error);
}

static enum status ask(struct index *index, const char *sql, int64_t *out, struct error *error)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(index->database, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *out = sqlite3_column_int64(statement, 0);
    enum status status = code == SQLITE_ROW ? STATUS_DONE : database_error(index, code, error);
    sqlite3_finalize(statement);
    return status;
}

/* Ours, and of this version? A file without any table is nobody's and gives *empty. */
static enum status recognise(struct index *index, bool *empty, struct error *error)
{
    int64_t tables, application, version;
    TRY(ask(index, "SELECT count(*) FROM sqlite_schema", &tables, error));
    TRY(ask(index, "PRAGMA application_id", &application, error));
    *empty = tables == 0 && application == 0;
    if (*empty) return STATUS_DONE;
    if (application != INDEX_APPLICATION) return damaged(index->path, "another program's database", error);
    TRY(ask(index, "PRAGMA user_version", &version, error));
    if (version < INDEX_VERSION) return damaged(index->path, "made by an older truce", error);
    if (version == INDEX_VERSION) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_FAILED, "index-newer",
                              "The index {0} was written by a newer truce (version {1}, this one reads {2}): use that "
                              "one, or delete the index and run truce rebuild.",
                              index->path, error_number(version).text, error_number(INDEX_VERSION).text, NULL),
                    index->path);
}

/* Version, identity and tables appear in one transaction, so that nobody ever sees an index that is half made. */
static enum status make_tables(struct index *index, struct error *error)
{
    bool empty;
    TRY(run(index, "BEGIN IMMEDIATE", error));
    TRY(recognise(index, &empty, error)); /* another process may have been first */
    for (size_t i = 0; empty && schema_sql[i] != NULL; i++) TRY(run(index, schema_sql[i], error));
    if (empty) {
        char *identity =
            sqlite3_mprintf("PRAGMA application_id=%d; PRAGMA user_version=%d", INDEX_APPLICATION, INDEX_VERSION);
        enum status status =
            identity == NULL ? database_error(index, SQLITE_NOMEM, error) : run(index, identity, error);
        sqlite3_free(identity);
        TRY(status);
    }
    return run(index, "COMMIT", error);
}

/* SQLite counts its memory under one mutex for all threads unless it is told not to; too late is no harm. */
static void count_no_memory(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum status begin(struct index **out, const char *path, const char *name, int flags, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, count_no_memory);
    struct index *index = calloc(1, sizeof *index);
    if (index == NULL || (index->path = strdup(path)) == NULL) {
        free(index);
        return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    }
    int code = sqlite3_open_v2(name, &index->database, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK) {
        enum status status = database_error(index, code, error);
        index_close(&index);
        return status;
    }
    struct stat file;
    if (stat(path, &file) == 0) index->device = file.st_dev, index->file = file.st_ino;
    index->hits_most = INDEX_HITS_MOST;
    sqlite3_busy_timeout(index->database, INDEX_BUSY_MS);
    sqlite3_db_config(index->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(index->database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    *out = index;
    return STATUS_DONE;
}

static bool has_wal(const char *path)
{
    char name[PATH_MAX + 8];
    struct stat wal;
    snprintf(name, sizeof name, "%s-wal", path);
    return stat(name, &wal) == 0 && wal.st_size > 0;
}

/* SQLite itself sees that whole pages are missing at the end, but reads a part of a page as if zeros followed. */
static enum status check_end(struct index *index, struct error *error)
{
    struct stat file;
    int64_t page_bytes;
    if (stat(index->path, &file) != 0 || has_wal(index->path)) return STATUS_DONE;
    TRY(ask(index, "PRAGMA page_size", &page_bytes, error));
    return file.st_size % page_bytes == 0 ? STATUS_DONE : damaged(index->path, "cut off within a page", error);
}

/* A look at the tables that every index has: a file cut short or foreign is found here and not at the first search. */
static enum status settle(struct index *index, struct error *error)
{
    uint64_t size;
    struct hash root;
    TRY(check_end(index, error));
    TRY(run(index, "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON", error));
    return index_applied(index, &size, &root, error);
}

static enum status open_for_writing(struct index *index, struct error *error)
{
    bool empty;
    TRY(recognise(index, &empty, error));
    if (empty) TRY(make_tables(index, error));
    TRY(run(
        index,
        "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000",
        error));
    return settle(index, error);
}

/* Several that make one index at the same moment take turns. SQLite does not wait by itself where it changes the mode
 * of the journal, since two that waited for each other there would wait for ever. */
static enum status open_in_turn(struct index *index, struct error *error)
{
    enum { PAUSE_MS = 10 };
    struct error why;
    for (unsigned waited_ms = 0;; waited_ms += PAUSE_MS) {
        enum status status = open_for_writing(index, &why);
        if (status == STATUS_DONE) return status;
        if (!sqlite3_get_autocommit(index->database)) (void)!run(index, "ROLLBACK", NULL);
        if (error != NULL) *error = why;
        if (strcmp(why.code, "index-busy") != 0 || waited_ms >= INDEX_BUSY_MS) return status;
        sqlite3_sleep(PAUSE_MS);
    }
}

enum status index_scrub(struct index *index, struct error *error)
{
    if (sqlite3_db_readonly(index->database, "main") == 1) return STATUS_DONE;
    return run(index, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

enum status index_open(struct index **out, const char *path, struct error *error)
{
    struct index *index;
    TRY(begin(&index, path, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error));
    enum status status = open_in_turn(index, error);
    if (status != STATUS_DONE)
        index_close(&index);
    else
        *out = index;
    return status;
}

enum status index_open_scratch(struct index **out, const char *path, struct error *error)
{
    struct index *index;
    TRY(begin(&index, path, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error));
    /* Nothing of it is to survive: no journal, no sync, and nobody else to look. */
    enum status status =
        run(index, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE", error);
    if (status == STATUS_DONE) status = make_tables(index, error);
    if (status == STATUS_DONE) status = settle(index, error);
    if (status != STATUS_DONE)
        index_close(&index);
    else
        *out = index;
    return status;
}

/* A -wal needs its -shm, and where neither may be made SQLite cannot read at all unless it is promised that nobody
 * writes. Where the folder refuses us and no -wal lies beside the file, that is the case. */
static enum status must_be_immutable(const char *path, bool *out, struct error *error)
{
    OWN(buffer_clear) struct buffer name = {0};
    const char *slash = strrchr(path, '/');
    buffer_put(&name, slash == NULL ? slice_from(".") : slice_of(path, slash == path ? 1 : (size_t)(slash - path)));
    buffer_put_byte(&name, 0);
    TRY(buffer_finish(&name, error));
    *out = !has_wal(path) && faccessat(AT_FDCWD, (const char *)name.data, W_OK, AT_EACCESS) != 0;
    return STATUS_DONE;
}

static enum status file_uri(struct buffer *out, const char *path, bool immutable, struct error *error)
{
    buffer_put_string(out, "file:");
    for (const char *at = path; *at != 0; at++) {
        if (strchr("?#%", *at) != NULL)
            buffer_print(out, "%%%02x", (unsigned)(unsigned char)*at);
        else
            buffer_put_byte(out, (uint8_t)*at);
    }
    buffer_put_string(out, immutable ? "?immutable=1" : "");
    buffer_put_byte(out, 0);
    return buffer_finish(out, error);
}

static enum status open_for_reading(struct index *index, struct error *error)
{
    bool empty;
    TRY(recognise(index, &empty, error));
    return empty ? damaged(index->path, "an empty file", error) : settle(index, error);
}

enum status index_open_read_only(struct index **out, const char *path, struct error *error)
{
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return error_at(error,
                        error_set(error, STATUS_FAILED, "index-absent",
                                  "There is no index at {0}; truce rebuild makes one.", path, NULL),
                        path);
    bool immutable;
    OWN(buffer_clear) struct buffer uri = {0};
    TRY(must_be_immutable(path, &immutable, error));
    TRY(file_uri(&uri, path, immutable, error));
    struct index *index;
    TRY(begin(&index, path, (const char *)uri.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error));
    enum status status = open_for_reading(index, error);
    if (status != STATUS_DONE)
        index_close(&index);
    else
        *out = index;
    return status;
}

bool index_in_memory_alone(const struct index *index)
{
    return strcmp(index->path, ":memory:") == 0;
}

bool index_is_there(const struct index *index)
{
    struct stat file;
    if (index_in_memory_alone(index)) return true;
    return stat(index->path, &file) == 0 && file.st_dev == index->device && file.st_ino == index->file;
}

void index_close(struct index **index)
{
    struct index *old = *index;
    if (old == NULL) return;
    for (size_t i = 0; i < STATEMENTS; i++) sqlite3_finalize(old->prepared[i]);
    sqlite3_close(old->database); /* an open transaction is rolled back */
    buffer_clear(&old->words);
    words_clear(&old->scratch);
    buffer_clear(&old->shape);
    buffer_clear(&old->blob);
    free(old->path);
    free(old);
    *index = NULL;
}

enum status index_remove(const char *path, struct error *error)
{
    static const char *const endings[] = {"-wal", "-shm", "-journal",
                                          ""}; /* the file last: without it nothing is left */
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        OWN(buffer_clear) struct buffer name = {0};
        buffer_print(&name, "%s%s", path, endings[i]);
        buffer_put_byte(&name, 0);
        TRY(buffer_finish(&name, error));
        if (unlink((const char *)name.data) != 0 && errno != ENOENT)
            return error_system(error, "remove", (const char *)name.data, errno);
    }
    return STATUS_DONE;
}

/* ---- how far it is */

enum status index_applied(struct index *index, uint64_t *size, struct hash *root, struct error *error)
{
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(index, STATEMENT_APPLIED, &statement, error));
    TRY(statement_step(index, statement, &row, error));
    if (!row) return damaged(index->path, "its state is missing", error);
    struct slice stored = column_slice(statement, 1);
    memset(root, 0, sizeof *root);
    if (stored.size == HASH_BYTES) memcpy(root->bytes, stored.data, HASH_BYTES);
    *size = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return STATUS_DONE;
}
