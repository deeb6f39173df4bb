#include "peer/source.h"

#include "http/http.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SOURCE_PATH_SIZE = 4096,
    CONNECT_S = 10,
    ANSWER_S = 20,             /* however short it is … */
    BYTES_A_SECOND = 32 * 1024 /* … and so many more seconds for what is long */
};

struct source {
    const struct system *system;
    struct source_options options;
    char base[SOURCE_PATH_SIZE]; /* without a slash at its end */
    const struct maker *maker;
    pthread_mutex_t mutex;      /* guards what follows */
    char said[TRUCE_SAID_SIZE]; /* in Authorization, or "" */
    unsigned entered;           /* so many sessions were opened */
};
struct maker {
    enum status (*get)(struct source *source, const char *where, size_t most, struct buffer *out, bool *there,
                       struct error *error);
    bool server;
};

/* ---- a directory */

static enum status directory_get(struct source *source, const char *where, size_t most, struct buffer *out, bool *there,
                                 struct error *error)
{
    return file_read_if_there(source->system, where, most, out, there, error);
}

/* ---- HTTP */

static enum status said_otherwise(const char *where, unsigned status, struct error *error)
{
    struct error_text number = error_number((int64_t)status);
    if (status == 401 || status == 403)
        return error_set(error, STATUS_FAILED, "source-door",
                         "{0} wants to know who asks ({1}). Give the session key or token that it knows you by.", where,
                         number.text, NULL);
    return error_set(error, STATUS_FAILED, "source-status",
                     "{0} answered {1} instead of giving what was asked for. Try again later.", where, number.text,
                     NULL);
}

/* Unless another thread did meanwhile. */
static enum status enter(struct source *source, unsigned seen, struct error *error)
{
    struct truce_error why = {.status = TRUCE_DONE};
    const struct truce_access *access = &source->options.access;
    pthread_mutex_lock(&source->mutex);
    bool late = seen != source->entered;
    bool entered = !late && access->enter(access->context, source->said, &why) == TRUCE_DONE;
    if (entered) source->entered++;
    pthread_mutex_unlock(&source->mutex);
    if (late || entered) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "source-session",
                     "The door of {0} does not open to this session key. What it says: {2} ({1}).", source->base,
                     why.code, error_slice(slice_from(why.message)).text, NULL);
}

static enum status fetch_as(struct source *source, struct http_call *call, unsigned *seen, struct http_result *result,
                            struct error *error)
{
    char said[TRUCE_SAID_SIZE];
    pthread_mutex_lock(&source->mutex);
    memcpy(said, source->said, sizeof said);
    *seen = source->entered;
    pthread_mutex_unlock(&source->mutex);
    call->authorization = said[0] == '\0' ? NULL : said;
    enum status status = http_fetch(call, result, error);
    explicit_bzero(said, sizeof said);
    return status;
}

/* A door that asks who comes is answered, once: the session before may have ended. */
static enum status fetch(struct source *source, struct http_call *call, struct http_result *result, struct error *error)
{
    unsigned seen;
    call->language = source->options.language;
    call->certificate_authority = source->options.access.authority;
    call->connect_s = CONNECT_S;
    TRY(fetch_as(source, call, &seen, result, error));
    if (result->status != 401 || source->options.access.enter == NULL) return STATUS_DONE;
    buffer_clear(&result->body);
    *result = (struct http_result){.status = 0};
    TRY(enter(source, seen, error));
    return fetch_as(source, call, &seen, result, error);
}

static enum status server_get(struct source *source, const char *where, size_t most, struct buffer *out, bool *there,
                              struct error *error)
{
    struct http_result result = {0};
    struct http_call call = {.url = where,
                             .method = "GET",
                             .accept = "text/plain, application/octet-stream",
                             .total_s = ANSWER_S + (unsigned)(most / BYTES_A_SECOND),
                             .answer_most = most};
    TRY(fetch(source, &call, &result, error));
    *there = result.status == 200;
    if (*there) buffer_put(out, buffer_slice(&result.body));
    buffer_clear(&result.body);
    if (!*there && result.status != 404) return said_otherwise(where, result.status, error);
    return buffer_finish(out, error);
}

static const struct maker of_server = {server_get, true}, of_directory = {directory_get, false};

/* ---- either */

static enum status join(const struct source *source, const char *path, char out[SOURCE_PATH_SIZE], struct error *error)
{
    int size = snprintf(out, SOURCE_PATH_SIZE, "%s/%s", source->base, path);
    if (size > 0 && size < SOURCE_PATH_SIZE) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "source-long", "The address or path of the source is too long.", NULL);
}

enum status source_get(struct source *source, const char *path, size_t most, struct buffer *out, bool *there,
                       struct error *error)
{
    char where[SOURCE_PATH_SIZE];
    TRY(join(source, path, where, error));
    return source->maker->get(source, where, most, out, there, error);
}

enum status source_post(struct source *source, const char *path, struct slice body, unsigned patience_s, size_t most,
                        struct source_answer *out, struct error *error)
{
    char where[SOURCE_PATH_SIZE];
    struct http_result result = {0};
    if (!source->maker->server)
        return error_set(error, STATUS_USAGE, "source-files", "{0} is no server: nothing can be handed in there.",
                         source->base, NULL);
    TRY(join(source, path, where, error));
    struct http_call call = {.url = where,
                             .method = "POST",
                             .body = body,
                             .type = "text/plain; charset=utf-8",
                             .accept = "application/x-ndjson",
                             .total_s = patience_s,
                             .answer_most = most};
    TRY(fetch(source, &call, &result, error));
    *out = (struct source_answer){.status = result.status, .body = result.body};
    memcpy(out->type, result.type, sizeof out->type);
    return STATUS_DONE;
}

/* A register's directory has its log below it. */
static void find_log(struct source *source)
{
    char below[SOURCE_PATH_SIZE];
    int size = snprintf(below, sizeof below, "%s/log/journal", source->base);
    if (size < 0 || (size_t)size >= sizeof below) return;
    int file = source->system->open(source->system->context, below, O_RDONLY, 0);
    if (file < 0) return;
    source->system->close(source->system->context, file);
    size_t length = strlen(source->base);
    snprintf(source->base + length, sizeof source->base - length, "/log");
}

enum status source_open(struct source **out, const struct system *system, const struct source_options *options,
                        struct error *error)
{
    size_t size = strlen(options->where);
    while (size > 1 && options->where[size - 1] == '/') size--;
    if (size + 128 >= SOURCE_PATH_SIZE)
        return error_set(error, STATUS_USAGE, "source-long", "The address or path of the source is too long.", NULL);
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
    source->system = system;
    source->options = *options;
    pthread_mutex_init(&source->mutex, NULL);
    if (options->access.authorization != NULL)
        snprintf(source->said, sizeof source->said, "%s", options->access.authorization);
    memcpy(source->base, options->where, size);
    bool server = strncmp(options->where, "http://", 7) == 0 || strncmp(options->where, "https://", 8) == 0;
    source->maker = server ? &of_server : &of_directory;
    if (!server) find_log(source);
    *out = source;
    return STATUS_DONE;
}

void source_close(struct source **source)
{
    if (*source == NULL) return;
    pthread_mutex_destroy(&(*source)->mutex);
    explicit_bzero((*source)->said, sizeof(*source)->said);
    free(*source);
    *source = NULL;
}

const char *source_name(const struct source *source)
{
    return source->base;
}

bool source_is_server(const struct source *source)
{
    return source->maker->server;
}
