/* Spellings that may be one name. They are offered to who looks for one of them, and never counted as the same: only a
 * person can tell that ريابكوف and ريباكوف are one man, and كيري and كيربي two. */
#ifndef TRUCE_TEXT_NAMES_H
#define TRUCE_TEXT_NAMES_H

#include "text/words.h"

/* May these two different words be one name? One pair of neighbouring letters is swapped, or they differ only in
 * letters that one foreign sound is written with (خ ك, غ ج, ش س). A letter more or less makes another name. Both are
 * folded. */
bool names_may_be_one(struct slice a, struct slice b);

/* What in the text may be another spelling of a word that is looked for: bytes of the text, each spelling once. Common
 * words are no names. */
typedef enum status names_visit(void *context, size_t from, size_t to, struct error *error);
MUST_USE enum status names_offer(const struct words *text, const struct words *query, names_visit *visit, void *context,
                                 struct error *error);

#endif
