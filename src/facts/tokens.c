#include "facts/tokens.h"

#include "text/utf8.h"
#include <unicode/uchar.h>

enum { DIGITS_MOST = 9 };

static bool is_letter(uint32_t c)
{
    return u_isalpha((UChar32)c) && !(c >= 0x2b9 && c <= 0x2c1); /* those stand for hamza and ain, as apostrophes do */
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_mark_of_letter(uint32_t c)
{
    return (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK) != 0;
}

static enum token_kind kind_of(uint32_t c)
{
    return is_letter(c) ? TOKEN_WORD : is_digit(c) ? TOKEN_NUMBER : TOKEN_MARK;
}

/* Where the run of what belongs to the token's first character ends. */
static size_t run_end(struct slice folded, enum token_kind kind, size_t at)
{
    while (at < folded.size) {
        size_t next = at;
        uint32_t c = utf8_next(folded, &next);
        bool belongs = kind == TOKEN_NUMBER ? is_digit(c) : is_letter(c) || is_mark_of_letter(c);
        if (!belongs) break;
        at = next;
    }
    return at;
}

static uint32_t number_of(struct slice digits)
{
    uint32_t number = 0;
    if (digits.size > DIGITS_MOST) return UINT32_MAX;
    for (size_t i = 0; i < digits.size; i++) number = number * 10 + (digits.data[i] - '0');
    return number;
}

static void put_token(struct tokens *tokens, struct token token)
{
    buffer_put(&tokens->kept, slice_of(&token, sizeof token));
    tokens->count++;
}

/* Steps over white space; says how many line ends it held and puts a blank line as a mark, for nothing is read across
 * it. */
static bool skip_blanks(struct tokens *tokens, size_t *at)
{
    size_t from = *at, next = *at, lines = 0;
    while (next < tokens->folded.size) {
        uint32_t c = utf8_next(tokens->folded, &next);
        if (!u_isUWhiteSpace((UChar32)c)) break;
        lines += c == '\n' || c == 0x2029;
        *at = next;
    }
    if (lines > 1) put_token(tokens, (struct token){.kind = TOKEN_MARK, .from = (uint32_t)from, .to = (uint32_t)*at, .number = '\n'});
    return *at > from;
}

enum status tokens_cut(struct tokens *out, struct slice source, struct slice folded, const struct fold_map *map,
                       struct error *error)
{
    struct tokens made = {.source = source, .folded = folded, .map = map};
    for (size_t at = 0;;) {
        bool spaced = skip_blanks(&made, &at);
        if (at == folded.size) break;
        size_t next = at;
        uint32_t c = utf8_next(folded, &next);
        struct token token = {
            .kind = kind_of(c), .from = (uint32_t)at, .to = (uint32_t)next, .number = c, .spaced = spaced};
        if (token.kind != TOKEN_MARK) {
            token.to = (uint32_t)run_end(folded, token.kind, next);
            token.number = token.kind == TOKEN_NUMBER ? number_of(slice_part(folded, at, token.to - at)) : 0;
        }
        put_token(&made, token);
        at = token.to;
    }
    enum status status = buffer_finish(&made.kept, error);
    if (status != STATUS_DONE) {
        buffer_clear(&made.kept);
        return status;
    }
    made.token = (const struct token *)(const void *)made.kept.data;
    *out = made;
    return STATUS_DONE;
}

void tokens_clear(struct tokens *tokens)
{
    buffer_clear(&tokens->kept);
    *tokens = (struct tokens){0};
}

struct span tokens_span(const struct tokens *tokens, size_t first, size_t skip, size_t last)
{
    return (struct span){fold_source_start(tokens->map, tokens->token[first].from + skip),
                         fold_source_end(tokens->map, tokens->token[last].to)};
}

struct slice tokens_text(const struct tokens *tokens, size_t at)
{
    return slice_part(tokens->folded, tokens->token[at].from, tokens->token[at].to - tokens->token[at].from);
}

bool tokens_is_mark(const struct tokens *tokens, size_t at, uint32_t mark)
{
    return at < tokens->count && tokens->token[at].kind == TOKEN_MARK && tokens->token[at].number == mark;
}

bool tokens_is_number(const struct tokens *tokens, size_t at)
{
    return at < tokens->count && tokens->token[at].kind == TOKEN_NUMBER;
}

bool tokens_is_word(const struct tokens *tokens, size_t at)
{
    return at < tokens->count && tokens->token[at].kind == TOKEN_WORD;
}

bool tokens_is_capital(const struct tokens *tokens, size_t at)
{
    size_t from = fold_source_start(tokens->map, tokens->token[at].from);
    uint32_t c = from < tokens->source.size ? utf8_next(tokens->source, &from) : 0;
    return u_isupper((UChar32)c) || u_istitle((UChar32)c);
}

/* ---- letters that are written together with a word */

enum { LETTER_BYTES = 2, WAW = 0xd988, FEH = 0xd981, BEH = 0xd8a8, KAF = 0xd983, LAM = 0xd984 };

/* The two bytes of a letter of Arabic, where a word of more than one other letter has it; else 0. */
static unsigned clitic_at(struct slice word, size_t at)
{
    return word.size > at + 2 * LETTER_BYTES ? (unsigned)word.data[at] << 8 | word.data[at + 1] : 0;
}

static size_t put_second(struct slice word, uint32_t skip, struct clitic *out)
{
    unsigned letter = clitic_at(word, skip);
    if (letter != BEH && letter != KAF && letter != LAM) return 0;
    skip += LETTER_BYTES;
    out[0] = (struct clitic){skip, false};
    if (letter != LAM || word.data[skip] != LAM >> 8 || word.data[skip + 1] != (LAM & 0xff)) return 1;
    out[1] = (struct clitic){skip, true};
    return 2;
}

size_t tokens_clitics(const struct tokens *tokens, size_t at, struct clitic out[CLITICS_MOST])
{
    struct slice word = tokens_text(tokens, at);
    unsigned letter = tokens->token[at].kind == TOKEN_WORD ? clitic_at(word, 0) : 0;
    out[0] = (struct clitic){0, false};
    if (letter != WAW && letter != FEH) return 1 + put_second(word, 0, &out[1]);
    out[1] = (struct clitic){LETTER_BYTES, false};
    return 2 + put_second(word, LETTER_BYTES, &out[2]);
}
