/* The inputs of a form, made of the schema that admission uses: a field's type says what stands there, and its name how
 * it is called. What people type in ways of their own stands under NAME~WAY (tell/filing.h). */
#include "page/filing.h"
#include "page/told.h"

#include "base/degrees.h"
#include "base/time.h"
#include "tell/labels.h"
#include "text/collate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_SIZE = 128, CHOICES_MOST = 256, PARTIES_MOST = 256, DEPTH_MOST = 3, ROWS = 2, LABEL_SIZE = 80 };

static struct slice last_of(const char *name)
{
    struct slice whole = slice_of(name, strcspn(name, "~"));
    size_t at = whole.size;
    while (at > 0 && whole.data[at - 1] != '.') at--;
    return slice_part(whole, at, SIZE_MAX);
}

static const char *named(char out[NAME_SIZE], const char *name, const char *more)
{
    snprintf(out, NAME_SIZE, "%s%s", name, more);
    return out;
}

/* ---- one input: label, what is wrong with it, hint */

/* Does the fault stand at this field, or below it? */
static bool is_wrong(struct form *form, const char *name)
{
    char pointer[NAME_SIZE];
    const char *at = form->what->pointer;
    if (form->fault == NULL || at == NULL) return false;
    filing_pointer(pointer, sizeof pointer, name);
    size_t size = strlen(pointer);
    return strncmp(at, pointer, size) == 0 && (at[size] == '\0' || at[size] == '/');
}

static void begin_label(struct form *form, const char *label, bool needed)
{
    struct html *html = &form->sheet.html;
    sheet_begin(&form->sheet, TAG_LABEL, "field");
    sheet_begin(&form->sheet, TAG_SPAN, "label");
    html_words(html, label);
    if (needed) html_words(html, TR(" (needed)"));
    html_end(html, TAG_SPAN);
}

/* Of the element just begun. */
static void put_state(struct form *form, const char *name, bool wrong)
{
    struct html *html = &form->sheet.html;
    char pointer[NAME_SIZE];
    filing_pointer(pointer, sizeof pointer, name);
    html_set(html, ATTR_NAME, name);
    html_data(html, "pointer", slice_from(pointer));
    if (wrong) {
        html_set(html, ATTR_ARIA_INVALID, "true");
        html_set(html, ATTR_ARIA_DESCRIBEDBY, "fault");
    }
    bool asked = form->what->fault == NULL && !form->focused && fill_is_anew(form, name);
    if (wrong || asked) html_flag(html, ATTR_AUTOFOCUS);
    form->focused = form->focused || asked;
}

static void end_label(struct form *form, const char *hint, bool wrong)
{
    struct html *html = &form->sheet.html;
    if (hint != NULL) html_words_in(html, TAG_SPAN, "hint", hint);
    if (wrong) {
        sheet_begin(&form->sheet, TAG_SPAN, "fault");
        html_set(html, ATTR_ID, "fault");
        html_message(html, slice_from(form->fault));
        html_end(html, TAG_SPAN);
        form->fault = NULL;
    }
    html_end(html, TAG_LABEL);
}

struct input {
    const char *type, *dir, *list, *mode;
    bool now; /* a script puts the present moment there */
};

static void put_input(struct form *form, const char *name, const char *label, const char *hint, bool needed,
                      const struct input *how)
{
    struct html *html = &form->sheet.html;
    bool wrong = is_wrong(form, name);
    begin_label(form, label, needed);
    html_begin(html, TAG_INPUT);
    put_state(form, name, wrong);
    html_set(html, ATTR_TYPE, how->type);
    html_set(html, ATTR_DIR, how->dir);
    html_set(html, ATTR_AUTOCOMPLETE, "off");
    if (how->list != NULL) html_set(html, ATTR_LIST, how->list);
    if (how->mode != NULL) html_set(html, ATTR_INPUTMODE, how->mode);
    if (strcmp(how->type, "datetime-local") == 0) html_set(html, ATTR_STEP, "1");
    if (how->now) html_data(html, "now", slice_from("yes"));
    html_set(html, ATTR_VALUE, fill_value(form, name));
    end_label(form, hint, wrong);
}

