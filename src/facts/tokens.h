/* A folded text cut into words, numbers and marks, with the way back to the bytes of the source. */
#ifndef TRUCE_FACTS_TOKENS_H
#define TRUCE_FACTS_TOKENS_H

#include "text/fold.h"

enum token_kind {
    TOKEN_WORD,   /* letters, as many as stand together */
    TOKEN_NUMBER, /* ASCII digits, for all digits fold to them */
    TOKEN_MARK    /* one other character, or a blank line as '\n' */
};

struct token {
    uint32_t from, to; /* bytes of the folded text, end exclusive */
    uint32_t number;   /* of a number of at most nine digits, else UINT32_MAX; of a mark its code point */
    uint32_t hash;     /* of a word or number */
    uint16_t word;     /* for vocabulary.c: what it knows that begins here */
    uint16_t behind;   /* the same, behind letters that are written together with the word */
    uint8_t kind;      /* of enum token_kind */
    bool spaced;       /* white space stands before it */
};

struct tokens {
    struct slice source, folded; /* borrowed */
    const struct fold_map *map;  /* borrowed */
    const struct token *token;   /* in `kept` */
    size_t count;
    const uint64_t *begins; /* what `word` and `behind` mean; of vocabulary.c, or NULL before it has looked them up */
    struct buffer kept;
};

/* `folded` and `map` are what text_fold made of `source`. All three must outlive *out. */
MUST_USE enum status tokens_cut(struct tokens *out, struct slice source, struct slice folded,
                                const struct fold_map *map, struct error *error);
void tokens_clear(struct tokens *tokens);

/* Bytes of the source. An empty run of tokens has none. */
struct span {
    size_t start, end; /* end exclusive */
};
/* From byte `skip` of token `first` to the end of token `last`. */
struct span tokens_span(const struct tokens *tokens, size_t first, size_t skip, size_t last);

static inline struct slice tokens_text(const struct tokens *tokens, size_t at) /* folded */
{
    const struct token *token = &tokens->token[at];
    return slice_of(tokens->folded.data + token->from, token->to - token->from);
}

/* All false behind the end. */
static inline bool tokens_is(const struct tokens *tokens, size_t at, enum token_kind kind)
{
    return at < tokens->count && tokens->token[at].kind == kind;
}
static inline bool tokens_is_number(const struct tokens *tokens, size_t at)
{
    return tokens_is(tokens, at, TOKEN_NUMBER);
}
static inline bool tokens_is_word(const struct tokens *tokens, size_t at)
{
    return tokens_is(tokens, at, TOKEN_WORD);
}
static inline bool tokens_is_mark(const struct tokens *tokens, size_t at, uint32_t mark)
{
    return tokens_is(tokens, at, TOKEN_MARK) && tokens->token[at].number == mark;
}

/* How the first letter of a token stands in the source: capital letters of ASCII. */
bool tokens_is_capital(const struct tokens *tokens, size_t at);

/* Ways to read a word of Arabic behind the letters that are written together with it (و ف, then ب ك ل): `skip` bytes
 * are left out, and `article` says that ال lost its alef to the ل before it (للرقة). The first way is the word whole.
 */
struct clitic {
    uint32_t skip;
    bool article;
};
enum { CLITICS_MOST = 4 };
enum { LETTER_BYTES = 2, WAW = 0xd988, FEH = 0xd981, BEH = 0xd8a8, KAF = 0xd983, LAM = 0xd984 };

/* The two bytes of a letter of Arabic, where at least as many stand behind it and one more; else 0. */
static inline unsigned clitic_at(struct slice word, size_t at)
{
    return word.size > at + 2 * LETTER_BYTES ? (unsigned)word.data[at] << 8 | word.data[at + 1] : 0;
}

/* The ways behind the first; for tokens_clitics. */
size_t clitics_put(struct slice word, struct clitic *out);

static inline size_t tokens_clitics(const struct tokens *tokens, size_t at, struct clitic out[CLITICS_MOST])
{
    struct slice word = tokens_text(tokens, at);
    unsigned letter = clitic_at(word, 0);
    out[0] = (struct clitic){0, false};
    if (letter != BEH && (letter < FEH || letter > WAW)) return 1; /* as most words do */
    return 1 + clitics_put(word, &out[1]);
}

/* ---- hashes of folded words and phrases; they differ between machines */

static inline uint64_t hash_load(const uint8_t *at, size_t size)
{
    uint64_t eight = 0;
    uint32_t four = 0;
    if (size == sizeof eight) return memcpy(&eight, at, sizeof eight), eight;
    return memcpy(&four, at, sizeof four), four;
}
static inline uint64_t hash_mix(uint64_t hash, uint64_t part)
{
    hash = (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* Eight bytes at a time, the last eight overlapping those before them. */
static inline uint32_t tokens_hash(struct slice word)
{
    const uint8_t *at = word.data, *end = at + word.size;
    uint64_t hash = word.size;
    if (word.size >= 8) {
        for (; end - at > 8; at += 8) hash = hash_mix(hash, hash_load(at, 8));
        hash = hash_mix(hash, hash_load(end - 8, 8));
    } else if (word.size >= 4) {
        hash = hash_mix(hash, hash_load(at, 4) << 32 | hash_load(end - 4, 4));
    } else if (word.size > 0) {
        hash = hash_mix(hash, (uint64_t)at[0] << 16 | (uint64_t)at[word.size / 2] << 8 | end[-1]);
    }
    return (uint32_t)(hash * UINT64_C(0xd6e8feb86659fd93) >> 32);
}

#endif
