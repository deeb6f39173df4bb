/* An agreement's texts: on a made register with a rival text, an amendment, an earlier version and a suspension with
 * grounds; and on the worked case of 2016. */
#include "terms_log.h"

#include "base/arena.h"
#include "scratch.h"
#include "truce.h"

/* ---- a made register */

#define AGREEMENT(by, name, more)                                                                                         \
    "{\"kind\":\"agreement\",\"by\":\"" by "\",\"agreement\":\"" name "\",\"title\":{\"ar\":\"عنوان\",\"en\":\"T\"," \
    "\"original\":\"en\",\"machine\":[\"ar\"]},\"parties\":[\"a\",\"b\"],\"channels\":{\"line\":{\"name\":{\"en\":"       \
    "\"the line\",\"original\":\"en\"}},\"talks\":{\"release\":{\"suspend\":\"b\"}}},\"readings\":{\"strict\":{"          \
    "\"trust\":\"*\",\"links\":\"m\",\"need\":[\"report\"]}},\"force\":{\"assent\":[\"a\",\"b\"],\"release\":{"           \
    "\"suspend\":\"b\"}}" more "}"
#define TERM(id, clause, more)                                                                                         \
    "{\"id\":\"" id "\",\"clause\":{" clause ",\"original\":\"en\",\"translated_by\":{\"ar\":\"x\"}},\"who\":\"*\","   \
    "\"rule\":{\"at_most\":0,\"of\":{\"act\":\"" id "\"}},\"watch\":\"log\"" more "}"
#define QUIET "\"ar\":\"هدوء\",\"en\":\"Quiet.\""
#define NO_FLIGHTS "\"ar\":\"طيران\",\"en\":\"No flights.\""
#define ACT(by, act, scope, at, more)                                                                                  \
    "{\"kind\":\"standing\",\"by\":\"" by "\",\"agreement\":\"@text\",\"act\":\"" act "\",\"scope\":" scope            \
    ",\"at\":\"" at "T00:00:00Z\"" more "}"
#define WHOLE "{\"whole\":true}"

static struct terms_log made;

static void make(void)
{
    struct terms_log *log = &made;
    log_open_empty(log);
    say(log, "part", "2019-12-01",
        "{\"kind\":\"part\",\"by\":\"s\",\"agreement\":\"truce\",\"terms\":[" TERM(
            "fire", "\"ar\":\"نار\",\"en\":\"No fire.\"",
            ",\"rival\":{\"copy\":{\"/clause/en\":\"No fire at night.\",\"/rule/at_most\":1}}") "]}");
    say(log, "old", "2019-12-02",
        AGREEMENT("s", "truce", ",\"terms\":[" TERM("shots", "\"ar\":\"طلقات\",\"en\":\"Few shots.\"", "") "]"));
    say(log, "assent-old", "2019-12-03",
        "{\"kind\":\"standing\",\"by\":\"a\",\"agreement\":\"@old\",\"act\":\"assent\",\"scope\":{\"whole\":true},"
        "\"at\":\"2019-12-03T00:00:00Z\"}");
    say(log, "text", "2019-12-04",
        AGREEMENT("s", "truce",
                  ",\"replaces\":\"@old\",\"parts\":[\"@part\"],\"prevails\":\"en\",\"versions\":[{\"lang\":\"en\"},"
                  "{\"lang\":\"fr\",\"translation\":true}],\"terms\":[" TERM("shots", QUIET, "") "," TERM(
                      "shells", QUIET, "") "," TERM("flights", NO_FLIGHTS, "") "]"));
    say(log, "assent-a", "2020-01-01", ACT("a", "assent", WHOLE, "2020-01-01", ""));
    say(log, "assent-b", "2020-01-02", ACT("b", "assent", WHOLE, "2020-01-02", ""));
    say(log, "rival", "2020-01-03",
        AGREEMENT("a", "truce",
                  ",\"terms\":[" TERM("shots", "\"ar\":\"سكون\",\"en\":\"Silence.\"", "") "," TERM(
                      "shells", QUIET, ",\"each\":true") "," TERM("flights", NO_FLIGHTS, "") "]"));
    say(log, "amendment", "2020-01-04",
        AGREEMENT("s", "second",
                  ",\"amends\":[\"elsewhere/shots\",\"flights\",\"truce/shells\"],\"terms\":[" TERM(
                      "shells", "\"ar\":\"قذائف\",\"en\":\"No shells at all.\"", "") "]"));
    say(log, "suspends-talks", "2020-01-05",
        ACT("b", "suspend", "{\"channel\":\"talks\"}", "2020-01-05",
            ",\"grounds\":{\"ar\":\"سبب\",\"en\":\"A reason.\",\"original\":\"en\",\"machine\":[\"ar\"]}"));
    say(log, "no-right", "2020-01-06", ACT("a", "suspend", "{\"channel\":\"talks\"}", "2020-01-06", ""));
    say(log, "no-right-whole", "2020-01-06", ACT("a", "suspend", WHOLE, "2020-01-06", ""));
    say(log, "later", "2020-01-20", ACT("b", "resume", "{\"channel\":\"talks\"}", "2020-01-20", ""));
}

