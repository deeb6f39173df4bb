/* C2SP tlog-checkpoint and tlog-proof. */
#include "log/checkpoint.h"
#include "log/lines.h"

#include <inttypes.h>

static void put_hash_line(struct buffer *out, const struct hash *hash)
{
    char base64[BASE64_SIZE(HASH_BYTES)];
    base64_format(base64, sizeof base64, slice_of(hash->bytes, HASH_BYTES));
    buffer_put_string(out, base64);
    buffer_put_string(out, "\n");
}

enum status checkpoint_parse(struct checkpoint *out, struct slice note_text, struct error *error)
{
    struct lines lines = {.text = note_text};
    struct checkpoint read;
    read.origin = lines_take(&lines);
    if (read.origin.size == 0) lines.failed = true;
    read.size = lines_number(&lines, lines_take(&lines));
    read.root = lines_hash(&lines, lines_take(&lines));
    /* Extension lines are not recommended, but others may write them; an empty one is not one. */
    while (!lines.failed && lines.at < note_text.size)
        if (lines_take(&lines).size == 0) lines.failed = true;
    TRY(lines_end(&lines, "checkpoint-form",
                  "This is not a checkpoint: origin, size in decimal and root in base64, one a line.", error));
    *out = read;
    return STATUS_DONE;
}

void checkpoint_format(struct buffer *out, const struct checkpoint *checkpoint)
{
    buffer_put(out, checkpoint->origin);
    buffer_print(out, "\n%" PRIu64 "\n", checkpoint->size);
    put_hash_line(out, &checkpoint->root);
}

static const char proof_first_line[] = "c2sp.org/tlog-proof@v1";

void proof_format(struct buffer *out, uint64_t index, const struct log_proof *proof, struct slice checkpoint_note)
{
    buffer_print(out, "%s\nindex %" PRIu64 "\n", proof_first_line, index);
    for (size_t i = 0; i < proof->count; i++) put_hash_line(out, &proof->hash[i]);
    buffer_put_string(out, "\n");
    buffer_put(out, checkpoint_note);
}

/* The extra line is others' business and means nothing here, but it must be base64. */
static void skip_extra(struct lines *lines)
{
    if (!slice_starts(slice_part(lines->text, lines->at, SIZE_MAX), "extra ")) return;
    struct slice extra = lines_field(lines, "extra");
    OWN(buffer_clear) struct buffer bytes = {0};
    size_t size;
    uint8_t *room = buffer_reserve(&bytes, extra.size + 1);
    if (room == NULL || !base64_parse(room, extra.size + 1, &size, extra)) lines->failed = true;
}

enum status proof_parse(uint64_t *index, struct log_proof *proof, struct slice *checkpoint_note, struct slice text,
                        struct error *error)
{
    static const char sentence[] =
        "This is not a proof of inclusion (c2sp.org/tlog-proof@v1: index, hashes, an empty line, a checkpoint).";
    struct lines lines = {.text = text};
    struct log_proof read = {.count = 0};
    if (!slice_is(lines_take(&lines), proof_first_line)) lines.failed = true;
    skip_extra(&lines);
    uint64_t number = lines_number(&lines, lines_field(&lines, "index"));
    for (;;) {
        struct slice line = lines_take(&lines);
        if (lines.failed || line.size == 0) break;
        struct hash hash = lines_hash(&lines, line);
        if (read.count == LOG_PROOF_MOST) lines.failed = true;
        if (lines.failed) break;
        read.hash[read.count++] = hash;
    }
    struct slice note = slice_part(text, lines.at, SIZE_MAX);
    if (!lines.failed) lines.at = text.size;
    if (note.size == 0) lines.failed = true;
    TRY(lines_end(&lines, "proof-form", sentence, error));
    *index = number;
    *proof = read;
    *checkpoint_note = note;
    return STATUS_DONE;
}
