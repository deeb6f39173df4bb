#include "cli/cli.h"

#include "json/json.h"
#include <string.h>

static const struct {
    const char *state, *words;
} states[] = {
    {"in", N_("in the log")},
    {"refused", N_("refused by the host, with its signature")},
    {"waiting", N_("handed on, not in the log yet")},
    {"withheld", N_("withheld: longer than a host may take, and not in the log")},
};

static void put_words(struct buffer *out, const struct json *arrival)
{
    struct slice state = json_find_string(arrival, "state");
    buffer_print(out, "%.*s  %.8s  ", SLICE(json_find_string(arrival, "at")),
                 (const char *)json_find_string(arrival, "id").data);
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (slice_is(state, states[i].state)) buffer_put_string(out, TR(states[i].words));
}

static int arrival_line(void *context, enum truce_status status, const char *line, size_t size)
{
    const struct call *call = context;
    struct arena arena;
    const struct json *arrival;
    OWN(buffer_clear) struct buffer text = {0};
    bool going = true;
    (void)status;
    if (call->json) return output_line(slice_of(line, size)) ? 0 : 1;
    arena_init(&arena, size * 64 + 65536);
    if (json_read(&arrival, slice_of(line, size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        put_words(&text, arrival);
        going = output_line(buffer_slice(&text));
    }
    arena_clear(&arena);
    return going ? 0 : 1;
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
