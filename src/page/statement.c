/* One statement that is proposed: what may be mended, what the register offers, and what can be decided. */
#include "page/intake.h"

#include <stdio.h>

enum { PARTIES_MOST = 256, NAME_SIZE = 48 };

static const char *const acts[] = {"accuse",  "deny",     "reject",  "demand",      "clarify",
                                   "suspend", "threaten", "regret",  "resume",      "commit",
                                   "condemn", "warn",     "support", "acknowledge", "statement"};

void intake_name(struct html *html, enum html_attribute attribute, const char *name, size_t number)
{
    char whole[NAME_SIZE];
    snprintf(whole, sizeof whole, number == 0 ? "%s" : "%s-%zu", name, number);
    html_set(html, attribute, whole);
}

void intake_carry(const struct intake *in, const char *name, size_t number, struct slice value)
{
    struct html *html = &in->sheet->html;
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "hidden");
    intake_name(html, ATTR_NAME, name, number);
    html_set_slice(html, ATTR_VALUE, value);
}

void intake_words(const struct intake *in, size_t number, size_t most_bytes)
{
    sheet_beginning(in->sheet, json_find_string(in->statement[number - 1], "content"), most_bytes);
}

/* ---- fields */

static bool is_wrong(const struct intake *in, size_t number, const char *pointer)
{
    const struct page_statement *item = &in->what->items[number - 1];
    return item->wrong != NULL && item->wrong_field != NULL && strcmp(item->wrong_field, pointer) == 0;
}

static void put_fault(const struct intake *in, size_t number)
{
    sheet_begin(in->sheet, TAG_SPAN, "fault");
    intake_name(&in->sheet->html, ATTR_ID, "fault", number);
    html_message(&in->sheet->html, slice_from(in->what->items[number - 1].wrong));
    html_end(&in->sheet->html, TAG_SPAN);
}

struct field_of {
    const char *name, *pointer, *label, *hint;
    bool machine; /* not in a reader's language: ids, moments */
    size_t rows;  /* a text of several lines; 0: one */
};

