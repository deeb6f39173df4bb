#include "register/heads.h"

#include "register/evidence.h"
#include "register/writing.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name, *file;
} levels[] = {
    [HEAD_DURABLE] = {"durable", NULL},
    [HEAD_CHECKPOINT] = {"checkpoint", "log/checkpoint"},
    [HEAD_COSIGNED] = {"cosigned", "peers/cosigned"},
    [HEAD_MIRRORED] = {"mirrored", "peers/mirrored"},
};

const char *head_level_name(enum head_level level)
{
    return levels[level].name;
}

void head_clear(struct head *head)
{
    buffer_clear(&head->note);
    *head = (struct head){.level = HEAD_DURABLE};
}

enum status heads_newest(struct truce_register *reg, enum head_level level, struct head *out, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    struct note note;
    struct checkpoint checkpoint;
    bool there = false;
    *out = (struct head){.level = HEAD_DURABLE};
    TRY(register_path(path, reg->directory, levels[level].file, error));
    enum status status = file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &out->note, &there, error);
    if (status == STATUS_DONE && there) status = note_parse(&note, buffer_slice(&out->note), error);
    if (status == STATUS_DONE && there) status = checkpoint_parse(&checkpoint, note.text, error);
    if (status == STATUS_DONE && there) {
        out->level = level;
        out->size = checkpoint.size;
    } else {
        head_clear(out);
    }
    return status;
}

enum status heads_find(struct truce_register *reg, uint64_t index, struct head *out, struct error *error)
{
    for (enum head_level level = HEAD_MIRRORED; level > HEAD_DURABLE; level--) {
        TRY(heads_newest(reg, level, out, error));
        if (out->level == level && index < out->size) return STATUS_DONE;
        head_clear(out);
    }
    return STATUS_DONE;
}

/* ---- gathering */

enum { GATHERED = 16 }; /* cosigners are at most so many heads behind */

struct gathered {
    uint64_t size;
    struct hash root;
    struct buffer note; /* empty: a free place */
};
struct heads {
    pthread_mutex_t mutex;
    struct gathered head[GATHERED];
};

enum status heads_open(struct heads **out, struct error *error)
{
    struct heads *heads = calloc(1, sizeof *heads);
    if (heads == NULL) return arena_full(error);
    pthread_mutex_init(&heads->mutex, NULL);
    *out = heads;
    return STATUS_DONE;
}

void heads_close(struct heads **heads)
{
    if (*heads == NULL) return;
    for (size_t i = 0; i < GATHERED; i++) buffer_clear(&(*heads)->head[i].note);
    pthread_mutex_destroy(&(*heads)->mutex);
    free(*heads);
    *heads = NULL;
}

/* What is brought, taken apart and checked. */
struct offer {
    struct note note;
    struct checkpoint head;
    struct witness_policy policy; /* a copy: members change beside us; its slices are not looked at */
    struct verifier log_key;
};

static enum status refuse(struct error *error, const char *code, const char *sentence)
{
    return error_set(error, STATUS_REFUSED, code, sentence, NULL);
}

static enum status policy_of(struct truce_register *reg, struct offer *offer, struct error *error)
{
    struct truce_register *owner = reg->writer != NULL ? reg->writer : reg;
    struct writing *w = owner->writing;
    if (w != NULL) pthread_rwlock_rdlock(&w->members_lock);
    const struct witness_policy *policy = owner->members == NULL ? NULL : members_witnessing(owner->members);
    const struct verifier *key = policy == NULL ? NULL : members_log_key_at(owner->members, offer->head.size);
    if (key != NULL) {
        offer->policy = *policy;
        offer->log_key = *key;
    }
    if (w != NULL) pthread_rwlock_unlock(&w->members_lock);
    return key != NULL ? STATUS_DONE : refuse(error, "heads-unknown", "This register knows no cosigners.");
}

/* The log's key signed two histories. Any head of ours that is as large shows it: what our tree was at that size leads
 * to it. */
static enum status keep_fork(struct truce_register *reg, const struct offer *offer, struct slice note,
                             const struct hash *root, struct error *error)
{
    OWN(buffer_clear) struct buffer line = {0};
    OWN(head_clear) struct head ours = {.level = HEAD_DURABLE};
    struct evidence evidence = {.kind = EVIDENCE_FORK, .first = note, .keys = 1};
    evidence.key[0] = offer->log_key;
    TRY(heads_newest(reg, HEAD_CHECKPOINT, &ours, error));
    if (ours.level == HEAD_DURABLE || ours.size < offer->head.size) return STATUS_DONE;
    evidence.second = buffer_slice(&ours.note);
    if (ours.size > offer->head.size) {
        evidence.has_other = true;
        evidence.other = *root;
        TRY(log_prove_consistency(reg->log, offer->head.size, ours.size, &evidence.proof, error));
    }
    if (evidence_write(&line, &evidence, NULL) != STATUS_DONE) return STATUS_DONE; /* under a key that was changed */
    return evidence_keep(reg->system, reg->directory, buffer_slice(&line), error);
}

