/* Opening: the checkpoint, the tree's right edge at its size, and the journal behind it. */
#include "base/time.h"
#include "log/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { READER_TRIES = 100 };

static enum status checkpoint_bad(struct error *error, const char *code, const char *sentence, const char *path)
{
    return error_at(error, error_set(error, STATUS_UNVERIFIED, code, sentence, path, NULL), path);
}

static enum status checkpoint_read(const char *path, const struct verifier *key, struct found_checkpoint *out,
                                   struct error *error)
{
    struct note note;
    struct error why;
    bool present;
    if (note_parse(&note, buffer_slice(&out->note), &why) != STATUS_DONE ||
        checkpoint_parse(&out->checkpoint, note.text, &why) != STATUS_DONE)
        return log_damaged(error,
                           "The log's file {0} is not a signed checkpoint. Run `truce verify` to see all that is "
                           "damaged; nothing was changed.",
                           path, why.offset);
    if (key == NULL) return STATUS_DONE;
    if (!slice_is(out->checkpoint.origin, key->name))
        return checkpoint_bad(error, "log-origin", "The checkpoint {0} is of another log than the key given.", path);
    if (!note_verify(&note, key, &present))
        return checkpoint_bad(error, "log-signature",
                              "The checkpoint {0} bears no good signature of the log's key; it was changed, or the key "
                              "is another.",
                              path);
    return STATUS_DONE;
}

enum status checkpoint_find(const struct system *system, const char *path, const struct verifier *key,
                            struct found_checkpoint *out, struct error *error)
{
    buffer_reset(&out->note);
    TRY(file_read_if_there(system, path, CHECKPOINT_BYTES_MOST, &out->note, &out->there, error));
    return out->there ? checkpoint_read(path, key, out, error) : STATUS_DONE;
}

/* Takes the lock and says who holds it, or says who does. */
static enum status lock_take(struct log *log, struct error *error)
{
    const struct system *s = log->system;
    char path[LOG_PATH_SIZE], text[256], host[65] = "", since[TIME_TEXT_SIZE];
    TRY(log_path(path, log->directory, "lock", error));
    log->lock = s->open(s->context, path, O_RDWR | O_CREAT, 0666);
    if (log->lock < 0) return error_system(error, "open", path, errno);
    if (s->lock(s->context, log->lock) != 0) {
        int trouble = errno;
        ssize_t size = file_read_at(s, log->lock, text, sizeof text - 1, 0);
        s->close(s->context, log->lock); /* what it says is the holder's */
        log->lock = -1;
        if (trouble != EWOULDBLOCK) return error_system(error, "lock", path, trouble);
        return error_set(error, STATUS_FAILED, "log-locked",
                         "Another process is writing to the log in {0} ({1}). Wait until it is done, or stop it.",
                         log->directory, size <= 0 ? "?" : error_slice(slice_of(text, (size_t)size)).text, NULL);
    }
    time_format(s->now_ms(s->context) / 1000, since);
    if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    int size = snprintf(text, sizeof text, "pid %ld, %s, since %s, %s", (long)getpid(), program_invocation_short_name,
                        since, host);
    /* The lock holds whether or not there is room to say so. */
    if (size > 0 && s->truncate(s->context, log->lock, 0) == 0) {
        size_t length = (size_t)size < sizeof text ? (size_t)size : sizeof text - 1;
        enum status said = file_write_all(s, log->lock, path, slice_of(text, length), 0, NULL);
        (void)said;
    }
    return STATUS_DONE;
}

static enum status files_open(struct log *log, struct error *error)
{
    const struct system *s = log->system;
    bool writing = log_writes(log);
    TRY(log_path(log->journal_path, log->directory, "journal", error));
    TRY(log_path(log->offsets_path, log->directory, "offsets.index", error));
    TRY(log_path(log->checkpoint_path, log->directory, "checkpoint", error));
    log->journal = s->open(s->context, log->journal_path, writing ? O_RDWR : O_RDONLY, 0);
    if (log->journal < 0 && errno == ENOENT)
        return error_set(error, STATUS_FAILED, "log-missing", "There is no log in {0} (no file \"journal\").",
                         log->directory, NULL);
    if (log->journal < 0) return error_system(error, "open", log->journal_path, errno);
    if (writing) TRY(lock_take(log, error));
    /* Without an offsets file the offsets are kept in memory. */
    log->offsets = s->open(s->context, log->offsets_path, writing ? O_RDWR | O_CREAT : O_RDONLY, 0666);
    return STATUS_DONE;
}

