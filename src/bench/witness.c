/* A witness: cosignatures of one log, which hang on each other, and of a hundred, which do not; by its library alone,
 * and over HTTP from a program of its own. Requests are made beforehand: what the logs do for them is not measured. */
#include "bench/load.h"
#include "bench/program.h"
#include "http/http.h"
#include "log/checkpoint.h"
#include "log/log.h"
#include "register/register.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    LOGS = 100,
    THREADS = 50, /* of the library */
    CLIENTS = 8,  /* of one log over HTTP */
    CONNECTIONS = 64,
    TURNS = 3,
    STEPS_MOST = 20000, /* of all turns together */
    FRAME_BYTES = 320,  /* of one cosignature in the state */
    LIMIT_COUNT = 256
};
static const char unit[] = "cosignatures/s";

struct bodies {
    struct buffer bytes;
    size_t *end;
    size_t count;
};

struct watching {
    const struct run *run;
    char logs_path[GROUND_PATH], key_path[GROUND_PATH];
    struct buffer logs; /* lines "log VKEY", NUL-terminated */
    struct signer log_key[LOGS];
    struct bodies grow, same; /* of the first log: from size i to i + 1; of size i + 1 to itself */
    struct bodies hundred;    /* step after step, each of all logs */
    size_t steps, a_turn, next;
    struct truce_key *key;
    struct truce_witness *witness;
    struct program program;
    _Atomic uint64_t size; /* of the one log, as its clients know it */
    _Atomic uint64_t given, wanted;
    int file;
    off_t at;
};

static struct slice body_at(const struct bodies *bodies, size_t i)
{
    size_t from = i == 0 ? 0 : bodies->end[i - 1];
    return slice_part(buffer_slice(&bodies->bytes), from, bodies->end[i] - from);
}

static void bodies_clear(struct bodies *bodies)
{
    buffer_clear(&bodies->bytes);
    free(bodies->end);
}

static enum status bodies_open(struct bodies *out, size_t most, struct error *error)
{
    *out = (struct bodies){.end = calloc(most, sizeof *out->end)};
    return out->end == NULL ? arena_full(error) : STATUS_DONE;
}

/* ---- making */

static enum status put_body(struct bodies *out, struct log *log, const struct signer *key, uint64_t old, uint64_t size,
                            struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct log_proof proof = {.count = 0};
    struct checkpoint checkpoint = {.origin = slice_from(key->verifier.name), .size = size};
    buffer_print(&out->bytes, "old %" PRIu64 "\n", old);
    if (old > 0 && old < size) TRY(log_prove_consistency(log, old, size, &proof, error));
    for (size_t i = 0; i < proof.count; i++) {
        char base64[BASE64_SIZE(HASH_BYTES)];
        base64_format(base64, sizeof base64, slice_of(proof.hash[i].bytes, HASH_BYTES));
        buffer_print(&out->bytes, "%s\n", base64);
    }
    buffer_put_string(&out->bytes, "\n");
    TRY(log_root(log, size, &checkpoint.root, error));
    checkpoint_format(&text, &checkpoint);
    TRY(note_sign(&out->bytes, buffer_slice(&text), key, error));
    out->end[out->count++] = out->bytes.size;
    return buffer_finish(&out->bytes, error);
}

static enum status make_bodies(struct watching *w, struct log *log, struct error *error)
{
    size_t per_log = w->steps / LOGS + 1;
    TRY(bodies_open(&w->grow, w->steps, error));
    TRY(bodies_open(&w->same, w->steps, error));
    TRY(bodies_open(&w->hundred, per_log * LOGS, error));
    for (uint64_t size = 1; size <= w->steps; size++) {
        TRY(put_body(&w->grow, log, &w->log_key[0], size - 1, size, error));
        TRY(put_body(&w->same, log, &w->log_key[0], size, size, error));
    }
    for (uint64_t size = 1; size <= per_log; size++)
        for (size_t i = 0; i < LOGS; i++) TRY(put_body(&w->hundred, log, &w->log_key[i], size - 1, size, error));
    return STATUS_DONE;
}

