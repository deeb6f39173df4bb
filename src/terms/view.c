/* The facts of a prefix of the log. Invariants: (1) it holds what was added and nothing else, so that the same prefix
 * gives the same view; (2) entries stand in the order of the log; (3) nothing that is kept borrows from the caller. */
#include "terms/world.h"

#include <stdlib.h>

enum { CAP_BYTES = 1 << 30 };

enum status view_open(struct view **out, struct error *error)
{
    struct view *view = calloc(1, sizeof *view);
    if (view == NULL) return arena_full(error);
    arena_init(&view->arena, CAP_BYTES);
    enum status status = members_open(&view->members, error);
    if (status == STATUS_DONE) status = effects_open(&view->effects, error);
    if (status != STATUS_DONE) {
        view_close(&view);
        return status;
    }
    *out = view;
    return STATUS_DONE;
}

void view_close(struct view **view)
{
    struct view *v = *view;
    if (v == NULL) return;
    members_close(&v->members);
    effects_close(&v->effects);
    table_clear(&v->by_id);
    arena_clear(&v->arena);
    free(v->entries);
    free(v);
    *view = NULL;
}

uint64_t view_size(const struct view *view)
{
    return view->size;
}

/* Kinds that evaluation reads. */
static bool is_read(const struct record_kind *kind)
{
    static const char *const names[] = {"acknowledgement", "agreement",   "answer",      "attempt", "claim",
                                        "coverage",        "designation", "area",        "finding", "link",
                                        "notice",          "part",        "party",       "passage", "question",
                                        "report",          "response",    "restriction", "standing"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(kind->name, names[i]) == 0) return true;
    return false;
}

static uint32_t id_hash(const struct record_id *id)
{
    return table_hash(slice_of(id->hash.bytes, 8));
}

/* Asked for once a term, reading and record: found once. */
static void find_moments(struct entry *entry)
{
    int64_t to, at = entry_time(entry, "at");
    entry->act_time = at == NEVER || at < entry->received ? entry->received : at;
    entry->last = entry->act_time;
    if (time_parse(&to, json_find_string(json_find(entry->body, "when"), "to")) && to > entry->last) entry->last = to;
}

static void find_facts_in(const struct json **out, const struct json *object)
{
    static const char *const names[FACTS] = {"act", "actor", "target", "weapon", "where", "when", "counts", "step"};
    for (const struct json *member = object == NULL ? NULL : object->first; member != NULL; member = member->next)
        for (size_t i = 0; i < FACTS; i++)
            if (slice_is(member->key, names[i])) out[i] = member;
}

static enum status keep(struct view *view, uint64_t index, int64_t received_ms, const struct record *record,
                        struct error *error)
{
    if (view->count == view->room) {
        size_t room = view->room == 0 ? 256 : view->room * 2;
        struct entry *entries = realloc(view->entries, room * sizeof *entries);
        if (entries == NULL) return arena_full(error);
        view->entries = entries;
        view->room = room;
    }
    struct slice text = arena_copy(&view->arena, record->text);
    const struct json *body;
    if (text.data == NULL) return arena_full(error);
    if (text.data[text.size - 1] == '\n') text.size--;
    TRY(json_read(&body, text, JSON_CANONICAL, &view->arena, error));
    TRY(table_put(&view->by_id, id_hash(&record->id), (uint32_t)view->count, error));
    int64_t ms = received_ms >= 0 ? received_ms : received_ms - 999;
    struct entry *entry = &view->entries[view->count++];
    *entry = (struct entry){.index = index,
                            .kind = record->kind,
                            .body = body,
                            .by = json_find_string(body, "by"),
                            .id = record->id,
                            .received = ms / 1000,
                            .written = record->written};
    find_moments(entry);
    find_facts_in(entry->facts.own, body);
    find_facts_in(entry->facts.told, json_find(body, "event"));
    return STATUS_DONE;
}

enum status view_add(struct view *view, uint64_t entry, int64_t received_ms, const struct record *record, bool is_void,
                     struct error *error)
{
    TRY(effects_add(view->effects, entry, record, is_void, error));
    if (!is_void && record->kind->family == FAMILY_WHO) TRY(members_add(view->members, entry, record, error));
    if (!is_void && is_read(record->kind)) TRY(keep(view, entry, received_ms, record, error));
    view->size = entry + 1;
    return STATUS_DONE;
}

const struct entry *view_find(const struct view *view, struct slice hex_id)
{
    struct record_id id;
    size_t at = 0;
    uint32_t i;
    if (!hash_parse(&id.hash, hex_id)) return NULL;
    while ((i = table_next(&view->by_id, id_hash(&id), &at)) != TABLE_NONE)
        if (record_id_equal(&view->entries[i].id, &id)) return &view->entries[i];
    return NULL;
}

bool view_counts(const struct view *view, const struct entry *entry)
{
    return effects_of(view->effects, entry->index, NULL) == EFFECT_COUNTS;
}

bool entry_is(const struct entry *entry, const char *kind)
{
    return strcmp(entry->kind->name, kind) == 0;
}

int64_t entry_time(const struct entry *entry, const char *key)
{
    int64_t at;
    return time_parse(&at, json_find_string(entry->body, key)) ? at : NEVER;
}
