/* Folding: the one form under which spellings of a word are found together. It is for index keys alone and never for
 * what is signed or shown. This is the floor that search builds upon: case, width, presentation forms and invisible
 * characters are folded (NFKC_Casefold of UAX #44); letters of Arabic that are written in more than one way are not. */
#ifndef TRUCE_TEXT_FOLD_H
#define TRUCE_TEXT_FOLD_H

#include "base/buffer.h"
#include "base/error.h"

/* Appends the folded form of `text`. Refuses text-utf8. Equal for texts that differ only in what is folded away, and
 * unchanged when folded again. Its code points are those of the ICU in use: rebuild the index when ICU changes. */
MUST_USE enum status text_fold(struct buffer *out, struct slice text, struct error *error);

#endif
