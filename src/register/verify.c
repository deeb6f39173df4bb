/* Everything checked again from the log alone: bytes, hashes, signatures, admission, the index. Opens read-only,
 * repairs nothing, and goes on after a fault so that all are named. */
#include "register/bundle.h"
#include "register/verify_walk.h"
#include "register/verifying.h"

#include "json/write.h"
#include "log/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void verify_found(void *context, const struct error *fault)
{
    struct verifying *v = context;
    OWN(buffer_clear) struct buffer text = {0};
    v->faults++;
    if (v->stopped.status == STATUS_DONE && public_fault(fault, &text) == STATUS_DONE)
        (void)!public_line(v->line, v->context, STATUS_UNVERIFIED, buffer_slice(&text), &v->stopped);
}

void verify_found_at(struct verifying *v, const struct error *fault, const char *place)
{
    struct error placed = *fault;
    (void)error_at(&placed, placed.status, place);
    verify_found(v, &placed);
}

void verify_found_new(struct verifying *v, const char *place, const char *code, const char *sentence,
                      const char *argument)
{
    struct error fault;
    if (error_set(&fault, STATUS_UNVERIFIED, code, sentence, argument, NULL) != STATUS_DONE)
        verify_found_at(v, &fault, place);
}

/* An entry is void, or bears a time that cannot be. */
static void found_void(void *context, uint64_t entry, const struct error *why)
{
    char place[64];
    snprintf(place, sizeof place, "log entry %llu%s", (unsigned long long)entry, why->pointer[0] == '\0' ? "" : " ");
    char whole[ERROR_POINTER_SIZE + 64];
    snprintf(whole, sizeof whole, "%s%s", place, why->pointer);
    verify_found_at(context, why, whole);
}

static void forward_progress(void *context, uint64_t done, uint64_t total)
{
    struct verifying *v = context;
    if (v->progress != NULL) v->progress(v->context, done, total);
}

/* ---- the entries, and the index beside them */

/* An index being digested in a thread of its own, beside other work. */
struct digesting {
    struct index *index;
    bool running;
    pthread_t thread;
    enum status status;
    struct error error;
    struct hash digest;
};

static void *digest_index(void *context)
{
    struct digesting *d = context;
    d->status = index_digest(d->index, &d->digest, &d->error);
    return NULL;
}

static void digest_start(struct digesting *d)
{
    d->running = pthread_create(&d->thread, NULL, digest_index, d) == 0;
    if (!d->running) digest_index(d);
}

static void digest_wait(struct digesting *d)
{
    if (d->running) pthread_join(d->thread, NULL);
    d->running = false;
}

/* The index on disk as it stands at one moment. */
struct of_disk {
    bool there; /* not: it cannot be opened, or is of a longer log */
    uint64_t applied;
    struct digesting digesting;
};

static enum status begin_disk(struct truce_register *reg, struct of_disk *out)
{
    char path[REGISTER_PATH_SIZE];
    struct hash root;
    TRY(register_path(path, reg->directory, "index.sqlite", NULL));
    if (access(path, R_OK) != 0) return STATUS_DONE;
    if (index_open_read_only(&out->digesting.index, path, NULL) != STATUS_DONE) return STATUS_DONE;
    out->there = true; /* from here on: damaged within is like no index that the log gives */
    TRY(index_read_begin(out->digesting.index, NULL));
    TRY(index_applied(out->digesting.index, &out->applied, &root, NULL));
    out->there = out->applied <= log_size(reg->log);
    return STATUS_DONE;
}

/* The digest is begun last: from then on, until it was waited for, what it says belongs to its thread. */
static void disk_open(struct truce_register *reg, struct of_disk *out)
{
    *out = (struct of_disk){.there = false};
    enum status status = begin_disk(reg, out);
    if (status != STATUS_DONE) out->digesting.status = STATUS_UNVERIFIED;
    if (status != STATUS_DONE || !out->there)
        out->applied = 0;
    else
        digest_start(&out->digesting);
}

static void disk_close(struct of_disk *disk)
{
    digest_wait(&disk->digesting);
    if (disk->digesting.index != NULL) index_read_end(disk->digesting.index);
    index_close(&disk->digesting.index);
}

