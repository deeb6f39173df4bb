#include "http/parse.h"
#include "http/server.h"

#include <stdlib.h>
#include <strings.h>

enum http_method http_method(const struct http_request *request)
{
    return request->method;
}

bool http_is_head(const struct http_request *request)
{
    return request->head;
}

struct slice http_path(const struct http_request *request)
{
    return request->path;
}

struct slice http_query_string(const struct http_request *request)
{
    return request->query;
}

bool http_query(const struct http_request *request, const char *name, struct slice *value)
{
    return pairs_find(request->pairs, name, value);
}

bool http_form(const struct http_request *request, const char *name, struct slice *value)
{
    return pairs_find(request->form, name, value);
}

static struct slice next_string(struct slice pairs, size_t *at)
{
    struct slice string = slice_from((const char *)pairs.data + *at);
    *at += string.size + 1;
    return string;
}

bool http_form_next(const struct http_request *request, size_t *at, struct slice *name, struct slice *value)
{
    if (*at >= request->form.size) return false;
    *name = next_string(request->form, at);
    *value = next_string(request->form, at);
    return true;
}

bool http_is_form(const struct http_request *request)
{
    struct slice type = http_header(request, "Content-Type");
    return parse_type_is(type, "multipart/form-data") || parse_type_is(type, "application/x-www-form-urlencoded");
}

bool http_next_field(const struct http_request *request, struct http_fields *walk, struct http_field *out)
{
    struct http_part part;
    if (!walk->begun) {
        walk->begun = true;
        walk->plain = !http_parts_open(&walk->parts, http_header(request, "Content-Type"), http_body(request));
        walk->bad = walk->plain && parse_type_is(http_header(request, "Content-Type"), "multipart/form-data");
    }
    if (walk->bad) return false;
    if (walk->plain) {
        out->is_file = false;
        return http_form_next(request, &walk->at, &out->name, &out->value);
    }
    bool there = http_parts_next(&walk->parts, &part);
    walk->bad = walk->parts.bad;
    if (there) *out = (struct http_field){part.name, part.bytes, part.is_file};
    return there;
}

struct slice http_body(const struct http_request *request)
{
    return buffer_slice(&request->body);
}

struct slice http_header(const struct http_request *request, const char *name)
{
    const char *value = NULL;
    size_t size = 0;
    if (MHD_lookup_connection_value_n(request->connection, MHD_HEADER_KIND, name, strlen(name), &value, &size) !=
            MHD_YES ||
        value == NULL)
        return (struct slice){0};
    return slice_of(value, size);
}

bool http_cookie(const struct http_request *request, const char *name, struct slice *value)
{
    return parse_cookie(http_header(request, "Cookie"), name, value);
}

bool http_over_socket(const struct http_request *request)
{
    return request->peer->address == NULL;
}

bool http_over_tls(const struct http_request *request)
{
    return request->peer->loop->tls;
}

struct slice http_address(const struct http_request *request)
{
    const struct address *address = request->peer->address;
    return address == NULL ? (struct slice){NULL, 0} : slice_of(address->key, sizeof address->key);
}

/* ---- the head */

struct fields {
    bool bad;
    unsigned lengths, encodings;
    struct slice length, encoding;
};

static bool is_named(struct slice name, const char *wanted)
{
    return name.size == strlen(wanted) && strncasecmp((const char *)name.data, wanted, name.size) == 0;
}

static enum MHD_Result look_at_field(void *context, enum MHD_ValueKind kind, const char *key, size_t key_size,
                                     const char *value, size_t value_size)
{
    struct fields *fields = context;
    struct slice name = slice_of(key, key_size), text = slice_of(value, value == NULL ? 0 : value_size);
    (void)kind;
    if (!parse_field(name, text)) fields->bad = true;
    if (is_named(name, "Content-Length")) {
        fields->lengths++;
        fields->length = text;
    } else if (is_named(name, "Transfer-Encoding")) {
        fields->encodings++;
        fields->encoding = text;
    }
    return MHD_YES;
}

