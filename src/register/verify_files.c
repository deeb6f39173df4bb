/* What stands beside the log in a register's directory: each file is known, and what it holds is checked. */
#include "register/verifying.h"

#include "log/checkpoint.h"
#include "log/frames.h"
#include "log/vote.h"
#include "record/admission.h"
#include "register/arrivals.h"
#include "register/promises.h"
#include "register/seal_store.h"
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

/* Below the register itself: the log (checked elsewhere), what is derived, keys, and a server's socket. */
static bool is_expected(const char *place)
{
    const char *dot = strrchr(place, '.');
    if (strchr(place, '/') != NULL) return false;
    return strcmp(place, "log") == 0 || strcmp(place, "server.lock") == 0 || strcmp(place, "witness.lock") == 0 ||
           strcmp(place, "outbox.lock") == 0 || strcmp(place, "keys") == 0 || strncmp(place, "index.", 6) == 0 ||
           (dot != NULL && strcmp(dot, ".key") == 0);
}

static void check_outbox(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct arena arena;
    struct record record;
    struct error why;
    struct verifier key;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = file_read_all(&system_real, path, LIMIT_RECORD_NOTE_BYTES, &text, &why);
    if (status == STATUS_DONE) status = record_decode(&record, buffer_slice(&text), &arena, &why);
    if (status == STATUS_DONE && reg != NULL && reg->members != NULL) {
        status = admission_key(&key, reg->members, &record, &why);
        if (status == STATUS_DONE && !record_verify(&record, &key))
            status = error_set(&why, STATUS_UNVERIFIED, "verify-outbox-signature",
                               "The signature of a record in the outbox does not hold.", NULL);
    }
    if (status != STATUS_DONE) verify_found_at(v, &why, place);
    arena_clear(&arena);
}

static void check_sealed(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    const struct seal_store store = {&system_real, v->options->path};
    struct error why;
    bool belongs = false;
    (void)reg, (void)path;
    if (seal_store_check(&store, slice_from(place + strlen("sealed/")), &belongs, &why) != STATUS_DONE)
        verify_found_at(v, &why, place);
    else if (!belongs)
        verify_found_new(v, place, "verify-stray", "This file does not belong to a register.", NULL);
}

bool verify_trusts(const struct verifying *v, const struct truce_register *reg, const struct note *head,
                   size_t *cosignatures)
{
    bool present;
    int64_t time;
    if (v->has_policy) return trust_allows(&v->policy, head, cosignatures);
    const struct witness_policy *own = reg == NULL || reg->members == NULL ? NULL : members_witnessing(reg->members);
    if (v->options->genesis == NULL || own == NULL || own->quorum == 0) return false;
    *cosignatures = 0;
    for (size_t i = 0; i < own->witness_count; i++)
        *cosignatures += note_cosigned(head, &own->witness[i].key, &present, &time);
    return *cosignatures >= (size_t)own->quorum;
}

/* A signed head that is kept beside the log: of this log's history, and signed. The policy may trust it. */
static void check_kept(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct hash root;
    struct error why;
    bool present, of_log = true;
    size_t cosignatures;
    const struct verifier *key = NULL;
    enum status status = file_read_all(&system_real, path, LIMIT_RECORD_NOTE_BYTES, &text, &why);
    if (status == STATUS_DONE) status = note_parse(&note, buffer_slice(&text), &why);
    if (status == STATUS_DONE) status = checkpoint_parse(&checkpoint, note.text, &why);
    if (status == STATUS_DONE && reg != NULL && reg->members != NULL)
        key = members_log_key_at(reg->members, checkpoint.size);
    if (status == STATUS_DONE && key != NULL && !note_verify(&note, key, &present))
        status = error_set(&why, STATUS_UNVERIFIED, "verify-head",
                           "The signed head does not bear this log's signature.", NULL);
    if (status == STATUS_DONE && reg != NULL) {
        of_log = checkpoint.size <= log_size(reg->log) &&
                 log_root(reg->log, checkpoint.size, &root, NULL) == STATUS_DONE && hash_equal(&root, &checkpoint.root);
        if (!of_log)
            status = error_set(&why, STATUS_UNVERIFIED, "verify-head",
                               "The signed head is of another history than this log.", NULL);
    }
    if (status != STATUS_DONE) {
        verify_found_at(v, &why, place);
        return;
    }
    if (!verify_trusts(v, reg, &note, &cosignatures)) return;
    if (v->trusted && v->cosigned >= checkpoint.size) return;
    v->trusted = true;
    v->cosigned = checkpoint.size;
    v->cosignatures = cosignatures;
}

/* What a mirror follows towards: signed, and where the log has come as far, of its history. All that the log has beyond
 * its checkpoint must be on the way there. */
