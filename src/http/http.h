/* The wire: a server on libmicrohttpd and a client on libcurl behind one header. Knows no truce noun.
 *
 * The server's loops read whole requests (head and body) and call a handler once for each. What is quick is answered
 * in the loop (HTTP_HERE), what may take long or waits for a disk in one of the workers (HTTP_ASIDE), so that a slow
 * answer holds nobody else up. A handler fills the response and returns; the server sends it. */
#ifndef TRUCE_HTTP_HTTP_H
#define TRUCE_HTTP_HTTP_H

#include "base/buffer.h"
#include "http/parts.h"

/* ---- requests: all slices live until the handler returns */

/* A handler sees HEAD as HTTP_GET (http_is_head tells), and the server leaves the body out. HTTP_OTHER is PUT, DELETE,
 * PATCH; other methods are refused by 501. */
enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OPTIONS, HTTP_OTHER };

struct http_request;
enum http_method http_method(const struct http_request *request);
bool http_is_head(const struct http_request *request);
/* Decoded once, UTF-8, NUL-terminated. Begins with "/", or is "*" for OPTIONS; has no controls, no backslash, no
 * segment "." or "..", no "/" that was escaped. */
struct slice http_path(const struct http_request *request);
/* The first value of a name in the query, decoded, NUL-terminated behind its size; false if it is not there. */
bool http_query(const struct http_request *request, const char *name, struct slice *value);
struct slice http_query_string(const struct http_request *request); /* as it came, without "?" */
/* The same of a body of type application/x-www-form-urlencoded. A malformed one is answered 400 before `answer`. */
bool http_form(const struct http_request *request, const char *name, struct slice *value);
/* Each pair of it in order: begins with *at = 0; false behind the last. Both are NUL-terminated behind their size. */
bool http_form_next(const struct http_request *request, size_t *at, struct slice *name, struct slice *value);
/* Every field of a form, files among them, in the order in which they came: of multipart/form-data, or of
 * application/x-www-form-urlencoded. Begins with a zeroed walk; `bad` at the end: the body breaks off, or is malformed.
 */
struct http_field {
    struct slice name, value; /* value: the bytes as they came */
    bool is_file;
};
struct http_fields {
    bool begun, plain, bad;
    size_t at;               /* in a plain form */
    struct http_parts parts; /* of one with files */
};
bool http_is_form(const struct http_request *request);
bool http_next_field(const struct http_request *request, struct http_fields *walk, struct http_field *out);
struct slice http_header(const struct http_request *request, const char *name); /* {NULL,0} if absent */
struct slice http_body(const struct http_request *request);
bool http_cookie(const struct http_request *request, const char *name, struct slice *value);
bool http_over_socket(const struct http_request *request); /* through the register's own socket, not the network */
bool http_over_tls(const struct http_request *request);
/* 16 bytes that stand for the client's address as its connections are counted; {NULL,0} over the socket. */
struct slice http_address(const struct http_request *request);

/* ---- responses */

struct http_response;
void http_status(struct http_response *response, unsigned status); /* 200 if never called */
/* Names are the program's own. A value that would break the head (controls), and what no longer fits into 2 KiB of
 * them, is left out: check what comes from outside before. */
void http_add(struct http_response *response, const char *name, const char *value);
/* The body: the response takes what `body` holds (and empties it). */
void http_take(struct http_response *response, const char *type, struct buffer *body);
/* Bytes that live as long as the server, not copied. */
void http_give(struct http_response *response, const char *type, struct slice body);
/* The client takes gzip: a body that was taken is compressed where that makes it smaller, under a validator of its own.
 */
void http_pack(struct http_response *response);
/* A strong validator ("…" is put around it): the server answers If-None-Match and If-Match by it, with 304 or 412. */
void http_tag(struct http_response *response, const char *tag);

/* A stream: `source` is called in a loop thread whenever there may be something to send. It appends to `out`, some KiB
 * at a time, and is not called again until the client took them; nothing appended means: nothing there yet. It is
 * called again after http_wake, and after `beat_s` silent seconds with `beat` set, when it should send something, so
 * that a client that left is noticed. HTTP_STREAM_END ends the stream. `close` is called once, whatever happens (for
 * HEAD without any call of `source`), in any thread of the server. A client that takes nothing for idle_s is cut. */
enum http_stream {
    HTTP_STREAM_ON,
    HTTP_STREAM_END,
    HTTP_STREAM_BREAK /* the connection is closed, so that what was sent does not look whole */
};
typedef enum http_stream http_source(void *stream, bool beat, struct buffer *out);
void http_stream(struct http_response *response, const char *type, unsigned beat_s, http_source *source,
                 void (*close)(void *stream), void *stream);

/* ---- the server */

/* What is decided when the head is there and the body is not: where it is answered, or that it is refused at once. */
enum http_where { HTTP_HERE, HTTP_ASIDE, HTTP_REFUSED };
struct http_plan {
    enum http_where where; /* HTTP_REFUSED: the response that `begin` filled is sent, the body is not read */
    size_t body_most;      /* bytes; a larger body (said or sent) is refused by 413 */
    uint64_t share;        /* requests of one share take turns with those of others; 0: of none */
};

