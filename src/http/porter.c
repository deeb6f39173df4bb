/* The porter: one thread that accepts connections and gives them to the loops, turns away those beyond the limits, cuts
 * what is late, wakes streams, and drains connections that were refused before they had sent everything. It never
 * blocks on anybody. */
#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h> /* that of libc knows no tcpi_bytes_acked */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { EVENT_TCP, EVENT_LOCAL, EVENT_TICK, EVENT_GAP, EVENT_NUDGE, EVENT_DRAIN /* + its place */ };
enum {
    EVENTS = 64,
    ACCEPTS_A_TURN = 64,
    SHORT_OF_DESCRIPTORS_MS = 20,
    WAKE_GAP_US = 4, /* for each stream that was woken: then the loops had their turn */
    WAKE_GAP_MOST_US = 20000,
    STOP_LOOK_MS = 20,    /* how often a stopping porter looks at its peers */
    STOP_QUIET_LOOKS = 3, /* without a byte, and no request begun: closed */
    STOP_PART_LOOKS = 50  /* the same with half a request or an untaken piece of a stream */
};

static void watch(const struct http_server *server, int descriptor, uint32_t events, uint64_t what)
{
    struct epoll_event event = {.events = events, .data.u64 = what};
    (void)epoll_ctl(server->epoll, EPOLL_CTL_ADD, descriptor, &event);
}

void porter_nudge(struct http_server *server)
{
    (void)!write(server->event, &(uint64_t){1}, sizeof(uint64_t));
}

/* ---- accepting */

static void take_in(struct http_server *server, int socket, const struct sockaddr *address, socklen_t size, bool local)
{
    struct peer *peer = peer_open(server, socket, local ? NULL : address);
    if (peer == NULL) {
        atomic_fetch_add(&server->refused, 1);
        close(socket);
        return;
    }
    atomic_fetch_add(&server->connections, 1);
    /* From here on the peer may be gone at any time; where the library fails, it has closed the socket. */
    if (MHD_add_connection(peer->loop->daemon, socket, address, size) != MHD_YES) peer_close(server, socket);
}

static void accept_some(struct http_server *server, int door, bool local)
{
    for (unsigned i = 0; i < ACCEPTS_A_TURN; i++) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof address;
        int socket = accept4(door, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            take_in(server, socket, (const struct sockaddr *)&address, size, local);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            nanosleep(&(struct timespec){.tv_nsec = SHORT_OF_DESCRIPTORS_MS * 1000000L}, NULL);
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return;
        }
    }
}

/* ---- lingering: without it, closing with unread bytes resets the connection, and the refusal may be lost on the way
 */

void porter_drain(struct http_server *server, int socket)
{
    for (size_t i = 0; i < HTTP_DRAINS; i++) {
        struct drain *drain = &server->drains[i];
        if (drain->socket >= 0) continue;
        drain->socket = fcntl(socket, F_DUPFD_CLOEXEC, 0);
        if (drain->socket < 0) return;
        drain->until = atomic_load(&server->tick) + HTTP_DRAIN_S * TICKS_A_SECOND;
        drain->bytes = 0;
        watch(server, drain->socket, EPOLLIN | EPOLLRDHUP, EVENT_DRAIN + i);
        return;
    }
}

static void drain_end(const struct http_server *server, struct drain *drain)
{
    if (drain->socket < 0) return;
    /* Closing would not be enough while the loop still has its own descriptor of it. */
    (void)epoll_ctl(server->epoll, EPOLL_CTL_DEL, drain->socket, NULL);
    close(drain->socket);
    drain->socket = -1;
}

static void drain_read(struct http_server *server, size_t place)
{
    char nothing[16 * 1024];
    pthread_mutex_lock(&server->lock);
    struct drain *drain = &server->drains[place];
    ssize_t got = drain->socket < 0 ? 0 : recv(drain->socket, nothing, sizeof nothing, MSG_DONTWAIT);
    if (got > 0) drain->bytes += (size_t)got;
    if (got == 0 || (got < 0 && errno != EAGAIN) || drain->bytes >= HTTP_DRAIN_BYTES) drain_end(server, drain);
    pthread_mutex_unlock(&server->lock);
}

