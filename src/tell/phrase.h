/* The parts of a term (spec/terms.md, "The grammar") as words within a sentence: who, what, where, when. Names that the
 * agreement's tables explain are told by what they stand for. Each is a phrase (say.h); what has another shape than
 * expected is left out. */
#ifndef TRUCE_TELL_PHRASE_H
#define TRUCE_TELL_PHRASE_H

#include "tell/say.h"

/* Of a group any one, and all of them. */
phrase phrase_group, phrase_everyone_of;
phrase phrase_acts, phrase_weapons, phrase_place, phrase_places, phrase_selector, phrase_moment, phrase_exception,
    phrase_share, phrase_verdicts;
/* An effect: what is proposed, and concerning what. */
phrase phrase_effect;
/* Names of parties, which stand for nothing else. */
phrase phrase_names;
/* Names or places, one after the other. */
void phrase_list(const struct voice *voice, const struct json *list, const char *between, phrase *of);

/* A name as the agreement calls it, or as a thing of that type. */
void say_called(const struct voice *voice, struct slice name, enum hole_type otherwise);
/* A word of a field ("act", "class", "ground") as the agreement calls it, else as the program does. */
void say_called_word(const struct voice *voice, const char *field, struct slice word);

/* What a name stands for in one of the agreement's tables or its parts', or NULL. */
const struct json *table_find(const struct voice *voice, const char *table, struct slice name);

#endif
