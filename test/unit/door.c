/* The door of a register: what opens it, what does not, and that no token outlives letter, key or membership. Time is
 * the test's own. */
#include "check.h"
#include "random.h"
#include "scratch.h"

#include "log/checkpoint.h"
#include "register/session.h"
#include "register/writing.h"

static const char host[] = "https://Register.example";
enum { KEYS = 4, HOUR = 3600, DAY = 86400 };

/* ---- a register with a member whose keys come and go */

static int64_t now_ms = INT64_C(1767225600000); /* 2026-01-01 */
static int64_t tell_now(void *context)
{
    (void)context;
    return now_ms;
}
static int64_t now_s(void)
{
    return now_ms / 1000;
}

static struct place {
    char *directory, path[600], name[300];
    struct system system;
    struct truce_register *reg, *beside;
    struct truce_door *door;
    struct truce_key *office, *key[KEYS];
    char verifier[KEYS][VERIFIER_TEXT_SIZE];
} at;

static const char *file_of(const char *name)
{
    static char path[700];
    snprintf(path, sizeof path, "%s/%s", at.directory, name);
    return path;
}

static bool say(const struct truce_key *key, const char *kind, const char *object)
{
    struct truce_buffer note = {0};
    struct truce_error error;
    bool done = truce_write(at.reg, key, kind, object, strlen(object), &note, &error) == TRUCE_DONE &&
                truce_submit(at.reg, note.data, note.size, NULL, NULL, &error) == TRUCE_DONE;
    if (!CHECK(done)) fprintf(stderr, "    %s: %s\n", error.code, error.message);
    truce_free(&note);
    return done;
}

static void enrol(int64_t until)
{
    char object[2000], end[TIME_TEXT_SIZE];
    time_format(until, end);
    snprintf(
        object, sizeof object,
        "{\"party\":\"guest\",\"names\":{\"en\":\"Guest\",\"original\":\"en\"},\"role\":\"party\",\"keys\":[\"%s\"],"
        "\"until\":\"%s\"}",
        at.verifier[0], end);
    say(at.office, "party", object);
}

static void change_key(const char *change, size_t i, const char *more)
{
    char object[1000];
    uint32_t id = at.key[i]->signer.verifier.id;
    if (strcmp(change, "add") == 0)
        snprintf(object, sizeof object, "{\"party\":\"guest\",\"change\":\"add\",\"verifier\":\"%s\"}", at.verifier[i]);
    else
        snprintf(object, sizeof object, "{\"party\":\"guest\",\"change\":\"%s\",\"of\":\"%08x\"%s}", change, id, more);
    say(at.office, "key", object);
}

static void make_key(struct truce_key **out, const char *name, size_t i)
{
    struct truce_buffer verifier = {0};
    char file[40];
    snprintf(file, sizeof file, "%s%zu.key", name, i);
    CHECK(truce_key_new(name, TRUCE_USE_SIGN, file_of(file), NULL, &verifier, NULL) == TRUCE_DONE);
    snprintf(at.verifier[i], sizeof at.verifier[i], "%s", verifier.data);
    CHECK(truce_key_open(out, file_of(file), NULL, NULL, NULL) == TRUCE_DONE);
    truce_free(&verifier);
}

