/* A number counts people if a word of harm follows it (11 قتيلا, 21 dead), if one stands before it (مقتل أربعة), or
 * behind those that are counted (21 people were killed); or if it counts people at all. Asked in that order. */
#include "facts/counts.h"

#include "facts/numerals.h"

#include <assert.h>

enum { BEFORE_MOST = 5, BEHIND_MOST = 5, STRANGERS_MOST = 2 };

/* What stands behind a number. */
struct behind {
    bool harm;   /* a word of harm */
    bool person; /* who is counted */
    bool thing;  /* what is counted is no person */
    bool stop;   /* nothing, or what begins something else */
    enum count_of of;
    size_t end; /* behind the last word that belongs to the count */
};

static bool is_open_mark(const struct tokens *tokens, size_t at)
{
    return tokens_is_mark(tokens, at, '"') || tokens_is_mark(tokens, at, 0xab) || tokens_is_mark(tokens, at, 0xbb);
}

static bool is_one_of(const struct tokens *tokens, size_t at, const enum word_kind *kinds, size_t count,
                      struct word_found *found)
{
    for (size_t i = 0; i < count; i++)
        if (vocabulary_find(found, tokens, at, kinds[i])) return true;
    return false;
}

static bool is_latin(const struct tokens *tokens, size_t at)
{
    return tokens_text(tokens, at).data[0] < 0x80;
}

/* Words of harm right behind the number, or behind those who are counted. */
static bool take_harm(struct behind *behind, const struct tokens *tokens, size_t at)
{
    static const enum word_kind kinds[] = {WORD_HARM, WORD_HARM_AFTER};
    struct word_found found;
    if (!is_one_of(tokens, at, kinds, COUNT_OF(kinds), &found)) return false;
    behind->harm = true;
    behind->of = (enum count_of)found.number;
    behind->end = found.end;
    return true;
}

/* English puts adjectives before the person: innocent Syrian civilians. */
static bool take_strangers(struct behind *behind, const struct tokens *tokens, size_t at, size_t *next)
{
    struct word_found found;
    for (size_t i = 1; i <= STRANGERS_MOST; i++) {
        if (!tokens_is_word(tokens, at + i - 1) || !is_latin(tokens, at + i - 1)) return false;
        if (vocabulary_find(&found, tokens, at + i - 1, WORD_AND)) return false;
        if (!vocabulary_find(&found, tokens, at + i, WORD_PERSON)) continue;
        behind->person = true;
        behind->end = *next = found.end;
        return true;
    }
    return false;
}

static struct behind look_behind(const struct tokens *tokens, size_t at)
{
    static const enum word_kind things[] = {WORD_THING, WORD_UNIT, WORD_MONTH};
    struct behind behind = {.end = at};
    struct word_found found;
    size_t next = at + is_open_mark(tokens, at);
    for (size_t i = 0; i < BEHIND_MOST; i++) {
        if (take_harm(&behind, tokens, next)) return behind;
        if (i == 0 && is_one_of(tokens, next, things, COUNT_OF(things), &found)) behind.thing = true;
        if (vocabulary_find(&found, tokens, next, WORD_PERSON)) {
            behind.person = true;
            behind.end = next = found.end;
        } else if (vocabulary_find(&found, tokens, next, WORD_LIGHT)) {
            next = found.end;
        } else if (!take_strangers(&behind, tokens, next, &next)) {
            break;
        }
    }
    behind.stop = !tokens_is_word(tokens, next) || slice_starts(tokens_text(tokens, next), "\xd9\x88") ||
                  vocabulary_find(&found, tokens, next, WORD_AND) || next > at;
    return behind;
}

struct cue {
    size_t first, skip, last; /* tokens */
    size_t between;           /* words between it and the number */
    bool doubtful;            /* it may be done to things too */
    enum count_of of;
};

/* The nearest word of harm before token `first`, in the same clause. */
static bool look_before(struct cue *out, const struct tokens *tokens, size_t first)
{
    struct word_found found;
    for (size_t back = 1; back <= BEFORE_MOST && back <= first; back++) {
        size_t at = first - back;
        if (is_open_mark(tokens, at) && back == 1) continue;
        if (!tokens_is_word(tokens, at)) return false;
        if (!vocabulary_find_behind(&found, tokens, at, WORD_HARM_BEFORE) || found.end > first) continue;
        *out = (struct cue){
            at, found.clitic.skip, found.end - 1, first - found.end, found.doubtful, (enum count_of)found.number};
        return true;
    }
    return false;
}

/* ---- the list */

struct counting {
    const struct tokens *tokens;
    struct buffer found;
};

