/* Where it stands: agreements with their channels and terms, and what waits for an answer. No reading is put before the
 * others unless the agreement says which decides; channels and terms stand in the agreement's own order. */
#include "cli/tell.h"

#include "base/time.h"
#include "tell/delivery.h"
#include "tell/term.h"
#include <inttypes.h>

enum { BECAUSE_MOST = 5 }; /* records told of one proposal; --json has them all */

/* ---- an agreement and its channels */

/* "STATE, since TIME (suspension by PARTY, record ID; …)". */
static void put_state(struct doc *doc, struct records *records, const struct json *thing, enum label_table table)
{
    char id[80], act[80];
    struct buffer *out = doc_text(doc);
    OWN(buffer_clear) struct buffer since = {0};
    struct slice standing = json_find_string(thing, "standing");
    const struct json *by = json_find(thing, "by");
    buffer_put_string(out, tell_label(table, standing, id, sizeof id));
    words_time(&since, json_find_string(thing, "since"));
    if (since.size > 0) words_fill(out, TR(", since {0}"), text_of(&since), NULL);
    if (by == NULL || slice_is(standing, "in-force")) return;
    buffer_put_string(out, " (");
    for (const struct json *record_id = by->first; record_id != NULL; record_id = record_id->next) {
        const struct json *record = records_get(records, record_id->string);
        OWN(buffer_clear) struct buffer party = {0}, short_id = {0};
        words_fill(out, TR("{0}, by: {1}, record {2}"),
                   tell_label(LABEL_ACT, json_find_string(record, "act"), act, sizeof act),
                   text_of_slice(&party, tell_party(records, json_find_string(record, "by"))),
                   text_of_slice(&short_id, slice_part(record_id->string, 0, 8)), NULL);
        if (record_id->next != NULL) buffer_put_string(out, TR("; "));
    }
    buffer_put_byte(out, ')');
}

static void put_channels(struct doc *doc, struct records *records, const struct json *agreement,
                         const struct json *channels)
{
    if (channels == NULL || channels->size == 0) return;
    doc_say_heading(doc, 2, TR("Channels"));
    for (const struct json *channel = channels->first; channel != NULL; channel = channel->next) {
        words_isolate(doc_text(doc), tell_channel(agreement, json_find_string(channel, "id")));
        buffer_put_string(doc_text(doc), ": ");
        put_state(doc, records, channel, LABEL_CHANNEL);
        doc_item(doc, 1);
    }
}

/* ---- terms */

static void put_runs(struct doc *doc, const struct json *agreement, const struct json *clock)
{
    const struct json *runs = json_find(clock, "runs");
    for (const struct json *run = runs == NULL ? NULL : runs->first; run != NULL; run = run->next) {
        OWN(buffer_clear) struct buffer name = {0}, sure = {0}, wanted = {0}, reset = {0};
        words_duration(&sure, json_find_integer(run, "sure_s", 0));
        words_duration(&wanted, json_find_integer(clock, "held_s", 0));
        words_fill(doc_text(doc), TR("Continuous under \"{0}\": {1} of {2}."),
                   text_of_slice(&name, tell_reading(agreement, run->key)), text_of(&sure), text_of(&wanted), NULL);
        if (json_find(run, "reset_at") != NULL) {
            OWN(buffer_clear) struct buffer by = {0};
            words_time(&reset, json_find_string(run, "reset_at"));
            words_fill(doc_text(doc), TR(" Last reset: {0}, by record {1}."), text_of(&reset),
                       text_of_slice(&by, slice_part(json_find_string(run, "reset_by"), 0, 8)), NULL);
        }
        doc_line(doc, 2);
    }
}

static void put_rivals(const struct voice *voice, const struct json *rivals)
{
    for (const struct json *rival = rivals == NULL ? NULL : rivals->first; rival != NULL; rival = rival->next) {
        voice->begin(voice->context, MANNER_LINE);
        tell_rival_name(voice, rival->key);
        TELL(voice, ": {0}", hole(HOLE_RESULT, json_find_string(rival, "verdict")));
        voice->end(voice->context, MANNER_LINE);
    }
}

/* When time alone changes the result, and what else would. Out of force it is what is said of the agreement. */
static void put_changes(const struct voice *voice, const struct json *term)
{
    const struct json *clock = json_find(term, "clock"), *would = json_find(clock, "would");
    struct slice at = json_find_string(clock, "at");
    if (at.size > 0)
        TELL_AS(voice, MANNER_LINE, words_label(LABEL_CHANGE, "time-will"), hole(HOLE_TIME, at),
                hole(HOLE_RESULT, json_find_string(clock, "becomes")));
    struct slice looked_to = json_find_string(clock, "looked_to");
    if (looked_to.size > 0)
        TELL_AS(voice, MANNER_LINE, words_label(LABEL_CHANGE, "time-may"), hole(HOLE_TIME, looked_to));
    if (would == NULL || would->size == 0 || slice_is(json_find_string(term, "verdict"), "void")) return;
    voice->begin(voice->context, MANNER_LINE);
    say_words(voice, TR("What would change it:"));
    say_words(voice, " ");
    tell_would(voice, would);
    voice->end(voice->context, MANNER_LINE);
}

