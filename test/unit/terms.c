/* Each rule of spec/terms.md and each trap that was found on the way, on logs of a few records. */
#include "terms_log.h"

static const char *const tables =
    "\"kind\":\"agreement\",\"by\":\"s\",\"agreement\":\"truce\",\"title\":{\"en\":\"T\"},\"parties\":[\"a\",\"b\"],"
    "\"written\":\"2019-12-20T00:00:00Z\",\"zones\":{\"z\":[{\"from\":\"2019-01-01T00:00:00Z\",\"offset_s\":0}]},"
    "\"groups\":{\"sides\":[\"a\",\"b\"]},\"classes\":{\"attacks\":[\"shelling\",\"air-strike\"],\"heavy\":{\"any\":["
    "\"gun\"],\"um\":[100000,200000]}},"
    "\"anchors\":{\"start\":{\"local\":\"2020-01-01T00:00:00\",\"zone\":\"z\"}},"
    "\"places\":{\"town\":{\"point\":{\"lat_e7\":0,\"lon_e7\":0},\"radius_m\":1000},"
    "\"road\":{\"line\":[{\"lat_e7\":0,\"lon_e7\":0},{\"lat_e7\":0,\"lon_e7\":1000000}]},"
    "\"strip\":{\"buffer\":\"road\",\"m\":500,\"side\":\"left\"}},"
    "\"channels\":{\"line\":{},\"talks\":{\"release\":{\"suspend\":\"b\"}}},"
    "\"readings\":{\"monitor\":{\"trust\":[\"m\",\"s\"],\"links\":\"m\",\"need\":[\"report\",\"found\",\"admitted\"],"
    "\"unless\":[\"not-found\"],\"conflict\":\"maybe\"},"
    "\"party\":{\"trust\":[\"a\",\"m\"],\"links\":\"m\",\"need\":[\"report\",\"claim\"],\"conflict\":\"maybe\","
    "\"excuse\":\"claimed\"},"
    "\"strict\":{\"trust\":\"*\",\"links\":\"m\",\"need\":[\"report\",\"claim\",\"found\",\"admitted\"],\"conflict\":"
    "\"in\"}},"
    "\"force\":{\"assent\":\"sides\",\"from\":\"start\",\"release\":{\"suspend\":\"b\",\"withdraw\":\"a\"}}";

static void agree(struct terms_log *log, const char *terms)
{
    OWN(buffer_clear) struct buffer json = {0};
    log_open_empty(log);
    buffer_print(&json, "{%s,\"terms\":[%s]}%c", tables, terms, 0);
    say(log, "agreement", "2019-12-20", (const char *)json.data);
    static const char *const assent = "{\"kind\":\"standing\",\"by\":\"%s\",\"agreement\":\"@agreement\",\"act\":"
                                      "\"assent\",\"scope\":{\"whole\":true},\"at\":\"2019-12-21T00:00:00Z\"}";
    char text[300];
    snprintf(text, sizeof text, assent, "a");
    say(log, "assent-a", "2019-12-21", text);
    snprintf(text, sizeof text, assent, "b");
    say(log, "assent-b", "2019-12-22", text);
}

#define TERM(id, who, rest) "{\"id\":\"" id "\",\"clause\":{\"en\":\"c\"},\"who\":\"" who "\"," rest "}"
#define WATCH "\"watch\":{\"share\":[1,2],\"grace\":\"P1D\",\"of\":[\"town\"]}"
#define QUIET TERM("quiet", "*", "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\",\"place\":\"town\"}}," WATCH)
#define HELD                                                                                                           \
    TERM("held", "*", "\"rule\":{\"held\":\"P3D\",\"of\":[\"quiet\"],\"unwatched\":\"stop\"},\"watch\":\"log\"")

/* A report by `by`, of an hour on `day`; and a whole day's watching of the town. */
static void report(struct terms_log *log, const char *label, const char *by, const char *from, const char *to,
                   const char *more)
{
    char text[700];
    snprintf(text, sizeof text,
             "{\"kind\":\"report\",\"by\":\"%s\",\"act\":\"shelling\",\"method\":\"seen\",\"note\":\"%s\",\"when\":{"
             "\"from\":\"%s\",\"to\":\"%s\"}%s}",
             by, label, from, to, more);
    say(log, label, NULL, text);
}
#define IN_TOWN ",\"where\":{\"place\":\"town\"}"

static void watch(struct terms_log *log, const char *by, const char *day, unsigned days)
{
    char text[400], from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    for (unsigned i = 0; i < days; i++) {
        time_format(time_of(day) + 86400 * i, from);
        time_format(time_of(day) + 86400 * (i + 1), to);
        snprintf(text, sizeof text,
                 "{\"kind\":\"coverage\",\"by\":\"%s\",\"how\":\"post\",\"where\":{\"place\":\"town\"},\"when\":{"
                 "\"from\":\"%s\",\"to\":\"%s\"}}",
                 by, from, to);
        say(log, "watch", NULL, text);
    }
}

/* ---- caps and floors */

static void a_cap_is_broken_by_presence_and_met_by_watching(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    CHECK_STRING(verdict_at(&log, "2019-12-30", "quiet", NULL), "pending");
    CHECK_STRING(verdict_at(&log, "2020-01-01T12:00:00Z", "quiet", NULL),
                 "pending"); /* the running day is not judged */
    CHECK_STRING(verdict_at(&log, "2020-01-02T12:00:00Z", "quiet", NULL), "pending"); /* coverage is not yet due */
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", NULL), "not-observed");      /* silence is not compliance */
    watch(&log, "m", "2020-01-01", 3);
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", NULL), "met");
    report(&log, "r", "m", "2020-01-03T10:00:00Z", "2020-01-03T11:00:00Z", IN_TOWN);
    CHECK_STRING(verdict_at(&log, "2020-01-03T12:00:00Z", "quiet", NULL), "breached");
    CHECK_STRING(verdict_at(&log, "2020-01-03T10:30:00Z", "quiet", NULL), "not-observed"); /* it straddles the moment */
    CHECK_STRING(verdict_at(&log, "2020-01-03T09:00:00Z", "quiet", NULL), "met");
    view_close(&log.view);
}

static void what_cannot_be_placed_is_never_guessed(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    watch(&log, "m", "2020-01-01", 3);
    /* 900 m from the middle, wrong by 300 m; 5 km away; nowhere said */
    report(&log, "edge", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z",
           ",\"where\":{\"point\":{\"lat_e7\":81000,\"lon_e7\":0},\"radius_m\":300}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", NULL), "not-observed");
    view_close(&log.view);
    agree(&log, QUIET);
    watch(&log, "m", "2020-01-01", 3);
    report(&log, "far", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z",
           ",\"where\":{\"point\":{\"lat_e7\":450000,\"lon_e7\":0},\"radius_m\":300}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", NULL), "met");
    report(&log, "where", "m", "2020-01-01T12:00:00Z", "2020-01-01T13:00:00Z", "");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", NULL), "not-observed");
    view_close(&log.view);
}