/* One tree for all: only the names and keys of the logs differ. */
static enum status make_tree(struct watching *w, struct log **log, struct error *error)
{
    char directory[GROUND_PATH];
    uint64_t first;
    ground_path(&w->run->ground, "tree", directory);
    TRY(log_create(&system_real, directory, error));
    TRY(log_open(log, &system_real, directory, LOG_WRITE, &w->log_key[0], error));
    for (size_t done = 0; done <= w->steps;) {
        enum { A_GROUP = 1000 };
        static const char text[] = "an entry";
        struct slice entries[A_GROUP];
        for (size_t i = 0; i < A_GROUP; i++) entries[i] = slice_from(text);
        TRY(log_append(*log, entries, A_GROUP, &first, error));
        done += A_GROUP;
    }
    return STATUS_DONE;
}

static enum status make_keys(struct watching *w, struct error *error)
{
    for (size_t i = 0; i < LOGS; i++) {
        char name[40], text[VERIFIER_TEXT_SIZE];
        snprintf(name, sizeof name, "log-%zu.example", i);
        TRY(signer_random(&w->log_key[i], slice_from(name), error));
        verifier_format(&w->log_key[i].verifier, text);
        buffer_print(&w->logs, "log %s\n", text);
    }
    ground_path(&w->run->ground, "logs", w->logs_path);
    ground_path(&w->run->ground, "witness.key", w->key_path);
    TRY(file_create(&system_real, w->logs_path, buffer_slice(&w->logs), 0600, error));
    buffer_put_byte(&w->logs, '\0');
    TRY(buffer_finish(&w->logs, error));
    struct truce_buffer verifier = {0};
    struct truce_error why;
    TRY(library_said(truce_key_new("witness.example", TRUCE_USE_COSIGN, w->key_path, NULL, &verifier, &why), &why,
                     error));
    truce_free(&verifier);
    return library_said(truce_key_open(&w->key, w->key_path, NULL, NULL, &why), &why, error);
}

static enum status prepare(struct watching *w, struct error *error)
{
    struct log *log = NULL;
    TRY(make_keys(w, error));
    enum status status = make_tree(w, &log, error);
    if (status == STATUS_DONE) status = make_bodies(w, log, error);
    log_close(&log);
    return status;
}

/* ---- one log: whoever asks takes the size that is known, and lets it grow or refreshes it */

static enum status answered(unsigned status, struct slice body, struct error *error)
{
    if (status == 200 || status == 409) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "bench-load", "The server answered the load with \"{0}\".",
                     error_slice(body).text, NULL);
}

static void raise_to(_Atomic uint64_t *size, uint64_t to)
{
    uint64_t known = atomic_load(size);
    while (known < to && !atomic_compare_exchange_weak(size, &known, to)) continue;
}

typedef enum status ask_one(struct watching *w, struct slice body, unsigned *status, uint64_t *size,
                            struct error *error);

static enum status ask_library(struct watching *w, struct slice body, unsigned *status, uint64_t *size,
                               struct error *error)
{
    struct truce_witness_answer answer;
    truce_witness_add(w->witness, (const char *)body.data, body.size, &answer);
    *status = answer.status;
    if (answer.status == 409) *size = strtoull(answer.body.data, NULL, 10);
    enum status done = answered(answer.status, slice_of(answer.body.data, answer.body.size), error);
    truce_free(&answer.body);
    return done;
}

static enum status ask_server(struct watching *w, struct slice body, unsigned *status, uint64_t *size,
                              struct error *error)
{
    char url[80], text[32];
    struct http_result result = {0};
    snprintf(url, sizeof url, "http://127.0.0.1:%u/add-checkpoint", w->program.port);
    TRY(http_fetch(&(struct http_call){.url = url, .method = "POST", .body = body, .type = "text/plain"}, &result,
                   error));
    *status = result.status;
    snprintf(text, sizeof text, "%.*s", SLICE(slice_part(buffer_slice(&result.body), 0, 30)));
    if (result.status == 409) *size = strtoull(text, NULL, 10);
    enum status done = answered(result.status, buffer_slice(&result.body), error);
    buffer_clear(&result.body);
    return done;
}

