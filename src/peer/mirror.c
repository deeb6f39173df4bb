/* A mirror: another's log copied (copy.h), judged (register/mirrored.h), cosigned, and that brought to the host.
 *
 * P1  What is cosigned is durable, published and judged here; the cosignature is durable before it leaves.
 * P2  Sizes cosigned never go back, and no size is cosigned with two roots, whatever was restored or lost. */
#include "peer/mirror.h"

#include "json/write.h"
#include "register/evidence.h"
#include "register/heads.h"
#include "system/clock.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    POLL_S = 2,
    POLL_MOST_S = 60,     /* after failures */
    COSIGN_AGAIN_S = 300, /* the same head, so that others see that it is still watched */
    BRING_S = 10
};

/* ---- what is told */

static void tell(struct truce_mirror *m, enum status status, const struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    if (public_fault(error, &text) != STATUS_DONE) return;
    (void)!public_line(m->options.line, m->options.context, status, buffer_slice(&text), NULL);
}

static void tell_reached(struct truce_mirror *m)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct json_writer w;
    json_write_open(&w, &text);
    json_put_object(&w);
    json_put_key(&w, "cosigned"), json_put_integer(&w, (int64_t)m->cosigned.size);
    json_put_key(&w, "entries"), json_put_integer(&w, (int64_t)log_size(m->reg->log));
    json_put_key(&w, "published"), json_put_integer(&w, (int64_t)log_published(m->reg->log));
    json_put_close(&w);
    if (json_write_finish(&w, NULL) == STATUS_DONE)
        (void)!public_line(m->options.line, m->options.context, STATUS_DONE, buffer_slice(&text), NULL);
}

/* An entry is void, or bears a time that cannot be: the host's fault. */
static void on_fault(void *context, uint64_t entry, const struct error *why)
{
    char place[64 + ERROR_POINTER_SIZE];
    struct error placed = *why;
    snprintf(place, sizeof place, "log entry %llu%s%s", (unsigned long long)entry, why->pointer[0] == '\0' ? "" : " ",
             why->pointer);
    (void)error_at(&placed, placed.status, place);
    tell(context, STATUS_UNVERIFIED, &placed);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct truce_mirror *m = context;
    if (m->options.progress != NULL) m->options.progress(m->options.context, done, total);
}

/* Two records in one place of a chain: the author's own signatures convict it. */
static enum status keep_equivocation(struct truce_mirror *m, struct slice first, struct slice second,
                                     struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    struct evidence evidence = {.kind = EVIDENCE_EQUIVOCATION, .first = first, .second = second, .keys = 1};
    TRY(record_decode(&record, first, &arena, error));
    const struct members *members = register_judged_members(m->reg);
    const struct verifier *key = members == NULL ? NULL : members_key(members, record.by, record.key_id);
    if (key == NULL)
        return error_set(error, STATUS_FAILED, "mirror-author", "The author's key is not known here.", NULL);
    evidence.key[0] = *key;
    char path[COPY_PATH_SIZE];
    TRY(copy_evidence(m->system, m->reg->directory, &evidence, path, error));
    struct error fault;
    struct error_text by = error_slice(record.by);
    enum status status = error_set(&fault, STATUS_UNVERIFIED, "mirror-equivocation",
                                   "\"{0}\" has signed two different records as number {1} of its chain; both are kept "
                                   "in {2}, and whoever gets that file can prove it (truce verify FILE).",
                                   by.text, error_number(record.seq).text, path, NULL);
    tell(m, status, &fault);
    return STATUS_DONE;
}

static void on_again(void *context, struct slice first, struct slice second)
{
    struct error why;
    enum status status = keep_equivocation(context, first, second, &why);
    if (status != STATUS_DONE) tell(context, status, &why);
}

/* ---- the beginning: origin, genesis, the log's key */

static enum status genesis_read(struct truce_mirror *m, struct slice entry, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct slice note;
    int64_t received_ms;
    char hex[HASH_HEX_SIZE];
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(entry_parse(&received_ms, &note, entry, error));
    TRY(record_decode(&record, note, &arena, error));
    hash_format(&record.id.hash, hex);
    if (strcmp(record.kind->name, "genesis") != 0)
        return error_set(error, STATUS_UNVERIFIED, "mirror-genesis-none",
                         "The first entry at {0} is no genesis: this is not the log of a register.",
                         error_slice(slice_from(m->where)).text, NULL);
    if (m->options.genesis != NULL && strcmp(m->options.genesis, hex) != 0)
        return error_set(error, STATUS_UNVERIFIED, "mirror-genesis",
                         "The genesis at {0} is {1}, not the one that was asked for. Nothing was taken from there.",
                         error_slice(slice_from(m->where)).text, hex, NULL);
    struct slice key = json_find_string(record.body, "log_key");
    return verifier_parse(&m->first_key, m->options.log_key != NULL ? slice_from(m->options.log_key) : key, error);
}