void fill_input(struct form *form, const char *name, const char *label, const char *hint, bool needed)
{
    put_input(form, name, label, hint, needed, &(struct input){.type = "text", .dir = "ltr"});
}

static void put_legend(struct form *form, const char *label, bool needed)
{
    sheet_begin(&form->sheet, TAG_LEGEND, "label");
    html_words(&form->sheet.html, label);
    if (needed) html_words(&form->sheet.html, TR(" (needed)"));
    html_end(&form->sheet.html, TAG_LEGEND);
}

static void end_fieldset(struct form *form, bool wrong)
{
    struct html *html = &form->sheet.html;
    if (wrong) {
        sheet_begin(&form->sheet, TAG_P, "fault");
        html_set(html, ATTR_ID, "fault");
        html_message(html, slice_from(form->fault));
        html_end(html, TAG_P);
        form->fault = NULL;
    }
    html_end(html, TAG_FIELDSET);
}

/* ---- choices */

struct choice {
    const char *value, *label;
};

static int by_label(const void *a, const void *b)
{
    return collate_compare(words_language_now(), slice_from(((const struct choice *)a)->label),
                           slice_from(((const struct choice *)b)->label));
}

static size_t choices_of(enum label_table table, struct slice field, struct choice *out)
{
    size_t count = 0;
    for (const struct label *label = labels_of(table); label->id != NULL && count < CHOICES_MOST; label++) {
        struct slice id = slice_from(label->id);
        if (id.size <= field.size + 1 || id.data[field.size] != '=' || memcmp(id.data, field.data, field.size) != 0)
            continue;
        out[count++] = (struct choice){label->id + field.size + 1, words_label(table, label->id)};
    }
    if (count > 1) qsort(out, count, sizeof *out, by_label);
    return count;
}

static bool put_option(struct html *html, const char *value, const char *label, const char *chosen)
{
    bool selected = strcmp(value, chosen) == 0;
    html_begin(html, TAG_OPTION);
    html_set(html, ATTR_VALUE, value);
    if (selected) html_flag(html, ATTR_SELECTED);
    html_words(html, label);
    html_end(html, TAG_OPTION);
    return selected;
}

static void put_select(struct form *form, const char *name, const char *label, bool needed,
                       const struct choice *choices, size_t count)
{
    struct html *html = &form->sheet.html;
    const char *chosen = fill_value(form, name);
    bool wrong = is_wrong(form, name);
    begin_label(form, label, needed);
    html_begin(html, TAG_SELECT);
    put_state(form, name, wrong);
    bool found = put_option(html, "", "", chosen);
    for (size_t i = 0; i < count; i++) found |= put_option(html, choices[i].value, choices[i].label, chosen);
    if (!found) put_option(html, chosen, chosen, chosen);
    html_end(html, TAG_SELECT);
    end_label(form, NULL, wrong);
}

/* Each a tap. What was chosen last is chosen again by a script. */
static void put_radios(struct form *form, const char *name, const char *label, bool needed,
                       const struct choice *choices, size_t count)
{
    struct html *html = &form->sheet.html;
    const char *chosen = fill_value(form, name);
    bool wrong = is_wrong(form, name);
    sheet_begin(&form->sheet, TAG_FIELDSET, "field taps");
    put_legend(form, label, needed);
    for (size_t i = 0; i < count; i++) {
        sheet_begin(&form->sheet, TAG_LABEL, "choice");
        html_begin(html, TAG_INPUT);
        html_set(html, ATTR_TYPE, "radio");
        put_state(form, name, wrong && i == 0);
        html_set(html, ATTR_VALUE, choices[i].value);
        html_data(html, "again", slice_from("yes"));
        if (strcmp(choices[i].value, chosen) == 0) html_flag(html, ATTR_CHECKED);
        html_words_in(html, TAG_SPAN, NULL, choices[i].label);
        html_end(html, TAG_LABEL);
    }
    end_fieldset(form, wrong);
}

