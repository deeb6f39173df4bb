/* log_verify: every byte of journal, tiles, bundles and checkpoint against the others (L9). The chain: the checkpoint's
 * root is that of the right edge; every hash of a tile is the root of the full tile below; the lowest are the journal's
 * leaves and the bundles'; the journal's groups have their digests. */
#include "log/verify.h"

#include <errno.h>
#include <stdlib.h>

enum { VERIFY_TRIES = 5 };

enum status verify_fault(struct verify *v, const char *code, const char *sentence, const char *path,
                         const char *argument, int64_t offset)
{
    struct error fault;
    enum status status = error_set(&fault, STATUS_UNVERIFIED, code, sentence, path, argument, NULL);
    (void)error_at_offset(&fault, error_at(&fault, status, path), offset);
    pthread_mutex_lock(&v->mutex);
    if (v->fault_count++ < VERIFY_FAULTS_MOST) buffer_put(&v->faults, slice_of(&fault, sizeof fault));
    pthread_mutex_unlock(&v->mutex);
    return STATUS_DONE;
}

static bool blamed(const struct verify *v, unsigned level, uint64_t n)
{
    for (size_t at = 0; at < v->bad.size; at += sizeof(struct bad_tile)) {
        struct bad_tile bad;
        memcpy(&bad, v->bad.data + at, sizeof bad);
        if (bad.level == level && bad.n == n) return true;
    }
    return false;
}

bool verify_blame(struct verify *v, unsigned level, uint64_t n)
{
    struct bad_tile bad = {level, n};
    pthread_mutex_lock(&v->mutex);
    bool fresh = !blamed(v, level, n);
    if (fresh && v->bad.size / sizeof bad < VERIFY_FAULTS_MOST) buffer_put(&v->bad, slice_of(&bad, sizeof bad));
    pthread_mutex_unlock(&v->mutex);
    return fresh;
}

bool verify_blamed(struct verify *v, unsigned level, uint64_t n)
{
    pthread_mutex_lock(&v->mutex);
    bool found = blamed(v, level, n);
    pthread_mutex_unlock(&v->mutex);
    return found;
}

/* ---- all threads on one list of things */

struct crew {
    struct verify *v;
    verify_one *one;
    uint64_t count;
    _Atomic uint64_t next;
    _Atomic bool stop;
    size_t worker_size;
    void (*clear)(void *worker);
};

static void crew_trouble(struct crew *crew, enum status status, const struct error *error)
{
    crew->stop = true;
    pthread_mutex_lock(&crew->v->mutex);
    crew->v->trouble = status;
    crew->v->trouble_error = *error;
    pthread_mutex_unlock(&crew->v->mutex);
}

static void *crew_work(void *context)
{
    struct crew *crew = context;
    struct error error;
    void *worker = calloc(1, crew->worker_size);
    if (worker == NULL) {
        crew_trouble(
            crew, error_set(&error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL),
            &error);
        return NULL;
    }
    while (!crew->stop) {
        uint64_t i = crew->next++;
        if (i >= crew->count) break;
        enum status status = crew->one(crew->v, worker, i, &error);
        if (status != STATUS_DONE) crew_trouble(crew, status, &error);
    }
    crew->clear(worker);
    free(worker);
    return NULL;
}

enum status verify_all(struct verify *v, uint64_t count, verify_one *one, size_t worker_size,
                       void (*clear)(void *worker), struct error *error)
{
    struct crew crew = {.v = v, .one = one, .count = count, .next = 0, .worker_size = worker_size, .clear = clear};
    pthread_t thread[VERIFY_THREADS_MOST];
    unsigned started = 0;
    /* One thread is the caller's; a machine that gives fewer than asked for is only slower. */
    while (started + 1 < v->threads && started + 1 < count &&
           pthread_create(&thread[started], NULL, crew_work, &crew) == 0)
        started++;
    crew_work(&crew);
    for (unsigned i = 0; i < started; i++) pthread_join(thread[i], NULL);
    if (v->trouble != STATUS_DONE && error != NULL) *error = v->trouble_error;
    return v->trouble;
}

/* ---- the checkpoint */

enum status verify_tile(struct verify *v, unsigned level, uint64_t n, unsigned width, struct hash *out, bool say,
                        bool *good, struct error *error)
{
    struct error why;
    enum status status = tile_read(v->system, v->directory, level, n, width, out, &why);
    *good = status == STATUS_DONE;
    if (status == STATUS_FAILED && error != NULL) *error = why;
    if (status == STATUS_FAILED) return status;
    if (*good || !say) return STATUS_DONE;
    if (!verify_blame(v, level, n)) return STATUS_DONE;
    return verify_fault(v, "log-tile-size", "The tile {0} is missing, or has another size than its name says.",
                        why.pointer, "", why.offset);
}

/* The root that the right edge gives. What is wrong with its tiles themselves was said before. */
static enum status verify_root(struct verify *v, const struct checkpoint *checkpoint, struct error *error)
{
    if (v->fault_count > 0) return STATUS_DONE;
    struct log edge = {.system = v->system};
    memcpy(edge.directory, v->directory, strlen(v->directory) + 1);
    enum status status = levels_load(&edge, checkpoint->size, error);
    struct hash root = tree_edge_root(&edge.edge);
    for (unsigned i = 0; i < TILE_LEVELS; i++) {
        free(edge.level[i].hash);
        for (unsigned k = 0; k < TILE_TREES; k++) free(edge.tree[i][k]);
    }
    TRY(status);
    if (hash_equal(&root, &checkpoint->root)) return STATUS_DONE;
    return verify_fault(v, "log-checkpoint-root", "The checkpoint {0} does not have the root that the tiles give.",
                        v->checkpoint_path, "", -1);
}

