/* Where it stands: agreements with their channels and terms, and what waits for an answer. No reading is put before the
 * others unless the agreement says which decides; parties and terms stand in the agreement's own order. */
#include "cli/tell.h"

#include "base/time.h"
#include "cli/words.h"
#include <inttypes.h>
#include <stdio.h>

/* ---- small pieces */

static const char *label_of(enum label_table table, struct slice id, char *copy, size_t size)
{
    snprintf(copy, size, "%.*s", SLICE(id));
    return words_label(table, copy);
}

/* "NAME (id)" where a name is given, else the id. */
static void put_name(struct buffer *out, const struct json *named)
{
    struct slice id = json_find_string(named, "id"), name = tell_text(json_find(named, "name"));
    if (name.size == 0) name = tell_text(json_find(named, "title"));
    if (name.size > 0 && !slice_equal(name, id)) {
        words_isolate(out, name);
        buffer_put_string(out, " (");
    }
    words_isolate(out, id);
    if (name.size > 0 && !slice_equal(name, id)) buffer_put_byte(out, ')');
}

void tell_names(struct buffer *out, const struct json *names)
{
    if (names == NULL) return;
    if (names->type == JSON_STRING) words_isolate(out, names->string);
    for (const struct json *name = names->type == JSON_ARRAY ? names->first : NULL; name != NULL; name = name->next) {
        words_isolate(out, name->string);
        if (name->next != NULL) buffer_put_string(out, TR(", "));
    }
}

static void put_id(struct buffer *out, struct slice id)
{
    words_isolate(out, slice_part(id, 0, 8));
}

void tell_ids(struct buffer *out, const struct json *ids, size_t most)
{
    size_t shown = 0;
    for (const struct json *id = ids == NULL ? NULL : ids->first; id != NULL; id = id->next) {
        if (shown++ == most) {
            buffer_put_string(out, " …");
            return;
        }
        if (shown > 1) buffer_put_string(out, TR(", "));
        put_id(out, id->string);
    }
}

/* "STATE since TIME, by NAMES (record ID)". */
static void put_state(struct buffer *out, const struct json *thing, enum label_table table)
{
    char id[80];
    OWN(buffer_clear) struct buffer since = {0}, by = {0}, record = {0};
    buffer_put_string(out, label_of(table, json_find_string(thing, "standing"), id, sizeof id));
    words_time(&since, json_find_string(thing, "since"));
    tell_names(&by, json_find(thing, "by"));
    put_id(&record, json_find_string(thing, "record"));
    buffer_put_byte(&since, '\0'), buffer_put_byte(&by, '\0'), buffer_put_byte(&record, '\0');
    if (since.failed || by.failed || record.failed) return;
    if (since.size > 1) words_fill(out, TR(", since {0}"), (const char *)since.data, NULL);
    if (by.size > 1) words_fill(out, TR(", by: {0}"), (const char *)by.data, NULL);
    if (json_find(thing, "record") != NULL) words_fill(out, TR(" (record {0})"), (const char *)record.data, NULL);
}

/* ---- terms */

void tell_readings(struct buffer *out, const struct json *readings)
{
    char id[80], verdict[80];
    for (const struct json *reading = readings->first; reading != NULL; reading = reading->next) {
        struct slice name = reading->type == JSON_OBJECT ? json_find_string(reading, "verdict") : reading->string;
        words_isolate(out, slice_from(label_of(LABEL_READING, reading->key, id, sizeof id)));
        buffer_put_string(out, ": ");
        buffer_put_string(out, label_of(LABEL_VERDICT, name, verdict, sizeof verdict));
        if (reading->next != NULL) buffer_put_string(out, TR("; "));
    }
}

/* Do all readings give this verdict? Then they need not be listed. */
static bool readings_agree(const struct json *readings, struct slice verdict)
{
    for (const struct json *reading = readings == NULL ? NULL : readings->first; reading != NULL;
         reading = reading->next)
        if (!slice_equal(reading->string, verdict)) return false;
    return true;
}

void tell_not_a_finding(struct doc *doc, unsigned depth)
{
    doc_say_note(doc, depth, TR("Computed from signed records; not a finding of responsibility."));
}

