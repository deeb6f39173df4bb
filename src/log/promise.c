/* Promises and refusals: what the log key signs besides checkpoints. Their first line never is the bare origin, and
 * their second is not a number, so that none can be read as a checkpoint. */
#include "log/checkpoint.h"
#include "log/lines.h"

#include <inttypes.h>

static const char promise_kind[] = "/promise/v1", refusal_kind[] = "/refusal/v1";

static void put_hash_field(struct buffer *out, const char *name, const struct hash *hash)
{
    char base64[BASE64_SIZE(HASH_BYTES)];
    base64_format(base64, sizeof base64, slice_of(hash->bytes, HASH_BYTES));
    buffer_print(out, "%s %s\n", name, base64);
}

static void put_origin(struct buffer *out, struct slice origin, const char *kind)
{
    buffer_put(out, origin);
    buffer_print(out, "%s\n", kind);
}

/* The origin before `kind` on the first line. */
static struct slice take_origin(struct lines *lines, const char *kind)
{
    struct slice line = lines_take(lines);
    size_t size = strlen(kind);
    if (line.size <= size || !slice_is(slice_part(line, line.size - size, size), kind)) {
        lines->failed = true;
        return (struct slice){NULL, 0};
    }
    return slice_part(line, 0, line.size - size);
}

enum status promise_sign(struct buffer *out, const struct promise *promise, const struct signer *log_key,
                         struct error *error)
{
    if (promise->received_ms < 0 || promise->merge_by_ms < promise->received_ms)
        return error_set(error, STATUS_USAGE, "promise-time",
                         "A promise's times are after 1970, and merging is not due before it was received.", NULL);
    OWN(buffer_clear) struct buffer text = {0};
    put_origin(&text, promise->origin, promise_kind);
    buffer_print(&text, "index %" PRIu64 "\n", promise->index);
    put_hash_field(&text, "leaf", &promise->leaf);
    buffer_print(&text, "received %" PRId64 "\nmerge-by %" PRId64 "\n", promise->received_ms, promise->merge_by_ms);
    TRY(buffer_finish(&text, error));
    return note_sign(out, buffer_slice(&text), log_key, error);
}

enum status promise_parse(struct promise *out, struct slice note_text, struct error *error)
{
    struct lines lines = {.text = note_text};
    struct promise read;
    read.origin = take_origin(&lines, promise_kind);
    read.index = lines_number(&lines, lines_field(&lines, "index"));
    read.leaf = lines_hash(&lines, lines_field(&lines, "leaf"));
    read.received_ms = (int64_t)lines_number(&lines, lines_field(&lines, "received"));
    read.merge_by_ms = (int64_t)lines_number(&lines, lines_field(&lines, "merge-by"));
    if (read.merge_by_ms < read.received_ms) lines.failed = true;
    TRY(lines_end(&lines, "promise-form",
                  "This is not a promise (ORIGIN/promise/v1: index, leaf, received, merge-by, one a line).", error));
    *out = read;
    return STATUS_DONE;
}

/* A pointer comes from the refused input itself: it is cut before the first byte that a note may not hold, for a
 * refusal must never fail because of what it refuses. */
static struct slice printable(struct slice pointer)
{
    size_t size = 0;
    while (size < pointer.size && pointer.data[size] >= 0x20) size++;
    return slice_part(pointer, 0, size);
}

enum status refusal_sign(struct buffer *out, const struct refusal *refusal, const struct signer *log_key,
                         struct error *error)
{
    if (refusal->at_ms < 0 || refusal->code.size == 0 || printable(refusal->code).size != refusal->code.size)
        return error_set(error, STATUS_USAGE, "refusal-field",
                         "A refusal has a code of one line and a time after 1970.", NULL);
    OWN(buffer_clear) struct buffer text = {0};
    put_origin(&text, refusal->origin, refusal_kind);
    put_hash_field(&text, "submitted", &refusal->submitted);
    buffer_print(&text, "code %.*s\npointer ", SLICE(refusal->code));
    buffer_put(&text, printable(refusal->pointer));
    buffer_print(&text, "\nat %" PRId64 "\n", refusal->at_ms);
    TRY(buffer_finish(&text, error));
    return note_sign(out, buffer_slice(&text), log_key, error);
}

enum status refusal_parse(struct refusal *out, struct slice note_text, struct error *error)
{
    struct lines lines = {.text = note_text};
    struct refusal read;
    read.origin = take_origin(&lines, refusal_kind);
    read.submitted = lines_hash(&lines, lines_field(&lines, "submitted"));
    read.code = lines_field(&lines, "code");
    if (read.code.size == 0) lines.failed = true;
    read.pointer = lines_field(&lines, "pointer");
    read.at_ms = (int64_t)lines_number(&lines, lines_field(&lines, "at"));
    TRY(lines_end(&lines, "refusal-form",
                  "This is not a refusal (ORIGIN/refusal/v1: submitted, code, pointer, at, one a line).", error));
    *out = read;
    return STATUS_DONE;
}
