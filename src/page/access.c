/* Convoys and protected sites through their states: who was told of each, who confirmed receipt, and for whom silence
 * lasts. */
#include "page/access.h"

enum { NOTICES_MOST = 2 };

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

/* ---- what both pages have */

bool access_is_site(const struct json *access)
{
    return slice_is(json_find_string(access, "kind"), "site");
}

void access_put_state(struct sheet *sheet, const struct json *access)
{
    sheet_mark(sheet, LABEL_ACCESS, json_find_string(access, "state"), "result");
    sheet_begin(sheet, TAG_SPAN, "under");
    SAY(sheet, TR("Since {0}, by the record {1} of {2}"), hole(HOLE_STAMP, json_find_string(access, "since")),
        hole(HOLE_RECORD, json_find_string(access, "behind")), hole(HOLE_PARTY, json_find_string(access, "by")));
    html_end(&sheet->html, TAG_SPAN);
}

/* The last step that tells of a place. */
static const struct json *placed(const struct json *access)
{
    const struct json *found = NULL;
    for (const struct json *step = items(json_find(access, "history")); step != NULL; step = step->next)
        if (json_find(step, "where") != NULL || json_find(step, "route") != NULL) found = step;
    return found;
}

static bool any_sealed(const struct json *access)
{
    for (const struct json *step = items(json_find(access, "history")); step != NULL; step = step->next)
        if (json_find_bool(step, "sealed")) return true;
    return false;
}

static bool is_over(struct slice state)
{
    return slice_is(state, "expired") || slice_is(state, "erased") || slice_is(state, "withdrawn");
}

void access_put_where(struct sheet *sheet, const struct json *access)
{
    const struct json *step = placed(access), *where = json_find(step, "where");
    struct html *html = &sheet->html;
    if (json_find_bool(access, "withheld")) {
        html_words_in(html, TAG_SPAN, "quiet", TR("Told 24 hours after the movement ended."));
    } else if (step != NULL) {
        told_value(sheet, slice_from(where != NULL ? "where" : "route"),
                   where != NULL ? where : json_find(step, "route"));
        if (json_find_bool(step, "sealed"))
            html_words_in(html, TAG_SPAN, "under",
                          TR("The exact place is sealed; its readers are named in the record."));
    } else if (any_sealed(access)) {
        html_words_in(html, TAG_SPAN, "quiet", TR("sealed"));
    } else if (access_is_site(access) && is_over(json_find_string(access, "state"))) {
        html_words_in(html, TAG_SPAN, "quiet", TR("Not told once it is listed no longer."));
    } else {
        html_words_in(html, TAG_SPAN, "quiet", TR("not said"));
    }
}

void access_put_counts(struct sheet *sheet, const struct json *access)
{
    const struct json *receipts = json_find(access, "receipts");
    OWN(address_clear) struct address address;
    address_open(&address, "/access");
    if (items(json_find(access, "notices")) == NULL) {
        html_words_in(&sheet->html, TAG_SPAN, "quiet", TR("No notice of it so far."));
        return;
    }
    address_part(&address, json_find_string(access, "first"));
    sheet_link_to(sheet, NULL, &address, "notices", slice_from(""));
    SAY(sheet, TR("Receipt confirmed: {0} of {1}. Attempts to reach: {2}. Silence: {3}."),
        hole_integer(HOLE_INTEGER, json_find_integer(receipts, "confirmed", 0)),
        hole_integer(HOLE_INTEGER, json_find_integer(receipts, "asked", 0)),
        hole_integer(HOLE_INTEGER, json_find_integer(receipts, "attempts", 0)),
        hole_integer(HOLE_INTEGER, json_find_integer(receipts, "silent", 0)));
    sheet_link_end(sheet);
}

/* What is filed about it, with what the address fills in besides, as NAME and VALUE. */
static void put_file(struct sheet *sheet, const char *path, const char *about, struct slice id, const char *name,
                     const char *value, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    address_ask(&address, about, id);
    address_ask(&address, name, slice_from(value));
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
    html_words(&sheet->html, " ");
}

bool access_asks(const struct json *access)
{
    struct slice state = json_find_string(access, "state");
    return slice_is(state, "expiring") || slice_is(state, "expired");
}

void access_put_asks(struct sheet *sheet, const struct json *access)
{
    struct slice id = json_find_string(access, "holds");
    sheet_begin(sheet, TAG_P, "ways-on");
    bool over = slice_is(json_find_string(access, "state"), "expired");
    put_file(sheet, "/file/site", "correct", id, "anew", "expires", TR("Renew the listing"));
    put_file(sheet, "/file/site", "correct", id, "anew", over ? "where,expires" : "where", TR("Record that it moved"));
    put_file(sheet, "/file/notice", "about", id, "act", "erase-sealed", TR("Ask for its erasure"));
    html_end(&sheet->html, TAG_P);
}

void access_put_notify(struct sheet *sheet, const struct json *access)
{
    sheet_begin(sheet, TAG_P, "ways-on");
    put_file(sheet, "/file/notice", "about", json_find_string(access, "holds"), "act",
             access_is_site(access) ? "protected-site" : "convoy", TR("File a notice of it"));
    html_end(&sheet->html, TAG_P);
}

/* ---- the list */

static void begin_cell(struct sheet *sheet, const char *head)
{
    html_begin(&sheet->html, TAG_TD);
    html_words_in(&sheet->html, TAG_SPAN, "cell-head", head);
}

