/* What intake proposes, statement by statement: the speaker's own verb, and beside it how truce classifies the act. */
#include "cli/tell.h"
#include "tell/words.h"

#include <stdio.h>

static void put_isolated(struct buffer *out, const char *before, struct slice text)
{
    buffer_put_string(out, before);
    words_isolate(out, text);
}

static void tell_part(struct doc *doc, const char *label, struct slice value)
{
    if (value.size > 0) tell_value(doc, 1, label, value);
}

/* "نائب وزير …، وزارة …" beside the name, where the text says so. */
static void tell_speaker(struct doc *doc, const struct json *statement)
{
    struct slice name = json_find_string(statement, "speaker_name"), mention = json_find_string(statement, "speaker");
    if (name.size == 0 && mention.size == 0) {
        doc_say_line(doc, 1, TR("Speaker: not named"));
        return;
    }
    tell_part(doc, TR("Speaker: {0}"), name.size > 0 ? name : mention);
    tell_part(doc, TR("Perhaps another spelling of: {0}"), json_find_string(statement, "perhaps"));
    tell_part(doc, TR("Role: {0}"), json_find_string(statement, "role"));
    tell_part(doc, TR("Organisation: {0}"), json_find_string(statement, "organisation"));
}

static void tell_act(struct doc *doc, const struct json *statement)
{
    OWN(buffer_clear) struct buffer act = {0};
    char id[40];
    snprintf(id, sizeof id, "act=%.*s", SLICE(json_find_string(statement, "act")));
    buffer_put_string(&act, words_label(LABEL_VALUE, id));
    tell_part(doc, TR("Verb: {0}"), json_find_string(statement, "cue"));
    tell_part(doc, TR("Classified by truce: {0}"), buffer_slice(&act));
}

static void tell_bytes(struct doc *doc, const struct json *statement)
{
    char from[24], to[24];
    snprintf(from, sizeof from, "%lld", (long long)json_find_integer(statement, "content_start", 0));
    snprintf(to, sizeof to, "%lld", (long long)json_find_integer(statement, "content_end", 0));
    words_fill(doc_text(doc), TR("Bytes {0} to {1} of the text"), from, to, NULL);
    doc_line(doc, 1);
}

static void put_list(struct buffer *out, const struct json *list, const char *member)
{
    for (const struct json *x = list == NULL ? NULL : list->first; x != NULL; x = x->next)
        put_isolated(out, out->size > 0 ? TR(", ") : "", member == NULL ? x->string : json_find_string(x, member));
}

static void tell_offer(struct doc *doc, const char *label, const struct json *offers, const char *key, const char *member)
{
    OWN(buffer_clear) struct buffer list = {0};
    put_list(&list, json_find(offers, key), member);
    tell_part(doc, label, buffer_slice(&list));
}

/* What a register offers: parties, channels, terms, and records with why each is offered. */
static void tell_offers(struct doc *doc, const struct json *offers)
{
    static const struct {
        const char *why, *label;
    } reasons[] = {{"recorded", N_("These words are recorded: {0}")},
                   {"earlier", N_("The same speaker earlier: {0}")},
                   {"unacknowledged", N_("A notice whose receipt is not confirmed: {0}")},
                   {"unanswered", N_("A question without answer: {0}")}};
    const struct json *records = json_find(offers, "records");
    tell_offer(doc, TR("Perhaps by: {0}"), offers, "parties", NULL);
    tell_offer(doc, TR("Perhaps to or on: {0}"), offers, "addressed", NULL);
    tell_offer(doc, TR("Perhaps on the channel: {0}"), offers, "channels", "channel");
    tell_offer(doc, TR("Perhaps on the term: {0}"), offers, "terms", "term");
    for (const struct json *r = records == NULL ? NULL : records->first; r != NULL; r = r->next)
        for (size_t i = 0; i < COUNT_OF(reasons); i++)
            if (slice_is(json_find_string(r, "why"), reasons[i].why)) tell_part(doc, TR(reasons[i].label), json_find_string(r, "id"));
}

void tell_intake(struct doc *doc, const struct json *answer, struct records *records)
{
    const struct json *statements = json_find(answer, "statements");
    unsigned number = 0;
    (void)records;
    for (const struct json *s = statements == NULL ? NULL : statements->first; s != NULL; s = s->next) {
        char label[24];
        snprintf(label, sizeof label, "%u.", ++number);
        buffer_put_string(doc_text(doc), label);
        put_isolated(doc_text(doc), json_find_bool(s, "direct") ? " «" : " ", json_find_string(s, "content"));
        if (json_find_bool(s, "direct")) buffer_put_string(doc_text(doc), "»");
        doc_line(doc, 0);
        tell_speaker(doc, s);
        tell_act(doc, s);
        tell_part(doc, TR("Addressed or accused: {0}"), json_find_string(s, "target"));
        tell_bytes(doc, s);
        tell_offers(doc, json_find(s, "offers"));
    }
    if (number == 0) {
        doc_say_line(doc, 0, TR("No statement that is attributed to somebody was found in the text."));
        return;
    }
    doc_say_note(doc, 0, TR("Proposals only. Read each in the source; what is right is accepted with --accept, and only then becomes a record."));
}
