/* The state file: frames, each with its digest, appended by one write and one sync; written anew at each start and when
 * it has grown. spec/witness.md has the format. */
#include "log/frames.h"
#include "peer/witness_internal.h"
#include "text/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

enum { ITEM_HEADER = 1 + 4 };
#define STATE_MOST ((size_t)512 << 20)
#define COMPACT_LEAST ((off_t)16 << 20)

static uint64_t number_at(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) number = number << 8 | bytes[i];
    return number;
}

/* ---- items */

static void put_item(struct buffer *out, char what, struct slice bytes)
{
    buffer_put_byte(out, (uint8_t)what);
    buffer_put_u32be(out, (uint32_t)bytes.size);
    buffer_put(out, bytes);
}

static void put_key(struct buffer *out, const struct verifier *key)
{
    char text[VERIFIER_TEXT_SIZE];
    verifier_format(key, text);
    put_item(out, 'K', slice_from(text));
}

static void put_head(struct buffer *out, const struct seen *head)
{
    buffer_put_byte(out, 'H');
    buffer_put_u32be(out, (uint32_t)(8 + head->note.size));
    buffer_put_u64be(out, (uint64_t)head->time_s);
    buffer_put(out, buffer_slice(&head->note));
}

static void put_override(struct buffer *out, int64_t ms)
{
    buffer_put_byte(out, 'O');
    buffer_put_u32be(out, 8);
    buffer_put_u64be(out, (uint64_t)ms);
}

static bool take_key(struct slice bytes, const struct verifier *key)
{
    char text[VERIFIER_TEXT_SIZE];
    verifier_format(key, text);
    return slice_is(bytes, text);
}

static bool origin_good(struct slice origin)
{
    size_t bad;
    if (origin.size == 0 || origin.size > LIMIT_ORIGIN_BYTES || !utf8_valid(origin, &bad)) return false;
    for (size_t i = 0; i < origin.size; i++)
        if (origin.data[i] < 0x20) return false;
    return true;
}

static bool take_head(struct slice bytes, struct trusted *trusted, struct error *error)
{
    struct note note;
    struct checkpoint checkpoint;
    struct witness_log *log;
    if (bytes.size < 8) return false;
    struct slice text = slice_part(bytes, 8, SIZE_MAX);
    uint64_t time_s = number_at(bytes.data, 8);
    if (time_s == 0 || time_s > INT64_MAX) return false;
    if (note_parse(&note, text, NULL) != STATUS_DONE || checkpoint_parse(&checkpoint, note.text, NULL) != STATUS_DONE ||
        !origin_good(checkpoint.origin) || trusted_log(trusted, checkpoint.origin, &log, error) != STATUS_DONE)
        return false;
    /* W2: a file that went back would not be ours. */
    bool same = log->head.time_s != 0 && checkpoint.size == log->head.size;
    if (checkpoint.size < log->head.size || (int64_t)time_s < log->head.time_s ||
        (same && !hash_equal(&checkpoint.root, &log->head.root)))
        return false;
    log->head.size = checkpoint.size;
    log->head.root = checkpoint.root;
    log->head.time_s = (int64_t)time_s;
    buffer_reset(&log->head.note);
    buffer_put(&log->head.note, text);
    return !log->head.note.failed;
}

static bool take_stop(struct slice bytes, struct trusted *trusted, struct error *error)
{
    struct witness_log *log;
    if (!origin_good(bytes) || trusted_log(trusted, bytes, &log, error) != STATUS_DONE) return false;
    log->stopped = true;
    return true;
}

/* "OLD NEW": the votes that were given. */
static void put_end(struct buffer *out, const struct ended_key *end)
{
    char old_key[VERIFIER_TEXT_SIZE], new_key[VERIFIER_TEXT_SIZE];
    OWN(buffer_clear) struct buffer text = {0};
    verifier_format(&end->old_key, old_key);
    verifier_format(&end->new_key, new_key);
    buffer_print(&text, "%s %s", old_key, new_key);
    put_item(out, 'E', buffer_slice(&text));
    if (text.failed) out->failed = true;
}

