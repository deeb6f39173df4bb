#include "api/pump.h"

#include <stdlib.h>

static struct flow *next_wanted(struct pump *pump)
{
    while (pump->first == NULL && !pump->stopping) pthread_cond_wait(&pump->work, &pump->mutex);
    struct flow *flow = pump->first;
    if (flow == NULL) return NULL;
    pump->first = flow->next;
    if (pump->first == NULL) pump->last = NULL;
    flow->next = NULL;
    flow->wanted = false;
    flow->running = true;
    return flow;
}

static enum flow_state fill(struct flow *flow, struct truce_register **reader, struct buffer *piece)
{
    if (*reader == NULL && truce_beside(reader, flow->pump->writer, NULL) != TRUCE_DONE) return FLOW_BROKEN;
    enum flow_state state = flow->fill(flow, *reader, piece);
    return piece->failed ? FLOW_BROKEN : state;
}

static void *pump_run(void *context)
{
    struct pump *pump = context;
    struct truce_register *reader = NULL;
    struct flow *flow;
    pthread_mutex_lock(&pump->mutex);
    while ((flow = next_wanted(pump)) != NULL) {
        struct buffer piece = {0};
        pthread_mutex_unlock(&pump->mutex);
        enum flow_state state = fill(flow, &reader, &piece);
        pthread_mutex_lock(&pump->mutex);
        buffer_put(&flow->ready, buffer_slice(&piece));
        buffer_clear(&piece);
        flow->state = state;
        flow->running = false;
        bool closed = flow->closed;
        pthread_mutex_unlock(&pump->mutex);
        if (closed)
            flow->free(flow);
        else
            pump->wake(pump->context);
        pthread_mutex_lock(&pump->mutex);
    }
    pthread_mutex_unlock(&pump->mutex);
    (void)truce_close(&reader, NULL);
    return NULL;
}

enum status pump_open(struct pump *pump, struct truce_register *writer, void (*wake)(void *context), void *context,
                      struct error *error)
{
    *pump = (struct pump){.writer = writer, .wake = wake, .context = context};
    pthread_mutex_init(&pump->mutex, NULL);
    pthread_cond_init(&pump->work, NULL);
    for (; pump->threads < PUMP_THREADS; pump->threads++)
        if (pthread_create(&pump->thread[pump->threads], NULL, pump_run, pump) != 0) {
            pump_close(pump);
            return error_set(error, STATUS_FAILED, "serve-thread", "A thread of the server could not be started.",
                             NULL);
        }
    return STATUS_DONE;
}

void pump_close(struct pump *pump)
{
    pthread_mutex_lock(&pump->mutex);
    pump->stopping = true;
    pthread_cond_broadcast(&pump->work);
    pthread_mutex_unlock(&pump->mutex);
    for (unsigned i = 0; i < pump->threads; i++) pthread_join(pump->thread[i], NULL);
    pthread_cond_destroy(&pump->work);
    pthread_mutex_destroy(&pump->mutex);
}

/* ---- flows */

void flow_open(struct flow *flow, struct pump *pump)
{
    flow->pump = pump;
}

/* Under the mutex. */
static void want(struct flow *flow)
{
    struct pump *pump = flow->pump;
    if (flow->wanted || flow->running) return;
    flow->wanted = true;
    if (pump->last == NULL)
        pump->first = flow;
    else
        pump->last->next = flow;
    pump->last = flow;
    pthread_cond_signal(&pump->work);
}

enum flow_state flow_take(struct flow *flow, struct buffer *out)
{
    pthread_mutex_lock(&flow->pump->mutex);
    enum flow_state state = FLOW_ON;
    if (flow->ready.size > 0) {
        buffer_put(out, buffer_slice(&flow->ready));
        buffer_clear(&flow->ready);
    } else if (!flow->wanted && !flow->running) {
        state = flow->state;
    }
    if (flow->ready.failed || out->failed) state = FLOW_BROKEN;
    if (state == FLOW_ON && flow->state == FLOW_ON) want(flow);
    pthread_mutex_unlock(&flow->pump->mutex);
    return state;
}

bool flow_again(struct flow *flow)
{
    pthread_mutex_lock(&flow->pump->mutex);
    bool idle = !flow->wanted && !flow->running && flow->ready.size == 0;
    if (idle) {
        flow->state = FLOW_ON;
        want(flow);
    }
    pthread_mutex_unlock(&flow->pump->mutex);
    return idle;
}

static void unqueue(struct pump *pump, struct flow *flow)
{
    struct flow **link = &pump->first, *before = NULL;
    while (*link != flow) {
        before = *link;
        link = &before->next;
    }
    *link = flow->next;
    if (pump->last == flow) pump->last = before;
}

void flow_close(struct flow *flow)
{
    struct pump *pump = flow->pump;
    pthread_mutex_lock(&pump->mutex);
    if (flow->wanted) unqueue(pump, flow);
    flow->closed = true;
    bool running = flow->running;
    pthread_mutex_unlock(&pump->mutex);
    if (!running) flow->free(flow);
}
