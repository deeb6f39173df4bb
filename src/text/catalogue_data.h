/* The compiled catalogues, embedded at build by tools/embed-catalogue. */
#ifndef TRUCE_TEXT_CATALOGUE_DATA_H
#define TRUCE_TEXT_CATALOGUE_DATA_H

#include "base/slice.h"

extern const unsigned char catalogue_ar[];
extern const size_t catalogue_ar_size;

/* The translation in one .mo file: plural forms with a NUL between them; {NULL, 0} if it has none. */
struct slice catalogue_in(struct slice mo, const char *message);

#endif
