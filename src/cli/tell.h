/* The library's answers (JSON) told to people, in a document (doc.h). Nothing is computed here and nothing is left out
 * because of what it says; words come from words.h. */
#ifndef TRUCE_CLI_TELL_H
#define TRUCE_CLI_TELL_H

#include "cli/doc.h"
#include "cli/records.h"
#include "cli/words.h"

void tell_record(struct doc *doc, const struct json *record);
void tell_standing(struct doc *doc, const struct json *answer, struct records *records);
void tell_why(struct doc *doc, const struct json *answer, struct records *records);

/* ---- what a record says */

/* A text in the reader's language, else in its own, else in any; {NULL, 0} if there is none. */
struct slice tell_text(const struct json *text);
/* What a record says in a line: its text, or its act, or its name. */
struct slice tell_gist(const struct json *record);
/* When what it tells of was; when it was written if it tells of nothing. */
struct slice tell_when(const struct json *record);

/* ---- pieces that both answers have */

/* Exercise line and as-known line, which begin both. */
void tell_moment(struct doc *doc, const struct json *answer);
/* "LABEL: VALUE" as a line, where the value is there; label is in the reader's language and has the hole {0}. */
void tell_value(struct doc *doc, unsigned depth, const char *label, struct slice value);
void tell_not_a_finding(struct doc *doc, unsigned depth);

/* The label of an id that stands in JSON; `copy` has room for the id. */
const char *tell_label(enum label_table table, struct slice id, char *copy, size_t size);

/* Names as their owners give them, where the records say so; else the id. */
struct slice tell_party(struct records *records, struct slice party);
struct slice tell_channel(const struct json *agreement, struct slice channel);
struct slice tell_reading(const struct json *agreement, struct slice reading);

/* A party or several, with commas; records may be NULL: ids. */
void tell_names(struct buffer *out, struct records *records, const struct json *names);
/* Ids, shortened, at most so many. */
void tell_ids(struct buffer *out, const struct json *ids, size_t most);
/* "READING: VERDICT; …" */
void tell_readings(struct buffer *out, const struct json *agreement, const struct json *readings);

/* The buffer as a string, to fill holes with; and with text put into it first. */
const char *text_of(struct buffer *buffer);
const char *text_of_slice(struct buffer *buffer, struct slice text);

#endif
