/* The register's door over HTTP: what is behind it, a session from its beginning to its end, and a day's quota, by a
 * clock of the test's own. */
#include "http_wire.h"
#include "random.h"
#include "scratch.h"

#include "api/api.h"
#include "register/writing.h"
#include <signal.h>

enum { PER_DAY = 5, RESERVE = 8, DAY_MS = 86400000, TEXT = 20000 };

static _Atomic int64_t clock_ms;
static int64_t tell_clock(void *context)
{
    (void)context;
    return clock_ms;
}

static struct place {
    char *directory, path[600], name[300], url[100], token[100];
    struct system system;
    struct truce_register *reg;
    struct truce_key *key;
    struct api *api;
    uint16_t port;
} at;

static const char *file_of(const char *name)
{
    static char path[700];
    snprintf(path, sizeof path, "%s/%s", at.directory, name);
    return path;
}

static void write_genesis(const char *more, const char *key, const char *recovery)
{
    FILE *out = fopen(file_of("genesis.json"), "w");
    fprintf(out,
            "{\"nonce\":\"!nonce\",\"log_key\":\"!log\",\"thresholds\":{\"enrol\":1,\"policy\":1},%s\"founders\":[{"
            "\"party\":\"office\",\"names\":{\"en\":\"Office\",\"original\":\"en\"},\"role\":\"party\",\"key\":\"%s\","
            "\"recovery\":\"%s\"}]}",
            more, key, recovery);
    fclose(out);
}

/* A register by a genesis with `more` in it, served on this machine. The clock stands at noon, a day after it was made:
 * the genesis itself is a record of its day. */
static void place_open(const char *more)
{
    struct truce_buffer key = {0}, recovery = {0}, answer = {0};
    struct error error;
    OWN(buffer_clear) struct buffer url = {0};
    at = (struct place){.directory = scratch("api-door"), .system = system_real};
    at.system.now_ms = tell_clock;
    clock_ms = (system_real.now_ms(NULL) / DAY_MS + 1) * DAY_MS + DAY_MS / 2;
    snprintf(at.path, sizeof at.path, "%s/r", at.directory);
    CHECK(truce_key_new("office", TRUCE_USE_SIGN, file_of("a.key"), NULL, &key, NULL) == TRUCE_DONE);
    CHECK(truce_key_new("office", TRUCE_USE_SIGN, file_of("b.key"), NULL, &recovery, NULL) == TRUCE_DONE);
    CHECK(truce_key_open(&at.key, file_of("a.key"), NULL, NULL, NULL) == TRUCE_DONE);
    write_genesis(more, key.data, recovery.data);
    char genesis[700];
    snprintf(genesis, sizeof genesis, "%s", file_of("genesis.json"));
    const struct truce_init_options options = {
        .directory = at.path, .origin = "test.example/d", .genesis = genesis, .key = at.key};
    CHECK(truce_init(&options, &answer, NULL) == TRUCE_DONE);
    truce_free(&key);
    truce_free(&recovery);
    truce_free(&answer);
    CHECK(register_open(&at.reg, &at.system, at.path, TRUCE_WRITE, &error) == STATUS_DONE);
    CHECK(api_start(&at.api, at.reg, &(struct api_options){.address = "127.0.0.1"}, &error) == STATUS_DONE);
    api_url(at.api, &url);
    snprintf(at.url, sizeof at.url, "%.*s", SLICE(buffer_slice(&url)));
    at.port = (uint16_t)strtoul(strrchr(at.url, ':') + 1, NULL, 10);
    snprintf(at.name, sizeof at.name, "%.*s", SLICE(members_register(at.reg->members)));
}

static void place_close(void)
{
    api_stop(&at.api);
    truce_key_close(&at.key);
    CHECK(truce_close(&at.reg, NULL) == TRUCE_DONE);
    scratch_remove(at.directory);
}

/* ---- asking */

static struct answer ask(const char *method, const char *path, const char *body, const char *more)
{
    static char text[TEXT + 2000];
    snprintf(text, sizeof text,
             "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\nContent-Type: "
             "text/plain\r\n%s%s%s%sContent-Length: %zu\r\n"
             "\r\n%s",
             method, path, (unsigned)at.port, at.token[0] == '\0' ? "" : "Authorization: Bearer ", at.token,
             at.token[0] == '\0' ? "" : "\r\n", more, strlen(body), body);
    struct answer answer = wire_ask(at.port, text);
    buffer_put_byte(&answer.body, '\0');
    return answer;
}

