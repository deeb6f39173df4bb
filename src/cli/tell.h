/* The library's answers (JSON) told to people, in a document (doc.h). Nothing is computed here and nothing is left out
 * because of what it says; words come from words.h. */
#ifndef TRUCE_CLI_TELL_H
#define TRUCE_CLI_TELL_H

#include "cli/doc.h"
#include "json/json.h"

/* A text in the reader's language, else in its own, else in any; {NULL, 0} if there is none. */
struct slice tell_text(const struct json *text);
/* What a record says in a line: its text, or its act, or its name. */
struct slice tell_gist(const struct json *record);
/* When what it tells of was; when it was written if it tells of nothing. */
struct slice tell_when(const struct json *record);

void tell_record(struct doc *doc, const struct json *record);
void tell_standing(struct doc *doc, const struct json *answer);
void tell_why(struct doc *doc, const struct json *answer);

/* As-known line and exercise line, which begin both of the latter. */
void tell_moment(struct doc *doc, const struct json *answer);

/* "LABEL: VALUE" as a line, where the value is there; label is in the reader's language and has the hole {0}. */
void tell_value(struct doc *doc, unsigned depth, const char *label, struct slice value);

/* Names, as a string or a list; ids, shortened, at most so many; verdicts by reading; and what a breach is not. */
void tell_names(struct buffer *out, const struct json *names);
void tell_ids(struct buffer *out, const struct json *ids, size_t most);
void tell_readings(struct buffer *out, const struct json *readings);
void tell_not_a_finding(struct doc *doc, unsigned depth);

#endif
