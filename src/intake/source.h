/* A file as it came: what it is, in which language, and its text at the very offsets of the file. */
#ifndef TRUCE_INTAKE_SOURCE_H
#define TRUCE_INTAKE_SOURCE_H

#include "base/buffer.h"
#include "text/catalogue.h"

bool source_is_html(struct slice source);

/* The text of a page in exactly as many bytes: tags, scripts and styles become blanks, the ends of blocks line breaks,
 * an entity its character and then characters that folding drops. So every offset into it is one into the page. */
MUST_USE enum status source_blank_html(struct buffer *out, struct slice source, struct error *error);

/* A slice of blanked text as people read it: what only filled the place of markup is gone, blanks are single. */
void source_read_out(struct buffer *out, struct slice blanked);

/* By the letters that are most. */
enum language source_language(struct slice text);

#endif
