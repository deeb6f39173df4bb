/* What others read of the log: the published checkpoint, tiles and bundles, as files of the log. */
#include "register/register.h"

#include <stdio.h>

static enum status tile(struct truce_register *reg, const char *path, struct buffer *out, struct error *error)
{
    enum { TILE_BYTES_MOST = 256 * (2 + LIMIT_ENTRY_BYTES) };
    char file[REGISTER_PATH_SIZE], name[80];
    bool there;
    if (strcmp(path, "checkpoint") != 0 && !log_tile_named(slice_from(path)))
        return error_set(error, STATUS_USAGE, "tile-path",
                         "\"{0}\" is no path of a tile: it is checkpoint, tile/LEVEL/N or tile/entries/N, as C2SP "
                         "tlog-tiles has them.",
                         error_slice(slice_from(path)).text, NULL);
    snprintf(name, sizeof name, "log/%s", path);
    TRY(register_path(file, reg->directory, name, error));
    TRY(file_read_if_there(reg->system, file, TILE_BYTES_MOST, out, &there, error));
    if (there) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "tile-absent",
                     "The published log has no {0}; a partial tile goes when the full one is there.",
                     error_slice(slice_from(path)).text, NULL);
}

enum truce_status truce_tile(struct truce_register *reg, const char *path, struct truce_buffer *answer,
                             struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = tile(reg, path, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
