/* Over random small logs: a verdict's next change is where the clock says, and nowhere before; the verdicts do not
 * depend on the order in which independent records arrived; what is asked twice is the same bytes. */
#include "random.h"
#include "terms_log.h"

static struct random random_state;
static unsigned drawn(unsigned most)
{
    return (unsigned)random_below(&random_state, most);
}

static const char *const agreement =
    "{\"kind\":\"agreement\",\"by\":\"s\",\"agreement\":\"truce\",\"title\":{\"en\":\"T\"},\"parties\":[\"a\",\"b\"],"
    "\"written\":\"2019-12-20T00:00:00Z\",\"zones\":{\"z\":[{\"from\":\"2019-01-01T00:00:00Z\",\"offset_s\":10800},{"
    "\"from\":\"2020-01-04T00:00:00Z\",\"offset_s\":7200}]},"
    "\"places\":{\"town\":{\"point\":{\"lat_e7\":0,\"lon_e7\":0},\"radius_m\":1000}},\"channels\":{\"line\":{}},"
    "\"readings\":{\"m\":{\"trust\":[\"m\"],\"links\":\"m\",\"need\":[\"report\"]},\"all\":{\"trust\":\"*\",\"links\":"
    "\"m\",\"need\":[\"report\",\"claim\"],\"conflict\":\"in\"}},"
    "\"force\":{\"assent\":[\"a\",\"b\"],\"from\":{\"local\":\"2020-01-01T00:00:00\",\"zone\":\"z\"},\"release\":{"
    "\"suspend\":[\"a\",\"b\"]}},"
    "\"terms\":["
    "{\"id\":\"cap\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"at_most\":1,\"of\":{\"act\":\"shelling\","
    "\"place\":\"town\"}},\"watch\":{\"share\":[1,2],\"grace\":\"PT30H\",\"of\":[\"town\"]}},"
    "{\"id\":\"window\",\"clause\":{\"en\":\"c\"},\"who\":\"a\",\"rule\":{\"at_most\":0,\"of\":{\"act\":\"shelling\"}},"
    "\"until\":{\"at\":\"2020-01-05T07:00:00Z\"},\"watch\":\"log\"},"
    "{\"id\":\"floor\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"at_least\":2,\"of\":{\"act\":\"shelling\"}},"
    "\"by\":{\"at\":\"2020-01-04T03:00:00Z\"},\"watch\":{\"share\":[1,3],\"grace\":\"P1D\",\"of\":[\"town\"]}},"
    "{\"id\":\"daily\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"at_least\":1,\"of\":{\"kind\":\"notice\"}},"
    "\"every\":\"PT17H\",\"watch\":\"log\"},"
    "{\"id\":\"held\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"held\":\"P2D\",\"of\":[\"cap\",\"window\"],"
    "\"unwatched\":\"stop\"},\"watch\":\"log\"},"
    "{\"id\":\"after\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"at_least\":1,\"of\":{\"kind\":\"notice\"}},"
    "\"from\":{\"done\":\"held\"},\"by\":{\"done\":\"held\",\"plus\":\"PT9H\"},\"watch\":\"log\"},"
    "{\"id\":\"reply\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"channel\":\"line\",\"rule\":{\"reply\":{\"kind\":"
    "\"notice\"},\"with\":{\"kind\":\"acknowledgement\"},\"within\":\"PT5H\"},\"watch\":\"log\"},"
    "{\"id\":\"both\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"all\":[\"cap\",\"floor\"]},\"watch\":\"log\"}"
    "]}";

static void random_time(char out[TIME_TEXT_SIZE], int64_t *at)
{
    *at = time_of("2020-01-01") + (int64_t)drawn(7 * 24 * 4) * 900;
    time_format(*at, out);
}

