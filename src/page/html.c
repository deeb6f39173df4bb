#include "page/html.h"

#include "text/utf8.h"
#include <assert.h>

enum { ISOLATES_MOST = 8 };

/* ---- what may stand in what: enough of HTML's content model that a browser's tree is the one that was written */

enum {
    IS_ROOT = 1 << 0,
    IS_SECTIONING = 1 << 1, /* head and body */
    IS_META = 1 << 2,
    IS_FLOW = 1 << 3,
    IS_PHRASING = 1 << 4,
    IS_ITEM = 1 << 5,
    IS_TERM = 1 << 6,
    IS_ROWS = 1 << 7,
    IS_ROW = 1 << 8,
    IS_CELL = 1 << 9,
    IS_OPTION = 1 << 10,
    IS_SUMMARY = 1 << 11,
    IS_SHAPE = 1 << 12,
    IS_TEXT = 1 << 13,  /* in `takes`: text may stand in it */
    IS_VOID = 1 << 14,  /* in `is`: has no end tag */
    IS_PLAIN = 1 << 15, /* in `is`: takes text alone, without elements round what is marked */
    IS_LEGEND = 1 << 16,
    IS_SHAPE_TITLE = 1 << 17, /* the title of a drawing or of something in it */
    PHRASES = IS_PHRASING | IS_TEXT,
    FLOWS = IS_FLOW | IS_PHRASING | IS_TEXT,
};