static unsigned status_of(const char *method, const char *path, const char *body)
{
    struct answer answer = ask(method, path, body, "");
    buffer_clear(&answer.body);
    return answer.status;
}

static void come_in(int64_t days)
{
    struct truce_buffer verifier = {0}, notes = {0};
    const struct truce_letter letter = {at.name, clock_ms / 1000 - 60, clock_ms / 1000 + days * 86400 - 60};
    (void)unlink(file_of("session"));
    CHECK(truce_session_new(at.key, &letter, file_of("session"), &verifier, NULL) == TRUCE_DONE);
    at.token[0] = '\0';
    struct answer challenge = ask("GET", "/session/challenge", "", "");
    CHECK_INT(challenge.status, 200);
    CHECK(truce_session_answer(file_of("session"), at.url, (const char *)challenge.body.data, challenge.body.size - 1,
                               &notes, NULL) == TRUCE_DONE);
    struct answer opened = ask("POST", "/session", notes.data, "");
    CHECK_INT(opened.status, 201);
    const char *token = strstr((const char *)opened.body.data, "\"token\":\"");
    if (CHECK(token != NULL)) snprintf(at.token, sizeof at.token, "%.43s", token + 9);
    CHECK_INT(status_of("POST", "/session", notes.data), 403); /* once */
    buffer_clear(&challenge.body);
    buffer_clear(&opened.body);
    truce_free(&verifier);
    truce_free(&notes);
}

/* ---- who may have what */

static const char *const readable[] = {
    "/standing",     "/today", "/changes", "/records", "/checkpoint", "/tile/0/000.p/1", "/tile/entries/000.p/1",
    "/records?f=csv"};

static void check_readable(unsigned status)
{
    for (size_t i = 0; i < COUNT_OF(readable); i++)
        if (!CHECK(status_of("GET", readable[i], "") == status)) fprintf(stderr, "    %s\n", readable[i]);
}

static void private(void)
{
    place_open("");
    check_readable(401);
    CHECK_INT(status_of("GET", "/metrics", ""), 401);
    CHECK_INT(status_of("GET", "/events", ""), 401);
    CHECK_INT(status_of("GET", "/nothing", ""), 401); /* what is there is nobody's business */
    CHECK_INT(status_of("GET", "/records/0123456789/note", ""), 401);
    CHECK_INT(status_of("POST", "/records", "x"), 401);
    CHECK_INT(status_of("GET", "/healthz", ""), 200);
    CHECK_INT(status_of("GET", "/session", ""), 404);
    CHECK_INT(status_of("POST", "/session", "x"), 400);
    CHECK_INT(status_of("POST", "/session/end", ""), 204);
    struct answer page = ask("GET", "/session", "", "Accept: text/html\r\n");
    CHECK(page.status == 200 && strstr((const char *)page.body.data, "<textarea") != NULL);
    buffer_clear(&page.body);
    /* under another name or port the door gives nothing: a challenge that somebody passes on is worth nothing */
    CHECK_INT(wire_status(at.port, "GET /session/challenge HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n"), 421);
    CHECK_INT(wire_status(at.port, "GET /session/challenge HTTP/1.1\r\nHost: localhost\r\n\r\n"), 421);
    CHECK_INT(wire_status(at.port, "GET /session/challenge HTTP/1.0\r\n\r\n"), 421);
    come_in(30);
    check_readable(200);
    CHECK_INT(status_of("GET", "/metrics", ""), 200);
    CHECK_INT(status_of("GET", "/session", ""), 200);
    CHECK_INT(status_of("POST", "/records", "x"), 422);
    clock_ms += 8 * 3600 * INT64_C(1000) - 1000;
    CHECK_INT(status_of("GET", "/records", ""), 200);
    clock_ms += 1000;
    check_readable(401);
    come_in(30);
    CHECK_INT(status_of("GET", "/records", ""), 200);
    CHECK_INT(status_of("POST", "/session/end", ""), 204);
    CHECK_INT(status_of("GET", "/records", ""), 401);
    place_close();
}

static void public_by_policy(void)
{
    place_open("\"public\":true,");
    check_readable(200);
    CHECK_INT(status_of("POST", "/records", "x"), 401);
    CHECK_INT(status_of("GET", "/metrics", ""), 401);
    come_in(1);
    CHECK_INT(status_of("POST", "/records", "x"), 422);
    place_close();
}

