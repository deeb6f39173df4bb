#include "facts/vocabulary.h"

#include "facts/phrases.h"
#include "text/lexicon.h"

#include <assert.h>
#include <pthread.h>

static const char *const kind_names[WORD_KINDS] = {
    [WORD_MONTH] = "month",
    [WORD_HIJRI] = "hijri-month",
    [WORD_WEEKDAY] = "weekday",
    [WORD_ORDINAL] = "ordinal",
    [WORD_RELATIVE] = "day-from-today",
    [WORD_LAST] = "last",
    [WORD_THIS] = "this",
    [WORD_NEXT] = "next",
    [WORD_FEW] = "few",
    [WORD_UNIT] = "unit",
    [WORD_AGO] = "ago",
    [WORD_WITHIN] = "within",
    [WORD_VAGUE] = "vague",
    [WORD_ERA] = "era",
    [WORD_ERA_HIJRI] = "era-hijri",
    [WORD_YEAR_CUE] = "before-year",
    [WORD_MONTH_CUE] = "before-month",
    [WORD_DAY_CUE] = "before-day",
    [WORD_OF] = "of",
    [WORD_TO] = "to",
    [WORD_DIGIT] = "digit",
    [WORD_TEEN] = "teen",
    [WORD_TEN] = "ten",
    [WORD_HUNDRED] = "hundred",
    [WORD_SCALE] = "scale",
    [WORD_DUAL_SCALE] = "two-of-scale",
    [WORD_AND] = "and",
    [WORD_MANY] = "many",
    [WORD_ABOUT] = "about",
    [WORD_LEAST] = "at-least",
    [WORD_MOST] = "at-most",
    [WORD_BETWEEN] = "between",
    [WORD_PERSON] = "person",
    [WORD_PERSON_PAIR] = "two-persons",
    [WORD_HARM] = "harm",
    [WORD_HARM_ONE] = "harm-one",
    [WORD_HARM_PAIR] = "harm-two",
    [WORD_HARM_BEFORE] = "harm-before",
    [WORD_HARM_AFTER] = "harm-after",
    [WORD_LIGHT] = "light",
    [WORD_THING] = "thing",
    [WORD_PLACE_CUE] = "before-place",
};

/* What is written in words in the second column: what was done to people (counts.h has them in this order). */
static const char *const number_names[] = {"people",    "killed",   "injured", "missing",
                                           "displaced", "detained", "abducted"};

struct fact {
    enum word_kind kind;
    bool doubtful;
    int64_t number;
};

/* What a token keeps of a word is its place in `begins`, where each entry of one word has two: the kinds of that word
 * alone, and with them those of all longer phrases that begin with it. */
enum { BEGINS_NONE, BEGINS_ANY /* read in more than one way */, BEGINS_FIRST };

static struct {
    struct phrases phrases;
    struct buffer facts;
    struct buffer begins; /* of word_kinds */
} known;

static enum word_kind kind_from(struct slice name)
{
    enum word_kind kind = 0;
    while (kind < WORD_KINDS && !slice_is(name, kind_names[kind])) kind++;
    assert(kind < WORD_KINDS && "a kind of word that lexicon/ has and vocabulary.c does not");
    return kind;
}

static int64_t number_from(struct slice text)
{
    int64_t number = 0;
    bool minus = slice_starts(text, "-");
    for (size_t i = 0; i < COUNT_OF(number_names); i++)
        if (slice_is(text, number_names[i])) return (int64_t)i;
    for (size_t i = minus; i < text.size; i++) {
        assert(text.data[i] >= '0' && text.data[i] <= '9' && "a number in lexicon/");
        number = number * 10 + (text.data[i] - '0');
    }
    return minus ? -number : number;
}

/* kind | number | word | remark; the remark `word` says that it is also an ordinary word, `many` that it names more
 * than one (a unit) or no unit of the calendar (past, الأخير). */
static void read_line(struct slice line)
{
    struct slice kind, number, word, remark = {NULL, 0};
    bool whole = lexicon_column(&line, &kind) && lexicon_column(&line, &number) && lexicon_column(&line, &word);
    assert(whole && "a line of lexicon/ with three columns at least");
    lexicon_column(&line, &remark);
    struct fact fact = {kind_from(kind), slice_is(remark, "word") || slice_is(remark, "many"), number_from(number)};
    struct error error;
    enum status status = phrases_put(&known.phrases, word, (uint32_t)(known.facts.size / sizeof fact), &error);
    assert(status == STATUS_DONE && "a word of lexicon/ that can be kept");
    (void)status;
    buffer_put(&known.facts, slice_of(&fact, sizeof fact));
}

static const struct fact *fact_of(int32_t entry)
{
    return (const struct fact *)(const void *)known.facts.data + phrases_value(&known.phrases, entry);
}

static uint16_t place_of(int32_t entry, bool longer)
{
    return (uint16_t)(BEGINS_FIRST + 2 * entry + longer);
}

