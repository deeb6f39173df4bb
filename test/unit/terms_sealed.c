/* Sealed values in evaluation: the cell and the day stand for what is sealed, or it cannot be told; what is revealed
 * counts from then on, in whatever order things arrive. */
#include "record/opening.h"
#include "terms_log.h"

static const char *const agreement =
    "{\"kind\":\"agreement\",\"by\":\"s\",\"agreement\":\"truce\",\"title\":{\"en\":\"T\"},\"parties\":[\"a\",\"b\"],"
    "\"written\":\"2019-12-20T00:00:00Z\",\"zones\":{\"z\":[{\"from\":\"2019-01-01T00:00:00Z\",\"offset_s\":0}]},"
    "\"groups\":{\"sides\":[\"a\",\"b\"]},\"anchors\":{\"start\":{\"local\":\"2020-01-01T00:00:00\",\"zone\":\"z\"}},"
    "\"places\":{\"town\":{\"point\":{\"lat_e7\":0,\"lon_e7\":0},\"radius_m\":1000}},"
    "\"readings\":{\"monitor\":{\"trust\":[\"m\",\"s\"],\"links\":\"m\",\"need\":[\"report\",\"found\",\"admitted\"],"
    "\"unless\":[\"not-found\"],\"conflict\":\"maybe\"}},\"channels\":{\"line\":{}},\"classes\":{\"attacks\":["
    "\"shelling\"]},"
    "\"force\":{\"assent\":\"sides\",\"from\":\"start\",\"release\":{\"suspend\":\"b\"}},\"terms\":[{\"id\":\"quiet\","
    "\"clause\":{\"en\":\"c\"},"
    "\"who\":\"*\",\"rule\":{\"at_most\":0,\"of\":{\"act\":\"shelling\",\"place\":\"town\"}},"
    "\"watch\":{\"share\":[1,2],\"grace\":\"P1D\",\"of\":[\"town\"]}}]}";

static void agree(struct terms_log *log)
{
    log_open_empty(log);
    say(log, "agreement", "2019-12-20", agreement);
    static const char *const sides[] = {"a", "b"};
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        char text[300];
        snprintf(text, sizeof text,
                 "{\"kind\":\"standing\",\"by\":\"%s\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{"
                 "\"whole\":true},\"at\":\"2019-12-21T00:00:00Z\"}",
                 sides[i]);
        say(log, sides[i], "2019-12-21", text);
    }
    log->received = time_of("2020-01-01T20:00:00Z");
}

static void watch(struct terms_log *log, const char *more, const char *to)
{
    char text[1000];
    snprintf(text, sizeof text,
             "{\"kind\":\"coverage\",\"by\":\"m\",\"how\":\"post\",\"where\":{\"place\":\"town\"},\"when\":{\"from\":"
             "\"2020-01-01T00:00:00Z\",\"to\":\"%s\"}%s}",
             to, more);
    say(log, "watch", NULL, text);
}

