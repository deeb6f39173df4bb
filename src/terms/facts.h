/* The facts of the log's prefix as evaluation reads them: one entry a record, in the order of the log. What a record
 * says of an event is told in numbers; the few kinds that govern others keep their JSON. */
#ifndef TRUCE_TERMS_FACTS_H
#define TRUCE_TERMS_FACTS_H

#include "geo/geo.h"
#include "json/json.h"
#include "record/members.h"
#include "terms/symbols.h"
#include "terms/terms.h"

#define NEVER INT64_MAX
#define EVER INT64_MIN

/* The kinds that evaluation reads. */
enum sort {
    SORT_REPORT,
    SORT_PASSAGE,
    SORT_CLAIM,
    SORT_FINDING,
    SORT_RESPONSE,
    SORT_LINK,
    SORT_NOTICE,
    SORT_ACKNOWLEDGEMENT,
    SORT_QUESTION,
    SORT_ANSWER,
    SORT_ATTEMPT,
    SORT_STANDING,
    SORT_APPROVAL,
    SORT_COVERAGE,
    SORT_RESTRICTION,
    SORT_AREA,
    SORT_DESIGNATION,
    SORT_PARTY,
    SORT_AGREEMENT,
    SORT_PART,
    SORT_REVEAL,
    SORTS
};

struct disc {
    struct point centre;
    int64_t radius_mm;
};
/* Where something was: a disc around all that was told, or the name of a place or area. */
struct ground {
    struct disc disc;
    symbol name; /* 0: the disc holds */
    bool told;   /* false: nothing that can be placed */
};

/* "About n" and the like, as bounds. */
struct amount_told {
    symbol kind;
    int64_t lo, hi;
};

/* What is said of an event, by a record in itself or in its `event`. 0 and false: not said. */
struct tale {
    symbol act, actor, target, weapon, step;
    int32_t calibre_um; /* -1: not said */
    bool timed, placed;
    uint32_t amount_count;
    int64_t from, to;
    struct ground where;
    const struct amount_told *amounts;
};

enum finding { FINDING_NONE, FINDING_SUBSTANTIATED, FINDING_NOT };
enum receipt_word { RECEIPT_HAD, RECEIPT_REFUSED, RECEIPT_UNREADABLE };
enum answer_word { RESPONSE_NONE, RESPONSE_DENY, RESPONSE_ADMIT, RESPONSE_JUSTIFY, RESPONSE_PARTLY };

struct entry {
    uint64_t index;
    uint32_t number; /* its place among the entries */
    enum sort sort;
    const struct record_kind *kind;
    const struct json *body;   /* NULL for reports, passages and claims */
    const struct json *sealed; /* as it was signed, where something in it is sealed; else NULL (unseal.c) */
    struct slice by;
    symbol author;
    struct record_id id;
    int64_t received_ms, seq; /* with author and key: its place among others, whatever order they came in */
    uint32_t key_id;
    int64_t received, written; /* seconds */
    int64_t last;              /* the latest moment it speaks of */
    int64_t act_time;          /* the later of what it states and when it was received; of an attempt, what it states */
    const struct tale *own, *told;
    const struct record_id *names; /* what it is `about`, and `of` (the last, if has_of) */
    uint32_t name_count;
    uint32_t mentions;         /* 1 + the first of those that name it, or 0 */
    struct record_id replaces; /* if has_replaces */
    bool has_of, has_replaces, is_replaced, counts, tells_event;
    uint8_t word, standard; /* of a finding, response or acknowledgement */
    symbol ground;          /* of a justification */
    uint32_t mark;          /* of the last walk that met it (view_stamp) */
};

/* One record names another. */
struct mention {
    uint32_t by;   /* an entry's number */
    uint32_t next; /* 1 + the next of the same entry, or 0 */
    bool replaces;
};

/* Some of them, borrowed. A few need no memory of their own; so it must not be copied once anything was put in. */
struct entries {
    const struct entry **list;
    size_t count, room;
    bool full;
    const struct entry *few[8];
};

