/* What went wrong, in whole sentences, and what can be done about it. */
#include "page/sheet.h"

#include <stdio.h>

static const struct {
    unsigned status;
    const char *title, *advice;
} problems[] = {
    {400, N_("The question makes no sense"), N_("The address or the form can be corrected and sent again.")},
    {401, N_("Only members can read"), N_("The register's host gives access to members.")},
    {403, N_("Not for this reader"), N_("The register's host gives access to members.")},
    {404, N_("There is nothing here"),
     N_("The address may be mistyped. What was written into the register is never removed from it: the list of records "
        "finds it.")},
    {405, N_("The address does not take this"), N_("The address or the form can be corrected and sent again.")},
    {413, N_("Too much at once"), N_("Nothing was written. It can be sent in smaller pieces.")},
    {422, N_("Not admissible"), N_("Nothing was written. The record can be corrected and sent again.")},
    {429, N_("Too many questions at once"), N_("The same can be asked again in a moment.")},
    {503, N_("Too busy just now"), N_("The same can be asked again in a moment.")},
};

static size_t problem_of(unsigned status)
{
    for (size_t i = 0; i < COUNT_OF(problems); i++)
        if (problems[i].status == status) return i;
    return COUNT_OF(problems);
}

static void put_way_in(struct sheet *sheet)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/session");
    html_begin(&sheet->html, TAG_P);
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, TR("Coming in"));
    html_end(&sheet->html, TAG_A);
    html_end(&sheet->html, TAG_P);
}

enum status page_problem(struct buffer *out, const struct page *page, unsigned status, const char *code,
                         const char *message, struct error *error)
{
    struct sheet sheet = {.page = page};
    char number[16];
    size_t which = problem_of(status);
    bool known = which < COUNT_OF(problems);
    const char *title = known ? truce_word(problems[which].title) : TR("Something went wrong");
    snprintf(number, sizeof number, "%u", status);
    sheet_open(&sheet, out, PLACE_NONE, slice_from(title));
    sheet_heading(&sheet, TAG_H1, title);
    sheet_begin(&sheet, TAG_P, "problem");
    html_message(&sheet.html, slice_from(message));
    html_end(&sheet.html, TAG_P);
    html_words_in(&sheet.html, TAG_P, NULL,
                  known ? truce_word(problems[which].advice)
                        : TR("What was written stays written. The same can be asked again in a moment."));
    if (status == 401) put_way_in(&sheet);
    SAY_P(&sheet, "quiet", TR("Code: {0} ({1})"), hole(HOLE_CODE, slice_from(code)),
          hole(HOLE_CODE, slice_from(number)));
    return sheet_close(&sheet, error);
}
