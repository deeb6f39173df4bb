/* A dictionary of phrases of one or more words under their folded spelling. Each has a number, which means what its
 * owner says; one phrase may have several. Built once, then read-only and safe for many threads. */
#ifndef TRUCE_FACTS_PHRASES_H
#define TRUCE_FACTS_PHRASES_H

#include "base/table.h"
#include "facts/tokens.h"

/* A set of hashes that says of most others, with one look, that they are not in it. Now and then it lets one pass. */
enum { SIEVE_BITS = 1 << 16 };
struct sieve {
    uint64_t bits[SIEVE_BITS / 64];
};
static inline void sieve_put(struct sieve *sieve, uint32_t hash)
{
    sieve->bits[hash >> 22] |= UINT64_C(1) << (hash >> 16 & 63);
}
static inline bool sieve_may_have(const struct sieve *sieve, uint32_t hash)
{
    return (sieve->bits[hash >> 22] >> (hash >> 16 & 63) & 1) != 0;
}

struct phrases {
    struct buffer words, entries;
    struct table table;
    struct sieve sieve; /* of what is in `table`: most words of a text are in no dictionary */
    bool romanised;     /* Latin letters: articles (ash-, ez-, el-) and a last h behind a are one spelling */
};
void phrases_clear(struct phrases *phrases);

enum { PHRASE_BYTES = 128, PHRASE_NONE = -1 };

/* Refuses what has no word or more than PHRASE_BYTES bytes: lexicon-phrase. */
MUST_USE enum status phrases_put(struct phrases *phrases, struct slice phrase, uint32_t value, struct error *error);
/* The same phrase with nothing between its words. */
MUST_USE enum status phrases_put_joined(struct phrases *phrases, struct slice phrase, uint32_t value,
                                        struct error *error);

/* Of words in Latin letters those that may have another spelling: articles, and what ends with h. */
enum { ARTICLE_MOST = 3 };
static inline bool phrase_may_be_respelled(struct slice word)
{
    bool short_vowel = word.size <= ARTICLE_MOST && (word.data[0] == 'a' || word.data[0] == 'e');
    return short_vowel || word.data[word.size - 1] == 'h';
}

/* The entry of the word at token `at`, read as `as` says, if a phrase begins with it or is it; else PHRASE_NONE. */
int32_t phrases_begin_as(const struct phrases *phrases, const struct tokens *tokens, size_t at,
                         const struct clitic *as);
static inline int32_t phrases_begin(const struct phrases *phrases, const struct tokens *tokens, size_t at,
                                    const struct clitic *as)
{
    bool stands = as->skip == 0 && !(phrases->romanised && phrase_may_be_respelled(tokens_text(tokens, at)));
    if (stands && !sieve_may_have(&phrases->sieve, tokens->token[at].hash)) return PHRASE_NONE; /* most words */
    return phrases_begin_as(phrases, tokens, at, as);
}

/* What is known of the text from token `at`, whose word has the entry `begin`: one step a word, `next` first. */
struct phrase_walk {
    const struct phrases *phrases;
    const struct tokens *tokens;
    size_t end;    /* behind the tokens taken so far */
    int32_t path;  /* of the words taken, or of the first one before it is */
    int32_t entry; /* first of what stands under the words taken, or PHRASE_NONE */
    bool begun;
};
void phrase_walk_open(struct phrase_walk *walk, const struct phrases *phrases, const struct tokens *tokens, size_t at,
                      int32_t begin);
bool phrase_walk_next(struct phrase_walk *walk); /* false: no phrase goes on like this */

/* Of all entries, 0 … count - 1: the one of the first word of its phrase, whether that is its only word, and whether it
 * is kept for longer phrases alone. */
size_t phrases_count(const struct phrases *phrases);
int32_t phrases_first(const struct phrases *phrases, int32_t entry);
bool phrases_is_one_word(const struct phrases *phrases, int32_t entry);
bool phrases_is_beginning(const struct phrases *phrases, int32_t entry);

/* What stands under one folded word that is no token. */
int32_t phrases_find(const struct phrases *phrases, struct slice folded_word);

/* Steps through what stands under one phrase, in the order in which it was put; `entry` is from a walk. */
uint32_t phrases_value(const struct phrases *phrases, int32_t entry);
int32_t phrases_next(const struct phrases *phrases, int32_t entry);

#endif
