/* Compliance of the worked case: each day is what an explanation as of its end says, and what the standing's clock
 * says; what was counted on a day counts there too; what cannot be told is refused. */
#include "check.h"
#include "determinism/worked.h"
#include "scratch.h"

#include "base/time.h"

#define AGREEMENT "cessation-2016-09-09"
enum { TREE_BYTES_MOST = 256 * 1024 * 1024, FIRST_DAY = 17054, LAST_DAY = 17078 }; /* days: 2016-09-10 to 2016-10-04 */

static struct truce_register *reg;
static int64_t as_of;

struct tree {
    struct arena arena;
    struct truce_buffer text;
    const struct json *top;
};

static void tree_read(struct tree *tree, enum truce_status status, const struct truce_error *error)
{
    struct error why;
    arena_init(&tree->arena, TREE_BYTES_MOST);
    if (!CHECK(status == TRUCE_DONE)) fprintf(stderr, "%s %s\n", error->code, error->message);
    CHECK(status == TRUCE_DONE && json_read(&tree->top, slice_of(tree->text.data, tree->text.size), JSON_RELAXED,
                                            &tree->arena, &why) == STATUS_DONE);
}

static void tree_close(struct tree *tree)
{
    arena_clear(&tree->arena);
    truce_free(&tree->text);
}

static struct truce_moment moment_of(int64_t at)
{
    return (struct truce_moment){.has_as_of = true, .as_of = at};
}

static const struct json *compliance(struct tree *tree, const struct truce_days *days)
{
    struct truce_error error = {0};
    struct truce_moment moment = moment_of(as_of);
    *tree = (struct tree){.top = NULL};
    tree_read(tree, truce_compliance(reg, days, &moment, &tree->text, &error), &error);
    return json_find(tree->top, "agreements");
}

static const struct json *why(struct tree *tree, struct slice term, int64_t at)
{
    char name[256];
    struct truce_error error = {0};
    struct truce_moment moment = moment_of(at);
    *tree = (struct tree){.top = NULL};
    snprintf(name, sizeof name, AGREEMENT "/%.*s", SLICE(term));
    tree_read(tree, truce_why(reg, name, NULL, &moment, &tree->text, &error), &error);
    return json_find(tree->top, "why");
}

static int64_t time_in(const struct json *thing, const char *key)
{
    int64_t at = 0;
    CHECK(time_parse(&at, json_find_string(thing, key)));
    return at;
}

static const struct json *keyed(const struct json *object, struct slice key)
{
    const struct json *found = object == NULL ? NULL : object->first;
    while (found != NULL && !slice_equal(found->key, key)) found = found->next;
    return found;
}

static bool holds(const struct json *list, struct slice id)
{
    for (const struct json *item = list == NULL ? NULL : list->first; item != NULL; item = item->next)
        if (slice_equal(item->string, id)) return true;
    return false;
}

/* Among what the explanation counted, or told together with it? */
static bool counted_there(const struct json *reading, struct slice id)
{
    const struct json *list = json_find(reading, "counted");
    for (const struct json *match = list == NULL ? NULL : list->first; match != NULL; match = match->next)
        if (slice_equal(json_find_string(match, "id"), id) || holds(json_find(match, "with"), id)) return true;
    return false;
}

static void say(const struct json *term, const struct json *day, struct slice reading)
{
    fprintf(stderr, "    %.*s, %.*s, %.*s\n", SLICE(json_find_string(term, "id")), SLICE(json_find_string(day, "day")),
            SLICE(reading));
}

static void day_is_explained(const struct json *term, const struct json *day)
{
    struct tree tree;
    int64_t end = time_in(day, "to") - 1;
    const struct json *told = why(&tree, json_find_string(term, "id"), end < as_of ? end : as_of);
    bool cap = slice_is(json_find_string(term, "rule"), "cap");
    if (!CHECK(slice_equal(json_find_string(told, "verdict"), json_find_string(day, "verdict"))))
        say(term, day, slice_from("joint"));
    CHECK_INT(json_find(day, "readings")->size, json_find(told, "readings")->size);
    for (const struct json *r = json_find(day, "readings")->first; r != NULL; r = r->next) {
        const struct json *same = keyed(json_find(told, "readings"), r->key), *counted = json_find(r, "counted");
        if (!CHECK(slice_equal(json_find_string(same, "verdict"), json_find_string(r, "verdict"))))
            say(term, day, r->key);
        const struct json *ids = cap ? json_find(counted, "ids") : NULL;
        for (const struct json *id = ids == NULL ? NULL : ids->first; id != NULL; id = id->next)
            if (!CHECK(counted_there(same, id->string))) say(term, day, r->key);
    }
    tree_close(&tree);
}

