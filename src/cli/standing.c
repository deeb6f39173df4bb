#include "cli/cli.h"

#include "cli/answer.h"
#include "cli/tell.h"
#include "tell/heads.h"

/* ---- how it came to be so */

/* Lines as they come; for people all of them first, in one answer: {"about", "changes": […]}. */
struct telling {
    const struct call *call;
    struct buffer all;
    size_t count;
};

static int on_change(void *context, enum truce_status status, const char *line, size_t size)
{
    struct telling *telling = context;
    (void)status;
    if (telling->call->json) return output_line(slice_of(line, size)) ? 0 : 1;
    buffer_put_string(&telling->all, telling->count++ == 0 ? "" : ",");
    buffer_put(&telling->all, slice_of(line, size));
    return telling->all.failed ? 1 : 0;
}

static enum truce_status tell_all(const struct call *call, struct truce_register *reg, struct telling *telling)
{
    struct truce_error error;
    struct truce_buffer about = {0};
    OWN(buffer_clear) struct buffer answer = {0};
    if (call->json) return TRUCE_DONE;
    enum truce_status status = truce_about(reg, &about, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    buffer_put_string(&answer, "{\"about\":");
    buffer_put(&answer, slice_of(about.data, about.size));
    buffer_put_string(&answer, ",\"changes\":[");
    buffer_put(&answer, buffer_slice(&telling->all));
    buffer_put_string(&answer, "]}");
    truce_free(&about);
    return answer_give(call, reg, buffer_slice(&answer), tell_changes);
}

static enum truce_status changes(const struct call *call, struct truce_register *reg, const struct truce_moment *moment)
{
    struct truce_error error;
    struct telling telling = {.call = call};
    enum truce_status status = truce_changes(reg, moment, NULL, on_change, &telling, &error);
    status = status == TRUCE_DONE ? tell_all(call, reg, &telling) : say_error(&error);
    buffer_clear(&telling.all);
    return status;
}

/* ---- the command */

static enum truce_status stands(const struct call *call, struct truce_register *reg, const struct truce_moment *moment)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    enum truce_status status = truce_standing(reg, moment, &answer, &error);
    if (status != TRUCE_DONE)
        say_error(&error);
    else
        status = answer_give(call, reg, slice_of(answer.data, answer.size), tell_standing);
    truce_free(&answer);
    return status;
}

static void tell_watched(struct doc *doc, const struct json *heads, struct records *records)
{
    struct doc_voice in = {doc, records, 0};
    const struct voice voice = doc_voice(&in, NULL);
    if (!heads_watched(heads)) return;
    buffer_put_byte(doc->out, '\n'); /* behind the standing */
    doc_say_heading(doc, 2, TR("Who stands behind the log"));
    tell_heads(&voice, heads);
}

/* Told to people of now alone: it is of this copy, and no part of the standing. */
static enum truce_status watched(const struct call *call, struct truce_register *reg, const struct truce_moment *moment)
{
    struct truce_error error;
    struct truce_buffer heads = {0};
    if (call->json || moment->known_by != TRUCE_KNOWN_ALL) return TRUCE_DONE;
    enum truce_status status = truce_heads(reg, &heads, &error);
    status = status == TRUCE_DONE ? answer_give(call, reg, slice_of(heads.data, heads.size), tell_watched)
                                  : say_error(&error);
    truce_free(&heads);
    return status;
}

static enum truce_status standing(struct call *call)
{
    struct truce_moment moment;
    struct truce_register *reg;
    enum truce_status status = call_moment(call, &moment);
    if (status == TRUCE_DONE) status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = call_has(call, "changes") ? changes(call, reg, &moment) : stands(call, reg, &moment);
    if (status == TRUCE_DONE && !call_has(call, "changes")) status = watched(call, reg, &moment);
    return call_close(&reg, status);
}

static const struct option options[] = {
    {"changes", '\0', NULL, N_("How it came to stand so: every change, and the record that made it.")},
    {"as-of", '\0', "TIME", call_as_of_help},
    {"known", '\0', "N|TIME", call_known_help},
    END_OF_OPTIONS,
};
const struct command command_standing = {
    .name = "standing",
    .alias = "status",
    .usage = "[--changes] [--as-of T] [--known N|T]",
    .does = N_("Shows where the agreements, their channels and terms stand, and what waits for an answer."),
    .more =
        N_("The same log, the same moment and the same knowledge give the same answer on every machine. In an exercise "
           "the moment is the last record's, unless another is asked for. With --changes each change is told as of the "
           "moment at which the register learned what made it; with --json, one to a line."),
    .example = "truce standing --as-of 2016-10-04 --known 2016-10-03\n  truce standing --changes --as-of 2016-10-04",
    .options = options,
    .reading = true,
    .run = standing,
};