static bool take_end(struct slice bytes, struct trusted *trusted, struct error *error)
{
    struct witness_log *log;
    struct ended_key end;
    const uint8_t *blank = bytes.size == 0 ? NULL : memchr(bytes.data, ' ', bytes.size);
    if (blank == NULL) return false;
    size_t size = (size_t)(blank - bytes.data);
    return verifier_parse(&end.old_key, slice_part(bytes, 0, size), NULL) == STATUS_DONE &&
           verifier_parse(&end.new_key, slice_part(bytes, size + 1, SIZE_MAX), NULL) == STATUS_DONE &&
           origin_good(slice_from(end.old_key.name)) &&
           trusted_log(trusted, slice_from(end.old_key.name), &log, error) == STATUS_DONE &&
           trusted_end(log, &end, error) == STATUS_DONE;
}

static bool take_override(struct slice bytes, struct state_file *state)
{
    uint64_t ms = bytes.size == 8 ? number_at(bytes.data, 8) : UINT64_MAX;
    if (ms > INT64_MAX) return false;
    state->override_ms = (int64_t)ms;
    return true;
}

static bool take_item(char what, struct slice bytes, struct state_file *state, struct trusted *trusted,
                      struct error *error)
{
    switch (what) {
    case 'H': return take_head(bytes, trusted, error);
    case 'S': return take_stop(bytes, trusted, error);
    case 'O': return take_override(bytes, state);
    case 'E': return take_end(bytes, trusted, error);
    default: return false;
    }
}

/* ---- reading */

static enum status damaged(const struct state_file *state, size_t at, struct error *error)
{
    return error_at_offset(error,
                           error_set(error, STATUS_UNVERIFIED, "witness-damaged",
                                     "The witness's state {0} is damaged at byte {1}. It is left as it is, and nothing "
                                     "is cosigned: put the newest backup in its place.",
                                     state->path, error_number((int64_t)at).text, NULL),
                           (int64_t)at);
}

static enum status other_key(const struct state_file *state, const struct verifier *key, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "witness-key",
                     "The state {0} was written by a witness with another key than \"{1}\". Each witness has a "
                     "directory of its own.",
                     state->path, key->name, NULL);
}

/* The first item of the first frame says whose state it is. */
static enum status take_frame(struct state_file *state, struct trusted *trusted, const struct verifier *key,
                              const struct frame *frame, size_t frame_at_, struct error *error)
{
    struct slice items = frame->items;
    bool first = frame->number == 0;
    while (items.size > 0) {
        struct slice rest = slice_part(items, ITEM_HEADER, SIZE_MAX);
        size_t at = frame_at_ + frame->size - items.size;
        uint64_t size = items.size < ITEM_HEADER ? UINT64_MAX : number_at(items.data + 1, 4);
        if (size > rest.size) return damaged(state, at, error);
        struct slice bytes = slice_part(rest, 0, (size_t)size);
        struct error why = {.status = STATUS_DONE};
        if (first ? items.data[0] != 'K' : !take_item((char)items.data[0], bytes, state, trusted, &why)) {
            if (why.status == STATUS_DONE) return damaged(state, at, error);
            if (error != NULL) *error = why;
            return why.status;
        }
        if (first && !take_key(bytes, key)) return other_key(state, key, error);
        first = false;
        items = slice_part(rest, (size_t)size, SIZE_MAX);
    }
    if (first) return damaged(state, frame_at_, error);
    state->alive_ms = frame->stamp_ms;
    state->frame = frame->number + 1;
    return STATUS_DONE;
}

struct reading {
    struct state_file *state;
    struct trusted *trusted;
    const struct verifier *key;
};

static enum status take_one(void *context, const struct frame *frame, size_t at, struct error *error)
{
    struct reading *reading = context;
    return take_frame(reading->state, reading->trusted, reading->key, frame, at, error);
}

enum status state_read(struct state_file *state, struct trusted *trusted, const struct verifier *key,
                       struct error *error)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    struct reading reading = {state, trusted, key};
    bool there, broken;
    size_t where;
    TRY(file_read_if_there(state->system, state->path, STATE_MOST, &bytes, &there, error));
    if (!there) return STATUS_DONE;
    TRY(frames_walk(buffer_slice(&bytes), take_one, &reading, &broken, &where, error));
    return broken ? damaged(state, where, error) : STATUS_DONE;
}

/* ---- writing */

enum status state_closed(struct error *error)
{
    return error_set(error, STATUS_FAILED, "witness-closed",
                     "The witness's state could not be written and takes no more until the witness is started anew. "
                     "Nothing is cosigned.",
                     NULL);
}

