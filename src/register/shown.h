/* Records as they were shown last. What is told of an admitted record never changes, so that whoever asks again, be it
 * another reader, gets the same bytes without index, log or hashing. Any thread may get and put. */
#ifndef TRUCE_REGISTER_SHOWN_H
#define TRUCE_REGISTER_SHOWN_H

#include "base/buffer.h"
#include "record/record.h"

struct shown;

MUST_USE enum status shown_open(struct shown **out, struct error *error); /* no memory to speak of is taken yet */
void shown_close(struct shown **shown);

/* Appends what was put under this id; false if it is not kept. */
bool shown_get(struct shown *shown, const struct record_id *id, struct buffer *out);
/* Kept if there is memory for it; the oldest make room. Not for a void entry: an admitted one of its id may come. */
void shown_put(struct shown *shown, const struct record_id *id, struct slice text);

#endif
