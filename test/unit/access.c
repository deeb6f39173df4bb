/* Convoys and protected sites through their states: on a made register with all of them, and on a worked case as it was
 * known and stood at other moments. */
#include "check.h"
#include "base/time.h"
#include "json/json.h"
#include "scratch.h"
#include "truce.h"

#include <stdarg.h>
#include <time.h>

enum { LINES_MOST = 64, HOUR = 3600, DAY = 86400 };

static char *folder;
static struct truce_error error;
static struct truce_register *reg;
static struct truce_key *office, *relief, *north, *south;
static struct arena arena;
static const struct truce_moment now;

static const char *path(const char *name)
{
    static char out[4][600];
    static unsigned next;
    char *at = out[next++ % 4];
    snprintf(at, sizeof out[0], "%s/%s", folder, name);
    return at;
}

static bool done(enum truce_status status)
{
    if (status != TRUCE_DONE) fprintf(stderr, "    %s: %s (%s)\n", error.code, error.message, error.pointer);
    return CHECK(status == TRUCE_DONE);
}

/* ---- making the register */

struct id {
    char text[65];
};

static int take_id(void *context, enum truce_status status, const char *line, size_t size)
{
    CHECK(status == TRUCE_DONE);
    if (status != TRUCE_DONE) fprintf(stderr, "    %.*s\n", (int)size, line);
    (void)sscanf(line, "{\"id\":\"%64[0-9a-f]\"", ((struct id *)context)->text);
    return 0;
}

/* Quotes are written as ' in what a test says. */
__attribute__((format(printf, 3, 4))) static struct id say(const struct truce_key *key, const char *kind,
                                                           const char *format, ...)
{
    struct truce_buffer note = {0};
    struct id id = {""};
    char object[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(object, sizeof object, format, arguments);
    va_end(arguments);
    for (char *c = object; *c != '\0'; c++)
        if (*c == '\'') *c = '"';
    if (!done(truce_write(reg, key, kind, object, strlen(object), &note, &error))) return id;
    done(truce_submit(reg, note.data, note.size, take_id, &id, &error));
    truce_free(&note);
    return id;
}

static const char *hours_ago(int64_t hours)
{
    static char out[8][TIME_TEXT_SIZE];
    static unsigned next;
    char *at = out[next++ % 8];
    time_format((int64_t)time(NULL) - hours * HOUR, at);
    return at;
}

static void enrol(const char *party, const char *role, struct truce_key **key)
{
    struct truce_buffer signs = {0}, recovers = {0};
    char file[64], recovery[64];
    snprintf(file, sizeof file, "%s.key", party);
    snprintf(recovery, sizeof recovery, "%s.recovery", party);
    done(truce_key_new(party, TRUCE_USE_SIGN, path(file), NULL, &signs, &error));
    done(truce_key_new(party, TRUCE_USE_SIGN, path(recovery), NULL, &recovers, &error));
    done(truce_key_open(key, path(file), NULL, NULL, &error));
    (void)say(office, "party",
              "{'party':'%s','names':{'en':'%s','original':'en'},'role':'%s','keys':['%.*s'],'recovery':'%.*s'}", party,
              party, role, (int)signs.size, signs.data, (int)recovers.size, recovers.data);
    truce_free(&signs);
    truce_free(&recovers);
}

static void begin(void)
{
    struct truce_buffer answer = {0};
    char directory[600];
    folder = scratch("access");
    arena_init(&arena, (size_t)1 << 28);
    snprintf(directory, sizeof directory, "%s", path("reg"));
    const struct truce_init_options options = {
        .directory = directory, .origin = "truce.example/access", .name = "office"};
    done(truce_init(&options, &answer, &error));
    truce_free(&answer);
    done(truce_open(&reg, directory, TRUCE_WRITE, &error));
    done(truce_key_open(&office, path("reg/keys/office.key"), NULL, NULL, &error));
    enrol("relief", "humanitarian", &relief);
    enrol("north", "party", &north);
    enrol("south", "party", &south);
}

static void end(void)
{
    struct truce_key **keys[] = {&office, &relief, &north, &south};
    for (size_t i = 0; i < COUNT_OF(keys); i++) truce_key_close(keys[i]);
    truce_close(&reg, &error);
    arena_clear(&arena);
    scratch_remove(folder);
}

/* ---- asking */

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

static struct lines listed(struct truce_sought sought)
{
    struct lines lines = {.count = 0};
    done(truce_access(reg, &sought, &now, take, &lines, &error));
    return lines;
}

static const struct json *access_at(const char *id, struct truce_moment moment)
{
    struct truce_buffer answer = {0};
    const struct json *tree = NULL;
    if (truce_access_one(reg, id, &moment, &answer, &error) != TRUCE_DONE) return NULL;
    struct slice copy = arena_copy(&arena, slice_of(answer.data, answer.size));
    CHECK(json_read(&tree, copy, JSON_CANONICAL, &arena, NULL) == STATUS_DONE);
    truce_free(&answer);
    return json_find(tree, "access");
}

static const struct json *access_of(struct id id)
{
    return access_at(id.text, now);
}

static bool is(const struct json *object, const char *key, const char *value)
{
    struct slice said = json_find_string(object, key);
    if (!slice_is(said, value)) fprintf(stderr, "    %s is %.*s, not %s\n", key, SLICE(said), value);
    return slice_is(said, value);
}

static size_t size_of(const struct json *object, const char *key)
{
    const struct json *list = json_find(object, key);
    return list == NULL ? 0 : list->size;
}

static const struct json *item(const struct json *list, size_t n)
{
    const struct json *m = list == NULL ? NULL : list->first;
    while (m != NULL && n-- > 0) m = m->next;
    return m;
}

static const struct json *step_of(const struct json *access, size_t n)
{
    return item(json_find(access, "history"), n);
}

/* ---- passages */

#define PLACE "'where':{'point':{'lat_e7':361000000,'lon_e7':371000000},'radius_m':50}"

static struct id passage(const struct truce_key *by, const char *name, const char *step, int64_t hours)
{
    return say(by, "passage", "{'passage':'%s','step':'%s','at':'%s'," PLACE "}", name, step, hours_ago(hours));
}

static void a_passage_goes_through_its_states(void)
{
    static const char *const steps[] = {"asked", "allowed", "under-way", "roadblock", "delivered"};
    struct id first = {""}, last = {""};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        last = passage(i == 1 ? north : relief, "one", steps[i], 60 - (int64_t)i);
        if (i == 0) first = last;
        const struct json *access = access_of(first);
        CHECK(is(access, "state", steps[i]) && is(access, "behind", last.text) && is(access, "first", first.text));
        CHECK_INT(size_of(access, "history"), i + 1);
        CHECK(json_find_bool(access, "withheld") == (i < 4)); /* it goes on, whenever its last step was */
        CHECK((json_find(step_of(access, 0), "where") != NULL) == (i == 4));
    }
    CHECK(is(access_of(last), "first", first.text)); /* found by any of its records */
    CHECK(is(step_of(access_of(last), 1), "by", "north"));
}