/* The checkpoint and the right edge that must have its root. A reader may meet a writer that has just replaced both: it
 * looks again as long as the checkpoint keeps changing. */
static enum status published_load(struct log *log, struct error *error)
{
    OWN(buffer_clear) struct buffer before = {0};
    struct found_checkpoint found = {.there = false};
    enum status status = STATUS_DONE;
    for (unsigned tries = 0; tries < READER_TRIES; tries++) {
        status = checkpoint_find(log->system, log->checkpoint_path, log->has_key ? &log->signer.verifier : NULL, &found,
                                 error);
        if (status != STATUS_DONE) break;
        uint64_t size = found.there ? found.checkpoint.size : 0;
        log->size = log->published = log->signed_size = size;
        log->has_checkpoint = found.there;
        if (found.there) status = checkpoint_origin(&found.checkpoint, log->origin, log->checkpoint_path, error);
        if (status != STATUS_DONE) break;
        status = levels_load(log, size, error);
        struct hash root = tree_edge_root(&log->edge);
        if (status == STATUS_DONE && found.there && !hash_equal(&root, &found.checkpoint.root))
            status = log_damaged(error,
                                 "The log's file {0} does not have the root that the tiles give. Run `truce verify` to "
                                 "see all that is damaged; nothing was changed.",
                                 log->checkpoint_path, -1);
        if (status != STATUS_UNVERIFIED || slice_equal(buffer_slice(&before), buffer_slice(&found.note))) break;
        buffer_reset(&before);
        buffer_put(&before, buffer_slice(&found.note));
    }
    buffer_clear(&found.note);
    return status;
}

/* Where the journal's groups behind the checkpoint begin, by the last entry's offset; *known if it can be trusted. */
static enum status boundary_find(struct log *log, bool *known, struct error *error)
{
    *known = log->published == 0;
    log->end = 0;
    if (*known) return STATUS_DONE;
    off_t size = log->offsets < 0 ? 0 : log->system->size(log->system->context, log->offsets);
    if (size < 0 || (uint64_t)size / 8 < log->published) return STATUS_DONE;
    log->filed = log->published;
    OWN(buffer_clear) struct buffer entry = {0};
    uint64_t at;
    struct hash leaf, wanted;
    TRY(offsets_get(log, log->published - 1, 1, &at, error));
    TRY(journal_entry(log, at, &entry, error));
    leaf = tree_leaf(buffer_slice(&entry));
    TRY(nodes_get(log, 0, log->published - 1, 1, &wanted, error));
    *known = hash_equal(&leaf, &wanted);
    log->end = at + 2 + entry.size;
    return STATUS_DONE;
}

static enum status tail_visit(void *context, const struct group *group, const struct group_room *room,
                              struct error *error)
{
    struct log *log = context;
    TRY(offsets_add(log, room->offsets, group->count, error));
    for (uint32_t i = 0; i < group->count; i++) TRY(levels_add(log, &room->leaves[i], error));
    return STATUS_DONE;
}

static enum status tail_scan(struct log *log, struct journal_end *end, struct error *error)
{
    struct window window = log_window(log);
    enum status status = journal_scan(&window, log->end, log->size, UINT64_MAX, tail_visit, log, end, error);
    buffer_clear(&window.bytes);
    TRY(status);
    log->end = end->at;
    log->size = end->next;
    return STATUS_DONE;
}

/* From the first byte: offsets anew, and the journal's own root compared with the checkpoint's. */
struct anew {
    struct log *log;
    struct tree_edge edge;
};
static enum status anew_visit(void *context, const struct group *group, const struct group_room *room,
                              struct error *error)
{
    struct anew *anew = context;
    struct log *log = anew->log;
    uint64_t published = log->published;
    TRY(offsets_add(log, room->offsets, group->count, error));
    for (uint32_t i = 0; i < group->count; i++) {
        uint64_t index = group->first + i;
        if (index < published) tree_edge_add(&anew->edge, &room->leaves[i]);
        if (index >= published) TRY(levels_add(log, &room->leaves[i], error));
        if (index + 1 != published) continue;
        struct hash root = tree_edge_root(&anew->edge), wanted = tree_edge_root(&log->edge);
        if (!hash_equal(&root, &wanted))
            return log_damaged(error,
                               "The log's file {0} does not hold what the checkpoint covers. Run `truce verify` to see "
                               "all that is damaged; nothing was changed.",
                               log->journal_path, -1);
    }
    return STATUS_DONE;
}

