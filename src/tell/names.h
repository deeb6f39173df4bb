/* What records, parties, channels and readings are called, in the reader's language. Nothing is computed here and
 * nothing is left out because of what it says. */
#ifndef TRUCE_TELL_NAMES_H
#define TRUCE_TELL_NAMES_H

#include "tell/records.h"
#include "tell/words.h"

/* A text in the reader's language, else in its own, else in any; {NULL, 0} if there is none. */
struct slice tell_text(const struct json *text);
/* What a record says in a line: its text, or its act, or its name. */
struct slice tell_gist(const struct json *record);
/* When what it tells of was; when it was written if it tells of nothing. */
struct slice tell_when(const struct json *record);

/* The label of an id that stands in JSON; `copy` has room for the id. */
const char *tell_label(enum label_table table, struct slice id, char *copy, size_t size);

/* The label of a word that stands in a field, or NULL if it has none. */
const char *tell_word(struct slice field, struct slice word);

/* Names as their owners give them, where the records say so; else the id. */
struct slice tell_party(struct records *records, struct slice party);
struct slice tell_channel(const struct json *agreement, struct slice channel);
struct slice tell_reading(const struct json *agreement, struct slice reading);

/* What a name stands for in one of an agreement's tables or its parts', or NULL. */
const struct json *tell_entry(struct records *records, const struct json *agreement, const char *table,
                              struct slice name);
/* What the agreement calls it, or {NULL, 0}. */
struct slice tell_called(struct records *records, const struct json *agreement, struct slice name);
/* A place is also called by the name beside it; else its id. */
struct slice tell_place(struct records *records, const struct json *agreement, struct slice place);

/* What a term says, from the agreement's own record or from one of its parts. */
struct slice tell_clause(struct records *records, const struct json *agreement, struct slice term);
const struct json *tell_clause_text(struct records *records, const struct json *agreement, struct slice term);

/* A party or several, with commas; records may be NULL: ids. */
void tell_names(struct buffer *out, struct records *records, const struct json *names);
/* Ids, shortened, at most so many. */
void tell_ids(struct buffer *out, const struct json *ids, size_t most);
/* "READING: VERDICT; …" */
void tell_readings(struct buffer *out, const struct json *agreement, const struct json *readings);
/* Do all readings give this verdict? Then they need not be listed. */
bool tell_readings_agree(const struct json *readings, struct slice verdict);

/* The buffer as a string, to fill holes with; and with text put into it first. */
const char *text_of(struct buffer *buffer);
const char *text_of_slice(struct buffer *buffer, struct slice text);

#endif
