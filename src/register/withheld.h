/* Where somebody watches or travels is told when it is long over: 24 hours after it ended, in an exercise at once. What
 * the map and the list of convoys and sites both keep to. */
#ifndef TRUCE_REGISTER_WITHHELD_H
#define TRUCE_REGISTER_WITHHELD_H

#include "register/register.h"

/* Is it of a kind that moves or watches? */
bool withheld_kind(const struct record_kind *kind);
/* May the place not be told yet, at `until`, of what ended then? INT64_MAX: it has not ended. */
bool withheld_yet(bool exercise, int64_t ended, int64_t until);
/* What is later is not told: the moment that was asked for, or now, if that is earlier. */
MUST_USE enum status withheld_until(struct truce_register *reg, const struct moment *moment, int64_t *until,
                                    struct error *error);

#endif