struct http_handlers {
    void *context;
    struct http_plan (*begin)(void *context, const struct http_request *request, struct http_response *response);
    void (*answer)(void *context, const struct http_request *request, struct http_response *response);
    /* The server's own refusals; fills the body, for the status is set. 400 (target, head or form), 408 (asked for once
     * by http_start itself, with `request` NULL), 413, 414, 431, 501 (method, transfer encoding), 503 (with
     * Retry-After). What is no HTTP at all is answered by the library, or closed. */
    void (*refuse)(void *context, unsigned status, const struct http_request *request, struct http_response *response);
    /* A thread of the server runs its first handler, or ends: what it keeps for itself. May be NULL. */
    void *(*thread_open)(void *context);
    void (*thread_close)(void *context, void *thread);
};
/* What thread_open gave for the calling thread; NULL in threads that are not the server's. */
void *http_thread(void);

struct http_options {
    const char *address; /* "127.0.0.1", "::1", "0.0.0.0" */
    uint16_t port;       /* 0: any that is free */
    const char *socket;  /* a path for a second door on this machine, made with mode 0600; or NULL */
    const char *certificate, *certificate_key; /* PEM files; NULL: no TLS */
    unsigned loops, workers;                   /* threads; 0: 2 and 16. Workers start when they are needed */
    unsigned share;                            /* of the workers, for one share at once; 0: the default */
    unsigned connections, per_address;         /* at once; 0: the defaults. An IPv6 address is its first 64 bits */
    unsigned head_s, body_s, idle_s, answer_s; /* time limits; 0: the defaults. See below */
};
enum {
    HTTP_CONNECTIONS = 4096,
    HTTP_PER_ADDRESS = 512,
    HTTP_SHARE = 8,
    HTTP_HEAD_S = 15,
    HTTP_BODY_S = 60,
    HTTP_IDLE_S = 60,
    HTTP_ANSWER_S = 300,
    HTTP_STOP_S = 10
};

/* The limits are on the whole of a thing, however it drips: a head (from accepting, or from its first line on), a body,
 * an answer (from the request's end to its last byte), the idle time to the next request. What moves 4 KiB a second is
 * not too slow: a body or an answer that does goes on beyond its limit. Streams have no limit but on what they gave and
 * the client does not take: idle_s. */

struct http_server;
/* Listens; returns once it can be connected to. Ignores SIGPIPE in the whole process if nobody handles it, and raises
 * the soft limit of descriptors as far as `connections` need. http-address-in-use, http-address, http-address-form,
 * http-certificate, http-socket, http-socket-in-use. */
MUST_USE enum status http_start(struct http_server **out, const struct http_options *options,
                                const struct http_handlers *handlers, struct error *error);
uint16_t http_port(const struct http_server *server);
/* Streams may have something to send. From any thread, as often as one likes: many wakes become one. */
void http_wake(struct http_server *server);

/* Reads certificate and key again if their files are not as they were when they were last looked at, or `anyhow`.
 * Connections that are there go on as they are; the next handshakes see the new ones. If these are not usable, the old
 * ones stay in force (http-certificate, or what reading failed by). Not for two threads at once. */
MUST_USE enum status http_renew(struct http_server *server, bool anyhow, struct error *error);
/* Does the certificate in force prove this name, or numeric address? Not without TLS. */
bool http_certifies(const struct http_server *server, const char *name);

/* Takes no new connection, ends streams, lets every request that is whole be answered (at most HTTP_STOP_S), closes.
 * Returns when the last handler has: one that never ends holds it up. Not to be called from a handler. */
void http_stop(struct http_server **server);

/* Since the start, and now. */
struct http_counts {
    uint64_t connections, connections_refused, requests, by_class[6]; /* 2xx at 2 … */
    uint64_t bytes_in, bytes_out; /* heads and bodies of requests; bodies of answers */
    uint64_t cut_off;             /* closed by a time limit */
    uint64_t open, streams;       /* now */
    uint64_t refused_busy;        /* 503: too many wait for a worker, or their bodies are too large together */
};
void http_count(const struct http_server *server, struct http_counts *out);

/* ---- the client */

struct http_call {
    const char *url;    /* http:// or https:// */
    const char *socket; /* a unix socket to go through; the url then names no real host */
    const char *method; /* "GET", "POST" */
    struct slice body;
    const char *type;                              /* of the body */
    const char *accept, *language, *authorization; /* or NULL */
    const char *certificate_authority;             /* PEM file, or NULL: the system's */
    unsigned connect_s, total_s;                   /* 0: 10 and 300 */
    size_t answer_most;                            /* bytes; 0: 64 MiB */
};
struct http_result {
    unsigned status;
    char type[80]; /* of the answer, without parameters */
    struct buffer body;
};
/* An answer of any status is done; what never became one is http-unreachable, http-timeout, http-tls, http-broken,
 * http-too-large, http-url. Clear the body. Redirects are not followed. A thread's connections stay open for its next
 * call. To a socket or this machine itself no proxy is used, elsewhere that of the environment. */
MUST_USE enum status http_fetch(const struct http_call *call, struct http_result *out, struct error *error);

#endif