static void a_way_is_told_a_day_after_it_ended(void)
{
    CHECK(!json_find_bool(access_of(passage(relief, "turned", "turned-back", 25)), "withheld"));
    const struct json *access = access_of(passage(relief, "late", "refused", 23));
    CHECK(is(access, "state", "refused") && json_find_bool(access, "withheld"));
    CHECK(json_find(step_of(access, 0), "where") == NULL && json_find(step_of(access, 0), "route") == NULL);
}

static void what_is_foreseen_is_not_told(void)
{
    struct id tomorrow = passage(relief, "tomorrow", "under-way", -24);
    CHECK(access_of(tomorrow) == NULL);
    CHECK_STRING(error.code, "access-none");
    struct id asked = passage(relief, "tomorrow", "asked", 1);
    CHECK(is(access_of(asked), "state", "asked"));
    CHECK_INT(size_of(access_of(asked), "history"), 1);
}

static void a_step_is_corrected_and_taken_back(void)
{
    struct id wrong = passage(relief, "mended", "refused", 30);
    struct id right = say(relief, "passage", "{'passage':'mended','step':'allowed','at':'%s','replaces':'%s'}",
                          hours_ago(30), wrong.text);
    const struct json *access = access_of(wrong), *step = step_of(access, 0);
    CHECK(is(access, "state", "allowed") && is(access, "behind", right.text));
    CHECK(is(step, "effect", "replaced") && is(step, "effect_of", right.text) && json_find(step, "where") == NULL);
    struct id back = say(relief, "retraction", "{'of':'%s','text':{'en':'None','original':'en'}}", right.text);
    access = access_of(wrong);
    CHECK(is(access, "state", "withdrawn") && is(access, "behind", back.text));
}

