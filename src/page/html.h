/* The structural writer of HTML, as json/write.h is for JSON: markup that is not well formed cannot be written with it,
 * and text cannot become markup. Elements and attributes come from closed lists; text and values are escaped; addresses
 * (href, src, action) are this site's own (page/address.h); a script is a module at such an address; inline scripts,
 * inline styles and raw output do not exist.
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
    TAG_TFOOT,
    TAG_TR,
    TAG_TH,
    TAG_TD,
    TAG_FORM,
    TAG_LABEL,
    TAG_INPUT,
    TAG_SELECT,
    TAG_TEXTAREA,
    TAG_OPTION,
    TAG_DATALIST,
    TAG_BUTTON,
    TAG_OUTPUT,
    TAG_FIELDSET,
    TAG_LEGEND,
    TAG_DIALOG,
    TAG_A,
    TAG_SPAN,
    TAG_BDI,
    TAG_STRONG,
    TAG_EM,
    TAG_Q,
    TAG_KBD,
    TAG_MARK,
    TAG_CODE,
    TAG_TIME,
    TAG_BR,
    TAG_SVG,
    TAG_SYMBOL,
    TAG_USE,
    TAG_PATH,
    TAG_G,
    TAG_LINE,
    TAG_RECT,
    TAG_CIRCLE,
    TAG_POLYLINE,
    TAG_POLYGON,
    TAG_DRAWN_TEXT, /* <text> of a drawing */
    TAG_DRAWN_TITLE,
    TAG_DRAWN_LINK, /* <a> of a drawing */
    TAG_SCRIPT,     /* html_script alone */
    TAGS
};

enum html_attribute {
    ATTR_ACCEPT,
    ATTR_ARIA_ATOMIC,
    ATTR_ARIA_CURRENT,
    ATTR_ARIA_DESCRIBEDBY,
    ATTR_ARIA_EXPANDED,
    ATTR_ARIA_HIDDEN,
    ATTR_ARIA_INVALID,
    ATTR_ARIA_LABEL,
    ATTR_ARIA_LABELLEDBY,
    ATTR_ARIA_LIVE,
    ATTR_AUTOCOMPLETE,
    ATTR_CHARSET,
    ATTR_CLASS,
    ATTR_COLSPAN,
    ATTR_CONTENT,
    ATTR_CX,
    ATTR_CY,
    ATTR_D,
    ATTR_DATETIME,
    ATTR_DIR,
    ATTR_DOWNLOAD,
    ATTR_ENCTYPE,
    ATTR_FILL,
    ATTR_FOR,
    ATTR_HEIGHT,
    ATTR_HREFLANG,
    ATTR_ID,
    ATTR_INPUTMODE,
    ATTR_LANG,
    ATTR_LIST,
    ATTR_MAX,
    ATTR_MAXLENGTH,
    ATTR_METHOD,
    ATTR_MIN,
    ATTR_NAME,
    ATTR_POINTS,
    ATTR_R,
    ATTR_REL,
    ATTR_ROLE,
    ATTR_ROWS,
    ATTR_ROWSPAN,
    ATTR_RX,
    ATTR_SCOPE,
    ATTR_SPELLCHECK,
    ATTR_STEP,
    ATTR_STROKE,
    ATTR_STROKE_DASHARRAY,
    ATTR_STROKE_WIDTH,
    ATTR_TABINDEX,
    ATTR_TEXT_ANCHOR,
    ATTR_TITLE,
    ATTR_TRANSFORM,
    ATTR_TYPE,
    ATTR_VALUE,
    ATTR_VIEWBOX,
    ATTR_WIDTH,
    ATTR_X,
    ATTR_X1,
    ATTR_X2,
    ATTR_Y,
    ATTR_Y1,
    ATTR_Y2,
    ATTR_AUTOFOCUS, /* from here on alone, without a value: html_flag */
    ATTR_CHECKED,
    ATTR_DISABLED,
    ATTR_FORMNOVALIDATE,
    ATTR_HIDDEN,
    ATTR_MULTIPLE,
    ATTR_OPEN,
    ATTR_READONLY,
    ATTR_REQUIRED,
    ATTR_SELECTED,
    ATTR_ACTION, /* from here on addresses: html_address */
    ATTR_HREF,
    ATTR_SRC,
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
/* In the head: a module. */
void html_script(struct html *html, const struct address *source);
void html_end(struct html *html, enum html_tag tag); /* the innermost; void elements end by themselves */

/* ---- attributes of the element just begun */
void html_set(struct html *html, enum html_attribute attribute, const char *value);
void html_set_slice(struct html *html, enum html_attribute attribute, struct slice value);
void html_flag(struct html *html, enum html_attribute attribute);
/* data-NAME, for scripts: the name is the program's own, of a-z and "-". */
void html_data(struct html *html, const char *name, struct slice value);
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
