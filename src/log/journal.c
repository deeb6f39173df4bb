/* The journal's groups: {magic, first, count, payload bytes, digest} and the payload in the form of an entry bundle.
 * The digest covers the header before it and the leaves' hashes, so that every byte is covered and hashed once. */
#include "log/internal.h"

#include <errno.h>
#include <stdlib.h>

/* 0xFF is in no UTF-8: no signed note that somebody submits can hold what looks like a group. */
static const uint8_t magic[8] = {0xFF, 't', 'r', 'u', 'c', 'e', 0x01, '\n'};

enum status window_get(struct window *window, uint64_t at, size_t size, struct slice *out, struct error *error)
{
    struct buffer *bytes = &window->bytes;
    if (at < window->at || at + size > window->at + bytes->size) {
        size_t wanted = size > WINDOW_BYTES ? size : WINDOW_BYTES;
        buffer_reset(bytes);
        uint8_t *room = buffer_reserve(bytes, wanted);
        if (room == NULL) return buffer_finish(bytes, error);
        ssize_t got = file_read_at(window->system, window->file, room, wanted, (off_t)at);
        if (got < 0) return error_system(error, "read", window->path, errno);
        buffer_advance(bytes, (size_t)got);
        window->at = at;
    }
    *out = slice_part(buffer_slice(bytes), (size_t)(at - window->at), size);
    return STATUS_DONE;
}

static uint64_t read_be(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) number = number << 8 | bytes[i];
    return number;
}

static struct hash group_digest(const uint8_t *header, const struct hash *leaves, size_t count)
{
    struct slice parts[] = {slice_of(header, GROUP_HEAD_BYTES), slice_of(leaves, count * HASH_BYTES)};
    return hash_of_parts(parts, COUNT_OF(parts));
}

void group_encode(struct buffer *out, uint64_t first, const struct slice *entries, size_t count, struct hash *leaves)
{
    size_t start = out->size, bytes = 0;
    for (size_t i = 0; i < count; i++) bytes += 2 + entries[i].size;
    if (buffer_reserve(out, GROUP_HEADER_BYTES + bytes) == NULL) return;
    buffer_put(out, slice_of(magic, sizeof magic));
    buffer_put_u64be(out, first);
    buffer_put_u32be(out, (uint32_t)count);
    buffer_put_u32be(out, (uint32_t)bytes);
    for (size_t i = 0; i < count; i++) leaves[i] = tree_leaf(entries[i]);
    struct hash digest = group_digest(out->data + start, leaves, count);
    buffer_put(out, slice_of(digest.bytes, HASH_BYTES));
    for (size_t i = 0; i < count; i++) {
        buffer_put_u16be(out, (uint16_t)entries[i].size);
        buffer_put(out, entries[i]);
    }
}

bool group_parse(struct group *out, struct slice header, uint64_t at)
{
    if (header.size < GROUP_HEADER_BYTES || memcmp(header.data, magic, sizeof magic) != 0) return false;
    *out = (struct group){.at = at,
                          .first = read_be(header.data + 8, 8),
                          .count = (uint32_t)read_be(header.data + 16, 4),
                          .bytes = (uint32_t)read_be(header.data + 20, 4)};
    memcpy(out->head, header.data, GROUP_HEAD_BYTES);
    memcpy(out->digest.bytes, header.data + GROUP_HEAD_BYTES, HASH_BYTES);
    return out->count > 0 && out->count <= GROUP_ENTRIES_MOST && out->bytes <= GROUP_BYTES_MOST &&
           out->bytes / 2 >= out->count && out->first <= (uint64_t)INT64_MAX - out->count;
}

bool group_check(const struct group *group, struct slice payload, struct hash *leaves, uint64_t *offsets)
{
    size_t at = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        if (payload.size - at < 2) return false;
        size_t size = (size_t)read_be(payload.data + at, 2);
        if (payload.size - at - 2 < size) return false;
        offsets[i] = group->at + GROUP_HEADER_BYTES + at;
        leaves[i] = tree_leaf(slice_part(payload, at + 2, size));
        at += 2 + size;
    }
    if (at != payload.size || payload.size != group->bytes) return false;
    struct hash digest = group_digest(group->head, leaves, group->count);
    return hash_equal(&digest, &group->digest);
}

