/* Who stands behind the log, told from the answer of truce_heads. */
#ifndef TRUCE_TELL_HEADS_H
#define TRUCE_TELL_HEADS_H

#include "tell/say.h"

/* Does the policy name anybody? */
bool heads_watched(const struct json *heads);
void tell_heads(const struct voice *voice, const struct json *heads);

#endif