/* A fresh index in a temporary file, which outlives no verification. */
static enum status open_scratch(char path[64], struct index **out, struct error *error)
{
    snprintf(path, 64, "/tmp/truce-verify-index-XXXXXX");
    int file = mkstemp(path);
    if (file < 0) {
        snprintf(path, 64, ":memory:");
        return index_open_scratch(out, path, error);
    }
    close(file);
    return index_open_scratch(out, path, error);
}

static enum status compare_index(struct verifying *v, const struct digesting *of_disk, const struct digesting *fresh,
                                 struct error *error)
{
    if (fresh->status != STATUS_DONE && error != NULL) *error = fresh->error;
    TRY(fresh->status);
    if (of_disk->status != STATUS_DONE || !hash_equal(&fresh->digest, &of_disk->digest))
        verify_found_new(v, "index.sqlite", "verify-index",
                         "The index says otherwise than the log; truce rebuild makes it anew.", NULL);
    return STATUS_DONE;
}

/* ---- genesis and log */

/* Does the published checkpoint bear this key's signature? Also where none is published. */
static bool head_by(struct truce_register *reg, const struct verifier *key)
{
    OWN(buffer_clear) struct buffer text = {0};
    char path[REGISTER_PATH_SIZE];
    struct note note;
    bool present;
    return register_path(path, reg->directory, "log/checkpoint", NULL) != STATUS_DONE ||
           file_read_all(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &text, NULL) != STATUS_DONE ||
           note_parse(&note, buffer_slice(&text), NULL) != STATUS_DONE || note_verify(&note, key, &present);
}

/* Once the entries say who the members are: the key of that size, where it is not the genesis's. */
static void check_head(struct verifying *v, struct truce_register *reg)
{
    const struct verifier *key = members_log_key_at(reg->members, log_published(reg->log));
    if (key == NULL || !head_by(reg, key))
        verify_found_new(
            v, "log/checkpoint", "log-signature",
            "The checkpoint {0} bears no good signature of the log's key; it was changed, or the key is another.",
            "log/checkpoint");
}

enum status verify_genesis_key(struct truce_register *reg, struct verifier *key, char genesis[HASH_HEX_SIZE],
                               struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct arena arena;
    struct record record;
    int64_t received_ms;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = register_read(reg, 0, &entry, &arena, &record, &received_ms, error);
    if (status == STATUS_DONE) {
        hash_format(&record.id.hash, genesis);
        status = verifier_parse(key, json_find_string(record.body, "log_key"), error);
    }
    arena_clear(&arena);
    return status;
}

void verify_genesis(struct verifying *v, const struct verified *out)
{
    if (v->options->genesis != NULL && strcmp(v->options->genesis, out->genesis) != 0)
        verify_found_new(v, "log entry 0", "verify-genesis", "The genesis is {0}, not the one that was asked for.",
                         out->genesis[0] == '\0' ? "?" : out->genesis);
}

static enum status standing_hash(struct truce_register *reg, struct view *view, char out[HASH_HEX_SIZE],
                                 struct error *error)
{
    OWN(buffer_clear) struct buffer answer = {0};
    char message[1024];
    struct error why;
    if (register_standing(reg, view, NULL, &answer, &why) != STATUS_DONE) {
        public_message(&why, message, sizeof message);
        return error_set(error, why.status, "verify-standing", "The standing could not be computed: {0}", message,
                         NULL);
    }
    struct hash hash = hash_of(buffer_slice(&answer));
    hash_format(&hash, out);
    return STATUS_DONE;
}

/* Judged and seen, all of them; and as far as the index on disk has come, put into a fresh one that must be the same.
 * The standing is computed while that is read. */
