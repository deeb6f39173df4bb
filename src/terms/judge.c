/* Where everything stands: each agreement that is known then, and its terms judged. */
#include "terms/write.h"

#include <stdlib.h>

void standing_close(struct standing **standing)
{
    if (*standing == NULL) return;
    arena_clear(&(*standing)->arena);
    free(*standing);
    *standing = NULL;
}

static enum status judge(struct standing *standing, struct hearing *hearing, struct error *error)
{
    struct heard *heard = &standing->heard[standing->count++];
    size_t terms = hearing->agreement->term_count;
    heard->hearing = hearing;
    heard->judged = arena_get(&standing->arena, (terms + 1) * sizeof *heard->judged);
    if (heard->judged == NULL) return arena_full(error);
    for (size_t i = 0; i < terms; i++) {
        struct judged *judged = &heard->judged[i];
        TRY(term_judge(judged, &hearing->matter, i, standing->at, &standing->arena, error));
        if (standing->clocks) TRY(term_clock(judged, &hearing->matter, i, standing->at, &standing->arena, error));
    }
    return STATUS_DONE;
}

static enum status judge_all(struct standing *standing, struct error *error)
{
    struct court *court;
    TRY(court_sit(&court, standing->view, error));
    standing->heard = arena_get(&standing->arena, (court->count + 1) * sizeof *standing->heard);
    if (standing->heard == NULL) return arena_full(error);
    for (size_t i = 0; i < court->count; i++) {
        const struct entry *record = court->hearings[i]->record;
        if (record->received <= standing->at || entry_time(record, "written") <= standing->at)
            TRY(judge(standing, court->hearings[i], error));
    }
    return STATUS_DONE;
}

static enum status open_standing(struct standing **out, struct view *view, int64_t as_of, bool clocks,
                                 struct error *error)
{
    struct standing *standing = calloc(1, sizeof *standing);
    if (standing == NULL) return arena_full(error);
    *standing = (struct standing){.view = view, .at = as_of, .clocks = clocks};
    arena_init(&standing->arena, LIMIT_EVALUATION_BYTES);
    enum status status = judge_all(standing, error);
    if (status == STATUS_DONE)
        *out = standing;
    else
        standing_close(&standing);
    return status;
}

enum status standing_open(struct standing **out, struct view *view, int64_t as_of, struct error *error)
{
    return open_standing(out, view, as_of, true, error);
}

enum status standing_open_still(struct standing **out, struct view *view, int64_t as_of, struct error *error)
{
    return open_standing(out, view, as_of, false, error);
}
