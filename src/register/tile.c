/* What others read of the log: the published checkpoint, tiles and bundles. */
#include "register/heads.h"

static enum status head(struct truce_register *reg, enum head_level level, struct buffer *out, struct error *error)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    TRY(heads_newest(reg, level, &head, error));
    if (head.level == HEAD_DURABLE)
        return error_set(error, STATUS_FAILED, "tile-absent", "The published log has no {0}.", head_level_name(level),
                         NULL);
    buffer_put(out, buffer_slice(&head.note));
    return buffer_finish(out, error);
}

/* One size is not enough: what was kept beside may be of another history. */
static bool same_head(const struct head *a, const struct head *b)
{
    struct note first, second;
    return a->level != HEAD_DURABLE && b->level != HEAD_DURABLE &&
           note_parse(&first, buffer_slice(&a->note), NULL) == STATUS_DONE &&
           note_parse(&second, buffer_slice(&b->note), NULL) == STATUS_DONE && slice_equal(first.text, second.text);
}

/* The newest head that was published, with the cosignatures that it has. */
static enum status checkpoint(struct truce_register *reg, struct buffer *out, struct error *error)
{
    OWN(head_clear) struct head published = {.level = HEAD_DURABLE}, cosigned = {.level = HEAD_DURABLE};
    TRY(heads_newest(reg, HEAD_CHECKPOINT, &published, error));
    TRY(heads_newest(reg, HEAD_COSIGNED, &cosigned, error));
    buffer_put(out, buffer_slice(same_head(&cosigned, &published) ? &cosigned.note : &published.note));
    return buffer_finish(out, error);
}

static enum status tile(struct truce_register *reg, const char *path, struct buffer *out, struct error *error)
{
    if (strcmp(path, "checkpoint") == 0) return checkpoint(reg, out, error);
    if (strcmp(path, "cosigned") == 0) return head(reg, HEAD_COSIGNED, out, error);
    if (strcmp(path, "mirrored") == 0) return head(reg, HEAD_MIRRORED, out, error);
    return log_tile(reg->log, slice_from(path), out, error);
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
