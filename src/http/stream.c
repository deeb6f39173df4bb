/* A stream is read by its loop whenever the socket took what was there before. Where its source has nothing, the
 * connection is suspended and stands in server->waiting until the porter resumes it. */
#include "http/server.h"

#include <stdlib.h>

/* Under stream_lock. */
static void start_waiting(struct stream *stream)
{
    struct http_server *server = stream->peer->loop->server;
    stream->state = STREAM_WAITS;
    stream->next = server->waiting;
    stream->at = &server->waiting;
    if (stream->next != NULL) stream->next->at = &stream->next;
    server->waiting = stream;
    MHD_suspend_connection(stream->connection);
}

static void stop_waiting(struct stream *stream)
{
    stream->state = STREAM_RUNS;
    *stream->at = stream->next;
    if (stream->next != NULL) stream->next->at = stream->at;
    MHD_resume_connection(stream->connection);
}

unsigned streams_resume(struct http_server *server, bool all)
{
    uint64_t now = atomic_load(&server->tick);
    unsigned count = 0;
    pthread_mutex_lock(&server->stream_lock);
    for (struct stream *stream = server->waiting, *next; stream != NULL; stream = next) {
        next = stream->next;
        if (!all && now < stream->next_beat) continue;
        stop_waiting(stream);
        count++;
    }
    pthread_mutex_unlock(&server->stream_lock);
    return count;
}

/* Suspends the connection unless somebody woke the streams since `generation`. */
static bool wait_for_more(struct stream *stream, uint64_t generation)
{
    struct http_server *server = stream->peer->loop->server;
    if (stream->out.capacity > HTTP_STREAM_KEEP_BYTES) buffer_clear(&stream->out);
    pthread_mutex_lock(&server->stream_lock);
    bool still = atomic_load(&server->generation) == generation;
    if (still) start_waiting(stream);
    pthread_mutex_unlock(&server->stream_lock);
    return still;
}

static ssize_t hand_out(struct stream *stream, char *out, size_t size)
{
    size_t left = stream->out.size - stream->taken;
    if (size > left) size = left;
    memcpy(out, stream->out.data + stream->taken, size);
    stream->taken += size;
    atomic_fetch_add_explicit(&stream->peer->loop->bytes_out, size, memory_order_relaxed);
    return (ssize_t)size;
}

static ssize_t stream_read(void *context, uint64_t position, char *out, size_t size)
{
    struct stream *stream = context;
    struct http_server *server = stream->peer->loop->server;
    (void)position;
    while (stream->taken == stream->out.size) {
        uint64_t generation = atomic_load(&server->generation), now = atomic_load(&server->tick);
        if (stream->ended || atomic_load(&server->stopping)) return MHD_CONTENT_READER_END_OF_STREAM;
        bool beat = now >= stream->next_beat;
        buffer_reset(&stream->out);
        stream->taken = 0;
        enum http_stream state = stream->source(stream->own, beat, &stream->out);
        stream->ended = state == HTTP_STREAM_END;
        if (stream->out.failed || state == HTTP_STREAM_BREAK) return MHD_CONTENT_READER_END_WITH_ERROR;
        if (beat || stream->out.size > 0) stream->next_beat = now + stream->beat_ticks;
        if (stream->out.size > 0 || stream->ended) continue;
        if (!peer_enter(stream->peer, PHASE_STREAM)) return MHD_CONTENT_READER_END_WITH_ERROR;
        if (wait_for_more(stream, generation)) return 0;
    }
    if (!peer_enter(stream->peer, PHASE_GIVEN)) return MHD_CONTENT_READER_END_WITH_ERROR;
    return hand_out(stream, out, size);
}

static void stream_free(void *context)
{
    struct stream *stream = context;
    atomic_fetch_sub(&stream->peer->loop->server->streams, 1);
    if (stream->close != NULL) stream->close(stream->own);
    buffer_clear(&stream->out);
    free(stream);
}

enum { STREAM_BLOCK_BYTES = 1024 }; /* used only for HTTP/1.0, which has no chunks */

struct MHD_Response *stream_response(struct http_request *request, struct http_response *response)
{
    struct http_server *server = request->peer->loop->server;
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return NULL;
    *stream = (struct stream){
        .peer = request->peer,
        .connection = request->connection,
        .source = response->source,
        .close = response->close,
        .own = response->stream,
        .beat_ticks = (uint64_t)(response->beat_s == 0 ? 1 : response->beat_s) * TICKS_A_SECOND,
    };
    stream->next_beat = atomic_load(&server->tick) + stream->beat_ticks;
    struct MHD_Response *made =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, stream_read, stream, stream_free);
    if (made == NULL) {
        free(stream);
        return NULL;
    }
    /* To HEAD the library would send the end of chunks that never began: without chunks it closes instead. */
    if (request->head) (void)MHD_set_response_options(made, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    atomic_fetch_add(&server->streams, 1);
    return made;
}

void http_wake(struct http_server *server)
{
    atomic_fetch_add(&server->generation, 1);
    if (!atomic_exchange(&server->woken, true)) porter_nudge(server);
}
