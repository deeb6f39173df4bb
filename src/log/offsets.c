/* Where each entry begins in the journal. The file is disposable (it is named an index): a reader whose answer does not
 * match the tree forgets it and scans the journal, and a writer writes it anew. */
#include "log/internal.h"

#include <errno.h>
#include <stdlib.h>

enum { OFFSET_BYTES = 8, FLUSH_ENTRIES = 8192 };

static size_t tail_count(const struct log *log)
{
    return log->tail.size / sizeof(uint64_t);
}

enum status offsets_add(struct log *log, const uint64_t *offsets, size_t count, struct error *error)
{
    buffer_put(&log->tail, slice_of(offsets, count * sizeof *offsets));
    TRY(buffer_finish(&log->tail, error));
    if (tail_count(log) >= FLUSH_ENTRIES) offsets_flush(log);
    return STATUS_DONE;
}

void offsets_flush(struct log *log)
{
    size_t count = tail_count(log);
    if (!log_writes(log) || log->offsets < 0 || count == 0) return;
    OWN(buffer_clear) struct buffer bytes = {0};
    for (size_t i = 0; i < count; i++) {
        uint64_t offset;
        memcpy(&offset, log->tail.data + i * sizeof offset, sizeof offset);
        buffer_put_u64be(&bytes, offset);
    }
    /* A disk that takes no more is the journal's business; offsets can wait in memory. */
    if (bytes.failed || file_write_all(log->system, log->offsets, log->offsets_path, buffer_slice(&bytes),
                                       (off_t)(log->filed * OFFSET_BYTES), NULL) != STATUS_DONE)
        return;
    log->filed += count;
    buffer_reset(&log->tail);
}

static enum status offsets_read(struct log *log, uint64_t from, size_t count, uint64_t *out, struct error *error)
{
    uint8_t bytes[OFFSET_BYTES * 64];
    for (size_t done = 0; done < count;) {
        size_t part = count - done < 64 ? count - done : 64;
        ssize_t got =
            file_read_at(log->system, log->offsets, bytes, part * OFFSET_BYTES, (off_t)((from + done) * OFFSET_BYTES));
        if (got < 0) return error_system(error, "read", log->offsets_path, errno);
        memset(bytes + got, 0xFF, part * OFFSET_BYTES - (size_t)got); /* cut off: no place, so the journal is asked */
        for (size_t i = 0; i < part; i++) {
            uint64_t offset = 0;
            for (size_t b = 0; b < OFFSET_BYTES; b++) offset = offset << 8 | bytes[i * OFFSET_BYTES + b];
            out[done + i] = offset;
        }
        done += part;
    }
    return STATUS_DONE;
}

enum status offsets_get(struct log *log, uint64_t from, size_t count, uint64_t *out, struct error *error)
{
    size_t in_file = from >= log->filed ? 0 : log->filed - from < count ? (size_t)(log->filed - from) : count;
    TRY(offsets_read(log, from, in_file, out, error));
    if (in_file < count)
        memcpy(out + in_file, log->tail.data + (from + in_file - log->filed) * sizeof *out,
               (count - in_file) * sizeof *out);
    return STATUS_DONE;
}

void offsets_forget(struct log *log)
{
    log->filed = 0;
    buffer_reset(&log->tail);
    if (log_writes(log) && log->offsets >= 0) log->system->truncate(log->system->context, log->offsets, 0);
}

static enum status rebuild_visit(void *context, const struct group *group, const struct group_room *room,
                                 struct error *error)
{
    return offsets_add(context, room->offsets, group->count, error);
}

enum status offsets_rebuild(struct log *log, struct error *error)
{
    struct window window = log_window(log);
    struct journal_end end;
    offsets_forget(log);
    enum status status = journal_scan(&window, 0, 0, log->end, rebuild_visit, log, &end, error);
    buffer_clear(&window.bytes);
    TRY(status);
    if (end.next != log->size)
        return log_damaged(error,
                           "The log's file {0} holds a group that is not sound. Run `truce verify` to see all that is "
                           "damaged; nothing was changed.",
                           log->journal_path, (int64_t)end.at);
    offsets_flush(log);
    return STATUS_DONE;
}
