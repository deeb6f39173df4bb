/* What waits, by who must act: notices whose receipt is not confirmed, questions without an answer. */
#include "page/sheet.h"

#include "base/time.h"

static bool is_for(const struct json *waiting, struct slice party)
{
    return slice_equal(json_find_string(waiting, "to"), party);
}

/* "TIME. Late by: …" or what is left. */
static void put_due(struct sheet *sheet, struct slice due)
{
    int64_t now = 0, due_at = 0;
    if (due.size == 0) return;
    sheet_field(sheet, TR("Due"));
    sheet_hole(sheet, hole(HOLE_TIME, due));
    sheet_field_end(sheet);
    if (!time_parse(&now, json_find_string(sheet->answer, "as_of")) || !time_parse(&due_at, due) || now == due_at)
        return;
    sheet_field(sheet, now > due_at ? TR("Late by") : TR("Time left"));
    sheet_duration(sheet, now > due_at ? now - due_at : due_at - now);
    sheet_field_end(sheet);
}

static void put_waiting(struct sheet *sheet, const struct json *waiting, const char *what)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(waiting, "id"), state = json_find_string(waiting, "state");
    const struct json *record = records_get(sheet->page->records, id);
    OWN(address_clear) struct address address;
    record_address(&address, id);
    html_begin(html, TAG_LI);
    html_begin(html, TAG_H3);
    sheet_link(sheet, NULL, &address);
    SAY(sheet, what, hole(HOLE_CODE, slice_part(id, 0, 8)));
    sheet_link_end(sheet);
    html_end(html, TAG_H3);
    sheet_begin(sheet, TAG_P, "words");
    sheet_text(sheet, json_find(record, "text"));
    html_end(html, TAG_P);
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_field(sheet, TR("State"));
    sheet_mark(sheet, LABEL_STATE, state, "state");
    sheet_field_end(sheet);
    sheet_field(sheet, TR("From"));
    sheet_party(sheet, json_find_string(waiting, "from"));
    sheet_field_end(sheet);
    if (json_find(waiting, "at") != NULL) {
        sheet_field(sheet, TR("Given"));
        sheet_hole(sheet, hole(HOLE_TIME, json_find_string(waiting, "at")));
        sheet_field_end(sheet);
    }
    put_due(sheet, json_find_string(waiting, "due"));
    html_end(html, TAG_DL);
    html_end(html, TAG_LI);
}

static void put_all_for(struct sheet *sheet, const struct json *list, struct slice party, const char *what)
{
    for (const struct json *waiting = list == NULL ? NULL : list->first; waiting != NULL; waiting = waiting->next)
        if (is_for(waiting, party)) put_waiting(sheet, waiting, what);
}

static bool anything_for(const struct json *list, const struct json *end, struct slice party)
{
    for (const struct json *waiting = list == NULL ? NULL : list->first; waiting != NULL && waiting != end;
         waiting = waiting->next)
        if (is_for(waiting, party)) return true;
    return false;
}

static void put_party(struct sheet *sheet, const struct json *notices, const struct json *questions, struct slice party)
{
    sheet_begin(sheet, TAG_SECTION, "party");
    html_begin(&sheet->html, TAG_H2);
    sheet_party(sheet, party);
    html_end(&sheet->html, TAG_H2);
    sheet_begin(sheet, TAG_UL, "waits");
    put_all_for(sheet, notices, party, TR("Notice {0}: receipt not confirmed"));
    put_all_for(sheet, questions, party, TR("Question {0}: no answer so far"));
    html_end(&sheet->html, TAG_UL);
    html_end(&sheet->html, TAG_SECTION);
}

enum status page_waiting(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *open = json_find(answer, "open");
    const struct json *notices = json_find(open, "notices"), *questions = json_find(open, "questions");
    struct sheet sheet;
    sheet_open(&sheet, out, page, answer, PLACE_WAITING, slice_from(TR("What waits")));
    sheet_heading(&sheet, TAG_H1, TR("What waits"));
    if ((notices == NULL || notices->size == 0) && (questions == NULL || questions->size == 0))
        html_words_in(&sheet.html, TAG_P, NULL, TR("Nothing: every notice was confirmed and every question answered."));
    for (const struct json *n = notices == NULL ? NULL : notices->first; n != NULL; n = n->next)
        if (!anything_for(notices, n, json_find_string(n, "to")))
            put_party(&sheet, notices, questions, json_find_string(n, "to"));
    for (const struct json *q = questions == NULL ? NULL : questions->first; q != NULL; q = q->next)
        if (!anything_for(notices, NULL, json_find_string(q, "to")) &&
            !anything_for(questions, q, json_find_string(q, "to")))
            put_party(&sheet, notices, questions, json_find_string(q, "to"));
    return sheet_close(&sheet, error);
}