/* One record at random: what it is, by whom, when. */
static void random_record(char *json, size_t size, unsigned number, unsigned notices)
{
    static const char *const authors[] = {"a", "b", "m", "m"}, *const acts[] = {"suspend", "resume"};
    static const char *const scopes[] = {"\"whole\":true", "\"channel\":\"line\""};
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    int64_t at;
    const char *by = authors[drawn(4)];
    random_time(from, &at);
    time_format(at + (int64_t)drawn(10) * 3600, to);
    switch (drawn(6)) {
    case 0:
        snprintf(json, size,
                 "{\"kind\":\"standing\",\"by\":\"%s\",\"agreement\":\"@agreement\",\"act\":\"%s\",\"scope\":{%s},"
                 "\"at\":\"%s\",\"x\":%u}",
                 drawn(2) ? "a" : "b", acts[drawn(2)], scopes[drawn(2)], from, number);
        break;
    case 1:
        snprintf(json, size, "{\"kind\":\"notice\",\"by\":\"%s\",\"to\":[\"a\",\"b\"],\"at\":\"%s\",\"x\":%u}", by,
                 from, number);
        break;
    case 2:
        if (notices > 0) {
            snprintf(json, size,
                     "{\"kind\":\"acknowledgement\",\"by\":\"%s\",\"of\":\"@n%u.\",\"at\":\"%s\",\"receipt\":"
                     "\"received\",\"x\":%u}",
                     drawn(2) ? "a" : "b", drawn(notices), from, number);
            break;
        }
        /* fall through */
    case 3:
        time_format(at + 86400 * 2, to);
        snprintf(json, size,
                 "{\"kind\":\"coverage\",\"by\":\"m\",\"how\":\"post\",\"where\":{\"place\":\"town\"},\"when\":{"
                 "\"from\":\"%s\",\"to\":\"%s\"},\"x\":%u}",
                 from, to, number);
        break;
    default:
        snprintf(json, size,
                 "{\"kind\":\"report\",\"by\":\"%s\",\"act\":\"shelling\",\"method\":\"seen\"%s%s,\"when\":{\"from\":"
                 "\"%s\",\"to\":\"%s\"},\"x\":%u}",
                 by, drawn(2) ? ",\"where\":{\"place\":\"town\"}" : "", drawn(2) ? ",\"actor\":\"a\"" : "", from, to,
                 number);
    }
}

enum { RECORDS = 14 };
static void random_log(struct terms_log *log, char records[RECORDS][600], unsigned *count)
{
    unsigned notices = 0;
    *count = 2 + drawn(RECORDS - 2);
    log_open_empty(log);
    say(log, "agreement", "2019-12-20", agreement);
    say(log, "1", "2019-12-21",
        "{\"kind\":\"standing\",\"by\":\"a\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2019-12-21T00:00:00Z\"}");
    say(log, "2", NULL,
        "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2019-12-21T00:00:00Z\"}");
    for (unsigned i = 0; i < *count; i++) {
        char label[40] = "r";
        random_record(records[i], sizeof records[i], i, notices);
        if (strstr(records[i], "\"notice\"") != NULL) snprintf(label, sizeof label, "n%u.", notices++);
        say(log, label, NULL, records[i]);
    }
}

static void verdicts_of(const struct terms_log *log, int64_t at, char out[8][16], int64_t next[8], char becomes[8][16])
{
    struct answer answer = ask(log, at);
    size_t i = 0;
    for (const struct json *t = json_find(first_agreement(&answer), "terms")->first; t != NULL && i < 8;
         t = t->next, i++) {
        const struct json *clock = json_find(t, "clock");
        snprintf(out[i], 16, "%.*s", SLICE(json_find_string(t, "verdict")));
        if (next == NULL) continue;
        if (!time_parse(&next[i], json_find_string(clock, "at"))) next[i] = INT64_MAX;
        snprintf(becomes[i], 16, "%.*s", SLICE(json_find_string(clock, "becomes")));
    }
    CHECK_INT(i, 8);
    answer_clear(&answer);
}