static size_t words_of(struct form *form, const struct json *field, const char *name, struct choice *choices)
{
    size_t count = 0;
    const struct json *words = json_find(field, "words");
    for (const struct json *w = words->first; w != NULL && count < CHOICES_MOST; w = w->next) {
        char *value = arena_get(&form->arena, w->string.size + 1);
        if (value == NULL) break;
        snprintf(value, w->string.size + 1, "%.*s", SLICE(w->string));
        const char *said = tell_word(last_of(name), w->string);
        choices[count++] = (struct choice){value, said == NULL ? value : said};
    }
    return count;
}

void fill_taps(struct form *form, const struct json *field, const char *name, const char *note)
{
    struct html *html = &form->sheet.html;
    struct choice choices[CHOICES_MOST];
    char copy[LABEL_SIZE];
    size_t count = words_of(form, field, name, choices);
    bool wrong = is_wrong(form, name);
    html_begin(html, TAG_BUTTON); /* what Enter presses in another field: none of them, but the form again */
    html_set(html, ATTR_TYPE, "submit");
    html_set(html, ATTR_NAME, "~step");
    html_set(html, ATTR_VALUE, "form");
    html_flag(html, ATTR_HIDDEN);
    html_end(html, TAG_BUTTON);
    sheet_begin(&form->sheet, TAG_FIELDSET, "field taps");
    sheet_begin(&form->sheet, TAG_LEGEND, "label");
    html_words(html, tell_label(LABEL_FIELD, last_of(name), copy, sizeof copy));
    html_words(html, ": ");
    html_words_in(html, TAG_SPAN, "main", note);
    html_end(html, TAG_LEGEND);
    for (size_t i = 0; i < count; i++) {
        html_begin(html, TAG_BUTTON);
        html_set(html, ATTR_TYPE, "submit");
        put_state(form, name, wrong && i == 0);
        html_set(html, ATTR_VALUE, choices[i].value);
        html_words(html, choices[i].label);
        html_end(html, TAG_BUTTON);
    }
    end_fieldset(form, wrong);
}

static void put_word(struct form *form, const struct json *field, const char *name, const char *label, bool needed)
{
    struct choice choices[CHOICES_MOST];
    size_t count = words_of(form, field, name, choices);
    if (strcmp(form->what->kind, "attempt") == 0)
        put_radios(form, name, label, needed, choices, count);
    else
        put_select(form, name, label, needed, choices, count);
}

/* Several parties, each with a box. */
static void put_boxes(struct form *form, const char *name, const char *label, bool needed)
{
    struct html *html = &form->sheet.html;
    struct slice parties[PARTIES_MOST];
    size_t count = records_parties(form->sheet.page->records, parties, PARTIES_MOST);
    bool wrong = is_wrong(form, name);
    sheet_begin(&form->sheet, TAG_FIELDSET, "field");
    put_legend(form, label, needed);
    for (size_t i = 0; i < count; i++) {
        char id[LABEL_SIZE];
        snprintf(id, sizeof id, "%.*s", SLICE(parties[i]));
        sheet_begin(&form->sheet, TAG_LABEL, "choice");
        html_begin(html, TAG_INPUT);
        html_set(html, ATTR_TYPE, "checkbox");
        put_state(form, name, wrong && i == 0);
        html_set(html, ATTR_VALUE, id);
        if (fill_has(form, name, id)) html_flag(html, ATTR_CHECKED);
        html_begin(html, TAG_SPAN);
        sheet_hole(&form->sheet, hole(HOLE_TEXT, tell_party(form->sheet.page->records, parties[i])));
        html_end(html, TAG_SPAN);
        html_end(html, TAG_LABEL);
    }
    end_fieldset(form, wrong);
}

