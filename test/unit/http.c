/* Requests and answers, one by one, over a real socket. */
#include "http_wire.h"

static struct http_server *server;
static uint16_t port;

static void starts(void)
{
    server = server_start(&(struct http_options){.body_s = 5});
    port = http_port(server);
    CHECK(port != 0);
}

static void keeps_alive_and_pipelines(void)
{
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer;
    for (int i = 0; i < 3; i++) {
        wire_say(wire.socket, i == 1 ? GET_("/aside") : GET_("/small"));
        wire_read(&wire, &answer, false);
        CHECK_INT(answer.status, 200);
        CHECK_INT(answer.body.size, SMALL_BYTES);
        buffer_clear(&answer.body);
    }
    wire_say(wire.socket, GET_("/one") GET_("/aside/two") "POST /three HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
                                                          "abc" GET_("/refused") GET_("/four"));
    const char *const wanted[] = {"/one||||", "/aside/two||||", "/three|||||3", "who are you?", "/four|"};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        wire_read(&wire, &answer, false);
        CHECK_INT(answer.status, i == 3 ? 401 : 200);
        CHECK(answer.whole && slice_starts(buffer_slice(&answer.body), wanted[i]));
        buffer_clear(&answer.body);
    }
    CHECK(!wire.ended);
    wire_close(&wire);
}

