#include "facts/tokens.h"

#include "text/utf8.h"

#include <pthread.h>
#include <unicode/uchar.h>

enum { DIGITS_MOST = 9 };

/* What a character is to the cutting of a text. */
enum sort { SORT_OTHER, SORT_LETTER, SORT_MARK_OF_LETTER, SORT_DIGIT, SORT_BLANK };

static enum sort sort_by_icu(uint32_t c)
{
    if (c >= '0' && c <= '9') return SORT_DIGIT;
    if (c >= 0x2b9 && c <= 0x2c1) return SORT_OTHER; /* those stand for hamza and ain, as apostrophes do */
    if (u_isalpha((UChar32)c)) return SORT_LETTER;
    if (u_isUWhiteSpace((UChar32)c)) return SORT_BLANK;
    return (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK) != 0 ? SORT_MARK_OF_LETTER : SORT_OTHER;
}

/* The sorts of all characters of one or two bytes, which nearly all characters are. */
enum { TABLE_SIZE = 0x800 };
static uint8_t sorts[TABLE_SIZE];

static void make_sorts(void)
{
    for (uint32_t c = 0; c < TABLE_SIZE; c++) sorts[c] = (uint8_t)sort_by_icu(c);
}

/* The character at data[*at] of valid text that is not at its end, its sort, and a step past it. */
static inline enum sort next_sort(struct slice text, size_t *at, uint32_t *c)
{
    uint8_t lead = text.data[*at];
    if (lead < 0x80) {
        *c = lead;
        *at += 1;
    } else if (lead < 0xe0) {
        *c = (lead & 0x1fU) << 6 | (text.data[*at + 1] & 0x3fU);
        *at += 2;
    } else {
        *c = utf8_next(text, at);
        return sort_by_icu(*c);
    }
    return (enum sort)sorts[*c];
}

static enum token_kind kind_of(enum sort sort)
{
    return sort == SORT_LETTER ? TOKEN_WORD : sort == SORT_DIGIT ? TOKEN_NUMBER : TOKEN_MARK;
}

/* Where the run of what belongs to the token's first character ends. */
static size_t run_end(struct slice folded, enum token_kind kind, size_t at)
{
    uint32_t c;
    for (size_t next = at; at < folded.size; at = next) {
        enum sort sort = next_sort(folded, &next, &c);
        bool belongs = kind == TOKEN_NUMBER ? sort == SORT_DIGIT : sort == SORT_LETTER || sort == SORT_MARK_OF_LETTER;
        if (!belongs) break;
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

/* Field by field into its place: for a token that is made elsewhere and copied, the processor waits. */
static void put_token(struct tokens *tokens, enum token_kind kind, size_t from, size_t to, uint32_t number, bool spaced)
{
    struct token *token = (struct token *)(void *)buffer_reserve(&tokens->kept, sizeof *token);
    if (token == NULL) return;
    token->from = (uint32_t)from;
    token->to = (uint32_t)to;
    token->number = number;
    token->hash = kind == TOKEN_MARK ? 0 : tokens_hash(slice_of(tokens->folded.data + from, to - from));
    token->word = token->behind = 0;
    token->kind = (uint8_t)kind;
    token->spaced = spaced;
    buffer_advance(&tokens->kept, sizeof *token);
    tokens->count++;
}

/* Steps over white space and puts a blank line as a mark, for nothing is read across it. */
static bool skip_blanks(struct tokens *tokens, size_t *at)
{
    uint32_t c;
    size_t from = *at, lines = 0;
    for (size_t next = from; *at < tokens->folded.size; *at = next) {
        if (next_sort(tokens->folded, &next, &c) != SORT_BLANK) break;
        lines += c == '\n' || c == 0x2029;
    }
    if (lines > 1) put_token(tokens, TOKEN_MARK, from, *at, '\n', false);
    return *at > from;
}

/* Takes the next token; false at the end. */
static bool cut_one(struct tokens *tokens, size_t *at)
{
    struct slice folded = tokens->folded;
    bool spaced = skip_blanks(tokens, at);
    if (*at == folded.size) return false;
    size_t from = *at;
    uint32_t c;
    enum token_kind kind = kind_of(next_sort(folded, at, &c));
    if (kind != TOKEN_MARK) *at = run_end(folded, kind, *at);
    if (kind != TOKEN_MARK) c = kind == TOKEN_NUMBER ? number_of(slice_part(folded, from, *at - from)) : 0;
    put_token(tokens, kind, from, *at, c, spaced);
    return true;
}

enum { BYTES_A_TOKEN = 8 }; /* about, for the room that is asked for first */

enum status tokens_cut(struct tokens *out, struct slice source, struct slice folded, const struct fold_map *map,
                       struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct tokens made = {.source = source, .folded = folded, .map = map};
    pthread_once(&once, make_sorts);
    buffer_reserve(&made.kept, (folded.size / BYTES_A_TOKEN + 1) * sizeof(struct token));
    for (size_t at = 0; cut_one(&made, &at);) continue;
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

bool tokens_is_capital(const struct tokens *tokens, size_t at)
{
    size_t from = fold_source_start(tokens->map, tokens->token[at].from);
    uint32_t c = from < tokens->source.size ? utf8_next(tokens->source, &from) : 0;
    return u_isupper((UChar32)c) || u_istitle((UChar32)c);
}

/* ---- letters that are written together with a word */

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

size_t clitics_put(struct slice word, struct clitic *out)
{
    unsigned letter = clitic_at(word, 0);
    if (letter != WAW && letter != FEH) return put_second(word, 0, out);
    out[0] = (struct clitic){LETTER_BYTES, false};
    return 1 + put_second(word, LETTER_BYTES, &out[1]);
}
