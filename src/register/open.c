/* Opening and closing a register, and bringing what is derived up to the log. */
#include "register/heads.h"
#include "register/mirrored.h"
#include "register/sight.h"
#include "register/writing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum status register_path(char out[REGISTER_PATH_SIZE], const char *directory, const char *name, struct error *error)
{
    int size = snprintf(out, REGISTER_PATH_SIZE, "%s/%s", directory, name);
    if (size > 0 && size < REGISTER_PATH_SIZE) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "register-path", "The path of the register is too long.", NULL);
}

enum status register_read(struct truce_register *reg, uint64_t index, struct buffer *entry, struct arena *arena,
                          struct record *record, int64_t *received_ms, struct error *error)
{
    struct slice note;
    TRY(log_read(reg->log, index, entry, error));
    TRY(entry_parse(received_ms, &note, buffer_slice(entry), error));
    return record_decode(record, note, arena, error);
}

/* ---- members */

struct member_walk {
    struct truce_register *reg;
    struct index *index;
    struct members *members;
    struct buffer entry;
    struct arena arena;
};

static enum status add_member_entry(void *context, uint64_t entry, struct error *error)
{
    struct member_walk *walk = context;
    struct record record;
    int64_t received_ms;
    bool is_void;
    TRY(index_is_void(walk->index, entry, &is_void, error));
    if (is_void) return STATUS_DONE;
    arena_reset(&walk->arena);
    buffer_reset(&walk->entry);
    TRY(register_read(walk->reg, entry, &walk->entry, &walk->arena, &record, &received_ms, error));
    return members_add(walk->members, entry, received_ms, &record, error);
}

/* Who-records are few: the index names them and the log tells them. */
enum status register_members(struct truce_register *reg, struct index *index, uint64_t size, struct members **out,
                             struct error *error)
{
    const char *kinds[32];
    size_t count = 0;
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++)
        if (kind->family == FAMILY_WHO) kinds[count++] = kind->name;
    kinds[count] = NULL;
    struct member_walk walk = {.reg = reg, .index = index};
    arena_init(&walk.arena, LIMIT_REQUEST_BYTES);
    TRY(members_open(&walk.members, error));
    enum status status = index_walk_kinds(index, kinds, 0, size, add_member_entry, &walk, error);
    arena_clear(&walk.arena);
    buffer_clear(&walk.entry);
    if (status == STATUS_DONE)
        *out = walk.members;
    else
        members_close(&walk.members);
    return status;
}

/* ---- catching up: entries of the log that the index has not seen */

struct batch {
    struct arena arena;
    size_t count;
    struct record record[REGISTER_GROUP];
    bool decoded[REGISTER_GROUP];
    int64_t received_ms[REGISTER_GROUP];
    struct error why[REGISTER_GROUP]; /* it was not decoded */
    struct signature_job job[REGISTER_GROUP];
    const struct record *group[REGISTER_GROUP];
};

static enum status batch_add(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct batch *batch = context;
    struct slice note, copy = arena_copy(&batch->arena, entry);
    size_t i = batch->count++;
    (void)index;
    if (copy.data == NULL) return arena_full(error);
    enum status status = entry_parse(&batch->received_ms[i], &note, copy, &batch->why[i]);
    if (status == STATUS_DONE) status = record_decode(&batch->record[i], note, &batch->arena, &batch->why[i]);
    batch->decoded[i] = status == STATUS_DONE;
    if (!batch->decoded[i]) batch->record[i] = (struct record){0};
    batch->group[i] = &batch->record[i];
    /* An entry that is no record cannot be admitted by anyone: it stays in the log and is void. */
    if (status != STATUS_FAILED) return STATUS_DONE;
    if (error != NULL) *error = batch->why[i]; /* memory ran out: that says nothing about the entry */
    return status;
}

static enum status apply_batch(struct truce_register *reg, struct index *index, struct members *members, uint64_t from,
                               struct batch *batch, const struct following *following, struct error *error)
{
    struct judge judge;
    enum status status = STATUS_DONE;
    size_t jobs = 0, which[REGISTER_GROUP];
    for (size_t i = 0; i < batch->count; i++)
        if (batch->decoded[i]) {
            which[i] = jobs;
            batch->job[jobs++] = (struct signature_job){.record = &batch->record[i]};
        }
    judge_signatures(members, batch->job, jobs, 0);
    judge_open(&judge, reg, index, members, from, batch->group);
    for (size_t i = 0; i < batch->count && status == STATUS_DONE; i++, judge.grouped++) {
        const struct record *record = &batch->record[i];
        bool is_void = !batch->decoded[i];
        struct error why = batch->why[i];
        if (!is_void) {
            status = judge_one(&judge, record, batch->received_ms[i], &batch->job[which[i]], &why);
            is_void = status == STATUS_REFUSED;
            if (is_void) status = STATUS_DONE;
            if (status != STATUS_DONE && error != NULL) *error = why;
            if (status == STATUS_DONE && !is_void)
                status = members_add(members, from + i, batch->received_ms[i], record, error);
        }
        if (is_void && following->found_void != NULL) following->found_void(following->context, from + i, &why);
        if (status == STATUS_DONE)
            status =
                index_add(index, from + i, batch->received_ms[i], batch->decoded[i] ? record : NULL, is_void, error);
    }
    judge_close(&judge);
    return status;
}