/* Of the source: nothing says yet that its checkpoint covers this, but nothing is kept either before it is known. */
static enum status genesis_ask(struct truce_mirror *m, char origin[LIMIT_ORIGIN_BYTES + 1], struct error *error)
{
    struct copy_head head = {.there = false};
    OWN(buffer_clear) struct buffer bundle = {0};
    struct slice entry;
    enum status status = copy_head_get(m->source, &head, error);
    if (status == STATUS_DONE && head.checkpoint.size == 0)
        status = error_set(error, STATUS_FAILED, "mirror-empty", "The log at {0} has no entries yet. Try again later.",
                           m->where, NULL);
    if (status == STATUS_DONE) status = far_bundle(m->source, 0, far_width(head.checkpoint.size, 0), &bundle, error);
    struct slice rest = buffer_slice(&bundle);
    if (status == STATUS_DONE && far_entry(&rest, &entry)) status = genesis_read(m, entry, error);
    if (status == STATUS_DONE) snprintf(origin, LIMIT_ORIGIN_BYTES + 1, "%s", m->first_key.name);
    copy_head_clear(&head);
    return status;
}

static enum status genesis_own(struct truce_mirror *m, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    if (log_size(m->reg->log) == 0) return STATUS_DONE;
    TRY(log_read(m->reg->log, 0, &entry, error));
    return genesis_read(m, buffer_slice(&entry), error);
}

/* The key that signs now, as far as it is known here. */
static const struct verifier *log_key(const struct truce_mirror *m)
{
    const struct members *members = register_judged_members(m->reg);
    const struct verifier *key = members == NULL ? NULL : members_log_key(members);
    return key != NULL ? key : &m->first_key;
}

/* ---- cosigning */

static enum status cosigned_path(const struct truce_mirror *m, char path[COPY_PATH_SIZE], struct error *error)
{
    return register_path(path, m->reg->directory, "peers/seen/cosigned", error);
}

static enum status cosigned_find(struct truce_mirror *m, struct error *error)
{
    char path[COPY_PATH_SIZE];
    struct note note;
    struct checkpoint checkpoint;
    bool present;
    TRY(cosigned_path(m, path, error));
    TRY(file_read_if_there(m->system, path, LIMIT_RECORD_NOTE_BYTES, &m->cosignature, &m->cosigned.there, error));
    if (!m->cosigned.there) return STATUS_DONE;
    TRY(note_parse(&note, buffer_slice(&m->cosignature), error));
    TRY(checkpoint_parse(&checkpoint, note.text, error));
    m->cosigned.size = checkpoint.size;
    m->cosigned.root = checkpoint.root;
    if (m->key != NULL && !note_cosigned(&note, &m->key->signer.verifier, &present, &m->cosigned.at_s))
        m->cosigned.at_s = 0;
    return STATUS_DONE;
}

/* P2, from what is here: the head must continue the one that was cosigned last. */
static enum status may_cosign(struct truce_mirror *m, bool *may, struct error *error)
{
    struct hash root;
    uint64_t size = m->copy.published.checkpoint.size;
    int64_t now_s = m->system->now_ms(m->system->context) / 1000;
    *may = m->key != NULL && m->copy.published.there && m->reg->mirrored != NULL && register_judged(m->reg) >= size;
    if (!*may || !m->cosigned.there) return STATUS_DONE;
    if (m->cosigned.size > size) {
        *may = false; /* more was cosigned than is here: wait until it is here again */
        return STATUS_DONE;
    }
    TRY(log_root(m->reg->log, m->cosigned.size, &root, error));
    if (!hash_equal(&root, &m->cosigned.root))
        return error_set(error, STATUS_UNVERIFIED, "mirror-cosigned-other",
                         "This mirror has cosigned another history before than the one it has now; it cosigns nothing "
                         "more. Keep peers/seen/cosigned: it is evidence.",
                         NULL);
    *may = m->cosigned.size < size || now_s - m->cosigned.at_s >= COSIGN_AGAIN_S;
    return STATUS_DONE;
}