/* Whether the two sides could disagree on where the request ends: such a request is refused. */
static unsigned read_fields(struct http_request *request)
{
    struct fields fields = {0};
    uint64_t length = 0;
    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, look_at_field, &fields);
    request->unread = fields.encodings > 0 || fields.lengths > 0; /* until its size is known to be 0 */
    if (fields.bad || fields.lengths > 1 || fields.encodings > 1 || (fields.lengths > 0 && fields.encodings > 0))
        return MHD_HTTP_BAD_REQUEST;
    if (fields.encodings > 0 && !is_named(fields.encoding, "chunked")) return MHD_HTTP_NOT_IMPLEMENTED;
    if (fields.lengths > 0 && !parse_number(fields.length, &length)) return MHD_HTTP_BAD_REQUEST;
    request->length = length;
    request->unread = fields.encodings > 0 || length > 0;
    return 0;
}

static bool read_method(struct http_request *request, const char *method)
{
    static const struct {
        const char *name;
        enum http_method method;
    } known[] = {{"GET", HTTP_GET},   {"HEAD", HTTP_GET},     {"POST", HTTP_POST},  {"OPTIONS", HTTP_OPTIONS},
                 {"PUT", HTTP_OTHER}, {"DELETE", HTTP_OTHER}, {"PATCH", HTTP_OTHER}};
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (strcmp(method, known[i].name) != 0) continue;
        request->method = known[i].method;
        request->head = strcmp(method, "HEAD") == 0;
        return true;
    }
    return false;
}

static unsigned read_target(struct http_request *request)
{
    if (request->text == NULL)
        return request->text_size > HTTP_TARGET_BYTES ? MHD_HTTP_URI_TOO_LONG : MHD_HTTP_SERVICE_UNAVAILABLE;
    struct slice raw_path;
    if (!parse_target(slice_of(request->text, request->text_size), &raw_path, &request->query))
        return MHD_HTTP_BAD_REQUEST;
    char *path = request->text + request->text_size + 1;
    size_t size;
    if (!parse_path(raw_path, path, &size)) return MHD_HTTP_BAD_REQUEST;
    request->path = slice_of(path, size);
    if (path[0] == '*' && request->method != HTTP_OPTIONS) return MHD_HTTP_BAD_REQUEST;
    if (request->query.size == 0) return 0;
    char *pairs = path + size + 1;
    if (!parse_pairs(request->query, HTTP_QUERY_PAIRS, pairs, &size)) return MHD_HTTP_BAD_REQUEST;
    request->pairs = slice_of(pairs, size);
    return 0;
}

unsigned request_read_head(struct http_request *request, const char *method)
{
    const union MHD_ConnectionInfo *about =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    size_t size = about == NULL ? 0 : about->header_size;
    atomic_fetch_add_explicit(&request->peer->loop->bytes_in, size, memory_order_relaxed);
    unsigned refused = read_fields(request);
    if (refused != 0) return refused;
    if (!read_method(request, method)) return MHD_HTTP_NOT_IMPLEMENTED;
    if (size > HTTP_HEAD_BYTES) return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    return read_target(request);
}

unsigned request_read_form(struct http_request *request)
{
    if (request->body.size == 0 ||
        !parse_type_is(http_header(request, "Content-Type"), "application/x-www-form-urlencoded"))
        return 0;
    struct slice body = buffer_slice(&request->body);
    uint8_t *room = buffer_reserve(&request->form_text, parse_pairs_room(body.size, HTTP_FORM_PAIRS));
    size_t size;
    if (room == NULL) return MHD_HTTP_SERVICE_UNAVAILABLE;
    if (!parse_pairs(body, HTTP_FORM_PAIRS, (char *)room, &size)) return MHD_HTTP_BAD_REQUEST;
    buffer_advance(&request->form_text, size);
    request->form = buffer_slice(&request->form_text);
    return 0;
}

void request_clear(struct http_request *request)
{
    if (request->body.data != NULL) {
        atomic_fetch_sub(&request->peer->loop->server->body_bytes, request->body.size);
        if (request->share != NULL) atomic_fetch_sub(&request->share->body_bytes, request->body.size);
        buffer_clear(&request->body);
    }
    if (request->share != NULL) share_leave(&request->peer->loop->server->crew, request->share);
    buffer_clear(&request->form_text);
    if (request->text != request->inline_text) free(request->text);
    if (request->ready != NULL) MHD_destroy_response(request->ready);
    struct peer *peer = request->peer;
    memset(request, 0, offsetof(struct http_request, inline_text));
    request->peer = peer;
}
