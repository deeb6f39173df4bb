#include "http/server.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    LOOPS = 2,
    WORKERS = 16,
    SPARE_DESCRIPTORS = 128 /* for files, the log and the like, beside the connections */
};

static unsigned or_default(unsigned given, unsigned otherwise)
{
    return given == 0 ? otherwise : given;
}

/* As many descriptors as the connections need, as far as the machine allows; the connections follow what it allows. */
static void fit_connections(struct http_options *options)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    rlim_t wanted = (rlim_t)options->connections + SPARE_DESCRIPTORS;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted) return;
    options->connections =
        limit.rlim_cur > 2 * SPARE_DESCRIPTORS ? (unsigned)limit.rlim_cur - SPARE_DESCRIPTORS : SPARE_DESCRIPTORS;
}

static void fill_in(struct http_options *options)
{
    options->loops = or_default(options->loops, LOOPS);
    if (options->loops > HTTP_LOOPS_MOST) options->loops = HTTP_LOOPS_MOST;
    options->workers = or_default(options->workers, WORKERS);
    if (options->workers > HTTP_WORKERS_MOST) options->workers = HTTP_WORKERS_MOST;
    options->share = or_default(options->share, HTTP_SHARE);
    options->connections = or_default(options->connections, HTTP_CONNECTIONS);
    options->per_address = or_default(options->per_address, HTTP_PER_ADDRESS);
    options->head_s = or_default(options->head_s, HTTP_HEAD_S);
    options->body_s = or_default(options->body_s, HTTP_BODY_S);
    options->idle_s = or_default(options->idle_s, HTTP_IDLE_S);
    options->answer_s = or_default(options->answer_s, HTTP_ANSWER_S);
    fit_connections(options);
}

static struct http_server *make(const struct http_options *options, const struct http_handlers *handlers)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL) return NULL;
    server->handlers = *handlers;
    server->options = *options;
    fill_in(&server->options);
    server->tcp.socket = server->local.socket = -1;
    server->epoll = server->event = server->timer = server->gap_timer = -1;
    for (size_t i = 0; i < HTTP_DRAINS; i++) server->drains[i].socket = -1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->stream_lock, NULL);
    crew_open(&server->crew, server->options.workers, server->options.share);
    atomic_store(&server->tick, 1); /* 0 means: no limit */
    return server;
}

static void close_if(int descriptor)
{
    if (descriptor >= 0) close(descriptor);
}

static void discard(struct http_server *server)
{
    crew_close(&server->crew);
    for (size_t i = 0; i < COUNT_OF(server->loops); i++)
        if (server->loops[i].daemon != NULL) MHD_stop_daemon(server->loops[i].daemon);
    door_close(&server->tcp);
    door_close(&server->local);
    close_if(server->epoll);
    close_if(server->event);
    close_if(server->timer);
    close_if(server->gap_timer);
    pthread_mutex_destroy(&server->lock);
    pthread_mutex_destroy(&server->stream_lock);
    buffer_clear(&server->late);
    peers_clear(server);
    crew_free(&server->crew);
    tls_close(&server->tls);
    free(server);
}

/* ---- starting */

static enum status start_loops(struct http_server *server, struct error *error)
{
    unsigned count = server->options.loops;
    server->loop_count = server->local_count = count;
    if (server->tls != NULL && server->local.socket >= 0) {
        server->first_local = count;
        server->local_count = 1;
        server->loop_count++;
    }
    for (unsigned i = 0; i < server->loop_count; i++) {
        server->loops[i].server = server;
        TRY(loop_start(&server->loops[i], i < count && server->tls != NULL, error));
    }
    return STATUS_DONE;
}

/* What is sent to those who are too slow; it is the same for all of them, for there is no request yet. */
static enum status make_late(struct http_server *server, struct error *error)
{
    struct http_response response;
    response_init(&response, MHD_HTTP_REQUEST_TIMEOUT);
    server->handlers.refuse(server->handlers.context, MHD_HTTP_REQUEST_TIMEOUT, NULL, &response);
    response_raw(&response, &server->late);
    return buffer_finish(&server->late, error);
}

/* The program goes on when whoever read its output is gone. The library itself sends without signals. */
static void ignore_broken_pipes(void)
{
    struct sigaction action;
    if (sigaction(SIGPIPE, NULL, &action) != 0 || action.sa_handler != SIG_DFL) return;
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

static enum status start(struct http_server *server, struct error *error)
{
    const struct http_options *options = &server->options;
    ignore_broken_pipes();
    TRY(make_late(server, error));
    TRY(door_open_tcp(&server->tcp, options->address, options->port, &server->port, error));
    if (options->socket != NULL) TRY(door_open_local(&server->local, options->socket, error));
    if (options->certificate != NULL)
        TRY(tls_open(&server->tls, options->certificate, options->certificate_key, error));
    TRY(start_loops(server, error));
    return porter_start(server, error);
}

enum status http_start(struct http_server **out, const struct http_options *options,
                       const struct http_handlers *handlers, struct error *error)
{
    struct http_server *server = make(options, handlers);
    if (server == NULL) return error_system(error, "start", "libmicrohttpd", ENOMEM);
    enum status status = start(server, error);
    server->options.address = server->options.socket = NULL; /* the caller's, and needed no more */
    server->options.certificate = server->options.certificate_key = NULL;
    if (status != STATUS_DONE) {
        discard(server);
        return status;
    }
    *out = server;
    return STATUS_DONE;
}

uint16_t http_port(const struct http_server *server)
{
    return server->port;
}

void http_stop(struct http_server **at)
{
    struct http_server *server = *at;
    *at = NULL;
    if (server == NULL) return;
    atomic_store(&server->stopping, true);
    atomic_fetch_add(&server->generation, 1);
    porter_nudge(server);
    pthread_join(server->porter, NULL); /* nobody is connected any more */
    discard(server);
}

void http_count(const struct http_server *server, struct http_counts *out)
{
    *out = (struct http_counts){
        .connections = atomic_load(&server->connections),
        .connections_refused = atomic_load(&server->refused),
        .cut_off = atomic_load(&server->cut_off),
        .refused_busy = atomic_load(&server->busy),
        .streams = atomic_load(&server->streams),
    };
    for (unsigned i = 0; i < server->loop_count; i++) {
        const struct loop *loop = &server->loops[i];
        out->open += atomic_load(&loop->open);
        out->requests += atomic_load(&loop->requests);
        out->bytes_in += atomic_load(&loop->bytes_in);
        out->bytes_out += atomic_load(&loop->bytes_out);
        for (size_t class = 0; class < COUNT_OF(out->by_class); class ++)
            out->by_class[class] += atomic_load(&loop->by_class[class]);
    }
}
