#include "tell/term.h"

#include "base/time.h"
#include "tell/names.h"
#include "tell/phrase.h"
#include <inttypes.h>
#include <stdio.h>

/* ---- the rule */

static int64_t duration_of(const struct json *object, const char *key)
{
    int64_t seconds = 0;
    (void)!duration_parse(&seconds, json_find_string(object, key));
    return seconds;
}

/* Of what an amount is, where amounts are counted and not events. */
static struct slice unit_of(const struct json *rule)
{
    const struct json *measure = json_find(rule, "measure");
    struct slice sum = json_find_string(measure, "sum");
    return sum.size > 0 ? sum : json_find_string(measure, "max");
}

/* "20 (hostages)", else "20". */
static void say_number(const struct voice *voice, const struct json *rule, int64_t number)
{
    struct slice unit = unit_of(rule);
    say_hole(voice, hole_integer(HOLE_INTEGER, number));
    if (unit.size == 0) return;
    say_words(voice, " (");
    say_word(voice, "kind", unit);
    say_words(voice, ")");
}

static void say_most(const struct voice *voice, const struct json *rule)
{
    say_number(voice, rule, json_find_integer(rule, "at_most", 0));
}

static void say_least(const struct voice *voice, const struct json *rule)
{
    say_number(voice, rule, json_find_integer(rule, "at_least", 0));
}

/* Of [a, b]. */
static const struct json *times_of(const struct json *rule)
{
    const struct json *times = json_find(json_find(rule, "at_least"), "times");
    return times != NULL && times->type == JSON_ARRAY && times->size == 2 ? times->first : NULL;
}

static void say_times_least(const struct voice *voice, const struct json *rule)
{
    say_number(voice, rule, times_of(rule)->integer);
}

static void say_times_every(const struct voice *voice, const struct json *rule)
{
    say_number(voice, rule, times_of(rule)->next->integer);
}

static void say_cap(const struct voice *voice, const struct json *rule, int64_t every_s)
{
    const struct hole most = hole_phrase(say_most, rule), what = hole_phrase(phrase_selector, json_find(rule, "of")),
                      period = hole_integer(HOLE_DURATION, every_s);
    if (every_s > 0)
        TELL(voice, TR("Rule: at most {0} of this in each period: {1}. Length of a period: {2}."), most, what, period);
    else if (json_find_integer(rule, "at_most", 0) > 0)
        TELL(voice, TR("Rule: at most {0} of this: {1}."), most, what);
    else
        TELL(voice, TR("Rule: this must not happen: {1}."), most, what);
}

static void say_floor(const struct voice *voice, const struct json *rule, int64_t every_s)
{
    const struct hole least = hole_phrase(say_least, rule), what = hole_phrase(phrase_selector, json_find(rule, "of")),
                      period = hole_integer(HOLE_DURATION, every_s);
    if (every_s > 0)
        TELL(voice, TR("Rule: at least {0} of this in each period: {1}. Length of a period: {2}."), least, what,
             period);
    else if (json_find_integer(rule, "at_least", 0) > 1)
        TELL(voice, TR("Rule: at least {0} of this in time: {1}."), least, what);
    else
        TELL(voice, TR("Rule: this is to be done in time: {1}."), least, what);
}

static void say_as_many(const struct voice *voice, struct hole what, struct hole to_what, struct slice unit)
{
    TELL(voice, TR("Rule: as many of this in time: {0}; as of this: {1}."), what, to_what);
    if (unit.size == 0) return;
    say_words(voice, TR(" What is counted: "));
    say_word(voice, "kind", unit);
    say_words(voice, ".");
}

/* At least a for every b; of [1, 1], as many. */
static void say_ratio(const struct voice *voice, const struct json *rule)
{
    const struct json *times = times_of(rule);
    if (times == NULL || times->type != JSON_INTEGER || times->next->type != JSON_INTEGER) return;
    const struct hole least = hole_phrase(say_times_least, rule), every = hole_phrase(say_times_every, rule),
                      what = hole_phrase(phrase_selector, json_find(rule, "of")),
                      to_what = hole_phrase(phrase_selector, json_find(json_find(rule, "at_least"), "of"));
    if (times->integer == times->next->integer) {
        say_as_many(voice, what, to_what, unit_of(rule));
        return;
    }
    TELL(voice, TR("Rule: at least {0} of this in time: {2}; for every {1} of this: {3}."), least, every, what,
         to_what);
}

