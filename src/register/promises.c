#include "register/promises.h"

#include "json/write.h"
#include "log/checkpoint.h"
#include "register/evidence.h"
#include "register/heads.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

static const char folder[] = "peers/promises";

/* ---- keeping what a host says */

static enum status make_folders(struct truce_register *reg, struct error *error)
{
    static const char *const names[] = {"peers", folder};
    char path[REGISTER_PATH_SIZE];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        TRY(register_path(path, reg->directory, names[i], error));
        TRY(directory_make(reg->system, path, error));
    }
    return STATUS_DONE;
}

/* The log's key of that size; of a size that is not known here yet, the one in force. */
static enum status signed_by_log(struct truce_register *reg, const struct note *note, struct slice origin,
                                 uint64_t size, struct verifier *key, struct error *error)
{
    bool present;
    const struct verifier *wanted = members_log_key_at(reg->members, size);
    if (wanted != NULL) *key = *wanted;
    if (wanted != NULL && slice_is(origin, wanted->name) && note_verify(note, wanted, &present)) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "promise-signature",
                     "What the server gave for a record does not bear this log's signature. It is worth nothing; ask "
                     "who serves the log.",
                     NULL);
}

static enum status promise_read(struct truce_register *reg, struct slice text, struct promise *promise,
                                struct verifier *key, struct error *error)
{
    struct note note;
    TRY(note_parse(&note, text, error));
    TRY(promise_parse(promise, note.text, error));
    return signed_by_log(reg, &note, promise->origin, promise->index + 1, key, error);
}

static enum status keep_promise(struct truce_register *reg, struct slice text, struct slice id, struct error *error)
{
    char name[160], path[REGISTER_PATH_SIZE];
    struct promise promise;
    struct verifier key;
    struct record_id known;
    OWN(buffer_clear) struct buffer before = {0};
    bool there;
    TRY(promise_read(reg, text, &promise, &key, error));
    if (!hash_parse(&known.hash, id))
        return error_set(error, STATUS_UNVERIFIED, "promise-signature", "The server's answer names no record.", NULL);
    TRY(make_folders(reg, error));
    snprintf(name, sizeof name, "%s/%.*s.%" PRIu64, folder, SLICE(id), promise.index);
    TRY(register_path(path, reg->directory, name, error));
    TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &before, &there, error));
    return there ? STATUS_DONE : file_create(reg->system, path, text, 0644, error); /* the first is due first */
}

/* The very note that was refused, among those that were handed in. */
static bool find_refused(struct slice notes, const struct hash *submitted, struct slice *out)
{
    while (record_next_note(&notes, out)) {
        struct hash hash = hash_of(*out);
        if (hash_equal(&hash, submitted)) return true;
    }
    return false;
}

static enum status keep_refusal(struct truce_register *reg, struct slice text, struct slice notes, struct error *error)
{
    OWN(buffer_clear) struct buffer line = {0};
    struct note note;
    struct refusal refusal;
    struct evidence evidence = {.kind = EVIDENCE_REFUSAL, .refusal = text, .keys = 1};
    TRY(note_parse(&note, text, error));
    TRY(refusal_parse(&refusal, note.text, error));
    TRY(signed_by_log(reg, &note, refusal.origin, log_size(reg->log), &evidence.key[0], error));
    if (!find_refused(notes, &refusal.submitted, &evidence.note)) return STATUS_DONE; /* of something else */
    TRY(evidence_write(&line, &evidence, error));
    return evidence_keep(reg->system, reg->directory, buffer_slice(&line), error);
}

bool said_note(struct slice line, const char *member, struct buffer *out)
{
    char before[32];
    size_t size = (size_t)snprintf(before, sizeof before, ",\"%s\":\"", member);
    const uint8_t *at = memmem(line.data, line.size, before, size), *end = line.data + line.size;
    if (at == NULL) return false;
    for (at += size; at < end && *at != '"'; at++) {
        bool escaped = *at == '\\';
        if (escaped && ++at == end) return false;
        if (escaped && strchr("n\"\\", *at) == NULL) return false;
        buffer_put_byte(out, escaped && *at == 'n' ? '\n' : *at);
    }
    return at < end && !out->failed;
}

