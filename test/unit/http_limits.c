/* Slow, dripping, half-open and flooding clients, all at once, while others go on being served. */
#include "http_wire.h"

#include <sys/un.h>

static struct http_server *server;
static uint16_t port;

/* ---- time */

enum { STEP_MS = 100, STEPS_MOST = 60 };

struct slow {
    const char *what, *begin;
    const char *drip;      /* said again each step; NULL: nothing */
    size_t taken_a_step;   /* bytes read each step; 0: all there is */
    int least_ms, most_ms; /* when it is cut; 0: never, and answered by 200 */
    const char *told;      /* what it is told at the end, or NULL */
    int socket;
    int64_t ended_ms;
    struct buffer heard;
    uint64_t read_bytes;
};

static struct slow slow[] = {
    {.what = "silent", .begin = "", .least_ms = 900, .most_ms = 2800},
    {.what = "first line", .begin = "GET /", .drip = "a", .least_ms = 900, .most_ms = 2800},
    {.what = "head",
     .begin = "GET / HTTP/1.1\r\nHost: x\r\nA: ",
     .drip = "a",
     .least_ms = 900,
     .most_ms = 2800,
     .told = "HTTP/1.1 408"},
    {.what = "fields",
     .begin = "GET / HTTP/1.1\r\nHost: x\r\n",
     .drip = "A: b\r\n",
     .least_ms = 900,
     .most_ms = 2800,
     .told = "HTTP/1.1 408"},
    {.what = "body",
     .begin = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
     .drip = "a",
     .least_ms = 900,
     .most_ms = 2800,
     .told = "HTTP/1.1 408"},
    {.what = "chunks",
     .begin = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
     .drip = "1\r\na\r\n",
     .least_ms = 900,
     .most_ms = 2800,
     .told = "HTTP/1.1 408"},
    {.what = "no body",
     .begin = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n",
     .least_ms = 900,
     .most_ms = 2800,
     .told = "HTTP/1.1 408"},
    {.what = "idle", .begin = GET_("/small"), .least_ms = 900, .most_ms = 2800, .told = "HTTP/1.1 200"},
    {.what = "next head",
     .begin = GET_("/small") "GET / HTTP/1.1\r\nHost: x\r\n",
     .drip = "A: b\r\n",
     .least_ms = 900,
     .most_ms = 2800,
     .told = "HTTP/1.1 408"},
    {.what = "answer", .begin = GET_("/big"), .taken_a_step = 10, .least_ms = 1900, .most_ms = 4200},
    {.what = "answer not taken", .begin = GET_("/big"), .taken_a_step = 1, .least_ms = 1900, .most_ms = 4200},
    {.what = "stream not taken", .begin = GET_("/flow"), .taken_a_step = 1, .least_ms = 1900, .most_ms = 4200},
    {.what = "slow body",
     .begin = "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\n",
     .told = "HTTP/1.1 200"},
    {.what = "slow taking", .begin = GET_("/big"), .taken_a_step = 1048576, .told = "HTTP/1.1 200"},
};