static void put_term(struct doc *doc, struct records *records, const struct json *agreement, const struct json *term)
{
    struct doc_voice in = {doc, records, 2};
    const struct voice voice = doc_voice(&in, agreement);
    char label[80];
    struct slice verdict = json_find_string(term, "verdict"), was = json_find_string(term, "was");
    const struct json *readings = json_find(term, "readings");
    words_isolate(doc_text(doc), json_find_string(term, "id"));
    buffer_put_string(doc_text(doc), ": ");
    buffer_put_string(doc_text(doc), tell_label(LABEL_VERDICT, verdict, label, sizeof label));
    if (was.size > 0)
        words_fill(doc_text(doc), TR(" (before: {0})"), tell_label(LABEL_VERDICT, was, label, sizeof label), NULL);
    doc_item(doc, 1);
    struct slice clause = tell_clause(records, agreement, json_find_string(term, "id"));
    if (clause.size > 0) {
        buffer_put(doc_text(doc), clause);
        doc_line(doc, 2);
    }
    if (!tell_readings_agree(readings, verdict)) {
        tell_readings(doc_text(doc), agreement, readings);
        doc_line(doc, 2);
    }
    put_rivals(&voice, json_find(term, "rivals"));
    put_runs(doc, agreement, json_find(term, "clock"));
    put_changes(&voice, term);
    if (slice_is(verdict, "breached") || slice_is(was, "breached")) tell_not_a_finding(doc, 2);
}

static void put_agreement(struct doc *doc, struct records *records, const struct json *standing)
{
    const struct json *terms = json_find(standing, "terms"), *fault = json_find(standing, "fault");
    const struct json *agreement = records_get(records, json_find_string(standing, "record"));
    struct slice title = tell_text(json_find(standing, "title"));
    words_isolate(doc_text(doc), title.size > 0 ? title : json_find_string(standing, "id"));
    doc_heading(doc, 1);
    put_state(doc, records, standing, LABEL_STANDING);
    doc_line(doc, 0);
    if (fault != NULL) {
        OWN(buffer_clear) struct buffer code = {0}, pointer = {0};
        words_fill(doc_text(doc), TR("The agreement's text cannot be evaluated whole: {0}, at {1}."),
                   text_of_slice(&code, json_find_string(fault, "code")),
                   text_of_slice(&pointer, json_find_string(fault, "pointer")), NULL);
        doc_note(doc, 0);
    }
    put_channels(doc, records, agreement, json_find(standing, "channels"));
    if (terms == NULL || terms->size == 0) return;
    doc_say_heading(doc, 2, TR("Terms"));
    for (const struct json *term = terms->first; term != NULL; term = term->next)
        put_term(doc, records, agreement, term);
}

/* ---- what waits */

static void put_delivered(struct doc *doc, struct records *records, const struct json *delivered)
{
    struct doc_voice in = {doc, records, 0};
    const struct voice voice = doc_voice(&in, NULL);
    if (delivered == NULL) return;
    say_words(&voice, " ");
    phrase_delivered(&voice, delivered);
}

static void put_waiting(struct doc *doc, struct records *records, const struct json *waiting, struct slice as_of,
                        const char *line)
{
    OWN(buffer_clear) struct buffer id = {0}, from = {0}, to = {0}, due_text = {0}, late = {0};
    int64_t now = 0, due_at = 0;
    struct slice due = json_find_string(waiting, "due"), state = json_find_string(waiting, "state");
    char label[80];
    words_fill(doc_text(doc), line, text_of_slice(&id, slice_part(json_find_string(waiting, "id"), 0, 8)),
               text_of_slice(&from, tell_party(records, json_find_string(waiting, "from"))),
               text_of_slice(&to, tell_party(records, json_find_string(waiting, "to"))), NULL);
    if (slice_is(state, "refused") || slice_is(state, "unreadable")) {
        buffer_put_byte(doc_text(doc), ' ');
        buffer_put_string(doc_text(doc), tell_label(LABEL_STATE, state, label, sizeof label));
        buffer_put_byte(doc_text(doc), '.');
    }
    words_time(&due_text, due);
    if (due.size > 0) words_fill(doc_text(doc), TR(" Due: {0}."), text_of(&due_text), NULL);
    if (time_parse(&now, as_of) && time_parse(&due_at, due) && now > due_at) {
        words_duration(&late, now - due_at);
        words_fill(doc_text(doc), TR(" Late by: {0}."), text_of(&late), NULL);
    }
    put_delivered(doc, records, json_find(waiting, "delivered"));
    doc_item(doc, 1);
    struct slice gist = tell_gist(records_get(records, json_find_string(waiting, "id")));
    if (gist.size == 0) return;
    words_isolate(doc_text(doc), gist);
    doc_line(doc, 3);
}