static void check_target(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct error why;
    bool present;
    const struct verifier *key = NULL;
    enum status status = file_read_all(&system_real, path, LIMIT_RECORD_NOTE_BYTES, &text, &why);
    if (status == STATUS_DONE) status = note_parse(&note, buffer_slice(&text), &why);
    if (status == STATUS_DONE) status = checkpoint_parse(&checkpoint, note.text, &why);
    if (status == STATUS_DONE && reg != NULL && reg->members != NULL)
        key = members_log_key_at(reg->members, checkpoint.size);
    if (status == STATUS_DONE && reg != NULL && checkpoint.size <= log_published(reg->log)) {
        check_kept(v, reg, path, place);
        return;
    }
    if (status == STATUS_DONE && key != NULL && !note_verify(&note, key, &present))
        status = error_set(&why, STATUS_UNVERIFIED, "verify-head",
                           "The signed head does not bear this log's signature.", NULL);
    if (status == STATUS_DONE && reg != NULL && checkpoint.size < log_size(reg->log))
        status = error_set(&why, STATUS_UNVERIFIED, "verify-target",
                           "The mirror has entries that neither its checkpoint nor the one it follows covers.", NULL);
    if (status != STATUS_DONE) verify_found_at(v, &why, place);
}

/* A mirror's stamps: whole, and each of the note that stands beside it. Whose key stamped them says whoever knows it.
 */
static void check_arrivals(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    struct arrivals arrivals;
    struct error why;
    (void)reg;
    (void)path;
    enum status status = arrivals_open(&arrivals, &system_real, v->options->path, false, &why);
    if (status != STATUS_DONE) {
        verify_found_at(v, &why, place);
        return;
    }
    for (size_t i = 0; i < arrivals.count; i++) {
        struct hash submitted = hash_of(arrivals_note(&arrivals, i));
        if (!hash_equal(&submitted, &arrivals.at[i].stamp.submitted))
            verify_found_new(v, place, "verify-arrival", "A stamp is not of the record that was kept with it.", NULL);
    }
    arrivals_close(&arrivals);
}

/* By whom a vote is signed is checked where the policy still knows the witness. */
static enum status check_vote(struct truce_register *reg, struct slice bytes, struct error *error)
{
    OWN(vote_clear) struct vote vote = {.size = 0};
    struct note note, head;
    struct checkpoint checkpoint;
    struct hash root;
    TRY(note_parse(&note, bytes, error));
    TRY(vote_read(&vote, bytes, error));
    const struct witness_policy *policy = reg == NULL || reg->members == NULL ? NULL : members_witnessing(reg->members);
    for (size_t i = 0; policy != NULL && i < policy->witness_count; i++)
        if (slice_is(note.signature[0].name, policy->witness[i].key.name))
            TRY(vote_check(&vote, bytes, &policy->witness[i].key, error));
    if (reg == NULL || vote.size == 0 || vote.size > log_size(reg->log)) return STATUS_DONE;
    TRY(note_parse(&head, buffer_slice(&vote.checkpoint), error));
    TRY(checkpoint_parse(&checkpoint, head.text, error));
    TRY(log_root(reg->log, vote.size, &root, error));
    if (hash_equal(&root, &checkpoint.root)) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "verify-vote",
                     "A vote for a change of host holds a head of another history than this log.", NULL);
}

static void check_votes(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct error why;
    struct slice note;
    enum status status = file_read_all(&system_real, path, LIMIT_RECORD_NOTE_BYTES, &text, &why);
    struct slice rest = buffer_slice(&text);
    while (status == STATUS_DONE && note_next(&rest, &note)) status = check_vote(reg, note, &why);
    if (status == STATUS_DONE && rest.size > 0)
        status = error_set(&why, STATUS_REFUSED, "vote-form", "Behind the last vote stands what is none.", NULL);
    if (status != STATUS_DONE) verify_found_at(v, &why, place);
}

enum status verify_evidence_open(struct evidence *out, const char *path, struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    TRY(file_read_all(&system_real, path, EVIDENCE_BYTES_MOST, &text, error));
    struct slice line = arena_copy(arena, buffer_slice(&text));
    if (line.size != text.size) return arena_full(error);
    TRY(evidence_read(out, line, arena, error));
    return evidence_check(out, error);
}

static void check_evidence(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    OWN(arena_clear) struct arena arena;
    struct evidence evidence;
    struct error why;
    (void)reg;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (verify_evidence_open(&evidence, path, &arena, &why) != STATUS_DONE) verify_found_at(v, &why, place);
}

static enum status pass_frame(void *context, const struct frame *frame, size_t at, struct error *error)
{
    (void)context, (void)frame, (void)at, (void)error;
    return STATUS_DONE;
}

/* The state of a witness that works beside this register: what it holds is its own business, that it is whole is ours.
 */