static enum status scan_anew(struct log *log, struct journal_end *end, struct error *error)
{
    TRY(levels_load(log, log->published, error));
    offsets_forget(log);
    struct window window = log_window(log);
    struct anew anew = {.log = log};
    enum status status = journal_scan(&window, 0, 0, UINT64_MAX, anew_visit, &anew, end, error);
    buffer_clear(&window.bytes);
    TRY(status);
    log->end = end->at;
    log->size = end->next > log->published ? end->next : log->published;
    if (end->state == JOURNAL_WHOLE && end->next < log->published)
        return log_damaged(error,
                           "The log's file {0} ends before what the checkpoint covers. Run `truce verify` to see all "
                           "that is damaged; nothing was changed.",
                           log->journal_path, (int64_t)end->at);
    return STATUS_DONE;
}

/* The journal's sound groups are taken in. Only what follows them, is beyond the checkpoint and has nothing sound
 * behind it may be left out; before a writer cuts it off it has read the whole journal, for offsets could be wrong. */
static enum status journal_take(struct log *log, struct error *error)
{
    bool known;
    struct journal_end end = {.state = JOURNAL_TORN};
    TRY(boundary_find(log, &known, error));
    if (known) TRY(tail_scan(log, &end, error));
    if (!known || end.state == JOURNAL_DAMAGED || (end.state == JOURNAL_TORN && log_writes(log)))
        TRY(scan_anew(log, &end, error));
    if (end.state == JOURNAL_DAMAGED || (end.state == JOURNAL_TORN && end.next < log->published))
        return log_damaged(error,
                           "The log's file {0} holds a group that is not sound. Run `truce verify` to see all that is "
                           "damaged; nothing was changed.",
                           log->journal_path, (int64_t)end.at);
    return STATUS_DONE;
}

/* Writes the journal behind the checkpoint once more, as it is. After a failed sync the kernel may hold pages that are
 * clean in its eyes and not on the disk; writing makes them dirty again, so that the sync below means what it says. */
static enum status tail_rewrite(struct log *log, uint64_t from, struct error *error)
{
    struct window window = log_window(log);
    enum status status = STATUS_DONE;
    while (status == STATUS_DONE && from < log->end) {
        struct slice bytes;
        size_t size = log->end - from < WINDOW_BYTES ? (size_t)(log->end - from) : WINDOW_BYTES;
        status = window_get(&window, from, size, &bytes, error);
        if (status == STATUS_DONE && bytes.size == 0)
            status = log_damaged(error,
                                 "The log's file {0} became shorter while it was read. Run `truce verify` to see all "
                                 "that is damaged; nothing was changed.",
                                 log->journal_path, (int64_t)from);
        if (status == STATUS_DONE)
            status = file_write_all(log->system, log->journal, log->journal_path, bytes, (off_t)from, error);
        from += bytes.size;
    }
    buffer_clear(&window.bytes);
    return status;
}

/* What a crash left undone. On return all that the log holds is durable, and so is the checkpoint that was found. */
static enum status recover(struct log *log, struct error *error)
{
    const struct system *s = log->system;
    off_t size = s->size(s->context, log->journal);
    if (size < 0) return error_system(error, "read", log->journal_path, errno);
    if ((uint64_t)size > log->end && s->truncate(s->context, log->journal, (off_t)log->end) != 0)
        return error_system(error, "cut", log->journal_path, errno);
    uint64_t from = 0;
    if (log->size > log->published) TRY(offsets_get(log, log->published, 1, &from, error));
    if (log->size > log->published && from >= GROUP_HEADER_BYTES)
        TRY(tail_rewrite(log, from - GROUP_HEADER_BYTES, error));
    if (s->sync(s->context, log->journal) != 0) return error_system(error, "sync", log->journal_path, errno);
    offsets_flush(log);
    return directory_sync(s, log->directory, error);
}

/* Whoever writes what another signs for, and whoever signs, must not take each other's log for their own. */
static enum status following_check(struct log *log, struct error *error)
{
    TRY(log_followed(log->system, log->directory, log->origin, error));
    bool follows = log->origin[0] != '\0';
    if (log->mode == LOG_WRITE && follows)
        return error_set(error, STATUS_USAGE, "log-follows",
                         "The log in {0} is a copy that follows {1}; nothing is written to it here. Hand records in "
                         "there, or to a running mirror.",
                         log->directory, log->origin, NULL);
    if (log->mode == LOG_FOLLOW && !follows)
        return error_set(error, STATUS_USAGE, "log-follows-not",
                         "The log in {0} is no copy of another: it is written to by its own key, and follows nobody.",
                         log->directory, NULL);
    return STATUS_DONE;
}

