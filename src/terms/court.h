/* The agreements in front of the log, heard and kept up as records come. What is heard costs what it touches; a record
 * that governs others (a standing act, a designation, whom a party answers for, an area, a text) makes its agreement be
 * heard anew from the facts. */
#ifndef TRUCE_TERMS_COURT_H
#define TRUCE_TERMS_COURT_H

#include "terms/facts.h"

struct court;
void court_close(struct court **court);

#endif