static const struct {
    const char *name;
    unsigned is, takes;
} tags[TAGS] = {
    [TAG_HTML] = {"html", IS_ROOT, IS_SECTIONING},
    [TAG_HEAD] = {"head", IS_SECTIONING, IS_META},
    [TAG_META] = {"meta", IS_META | IS_VOID, 0},
    [TAG_TITLE] = {"title", IS_META | IS_PLAIN, IS_TEXT},
    [TAG_LINK] = {"link", IS_META | IS_VOID, 0},
    [TAG_BODY] = {"body", IS_SECTIONING, FLOWS},
    [TAG_HEADER] = {"header", IS_FLOW, FLOWS},
    [TAG_NAV] = {"nav", IS_FLOW, FLOWS},
    [TAG_MAIN] = {"main", IS_FLOW, FLOWS},
    [TAG_SECTION] = {"section", IS_FLOW, FLOWS},
    [TAG_ARTICLE] = {"article", IS_FLOW, FLOWS},
    [TAG_FOOTER] = {"footer", IS_FLOW, FLOWS},
    [TAG_DIV] = {"div", IS_FLOW, FLOWS},
    [TAG_H1] = {"h1", IS_FLOW, PHRASES},
    [TAG_H2] = {"h2", IS_FLOW, PHRASES},
    [TAG_H3] = {"h3", IS_FLOW, PHRASES},
    [TAG_H4] = {"h4", IS_FLOW, PHRASES},
    [TAG_P] = {"p", IS_FLOW, PHRASES},
    [TAG_PRE] = {"pre", IS_FLOW, PHRASES},
    [TAG_BLOCKQUOTE] = {"blockquote", IS_FLOW, FLOWS},
    [TAG_UL] = {"ul", IS_FLOW, IS_ITEM},
    [TAG_OL] = {"ol", IS_FLOW, IS_ITEM},
    [TAG_LI] = {"li", IS_ITEM, FLOWS},
    [TAG_DL] = {"dl", IS_FLOW, IS_TERM},
    [TAG_DT] = {"dt", IS_TERM, PHRASES},
    [TAG_DD] = {"dd", IS_TERM, FLOWS},
    [TAG_DETAILS] = {"details", IS_FLOW, IS_SUMMARY | FLOWS},
    [TAG_SUMMARY] = {"summary", IS_SUMMARY, PHRASES},
    [TAG_TABLE] = {"table", IS_FLOW, IS_ROWS},
    [TAG_CAPTION] = {"caption", IS_ROWS, PHRASES},
    [TAG_THEAD] = {"thead", IS_ROWS, IS_ROW},
    [TAG_TBODY] = {"tbody", IS_ROWS, IS_ROW},
    [TAG_TFOOT] = {"tfoot", IS_ROWS, IS_ROW},
    [TAG_TR] = {"tr", IS_ROW, IS_CELL},
    [TAG_TH] = {"th", IS_CELL, PHRASES},
    [TAG_TD] = {"td", IS_CELL, FLOWS},
    [TAG_FORM] = {"form", IS_FLOW, FLOWS},
    [TAG_LABEL] = {"label", IS_PHRASING, PHRASES},
    [TAG_INPUT] = {"input", IS_PHRASING | IS_VOID, 0},
    [TAG_TEXTAREA] = {"textarea", IS_PHRASING | IS_PLAIN, IS_TEXT},
    [TAG_SELECT] = {"select", IS_PHRASING, IS_OPTION},
    [TAG_DATALIST] = {"datalist", IS_PHRASING, IS_OPTION},
    [TAG_OUTPUT] = {"output", IS_PHRASING, PHRASES},
    [TAG_FIELDSET] = {"fieldset", IS_FLOW, IS_LEGEND | FLOWS},
    [TAG_LEGEND] = {"legend", IS_LEGEND, PHRASES},
    [TAG_DIALOG] = {"dialog", IS_FLOW, FLOWS},
    [TAG_OPTION] = {"option", IS_OPTION | IS_PLAIN, IS_TEXT},
    [TAG_BUTTON] = {"button", IS_PHRASING, PHRASES},
    [TAG_A] = {"a", IS_PHRASING, PHRASES},
    [TAG_SPAN] = {"span", IS_PHRASING, PHRASES},
    [TAG_BDI] = {"bdi", IS_PHRASING, PHRASES},
    [TAG_STRONG] = {"strong", IS_PHRASING, PHRASES},
    [TAG_EM] = {"em", IS_PHRASING, PHRASES},
    [TAG_Q] = {"q", IS_PHRASING, PHRASES},
    [TAG_KBD] = {"kbd", IS_PHRASING, PHRASES},
    [TAG_MARK] = {"mark", IS_PHRASING, PHRASES},
    [TAG_CODE] = {"code", IS_PHRASING, PHRASES},
    [TAG_TIME] = {"time", IS_PHRASING, PHRASES},
    [TAG_BR] = {"br", IS_PHRASING | IS_VOID, 0},
    [TAG_SVG] = {"svg", IS_PHRASING, IS_SHAPE | IS_SHAPE_TITLE},
    [TAG_SYMBOL] = {"symbol", IS_SHAPE, IS_SHAPE},
    [TAG_USE] = {"use", IS_SHAPE, 0},
    [TAG_PATH] = {"path", IS_SHAPE, IS_SHAPE_TITLE},
    [TAG_G] = {"g", IS_SHAPE, IS_SHAPE | IS_SHAPE_TITLE},
    [TAG_LINE] = {"line", IS_SHAPE, IS_SHAPE_TITLE},
    [TAG_RECT] = {"rect", IS_SHAPE, IS_SHAPE_TITLE},
    [TAG_CIRCLE] = {"circle", IS_SHAPE, IS_SHAPE_TITLE},
    [TAG_POLYLINE] = {"polyline", IS_SHAPE, IS_SHAPE_TITLE},
    [TAG_POLYGON] = {"polygon", IS_SHAPE, IS_SHAPE_TITLE},
    [TAG_DRAWN_TEXT] = {"text", IS_SHAPE | IS_PLAIN, IS_TEXT},
    [TAG_DRAWN_TITLE] = {"title", IS_SHAPE_TITLE | IS_PLAIN, IS_TEXT},
    [TAG_DRAWN_LINK] = {"a", IS_SHAPE, IS_SHAPE | IS_SHAPE_TITLE},
    [TAG_SCRIPT] = {"script", IS_META, 0},
};

