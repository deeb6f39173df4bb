#include "tell/handed.h"

#include "tell/names.h"
#include <inttypes.h>
#include <stdio.h>

struct state {
    const char *state, *words;
};

static const char *words_of(const struct state *states, size_t count, struct slice state)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(state, states[i].state)) return states[i].words;
    return NULL;
}

static const struct state promises[] = {
    {"kept", N_("kept: it stands in its place, under a signed head")},
    {"waiting", N_("its time is not over")},
    {"late", N_("its time is over; no head that is known here shows whether it was kept")},
    {"missed", N_("missed; evidence: {0}")},
};

static const struct state arrivals[] = {
    {"in", N_("in the log")},
    {"refused", N_("refused by the host, with its signature")},
    {"waiting", N_("handed on, not in the log yet")},
    {"withheld", N_("withheld: longer than a host may take, and not in the log")},
};

static const struct state outbox[] = {
    {"void", N_("in the log and without effect: nobody could have admitted it")},
    {"waiting", N_("kept here, not sent")},
    {"gap", N_("kept here, not sent; of its author are missing before it the numbers {0} to {1}")},
    {"other", N_("kept here, not sent: the log has another record in its place")},
    {"refused", N_("not taken: {0}")},
    {"unreadable", N_("no record: {0}")},
};

const char *promise_words(struct slice state)
{
    return words_of(promises, COUNT_OF(promises), state);
}

const char *arrival_words(struct slice state)
{
    return words_of(arrivals, COUNT_OF(arrivals), state);
}

/* As an argument of a sentence: the message has its holes filled already, in the reader's language. */
static void put_reason(struct buffer *out, const char *words, const struct json *line)
{
    OWN(buffer_clear) struct buffer why = {0};
    struct slice message = json_find_string(line, "message");
    buffer_put(&why, message.size > 0 ? message : json_find_string(line, "code"));
    buffer_put_byte(&why, '\0');
    if (!why.failed) words_fill(out, words, (const char *)why.data, NULL);
}

void outbox_words(struct buffer *out, const struct json *line)
{
    char from[24], to[24], level[80];
    struct slice state = json_find_string(line, "state");
    const struct json *missing = json_find(line, "missing");
    const char *words = words_of(outbox, COUNT_OF(outbox), state);
    if (slice_is(state, "in")) {
        buffer_put_string(out, tell_label(LABEL_LEVEL, json_find_string(line, "level"), level, sizeof level));
    } else if (missing != NULL && words != NULL) {
        snprintf(from, sizeof from, "%" PRId64, json_find_integer(missing, "from", 0));
        snprintf(to, sizeof to, "%" PRId64, json_find_integer(missing, "to", 0));
        words_fill(out, truce_word(words), from, to, NULL);
    } else if (words != NULL) {
        put_reason(out, truce_word(words), line);
    }
}