/* Entries are judged by an index that stands right before them, and by no other. */
static enum status stands_at(struct index *index, uint64_t at, struct error *error)
{
    uint64_t applied;
    struct hash root;
    TRY(index_applied(index, &applied, &root, error));
    return applied == at
               ? STATUS_DONE
               : error_set(error, STATUS_FAILED, "index-busy",
                           "The index {0} is being written by another process; try again.", "index.sqlite", NULL);
}

enum status register_apply(struct truce_register *reg, struct index *index, struct members *members, uint64_t from,
                           uint64_t to, const struct following *following, struct error *error)
{
    struct batch *batch = calloc(1, sizeof *batch);
    enum status status = batch == NULL ? arena_full(error) : STATUS_DONE;
    if (batch != NULL) arena_init(&batch->arena, REGISTER_GROUP_BYTES);
    for (uint64_t at = from; at < to && status == STATUS_DONE; at += batch->count) {
        struct hash root;
        uint64_t next = at + REGISTER_GROUP < to ? at + REGISTER_GROUP : to;
        arena_reset(&batch->arena);
        batch->count = 0;
        status = log_walk(reg->log, at, next, batch_add, batch, error);
        if (status == STATUS_DONE) status = index_begin(index, error);
        if (status != STATUS_DONE) break;
        status = stands_at(index, at, error);
        if (status == STATUS_DONE) status = apply_batch(reg, index, members, at, batch, following, error);
        if (status == STATUS_DONE) status = log_root(reg->log, next, &root, error);
        if (status == STATUS_DONE) status = index_commit(index, &root, error);
        if (status != STATUS_DONE) index_rollback(index);
        if (following->progress != NULL) following->progress(following->context, next, to);
    }
    if (batch != NULL) arena_clear(&batch->arena);
    free(batch);
    return status;
}

enum status register_index_anew(struct truce_register *reg, const char *path, truce_progress *progress, void *context,
                                struct index **out, struct error *error)
{
    struct index *index;
    struct members *members = NULL;
    const struct following following = {.progress = progress, .context = context};
    TRY(index_open(&index, path, error));
    enum status status = members_open(&members, error);
    if (status == STATUS_DONE) status = register_apply(reg, index, members, 0, log_size(reg->log), &following, error);
    members_close(&members);
    if (status == STATUS_DONE)
        *out = index;
    else
        index_close(&index);
    return status;
}

/* Does the index belong to this log? Its root at the size it has applied must be the log's. */
static enum status index_belongs(struct truce_register *reg, uint64_t applied, const struct hash *root, bool *belongs,
                                 struct error *error)
{
    struct hash of_log;
    *belongs = false;
    if (applied > log_size(reg->log)) TRY(log_refresh(reg->log, error)); /* a writer went on since this reader opened */
    if (applied > log_size(reg->log)) return STATUS_DONE;
    if (applied > 0) {
        TRY(log_root(reg->log, applied, &of_log, error));
        if (!hash_equal(root, &of_log)) return STATUS_DONE;
    }
    *belongs = true;
    return STATUS_DONE;
}

static enum status open_index(struct truce_register *reg, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    TRY(register_path(path, reg->directory, "index.sqlite", error));
    enum status status = index_open(&reg->index, path, error);
    if (status == STATUS_DONE || (error != NULL && strcmp(error->code, "index-newer") == 0)) return status;
    if (access(reg->directory, W_OK) != 0) return index_open_read_only(&reg->index, path, error);
    if (error == NULL || strcmp(error->code, "index-damaged") != 0) return status;
    TRY(index_remove(path, error)); /* derived: the log has it all */
    return index_open(&reg->index, path, error);
}

