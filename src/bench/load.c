#include "bench/load.h"

#include "base/arena.h"
#include "bench/measure.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, READ_BYTES = 65536, LOAD_S = 300, QUIET_MS = 120000, STREAMS_MOST = 20000 };

/* What came of an answer that is none, or came too late: perhaps nothing. */
static enum status load_failed(struct error *error, struct slice what)
{
    return error_set(error, STATUS_FAILED, "bench-load", "The server answered the load with \"{0}\".",
                     error_slice(what).text, NULL);
}

static enum status open_socket(int *out, uint16_t port, struct error *error)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int yes = 1;
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0) return error_system(error, "open", "127.0.0.1", errno);
    /* Connected before it is made not to block: on loopback that is at once. */
    if (connect(file, (const struct sockaddr *)&address, sizeof address) != 0 ||
        setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0 || fcntl(file, F_SETFL, O_NONBLOCK) != 0) {
        enum status status = error_system(error, "open", "127.0.0.1", errno);
        close(file);
        return status;
    }
    *out = file;
    return STATUS_DONE;
}

/* ---- answers */

static bool find_header(struct slice head, const char *name, struct slice *value)
{
    size_t size = strlen(name);
    for (size_t at = 0; at + size + 2 < head.size; at++) {
        if (head.data[at] != '\n' || strncasecmp((const char *)head.data + at + 1, name, size) != 0) continue;
        const uint8_t *from = head.data + at + 1 + size;
        const uint8_t *end = memchr(from, '\r', head.size - (size_t)(from - head.data));
        if (*from != ':' || end == NULL) continue;
        *value = slice_of(from + 1, (size_t)(end - from - 1));
        return true;
    }
    return false;
}

/* Is the answer whole? Of a known length, or in chunks to the last. */
static bool answer_whole(struct slice in, bool *good)
{
    const uint8_t *blank = in.size == 0 ? NULL : memmem(in.data, in.size, "\r\n\r\n", 4);
    if (blank == NULL) return false;
    struct slice head = slice_of(in.data, (size_t)(blank - in.data) + 2), value,
                 body = slice_part(in, head.size + 2, SIZE_MAX);
    *good = head.size > 12 && memcmp(head.data, "HTTP/1.1 2", 10) == 0;
    if (find_header(head, "content-length", &value)) {
        size_t length = 0;
        for (size_t i = 0; i < value.size; i++)
            if (value.data[i] >= '0' && value.data[i] <= '9') length = length * 10 + (size_t)(value.data[i] - '0');
        return body.size >= length;
    }
    return body.size >= 5 && memcmp(body.data + body.size - 5, "0\r\n\r\n", 5) == 0;
}

/* ---- connections */

struct connection {
    int file;
    struct buffer in, out;
    size_t sent;
};

struct crowd {
    const struct load *load;
    int poll;
    struct connection *connections;
    uint64_t next, done;
    unsigned open;
};

static enum status send_more(struct connection *c, struct error *error)
{
    while (c->sent < c->out.size) {
        ssize_t size = send(c->file, c->out.data + c->sent, c->out.size - c->sent, MSG_NOSIGNAL);
        if (size < 0 && errno == EAGAIN) return STATUS_DONE;
        if (size < 0) return error_system(error, "write", "127.0.0.1", errno);
        c->sent += (size_t)size;
    }
    return STATUS_DONE;
}

static void shut(struct crowd *crowd, struct connection *c)
{
    if (c->file < 0) return;
    close(c->file);
    c->file = -1;
    crowd->open--;
}

static enum status ask_next(struct crowd *crowd, struct connection *c, struct error *error)
{
    buffer_reset(&c->in);
    buffer_reset(&c->out);
    c->sent = 0;
    if (crowd->next == crowd->load->requests) {
        shut(crowd, c);
        return STATUS_DONE;
    }
    crowd->load->make(crowd->load->context, crowd->next++, &c->out);
    TRY(buffer_finish(&c->out, error));
    return send_more(c, error);
}

static enum status take_in(struct crowd *crowd, struct connection *c, struct error *error)
{
    uint8_t *room = buffer_reserve(&c->in, READ_BYTES);
    if (room == NULL) return buffer_finish(&c->in, error);
    ssize_t size = recv(c->file, room, READ_BYTES, 0);
    if (size < 0 && errno == EAGAIN) return STATUS_DONE;
    if (size < 0) return error_system(error, "read", "127.0.0.1", errno);
    if (size == 0) return load_failed(error, buffer_slice(&c->in));
    buffer_advance(&c->in, (size_t)size);
    bool good;
    if (!answer_whole(buffer_slice(&c->in), &good)) return STATUS_DONE;
    if (!good) return load_failed(error, buffer_slice(&c->in));
    crowd->done++;
    return ask_next(crowd, c, error);
}

static enum status open_all(struct crowd *crowd, struct error *error)
{
    for (unsigned i = 0; i < crowd->load->connections; i++) {
        struct connection *c = &crowd->connections[i];
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.ptr = c}};
        TRY(open_socket(&c->file, crowd->load->port, error));
        crowd->open++;
        if (epoll_ctl(crowd->poll, EPOLL_CTL_ADD, c->file, &event) != 0)
            return error_system(error, "open", "epoll", errno);
    }
    return STATUS_DONE;
}

/* Edges tell once: read until there is nothing. */
static enum status go_on(struct crowd *crowd, struct connection *c, struct error *error)
{
    if (c->file >= 0 && c->sent < c->out.size) TRY(send_more(c, error));
    for (size_t before = SIZE_MAX; c->file >= 0 && before != c->in.size;) {
        uint64_t done = crowd->done;
        before = c->in.size;
        TRY(take_in(crowd, c, error));
        if (crowd->done != done) before = SIZE_MAX;
    }
    return STATUS_DONE;
}

