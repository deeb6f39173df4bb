/* The log: what it promises, each attacked by a test of the same number (test/crash/log.c unless said).
 *
 * L1  What was acknowledged (log_append returned done) is there after any crash, unchanged and at its index.
 * L2  Nothing half-written is ever visible: an entry is seen with its whole group, or not at all.
 * L3  A checkpoint covers durable entries only; sizes signed never go back, and no size is signed with two roots.
 * L4  A published checkpoint has all its tiles, bundles and partials, at every moment and after any crash.
 * L5  After a failed write, sync or rename the log takes no more until it is opened anew; then all is well. A write
 * that is refused for want of room, and cut back, leaves it open. L6  One writer at a time; readers need no lock,
 * change nothing and work beside the writer. L7  Derived files can be lost (offsets.index) or are found damaged (the
 * rest); the journal is enough to tell. L8  A damaged journal is never cut: only what follows the last sound group,
 * lies beyond the checkpoint and was never acknowledged is. L9  Any changed bit or cut in journal, tiles, bundles or
 * checkpoint is found by log_verify (test/unit/log_verify.c). L10 Opening reads the checkpoint, the right edge and the
 * journal behind it, not the whole log.
 *
 * Writer: open → (append | checkpoint | publish)* → close. States: sound, closed to writing (L5). */
#include "log/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum status log_damaged(struct error *error, const char *sentence, const char *path, int64_t offset)
{
    enum status status = error_set(error, STATUS_UNVERIFIED, "log-damaged", sentence, path, NULL);
    return error_at_offset(error, error_at(error, status, path), offset);
}

enum status log_closed(struct error *error)
{
    return error_set(error, STATUS_FAILED, "log-closed",
                     "The log takes no more since a write or sync failed; what was acknowledged is safe. Mend the disk "
                     "and open the log anew.",
                     NULL);
}

enum status log_path(char out[LOG_PATH_SIZE], const char *directory, const char *name, struct error *error)
{
    /* Room is left for the longest path of a tile. */
    if (strlen(directory) + 128 >= LOG_PATH_SIZE)
        return error_set(error, STATUS_FAILED, "file-path-too-long", "The path {0} is longer than {1} bytes.",
                         directory, error_number(LOG_PATH_SIZE - 129).text, NULL);
    snprintf(out, LOG_PATH_SIZE, "%s/%s", directory, name);
    return STATUS_DONE;
}

struct window log_window(struct log *log)
{
    return (struct window){.system = log->system, .file = log->journal, .path = log->journal_path};
}

enum status log_create(const struct system *system, const char *directory, struct error *error)
{
    char path[LOG_PATH_SIZE];
    TRY(log_path(path, directory, "journal", error));
    TRY(directory_make(system, directory, error));
    int file = system->open(system->context, path, O_RDONLY, 0);
    if (file >= 0) {
        system->close(system->context, file);
        return error_set(error, STATUS_REFUSED, "log-exists", "There is a log in {0}; it is not overwritten.",
                         directory, NULL);
    }
    return file_create(system, path, (struct slice){NULL, 0}, 0666, error);
}

static void close_file(struct log *log, int file)
{
    if (file >= 0) log->system->close(log->system->context, file);
}

void log_close(struct log **log)
{
    struct log *l = *log;
    if (l == NULL) return;
    if (log_writes(l) && l->journal >= 0 && !l->closed_to_writing) {
        enum status published = log_publish(l, NULL);
        (void)published; /* whoever must know has called log_publish before */
    }
    close_file(l, l->journal);
    close_file(l, l->offsets);
    if (l->lock >= 0) l->system->truncate(l->system->context, l->lock, 0);
    close_file(l, l->lock);
    for (unsigned i = 0; i < TILE_LEVELS; i++) {
        free(l->level[i].hash);
        for (unsigned k = 0; k < TILE_TREES; k++) free(l->tree[i][k]);
        for (unsigned k = 0; k < TILES_CACHED; k++) free(l->cache[i][k]);
    }
    buffer_clear(&l->tail);
    pthread_mutex_destroy(&l->mutex);
    signer_clear(&l->signer);
    signers_clear(l);
    free(l);
    *log = NULL;
}

uint64_t log_size(const struct log *log)
{
    return log->size;
}

uint64_t log_published(const struct log *log)
{
    return log->published;
}