enum status register_index_open(struct truce_register *reg, uint64_t *applied, struct error *error)
{
    struct hash root;
    bool belongs;
    char path[REGISTER_PATH_SIZE];
    TRY(open_index(reg, error));
    TRY(index_applied(reg->index, applied, &root, error));
    TRY(index_belongs(reg, *applied, &root, &belongs, error));
    if (belongs) return STATUS_DONE;
    TRY(register_path(path, reg->directory, "index.sqlite", error));
    index_close(&reg->index);
    TRY(index_remove(path, error));
    *applied = 0;
    return open_index(reg, error);
}

/* The whole index in memory: for a directory that may not be written, or while somebody else holds the file. */
static enum status index_in_memory(struct truce_register *reg, truce_progress *progress, void *context,
                                   struct error *error)
{
    index_close(&reg->index);
    return register_index_anew(reg, ":memory:", progress, context, &reg->index, error);
}

enum { CATCH_UP_TRIES = 4 };

static enum status index_up_to_date(struct truce_register *reg, unsigned tries, truce_progress *progress, void *context,
                                    struct error *error)
{
    uint64_t applied = 0;
    struct hash root;
    bool belongs = false;
    if (reg->index == NULL && open_index(reg, error) != STATUS_DONE) {
        if (error != NULL && strcmp(error->code, "index-newer") == 0) return error->status;
        return index_in_memory(reg, progress, context, error);
    }
    TRY(index_applied(reg->index, &applied, &root, error));
    TRY(index_belongs(reg, applied, &root, &belongs, error));
    if (!belongs) {
        char path[REGISTER_PATH_SIZE];
        TRY(register_path(path, reg->directory, "index.sqlite", error));
        index_close(&reg->index);
        if (index_remove(path, error) != STATUS_DONE || open_index(reg, error) != STATUS_DONE)
            return index_in_memory(reg, progress, context, error);
        applied = 0;
    }
    if (applied == log_size(reg->log)) return STATUS_DONE;
    const struct following following = {.progress = progress, .context = context};
    struct members *members;
    struct error why;
    TRY(register_members(reg, reg->index, applied, &members, error));
    enum status status = register_apply(reg, reg->index, members, applied, log_size(reg->log), &following, &why);
    members_close(&members);
    if (status == STATUS_DONE) return status;
    if (tries > 1 && strcmp(why.code, "index-busy") == 0)
        return index_up_to_date(reg, tries - 1, progress, context, error); /* from where another process has come */
    return index_in_memory(reg, progress, context, error);
}

/* ---- a writer: its index and members, and the follower that goes on from there */

static enum status know_members(struct truce_register *reg, struct error *error)
{
    if (reg->members != NULL && reg->members_size == reg->seen) return STATUS_DONE;
    struct members *members;
    TRY(register_members(reg, reg->index, reg->seen, &members, error));
    if (reg->writing != NULL) pthread_rwlock_wrlock(&reg->writing->members_lock);
    members_close(&reg->members);
    reg->members = members;
    reg->members_size = reg->seen;
    if (reg->writing != NULL) pthread_rwlock_unlock(&reg->writing->members_lock);
    return STATUS_DONE;
}

static bool in_memory(const struct truce_register *reg)
{
    return reg->index != NULL && index_in_memory_alone(reg->index);
}

static enum status own_catch_up(struct truce_register *reg, truce_progress *progress, void *context,
                                struct error *error)
{
    if (reg->index == NULL || reg->seen != log_size(reg->log))
        TRY(index_up_to_date(reg, CATCH_UP_TRIES, progress, context, error));
    reg->seen = log_size(reg->log);
    return STATUS_DONE;
}

static enum status writer_open_index(struct truce_register *reg, unsigned generation, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    if (reg->index != NULL && reg->writing->generation == generation) return STATUS_DONE;
    TRY(register_path(path, reg->directory, "index.sqlite", error));
    index_close(&reg->index);
    TRY(index_open_read_only(&reg->index, path, error));
    reg->writing->generation = generation;
    return STATUS_DONE;
}

enum status register_index_behind(struct error *error)
{
    return error_set(error, STATUS_FAILED, "index-behind",
                     "The index cannot be written at the moment, so the register takes nothing; what it has is safe. "
                     "Free some room on the disk and try again.",
                     NULL);
}

/* The index has the whole log; a follower that cannot write is given up for an index in memory. */
static enum status writer_catch_up(struct truce_register *reg, struct error *error)
{
    struct writing *w = reg->writing;
    uint64_t size = register_size(reg);
    struct followed followed = follow_wait(w->follower, size, FOLLOW_PATIENTLY);
    reg->seen = size;
    if (followed.applied >= reg->seen) return writer_open_index(reg, followed.generation, error);
    if (w->beside > 0) return register_index_behind(error);
    follow_stop(&w->follower);
    return index_in_memory(reg, NULL, NULL, error);
}

