/* The difference of a moment from now, on the worked case of 2016: each column is the standing of its moment, nothing
 * that differs is left out, and at each record that is named it did change. */
#include "check.h"
#include "base/arena.h"
#include "base/time.h"
#include "bench/made.h"
#include "bench/measure.h"
#include "json/json.h"
#include "scratch.h"
#include "truce.h"

static char *folder;
static struct truce_register *reg;
static struct truce_error why;
static struct arena arena;

static void begin(void)
{
    char path[1024];
    struct truce_buffer answer = {0};
    folder = scratch("difference");
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

static const struct json *tree(struct truce_buffer *answer)
{
    const struct json *out = NULL;
    struct slice copy = arena_copy(&arena, slice_of(answer->data, answer->size));
    CHECK(json_read(&out, copy, JSON_CANONICAL, &arena, NULL) == STATUS_DONE);
    truce_free(answer);
    return out;
}

static const struct json *difference_most(struct truce_moment moment, uint64_t most)
{
    struct truce_buffer answer = {0};
    CHECK(truce_difference(reg, most, &moment, &answer, &why) == TRUCE_DONE);
    return tree(&answer);
}

static const struct json *difference(struct truce_moment moment)
{
    return difference_most(moment, 0);
}

static const struct json *standing(struct truce_moment moment)
{
    struct truce_buffer answer = {0};
    CHECK(truce_standing(reg, &moment, &answer, &why) == TRUCE_DONE);
    return tree(&answer);
}

static struct truce_moment then(const char *as_of, uint64_t known)
{
    return (struct truce_moment){
        .has_as_of = true, .as_of = at(as_of), .known_by = TRUCE_KNOWN_SIZE, .known_size = known};
}

/* ---- a standing looked up as a row is */

static const struct json *named(const struct json *list, struct slice id)
{
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        if (slice_equal(json_find_string(m, "id"), id)) return m;
    return NULL;
}

static struct slice stands(const struct json *standing_then, const struct json *row)
{
    const struct json *of = named(json_find(standing_then, "agreements"), json_find_string(row, "agreement"));
    struct slice term = json_find_string(row, "term"), channel = json_find_string(row, "channel");
    if (channel.size > 0) return json_find_string(named(json_find(of, "channels"), channel), "standing");
    if (term.size == 0) return json_find_string(of, "standing");
    of = named(json_find(of, "terms"), term);
    if (json_find(row, "reading") == NULL) return json_find_string(of, "verdict");
    const struct json *readings = json_find(of, "readings");
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next)
        if (slice_equal(r->key, json_find_string(row, "reading"))) return r->string;
    return (struct slice){NULL, 0};
}

static const struct json *row_of(const struct json *rows, struct slice agreement, const char *key, struct slice id)
{
    for (const struct json *row = rows->first; row != NULL; row = row->next)
        if (slice_equal(json_find_string(row, "agreement"), agreement) && slice_equal(json_find_string(row, key), id) &&
            json_find(row, "reading") == NULL)
            return row;
    return NULL;
}

/* ---- the properties */

