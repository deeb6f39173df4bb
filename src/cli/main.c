/* truce: finds the command, takes the call apart, runs it. What each command does stands in its own file; what truce
 * does stands in the library. */
#include "cli/cli.h"

#include "tell/nearest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option global_options[] = {
    {"directory", 'C', "DIR", N_("Use the register in DIR (else $TRUCE_DIR, else the current directory).")},
    {"json", '\0', NULL, N_("Give JSON: one object a line.")},
    {"lang", '\0', "ar|en", N_("Speak Arabic or English (else as LC_ALL, LC_MESSAGES or LANG say).")},
    {"help", 'h', NULL, N_("Show the help of a command.")},
    {"version", '\0', NULL, N_("Show the version.")},
    END_OF_OPTIONS,
};

const struct command *const commands[] = {
    &command_init,      &command_key,
    &command_write,     &command_sign,
    &command_submit,    &command_list,
    &command_show,      &command_open,
    &command_reveal,    &command_erase,
    &command_standing,  &command_parties,
    &command_why,       &command_verify,
    &command_rebuild,   &command_import,
    &command_intake,    &command_search_text,
    &command_case,      &command_terms,
    &command_serve,     &command_witness,
    &command_mirror,    &command_arrivals,
    &command_take_over, &command_member,
    &command_outbox,    &command_pouch,
    &command_promises,  &command_anchor,
    &command_session,   &command_bench,
    &command_help,      NULL,
};

const struct command *command_find(const char *name)
{
    for (const struct command *const *command = commands; *command != NULL; command++)
        if (strcmp((*command)->name, name) == 0 || ((*command)->alias != NULL && strcmp((*command)->alias, name) == 0))
            return *command;
    return NULL;
}

/* ---- the reader's language */

static const char *first_set(const char *const *names)
{
    for (; *names != NULL; names++) {
        const char *value = getenv(*names);
        if (value != NULL && value[0] != '\0') return value;
    }
    return "";
}

/* As gettext does: the locale decides, and where it names a language, $LANGUAGE may name others before it. */
static enum language environment_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG", NULL};
    const char *locale = first_set(names), *wishes = getenv("LANGUAGE");
    enum language language = LANGUAGE_ENGLISH;
    if (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0 || strncmp(locale, "C.", 2) == 0) return language;
    while (locale[0] != '\0' && wishes != NULL && wishes[0] != '\0') {
        size_t size = strcspn(wishes, ":");
        if (language_parse(&language, slice_of(wishes, size))) return language;
        wishes += size + (wishes[size] == ':');
    }
    (void)language_parse(&language, slice_from(locale));
    return language;
}

/* The last --lang, looked for before anything can go wrong, so that what goes wrong is said in it. */
static void choose_language(int argc, char **argv)
{
    enum language language = environment_language();
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *value = strncmp(argv[i], "--lang=", 7) == 0              ? argv[i] + 7
                            : strcmp(argv[i], "--lang") == 0 && i + 1 < argc ? argv[i + 1]
                                                                             : NULL;
        if (value != NULL) (void)language_parse(&language, slice_from(value));
    }
    words_language(language);
}

/* ---- what can be wrong with a call */

static enum truce_status option_wrong(const struct call *call, const struct option_fault *fault)
{
    switch (fault->kind) {
    case OPTION_NEEDS_VALUE: return call_wrong(call, TR("The option {0} needs a value."), fault->typed, NULL);
    case OPTION_TAKES_NONE: return call_wrong(call, TR("The option {0} takes no value."), fault->typed, NULL);
    case OPTION_TOO_MANY: return call_wrong(call, TR("There are too many arguments."), NULL);
    case OPTION_UNKNOWN: break;
    }
    if (fault->meant == NULL) return call_wrong(call, TR("There is no option {0}."), fault->typed, NULL);
    OWN(buffer_clear) struct buffer meant = {0};
    buffer_print(&meant, "--%s", fault->meant);
    buffer_put_byte(&meant, '\0');
    return call_wrong(call, TR("There is no option {0}. Did you mean {1}?"), fault->typed,
                      meant.failed ? "" : (const char *)meant.data, NULL);
}

static enum truce_status command_wrong(const struct call *call, const char *name)
{
    struct nearest near = {.typed = name};
    for (const struct command *const *command = commands; *command != NULL; command++) {
        nearest_consider(&near, (*command)->name);
        if ((*command)->alias != NULL) nearest_consider(&near, (*command)->alias);
    }
    if (near.best == NULL) return call_wrong(call, TR("There is no command \"{0}\"."), name, NULL);
    return call_wrong(call, TR("There is no command \"{0}\". Did you mean \"{1}\"?"), name, near.best, NULL);
}

static enum truce_status operands_wrong(const struct call *call)
{
    OWN(buffer_clear) struct buffer usage = {0};
    buffer_print(&usage, "truce %s %s", call->command->name, call->command->usage);
    buffer_put_byte(&usage, '\0');
    const char *message = call->options.operands < call->command->least
                              ? TR("Something is missing: {0}")
                              : TR("That is more than the command takes: {0}");
    return call_wrong(call, message, usage.failed ? "" : (const char *)usage.data, NULL);
}

/* ---- from the arguments to the exit status */

static enum truce_status show_version(void)
{
    OWN(buffer_clear) struct buffer line = {0};
    buffer_print(&line, "truce %s", truce_version());
    output_line(buffer_slice(&line));
    return output_finish(TRUCE_DONE, true);
}

static enum truce_status show_help(const struct command *command)
{
    OWN(buffer_clear) struct buffer text = {0};
    help_write(command, &text, output_width());
    output_put(buffer_slice(&text));
    return output_finish(TRUCE_DONE, true);
}

static enum truce_status run(struct call *call)
{
    const struct command *command = call->command;
    enum language language;
    const char *directory = getenv("TRUCE_DIR"), *lang = call_option(call, "lang");
    if (call_has(call, "help")) return show_help(command);
    if (lang != NULL && !language_parse(&language, slice_from(lang)))
        return call_wrong(call, TR("The language is ar or en, not \"{0}\"."), lang, NULL);
    if (call->options.operands < command->least || call->options.operands > command->most) return operands_wrong(call);
    call->directory = call_option(call, "directory");
    if (call->directory == NULL) call->directory = directory == NULL || directory[0] == '\0' ? "." : directory;
    call->json = call_has(call, "json");
    return output_finish(command->run(call), command->reading);
}

int main(int argc, char **argv)
{
    static struct call call;
    struct option_fault fault;
    int at = 1;
    output_start();
    choose_language(argc, argv);
    if (!options_parse(&call.options, (const struct option *const[]){global_options, NULL}, argc, argv, &at, true,
                       &fault))
        return (int)option_wrong(&call, &fault);
    if (call_has(&call, "version")) return (int)show_version();
    if (at == argc) return (int)show_help(NULL);
    call.command = command_find(argv[at]);
    if (call.command == NULL) return (int)command_wrong(&call, argv[at]);
    at++;
    const struct option *const tables[] = {call.command->options, global_options, NULL};
    if (!options_parse(&call.options, tables, argc, argv, &at, false, &fault)) return (int)option_wrong(&call, &fault);
    return (int)run(&call);
}
