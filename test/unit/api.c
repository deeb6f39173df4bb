/* Parts of the API that need no server: what a client prefers, where a path leads, who is in the file of members, which
 * host is this machine, how answers are kept and counted. */
#include "check.h"

#include "api/internal.h"
#include "api/prefer.h"
#include "crypto/sign.h"

static const char browser[] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

static unsigned type(const char *accept, const char *name)
{
    return prefer_type(slice_from(accept), name);
}

static void preferences(void)
{
    CHECK(type(browser, "text/html") == 1000 && type(browser, "application/json") == 800);
    CHECK(type("application/*;q=0.5", "application/json") == 500 && type("application/*", "text/html") == 0);
    CHECK(type("*/*;q=0.9, text/html;q=0", "text/html") == 0); /* the most special range decides */
    CHECK(type("TEXT/HTML;level=1; Q=0.25", "text/html") == 250);
    CHECK(type("text/html;q=2", "text/html") == 1000 && type("text/html;q=x", "text/html") == 0);
    CHECK(type(",,;q=1,", "text/html") == 0 && type("", "text/html") == 0);
    static const struct {
        const char *accept;
        bool found;
        enum language language;
    } languages[] = {
        {"ar", true, LANGUAGE_ARABIC},
        {"ar-SY;q=0.8,en;q=0.5", true, LANGUAGE_ARABIC},
        {"en;q=0.1, ar;q=0.2", true, LANGUAGE_ARABIC},
        {"ar,en", true, LANGUAGE_ARABIC},
        {"fr, de;q=0.5", false, LANGUAGE_ENGLISH},
        {"ar;q=0, en;q=0.001", true, LANGUAGE_ENGLISH},
        {"*", false, LANGUAGE_ENGLISH},
    };
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        enum language language = LANGUAGE_ENGLISH;
        CHECK(prefer_language(&language, slice_from(languages[i].accept)) == languages[i].found);
        CHECK(language == languages[i].language);
    }
    CHECK(prefer_gzip(slice_from("br, gzip")) && prefer_gzip(slice_from("*;q=0.1")));
    CHECK(!prefer_gzip(slice_from("gzip;q=0, *")) && !prefer_gzip(slice_from("")) && !prefer_gzip(slice_from("br")));
}

static void paths(void)
{
    static char segment[SEGMENTS_MOST][SEGMENT_SIZE];
    CHECK(pattern_fits("/", slice_from("/"), segment) && !pattern_fits("/", slice_from("/x"), segment));
    CHECK(pattern_fits("/records/{id}/note", slice_from("/records/abc/note"), segment));
    CHECK(strcmp(segment[0], "abc") == 0);
    CHECK(!pattern_fits("/records/{id}", slice_from("/records/"), segment));
    CHECK(!pattern_fits("/records/{id}", slice_from("/records/a/b"), segment));
    CHECK(!pattern_fits("/records", slice_from("/recordsx"), segment));
    CHECK(!pattern_fits("/records", slice_from("/records/"), segment));
    CHECK(pattern_fits("/tile/{path...}", slice_from("/tile/0/x001/067.p/3"), segment));
    CHECK(strcmp(segment[0], "0/x001/067.p/3") == 0);
    CHECK(pattern_fits("/why/{agreement}/{term}", slice_from("/why/a/t"), segment));
    CHECK(strcmp(segment[0], "a") == 0 && strcmp(segment[1], "t") == 0);
    char longest[SEGMENT_SIZE + 16];
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "/why/", 5);
    CHECK(!pattern_fits("/why/{term}", slice_of(longest, sizeof longest), segment));
}

static void hosts(void)
{
    static const char *const own[] = {"localhost", "LocalHost:80", "127.0.0.1", "127.255.0.9:8080", "[::1]", "[::1]:1"};
    static const char *const other[] = {"",           "localhost.x", "127.0.0.1.x", "127.0.0",    "127.0.0.1.",
                                        "127..0.1",   "::1",         "[::1].x",     "1127.0.0.1", "127.0.0.1:8080:1",
                                        "127.0.0.1:", "[::1",        "127.0.0.x",   "x:127.0.0.1"};
    for (size_t i = 0; i < COUNT_OF(own); i++) CHECK(host_is_loopback(slice_from(own[i])));
    for (size_t i = 0; i < COUNT_OF(other); i++) CHECK(!host_is_loopback(slice_from(other[i])));
}

