/* The crew: threads that answer what may take long. They are started as they are needed, one for each request that
 * finds nobody idle, up to the number allowed. */
#include "http/server.h"

void crew_open(struct crew *crew, unsigned most)
{
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->more, NULL);
    crew->last = &crew->first;
    crew->most = most;
}

static struct http_request *take(struct crew *crew)
{
    struct http_request *request = crew->first;
    if (request == NULL) return NULL;
    crew->first = request->next;
    if (crew->first == NULL) crew->last = &crew->first;
    crew->waiting--;
    return request;
}

static void *work(void *context)
{
    struct http_server *server = context;
    struct crew *crew = &server->crew;
    thread_enter(server);
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        struct http_request *request = take(crew);
        if (request == NULL) {
            if (crew->ending) break;
            crew->idle++;
            pthread_cond_wait(&crew->more, &crew->lock);
            crew->idle--;
            continue;
        }
        pthread_mutex_unlock(&crew->lock);
        struct MHD_Connection *connection = request->connection;
        request_answer(request);
        request->stage = STAGE_READY;
        MHD_resume_connection(connection); /* from here on the request is its loop's */
        pthread_mutex_lock(&crew->lock);
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
    bool room = crew->waiting < HTTP_WAITING && crew->started > 0;
    if (room) {
        request->next = NULL;
        *crew->last = request;
        crew->last = &request->next;
        crew->waiting++;
    }
    bool sleeping = crew->idle > 0; /* who does not sleep looks before it does */
    pthread_mutex_unlock(&crew->lock);
    if (room && sleeping) pthread_cond_signal(&crew->more);
    return room;
}

void crew_drop(struct http_server *server)
{
    struct http_request *request;
    pthread_mutex_lock(&server->crew.lock);
    while ((request = take(&server->crew)) != NULL) {
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
    pthread_mutex_destroy(&crew->lock);
    pthread_cond_destroy(&crew->more);
}