static enum status serve_all(struct crowd *crowd, double from, struct error *error)
{
    struct epoll_event events[EVENTS];
    for (unsigned i = 0; i < crowd->load->connections; i++) TRY(ask_next(crowd, &crowd->connections[i], error));
    while (crowd->open > 0) {
        int count = epoll_wait(crowd->poll, events, EVENTS, QUIET_MS);
        if (count == 0 || now_s() - from > LOAD_S) return load_failed(error, slice_from(""));
        for (int i = 0; i < count; i++) TRY(go_on(crowd, events[i].data.ptr, error));
    }
    return STATUS_DONE;
}

enum status load_run(const struct load *load, double *seconds, struct error *error)
{
    struct crowd crowd = {.load = load, .poll = epoll_create1(EPOLL_CLOEXEC)};
    crowd.connections = calloc(load->connections, sizeof *crowd.connections);
    if (crowd.connections == NULL || crowd.poll < 0) {
        free(crowd.connections);
        return arena_full(error);
    }
    for (unsigned i = 0; i < load->connections; i++) crowd.connections[i].file = -1;
    enum status status = open_all(&crowd, error);
    double from = now_s();
    if (status == STATUS_DONE) status = serve_all(&crowd, from, error);
    *seconds = now_s() - from;
    for (unsigned i = 0; i < load->connections; i++) {
        shut(&crowd, &crowd.connections[i]);
        buffer_clear(&crowd.connections[i].in);
        buffer_clear(&crowd.connections[i].out);
    }
    free(crowd.connections);
    close(crowd.poll);
    return status;
}

/* ---- streams */

struct stream {
    int file;
    bool got;
    struct buffer in;
};
struct streams {
    int poll;
    unsigned count;
    struct stream *at;
};

void streams_close(struct streams **streams)
{
    struct streams *s = *streams;
    *streams = NULL;
    if (s == NULL) return;
    for (unsigned i = 0; s->at != NULL && i < s->count; i++) {
        if (s->at[i].file >= 0) close(s->at[i].file);
        buffer_clear(&s->at[i].in);
    }
    if (s->poll >= 0) close(s->poll);
    free(s->at);
    free(s);
}

/* As many descriptors as there are streams, if the machine lets us. */
static void raise_limit(unsigned count)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count + 256U) return;
    limit.rlim_cur = limit.rlim_max < count + 256U ? limit.rlim_max : count + 256U;
    (void)!setrlimit(RLIMIT_NOFILE, &limit);
}

static enum status open_stream(struct streams *s, struct stream *stream, uint16_t port, const char *path,
                               struct error *error)
{
    OWN(buffer_clear) struct buffer request = {0};
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = stream}};
    buffer_print(&request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
    TRY(buffer_finish(&request, error));
    TRY(open_socket(&stream->file, port, error));
    if (send(stream->file, request.data, request.size, MSG_NOSIGNAL) != (ssize_t)request.size ||
        epoll_ctl(s->poll, EPOLL_CTL_ADD, stream->file, &event) != 0)
        return error_system(error, "write", "127.0.0.1", errno);
    return STATUS_DONE;
}

enum status streams_open(struct streams **out, uint16_t port, const char *path, unsigned count, struct error *error)
{
    struct streams *s = calloc(1, sizeof *s);
    unsigned got;
    if (s == NULL || count > STREAMS_MOST) return free(s), arena_full(error);
    *s = (struct streams){.poll = epoll_create1(EPOLL_CLOEXEC), .at = calloc(count, sizeof *s->at)};
    enum status status = s->at == NULL || s->poll < 0 ? arena_full(error) : STATUS_DONE;
    raise_limit(count);
    for (; status == STATUS_DONE && s->count < count; s->count++) {
        s->at[s->count].file = -1;
        status = open_stream(s, &s->at[s->count], port, path, error);
    }
    if (status == STATUS_DONE) status = streams_wait(s, "HTTP/1.1 200", QUIET_MS / 1000, &got, error);
    if (status == STATUS_DONE && got < count) status = load_failed(error, slice_from(""));
    if (status == STATUS_DONE)
        *out = s;
    else
        streams_close(&s);
    return status;
}

static bool stream_got(struct stream *stream, const char *text)
{
    uint8_t *room = buffer_reserve(&stream->in, READ_BYTES);
    ssize_t size = room == NULL ? 0 : recv(stream->file, room, READ_BYTES, 0);
    if (size > 0) buffer_advance(&stream->in, (size_t)size);
    return stream->in.size > 0 && memmem(stream->in.data, stream->in.size, text, strlen(text)) != NULL;
}

enum status streams_wait(struct streams *s, const char *text, double most_s, unsigned *got, struct error *error)
{
    struct epoll_event events[EVENTS];
    double until = now_s() + most_s;
    for (unsigned i = 0; i < s->count; i++) s->at[i].got = false, buffer_reset(&s->at[i].in);
    for (*got = 0; *got < s->count && now_s() < until;) {
        int count = epoll_wait(s->poll, events, EVENTS, 1000);
        if (count < 0 && errno != EINTR) return error_system(error, "read", "epoll", errno);
        for (int i = 0; i < count; i++) {
            struct stream *stream = events[i].data.ptr;
            if (stream->got || !stream_got(stream, text)) continue;
            stream->got = true;
            ++*got;
        }
    }
    return STATUS_DONE;
}
