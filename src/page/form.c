/* The form of a kind of record: what is filed often stands first, the rest of the schema below it. */
#include "page/filing.h"

#include "base/degrees.h"
#include "base/time.h"
#include "page/asset.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 16 * 1024 * 1024, NAME_SIZE = 128, LABEL_SIZE = 80 };

void fill_open(struct form *form, const struct page *page, const struct page_filing *what)
{
    *form = (struct form){.sheet = {.page = page, .script = asset_file_js}, .what = what, .fault = what->fault};
    arena_init(&form->arena, ARENA_BYTES);
    form->places = arena_get(&form->arena, PLACES_MOST * sizeof *form->places);
    if (form->places != NULL) form->place_count = places_known(page->records, form->places, PLACES_MOST);
}

void fill_close(struct form *form)
{
    arena_clear(&form->arena);
}

/* ---- what stands in a field */

static const char *kept(struct form *form, const char *text, size_t size)
{
    char *out = arena_get(&form->arena, size + 1);
    if (out == NULL) return "";
    memcpy(out, text, size);
    out[size] = '\0';
    return out;
}

static const char *kept_slice(struct form *form, struct slice text)
{
    return text.size == 0 ? "" : kept(form, (const char *)text.data, text.size);
}

static const char *of_point(struct form *form, const struct json *point)
{
    char lat[DEGREES_TEXT_SIZE], lon[DEGREES_TEXT_SIZE], both[2 * DEGREES_TEXT_SIZE + 4];
    degrees_format((int32_t)json_find_integer(point, "lat_e7", 0), lat);
    degrees_format((int32_t)json_find_integer(point, "lon_e7", 0), lon);
    int size = snprintf(both, sizeof both, "%s, %s", lat, lon);
    return kept(form, both, (size_t)size);
}

/* The words that give it again; else the JSON that it is. */
static const char *of_where(struct form *form, const struct json *where)
{
    struct slice place = json_find_string(where, "place"), name = json_find_string(where, "name");
    if (place.size > 0 && where->size == 1) return kept_slice(form, place);
    if (json_find(where, "bearing") != NULL && name.size > 0) return kept_slice(form, name);
    if (json_find(where, "point") != NULL && where->size == 1) return of_point(form, json_find(where, "point"));
    return kept_slice(form, where->source);
}

static const char *of_list(struct form *form, const struct json *list)
{
    OWN(buffer_clear) struct buffer joined = {0};
    for (const struct json *m = list->first; m != NULL; m = m->next) {
        if (m->type != JSON_STRING) return kept_slice(form, list->source);
        if (joined.size > 0) buffer_put_byte(&joined, ',');
        buffer_put(&joined, m->string);
    }
    return joined.failed ? "" : kept_slice(form, buffer_slice(&joined));
}

static const char *of_value(struct form *form, const struct json *value, const char *way)
{
    char number[24];
    if (strcmp(way, "~where") == 0) return of_where(form, value);
    if (strcmp(way, "~text") == 0) {
        char original[8];
        snprintf(original, sizeof original, "%.*s", SLICE(json_find_string(value, "original")));
        return kept_slice(form, json_find_string(value, original));
    }
    if (strcmp(way, "~lang") == 0) return kept_slice(form, json_find_string(value, "original"));
    if (strcmp(way, "~time") == 0)
        return kept_slice(form, slice_part(value->string, 0, sizeof "YYYY-MM-DDThh:mm:ss" - 1));
    if (value->type == JSON_STRING) return kept_slice(form, value->string);
    if (value->type == JSON_ARRAY) return of_list(form, value);
    if (value->type != JSON_INTEGER) return kept_slice(form, value->source);
    int64_t parts = strcmp(way, "~mm") == 0 ? 1000 : 1;
    int size = snprintf(number, sizeof number, "%" PRId64, value->integer / parts);
    return kept(form, number, (size_t)size);
}

