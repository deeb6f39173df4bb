/* The parts of the page of statements. */
#ifndef TRUCE_PAGE_INTAKE_H
#define TRUCE_PAGE_INTAKE_H

#include "page/sheet.h"

struct intake {
    struct sheet *sheet;
    const struct page_statements *what;
    const struct json **statement, **date, **count, **place; /* of the answer, by position */
    size_t dates, counts, places;
    size_t shown; /* of the proposals that stand, so many have a card; the others follow when these are decided */
};

/* What was typed, or `otherwise` where the form had no such field. */
static inline struct slice intake_typed(const struct intake *in, const char *name, size_t number,
                                        struct slice otherwise)
{
    const char *typed = in->what->asked == NULL ? NULL : in->what->asked(in->what->context, name, number);
    return typed == NULL ? otherwise : slice_from(typed);
}

/* The source whole, with what each proposal that stands takes from it; memory held out is told by the sheet. */
MUST_USE enum status intake_source(const struct intake *in, struct error *error);
/* A proposal as a card of the form. */
void intake_card(const struct intake *in, size_t number);
/* One that was accepted: what will be signed, and the fields that carry it on. */
void intake_accepted(const struct intake *in, size_t number);
void intake_facts(const struct intake *in, const struct json *statement);
/* A field that stands if there is something in it. */
void intake_value(const struct intake *in, const char *label, struct slice value);
/* Its number, which leads to its place in the text. */
void intake_title(const struct intake *in, size_t number, const struct json *statement);
/* The button "DOES-NUMBER". */
void intake_button(const struct intake *in, size_t number, const char *does, const char *words, bool quiet);
/* "NAME-NUMBER", or NAME where the number is 0. */
void intake_name(struct html *html, enum html_attribute attribute, const char *name, size_t number);
/* <input type=hidden name="NAME-NUMBER">, number 0: "NAME". */
void intake_carry(const struct intake *in, const char *name, size_t number, struct slice value);
/* What the statement says, in few words, for a heading or a list. */
void intake_words(const struct intake *in, size_t number, size_t most_bytes);

#endif
