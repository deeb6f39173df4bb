#include "api/steward.h"

#include "api/clock.h"
#include <string.h>

enum { PUBLISH_EVERY_US = 1000000 };

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
        int64_t until = clock_steady_us() + PUBLISH_EVERY_US;
        steward->resting = true;
        for (int64_t left = PUBLISH_EVERY_US; left > 0 && !steward->stopping; left = until - clock_steady_us())
            (void)clock_wait(&steward->news, &steward->mutex, left);
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
