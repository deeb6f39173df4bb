#include "register/heads.h"

static const struct {
    const char *name, *file;
} levels[] = {
    [HEAD_DURABLE] = {"durable", NULL},
    [HEAD_CHECKPOINT] = {"checkpoint", "log/checkpoint"},
    [HEAD_COSIGNED] = {"cosigned", "peers/cosigned"},
    [HEAD_MIRRORED] = {"mirrored", "peers/mirrored"},
};

const char *head_level_name(enum head_level level)
{
    return levels[level].name;
}

void head_clear(struct head *head)
{
    buffer_clear(&head->note);
    *head = (struct head){.level = HEAD_DURABLE};
}

enum status heads_newest(struct truce_register *reg, enum head_level level, struct head *out, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    struct note note;
    struct checkpoint checkpoint;
    bool there = false;
    *out = (struct head){.level = HEAD_DURABLE};
    TRY(register_path(path, reg->directory, levels[level].file, error));
    enum status status = file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &out->note, &there, error);
    if (status == STATUS_DONE && there) status = note_parse(&note, buffer_slice(&out->note), error);
    if (status == STATUS_DONE && there) status = checkpoint_parse(&checkpoint, note.text, error);
    if (status == STATUS_DONE && there) {
        out->level = level;
        out->size = checkpoint.size;
    } else {
        head_clear(out);
    }
    return status;
}

enum status heads_find(struct truce_register *reg, uint64_t index, struct head *out, struct error *error)
{
    for (enum head_level level = HEAD_MIRRORED; level > HEAD_DURABLE; level--) {
        TRY(heads_newest(reg, level, out, error));
        if (out->level == level && index < out->size) return STATUS_DONE;
        head_clear(out);
    }
    return STATUS_DONE;
}
