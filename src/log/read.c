/* Reading entries and proving them. Whatever the tree already covers is compared with it on the way out: a changed
 * journal or a wrong offset is noticed here, not by whoever gets the bytes. */
#include "log/internal.h"

#include <errno.h>

static enum status out_of_range(const struct log *log, uint64_t index, struct error *error)
{
    return error_set(error, STATUS_USAGE, "log-range", "The log has {0} entries; {1} is beyond them.",
                     error_number((int64_t)log->size).text, error_number((int64_t)index).text, NULL);
}

enum status journal_entry(struct log *log, uint64_t at, struct buffer *out, struct error *error)
{
    enum { FIRST = 2048 };
    if (at > (uint64_t)INT64_MAX - 2 * UINT16_MAX) return STATUS_DONE;
    uint8_t *room = buffer_reserve(out, 2 + UINT16_MAX);
    if (room == NULL) return buffer_finish(out, error);
    ssize_t got = file_read_at(log->system, log->journal, room, FIRST, (off_t)at);
    size_t size = got < 2 ? 0 : (size_t)(room[0] << 8 | room[1]);
    if (got == FIRST && size + 2 > FIRST) {
        ssize_t more = file_read_at(log->system, log->journal, room + FIRST, size + 2 - FIRST, (off_t)at + FIRST);
        got = more < 0 ? more : got + more;
    }
    if (got < 0) return error_system(error, "read", log->journal_path, errno);
    if ((size_t)got < size + 2) return STATUS_DONE;
    memmove(room, room + 2, size);
    buffer_advance(out, size);
    return STATUS_DONE;
}

/* A batch of entries of one tile: where they are, and their hashes. */
struct batch {
    uint64_t first;
    size_t count;
    uint64_t offset[TILE_WIDTH];
    struct hash leaf[TILE_WIDTH];
};
static enum status batch_get(struct log *log, uint64_t first, size_t count, struct batch *out, struct error *error)
{
    out->first = first;
    out->count = count;
    TRY(offsets_get(log, first, count, out->offset, error));
    return nodes_get(log, 0, first, count, out->leaf, error);
}

static bool batch_holds(const struct batch *batch, size_t i, struct slice entry, bool whole)
{
    if (!whole) return false;
    struct hash leaf = tree_leaf(entry);
    return hash_equal(&leaf, &batch->leaf[i]);
}

static enum status entry_damaged(const struct log *log, uint64_t index, struct error *error)
{
    enum status status =
        error_set(error, STATUS_UNVERIFIED, "log-damaged",
                  "Entry {0} in the log's file {1} is not the one that the tree covers. Run `truce verify` to see all "
                  "that is damaged; nothing was changed.",
                  error_number((int64_t)index).text, log->journal_path, NULL);
    return error_at(error, status, log->journal_path);
}

static enum status batch_get_locked(struct log *log, uint64_t first, size_t count, bool rebuild, struct batch *out,
                                    struct error *error)
{
    pthread_mutex_lock(&log->mutex);
    enum status status = rebuild ? offsets_rebuild(log, error) : STATUS_DONE;
    if (status == STATUS_DONE) status = batch_get(log, first, count, out, error);
    pthread_mutex_unlock(&log->mutex);
    return status;
}

/* Where it is and what it must hash to, under the mutex; the journal itself is read without it, so that many read at
 * once. */
static enum status read_one(struct log *log, uint64_t index, bool rebuild, struct buffer *out, bool *good,
                            struct error *error)
{
    struct batch batch;
    size_t start = out->size;
    TRY(batch_get_locked(log, index, 1, rebuild, &batch, error));
    TRY(journal_entry(log, batch.offset[0], out, error));
    *good = batch_holds(&batch, 0, slice_part(buffer_slice(out), start, SIZE_MAX), true);
    if (!*good) out->size = start;
    return STATUS_DONE;
}

enum status log_read(struct log *log, uint64_t index, struct buffer *out, struct error *error)
{
    if (index >= log->size) return out_of_range(log, index, error);
    bool good;
    TRY(read_one(log, index, false, out, &good, error));
    if (good) return STATUS_DONE;
    TRY(read_one(log, index, true, out, &good, error)); /* the offsets may be wrong: the journal tells */
    return good ? STATUS_DONE : entry_damaged(log, index, error);
}

