#include "index/database.h"
#include "index/place.h"
#include "made_record.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- an index of a few records */

static char folder[64];
static char path[128];

static void new_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/truce-index-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/index.sqlite", folder);
}

static void remove_folder(void)
{
    struct error error = {0};
    CHECK(index_remove(path, &error) == STATUS_DONE);
    CHECK(rmdir(folder) == 0); /* nothing of the index is left behind */
}

static struct index *opened(void)
{
    struct index *index = NULL;
    struct error error = {0};
    if (!CHECK(index_open(&index, path, &error) == STATUS_DONE)) {
        fprintf(stderr, "    %s %s %s\n", error.code, error.argument[0], error.argument[1]);
        exit(1);
    }
    return index;
}

static void add(struct index *index, const char *json, bool is_void)
{
    struct arena arena;
    struct error error = {0};
    arena_init(&arena, 1024 * 1024);
    struct record record = made_record(&arena, json);
    uint64_t entry = index->applied;
    CHECK(index_add(index, entry, INT64_C(86400000) * 100 + (int64_t)entry, &record, is_void, &error) == STATUS_DONE);
    arena_clear(&arena);
}

static void commit(struct index *index)
{
    struct error error = {0};
    struct hash root = hash_of(slice_from("root"));
    CHECK(index_commit(index, &root, &error) == STATUS_DONE);
}

static void begin(struct index *index)
{
    struct error error = {0};
    CHECK(index_begin(index, &error) == STATUS_DONE);
}

/* An index in memory of these records. */
static struct index *index_of(const char *const *records, size_t count)
{
    struct index *index = NULL;
    struct error error = {0};
    CHECK(index_open(&index, ":memory:", &error) == STATUS_DONE);
    begin(index);
    for (size_t i = 0; i < count; i++) add(index, records[i], false);
    commit(index);
    return index;
}

static enum status note_entry(void *context, uint64_t entry, struct error *error)
{
    (void)error;
    buffer_print(context, "%d ", (int)entry);
    return STATUS_DONE;
}

/* The entries that a query finds, "0 3 4 ", or its refusal's code. */
static const char *found(struct index *index, struct query query)
{
    static struct buffer out;
    struct error error = {0};
    buffer_reset(&out);
    if (query.known == 0) query.known = UINT64_MAX;
    if (index_find(index, &query, note_entry, &out, &error) != STATUS_DONE) return error.code;
    buffer_put_byte(&out, 0);
    return (const char *)out.data;
}

#define S(text_) slice_of(text_, sizeof(text_) - 1)

/* ---- by kind, author, time, term, text */

static const char *const plain[] = {
    "{\"kind\":\"report\",\"by\":\"un\",\"when\":{\"from\":\"2016-09-12T10:00:00Z\",\"to\":\"2016-09-14T10:00:00Z\"},"
    "\"written\":\"2020-01-01T00:00:00Z\",\"text\":{\"en\":\"Shelling near the Castello road\",\"original\":\"en\"}}",
    "{\"kind\":\"claim\",\"by\":\"ru\",\"event\":{\"when\":{\"from\":\"2016-09-17T00:00:00Z\",\"to\":"
    "\"2016-09-17T23:59:59Z\"}},\"term\":\"a-2016/flights\",\"written\":\"2016-09-18T00:00:00Z\"}",
    "{\"kind\":\"statement\",\"by\":\"ru\",\"at\":\"2016-09-19T12:00:00Z\",\"written\":\"2016-09-20T00:00:00Z\","
    "\"speaker\":\"Official\",\"words\":{\"exact\":\"\xd8\xa7\xd8\xb3\xd8\xaa\xd8\xa6\xd9\x86\xd8\xa7\xd9\x81 "
    "\xd9\x85\xd9\x85\xd9\x83\xd9\x86\xd8\x8c \xd9\x82\xd8\xa7\xd9\x84\",\"lang\":\"ar\"}}",
    "{\"kind\":\"tally\",\"by\":\"un\",\"when\":{\"from\":\"2016-09-12T00:00:00Z\",\"to\":\"2016-10-03T00:00:00Z\"},"
    "\"term\":\"flights\",\"written\":\"2016-10-04T00:00:00Z\",\"rule\":{\"en\":\"as seen, by day\"}}",
    "{\"kind\":\"anchor\",\"by\":\"un\",\"written\":\"2016-09-19T12:00:01Z\"}",
    "{\"kind\":\"designation\",\"by\":\"us\",\"from\":\"2016-09-25T00:00:00Z\",\"written\":\"2016-09-01T00:00:00Z\","
    "\"names\":{\"en\":\"The Front's \xe2\x80\x9cnew\xe2\x80\x9d name\"}}",
    "{\"kind\":\"agreement\",\"by\":\"us\",\"agreement\":\"a-2016\",\"written\":\"2016-09-09T00:00:00Z\",\"terms\":["
    "{\"id\":\"flights\",\"clause\":{\"en\":\"No combat flights\"}},{\"id\":\"road\"}],\"title\":{\"ar\":"
    "\"\xd8\xaa\xd8\xb1\xd8\xaa\xd9\x8a\xd8\xa8\"}}",
};

static int64_t at(const char *time)
{
    int64_t seconds = 0;
    CHECK(time_parse(&seconds, slice_from(time)));
    return seconds;
}

static void finds_by_kind_and_author(void)
{
    struct index *index = index_of(plain, COUNT_OF(plain));
    CHECK_STRING(found(index, (struct query){0}), "0 1 2 3 4 5 6 ");
    CHECK_STRING(found(index, (struct query){.kind = S("claim")}), "1 ");
    CHECK_STRING(found(index, (struct query){.kind = S("nothing")}), "");
    CHECK_STRING(found(index, (struct query){.by = S("un")}), "0 3 4 ");
    CHECK_STRING(found(index, (struct query){.by = S("un"), .kind = S("tally")}), "3 ");
    CHECK_STRING(found(index, (struct query){.limit = 2}), "0 1 ");
    CHECK_STRING(found(index, (struct query){.after = 5}), "5 6 ");
    CHECK_STRING(found(index, (struct query){.after = 1, .limit = 2, .by = S("un")}), "3 4 ");
    CHECK_STRING(found(index, (struct query){.known = 2}), "0 1 ");
    CHECK_STRING(found(index, (struct query){.known = 4, .by = S("un")}), "0 3 ");
    index_close(&index);
}

