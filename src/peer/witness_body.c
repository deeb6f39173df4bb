/* What a witness is asked, as C2SP tlog-witness writes it: "old SIZE", the lines of a proof, an empty line, a
 * checkpoint. */
#include "log/lines.h"
#include "peer/witness_internal.h"
#include "text/utf8.h"

void witness_request_clear(struct witness_request *request)
{
    seen_clear(&request->head);
    seen_clear(&request->rival);
}

enum status witness_body_parse(struct body_parts *out, struct slice body, struct error *error)
{
    struct lines lines = {.text = body};
    struct body_parts read = {.old = lines_number(&lines, lines_field(&lines, "old"))};
    for (;;) {
        struct slice line = lines_take(&lines);
        if (lines.failed || line.size == 0) break;
        if (read.proof.count == WITNESS_PROOF_LINES) lines.failed = true;
        struct hash hash = lines_hash(&lines, line);
        if (!lines.failed) read.proof.hash[read.proof.count++] = hash;
    }
    read.note = slice_part(body, lines.at, SIZE_MAX);
    if (!lines.failed) lines.at = body.size;
    TRY(lines_end(&lines, "witness-body",
                  "This is not what a witness is asked: \"old SIZE\", at most 63 lines of proof, an empty line, and a "
                  "checkpoint.",
                  error));
    *out = read;
    return STATUS_DONE;
}

/* ---- signatures */

static enum status not_signed(struct error *error, bool present, const char *origin)
{
    return present ? error_set(error, STATUS_REFUSED, "witness-signature-bad",
                               "A signature of the log {0} does not hold.", origin, NULL)
                   : error_set(error, STATUS_REFUSED, "witness-signature-none",
                               "No key that is trusted for {0} signed this checkpoint.", origin, NULL);
}

/* All signatures of trusted keys hold, and there is one. */
static enum status check_signed(const struct note *note, const struct witness_log *log, struct error *error)
{
    bool any = false;
    for (size_t i = 0; i < log->key_count; i++) {
        bool present;
        bool holds = note_verify(note, &log->keys[i], &present);
        if (present && !holds) return not_signed(error, true, log->origin);
        any = any || present;
    }
    return any ? STATUS_DONE : not_signed(error, false, log->origin);
}

static bool line_is_of(const struct note_signature *line, const struct verifier *key)
{
    return line->key_id == key->id && slice_is(line->name, key->name);
}

/* Every line of these keys; those of cosigners only if they hold. Readers take sixteen, and one is ours. */
static void put_lines(struct buffer *out, const struct note *note, const struct verifier *keys, size_t count,
                      size_t *lines)
{
    for (size_t k = 0; k < count; k++) {
        bool present;
        int64_t time;
        bool cosigner = keys[k].algorithm == NOTE_COSIGNATURE;
        if (cosigner && !note_cosigned(note, &keys[k], &present, &time)) continue;
        for (size_t i = 0; i < note->signatures && *lines < LIMIT_NOTE_SIGNATURES - 1; i++) {
            if (!line_is_of(&note->signature[i], &keys[k])) continue;
            buffer_put(out, note->signature[i].line);
            buffer_put_byte(out, '\n');
            ++*lines;
        }
    }
}

/* Only what was checked is kept: a line that nobody here can check could be anything, under anybody's name. */
static enum status seen_make(struct seen *out, const struct trusted *trusted, const struct witness_log *log,
                             const struct note *note, const struct checkpoint *checkpoint, struct error *error)
{
    size_t lines = 0;
    *out = (struct seen){.size = checkpoint->size, .root = checkpoint->root};
    buffer_put(&out->note, note->text);
    buffer_put_byte(&out->note, '\n');
    put_lines(&out->note, note, log->keys, log->key_count, &lines);
    put_lines(&out->note, note, trusted->cosigners, trusted->cosigner_count, &lines);
    enum status status = buffer_finish(&out->note, error);
    if (status != STATUS_DONE) seen_clear(out);
    return status;
}

static enum status unknown_origin(struct error *error, struct slice origin)
{
    return error_set(error, STATUS_REFUSED, "witness-origin", "This witness does not know the log {0}.",
                     error_slice(origin).text, NULL);
}

/* A checkpoint of a log that is trusted, signed by it. */
static enum status checkpoint_take(struct witness_request *out, const struct trusted *trusted, struct note *note,
                                   struct slice bytes, struct error *error)
{
    size_t bad;
    TRY(note_parse(note, bytes, error));
    if (!utf8_valid(bytes, &bad))
        return error_at_offset(error,
                               error_set(error, STATUS_REFUSED, "witness-text", "A checkpoint is text in UTF-8.", NULL),
                               (int64_t)bad);
    TRY(checkpoint_parse(&out->checkpoint, note->text, error));
    out->text = note->text;
    out->log = trusted_find(trusted, out->checkpoint.origin);
    if (out->log == NULL || out->log->key_count == 0) return unknown_origin(error, out->checkpoint.origin);
    return check_signed(note, out->log, error);
}

enum status witness_request_read(struct witness_request *out, const struct trusted *trusted, struct slice body,
                                 struct error *error)
{
    struct witness_request read = {.asks = WITNESS_ADDS};
    struct body_parts parts;
    struct note note;
    TRY(witness_body_parse(&parts, body, error));
    TRY(checkpoint_take(&read, trusted, &note, parts.note, error));
    if (parts.old > read.checkpoint.size)
        return error_set(error, STATUS_REFUSED, "witness-old", "The old size {0} is larger than the checkpoint's, {1}.",
                         error_number((int64_t)parts.old).text, error_number((int64_t)read.checkpoint.size).text, NULL);
    read.old = parts.old;
    read.proof = parts.proof;
    TRY(seen_make(&read.head, trusted, read.log, &note, &read.checkpoint, error));
    *out = read;
    return STATUS_DONE;
}

enum status witness_request_hear(struct witness_request *out, const struct trusted *trusted, const struct verifier *own,
                                 struct slice bytes, struct error *error)
{
    struct witness_request read = {.asks = WITNESS_HEARS};
    struct note note;
    bool present;
    int64_t time;
    if (checkpoint_take(&read, trusted, &note, bytes, NULL) != STATUS_DONE)
        return error_set(error, STATUS_REFUSED, "witness-peer",
                         "What the peer gave is no checkpoint, signed by its log, of a log that is witnessed here.",
                         NULL);
    read.ours = note_cosigned(&note, own, &present, &time);
    TRY(seen_make(&read.head, trusted, read.log, &note, &read.checkpoint, error));
    read.head.time_s = read.ours ? time : 0;
    *out = read;
    return STATUS_DONE;
}
