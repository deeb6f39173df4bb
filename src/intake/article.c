#include "intake/article.h"

#include "text/decode.h"

#include <pthread.h>
#include <stdlib.h>

void article_clear(struct article *article)
{
    buffer_clear(&article->folded);
    fold_map_clear(&article->map);
    free(article->tokens);
    article->tokens = NULL;
}

/* ---- cutting */

enum { BLANK = TOKEN_MARK + 1 };

/* What a character of ASCII is, in folded text. */
static enum token_kind ascii_kind(char c)
{
    if (c >= '0' && c <= '9') return TOKEN_NUMBER;
    if (c >= 'a' && c <= 'z') return TOKEN_WORD;
    switch (c) {
    case '"':
    case '(':
    case '[':
    case '{': return TOKEN_OPEN;
    case ')':
    case ']':
    case '}': return TOKEN_CLOSE;
    case ':': return TOKEN_COLON;
    case ',':
    case ';': return TOKEN_COMMA;
    case '.':
    case '!':
    case '?': return TOKEN_STOP;
    case '\n':
    case '\r': return TOKEN_BREAK;
    default: return c > ' ' && c < 0x7f ? TOKEN_MARK : (enum token_kind)BLANK;
    }
}

static uint8_t ascii_kinds[0x80];

static void make_ascii_kinds(void)
{
    for (int c = 0; c < 0x80; c++) ascii_kinds[c] = (uint8_t)ascii_kind((char)c);
}

/* What a code point of folded text is; letters are whatever is nothing else. */
static inline enum token_kind kind_of(uint32_t c)
{
    if (c < 0x80) return (enum token_kind)ascii_kinds[c];
    if (c >= 0x620 && c < 0x660) return TOKEN_WORD;
    switch (c) {
    case 0xab:
    case 0x201c:
    case 0x201d:
    case 0x201e: return TOKEN_OPEN; /* which of “ and ” closes differs: pair_marks sees to it */
    case 0xbb: return TOKEN_CLOSE;
    case 0x60c:
    case 0x61b: return TOKEN_COMMA;
    case 0x61f:
    case 0x6d4: return TOKEN_STOP;
    case 0x2028:
    case 0x2029: return TOKEN_BREAK;
    default: return c >= 0x2000 && c < 0x2c00 && c != 0x2018 && c != 0x2019 ? TOKEN_MARK : TOKEN_WORD;
    }
}

static enum status put_token(struct article *article, struct token token, struct error *error)
{
    if (article->count == article->capacity) {
        size_t capacity = article->capacity == 0 ? article->source.size / 6 + 64 : article->capacity * 2;
        struct token *more = realloc(article->tokens, capacity * sizeof *more);
        if (more == NULL)
            return error_set(error, STATUS_FAILED, "out-of-memory",
                             "The input needs more memory than is allowed for it.", NULL);
        article->tokens = more;
        article->capacity = capacity;
    }
    article->tokens[article->count++] = token;
    return STATUS_DONE;
}

/* An apostrophe is one between two letters; before a letter alone it opens, behind one it closes. */
static enum token_kind kind_of_apostrophe(struct slice folded, size_t at, size_t size)
{
    uint8_t before = at > 0 ? folded.data[at - 1] : ' ', next = at + size < folded.size ? folded.data[at + size] : ' ';
    bool letter_before = before >= 0x80 || (before >= 'a' && before <= 'z') || (before >= '0' && before <= '9');
    bool letter_next = next >= 0x80 || (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9');
    if (letter_before && letter_next) return TOKEN_WORD;
    return letter_next || !letter_before ? TOKEN_OPEN : TOKEN_CLOSE;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2018 || c == 0x2019;
}

/* Where a word ends whose first character ended at `at`: letters, the digits in it, apostrophes and the stops of
 * initials (U.S.) between letters. */
static size_t word_end(struct slice folded, size_t begin, size_t at)
{
    const uint8_t *data = folded.data;
    while (at < folded.size) {
        uint8_t byte = data[at];
        if (byte == 0xd9 || (byte == 0xd8 && data[at + 1] >= 0xa0)) { /* U+0620 … U+067F */
            at += 2;
        } else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) {
            at++;
        } else if (byte == '.') {
            bool initials = at + 1 < folded.size && data[at + 1] >= 'a' && data[at + 1] <= 'z' && data[at - 1] < 0x80 &&
                            (at - 1 == begin || data[at - 2] == '.');
            if (!initials) break;
            at++;
        } else {
            uint32_t c = 0;
            size_t size = decode_one(data + at, folded.size - at, &c);
            if ((is_apostrophe(c) ? kind_of_apostrophe(folded, at, size) : kind_of(c)) != TOKEN_WORD) break;
            at += size;
        }
    }
    return at;
}

