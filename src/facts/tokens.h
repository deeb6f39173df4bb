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
    uint32_t from, to;     /* bytes of the folded text, end exclusive */
    uint32_t number;       /* of a number of at most nine digits, else UINT32_MAX; of a mark its code point */
    uint16_t word, behind; /* for vocabulary.c: what it knows that begins here; the same behind letters before the word */
    uint8_t kind;          /* of enum token_kind */
    bool spaced;           /* white space stands before it */
};

struct tokens {
    struct slice source, folded; /* borrowed */
    const struct fold_map *map;  /* borrowed */
    const struct token *token;   /* in `kept` */
    size_t count;
    bool known; /* by vocabulary_look_up */
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

struct slice tokens_text(const struct tokens *tokens, size_t at);           /* folded */
bool tokens_is_mark(const struct tokens *tokens, size_t at, uint32_t mark); /* false behind the end */
bool tokens_is_number(const struct tokens *tokens, size_t at);
bool tokens_is_word(const struct tokens *tokens, size_t at);

/* How the first letter of a token stands in the source: capital letters of ASCII. */
bool tokens_is_capital(const struct tokens *tokens, size_t at);

/* Ways to read a word of Arabic behind the letters that are written together with it (و ف, then ب ك ل): `skip` bytes
 * are left out, and `article` says that ال lost its alef to the ل before it (للرقة). The first way is the word whole.
 */
struct clitic {
    uint32_t skip;
    bool article;
};
enum { CLITICS_MOST = 8 };
size_t tokens_clitics(const struct tokens *tokens, size_t at, struct clitic out[CLITICS_MOST]);

#endif
