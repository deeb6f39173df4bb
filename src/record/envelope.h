/* The text of a record, whether it came signed or is about to be. Not for other rooms. */
#ifndef TRUCE_RECORD_ENVELOPE_H
#define TRUCE_RECORD_ENVELOPE_H

#include "record/record.h"

/* Reads the canonical line (with its newline) and fills all of *out but note and signature. */
MUST_USE enum status record_read(struct record *out, struct slice text, struct arena *arena, struct error *error);

#endif