static const char *id_of(const char *label)
{
    for (size_t i = 0; i < made.known_count; i++)
        if (strcmp(made.known[i].label, label) == 0) return made.known[i].id;
    CHECK(false);
    return "";
}

static bool ask_texts(struct answer *answer, const char *which, const char *as_of, struct error *error)
{
    struct json_writer w;
    *answer = (struct answer){0};
    json_write_open(&w, &answer->text);
    if (texts_write(made.view, slice_from(which), time_of(as_of), &w, error) != STATUS_DONE) {
        buffer_clear(&answer->text);
        return false;
    }
    answer_read(answer, &w);
    return true;
}

static struct answer texts(const char *which, const char *as_of)
{
    struct answer answer;
    struct error error = {0};
    CHECK(ask_texts(&answer, which, as_of, &error));
    return answer;
}

static const struct json *item(const struct json *of, const char *list, const char *key, const char *value)
{
    const struct json *found = json_find(of, list);
    for (found = found == NULL ? NULL : found->first; found != NULL; found = found->next)
        if (slice_is(json_find_string(found, key), value)) return found;
    return NULL;
}

static size_t size_of(const struct json *of, const char *key)
{
    const struct json *list = json_find(of, key);
    return list == NULL ? SIZE_MAX : list->size;
}

/* The clause that the term quotes. */
static const struct json *clause_of(const struct json *it, const char *term)
{
    for (const struct json *c = json_find(it, "clauses")->first; c != NULL; c = c->next)
        for (const struct json *m = json_find(c, "terms")->first; m != NULL; m = m->next)
            if (slice_is(m->string, term)) return c;
    return NULL;
}

static struct slice english(const struct json *of)
{
    return json_find_string(json_find(of, "text"), "en");
}

/* ---- */

static void a_sentence_stands_once_with_all_its_terms(void)
{
    make();
    struct answer answer = texts("truce", "2020-01-10");
    const struct json *it = answer.tree;
    CHECK_INT(size_of(it, "clauses"), 3);
    const struct json *shared = clause_of(it, "shells");
    CHECK(shared == clause_of(it, "shots") && slice_is(english(shared), "Quiet."));
    CHECK(slice_is(json_find_string(json_find(shared, "text"), "ar"), "هدوء"));
    CHECK(slice_is(json_find_string(shared, "record"), id_of("text")));
    CHECK(slice_is(json_find_string(clause_of(it, "fire"), "record"), id_of("part")));
    CHECK_INT(size_of(it, "parts"), 1);
    CHECK(slice_is(json_find_string(item(it, "parts", "id", id_of("part")), "author"), "s"));
    const struct json *standing = json_find(it, "standing");
    CHECK_INT(size_of(standing, "terms"), 4);
    CHECK(slice_is(json_find_string(json_find(item(standing, "terms", "id", "shells"), "readings"), "strict"), "met"));
    answer_clear(&answer);
}

static void languages_are_told_with_what_each_is(void)
{
    struct answer answer = texts("truce", "2020-01-10");
    const struct json *en = item(answer.tree, "languages", "lang", "en"),
                      *ar = item(answer.tree, "languages", "lang", "ar"),
                      *fr = item(answer.tree, "languages", "lang", "fr");
    CHECK_INT(size_of(answer.tree, "languages"), 3);
    CHECK(json_find_bool(en, "prevails") && json_find_bool(en, "original") && json_find_bool(en, "version"));
    CHECK(!json_find_bool(ar, "prevails") && !json_find_bool(ar, "original") && !json_find_bool(ar, "version"));
    CHECK(json_find_bool(fr, "translation") && json_find_bool(fr, "version"));
    answer_clear(&answer);
}

