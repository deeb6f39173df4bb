#include "cli/remote.h"

#include "http/http.h"
#include "json/json.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    PART_BYTES = 1024 * 1024, /* of notes in one request */
    TOKEN_SIZE = 512,
    ASK_S = 5
};

bool remote_socket(const char *directory, char *out, size_t size)
{
    int length = snprintf(out, size, "%s/server.lock", directory);
    return length > 0 && (size_t)length < size;
}

bool remote_beside(const struct call *call, struct remote *out)
{
    struct http_result result = {0};
    *out = (struct remote){.url = "http://localhost"};
    if (!remote_socket(call->directory, out->socket, sizeof out->socket) || access(out->socket, F_OK) != 0)
        return false;
    const struct http_call ask = {.url = "http://localhost/healthz",
                                  .socket = out->socket,
                                  .method = "GET",
                                  .connect_s = ASK_S,
                                  .total_s = ASK_S};
    struct error error;
    enum status status = http_fetch(&ask, &result, &error);
    buffer_clear(&result.body);
    /* A server that is slow to say so is one all the same; a socket without a server was left by one that was killed.
     */
    return status == STATUS_DONE || strcmp(error.code, "http-unreachable") != 0;
}

static enum truce_status enter(struct remote *remote, struct truce_error *error);

enum truce_status remote_open(const struct call *call, struct remote *out)
{
    struct truce_error error;
    enum truce_status status = remote_read(call, call_option(call, "to"), out);
    if (status != TRUCE_DONE || out->session == NULL) return status;
    return enter(out, &error) == TRUCE_DONE ? TRUCE_DONE : say_error(&error);
}

enum truce_status remote_read(const struct call *call, const char *url, struct remote *out)
{
    struct truce_error error;
    const char *member = call_option(call, "member"), *file = call_option(call, "token-file");
    *out =
        (struct remote){.url = url, .authority = call_option(call, "tls-ca"), .session = call_option(call, "session")};
    if (out->session != NULL && file != NULL)
        return call_wrong(call, TR("--session and --token-file are two ways to come in: give one."), NULL);
    if (file == NULL && member != NULL) return call_wrong(call, TR("--member goes with --token-file."), NULL);
    if (file == NULL) return TRUCE_DONE;
    OWN(buffer_clear) struct buffer text = {0};
    enum truce_status status = file_read(&text, file);
    if (status != TRUCE_DONE) return status;
    char token[TOKEN_SIZE];
    const char *end = text.size == 0 ? NULL : memchr(text.data, '\n', text.size);
    size_t size = end == NULL ? text.size : (size_t)(end - (const char *)text.data);
    snprintf(token, sizeof token, "%.*s", (int)(size < sizeof token ? size : sizeof token - 1),
             size == 0 ? "" : (const char *)text.data);
    status = truce_token_say(member, token, &out->said, &error);
    explicit_bzero(token, sizeof token);
    if (text.size > 0) explicit_bzero(text.data, text.size);
    return status == TRUCE_DONE ? status : say_error(&error);
}

static void forget(struct remote *remote)
{
    if (remote->said.data != NULL) explicit_bzero(remote->said.data, remote->said.size);
    truce_free(&remote->said);
}

/* ---- one request */

enum { URL_SIZE = 4096 };

static enum status fetch(const struct remote *remote, const char *path, struct http_call call,
                         struct http_result *result, struct error *error)
{
    char url[URL_SIZE];
    size_t size = strlen(remote->url);
    while (size > 0 && remote->url[size - 1] == '/') size--;
    snprintf(url, sizeof url, "%.*s%s", (int)(size < 4000 ? size : 4000), remote->url, path);
    call.url = url;
    call.socket = remote->socket[0] == '\0' ? NULL : remote->socket;
    call.language = language_code(words_language_now());
    call.authorization = remote->said.data;
    call.certificate_authority = remote->authority;
    return http_fetch(&call, result, error);
}

