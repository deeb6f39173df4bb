/* The wire of a witness: what its library answers, with the headers that it needs. */
#include "api/witness.h"

#include "api/address.h"
#include "api/internal.h"

#include <stdio.h>
#include <stdlib.h>

/* Those that wait for the disk at the same moment become durable together. */
enum { WITNESS_WORKERS = 64, WITNESS_BODY = 128 * 1024 };

struct witness_api {
    struct truce_witness *witness;
    struct http_server *server;
    bool tls, loopback;
    char host[64];
};

/* ---- answers */

static void put_headers(const struct witness_api *api, struct http_response *response)
{
    http_add(response, "X-Content-Type-Options", "nosniff");
    http_add(response, "Cache-Control", "no-store");
    if (api->tls) http_add(response, "Strict-Transport-Security", "max-age=31536000");
}

static void give(struct http_response *response, struct truce_witness_answer *answer)
{
    char seconds[16];
    struct buffer body = {0};
    http_status(response, answer->status);
    snprintf(seconds, sizeof seconds, "%u", answer->retry_s);
    if (answer->retry_s > 0) http_add(response, "Retry-After", seconds);
    buffer_put(&body, slice_of(answer->body.data, answer->body.size));
    truce_free(&answer->body);
    http_take(response, answer->type, &body);
}

static void refuse(struct http_response *response, unsigned status, const char *code, const char *sentence)
{
    struct error why;
    struct truce_error told;
    struct buffer body = {0};
    (void)!error_set(&why, STATUS_USAGE, code, sentence, NULL);
    words_error(&told, &why);
    buffer_print(&body, "%s (%s)\n", told.message, told.code);
    http_status(response, status);
    http_take(response, "text/plain; charset=utf-8", &body);
}

/* ---- routes */

static void post_checkpoint(struct witness_api *api, const struct http_request *request, const char *segment,
                            struct http_response *response)
{
    struct truce_witness_answer answer;
    struct slice body = http_body(request);
    (void)segment;
    truce_witness_add(api->witness, (const char *)body.data, body.size, &answer);
    give(response, &answer);
}

static void get_cosigned(struct witness_api *api, const struct http_request *request, const char *segment,
                         struct http_response *response)
{
    struct truce_witness_answer answer;
    (void)request;
    truce_witness_show(api->witness, segment, &answer);
    give(response, &answer);
}

static void get_about(struct witness_api *api, const struct http_request *request, const char *segment,
                      struct http_response *response)
{
    struct truce_witness_answer answer = {.status = 200, .type = "application/json"};
    struct truce_error why;
    (void)request, (void)segment;
    if (truce_witness_about(api->witness, &answer.body, &why) != TRUCE_DONE) answer.status = 503;
    give(response, &answer);
}

static const struct witness_route {
    enum http_method method;
    const char *pattern;
    enum http_where where;
    size_t body_most;
    void (*answer)(struct witness_api *api, const struct http_request *request, const char *segment,
                   struct http_response *response);
} witness_routes[] = {
    {HTTP_POST, "/add-checkpoint", HTTP_ASIDE, WITNESS_BODY, post_checkpoint},
    {HTTP_GET, "/{origin}/checkpoint", HTTP_HERE, 0, get_cosigned},
    {HTTP_GET, "/healthz", HTTP_HERE, 0, get_about},
};

/* The row that fits, or NULL; *there if one fits but for the method. */
static const struct witness_route *route_for(const struct http_request *request,
                                             char segment[SEGMENTS_MOST][SEGMENT_SIZE], bool *there)
{
    enum http_method method = http_method(request) == HTTP_HEAD ? HTTP_GET : http_method(request);
    *there = false;
    for (size_t i = 0; i < COUNT_OF(witness_routes); i++) {
        if (!pattern_fits(witness_routes[i].pattern, http_path(request), segment)) continue;
        *there = true;
        if (witness_routes[i].method == method) return &witness_routes[i];
    }
    return NULL;
}

static struct http_plan witness_begin(void *context, const struct http_request *request, struct http_response *response)
{
    char segment[SEGMENTS_MOST][SEGMENT_SIZE];
    bool there;
    const struct witness_route *route = route_for(request, segment, &there);
    words_language(LANGUAGE_ENGLISH);
    if (route != NULL) return (struct http_plan){.where = route->where, .body_most = route->body_most};
    put_headers(context, response);
    if (there)
        refuse(response, 405, "witness-method", "This method is not taken here.");
    else
        refuse(
            response, 404, "witness-route",
            "A witness has /add-checkpoint, and /HASH/checkpoint for each log, HASH being the SHA-256 of its origin.");
    return (struct http_plan){.where = HTTP_REFUSED};
}

static void witness_answer(void *context, const struct http_request *request, struct http_response *response)
{
    char segment[SEGMENTS_MOST][SEGMENT_SIZE];
    bool there;
    const struct witness_route *route = route_for(request, segment, &there);
    if (route == NULL) return; /* cannot be: begin found it */
    words_language(LANGUAGE_ENGLISH);
    put_headers(context, response);
    route->answer(context, request, segment[0], response);
}

/* What the wire itself refuses; the status says why, and there are no pages here. */
static void witness_refuse(void *context, unsigned status, const struct http_request *request,
                           struct http_response *response)
{
    (void)request;
    put_headers(context, response);
    refuse(response, status, "witness-request",
           "The wire refused this request: it is too large, too slow, or no HTTP.");
}

/* ---- starting and stopping */

static enum status check_address(struct witness_api *api, const struct api_options *options, struct error *error)
{
    if (!address_read(options->address, api->host, &api->loopback))
        return error_set(error, STATUS_USAGE, "serve-listen", "\"{0}\" is no address of this machine.",
                         error_slice(slice_from(options->address)).text, NULL);
    if (api->loopback || api->tls) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "witness-address",
                     "Beyond this machine ({0}) a witness is served with TLS: give --tls-cert and --tls-key.",
                     options->address, NULL);
}

static enum status start(struct witness_api *api, const struct api_options *options, struct error *error)
{
    const struct http_handlers handlers = {
        .context = api, .begin = witness_begin, .answer = witness_answer, .refuse = witness_refuse};
    const struct http_options http = {.address = options->address,
                                      .port = options->port,
                                      .certificate = options->certificate,
                                      .certificate_key = options->certificate_key,
                                      .connections = options->connections,
                                      .per_address = options->per_address,
                                      .workers = WITNESS_WORKERS};
    TRY(check_address(api, options, error));
    return http_start(&api->server, &http, &handlers, error);
}

enum status witness_api_start(struct witness_api **out, struct truce_witness *witness,
                              const struct api_options *options, struct error *error)
{
    struct witness_api *api = calloc(1, sizeof *api);
    if (api == NULL) return arena_full(error);
    api->witness = witness;
    api->tls = options->certificate != NULL;
    enum status status = start(api, options, error);
    if (status == STATUS_DONE)
        *out = api;
    else
        free(api);
    return status;
}

void witness_api_url(const struct witness_api *api, struct buffer *out)
{
    buffer_print(out, "%s://%s:%u/", api->tls ? "https" : "http", api->host, (unsigned)http_port(api->server));
}

enum status witness_api_renew(struct witness_api *api, bool anyhow, struct error *error)
{
    return http_renew(api->server, anyhow, error);
}

void witness_api_stop(struct witness_api **out)
{
    struct witness_api *api = *out;
    *out = NULL;
    if (api == NULL) return;
    if (api->server != NULL) http_stop(&api->server);
    free(api);
}