static const char *from_record(struct form *form, const char *name)
{
    char pointer[NAME_SIZE];
    const char *way = strchr(name, '~');
    filing_pointer(pointer, sizeof pointer, name);
    if (way == name) return NULL;
    const struct json *value = json_at(form->what->corrected, slice_from(pointer));
    return value == NULL ? NULL : of_value(form, value, way == NULL ? "" : way);
}

/* What of the replaced record is said anew: of the address, and of the form from then on; or NULL. */
static const char *anew(const struct form *form)
{
    const struct page_filing *what = form->what;
    if (what->filing->pairs > 0) return filing_value(what->filing, "~anew");
    return what->asked == NULL ? NULL : what->asked(what->context, "anew");
}

/* The first names, up to a dot or a way: "when.from~time" belongs to "when". */
bool fill_is_anew(struct form *form, const char *name)
{
    const char *all = anew(form);
    size_t size = strcspn(name, ".~");
    while (all != NULL && size > 0) {
        size_t one = strcspn(all, ",");
        if (one == size && memcmp(all, name, size) == 0) return true;
        all = all[one] == ',' ? all + one + 1 : NULL;
    }
    return false;
}

const char *fill_value(struct form *form, const char *name)
{
    const struct page_filing *what = form->what;
    const char *value = what->filing->pairs > 0 ? filing_value(what->filing, name) : NULL;
    if (value != NULL || what->filing->pairs > 0) return value == NULL ? "" : value;
    if (what->corrected != NULL && strcmp(name, "replaces") == 0)
        return kept_slice(form, json_find_string(what->corrected, "id"));
    if (what->corrected != NULL && !fill_is_anew(form, name)) value = from_record(form, name);
    if (value == NULL && what->asked != NULL && name[0] != '~' && strstr(name, "~lang") == NULL) {
        char plain[NAME_SIZE]; /* an address knows no ways */
        snprintf(plain, sizeof plain, "%.*s", (int)strcspn(name, "~"), name);
        value = what->asked(what->context, plain);
    }
    return value == NULL ? "" : value;
}

bool fill_has(struct form *form, const char *name, const char *value)
{
    char plain[NAME_SIZE];
    if (form->what->filing->pairs > 0) return filing_has(form->what->filing, name, value);
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(name, "~"), name);
    const char *all = fill_value(form, plain), *at = strstr(all, value);
    size_t size = strlen(value);
    return at != NULL && (at == all || at[-1] == ',') && (at[size] == ',' || at[size] == '\0');
}

/* ---- pieces */

void fill_fault(struct form *form)
{
    if (form->fault == NULL || (form->what->pointer != NULL && form->what->pointer[0] != '\0')) return;
    sheet_begin(&form->sheet, TAG_P, "fault");
    html_set(&form->sheet.html, ATTR_ROLE, "alert");
    html_message(&form->sheet.html, slice_from(form->fault));
    html_end(&form->sheet.html, TAG_P);
    form->fault = NULL;
}

/* What stands at a field that the form does not have. */
static void late_fault(struct form *form)
{
    if (form->fault == NULL) return;
    sheet_begin(&form->sheet, TAG_P, "fault");
    html_set(&form->sheet.html, ATTR_ID, "fault");
    html_set(&form->sheet.html, ATTR_ROLE, "alert");
    html_message(&form->sheet.html, slice_from(form->fault));
    html_words(&form->sheet.html, " ");
    if (form->what->pointer != NULL) sheet_hole(&form->sheet, hole(HOLE_CODE, slice_from(form->what->pointer)));
    html_end(&form->sheet.html, TAG_P);
    form->fault = NULL;
}

void fill_button(struct form *form, const char *step, const char *words, const char *class_name)
{
    struct html *html = &form->sheet.html;
    sheet_begin(&form->sheet, TAG_BUTTON, class_name);
    html_set(html, ATTR_TYPE, "submit");
    html_set(html, ATTR_NAME, "~step");
    html_set(html, ATTR_VALUE, step);
    html_words(html, words);
    html_end(html, TAG_BUTTON);
}