static const char *const attributes[ATTRIBUTES] = {
    [ATTR_ACCEPT] = "accept",
    [ATTR_ARIA_ATOMIC] = "aria-atomic",
    [ATTR_ARIA_CURRENT] = "aria-current",
    [ATTR_ARIA_DESCRIBEDBY] = "aria-describedby",
    [ATTR_ARIA_EXPANDED] = "aria-expanded",
    [ATTR_ARIA_HIDDEN] = "aria-hidden",
    [ATTR_ARIA_INVALID] = "aria-invalid",
    [ATTR_ARIA_LABEL] = "aria-label",
    [ATTR_ARIA_LABELLEDBY] = "aria-labelledby",
    [ATTR_ARIA_LIVE] = "aria-live",
    [ATTR_AUTOCOMPLETE] = "autocomplete",
    [ATTR_CHARSET] = "charset",
    [ATTR_CLASS] = "class",
    [ATTR_COLSPAN] = "colspan",
    [ATTR_CONTENT] = "content",
    [ATTR_CX] = "cx",
    [ATTR_CY] = "cy",
    [ATTR_D] = "d",
    [ATTR_DATETIME] = "datetime",
    [ATTR_DIR] = "dir",
    [ATTR_DOWNLOAD] = "download",
    [ATTR_ENCTYPE] = "enctype",
    [ATTR_FILL] = "fill",
    [ATTR_FOR] = "for",
    [ATTR_HEIGHT] = "height",
    [ATTR_HREFLANG] = "hreflang",
    [ATTR_ID] = "id",
    [ATTR_INPUTMODE] = "inputmode",
    [ATTR_LANG] = "lang",
    [ATTR_LIST] = "list",
    [ATTR_MAX] = "max",
    [ATTR_MAXLENGTH] = "maxlength",
    [ATTR_METHOD] = "method",
    [ATTR_MIN] = "min",
    [ATTR_NAME] = "name",
    [ATTR_POINTS] = "points",
    [ATTR_R] = "r",
    [ATTR_REL] = "rel",
    [ATTR_ROLE] = "role",
    [ATTR_ROWS] = "rows",
    [ATTR_ROWSPAN] = "rowspan",
    [ATTR_RX] = "rx",
    [ATTR_SCOPE] = "scope",
    [ATTR_SPELLCHECK] = "spellcheck",
    [ATTR_STEP] = "step",
    [ATTR_STROKE] = "stroke",
    [ATTR_STROKE_DASHARRAY] = "stroke-dasharray",
    [ATTR_STROKE_WIDTH] = "stroke-width",
    [ATTR_TABINDEX] = "tabindex",
    [ATTR_TEXT_ANCHOR] = "text-anchor",
    [ATTR_TITLE] = "title",
    [ATTR_TRANSFORM] = "transform",
    [ATTR_TYPE] = "type",
    [ATTR_VALUE] = "value",
    [ATTR_VIEWBOX] = "viewBox",
    [ATTR_WIDTH] = "width",
    [ATTR_X] = "x",
    [ATTR_X1] = "x1",
    [ATTR_X2] = "x2",
    [ATTR_Y] = "y",
    [ATTR_Y1] = "y1",
    [ATTR_Y2] = "y2",
    [ATTR_AUTOFOCUS] = "autofocus",
    [ATTR_CHECKED] = "checked",
    [ATTR_DISABLED] = "disabled",
    [ATTR_FORMNOVALIDATE] = "formnovalidate",
    [ATTR_HIDDEN] = "hidden",
    [ATTR_MULTIPLE] = "multiple",
    [ATTR_OPEN] = "open",
    [ATTR_READONLY] = "readonly",
    [ATTR_REQUIRED] = "required",
    [ATTR_SELECTED] = "selected",
    [ATTR_ACTION] = "action",
    [ATTR_HREF] = "href",
    [ATTR_SRC] = "src",
};

/* ---- elements */

void html_open(struct html *html, struct buffer *out)
{
    *html = (struct html){.out = out};
    buffer_put_string(out, "<!doctype html>\n");
}

enum status html_finish(struct html *html, struct error *error)
{
    assert(html->depth == 0);
    buffer_put_byte(html->out, '\n');
    return buffer_finish(html->out, error);
}

/* The start tag takes no more attributes. A void element was the innermost until now, so that it could take its own. */
static void close_tag(struct html *html)
{
    if (html->in_tag) buffer_put_byte(html->out, '>');
    html->in_tag = false;
    if (html->depth > 0 && (tags[html->open[html->depth - 1]].is & IS_VOID) != 0) html->depth--;
}

static unsigned innermost_takes(const struct html *html)
{
    return html->depth == 0 ? IS_ROOT : tags[html->open[html->depth - 1]].takes;
}

