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

/* Kinds that evaluation reads, the most frequent first. */
static bool is_read(const struct record_kind *kind)
{
    static const char *const names[] = {"report",          "claim",    "coverage",    "response",    "notice",
                                        "acknowledgement", "question", "answer",      "attempt",     "passage",
                                        "finding",         "link",     "restriction", "standing",    "party",
                                        "agreement",       "part",     "area",        "designation", "approval"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (kind->name[0] == names[i][0] && strcmp(kind->name, names[i]) == 0) return true;
    return false;
}

/* ---- bodies: what evaluation reads of a record, in one piece of memory. Most of a record's bytes are its text and its
 * envelope, which no rule asks for. */

static bool is_unread(struct slice key)
{
    static const char *const names[] = {"basis", "casualties", "key",    "observer", "prev", "register",
                                        "seq",   "sealed",     "source", "text",     "v"};
    if (key.size == 0 || memchr("bckoprstv", key.data[0], 9) == NULL) return false;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (key.size > 0 && key.data[0] == (uint8_t)names[i][0] && slice_is(key, names[i])) return true;
    return false;
}

struct body {
    size_t nodes, bytes;
    struct json *node; /* the next one's place */
    uint8_t *byte;
};

static void measure(struct body *body, const struct json *value)
{
    body->nodes++;
    body->bytes += value->key.size + (value->type == JSON_STRING ? value->string.size : 0);
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return;
    for (const struct json *m = value->first; m != NULL; m = m->next)
        measure(body, m); /* as deep as json_read allows */
}

static struct slice keep_slice(struct body *body, struct slice s)
{
    struct slice kept = {body->byte, s.size};
    if (s.size > 0) memcpy(body->byte, s.data, s.size);
    body->byte += s.size;
    return kept;
}

static struct json *keep_value(struct body *body, const struct json *value, bool top)
{
    struct json *kept = body->node++;
    const struct json **link = &kept->first;
    kept->type = value->type;
    kept->key = keep_slice(body, value->key);
    if (value->type == JSON_INTEGER) kept->integer = value->integer;
    if (value->type == JSON_STRING) kept->string = keep_slice(body, value->string);
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return kept;
    for (const struct json *m = value->first; m != NULL; m = m->next) {
        if (top && is_unread(m->key)) continue;
        struct json *member = keep_value(body, m, false);
        *link = member;
        link = &member->next;
        kept->size++;
    }
    return kept;
}

static enum status keep_body(struct view *view, const struct json *value, const struct json **out, struct error *error)
{
    struct body body = {.nodes = 1};
    for (const struct json *m = value->first; m != NULL; m = m->next)
        if (!is_unread(m->key)) measure(&body, m);
    body.node = arena_get(&view->arena, body.nodes * sizeof *body.node + body.bytes);
    if (body.node == NULL) return arena_full(error);
    body.byte = (uint8_t *)(body.node + body.nodes);
    *out = keep_value(&body, value, true);
    return STATUS_DONE;
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
            if (member->key.size > 0 && member->key.data[0] == (uint8_t)names[i][0] && slice_is(member->key, names[i]))
                out[i] = member;
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
    const struct json *body = NULL;
    TRY(keep_body(view, record->body, &body, error));
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

const struct entry *view_head(const struct view *view, const struct entry *entry)
{
    uint64_t head;
    size_t low = 0, high = view->count;
    if (effects_of(view->effects, entry->index, &head) != EFFECT_REPLACED) return entry;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (view->entries[middle].index < head)
            low = middle + 1;
        else
            high = middle;
    }
    return low < view->count && view->entries[low].index == head ? &view->entries[low] : entry;
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
