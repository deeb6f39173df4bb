/* The journal's part of verifying: the headers are walked once, and segments of whole groups given to all threads,
 * which check digests and compare each leaf with the tiles. */
#include "log/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

enum { SEGMENT_BYTES = 4 * 1024 * 1024 };

struct segment {
    uint64_t at, end, first;
};
struct bad_group {
    uint64_t at, first, entry, offset;
    bool entry_known;
};
struct journal_pass {
    int file;
    uint64_t size;          /* bytes */
    struct buffer segments; /* of struct segment */
    struct buffer bad;      /* of struct bad_group */
    uint64_t last_good;     /* end of the last sound group */
    struct window window;   /* the walk's */
    struct group_room room;
    struct group before; /* the last group walked */
    bool has_before;
};

struct worker {
    struct window window;
    struct group_room room;
    bool has_tile, tile_good;
    uint64_t n;
    struct hash tile[TILE_WIDTH];
};

static void worker_clear(void *context)
{
    struct worker *worker = context;
    buffer_clear(&worker->window.bytes);
    group_room_clear(&worker->room);
}

/* The hash that the tiles give for a leaf; *known is false beyond them, or where the tile is not there. */
static enum status leaf_wanted(struct verify *v, struct worker *worker, uint64_t index, bool *known, struct hash *out,
                               struct error *error)
{
    uint64_t n = index / TILE_WIDTH;
    *known = false;
    if (index >= v->published) return STATUS_DONE;
    if (!worker->has_tile || worker->n != n) {
        unsigned width = n < v->published / TILE_WIDTH ? TILE_WIDTH : tile_width(v->published, 0);
        worker->has_tile = false;
        TRY(verify_tile(v, 0, n, width, worker->tile, false, &worker->tile_good, error));
        worker->has_tile = true;
        worker->n = n;
    }
    *known = worker->tile_good;
    if (*known) *out = worker->tile[index % TILE_WIDTH];
    return STATUS_DONE;
}

static enum status blame_tile(struct verify *v, uint64_t index)
{
    char path[LOG_PATH_SIZE];
    uint64_t n = index / TILE_WIDTH;
    if (!verify_blame(v, 0, n)) return STATUS_DONE;
    tile_path(path, v->directory, 0, n, n < v->published / TILE_WIDTH ? TILE_WIDTH : tile_width(v->published, 0));
    return verify_fault(v, "log-tile-hash", "The tile {0} does not have the hash of entry {1} of the journal.", path,
                        error_number((int64_t)index).text, (int64_t)(index % TILE_WIDTH * HASH_BYTES));
}

/* Leaves against tiles. In a sound group a difference is the tile's; in another it shows which entry was changed. */
static enum status compare_leaves(struct verify *v, struct worker *worker, const struct group *group, bool sound,
                                  struct bad_group *bad, struct error *error)
{
    for (uint32_t i = 0; i < group->count; i++) {
        struct hash wanted;
        bool known;
        if (worker->room.offsets[i] == UINT64_MAX) break; /* not taken apart so far */
        TRY(leaf_wanted(v, worker, group->first + i, &known, &wanted, error));
        if (!known || hash_equal(&wanted, &worker->room.leaves[i])) continue;
        if (sound) {
            TRY(blame_tile(v, group->first + i));
            continue;
        }
        bad->entry_known = true;
        bad->entry = group->first + i;
        bad->offset = worker->room.offsets[i];
        break;
    }
    return STATUS_DONE;
}