static void put_hidden(struct html *html, const char *name, const char *value)
{
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "hidden");
    html_set(html, ATTR_NAME, name);
    html_set(html, ATTR_VALUE, value);
}

void fill_hidden(struct form *form, const char *const *without)
{
    const struct filing *filing = form->what->filing;
    for (size_t i = 0; i < filing->pairs; i++) {
        bool out = false;
        for (const char *const *name = without; *name != NULL; name++)
            out = out || strcmp(*name, filing->pair[i].name) == 0;
        if (!out) put_hidden(&form->sheet.html, filing->pair[i].name, filing->pair[i].value);
    }
}

/* ---- who signs, and whose clock */

static void put_author(struct form *form, const struct json *author)
{
    struct html *html = &form->sheet.html;
    const struct json *keys = json_find(author, "keys");
    struct slice by = json_find_string(author, "by");
    for (const struct json *key = keys->first; key != NULL; key = key->next) {
        char both[96];
        snprintf(both, sizeof both, "%.*s:%.*s", SLICE(by), SLICE(key->string));
        html_begin(html, TAG_OPTION);
        html_set(html, ATTR_VALUE, both);
        if (strcmp(both, fill_value(form, "~author")) == 0) html_flag(html, ATTR_SELECTED);
        html_text(html, tell_party(form->sheet.page->records, by));
        html_words(html, " · ");
        html_text(html, key->string);
        html_end(html, TAG_OPTION);
    }
}

static void put_authors(struct form *form)
{
    struct html *html = &form->sheet.html;
    const struct json *authors = form->what->authors;
    sheet_begin(&form->sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("Author and signing key"));
    html_begin(html, TAG_SELECT);
    html_set(html, ATTR_NAME, "~author");
    html_set(html, ATTR_ID, "author");
    html_data(html, "pointer", slice_from("/key"));
    html_begin(html, TAG_OPTION);
    html_set(html, ATTR_VALUE, "");
    html_end(html, TAG_OPTION);
    for (const struct json *a = authors == NULL ? NULL : authors->first; a != NULL; a = a->next) put_author(form, a);
    html_end(html, TAG_SELECT);
    if (form->fault != NULL && form->what->pointer != NULL && strcmp(form->what->pointer, "/key") == 0) {
        sheet_begin(&form->sheet, TAG_SPAN, "fault");
        html_set(html, ATTR_ID, "fault");
        html_message(html, slice_from(form->fault));
        html_end(html, TAG_SPAN);
        form->fault = NULL;
    }
    html_end(html, TAG_LABEL);
}

static void put_zone(struct form *form, int minutes)
{
    struct html *html = &form->sheet.html;
    char zone[16];
    int whole = minutes < 0 ? -minutes : minutes;
    snprintf(zone, sizeof zone, "%c%02d:%02d", minutes < 0 ? '-' : '+', whole / 60, whole % 60);
    const char *chosen = fill_value(form, "~zone");
    html_begin(html, TAG_OPTION);
    html_set(html, ATTR_VALUE, zone);
    if (strcmp(zone, *chosen == '\0' ? "+00:00" : chosen) == 0) html_flag(html, ATTR_SELECTED);
    html_words(html, "UTC");
    html_words(html, minutes == 0 ? "" : zone);
    html_end(html, TAG_OPTION);
}

/* Where offices and fronts are: quarters of an hour too. */
static void put_zones(struct form *form)
{
    static const int others[] = {-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765};
    struct html *html = &form->sheet.html;
    size_t next = 0;
    sheet_begin(&form->sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("Zone of the times"));
    html_begin(html, TAG_SELECT);
    html_set(html, ATTR_NAME, "~zone");
    html_set(html, ATTR_DIR, "ltr");
    html_set(html, ATTR_ID, "zone");
    for (int minutes = -720; minutes <= 840; minutes += 60) {
        while (next < COUNT_OF(others) && others[next] < minutes) put_zone(form, others[next++]);
        put_zone(form, minutes);
    }
    html_end(html, TAG_SELECT);
    html_end(html, TAG_LABEL);
}

