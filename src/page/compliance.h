/* Compliance: commitment by day by party. What its three views share: the address of a view, and the cell. */
#ifndef TRUCE_PAGE_COMPLIANCE_H
#define TRUCE_PAGE_COMPLIANCE_H

#include "page/sheet.h"

/* What is looked at: one agreement of the answer, and what was asked for. */
struct ledger {
    struct sheet *sheet;
    const struct json *of; /* the agreement as the answer tells it */
    struct slice reading;  /* asked for alone, or {NULL,0} */
    bool breached;         /* a cell that was written speaks of a breach */
};

/* "/compliance?…" of a term ({NULL,0}: of all) for these days ({NULL,0}: the last). */
void compliance_address(struct address *address, const struct ledger *ledger, struct slice term, struct slice from,
                        struct slice to);
/* What a thing (a day as a reading tells it, or a party in it) is: a day's own state, else the result by its end. Shape
 * and word; false if it is judged as neither. */
bool compliance_result(struct ledger *ledger, const struct json *thing);
/* "Hours watched: 12 of 24." of a day as a reading tells it; nothing where no watching is asked for. */
void compliance_hours(struct sheet *sheet, const struct json *reading);
/* One cell of a table: the day of a term, of all together (party {NULL,0}) or of one party, with what was watched and
 * restricted; it opens its records. */
void compliance_cell(struct ledger *ledger, const struct json *term, const struct json *day, struct slice party);
/* The continuity clock of a term, each reading a line; nothing if it is none. */
void compliance_clock(struct ledger *ledger, const struct json *term);

/* One commitment: what it says; and its days, party by party; or of one day of it the records, reading by reading. */
void compliance_term_head(struct ledger *ledger, const struct json *term);
void compliance_term(struct ledger *ledger, const struct json *term);

#endif
