/* The witness's promises (W1, W2 of src/peer/witness.h) at every operation of random histories on a disk that loses,
 * tears, reorders, doubles or keeps what was not synced, that runs full, that fails and that cannot be read: no
 * cosignature is out that the state, opened anew, does not know; no size has two roots; nothing goes back. SEED= draws
 * other histories. */
#include "check.h"
#include "crash/disk.h"
#include "made_log.h"
#include "peer/witness_internal.h"

#include <errno.h>

enum { LOGS = 2, FORK = 6, STEPS = 40 };

static struct signer key;
static struct made_log watched[LOGS];
static char logs[1024];
static int64_t clock_ms;

static int64_t now_ms(void *context)
{
    (void)context;
    return clock_ms;
}

/* What the outside has of one log: the last cosignature that was given out. */
struct known {
    bool any, other; /* other: of the second view */
    uint64_t size;
    int64_t time_s;
};
struct model {
    struct disk *disk;
    struct system system;
    uint64_t random;
    struct known known[LOGS];
    struct witness *witness;
};

static uint64_t draw(struct model *m, uint64_t below)
{
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;
    return (m->random >> 33) % below;
}

static bool troubled(const struct model *m)
{
    return disk_stopped(m->disk) || disk_failed(m->disk);
}

static enum status open_witness(struct model *m, struct error *error)
{
    const struct witness_options options = {
        .system = &m->system, .directory = "/w", .key = &key, .logs = slice_from(logs), .override = true};
    return witness_open(&m->witness, &options, error);
}

/* Of which view is this root? Below the fork it is of both. */
static bool root_is(const struct made_log *log, bool other, uint64_t size, const struct hash *root)
{
    struct hash wanted = made_log_root_of(log, other, 0, size);
    return hash_equal(&wanted, root);
}

/* W1 and W2: what is remembered is what was given out, or grew out of it. */
static void check_remembered(struct model *m)
{
    for (size_t i = 0; i < LOGS; i++) {
        const struct known *known = &m->known[i];
        const struct witness_log *log = &m->witness->trusted.logs[i];
        if (!known->any) continue;
        CHECK(log->head.size >= known->size && log->head.time_s >= known->time_s);
        bool shared = known->size <= FORK;
        CHECK(root_is(&watched[i], known->other, log->head.size, &log->head.root) ||
              (shared && root_is(&watched[i], !known->other, log->head.size, &log->head.root)));
    }
}

/* A cosignature came out. */
static void note_given(struct model *m, size_t i, bool other, uint64_t size, struct slice line)
{
    struct known *known = &m->known[i];
    OWN(buffer_clear) struct buffer bytes = {0};
    struct note note;
    bool present;
    int64_t time_s;
    made_log_checkpoint(&watched[i], other, size, &bytes);
    buffer_put(&bytes, line);
    CHECK(note_parse(&note, buffer_slice(&bytes), NULL) == STATUS_DONE);
    CHECK(note_cosigned(&note, &key.verifier, &present, &time_s));
    if (known->any) {
        CHECK(size >= known->size && time_s >= known->time_s);
        CHECK(known->size <= FORK || known->other == other); /* never both views */
    }
    *known = (struct known){true, other, size, time_s};
}

/* Mostly as an honest log asks, at times as a lying or a confused one. */
static void ask(struct model *m)
{
    size_t i = (size_t)draw(m, LOGS);
    bool other = draw(m, 5) == 0;
    OWN(buffer_clear) struct buffer body = {0};
    struct witness_answer answer = {0};
    uint64_t old = m->witness->trusted.logs[i].head.size;
    if (draw(m, 8) == 0) old = draw(m, old + 2);
    uint64_t size = old + (draw(m, 4) == 0 ? 0 : draw(m, 4));
    made_log_ask(&watched[i], other, old, size, &body);
    witness_judge(m->witness, buffer_slice(&body), &answer);
    if (answer.status == 200)
        note_given(m, i, other, size, buffer_slice(&answer.body));
    else
        CHECK(answer.status == 409 || answer.status == 422 || (answer.status == 503 && troubled(m)));
    buffer_clear(&answer.body);
}

/* A peer that has what was given out, or less. */
static void hear(struct model *m)
{
    size_t i = (size_t)draw(m, LOGS);
    const struct known *known = &m->known[i];
    OWN(buffer_clear) struct buffer bytes = {0}, text = {0};
    struct note note;
    struct error error;
    if (!known->any) return;
    made_log_checkpoint(&watched[i], known->other, known->size, &bytes);
    CHECK(note_parse(&note, buffer_slice(&bytes), NULL) == STATUS_DONE);
    buffer_put(&text, note.text);
    CHECK(note_cosign_line(&bytes, buffer_slice(&text), known->time_s, &key, NULL) == STATUS_DONE);
    enum status status = witness_hear(m->witness, 0, buffer_slice(&bytes), &error);
    CHECK(status == STATUS_DONE || troubled(m));
}