enum { AMOUNT_UNBOUNDED = 1000000000 };

/* What of a notice or question is looked at whenever somebody asks what waits: read once. */
struct asked {
    const struct json *body, *to; /* body: the one that it was read of */
    int64_t due;                  /* or NEVER */
};

struct view {
    struct arena arena;
    struct members *members;
    struct effects *effects;
    struct symbols symbols;
    struct entry **blocks; /* of ENTRY_BLOCK entries, so that entries stay where they are */
    size_t count, block_count;
    struct table by_id, by_index, by_awaited;
    struct mention *mentions;
    size_t mention_count, mention_room;
    struct awaited *awaited; /* names of records that have not arrived */
    size_t awaited_count, awaited_room;
    uint32_t *changed; /* entries whose counting changed, in the order in which it did */
    size_t changed_count, changed_room;
    uint32_t stamp;
    struct entries others; /* all but what tells of events and hangs on them; findings too. In the order of the log */
    struct entries asking; /* notices and questions, in the order of the log */
    struct asked *asked;   /* beside `asking`, as far as it was looked at (waiting.c) */
    size_t asked_room;
    struct entries agreed; /* agreements, parts and acts about them, in the order of the log */
    int64_t last;          /* the latest moment that any of them speaks of */
    uint64_t size;
    struct court *court; /* the agreements, heard up to some change (court.c) */
};

enum { ENTRY_BLOCK = 4096 };
static inline struct entry *view_entry(const struct view *view, size_t number)
{
    return &view->blocks[number / ENTRY_BLOCK][number % ENTRY_BLOCK];
}

/* ---- unseal.c: what is said by a record with sealed values, once those that its author revealed are put in */
MUST_USE enum status unseal(struct view *view, const struct entry *entry, const struct json **out, struct error *error);
/* The record that a reveal is about, or NULL. */
const struct entry *unseal_target(const struct view *view, const struct entry *reveal);

/* view.c: the record is read anew, for reveals about it came to count or ceased to. */
MUST_USE enum status view_unsealed(struct view *view, struct entry *entry, struct error *error);

bool sort_is_act(enum sort sort);
enum sort sort_of(struct slice kind); /* SORTS for kinds that are not read */
/* A disc that holds all the points, and what lies within reach of them. */
struct disc disc_around(const struct point *points, size_t count, int64_t reach_mm);

/* Which of two comes first: the one received first; of those received together, by author, key and seq, so that their
 * order in the log changes nothing. Like memcmp. */
int entry_order(const struct entry *a, const struct entry *b);
void entries_sort(struct entries *entries);

const struct entry *view_find(const struct view *view, struct slice hex_id); /* NULL if it is not among the entries */
const struct entry *view_find_id(const struct view *view, const struct record_id *id);
const struct entry *view_at(const struct view *view, uint64_t index); /* NULL if it is not among the entries */
/* What stands now in the place of a record that its author replaced. */
const struct entry *view_head(const struct view *view, const struct entry *entry);
uint32_t view_stamp(struct view *view);                         /* a mark that no entry bears */
int64_t entry_time(const struct entry *entry, const char *key); /* a field of time, or NEVER; of kinds with a body */
symbol view_symbol(const struct view *view, struct slice name); /* 0 if nobody ever used it */

/* ---- walks: entries, each once; the list is the caller's to free */
void entries_clear(struct entries *entries);
bool entries_put(struct entries *entries, const struct entry *entry);
/* Those that name it, in any of the versions that its author gave of it. Not in the order of the log. */
void view_naming(const struct view *view, const struct entry *entry, struct entries *out);
/* It, and the versions that replace it or that it replaces. */
void view_versions(const struct view *view, const struct entry *entry, struct entries *out);
/* What it names: what stands in the place of each, if it has arrived. */
const struct entry *view_named(const struct view *view, const struct entry *entry, size_t i);

/* Where it was, of a record's `where`. */
enum status ground_read(struct ground *out, const struct json *where, struct symbols *symbols, struct error *error);

#endif