static enum status offer_read(struct truce_register *reg, struct slice note, struct offer *out, struct error *error)
{
    struct hash root;
    bool present;
    if (note_parse(&out->note, note, NULL) != STATUS_DONE ||
        checkpoint_parse(&out->head, out->note.text, NULL) != STATUS_DONE)
        return refuse(error, "heads-form", "This is not a signed head.");
    TRY(policy_of(reg, out, error));
    if (!slice_is(out->head.origin, out->log_key.name) || !note_verify(&out->note, &out->log_key, &present))
        return refuse(error, "heads-unsigned", "The head does not bear this log's signature.");
    if (out->head.size > log_size(reg->log))
        return refuse(error, "heads-unsigned", "The head is of more records than this log has.");
    TRY(log_root(reg->log, out->head.size, &root, error));
    if (hash_equal(&root, &out->head.root)) return STATUS_DONE;
    TRY(keep_fork(reg, out, note, &root, error));
    return error_set(error, STATUS_UNVERIFIED, "heads-other",
                     "The head of size {0} bears this log's signature and is of another history.",
                     error_number((int64_t)out->head.size).text, NULL);
}

/* The line of this cosigner, which holds; {NULL,0} where there is none. */
static enum status line_of(const struct note *note, const struct verifier *cosigner, struct slice *line, int64_t *time,
                           struct error *error)
{
    bool present, holds = note_cosigned(note, cosigner, &present, time);
    *line = (struct slice){NULL, 0};
    if (present && !holds)
        return error_set(error, STATUS_REFUSED, "heads-bad", "The cosignature of \"{0}\" does not hold.",
                         cosigner->name, NULL);
    for (size_t i = 0; holds && i < note->signatures; i++)
        if (note->signature[i].key_id == cosigner->id && slice_is(note->signature[i].name, cosigner->name))
            *line = note->signature[i].line;
    return STATUS_DONE;
}

static void put_line(struct buffer *out, struct slice line)
{
    buffer_put(out, line);
    buffer_put_byte(out, '\n');
}

/* The newest of a cosigner by itself: peers/cosigners/KEYID, with the log's line. */
static enum status keep_cosigner(struct truce_register *reg, const struct offer *offer, const struct verifier *cosigner,
                                 struct slice line, int64_t time, struct error *error)
{
    char path[REGISTER_PATH_SIZE], name[64];
    OWN(buffer_clear) struct buffer kept = {0}, note = {0};
    struct note before;
    struct slice log_line = {NULL, 0};
    bool there, present;
    int64_t then = 0;
    snprintf(name, sizeof name, "peers/cosigners/%08x", cosigner->id);
    TRY(register_path(path, reg->directory, name, error));
    TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &kept, &there, error));
    if (there && note_parse(&before, buffer_slice(&kept), NULL) == STATUS_DONE)
        (void)!note_cosigned(&before, cosigner, &present, &then);
    if (time <= then) return STATUS_DONE;
    for (size_t i = 0; i < offer->note.signatures; i++)
        if (offer->note.signature[i].key_id == offer->log_key.id &&
            slice_is(offer->note.signature[i].name, offer->log_key.name))
            log_line = offer->note.signature[i].line;
    buffer_put(&note, offer->note.text);
    buffer_put_byte(&note, '\n');
    put_line(&note, log_line);
    put_line(&note, line);
    TRY(buffer_finish(&note, error));
    return file_replace(reg->system, path, buffer_slice(&note), 0644, error);
}

/* The place of a head among those gathered; the smallest gives way. NULL if it is smaller than all. */
static struct gathered *place_of(struct heads *heads, const struct offer *offer)
{
    struct gathered *place = NULL;
    for (size_t i = 0; i < GATHERED; i++) {
        struct gathered *head = &heads->head[i];
        if (head->note.size > 0 && head->size == offer->head.size) return head;
        if (place == NULL || head->note.size == 0 || (place->note.size > 0 && head->size < place->size)) place = head;
    }
    if (place->note.size > 0 && place->size > offer->head.size) return NULL;
    buffer_reset(&place->note);
    place->size = offer->head.size;
    place->root = offer->head.root;
    return place;
}

