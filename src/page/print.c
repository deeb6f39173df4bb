/* One page in two languages, one after the other, for paper: two whole pages as they were written (html.h) are put
 * together at their <main>. Neither is read as markup: what the writer begins and ends <main> with stands once in each,
 * for text and values never hold "<". */
#include "page/page.h"

#include <string.h>

static const char main_begin[] = "<main", main_end[] = "</main>";

static const uint8_t *found(struct slice text, const char *what)
{
    return memmem(text.data, text.size, what, strlen(what));
}

/* What stands between <main …> and </main>. */
static bool content_of(struct slice whole, struct slice *content)
{
    const uint8_t *begin = found(whole, main_begin), *end = found(whole, main_end);
    if (begin == NULL || end == NULL || end < begin) return false;
    const uint8_t *open = memchr(begin, '>', (size_t)(end - begin));
    if (open == NULL) return false;
    *content = slice_of(open + 1, (size_t)(end - open) - 1);
    return true;
}

void page_both(struct buffer *out, struct slice first, struct slice second, enum language language)
{
    struct slice content;
    const uint8_t *end = found(first, main_end);
    if (end == NULL || !content_of(second, &content)) {
        buffer_put(out, first);
        return;
    }
    buffer_put(out, slice_of(first.data, (size_t)(end - first.data)));
    buffer_print(out, "<div class=\"again\" lang=\"%s\" dir=\"%s\">", language_code(language),
                 language == LANGUAGE_ARABIC ? "rtl" : "ltr");
    buffer_put(out, content);
    buffer_put_string(out, "</div>");
    buffer_put(out, slice_of(end, first.size - (size_t)(end - first.data)));
}