static void rival_texts_stand_beside_the_clause(void)
{
    struct answer answer = texts("truce", "2020-01-10");
    const struct json *it = answer.tree, *fire = clause_of(it, "fire"), *shots = clause_of(it, "shots");
    const struct json *copy = item(fire, "rivals", "name", "copy");
    CHECK(slice_is(english(copy), "No fire at night.") && slice_is(json_find_string(copy, "term"), "fire"));
    CHECK(slice_is(json_find_string(json_find(copy, "text"), "ar"), "نار")); /* what it leaves stays */
    CHECK_INT(json_find_integer(json_find(copy, "changes"), "/rule/at_most", 0), 1);
    CHECK(json_find(json_find(item(json_find(it, "standing"), "terms", "id", "fire"), "rivals"), "copy") != NULL);
    CHECK_INT(size_of(fire, "elsewhere"), 0);
    const struct json *old = item(shots, "elsewhere", "id", id_of("old")),
                      *rival = item(shots, "elsewhere", "id", id_of("rival"));
    CHECK_INT(size_of(shots, "elsewhere"), 3);
    const struct json *otherwise = item(shots, "elsewhere", "term", "shells");
    CHECK(otherwise != NULL && json_find(otherwise, "text") == NULL); /* the same words, another rule */
    CHECK_INT(size_of(clause_of(it, "flights"), "elsewhere"), 0);     /* the very same */
    CHECK(slice_is(english(old), "Few shots.") && json_find_bool(old, "earlier"));
    CHECK(slice_is(english(rival), "Silence.") && !json_find_bool(rival, "earlier"));
    CHECK(slice_is(json_find_string(rival, "author"), "a"));
    CHECK_INT(size_of(it, "others"), 1);
    CHECK(slice_is(json_find_string(item(it, "others", "id", id_of("rival")), "standing"), "not-begun"));
    CHECK(item(it, "earlier", "id", id_of("old")) != NULL);
    answer_clear(&answer);
}

static void amendments_stand_beside_what_they_amend(void)
{
    struct answer answer = texts("truce", "2020-01-10");
    const struct json *it = answer.tree, *by = item(it, "amended_by", "id", id_of("amendment"));
    CHECK(slice_is(json_find_string(by, "agreement"), "second") &&
          slice_is(json_find_string(by, "standing"), "not-begun"));
    CHECK_INT(size_of(by, "terms"), 2); /* what another agreement is amended by is not this one's */
    const struct json *shells = item(clause_of(it, "shells"), "amended_by", "id", id_of("amendment"));
    CHECK(slice_is(english(shells), "No shells at all.") && slice_is(json_find_string(shells, "term"), "shells"));
    const struct json *flights = item(clause_of(it, "flights"), "amended_by", "id", id_of("amendment"));
    CHECK(flights != NULL && json_find(flights, "text") == NULL);
    CHECK_INT(size_of(clause_of(it, "fire"), "amended_by"), 0);
    answer_clear(&answer);
    answer = texts("truce", "2020-01-03");
    CHECK_INT(size_of(answer.tree, "amended_by"), 0); /* not yet */
    answer_clear(&answer);
    answer = texts("second", "2020-01-10");
    CHECK_INT(size_of(answer.tree, "amends"), 3);
    answer_clear(&answer);
}

static void acts_have_their_grounds_and_their_right(void)
{
    struct answer answer = texts("truce", "2020-01-10");
    const struct json *it = answer.tree, *act = item(it, "acts", "id", id_of("suspends-talks"));
    CHECK_INT(size_of(it, "acts"), 6);
    CHECK(slice_is(json_find_string(act, "author"), "b") && slice_is(json_find_string(act, "act"), "suspend"));
    CHECK(slice_is(json_find_string(json_find(act, "grounds"), "en"), "A reason."));
    CHECK(!json_find_bool(act, "without_right") && json_find(act, "of") == NULL);
    CHECK(json_find_bool(item(it, "acts", "id", id_of("no-right")), "without_right"));
    CHECK(json_find_bool(item(it, "acts", "id", id_of("no-right-whole")), "without_right"));
    CHECK(slice_is(json_find_string(item(it, "acts", "id", id_of("assent-old")), "of"), id_of("old")));
    const struct json *talks = item(it, "channels", "id", "talks"), *line = item(it, "channels", "id", "line");
    CHECK_INT(size_of(talks, "acts"), 2);
    CHECK_INT(size_of(line, "acts"), 0);
    CHECK(slice_is(json_find_string(json_find(line, "name"), "en"), "the line"));
    const struct json *stands = item(json_find(it, "standing"), "channels", "id", "talks");
    CHECK(slice_is(json_find_string(stands, "standing"), "suspended"));
    CHECK(slice_is(json_find(stands, "by")->first->string, id_of("suspends-talks")));
    answer_clear(&answer);
    answer = texts("truce", "2020-01-21");
    CHECK_INT(size_of(answer.tree, "acts"), 7);
    answer_clear(&answer);
}

