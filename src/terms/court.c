/* Invariant: what a hearing holds after some changes is what one opened now would hold. */
#include "terms/account.h"
#include "terms/verdict.h"

#include <stdlib.h>

void *matter_get(struct matter *matter, size_t size)
{
    void *memory = arena_get(matter->arena, size);
    if (memory == NULL) matter->full = true;
    return memory;
}

/* ---- one agreement */

static void first_fault(void *context, const struct error *fault)
{
    struct hearing *hearing = context;
    if (hearing->fault.code == NULL) hearing->fault = *fault;
}

static enum status read_tables(struct hearing *out, struct view *view, struct error *error)
{
    const struct json *parts = json_find(out->record->body, "parts");
    const struct json **sources = arena_get(&out->arena, (1 + (parts == NULL ? 0 : parts->size)) * sizeof *sources);
    size_t count = 1;
    if (sources == NULL) return arena_full(error);
    sources[0] = out->record->body;
    for (const struct json *m = parts == NULL ? NULL : parts->first; m != NULL; m = m->next) {
        const struct entry *part = view_find(view, m->string);
        bool fits =
            part != NULL && part->sort == SORT_PART && part->counts &&
            slice_equal(json_find_string(part->body, "agreement"), json_find_string(out->record->body, "agreement"));
        if (fits)
            sources[count++] = part->body;
        else
            out->missing = true;
    }
    TRY(agreement_read(&out->agreement, sources, count, !out->missing, first_fault, out, &out->faults, &view->symbols,
                       &out->arena, error));
    if (out->faults == 0 && !out->missing) return STATUS_DONE;
    struct agreement *without = arena_get(&out->arena, sizeof *without);
    if (without == NULL) return arena_full(error);
    *without = *out->agreement;
    without->term_count = without->hidden_count = without->reading_count = 0;
    out->agreement = without;
    return STATUS_DONE;
}

static bool find_acts(struct matter *matter)
{
    for (size_t i = 0; i < matter->view->others.count; i++) {
        const struct entry *entry = matter->view->others.list[i];
        if (entry->counts && sort_is_act(entry->sort) && !entries_put(&matter->acts, entry)) return false;
    }
    entries_sort(&matter->acts);
    return true;
}

static bool open_matter(struct hearing *hearing, struct view *view)
{
    struct matter *matter = &hearing->matter;
    *matter = (struct matter){.view = view,
                              .agreement = hearing->agreement,
                              .record = hearing->record,
                              .arena = &hearing->arena,
                              .version = 1};
    if (!places_open(matter) || !governing_find(matter) || !find_acts(matter)) return false;
    if (!courses_find(matter, hearing->missing) || !trials_open(matter) || !accounts_open(matter)) return false;
    trials_hear_acts(matter);
    accounts_hear_all(matter);
    matter->unsettled = false;
    return !matter->full;
}

static void close_hearing(struct hearing **hearing)
{
    struct hearing *h = *hearing;
    if (h == NULL) return;
    if (h->matter.arena != NULL) {
        accounts_close(&h->matter);
        trials_close(&h->matter);
        watchers_close(&h->matter);
        entries_clear(&h->matter.governing.standings);
        entries_clear(&h->matter.governing.approvals);
        entries_clear(&h->matter.watches);
        entries_clear(&h->matter.acts);
    }
    arena_clear(&h->arena);
    free(h);
    *hearing = NULL;
}

static enum status open_hearing(struct hearing **out, struct view *view, const struct entry *record,
                                struct error *error)
{
    struct hearing *hearing = calloc(1, sizeof *hearing);
    if (hearing == NULL) return arena_full(error);
    arena_init(&hearing->arena, LIMIT_EVALUATION_BYTES);
    hearing->record = record;
    enum status status = read_tables(hearing, view, error);
    if (status == STATUS_DONE && !open_matter(hearing, view)) status = arena_full(error);
    if (status == STATUS_DONE)
        *out = hearing;
    else
        close_hearing(&hearing);
    return status;
}

/* ---- what comes */

/* Is it one of those with which the moment comes? */
static bool brings(const struct matter *matter, const struct moment *moment, const struct entry *entry)
{
    if (moment == NULL) return false;
    if (moment->type == MOMENT_DONE) {
        const struct wording *wording = agreement_term(matter->agreement, moment->term)->wordings;
        if (act_fits(matter, wording->rule->of, wording->who, entry).fits != OUT) return true;
    }
    for (size_t i = 0; i < moment->count; i++)
        if (brings(matter, moment->parts[i], entry)) return true;
    return false;
}