/* Where a run of digits with points and commas between them ends, or of one kind of marks. */
static size_t run_end(struct slice folded, size_t at, enum token_kind kind)
{
    while (at < folded.size && folded.data[at] < 0x80) {
        enum token_kind next = kind_of(folded.data[at]);
        bool inner = kind == TOKEN_NUMBER && (folded.data[at] == '.' || folded.data[at] == ',') &&
                     at + 1 < folded.size && folded.data[at + 1] >= '0' && folded.data[at + 1] <= '9';
        if (next != kind && !inner) break;
        at++;
    }
    return at;
}

static bool single(enum token_kind kind)
{
    return kind == TOKEN_OPEN || kind == TOKEN_CLOSE || kind == TOKEN_COLON || kind == TOKEN_COMMA ||
           kind == TOKEN_MARK;
}

static enum status cut(struct article *article, struct error *error)
{
    struct slice folded = buffer_slice(&article->folded);
    size_t walk = 0;
    for (size_t at = 0; at < folded.size;) {
        uint32_t c = 0;
        size_t size = decode_one(folded.data + at, folded.size - at, &c);
        enum token_kind kind = is_apostrophe(c) ? kind_of_apostrophe(folded, at, size) : kind_of(c);
        bool doubled = (c == '\'' || c == '`') && at + 1 < folded.size &&
                       folded.data[at + 1] == c; /* '' and ``: quotation marks */
        if (doubled) kind = TOKEN_OPEN, size = 2;
        size_t end = single(kind)         ? at + size
                     : kind == TOKEN_WORD ? word_end(folded, at, at + size)
                                          : run_end(folded, at + size, kind);
        if ((int)kind != BLANK) {
            struct token token = {.folded = (uint32_t)at, .size = (uint32_t)(end - at), .mate = TOKEN_UNPAIRED};
            if (kind == TOKEN_STOP && end - at > 1 && folded.data[at] == '.' && folded.data[at + 1] == '.')
                kind = TOKEN_DOTS;
            token.kind = (uint8_t)kind;
            token.bracket = c == '(' || c == ')' || c == '[' || c == ']';
            token.start = (uint32_t)fold_walk_start(&article->map, &walk, at);
            token.end = (uint32_t)fold_walk_end(&article->map, &walk, end);
            TRY(put_token(article, token, error));
        }
        at = end;
    }
    return STATUS_DONE;
}

/* ---- what the words are */

static const struct lexeme *find_without(const struct article *article, struct token *token, const char *lead)
{
    struct slice text = token_text(article, token);
    size_t size = strlen(lead);
    if (text.size < size + 4 || !slice_starts(text, lead)) return NULL;
    const struct lexeme *word = lexis_find(article->lexis, slice_part(text, size, text.size));
    if (word != NULL) token->lead = (uint8_t)size;
    return word;
}

/* Bytes of the pronoun that a verb can carry at its end: هما, هم, ها, ه; 0 if none stands there. */
static size_t object_size(struct slice text)
{
    if (text.size < 12) return 0;
    const uint8_t *end = text.data + text.size;
    if (memcmp(end - 2, "ه", 2) == 0) return 2;
    if (memcmp(end - 4, "ها", 4) == 0 || memcmp(end - 4, "هم", 4) == 0) return 4;
    return memcmp(end - 6, "هما", 6) == 0 ? 6 : 0;
}

/* A verb may carry its object: طالبتها. */
static const struct lexeme *find_with_object(const struct article *article, struct token *token, size_t lead)
{
    struct slice text = token_text(article, token);
    size_t size = object_size(text);
    if (size == 0 || text.size < lead + size + 6) return NULL;
    const struct lexeme *word = lexis_find(article->lexis, slice_part(text, lead, text.size - size - lead));
    if (word == NULL || word->form == NULL || word->form->tense > TENSE_PRESENT) return NULL;
    token->lead = (uint8_t)lead;
    return word;
}