enum status group_room_open(struct group_room *out, struct error *error)
{
    out->leaves = malloc(GROUP_ENTRIES_MOST * sizeof *out->leaves);
    out->offsets = malloc(GROUP_ENTRIES_MOST * sizeof *out->offsets);
    if (out->leaves != NULL && out->offsets != NULL) return STATUS_DONE;
    group_room_clear(out);
    return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
}

void group_room_clear(struct group_room *room)
{
    free(room->leaves);
    free(room->offsets);
    *room = (struct group_room){0};
}

enum status group_read(struct window *window, uint64_t at, const struct group_room *room, struct group *out, bool *good,
                       struct error *error)
{
    struct slice bytes;
    *good = false;
    TRY(window_get(window, at, GROUP_HEADER_BYTES, &bytes, error));
    if (!group_parse(out, bytes, at)) return STATUS_DONE;
    size_t size = GROUP_HEADER_BYTES + out->bytes;
    TRY(window_get(window, at, size, &bytes, error));
    if (bytes.size < size) return STATUS_DONE;
    *good = group_check(out, slice_part(bytes, GROUP_HEADER_BYTES, SIZE_MAX), room->leaves, room->offsets);
    return STATUS_DONE;
}

enum status journal_find(struct window *window, uint64_t at, uint64_t next, struct group_room *room, struct group *out,
                         bool *found, struct error *error)
{
    *found = false;
    for (;;) {
        struct slice bytes;
        TRY(window_get(window, at, WINDOW_BYTES, &bytes, error));
        const uint8_t *hit = bytes.size < sizeof magic ? NULL : memmem(bytes.data, bytes.size, magic, sizeof magic);
        if (hit == NULL && bytes.size < WINDOW_BYTES) return STATUS_DONE;
        if (hit == NULL) {
            at += bytes.size - sizeof magic + 1;
            continue;
        }
        at += (uint64_t)(hit - bytes.data);
        TRY(group_read(window, at, room, out, found, error));
        if (*found && out->first >= next) return STATUS_DONE;
        *found = false;
        at++;
    }
}

static enum status group_next(struct window *window, struct group_room *room, const struct journal_end *end,
                              struct group *group, enum journal_state *state, struct error *error)
{
    bool good, found;
    struct group later;
    *state = JOURNAL_WHOLE;
    TRY(group_read(window, end->at, room, group, &good, error));
    if (good && group->first == end->next) return STATUS_DONE;
    window->bytes.size = 0; /* a writer may have gone on meanwhile */
    TRY(journal_find(window, end->at + 1, end->next, room, &later, &found, error));
    *state = JOURNAL_TORN;
    if (!found) return STATUS_DONE;
    /* Whoever wrote the later group had finished this one: what was read first may have been half of it. */
    window->bytes.size = 0;
    TRY(group_read(window, end->at, room, group, &good, error));
    *state = good && group->first == end->next ? JOURNAL_WHOLE : JOURNAL_DAMAGED;
    return STATUS_DONE;
}

static enum status scan(struct window *window, struct group_room *room, uint64_t stop, group_visit *visit,
                        void *context, struct journal_end *end, struct error *error)
{
    while (end->at < stop) {
        struct group group;
        struct slice rest;
        TRY(window_get(window, end->at, 1, &rest, error));
        if (rest.size == 0) break;
        TRY(group_next(window, room, end, &group, &end->state, error));
        if (end->state != JOURNAL_WHOLE) break;
        TRY(visit(context, &group, room, error));
        end->at = group_end(&group);
        end->next = group.first + group.count;
    }
    return STATUS_DONE;
}

enum status journal_scan(struct window *window, uint64_t at, uint64_t next, uint64_t stop, group_visit *visit,
                         void *context, struct journal_end *end, struct error *error)
{
    struct group_room room;
    TRY(group_room_open(&room, error));
    *end = (struct journal_end){.state = JOURNAL_WHOLE, .at = at, .next = next};
    enum status status = scan(window, &room, stop, visit, context, end, error);
    group_room_clear(&room);
    return status;
}