static void put_field(const struct intake *in, size_t number, const struct field_of *field, struct slice otherwise)
{
    struct html *html = &in->sheet->html;
    char fault[NAME_SIZE], rows[24];
    bool wrong = is_wrong(in, number, field->pointer), many = field->rows > 0;
    struct slice value = intake_typed(in, field->name, number, otherwise);
    snprintf(fault, sizeof fault, "fault-%zu", number);
    snprintf(rows, sizeof rows, "%zu", field->rows);
    sheet_begin(in->sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", field->label);
    html_begin(html, many ? TAG_TEXTAREA : TAG_INPUT);
    if (!many) html_set(html, ATTR_TYPE, "text");
    if (many) html_set(html, ATTR_ROWS, rows);
    intake_name(html, ATTR_NAME, field->name, number);
    html_set(html, ATTR_DIR, field->machine ? "ltr" : "auto");
    html_set(html, ATTR_AUTOCOMPLETE, "off");
    html_set(html, ATTR_SPELLCHECK, "false");
    if (wrong) html_set(html, ATTR_ARIA_INVALID, "true"), html_set(html, ATTR_ARIA_DESCRIBEDBY, fault);
    if (!many) html_set_slice(html, ATTR_VALUE, value);
    if (many) html_text(html, value), html_end(html, TAG_TEXTAREA);
    if (field->hint != NULL) html_words_in(html, TAG_SPAN, "hint", field->hint);
    if (wrong) put_fault(in, number);
    html_end(html, TAG_LABEL);
}

static void begin_select(const struct intake *in, const char *name, size_t number, const char *label)
{
    struct html *html = &in->sheet->html;
    sheet_begin(in->sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", label);
    html_begin(html, TAG_SELECT);
    intake_name(html, ATTR_NAME, name, number);
}

static void end_select(const struct intake *in)
{
    html_end(&in->sheet->html, TAG_SELECT);
    html_end(&in->sheet->html, TAG_LABEL);
}

static void begin_option(const struct intake *in, struct slice value, struct slice chosen)
{
    html_begin(&in->sheet->html, TAG_OPTION);
    html_set_slice(&in->sheet->html, ATTR_VALUE, value);
    if (slice_equal(value, chosen)) html_flag(&in->sheet->html, ATTR_SELECTED);
}

static void put_acts(const struct intake *in, size_t number, struct slice proposed)
{
    char id[40];
    struct slice chosen = intake_typed(in, "act", number, proposed);
    begin_select(in, "act", number, TR("Act"));
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        snprintf(id, sizeof id, "act=%s", acts[i]);
        begin_option(in, slice_from(acts[i]), chosen);
        html_words(&in->sheet->html, words_label(LABEL_VALUE, id));
        html_end(&in->sheet->html, TAG_OPTION);
    }
    end_select(in);
}

static bool is_offered(const struct json *offers, struct slice party)
{
    const struct json *one = offers == NULL ? NULL : offers->first;
    while (one != NULL && !(one->type == JSON_STRING && slice_equal(one->string, party))) one = one->next;
    return one != NULL;
}

/* Those that are offered first. Nothing is chosen for anybody. */
static void put_parties(const struct intake *in, size_t number, const char *name, const char *label,
                        const struct json *offers)
{
    struct html *html = &in->sheet->html;
    struct slice parties[PARTIES_MOST], chosen = intake_typed(in, name, number, slice_from(""));
    size_t count = records_parties(in->sheet->page->records, parties, PARTIES_MOST);
    begin_select(in, name, number, label);
    begin_option(in, slice_from(""), chosen);
    html_words(html, TR("none"));
    html_end(html, TAG_OPTION);
    for (int offered = 1; offered >= 0; offered--) {
        for (size_t i = 0; i < count; i++) {
            if (is_offered(offers, parties[i]) != (offered == 1)) continue;
            begin_option(in, parties[i], chosen);
            html_text(html, tell_party(in->sheet->page->records, parties[i]));
            if (offered == 1) html_words(html, TR(" (offered)"));
            html_end(html, TAG_OPTION);
        }
    }
    end_select(in);
}

/* ---- records that it may be about */

static const char *reason(struct slice why)
{
    static const struct {
        const char *why, *label;
    } reasons[] = {{"recorded", N_("These words are recorded")},
                   {"earlier", N_("The same speaker earlier")},
                   {"unacknowledged", N_("A notice whose receipt is not confirmed")},
                   {"unanswered", N_("A question without answer")}};
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (slice_is(why, reasons[i].why)) return truce_word(reasons[i].label);
    return "";
}

static bool is_chosen(const struct intake *in, size_t number, struct slice id)
{
    return in->what->chosen != NULL && in->what->chosen(in->what->context, number, id);
}

static void put_about(const struct intake *in, size_t number, const struct json *records)
{
    struct html *html = &in->sheet->html;
    if (records == NULL || records->first == NULL) return;
    html_begin(html, TAG_FIELDSET);
    html_words_in(html, TAG_LEGEND, NULL, TR("Records that it is about"));
    for (const struct json *r = records == NULL ? NULL : records->first; r != NULL; r = r->next) {
        struct slice id = json_find_string(r, "id");
        html_begin(html, TAG_P);
        sheet_begin(in->sheet, TAG_LABEL, "choice");
        html_begin(html, TAG_INPUT);
        html_set(html, ATTR_TYPE, "checkbox");
        intake_name(html, ATTR_NAME, "about", number);
        html_set_slice(html, ATTR_VALUE, id);
        if (is_chosen(in, number, id)) html_flag(html, ATTR_CHECKED);
        html_words_in(html, TAG_SPAN, NULL, reason(json_find_string(r, "why")));
        html_end(html, TAG_LABEL);
        html_words(html, " ");
        sheet_record(in->sheet, id, (struct slice){NULL, 0});
        html_end(html, TAG_P);
    }
    html_end(html, TAG_FIELDSET);
}

/* ---- the card */

static void put_mending(const struct intake *in, size_t number, const struct json *s)
{
    struct html *html = &in->sheet->html;
    struct slice name = json_find_string(s, "speaker_name");
    static const struct {
        struct field_of field;
        const char *member;
    } fields[] = {
        {{"speaker", "/speaker", N_("Speaker"), NULL, false, 0}, NULL},
        {{"role", "/role", N_("Role"), NULL, false, 0}, "role"},
        {{"organisation", "/organisation", N_("Organisation"), NULL, false, 0}, "organisation"},
        {{"cue", "/cue", N_("Verb"), NULL, false, 0}, "cue"},
        {{"words", "/words/exact", N_("Words"), N_("They are quoted: only what stands in the text."), false, 4},
         "content"},
        {{"others", "/about", N_("Other records that it is about"), N_("Their ids, or the first eight digits of each."),
          true, 0},
         ""},
    };
    html_begin(html, TAG_DETAILS);
    if (in->what->items[number - 1].wrong != NULL) html_flag(html, ATTR_OPEN);
    html_words_in(html, TAG_SUMMARY, NULL, TR("Mend"));
    sheet_begin(in->sheet, TAG_DIV, "fields");
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        struct field_of field = fields[i].field;
        field.label = truce_word(field.label);
        if (field.hint != NULL) field.hint = truce_word(field.hint);
        struct slice proposed = fields[i].member == NULL ? (name.size > 0 ? name : json_find_string(s, "speaker"))
                                                         : json_find_string(s, fields[i].member);
        put_field(in, number, &field, proposed);
    }
    put_acts(in, number, json_find_string(s, "act"));
    html_end(html, TAG_DIV);
    html_end(html, TAG_DETAILS);
}