/* ---- a browser's cookie */

static void cookies(void)
{
    struct truce_buffer notes = {0};
    char cookie[200] = "", line[300];
    place_open("");
    come_in(30);
    at.token[0] = '\0';
    struct answer challenge = ask("GET", "/session/challenge", "", "");
    CHECK(truce_session_answer(file_of("session"), at.url, (const char *)challenge.body.data, challenge.body.size - 1,
                               &notes, NULL) == TRUCE_DONE);
    struct answer opened = ask("POST", "/session", notes.data, "Accept: text/html\r\n");
    CHECK_INT(opened.status, 303);
    const char *said = answer_header(&opened, "Set-Cookie");
    if (CHECK(said != NULL && strstr(said, "HttpOnly") != NULL && strstr(said, "SameSite=Strict") != NULL))
        snprintf(cookie, sizeof cookie, "%.*s", (int)strcspn(said, ";"), said);
    CHECK(strncmp(cookie, "truce-session=", 14) == 0);
    snprintf(line, sizeof line, "Cookie: lang=ar; %s\r\n", cookie);
    struct answer read = ask("GET", "/standing", "", line);
    CHECK_INT(read.status, 200);
    snprintf(line, sizeof line, "Cookie: %s\r\nOrigin: http://elsewhere.example\r\n", cookie);
    struct answer led = ask("POST", "/records", "x", line);
    CHECK_INT(led.status, 403); /* a page of another site hands nothing in */
    snprintf(line, sizeof line, "Cookie: %sx\r\n", cookie);
    struct answer wrong = ask("GET", "/standing", "", line);
    CHECK_INT(wrong.status, 401);
    struct buffer *const bodies[] = {&challenge.body, &opened.body, &read.body, &led.body, &wrong.body};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) buffer_clear(bodies[i]);
    truce_free(&notes);
    place_close();
}

/* ---- events end with the session */

static struct answer say(const char *kind, const char *object)
{
    struct truce_buffer note = {0};
    struct truce_error error;
    if (!CHECK(truce_write(at.reg, at.key, kind, object, strlen(object), &note, &error) == TRUCE_DONE)) {
        fprintf(stderr, "    %s: %s %s\n", kind, error.message, error.pointer);
        return (struct answer){0};
    }
    struct answer answer = ask("POST", "/records", note.data, "");
    truce_free(&note);
    return answer;
}

static unsigned said(const char *kind, const char *object)
{
    struct answer answer = say(kind, object);
    if (answer.status != 201 && answer.status != 422) fprintf(stderr, "    %s\n", (const char *)answer.body.data);
    buffer_clear(&answer.body);
    return answer.status;
}

static const char statement[] = "{\"at\":\"2026-01-01T00:00:00Z\",\"act\":\"statement\",\"words\":{\"exact\":\"a\","
                                "\"lang\":\"en\"}}";
static const char notice[] = "{\"to\":[\"office\"],\"at\":\"2026-01-01T00:00:00Z\",\"text\":{\"en\":\"a\",\"original\":"
                             "\"en\"}}";
static const char question[] =
    "{\"to\":[\"office\"],\"at\":\"2026-01-01T00:00:00Z\",\"text\":{\"en\":\"b\",\"original\":"
    "\"en\"}}";

static void events_end(void)
{
    char text[400], line[4096];
    place_open("");
    come_in(30);
    struct wire wire = {.socket = wire_connect(at.port)};
    snprintf(text, sizeof text, "GET /events HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n\r\n",
             (unsigned)at.port, at.token);
    wire_say(wire.socket, text);
    bool greeted = false;
    while (!greeted && wire_line(&wire, line, sizeof line)) greeted = strncmp(line, "retry:", 6) == 0;
    CHECK(greeted);
    CHECK_INT(said("statement", statement), 201);
    bool told = false;
    while (!told && wire_line(&wire, line, sizeof line)) told = strncmp(line, "data:", 5) == 0;
    CHECK(told);
    clock_ms += 9 * 3600 * INT64_C(1000);
    come_in(30);
    CHECK_INT(said("statement", statement), 201); /* of which who listened then hears no more */
    told = false;
    while (wire_line(&wire, line, sizeof line) && strcmp(line, "0\r\n") != 0)
        told = told || strncmp(line, "data:", 5) == 0;
    CHECK(!told && strcmp(line, "0\r\n") == 0); /* the last chunk */
    wire_close(&wire);
    place_close();
}