/* Does it govern this agreement's facts, so that all must be heard anew? */
static bool governs(const struct hearing *hearing, const struct entry *entry)
{
    char id[HASH_HEX_SIZE];
    const struct force *force = &hearing->agreement->force;
    if (sort_is_act(entry->sort) && hearing->agreement->hidden_count > 0 &&
        (brings(&hearing->matter, force->from, entry) || brings(&hearing->matter, force->until, entry)))
        return true;
    hash_format(&hearing->record->id.hash, id);
    switch ((int)entry->sort) {
    case SORT_STANDING: return slice_is(json_find_string(entry->body, "agreement"), id);
    case SORT_APPROVAL: return slice_is(json_find_string(entry->body, "of"), id);
    case SORT_DESIGNATION:
    case SORT_PARTY:
    case SORT_AREA: return true;
    default: return false;
    }
}

static void keep_watch(struct matter *matter, const struct entry *entry)
{
    if (entry->counts && !entries_put(&matter->watches, entry)) matter->full = true;
    watchers_changed(matter, entry);
}

static void keep_act(struct matter *matter, const struct entry *entry)
{
    struct entries *acts = &matter->acts;
    bool last = acts->count == 0 || entry_order(acts->list[acts->count - 1], entry) < 0;
    bool known = false;
    for (size_t i = 0; !last && i < acts->count && !known; i++) known = acts->list[i] == entry;
    if (!known && !entries_put(acts, entry)) matter->full = true;
    if (!known && !last) entries_sort(acts);
    trials_hear_act(matter, entry);
}

static void hear(struct matter *matter, const struct entry *entry)
{
    if (entry->sort <= SORT_LINK) accounts_hear(matter, entry);
    if (entry->sort == SORT_COVERAGE || entry->sort == SORT_RESTRICTION) keep_watch(matter, entry);
    if (sort_is_act(entry->sort)) keep_act(matter, entry);
}

static bool is_text(const struct entry *entry)
{
    return entry->sort == SORT_AGREEMENT || entry->sort == SORT_PART;
}

/* ---- all of them */

static void dismiss(struct court *court)
{
    for (size_t i = 0; i < court->count; i++) close_hearing(&court->hearings[i]);
    court->count = 0;
}

void court_close(struct court **court)
{
    if (*court == NULL) return;
    dismiss(*court);
    free((*court)->hearings);
    free(*court);
    *court = NULL;
}

static enum status call_all(struct court *court, struct view *view, struct error *error)
{
    struct entries records = {0};
    enum status status = STATUS_DONE;
    dismiss(court);
    for (size_t i = 0; i < view->others.count; i++)
        if (view->others.list[i]->sort == SORT_AGREEMENT && view->others.list[i]->counts)
            entries_put(&records, view->others.list[i]);
    entries_sort(&records);
    struct hearing **hearings = realloc(court->hearings, (records.count + 1) * sizeof(struct hearing *));
    if (hearings != NULL) court->hearings = hearings;
    if (hearings == NULL || records.full) status = arena_full(error);
    for (size_t i = 0; i < records.count && status == STATUS_DONE; i++) {
        status = open_hearing(&court->hearings[court->count], view, records.list[i], error);
        court->count += status == STATUS_DONE;
    }
    entries_clear(&records);
    return status;
}

/* The changes since it last sat: first whether any makes an agreement begin anew, then each that does not. */
static enum status catch_up(struct court *court, struct hearing **hearing, struct view *view, struct error *error)
{
    struct hearing *h = *hearing;
    bool anew = h->matter.full || h->matter.unsettled;
    for (size_t i = court->heard; i < view->changed_count && !anew; i++)
        anew = governs(h, view_entry(view, view->changed[i]));
    if (!anew) h->matter.version++;
    for (size_t i = court->heard; i < view->changed_count && !anew; i++) {
        hear(&h->matter, view_entry(view, view->changed[i]));
        anew = h->matter.unsettled || h->matter.full;
    }
    if (!anew) return STATUS_DONE;
    const struct entry *record = h->record;
    struct hearing *fresh = NULL;
    TRY(open_hearing(&fresh, view, record, error));
    close_hearing(hearing);
    *hearing = fresh;
    return STATUS_DONE;
}

enum status court_sit(struct court **out, struct view *view, struct error *error)
{
    bool texts = view->court == NULL;
    enum status status = STATUS_DONE;
    if (view->court == NULL) view->court = calloc(1, sizeof *view->court);
    struct court *court = view->court;
    if (court == NULL) return arena_full(error);
    for (size_t i = court->heard; i < view->changed_count; i++) texts |= is_text(view_entry(view, view->changed[i]));
    if (texts) status = call_all(court, view, error);
    for (size_t i = 0; !texts && court->heard < view->changed_count && i < court->count && status == STATUS_DONE; i++)
        status = catch_up(court, &court->hearings[i], view, error);
    if (status != STATUS_DONE) {
        court_close(&view->court);
        return status;
    }
    court->heard = view->changed_count;
    *out = court;
    return STATUS_DONE;
}