static enum status put_all(struct buffer *out, const struct state_file *state, const struct trusted *trusted,
                           const struct verifier *key, struct error *error)
{
    frame_begin(out);
    put_key(out, key);
    if (state->override_ms != 0) put_override(out, state->override_ms);
    for (size_t i = 0; i < trusted->count; i++) {
        const struct witness_log *log = &trusted->logs[i];
        if (log->head.time_s != 0) put_head(out, &log->head);
        if (log->stopped) put_item(out, 'S', slice_from(log->origin));
        for (size_t k = 0; k < log->ended_count; k++) put_end(out, &log->ended[k]);
    }
    return frame_end(out, 0, state->alive_ms, error);
}

/* Until it has moved, the old file counts; if the directory cannot be synced behind it, nobody knows which does. */
static enum status put_in_place(struct state_file *state, const char *beside, struct error *error)
{
    const struct system *s = state->system;
    int file = s->open(s->context, beside, O_RDWR, 0);
    if (file < 0) return error_system(error, "open", beside, errno);
    bool moved;
    enum status status = file_take_place(s, beside, state->path, &moved, error);
    int old = moved ? state->file : file;
    if (moved) state->file = file;
    if (old >= 0) s->close(s->context, old);
    state->closed = state->closed || (moved && status != STATUS_DONE);
    return status;
}

enum status state_replace(struct state_file *state, const struct trusted *trusted, const struct verifier *key,
                          struct error *error)
{
    const struct system *s = state->system;
    OWN(buffer_clear) struct buffer bytes = {0};
    char beside[WITNESS_PATH_SIZE + 8];
    snprintf(beside, sizeof beside, "%s.new", state->path);
    TRY(put_all(&bytes, state, trusted, key, error));
    TRY(file_put(s, beside, buffer_slice(&bytes), 0600, error));
    TRY(put_in_place(state, beside, error));
    state->end = (off_t)bytes.size;
    state->frame = 1;
    state->compact_at = 4 * state->end > COMPACT_LEAST ? 4 * state->end : COMPACT_LEAST;
    return STATUS_DONE;
}

static enum status write_failed(struct state_file *state, int trouble, struct error *error)
{
    const struct system *s = state->system;
    bool full = trouble == ENOSPC || trouble == EDQUOT || trouble == EFBIG;
    bool cut = s->truncate(s->context, state->file, state->end) == 0;
    if (!full || !cut) state->closed = true;
    return full && cut ? error_set(error, STATUS_FAILED, "witness-full",
                                   "There is no room for the witness's state {0}: {1}. Nothing was cosigned. Free some "
                                   "room and try again.",
                                   state->path, strerror(trouble), NULL)
                       : error_set(error, STATUS_FAILED, "witness-write",
                                   "The witness's state {0} could not be written: {1}. Nothing was cosigned, and "
                                   "nothing will be until the witness is started anew.",
                                   state->path, strerror(trouble), NULL);
}

static enum status frame_write(struct state_file *state, struct slice frame, struct error *error)
{
    const struct system *s = state->system;
    for (size_t done = 0; done < frame.size;) {
        ssize_t put = s->write(s->context, state->file, frame.data + done, frame.size - done, state->end + (off_t)done);
        if (put <= 0) return write_failed(state, put < 0 ? errno : ENOSPC, error);
        done += (size_t)put;
    }
    if (s->sync(s->context, state->file) == 0) return STATUS_DONE;
    int trouble = errno;
    state->closed = true;
    return write_failed(state, trouble == ENOSPC ? EIO : trouble, error);
}

enum status state_append(struct state_file *state, const struct trusted *trusted, const struct verifier *key,
                         struct error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer frame = {0};
    if (state->closed) return state_closed(error);
    /* What cannot be written anew for want of room goes on at the end of the old file, if that has any. */
    if (state->end >= state->compact_at && state_replace(state, trusted, key, &why) != STATUS_DONE) {
        if (state->closed) return state_closed(error);
        state->compact_at = state->end + COMPACT_LEAST;
    }
    frame_begin(&frame);
    for (size_t i = 0; i < trusted->count; i++) {
        const struct witness_log *log = &trusted->logs[i];
        if (log->touched) put_head(&frame, &log->next);
        if (log->stops) put_item(&frame, 'S', slice_from(log->origin));
        if (log->ends) put_end(&frame, &log->end);
    }
    TRY(frame_end(&frame, state->frame, state->alive_ms, error));
    TRY(frame_write(state, buffer_slice(&frame), error));
    state->end += (off_t)frame.size;
    state->frame++;
    return STATUS_DONE;
}

void state_close(struct state_file *state)
{
    if (state->file >= 0) state->system->close(state->system->context, state->file);
    state->file = -1;
}
