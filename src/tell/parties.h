/* Who takes part, told from the answer of truce_parties. */
#ifndef TRUCE_TELL_PARTIES_H
#define TRUCE_TELL_PARTIES_H

#include "tell/say.h"

/* The party of that name in the answer, or NULL. */
const struct json *parties_find(const struct json *answer, struct slice name);

void tell_party_about(const struct voice *voice, const struct json *answer, const struct json *party);
/* For whom it answers, and who answers for it, in a list; false if nobody does either. */
bool tell_party_answers(const struct voice *voice, const struct json *answer, const struct json *party);
void tell_party_keys(const struct voice *voice, const struct json *party);
void tell_policy(const struct voice *voice, const struct json *answer);
/* What the founders have not approved yet; false if there is none. */
bool tell_enrolments(const struct voice *voice, const struct json *answer);

#endif
