/* The library's answers (JSON) told to people, in a document (doc.h). Nothing is computed here and nothing is left out
 * because of what it says; words and names come from src/tell. */
#ifndef TRUCE_CLI_TELL_H
#define TRUCE_CLI_TELL_H

#include "cli/doc.h"
#include "tell/names.h"

void tell_record(struct doc *doc, const struct json *record);
void tell_standing(struct doc *doc, const struct json *answer, struct records *records);
void tell_why(struct doc *doc, const struct json *answer, struct records *records);

/* ---- pieces that both answers have */

/* Exercise line and as-known line, which begin both. */
void tell_moment(struct doc *doc, const struct json *answer);
/* "LABEL: VALUE" as a line, where the value is there; label is in the reader's language and has the hole {0}. */
void tell_value(struct doc *doc, unsigned depth, const char *label, struct slice value);
void tell_not_a_finding(struct doc *doc, unsigned depth);

#endif