/* The hash under which that value stands sealed in the log's record number `seq` by m. */
static void hash_for(char hex[HASH_HEX_SIZE], uint64_t seq, const char *pointer, const char *value)
{
    struct arena arena;
    struct hash hash;
    struct opening opening = {.level = slice_from("exact"), .pointer = slice_from(pointer)};
    const struct sealed_by by = {slice_from("test.example/terms"), slice_from("m"), (int64_t)seq};
    arena_init(&arena, 1 << 20);
    CHECK(json_read(&opening.value, slice_from(value), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    CHECK(opening_commit(&hash, &by, &opening, NULL) == STATUS_DONE);
    hash_format(&hash, hex);
    arena_clear(&arena);
}

static const char in_town[] = "{\"lat_e7\":81000,\"lon_e7\":0}", far_off[] = "{\"lat_e7\":450000,\"lon_e7\":0}";

/* A report whose place is told as a cell around the town; `point` and "50" are sealed, and the place's 1 km cell. */
static void put_report(char out[1400], uint64_t seq, const char *point)
{
    char hash[4][HASH_HEX_SIZE];
    hash_for(hash[0], seq, "/where/point", point);
    hash_for(hash[1], seq, "/where/radius_m", "50");
    hash_for(hash[2], seq, "/where/point", "{\"lat_e7\":82000,\"lon_e7\":20000}");
    snprintf(out, 1400,
             "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"shelling\",\"method\":\"seen\",\"when\":{\"from\":"
             "\"2020-01-01T10:00:00Z\",\"to\":\"2020-01-01T11:00:00Z\"},\"where\":{\"cell\":{\"lat_e7\":447500,"
             "\"lon_e7\":447500,\"reach_m\":8100}},\"sealed\":["
             "{\"hash\":\"%s\",\"level\":\"exact\",\"pointer\":\"/where/point\"},"
             "{\"hash\":\"%s\",\"level\":\"exact\",\"pointer\":\"/where/radius_m\"},"
             "{\"hash\":\"%s\",\"level\":\"1km\",\"pointer\":\"/where/point\"}]}",
             hash[0], hash[1], hash[2]);
}

static void put_reveal(char out[700], const char *of, const char *pointer, const char *level, const char *value)
{
    snprintf(out, 700,
             "{\"kind\":\"reveal\",\"by\":\"m\",\"of\":\"%s\",\"pointer\":\"%s\",\"level\":\"%s\",\"salt\":\"%064d\","
             "\"value\":%s}",
             of, pointer, level, 0, value);
}

static void reveal(struct terms_log *log, const char *label, const char *pointer, const char *level, const char *value)
{
    char text[700];
    put_reveal(text, "@report", pointer, level, value);
    say(log, label, NULL, text);
}

static const char *verdict(const struct terms_log *log)
{
    return verdict_at(log, "2020-01-03", "quiet", NULL);
}

static void begin(struct terms_log *log, const char *point)
{
    char text[1400];
    agree(log);
    watch(log, "", "2020-01-03T00:00:00Z");
    CHECK_STRING(verdict(log), "met");
    put_report(text, log->size, point);
    say(log, "report", NULL, text);
    CHECK_STRING(verdict(log), "not-observed"); /* the cell reaches into the town and out of it */
}

static void a_revealed_place_counts_from_then_on(void)
{
    struct terms_log log;
    begin(&log, in_town);
    reveal(&log, "point", "/where/point", "exact", in_town);
    CHECK_STRING(verdict(&log), "not-observed"); /* how far it may be wrong is still sealed */
    reveal(&log, "radius", "/where/radius_m", "exact", "50");
    CHECK_STRING(verdict(&log), "breached");
    say(&log, "back", NULL, "{\"kind\":\"retraction\",\"by\":\"m\",\"of\":\"@radius\"}");
    CHECK_STRING(verdict(&log), "not-observed");
    view_close(&log.view);
    begin(&log, far_off);
    reveal(&log, "radius", "/where/radius_m", "exact", "50");
    CHECK_STRING(verdict(&log), "not-observed");
    reveal(&log, "point", "/where/point", "exact", far_off);
    CHECK_STRING(verdict(&log), "met");
    view_close(&log.view);
}

/* The 1 km cell tells more than the 10 km one and less than the point: it lies across the town's edge. */
static void levels_are_revealed_one_by_one(void)
{
    struct terms_log log;
    begin(&log, in_town);
    reveal(&log, "coarse", "/where/point", "1km", "{\"lat_e7\":82000,\"lon_e7\":20000}");
    CHECK_STRING(verdict(&log), "not-observed");
    reveal(&log, "point", "/where/point", "exact", in_town);
    reveal(&log, "radius", "/where/radius_m", "exact", "50");
    CHECK_STRING(verdict(&log), "breached");
    reveal(&log, "coarse-again", "/where/point", "1km", "{\"lat_e7\":82000,\"lon_e7\":20000}");
    CHECK_STRING(verdict(&log), "breached"); /* the finest stands, whatever came last */
    view_close(&log.view);
}

static void what_was_not_sealed_reveals_nothing(void)
{
    struct terms_log log;
    char text[700];
    /* Where the record is there already, admission refuses a reveal that does not fit; so here they come first, by the
     * id of what will be said. */
    agree(&log);
    watch(&log, "", "2020-01-03T00:00:00Z");
    char report[1400], id[HASH_HEX_SIZE];
    put_report(report, log.size + 3, far_off);
    OWN(buffer_clear) struct buffer line = {0};
    struct arena arena;
    const struct json *tree;
    struct json_writer w;
    arena_init(&arena, 1 << 20);
    CHECK(json_read(&tree, slice_from(report), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    json_write_open(&w, &line);
    json_put_tree(&w, tree);
    CHECK(json_write_finish(&w, NULL) == STATUS_DONE);
    buffer_put_byte(&line, '\n');
    struct hash hash = hash_of(buffer_slice(&line));
    hash_format(&hash, id);
    put_reveal(text, id, "/where/point", "exact", in_town); /* a lie */
    say(&log, "lie", NULL, text);
    put_reveal(text, id, "/where/radius_m", "exact", "50");
    say(&log, "radius", NULL, text);
    put_reveal(text, id, "/where/point", "exact", far_off);
    say(&log, "truth", NULL, text);
    CHECK_STRING(verdict(&log), "met");
    say(&log, "report", NULL, report);
    CHECK_STRING(verdict(&log), "met"); /* far off, as was revealed before; the lie is out of place */
    arena_clear(&arena);
    view_close(&log.view);
}

/* Who watched within a day did not watch all day. */
static void a_sealed_watch_is_no_watch_until_revealed(void)
{
    struct terms_log log;
    char hash[HASH_HEX_SIZE], text[700];
    static const char moments[] = "{\"from\":\"2020-01-01T01:00:00Z\",\"to\":\"2020-01-02T23:00:00Z\"}";
    agree(&log);
    hash_for(hash, log.size, "/when/exact", moments);
    snprintf(text, sizeof text, ",\"sealed\":[{\"hash\":\"%s\",\"level\":\"exact\",\"pointer\":\"/when/exact\"}]",
             hash);
    watch(&log, text, "2020-01-02T23:59:59Z");
    CHECK_STRING(verdict(&log), "not-observed");
    put_reveal(text, "@watch", "/when/exact", "exact", moments);
    say(&log, "times", NULL, text);
    CHECK_STRING(verdict(&log), "met");
    view_close(&log.view);
}

/* ---- kept and taken again */

struct kept {
    struct buffer bytes;
    size_t at;
};

static bool keep_bytes(void *context, const void *data, size_t size)
{
    struct kept *kept = context;
    buffer_put(&kept->bytes, slice_of(data, size));
    return !kept->bytes.failed;
}

static bool take_bytes(void *context, void *out, size_t size)
{
    struct kept *kept = context;
    if (kept->at + size > kept->bytes.size) return false;
    if (size > 0) memcpy(out, kept->bytes.data + kept->at, size);
    kept->at += size;
    return true;
}

/* Members are the register's to know again; here they are handed on. */
static void take_again(struct terms_log *log)
{
    struct kept kept = {.at = 0};
    struct view *again;
    CHECK(view_keep(log->view, keep_bytes, &kept, NULL) == STATUS_DONE);
    CHECK(view_take(&again, take_bytes, &kept, NULL) == STATUS_DONE);
    view_members(again, view_give_members(log->view));
    view_close(&log->view);
    log->view = again;
    buffer_clear(&kept.bytes);
}

static void what_was_revealed_is_kept(void)
{
    struct terms_log log;
    begin(&log, in_town);
    reveal(&log, "point", "/where/point", "exact", in_town);
    take_again(&log);
    CHECK_STRING(verdict(&log), "not-observed");
    reveal(&log, "radius", "/where/radius_m", "exact", "50");
    CHECK_STRING(verdict(&log), "breached");
    take_again(&log);
    CHECK_STRING(verdict(&log), "breached");
    view_close(&log.view);
}

TESTS(a_revealed_place_counts_from_then_on, levels_are_revealed_one_by_one, what_was_not_sealed_reveals_nothing,
      a_sealed_watch_is_no_watch_until_revealed, what_was_revealed_is_kept)
