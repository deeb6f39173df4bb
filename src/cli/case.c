#include "cli/cli.h"

#include "json/json.h"
#include <string.h>

static enum truce_status case_list(struct call *call)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    enum truce_status status = truce_case_list(&answer, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    struct slice text = slice_of(answer.data, answer.size);
    struct arena arena;
    const struct json *names;
    arena_init(&arena, answer.size * 64 + 65536);
    if (call->json)
        output_line(text);
    else if (json_read(&names, text, JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        for (const struct json *name = names->first; name != NULL; name = name->next) output_line(name->string);
    arena_clear(&arena);
    truce_free(&answer);
    return TRUCE_DONE;
}

static enum truce_status case_load(struct call *call)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    const char *name = call_operand(call, 1);
    if (name == NULL) return call_wrong(call, TR("Which case? Their names: truce case list"), NULL);
    enum truce_status status = first_run(call);
    if (status != TRUCE_DONE) return status;
    status = truce_case_load(name, call->directory, &answer, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    if (call->json)
        output_line(slice_of(answer.data, answer.size));
    else
        say(TR("The case {0} is loaded into {1}. Exercise data: its keys protect nothing."), name, call->directory,
            NULL);
    truce_free(&answer);
    return TRUCE_DONE;
}

static enum truce_status case_command(struct call *call)
{
    const char *what = call_operand(call, 0);
    if (strcmp(what, "list") == 0) return case_list(call);
    if (strcmp(what, "load") == 0) return case_load(call);
    return call_wrong(call, TR("A case is listed with \"list\" or loaded with \"load\", not \"{0}\"."), what, NULL);
}

static const struct option options[] = {
    {"yes", '\0', NULL, N_("Do not wait: the text before the first use was read.")},
    END_OF_OPTIONS,
};
const struct command command_case = {
    .name = "case",
    .usage = "list | load NAME -C DIR",
    .does = N_("Lists the worked cases, or makes a register of one."),
    .more = N_(
        "The register is made in DIR, which must not hold one yet. A case is an exercise: it has a clock of its own, "
        "and its keys, in DIR/keys, are known to everybody."),
    .example = "truce case load syria-2016 -C syria",
    .options = options,
    .least = 1,
    .most = 2,
    .run = case_command,
};