static void finds_by_time(void)
{
    struct index *index = index_of(plain, COUNT_OF(plain));
    struct query query = {
        .has_from = true, .has_to = true, .from = at("2016-09-14T10:00:00Z"), .to = at("2016-09-17T00:00:00Z")};
    CHECK_STRING(found(index, query), "0 1 3 "); /* both ends touch */
    query.from++, query.to--;
    CHECK_STRING(found(index, query), "3 ");
    query.from = at("2016-09-19T12:00:00Z"), query.to = query.from;
    CHECK_STRING(found(index, query), "2 3 "); /* at goes before written */
    query.from++, query.to++;
    CHECK_STRING(found(index, query), "3 4 "); /* written where there is nothing else */
    query.kind = S("tally");
    CHECK_STRING(found(index, query), "3 ");
    query.kind = (struct slice){0}, query.by = S("us"), query.from = query.to = at("2040-01-01T00:00:00Z");
    CHECK_STRING(found(index, query), "5 "); /* from without until goes on */
    query.has_from = false, query.to = at("2016-09-25T00:00:00Z");
    CHECK_STRING(found(index, query), "5 6 ");
    query.to--;
    CHECK_STRING(found(index, query), "6 ");
    CHECK_STRING(found(index, (struct query){.has_from = true, .from = at("2016-10-03T00:00:01Z")}), "5 ");
    CHECK_STRING(found(index, (struct query){.has_from = true, .has_to = true, .from = INT64_MIN, .to = INT64_MAX}),
                 "0 1 2 3 4 5 6 ");
    CHECK_STRING(found(index, (struct query){.has_from = true, .has_to = true, .from = 10, .to = 9}), "");
    index_close(&index);
}

static void finds_by_term(void)
{
    struct index *index = index_of(plain, COUNT_OF(plain));
    CHECK_STRING(found(index, (struct query){.term = S("flights")}), "1 3 6 ");
    CHECK_STRING(found(index, (struct query){.term = S("a-2016/flights")}), "1 6 ");
    CHECK_STRING(found(index, (struct query){.term = S("a-2016/road")}), "6 ");
    CHECK_STRING(found(index, (struct query){.term = S("a-2016")}), "6 ");
    CHECK_STRING(found(index, (struct query){.term = S("flights"), .kind = S("tally")}), "3 ");
    CHECK_STRING(found(index, (struct query){.term = S("flights"), .text = S("combat")}), "6 ");
    index_close(&index);
}

static void finds_by_words(void)
{
    struct index *index = index_of(plain, COUNT_OF(plain));
    CHECK_STRING(found(index, (struct query){.text = S("castello")}), "0 ");
    CHECK_STRING(found(index, (struct query){.text = S("ROAD, Shelling!")}), "0 ");
    CHECK_STRING(found(index, (struct query){.text = S("road flights")}), ""); /* all words, not any */
    CHECK_STRING(found(index, (struct query){.text = S("castell")}), "");      /* whole words */
    CHECK_STRING(found(index, (struct query){.text = S("\xd9\x85\xd9\x85\xd9\x83\xd9\x86")}), "2 ");
    CHECK_STRING(found(index, (struct query){.text = S("official")}), "2 ");
    CHECK_STRING(found(index, (struct query){.text = S("combat")}), "6 ");
    CHECK_STRING(found(index, (struct query){.text = S("\xd8\xaa\xd8\xb1\xd8\xaa\xd9\x8a\xd8\xa8")}), "6 ");
    CHECK_STRING(found(index, (struct query){.text = S("\xc2\xab"
                                                       "as\xc2\xbb \xe2\x80\x94 seen")}),
                 "3 ");
    CHECK_STRING(found(index, (struct query){.text = S("new")}), "5 ");
    CHECK_STRING(found(index, (struct query){.text = S("NEAR OR \"castello\" * - ( AND")}), "");
    CHECK_STRING(found(index, (struct query){.text = S("near \"castello\" ( -*")}), "0 ");
    CHECK_STRING(found(index, (struct query){.text = S(" \xe2\x80\xa6 \xd8\x8c")}), "index-no-words");
    CHECK_STRING(found(index, (struct query){.text = S("road"), .after = 1}), "");
    CHECK_STRING(found(index, (struct query){.text = S("road"), .by = S("us")}), "");
    index_close(&index);
}

/* ---- by place */

#define AT(lat, lon) "{\"where\":{\"point\":{\"lat_e7\":" #lat ",\"lon_e7\":" #lon "},\"radius_m\":400000}}"

static struct query in_box(int32_t south, int32_t west, int32_t north, int32_t east)
{
    return (struct query){.has_box = true, .box = {south, west, north, east}};
}

static struct query near(int32_t lat, int32_t lon, int64_t within_mm)
{
    return (struct query){.has_near = true, .near = {lat, lon}, .within_mm = within_mm};
}

static void finds_points_in_boxes(void)
{
    static const char *const records[] = {
        AT(360000000, 370000000), AT(360000001, 370000000), AT(-1, -1),         AT(0, 0),       AT(100, 1800000000),
        AT(100, -1800000000),     AT(900000000, 123),       AT(-900000000, -5), AT(-50000, 10), AT(-50001, 10),
        AT(360000000, 370000000),
    };
    struct index *index = index_of(records, COUNT_OF(records));
    CHECK_STRING(found(index, in_box(360000000, 370000000, 360000000, 370000000)), "0 10 ");
    CHECK_STRING(found(index, in_box(350000000, 360000000, 360000000, 370000000)), "0 10 ");
    CHECK_STRING(found(index, in_box(360000001, 360000000, 370000000, 380000000)), "1 ");
    CHECK_STRING(found(index, in_box(-1, -1, 0, 0)), "2 3 ");
    CHECK_STRING(found(index, in_box(-50000, 0, -1, 20)), "8 ");
    CHECK_STRING(found(index, in_box(-50001, 0, -50001, 20)), "9 ");
    CHECK_STRING(found(index, in_box(0, 1799999999, 200, -1799999999)), "4 5 "); /* across the antimeridian */
    CHECK_STRING(found(index, in_box(0, 1799999999, 200, 1800000000)), "4 ");
    CHECK_STRING(found(index, in_box(900000000, -1800000000, 900000000, 1800000000)), "6 ");
    CHECK_STRING(found(index, in_box(-900000000, -1800000000, -900000000, 1800000000)), "7 ");
    CHECK_STRING(found(index, in_box(-900000000, -1800000000, 900000000, 1800000000)), "0 1 2 3 4 5 6 7 8 9 10 ");
    CHECK_STRING(found(index, in_box(1, 0, 0, 0)), "index-box");
    CHECK_STRING(found(index, in_box(-900000001, 0, 0, 0)), "index-box");
    index_close(&index);
}

