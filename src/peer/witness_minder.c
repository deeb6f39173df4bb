/* The thread that asks the peers what they have with our cosignature, until each has answered, and keeps the state
 * alive. */
#include "base/arena.h"
#include "http/http.h"
#include "peer/witness.h"
#include "system/clock.h"

#include <stdlib.h>

enum { ASK_S = 10, FIRST_PAUSE_MS = 500, LAST_PAUSE_MS = 30000, ANSWER_MOST = 1 << 20 };

struct witness_minder {
    struct witness *witness;
    char **urls;
    size_t count;
    char *certificate_authority;
    pthread_t thread;
    bool runs;
    pthread_mutex_t mutex;
    pthread_cond_t ends;
    bool ended;
};

static enum status ask(struct witness_minder *m, size_t peer, struct error *error)
{
    const struct http_call call = {.url = m->urls[peer],
                                   .method = "GET",
                                   .accept = "text/plain",
                                   .certificate_authority = m->certificate_authority,
                                   .connect_s = ASK_S,
                                   .total_s = ASK_S,
                                   .answer_most = ANSWER_MOST};
    struct http_result result = {0};
    TRY(http_fetch(&call, &result, error));
    enum status status = result.status == 200
                             ? witness_hear(m->witness, peer, buffer_slice(&result.body), error)
                             : error_set(error, STATUS_FAILED, "witness-peer-status", "The peer {0} answered {1}.",
                                         m->urls[peer], error_number(result.status).text, NULL);
    buffer_clear(&result.body);
    return status;
}

/* True once all have answered. */
static bool ask_all(struct witness_minder *m)
{
    bool all = true;
    struct error why;
    for (size_t i = 0; i < m->count; i++)
        if (!witness_heard(m->witness, i) && ask(m, i, &why) != STATUS_DONE) all = false;
    return all;
}

/* False when it is time to end. */
static bool wait_ms(struct witness_minder *m, int64_t ms)
{
    struct timespec until = clock_deadline(ms);
    pthread_mutex_lock(&m->mutex);
    while (!m->ended && pthread_cond_timedwait(&m->ends, &m->mutex, &until) == 0) continue;
    bool goes_on = !m->ended;
    pthread_mutex_unlock(&m->mutex);
    return goes_on;
}

static void *mind(void *context)
{
    struct witness_minder *m = context;
    struct error why;
    bool all = false;
    int64_t pause_ms = FIRST_PAUSE_MS, since_alive_ms = 0;
    do {
        if (!all) all = ask_all(m);
        if (since_alive_ms >= WITNESS_ALIVE_S * 1000) {
            (void)!witness_alive(m->witness, &why);
            since_alive_ms = 0;
        }
        since_alive_ms += pause_ms;
        pause_ms = 2 * pause_ms > LAST_PAUSE_MS ? LAST_PAUSE_MS : 2 * pause_ms;
    } while (wait_ms(m, pause_ms));
    return NULL;
}

static enum status start(struct witness_minder *m, const char *const *urls, size_t count,
                         const char *certificate_authority, struct error *error)
{
    m->urls = calloc(count + 1, sizeof *m->urls);
    if (m->urls == NULL) return arena_full(error);
    for (; m->count < count; m->count++)
        if ((m->urls[m->count] = strdup(urls[m->count])) == NULL) return arena_full(error);
    if (certificate_authority != NULL && (m->certificate_authority = strdup(certificate_authority)) == NULL)
        return arena_full(error);
    m->runs = pthread_create(&m->thread, NULL, mind, m) == 0;
    return m->runs ? STATUS_DONE : error_set(error, STATUS_FAILED, "thread", "A thread could not be started.", NULL);
}

enum status witness_minder_start(struct witness_minder **out, struct witness *witness, const char *const *urls,
                                 size_t count, const char *certificate_authority, struct error *error)
{
    struct witness_minder *m = calloc(1, sizeof *m);
    if (m == NULL) return arena_full(error);
    m->witness = witness;
    pthread_mutex_init(&m->mutex, NULL);
    clock_condition(&m->ends);
    enum status status = start(m, urls, count, certificate_authority, error);
    if (status == STATUS_DONE)
        *out = m;
    else
        witness_minder_stop(&m);
    return status;
}

void witness_minder_stop(struct witness_minder **minder)
{
    struct witness_minder *m = *minder;
    *minder = NULL;
    if (m == NULL) return;
    pthread_mutex_lock(&m->mutex);
    m->ended = true;
    pthread_cond_signal(&m->ends);
    pthread_mutex_unlock(&m->mutex);
    if (m->runs) pthread_join(m->thread, NULL);
    for (size_t i = 0; m->urls != NULL && i < m->count; i++) free(m->urls[i]);
    free(m->urls);
    free(m->certificate_authority);
    pthread_cond_destroy(&m->ends);
    pthread_mutex_destroy(&m->mutex);
    free(m);
}