static enum status verify_entries(struct verifying *v, struct truce_register *reg, unsigned threads,
                                  struct of_disk *disk, struct verified *out, struct error *error)
{
    struct view *view;
    struct digesting fresh = {.index = NULL};
    char path[64] = ":memory:";
    struct walk_memory *memory = NULL;
    TRY(view_open(&view, error));
    enum status status = members_open(&reg->members, error);
    if (status == STATUS_DONE) status = walk_memory_open(&memory, 0, NULL, error);
    if (status == STATUS_DONE && disk->there) status = open_scratch(path, &fresh.index, error);
    const struct verify_walk walk = {.reg = reg,
                                     .to = log_size(reg->log),
                                     .members = reg->members,
                                     .memory = memory,
                                     .threads = threads,
                                     .view = view,
                                     .index = fresh.index,
                                     .indexed = disk->applied,
                                     .found_void = found_void,
                                     .found_time = found_void,
                                     .progress = forward_progress,
                                     .context = v};
    if (status == STATUS_DONE) status = verify_walk(&walk, error);
    walk_memory_close(&memory);
    reg->seen = reg->members_size = log_size(reg->log);
    if (status == STATUS_DONE && disk->there) digest_start(&fresh);
    if (status == STATUS_DONE) status = standing_hash(reg, view, out->standing, error);
    digest_wait(&fresh);
    view_close(&view);
    index_close(&fresh.index);
    if (strcmp(path, ":memory:") != 0) (void)!index_remove(path, NULL);
    if (status != STATUS_DONE || !disk->there) return status;
    digest_wait(&disk->digesting);
    return compare_index(v, &disk->digesting, &fresh, error);
}

/* What two people read to each other who hold copies of one size: of the page, and of this copy. */
static enum status tell_phrase(struct truce_register *reg, struct verified *out, struct error *error)
{
    struct hash root;
    if (out->published == 0) return STATUS_DONE;
    TRY(log_root(reg->log, out->published, &root, error));
    phrase_format_head(out->phrase, members_register(reg->members), out->published, &root);
    return STATUS_DONE;
}

enum status verify_opened(struct verifying *v, struct truce_register *reg, unsigned threads, struct verified *out,
                          struct error *error)
{
    struct hash root;
    struct of_disk disk;
    out->entries = log_size(reg->log);
    out->published = log_published(reg->log);
    TRY(log_root(reg->log, out->entries, &root, error));
    hash_format(&root, out->root);
    disk_open(reg, &disk);
    enum status status = verify_entries(v, reg, threads, &disk, out, error);
    disk_close(&disk);
    return status == STATUS_DONE ? tell_phrase(reg, out, error) : status;
}

static void verify_register(struct verifying *v, struct verified *out, const char *log, struct error *error,
                            enum status *status)
{
    struct truce_register *reg = NULL;
    struct verifier key;
    struct error why;
    bool known = false, later = false;
    *status = register_open(&reg, &system_real, v->options->path, TRUCE_READ, &why);
    if (*status == STATUS_DONE && log_size(reg->log) > 0)
        known = verify_genesis_key(reg, &key, out->genesis, &why) == STATUS_DONE;
    if (known) later = !head_by(reg, &key); /* the members may have changed it */
    if (reg != NULL) verify_genesis(v, out);
    if (v->options->key != NULL) {
        *status = verifier_parse(&key, slice_from(v->options->key), error);
        if (*status != STATUS_DONE) {
            (void)register_close(&reg, NULL);
            return;
        }
        known = true;
        later = false;
    }
    unsigned threads = v->options->threads > 0 ? v->options->threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    *status = log_verify(&system_real, log, known && !later ? &key : NULL, threads, verify_found, v, error);
    if (*status == STATUS_UNVERIFIED) *status = STATUS_DONE; /* its faults were given out one by one */
    if (*status == STATUS_DONE && reg != NULL && v->faults == 0) {
        *status = verify_opened(v, reg, threads, out, error);
        if (*status == STATUS_DONE && later) check_head(v, reg);
    } else if (*status == STATUS_DONE && reg == NULL && v->faults == 0) {
        verify_found_at(v, &why, "log"); /* cannot be opened, though every byte of it holds: say why */
    }
    if (*status == STATUS_DONE) verify_files(v, reg);
    if (*status == STATUS_DONE) verify_policy(v, reg, log);
    (void)register_close(&reg, NULL);
}

/* ---- a file of signed notes: form, and the signature where the key is given */