static void a_buffer_has_sides_and_a_weapon_a_calibre(void)
{
    struct terms_log log;
    agree(&log, TERM("guns", "a",
                     "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"presence\",\"weapon\":\"heavy\",\"place\":\"strip\"}},"
                     "\"watch\":\"log\""));
    static const struct {
        const char *what, *verdict;
    } cases[] = {
        {",\"weapon\":{\"class\":\"gun\",\"calibre_um\":122000},\"where\":{\"point\":{\"lat_e7\":-20000,\"lon_e7\":"
         "500000},\"radius_m\":50}",
         "met"}, /* south: right */
        {",\"weapon\":{\"class\":\"gun\",\"calibre_um\":82000},\"where\":{\"point\":{\"lat_e7\":20000,\"lon_e7\":"
         "500000},\"radius_m\":50}",
         "met"},
        {",\"weapon\":{\"class\":\"gun\"},\"where\":{\"point\":{\"lat_e7\":20000,\"lon_e7\":500000},\"radius_m\":50}",
         "not-observed"},
        {",\"weapon\":{\"class\":\"gun\",\"calibre_um\":122000},\"where\":{\"point\":{\"lat_e7\":2000,\"lon_e7\":"
         "500000},\"radius_m\":50}",
         "not-observed"}, /* across the line */
        {",\"weapon\":{\"class\":\"gun\",\"calibre_um\":122000},\"where\":{\"point\":{\"lat_e7\":20000,\"lon_e7\":"
         "500000},\"radius_m\":50}",
         "breached"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[600];
        snprintf(text, sizeof text,
                 "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"presence\",\"actor\":\"a\",\"method\":\"seen\",\"when\":{"
                 "\"from\":\"2020-01-01T10:00:00Z\",\"to\":\"2020-01-01T11:00:00Z\"}%s}",
                 cases[i].what);
        say(&log, "r", NULL, text);
        CHECK_STRING(verdict_at(&log, "2020-01-03", "guns", "monitor"), cases[i].verdict);
    }
    view_close(&log.view);
}

static void a_floor_is_broken_by_watched_absence(void)
{
    struct terms_log log;
    static const char *const floor = TERM("open", "a",
                                          "\"rule\":{\"at_least\":1,\"of\":{\"act\":\"opening\",\"place\":\"town\"}},"
                                          "\"by\":{\"of\":\"start\",\"days\":2}," WATCH);
    agree(&log, floor);
    CHECK_STRING(verdict_at(&log, "2020-01-02", "open", NULL), "pending");
    CHECK_STRING(verdict_at(&log, "2020-01-03T01:00:00Z", "open", NULL), "pending"); /* grace */
    CHECK_STRING(verdict_at(&log, "2020-01-04T01:00:00Z", "open", NULL), "not-observed");
    watch(&log, "m", "2020-01-01", 2);
    CHECK_STRING(verdict_at(&log, "2020-01-04T01:00:00Z", "open", NULL), "breached");
    say(&log, "late", NULL,
        "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"opening\",\"actor\":\"a\",\"method\":\"seen\",\"where\":{"
        "\"place\":\"town\"},\"when\":{\"from\":\"2020-01-03T01:00:00Z\",\"to\":\"2020-01-03T02:00:00Z\"}}");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "open", NULL), "breached");
    say(&log, "across", NULL,
        "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"opening\",\"actor\":\"a\",\"method\":\"seen\",\"where\":{"
        "\"place\":\"town\"},\"when\":{\"from\":\"2020-01-02T23:00:00Z\",\"to\":\"2020-01-03T02:00:00Z\"}}");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "open", NULL), "not-observed"); /* its hours straddle the deadline */
    say(&log, "done", NULL,
        "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"opening\",\"actor\":\"a\",\"method\":\"seen\",\"where\":{"
        "\"place\":\"town\"},\"when\":{\"from\":\"2020-01-02T10:00:00Z\",\"to\":\"2020-01-02T11:00:00Z\"}}");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "open", NULL), "met");
    view_close(&log.view);
}

static void each_member_owes_and_each_period_counts(void)
{
    struct terms_log log;
    agree(&log, "{\"id\":\"tell\",\"clause\":{\"en\":\"c\"},\"who\":[\"a\",\"b\"],\"each\":true,\"rule\":{\"at_least\":"
                "1,\"of\":{\"kind\":\"notice\",\"act\":\"hello\"}},\"by\":\"start\",\"from\":{\"at\":\"2019-12-20T00:"
                "00:00Z\"},\"watch\":\"log\"}," TERM("daily", "a",
                                                     "\"rule\":{\"at_least\":1,\"of\":{\"kind\":\"notice\",\"act\":"
                                                     "\"hello\"}},\"every\":\"P1D\",\"watch\":\"log\""));
    say(&log, "n", "2019-12-31",
        "{\"kind\":\"notice\",\"by\":\"a\",\"act\":\"hello\",\"to\":[\"b\"],\"at\":\"2019-12-31T00:00:00Z\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-01T01:00:00Z", "tell", NULL), "breached");
    say(&log, "n2", NULL,
        "{\"kind\":\"notice\",\"by\":\"b\",\"act\":\"hello\",\"to\":[\"a\"],\"at\":\"2019-12-31T01:00:00Z\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-01T01:00:00Z", "tell", NULL), "met");
    CHECK_STRING(verdict_at(&log, "2020-01-01T12:00:00Z", "daily", NULL), "pending");
    say(&log, "d1", "2020-01-01T12:00:00Z",
        "{\"kind\":\"notice\",\"by\":\"a\",\"act\":\"hello\",\"to\":[\"b\"],\"at\":\"2020-01-01T12:00:00Z\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-02T12:00:00Z", "daily", NULL), "met");
    CHECK_STRING(verdict_at(&log, "2020-01-03T00:00:00Z", "daily", NULL), "breached");
    view_close(&log.view);
}

static void amounts_have_a_least_and_a_most(void)
{
    struct terms_log log;
    agree(
        &log,
        TERM(
            "men", "*",
            "\"rule\":{\"at_most\":20,\"of\":{\"act\":\"shelling\"},\"measure\":{\"max\":\"man\"}},\"watch\":\"log\""));
    report(&log, "r1", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z",
           ",\"counts\":[{\"kind\":\"man\",\"n\":16,\"exactness\":\"about\"},{\"kind\":\"dog\",\"n\":90,\"exactness\":"
           "\"exact\"}]");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "men", "monitor"), "met");
    report(&log, "r2", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z",
           ",\"counts\":[{\"kind\":\"man\",\"n\":26,\"exactness\":\"about\"}]");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "men", "monitor"), "not-observed");
    report(&log, "r3", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z",
           ",\"counts\":[{\"kind\":\"man\",\"n\":21,\"exactness\":\"at-least\"}]");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "men", "monitor"), "breached");
    view_close(&log.view);
}

/* ---- watching */

static void watching_is_trusted_whole_and_lessened_by_its_author(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    watch(&log, "b", "2020-01-01", 1);
    CHECK_STRING(verdict_at(&log, "2020-01-04", "quiet", "monitor"), "not-observed"); /* b is not trusted to watch */
    say(&log, "c", NULL,
        "{\"kind\":\"coverage\",\"by\":\"m\",\"how\":\"post\",\"uptime_permille\":499,\"where\":{\"place\":\"town\"},"
        "\"when\":{\"from\":\"2020-01-01T00:00:00Z\",\"to\":\"2020-01-02T00:00:00Z\"}}");
    CHECK_STRING(verdict_at(&log, "2020-01-02", "quiet", "monitor"), "pending");
    say(&log, "c2", NULL,
        "{\"kind\":\"coverage\",\"by\":\"m\",\"how\":\"post\",\"acts\":[\"shelling\"],\"where\":{\"place\":\"town\"},"
        "\"when\":{\"from\":\"2020-01-01T00:00:00Z\",\"to\":\"2020-01-02T00:00:00Z\"}}");
    CHECK_STRING(verdict_at(&log, "2020-01-02", "quiet", "monitor"), "pending"); /* it could not notice air strikes */
    watch(&log, "m", "2020-01-01", 1);
    CHECK_STRING(verdict_at(&log, "2020-01-02", "quiet", "monitor"), "met");
    static const char *const denied =
        "{\"kind\":\"restriction\",\"by\":\"%s\",\"restriction\":\"denied\",\"where\":{\"place\":\"town\"},\"when\":{"
        "\"from\":\"2020-01-01T00:00:00Z\",\"to\":\"2020-01-01T13:00:00Z\"}}";
    char text[300];
    snprintf(text, sizeof text, denied, "s");
    say(&log, "d", NULL, text);
    CHECK_STRING(verdict_at(&log, "2020-01-02", "quiet", "monitor"),
                 "met"); /* it takes away its author's watching only */
    snprintf(text, sizeof text, denied, "m");
    say(&log, "d2", NULL, text);
    CHECK_STRING(verdict_at(&log, "2020-01-02", "quiet", "monitor"), "pending");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", "monitor"), "not-observed");
    view_close(&log.view);
}

/* ---- events */