static void finds_points_by_distance(void)
{
    static const char *const records[] = {AT(361500000, 369000000),  AT(361590000, 369000000), AT(361500000, 369111000),
                                          AT(0, 1800000000),         AT(0, -1799990000),       AT(899999000, 0),
                                          AT(899999000, 1800000000), "{\"kind\":\"report\"}"};
    struct index *index = index_of(records, COUNT_OF(records));
    const struct point here = {361500000, 369000000};
    int64_t north = geo_distance_mm(here, (struct point){361590000, 369000000});
    int64_t east = geo_distance_mm(here, (struct point){361500000, 369111000});
    CHECK(north < east);
    CHECK_STRING(found(index, near(here.lat_e7, here.lon_e7, 0)), "0 ");
    CHECK_STRING(found(index, near(here.lat_e7, here.lon_e7, north - 1)), "0 ");
    CHECK_STRING(found(index, near(here.lat_e7, here.lon_e7, north)), "0 1 ");
    CHECK_STRING(found(index, near(here.lat_e7, here.lon_e7, east - 1)), "0 1 ");
    CHECK_STRING(found(index, near(here.lat_e7, here.lon_e7, east)), "0 1 2 ");
    CHECK_STRING(found(index, near(0, -1800000000, 200000)), "3 4 ");
    CHECK_STRING(found(index, near(900000000, 0, 25000)), "5 6 ");
    CHECK_STRING(found(index, near(0, 0, -1)), "index-near");
    struct query both = near(here.lat_e7, here.lon_e7, east);
    both.has_box = true;
    both.box = (struct box){361500000, 369000001, 361600000, 370000000};
    CHECK_STRING(found(index, both), "2 ");
    both.kind = S("claim");
    CHECK_STRING(found(index, both), "");
    index_close(&index);
}

#define P(lat, lon) "{\"lat_e7\":" #lat ",\"lon_e7\":" #lon "}"

static void finds_extents(void)
{
    static const char *const records[] = {
        "{\"where\":{\"line\":[" P(100000000, 100000000) "," P(200000000, 200000000) "]}}",
        "{\"where\":{\"polygon\":[" P(300000000, 300000000) "," P(300000000, 400000000) "," P(
            400000000, 400000000) "," P(400000000, 300000000) "]}}",
        "{\"where\":{\"line\":[" P(-100000000, 1790000000) "," P(-100000000, -1790000000) "]}}",
        "{\"where\":{\"cell\":" P(0, 0) ",\"radius_m\":10000}}",
        "{\"where\":{\"bearing\":{\"degrees\":90,\"from\":" P(-300000000, 0) ",\"least_m\":5000,\"most_m\":7000}}}",
        "{\"where\":{\"place\":\"castello\"}}",
        "{\"kind\":\"passage\",\"route\":{\"line\":[" P(500000000, 0) "," P(
            500000000, 10000000) "]},\"where\":{\"point\":" P(510000000, 0) "}}",
        "{\"kind\":\"claim\",\"event\":{\"where\":{\"cell\":" P(600000000, 0) "}}}",
    };
    struct index *index = index_of(records, COUNT_OF(records));
    CHECK_STRING(found(index, in_box(149999999, 150000000, 149999999, 150000000)), ""); /* one unit off the line */
    CHECK_STRING(found(index, in_box(150000000, 150000000, 150000000, 150000000)), "0 ");
    CHECK_STRING(found(index, in_box(100000000, 150000001, 150000000, 200000000)), ""); /* its bounds overlap, it not */
    CHECK_STRING(found(index, in_box(100000000, 150000000, 150000000, 200000000)), "0 ");
    CHECK_STRING(found(index, in_box(340000000, 340000000, 350000000, 350000000)), "1 "); /* wholly inside */
    CHECK_STRING(found(index, in_box(400000000, 400000000, 410000000, 410000000)), "1 ");
    CHECK_STRING(found(index, in_box(400000001, 400000000, 410000000, 410000000)), "");
    CHECK_STRING(found(index, in_box(200000000, 200000000, 500000000, 500000000)), "0 1 ");
    CHECK_STRING(found(index, in_box(-100000000, 1795000000, -100000000, 1796000000)), "2 ");
    CHECK_STRING(found(index, in_box(-100000000, -1796000000, -100000000, -1795000000)), "2 ");
    CHECK_STRING(found(index, in_box(-110000000, 1700000000, -90000000, -1700000000)), "2 ");
    CHECK_STRING(found(index, in_box(-110000000, 0, -90000000, 1780000000)), "");
    int64_t to_edge = geo_distance_mm((struct point){0, 0}, (struct point){0, 900000});
    CHECK(to_edge > 10000000);
    CHECK_STRING(found(index, in_box(-10, 900000, 10, 1000000)), "");
    CHECK_STRING(found(index, in_box(-10, 890000, 10, 1000000)), "3 ");
    CHECK_STRING(found(index, near(0, 900000, to_edge - 10000000 - 1)), "");
    CHECK_STRING(found(index, near(0, 900000, to_edge - 10000000)), "3 ");
    CHECK_STRING(found(index, near(-300000000, 0, 4990000)), "");
    CHECK_STRING(found(index, near(-300000000, 0, 5010000)), "4 ");
    CHECK_STRING(found(index, near(350000000, 350000000, 0)), "1 ");
    CHECK_STRING(found(index, near(-100000000, 1800000000, 0)), "2 ");
    CHECK_STRING(found(index, in_box(490000000, -10000000, 520000000, 20000000)), "6 "); /* two places, one entry */
    CHECK_STRING(found(index, in_box(600000000, 0, 600000000, 0)), "7 ");
    struct query with_term = in_box(-900000000, -1800000000, 900000000, 1800000000);
    CHECK_STRING(found(index, with_term), "0 1 2 3 4 6 7 ");
    with_term.text = S("castello");
    CHECK_STRING(found(index, with_term), "");
    index_close(&index);
}