static void each_day_is_what_why_says(void)
{
    struct tree tree;
    const struct truce_days days = {.has_from = true, .has_to = true, .from = FIRST_DAY, .to = LAST_DAY};
    const struct json *terms = json_find(compliance(&tree, &days)->first, "terms");
    CHECK(terms->size > 25);
    for (const struct json *term = terms->first; term != NULL; term = term->next) {
        CHECK_INT(json_find(term, "days")->size, LAST_DAY - FIRST_DAY + 1);
        for (const struct json *day = json_find(term, "days")->first; day != NULL; day = day->next)
            day_is_explained(term, day);
    }
    tree_close(&tree);
}

/* ---- as it was known then: the changes that led there */

enum { CHANGES_ROOM = 4096 };
struct history {
    struct arena arena;
    struct past {
        int64_t at;
        struct slice term, becomes;
    } past[CHANGES_ROOM];
    size_t count;
};

static int keep_change(void *context, enum truce_status status, const char *line, size_t size)
{
    struct history *history = context;
    const struct json *change = NULL;
    struct slice copy = arena_copy(&history->arena, slice_of(line, size));
    CHECK(status == TRUCE_DONE && history->count < CHANGES_ROOM);
    CHECK(json_read(&change, copy, JSON_RELAXED, &history->arena, NULL) == STATUS_DONE);
    if (json_find(change, "term") == NULL) return 0;
    history->past[history->count++] =
        (struct past){time_in(change, "at"), json_find_string(change, "term"), json_find_string(change, "becomes")};
    return 0;
}

static struct slice last_change(const struct history *history, struct slice term, int64_t at)
{
    struct slice last = slice_from("");
    for (size_t i = 0; i < history->count; i++)
        if (history->past[i].at <= at && slice_equal(history->past[i].term, term)) last = history->past[i].becomes;
    return last;
}

static void day_follows(const struct history *history, int64_t number)
{
    struct tree tree = {.top = NULL};
    struct truce_error error = {0};
    int64_t end = number * 86400 + 75599; /* 21:00 UTC is midnight in Damascus */
    const struct truce_days days = {.has_from = true, .has_to = true, .from = number, .to = number};
    const struct truce_moment moment = {
        .has_as_of = true, .as_of = end, .known_by = TRUCE_KNOWN_TIME, .known_time = end};
    tree_read(&tree, truce_compliance(reg, &days, &moment, &tree.text, &error), &error);
    const struct json *agreement = json_find(tree.top, "agreements")->first;
    for (const struct json *term = json_find(agreement, "terms")->first; term != NULL; term = term->next) {
        const struct json *day = json_find(term, "days")->first;
        struct slice became = last_change(history, json_find_string(term, "id"), end);
        CHECK_INT(time_in(day, "to"), end + 1);
        if (!CHECK(slice_equal(became, json_find_string(day, "verdict")))) say(term, day, became);
    }
    tree_close(&tree);
}

static void each_day_is_what_the_changes_led_to(void)
{
    static struct history history;
    struct truce_error error = {0};
    struct truce_moment moment = moment_of(as_of);
    arena_init(&history.arena, TREE_BYTES_MOST);
    CHECK(truce_changes(reg, &moment, NULL, keep_change, &history, &error) == TRUCE_DONE);
    CHECK(history.count > 60);
    for (int64_t day = FIRST_DAY; day < LAST_DAY; day++) day_follows(&history, day);
    arena_clear(&history.arena);
}

/* ---- the continuity clock */

static const struct json *of_term(const struct json *terms, const char *id)
{
    const struct json *term = terms->first;
    while (term != NULL && !slice_is(json_find_string(term, "id"), id)) term = term->next;
    CHECK(term != NULL);
    return term;
}

static const struct json *span_of(const struct json *spans, int64_t from, int64_t to)
{
    for (const struct json *span = spans->first; span != NULL; span = span->next)
        if (time_in(span, "from") < to && time_in(span, "to") > from) return span;
    return NULL;
}

