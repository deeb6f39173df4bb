/* A strict little reader of HTML: it takes only what src/page/html.h may write, and nothing that a browser would mend.
 * It shares no line with the writer. */
#ifndef TRUCE_TEST_MARKUP_H
#define TRUCE_TEST_MARKUP_H

#include "base/slice.h"

#include <stdio.h>
#include <string.h>

enum { MARKUP_DEPTH = 64, MARKUP_NAME = 16 };

struct markup {
    const char *fault; /* NULL: it holds */
    size_t at;         /* where */
    size_t elements;
    uint64_t shape; /* hash of the tags in their order, without the elements that name unseen characters */
    char open[MARKUP_DEPTH][MARKUP_NAME];
    size_t depth;
};

static inline bool markup_wrong(struct markup *m, const char *fault)
{
    if (m->fault == NULL) m->fault = fault;
    return false;
}

static inline bool markup_among(const char *const *list, const char *name)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, name) == 0) return true;
    return false;
}

static const char *const markup_tags[] = {
    "a",        "article",  "bdi",   "blockquote", "body",   "br",     "button",  "caption", "circle",
    "code",     "datalist", "dd",    "details",    "dialog", "div",    "dl",      "dt",      "em",
    "fieldset", "footer",   "form",  "g",          "h1",     "h2",     "h3",      "h4",      "head",
    "header",   "html",     "input", "kbd",        "label",  "legend", "li",      "line",    "link",
    "main",     "mark",     "meta",  "nav",        "ol",     "option", "output",  "p",       "path",
    "polygon",  "polyline", "pre",   "q",          "rect",   "script", "section", "select",  "span",
    "strong",   "summary",  "svg",   "symbol",     "table",  "tbody",  "td",      "text",    "textarea",
    "tfoot",    "th",       "thead", "time",       "title",  "tr",     "ul",      "use",     NULL};
static const char *const markup_void[] = {"meta", "link", "input", "br", NULL};
static const char *const markup_attributes[] = {"accept",
                                                "action",
                                                "aria-atomic",
                                                "aria-current",
                                                "aria-describedby",
                                                "aria-expanded",
                                                "aria-hidden",
                                                "aria-invalid",
                                                "aria-label",
                                                "aria-labelledby",
                                                "aria-live",
                                                "autocomplete",
                                                "autofocus",
                                                "charset",
                                                "checked",
                                                "class",
                                                "colspan",
                                                "content",
                                                "cx",
                                                "cy",
                                                "d",
                                                "datetime",
                                                "dir",
                                                "disabled",
                                                "download",
                                                "enctype",
                                                "fill",
                                                "for",
                                                "formnovalidate",
                                                "height",
                                                "hidden",
                                                "href",
                                                "hreflang",
                                                "id",
                                                "inputmode",
                                                "lang",
                                                "list",
                                                "max",
                                                "maxlength",
                                                "method",
                                                "min",
                                                "multiple",
                                                "name",
                                                "open",
                                                "points",
                                                "r",
                                                "readonly",
                                                "rel",
                                                "required",
                                                "role",
                                                "rows",
                                                "rowspan",
                                                "rx",
                                                "scope",
                                                "selected",
                                                "spellcheck",
                                                "src",
                                                "step",
                                                "stroke",
                                                "stroke-dasharray",
                                                "stroke-width",
                                                "tabindex",
                                                "text-anchor",
                                                "title",
                                                "transform",
                                                "type",
                                                "value",
                                                "viewBox",
                                                "width",
                                                "x",
                                                "x1",
                                                "x2",
                                                "y",
                                                "y1",
                                                "y2",
                                                NULL};

static inline size_t markup_word(char out[static 32], struct slice html, size_t at)
{
    size_t size = 0;
    while (at + size < html.size && size < 31 &&
           strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", html.data[at + size]) != NULL &&
           html.data[at + size] != '\0')
        size++;
    memcpy(out, html.data + at, size);
    out[size] = '\0';
    return size;
}

