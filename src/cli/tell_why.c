/* Why a term has its result: the clause, the rule, and under each reading what counted, what did not and why, and what
 * would change it. Made of codes and ids; the records that are named are told in their own words. */
#include "cli/tell.h"

#include "base/time.h"
#include "tell/term.h"
#include <inttypes.h>
#include <stdio.h>

/* How many records or gaps are told of each sort before the rest is only counted; --json has them all. */
enum { TOLD_MOST = 20, DAYS_TOLD_MOST = 60 };

struct why {
    struct doc *doc;
    struct records *records;
    const struct json *agreement; /* its record, or NULL */
};

/* ---- what the term says */

static void put_head(struct why *why, const struct json *it)
{
    struct doc *doc = why->doc;
    char id[80];
    words_isolate(doc_text(doc), json_find_string(it, "term"));
    doc_heading(doc, 1);
    struct slice clause = tell_text(json_find(it, "clause"));
    if (clause.size > 0) {
        buffer_put(doc_text(doc), clause);
        doc_line(doc, 0);
    }
    tell_value(doc, 0, TR("Result of evaluation: {0}"),
               slice_from(tell_label(LABEL_VERDICT, json_find_string(it, "verdict"), id, sizeof id)));
    if (json_find(it, "was") != NULL)
        tell_value(doc, 0, TR("Result before: {0}"),
                   slice_from(tell_label(LABEL_VERDICT, json_find_string(it, "was"), id, sizeof id)));
    struct slice decides = json_find_string(it, "decides");
    if (decides.size > 0)
        tell_value(doc, 0, TR("The reading that decides: {0}"), tell_reading(why->agreement, decides));
    else
        doc_say_line(doc, 0, TR("The agreement names no reading that decides."));
    if (slice_is(json_find_string(it, "verdict"), "breached")) tell_not_a_finding(doc, 0);
}

static void put_term(struct why *why, const struct json *it)
{
    struct doc_voice in = {why->doc, why->records, 0};
    struct voice voice = doc_voice(&in, why->agreement);
    if (json_find(it, "rule") == NULL) return;
    doc_say_heading(why->doc, 2, TR("How the term is counted"));
    tell_term(&voice, it);
}

/* ---- records */

static void put_record(struct why *why, struct slice id, struct slice time)
{
    tell_record_line(why->doc, why->records, id, time);
}

static void put_more(struct why *why, size_t all)
{
    char number[24];
    if (all <= TOLD_MOST) return;
    snprintf(number, sizeof number, "%zu", all - TOLD_MOST);
    words_fill(doc_text(why->doc), TR("… and others; number of others: {0}"), number, NULL);
    doc_item(why->doc, 1);
}

/* Why, on which ground, how much, and what is told together with it. */
static void put_reason(struct why *why, const struct json *match, enum label_table table)
{
    struct doc_voice in = {why->doc, why->records, 0};
    struct voice voice = doc_voice(&in, why->agreement);
    struct slice ground = json_find_string(match, "ground");
    const struct json *with = json_find(match, "with");
    say_label(&voice, table, json_find_string(match, "why"));
    if (ground.size > 0) {
        say_words(&voice, ": ");
        say_word(&voice, "ground", ground);
    }
    tell_amount(&voice, match);
    if (with != NULL) {
        buffer_put_string(doc_text(why->doc), TR("; told together with: "));
        tell_ids(doc_text(why->doc), with, 8);
    }
    doc_line(why->doc, 3);
}

/* The justification or notice that excuses it. */
static void put_excuse(struct why *why, const struct json *match)
{
    struct slice by = json_find_string(match, "excused_by");
    bool sure = slice_is(json_find_string(match, "why"), "excused");
    if (by.size == 0) return;
    buffer_put_string(doc_text(why->doc), sure ? TR("Excused by: ") : TR("Perhaps excused by: "));
    put_record(why, by, (struct slice){NULL, 0});
    doc_line(why->doc, 3);
}