static void put_name(struct sheet *sheet, const struct json *access)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address address;
    address_open(&address, "/access");
    address_part(&address, json_find_string(access, "first"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    sheet_link(sheet, NULL, &address);
    sheet_hole(sheet, hole(HOLE_CODE, json_find_string(access, "name")));
    sheet_link_end(sheet);
    sheet_begin(sheet, TAG_SPAN, "under");
    sheet_label(sheet, LABEL_KIND, json_find_string(access, "kind"));
    if (json_find(access, "protects") != NULL) {
        html_words(html, TR(", "));
        sheet_value(sheet, slice_from("protects"), json_find(access, "protects"));
    }
    html_end(html, TAG_SPAN);
    html_end(html, TAG_TH);
}

/* "Russian Federation: confirmed", "…: no confirmation so far, since 2016-09-12 10:00 UTC" */
static void put_recipient(struct sheet *sheet, const struct json *recipient)
{
    struct html *html = &sheet->html;
    struct slice since = json_find_string(recipient, "silent_since");
    html_begin(html, TAG_LI);
    sheet_party(sheet, json_find_string(recipient, "to"));
    html_words(html, TR(": "));
    sheet_mark(sheet, LABEL_RECEIPT, json_find_string(recipient, "state"), NULL);
    if (since.size > 0) {
        html_words(html, TR(", "));
        SAY(sheet, TR("since {0}"), hole(HOLE_STAMP, since));
    }
    html_end(html, TAG_LI);
}

static void put_notice(struct sheet *sheet, const struct json *notice)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_P);
    told_link(sheet, "/records", slice_from("notice"), json_find_string(notice, "id"));
    html_end(html, TAG_P);
    sheet_begin(sheet, TAG_UL, "told");
    for (const struct json *to = items(json_find(notice, "recipients")); to != NULL; to = to->next)
        put_recipient(sheet, to);
    html_end(html, TAG_UL);
}

/* The last ones; the others stand on its own page. */
static void put_notices(struct sheet *sheet, const struct json *access)
{
    const struct json *notices = json_find(access, "notices"), *notice = items(notices);
    size_t skip = notices != NULL && notices->size > NOTICES_MOST ? notices->size - NOTICES_MOST : 0;
    for (size_t i = 0; i < skip && notice != NULL; i++) notice = notice->next;
    access_put_counts(sheet, access);
    for (; notice != NULL; notice = notice->next) put_notice(sheet, notice);
    if (items(notices) == NULL) access_put_notify(sheet, access);
}

static void put_row(struct sheet *sheet, const struct json *access)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    put_name(sheet, access);
    begin_cell(sheet, TR("State"));
    access_put_state(sheet, access);
    if (access_asks(access)) access_put_asks(sheet, access);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Where"));
    access_put_where(sheet, access);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Who was told of it"));
    put_notices(sheet, access);
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static void put_table(struct sheet *sheet, const struct page_events *list)
{
    struct html *html = &sheet->html;
    const char *const heads[] = {TR("Passage or site"), TR("State"), TR("Where"), TR("Who was told of it")};
    sheet_begin(sheet, TAG_TABLE, "events");
    sheet_heads(sheet, heads, COUNT_OF(heads));
    html_begin(html, TAG_TBODY);
    for (size_t i = 0; i < list->count; i++) put_row(sheet, json_find(list->lines[i], "access"));
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
}

static void put_way(struct sheet *sheet, const char *path, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
    html_words(&sheet->html, " ");
}

static bool is_asked(const struct page_events *list)
{
    static const char *const names[] = {"kind", "state", "party", "after"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (list->asked != NULL && list->asked(list->context, names[i]) != NULL) return true;
    return false;
}

static void put_nothing(struct sheet *sheet, const struct page_events *list)
{
    html_words_in(&sheet->html, TAG_P, NULL,
                  is_asked(list) ? TR("No passage or site fits. With fewer filters there may be some.")
                                 : TR("No passage and no protected site is told of at this moment. They are filed by "
                                      "their steps, and a notice tells others of them."));
    sheet_begin(sheet, TAG_P, "ways-on");
    if (is_asked(list)) put_way(sheet, "/access", TR("All passages and sites"));
    put_way(sheet, "/file/passage", TR("File a passage"));
    put_way(sheet, "/file/site", TR("File a protected site"));
    html_end(&sheet->html, TAG_P);
}

static void put_open(struct sheet *sheet)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/access");
    address_ask(&address, "state", slice_from("open"));
    sheet_begin(sheet, TAG_P, "ways-on");
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, TR("Those that go on"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

enum status page_access(struct buffer *out, const struct page *page, const struct page_events *list,
                        struct error *error)
{
    struct sheet sheet = {.page = page, .known_only = page->as_of == NULL};
    sheet.agreement = told_agreement(&sheet, slice_from(""));
    sheet_open(&sheet, out, PLACE_ACCESS, slice_from(TR("Notices and access")));
    sheet_heading(&sheet, TAG_H1, TR("Notices and access"));
    html_words_in(&sheet.html, TAG_P, "quiet",
                  TR("Convoys and protected sites through their states: who was told of each, who confirmed receipt, "
                     "and for whom silence lasts."));
    sheet_protective(&sheet, false);
    told_fault(&sheet, list);
    told_filters(&sheet, list, "/access", TOLD_ACCESS);
    put_open(&sheet);
    if (list->wrong == NULL && list->count == 0) put_nothing(&sheet, list);
    if (list->wrong == NULL && list->count > 0) put_table(&sheet, list);
    told_onward(&sheet, list, "/access");
    return sheet_close(&sheet, error);
}
