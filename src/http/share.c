/* Shares: one member's requests, however many and through whichever connections, take turns with those of others, and
 * at most so many of them run at once. Who floods waits for itself. */
#include "http/server.h"

#include <stdlib.h>

struct share *share_enter(struct crew *crew, uint64_t key)
{
    if (key == 0) return NULL;
    pthread_mutex_lock(&crew->lock);
    struct share *share = crew->shares;
    while (share != NULL && share->key != key) share = share->next;
    if (share == NULL && (share = calloc(1, sizeof *share)) != NULL) {
        share->key = key;
        share->most = crew->share_most;
        share->last = &share->first;
        share->next = crew->shares;
        crew->shares = share;
    }
    if (share != NULL) share->requests++;
    pthread_mutex_unlock(&crew->lock);
    return share;
}

/* A request may be over before whoever answered it has told so. */
static void free_unused(struct crew *crew, struct share *share)
{
    if (share->requests > 0 || share->running > 0 || share == &crew->others) return;
    struct share **at = &crew->shares;
    while (*at != share) at = &(*at)->next;
    *at = share->next;
    free(share);
}

void share_leave(struct crew *crew, struct share *share)
{
    pthread_mutex_lock(&crew->lock);
    share->requests--;
    free_unused(crew, share);
    pthread_mutex_unlock(&crew->lock);
}

static void give_turn(struct crew *crew, struct share *share)
{
    if (share->has_turn || share->waiting == 0 || share->running >= share->most) return;
    share->has_turn = true;
    share->next_turn = NULL;
    *crew->last_turn = share;
    crew->last_turn = &share->next_turn;
}

static void take_turn(struct crew *crew)
{
    struct share *share = crew->turns;
    crew->turns = share->next_turn;
    if (crew->turns == NULL) crew->last_turn = &crew->turns;
    share->has_turn = false;
}

static struct share *share_of(struct crew *crew, const struct http_request *request)
{
    return request->share == NULL ? &crew->others : request->share;
}

bool share_push(struct crew *crew, struct http_request *request)
{
    struct share *share = share_of(crew, request);
    if (crew->waiting >= HTTP_WAITING || (share != &crew->others && share->waiting >= HTTP_SHARE_WAITING)) return false;
    request->next = NULL;
    *share->last = request;
    share->last = &request->next;
    share->waiting++;
    crew->waiting++;
    give_turn(crew, share);
    return true;
}

static struct http_request *take_from(struct crew *crew, struct share *share)
{
    struct http_request *request = share->first;
    if (request == NULL) return NULL;
    share->first = request->next;
    if (share->first == NULL) share->last = &share->first;
    share->waiting--;
    crew->waiting--;
    return request;
}

struct http_request *share_take(struct crew *crew, bool all)
{
    struct share *share = crew->turns;
    if (share != NULL) {
        take_turn(crew);
        if (!all) share->running++;
        struct http_request *request = take_from(crew, share);
        give_turn(crew, share);
        return request;
    }
    for (share = crew->shares; all && share != NULL; share = share->next)
        if (share->waiting > 0) return take_from(crew, share);
    return NULL;
}

void share_done(struct crew *crew, struct share *share)
{
    share->running--;
    give_turn(crew, share);
    free_unused(crew, share);
}