static enum status cosign(struct truce_mirror *m, struct error *error)
{
    bool may;
    char path[COPY_PATH_SIZE];
    struct note note;
    OWN(buffer_clear) struct buffer whole = {0};
    TRY(may_cosign(m, &may, error));
    if (!may) return STATUS_DONE;
    int64_t now_s = m->system->now_ms(m->system->context) / 1000;
    buffer_put(&whole, buffer_slice(&m->copy.published.note));
    TRY(note_parse(&note, buffer_slice(&m->copy.published.note), error));
    TRY(note_cosign_line(&whole, note.text, now_s, &m->key->signer, error));
    TRY(buffer_finish(&whole, error));
    TRY(cosigned_path(m, path, error));
    TRY(file_replace(m->system, path, buffer_slice(&whole), 0666, error));
    m->cosigned = (struct mirror_cosigned){.there = true,
                                           .size = m->copy.published.checkpoint.size,
                                           .root = m->copy.published.checkpoint.root,
                                           .at_s = now_s};
    buffer_reset(&m->cosignature);
    buffer_put(&m->cosignature, buffer_slice(&whole));
    m->brought = false;
    TRY(buffer_finish(&m->cosignature, error));
    (void)!heads_offer(m->reg, buffer_slice(&whole), NULL); /* so that this copy says who has it; or the policy names
                                                             * other mirrors */
    return STATUS_DONE;
}

/* A host that does not take it gets it again with the next; what it says is its own affair. */
static enum status bring(struct truce_mirror *m, struct error *error)
{
    struct source_answer answer = {0};
    if (m->key == NULL || !m->cosigned.there || m->brought || !source_is_server(m->source)) return STATUS_DONE;
    TRY(source_post(m->source, "cosignatures", buffer_slice(&m->cosignature), BRING_S, 65536, &answer, error));
    m->brought = answer.status < 500;
    buffer_clear(&answer.body);
    return STATUS_DONE;
}

/* ---- judging beside copying, where there is much of it: no core waits for the other */

enum { BESIDE_LEAST = 16384, BESIDE_EVERY = 1024 };

static void *judge_beside(void *context)
{
    struct truce_mirror *m = context;
    struct mirror_judging *j = &m->judging;
    bool last = false;
    while (!last && j->status == STATUS_DONE) {
        pthread_mutex_lock(&j->mutex);
        while (!j->last && log_size(m->reg->log) - register_judged(m->reg) < BESIDE_EVERY)
            pthread_cond_wait(&j->grown, &j->mutex);
        last = j->last;
        pthread_mutex_unlock(&j->mutex);
        j->status = register_judge(m->reg, !last, &j->error);
    }
    return NULL;
}

static void on_grown(void *context, uint64_t size, uint64_t total)
{
    struct truce_mirror *m = context;
    struct mirror_judging *j = &m->judging;
    if (!j->on) on_progress(m, size, total);
    pthread_mutex_lock(&j->mutex);
    pthread_cond_signal(&j->grown);
    pthread_mutex_unlock(&j->mutex);
}

static void begin_beside(struct truce_mirror *m)
{
    struct mirror_judging *j = &m->judging;
    uint64_t size = log_size(m->reg->log);
    bool much = m->copy.target.there && m->copy.target.checkpoint.size > size &&
                m->copy.target.checkpoint.size - size >= BESIDE_LEAST;
    j->last = false;
    j->status = STATUS_DONE;
    j->on = much && !m->options.copies_only && pthread_create(&j->thread, NULL, judge_beside, m) == 0;
}

static enum status end_beside(struct truce_mirror *m, struct error *error)
{
    struct mirror_judging *j = &m->judging;
    if (!j->on) return STATUS_DONE;
    pthread_mutex_lock(&j->mutex);
    j->last = true;
    pthread_cond_signal(&j->grown);
    pthread_mutex_unlock(&j->mutex);
    pthread_join(j->thread, NULL);
    j->on = false;
    if (j->status != STATUS_DONE && error != NULL) *error = j->error;
    return j->status;
}

/* ---- records handed in here */

static enum status on_handed_in(void *context, struct slice notes, truce_line *line, void *line_context,
                                struct error *error)
{
    struct truce_mirror *m = context;
    return hand_in_take(&m->hand_in, notes, line, line_context, error);
}

