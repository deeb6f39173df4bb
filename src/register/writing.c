#include "register/writing.h"

#include <stdlib.h>

enum status writing_open(struct writing **out, struct error *error)
{
    struct writing *writing = calloc(1, sizeof *writing);
    if (writing == NULL) return arena_full(error);
    pthread_mutex_init(&writing->mutex, NULL);
    pthread_rwlock_init(&writing->members_lock, NULL);
    recent_open(&writing->recent, 0);
    *out = writing;
    return STATUS_DONE;
}

void writing_close(struct writing **writing)
{
    struct writing *w = *writing;
    *writing = NULL;
    if (w == NULL) return;
    follow_stop(&w->follower);
    recent_close(&w->recent);
    buffer_clear(&w->entries);
    pthread_rwlock_destroy(&w->members_lock);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}

/* As many as fit one group; the first always does. */
static struct submission *take(struct writing *w)
{
    struct submission *first = w->first, *last = first;
    size_t count = first->count;
    while (last->next != NULL && count + last->next->count <= REGISTER_GROUP) {
        last = last->next;
        count += last->count;
    }
    w->first = last->next;
    if (w->first == NULL) w->last = NULL;
    last->next = NULL;
    return first;
}

/* Once it is done its owner may be gone as soon as the mutex is free: nothing is touched after that. */
static void wake(struct writing *w, struct submission *first, struct submission *mine)
{
    for (struct submission *next; first != NULL; first = next) {
        next = first->next;
        first->done = true;
        if (first != mine) pthread_cond_signal(&first->turn);
    }
    w->led = w->first != NULL;
    if (!w->led) return;
    w->first->leads = true;
    pthread_cond_signal(&w->first->turn);
}

void writing_pass(struct truce_register *reg, struct submission *mine)
{
    struct writing *w = reg->writing;
    pthread_cond_init(&mine->turn, NULL);
    pthread_mutex_lock(&w->mutex);
    if (w->last == NULL)
        w->first = mine;
    else
        w->last->next = mine;
    w->last = mine;
    mine->leads = !w->led;
    w->led = true;
    while (!mine->leads && !mine->done) pthread_cond_wait(&mine->turn, &w->mutex);
    if (!mine->done) {
        struct submission *group = take(w);
        pthread_mutex_unlock(&w->mutex);
        admit_group(reg, group);
        pthread_mutex_lock(&w->mutex);
        wake(w, group, mine);
    }
    pthread_mutex_unlock(&w->mutex);
    pthread_cond_destroy(&mine->turn);
}