/* ---- who was told */

static void receipts_attempts_and_silence_are_counted(void)
{
    struct id asked = passage(relief, "told", "asked", 10);
    CHECK_INT(size_of(access_of(asked), "notices"), 0);
    struct id notice = say(relief, "notice",
                           "{'to':['north','south','office'],'at':'%s','act':'convoy','acknowledge_by':'%s',"
                           "'about':['%s']}",
                           hours_ago(9), hours_ago(5), asked.text);
    const struct json *access = access_of(asked), *counts = json_find(access, "receipts");
    CHECK_INT(json_find_integer(counts, "asked", 0), 3);
    CHECK_INT(json_find_integer(counts, "silent", 0), 3);
    (void)say(north, "acknowledgement", "{'of':'%s','at':'%s','receipt':'unreadable'}", notice.text, hours_ago(8));
    struct id confirmed =
        say(north, "acknowledgement", "{'of':'%s','at':'%s','receipt':'received'}", notice.text, hours_ago(7));
    (void)say(south, "acknowledgement", "{'of':'%s','at':'%s','receipt':'refused'}", notice.text, hours_ago(7));
    struct id attempt =
        say(relief, "attempt", "{'of':'%s','to':'office','at':'%s','means':'telephone','result':'reached'}",
            notice.text, hours_ago(6));
    access = access_of(asked), counts = json_find(access, "receipts");
    CHECK_INT(json_find_integer(counts, "confirmed", -1), 1);
    CHECK_INT(json_find_integer(counts, "attempts", -1), 1);
    CHECK_INT(json_find_integer(counts, "silent", -1), 1);
    const struct json *to = json_find(item(json_find(access, "notices"), 0), "recipients");
    CHECK(is(item(to, 0), "state", "confirmed") && is(json_find(item(to, 0), "reply"), "id", confirmed.text));
    CHECK(is(item(to, 1), "state", "refused") && json_find(item(to, 1), "silent_since") == NULL);
    CHECK(is(item(to, 2), "state", "overdue") && json_find(item(to, 2), "silent_since") != NULL);
    CHECK(is(item(json_find(item(to, 2), "attempts"), 0), "id", attempt.text)); /* which ends no silence */
    CHECK_INT(listed((struct truce_sought){.party = "office"}).count, 1);
}

/* Whoever was tried: an attempt to reach an alternate is one about the notice, and is counted once. */
static void an_alternate_is_tried_as_well(void)
{
    struct id asked = passage(relief, "tried", "asked", 10);
    struct id notice = say(relief, "notice",
                           "{'to':['north','south'],'at':'%s','act':'convoy','alternates':['office'],'about':['%s']}",
                           hours_ago(9), asked.text);
    (void)say(relief, "attempt", "{'of':'%s','to':'office','at':'%s','means':'radio','result':'no-answer'}",
              notice.text, hours_ago(8));
    const struct json *access = access_of(asked), *to = json_find(item(json_find(access, "notices"), 0), "recipients");
    CHECK_INT(json_find_integer(json_find(access, "receipts"), "attempts", -1), 1);
    CHECK(is(item(json_find(item(to, 0), "attempts"), 0), "to", "office"));
    CHECK_INT(size_of(item(to, 1), "attempts"), 1);
    (void)say(office, "acknowledgement", "{'of':'%s','at':'%s','receipt':'received'}", notice.text, hours_ago(7));
    CHECK_INT(json_find_integer(json_find(access_of(asked), "receipts"), "silent", -1), 0); /* it answers for both */
}

/* Nobody's notice is the passage's because it tells of the same time: it names it, or the passage names it. */
static void a_notice_is_of_what_it_names(void)
{
    struct id notice = say(relief, "notice", "{'to':['north'],'at':'%s','act':'convoy'}", hours_ago(4));
    struct id asked = say(relief, "passage", "{'passage':'named','step':'asked','at':'%s','about':['%s']}",
                          hours_ago(3), notice.text);
    const struct json *to = json_find(item(json_find(access_of(asked), "notices"), 0), "recipients");
    CHECK(is(item(to, 0), "state", "waiting")); /* no time was set */
    CHECK_INT(size_of(access_of(passage(relief, "alone", "asked", 3)), "notices"), 0);
}

