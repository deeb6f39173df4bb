/* What a client would rather have: the weights of Accept and Accept-Language (RFC 9110, section 12.5). Any bytes will
 * do: what makes no sense weighs nothing. */
#ifndef TRUCE_API_PREFER_H
#define TRUCE_API_PREFER_H

#include "text/catalogue.h"

/* The weight that `accept` gives to a type, in thousandths: that of its most special range that fits. */
unsigned prefer_type(struct slice accept, const char *type);
/* The language that weighs most, the first of equals; false if it names none that the program speaks. */
bool prefer_language(enum language *out, struct slice accept);
/* Does Accept-Encoding take gzip? */
bool prefer_gzip(struct slice accept);

#endif
