/* Stopping: whoever asked is answered, nobody else holds it up. */
#include "http_wire.h"

static struct http_server *server;
static uint16_t port;

static void *stop(void *context)
{
    http_stop(context);
    return NULL;
}

static void answers_who_asked(void)
{
    enum { ASKERS = 40 };
    struct wire asked[ASKERS], idle[10], half[10], stream;
    struct answer answer;
    server = server_start(&(struct http_options){.workers = 8});
    port = http_port(server);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        asked[i] = (struct wire){.socket = wire_connect(port)};
        wire_say(asked[i].socket, i % 2 == 0 ? GET_("/aside/slow?ms=100") : GET_("/aside") GET_("/tag"));
    }
    for (size_t i = 0; i < COUNT_OF(idle); i++) {
        idle[i] = (struct wire){.socket = wire_connect(port)};
        if (i % 2 == 0) continue;
        wire_say(idle[i].socket, GET_("/small"));
        wire_read(&idle[i], &answer, false);
        buffer_clear(&answer.body);
    }
    for (size_t i = 0; i < COUNT_OF(half); i++) {
        half[i] = (struct wire){.socket = wire_connect(port)};
        wire_say(half[i].socket, i % 2 == 0 ? "GET /small HTTP/1.1\r\nHo"
                                            : "POST /a HTTP/1.1\r\nHost: x\r\n"
                                              "Content-Length: 10\r\n\r\nabc");
    }
    stream = (struct wire){.socket = wire_connect(port)};
    wire_say(stream.socket, GET_("/events"));
    wire_read_head(&stream, &answer);
    int64_t from = now_ms();
    pthread_t stopping;
    pthread_create(&stopping, NULL, stop, &server);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        wire_read(&asked[i], &answer, false);
        CHECK_INT(answer.status, 200);
        CHECK(answer.whole);
        buffer_clear(&answer.body);
        CHECK(wire_ends(&asked[i], 5000)); /* with or without the second answer */
        wire_close(&asked[i]);
    }
    pthread_join(stopping, NULL);
    printf("stopped in %d ms\n", (int)(now_ms() - from));
    CHECK(now_ms() - from < 4000);
    CHECK_INT(wire_connect(port), -1);
    bool last = false;
    OWN(buffer_clear) struct buffer piece = {0};
    while (!last && wire_chunk(&stream, &piece, &last)) continue;
    CHECK(last);
    wire_close(&stream);
    for (size_t i = 0; i < COUNT_OF(idle); i++) {
        CHECK(wire_ends(&idle[i], 1000));
        wire_close(&idle[i]);
        CHECK(wire_ends(&half[i], 1000));
        wire_close(&half[i]);
    }
    CHECK_INT(atomic_load(&seen.threads), 0);
}

/* Askers that never stop: each gets whole answers until there are no more. */
static struct {
    _Atomic bool going;
    _Atomic unsigned whole, broken;
} load;

static void *ask_on(void *context)
{
    (void)context;
    while (atomic_load(&load.going)) {
        struct wire wire = {.socket = wire_connect(port)};
        struct answer answer = {.status = 200};
        for (int i = 0; i < 20 && wire.socket >= 0 && answer.status == 200; i++) {
            wire_say(wire.socket, i % 2 == 0 ? GET_("/aside") : GET_("/small"));
            wire_read(&wire, &answer, false);
            if (answer.status == 200) atomic_fetch_add(answer.whole ? &load.whole : &load.broken, 1);
            buffer_clear(&answer.body);
        }
        if (wire.socket >= 0) wire_close(&wire);
    }
    return NULL;
}

static void stops_under_load(void)
{
    pthread_t threads[8];
    atomic_store(&load.going, true);
    for (int round = 0; round < 5; round++) {
        server = server_start(&(struct http_options){0});
        port = http_port(server);
        atomic_store(&load.going, true);
        for (size_t i = 0; i < COUNT_OF(threads); i++) pthread_create(&threads[i], NULL, ask_on, NULL);
        pause_ms(100);
        int64_t from = now_ms();
        server_stop(&server);
        CHECK(now_ms() - from < 4000);
        atomic_store(&load.going, false);
        for (size_t i = 0; i < COUNT_OF(threads); i++) pthread_join(threads[i], NULL);
    }
    CHECK(atomic_load(&load.whole) > 100);
    CHECK_INT(atomic_load(&load.broken), 0);
}

static void starts_and_stops_with_nothing_left(void)
{
    for (int i = 0; i < 20; i++) {
        server = server_start(&(struct http_options){.loops = 1 + (unsigned)i % 3});
        server_stop(&server);
    }
    http_stop(&server); /* nothing to stop */
}

TESTS(answers_who_asked, stops_under_load, starts_and_stops_with_nothing_left)
