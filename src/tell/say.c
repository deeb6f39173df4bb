#include "tell/say.h"

#include "tell/names.h"
#include <inttypes.h>
#include <stdio.h>

enum { PHRASES_DEEP_MOST = 16, PHRASES_MOST = 1024, LABEL_SIZE = 80 };

void say_words(const struct voice *voice, const char *words)
{
    voice->words(voice->context, slice_from(words));
}

static void say_terms(const struct voice *voice, const struct json *list)
{
    const struct json *term = list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
    for (; term != NULL; term = term->next) {
        if (term->type == JSON_STRING) voice->thing(voice->context, hole(HOLE_TERM, term->string));
        if (term->next != NULL) say_words(voice, TR(", "));
    }
}

static void say_counted(const struct voice *voice, struct hole hole)
{
    OWN(buffer_clear) struct buffer words = {0};
    if (hole.type == HOLE_DAYS)
        words_count(&words, NOUN_DAY, hole.integer < 0 ? 0 : (uint64_t)hole.integer);
    else
        words_duration(&words, hole.integer);
    voice->words(voice->context, buffer_slice(&words));
}

static void say_integer(const struct voice *voice, int64_t integer)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, integer);
    voice->thing(voice->context, hole(HOLE_NUMBER, slice_from(number)));
}

/* What an agreement that is evaluated says was held to limits; another record of its name was not, and may go round. */
static void say_phrase(const struct voice *voice, struct hole hole)
{
    struct voice inner = *voice;
    unsigned left = PHRASES_MOST;
    if (inner.left == NULL) inner.left = &left;
    if (inner.depth++ == PHRASES_DEEP_MOST || *inner.left == 0) {
        say_words(voice, "…");
        return;
    }
    --*inner.left;
    hole.phrase(&inner, hole.list);
}

void say_hole(const struct voice *voice, struct hole hole)
{
    switch (hole.type) {
    case HOLE_NONE: return;
    case HOLE_WORDS: voice->words(voice->context, hole.text); return;
    case HOLE_TERMS: say_terms(voice, hole.list); return;
    case HOLE_INTEGER: say_integer(voice, hole.integer); return;
    case HOLE_DURATION:
    case HOLE_DAYS: say_counted(voice, hole); return;
    case HOLE_PHRASE: say_phrase(voice, hole); return;
    case HOLE_TEXT:
    case HOLE_CODE:
    case HOLE_NUMBER:
    case HOLE_TIME:
    case HOLE_STAMP:
    case HOLE_PARTY:
    case HOLE_RECORD:
    case HOLE_TERM:
    case HOLE_RESULT: voice->thing(voice->context, hole); return;
    }
}

/* Translations have isolates (FSI, PDI) around their holes; here the thing in the hole has its own. */
static struct slice without_isolates(struct slice words)
{
    static const char first[] = "\u2068", last[] = "\u2069";
    size_t size = sizeof first - 1;
    if (slice_starts(words, last)) words = slice_part(words, size, words.size);
    if (words.size >= size && memcmp(words.data + words.size - size, first, size) == 0) words.size -= size;
    return words;
}

void say_message(const struct voice *voice, const char *message, const struct hole holes[ERROR_ARGUMENTS])
{
    for (const char *in = message; *in != '\0';) {
        const char *open = strchr(in, '{');
        while (open != NULL && !(open[1] >= '0' && open[1] < '0' + ERROR_ARGUMENTS && open[2] == '}'))
            open = strchr(open + 1, '{');
        size_t size = open == NULL ? strlen(in) : (size_t)(open - in);
        struct slice words = without_isolates(slice_of(in, size));
        if (words.size > 0) voice->words(voice->context, words);
        if (open == NULL) return;
        say_hole(voice, holes[open[1] - '0']);
        in = open + 3;
    }
}

void say_label(const struct voice *voice, enum label_table table, struct slice id)
{
    char copy[LABEL_SIZE];
    const char *label = tell_label(table, id, copy, sizeof copy);
    if (label == copy)
        voice->thing(voice->context, hole(HOLE_CODE, id));
    else
        say_words(voice, label);
}

void say_word(const struct voice *voice, const char *field, struct slice word)
{
    const char *label = tell_word(slice_from(field), word);
    if (label == NULL)
        voice->thing(voice->context, hole(HOLE_CODE, word));
    else
        say_words(voice, label);
}