/* ---- fields in their order */

static const struct {
    const char *kind, *often[9];
} first[] = {
    {"report", {"method", "act", "when", "where", "text", "counts", "casualties", NULL}},
    {"coverage", {"where", "how", "when", "text", NULL}},
    {"restriction", {"restriction", "where", "when", "party", "minutes", "text", NULL}},
    {"notice", {"to", "at", "act", "acknowledge_by", "text", "event", NULL}},
    {"question", {"to", "at", "text", "answer_by", NULL}},
    {"answer", {"of", "at", "text", NULL}},
    {"attempt", {"to", "means", "at", "result", NULL}},
    {"retraction", {"of", "text", NULL}},
    {"claim", {"event", "text", NULL}},
    {"response", {"of", "response", "text", NULL}},
    {"finding", {"of", "about", "finding", "text", NULL}},
    {"passage", {"passage", "step", "at", "text", NULL}},
    {"site", {"site", "protects", "where", "expires", "text", NULL}},
    {NULL, {NULL}},
};
/* Of the envelope; the rest of it is filled in. */
static const char *const shared[] = {"text", "about", "replaces"};

static const char *const *often_of(const char *kind)
{
    size_t i = 0;
    while (first[i].kind != NULL && strcmp(first[i].kind, kind) != 0) i++;
    return first[i].often;
}

static bool among(const char *const *names, struct slice name)
{
    for (; *names != NULL; names++)
        if (slice_is(name, *names)) return true;
    return false;
}

static const struct json *kind_of(const struct page_filing *what)
{
    const struct json *kind = what->kinds == NULL ? NULL : what->kinds->first;
    while (kind != NULL && !slice_is(json_find_string(kind, "kind"), what->kind)) kind = kind->next;
    return kind;
}

static void put_shared(struct form *form, const char *name)
{
    char copy[LABEL_SIZE];
    const char *label = tell_label(LABEL_FIELD, slice_from(name), copy, sizeof copy);
    bool text = strcmp(name, "text") == 0;
    if (text)
        fill_text(form, name, strcmp(form->what->kind, "retraction") == 0 ? TR("Reason") : label, false);
    else
        fill_input(form, name, label, strcmp(name, "about") == 0 ? TR("Ids of records, separated by commas.") : NULL,
                   false);
}

static const struct json *member_of(const struct json *kind, const char *name)
{
    const struct json *fields = json_find(kind, "fields");
    const struct json *field = fields == NULL ? NULL : fields->first;
    while (field != NULL && !slice_is(json_find_string(field, "name"), name)) field = field->next;
    return field;
}

static bool is_needed(const struct json *field)
{
    return slice_is(json_find_string(field, "need"), "must");
}

/* What an attempt came to is the last thing that is chosen: choosing it sends the form. */
static bool is_tapped(const struct form *form, const char *name)
{
    return strcmp(form->what->kind, "attempt") == 0 && (name == NULL || strcmp(name, "result") == 0);
}

static void put_named(struct form *form, const struct json *kind, const char *name)
{
    const struct json *field = member_of(kind, name);
    bool watches = form->what->watch != NULL && strcmp(name, "when") == 0;
    if (watches) return;
    if (field != NULL && is_tapped(form, name))
        fill_taps(form, field, name, TR("who sees what is shown first"));
    else if (field != NULL)
        fill_field(form, field, name, is_needed(field));
    else
        put_shared(form, name);
}

static void put_rest(struct form *form, const struct json *kind, const char *const *often, bool needed)
{
    const struct json *fields = json_find(kind, "fields");
    char name[NAME_SIZE];
    for (const struct json *m = fields == NULL ? NULL : fields->first; m != NULL; m = m->next) {
        struct slice member = json_find_string(m, "name");
        if (among(often, member) || is_needed(m) != needed) continue;
        snprintf(name, sizeof name, "%.*s", SLICE(member));
        fill_field(form, m, name, needed);
    }
}