/* What the server says of the whole: a problem as RFC 9457 has it. */
static enum truce_status read_problem(struct slice text, unsigned status, struct truce_error *out)
{
    struct arena arena;
    const struct json *problem;
    OWN(buffer_clear) struct buffer other = {0};
    char number[16];
    snprintf(number, sizeof number, "%u", status);
    *out = (struct truce_error){.status = TRUCE_FAILED, .offset = -1};
    arena_init(&arena, text.size * 64 + 65536);
    bool read = json_read(&problem, text, JSON_RELAXED, &arena, NULL) == STATUS_DONE &&
                json_find_string(problem, "detail").size > 0;
    if (read) {
        snprintf(out->code, sizeof out->code, "%.*s", SLICE(json_find_string(problem, "code")));
        snprintf(out->message, sizeof out->message, "%.*s", SLICE(json_find_string(problem, "detail")));
    } else {
        words_fill(&other, TR("The server answered {0}; this is no server of truce, or one of another version."),
                   number, NULL);
        snprintf(out->code, sizeof out->code, "http-%s", number);
        snprintf(out->message, sizeof out->message, "%.*s", SLICE(buffer_slice(&other)));
    }
    arena_clear(&arena);
    return TRUCE_FAILED;
}

static enum truce_status say_problem(struct slice text, unsigned status)
{
    struct truce_error error;
    (void)read_problem(text, status, &error);
    return say_error(&error);
}

/* The lines of an answer. One that is neither receipt nor refusal says what failed behind those before it. */
static enum truce_status give_lines(struct slice rest, unsigned status, truce_line *line, void *context)
{
    static const char problem[] = "{\"code\":", refused[] = "\"}";
    enum truce_status out = TRUCE_DONE;
    while (rest.size > 0) {
        OWN(buffer_clear) struct buffer copy = {0};
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        struct slice one = slice_part(rest, 0, end == NULL ? rest.size : (size_t)(end - rest.data));
        rest = slice_part(rest, one.size + 1, rest.size);
        if (slice_starts(one, problem)) return say_problem(one, status);
        bool is_refused = memmem(one.data, one.size, "\"refused\":\"", 11) != NULL && one.size > 2 &&
                          memcmp(one.data + one.size - 2, refused, 2) == 0;
        buffer_put(&copy, one);
        buffer_put_byte(&copy, '\0');
        if (copy.failed) return TRUCE_FAILED;
        if (is_refused) out = TRUCE_REFUSED;
        if (line(context, is_refused ? TRUCE_REFUSED : TRUCE_DONE, (const char *)copy.data, one.size) != 0)
            return TRUCE_FAILED;
    }
    return out;
}

static enum truce_status say_lost(const struct error *error)
{
    static const char *const before[] = {"http-unreachable", "http-url", "http-tls"};
    struct truce_error told;
    words_error(&told, error);
    say_error(&told);
    for (size_t i = 0; i < COUNT_OF(before); i++)
        if (strcmp(error->code, before[i]) == 0) return TRUCE_FAILED;
    say(TR("Whether the server took the records is not known. Handing them in again is harmless: what it has, it "
           "answers with the receipt; each record can also be found by its id (truce show)."),
        NULL);
    return TRUCE_FAILED;
}

/* ---- a session */

