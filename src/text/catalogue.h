/* Message catalogues: po/LANGUAGE.po, compiled by msgfmt and embedded at build, so that one binary carries them and no
 * system locale is needed. The English message is the key. Read-only after start; safe for many threads. */
#ifndef TRUCE_TEXT_CATALOGUE_H
#define TRUCE_TEXT_CATALOGUE_H

#include "base/slice.h"

enum language { LANGUAGE_ENGLISH, LANGUAGE_ARABIC, LANGUAGES };

bool language_parse(enum language *out, struct slice code); /* "en", "ar" (also "ar_SY.UTF-8") */
const char *language_code(enum language language);

const char *catalogue_find(enum language language, const char *message);
const char *catalogue_find_plural(enum language language, const char *one, const char *many, uint64_t count);
/* The same word with another meaning: msgctxt. */
const char *catalogue_find_context(enum language language, const char *context, const char *message);

#endif