/* What is wrong below must be seen. */
static bool rest_is_open(struct form *form, const char *const *often)
{
    const char *at = form->fault == NULL ? NULL : form->what->pointer;
    if (at == NULL || at[0] != '/') return false;
    struct slice member = slice_of(at + 1, strcspn(at + 1, "/"));
    return !among(often, member);
}

static void put_more(struct form *form, const struct json *kind, const char *const *often)
{
    struct html *html = &form->sheet.html;
    sheet_begin(&form->sheet, TAG_DETAILS, "fold");
    if (rest_is_open(form, often)) html_flag(html, ATTR_OPEN);
    html_words_in(html, TAG_SUMMARY, NULL, TR("More fields"));
    put_rest(form, kind, often, false);
    for (size_t i = 0; i < COUNT_OF(shared); i++)
        if (!among(often, slice_from(shared[i]))) put_shared(form, shared[i]);
    html_end(html, TAG_DETAILS);
}

/* ---- what is sealed besides */

static void put_box(struct form *form, const char *name, const char *value, const char *label, struct slice text)
{
    struct html *html = &form->sheet.html;
    sheet_begin(&form->sheet, TAG_LABEL, "choice");
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "checkbox");
    html_set(html, ATTR_NAME, name);
    html_set(html, ATTR_VALUE, value);
    if (fill_has(form, name, value)) html_flag(html, ATTR_CHECKED);
    html_begin(html, TAG_SPAN);
    if (label != NULL)
        html_words(html, label);
    else
        sheet_hole(&form->sheet, hole(HOLE_TEXT, text));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_LABEL);
}

static void put_readers(struct form *form)
{
    const struct json *authors = form->what->authors;
    sheet_begin(&form->sheet, TAG_FIELDSET, "field");
    html_words_in(&form->sheet.html, TAG_LEGEND, "label", TR("Who may open what is sealed, besides its author"));
    for (const struct json *a = authors == NULL ? NULL : authors->first; a != NULL; a = a->next) {
        char by[LABEL_SIZE];
        struct slice party = json_find_string(a, "by");
        snprintf(by, sizeof by, "%.*s", SLICE(party));
        if (json_find_bool(a, "reads")) put_box(form, "reader", by, NULL, tell_party(form->sheet.page->records, party));
    }
    html_end(&form->sheet.html, TAG_FIELDSET);
}

static void put_sealing(struct form *form, const struct json *kind)
{
    static const char *const sealable[][2] = {{"where", "/where"}, {"when", "/when"}, {"observer", "/observer"}};
    struct html *html = &form->sheet.html;
    sheet_begin(&form->sheet, TAG_DETAILS, "fold");
    html_words_in(html, TAG_SUMMARY, NULL, TR("What is sealed, and to whom"));
    html_words_in(html, TAG_P, "quiet",
                  TR("What the register's rules seal is sealed by itself. What is chosen here is sealed besides: of a "
                     "place its 10 km cell stays, of a time its day."));
    if (!form->sheet.page->own)
        html_words_in(html, TAG_P, "quiet",
                      TR("This server is not your own: its host can read what is typed here. What must be sealed is "
                         "written on one's own machine, by truce write or the page of one's own server."));
    sheet_begin(&form->sheet, TAG_DIV, "boxes");
    for (size_t i = 0; i < COUNT_OF(sealable); i++) {
        char copy[LABEL_SIZE];
        if (member_of(kind, sealable[i][0]) == NULL) continue;
        put_box(form, "seal", sealable[i][1], tell_label(LABEL_FIELD, slice_from(sealable[i][0]), copy, sizeof copy),
                (struct slice){NULL, 0});
    }
    put_box(form, "seal", "/text", words_label(LABEL_FIELD, "text"), (struct slice){NULL, 0});
    html_end(html, TAG_DIV);
    put_readers(form);
    html_end(html, TAG_DETAILS);
}

