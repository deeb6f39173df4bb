/* A change of host that is cut short at every operation on the disk: the power goes and what was not synced is lost,
 * torn, reordered, doubled or kept; the process dies; the operation fails for want of room or by the disk. The same
 * call is made again, and ends with the same log, the same head and nothing lost (T1, T2, T3 of src/peer/take_over.h).
 * The copy that is taken over from, and the index, which is derived, lie on the real disk. */
#include "check.h"
#include "disk.h"
#include "peer/take_over.h"
#include "scratch.h"

#include "log/checkpoint.h"
#include "register/outbox.h"
#include <errno.h>
#include <pthread.h>
#include <inttypes.h>
#include <sys/stat.h>

enum { ENTRIES = 12, BASE = 7 };
static const char origin[] = "test.example/t";

/* ---- what is taken over: a copy with records beyond the base, one in its outbox, and a vote */

static struct {
    char *top, copy[600];
    struct signer witness;
    struct truce_key *key;
    struct buffer vote, records;
} at;

static void write_one(struct truce_register *reg, const struct truce_key *key, const char *kind, const char *object,
                      bool hand_in, struct buffer *kept)
{
    struct truce_buffer note = {0};
    struct truce_error why = {.code = ""};
    bool good = truce_write(reg, key, kind, object, strlen(object), &note, &why) == TRUCE_DONE;
    if (good && hand_in) good = truce_submit(reg, note.data, note.size, NULL, NULL, &why) == TRUCE_DONE;
    if (!CHECK(good)) fprintf(stderr, "  %s %s %s\n", kind, why.code, why.message);
    if (kept != NULL) buffer_put(kept, slice_of(note.data, note.size));
    truce_free(&note);
}

static void ask(struct truce_register *reg, const struct truce_key *key, unsigned number, bool hand_in)
{
    char object[200];
    snprintf(object, sizeof object,
             "{\"to\":[\"office\"],\"at\":\"2026-01-01T00:00:00Z\",\"text\":{\"en\":\"%u\",\"original\":\"en\"}}",
             number);
    write_one(reg, key, "question", object, hand_in, NULL);
}

static void make_vote(struct truce_register *reg)
{
    struct error error;
    OWN(signer_clear) struct signer log_key = {0};
    OWN(vote_clear) struct vote vote = {.size = BASE};
    OWN(buffer_clear) struct buffer text = {0};
    struct checkpoint head = {.origin = slice_from(origin), .size = BASE};
    char path[700];
    snprintf(path, sizeof path, "%s/log.key", at.copy);
    CHECK(key_file_read(&system_real, path, NULL, NULL, &log_key, &error) == STATUS_DONE);
    CHECK(log_root(reg->log, BASE, &head.root, &error) == STATUS_DONE);
    checkpoint_format(&text, &head);
    CHECK(note_sign(&vote.checkpoint, buffer_slice(&text), &log_key, &error) == STATUS_DONE);
    CHECK(note_cosign_line(&vote.checkpoint, buffer_slice(&text), 1000, &at.witness, &error) == STATUS_DONE);
    vote.old_key = log_key.verifier;
    vote.new_key = at.key->signer.verifier;
    CHECK(vote_sign(&at.vote, &vote, 2000, &at.witness, &error) == STATUS_DONE);
}

static void starts(void)
{
    struct error error;
    struct truce_buffer answer = {0}, verifier = {0};
    struct truce_register *reg;
    struct truce_key *office;
    char path[700], object[800], key[VERIFIER_TEXT_SIZE];
    CHECK(crypto_start(&error) == STATUS_DONE);
    at.top = scratch("take-over");
    snprintf(at.copy, sizeof at.copy, "%s/copy", at.top);
    const struct truce_init_options options = {.directory = at.copy, .origin = origin, .name = "office"};
    CHECK(truce_init(&options, &answer, NULL) == TRUCE_DONE);
    truce_free(&answer);
    snprintf(path, sizeof path, "%s/next.key", at.top);
    CHECK(truce_key_new(origin, TRUCE_USE_SIGN, path, NULL, &verifier, NULL) == TRUCE_DONE);
    CHECK(truce_key_open(&at.key, path, NULL, NULL, NULL) == TRUCE_DONE);
    CHECK(cosigner_random(&at.witness, slice_from("w.example"), &error) == STATUS_DONE);
    snprintf(path, sizeof path, "%s/keys/office.key", at.copy);
    CHECK(truce_key_open(&office, path, NULL, NULL, NULL) == TRUCE_DONE);
    CHECK(truce_open(&reg, at.copy, TRUCE_WRITE, NULL) == TRUCE_DONE);
    verifier_format(&at.witness.verifier, key);
    snprintf(object, sizeof object, "{\"witnessing\":{\"faults\":0,\"quorum\":1,\"witnesses\":[{\"key\":\"%s\"}]}}",
             key);
    write_one(reg, office, "policy", object, true, NULL);
    for (unsigned i = 2; i < ENTRIES; i++) {
        if (i == BASE) { /* agreed on in time, and not handed in: the old host would have to go on with it */
            snprintf(object, sizeof object, "{\"party\":\"office\",\"change\":\"log\",\"verifier\":\"%s\"}",
                     verifier.data);
            write_one(reg, office, "key", object, false, &at.records);
        }
        ask(reg, office, i, i + 1 < ENTRIES); /* the last one waits in the outbox */
    }
    CHECK(truce_close(&reg, NULL) == TRUCE_DONE);
    CHECK(truce_open(&reg, at.copy, TRUCE_READ, NULL) == TRUCE_DONE);
    make_vote(reg);
    CHECK(truce_close(&reg, NULL) == TRUCE_DONE);
    truce_key_close(&office);
    truce_free(&verifier);
}

