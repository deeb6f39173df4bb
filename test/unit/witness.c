/* The witness without a wire: every status and body, what it keeps, many threads at once, restarts, damage. */
#include "check.h"
#include "log/frames.h"
#include "made_log.h"
#include "log/vote.h"
#include "peer/witness_internal.h"
#include "register/evidence.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

static struct signer key, other_witness;
static struct made_log log_, second;
static _Atomic int64_t clock_ms = INT64_C(1700000000000);
static _Atomic unsigned long syncs;

/* The real machine with a clock that is set by hand, and with its syncs counted. */
static int64_t now_ms(void *context)
{
    (void)context;
    return clock_ms;
}
static int sync_counted(void *context, int file)
{
    syncs++;
    return system_real.sync(context, file);
}
static struct system machine;

static char logs[1024];

struct setting {
    const char *directory, *logs;
    size_t peers;
    bool override, alone;
    const struct signer *key;
};
static enum status open_it(struct witness **out, struct setting s, struct error *error)
{
    const struct witness_options options = {.system = &machine,
                                            .directory = s.directory,
                                            .key = s.key == NULL ? &key : s.key,
                                            .logs = slice_from(s.logs == NULL ? logs : s.logs),
                                            .peers = s.peers,
                                            .override = s.override,
                                            .alone = s.alone};
    return witness_open(out, &options, error);
}

static struct witness *opened(const char *directory)
{
    struct error error;
    struct witness *w = NULL;
    if (!CHECK(open_it(&w, (struct setting){.directory = directory, .override = true}, &error) == STATUS_DONE)) exit(1);
    return w;
}

/* ---- asking */

static unsigned ask_bytes(struct witness *w, struct slice body, struct witness_answer *answer)
{
    *answer = (struct witness_answer){0};
    witness_judge(w, body, answer);
    return answer->status;
}

/* Asks, and gives the status; what was said is left in `said`. */
static struct witness_answer said;
static unsigned ask_body(struct witness *w, struct slice body)
{
    buffer_clear(&said.body);
    return ask_bytes(w, body, &said);
}

static unsigned ask(struct witness *w, const struct made_log *log, bool other, uint64_t old, uint64_t size)
{
    OWN(buffer_clear) struct buffer body = {0};
    made_log_ask(log, other, old, size, &body);
    return ask_body(w, buffer_slice(&body));
}

static unsigned ask_text(struct witness *w, const char *text)
{
    return ask_body(w, slice_from(text));
}

static bool said_is(const char *type, const char *body)
{
    return strcmp(said.type, type) == 0 && slice_is(buffer_slice(&said.body), body);
}
static bool said_code(const char *code)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "{\"code\":\"%s\",", code);
    bool good = strcmp(said.type, "application/problem+json") == 0 && slice_starts(buffer_slice(&said.body), wanted);
    if (!good) fprintf(stderr, "    said %.*s\n", SLICE(buffer_slice(&said.body)));
    return good;
}

/* The time of the cosignature that was said, checked against the checkpoint; 0 if it does not hold. */
static int64_t cosigned(const struct made_log *log, bool other, uint64_t size)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    struct note note;
    bool present;
    int64_t time;
    made_log_checkpoint(log, other, size, &bytes);
    buffer_put(&bytes, buffer_slice(&said.body));
    if (strcmp(said.type, "text/plain; charset=utf-8") != 0) return 0;
    if (note_parse(&note, buffer_slice(&bytes), NULL) != STATUS_DONE || note.signatures != 2) return 0;
    return note_cosigned(&note, &key.verifier, &present, &time) ? time : 0;
}

static unsigned show(struct witness *w, const char *origin)
{
    struct hash name = hash_of(slice_from(origin));
    char hex[HASH_HEX_SIZE];
    hash_format(&name, hex);
    buffer_clear(&said.body);
    witness_show(w, slice_from(hex), &said);
    return said.status;
}

static void forget(struct witness **w, char *directory)
{
    buffer_clear(&said.body);
    witness_close(w);
    scratch_remove(directory);
}

/* ---- every status */

static void statuses(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    CHECK_INT(show(w, "log.example/a"), 404);
    CHECK(said_code("witness-absent"));

    CHECK_INT(ask(w, &log_, false, 0, 5), 200);
    CHECK_INT(cosigned(&log_, false, 5), clock_ms / 1000);
    CHECK_INT(ask(w, &log_, false, 5, 8), 200);
    CHECK(cosigned(&log_, false, 8) != 0);
    CHECK_INT(ask(w, &log_, false, 8, 21), 200);
    CHECK_INT(ask(w, &log_, false, 21, 21), 200); /* the same again */
    CHECK(cosigned(&log_, false, 21) != 0);

    CHECK_INT(ask(w, &log_, false, 5, 30), 409);
    CHECK(said_is("text/x.tlog.size", "21\n"));
    CHECK_INT(ask(w, &log_, false, 0, 30), 409);
    CHECK_INT(ask(w, &log_, false, 25, 30), 409);
    CHECK(said_is("text/x.tlog.size", "21\n"));
    CHECK_INT(ask(w, &log_, false, 8, 13), 409);

    CHECK_INT(ask(w, &log_, true, 21, 21), 422); /* the same size, another root */
    CHECK(said_code("witness-root"));
    CHECK_INT(ask(w, &log_, true, 21, 30), 422); /* a proof from another root */
    CHECK(said_code("witness-proof"));

    CHECK_INT(show(w, "log.example/a"), 200);
    CHECK_INT(ask(w, &second, false, 0, 0), 200); /* the empty tree */
    CHECK(cosigned(&second, false, 0) != 0);
    CHECK_INT(ask(w, &second, false, 0, 3), 200);
    forget(&w, directory);
}