/* An office or a body whose next word was run into it: الولاياتالمتحدة. */
static const struct lexeme *find_joined(const struct article *article, const struct token *token)
{
    struct slice text = token_text(article, token);
    for (size_t i = 6; i + 8 < text.size; i += 2)
        if (text.data[i + 3] == 0x84 && memcmp(text.data + i, "ال", 4) == 0) {
            const struct lexeme *word = lexis_find(article->lexis, slice_part(text, 0, i));
            if (word != NULL && (word->classes & (WORD_ROLE | WORD_BODY)) != 0) return word;
        }
    return NULL;
}

static void know_arabic(const struct article *article, struct token *token)
{
    static const char *const leads[] = {"و", "ف", "وس", "س"};
    token->word = lexis_find(article->lexis, token_text(article, token));
    for (size_t i = 0; i < COUNT_OF(leads) && token->word == NULL; i++)
        token->word = find_without(article, token, leads[i]);
    if (token->word != NULL) return;
    struct slice text = token_text(article, token);
    token->word = find_with_object(article, token, slice_starts(text, "و") || slice_starts(text, "ف") ? 2 : 0);
    if (token->word == NULL) token->word = find_with_object(article, token, 0);
    if (token->word == NULL) token->word = find_joined(article, token);
}

static void know_words(struct article *article)
{
    for (size_t i = 0; i < article->count; i++) {
        struct token *token = &article->tokens[i];
        if (token->kind != TOKEN_WORD) continue;
        if (article->language == LANGUAGE_ARABIC)
            know_arabic(article, token);
        else
            token->word = lexis_find(article->lexis, token_text(article, token));
    }
}

/* ---- pairs and sentences */

enum { OPEN_MOST = 32, QUOTE_PARAGRAPHS = 12 };

/* One stack for all kinds of marks: a mark that closes takes the nearest open one of its kind, and what was left open
 * above that stays unpaired. Paragraphs end what stands open, but for typographic marks, which may span a few. */
struct pairing {
    struct article *article;
    uint32_t open[OPEN_MOST];
    size_t depth, paragraphs;
};

static uint8_t mark_of(const struct article *article, const struct token *token)
{
    const uint8_t *at = article->folded.data + token->folded;
    if (at[0] == ')' || at[0] == '(') return '(';
    if (at[0] == ']' || at[0] == '[') return '[';
    if (at[0] == '}' || at[0] == '{') return '{';
    if (token->size == 2 && (at[0] == '\'' || at[0] == '`')) return '"';
    if (at[0] == '\'' || (at[0] == 0xe2 && token->size == 3 && (at[2] == 0x98 || at[2] == 0x99))) return '\'';
    return at[0] == 0xc2 || at[0] == 0xe2 ? at[0] : '"';
}

static bool close_mark(struct pairing *pairing, uint32_t at)
{
    struct token *tokens = pairing->article->tokens;
    uint8_t mark = mark_of(pairing->article, &tokens[at]);
    for (size_t i = pairing->depth; i-- > 0;) {
        if (mark_of(pairing->article, &tokens[pairing->open[i]]) != mark) continue;
        tokens[at].mate = pairing->open[i];
        tokens[pairing->open[i]].mate = at;
        tokens[at].kind = TOKEN_CLOSE;
        pairing->depth = i;
        return true;
    }
    return false;
}

/* ” closes whatever curly mark is open and opens else; “ closes only what ” or „ opened. */
static bool closes_curly(const struct pairing *pairing, uint32_t at)
{
    const struct token *tokens = pairing->article->tokens;
    const uint8_t *folded = pairing->article->folded.data;
    if (folded[tokens[at].folded + 2] == 0x9d) return true;
    if (folded[tokens[at].folded + 2] == 0x9e) return false;
    for (size_t i = pairing->depth; i-- > 0;)
        if (mark_of(pairing->article, &tokens[pairing->open[i]]) == 0xe2)
            return folded[tokens[pairing->open[i]].folded + 2] != 0x9c;
    return false;
}

static void end_paragraph(struct pairing *pairing)
{
    size_t kept = 0;
    if (++pairing->paragraphs < QUOTE_PARAGRAPHS)
        for (size_t i = 0; i < pairing->depth; i++) {
            uint8_t mark = mark_of(pairing->article, &pairing->article->tokens[pairing->open[i]]);
            if (mark >= 0x80) pairing->open[kept++] = pairing->open[i];
        }
    pairing->depth = kept;
}