static void say_held(const struct voice *voice, const struct json *rule)
{
    struct slice unwatched = json_find_string(rule, "unwatched");
    TELL(voice, TR("Rule: {0}, continuous, in which these terms are kept: {1}."),
         hole_integer(HOLE_DURATION, duration_of(rule, "held")), hole_terms(json_find(rule, "of")));
    say_words(voice, " ");
    if (slice_is(unwatched, "reset"))
        say_words(voice, TR("A day without enough watching ends the count."));
    else if (slice_is(unwatched, "count"))
        say_words(voice, TR("A day without enough watching counts as kept."));
    else
        say_words(voice, TR("A day without enough watching neither counts nor ends the count."));
    if (slice_is(json_find_string(rule, "void"), "stop"))
        say_words(voice, TR(" Days out of force neither count nor end the count."));
}

static void say_reply(const struct voice *voice, const struct json *rule)
{
    const struct hole within = hole_integer(HOLE_DURATION, duration_of(rule, "within")),
                      what = hole_phrase(phrase_selector, json_find(rule, "reply")),
                      with = hole_phrase(phrase_selector, json_find(rule, "with"));
    TELL(voice, TR("Rule: this is to be answered: {0}. The answer: {1}. Time to answer: {2}."), what, with, within);
    if (json_find_bool(rule, "stated"))
        say_words(voice, TR(" Where what is to be answered states a time itself, that holds."));
}

static void say_measure(const struct voice *voice, const struct json *measure)
{
    if (json_find(measure, "sum") != NULL) say_words(voice, TR(" The numbers stated are added up."));
    if (json_find(measure, "max") != NULL) say_words(voice, TR(" The largest number stated holds."));
}

static void tell_rule(const struct voice *voice, const struct json *rule, int64_t every_s)
{
    const struct json *least = json_find(rule, "at_least"), *all = json_find(rule, "all"),
                      *any = json_find(rule, "any");
    if (rule == NULL || rule->type != JSON_OBJECT || rule->size == 0) return;
    voice->begin(voice->context, MANNER_LINE);
    if (json_find(rule, "at_most") != NULL) say_cap(voice, rule, every_s);
    if (least != NULL && least->type == JSON_OBJECT) say_ratio(voice, rule);
    if (least != NULL && least->type != JSON_OBJECT) say_floor(voice, rule, every_s);
    if (json_find(rule, "held") != NULL) say_held(voice, rule);
    if (json_find(rule, "reply") != NULL) say_reply(voice, rule);
    if (all != NULL) TELL(voice, TR("Rule: all of these terms are met: {0}."), hole_terms(all));
    if (any != NULL) TELL(voice, TR("Rule: one of these terms is met: {0}."), hole_terms(any));
    if (json_find(rule, "may") != NULL)
        TELL(voice, TR("Rule: this is permitted: {0}."), hole_phrase(phrase_selector, json_find(rule, "may")));
    say_measure(voice, json_find(rule, "measure"));
    voice->end(voice->context, MANNER_LINE);
}

/* ---- whom it binds, and when */

static void tell_who(const struct voice *voice, const struct json *term)
{
    const struct json *who = json_find(term, "who");
    struct slice answers = json_find_string(term, "answers"), channel = json_find_string(term, "channel");
    if (who != NULL && who->type == JSON_STRING && slice_is(who->string, "*"))
        TELL_AS(voice, MANNER_LINE, TR("It binds everyone."), {0});
    else if (who != NULL)
        TELL_AS(voice, MANNER_LINE, TR("It binds: {0}."), hole_phrase(phrase_everyone_of, who));
    if (json_find_bool(term, "each"))
        TELL_AS(voice, MANNER_LINE, TR("Each of them is judged alone, and the gravest result holds."), {0});
    if (answers.size > 0) TELL_AS(voice, MANNER_LINE, TR("Answered for by: {0}"), hole(HOLE_PARTY, answers));
    if (channel.size > 0)
        TELL_AS(voice, MANNER_LINE, TR("Channel: {0}"), hole(HOLE_TEXT, tell_channel(voice->agreement, channel)));
}

static void tell_when_bound(const struct voice *voice, const struct json *term)
{
    const struct {
        const char *key, *message;
    } moments[] = {
        {"from", TR("It begins at: {0}.")}, {"until", TR("It ends at: {0}.")}, {"by", TR("It is due at: {0}.")}};
    struct slice other = json_find_string(term, "while");
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        const struct json *moment = json_find(term, moments[i].key);
        if (moment != NULL) TELL_AS(voice, MANNER_LINE, moments[i].message, hole_phrase(phrase_moment, moment));
    }
    if (other.size == 0) return;
    struct slice clause = tell_clause(voice->records, voice->agreement, other);
    TELL_AS(voice, MANNER_LINE, TR("It binds only while the term {0} is kept."), hole(HOLE_TERM, other));
    if (clause.size > 0) TELL_AS(voice, MANNER_MORE, "{0}", hole(HOLE_TEXT, clause));
}

/* ---- who decides, what excepts */