static void put_changed(struct buffer *out, uint64_t old, const struct log_proof *proof, const char *text,
                        const struct signer *signer)
{
    buffer_reset(out);
    made_log_put_old(out, old, proof);
    CHECK(note_sign(out, slice_from(text), signer, NULL) == STATUS_DONE);
}

static unsigned ask_changed(struct witness *w, uint64_t old, const struct log_proof *proof, const char *text,
                            const struct signer *signer)
{
    OWN(buffer_clear) struct buffer body = {0};
    put_changed(&body, old, proof, text, signer);
    return ask_body(w, buffer_slice(&body));
}

static void refusals(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    struct made_log stranger, thief;
    OWN(buffer_clear) struct buffer body = {0};
    struct log_proof none = {.count = 0}, one = {.count = 1}, many = {.count = 63};
    made_log_open(&stranger, "log.example/unknown", 9, 0);
    made_log_open(&thief, "log.example/a", 10, 0); /* the name of a log, and a key of its own */
    CHECK_INT(ask(w, &stranger, false, 0, 5), 404);
    CHECK(said_code("witness-origin"));
    CHECK_INT(ask(w, &thief, false, 0, 5), 403);
    CHECK(said_code("witness-signature-none"));

    made_log_ask(&log_, false, 0, 5, &body);
    body.data[body.size - 9] ^= 1; /* within the signature's base64 */
    CHECK_INT(ask_body(w, buffer_slice(&body)), 403);
    CHECK(said_code("witness-signature-bad"));
    buffer_clear(&said.body);

    static const char root5[] = "log.example/a\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    static const char root0[] = "log.example/a\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    CHECK_INT(ask_changed(w, 6, &none, root5, &log_.key), 400); /* old > size */
    CHECK(said_code("witness-old"));
    CHECK_INT(ask_changed(w, 0, &one, root5, &log_.key), 422); /* a proof where none can be */
    CHECK_INT(ask_changed(w, 0, &none, root0, &log_.key), 422);
    CHECK(said_code("witness-root"));
    CHECK_INT(ask_changed(w, 0, &many, root5, &log_.key), 422); /* 63 lines may be sent */
    many.count = 64;
    CHECK_INT(ask_changed(w, 0, &many, root5, &log_.key), 400);
    CHECK(said_code("witness-body"));
    CHECK_INT(ask_changed(w, 0, &none, root5, &second.key), 403); /* signed by another log's key */
    CHECK_INT(ask_changed(w, 0, &none, "log.example/a\n05\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", &log_.key),
              400);
    CHECK_INT(ask_changed(w, 0, &none, "log.example/a\n5\nAAAA\n", &log_.key), 400);
    CHECK_INT(
        ask_changed(w, 0, &none, "log.example/a\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\xFF\n", &log_.key),
        400);
    CHECK(said_code("witness-text"));
    CHECK_INT(show(w, "log.example/a"), 404); /* none of this left a trace */
    forget(&w, directory);
}

static void malformed(void)
{
    static const char *const bodies[] = {
        "",
        "old 0",
        "old 0\n",
        "old 0\n\n",
        "old 00\n\nx",
        "old -1\n\nx",
        "old 9223372036854775808\n\nx\n1\n",
        "new 0\n\nx",
        "old 0\nAAAA\n\nx",
        "old 0\nnonsense\n\nx",
        "OLD 0\n\nx",
        "old  0\n\nx",
        "old 0\r\n\r\nx",
        "old 0\n\nlog.example/a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "old 0\n\nlog.example/a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n",
        "old 0\n\nlog.example/a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\xE2\x80\x94 log.example/a\n",
    };
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        if (!CHECK(ask_text(w, bodies[i]) == 400)) fprintf(stderr, "    body %zu\n", i);
    forget(&w, directory);
}

/* ---- what is kept of a note */

static void put_foreign(struct buffer *out, const char *name, size_t size)
{
    static uint8_t bytes[5000];
    static char base64[BASE64_SIZE(sizeof bytes)];
    bytes[0] = 6;
    base64_format(base64, sizeof base64, slice_of(bytes, 4 + size));
    buffer_print(out, "\xE2\x80\x94 %s %s\n", name, base64);
}

static void other_lines(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    OWN(buffer_clear) struct buffer body = {0}, bad = {0}, checkpoint = {0};
    struct note note;
    bool present;
    int64_t time;
    made_log_ask(&log_, false, 0, 5, &body);
    struct body_parts parts;
    CHECK(witness_body_parse(&parts, buffer_slice(&body), NULL) == STATUS_DONE);
    CHECK(note_parse(&note, parts.note, NULL) == STATUS_DONE);
    buffer_put(&checkpoint, note.text);
    put_foreign(&body, "ml-dsa.example", 2420); /* of an algorithm that is not known here */
    put_foreign(&body, "stranger.example", 72);
    CHECK(note_cosign_line(&body, buffer_slice(&checkpoint), 1699999999, &other_witness, NULL) == STATUS_DONE);
    CHECK_INT(ask_body(w, buffer_slice(&body)), 200);
    CHECK(cosigned(&log_, false, 5) != 0); /* our line alone */
    CHECK_INT(show(w, "log.example/a"), 200);
    CHECK(note_parse(&note, buffer_slice(&said.body), NULL) == STATUS_DONE);
    CHECK_INT(note.signatures, 3); /* the log, the cosigner that is known, ourselves */
    CHECK(note_verify(&note, &log_.key.verifier, &present));
    CHECK(note_cosigned(&note, &other_witness.verifier, &present, &time) && time == 1699999999);
    CHECK(note_cosigned(&note, &key.verifier, &present, &time));

    /* A line under a known cosigner's name that does not hold harms nobody: it is left out. */
    clock_ms += 1000;
    made_log_ask(&log_, false, 5, 6, &bad);
    CHECK(note_cosign_line(&bad, slice_from("another text\n"), 1, &other_witness, NULL) == STATUS_DONE);
    CHECK_INT(ask_body(w, buffer_slice(&bad)), 200);
    CHECK_INT(show(w, "log.example/a"), 200);
    CHECK(note_parse(&note, buffer_slice(&said.body), NULL) == STATUS_DONE);
    CHECK_INT(note.signatures, 2);
    forget(&w, directory);
}