static void pair_marks(struct article *article)
{
    struct pairing pairing = {.article = article};
    for (uint32_t i = 0; i < article->count; i++) {
        struct token *token = &article->tokens[i];
        if (token->kind == TOKEN_BREAK) end_paragraph(&pairing);
        if (token->kind == TOKEN_CLOSE) close_mark(&pairing, i);
        if (token->kind != TOKEN_OPEN) continue;
        uint8_t mark = mark_of(article, token);
        if (mark == '"' && close_mark(&pairing, i)) continue;
        if (mark == 0xe2 && closes_curly(&pairing, i) && close_mark(&pairing, i)) continue;
        if (pairing.depth == 0) pairing.paragraphs = 0;
        if (pairing.depth < OPEN_MOST) pairing.open[pairing.depth++] = i;
    }
}

static bool is_capital(const struct article *article, const struct token *token)
{
    uint8_t byte = article->source.data[token->start];
    return byte >= 'A' && byte <= 'Z';
}

/* "U.S. officials", "Gen. Smith", "3.5 million": a stop that ends nothing. */
static bool is_abbreviation(const struct article *article, size_t at)
{
    if (article->language != LANGUAGE_ENGLISH || at == 0 || at + 1 == article->count) return false;
    const struct token *before = &article->tokens[at - 1], *next = &article->tokens[at + 1];
    if (next->kind == TOKEN_BREAK) return false;
    if (next->kind == TOKEN_WORD && !is_capital(article, next)) return true;
    return before->kind == TOKEN_WORD && before->end == article->tokens[at].start &&
           (before->size == 1 || token_is(before, WORD_NAME_PART));
}

static bool ends_sentence(const struct article *article, size_t at, uint32_t quote_end)
{
    const struct token *token = &article->tokens[at];
    if (token->kind == TOKEN_BREAK) return at >= quote_end;
    if (token->kind == TOKEN_CLOSE && at > 0 && at >= quote_end && token[-1].kind == TOKEN_STOP &&
        at + 1 < article->count) {
        /* the stop stands inside the marks */
        const struct token *next = token + 1;
        return next->kind == TOKEN_OPEN ||
               (next->kind == TOKEN_WORD && article->language == LANGUAGE_ENGLISH && is_capital(article, next));
    }
    if (is_abbreviation(article, at)) return false;
    if (token->kind != TOKEN_STOP || at < quote_end) return false;
    if (article->folded.data[token->folded] != '.') { /* a question that goes on with another */
        const struct token *next = at + 1 < article->count ? token + 1 : NULL;
        return next == NULL || !token_is(next, WORD_QUESTION);
    }
    return true;
}

static void mark_sentences(struct article *article)
{
    uint32_t quote_end = 0;
    size_t first = 0;
    for (size_t i = 0; i < article->count; i++) {
        const struct token *token = &article->tokens[i];
        if (token->kind == TOKEN_OPEN && token->mate != TOKEN_UNPAIRED && token->mate > quote_end)
            quote_end = token->mate;
        if (!ends_sentence(article, i, quote_end) && i + 1 < article->count) continue;
        for (size_t k = first; k <= i; k++) article->tokens[k].sentence = (uint32_t)i + 1;
        first = i + 1;
    }
}

enum { HEADLINE_BYTES = 400 };

/* The first line is a headline if it is short, ends without a stop and more follows. */
static void find_headline(struct article *article)
{
    for (size_t i = 0; i < article->count; i++) {
        if (article->tokens[i].kind != TOKEN_BREAK) continue;
        bool stopped = i > 0 && article->tokens[i - 1].kind == TOKEN_STOP;
        if (i > 0 && i + 1 < article->count && !stopped && article->tokens[i].start <= HEADLINE_BYTES)
            article->headline_end = article->tokens[i].end;
        if (i > 0) return;
    }
}

enum status article_read(struct article *article, struct slice source, enum language language, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_ascii_kinds);
    *article = (struct article){.source = source, .language = language, .lexis = lexis_of(language)};
    enum status status = text_fold(&article->folded, &article->map, source, error);
    if (status == STATUS_DONE) status = cut(article, error);
    if (status != STATUS_DONE) {
        article_clear(article);
        return status;
    }
    pair_marks(article);
    know_words(article);
    mark_sentences(article);
    find_headline(article);
    return STATUS_DONE;
}
