#include "cli/remote.h"
#include "cli/serve.h"

#include "json/json.h"
#include "tell/typed.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct mirroring {
    struct call *call;
    struct truce_mirror_options options;
    struct truce_mirror *mirror;
    struct truce_key *key;
    struct remote remote;
    struct progress progress;
    uint64_t faults;
    enum truce_status status; /* how the following ended */
    struct truce_error error;
};

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct mirroring *m = context;
    progress_update(&m->progress, done, total);
}

/* ---- what is told on the way */

static void put_place(struct buffer *out, const struct json *fault)
{
    if (json_find_string(fault, "place").size > 0) buffer_print(out, "%.*s: ", SLICE(json_find_string(fault, "place")));
    buffer_print(out, "%.*s (%.*s)", SLICE(json_find_string(fault, "message")), SLICE(json_find_string(fault, "code")));
}

static void put_reached(struct buffer *out, const struct json *news)
{
    char published[32], cosigned[32];
    snprintf(published, sizeof published, "%" PRId64, json_find_integer(news, "published", 0));
    snprintf(cosigned, sizeof cosigned, "%" PRId64, json_find_integer(news, "cosigned", 0));
    words_fill(out, TR("Copied and verified: {0} records. Cosigned: {1}"), published, cosigned, NULL);
}

static int say_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct mirroring *m = context;
    struct arena arena;
    const struct json *read;
    OWN(buffer_clear) struct buffer text = {0};
    progress_hide(&m->progress);
    if (status == TRUCE_UNVERIFIED) m->faults++;
    if (m->call->json) {
        output_line_now(slice_of(line, size));
        return 0;
    }
    arena_init(&arena, size * 64 + 65536);
    if (json_read(&read, slice_of(line, size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        if (status == TRUCE_DONE)
            put_reached(&text, read);
        else
            put_place(&text, read);
        if (status == TRUCE_FAILED) buffer_put_byte(&text, '\n');
        if (status == TRUCE_FAILED) say_text(buffer_slice(&text));
        if (status != TRUCE_FAILED) output_line_now(buffer_slice(&text));
    }
    arena_clear(&arena);
    return 0;
}

/* ---- following, beside serving */

static void *follow(void *context)
{
    struct mirroring *m = context;
    m->status = truce_mirror_follow(m->mirror, &m->error);
    if (m->status != TRUCE_DONE) kill(getpid(), SIGTERM); /* the end of one is the end of both */
    return NULL;
}

static enum truce_status wait_for_signal(const sigset_t *signals)
{
    for (int signal = SIGHUP; signal == SIGHUP;)
        if (sigwait(signals, &signal) != 0) break;
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
    return TRUCE_DONE;
}

static enum truce_status follow_and_serve(struct mirroring *m, struct serving *serving, const sigset_t *signals)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, follow, m) != 0) {
        say(TR("A thread could not be started."), NULL);
        return TRUCE_FAILED;
    }
    enum truce_status status = call_has(m->call, "listen")
                                   ? serving_run(m->call, serving, truce_mirror_register(m->mirror), signals)
                                   : wait_for_signal(signals);
    truce_mirror_stop(m->mirror);
    pthread_join(thread, NULL);
    if (m->status == TRUCE_DONE) return status;
    say_error(&m->error);
    return m->status;
}

static enum truce_status catch_up(struct mirroring *m)
{
    struct truce_error error;
    enum truce_status status = truce_mirror_catch_up(m->mirror, &error);
    progress_hide(&m->progress);
    if (status != TRUCE_DONE) return say_error(&error);
    return m->faults > 0 ? TRUCE_UNVERIFIED : TRUCE_DONE;
}

