/* The filters of records as a form, on every page that shows what a query finds. */
#ifndef TRUCE_PAGE_FILTERS_H
#define TRUCE_PAGE_FILTERS_H

#include "page/sheet.h"

/* Leads to the page itself; what makes no sense is said at its field. */
void filters_form(struct sheet *sheet, const struct page_list *list);
bool filters_have(const char *name); /* such a field? */

#endif
