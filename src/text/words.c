/* Words are runs of what is no separator after folding. */
#include "text/words.h"

#include "text/known.h"
#include "text/letters.h"
#include "text/utf8.h"

void words_clear(struct words *words)
{
    buffer_clear(&words->folded);
    fold_map_clear(&words->map);
    buffer_clear(&words->list);
    buffer_clear(&words->told);
    buffer_clear(&words->unique);
    buffer_clear(&words->joined);
    table_clear(&words->known);
    *words = (struct words){0};
}

/* ---- where words end */

/* What stands between words besides ASCII that is no letter or digit. Written down and not asked of a library, so that
 * every machine cuts alike. Compatibility forms and invisible characters were folded away before. */
static const struct {
    uint32_t first, last;
} separators[] = {
    {0x0080, 0x00a9}, {0x00ab, 0x00b4}, {0x00b6, 0x00b9}, {0x00bb, 0x00bf}, {0x00d7, 0x00d7}, {0x00f7, 0x00f7},
    {0x0600, 0x060f}, {0x061b, 0x061f}, {0x066a, 0x066d}, {0x06d4, 0x06d4}, {0x06dd, 0x06de}, {0x06e9, 0x06e9},
    {0x0700, 0x070d}, {0x2000, 0x206f}, {0x20a0, 0x20cf}, {0x2190, 0x2bff}, {0x2e00, 0x2e7f}, {0x3000, 0x3004},
    {0x3008, 0x3020}, {0x3030, 0x3030}, {0xfd3e, 0xfd3f}, {0xfffd, 0xfffd},
};

static bool is_ascii_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_separator(uint32_t c)
{
    if (c < 0x80) return !((c >= '0' && c <= '9') || is_ascii_letter(c));
    if (c >= 0x0620 && c <= 0x064a) return false;
    for (size_t i = 0; i < COUNT_OF(separators) && c >= separators[i].first; i++)
        if (c <= separators[i].last) return true;
    return false;
}

/* Marks that may stand inside a word. */
static bool is_hyphen(uint32_t c)
{
    return c == '-' || c == '\'' || c == '.' || c == 0x2010 || c == 0x2011 || c == 0x2019;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019;
}

/* What stands between words, from byte *at on: gives the last mark and how many there are. */
static size_t skip_marks(struct slice text, size_t *at, uint32_t *mark)
{
    size_t marks = 0;
    for (size_t next = *at; *at < text.size; *at = next, marks++) {
        uint32_t c = utf8_next(text, &next);
        if (!is_separator(c)) break;
        *mark = c;
    }
    return marks;
}

/* The s of "Syria's" is no word: it goes with what stands between. */
static bool is_possessive(struct slice text, const struct word *word, uint32_t mark)
{
    return word->gap == WORD_GAP_HYPHEN && is_apostrophe(mark) && word->to - word->from == 1 &&
           text.data[word->from] == 's';
}

static bool next_word(struct slice text, size_t *at, struct word *word)
{
    bool possessive = false, again;
    do {
        uint32_t mark = 0;
        size_t begin = *at, marks = skip_marks(text, at, &mark);
        word->from = (uint32_t)*at;
        word->gap = marks == 1 && begin > 0 && is_hyphen(mark) && !possessive ? WORD_GAP_HYPHEN : WORD_GAP_WIDE;
        for (size_t next = *at; *at < text.size; *at = next)
            if (is_separator(utf8_next(text, &next))) break;
        word->to = (uint32_t)*at;
        again = is_possessive(text, word, mark);
        possessive = possessive || again;
    } while (again);
    return word->to > word->from;
}

/* ---- taking apart */

static bool is_told(const struct words *words, uint32_t value, struct slice word)
{
    struct slice told;
    memcpy(&told, words->told.data + (size_t)(value - WORDS_TOLD) * sizeof told, sizeof told);
    return slice_equal(told, word);
}

bool words_known(const struct words *words, struct slice word, uint32_t hash)
{
    size_t at = 0;
    for (uint32_t i; (i = table_next(&words->known, hash, &at)) != TABLE_NONE;) {
        if (i >= WORDS_TOLD) {
            if (is_told(words, i, word)) return true;
            continue;
        }
        struct word other = words_at(words, i);
        if (slice_equal(words_slice(words, other.from, other.to), word)) return true;
    }
    return false;
}

