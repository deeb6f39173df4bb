#include "api/feed.h"

#include "json/write.h"
#include "system/clock.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

enum { EVENT_BATCH = 512, EVENT_ARENA_BYTES = 64 * 1024 * 1024, RETRY_MS = 1000 };

/* ---- events */

static void put_member(struct json_writer *w, const struct json *record, const char *key)
{
    json_put_key(w, key);
    json_put_slice(w, json_find_string(record, key));
}

bool event_format(struct buffer *out, struct slice line, struct arena *arena, uint64_t *entry)
{
    const struct json *record;
    struct json_writer w;
    arena_reset(arena);
    if (json_read(&record, line, JSON_RELAXED, arena, NULL) != STATUS_DONE) return false;
    int64_t index = json_find_integer(record, "index", 0);
    buffer_print(out, "id: %" PRId64 "\ndata: ", index);
    json_write_open(&w, out);
    json_put_object(&w);
    put_member(&w, record, "by");
    put_member(&w, record, "id");
    json_put_key(&w, "index"), json_put_integer(&w, index);
    put_member(&w, record, "kind");
    put_member(&w, record, "received");
    if (json_find_bool(record, "void")) json_put_key(&w, "void"), json_put_bool(&w, true);
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) return false;
    buffer_put_string(out, "\n\n");
    *entry = (uint64_t)index;
    return !out->failed;
}

/* Events from an entry on, at most EVENT_BATCH, into `out`. */
struct reading {
    struct arena arena;
    struct buffer *out;
    void (*each)(void *context, uint64_t entry, struct slice event);
    void *context;
    uint64_t count, next; /* next: behind the last */
};

static int read_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct reading *reading = context;
    size_t before = reading->out->size;
    uint64_t entry;
    (void)status;
    if (!event_format(reading->out, slice_of(line, size), &reading->arena, &entry)) return 1;
    if (reading->each != NULL)
        reading->each(reading->context, entry, slice_part(buffer_slice(reading->out), before, SIZE_MAX));
    reading->count++;
    reading->next = entry + 1;
    return 0;
}

/* `known`: entries that the index is known to have. What stands in the log and is no record has no event. */
static bool read_events(struct truce_register *reader, uint64_t from, uint64_t known, struct reading *reading)
{
    const struct truce_query query = {.after = from, .limit = EVENT_BATCH};
    arena_init(&reading->arena, EVENT_ARENA_BYTES);
    reading->next = from;
    enum truce_status status = truce_find(reader, &query, read_line, reading, NULL);
    arena_clear(&reading->arena);
    if (reading->count < EVENT_BATCH && reading->next < known) reading->next = known;
    return status == TRUCE_DONE;
}

/* ---- the ring */

/* Under the mutex. Moves the end of the ring to `next`; slots passed over are empty. */
static void ring_reach(struct feed *feed, uint64_t next)
{
    for (; feed->next < next; feed->next++) feed->ring[feed->next % FEED_EVENTS][0] = '\0';
    if (feed->next - feed->base > FEED_EVENTS) feed->base = feed->next - FEED_EVENTS;
}

/* An event is short by the limits of what is in it: two names, an id, two numbers. */
static void ring_put(void *context, uint64_t entry, struct slice event)
{
    struct feed *feed = context;
    pthread_mutex_lock(&feed->mutex);
    ring_reach(feed, entry + 1);
    char *slot = feed->ring[entry % FEED_EVENTS];
    assert(event.size < EVENT_SIZE);
    memcpy(slot, event.data, event.size);
    slot[event.size] = '\0';
    pthread_mutex_unlock(&feed->mutex);
}

static bool read_news(struct feed *feed, struct truce_register **reader, uint64_t from)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct reading reading = {.out = &text, .each = ring_put, .context = feed};
    if (*reader == NULL && truce_beside(reader, feed->writer, NULL) != TRUCE_DONE) return false;
    if (!read_events(*reader, from, 0, &reading) || reading.count == 0) return false;
    feed->pump->wake(feed->pump->context);
    return true;
}

static void *feed_run(void *context)
{
    struct feed *feed = context;
    struct truce_register *reader = NULL;
    pthread_mutex_lock(&feed->mutex);
    while (!feed->stopping) {
        uint64_t from = feed->next;
        if (feed->streams == 0 || from >= feed->size) {
            pthread_cond_wait(&feed->news, &feed->mutex);
            continue;
        }
        pthread_mutex_unlock(&feed->mutex);
        bool good = read_news(feed, &reader, from);
        pthread_mutex_lock(&feed->mutex);
        const struct timespec again = clock_deadline(RETRY_MS);
        if (!good && !feed->stopping) pthread_cond_timedwait(&feed->news, &feed->mutex, &again);
    }
    pthread_mutex_unlock(&feed->mutex);
    (void)truce_close(&reader, NULL);
    return NULL;
}