/* A segment that passes through one corner of a box alone, and one that passes beside it, at each corner. */
static void segments_cut_corners(void)
{
    static const int32_t side[] = {-1, 1};
    const struct box box = {-1000, -1000, 1000, 1000};
    for (size_t i = 0; i < 4; i++) {
        int32_t north = side[i / 2], east = side[i % 2];
        for (int32_t reach = 1999; reach <= 2001; reach++) {
            const struct point ends[2] = {{north * reach, 0}, {0, east * reach}};
            const struct place line = {PLACE_LINE, 0, ends, 2};
            CHECK(place_in_box(&line, box) == (reach <= 2000));
        }
    }
}

/* A search that leads by text still asks for the place, points and extents alike. */
/* What was typed in one word and stands apart, and the other way round (spec/index.md, "Words"). */
static void words_are_found_however_they_are_spaced(void)
{
    static const char *const records[] = {
        "{\"kind\":\"report\",\"by\":\"un\",\"text\":{\"ar\":\"قال جونكيربي عن غراهامسميث\",\"original\":\"ar\"}}",
        "{\"kind\":\"report\",\"by\":\"un\",\"text\":{\"ar\":\"في الأمم المتحدة، 9 سبتمبر\",\"original\":\"ar\"}}",
        "{\"kind\":\"report\",\"by\":\"un\",\"text\":{\"ar\":\"الولاياتالمتحدة وموسكووواشنطن\",\"original\":\"ar\"}}",
        "{\"kind\":\"report\",\"by\":\"un\",\"text\":{\"en\":\"A cease-fire, the U.S. says\",\"original\":\"en\"}}",
        "{\"kind\":\"report\",\"by\":\"un\",\"text\":{\"ar\":\"استخدام اليمن عنوان\",\"original\":\"ar\"}}",
    };
    struct index *index = index_of(records, COUNT_OF(records));
    CHECK_STRING(found(index, (struct query){.text = S("جون كيربي")}), "0 ");
    CHECK_STRING(found(index, (struct query){.text = S("كيربي قال")}), "0 ");
    CHECK_STRING(found(index, (struct query){.text = S("غراهام سميث")}), "0 ");
    CHECK_STRING(found(index, (struct query){.text = S("سميث")}), "");
    CHECK_STRING(found(index, (struct query){.text = S("الأممالمتحدة")}), "1 ");
    CHECK_STRING(found(index, (struct query){.text = S("9سبتمبر")}), "1 ");
    CHECK_STRING(found(index, (struct query){.text = S("الولايات")}), "2 ");
    CHECK_STRING(found(index, (struct query){.text = S("المتحدة")}), "1 2 ");
    CHECK_STRING(found(index, (struct query){.text = S("واشنطن موسكو")}), "2 ");
    CHECK_STRING(found(index, (struct query){.text = S("ceasefire")}), "3 ");
    CHECK_STRING(found(index, (struct query){.text = S("cease fires")}), "3 ");
    CHECK_STRING(found(index, (struct query){.text = S("US")}), "3 ");
    CHECK_STRING(found(index, (struct query){.text = S("خدام")}), "");
    CHECK_STRING(found(index, (struct query){.text = S("إلى من")}), "");
    CHECK_STRING(found(index, (struct query){.text = S("اشنطن")}), "");
    index_close(&index);
}

static void many_words_are_refused(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct index *index = index_of(plain, COUNT_OF(plain));
    for (int i = 0; i < 64; i++) buffer_put_string(&text, "road الولاياتالمتحدة ");
    text.size /= 2;
    CHECK_STRING(found(index, (struct query){.text = buffer_slice(&text)}), "");
    buffer_put_string(&text, " road");
    CHECK_STRING(found(index, (struct query){.text = buffer_slice(&text)}), "index-words-many");
    index_close(&index);
}

static void place_and_words_go_together(void)
{
    static const char *const records[] = {
        "{\"text\":{\"en\":\"road\"},\"where\":{\"point\":" P(10, 10) "}}",
        "{\"text\":{\"en\":\"road\"},\"where\":{\"point\":" P(90, 90) "}}",
        "{\"text\":{\"en\":\"road\"},\"where\":{\"line\":[" P(0, 0) "," P(20, 20) "]}}",
        "{\"text\":{\"en\":\"river\"},\"where\":{\"point\":" P(10, 10) "}}",
        "{\"text\":{\"en\":\"road\"}}",
    };
    struct index *index = index_of(records, COUNT_OF(records));
    struct query query = in_box(5, 5, 15, 15);
    query.text = S("road");
    CHECK_STRING(found(index, query), "0 2 ");
    query.limit = 1;
    CHECK_STRING(found(index, query), "0 ");
    index_close(&index);
}

/* ---- many entries: pages follow each other, whatever the way */

static void long_answers_are_whole(void)
{
    struct index *index = NULL;
    struct error error = {0};
    CHECK(index_open(&index, ":memory:", &error) == STATUS_DONE);
    index->hits_most = 7; /* as if memory were that short */
    begin(index);
    for (int i = 0; i < 600; i++) {
        char json[300];
        snprintf(json, sizeof json,
                 "{\"kind\":\"report\",\"by\":\"un\",\"at\":\"2016-09-%02dT00:00:00Z\",\"term\":\"t\",\"n\":%d,"
                 "\"where\":{\"point\":{\"lat_e7\":%d,\"lon_e7\":%d}},\"text\":{\"en\":\"word\"}}",
                 1 + i % 20, i, i * 7919 % 400000, i * 104729 % 400000);
        add(index, json, false);
    }
    commit(index);
    OWN(buffer_clear) struct buffer all = {0};
    for (int i = 0; i < 600; i++) buffer_print(&all, "%d ", i);
    buffer_put_byte(&all, 0);
    const struct query ways[] = {
        {.limit = 0},
        {.kind = S("report")},
        {.by = S("un")},
        {.term = S("t")},
        {.text = S("word")},
        in_box(0, 0, 400000, 400000),
        near(200000, 200000, 5000000),
        {.has_from = true, .has_to = true, .from = at("2016-09-01T00:00:00Z"), .to = at("2016-09-20T00:00:00Z")}};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        CHECK_STRING(found(index, ways[i]), (const char *)all.data);
        struct query page = ways[i];
        page.after = 590;
        page.limit = 4;
        CHECK_STRING(found(index, page), "590 591 592 593 ");
        page.known = 592;
        CHECK_STRING(found(index, page), "590 591 ");
    }
    index_close(&index);
}

struct nested {
    struct index *index;
    unsigned seen;
};

