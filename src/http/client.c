/* The client: libcurl behind one function. Each thread keeps one handle, and with it the connections that stay alive.
 */
#include "http/http.h"
#include "http/server.h"

#include <curl/curl.h>
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { CONNECT_S = 10, TOTAL_S = 300, SILENT_S = 60, ANSWER_BYTES = 64 * 1024 * 1024, HEADER_BYTES = 512 };

static pthread_key_t handle_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool ready;

static void end_handle(void *handle)
{
    curl_easy_cleanup(handle);
}

static void set_up(void)
{
    ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK && pthread_key_create(&handle_key, end_handle) == 0;
}

static CURL *handle_of_thread(void)
{
    pthread_once(&once, set_up);
    if (!ready) return NULL;
    CURL *handle = pthread_getspecific(handle_key);
    if (handle == NULL) {
        handle = curl_easy_init();
        if (handle != NULL && pthread_setspecific(handle_key, handle) != 0) {
            curl_easy_cleanup(handle);
            return NULL;
        }
    } else {
        curl_easy_reset(handle);
    }
    return handle;
}

struct reading {
    struct buffer *body;
    size_t most;
    bool too_large;
};

static size_t keep(char *data, size_t one, size_t size, void *context)
{
    struct reading *reading = context;
    size *= one;
    if (size > reading->most - reading->body->size) {
        reading->too_large = true;
        return 0;
    }
    buffer_put(reading->body, slice_of(data, size));
    return reading->body->failed ? 0 : size;
}

static void add_header(struct curl_slist **list, const char *name, const char *value)
{
    char line[HEADER_BYTES + 4096];
    if (value == NULL || strlen(name) + strlen(value) + 3 > sizeof line) return;
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer != NULL) *list = longer;
}

/* Whether the url is one of ours, and whether its host is this machine: then no proxy of the environment has a say. */
static bool read_url(const char *url, bool *loopback)
{
    CURLU *parts = curl_url();
    char *host = NULL, *scheme = NULL;
    bool good = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    *loopback =
        good && (strcasecmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0);
    curl_free(host);
    curl_free(scheme);
    curl_url_cleanup(parts);
    return good;
}

static void set_body(CURL *curl, const struct http_call *call)
{
    if (strcmp(call->method, "POST") == 0) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.size == 0 ? "" : (const char *)call->body.data);
    } else if (strcmp(call->method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (strcmp(call->method, "GET") == 0) { /* what is asked for comes at once, or the peer is silent */
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SILENT_S);
    } else {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    }
}

static void set_options(CURL *curl, const struct http_call *call, struct reading *reading, struct curl_slist *headers)
{
    unsigned connect_s = call->connect_s == 0 ? CONNECT_S : call->connect_s;
    unsigned total_s = call->total_s == 0 ? TOTAL_S : call->total_s;
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)connect_s);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)total_s);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reading);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)reading->most);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (call->certificate_authority != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, call->certificate_authority);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* alone: not beside those of the system */
    }
    set_body(curl, call);
}

static enum status unreachable(struct error *error, const char *where, const char *why)
{
    return error_set(error, STATUS_FAILED, "http-unreachable",
                     "No server can be reached at {0} ({1}). Check the address and the network, and whether it runs.",
                     where, why, NULL);
}

static enum status untrusted(struct error *error, const char *where, CURLcode code)
{
    const char *why = code == CURLE_PEER_FAILED_VERIFICATION ? "its certificate is not trusted here"
                      : code == CURLE_SSL_CACERT_BADFILE     ? "the file of trusted certificates cannot be used"
                                                             : "no secure connection came about";
    return error_set(error, STATUS_FAILED, "http-tls",
                     "The server at {0} could not prove who it is: {1}. Nothing was sent to it.", where, why, NULL);
}