/* ---- time */

static void time_never_goes_back(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    int64_t began = clock_ms;
    CHECK_INT(ask(w, &log_, false, 0, 5), 200);
    CHECK_INT(cosigned(&log_, false, 5), began / 1000);
    unsigned long before = syncs;
    CHECK_INT(ask(w, &log_, false, 5, 5), 200); /* within the same second nothing is to be written */
    CHECK_INT(syncs, before);
    clock_ms += 90 * 1000;
    CHECK_INT(ask(w, &log_, false, 5, 5), 200);
    CHECK_INT(cosigned(&log_, false, 5), began / 1000 + 90);
    CHECK_INT(syncs, before + 1);
    clock_ms -= 500 * 1000;
    CHECK_INT(ask(w, &log_, false, 5, 5), 200);
    CHECK_INT(cosigned(&log_, false, 5), began / 1000 + 90);
    CHECK_INT(ask(w, &log_, false, 5, 6), 200);
    CHECK_INT(cosigned(&log_, false, 6), began / 1000 + 90);
    witness_close(&w);
    w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 6, 6), 200);
    CHECK_INT(cosigned(&log_, false, 6), began / 1000 + 90);
    CHECK_INT(ask(w, &second, false, 0, 6), 200); /* each log has its own */
    CHECK_INT(cosigned(&second, false, 6), clock_ms / 1000);
    clock_ms = began;
    forget(&w, directory);
}

/* ---- evidence */

static size_t read_evidence(const char *directory, struct buffer *out)
{
    char path[600];
    OWN(buffer_clear) struct buffer names = {0};
    snprintf(path, sizeof path, "%s/peers/evidence", directory);
    CHECK(system_real.list(NULL, path, &names) == 0);
    size_t count = 0;
    for (size_t at = 0; at < names.size; at += strlen((char *)names.data + at) + 1, count++) {
        snprintf(path, sizeof path, "%s/peers/evidence/%s", directory, (char *)names.data + at);
        buffer_reset(out);
        CHECK(file_read_all(&system_real, path, 1 << 20, out, NULL) == STATUS_DONE);
    }
    return count;
}

static void check_fork(struct slice line, uint64_t first_size, uint64_t second_size, bool proof)
{
    struct arena arena;
    struct evidence evidence;
    struct note note;
    struct checkpoint checkpoint;
    bool present;
    int64_t time;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (CHECK(evidence_read(&evidence, line, &arena, NULL) == STATUS_DONE)) {
        CHECK(evidence.kind == EVIDENCE_FORK && evidence.has_other == proof);
        CHECK(evidence_check(&evidence, NULL) == STATUS_DONE);
        CHECK(note_parse(&note, evidence.first, NULL) == STATUS_DONE);
        CHECK(note_cosigned(&note, &key.verifier, &present, &time));
        CHECK(checkpoint_parse(&checkpoint, note.text, NULL) == STATUS_DONE);
        CHECK_INT(checkpoint.size, first_size);
        CHECK(note_parse(&note, evidence.second, NULL) == STATUS_DONE);
        CHECK(checkpoint_parse(&checkpoint, note.text, NULL) == STATUS_DONE);
        CHECK_INT(checkpoint.size, second_size);
    }
    arena_clear(&arena);
}

static void forks_are_kept(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    OWN(buffer_clear) struct buffer file = {0}, body = {0};
    CHECK_INT(ask(w, &log_, false, 0, 13), 200);
    CHECK_INT(read_evidence(directory, &file), 0);
    CHECK_INT(ask(w, &log_, true, 13, 13), 422);
    CHECK_INT(read_evidence(directory, &file), 1);
    check_fork(buffer_slice(&file), 13, 13, false);
    CHECK_INT(ask(w, &log_, true, 13, 13), 422); /* the same again is the same file */
    CHECK_INT(read_evidence(directory, &file), 1);

    /* Nonsense that anybody could send with a good checkpoint accuses nobody. */
    struct log_proof nonsense = made_log_proof(&log_, false, 13, 20);
    nonsense.hash[1].bytes[0] ^= 1;
    made_log_put_old(&body, 13, &nonsense);
    made_log_checkpoint(&log_, false, 20, &body);
    CHECK_INT(ask_body(w, buffer_slice(&body)), 422);
    buffer_clear(&said.body);
    CHECK_INT(read_evidence(directory, &file), 1);
    witness_close(&w);
    forget(&(struct witness *){NULL}, directory);

    directory = scratch("witness");
    w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 0, 13), 200);
    CHECK_INT(ask(w, &log_, true, 13, 20), 422); /* a good proof, from another tree */
    CHECK_INT(read_evidence(directory, &file), 1);
    check_fork(buffer_slice(&file), 13, 20, true);
    for (uint64_t size = 21; size < 130; size++) CHECK_INT(ask(w, &log_, true, 13, size), 422);
    CHECK_INT(read_evidence(directory, &file), WITNESS_EVIDENCE_MOST);
    CHECK_INT(ask(w, &log_, false, 13, 20), 200); /* the tree that was cosigned goes on */
    forget(&w, directory);
}

/* ---- whom it trusts */