/* Without a checkpoint that can be read, the journal says how much the tiles should cover, if their right edge is there
 * for that size. */
static enum status verify_guess(struct verify *v, struct error *error)
{
    uint64_t size;
    TRY(verify_journal_size(v, &size, error));
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        unsigned width = tile_width(size, level);
        struct hash hash[TILE_WIDTH];
        bool good = true;
        if (width > 0) TRY(verify_tile(v, level, size >> (8 * level) / TILE_WIDTH, width, hash, false, &good, error));
        if (!good) return STATUS_DONE;
    }
    v->published = size;
    return STATUS_DONE;
}

static enum status verify_checkpoint(struct verify *v, struct found_checkpoint *found, struct error *error)
{
    struct error why;
    enum status status = checkpoint_find(v->system, v->checkpoint_path, v->key, found, &why);
    if (status == STATUS_FAILED && error != NULL) *error = why;
    if (status == STATUS_FAILED) return status;
    if (status == STATUS_DONE && found->there)
        status = checkpoint_origin(&found->checkpoint, v->origin, v->checkpoint_path, &why);
    if (status == STATUS_DONE && found->there) {
        v->published = found->checkpoint.size;
        return STATUS_DONE;
    }
    if (status == STATUS_DONE && v->origin[0] != '\0') return STATUS_DONE; /* it follows, and was not let in yet */
    uint64_t size;
    TRY(verify_journal_size(v, &size, error));
    if (status == STATUS_DONE && size == 0) return STATUS_DONE; /* made, and never opened for writing */
    if (status == STATUS_DONE) {
        verify_fault(v, "log-checkpoint-missing", "The checkpoint {0} is missing.", v->checkpoint_path, "", -1);
    } else if (strcmp(why.code, "log-damaged") == 0 || status == STATUS_REFUSED) {
        verify_fault(v, "log-checkpoint-form", "The checkpoint {0} is not a signed checkpoint.", v->checkpoint_path, "",
                     why.offset);
    } else {
        verify_fault(v, why.code, why.sentence, v->checkpoint_path, "", -1);
    }
    found->there = false;
    return verify_guess(v, error);
}

static enum status verify_steps(struct verify *v, struct found_checkpoint *found, struct error *error)
{
    uint64_t size;
    TRY(verify_checkpoint(v, found, error));
    TRY(verify_journal(v, &size, error));
    TRY(verify_tiles(v, error));
    TRY(verify_names(v, error));
    return found->there ? verify_root(v, &found->checkpoint, error) : STATUS_DONE;
}

/* ---- what is said in the end */

static int fault_order(const void *a, const void *b)
{
    const struct error *x = a, *y = b;
    int order = strcmp(x->pointer, y->pointer);
    if (order != 0) return order;
    if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
    return strcmp(x->code, y->code);
}

static enum status verify_say(struct verify *v, log_fault *fault, void *context, struct error *error)
{
    TRY(buffer_finish(&v->faults, error));
    size_t count = v->faults.size / sizeof(struct error);
    if (v->fault_count == 0) return STATUS_DONE;
    struct error *faults = malloc(v->faults.size);
    if (faults == NULL)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
    memcpy(faults, v->faults.data, v->faults.size);
    qsort(faults, count, sizeof *faults, fault_order);
    for (size_t i = 0; i < count; i++) fault(context, &faults[i]);
    free(faults);
    return error_set(error, STATUS_UNVERIFIED, "log-damaged", "The log in {0} has {1} faults.", v->directory,
                     error_number((int64_t)v->fault_count).text, NULL);
}

static void verify_reset(struct verify *v)
{
    buffer_reset(&v->faults);
    buffer_reset(&v->bad);
    v->fault_count = 0;
    v->published = 0;
}

/* A writer may publish meanwhile, and then takes away the partial tiles of the size we started with: whoever finds
 * faults and another checkpoint than at first begins again. */
static enum status verify_quietly(struct verify *v, struct error *error)
{
    struct found_checkpoint found = {.there = false};
    OWN(buffer_clear) struct buffer after = {0};
    enum status status = STATUS_DONE;
    for (unsigned tries = 0; tries < VERIFY_TRIES; tries++) {
        verify_reset(v);
        status = verify_steps(v, &found, error);
        if (status == STATUS_FAILED || v->fault_count == 0) break;
        bool there;
        buffer_reset(&after);
        status = file_read_if_there(v->system, v->checkpoint_path, CHECKPOINT_BYTES_MOST, &after, &there, error);
        if (status == STATUS_REFUSED) status = STATUS_DONE; /* too large: said already */
        if (status != STATUS_DONE || slice_equal(buffer_slice(&after), buffer_slice(&found.note))) break;
    }
    buffer_clear(&found.note);
    return status;
}

enum status log_verify(const struct system *system, const char *directory, const struct verifier *key, unsigned threads,
                       log_fault *fault, void *context, struct error *error)
{
    struct verify v = {.system = system, .directory = directory, .key = key, .threads = threads};
    if (v.threads > VERIFY_THREADS_MOST) v.threads = VERIFY_THREADS_MOST;
    TRY(log_path(v.journal_path, directory, "journal", error));
    TRY(log_path(v.checkpoint_path, directory, "checkpoint", error));
    TRY(log_followed(system, directory, v.origin, error));
    pthread_mutex_init(&v.mutex, NULL);
    enum status status = verify_quietly(&v, error);
    if (status == STATUS_DONE) status = verify_say(&v, fault, context, error);
    pthread_mutex_destroy(&v.mutex);
    buffer_clear(&v.faults);
    buffer_clear(&v.bad);
    return status;
}