static void put_choices(const struct intake *in, size_t number, const struct json *offers)
{
    const struct field_of at = {"at", "/at", TR("When it was said"), TR("In UTC; empty: as above."), true, 0};
    sheet_begin(in->sheet, TAG_DIV, "fields");
    put_parties(in, number, "party", TR("Party that spoke"), json_find(offers, "parties"));
    put_parties(in, number, "addressed", TR("Party that was addressed"), json_find(offers, "addressed"));
    put_field(in, number, &at, slice_from(""));
    html_end(&in->sheet->html, TAG_DIV);
}

void intake_button(const struct intake *in, size_t number, const char *does, const char *words, bool quiet)
{
    struct html *html = &in->sheet->html;
    char value[NAME_SIZE], title[NAME_SIZE];
    snprintf(value, sizeof value, "%s-%zu", does, number);
    snprintf(title, sizeof title, "title-%zu", number);
    sheet_begin(in->sheet, TAG_BUTTON, quiet ? "second" : NULL);
    html_set(html, ATTR_TYPE, "submit");
    html_set(html, ATTR_NAME, "do");
    html_set(html, ATTR_VALUE, value);
    html_set(html, ATTR_ARIA_DESCRIBEDBY, title);
    html_words(html, words);
    html_end(html, TAG_BUTTON);
}

void intake_title(const struct intake *in, size_t number, const struct json *s)
{
    struct html *html = &in->sheet->html;
    char digits[24];
    OWN(address_clear) struct address place;
    snprintf(digits, sizeof digits, "%zu", number);
    address_open(&place, "");
    address_place(&place, "in-text-", slice_from(digits));
    html_begin(html, TAG_H3);
    intake_name(html, ATTR_ID, "title", number);
    html_begin(html, TAG_A);
    html_address(html, ATTR_HREF, &place);
    SAY(in->sheet, TR("Statement {0}"), hole(HOLE_NUMBER, slice_from(digits)));
    html_end(html, TAG_A);
    html_words(html, TR(", "));
    html_words(html, json_find_bool(s, "direct") ? TR("in direct speech") : TR("reported"));
    html_end(html, TAG_H3);
}

/* The words as the text has them; marks of quotation round what is direct. */
static void put_said(const struct intake *in, const struct json *s)
{
    struct html *html = &in->sheet->html;
    struct slice language = json_find_string(in->what->answer, "lang");
    bool direct = json_find_bool(s, "direct");
    sheet_begin(in->sheet, TAG_BLOCKQUOTE, direct ? "words direct" : "words reported");
    html_set_slice(html, ATTR_LANG, language);
    html_set(html, ATTR_DIR, slice_is(language, "ar") ? "rtl" : "ltr");
    if (direct) html_words(html, slice_is(language, "ar") ? "«" : "“");
    html_text(html, json_find_string(s, "content"));
    if (direct) html_words(html, slice_is(language, "ar") ? "»" : "”");
    html_end(html, TAG_BLOCKQUOTE);
}

static void put_pick(const struct intake *in, size_t number)
{
    struct html *html = &in->sheet->html;
    sheet_begin(in->sheet, TAG_LABEL, "choice");
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "checkbox");
    intake_name(html, ATTR_NAME, "pick", number);
    html_set(html, ATTR_VALUE, "yes");
    if (intake_typed(in, "pick", number, slice_from("")).size > 0) html_flag(html, ATTR_CHECKED);
    html_words_in(html, TAG_SPAN, NULL, TR("Pick"));
    html_end(html, TAG_LABEL);
}

/* A fault of a field that the card does not show stands above it. */
static void put_whole_fault(const struct intake *in, size_t number)
{
    static const char *const shown[] = {"/at", "/about", "/speaker", "/role", "/organisation", "/cue", "/words/exact"};
    for (size_t i = 0; i < COUNT_OF(shown); i++)
        if (is_wrong(in, number, shown[i])) return;
    sheet_begin(in->sheet, TAG_P, "fault");
    intake_name(&in->sheet->html, ATTR_ID, "fault", number);
    html_message(&in->sheet->html, slice_from(in->what->items[number - 1].wrong));
    html_end(&in->sheet->html, TAG_P);
}

void intake_card(const struct intake *in, size_t number)
{
    struct html *html = &in->sheet->html;
    const struct json *s = in->statement[number - 1], *offers = json_find(s, "offers");
    sheet_begin(in->sheet, TAG_LI, "statement");
    intake_name(html, ATTR_ID, "statement", number);
    html_data(html, "item", slice_from(""));
    intake_title(in, number, s);
    if (in->what->items[number - 1].wrong != NULL) put_whole_fault(in, number);
    put_said(in, s);
    intake_facts(in, s);
    put_choices(in, number, offers);
    put_about(in, number, json_find(offers, "records"));
    put_mending(in, number, s);
    sheet_begin(in->sheet, TAG_P, "buttons");
    intake_button(in, number, "accept", TR("Accept"), false);
    intake_button(in, number, "refuse", TR("Refuse"), true);
    put_pick(in, number);
    html_end(html, TAG_P);
    html_end(html, TAG_LI);
}