static enum status verify_group(struct verify *v, struct worker *worker, const struct group *group, struct error *error)
{
    struct slice bytes;
    struct bad_group bad = {.at = group->at, .first = group->first, .offset = group->at};
    TRY(window_get(&worker->window, group->at, GROUP_HEADER_BYTES + group->bytes, &bytes, error));
    for (uint32_t i = 0; i < group->count; i++) worker->room.offsets[i] = UINT64_MAX;
    bool sound =
        group_check(group, slice_part(bytes, GROUP_HEADER_BYTES, SIZE_MAX), worker->room.leaves, worker->room.offsets);
    TRY(compare_leaves(v, worker, group, sound, &bad, error));
    pthread_mutex_lock(&v->mutex);
    if (!sound) buffer_put(&v->journal->bad, slice_of(&bad, sizeof bad));
    if (sound && group_end(group) > v->journal->last_good) v->journal->last_good = group_end(group);
    pthread_mutex_unlock(&v->mutex);
    return STATUS_DONE;
}

static enum status verify_segment(struct verify *v, void *context, uint64_t i, struct error *error)
{
    struct worker *worker = context;
    struct segment segment;
    memcpy(&segment, v->journal->segments.data + i * sizeof segment, sizeof segment);
    worker->window.system = v->system;
    worker->window.file = v->journal->file;
    worker->window.path = v->journal_path;
    if (worker->room.leaves == NULL) TRY(group_room_open(&worker->room, error));
    while (segment.at < segment.end) {
        struct group group;
        struct slice header;
        TRY(window_get(&worker->window, segment.at, GROUP_HEADER_BYTES, &header, error));
        if (!group_parse(&group, header, segment.at)) break; /* cut meanwhile: the next look at it will tell */
        TRY(verify_group(v, worker, &group, error));
        segment.at = group_end(&group);
    }
    return STATUS_DONE;
}

/* ---- the walk over the headers */

static void segment_add(struct journal_pass *pass, const struct group *group)
{
    struct segment last;
    size_t count = pass->segments.size / sizeof last;
    if (count > 0) {
        memcpy(&last, pass->segments.data + (count - 1) * sizeof last, sizeof last);
        if (last.end == group->at && last.end - last.at < SEGMENT_BYTES) {
            last.end = group_end(group);
            memcpy(pass->segments.data + (count - 1) * sizeof last, &last, sizeof last);
            return;
        }
    }
    last = (struct segment){group->at, group_end(group), group->first};
    buffer_put(&pass->segments, slice_of(&last, sizeof last));
}

/* No group stands where the last one ends. If that one is not sound, its size may be what is wrong, and whoever checks
 * it will say so; else this place is at fault. Goes on at the next sound group, or ends. */
static enum status walk_doubt(struct verify *v, struct journal_pass *pass, uint64_t *at, uint64_t *next, bool *end,
                              struct error *error)
{
    struct group group;
    bool sound = true, found;
    pass->window.bytes.size = 0;
    if (pass->has_before) TRY(group_read(&pass->window, pass->before.at, &pass->room, &group, &sound, error));
    uint64_t from = sound ? *at : pass->before.at, known = sound ? *next : pass->before.first;
    TRY(journal_find(&pass->window, from + 1, known, &pass->room, &group, &found, error));
    *end = !found;
    if (sound && (found || *next < v->published))
        verify_fault(v, "log-journal-group", "The journal {0} has no sound group where entry {1} should begin.",
                     v->journal_path, error_number((int64_t)*next).text, (int64_t)*at);
    if (!found) return STATUS_DONE;
    *at = group.at;
    *next = group.first;
    pass->has_before = false;
    return STATUS_DONE;
}

static enum status walk(struct verify *v, struct journal_pass *pass, uint64_t *next, struct error *error)
{
    *next = 0;
    for (uint64_t at = 0; at < pass->size;) {
        struct group group;
        struct slice header;
        TRY(window_get(&pass->window, at, GROUP_HEADER_BYTES, &header, error));
        if (group_parse(&group, header, at) && group.first == *next && group_end(&group) <= pass->size) {
            segment_add(pass, &group);
            pass->before = group;
            pass->has_before = true;
            at = group_end(&group);
            *next += group.count;
            continue;
        }
        bool end;
        TRY(walk_doubt(v, pass, &at, next, &end, error));
        if (end) break;
    }
    return buffer_finish(&pass->segments, error);
}