enum status register_writer_ready(struct truce_register *reg, struct error *error)
{
    struct writing *w = reg->writing;
    bool changed;
    if (w->follower != NULL && reg->members != NULL) {
        struct followed followed = follow_wait(w->follower, 0, 0);
        w->indexed = followed.applied;
        return writer_open_index(reg, followed.generation, error);
    }
    TRY(register_know(reg, error));
    TRY(log_key_follow(reg, &changed, error));
    w->indexed = reg->seen;
    if (w->follower != NULL || in_memory(reg)) return STATUS_DONE;
    recent_close(&w->recent);
    recent_open(&w->recent, log_size(reg->log));
    return follow_start(&w->follower, reg, error);
}

void register_writer_grew(struct truce_register *reg)
{
    struct writing *w = reg->writing;
    if (w->follower != NULL) {
        follow_wake(w->follower);
    } else if (follow_add(reg, reg->index, w->base, log_size(reg->log), NULL) == STATUS_DONE) {
        reg->seen = log_size(reg->log);
    } else {
        index_close(&reg->index); /* made again when it is next needed */
        (void)!register_know(reg, NULL);
    }
    if (w->grown != NULL) w->grown(w->context, log_size(reg->log));
}

/* ---- a reader beside a writer */

enum { BESIDE_WAIT_MS = 1000 }; /* longer than that a reader is not kept waiting for the newest */

static enum status beside_catch_up(struct truce_register *reg, int64_t most_ms, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    struct follower *follower = reg->writer->writing->follower;
    struct followed followed = follow_wait(follower, register_size(reg->writer), most_ms);
    if (reg->index == NULL || reg->generation != followed.generation) {
        TRY(register_path(path, reg->directory, "index.sqlite", error));
        index_close(&reg->index);
        TRY(index_open_read_only(&reg->index, path, error));
        reg->generation = followed.generation;
    }
    reg->seen = followed.applied; /* what was committed is seen by every transaction after it */
    return STATUS_DONE;
}

enum status register_catch_up(struct truce_register *reg, truce_progress *progress, void *context, struct error *error)
{
    if (reg->writer != NULL) return beside_catch_up(reg, BESIDE_WAIT_MS, error);
    if (reg->writing != NULL && reg->writing->follower != NULL) return writer_catch_up(reg, error);
    return own_catch_up(reg, progress, context, error);
}

enum status register_look(struct truce_register *reg, struct error *error)
{
    return reg->writer != NULL ? beside_catch_up(reg, 0, error) : register_catch_up(reg, NULL, NULL, error);
}

enum status register_know(struct truce_register *reg, struct error *error)
{
    TRY(register_catch_up(reg, NULL, NULL, error));
    return know_members(reg, error);
}

/* ---- open and close */

static enum status last_received(struct truce_register *reg, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice note;
    uint64_t size = log_size(reg->log);
    if (size == 0) return STATUS_DONE;
    TRY(log_read(reg->log, size - 1, &entry, error));
    (void)!entry_parse(&reg->last_received_ms, &note, buffer_slice(&entry), NULL); /* a void entry has no say */
    return STATUS_DONE;
}

static enum status open_log(struct truce_register *reg, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    struct stat about;
    TRY(register_path(path, reg->directory, "log", error));
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return error_at(error,
                        error_set(error, STATUS_FAILED, "register-absent",
                                  "There is no register in {0}. Name its directory with -C, or make one: truce init.",
                                  reg->directory, NULL),
                        reg->directory);
    if (reg->mirrored != NULL) return log_open(&reg->log, reg->system, path, LOG_FOLLOW, NULL, error);
    if (reg->mode == TRUCE_READ) return log_open(&reg->log, reg->system, path, LOG_READ, NULL, error);
    char origin[LIMIT_ORIGIN_BYTES + 1];
    TRY(log_followed(reg->system, path, origin, error));
    if (origin[0] != '\0') /* says why it is not to be */
        return log_open(&reg->log, reg->system, path, LOG_WRITE, &reg->signer, error);
    return log_key_open(reg, path, error);
}