/* Why curl failed, as what a reader can do about it. */
static enum status tell(CURL *curl, CURLcode code, const struct http_call *call, const struct reading *reading,
                        struct error *error)
{
    const char *where = call->socket != NULL ? call->socket : call->url;
    long system_errno = 0;
    if (reading->body->failed) return buffer_finish(reading->body, error);
    if (reading->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return error_set(error, STATUS_FAILED, "http-too-large",
                         "The answer of {0} has more than {1} bytes. Ask for less at once.", where,
                         error_number((int64_t)reading->most).text, NULL);
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return unreachable(error, where, "no such name");
    case CURLE_COULDNT_CONNECT:
        curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &system_errno);
        return unreachable(error, where, system_errno == 0 ? "no connection" : strerror((int)system_errno));
    case CURLE_OPERATION_TIMEDOUT:
        return error_set(error, STATUS_FAILED, "http-timeout",
                         "{0} did not answer in time. Try again; what was sent may have arrived.", where, NULL);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR: return untrusted(error, where, code);
    default:
        return error_set(error, STATUS_FAILED, "http-broken",
                         "The connection to {0} broke off before its answer was whole. Try again; what was sent may "
                         "have arrived.",
                         where, NULL);
    }
}

static void read_type(CURL *curl, char out[80])
{
    const char *type = NULL;
    size_t size = 0;
    if (curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK || type == NULL) type = "";
    while (type[size] != '\0' && strchr("; \t", type[size]) == NULL && size < 79) {
        out[size] = (char)tolower((unsigned char)type[size]);
        size++;
    }
    out[size] = '\0';
}

/* A connection that broke raises no signal here, whatever library below writes to it; what the caller does with
 * SIGPIPE elsewhere stays as it is. */
static CURLcode perform(CURL *curl)
{
    sigset_t pipe_alone, before, pending;
    sigemptyset(&pipe_alone);
    sigaddset(&pipe_alone, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_alone, &before);
    CURLcode code = curl_easy_perform(curl);
    if (!was_pending)
        while (sigtimedwait(&pipe_alone, NULL, &(struct timespec){0}) < 0 && errno == EINTR) continue;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static enum status fetch(CURL *curl, const struct http_call *call, struct http_result *result, struct error *error)
{
    struct reading reading = {.body = &result->body, .most = call->answer_most == 0 ? ANSWER_BYTES : call->answer_most};
    struct curl_slist *headers = NULL;
    long status = 0;
    bool loopback;
    if (!read_url(call->url, &loopback))
        return error_set(error, STATUS_USAGE, "http-url",
                         "\"{0}\" is no address of a server. Write it as http://HOST:PORT or https://HOST.", call->url,
                         NULL);
    if (loopback || call->socket != NULL) curl_easy_setopt(curl, CURLOPT_PROXY, "");
    add_header(&headers, "Accept", call->accept);
    add_header(&headers, "Accept-Language", call->language);
    add_header(&headers, "Authorization", call->authorization);
    add_header(&headers, "Content-Type", call->type == NULL ? "" : call->type); /* "": none, not curl's own */
    set_options(curl, call, &reading, headers);
    CURLcode code = perform(curl);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) return tell(curl, code, call, &reading, error);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    result->status = (unsigned)status;
    read_type(curl, result->type);
    return STATUS_DONE;
}

enum status http_fetch(const struct http_call *call, struct http_result *out, struct error *error)
{
    struct http_result result = {0};
    char socket_path[LOCAL_PATH_BYTES];
    int directory = -1;
    CURL *curl = handle_of_thread();
    if (curl == NULL) return error_system(error, "start", "libcurl", ENOMEM);
    if (call->socket != NULL) {
        if (!local_path(call->socket, socket_path, &directory))
            return unreachable(error, call->socket, strerror(errno));
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
        /* Through a directory's descriptor the same path may be another socket the next time. */
        curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, directory >= 0 ? 1L : 0L);
        curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, directory >= 0 ? 1L : 0L);
    }
    enum status status = fetch(curl, call, &result, error);
    if (directory >= 0) close(directory);
    if (status == STATUS_DONE)
        *out = result;
    else
        buffer_clear(&result.body);
    return status;
}
