/* What a record with sealed values says. It says what stands in it; what its author revealed since stands in its place,
 * the finest level of each; and where the coarser account would claim more than is known, it says nothing of it. */
#include "terms/facts.h"

#include <stdlib.h>

/* ---- a tree that can be changed, in the view's memory */

struct changing {
    struct view *view;
    const struct entry *entry;
    struct json *whole;
};

static struct json *own(const struct json *value)
{
    return (struct json *)(uintptr_t)value; /* all of it is our copy */
}

static const struct json **place_of(struct json *object, struct slice key)
{
    const struct json **link = &object->first;
    while (*link != NULL && slice_compare((*link)->key, key) < 0) link = &own(*link)->next;
    return link;
}

static void put_member(struct json *object, struct json *member)
{
    const struct json **link = place_of(object, member->key);
    bool there = *link != NULL && slice_equal((*link)->key, member->key);
    member->next = there ? (*link)->next : *link;
    object->size += there ? 0 : 1;
    *link = member;
}

static void remove_member(struct json *object, const char *key)
{
    const struct json **link = place_of(object, slice_from(key));
    if (*link == NULL || !slice_is((*link)->key, key)) return;
    *link = (*link)->next;
    object->size--;
}

/* ---- reveals about a record */

const struct entry *unseal_target(const struct view *view, const struct entry *reveal)
{
    return reveal->has_of ? view_find_id(view, &reveal->names[reveal->name_count - 1]) : NULL;
}

static struct slice level_of(const struct entry *reveal)
{
    return json_find_string(reveal->body, "level");
}

static int rank_of(struct slice level)
{
    static const char *const levels[] = {"10km", "1km", "hash", "exact"}; /* the finest last */
    int rank = 0;
    while (rank < 3 && !slice_is(level, levels[rank])) rank++;
    return rank;
}

/* The finest that counts of those about this pointer. */
static const struct entry *revealed(const struct view *view, const struct entry *entry, struct slice pointer)
{
    const struct entry *finest = NULL;
    for (uint32_t m = entry->mentions; m > 0; m = view->mentions[m - 1].next) {
        const struct entry *by = view_entry(view, view->mentions[m - 1].by);
        if (view->mentions[m - 1].replaces || by->sort != SORT_REVEAL || !by->counts || by->author != entry->author ||
            !slice_equal(json_find_string(by->body, "pointer"), pointer))
            continue;
        if (finest == NULL || rank_of(level_of(by)) > rank_of(level_of(finest))) finest = by;
    }
    return finest;
}

/* ---- putting them in */

static struct slice parent_of(struct slice pointer, struct slice *last)
{
    size_t size = pointer.size;
    while (size > 0 && pointer.data[size - 1] != '/') size--;
    *last = slice_part(pointer, size, SIZE_MAX);
    return slice_part(pointer, 0, size == 0 ? 0 : size - 1);
}

static enum status put_number(struct changing *c, struct json *object, const char *key, int64_t number,
                              struct error *error)
{
    struct json *value = arena_get(&c->view->arena, sizeof *value);
    if (value == NULL) return arena_full(error);
    *value = (struct json){.type = JSON_INTEGER, .key = slice_from(key), .integer = number};
    put_member(object, value);
    return STATUS_DONE;
}

/* A cell's centre stands as a cell of that size. */
static enum status put_cell(struct changing *c, struct json *where, struct json *centre, struct slice level,
                            struct error *error)
{
    centre->key = slice_from("cell");
    TRY(put_number(c, centre, "reach_m", slice_is(level, "1km") ? 710 : 7100, error));
    put_member(where, centre);
    return STATUS_DONE;
}