static bool in_log(void *context, const struct record_id *id)
{
    struct truce_mirror *m = context;
    bool found = false, is_void = false;
    uint64_t entry;
    return index_find_id(m->reader->index, id, &found, &entry, &is_void, NULL) == STATUS_DONE && found && !is_void;
}

static enum status hand_on_again(struct truce_mirror *m, struct error *error)
{
    if (!m->stamps) return STATUS_DONE;
    hand_in_key(&m->hand_in, log_key(m));
    if (m->reader == NULL) {
        struct truce_error why;
        if (truce_beside(&m->reader, m->reg, &why) != TRUCE_DONE) return register_index_behind(error);
    }
    TRY(register_look(m->reader, error));
    return hand_in_again(&m->hand_in, in_log, m, error);
}

/* ---- one round */

/* A key that entries on the way to this head name as the log's next, if it signed the head. Who may name it is judged
 * when they are here. */
static bool names_key(struct slice entry, const struct note *head, struct verifier *out)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct slice note;
    int64_t received_ms;
    bool present;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    return entry_parse(&received_ms, &note, entry, NULL) == STATUS_DONE &&
           record_decode(&record, note, &arena, NULL) == STATUS_DONE && strcmp(record.kind->name, "key") == 0 &&
           slice_is(json_find_string(record.body, "change"), "log") &&
           verifier_parse(out, json_find_string(record.body, "verifier"), NULL) == STATUS_DONE &&
           note_verify(head, out, &present);
}

static enum status find_next_key(struct truce_mirror *m, const struct copy_head *head, struct verifier *out,
                                 bool *found, struct error *error)
{
    struct note note;
    struct slice entry;
    OWN(buffer_clear) struct buffer bundle = {0};
    uint64_t size = head->checkpoint.size, first = m->copy.published.there ? m->copy.published.checkpoint.size : 0;
    *found = false;
    TRY(note_parse(&note, buffer_slice(&head->note), error));
    for (uint64_t n = first / LOG_TILE_WIDTH; n * LOG_TILE_WIDTH < size && !*found; n++) {
        buffer_reset(&bundle);
        TRY(far_bundle(m->source, n, far_width(size, n), &bundle, error));
        struct slice rest = buffer_slice(&bundle);
        while (!*found && far_entry(&rest, &entry)) *found = names_key(entry, &note, out);
    }
    return STATUS_DONE;
}

/* Signed by a key that the members ended: whoever has it is the log's host no more. */
static bool signed_by_ended(const struct truce_mirror *m, const struct copy_head *head)
{
    struct note note;
    bool present;
    const struct members *members = register_judged_members(m->reg);
    uint64_t from = members == NULL ? 0 : members_log_key_from(members);
    const struct verifier *before = from == 0 ? NULL : members_log_key_at(members, from - 1);
    return note_parse(&note, buffer_slice(&head->note), NULL) == STATUS_DONE &&
           ((before != NULL && note_verify(&note, before, &present)) || note_verify(&note, &m->first_key, &present));
}

static enum status say_ended(const struct truce_mirror *m, struct error *error)
{
    return error_set(error, STATUS_UNVERIFIED, "mirror-ended",
                     "The checkpoint at {0} is signed by a key that signed this log only up to {1} entries. Who signs "
                     "with it is not the log's host any more, and what stands there beyond is not of this log.",
                     m->where, error_number((int64_t)members_log_key_from(register_judged_members(m->reg)) - 1).text,
                     NULL);
}

/* The newest head becomes the target; *key is what signed it. A key that is not known yet counts for copying alone:
 * nothing is published before it is known by whose word it signs. */
static enum status look(struct truce_mirror *m, struct verifier *key, struct error *error)
{
    struct copy_head head = {.there = false};
    struct error why;
    bool found = false;
    *key = *log_key(m);
    m->copy.former = m->first_key;
    enum status status = copy_look(&m->copy, key, &why);
    if (status == STATUS_DONE || strcmp(why.code, "mirror-key") != 0) {
        if (status != STATUS_DONE && error != NULL) *error = why;
        return status;
    }
    status = copy_head_get(m->source, &head, error);
    m->copy.former = *key;
    if (status == STATUS_DONE) status = find_next_key(m, &head, key, &found, error);
    bool ended = status == STATUS_DONE && !found && signed_by_ended(m, &head);
    copy_head_clear(&head);
    TRY(status);
    if (ended) return say_ended(m, error);
    if (found) return copy_look(&m->copy, key, error);
    if (error != NULL) *error = why;
    return why.status;
}