static void begin(struct slow *one)
{
    int small = 4096;
    one->socket = wire_connect(port);
    if (one->taken_a_step > 0 && one->most_ms > 0) setsockopt(one->socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    wire_say(one->socket, one->begin);
}

static void hear(struct slow *one)
{
    static char piece[1048576];
    size_t most = one->taken_a_step == 0 ? sizeof piece : one->taken_a_step;
    for (ssize_t got; most > 0;) {
        got = recv(one->socket, piece, most, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) {
            close(one->socket);
            one->socket = -1;
            return;
        }
        most -= (size_t)got;
        one->read_bytes += (uint64_t)got;
        if (one->heard.size < 8192) buffer_put(&one->heard, slice_of(piece, (size_t)got > 4096 ? 4096 : (size_t)got));
    }
}

static void step(struct slow *one, int64_t since)
{
    static const char some[2000];
    struct pollfd reset = {.fd = one->socket};
    if (one->socket < 0) return;
    hear(one);
    if (one->socket >= 0 && poll(&reset, 1, 0) > 0 && (reset.revents & POLLERR) != 0) {
        close(one->socket);
        one->socket = -1;
    }
    if (one->socket >= 0 && one->drip != NULL) (void)send(one->socket, one->drip, strlen(one->drip), MSG_NOSIGNAL);
    if (strcmp(one->what, "slow body") == 0) (void)send(one->socket, some, sizeof some, MSG_NOSIGNAL);
    if (one->socket < 0) one->ended_ms = now_ms() - since;
}

static void judge(struct slow *one)
{
    bool right =
        one->most_ms == 0 ? one->heard.size > 0 : one->ended_ms >= one->least_ms && one->ended_ms <= one->most_ms;
    buffer_put_byte(&one->heard, '\0');
    if (one->told != NULL)
        right = right && memmem(one->heard.data, one->heard.size, one->told, strlen(one->told)) != NULL;
    if (!CHECK(right))
        fprintf(stderr, "    %s: ended after %d ms, heard %.200s\n", one->what, (int)one->ended_ms,
                (const char *)one->heard.data);
    buffer_clear(&one->heard);
    if (one->socket >= 0) close(one->socket);
}

static void cuts_who_is_slow(void)
{
    int64_t since = now_ms(), worst = 0;
    server = server_start(&(struct http_options){.head_s = 1, .body_s = 1, .idle_s = 1, .answer_s = 1});
    port = http_port(server);
    for (size_t i = 0; i < COUNT_OF(slow); i++) begin(&slow[i]);
    for (int i = 0; i < STEPS_MOST && now_ms() - since < 4300; i++) {
        for (size_t k = 0; k < COUNT_OF(slow); k++) step(&slow[k], since);
        int64_t waited = others_wait_ms(port);
        CHECK(waited >= 0 && waited < OTHERS_WAIT_MS);
        if (waited > worst) worst = waited;
        pause_ms(STEP_MS);
    }
    for (size_t k = 0; k < COUNT_OF(slow); k++)
        if (strcmp(slow[k].what, "slow taking") == 0) CHECK_INT(slow[k].read_bytes > BIG_BYTES, 1);
    for (size_t k = 0; k < COUNT_OF(slow); k++) judge(&slow[k]);
    printf("beside %zu slow clients others waited %d ms at most\n", COUNT_OF(slow), (int)worst);
    struct http_counts counts;
    http_count(server, &counts);
    CHECK(counts.cut_off >= 12);
    CHECK(eventually(nobody_connected, server, 3000));
    server_stop(&server);
}

/* ---- numbers */

enum { ALL = 40, PER_ADDRESS = 30 };

static int connect_from(const char *address)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &from.sin_addr);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)bind(socket_, (struct sockaddr *)&from, sizeof from);
    (void)connect(socket_, (struct sockaddr *)&at, sizeof at);
    return socket_;
}

/* How many of the connections are still open once the server has seen them all. */
static unsigned open_of(const int *sockets, size_t count)
{
    unsigned open = 0;
    for (size_t i = 0; i < count; i++) {
        char byte;
        struct pollfd poll_ = {.fd = sockets[i], .events = POLLIN};
        if (poll(&poll_, 1, 0) == 0 || recv(sockets[i], &byte, 1, MSG_DONTWAIT | MSG_PEEK) > 0) open++;
    }
    return open;
}

static void turns_away_who_is_too_many(void)
{
    int one[60], two[20], kept;
    struct answer answer;
    struct http_counts counts;
    server = server_start(&(struct http_options){.connections = ALL, .per_address = PER_ADDRESS});
    port = http_port(server);
    kept = connect_from("127.0.0.2");
    for (size_t i = 0; i < COUNT_OF(one); i++) one[i] = connect_from("127.0.0.1");
    for (size_t i = 0; i < COUNT_OF(two); i++) two[i] = connect_from("127.0.0.2");
    pause_ms(100);
    CHECK_INT(open_of(one, COUNT_OF(one)), PER_ADDRESS);
    CHECK_INT(open_of(two, COUNT_OF(two)), ALL - PER_ADDRESS - 1);
    http_count(server, &counts);
    CHECK_INT(counts.open, ALL);
    CHECK_INT(counts.connections_refused, 60 + 20 + 1 - ALL);
    /* Who is in is served. */
    struct wire wire = {.socket = kept};
    int64_t from = now_ms();
    wire_say(kept, GET_("/aside"));
    wire_read(&wire, &answer, false);
    CHECK_INT(answer.status, 200);
    CHECK(now_ms() - from < OTHERS_WAIT_MS);
    buffer_clear(&answer.body);
    for (size_t i = 0; i < COUNT_OF(one); i++) close(one[i]);
    for (size_t i = 0; i < COUNT_OF(two); i++) close(two[i]);
    pause_ms(100);
    CHECK_OTHERS(port);
    wire_close(&wire);
    server_stop(&server);
}

