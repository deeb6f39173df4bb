/* What intake finds in a source, as the answer that people choose from. */
#ifndef TRUCE_INTAKE_PROPOSE_H
#define TRUCE_INTAKE_PROPOSE_H

#include "facts/facts.h"
#include "intake/statement.h"
#include "json/write.h"

/* A source read whole: its text (markup blanked) and what it says. */
struct proposal {
    struct slice source;
    struct buffer blanked; /* of a page; else empty */
    bool html;
    struct article article;
    struct statements statements;
    struct facts *facts; /* in `arena` */
    struct arena arena;
};

void proposal_clear(struct proposal *proposal);
/* `source` is borrowed. `day`: the text's own, in days since 1970-01-01, or NULL. Refuses with intake-… codes. */
MUST_USE enum status proposal_make(struct proposal *proposal, struct slice source, const int64_t *day,
                                   struct error *error);

struct offers;

/* The members of one statement, with what a register offers for it (or NULL); the object is the caller's. */
MUST_USE enum status proposal_put(struct json_writer *writer, const struct proposal *proposal,
                                  const struct statement *statement, const struct offers *offers, struct error *error);

/* The words between two offsets as a record may hold them: at most LIMIT_WORDS_BYTES of the source, without markup and
 * without what text_clean takes out. */
MUST_USE enum status proposal_words(struct buffer *out, const struct proposal *proposal, struct span span,
                                    struct error *error);

/* The code of CAMEO for an act, or an empty slice. */
struct slice cameo_of(enum act act);

#endif