/* ---- words */

static void put_languages(struct form *form, const char *name)
{
    char lang[NAME_SIZE];
    struct html *html = &form->sheet.html;
    named(lang, name, "~lang");
    const char *chosen = fill_value(form, lang);
    if (*chosen == '\0') chosen = language_code(words_language_now());
    sheet_begin(&form->sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("Language of these words"));
    html_begin(html, TAG_SELECT);
    html_set(html, ATTR_NAME, lang);
    bool found = put_option(html, "ar", TR("Arabic"), chosen);
    found |= put_option(html, "en", TR("English"), chosen);
    if (!found) put_option(html, chosen, chosen, chosen);
    html_end(html, TAG_SELECT);
    html_end(html, TAG_LABEL);
}

void fill_text(struct form *form, const char *name, const char *label, bool needed)
{
    char typed[NAME_SIZE];
    struct html *html = &form->sheet.html;
    named(typed, name, "~text");
    bool wrong = is_wrong(form, typed);
    sheet_begin(&form->sheet, TAG_DIV, "wording");
    begin_label(form, label, needed);
    html_begin(html, TAG_TEXTAREA);
    put_state(form, typed, wrong);
    html_set(html, ATTR_DIR, "auto");
    html_set(html, ATTR_ROWS, "3");
    html_words_slice(html, slice_from(fill_value(form, typed))); /* as it was typed, marks and all */
    html_end(html, TAG_TEXTAREA);
    end_label(form, NULL, wrong);
    put_languages(form, name);
    html_end(html, TAG_DIV);
}

static void put_tree(struct form *form, const char *name, const char *label, bool needed)
{
    struct html *html = &form->sheet.html;
    bool wrong = is_wrong(form, name);
    begin_label(form, label, needed);
    html_begin(html, TAG_TEXTAREA);
    put_state(form, name, wrong);
    html_set(html, ATTR_DIR, "ltr");
    html_set(html, ATTR_ROWS, "4");
    html_set(html, ATTR_SPELLCHECK, "false");
    html_words_slice(html, slice_from(fill_value(form, name)));
    html_end(html, TAG_TEXTAREA);
    end_label(form, TR("As JSON."), wrong);
}

/* ---- by type */

static bool has_member(const struct json *field, const char *name)
{
    const struct json *fields = json_find(field, "fields");
    for (const struct json *m = fields == NULL ? NULL : fields->first; m != NULL; m = m->next)
        if (slice_is(json_find_string(m, "name"), name)) return true;
    return false;
}

static bool names_party(struct slice name)
{
    static const char *const parties[] = {"actor",      "target",    "party", "to",
                                          "alternates", "addressed", "whom",  "control"};
    for (size_t i = 0; i < COUNT_OF(parties); i++)
        if (slice_is(name, parties[i])) return true;
    return false;
}

static void put_slug(struct form *form, const struct json *field, const char *name, const char *label, bool needed)
{
    char set[NAME_SIZE];
    struct choice choices[CHOICES_MOST];
    struct slice last = last_of(name);
    bool single = slice_is(json_find_string(field, "count"), "one");
    size_t count = choices_of(LABEL_EVENT, last, choices);
    if (!single && names_party(last))
        put_boxes(form, named(set, name, "~set"), label, needed);
    else if (single && count > 0)
        put_select(form, name, label, needed, choices, count);
    else
        put_input(form, name, label, single ? NULL : TR("Several are separated by commas."), needed,
                  &(struct input){.type = "text", .dir = "ltr", .list = names_party(last) ? "parties" : NULL});
}

