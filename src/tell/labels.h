/* One id and its label in English, which is the key of its translations. Tables end with NULL. */
#ifndef TRUCE_TELL_LABELS_H
#define TRUCE_TELL_LABELS_H

#include "tell/words.h"

struct label {
    const char *id, *label;
};

extern const struct label labels_field[], labels_counted[], labels_not_counted[], labels_reason[], labels_change[],
    labels_value[], labels_event[];

/* All ids of a table, in its order; ends with NULL. */
const struct label *labels_of(enum label_table table);

#endif
