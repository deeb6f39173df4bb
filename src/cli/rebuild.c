#include "cli/cli.h"

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    progress_update(context, done, total);
}

static enum truce_status rebuild(struct call *call)
{
    struct progress progress;
    struct truce_error error;
    struct truce_register *reg;
    enum truce_status status = call_open(call, TRUCE_WRITE, &reg);
    if (status != TRUCE_DONE) return status;
    progress_open(&progress, TR("Rebuilding the index"));
    status = truce_rebuild(reg, show_progress, &progress, &error);
    progress_hide(&progress);
    if (status != TRUCE_DONE) say_error(&error);
    status = call_close(&reg, status);
    if (status == TRUCE_DONE && !call->json) say(TR("The index was made anew from the log."), NULL);
    return status;
}

static const struct option options[] = {END_OF_OPTIONS};
const struct command command_rebuild = {
    .name = "rebuild",
    .usage = "[-C DIR]",
    .does = N_("Makes the index anew from the log."),
    .more = N_("The log is the truth; the index can be thrown away at any time."),
    .options = options,
    .run = rebuild,
};