static void bad_logs(void)
{
    char text[VERIFIER_TEXT_SIZE], line[600];
    char *directory = scratch("witness");
    struct witness *w;
    struct error error;
    verifier_format(&key.verifier, text);
    snprintf(line, sizeof line, "log %s\n", text); /* a witness's key is no log's */
    const char *const bad[] = {"log nonsense\n", line, "logs x\n", "witness w nonsense\n", "log \xFF\n"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK(open_it(&w, (struct setting){.directory = directory, .logs = bad[i], .override = true}, &error) ==
              STATUS_REFUSED);
        CHECK_STRING(error.code, "witness-logs");
    }
    CHECK(open_it(&w, (struct setting){.directory = directory, .logs = "# none\nquorum none\n", .override = true},
                  &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "witness-no-log");
    CHECK(open_it(&w, (struct setting){.directory = directory, .key = &log_.key, .override = true}, &error) ==
          STATUS_USAGE);
    CHECK_STRING(error.code, "witness-key-use");
    scratch_remove(directory);
}

/* A log may have several keys; one whose key was taken out is remembered all the same. */
static void keys_of_a_log(void)
{
    struct made_log old_key = log_, new_key;
    struct error error;
    struct witness *w;
    char a[VERIFIER_TEXT_SIZE], b[VERIFIER_TEXT_SIZE], both[1100], none[600];
    char *directory = scratch("witness");
    made_log_open(&new_key, "log.example/a", 44, 20);
    verifier_format(&old_key.key.verifier, a);
    verifier_format(&new_key.key.verifier, b);
    snprintf(both, sizeof both, "log %s https://log.example/\r\n  log\t%s\n# a comment\n\ngroup g 1 w\nquorum g\n", a,
             b);
    CHECK(open_it(&w, (struct setting){.directory = directory, .logs = both, .override = true}, &error) == STATUS_DONE);
    CHECK_INT(ask(w, &old_key, false, 0, 4), 200);
    CHECK_INT(ask(w, &new_key, false, 4, 6), 200);
    witness_close(&w);
    verifier_format(&second.key.verifier, b);
    snprintf(none, sizeof none, "log %s\n", b);
    CHECK(open_it(&w, (struct setting){.directory = directory, .logs = none, .override = true}, &error) == STATUS_DONE);
    CHECK_INT(ask(w, &old_key, false, 6, 7), 404);
    CHECK_INT(show(w, "log.example/a"), 200);
    witness_close(&w);
    CHECK(open_it(&w, (struct setting){.directory = directory, .logs = both, .override = true}, &error) == STATUS_DONE);
    CHECK_INT(ask(w, &old_key, false, 0, 7), 409);
    CHECK(said_is("text/x.tlog.size", "6\n"));
    forget(&w, directory);
}

/* ---- restarts */

static void peer_note(struct buffer *out, bool other, uint64_t size, int64_t time)
{
    struct note note;
    buffer_reset(out);
    made_log_checkpoint(&log_, other, size, out);
    CHECK(note_parse(&note, buffer_slice(out), NULL) == STATUS_DONE);
    if (time == 0) return;
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put(&text, note.text);
    CHECK(note_cosign_line(out, buffer_slice(&text), time, &key, NULL) == STATUS_DONE);
}

static enum status hear(struct witness *w, size_t peer, bool other, uint64_t size, int64_t time)
{
    OWN(buffer_clear) struct buffer note = {0};
    struct error error;
    peer_note(&note, other, size, time);
    return witness_hear(w, peer, buffer_slice(&note), &error);
}

static struct witness *opened_among(const char *directory, size_t peers)
{
    struct witness *w = NULL;
    struct error error;
    if (!CHECK(open_it(&w, (struct setting){.directory = directory, .peers = peers}, &error) == STATUS_DONE)) exit(1);
    return w;
}

static void peers_confirm(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened_among(directory, 3);
    struct error error;
    CHECK_INT(ask(w, &log_, false, 0, 5), 503);
    CHECK(said_code("witness-unconfirmed") && said.retry_s > 0);
    CHECK_INT(ask(w, &log_, false, 6, 5), 400); /* what makes no sense is told as ever */
    CHECK(hear(w, 0, false, 5, 0) == STATUS_DONE);
    CHECK(hear(w, 0, false, 5, 0) == STATUS_DONE); /* one peer counts once */
    CHECK_INT(ask(w, &log_, false, 0, 5), 503);
    CHECK(witness_hear(w, 1, slice_from("<html>log in</html>\n"), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "witness-peer");
    CHECK_INT(ask(w, &log_, false, 0, 5), 503);
    CHECK(hear(w, 2, false, 7, 0) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, false, 0, 5), 200);
    CHECK_INT(ask(w, &second, false, 0, 5), 503); /* of which nobody spoke */
    CHECK(!witness_heard(w, 1) && witness_heard(w, 2));
    forget(&w, directory);
}

/* The directory as it was at size 5, and what was cosigned since: 9. */
static void a_backup_is_noticed(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 0, 5), 200);
    witness_close(&w);
    int64_t later = clock_ms / 1000 + 100;
    w = opened_among(directory, 2);
    CHECK(hear(w, 0, false, 9, later) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, false, 5, 9), 503);
    CHECK(hear(w, 1, false, 4, 0) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, true, 5, 9), 409); /* the other tree of size 9 finds no cosignature */
    CHECK(said_is("text/x.tlog.size", "9\n"));
    CHECK_INT(ask(w, &log_, false, 9, 9), 200);
    CHECK_INT(cosigned(&log_, false, 9), later);
    witness_close(&w);
    w = opened(directory); /* and it is durable */
    CHECK_INT(ask(w, &log_, false, 5, 9), 409);
    CHECK(said_is("text/x.tlog.size", "9\n"));
    CHECK(hear(w, 0, false, 7, later + 5) == STATUS_DONE); /* never back */
    CHECK_INT(ask(w, &log_, false, 9, 9), 200);
    CHECK_INT(cosigned(&log_, false, 9), later);
    CHECK(hear(w, 0, false, 10, later - 50) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, false, 10, 10), 200);
    CHECK_INT(cosigned(&log_, false, 10), later);
    forget(&w, directory);
}

