/* What was written here and waits, and pouches: on the reader's own server alone. */
#ifndef TRUCE_API_OUTBOX_H
#define TRUCE_API_OUTBOX_H

#include "api/visit.h"

enum { POUCH_BODY_MOST = 32 * 1024 * 1024 };

/* What the library and the register answered while something was handed in. */
struct handing {
    struct visit *visit;
    struct arena arena;
    struct buffer taken, refusals, told; /* values of JSON with commas between them */
    uint64_t receipts;
    struct truce_buffer counts; /* of a pouch */
    enum truce_status status;
    struct truce_error error;
};
truce_line handing_line;
/* Gives what came of it: JSON, or the page of the outbox. */
void handing_give(struct handing *handing);

/* Is it the reader's own, and are they let in? */
bool outbox_is_shown(struct visit *visit);
/* The same; if not, it is answered. */
bool outbox_is_own(struct visit *visit);

#endif