static bool within(const struct html *html, enum html_tag tag)
{
    for (unsigned i = 0; i < html->depth; i++)
        if (html->open[i] == tag) return true;
    return false;
}

void html_begin(struct html *html, enum html_tag tag)
{
    close_tag(html);
    assert((innermost_takes(html) & tags[tag].is) != 0 && html->depth < HTML_DEPTH_MOST);
    assert(tag != TAG_A || !within(html, TAG_A)); /* a browser would end the outer link */
    assert(tag != TAG_FORM || !within(html, TAG_FORM));
    html->open[html->depth++] = (uint8_t)tag;
    buffer_put_byte(html->out, '<');
    buffer_put_string(html->out, tags[tag].name);
    html->in_tag = true;
}

void html_end(struct html *html, enum html_tag tag)
{
    close_tag(html);
    assert(html->depth > 0 && html->open[html->depth - 1] == tag);
    html->depth--;
    buffer_put_string(html->out, "</");
    buffer_put_string(html->out, tags[tag].name);
    buffer_put_byte(html->out, '>');
}

/* ---- characters */

static const struct {
    uint32_t code_point;
    const char *name;
} marked[] = {
    {0x061C, "ALM"}, {0x200E, "LRM"}, {0x200F, "RLM"}, {0x2028, "LS"},  {0x2029, "PS"},
    {0x202A, "LRE"}, {0x202B, "RLE"}, {0x202C, "PDF"}, {0x202D, "LRO"}, {0x202E, "RLO"},
    {0x2066, "LRI"}, {0x2067, "RLI"}, {0x2068, "FSI"}, {0x2069, "PDI"},
};

static const char *mark_name(uint32_t code_point)
{
    for (size_t i = 0; i < COUNT_OF(marked); i++)
        if (marked[i].code_point == code_point) return marked[i].name;
    return NULL;
}

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c & 0xFFFE) == 0xFFFE ||
           (c >= 0xFDD0 && c <= 0xFDEF);
}

enum marking {
    KEEP_MARKS, /* the program's own words, and what stands in an attribute, which is a text of its own */
    NAME_MARKS, /* "[RLM]", where no element may stand */
    SHOW_MARKS, /* in an element of their own */
    OWN_MARKS,  /* the same, but for LRM and RLM, which translators need */
};

static void put_mark(struct buffer *out, const char *name, enum marking marking)
{
    bool shown = marking != NAME_MARKS;
    buffer_put_string(out, shown ? "<bdi class=\"unseen\" dir=\"ltr\">" : "[");
    buffer_put_string(out, name);
    buffer_put_string(out, shown ? "</bdi>" : "]");
}