static void a_partys_false_link_hides_nothing(void)
{
    struct terms_log log;
    agree(&log, TERM("once", "*", "\"rule\":{\"at_most\":1,\"of\":{\"act\":\"attacks\"}},\"watch\":\"log\""));
    report(&log, "r1", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", IN_TOWN);
    report(&log, "r2", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:30:00Z", IN_TOWN);
    CHECK_STRING(verdict_at(&log, "2020-01-03", "once", "monitor"), "breached");
    say(&log, "l1", NULL, "{\"kind\":\"link\",\"by\":\"a\",\"link\":\"same\",\"about\":[\"@r1\",\"@r2\"]}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "once", "monitor"), "breached");
    say(&log, "l2", NULL, "{\"kind\":\"link\",\"by\":\"m\",\"link\":\"same\",\"about\":[\"@r1\",\"@r2\"]}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "once", "monitor"), "met");
    say(&log, "l3", NULL, "{\"kind\":\"link\",\"by\":\"m\",\"link\":\"distinct\",\"about\":[\"@r1\",\"@r2\"]}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "once", "monitor"), "breached");
    view_close(&log.view);
}

static void findings_give_only_what_they_state(void)
{
    struct terms_log log;
    agree(&log, TERM("by-a", "a",
                     "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\"}},\"until\":{\"of\":\"start\",\"days\":5},"
                     "\"watch\":\"log\""));
    report(&log, "r", "m", "2020-01-02T10:00:00Z", "2020-01-02T11:00:00Z", IN_TOWN);
    CHECK_STRING(verdict_at(&log, "2020-01-09", "by-a", "monitor"), "not-observed"); /* by whom is not said */
    say(&log, "c", NULL, "{\"kind\":\"claim\",\"by\":\"b\",\"actor\":\"a\",\"about\":[\"@r\"]}");
    CHECK_STRING(verdict_at(&log, "2020-01-09", "by-a", "monitor"), "not-observed"); /* a claim is not what it needs */
    CHECK_STRING(verdict_at(&log, "2020-01-09", "by-a", "strict"), "breached");
    /* found twelve days later: the finding's own date moves nothing */
    say(&log, "f", "2020-01-14",
        "{\"kind\":\"finding\",\"by\":\"s\",\"finding\":\"substantiated\",\"event\":{\"actor\":\"a\"},\"about\":[\"@"
        "r\"],\"written\":\"2020-01-14T00:00:00Z\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-09", "by-a", "monitor"), "breached");
    say(&log, "f2", NULL, "{\"kind\":\"finding\",\"by\":\"s\",\"finding\":\"not-substantiated\",\"about\":[\"@r\"]}");
    CHECK_STRING(verdict_at(&log, "2020-01-09", "by-a", "monitor"), "met");
    CHECK_STRING(verdict_at(&log, "2020-01-09", "by-a", "strict"), "breached"); /* that reading asks for no finding */
    view_close(&log.view);
}

static void only_who_answers_for_it_admits_it(void)
{
    struct terms_log log;
    agree(&log, TERM("by-a", "a",
                     "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\"}},\"except\":[{\"justify\":\"self-defence\"}]"
                     ",\"watch\":\"log\""));
    say(&log, "c", NULL,
        "{\"kind\":\"claim\",\"by\":\"b\",\"actor\":\"a\",\"act\":\"shelling\",\"event\":{\"act\":\"shelling\","
        "\"when\":{\"from\":\"2020-01-01T10:00:00Z\",\"to\":\"2020-01-01T11:00:00Z\"}}}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "by-a", "monitor"), "met"); /* b's word is nothing to this reading */
    say(&log, "x", NULL, "{\"kind\":\"response\",\"by\":\"g\",\"of\":\"@c\",\"response\":\"admit\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "by-a", "monitor"), "met"); /* g does not answer for a */
    say(&log, "y", NULL,
        "{\"kind\":\"response\",\"by\":\"a\",\"of\":\"@c\",\"response\":\"admit\",\"ground\":\"self-defence\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "by-a", "monitor"), "breached"); /* that reading excuses nothing */
    report(&log, "r", "a", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", ",\"actor\":\"a\"");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "by-a", "party"), "breached"); /* another event, not justified */
    say(&log, "back", NULL, "{\"kind\":\"retraction\",\"by\":\"a\",\"of\":\"@r\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "by-a", "party"), "met");
    report(&log, "r2", "a", "2020-01-01T10:00:00Z", "2020-01-01T12:00:00Z", ",\"actor\":\"a\"");
    say(&log, "j", NULL,
        "{\"kind\":\"response\",\"by\":\"a\",\"of\":\"@r2\",\"response\":\"justify\",\"ground\":\"self-defence\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "by-a", "party"), "excused");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "by-a", NULL), "disputed");
    view_close(&log.view);
}

static void what_is_credible_and_not_counted_prevents_met(void)
{
    struct terms_log log;
    static const char *const only_found =
        ",\"readings\":{\"found\":{\"trust\":\"*\",\"links\":\"m\",\"need\":[\"found\"]}}";
    OWN(buffer_clear) struct buffer json = {0};
    log_open_empty(&log);
    const char *readings = strstr(tables, ",\"readings\""), *force = strstr(tables, ",\"force\"");
    buffer_print(&json, "{%.*s%s%s,\"terms\":[%s]}%c", (int)(readings - tables), tables, only_found, force, QUIET, 0);
    say(&log, "agreement", "2019-12-20", (const char *)json.data);
    say(&log, "x", "2019-12-21",
        "{\"kind\":\"standing\",\"by\":\"a\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2019-12-21T00:00:00Z\"}");
    say(&log, "y", NULL,
        "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2019-12-21T00:00:00Z\"}");
    watch(&log, "m", "2020-01-01", 3);
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", "found"), "met");
    report(&log, "r", "b", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", IN_TOWN);
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", "found"), "not-observed");
    view_close(&log.view);
}

static void a_correction_counts_whole(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    watch(&log, "m", "2020-01-01", 3);
    report(&log, "r", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", IN_TOWN);
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", "monitor"), "breached");
    report(&log, "r2", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z",
           ",\"where\":{\"point\":{\"lat_e7\":900000,\"lon_e7\":0},\"radius_m\":10},\"replaces\":\"@r\"");
    CHECK_STRING(verdict_at(&log, "2020-01-03", "quiet", "monitor"), "met");
    view_close(&log.view);
}

static void designation_varies_in_time(void)
{
    struct terms_log log;
    agree(&log, TERM("by-a", "a",
                     "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\",\"target\":{\"not\":{\"designated\":true}}}},"
                     "\"watch\":\"log\""));
    say(&log, "d", NULL,
        "{\"kind\":\"designation\",\"by\":\"s\",\"group\":\"x\",\"designation\":\"in\",\"from\":\"2020-01-02T00:00:"
        "00Z\"}");
    say(&log, "e", NULL,
        "{\"kind\":\"designation\",\"by\":\"s\",\"group\":\"y\",\"affiliate_of\":\"x\",\"from\":\"2020-01-01T00:00:"
        "00Z\"}");
    say(&log, "own", NULL,
        "{\"kind\":\"designation\",\"by\":\"a\",\"group\":\"z\",\"designation\":\"in\",\"from\":\"2020-01-01T00:00:"
        "00Z\"}");
    report(&log, "r1", "m", "2020-01-03T10:00:00Z", "2020-01-03T11:00:00Z", ",\"actor\":\"a\",\"target\":\"y\"");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "by-a", "monitor"), "met");
    report(&log, "r2", "m", "2020-01-03T10:00:00Z", "2020-01-03T11:00:00Z", ",\"actor\":\"a\"");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "by-a", "monitor"), "not-observed");
    report(&log, "r3", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", ",\"actor\":\"a\",\"target\":\"x\"");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "by-a", "monitor"), "breached"); /* before it was designated */
    view_close(&log.view);
    agree(&log, TERM("by-a", "a",
                     "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\",\"target\":{\"not\":{\"designated\":true}}}},"
                     "\"watch\":\"log\""));
    say(&log, "own", NULL,
        "{\"kind\":\"designation\",\"by\":\"a\",\"group\":\"z\",\"designation\":\"in\",\"from\":\"2020-01-01T00:00:"
        "00Z\"}");
    report(&log, "r4", "m", "2020-01-03T10:00:00Z", "2020-01-03T11:00:00Z", ",\"actor\":\"a\",\"target\":\"z\"");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "by-a", "monitor"),
                 "breached"); /* a side does not designate its targets */
    view_close(&log.view);
}

/* ---- the continuity clock */

static const struct json *run_of(const struct answer *answer, const char *reading)
{
    const struct json *term = named(json_find(first_agreement(answer), "terms"), "held");
    return json_find(json_find(json_find(term, "clock"), "runs"), reading);
}

static void the_clock_stops_resets_and_completes(void)
{
    struct terms_log log;
    agree(&log,
          QUIET "," HELD "," TERM("after", "a",
                                  "\"rule\":{\"at_least\":1,\"of\":{\"kind\":\"notice\",\"act\":\"opening\"}},\"from\":"
                                  "{\"done\":\"held\"},\"by\":{\"done\":\"held\",\"plus\":\"P1D\"},\"watch\":\"log\""));
    watch(&log, "m", "2020-01-01", 2);
    CHECK_STRING(verdict_at(&log, "2020-01-06", "held", NULL), "not-observed"); /* only a possible run */
    watch(&log, "m", "2020-01-05", 1);
    CHECK_STRING(verdict_at(&log, "2020-01-05T12:00:00Z", "held", "monitor"), "not-observed");
    CHECK_STRING(verdict_at(&log, "2020-01-06", "held", NULL), "met"); /* two dark days stopped it, and no more */
    CHECK_STRING(verdict_at(&log, "2020-01-05T12:00:00Z", "after", "monitor"), "pending");
    CHECK_STRING(verdict_at(&log, "2020-01-06T12:00:00Z", "after", NULL), "pending");
    CHECK_STRING(verdict_at(&log, "2020-01-07T12:00:00Z", "after", NULL), "breached");
    report(&log, "r", "m", "2020-01-02T10:00:00Z", "2020-01-02T11:00:00Z", IN_TOWN);
    CHECK_STRING(verdict_at(&log, "2020-01-05T23:00:00Z", "held", NULL), "pending");
    struct answer answer = ask(&log, time_of("2020-01-06"));
    const struct json *run = run_of(&answer, "monitor");
    CHECK_STRING(verdict_at(&log, "2020-01-06", "held", NULL), "not-observed");
    CHECK_INT(json_find_integer(run, "sure_s", -1), 86400);
    CHECK_INT(json_find_integer(run, "possible_s", -1), 3 * 86400);
    CHECK(slice_is(json_find_string(run, "reset_by"), log.known[log.known_count - 1].id));
    CHECK(slice_is(json_find_string(run, "reset_at"), "2020-01-02T00:00:00Z"));
    const struct json *days =
        json_find(json_find(named(json_find(first_agreement(&answer), "terms"), "held"), "days"), "monitor");
    static const char *const states[] = {"met", "breached", "unwatched", "met", "running"};
    size_t i = 0;
    for (const struct json *day = days->first; day != NULL && i < COUNT_OF(states); day = day->next, i++)
        CHECK(slice_is(json_find_string(day, "state"), states[i]));
    CHECK_INT(days->size, COUNT_OF(states));
    answer_clear(&answer);
    view_close(&log.view);
}

static void a_breach_across_midnight_has_broken_the_run(void)
{
    struct terms_log log;
    agree(&log, QUIET "," HELD);
    watch(&log, "m", "2020-01-01", 4);
    CHECK_STRING(verdict_at(&log, "2020-01-05", "held", "monitor"), "met");
    report(&log, "r", "m", "2020-01-02T22:00:00Z", "2020-01-03T02:00:00Z", IN_TOWN);
    struct answer answer = ask(&log, time_of("2020-01-05"));
    CHECK_INT(json_find_integer(run_of(&answer, "monitor"), "sure_s", -1), 86400);
    CHECK_INT(json_find_integer(run_of(&answer, "monitor"), "possible_s", -1), 2 * 86400);
    CHECK_STRING(verdict_at(&log, "2020-01-05", "held", "monitor"), "pending");
    answer_clear(&answer);
    view_close(&log.view);
}

/* When the term's verdict is said to change by itself; "" if it is not. */
static void next_change(struct terms_log *log, const char *at, const char *term, char out[TIME_TEXT_SIZE])
{
    struct answer answer = ask(log, time_of(at));
    const struct json *clock = json_find(named(json_find(first_agreement(&answer), "terms"), term), "clock");
    snprintf(out, TIME_TEXT_SIZE, "%.*s", SLICE(json_find_string(clock, "at")));
    answer_clear(&answer);
}

static void a_breach_that_is_taken_back_breaks_no_run(void)
{
    static const char day[] = "2020-01-01T12:00:00Z";
    struct terms_log log;
    char changes[TIME_TEXT_SIZE];
    agree(&log, QUIET "," HELD);
    watch(&log, "m", "2020-01-01", 9);
    report(&log, "r", "m", "2020-01-02T10:00:00Z", "2020-01-02T11:00:00Z", IN_TOWN);
    next_change(&log, day, "held", changes);
    CHECK_STRING(changes, "2020-01-06T00:00:00Z");
    CHECK_STRING(verdict_at(&log, "2020-01-04T12:00:00Z", "held", NULL), "pending");
    say(&log, "back", NULL, "{\"kind\":\"retraction\",\"by\":\"m\",\"of\":\"@r\"}");
    next_change(&log, day, "held", changes);
    CHECK_STRING(changes, "2020-01-04T00:00:00Z");
    CHECK_STRING(verdict_at(&log, "2020-01-04T12:00:00Z", "held", NULL), "met");
    view_close(&log.view);
}

static void a_void_day_resets_the_clock(void)
{
    struct terms_log log;
    agree(&log, QUIET "," HELD);
    watch(&log, "m", "2020-01-01", 6);
    say(&log, "s1", "2020-01-02T10:00:00Z",
        "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"suspend\",\"scope\":{\"whole\":"
        "true},\"at\":\"2020-01-02T10:00:00Z\"}");
    say(&log, "s2", "2020-01-03T00:00:00Z",
        "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"resume\",\"scope\":{\"whole\":true}"
        ",\"at\":\"2020-01-03T00:00:00Z\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-02T12:00:00Z", "held", NULL), "void");
    CHECK_STRING(verdict_at(&log, "2020-01-05", "held", NULL), "pending");
    CHECK_STRING(verdict_at(&log, "2020-01-06", "held", NULL), "met");
    view_close(&log.view);
}