/* What the token is said in, out of {"party","token","until"}. */
static enum truce_status keep_token(struct remote *remote, struct slice text, unsigned status,
                                    struct truce_error *error)
{
    struct arena arena;
    const struct json *session;
    char token[TOKEN_SIZE] = "";
    arena_init(&arena, text.size * 64 + 65536);
    if (json_read(&session, text, JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        snprintf(token, sizeof token, "%.*s", SLICE(json_find_string(session, "token")));
    arena_clear(&arena);
    if (status != 201 || token[0] == '\0') return read_problem(text, status, error);
    enum truce_status said = truce_token_say(NULL, token, &remote->said, error);
    explicit_bzero(token, sizeof token);
    return said;
}

static enum truce_status put_fault(const struct error *why, struct truce_error *out)
{
    words_error(out, why);
    return TRUCE_FAILED;
}

static enum truce_status hand_in_answer(struct remote *remote, struct slice notes, struct truce_error *error)
{
    struct error why;
    struct http_result result = {0};
    const struct http_call call = {
        .method = "POST", .body = notes, .type = "text/plain; charset=utf-8", .accept = "application/json"};
    if (fetch(remote, "/session", call, &result, &why) != STATUS_DONE) return put_fault(&why, error);
    enum truce_status status = keep_token(remote, buffer_slice(&result.body), result.status, error);
    if (result.body.data != NULL) explicit_bzero(result.body.data, result.body.size);
    buffer_clear(&result.body);
    return status;
}

/* Its token is said from then on. */
static enum truce_status enter(struct remote *remote, struct truce_error *error)
{
    struct error why;
    struct http_result result = {0};
    struct truce_buffer notes = {0};
    enum truce_status status;
    forget(remote);
    if (fetch(remote, "/session/challenge", (struct http_call){.method = "GET"}, &result, &why) != STATUS_DONE)
        return put_fault(&why, error);
    if (result.status != 200)
        status = read_problem(buffer_slice(&result.body), result.status, error);
    else
        status = truce_session_answer(remote->session, remote->url, (const char *)result.body.data, result.body.size,
                                      &notes, error);
    if (status == TRUCE_DONE) status = hand_in_answer(remote, slice_of(notes.data, notes.size), error);
    truce_free(&notes);
    buffer_clear(&result.body);
    return status;
}

static enum truce_status enter_for(void *context, char said[TRUCE_SAID_SIZE], struct truce_error *error)
{
    struct remote *remote = context;
    enum truce_status status = enter(remote, error);
    if (status == TRUCE_DONE) snprintf(said, TRUCE_SAID_SIZE, "%s", remote->said.data);
    return status;
}

struct truce_access remote_access(struct remote *remote)
{
    return (struct truce_access){.authority = remote->authority,
                                 .authorization = remote->said.data,
                                 .enter = remote->session == NULL ? NULL : enter_for,
                                 .context = remote};
}

/* The server forgets it by itself some time; it is asked to, and not waited for. */
enum truce_status remote_keep(const struct call *call, struct remote *remote)
{
    struct truce_error error;
    char log[4096], key[4096];
    int size = snprintf(log, sizeof log, "%s/log/journal", call->directory);
    snprintf(key, sizeof key, "%s/log.key", call->directory);
    if (size < 0 || (size_t)size >= sizeof log || access(log, R_OK) != 0 || access(key, F_OK) == 0) return TRUCE_DONE;
    enum truce_status status = truce_open(&remote->keeper, call->directory, TRUCE_READ, &error);
    return status == TRUCE_DONE ? TRUCE_DONE : say_error(&error);
}

void remote_close(struct remote *remote)
{
    if (remote->keeper != NULL) (void)!truce_close(&remote->keeper, NULL);
    struct error error;
    struct http_result result = {0};
    const struct http_call call = {.method = "POST", .connect_s = ASK_S, .total_s = ASK_S};
    if (remote->session != NULL && remote->said.data != NULL &&
        fetch(remote, "/session/end", call, &result, &error) == STATUS_DONE)
        buffer_clear(&result.body);
    forget(remote);
}

/* ---- handing in */

/* What the server says is kept before it is shown. */
static enum truce_status keep(struct remote *remote, struct slice notes, const struct buffer *lines)
{
    struct truce_error error;
    if (remote->keeper == NULL || notes.size == 0) return TRUCE_DONE;
    enum truce_status status = truce_said_keep(remote->keeper, (const char *)notes.data, notes.size,
                                               (const char *)lines->data, lines->size, &error);
    return status == TRUCE_DONE ? TRUCE_DONE : say_error(&error);
}

static enum truce_status give_and_keep(struct remote *remote, struct slice notes, const struct http_result *result,
                                       truce_line *line, void *context)
{
    enum truce_status kept = keep(remote, notes, &result->body);
    enum truce_status given = give_lines(buffer_slice(&result->body), result->status, line, context);
    return kept == TRUCE_DONE || given == TRUCE_FAILED ? given : kept;
}

/* Posts a body to a path of the server, which answers line by line. */
static enum truce_status post(struct remote *remote, const char *path, const char *type, struct slice body, bool again,
                              truce_line *line, void *context)
{
    struct error error;
    struct http_result result = {0};
    const struct http_call call = {.method = "POST", .body = body, .type = type, .accept = "application/x-ndjson"};
    enum truce_status status = TRUCE_FAILED;
    enum status came = fetch(remote, path, call, &result, &error);
    if (came == STATUS_DONE && result.status == 401 && remote->session != NULL && again) { /* the session has ended */
        buffer_clear(&result.body);
        struct truce_error why;
        if (enter(remote, &why) != TRUCE_DONE) return say_error(&why);
        return post(remote, path, type, body, false, line, context);
    }
    if (came != STATUS_DONE)
        status = say_lost(&error);
    else if (strcmp(result.type, "application/x-ndjson") == 0)
        status = give_and_keep(remote, strcmp(path, "/records") == 0 ? body : slice_from(""), &result, line, context);
    else
        status = say_problem(buffer_slice(&result.body), result.status);
    buffer_clear(&result.body);
    return status;
}

static enum truce_status submit_part(struct remote *remote, struct slice notes, truce_line *line, void *context)
{
    return post(remote, "/records", "text/plain; charset=utf-8", notes, true, line, context);
}

/* As many ciphers in one request as a server takes. */
enum truce_status remote_put_sealed(struct remote *remote, struct slice files, truce_line *line, void *context)
{
    enum truce_status out = TRUCE_DONE;
    while (files.size > 0) {
        struct slice rest = files;
        do {
            size_t size = truce_sealed_size((const char *)rest.data, rest.size);
            if (size == 0) size = rest.size; /* none of ours: the server says so */
            rest = slice_part(rest, size, SIZE_MAX);
        } while (rest.size > 0 && files.size - rest.size < PART_BYTES);
        enum truce_status status = post(remote, "/sealed", "application/octet-stream",
                                        slice_part(files, 0, files.size - rest.size), true, line, context);
        if (status == TRUCE_FAILED) return status;
        if (status != TRUCE_DONE) out = status;
        files = rest;
    }
    return out;
}

/* ---- many notes in several requests */

/* Where the first part ends: behind the last signature line that fits, or behind the next one. */
static size_t part_size(struct slice notes)
{
    static const char dash[] = "\n\u2014 ";
    size_t good = 0;
    for (size_t at = 0; at < notes.size;) {
        const uint8_t *signature = memmem(notes.data + at, notes.size - at, dash, sizeof dash - 1);
        if (signature == NULL) return notes.size;
        const uint8_t *end = memchr(signature + 1, '\n', notes.size - (size_t)(signature + 1 - notes.data));
        at = end == NULL ? notes.size : (size_t)(end + 1 - notes.data);
        if (at > PART_BYTES && good > 0) return good;
        good = at;
    }
    return notes.size;
}

enum truce_status remote_submit(struct remote *remote, struct slice notes, truce_line *line, void *context)
{
    enum truce_status out = TRUCE_DONE;
    do {
        struct slice part = slice_part(notes, 0, part_size(notes));
        notes = slice_part(notes, part.size, notes.size);
        enum truce_status status = submit_part(remote, part, line, context);
        if (status == TRUCE_FAILED) return status;
        if (status != TRUCE_DONE) out = status;
    } while (notes.size > 0);
    return out;
}