/* ---- sites */

static struct id site(const struct truce_key *by, const char *name, int64_t hours, int lat, const char *replaces)
{
    char more[100] = "";
    if (replaces != NULL) snprintf(more, sizeof more, ",'replaces':'%s'", replaces);
    return say(by, "site",
               "{'site':'%s','protects':'school','where':{'point':{'lat_e7':%d,'lon_e7':371000000},'radius_m':50},"
               "'consent':{'by':'the head','at':'%s'},'sharing':'exact','expires':'%s'%s}",
               name, lat, hours_ago(100), hours_ago(hours), more);
}

static void a_site_goes_through_its_states(void)
{
    struct id first = site(relief, "school", -24 * 30, 361000000, NULL);
    CHECK(is(access_of(first), "state", "listed"));
    CHECK(json_find(step_of(access_of(first), 0), "where") != NULL);
    struct id renewed = site(relief, "school", -24 * 60, 361000000, first.text);
    CHECK(is(access_of(first), "state", "renewed"));
    struct id moved = site(relief, "school", -24 * 60, 362000000, renewed.text);
    const struct json *access = access_of(first);
    CHECK(is(access, "state", "moved") && is(access, "holds", moved.text));
    CHECK(json_find(step_of(access, 0), "where") == NULL); /* where it was is listed no longer */
    CHECK(json_find(step_of(access, 2), "where") != NULL);
    struct id corrected = site(relief, "school", -24 * 60, 362000000, moved.text);
    CHECK(is(access_of(first), "state", "corrected"));
    struct id soon = site(relief, "school", -24 * 6, 362000000, corrected.text);
    CHECK(is(access_of(first), "state", "expiring"));
    CHECK(json_find(step_of(access_of(first), 4), "where") != NULL);
    struct id over = site(relief, "school", 2, 362000000, soon.text);
    access = access_of(first);
    CHECK(is(access, "state", "expired") && json_find(step_of(access, 5), "where") == NULL);
    (void)over;
}

static void a_site_is_erased_by_its_author_alone(void)
{
    struct id first = site(relief, "clinic", -24 * 30, 361000000, NULL);
    static const char request[] = "{'to':['%s'],'at':'%s','act':'erase-sealed','about':['%s']}";
    (void)say(north, "notice", request, "south", hours_ago(1), first.text);
    CHECK(is(access_of(first), "state", "listed"));
    struct id erased = say(relief, "notice", request, "south", hours_ago(1), first.text);
    const struct json *access = access_of(first);
    CHECK(is(access, "state", "erased") && is(access, "behind", erased.text));
    CHECK(json_find(step_of(access, 0), "where") == NULL && json_find_bool(step_of(access, 0), "erased"));
    struct id back = say(relief, "retraction", "{'of':'%s','text':{'en':'Gone','original':'en'}}", first.text);
    CHECK(is(access_of(first), "behind", back.text));
    CHECK(is(access_of(first), "state", "withdrawn"));
}

/* Another's site of that name is another site: nobody moves or renews what somebody else listed. */
static void a_site_is_its_authors(void)
{
    struct id mine = site(relief, "mill", -24 * 30, 361000000, NULL),
              other = site(north, "mill", -24 * 60, 363000000, NULL);
    CHECK(is(access_of(mine), "state", "listed") && is(access_of(other), "state", "listed"));
    CHECK(is(access_of(other), "first", other.text));
}

/* ---- many */

static void they_are_listed_in_order_and_by_pages(void)
{
    struct lines all = listed((struct truce_sought){0}), got = {.count = 0};
    CHECK(all.count > 9);
    for (size_t i = 1; i < all.count; i++)
        CHECK(json_find_integer(all.line[i - 1], "index", 0) < json_find_integer(all.line[i], "index", 0));
    for (uint64_t after = 0;;) {
        struct lines page = listed((struct truce_sought){.query = {.limit = 2, .after = after}});
        for (size_t i = 0; i < page.count; i++) got.line[got.count++] = page.line[i];
        if (page.count < 2) break;
        after = (uint64_t)json_find_integer(page.line[1], "index", 0) + 1;
    }
    CHECK_INT(got.count, all.count);
}