/* A character of text or of a value: no mark-up character raw, "&" only in the five escapes, no control. */
static inline bool markup_character(struct markup *m, struct slice html, size_t *at)
{
    static const char *const escapes[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    uint8_t c = html.data[*at];
    if (c == '<' || c == '>' || c == '"' || c == '\'') return markup_wrong(m, "a raw character of mark-up");
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) return markup_wrong(m, "a control character");
    for (size_t i = 0; c == '&' && i < sizeof escapes / sizeof *escapes; i++)
        if (slice_starts(slice_part(html, *at, html.size), escapes[i])) {
            *at += strlen(escapes[i]);
            return true;
        }
    if (c == '&') return markup_wrong(m, "a raw &");
    ++*at;
    return true;
}

static inline bool markup_attribute(struct markup *m, struct slice html, size_t *at)
{
    char name[32];
    *at += markup_word(name, html, *at);
    if (!slice_starts(slice_from(name), "data-") && !markup_among(markup_attributes, name))
        return markup_wrong(m, "an attribute that pages do not have");
    if (*at < html.size && html.data[*at] != '=') return true;
    if (*at + 1 >= html.size || html.data[*at + 1] != '"') return markup_wrong(m, "a value without quotes");
    size_t from = *at += 2;
    while (*at < html.size && html.data[*at] != '"')
        if (!markup_character(m, html, at)) return false;
    struct slice value = slice_part(html, from, *at - from);
    ++*at;
    bool address = strcmp(name, "href") == 0 || strcmp(name, "action") == 0 || strcmp(name, "src") == 0;
    if (address && !slice_starts(value, "#") && (!slice_starts(value, "/") || slice_starts(value, "//")))
        return markup_wrong(m, "an address that is not this site's");
    return true;
}

static inline bool markup_end(struct markup *m, struct slice html, size_t *at)
{
    char name[32];
    *at += markup_word(name, html, *at + 2) + 3;
    if (m->depth == 0 || strcmp(m->open[m->depth - 1], name) != 0)
        return markup_wrong(m, "an end without its beginning");
    m->depth--;
    return html.data[*at - 1] == '>' ? true : markup_wrong(m, "an end tag that does not end");
}

static inline bool markup_begin(struct markup *m, struct slice html, size_t *at)
{
    char name[32];
    size_t begins = *at;
    *at += 1 + markup_word(name, html, *at + 1);
    if (!markup_among(markup_tags, name)) return markup_wrong(m, "an element that pages do not have");
    while (*at < html.size && html.data[*at] == ' ') {
        ++*at;
        if (!markup_attribute(m, html, at)) return false;
    }
    if (*at >= html.size || html.data[*at] != '>') return markup_wrong(m, "a tag that does not end");
    ++*at;
    static const char module[] = "<script type=\"module\" src=\"/assets/";
    if (strcmp(name, "script") == 0 && !slice_starts(slice_part(html, begins, html.size), module))
        return markup_wrong(m, "a script that is no module of this site");
    bool unseen = slice_starts(slice_part(html, begins, html.size), "<bdi class=\"unseen\"");
    m->elements += !unseen;
    for (const char *c = name; !unseen && *c != '\0'; c++) m->shape = (m->shape ^ (uint8_t)*c) * 1099511628211U;
    m->shape += !unseen;
    if (markup_among(markup_void, name)) return true;
    if (m->depth == MARKUP_DEPTH) return markup_wrong(m, "too deep");
    snprintf(m->open[m->depth++], MARKUP_NAME, "%.15s", name);
    return true;
}

/* Reads a whole page. */
static inline struct markup markup_read(struct slice html)
{
    struct markup m = {.shape = 14695981039346656037U};
    size_t at = strlen("<!doctype html>\n");
    bool holds = slice_starts(html, "<!doctype html>\n<html") ? true : markup_wrong(&m, "no doctype");
    while (holds && at < html.size) {
        m.at = at;
        if (html.data[at] == '<' && at + 2 < html.size && html.data[at + 1] == '/')
            holds = markup_end(&m, html, &at);
        else if (html.data[at] == '<')
            holds = markup_begin(&m, html, &at);
        else
            holds = markup_character(&m, html, &at);
    }
    if (holds && m.depth > 0) markup_wrong(&m, "an element left open");
    return m;
}

#endif