static void *flood(void *context)
{
    _Atomic bool *going = context;
    while (atomic_load(going)) {
        int socket_ = wire_connect(port);
        if (socket_ >= 0) close(socket_);
    }
    return NULL;
}

static void serves_in_a_flood(void)
{
    _Atomic bool going = true;
    pthread_t thread;
    int64_t worst = 0;
    int kept[PER_ADDRESS];
    struct http_counts counts;
    server = server_start(&(struct http_options){.connections = ALL, .per_address = PER_ADDRESS});
    port = http_port(server);
    for (size_t i = 0; i < COUNT_OF(kept); i++) kept[i] = connect_from("127.0.0.1");
    int other = connect_from("127.0.0.2");
    pause_ms(50);
    pthread_create(&thread, NULL, flood, &going);
    struct wire wire = {.socket = other};
    for (int i = 0; i < 50; i++) {
        struct answer answer;
        int64_t from = now_ms();
        wire_say(other, i % 2 == 0 ? GET_("/small") : GET_("/aside"));
        wire_read(&wire, &answer, false);
        CHECK_INT(answer.status, 200);
        if (now_ms() - from > worst) worst = now_ms() - from;
        buffer_clear(&answer.body);
        pause_ms(5);
    }
    http_count(server, &counts);
    CHECK(worst < OTHERS_WAIT_MS);
    CHECK(counts.connections_refused > 100);
    printf("in a flood of %llu refused connections others waited %d ms at most\n",
           (unsigned long long)counts.connections_refused, (int)worst);
    server_stop(&server); /* while it goes on */
    atomic_store(&going, false);
    pthread_join(thread, NULL);
    for (size_t i = 0; i < COUNT_OF(kept); i++) close(kept[i]);
    wire_close(&wire);
}

/* ---- work */

enum { ASKERS = 700, WAITING = 512 };

static bool some_were_refused(struct http_server *of)
{
    struct http_counts counts;
    http_count(of, &counts);
    return counts.refused_busy == ASKERS - 1 - WAITING;
}

/* More requests than the crew and its queue take: the rest is told to come again, and nothing is lost. */
static void tells_when_it_is_busy(void)
{
    static struct wire wires[ASKERS];
    unsigned answered = 0, busy = 0;
    server = server_start(&(struct http_options){.workers = 1, .per_address = ASKERS + 10});
    port = http_port(server);
    atomic_store(&seen.shut, true);
    for (size_t i = 0; i < ASKERS; i++) {
        wires[i] = (struct wire){.socket = wire_connect(port)};
        wire_say(wires[i].socket, GET_("/aside/gate"));
    }
    CHECK(eventually(some_were_refused, server, WIRE_PATIENCE_MS));
    CHECK_OTHERS(port);
    atomic_store(&seen.shut, false);
    for (size_t i = 0; i < ASKERS; i++) {
        struct answer answer;
        wire_read(&wires[i], &answer, false);
        if (answer.status == 200) answered++;
        if (answer.status == 503 && answer_header(&answer, "Retry-After") != NULL) busy++;
        buffer_clear(&answer.body);
        wire_close(&wires[i]);
    }
    CHECK_INT(answered, 1 + WAITING);
    CHECK_INT(busy, ASKERS - 1 - WAITING);
    server_stop(&server);
}

TESTS(cuts_who_is_slow, turns_away_who_is_too_many, serves_in_a_flood, tells_when_it_is_busy)