/* ---- replies */

/* The first open notice at that moment: whom it names next (NULL: nobody), and how many attempts it lists. */
static void check_next(struct terms_log *log, const char *at, const char *next, size_t attempts)
{
    struct answer answer = ask(log, time_of(at));
    const struct json *open = json_find(json_find(answer.tree, "open"), "notices")->first;
    const struct json *listed = json_find(open, "attempts");
    struct slice named = json_find_string(open, "next");
    CHECK(next == NULL ? named.data == NULL : slice_is(named, next));
    CHECK_INT(listed == NULL ? 0 : listed->size, attempts);
    answer_clear(&answer);
}

static void the_next_alternate_is_one_whom_nobody_tried(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    say(&log, "n", "2020-01-01T09:00:00Z",
        "{\"kind\":\"notice\",\"by\":\"g\",\"to\":[\"a\"],\"alternates\":[\"m\",\"b\"],\"at\":\"2020-01-01T09:00:"
        "00Z\"}");
    check_next(&log, "2020-01-01T10:00:00Z", "m", 0);
    say(&log, "c1", "2020-01-01T11:00:00Z",
        "{\"kind\":\"attempt\",\"by\":\"g\",\"of\":\"@n\",\"to\":\"a\",\"at\":\"2020-01-01T11:00:00Z\",\"means\":"
        "\"hotline\",\"result\":\"no-answer\"}");
    check_next(&log, "2020-01-01T11:30:00Z", "m", 1); /* the addressee is no alternate */
    say(&log, "c2", "2020-01-01T12:00:00Z",
        "{\"kind\":\"attempt\",\"by\":\"g\",\"of\":\"@n\",\"to\":\"m\",\"at\":\"2020-01-01T12:00:00Z\",\"means\":"
        "\"radio\",\"result\":\"line-cut\"}");
    check_next(&log, "2020-01-01T11:30:00Z", "m", 1); /* not made by then */
    check_next(&log, "2020-01-01T12:00:00Z", "b", 2);
    say(&log, "c3", "2020-01-01T13:00:00Z",
        "{\"kind\":\"attempt\",\"by\":\"g\",\"of\":\"@n\",\"to\":\"b\",\"at\":\"2020-01-01T13:00:00Z\",\"means\":"
        "\"radio\",\"result\":\"reached\"}");
    check_next(&log, "2020-01-01T13:00:00Z", NULL, 3);
    view_close(&log.view);
}

