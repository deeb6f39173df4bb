/* Whether a notice was delivered and read, and what to know of a record whose key has ended. */
#ifndef TRUCE_TELL_DELIVERY_H
#define TRUCE_TELL_DELIVERY_H

#include "tell/say.h"

/* {"delivered":{…}} and {"read":{…}} of a recipient, in sentences. */
phrase phrase_delivered, phrase_read;

/* What a mark of a record ("contested", "late", "unvouched") means, as a sentence in the reader's language; or NULL. */
const char *mark_sentence(struct slice mark);
/* The marks of which a standing has lists, in their order, each with its heading; NULL ends. */
extern const char *const mark_names[];
const char *mark_heading(const char *mark);

#endif
