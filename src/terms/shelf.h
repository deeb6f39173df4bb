/* What answers a rule's selector, in the order of time: matches in blocks, each with the sums that spare its reader
 * from looking at every one. Invariant: what a shelf holds does not depend on the order in which it was put there. */
#ifndef TRUCE_TERMS_SHELF_H
#define TRUCE_TERMS_SHELF_H

#include "terms/world.h"

/* An event or act that answers the rule's selector, perhaps. */
struct match {
    const struct entry *entry; /* its first record */
    int64_t from, to;
    int64_t ripe;          /* before it, whoever is accused may still answer: it does not count yet; EVER */
    int64_t lo, hi;        /* by the rule's measure, 1 for events */
    uint32_t excusing;     /* the justification or notice that excuses it: 1 + its number, or 0 */
    uint8_t fits, excused; /* enum tri */
    uint8_t doubt;         /* enum reason: why it perhaps fits */
    bool counts : 1, credible : 1;
    bool act : 1, several : 1; /* a signed act; an event that several records tell */
};
/* Is it sure that it counts, and is not excused? */
static inline bool match_sure(const struct match *match, int64_t at)
{
    return match->counts && match->ripe <= at && match->excused == OUT;
}

enum { SHELF_BLOCK = 128 };
struct shelf_block {
    struct match matches[SHELF_BLOCK]; /* by from, then by the log */
};
/* A block, and what it comes to: side by side, so that whoever reads sums need not touch what they are of. */
struct shelf_head {
    struct shelf_block *block;
    int64_t from; /* of the first */
    uint32_t count;
    bool summed; /* what follows holds */
    bool plain;  /* none waits to be answered */
    bool any;    /* one that may count */
    int64_t last_to;
    int64_t lo_sum, hi_sum, lo_most, hi_most; /* of all that are there, wherever they lie in time */
    uint32_t sure, excused, fitting;          /* how many say so by themselves */
};
struct shelf_row {
    struct shelf_head *heads;
    size_t head_count, room;
    int64_t longest_s; /* of all that were ever there */
};
/* What lasts long stands apart, so that the rest, which is most, lies close together in time. */
enum { SHELF_SHORT, SHELF_LONG, SHELF_ROWS };
struct shelf {
    struct shelf_row rows[SHELF_ROWS];
    size_t count;
    uint64_t version;
};

void shelf_clear(struct shelf *shelf);
bool shelf_put(struct shelf *shelf, const struct match *match); /* false: memory is out */
/* Takes the match that began then with that record; false if there is none. *out: what was taken. */
bool shelf_take(struct shelf *shelf, int64_t from, const struct entry *entry, struct match *out);

/* ---- reading */

struct cursor {
    const struct shelf *shelf;
    size_t block[SHELF_ROWS], i[SHELF_ROWS];
    int64_t reach; /* blocks that end before it are passed by */
    bool loose;    /* which comes first of those that begin together does not matter */
};
/* Those that begin at `from` or later; or those that can reach it. Both in the order of time. */
struct cursor shelf_from(const struct shelf *shelf, int64_t from);
struct cursor shelf_reaching(const struct shelf *shelf, int64_t from);
const struct match *shelf_next(struct cursor *c); /* NULL at the end */
/* Leaves out what stands in blocks that hold none of those that are looked for. */
typedef bool block_holds(const struct shelf_head *head);
block_holds block_holds_sure, block_holds_any, block_holds_excused, block_holds_telling, block_holds_fitting;
const struct match *shelf_next_of(struct cursor *c, block_holds *holds);
/* The latest end of any, or `least`. */
int64_t shelf_last(const struct shelf *shelf, int64_t least);
const struct shelf_head *shelf_sums(struct shelf_head *head);

#endif