static void replies_run_against_the_clock(void)
{
    struct terms_log log;
    agree(&log, TERM("reply", "*",
                     "\"rule\":{\"reply\":{\"kind\":\"notice\"},\"with\":{\"kind\":\"acknowledgement\",\"receipt\":"
                     "\"received\"},\"within\":\"PT2H\",\"stated\":true},\"watch\":\"log\""));
    CHECK_STRING(verdict_at(&log, "2020-01-01T09:00:00Z", "reply", NULL), "pending");
    say(&log, "n", "2020-01-01T10:00:00Z",
        "{\"kind\":\"notice\",\"by\":\"g\",\"to\":[\"a\",\"b\"],\"alternates\":[\"m\"],\"at\":\"2020-01-01T09:00:"
        "00Z\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-01T11:59:59Z", "reply", NULL),
                 "pending"); /* from receipt, not from what it states */
    CHECK_STRING(verdict_at(&log, "2020-01-01T12:00:00Z", "reply", NULL), "breached");
    say(&log, "k", "2020-01-01T11:00:00Z",
        "{\"kind\":\"acknowledgement\",\"by\":\"a\",\"of\":\"@n\",\"at\":\"2020-01-01T10:30:00Z\",\"receipt\":"
        "\"received\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-01T12:00:00Z", "reply", NULL), "breached"); /* each who was addressed */
    struct answer answer = ask(&log, time_of("2020-01-01T12:00:00Z"));
    const struct json *open = json_find(json_find(answer.tree, "open"), "notices");
    CHECK_INT(open->size, 1);
    CHECK(slice_is(json_find_string(open->first, "to"), "b") &&
          slice_is(json_find_string(open->first, "state"), "waiting"));
    answer_clear(&answer);
    say(&log, "k2", "2020-01-01T12:00:00Z",
        "{\"kind\":\"acknowledgement\",\"by\":\"m\",\"of\":\"@n\",\"at\":\"2020-01-01T11:30:00Z\",\"receipt\":"
        "\"received\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-01T12:00:00Z", "reply", NULL), "met"); /* an alternate, at the last second */
    say(&log, "n2", "2020-01-02T10:00:00Z",
        "{\"kind\":\"notice\",\"by\":\"g\",\"to\":[\"a\"],\"at\":\"2020-01-02T10:00:00Z\",\"acknowledge_by\":\"2020-01-"
        "02T20:00:00Z\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-02T19:00:00Z", "reply", NULL), "pending"); /* the notice's own hour */
    say(&log, "k3", "2020-01-02T11:00:00Z",
        "{\"kind\":\"acknowledgement\",\"by\":\"a\",\"of\":\"@n2\",\"at\":\"2020-01-02T11:00:00Z\",\"receipt\":"
        "\"refused\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-02T20:00:00Z", "reply", NULL), "breached");
    view_close(&log.view);
}

static void a_call_is_its_callers_account(void)
{
    struct terms_log log;
    agree(&log, TERM("call", "*",
                     "\"rule\":{\"reply\":{\"kind\":\"attempt\",\"result\":\"no-answer\"},\"with\":{\"kind\":"
                     "\"attempt\",\"result\":\"reached\"},\"within\":\"PT10M\"},\"watch\":\"log\""));
    say(&log, "n", "2020-01-01T09:00:00Z",
        "{\"kind\":\"notice\",\"by\":\"b\",\"to\":[\"a\"],\"at\":\"2020-01-01T09:00:00Z\"}");
    say(&log, "c1", "2020-01-01T12:00:00Z",
        "{\"kind\":\"attempt\",\"by\":\"b\",\"of\":\"@n\",\"to\":\"a\",\"at\":\"2020-01-01T10:00:00Z\",\"means\":"
        "\"hotline\",\"result\":\"no-answer\"}");
    say(&log, "c2", NULL,
        "{\"kind\":\"attempt\",\"by\":\"b\",\"of\":\"@n\",\"to\":\"a\",\"at\":\"2020-01-01T10:27:00Z\",\"means\":"
        "\"hotline\",\"result\":\"reached\"}");
    CHECK_STRING(verdict_at(&log, "2020-01-02", "call", "strict"),
                 "breached"); /* told together, two hours later: still 27 minutes */
    CHECK_STRING(verdict_at(&log, "2020-01-02", "call", "monitor"), "not-observed");
    CHECK_STRING(verdict_at(&log, "2020-01-02", "call", NULL), "disputed");
    view_close(&log.view);
}

/* ---- standing */

static const char *standing_at(const struct terms_log *log, const char *as_of, const char *channel)
{
    static char out[4][32];
    static unsigned next;
    char *copy = out[next++ % 4];
    struct answer answer = ask(log, time_of(as_of));
    const struct json *of = first_agreement(&answer);
    if (channel != NULL) of = named(json_find(of, "channels"), channel);
    snprintf(copy, sizeof out[0], "%.*s", SLICE(json_find_string(of, "standing")));
    answer_clear(&answer);
    return copy;
}

static void act(struct terms_log *log, const char *received, const char *by, const char *what, const char *scope,
                const char *at)
{
    char text[400];
    snprintf(text, sizeof text,
             "{\"kind\":\"standing\",\"by\":\"%s\",\"agreement\":\"@agreement\",\"act\":\"%s\",\"scope\":{%s},\"at\":"
             "\"%s\"}",
             by, what, scope, at);
    say(log, "act", received, text);
}
#define WHOLE "\"whole\":true"
#define TALKS "\"channel\":\"talks\""

static void rights_are_given_in_the_agreement(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    CHECK_STRING(standing_at(&log, "2019-12-25", NULL), "not-begun");
    CHECK_STRING(standing_at(&log, "2020-01-01", NULL), "in-force");
    act(&log, "2020-01-02", "g", "suspend", WHOLE, "2020-01-02T00:00:00Z"); /* no right */
    act(&log, NULL, "b", "withdraw", WHOLE, "2020-01-02T00:00:00Z");        /* may only suspend */
    CHECK_STRING(standing_at(&log, "2020-01-03", NULL), "in-force");
    act(&log, "2020-01-04", "b", "suspend", TALKS, "2020-01-03T00:00:00Z"); /* backdated: counts when received */
    CHECK_STRING(standing_at(&log, "2020-01-03T12:00:00Z", NULL), "in-force");
    CHECK_STRING(standing_at(&log, "2020-01-04", NULL), "partly-suspended");
    CHECK_STRING(standing_at(&log, "2020-01-04", "talks"), "suspended");
    CHECK_STRING(standing_at(&log, "2020-01-04", "line"), "in-force");
    act(&log, "2020-01-05", "a", "suspend", WHOLE,
        "2020-01-06T00:00:00Z"); /* who may withdraw may suspend; from a later time */
    CHECK_STRING(standing_at(&log, "2020-01-05", NULL), "partly-suspended");
    CHECK_STRING(standing_at(&log, "2020-01-06", NULL), "suspended");
    CHECK_STRING(standing_at(&log, "2020-01-06", "line"), "in-force"); /* the whole does not reach channels */
    act(&log, "2020-01-07", "b", "suspend", WHOLE, "2020-01-07T00:00:00Z");
    act(&log, "2020-01-08", "a", "resume", WHOLE, "2020-01-08T00:00:00Z"); /* each lifts its own */
    CHECK_STRING(standing_at(&log, "2020-01-08", NULL), "suspended");
    act(&log, "2020-01-09", "b", "resume", WHOLE, "2020-01-09T00:00:00Z");
    CHECK_STRING(standing_at(&log, "2020-01-09", NULL), "partly-suspended");
    act(&log, "2020-01-10", "a", "withdraw", WHOLE, "2020-01-10T00:00:00Z");
    act(&log, "2020-01-11", "a", "resume", WHOLE, "2020-01-11T00:00:00Z");
    CHECK_STRING(standing_at(&log, "2020-01-12", NULL), "withdrawn");
    CHECK_STRING(standing_at(&log, "2020-01-12", "line"), "in-force");
    view_close(&log.view);
}

