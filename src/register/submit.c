/* Signed notes in, one line out for each: group by group, so that a line is given only for what is durable. */
#include "register/mirrored.h"

#include <stdlib.h>

/* `first` keeps the first refusal, which is the error of the whole. */
static enum status tell_outcome(struct truce_register *reg, struct receipts *receipts, const struct outcome *outcome,
                                truce_line *line, void *context, struct error *first, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    bool in = outcome->admitted || outcome->already;
    TRY(receipts_put(receipts, reg, outcome, &text, error));
    TRY(public_line(line, context, in ? STATUS_DONE : STATUS_REFUSED, buffer_slice(&text), error));
    if (!in && first->status == STATUS_DONE) *first = outcome->refusal;
    return STATUS_DONE;
}

static enum status submit_group(struct truce_register *reg, const struct slice *notes, size_t count, truce_line *line,
                                void *context, struct error *first, struct error *error)
{
    OWN(receipts_clear) struct receipts receipts = {0};
    struct outcome *outcomes = calloc(count, sizeof *outcomes);
    if (outcomes == NULL) return arena_full(error);
    enum status status = register_admit(reg, notes, count, NULL, outcomes, &receipts, error);
    for (size_t i = 0; i < count && status == STATUS_DONE; i++)
        status = tell_outcome(reg, &receipts, &outcomes[i], line, context, first, error);
    free(outcomes);
    return status;
}

static size_t next_group(struct slice *rest, struct slice *notes)
{
    size_t count = 0;
    while (count < REGISTER_GROUP && record_next_note(rest, &notes[count])) count++;
    return count;
}

static enum status submit(struct truce_register *reg, struct slice rest, truce_line *line, void *context,
                          struct error *error)
{
    struct slice notes[REGISTER_GROUP];
    struct error first = {.status = STATUS_DONE};
    size_t count = next_group(&rest, notes);
    if (count == 0) notes[count++] = slice_from(""); /* nothing at all is refused: silence must not look like success */
    for (; count > 0; count = next_group(&rest, notes))
        TRY(submit_group(reg, notes, count, line, context, &first, error));
    if (first.status == STATUS_DONE) return STATUS_DONE;
    if (error != NULL) *error = first;
    return STATUS_REFUSED;
}

void truce_receipt_level(struct truce_register *reg, enum truce_level level)
{
    reg->level = level;
}

enum truce_status truce_submit(struct truce_register *reg, const char *notes, size_t size, truce_line *line,
                               void *context, struct truce_error *error)
{
    struct error why = {.offset = -1};
    if (reg->mirrored != NULL)
        return public_status(mirrored_hand_in(reg, slice_of(notes, size), line, context, &why), &why, error);
    return public_status(submit(reg, slice_of(notes, size), line, context, &why), &why, error);
}
