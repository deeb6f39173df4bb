/* The files of lexicon/, built into the program: words as data. Read-only; safe for many threads. */
#ifndef TRUCE_TEXT_LEXICON_H
#define TRUCE_TEXT_LEXICON_H

#include "base/slice.h"

struct lexicon_file {
    const char *path; /* "ar/search-small.txt" */
    const unsigned char *data;
    size_t size;
};
extern const struct lexicon_file lexicon_files[]; /* ended by one without a path */

/* The bytes of one file; it must exist. */
struct slice lexicon_get(const char *path);

/* Steps through the lines that say something: comments and empty ones are left out, blanks at both ends cut off. False
 * at the end. */
bool lexicon_line(struct slice *rest, struct slice *line);

/* The next column of a line, cut at '|', blanks at both ends cut off. False at the end. */
bool lexicon_column(struct slice *line, struct slice *column);

#endif
