/* Names as small numbers, so that facts are small and comparing them is quick. A name keeps its number for as long as
 * the table lives; 0 is no name. Numbers order nothing and are never written. */
#ifndef TRUCE_TERMS_SYMBOLS_H
#define TRUCE_TERMS_SYMBOLS_H

#include "base/arena.h"
#include "base/table.h"

typedef uint32_t symbol;

struct symbols {
    struct arena arena;
    struct table by_name;
    struct slice *names; /* by number - 1 */
    size_t count, room;
};

void symbols_open(struct symbols *symbols);
void symbols_clear(struct symbols *symbols);
/* 0 for an empty name. */
MUST_USE enum status symbols_put(struct symbols *symbols, struct slice name, symbol *out, struct error *error);
struct slice symbols_name(const struct symbols *symbols, symbol number); /* {NULL, 0} for 0 */

#endif
