#include "http/server.h"

#include <signal.h>
#include <stdlib.h>

/* What the handlers keep for one thread. The library's threads end inside the library, so it is given back by the
 * destructor of a thread-specific value. */
struct seat {
    const struct http_server *server;
    void *own;
};

static _Thread_local struct seat *seat;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void leave(void *value)
{
    struct seat *left = value;
    const struct http_handlers *handlers = &left->server->handlers;
    if (handlers->thread_close != NULL) handlers->thread_close(handlers->context, left->own);
    free(left);
    seat = NULL;
}

static void make_key(void)
{
    (void)pthread_key_create(&key, leave);
}

void thread_enter(struct http_server *server)
{
    if (seat != NULL) return;
    pthread_once(&once, make_key);
    seat = calloc(1, sizeof *seat);
    if (seat == NULL) return;
    seat->server = server;
    if (server->handlers.thread_open != NULL) seat->own = server->handlers.thread_open(server->handlers.context);
    (void)pthread_setspecific(key, seat);
}

void *http_thread(void)
{
    return seat == NULL ? NULL : seat->own;
}

/* Signals are for the program's first thread; those of a crash stay with whoever crashes. */
static void block_signals(sigset_t *before)
{
    sigset_t blocked;
    sigfillset(&blocked);
    const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
    for (size_t i = 0; i < COUNT_OF(own); i++) sigdelset(&blocked, own[i]);
    pthread_sigmask(SIG_BLOCK, &blocked, before);
}

int thread_start(pthread_t *thread, void *(*run)(void *), void *context, size_t stack_bytes)
{
    pthread_attr_t attributes;
    sigset_t before;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    block_signals(&before);
    int failed = pthread_create(thread, &attributes, run, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failed;
}
