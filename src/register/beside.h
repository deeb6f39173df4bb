/* What else speaks of the records of an event: evidence and statements, which evaluation does not read. */
#ifndef TRUCE_REGISTER_BESIDE_H
#define TRUCE_REGISTER_BESIDE_H

#include "register/answer.h"
#include "terms/incident.h"

struct beside {
    struct truce_register *reg;
    const struct view *view;
    uint64_t size; /* entries that are known */
    struct event_records evidence, statements;
    bool every; /* while looking: statements as well */
};
/* Those that name one of the records, and the evidence that those name. */
MUST_USE enum status beside_find(struct beside *beside, const struct event_records *records, struct error *error);
/* As the members "evidence" and "statements" of an object that is open: ids. */
MUST_USE enum status beside_put(const struct beside *beside, struct json_writer *w, struct error *error);
MUST_USE enum status beside_put_ids(struct truce_register *reg, const char *key, const struct event_records *records,
                                    struct json_writer *w, struct error *error);

/* What is looked for, as the terms want it; find-order, find-distance. */
MUST_USE enum status sought_read(const struct truce_sought *asked, struct sought *out, struct error *error);
/* The entry of a record that was known at the moment; record-absent. */
MUST_USE enum status known_record(struct truce_register *reg, const struct moment *moment, const char *id,
                                  uint64_t *index, struct error *error);

#endif
