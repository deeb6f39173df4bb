#include "cli/cli.h"

#include "cli/remote.h"
#include <string.h>

/* The opening as it is to be in the record: from a file, or from what a reader can open. */
static enum truce_status fields_of(struct call *call, struct truce_register *reg, struct truce_buffer *object)
{
    OWN(buffer_clear) struct buffer opening = {0};
    struct truce_reader *reader = NULL;
    struct truce_error error;
    const char *file = call_option(call, "opening"), *key = call_option(call, "reader-key");
    if ((file == NULL) == (key == NULL))
        return call_wrong(call, TR("What is revealed comes from --opening or from --reader-key, one of them."), NULL);
    enum truce_status status = file != NULL ? file_read(&opening, file) : reader_open_at(call, key, &reader);
    if (status != TRUCE_DONE) return status;
    while (opening.size > 0 && opening.data[opening.size - 1] == '\n') opening.size--;
    const struct truce_reveal what = {.id = call_operand(call, 0),
                                      .pointer = call_operand(call, 1),
                                      .level = call_option(call, "level"),
                                      .reader = reader,
                                      .opening = file == NULL ? NULL : (const char *)opening.data,
                                      .opening_size = opening.size};
    status = truce_reveal_object(reg, &what, object, &error);
    truce_reader_close(&reader);
    return status == TRUCE_DONE ? status : say_error(&error);
}

static enum truce_status write_reveal(struct call *call, struct truce_register *reg, const struct truce_key *key,
                                      const void *context)
{
    struct truce_buffer object = {0};
    (void)context;
    enum truce_status status = fields_of(call, reg, &object);
    if (status == TRUCE_DONE) status = note_write(call, reg, key, "reveal", slice_of(object.data, object.size));
    truce_free(&object);
    return status;
}

static enum truce_status reveal(struct call *call)
{
    return note_written(call, call_has(call, "submit"), write_reveal, NULL);
}

static const struct option options[] = {
    OPTION_KEY,
    {"reader-key", '\0', "FILE", N_("Open it with this secret key of a reader.")},
    {"opening", '\0', "FILE", N_("Take the opening from FILE: {\"level\",\"pointer\",\"salt\",\"value\"}.")},
    {"level", '\0', "LEVEL", N_("The level that is revealed: exact (if not given), 1km, 10km or hash.")},
    {"submit", '\0', NULL, N_("Admit the record to the log as well.")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_reveal = {
    .name = "reveal",
    .usage = "ID POINTER --key FILE --reader-key FILE [--submit]",
    .does = N_("Makes the record that opens to all what its author sealed."),
    .more =
        N_("Anybody can check it against the hash in the sealed record, and it counts from then on. It stays in the "
           "log for good: what is revealed can no longer be erased."),
    .example = "truce reveal 3f9c21d0 /where/point --key un-monitor.key --reader-key un-monitor-reader.key --submit",
    .options = options,
    .least = 2,
    .most = 2,
    .run = reveal,
};