static enum status verify_notes(struct verifying *v, struct verified *out, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct verifier key;
    struct slice rest, note;
    TRY(file_read_all(&system_real, v->options->path, (size_t)LIMIT_REQUEST_BYTES, &text, error));
    if (v->options->key != NULL) TRY(verifier_parse(&key, slice_from(v->options->key), error));
    rest = buffer_slice(&text);
    for (; record_next_note(&rest, &note); out->entries++) {
        struct arena arena;
        struct record record;
        struct error why;
        char place[64];
        arena_init(&arena, LIMIT_REQUEST_BYTES);
        enum status status = record_decode(&record, note, &arena, &why);
        if (status == STATUS_DONE && v->options->key != NULL && !record_verify(&record, &key))
            status = error_set(&why, STATUS_UNVERIFIED, "verify-signature",
                               "The signature does not hold under the key that was given.", NULL);
        arena_clear(&arena);
        snprintf(place, sizeof place, "note %llu", (unsigned long long)out->entries);
        if (status != STATUS_DONE) verify_found_at(v, &why, place);
    }
    if (out->entries == 0) verify_found_new(v, v->options->path, "note-empty", "There is no signed note.", NULL);
    return STATUS_DONE;
}

/* ---- a file of evidence */

static bool key_given(const struct verifying *v, const struct verifier *key)
{
    char text[VERIFIER_TEXT_SIZE];
    verifier_format(key, text);
    if (v->options->key != NULL && strcmp(v->options->key, text) == 0) return true;
    for (size_t i = 0; i < v->policy.logs; i++)
        if (memcmp(&v->policy.log[i].key, &key->key, sizeof key->key) == 0) return true;
    for (size_t i = 0; i < v->policy.witnesses; i++)
        if (memcmp(&v->policy.witness[i].key.key, &key->key, sizeof key->key) == 0) return true;
    return false;
}

static enum status evidence_summary(const struct verifying *v, const struct evidence *evidence, struct buffer *answer,
                                    struct error *error)
{
    struct json_writer w;
    json_write_open(&w, answer);
    json_put_object(&w);
    json_put_key(&w, "evidence"), json_put_string(&w, evidence_name(evidence->kind));
    json_put_key(&w, "faults"), json_put_integer(&w, (int64_t)v->faults);
    json_put_key(&w, "keys"), json_put_array(&w);
    for (size_t i = 0; i < evidence->keys; i++) {
        char text[VERIFIER_TEXT_SIZE];
        verifier_format(&evidence->key[i], text);
        json_put_string(&w, text);
    }
    json_put_close(&w);
    bool compared = v->options->key != NULL || v->has_policy;
    json_put_key(&w, "trust"), json_put_string(&w, compared ? "keys" : "own-word");
    json_put_close(&w);
    return json_write_finish(&w, error);
}

/* It holds by itself under the keys that it names; that these are the right ones, only who has them by another way can
 * say. */
static enum status verify_evidence(struct verifying *v, struct buffer *answer, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct evidence evidence;
    struct error why;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = verify_evidence_open(&evidence, v->options->path, &arena, &why);
    if (status == STATUS_FAILED) {
        if (error != NULL) *error = why;
        return status;
    }
    if (status != STATUS_DONE) verify_found_at(v, &why, v->options->path);
    bool compared = v->options->key != NULL || v->has_policy;
    for (size_t i = 0; status == STATUS_DONE && compared && i < evidence.keys; i++)
        if (!key_given(v, &evidence.key[i]))
            verify_found_new(v, v->options->path, "evidence-key",
                             "The evidence rests on the key \"{0}\", which is not among those that were given.",
                             evidence.key[i].name);
    return evidence_summary(v, &evidence, answer, error);
}

static bool is_evidence(const char *path)
{
    OWN(buffer_clear) struct buffer text = {0};
    return file_read_all(&system_real, path, EVIDENCE_BYTES_MOST, &text, NULL) == STATUS_DONE &&
           evidence_is(buffer_slice(&text));
}

