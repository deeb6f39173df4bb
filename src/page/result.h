/* A term's result, as every page that has clauses tells it. */
#ifndef TRUCE_PAGE_RESULT_H
#define TRUCE_PAGE_RESULT_H

#include "page/sheet.h"

/* The readings where they differ; of a term out of force, the readings before. `term` as the standing has it. */
void result_readings(struct sheet *sheet, const struct json *term);
/* Is any result of the term a breach: the joint one, one reading's, a rival text's, or one before? */
bool result_speaks_of_breach(const struct json *term);

#endif
