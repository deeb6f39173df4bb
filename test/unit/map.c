/* The map: what is drawn of a worked case, and that nobody's way is drawn before it is over. */
#include "check.h"
#include "json/json.h"
#include "scratch.h"
#include "truce.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct truce_error error;
static struct arena arena;

static bool done(enum truce_status status)
{
    if (status != TRUCE_DONE) fprintf(stderr, "    %s: %s (%s)\n", error.code, error.message, error.pointer);
    return CHECK(status == TRUCE_DONE);
}

static const struct json *drawn(struct truce_register *reg, const struct truce_query *query,
                                const struct truce_moment *moment)
{
    struct truce_buffer answer = {0};
    const struct json *tree = NULL;
    if (done(truce_map(reg, query, moment, &answer, &error))) {
        struct slice copy = arena_copy(&arena, slice_of(answer.data, answer.size));
        CHECK(json_read(&tree, copy, JSON_CANONICAL, &arena, NULL) == STATUS_DONE);
    }
    truce_free(&answer);
    return tree;
}

static const struct json *items(const struct json *list)
{
    return list == NULL ? NULL : list->first;
}

/* Of a kind, how many; or of any (NULL). */
static size_t count_of(const struct json *map, const char *kind)
{
    size_t count = 0;
    for (const struct json *r = items(json_find(map, "records")); r != NULL; r = r->next)
        count += kind == NULL || slice_is(json_find_string(r, "kind"), kind);
    return count;
}

static const struct json *first_with(const struct json *map, const char *key, const char *value)
{
    for (const struct json *r = items(json_find(map, "records")); r != NULL; r = r->next)
        if (slice_is(json_find_string(r, key), value)) return r;
    return NULL;
}

static const struct json *distance_of(const struct json *record)
{
    return items(json_find(record, "distances"));
}

/* ---- a worked case */

static struct truce_moment asked_for(int64_t as_of)
{
    return (struct truce_moment){.has_as_of = true, .as_of = as_of};
}
enum { SEPTEMBER_18 = 1474156800, SEPTEMBER_14 = 1473811200 };

static void lines_have_the_terms_distances(const struct json *map)
{
    const struct json *line = items(json_find(map, "lines")), *bands = json_find(line, "bands");
    CHECK(slice_is(json_find_string(line, "place"), "castello-road"));
    CHECK(slice_is(json_find_string(line, "left"), "north"));
    CHECK(line != NULL && line->next == NULL);
    static const struct {
        int64_t m;
        const char *side, *term;
    } known[] = {{500, "both", NULL},
                 {500, "right", "government-personnel"},
                 {500, "left", "opposition-personnel"},
                 {1000, "left", "government-personnel"},
                 {1000, "right", "opposition-personnel"},
                 {2500, "left", "government-equipment"},
                 {2500, "right", "opposition-equipment"},
                 {3500, "left", "government-heavy"},
                 {3500, "right", "opposition-heavy"}};
    const struct json *band = items(bands);
    for (size_t i = 0; i < COUNT_OF(known) && CHECK(band != NULL); i++, band = band->next) {
        CHECK_INT(json_find_integer(band, "m", 0), known[i].m);
        CHECK(slice_is(json_find_string(band, "side"), known[i].side));
        const struct json *term = items(json_find(band, "terms"));
        CHECK((term != NULL) == (known[i].term != NULL));
        CHECK(term == NULL || slice_is(term->string, known[i].term));
    }
}

static void records_have_distances(const struct json *map)
{
    const struct json *presence = NULL, *named = first_with(map, "place", "castello-road");
    for (const struct json *r = items(json_find(map, "records")); r != NULL && presence == NULL; r = r->next)
        if (slice_is(json_find_string(r, "act"), "presence") && json_find(r, "place") == NULL) presence = r;
    const struct json *far = distance_of(presence);
    CHECK_INT(json_find_integer(far, "at_m", 0), 1536);
    CHECK_INT(json_find_integer(far, "least_m", 0), 1236);
    CHECK_INT(json_find_integer(far, "most_m", 0), 1837);
    CHECK(slice_is(json_find_string(far, "side"), "left"));
    CHECK_INT(json_find_integer(distance_of(named), "most_m", -1), 0);
}

