#include "cli/doc.h"

#include "cli/wrap.h"
#include <stdio.h>

static const char style[] =
    "body{font-family:'Noto Naskh Arabic','Noto Sans Arabic',Georgia,serif;line-height:1.6;max-width:46em;"
    "margin:2em auto;padding:0 1em;color:#111;background:#fff}"
    "h1{font-size:1.5em}h2{font-size:1.2em;margin-block-start:1.6em}h3{font-size:1em}p{margin-block:.3em}"
    ".d1{margin-inline-start:1.2em}.d2{margin-inline-start:2.4em}.d3{margin-inline-start:3.6em}"
    ".d4{margin-inline-start:4.8em}.d5{margin-inline-start:6em}.d6{margin-inline-start:7.2em}"
    ".i::before{content:'\\2022';display:inline-block;width:1em;margin-inline-start:-1em}"
    ".n{border-inline-start:3px solid #111;padding-inline-start:.6em;font-style:italic}"
    "@page{margin:18mm}@media print{body{margin:0;max-width:none}h1,h2,h3{break-after:avoid}p{orphans:2;widows:2}}";

void html_escape(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '&': buffer_put_string(out, "&amp;"); break;
        case '<': buffer_put_string(out, "&lt;"); break;
        case '>': buffer_put_string(out, "&gt;"); break;
        case '"': buffer_put_string(out, "&quot;"); break;
        case '\'': buffer_put_string(out, "&#39;"); break;
        default: buffer_put_byte(out, text.data[i]); break;
        }
    }
}

void doc_open(struct doc *doc, struct buffer *out, enum doc_form form, const char *language, const char *title)
{
    *doc = (struct doc){.out = out, .form = form, .width = 80, .bold = "", .plain = ""};
    if (form != DOC_HTML) return;
    buffer_print(out, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", language,
                 strcmp(language, "ar") == 0 ? "rtl" : "ltr");
    buffer_put_string(out, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    html_escape(out, slice_from(title));
    buffer_print(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
}

void doc_close(struct doc *doc)
{
    if (doc->form == DOC_HTML) buffer_put_string(doc->out, "</body>\n</html>\n");
    buffer_clear(&doc->line);
}

static void put_html(struct doc *doc, const char *element, const char *class, unsigned depth)
{
    if (class == NULL)
        buffer_print(doc->out, "<%s>", element);
    else
        buffer_print(doc->out, "<%s class=\"d%u%s\">", element, depth, class);
    html_escape(doc->out, buffer_slice(&doc->line));
    buffer_print(doc->out, "</%s>\n", element);
}

void doc_heading(struct doc *doc, unsigned level)
{
    char element[3] = {'h', (char)('0' + (level > 3 ? 3 : level)), '\0'};
    if (doc->form == DOC_HTML) {
        put_html(doc, element, NULL, 0);
    } else {
        if (doc->out->size > 0 && level < 3) buffer_put_byte(doc->out, '\n');
        buffer_put_string(doc->out, doc->bold);
        wrap_put(doc->out, buffer_slice(&doc->line), doc->width, 0, "");
        buffer_put_string(doc->out, doc->plain);
    }
    buffer_reset(&doc->line);
}

static void put(struct doc *doc, unsigned depth, const char *class, const char *mark)
{
    if (depth > DOC_DEPTH_MOST) depth = DOC_DEPTH_MOST;
    if (doc->form == DOC_HTML)
        put_html(doc, "p", class, depth);
    else
        wrap_put(doc->out, buffer_slice(&doc->line), doc->width, depth * 2 + strlen(mark), mark);
    buffer_reset(&doc->line);
}

void doc_line(struct doc *doc, unsigned depth)
{
    put(doc, depth, "", "");
}

void doc_item(struct doc *doc, unsigned depth)
{
    put(doc, depth, " i", "- ");
}

void doc_note(struct doc *doc, unsigned depth)
{
    put(doc, depth, " n", "");
}

void doc_say_heading(struct doc *doc, unsigned level, const char *text)
{
    buffer_put_string(&doc->line, text);
    doc_heading(doc, level);
}

void doc_say_line(struct doc *doc, unsigned depth, const char *text)
{
    buffer_put_string(&doc->line, text);
    doc_line(doc, depth);
}

void doc_say_item(struct doc *doc, unsigned depth, const char *text)
{
    buffer_put_string(&doc->line, text);
    doc_item(doc, depth);
}

void doc_say_note(struct doc *doc, unsigned depth, const char *text)
{
    buffer_put_string(&doc->line, text);
    doc_note(doc, depth);
}
