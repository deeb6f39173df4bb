/* The server's inside.
 *
 * Threads: the porter (porter.c) accepts, keeps the time limits and wakes streams; each loop (loop.c) is a
 * libmicrohttpd daemon without a listening socket that reads and writes the connections given to it; the crew (crew.c)
 * answers what may take long. A peer is one connection: made by the porter, used by its loop, and by one of the crew
 * while its connection is suspended.
 *
 * Time is counted in ticks of a timer that the porter reads, so that no request asks a clock.
 *
 * Invariants:
 * 1. A peer's descriptor is open while the peer stands in server->peers: it leaves under the lock, before the library
 *    closes it. So whoever holds the lock may shut it down.
 * 2. A connection is suspended only by its loop, and resumed once for it: when `ready` is made (by the crew; by the
 * loop itself if the crew takes no more), when the crew's queue is dropped at the stop, or, a stream, when it is taken
 * out of server->waiting.
 * 3. Once a peer's due is PHASE_CUT its loop answers nothing more on it: the porter may have written there. */
#ifndef TRUCE_HTTP_SERVER_H
#define TRUCE_HTTP_SERVER_H

#include "http/http.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    TICKS_A_SECOND = 4,
    HTTP_LOOPS_MOST = 16,
    HTTP_WORKERS_MOST = 64,
    HTTP_STACK_BYTES = 4 * 1024 * 1024, /* of every thread that runs handlers */
    HTTP_POOL_BYTES = 16 * 1024,        /* the library's memory for one connection: head, answer's head, buffers */
    HTTP_HEAD_BYTES = 8 * 1024,         /* of a request: what is left of the pool is enough to answer */
    HTTP_ANSWER_HEAD_BYTES = 2 * 1024,  /* what http_add takes in one response */
    HTTP_TAG_BYTES = 96,
    HTTP_TYPE_BYTES = 96,
    HTTP_WAITING = 512,       /* requests that wait for a worker */
    HTTP_SHARE_WAITING = 128, /* those of one share */
    HTTP_LEAST_RATE = 4096,   /* bytes a second that lengthen a limit: a slow network is no attack */
    HTTP_MOVE_S = 5,          /* over which the rate of an answer that is late is looked at */
    HTTP_DRAINS = 64,         /* connections that are drained after a refusal */
    HTTP_DRAIN_BYTES = 256 * 1024,
    HTTP_DRAIN_S = 2,
    HTTP_STREAM_KEEP_BYTES = 4096, /* a waiting stream's buffer that is larger is given back */
    HTTP_ADDRESS_BUCKETS = 1024,
    PEER_TEXT_BYTES = 512 /* targets up to about half of it need no memory of their own */
};
#define HTTP_BODIES_BYTES ((uint64_t)256 << 20)  /* of all requests together; beyond it new ones are refused by 503 */
#define HTTP_SHARE_BYTES (HTTP_BODIES_BYTES / 4) /* the same of one share */

enum phase {
    PHASE_OPEN, /* nothing came yet */
    PHASE_IDLE, /* answered before, nothing came since */
    PHASE_HEAD, /* the first line of a request is there */
    PHASE_BODY,
    PHASE_ANSWER, /* the request is whole */
    PHASE_STREAM, /* it has nothing to give at the moment */
    PHASE_GIVEN,  /* a stream gave something that is to be taken */
    PHASE_CUT
};

/* How far the library's handler came with a request. */
enum stage {
    STAGE_NONE,
    STAGE_HEAD,  /* its target is there */
    STAGE_BODY,  /* begin() was asked */
    STAGE_GIVE,  /* whole, to be handed to the crew at the next call */
    STAGE_CREW,  /* the crew has it */
    STAGE_READY, /* `ready` is to be sent */
    STAGE_SENT
};

struct peer;
struct http_request {
    struct peer *peer;
    struct MHD_Connection *connection;
    enum stage stage;
    enum http_method method;
    bool head, unread; /* unread: a body was announced and not read to its end */
    uint64_t length;   /* as announced */
    struct http_plan plan;
    char *text; /* the target as it came, then the decoded path, then the decoded query */
    size_t text_size;
    struct slice path, query, pairs, form;
    struct buffer body, form_text;
    struct share *share; /* or NULL */
    struct MHD_Response *ready;
    unsigned ready_status;
    bool ready_stream;
    size_t ready_bytes;
    struct http_request *next; /* in the crew's queue */
    char inline_text[PEER_TEXT_BYTES];
};

