#include "intake/statement.h"

#include <stdlib.h>

void statements_clear(struct statements *statements)
{
    free(statements->items);
    *statements = (struct statements){0};
}

struct statement *statements_add(struct statements *statements)
{
    if (statements->count == statements->capacity) {
        size_t capacity = statements->capacity * 2 + 32;
        struct statement *more = statements->failed ? NULL : realloc(statements->items, capacity * sizeof *more);
        if (more == NULL) {
            statements->failed = true;
            return NULL;
        }
        statements->items = more;
        statements->capacity = capacity;
    }
    struct statement *statement = &statements->items[statements->count++];
    memset(statement, 0, sizeof *statement);
    return statement;
}
