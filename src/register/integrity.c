/* What stands behind the register as this copy has it, and what in it does not fit: the newest signed head, evidence
 * that is kept, void entries, chains of authors that lack a record or fork. It is of this copy and this moment, and no
 * part of the standing. Entries are read for what is listed alone. */
#include "register/evidence.h"
#include "register/heads.h"
#include "register/judge.h"
#include "register/phrase.h"
#include "register/sight.h"

#include "record/effect.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LISTED_MOST = 100, FILES_MOST = 4096, PROMISES_MOST = 1000 };

struct whole {
    struct truce_register *reg;
    struct json_writer w;
    bool own;
    struct arena arena; /* of one thing */
};

static void put_id(struct json_writer *w, const char *key, const struct record_id *id)
{
    char hex[HASH_HEX_SIZE];
    hash_format(&id->hash, hex);
    if (key != NULL) json_put_key(w, key);
    json_put_string(w, hex);
}

static void put_key_id(struct json_writer *w, uint32_t key_id)
{
    char id[9];
    snprintf(id, sizeof id, "%08" PRIx32, key_id);
    json_put_key(w, "key"), json_put_string(w, id);
}

/* ---- void entries, and authors' chains */

struct fault {
    enum chain_fault fault;
    uint64_t index, other;
};
struct doubts {
    struct fault fault[LISTED_MOST];
    uint64_t is_void[LISTED_MOST];
    size_t faults, voids; /* all of them */
};

static void note_void(void *context, uint64_t index)
{
    struct doubts *doubts = context;
    if (doubts->voids < LISTED_MOST) doubts->is_void[doubts->voids] = index;
    doubts->voids++;
}

static void note_fault(void *context, enum chain_fault fault, uint64_t index, uint64_t other)
{
    struct doubts *doubts = context;
    if (doubts->faults < LISTED_MOST) doubts->fault[doubts->faults] = (struct fault){fault, index, other};
    doubts->faults++;
}

static enum status find_doubts(struct truce_register *reg, struct doubts *out, struct error *error)
{
    const struct truce_moment now = {.known_by = TRUCE_KNOWN_ALL};
    struct look look;
    TRY(look_begin(reg, &now, &look, error));
    effects_voids(view_effects(look.view), note_void, out);
    effects_chains(view_effects(look.view), note_fault, out);
    look_end(&look);
    return STATUS_DONE;
}

static void put_more(struct json_writer *w, size_t all)
{
    json_put_key(w, "more");
    json_put_integer(w, all > LISTED_MOST ? (int64_t)(all - LISTED_MOST) : 0);
}

