/* The library's callbacks. It calls on_target when a request's first line is there, on_request when its head is, again
 * for each piece of its body, again when it is whole, and once more each time that its connection was resumed.
 *
 * A connection is handed to the crew one call later than its request is whole: the library reads from a resumed
 * connection if it was reading when it was suspended, and a client that has closed its half by then would lose its
 * answer. After a call that neither answers nor suspends, the library no longer reads, and calls again at once. */
#include "http/parse.h"
#include "http/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *about = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct peer *peer = about == NULL ? NULL : about->socket_context;
    (void)context;
    if (peer == NULL) return NULL;
    struct http_request *request = &peer->request;
    request->connection = connection;
    request->stage = STAGE_HEAD;
    request->text_size = target == NULL ? 0 : strlen(target);
    if (request->text_size <= HTTP_TARGET_BYTES) {
        size_t room = 2 * (request->text_size + 1) + parse_pairs_room(request->text_size, HTTP_QUERY_PAIRS);
        request->text = room <= sizeof request->inline_text ? request->inline_text : malloc(room);
        if (request->text != NULL) memcpy(request->text, target == NULL ? "" : target, request->text_size + 1);
    }
    peer_head(peer);
    return request;
}

/* Sends what is ready. The library closes the connection where the request's body was not read. */
static enum MHD_Result send_ready(struct http_request *request)
{
    struct peer *peer = request->peer;
    struct loop *loop = peer->loop;
    struct MHD_Response *ready = request->ready;
    if (ready == NULL) return MHD_NO; /* no memory, or dropped at the stop */
    request->ready = NULL;
    request->stage = STAGE_SENT;
    bool may = peer_enter(peer, request->ready_stream ? PHASE_GIVEN : PHASE_ANSWER);
    enum MHD_Result queued = may ? MHD_queue_response(request->connection, request->ready_status, ready) : MHD_NO;
    MHD_destroy_response(ready);
    if (queued != MHD_YES) return MHD_NO;
    atomic_fetch_add_explicit(&loop->by_class[request->ready_status / 100], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&loop->bytes_out, request->ready_bytes, memory_order_relaxed);
    return MHD_YES;
}

static void fill_refusal(struct http_request *request, unsigned status, struct http_response *response)
{
    struct http_server *server = request->peer->loop->server;
    response_init(response, status);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE) http_add(response, "Retry-After", "1");
    server->handlers.refuse(server->handlers.context, status, request, response);
}

static void refuse(struct http_request *request, unsigned status)
{
    struct http_response response;
    fill_refusal(request, status, &response);
    response_ready(&response, request);
}

