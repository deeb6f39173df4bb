/* The server as its clients meet it: truce serve as a program of its own, under a load from this one. */
#include "bench/load.h"
#include "bench/measure.h"
#include "bench/program.h"
#include "json/json.h"
#include "record/record.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 64,
    TURNS = 5,
    STREAMS = 2000,
    STREAM_S = 30,
    LOOPS = 2, /* as truce serve has, unless it is told otherwise */
    IDLE_MB = 20,
    STREAMS_MB = 100, /* of all streams together */
    NEWS_MS = 300     /* until the last of them has heard */
};

static const char megabytes[] = "MB";

struct serving {
    const struct run *run;
    char directory[GROUND_PATH], beside[GROUND_PATH];
    struct program program;
    struct made *made;
    struct notes notes; /* what the register holds */
    struct notes posts; /* what is posted, and appended beside */
    struct record_id *ids;
    size_t next, a_turn;
    struct truce_register *reg; /* the one beside */
    struct MHD_Daemon *bare;
    struct MHD_Response *fixed;
    size_t body_bytes;
    uint64_t asked;
};

/* ---- the program */

static enum status server_start(struct serving *s, struct error *error)
{
    static const char many[] = "8192";
    const char *const arguments[] = {"truce",         "serve",  "-C",    s->directory,    "--listen",
                                     "127.0.0.1:0",   "--json", "--yes", "--connections", many,
                                     "--per-address", many,     NULL};
    return program_start(&s->program, s->run, arguments, error);
}

/* Resident memory of the server's process in MB. */
static double resident_mb(const struct serving *s)
{
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)s->program.process);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0) kib = strtol(line + 6, NULL, 10);
    if (file != NULL) fclose(file);
    return (double)kib * 1024 / 1e6;
}

/* ---- the bare server: the same library, one answer that is always the same */

static enum MHD_Result answer_fixed(void *context, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *upload, size_t *upload_size,
                                    void **request)
{
    const struct serving *s = context;
    static char seen;
    (void)url, (void)method, (void)version, (void)upload, (void)upload_size;
    if (*request == NULL)
        return *request = &seen, MHD_YES; /* an answer before the request is read ends the connection */
    return MHD_queue_response(connection, MHD_HTTP_OK, s->fixed);
}

static enum status bare_start(struct serving *s, uint16_t *port, struct error *error)
{
    char *body = malloc(s->body_bytes);
    const struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (body == NULL) return arena_full(error);
    memset(body, 'x', s->body_bytes);
    s->fixed = MHD_create_response_from_buffer(s->body_bytes, body, MHD_RESPMEM_MUST_FREE);
    s->bare = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer_fixed, s, MHD_OPTION_SOCK_ADDR,
                               &address, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)LOOPS, MHD_OPTION_CONNECTION_LIMIT,
                               (unsigned)CONNECTIONS * 4, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = s->bare == NULL ? NULL : MHD_get_daemon_info(s->bare, MHD_DAEMON_INFO_BIND_PORT);
    if (info == NULL) return program_failed(error);
    *port = info->port;
    return STATUS_DONE;
}

/* ---- GET */

static void make_get(void *context, uint64_t i, struct buffer *out)
{
    struct serving *s = context;
    char hex[HASH_HEX_SIZE];
    (void)i;
    s->asked = s->asked * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* any order will do */
    hash_format(&s->ids[(s->asked >> 33) % s->notes.count].hash, hex);
    buffer_print(out, "GET /records/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n", hex);
}

static enum status get_at(struct serving *s, uint16_t port, double *rate, struct error *error)
{
    const struct load load = {port, CONNECTIONS, s->a_turn, make_get, s};
    double seconds;
    TRY(load_run(&load, &seconds, error));
    *rate = (double)s->a_turn / seconds;
    return STATUS_DONE;
}

static enum status get_turn(void *context, double *rate, struct error *error)
{
    struct serving *s = context;
    return get_at(s, s->program.port, rate, error);
}

static enum status bare_turn(void *context, double *rate, struct error *error)
{
    struct serving *s = context;
    return get_at(s, MHD_get_daemon_info(s->bare, MHD_DAEMON_INFO_BIND_PORT)->port, rate, error);
}

static enum status take_ids(struct serving *s, struct error *error)
{
    s->ids = calloc(s->notes.count, sizeof *s->ids);
    if (s->ids == NULL) return arena_full(error);
    for (size_t i = 0; i < s->notes.count; i++) {
        struct slice note = notes_at(&s->notes, i);
        const uint8_t *end = memchr(note.data, '\n', note.size);
        s->ids[i].hash = hash_of(slice_of(note.data, (size_t)(end - note.data) + 1));
        s->body_bytes += note.size;
    }
    s->body_bytes /= s->notes.count; /* a record as JSON is about as long as its note */
    return STATUS_DONE;
}

static enum status measure_get(struct serving *s, struct error *error)
{
    enum { LEAST = 256, MOST = 20000 };
    uint16_t port;
    double rate, limit;
    TRY(take_ids(s, error));
    TRY(bare_start(s, &port, error));
    s->a_turn = s->notes.count < LEAST ? LEAST : s->notes.count > MOST ? MOST : s->notes.count;
    TRY(get_turn(s, &rate, error)); /* what is opened at the first request is open */
    TRY(take_turns(TURNS, get_turn, bare_turn, s, &rate, &limit, error));
    figure_rate(s->run, "get", "requests/s", rate, (struct limit){"libmicrohttpd-fixed", limit, 0.6},
                TURNS * s->a_turn);
    return STATUS_DONE;
}