static enum status keep_line(struct truce_register *reg, struct slice line, struct slice notes, struct error *error)
{
    static const char receipt[] = "{\"id\":\"", refusal[] = "{\"message\":";
    OWN(buffer_clear) struct buffer text = {0};
    if (slice_starts(line, receipt) && said_note(line, "promise", &text)) {
        struct slice id = slice_part(line, sizeof receipt - 1, HASH_HEX_SIZE - 1);
        return keep_promise(reg, buffer_slice(&text), id, error);
    }
    /* A mirror without an answer from its host has nothing to refuse with: then the note is empty. */
    if (!slice_starts(line, refusal) || !said_note(line, "note", &text) || text.size == 0) return STATUS_DONE;
    return keep_refusal(reg, buffer_slice(&text), notes, error);
}

static enum status keep_all(struct truce_register *reg, struct slice notes, struct slice lines, struct error *error)
{
    TRY(register_know(reg, error));
    while (lines.size > 0) {
        const uint8_t *end = memchr(lines.data, '\n', lines.size);
        size_t size = end == NULL ? lines.size : (size_t)(end - lines.data);
        TRY(keep_line(reg, slice_part(lines, 0, size), notes, error));
        lines = slice_part(lines, size + 1, SIZE_MAX);
    }
    return STATUS_DONE;
}

enum truce_status truce_said_keep(struct truce_register *reg, const char *notes, size_t notes_size, const char *lines,
                                  size_t lines_size, struct truce_error *error)
{
    struct error why;
    return public_status(keep_all(reg, slice_of(notes, notes_size), slice_of(lines, lines_size), &why), &why, error);
}

/* ---- what became of them */

enum promise_state { PROMISE_KEPT, PROMISE_WAITING, PROMISE_LATE, PROMISE_MISSED };
static const char *const state_names[] = {"kept", "waiting", "late", "missed"};

struct judged {
    enum promise_state state;
    struct buffer evidence; /* a line; of what was missed */
};

/* Another entry stands where the promised one was to be: whenever that is, it is against the promise. */
static enum status judge_place(struct truce_register *reg, struct slice text, const struct promise *promise,
                               const struct verifier *key, struct judged *out, struct error *error)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    struct hash leaf;
    TRY(log_leaf(reg->log, promise->index, &leaf, error));
    out->state = PROMISE_KEPT;
    if (hash_equal(&leaf, &promise->leaf)) return STATUS_DONE;
    TRY(heads_newest(reg, HEAD_CHECKPOINT, &head, error));
    struct evidence evidence = {.kind = EVIDENCE_PROMISE,
                                .promise = text,
                                .checkpoint = buffer_slice(&head.note),
                                .has_leaf = true,
                                .leaf = leaf,
                                .key = {*key},
                                .keys = 1};
    const struct verifier *signer = members_log_key_at(reg->members, head.size);
    if (signer != NULL && memcmp(&signer->key, &key->key, sizeof key->key) != 0)
        evidence.key[evidence.keys++] = *signer;
    TRY(log_prove_inclusion(reg->log, promise->index, head.size, &evidence.proof, error));
    out->state = PROMISE_MISSED;
    return evidence_write(&out->evidence, &evidence, error);
}

static void add_cosigner(struct evidence *evidence, const struct note *note, const struct verifier *cosigner)
{
    bool present;
    int64_t time;
    if (evidence->keys < EVIDENCE_KEYS_MOST && note_cosigned(note, cosigner, &present, &time))
        evidence->key[evidence->keys++] = *cosigner;
}

