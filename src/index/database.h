/* Private to the room: the open database and its closed list of statements. No SQL is put together anywhere: every
 * statement stands in schema.c, is prepared once, and gets its values as bound parameters. */
#ifndef TRUCE_INDEX_DATABASE_H
#define TRUCE_INDEX_DATABASE_H

#include "index/index.h"
#include <sqlite3.h>
#include <sys/types.h>

enum {
    INDEX_VERSION = 4,              /* user_version: raise it whenever tables or what is put in them change */
    INDEX_APPLICATION = 0x74727563, /* application_id: "truc" */
    INDEX_BUSY_MS = 10000,          /* how long one process waits for another's transaction */
    INDEX_BAND_E7 = 50000,          /* height of a band of points, about 550 m */
    INDEX_HITS_MOST = 1024 * 1024   /* entries that a search by place or time holds at once */
};

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_BEGIN_READ,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_APPLIED,
    STATEMENT_SET_APPLIED,

    STATEMENT_ADD_ENTRY,
    STATEMENT_ADD_SPAN,
    STATEMENT_ADD_HEAD,
    STATEMENT_ADD_DAY,
    STATEMENT_ADD_SOURCE,
    STATEMENT_ADD_REFERENCE,
    STATEMENT_ADD_TERM,
    STATEMENT_ADD_COURSE,
    STATEMENT_ADD_WORDS,
    STATEMENT_ADD_POINT,
    STATEMENT_ADD_EXTENT,
    STATEMENT_ADD_EXTENT_BOX,

    STATEMENT_ID,
    STATEMENT_PREFIX,
    STATEMENT_HEAD,
    STATEMENT_SOURCE,
    STATEMENT_DAY,
    STATEMENT_VOID,
    STATEMENT_NEXT_VOID,
    STATEMENT_REFERENCES,
    STATEMENT_COURSE,
    STATEMENT_COURSES,
    STATEMENT_COURSE_LAST,

    STATEMENT_FIND_ONE,
    STATEMENT_FIND_ALL,
    STATEMENT_FIND_KIND,
    STATEMENT_FIND_AUTHOR,
    STATEMENT_FIND_TERM,
    STATEMENT_FIND_TEXT,
    STATEMENT_FIND_WORDS,
    STATEMENT_WALK_KIND,
    STATEMENT_TIMES,
    STATEMENT_POINTS,
    STATEMENT_EXTENTS,
    STATEMENT_POINTS_OF,
    STATEMENT_EXTENTS_OF,

    STATEMENT_DUMP_STATE,
    STATEMENT_DUMP_ENTRY,
    STATEMENT_DUMP_SPAN,
    STATEMENT_DUMP_HEAD,
    STATEMENT_DUMP_DAY,
    STATEMENT_DUMP_SOURCE,
    STATEMENT_DUMP_REFERENCE,
    STATEMENT_DUMP_TERM,
    STATEMENT_DUMP_COURSE,
    STATEMENT_DUMP_WORDS,
    STATEMENT_DUMP_POINT,
    STATEMENT_DUMP_EXTENT,
    STATEMENT_DUMP_EXTENT_BOX,

    STATEMENTS
};

extern const char *const statement_sql[STATEMENTS];
extern const char *const schema_sql[]; /* makes an empty index; ended by NULL */

struct index {
    sqlite3 *database;
    sqlite3_stmt *prepared[STATEMENTS];
    char *path;
    dev_t device; /* of the file that was opened */
    ino_t file;
    struct buffer words, shape, blob; /* kept between entries, so that adding one allocates little */
    struct words scratch;
    size_t hits_most; /* INDEX_HITS_MOST; a test makes it small */
    uint64_t applied; /* inside a transaction: entries in, its own included */
    bool in_transaction, advanced;
    bool half_added; /* an entry failed half-way: its transaction must not be committed */
};

/* The band of points that a latitude lies in. */
static inline int64_t index_band(int64_t lat_e7)
{
    return lat_e7 / INDEX_BAND_E7 - (lat_e7 % INDEX_BAND_E7 < 0);
}

/* The R*Tree has millionths of a degree: 540 of them fit its 32 bits. Rounded down; add one to round up. */
static inline int64_t index_micro(int64_t e7)
{
    return e7 / 10 - (e7 % 10 < 0);
}

/* The statement, reset and with no value bound. */
MUST_USE enum status statement_get(struct index *index, enum statement which, sqlite3_stmt **out, struct error *error);

/* Runs it to the next row; *row is false at the end, when it is also reset. */
MUST_USE enum status statement_step(struct index *index, sqlite3_stmt *statement, bool *row, struct error *error);

/* Runs a statement that gives no rows, and resets it. */
MUST_USE enum status statement_run(struct index *index, sqlite3_stmt *statement, struct error *error);

/* What is bound must outlive the step. {NULL,0} is NULL. */
void bind_slice(sqlite3_stmt *statement, int at, struct slice text);
void bind_blob(sqlite3_stmt *statement, int at, struct slice bytes);
void bind_number(sqlite3_stmt *statement, int at, uint64_t number); /* what passes INT64_MAX is INT64_MAX */
struct slice column_slice(sqlite3_stmt *statement, int at);

/* What SQLite said, as an error of this room. */
MUST_USE enum status database_error(struct index *index, int code, struct error *error);

#endif
