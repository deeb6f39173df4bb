#include "http/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

bool peer_until(struct peer *peer, enum phase phase, uint64_t tick)
{
    uint64_t before = atomic_exchange(&peer->due, tick << 3 | phase);
    if ((before & 7) != PHASE_CUT) return true;
    atomic_store(&peer->due, PHASE_CUT);
    return false;
}

static unsigned limit_s(const struct http_options *options, enum phase phase)
{
    switch (phase) {
    case PHASE_OPEN:
    case PHASE_HEAD: return options->head_s;
    case PHASE_IDLE:
    case PHASE_GIVEN: return options->idle_s;
    case PHASE_BODY: return options->body_s;
    case PHASE_ANSWER: return options->answer_s;
    case PHASE_STREAM:
    case PHASE_CUT: break;
    }
    return 0;
}

bool peer_enter(struct peer *peer, enum phase phase)
{
    const struct http_server *server = peer->loop->server;
    uint64_t ticks = (uint64_t)limit_s(&server->options, phase) * TICKS_A_SECOND;
    uint64_t now = atomic_load_explicit(&server->tick, memory_order_relaxed);
    return peer_until(peer, phase, ticks == 0 ? 0 : now + ticks);
}

void peer_head(struct peer *peer)
{
    const struct http_server *server = peer->loop->server;
    uint64_t until =
        atomic_load_explicit(&server->tick, memory_order_relaxed) + (uint64_t)server->options.head_s * TICKS_A_SECOND;
    uint64_t before = atomic_load(&peer->due), due;
    do {
        if ((before & 7) == PHASE_CUT) return; /* the next phase tells the loop */
        due = ((before >> 3) < until ? before >> 3 : until) << 3 | PHASE_HEAD;
    } while (!atomic_compare_exchange_weak(&peer->due, &before, due));
}

static bool address_key(const struct sockaddr *address, uint8_t key[16])
{
    memset(key, 0, 16);
    if (address->sa_family == AF_INET) {
        memset(key + 10, 0xFF, 2);
        memcpy(key + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        return true;
    }
    if (address->sa_family != AF_INET6) return false;
    const struct in6_addr *in = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    memcpy(key, in, IN6_IS_ADDR_V4MAPPED(in) ? 16 : 8);
    return true;
}

static struct address **bucket_of(struct http_server *server, const uint8_t key[16])
{
    uint32_t hash = 2166136261U; /* FNV-1a: what somebody gains by colliding is a walk over their own few thousand */
    for (size_t i = 0; i < 16; i++) hash = (hash ^ key[i]) * 16777619U;
    return &server->addresses[(hash ^ (hash >> 16)) % HTTP_ADDRESS_BUCKETS];
}

/* Counts one more of an address; NULL if that is one too many. */
static struct address *address_take(struct http_server *server, const struct sockaddr *of)
{
    uint8_t key[16];
    if (!address_key(of, key)) return NULL;
    struct address **bucket = bucket_of(server, key), *address = *bucket;
    while (address != NULL && memcmp(address->key, key, sizeof key) != 0) address = address->next;
    if (address == NULL) {
        address = calloc(1, sizeof *address);
        if (address == NULL) return NULL;
        memcpy(address->key, key, sizeof key);
        address->next = *bucket;
        *bucket = address;
    }
    if (address->count >= server->options.per_address) return NULL;
    address->count++;
    return address;
}

static void address_give(struct http_server *server, struct address *address)
{
    if (--address->count > 0) return;
    struct address **at = bucket_of(server, address->key);
    while (*at != address) at = &(*at)->next;
    *at = address->next;
    free(address);
}

static bool make_room(struct http_server *server, size_t socket)
{
    if (socket < server->peers_size) return true;
    size_t size = server->peers_size == 0 ? 256 : server->peers_size;
    while (size <= socket) size *= 2;
    struct peer **peers = realloc(server->peers, size * sizeof *peers);
    if (peers == NULL) return false;
    memset(peers + server->peers_size, 0, (size - server->peers_size) * sizeof *peers);
    server->peers = peers;
    server->peers_size = size;
    return true;
}

static void remove_at(struct http_server *server, size_t socket)
{
    struct peer *peer = server->peers[socket];
    server->peers[socket] = NULL;
    server->open--;
    atomic_fetch_sub(&peer->loop->open, 1);
    if (peer->address != NULL) address_give(server, peer->address);
    request_clear(&peer->request);
    free(peer);
}

/* The loop with the fewest connections among those that serve this door. */
static struct loop *loop_for(struct http_server *server, bool local)
{
    struct loop *best = NULL;
    unsigned from = local ? server->first_local : 0;
    unsigned count = local ? server->local_count : server->loop_count - (server->first_local > 0);
    for (unsigned i = from; i < from + count; i++)
        if (best == NULL || atomic_load(&server->loops[i].open) < atomic_load(&best->open)) best = &server->loops[i];
    return best;
}

struct peer *peer_open(struct http_server *server, int socket, const struct sockaddr *of)
{
    size_t at = (size_t)socket;
    struct peer *peer = NULL;
    struct address *address = NULL;
    pthread_mutex_lock(&server->lock);
    /* One that the library lost for want of memory: its number has come back, so it is closed. */
    if (at < server->peers_size && server->peers[at] != NULL) remove_at(server, at);
    bool room = server->open < server->options.connections && make_room(server, at);
    if (room && of != NULL) address = address_take(server, of);
    if (room && (of == NULL || address != NULL)) peer = calloc(1, sizeof *peer);
    if (peer != NULL) {
        peer->loop = loop_for(server, of == NULL);
        peer->address = address;
        peer->socket = socket;
        peer->request.peer = peer;
        (void)peer_enter(peer, PHASE_OPEN);
        atomic_fetch_add(&peer->loop->open, 1);
        server->peers[at] = peer;
        server->open++;
    } else if (address != NULL) {
        address_give(server, address);
    }
    pthread_mutex_unlock(&server->lock);
    return peer;
}

void peer_close(struct http_server *server, int socket)
{
    pthread_mutex_lock(&server->lock);
    struct peer *peer = (size_t)socket < server->peers_size ? server->peers[socket] : NULL;
    if (peer != NULL) {
        if (peer->linger) porter_drain(server, socket);
        remove_at(server, (size_t)socket);
    }
    pthread_mutex_unlock(&server->lock);
}

void peers_clear(struct http_server *server)
{
    for (size_t i = 0; i < server->peers_size; i++)
        if (server->peers[i] != NULL) remove_at(server, i);
    free(server->peers);
}

struct peer *peer_of(struct http_server *server, int socket)
{
    pthread_mutex_lock(&server->lock);
    struct peer *peer = (size_t)socket < server->peers_size ? server->peers[socket] : NULL;
    if (peer != NULL) peer->started = true;
    pthread_mutex_unlock(&server->lock);
    return peer;
}
