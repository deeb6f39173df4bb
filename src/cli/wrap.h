/* Lines of a width: by the columns that a terminal gives to text, never inside a character. */
#ifndef TRUCE_CLI_WRAP_H
#define TRUCE_CLI_WRAP_H

#include "base/buffer.h"

/* Cuts the next line of at most `columns` off *rest, at a space where there is one (which is dropped) or a newline.
 * False when *rest is empty. Text is valid UTF-8. */
bool wrap_next(struct slice *rest, size_t columns, struct slice *line);

/* The beginning of the first line of text that fits, with … where something was left out. */
void wrap_cut(struct buffer *out, struct slice text, size_t columns);

/* Paragraphs of `text`, each line behind `indent` spaces; `first` stands in the first line's indent. */
void wrap_put(struct buffer *out, struct slice text, size_t width, size_t indent, const char *first);

void wrap_spaces(struct buffer *out, size_t count);

#endif