static void put_matches(struct why *why, const struct json *matches, const char *heading, enum label_table table)
{
    struct doc *doc = why->doc;
    size_t told = 0;
    if (matches == NULL || matches->size == 0) return;
    doc_say_line(doc, 0, heading);
    for (const struct json *match = matches->first; match != NULL && told < TOLD_MOST; match = match->next, told++) {
        put_record(why, json_find_string(match, "id"), json_find_string(match, "at"));
        doc_item(doc, 1);
        put_reason(why, match, table);
        put_excuse(why, match);
    }
    put_more(why, matches->size);
}

static void put_replies(struct why *why, const struct json *replies)
{
    struct doc *doc = why->doc;
    char code[80];
    if (replies == NULL || replies->size == 0) return;
    doc_say_line(doc, 0, TR("What asked for an answer:"));
    for (const struct json *reply = replies->first; reply != NULL; reply = reply->next) {
        OWN(buffer_clear) struct buffer due = {0};
        put_record(why, json_find_string(reply, "id"), json_find_string(reply, "at"));
        doc_item(doc, 1);
        words_fill(doc_text(doc), TR("To: {0}"),
                   text_of_slice(&due, tell_party(why->records, json_find_string(reply, "to"))), NULL);
        buffer_reset(&due);
        words_time(&due, json_find_string(reply, "due"));
        words_fill(doc_text(doc), TR(". Due: {0}; "), text_of(&due), NULL);
        buffer_put_string(doc_text(doc), tell_label(LABEL_COUNTED, json_find_string(reply, "why"), code, sizeof code));
        if (json_find(reply, "answer") != NULL) {
            buffer_put_string(doc_text(doc), ": ");
            put_record(why, json_find_string(reply, "answer"), json_find_string(reply, "answered"));
        }
        doc_line(doc, 3);
    }
}

/* ---- time: window, watching, the continuity clock */

static void put_span(struct why *why, const char *sentence, const struct json *span, unsigned depth)
{
    OWN(buffer_clear) struct buffer from = {0}, to = {0}, place = {0};
    words_time(&from, json_find_string(span, "from"));
    words_time(&to, json_find_string(span, "to"));
    buffer_put(&place, tell_place(why->records, why->agreement, json_find_string(span, "place")));
    words_fill(doc_text(why->doc), sentence, text_of(&from), text_of(&to), text_of(&place), NULL);
    doc_line(why->doc, depth);
}

static void put_watched(struct why *why, const struct json *watched)
{
    char share[24], needed[24];
    OWN(buffer_clear) struct buffer hours = {0}, place = {0};
    if (watched == NULL) return;
    int64_t permille = json_find_integer(watched, "watched_permille", 0),
            need = json_find_integer(watched, "needed_permille", 0);
    int64_t all_s = json_find_integer(watched, "of_s", 0);
    snprintf(share, sizeof share, "%" PRId64 ".%" PRId64 "%%", permille / 10, permille % 10);
    snprintf(needed, sizeof needed, "%" PRId64 ".%" PRId64 "%%", need / 10, need % 10);
    words_count(&hours, NOUN_HOUR, (uint64_t)(all_s < 0 ? 0 : all_s) / 3600);
    words_fill(
        doc_text(why->doc), TR("Watched: {0} of {1}; needed: {2}; least at: {3}."), share, text_of(&hours), needed,
        text_of_slice(&place, tell_place(why->records, why->agreement, json_find_string(watched, "place"))), NULL);
    doc_line(why->doc, 0);
    const struct json *gaps = json_find(watched, "gaps");
    size_t told = 0;
    for (const struct json *gap = gaps == NULL ? NULL : gaps->first; gap != NULL && told < TOLD_MOST;
         gap = gap->next, told++)
        put_span(why, TR("Not watched: {0} to {1}, {2}"), gap, 1);
    if (gaps != NULL) put_more(why, gaps->size);
}

static void put_length(struct why *why, const char *sentence, int64_t seconds)
{
    OWN(buffer_clear) struct buffer length = {0};
    words_duration(&length, seconds);
    words_fill(doc_text(why->doc), sentence, text_of(&length), NULL);
    doc_line(why->doc, 0);
}