/* The process is killed: nothing more is written, and the kernel's cache stays. */
static void kill_it(struct model *m)
{
    disk_freeze(m->disk, true);
    witness_close(&m->witness);
    disk_freeze(m->disk, false);
    disk_kill(m->disk);
}

static void history(struct model *m, unsigned steps)
{
    struct error error;
    for (unsigned i = 0; i < steps && !disk_stopped(m->disk); i++) {
        if (m->witness == NULL) {
            if (open_witness(m, &error) != STATUS_DONE) {
                CHECK(troubled(m));
                break;
            }
            check_remembered(m);
        }
        uint64_t what = draw(m, 16);
        clock_ms += (int64_t)draw(m, 3) * 700 - (draw(m, 6) == 0 ? 2000 : 0);
        if (what == 0)
            hear(m);
        else if (what == 1)
            m->witness->state.compact_at = 0; /* the next one writes the file anew */
        else if (what == 2)
            witness_close(&m->witness);
        else if (what == 3 && !disk_stopped(m->disk))
            kill_it(m);
        else if (what == 4)
            CHECK(witness_alive(m->witness, &error) == STATUS_DONE || troubled(m));
        else
            ask(m);
    }
    witness_close(&m->witness);
}

static void model_open(struct model *m, uint64_t seed)
{
    clock_ms = INT64_C(1700000000000);
    *m = (struct model){.disk = disk_open(seed), .random = seed};
    m->system = disk_system(m->disk);
    m->system.now_ms = now_ms;
}

static void model_close(struct model *m)
{
    witness_close(&m->witness);
    disk_close(&m->disk);
}

/* Opened again it knows everything that was given out, and goes on. */
static bool check_reopened(struct model *m)
{
    struct error error;
    if (!CHECK(open_witness(m, &error) == STATUS_DONE)) {
        fprintf(stderr, "  %s: %s\n", error.code, error.argument[0]);
        return false;
    }
    check_remembered(m);
    for (int i = 0; i < 4; i++) ask(m);
    witness_close(&m->witness);
    return true;
}

static uint64_t first_seed(void)
{
    const char *given = getenv("SEED");
    return given == NULL ? 1 : strtoull(given, NULL, 10);
}

static uint64_t length_of(uint64_t seed)
{
    struct model m;
    model_open(&m, seed);
    history(&m, STEPS);
    uint64_t operations = disk_operations(m.disk);
    CHECK(check_reopened(&m));
    CHECK(m.known[0].any && m.known[1].any);
    model_close(&m);
    return operations;
}

/* Each operation is the last before the power cut; the opening after it is cut short, too, here and there. */
static void power_cut_at(uint64_t seed, uint64_t n, enum disk_loss loss)
{
    struct model m;
    unsigned long failed = check_failed;
    model_open(&m, seed);
    disk_stop_at(m.disk, n);
    history(&m, STEPS);
    CHECK(disk_stopped(m.disk));
    disk_kill(m.disk);
    disk_stop_at(m.disk, 0);
    disk_crash(m.disk, loss);
    if (n % 3 == 0) {
        disk_stop_at(m.disk, 1 + n % 11);
        history(&m, 4);
        disk_crash(m.disk, (enum disk_loss)(n % DISK_LOSSES));
        disk_stop_at(m.disk, 0);
    }
    bool good = check_reopened(&m);
    disk_crash(m.disk, DISK_LOSES); /* all of that was given out */
    good = good && check_reopened(&m);
    if (!good || check_failed != failed)
        fprintf(stderr, "  history %" PRIu64 ", cut at %" PRIu64 ", loss %d\n", seed, n, loss);
    model_close(&m);
}

/* One operation fails, and the process goes on or dies; later the power is cut. */
static void failure_at(uint64_t seed, uint64_t n, int error_number)
{
    struct model m;
    unsigned long failed = check_failed;
    model_open(&m, seed);
    disk_fail_at(m.disk, n, error_number);
    history(&m, STEPS);
    CHECK(disk_failed(m.disk));
    if (n % 2 == 0) disk_crash(m.disk, (enum disk_loss)(n / 2 % DISK_LOSSES));
    bool good = check_reopened(&m);
    disk_crash(m.disk, DISK_LOSES);
    good = good && check_reopened(&m);
    if (!good || check_failed != failed)
        fprintf(stderr, "  history %" PRIu64 ", operation %" PRIu64 " failed with %d\n", seed, n, error_number);
    model_close(&m);
}

