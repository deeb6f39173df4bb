/* A record whose incident is no more: what was shared of it still leads to who withdrew what, and when. */
#include "terms/account.h"
#include "terms/incident.h"

enum { HOPS_MOST = 4 };

static bool is_of_events(const struct entry *entry)
{
    static const enum sort sorts[] = {SORT_REPORT, SORT_PASSAGE, SORT_CLAIM, SORT_FINDING, SORT_RESPONSE, SORT_LINK};
    for (size_t i = 0; i < COUNT_OF(sorts); i++)
        if (entry->sort == sorts[i]) return true;
    return false;
}

static void put(const struct view *view, const struct entry *entry, struct incident_gone *out)
{
    for (size_t i = 0; i < out->count; i++)
        if (out->list[i].index == entry->index) return;
    if (out->count == INCIDENT_GONE_MOST) return;
    uint64_t cause = entry->index;
    enum effect effect = effects_of(view->effects, entry->index, &cause);
    out->list[out->count].index = entry->index;
    out->list[out->count].cause = cause;
    out->list[out->count++].effect = effect_name(effect);
}

/* It, or what it speaks of, as far as that does not count. */
static void look(const struct view *view, const struct entry *entry, unsigned hops, struct incident_gone *out)
{
    if (!is_of_events(entry)) return;
    if (!entry->counts) {
        put(view, entry, out);
        return;
    }
    for (size_t i = 0; i < entry->name_count && hops > 0; i++) {
        const struct entry *named = view_named(view, entry, i);
        if (named != NULL) look(view, named, hops - 1, out);
    }
}

static bool has(const struct event_records *records, uint64_t index)
{
    for (size_t i = 0; i < records->count; i++)
        if (records->index[i] == index) return true;
    return false;
}

/* In the order of the log, whatever order they are named in. */
static void insert(struct event_records *records, uint64_t index)
{
    size_t at = records->count;
    if (has(records, index)) return;
    records->more = records->more || records->count == EVENT_RECORDS_MOST;
    if (records->count == EVENT_RECORDS_MOST) return;
    for (; at > 0 && records->index[at - 1] > index; at--) records->index[at] = records->index[at - 1];
    records->index[at] = index;
    records->count++;
}

static enum status find_naming(const struct view *view, const struct entry *entry, struct event_records *out,
                               struct error *error)
{
    struct entries naming = {0};
    view_naming(view, entry, &naming);
    for (size_t i = 0; i < naming.count; i++)
        if (naming.list[i]->counts && is_of_events(naming.list[i])) insert(out, naming.list[i]->index);
    bool full = naming.full;
    entries_clear(&naming);
    return full ? arena_full(error) : STATUS_DONE;
}

enum status incident_gone(const struct view *view, uint64_t index, struct incident_gone *out, struct error *error)
{
    const struct entry *entry = view_at(view, index);
    *out = (struct incident_gone){.count = 0};
    if (entry == NULL) return STATUS_DONE;
    look(view, view_head(view, entry), HOPS_MOST, out);
    for (size_t i = 0; i < out->count; i++)
        TRY(find_naming(view, view_at(view, out->list[i].index), &out->naming, error));
    return STATUS_DONE;
}