static void two_roots_stop_it(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    OWN(buffer_clear) struct buffer file = {0};
    CHECK_INT(ask(w, &log_, false, 0, 13), 200);
    CHECK_INT(ask(w, &second, false, 0, 3), 200);
    witness_close(&w);
    w = opened_among(directory, 1);
    CHECK(hear(w, 0, true, 13, clock_ms / 1000 + 7) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, false, 13, 14), 503);
    CHECK(said_code("witness-forked"));
    CHECK_INT(read_evidence(directory, &file), 1);
    check_fork(buffer_slice(&file), 13, 13, false);
    witness_close(&w);
    w = opened(directory); /* an operator cannot make it forget */
    CHECK_INT(ask(w, &log_, false, 13, 14), 503);
    CHECK(said_code("witness-forked"));
    CHECK_INT(ask(w, &second, false, 3, 4), 200);
    witness_close(&w);
    w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 13, 14), 503);
    CHECK(said_code("witness-forked"));
    forget(&w, directory);
}

static void alone_and_override(void)
{
    char *directory = scratch("witness");
    struct witness *w;
    struct error error;
    OWN(buffer_clear) struct buffer about = {0};
    struct setting none = {.directory = directory}, alone = {.directory = directory, .alone = true};
    CHECK(open_it(&w, none, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "witness-alone");
    CHECK(open_it(&w, alone, &error) == STATUS_REFUSED); /* a new directory could be a lost one */
    CHECK_STRING(error.code, "witness-stale");
    w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 0, 5), 200);
    CHECK(witness_about(w, &about, &error) == STATUS_DONE);
    CHECK(memmem(about.data, about.size, "\"override\":\"20", 14) != NULL);
    witness_close(&w);
    clock_ms += INT64_C(1000) * WITNESS_ALONE_S - 2000;
    CHECK(open_it(&w, alone, &error) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, false, 5, 6), 200);
    clock_ms += INT64_C(1000) * WITNESS_ALONE_S;
    CHECK(witness_alive(w, &error) == STATUS_DONE); /* idle, not dead */
    witness_close(&w);
    clock_ms += 1000;
    CHECK(open_it(&w, alone, &error) == STATUS_DONE);
    CHECK(open_it(&(struct witness *){NULL}, alone, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "witness-locked");
    witness_close(&w);
    clock_ms += INT64_C(1000) * WITNESS_ALONE_S + 1000;
    CHECK(open_it(&w, alone, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "witness-stale");
    /* One that waits for its peers does not make the state look used. */
    w = opened_among(directory, 3);
    CHECK(witness_alive(w, &error) == STATUS_DONE);
    CHECK(hear(w, 0, false, 8, clock_ms / 1000) == STATUS_DONE);
    buffer_reset(&about);
    CHECK(witness_about(w, &about, &error) == STATUS_DONE); /* that somebody overrode it once is not forgotten */
    CHECK(memmem(about.data, about.size, "\"override\":\"20", 14) != NULL);
    witness_close(&w);
    CHECK(open_it(&w, alone, &error) == STATUS_REFUSED);
    scratch_remove(directory);
    buffer_clear(&said.body);
}

/* ---- the file */

static void state_path(const char *directory, char out[600])
{
    snprintf(out, 600, "%s/peers/witness", directory);
}

static void put_state(const char *directory, struct slice bytes)
{
    char path[600];
    state_path(directory, path);
    CHECK(file_replace(&machine, path, bytes, 0600, NULL) == STATUS_DONE);
}

/* A state of several frames; ends[i]: where the i-th frame ends. */
static size_t make_state(const char *directory, struct buffer *out, size_t ends[8])
{
    char path[600];
    struct witness *w = opened(directory);
    size_t frames = 0;
    state_path(directory, path);
    for (uint64_t size = 1; size < 6; size++) {
        buffer_reset(out);
        CHECK(file_read_all(&system_real, path, 1 << 20, out, NULL) == STATUS_DONE);
        ends[frames++] = out->size;
        if (size < 5) CHECK_INT(ask(w, size % 2 == 0 ? &second : &log_, false, size < 3 ? 0 : size - 2, size), 200);
    }
    buffer_clear(&said.body);
    witness_close(&w);
    return frames;
}

/* Thousands of starts: the disk is not what is tried here. */
static int sync_not(void *context, int file)
{
    (void)context, (void)file;
    return 0;
}

static void any_cut_and_any_change(void)
{
    machine.sync = sync_not;
    char *directory = scratch("witness");
    OWN(buffer_clear) struct buffer whole = {0}, changed = {0};
    size_t ends[8], frames = make_state(directory, &whole, ends);
    struct witness *w;
    struct error error;
    const struct setting setting = {.directory = directory, .override = true};
    CHECK_INT(frames, 5);
    for (size_t cut = 0; cut <= whole.size; cut += cut < 80 || cut % 97 == 0 ? 1 : 7) {
        put_state(directory, slice_part(buffer_slice(&whole), 0, cut));
        enum status status = open_it(&w, setting, &error);
        if (cut < ends[0]) {
            CHECK(status == STATUS_UNVERIFIED && strcmp(error.code, "witness-damaged") == 0);
            continue;
        }
        if (!CHECK(status == STATUS_DONE)) continue;
        CHECK_INT(w->trusted.logs[0].head.size, cut >= ends[3] ? 3 : cut >= ends[1] ? 1 : 0);
        CHECK_INT(w->trusted.logs[1].head.size, cut >= ends[4] ? 4 : cut >= ends[2] ? 2 : 0);
        witness_close(&w);
    }
    for (size_t at = 0; at < whole.size; at++) {
        buffer_reset(&changed);
        buffer_put(&changed, buffer_slice(&whole));
        changed.data[at] ^= (uint8_t)(1U << at % 8);
        put_state(directory, buffer_slice(&changed));
        enum status status = open_it(&w, setting, &error);
        if (at < ends[3]) { /* a sound frame follows: this was acknowledged once */
            if (!CHECK(status == STATUS_UNVERIFIED)) fprintf(stderr, "    byte %zu\n", at);
        } else if (CHECK(status == STATUS_DONE)) { /* the last one cannot be told from a write that never ended */
            CHECK_INT(w->trusted.logs[1].head.size, 2);
            witness_close(&w);
        }
        if (status != STATUS_DONE) CHECK_STRING(error.code, "witness-damaged");
    }
    /* A damaged file is left as it is. */
    changed.data[ends[1] + 3] ^= 1;
    put_state(directory, buffer_slice(&changed));
    CHECK(open_it(&w, setting, &error) == STATUS_UNVERIFIED);
    buffer_reset(&whole);
    char path[600];
    state_path(directory, path);
    CHECK(file_read_all(&system_real, path, 1 << 20, &whole, NULL) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&whole), buffer_slice(&changed)));
    machine.sync = sync_counted;
    scratch_remove(directory);
}