static void the_clock_is_the_standing_s(void)
{
    struct tree tree, standing = {.top = NULL};
    struct truce_error error = {0};
    struct truce_moment moment = moment_of(as_of);
    const struct truce_days days = {
        .has_from = true, .has_to = true, .from = FIRST_DAY, .to = LAST_DAY, .term = "seven-days"};
    const struct json *term = json_find(compliance(&tree, &days)->first, "terms")->first;
    unsigned seen = 0, resets = 0;
    tree_read(&standing, truce_standing(reg, &moment, &standing.text, &error), &error);
    const struct json *clock =
        json_find(of_term(json_find(json_find(standing.top, "agreements")->first, "terms"), "seven-days"), "days");
    for (const struct json *day = json_find(term, "days")->first; day != NULL; day = day->next)
        for (const struct json *r = json_find(day, "readings")->first; r != NULL; r = r->next) {
            const struct json *span = span_of(keyed(clock, r->key), time_in(day, "from"), time_in(day, "to"));
            CHECK((span == NULL) == (json_find(r, "state") == NULL));
            if (span == NULL) continue;
            if (!CHECK(slice_equal(json_find_string(span, "state"), json_find_string(r, "state"))))
                say(term, day, r->key);
            seen++;
            if (!slice_is(json_find_string(r, "state"), "breached")) continue;
            resets++;
            CHECK_INT(json_find_integer(json_find(r, "run"), "sure_s", -1), 0);
            CHECK(json_find(json_find(r, "counted"), "ids")->size > 0);
        }
    CHECK(seen > 50 && resets > 5);
    tree_close(&tree);
    tree_close(&standing);
}

/* ---- what else is told, and what is not */

static void canonical(const struct tree *tree)
{
    struct arena arena;
    const struct json *again;
    struct error why = {0};
    arena_init(&arena, TREE_BYTES_MOST);
    CHECK(json_read(&again, slice_of(tree->text.data, tree->text.size), JSON_CANONICAL, &arena, &why) == STATUS_DONE);
    arena_clear(&arena);
}

static void watching_and_restrictions_stand_by(void)
{
    struct tree tree;
    const struct truce_days days = {
        .has_from = true, .has_to = true, .from = 17063, .to = 17063, .term = "calm", .reading = "strict"};
    const struct json *day = json_find(json_find(compliance(&tree, &days)->first, "terms")->first, "days")->first;
    const struct json *readings = json_find(day, "readings"), *watched = json_find(readings->first, "watched");
    CHECK_INT(readings->size, 1);
    canonical(&tree);
    CHECK(slice_is(readings->first->key, "strict"));
    CHECK(json_find_integer(watched, "of_s", 0) == 86400 && json_find_integer(watched, "watched_s", -1) >= 0);
    for (const struct json *party = json_find(readings->first, "parties")->first; party != NULL; party = party->next)
        CHECK(json_find(party, "state") != NULL); /* none is allowed: each is judged for itself */
    tree_close(&tree);
}

/* ---- one party, or nobody by itself */

static bool binds(const struct json *term, const char *party)
{
    return holds(json_find(term, "bound"), slice_from(party));
}

/* The same of both, apart from who is told by itself. */
static void same_of_all(const struct json *term, const struct json *whole)
{
    const struct json *day = json_find(term, "days")->first, *other = json_find(whole, "days")->first;
    CHECK_INT(json_find(term, "bound")->size, json_find(whole, "bound")->size);
    CHECK_INT(json_find(term, "days")->size, json_find(whole, "days")->size);
    for (; day != NULL && other != NULL; day = day->next, other = other->next) {
        CHECK(slice_equal(json_find_string(day, "verdict"), json_find_string(other, "verdict")));
        for (const struct json *r = json_find(day, "readings")->first; r != NULL; r = r->next) {
            const struct json *same = keyed(json_find(other, "readings"), r->key);
            CHECK(slice_equal(json_find_string(r, "state"), json_find_string(same, "state")));
            CHECK(slice_equal(json_find_string(r, "verdict"), json_find_string(same, "verdict")));
        }
    }
}

static const struct json *party_of(const struct json *reading, const char *party)
{
    const struct json *found = json_find(reading, "parties")->first;
    while (found != NULL && !slice_is(json_find_string(found, "party"), party)) found = found->next;
    return found;
}

/* Told alone, it is what it is beside the others, byte for byte. */
static void alone_as_beside(const struct json *term, const struct json *whole, const char *party)
{
    const struct json *day = json_find(term, "days")->first, *other = json_find(whole, "days")->first;
    for (; day != NULL && other != NULL; day = day->next, other = other->next)
        for (const struct json *r = json_find(day, "readings")->first; r != NULL; r = r->next) {
            const struct json *beside = party_of(keyed(json_find(other, "readings"), r->key), party);
            CHECK_INT(json_find(r, "parties")->size, 1);
            if (!CHECK(beside != NULL && slice_equal(json_find(r, "parties")->first->source, beside->source)))
                say(term, day, r->key);
        }
}

static void a_party_is_told_alone(void)
{
    struct tree tree, all;
    struct truce_days days = {.has_from = true, .has_to = true, .from = 17057, .to = 17070};
    const struct json *whole = json_find(compliance(&all, &days)->first, "terms")->first;
    days.party = "russia";
    const struct json *term = json_find(compliance(&tree, &days)->first, "terms")->first;
    size_t bound = 0, others = 0;
    for (; whole != NULL; whole = whole->next) {
        if (!binds(whole, "russia") && ++others > 0) continue;
        if (!CHECK(term != NULL && slice_equal(json_find_string(term, "id"), json_find_string(whole, "id")))) break;
        same_of_all(term, whole);
        alone_as_beside(term, whole, "russia");
        bound++;
        term = term->next;
    }
    CHECK(term == NULL && bound > 10 && others > 10);
    tree_close(&tree);
    tree_close(&all);
}

