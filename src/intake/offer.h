/* What a register holds that a statement may be by, to or about. Offered to a person who decides; nothing is chosen. */
#ifndef TRUCE_INTAKE_OFFER_H
#define TRUCE_INTAKE_OFFER_H

#include "intake/propose.h"
#include "truce.h"

struct offers;

/* Reads parties, agreements, statements and what waits. All lives in the arena. */
MUST_USE enum status offers_read(struct offers **out, struct truce_register *reg, struct arena *arena,
                                 struct error *error);

/* The member "offers" of one statement: {"addressed":[…],"channels":[{"agreement","channel"}],"parties":[…],
 * "records":[{"id","why"}],"terms":[{"agreement","term"}]}, lists that are empty left out. `why` is "recorded" (these
 * very words), "earlier" (the same speaker on the same matter), "unacknowledged" (a notice) or "unanswered" (a
 * question). */
MUST_USE enum status offers_put(struct json_writer *writer, const struct offers *offers,
                                const struct proposal *proposal, const struct statement *statement,
                                struct error *error);

#endif
