/* Who stands behind the log, and since when not: what the heads that are kept say, beside the policy in force. It is of
 * this copy and this moment, and no part of the standing. */
#include "register/heads.h"
#include "register/register.h"

#include "json/write.h"
#include <stdio.h>

/* A head older than this is called stale, and a cosigner that was silent for as long is named. */
enum { HEADS_STALE_S = 3600 };

static void put_time(struct json_writer *w, const char *key, int64_t time)
{
    char text[TIME_TEXT_SIZE];
    if (time <= 0) return;
    time_format(time, text);
    json_put_key(w, key), json_put_string(w, text);
}

struct seen_head { /* of one cosigner */
    uint64_t size;
    int64_t time; /* 0: none */
};

static enum status newest_of(struct truce_register *reg, const struct verifier *cosigner, struct seen_head *out,
                             struct error *error)
{
    char path[REGISTER_PATH_SIZE], name[64];
    OWN(buffer_clear) struct buffer text = {0};
    struct note note;
    struct checkpoint head;
    bool there, present;
    *out = (struct seen_head){0};
    snprintf(name, sizeof name, "peers/cosigners/%08x", cosigner->id);
    TRY(register_path(path, reg->directory, name, error));
    TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &text, &there, error));
    if (!there || note_parse(&note, buffer_slice(&text), NULL) != STATUS_DONE ||
        checkpoint_parse(&head, note.text, NULL) != STATUS_DONE)
        return STATUS_DONE;
    if (note_cosigned(&note, cosigner, &present, &out->time)) out->size = head.size;
    return STATUS_DONE;
}

static enum status put_cosigner(struct json_writer *w, struct truce_register *reg, const struct witness_entry *entry,
                                bool copy, int64_t now, struct error *error)
{
    struct seen_head seen;
    TRY(newest_of(reg, &entry->key, &seen, error));
    json_put_object(w);
    put_time(w, "at", seen.time);
    json_put_key(w, "kind"), json_put_string(w, copy ? "mirror" : "witness");
    json_put_key(w, "late"), json_put_bool(w, seen.time == 0 || now - seen.time > HEADS_STALE_S);
    json_put_key(w, "name"), json_put_string(w, entry->key.name);
    if (entry->party.data != NULL) json_put_key(w, "party"), json_put_slice(w, entry->party);
    json_put_key(w, "size"), json_put_integer(w, (int64_t)seen.size);
    json_put_close(w);
    return STATUS_DONE;
}

/* The time at which the quorum was complete: that of its slowest among the newest. */
static int64_t quorum_time(const struct note *note, const struct witness_policy *policy)
{
    int64_t times[LIMIT_WITNESSES];
    size_t count = 0;
    bool present;
    for (size_t i = 0; i < policy->witness_count; i++) {
        int64_t time;
        if (!note_cosigned(note, &policy->witness[i].key, &present, &time)) continue;
        size_t at = count++;
        for (; at > 0 && times[at - 1] < time; at--) times[at] = times[at - 1];
        times[at] = time;
    }
    return policy->quorum > 0 && count >= (size_t)policy->quorum ? times[policy->quorum - 1] : 0;
}

static enum status put_level(struct json_writer *w, struct truce_register *reg, enum head_level level,
                             const struct witness_policy *policy, int64_t *time, struct error *error)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    struct note note;
    *time = 0;
    TRY(heads_newest(reg, level, &head, error));
    if (head.level == HEAD_DURABLE) return STATUS_DONE;
    if (level > HEAD_CHECKPOINT && note_parse(&note, buffer_slice(&head.note), NULL) == STATUS_DONE)
        *time = quorum_time(&note, policy);
    json_put_key(w, head_level_name(level)), json_put_object(w);
    if (level > HEAD_CHECKPOINT) put_time(w, "at", *time);
    json_put_key(w, "size"), json_put_integer(w, (int64_t)head.size);
    json_put_close(w);
    return STATUS_DONE;
}

enum status heads_told(struct truce_register *reg, struct buffer *out, struct error *error)
{
    struct json_writer w;
    int64_t time, ignored, now = reg->system->now_ms(reg->system->context) / 1000;
    TRY(register_know(reg, error));
    const struct witness_policy *policy = members_witnessing(reg->members);
    json_write_open(&w, out);
    json_put_object(&w);
    TRY(put_level(&w, reg, HEAD_CHECKPOINT, policy, &ignored, error));
    TRY(put_level(&w, reg, HEAD_COSIGNED, policy, &time, error));
    json_put_key(&w, "cosigners"), json_put_array(&w);
    for (size_t i = 0; i < policy->witness_count; i++)
        TRY(put_cosigner(&w, reg, &policy->witness[i], false, now, error));
    for (size_t i = 0; i < policy->mirror_count; i++) TRY(put_cosigner(&w, reg, &policy->mirror[i], true, now, error));
    json_put_close(&w);
    TRY(put_level(&w, reg, HEAD_MIRRORED, policy, &ignored, error));
    json_put_key(&w, "quorum"), json_put_integer(&w, policy->quorum);
    json_put_key(&w, "records"), json_put_integer(&w, (int64_t)log_size(reg->log));
    json_put_key(&w, "stale"), json_put_bool(&w, policy->quorum > 0 && now - time > HEADS_STALE_S);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_heads(struct truce_register *reg, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = heads_told(reg, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}

enum truce_status truce_cosigned(struct truce_register *reg, const char *note, size_t size, struct truce_error *error)
{
    struct error why;
    return public_status(heads_offer(reg, slice_of(note, size), &why), &why, error);
}
