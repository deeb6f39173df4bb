/* Requests that wait at the same moment are one group: the first of them leads it when its turn comes, judges all in
 * the order in which they came, makes the state durable with one write and one sync, and lets all go. No thread is
 * needed for that. */
#include "peer/witness_internal.h"

#include <stdlib.h>

struct witness_group {
    struct witness_request *first, *last;
    sem_t turn; /* posted once for its first, which leads */
    struct latch done;
    atomic_uint staying; /* the last to leave frees it */
    struct witness_group *next;
};

bool witness_sure(const struct witness *w)
{
    return w->forced || 2 * w->heard_count > w->peers;
}

bool witness_signs(const struct witness *w, const struct witness_log *log)
{
    return w->forced || (witness_sure(w) && log->spoken_of);
}

/* What the group made of each log becomes what everybody sees, or is forgotten. */
static void settle(struct witness *w, bool durable)
{
    pthread_mutex_lock(&w->heads);
    w->closed = w->state.closed;
    for (size_t i = 0; i < w->trusted.count; i++) {
        struct witness_log *log = &w->trusted.logs[i];
        struct seen next = log->next;
        if (log->touched && durable) {
            seen_clear(&log->head);
            log->head = next;
            next = (struct seen){0};
        }
        seen_clear(&next);
        log->stopped = log->stopped || (log->stops && durable);
        log->next = (struct seen){0};
        log->touched = log->stops = false;
    }
    pthread_mutex_unlock(&w->heads);
}

static void note_heard(struct witness *w, const struct witness_request *request)
{
    pthread_mutex_lock(&w->heads);
    w->heard_count += !w->heard[request->peer];
    w->heard[request->peer] = request->log->spoken_of = true;
    pthread_mutex_unlock(&w->heads);
}

static bool anything_new(const struct witness *w, const struct witness_request *first)
{
    for (; first != NULL; first = first->next)
        if (first->asks == WITNESS_LIVES && first->granted && witness_sure(w)) return true;
    for (size_t i = 0; i < w->trusted.count; i++)
        if (w->trusted.logs[i].touched || w->trusted.logs[i].stops) return true;
    return false;
}

static void fail_all(struct witness_request *request, const struct error *why)
{
    for (; request != NULL; request = request->next) {
        request->granted = false;
        request->error = *why;
        seen_clear(&request->rival);
    }
}

/* Nobody else is at it. */
static void pass_group(struct witness *w, struct witness_request *first)
{
    struct error why;
    enum status status = STATUS_DONE;
    for (struct witness_request *r = first; r != NULL; r = r->next) witness_request_decide(w, r);
    int64_t alive_ms = w->state.alive_ms;
    if (w->state.closed) {
        status = state_closed(&why);
    } else if (anything_new(w, first)) {
        if (witness_sure(w)) w->state.alive_ms = w->system->now_ms(w->system->context);
        status = state_append(&w->state, &w->trusted, &w->key.verifier, &why);
        if (status != STATUS_DONE) w->state.alive_ms = alive_ms;
    }
    settle(w, status == STATUS_DONE);
    if (status != STATUS_DONE) fail_all(first, &why);
    for (struct witness_request *r = first; r != NULL; r = r->next)
        if (r->granted && r->asks == WITNESS_HEARS) note_heard(w, r);
}

/* Joins the group that gathers, or begins one. The mutex is held. */
static struct witness_group *join(struct witness *w, struct witness_request *mine)
{
    struct witness_group *group = w->last;
    if (group == NULL) {
        group = calloc(1, sizeof *group);
        if (group == NULL) return NULL;
        sem_init(&group->turn, 0, 0);
        w->first = w->last = group;
    }
    if (group->last == NULL)
        group->first = mine;
    else
        group->last->next = mine;
    group->last = mine;
    group->staying++;
    return group;
}

static void leave(struct witness_group *group)
{
    if (atomic_fetch_sub(&group->staying, 1) > 1) return;
    sem_destroy(&group->turn);
    free(group);
}

static void lead(struct witness *w, struct witness_group *group)
{
    pthread_mutex_lock(&w->mutex);
    w->first = w->last = NULL; /* it gathers no longer: who comes now begins the next */
    pthread_mutex_unlock(&w->mutex);
    pass_group(w, group->first);
    pthread_mutex_lock(&w->mutex);
    struct witness_group *next = w->first;
    w->led = next != NULL;
    pthread_mutex_unlock(&w->mutex);
    if (next != NULL) sem_post(&next->turn); /* its first has not left it: it waits for this */
    latch_open(&group->done);
}

enum status witness_request_pass(struct witness *w, struct witness_request *mine, struct error *error)
{
    pthread_mutex_lock(&w->mutex);
    struct witness_group *group = join(w, mine);
    bool leads = group != NULL && group->first == mine, waits = leads && w->led;
    if (leads) w->led = true;
    pthread_mutex_unlock(&w->mutex);
    if (group == NULL) return arena_full(error);
    while (waits && sem_wait(&group->turn) != 0) continue; /* a signal came between */
    if (leads)
        lead(w, group);
    else
        latch_wait(&group->done);
    leave(group);
    fork_keep(w, mine);
    if (mine->granted) return STATUS_DONE;
    if (error != NULL) *error = mine->error;
    return mine->error.status;
}