/* What the replaced record says there, in words, beside a field that stands empty for what is to be said instead. */
static void put_until_now(struct form *form, const char *name)
{
    struct sheet *sheet = &form->sheet;
    if (!fill_is_anew(form, name)) return;
    const struct json *record = records_get(sheet->page->records, slice_from(fill_value(form, "replaces"))),
                      *value = json_find(record, name);
    if (record == NULL) return;
    sheet_begin(sheet, TAG_P, "quiet");
    html_words(&sheet->html, TR("Until now: "));
    if (value != NULL)
        told_value(sheet, slice_from(name), value);
    else
        html_words(&sheet->html, TR("sealed"));
    html_end(&sheet->html, TAG_P);
}

static void put_time(struct form *form, const char *name, const char *label, bool needed)
{
    char typed[NAME_SIZE];
    bool now = strcmp(name, "when.from") == 0 || strcmp(name, "at") == 0;
    put_input(form, named(typed, name, "~time"), label, NULL, needed,
              &(struct input){.type = "datetime-local", .dir = "ltr", .now = now});
    put_until_now(form, name);
}

static void put_where(struct form *form, const char *name, const char *label, bool needed)
{
    char typed[NAME_SIZE];
    put_input(form, named(typed, name, "~where"), label,
              TR("A name, coordinates, or bearing and distance: 040° 5-7 km from TEAM SITE."), needed,
              &(struct input){.type = "text", .dir = "auto", .list = "places"});
    put_until_now(form, name);
}

static void put_number(struct form *form, const char *name, const char *label, bool needed)
{
    char typed[NAME_SIZE];
    struct slice last = last_of(name);
    bool micrometres = last.size > 3 && memcmp(last.data + last.size - 3, "_um", 3) == 0;
    put_input(form, micrometres ? named(typed, name, "~mm") : name, micrometres ? TR("Calibre (mm)") : label, NULL,
              needed, &(struct input){.type = "text", .dir = "ltr", .mode = "numeric"});
}

static void put_members(struct form *form, const struct json *field, const char *name)
{
    char below[NAME_SIZE];
    const struct json *fields = json_find(field, "fields");
    for (const struct json *m = fields->first; m != NULL; m = m->next) {
        struct slice member = json_find_string(m, "name");
        if (slice_is(member, "exact") && slice_is(last_of(name), "when")) continue; /* what sealing leaves */
        if (slice_is(member, "zone")) continue;
        int size = snprintf(below, sizeof below, "%s.%.*s", name, SLICE(member));
        if (size > 0 && (size_t)size < sizeof below) fill_field(form, m, below, false);
    }
}

static unsigned depth_of(const char *name)
{
    unsigned depth = 0;
    for (; *name != '\0'; name++) depth += *name == '.';
    return depth;
}

/* What was filled in, or is wrong, is not folded away. */
static bool is_begun(struct form *form, const struct json *field, const char *name)
{
    char below[NAME_SIZE];
    const struct json *fields = json_find(field, "fields");
    for (const struct json *m = fields->first; m != NULL; m = m->next) {
        int size = snprintf(below, sizeof below, "%s.0.%.*s", name, SLICE(json_find_string(m, "name")));
        if (size > 0 && (size_t)size < sizeof below && fill_value(form, below)[0] != '\0') return true;
    }
    return is_wrong(form, name);
}

static void put_object(struct form *form, const struct json *field, const char *name, const char *label, bool needed)
{
    char row[NAME_SIZE];
    bool single = slice_is(json_find_string(field, "count"), "one");
    if (has_member(field, "lat_e7") && has_member(field, "lon_e7")) {
        fill_input(form, name, label, "36.2012,37.1612", needed);
        return;
    }
    if (depth_of(name) > DEPTH_MOST) {
        put_tree(form, name, label, needed);
        return;
    }
    sheet_begin(&form->sheet, single ? TAG_FIELDSET : TAG_DETAILS, "group");
    if (!single && is_begun(form, field, name)) html_flag(&form->sheet.html, ATTR_OPEN);
    html_words_in(&form->sheet.html, single ? TAG_LEGEND : TAG_SUMMARY, NULL, label);
    for (unsigned i = 0; i < (single ? 1 : ROWS); i++) {
        char index[8] = "";
        if (!single) snprintf(index, sizeof index, ".%u", i);
        sheet_begin(&form->sheet, TAG_DIV, "row");
        put_members(form, field, named(row, name, index));
        html_end(&form->sheet.html, TAG_DIV);
    }
    html_end(&form->sheet.html, single ? TAG_FIELDSET : TAG_DETAILS);
}

