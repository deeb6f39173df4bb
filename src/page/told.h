/* What records tell of an event, in little room: times, places, numbers of people. And what claims and incidents share:
 * their filters, and who attributes what to whom. */
#ifndef TRUCE_PAGE_TOLD_H
#define TRUCE_PAGE_TOLD_H

#include "page/sheet.h"

/* A value of a record's field (spec/record.md), in the form that suits its field; else as the record's page has it. */
void told_value(struct sheet *sheet, struct slice field, const struct json *value);
/* A source's grade. D and E expose the source: they are shown to the author's own staff alone (the sheet's `by`). */
void told_source(struct sheet *sheet, struct slice grade);
bool told_source_is_kept(const struct sheet *sheet, struct slice grade);
/* "16:15 to 16:45 UTC" of a `when`, or of anything else with `from` and `to`. */
void told_when(struct sheet *sheet, const struct json *when);
/* "Attribution: to {B} (by {A})" */
void told_attribution(struct sheet *sheet, struct slice actor, struct slice by);
/* "{kind} 3f2a91c0", linked. */
void told_link(struct sheet *sheet, const char *path, struct slice kind, struct slice id);
/* The agreement by whose names places are called: the one of that name, or (empty) the last. */
const struct json *told_agreement(struct sheet *sheet, struct slice name);

/* The filters of /claims, /incidents or /access, as a form. */
enum told_list { TOLD_CLAIMS, TOLD_INCIDENTS, TOLD_ACCESS };
void told_filters(struct sheet *sheet, const struct page_events *list, const char *path, enum told_list what);
/* A sentence about a filter that the form has no field for. */
void told_fault(struct sheet *sheet, const struct page_events *list);
/* How many are shown, and the way to the next. */
void told_onward(struct sheet *sheet, const struct page_events *list, const char *path);

#endif
