#include "cli/serve.h"

#include "cli/remote.h"

#include "json/json.h"
#include "json/write.h"
#include "tell/typed.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char listen_default[] = "127.0.0.1:8080";
enum { LOOK_S = 60 };

/* ---- what it was called with */

bool listen_read(const char *text, char address[64], uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    uint64_t number;
    if (colon == NULL || !value_number(&number, slice_from(colon + 1)) || number > UINT16_MAX) return false;
    bool bracketed = text[0] == '[' && colon > text && colon[-1] == ']';
    struct slice host =
        bracketed ? slice_of(text + 1, (size_t)(colon - text) - 2) : slice_of(text, (size_t)(colon - text));
    if (host.size == 0 || host.size >= 64 || (!bracketed && memchr(host.data, ':', host.size) != NULL)) return false;
    if (slice_is(host, "localhost")) host = slice_from("127.0.0.1");
    snprintf(address, 64, "%.*s", SLICE(host));
    *port = (uint16_t)number;
    return true;
}

static enum truce_status read_count(const struct call *call, const char *name, unsigned *out)
{
    const char *text = call_option(call, name);
    uint64_t number = 0;
    if (text == NULL) return TRUCE_DONE;
    if (!value_number(&number, slice_from(text)) || number == 0 || number > 1000000)
        return call_wrong(call, TR("A number was expected, not \"{0}\"."), text, NULL);
    *out = (unsigned)number;
    return TRUCE_DONE;
}

enum truce_status serving_read(const struct call *call, const char *directory, struct serving *out)
{
    const char *listen = call_option(call, "listen");
    if (listen == NULL) listen = listen_default;
    *out = (struct serving){.options = {.certificate = call_option(call, "tls-cert"),
                                        .certificate_key = call_option(call, "tls-key"),
                                        .members = call_option(call, "members"),
                                        .called = call_option(call, "host"),
                                        .tiles_by = call_option(call, "tiles-by")}};
    out->options.address = out->address;
    out->options.socket = out->socket;
    if (!listen_read(listen, out->address, &out->options.port))
        return call_wrong(call, TR("An address to listen at is ADDRESS:PORT (127.0.0.1:8080), not \"{0}\"."), listen,
                          NULL);
    if ((out->options.certificate == NULL) != (out->options.certificate_key == NULL))
        return call_wrong(call, TR("--tls-cert and --tls-key go together."), NULL);
    if (call_has(call, "tiles") != call_has(call, "tiles-by"))
        return call_wrong(call, TR("--tiles and --tiles-by go together: a map names who made it."), NULL);
    if (!remote_socket(directory, out->socket, sizeof out->socket))
        return call_wrong(call, TR("The path of the register is too long."), NULL);
    enum truce_status status = read_count(call, "connections", &out->options.connections);
    return status == TRUCE_DONE ? read_count(call, "per-address", &out->options.per_address) : status;
}

/* ---- what is said */

static enum truce_status say_fault(const struct error *error)
{
    struct truce_error told;
    words_error(&told, error);
    return say_error(&told);
}

static void put_register_name(struct truce_register *reg, struct buffer *out)
{
    struct truce_buffer answer = {0};
    struct truce_register *reader; /* beside, for a mirror is at work on the register already */
    struct arena arena;
    const struct json *about;
    if (truce_beside(&reader, reg, NULL) != TRUCE_DONE) return;
    enum truce_status status = truce_about(reader, &answer, NULL);
    truce_close(&reader, NULL);
    if (status != TRUCE_DONE) return;
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&about, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        buffer_put(out, json_find_string(about, "register"));
    arena_clear(&arena);
    truce_free(&answer);
}

static void say_serving(const struct call *call, const struct serving *serving, const struct api *api,
                        struct slice register_name)
{
    OWN(buffer_clear) struct buffer url = {0}, name = {0}, line = {0};
    api_url(api, &url);
    if (call->json) {
        struct json_writer w;
        json_write_open(&w, &line);
        json_put_object(&w);
        json_put_key(&w, "register"), json_put_slice(&w, register_name);
        json_put_key(&w, "socket"), json_put_string(&w, serving->socket);
        json_put_key(&w, "url"), json_put_slice(&w, buffer_slice(&url));
        json_put_close(&w);
        if (json_write_finish(&w, NULL) != STATUS_DONE) return;
    } else {
        buffer_put(&name, register_name);
        buffer_put_byte(&name, '\0');
        buffer_put_byte(&url, '\0');
        if (name.failed || url.failed) return;
        words_fill(&line, TR("Serving {0} at {1}"), (const char *)name.data, (const char *)url.data, NULL);
    }
    output_line_now(buffer_slice(&line));
}

