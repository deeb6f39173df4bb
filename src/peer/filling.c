#include "peer/filling.h"

static void *fill(void *context)
{
    struct filling *filling = context;
    struct error ignored;
    bool last = false;
    enum status status = STATUS_DONE;
    while (!last && status == STATUS_DONE) {
        pthread_mutex_lock(&filling->mutex);
        while (!filling->grown && !filling->last) pthread_cond_wait(&filling->changed, &filling->mutex);
        last = filling->last;
        filling->grown = false;
        pthread_mutex_unlock(&filling->mutex);
        status = log_fill_tiles(filling->log, &ignored);
    }
    return NULL;
}

void filling_begin(struct filling *filling, struct log *log)
{
    *filling = (struct filling){.log = log};
    pthread_mutex_init(&filling->mutex, NULL);
    pthread_cond_init(&filling->changed, NULL);
    filling->on = pthread_create(&filling->thread, NULL, fill, filling) == 0;
}

static void tell(struct filling *filling, bool *what)
{
    pthread_mutex_lock(&filling->mutex);
    *what = true;
    pthread_cond_signal(&filling->changed);
    pthread_mutex_unlock(&filling->mutex);
}

void filling_grown(struct filling *filling)
{
    tell(filling, &filling->grown);
}

void filling_end(struct filling *filling)
{
    tell(filling, &filling->last);
    if (filling->on) pthread_join(filling->thread, NULL);
    pthread_cond_destroy(&filling->changed);
    pthread_mutex_destroy(&filling->mutex);
}
