/* The index: tables derived from the log, so that records are found. Disposable: delete it and rebuild. It may lag the
 * log; index_applied says how far it is. Never a source of truth: verify compares it with the log. */
#ifndef TRUCE_INDEX_INDEX_H
#define TRUCE_INDEX_INDEX_H

#include "base/buffer.h"
#include "geo/geo.h"
#include "record/record.h"
#include "text/words.h"

struct index;

/* Opens or makes it. index-newer: written by a newer truce (the sentence says to delete or rebuild); index-damaged. */
MUST_USE enum status index_open(struct index **out, const char *path, struct error *error);
MUST_USE enum status index_open_read_only(struct index **out, const char *path, struct error *error);
/* A new one in an empty file that nobody else uses and that need not outlive the process; a group that fails leaves it
 * unusable. */
MUST_USE enum status index_open_scratch(struct index **out, const char *path, struct error *error);
void index_close(struct index **index);

/* Entries applied: all below it are in. The root of the log at that size is kept beside it, so that an index of another
 * log is noticed. */
MUST_USE enum status index_applied(struct index *index, uint64_t *size, struct hash *root, struct error *error);

/* Many entries in one transaction: begin, add in order, commit with the log's root at the new size. `record` is NULL
 * for an entry whose bytes are no record: it counts as applied, is void, and is found by nothing. An entry that is
 * already in is skipped, for another process may have been faster. */
MUST_USE enum status index_begin(struct index *index, struct error *error);
MUST_USE enum status index_add(struct index *index, uint64_t entry, int64_t received_ms, const struct record *record,
                               bool is_void, struct error *error);
/* The words that a record is found by, appended: another thread may make them, and index_add_with takes them. */
MUST_USE enum status index_words(struct buffer *out, struct words *scratch, const struct record *record,
                                 struct error *error);
MUST_USE enum status index_add_with(struct index *index, uint64_t entry, int64_t received_ms,
                                    const struct record *record, bool is_void, struct slice words, struct error *error);
MUST_USE enum status index_commit(struct index *index, const struct hash *root, struct error *error);
void index_rollback(struct index *index);

/* One view for many lookups: until index_read_end the index stands still for this handle, whoever writes beside it. */
MUST_USE enum status index_read_begin(struct index *index, struct error *error);
void index_read_end(struct index *index);

/* Does its path still name the file that was opened? Somebody may delete it at any time. A read-only handle as well. */
bool index_is_there(const struct index *index);
bool index_in_memory_alone(const struct index *index); /* made at ":memory:" */

/* ---- looking up */
MUST_USE enum status index_find_id(struct index *index, const struct record_id *id, bool *found, uint64_t *entry,
                                   bool *is_void, struct error *error);
/* 8 to 64 hex: none, one, or index-ambiguous. */
MUST_USE enum status index_find_prefix(struct index *index, struct slice prefix, bool *found, uint64_t *entry,
                                       bool *is_void, struct error *error);
/* The highest seq of this author and key, its id; found = false before the first. */
MUST_USE enum status index_find_head(struct index *index, struct slice by, uint32_t key_id, bool *found, int64_t *seq,
                                     struct record_id *id, struct error *error);
/* The newest record of an imported row. */
MUST_USE enum status index_find_source(struct index *index, struct slice by, struct slice name, struct slice row,
                                       bool *found, uint64_t *entry, struct record_id *id, struct hash *row_sha256,
                                       struct error *error);
MUST_USE enum status index_count_day(struct index *index, struct slice by, int64_t day, uint64_t *count,
                                     struct error *error);
/* Entries that name this record (about, of, replaces, agreement, parts, records) or this cipher of a sealed value, in
 * order, from entry `after` on. */
MUST_USE enum status index_find_references(struct index *index, const struct record_id *id, uint64_t after,
                                           uint64_t limit, enum status (*visit)(void *, uint64_t, struct error *),
                                           void *context, struct error *error);
/* Courses: the steps of a passage, by its name; the versions of a site, by its author and name. Void entries are in
 * none. Which course an entry is of, by the course's first entry; */
MUST_USE enum status index_find_course(struct index *index, uint64_t entry, bool *found, uint64_t *first,
                                       struct error *error);
/* the first entries of those of a kind ({NULL,0}: any), in order, at most `most` of them, from entry `after` on, below
 * `known`; */
MUST_USE enum status index_courses(struct index *index, struct slice kind, uint64_t after, uint64_t known,
                                   uint64_t *out, size_t most, size_t *count, struct error *error);
/* and the last `most` entries of one, in order, below `known`. */
MUST_USE enum status index_course(struct index *index, uint64_t first, uint64_t known, uint64_t *out, size_t most,
                                  size_t *count, struct error *error);
/* The first entry from `from` on that is known to be void, or UINT64_MAX. What was no record at all has no row and is
 * not among them. */
MUST_USE enum status index_next_void(struct index *index, uint64_t from, uint64_t *entry, struct error *error);
MUST_USE enum status index_is_void(struct index *index, uint64_t entry, bool *is_void, struct error *error);

/* ---- finding: every condition that is set must hold */

/* Gives the record of an entry: the index keeps no text, and words that must stand together are looked for in it. Valid
 * until the next call. */
typedef enum status index_read(void *context, uint64_t entry, const struct record **out, struct error *error);

struct query {
    /* {NULL,0}: any. text: all its words, in any field of text; those in quotation marks together */
    struct slice kind, by, term, text;
    index_read *read; /* NULL: words in quotation marks may stand apart */
    void *reader;
    bool has_from, has_to; /* the time of what it tells (event), else of the act, else written */
    int64_t from, to;
    bool has_box, has_near;
    struct box box;
    struct point near;
    int64_t within_mm;
    uint64_t after; /* entries from this index on: stable paging */
    uint64_t known; /* entries below it alone; UINT64_MAX for all */
    uint64_t limit; /* 0: no limit */
    bool with_void;
};
typedef enum status index_visit(void *context, uint64_t entry, struct error *error);
MUST_USE enum status index_find(struct index *index, const struct query *query, index_visit *visit, void *context,
                                struct error *error);

/* Entries of the families that members and standing need, in order: kinds ended by NULL. */
MUST_USE enum status index_walk_kinds(struct index *index, const char *const *kinds, uint64_t from, uint64_t to,
                                      index_visit *visit, void *context, struct error *error);

/* Byte-for-byte contents, table by table in a fixed order: rebuild and incremental must agree. */
MUST_USE enum status index_dump(struct index *index, struct buffer *out, struct error *error);

/* SHA-256 of the same, without holding it. */
MUST_USE enum status index_digest(struct index *index, struct hash *out, struct error *error);

/* Nothing that was taken out of a table stays in a free page or in the -wal. As far as it can be done beside others who
 * read; a handle that may only read does nothing. */
MUST_USE enum status index_scrub(struct index *index, struct error *error);

/* Removes what belongs to an index at path (its -wal and -shm too). */
MUST_USE enum status index_remove(const char *path, struct error *error);

#endif