/* What a field means to whoever fills in this kind, where its label alone does not say it. */
static const char *form_label(const struct form *form, const char *name, const char *label)
{
    static const struct {
        const char *kind, *name, *label;
    } better[] = {
        {"report", "method", N_("Seen, heard or otherwise known")},
        {"report", "act", N_("What happened")},
        {"coverage", "how", N_("How it is watched")},
        {"restriction", "restriction", N_("What kept watching away")},
    };
    for (size_t i = 0; i < COUNT_OF(better); i++)
        if (strcmp(form->what->kind, better[i].kind) == 0 && strcmp(name, better[i].name) == 0)
            return truce_word(better[i].label);
    return label;
}

void fill_field(struct form *form, const struct json *field, const char *name, bool needed)
{
    char copy[LABEL_SIZE];
    struct slice type = json_find_string(field, "type");
    const char *label = form_label(form, name, tell_label(LABEL_FIELD, last_of(name), copy, sizeof copy));
    bool single = slice_is(json_find_string(field, "count"), "one");
    if (slice_is(type, "text"))
        fill_text(form, name, label, needed);
    else if (slice_is(type, "object") && has_member(field, "point") && has_member(field, "place"))
        put_where(form, name, label, needed);
    else if (slice_is(type, "object"))
        put_object(form, field, name, label, needed);
    else if (slice_is(type, "tree"))
        put_tree(form, name, label, needed);
    else if (slice_is(type, "time") && single)
        put_time(form, name, label, needed);
    else if (slice_is(type, "integer"))
        put_number(form, name, label, needed);
    else if (slice_is(type, "word") && single)
        put_word(form, field, name, label, needed);
    else if (slice_is(type, "slug"))
        put_slug(form, field, name, label, needed);
    else if (slice_is(type, "bool"))
        put_select(form, name, label, needed, (const struct choice[]){{"true", TR("yes")}, {"false", TR("no")}}, 2);
    else if (slice_is(type, "string"))
        put_input(form, name, label, NULL, needed, &(struct input){.type = "text", .dir = "auto"});
    else
        fill_input(form, name, label, single ? NULL : TR("Several are separated by commas."), needed);
}

/* ---- what inputs offer */

static void begin_list(struct form *form, const char *id)
{
    html_begin(&form->sheet.html, TAG_DATALIST);
    html_set(&form->sheet.html, ATTR_ID, id);
}

static void put_offer(struct form *form, struct slice value, struct slice label)
{
    struct html *html = &form->sheet.html;
    html_begin(html, TAG_OPTION);
    html_set_slice(html, ATTR_VALUE, value);
    html_text(html, label);
    html_end(html, TAG_OPTION);
}

void fill_lists(struct form *form)
{
    struct slice parties[PARTIES_MOST];
    struct records *records = form->sheet.page->records;
    size_t count = records_parties(records, parties, PARTIES_MOST);
    begin_list(form, "parties");
    for (size_t i = 0; i < count; i++) put_offer(form, parties[i], tell_party(records, parties[i]));
    html_end(&form->sheet.html, TAG_DATALIST);
    begin_list(form, "places");
    for (size_t i = 0; i < form->place_count; i++) put_offer(form, form->places[i].name, form->places[i].id);
    html_end(&form->sheet.html, TAG_DATALIST);
}