static enum status client(struct watching *w, bool grows, ask_one *ask, struct error *error)
{
    while (atomic_load(&w->given) < w->wanted) {
        uint64_t size = atomic_load(&w->size), now = size;
        unsigned status;
        bool grow = grows || size == 0;
        if (grow && size == w->grow.count) return STATUS_DONE;
        TRY(ask(w, grow ? body_at(&w->grow, size) : body_at(&w->same, size - 1), &status, &now, error));
        if (status == 200) {
            w->given++;
            now = grow ? size + 1 : size;
        }
        raise_to(&w->size, now);
    }
    return STATUS_DONE;
}

/* Every other one grows it. */
static enum status library_client(void *context, unsigned i, struct error *error)
{
    return client(context, i % 2 == 0, ask_library, error);
}
static enum status server_client(void *context, unsigned i, struct error *error)
{
    return client(context, i % 2 == 0, ask_server, error);
}

static enum status one_log(struct watching *w, unsigned count,
                           enum status (*work)(void *context, unsigned i, struct error *error), double *rate,
                           struct error *error)
{
    double seconds;
    uint64_t before = w->given;
    w->wanted = before + w->a_turn;
    TRY(run_threads(count, work, w, &seconds, error));
    *rate = (double)(w->given - before) / seconds;
    return STATUS_DONE;
}

static enum status library_one_turn(void *context, double *rate, struct error *error)
{
    return one_log(context, THREADS, library_client, rate, error);
}

static enum status sync_turn(void *context, double *rate, struct error *error)
{
    struct watching *w = context;
    static const uint8_t frame[FRAME_BYTES] = {1};
    double from = now_s();
    for (unsigned i = 0; i < LIMIT_COUNT; i++, w->at += FRAME_BYTES)
        if (pwrite(w->file, frame, FRAME_BYTES, w->at) != FRAME_BYTES || fdatasync(w->file) != 0)
            return error_system(error, "write", w->run->ground.root, errno);
    *rate = LIMIT_COUNT / (now_s() - from);
    return STATUS_DONE;
}

/* ---- a hundred logs: each thread has two of its own */

static enum status hundred_work(void *context, unsigned i, struct error *error)
{
    struct watching *w = context;
    for (size_t at = w->next; at < w->next + w->a_turn; at += LOGS)
        for (size_t log = i; log < LOGS; log += THREADS) {
            unsigned status;
            uint64_t size;
            TRY(ask_library(w, body_at(&w->hundred, at + log), &status, &size, error));
            if (status != 200) return answered(0, slice_from("409"), error);
        }
    return STATUS_DONE;
}

static enum status library_hundred_turn(void *context, double *rate, struct error *error)
{
    struct watching *w = context;
    double seconds;
    TRY(run_threads(THREADS, hundred_work, w, &seconds, error));
    w->next += w->a_turn;
    *rate = (double)w->a_turn / seconds;
    return STATUS_DONE;
}