static void it_is_found_by_name_and_by_any_of_its_ids(void)
{
    struct answer answer;
    struct error error = {0};
    char digits[13];
    snprintf(digits, sizeof digits, "%s", id_of("text"));
    const char *const same[] = {"truce", id_of("text"), digits, id_of("old")};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        answer = texts(same[i], "2020-01-10");
        CHECK(slice_is(json_find_string(answer.tree, "record"), id_of("text")));
        answer_clear(&answer);
    }
    answer = texts(id_of("rival"), "2020-01-10");
    CHECK(slice_is(json_find_string(answer.tree, "record"), id_of("rival")));
    CHECK(item(answer.tree, "others", "id", id_of("text")) != NULL);
    answer_clear(&answer);
    snprintf(digits, sizeof digits, "%.7s", id_of("text"));
    const char *const none[] = {"truc", digits, "", id_of("assent-a")};
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        CHECK(!ask_texts(&answer, none[i], "2020-01-10", &error));
        CHECK_STRING(error.code, "agreement-unknown");
    }
    CHECK(!ask_texts(&answer, "truce", "2019-11-01", &error)); /* not written yet */
    view_close(&made.view);
}

/* ---- the worked cases */

static struct arena arena;

static const struct json *loaded(const char *which, const char *agreement, struct truce_moment moment)
{
    char path[1024], *folder = scratch("texts");
    struct truce_buffer answer = {0};
    struct truce_register *reg;
    struct truce_error error;
    const struct json *out = NULL;
    snprintf(path, sizeof path, "%s/r", folder);
    CHECK(truce_case_load(which, path, &answer, &error) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_open(&reg, path, TRUCE_READ, &error) == TRUCE_DONE);
    CHECK(truce_agreement(reg, agreement, &moment, &answer, &error) == TRUCE_DONE);
    struct slice copy = arena_copy(&arena, slice_of(answer.data, answer.size));
    CHECK(json_read(&out, copy, JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    truce_free(&answer);
    truce_close(&reg, &error);
    scratch_remove(folder);
    return json_find(out, "agreement");
}

static void the_case_of_2016_has_its_texts(void)
{
    arena_init(&arena, (size_t)1 << 28);
    const struct truce_moment then = {.has_as_of = true, .as_of = time_of("2016-10-04")};
    const struct json *it = loaded("syria-2016", "cessation-2016-09-09", then);
    CHECK(slice_is(json_find_string(it, "prevails"), "en"));
    CHECK_INT(size_of(it, "languages"), 2);
    CHECK_INT(size_of(json_find(it, "standing"), "terms"), 31);
    size_t terms = 0;
    for (const struct json *c = json_find(it, "clauses")->first; c != NULL; c = c->next) {
        terms += size_of(c, "terms");
        CHECK(json_find_string(json_find(c, "text"), "ar").size > 0 && english(c).size > 0);
    }
    CHECK_INT(terms, 31);
    CHECK(item(clause_of(it, "government-heavy"), "rivals", "name", "second-transcription") != NULL);
    const struct json *stands = item(json_find(it, "standing"), "channels", "id", "talks");
    const struct json *act = item(it, "acts", "author", "united-states");
    while (act != NULL && !slice_equal(json_find_string(act, "id"), json_find(stands, "by")->first->string))
        act = act->next;
    CHECK(slice_is(json_find_string(act, "act"), "suspend") &&
          slice_is(json_find_string(act, "author"), "united-states"));
    CHECK(json_find_string(json_find(act, "grounds"), "ar").size > 0);
    const struct truce_moment before = {.has_as_of = true,
                                        .as_of = time_of("2016-09-18"),
                                        .known_by = TRUCE_KNOWN_TIME,
                                        .known_time = time_of("2016-09-18")};
    it = loaded("syria-2016", "cessation-2016-09-09", before);
    CHECK(item(it, "acts", "act", "suspend") == NULL && item(it, "acts", "act", "assent") != NULL);
    arena_clear(&arena);
}

static void the_case_of_colombia_amends_and_has_parts(void)
{
    const struct truce_moment now = {0};
    arena_init(&arena, (size_t)1 << 28);
    const struct json *it = loaded("colombia-2016", "ceasefire-and-arms", now);
    CHECK_INT(size_of(it, "parts"), 1);
    CHECK_INT(size_of(json_find(it, "amended_by")->first, "terms"), 4);
    CHECK_INT(size_of(clause_of(it, "arms-30"), "amended_by"), 1);
    CHECK(slice_is(json_find_string(item(it, "languages", "lang", "es"), "lang"), "es"));
    arena_clear(&arena);
}

TESTS(a_sentence_stands_once_with_all_its_terms, languages_are_told_with_what_each_is,
      rival_texts_stand_beside_the_clause, amendments_stand_beside_what_they_amend,
      acts_have_their_grounds_and_their_right, it_is_found_by_name_and_by_any_of_its_ids,
      the_case_of_2016_has_its_texts, the_case_of_colombia_amends_and_has_parts)