static void tells_what_was_asked(void)
{
    static const struct {
        const char *request, *echo;
    } cases[] = {
        {GET_("/a%20b/%d8%b3?q=x%2By+z&r=1"), "/a b/س|q=x%2By+z&r=1|x+y z|||0|net"},
        {GET_("http://example.org/abs?q=1"), "/abs|q=1|1|||0|net"},
        {GET_("/cookie?q"), "/cookie|q||||0|net"},
        {"GET /c HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=\"d\"; c=e\r\n\r\n", "/c||||d|0|net"},
        {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "*|||||0|net"},
        {"DELETE /d HTTP/1.1\r\nHost: x\r\n\r\n", "/d|||||0|net"},
        {"POST /f HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
         "Content-Length: 13\r\n\r\nf=a%0D%0Ab&g=",
         "/f|||a\r\nb||13|net"},
        {"POST /t HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nf=a", "/t|||||3|net"},
        {"POST /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
         "/k|||||5|net"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct answer answer = wire_ask(port, cases[i].request);
        buffer_put_byte(&answer.body, '\0');
        CHECK_INT(answer.status, 200);
        CHECK_STRING((const char *)answer.body.data, cases[i].echo);
        buffer_clear(&answer.body);
    }
}

static void refuses(void)
{
    static const struct {
        unsigned status;
        const char *request;
    } cases[] = {
        {400, GET_("/a/../b")},
        {400, GET_("/a/%2e%2E/b")},
        {400, GET_("/.")},
        {400, GET_("/a%2fb")},
        {400, GET_("/a\\b")},
        {400, GET_("/a%5Cb")},
        {400, GET_("/a%00b")},
        {400, GET_("/a%0Ab")},
        {400, GET_("/%ff")},
        {400, GET_("/%c0%af")},
        {400, GET_("/%4")},
        {400, GET_("/%zz")},
        {400, GET_("a")},
        {400, GET_("*")},
        {400, GET_("/a#b")},
        {400, GET_("/a?q=%ff")},
        {400, GET_("/a?q=%00")},
        {400, GET_("/a?=b")},
        {400, "GET /a HTTP/1.1\r\n\r\n"}, /* no Host */
        {400, "GET /a HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n"},
        {400, "GET /a HTTP/1.1\r\nHost: x\r\nA : c\r\n\r\n"},
        {400, "GET /a HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n"},
        {400, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"},
        {400, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na"},
        {400, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\na"},
        {400, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\na"},
        {501, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
        {501, "BREW /a HTTP/1.1\r\nHost: x\r\n\r\n"},
        {501, "TRACE /a HTTP/1.1\r\nHost: x\r\n\r\n"},
        {400, "POST /f HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
              "Content-Length: 4\r\n\r\nf=%4"},
        {413, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\na"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct answer answer = wire_ask(port, cases[i].request);
        if (!CHECK(answer.status == cases[i].status)) fprintf(stderr, "    %u: %s\n", answer.status, cases[i].request);
        buffer_clear(&answer.body);
    }
}

static void refuses_what_is_too_long(void)
{
    static char request[64 * 1024];
    snprintf(request, sizeof request, "GET /%05000d HTTP/1.1\r\nHost: x\r\n\r\n", 1);
    CHECK_INT(wire_status(port, request), 414);
    snprintf(request, sizeof request, "GET /%04000d HTTP/1.1\r\nHost: x\r\n\r\n", 1);
    CHECK_INT(wire_status(port, request), 200);
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: x\r\nA: %09000d\r\n\r\n", 1);
    CHECK_INT(wire_status(port, request), 431);
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: x\r\nA: %06000d\r\n\r\n", 1);
    CHECK_INT(wire_status(port, request), 200);
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: x\r\nA: %060000d\r\n\r\n", 1);
    CHECK_INT(wire_status(port, request), 431);
    size_t used = (size_t)snprintf(request, sizeof request, "GET /?a");
    for (int i = 0; i < 64; i++) used += (size_t)snprintf(request + used, sizeof request - used, "&a=%d", i);
    snprintf(request + used, sizeof request - used, " HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_INT(wire_status(port, request), 400);
}

static void answers_head_like_get(void)
{
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer;
    wire_say(wire.socket, "HEAD /small HTTP/1.1\r\nHost: x\r\n\r\nHEAD /aside HTTP/1.1\r\nHost: x\r\n\r\n" GET_(
                              "/tag") "HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 4; i++) {
        wire_read(&wire, &answer, i != 2);
        const char *size = answer_header(&answer, "Content-Length");
        CHECK_INT(answer.status, 200);
        CHECK(i == 3 ? size == NULL : size != NULL && strcmp(size, i == 2 ? "7" : "1024") == 0);
        CHECK(i != 2 || slice_is(buffer_slice(&answer.body), "tagged\n"));
        buffer_clear(&answer.body);
    }
    CHECK(wire_ends(&wire, 1000));
    CHECK_INT(wire.in.size, 0);
    CHECK_INT(atomic_load(&seen.closed), 1);
    CHECK_INT(atomic_load(&seen.sources), 0);
    wire_close(&wire);
}

static void answers_conditions(void)
{
    static const struct {
        const char *condition;
        unsigned status;
    } cases[] = {
        {"If-None-Match: \"v1\"", 304},
        {"If-None-Match: W/\"v1\"", 304},
        {"If-None-Match: *", 304},
        {"If-None-Match: \"a\", ,W/\"b,\" , \"v1\"", 304},
        {"If-None-Match: \"v2\"", 200},
        {"If-None-Match: v1", 200},
        {"If-None-Match: \"a\" \"v1\"", 200},
        {"If-Match: \"v1\"", 200},
        {"If-Match: *", 200},
        {"If-Match: W/\"v1\"", 412},
        {"If-Match: \"v2\"", 412},
        {"If-Match: \"v1\"\r\nIf-None-Match: \"v1\"", 304},
        {"If-Match: \"v2\"\r\nIf-None-Match: \"v1\"", 412},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char request[512];
        snprintf(request, sizeof request, "GET /tag HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", cases[i].condition);
        struct answer answer = wire_ask(port, request);
        if (!CHECK(answer.status == cases[i].status))
            fprintf(stderr, "    %u: %s\n", answer.status, cases[i].condition);
        CHECK(answer_header(&answer, "ETag") != NULL && strcmp(answer_header(&answer, "ETag"), "\"v1\"") == 0);
        CHECK(answer_header(&answer, "Vary") != NULL);
        CHECK(answer_header(&answer, "Cache-Control") != NULL);
        CHECK_INT(answer.body.size, cases[i].status == 200 ? 7 : 0);
        buffer_clear(&answer.body);
    }
}

/* What is not modified has the size of the body in its head, and no body. */
static void keeps_in_step_after_not_modified(void)
{
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer;
    wire_say(wire.socket, "GET /tag HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n" GET_("/after"));
    wire_read(&wire, &answer, false);
    CHECK_INT(answer.status, 304);
    CHECK_STRING(answer_header(&answer, "Content-Length"), "7");
    wire_read(&wire, &answer, false);
    CHECK(slice_starts(buffer_slice(&answer.body), "/after|"));
    buffer_clear(&answer.body);
    wire_close(&wire);
}

static void refuses_a_large_body_early(void)
{
    static char piece[64 * 1024];
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer;
    size_t sent = 0, put;
    wire_say(wire.socket, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 67108864\r\n\r\n");
    /* A client that looks for no answer while it sends. */
    do {
        put = send(wire.socket, piece, sizeof piece, MSG_NOSIGNAL) == sizeof piece ? sizeof piece : 0;
        sent += put;
    } while (put > 0 && sent < 67108864);
    CHECK(sent < 8 * 1024 * 1024);
    printf("of a refused body of 64 MiB %zu KiB could be sent\n", sent / 1024);
    wire_read(&wire, &answer, false);
    CHECK_INT(answer.status, 413);
    CHECK(slice_is(buffer_slice(&answer.body), "refused: 413\n"));
    buffer_clear(&answer.body);
    wire_close(&wire);
    /* One that waits reads the answer, and then the end. */
    wire = (struct wire){.socket = wire_connect(port)};
    wire_say(wire.socket, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 67108864\r\n\r\n");
    (void)wire_send(wire.socket, piece, sizeof piece);
    wire_read(&wire, &answer, false);
    CHECK_INT(answer.status, 413);
    CHECK_STRING(answer_header(&answer, "Connection"), "close");
    CHECK(wire_ends(&wire, 1000));
    buffer_clear(&answer.body);
    wire_close(&wire);
}

static void cuts_a_chunked_body(void)
{
    static char chunk[65536 + 9];
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer;
    memcpy(chunk, "10000\r\n", 7);
    memcpy(chunk + 7 + 65536, "\r\n", 2);
    wire_say(wire.socket, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    size_t sent = 0;
    while (sent < 1024 && send(wire.socket, chunk, sizeof chunk, MSG_NOSIGNAL) == sizeof chunk) sent++;
    CHECK(sent >= 16 && sent < 512);
    wire_read(&wire, &answer, false);
    CHECK_INT(answer.status, 413);
    CHECK(answer.whole);
    CHECK(wire_ends(&wire, 3000));
    buffer_clear(&answer.body);
    wire_close(&wire);
}

static void answers_expectations(void)
{
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer;
    wire_say(wire.socket, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    wire_read(&wire, &answer, false);
    CHECK_INT(answer.status, 100);
    wire_say(wire.socket, "abc");
    wire_read(&wire, &answer, false);
    CHECK_INT(answer.status, 200);
    buffer_clear(&answer.body);
    wire_close(&wire);
    CHECK_INT(
        wire_status(port, "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"),
        401);
    CHECK_INT(
        wire_status(port, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n"),
        413);
}

/* A client that closes its half once it has asked is answered all the same. */
static void answers_half_closed(void)
{
    for (int i = 0; i < 2; i++) {
        struct wire wire = {.socket = wire_connect(port)};
        struct answer answer;
        wire_say(wire.socket, i == 0 ? GET_("/small") : GET_("/aside/slow?ms=50"));
        shutdown(wire.socket, SHUT_WR);
        wire_read(&wire, &answer, false);
        CHECK_INT(answer.status, 200);
        buffer_clear(&answer.body);
        wire_close(&wire);
    }
}

static void goes_on_when_clients_leave(void)
{
    for (int i = 0; i < 20; i++) {
        int socket_ = wire_connect(port);
        wire_say(socket_, i % 2 == 0 ? GET_("/aside/slow?ms=20") : GET_("/big"));
        struct linger now = {.l_onoff = 1};
        if (i % 4 < 2) setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(socket_);
    }
    CHECK_OTHERS(port);
    CHECK(eventually(nobody_connected, server, 3000));
}

static void counts(void)
{
    struct http_counts counts;
    http_count(server, &counts);
    CHECK(counts.connections > 50);
    CHECK(counts.requests >= counts.by_class[2] + counts.by_class[3]);
    CHECK(counts.by_class[2] > 0 && counts.by_class[3] > 0 && counts.by_class[4] > 0 && counts.by_class[5] > 0);
    CHECK(counts.bytes_in > 0 && counts.bytes_out > 0);
    CHECK_INT(counts.cut_off, 0);
    CHECK_INT(counts.connections_refused, 0);
    CHECK_INT(counts.streams, 0);
}

static void stops(void)
{
    server_stop(&server);
    CHECK_INT(wire_connect(port), -1);
    CHECK_INT(atomic_load(&seen.strangers), 0);
}

TESTS(starts, keeps_alive_and_pipelines, tells_what_was_asked, refuses, refuses_what_is_too_long, answers_head_like_get,
      answers_conditions, keeps_in_step_after_not_modified, refuses_a_large_body_early, cuts_a_chunked_body,
      answers_expectations, answers_half_closed, goes_on_when_clients_leave, counts, stops)
