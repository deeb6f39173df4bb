/* Claims side by side, incidents and tallies, on the worked case of 2016: what stands beside what, as known when. */
#include "check.h"
#include "base/arena.h"
#include "base/time.h"
#include "json/json.h"
#include "scratch.h"
#include "truce.h"

enum { PATH_SIZE = 1024, LINES_MOST = 400 };

static char *folder;
static struct truce_register *reg;
static struct truce_error why;
static struct arena arena;
static const struct truce_moment now;

static void begin(void)
{
    char path[PATH_SIZE];
    struct truce_buffer answer = {0};
    folder = scratch("incidents");
    arena_init(&arena, (size_t)1 << 30);
    snprintf(path, sizeof path, "%s/r", folder);
    CHECK(truce_case_load("syria-2016", path, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_open(&reg, path, TRUCE_READ, &why) == TRUCE_DONE);
}

static void end(void)
{
    truce_close(&reg, &why);
    arena_clear(&arena);
    scratch_remove(folder);
}

/* ---- asking */

static int64_t at(const char *text)
{
    int64_t seconds = 0;
    CHECK(time_parse(&seconds, slice_from(text)));
    return seconds;
}

static struct truce_moment known(const char *text)
{
    return (struct truce_moment){.known_by = TRUCE_KNOWN_TIME, .known_time = at(text)};
}

struct lines {
    const struct json *line[LINES_MOST];
    size_t count;
};

static int take(void *context, enum truce_status status, const char *line, size_t size)
{
    struct lines *lines = context;
    (void)status;
    struct slice copy = arena_copy(&arena, slice_of(line, size));
    if (lines->count == LINES_MOST) return 1;
    return json_read(&lines->line[lines->count++], copy, JSON_CANONICAL, &arena, NULL) != STATUS_DONE;
}

static struct lines claims(const struct truce_sought *sought, struct truce_moment moment)
{
    struct lines lines = {.count = 0};
    CHECK(truce_claims(reg, sought, &moment, take, &lines, &why) == TRUCE_DONE);
    return lines;
}

static struct lines incidents(const struct truce_sought *sought, struct truce_moment moment)
{
    struct lines lines = {.count = 0};
    CHECK(truce_incidents(reg, sought, &moment, take, &lines, &why) == TRUCE_DONE);
    return lines;
}

static const struct json *tree(struct truce_buffer *answer)
{
    const struct json *out = NULL;
    struct slice copy = arena_copy(&arena, slice_of(answer->data, answer->size));
    CHECK(json_read(&out, copy, JSON_CANONICAL, &arena, NULL) == STATUS_DONE);
    truce_free(answer);
    return out;
}

/* The first record of that kind, author and time; its id. */
static const char *id_of(const char *kind, const char *by, const char *from)
{
    const struct truce_query query = {.kind = kind, .by = by, .has_from = true, .from = at(from), .limit = 1};
    struct lines lines = {.count = 0};
    CHECK(truce_find(reg, &query, take, &lines, &why) == TRUCE_DONE);
    if (!CHECK(lines.count == 1)) return "";
    struct slice id = json_find_string(lines.line[0], "id");
    char *out = arena_get(&arena, id.size + 1);
    snprintf(out, id.size + 1, "%.*s", SLICE(id));
    return out;
}

static const struct json *claim(const char *id, struct truce_moment moment)
{
    struct truce_buffer answer = {0};
    if (truce_claim(reg, id, &moment, &answer, &why) != TRUCE_DONE) return NULL;
    return json_find(tree(&answer), "claim");
}

static const struct json *incident(const char *id, struct truce_moment moment)
{
    struct truce_buffer answer = {0};
    if (truce_incident(reg, id, &moment, &answer, &why) != TRUCE_DONE) return NULL;
    return json_find(tree(&answer), "incident");
}

static size_t size_of(const struct json *object, const char *key)
{
    const struct json *list = json_find(object, key);
    return list == NULL ? 0 : list->size;
}

static bool has_id(const struct json *list, const char *key, const char *id)
{
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        if (slice_is(key == NULL ? m->string : json_find_string(m, key), id)) return true;
    return false;
}

static const struct json *by_key(const struct json *list, const char *key, const char *value)
{
    const struct json *m = list == NULL ? NULL : list->first;
    while (m != NULL && !slice_is(json_find_string(m, key), value)) m = m->next;
    return m;
}

/* ---- claims */

static void claims_stand_by_time_received(void)
{
    struct lines all = claims(&(struct truce_sought){0}, now);
    CHECK(all.count > 10);
    for (size_t i = 1; i < all.count; i++)
        CHECK(json_find_integer(json_find(all.line[i - 1], "claim"), "index", 0) <
              json_find_integer(json_find(all.line[i], "claim"), "index", 0));
    struct lines two = claims(&(struct truce_sought){.query.limit = 2}, now);
    CHECK_INT(two.count, 2);
    uint64_t next = (uint64_t)json_find_integer(json_find(two.line[1], "claim"), "index", 0) + 1;
    struct lines rest = claims(&(struct truce_sought){.query.after = next}, now);
    CHECK_INT(rest.count, all.count - 2);
}

static void claims_are_sought_by_what_they_say(void)
{
    struct lines against = claims(&(struct truce_sought){.against = "russia"}, now);
    size_t direct = 0;
    for (size_t i = 0; i < against.count; i++)
        direct += slice_is(json_find_string(json_find(against.line[i], "claim"), "actor"), "russia");
    CHECK(against.count > 0 && direct > 0);
    struct lines by = claims(&(struct truce_sought){.query.by = "russia"}, now);
    CHECK(by.count > 0);
    for (size_t i = 0; i < by.count; i++)
        CHECK(slice_is(json_find_string(json_find(by.line[i], "claim"), "by"), "russia"));
    CHECK_INT(claims(&(struct truce_sought){.against = "nobody-of-that-name"}, now).count, 0);
}

/* The claim on the convoy tells no time or place itself: those of the report that it is about are its own. */
static void claims_are_sought_by_when_and_where_of_their_event(void)
{
    struct truce_sought sought = {.query = {.by = "opposition", .has_from = true, .has_to = true}};
    sought.query.from = at("2016-09-19T16:00:00Z");
    sought.query.to = at("2016-09-19T17:00:00Z");
    CHECK_INT(claims(&sought, now).count, 1);
    sought.query.has_near = true;
    sought.query.lat_e7 = 361000000, sought.query.lon_e7 = 369400000;
    sought.query.within_m = 20000;
    CHECK_INT(claims(&sought, now).count, 1);
    sought.query.lat_e7 = 353000000, sought.query.lon_e7 = 401000000; /* Deir ez-Zor */
    CHECK_INT(claims(&sought, now).count, 0);
    struct lines lines = {.count = 0};
    sought.query.to = at("2016-09-01T00:00:00Z");
    CHECK(truce_claims(reg, &sought, &now, take, &lines, &why) == TRUCE_USAGE);
    CHECK_STRING(why.code, "find-order");
}

static void a_claim_stands_beside_answers_and_findings(void)
{
    const char *id = id_of("claim", "opposition", "2016-09-19T20:00:00Z");
    const struct json *c = claim(id, now), *with = json_find(c, "with");
    CHECK_INT(size_of(with, "responses"), 3);
    CHECK_INT(size_of(with, "findings"), 3);
    CHECK_INT(size_of(with, "about"), 1);
    CHECK_INT(size_of(c, "columns"), 8);
    const struct json *column = json_find(c, "columns")->first;
    CHECK(slice_is(json_find_string(column, "kind"), "report"));
    CHECK(slice_is(json_find_string(column->next, "id"), id));
    for (const struct json *f = json_find(c, "fields")->first; f != NULL; f = f->next)
        CHECK_INT(size_of(f, "values"), 8);
    const struct json *when = by_key(json_find(c, "fields"), "field", "when");
    CHECK(json_find_bool(when, "compared") &&
          !json_find_bool(when, "differs")); /* to the hour, and exactly, the same */
    CHECK(!json_find_bool(by_key(json_find(c, "fields"), "field", "text"), "compared"));
}

static void differences_are_told(void)
{
    const char *id = id_of("claim", "united-states", "2016-09-20T20:00:00Z");
    const struct json *act = by_key(json_find(claim(id, now), "fields"), "field", "act");
    CHECK(json_find_bool(act, "differs")); /* an air strike; an attack */
    const struct json *first = json_find(act, "values")->first;
    CHECK_INT(json_find_integer(first, "like", -1), 0);
    CHECK_INT(json_find_integer(first->next, "like", -1), 1);
    CHECK_INT(json_find_integer(first->next->next, "like", -1), 0);
}

static void later_answers_are_not_known_yet(void)
{
    const char *id = id_of("claim", "opposition", "2016-09-19T20:00:00Z");
    const struct json *with = json_find(claim(id, known("2016-09-19T23:00:00Z")), "with");
    CHECK_INT(size_of(with, "responses"), 0);
    CHECK_INT(size_of(with, "findings"), 0);
    CHECK(claim(id, known("2016-09-19T20:00:00Z")) == NULL);
    CHECK_STRING(why.code, "record-absent");
    size_t all = claims(&(struct truce_sought){0}, now).count;
    CHECK(claims(&(struct truce_sought){0}, known("2016-09-20T00:00:00Z")).count < all);
    CHECK(claim(id_of("report", "red-crescent", "2016-09-19T16:00:00Z"), now) == NULL);
    CHECK_STRING(why.code, "claim-none");
}

/* ---- incidents */

static void a_link_joins_where_a_reading_follows_it(void)
{
    const char *strike = id_of("report", "red-crescent", "2016-09-19T16:15:00Z");
    const char *convoy = id_of("report", "un-humanitarian", "2016-09-19T16:15:00Z");
    const char *fire = id_of("report", "russia", "2016-09-19T16:15:00Z");
    const struct json *i = incident(strike, now), *members = json_find(i, "members");
    CHECK(slice_is(json_find_string(i, "first"), strike));
    CHECK(has_id(members, "id", convoy));
    CHECK(!has_id(members, "id", fire)); /* the government's link is followed by no reading */
    CHECK(slice_is(json_find_string(incident(convoy, now), "first"), strike));
    CHECK(slice_is(json_find_string(incident(fire, now), "first"), fire));
    CHECK(!slice_is(json_find_string(incident(convoy, known("2016-09-21T11:00:00Z")), "first"), strike));
    const struct json *link = by_key(json_find(i, "links"), "by", "syria-government");
    CHECK(slice_is(json_find_string(link, "link"), "same"));
    CHECK_INT(size_of(link, "followed_by"), 0);
    CHECK_INT(size_of(link, "contradicted_by"), 1);
    CHECK(size_of(by_key(json_find(i, "links"), "by", "monitor"), "followed_by") > 0);
    for (const struct json *r = json_find(i, "readings")->first; r != NULL; r = r->next)
        CHECK_INT(size_of(r, "events"), 1);
}

static void an_incident_is_found_by_any_of_its_records(void)
{
    const char *strike = id_of("report", "red-crescent", "2016-09-19T16:15:00Z");
    const char *claimed = id_of("claim", "opposition", "2016-09-19T20:00:00Z");
    const char *found = id_of("finding", "monitor", "2016-09-22T07:00:00Z");
    CHECK(slice_is(json_find_string(incident(claimed, now), "first"), strike));
    CHECK(slice_is(json_find_string(incident(found, now), "first"), strike));
    CHECK(size_of(incident(found, now), "also") > 0); /* it speaks of the fire as well */
    CHECK(incident(id_of("notice", "un-humanitarian", "2016-09-20T00:00:00Z"), now) == NULL);
    CHECK_STRING(why.code, "incident-none");
}

static void places_have_their_errors(void)
{
    const struct json *i = incident(id_of("report", "red-crescent", "2016-09-19T16:15:00Z"), now);
    const struct json *first = json_find(i, "members")->first, *disc = json_find(first, "disc");
    CHECK(slice_is(json_find_string(first, "place"), "urum-al-kubra"));
    CHECK_INT(json_find_integer(disc, "east_m", -1), 0);
    CHECK_INT(json_find_integer(disc, "north_m", -1), 0);
    CHECK(json_find_integer(disc, "radius_m", -1) > 0);
    CHECK(json_find(first, "from") != NULL && json_find(first, "received") != NULL);
}

static void what_is_linked_is_not_suggested(void)
{
    const char *strike = id_of("report", "red-crescent", "2016-09-19T16:15:00Z");
    const char *fire = id_of("report", "russia", "2016-09-19T16:15:00Z");
    const char *drone = id_of("claim", "russia", "2016-09-19T16:10:00Z");
    const struct json *suggested = json_find(incident(strike, now), "suggested");
    bool has_fire = false, has_drone = false;
    for (const struct json *s = suggested->first; s != NULL; s = s->next) {
        has_fire = has_fire || has_id(json_find(s, "about"), NULL, fire);
        has_drone = has_drone || has_id(json_find(s, "about"), NULL, drone);
    }
    CHECK(!has_fire && has_drone);
}

/* Whoever was given the address finds what became of it; before that it was an incident like others. */
static void what_was_withdrawn_says_so(void)
{
    const struct truce_query query = {.kind = "retraction", .by = "opposition"};
    struct lines lines = {.count = 0};
    CHECK(truce_find(reg, &query, take, &lines, &why) == TRUCE_DONE);
    if (!CHECK(lines.count == 1)) return;
    struct slice withdrawal = json_find_string(lines.line[0], "id"), of = json_find_string(lines.line[0], "of");
    char shelling[65];
    snprintf(shelling, sizeof shelling, "%.*s", SLICE(of));
    const struct json *i = incident(shelling, now), *gone = json_find(i, "gone");
    CHECK_INT(size_of(i, "gone"), 1);
    CHECK(slice_is(json_find_string(gone->first, "id"), shelling));
    CHECK(slice_is(json_find_string(gone->first, "effect"), "retracted"));
    CHECK(slice_equal(json_find_string(gone->first, "cause"), withdrawal));
    CHECK(slice_is(json_find_string(i, "first"), shelling));
    CHECK_INT(size_of(i, "members"), 0);
    i = incident(shelling, known("2016-09-22T10:00:00Z"));
    CHECK(i != NULL && json_find(i, "gone") == NULL);
    CHECK_INT(size_of(i, "members"), 1);
}

static void no_record_stands_in_two_incidents(void)
{
    static struct lines all;
    all = incidents(&(struct truce_sought){0}, now);
    CHECK(all.count > 30);
    for (size_t i = 0; i < all.count; i++) {
        const struct json *first = json_find(json_find(all.line[i], "incident"), "members")->first;
        for (size_t k = 0; k < i; k++)
            CHECK(!slice_equal(json_find_string(first, "id"),
                               json_find_string(json_find(all.line[k], "incident"), "first")));
    }
    static struct lines several;
    several = incidents(&(struct truce_sought){.several = true}, now);
    CHECK(several.count > 0 && several.count < all.count);
    for (size_t i = 0; i < several.count; i++) CHECK(size_of(json_find(several.line[i], "incident"), "members") > 1);
}

/* ---- tallies */

static void counts_stand_beside_each_other(void)
{
    struct truce_buffer answer = {0};
    CHECK(truce_tallies(reg, &now, &answer, &why) == TRUCE_DONE);
    const struct json *all = json_find(tree(&answer), "tallies");
    CHECK_INT(all->size, 6);
    const struct json *first = all->first, *counted = json_find(first, "counted");
    CHECK(slice_is(json_find_string(first, "by"), "russia"));
    CHECK_INT(json_find_integer(json_find(first, "counts")->first, "n", 0), 144);
    CHECK(json_find(first, "rule") != NULL && json_find(first, "watched") != NULL);
    const struct json *monitor = by_key(json_find(counted->first, "readings"), "reading", "monitor");
    CHECK_INT(json_find_integer(monitor, "least", -1), 0);
    CHECK_INT(json_find_integer(monitor, "most", -1), 1);
    CHECK_INT(size_of(monitor, "records"), 1);
    const struct json *watched = json_find(monitor, "watched");
    CHECK_INT(json_find_integer(watched, "of_s", 0), 4 * 86400);
    CHECK(json_find_integer(watched, "watched_permille", 0) > 0);
    const struct json *press = by_key(all, "by", "press");
    CHECK_INT(size_of(press, "counted"), 0); /* it names no term */
    CHECK_INT(size_of(json_find(first, "watched"), "restrictions"), 1);
}

static void tallies_are_known_when_they_came(void)
{
    struct truce_buffer answer = {0};
    const struct truce_moment then = known("2016-09-16T18:00:00Z");
    CHECK(truce_tallies(reg, &then, &answer, &why) == TRUCE_DONE);
    CHECK_INT(json_find(tree(&answer), "tallies")->size, 1);
}

/* Who names a record, as known when: its own author's retraction among them. */
static const struct json *named_by(const char *id, uint64_t most, struct truce_moment moment)
{
    struct truce_buffer answer = {0};
    CHECK(truce_named_by(reg, id, most, &moment, &answer, &why) == TRUCE_DONE);
    return json_find(tree(&answer), "named_by");
}

static void who_names_a_record(void)
{
    const struct truce_query all = {.kind = "retraction"};
    struct lines found = {.count = 0};
    CHECK(truce_find(reg, &all, take, &found, &why) == TRUCE_DONE);
    if (!CHECK(found.count == 1)) return;
    char id[65];
    snprintf(id, sizeof id, "%.*s", SLICE(json_find_string(found.line[0], "of")));
    const struct json *list = named_by(id, 50, now), *last = NULL;
    for (const struct json *one = list->first; one != NULL; one = one->next) last = one;
    CHECK(last != NULL && slice_equal(json_find_string(last, "id"), json_find_string(found.line[0], "id")));
    CHECK(slice_is(json_find_string(last, "kind"), "retraction") && !json_find_bool(last, "replaces"));
    CHECK_INT((int64_t)named_by(id, 50, known("2016-09-22T10:00:00Z"))->size, 0);
    CHECK_INT((int64_t)named_by(id, 0, now)->size, 0);
    struct truce_buffer answer = {0};
    CHECK(truce_named_by(reg, "ffffffff", 50, &now, &answer, &why) == TRUCE_FAILED);
}

TESTS(begin, who_names_a_record, claims_stand_by_time_received, claims_are_sought_by_what_they_say,
      claims_are_sought_by_when_and_where_of_their_event, a_claim_stands_beside_answers_and_findings,
      differences_are_told, later_answers_are_not_known_yet, a_link_joins_where_a_reading_follows_it,
      an_incident_is_found_by_any_of_its_records, places_have_their_errors, what_is_linked_is_not_suggested,
      what_was_withdrawn_says_so, no_record_stands_in_two_incidents, counts_stand_beside_each_other,
      tallies_are_known_when_they_came, end)
