#include "tell/evidence.h"

#include "tell/words.h"

static const struct {
    const char *kind, *shows;
} shows[] = {
    {"fork", N_("The log's key signed two sequences. This does not show who did so, or why.")},
    {"equivocation", N_("The author's key signed two records for one place. This does not show who did so, or why.")},
    {"promise", N_("The log's key promised an entry that is not where, or when, it was to be.")},
    {"received", N_("An entry bears a time of receipt that cosigners contradict.")},
    {"refusal", N_("The log's key refused this very note.")},
};

const char *tell_evidence(struct slice kind)
{
    for (size_t i = 0; i < COUNT_OF(shows); i++)
        if (slice_is(kind, shows[i].kind)) return truce_word(shows[i].shows);
    return "";
}