static enum status put_revealed(struct changing *c, struct slice pointer, const struct entry *reveal,
                                struct error *error)
{
    struct slice last, parent = parent_of(pointer, &last), level = level_of(reveal);
    struct json *object = own(json_at(c->whole, parent));
    struct json *value = json_copy(&c->view->arena, json_find(reveal->body, "value"));
    if (value == NULL) return arena_full(error);
    if (object == NULL || object->type != JSON_OBJECT) return STATUS_DONE;
    bool cell = slice_is(last, "point") && (slice_is(level, "1km") || slice_is(level, "10km"));
    if (cell) return put_cell(c, object, value, level, error);
    value->key = arena_copy(&c->view->arena, last);
    put_member(object, value);
    return STATUS_DONE;
}

/* ---- what the parts say together */

static bool still_sealed(const struct changing *c, struct slice parent, const char *field)
{
    const struct json *sealed = json_find(c->entry->sealed, "sealed");
    for (const struct json *item = sealed == NULL ? NULL : sealed->first; item != NULL; item = item->next) {
        struct slice last, pointer = json_find_string(item, "pointer");
        if (!slice_equal(parent_of(pointer, &last), parent) || !slice_is(last, field)) continue;
        const struct entry *reveal = revealed(c->view, c->entry, pointer);
        return reveal == NULL || rank_of(level_of(reveal)) < rank_of(slice_from("hash"));
    }
    return false;
}

/* A place that was revealed takes the cell's place, unless its error is still sealed. A radius without a reach of the
 * cell's own was the cell's. */
static void settle_place(const struct changing *c, struct json *where, struct slice pointer)
{
    static const char *const ways[] = {"point", "line", "polygon", "bearing", "place"};
    const struct json *cell = json_find(where, "cell");
    for (size_t i = 0; cell != NULL && i < COUNT_OF(ways); i++) {
        if (json_find(where, ways[i]) == NULL) continue;
        if (still_sealed(c, pointer, "radius_m")) {
            remove_member(where, ways[i]);
            continue;
        }
        if (json_find(cell, "reach_m") == NULL) remove_member(where, "radius_m");
        remove_member(where, "cell");
        return;
    }
}

/* The moments revealed stand for the days around them. Where they are not, the days would claim that somebody watched
 * all the while: a coverage then has no time at all. */
static void settle_time(const struct changing *c, struct json *when, struct slice pointer)
{
    const struct json *exact = json_find(when, "exact");
    if (exact == NULL && still_sealed(c, pointer, "exact") && c->entry->sort == SORT_COVERAGE) {
        remove_member(when, "from");
        remove_member(when, "to");
    }
    for (const struct json *m = exact == NULL ? NULL : exact->first; m != NULL; m = m->next) {
        struct json *moment = json_copy(&c->view->arena, m);
        if (moment != NULL) put_member(when, moment);
    }
}

static bool ends_in(struct slice pointer, const char *name)
{
    struct slice last;
    (void)parent_of(pointer, &last);
    return slice_is(last, name);
}

enum status unseal(struct view *view, const struct entry *entry, const struct json **out, struct error *error)
{
    struct changing c = {view, entry, json_copy(&view->arena, entry->sealed)};
    const struct json *sealed = json_find(entry->sealed, "sealed");
    if (c.whole == NULL) return arena_full(error);
    for (const struct json *item = sealed == NULL ? NULL : sealed->first; item != NULL; item = item->next) {
        struct slice pointer = json_find_string(item, "pointer");
        const struct entry *reveal = revealed(view, entry, pointer);
        if (reveal != NULL) TRY(put_revealed(&c, pointer, reveal, error));
    }
    for (const struct json *item = sealed == NULL ? NULL : sealed->first; item != NULL; item = item->next) {
        struct slice last, parent = parent_of(json_find_string(item, "pointer"), &last);
        struct json *object = own(json_at(c.whole, parent));
        if (object == NULL || object->type != JSON_OBJECT) continue;
        if (ends_in(parent, "where") || ends_in(parent, "route")) settle_place(&c, object, parent);
        if (ends_in(parent, "when")) settle_time(&c, object, parent);
    }
    *out = c.whole;
    return STATUS_DONE;
}