static void put_run(struct why *why, const struct json *run, const struct json *days)
{
    char state[80];
    size_t told = 0;
    if (run == NULL) return;
    put_length(why, TR("Surely continuous so far: {0}."), json_find_integer(run, "sure_s", 0));
    put_length(why, TR("At most continuous so far, if what was not watched was quiet: {0}."),
               json_find_integer(run, "possible_s", 0));
    put_length(why, TR("The longest sure run: {0}."), json_find_integer(run, "longest_s", 0));
    if (json_find(run, "reset_at") != NULL) {
        OWN(buffer_clear) struct buffer at = {0};
        words_time(&at, json_find_string(run, "reset_at"));
        words_fill(doc_text(why->doc), TR("Last reset: {0}, by: "), text_of(&at), NULL);
        put_record(why, json_find_string(run, "reset_by"), (struct slice){NULL, 0});
        doc_line(why->doc, 0);
    }
    if (days == NULL || days->size == 0) return;
    doc_say_line(why->doc, 0, TR("Day by day:"));
    for (const struct json *day = days->first; day != NULL && told < DAYS_TOLD_MOST; day = day->next, told++) {
        OWN(buffer_clear) struct buffer from = {0}, count = {0};
        words_time(&from, json_find_string(day, "from"));
        words_isolate(doc_text(why->doc), buffer_slice(&from));
        words_count(&count, NOUN_DAY, (uint64_t)json_find_integer(day, "days", 1));
        words_fill(doc_text(why->doc), TR(" ({0}): "), text_of(&count), NULL);
        buffer_put_string(doc_text(why->doc),
                          tell_label(LABEL_DAY, json_find_string(day, "state"), state, sizeof state));
        if (json_find(day, "term") != NULL) {
            buffer_put_string(doc_text(why->doc), TR(", "));
            words_isolate(doc_text(why->doc), json_find_string(day, "term"));
        }
        if (json_find(day, "by") != NULL) {
            buffer_put_string(doc_text(why->doc), " (");
            tell_ids(doc_text(why->doc), json_find(day, "by"), 6);
            buffer_put_byte(doc_text(why->doc), ')');
        }
        doc_item(why->doc, 1);
    }
}

/* ---- one reading */

static void put_terms(struct why *why, const struct json *terms)
{
    char verdict[80], reason[80];
    for (const struct json *term = terms == NULL ? NULL : terms->first; term != NULL; term = term->next) {
        words_isolate(doc_text(why->doc), json_find_string(term, "id"));
        buffer_put_string(doc_text(why->doc), ": ");
        buffer_put_string(doc_text(why->doc),
                          tell_label(LABEL_VERDICT, json_find_string(term, "verdict"), verdict, sizeof verdict));
        buffer_put_string(doc_text(why->doc), ". ");
        buffer_put_string(doc_text(why->doc),
                          tell_label(LABEL_REASON, json_find_string(term, "reason"), reason, sizeof reason));
        doc_item(why->doc, 1);
    }
}

static void put_changes(struct why *why, const struct json *changes)
{
    char code[80], verdict[80];
    size_t told = 0;
    for (const struct json *change = changes == NULL ? NULL : changes->first; change != NULL; change = change->next) {
        OWN(buffer_clear) struct buffer at = {0};
        if (!change_is_told(change)) continue;
        if (told++ == 0) doc_say_line(why->doc, 0, TR("What would change it:"));
        words_time(&at, json_find_string(change, "at"));
        words_fill(doc_text(why->doc), tell_label(LABEL_CHANGE, json_find_string(change, "code"), code, sizeof code),
                   text_of(&at),
                   tell_label(LABEL_VERDICT, json_find_string(change, "becomes"), verdict, sizeof verdict), NULL);
        const struct json *records = json_find(change, "records");
        if (records != NULL && records->size > 0) {
            buffer_put_string(doc_text(why->doc), " (");
            tell_ids(doc_text(why->doc), records, 8);
            buffer_put_byte(doc_text(why->doc), ')');
        }
        doc_item(why->doc, 1);
    }
}