static void put_term(struct doc *doc, const struct json *term)
{
    char id[80];
    struct slice verdict = json_find_string(term, "verdict"), was = json_find_string(term, "was");
    const struct json *readings = json_find(term, "readings");
    words_isolate(doc_text(doc), json_find_string(term, "id"));
    buffer_put_string(doc_text(doc), ": ");
    buffer_put_string(doc_text(doc), label_of(LABEL_VERDICT, verdict, id, sizeof id));
    if (was.size > 0)
        words_fill(doc_text(doc), TR(" (before: {0})"), label_of(LABEL_VERDICT, was, id, sizeof id), NULL);
    doc_item(doc, 1);
    struct slice clause = tell_text(json_find(term, "clause"));
    if (clause.size > 0) {
        buffer_put(doc_text(doc), clause);
        doc_line(doc, 2);
    }
    if (!readings_agree(readings, verdict)) {
        tell_readings(doc_text(doc), readings);
        doc_line(doc, 2);
    }
    if (slice_is(verdict, "breached")) tell_not_a_finding(doc, 2);
}

static void put_agreement(struct doc *doc, const struct json *agreement)
{
    const struct json *channels = json_find(agreement, "channels"), *terms = json_find(agreement, "terms");
    put_name(doc_text(doc), agreement);
    doc_heading(doc, 1);
    put_state(doc_text(doc), agreement, LABEL_STANDING);
    doc_line(doc, 0);
    if (channels != NULL && channels->size > 0) doc_say_heading(doc, 2, TR("Channels"));
    for (const struct json *channel = channels == NULL ? NULL : channels->first; channel != NULL;
         channel = channel->next) {
        put_name(doc_text(doc), channel);
        buffer_put_string(doc_text(doc), ": ");
        put_state(doc_text(doc), channel, LABEL_CHANNEL);
        doc_item(doc, 1);
    }
    if (terms != NULL && terms->size > 0) doc_say_heading(doc, 2, TR("Terms"));
    for (const struct json *term = terms == NULL ? NULL : terms->first; term != NULL; term = term->next)
        put_term(doc, term);
}

/* ---- what waits */

static void put_waiting(struct doc *doc, const struct json *waiting, struct slice as_of, const char *line)
{
    OWN(buffer_clear) struct buffer id = {0}, by = {0}, to = {0}, due_text = {0}, late = {0};
    int64_t now = 0, due_at = 0;
    struct slice due = json_find_string(waiting, "due");
    put_id(&id, json_find_string(waiting, "id"));
    tell_names(&by, json_find(waiting, "by"));
    tell_names(&to, json_find(waiting, "to"));
    buffer_put_byte(&id, '\0'), buffer_put_byte(&by, '\0'), buffer_put_byte(&to, '\0');
    words_time(&due_text, due);
    buffer_put_byte(&due_text, '\0');
    if (id.failed || by.failed || to.failed || due_text.failed) return;
    words_fill(doc_text(doc), line, (const char *)id.data, (const char *)by.data, (const char *)to.data, NULL);
    if (due.size > 0) words_fill(doc_text(doc), TR(" Due: {0}."), (const char *)due_text.data, NULL);
    if (time_parse(&now, as_of) && time_parse(&due_at, due) && now > due_at) {
        words_duration(&late, now - due_at);
        buffer_put_byte(&late, '\0');
        if (!late.failed) words_fill(doc_text(doc), TR(" Late by: {0}."), (const char *)late.data, NULL);
    }
    doc_item(doc, 1);
}

static void put_open(struct doc *doc, const struct json *answer)
{
    const struct json *open = json_find(answer, "open");
    const struct json *notices = json_find(open, "notices"), *questions = json_find(open, "questions");
    struct slice as_of = json_find_string(answer, "as_of");
    doc_say_heading(doc, 1, TR("What waits"));
    if ((notices == NULL || notices->size == 0) && (questions == NULL || questions->size == 0))
        doc_say_line(doc, 0, TR("Nothing: every notice was confirmed and every question answered."));
    for (const struct json *notice = notices == NULL ? NULL : notices->first; notice != NULL; notice = notice->next)
        put_waiting(doc, notice, as_of, TR("Notice {0} from {1} to {2}: receipt not confirmed."));
    for (const struct json *question = questions == NULL ? NULL : questions->first; question != NULL;
         question = question->next)
        put_waiting(doc, question, as_of, TR("Question {0} from {1} to {2}: no answer so far."));
}

void tell_standing(struct doc *doc, const struct json *answer)
{
    const struct json *agreements = json_find(answer, "agreements");
    tell_moment(doc, answer);
    if (agreements == NULL || agreements->size == 0) doc_say_line(doc, 0, TR("The register holds no agreement yet."));
    for (const struct json *agreement = agreements == NULL ? NULL : agreements->first; agreement != NULL;
         agreement = agreement->next)
        put_agreement(doc, agreement);
    put_open(doc, answer);
}