/* ---- until it is told to stop */

/* SIGHUP reads members and certificate again, as does each minute in which the certificate's files changed; SIGTERM and
 * SIGINT end the wait, and a second one of them ends the program. */
static void wait_for_end(struct api *api, const sigset_t *signals)
{
    static const struct timespec a_look = {.tv_sec = LOOK_S};
    for (int signal = SIGHUP; signal == SIGHUP || signal < 0;) {
        struct error error;
        signal = sigtimedwait(signals, NULL, &a_look);
        if (signal < 0 && errno != EAGAIN && errno != EINTR) return;
        if (signal == SIGHUP && api_renew(api, &error) != STATUS_DONE) say_fault(&error);
        if (signal < 0 && api_look(api, &error) != STATUS_DONE) say_fault(&error);
    }
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static enum truce_status run(const struct call *call, const struct serving *serving, struct truce_register *reg,
                             const sigset_t *signals)
{
    struct api *api;
    struct error error;
    OWN(buffer_clear) struct buffer name = {0};
    put_register_name(reg, &name);
    if (api_start(&api, reg, &serving->options, &error) != STATUS_DONE) return say_fault(&error);
    struct truce_collector *collector;
    struct truce_error why;
    if (truce_collect(&collector, reg, call_option(call, "peers-ca"), &why) != TRUCE_DONE) {
        api_stop(&api);
        return say_error(&why);
    }
    say_serving(call, serving, api, buffer_slice(&name));
    wait_for_end(api, signals);
    truce_collect_end(&collector);
    api_stop(&api);
    return TRUCE_DONE;
}

enum truce_status serving_run(const struct call *call, struct serving *serving, struct truce_register *reg,
                              const sigset_t *signals)
{
    struct truce_tiles *tiles = NULL;
    struct truce_error error;
    const char *path = call_option(call, "tiles");
    if (path != NULL && truce_tiles_open(&tiles, path, &error) != TRUCE_DONE) return say_error(&error);
    serving->options.tiles = tiles;
    enum truce_status status = run(call, serving, reg, signals);
    truce_tiles_close(&tiles);
    return status;
}

void serving_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

static enum truce_status serve(struct call *call)
{
    static struct serving serving;
    struct truce_register *reg;
    sigset_t signals;
    enum truce_status status = serving_read(call, call->directory, &serving);
    if (status == TRUCE_DONE) status = first_run(call);
    if (status != TRUCE_DONE) return status;
    serving_signals(&signals);
    status = call_open(call, TRUCE_WRITE, &reg);
    return status == TRUCE_DONE ? call_close(&reg, serving_run(call, &serving, reg, &signals)) : status;
}

static const struct option options[] = {
    {"listen", '\0', "ADDR:PORT", N_("Listen here; 127.0.0.1:8080 if not given. Port 0 is any that is free.")},
    OPTIONS_SERVING,
    {"yes", '\0', NULL, N_("Do not wait: the text before the first use was read.")},
    END_OF_OPTIONS,
};
const struct command command_serve = {
    .name = "serve",
    .usage = "[--listen ADDR:PORT] [--members FILE] [--tls-cert FILE --tls-key FILE]",
    .does = N_("Serves the register over HTTP: pages for people, JSON for programs."),
    .more =
        N_("Members come in by a session key of their party (truce session); a register that its policy makes public "
           "is read by anybody, and an exercise on this machine is open to it unless --members is given. An "
           "address beyond this machine needs TLS. The server holds the register: records come in "
           "through it, also those of truce submit in the register's directory; reading commands go on beside it. "
           "SIGTERM gives out every receipt that is owed, publishes a checkpoint and ends; SIGHUP reads "
           "members and certificate again, which is also done when the certificate's files change."),
    .example = "truce serve -C cell --listen 127.0.0.1:8080",
    .options = options,
    .run = serve,
};
