/* What a mirror keeps besides the copy: stamps on a disk that fails, entries that nobody could admit, and that it never
 * cosigns a smaller or another history. */
#include "crash/disk.h"
#include "json/json.h"
#include "peer/mirror.h"
#include "register/arrivals.h"
#include "register/register.h"
#include "check.h"
#include "scratch.h"
#include <errno.h>

static struct signer mirror_key;

static void starts(void)
{
    struct error error;
    static const uint8_t bytes[SEED_BYTES] = {9};
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(cosigner_from_seed(&mirror_key, slice_from("mirror.example"), bytes, &error) == STATUS_DONE);
}

/* ---- stamps */

static void stamp_of(uint64_t i, struct buffer *out, struct slice note)
{
    struct error error;
    struct arrival_stamp stamp = {.origin = slice_from("example.org/log"), .submitted = hash_of(note), .at_ms = 1700};
    stamp.id.hash = hash_of(slice_of(&i, sizeof i));
    buffer_reset(out);
    CHECK(arrival_sign(out, &stamp, &mirror_key, &error) == STATUS_DONE);
}

static void stamps_are_cosignatures(void)
{
    struct error error;
    struct note note;
    struct arrival_stamp stamp;
    bool present;
    int64_t time;
    OWN(buffer_clear) struct buffer text = {0};
    stamp_of(1, &text, slice_from("a note"));
    CHECK(note_parse(&note, buffer_slice(&text), &error) == STATUS_DONE);
    CHECK(note_cosigned(&note, &mirror_key.verifier, &present, &time) && time == 1);
    CHECK(arrival_parse(&stamp, note.text, &error) == STATUS_DONE);
    CHECK(slice_is(stamp.origin, "example.org/log") && stamp.at_ms == 1700);
    struct checkpoint checkpoint;
    CHECK(checkpoint_parse(&checkpoint, note.text, &error) != STATUS_DONE); /* never to be read as one */
    CHECK(arrival_parse(&stamp, slice_from("example.org/log/arrival/v1\nid 00\n"), &error) == STATUS_REFUSED);
    CHECK(arrival_parse(&stamp, slice_from("/arrival/v1\n"), &error) == STATUS_REFUSED);
}

/* Adds one after the other; gives how many were acknowledged. */
static size_t stamp_some(const struct system *system, size_t from, size_t to)
{
    struct error error;
    struct arrivals arrivals;
    OWN(buffer_clear) struct buffer stamp = {0};
    size_t done = from;
    if (directory_make(system, "/m", &error) != STATUS_DONE ||
        arrivals_open(&arrivals, system, "/m", true, &error) != STATUS_DONE)
        return from;
    CHECK(arrivals.count >= from);
    for (size_t i = from; i < to; i++) {
        char note[32];
        snprintf(note, sizeof note, "note %zu", i);
        stamp_of(i, &stamp, slice_from(note));
        const struct arriving one = {buffer_slice(&stamp), slice_from(note)};
        if (arrivals_add(&arrivals, &one, 1, &error) != STATUS_DONE) break;
        done = i + 1;
        if (i % 3 == 0 && arrivals_refuse(&arrivals, i, slice_from("refusal"), &error) != STATUS_DONE) break;
    }
    arrivals_close(&arrivals);
    return done;
}

static void check_stamps(const struct system *system, size_t least)
{
    struct error error;
    struct arrivals arrivals;
    if (!CHECK(arrivals_open(&arrivals, system, "/m", false, &error) == STATUS_DONE)) return;
    CHECK(arrivals.count >= least);
    for (size_t i = 0; i < arrivals.count; i++) {
        char note[32];
        snprintf(note, sizeof note, "note %zu", i);
        CHECK(slice_is(arrivals_note(&arrivals, i), note));
        if (i + 1 < least && i % 3 == 0) CHECK(arrivals.at[i].refused);
    }
    arrivals_close(&arrivals);
}

/* A1, A2 at every operation. */
static void stamps_survive(void)
{
    enum { STAMPS = 12 };
    static const enum disk_loss losses[] = {DISK_LOSES, DISK_KEEPS, DISK_TEARS};
    uint64_t length = UINT64_MAX;
    for (uint64_t n = 0; n <= length; n++)
        for (size_t l = 0; l < COUNT_OF(losses); l++) {
            struct disk *disk = disk_open(n * 3 + l);
            struct system system = disk_system(disk);
            disk_stop_at(disk, n);
            size_t done = stamp_some(&system, 0, STAMPS);
            if (n == 0) length = disk_operations(disk);
            disk_kill(disk);
            disk_stop_at(disk, 0);
            disk_crash(disk, losses[l]);
            check_stamps(&system, done);
            CHECK(stamp_some(&system, done, STAMPS + 2) == STAMPS + 2 || done < STAMPS);
            disk_close(&disk);
        }
    CHECK(length > 30);
    static const int errors[] = {ENOSPC, EIO};
    for (uint64_t n = 1; n <= length; n++)
        for (size_t e = 0; e < COUNT_OF(errors); e++) {
            struct disk *disk = disk_open(n);
            struct system system = disk_system(disk);
            disk_fail_at(disk, n, errors[e]);
            size_t done = stamp_some(&system, 0, STAMPS);
            disk_fail_at(disk, 0, 0);
            check_stamps(&system, done);
            disk_crash(disk, DISK_LOSES);
            check_stamps(&system, done);
            disk_close(&disk);
        }
}

