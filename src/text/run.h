/* A run: a character that starts anew and the marks that belong to it, at most TEXT_MARKS_MOST. NFC never looks past a
 * run, so a run is all that ICU is ever given, and its room is fixed. For src/text alone. */
#ifndef TRUCE_TEXT_RUN_H
#define TRUCE_TEXT_RUN_H

#include "text/utf8.h"

#include <unicode/umachine.h>

/* No character's NFC is longer than three of its own length in UTF-16. */
enum { RUN_UNITS = 2 * (TEXT_MARKS_MOST + 1), RUN_NORMAL_UNITS = 3 * RUN_UNITS };

struct run {
    UChar given[RUN_UNITS], normal[RUN_NORMAL_UNITS];
    int32_t given_size, normal_size;
};

/* `text` is one run in valid UTF-8. Fails only when ICU has no data. */
MUST_USE enum status run_normalise(struct run *run, struct slice text, struct error *error);
bool run_is_normal(const struct run *run);

MUST_USE enum status run_no_data(struct error *error);
MUST_USE enum status run_refuse_utf8(size_t offset, struct error *error);
MUST_USE enum status run_refuse_marks(size_t offset, struct error *error);

#endif
