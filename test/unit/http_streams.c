/* Streams: woken, beating, not taken, left; and two thousand of them. */
#include "http_wire.h"

#include <sys/resource.h>

static struct http_server *server;
static uint16_t port;

static struct wire open_stream(const char *request)
{
    struct wire wire = {.socket = wire_connect(port)};
    struct answer answer;
    wire_say(wire.socket, request);
    wire_read_head(&wire, &answer);
    CHECK_INT(answer.status, 200);
    CHECK_STRING(answer_header(&answer, "Content-Type"), "text/event-stream");
    return wire;
}

/* The next piece, which has to be this one. */
static bool hears(struct wire *wire, const char *wanted)
{
    OWN(buffer_clear) struct buffer piece = {0};
    bool last;
    return wire_chunk(wire, &piece, &last) && slice_is(buffer_slice(&piece), wanted);
}

static bool nothing_streams(struct http_server *of)
{
    struct http_counts counts;
    http_count(of, &counts);
    return counts.streams == 0 && counts.open == 0;
}

static bool one_streams(struct http_server *of)
{
    struct http_counts counts;
    http_count(of, &counts);
    return counts.streams == 1;
}

static void tells_what_happens(void)
{
    server = server_start(&(struct http_options){.per_address = 4000, .idle_s = 2});
    port = http_port(server);
    struct wire one = open_stream(GET_("/events")), two = open_stream(GET_("/events"));
    for (int i = 1; i <= 50; i++) {
        char wanted[32];
        snprintf(wanted, sizeof wanted, "id: %d\n\n", i);
        atomic_store(&seen.events, (unsigned)i);
        http_wake(server);
        CHECK(hears(&one, wanted));
        CHECK(hears(&two, wanted));
    }
    int64_t from = now_ms();
    CHECK(hears(&one, ": beat\n\n"));
    CHECK(now_ms() - from >= 500 && now_ms() - from < 2000);
    wire_close(&one);
    /* The other goes on, and that the first left is noticed by its beats. */
    CHECK(eventually(one_streams, server, 5000));
    CHECK_INT(atomic_load(&seen.closed), 1);
    CHECK(hears(&two, ": beat\n\n"));
    wire_close(&two);
}

static void ends(void)
{
    struct answer answer = wire_ask(port, GET_("/end"));
    CHECK(answer.whole && slice_is(buffer_slice(&answer.body), "all\n"));
    buffer_clear(&answer.body);
    struct wire wire = {.socket = wire_connect(port)};
    wire_say(wire.socket, "GET /end HTTP/1.0\r\n\r\n");
    CHECK(wire_ends(&wire, 2000));
    CHECK(memmem(wire.in.data, wire.in.size, "\r\n\r\nall\n", 8) != NULL);
    wire_close(&wire);
}

/* Who does not take what a stream gives makes nothing grow. */
static void waits_for_who_is_slow(void)
{
    struct wire wire = {.socket = wire_connect(port)};
    atomic_store(&seen.produced, 0);
    wire_say(wire.socket, GET_("/flow"));
    pause_ms(300);
    uint64_t first = atomic_load(&seen.produced);
    for (int i = 0; i < 10; i++) http_wake(server);
    pause_ms(200);
    CHECK_INT(atomic_load(&seen.produced), first);
    CHECK(first < 16 * 1024 * 1024); /* what the system's own buffers take */
    CHECK_OTHERS(port);
    uint64_t taken = 0;
    while (taken < 2 * first && wire_more(&wire, 1000)) {
        taken += wire.in.size;
        buffer_reset(&wire.in);
    }
    CHECK(atomic_load(&seen.produced) > first);
    wire_close(&wire);
}

/* Wakes from many threads while streams come and go. */
static void *wakes(void *context)
{
    (void)context;
    for (int i = 0; i < 2000; i++) http_wake(server);
    return NULL;
}

static void survives_wakes_from_everywhere(void)
{
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(threads); i++) pthread_create(&threads[i], NULL, wakes, NULL);
    for (int i = 0; i < 200; i++) {
        struct wire wire = {.socket = wire_connect(port)};
        wire_say(wire.socket, GET_("/events"));
        if (i % 2 == 0) (void)wire_more(&wire, 1000);
        wire_close(&wire);
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++) pthread_join(threads[i], NULL);
    CHECK(eventually(nothing_streams, server, 5000));
    server_stop(&server);
}

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
    if (file != NULL) fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

enum { STREAMS = 2000, ROUNDS = 5 };

static void serves_two_thousand(void)
{
    static struct wire wires[STREAMS];
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 8192 ? limit.rlim_max : 8192;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < 2 * STREAMS + 100) {
        fprintf(stderr, "too few descriptors are allowed for %d streams\n", STREAMS);
        exit(77); /* skipped */
    }
    atomic_store(&seen.events, 0);
    server = server_start(&(struct http_options){.per_address = 4000});
    port = http_port(server);
    long before = resident_kib();
    int64_t from = now_ms();
    for (size_t i = 0; i < STREAMS; i++) wires[i] = open_stream(GET_("/events"));
    printf("%d streams opened in %d ms, ", STREAMS, (int)(now_ms() - from));
    int64_t worst = 0;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        char wanted[32];
        size_t heard = 0;
        snprintf(wanted, sizeof wanted, "id: %u\n\n", round);
        atomic_store(&seen.events, round);
        from = now_ms();
        http_wake(server);
        for (size_t i = 0; i < STREAMS; i++) {
            OWN(buffer_clear) struct buffer piece = {0};
            bool last;
            do buffer_reset(&piece); /* beats may come between */
            while (wire_chunk(&wires[i], &piece, &last) && slice_is(buffer_slice(&piece), ": beat\n\n"));
            heard += slice_is(buffer_slice(&piece), wanted);
        }
        CHECK_INT(heard, STREAMS);
        if (now_ms() - from > worst) worst = now_ms() - from;
        CHECK_OTHERS(port);
    }
    struct http_counts counts;
    http_count(server, &counts);
    CHECK_INT(counts.streams, STREAMS);
    long after = resident_kib(); /* with the clients' own buffers: 256 bytes each */
    printf("an event reached all in %d ms at most, %ld KiB for each\n", (int)worst, (after - before) / STREAMS);
    from = now_ms();
    server_stop(&server);
    CHECK(now_ms() - from < 3000);
    for (size_t i = 0; i < STREAMS; i++) {
        bool last = false;
        OWN(buffer_clear) struct buffer piece = {0};
        while (!last && wire_chunk(&wires[i], &piece, &last)) continue;
        CHECK(last);
        wire_close(&wires[i]);
    }
}

TESTS(tells_what_happens, ends, waits_for_who_is_slow, survives_wakes_from_everywhere, serves_two_thousand)