/* A cosigner saw the log without the entry after its time was over. */
static enum status try_head(struct truce_register *reg, struct slice text, const struct promise *promise,
                            const struct verifier *key, struct slice head, struct judged *out, struct error *error)
{
    struct note note;
    struct checkpoint checkpoint;
    const struct witness_policy *policy = members_witnessing(reg->members);
    struct evidence evidence = {
        .kind = EVIDENCE_PROMISE, .promise = text, .checkpoint = head, .key = {*key}, .keys = 1};
    if (policy == NULL || note_parse(&note, head, NULL) != STATUS_DONE ||
        checkpoint_parse(&checkpoint, note.text, NULL) != STATUS_DONE || checkpoint.size > promise->index)
        return STATUS_DONE;
    const struct verifier *signer = members_log_key_at(reg->members, checkpoint.size);
    if (signer != NULL && memcmp(&signer->key, &key->key, sizeof key->key) != 0)
        evidence.key[evidence.keys++] = *signer;
    for (size_t i = 0; i < policy->witness_count; i++) add_cosigner(&evidence, &note, &policy->witness[i].key);
    for (size_t i = 0; i < policy->mirror_count; i++) add_cosigner(&evidence, &note, &policy->mirror[i].key);
    buffer_reset(&out->evidence);
    if (evidence_write(&out->evidence, &evidence, NULL) == STATUS_DONE) out->state = PROMISE_MISSED;
    return buffer_finish(&out->evidence, error);
}

struct trying {
    struct truce_register *reg;
    struct slice text;
    const struct promise *promise;
    const struct verifier *key;
    struct judged *out;
};

static enum status try_cosigner(void *context, const char *path, struct error *error)
{
    const struct trying *t = context;
    OWN(buffer_clear) struct buffer head = {0};
    bool there;
    if (t->out->state == PROMISE_MISSED) return STATUS_DONE;
    TRY(file_read_if_there(t->reg->system, path, LIMIT_RECORD_NOTE_BYTES, &head, &there, error));
    return there ? try_head(t->reg, t->text, t->promise, t->key, buffer_slice(&head), t->out, error) : STATUS_DONE;
}

static enum status each_file(struct truce_register *reg, const char *name,
                             enum status (*visit)(void *context, const char *path, struct error *error), void *context,
                             struct error *error)
{
    char below[REGISTER_PATH_SIZE], path[REGISTER_PATH_SIZE];
    OWN(buffer_clear) struct buffer names = {0};
    TRY(register_path(below, reg->directory, name, error));
    if (reg->system->list(reg->system->context, below, &names) != 0)
        return errno == ENOENT ? STATUS_DONE : error_system(error, "list", below, errno);
    TRY(buffer_finish(&names, error));
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.data + at) + 1) {
        if (file_is_unfinished((const char *)names.data + at)) continue;
        TRY(register_path(path, below, (const char *)names.data + at, error));
        TRY(visit(context, path, error));
    }
    return STATUS_DONE;
}

static enum status judge_time(struct truce_register *reg, struct slice text, const struct promise *promise,
                              const struct verifier *key, struct judged *out, struct error *error)
{
    struct trying trying = {reg, text, promise, key, out};
    int64_t due_ms = promise->merge_by_ms + EVIDENCE_CLOCKS_S * INT64_C(1000);
    out->state = reg->system->now_ms(reg->system->context) > due_ms ? PROMISE_LATE : PROMISE_WAITING;
    for (enum head_level level = HEAD_MIRRORED; level > HEAD_CHECKPOINT && out->state != PROMISE_MISSED; level--) {
        OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
        TRY(heads_newest(reg, level, &head, error));
        if (head.level == level) TRY(try_head(reg, text, promise, key, buffer_slice(&head.note), out, error));
    }
    return each_file(reg, "peers/cosigners", try_cosigner, &trying, error);
}

/* ---- telling */

struct telling {
    struct truce_register *reg;
    truce_line *line;
    void *context;
    bool looks; /* nothing is kept or removed */
    uint64_t missed;
};