/* A group that is not sound is no fault if it was never acknowledged: behind the checkpoint, with nothing sound after.
 */
static enum status say_bad(struct verify *v, struct journal_pass *pass, struct error *error)
{
    for (size_t i = 0; i < pass->bad.size; i += sizeof(struct bad_group)) {
        struct bad_group bad;
        memcpy(&bad, pass->bad.data + i, sizeof bad);
        if (bad.first >= v->published && bad.at >= pass->last_good) continue;
        if (bad.entry_known)
            verify_fault(v, "log-journal-entry", "Entry {1} in the journal {0} is not what was appended.",
                         v->journal_path, error_number((int64_t)bad.entry).text, (int64_t)bad.offset);
        else
            verify_fault(v, "log-journal-group",
                         "The group in the journal {0} that begins with entry {1} is not sound.", v->journal_path,
                         error_number((int64_t)bad.first).text, (int64_t)bad.offset);
    }
    return buffer_finish(&pass->bad, error);
}

static enum status pass_open(struct verify *v, struct journal_pass *pass, struct error *error)
{
    const struct system *s = v->system;
    pass->file = s->open(s->context, v->journal_path, O_RDONLY, 0);
    if (pass->file < 0 && errno == ENOENT) {
        int checkpoint = s->open(s->context, v->checkpoint_path, O_RDONLY, 0);
        if (checkpoint < 0)
            return error_set(error, STATUS_FAILED, "log-missing", "There is no log in {0} (no file \"journal\").",
                             v->directory, NULL);
        s->close(s->context, checkpoint);
        return verify_fault(v, "log-journal-missing", "The journal {0} is missing.", v->journal_path, "", -1);
    }
    if (pass->file < 0) return error_system(error, "open", v->journal_path, errno);
    off_t size = s->size(s->context, pass->file);
    if (size < 0) return error_system(error, "read", v->journal_path, errno);
    pass->size = (uint64_t)size;
    pass->window = (struct window){.system = s, .file = pass->file, .path = v->journal_path};
    return group_room_open(&pass->room, error);
}

static void pass_close(struct verify *v, struct journal_pass *pass)
{
    if (pass->file >= 0) v->system->close(v->system->context, pass->file);
    buffer_clear(&pass->segments);
    buffer_clear(&pass->bad);
    buffer_clear(&pass->window.bytes);
    group_room_clear(&pass->room);
    v->journal = NULL;
}

static enum status journal_steps(struct verify *v, struct journal_pass *pass, uint64_t *size, struct error *error)
{
    TRY(pass_open(v, pass, error));
    TRY(walk(v, pass, size, error));
    v->journal = pass;
    TRY(verify_all(v, pass->segments.size / sizeof(struct segment), verify_segment, sizeof(struct worker), worker_clear,
                   error));
    TRY(say_bad(v, pass, error));
    if (*size >= v->published) return STATUS_DONE;
    return verify_fault(v, "log-journal-short",
                        "The journal {0} ends before entry {1}, but the checkpoint covers more.", v->journal_path,
                        error_number((int64_t)*size).text, (int64_t)pass->size);
}

enum status verify_journal(struct verify *v, uint64_t *size, struct error *error)
{
    struct journal_pass pass = {.file = -1};
    *size = 0;
    enum status status = journal_steps(v, &pass, size, error);
    pass_close(v, &pass);
    return status;
}

/* How many entries the headers tell of; faults are not said. */
enum status verify_journal_size(struct verify *v, uint64_t *size, struct error *error)
{
    struct journal_pass pass = {.file = -1};
    size_t said = v->fault_count, bytes = v->faults.size;
    *size = 0;
    enum status status = pass_open(v, &pass, error);
    if (status == STATUS_DONE) status = walk(v, &pass, size, error);
    pass_close(v, &pass);
    v->fault_count = said;
    v->faults.size = bytes;
    return status;
}
