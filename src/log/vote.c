#include "log/vote.h"

#include "log/lines.h"

#include <inttypes.h>

static const char suffix[] = "/vote/v1";

void vote_clear(struct vote *vote)
{
    buffer_clear(&vote->checkpoint);
    *vote = (struct vote){.size = 0};
}

static enum status form(struct error *error, const char *sentence)
{
    return error_set(error, STATUS_REFUSED, "vote-form", sentence, NULL);
}

static void put_key(struct buffer *out, const char *name, const struct verifier *key)
{
    char text[VERIFIER_TEXT_SIZE];
    verifier_format(key, text);
    buffer_print(out, "%s %s\n", name, text);
}

enum status vote_sign(struct buffer *out, const struct vote *vote, int64_t time, const struct signer *witness,
                      struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0}, base64 = {0};
    buffer_print(&text, "%s%s\n", vote->old_key.name, suffix);
    put_key(&text, "old", &vote->old_key);
    put_key(&text, "new", &vote->new_key);
    buffer_print(&text, "size %" PRIu64 "\n", vote->size);
    if (vote->size > 0) {
        size_t room = BASE64_SIZE(vote->checkpoint.size);
        char *at = (char *)buffer_reserve(&base64, room);
        if (at == NULL) return buffer_finish(&base64, error);
        base64_format(at, room, buffer_slice(&vote->checkpoint));
        buffer_print(&text, "checkpoint %s\n", at);
    }
    TRY(buffer_finish(&text, error));
    buffer_put(out, buffer_slice(&text));
    buffer_put_byte(out, '\n');
    return note_cosign_line(out, buffer_slice(&text), time, witness, error);
}

static void take_key(struct lines *lines, const char *name, struct verifier *out)
{
    struct slice text = lines_field(lines, name);
    if (lines->failed) return;
    if (verifier_parse(out, text, NULL) != STATUS_DONE || out->algorithm != NOTE_ED25519) lines->failed = true;
}

static enum status take_checkpoint(struct lines *lines, struct buffer *out, struct error *error)
{
    struct slice base64 = lines_field(lines, "checkpoint");
    size_t size;
    if (lines->failed) return STATUS_DONE; /* lines_end says so */
    uint8_t *room = buffer_reserve(out, base64.size / 4 * 3 + 3);
    if (room == NULL) return buffer_finish(out, error);
    if (base64_parse(room, base64.size / 4 * 3 + 3, &size, base64) && size > 0)
        buffer_advance(out, size);
    else
        lines->failed = true;
    return STATUS_DONE;
}

static enum status read_text(struct vote *vote, struct slice text, struct error *error)
{
    struct lines lines = {.text = text};
    struct slice first = lines_take(&lines);
    take_key(&lines, "old", &vote->old_key);
    take_key(&lines, "new", &vote->new_key);
    vote->size = lines_number(&lines, lines_field(&lines, "size"));
    if (!lines.failed && vote->size > 0) TRY(take_checkpoint(&lines, &vote->checkpoint, error));
    TRY(lines_end(&lines, "vote-form",
                  "This is not a vote for a change of host (ORIGIN/vote/v1: old, new, size, checkpoint, one a line).",
                  error));
    size_t origin = strlen(vote->old_key.name);
    if (strcmp(vote->old_key.name, vote->new_key.name) != 0 || !slice_starts(first, vote->old_key.name) ||
        !slice_is(slice_part(first, origin, SIZE_MAX), suffix))
        return form(error, "A vote names one log: its first line and both keys bear the same origin.");
    if (memcmp(vote->old_key.key.bytes, vote->new_key.key.bytes, PUBLIC_KEY_BYTES) == 0)
        return form(error, "A vote is for another key than the one that signed so far.");
    return STATUS_DONE;
}

enum status vote_read(struct vote *out, struct slice note, struct error *error)
{
    struct note parsed;
    *out = (struct vote){.size = 0};
    TRY(note_parse(&parsed, note, error));
    enum status status = read_text(out, parsed.text, error);
    if (status != STATUS_DONE) vote_clear(out);
    return status;
}

static enum status unproven(struct error *error, const char *sentence, const struct verifier *witness)
{
    return error_set(error, STATUS_UNVERIFIED, "vote-unproven", sentence, witness->name, NULL);
}

enum status vote_check(const struct vote *vote, struct slice note, const struct verifier *witness, struct error *error)
{
    struct note parsed, head;
    struct checkpoint checkpoint;
    bool present;
    int64_t time;
    TRY(note_parse(&parsed, note, error));
    if (!note_cosigned(&parsed, witness, &present, &time))
        return unproven(error, "The vote does not bear a good signature of \"{0}\".", witness);
    if (vote->size == 0) return STATUS_DONE;
    if (note_parse(&head, buffer_slice(&vote->checkpoint), NULL) != STATUS_DONE ||
        checkpoint_parse(&checkpoint, head.text, NULL) != STATUS_DONE || checkpoint.size != vote->size ||
        !slice_is(checkpoint.origin, vote->old_key.name))
        return unproven(error, "The vote of \"{0}\" holds no signed head of that size of the log.", witness);
    if (!note_verify(&head, &vote->old_key, &present))
        return unproven(error, "The head in the vote of \"{0}\" does not bear the old log key's signature.", witness);
    if (!note_cosigned(&head, witness, &present, &time))
        return unproven(error, "The head in the vote of \"{0}\" was not cosigned by it.", witness);
    return STATUS_DONE;
}