static void place_open(void)
{
    struct truce_buffer answer = {0};
    struct error error;
    at = (struct place){.directory = scratch("door"), .system = system_real};
    at.system.now_ms = tell_now;
    snprintf(at.path, sizeof at.path, "%s/r", at.directory);
    const struct truce_init_options options = {.directory = at.path, .origin = "test.example/d", .name = "office"};
    CHECK(truce_init(&options, &answer, NULL) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(register_open(&at.reg, &at.system, at.path, TRUCE_WRITE, &error) == STATUS_DONE);
    CHECK(truce_beside(&at.beside, at.reg, NULL) == TRUCE_DONE);
    CHECK(truce_key_open(&at.office, file_of("r/keys/office.key"), NULL, NULL, NULL) == TRUCE_DONE);
    for (size_t i = 0; i < KEYS; i++) make_key(&at.key[i], "guest", i);
    enrol(now_s() + 400 * DAY);
    snprintf(at.name, sizeof at.name, "%.*s", SLICE(members_register(at.reg->members)));
    CHECK(truce_door_open(&at.door, at.reg, NULL) == TRUCE_DONE);
}

static void place_close(void)
{
    truce_door_close(&at.door);
    for (size_t i = 0; i < KEYS; i++) truce_key_close(&at.key[i]);
    truce_key_close(&at.office);
    (void)truce_close(&at.beside, NULL);
    CHECK(truce_close(&at.reg, NULL) == TRUCE_DONE);
    scratch_remove(at.directory);
}

/* ---- coming in */

static struct truce_buffer ask(const char *as)
{
    struct truce_buffer challenge = {0};
    CHECK(truce_door_challenge(at.door, as, &challenge, NULL) == TRUCE_DONE);
    return challenge;
}

static void session_file(const struct truce_key *key, int64_t from, int64_t until)
{
    struct truce_buffer verifier = {0};
    const struct truce_letter letter = {at.name, from, until};
    (void)unlink(file_of("session"));
    CHECK(truce_session_new(key, &letter, file_of("session"), &verifier, NULL) == TRUCE_DONE);
    truce_free(&verifier);
}

static struct truce_buffer answer_to(const char *challenge)
{
    struct truce_buffer notes = {0};
    CHECK(truce_session_answer(file_of("session"), host, challenge, strlen(challenge), &notes, NULL) == TRUCE_DONE);
    return notes;
}

/* The code of the refusal, "" if it opened; then `hash` is the token's. */
static const char *enter(const char *as, const char *notes, char hash[TRUCE_TOKEN_HASH_SIZE], struct truce_visitor *who)
{
    static struct truce_error error;
    struct truce_buffer token = {0};
    char said[100], name[TRUCE_TOKEN_NAME_SIZE];
    if (truce_door_enter(at.door, as, notes, strlen(notes), &token, who, &error) != TRUCE_DONE) return error.code;
    snprintf(said, sizeof said, "Bearer %s", token.data);
    CHECK(truce_token_read(said, strlen(said), name, hash));
    truce_free(&token);
    return "";
}

static char hash_of_token[TRUCE_TOKEN_HASH_SIZE];
static struct truce_visitor visitor;

static const char *come_in(const struct truce_key *key, int64_t from, int64_t until)
{
    session_file(key, from, until);
    struct truce_buffer challenge = ask(host), notes = answer_to(challenge.data);
    const char *code = enter(host, notes.data, hash_of_token, &visitor);
    truce_free(&challenge);
    truce_free(&notes);
    return code;
}

static bool known(void)
{
    struct truce_visitor who;
    return truce_door_knows(at.door, hash_of_token, &who);
}

static const char no_hash[TRUCE_TOKEN_HASH_SIZE] = "x";

static void opens(void)
{
    place_open();
    CHECK_STRING(come_in(at.key[0], now_s() - 60, now_s() + DAY), "");
    CHECK(known() && strcmp(visitor.party, "guest") == 0 && visitor.until == now_s() + 8 * HOUR);
    CHECK_INT(truce_door_count(at.door), 1);
    now_ms += (8 * HOUR - 1) * INT64_C(1000);
    CHECK(known());
    now_ms += 1000;
    CHECK(!known() && truce_door_count(at.door) == 0);
    CHECK_STRING(come_in(at.key[0], now_s(), now_s() + HOUR), "");
    CHECK_INT(visitor.until, now_s() + HOUR); /* sooner, where the letter ends sooner */
    now_ms += 3599 * INT64_C(1000);
    CHECK(known());
    now_ms += 1000;
    CHECK(!known());
    CHECK_STRING(come_in(at.key[0], now_s(), now_s() + DAY), "");
    truce_door_leave(at.door, hash_of_token);
    CHECK(!known());
    CHECK(!truce_door_knows(at.door, no_hash, &visitor));
    place_close();
}

/* What is handed in, made by hand, so that each part can be wrong. */
struct handed {
    const char *register_name, *party, *challenge_of; /* NULL: as it should be */
    const struct truce_key *signs;
    const struct signer *session, *answers;
    int64_t from, until;
};

static const char *hand_in(const struct handed *handed, const char *challenge)
{
    struct signer session;
    OWN(buffer_clear) struct buffer text = {0}, notes = {0};
    CHECK(signer_random(&session, slice_from(handed->party == NULL ? "guest" : handed->party), NULL) == STATUS_DONE);
    const struct signer *own = handed->session == NULL ? &session : handed->session;
    struct letter letter = {.register_name =
                                slice_from(handed->register_name == NULL ? at.name : handed->register_name),
                            .party = slice_from(own->verifier.name),
                            .key = own->verifier,
                            .from = handed->from == 0 ? now_s() : handed->from,
                            .until = handed->until == 0 ? now_s() + HOUR : handed->until};
    letter_format(&text, &letter);
    CHECK(note_sign(&notes, buffer_slice(&text), &handed->signs->signer, NULL) == STATUS_DONE);
    CHECK(note_sign(&notes, slice_from(challenge), handed->answers == NULL ? own : handed->answers, NULL) ==
          STATUS_DONE);
    buffer_put_byte(&notes, '\0');
    return enter(host, (const char *)notes.data, hash_of_token, &visitor);
}

static void refuses(void)
{
    struct truce_error error;
    place_open();
    const struct truce_key *key = at.key[0];
    struct truce_buffer c = ask(host), notes = {0};
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .register_name = "test.example/d#0123456789abcdef"}, c.data),
                 "session-register");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .party = "office"}, c.data), "session-member");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .party = "nobody"}, c.data), "session-member");
    CHECK_STRING(hand_in(&(struct handed){.signs = at.key[1]}, c.data), "session-member");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .session = &key->signer}, c.data), "session-key-use");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .answers = &key->signer}, c.data), "session-signature");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .from = now_s() + 1}, c.data), "session-letter-ended");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .from = now_s() - 9, .until = now_s()}, c.data),
                 "session-letter-ended");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .until = now_s() + 367 * DAY}, c.data), "session-letter-time");
    CHECK_STRING(hand_in(&(struct handed){.signs = key, .until = now_s()}, c.data), "session-letter-time");
    /* a challenge changed, of another door, for another host, too late, used before */
    c.data[strlen(c.data) - 3] ^= 1; /* its time */
    CHECK_STRING(hand_in(&(struct handed){.signs = key}, c.data), "session-unknown");
    c.data[strlen(c.data) - 3] ^= 1;
    struct truce_door *other;
    struct truce_buffer elsewhere = {0};
    CHECK(truce_door_open(&other, at.reg, NULL) == TRUCE_DONE);
    CHECK(truce_door_challenge(other, host, &elsewhere, NULL) == TRUCE_DONE);
    CHECK_STRING(hand_in(&(struct handed){.signs = key}, elsewhere.data), "session-unknown");
    truce_free(&elsewhere);
    truce_door_close(&other);
    struct truce_buffer passed_on = ask("https://register.example:444");
    CHECK_STRING(hand_in(&(struct handed){.signs = key}, passed_on.data), "session-host");
    session_file(key, now_s(), now_s() + HOUR);
    CHECK(truce_session_answer(file_of("session"), host, passed_on.data, passed_on.size, &notes, &error) ==
          TRUCE_REFUSED);
    CHECK_STRING(error.code, "session-host");
    truce_free(&passed_on);
    CHECK_STRING(hand_in(&(struct handed){.signs = key}, c.data), "");
    CHECK(known());
    CHECK_STRING(hand_in(&(struct handed){.signs = key}, c.data), "session-used");
    now_ms += 59000;
    CHECK_STRING(hand_in(&(struct handed){.signs = key}, c.data), "session-used");
    now_ms += 1000;
    CHECK_STRING(hand_in(&(struct handed){.signs = key}, c.data), "session-late");
    truce_free(&c);
    /* forms */
    CHECK_STRING(enter(host, "", hash_of_token, &visitor), "session-form");
    CHECK_STRING(enter(host, "x\n\n\u2014 guest AAAAAAA=\n", hash_of_token, &visitor), "session-form");
    CHECK_STRING(enter("ftp://x", "", hash_of_token, &visitor), "session-address");
    /* keys have one use */
    struct truce_key *opened;
    CHECK(truce_key_open(&opened, file_of("session"), NULL, NULL, &error) == TRUCE_USAGE);
    CHECK_STRING(error.code, "key-session");
    CHECK(truce_session_answer(file_of("guest0.key"), host, "x\n", 2, &notes, &error) == TRUCE_FAILED);
    CHECK_STRING(error.code, "session-file");
    place_close();
}

