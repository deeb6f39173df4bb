#include "register/outbox.h"

#include <errno.h>
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

enum { HALF_WRITTEN_TRIES = 50, HALF_WRITTEN_PAUSE_MS = 20 };

enum status outbox_head(struct truce_register *reg, const struct verifier *author, int64_t *next_seq,
                        struct record_id *prev, struct error *error)
{
    for (;;) {
        OWN(buffer_clear) struct buffer text = {0};
        char path[REGISTER_PATH_SIZE];
        struct note note;
        TRY(outbox_path(path, reg, author, *next_seq, error));
        for (unsigned tries = 1;; tries++) { /* somebody may be writing it this moment, or submit may take it away */
            bool there;
            buffer_reset(&text);
            TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &text, &there, error));
            if (!there) return STATUS_DONE;
            if (note_parse(&note, buffer_slice(&text), NULL) == STATUS_DONE) break;
            if (tries == HALF_WRITTEN_TRIES) { /* nobody was given it: its writer stopped in the middle */
                (void)reg->system->remove(reg->system->context, path);
                return STATUS_DONE;
            }
            nanosleep(&(struct timespec){0, HALF_WRITTEN_PAUSE_MS * 1000000L}, NULL);
        }
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
    struct note note;
    if (there && note_parse(&note, buffer_slice(other), NULL) == STATUS_DONE) {
        *kept = slice_equal(buffer_slice(other), record->note) ? OUTBOX_HELD : OUTBOX_OTHER;
        return STATUS_DONE;
    }
    *kept = OUTBOX_KEPT;
    if (there) return file_replace(reg->system, path, record->note, 0644, error); /* half of one, of a call cut short */
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
    if (size < 5 || strcmp(name + size - 5, ".note") != 0) return STATUS_DONE; /* one that is being written */
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