static void filters_know_names(struct truce_register *reg, const struct truce_moment *moment)
{
    struct truce_query near = {.has_near = true, .lat_e7 = 362383000, .lon_e7 = 371350000, .within_m = 2000};
    const struct json *map = drawn(reg, &near, moment);
    CHECK(first_with(map, "place", "castello-road") != NULL); /* it goes by a name alone */
    CHECK(first_with(map, "place", "deir-ez-zor-hill") == NULL);
    CHECK(count_of(map, "notice") == 0); /* has no place that would be told */
    struct truce_query box = {
        .has_box = true, .west_e7 = 400000000, .south_e7 = 350000000, .east_e7 = 402000000, .north_e7 = 354000000};
    map = drawn(reg, &box, moment);
    CHECK(first_with(map, "place", "deir-ez-zor-hill") != NULL && first_with(map, "place", "castello-road") == NULL);
    struct truce_query wrong = {.has_near = true, .within_m = -1}, kind = {.kind = "site"};
    struct truce_buffer answer = {0};
    CHECK(truce_map(reg, &wrong, moment, &answer, &error) == TRUCE_USAGE);
    CHECK_STRING(error.code, "find-distance");
    map = drawn(reg, &kind, moment);
    CHECK(count_of(map, "site") > 0 && count_of(map, "site") == count_of(map, NULL));
}

static bool lasts(const struct json *record)
{
    struct slice kind = json_find_string(record, "kind");
    return slice_is(kind, "site") || slice_is(kind, "area");
}

/* Of too many, those that last and then those that came last, in the order of the log. */
static void the_last_are_drawn(struct truce_register *reg, const struct truce_moment *moment)
{
    enum { MOST = 40 };
    const struct truce_query all = {.kind = NULL}, few = {.limit = MOST}, site = {.kind = "site", .limit = 1};
    const struct json *whole = drawn(reg, &all, moment), *last = drawn(reg, &few, moment);
    CHECK(json_find(whole, "truncated") == NULL && json_find_bool(last, "truncated"));
    CHECK_INT((int64_t)count_of(last, NULL), MOST);
    CHECK(count_of(whole, "site") + count_of(whole, "area") > 0);
    CHECK(count_of(last, "site") == count_of(whole, "site") && count_of(last, "area") == count_of(whole, "area"));
    size_t skipped = count_of(whole, NULL) - MOST;
    const struct json *other = items(json_find(last, "records"));
    for (const struct json *r = items(json_find(whole, "records")); r != NULL; r = r->next) {
        if (!lasts(r) && skipped > 0) {
            skipped--;
            continue;
        }
        CHECK(slice_equal(json_find_string(r, "id"), json_find_string(other, "id")));
        other = other == NULL ? NULL : other->next;
    }
    CHECK(other == NULL);
    CHECK_INT((int64_t)count_of(drawn(reg, &site, moment), NULL), 1);
}

static void a_case(void)
{
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    struct truce_query all = {.kind = NULL};
    char directory[600], *folder = scratch("map");
    snprintf(directory, sizeof directory, "%s/syria", folder);
    done(truce_case_load("syria-2016", directory, &answer, &error));
    truce_free(&answer);
    if (!done(truce_open(&reg, directory, TRUCE_READ, &error))) return;
    const struct truce_moment later = asked_for(SEPTEMBER_18), earlier = asked_for(SEPTEMBER_14);
    const struct json *map = drawn(reg, &all, &later), *before = drawn(reg, &all, &earlier);
    lines_have_the_terms_distances(map);
    records_have_distances(map);
    filters_know_names(reg, &later);
    the_last_are_drawn(reg, &later);
    CHECK(count_of(before, "report") > 0 && count_of(before, "report") < count_of(map, "report"));
    CHECK(json_find_integer(json_find(map, "around"), "north_e7", 0) > 362400000);
    for (const struct json *r = items(json_find(map, "records")); r != NULL; r = r->next)
        if (slice_is(json_find_string(r, "kind"), "notice"))
            CHECK(items(json_find(r, "shapes")) == NULL && json_find(r, "place") == NULL);
    (void)!truce_close(&reg, NULL);
    scratch_remove(folder);
}

