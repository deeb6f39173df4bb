#include "peer/collector.h"

#include "peer/cosign.h"
#include "register/heads.h"
#include "register/writing.h"
#include "system/clock.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    LOOK_MS = 250,     /* between looks for a new head */
    ROUND_S = 10,      /* a round that not all have answered gives way to a newer head after that */
    REFRESH_S = 600,   /* a head that stays is handed out again */
    ASK_S = 8,         /* one request */
    PAUSE_MOST_S = 60, /* between tries at a witness that fails */
    URL_SIZE = 300
};

struct asked { /* one witness */
    struct collector *collector;
    struct cosign_witness witness;
    char url[URL_SIZE + 1];
    pthread_t thread;
    uint64_t answered; /* the last round that it took part in to the end */
    unsigned failures;
    bool ending, ended;
    struct asked *next;
};

struct collector {
    struct truce_register *reg;
    const char *authority;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t news;
    bool stopping;
    uint64_t round; /* from 1 */
    struct buffer head;
    uint64_t size;
    int64_t began; /* by seconds() */
    struct asked *asked;
};

static enum status prove(void *context, uint64_t from, uint64_t to, struct log_proof *out, struct error *error)
{
    struct collector *collector = context;
    return log_prove_consistency(collector->reg->log, from, to, out, error);
}

static int64_t seconds(void)
{
    return clock_steady_ns() / 1000000000;
}

static void wait_until(struct collector *collector, int64_t ms)
{
    const struct timespec until = clock_deadline(ms);
    pthread_cond_timedwait(&collector->news, &collector->mutex, &until);
}

/* One request: what the witness signs is put behind the head and offered. */
static bool ask(struct asked *asked, struct slice head)
{
    OWN(buffer_clear) struct buffer line = {0}, note = {0};
    struct cosigned cosigned = {.line = &line};
    struct error error;
    if (cosign_ask(&asked->witness, head, prove, asked->collector, &cosigned, &error) != STATUS_DONE) return false;
    buffer_put(&note, head);
    buffer_put(&note, buffer_slice(&line));
    return buffer_finish(&note, NULL) == STATUS_DONE &&
           heads_offer(asked->collector->reg, buffer_slice(&note), &error) == STATUS_DONE;
}

static void *asking(void *context)
{
    struct asked *asked = context;
    struct collector *collector = asked->collector;
    pthread_mutex_lock(&collector->mutex);
    while (!asked->ending) {
        if (asked->answered == collector->round) {
            wait_until(collector, 60000);
            continue;
        }
        OWN(buffer_clear) struct buffer head = {0};
        uint64_t round = collector->round;
        buffer_put(&head, buffer_slice(&collector->head));
        pthread_mutex_unlock(&collector->mutex);
        bool good = !head.failed && ask(asked, buffer_slice(&head));
        pthread_mutex_lock(&collector->mutex);
        asked->failures = good ? 0 : asked->failures + 1;
        if (good) asked->answered = round;
        pthread_cond_broadcast(&collector->news);
        /* One that fails is asked again, with the newest head, after a pause that grows. */
        int64_t pause = asked->failures > 6 ? PAUSE_MOST_S : (int64_t)1 << asked->failures;
        for (int64_t end = seconds() + pause; !good && !asked->ending && seconds() < end;) wait_until(collector, 1000);
    }
    asked->ended = true;
    pthread_cond_broadcast(&collector->news);
    pthread_mutex_unlock(&collector->mutex);
    return NULL;
}

/* ---- whom to ask: the witnesses of the policy in force that have an address; the mutex is held */

static bool is_asked(const struct asked *asked, const struct witness_entry *entry)
{
    return asked->witness.key.id == entry->key.id && strcmp(asked->witness.key.name, entry->key.name) == 0 &&
           slice_is(entry->url, asked->url);
}

static void add(struct collector *collector, const struct witness_entry *entry)
{
    if (entry->url.data == NULL || entry->url.size > URL_SIZE) return;
    for (struct asked *asked = collector->asked; asked != NULL; asked = asked->next)
        if (!asked->ending && is_asked(asked, entry)) return;
    struct asked *asked = calloc(1, sizeof *asked);
    if (asked == NULL) return; /* the next round tries again */
    memcpy(asked->url, entry->url.data, entry->url.size);
    asked->collector = collector;
    asked->witness = (struct cosign_witness){
        .url = asked->url, .key = entry->key, .certificate_authority = collector->authority, .total_s = ASK_S};
    if (pthread_create(&asked->thread, NULL, asking, asked) != 0) {
        free(asked);
        return;
    }
    asked->next = collector->asked;
    collector->asked = asked;
}

