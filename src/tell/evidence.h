/* What evidence shows (spec/evidence.md), and no more than that. */
#ifndef TRUCE_TELL_EVIDENCE_H
#define TRUCE_TELL_EVIDENCE_H

#include "base/slice.h"

/* The sentence of a kind, in the reader's language; of none that is known, the empty one. */
const char *tell_evidence(struct slice kind);

#endif
