/* The crew: threads that answer what may take long. They are started as they are needed, one for each request that
 * finds nobody idle, up to the number allowed. */
#include "http/server.h"

void crew_open(struct crew *crew, unsigned most, unsigned share_most)
{
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->more, NULL);
    crew->last_turn = &crew->turns;
    crew->others.last = &crew->others.first;
    crew->others.most = most;
    crew->share_most = share_most;
    crew->most = most;
}

static void *work(void *context)
{
    struct http_server *server = context;
    struct crew *crew = &server->crew;
    thread_enter(server);
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        struct http_request *request = share_take(crew, false);
        if (request == NULL) {
            if (crew->ending) break;
            crew->idle++;
            pthread_cond_wait(&crew->more, &crew->lock);
            crew->idle--;
            continue;
        }
        struct share *share = request->share == NULL ? &crew->others : request->share;
        pthread_mutex_unlock(&crew->lock);
        struct MHD_Connection *connection = request->connection;
        request_answer(request);
        request->stage = STAGE_READY;
        MHD_resume_connection(connection); /* from here on the request is its loop's */
        pthread_mutex_lock(&crew->lock);
        share_done(crew, share);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

bool crew_push(struct http_server *server, struct http_request *request)
{
    struct crew *crew = &server->crew;
    pthread_mutex_lock(&crew->lock);
    if (crew->waiting >= crew->idle && crew->started < crew->most &&
        thread_start(&crew->thread[crew->started], work, server, HTTP_STACK_BYTES) == 0)
        crew->started++;
    bool room = crew->started > 0 && share_push(crew, request);
    bool sleeping = crew->idle > 0 && crew->turns != NULL; /* who does not sleep looks before it does */
    pthread_mutex_unlock(&crew->lock);
    if (room && sleeping) pthread_cond_signal(&crew->more);
    return room;
}

void crew_drop(struct http_server *server)
{
    struct http_request *request;
    pthread_mutex_lock(&server->crew.lock);
    while ((request = share_take(&server->crew, true)) != NULL) {
        request->stage = STAGE_READY;
        MHD_resume_connection(request->connection);
    }
    pthread_mutex_unlock(&server->crew.lock);
}

void crew_close(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->ending = true;
    pthread_cond_broadcast(&crew->more);
    pthread_mutex_unlock(&crew->lock);
    for (unsigned i = 0; i < crew->started; i++) pthread_join(crew->thread[i], NULL);
}

void crew_free(struct crew *crew)
{
    pthread_mutex_destroy(&crew->lock);
    pthread_cond_destroy(&crew->more);
}