/* ---- time limits */

static void cut(struct http_server *server, struct peer *peer, enum phase phase)
{
    /* Nothing else is being written there, and the loop writes nothing after it. */
    if ((phase == PHASE_HEAD || phase == PHASE_BODY) && !peer->loop->tls)
        (void)!send(peer->socket, server->late.data, server->late.size, MSG_DONTWAIT | MSG_NOSIGNAL);
    /* Else the system would keep what was not taken, and go on sending it. */
    if (phase == PHASE_ANSWER || phase == PHASE_GIVEN)
        (void)setsockopt(peer->socket, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
    shutdown(peer->socket, SHUT_RDWR);
    atomic_fetch_add(&server->cut_off, 1);
}

/* Whether a client that still takes its answer takes it at a rate that is not too slow; then it has some time more. The
 * kernel knows what arrived. The first look of an answer has nothing to compare with. */
static bool still_moves(struct http_server *server, struct peer *peer, uint64_t *due, uint64_t now)
{
    struct tcp_info about = {0};
    socklen_t size = sizeof about;
    unsigned more_s = server->options.answer_s < HTTP_MOVE_S ? server->options.answer_s : HTTP_MOVE_S;
    uint64_t next = (now + (uint64_t)more_s * TICKS_A_SECOND) << 3 | (*due & 7);
    if (getsockopt(peer->socket, IPPROTO_TCP, TCP_INFO, &about, &size) != 0) return false;
    uint64_t before = peer->taken;
    bool first = peer->moving != *due;
    peer->taken = about.tcpi_bytes_acked;
    if (!first && peer->taken - before < (uint64_t)more_s * HTTP_LEAST_RATE) return false;
    peer->moving = next;
    return atomic_compare_exchange_strong(&peer->due, due, next);
}

/* A client that asked and closed its half in one go: the library took both in one event and forgot the second. One look
 * for each idle time is enough, for what comes later is an event of its own. */
static void look_for_gone(struct peer *peer, uint64_t due)
{
    char byte;
    if (peer->looked == due) return;
    peer->looked = due;
    if (recv(peer->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) shutdown(peer->socket, SHUT_RDWR);
}

static void look_for_late(struct http_server *server)
{
    uint64_t now = atomic_load(&server->tick);
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->peers_size; i++) {
        struct peer *peer = server->peers[i];
        if (peer == NULL || !peer->started) continue;
        uint64_t due = atomic_load(&peer->due);
        if ((due & 7) == PHASE_IDLE) look_for_gone(peer, due);
        if (due >> 3 == 0 || now <= due >> 3) continue;
        enum phase phase = due & 7;
        if ((phase == PHASE_ANSWER || phase == PHASE_GIVEN) && still_moves(server, peer, &due, now)) continue;
        if (atomic_compare_exchange_strong(&peer->due, &due, PHASE_CUT)) cut(server, peer, phase);
    }
    for (size_t i = 0; i < HTTP_DRAINS; i++)
        if (server->drains[i].socket >= 0 && now > server->drains[i].until) drain_end(server, &server->drains[i]);
    pthread_mutex_unlock(&server->lock);
}

/* ---- waking streams: not more often than the loops can follow */

static void wake(struct http_server *server)
{
    if (server->gap || !atomic_exchange(&server->woken, false)) return;
    unsigned count = streams_resume(server, true);
    if (count == 0) return;
    long gap_us = (long)count * WAKE_GAP_US < WAKE_GAP_MOST_US ? (long)count * WAKE_GAP_US : WAKE_GAP_MOST_US;
    struct itimerspec once = {.it_value.tv_nsec = gap_us * 1000};
    server->gap = timerfd_settime(server->gap_timer, 0, &once, NULL) == 0;
}

/* ---- stopping */

static bool is_quiet(struct peer *peer)
{
    int left = 0;
    enum phase phase = atomic_load(&peer->due) & 7;
    bool still = phase == PHASE_STREAM || phase == PHASE_GIVEN ||
                 (phase != PHASE_ANSWER && ioctl(peer->socket, FIONREAD, &left) == 0 && left == 0);
    peer->quiet = still ? peer->quiet + 1 : 0;
    return peer->quiet >= (phase == PHASE_OPEN || phase == PHASE_IDLE ? STOP_QUIET_LOOKS : STOP_PART_LOOKS);
}

/* Closes who has no whole request; at the end of the time, everybody. Gives how many are left, but at the end without
 * those whom the library never began with, for want of memory: they will not leave. */
static unsigned send_home(struct http_server *server, bool everybody)
{
    unsigned left = 0;
    if (everybody) crew_drop(server);
    (void)streams_resume(server, true);
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->peers_size; i++) {
        struct peer *peer = server->peers[i];
        if (peer == NULL) continue;
        if (everybody || is_quiet(peer)) shutdown(peer->socket, SHUT_RDWR);
        if (!everybody || peer->started) left++;
    }
    pthread_mutex_unlock(&server->lock);
    return left;
}

