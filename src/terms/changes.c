/* What changed between one look at the standing and the next: every verdict, every channel, every agreement; and where
 * that is wanted, every reading's verdict too. */
#include "terms/write.h"

#include <stdlib.h>

struct value {
    struct record_id record;
    struct slice agreement, term, channel, reading; /* borrowed from the view */
    const char *is;
};
struct changes {
    struct value *values;
    size_t count;
    int64_t next;
    bool readings; /* each for itself */
    bool untimed;  /* `next` is not looked for */
};

enum status changes_open(struct changes **out, struct error *error)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? arena_full(error) : STATUS_DONE;
}

void changes_close(struct changes **changes)
{
    if (*changes == NULL) return;
    free((*changes)->values);
    free(*changes);
    *changes = NULL;
}

void changes_of_readings(struct changes *changes)
{
    changes->readings = true;
}

void changes_untimed(struct changes *changes)
{
    changes->untimed = true;
}

int64_t changes_next(const struct changes *changes)
{
    return changes->next;
}

static size_t count_values(const struct standing *standing, bool readings)
{
    size_t count = 0;
    for (size_t i = 0; i < standing->count; i++) {
        const struct agreement *a = standing->heard[i].hearing->agreement;
        count += 1 + a->channel_count + a->term_count * (1 + (readings ? a->reading_count : 0));
    }
    return count;
}

/* Of the agreement's own wording, as it stands in the standing. */
static struct value *find_readings(const struct judged *judged, const struct agreement *a, const struct value *term,
                                   struct value *out)
{
    struct slice last = {NULL, 0};
    for (size_t r = reading_next(a, &last); r != SIZE_MAX; r = reading_next(a, &last)) {
        *out = *term;
        out->reading = a->readings[r].name;
        out++->is = verdict_name(judged_at(judged, r, 0)->verdict);
    }
    return out;
}

static void find_values(const struct standing *standing, bool readings, struct value *out)
{
    for (size_t i = 0; i < standing->count; i++) {
        const struct heard *heard = &standing->heard[i];
        const struct matter *matter = &heard->hearing->matter;
        const struct agreement *a = heard->hearing->agreement;
        const struct value of = {.record = heard->hearing->record->id, .agreement = a->name};
        int64_t since;
        *out = of;
        out++->is = standing_of(matter, standing->at, &since);
        for (size_t k = 0; k < a->channel_count; k++) {
            *out = of;
            out->channel = a->channels[k].name;
            out++->is = stand_name(course_at(&matter->channels[k], standing->at)->stand);
        }
        for (size_t k = 0; k < a->term_count; k++) {
            *out = of;
            out->term = a->terms[k].id;
            out++->is = verdict_name(heard->judged[k].verdict);
            if (readings) out = find_readings(&heard->judged[k], a, out - 1, out);
        }
    }
}

static int64_t next_stage(const struct course *course, int64_t at, int64_t next)
{
    for (size_t i = 0; i < course->count; i++)
        if (course->stages[i].at > at && course->stages[i].at < next) next = course->stages[i].at;
    return next;
}

/* The next moment at which any of it changes by itself; or at which an agreement that is known comes into sight. */
static int64_t next_of(const struct standing *standing)
{
    int64_t next = NEVER;
    for (size_t i = 0; i < standing->count; i++) {
        const struct heard *heard = &standing->heard[i];
        const struct matter *matter = &heard->hearing->matter;
        next = next_stage(&matter->whole, standing->at, next);
        for (size_t k = 0; k < matter->agreement->channel_count; k++)
            next = next_stage(&matter->channels[k], standing->at, next);
        for (size_t k = 0; k < matter->agreement->term_count; k++) {
            const struct judged *judged = &heard->judged[k];
            int64_t at = judged->looked_to != NEVER ? judged->looked_to : judged->changes_at; /* looks on from there */
            if (at < next) next = at;
        }
    }
    return next;
}

static const struct value *same_as(const struct changes *changes, const struct value *value, size_t guess)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct value *v = &changes->values[(guess + i) % changes->count];
        if (record_id_equal(&v->record, &value->record) && slice_equal(v->term, value->term) &&
            slice_equal(v->channel, value->channel) && slice_equal(v->reading, value->reading))
            return v;
    }
    return NULL;
}

enum status changes_note(struct changes *changes, struct view *view, int64_t as_of, change_visit *visit, void *context,
                         struct error *error)
{
    struct standing *standing;
    TRY(changes->untimed ? standing_open_still(&standing, view, as_of, error)
                         : standing_open(&standing, view, as_of, error));
    size_t count = count_values(standing, changes->readings);
    struct value *values = calloc(count + 1, sizeof *values);
    if (values == NULL) {
        standing_close(&standing);
        return arena_full(error);
    }
    find_values(standing, changes->readings, values);
    changes->next = next_of(standing);
    standing_close(&standing);
    for (size_t i = 0; i < count; i++) {
        const struct value *v = &values[i], *was = changes->count == 0 ? NULL : same_as(changes, v, i);
        if (was != NULL && strcmp(was->is, v->is) == 0) continue;
        const struct change change = {
            .agreement = v->agreement,
            .term = v->term,
            .channel = v->channel,
            .reading = v->reading,
            .was = was == NULL ? NULL : was->is,
            .becomes = v->is,
        };
        visit(context, &change);
    }
    free(changes->values);
    changes->values = values;
    changes->count = count;
    return STATUS_DONE;
}
