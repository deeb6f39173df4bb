#include "page/told.h"

#include "base/degrees.h"
#include "tell/labels.h"
#include <inttypes.h>
#include <stdio.h>

static struct hole number_hole(char text[24], int64_t number)
{
    snprintf(text, 24, "%" PRId64, number);
    return hole(HOLE_NUMBER, slice_from(text));
}

static void put_word(struct sheet *sheet, const char *field, struct slice word)
{
    const char *label = tell_word(slice_from(field), word);
    if (label != NULL)
        html_words(&sheet->html, label);
    else
        sheet_hole(sheet, hole(HOLE_TEXT, word));
}

/* ---- when and where */

void told_when(struct sheet *sheet, const struct json *when)
{
    struct slice from = json_find_string(when, "from"), to = json_find_string(when, "to"),
                 precision = json_find_string(when, "precision");
    if (from.size == 0) return;
    if (to.size == 0 || slice_equal(from, to))
        sheet_hole(sheet, hole(HOLE_STAMP, from));
    else
        SAY(sheet, TR("{0} to {1}"), hole(HOLE_STAMP, from), hole(HOLE_STAMP, to));
    if (precision.size == 0) return;
    html_words(&sheet->html, TR(", "));
    put_word(sheet, "precision", precision);
}

static void put_point(struct sheet *sheet, const struct json *point)
{
    char lat[DEGREES_TEXT_SIZE], lon[DEGREES_TEXT_SIZE], both[2 * DEGREES_TEXT_SIZE + 4];
    degrees_format((int32_t)json_find_integer(point, "lat_e7", 0), lat);
    degrees_format((int32_t)json_find_integer(point, "lon_e7", 0), lon);
    snprintf(both, sizeof both, "%s, %s", lat, lon);
    sheet_hole(sheet, hole(HOLE_CODE, slice_from(both)));
}

static void put_where(struct sheet *sheet, const struct json *where)
{
    const struct json *point = json_find(where, "point"), *cell = json_find(where, "cell");
    struct slice place = json_find_string(where, "place"), name = json_find_string(where, "name");
    int64_t error = json_find_integer(where, "radius_m", -1);
    char metres[24];
    if (cell != NULL) error = (error < 0 ? 0 : error) + json_find_integer(cell, "reach_m", 0);
    if (point == NULL && cell == NULL && place.size == 0) {
        sheet_value(sheet, slice_from("where"), where);
        return;
    }
    if (place.size > 0) sheet_hole(sheet, hole(HOLE_TEXT, tell_place(sheet->page->records, sheet->agreement, place)));
    if (point != NULL || cell != NULL) put_point(sheet, point != NULL ? point : cell);
    if (error >= 0) SAY(sheet, TR(", with an error of up to {0} m"), number_hole(metres, error));
    if (name.size == 0) return;
    html_words(&sheet->html, TR(", "));
    sheet_hole(sheet, hole(HOLE_TEXT, name));
}

/* ---- numbers */

static void put_estimate(struct sheet *sheet, const struct json *casualty, const char *name, bool *any)
{
    char number[24];
    int64_t n = json_find_integer(casualty, name, -1);
    if (n < 0) return;
    html_words(&sheet->html, *any ? TR("; ") : TR(": "));
    sheet_label(sheet, LABEL_FIELD, slice_from(name));
    html_words(&sheet->html, " ");
    sheet_hole(sheet, number_hole(number, n));
    *any = true;
}

/* "killed, civilians: low 18; best 20" */
static void put_casualty(struct sheet *sheet, const struct json *casualty)
{
    struct slice of = json_find_string(casualty, "of");
    bool any = false;
    put_word(sheet, "kind", json_find_string(casualty, "kind"));
    if (of.size > 0) {
        html_words(&sheet->html, TR(", "));
        sheet_party(sheet, of);
    }
    put_estimate(sheet, casualty, "low", &any);
    put_estimate(sheet, casualty, "best", &any);
    put_estimate(sheet, casualty, "high", &any);
}