static int received_at(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)status;
    const struct json *record = NULL;
    CHECK(json_read(&record, arena_copy(&arena, slice_of(line, size)), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    *(const struct json **)context = record;
    return 0;
}

static uint64_t index_of(struct slice id)
{
    struct truce_buffer answer = {0};
    char text[65];
    const struct json *record = NULL;
    snprintf(text, sizeof text, "%.*s", SLICE(id));
    CHECK(truce_show(reg, text, TRUCE_JSON, &answer, &why) == TRUCE_DONE);
    received_at(&record, TRUCE_DONE, (const char *)answer.data, answer.size);
    truce_free(&answer);
    return (uint64_t)json_find_integer(record, "index", 0);
}

static void each_record_changed_it(const struct json *row, const char *by, int64_t as_of)
{
    const struct json *list = json_find(row, by);
    for (const struct json *id = list->first; id != NULL; id = id->next) {
        uint64_t index = index_of(id->string);
        struct truce_moment before = {.has_as_of = true, .as_of = as_of, .known_by = TRUCE_KNOWN_SIZE};
        before.known_size = index;
        struct slice was = stands(standing(before), row);
        before.known_size = index + 1;
        CHECK(!slice_equal(was, stands(standing(before), row)));
    }
}

static void nothing_is_left_out(const struct json *rows, const struct json *const at_each[3])
{
    static const char *const lists[][2] = {{"channels", "channel"}, {"terms", "term"}};
    const struct json *agreements = json_find(at_each[2], "agreements");
    for (const struct json *a = agreements->first; a != NULL; a = a->next)
        for (size_t i = 0; i < COUNT_OF(lists); i++) {
            const struct json *list = json_find(a, lists[i][0]);
            for (const struct json *m = list->first; m != NULL; m = m->next) {
                struct slice agreement = json_find_string(a, "id"), id = json_find_string(m, "id"), is[3];
                for (size_t k = 0; k < 3; k++) {
                    const struct json *of = named(json_find(at_each[k], "agreements"), agreement);
                    of = named(json_find(of, lists[i][0]), id);
                    is[k] = json_find_string(of, i == 0 ? "standing" : "verdict");
                }
                bool same = slice_equal(is[0], is[1]) && slice_equal(is[1], is[2]);
                CHECK((row_of(rows, agreement, lists[i][1], id) == NULL) == same);
            }
        }
}

static void columns_are_standings(const char *as_of, uint64_t known)
{
    const struct truce_moment now = {.has_as_of = false};
    struct truce_moment learned = then(as_of, known);
    learned.known_by = TRUCE_KNOWN_ALL;
    const struct json *answer = difference(then(as_of, known)), *rows = json_find(answer, "standing");
    const struct json *const at_each[3] = {standing(then(as_of, known)), standing(learned), standing(now)};
    CHECK(slice_equal(json_find(answer, "root")->string, json_find(at_each[0], "root")->string));
    CHECK(slice_equal(json_find_string(json_find(answer, "now"), "as_of"), json_find_string(at_each[2], "as_of")));
    int64_t until = at(as_of), ends;
    char text[32];
    snprintf(text, sizeof text, "%.*s", SLICE(json_find_string(at_each[2], "as_of")));
    ends = at(text);
    for (const struct json *row = rows->first; row != NULL; row = row->next) {
        CHECK(slice_equal(json_find_string(row, "was"), stands(at_each[0], row)));
        CHECK(slice_equal(json_find_string(row, "learned"), stands(at_each[1], row)));
        CHECK(slice_equal(json_find_string(row, "now"), stands(at_each[2], row)));
        each_record_changed_it(row, "learned_by", until);
        if (json_find(row, "reading") == NULL) each_record_changed_it(row, "now_by", ends);
    }
    nothing_is_left_out(rows, at_each);
}

static void every_column_is_a_standing(void)
{
    begin();
    columns_are_standings("2016-09-18T23:59:59Z", 132);
    columns_are_standings("2016-09-12T12:00:00Z", 60);
    columns_are_standings("2016-10-04T00:00:00Z", 278);
    columns_are_standings("2016-09-20T00:00:00Z", 3); /* far less was known than had happened */
    end();
}

/* So much that nobody looks through it: the columns are there, without what made them. */
static void of_too_many_records_the_columns_alone(void)
{
    enum { MANY = 2100 };
    char path[1024];
    struct made *made = NULL;
    struct notes notes = {.count = 0};
    const struct made_options options = {.seed = 1,
                                         .total = MANY,
                                         .from_day = at("2016-09-19T00:00:00Z") / 86400,
                                         .to_day = at("2016-10-01T00:00:00Z") / 86400};
    begin();
    snprintf(path, sizeof path, "%s/r", folder);
    truce_close(&reg, &why);
    CHECK(made_open(&made, &options, NULL) == STATUS_DONE && made_join(made, path, NULL) == STATUS_DONE);
    CHECK(made_notes(made, MANY, &notes, NULL) == STATUS_DONE && register_fill(path, &notes, NULL) == STATUS_DONE);
    made_close(&made);
    notes_clear(&notes);
    CHECK(truce_open(&reg, path, TRUCE_READ, &why) == TRUCE_DONE);
    const struct truce_moment moment = then("2016-09-18T23:59:59Z", 132), now = {.has_as_of = false};
    struct truce_moment learned = moment;
    learned.known_by = TRUCE_KNOWN_ALL;
    const struct json *answer = difference(moment), *rows = json_find(answer, "standing");
    const struct json *const at_each[3] = {standing(moment), standing(learned), standing(now)};
    CHECK(!json_find_bool(answer, "makers") && rows->size > 0);
    for (const struct json *row = rows->first; row != NULL; row = row->next) {
        CHECK(slice_equal(json_find_string(row, "was"), stands(at_each[0], row)));
        CHECK(slice_equal(json_find_string(row, "learned"), stands(at_each[1], row)));
        CHECK(slice_equal(json_find_string(row, "now"), stands(at_each[2], row)));
        CHECK(json_find(row, "learned_by") == NULL && json_find(row, "now_by") == NULL);
    }
    nothing_is_left_out(rows, at_each);
    const struct json *waiting = json_find(answer, "waiting"), *notices = json_find(waiting, "notices");
    CHECK(notices->size > 5 && json_find_integer(json_find(waiting, "without"), "notices", -1) == 0);
    const struct json *few = json_find(difference_most(moment, 5), "waiting");
    CHECK_INT((int64_t)json_find(few, "notices")->size, 5);
    CHECK_INT(json_find_integer(json_find(few, "without"), "notices", -1), (int64_t)notices->size - 5);
    end();
}

static void what_waits_and_what_came(void)
{
    begin();
    const struct json *waiting = json_find(difference(then("2016-09-18T23:59:59Z", 132)), "waiting");
    const struct json *notices = json_find(waiting, "notices"), *questions = json_find(waiting, "questions");
    CHECK_INT((int64_t)notices->size, 5);
    CHECK_INT((int64_t)questions->size, 4);
    const struct json *answered = questions->first;
    CHECK(slice_is(json_find_string(answered, "was"), "waiting") && json_find(answered, "now") == NULL);
    CHECK_INT((int64_t)json_find(answered, "by")->size, 1);
    for (const struct json *m = notices->first; m != NULL; m = m->next)
        CHECK(json_find(m, "was") == NULL && slice_is(json_find_string(m, "now"), "overdue"));
    end();
}

static void now_differs_from_itself_in_nothing(void)
{
    begin();
    const struct json *answer = difference((struct truce_moment){.has_as_of = false});
    CHECK_INT((int64_t)json_find(answer, "standing")->size, 0);
    CHECK_INT((int64_t)json_find(json_find(answer, "waiting"), "notices")->size, 0);
    CHECK_INT(json_find_integer(answer, "later", -1), 0);
    end();
}

TESTS(every_column_is_a_standing, of_too_many_records_the_columns_alone, what_waits_and_what_came,
      now_differs_from_itself_in_nothing)