/* The key that signed the target must be the one that the entries it covers put in force. */
static enum status key_in_force(const struct truce_mirror *m, const struct verifier *key, struct error *error)
{
    const struct members *members = register_judged_members(m->reg);
    if (members == NULL || !m->copy.target.there || m->options.log_key != NULL) return STATUS_DONE;
    const struct verifier *wanted = members_log_key_at(members, m->copy.target.checkpoint.size);
    if (wanted != NULL && memcmp(&wanted->key, &key->key, sizeof key->key) == 0) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "mirror-key-other",
                     "The checkpoint at {0} is signed by a key that the members of this register did not put in force. "
                     "It is not published here, and not cosigned.",
                     m->where, NULL);
}

static enum status take_and_judge(struct truce_mirror *m, struct error *error)
{
    struct error later;
    begin_beside(m);
    enum status status = copy_take(&m->copy, error);
    enum status judged = end_beside(m, status == STATUS_DONE ? error : &later);
    TRY(status);
    TRY(judged);
    return m->options.copies_only ? STATUS_DONE : register_judge(m->reg, false, error);
}

static enum status round_once(struct truce_mirror *m, struct error *error)
{
    struct verifier key;
    uint64_t before = log_published(m->reg->log);
    TRY(look(m, &key, error));
    TRY(take_and_judge(m, error));
    if (!m->options.copies_only) TRY(key_in_force(m, &key, error));
    TRY(copy_publish(&m->copy, &key, error));
    if (!m->options.copies_only) TRY(cosign(m, error));
    if (log_published(m->reg->log) > before) tell_reached(m);
    TRY(bring(m, error));
    return hand_on_again(m, error);
}

enum status mirror_catch_up(struct truce_mirror *m, struct error *error)
{
    enum status status = m->ended.status != STATUS_DONE ? m->ended.status : round_once(m, error);
    if (m->ended.status != STATUS_DONE && error != NULL) *error = m->ended;
    if (status != STATUS_DONE && error != NULL && strcmp(error->code, "mirror-fork") == 0) m->ended = *error;
    return status;
}

/* ---- following */

static void rest(struct truce_mirror *m, unsigned s)
{
    struct timespec until = clock_deadline((int64_t)s * 1000);
    pthread_mutex_lock(&m->mutex);
    while (!m->stopping && !clock_past(&until)) pthread_cond_timedwait(&m->wake, &m->mutex, &until);
    pthread_mutex_unlock(&m->mutex);
}

static bool is_stopping(struct truce_mirror *m)
{
    pthread_mutex_lock(&m->mutex);
    bool stopping = m->stopping;
    pthread_mutex_unlock(&m->mutex);
    return stopping;
}

/* What no later try can mend: two histories, or a log that takes no more until it is opened anew. */
static bool is_final(const struct error *error)
{
    static const char *const codes[] = {"mirror-fork",      "mirror-other-host", "mirror-cosigned-other",
                                        "mirror-key-other", "log-closed",        "log-append-failed"};
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (strcmp(error->code, codes[i]) == 0) return true;
    return false;
}

static enum status follow(struct truce_mirror *m, struct error *error)
{
    unsigned poll_s = m->options.poll_s == 0 ? POLL_S : m->options.poll_s, wait_s = poll_s;
    const char *told = "";
    while (!is_stopping(m)) {
        struct error why;
        enum status status = mirror_catch_up(m, &why);
        if (status != STATUS_DONE && is_final(&why)) {
            if (error != NULL) *error = why;
            return status;
        }
        bool well = status == STATUS_DONE;
        if (!well && strcmp(told, why.code) != 0) tell(m, STATUS_FAILED, &why);
        told = well ? "" : why.code;
        wait_s = well ? poll_s : wait_s * 2 < POLL_MOST_S ? wait_s * 2 : POLL_MOST_S;
        rest(m, wait_s);
    }
    return STATUS_DONE;
}

/* ---- opening */

