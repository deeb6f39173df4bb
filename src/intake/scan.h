/* The walk over an article from which both languages' rules read: where it stands, who spoke, what was given out. */
#ifndef TRUCE_INTAKE_SCAN_H
#define TRUCE_INTAKE_SCAN_H

#include "intake/speaker.h"
#include "intake/statement.h"

struct scan {
    const struct article *article;
    const struct token *tokens;
    size_t end; /* of all tokens */
    struct statements *out;
    struct speakers speakers;
    size_t sentence_from;   /* the first token of the sentence at hand */
    size_t spoken_in;       /* the same of the last statement's, or SIZE_MAX */
    size_t done;            /* the token behind the last content */
    const struct cue *last; /* the last verb, for a quotation that goes on without one */
    struct span last_cue;
};

static inline size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline bool kind_at(const struct scan *scan, size_t at, enum token_kind kind)
{
    return at < scan->end && scan->tokens[at].kind == kind;
}

static inline bool class_at(const struct scan *scan, size_t at, unsigned classes)
{
    return at < scan->end && token_is(&scan->tokens[at], classes);
}

/* Is the token before this one of these classes? */
static inline bool class_before(const struct scan *scan, size_t at, unsigned classes)
{
    return at > 0 && class_at(scan, at - 1, classes);
}

static inline bool kind_before(const struct scan *scan, size_t at, enum token_kind kind)
{
    return at > 0 && kind_at(scan, at - 1, kind);
}

static inline struct slice text_at(const struct scan *scan, size_t at)
{
    return at < scan->end ? token_text(scan->article, &scan->tokens[at]) : (struct slice){NULL, 0};
}

static inline bool word_at(const struct scan *scan, size_t at, const char *folded)
{
    return slice_is(text_at(scan, at), folded);
}

static inline const struct cue_form *form_at(const struct scan *scan, size_t at)
{
    return at < scan->end && scan->tokens[at].word != NULL ? scan->tokens[at].word->form : NULL;
}

static inline size_t sentence_end(const struct scan *scan, size_t at)
{
    return at < scan->end ? scan->tokens[at].sentence : scan->end;
}

/* Words inside a pair of marks, counted up to `most`; SIZE_MAX where the mark has no mate. */
size_t scan_words_inside(const struct scan *scan, size_t open, size_t most);

/* Takes marks and connectors off the end of a content: "لكنه", "and", a comma. At least one token stays. */
size_t scan_trim_end(const struct scan *scan, size_t from, size_t end);

/* The bytes of the source from one token to before another; nothing if there is none. */
struct span scan_span(const struct scan *scan, size_t from, size_t end);
/* The same of the folded text; from < end. */
struct slice scan_folded(const struct scan *scan, size_t from, size_t end);

/* The sentence that token `at` stands in becomes the one at hand. */
void scan_enter(struct scan *scan, size_t at);

#endif