static void drop(struct collector *collector, const struct witness_policy *policy)
{
    for (struct asked **at = &collector->asked; *at != NULL;) {
        struct asked *asked = *at;
        bool stays = false;
        for (size_t i = 0; i < policy->witness_count; i++) stays = stays || is_asked(asked, &policy->witness[i]);
        if (!stays) asked->ending = true;
        if (!asked->ended) {
            at = &asked->next;
            continue;
        }
        pthread_join(asked->thread, NULL);
        *at = asked->next;
        free(asked);
    }
}

static void choose(struct collector *collector, const struct witness_policy *policy)
{
    for (size_t i = 0; i < policy->witness_count; i++) add(collector, &policy->witness[i]);
    drop(collector, policy);
}

static void choose_now(struct collector *collector)
{
    struct writing *w = collector->reg->writing;
    pthread_rwlock_rdlock(&w->members_lock);
    const struct witness_policy *policy =
        collector->reg->members == NULL ? NULL : members_witnessing(collector->reg->members);
    if (policy != NULL) choose(collector, policy);
    pthread_rwlock_unlock(&w->members_lock);
}

/* ---- rounds */

static bool all_answered(const struct collector *collector)
{
    for (const struct asked *asked = collector->asked; asked != NULL; asked = asked->next)
        if (!asked->ending && asked->answered != collector->round) return false;
    return true;
}

/* The mutex is held: is it time for a new round, and with which head? */
static bool begin_round(struct collector *collector)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    int64_t age = seconds() - collector->began;
    bool first = collector->round == 0;
    bool newer = log_published(collector->reg->log) > collector->size && (all_answered(collector) || age >= ROUND_S);
    if (!first && !newer && age < REFRESH_S) return false;
    if (heads_newest(collector->reg, HEAD_CHECKPOINT, &head, NULL) != STATUS_DONE || head.size == 0) return false;
    buffer_reset(&collector->head);
    buffer_put(&collector->head, buffer_slice(&head.note));
    if (collector->head.failed) return false;
    collector->size = head.size;
    collector->began = seconds();
    collector->round++;
    return true;
}

static void *collecting(void *context)
{
    struct collector *collector = context;
    pthread_mutex_lock(&collector->mutex);
    while (!collector->stopping) {
        choose_now(collector);
        if (begin_round(collector)) pthread_cond_broadcast(&collector->news);
        wait_until(collector, LOOK_MS);
    }
    pthread_mutex_unlock(&collector->mutex);
    return NULL;
}

/* ---- from start to stop */

enum status collector_start(struct collector **out, struct truce_register *reg, const char *authority,
                            struct error *error)
{
    struct collector *collector = calloc(1, sizeof *collector);
    if (collector == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    collector->reg = reg;
    collector->authority = authority;
    pthread_mutex_init(&collector->mutex, NULL);
    clock_condition(&collector->news);
    if (pthread_create(&collector->thread, NULL, collecting, collector) != 0) {
        free(collector);
        return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    }
    *out = collector;
    return STATUS_DONE;
}

void collector_stop(struct collector **collector)
{
    struct collector *c = *collector;
    static const struct witness_policy nobody;
    if (c == NULL) return;
    *collector = NULL;
    pthread_mutex_lock(&c->mutex);
    c->stopping = true;
    pthread_cond_broadcast(&c->news);
    pthread_mutex_unlock(&c->mutex);
    pthread_join(c->thread, NULL);
    pthread_mutex_lock(&c->mutex);
    for (drop(c, &nobody); c->asked != NULL; drop(c, &nobody)) {
        pthread_cond_broadcast(&c->news);
        wait_until(c, 50);
    }
    pthread_mutex_unlock(&c->mutex);
    buffer_clear(&c->head);
    pthread_cond_destroy(&c->news);
    pthread_mutex_destroy(&c->mutex);
    free(c);
}

/* ---- public */

struct truce_collector {
    struct collector *collector;
};

enum truce_status truce_collect(struct truce_collector **out, struct truce_register *writer, const char *authority,
                                struct truce_error *error)
{
    struct error why;
    struct truce_collector *made = calloc(1, sizeof *made);
    enum status status = made == NULL ? error_set(&why, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL)
                                      : collector_start(&made->collector, writer, authority, &why);
    if (status == STATUS_DONE)
        *out = made;
    else
        free(made);
    return public_status(status, &why, error);
}

void truce_collect_end(struct truce_collector **collector)
{
    if (*collector == NULL) return;
    collector_stop(&(*collector)->collector);
    free(*collector);
    *collector = NULL;
}