static enum status put_word(struct words *words, struct word word, struct error *error)
{
    struct slice bytes = words_slice(words, word.from, word.to);
    uint32_t hash = word_hash(bytes), i = (uint32_t)words->count;
    bool new = !words_known(words, bytes, hash);
    buffer_put(&words->list, slice_of(&word, sizeof word));
    TRY(buffer_finish(&words->list, error));
    words->count++;
    if (!new) return STATUS_DONE;
    buffer_put(&words->unique, slice_of(&i, sizeof i));
    return table_put(&words->known, hash, i, error);
}

enum status words_take(struct words *words, struct slice text, struct error *error)
{
    struct word word;
    size_t at = 0;
    TRY(known_open(error));
    buffer_reset(&words->folded);
    buffer_reset(&words->list);
    buffer_reset(&words->told);
    buffer_reset(&words->unique);
    table_reset(&words->known);
    words->count = 0;
    words->source = text;
    TRY(text_fold(&words->folded, &words->map, text, error));
    while (next_word(buffer_slice(&words->folded), &at, &word)) TRY(put_word(words, word, error));
    return buffer_finish(&words->unique, error);
}

enum status words_tell(struct words *words, struct slice folded, struct error *error)
{
    uint32_t hash = word_hash(folded), value = WORDS_TOLD + (uint32_t)(words->told.size / sizeof folded);
    if (words_known(words, folded, hash)) return STATUS_DONE;
    buffer_put(&words->told, slice_of(&folded, sizeof folded));
    TRY(buffer_finish(&words->told, error));
    return table_put(&words->known, hash, value, error);
}

uint32_t words_source_letter(const struct words *words, uint32_t at)
{
    size_t from = fold_source_start(&words->map, at);
    return from < words->source.size ? utf8_next(words->source, &from) : 0;
}

/* ---- what may stand before a word */

/* Arabic letters here are two bytes each. */
static bool begins(struct slice word, const char *letters)
{
    return slice_starts(word, letters);
}

static bool begins_with_one_of(struct slice word, const char *const *letters)
{
    for (; *letters != NULL; letters++)
        if (begins(word, *letters)) return true;
    return false;
}

enum { LETTER = 2, LETTERS_LEFT_LEAST = 3 * LETTER };

struct stripping {
    const struct words *words;
    struct word_piece piece;
    struct word_form *out;
    size_t count;
};

static struct slice rest_of(const struct stripping *stripping, uint32_t from)
{
    return words_slice(stripping->words, from, stripping->piece.to);
}

static bool put_form(struct stripping *stripping, uint32_t from, bool article)
{
    size_t left = stripping->piece.to - from;
    if (left < LETTERS_LEFT_LEAST || stripping->count == WORD_FORMS_MOST) return false;
    stripping->out[stripping->count++] = (struct word_form){from, from, article};
    return true;
}

/* An article is written with a bare alef: أ and إ belong to the word. */
static bool is_article(const struct stripping *stripping, uint32_t from)
{
    if (!begins(rest_of(stripping, from), "ال")) return false;
    uint32_t letter = words_source_letter(stripping->words, from);
    return letter != 0x622 && letter != 0x623 && letter != 0x625;
}

/* لل is ل and the article, or ل and a word in ل, which may have its article or not. */
static void strip_double_lam(struct stripping *stripping, uint32_t from)
{
    bool lam = known_kept(rest_of(stripping, from + LETTER));
    if (put_form(stripping, lam ? from : from + LETTER, true)) stripping->out[stripping->count - 1].shown = from;
    put_form(stripping, lam ? from + LETTER : from + 2 * LETTER, false);
}

static void strip_article(struct stripping *stripping, uint32_t from)
{
    struct slice word = rest_of(stripping, from);
    if (is_article(stripping, from) && !known_kept(word)) put_form(stripping, from + 2 * LETTER, false);
}

/* ب ك ل, then the article. */
static void strip_preposition(struct stripping *stripping, uint32_t from)
{
    static const char *const prepositions[] = {"ب", "ك", "ل", NULL};
    struct slice word = rest_of(stripping, from);
    if (known_kept(word)) return;
    if (begins(word, "لل")) {
        strip_double_lam(stripping, from);
    } else if (begins_with_one_of(word, prepositions)) {
        if (put_form(stripping, from + LETTER, false)) strip_article(stripping, from + LETTER);
    } else {
        strip_article(stripping, from);
    }
}