/* Frames that are sound each, and were never written so. */
static void put_head_item(struct buffer *out, bool other, uint64_t size, uint64_t time_s)
{
    OWN(buffer_clear) struct buffer note = {0};
    made_log_checkpoint(&log_, other, size, &note);
    buffer_put_byte(out, 'H');
    buffer_put_u32be(out, (uint32_t)(8 + note.size));
    buffer_put_u64be(out, time_s);
    buffer_put(out, buffer_slice(&note));
}

static void put_sound(struct buffer *out, uint64_t number, struct slice items)
{
    OWN(buffer_clear) struct buffer frame = {0};
    frame_begin(&frame);
    buffer_put(&frame, items);
    CHECK(frame_end(&frame, number, 1, NULL) == STATUS_DONE);
    buffer_put(out, buffer_slice(&frame));
}

static void a_state_that_goes_back(void)
{
    static const struct {
        uint64_t number, size, time_s;
        bool other, good;
    } rows[] = {
        {1, 13, 1000, false, true}, {1, 12, 1000, false, false}, {1, 13, 999, false, false},
        {1, 13, 1000, true, false}, {2, 14, 1000, false, false}, {0, 14, 1000, false, false},
        {1, 14, 1001, true, true}, /* what roots follow from each other, it cannot tell */
    };
    char *directory = scratch("witness"), text[VERIFIER_TEXT_SIZE];
    struct error error;
    struct witness *w = opened(directory);
    witness_close(&w);
    verifier_format(&key.verifier, text);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        OWN(buffer_clear) struct buffer file = {0}, items = {0}, more = {0};
        buffer_put_byte(&items, 'K');
        buffer_put_u32be(&items, (uint32_t)strlen(text));
        buffer_put_string(&items, text);
        put_head_item(&items, false, 13, 1000);
        put_sound(&file, 0, buffer_slice(&items));
        put_head_item(&more, rows[i].other, rows[i].size, rows[i].time_s);
        put_sound(&file, rows[i].number, buffer_slice(&more));
        put_state(directory, buffer_slice(&file));
        enum status status = open_it(&w, (struct setting){.directory = directory, .override = true}, &error);
        if (!CHECK((status == STATUS_DONE) == rows[i].good)) fprintf(stderr, "    row %zu\n", i);
        if (status == STATUS_DONE) {
            CHECK_INT(w->trusted.logs[0].head.size, rows[i].size);
            witness_close(&w);
        } else {
            CHECK_STRING(error.code, "witness-damaged");
        }
    }
    scratch_remove(directory);
}

static void another_key(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    struct error error;
    witness_close(&w);
    CHECK(open_it(&w, (struct setting){.directory = directory, .key = &other_witness, .override = true}, &error) ==
          STATUS_REFUSED);
    CHECK_STRING(error.code, "witness-key");
    scratch_remove(directory);
}

/* Written anew when it has grown, and what is in it stays. */
static void compaction(void)
{
    char *directory = scratch("witness"), path[600];
    struct witness *w = opened(directory);
    struct stat about;
    state_path(directory, path);
    for (uint64_t size = 1; size < 60; size++) {
        w->state.compact_at = 3000;
        CHECK_INT(ask(w, &log_, false, size - 1, size), 200);
    }
    CHECK(stat(path, &about) == 0);
    CHECK(w->state.frame < 40 && about.st_size == w->state.end);
    witness_close(&w);
    w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 58, 60), 409);
    CHECK(said_is("text/x.tlog.size", "59\n"));
    forget(&w, directory);
}

/* ---- a disk that fails */

static int write_trouble, sync_trouble;
static ssize_t write_failing(void *context, int file, const void *data, size_t size, off_t at)
{
    if (write_trouble == 0) return system_real.write(context, file, data, size, at);
    errno = write_trouble;
    return -1;
}
static int sync_failing(void *context, int file)
{
    errno = sync_trouble;
    return sync_trouble == 0 ? sync_counted(context, file) : -1;
}