static void check_witness(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    struct error why;
    bool damaged = false;
    size_t where = 0;
    (void)reg;
    enum status status = file_read_all(&system_real, path, SIZE_MAX / 2, &bytes, &why);
    if (status == STATUS_DONE) status = frames_walk(buffer_slice(&bytes), pass_frame, NULL, &damaged, &where, &why);
    if (status != STATUS_DONE) verify_found_at(v, &why, place);
    if (damaged) verify_found_new(v, place, "verify-witness", "The state of the witness is damaged.", NULL);
}

/* What a host promised: signed by its log's key. */
static void check_promise(struct verifying *v, struct truce_register *reg, const char *path, const char *place)
{
    struct error why;
    if (reg == NULL || reg->members == NULL) return;
    if (promise_check(reg, path, &why) != STATUS_DONE) verify_found_at(v, &why, place);
}

/* What may stand in the folders of a register, and what is asked of it. */
static const struct {
    const char *folder, *name; /* NULL: of any name */
    void (*check)(struct verifying *v, struct truce_register *reg, const char *path, const char *place);
} known_files[] = {
    {"outbox", NULL, check_outbox},           {"peers", "cosigned", check_kept},
    {"peers", "mirrored", check_kept},        {"peers", "witness", check_witness},
    {"peers/cosigners", NULL, check_kept},    {"peers", "arrivals", check_arrivals},
    {"peers/seen", "target", check_target},   {"peers/seen", "cosigned", check_kept},
    {"peers/evidence", NULL, check_evidence}, {"peers/promises", NULL, check_promise},
    {"sealed", NULL, check_sealed},           {"sealed/waiting", NULL, check_sealed},
    {"peers", "votes", check_votes},
};

static bool is_folder(const char *place)
{
    size_t size = strlen(place);
    for (size_t i = 0; i < COUNT_OF(known_files); i++)
        if (strncmp(known_files[i].folder, place, size) == 0 &&
            (known_files[i].folder[size] == '\0' || known_files[i].folder[size] == '/'))
            return true;
    return false;
}

static void check_file(struct verifying *v, struct truce_register *reg, const char *path, const char *below,
                       const char *name, const char *place)
{
    for (size_t i = 0; i < COUNT_OF(known_files); i++)
        if (strcmp(known_files[i].folder, below) == 0 &&
            (known_files[i].name == NULL || strcmp(known_files[i].name, name) == 0)) {
            known_files[i].check(v, reg, path, place);
            return;
        }
    verify_found_new(v, place, "verify-stray", "This file does not belong to a register.", NULL);
}

/* What is neither the log's, derived, a key nor of a known folder has no business in a register. */
static void check_files(struct verifying *v, struct truce_register *reg, const char *directory, const char *below)
{
    char path[REGISTER_PATH_SIZE], place[REGISTER_PATH_SIZE];
    DIR *dir = opendir(directory);
    for (struct dirent *entry = dir == NULL ? NULL : readdir(dir); entry != NULL; entry = readdir(dir)) {
        struct stat about;
        bool dot = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        snprintf(place, sizeof place, "%s%s%s", below, below[0] == '\0' ? "" : "/", entry->d_name);
        if (dot || is_expected(place)) continue;
        if (register_path(path, directory, entry->d_name, NULL) != STATUS_DONE || lstat(path, &about) != 0) continue;
        if (S_ISDIR(about.st_mode) && is_folder(place))
            check_files(v, reg, path, place);
        else if (!file_is_unfinished(entry->d_name)) /* it counts for nothing, and is no fault */
            check_file(v, reg, path, below, S_ISREG(about.st_mode) ? entry->d_name : "", place);
    }
    if (dir != NULL) closedir(dir);
}

void verify_files(struct verifying *v, struct truce_register *reg)
{
    check_files(v, reg, v->options->path, "");
}

enum status verify_policy_open(struct verifying *v, struct error *error)
{
    if (v->options->policy == NULL) return STATUS_DONE;
    TRY(file_read_all(&system_real, v->options->policy, LIMIT_RECORD_NOTE_BYTES, &v->policy_text, error));
    v->has_policy = true;
    return error_at(error, trust_read(&v->policy, buffer_slice(&v->policy_text), error), v->options->policy);
}

/* With a policy, the register is worth as much as the largest head that it trusts. */
void verify_policy(struct verifying *v, struct truce_register *reg, const char *log)
{
    char path[REGISTER_PATH_SIZE];
    if (!v->has_policy) return;
    if (register_path(path, log, "checkpoint", NULL) == STATUS_DONE) check_kept(v, reg, path, "log/checkpoint");
    if (!v->trusted)
        verify_found_new(v, "log", "verify-policy", "No signed head of this register satisfies the policy.", NULL);
}
