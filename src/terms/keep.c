/* The facts of a prefix kept in a file that can be thrown away, so that a restart need not read the log. It holds for
 * the program that wrote it alone: whoever reads it has checked that it is whole and of this make.
 *
 * What stands in it: a header with the sizes of everything, then entries, tales, amounts and names as they lie in
 * memory (pointers mean only whether there is something), the JSON of the kinds that keep it, mentions, what is
 * awaited, names of symbols, and the state of effects. Who-records are read from the log again: they are few. */
#include "terms/court.h"

#include <stdlib.h>

struct kept {
    uint64_t entry_size, tale_size, layout;
    uint64_t size, count, tales, amounts, names, bodies_bytes, mentions, awaited, symbols;
    int64_t last;
};

enum { LAYOUT = 2 };

/* ---- writing */

struct put {
    facts_sink *sink;
    void *context;
    bool good;
};

static void put(struct put *p, const void *data, size_t size)
{
    if (p->good && size > 0) p->good = p->sink(p->context, data, size);
}

static const struct tale *tale_of(const struct entry *entry, int which)
{
    return which == 0 ? entry->own : entry->told;
}

static void count_all(const struct view *view, struct kept *k)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct entry *e = view_entry(view, i);
        for (int w = 0; w < 2; w++)
            if (tale_of(e, w) != NULL) k->tales++, k->amounts += tale_of(e, w)->amount_count;
        k->names += e->name_count;
    }
}

/* What was sealed is read again with what was revealed (view_unsealed). */
static const struct json *kept_body(const struct entry *entry)
{
    return entry->sealed != NULL ? entry->sealed : entry->body;
}

static enum status write_bodies(const struct view *view, struct buffer *out, struct error *error)
{
    for (size_t i = 0; i < view->count; i++) {
        struct json_writer w;
        const struct json *kept = kept_body(view_entry(view, i));
        if (kept == NULL) continue;
        json_write_open(&w, out);
        json_put_tree(&w, kept);
        TRY(json_write_finish(&w, error));
        buffer_put_byte(out, '\n');
    }
    return out->failed ? arena_full(error) : STATUS_DONE;
}

static void put_symbols(struct put *p, const struct symbols *symbols)
{
    for (size_t i = 0; i < symbols->count; i++) {
        uint64_t size = symbols->names[i].size;
        put(p, &size, sizeof size);
        put(p, symbols->names[i].data, symbols->names[i].size);
    }
}

static void put_entries(struct put *p, const struct view *view)
{
    for (size_t i = 0; i < view->count; i++) put(p, view_entry(view, i), sizeof(struct entry));
    for (size_t i = 0; i < view->count; i++)
        for (int w = 0; w < 2; w++)
            if (tale_of(view_entry(view, i), w) != NULL) put(p, tale_of(view_entry(view, i), w), sizeof(struct tale));
    for (size_t i = 0; i < view->count; i++)
        for (int w = 0; w < 2; w++) {
            const struct tale *tale = tale_of(view_entry(view, i), w);
            if (tale != NULL) put(p, tale->amounts, tale->amount_count * sizeof *tale->amounts);
        }
    for (size_t i = 0; i < view->count; i++)
        put(p, view_entry(view, i)->names, view_entry(view, i)->name_count * sizeof(struct record_id));
}

enum status view_keep(const struct view *view, facts_sink *sink, void *context, struct error *error)
{
    OWN(buffer_clear) struct buffer bodies = {0};
    struct put p = {sink, context, true};
    struct kept k = {.entry_size = sizeof(struct entry),
                     .tale_size = sizeof(struct tale),
                     .layout = LAYOUT,
                     .size = view->size,
                     .count = view->count,
                     .mentions = view->mention_count,
                     .awaited = view->awaited_count,
                     .symbols = view->symbols.count,
                     .last = view->last};
    TRY(write_bodies(view, &bodies, error));
    count_all(view, &k);
    k.bodies_bytes = bodies.size;
    put(&p, &k, sizeof k);
    put_symbols(&p, &view->symbols);
    put_entries(&p, view);
    put(&p, bodies.data, bodies.size);
    put(&p, view->mentions, view->mention_count * sizeof *view->mentions);
    put(&p, view->awaited, view->awaited_count * view_awaited_size());
    if (p.good) p.good = effects_keep(view->effects, sink, context);
    return p.good ? STATUS_DONE
                  : error_set(error, STATUS_FAILED, "facts-kept", "The facts could not be kept beside the log.", NULL);
}

/* ---- reading */

struct take {
    facts_source *source;
    void *context;
    struct error *error;
};

static enum status take(struct take *t, void *out, size_t size)
{
    if (size == 0 || t->source(t->context, out, size)) return STATUS_DONE;
    return error_set(t->error, STATUS_FAILED, "facts-kept", "The facts that were kept beside the log are cut short.",
                     NULL);
}

