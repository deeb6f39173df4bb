/* The help: made from the tables that the commands are run by, so that it cannot tell of anything else. */
#include "cli/cli.h"

#include "cli/wrap.h"
#include "text/utf8.h"
#include <string.h>

static void put_paragraph(struct buffer *out, const char *text, size_t width)
{
    wrap_put(out, slice_from(text), width, 0, "");
}

/* "  NAME    text", the text wrapped in a column of its own. */
static void put_pair(struct buffer *out, const char *name, const char *text, size_t column, size_t width)
{
    struct slice rest = slice_from(text), line;
    size_t used = 2 + text_columns(slice_from(name));
    wrap_spaces(out, 2);
    buffer_put_string(out, name);
    if (used + 2 > column) {
        buffer_put_byte(out, '\n');
        used = 0;
    }
    while (wrap_next(&rest, width > column + 20 ? width - column : 20, &line)) {
        wrap_spaces(out, column - used);
        buffer_put(out, line);
        buffer_put_byte(out, '\n');
        used = 0;
    }
}

static void put_options(struct buffer *out, const struct option *options, size_t width)
{
    for (const struct option *option = options; option->name != NULL; option++) {
        OWN(buffer_clear) struct buffer name = {0};
        if (option->letter != '\0') buffer_print(&name, "-%c, ", option->letter);
        buffer_print(&name, "--%s", option->name);
        if (option->argument != NULL) buffer_print(&name, " %s", option->argument);
        buffer_put_byte(&name, '\0');
        if (!name.failed) put_pair(out, (const char *)name.data, truce_word(option->help), 26, width);
    }
}

static void put_heading(struct buffer *out, const char *heading)
{
    buffer_print(out, "\n%s%s%s\n", output_bold(), heading, output_plain());
}

static void help_all(struct buffer *out, size_t width)
{
    put_paragraph(out, TR("truce: the shared, verifiable memory of a ceasefire."), width);
    buffer_put_string(out, "\n  truce [-C DIR] COMMAND …\n");
    put_heading(out, TR("Commands"));
    for (const struct command *const *command = commands; *command != NULL; command++)
        put_pair(out, (*command)->name, truce_word((*command)->does), 12, width);
    put_heading(out, TR("Options of every command"));
    put_options(out, global_options, width);
    put_heading(out, TR("Exit status"));
    put_paragraph(out, TR("0 done · 1 failed · 2 usage · 3 verification failed · 4 refused (not admissible)"), width);
    buffer_put_byte(out, '\n');
    put_paragraph(out, TR("More about one command: truce help COMMAND. The manual: man truce."), width);
}

void help_write(const struct command *command, struct buffer *out, size_t width)
{
    if (command == NULL) {
        help_all(out, width);
        return;
    }
    put_paragraph(out, truce_word(command->does), width);
    buffer_print(out, "\n  truce %s %s\n", command->name, command->usage);
    if (command->alias != NULL) {
        buffer_put_byte(out, '\n');
        OWN(buffer_clear) struct buffer line = {0};
        words_fill(&line, TR("Also called: {0}"), command->alias, NULL);
        wrap_put(out, buffer_slice(&line), width, 0, "");
    }
    if (command->more != NULL) {
        buffer_put_byte(out, '\n');
        put_paragraph(out, truce_word(command->more), width);
    }
    if (command->options[0].name != NULL) {
        put_heading(out, TR("Options"));
        put_options(out, command->options, width);
    }
    put_heading(out, TR("Options of every command"));
    put_options(out, global_options, width);
    if (command->example != NULL) {
        put_heading(out, TR("Example"));
        buffer_print(out, "  %s\n", command->example);
    }
}

static enum truce_status help(struct call *call)
{
    OWN(buffer_clear) struct buffer text = {0};
    const char *name = call_operand(call, 0);
    const struct command *command = name == NULL ? NULL : command_find(name);
    if (name != NULL && command == NULL) return call_wrong(call, TR("There is no command \"{0}\"."), name, NULL);
    help_write(command, &text, output_width());
    output_put(buffer_slice(&text));
    return TRUCE_DONE;
}

static const struct option options[] = {END_OF_OPTIONS};
const struct command command_help = {
    .name = "help",
    .usage = "[COMMAND]",
    .does = N_("Shows the help, of all or of one command."),
    .options = options,
    .most = 1,
    .reading = true,
    .run = help,
};
