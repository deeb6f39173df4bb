/* The structural writer of HTML, as json/write.h is for JSON: markup that is not well formed cannot be written with it,
 * and text cannot become markup. Elements and attributes come from closed lists; text and values are escaped; addresses
 * (href, src, action) are this site's own (page/address.h); scripts, inline styles and raw output do not exist.
 *
 * Signed text is shown so that nothing in it acts outside its element: controls of direction are written out by name,
 * and what is no text becomes U+FFFD. The program's own words keep theirs.
 *
 * An element where it may not stand, a value on a closed tag or a wrong end is a bug (assert); memory held out or not
 * is told once, by html_finish. */
#ifndef TRUCE_PAGE_HTML_H
#define TRUCE_PAGE_HTML_H

#include "page/address.h"

enum html_tag {
    TAG_HTML,
    TAG_HEAD,
    TAG_META,
    TAG_TITLE,
    TAG_LINK,
    TAG_BODY,
    TAG_HEADER,
    TAG_NAV,
    TAG_MAIN,
    TAG_SECTION,
    TAG_ARTICLE,
    TAG_FOOTER,
    TAG_DIV,
    TAG_H1,
    TAG_H2,
    TAG_H3,
    TAG_H4,
    TAG_P,
    TAG_PRE,
    TAG_BLOCKQUOTE,
    TAG_UL,
    TAG_OL,
    TAG_LI,
    TAG_DL,
    TAG_DT,
    TAG_DD,
    TAG_DETAILS,
    TAG_SUMMARY,
    TAG_TABLE,
    TAG_CAPTION,
    TAG_THEAD,
    TAG_TBODY,
    TAG_TR,
    TAG_TH,
    TAG_TD,
    TAG_FORM,
    TAG_LABEL,
    TAG_INPUT,
    TAG_SELECT,
    TAG_TEXTAREA,
    TAG_OPTION,
    TAG_BUTTON,
    TAG_A,
    TAG_SPAN,
    TAG_BDI,
    TAG_STRONG,
    TAG_MARK,
    TAG_CODE,
    TAG_TIME,
    TAG_BR,
    TAG_SVG,
    TAG_SYMBOL,
    TAG_USE,
    TAG_PATH,
    TAGS
};

enum html_attribute {
    ATTR_ARIA_CURRENT,
    ATTR_ARIA_DESCRIBEDBY,
    ATTR_ARIA_HIDDEN,
    ATTR_ARIA_INVALID,
    ATTR_ARIA_LABEL,
    ATTR_ARIA_LABELLEDBY,
    ATTR_AUTOCOMPLETE,
    ATTR_CHARSET,
    ATTR_CLASS,
    ATTR_COLSPAN,
    ATTR_CONTENT,
    ATTR_D,
    ATTR_DATETIME,
    ATTR_DIR,
    ATTR_FILL,
    ATTR_FOR,
    ATTR_HREFLANG,
    ATTR_ID,
    ATTR_INPUTMODE,
    ATTR_LANG,
    ATTR_METHOD,
    ATTR_NAME,
    ATTR_OPEN, /* alone: html_flag */
    ATTR_REL,
    ATTR_ROLE,
    ATTR_SCOPE,
    ATTR_SELECTED, /* alone */
    ATTR_SPELLCHECK,
    ATTR_STROKE,
    ATTR_STROKE_DASHARRAY,
    ATTR_STROKE_WIDTH,
    ATTR_TABINDEX,
    ATTR_TITLE,
    ATTR_TYPE,
    ATTR_VALUE,
    ATTR_VIEWBOX,
    ATTR_ACTION, /* from here on addresses: html_address */
    ATTR_HREF,
    ATTRIBUTES
};

enum { HTML_DEPTH_MOST = 64 };

struct html {
    struct buffer *out;
    bool in_tag; /* the innermost element's start tag still takes attributes */
    unsigned depth;
    uint8_t open[HTML_DEPTH_MOST];
};

void html_open(struct html *html, struct buffer *out);                    /* writes the doctype; one <html> follows */
MUST_USE enum status html_finish(struct html *html, struct error *error); /* all closed; memory held out */

void html_begin(struct html *html, enum html_tag tag);
void html_end(struct html *html, enum html_tag tag); /* the innermost; void elements end by themselves */

/* ---- attributes of the element just begun */
void html_set(struct html *html, enum html_attribute attribute, const char *value);
void html_set_slice(struct html *html, enum html_attribute attribute, struct slice value);
void html_flag(struct html *html, enum html_attribute attribute);
/* Nothing is written if the address is lost: a link without one leads nowhere and does no harm. */
void html_address(struct html *html, enum html_attribute attribute, const struct address *address);

/* ---- text */
void html_words(struct html *html, const char *words); /* the program's own, in the reader's language */
void html_words_slice(struct html *html, struct slice words);
void html_text(struct html *html, struct slice text); /* whatever anybody wrote */
/* A sentence of the library with what it is about between isolates (FSI … PDI): those become elements, and what else
 * acts on direction in them is shown by name. */
void html_message(struct html *html, struct slice message);

/* A whole element around words, with a class or NULL. */
void html_words_in(struct html *html, enum html_tag tag, const char *class_name, const char *words);

#endif
