/* A client for tests that says exactly the bytes it is told to, and a server with a handler for each thing to test. */
#ifndef TRUCE_TEST_HTTP_WIRE_H
#define TRUCE_TEST_HTTP_WIRE_H

#include "check.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static inline int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* ---- the client */

enum { WIRE_PATIENCE_MS = 8000 };

static inline int wire_connect(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(socket_, (struct sockaddr *)&at, sizeof at) == 0) return socket_;
    close(socket_);
    return -1;
}

/* How many of the bytes went out. */
static inline size_t wire_send(int socket_, const void *data, size_t size)
{
    size_t sent = 0;
    while (sent < size) {
        struct pollfd poll_ = {.fd = socket_, .events = POLLOUT};
        if (poll(&poll_, 1, WIRE_PATIENCE_MS) <= 0) break;
        ssize_t put = send(socket_, (const char *)data + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && errno != EAGAIN) break;
        if (put > 0) sent += (size_t)put;
    }
    return sent;
}

static inline void wire_say(int socket_, const char *text)
{
    (void)wire_send(socket_, text, strlen(text));
}

struct wire {
    int socket;
    struct buffer in; /* read and not yet taken */
    bool ended;
};

struct answer {
    unsigned status; /* 0: there was none */
    char head[4096];
    struct buffer body;
    bool whole; /* body as announced */
};

static inline bool wire_more(struct wire *wire, int patience_ms)
{
    char piece[16384];
    struct pollfd poll_ = {.fd = wire->socket, .events = POLLIN};
    if (wire->ended || poll(&poll_, 1, patience_ms) <= 0) return false;
    ssize_t got = recv(wire->socket, piece, sizeof piece, 0);
    if (got <= 0) {
        wire->ended = true;
        return false;
    }
    buffer_put(&wire->in, slice_of(piece, (size_t)got));
    return true;
}

static inline void wire_drop(struct wire *wire, size_t size)
{
    memmove(wire->in.data, wire->in.data + size, wire->in.size - size);
    wire->in.size -= size;
}

static inline const char *answer_header(const struct answer *answer, const char *name)
{
    static _Thread_local char value[1024];
    size_t size = strlen(name);
    for (const char *line = strstr(answer->head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, size) != 0 || line[2 + size] != ':') continue;
        const char *from = line + 2 + size + 1;
        while (*from == ' ') from++;
        size_t long_ = strcspn(from, "\r");
        snprintf(value, sizeof value, "%.*s", (int)long_, from);
        return value;
    }
    return NULL;
}

static inline bool wire_take(struct wire *wire, struct buffer *out, size_t size)
{
    while (wire->in.size < size)
        if (!wire_more(wire, WIRE_PATIENCE_MS)) return false;
    buffer_put(out, slice_of(wire->in.data, size));
    wire_drop(wire, size);
    return true;
}

static inline bool wire_line(struct wire *wire, char *out, size_t size)
{
    for (;;) {
        const char *end = wire->in.size == 0 ? NULL : memchr(wire->in.data, '\n', wire->in.size);
        if (end != NULL) {
            size_t long_ = (size_t)(end - (const char *)wire->in.data) + 1;
            if (long_ >= size) return false;
            memcpy(out, wire->in.data, long_);
            out[long_] = '\0';
            wire_drop(wire, long_);
            return true;
        }
        if (!wire_more(wire, WIRE_PATIENCE_MS)) return false;
    }
}

static inline void wire_read_head(struct wire *wire, struct answer *answer)
{
    *answer = (struct answer){0};
    char line[2048];
    size_t used = 0;
    while (wire_line(wire, line, sizeof line)) {
        if (strcmp(line, "\r\n") == 0) {
            (void)sscanf(answer->head, "HTTP/1.1 %u", &answer->status);
            return;
        }
        used += (size_t)snprintf(answer->head + used, sizeof answer->head - used, "%s", line);
    }
}

static inline bool wire_chunk(struct wire *wire, struct buffer *out, bool *last)
{
    char line[64];
    if (!wire_line(wire, line, sizeof line)) return false;
    size_t size = (size_t)strtoul(line, NULL, 16);
    *last = size == 0;
    return wire_take(wire, out, size) && wire_line(wire, line, sizeof line) && strcmp(line, "\r\n") == 0;
}