size_t words_forms(const struct words *words, struct word_piece piece, struct word_form out[WORD_FORMS_MOST])
{
    static const char *const conjunctions[] = {"و", "ف", NULL};
    struct stripping stripping = {words, piece, out, 0};
    struct slice word = rest_of(&stripping, piece.from);
    out[stripping.count++] = (struct word_form){piece.from, piece.from, false};
    if (word.size < LETTERS_LEFT_LEAST + LETTER || word.data[0] < 0xd8 || word.data[0] > 0xd9) return stripping.count;
    if (begins_with_one_of(word, conjunctions) && !known_kept(word)) {
        if (put_form(&stripping, piece.from + LETTER, false)) strip_preposition(&stripping, piece.from + LETTER);
    } else {
        strip_preposition(&stripping, piece.from);
    }
    return stripping.count;
}

/* ---- English: the singular, by one rule on both sides */

static bool ends(struct slice word, const char *end)
{
    size_t size = strlen(end);
    return word.size > size && memcmp(word.data + word.size - size, end, size) == 0;
}

static bool hisses(struct slice word)
{
    return ends(word, "s") || ends(word, "x") || ends(word, "z") || ends(word, "ch") || ends(word, "sh");
}

static bool is_english(struct slice word)
{
    for (size_t i = 0; i < word.size; i++)
        if (word.data[i] < 'a' || word.data[i] > 'z') return false;
    return word.size >= 4;
}

struct word_key word_key(struct slice folded)
{
    struct word_key key = {folded.size, ""};
    if (!is_english(folded) || (known_find(folded, word_hash(folded)) & KNOWN_WHOLE) != 0) return key;
    if (folded.size > 4 && ends(folded, "ies")) return (struct word_key){folded.size - 3, "y"};
    if (ends(folded, "s") && !ends(folded, "ss") && !ends(folded, "us") && !ends(folded, "is")) key.size--;
    /* "houses" and "boxes" lose the same two letters, so "house" must lose its last one too. */
    struct slice rest = slice_part(folded, 0, key.size);
    if (ends(rest, "y")) return (struct word_key){rest.size - 1, "y"};
    if (ends(rest, "e") && hisses(slice_part(rest, 0, rest.size - 1))) key.size--;
    return key;
}

void word_put_key(struct buffer *out, struct slice folded)
{
    struct word_key key = word_key(folded);
    buffer_put(out, slice_part(folded, 0, key.size));
    buffer_put_string(out, key.after);
}

static size_t letters_of(struct slice folded)
{
    size_t letters = 0;
    for (size_t i = 0; i < folded.size; i++) letters += (folded.data[i] & 0xc0U) != 0x80;
    return letters;
}

bool words_may_join(struct slice first, struct slice second)
{
    enum { LEAST = 3, LEAST_OF_ONE = 4 };
    size_t before = letters_of(first), after = letters_of(second);
    return before >= LEAST && after >= LEAST && (before >= LEAST_OF_ONE || after >= LEAST_OF_ONE);
}

/* ---- what a text is found by */

static void put_term(struct buffer *out, struct slice word)
{
    if (out->size > 0) buffer_put_byte(out, ' ');
    word_put_key(out, word);
}

static void put_forms(const struct words *words, struct word_piece piece, struct buffer *out)
{
    struct word_form forms[WORD_FORMS_MOST];
    size_t count = words_forms(words, piece, forms);
    for (size_t i = 0; i < count; i++) {
        struct slice word = words_slice(words, forms[i].from, piece.to);
        if (!forms[i].article) {
            put_term(out, word);
            continue;
        }
        buffer_put_string(out, " ا");
        buffer_put(out, word);
    }
}

static void put_word_terms(const struct words *words, uint32_t i, struct buffer *out)
{
    struct word_piece pieces[WORD_PIECES_MOST];
    struct word word = words_at(words, i);
    size_t count = words_cut(words, i, pieces);
    put_forms(words, (struct word_piece){word.from, word.to}, out);
    for (size_t k = 0; k < count && count > 1; k++) put_forms(words, pieces[k], out);
}

enum status words_put_terms(struct words *words, struct buffer *out, struct error *error)
{
    uint32_t i;
    for (size_t at = 0; at < words->unique.size; at += sizeof i) {
        memcpy(&i, words->unique.data + at, sizeof i);
        put_word_terms(words, i, out);
    }
    for (size_t k = 1; k < words->count; k++) {
        struct word before = words_at(words, k - 1), word = words_at(words, k);
        if (word.gap != WORD_GAP_HYPHEN) continue;
        buffer_reset(&words->joined);
        buffer_put(&words->joined, words_slice(words, before.from, before.to));
        buffer_put(&words->joined, words_slice(words, word.from, word.to));
        TRY(buffer_finish(&words->joined, error));
        put_term(out, buffer_slice(&words->joined));
    }
    return buffer_finish(out, error);
}
