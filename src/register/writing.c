#include "register/writing.h"

#include <stdlib.h>

enum status writing_open(struct writing **out, struct error *error)
{
    struct writing *writing = calloc(1, sizeof *writing);
    enum status status = writing == NULL ? arena_full(error) : shown_open(&writing->shown, error);
    if (status != STATUS_DONE) {
        free(writing);
        return status;
    }
    pthread_mutex_init(&writing->mutex, NULL);
    pthread_rwlock_init(&writing->members_lock, NULL);
    recent_open(&writing->recent, 0);
    *out = writing;
    return STATUS_DONE;
}

void writing_close(struct writing **writing)
{
    struct writing *w = *writing;
    if (w == NULL) return;
    follow_stop(&w->follower); /* until it has ended, it looks at the register's writing */
    *writing = NULL;
    recent_close(&w->recent);
    shown_close(&w->shown);
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

/* A semaphore each, so that those who wake do not meet again at one mutex. Once it is posted its owner may be gone. */
static void wake(struct submission *first, const struct submission *mine)
{
    for (struct submission *next; first != NULL; first = next) {
        next = first->next;
        if (first != mine) sem_post(&first->turn);
    }
}

static void lead(struct truce_register *reg, struct submission *mine)
{
    struct writing *w = reg->writing;
    pthread_mutex_lock(&w->mutex);
    struct submission *group = take(w);
    pthread_mutex_unlock(&w->mutex);
    admit_group(reg, group);
    pthread_mutex_lock(&w->mutex);
    struct submission *leader = w->first;
    w->led = leader != NULL;
    if (leader != NULL) leader->leads = true;
    pthread_mutex_unlock(&w->mutex);
    if (leader != NULL) sem_post(&leader->turn);
    wake(group, mine);
}

void writing_pass(struct truce_register *reg, struct submission *mine)
{
    struct writing *w = reg->writing;
    sem_init(&mine->turn, 0, 0);
    pthread_mutex_lock(&w->mutex);
    if (w->last == NULL)
        w->first = mine;
    else
        w->last->next = mine;
    w->last = mine;
    mine->leads = !w->led;
    w->led = true;
    bool waits = !mine->leads;
    pthread_mutex_unlock(&w->mutex);
    while (waits && sem_wait(&mine->turn) != 0) continue; /* a signal came between */
    if (mine->leads) lead(reg, mine);
    sem_destroy(&mine->turn);
}