/* ---- a register, its mirror, and a host that does what it may not */

static struct truce_error why;

static int count_line(void *context, enum truce_status status, const char *line, size_t size)
{
    unsigned *counts = context;
    (void)size;
    if (status == TRUCE_UNVERIFIED && strstr(line, "log entry 5") != NULL) counts[0]++;
    if (status == TRUCE_UNVERIFIED) counts[1]++;
    return 0;
}

static char *made(const char *name, char path[600])
{
    char *top = scratch(name);
    struct truce_buffer answer = {0};
    const struct truce_init_options options = {.origin = "example.org/cell", .name = "un"};
    struct truce_init_options here = options;
    snprintf(path, 600, "%s/host", top);
    here.directory = path;
    CHECK(truce_init(&here, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    return top;
}

static void say(const char *host, const char *text, const char *key_name)
{
    char path[700], object[200];
    struct truce_register *reg;
    struct truce_key *key;
    struct truce_buffer note = {0};
    snprintf(path, sizeof path, "%s/keys/%s.key", host, key_name);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_open(&reg, host, TRUCE_WRITE, &why) == TRUCE_DONE);
    snprintf(object, sizeof object,
             "{\"text\":{\"en\":\"%s\",\"original\":\"en\"},\"act\":\"shelling\",\"method\":\"heard\","
             "\"when\":{\"from\":\"2016-10-05T06:00:00Z\",\"to\":\"2016-10-05T06:05:00Z\"}}",
             text);
    if (CHECK(truce_write(reg, key, "report", object, strlen(object), &note, &why) == TRUCE_DONE))
        CHECK(truce_submit(reg, note.data, note.size, NULL, NULL, &why) == TRUCE_DONE);
    else
        fprintf(stderr, "  %s %s\n", why.code, why.message);
    truce_free(&note);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
}

/* Straight into the log, past admission, under the log's own key. */
static void slip_in(const char *host, struct slice entry)
{
    char path[700];
    struct error error;
    struct signer key;
    struct log *log;
    uint64_t first;
    snprintf(path, sizeof path, "%s/log.key", host);
    CHECK(key_file_read(&system_real, path, NULL, NULL, &key, &error) == STATUS_DONE);
    snprintf(path, sizeof path, "%s/log", host);
    CHECK(log_open(&log, &system_real, path, LOG_WRITE, &key, &error) == STATUS_DONE);
    CHECK(log_append(log, &entry, 1, &first, &error) == STATUS_DONE);
    log_close(&log);
    signer_clear(&key);
}

/* A record that was admitted, with another word in it. */
static void slip_in_changed(const char *host)
{
    char path[700];
    struct error error;
    struct log *log;
    OWN(buffer_clear) struct buffer entry = {0};
    snprintf(path, sizeof path, "%s/log", host);
    CHECK(log_open(&log, &system_real, path, LOG_READ, NULL, &error) == STATUS_DONE);
    CHECK(log_read(log, 1, &entry, &error) == STATUS_DONE);
    log_close(&log);
    static const char said[] = "\"en\":\"heard";
    uint8_t *word = memmem(entry.data, entry.size, said, sizeof said - 1);
    if (!CHECK(word != NULL)) return;
    word[sizeof said - 2] = 't';
    slip_in(host, buffer_slice(&entry));
}

static enum truce_status mirror_once(const char *host, const char *copy, const struct truce_key *key, unsigned *counts)
{
    struct truce_mirror *mirror;
    const struct truce_mirror_options options = {
        .source = host, .directory = copy, .key = key, .line = counts == NULL ? NULL : count_line, .context = counts};
    enum truce_status status = truce_mirror_open(&mirror, &options, &why);
    if (status != TRUCE_DONE) return status;
    status = truce_mirror_catch_up(mirror, &why);
    struct truce_buffer answer = {0};
    CHECK(truce_about(truce_mirror_register(mirror), &answer, NULL) == TRUCE_DONE); /* and the index has it */
    truce_free(&answer);
    truce_mirror_close(&mirror);
    return status;
}

static size_t listed(const char *directory, bool *with_void)
{
    struct truce_register *reg;
    struct hash root;
    uint64_t applied, next;
    CHECK(truce_open(&reg, directory, TRUCE_READ, &why) == TRUCE_DONE);
    CHECK(register_catch_up(reg, NULL, NULL, NULL) == STATUS_DONE);
    CHECK(index_applied(reg->index, &applied, &root, NULL) == STATUS_DONE);
    CHECK(index_next_void(reg->index, 0, &next, NULL) == STATUS_DONE);
    *with_void = next != UINT64_MAX;
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    return (size_t)applied;
}

static void void_entries_are_the_hosts_fault(void)
{
    char host[600], copy[620];
    char *top = made("mirror-void", host);
    unsigned counts[2] = {0};
    bool with_void;
    snprintf(copy, sizeof copy, "%s/copy", top);
    for (int i = 0; i < 4; i++) say(host, "heard", "un");
    CHECK(mirror_once(host, copy, NULL, counts) == TRUCE_DONE);
    CHECK_INT(counts[1], 0);
    slip_in(host, slice_from("received 1\nnobody could admit this\n"));
    say(host, "heard again", "un");
    CHECK(mirror_once(host, copy, NULL, counts) == TRUCE_DONE);
    CHECK_INT(counts[0], 1); /* told, with its place */
    CHECK_INT(counts[1], 1);
    CHECK_INT(listed(copy, &with_void), 7);
    CHECK(!with_void); /* it is no record at all */
    slip_in_changed(host);
    say(host, "and again", "un");
    CHECK(mirror_once(host, copy, NULL, counts) == TRUCE_DONE);
    CHECK_INT(counts[1], 2);
    CHECK_INT(listed(copy, &with_void), 9);
    CHECK(with_void); /* a record, but nobody signed it */
    counts[0] = counts[1] = 0;
    CHECK(mirror_once(host, copy, NULL, counts) == TRUCE_DONE);
    CHECK_INT(counts[1], 0); /* once */
    scratch_remove(top);
}

static void read_cosigned(const char *copy, struct checkpoint *out, struct buffer *text, struct note *note)
{
    char path[700];
    struct error error;
    snprintf(path, sizeof path, "%s/peers/seen/cosigned", copy);
    buffer_reset(text);
    CHECK(file_read_all(&system_real, path, 65536, text, &error) == STATUS_DONE);
    CHECK(note_parse(note, buffer_slice(text), &error) == STATUS_DONE);
    CHECK(checkpoint_parse(out, note->text, &error) == STATUS_DONE);
}

static void cosigns_one_history(void)
{
    char host[600], copy[620], fresh[620], from[700], to[700];
    char *top = made("mirror-cosign", host);
    struct truce_key key = {.signer = mirror_key};
    struct checkpoint checkpoint;
    struct note note;
    struct error error;
    bool present;
    int64_t time;
    OWN(buffer_clear) struct buffer text = {0};
    snprintf(copy, sizeof copy, "%s/copy", top);
    snprintf(fresh, sizeof fresh, "%s/fresh", top);
    say(host, "heard", "un");
    CHECK(mirror_once(host, copy, &key, NULL) == TRUCE_DONE);
    read_cosigned(copy, &checkpoint, &text, &note);
    CHECK_INT(checkpoint.size, 2);
    CHECK(note_cosigned(&note, &mirror_key.verifier, &present, &time) && time > 1700000000);
    say(host, "heard again", "un");
    CHECK(mirror_once(host, copy, &key, NULL) == TRUCE_DONE);
    read_cosigned(copy, &checkpoint, &text, &note);
    CHECK_INT(checkpoint.size, 3);

    /* The same key on a copy that lost its log, of a host that tells something else: what was cosigned stands. */
    char other_host[600];
    char *other_top = made("mirror-other", other_host);
    CHECK(mirror_once(other_host, fresh, NULL, NULL) == TRUCE_DONE);
    say(other_host, "not heard", "un");
    say(other_host, "not heard either", "un");
    say(other_host, "nor this", "un");
    snprintf(from, sizeof from, "%s/peers/seen/cosigned", copy);
    snprintf(to, sizeof to, "%s/peers/seen/cosigned", fresh);
    buffer_reset(&text);
    CHECK(file_read_all(&system_real, from, 65536, &text, &error) == STATUS_DONE);
    CHECK(file_replace(&system_real, to, buffer_slice(&text), 0644, &error) == STATUS_DONE);
    CHECK(mirror_once(other_host, fresh, &key, NULL) == TRUCE_UNVERIFIED);
    CHECK_STRING(why.code, "mirror-cosigned-other");
    read_cosigned(fresh, &checkpoint, &text, &note);
    CHECK_INT(checkpoint.size, 3);
    scratch_remove(top);
    scratch_remove(other_top);
}

TESTS(starts, stamps_are_cosignatures, stamps_survive, void_entries_are_the_hosts_fault, cosigns_one_history)