/* ---- the day's quota */

static void last_id(const char *body, char id[65])
{
    if (sscanf(body, "{\"id\":\"%64[0-9a-f]\"", id) != 1) id[0] = '\0';
}

/* Every kind that the reserve is for, once. */
static void say_reserved(int64_t *used)
{
    static const char *const same[] = {"notice", "question"};
    char of[2][65], object[500], id[65] = "";
    for (size_t i = 0; i < 2; i++) {
        struct answer answer = say(same[i], i == 0 ? notice : question);
        CHECK_INT(answer.status, 201);
        last_id((const char *)answer.body.data, of[i]);
        buffer_clear(&answer.body);
    }
    snprintf(object, sizeof object, "{\"of\":\"%s\",\"at\":\"2026-01-01T00:00:00Z\",\"receipt\":\"received\"}", of[0]);
    CHECK_INT(said("acknowledgement", object), 201);
    snprintf(object, sizeof object,
             "{\"of\":\"%s\",\"at\":\"2026-01-01T00:00:00Z\",\"text\":{\"en\":\"c\",\"original\":\"en\"}}", of[1]);
    CHECK_INT(said("answer", object), 201);
    memset(id, 'a', 64);
    snprintf(object, sizeof object,
             "{\"agreement\":\"%s\",\"act\":\"assent\",\"scope\":{\"whole\":true},\"at\":\"2026-01-01T00:00:00Z\"}",
             id);
    CHECK_INT(said("standing", object), 201);
    struct truce_buffer verifier = {0};
    CHECK(truce_key_new("office", TRUCE_USE_SIGN, file_of("c.key"), NULL, &verifier, NULL) == TRUCE_DONE);
    snprintf(object, sizeof object, "{\"party\":\"office\",\"change\":\"add\",\"verifier\":\"%s\"}", verifier.data);
    CHECK_INT(said("key", object), 201);
    truce_free(&verifier);
    *used += 6;
}

static void check_refused(const char *kind, const char *object)
{
    char next_day[TIME_TEXT_SIZE];
    struct answer answer = say(kind, object);
    time_format((clock_ms / DAY_MS + 1) * 86400, next_day);
    const char *retry = answer_header(&answer, "Retry-After");
    CHECK_INT(answer.status, 422);
    CHECK(strstr((const char *)answer.body.data, "\"refused\":\"admission-quota\"") != NULL);
    CHECK(strstr((const char *)answer.body.data, next_day) != NULL); /* the sentence says when it ends … */
    CHECK(retry != NULL && atol(retry) > 0 && atol(retry) <= 86400); /* … and the header */
    buffer_clear(&answer.body);
}

static void quota(void)
{
    char policy[100];
    int64_t used = PER_DAY;
    snprintf(policy, sizeof policy, "\"quota\":{\"per_day\":%d,\"reserve\":%d},", PER_DAY, RESERVE);
    place_open(policy);
    come_in(30);
    for (int i = 0; i < PER_DAY; i++) CHECK_INT(said("statement", statement), 201);
    check_refused("statement", statement);
    say_reserved(&used);
    check_refused("statement", statement);
    for (; used < PER_DAY + RESERVE; used++) CHECK_INT(said("notice", notice), 201);
    check_refused("notice", notice);
    clock_ms = (clock_ms / DAY_MS + 1) * DAY_MS - 1; /* the day's last moment */
    come_in(30);
    check_refused("notice", notice);
    clock_ms += 1;
    for (int i = 0; i < PER_DAY; i++) CHECK_INT(said("statement", statement), 201);
    check_refused("statement", statement);
    CHECK_INT(said("notice", notice), 201);
    place_close();
}

static void exercises_have_none(void)
{
    place_open("\"exercise\":true,\"quota\":{\"per_day\":1,\"reserve\":0},");
    for (int i = 0; i < 20; i++) CHECK_INT(said("statement", statement), 201); /* and on this machine no door */
    place_close();
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    CHECK(crypto_start(NULL) == STATUS_DONE);
    private();
    public_by_policy();
    cookies();
    events_end();
    quota();
    exercises_have_none();
    return check_end(__FILE__);
}
