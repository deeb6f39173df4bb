/* A witness over loopback as its clients meet it: routes and types, a client that recovers, witnesses that lie, and a
 * start from a backup among peers. */
#include "api/witness.h"
#include "check.h"
#include "http/http.h"
#include "made_log.h"
#include "peer/cosign.h"
#include "register/register.h"
#include "scratch.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

static struct truce_key key;
static struct made_log log_;
static char logs[600];

/* ---- a witness that runs */

struct running {
    struct truce_witness *witness;
    struct witness_api *api;
    char url[64];
};

static bool run(struct running *out, const char *directory, const char *const *peers, size_t peer_count, bool override)
{
    struct truce_error why;
    struct error error;
    OWN(buffer_clear) struct buffer url = {0};
    const struct api_options wire = {.address = "127.0.0.1"};
    const struct truce_witness_options options = {.directory = directory,
                                                  .key = &key,
                                                  .logs = logs,
                                                  .peers = peers,
                                                  .peer_count = peer_count,
                                                  .override = override};
    *out = (struct running){NULL, NULL, ""};
    if (!CHECK(truce_witness_open(&out->witness, &options, &why) == TRUCE_DONE)) return false;
    if (!CHECK(witness_api_start(&out->api, out->witness, &wire, &error) == STATUS_DONE)) return false;
    witness_api_url(out->api, &url);
    snprintf(out->url, sizeof out->url, "%.*s", SLICE(buffer_slice(&url)));
    return true;
}

static void stop(struct running *running)
{
    witness_api_stop(&running->api);
    truce_witness_close(&running->witness);
}

static struct http_result result;
static unsigned fetch(const char *base, const char *path, const char *method, struct slice body)
{
    char url[300];
    struct error error;
    snprintf(url, sizeof url, "%s%s", base, path);
    const struct http_call call = {.url = url, .method = method, .body = body, .type = "text/plain", .total_s = 10};
    buffer_clear(&result.body);
    result = (struct http_result){0};
    return CHECK(http_fetch(&call, &result, &error) == STATUS_DONE) ? result.status : 0;
}

static bool answered(const char *type, const char *beginning)
{
    return strcmp(result.type, type) == 0 && slice_starts(buffer_slice(&result.body), beginning);
}

static void origin_path(char out[90])
{
    struct hash name = hash_of(slice_from(log_.key.verifier.name));
    out[0] = '\0';
    hash_format(&name, out);
    memcpy(out + HASH_HEX_SIZE - 1, "/checkpoint", sizeof "/checkpoint");
}

/* ---- the client's proofs */

struct prover {
    bool other;
    unsigned asked;
    uint64_t from;
};
static enum status prove(void *context, uint64_t from, uint64_t to, struct log_proof *out, struct error *error)
{
    struct prover *prover = context;
    (void)error;
    prover->asked++;
    prover->from = from;
    *out = made_log_proof(&log_, prover->other, from, to);
    return STATUS_DONE;
}

static enum status ask_for(struct cosign_witness *witness, struct prover *prover, uint64_t size, struct cosigned *out,
                           struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0};
    made_log_checkpoint(&log_, prover->other, size, &note);
    return cosign_ask(witness, buffer_slice(&note), prove, prover, out, error);
}

/* The line that came holds for the checkpoint. */
static bool line_holds(uint64_t size, const struct buffer *line, int64_t time)
{
    OWN(buffer_clear) struct buffer note = {0};
    struct note parsed;
    bool present;
    int64_t at;
    made_log_checkpoint(&log_, false, size, &note);
    buffer_put(&note, buffer_slice(line));
    return note_parse(&parsed, buffer_slice(&note), NULL) == STATUS_DONE && parsed.signatures == 2 &&
           note_cosigned(&parsed, &key.signer.verifier, &present, &at) && at == time;
}

static struct cosign_witness client_of(const struct running *running)
{
    return (struct cosign_witness){.url = running->url, .key = key.signer.verifier, .total_s = 5};
}

/* ---- routes */

