/* A text taken apart into words, and by what each of them is found: one code for the index, for queries and for plain
 * text. Nothing here asks what a word means. spec/text.md has the rules. */
#ifndef TRUCE_TEXT_WORDS_H
#define TRUCE_TEXT_WORDS_H

#include "base/table.h"
#include "text/fold.h"

/* What stands between a word and the one before it. */
enum word_gap {
    WORD_GAP_WIDE,  /* a space, or more than one mark */
    WORD_GAP_HYPHEN /* one mark that may stand inside a word: a hyphen, an apostrophe, a full stop */
};
struct word {
    uint32_t from, to; /* bytes of the folded text */
    uint32_t gap;
};

struct words {
    struct slice source;
    struct buffer folded;
    struct fold_map map;
    struct buffer list; /* of struct word */
    size_t count;
    struct table known;   /* the words that stand in the text, and those that it was told */
    struct buffer told;   /* of struct slice: borrowed */
    struct buffer unique; /* of uint32_t: the first word of each spelling */
    struct buffer joined; /* two words as one, while terms are put */
};
void words_clear(struct words *words); /* works with OWN(); may be used again */

/* Takes `text`, which must outlive it, apart. Refuses what text_fold refuses. */
MUST_USE enum status words_take(struct words *words, struct slice text, struct error *error);
/* A folded word that counts as known when words are cut: one that is looked for. */
MUST_USE enum status words_tell(struct words *words, struct slice folded, struct error *error);

static inline struct word words_at(const struct words *words, size_t i)
{
    struct word word;
    memcpy(&word, words->list.data + i * sizeof word, sizeof word);
    return word;
}
static inline struct slice words_slice(const struct words *words, uint32_t from, uint32_t to)
{
    return slice_part(buffer_slice(&words->folded), from, to - from);
}

/* ---- what a word is made of: itself, or the words that were run together in it */

enum { WORD_PIECES_MOST = 12 };
struct word_piece {
    uint32_t from, to;
};
/* Cuts word i; gives the number of pieces, which cover it without a gap: 1 where it is one word. */
size_t words_cut(const struct words *words, size_t i, struct word_piece out[WORD_PIECES_MOST]);

/* ---- by what a piece is found: itself, and what is left without و ف ب ك ل ال before it */

enum { WORD_FORMS_MOST = 8 };
struct word_form {
    uint32_t from, shown; /* where its letters begin, and what is shown of it */
    bool article;         /* an alef stands before it: للولايات is found as الولايات */
};
size_t words_forms(const struct words *words, struct word_piece piece, struct word_form out[WORD_FORMS_MOST]);

/* The same English word in the singular: its first `size` bytes and then `after`. Any other word is its own key. */
struct word_key {
    size_t size;
    const char *after;
};
struct word_key word_key(struct slice folded);

/* May two words be one that was written apart, or one be two that were run together, where nothing else tells? Only if
 * both are long enough to be meant: اليمن is not إلى من. */
bool words_may_join(struct slice first, struct slice second);

/* Appends every term that the text is found by, with a space between: the keys of its words, of the words run together
 * in them, and of all their forms, and two words with a hyphen between them as one. Each spelling once. */
MUST_USE enum status words_put_terms(struct words *words, struct buffer *out, struct error *error);

/* Appends the key of a whole word. */
void word_put_key(struct buffer *out, struct slice folded);

#endif