/* A part of an agreement measures from a line: the agreement does. */
static void parts_are_of_their_agreement(void)
{
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    struct truce_query all = {.kind = NULL};
    char directory[600], *folder = scratch("map-parts");
    snprintf(directory, sizeof directory, "%s/minsk", folder);
    done(truce_case_load("minsk-2015", directory, &answer, &error));
    truce_free(&answer);
    if (!done(truce_open(&reg, directory, TRUCE_READ, &error))) return;
    const struct json *map = drawn(reg, &all, &(struct truce_moment){.has_as_of = false});
    const struct json *line = items(json_find(map, "lines")), *place = items(json_find(map, "places"));
    CHECK(slice_is(json_find_string(line, "place"), "line-of-2014"));
    CHECK(slice_is(json_find_string(line, "left"), "north-west"));
    CHECK_INT(json_find_integer(items(json_find(line, "bands")), "m", 0), 25000);
    for (; place != NULL; place = place->next)
        CHECK(slice_equal(json_find_string(place, "agreement"), json_find_string(line, "agreement")));
    (void)!truce_close(&reg, NULL);
    scratch_remove(folder);
}

/* ---- a register that is no exercise */

static int ignore(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)context;
    if (!CHECK(status == TRUCE_DONE)) fprintf(stderr, "    %.*s\n", (int)size, line);
    return 0;
}

static void say(struct truce_register *reg, const struct truce_key *key, const char *kind, const char *object)
{
    struct truce_buffer note = {0};
    if (!done(truce_write(reg, key, kind, object, strlen(object), &note, &error))) return;
    done(truce_submit(reg, note.data, note.size, ignore, NULL, &error));
    truce_free(&note);
}

static const char *utc(time_t at)
{
    static char text[4][32];
    static unsigned next;
    char *out = text[next++ % 4];
    strftime(out, sizeof text[0], "%Y-%m-%dT%H:%M:%SZ", gmtime(&at));
    return out;
}

static void watch(struct truce_register *reg, const struct truce_key *key, time_t from, time_t to)
{
    char object[512];
    snprintf(object, sizeof object,
             "{\"how\":\"patrol\",\"when\":{\"from\":\"%s\",\"to\":\"%s\"},\"where\":{\"point\":{\"lat_e7\":362000000,"
             "\"lon_e7\":371000000},\"radius_m\":500}}",
             utc(from), utc(to));
    say(reg, key, "coverage", object);
}

/* Three patrols: one that ended two days ago, one an hour ago, one that is planned. */
static void ways_are_told_when_they_are_over(void)
{
    struct truce_register *reg;
    struct truce_key *key;
    struct truce_buffer answer = {0};
    struct truce_query all = {.kind = NULL};
    char directory[600], file[700], *folder = scratch("map-plain");
    time_t now = time(NULL);
    snprintf(directory, sizeof directory, "%s/plain", folder);
    snprintf(file, sizeof file, "%s/keys/office.key", directory);
    done(truce_init(
        &(struct truce_init_options){.directory = directory, .origin = "truce.example/map", .name = "office"}, &answer,
        &error));
    truce_free(&answer);
    if (!done(truce_open(&reg, directory, TRUCE_WRITE, &error))) return;
    done(truce_key_open(&key, file, NULL, NULL, &error));
    watch(reg, key, now - 200000, now - 172800);
    watch(reg, key, now - 7200, now - 3600);
    watch(reg, key, now + 3600, now + 7200);
    /* whoever asks for a later moment is told no more */
    const struct truce_moment moments[] = {{.has_as_of = false}, {.has_as_of = true, .as_of = now + 1000000}};
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        const struct json *map = drawn(reg, &all, &moments[i]);
        const struct json *first = items(json_find(map, "records")), *second = first == NULL ? NULL : first->next;
        CHECK_INT(count_of(map, "coverage"), 2);
        CHECK(items(json_find(first, "shapes")) != NULL && !json_find_bool(first, "withheld"));
        CHECK(items(json_find(second, "shapes")) == NULL && json_find_bool(second, "withheld"));
        struct truce_query near = {.has_near = true, .lat_e7 = 362000000, .lon_e7 = 371000000, .within_m = 1000};
        CHECK_INT(count_of(drawn(reg, &near, &moments[i]), NULL), 1); /* nor is it found by where it is */
    }
    truce_key_close(&key);
    (void)!truce_close(&reg, NULL);
    scratch_remove(folder);
}

static void the_map(void)
{
    arena_init(&arena, 256 * 1024 * 1024);
    a_case();
    parts_are_of_their_agreement();
    ways_are_told_when_they_are_over();
    arena_clear(&arena);
}

TESTS(the_map)