static void routes_and_types(void)
{
    char *directory = scratch("wire"), path[90];
    struct running w;
    OWN(buffer_clear) struct buffer body = {0}, large = {0};
    if (!run(&w, directory, NULL, 0, true)) exit(1);
    origin_path(path);
    CHECK_INT(fetch(w.url, path, "GET", (struct slice){NULL, 0}), 404);
    made_log_ask(&log_, false, 0, 5, &body);
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 200);
    CHECK(answered("text/plain", "\xE2\x80\x94 witness.example "));
    CHECK_INT(fetch(w.url, path, "GET", (struct slice){NULL, 0}), 200);
    CHECK(answered("text/plain", "log.example/a\n5\n"));
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 409);
    CHECK(strcmp(result.type, "text/x.tlog.size") == 0 && slice_is(buffer_slice(&result.body), "5\n"));
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", slice_from("old 0\n")), 400);
    CHECK(answered("application/problem+json", "{\"code\":\"witness-body\""));
    made_log_ask(&log_, true, 5, 5, &body);
    CHECK_INT(fetch(w.url, "add-checkpoint", "GET", (struct slice){NULL, 0}), 405);
    CHECK_INT(fetch(w.url, "elsewhere", "GET", (struct slice){NULL, 0}), 404);
    CHECK_INT(fetch(w.url, "healthz", "GET", (struct slice){NULL, 0}), 200);
    CHECK(answered("application/json", "{\"closed\":false,\"evidence\":0,\"heard\":0,\"logs\":[{\"cosigned\":\"20"));
    while (large.size <= 128 * 1024) buffer_put_string(&large, "old 0\n");
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&large)), 413);
    stop(&w);
    scratch_remove(directory);
}

