/* Stretches of time counted from a day: in recent days, خلال أسابيع, three days ago, الشهر الماضي. For facts/dates.c.
 */
#ifndef TRUCE_FACTS_STRETCH_H
#define TRUCE_FACTS_STRETCH_H

#include "facts/moment.h"
#include "facts/vocabulary.h"

struct stretch {
    bool within, few, counted;
    bool ago, exactly_ago;
    enum direction towards;
    int64_t count;
    size_t cue_end; /* behind خلال or within */
    size_t cue_skip;
    size_t end;
    struct word_found unit;
};

/* Last, next or this, and the token behind it; TOWARDS_NONE and `at` if none of them stands there. */
enum direction direction_read(const struct tokens *tokens, size_t at, size_t *end);

bool stretch_read(struct stretch *out, const struct tokens *tokens, size_t at);

/* Three days ago: a day can be told. Last month, next year: a month or a year can. */
bool stretch_is_days_ago(const struct stretch *stretch, const struct tokens *tokens);
bool stretch_is_unit(const struct stretch *stretch);
bool stretch_is_month(const struct stretch *stretch);

#endif