static enum status open_steps(struct log *log, struct error *error)
{
    TRY(following_check(log, error));
    TRY(files_open(log, error));
    TRY(published_load(log, error));
    TRY(journal_take(log, error));
    if (!log->has_checkpoint && log->size > 0 && log->origin[0] == '\0')
        return log_damaged(error,
                           "The log's file {0} is missing though the journal holds entries. Run `truce verify` to see "
                           "all that is damaged; nothing was changed.",
                           log->checkpoint_path, -1);
    if (log->mode == LOG_READ) return STATUS_DONE;
    TRY(recover(log, error));
    /* From here on a log with entries always has a checkpoint: a missing one is a loss, never a beginning. */
    return log->has_checkpoint || log->mode == LOG_FOLLOW ? STATUS_DONE : log_publish(log, error);
}

enum status log_open(struct log **out, const struct system *system, const char *directory, enum log_mode mode,
                     const struct signer *signer, struct error *error)
{
    if (mode == LOG_WRITE && signer == NULL)
        return error_set(error, STATUS_USAGE, "log-key-missing", "A log is opened for writing with its key.", NULL);
    struct log *log = calloc(1, sizeof *log);
    if (log == NULL)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
    *log = (struct log){.system = system, .mode = mode, .journal = -1, .offsets = -1, .lock = -1};
    pthread_mutex_init(&log->mutex, NULL);
    log->has_key = signer != NULL;
    if (signer != NULL && mode == LOG_WRITE) log->signer = *signer;
    if (signer != NULL) log->signer.verifier = signer->verifier;
    enum status status = log_path(log->journal_path, directory, "journal", error);
    if (status == STATUS_DONE) {
        memcpy(log->directory, directory, strlen(directory) + 1);
        status = open_steps(log, error);
    }
    if (status != STATUS_DONE) {
        log->closed_to_writing = true; /* nothing is published on the way out */
        log_close(&log);
        return status;
    }
    *out = log;
    return STATUS_DONE;
}

#define SWAP(a, b)                                                                                                     \
    do {                                                                                                               \
        __typeof__(a) swapped_ = (a);                                                                                  \
        (a) = (b);                                                                                                     \
        (b) = swapped_;                                                                                                \
    } while (0)

/* What was read of the files, exchanged between two logs of one directory. */
static void exchange(struct log *a, struct log *b)
{
    SWAP(a->journal, b->journal);
    SWAP(a->offsets, b->offsets);
    SWAP(a->has_checkpoint, b->has_checkpoint);
    SWAP(a->size, b->size);
    SWAP(a->published, b->published);
    SWAP(a->signed_size, b->signed_size);
    SWAP(a->end, b->end);
    SWAP(a->filed, b->filed);
    SWAP(a->tail, b->tail);
    SWAP(a->edge, b->edge);
    for (unsigned i = 0; i < TILE_LEVELS; i++) {
        SWAP(a->level[i], b->level[i]);
        for (unsigned k = 0; k < TILE_TREES; k++)
            if (a->tree[i][k] != NULL) a->tree[i][k]->width = 0; /* what was not published may be other now */
    }
}

/* Opened beside and exchanged, so that a failure leaves the reader what it had. */
enum status log_refresh(struct log *log, struct error *error)
{
    if (log_writes(log)) return STATUS_DONE;
    struct log *fresh;
    struct hash before, after;
    uint64_t size = log->published;
    TRY(log_open(&fresh, log->system, log->directory, LOG_READ, log->has_key ? &log->signer : NULL, error));
    enum status status = log_root(log, size, &before, error);
    if (status == STATUS_DONE && fresh->size < size)
        status = log_damaged(error,
                             "The log's file {0} covers less than it did before. Run `truce verify` to see all that is "
                             "damaged; nothing was changed.",
                             log->checkpoint_path, -1);
    if (status == STATUS_DONE) status = log_root(fresh, size, &after, error);
    if (status == STATUS_DONE && !hash_equal(&before, &after))
        status = log_damaged(error,
                             "The log's file {0} does not extend the one that was read before. Run `truce verify` to "
                             "see all that is damaged; nothing was changed.",
                             log->checkpoint_path, -1);
    pthread_mutex_lock(&log->mutex);
    if (status == STATUS_DONE) exchange(log, fresh);
    pthread_mutex_unlock(&log->mutex);
    log_close(&fresh);
    return status;
}