static void clocks_say_when(void)
{
    for (unsigned round = 0; round < 60; round++) {
        struct terms_log log;
        char records[RECORDS][600], now[8][16], then[8][16], becomes[8][16];
        unsigned count;
        int64_t next[8];
        uint64_t seed = random_state.state;
        random_log(&log, records, &count);
        int64_t at = time_of("2019-12-31") + (int64_t)drawn(9 * 86400);
        verdicts_of(&log, at, now, next, becomes);
        int64_t probes[40];
        size_t probe_count = 0;
        for (size_t i = 0; i < 8; i++)
            if (next[i] != INT64_MAX) probes[probe_count++] = next[i], probes[probe_count++] = next[i] - 1;
        while (probe_count < COUNT_OF(probes)) probes[probe_count++] = at + 1 + (int64_t)drawn(16 * 86400 / 900) * 900;
        for (size_t p = 0; p < COUNT_OF(probes); p++) {
            if (probes[p] <= at) continue;
            verdicts_of(&log, probes[p], then, NULL, NULL);
            for (size_t i = 0; i < 8; i++) {
                bool held = probes[p] < next[i] ? strcmp(then[i], now[i]) == 0
                                                : probes[p] > next[i] || strcmp(then[i], becomes[i]) == 0;
                if (!CHECK(held))
                    fprintf(stderr, "    seed %llu, term %zu, from %lld: %s; clock %lld %s; at %lld: %s\n",
                            (unsigned long long)seed, i, (long long)at, now[i], (long long)next[i], becomes[i],
                            (long long)probes[p], then[i]);
            }
        }
        view_close(&log.view);
    }
}

/* Each day of the compliance ends as a standing as of then says, reading by reading; a clock's days are its own. */
static void days_of(const struct terms_log *log, int64_t at, struct answer *out)
{
    struct json_writer w;
    struct error error = {0};
    const struct compliance_query query = {.has_from = true, .from = time_of("2019-12-30") / 86400};
    *out = (struct answer){.tree = NULL};
    json_write_open(&w, &out->text);
    json_put_object(&w);
    json_put_key(&w, "agreements");
    CHECK(compliance_write(log->view, &query, at, &w, &error) == STATUS_DONE);
    json_put_close(&w);
    answer_read(out, &w);
}

static void day_ends_so(const struct json *terms, const struct json *term, const struct json *day, uint64_t seed)
{
    const struct json *then = terms->first, *readings = json_find(day, "readings");
    while (!slice_equal(json_find_string(then, "id"), json_find_string(term, "id"))) then = then->next;
    bool same = slice_equal(json_find_string(then, "verdict"), json_find_string(day, "verdict"));
    for (const struct json *r = readings->first, *s = json_find(then, "readings")->first; r != NULL && s != NULL;
         r = r->next, s = s->next)
        same = same && slice_equal(r->key, s->key) && slice_equal(json_find_string(r, "verdict"), s->string);
    if (!CHECK(same))
        fprintf(stderr, "    seed %llu, term %.*s, day %.*s\n", (unsigned long long)seed,
                SLICE(json_find_string(term, "id")), SLICE(json_find_string(day, "day")));
}

static void days_end_as_a_standing_says(void)
{
    for (unsigned round = 0; round < 30; round++) {
        struct terms_log log;
        char records[RECORDS][600];
        unsigned count;
        uint64_t seed = random_state.state;
        struct answer days, then;
        random_log(&log, records, &count);
        int64_t at = time_of("2020-01-02") + (int64_t)drawn(7 * 86400);
        days_of(&log, at, &days);
        for (const struct json *t = json_find(first_agreement(&days), "terms")->first; t != NULL; t = t->next)
            for (const struct json *day = json_find(t, "days")->first; day != NULL; day = day->next) {
                int64_t end = at;
                CHECK(time_parse(&end, json_find_string(day, "to")));
                then = ask(&log, end - 1 < at ? end - 1 : at);
                day_ends_so(json_find(first_agreement(&then), "terms"), t, day, seed);
                answer_clear(&then);
            }
        answer_clear(&days);
        view_close(&log.view);
    }
}