static void void_carries_what_it_was(void)
{
    struct terms_log log;
    agree(&log,
          QUIET "," TERM("closed", "*",
                         "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\"}},\"until\":{\"of\":\"start\",\"days\":1}"
                         ",\"watch\":\"log\"") "," TERM("line-quiet", "*",
                                                        "\"channel\":\"line\",\"rule\":{\"at_most\":0,\"of\":{\"act\":"
                                                        "\"attacks\"}},\"watch\":\"log\""));
    watch(&log, "m", "2020-01-01", 2);
    report(&log, "r", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", IN_TOWN);
    act(&log, "2020-01-03", "b", "suspend", WHOLE, "2020-01-03T00:00:00Z");
    report(&log, "r2", "m", "2020-01-04T10:00:00Z", "2020-01-04T11:00:00Z", IN_TOWN);
    struct answer answer = ask(&log, time_of("2020-01-05"));
    const struct json *quiet = named(json_find(first_agreement(&answer), "terms"), "quiet");
    CHECK(slice_is(json_find_string(quiet, "verdict"), "void"));
    CHECK(slice_is(json_find_string(quiet, "was"), "breached"));
    answer_clear(&answer);
    CHECK_STRING(verdict_at(&log, "2020-01-05", "closed", NULL), "breached");     /* its window closed while in force */
    CHECK_STRING(verdict_at(&log, "2020-01-05", "line-quiet", NULL), "breached"); /* its channel stands */
    view_close(&log.view);
}

static void a_breach_in_a_void_time_is_none(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    watch(&log, "m", "2020-01-01", 6);
    act(&log, "2020-01-03", "b", "suspend", WHOLE, "2020-01-03T00:00:00Z");
    report(&log, "r", "m", "2020-01-03T10:00:00Z", "2020-01-03T11:00:00Z", IN_TOWN);
    act(&log, "2020-01-04", "b", "resume", WHOLE, "2020-01-04T00:00:00Z");
    CHECK_STRING(verdict_at(&log, "2020-01-06", "quiet", NULL), "met");
    view_close(&log.view);
}

/* ---- together */

static void rival_texts_are_judged_beside_each_other(void)
{
    struct terms_log log;
    agree(&log, TERM("far", "a",
                     "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"presence\",\"place\":{\"buffer\":\"town\",\"m\":3000}}}"
                     ",\"rival\":{\"other\":{\"/rule/of/place/m\":500}},\"watch\":\"log\""));
    say(&log, "r", NULL,
        "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"presence\",\"actor\":\"a\",\"method\":\"seen\",\"where\":{"
        "\"point\":{\"lat_e7\":300000,\"lon_e7\":0},\"radius_m\":100},\"when\":{\"from\":\"2020-01-01T10:00:00Z\","
        "\"to\":\"2020-01-01T11:00:00Z\"}}");
    struct answer answer = ask(&log, time_of("2020-01-03"));
    const struct json *far = named(json_find(first_agreement(&answer), "terms"), "far");
    CHECK(slice_is(json_find_string(far, "verdict"), "disputed"));
    CHECK(slice_is(json_find_string(json_find(far, "readings"), "monitor"), "breached"));
    CHECK(slice_is(json_find_string(json_find(json_find(far, "rivals"), "other"), "verdict"), "met"));
    answer_clear(&answer);
    view_close(&log.view);
}

static void guarantors_answer_for_terms(void)
{
    struct terms_log log;
    agree(&log,
          QUIET "," TERM("answers", "g", "\"rule\":{\"all\":[\"quiet\"]},\"watch\":\"log\"") "," TERM(
              "either", "g",
              "\"rule\":{\"any\":[\"quiet\",\"log\"]},\"watch\":\"log\"") "," TERM("log", "*",
                                                                                   "\"rule\":{\"at_most\":0,\"of\":{"
                                                                                   "\"act\":\"dancing\"}},\"watch\":"
                                                                                   "\"log\"") "," TERM("may", "a",
                                                                                                       "\"rule\":{"
                                                                                                       "\"may\":{"
                                                                                                       "\"kind\":"
                                                                                                       "\"standing\","
                                                                                                       "\"act\":"
                                                                                                       "\"withdraw\"}},"
                                                                                                       "\"watch\":"
                                                                                                       "\"log\""));
    watch(&log, "m", "2020-01-01", 2);
    CHECK_STRING(verdict_at(&log, "2020-01-02T12:00:00Z", "answers", NULL), "met");
    report(&log, "r", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", IN_TOWN);
    CHECK_STRING(verdict_at(&log, "2020-01-02T12:00:00Z", "answers", NULL), "breached");
    CHECK_STRING(verdict_at(&log, "2020-01-02T12:00:00Z", "either", NULL), "met");
    CHECK_STRING(verdict_at(&log, "2020-01-02T12:00:00Z", "may", NULL), "met");
    view_close(&log.view);
}

/* ---- reading the tables */

struct faults {
    char code[64], pointer[ERROR_POINTER_SIZE], says[300];
    unsigned count;
};

static void on_fault(void *context, const struct error *fault)
{
    struct faults *faults = context;
    if (faults->count++ > 0) return;
    snprintf(faults->code, sizeof faults->code, "%s", fault->code);
    snprintf(faults->pointer, sizeof faults->pointer, "%s", fault->pointer);
    error_format(fault, NULL, faults->says, sizeof faults->says);
}

static struct faults check_terms(const char *terms)
{
    struct faults faults = {0};
    struct arena arena;
    struct error error;
    const struct json *tree;
    OWN(buffer_clear) struct buffer json = {0};
    arena_init(&arena, 1 << 26);
    buffer_print(&json, "{%s,\"terms\":[%s]}", tables, terms);
    CHECK(json_read(&tree, buffer_slice(&json), JSON_RELAXED, &arena, &error) == STATUS_DONE);
    enum status status = terms_check(tree, on_fault, &faults, &error);
    CHECK_INT(status, faults.count > 0 ? STATUS_REFUSED : STATUS_DONE);
    arena_clear(&arena);
    return faults;
}

static void faults_name_their_place(void)
{
    static const struct {
        const char *terms, *code, *pointer;
    } cases[] = {
        {TERM("t", "a", "\"rule\":{\"at_most\":0,\"of\":{\"place\":\"twon\"}},\"watch\":\"log\""), "term-unknown-name",
         "/terms/0/rule/of/place"},
        {TERM("t", "a", "\"rule\":{\"at_most\":-1,\"of\":{}},\"watch\":\"log\""), "term-shape",
         "/terms/0/rule/at_most"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{\"colour\":\"red\"}},\"watch\":\"log\""), "term-unknown-name",
         "/terms/0/rule/of/colour"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{}}"), "term-watch", "/terms/0/watch"},
        {TERM("t", "a", "\"rule\":{\"at_least\":1,\"of\":{}},\"watch\":\"log\""), "term-floor", "/terms/0/rule"},
        {TERM("t", "a", "\"rule\":{\"most\":1},\"watch\":\"log\""), "term-rule", "/terms/0/rule"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"from\":\"noon\",\"watch\":\"log\""), "term-unknown-name",
         "/terms/0/from"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"from\":{\"done\":\"t\"},\"watch\":\"log\""), "term-cycle",
         "/terms/0"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"watch\":\"log\"") "," TERM(
             "u", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"from\":{\"done\":\"t\"},\"watch\":\"log\""),
         "term-done", "/terms/1"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"watch\":\"log\"") "," TERM(
             "t", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"watch\":\"log\""),
         "term-twice", "/terms"},
        {TERM("t", "a", "\"rule\":{\"held\":\"P7D\",\"of\":[\"t\"],\"unwatched\":\"stop\"},\"watch\":\"log\""),
         "term-cycle", "/terms/0"},
        {TERM("t", "a", "\"rule\":{\"held\":\"P7D\",\"of\":[\"u\"],\"unwatched\":\"pause\"},\"watch\":\"log\""),
         "term-unknown-name", "/terms/0/rule/unwatched"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"rival\":{\"x\":{\"/rule/nothing\":1}},\"watch\":\"log\""),
         "term-rival", "/terms/0/rival/x/~1rule~1nothing"},
        {TERM("t", "a", "\"rule\":{\"at_most\":1,\"of\":{}},\"channel\":\"tlks\",\"watch\":\"log\""),
         "term-unknown-name", "/terms/0/channel"},
        {TERM("t", "a",
              "\"rule\":{\"at_most\":1,\"of\":{\"place\":{\"buffer\":\"town\",\"m\":5,\"side\":\"left\"}}},\"watch\":"
              "\"log\""),
         "term-shape", "/terms/0/rule/of/place/buffer"},
        {TERM("t", "a",
              "\"rule\":{\"at_most\":1,\"of\":{\"any\":[{\"any\":[{\"any\":[{\"any\":[{\"any\":[{\"any\":[{\"any\":[{"
              "\"any\":[{}]}]}]}]}]}]}]}]}},\"watch\":\"log\""),
         "term-limit", "/terms/0/rule/of/any/0/any/0/any/0/any/0/any/0/any/0/any/0/any/0"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct faults faults = check_terms(cases[i].terms);
        CHECK_STRING(faults.code, cases[i].code);
        CHECK_STRING(faults.pointer, cases[i].pointer);
    }
    struct faults near = check_terms(TERM("t", "a", "\"rul\":{},\"rule\":{\"at_most\":1,\"of\":{}},\"watch\":\"log\""));
    CHECK(strstr(near.says, "Did you mean \"rule\"") != NULL);
    CHECK_INT(check_terms(QUIET "," HELD).count, 0);
}