/* ---- the disk, for the follower's thread too */

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static struct system disk;

#define IN_TURN(call)                                                                                                  \
    pthread_mutex_lock(&turn);                                                                                         \
    __typeof__(call) result = (call);                                                                                  \
    int trouble = errno;                                                                                               \
    pthread_mutex_unlock(&turn);                                                                                       \
    errno = trouble;                                                                                                   \
    return result

static int turn_open(void *context, const char *path, int flags, mode_t mode)
{
    IN_TURN(disk.open(context, path, flags, mode));
}
static int turn_close(void *context, int file)
{
    IN_TURN(disk.close(context, file));
}
static ssize_t turn_read(void *context, int file, void *out, size_t size, off_t place)
{
    IN_TURN(disk.read(context, file, out, size, place));
}
static ssize_t turn_write(void *context, int file, const void *data, size_t size, off_t place)
{
    IN_TURN(disk.write(context, file, data, size, place));
}
static int turn_sync(void *context, int file)
{
    IN_TURN(disk.sync(context, file));
}
static int turn_truncate(void *context, int file, off_t size)
{
    IN_TURN(disk.truncate(context, file, size));
}
static off_t turn_size(void *context, int file)
{
    IN_TURN(disk.size(context, file));
}
static int turn_rename(void *context, const char *from, const char *to)
{
    IN_TURN(disk.rename(context, from, to));
}
static int turn_exchange(void *context, const char *from, const char *to)
{
    IN_TURN(disk.exchange(context, from, to));
}
static int turn_rename_new(void *context, const char *from, const char *to)
{
    IN_TURN(disk.rename_new(context, from, to));
}
static int turn_remove(void *context, const char *path)
{
    IN_TURN(disk.remove(context, path));
}
static int turn_make(void *context, const char *path, mode_t mode)
{
    IN_TURN(disk.make_directory(context, path, mode));
}
static int turn_list(void *context, const char *directory, struct buffer *names)
{
    IN_TURN(disk.list(context, directory, names));
}

static struct system in_turn(struct disk *of)
{
    disk = disk_system(of);
    struct system system = disk;
    system.open = turn_open, system.close = turn_close, system.read = turn_read, system.write = turn_write;
    system.sync = turn_sync, system.truncate = turn_truncate, system.size = turn_size, system.list = turn_list;
    system.rename = turn_rename, system.rename_new = turn_rename_new, system.remove = turn_remove;
    system.make_directory = turn_make, system.exchange = turn_exchange;
    return system;
}

/* ---- one change of host */

struct world {
    struct disk *disk;
    struct system system;
    char into[700]; /* on the disk, and on the real one for the index */
};

