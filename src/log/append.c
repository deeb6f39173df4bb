/* Appending: one sequential write and one sync for a group; then, and only then, it counts. */
#include "log/internal.h"

#include <errno.h>
#include <stdlib.h>

/* Nothing of the group shall be seen. Where even cutting fails, recovery decides (L2). */
static bool cut_back(struct log *log)
{
    return log->system->truncate(log->system->context, log->journal, (off_t)log->end) == 0;
}

static enum status append_failed(struct log *log, int trouble, struct error *error)
{
    log->closed_to_writing = true;
    bool cut = cut_back(log);
    return error_set(
        error, STATUS_FAILED, "log-append-failed",
        cut ? "The journal {0} could not be written: {1}. Nothing of this group was kept, all before it is safe, "
              "and the log takes no more until it is opened anew."
            : "The journal {0} could not be written: {1}. All before this group is safe, the group itself was not "
              "acknowledged, and the log takes no more until it is opened anew.",
        log->journal_path, strerror(trouble), NULL);
}

/* A write that was refused for want of room says nothing against what was written before: cut back, the log goes on as
 * soon as there is room. A failed sync is another matter. */
static enum status write_failed(struct log *log, int trouble, struct error *error)
{
    if ((trouble != ENOSPC && trouble != EDQUOT && trouble != EFBIG) || !cut_back(log))
        return append_failed(log, trouble, error);
    return error_set(
        error, STATUS_FAILED, "log-full",
        "There is no room for the journal {0}: {1}. Nothing of this group was kept, all before it is safe. "
        "Free some room and try again.",
        log->journal_path, strerror(trouble), NULL);
}

static enum status group_write(struct log *log, struct slice group, struct error *error)
{
    const struct system *s = log->system;
    for (size_t done = 0; done < group.size;) {
        ssize_t put =
            s->write(s->context, log->journal, group.data + done, group.size - done, (off_t)(log->end + done));
        if (put <= 0) return write_failed(log, put < 0 ? errno : ENOSPC, error);
        done += (size_t)put;
    }
    if (s->sync(s->context, log->journal) != 0) return append_failed(log, errno, error);
    return STATUS_DONE;
}

static enum status group_check_limits(const struct slice *entries, size_t count, struct error *error)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].size > LIMIT_ENTRY_BYTES)
            return error_set(error, STATUS_REFUSED, "log-entry-too-large",
                             "An entry of the log has at most {0} bytes; this one has {1}.",
                             error_number(LIMIT_ENTRY_BYTES).text, error_number((int64_t)entries[i].size).text, NULL);
        bytes += 2 + entries[i].size;
        if (bytes > GROUP_BYTES_MOST) break;
    }
    if (count <= GROUP_ENTRIES_MOST && bytes <= GROUP_BYTES_MOST) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "log-group-too-large",
                     "A group for the log has at most {0} entries and {1} bytes. Append it in parts.",
                     error_number(GROUP_ENTRIES_MOST).text, error_number(GROUP_BYTES_MOST).text, NULL);
}

/* The group is durable: it counts from here on, for readers beside us too. */
static enum status group_take(struct log *log, size_t count, const struct group_room *room, size_t group_bytes,
                              struct error *error)
{
    pthread_mutex_lock(&log->mutex);
    enum status status = offsets_add(log, room->offsets, count, error);
    for (size_t i = 0; status == STATUS_DONE && i < count; i++) status = levels_add(log, &room->leaves[i], error);
    if (status == STATUS_DONE) {
        log->end += group_bytes;
        log->size += count;
    } else {
        log->closed_to_writing = true; /* memory ran out half-way: durable, and seen when opened anew */
    }
    pthread_mutex_unlock(&log->mutex);
    return status;
}

static enum status append_group(struct log *log, const struct slice *entries, size_t count, struct group_room *room,
                                struct buffer *bytes, struct error *error)
{
    uint64_t at = log->end + GROUP_HEADER_BYTES;
    for (size_t i = 0; i < count; i++) {
        room->offsets[i] = at;
        at += 2 + entries[i].size;
    }
    group_encode(bytes, log->size, entries, count, room->leaves);
    TRY(buffer_finish(bytes, error));
    TRY(group_write(log, buffer_slice(bytes), error));
    return group_take(log, count, room, bytes->size, error);
}

enum status log_append(struct log *log, const struct slice *entries, size_t count, uint64_t *first, struct error *error)
{
    if (!log_writes(log))
        return error_set(error, STATUS_USAGE, "log-read-only", "The log was opened for reading.", NULL);
    if (log->closed_to_writing) return log_closed(error);
    TRY(group_check_limits(entries, count, error));
    uint64_t index = log->size;
    if (count > 0) {
        struct group_room room = {.leaves = malloc(count * sizeof *room.leaves),
                                  .offsets = malloc(count * sizeof *room.offsets)};
        OWN(buffer_clear) struct buffer bytes = {0};
        enum status status =
            room.leaves == NULL || room.offsets == NULL
                ? error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL)
                : append_group(log, entries, count, &room, &bytes, error);
        group_room_clear(&room);
        TRY(status);
    }
    *first = index;
    return STATUS_DONE;
}