/* One party's haste ends its own sessions and keeps nobody out. */
static void bounds(void)
{
    char first[TRUCE_TOKEN_HASH_SIZE];
    place_open();
    for (int i = 0; i < 30; i++) CHECK_STRING(come_in(at.key[0], now_s(), now_s() + DAY), "");
    CHECK_STRING(come_in(at.key[0], now_s(), now_s() + DAY), "session-many");
    CHECK_STRING(come_in(at.office, now_s(), now_s() + DAY), "");
    memcpy(first, hash_of_token, sizeof first);
    for (int minute = 0; minute < 3; minute++) {
        now_ms += 60000;
        for (int i = 0; i < 30; i++) CHECK_STRING(come_in(at.key[0], now_s(), now_s() + DAY), "");
    }
    CHECK(truce_door_knows(at.door, first, &visitor));
    CHECK_INT(truce_door_count(at.door), 64 + 1);
    place_close();
}

/* ---- D2, with a model */

enum { SESSIONS = 200, STEPS = 400 };
struct model {
    char hash[TRUCE_TOKEN_HASH_SIZE];
    size_t key;
    int64_t letter_until, began;
};

static struct random dice;

static size_t outlives_nothing(void)
{
    static struct model session[SESSIONS];
    bool added[KEYS] = {true}, over[KEYS] = {false};
    size_t sessions = 0;
    place_open();
    int64_t membership = now_s() + 400 * DAY;
    for (int step = 0; step < STEPS; step++) {
        size_t key = random_below(&dice, KEYS);
        unsigned what = (unsigned)random_below(&dice, 100);
        now_ms += (int64_t)random_below(&dice, random_chance(&dice, 10) ? 6 * HOUR : 300) * 1000;
        if (what < 50 && sessions < SESSIONS) {
            int64_t until = now_s() + 1 + (int64_t)random_below(&dice, random_chance(&dice, 50) ? 2 * HOUR : 20 * DAY);
            bool may = added[key] && !over[key] && now_s() < membership;
            const char *code = come_in(at.key[key], now_s(), until);
            CHECK_STRING(code, may ? "" : "session-member");
            if (code[0] != '\0') continue;
            session[sessions] = (struct model){.key = key, .letter_until = until, .began = now_s()};
            memcpy(session[sessions++].hash, hash_of_token, sizeof hash_of_token);
        } else if (what < 56 && !added[key]) {
            change_key("add", key, "");
            added[key] = true;
        } else if (what < 58 && added[key] && !over[key]) {
            change_key("retire", key, "");
            over[key] = true;
        } else if (what < 60 && added[key] && !over[key]) {
            change_key("compromised", key, ",\"since\":\"2026-01-01T00:00:00Z\"");
            over[key] = true;
        } else if (what < 63) {
            if (over[0]) continue; /* the record would bring a key that is retired */
            membership = now_s() + (int64_t)random_below(&dice, 4 * HOUR);
            enrol(membership);
        }
        for (size_t i = 0; i < sessions; i++) {
            struct truce_visitor who;
            bool holds = now_s() < session[i].letter_until && now_s() < session[i].began + 8 * HOUR &&
                         !over[session[i].key] && now_s() < membership;
            if (truce_door_knows(at.door, session[i].hash, &who)) CHECK(holds);
        }
    }
    now_ms += INT64_C(1000) * 400 * DAY; /* behind every end there is */
    for (size_t i = 0; i < sessions; i++) {
        struct truce_visitor who;
        CHECK(!truce_door_knows(at.door, session[i].hash, &who));
    }
    place_close();
    return sessions;
}

