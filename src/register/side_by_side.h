/* Records beside each other, field by field: what each says of the same thing, and whether they differ. */
#ifndef TRUCE_REGISTER_SIDE_BY_SIDE_H
#define TRUCE_REGISTER_SIDE_BY_SIDE_H

#include "register/beside.h"

struct side_by_side {
    size_t count;
    struct column {
        struct buffer entry;
        struct record record;
        int64_t received_ms;
        uint64_t index;
        struct event_records evidence; /* that it names, or that names it */
    } * column;
    struct arena arena;
};
MUST_USE enum status side_by_side_open(struct side_by_side *out, struct truce_register *reg,
                                       const struct event_records *records, struct error *error);
void side_by_side_close(struct side_by_side *all);
/* As values: lists (spec/incidents.md). */
void side_by_side_put_columns(const struct side_by_side *all, struct json_writer *w);
MUST_USE enum status side_by_side_put_fields(const struct side_by_side *all, struct truce_register *reg,
                                             struct json_writer *w, struct error *error);

#endif