static void order_of_arrival_changes_nothing(void)
{
    for (unsigned round = 0; round < 60; round++) {
        struct terms_log one, other;
        char records[RECORDS][600], now[8][16], then[8][16];
        unsigned count;
        uint64_t seed = random_state.state;
        random_log(&one, records, &count);
        log_open_empty(&other);
        say(&other, "agreement", "2019-12-20", agreement);
        say(&other, "2", "2019-12-21",
            "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":"
            "true},\"at\":\"2019-12-21T00:00:00Z\"}");
        say(&other, "1", NULL,
            "{\"kind\":\"standing\",\"by\":\"a\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":"
            "true},\"at\":\"2019-12-21T00:00:00Z\"}");
        /* notices and standing acts keep their order: their ids, and which of two at one moment came last, are meant */
        unsigned notices = 0;
        for (unsigned i = 0; i < count; i++) {
            bool acts = strstr(records[i], "\"standing\"") != NULL || strstr(records[i], "\"notice\"") != NULL ||
                        strstr(records[i], "\"ack") != NULL;
            char label[40] = "r";
            if (strstr(records[i], "\"notice\"") != NULL) snprintf(label, sizeof label, "n%u.", notices++);
            if (acts) say(&other, label, NULL, records[i]);
        }
        for (unsigned i = count; i-- > 0;) {
            bool acts = strstr(records[i], "\"standing\"") != NULL || strstr(records[i], "\"notice\"") != NULL ||
                        strstr(records[i], "\"ack") != NULL;
            if (!acts) say(&other, "r", NULL, records[i]);
        }
        int64_t at = time_of("2019-12-31") + (int64_t)drawn(9 * 86400);
        verdicts_of(&one, at, now, NULL, NULL);
        verdicts_of(&other, at, then, NULL, NULL);
        for (size_t i = 0; i < 8; i++)
            if (!CHECK(strcmp(now[i], then[i]) == 0))
                fprintf(stderr, "    seed %llu, term %zu: %s, %s\n", (unsigned long long)seed, i, now[i], then[i]);
        view_close(&one.view);
        view_close(&other.view);
    }
}

static void the_same_is_the_same_bytes(void)
{
    for (unsigned round = 0; round < 20; round++) {
        struct terms_log log;
        char records[RECORDS][600];
        unsigned count;
        random_log(&log, records, &count);
        int64_t at = time_of("2019-12-31") + (int64_t)drawn(9 * 86400);
        struct answer one = ask(&log, at), other = ask(&log, at);
        CHECK(slice_equal(buffer_slice(&one.text), buffer_slice(&other.text)));
        answer_clear(&one);
        answer_clear(&other);
        view_close(&log.view);
    }
}

/* ---- kept up as records come, or begun anew: the same bytes */

enum { MIXED = 26, MIXED_SIZE = 900 };
struct mixed {
    char json[MIXED][MIXED_SIZE];
    unsigned count;
};