/* "trucks (hit): at least 18" */
static void put_count(struct sheet *sheet, const struct json *count)
{
    char number[24];
    struct slice subtype = json_find_string(count, "subtype"), exactness = json_find_string(count, "exactness");
    put_word(sheet, "kind", json_find_string(count, "kind"));
    if (subtype.size > 0) {
        html_words(&sheet->html, " (");
        put_word(sheet, "subtype", subtype);
        html_words(&sheet->html, ")");
    }
    html_words(&sheet->html, TR(": "));
    if (exactness.size > 0 && !slice_is(exactness, "exact")) {
        put_word(sheet, "exactness", exactness);
        html_words(&sheet->html, " ");
    }
    sheet_hole(sheet, number_hole(number, json_find_integer(count, "n", 0)));
}

static void put_list(struct sheet *sheet, const struct json *list, void (*put)(struct sheet *, const struct json *))
{
    sheet_begin(sheet, TAG_UL, "told");
    for (const struct json *item = list->first; item != NULL; item = item->next) {
        html_begin(&sheet->html, TAG_LI);
        put(sheet, item);
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
}

static void put_weapon(struct sheet *sheet, const struct json *weapon)
{
    int64_t calibre = json_find_integer(weapon, "calibre_um", 0);
    char millimetres[32];
    put_word(sheet, "class", json_find_string(weapon, "class"));
    if (calibre == 0) return;
    if (calibre % 1000 == 0)
        snprintf(millimetres, sizeof millimetres, "%" PRId64, calibre / 1000);
    else
        snprintf(millimetres, sizeof millimetres, "%" PRId64 ".%02d", calibre / 1000, (int)(calibre % 1000 / 10));
    html_words(&sheet->html, TR(", "));
    SAY(sheet, TR("{0} mm"), hole(HOLE_CODE, slice_from(millimetres)));
}

/* In words they are no label like others (tell/labels_value.c): nobody comes upon them by another way. */
static const char *exposing(struct slice grade)
{
    if (slice_is(grade, "D")) return TR("D: not usually reliable");
    return slice_is(grade, "E") ? TR("E: unreliable") : NULL;
}

bool told_source_is_kept(const struct sheet *sheet, struct slice grade)
{
    const struct page *page = sheet->page;
    if (exposing(grade) == NULL) return false;
    return page->is_of == NULL || sheet->by.size == 0 || !page->is_of(page->reader, sheet->by);
}

void told_source(struct sheet *sheet, struct slice grade)
{
    if (told_source_is_kept(sheet, grade))
        html_words(&sheet->html, TR("not shown here"));
    else if (exposing(grade) != NULL)
        html_words(&sheet->html, exposing(grade));
    else
        put_word(sheet, "source", grade);
}

/* Letter and digit, then words. */
static void put_grade(struct sheet *sheet, const struct json *grade)
{
    char digit[24];
    struct hole information = number_hole(digit, json_find_integer(grade, "information", 6));
    if (told_source_is_kept(sheet, json_find_string(grade, "source")))
        html_words(&sheet->html, TR("source: not shown here"));
    else
        told_source(sheet, json_find_string(grade, "source"));
    html_words(&sheet->html, TR("; "));
    put_word(sheet, "information", information.text);
}

static void put_evidence(struct sheet *sheet, const struct json *ids)
{
    sheet_ids(sheet, ids, 8);
}

void told_value(struct sheet *sheet, struct slice field, const struct json *value)
{
    static const struct {
        const char *field;
        void (*put)(struct sheet *, const struct json *);
        bool each;
    } forms[] = {
        {"when", told_when, false},         {"where", put_where, false}, {"weapon", put_weapon, false},
        {"casualties", put_casualty, true}, {"counts", put_count, true}, {"grade", put_grade, false},
        {"evidence", put_evidence, false},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (!slice_is(field, forms[i].field)) continue;
        if (forms[i].each)
            put_list(sheet, value, forms[i].put);
        else
            forms[i].put(sheet, value);
        return;
    }
    sheet_value(sheet, field, value);
}

/* ---- who, and links */

void told_attribution(struct sheet *sheet, struct slice actor, struct slice by)
{
    SAY(sheet, TR("Attribution: to {0} (according to {1})"), hole(HOLE_PARTY, actor), hole(HOLE_PARTY, by));
}

void told_link(struct sheet *sheet, const char *path, struct slice kind, struct slice id)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    address_part(&address, id);
    sheet_link(sheet, NULL, &address);
    if (kind.size > 0) {
        sheet_label(sheet, LABEL_KIND, kind);
        html_words(&sheet->html, " ");
    }
    sheet_hole(sheet, hole(HOLE_CODE, slice_part(id, 0, 8)));
    sheet_link_end(sheet);
}