/* One answer of any kind; `bodiless` to HEAD. Clear the body. */
static inline void wire_read(struct wire *wire, struct answer *answer, bool bodiless)
{
    wire_read_head(wire, answer);
    const char *length = answer_header(answer, "Content-Length");
    if (answer->status == 0) return;
    if (bodiless || answer->status == 304 || answer->status < 200) {
        answer->whole = true;
    } else if (length != NULL) {
        answer->whole = wire_take(wire, &answer->body, (size_t)strtoul(length, NULL, 10));
    } else {
        bool last = false;
        while (!last && wire_chunk(wire, &answer->body, &last)) continue;
        answer->whole = last;
    }
}

static inline void wire_close(struct wire *wire)
{
    close(wire->socket);
    buffer_clear(&wire->in);
}

/* True if the other side closes within the time, whatever it still sends. */
static inline bool wire_ends(struct wire *wire, int within_ms)
{
    int64_t until = now_ms() + within_ms;
    while (!wire->ended && now_ms() < until) (void)wire_more(wire, (int)(until - now_ms()));
    return wire->ended;
}

/* Says `text` on a new connection and reads one answer. */
static inline struct answer wire_ask(uint16_t port, const char *text)
{
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer = {0};
    if (wire.socket < 0) return answer;
    wire_say(wire.socket, text);
    wire_read(&wire, &answer, strncmp(text, "HEAD", 4) == 0);
    wire_close(&wire);
    return answer;
}

static inline unsigned wire_status(uint16_t port, const char *text)
{
    struct answer answer = wire_ask(port, text);
    buffer_clear(&answer.body);
    return answer.status;
}

#define GET_(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

/* How long another client waits for a small answer meanwhile; -1 if it gets none. */
static inline int64_t others_wait_ms(uint16_t port)
{
    int64_t from = now_ms();
    return wire_status(port, GET_("/small")) == 200 ? now_ms() - from : -1;
}
enum { OTHERS_WAIT_MS = 900 }; /* under sanitizers and beside other work; the usual is below 10 */
#define CHECK_OTHERS(port)                                                                                             \
    do {                                                                                                               \
        int64_t waited_ = others_wait_ms(port);                                                                        \
        CHECK(waited_ >= 0 && waited_ < OTHERS_WAIT_MS);                                                               \
    } while (0)

/* ---- the server */

enum { SMALL_BYTES = 1024, BIG_BYTES = 8 * 1024 * 1024, BODY_MOST = 1024 * 1024 };

static struct {
    _Atomic unsigned answers, threads, sources, closed, strangers;
    _Atomic uint64_t produced; /* bytes that the source of /flow gave */
    _Atomic unsigned events;   /* what /events tells */
    _Atomic bool shut;         /* whether /aside/gate waits */
} seen;

struct told {
    unsigned upto;
};

static inline enum http_stream tell_events(void *stream, bool beat, struct buffer *out)
{
    struct told *told = stream;
    atomic_fetch_add(&seen.sources, 1);
    while (told->upto < atomic_load(&seen.events)) buffer_print(out, "id: %u\n\n", ++told->upto);
    if (beat && out->size == 0) buffer_put_string(out, ": beat\n\n");
    return HTTP_STREAM_ON;
}

static inline enum http_stream flow(void *stream, bool beat, struct buffer *out)
{
    static const char piece[8192];
    (void)stream;
    (void)beat;
    buffer_put(out, slice_of(piece, sizeof piece));
    atomic_fetch_add(&seen.produced, sizeof piece);
    return HTTP_STREAM_ON;
}

static inline enum http_stream end_at_once(void *stream, bool beat, struct buffer *out)
{
    (void)stream;
    (void)beat;
    buffer_put_string(out, "all\n");
    return HTTP_STREAM_END;
}

static inline void close_told(void *stream)
{
    free(stream);
    atomic_fetch_add(&seen.closed, 1);
}

static inline void put_text(struct http_response *response, const char *text)
{
    struct buffer body = {0};
    buffer_put_string(&body, text);
    http_take(response, "text/plain; charset=utf-8", &body);
}

static inline struct http_plan begin_test(void *context, const struct http_request *request,
                                          struct http_response *response)
{
    struct slice path = http_path(request);
    (void)context;
    if (slice_starts(path, "/refused")) {
        http_status(response, 401);
        put_text(response, "who are you?\n");
        return (struct http_plan){.where = HTTP_REFUSED};
    }
    return (struct http_plan){.where = slice_starts(path, "/aside") ? HTTP_ASIDE : HTTP_HERE, .body_most = BODY_MOST};
}