static enum status open_either(struct truce_register **out, const struct system *system, const char *directory,
                               enum truce_mode mode, bool follows, struct error *error)
{
    TRY(crypto_start(error));
    if (strlen(directory) >= REGISTER_PATH_SIZE)
        return error_set(error, STATUS_USAGE, "register-path", "The path of the register is too long.", NULL);
    struct truce_register *reg = calloc(1, sizeof *reg);
    if (reg == NULL) return arena_full(error);
    reg->system = system;
    reg->mode = mode;
    memcpy(reg->directory, directory, strlen(directory) + 1);
    enum status status = sight_open(&reg->sight, error);
    if (status == STATUS_DONE) status = heads_open(&reg->heads, error);
    if (status == STATUS_DONE && mode == TRUCE_WRITE) status = writing_open(&reg->writing, error);
    if (status == STATUS_DONE && follows) status = mirrored_open(&reg->mirrored, error);
    if (status == STATUS_DONE) status = open_log(reg, error);
    if (status == STATUS_DONE) status = last_received(reg, error);
    if (status == STATUS_DONE)
        *out = reg;
    else
        (void)register_close(&reg, NULL);
    return status;
}

enum status register_open(struct truce_register **out, const struct system *system, const char *directory,
                          enum truce_mode mode, struct error *error)
{
    return open_either(out, system, directory, mode, false, error);
}

enum status register_open_following(struct truce_register **out, const struct system *system, const char *directory,
                                    struct error *error)
{
    return open_either(out, system, directory, TRUCE_WRITE, true, error);
}

uint64_t register_size(const struct truce_register *reg)
{
    return reg->mirrored != NULL ? mirrored_shown(reg->mirrored) : log_size(reg->log);
}

enum status register_close(struct truce_register **reg, struct error *error)
{
    enum status status = STATUS_DONE;
    struct truce_register *r = *reg;
    *reg = NULL;
    if (r == NULL) return STATUS_DONE;
    sight_close(&r->sight, r);
    heads_close(&r->heads);
    if (r->writer != NULL) {
        r->writer->writing->beside--;
        r->log = NULL; /* the writer's */
    }
    writing_close(&r->writing);
    mirrored_close(&r->mirrored);
    if (r->log != NULL && r->mode == TRUCE_WRITE && log_published(r->log) < log_size(r->log))
        status = log_publish(r->log, error);
    members_close(&r->members);
    index_close(&r->index);
    log_close(&r->log);
    signer_clear(&r->signer);
    free(r);
    return status;
}

/* ---- public */

static enum status beside(struct truce_register **out, struct truce_register *writer, struct error *error)
{
    if (writer->writing == NULL)
        return error_set(error, STATUS_USAGE, "log-read-only", "The log was opened for reading.", NULL);
    const struct submission empty = {.error = {.status = STATUS_DONE}};
    struct submission first = empty; /* who leads it makes the follower ready; while others read beside, it stays */
    if (writer->writing->beside == 0 && writer->mirrored == NULL) writing_pass(writer, &first);
    if (first.error.status != STATUS_DONE && error != NULL) *error = first.error;
    TRY(first.error.status);
    if (writer->writing->follower == NULL)
        return error_set(error, STATUS_FAILED, "beside-index",
                         "The index of the register {0} cannot be written, so that nobody can read beside its writer.",
                         writer->directory, NULL);
    struct truce_register *reg = calloc(1, sizeof *reg);
    if (reg == NULL) return arena_full(error);
    reg->system = writer->system;
    reg->mode = TRUCE_READ;
    reg->writer = writer;
    reg->log = writer->log;
    writer->writing->beside++;
    memcpy(reg->directory, writer->directory, sizeof reg->directory);
    *out = reg;
    return STATUS_DONE;
}

enum truce_status truce_beside(struct truce_register **reader, struct truce_register *writer, struct truce_error *error)
{
    struct error why;
    return public_status(beside(reader, writer, &why), &why, error);
}

void truce_watch(struct truce_register *writer, void (*grown)(void *context, uint64_t size), void *context)
{
    writer->writing->grown = grown;
    writer->writing->context = context;
}

/* The follower publishes, so that nobody who hands in waits for tiles. */
static enum status publish(struct truce_register *reg, struct error *error)
{
    if (reg->writing == NULL || reg->writing->follower == NULL) return log_publish(reg->log, error);
    return follow_publish(reg->writing->follower, error);
}

enum truce_status truce_publish(struct truce_register *writer, struct truce_error *error)
{
    struct error why;
    return public_status(publish(writer, &why), &why, error);
}

enum truce_status truce_open(struct truce_register **out, const char *directory, enum truce_mode mode,
                             struct truce_error *error)
{
    struct error why;
    return public_status(register_open(out, &system_real, directory, mode, &why), &why, error);
}

enum truce_status truce_close(struct truce_register **reg, struct truce_error *error)
{
    struct error why;
    return public_status(register_close(reg, &why), &why, error);
}
