#include "cli/cli.h"

#include "json/json.h"
#include "tell/handed.h"
#include <inttypes.h>
#include <stdio.h>

static void put_words(struct buffer *out, const struct json *promise)
{
    char number[24], place[64];
    snprintf(number, sizeof number, "%" PRId64, json_find_integer(promise, "index", 0));
    snprintf(place, sizeof place, "%.*s", SLICE(json_find_string(promise, "evidence")));
    buffer_print(out, "%.*s  %.8s  ", SLICE(json_find_string(promise, "merge_by")),
                 (const char *)json_find_string(promise, "id").data);
    words_fill(out, TR("as no. {0}: "), number, NULL);
    const char *words = promise_words(json_find_string(promise, "state"));
    if (words != NULL) words_fill(out, truce_word(words), place, NULL);
}

static int promise_line(void *context, enum truce_status status, const char *line, size_t size)
{
    const struct call *call = context;
    const struct json *promise;
    OWN(buffer_clear) struct buffer text = {0};
    struct arena arena;
    bool shown = true;
    (void)status;
    if (call->json) return output_line(slice_of(line, size)) ? 0 : 1;
    arena_init(&arena, size * 64 + 65536);
    if (json_read(&promise, slice_of(line, size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        put_words(&text, promise);
        shown = output_line(buffer_slice(&text));
    }
    arena_clear(&arena);
    return shown ? 0 : 1;
}

static enum truce_status promises(struct call *call)
{
    struct truce_register *reg;
    struct truce_error error;
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_promises(reg, promise_line, call, &error);
    if (status != TRUCE_DONE) say_error(&error);
    return call_close(&reg, status);
}

static const struct option options[] = {END_OF_OPTIONS};
const struct command command_promises = {
    .name = "promises",
    .usage = "[-C DIR]",
    .does = N_("Shows what became of what the host promised for records that were handed in from here."),
    .more = N_("truce submit --to keeps each promise beside the copy of the register, and each signed refusal as "
               "evidence. A promise is held against the signed heads that are here: bring the copy up to date first "
               "(truce mirror, truce pouch open). One that was missed becomes a file of evidence, which anybody can "
               "prove (truce verify FILE), and the exit status is 3."),
    .example = "truce promises -C copy",
    .options = options,
    .reading = true,
    .run = promises,
};
