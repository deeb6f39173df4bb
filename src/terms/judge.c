/* Where everything stands: each agreement that is known then, heard, and its terms judged. */
#include "terms/write.h"

#include <stdlib.h>

void standing_close(struct standing **standing)
{
    struct standing *s = *standing;
    if (s == NULL) return;
    for (size_t i = 0; i < s->count; i++) {
        arena_clear(&s->heard[i]->arena);
        free(s->heard[i]);
    }
    free(s->heard);
    free(s);
    *standing = NULL;
}

static struct heard *next_heard(struct standing *standing)
{
    if (standing->count == standing->room) {
        size_t room = standing->room == 0 ? 8 : standing->room * 2;
        struct heard **more = realloc(standing->heard, room * sizeof(struct heard *));
        if (more == NULL) return NULL;
        standing->heard = more;
        standing->room = room;
    }
    struct heard *heard = calloc(1, sizeof *heard);
    if (heard == NULL) return NULL;
    arena_init(&heard->arena, LIMIT_EVALUATION_BYTES);
    return standing->heard[standing->count++] = heard;
}

static enum status hear(struct standing *standing, const struct entry *record, struct error *error)
{
    struct heard *heard = next_heard(standing);
    if (heard == NULL) return arena_full(error);
    TRY(hearing_open(&heard->hearing, standing->view, record, &heard->arena, error));
    size_t terms = heard->hearing.agreement->term_count;
    heard->judged = arena_get(&heard->arena, (terms + 1) * sizeof *heard->judged);
    if (heard->judged == NULL) return arena_full(error);
    for (size_t i = 0; i < terms; i++)
        TRY(term_judge(&heard->judged[i], &heard->hearing.matter, i, standing->at, error));
    return STATUS_DONE;
}

enum status standing_open(struct standing **out, const struct view *view, int64_t as_of, struct error *error)
{
    struct standing *standing = calloc(1, sizeof *standing);
    enum status status = STATUS_DONE;
    size_t at = 0;
    if (standing == NULL) return arena_full(error);
    *standing = (struct standing){.view = view, .at = as_of};
    for (const struct entry *e = agreement_next(view, &at); e != NULL && status == STATUS_DONE;
         e = agreement_next(view, &at))
        if (e->received <= as_of || entry_time(e, "written") <= as_of) status = hear(standing, e, error);
    if (status == STATUS_DONE)
        *out = standing;
    else
        standing_close(&standing);
    return status;
}