static void every_operation(void)
{
    uint64_t first = first_seed();
    printf("histories from seed %" PRIu64 "\n", first);
    for (uint64_t seed = first; seed < first + 2; seed++) {
        uint64_t length = length_of(seed);
        CHECK(length > 40);
        for (uint64_t n = 1; n <= length && check_failed < 20; n++) {
            power_cut_at(seed, n, DISK_LOSES);
            power_cut_at(seed, n, DISK_KEEPS);
            for (int i = 0; i < 2; i++) power_cut_at(seed, n, DISK_TEARS);
            power_cut_at(seed, n, DISK_REORDERS);
            power_cut_at(seed, n, DISK_DUPLICATES);
            failure_at(seed, n, EIO);
            failure_at(seed, n, ENOSPC);
        }
    }
}

/* A look that fails at the opening keeps the witness from opening, which changes nothing. */
static void every_look_that_fails(void)
{
    struct model m;
    struct error error;
    uint64_t looks = 1;
    model_open(&m, first_seed());
    history(&m, STEPS);
    for (bool reached = true; reached; looks++) {
        disk_fail_look_at(m.disk, looks);
        enum status status = open_witness(&m, &error);
        reached = disk_failed(m.disk);
        CHECK((status == STATUS_DONE) != reached);
        disk_fail_look_at(m.disk, 0);
        if (status == STATUS_DONE) check_remembered(&m);
        witness_close(&m.witness);
        CHECK(check_reopened(&m));
    }
    CHECK(looks > 3);
    model_close(&m);
}

/* Many short histories that are cut somewhere. */
static void random_histories(void)
{
    uint64_t first = first_seed() * 1000;
    for (uint64_t seed = first; seed < first + 800 && check_failed < 20; seed++) {
        struct model m;
        unsigned long failed = check_failed;
        model_open(&m, seed);
        for (int life = 0; life < 3; life++) {
            disk_stop_at(m.disk, 1 + draw(&m, 60));
            history(&m, STEPS);
            disk_kill(m.disk);
            disk_stop_at(m.disk, 0);
            disk_crash(m.disk, (enum disk_loss)draw(&m, DISK_LOSSES));
        }
        if (!check_reopened(&m) || check_failed != failed) fprintf(stderr, "  history %" PRIu64 "\n", seed);
        model_close(&m);
    }
}

/* A full disk: nothing is cosigned, what was is remembered, and once there is room it goes on without a new start. */
static void a_full_disk(void)
{
    for (uint64_t room = 0; room < 400; room += 13) {
        struct model m;
        struct error error;
        struct witness_answer answer = {0};
        OWN(buffer_clear) struct buffer body = {0};
        model_open(&m, room);
        CHECK(open_witness(&m, &error) == STATUS_DONE);
        made_log_ask(&watched[0], false, 0, 3, &body);
        disk_room(m.disk, room);
        witness_judge(m.witness, buffer_slice(&body), &answer);
        CHECK_INT(answer.status, room < 200 ? 503 : answer.status);
        buffer_clear(&answer.body);
        disk_room(m.disk, UINT64_MAX);
        witness_judge(m.witness, buffer_slice(&body), &answer);
        CHECK(answer.status == 200 || answer.status == 409);
        if (answer.status == 200) note_given(&m, 0, false, 3, buffer_slice(&answer.body));
        buffer_clear(&answer.body);
        witness_close(&m.witness);
        disk_crash(m.disk, DISK_LOSES);
        CHECK(check_reopened(&m));
        model_close(&m);
    }
}

static void starts(void)
{
    static const uint8_t seed[SEED_BYTES] = {3};
    char a[VERIFIER_TEXT_SIZE], b[VERIFIER_TEXT_SIZE];
    CHECK(crypto_start(NULL) == STATUS_DONE);
    CHECK(cosigner_from_seed(&key, slice_from("witness.example"), seed, NULL) == STATUS_DONE);
    made_log_open(&watched[0], "log.example/a", 1, FORK);
    made_log_open(&watched[1], "log.example/b", 2, FORK);
    verifier_format(&watched[0].key.verifier, a);
    verifier_format(&watched[1].key.verifier, b);
    snprintf(logs, sizeof logs, "log %s\nlog %s\n", a, b);
}

TESTS(starts, every_operation, every_look_that_fails, random_histories, a_full_disk)
