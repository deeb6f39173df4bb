/* The help: made from the tables that the commands are run by, so that it cannot tell of anything else. */
#include "cli/cli.h"

#include "cli/wrap.h"
#include "json/json.h"
#include "text/utf8.h"
#include <stdio.h>
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

/* ---- the kinds of record, for write */

static void put_field(struct buffer *out, const struct json *field, const char *prefix)
{
    OWN(buffer_clear) struct buffer name = {0};
    const struct json *words = json_find(field, "words"), *fields = json_find(field, "fields");
    buffer_print(&name, "%s%.*s", prefix, SLICE(json_find_string(field, "name")));
    bool listed = !slice_is(json_find_string(field, "count"), "one");
    if (fields != NULL) {
        buffer_put_string(&name, listed ? ".0." : ".");
        buffer_put_byte(&name, '\0');
        for (const struct json *inner = fields->first; inner != NULL && !name.failed; inner = inner->next)
            put_field(out, inner, (const char *)name.data);
        return;
    }
    buffer_print(out, "  %-34.*s %.*s", SLICE(buffer_slice(&name)), SLICE(json_find_string(field, "type")));
    for (const struct json *word = words == NULL ? NULL : words->first; word != NULL; word = word->next)
        buffer_print(out, "%s%.*s", word == words->first ? ": " : "|", SLICE(word->string));
    if (listed) buffer_put_string(out, ", …");
    if (!slice_is(json_find_string(field, "need"), "may"))
        buffer_print(out, " (%.*s)", SLICE(json_find_string(field, "need")));
    buffer_put_byte(out, '\n');
}

static bool put_kinds(struct buffer *out, const struct json *kinds, const char *wanted)
{
    for (const struct json *kind = kinds->first; kind != NULL; kind = kind->next) {
        struct slice name = json_find_string(kind, "kind");
        const struct json *fields = json_find(kind, "fields");
        char id[80];
        snprintf(id, sizeof id, "%.*s", SLICE(name));
        if (wanted == NULL) buffer_print(out, "  %-18s%s\n", id, words_label(LABEL_KIND, id));
        if (wanted == NULL || strcmp(wanted, id) != 0) continue;
        buffer_print(out, "%s (%s)\n\n", words_label(LABEL_KIND, id), id);
        for (const struct json *field = fields->first; field != NULL; field = field->next) put_field(out, field, "");
        return true;
    }
    return wanted == NULL;
}

/* Every kind, or the fields of one, as the library has them. */
static enum truce_status help_kinds(const struct call *call, const char *wanted)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct arena arena;
    const struct json *kinds;
    if (truce_kinds(&answer, &error) != TRUCE_DONE) return say_error(&error);
    arena_init(&arena, answer.size * 64 + 65536);
    bool found = json_read(&kinds, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE &&
                 put_kinds(&text, kinds, wanted);
    arena_clear(&arena);
    truce_free(&answer);
    if (!found)
        return call_wrong(call, TR("There is no kind of record \"{0}\". The kinds: truce help write"), wanted, NULL);
    output_put(buffer_slice(&text));
    return TRUCE_DONE;
}

static enum truce_status help(struct call *call)
{
    OWN(buffer_clear) struct buffer text = {0};
    const char *name = call_operand(call, 0), *kind = call_operand(call, 1);
    const struct command *command = name == NULL ? NULL : command_find(name);
    if (name != NULL && command == NULL) return call_wrong(call, TR("There is no command \"{0}\"."), name, NULL);
    if (kind != NULL && command == &command_write) return help_kinds(call, kind);
    if (kind != NULL) return call_wrong(call, TR("There are too many arguments."), NULL);
    help_write(command, &text, output_width());
    if (command == &command_write) put_heading(&text, TR("Kinds of record (their fields: truce help write KIND)"));
    output_put(buffer_slice(&text));
    return command == &command_write ? help_kinds(call, NULL) : TRUCE_DONE;
}

static const struct option options[] = {END_OF_OPTIONS};
const struct command command_help = {
    .name = "help",
    .usage = "[COMMAND [KIND]]",
    .does = N_("Shows the help, of all or of one command."),
    .options = options,
    .most = 2,
    .reading = true,
    .run = help,
};