static const char *escape_of(uint32_t c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static bool acts(uint32_t c, enum marking marking)
{
    return marking == KEEP_MARKS || (marking == OWN_MARKS && (c == 0x200E || c == 0x200F));
}

/* Valid UTF-8. */
static void put_valid(struct buffer *out, struct slice text, enum marking marking)
{
    size_t from = 0;
    for (size_t at = 0, next; at < text.size; at = next) {
        next = at;
        uint32_t c = utf8_next(text, &next);
        const char *name = acts(c, marking) ? NULL : mark_name(c), *escape = escape_of(c);
        bool control = is_control(c);
        if (name == NULL && escape == NULL && !control) continue;
        buffer_put(out, slice_part(text, from, at - from));
        if (name != NULL)
            put_mark(out, name, marking);
        else
            buffer_put_string(out, control ? "\uFFFD" : escape);
        from = next;
    }
    buffer_put(out, slice_part(text, from, text.size - from));
}

static void put_escaped(struct buffer *out, struct slice text, enum marking marking)
{
    size_t bad;
    while (!utf8_valid(text, &bad)) {
        put_valid(out, slice_part(text, 0, bad), marking);
        buffer_put_string(out, "\uFFFD");
        text = slice_part(text, bad + 1, text.size);
    }
    put_valid(out, text, marking);
}

/* ---- attributes */

static void begin_attribute(struct html *html, enum html_attribute attribute)
{
    assert(html->in_tag);
    buffer_put_byte(html->out, ' ');
    buffer_put_string(html->out, attributes[attribute]);
}

static void put_value(struct html *html, struct slice value)
{
    buffer_put_string(html->out, "=\"");
    put_escaped(html->out, value, KEEP_MARKS);
    buffer_put_byte(html->out, '"');
}

void html_set_slice(struct html *html, enum html_attribute attribute, struct slice value)
{
    assert(attribute < ATTR_AUTOFOCUS);
    begin_attribute(html, attribute);
    put_value(html, value);
}

void html_set(struct html *html, enum html_attribute attribute, const char *value)
{
    html_set_slice(html, attribute, slice_from(value));
}

void html_flag(struct html *html, enum html_attribute attribute)
{
    assert(attribute >= ATTR_AUTOFOCUS && attribute < ATTR_ACTION);
    begin_attribute(html, attribute);
}

void html_data(struct html *html, const char *name, struct slice value)
{
    assert(html->in_tag && name[strspn(name, "abcdefghijklmnopqrstuvwxyz-")] == '\0');
    buffer_put_string(html->out, " data-");
    buffer_put_string(html->out, name);
    put_value(html, value);
}

void html_address(struct html *html, enum html_attribute attribute, const struct address *address)
{
    assert(attribute >= ATTR_ACTION);
    struct slice text = buffer_slice(&address->text);
    if (address->text.failed) html->out->failed = true;
    if (address->lost || address->text.failed) return;
    assert(slice_starts(text, "#") || (slice_starts(text, "/") && !slice_starts(text, "//")));
    begin_attribute(html, attribute);
    put_value(html, text);
}

void html_script(struct html *html, const struct address *source)
{
    html_begin(html, TAG_SCRIPT);
    html_set(html, ATTR_TYPE, "module");
    html_address(html, ATTR_SRC, source);
    html_end(html, TAG_SCRIPT);
}

/* ---- text */

static void begin_text(struct html *html)
{
    close_tag(html);
    assert((innermost_takes(html) & IS_TEXT) != 0);
}

void html_words_slice(struct html *html, struct slice words)
{
    begin_text(html);
    put_escaped(html->out, words, KEEP_MARKS);
}

void html_words(struct html *html, const char *words)
{
    html_words_slice(html, slice_from(words));
}

void html_text(struct html *html, struct slice text)
{
    begin_text(html);
    bool plain = (tags[html->open[html->depth - 1]].is & IS_PLAIN) != 0;
    put_escaped(html->out, text, plain ? NAME_MARKS : SHOW_MARKS);
}

/* The next isolate's beginning or end, all of which are three bytes long: E2 81 A6 … A9. */
static size_t next_isolate(struct slice text)
{
    for (size_t i = 0; i + 2 < text.size; i++)
        if (text.data[i] == 0xE2 && text.data[i + 1] == 0x81 && text.data[i + 2] >= 0xA6 && text.data[i + 2] <= 0xA9)
            return i;
    return text.size;
}

static void begin_isolate(struct html *html, uint8_t last_byte)
{
    html_begin(html, TAG_BDI);
    if (last_byte != 0xA8) html_set(html, ATTR_DIR, last_byte == 0xA6 ? "ltr" : "rtl");
}

void html_message(struct html *html, struct slice message)
{
    unsigned inside = 0;
    for (size_t at; message.size > 0; message = slice_part(message, at + 3, message.size)) {
        at = next_isolate(message);
        begin_text(html);
        put_escaped(html->out, slice_part(message, 0, at), inside == 0 ? OWN_MARKS : SHOW_MARKS);
        bool ends = at < message.size && message.data[at + 2] == 0xA9;
        if (at < message.size && !ends && inside < ISOLATES_MOST) {
            begin_isolate(html, message.data[at + 2]);
            inside++;
        } else if (ends && inside > 0) {
            html_end(html, TAG_BDI);
            inside--;
        }
    }
    while (inside-- > 0) html_end(html, TAG_BDI);
}

void html_words_in(struct html *html, enum html_tag tag, const char *class_name, const char *words)
{
    html_begin(html, tag);
    if (class_name != NULL) html_set(html, ATTR_CLASS, class_name);
    html_words(html, words);
    html_end(html, tag);
}
