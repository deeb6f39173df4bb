/* What a term says, as it is counted: its rule, whom it binds, when, what excepts from it, who decides, what is
 * proposed; and how another text of it differs. `term` is an explanation (spec/terms.md, "Explanations"), which repeats
 * the term's members. */
#ifndef TRUCE_TELL_TERM_H
#define TRUCE_TELL_TERM_H

#include "tell/say.h"

/* Lines and lists of items. */
void tell_term(const struct voice *voice, const struct json *term);

/* Is the rival text of that name the text in a language of the agreement's? */
bool rival_is_language(const struct json *agreement, struct slice name);
/* "Text in Arabic", "Rival transcription: NAME". */
void tell_rival_name(const struct voice *voice, struct slice name);
/* Whether it decides, and what it says otherwise: lines and a list. */
void tell_rival(const struct voice *voice, const struct json *term, const struct json *rival);

/* Readings of which an explanation says the very same are told together: was this one told with one before it? */
bool reading_was_told(const struct json *readings, const struct json *reading);
/* The names of this reading and of those that are told with it. */
void tell_reading_names(const struct voice *voice, const struct json *reading);

/* How much a match of an explanation states, where amounts are counted: "; number: 12 to 20". */
void tell_amount(const struct voice *voice, const struct json *match);

/* How many a reading counted, and how many the term needs, where that is more than one. */
void tell_count(const struct voice *voice, const struct json *reading);

/* Records that may tell of one event, in pairs: suggested, and never applied. */
void tell_suggested(const struct voice *voice, const struct json *pairs);

/* A proposal of the standing (`open.proposals`): to whom, what, and because of what; the records are the caller's to
 * show. Sentences without a frame. */
void tell_proposal(const struct voice *voice, const struct json *proposal);
/* Said once beside proposals: what they are not. */
const char *proposals_note(void);

/* Is there something to tell of the change of an explanation? Where nothing stands suspended, nobody can resume. */
bool change_is_told(const struct json *change);
/* What, besides time, would change a result: `clock`'s `would`. Sentences without a frame. */
void tell_would(const struct voice *voice, const struct json *would);

#endif