static void a_disk_that_fails(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    OWN(buffer_clear) struct buffer about = {0};
    CHECK_INT(ask(w, &log_, false, 0, 5), 200);
    machine.write = write_failing;
    machine.sync = sync_failing;
    write_trouble = ENOSPC;
    CHECK_INT(ask(w, &log_, false, 5, 7), 503);
    CHECK(said_code("witness-full"));
    CHECK_INT(show(w, "log.example/a"), 200);
    CHECK(slice_starts(buffer_slice(&said.body), "log.example/a\n5\n"));
    CHECK_INT(ask(w, &log_, false, 7, 7), 409); /* it is not remembered by halves */
    write_trouble = 0;
    unsigned long before = syncs;
    CHECK_INT(ask(w, &log_, false, 5, 7), 200);
    CHECK_INT(syncs, before + 1);
    write_trouble = EIO;
    CHECK_INT(ask(w, &log_, false, 7, 8), 503);
    CHECK(said_code("witness-write"));
    write_trouble = 0;
    CHECK_INT(ask(w, &log_, false, 7, 8), 503);
    CHECK(said_code("witness-closed") && said.retry_s > 0);
    CHECK(witness_about(w, &about, NULL) == STATUS_DONE);
    CHECK(slice_starts(buffer_slice(&about), "{\"closed\":true,"));
    witness_close(&w);
    w = opened(directory);
    sync_trouble = ENOSPC; /* what a sync says was lost is lost, whatever its reason */
    CHECK_INT(ask(w, &log_, false, 7, 8), 503);
    sync_trouble = 0;
    CHECK_INT(ask(w, &log_, false, 7, 8), 503);
    CHECK(said_code("witness-closed"));
    witness_close(&w);
    machine.write = system_real.write;
    machine.sync = sync_counted;
    w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 7, 8), 200);
    forget(&w, directory);
}

/* ---- threads */

static int sync_slow(void *context, int file)
{
    usleep(2000);
    return sync_counted(context, file);
}

enum { THREADS = 12, STEPS = 40 };
static struct witness *shared;
static _Atomic unsigned long granted[2][STEPS + 1];

/* Each brings every step of one of the two trees, as if it had never heard of the others. */
static void *bring(void *context)
{
    size_t me = (size_t)(uintptr_t)context;
    bool other = me % 2 == 1;
    OWN(buffer_clear) struct buffer body = {0};
    for (uint64_t size = 1; size <= STEPS;) {
        struct witness_answer answer;
        made_log_ask(&log_, other, size - 1, size, &body);
        unsigned status = ask_bytes(shared, buffer_slice(&body), &answer);
        if (status == 200) granted[other][size]++;
        if (status == 409) { /* somebody was faster: from there on */
            uint64_t at = strtoull((char *)answer.body.data, NULL, 10);
            CHECK(at >= size - 1);
            size = at + 1;
        } else if (status == 200) {
            size++;
        } else {
            CHECK(status == 422 && size > log_.fork); /* the other tree came first */
            size = STEPS + 1;
        }
        buffer_clear(&answer.body);
    }
    return NULL;
}

/* Keeps whoever leads at the disk, so that the others gather. */
static _Atomic bool busy;
static void *keep_busy(void *context)
{
    (void)context;
    OWN(buffer_clear) struct buffer body = {0};
    made_log_ask(&second, false, 7, 7, &body);
    while (busy) {
        struct witness_answer answer;
        clock_ms += 1000;
        CHECK_INT(ask_bytes(shared, buffer_slice(&body), &answer), 200);
        buffer_clear(&answer.body);
    }
    return NULL;
}