static size_t count(const char *kind, const char *state, const char *party)
{
    return listed((struct truce_sought){.query = {.kind = kind}, .state = state, .party = party}).count;
}

static void they_are_sought(void)
{
    CHECK_INT(count("site", NULL, NULL) + count("passage", NULL, NULL), count(NULL, NULL, NULL));
    CHECK_INT(count("site", NULL, NULL), 4);
    CHECK_INT(count("site", "open", NULL), 2);
    CHECK_INT(count(NULL, "delivered", NULL), 1);
    CHECK_INT(count(NULL, "delivered", "north"), 1); /* it allowed it */
    CHECK_INT(count(NULL, "delivered", "south"), 0);
    CHECK_INT(count(NULL, NULL, "nobody"), 0);
    struct lines lines = {.count = 0};
    CHECK(truce_access(reg, &(struct truce_sought){.state = "lost"}, &now, take, &lines, &error) == TRUCE_USAGE);
    CHECK_STRING(error.code, "access-state");
    CHECK(truce_access(reg, &(struct truce_sought){.query.kind = "report"}, &now, take, &lines, &error) == TRUCE_USAGE);
    CHECK_STRING(error.code, "access-kind");
}

/* ---- a worked case: as it stood, and as it was known */

static int64_t at(const char *text)
{
    int64_t seconds = 0;
    CHECK(time_parse(&seconds, slice_from(text)));
    return seconds;
}

static struct truce_moment stood(const char *text)
{
    return (struct truce_moment){.has_as_of = true, .as_of = at(text)};
}

static struct truce_moment known(const char *text)
{
    return (struct truce_moment){.known_by = TRUCE_KNOWN_TIME, .known_time = at(text)};
}

static const struct json *named(const char *name, struct truce_moment moment)
{
    struct lines lines = {.count = 0};
    done(truce_access(reg, &(struct truce_sought){0}, &moment, take, &lines, &error));
    for (size_t i = 0; i < lines.count; i++)
        if (slice_is(json_find_string(json_find(lines.line[i], "access"), "name"), name))
            return json_find(lines.line[i], "access");
    return NULL;
}

static void a_case_at_its_moments(void)
{
    struct truce_buffer answer = {0};
    struct truce_register *made = reg;
    if (!done(truce_case_load("syria-2016", path("case"), &answer, &error))) return;
    truce_free(&answer);
    done(truce_open(&reg, path("case"), TRUCE_READ, &error));
    const char *convoy = "turkey-eastern-aleppo", *hospital = "eastern-aleppo-hospital";
    CHECK(named(convoy, known("2016-09-12T18:00:00Z")) == NULL);
    CHECK(is(named(convoy, known("2016-09-13T10:00:00Z")), "state", "asked"));
    const struct json *later = named(convoy, stood("2016-09-14T00:00:00Z"));
    CHECK(is(later, "state", "roadblock"));
    CHECK(json_find(step_of(later, 1), "where") != NULL); /* an exercise tells places at once */
    CHECK_INT(json_find_integer(json_find(later, "receipts"), "confirmed", 0), 3);
    const struct json *early = named(convoy, stood("2016-09-13T10:30:00Z"));
    CHECK(is(early, "state", "asked"));
    CHECK_INT(json_find_integer(json_find(early, "receipts"), "confirmed", -1), 1);
    CHECK_INT(json_find_integer(json_find(early, "receipts"), "silent", -1), 3);
    CHECK(is(named(hospital, stood("2016-10-01T00:00:00Z")), "state", "listed"));
    CHECK(is(named(hospital, stood("2016-10-07T00:00:00Z")), "state", "expiring"));
    CHECK(is(named(hospital, stood("2016-10-12T00:00:00Z")), "state", "expired"));
    CHECK(named(hospital, stood("2016-09-12T11:59:59Z")) == NULL);
    truce_close(&reg, &error);
    reg = made;
}

TESTS(begin, a_passage_goes_through_its_states, a_way_is_told_a_day_after_it_ended, what_is_foreseen_is_not_told,
      a_step_is_corrected_and_taken_back, receipts_attempts_and_silence_are_counted, an_alternate_is_tried_as_well,
      a_notice_is_of_what_it_names, a_site_goes_through_its_states, a_site_is_erased_by_its_author_alone,
      a_site_is_its_authors, they_are_listed_in_order_and_by_pages, they_are_sought, a_case_at_its_moments, end)
