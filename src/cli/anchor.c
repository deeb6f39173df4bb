#include "cli/cli.h"

#include <stdio.h>

enum { CHECKPOINT_MOST = 64 * 1024, PATH_SIZE = 4096 };

/* The newest checkpoint with the cosignatures that were collected, as the register keeps it; or a file's. */
static enum truce_status read_checkpoint(struct call *call, struct buffer *out)
{
    char path[PATH_SIZE];
    const char *from = call_option(call, "from");
    int size = snprintf(path, sizeof path, "%s/peers/cosigned", call->directory);
    if (from == NULL && (size < 0 || size >= (int)sizeof path))
        return call_wrong(call, TR("The path of the register is too long."), NULL);
    return file_read_most(out, from != NULL ? from : path, CHECKPOINT_MOST);
}

static enum truce_status anchor(struct call *call)
{
    OWN(buffer_clear) struct buffer note = {0};
    struct truce_buffer object = {0};
    struct truce_error error;
    enum truce_status status = read_checkpoint(call, &note);
    if (status != TRUCE_DONE) return status;
    if (truce_anchor((const char *)note.data, note.size, &object, &error) != TRUCE_DONE) return say_error(&error);
    status = write_object(call, &(struct writing){"anchor", slice_of(object.data, object.size), true});
    truce_free(&object);
    return status;
}

static const struct option options[] = {
    OPTION_KEY,
    {"from", '\0', "FILE", N_("Take the checkpoint from FILE; \"-\" is the standard input.")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_anchor = {
    .name = "anchor",
    .usage = "--key FILE [--from FILE]",
    .does = N_("Tells the log which of its signed heads were cosigned, in a record of kind anchor."),
    .more = N_(
        "A changed policy takes effect, and a notice counts as delivered, only by what such a record tells: it bears "
        "the signed head with all its cosignatures. Without --from it is the newest that the register keeps."),
    .example = "truce anchor --key un.key",
    .options = options,
    .least = 0,
    .most = 0,
    .run = anchor,
};
