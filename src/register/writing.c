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

/* Joins the group that gathers, or begins one. The mutex is held. */
static struct group *join(struct writing *w, struct submission *mine, struct error *error)
{
    struct group *group = w->last;
    if (group == NULL || group->notes + mine->count > REGISTER_GROUP) {
        group = calloc(1, sizeof *group);
        if (group == NULL) {
            mine->error.status = arena_full(error);
            return NULL;
        }
        sem_init(&group->turn, 0, 0);
        if (w->last == NULL)
            w->first = group;
        else
            w->last->next = group;
        w->last = group;
    }
    if (group->last == NULL)
        group->first = mine;
    else
        group->last->next = mine;
    group->last = mine;
    group->notes += mine->count;
    group->staying++;
    return group;
}

static void leave(struct group *group)
{
    if (atomic_fetch_sub(&group->staying, 1) > 1) return;
    sem_destroy(&group->turn);
    free(group);
}

/* Closed from now on: it no longer gathers. */
static void close_first(struct writing *w)
{
    pthread_mutex_lock(&w->mutex);
    w->first = w->first->next;
    if (w->first == NULL) w->last = NULL;
    pthread_mutex_unlock(&w->mutex);
}

static void lead(struct truce_register *reg, struct group *group)
{
    struct writing *w = reg->writing;
    close_first(w);
    admit_group(reg, group->first);
    pthread_mutex_lock(&w->mutex);
    struct group *next = w->first;
    w->led = next != NULL;
    pthread_mutex_unlock(&w->mutex);
    if (next != NULL) sem_post(&next->turn); /* its first has not left it: it waits for this */
    latch_open(&group->done);
}

void writing_pass(struct truce_register *reg, struct submission *mine)
{
    struct writing *w = reg->writing;
    pthread_mutex_lock(&w->mutex);
    struct group *group = join(w, mine, &mine->error);
    bool leads = group != NULL && group->first == mine, waits = leads && w->led;
    if (leads) w->led = true;
    pthread_mutex_unlock(&w->mutex);
    if (group == NULL) return;
    while (waits && sem_wait(&group->turn) != 0) continue; /* a signal came between */
    if (leads)
        lead(reg, group);
    else
        latch_wait(&group->done);
    leave(group);
}
