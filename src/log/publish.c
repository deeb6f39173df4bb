/* Publishing: tiles, bundles and partials for the present size are made durable, then the checkpoint that covers them
 * (L3, L4). All of them are computed from the journal; what cannot be reproduced as it was appended is not published.
 */
#include "log/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

/* Signs the tree as it is now; *size tells how many entries that is. */
static enum status checkpoint_sign(struct log *log, uint64_t *size, struct buffer *out, struct error *error)
{
    pthread_mutex_lock(&log->mutex);
    struct checkpoint checkpoint = {
        .origin = slice_from(log->signer.verifier.name), .size = log->size, .root = tree_edge_root(&log->edge)};
    bool back = log->size < log->signed_size;
    if (!back) log->signed_size = log->size;
    pthread_mutex_unlock(&log->mutex);
    *size = checkpoint.size;
    if (back)
        return error_set(error, STATUS_UNVERIFIED, "log-went-back",
                         "The log has {0} entries, but a checkpoint of more was signed; none is signed now.",
                         error_number((int64_t)checkpoint.size).text, NULL);
    OWN(buffer_clear) struct buffer text = {0};
    const struct signer *signer = log_signer(log, checkpoint.size);
    if (signer == NULL)
        return error_set(error, STATUS_FAILED, "log-key-missing", "A log is opened for writing with its key.", NULL);
    checkpoint_format(&text, &checkpoint);
    TRY(buffer_finish(&text, error));
    return note_sign(out, buffer_slice(&text), signer, error);
}

enum status log_checkpoint(struct log *log, struct buffer *out, struct error *error)
{
    uint64_t size;
    if (log->mode != LOG_WRITE)
        return error_set(error, STATUS_USAGE, "log-read-only", "The log was opened for reading.", NULL);
    return checkpoint_sign(log, &size, out, error);
}

/* A failed sync says that something may be lost which the kernel will not mention again (L5). */
static enum status sync_failed(struct log *log, const char *path, int trouble, struct error *error)
{
    log->closed_to_writing = true;
    return error_system(error, "sync", path, trouble);
}

static enum status sync_directory(struct log *log, const char *path, struct error *error)
{
    const struct system *s = log->system;
    int file = s->open(s->context, path, O_RDONLY | O_DIRECTORY, 0);
    if (file < 0) return error_system(error, "open", path, errno);
    int done = s->sync(s->context, file), trouble = errno;
    s->close(s->context, file);
    return done == 0 ? STATUS_DONE : sync_failed(log, path, trouble, error);
}

static enum status make_directories(struct log *log, char *path, struct error *error)
{
    const struct system *s = log->system;
    size_t start = strlen(log->directory) + 1;
    for (char *slash = path + start;; slash++) {
        slash = strchr(slash, '/');
        if (slash != NULL) *slash = '\0';
        int made = s->make_directory(s->context, path, 0777);
        enum status status = made == 0 || errno == EEXIST ? STATUS_DONE : error_system(error, "create", path, errno);
        if (slash == NULL) return status;
        *slash = '/';
        TRY(status);
    }
}