/* With the records that it follows from. */
static void put_proposal(struct doc *doc, struct records *records, const struct json *proposal)
{
    struct doc_voice in = {doc, records, 0};
    const struct voice voice = doc_voice(&in, records_agreement(records, json_find_string(proposal, "agreement")));
    const struct json *because = json_find(proposal, "because");
    size_t told = 0;
    tell_proposal(&voice, proposal);
    doc_item(doc, 1);
    for (const struct json *id = because == NULL ? NULL : because->first; id != NULL && told < BECAUSE_MOST;
         id = id->next) {
        tell_record_line(doc, records, id->string, (struct slice){NULL, 0});
        doc_item(doc, 3);
        told++;
    }
    if (because != NULL && because->size > told) {
        TELL(&voice, TR("… and others; number of others: {0}"),
             hole_integer(HOLE_INTEGER, (int64_t)(because->size - told)));
        doc_item(doc, 3);
    }
    if (slice_is(json_find_string(proposal, "on"), "breached")) tell_not_a_finding(doc, 2);
}

static void put_proposals(struct doc *doc, struct records *records, const struct json *proposals)
{
    if (proposals == NULL || proposals->size == 0) return;
    doc_say_note(doc, 0, proposals_note());
    for (const struct json *proposal = proposals->first; proposal != NULL; proposal = proposal->next)
        put_proposal(doc, records, proposal);
}

static void put_others(struct doc *doc, struct records *records, size_t count)
{
    struct doc_voice in = {doc, records, 0};
    const struct voice voice = doc_voice(&in, NULL);
    if (count == 0) return;
    TELL(&voice, TR("… and others; number of others: {0}"), hole_integer(HOLE_INTEGER, (int64_t)count));
    doc_item(doc, 1);
}

static bool is_empty(const struct json *list)
{
    return list == NULL || list->size == 0;
}

static void put_open(struct doc *doc, struct records *records, const struct json *answer)
{
    const struct json *open = json_find(answer, "open"), *proposals = json_find(open, "proposals");
    const struct json *notices = json_find(open, "notices"), *questions = json_find(open, "questions");
    struct slice as_of = json_find_string(answer, "as_of");
    doc_say_heading(doc, 1, TR("What waits"));
    if (is_empty(notices) && is_empty(questions))
        doc_say_line(doc, 0,
                     is_empty(proposals) ? TR("Nothing: every notice was confirmed and every question answered.")
                                         : TR("Every notice was confirmed and every question answered."));
    for (const struct json *notice = notices == NULL ? NULL : notices->first; notice != NULL; notice = notice->next)
        put_waiting(doc, records, notice, as_of, TR("Notice {0} from {1} to {2}: receipt not confirmed."));
    for (const struct json *question = questions == NULL ? NULL : questions->first; question != NULL;
         question = question->next)
        put_waiting(doc, records, question, as_of, TR("Question {0} from {1} to {2}: no answer so far."));
    put_proposals(doc, records, proposals);
}

void tell_marked(struct doc *doc, struct records *records, const struct json *marked)
{
    for (const char *const *mark = mark_names; *mark != NULL && marked != NULL; mark++) {
        const struct json *list = json_find(marked, *mark);
        size_t told = 0;
        if (is_empty(list)) continue;
        doc_say_heading(doc, 2, mark_heading(*mark));
        for (const struct json *id = list->first; id != NULL && told < BECAUSE_MOST; id = id->next, told++) {
            tell_record_line(doc, records, id->string, (struct slice){NULL, 0});
            doc_item(doc, 1);
        }
        put_others(doc, records, list->size - told);
    }
}

void tell_standing(struct doc *doc, const struct json *answer, struct records *records)
{
    const struct json *agreements = json_find(answer, "agreements");
    tell_moment(doc, answer);
    if (agreements == NULL || agreements->size == 0) doc_say_line(doc, 0, TR("The register holds no agreement yet."));
    for (const struct json *agreement = agreements == NULL ? NULL : agreements->first; agreement != NULL;
         agreement = agreement->next)
        put_agreement(doc, records, agreement);
    put_open(doc, records, answer);
    tell_marked(doc, records, json_find(answer, "marked"));
}