static void beyond_this_machine(void)
{
    struct witness_api *api;
    struct error error;
    const struct api_options open = {.address = "0.0.0.0"}, nowhere = {.address = "nowhere"};
    CHECK(witness_api_start(&api, NULL, &open, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "witness-address");
    CHECK(witness_api_start(&api, NULL, &nowhere, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "serve-listen");
}

/* ---- the client */

static void a_client_that_remembers(void)
{
    char *directory = scratch("wire");
    struct running w;
    struct error error;
    OWN(buffer_clear) struct buffer line = {0};
    struct prover prover = {.other = false};
    struct cosigned out = {.line = &line};
    if (!run(&w, directory, NULL, 0, true)) exit(1);
    struct cosign_witness client = client_of(&w), another = client_of(&w);
    static const uint64_t sizes[] = {4, 4, 7, 8, 20};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        buffer_reset(&line);
        CHECK(ask_for(&client, &prover, sizes[i], &out, &error) == STATUS_DONE);
        CHECK(line_holds(sizes[i], &line, out.time));
        CHECK_INT(client.old, sizes[i]);
    }
    CHECK_INT(prover.asked, 3);

    /* One that knows nothing, as after a lost answer or a new start: the witness says where it is. */
    buffer_reset(&line);
    prover = (struct prover){.other = false};
    CHECK(ask_for(&another, &prover, 23, &out, &error) == STATUS_DONE);
    CHECK(line_holds(23, &line, out.time));
    CHECK_INT(prover.asked, 1);
    CHECK_INT(prover.from, 20);

    /* A checkpoint that is older than what the witness has seen; and one of another tree. */
    CHECK(ask_for(&client, &prover, 21, &out, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "cosign-ahead");
    CHECK_INT(out.seen, 23);
    prover.asked = 0;
    client.old = 23; /* it remembers more than the checkpoint has: nothing can be proved from there */
    CHECK(ask_for(&client, &prover, 21, &out, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "cosign-ahead");
    CHECK_INT(prover.asked, 0);
    prover.other = true;
    client.old = 23;
    CHECK(ask_for(&client, &prover, 30, &out, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "cosign-refused");
    CHECK_STRING(error.argument[1], "422");
    stop(&w);
    prover.other = false;
    CHECK(ask_for(&client, &prover, 30, &out, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "http-unreachable");
    scratch_remove(directory);
}

/* The witness stored it, and its answer never came. */
static void a_lost_answer(void)
{
    char *directory = scratch("wire"), deaf_url[64];
    struct running w;
    struct error error;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;
    OWN(buffer_clear) struct buffer line = {0}, body = {0};
    struct prover prover = {.other = false};
    struct cosigned out = {.line = &line};
    int deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(deaf, (struct sockaddr *)&at, size) == 0 && listen(deaf, 5) == 0);
    CHECK(getsockname(deaf, (struct sockaddr *)&at, &size) == 0);
    snprintf(deaf_url, sizeof deaf_url, "http://127.0.0.1:%u", ntohs(at.sin_port));
    if (!run(&w, directory, NULL, 0, true)) exit(1);
    struct cosign_witness client = client_of(&w);
    CHECK(ask_for(&client, &prover, 4, &out, &error) == STATUS_DONE);
    client.url = deaf_url;
    client.total_s = 1;
    CHECK(ask_for(&client, &prover, 9, &out, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "http-timeout");
    CHECK_INT(client.old, 4);
    made_log_ask(&log_, false, 4, 9, &body); /* what was sent did arrive */
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 200);
    client = (struct cosign_witness){.url = w.url, .key = client.key, .old = client.old};
    buffer_reset(&line);
    CHECK(ask_for(&client, &prover, 9, &out, &error) == STATUS_DONE);
    CHECK(line_holds(9, &line, out.time));
    close(deaf);
    stop(&w);
    scratch_remove(directory);
}

/* ---- others that serve what they are told */

struct canned {
    struct http_server *server;
    char url[64];
    unsigned status;
    const char *type;
    struct buffer body;
    _Atomic unsigned asked;
};
static struct http_plan canned_begin(void *context, const struct http_request *request, struct http_response *response)
{
    (void)context, (void)request, (void)response;
    return (struct http_plan){.where = HTTP_HERE, .body_most = 1 << 20};
}
static void canned_answer(void *context, const struct http_request *request, struct http_response *response)
{
    struct canned *canned = context;
    struct buffer copy = {0};
    (void)request;
    canned->asked++;
    buffer_put(&copy, buffer_slice(&canned->body));
    http_status(response, canned->status);
    http_take(response, canned->type, &copy);
}
static void canned_refuse(void *context, unsigned status, const struct http_request *request,
                          struct http_response *response)
{
    (void)context, (void)status, (void)request, (void)response;
}
static void canned_start(struct canned *out)
{
    struct error error;
    const struct http_handlers handlers = {
        .context = out, .begin = canned_begin, .answer = canned_answer, .refuse = canned_refuse};
    const struct http_options options = {.address = "127.0.0.1"};
    *out = (struct canned){.status = 200, .type = "text/plain"};
    if (!CHECK(http_start(&out->server, &options, &handlers, &error) == STATUS_DONE)) exit(1);
    snprintf(out->url, sizeof out->url, "http://127.0.0.1:%u/", http_port(out->server));
}
static void canned_stop(struct canned *canned)
{
    http_stop(&canned->server);
    buffer_clear(&canned->body);
}

static void put_cosignature(struct buffer *out, const struct signer *signer, uint64_t size, int64_t time)
{
    OWN(buffer_clear) struct buffer note = {0};
    struct note parsed;
    made_log_checkpoint(&log_, false, size, &note);
    CHECK(note_parse(&parsed, buffer_slice(&note), NULL) == STATUS_DONE);
    CHECK(note_cosign_line(out, parsed.text, time, signer, NULL) == STATUS_DONE);
}

/* A cosignature of a text that only begins as the checkpoint does, with the rest of that text before it. */
static void put_longer(struct buffer *out, uint64_t size)
{
    OWN(buffer_clear) struct buffer note = {0}, text = {0};
    struct note parsed;
    made_log_checkpoint(&log_, false, size, &note);
    CHECK(note_parse(&parsed, buffer_slice(&note), NULL) == STATUS_DONE);
    buffer_put(&text, parsed.text);
    buffer_put_string(&text, "\nand more\n");
    buffer_put_string(out, "and more\n\n");
    CHECK(note_cosign_line(out, buffer_slice(&text), 1700000000, &key.signer, NULL) == STATUS_DONE);
}

static void witnesses_that_lie(void)
{
    struct canned fake;
    struct error error;
    struct signer stranger;
    static const uint8_t seed[SEED_BYTES] = {77};
    OWN(buffer_clear) struct buffer line = {0};
    struct prover prover = {.other = false};
    struct cosigned out = {.line = &line};
    CHECK(cosigner_from_seed(&stranger, slice_from("stranger.example"), seed, NULL) == STATUS_DONE);
    canned_start(&fake);
    struct cosign_witness client = {.url = fake.url, .key = key.signer.verifier, .total_s = 5};

    static const struct {
        unsigned status;
        const char *type, *body, *code;
    } rows[] = {
        {200, "text/plain", "", "cosign-bad"},
        {200, "text/plain", "thank you\n", "cosign-bad"},
        {200, "text/plain", "\n\xE2\x80\x94 witness.example AAAAAAAA\n", "cosign-bad"},
        {409, "text/plain", "3\n", "cosign-refused"},
        {409, "text/x.tlog.size", "3", "cosign-refused"},
        {409, "text/x.tlog.size", "03\n", "cosign-refused"},
        {409, "text/x.tlog.size", "3\n3\n", "cosign-refused"},
        {409, "text/x.tlog.size", "9\n", "cosign-ahead"},
        {503, "text/plain", "later\n", "cosign-refused"},
        {302, "text/plain", "elsewhere\n", "cosign-refused"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        client.old = 0;
        buffer_reset(&fake.body);
        buffer_put_string(&fake.body, rows[i].body);
        fake.status = rows[i].status;
        fake.type = rows[i].type;
        unsigned asked = fake.asked;
        CHECK(ask_for(&client, &prover, 5, &out, &error) != STATUS_DONE);
        CHECK_STRING(error.code, rows[i].code);
        CHECK_INT(fake.asked - asked, 1);
        CHECK_INT(line.size, 0);
    }

    /* One that always names a size once more is asked twice, not for ever. */
    client.old = 0;
    fake.status = 409;
    fake.type = "text/x.tlog.size";
    buffer_reset(&fake.body);
    buffer_put_string(&fake.body, "3\n");
    unsigned before = fake.asked;
    CHECK(ask_for(&client, &prover, 5, &out, &error) == STATUS_REFUSED);
    CHECK_INT(fake.asked - before, 2);

    /* Of another checkpoint; of another key alone; beside others, which are passed by. */
    fake.status = 200;
    fake.type = "text/plain";
    buffer_reset(&fake.body);
    put_cosignature(&fake.body, &key.signer, 4, 1700000000);
    CHECK(ask_for(&client, &prover, 5, &out, &error) == STATUS_UNVERIFIED);
    buffer_reset(&fake.body);
    put_longer(&fake.body, 5);
    CHECK(ask_for(&client, &prover, 5, &out, &error) == STATUS_UNVERIFIED);
    buffer_reset(&fake.body);
    put_cosignature(&fake.body, &stranger, 5, 1700000000);
    CHECK(ask_for(&client, &prover, 5, &out, &error) == STATUS_UNVERIFIED);
    put_cosignature(&fake.body, &key.signer, 5, 1700000000);
    CHECK(ask_for(&client, &prover, 5, &out, &error) == STATUS_DONE);
    CHECK(line_holds(5, &line, 1700000000));
    canned_stop(&fake);
}

/* ---- a backup among peers */

static void copy_directory(const char *from, const char *to)
{
    char command[1300];
    snprintf(command, sizeof command, "cp -r '%s/.' '%s/'", from, to);
    FILE *copy = popen(command, "r");
    CHECK(copy != NULL && pclose(copy) == 0);
}

static void serve_note(struct canned *peer, uint64_t size, int64_t time)
{
    buffer_reset(&peer->body);
    made_log_checkpoint(&log_, false, size, &peer->body);
    if (time > 0) put_cosignature(&peer->body, &key.signer, size, time);
}

/* Asks until the witness has heard enough, at most ten seconds. */
static unsigned ask_patiently(const struct running *w, struct slice body)
{
    unsigned status = fetch(w->url, "add-checkpoint", "POST", body);
    for (int i = 0; i < 200 && status == 503; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        status = fetch(w->url, "add-checkpoint", "POST", body);
    }
    return status;
}

/* A request as the wire has it: a witness that waits for its peers says when to come again. */
static bool says_when_to_retry(const char *url)
{
    char request[600], head[4096];
    OWN(buffer_clear) struct buffer body = {0};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const char *port = strrchr(url, ':');
    at.sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10));
    made_log_ask(&log_, false, 5, 6, &body);
    int wire = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int size =
        snprintf(request, sizeof request,
                 "POST /add-checkpoint HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\n"
                 "\r\n",
                 body.size);
    bool sent = connect(wire, (struct sockaddr *)&at, sizeof at) == 0 && send(wire, request, (size_t)size, 0) == size &&
                send(wire, body.data, body.size, 0) == (ssize_t)body.size;
    ssize_t got, used = 0;
    while (sent && (got = recv(wire, head + used, sizeof head - 1 - (size_t)used, 0)) > 0) used += got;
    head[used] = '\0';
    close(wire);
    return strstr(head, "HTTP/1.1 503") == head && strstr(head, "\r\nRetry-After: 10\r\n") != NULL;
}

static void a_backup_put_back(void)
{
    char *directory = scratch("wire"), *backup = scratch("backup");
    struct running w;
    struct canned peer[3];
    OWN(buffer_clear) struct buffer body = {0};
    const char *urls[3];
    for (size_t i = 0; i < 3; i++) {
        canned_start(&peer[i]);
        peer[i].status = 404; /* not there yet: what it says of itself does not count */
        serve_note(&peer[i], 5, 0);
        urls[i] = peer[i].url;
    }
    if (!run(&w, directory, NULL, 0, true)) exit(1);
    made_log_ask(&log_, false, 0, 5, &body);
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 200);
    copy_directory(directory, backup);
    made_log_ask(&log_, false, 5, 9, &body);
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 200);
    stop(&w);

    /* The disk is gone; the backup knows of 5 alone, and somebody shows it another tree. */
    if (!run(&w, backup, urls, 3, false)) exit(1);
    made_log_ask(&log_, true, 5, 9, &body);
    for (int i = 0; i < 100 && peer[2].asked < 2; i++) nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 503);
    CHECK(answered("application/problem+json", "{\"code\":\"witness-unconfirmed\""));
    CHECK(says_when_to_retry(w.url));
    serve_note(&peer[0], 9, time(NULL));
    peer[0].status = 200;
    serve_note(&peer[1], 8, 0);
    peer[1].status = 200;
    CHECK_INT(ask_patiently(&w, buffer_slice(&body)), 409);
    CHECK(slice_is(buffer_slice(&result.body), "9\n"));
    made_log_ask(&log_, false, 9, 10, &body);
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 200);
    unsigned answered_before = peer[0].asked, absent_before = peer[2].asked;
    for (int i = 0; i < 200 && peer[2].asked == absent_before; i++)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    CHECK(peer[2].asked > absent_before && peer[0].asked == answered_before); /* who answered is left in peace */
    stop(&w);
    for (size_t i = 0; i < 3; i++) canned_stop(&peer[i]);
    scratch_remove(directory);
    scratch_remove(backup);
}

