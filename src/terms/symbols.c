#include "terms/symbols.h"

#include <stdlib.h>

void symbols_open(struct symbols *symbols)
{
    *symbols = (struct symbols){0};
    arena_init(&symbols->arena, SIZE_MAX / 4);
}

void symbols_clear(struct symbols *symbols)
{
    table_clear(&symbols->by_name);
    arena_clear(&symbols->arena);
    free(symbols->names);
    *symbols = (struct symbols){0};
}

static enum status add(struct symbols *symbols, struct slice name, uint32_t hash, symbol *out, struct error *error)
{
    if (symbols->count == symbols->room) {
        size_t room = symbols->room == 0 ? 256 : symbols->room * 2;
        struct slice *names = realloc(symbols->names, room * sizeof *names);
        if (names == NULL) return arena_full(error);
        symbols->names = names;
        symbols->room = room;
    }
    struct slice copy = arena_copy(&symbols->arena, name);
    if (copy.data == NULL) return arena_full(error);
    TRY(table_put(&symbols->by_name, hash, (uint32_t)symbols->count, error));
    symbols->names[symbols->count++] = copy;
    *out = (symbol)symbols->count;
    return STATUS_DONE;
}

enum status symbols_put(struct symbols *symbols, struct slice name, symbol *out, struct error *error)
{
    size_t at = 0;
    uint32_t i, hash;
    *out = 0;
    if (name.size == 0) return STATUS_DONE;
    hash = table_hash(name);
    while ((i = table_next(&symbols->by_name, hash, &at)) != TABLE_NONE)
        if (slice_equal(symbols->names[i], name)) {
            *out = i + 1;
            return STATUS_DONE;
        }
    return add(symbols, name, hash, out, error);
}

struct slice symbols_name(const struct symbols *symbols, symbol number)
{
    return number == 0 ? (struct slice){NULL, 0} : symbols->names[number - 1];
}