const struct json *told_agreement(struct sheet *sheet, struct slice name)
{
    const struct json *last = NULL;
    if (name.size > 0) return records_agreement(sheet->page->records, name);
    return records_agreements(sheet->page->records, &last, 1) > 0 ? last : NULL;
}

/* ---- filters */

static const char *asked(const struct page_events *list, const char *name)
{
    return list->asked == NULL ? NULL : list->asked(list->context, name);
}

static bool is_wrong(const struct page_events *list, const char *name)
{
    return list->wrong != NULL && list->wrong_name != NULL && strcmp(list->wrong_name, name) == 0;
}

static const char *wrong_of(const struct page_events *list, const char *name)
{
    return is_wrong(list, name) ? list->wrong : NULL;
}

static struct slice value_of(const struct page_events *list, const char *name)
{
    const char *value = asked(list, name);
    return slice_from(value == NULL ? "" : value);
}

static void put_input(struct sheet *sheet, const struct page_events *list, const char *name, const char *label,
                      const char *hint)
{
    sheet_line(sheet, &(struct line){.name = name,
                                     .label = label,
                                     .hint = hint,
                                     .value = value_of(list, name),
                                     .is_wrong = is_wrong(list, name),
                                     .wrong = wrong_of(list, name)});
}

/* What was asked for stays, even if it is no party: things are attributed to others as well. */
static void put_parties(struct sheet *sheet, const struct page_events *list, const char *name, const char *label)
{
    struct slice value = value_of(list, name);
    sheet_choice(sheet, name, label);
    sheet_option(sheet, slice_from(""), TR("any"), (struct slice){NULL, 0}, value);
    sheet_party_options(sheet, value);
    sheet_choice_end(sheet, NULL);
}

/* One of several words. */
static void put_words(struct sheet *sheet, const struct page_events *list, const char *name, const char *label,
                      const char *const (*words)[2], size_t count)
{
    sheet_choice(sheet, name, label);
    for (size_t i = 0; i < count; i++)
        sheet_option(sheet, slice_from(words[i][0]), words[i][1], (struct slice){NULL, 0}, value_of(list, name));
    sheet_choice_end(sheet, NULL);
}

static void put_several(struct sheet *sheet, const struct page_events *list)
{
    const char *const words[][2] = {{"", TR("all")}, {"yes", TR("those that several records tell of")}};
    put_words(sheet, list, "several", TR("Which incidents"), words, COUNT_OF(words));
}

static void put_access(struct sheet *sheet, const struct page_events *list)
{
    enum { STATES_MOST = 32 };
    const char *const kinds[][2] = {
        {"", TR("all")}, {"passage", words_label(LABEL_KIND, "passage")}, {"site", words_label(LABEL_KIND, "site")}};
    const char *states[STATES_MOST][2] = {{"", TR("all")}, {"open", TR("those that go on")}};
    size_t count = 2;
    for (const struct label *l = labels_of(LABEL_ACCESS); l->id != NULL && count < STATES_MOST; l++, count++) {
        states[count][0] = l->id;
        states[count][1] = words_label(LABEL_ACCESS, l->id);
    }
    put_words(sheet, list, "kind", TR("Kind"), kinds, COUNT_OF(kinds));
    put_words(sheet, list, "state", TR("State"), (const char *const(*)[2])states, count);
    put_parties(sheet, list, "party", TR("Who has a part in it"));
}

