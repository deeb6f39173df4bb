#include "register/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static enum status path_of(char out[REGISTER_PATH_SIZE], struct truce_register *reg, struct slice by, uint32_t key_id,
                           int64_t seq, struct error *error)
{
    char name[LIMIT_ORIGIN_BYTES + 64];
    snprintf(name, sizeof name, "outbox/%.*s.%08" PRIx32 ".%010" PRId64 ".note", SLICE(by), key_id, seq);
    return register_path(out, reg->directory, name, error);
}

enum status outbox_path(char out[REGISTER_PATH_SIZE], struct truce_register *reg, const struct verifier *author,
                        int64_t seq, struct error *error)
{
    return path_of(out, reg, slice_from(author->name), author->id, seq, error);
}

enum { HOLD_TRIES = 12000, HOLD_PAUSE_MS = 5 };

enum status outbox_hold(struct truce_register *reg, int *held, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    const struct system *s = reg->system;
    TRY(register_path(path, reg->directory, "outbox.lock", error));
    int file = s->open(s->context, path, O_RDWR | O_CREAT, 0644);
    if (file < 0) return error_system(error, "open", path, errno);
    for (unsigned tries = 0; s->lock(s->context, file) != 0; tries++) {
        int trouble = errno;
        if (trouble != EWOULDBLOCK || tries == HOLD_TRIES) {
            s->close(s->context, file);
            return error_system(error, "lock", path, trouble);
        }
        nanosleep(&(struct timespec){0, HOLD_PAUSE_MS * 1000000L}, NULL);
    }
    *held = file;
    return STATUS_DONE;
}

void outbox_let_go(struct truce_register *reg, int held)
{
    reg->system->close(reg->system->context, held);
}

enum status outbox_head(struct truce_register *reg, const struct verifier *author, int64_t *next_seq,
                        struct record_id *prev, struct error *error)
{
    for (;;) {
        OWN(buffer_clear) struct buffer text = {0};
        char path[REGISTER_PATH_SIZE];
        struct note note;
        bool there;
        TRY(outbox_path(path, reg, author, *next_seq, error));
        TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &text, &there, error));
        if (!there) return STATUS_DONE;
        TRY(error_at(error, note_parse(&note, buffer_slice(&text), error), path));
        prev->hash = hash_of(note.text);
        ++*next_seq;
    }
}

enum status outbox_keep(struct truce_register *reg, const struct record *record, enum outbox_kept *kept,
                        struct buffer *other, struct error *error)
{
    char path[REGISTER_PATH_SIZE], folder[REGISTER_PATH_SIZE];
    bool there;
    TRY(register_path(folder, reg->directory, "outbox", error));
    TRY(directory_make(reg->system, folder, error));
    TRY(path_of(path, reg, record->by, record->key_id, record->seq, error));
    TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, other, &there, error));
    if (there) {
        *kept = slice_equal(buffer_slice(other), record->note) ? OUTBOX_HELD : OUTBOX_OTHER;
        return STATUS_DONE;
    }
    *kept = OUTBOX_KEPT;
    return file_create(reg->system, path, record->note, 0644, error);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in order; each is a string inside `names`. */
static enum status sorted(const struct buffer *names, const char ***out, size_t *count, struct error *error)
{
    size_t most = 0;
    for (size_t at = 0; at < names->size; at += strlen((const char *)names->data + at) + 1) most++;
    *count = 0;
    *out = calloc(most + 1, sizeof **out);
    if (*out == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    for (size_t at = 0; at < names->size; at += strlen((const char *)names->data + at) + 1)
        (*out)[(*count)++] = (const char *)names->data + at;
    qsort(*out, *count, sizeof **out, by_name);
    return STATUS_DONE;
}

static enum status visit_one(struct truce_register *reg, const char *name, outbox_visit *visit, void *context,
                             struct error *error)
{
    char path[REGISTER_PATH_SIZE], folder[REGISTER_PATH_SIZE];
    bool there;
    OWN(buffer_clear) struct buffer note = {0};
    size_t size = strlen(name);
    if (size < 5 || strcmp(name + size - 5, ".note") != 0)
        return STATUS_DONE; /* one that is being written, or was when a crash came */
    TRY(register_path(folder, reg->directory, "outbox", error));
    TRY(register_path(path, folder, name, error));
    TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &note, &there, error));
    return there ? visit(context, buffer_slice(&note), error) : STATUS_DONE;
}

enum status outbox_walk(struct truce_register *reg, outbox_visit *visit, void *context, struct error *error)
{
    char folder[REGISTER_PATH_SIZE];
    OWN(buffer_clear) struct buffer names = {0};
    const char **name = NULL;
    size_t count = 0;
    TRY(register_path(folder, reg->directory, "outbox", error));
    if (reg->system->list(reg->system->context, folder, &names) != 0)
        return errno == ENOENT ? STATUS_DONE : error_system(error, "list", folder, errno);
    TRY(buffer_finish(&names, error));
    enum status status = sorted(&names, &name, &count, error);
    for (size_t i = 0; i < count && status == STATUS_DONE; i++) status = visit_one(reg, name[i], visit, context, error);
    free(name);
    return status;
}

void outbox_remove(struct truce_register *reg, const struct record *record)
{
    char path[REGISTER_PATH_SIZE];
    OWN(buffer_clear) struct buffer kept = {0};
    bool there = false;
    if (path_of(path, reg, record->by, record->key_id, record->seq, NULL) == STATUS_DONE &&
        file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &kept, &there, NULL) == STATUS_DONE && there &&
        slice_equal(buffer_slice(&kept), record->note)) /* another record of the same place is not in the log */
        (void)reg->system->remove(reg->system->context, path);
}