static inline void answer_echo(const struct http_request *request, struct http_response *response)
{
    struct buffer body = {0};
    struct slice value;
    buffer_print(&body, "%.*s|%.*s|", SLICE(http_path(request)), SLICE(http_query_string(request)));
    if (http_query(request, "q", &value)) buffer_print(&body, "%s", (const char *)value.data);
    buffer_put_byte(&body, '|');
    if (http_form(request, "f", &value)) buffer_print(&body, "%s", (const char *)value.data);
    buffer_put_byte(&body, '|');
    if (http_cookie(request, "c", &value)) buffer_put(&body, value);
    buffer_print(&body, "|%zu|%s%s", http_body(request).size, http_over_socket(request) ? "local" : "net",
                 http_over_tls(request) ? " tls" : "");
    http_take(response, "text/plain", &body);
}

/* "zipped\n", two hundred times. */
static const uint8_t zipped[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0xca, 0x2c,
                                 0x28, 0x48, 0x4d, 0xe1, 0xaa, 0x1a, 0xa5, 0x46, 0xa9, 0x51, 0x6a, 0x94, 0x1a,
                                 0xa5, 0xe8, 0x43, 0x01, 0x00, 0x76, 0x97, 0x4b, 0x01, 0x78, 0x05, 0x00, 0x00};

static inline void answer_test(void *context, const struct http_request *request, struct http_response *response)
{
    static char small[SMALL_BYTES], big[BIG_BYTES];
    struct slice path = http_path(request), value;
    (void)context;
    atomic_fetch_add(&seen.answers, 1);
    if (http_thread() == NULL) atomic_fetch_add(&seen.strangers, 1);
    if (slice_is(path, "/small") || slice_is(path, "/aside")) {
        http_give(response, "application/octet-stream", slice_of(small, sizeof small));
    } else if (slice_is(path, "/big")) {
        http_give(response, "application/octet-stream", slice_of(big, sizeof big));
    } else if (slice_is(path, "/zip")) {
        http_add(response, "Content-Encoding", "gzip");
        http_give(response, "text/plain", slice_of(zipped, sizeof zipped));
    } else if (slice_is(path, "/aside/gate")) {
        while (atomic_load(&seen.shut)) pause_ms(5);
        put_text(response, "through\n");
    } else if (slice_is(path, "/aside/slow")) {
        if (http_query(request, "ms", &value)) pause_ms(strtol((const char *)value.data, NULL, 10));
        put_text(response, "slept\n");
    } else if (slice_is(path, "/tag")) {
        http_tag(response, "v1");
        http_add(response, "Cache-Control", "max-age=5");
        http_add(response, "Vary", "Accept");
        put_text(response, "tagged\n");
    } else if (slice_is(path, "/events") || slice_is(path, "/flow") || slice_is(path, "/end")) {
        struct told *told = calloc(1, sizeof *told);
        http_stream(response, "text/event-stream", 1,
                    slice_is(path, "/events") ? tell_events
                    : slice_is(path, "/flow") ? flow
                                              : end_at_once,
                    close_told, told);
    } else {
        answer_echo(request, response);
    }
}

static inline void refuse_test(void *context, unsigned status, const struct http_request *request,
                               struct http_response *response)
{
    char text[64];
    (void)context;
    (void)request;
    snprintf(text, sizeof text, "refused: %u\n", status);
    put_text(response, text);
}

static inline void *open_thread(void *context)
{
    (void)context;
    atomic_fetch_add(&seen.threads, 1);
    return malloc(1);
}

static inline void close_thread(void *context, void *thread)
{
    (void)context;
    free(thread);
    atomic_fetch_sub(&seen.threads, 1);
}

static inline struct http_server *server_start(const struct http_options *options)
{
    const struct http_handlers handlers = {NULL, begin_test, answer_test, refuse_test, open_thread, close_thread};
    struct http_options filled = *options;
    struct http_server *server;
    struct error error;
    if (filled.address == NULL) filled.address = "127.0.0.1";
    if (http_start(&server, &filled, &handlers, &error) == STATUS_DONE) return server;
    char text[512];
    error_format(&error, NULL, text, sizeof text);
    fprintf(stderr, "%s: %s\n", error.code, text);
    exit(1);
}

static inline void server_stop(struct http_server **server)
{
    http_stop(server);
    CHECK(*server == NULL);
    CHECK_INT(atomic_load(&seen.threads), 0);
}

static inline bool eventually(bool (*holds)(struct http_server *), struct http_server *server, int within_ms)
{
    for (int64_t until = now_ms() + within_ms; now_ms() < until; pause_ms(10))
        if (holds(server)) return true;
    return holds(server);
}

static inline bool nobody_connected(struct http_server *server)
{
    struct http_counts counts;
    http_count(server, &counts);
    return counts.open == 0;
}

#endif