/* Visits entries of the batch from *at on; stops where one does not hold (*good = false). */
static enum status batch_walk(struct window *window, const struct batch *batch, size_t *at, log_visit *visit,
                              void *context, bool *good, struct error *error)
{
    for (; *at < batch->count; ++*at) {
        uint64_t offset = batch->offset[*at];
        struct slice head, entry = {NULL, 0};
        size_t size = 0;
        bool whole = offset <= (uint64_t)INT64_MAX - 2 * UINT16_MAX;
        if (whole) TRY(window_get(window, offset, 2, &head, error));
        whole = whole && head.size == 2;
        if (whole) size = (size_t)(head.data[0] << 8 | head.data[1]);
        if (whole) TRY(window_get(window, offset + 2, size, &entry, error));
        whole = whole && entry.size == size;
        *good = batch_holds(batch, *at, entry, whole);
        if (!*good) return STATUS_DONE;
        TRY(visit(context, batch->first + *at, entry, error));
    }
    return STATUS_DONE;
}

static enum status walk_batch(struct log *log, struct window *window, uint64_t from, size_t count, log_visit *visit,
                              void *context, struct error *error)
{
    struct batch batch;
    size_t at = 0;
    bool good = true;
    TRY(batch_get_locked(log, from, count, false, &batch, error));
    TRY(batch_walk(window, &batch, &at, visit, context, &good, error));
    if (good) return STATUS_DONE;
    TRY(batch_get_locked(log, from, count, true, &batch, error));
    window->bytes.size = 0;
    TRY(batch_walk(window, &batch, &at, visit, context, &good, error));
    return good ? STATUS_DONE : entry_damaged(log, from + at, error);
}

enum status log_walk(struct log *log, uint64_t from, uint64_t to, log_visit *visit, void *context, struct error *error)
{
    if (to > log->size) return out_of_range(log, to, error);
    struct window window = log_window(log);
    enum status status = STATUS_DONE;
    while (status == STATUS_DONE && from < to) {
        uint64_t end = (from / TILE_WIDTH + 1) * TILE_WIDTH;
        if (end > to) end = to;
        status = walk_batch(log, &window, from, (size_t)(end - from), visit, context, error);
        from = end;
    }
    buffer_clear(&window.bytes);
    return status;
}

enum status log_root(struct log *log, uint64_t size, struct hash *out, struct error *error)
{
    if (size > log->size) return out_of_range(log, size, error);
    pthread_mutex_lock(&log->mutex);
    enum status status = STATUS_DONE;
    if (size == log->edge.size)
        *out = tree_edge_root(&log->edge);
    else
        status = nodes_root(log, 0, size, out, error);
    pthread_mutex_unlock(&log->mutex);
    return status;
}

void log_edge(struct log *log, struct tree_edge *out)
{
    pthread_mutex_lock(&log->mutex);
    *out = log->edge;
    pthread_mutex_unlock(&log->mutex);
}

enum status log_leaf(struct log *log, uint64_t index, struct hash *out, struct error *error)
{
    if (index >= log->size) return out_of_range(log, index, error);
    pthread_mutex_lock(&log->mutex);
    enum status status = nodes_get(log, 0, index, 1, out, error);
    pthread_mutex_unlock(&log->mutex);
    return status;
}

static enum status node_of_log(void *context, uint64_t from, uint64_t count, struct hash *out, struct error *error)
{
    return nodes_root(context, from, count, out, error);
}

enum status log_prove_inclusion(struct log *log, uint64_t index, uint64_t size, struct log_proof *out,
                                struct error *error)
{
    if (size > log->size) return out_of_range(log, size, error);
    if (index >= size)
        return error_set(error, STATUS_USAGE, "log-range", "A tree of {0} entries does not have entry {1}.",
                         error_number((int64_t)size).text, error_number((int64_t)index).text, NULL);
    struct log_proof proof = {.count = 0};
    pthread_mutex_lock(&log->mutex);
    enum status status = tree_prove_inclusion(index, size, node_of_log, log, &proof, error);
    pthread_mutex_unlock(&log->mutex);
    if (status == STATUS_DONE) *out = proof;
    return status;
}

enum status log_prove_consistency(struct log *log, uint64_t from, uint64_t to, struct log_proof *out,
                                  struct error *error)
{
    if (to > log->size) return out_of_range(log, to, error);
    if (from > to)
        return error_set(error, STATUS_USAGE, "log-range", "A tree of {0} entries does not grow into one of {1}.",
                         error_number((int64_t)from).text, error_number((int64_t)to).text, NULL);
    struct log_proof proof = {.count = 0};
    pthread_mutex_lock(&log->mutex);
    enum status status = tree_prove_consistency(from, to, node_of_log, log, &proof, error);
    pthread_mutex_unlock(&log->mutex);
    if (status == STATUS_DONE) *out = proof;
    return status;
}
