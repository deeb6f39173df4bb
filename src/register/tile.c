/* What others read of the log: the published checkpoint, tiles and bundles. */
#include "register/register.h"

static enum status tile(struct truce_register *reg, const char *path, struct buffer *out, struct error *error)
{
    char file[REGISTER_PATH_SIZE];
    if (strcmp(path, "checkpoint") != 0) return log_tile(reg->log, slice_from(path), out, error);
    TRY(register_path(file, reg->directory, "log/checkpoint", error));
    return file_read_all(reg->system, file, LIMIT_RECORD_NOTE_BYTES, out, error);
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