static enum truce_status run(struct mirroring *m, struct serving *serving, const sigset_t *signals)
{
    struct truce_error error;
    bool follows = call_has(m->call, "follow") || call_has(m->call, "listen");
    if (truce_mirror_open(&m->mirror, &m->options, &error) != TRUCE_DONE) return say_error(&error);
    progress_open(&m->progress, TR("Copying and verifying"));
    enum truce_status status = follows ? follow_and_serve(m, serving, signals) : catch_up(m);
    progress_hide(&m->progress);
    truce_mirror_close(&m->mirror);
    return status;
}

static enum truce_status read_poll(const struct call *call, unsigned *out)
{
    const char *text = call_option(call, "poll");
    uint64_t number = 0;
    if (text == NULL) return TRUCE_DONE;
    if (!value_number(&number, slice_from(text)) || number == 0 || number > 86400)
        return call_wrong(call, TR("A number was expected, not \"{0}\"."), text, NULL);
    *out = (unsigned)number;
    return TRUCE_DONE;
}

static enum truce_status mirror(struct call *call)
{
    static struct serving serving;
    struct mirroring m = {.call = call};
    sigset_t signals;
    m.options = (struct truce_mirror_options){.source = call_operand(call, 0),
                                              .directory = call_operand(call, 1),
                                              .genesis = call_option(call, "genesis"),
                                              .log_key = call_option(call, "log-key"),
                                              .line = say_line,
                                              .progress = show_progress,
                                              .context = &m};
    enum truce_status status = read_poll(call, &m.options.poll_s);
    if (status == TRUCE_DONE && call_has(call, "listen")) status = serving_read(call, call_operand(call, 1), &serving);
    if (status == TRUCE_DONE) status = remote_read(call, call_operand(call, 0), &m.remote);
    if (status == TRUCE_DONE && call_has(call, "key")) status = key_open(call, &m.key);
    m.options.key = m.key;
    m.options.access = remote_access(&m.remote);
    if (status == TRUCE_DONE && (call_has(call, "follow") || call_has(call, "listen"))) serving_signals(&signals);
    if (status == TRUCE_DONE) status = run(&m, &serving, &signals);
    if (m.key != NULL) truce_key_close(&m.key);
    remote_close(&m.remote);
    return status;
}

static const struct option options[] = {
    {"key", '\0', "FILE", N_("Cosign what was verified with this key (truce key new NAME --cosign).")},
    OPTION_PASSPHRASE_FILE,
    {"genesis", '\0', "HASH", N_("The genesis's id, as it was compared by another way.")},
    {"log-key", '\0', "VKEY", N_("The log's verifier key, where the genesis's is not to be relied on.")},
    {"follow", '\0', NULL, N_("Go on following until SIGTERM.")},
    {"poll", '\0', "SECONDS", N_("How often to look for news; 2 if not given.")},
    {"listen", '\0', "ADDR:PORT", N_("Follow, and serve the copy to members here, as truce serve does.")},
    OPTIONS_SERVING,
    {"session", '\0', "FILE", N_("Come in by the session key in FILE (truce session new).")},
    {"member", '\0', "NAME", N_("The name by which the server knows you.")},
    {"token-file", '\0', "FILE", N_("Your token for the server, on the first line of FILE.")},
    {"tls-ca", '\0', "FILE", N_("Trust certificates signed by this one (PEM), and no others.")},
    END_OF_OPTIONS,
};
const struct command command_mirror = {
    .name = "mirror",
    .usage = "URL DIR [--key FILE] [--genesis HASH] [--follow] [--listen ADDR:PORT]",
    .does = N_("Copies another's register into DIR, believing nothing of its host."),
    .more = N_("URL is a server, any host of plain files that serves a register's log/, or a directory. Every entry is "
               "proved to be under a signed checkpoint before it is kept, and judged here. What was cut short goes on "
               "where it stood. Two histories signed by one host end it with exit status 3, and both are kept in "
               "peers/evidence."),
    .example = "truce mirror https://register.example.org copy --key mirror.key --follow",
    .options = options,
    .least = 2,
    .most = 2,
    .run = mirror,
};
