/* The log's invariants (L1 … L8, see src/log/log.c) at every operation of histories on a disk that loses, tears,
 * reorders, doubles or keeps what was not synced, that runs full, that fails and that cannot be read. */
#include "crash/disk.h"
#include "log/internal.h"
#include "check.h"
#include <errno.h>

static struct signer key;

/* What the outside knows of the log. */
struct model {
    struct disk *disk;
    struct system system;
    uint64_t random;
    uint64_t attempts;          /* makes every appended entry different */
    struct buffer acknowledged; /* of struct hash: the leaves */
    struct buffer group;        /* of struct hash: the last group, if it was not acknowledged */
    bool created;
    struct checkpoint signed_;
};

static uint64_t draw(struct model *m, uint64_t below)
{
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;
    return (m->random >> 33) % below;
}

static uint64_t known(const struct model *m)
{
    return m->acknowledged.size / sizeof(struct hash);
}

static enum status append(struct model *m, struct log *log, size_t count, struct error *error)
{
    static char text[400][80];
    struct slice entries[400];
    uint64_t first;
    buffer_reset(&m->group);
    m->attempts++;
    for (size_t i = 0; i < count; i++) {
        int size = snprintf(text[i], sizeof text[i], "%llu.%zu %.*s", (unsigned long long)m->attempts, i,
                            (int)draw(m, 40), "........................................");
        entries[i] = slice_of(text[i], (size_t)size);
        struct hash leaf = tree_leaf(entries[i]);
        buffer_put(&m->group, slice_of(&leaf, sizeof leaf));
    }
    TRY(log_append(log, entries, count, &first, error));
    CHECK_INT(first, known(m));
    buffer_put(&m->acknowledged, buffer_slice(&m->group));
    buffer_reset(&m->group);
    return STATUS_DONE;
}

/* L3: what was signed before is a prefix of what is signed now. */
static void note_signed(struct model *m, struct log *log, struct slice bytes)
{
    struct note note;
    struct checkpoint now;
    struct error error;
    struct hash old;
    bool present;
    CHECK(note_parse(&note, bytes, &error) == STATUS_DONE && note_verify(&note, &key.verifier, &present));
    CHECK(checkpoint_parse(&now, note.text, &error) == STATUS_DONE);
    CHECK(now.size >= m->signed_.size);
    CHECK(log_root(log, m->signed_.size, &old, &error) == STATUS_DONE && hash_equal(&old, &m->signed_.root));
    m->signed_ = now;
}

static enum status collect(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct hash leaf = tree_leaf(entry);
    (void)index;
    (void)error;
    buffer_put(context, slice_of(&leaf, sizeof leaf));
    return STATUS_DONE;
}

/* L1, L2: the acknowledged entries, unchanged; then the last group whole, or nothing. */
static void check_entries(struct model *m, struct log *log)
{
    struct error error;
    OWN(buffer_clear) struct buffer leaves = {0};
    CHECK(log_walk(log, 0, log_size(log), collect, &leaves, &error) == STATUS_DONE);
    struct slice have = buffer_slice(&leaves), acknowledged = buffer_slice(&m->acknowledged);
    CHECK(slice_equal(slice_part(have, 0, acknowledged.size), acknowledged));
    struct slice rest = slice_part(have, acknowledged.size, SIZE_MAX);
    CHECK(rest.size == 0 || slice_equal(rest, buffer_slice(&m->group)));
}

/* What a writer finds on opening counts as acknowledged from then on. */
static void adopt(struct model *m, struct log *log)
{
    check_entries(m, log);
    if (log_size(log) > known(m)) buffer_put(&m->acknowledged, buffer_slice(&m->group));
    CHECK_INT(log_size(log), known(m));
    buffer_reset(&m->group);
}

