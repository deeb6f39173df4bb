/* Starting and stopping: the parts in the order in which they need each other. */
#include "api/address.h"
#include "api/internal.h"

#include "system/clock.h"
#include <stdio.h>
#include <stdlib.h>

/* As many as may wait for the disk at once: they are what a group is made of. */
enum { WORKERS = 64 };

static void wake(void *context)
{
    struct api *api = context;
    struct http_server *server = atomic_load(&api->server);
    if (server != NULL) http_wake(server);
}

/* The log has grown, and what it grew by is durable. In the thread that wrote it. */
static void grown(void *context, uint64_t size)
{
    struct api *api = context;
    uint64_t before = atomic_exchange(&api->grown_to, size);
    if (size > before) counts_group(&api->counts, size - before);
    steward_grown(&api->steward, size);
    feed_grown(&api->feed, size);
}

/* ---- the address */

static enum status check_address(struct api *api, const struct api_options *options, struct error *error)
{
    if (!address_read(options->address, api->host, &api->loopback))
        return error_set(error, STATUS_USAGE, "serve-listen", "\"{0}\" is no address of this machine.",
                         error_slice(slice_from(options->address)).text, NULL);
    if (api->loopback || api->tls) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "serve-address",
                     "Beyond this machine ({0}) the register is served with TLS alone: give --tls-cert and --tls-key.",
                     options->address, NULL);
}

void api_url(const struct api *api, struct buffer *out)
{
    buffer_print(out, "%s://%s:%u/", api->tls ? "https" : "http", api->host, (unsigned)http_port(api->server));
}

/* ---- threads of the wire */

static void *seat_open(void *api)
{
    (void)api;
    return calloc(1, sizeof(struct seat));
}

static void seat_close(void *api, void *thread)
{
    struct seat *seat = thread;
    (void)api;
    if (seat != NULL) (void)truce_close(&seat->reader, NULL);
    free(seat);
}

static enum status listen_now(struct api *api, const struct api_options *options, struct error *error)
{
    const struct http_handlers handlers = {.context = api,
                                           .begin = visit_begin,
                                           .answer = visit_answer,
                                           .refuse = visit_refuse,
                                           .thread_open = seat_open,
                                           .thread_close = seat_close};
    const struct http_options http = {.address = options->address,
                                      .port = options->port,
                                      .socket = options->socket,
                                      .certificate = options->certificate,
                                      .certificate_key = options->certificate_key,
                                      .connections = options->connections,
                                      .per_address = options->per_address,
                                      .workers = WORKERS};
    struct http_server *server;
    TRY(http_start(&server, &http, &handlers, error));
    atomic_store(&api->server, server);
    return STATUS_DONE;
}

/* ---- the parts */

/* How many of them are open: they are closed from the last one back. */
enum part { PART_GATE = 1, PART_PUMP, PART_STEWARD, PART_FEED, PART_FIRST_LOOK };

static enum status first_now(struct api *api, struct now *now, struct error *error)
{
    struct truce_error why;
    struct truce_register *reader = NULL;
    enum truce_status status = readers_take(&api->readers, &reader, &why);
    if (status == TRUCE_DONE) status = api_now(api, reader, now, &why);
    if (reader != NULL) readers_give(&api->readers, reader);
    if (status == TRUCE_DONE) return STATUS_DONE;
    return error_set(error, (enum status)status, "serve-register", "The register could not be asked: {0}", why.message,
                     NULL);
}

static enum status parts_open(struct api *api, const struct api_options *options, struct error *error)
{
    struct now now;
    TRY(first_now(api, &now, error));
    api->grown_to = now.size;
    TRY(gate_open(&api->gate, options->members, api->loopback, api->reg, error));
    api->parts = PART_GATE;
    TRY(pump_open(&api->pump, api->reg, wake, api, error));
    api->parts = PART_PUMP;
    TRY(steward_open(&api->steward, api->reg, now.size, now.published, error));
    api->parts = PART_STEWARD;
    TRY(feed_open(&api->feed, api->reg, now.size, &api->pump, error));
    api->parts = PART_FEED;
    TRY(first_look_open(&api->first_look, &api->readers, now.size, error));
    api->parts = PART_FIRST_LOOK;
    return STATUS_DONE;
}

enum status api_start(struct api **out, struct truce_register *reg, const struct api_options *options,
                      struct error *error)
{
    struct api *api = calloc(1, sizeof *api);
    if (api == NULL) return arena_full(error);
    api->reg = reg;
    api->tls = options->certificate != NULL;
    api->called = options->called;
    api->tiles = options->tiles;
    api->tiles_by = options->tiles_by;
    api->began_ns = clock_steady_ns();
    pthread_mutex_init(&api->now_lock, NULL);
    counts_open(&api->counts);
    cache_open(&api->cache);
    readers_open(&api->readers, reg);
    enum status status = check_address(api, options, error);
    if (status == STATUS_DONE) status = parts_open(api, options, error);
    if (status == STATUS_DONE) {
        truce_watch(reg, grown, api);
        status = listen_now(api, options, error);
    }
    if (status == STATUS_DONE)
        *out = api;
    else
        api_stop(&api);
    return status;
}

enum status api_renew(struct api *api, struct error *error)
{
    struct error why;
    enum status certificate = http_renew(api->server, true, &why), members = gate_read(&api->gate, error);
    if (certificate == STATUS_DONE) return members;
    *error = why;
    return certificate;
}

enum status api_look(struct api *api, struct error *error)
{
    return http_renew(api->server, false, error);
}

void api_stop(struct api **out)
{
    struct api *api = *out;
    *out = NULL;
    if (api == NULL) return;
    struct http_server *server = atomic_load(&api->server);
    if (server != NULL) http_stop(&server); /* its threads wake streams no more after this */
    truce_watch(api->reg, NULL, NULL);
    if (api->parts >= PART_FIRST_LOOK) first_look_close(&api->first_look);
    if (api->parts >= PART_FEED) feed_close(&api->feed);
    if (api->parts >= PART_STEWARD) steward_close(&api->steward);
    if (api->parts >= PART_PUMP) pump_close(&api->pump);
    if (api->parts >= PART_GATE) gate_close(&api->gate);
    readers_close(&api->readers);
    cache_close(&api->cache);
    counts_close(&api->counts);
    pthread_mutex_destroy(&api->now_lock);
    free(api);
}
