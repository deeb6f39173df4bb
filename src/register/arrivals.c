#include "register/arrivals.h"

#include "log/lines.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEAD = 4 + HASH_BYTES, ITEM_LEAST = HEAD + 1, ITEM_MOST = 2 * 65536 + 16 };

/* ---- the stamp */

enum status arrival_sign(struct buffer *out, const struct arrival_stamp *stamp, const struct signer *mirror,
                         struct error *error)
{
    char id[HASH_HEX_SIZE], submitted[BASE64_SIZE(HASH_BYTES)];
    OWN(buffer_clear) struct buffer text = {0};
    hash_format(&stamp->id.hash, id);
    base64_format(submitted, sizeof submitted, slice_of(stamp->submitted.bytes, HASH_BYTES));
    buffer_print(&text, "%.*s/arrival/v1\nid %s\nsubmitted %s\nat %" PRId64 "\n", SLICE(stamp->origin), id, submitted,
                 stamp->at_ms);
    TRY(buffer_finish(&text, error));
    buffer_put(out, buffer_slice(&text));
    buffer_put_byte(out, '\n');
    return note_cosign_line(out, buffer_slice(&text), stamp->at_ms / 1000, mirror, error);
}

enum status arrival_parse(struct arrival_stamp *out, struct slice note_text, struct error *error)
{
    static const char ending[] = "/arrival/v1";
    struct lines lines = {.text = note_text};
    struct arrival_stamp read;
    struct slice first = lines_take(&lines);
    size_t size = first.size < sizeof ending - 1 ? 0 : first.size - (sizeof ending - 1);
    if (size == 0 || !slice_is(slice_part(first, size, SIZE_MAX), ending)) lines.failed = true;
    read.origin = slice_part(first, 0, size);
    struct slice id = lines_field(&lines, "id");
    if (!lines.failed && !hash_parse(&read.id.hash, id)) lines.failed = true;
    read.submitted = lines_hash(&lines, lines_field(&lines, "submitted"));
    read.at_ms = (int64_t)lines_number(&lines, lines_field(&lines, "at"));
    TRY(lines_end(&lines, "arrival-form", "This is not a mirror's stamp: origin, id, submitted and at, one a line.",
                  error));
    *out = read;
    return STATUS_DONE;
}

/* ---- items */

static uint32_t number_at(struct slice bytes, size_t at)
{
    uint32_t number = 0;
    for (size_t i = 0; i < 4; i++) number = number << 8 | bytes.data[at + i];
    return number;
}

/* A whole item at `at`: its payload. */
static bool item_at(struct slice bytes, size_t at, struct slice *payload)
{
    if (bytes.size - at < ITEM_LEAST) return false;
    uint32_t size = number_at(bytes, at);
    if (size == 0 || size > ITEM_MOST || size > bytes.size - at - HEAD) return false;
    *payload = slice_part(bytes, at + HEAD, size);
    struct hash digest = hash_of(*payload);
    return memcmp(digest.bytes, bytes.data + at + 4, HASH_BYTES) == 0;
}

static void item_put(struct buffer *out, struct slice payload)
{
    struct hash digest = hash_of(payload);
    buffer_put_u32be(out, (uint32_t)payload.size);
    buffer_put(out, slice_of(digest.bytes, HASH_BYTES));
    buffer_put(out, payload);
}

static enum status make_room(struct arrivals *a, struct error *error)
{
    if (a->count < a->room) return STATUS_DONE;
    size_t room = a->room == 0 ? 64 : 2 * a->room;
    struct arrival *at = realloc(a->at, room * sizeof *at);
    if (at == NULL) return arena_full(error);
    a->at = at;
    a->room = room;
    return STATUS_DONE;
}

static enum status damaged(const struct arrivals *a, size_t at, struct error *error)
{
    enum status status = error_set(
        error, STATUS_UNVERIFIED, "arrivals-damaged",
        "The file {0} is damaged; nothing was changed. Put it aside, and the mirror begins a new one.", a->path, NULL);
    return error_at_offset(error, error_at(error, status, a->path), (int64_t)at);
}

static enum status take_arrival(struct arrivals *a, size_t from, struct slice payload, struct error *error)
{
    struct note note;
    size_t size = payload.size < 5 ? SIZE_MAX : number_at(payload, 1);
    if (size > payload.size - 5) return damaged(a, from, error);
    TRY(make_room(a, error));
    struct arrival *new = &a->at[a->count];
    *new = (struct arrival){.stamp_from = from + 5, .stamp_size = size, .note_from = from + 5 + size};
    new->note_size = payload.size - 5 - size;
    if (note_parse(&note, slice_part(payload, 5, size), error) != STATUS_DONE ||
        arrival_parse(&new->stamp, note.text, error) != STATUS_DONE)
        return damaged(a, from, error);
    new->stamp.origin = (struct slice){NULL, 0}; /* the bytes may move */
    a->count++;
    return STATUS_DONE;
}

static enum status take_item(struct arrivals *a, size_t from, struct slice payload, struct error *error)
{
    if (payload.data[0] == 'A') return take_arrival(a, from, payload, error);
    if (payload.data[0] != 'R' || payload.size < 1 + HASH_BYTES) return damaged(a, from, error);
    for (size_t i = 0; i < a->count; i++)
        if (memcmp(a->at[i].stamp.id.hash.bytes, payload.data + 1, HASH_BYTES) == 0)
            a->at[i].refused = a->at[i].settled = true;
    return STATUS_DONE;
}