static enum status put_fault(struct whole *whole, const struct fault *fault, struct error *error)
{
    static const char *const names[] = {
        [CHAIN_EQUIVOCATION] = "equivocation", [CHAIN_GAP] = "gap", [CHAIN_PREV] = "prev"};
    OWN(buffer_clear) struct buffer entry = {0};
    struct json_writer *w = &whole->w;
    struct record record;
    struct seen other;
    int64_t received_ms;
    arena_reset(&whole->arena);
    TRY(register_read(whole->reg, fault->index, &entry, &whole->arena, &record, &received_ms, error));
    json_put_object(w);
    json_put_key(w, "by"), json_put_slice(w, record.by);
    json_put_key(w, "fault"), json_put_string(w, names[fault->fault]);
    json_put_key(w, "index"), json_put_integer(w, (int64_t)fault->index);
    put_key_id(w, record.key_id);
    if (fault->fault == CHAIN_EQUIVOCATION) {
        TRY(sight_entry(whole->reg, fault->other, &other, error));
        put_id(w, "other", &other.id);
    }
    put_id(w, "record", &record.id);
    json_put_key(w, "seq"), json_put_integer(w, record.seq);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_chains(struct whole *whole, const struct doubts *doubts, struct error *error)
{
    struct json_writer *w = &whole->w;
    json_put_key(w, "chains"), json_put_object(w);
    json_put_key(w, "faults"), json_put_array(w);
    for (size_t i = 0; i < doubts->faults && i < LISTED_MOST; i++) TRY(put_fault(whole, &doubts->fault[i], error));
    json_put_close(w);
    put_more(w, doubts->faults);
    json_put_close(w);
    return STATUS_DONE;
}

/* In the reader's language, and where in the record. */
static void put_message(struct json_writer *w, const struct error *why)
{
    char message[1024];
    public_message(why, message, sizeof message);
    json_put_key(w, "message"), json_put_string(w, message);
    if (why->pointer[0] == '/') json_put_key(w, "pointer"), json_put_string(w, why->pointer);
}

/* What is no record has no id, and its entry alone is named. */
static enum status put_voids(struct whole *whole, const struct doubts *doubts, struct error *error)
{
    static const struct record_id none = {0};
    struct json_writer *w = &whole->w;
    json_put_key(w, "void"), json_put_object(w);
    json_put_key(w, "entries"), json_put_array(w);
    for (size_t i = 0; i < doubts->voids && i < LISTED_MOST; i++) {
        struct seen seen;
        struct error why;
        TRY(sight_entry(whole->reg, doubts->is_void[i], &seen, error));
        TRY(void_reason(whole->reg, doubts->is_void[i], &why, error));
        json_put_object(w);
        if (why.code[0] != '\0') json_put_key(w, "code"), json_put_string(w, why.code);
        json_put_key(w, "index"), json_put_integer(w, (int64_t)doubts->is_void[i]);
        if (why.code[0] != '\0') put_message(w, &why);
        if (!record_id_equal(&seen.id, &none)) put_id(w, "record", &seen.id);
        json_put_close(w);
    }
    json_put_close(w);
    put_more(w, doubts->voids);
    json_put_close(w);
    return STATUS_DONE;
}

/* ---- evidence that is kept */

static void put_head_of(struct json_writer *w, struct slice text)
{
    struct note note;
    struct checkpoint head;
    char hex[HASH_HEX_SIZE];
    if (note_parse(&note, text, NULL) != STATUS_DONE || checkpoint_parse(&head, note.text, NULL) != STATUS_DONE) return;
    hash_format(&head.root, hex);
    json_put_object(w);
    json_put_key(w, "root"), json_put_string(w, hex);
    json_put_key(w, "size"), json_put_integer(w, (int64_t)head.size);
    json_put_close(w);
}

static bool read_refusal(const struct evidence *evidence, struct refusal *out)
{
    struct note note;
    return evidence->kind == EVIDENCE_REFUSAL && note_parse(&note, evidence->refusal, NULL) == STATUS_DONE &&
           refusal_parse(out, note.text, NULL) == STATUS_DONE;
}

static bool read_index(const struct evidence *evidence, uint64_t *out)
{
    struct note note;
    struct promise promise;
    *out = evidence->index;
    if (evidence->kind != EVIDENCE_PROMISE) return evidence->kind == EVIDENCE_RECEIVED;
    bool read = note_parse(&note, evidence->promise, NULL) == STATUS_DONE &&
                promise_parse(&promise, note.text, NULL) == STATUS_DONE;
    if (read) *out = promise.index;
    return read;
}

/* The members of each kind, in the order of their keys. */
static void put_evidence(struct whole *whole, const struct evidence *evidence, const char *file)
{
    struct json_writer *w = &whole->w;
    struct record first, second;
    struct refusal refusal;
    uint64_t index;
    bool both = evidence->kind == EVIDENCE_EQUIVOCATION &&
                record_decode(&first, evidence->first, &whole->arena, NULL) == STATUS_DONE &&
                record_decode(&second, evidence->second, &whole->arena, NULL) == STATUS_DONE;
    json_put_object(w);
    if (both) json_put_key(w, "by"), json_put_slice(w, first.by);
    if (read_refusal(evidence, &refusal)) json_put_key(w, "code"), json_put_slice(w, refusal.code);
    json_put_key(w, "evidence"), json_put_string(w, evidence_name(evidence->kind));
    json_put_key(w, "file"), json_put_string(w, file);
    if (evidence->kind == EVIDENCE_FORK) {
        json_put_key(w, "heads"), json_put_array(w);
        put_head_of(w, evidence->first);
        put_head_of(w, evidence->second);
        json_put_close(w);
    }
    if (read_index(evidence, &index)) json_put_key(w, "index"), json_put_integer(w, (int64_t)index);
    if (both) {
        put_key_id(w, first.key_id);
        json_put_key(w, "records"), json_put_array(w);
        put_id(w, NULL, &first.id), put_id(w, NULL, &second.id);
        json_put_close(w);
        json_put_key(w, "seq"), json_put_integer(w, first.seq);
    }
    json_put_close(w);
}

/* Forks are told before all else, so that nothing can crowd them out. */
struct telling {
    struct whole *whole;
    bool forks;
    size_t told, all;
};

static bool is_of(struct slice line, enum evidence_kind kind)
{
    char member[40];
    int size = snprintf(member, sizeof member, "\"evidence\":\"%s\"", evidence_name(kind));
    return memmem(line.data, line.size, member, (size_t)size) != NULL;
}

/* What proves nothing is no evidence; truce verify names the file. */
static enum status tell_file(struct telling *t, const char *file, struct error *error)
{
    struct truce_register *reg = t->whole->reg;
    char path[REGISTER_PATH_SIZE];
    OWN(buffer_clear) struct buffer line = {0};
    struct evidence evidence;
    bool there;
    TRY(register_path(path, reg->directory, file, error));
    TRY(file_read_if_there(reg->system, path, EVIDENCE_BYTES_MOST, &line, &there, error));
    struct slice text = buffer_slice(&line);
    if (!there || !evidence_is(text) || is_of(text, EVIDENCE_FORK) != t->forks ||
        (is_of(text, EVIDENCE_REFUSAL) && !t->whole->own))
        return STATUS_DONE;
    t->all++;
    arena_reset(&t->whole->arena);
    if (t->told == LISTED_MOST || evidence_read(&evidence, text, &t->whole->arena, NULL) != STATUS_DONE)
        return STATUS_DONE;
    t->told++;
    put_evidence(t->whole, &evidence, file);
    return STATUS_DONE;
}

static enum status tell_files(struct telling *t, const struct buffer *names, struct error *error)
{
    char file[EVIDENCE_PLACE_SIZE + 256];
    size_t files = 0;
    for (size_t at = 0; at < names->size && files < FILES_MOST; at += strlen((const char *)names->data + at) + 1) {
        const char *name = (const char *)names->data + at;
        if (file_is_unfinished(name)) continue;
        snprintf(file, sizeof file, "peers/evidence/%s", name);
        TRY(tell_file(t, file, error));
        files++;
    }
    return STATUS_DONE;
}

static enum status put_all_evidence(struct whole *whole, struct error *error)
{
    char folder[REGISTER_PATH_SIZE];
    const struct system *s = whole->reg->system;
    OWN(buffer_clear) struct buffer names = {0};
    struct telling t = {.whole = whole, .forks = true};
    TRY(register_path(folder, whole->reg->directory, "peers/evidence", error));
    if (s->list(s->context, folder, &names) != 0 && errno != ENOENT) return error_system(error, "list", folder, errno);
    TRY(buffer_finish(&names, error));
    json_put_key(&whole->w, "evidence"), json_put_object(&whole->w);
    json_put_key(&whole->w, "files"), json_put_array(&whole->w);
    TRY(tell_files(&t, &names, error));
    t.forks = false;
    TRY(tell_files(&t, &names, error));
    json_put_close(&whole->w);
    json_put_key(&whole->w, "more"), json_put_integer(&whole->w, (int64_t)(t.all - t.told));
    json_put_close(&whole->w);
    return STATUS_DONE;
}

/* ---- the head, and by what it is judged */

static void put_head(struct json_writer *w, struct slice register_name, const struct checkpoint *head,
                     const struct seen *last)
{
    char phrase[PHRASE_SIZE], hex[HASH_HEX_SIZE], at[25];
    phrase_format_head(phrase, register_name, head->size, &head->root);
    hash_format(&head->root, hex);
    received_format(last->received_ms, at);
    json_put_key(w, "head"), json_put_object(w);
    if (head->size > 0) json_put_key(w, "at"), json_put_string(w, at);
    json_put_key(w, "phrase"), json_put_string(w, phrase);
    json_put_key(w, "root"), json_put_string(w, hex);
    json_put_key(w, "size"), json_put_integer(w, (int64_t)head->size);
    json_put_close(w);
}

static enum status find_head(struct whole *whole, uint64_t *size, struct error *error)
{
    OWN(head_clear) struct head newest = {.level = HEAD_DURABLE};
    struct note note;
    struct checkpoint head;
    struct seen last = {.received_ms = 0};
    TRY(heads_newest(whole->reg, HEAD_CHECKPOINT, &newest, error));
    *size = newest.size;
    if (newest.level == HEAD_DURABLE) return STATUS_DONE;
    TRY(note_parse(&note, buffer_slice(&newest.note), error));
    TRY(checkpoint_parse(&head, note.text, error));
    if (head.size > 0) TRY(sight_entry(whole->reg, head.size - 1, &last, error));
    put_head(&whole->w, members_register(whole->reg->members), &head, &last);
    return STATUS_DONE;
}

/* The policy in force as C2SP's tlog-policy writes it, line by line, for truce verify --policy. */
static enum status put_policy(struct json_writer *w, const struct verifier *key, const struct witness_policy *policy,
                              struct error *error)
{
    char text[VERIFIER_TEXT_SIZE], line[VERIFIER_TEXT_SIZE + 40];
    OWN(buffer_clear) struct buffer group = {0};
    verifier_format(key, text);
    snprintf(line, sizeof line, "log %s", text);
    json_put_key(w, "policy"), json_put_array(w);
    json_put_string(w, line);
    buffer_print(&group, "group cosigners %" PRId64, policy->quorum);
    for (size_t i = 0; i < policy->witness_count; i++) {
        verifier_format(&policy->witness[i].key, text);
        snprintf(line, sizeof line, "witness w%zu %s", i + 1, text);
        json_put_string(w, line);
        buffer_print(&group, " w%zu", i + 1);
    }
    TRY(buffer_finish(&group, error));
    if (policy->quorum > 0) json_put_slice(w, buffer_slice(&group));
    json_put_string(w, policy->quorum > 0 ? "quorum cosigners" : "quorum none");
    json_put_close(w);
    return STATUS_DONE;
}

/* ---- what was promised to those who write here */

struct promised {
    uint64_t kept, late, missed, waiting, all;
};

static int count_promise(void *context, enum truce_status status, const char *line, size_t size)
{
    struct promised *promised = context;
    const struct {
        const char *member;
        uint64_t *count;
    } states[] = {{"\"state\":\"kept\"", &promised->kept},
                  {"\"state\":\"late\"", &promised->late},
                  {"\"state\":\"missed\"", &promised->missed},
                  {"\"state\":\"waiting\"", &promised->waiting}};
    (void)status;
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (memmem(line, size, states[i].member, strlen(states[i].member)) != NULL) ++*states[i].count;
    return ++promised->all == PROMISES_MOST;
}

static void put_promises(struct json_writer *w, const struct promised *promised)
{
    json_put_key(w, "promises"), json_put_object(w);
    json_put_key(w, "kept"), json_put_integer(w, (int64_t)promised->kept);
    json_put_key(w, "late"), json_put_integer(w, (int64_t)promised->late);
    json_put_key(w, "missed"), json_put_integer(w, (int64_t)promised->missed);
    json_put_key(w, "more"), json_put_bool(w, promised->all == PROMISES_MOST);
    json_put_key(w, "waiting"), json_put_integer(w, (int64_t)promised->waiting);
    json_put_close(w);
}

/* ---- all of it */

static enum status put_whole(struct whole *whole, const struct doubts *doubts, const struct promised *promised,
                             struct error *error)
{
    OWN(buffer_clear) struct buffer heads = {0};
    struct truce_register *reg = whole->reg;
    struct json_writer *w = &whole->w;
    char key[VERIFIER_TEXT_SIZE];
    uint64_t size = 0;
    json_put_object(w);
    TRY(put_chains(whole, doubts, error));
    TRY(put_all_evidence(whole, error));
    const struct record_id *genesis = members_genesis(reg->members);
    if (genesis != NULL) put_id(w, "genesis", genesis);
    TRY(find_head(whole, &size, error));
    const struct verifier *log_key = genesis == NULL ? NULL : members_log_key_at(reg->members, size);
    if (log_key != NULL) {
        TRY(heads_told(reg, &heads, error));
        json_put_key(w, "heads"), json_put_raw(w, buffer_slice(&heads));
        verifier_format(log_key, key);
        json_put_key(w, "key"), json_put_string(w, key);
        TRY(put_policy(w, log_key, members_witnessing(reg->members), error));
    }
    if (whole->own) put_promises(w, promised);
    answer_put_register(reg, w);
    json_put_key(w, "size"), json_put_integer(w, (int64_t)reg->seen);
    TRY(put_voids(whole, doubts, error));
    json_put_close(w);
    return json_write_finish(w, error);
}

static enum status integrity(struct truce_register *reg, bool own, const struct promised *promised, struct buffer *out,
                             struct error *error)
{
    struct whole whole = {.reg = reg, .own = own};
    struct doubts *doubts = calloc(1, sizeof *doubts);
    if (doubts == NULL) return arena_full(error);
    json_write_open(&whole.w, out);
    arena_init(&whole.arena, LIMIT_REQUEST_BYTES);
    enum status status = find_doubts(reg, doubts, error);
    if (status == STATUS_DONE) status = put_whole(&whole, doubts, promised, error);
    arena_clear(&whole.arena);
    free(doubts);
    return status;
}

enum truce_status truce_integrity(struct truce_register *reg, bool own, struct truce_buffer *answer,
                                  struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct promised promised = {0};
    struct truce_error stopped;
    enum truce_status looked = own ? truce_promises_look(reg, count_promise, &promised, &stopped) : TRUCE_DONE;
    if (looked != TRUCE_DONE && strcmp(stopped.code, "stopped") != 0) {
        if (error != NULL) *error = stopped;
        return looked;
    }
    enum status status = integrity(reg, own, &promised, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
