/* What can be read, and was hardly meant: windows in which nothing can be due, terms that contradict each other, names
 * that nobody else bears. Looked for when a draft is checked (draft.h), never when an agreement is evaluated.
 * Invariant: on any input the work is bounded; where it would not be, a warning is left out. */
#ifndef TRUCE_TERMS_LINT_H
#define TRUCE_TERMS_LINT_H

#include "terms/draft.h"
#include "terms/reader.h"

/* ---- what the reader tells while it reads */

enum use { USE_PARTY, USE_WORD };

/* A name that stands for somebody, or for an act or weapon, at the path or at its member `key`. */
void lint_use(struct reader *r, enum use use, struct slice name);
/* An anchor is waited for. */
void lint_used(struct reader *r, const struct json *named);
/* What is asked of records at the path: can any record say it? */
void lint_selector(struct reader *r, const struct selector *selector, const struct json *value);

/* ---- shared by lint_*.c */

#define NO_LEAST INT64_MIN
#define NO_MOST INT64_MAX

enum {
    LINT_USES_MOST = 1000,   /* names that are not known */
    LINT_WORK_MOST = 5000000 /* names compared */
};

/* A moment, as far as the agreement alone tells: from the least to the most. What never comes has NO_MOST as its least.
 */
struct span {
    int64_t least, most;
};

struct lint {
    terms_fault *warning;
    void *context;
    size_t told;
    struct {
        struct slice name;
        enum use use;
        const char *pointer;
    } uses[LINT_USES_MOST];
    size_t use_count;
    const struct json *used[NAMES_MOST]; /* anchors that are waited for */
    size_t used_count;
    struct slice *known[2]; /* by enum use, sorted */
    size_t known_count[2];
    uint64_t work;
    struct span done[TERMS_MOST]; /* of the terms whose completion was asked for */
    bool done_known[TERMS_MOST];
};

/* A warning at the reader's path, or at its member `key`. At most three arguments. */
void lint_warn(struct reader *r, const char *key, const char *code, const char *sentence, const char *a, const char *b,
               const char *c);
/* Is there still room for this much work? */
bool lint_work(struct reader *r, size_t work);

MUST_USE bool lint_know(struct reader *r, const struct draft *draft); /* collects what is known, before reading */
void lint_names(struct reader *r);
void lint_unused(struct reader *r);
void lint_called(struct reader *r);
void lint_times(struct reader *r);
void lint_pairs(struct reader *r);

/* When a term's window begins and ends. */
struct span lint_from(const struct reader *r, const struct wording *w);
struct span lint_end(const struct reader *r, const struct wording *w);
static inline bool is_fixed(struct span span)
{
    return span.least == span.most && span.least != NO_LEAST && span.least != NO_MOST;
}

/* Is all that `a` asks for also asked for by `b`? `who` of each stands for the actor, or author, that is not said.
 * Without `places` the distances in places are not looked at. */
bool lint_within(struct reader *r, const struct selector *a, const struct group *a_who, const struct selector *b,
                 const struct group *b_who, bool places);

#endif