/* ---- beside a register */

static int note_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    struct buffer *faults = context;
    (void)status;
    buffer_put(faults, slice_of(line, size));
    return 0;
}

static bool verifies(const char *directory, struct buffer *faults)
{
    struct truce_error why;
    struct truce_buffer answer = {0};
    const struct truce_verify_options options = {.path = directory};
    buffer_reset(faults);
    enum truce_status status = truce_verify(&options, note_fault, NULL, faults, &answer, &why);
    truce_free(&answer);
    return status == TRUCE_DONE;
}

/* Every file of a register is accounted for, a witness's too. */
static void beside_a_register(void)
{
    char *directory = scratch("beside"), path[600], unfinished[620];
    struct running w;
    struct truce_error why;
    struct truce_buffer answer = {0};
    OWN(buffer_clear) struct buffer faults = {0}, state = {0}, body = {0};
    snprintf(path, sizeof path, "%s/register", directory);
    CHECK(truce_case_load("village", path, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    if (!run(&w, path, NULL, 0, true)) exit(1);
    made_log_ask(&log_, false, 0, 5, &body);
    CHECK_INT(fetch(w.url, "add-checkpoint", "POST", buffer_slice(&body)), 200);
    stop(&w);
    CHECK(verifies(path, &faults));
    snprintf(unfinished, sizeof unfinished, "%s/peers/witness.new", path);
    CHECK(file_create(&system_real, unfinished, slice_from("half"), 0600, NULL) == STATUS_DONE);
    CHECK(verifies(path, &faults)); /* what a crash left */
    snprintf(unfinished, sizeof unfinished, "%s/peers/witness", path);
    CHECK(file_read_all(&system_real, unfinished, 1 << 20, &state, NULL) == STATUS_DONE);
    CHECK(file_replace(&system_real, unfinished, slice_part(buffer_slice(&state), 0, state.size - 3), 0600, NULL) ==
          STATUS_DONE);
    CHECK(verifies(path, &faults)); /* a tail that was never acknowledged */
    state.data[70] ^= 1;
    CHECK(file_replace(&system_real, unfinished, buffer_slice(&state), 0600, NULL) == STATUS_DONE);
    CHECK(!verifies(path, &faults));
    CHECK(memmem(faults.data, faults.size, "\"verify-witness\"", 16) != NULL);
    scratch_remove(directory);
}

static void starts(void)
{
    static const uint8_t seed[SEED_BYTES] = {3};
    char a[VERIFIER_TEXT_SIZE];
    CHECK(crypto_start(NULL) == STATUS_DONE);
    CHECK(cosigner_from_seed(&key.signer, slice_from("witness.example"), seed, NULL) == STATUS_DONE);
    made_log_open(&log_, "log.example/a", 1, 5);
    verifier_format(&log_.key.verifier, a);
    snprintf(logs, sizeof logs, "log %s\n", a);
}

static void ends(void)
{
    buffer_clear(&result.body);
    CHECK(check_done > 0);
}

TESTS(starts, routes_and_types, beyond_this_machine, a_client_that_remembers, a_lost_answer, witnesses_that_lie,
      a_backup_put_back, beside_a_register, ends)