static void one_mixed(char *json, size_t size, unsigned i)
{
    static const char *const words[] = {"substantiated", "not-substantiated", "inconclusive"};
    static const char *const responses[] = {"deny", "admit", "justify", "partly"};
    static const char *const authors[] = {"a", "b", "g", "m", "s"};
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], when[120];
    const char *by = authors[drawn(5)];
    unsigned other = drawn(i + (i == 0)), another = drawn(i + (i == 0));
    int64_t at;
    random_time(from, &at);
    time_format(at + (int64_t)drawn(60) * 3600, to);
    snprintf(when, sizeof when, "\"when\":{\"from\":\"%s\",\"to\":\"%s\"}", from, to);
    switch (i == 0 ? 20 : drawn(14)) {
    case 0:
        snprintf(json, size, "{\"kind\":\"finding\",\"by\":\"%s\",\"finding\":\"%s\",\"about\":[\"@r%u.\"]%s,\"x\":%u}",
                 drawn(2) ? "m" : "s", words[drawn(3)], other, drawn(2) ? ",\"event\":{\"act\":\"shelling\"}" : "", i);
        break;
    case 1:
        snprintf(json, size, "{\"kind\":\"response\",\"by\":\"%s\",\"of\":\"@r%u.\",\"response\":\"%s\",\"x\":%u}", by,
                 other, responses[drawn(4)], i);
        break;
    case 2:
        snprintf(json, size,
                 "{\"kind\":\"link\",\"by\":\"%s\",\"link\":\"%s\",\"about\":[\"@r%u.\",\"@r%u.\"],\"x\":%u}",
                 drawn(3) ? "m" : "a", drawn(3) ? "same" : "distinct", other, another, i);
        break;
    case 3:
        snprintf(
            json, size,
            "{\"kind\":\"claim\",\"by\":\"%s\",\"actor\":\"%s\",\"act\":\"shelling\",\"about\":[\"@r%u.\"],\"x\":%u}",
            by, drawn(2) ? "a" : "b", other, i);
        break;
    case 4:
        snprintf(json, size,
                 "{\"kind\":\"claim\",\"by\":\"%s\",\"actor\":\"a\",\"event\":{\"act\":\"shelling\",%s},\"x\":%u}", by,
                 when, i);
        break;
    case 5: snprintf(json, size, "{\"kind\":\"retraction\",\"by\":\"m\",\"of\":\"@r%u.\",\"x\":%u}", other, i); break;
    case 6:
        snprintf(json, size,
                 "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"shelling\",\"method\":\"seen\",\"replaces\":\"@r%u.\",%s,"
                 "\"x\":%u}",
                 other, when, i);
        break;
    case 7:
        snprintf(json, size,
                 "{\"kind\":\"restriction\",\"by\":\"m\",\"restriction\":\"denied\",\"where\":{\"place\":\"town\"},%s,"
                 "\"x\":%u}",
                 when, i);
        break;
    case 8:
        snprintf(json, size, "{\"kind\":\"notice\",\"by\":\"%s\",\"to\":[\"a\",\"b\"],\"at\":\"%s\",\"x\":%u}", by,
                 from, i);
        break;
    case 9:
        snprintf(json, size,
                 "{\"kind\":\"acknowledgement\",\"by\":\"%s\",\"of\":\"@r%u.\",\"at\":\"%s\",\"receipt\":\"received\","
                 "\"x\":%u}",
                 drawn(2) ? "a" : "b", other, from, i);
        break;
    case 10:
        snprintf(json, size,
                 "{\"kind\":\"coverage\",\"by\":\"m\",\"how\":\"post\",\"where\":{\"place\":\"town\"},%s,\"x\":%u}",
                 when, i);
        break;
    case 11:
        snprintf(json, size,
                 "{\"kind\":\"standing\",\"by\":\"%s\",\"agreement\":\"@agreement\",\"act\":\"%s\",\"scope\":{%s},"
                 "\"at\":\"%s\",\"x\":%u}",
                 drawn(2) ? "a" : "b", drawn(2) ? "suspend" : "resume",
                 drawn(2) ? "\"whole\":true" : "\"channel\":\"line\"", from, i);
        break;
    default:
        snprintf(json, size, "{\"kind\":\"report\",\"by\":\"%s\",\"act\":\"%s\",\"method\":\"seen\"%s%s,%s,\"x\":%u}",
                 drawn(2) ? "m" : by, drawn(5) ? "shelling" : "other",
                 drawn(2) ? ",\"where\":{\"place\":\"town\"}" : "", drawn(2) ? ",\"actor\":\"a\"" : "", when, i);
    }
}

/* Half of them end with a signed act. */
static bool ends_by_act;

