/* How an agreement's tables are read: one walk, every fault told with its pointer, nothing half-read kept. Faults do
 * not end the walk: what can still be read is, so that all are told at once. */
#ifndef TRUCE_TERMS_READER_H
#define TRUCE_TERMS_READER_H

#include "terms/draft.h"
#include "terms/model.h"

struct lint;

struct reader {
    struct agreement *agreement;
    struct arena *arena;
    terms_fault *fault;
    void *context;
    const char *const *bases; /* the pointer to each source; NULL: "", then /parts/0, /parts/1 … */
    struct lint *lint;        /* takes note of what is used, for the warnings; or NULL */
    size_t faults, told;
    struct symbols *symbols; /* or NULL: what was read can be told about, and not be evaluated */
    bool whole, full;        /* full: memory ran out */
    /* A named entry is read again where it is used. Its faults were told where it stands; only what comes of its being
     * used here, too many levels or nodes, is told, at the place that names it. */
    unsigned quiet;
    size_t quiet_from; /* the size of the path there */
    bool defining;     /* in the tables of groups and classes: names stand there that others use */
    unsigned depth, nodes;
    const struct json *naming[TERM_DEPTH_MOST + 2]; /* the named entries that are being read, to tell circles */
    unsigned naming_count;
    const struct json *patches; /* of the rival text that is being read, and where its path begins */
    size_t patches_from;
    bool patches_only; /* the agreement's own wording has faults, which are not told again */
    struct error last; /* what was told last: never the same twice */
    struct json_path path;
    struct slice *term_names;
    size_t term_count;
    const struct term **hidden;
    const struct json *hidden_from[HIDDEN_MOST]; /* what was read: an anchor's event is counted once */
    bool term_good[TERMS_MOST];                  /* read without a fault */
    bool circular;                               /* terms wait for each other */
};

/* Reads the tables of the sources into r->agreement. The reader has arena, fault, context, bases, symbols, lint and
 * whole. */
MUST_USE enum status reader_read(struct reader *r, const struct json *const *sources, size_t count,
                                 struct error *error);

/* Tell a fault at the path, or at its member `key`. All give false, so that `return reader_fault(…)` refuses. */
bool reader_fault(struct reader *r, const char *key, const char *code, const char *sentence, struct slice argument);
/* What a name that is not known was taken for. Each has a sentence of its own: {0} is the name, {1} the nearest. */
enum unknown {
    UNKNOWN_MEMBER,
    UNKNOWN_WORD,
    UNKNOWN_PLACE,
    UNKNOWN_CHANNEL,
    UNKNOWN_TERM,
    UNKNOWN_READING,
    UNKNOWN_ZONE,
    UNKNOWN_ANCHOR
};
bool reader_unknown(struct reader *r, const char *key, enum unknown what, struct slice name, struct slice nearest);
bool reader_limit(struct reader *r, const char *sentence, int64_t most); /* {0} is `most` */
void *reader_get(struct reader *r, size_t size);

/* The nearest name to one that is not known, or nothing: of a list ended by NULL, or of a table. */
struct slice reader_near(const struct reader *r, struct slice typed, const char *const *names);
struct slice reader_near_named(const struct reader *r, struct slice typed, const char *table);
/* The same among names that are looked at one by one. */
struct near {
    struct slice typed, best;
    unsigned distance;
};
void near_consider(struct near *near, struct slice name);

/* Only these members may stand in the object; `names` ends with NULL. */
bool reader_members(struct reader *r, const struct json *object, const char *const *names);
/* A member that is true, or absent. */
bool reader_flag(struct reader *r, bool *out, const struct json *object, const char *key);

/* One deeper into a tree, and out again. False when the limit of depth or nodes is passed. */
bool reader_enter(struct reader *r);
void reader_leave(struct reader *r);

/* The member `name` of a table ("groups", "places" …) in whichever source has it. */
const struct json *reader_named(struct reader *r, const char *table, struct slice name);
/* Around the reading of what a name stands for. False for a name that stands for itself, which is told. */
bool reader_name_in(struct reader *r, const struct json *named, struct slice name);
void reader_name_out(struct reader *r);

/* Terms follow each other through the sources: the i-th, and the source and place that it has there. */
struct term_place {
    const struct json *term;
    size_t source, i;
};
struct term_place reader_term(const struct reader *r, size_t i);
/* Walks to a source, or to a term of it. Out with reader_out(r, 0). */
void reader_in_source(struct reader *r, size_t source);
void reader_in_term(struct reader *r, size_t i);

symbol reader_symbol(struct reader *r, struct slice name);
bool read_words(struct reader *r, struct words *out, const struct json *value);
bool read_slug(struct reader *r, struct slice *out, const struct json *value);
bool read_duration(struct reader *r, int64_t *out, const struct json *object, const char *key);
bool read_word(struct reader *r, int *out, const struct json *object, const char *key, const char *const *words,
               int fallback);
/* The places of words in `words` as bits; the member is a list, or one word alone where `one` may stand. */
bool read_flags(struct reader *r, unsigned *out, const struct json *list, const char *const *words, bool one);

const struct group *read_group(struct reader *r, const struct json *value);
const struct place *read_place(struct reader *r, const struct json *value);
const struct class *read_class(struct reader *r, const struct json *value);
bool read_acts(struct reader *r, struct words *out, const struct json *value); /* acts and classes of acts */
const struct moment *read_moment(struct reader *r, const struct json *value);
/* A count without a name, of what the member `key` selects: `rule` says how. *out is numbered as terms are. */
bool read_hidden(struct reader *r, size_t *out, const struct rule *rule, const struct json *object, const char *key);
/* The object's `zone`, or the agreement's only one, or none: then UTC. */
bool read_zone(struct reader *r, const struct zone **out, const struct json *object);
const struct rule *read_rule(struct reader *r, const struct json *value);
const struct selector *read_selector_member(struct reader *r, const struct json *object, const char *key);
bool read_group_member(struct reader *r, const struct group **out, const struct json *object, const char *key);
bool read_watch(struct reader *r, struct watch *out, const struct json *value);
bool read_channel(struct reader *r, struct slice *out, const struct json *object);
bool read_term(struct reader *r, struct term *out, const struct json *value);
bool find_term(struct reader *r, size_t *out, const struct json *value);

/* Terms that wait for each other, each told once; and uses that a term's rule does not bear (read_waits.c). */
bool read_waits(struct reader *r);

/* reader_in … reader_out: walks into a member, so that faults point there. */
size_t reader_in(struct reader *r, const char *key);
static inline void reader_out(struct reader *r, size_t mark)
{
    json_path_pop(&r->path, mark);
}

#endif