static enum status look_inside(void *context, uint64_t entry, struct error *error)
{
    struct nested *nested = context;
    bool is_void = true;
    struct query query = {.kind = S("report"), .known = UINT64_MAX};
    struct buffer inner = {0};
    nested->seen++;
    enum status status = index_is_void(nested->index, entry, &is_void, error);
    if (status == STATUS_DONE) status = index_find(nested->index, &query, note_entry, &inner, error);
    CHECK(!is_void && inner.size == 2);
    buffer_clear(&inner);
    return status;
}

static enum status stop(void *context, uint64_t entry, struct error *error)
{
    *(uint64_t *)context = entry;
    return error_set(error, STATUS_USAGE, "enough", "Enough.", NULL);
}

static void visitors_may_use_the_index_and_may_stop(void)
{
    struct index *index = index_of(plain, COUNT_OF(plain));
    struct nested nested = {index, 0};
    struct error error = {0};
    struct query query = {.known = UINT64_MAX, .kind = S("report")};
    CHECK(index_find(index, &query, look_inside, &nested, &error) == STATUS_DONE);
    CHECK_INT(nested.seen, 1);
    uint64_t entry = 99;
    query.kind = (struct slice){0};
    CHECK(index_find(index, &query, stop, &entry, &error) == STATUS_USAGE);
    CHECK_INT(entry, 0);
    index_close(&index);
}

static void kinds_are_walked_together(void)
{
    struct index *index = NULL;
    struct error error = {0};
    OWN(buffer_clear) struct buffer got = {0};
    OWN(buffer_clear) struct buffer wanted = {0};
    CHECK(index_open(&index, ":memory:", &error) == STATUS_DONE);
    begin(index);
    for (int i = 0; i < 900; i++) {
        char json[64];
        snprintf(json, sizeof json, "{\"kind\":\"%s\",\"n\":%d}",
                 i % 3 == 0   ? "notice"
                 : i % 3 == 1 ? "report"
                              : "answer",
                 i);
        add(index, json, i == 8);
        if (i % 3 != 1 && i >= 2 && i < 880) buffer_print(&wanted, "%d ", i);
    }
    commit(index);
    static const char *const kinds[] = {"answer", "notice", "vouch", NULL};
    CHECK(index_walk_kinds(index, kinds, 2, 880, note_entry, &got, &error) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&got), buffer_slice(&wanted)));
    index_close(&index);
}

/* ---- one thing by its name */

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void chains_rows_and_days_leave_void_entries_out(void)
{
    struct index *index = index_of(NULL, 0);
    struct error error = {0};
    begin(index);
    add(index, "{\"by\":\"un\",\"seq\":0,\"source\":{\"name\":\"s\",\"row\":\"7\",\"sha256\":\"" A64 "\"}}", false);
    add(index, "{\"by\":\"un\",\"seq\":5}", false);
    add(index, "{\"by\":\"un\",\"seq\":3}", false);
    add(index, "{\"by\":\"un\",\"seq\":5,\"other\":1}", false);
    add(index, "{\"by\":\"un\",\"seq\":9,\"source\":{\"name\":\"s\",\"row\":\"7\",\"sha256\":\"" B64 "\"}}", true);
    add(index, "{\"by\":\"un\",\"key_number\":2,\"seq\":1}", false);
    commit(index);
    bool is, is_void;
    int64_t seq = -1;
    uint64_t entry = 99, count;
    struct record_id id;
    struct hash row, a;
    CHECK(index_find_head(index, S("un"), 1, &is, &seq, &id, &error) == STATUS_DONE && is);
    CHECK_INT(seq, 5);
    struct hash first = hash_of(slice_from("{\"by\":\"un\",\"seq\":5}")); /* of two with one seq the first stays */
    CHECK(hash_equal(&id.hash, &first));
    CHECK(index_find_head(index, S("un"), 2, &is, &seq, &id, &error) == STATUS_DONE && is && seq == 1);
    CHECK(index_find_head(index, S("un"), 3, &is, &seq, &id, &error) == STATUS_DONE && !is);
    CHECK(index_find_source(index, S("un"), S("s"), S("7"), &is, &entry, &id, &row, &error) == STATUS_DONE && is);
    CHECK(hash_parse(&a, slice_from(A64)) && hash_equal(&a, &row) && entry == 0);
    CHECK(index_find_source(index, S("ru"), S("s"), S("7"), &is, &entry, &id, &row, &error) == STATUS_DONE && !is);
    CHECK(index_count_day(index, S("un"), 100, &count, &error) == STATUS_DONE);
    CHECK_INT(count, 5);
    CHECK(index_count_day(index, S("un"), 99, &count, &error) == STATUS_DONE && count == 0);
    CHECK(index_is_void(index, 4, &is_void, &error) == STATUS_DONE && is_void);
    CHECK(index_is_void(index, 3, &is_void, &error) == STATUS_DONE && !is_void);
    CHECK(index_is_void(index, 6, &is_void, &error) == STATUS_USAGE);
    CHECK_STRING(found(index, (struct query){.by = S("un")}), "0 1 2 3 5 ");
    CHECK_STRING(found(index, (struct query){.by = S("un"), .with_void = true}), "0 1 2 3 4 5 ");
    index_close(&index);
}

static void what_is_no_record_is_void_and_found_by_nothing(void)
{
    struct index *index = index_of(plain, 2);
    struct error error = {0};
    bool is_void = false;
    begin(index);
    CHECK(index_add(index, 2, 0, NULL, true, &error) == STATUS_DONE);
    CHECK(index_is_void(index, 2, &is_void, &error) == STATUS_DONE && is_void); /* before the commit, too */
    add(index, plain[2], false);
    commit(index);
    CHECK(index_is_void(index, 2, &is_void, &error) == STATUS_DONE && is_void);
    CHECK(index_is_void(index, 3, &is_void, &error) == STATUS_DONE && !is_void);
    CHECK(index_is_void(index, 4, &is_void, &error) == STATUS_USAGE);
    CHECK_STRING(found(index, (struct query){.with_void = true}), "0 1 3 ");
    index_close(&index);
}

static void a_changed_row_is_the_newest(void)
{
    struct index *index = index_of(NULL, 0);
    struct error error = {0};
    begin(index);
    add(index, "{\"source\":{\"name\":\"s\",\"row\":\"7\",\"sha256\":\"" A64 "\"}}", false);
    add(index, "{\"source\":{\"name\":\"s\",\"row\":\"7\",\"sha256\":\"" B64 "\"}}", false);
    commit(index);
    bool is;
    uint64_t entry;
    struct record_id id;
    struct hash row, b;
    CHECK(index_find_source(index, S("monitor"), S("s"), S("7"), &is, &entry, &id, &row, &error) == STATUS_DONE && is);
    CHECK(hash_parse(&b, slice_from(B64)) && hash_equal(&b, &row) && entry == 1);
    index_close(&index);
}

