/* Compliance: commitment by day by party. What its views share: the address of a view, and what a cell says. */
#ifndef TRUCE_PAGE_COMPLIANCE_H
#define TRUCE_PAGE_COMPLIANCE_H

#include "page/sheet.h"

/* What is looked at: one agreement of the answer, and what was asked for. */
struct ledger {
    struct sheet *sheet;
    const struct json *of; /* the agreement as the answer tells it */
    struct slice reading;  /* asked for alone, or {NULL,0} */
    struct slice party;    /* the same; "*": nobody by itself */
    bool breached;         /* a cell that was written speaks of a breach */
};

/* "/compliance?…" of these, each {NULL,0} for all: of days, for the last. */
struct asked_days {
    struct slice term, party, from, to;
};
void compliance_address(struct address *address, const struct ledger *ledger, struct asked_days asked);
/* The party that is asked for alone, or {NULL,0}. */
struct slice compliance_party(const struct ledger *ledger);
/* Has this party, of those that a term binds, a place of its own? The one asked for, or each. */
bool compliance_has(const struct ledger *ledger, struct slice party);
/* Are there several, each judged by itself in these days? Else what there is to say of one is said of all together. */
bool compliance_by_party(const struct ledger *ledger, const struct json *term);
bool compliance_judges_each(const struct json *day);
/* "Whom it binds: …", where that is somebody and no row says so. */
void compliance_bound(struct ledger *ledger, const struct json *term);
/* The days of a term, among them the one of this date, or NULL. */
const struct json *compliance_day(const struct json *term, struct slice date);
/* What a thing (a day as a reading tells it, or a party in it) is: a day's own state, else the result by its end. Shape
 * and word; false if it is judged as neither. */
bool compliance_result(struct ledger *ledger, const struct json *thing);
/* "Hours watched: 12 of 24." of a day as a reading tells it; nothing where no watching is asked for. */
void compliance_hours(struct sheet *sheet, const struct json *reading);
/* One cell of a table: the day of a term, of all together (party {NULL,0}) or of one party, with what was watched; of
 * all, with what was restricted. It opens its records. */
void compliance_cell(struct ledger *ledger, const struct json *term, const struct json *day, struct slice party);
/* The same as a line of a list: of a party without what was watched, which stands with all together. */
void compliance_line(struct ledger *ledger, const struct json *term, const struct json *day, struct slice party);
/* The continuity clock of a term, each reading a line; nothing if it is none. */
void compliance_clock(struct ledger *ledger, const struct json *term);

/* All commitments, on a narrow screen: the days, the newest first, under each the commitments. */
void compliance_list(struct ledger *ledger, const struct json *terms);
/* The beginning of a commitment's words, as a link to its days, and its id. */
void compliance_clause(struct ledger *ledger, const struct json *term);

/* One commitment: what it says; and its days, party by party; or of one day of it the records, reading by reading. */
void compliance_term_head(struct ledger *ledger, const struct json *term);
void compliance_term(struct ledger *ledger, const struct json *term);

#endif
