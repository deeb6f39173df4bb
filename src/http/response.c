#include "http/parse.h"
#include "http/server.h"

#include <assert.h>
#include <stdlib.h>

void response_init(struct http_response *response, unsigned status)
{
    /* All but the long texts: they count by their size. */
    memset(response, 0, offsetof(struct http_response, tag));
    response->status = status;
    response->tag[0] = response->type[0] = '\0';
}

static void drop_body(struct http_response *response)
{
    buffer_clear(&response->owned);
    if (response->kind == BODY_STREAM && response->close != NULL) response->close(response->stream);
    response->kind = BODY_NONE;
    response->type[0] = '\0';
}

void response_clear(struct http_response *response)
{
    drop_body(response);
    response->head_used = 0;
}

void http_status(struct http_response *response, unsigned status)
{
    assert(status >= 200 && status <= 599);
    response->status = status;
}

void http_add(struct http_response *response, const char *name, const char *value)
{
    size_t name_size = strlen(name) + 1, value_size = strlen(value) + 1;
    assert(parse_field(slice_from(name), (struct slice){0}));
    if (!parse_field(slice_from(name), slice_from(value)) ||
        name_size + value_size > sizeof response->head - response->head_used)
        return;
    memcpy(response->head + response->head_used, name, name_size);
    memcpy(response->head + response->head_used + name_size, value, value_size);
    response->head_used += name_size + value_size;
}

static void set_type(struct http_response *response, const char *type)
{
    size_t size = strlen(type);
    assert(size < sizeof response->type);
    memcpy(response->type, type, size + 1);
}

void http_take(struct http_response *response, const char *type, struct buffer *body)
{
    drop_body(response);
    set_type(response, type);
    if (body->failed) response->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    response->kind = BODY_OWNED;
    response->owned = *body;
    *body = (struct buffer){0};
}

void http_give(struct http_response *response, const char *type, struct slice body)
{
    drop_body(response);
    set_type(response, type);
    response->kind = BODY_BORROWED;
    response->borrowed = body;
}

void http_stream(struct http_response *response, const char *type, unsigned beat_s, http_source *source,
                 void (*close)(void *stream), void *stream)
{
    drop_body(response);
    set_type(response, type);
    response->kind = BODY_STREAM;
    response->beat_s = beat_s;
    response->source = source;
    response->close = close;
    response->stream = stream;
}

void http_tag(struct http_response *response, const char *tag)
{
    size_t size = strlen(tag);
    assert(size > 0 && size < sizeof response->tag);
    for (size_t i = 0; i < size; i++) assert(tag[i] > ' ' && tag[i] < 0x7F && tag[i] != '"');
    memcpy(response->tag, tag, size + 1);
}

/* RFC 9110, 13.2.2: only what would be a success has conditions, and If-Match comes first. */
static void apply_conditions(struct http_response *response, const struct http_request *request)
{
    if (response->tag[0] == '\0' || request->method != HTTP_GET || response->status / 100 != 2) return;
    struct slice match = http_header(request, "If-Match");
    struct slice none_match = http_header(request, "If-None-Match");
    if (match.data != NULL && !parse_tags(match, response->tag, false)) {
        response->status = MHD_HTTP_PRECONDITION_FAILED;
        drop_body(response);
    } else if (none_match.data != NULL && parse_tags(none_match, response->tag, true)) {
        response->status = MHD_HTTP_NOT_MODIFIED; /* the library sends the body's size, but no body */
        if (response->kind == BODY_STREAM) drop_body(response);
    }
}

static struct MHD_Response *make_body(struct http_response *response, struct http_request *request)
{
    static char nothing[1];
    struct MHD_Response *made = NULL;
    switch (response->kind) {
    case BODY_OWNED:
        if (response->owned.size == 0) break;
        request->ready_bytes = response->owned.size;
        made = MHD_create_response_from_buffer(response->owned.size, response->owned.data, MHD_RESPMEM_MUST_FREE);
        if (made != NULL) response->owned = (struct buffer){0};
        return made;
    case BODY_BORROWED:
        request->ready_bytes = response->borrowed.size;
        return MHD_create_response_from_buffer(response->borrowed.size, (void *)(uintptr_t)response->borrowed.data,
                                               MHD_RESPMEM_PERSISTENT);
    case BODY_STREAM:
        made = stream_response(request, response);
        if (made != NULL) response->kind = BODY_NONE;
        return made;
    case BODY_NONE: break;
    }
    return MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
}

static void add_head(struct MHD_Response *made, const struct http_response *response, bool last)
{
    for (size_t at = 0; at < response->head_used;) {
        const char *name = response->head + at, *value = name + strlen(name) + 1;
        (void)MHD_add_response_header(made, name, value);
        at = (size_t)(value - response->head) + strlen(value) + 1;
    }
    if (response->type[0] != '\0') (void)MHD_add_response_header(made, "Content-Type", response->type);
    if (response->tag[0] != '\0') {
        char quoted[HTTP_TAG_BYTES + 2];
        size_t size = strlen(response->tag);
        quoted[0] = '"';
        memcpy(quoted + 1, response->tag, size);
        memcpy(quoted + 1 + size, "\"", 2);
        (void)MHD_add_response_header(made, "ETag", quoted);
    }
    if (last) (void)MHD_add_response_header(made, "Connection", "close");
}

void response_ready(struct http_response *response, struct http_request *request)
{
    response_pack_tag(response);
    apply_conditions(response, request);
    response_pack(response);
    request->ready_bytes = 0;
    request->ready_stream = response->kind == BODY_STREAM;
    request->ready = make_body(response, request);
    request->ready_status = response->status;
    if (request->head || response->status == MHD_HTTP_NOT_MODIFIED) request->ready_bytes = 0;
    if (request->ready != NULL) add_head(request->ready, response, atomic_load(&request->peer->loop->server->stopping));
    response_clear(response);
}

void response_raw(struct http_response *response, struct buffer *out)
{
    struct slice body = response->kind == BODY_OWNED      ? buffer_slice(&response->owned)
                        : response->kind == BODY_BORROWED ? response->borrowed
                                                          : (struct slice){0};
    buffer_print(out, "HTTP/1.1 %u %s\r\n", response->status, MHD_get_reason_phrase_for(response->status));
    for (size_t at = 0; at < response->head_used;) {
        const char *name = response->head + at, *value = name + strlen(name) + 1;
        buffer_print(out, "%s: %s\r\n", name, value);
        at = (size_t)(value - response->head) + strlen(value) + 1;
    }
    if (response->type[0] != '\0') buffer_print(out, "Content-Type: %s\r\n", response->type);
    buffer_print(out, "Content-Length: %zu\r\nConnection: close\r\n\r\n", body.size);
    buffer_put(out, body);
    response_clear(response);
}