static void note_beginnings(void)
{
    static const word_kinds fixed[BEGINS_FIRST] = {[BEGINS_ANY] = ~UINT64_C(0)};
    size_t count = phrases_count(&known.phrases);
    size_t size = (BEGINS_FIRST + 2 * count) * sizeof(word_kinds);
    assert(count < UINT16_MAX / 2 - BEGINS_FIRST && "words that a token can name");
    uint8_t *room = buffer_reserve(&known.begins, size);
    assert(room != NULL);
    memset(room, 0, size);
    memcpy(room, fixed, sizeof fixed);
    word_kinds *begins = (word_kinds *)(void *)room;
    for (int32_t i = 0; i < (int32_t)count; i++) {
        if (phrases_is_beginning(&known.phrases, i)) continue;
        word_kinds kind = WORD_KIND(fact_of(i)->kind);
        int32_t first = phrases_first(&known.phrases, i);
        if (phrases_is_one_word(&known.phrases, i)) begins[place_of(first, false)] |= kind;
        begins[place_of(first, true)] |= kind;
    }
}

static void read_all(void)
{
    static const char *const files[] = {
        "ar/months.txt", "ar/days.txt", "ar/times.txt", "ar/numbers.txt", "ar/harm.txt", "ar/around-places.txt",
        "en/months.txt", "en/days.txt", "en/times.txt", "en/numbers.txt", "en/harm.txt", "en/around-places.txt"};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct slice rest = lexicon_get(files[i]), line;
        while (lexicon_line(&rest, &line)) read_line(line);
    }
    assert(!known.facts.failed);
    note_beginnings();
}

static void be_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_all);
}

/* A word with which only longer phrases begin, and none of them here, is as good as unknown: most في and the. */
static uint16_t begins_with(const struct tokens *tokens, size_t at, const struct clitic *as)
{
    struct phrase_walk walk;
    int32_t entry = phrases_begin(&known.phrases, tokens, at, as);
    if (entry == PHRASE_NONE) return BEGINS_NONE;
    phrase_walk_open(&walk, &known.phrases, tokens, at, entry);
    bool longer = phrase_walk_next(&walk) && phrase_walk_next(&walk);
    return longer || walk.entry != PHRASE_NONE ? place_of(entry, longer) : BEGINS_NONE;
}

void vocabulary_look_up(struct tokens *tokens)
{
    struct clitic ways[CLITICS_MOST];
    struct token *token = (struct token *)(void *)tokens->kept.data;
    be_ready();
    for (size_t at = 0; at < tokens->count; at++) {
        if (token[at].kind == TOKEN_MARK) continue;
        size_t count = tokens_clitics(tokens, at, ways);
        uint16_t behind = BEGINS_NONE;
        for (size_t i = 1; i < count; i++) {
            uint16_t begins = begins_with(tokens, at, &ways[i]);
            if (begins != BEGINS_NONE) behind = behind == BEGINS_NONE ? begins : BEGINS_ANY;
        }
        token[at].word = begins_with(tokens, at, &ways[0]);
        token[at].behind = behind;
    }
    tokens->begins = (const word_kinds *)(const void *)known.begins.data;
}

/* Months and weekdays of Latin letters are names and stand with a capital letter: may, march, sun and sat are not. */
static bool stands_right(const struct tokens *tokens, size_t at, enum word_kind kind)
{
    if (kind != WORD_MONTH && kind != WORD_WEEKDAY) return true;
    return tokens_text(tokens, at).data[0] >= 0x80 || tokens_is_capital(tokens, at);
}

/* The same, from the entry of its word on. */
static bool find_from(struct word_found *out, const struct tokens *tokens, size_t at, struct clitic clitic,
                      int32_t begin, enum word_kind kind)
{
    struct phrase_walk walk;
    bool found = false;
    if (!stands_right(tokens, at, kind)) return false;
    phrase_walk_open(&walk, &known.phrases, tokens, at, begin);
    while (phrase_walk_next(&walk)) {
        for (int32_t i = walk.entry; i != PHRASE_NONE; i = phrases_next(&known.phrases, i)) {
            const struct fact *fact = fact_of(i);
            if (fact->kind != kind) continue;
            *out = (struct word_found){fact->number, fact->doubtful, walk.end, clitic};
            found = true;
        }
    }
    return found;
}

bool vocabulary_find_as(struct word_found *out, const struct tokens *tokens, size_t at, struct clitic clitic,
                        enum word_kind kind)
{
    if (at >= tokens->count || tokens->token[at].kind == TOKEN_MARK) return false;
    return find_from(out, tokens, at, clitic, phrases_begin(&known.phrases, tokens, at, &clitic), kind);
}

bool vocabulary_find_whole(struct word_found *out, const struct tokens *tokens, size_t at, enum word_kind kind)
{
    return find_from(out, tokens, at, (struct clitic){0, false}, (tokens->token[at].word - BEGINS_FIRST) / 2, kind);
}

bool vocabulary_find_any(struct word_found *out, const struct tokens *tokens, size_t at, enum word_kind kind)
{
    struct clitic ways[CLITICS_MOST];
    if (vocabulary_find(out, tokens, at, kind)) return true;
    if ((tokens->begins[tokens->token[at].behind] & WORD_KIND(kind)) == 0) return false;
    size_t count = tokens_clitics(tokens, at, ways);
    for (size_t i = 1; i < count; i++)
        if (vocabulary_find_as(out, tokens, at, ways[i], kind)) return true;
    return false;
}