static const char *const rare[] = {"term", "near", "within", "bbox"};

static void put_rare(struct sheet *sheet, const struct page_events *list, bool claims)
{
    struct html *html = &sheet->html;
    bool opened = false;
    for (size_t i = 0; i < COUNT_OF(rare); i++) opened |= asked(list, rare[i]) != NULL || is_wrong(list, rare[i]);
    html_begin(html, TAG_DETAILS);
    if (opened) html_flag(html, ATTR_OPEN);
    html_words_in(html, TAG_SUMMARY, NULL, TR("More filters"));
    sheet_begin(sheet, TAG_DIV, "fields");
    if (claims) put_input(sheet, list, "term", TR("Term"), NULL);
    put_input(sheet, list, "near", TR("Near the place"), TR("latitude, longitude: 36.2021,37.1343"));
    put_input(sheet, list, "within", TR("Within, in metres"), NULL);
    put_input(sheet, list, "bbox", TR("Inside the box"), TR("west, south, east, north"));
    html_end(html, TAG_DIV);
    html_end(html, TAG_DETAILS);
}

/* Of claims and incidents: by whom, to whom, when and where. */
static void put_events(struct sheet *sheet, const struct page_events *list, bool claims)
{
    put_parties(sheet, list, "by", claims ? TR("Claim by") : TR("Told by"));
    put_parties(sheet, list, "against", TR("Attributed to"));
    if (!claims) put_several(sheet, list);
    put_input(sheet, list, "from", TR("From"), TR("a day, or a moment in UTC"));
    put_input(sheet, list, "to", TR("To"), NULL);
}

void told_filters(struct sheet *sheet, const struct page_events *list, const char *path, enum told_list what)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address here;
    address_open(&here, path);
    sheet_begin(sheet, TAG_FORM, "filters");
    html_set(html, ATTR_METHOD, "get");
    html_address(html, ATTR_ACTION, &here);
    sheet_begin(sheet, TAG_DIV, "fields");
    if (what == TOLD_ACCESS)
        put_access(sheet, list);
    else
        put_events(sheet, list, what == TOLD_CLAIMS);
    html_end(html, TAG_DIV);
    if (what != TOLD_ACCESS) put_rare(sheet, list, what == TOLD_CLAIMS);
    sheet_kept(sheet, "as-of", sheet->page->as_of);
    sheet_kept(sheet, "known", sheet->page->known);
    sheet_submit(sheet, TR("Search"));
    html_end(html, TAG_FORM);
}

void told_fault(struct sheet *sheet, const struct page_events *list)
{
    static const char *const fields[] = {"from", "to", "term", "near", "within", "bbox"};
    if (list->wrong == NULL) return;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (is_wrong(list, fields[i])) return;
    html_begin(&sheet->html, TAG_DIV);
    sheet_fault(sheet, list->wrong);
    html_end(&sheet->html, TAG_DIV);
}

void told_onward(struct sheet *sheet, const struct page_events *list, const char *path)
{
    static const char *const without[] = {"f", "after", "lang", NULL};
    char next[24];
    if (!list->more) return;
    OWN(address_clear) struct address address;
    snprintf(next, sizeof next, "%" PRIu64, list->next);
    address_again(&address, path, sheet->page->query, without);
    address_ask(&address, "after", slice_from(next));
    sheet_begin(sheet, TAG_P, "onward");
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, TR("Next ones"));
    html_end(&sheet->html, TAG_A);
    html_end(&sheet->html, TAG_P);
}
