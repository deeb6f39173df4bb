/* What a speaker is called: the office, the institution and the name within a mention, and the fuller mention of the
 * same name elsewhere in the article. */
#ifndef TRUCE_INTAKE_NAMING_H
#define TRUCE_INTAKE_NAMING_H

#include "intake/statement.h"

/* Fills name, role and organisation of every statement. Linear: names are kept by their last word. */
void name_speakers(const struct article *article, struct statements *statements);

#endif