static void limits_are_refused_by_name(void)
{
    OWN(buffer_clear) struct buffer terms = {0};
    for (unsigned i = 0; i < 257; i++)
        buffer_print(&terms,
                     "%s{\"id\":\"t%u\",\"clause\":{\"en\":\"c\"},\"who\":\"a\",\"rule\":{\"at_most\":1,\"of\":{}},"
                     "\"watch\":\"log\"}",
                     i > 0 ? "," : "", i);
    buffer_put_byte(&terms, 0);
    struct faults faults = check_terms((const char *)terms.data);
    CHECK_STRING(faults.code, "term-limit");
    CHECK(strstr(faults.says, "256") != NULL);
}

static void an_agreement_that_cannot_be_read_says_so(void)
{
    struct terms_log log;
    agree(&log, TERM("t", "a", "\"rule\":{\"at_most\":0,\"of\":{\"place\":\"nowhere\"}},\"watch\":\"log\""));
    struct answer answer = ask(&log, time_of("2020-01-03"));
    const struct json *fault = json_find(first_agreement(&answer), "fault");
    CHECK(slice_is(json_find_string(fault, "code"), "term-unknown-name"));
    CHECK(slice_is(json_find_string(fault, "pointer"), "/terms/0/rule/of/place"));
    CHECK_INT(json_find(first_agreement(&answer), "terms")->size, 0);
    CHECK(slice_is(json_find_string(first_agreement(&answer), "standing"), "in-force"));
    answer_clear(&answer);
    view_close(&log.view);
}

/* ---- why */

static struct answer explain(const struct terms_log *log, const char *term, const char *as_of, enum status *status,
                             struct error *error)
{
    struct answer answer = {0};
    struct json_writer w;
    json_write_open(&w, &answer.text);
    *status = why_write(log->view, slice_from(term), slice_from(""), time_of(as_of), &w, error);
    if (*status == STATUS_DONE) answer_read(&answer, &w);
    return answer;
}

static void why_names_what_counted_and_what_did_not(void)
{
    struct terms_log log;
    enum status status;
    struct error error = {0};
    agree(&log, QUIET "," HELD);
    watch(&log, "m", "2020-01-01", 1);
    report(&log, "r1", "m", "2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", IN_TOWN);
    report(&log, "r2", "b", "2020-01-01T12:00:00Z", "2020-01-01T13:00:00Z", IN_TOWN);
    report(&log, "r3", "m", "2020-01-01T12:00:00Z", "2020-01-01T13:00:00Z", "");
    struct answer answer = explain(&log, "truce/quiet", "2020-01-03", &status, &error);
    CHECK_INT(status, STATUS_DONE);
    const struct json *reading = json_find(json_find(answer.tree, "readings"), "monitor");
    CHECK(slice_is(json_find_string(answer.tree, "verdict"), "breached"));
    CHECK(slice_is(json_find_string(reading, "reason"), "more-than-allowed"));
    CHECK_INT(json_find(reading, "counted")->size, 1);
    CHECK(slice_is(json_find_string(json_find(reading, "counted")->first, "why"), "reported"));
    const struct json *not_counted = json_find(reading, "not_counted")->first;
    CHECK(slice_is(json_find_string(not_counted, "why"), "not-trusted"));
    CHECK(slice_is(json_find_string(not_counted->next, "why"), "place-unknown"));
    const struct json *gaps = json_find(json_find(reading, "watched"), "gaps");
    CHECK(gaps->size == 1 && slice_is(json_find_string(gaps->first, "from"), "2020-01-02T00:00:00Z"));
    answer_clear(&answer);
    answer = explain(&log, "held", "2020-01-03", &status, &error);
    CHECK_INT(status, STATUS_DONE);
    answer_clear(&answer);
    answer = explain(&log, "quite", "2020-01-03", &status, &error);
    CHECK_INT(status, STATUS_USAGE);
    CHECK_STRING(error.code, "term-unknown");
    CHECK_STRING(error.argument[1], "quiet");
    answer_clear(&answer);
    view_close(&log.view);
}

/* ---- suggestions */

static size_t suggested(const struct terms_log *log)
{
    struct answer answer = {0};
    struct json_writer w;
    struct error error;
    json_write_open(&w, &answer.text);
    CHECK(why_write(log->view, slice_from("quiet"), slice_from("strict"), time_of("2020-01-05"), &w, &error) ==
          STATUS_DONE);
    answer_read(&answer, &w);
    const struct json *strict = json_find(json_find(answer.tree, "readings"), "strict");
    size_t size = json_find(strict, "suggested")->size;
    answer_clear(&answer);
    return size;
}

static void links_are_suggested_and_never_made(void)
{
    struct terms_log log;
    agree(&log, QUIET);
    report(&log, "one", "a", "2020-01-02T10:00:00Z", "2020-01-02T10:00:00Z", IN_TOWN);
    report(&log, "later", "b", "2020-01-04T10:00:00Z", "2020-01-04T10:00:00Z", IN_TOWN);
    CHECK_INT(suggested(&log), 0);
    report(&log, "two", "b", "2020-01-02T14:00:00Z", "2020-01-02T14:00:00Z", IN_TOWN);
    CHECK_INT(suggested(&log), 1);
    say(&log, "apart", NULL, "{\"kind\":\"link\",\"by\":\"b\",\"link\":\"distinct\",\"about\":[\"@one\",\"@two\"]}");
    CHECK_INT(suggested(&log), 0);
    view_close(&log.view);
}

/* ---- bounds */

/* Each made of the one before, three times over: asked once each, or this never ends. */
static void what_is_made_of_others_is_asked_once(void)
{
    OWN(buffer_clear) struct buffer terms = {0};
    struct terms_log log;
    buffer_put_string(&terms, QUIET);
    buffer_put_string(&terms, "," TERM("t0", "*", "\"rule\":{\"all\":[\"quiet\"]},\"watch\":\"log\""));
    for (unsigned i = 1; i < 250; i++)
        buffer_print(
            &terms,
            ",{\"id\":\"t%u\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"%s\":[\"t%u\",\"t%u\",\"t%u\"]},"
            "\"watch\":\"log\"}",
            i, i % 2 == 0 ? "all" : "any", i - 1, i - 1, i - 1);
    buffer_put_byte(&terms, 0);
    agree(&log, (const char *)terms.data);
    watch(&log, "m", "2020-01-01", 2);
    CHECK_STRING(verdict_at(&log, "2020-01-03", "t249", NULL), "met");
    view_close(&log.view);
}