static enum status tile_write(struct log *log, int level, uint64_t n, unsigned width, struct slice bytes,
                              struct error *error)
{
    const struct system *s = log->system;
    char path[LOG_PATH_SIZE];
    tile_path(path, log->directory, level, n, width);
    int file = s->open(s->context, path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0 && errno == ENOENT) {
        *strrchr(path, '/') = '\0';
        TRY(make_directories(log, path, error));
        path[strlen(path)] = '/';
        file = s->open(s->context, path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    }
    if (file < 0) return error_system(error, "create", path, errno);
    enum status status = file_write_all(s, file, path, bytes, 0, error);
    if (status == STATUS_DONE && s->sync(s->context, file) != 0) status = sync_failed(log, path, errno, error);
    s->close(s->context, file);
    return status;
}

/* Partial tiles that an unfinished publishing left could be torn, and the next checkpoint could seem to cover them: all
 * but the published one go before anything is written. */
static enum status remove_strays(struct log *log, int level, uint64_t n, unsigned keep, struct error *error)
{
    const struct system *s = log->system;
    char directory[LOG_PATH_SIZE], path[LOG_PATH_SIZE], kept[8];
    OWN(buffer_clear) struct buffer names = {0};
    tile_directory(directory, log->directory, level, n, true);
    if (s->list(s->context, directory, &names) != 0)
        return errno == ENOENT ? STATUS_DONE : error_system(error, "list", directory, errno);
    TRY(buffer_finish(&names, error));
    snprintf(kept, sizeof kept, "%u", keep);
    bool removed = false;
    for (size_t at = 0; at < names.size; at += strlen((char *)names.data + at) + 1) {
        const char *name = (char *)names.data + at;
        if (strcmp(name, kept) == 0) continue;
        int size = snprintf(path, sizeof path, "%s/%s", directory, name);
        if (size < 0 || (size_t)size >= sizeof path || s->remove(s->context, path) != 0)
            return error_system(error, "remove", directory, errno);
        removed = true;
    }
    return removed ? sync_directory(log, directory, error) : STATUS_DONE;
}

/* What of a level lies between the published size and the one to publish. */
struct span {
    int level;
    uint64_t first, last; /* tiles, both included */
    unsigned had, width;  /* of the first as published, of the last now; 0: none */
};
static struct span span_of(const struct log *log, int level, uint64_t size)
{
    unsigned l = level == TILE_ENTRIES ? 0 : (unsigned)level;
    uint64_t from = log->published >> (8 * l), to = size >> (8 * l);
    return (struct span){.level = level,
                         .first = from / TILE_WIDTH,
                         .last = to / TILE_WIDTH,
                         .had = (unsigned)(from % TILE_WIDTH),
                         .width = (unsigned)(to % TILE_WIDTH)};
}
static unsigned span_width(const struct span *span, uint64_t n)
{
    return n < span->last ? TILE_WIDTH : span->width;
}
static bool span_done(const struct span *span, uint64_t n) /* nothing to write: as published, or empty */
{
    unsigned width = span_width(span, n);
    return width == 0 || (n == span->first && width == span->had);
}

/* Was the full tile n written by log_fill_tiles? */
static bool span_filled(const struct log *log, const struct span *span, uint64_t n)
{
    unsigned l = span->level == TILE_ENTRIES ? 0 : (unsigned)span->level;
    return n < (log->filled / TILE_WIDTH) >> (8 * l);
}

struct bundle {
    struct buffer bytes;
    struct hash leaf[TILE_WIDTH];
    size_t count;
};
static enum status bundle_visit(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct bundle *bundle = context;
    (void)index;
    buffer_put_u16be(&bundle->bytes, (uint16_t)entry.size);
    buffer_put(&bundle->bytes, entry);
    bundle->leaf[bundle->count++] = tree_leaf(entry);
    return buffer_finish(&bundle->bytes, error);
}

/* The bundle and level-0 tile of n from the journal; they must give the hashes that were there when it was appended. */
static enum status bundle_write(struct log *log, uint64_t n, unsigned width, struct bundle *bundle, struct error *error)
{
    buffer_reset(&bundle->bytes);
    bundle->count = 0;
    TRY(log_walk(log, n * TILE_WIDTH, n * TILE_WIDTH + width, bundle_visit, bundle, error));
    struct hash wanted[TILE_WIDTH], got = tree_complete(bundle->leaf, TILE_WIDTH);
    pthread_mutex_lock(&log->mutex);
    enum status status = width == TILE_WIDTH ? nodes_get(log, 1, n, 1, wanted, error)
                                             : nodes_get(log, 0, n * TILE_WIDTH, width, wanted, error);
    pthread_mutex_unlock(&log->mutex);
    TRY(status);
    bool same =
        width == TILE_WIDTH ? hash_equal(&got, &wanted[0]) : memcmp(wanted, bundle->leaf, width * sizeof *wanted) == 0;
    if (!same)
        return log_damaged(error,
                           "The log's file {0} no longer holds what was appended to it. Run `truce verify` to see all "
                           "that is damaged; nothing was changed.",
                           log->journal_path, -1);
    TRY(tile_write(log, TILE_ENTRIES, n, width, buffer_slice(&bundle->bytes), error));
    return tile_write(log, 0, n, width, slice_of(bundle->leaf, width * sizeof *bundle->leaf), error);
}

/* `full`: no partial ones. */
static enum status span_write(struct log *log, const struct span *span, bool full, struct bundle *bundle,
                              struct error *error)
{
    for (uint64_t n = span->first; n <= span->last; n++) {
        if (span_filled(log, span, n) || (full && span_width(span, n) < TILE_WIDTH)) continue;
        TRY(remove_strays(log, span->level, n, n == span->first ? span->had : 0, error));
        if (span->level == 0) TRY(remove_strays(log, TILE_ENTRIES, n, n == span->first ? span->had : 0, error));
        if (span_done(span, n)) continue;
        unsigned width = span_width(span, n);
        if (span->level == 0) {
            TRY(bundle_write(log, n, width, bundle, error));
            continue;
        }
        struct hash hash[TILE_WIDTH];
        pthread_mutex_lock(&log->mutex);
        enum status status = nodes_get(log, (unsigned)span->level, n * TILE_WIDTH, width, hash, error);
        pthread_mutex_unlock(&log->mutex);
        TRY(status);
        TRY(tile_write(log, span->level, n, width, slice_of(hash, width * sizeof *hash), error));
    }
    return STATUS_DONE;
}

/* Syncs the directory of tile n and those above it, unless the tile before it (`last`) lay in the same one. */
static enum status sync_upwards(struct log *log, char path[LOG_PATH_SIZE], char last[LOG_PATH_SIZE],
                                struct error *error)
{
    if (strcmp(path, last) == 0) return STATUS_DONE;
    memcpy(last, path, LOG_PATH_SIZE);
    for (;;) {
        TRY(sync_directory(log, path, error));
        if (strlen(path) == strlen(log->directory)) return STATUS_DONE;
        *strrchr(path, '/') = '\0';
    }
}

static enum status span_sync(struct log *log, const struct span *span, struct error *error)
{
    char path[LOG_PATH_SIZE], last[LOG_PATH_SIZE] = "";
    for (uint64_t n = span->first; n <= span->last; n++) {
        if (span_done(span, n)) continue;
        tile_directory(path, log->directory, span->level, n, span_width(span, n) < TILE_WIDTH);
        TRY(sync_upwards(log, path, last, error));
    }
    return STATUS_DONE;
}

/* The partial tile of the size published before has done its service. If it stays, that is no harm. */
static void span_tidy(struct log *log, const struct span *span)
{
    const struct system *s = log->system;
    char path[LOG_PATH_SIZE];
    if (span->had == 0 || (span->first == span->last && span->had == span->width)) return;
    tile_path(path, log->directory, span->level, span->first, span->had);
    s->remove(s->context, path);
    if (span->first == span->last) return;
    *strrchr(path, '/') = '\0';
    s->remove(s->context, path);
}

static enum status tiles_write(struct log *log, uint64_t size, bool full, struct error *error)
{
    struct bundle bundle = {.count = 0};
    enum status status = STATUS_DONE;
    for (int level = 0; level < TILE_LEVELS && status == STATUS_DONE; level++) {
        struct span span = span_of(log, level, size);
        status = span_write(log, &span, full, &bundle, error);
    }
    buffer_clear(&bundle.bytes);
    return status;
}

/* The names of what is written here become durable with the checkpoint that covers it. */
enum status log_fill_tiles(struct log *log, struct error *error)
{
    uint64_t size = log->size;
    if (log->closed_to_writing) return log_closed(error);
    TRY(tiles_write(log, size, true, error));
    log->filled = size - size % TILE_WIDTH;
    return STATUS_DONE;
}

static enum status publish_tiles(struct log *log, uint64_t size, struct slice note, struct error *error)
{
    enum status status;
    TRY(tiles_write(log, size, false, error));
    for (int level = TILE_ENTRIES; level < TILE_LEVELS; level++) {
        struct span span = span_of(log, level, size);
        TRY(span_sync(log, &span, error));
    }
    pthread_mutex_lock(&log->mutex);
    offsets_flush(log); /* what lies behind a checkpoint is scanned when the log is opened, and needs no file */
    pthread_mutex_unlock(&log->mutex);
    if (log->offsets >= 0) log->system->sync(log->system->context, log->offsets);
    status = file_replace(log->system, log->checkpoint_path, note, 0666, error);
    if (status != STATUS_DONE) log->closed_to_writing = true;
    return status;
}

enum status publish_note(struct log *log, uint64_t size, struct slice note, struct error *error)
{
    struct span before[TILE_LEVELS + 1];
    for (int i = 0; i <= TILE_LEVELS; i++) before[i] = span_of(log, i - 1, size);
    TRY(publish_tiles(log, size, note, error));
    pthread_mutex_lock(&log->mutex);
    log->has_checkpoint = true;
    log->published = size;
    levels_trim(log, size);
    pthread_mutex_unlock(&log->mutex);
    for (int i = 0; i <= TILE_LEVELS; i++) span_tidy(log, &before[i]);
    return STATUS_DONE;
}

/* Size and signature are taken when it begins, so that sizes signed never go back (L3) though entries may be appended
 * meanwhile; those wait for the next time. */
enum status log_publish(struct log *log, struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0};
    uint64_t size;
    if (!log_writes(log))
        return error_set(error, STATUS_USAGE, "log-read-only", "The log was opened for reading.", NULL);
    if (log->closed_to_writing) return log_closed(error);
    if (log->mode == LOG_FOLLOW || (log->has_checkpoint && log->size == log->published)) return STATUS_DONE;
    TRY(checkpoint_sign(log, &size, &note, error));
    return publish_note(log, size, buffer_slice(&note), error);
}