static void world_open(struct world *w, uint64_t seed)
{
    static unsigned number;
    struct error error;
    char path[800];
    *w = (struct world){.disk = disk_open(seed)};
    w->system = in_turn(w->disk);
    snprintf(w->into, sizeof w->into, "%s/new%u", at.top, number++);
    CHECK(mkdir(w->into, 0700) == 0);
    snprintf(path, sizeof path, "%s/log", w->into); /* whether a register is there is looked for on the real one */
    CHECK(mkdir(path, 0700) == 0);
    for (char *slash = strchr(w->into + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        CHECK(directory_make(&w->system, w->into, &error) == STATUS_DONE);
        *slash = '/';
    }
}

static void world_close(struct world *w)
{
    scratch_remove(strdup(w->into));
    disk_close(&w->disk);
}

static enum status run(struct world *w, struct error *error)
{
    struct take_over t;
    const struct truce_take_over options = {.copy = at.copy,
                                            .directory = w->into,
                                            .votes = (const char *)at.vote.data,
                                            .votes_size = at.vote.size,
                                            .key = at.key,
                                            .records = (const char *)at.records.data,
                                            .records_size = at.records.size};
    enum status status = take_over_directory(&t, &w->system, &options, error);
    take_over_end(&t);
    return status;
}

/* ---- what it ends with */

static enum status count_note(void *context, struct slice note, struct error *error)
{
    (void)note, (void)error;
    ++*(unsigned *)context;
    return STATUS_DONE;
}

static void say_fault(void *context, const struct error *fault)
{
    (void)context;
    fprintf(stderr, "  fault: %s %s\n", fault->code, fault->pointer);
}

/* The copy's log to the base and the key's record, under a head of the new key; it follows nobody, the key is there,
 * and all else waits in the outbox. */
static void check_whole(struct world *w)
{
    struct log *log;
    struct truce_register *copy, *reg = calloc(1, sizeof *reg);
    struct error error;
    struct hash own, wanted;
    char path[800], followed[LIMIT_ORIGIN_BYTES + 1];
    unsigned waits = 0;
    OWN(buffer_clear) struct buffer secret = {0};
    snprintf(path, sizeof path, "%s/log", w->into);
    CHECK(log_followed(&w->system, path, followed, &error) == STATUS_DONE && followed[0] == '\0');
    CHECK(log_verify(&w->system, path, &at.key->signer.verifier, 1, say_fault, NULL, &error) == STATUS_DONE);
    if (!CHECK(log_open(&log, &w->system, path, LOG_WRITE, &at.key->signer, &error) == STATUS_DONE)) return;
    CHECK_INT(log_size(log), BASE + 1);
    CHECK_INT(log_published(log), BASE + 1);
    CHECK(register_open(&copy, &system_real, at.copy, TRUCE_READ, &error) == STATUS_DONE);
    CHECK(log_root(log, BASE, &own, &error) == STATUS_DONE &&
          log_root(copy->log, BASE, &wanted, &error) == STATUS_DONE);
    CHECK(hash_equal(&own, &wanted));
    CHECK(register_close(&copy, &error) == STATUS_DONE);
    log_close(&log);
    snprintf(path, sizeof path, "%s/log.key", w->into);
    CHECK(file_read_all(&w->system, path, 10000, &secret, &error) == STATUS_DONE && secret.size > 40);
    reg->system = &w->system;
    snprintf(reg->directory, sizeof reg->directory, "%s", w->into);
    CHECK(outbox_walk(reg, count_note, &waits, &error) == STATUS_DONE);
    CHECK_INT(waits, ENTRIES - BASE + 1); /* the key's record was in the copy's outbox too */
    free(reg);
}

static bool is_host(struct world *w)
{
    char path[800], followed[LIMIT_ORIGIN_BYTES + 1];
    struct log *log;
    struct error error;
    snprintf(path, sizeof path, "%s/log", w->into);
    if (log_open(&log, &w->system, path, LOG_READ, NULL, &error) != STATUS_DONE) return false;
    log_close(&log);
    return log_followed(&w->system, path, followed, &error) == STATUS_DONE && followed[0] == '\0';
}

static void again(struct world *w)
{
    struct error error = {.code = ""};
    bool host = is_host(w);
    enum status status = run(w, &error);
    if (!CHECK(status == (host ? STATUS_REFUSED : STATUS_DONE)) && !host)
        fprintf(stderr, "  again: %s %s\n", error.code, error.argument[0]);
    if (host) CHECK_STRING(error.code, "log-exists");
    check_whole(w);
}

/* ---- cut short */

static bool cut_at(uint64_t n, unsigned how, uint64_t seed)
{
    struct world w;
    struct error error;
    world_open(&w, seed);
    disk_stop_at(w.disk, n);
    enum status status = run(&w, &error);
    bool stopped = disk_stopped(w.disk);
    CHECK(stopped || status == STATUS_DONE);
    disk_stop_at(w.disk, 0);
    if (how == DISK_LOSSES)
        disk_kill(w.disk);
    else
        disk_crash(w.disk, how);
    again(&w);
    world_close(&w);
    return stopped;
}

static void fails_at(uint64_t n, int trouble)
{
    struct world w;
    struct error error;
    world_open(&w, n);
    disk_fail_at(w.disk, n, trouble);
    enum status status = run(&w, &error);
    CHECK(disk_failed(w.disk));
    if (status != STATUS_DONE) { /* some are tried again by themselves, or do not matter */
        disk_kill(w.disk);
        again(&w);
    } else {
        check_whole(&w);
    }
    world_close(&w);
}

int main(void)
{
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 1); /* for the index, which no crash concerns */
    starts();
    uint64_t n = 1;
    for (bool reached = true; reached; n++) {
        reached = cut_at(n, DISK_LOSSES, n);
        for (unsigned more = 0; more < 2; more++)
            (void)cut_at(n, (unsigned)((2 * n + more) % DISK_LOSSES), 7 * n + more);
    }
    printf("cut short at each of %" PRIu64 " operations\n", n - 2);
    CHECK(n > 60);
    for (uint64_t i = 1; i < n - 1; i++) {
        fails_at(i, EIO);
        fails_at(i, ENOSPC);
    }
    truce_key_close(&at.key);
    buffer_clear(&at.vote);
    buffer_clear(&at.records);
    scratch_remove(at.top);
    return check_end(__FILE__);
}