struct counted {
    int64_t witnesses, mirrors;
};

/* The head's note written anew: the log's line, then for each cosigner the newest that is known. */
static enum status gather(struct truce_register *reg, const struct offer *offer, struct gathered *place,
                          struct counted *counted, struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0};
    struct note before = {.signatures = 0};
    size_t brought = 0;
    if (place->note.size > 0) TRY(note_parse(&before, buffer_slice(&place->note), error));
    buffer_put(&note, offer->note.text);
    buffer_put_byte(&note, '\n');
    for (size_t i = 0; i < offer->note.signatures; i++)
        if (offer->note.signature[i].key_id == offer->log_key.id &&
            slice_is(offer->note.signature[i].name, offer->log_key.name)) {
            put_line(&note, offer->note.signature[i].line);
            break;
        }
    const struct witness_policy *policy = &offer->policy;
    for (size_t i = 0; i < policy->witness_count + policy->mirror_count; i++) {
        bool mirror = i >= policy->witness_count;
        const struct verifier *key = mirror ? &policy->mirror[i - policy->witness_count].key : &policy->witness[i].key;
        struct slice known, line;
        int64_t known_time = 0, time = 0;
        TRY(line_of(&before, key, &known, &known_time, error));
        TRY(line_of(&offer->note, key, &line, &time, error));
        if (line.data != NULL) {
            brought++;
            TRY(keep_cosigner(reg, offer, key, line, time, error));
        }
        struct slice newest = line.data != NULL && time >= known_time ? line : known;
        if (newest.data == NULL) continue;
        put_line(&note, newest);
        if (mirror)
            counted->mirrors++;
        else
            counted->witnesses++;
    }
    TRY(buffer_finish(&note, error));
    if (brought == 0)
        return refuse(error, "heads-unknown", "No cosignature on the head is of a cosigner of this register.");
    buffer_clear(&place->note);
    place->note = note;
    note = (struct buffer){0};
    return STATUS_DONE;
}

/* Larger than what stands there, or as large: never back. */
static enum status keep_head(struct truce_register *reg, enum head_level level, const struct gathered *head,
                             struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    OWN(head_clear) struct head before = {.level = HEAD_DURABLE};
    TRY(heads_newest(reg, level, &before, error));
    if (before.level == level && before.size > head->size) return STATUS_DONE;
    TRY(register_path(path, reg->directory, levels[level].file, error));
    return file_replace(reg->system, path, buffer_slice(&head->note), 0644, error);
}

static enum status folders(struct truce_register *reg, struct error *error)
{
    static const char *const names[] = {"peers", "peers/cosigners"};
    char path[REGISTER_PATH_SIZE];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        TRY(register_path(path, reg->directory, names[i], error));
        TRY(directory_make(reg->system, path, error));
    }
    return STATUS_DONE;
}

static enum status offered(struct truce_register *reg, struct heads *heads, const struct offer *offer,
                           struct error *error)
{
    struct counted counted = {0};
    struct gathered *place = place_of(heads, offer);
    if (place == NULL) return refuse(error, "heads-unknown", "The head is older than those that are gathered now.");
    TRY(folders(reg, error));
    TRY(gather(reg, offer, place, &counted, error));
    const struct witness_policy *policy = &offer->policy;
    if (policy->quorum == 0 || counted.witnesses < policy->quorum) return STATUS_DONE;
    TRY(keep_head(reg, HEAD_COSIGNED, place, error));
    if (counted.mirrors < policy->mirror_quorum || policy->mirror_quorum == 0) return STATUS_DONE;
    return keep_head(reg, HEAD_MIRRORED, place, error);
}

enum status heads_check(struct truce_register *reg, struct slice note, struct error *error)
{
    static _Thread_local struct offer offer; /* large */
    return offer_read(reg->writer != NULL ? reg->writer : reg, note, &offer, error);
}

enum status heads_offer(struct truce_register *reg, struct slice note, struct error *error)
{
    struct truce_register *owner = reg->writer != NULL ? reg->writer : reg;
    static _Thread_local struct offer offer; /* large */
    TRY(offer_read(owner, note, &offer, error));
    pthread_mutex_lock(&owner->heads->mutex);
    enum status status = offered(owner, owner->heads, &offer, error);
    pthread_mutex_unlock(&owner->heads->mutex);
    return status;
}
