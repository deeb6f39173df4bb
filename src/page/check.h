/* On one's own server the page of a record checks it in the browser (script/check.js). */
#ifndef TRUCE_PAGE_CHECK_H
#define TRUCE_PAGE_CHECK_H

#include "page/sheet.h"

/* Where what was checked is said, hidden until there is something to say. Nothing on a host's page, nor on paper. */
void check_put(struct sheet *sheet, const struct json *record);
bool check_is_here(const struct page *page);

#endif
