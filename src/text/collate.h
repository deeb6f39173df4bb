/* The order in which readers of a language look for names: ICU's collation. It is for lists that people read; nothing
 * that is signed, hashed or compared by machines may depend on it. */
#ifndef TRUCE_TEXT_COLLATE_H
#define TRUCE_TEXT_COLLATE_H

#include "text/catalogue.h"

/* Less than, equal to or greater than 0. Names that differ are never equal. Both are valid UTF-8; safe for many
 * threads. Without collation data in the ICU in use the order is that of the bytes. */
int collate_compare(enum language language, struct slice a, struct slice b);

#endif