static void nobody_by_itself(void)
{
    struct tree tree, all;
    struct truce_days days = {.has_from = true, .has_to = true, .from = 17057, .to = 17070};
    const struct json *whole = json_find(compliance(&all, &days)->first, "terms")->first;
    days.party = "*";
    const struct json *term = json_find(compliance(&tree, &days)->first, "terms")->first;
    for (; term != NULL && whole != NULL; term = term->next, whole = whole->next) {
        same_of_all(term, whole);
        for (const struct json *day = json_find(term, "days")->first; day != NULL; day = day->next)
            for (const struct json *r = json_find(day, "readings")->first; r != NULL; r = r->next)
                CHECK_INT(json_find(r, "parties")->size, 0);
    }
    CHECK(term == NULL && whole == NULL);
    tree_close(&tree);
    tree_close(&all);
}

/* Who takes part and is bound by nothing that is asked for is no mistake. */
static void a_party_that_nothing_binds(void)
{
    struct tree tree;
    const struct truce_days days = {.term = "calm", .party = "red-crescent"};
    CHECK_INT(json_find(compliance(&tree, &days)->first, "terms")->size, 0);
    canonical(&tree);
    tree_close(&tree);
}

static void the_last_days_without_being_asked(void)
{
    struct tree tree;
    const struct truce_days days = {.term = "calm"};
    const struct json *agreement = compliance(&tree, &days)->first;
    CHECK_INT(json_find(json_find(agreement, "terms")->first, "days")->size, 14);
    tree_close(&tree);
}

static void days_to_come_are_not_told(void)
{
    struct tree tree;
    const struct truce_days days = {.has_from = true, .has_to = true, .from = LAST_DAY + 2, .to = LAST_DAY + 9};
    const struct json *agreement = compliance(&tree, &days)->first;
    for (const struct json *term = json_find(agreement, "terms")->first; term != NULL; term = term->next)
        CHECK_INT(json_find(term, "days")->size, 0);
    tree_close(&tree);
}

static void refused(struct truce_days days, const char *code)
{
    struct truce_error error = {0};
    struct truce_buffer answer = {0};
    struct truce_moment moment = moment_of(as_of);
    CHECK(truce_compliance(reg, &days, &moment, &answer, &error) == TRUCE_USAGE);
    CHECK_STRING(error.code, code);
    truce_free(&answer);
}

static void what_makes_no_sense_is_refused(void)
{
    refused((struct truce_days){.agreement = "none"}, "agreement-unknown");
    refused((struct truce_days){.term = "none"}, "term-unknown");
    refused((struct truce_days){.reading = "none"}, "reading-unknown");
    refused((struct truce_days){.party = "none"}, "party-unknown");
    refused((struct truce_days){.has_from = true, .has_to = true, .from = 2, .to = 1}, "compliance-order");
    refused((struct truce_days){.has_from = true, .has_to = true, .from = 1, .to = 63}, "compliance-days");
    struct tree tree;
    const struct truce_days most = {.has_from = true, .has_to = true, .from = 17017, .to = 17078, .term = "calm"};
    CHECK_INT(json_find(json_find(compliance(&tree, &most)->first, "terms")->first, "days")->size, 62);
    tree_close(&tree);
}

static char *place;

static void open_case(void)
{
    char directory[600];
    struct error error = {0};
    struct truce_error why_not = {0};
    place = scratch("compliance");
    snprintf(directory, sizeof directory, "%s/register", place);
    CHECK(worked_load("syria-2016", directory, &error) == STATUS_DONE);
    CHECK(truce_open(&reg, directory, TRUCE_READ, &why_not) == TRUCE_DONE);
    CHECK(time_parse(&as_of, slice_from("2016-10-04T12:00:00Z")));
}

static void close_case(void)
{
    struct truce_error error = {0};
    CHECK(truce_close(&reg, &error) == TRUCE_DONE);
    scratch_remove(place);
}

TESTS(open_case, each_day_is_what_why_says, each_day_is_what_the_changes_led_to, the_clock_is_the_standing_s,
      watching_and_restrictions_stand_by, a_party_is_told_alone, nobody_by_itself, a_party_that_nothing_binds,
      the_last_days_without_being_asked, days_to_come_are_not_told, what_makes_no_sense_is_refused, close_case)