/* ---- POST */

static void make_post(void *context, uint64_t i, struct buffer *out)
{
    struct serving *s = context;
    struct slice note = notes_at(&s->posts, s->next + (size_t)i);
    buffer_print(out,
                 "POST /records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
                 note.size);
    buffer_put(out, note);
}

static enum status post_turn(void *context, double *rate, struct error *error)
{
    struct serving *s = context;
    const struct load load = {s->program.port, CONNECTIONS, s->a_turn, make_post, s};
    double seconds;
    TRY(load_run(&load, &seconds, error));
    *rate = (double)s->a_turn / seconds;
    return STATUS_DONE;
}

static enum status append_work(void *context, unsigned i, struct error *error)
{
    struct serving *s = context;
    struct truce_error why;
    size_t from = s->next + s->a_turn * i / CONNECTIONS, to = s->next + s->a_turn * (i + 1) / CONNECTIONS;
    for (; from < to; from++) {
        struct slice note = notes_at(&s->posts, from);
        TRY(library_said(truce_submit(s->reg, (const char *)note.data, note.size, line_ignored, NULL, &why), &why,
                         error));
    }
    return STATUS_DONE;
}

/* The same notes, which the server just took, into a register of this process. */
static enum status append_turn(void *context, double *rate, struct error *error)
{
    struct serving *s = context;
    double seconds;
    TRY(run_threads(CONNECTIONS, append_work, s, &seconds, error));
    s->next += s->a_turn;
    *rate = (double)s->a_turn / seconds;
    return STATUS_DONE;
}

static enum status measure_post(struct serving *s, struct error *error)
{
    struct truce_error why;
    double rate, limit;
    TRY(register_fill(s->beside, &s->notes, error));
    TRY(library_said(truce_open(&s->reg, s->beside, TRUCE_WRITE, &why), &why, error));
    s->a_turn = (s->posts.count - 1) / TURNS; /* one is left for the streams */
    enum status status = take_turns(TURNS, post_turn, append_turn, s, &rate, &limit, error);
    enum status closed = library_said(truce_close(&s->reg, &why), &why, error);
    TRY(status);
    TRY(closed);
    figure_rate(s->run, "post", "requests/s", rate, (struct limit){"append-64-threads", limit, 0.5}, TURNS * s->a_turn);
    return STATUS_DONE;
}

/* ---- streams */

static enum status measure_streams(struct serving *s, struct error *error)
{
    struct streams *streams;
    unsigned got = 0;
    double rate, from, seconds, before = resident_mb(s);
    TRY(streams_open(&streams, s->program.port, "/events", STREAMS, error));
    s->next = s->posts.count - 1;
    s->a_turn = 1;
    from = now_s();
    enum status status = post_turn(s, &rate, error);
    if (status == STATUS_DONE) status = streams_wait(streams, "data:", STREAM_S, &got, error);
    seconds = now_s() - from;
    double memory = resident_mb(s) - before;
    streams_close(&streams);
    TRY(status);
    figure_rate(s->run, "streams", "streams", got, (struct limit){"streams-opened", STREAMS, 1}, 1);
    figure_value(s->run, "streams-last", "ms", seconds * 1e3, NEWS_MS, 1);
    figure_value(s->run, "streams-resident", megabytes, memory, STREAMS_MB, 1);
    return STATUS_DONE;
}

/* ---- the whole */

static enum status prepare(struct serving *s, struct error *error)
{
    uint64_t count = s->run->options->records;
    const struct made_options options = {.seed = s->run->options->seed, .total = 2 * count + 1};
    struct made *again;
    TRY(made_open(&s->made, &options, error));
    TRY(made_found(s->made, s->directory, error));
    TRY(made_notes(s->made, (size_t)count, &s->notes, error));
    TRY(made_notes(s->made, (size_t)count + 1, &s->posts, error));
    TRY(register_fill(s->directory, &s->notes, error));
    TRY(made_open(&again, &options, error)); /* the same genesis, so that the same notes fit */
    enum status status = made_found(again, s->beside, error);
    made_close(&again);
    return status;
}

static enum status measure(struct serving *s, struct error *error)
{
    const struct timespec second = {1, 0};
    TRY(prepare(s, error));
    TRY(server_start(s, error));
    nanosleep(&second, NULL);
    figure_value(s->run, "idle-resident", megabytes, resident_mb(s), IDLE_MB, s->run->options->records);
    TRY(measure_get(s, error));
    TRY(measure_post(s, error));
    return measure_streams(s, error);
}

enum status bench_serve(struct run *run, struct error *error)
{
    struct serving s = {.run = run, .asked = run->options->seed};
    ground_path(&run->ground, "register", s.directory);
    ground_path(&run->ground, "beside", s.beside);
    enum status status = measure(&s, error);
    program_stop(&s.program);
    if (s.bare != NULL) MHD_stop_daemon(s.bare);
    if (s.fixed != NULL) MHD_destroy_response(s.fixed);
    made_close(&s.made);
    notes_clear(&s.notes);
    notes_clear(&s.posts);
    free(s.ids);
    return status;
}