/* ---- the page */

static const char *title_of(struct form *form)
{
    const char *watch = form->what->watch;
    if (watch == NULL) return words_label(LABEL_KIND, form->what->kind);
    return strcmp(watch, "end") == 0 ? TR("End watch") : TR("Start watch");
}

static void begin_form(struct form *form)
{
    struct html *html = &form->sheet.html;
    OWN(address_clear) struct address action;
    address_open(&action, "/file");
    address_part(&action, slice_from(form->what->kind));
    sheet_begin(&form->sheet, TAG_FORM, "filing");
    html_set(html, ATTR_METHOD, "post");
    html_address(html, ATTR_ACTION, &action);
    html_data(html, "file", slice_from(form->what->kind));
    html_data(html, "hold", slice_from("yes")); /* news do not take it from under one's hands */
    html_data(html, "sign", slice_from(form->what->watch == NULL ? TR("Sign and send") : title_of(form)));
    if (is_tapped(form, NULL)) html_data(html, "after", slice_from("/today")); /* where one was */
    if (anew(form) != NULL) put_hidden(html, "~anew", anew(form));
    if (form->what->watch == NULL) return;
    put_hidden(html, "~watch", form->what->watch);
    if (strcmp(form->what->watch, "end") != 0) return;
    put_hidden(html, "replaces", fill_value(form, "replaces"));
    put_hidden(html, "when.from", fill_value(form, "when.from"));
}

static void put_fields(struct form *form, const struct json *kind)
{
    const char *const *often = often_of(form->what->kind);
    for (const char *const *name = often; *name != NULL; name++) put_named(form, kind, *name);
    if (form->what->watch == NULL) {
        put_rest(form, kind, often, true);
        put_more(form, kind, often);
    }
    put_sealing(form, kind);
    late_fault(form);
}

static void put_form(struct form *form, const struct json *kind)
{
    struct html *html = &form->sheet.html;
    begin_form(form);
    sheet_begin(&form->sheet, TAG_DIV, "wording");
    put_authors(form);
    if (form->what->watch == NULL) put_zones(form);
    html_end(html, TAG_DIV);
    put_fields(form, kind);
    html_begin(html, TAG_DIV);
    html_set(html, ATTR_ID, "view");
    html_end(html, TAG_DIV);
    if (is_tapped(form, NULL)) {
        put_hidden(html, "~step", "look"); /* unless a button before it says otherwise */
    } else {
        sheet_begin(&form->sheet, TAG_P, "buttons");
        fill_button(form, "look", TR("Who sees what"), "main");
        html_end(html, TAG_P);
    }
    html_end(html, TAG_FORM);
    fill_lists(form);
}

/* The record that an address fills in: what is filed is about it. */
static void put_concerned(struct form *form)
{
    const struct page_filing *what = form->what;
    const char *id = what->asked == NULL ? NULL : what->asked(what->context, "of");
    if (id != NULL) SAY_P(&form->sheet, "quiet", TR("Concerning record {0}."), hole(HOLE_RECORD, slice_from(id)));
}

enum status page_form(struct buffer *out, const struct page *page, const struct page_filing *filing,
                      struct error *error)
{
    struct form form;
    fill_open(&form, page, filing);
    const char *title = title_of(&form);
    sheet_open(&form.sheet, out, PLACE_FILE, slice_from(title));
    sheet_heading(&form.sheet, TAG_H1, title);
    if (filing->corrected != NULL && filing->watch == NULL)
        SAY_P(&form.sheet, "quiet",
              TR("This record takes the place of {0}, which stays in the log. Times stand in UTC."),
              hole(HOLE_RECORD, json_find_string(filing->corrected, "id")));
    put_concerned(&form);
    fill_fault(&form);
    put_form(&form, kind_of(filing));
    enum status status = sheet_close(&form.sheet, error);
    fill_close(&form);
    return status;
}