static void tell_finding(const struct voice *voice, const struct json *finding)
{
    int64_t quorum = json_find_integer(finding, "quorum", 1);
    struct slice standard = json_find_string(finding, "standard");
    const struct hole by = hole_phrase(phrase_everyone_of, json_find(finding, "by")),
                      number = hole_integer(HOLE_INTEGER, quorum);
    if (finding == NULL || finding->type != JSON_OBJECT) return;
    voice->begin(voice->context, MANNER_LINE);
    if (quorum > 1)
        TELL(voice, TR("Only what was found substantiated counts. Findings needed: {0}, by: {1}."), number, by);
    else
        TELL(voice, TR("Only what was found substantiated counts. Who finds: {1}."), number, by);
    if (standard.size > 0 && !slice_is(standard, "none")) {
        say_words(voice, TR(" Least standard of proof: "));
        say_word(voice, "standard", standard);
        say_words(voice, ".");
    }
    if (json_find(finding, "reply") != NULL)
        TELL(voice, TR(" Time to respond to a finding before it counts: {0}."),
             hole_integer(HOLE_DURATION, duration_of(finding, "reply")));
    voice->end(voice->context, MANNER_LINE);
}

static void say_ground(const struct voice *voice, const struct json *ground)
{
    say_called_word(voice, "ground", ground->string);
}

void phrase_exception(const struct voice *voice, const struct json *except)
{
    const struct json *justify = json_find(except, "justify"), *fits = json_find(except, "if"),
                      *notified = json_find(except, "notified");
    if (justify != NULL && justify->type == JSON_STRING) {
        TELL(voice, TR("what is justified as {0}, where the reading accepts that"), hole_phrase(say_ground, justify));
    }
    if (fits != NULL) TELL(voice, TR("what is also this: {0}"), hole_phrase(phrase_selector, fits));
    if (notified != NULL)
        TELL(voice, TR("what was preceded by this: {0}; by at least: {1}"), hole_phrase(phrase_selector, notified),
             hole_integer(HOLE_DURATION, duration_of(except, "lead")));
}

static void tell_exceptions(const struct voice *voice, const struct json *list)
{
    if (list == NULL || list->type != JSON_ARRAY || list->size == 0) return;
    TELL_AS(voice, MANNER_LINE, TR("Excepted:"), {0});
    voice->begin(voice->context, MANNER_LIST);
    for (const struct json *except = list->first; except != NULL; except = except->next)
        TELL_AS(voice, MANNER_ITEM, "{0}", hole_phrase(phrase_exception, except));
    voice->end(voice->context, MANNER_LIST);
}

/* ---- how it is known, and what then */

/* A share as a percentage with one decimal, as the share that was watched is told. */
void phrase_share(const struct voice *voice, const struct json *share)
{
    char text[32];
    const struct json *part = share == NULL || share->type != JSON_ARRAY ? NULL : share->first;
    if (part == NULL || part->next == NULL || part->type != JSON_INTEGER || part->next->type != JSON_INTEGER ||
        part->integer < 0 || part->next->integer <= 0 || part->integer > part->next->integer ||
        part->next->integer > 1000000)
        return;
    int64_t permille = part->integer * 1000 / part->next->integer;
    snprintf(text, sizeof text, "%" PRId64 ".%" PRId64 "%%", permille / 10, permille % 10);
    voice->thing(voice->context, hole(HOLE_NUMBER, slice_from(text)));
}

static void tell_watch(const struct voice *voice, const struct json *watch)
{
    const struct json *share = json_find(watch, "share");
    if (share == NULL) return;
    voice->begin(voice->context, MANNER_LINE);
    TELL(voice, TR("Watching needed: {0} of the time, at each of: {1}."), hole_phrase(phrase_share, share),
         hole_phrase(phrase_places, json_find(watch, "of")));
    if (json_find(watch, "grace") != NULL)
        TELL(voice, TR(" Time for records of watching to come in: {0}."),
             hole_integer(HOLE_DURATION, duration_of(watch, "grace")));
    voice->end(voice->context, MANNER_LINE);
}

static void tell_effects(const struct voice *voice, const struct json *list)
{
    const struct json *effect = list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
    for (; effect != NULL; effect = effect->next)
        TELL_AS(voice, MANNER_LINE, TR("While the result is {0}, this is proposed to {1}: {2}."),
                hole_phrase(phrase_verdicts, json_find(effect, "on")),
                hole_phrase(phrase_everyone_of, json_find(effect, "ask")), hole_phrase(phrase_effect, effect));
}

