#include "api/witness.h"
#include "cli/cli.h"

#include "json/write.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PEERS_MOST = OPTIONS_MOST, LOGS_BYTES_MOST = 4 * 1024 * 1024 };
static const char listen_default[] = "127.0.0.1:8081";

struct witnessing {
    struct truce_witness_options options;
    struct api_options wire;
    const char *peers[PEERS_MOST];
    struct buffer logs; /* NUL-terminated */
    char address[64];
};

/* ---- what it was called with */

/* Every --log as a line, behind those of --logs. */
static enum truce_status read_logs(const struct call *call, struct buffer *out)
{
    const char *path = call_option(call, "logs");
    enum truce_status status = path == NULL ? TRUCE_DONE : file_read_most(out, path, LOGS_BYTES_MOST);
    if (status != TRUCE_DONE) return status;
    for (size_t i = 0; i < call->options.count; i++)
        if (strcmp(call->options.given[i]->name, "log") == 0) buffer_print(out, "\nlog %s\n", call->options.value[i]);
    if (out->size == 0)
        return call_wrong(call, TR("Which logs are to be witnessed? Name them with --log or --logs."), NULL);
    buffer_put_byte(out, '\0');
    return out->failed ? TRUCE_FAILED : TRUCE_DONE;
}

static void read_peers(const struct call *call, struct witnessing *out)
{
    out->options.peers = out->peers;
    for (size_t i = 0; i < call->options.count; i++)
        if (strcmp(call->options.given[i]->name, "peer") == 0)
            out->peers[out->options.peer_count++] = call->options.value[i];
}

static enum truce_status read_options(const struct call *call, struct witnessing *out)
{
    const char *listen = call_option(call, "listen");
    if (listen == NULL) listen = listen_default;
    out->options = (struct truce_witness_options){.directory = call->directory,
                                                  .certificate_authority = call_option(call, "tls-ca"),
                                                  .override = call_has(call, "override"),
                                                  .alone = call_has(call, "alone")};
    out->wire = (struct api_options){.address = out->address,
                                     .certificate = call_option(call, "tls-cert"),
                                     .certificate_key = call_option(call, "tls-key")};
    if (!listen_read(listen, out->address, &out->wire.port))
        return call_wrong(call, TR("An address to listen at is ADDRESS:PORT (127.0.0.1:8080), not \"{0}\"."), listen,
                          NULL);
    if ((out->wire.certificate == NULL) != (out->wire.certificate_key == NULL))
        return call_wrong(call, TR("--tls-cert and --tls-key go together."), NULL);
    read_peers(call, out);
    enum truce_status status = read_logs(call, &out->logs);
    out->options.logs = (const char *)out->logs.data;
    return status;
}

/* ---- what is said */

static enum truce_status say_fault(const struct error *error)
{
    struct truce_error told;
    words_error(&told, error);
    return say_error(&told);
}

static void say_witnessing(const struct call *call, const struct witness_api *api, const struct truce_buffer *verifier)
{
    OWN(buffer_clear) struct buffer url = {0}, line = {0};
    witness_api_url(api, &url);
    if (call->json) {
        struct json_writer w;
        json_write_open(&w, &line);
        json_put_object(&w);
        json_put_key(&w, "url"), json_put_slice(&w, buffer_slice(&url));
        json_put_key(&w, "verifier"), json_put_slice(&w, slice_of(verifier->data, verifier->size));
        json_put_close(&w);
        if (json_write_finish(&w, NULL) != STATUS_DONE) return;
    } else {
        buffer_put_byte(&url, '\0');
        if (url.failed) return;
        words_fill(&line, TR("Cosigning as {0} at {1}"), verifier->data, (const char *)url.data, NULL);
    }
    output_line_now(buffer_slice(&line));
}

/* Nobody can say whether this memory was put back from a backup: whoever runs it should know. */
static void say_alone(const struct witnessing *witnessing)
{
    if (witnessing->options.peer_count > 0) return;
    say(TR("No peers were named: nobody can confirm what this witness cosigned last. If its directory was put back "
           "from "
           "a backup, stop it now."),
        NULL);
}

/* ---- until it is told to stop */

enum { LOOK_S = 60 }; /* between looks whether the certificate's files changed */