static enum status check_and_sign(void *context, unsigned i, struct error *error)
{
    struct watching *w = context;
    struct slice text = slice_from("log-0.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    const struct signer *key = &w->log_key[i % LOGS];
    struct signature signature;
    sign(&signature, &key->secret, text);
    for (unsigned k = 0; k < LIMIT_COUNT; k++) {
        if (!sign_verify(&key->verifier.key, &signature, text))
            return error_set(error, STATUS_FAILED, "bench-signature", "A signature made for measuring does not hold.",
                             NULL);
        sign(&signature, &key->secret, text);
    }
    return STATUS_DONE;
}

static enum status crypto_turn(void *context, double *rate, struct error *error)
{
    double seconds;
    TRY(run_threads(bench_cores(), check_and_sign, context, &seconds, error));
    *rate = (double)bench_cores() * LIMIT_COUNT / seconds;
    return STATUS_DONE;
}

static void make_post(void *context, uint64_t i, struct buffer *out)
{
    struct watching *w = context;
    struct slice body = body_at(&w->hundred, w->next + (size_t)i);
    buffer_print(out, "POST /add-checkpoint HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n\r\n", body.size);
    buffer_put(out, body);
}

static enum status server_hundred_turn(struct watching *w, double *rate, struct error *error)
{
    const struct load load = {w->program.port, CONNECTIONS, w->a_turn, make_post, w};
    double seconds;
    TRY(load_run(&load, &seconds, error));
    w->next += w->a_turn;
    *rate = (double)w->a_turn / seconds;
    return STATUS_DONE;
}

/* ---- by the library, and over HTTP; each from an empty state */

static enum status measure_library(struct watching *w, struct error *error)
{
    char directory[GROUND_PATH];
    struct truce_error why;
    double rate, limit;
    ground_path(&w->run->ground, "library", directory);
    const struct truce_witness_options options = {
        .directory = directory, .key = w->key, .logs = (const char *)w->logs.data, .override = true};
    TRY(library_said(truce_witness_open(&w->witness, &options, &why), &why, error));
    TRY(take_turns(TURNS, library_one_turn, sync_turn, w, &rate, &limit, error));
    figure_rate(w->run, "core-one-log", unit, rate, (struct limit){"frames-synced", limit, 0}, TURNS * w->a_turn);
    truce_witness_close(&w->witness);
    ground_path(&w->run->ground, "library-hundred", directory);
    TRY(library_said(truce_witness_open(&w->witness, &options, &why), &why, error));
    w->next = 0;
    TRY(take_turns(TURNS, library_hundred_turn, crypto_turn, w, &rate, &limit, error));
    figure_rate(w->run, "core-hundred-logs", unit, rate, (struct limit){"ed25519-check-and-sign", limit, 0},
                TURNS * w->a_turn);
    return STATUS_DONE;
}

static enum status start_server(struct watching *w, const char *name, struct error *error)
{
    char directory[GROUND_PATH];
    ground_path(&w->run->ground, name, directory);
    const char *const arguments[] = {"truce",       "witness", "-C",         directory,    "--key",
                                     w->key_path,   "--logs",  w->logs_path, "--override", "--listen",
                                     "127.0.0.1:0", "--json",  NULL};
    return program_start(&w->program, w->run, arguments, error);
}

static enum status median_of(struct watching *w, enum status (*turn_)(struct watching *, double *, struct error *),
                             double *rate, struct error *error)
{
    OWN(samples_clear) struct samples samples = {0};
    for (unsigned i = 0; i < TURNS; i++) {
        double one;
        TRY(turn_(w, &one, error));
        TRY(samples_add(&samples, one, error));
    }
    *rate = samples_at(&samples, 500);
    return STATUS_DONE;
}

static enum status server_one_turn(struct watching *w, double *rate, struct error *error)
{
    return one_log(w, CLIENTS, server_client, rate, error);
}

static enum status measure_server(struct watching *w, struct error *error)
{
    enum { ONE_LEAST = 1000, HUNDRED_LEAST = 5000 };
    double rate;
    w->size = 0;
    TRY(start_server(w, "server", error));
    TRY(median_of(w, server_one_turn, &rate, error));
    figure_least(w->run, "one-log", unit, rate, ONE_LEAST, TURNS * w->a_turn);
    program_stop(&w->program);
    w->next = 0;
    TRY(start_server(w, "server-hundred", error));
    TRY(median_of(w, server_hundred_turn, &rate, error));
    figure_least(w->run, "hundred-logs", unit, rate, HUNDRED_LEAST, TURNS * w->a_turn);
    return STATUS_DONE;
}

static enum status measure(struct watching *w, struct error *error)
{
    char path[GROUND_PATH];
    ground_path(&w->run->ground, "bare", path);
    w->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (w->file < 0) return error_system(error, "create", path, errno);
    TRY(prepare(w, error));
    TRY(measure_library(w, error));
    return measure_server(w, error);
}

enum status bench_witness(struct run *run, struct error *error)
{
    struct watching *w = calloc(1, sizeof *w);
    if (w == NULL) return arena_full(error);
    uint64_t steps = run->options->records > STEPS_MOST ? STEPS_MOST : run->options->records;
    w->run = run;
    w->a_turn = (size_t)(steps / TURNS + LOGS - 1) / LOGS * LOGS;
    w->steps = TURNS * w->a_turn + THREADS; /* a turn may end with some more under way */
    enum status status = measure(w, error);
    program_stop(&w->program);
    truce_witness_close(&w->witness);
    truce_key_close(&w->key);
    if (w->file > 0) close(w->file);
    bodies_clear(&w->grow);
    bodies_clear(&w->same);
    bodies_clear(&w->hundred);
    buffer_clear(&w->logs);
    free(w);
    return status;
}