struct address {
    uint8_t key[16]; /* IPv4 mapped; of IPv6 the first 64 bits, since whoever has one address has them all */
    unsigned count;
    struct address *next;
};

struct loop;
struct peer {
    struct loop *loop;
    struct address *address; /* NULL: the unix socket */
    int socket;
    bool started;
    _Atomic bool linger;    /* it was refused with a body unread: drained before it is closed */
    unsigned quiet;         /* looks of a stopping porter at which nothing came */
    uint64_t looked;        /* the due at which the porter looked whether the client is still there */
    uint64_t moving, taken; /* the due that was lengthened last, and how many bytes the client had taken then */
    _Atomic uint64_t due;   /* the last tick of its phase << 3 | phase; tick 0: no limit */
    uint64_t body_since;    /* tick */
    struct http_request request;
};

enum stream_state { STREAM_RUNS, STREAM_WAITS };
struct stream {
    struct peer *peer;
    struct MHD_Connection *connection;
    http_source *source;
    void (*close)(void *stream);
    void *own;
    uint64_t beat_ticks, next_beat;
    struct buffer out;
    size_t taken;
    bool ended;
    enum stream_state state; /* under server->stream_lock, with the links of server->waiting */
    struct stream *next, **at;
};

struct loop {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    bool tls;
    _Atomic unsigned open;
    _Atomic uint64_t requests, by_class[6], bytes_in, bytes_out;
};

struct drain {
    int socket; /* -1: free */
    uint64_t until;
    size_t bytes;
};

/* Requests that belong together, whatever their connections: those of one member. Made for its first request, gone with
 * its last. */
struct share {
    uint64_t key;
    unsigned requests, running, waiting, most; /* at most so many run at once */
    _Atomic uint64_t body_bytes;
    struct http_request *first, **last; /* that wait for the crew */
    bool has_turn;                      /* stands among the crew's turns */
    struct share *next_turn, *next;
};

struct crew {
    pthread_mutex_t lock; /* guards the shares too */
    pthread_cond_t more;
    struct share *turns, **last_turn; /* shares of which one request may run now, in order */
    struct share *shares;             /* all but `others` */
    struct share others;              /* requests of no share */
    unsigned share_most;              /* of one share, at once */
    unsigned waiting, idle, started, most;
    bool ending;
    pthread_t thread[HTTP_WORKERS_MOST];
};

/* What listens. */
struct door {
    int socket; /* -1: none */
    char path[4096];
    uint64_t device, inode; /* of the path, to remove only what is ours */
};

struct http_server {
    struct http_handlers handlers;
    struct http_options options; /* with the defaults filled in; texts are not kept */
    uint16_t port;
    struct door tcp, local;
    struct loop loops[HTTP_LOOPS_MOST + 1]; /* one more for the unix socket when the others speak TLS */
    unsigned loop_count, first_local, local_count;

    pthread_t porter;
    int epoll, timer, gap_timer, event;
    _Atomic uint64_t tick;
    _Atomic bool stopping, woken;
    bool gap; /* the porter's: streams were woken just now */

    pthread_mutex_t lock; /* peers, addresses, drains */
    struct peer **peers;  /* by descriptor */
    size_t peers_size;
    unsigned open;
    struct address *addresses[HTTP_ADDRESS_BUCKETS];
    struct drain drains[HTTP_DRAINS];

    pthread_mutex_t stream_lock;
    struct stream *waiting;
    _Atomic uint64_t generation; /* of http_wake */
    _Atomic uint64_t streams;

    struct crew crew;
    struct tls *tls;    /* NULL: none */
    struct buffer late; /* the whole answer 408, made before there is anybody to answer */
    _Atomic uint64_t body_bytes, connections, refused, cut_off, busy;
};

/* ---- peer.c: connections, their count and their time */

/* The peer enters a phase, which lasts as long as the options say, or until that tick. False: the porter cut it. */
bool peer_enter(struct peer *peer, enum phase phase);
bool peer_until(struct peer *peer, enum phase phase, uint64_t tick);
/* The first line of a request is there: the rest of its head is due soon. */
void peer_head(struct peer *peer);
/* A new peer for an accepted socket; NULL if it is one too many. `address` is NULL for the unix socket. */
struct peer *peer_open(struct http_server *server, int socket, const struct sockaddr *address);
void peer_close(struct http_server *server, int socket); /* and frees it */
struct peer *peer_of(struct http_server *server, int socket);
void peers_clear(struct http_server *server);