/* In the middle of a body the library takes no answer: it is written past it. On TLS the connection is just closed. */
static enum MHD_Result refuse_body(struct http_request *request, unsigned status)
{
    struct peer *peer = request->peer;
    struct http_response response;
    OWN(buffer_clear) struct buffer raw = {0};
    if (peer->loop->tls || !peer_enter(peer, PHASE_ANSWER)) return MHD_NO;
    fill_refusal(request, status, &response);
    response_raw(&response, &raw);
    if (raw.failed || send(peer->socket, raw.data, raw.size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return MHD_NO;
    atomic_fetch_add(&peer->loop->by_class[status / 100], 1);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE) atomic_fetch_add(&peer->loop->server->busy, 1);
    peer->linger = true;
    return MHD_NO;
}

static enum MHD_Result head_is_there(struct http_request *request, const char *method)
{
    struct peer *peer = request->peer;
    struct http_server *server = peer->loop->server;
    const struct http_handlers *handlers = &server->handlers;
    struct http_response response;
    thread_enter(server);
    atomic_fetch_add_explicit(&peer->loop->requests, 1, memory_order_relaxed);
    unsigned refused = request_read_head(request, method);
    if (refused == 0) {
        response_init(&response, MHD_HTTP_FORBIDDEN);
        request->plan = handlers->begin(handlers->context, request, &response);
        request->share = share_enter(&server->crew, request->plan.share);
        if (request->plan.where == HTTP_REFUSED)
            response_ready(&response, request);
        else if (request->length > request->plan.body_most)
            refused = MHD_HTTP_CONTENT_TOO_LARGE;
        response_clear(&response);
    }
    if (refused != 0) refuse(request, refused);
    bool answered = refused != 0 || request->plan.where == HTTP_REFUSED;
    request->stage = answered ? STAGE_READY : STAGE_BODY;
    peer->linger = answered && request->unread;
    if (peer->linger) return send_ready(request);
    peer->body_since = atomic_load_explicit(&server->tick, memory_order_relaxed);
    return peer_enter(peer, request->unread ? PHASE_BODY : PHASE_ANSWER) ? MHD_YES : MHD_NO;
}

/* Within what all bodies, and those of one share, may take together. */
static bool body_fits(struct http_request *request, size_t more)
{
    struct http_server *server = request->peer->loop->server;
    struct share *share = request->share;
    bool fits = atomic_fetch_add(&server->body_bytes, more) <= HTTP_BODIES_BYTES;
    if (share != NULL && atomic_fetch_add(&share->body_bytes, more) > HTTP_SHARE_BYTES) fits = false;
    return fits && !request->body.failed;
}

static enum MHD_Result more_of_body(struct http_request *request, const char *data, size_t *size)
{
    struct peer *peer = request->peer;
    struct http_server *server = peer->loop->server;
    if (request->stage != STAGE_BODY) return MHD_NO;
    if (*size > request->plan.body_most - request->body.size) return refuse_body(request, MHD_HTTP_CONTENT_TOO_LARGE);
    size_t before = request->body.size;
    buffer_put(&request->body, slice_of(data, *size));
    if (!body_fits(request, request->body.size - before)) return refuse_body(request, MHD_HTTP_SERVICE_UNAVAILABLE);
    atomic_fetch_add_explicit(&peer->loop->bytes_in, *size, memory_order_relaxed);
    *size = 0;
    unsigned limit_s = server->options.body_s + (unsigned)(request->body.size / HTTP_LEAST_RATE);
    return peer_until(peer, PHASE_BODY, peer->body_since + (uint64_t)limit_s * TICKS_A_SECOND) ? MHD_YES : MHD_NO;
}

void request_answer(struct http_request *request)
{
    const struct http_handlers *handlers = &request->peer->loop->server->handlers;
    struct http_response response;
    response_init(&response, MHD_HTTP_OK);
    handlers->answer(handlers->context, request, &response);
    response_ready(&response, request);
}

static enum MHD_Result body_is_there(struct http_request *request)
{
    struct peer *peer = request->peer;
    if (request->unread && !peer_enter(peer, PHASE_ANSWER)) return MHD_NO;
    request->unread = false;
    unsigned refused = request_read_form(request);
    if (refused == 0 && request->plan.where == HTTP_ASIDE) {
        request->stage = STAGE_GIVE;
        return MHD_YES;
    }
    if (refused != 0)
        refuse(request, refused);
    else
        request_answer(request);
    return send_ready(request);
}

static enum MHD_Result give_to_crew(struct http_request *request)
{
    struct http_server *server = request->peer->loop->server;
    MHD_suspend_connection(request->connection);
    request->stage = STAGE_CREW;
    if (crew_push(server, request)) return MHD_YES;
    atomic_fetch_add(&server->busy, 1);
    refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
    request->stage = STAGE_READY;
    MHD_resume_connection(request->connection);
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **own)
{
    struct http_request *request = *own;
    (void)context;
    (void)connection;
    (void)url;
    (void)version;
    if (request == NULL) return MHD_NO;
    if (*size > 0) return more_of_body(request, data, size);
    switch (request->stage) {
    case STAGE_HEAD: return head_is_there(request, method);
    case STAGE_BODY: return body_is_there(request);
    case STAGE_GIVE: return give_to_crew(request);
    case STAGE_READY: return send_ready(request);
    case STAGE_NONE:
    case STAGE_CREW:
    case STAGE_SENT: break;
    }
    return MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode how)
{
    struct http_request *request = *own;
    (void)context;
    (void)connection;
    (void)how;
    if (request == NULL) return;
    struct peer *peer = request->peer;
    request_clear(request);
    /* Where it was cut, the library is about to close it. */
    (void)peer_enter(peer, PHASE_IDLE);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode what)
{
    struct loop *loop = context;
    const union MHD_ConnectionInfo *about = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (about == NULL) return;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        peer_close(loop->server, about->connect_fd);
        return;
    }
    tls_enter(loop->tls ? loop->server->tls : NULL); /* in the loop's own thread, before the handshake */
    *own = peer_of(loop->server, about->connect_fd);
}

/* Targets are decoded by parse.c, once and strictly: the library leaves them as they came. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

/* Limits of the library's own, as a second net: idle time beyond all of ours, and no limit on connections but ours. */
static unsigned idle_most(const struct http_options *options)
{
    unsigned most = options->head_s;
    const unsigned others[] = {options->body_s, options->idle_s, options->answer_s};
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i] > most) most = others[i];
    return most + 60;
}

enum status loop_start(struct loop *loop, bool tls, struct error *error)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET |
                     (tls ? MHD_USE_TLS : 0);
    struct MHD_OptionItem options[3] = {{MHD_OPTION_END, 0, NULL}};
    if (tls) tls_options(options);
    loop->tls = tls;
    loop->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, loop, MHD_OPTION_URI_LOG_CALLBACK, on_target, loop,
                         MHD_OPTION_NOTIFY_COMPLETED, on_completed, loop, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
                         loop, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, loop, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)HTTP_POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT, 1U << 20, MHD_OPTION_CONNECTION_TIMEOUT,
                         idle_most(&loop->server->options), MHD_OPTION_THREAD_STACK_SIZE, (size_t)HTTP_STACK_BYTES,
                         MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    if (loop->daemon != NULL) return STATUS_DONE;
    return error_system(error, "start", "libmicrohttpd", errno);
}
