#include "api/steward.h"

#include "system/clock.h"
#include <string.h>

enum { PUBLISH_EVERY_MS = 1000 };

static void *steward_run(void *context)
{
    struct steward *steward = context;
    pthread_mutex_lock(&steward->mutex);
    while (!steward->stopping) {
        if (steward->published >= steward->size) {
            pthread_cond_wait(&steward->news, &steward->mutex);
            continue;
        }
        struct truce_error error;
        uint64_t size = steward->size;
        pthread_mutex_unlock(&steward->mutex);
        enum truce_status status = truce_publish(steward->writer, &error);
        if (status != TRUCE_DONE) steward_failed(steward, &error);
        pthread_mutex_lock(&steward->mutex);
        if (status == TRUCE_DONE) steward->published = size;
        const struct timespec until = clock_deadline(PUBLISH_EVERY_MS);
        steward->resting = true;
        while (!clock_past(&until) && !steward->stopping)
            pthread_cond_timedwait(&steward->news, &steward->mutex, &until);
        steward->resting = false;
    }
    pthread_mutex_unlock(&steward->mutex);
    return NULL;
}

enum status steward_open(struct steward *steward, struct truce_register *writer, uint64_t size, uint64_t published,
                         struct error *error)
{
    *steward = (struct steward){.writer = writer, .size = size, .published = published};
    pthread_mutex_init(&steward->mutex, NULL);
    clock_condition(&steward->news);
    if (pthread_create(&steward->thread, NULL, steward_run, steward) == 0) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "serve-thread", "A thread of the server could not be started.", NULL);
}

void steward_close(struct steward *steward)
{
    pthread_mutex_lock(&steward->mutex);
    steward->stopping = true;
    pthread_cond_broadcast(&steward->news);
    pthread_mutex_unlock(&steward->mutex);
    pthread_join(steward->thread, NULL);
    pthread_cond_destroy(&steward->news);
    pthread_mutex_destroy(&steward->mutex);
}

void steward_grown(struct steward *steward, uint64_t size)
{
    pthread_mutex_lock(&steward->mutex);
    if (size > steward->size) steward->size = size;
    if (!steward->resting) pthread_cond_signal(&steward->news);
    pthread_mutex_unlock(&steward->mutex);
}

void steward_failed(struct steward *steward, const struct truce_error *error)
{
    if (strcmp(error->code, "log-closed") != 0 && strcmp(error->code, "log-append-failed") != 0) return;
    pthread_mutex_lock(&steward->mutex);
    steward->trouble = *error;
    pthread_mutex_unlock(&steward->mutex);
}

struct stewarded steward_tell(struct steward *steward)
{
    pthread_mutex_lock(&steward->mutex);
    struct stewarded told = {steward->size, steward->published, steward->trouble.status != TRUCE_DONE};
    pthread_mutex_unlock(&steward->mutex);
    return told;
}