/* ---- signed texts: none is read as another */

enum { READERS = 6 };
static bool reads(size_t reader, struct slice text, struct slice note)
{
    struct checkpoint checkpoint;
    struct promise promise;
    struct refusal refusal;
    struct letter letter;
    struct challenge challenge;
    struct record record;
    struct arena arena;
    bool read = false;
    switch (reader) {
    case 0: return checkpoint_parse(&checkpoint, text, NULL) == STATUS_DONE;
    case 1: return promise_parse(&promise, text, NULL) == STATUS_DONE;
    case 2: return refusal_parse(&refusal, text, NULL) == STATUS_DONE;
    case 3: return letter_parse(&letter, text, NULL) == STATUS_DONE;
    case 4: return challenge_parse(&challenge, text, NULL) == STATUS_DONE;
    default: break;
    }
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    read = record_decode(&record, note, &arena, NULL) == STATUS_DONE;
    arena_clear(&arena);
    return read;
}

static void none_is_another(void)
{
#define ROOT "gBWWl7XGLhNYfUgYN5kfv3VDQv5+Fx+xnsVpSkqsPn4="
#define ORIGIN "test.example/d"
#define NAME ORIGIN "#b48eada5c4026a1e"
    static const struct {
        size_t reader; /* READERS: none of these */
        const char *text;
    } texts[] = {
        {0, ORIGIN "\n5\n" ROOT "\n"},
        {1, ORIGIN "/promise/v1\nindex 5\nleaf " ROOT "\nreceived 1\nmerge-by 2\n"},
        {2, ORIGIN "/refusal/v1\nsubmitted " ROOT "\ncode record-note\npointer /a\nat 1\n"},
        {3, ORIGIN "/session-key/v1\nregister " NAME "\nparty office\nverifier "
                   "office+a959c31c+ATzPQmS+aBrrP+4HkX27SBtL3ebIOmIhvtA+8Xc0akra\nfrom 2026-11-28T23:47:13Z\nuntil "
                   "2026-12-28T23:47:13Z\n"},
        {4, ORIGIN "/session/v1\nregister " NAME "\nhost https://register.example:443\nchallenge " ROOT
                   "\nuntil 2026-12-28T23:47:13Z\n"},
        {READERS, ORIGIN "/arrival/v1\nsubmitted " ROOT "\nat 1\n"},
        {READERS, ORIGIN "/vote/v1\nregister " NAME "\nbase 5 " ROOT "\n"},
    };
    place_open();
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        OWN(buffer_clear) struct buffer note = {0};
        struct slice text = slice_from(texts[i].text);
        CHECK(note_sign(&note, text, &at.office->signer, NULL) == STATUS_DONE);
        for (size_t reader = 0; reader < READERS; reader++)
            if (!CHECK(reads(reader, text, buffer_slice(&note)) == (reader == texts[i].reader)))
                fprintf(stderr, "    text %zu, reader %zu\n", i, reader);
    }
    place_close();
}