/* One history: open, append, sign, publish, close, lose the process; ends when the disk stands still. */
static void history(struct model *m, unsigned steps)
{
    struct error error;
    struct log *log = NULL;
    OWN(buffer_clear) struct buffer note = {0};
    if (!m->created && log_create(&m->system, "/log", &error) != STATUS_DONE) return;
    m->created = true;
    for (unsigned i = 0; i < steps && !disk_stopped(m->disk); i++) {
        if (log == NULL) {
            if (log_open(&log, &m->system, "/log", LOG_WRITE, &key, &error) != STATUS_DONE) {
                CHECK(disk_stopped(m->disk) || disk_failed(m->disk));
                break;
            }
            adopt(m, log);
        }
        uint64_t what = draw(m, 12);
        if (what < 6) {
            if (append(m, log, what == 0 ? 200 + (size_t)draw(m, 150) : 1 + (size_t)draw(m, 4), &error) != STATUS_DONE)
                CHECK(disk_stopped(m->disk) || disk_failed(m->disk));
        } else if (what < 9) {
            if (log_publish(log, &error) == STATUS_DONE) CHECK_INT(log_published(log), log_size(log));
        } else if (what == 9) {
            buffer_reset(&note);
            if (log_checkpoint(log, &note, &error) == STATUS_DONE) note_signed(m, log, buffer_slice(&note));
        } else if (what == 10) {
            log_close(&log);
        } else if (!disk_stopped(m->disk)) {
            disk_freeze(m->disk, true); /* the process is killed: nothing more is written, and the cache stays */
            log_close(&log);
            disk_freeze(m->disk, false);
            disk_kill(m->disk);
        }
    }
    log_close(&log);
}

static void fault(void *context, const struct error *fault_)
{
    char text[600];
    error_format(fault_, NULL, text, sizeof text);
    fprintf(stderr, "  fault: %s %s @%lld\n", fault_->code, text, (long long)fault_->offset);
    (void)context;
}

/* As a reader finds it, which takes no lock and changes nothing (L6), and as log_verify does (L4, L7). */
static bool check_reader(struct model *m)
{
    struct error error;
    struct log *log;
    uint64_t before = disk_operations(m->disk);
    if (!m->created && log_open(&log, &m->system, "/log", LOG_READ, &key, &error) != STATUS_DONE) return true;
    if (!m->created) log_close(&log);
    bool good = CHECK(log_verify(&m->system, "/log", &key.verifier, 1, fault, NULL, &error) == STATUS_DONE);
    good = CHECK(log_open(&log, &m->system, "/log", LOG_READ, &key, &error) == STATUS_DONE) && good;
    if (!good) return false;
    check_entries(m, log);
    log_close(&log);
    CHECK_INT(disk_operations(m->disk), before);
    return true;
}

/* The log is opened for writing again and goes on; what it found is from then on as good as acknowledged. */
static bool check_writer(struct model *m)
{
    struct error error;
    struct log *log;
    struct hash root;
    OWN(buffer_clear) struct buffer note = {0};
    if (!m->created) return true;
    if (!CHECK(log_open(&log, &m->system, "/log", LOG_WRITE, &key, &error) == STATUS_DONE)) {
        fault(NULL, &error);
        return false;
    }
    adopt(m, log);
    CHECK(log_size(log) >= m->signed_.size);
    CHECK(log_root(log, m->signed_.size, &root, &error) == STATUS_DONE && hash_equal(&root, &m->signed_.root));
    CHECK(log_checkpoint(log, &note, &error) == STATUS_DONE);
    note_signed(m, log, buffer_slice(&note));
    CHECK(append(m, log, 2, &error) == STATUS_DONE);
    CHECK(log_publish(log, &error) == STATUS_DONE);
    log_close(&log);
    return check_reader(m);
}

static void model_open(struct model *m, uint64_t seed)
{
    *m = (struct model){.disk = disk_open(seed), .random = seed};
    m->system = disk_system(m->disk);
    m->signed_.root = tree_empty();
}

static void model_close(struct model *m)
{
    disk_close(&m->disk);
    buffer_clear(&m->acknowledged);
    buffer_clear(&m->group);
}

enum { STEPS = 30 };

/* How many operations the history of this seed has. */
static uint64_t length_of(uint64_t seed)
{
    struct model m;
    model_open(&m, seed);
    history(&m, STEPS);
    uint64_t operations = disk_operations(m.disk);
    CHECK(check_reader(&m) && check_writer(&m));
    model_close(&m);
    return operations;
}

static uint64_t first_seed(void)
{
    const char *given = getenv("SEED");
    return given == NULL ? 1 : strtoull(given, NULL, 10);
}