static void stop(struct http_server *server)
{
    uint64_t until = atomic_load(&server->tick) + HTTP_STOP_S * TICKS_A_SECOND;
    door_close(&server->tcp);
    door_close(&server->local);
    while (send_home(server, atomic_load(&server->tick) > until) > 0) {
        uint64_t ticks;
        nanosleep(&(struct timespec){.tv_nsec = STOP_LOOK_MS * 1000000L}, NULL);
        if (read(server->timer, &ticks, sizeof ticks) == sizeof ticks) atomic_fetch_add(&server->tick, ticks);
    }
    for (size_t i = 0; i < HTTP_DRAINS; i++) drain_end(server, &server->drains[i]);
}

/* ---- the thread */

static void tick(struct http_server *server)
{
    uint64_t ticks;
    if (read(server->timer, &ticks, sizeof ticks) != sizeof ticks) return;
    atomic_fetch_add(&server->tick, ticks);
    look_for_late(server);
    (void)streams_resume(server, false);
}

static void on_event(struct http_server *server, uint64_t what)
{
    uint64_t number;
    switch (what) {
    case EVENT_TCP: accept_some(server, server->tcp.socket, false); break;
    case EVENT_LOCAL: accept_some(server, server->local.socket, true); break;
    case EVENT_TICK: tick(server); break;
    case EVENT_GAP:
        (void)!read(server->gap_timer, &number, sizeof number);
        server->gap = false;
        wake(server);
        break;
    case EVENT_NUDGE:
        (void)!read(server->event, &number, sizeof number);
        wake(server);
        break;
    default: drain_read(server, (size_t)(what - EVENT_DRAIN));
    }
}

static void *serve(void *context)
{
    struct http_server *server = context;
    struct epoll_event events[EVENTS];
    while (!atomic_load(&server->stopping)) {
        int count = epoll_wait(server->epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) on_event(server, events[i].data.u64);
    }
    stop(server);
    return NULL;
}

enum { PORTER_STACK_BYTES = 256 * 1024 };

enum status porter_start(struct http_server *server, struct error *error)
{
    const struct timespec turn = {.tv_nsec = 1000000000L / TICKS_A_SECOND};
    const struct itimerspec every = {.it_interval = turn, .it_value = turn};
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    server->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    server->gap_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (server->epoll < 0 || server->event < 0 || server->gap_timer < 0 || server->timer < 0 ||
        timerfd_settime(server->timer, 0, &every, NULL) != 0)
        return error_system(error, "start", "epoll", errno);
    watch(server, server->event, EPOLLIN, EVENT_NUDGE);
    watch(server, server->timer, EPOLLIN, EVENT_TICK);
    watch(server, server->gap_timer, EPOLLIN, EVENT_GAP);
    watch(server, server->tcp.socket, EPOLLIN, EVENT_TCP);
    if (server->local.socket >= 0) watch(server, server->local.socket, EPOLLIN, EVENT_LOCAL);
    int failed = thread_start(&server->porter, serve, server, PORTER_STACK_BYTES);
    if (failed != 0) return error_system(error, "start", "a thread", failed);
    return STATUS_DONE;
}