/* A record is none of the others. */
static void record_is_none(void)
{
    place_open();
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice text;
    int64_t received_ms;
    CHECK(log_read(at.reg->log, 1, &entry, NULL) == STATUS_DONE);
    struct slice inner;
    CHECK(entry_parse(&received_ms, &inner, buffer_slice(&entry), NULL) == STATUS_DONE);
    const uint8_t *end = memchr(inner.data, '\n', inner.size);
    text = slice_part(inner, 0, (size_t)(end - inner.data) + 1);
    for (size_t reader = 0; reader < READERS; reader++) CHECK(reads(reader, text, inner) == (reader == READERS - 1));
    place_close();
}

static void hosts(void)
{
    static const struct {
        const char *url, *host; /* NULL: none */
    } rows[] = {
        {"https://Register.Example", "https://register.example:443"},
        {"http://127.0.0.1:8080/", "http://127.0.0.1:8080"},
        {"http://[::1]", "http://[::1]:80"},
        {"https://[2001:DB8::1]:8443/x?y", "https://[2001:db8::1]:8443"},
        {"https://a?x", "https://a:443"},
        {"ftp://a", NULL},
        {"https://", NULL},
        {"https://a:0", NULL},
        {"https://a:65536", NULL},
        {"https://a b", NULL},
        {"https://user@a", NULL},
        {"https://a:1:2", NULL},
        {"https://\xD8\xA7", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[SESSION_HOST_SIZE] = "";
        CHECK(session_host(out, slice_from(rows[i].url)) == (rows[i].host != NULL));
        if (rows[i].host != NULL) CHECK_STRING(out, rows[i].host);
    }
}

int main(int count, char **arguments)
{
    dice = random_start(count, arguments);
    opens();
    refuses();
    bounds();
    size_t sessions = 0;
    for (unsigned i = 0; i < 3; i++) sessions += outlives_nothing();
    CHECK(sessions > 0);
    none_is_another();
    record_is_none();
    hosts();
    return check_end(__FILE__);
}