static void threads_compare_and_store(void)
{
    char *directory = scratch("witness");
    int64_t began = clock_ms;
    pthread_t thread[THREADS], other;
    shared = opened(directory);
    CHECK_INT(ask(shared, &second, false, 0, 7), 200);
    machine.sync = sync_slow; /* so that many wait together */
    busy = true;
    CHECK(pthread_create(&other, NULL, keep_busy, NULL) == 0);
    for (size_t i = 0; i < THREADS; i++) CHECK(pthread_create(&thread[i], NULL, bring, (void *)(uintptr_t)i) == 0);
    for (size_t i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
    busy = false;
    pthread_join(other, NULL);
    clock_ms = began;
    for (uint64_t size = 1; size <= STEPS; size++) {
        if (size > log_.fork) CHECK(granted[0][size] == 0 || granted[1][size] == 0);
        CHECK(granted[0][size] + granted[1][size] <= 1); /* from one size only one went on */
    }
    CHECK_INT(shared->trusted.logs[0].head.size, STEPS);
    machine.sync = sync_counted;
    forget(&shared, directory);
}

/* Those that wait together become durable together. */
static void *refresh(void *context)
{
    (void)context;
    OWN(buffer_clear) struct buffer body = {0};
    made_log_ask(&log_, false, 7, 7, &body);
    for (int i = 0; i < 50; i++) {
        struct witness_answer answer;
        clock_ms += 1000;
        CHECK_INT(ask_bytes(shared, buffer_slice(&body), &answer), 200);
        buffer_clear(&answer.body);
    }
    return NULL;
}

static void threads_share_a_sync(void)
{
    char *directory = scratch("witness");
    pthread_t thread[THREADS];
    int64_t began = clock_ms;
    machine.sync = sync_slow;
    shared = opened(directory);
    CHECK_INT(ask(shared, &log_, false, 0, 7), 200);
    unsigned long before = syncs;
    for (size_t i = 0; i < THREADS; i++) CHECK(pthread_create(&thread[i], NULL, refresh, NULL) == 0);
    for (size_t i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
    CHECK(syncs - before < THREADS * 50 / 3);
    printf("%d cosignatures, %lu syncs\n", THREADS * 50, syncs - before);
    machine.sync = sync_counted;
    clock_ms = began;
    forget(&shared, directory);
}

/* ---- votes */

static struct signer log_key_of(const char *name)
{
    struct signer signer;
    struct hash seed = hash_of(slice_from(name));
    CHECK(signer_from_seed(&signer, slice_from("log.example/a"), seed.bytes, NULL) == STATUS_DONE);
    return signer;
}

/* After its vote the witness cosigns the old key never again, across starts too, and goes on under the new one from
 * where it was. */
static void votes_are_kept(void)
{
    char *directory = scratch("witness"), both[2048], old_text[VERIFIER_TEXT_SIZE], new_text[VERIFIER_TEXT_SIZE];
    struct witness *w = opened(directory);
    struct signer next = log_key_of("the next host"), rival = log_key_of("a rival");
    struct error error;
    OWN(buffer_clear) struct buffer note = {0}, again = {0}, none = {0};
    OWN(vote_clear) struct vote vote = {.size = 0};
    CHECK_INT(ask(w, &log_, false, 0, 3), 200);
    int64_t time = cosigned(&log_, false, 3);
    CHECK(time > 0);
    CHECK(witness_vote(w, &log_.key.verifier, &next.verifier, &note, &error) == STATUS_DONE);
    CHECK(vote_read(&vote, buffer_slice(&note), &error) == STATUS_DONE && vote.size == 3);
    CHECK(vote_check(&vote, buffer_slice(&note), &key.verifier, &error) == STATUS_DONE);
    CHECK(vote_check(&vote, buffer_slice(&note), &other_witness.verifier, &error) == STATUS_UNVERIFIED);
    CHECK(vote.new_key.id == next.verifier.id && vote.old_key.id == log_.key.verifier.id);
    CHECK_INT(ask(w, &log_, false, 3, 5), 403);
    CHECK(said_code("witness-ended"));
    CHECK_INT(ask(w, &log_, false, 3, 3), 403); /* not even the time is refreshed */
    CHECK(witness_vote(w, &log_.key.verifier, &next.verifier, &again, &error) == STATUS_DONE);
    CHECK(witness_vote(w, &log_.key.verifier, &rival.verifier, &none, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "witness-voted");
    witness_close(&w);

    verifier_format(&log_.key.verifier, old_text);
    verifier_format(&next.verifier, new_text);
    snprintf(both, sizeof both, "log %s\nlog %s\n", old_text, new_text);
    CHECK(open_it(&w, (struct setting){.directory = directory, .logs = both, .override = true}, &error) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, false, 3, 5), 403);
    CHECK(said_code("witness-ended"));
    struct made_log moved = log_; /* the same tree under the new key */
    struct made_log forged = log_;
    moved.key = forged.key = next;
    forged.fork = 1;
    CHECK_INT(ask(w, &forged, true, 3, 5), 422); /* another tree is no less refused */
    CHECK_INT(ask(w, &moved, false, 3, 5), 200);
    CHECK(cosigned(&moved, false, 5) >= time);
    CHECK_INT(ask(w, &log_, false, 5, 5), 403);
    witness_close(&w);

    /* A new start writes the file anew: the vote is in it. */
    CHECK(open_it(&w, (struct setting){.directory = directory, .logs = both, .override = true}, &error) == STATUS_DONE);
    CHECK_INT(ask(w, &log_, false, 5, 7), 403);
    CHECK(witness_vote(w, &log_.key.verifier, &rival.verifier, &none, &error) == STATUS_REFUSED);
    forget(&w, directory);
}

/* A vote that nothing was cosigned is a vote, and any change of a vote is none. */
static void votes_are_strict(void)
{
    char *directory = scratch("witness");
    struct witness *w = opened(directory);
    struct signer next = log_key_of("the next host");
    struct error error;
    OWN(buffer_clear) struct buffer empty = {0}, note = {0};
    struct vote vote;
    CHECK(witness_vote(w, &log_.key.verifier, &next.verifier, &empty, &error) == STATUS_DONE);
    CHECK(vote_read(&vote, buffer_slice(&empty), &error) == STATUS_DONE && vote.size == 0);
    CHECK(vote_check(&vote, buffer_slice(&empty), &key.verifier, &error) == STATUS_DONE);
    vote_clear(&vote);
    forget(&w, directory);
    directory = scratch("witness");
    w = opened(directory);
    CHECK_INT(ask(w, &log_, false, 0, 4), 200);
    CHECK(witness_vote(w, &log_.key.verifier, &next.verifier, &note, &error) == STATUS_DONE);
    for (size_t i = 0; i < note.size; i++) {
        note.data[i] ^= 1;
        if (vote_read(&vote, buffer_slice(&note), &error) == STATUS_DONE) {
            CHECK(vote_check(&vote, buffer_slice(&note), &key.verifier, &error) != STATUS_DONE);
            vote_clear(&vote);
        }
        note.data[i] ^= 1;
    }
    forget(&w, directory);
}

static void starts(void)
{
    static const uint8_t seed[SEED_BYTES] = {3}, other_seed[SEED_BYTES] = {4};
    char a[VERIFIER_TEXT_SIZE], b[VERIFIER_TEXT_SIZE], c[VERIFIER_TEXT_SIZE];
    CHECK(crypto_start(NULL) == STATUS_DONE);
    machine = system_real;
    machine.now_ms = now_ms;
    machine.sync = sync_counted;
    CHECK(cosigner_from_seed(&key, slice_from("witness.example"), seed, NULL) == STATUS_DONE);
    CHECK(cosigner_from_seed(&other_witness, slice_from("other.example"), other_seed, NULL) == STATUS_DONE);
    made_log_open(&log_, "log.example/a", 1, 10);
    made_log_open(&second, "log.example/b", 2, 10);
    verifier_format(&log_.key.verifier, a);
    verifier_format(&second.key.verifier, b);
    verifier_format(&other_witness.verifier, c);
    snprintf(logs, sizeof logs, "log %s\nlog %s\nwitness other %s https://other.example\n", a, b, c);
}

TESTS(starts, votes_are_kept, votes_are_strict, statuses, refusals, malformed, other_lines, time_never_goes_back,
      forks_are_kept, bad_logs, keys_of_a_log, peers_confirm, a_backup_is_noticed, two_roots_stop_it,
      alone_and_override, any_cut_and_any_change, a_state_that_goes_back, another_key, compaction, a_disk_that_fails,
      threads_compare_and_store, threads_share_a_sync)