void tell_term(const struct voice *voice, const struct json *term)
{
    tell_rule(voice, json_find(term, "rule"), duration_of(term, "every"));
    tell_who(voice, term);
    tell_when_bound(voice, term);
    tell_finding(voice, json_find(term, "finding"));
    tell_exceptions(voice, json_find(term, "except"));
    tell_watch(voice, json_find(term, "watch"));
    tell_effects(voice, json_find(term, "effect"));
}

/* ---- readings */

bool reading_was_told(const struct json *readings, const struct json *reading)
{
    for (const struct json *r = readings->first; r != NULL && r != reading; r = r->next)
        if (slice_equal(r->source, reading->source)) return true;
    return false;
}

void tell_reading_names(const struct voice *voice, const struct json *reading)
{
    for (const struct json *r = reading; r != NULL; r = r->next) {
        if (!slice_equal(r->source, reading->source)) continue;
        if (r != reading) say_words(voice, TR("; "));
        say_hole(voice, hole(HOLE_TEXT, tell_reading(voice->agreement, r->key)));
    }
}

/* "At least n" has no most: the evaluator then holds this for one. */
enum { AMOUNT_WITHOUT_MOST = 1000000000 };

void tell_amount(const struct voice *voice, const struct json *match)
{
    int64_t least = json_find_integer(match, "least", -1), most = json_find_integer(match, "most", -1);
    const char *message = least == most                 ? TR("; number: {0}")
                          : most >= AMOUNT_WITHOUT_MOST ? TR("; number: at least {0}")
                                                        : TR("; number: {0} to {1}");
    if (least < 0 || most < 0) return;
    TELL(voice, message, hole_integer(HOLE_INTEGER, least), hole_integer(HOLE_INTEGER, most));
}

static void say_range(const struct voice *voice, const struct json *range)
{
    int64_t least = json_find_integer(range, "least", 0), most = json_find_integer(range, "most", 0);
    const char *message = least == most                ? "{0}"
                          : most < AMOUNT_WITHOUT_MOST ? TR("{0} to {1}")
                          : least > 0                  ? TR("at least {0}")
                                                       : TR("a number that is not stated");
    TELL(voice, message, hole_integer(HOLE_INTEGER, least), hole_integer(HOLE_INTEGER, most));
}

void tell_count(const struct voice *voice, const struct json *reading)
{
    const struct json *needed = json_find(reading, "needed");
    if (json_find_integer(needed, "most", 0) < 2) return; /* one record shows it */
    TELL_AS(voice, MANNER_LINE, TR("Counted: {0}. Needed: {1}."), hole_phrase(say_range, reading),
            hole_phrase(say_range, needed));
}

void tell_suggested(const struct voice *voice, const struct json *pairs)
{
    if (pairs == NULL || pairs->size == 0) return;
    TELL_AS(voice, MANNER_LINE, TR("Perhaps one event told twice; no record links or parts them:"), {0});
    voice->begin(voice->context, MANNER_LIST);
    for (const struct json *pair = pairs->first; pair != NULL; pair = pair->next) {
        if (pair->type != JSON_ARRAY || pair->size != 2) continue;
        TELL_AS(voice, MANNER_ITEM, TR("{0} and {1}"), hole(HOLE_RECORD, pair->first->string),
                hole(HOLE_RECORD, pair->first->next->string));
    }
    voice->end(voice->context, MANNER_LIST);
}

/* ---- proposals, and what would change a result */

void tell_proposal(const struct voice *voice, const struct json *proposal)
{
    struct slice since = json_find_string(proposal, "since");
    TELL(voice, TR("Proposed to {0}: {1}."), hole_phrase(phrase_names, json_find(proposal, "ask")),
         hole_phrase(phrase_effect, proposal));
    TELL(voice,
         since.size > 0 ? TR(" Reason: the term {0}; its result: {1}, since {2}.")
                        : TR(" Reason: the term {0}; its result: {1}."),
         hole(HOLE_TERM, json_find_string(proposal, "term")), hole(HOLE_RESULT, json_find_string(proposal, "on")),
         hole(HOLE_TIME, since));
}

const char *proposals_note(void)
{
    return TR(
        "Proposals follow from the agreement's own text. Nothing is done by itself: each waits for an act of those "
        "to whom it is made.");
}

bool change_is_told(const struct json *change)
{
    const struct json *by = json_find(change, "records");
    return !slice_is(json_find_string(change, "code"), "resumption-would") || (by != NULL && by->size > 0);
}

void tell_would(const struct voice *voice, const struct json *would)
{
    char code[80];
    const struct json *one = would == NULL || would->type != JSON_ARRAY ? NULL : would->first;
    for (; one != NULL; one = one->next) {
        if (one->type != JSON_STRING) continue;
        say_words(voice, tell_label(LABEL_CHANGE, one->string, code, sizeof code));
        if (one->next != NULL) say_words(voice, " ");
    }
}