static enum status open_register(struct truce_mirror *m, struct error *error)
{
    char log[COPY_PATH_SIZE], origin[LIMIT_ORIGIN_BYTES + 1];
    const struct mirrored_hooks hooks = {.found_void = on_fault,
                                         .found_time = on_fault,
                                         .found_again = on_again,
                                         .progress = on_progress,
                                         .handed_in = m->key == NULL ? NULL : on_handed_in,
                                         .context = m};
    TRY(register_path(log, m->options.directory, "log", error));
    TRY(log_followed(m->system, log, origin, error));
    if (origin[0] == '\0') TRY(genesis_ask(m, origin, error));
    TRY(register_mirror(&m->reg, m->system, m->options.directory, slice_from(origin), &hooks, error));
    TRY(genesis_own(m, error));
    if (m->first_key.name[0] == '\0') TRY(genesis_ask(m, origin, error)); /* it was cut short before its first entry */
    if (log_size(m->reg->log) > 0 && !m->options.copies_only) TRY(register_judge(m->reg, false, error));
    TRY(copy_open(&m->copy, m->system, m->reg->directory, m->reg->log, m->source, error));
    m->copy.grown = on_grown;
    m->copy.context = m;
    TRY(cosigned_find(m, error));
    if (m->key == NULL || m->options.copies_only) return STATUS_DONE;
    TRY(hand_in_open(&m->hand_in, m->system, m->reg->directory, m->source, &m->key->signer, log_key(m), error));
    m->stamps = true;
    return STATUS_DONE;
}

static enum status check_key(const struct truce_mirror *m, struct error *error)
{
    if (m->key == NULL || m->key->signer.verifier.algorithm == NOTE_COSIGNATURE) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "mirror-key-use",
                     "A mirror signs with a key for cosigning and nothing else: truce key new NAME --cosign.", NULL);
}

enum status mirror_open(struct truce_mirror **out, const struct system *system,
                        const struct truce_mirror_options *options, struct error *error)
{
    TRY(crypto_start(error));
    struct truce_mirror *m = calloc(1, sizeof *m);
    if (m == NULL) return arena_full(error);
    const struct source_options source = {.where = options->source, .access = options->access};
    m->system = system;
    m->options = *options;
    m->key = options->key;
    m->where = options->source;
    pthread_mutex_init(&m->mutex, NULL);
    clock_condition(&m->wake);
    pthread_mutex_init(&m->judging.mutex, NULL);
    pthread_cond_init(&m->judging.grown, NULL);
    enum status status = check_key(m, error);
    if (status == STATUS_DONE) status = source_open(&m->source, system, &source, error);
    if (status == STATUS_DONE) status = open_register(m, error);
    if (status == STATUS_DONE)
        *out = m;
    else
        mirror_close(&m);
    return status;
}

void mirror_close(struct truce_mirror **mirror)
{
    struct truce_mirror *m = *mirror;
    *mirror = NULL;
    if (m == NULL) return;
    copy_close(&m->copy);
    if (m->reader != NULL) (void)register_close(&m->reader, NULL);
    if (m->stamps) hand_in_close(&m->hand_in);
    (void)register_close(&m->reg, NULL);
    source_close(&m->source);
    buffer_clear(&m->cosignature);
    pthread_cond_destroy(&m->judging.grown);
    pthread_mutex_destroy(&m->judging.mutex);
    pthread_cond_destroy(&m->wake);
    pthread_mutex_destroy(&m->mutex);
    free(m);
}

/* ---- public */

enum truce_status truce_mirror_open(struct truce_mirror **out, const struct truce_mirror_options *options,
                                    struct truce_error *error)
{
    struct error why;
    return public_status(mirror_open(out, &system_real, options, &why), &why, error);
}

enum truce_status truce_mirror_catch_up(struct truce_mirror *mirror, struct truce_error *error)
{
    struct error why;
    return public_status(mirror_catch_up(mirror, &why), &why, error);
}

enum truce_status truce_mirror_follow(struct truce_mirror *mirror, struct truce_error *error)
{
    struct error why;
    return public_status(follow(mirror, &why), &why, error);
}

void truce_mirror_stop(struct truce_mirror *mirror)
{
    pthread_mutex_lock(&mirror->mutex);
    mirror->stopping = true;
    pthread_cond_broadcast(&mirror->wake);
    pthread_mutex_unlock(&mirror->mutex);
}

struct truce_register *truce_mirror_register(struct truce_mirror *mirror)
{
    return mirror->reg;
}

void truce_mirror_close(struct truce_mirror **mirror)
{
    mirror_close(mirror);
}
