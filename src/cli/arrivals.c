#include "cli/cli.h"

#include "tell/handed.h"
#include <stdio.h>
#include <string.h>

/* {"at","id","stamp","state"}, canonical: its first and last members stand where they must. The stamp has newlines. */
static void put_words(struct buffer *out, const char *line)
{
    static const char before[] = "\"state\":\"";
    char at[25] = "", id[65] = "", state[16] = "";
    const char *last = strrchr(line, ',');
    (void)sscanf(line, "{\"at\":\"%24[^\"]\",\"id\":\"%64[0-9a-f]\"", at, id);
    if (last != NULL && strncmp(last + 1, before, sizeof before - 1) == 0)
        (void)sscanf(last + sizeof before, "%15[a-z]", state);
    buffer_print(out, "%s  %.8s  ", at, id);
    const char *words = arrival_words(slice_from(state));
    if (words != NULL) buffer_put_string(out, truce_word(words));
}

static int arrival_line(void *context, enum truce_status status, const char *line, size_t size)
{
    const struct call *call = context;
    OWN(buffer_clear) struct buffer text = {0};
    (void)status;
    if (!call->json) put_words(&text, line);
    return output_line(call->json ? slice_of(line, size) : buffer_slice(&text)) ? 0 : 1;
}

static enum truce_status arrivals(struct call *call)
{
    struct truce_register *reg;
    struct truce_error error;
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_arrivals(reg, arrival_line, call, &error);
    if (status != TRUCE_DONE) say_error(&error);
    return call_close(&reg, status);
}

static const struct option options[] = {END_OF_OPTIONS};
const struct command command_arrivals = {
    .name = "arrivals",
    .usage = "[-C DIR]",
    .does = N_("Shows what was handed in at this mirror, when, and what became of it."),
    .more = N_("Each arrival was stamped with the mirror's key before it was handed on. What a host neither takes nor "
               "refuses with its signature is called withheld after a day; --json gives the stamps."),
    .example = "truce arrivals -C copy",
    .options = options,
    .reading = true,
    .run = arrivals,
};
