#include "cli/cli.h"

#include "cli/answer.h"
#include "cli/tell.h"
#include <string.h>

static bool ends_in(const char *path, const char *ending)
{
    size_t size = strlen(path), end = strlen(ending);
    return size > end && strcmp(path + size - end, ending) == 0;
}

static enum truce_status give(struct call *call, struct truce_register *reg, struct slice answer)
{
    const char *out = call_option(call, "out");
    if (out == NULL) return answer_give(call, reg, answer, tell_why);
    OWN(buffer_clear) struct buffer page = {0};
    enum truce_status status = answer_page(reg, answer, TR("Explanation"), tell_why, &page);
    return status == TRUCE_DONE ? file_write(out, buffer_slice(&page)) : status;
}

/* The file from which it is computed again elsewhere. */
static enum truce_status bundle(struct call *call, struct truce_register *reg, const struct truce_moment *moment)
{
    struct truce_error error;
    struct truce_buffer file = {0};
    enum truce_status status =
        truce_bundle(reg, call_operand(call, 0), call_option(call, "reading"), moment, 0, &file, &error);
    status = status == TRUCE_DONE ? file_write(call_option(call, "bundle"), slice_of(file.data, file.size))
                                  : say_error(&error);
    truce_free(&file);
    return status;
}

static enum truce_status why(struct call *call)
{
    struct truce_error error;
    struct truce_moment moment;
    struct truce_buffer answer = {0};
    struct truce_register *reg;
    const char *out = call_option(call, "out");
    if (out != NULL && !ends_in(out, ".html"))
        return call_wrong(call, TR("The file {0} must end in .html: that is the form that can be made."), out, NULL);
    enum truce_status status = call_moment(call, &moment);
    if (status == TRUCE_DONE) status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    if (call_option(call, "bundle") != NULL) return call_close(&reg, bundle(call, reg, &moment));
    status = truce_why(reg, call_operand(call, 0), call_option(call, "reading"), &moment, &answer, &error);
    status = status == TRUCE_DONE ? give(call, reg, slice_of(answer.data, answer.size)) : say_error(&error);
    truce_free(&answer);
    return call_close(&reg, status);
}

static const struct option options[] = {
    {"reading", '\0', "NAME", N_("Only under this reading.")},
    {"as-of", '\0', "TIME", call_as_of_help},
    {"known", '\0', "N|TIME", call_known_help},
    {"out", '\0', "FILE.html", N_("Write one self-contained page, which shows both scripts as they should be.")},
    {"bundle", '\0', "FILE", N_("Write a file from which anybody can compute it again: truce verify FILE.")},
    END_OF_OPTIONS,
};
const struct command command_why = {
    .name = "why",
    .usage = "[AGREEMENT/]TERM [--reading NAME] [--out FILE.html | --bundle FILE]",
    .does = N_("Explains a term's result: its clause, the rule, the records that counted, and those that did not."),
    .more = N_("Few terminals show text that runs from right to left well; a page made with --out does, and prints."),
    .example = "truce why castello-withdrawal --reading monitor --out why.html\n"
               "  truce why castello-withdrawal --as-of 2016-09-18 --bundle castello.bundle",
    .options = options,
    .least = 1,
    .most = 1,
    .reading = true,
    .run = why,
};
