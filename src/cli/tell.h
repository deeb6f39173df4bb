/* The library's answers (JSON) told to people, in a document (doc.h). Nothing is computed here and nothing is left out
 * because of what it says; words and names come from src/tell. */
#ifndef TRUCE_CLI_TELL_H
#define TRUCE_CLI_TELL_H

#include "cli/doc.h"
#include "tell/names.h"
#include "tell/say.h"

void tell_record(struct doc *doc, const struct json *record);
/* Its members alone, each in a line of its own. */
void tell_members(struct doc *doc, unsigned depth, const struct json *record);
/* What a reader can see of sealed fields: the "fields" of truce_unseal, or what truce_write_view says a reader sees. */
void tell_opened(struct doc *doc, unsigned depth, const struct json *fields);
void tell_standing(struct doc *doc, const struct json *answer, struct records *records);
void tell_why(struct doc *doc, const struct json *answer, struct records *records);
void tell_intake(struct doc *doc, const struct json *answer, struct records *records);
/* {"about", "changes"}: what truce_changes gave, in an array, and what truce_about says. */
void tell_changes(struct doc *doc, const struct json *answer, struct records *records);

/* What says sentences (tell/say.h) in a document, from that depth on. */
struct doc_voice {
    struct doc *doc;
    struct records *records;
    unsigned depth;
};
struct voice doc_voice(struct doc_voice *in, const struct json *agreement);

/* ---- pieces that several answers have */

/* Exercise line and as-known line, which begin both. */
void tell_moment(struct doc *doc, const struct json *answer);
/* "LABEL: VALUE" as a line, where the value is there; label is in the reader's language and has the hole {0}. */
void tell_value(struct doc *doc, unsigned depth, const char *label, struct slice value);
/* Records whose key ended, so that nobody takes them for undisputed: what "marked" says. */
void tell_marked(struct doc *doc, struct records *records, const struct json *marked);
void tell_not_a_finding(struct doc *doc, unsigned depth);
/* "kind 3f2a91c0, AUTHOR, TIME: its words", into the text of the next piece; `time` may be {NULL,0}: its own. */
void tell_record_line(struct doc *doc, struct records *records, struct slice id, struct slice time);

#endif