/* The process dies at operation n, another opens the log and signs what it finds, goes on for a while, and then the
 * power is cut: what the second saw only in the kernel's cache must have been made durable before it signed. */
static void process_dies_at(uint64_t seed, uint64_t n, int error_number)
{
    struct model m;
    struct error error;
    struct log *log;
    OWN(buffer_clear) struct buffer note = {0};
    unsigned long failed = check_failed;
    model_open(&m, seed);
    disk_stop_at(m.disk, error_number == 0 ? n : n + 1);
    if (error_number != 0)
        disk_fail_at(m.disk, n, error_number); /* a sync that failed leaves pages clean and unsaved */
    history(&m, STEPS);
    disk_kill(m.disk);
    disk_stop_at(m.disk, 0);
    if (m.created && CHECK(log_open(&log, &m.system, "/log", LOG_WRITE, &key, &error) == STATUS_DONE)) {
        adopt(&m, log);
        CHECK(log_checkpoint(log, &note, &error) == STATUS_DONE);
        note_signed(&m, log, buffer_slice(&note));
        disk_stop_at(m.disk, 1 + n % 17);
        log_close(&log);
        if (n % 2 == 0) history(&m, 3);
    }
    disk_crash(m.disk, n % 2 == 0 ? DISK_LOSES : (enum disk_loss)(n % DISK_LOSSES));
    if (!check_reader(&m) || !check_writer(&m) || check_failed != failed)
        fprintf(stderr, "  history %llu, process died at %llu, error %d\n", (unsigned long long)seed,
                (unsigned long long)n, error_number);
    model_close(&m);
}

/* Each operation is the last before the power cut; and the recovery after it is cut short, too, here and there. */
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
    bool good = check_reader(&m); /* the process died, the machine did not: at every moment readers find a whole log */
    disk_crash(m.disk, loss);
    good = good && check_reader(&m);
    if (good && n % 3 == 0) {
        disk_stop_at(m.disk, 1 + n % 23);
        history(&m, 4);
        disk_crash(m.disk, (enum disk_loss)(n / 3 % DISK_LOSSES));
        good = check_reader(&m);
    }
    good = good && check_writer(&m);
    disk_crash(m.disk, DISK_LOSES); /* all of that was acknowledged */
    good = good && check_reader(&m);
    if (!good || check_failed != failed)
        fprintf(stderr, "  history %llu, cut at %llu, loss %d\n", (unsigned long long)seed, (unsigned long long)n,
                loss);
    model_close(&m);
}

static void every_power_cut(void)
{
    uint64_t first = first_seed();
    printf("histories from seed %llu\n", (unsigned long long)first);
    for (uint64_t seed = first; seed < first + 2; seed++) {
        uint64_t length = length_of(seed);
        CHECK(length > 100);
        for (uint64_t n = 1; n <= length && check_failed < 20; n++) {
            /* The first history meets everything; the others what chance has a hand in. */
            for (unsigned loss = seed == first ? DISK_LOSES : DISK_TEARS; loss < DISK_LOSSES; loss++)
                power_cut_at(seed, n, (enum disk_loss)loss);
            if (seed == first) process_dies_at(seed, n, 0);
            process_dies_at(seed, n, EIO);
        }
    }
}

/* L5: one operation fails. The log may refuse from there on, but not lose; opened anew, all is well. False once n is
 * beyond the last operation. */