static void begin(struct terms_log *log)
{
    static const char *const force = "\"force\":{";
    OWN(buffer_clear) struct buffer text = {0};
    const char *at = strstr(agreement, force) + strlen(force);
    buffer_put(&text, slice_of(agreement, (size_t)(at - agreement)));
    if (ends_by_act) buffer_put_string(&text, "\"until\":{\"event\":{\"kind\":\"notice\",\"by\":\"s\"}},");
    buffer_put_string(&text, at);
    buffer_put_byte(&text, 0);
    log_open_empty(log);
    say(log, "agreement", "2019-12-20", (const char *)text.data);
    say(log, "1", "2019-12-21",
        "{\"kind\":\"standing\",\"by\":\"a\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2019-12-21T00:00:00Z\"}");
    say(log, "2", NULL,
        "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2019-12-21T00:00:00Z\"}");
}

/* What they name is known from a first log; then they may come in any order. */
static void make_mixed(struct mixed *out)
{
    struct terms_log log;
    begin(&log);
    out->count = 3 + drawn(MIXED - 3);
    for (unsigned i = 0; i < out->count; i++) {
        char json[MIXED_SIZE], label[20];
        OWN(buffer_clear) struct buffer typed = {0};
        one_mixed(json, sizeof json, i);
        put_with_ids(&typed, &log, json);
        buffer_put_byte(&typed, 0);
        snprintf(out->json[i], MIXED_SIZE, "%s", (const char *)typed.data);
        snprintf(label, sizeof label, "r%u.", i);
        say(&log, label, NULL, json);
    }
    view_close(&log.view);
    for (unsigned i = out->count - 1; i > 0; i--) {
        char swap[MIXED_SIZE];
        unsigned other = drawn(3) == 0 ? drawn(i + 1) : i;
        memcpy(swap, out->json[i], MIXED_SIZE);
        memcpy(out->json[i], out->json[other], MIXED_SIZE);
        memcpy(out->json[other], swap, MIXED_SIZE);
    }
}

static bool same_answers(struct terms_log *kept, struct terms_log *anew, int64_t at)
{
    struct answer one = ask(kept, at), other = ask(anew, at);
    bool same = slice_equal(buffer_slice(&one.text), buffer_slice(&other.text));
    if (!same) fprintf(stderr, "%.*s\n%.*s\n", SLICE(buffer_slice(&one.text)), SLICE(buffer_slice(&other.text)));
    answer_clear(&one);
    answer_clear(&other);
    return same;
}

static void kept_up_is_begun_anew(void)
{
    static struct mixed mixed;
    for (unsigned round = 0; round < 40; round++) {
        struct terms_log kept;
        uint64_t seed = random_state.state;
        ends_by_act = drawn(2) == 0;
        make_mixed(&mixed);
        begin(&kept);
        for (unsigned i = 0; i < mixed.count; i++) {
            struct terms_log anew;
            say(&kept, "x", NULL, mixed.json[i]);
            begin(&anew);
            for (unsigned k = 0; k <= i; k++) say(&anew, "x", NULL, mixed.json[k]);
            int64_t at = time_of("2019-12-31") + (int64_t)drawn(11 * 86400);
            bool same = same_answers(&kept, &anew, at) && same_answers(&kept, &anew, time_of("2020-01-20"));
            view_close(&anew.view);
            if (CHECK(same)) continue;
            fprintf(stderr, "    seed %llu, after %u records\n", (unsigned long long)seed, i + 1);
            for (unsigned k = 0; k <= i; k++) fprintf(stderr, "%s\n", mixed.json[k]);
            break;
        }
        view_close(&kept.view);
        if (check_failed > 0) return;
    }
}

int main(int count, char **arguments)
{
    random_state = random_start(count, arguments);
    clocks_say_when();
    order_of_arrival_changes_nothing();
    the_same_is_the_same_bytes();
    kept_up_is_begun_anew();
    days_end_as_a_standing_says();
    return check_end(__FILE__);
}