static void put_reading(struct why *why, const struct json *reading)
{
    struct doc *doc = why->doc;
    struct doc_voice in = {doc, why->records, 0};
    struct voice voice = doc_voice(&in, why->agreement);
    char verdict[80], reason[80];
    struct slice verdict_id = json_find_string(reading, "verdict");
    tell_reading_names(&voice, reading);
    buffer_put_string(doc_text(doc), ": ");
    buffer_put_string(doc_text(doc), tell_label(LABEL_VERDICT, verdict_id, verdict, sizeof verdict));
    doc_heading(doc, 2);
    buffer_put_string(doc_text(doc),
                      tell_label(LABEL_REASON, json_find_string(reading, "reason"), reason, sizeof reason));
    doc_line(doc, 0);
    if (json_find(reading, "since") != NULL) {
        OWN(buffer_clear) struct buffer since = {0};
        words_time(&since, json_find_string(reading, "since"));
        tell_value(doc, 0, TR("Since: {0}"), buffer_slice(&since));
    }
    if (json_find(reading, "was") != NULL)
        tell_value(doc, 0, TR("Result before: {0}"),
                   slice_from(tell_label(LABEL_VERDICT, json_find_string(reading, "was"), verdict, sizeof verdict)));
    const struct json *window = json_find(reading, "window");
    bool ends = json_find(window, "to") != NULL;
    if (window != NULL)
        put_span(why, ends ? TR("The term's time: {0} to {1}.") : TR("The term's time: from {0}, no end so far."),
                 window, 0);
    put_watched(why, json_find(reading, "watched"));
    put_run(why, json_find(reading, "run"), json_find(reading, "days"));
    put_terms(why, json_find(reading, "terms"));
    tell_count(&voice, reading);
    put_matches(why, json_find(reading, "counted"), TR("Counted:"), LABEL_COUNTED);
    put_matches(why, json_find(reading, "not_counted"), TR("Not counted, and why:"), LABEL_NOT_COUNTED);
    tell_suggested(&voice, json_find(reading, "suggested"));
    put_replies(why, json_find(reading, "replies"));
    put_changes(why, json_find(reading, "changes"));
    if (slice_is(verdict_id, "breached")) tell_not_a_finding(doc, 0);
}

static bool speaks_of_breach(const struct json *rival, const struct json *readings)
{
    bool breach = slice_is(json_find_string(rival, "verdict"), "breached");
    for (const struct json *r = readings->first; r != NULL; r = r->next)
        breach |= slice_is(json_find_string(r, "verdict"), "breached");
    return breach;
}

static void put_rival(struct why *why, const struct json *it, const struct json *rival)
{
    struct doc_voice in = {why->doc, why->records, 0};
    struct voice voice = doc_voice(&in, why->agreement);
    const struct json *readings = json_find(rival, "readings");
    struct slice verdict = json_find_string(rival, "verdict");
    char label[80];
    tell_rival_name(&voice, rival->key);
    doc_heading(why->doc, 2);
    tell_rival(&voice, it, rival);
    tell_value(why->doc, 0, TR("Result of evaluation: {0}"),
               slice_from(tell_label(LABEL_VERDICT, verdict, label, sizeof label)));
    if (readings == NULL) return;
    if (tell_readings_agree(readings, verdict))
        buffer_put_string(doc_text(why->doc), TR("The same under every reading."));
    else
        tell_readings(doc_text(why->doc), why->agreement, readings);
    doc_line(why->doc, 0);
    if (speaks_of_breach(rival, readings)) tell_not_a_finding(why->doc, 0);
}

void tell_why(struct doc *doc, const struct json *answer, struct records *records)
{
    const struct json *it = json_find(answer, "why"), *readings = json_find(it, "readings");
    struct why why = {doc, records, records_agreement(records, json_find_string(it, "agreement"))};
    tell_moment(doc, answer);
    put_head(&why, it);
    put_term(&why, it);
    for (const struct json *reading = readings == NULL ? NULL : readings->first; reading != NULL;
         reading = reading->next)
        if (!reading_was_told(readings, reading)) put_reading(&why, reading);
    const struct json *rivals = json_find(it, "rival");
    for (const struct json *rival = rivals == NULL ? NULL : rivals->first; rival != NULL; rival = rival->next)
        put_rival(&why, it, rival);
    tell_marked(doc, records, json_find(answer, "marked"));
}
