/* Signed notes in, one line out for each: group by group, so that a line is given only for what is durable. While one
 * group has its turn, form and signatures of the next are looked at. */
#include "register/mirrored.h"
#include "register/writing.h"

#include <stdlib.h>

enum { BULK_BYTES = 2 * 1024 * 1024 }; /* some groups */

struct turn { /* one group */
    struct truce_register *reg;
    struct slice notes[REGISTER_GROUP];
    struct outcome *outcomes;
    struct submission submission;
    enum status status; /* of preparing it */
    struct error error;
    pthread_t thread;
    bool ahead; /* the thread prepares it */
};

/* `first` keeps the first refusal, which is the error of the whole. */
static enum status tell_outcome(struct turn *turn, const struct outcome *outcome, truce_line *line, void *context,
                                struct error *first, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    bool in = outcome->admitted || outcome->already;
    TRY(receipts_put(&turn->submission.receipts, turn->reg, outcome, &text, error));
    TRY(public_line(line, context, in ? STATUS_DONE : STATUS_REFUSED, buffer_slice(&text), error));
    if (!in && first->status == STATUS_DONE) *first = outcome->refusal;
    return STATUS_DONE;
}

static void *prepare(void *context)
{
    struct turn *turn = context;
    turn->status = submission_prepare(turn->reg, &turn->submission, &turn->error);
    return NULL;
}

/* Cuts the next group off; false at the end. */
static bool turn_take(struct turn *turn, struct truce_register *reg, struct slice *rest)
{
    size_t count = 0;
    turn->reg = reg;
    turn->ahead = false;
    turn->outcomes = NULL;
    turn->status = STATUS_DONE;
    while (count < REGISTER_GROUP && record_next_note(rest, &turn->notes[count])) count++;
    turn->submission = (struct submission){
        .notes = turn->notes, .count = count, .wants_checkpoint = reg->level == TRUCE_LEVEL_CHECKPOINT};
    return count > 0;
}

static void turn_begin(struct turn *turn, bool ahead)
{
    size_t count = turn->submission.count;
    turn->submission.outcomes = turn->outcomes = calloc(count, sizeof *turn->outcomes);
    if (turn->outcomes == NULL) turn->status = arena_full(&turn->error);
    if (turn->outcomes == NULL) return;
    turn->ahead = ahead && pthread_create(&turn->thread, NULL, prepare, turn) == 0;
    if (!turn->ahead) prepare(turn);
}

static void turn_ready(struct turn *turn)
{
    if (turn->ahead) pthread_join(turn->thread, NULL);
    turn->ahead = false;
}

static enum status turn_pass(struct turn *turn, truce_line *line, void *context, struct error *first,
                             struct error *error)
{
    turn_ready(turn);
    if (turn->status != STATUS_DONE && error != NULL) *error = turn->error;
    TRY(turn->status);
    TRY(submission_pass(turn->reg, &turn->submission, error));
    for (size_t i = 0; i < turn->submission.count; i++)
        TRY(tell_outcome(turn, &turn->outcomes[i], line, context, first, error));
    return STATUS_DONE;
}

static void turn_clear(struct turn *turn)
{
    turn_ready(turn);
    submission_clear(&turn->submission);
    free(turn->outcomes);
    turn->outcomes = NULL;
}

static enum status submit_groups(struct turn turns[2], struct truce_register *reg, struct slice rest, truce_line *line,
                                 void *context, struct error *first, struct error *error)
{
    struct turn *now = &turns[0], *next = &turns[1];
    if (!turn_take(now, reg, &rest)) { /* nothing at all is refused: silence must not look like success */
        now->notes[0] = slice_from("");
        now->submission.count = 1;
    }
    turn_begin(now, false);
    for (bool more = true; more;) {
        more = turn_take(next, reg, &rest);
        if (more) turn_begin(next, true);
        TRY(turn_pass(now, line, context, first, error));
        turn_clear(now);
        struct turn *passed = now;
        now = next;
        next = passed;
    }
    return STATUS_DONE;
}

static enum status submit(struct truce_register *reg, struct slice rest, truce_line *line, void *context,
                          struct error *error)
{
    struct turn turns[2];
    struct error first = {.status = STATUS_DONE};
    TRY(register_can_admit(reg, error));
    for (size_t i = 0; i < COUNT_OF(turns); i++) turns[i] = (struct turn){.outcomes = NULL};
    bool bulk = rest.size > BULK_BYTES;
    reg->writing->bulk += bulk;
    enum status status = submit_groups(turns, reg, rest, line, context, &first, error);
    reg->writing->bulk -= bulk;
    for (size_t i = 0; i < COUNT_OF(turns); i++) turn_clear(&turns[i]);
    TRY(status);
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
