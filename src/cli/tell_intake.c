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

static void tell_offer(struct doc *doc, const char *label, const struct json *offers, const char *key,
                       const char *member)
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
            if (slice_is(json_find_string(r, "why"), reasons[i].why))
                tell_part(doc, TR(reasons[i].label), json_find_string(r, "id"));
}

/* ---- days, people and places that the words name */

/* A list that is asked for its members mostly from the front to the back. */
struct walk {
    const struct json *list, *at;
    int64_t position;
};

static const struct json *walk_to(struct walk *walk, int64_t position)
{
    if (walk->at == NULL || position < walk->position)
        walk->at = walk->list == NULL ? NULL : walk->list->first, walk->position = 0;
    for (; walk->at != NULL && walk->position < position; walk->position++) walk->at = walk->at->next;
    return walk->at;
}

static void put_hijri(struct buffer *out, struct slice stated)
{
    char text[40];
    snprintf(text, sizeof text, "%.*s", SLICE(stated));
    buffer_put_byte(out, ' ');
    words_fill(out, TR("(Hijri, Umm al-Qura: {0})"), text, NULL);
}

/* "2016-09-09 (proposed)": what is not certain says so; a day of another calendar as it stands there. */
static void put_date(struct buffer *out, const struct json *date)
{
    struct slice value = json_find_string(date, "value"), stated = json_find_string(date, "stated");
    if (value.size == 0 && stated.size == 0) {
        buffer_put_string(out, TR("no certain day"));
        return;
    }
    words_isolate(out, value.size > 0 ? value : stated);
    if (!slice_is(json_find_string(date, "calendar"), "gregorian")) put_hijri(out, stated);
    if (!json_find_bool(date, "certain")) buffer_put_byte(out, ' '), buffer_put_string(out, TR("(proposed)"));
}

static void put_count(struct buffer *out, const struct json *count)
{
    int64_t low = json_find_integer(count, "low", -1), best = json_find_integer(count, "best", -1),
            high = json_find_integer(count, "high", -1);
    if (best >= 0)
        buffer_print(out, "%lld", (long long)best);
    else if (high < 0)
        buffer_print(out, "≥%lld", (long long)low);
    else
        buffer_print(out, "%lld–%lld", (long long)(low < 0 ? 0 : low), (long long)high);
}

/* Every candidate is named: nothing is chosen. */
static void put_place(struct buffer *out, const struct json *place)
{
    const struct json *candidates = json_find(place, "candidates");
    bool any = false;
    for (const struct json *c = candidates == NULL ? NULL : candidates->first; c != NULL; c = c->next) {
        const struct json *names = json_find(c, "names");
        struct slice name = json_find_string(names, words_arabic() ? "ar" : "en");
        if (any) buffer_put_byte(out, ' '), buffer_put_string(out, TR("or")), buffer_put_byte(out, ' ');
        words_isolate(out, name.size > 0 ? name : json_find_string(c, "id"));
        any = true;
    }
}

static void tell_named(struct doc *doc, struct walk *walk, const struct json *statement, const char *key,
                       const char *label, void (*put)(struct buffer *out, const struct json *one))
{
    OWN(buffer_clear) struct buffer list = {0};
    const struct json *positions = json_find(statement, key);
    for (const struct json *p = positions == NULL ? NULL : positions->first; p != NULL; p = p->next) {
        const struct json *one = walk_to(walk, p->integer);
        if (one == NULL) continue;
        if (list.size > 0) buffer_put_string(&list, TR(", "));
        put(&list, one);
    }
    tell_part(doc, label, buffer_slice(&list));
}

void tell_intake(struct doc *doc, const struct json *answer, struct records *records)
{
    const struct json *statements = json_find(answer, "statements");
    struct walk dates = {json_find(answer, "dates"), NULL, 0}, counts = {json_find(answer, "counts"), NULL, 0};
    struct walk places = {json_find(answer, "places"), NULL, 0};
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
        tell_named(doc, &dates, s, "dates", TR("Dates: {0}"), put_date);
        tell_named(doc, &counts, s, "counts", TR("Numbers of people: {0}"), put_count);
        tell_named(doc, &places, s, "places", TR("Places: {0}"), put_place);
        tell_bytes(doc, s);
        tell_offers(doc, json_find(s, "offers"));
    }
    if (number == 0) {
        doc_say_line(doc, 0, TR("No statement that is attributed to somebody was found in the text."));
        return;
    }
    doc_say_note(doc, 0,
                 TR("Proposals only. Read each in the source; what is right is accepted with --accept, and only then "
                    "becomes a record."));
}