static enum status put_line(const struct promise *promise, struct slice id, const struct judged *judged,
                            struct buffer *out, struct error *error)
{
    char received[25], merge_by[25], place[EVIDENCE_PLACE_SIZE];
    struct json_writer w;
    received_format(promise->received_ms, received);
    received_format(promise->merge_by_ms, merge_by);
    evidence_place(buffer_slice(&judged->evidence), place);
    json_write_open(&w, out);
    json_put_object(&w);
    if (judged->state == PROMISE_MISSED) json_put_key(&w, "evidence"), json_put_string(&w, place);
    json_put_key(&w, "id"), json_put_slice(&w, id);
    json_put_key(&w, "index"), json_put_integer(&w, (int64_t)promise->index);
    json_put_key(&w, "merge_by"), json_put_string(&w, merge_by);
    json_put_key(&w, "received"), json_put_string(&w, received);
    json_put_key(&w, "state"), json_put_string(&w, state_names[judged->state]);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status settle(struct telling *t, const char *path, struct slice text, struct judged *judged,
                          struct error *error)
{
    struct promise promise;
    struct verifier key;
    OWN(buffer_clear) struct buffer line = {0};
    struct slice name = slice_from(strrchr(path, '/') + 1);
    TRY(promise_read(t->reg, text, &promise, &key, error));
    if (promise.index < log_published(t->reg->log))
        TRY(judge_place(t->reg, text, &promise, &key, judged, error));
    else
        TRY(judge_time(t->reg, text, &promise, &key, judged, error));
    bool missed = judged->state == PROMISE_MISSED;
    t->missed += missed;
    if (missed && !t->looks)
        TRY(evidence_keep(t->reg->system, t->reg->directory, buffer_slice(&judged->evidence), error));
    TRY(put_line(&promise, slice_part(name, 0, HASH_HEX_SIZE - 1), judged, &line, error));
    TRY(public_line(t->line, t->context, missed ? STATUS_UNVERIFIED : STATUS_DONE, buffer_slice(&line), error));
    if (!t->looks &&
        (missed || judged->state == PROMISE_KEPT)) /* it has done its part; one that stays is settled again */
        (void)t->reg->system->remove(t->reg->system->context, path);
    return STATUS_DONE;
}

static enum status settle_file(void *context, const char *path, struct error *error)
{
    struct telling *t = context;
    OWN(buffer_clear) struct buffer text = {0};
    struct judged judged = {.state = PROMISE_WAITING};
    bool there;
    TRY(file_read_if_there(t->reg->system, path, LIMIT_RECORD_NOTE_BYTES, &text, &there, error));
    if (!there) return STATUS_DONE;
    enum status status = settle(t, path, buffer_slice(&text), &judged, error);
    buffer_clear(&judged.evidence);
    return status == STATUS_DONE ? STATUS_DONE : error_at(error, status, path);
}

static enum status settle_all(struct telling *t, struct error *error)
{
    TRY(register_know(t->reg, error));
    TRY(each_file(t->reg, folder, settle_file, t, error));
    if (t->missed == 0) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "promise-missed",
                     "The log's key promised entries that are not where, or when, they were to be. The evidence is in "
                     "peers/evidence; whoever gets it can prove it (truce verify FILE).",
                     NULL);
}

enum truce_status truce_promises(struct truce_register *reg, truce_line *line, void *context, struct truce_error *error)
{
    struct error why;
    struct telling t = {.reg = reg, .line = line, .context = context};
    return public_status(settle_all(&t, &why), &why, error);
}

enum truce_status truce_promises_look(struct truce_register *reg, truce_line *line, void *context,
                                      struct truce_error *error)
{
    struct error why;
    struct telling t = {.reg = reg, .line = line, .context = context, .looks = true};
    enum status status = settle_all(&t, &why);
    return public_status(status == STATUS_UNVERIFIED && t.missed > 0 ? STATUS_DONE : status, &why, error);
}

/* ---- for verify */

enum status promise_check(struct truce_register *reg, const char *path, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct promise promise;
    struct verifier key;
    TRY(file_read_all(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &text, error));
    return promise_read(reg, buffer_slice(&text), &promise, &key, error);
}