enum status feed_open(struct feed *feed, struct truce_register *writer, uint64_t size, struct pump *pump,
                      struct error *error)
{
    *feed = (struct feed){.pump = pump, .writer = writer, .size = size, .base = size, .next = size};
    pthread_mutex_init(&feed->mutex, NULL);
    clock_condition(&feed->news);
    if (pthread_create(&feed->thread, NULL, feed_run, feed) == 0) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "serve-thread", "A thread of the server could not be started.", NULL);
}

void feed_close(struct feed *feed)
{
    pthread_mutex_lock(&feed->mutex);
    feed->stopping = true;
    pthread_cond_broadcast(&feed->news);
    pthread_mutex_unlock(&feed->mutex);
    pthread_join(feed->thread, NULL);
    free(feed->ring);
    pthread_cond_destroy(&feed->news);
    pthread_mutex_destroy(&feed->mutex);
}

void feed_grown(struct feed *feed, uint64_t size)
{
    pthread_mutex_lock(&feed->mutex);
    if (size > feed->size) feed->size = size;
    if (feed->streams > 0) pthread_cond_signal(&feed->news);
    pthread_mutex_unlock(&feed->mutex);
}

/* ---- those who listen */

struct listener {
    struct flow flow; /* first: what is behind the ring */
    struct feed *feed;
    uint64_t at; /* the next event to be sent; the flow's while it runs */
    bool greeted;
    struct gate *gate;
    struct guest guest;
};

static enum flow_state listener_fill(struct flow *flow, struct truce_register *reader, struct buffer *out)
{
    struct listener *listener = (struct listener *)flow;
    struct reading reading = {.out = out};
    pthread_mutex_lock(&listener->feed->mutex);
    uint64_t known = listener->feed->base;
    pthread_mutex_unlock(&listener->feed->mutex);
    if (!read_events(reader, listener->at, known, &reading)) return FLOW_BROKEN;
    listener->at = reading.next;
    return FLOW_ENDED; /* the source asks again where the ring is not reached */
}

static void listener_free(struct flow *flow)
{
    struct listener *listener = (struct listener *)flow;
    buffer_clear(&flow->ready);
    free(listener);
}

struct listener *listener_open(struct feed *feed, uint64_t from, struct gate *gate, const struct guest *guest)
{
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) return NULL;
    flow_open(&listener->flow, feed->pump);
    listener->flow.fill = listener_fill;
    listener->flow.free = listener_free;
    listener->flow.state = FLOW_ENDED;
    listener->feed = feed;
    listener->gate = gate;
    listener->guest = *guest;
    pthread_mutex_lock(&feed->mutex);
    if (feed->ring == NULL) feed->ring = calloc(FEED_EVENTS, EVENT_SIZE);
    bool good = feed->ring != NULL;
    if (good && feed->streams++ == 0) feed->base = feed->next = feed->size;
    listener->at = from == UINT64_MAX ? feed->size : from;
    pthread_cond_signal(&feed->news);
    pthread_mutex_unlock(&feed->mutex);
    if (good) return listener;
    free(listener);
    return NULL;
}

/* False if the ring does not reach back so far. */
static bool copy_ring(struct listener *listener, struct buffer *out)
{
    struct feed *feed = listener->feed;
    pthread_mutex_lock(&feed->mutex);
    bool there = listener->at >= feed->base;
    while (there && listener->at < feed->next && out->size < FEED_CHUNK_BYTES)
        buffer_put_string(out, feed->ring[listener->at++ % FEED_EVENTS]);
    pthread_mutex_unlock(&feed->mutex);
    return there;
}

enum http_stream listener_source(void *context, bool beat, struct buffer *out)
{
    struct listener *listener = context;
    if (!gate_still(listener->gate, &listener->guest)) return HTTP_STREAM_END;
    if (!listener->greeted) buffer_put_string(out, "retry: 2000\n\n");
    listener->greeted = true;
    enum flow_state state = flow_take(&listener->flow, out);
    if (state == FLOW_BROKEN) return HTTP_STREAM_END; /* the client comes again with its Last-Event-ID */
    if (state == FLOW_ENDED && !copy_ring(listener, out)) (void)flow_again(&listener->flow);
    if (beat && out->size == 0) buffer_put_string(out, ": beat\n\n");
    return out->failed ? HTTP_STREAM_END : HTTP_STREAM_ON;
}

void listener_close(void *context)
{
    struct listener *listener = context;
    pthread_mutex_lock(&listener->feed->mutex);
    listener->feed->streams--;
    pthread_mutex_unlock(&listener->feed->mutex);
    flow_close(&listener->flow);
}