static void *room_for(struct view *view, size_t count, size_t size)
{
    return arena_get(&view->arena, count * size + 1);
}

static enum status take_symbols(struct take *t, struct view *view, uint64_t count)
{
    char name[LIMIT_STRING_BYTES];
    symbol ignored;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t size;
        TRY(take(t, &size, sizeof size));
        if (size > sizeof name)
            return error_set(t->error, STATUS_FAILED, "facts-kept",
                             "The facts that were kept beside the log are cut short.", NULL);
        TRY(take(t, name, size));
        TRY(symbols_put(&view->symbols, slice_of(name, size), &ignored, t->error));
    }
    return STATUS_DONE;
}

/* Tales lie one behind the other as the entries have them, and so do amounts and names. */
struct lying {
    struct tale *tales;
    struct amount_told *amounts;
    struct record_id *names;
};

static void join(struct lying *at, const struct tale **tale)
{
    if (*tale == NULL) return;
    at->tales->amounts = at->amounts;
    at->amounts += at->tales->amount_count;
    *tale = at->tales++;
}

static enum status take_entries(struct take *t, struct view *view, const struct kept *k)
{
    struct lying at = {.tales = room_for(view, k->tales, sizeof(struct tale)),
                       .amounts = room_for(view, k->amounts, sizeof(struct amount_told)),
                       .names = room_for(view, k->names, sizeof(struct record_id))};
    if (at.tales == NULL || at.amounts == NULL || at.names == NULL) return arena_full(t->error);
    for (uint64_t i = 0; i < k->count; i += ENTRY_BLOCK) {
        size_t some = k->count - i < ENTRY_BLOCK ? (size_t)(k->count - i) : ENTRY_BLOCK;
        TRY(view_grow(view, t->error));
        TRY(take(t, view->blocks[view->block_count - 1], some * sizeof(struct entry)));
        view->count += some;
    }
    TRY(take(t, at.tales, k->tales * sizeof(struct tale)));
    TRY(take(t, at.amounts, k->amounts * sizeof(struct amount_told)));
    TRY(take(t, at.names, k->names * sizeof(struct record_id)));
    for (size_t i = 0; i < view->count; i++) {
        struct entry *e = view_entry(view, i);
        join(&at, &e->own);
        join(&at, &e->told);
        e->names = at.names;
        at.names += e->name_count;
        e->mark = 0;
        TRY(view_known(view, e, t->error));
    }
    return STATUS_DONE;
}

static enum status take_bodies(struct take *t, struct view *view, uint64_t size)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct arena arena;
    if (!buffer_reserve(&text, size)) return arena_full(t->error);
    TRY(take(t, text.data, size));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = STATUS_DONE;
    size_t from = 0;
    for (size_t i = 0; i < view->count && status == STATUS_DONE; i++) {
        struct entry *e = view_entry(view, i);
        const struct json *tree;
        if (kept_body(e) == NULL) continue;
        const uint8_t *end = memchr(text.data + from, '\n', size - from);
        size_t length = end == NULL ? size - from : (size_t)(end - (text.data + from));
        arena_reset(&arena);
        status = json_read(&tree, slice_of(text.data + from, length), JSON_RELAXED, &arena, t->error);
        if (status == STATUS_DONE) status = view_body(view, tree, e->sealed != NULL ? &e->sealed : &e->body, t->error);
        from += length + 1;
    }
    arena_clear(&arena);
    return status;
}

static enum status take_rest(struct take *t, struct view *view, const struct kept *k)
{
    TRY(take_bodies(t, view, k->bodies_bytes));
    TRY(view_rooms(view, k->mentions, k->awaited, t->error));
    TRY(take(t, view->mentions, k->mentions * sizeof *view->mentions));
    TRY(take(t, view->awaited, k->awaited * view_awaited_size()));
    TRY(view_await_again(view, k->mentions, k->awaited, t->error));
    TRY(effects_take(view->effects, t->source, t->context, t->error));
    for (size_t i = 0; i < view->count; i++) TRY(view_unsealed(view, view_entry(view, i), t->error));
    view->size = k->size;
    view->last = k->last;
    return STATUS_DONE;
}

enum status view_take(struct view **out, facts_source *source, void *context, struct error *error)
{
    struct take t = {source, context, error};
    struct kept k;
    struct view *view;
    TRY(take(&t, &k, sizeof k));
    if (k.entry_size != sizeof(struct entry) || k.tale_size != sizeof(struct tale) || k.layout != LAYOUT)
        return error_set(error, STATUS_FAILED, "facts-kept", "The facts that were kept are of another make.", NULL);
    TRY(view_open(&view, error));
    enum status status = take_symbols(&t, view, k.symbols);
    if (status == STATUS_DONE) status = take_entries(&t, view, &k);
    if (status == STATUS_DONE) status = take_rest(&t, view, &k);
    if (status == STATUS_DONE)
        *out = view;
    else
        view_close(&view);
    return status;
}
