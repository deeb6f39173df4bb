/* A change of host that is cut short at every operation on the disk: the process dies there, or the operation fails for
 * want of room or by the disk. The same call is made again, and ends with the same log, the same head and nothing lost
 * (T1, T2, T3 of src/peer/take_over.h). What the operations leave on a disk that loses power is tested where each is
 * used: crash/log.c, crash/mirror.c. */
#include "check.h"
#include "peer/take_over.h"
#include "random.h"
#include "scratch.h"

#include "log/checkpoint.h"
#include "register/outbox.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

enum { ENTRIES = 12, BASE = 7 };
static const char origin[] = "test.example/t";

/* ---- a system whose nth change never comes back, or fails */

enum luck { DIES, FAILS, FULL };
static struct {
    enum luck luck;
    uint64_t at, seen;
    bool struck;
} fate;

static bool strikes(void)
{
    if (++fate.seen != fate.at) return false;
    fate.struck = true;
    if (fate.luck == DIES) _exit(9);
    errno = fate.luck == FULL ? ENOSPC : EIO;
    return true;
}

static int bad_open(void *context, const char *path, int flags, mode_t mode)
{
    bool changes = (flags & (O_CREAT | O_TRUNC)) != 0;
    return changes && strikes() ? -1 : system_real.open(context, path, flags, mode);
}
static ssize_t bad_write(void *context, int file, const void *data, size_t size, off_t place)
{
    return strikes() ? -1 : system_real.write(context, file, data, size, place);
}
static int bad_sync(void *context, int file)
{
    (void)context, (void)file;
    return strikes() ? -1 : 0; /* what a process wrote stays when it dies: no need to wait for the disk */
}
static int bad_truncate(void *context, int file, off_t size)
{
    return strikes() ? -1 : system_real.truncate(context, file, size);
}
static int bad_rename(void *context, const char *from, const char *to)
{
    return strikes() ? -1 : system_real.rename(context, from, to);
}
static int bad_rename_new(void *context, const char *from, const char *to)
{
    return strikes() ? -1 : system_real.rename_new(context, from, to);
}
static int bad_remove(void *context, const char *path)
{
    return strikes() ? -1 : system_real.remove(context, path);
}
static int bad_make(void *context, const char *path, mode_t mode)
{
    return strikes() ? -1 : system_real.make_directory(context, path, mode);
}

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

/* ---- one change of host */

static enum status run(const struct system *system, const char *into, struct buffer *answer, struct error *error)
{
    const struct truce_take_over options = {.copy = at.copy,
                                            .directory = into,
                                            .votes = (const char *)at.vote.data,
                                            .votes_size = at.vote.size,
                                            .key = at.key,
                                            .records = (const char *)at.records.data,
                                            .records_size = at.records.size};
    return take_over_all(system, &options, answer, error);
}

static enum status run_badly(const char *into, struct buffer *answer, struct error *error)
{
    struct system system = system_real;
    system.open = bad_open, system.write = bad_write, system.sync = bad_sync, system.truncate = bad_truncate;
    system.rename = bad_rename, system.rename_new = bad_rename_new, system.remove = bad_remove,
    system.make_directory = bad_make;
    return run(&system, into, answer, error);
}

static enum status gather_note(void *context, struct slice note, struct error *error)
{
    struct buffer *notes = context;
    (void)error;
    buffer_put(notes, note);
    return STATUS_DONE;
}

static int say_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)context, (void)status;
    fprintf(stderr, "  fault: %.*s\n", (int)size, line);
    return 0;
}

/* The log is the copy's to the base, then the key's record, then all that waited, or waits still. */
static void check_whole(const char *into)
{
    struct truce_register *reg, *copy;
    struct error error;
    struct truce_error why;
    struct truce_buffer answer = {0};
    struct hash a, b;
    OWN(buffer_clear) struct buffer waits = {0};
    const struct truce_verify_options options = {.path = into};
    if (!CHECK(register_open(&reg, &system_real, into, TRUCE_WRITE, &error) == STATUS_DONE)) {
        fprintf(stderr, "  %s\n", error.code);
        return;
    }
    CHECK(register_open(&copy, &system_real, at.copy, TRUCE_READ, &error) == STATUS_DONE);
    CHECK(log_root(reg->log, BASE, &a, &error) == STATUS_DONE && log_root(copy->log, BASE, &b, &error) == STATUS_DONE);
    CHECK(hash_equal(&a, &b));
    CHECK(outbox_walk(reg, gather_note, &waits, &error) == STATUS_DONE);
    if (waits.size > 0) CHECK(truce_submit(reg, (const char *)waits.data, waits.size, NULL, NULL, &why) == TRUCE_DONE);
    CHECK_INT(log_size(reg->log), ENTRIES + 1);
    CHECK(register_close(&reg, &error) == STATUS_DONE);
    CHECK(register_close(&copy, &error) == STATUS_DONE);
    CHECK(truce_verify(&options, say_fault, NULL, NULL, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
}

static void name_of(char out[700])
{
    static unsigned number;
    snprintf(out, 700, "%s/new%u", at.top, number++);
}

static bool is_host(const char *into)
{
    char path[800];
    snprintf(path, sizeof path, "%s/log/journal", into);
    if (access(path, F_OK) != 0) return false;
    snprintf(path, sizeof path, "%s/log/following", into);
    return access(path, F_OK) != 0;
}

static void again(const char *into)
{
    struct error error = {.code = ""};
    OWN(buffer_clear) struct buffer answer = {0};
    bool host = is_host(into);
    fate.at = 0;
    enum status status = run_badly(into, &answer, &error);
    CHECK(host ? status == STATUS_REFUSED || status == STATUS_FAILED : status == STATUS_DONE);
    if (!host && status != STATUS_DONE) fprintf(stderr, "  again: %s %s\n", error.code, error.argument[0]);
    check_whole(into);
}

static bool cut_at(enum luck luck, uint64_t n)
{
    char into[700];
    struct error error;
    OWN(buffer_clear) struct buffer answer = {0};
    name_of(into);
    fate.luck = luck, fate.at = n, fate.seen = 0, fate.struck = false;
    bool struck;
    if (luck == DIES) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            enum status status = run_badly(into, &answer, &error);
            _exit(status == STATUS_DONE ? 0 : 1);
        }
        int status = 0;
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
        struck = WEXITSTATUS(status) == 9;
        CHECK(struck || WEXITSTATUS(status) == 0);
    } else {
        enum status status = run_badly(into, &answer, &error);
        struck = fate.struck;
        CHECK(struck || status == STATUS_DONE);
    }
    again(into);
    char *removed = strdup(into);
    scratch_remove(removed);
    return struck;
}

int main(void)
{
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 1); /* what dies here is a process, and no disk */
    starts();
    uint64_t n = 1;
    while (cut_at(DIES, n)) n++;
    printf("died at each of %" PRIu64 " operations\n", n - 1);
    CHECK(n > 40);
    for (uint64_t i = 1; i < n; i += 2) cut_at(i % 4 == 1 ? FAILS : FULL, i);
    truce_key_close(&at.key);
    buffer_clear(&at.vote);
    buffer_clear(&at.records);
    scratch_remove(at.top);
    return check_end(__FILE__);
}
