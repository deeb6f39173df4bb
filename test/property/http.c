/* Random and wounded bytes at a real server: it goes on serving, and keeps nothing of whom it served. */
#include "http_wire.h"
#include "random.h"

static struct http_server *server;
static uint16_t port;
static struct random rng;

static const char *const seeds[] = {
    GET_("/small"),
    GET_("/aside?q=%20a&b=c") GET_("/tag"),
    "POST /f?q=1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    "9\r\n\r\nf=a%20&g=",
    "POST /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n",
    "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
    "POST /aside/big HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc",
    "GET /tag HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/\"v1\", \"b\"\r\nIf-Match: *\r\nCookie: c=d; e=\"f\"\r\n\r\n",
    "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "HEAD http://x/aside HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\td\r\nConnection: close\r\n\r\n",
    GET_("/events"),
    "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde" GET_("/end"),
};

enum { MOST = 4096, ROUNDS = 1500 };

static size_t wound(uint8_t *out, size_t size)
{
    static const uint8_t telling[] = "\r\n\0 \t:;,=%&?/\"0fF9\x80\xFF";
    for (uint64_t wounds = random_below(&rng, 6); wounds > 0 && size > 0; wounds--) {
        size_t at = (size_t)random_below(&rng, size), piece = 1 + (size_t)random_below(&rng, size - at);
        switch (random_below(&rng, 5)) {
        case 0: out[at] = (uint8_t)random_below(&rng, 256); break;
        case 1: out[at] = telling[random_below(&rng, sizeof telling)]; break;
        case 2:
            memmove(out + at, out + at + piece, size - at - piece);
            size -= piece;
            break;
        case 3:
            if (size + piece > MOST) break;
            memmove(out + at + piece, out + at, size - at);
            size += piece;
            break;
        default: out[at] ^= (uint8_t)(1U << random_below(&rng, 8));
        }
    }
    return size;
}

static size_t make(uint8_t *out)
{
    if (random_chance(&rng, 10)) {
        size_t size = (size_t)random_below(&rng, MOST);
        for (size_t i = 0; i < size; i++) out[i] = (uint8_t)random_next(&rng);
        return size;
    }
    const char *seed = seeds[random_below(&rng, COUNT_OF(seeds))];
    memcpy(out, seed, strlen(seed));
    return wound(out, strlen(seed));
}

/* Said in one piece or two, read or not, left politely or not. */
static void bother(void)
{
    uint8_t bytes[MOST];
    size_t size = make(bytes), first = random_chance(&rng, 30) ? (size_t)random_below(&rng, size + 1) : size;
    struct wire wire = {.socket = wire_connect(port)};
    if (!CHECK(wire.socket >= 0)) return;
    (void)send(wire.socket, bytes, first, MSG_NOSIGNAL);
    if (first < size) (void)send(wire.socket, bytes + first, size - first, MSG_NOSIGNAL);
    if (random_chance(&rng, 40)) (void)wire_more(&wire, 20);
    if (random_chance(&rng, 20)) shutdown(wire.socket, SHUT_WR);
    struct linger now = {.l_onoff = 1};
    if (random_chance(&rng, 20)) setsockopt(wire.socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    wire_close(&wire);
}

int main(int count, char **arguments)
{
    rng = random_start(count, arguments);
    server = server_start(&(struct http_options){.head_s = 1, .body_s = 1, .idle_s = 1, .answer_s = 1});
    port = http_port(server);
    for (int i = 0; i < ROUNDS; i++) {
        bother();
        if (i % 50 == 0) CHECK_OTHERS(port);
    }
    CHECK_OTHERS(port);
    CHECK(eventually(nobody_connected, server, 5000));
    struct http_counts counts;
    http_count(server, &counts);
    printf("%llu connections, %llu requests, %llu answered well\n", (unsigned long long)counts.connections,
           (unsigned long long)counts.requests, (unsigned long long)counts.by_class[2]);
    CHECK(counts.requests > ROUNDS / 4 && counts.by_class[2] > ROUNDS / 10 && counts.by_class[4] > 0);
    CHECK_INT(counts.streams, 0);
    server_stop(&server);
    return check_end(__FILE__);
}