/* ---- response.c */

enum body_kind { BODY_NONE, BODY_OWNED, BODY_BORROWED, BODY_STREAM };
struct http_response {
    unsigned status;
    enum body_kind kind;
    bool packs;
    struct buffer owned;
    struct slice borrowed;
    http_source *source;
    void (*close)(void *stream);
    void *stream;
    unsigned beat_s;
    size_t head_used;
    char tag[HTTP_TAG_BYTES], type[HTTP_TYPE_BYTES];
    char head[HTTP_ANSWER_HEAD_BYTES]; /* name NUL value NUL … */
};
void response_init(struct http_response *response, unsigned status);
void response_clear(struct http_response *response);
/* pack.c: before the conditions, and after them. */
void response_pack_tag(struct http_response *response);
void response_pack(struct http_response *response);
/* Makes request->ready of it, after the conditions of the request; the response is empty afterwards. */
void response_ready(struct http_response *response, struct http_request *request);
/* The response as bytes for a socket that the library does not write to any more. */
void response_raw(struct http_response *response, struct buffer *out);

/* ---- stream.c */

struct MHD_Response *stream_response(struct http_request *request, struct http_response *response);
/* Resumes what waits: all, or what has to beat. Gives how many. */
unsigned streams_resume(struct http_server *server, bool all);

/* ---- request.c */

/* Takes the target and the head apart: 0, or the status by which the request is refused. */
unsigned request_read_head(struct http_request *request, const char *method);
unsigned request_read_form(struct http_request *request); /* the same for the body */
void request_clear(struct http_request *request);

/* ---- loop.c: the library's callbacks */

MUST_USE enum status loop_start(struct loop *loop, bool tls, struct error *error);
void request_answer(struct http_request *request); /* runs the handler, makes `ready` */

/* ---- crew.c */

void crew_open(struct crew *crew, unsigned most, unsigned share_most);
bool crew_push(struct http_server *server, struct http_request *request); /* false: too many wait */
void crew_drop(struct http_server *server);                               /* what waits gets no answer */
void crew_close(struct crew *crew);
void crew_free(struct crew *crew); /* when there are no requests any more */

/* ---- share.c: the crew's lock is taken by the first two, and held by those who call the others */

/* The share of that key for one more request, NULL for key 0 or where there is no memory; and its end. */
struct share *share_enter(struct crew *crew, uint64_t key);
void share_leave(struct crew *crew, struct share *share);
/* A request to the end of its share's queue; false where too many of it wait. */
bool share_push(struct crew *crew, struct http_request *request);
/* The next one that may run, or NULL; its share has one more running until share_done. `all`: whether it may or not. */
struct http_request *share_take(struct crew *crew, bool all);
void share_done(struct crew *crew, struct share *share);

/* ---- tls.c: certificates */

MUST_USE enum status tls_open(struct tls **out, const char *certificate, const char *key, struct error *error);
void tls_close(struct tls **tls); /* when no loop runs any more */
void tls_enter(struct tls *tls);  /* the calling thread's handshakes are given its certificate; NULL: none */
void tls_options(struct MHD_OptionItem out[3]);

/* ---- thread.c */

void thread_enter(struct http_server *server); /* cheap when done before */
int thread_start(pthread_t *thread, void *(*run)(void *), void *context, size_t stack_bytes);

/* ---- porter.c */

MUST_USE enum status porter_start(struct http_server *server, struct error *error);
void porter_nudge(struct http_server *server);
void porter_drain(struct http_server *server, int socket); /* under the lock; the socket stays the caller's */

/* ---- door.c */

MUST_USE enum status door_open_tcp(struct door *door, const char *address, uint16_t port, uint16_t *bound,
                                   struct error *error);
MUST_USE enum status door_open_local(struct door *door, const char *path, struct error *error);
void door_close(struct door *door);

/* A path for a sockaddr_un of 108 bytes whatever the length of `path`: through its directory, opened here (the caller
 * closes *directory, -1 if there was no need). */
enum { LOCAL_PATH_BYTES = 108 };
MUST_USE bool local_path(const char *path, char out[LOCAL_PATH_BYTES], int *directory);

#endif
