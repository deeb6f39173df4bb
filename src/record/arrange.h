/* Writes what somebody typed in the order that a record has. Not for other rooms. */
#ifndef TRUCE_RECORD_ARRANGE_H
#define TRUCE_RECORD_ARRANGE_H

#include "json/write.h"
#include "record/schema.h"

/* Keys sorted, and the items of every FIELD_SET sorted by their bytes; nothing is added, dropped or judged. */
MUST_USE enum status arrange(struct buffer *out, const struct json *record, struct arena *arena, struct error *error);

#endif
