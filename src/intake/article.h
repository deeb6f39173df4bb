/* A news text laid out for reading: folded, cut into tokens, quotation marks paired, sentences and paragraphs known.
 * Every step is linear, whatever the text. Offsets are bytes of the source. */
#ifndef TRUCE_INTAKE_ARTICLE_H
#define TRUCE_INTAKE_ARTICLE_H

#include "base/buffer.h"
#include "intake/lexis.h"
#include "text/fold.h"

enum token_kind {
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_OPEN,  /* a quotation mark or bracket that opens, paired or not */
    TOKEN_CLOSE, /* one that closes */
    TOKEN_COLON,
    TOKEN_COMMA, /* , ، ; ؛ */
    TOKEN_STOP,  /* . ! ؟ ? and … outside quotations */
    TOKEN_DOTS,  /* two dots or more */
    TOKEN_BREAK, /* one line break or more: a paragraph ends */
    TOKEN_MARK   /* any other mark of writing */
};

enum { TOKEN_UNPAIRED = UINT32_MAX };

struct token {
    uint32_t start, end;       /* in the source */
    uint32_t folded, size;     /* in the folded text */
    uint32_t mate;             /* of a quotation mark or bracket: the other one, or TOKEN_UNPAIRED */
    uint32_t sentence;         /* the token behind the sentence's last */
    uint8_t kind;              /* enum token_kind */
    uint8_t lead;              /* bytes of و or ف before the word, where the vocabulary knows what is left */
    uint8_t bracket;           /* round brackets, which quote only where something is said */
    const struct lexeme *word; /* what the vocabulary knows of it, or NULL */
};

struct article {
    struct slice source;
    struct buffer folded;
    struct fold_map map;
    const struct lexis *lexis;
    enum language language;
    struct token *tokens;
    size_t count, capacity;
    size_t headline_end; /* bytes of the source that are a headline, or 0 */
};

void article_clear(struct article *article);

/* `source` is borrowed and must outlive the article. Refuses text-utf8 and text-limit. */
MUST_USE enum status article_read(struct article *article, struct slice source, enum language language,
                                  struct error *error);

/* The folded bytes of one token, with or without what `lead` counts. */
static inline struct slice token_text(const struct article *article, const struct token *token)
{
    return slice_of(article->folded.data + token->folded, token->size);
}

static inline struct slice token_base(const struct article *article, const struct token *token)
{
    return slice_part(token_text(article, token), token->lead, token->size);
}

static inline bool token_is(const struct token *token, unsigned classes)
{
    return token->word != NULL && (token->word->classes & classes) != 0;
}

#endif