static void ids_are_found_whole_and_by_their_beginning(void)
{
    struct index *index = index_of(NULL, 0);
    struct error error = {0};
    begin(index);
    add(index, plain[0], true); /* slipped in before it was admitted, then admitted */
    add(index, plain[1], false);
    add(index, plain[0], false);
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    struct record near_twin = made_record(&arena, plain[2]);
    near_twin.id.hash = hash_of(slice_from(plain[1]));
    near_twin.id.hash.bytes[31] ^= 1;
    CHECK(index_add(index, 3, 0, &near_twin, false, &error) == STATUS_DONE);
    commit(index);
    bool is, is_void = true;
    uint64_t entry = 99;
    char hex[HASH_HEX_SIZE];
    struct record_id id = {hash_of(slice_from(plain[0]))};
    hash_format(&id.hash, hex);
    CHECK(index_find_id(index, &id, &is, &entry, &is_void, &error) == STATUS_DONE && is && entry == 2);
    CHECK(!is_void);
    for (size_t size = 8; size <= 64; size++)
        CHECK(index_find_prefix(index, slice_of(hex, size), &is, &entry, &is_void, &error) == STATUS_DONE && is &&
              entry == 2);
    hash_format(&near_twin.id.hash, hex);
    CHECK(index_find_prefix(index, slice_of(hex, 63), &is, &entry, &is_void, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "index-ambiguous");
    CHECK(index_find_prefix(index, slice_of(hex, 64), &is, &entry, &is_void, &error) == STATUS_DONE && is &&
          entry == 3);
    CHECK(index_find_prefix(index, S("00000000"), &is, &entry, &is_void, &error) == STATUS_DONE && !is);
    static const char *const bad[] = {"", "1234567", "0000000G", "ABCDEF01", A64 "a"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(index_find_prefix(index, slice_from(bad[i]), &is, &entry, &is_void, &error) == STATUS_USAGE);
    id.hash.bytes[0] ^= 1;
    CHECK(index_find_id(index, &id, &is, &entry, &is_void, &error) == STATUS_DONE && !is);
    arena_clear(&arena);
    index_close(&index);
}

static void references_are_found(void)
{
    static const char *const records[] = {
        "{\"of\":\"" A64 "\"}", "{\"about\":[\"" A64 "\",\"" B64 "\"],\"replaces\":\"" A64 "\"}",
        "{\"agreement\":\"" B64 "\"}", "{\"agreement\":\"a-2016\",\"of\":\"00c0ffee\"}"};
    struct index *index = index_of(records, COUNT_OF(records));
    struct error error = {0};
    struct record_id a;
    OWN(buffer_clear) struct buffer out = {0};
    CHECK(hash_parse(&a.hash, slice_from(A64)));
    CHECK(index_find_references(index, &a, 0, 0, note_entry, &out, &error) == STATUS_DONE);
    buffer_put_byte(&out, ';');
    CHECK(index_find_references(index, &a, 1, 0, note_entry, &out, &error) == STATUS_DONE);
    buffer_put_byte(&out, ';');
    CHECK(index_find_references(index, &a, 0, 1, note_entry, &out, &error) == STATUS_DONE);
    CHECK(hash_parse(&a.hash, slice_from(B64)));
    buffer_put_byte(&out, ';');
    CHECK(index_find_references(index, &a, 0, 0, note_entry, &out, &error) == STATUS_DONE);
    buffer_put_byte(&out, 0);
    CHECK_STRING((const char *)out.data, "0 1 ;1 ;0 ;1 2 ");
    index_close(&index);
}

/* ---- the file: order, transactions, bad luck */

static void fill(int count)
{
    struct index *index = opened();
    begin(index);
    for (int i = 0; i < count; i++) {
        char json[200];
        snprintf(json, sizeof json,
                 "{\"n\":%d,\"text\":{\"en\":\"word number %d\"},\"where\":{\"point\":{\"lat_e7\":%d,\"lon_e7\":5}}}",
                 (int)index->applied, i, i);
        add(index, json, false);
    }
    commit(index);
    index_close(&index);
}

static uint64_t applied(struct index *index)
{
    struct error error = {0};
    struct hash root;
    uint64_t size = 0;
    CHECK(index_applied(index, &size, &root, &error) == STATUS_DONE);
    return size;
}

static void entries_come_in_order(void)
{
    struct index *index = index_of(plain, 3);
    struct error error = {0};
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    struct record record = made_record(&arena, plain[3]);
    CHECK(index_add(index, 3, 0, &record, false, &error) == STATUS_USAGE); /* no transaction */
    begin(index);
    CHECK(index_add(index, 4, 0, &record, false, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "index-order");
    CHECK(index_add(index, 1, 0, &record, false, &error) == STATUS_DONE); /* already there: nothing happens */
    CHECK(index_add(index, 3, 0, &record, false, &error) == STATUS_DONE);
    index_rollback(index);
    CHECK_INT(applied(index), 3);
    CHECK_STRING(found(index, (struct query){0}), "0 1 2 ");
    begin(index);
    CHECK(index_add(index, 3, 0, &record, false, &error) == STATUS_DONE);
    commit(index);
    struct hash root, wanted = hash_of(slice_from("root"));
    uint64_t size;
    CHECK(index_applied(index, &size, &root, &error) == STATUS_DONE);
    CHECK(size == 4 && hash_equal(&root, &wanted));
    arena_clear(&arena);
    index_close(&index);
}

static void an_open_transaction_dies_with_its_process(void)
{
    new_folder();
    fill(3);
    struct index *index = opened();
    begin(index);
    add(index, plain[0], false);
    index_close(&index);
    index = opened();
    CHECK_INT(applied(index), 3);
    index_close(&index);
    remove_folder();
}

/* Opens for writing and for reading: both say this. */
static void both_say(const char *code)
{
    struct index *index = NULL;
    struct error error = {0};
    CHECK(index_open(&index, path, &error) == STATUS_FAILED && index == NULL);
    CHECK_STRING(error.code, code);
    CHECK(index_open_read_only(&index, path, &error) == STATUS_FAILED && index == NULL);
    CHECK_STRING(error.code, code);
}

static void write_file(const void *data, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0 && write(file, data, size) == (ssize_t)size && close(file) == 0);
}

static void run_sql(const char *sql)
{
    sqlite3 *database = NULL;
    CHECK(sqlite3_open(path, &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(database);
}

static void foreign_files_are_not_taken_for_an_index(void)
{
    new_folder();
    struct index *index = NULL;
    struct error error = {0};
    CHECK(index_open_read_only(&index, path, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "index-absent");
    uint8_t garbage[20000];
    memset(garbage, 0x5a, sizeof garbage);
    write_file(garbage, sizeof garbage);
    both_say("index-damaged");
    unlink(path);
    run_sql("CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)");
    both_say("index-damaged");
    run_sql("SELECT count(*) FROM theirs"); /* and nothing was done to it */
    unlink(path);
    fill(2);
    run_sql("DROP TABLE state");
    both_say("index-damaged");
    remove_folder();
}

static void other_versions_are_named(void)
{
    new_folder();
    fill(2);
    run_sql("PRAGMA user_version=99");
    both_say("index-newer");
    run_sql("PRAGMA user_version=0");
    both_say("index-damaged");
    remove_folder();
}

static void an_empty_file_becomes_an_index(void)
{
    new_folder();
    write_file("", 0);
    fill(2);
    struct index *index = opened();
    CHECK_INT(applied(index), 2);
    index_close(&index);
    remove_folder();
}

static void a_file_cut_short_is_noticed(void)
{
    new_folder();
    fill(400);
    struct stat whole;
    CHECK(stat(path, &whole) == 0);
    static const int parts[] = {1, 4, 10, 20, 50, 90, 99};
    for (size_t i = COUNT_OF(parts); i-- > 0;) {
        CHECK(truncate(path, whole.st_size * parts[i] / 100) == 0);
        both_say("index-damaged");
    }
    CHECK(truncate(path, 0) == 0); /* nothing is left: begun anew without asking */
    struct index *index = opened();
    CHECK_INT(applied(index), 0);
    index_close(&index);
    struct error error = {0};
    CHECK(index_remove(path, &error) == STATUS_DONE);
    fill(400); /* deleted and built anew */
    struct stat again;
    CHECK(stat(path, &again) == 0 && again.st_size == whole.st_size);
    remove_folder();
}

/* A process that is killed leaves the -wal: copied while the writer is open. */
static void copy_file(const char *ending, const char *to)
{
    char from_path[200], to_path[200], block[4096];
    snprintf(from_path, sizeof from_path, "%s%s", path, ending);
    snprintf(to_path, sizeof to_path, "%s%s", to, ending);
    int from = open(from_path, O_RDONLY), into = open(to_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ssize_t size;
    CHECK(from >= 0 && into >= 0);
    while ((size = read(from, block, sizeof block)) > 0) CHECK(write(into, block, (size_t)size) == size);
    close(from);
    close(into);
}

static void a_lost_or_torn_wal_loses_the_newest_alone(void)
{
    new_folder();
    fill(50);
    char first[128], copy[128], wal[160];
    snprintf(first, sizeof first, "%s", path);
    snprintf(copy, sizeof copy, "%s/copy", folder);
    snprintf(wal, sizeof wal, "%s-wal", copy);
    struct index *writer = opened();
    begin(writer);
    add(writer, plain[0], false);
    commit(writer);
    struct stat whole;
    for (int lost = 0; lost <= 3; lost++) {
        copy_file("", copy);
        copy_file("-wal", copy);
        CHECK(stat(wal, &whole) == 0 && whole.st_size > 0);
        if (lost == 3) unlink(wal);
        if (lost == 1 || lost == 2) CHECK(truncate(wal, whole.st_size - (lost == 1 ? 1 : whole.st_size / 2)) == 0);
        snprintf(path, sizeof path, "%s", copy);
        struct index *index = opened();
        CHECK_INT(applied(index), lost == 0 ? 51 : 50);
        CHECK_STRING(found(index, (struct query){.text = S("castello")}), lost == 0 ? "50 " : "");
        index_close(&index);
        struct error error = {0};
        CHECK(index_remove(path, &error) == STATUS_DONE);
        snprintf(path, sizeof path, "%s", first);
    }
    index_close(&writer);
    remove_folder();
}

static void readers_work_beside_a_writer(void)
{
    new_folder();
    fill(3);
    struct index *writer = opened(), *reader = NULL;
    struct error error = {0};
    begin(writer);
    add(writer, plain[0], false);
    CHECK(index_open_read_only(&reader, path, &error) == STATUS_DONE);
    CHECK_INT(applied(reader), 3);
    commit(writer);
    CHECK_INT(applied(reader), 4);
    CHECK(index_begin(reader, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "index-read-only");
    struct index *second = opened();
    sqlite3_busy_timeout(second->database, 50);
    begin(writer);
    CHECK(index_begin(second, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "index-busy");
    index_rollback(writer);
    CHECK(index_begin(second, &error) == STATUS_DONE);
    index_rollback(second);
    index_close(&second);
    index_close(&reader);
    index_close(&writer);
    remove_folder();
}

static void a_full_disk_takes_the_group_back(void)
{
    new_folder();
    fill(3);
    struct index *index = opened();
    struct error error = {0};
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    CHECK(sqlite3_exec(index->database, "PRAGMA max_page_count=1", NULL, NULL, NULL) ==
          SQLITE_OK); /* what it has now */
    begin(index);
    enum status status = STATUS_DONE;
    for (uint64_t i = 3; i < 2000 && status == STATUS_DONE; i++) {
        struct record record = made_record(&arena, plain[i % COUNT_OF(plain)]);
        status = index_add(index, i, 0, &record, false, &error);
        arena_reset(&arena);
    }
    CHECK(status == STATUS_FAILED);
    CHECK_STRING(error.code, "index-full");
    struct hash root = {{0}};
    CHECK(index_commit(index, &root, &error) == STATUS_USAGE); /* half an entry is never kept */
    CHECK_INT(applied(index), 3);
    CHECK(sqlite3_exec(index->database, "PRAGMA max_page_count=100000", NULL, NULL, NULL) == SQLITE_OK);
    begin(index);
    add(index, plain[0], false);
    commit(index);
    CHECK_STRING(found(index, (struct query){0}), "0 1 2 3 ");
    arena_clear(&arena);
    index_close(&index);
    remove_folder();
}

/* ---- several processes, and one that is killed */

enum { TOGETHER = 400 };

/* As the register does it: see how far the index is, then add what is missing, a few entries a group. */
static void apply_pending(struct index *index, uint64_t to, uint64_t group)
{
    struct error error = {0};
    struct arena arena;
    struct hash root = hash_of(slice_from("root"));
    arena_init(&arena, 1024 * 1024);
    for (uint64_t size = applied(index); size < to; size = applied(index)) {
        begin(index);
        for (uint64_t i = size; i < to && i < size + group; i++) {
            char json[128];
            snprintf(json, sizeof json, "{\"n\":%d,\"seq\":%d,\"text\":{\"en\":\"entry number %d\"}}", (int)i, (int)i,
                     (int)i % 50);
            struct record record = made_record(&arena, json);
            CHECK(index_add(index, i, 0, &record, false, &error) == STATUS_DONE);
            arena_reset(&arena);
        }
        if (!CHECK(index_commit(index, &root, &error) == STATUS_DONE)) break;
    }
    arena_clear(&arena);
}

static pid_t start_applying(uint64_t group)
{
    pid_t child = fork();
    if (child != 0) return child;
    struct index *index = opened();
    apply_pending(index, TOGETHER, group);
    index_close(&index);
    _exit(check_failed == 0 ? 0 : 1);
}

/* Whatever happened before: brought to the end, it equals one made in one go. */
static void check_equals_one_go(void)
{
    OWN(buffer_clear) struct buffer one = {0};
    OWN(buffer_clear) struct buffer other = {0};
    struct index *index = opened(), *fresh = index_of(NULL, 0);
    struct error error = {0};
    apply_pending(index, TOGETHER, 7);
    apply_pending(fresh, TOGETHER, TOGETHER);
    CHECK(index_dump(index, &one, &error) == STATUS_DONE && index_dump(fresh, &other, &error) == STATUS_DONE);
    CHECK(one.size > 1000 && slice_equal(buffer_slice(&one), buffer_slice(&other)));
    index_close(&fresh);
    index_close(&index);
}

static void processes_apply_together(void)
{
    new_folder();
    pid_t children[3];
    for (size_t i = 0; i < COUNT_OF(children); i++) children[i] = start_applying(3 + i);
    for (size_t i = 0; i < COUNT_OF(children); i++) {
        int result = -1;
        CHECK(waitpid(children[i], &result, 0) == children[i] && result == 0);
    }
    struct index *index = opened();
    CHECK_INT(applied(index), TOGETHER);
    index_close(&index);
    check_equals_one_go();
    remove_folder();
}

static void a_killed_process_leaves_whole_groups(void)
{
    for (int round = 0; round < 6; round++) {
        new_folder();
        pid_t child = start_applying(5);
        usleep((useconds_t)(2000 + round * 9000));
        CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
        struct index *index = opened();
        CHECK(applied(index) % 5 == 0);
        index_close(&index);
        check_equals_one_go();
        remove_folder();
    }
}

/* As another user, for root may write anywhere. */
static void a_read_only_folder_can_be_read(void)
{
    new_folder();
    char odd[128];
    snprintf(odd, sizeof odd, "%s/100%%?#.sqlite", folder);
    snprintf(path, sizeof path, "%s", odd);
    fill(3);
    CHECK(chmod(path, 0444) == 0 && chmod(folder, 0555) == 0);
    bool root = geteuid() == 0;
    if (root) CHECK(seteuid(65534) == 0);
    struct index *index = NULL;
    struct error error = {0};
    if (CHECK(index_open_read_only(&index, path, &error) == STATUS_DONE)) {
        CHECK_STRING(found(index, (struct query){.text = S("number"), .limit = 2}), "0 1 ");
        index_close(&index);
    }
    CHECK(index_open(&index, path, &error) == STATUS_FAILED);
    if (root) CHECK(seteuid(0) == 0);
    CHECK(chmod(folder, 0755) == 0);
    remove_folder();
}

static void dump(struct index *index, struct buffer *out)
{
    struct error error = {0};
    buffer_reset(out);
    CHECK(index_dump(index, out, &error) == STATUS_DONE);
}

static void the_dump_shows_every_difference(void)
{
    OWN(buffer_clear) struct buffer one = {0};
    OWN(buffer_clear) struct buffer other = {0};
    struct index *index = index_of(plain, COUNT_OF(plain));
    dump(index, &one);
    index_close(&index);
    index = index_of(plain, COUNT_OF(plain));
    dump(index, &other);
    CHECK(slice_equal(buffer_slice(&one), buffer_slice(&other)));
    static const char *const changes[] = {"UPDATE state SET root=x'00'",
                                          "UPDATE entry SET time_to=time_to+1 WHERE entry=2",
                                          "DELETE FROM term WHERE entry=3",
                                          "INSERT INTO words(rowid,folded) VALUES(900,'added')",
                                          "INSERT INTO point VALUES(1,2,3,4)",
                                          "DELETE FROM day",
                                          "INSERT INTO extent_box VALUES(7,1,2,3,4)",
                                          "INSERT INTO reference VALUES(x'00',1,'of')"};
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        CHECK(sqlite3_exec(index->database, changes[i], NULL, NULL, NULL) == SQLITE_OK);
        dump(index, &one);
        CHECK(!slice_equal(buffer_slice(&one), buffer_slice(&other)));
        dump(index, &other);
    }
    index_close(&index);
}

TESTS(finds_by_kind_and_author, finds_by_time, finds_by_term, finds_by_words, finds_points_in_boxes,
      finds_points_by_distance, finds_extents, segments_cut_corners, place_and_words_go_together,
      words_are_found_however_they_are_spaced, many_words_are_refused, long_answers_are_whole,
      visitors_may_use_the_index_and_may_stop, kinds_are_walked_together, chains_rows_and_days_leave_void_entries_out,
      what_is_no_record_is_void_and_found_by_nothing, a_changed_row_is_the_newest,
      ids_are_found_whole_and_by_their_beginning, references_are_found, entries_come_in_order,
      an_open_transaction_dies_with_its_process, foreign_files_are_not_taken_for_an_index, other_versions_are_named,
      an_empty_file_becomes_an_index, a_file_cut_short_is_noticed, a_lost_or_torn_wal_loses_the_newest_alone,
      readers_work_beside_a_writer, a_full_disk_takes_the_group_back, processes_apply_together,
      a_killed_process_leaves_whole_groups, a_read_only_folder_can_be_read, the_dump_shows_every_difference)