/* SIGHUP reads the certificate again: a new start would have to wait for the peers. */
static void wait_for_end(struct witness_api *api, const sigset_t *signals)
{
    static const struct timespec a_look = {.tv_sec = LOOK_S};
    for (int signal = SIGHUP; signal == SIGHUP || signal < 0;) {
        struct error error;
        signal = sigtimedwait(signals, NULL, &a_look);
        if (signal < 0 && errno != EAGAIN && errno != EINTR) return;
        bool look = signal == SIGHUP || signal < 0;
        if (look && witness_api_renew(api, signal == SIGHUP, &error) != STATUS_DONE) say_fault(&error);
    }
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static enum truce_status serve(const struct call *call, const struct witnessing *witnessing,
                               struct truce_witness *witness, const sigset_t *signals)
{
    struct witness_api *api;
    struct error error;
    struct truce_error why;
    struct truce_buffer verifier = {0};
    if (truce_key_public(witnessing->options.key, &verifier, &why) != TRUCE_DONE) return say_error(&why);
    enum status status = witness_api_start(&api, witness, &witnessing->wire, &error);
    if (status == STATUS_DONE) {
        say_witnessing(call, api, &verifier);
        say_alone(witnessing);
        wait_for_end(api, signals);
        witness_api_stop(&api);
    }
    truce_free(&verifier);
    return status == STATUS_DONE ? TRUCE_DONE : say_fault(&error);
}

enum { VOTE_WAIT_S = 120, VOTE_PAUSE_MS = 200 };

/* Says nothing on the wire: gives the vote as soon as the peers have said enough, and ends. */
static enum truce_status vote(const struct call *call, struct truce_witness *witness)
{
    struct truce_error error;
    struct truce_buffer note = {0};
    const struct timespec pause = {0, VOTE_PAUSE_MS * 1000000L};
    unsigned tries = VOTE_WAIT_S * 1000 / VOTE_PAUSE_MS;
    enum truce_status status;
    while ((status = truce_witness_vote(witness, call_option(call, "log"), call_option(call, "vote"), &note, &error)) !=
               TRUCE_DONE &&
           strcmp(error.code, "witness-unconfirmed") == 0 && tries-- > 0)
        nanosleep(&pause, NULL);
    if (status != TRUCE_DONE) return say_error(&error);
    note_give(call, slice_of(note.data, note.size));
    truce_free(&note);
    return TRUCE_DONE;
}

static enum truce_status open_and_serve(const struct call *call, const struct witnessing *witnessing,
                                        const sigset_t *signals)
{
    struct truce_error error;
    struct truce_witness *witness;
    if (truce_witness_open(&witness, &witnessing->options, &error) != TRUCE_DONE) return say_error(&error);
    enum truce_status status = call_has(call, "vote") ? vote(call, witness) : serve(call, witnessing, witness, signals);
    truce_witness_close(&witness);
    return status;
}

static enum truce_status witness(struct call *call)
{
    static struct witnessing witnessing;
    struct truce_key *key;
    sigset_t signals;
    enum truce_status status = read_options(call, &witnessing);
    if (call_has(call, "vote") && call_option(call, "log") == NULL)
        return call_wrong(call, TR("--vote needs the old key of the log, with --log."), NULL);
    if (status == TRUCE_DONE) status = key_open(call, &key);
    if (status == TRUCE_DONE) {
        witnessing.options.key = key;
        sigemptyset(&signals); /* before the first thread is there, so that none of them is interrupted */
        sigaddset(&signals, SIGTERM);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGHUP);
        pthread_sigmask(SIG_BLOCK, &signals, NULL);
        status = open_and_serve(call, &witnessing, &signals);
        truce_key_close(&key);
    }
    buffer_clear(&witnessing.logs);
    return status;
}

static const struct option options[] = {
    {"key", '\0', "FILE", N_("Cosign with this secret key (truce key new NAME --cosign --out FILE).")},
    {"log", '\0', "VKEY", N_("Witness the log of this verifier key; may be given several times.")},
    {"logs", '\0', "FILE", N_("Witness the logs of a C2SP policy file: lines \"log VKEY\", \"witness NAME VKEY\".")},
    {"peer", '\0', "URL", N_("Ask here after each start what was cosigned last: a /checkpoint that others serve.")},
    {"override", '\0', NULL, N_("Say for once that this memory is the newest there is; it is written down.")},
    {"alone", '\0', NULL, N_("There are no peers: go on if the memory was in use within the last hour.")},
    {"vote", '\0', "VKEY",
     N_("The host of --log is gone: vote for this log key, never cosign the old one again, and end.")},
    {"listen", '\0', "ADDR:PORT", N_("Listen here; 127.0.0.1:8081 if not given. Port 0 is any that is free.")},
    {"tls-cert", '\0', "FILE", N_("The server's certificate, and those above it (PEM).")},
    {"tls-key", '\0', "FILE", N_("The certificate's secret key (PEM).")},
    {"tls-ca", '\0', "FILE", N_("Trust the certificates of peers that these authorities signed (PEM).")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_witness = {
    .name = "witness",
    .usage = "--key FILE --log VKEY|--logs FILE [--peer URL …] [--listen ADDR:PORT]",
    .does = N_("Cosigns the signed heads of logs that only grow."),
    .more = N_("It remembers the newest signed head of each log and cosigns one only if it follows from that, as C2SP "
               "tlog-witness asks; a log that shows two trees is kept as evidence. After each start it cosigns "
               "nothing until more than half of its peers have said what they hold of it."),
    .example = "truce witness -C watch --key watch.key --logs policy --peer https://host.example/checkpoint",
    .options = options,
    .run = witness,
};