/* Where the whole items end; what follows is torn if nothing whole stands in it. */
static enum status read_items(struct arrivals *a, size_t *end, struct error *error)
{
    struct slice bytes = buffer_slice(&a->bytes), payload;
    size_t at = 0;
    for (; at < bytes.size && item_at(bytes, at, &payload); at += HEAD + payload.size)
        TRY(take_item(a, at + HEAD, payload, error));
    for (size_t later = at + 1; later + ITEM_LEAST <= bytes.size; later++)
        if (item_at(bytes, later, &payload)) return damaged(a, at, error);
    *end = at;
    return STATUS_DONE;
}

/* ---- the file */

static enum status open_file(struct arrivals *a, size_t end, struct error *error)
{
    const struct system *s = a->system;
    a->file = s->open(s->context, a->path, O_RDWR | O_CREAT, 0666);
    if (a->file < 0) return error_system(error, "open", a->path, errno);
    if (end < a->bytes.size && s->truncate(s->context, a->file, (off_t)end) != 0)
        return error_system(error, "cut", a->path, errno);
    a->bytes.size = end;
    /* What a process before this one saw only in the kernel's cache is acknowledged from here on. */
    TRY(file_write_all(s, a->file, a->path, buffer_slice(&a->bytes), 0, error));
    if (s->sync(s->context, a->file) != 0) return error_system(error, "sync", a->path, errno);
    return STATUS_DONE;
}

static enum status open_steps(struct arrivals *a, const char *directory, bool writes, struct error *error)
{
    char folder[REGISTER_PATH_SIZE];
    bool there;
    size_t end = 0;
    TRY(register_path(folder, directory, "peers", error));
    TRY(register_path(a->path, directory, "peers/arrivals", error));
    if (writes) TRY(directory_make(a->system, folder, error));
    TRY(file_read_if_there(a->system, a->path, ARRIVALS_BYTES_MOST, &a->bytes, &there, error));
    TRY(read_items(a, &end, error));
    if (!writes) return STATUS_DONE;
    TRY(open_file(a, end, error));
    return directory_sync(a->system, folder, error);
}

enum status arrivals_open(struct arrivals *out, const struct system *system, const char *directory, bool writes,
                          struct error *error)
{
    *out = (struct arrivals){.system = system, .file = -1};
    enum status status = open_steps(out, directory, writes, error);
    if (status != STATUS_DONE) arrivals_close(out);
    return status;
}

void arrivals_close(struct arrivals *arrivals)
{
    if (arrivals->file >= 0) arrivals->system->close(arrivals->system->context, arrivals->file);
    free(arrivals->at);
    buffer_clear(&arrivals->bytes);
    *arrivals = (struct arrivals){.file = -1};
}

size_t arrivals_find(const struct arrivals *arrivals, const struct record_id *id, const struct hash *submitted)
{
    for (size_t i = 0; i < arrivals->count; i++)
        if (record_id_equal(&arrivals->at[i].stamp.id, id) && hash_equal(&arrivals->at[i].stamp.submitted, submitted))
            return i;
    return SIZE_MAX;
}

/* One write, one sync. A write that failed is cut back; whether a failed sync kept anything nobody knows. */
static enum status append(struct arrivals *a, struct slice items, struct error *error)
{
    const struct system *s = a->system;
    if (a->closed)
        return error_set(error, STATUS_FAILED, "arrivals-closed",
                         "The mirror stamps no more since a write to {0} failed; what was stamped is safe. Mend the "
                         "disk and start the mirror anew.",
                         a->path, NULL);
    enum status status = file_write_all(s, a->file, a->path, items, (off_t)a->bytes.size, error);
    if (status != STATUS_DONE) {
        a->closed = s->truncate(s->context, a->file, (off_t)a->bytes.size) != 0;
        return status;
    }
    if (s->sync(s->context, a->file) != 0) {
        int trouble = errno;
        a->closed = true;
        (void)s->truncate(s->context, a->file, (off_t)a->bytes.size);
        return error_system(error, "sync", a->path, trouble);
    }
    size_t at = a->bytes.size;
    buffer_put(&a->bytes, items);
    TRY(buffer_finish(&a->bytes, error));
    for (struct slice payload; at < a->bytes.size; at += HEAD + payload.size) {
        if (!item_at(buffer_slice(&a->bytes), at, &payload)) return damaged(a, at, error);
        TRY(take_item(a, at + HEAD, payload, error));
    }
    return STATUS_DONE;
}

enum status arrivals_add(struct arrivals *arrivals, const struct arriving *arriving, size_t count, struct error *error)
{
    OWN(buffer_clear) struct buffer items = {0}, payload = {0};
    for (size_t i = 0; i < count; i++) {
        buffer_reset(&payload);
        buffer_put_byte(&payload, 'A');
        buffer_put_u32be(&payload, (uint32_t)arriving[i].stamp.size);
        buffer_put(&payload, arriving[i].stamp);
        buffer_put(&payload, arriving[i].note);
        TRY(buffer_finish(&payload, error));
        item_put(&items, buffer_slice(&payload));
    }
    TRY(buffer_finish(&items, error));
    return append(arrivals, buffer_slice(&items), error);
}

enum status arrivals_refuse(struct arrivals *arrivals, size_t i, struct slice refusal, struct error *error)
{
    OWN(buffer_clear) struct buffer item = {0}, payload = {0};
    buffer_put_byte(&payload, 'R');
    buffer_put(&payload, slice_of(arrivals->at[i].stamp.id.hash.bytes, HASH_BYTES));
    buffer_put(&payload, refusal);
    TRY(buffer_finish(&payload, error));
    item_put(&item, buffer_slice(&payload));
    TRY(buffer_finish(&item, error));
    return append(arrivals, buffer_slice(&item), error);
}
