/* An agreement's texts: the languages beside each other, clause by clause, each clause with the results of the terms
 * that stand on it, what others have in its place and what amends it; and the acts by which the agreement and its
 * channels came to stand so. The reader's language stands first; which text prevails is said, and nothing is chosen. */
#include "page/result.h"
#include "tell/term.h"

#include <inttypes.h>
#include <stdio.h>

enum { CODE_SIZE = 8, SIDES_MOST = 8, PLACE_SIZE = 160 };

/* What the pieces of the page are about. */
struct texts {
    struct sheet *sheet;
    const struct json *it;       /* the answer's "agreement" */
    const struct json *standing; /* of it */
};

static const struct json *items(const struct json *of, const char *key)
{
    const struct json *list = json_find(of, key);
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

static const struct json *item_of(const struct json *of, const char *list, const char *key, struct slice value)
{
    const struct json *m = items(of, list);
    while (m != NULL && !slice_equal(json_find_string(m, key), value)) m = m->next;
    return m;
}

static void agreement_address(struct address *address, struct slice which)
{
    address_open(address, "/agreements");
    address_part(address, which);
}

static void put_lang(struct sheet *sheet, struct slice lang)
{
    const struct voice voice = sheet_voice(sheet);
    say_word(&voice, "lang", lang);
}

/* ---- a text in its languages, side by side: the reader's first, then the other of the page's, then the rest */

static bool is_language(const struct json *member)
{
    return member->type == JSON_STRING && (member->key.size == 2 || member->key.size == 3);
}

static size_t sides_of(const struct json *text, const struct json *sides[SIDES_MOST])
{
    const char *const first[2] = {words_arabic() ? "ar" : "en", words_arabic() ? "en" : "ar"};
    size_t count = 0;
    if (text == NULL || text->type != JSON_OBJECT) return 0;
    for (size_t round = 0; round < 3; round++)
        for (const struct json *m = text->first; m != NULL && count < SIDES_MOST; m = m->next) {
            bool own = slice_is(m->key, first[0]), other = slice_is(m->key, first[1]);
            if (is_language(m) && (round == 0 ? own : round == 1 ? other : !own && !other)) sides[count++] = m;
        }
    return count;
}

static void put_side(const struct texts *t, const struct json *text, const struct json *words, bool own)
{
    struct html *html = &t->sheet->html;
    const struct json *language = item_of(t->it, "languages", "lang", words->key);
    char code[CODE_SIZE];
    snprintf(code, sizeof code, "%.*s", SLICE(words->key));
    sheet_begin(t->sheet, TAG_DIV, "side");
    sheet_begin(t->sheet, TAG_P, "which quiet");
    put_lang(t->sheet, words->key);
    if (slice_equal(json_find_string(text, "original"), words->key)) html_words(html, TR(", original language"));
    if (own && json_find_bool(language, "prevails")) html_words(html, TR(", prevails in case of divergence"));
    html_end(html, TAG_P);
    sheet_begin(t->sheet, TAG_P, "words");
    html_set(html, ATTR_LANG, code);
    html_set(html, ATTR_DIR, "auto");
    html_text(html, words->string);
    html_end(html, TAG_P);
    sheet_translator(t->sheet, text, code);
    html_end(html, TAG_DIV);
}

/* `own`: what the agreement itself says, of which one language may prevail. */
static void put_sides(const struct texts *t, const struct json *text, bool own)
{
    const struct json *sides[SIDES_MOST];
    size_t count = sides_of(text, sides);
    if (count == 0) return;
    sheet_begin(t->sheet, TAG_DIV, count == 1 ? "sides alone" : "sides");
    for (size_t i = 0; i < count; i++) put_side(t, text, sides[i], own);
    html_end(&t->sheet->html, TAG_DIV);
}

/* ---- another record that has a text of this agreement */

/* "TITLE; PARTY, TIME, record ID. STANDING" */
static void put_record_of(const struct texts *t, const struct json *other)
{
    struct sheet *sheet = t->sheet;
    const struct json *title = json_find(other, "title");
    struct slice id = json_find_string(other, "id"), standing = json_find_string(other, "standing");
    if (tell_text(title).size > 0) {
        OWN(address_clear) struct address address;
        agreement_address(&address, id);
        if (standing.size > 0) sheet_link(sheet, NULL, &address);
        sheet_text(sheet, title);
        if (standing.size > 0) sheet_link_end(sheet);
        html_words(&sheet->html, "; ");
    }
    SAY(sheet, TR("by {0}, {1}, record {2}"), hole(HOLE_PARTY, json_find_string(other, "author")),
        hole(HOLE_TIME, json_find_string(other, "received")), hole(HOLE_RECORD, id));
    if (standing.size == 0) return;
    html_words(&sheet->html, " ");
    sheet_mark(sheet, LABEL_STANDING, standing, "result");
}

static void put_others(const struct texts *t, const char *key, const char *heading, const char *note)
{
    struct html *html = &t->sheet->html;
    const struct json *list = items(t->it, key);
    if (list == NULL) return;
    sheet_heading(t->sheet, TAG_H2, heading);
    html_words_in(html, TAG_P, "quiet", note);
    sheet_begin(t->sheet, TAG_UL, "records");
    for (const struct json *other = list; other != NULL; other = other->next) {
        html_begin(html, TAG_LI);
        put_record_of(t, other);
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

/* ---- head: languages, who wrote it, what it consists of */

static void put_prevails(const struct texts *t)
{
    struct slice prevails = json_find_string(t->it, "prevails");
    sheet_field(t->sheet, TR("Prevails in case of divergence"));
    if (prevails.size > 0)
        put_lang(t->sheet, prevails);
    else
        html_words(&t->sheet->html,
                   TR("no language is named: a result stands where the texts of all languages give it"));
    sheet_field_end(t->sheet);
}

static void put_version(const struct texts *t, const struct json *language)
{
    struct html *html = &t->sheet->html;
    struct slice title = json_find_string(language, "title"), hash = json_find_string(language, "sha256");
    bool version = json_find_bool(language, "version");
    html_begin(html, TAG_LI);
    put_lang(t->sheet, json_find_string(language, "lang"));
    html_words(html, ": ");
    html_words(html, !version ? TR("no text of the agreement's own; the clauses stand in it here")
                     : json_find_bool(language, "translation") ? TR("translation, by the agreement's record")
                                                               : TR("text of the agreement"));
    if (json_find_bool(language, "original")) html_words(html, TR("; original language of clauses here"));
    if (title.size > 0) SAY(t->sheet, TR("; title: {0}"), hole(HOLE_TEXT, title));
    if (hash.size > 0) SAY(t->sheet, TR("; fingerprint of its text: {0}"), hole(HOLE_CODE, hash));
    html_end(html, TAG_LI);
}

static void put_part(const struct texts *t, const struct json *part)
{
    bool there = json_find_string(part, "author").size > 0;
    html_begin(&t->sheet->html, TAG_LI);
    if (there)
        put_record_of(t, part);
    else
        SAY(t->sheet, TR("has not arrived: {0}"), hole(HOLE_CODE, json_find_string(part, "id")));
    html_end(&t->sheet->html, TAG_LI);
}

typedef void put_item(const struct texts *t, const struct json *item);

static void put_list(const struct texts *t, const char *label, const struct json *list, put_item *put)
{
    if (list == NULL) return;
    sheet_field(t->sheet, label);
    html_begin(&t->sheet->html, TAG_UL);
    for (const struct json *m = list; m != NULL; m = m->next) put(t, m);
    html_end(&t->sheet->html, TAG_UL);
    sheet_field_end(t->sheet);
}

/* "NAME/TERM" leads to the clause there; a bare name to a term of whichever agreement has it. */
static void put_amended(const struct texts *t, const struct json *item)
{
    size_t size = 0;
    struct slice whole = item->type == JSON_STRING ? item->string : (struct slice){NULL, 0};
    while (size < whole.size && whole.data[size] != '/') size++;
    OWN(address_clear) struct address address;
    agreement_address(&address, slice_part(whole, 0, size));
    html_begin(&t->sheet->html, TAG_LI);
    if (size < whole.size) sheet_link_to(t->sheet, NULL, &address, "clause-", slice_part(whole, size + 1, whole.size));
    sheet_hole(t->sheet, hole(HOLE_CODE, whole));
    if (size < whole.size) sheet_link_end(t->sheet);
    html_end(&t->sheet->html, TAG_LI);
}

static void put_head(const struct texts *t)
{
    struct sheet *sheet = t->sheet;
    struct html *html = &sheet->html;
    const struct json *title = json_find(t->it, "title");
    html_begin(html, TAG_H1);
    sheet_hole(sheet, hole(HOLE_TEXT, tell_text(title).size > 0 ? tell_text(title) : json_find_string(t->it, "id")));
    html_end(html, TAG_H1);
    sheet_translator(sheet, title, NULL);
    sheet_moment(sheet);
    sheet_begin(sheet, TAG_DL, "fields");
    put_prevails(t);
    put_list(t, TR("Languages"), items(t->it, "languages"), put_version);
    sheet_field(sheet, TR("Parties"));
    sheet_parties(sheet, json_find(t->it, "parties"));
    sheet_field_end(sheet);
    sheet_field(sheet, TR("Written by"));
    SAY(sheet, TR("{0}, {1}, record {2}"), hole(HOLE_PARTY, json_find_string(t->it, "author")),
        hole(HOLE_TIME, json_find_string(t->it, "received")), hole(HOLE_RECORD, json_find_string(t->it, "record")));
    sheet_field_end(sheet);
    put_list(t, TR("In parts"), items(t->it, "parts"), put_part);
    put_list(t, TR("Amends"), items(t->it, "amends"), put_amended);
    html_end(html, TAG_DL);
}

/* ---- acts: who did what to the agreement or a channel, on what stated grounds */

static bool makes_it_so(const struct json *stands, struct slice id)
{
    for (const struct json *by = items(stands, "by"); by != NULL; by = by->next)
        if (slice_equal(by->string, id)) return true;
    return false;
}

static void put_grounds(const struct texts *t, const struct json *grounds)
{
    if (grounds == NULL) return;
    html_words_in(&t->sheet->html, TAG_P, "quiet", TR("Stated grounds; the register does not endorse them:"));
    html_begin(&t->sheet->html, TAG_BLOCKQUOTE);
    put_sides(t, grounds, false);
    html_end(&t->sheet->html, TAG_BLOCKQUOTE);
}

static void put_act(const struct texts *t, const struct json *act)
{
    struct sheet *sheet = t->sheet;
    struct slice id = json_find_string(act, "id"), until = json_find_string(act, "until");
    html_begin(&sheet->html, TAG_LI);
    html_begin(&sheet->html, TAG_P);
    html_begin(&sheet->html, TAG_STRONG);
    sheet_label(sheet, LABEL_ACT, json_find_string(act, "act"));
    html_end(&sheet->html, TAG_STRONG);
    SAY(sheet, TR(", by: {0}, from {1}, record {2}"), hole(HOLE_PARTY, json_find_string(act, "author")),
        hole(HOLE_TIME, json_find_string(act, "from")), hole(HOLE_RECORD, id));
    if (until.size > 0) SAY(sheet, TR("; until {0}"), hole(HOLE_TIME, until));
    html_end(&sheet->html, TAG_P);
    if (json_find_bool(act, "without_right"))
        html_words_in(&sheet->html, TAG_P, "quiet",
                      TR("Recorded, and without effect on the standing: the agreement gives no right to this act."));
    if (json_find(act, "of") != NULL)
        SAY_P(sheet, "quiet", TR("It is about an earlier version of the agreement: record {0}."),
              hole(HOLE_RECORD, json_find_string(act, "of")));
    put_grounds(t, json_find(act, "grounds"));
    html_end(&sheet->html, TAG_LI);
}

/* Those about the whole (`channel` NULL) or about a channel. What is about an area or a party stands with the whole. */
static bool is_about(const struct json *act, const struct json *channel)
{
    struct slice of = json_find_string(json_find(act, "scope"), "channel");
    return channel == NULL ? of.size == 0 : slice_equal(of, json_find_string(channel, "id"));
}

static size_t put_acts_that(const struct texts *t, const struct json *channel, const struct json *stands,
                            bool make_it_so, bool shown)
{
    size_t count = 0;
    for (const struct json *act = items(t->it, "acts"); act != NULL; act = act->next) {
        if (!is_about(act, channel) || makes_it_so(stands, json_find_string(act, "id")) != make_it_so) continue;
        if (shown) put_act(t, act);
        count++;
    }
    return count;
}

/* Those by which it stands so are seen; the others are folded away, but on paper. */
static void put_acts(const struct texts *t, const struct json *channel, const struct json *stands)
{
    struct html *html = &t->sheet->html;
    size_t others = put_acts_that(t, channel, stands, false, false);
    if (put_acts_that(t, channel, stands, true, false) > 0) {
        html_words_in(html, TAG_P, "quiet", TR("It stands so by:"));
        sheet_begin(t->sheet, TAG_OL, NULL);
        put_acts_that(t, channel, stands, true, true);
        html_end(html, TAG_OL);
    }
    if (others == 0) return;
    html_begin(html, TAG_DETAILS);
    if (t->sheet->page->print != NULL) html_flag(html, ATTR_OPEN);
    html_begin(html, TAG_SUMMARY);
    html_words(html, TR("Other acts: "));
    sheet_count(t->sheet, NOUN_RECORD, others);
    html_end(html, TAG_SUMMARY);
    sheet_begin(t->sheet, TAG_OL, NULL);
    put_acts_that(t, channel, stands, false, true);
    html_end(html, TAG_OL);
    html_end(html, TAG_DETAILS);
}

static void put_state(const struct texts *t, const struct json *stands, enum label_table table)
{
    struct slice since = json_find_string(stands, "since");
    sheet_begin(t->sheet, TAG_P, "stands");
    sheet_mark(t->sheet, table, json_find_string(stands, "standing"), "result");
    if (since.size > 0) SAY(t->sheet, TR(", since {0}"), hole(HOLE_TIME, since));
    html_end(&t->sheet->html, TAG_P);
}

static void put_standing(const struct texts *t)
{
    struct sheet *sheet = t->sheet;
    struct html *html = &sheet->html;
    const struct json *fault = json_find(t->standing, "fault");
    sheet_heading(sheet, TAG_H2, TR("Standing, and the acts that made it"));
    sheet_begin(sheet, TAG_UL, "stands-by");
    html_begin(html, TAG_LI);
    sheet_heading(sheet, TAG_H3, TR("The agreement as a whole"));
    put_state(t, t->standing, LABEL_STANDING);
    if (fault != NULL)
        SAY_P(sheet, "fault", TR("The agreement's text cannot be evaluated whole: {0}, at {1}."),
              hole(HOLE_CODE, json_find_string(fault, "code")), hole(HOLE_CODE, json_find_string(fault, "pointer")));
    put_acts(t, NULL, t->standing);
    html_end(html, TAG_LI);
    for (const struct json *channel = items(t->it, "channels"); channel != NULL; channel = channel->next) {
        struct slice id = json_find_string(channel, "id");
        const struct json *stands = item_of(t->standing, "channels", "id", id);
        html_begin(html, TAG_LI);
        html_begin(html, TAG_H3);
        SAY(sheet, TR("Channel: {0}"), hole(HOLE_TEXT, tell_channel(sheet->agreement, id)));
        html_end(html, TAG_H3);
        put_state(t, stands, LABEL_CHANNEL);
        put_acts(t, channel, stands);
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

/* ---- clauses */

static const struct json *written_term(const struct texts *t, const struct json *clause, struct slice term)
{
    const struct json *record = records_get(t->sheet->page->records, json_find_string(clause, "record"));
    return item_of(record, "terms", "id", term);
}

static void put_result(const struct texts *t, struct slice id, bool anchor)
{
    struct sheet *sheet = t->sheet;
    const struct json *term = item_of(t->standing, "terms", "id", id);
    char place[PLACE_SIZE];
    OWN(address_clear) struct address why;
    why_address(&why, json_find_string(t->it, "id"), id);
    snprintf(place, sizeof place, "clause-%.*s", SLICE(id));
    sheet_begin(sheet, TAG_LI, NULL);
    if (anchor) html_set(&sheet->html, ATTR_ID, place);
    sheet_begin(sheet, TAG_P, "verdict");
    if (term != NULL) sheet_link(sheet, NULL, &why);
    sheet_hole(sheet, hole(HOLE_CODE, id));
    if (term != NULL) sheet_link_end(sheet);
    if (term == NULL) {
        html_words(&sheet->html, ": ");
        html_words(&sheet->html, TR("not evaluated"));
    } else {
        struct slice was = json_find_string(term, "was"), channel = json_find_string(term, "channel");
        SAY(sheet, ": {0}", hole(HOLE_RESULT, json_find_string(term, "verdict")));
        if (was.size > 0) SAY(sheet, TR("; before: {0}"), hole(HOLE_RESULT, was));
        if (channel.size > 0)
            SAY(sheet, TR("; channel: {0}"), hole(HOLE_TEXT, tell_channel(sheet->agreement, channel)));
    }
    html_end(&sheet->html, TAG_P);
    if (term != NULL) result_readings(sheet, term);
    html_end(&sheet->html, TAG_LI);
}

static bool put_results(const struct texts *t, const struct json *clause)
{
    bool breach = false;
    sheet_begin(t->sheet, TAG_UL, "results");
    for (const struct json *id = items(clause, "terms"); id != NULL; id = id->next) {
        if (id->type != JSON_STRING) continue;
        put_result(t, id->string, id != items(clause, "terms"));
        breach |= result_speaks_of_breach(item_of(t->standing, "terms", "id", id->string));
    }
    html_end(&t->sheet->html, TAG_UL);
    return breach;
}

static void put_rival(const struct texts *t, const struct json *clause, const struct json *rival)
{
    struct sheet *sheet = t->sheet;
    const struct voice voice = sheet_voice(sheet);
    struct slice term = json_find_string(rival, "term"), name = json_find_string(rival, "name");
    const struct json *judged = json_find(item_of(t->standing, "terms", "id", term), "rivals");
    const struct json *result = judged == NULL ? NULL : judged->first;
    while (result != NULL && !slice_equal(result->key, name)) result = result->next;
    sheet_begin(sheet, TAG_SECTION, "other-text");
    html_begin(&sheet->html, TAG_H4);
    tell_rival_name(&voice, name);
    SAY(sheet, TR(" ({0})"), hole(HOLE_CODE, term));
    html_end(&sheet->html, TAG_H4);
    if (result != NULL) sheet_verdict(sheet, result);
    put_sides(t, json_find(rival, "text"), false);
    struct json named = *rival;
    named.key = name;
    tell_rival(&voice, written_term(t, clause, term), &named);
    html_end(&sheet->html, TAG_SECTION);
}

static void put_elsewhere(const struct texts *t, const struct json *other)
{
    struct sheet *sheet = t->sheet;
    bool earlier = json_find_bool(other, "earlier");
    sheet_begin(sheet, TAG_SECTION, "other-text");
    html_begin(&sheet->html, TAG_H4);
    SAY(sheet,
        earlier ? TR("Earlier text, replaced by its author: {0}, record {1}") : TR("Rival text: {0}, record {1}"),
        hole(HOLE_PARTY, json_find_string(other, "author")), hole(HOLE_RECORD, json_find_string(other, "id")));
    html_end(&sheet->html, TAG_H4);
    if (json_find(other, "text") != NULL)
        put_sides(t, json_find(other, "text"), false);
    else
        html_words_in(&sheet->html, TAG_P, "quiet", TR("The same words; what is counted differs."));
    html_end(&sheet->html, TAG_SECTION);
}

static void put_amendment(const struct texts *t, const struct json *amendment)
{
    struct sheet *sheet = t->sheet;
    struct slice id = json_find_string(amendment, "id");
    const struct json *by = item_of(t->it, "amended_by", "id", id);
    sheet_begin(sheet, TAG_SECTION, "other-text");
    html_begin(&sheet->html, TAG_H4);
    html_words(&sheet->html, TR("Amended by:"));
    html_end(&sheet->html, TAG_H4);
    html_begin(&sheet->html, TAG_P);
    put_record_of(t, by);
    html_end(&sheet->html, TAG_P);
    if (json_find(amendment, "text") != NULL)
        put_sides(t, json_find(amendment, "text"), false);
    else
        html_words_in(&sheet->html, TAG_P, "quiet",
                      TR("The amendment has no term of the same name; its clauses stand there."));
    html_end(&sheet->html, TAG_SECTION);
}

static void put_clause(const struct texts *t, const struct json *clause, size_t number)
{
    struct sheet *sheet = t->sheet;
    const struct json *first = items(clause, "terms");
    char place[PLACE_SIZE], digits[24];
    snprintf(place, sizeof place, "clause-%.*s", SLICE(first == NULL ? slice_from("") : first->string));
    snprintf(digits, sizeof digits, "%zu", number);
    sheet_begin(sheet, TAG_ARTICLE, "text-of");
    html_set(&sheet->html, ATTR_ID, place);
    html_begin(&sheet->html, TAG_H3);
    SAY(sheet, TR("Clause {0}"), hole(HOLE_NUMBER, slice_from(digits)));
    html_end(&sheet->html, TAG_H3);
    put_sides(t, json_find(clause, "text"), true);
    bool breach = put_results(t, clause);
    for (const struct json *m = items(clause, "rivals"); m != NULL; m = m->next) put_rival(t, clause, m);
    for (const struct json *m = items(clause, "elsewhere"); m != NULL; m = m->next) put_elsewhere(t, m);
    for (const struct json *m = items(clause, "amended_by"); m != NULL; m = m->next) put_amendment(t, m);
    if (breach) sheet_not_a_finding(sheet);
    html_end(&sheet->html, TAG_ARTICLE);
}

static void put_clauses(const struct texts *t)
{
    struct html *html = &t->sheet->html;
    size_t number = 0;
    sheet_heading(t->sheet, TAG_H2, TR("Clauses"));
    if (items(t->it, "clauses") == NULL)
        html_words_in(html, TAG_P, NULL, TR("The record has no clauses."));
    else
        html_words_in(html, TAG_P, "quiet",
                      TR("Counted here in the order of the record; these are not the numbers of the text itself."));
    for (const struct json *m = items(t->it, "clauses"); m != NULL; m = m->next) put_clause(t, m, ++number);
}

/* ---- the pages */

static void put_way(struct sheet *sheet, const char *path, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
}

static void put_ways(struct sheet *sheet)
{
    sheet_begin(sheet, TAG_P, "ways");
    put_way(sheet, "/standing", TR("Where it stands, term by term"));
    put_way(sheet, "/changes", TR("Every change, and the record that made it"));
    put_way(sheet, "/agreements", TR("All agreements of the register"));
    html_end(&sheet->html, TAG_P);
}

enum status page_agreement(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *it = json_find(answer, "agreement");
    struct sheet sheet = {.page = page, .answer = answer};
    const struct texts texts = {.sheet = &sheet, .it = it, .standing = json_find(it, "standing")};
    sheet_open(&sheet, out, PLACE_TEXTS, slice_from(TR("Text of the agreement")));
    sheet.agreement = records_get(page->records, json_find_string(it, "record"));
    put_head(&texts);
    put_ways(&sheet);
    put_standing(&texts);
    put_others(
        &texts, "others", TR("Rival records"),
        TR("Other records under the same name. Each stands with the assents that name it; none is preferred here."));
    put_others(&texts, "amended_by", TR("Amendments"),
               TR("Records that say that they amend this agreement. Whether they are in force is told beside each."));
    put_others(&texts, "earlier", TR("Earlier versions"),
               TR("Replaced by their author. What was assented to an earlier version was not assented to this one."));
    put_clauses(&texts);
    mark_legend(&sheet, LABEL_VERDICT);
    return sheet_close(&sheet, error);
}

static void put_one(struct sheet *sheet, const struct json *standing)
{
    const struct json *title = json_find(standing, "title");
    OWN(address_clear) struct address address;
    agreement_address(&address, json_find_string(standing, "record"));
    html_begin(&sheet->html, TAG_LI);
    sheet_link(sheet, NULL, &address);
    sheet_hole(sheet, hole(HOLE_TEXT, tell_text(title).size > 0 ? tell_text(title) : json_find_string(standing, "id")));
    sheet_link_end(sheet);
    html_words(&sheet->html, " ");
    sheet_mark(sheet, LABEL_STANDING, json_find_string(standing, "standing"), "result");
    html_end(&sheet->html, TAG_LI);
}

enum status page_agreements(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *list = items(answer, "agreements");
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_TEXTS, slice_from(TR("Text of the agreement")));
    sheet_heading(&sheet, TAG_H1, TR("Agreements and their texts"));
    sheet_moment(&sheet);
    if (list == NULL) {
        html_words_in(&sheet.html, TAG_P, NULL, TR("The register holds no agreement yet."));
        html_words_in(&sheet.html, TAG_P, NULL,
                      TR("Once the secretariat has written it and the parties have assented, it stands here clause by "
                         "clause."));
        return sheet_close(&sheet, error);
    }
    sheet_begin(&sheet, TAG_UL, "records");
    for (const struct json *m = list; m != NULL; m = m->next) put_one(&sheet, m);
    html_end(&sheet.html, TAG_UL);
    return sheet_close(&sheet, error);
}
