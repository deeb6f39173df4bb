/* How the standing came to be what it is: moment by moment, the last first, what changed and the record that made it.
 */
#include "page/sheet.h"
#include "tell/change.h"

#include <inttypes.h>
#include <stdio.h>

enum { MOMENTS_MOST = 200 };

/* Where each moment's changes begin, the last MOMENTS_MOST of them in a ring. */
struct moments {
    const struct json *first[MOMENTS_MOST];
    size_t count;
};

static void find_moments(struct moments *moments, const struct json *change)
{
    while (change != NULL) {
        size_t together = changes_together(change);
        moments->first[moments->count++ % MOMENTS_MOST] = change;
        for (; together > 0; together--) change = change->next;
    }
}

static void put_moment(struct sheet *sheet, const struct json *change, bool several)
{
    struct html *html = &sheet->html;
    struct slice by = json_find_string(change, "by"), agreement = json_find_string(change, "agreement");
    sheet->agreement = records_agreement(sheet->page->records, agreement);
    struct voice voice = sheet_voice(sheet);
    html_begin(html, TAG_LI);
    html_begin(html, TAG_H2);
    sheet_hole(sheet, hole(HOLE_TIME, json_find_string(change, "at")));
    html_end(html, TAG_H2);
    html_begin(html, TAG_P);
    html_words(html, by.size > 0 ? TR("By: ") : TR("By time alone"));
    if (by.size > 0) sheet_record(sheet, by, (struct slice){NULL, 0});
    html_end(html, TAG_P);
    tell_changes_together(&voice, change, changes_together(change), several);
    html_end(html, TAG_LI);
}

static bool tells_of_breach(const struct json *change)
{
    for (; change != NULL; change = change->next)
        if (slice_is(json_find_string(change, "becomes"), "breached")) return true;
    return false;
}

static void put_hidden(struct sheet *sheet, size_t hidden)
{
    if (hidden == 0) return;
    SAY_P(sheet, "quiet", TR("Earlier moments are not shown here; their number: {0}. Programs are given all of them."),
          hole_integer(HOLE_INTEGER, (int64_t)hidden));
}

static void put_part_link(struct sheet *sheet, int64_t after, const char *words)
{
    char number[24];
    OWN(address_clear) struct address address;
    address_open(&address, "/changes");
    snprintf(number, sizeof number, "%" PRId64, after);
    address_ask(&address, "after", slice_from(number));
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
}

/* Of a long log a part is told at a time. */
static void put_other_parts(struct sheet *sheet, const struct json *answer)
{
    int64_t after = json_find_integer(answer, "after", 0), most = json_find_integer(answer, "most", 0),
            reached = json_find_integer(answer, "reached", 0);
    bool more = json_find_bool(answer, "more");
    if (after <= 0 && !more) return;
    SAY_P(sheet, NULL, TR("Told here: what the records from number {0} to {1} of the log changed."),
          hole_integer(HOLE_INTEGER, after + 1), hole_integer(HOLE_INTEGER, reached));
    sheet_begin(sheet, TAG_P, "ways-on onward");
    if (after > 0) put_part_link(sheet, after > most ? after - most : 0, TR("Earlier changes"));
    if (more) put_part_link(sheet, reached, TR("Later changes"));
    html_end(&sheet->html, TAG_P);
}

enum status page_changes(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *changes = json_find(answer, "changes");
    const struct json *first = changes == NULL || changes->type != JSON_ARRAY ? NULL : changes->first;
    struct sheet sheet = {.page = page, .answer = answer};
    struct moments moments = {.count = 0};
    bool several = changes_of_several(changes);
    sheet_open(&sheet, out, PLACE_NONE, slice_from(TR("How it came to stand so")));
    sheet_heading(&sheet, TAG_H1, TR("How it came to stand so"));
    html_words_in(&sheet.html, TAG_P, NULL,
                  TR("Each change as of the moment at which the register learned what made it; the last is first."));
    find_moments(&moments, first);
    put_other_parts(&sheet, answer);
    if (first == NULL && json_find_integer(answer, "after", 0) > 0)
        html_words_in(&sheet.html, TAG_P, NULL, TR("Nothing changed by these records."));
    else if (first == NULL)
        html_words_in(&sheet.html, TAG_P, NULL, TR("Nothing has changed: the register holds no agreement yet."));
    if (tells_of_breach(first)) sheet_not_a_finding(&sheet);
    size_t shown = moments.count < MOMENTS_MOST ? moments.count : MOMENTS_MOST;
    sheet_begin(&sheet, TAG_OL, "moments");
    for (size_t i = 0; i < shown; i++)
        put_moment(&sheet, moments.first[(moments.count - 1 - i) % MOMENTS_MOST], several);
    html_end(&sheet.html, TAG_OL);
    put_hidden(&sheet, moments.count - shown);
    return sheet_close(&sheet, error);
}