#define HASH_A "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static const char *parse(const char *text, size_t *count)
{
    static struct member member[MEMBERS_MOST];
    struct error error = {.code = ""};
    return members_parse(slice_from(text), member, count, &error) == STATUS_DONE ? "" : error.code;
}

static void members(void)
{
    size_t count;
    CHECK_STRING(parse("# a comment\n\nun-monitor " HASH_A "\r\n a\t" HASH_A " # late\n", &count), "");
    CHECK(count == 2);
    CHECK_STRING(parse("", &count), "members-none");
    CHECK_STRING(parse("#\n", &count), "members-none");
    CHECK_STRING(parse("a " HASH_A " more\n", &count), "members-line");
    CHECK_STRING(parse("A " HASH_A "\n", &count), "members-line");
    CHECK_STRING(parse("a 9F86\n", &count), "members-line");
    CHECK_STRING(parse("a\n", &count), "members-line");
}

static void tokens(void)
{
    struct truce_buffer token = {0}, said = {0};
    CHECK(crypto_start(NULL) == STATUS_DONE);
    char hash[TRUCE_TOKEN_HASH_SIZE], read[TRUCE_TOKEN_HASH_SIZE], name[TRUCE_TOKEN_NAME_SIZE];
    CHECK(truce_token_new(&token, hash, NULL) == TRUCE_DONE && token.size == 43);
    for (int with = 0; with < 2; with++) {
        CHECK(truce_token_say(with ? "un-monitor" : NULL, token.data, &said, NULL) == TRUCE_DONE);
        CHECK(truce_token_read(said.data, said.size, name, read) && truce_token_equal(hash, read));
        CHECK_STRING(name, with ? "un-monitor" : "");
        truce_free(&said);
    }
    CHECK(truce_token_read("bearer x ", 9, name, read) && !truce_token_equal(hash, read));
    static const char *const bad[] = {"", "Basic", "Basic !", "Basic YQ==", "Digest x", "Bearer"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK(!truce_token_read(bad[i], strlen(bad[i]), name, read));
    truce_free(&token);
}

/* ---- answers that are kept */

static _Atomic unsigned made;
static pthread_barrier_t gate_of_many;

static enum truce_status make(void *context, struct buffer *out, struct truce_error *error)
{
    const char *text = context;
    made++;
    if (text == NULL) {
        *error = (struct truce_error){.status = TRUCE_FAILED, .code = "test-made", .offset = -1};
        return TRUCE_FAILED;
    }
    buffer_put_string(out, text);
    return TRUCE_DONE;
}

static void *ask_at_once(void *context)
{
    OWN(buffer_clear) struct buffer out = {0};
    struct truce_error error;
    pthread_barrier_wait(&gate_of_many);
    bool good = cache_get(context, "shared", make, (void *)(uintptr_t) "together", &out, &error) == TRUCE_DONE;
    return good && slice_is(buffer_slice(&out), "together") ? context : NULL;
}

static void many_ask(struct cache *cache)
{
    enum { ASKERS = 8 };
    pthread_t thread[ASKERS];
    pthread_barrier_init(&gate_of_many, NULL, ASKERS);
    made = 0;
    for (size_t i = 0; i < ASKERS; i++) CHECK(pthread_create(&thread[i], NULL, ask_at_once, cache) == 0);
    for (size_t i = 0; i < ASKERS; i++) {
        void *good = NULL;
        pthread_join(thread[i], &good);
        CHECK(good != NULL);
    }
    CHECK(made == 1);
    pthread_barrier_destroy(&gate_of_many);
}

static void kept(void)
{
    struct cache cache;
    struct truce_error error;
    char key[CACHE_KEY_SIZE + 8];
    cache_open(&cache);
    made = 0;
    for (unsigned turn = 0; turn < 3; turn++) {
        OWN(buffer_clear) struct buffer out = {0};
        CHECK(cache_get(&cache, "one", make, (void *)(uintptr_t) "first", &out, &error) == TRUCE_DONE);
        CHECK(slice_is(buffer_slice(&out), "first"));
    }
    CHECK(made == 1);
    for (unsigned turn = 0; turn < 2; turn++) { /* what failed is made again */
        OWN(buffer_clear) struct buffer out = {0};
        CHECK(cache_get(&cache, "two", make, NULL, &out, &error) == TRUCE_FAILED);
        CHECK_STRING(error.code, "test-made");
    }
    CHECK(made == 3);
    for (unsigned i = 0; i < 3 * CACHE_ENTRIES; i++) { /* the one used all along stays, the others go */
        OWN(buffer_clear) struct buffer out = {0};
        snprintf(key, sizeof key, "%u", i);
        CHECK(cache_get(&cache, key, make, key, &out, &error) == TRUCE_DONE && slice_is(buffer_slice(&out), key));
        CHECK(cache_get(&cache, "one", make, NULL, &out, &error) == TRUCE_DONE);
    }
    CHECK(made == 3 + 3 * CACHE_ENTRIES && cache.count <= CACHE_ENTRIES);
    memset(key, 'k', sizeof key);
    key[sizeof key - 1] = '\0';
    OWN(buffer_clear) struct buffer out = {0};
    CHECK(cache_get(&cache, key, make, (void *)(uintptr_t) "long", &out, &error) == TRUCE_DONE);
    many_ask(&cache);
    cache_close(&cache);
}

/* ---- events and counts */

static void event(void)
{
    static const char line[] =
        "{\"at\":{\"lat_e7\":1,\"lon_e7\":2},\"by\":\"a\",\"id\":\"00ff\",\"index\":7,\"kind\":"
        "\"passage\",\"received\":\"2016-09-12T16:00:00.000Z\",\"text\":{\"en\":\"x\"},\"void\":true}";
    static const char said[] = "id: 7\ndata: {\"by\":\"a\",\"id\":\"00ff\",\"index\":7,\"kind\":\"passage\","
                               "\"received\":\"2016-09-12T16:00:00.000Z\",\"void\":true}\n\n";
    OWN(buffer_clear) struct buffer out = {0};
    struct arena arena;
    uint64_t entry = 0;
    arena_init(&arena, 65536);
    CHECK(event_format(&out, slice_from(line), &arena, &entry) && entry == 7);
    CHECK(slice_is(buffer_slice(&out), said));
    CHECK(!event_format(&out, slice_from("{"), &arena, &entry));
    arena_clear(&arena);
}

static bool has(const struct buffer *text, const char *line)
{
    return memmem(text->data, text->size, line, strlen(line)) != NULL;
}

static void counts(void)
{
    struct counts counts;
    OWN(buffer_clear) struct buffer out = {0};
    counts_open(&counts);
    counts_group(&counts, 1);
    counts_group(&counts, 64);
    counts_group(&counts, 5000);
    counts_submission(&counts, 3, 1500);
    counts_refusal(&counts, slice_from("record-note"));
    counts_refusal(&counts, slice_from("record-note"));
    counts_write(&counts, &out);
    CHECK(has(&out, "truce_group_records_bucket{le=\"1\"} 1\n") && has(&out, "{le=\"64\"} 2\n"));
    CHECK(has(&out, "truce_group_records_bucket{le=\"1024\"} 2\n") && has(&out, "truce_group_records_count 3\n"));
    CHECK(has(&out, "truce_admission_seconds_bucket{le=\"0.002500\"} 1\n"));
    CHECK(has(&out, "truce_admission_seconds_sum 0.001500\n"));
    CHECK(has(&out, "truce_refusals_total{code=\"record-note\"} 2\n"));
    counts_close(&counts);
}

TESTS(preferences, paths, hosts, members, tokens, kept, event, counts)
