#include "cli/tell.h"

#include <inttypes.h>
#include <stdio.h>

void tell_value(struct doc *doc, unsigned depth, const char *label, struct slice value)
{
    OWN(buffer_clear) struct buffer copy = {0};
    if (value.size == 0) return;
    words_fill(doc_text(doc), label, text_of_slice(&copy, value), NULL);
    doc_line(doc, depth);
}

void tell_moment(struct doc *doc, const struct json *answer)
{
    OWN(buffer_clear) struct buffer time = {0}, known = {0}, later = {0};
    int64_t later_records = json_find_integer(answer, "later", 0);
    words_time(&time, json_find_string(answer, "as_of"));
    words_count(&known, NOUN_RECORD, (uint64_t)json_find_integer(answer, "known", 0));
    words_count(&later, NOUN_RECORD, (uint64_t)later_records);
    if (json_find_bool(answer, "exercise")) doc_say_note(doc, 0, TR("Exercise data"));
    words_fill(doc_text(doc), TR("As of {0}. Known: {1}."), text_of(&time), text_of(&known), NULL);
    if (later_records > 0) {
        buffer_put_byte(doc_text(doc), ' ');
        words_fill(doc_text(doc), TR("Later records are not shown: {0}."), text_of(&later), NULL);
    }
    doc_line(doc, 0);
}

void tell_not_a_finding(struct doc *doc, unsigned depth)
{
    doc_say_note(doc, depth, TR("Computed from signed records; not a finding of responsibility."));
}

void tell_record_line(struct doc *doc, struct records *records, struct slice id, struct slice time)
{
    struct buffer *out = doc_text(doc);
    const struct json *record = records_get(records, id);
    char kind[80];
    if (record != NULL) {
        buffer_put_string(out, tell_label(LABEL_KIND, json_find_string(record, "kind"), kind, sizeof kind));
        buffer_put_byte(out, ' ');
    }
    words_isolate(out, slice_part(id, 0, 8));
    if (record == NULL) return;
    buffer_put_string(out, TR(", "));
    words_isolate(out, tell_party(records, json_find_string(record, "by")));
    OWN(buffer_clear) struct buffer when = {0};
    words_time(&when, time.size > 0 ? time : tell_when(record));
    buffer_put_string(out, TR(", "));
    words_isolate(out, buffer_slice(&when));
    struct slice gist = tell_gist(record);
    if (gist.size == 0) return;
    buffer_put_string(out, ": ");
    words_isolate(out, gist);
}

/* ---- the voice of a document */

static void voice_words(void *context, struct slice words)
{
    const struct doc_voice *in = context;
    buffer_put(doc_text(in->doc), words);
}

static void voice_thing(void *context, struct hole hole)
{
    const struct doc_voice *in = context;
    struct buffer *out = doc_text(in->doc);
    OWN(buffer_clear) struct buffer time = {0};
    char label[80];
    switch (hole.type) {
    case HOLE_TEXT:
    case HOLE_CODE:
    case HOLE_NUMBER:
    case HOLE_TERM: words_isolate(out, hole.text); return;
    case HOLE_TIME:
    case HOLE_STAMP:
        words_time(&time, hole.text);
        words_isolate(out, buffer_slice(&time));
        return;
    case HOLE_PARTY: words_isolate(out, tell_party(in->records, hole.text)); return;
    case HOLE_RECORD: words_isolate(out, slice_part(hole.text, 0, 8)); return;
    case HOLE_RESULT: buffer_put_string(out, tell_label(LABEL_VERDICT, hole.text, label, sizeof label)); return;
    case HOLE_NONE:
    case HOLE_WORDS:
    case HOLE_TERMS:
    case HOLE_INTEGER:
    case HOLE_DURATION:
    case HOLE_DAYS:
    case HOLE_PHRASE: return; /* said, not shown */
    }
}

static void voice_begin(void *context, enum manner manner)
{
    (void)context, (void)manner;
}

static void voice_end(void *context, enum manner manner)
{
    const struct doc_voice *in = context;
    switch (manner) {
    case MANNER_LINE: doc_line(in->doc, in->depth); return;
    case MANNER_LIST: return;
    case MANNER_ITEM: doc_item(in->doc, in->depth + 1); return;
    case MANNER_MORE: doc_line(in->doc, in->depth + 3); return;
    case MANNER_NOTE: doc_note(in->doc, in->depth); return;
    }
}

struct voice doc_voice(struct doc_voice *in, const struct json *agreement)
{
    return (struct voice){.context = in,
                          .records = in->records,
                          .agreement = agreement,
                          .words = voice_words,
                          .thing = voice_thing,
                          .begin = voice_begin,
                          .end = voice_end};
}
