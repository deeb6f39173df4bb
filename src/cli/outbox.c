#include "cli/cli.h"

#include "tell/handed.h"
#include "tell/names.h"
#include "tell/typed.h"
#include <inttypes.h>
#include <stdio.h>

enum { OWN_MOST = 20 };

static void put_words(struct buffer *out, const struct json *line)
{
    OWN(buffer_clear) struct buffer time = {0};
    char kind[80], number[24];
    struct slice id = json_find_string(line, "id");
    if (id.size > 0) {
        words_time(&time, json_find_string(line, "written"));
        snprintf(number, sizeof number, "%" PRId64, json_find_integer(line, "seq", 0));
        buffer_print(out, "%.*s  %.8s  ", SLICE(buffer_slice(&time)), (const char *)id.data);
        buffer_put_string(out, tell_label(LABEL_KIND, json_find_string(line, "kind"), kind, sizeof kind));
        buffer_put_string(out, TR(", "));
        words_isolate(out, json_find_string(line, "by"));
        buffer_print(out, " %s: ", number);
    }
    outbox_words(out, line);
}

static int outbox_line(void *context, enum truce_status status, const char *text, size_t size)
{
    const struct call *call = context;
    const struct json *line;
    OWN(buffer_clear) struct buffer words = {0};
    struct arena arena;
    bool shown = true;
    (void)status;
    if (call->json) return output_line(slice_of(text, size)) ? 0 : 1;
    arena_init(&arena, size * 64 + 65536);
    if (json_read(&line, slice_of(text, size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        put_words(&words, line);
        shown = output_line(buffer_slice(&words));
    }
    arena_clear(&arena);
    return shown ? 0 : 1;
}

static enum truce_status outbox(struct call *call)
{
    struct truce_register *reg;
    struct truce_error error;
    uint64_t most = OWN_MOST;
    const char *limit = call_option(call, "limit");
    if (limit != NULL && !value_number(&most, slice_from(limit)))
        return call_wrong(call, TR("How many to give is a number, not \"{0}\"."), limit, NULL);
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_outbox(reg, most, outbox_line, call, &error);
    if (status != TRUCE_DONE) say_error(&error);
    return call_close(&reg, status);
}

static const struct option options[] = {
    {"limit", '\0', "N", N_("At most so many records that are in the log; 20 if it is not said.")},
    END_OF_OPTIONS,
};
const struct command command_outbox = {
    .name = "outbox",
    .usage = "[-C DIR]",
    .does = N_("Shows what was written here: what waits and why, and how far the rest came."),
    .more =
        N_("First what stands in the outbox: records that were signed here, or brought in a pouch, and are not in the "
           "log. Then the newest records of the log that the keys in the register's keys/ signed, each with the "
           "level of its receipt. What the host promised is shown by truce promises, what was handed in at a mirror "
           "by truce arrivals."),
    .example = "truce outbox -C office",
    .options = options,
    .reading = true,
    .run = outbox,
};