static bool is_bundle(const char *path)
{
    char head[32];
    int file = system_real.open(system_real.context, path, O_RDONLY, 0);
    ssize_t size = file < 0 ? -1 : file_read_at(&system_real, file, head, sizeof head, 0);
    if (file >= 0) system_real.close(system_real.context, file);
    return size > 0 && bundle_is(slice_of(head, (size_t)size));
}

static enum status summary(const struct verifying *v, const struct verified *out, struct buffer *answer,
                           struct error *error)
{
    struct json_writer w;
    json_write_open(&w, answer);
    json_put_object(&w);
    if (out->bundle.size > 0) json_put_key(&w, "bundle"), json_put_raw(&w, buffer_slice(&out->bundle));
    if (v->has_policy || v->trusted) {
        json_put_key(&w, "cosignatures"), json_put_integer(&w, (int64_t)v->cosignatures);
        json_put_key(&w, "cosigned"), json_put_integer(&w, (int64_t)v->cosigned);
    }
    json_put_key(&w, "entries"), json_put_integer(&w, (int64_t)out->entries);
    json_put_key(&w, "faults"), json_put_integer(&w, (int64_t)v->faults);
    json_put_key(&w, "genesis"), json_put_string(&w, out->genesis);
    if (out->phrase[0] != '\0') json_put_key(&w, "phrase"), json_put_string(&w, out->phrase);
    json_put_key(&w, "published"), json_put_integer(&w, (int64_t)out->published);
    json_put_key(&w, "root"), json_put_string(&w, out->root);
    json_put_key(&w, "standing"), json_put_string(&w, out->standing);
    bool genesis = v->options->genesis != NULL && out->genesis[0] != '\0';
    json_put_key(&w, "trust"), json_put_string(&w, v->trusted && v->has_policy ? "policy"
                                                   : genesis                   ? "genesis"
                                                                               : "log-only");
    if (out->verdict[0] != '\0') json_put_key(&w, "verdict"), json_put_string(&w, out->verdict);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status verify(struct verifying *v, struct verified *out, struct buffer *answer, struct error *error)
{
    struct stat about;
    char log[REGISTER_PATH_SIZE];
    bool evidence = false;
    enum status status = STATUS_DONE;
    TRY(crypto_start(error));
    TRY(verify_policy_open(v, error));
    if (stat(v->options->path, &about) != 0) return error_system(error, "open", v->options->path, errno);
    if (S_ISDIR(about.st_mode)) {
        TRY(register_path(log, v->options->path, "log", error));
        if (stat(log, &about) != 0)
            return error_at(error,
                            error_set(error, STATUS_FAILED, "register-absent",
                                      "There is no register in {0}. Name its directory with -C, or make one: truce "
                                      "init.",
                                      v->options->path, NULL),
                            v->options->path);
        verify_register(v, out, log, error, &status);
    } else if (is_bundle(v->options->path)) {
        status = verify_bundle(v, out, error);
    } else if ((evidence = is_evidence(v->options->path))) {
        status = verify_evidence(v, answer, error);
    } else {
        status = verify_notes(v, out, error);
    }
    TRY(status);
    if (v->stopped.status != STATUS_DONE) {
        if (error != NULL) *error = v->stopped;
        return v->stopped.status;
    }
    if (!evidence) TRY(summary(v, out, answer, error));
    if (v->faults == 0) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "verify-failed", "Verification failed; faults found: {0}.",
                     error_number((int64_t)v->faults).text, NULL);
}

enum truce_status truce_verify(const struct truce_verify_options *options, truce_line *fault, truce_progress *progress,
                               void *context, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct verifying v = {.options = options, .line = fault, .progress = progress, .context = context};
    OWN(buffer_clear) struct buffer out = {0};
    struct verified found = {.entries = 0};
    enum status status = verify(&v, &found, &out, &why);
    buffer_clear(&found.bundle);
    buffer_clear(&v.policy_text);
    if (status == STATUS_DONE || status == STATUS_UNVERIFIED) {
        enum status kept = public_buffer(answer, &out, status == STATUS_DONE ? &why : NULL);
        if (status == STATUS_DONE) status = kept;
    }
    return public_status(status, &why, error);
}
