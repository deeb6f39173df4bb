/* How an agreement's tables are read: one walk, every fault told with its pointer, nothing half-read kept. */
#ifndef TRUCE_TERMS_READER_H
#define TRUCE_TERMS_READER_H

#include "terms/model.h"

struct reader {
    struct agreement *agreement;
    struct arena *arena;
    terms_fault *fault;
    void *context;
    size_t faults;
    bool whole, full; /* full: memory ran out */
    unsigned quiet;   /* a named entry is read again where it is used: its faults were told where it stands */
    unsigned depth, nodes;
    struct json_path path;
    struct slice *term_names;
    size_t term_count;
    const struct term **hidden;
    const struct json *hidden_from[HIDDEN_MOST]; /* what was read: an anchor's event is counted once */
};

/* Tell a fault at the path, or at its member `key`. All give false, so that `return reader_fault(…)` refuses. */
bool reader_fault(struct reader *r, const char *key, const char *code, const char *sentence, struct slice argument);
/* What a name that is not known was taken for. Each has a sentence of its own: {0} is the name. */
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

/* Only these members may stand in the object; `names` ends with NULL. */
bool reader_members(struct reader *r, const struct json *object, const char *const *names);

/* One deeper into a tree, and out again. False when the limit of depth or nodes is passed. */
bool reader_enter(struct reader *r);
void reader_leave(struct reader *r);

/* The member `name` of a table ("groups", "places" …) in whichever source has it. */
const struct json *reader_named(struct reader *r, const char *table, struct slice name);

bool read_words(struct reader *r, struct words *out, const struct json *value);
bool read_slug(struct reader *r, struct slice *out, const struct json *value);
bool read_duration(struct reader *r, int64_t *out, const struct json *object, const char *key);
bool read_word(struct reader *r, int *out, const struct json *object, const char *key, const char *const *words,
               int fallback);

const struct group *read_group(struct reader *r, const struct json *value);
const struct place *read_place(struct reader *r, const struct json *value);
const struct class *read_class(struct reader *r, const struct json *value);
bool read_acts(struct reader *r, struct words *out, const struct json *value); /* acts and classes of acts */
const struct moment *read_moment(struct reader *r, const struct json *value);
/* A count without a name, of what the member `key` selects: `rule` says how. *out is numbered as terms are. */
bool read_hidden(struct reader *r, size_t *out, const struct rule *rule, const struct json *object, const char *key);
const struct zone *read_zone(struct reader *r, const struct json *object);
const struct rule *read_rule(struct reader *r, const struct json *value);
const struct selector *read_selector_member(struct reader *r, const struct json *object, const char *key);
bool read_group_member(struct reader *r, const struct group **out, const struct json *object, const char *key);
bool read_watch(struct reader *r, struct watch *out, const struct json *value);
bool read_channel(struct reader *r, struct slice *out, const struct json *object);
bool read_term(struct reader *r, struct term *out, const struct json *value);
bool find_term(struct reader *r, size_t *out, const struct json *value);

/* reader_in … reader_out: walks into a member, so that faults point there. */
size_t reader_in(struct reader *r, const char *key);
static inline void reader_out(struct reader *r, size_t mark)
{
    json_path_pop(&r->path, mark);
}

#endif
