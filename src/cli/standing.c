#include "cli/cli.h"

#include "cli/answer.h"
#include "cli/tell.h"

static enum truce_status standing(struct call *call)
{
    struct truce_error error;
    struct truce_moment moment;
    struct truce_buffer answer = {0};
    struct truce_register *reg;
    enum truce_status status = call_moment(call, &moment);
    if (status == TRUCE_DONE) status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_standing(reg, &moment, &answer, &error);
    if (status != TRUCE_DONE)
        say_error(&error);
    else
        status = answer_give(call, reg, slice_of(answer.data, answer.size), tell_standing);
    truce_free(&answer);
    return call_close(&reg, status);
}

static const struct option options[] = {
    {"as-of", '\0', "TIME", call_as_of_help},
    {"known", '\0', "N|TIME", call_known_help},
    END_OF_OPTIONS,
};
const struct command command_standing = {
    .name = "standing",
    .alias = "status",
    .usage = "[--as-of T] [--known N|T]",
    .does = N_("Shows where the agreements, their channels and terms stand, and what waits for an answer."),
    .more =
        N_("The same log, the same moment and the same knowledge give the same answer on every machine. In an exercise "
           "the moment is the last record's, unless another is asked for."),
    .example = "truce standing --as-of 2016-10-04 --known 2016-10-03",
    .options = options,
    .reading = true,
    .run = standing,
};