/* A window without end, and more periods than are judged: never a false "met". */
static void what_is_not_judged_is_not_met(void)
{
    struct terms_log log;
    agree(&log, TERM("daily", "*",
                     "\"rule\":{\"at_least\":1,\"of\":{\"kind\":\"notice\"}},\"every\":\"PT1H\",\"watch\":{\"share\":["
                     "1,2],\"of\":[\"town\"]}") "," TERM("rate", "*",
                                                         "\"rule\":{\"at_most\":0,\"of\":{\"kind\":\"notice\",\"act\":"
                                                         "\"x\"}},\"every\":\"PT1H\",\"watch\":\"log\"") "," QUIET);
    say(&log, "late", "2031-06-01",
        "{\"kind\":\"notice\",\"by\":\"a\",\"act\":\"x\",\"to\":[\"b\"],\"at\":\"2031-06-01T10:00:00Z\"}");
    CHECK_STRING(verdict_at(&log, "2031-06-02", "daily", NULL), "not-observed");
    CHECK_STRING(verdict_at(&log, "2031-06-02", "rate", NULL), "breached");
    watch(&log, "m", "2020-01-01", 30);
    CHECK_STRING(verdict_at(&log, "2031-06-02", "quiet", NULL), "not-observed");
    view_close(&log.view);
}

/* The costliest of clocks: a ratio over much that is still to come. It is looked for up to a bound, and told so;
 * whoever asks again from there finds it. */
static void a_clock_is_looked_for_up_to_a_bound(void)
{
    struct terms_log log;
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], text[300];
    agree(&log,
          TERM("half", "*",
               "\"rule\":{\"at_least\":{\"times\":[1,2],\"of\":{\"act\":\"asked\"}},\"of\":{\"act\":\"allowed\"}},"
               "\"by\":{\"at\":\"2020-01-12T00:00:00Z\"},\"watch\":\"log\""));
    for (int i = 0; i < 3200; i++) {
        time_format(time_of("2020-01-01T00:10:00Z") + 240 * i, from);
        time_format(time_of("2020-01-01T00:12:00Z") + 240 * i, to);
        snprintf(
            text, sizeof text,
            "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"%s\",\"method\":\"seen\",\"when\":{\"from\":\"%s\",\"to\":"
            "\"%s\"}}",
            i % 4 == 3 ? "allowed" : "asked", from, to);
        say(&log, "event", NULL, text);
    }
    struct answer first = ask(&log, time_of("2020-01-01T00:05:00Z"));
    const struct json *clock = json_find(named(json_find(first_agreement(&first), "terms"), "half"), "clock");
    int64_t looked_to = 0;
    CHECK(time_parse(&looked_to, json_find_string(clock, "looked_to")) && json_find(clock, "at") == NULL);
    struct answer then = ask(&log, looked_to);
    clock = json_find(named(json_find(first_agreement(&then), "terms"), "half"), "clock");
    CHECK(slice_is(json_find_string(clock, "at"), "2020-01-12T00:00:00Z") && json_find(clock, "looked_to") == NULL);
    CHECK(slice_is(json_find_string(clock, "becomes"), "breached"));
    answer_clear(&first);
    answer_clear(&then);
    view_close(&log.view);
}

/* ---- facts kept in bytes */

struct kept_bytes {
    struct buffer bytes;
    size_t at, most;
};

static bool keep_bytes(void *context, const void *data, size_t size)
{
    struct kept_bytes *kept = context;
    buffer_put(&kept->bytes, slice_of(data, size));
    return !kept->bytes.failed;
}

static bool take_bytes(void *context, void *out, size_t size)
{
    struct kept_bytes *kept = context;
    if (size > kept->most - kept->at) return false;
    memcpy(out, kept->bytes.data + kept->at, size);
    kept->at += size;
    return true;
}

static struct members *members_of(const struct terms_log *log)
{
    struct terms_log other;
    log_open_empty(&other);
    (void)log;
    struct members *members = view_give_members(other.view);
    view_close(&other.view);
    return members;
}

static void what_was_kept_answers_the_same(void)
{
    struct terms_log log;
    struct kept_bytes kept = {.at = 0};
    struct error error = {0};
    agree(&log, QUIET "," HELD);
    watch(&log, "m", "2020-01-01", 4);
    report(&log, "one", "m", "2020-01-02T10:00:00Z", "2020-01-02T11:00:00Z", IN_TOWN);
    say(&log, "told", NULL, "{\"kind\":\"notice\",\"by\":\"a\",\"to\":[\"b\"],\"at\":\"2020-01-02T10:00:00Z\"}");
    say(&log, "found", NULL,
        "{\"kind\":\"finding\",\"by\":\"m\",\"finding\":\"not-substantiated\",\"about\":[\"@one\"]}");
    struct answer before = ask(&log, time_of("2020-01-05"));
    CHECK(view_keep(log.view, keep_bytes, &kept, &error) == STATUS_DONE);
    kept.most = kept.bytes.size;
    for (size_t cut = 0; cut < kept.bytes.size; cut += 1 + kept.bytes.size / 37) { /* cut short anywhere: refused */
        struct view *none = NULL;
        kept.at = 0;
        kept.most = cut;
        CHECK(view_take(&none, take_bytes, &kept, &error) != STATUS_DONE && none == NULL);
        CHECK_STRING(error.code, "facts-kept");
    }
    kept.at = 0;
    kept.most = kept.bytes.size;
    view_close(&log.view);
    CHECK(view_take(&log.view, take_bytes, &kept, &error) == STATUS_DONE);
    view_members(log.view, members_of(&log));
    struct answer after = ask(&log, time_of("2020-01-05"));
    CHECK(slice_equal(buffer_slice(&before.text), buffer_slice(&after.text)));
    answer_clear(&before);
    answer_clear(&after);
    buffer_clear(&kept.bytes);
    say(&log, "late", NULL, /* and it goes on from there: of a record that is in it */
        "{\"kind\":\"acknowledgement\",\"by\":\"b\",\"of\":\"@told\",\"receipt\":\"received\",\"at\":"
        "\"2020-01-02T12:00:00Z\"}");
    struct answer now = ask(&log, time_of("2020-01-05"));
    CHECK_INT(json_find(json_find(now.tree, "open"), "notices")->size, 0);
    answer_clear(&now);
    view_close(&log.view);
}

TESTS(links_are_suggested_and_never_made, what_is_made_of_others_is_asked_once, what_is_not_judged_is_not_met,
      a_clock_is_looked_for_up_to_a_bound, what_was_kept_answers_the_same,
      a_cap_is_broken_by_presence_and_met_by_watching, what_cannot_be_placed_is_never_guessed,
      a_buffer_has_sides_and_a_weapon_a_calibre, a_floor_is_broken_by_watched_absence,
      each_member_owes_and_each_period_counts, amounts_have_a_least_and_a_most,
      watching_is_trusted_whole_and_lessened_by_its_author, a_partys_false_link_hides_nothing,
      findings_give_only_what_they_state, only_who_answers_for_it_admits_it,
      what_is_credible_and_not_counted_prevents_met, a_correction_counts_whole, designation_varies_in_time,
      the_clock_stops_resets_and_completes, a_breach_across_midnight_has_broken_the_run,
      a_breach_that_is_taken_back_breaks_no_run, a_void_day_resets_the_clock,
      the_next_alternate_is_one_whom_nobody_tried, replies_run_against_the_clock, a_call_is_its_callers_account,
      rights_are_given_in_the_agreement, void_carries_what_it_was, a_breach_in_a_void_time_is_none,
      rival_texts_are_judged_beside_each_other, guarantors_answer_for_terms, faults_name_their_place,
      limits_are_refused_by_name, an_agreement_that_cannot_be_read_says_so, why_names_what_counted_and_what_did_not)
