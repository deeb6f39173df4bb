#include "cli/cli.h"

#include "json/json.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void put_z(struct buffer *out, struct slice text)
{
    buffer_put(out, text);
    buffer_put_byte(out, '\0');
}

/* {"code","message","pointer"} as "Error: MESSAGE (CODE, at POINTER)". */
static void say_remark(const struct json *remark, const char *form)
{
    OWN(buffer_clear) struct buffer line = {0}, code = {0}, message = {0}, pointer = {0};
    struct slice at = json_find_string(remark, "pointer");
    put_z(&code, json_find_string(remark, "code"));
    put_z(&message, json_find_string(remark, "message"));
    put_z(&pointer, at.size == 0 ? slice_from("/") : at);
    if (code.failed || message.failed || pointer.failed) return;
    words_fill(&line, form, (const char *)message.data, (const char *)code.data, (const char *)pointer.data, NULL);
    output_line(buffer_slice(&line));
}

static size_t say_remarks(const struct json *agreement, const char *key, const char *form)
{
    const struct json *list = json_find(agreement, key);
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next) say_remark(m, form);
    return list == NULL ? 0 : list->size;
}

static void say_agreement(const struct json *agreement)
{
    OWN(buffer_clear) struct buffer line = {0}, name = {0};
    char terms[24], errors[24], warnings[24];
    struct slice named = json_find_string(agreement, "agreement");
    snprintf(errors, sizeof errors, "%zu", say_remarks(agreement, "errors", TR("Error: {0} ({1}, at {2})")));
    snprintf(warnings, sizeof warnings, "%zu", say_remarks(agreement, "warnings", TR("Warning: {0} ({1}, at {2})")));
    snprintf(terms, sizeof terms, "%" PRId64, json_find_integer(agreement, "terms", 0));
    put_z(&name, named.data == NULL ? slice_from("?") : named);
    if (name.failed) return;
    words_fill(&line, TR("{0}: terms {1}, errors {2}, warnings {3}"), (const char *)name.data, terms, errors, warnings,
               NULL);
    output_line(buffer_slice(&line));
}

static void say_answer(struct slice answer)
{
    struct arena arena;
    const struct json *tree;
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&tree, answer, JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        for (const struct json *m = json_find(tree, "agreements")->first; m != NULL; m = m->next) say_agreement(m);
    arena_clear(&arena);
}

static enum truce_status check(struct call *call)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    OWN(buffer_clear) struct buffer text = {0};
    enum truce_status status = file_read(&text, call_operand(call, 1));
    if (status != TRUCE_DONE) return status;
    status = truce_terms_check((const char *)text.data, text.size, &answer, &error);
    if (answer.data == NULL) return status == TRUCE_DONE ? status : say_error(&error);
    if (call->json)
        output_line(slice_of(answer.data, answer.size));
    else
        say_answer(slice_of(answer.data, answer.size));
    truce_free(&answer);
    return status;
}

static enum truce_status terms(struct call *call)
{
    const char *what = call_operand(call, 0);
    if (strcmp(what, "check") == 0) return check(call);
    return call_wrong(call, TR("An agreement's terms are checked with \"check\", not \"{0}\"."), what, NULL);
}

static const struct option options[] = {END_OF_OPTIONS};
const struct command command_terms = {
    .name = "terms",
    .usage = "check FILE",
    .does = N_("Checks an agreement's terms before they are signed."),
    .more =
        N_("FILE holds an agreement in JSON, or a list of records in which agreements and their parts stand; - is the "
           "standard input. Errors would be refused, and the exit status is then 4. Warnings name what can be read "
           "and was hardly meant: windows in which nothing can be due, terms that contradict each other, names that "
           "stand nowhere else; they refuse nothing. What a term can say: man truce-terms."),
    .example = "truce terms check agreement.json",
    .options = options,
    .least = 2,
    .most = 2,
    .reading = true,
    .run = terms,
};