static bool failure_at(uint64_t seed, uint64_t n, int error_number)
{
    struct model m;
    struct error error;
    struct log *log;
    unsigned long failed = check_failed;
    model_open(&m, seed);
    m.created = log_create(&m.system, "/log", &error) == STATUS_DONE;
    CHECK(log_open(&log, &m.system, "/log", LOG_WRITE, &key, &error) == STATUS_DONE);
    CHECK(append(&m, log, 3, &error) == STATUS_DONE && log_publish(log, &error) == STATUS_DONE);
    CHECK(append(&m, log, 260, &error) == STATUS_DONE);
    disk_fail_at(m.disk, n, error_number);
    for (unsigned i = 0; i < 6; i++) {
        uint64_t size = log_size(log);
        bool before = disk_failed(m.disk);
        if (append(&m, log, 1 + i, &error) != STATUS_DONE) {
            CHECK(disk_failed(m.disk));
            CHECK_INT(log_size(log), size);
            bool full = strcmp(error.code, "log-full") == 0;
            if (!before) CHECK(full || strcmp(error.code, "log-append-failed") == 0);
            if (full) CHECK_INT(error_number, ENOSPC);
            buffer_reset(&m.group);
            if (full) { /* there is room again: it goes on */
                CHECK(append(&m, log, 1, &error) == STATUS_DONE);
            } else {
                CHECK(append(&m, log, 1, &error) == STATUS_FAILED);
                CHECK_STRING(error.code, "log-closed");
                CHECK(log_publish(log, &error) == STATUS_FAILED);
                buffer_reset(&m.group);
            }
        }
        check_entries(&m, log);
        if (i % 2 == 1 && log_publish(log, &error) != STATUS_DONE) CHECK(disk_failed(m.disk));
    }
    log_close(&log);
    bool reached = disk_failed(m.disk), good = check_reader(&m) && check_writer(&m);
    disk_crash(m.disk, DISK_KEEPS);
    good = good && check_reader(&m);
    if (!good || check_failed != failed)
        fprintf(stderr, "  operation %llu failed with %d\n", (unsigned long long)n, error_number);
    model_close(&m);
    return reached;
}

static void every_failure(void)
{
    static const int errors[] = {ENOSPC, EIO};
    bool reached = true;
    uint64_t n = 1;
    for (; reached && check_failed < 20; n++)
        for (size_t e = 0; e < COUNT_OF(errors); e++) reached = failure_at(n, n, errors[e]);
    CHECK(n > 80);
}

/* A look that fails at the opening, by a reader or a writer, keeps the log from opening or does not matter (the journal
 * has what the rest is computed from); either way nothing is lost. */
static void every_look_that_fails(void)
{
    struct model m;
    struct error error;
    struct log *log;
    uint64_t looks = 1;
    model_open(&m, first_seed());
    history(&m, STEPS);
    disk_kill(m.disk);
    CHECK(check_writer(&m));
    for (bool reached = true; reached; looks++) {
        reached = false;
        for (unsigned mode = LOG_READ; mode <= LOG_WRITE; mode++) {
            disk_fail_look_at(m.disk, looks);
            bool open = log_open(&log, &m.system, "/log", (enum log_mode)mode, &key, &error) == STATUS_DONE;
            reached = reached || disk_failed(m.disk);
            CHECK(open || disk_failed(m.disk));
            disk_fail_look_at(m.disk, 0);
            if (open) check_entries(&m, log);
            if (open) log_close(&log);
        }
        CHECK(check_reader(&m));
    }
    CHECK(looks > 3);
    CHECK(check_writer(&m));
    model_close(&m);
}

/* A disk that is full takes nothing of a group, and everything once there is room again. */
static void a_full_disk(void)
{
    for (uint64_t room = 0; room < 400; room += 7) {
        struct model m;
        struct error error;
        struct log *log;
        model_open(&m, room);
        m.created = log_create(&m.system, "/log", &error) == STATUS_DONE;
        CHECK(log_open(&log, &m.system, "/log", LOG_WRITE, &key, &error) == STATUS_DONE);
        CHECK(append(&m, log, 3, &error) == STATUS_DONE);
        disk_room(m.disk, room);
        enum status status = append(&m, log, 20, &error);
        CHECK(status == STATUS_FAILED);
        CHECK_STRING(error.argument[1], strerror(ENOSPC));
        buffer_reset(&m.group); /* nothing of it is there, not even whole */
        CHECK(check_reader(&m));
        if (room % 2 == 0) { /* the same log takes it as soon as there is room */
            disk_room(m.disk, UINT64_MAX);
            CHECK(append(&m, log, 20, &error) == STATUS_DONE);
            CHECK(check_reader(&m));
        }
        log_close(&log);
        disk_room(m.disk, UINT64_MAX);
        CHECK(check_writer(&m));
        model_close(&m);
    }
}

static void starts(void)
{
    struct error error;
    static const uint8_t bytes[SEED_BYTES] = {7};
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(signer_from_seed(&key, slice_from("example.org/log"), bytes, &error) == STATUS_DONE);
}

TESTS(starts, every_power_cut, every_failure, every_look_that_fails, a_full_disk)
