/* An agreement's record with its parts, read and set against the log. What cannot be read is told and has no terms; it
 * never stops the others. */
#include "terms/verdict.h"

const struct entry *agreement_next(const struct view *view, size_t *at)
{
    for (; *at < view->count; (*at)++) {
        const struct entry *entry = &view->entries[*at];
        if (entry_is(entry, "agreement") && view_counts(view, entry)) return (*at)++, entry;
    }
    return NULL;
}

static void first_fault(void *context, const struct error *fault)
{
    struct hearing *hearing = context;
    if (hearing->fault.code == NULL) hearing->fault = *fault;
}

enum status hearing_open(struct hearing *out, const struct view *view, const struct entry *record, struct arena *arena,
                         struct error *error)
{
    const struct json *parts = json_find(record->body, "parts");
    const struct json **sources = arena_get(arena, (1 + (parts == NULL ? 0 : parts->size)) * sizeof(struct json *));
    size_t count = 1;
    *out = (struct hearing){.record = record};
    if (sources == NULL) return arena_full(error);
    sources[0] = record->body;
    for (const struct json *m = parts == NULL ? NULL : parts->first; m != NULL; m = m->next) {
        const struct entry *part = view_find(view, m->string);
        bool fits = part != NULL && entry_is(part, "part") && view_counts(view, part) &&
                    slice_equal(json_find_string(part->body, "agreement"), json_find_string(record->body, "agreement"));
        if (fits)
            sources[count++] = part->body;
        else
            out->missing = true;
    }
    TRY(agreement_read(&out->agreement, sources, count, !out->missing, first_fault, out, &out->faults, arena, error));
    if (out->faults > 0 || out->missing) {
        struct agreement *without = arena_get(arena, sizeof *without);
        if (without == NULL) return arena_full(error);
        *without = *out->agreement;
        without->term_count = 0;
        out->agreement = without;
    }
    return matter_open(&out->matter, view, out->agreement, record, out->missing, arena, error);
}