static void put_count(struct counting *counting, const struct amount *amount, enum count_of of, size_t end,
                      const struct cue *cue)
{
    struct span span = tokens_span(counting->tokens, amount->first, amount->skip, end - 1);
    struct found_count count = {
        .start = span.start, .end = span.end, .low = amount->low, .best = amount->best, .high = amount->high, .of = of};
    if (cue != NULL) {
        struct span words = tokens_span(counting->tokens, cue->first, cue->skip, cue->last);
        count.cue_start = words.start;
        count.cue_end = words.end;
    }
    buffer_put(&counting->found, slice_of(&count, sizeof count));
}

/* At least, behind what is counted: 10 قتلى على الأقل. With a number behind it, it belongs to that. */
static void limit_behind(const struct tokens *tokens, struct amount *amount, size_t *end)
{
    struct word_found found;
    struct amount next;
    bool exact = amount->best != AMOUNT_UNKNOWN && amount->low == amount->high;
    if (!exact || amount_read(&next, tokens, *end)) return;
    if (vocabulary_find(&found, tokens, *end, WORD_LEAST))
        amount->best = amount->high = AMOUNT_UNKNOWN;
    else if (vocabulary_find(&found, tokens, *end, WORD_MOST))
        amount->best = amount->low = AMOUNT_UNKNOWN;
    else
        return;
    *end = found.end;
}

/* Does a word of harm before the number speak of it, seen what stands behind it? */
static bool cue_fits(const struct cue *cue, const struct behind *behind)
{
    if (behind->person) return true;
    if (behind->thing) return false;
    return (cue->between == 0 && !cue->doubtful) || (behind->stop && cue->between <= 1);
}

/* Takes the amount as a count if it is one; gives the token to go on with. */
static size_t weigh_amount(struct counting *counting, struct amount amount)
{
    const struct tokens *tokens = counting->tokens;
    struct behind behind = look_behind(tokens, amount.end);
    struct cue cue;
    size_t end = behind.end > amount.end ? behind.end : amount.end;
    limit_behind(tokens, &amount, &end);
    if (behind.harm)
        put_count(counting, &amount, behind.of, end, NULL);
    else if (look_before(&cue, tokens, amount.first) && cue_fits(&cue, &behind))
        put_count(counting, &amount, cue.of, end, &cue);
    else if (behind.person && !behind.thing)
        put_count(counting, &amount, COUNT_PEOPLE, end, NULL);
    else
        return amount.end;
    return end;
}

static struct amount exactly(int64_t number, size_t at, const struct word_found *found)
{
    return (struct amount){number, number, number, at, found->clitic.skip, found->end, true};
}

/* A word that holds its number: قتيلان, قتيل واحد; and شخصان behind a word of harm. */
static bool weigh_word(struct counting *counting, size_t at, size_t *end)
{
    const struct tokens *tokens = counting->tokens;
    struct word_found found;
    struct cue cue;
    struct amount amount;
    *end = at + 1;
    if (!tokens_is_word(tokens, at)) return false;
    if (vocabulary_find_behind(&found, tokens, at, WORD_HARM_PAIR))
        amount = exactly(2, at, &found);
    else if (vocabulary_find_behind(&found, tokens, at, WORD_HARM_ONE))
        amount = exactly(1, at, &found);
    else if (vocabulary_find(&found, tokens, at, WORD_PERSON_PAIR) && look_before(&cue, tokens, at)) {
        amount = exactly(2, at, &found);
        put_count(counting, &amount, cue.of, found.end, &cue);
        *end = found.end;
        return true;
    } else
        return false;
    put_count(counting, &amount, (enum count_of)found.number, found.end, NULL);
    *end = found.end;
    return true;
}

#define COUNT_KINDS (AMOUNT_KINDS | WORD_KIND(WORD_HARM_PAIR) | WORD_KIND(WORD_HARM_ONE) | WORD_KIND(WORD_PERSON_PAIR))

enum status counts_find(struct count_list *out, const struct tokens *tokens, struct arena *arena, struct error *error)
{
    struct counting counting = {.tokens = tokens};
    struct amount amount;
    assert(tokens->begins != NULL && "words that were looked up");
    for (size_t at = 0, end; at < tokens->count; at = end) {
        end = at + 1;
        if (!tokens_is_number(tokens, at) && !vocabulary_may_begin(tokens, at, COUNT_KINDS)) continue;
        if (!weigh_word(&counting, at, &end) && amount_read(&amount, tokens, at)) end = weigh_amount(&counting, amount);
    }
    OWN(buffer_clear) struct buffer found = counting.found;
    TRY(buffer_finish(&found, error));
    struct slice kept = arena_copy(arena, buffer_slice(&found));
    if (kept.data == NULL && found.size > 0) return arena_full(error);
    *out = (struct count_list){(const struct found_count *)(const void *)kept.data,
                               found.size / sizeof(struct found_count)};
    return STATUS_DONE;
}

const char *count_of_name(enum count_of of)
{
    static const char *const names[] = {"people", "killed", "injured", "missing", "displaced", "detained", "abducted"};
    return names[of];
}
