/* A document of headings, lines and items, as wrapped text for a terminal or as one self-contained HTML file. The
 * renderers (tell.h) write documents and know neither form; all text passes through one escape. */
#ifndef TRUCE_CLI_DOC_H
#define TRUCE_CLI_DOC_H

#include "base/buffer.h"

enum doc_form { DOC_TEXT, DOC_HTML };

struct doc {
    struct buffer *out;
    enum doc_form form;
    size_t width;             /* text */
    const char *bold, *plain; /* text: around headings */
    struct buffer line;       /* where callers put the next piece's text */
};

/* `language` is "en" or "ar"; Arabic goes from right to left. */
void doc_open(struct doc *doc, struct buffer *out, enum doc_form form, const char *language, const char *title);
void doc_close(struct doc *doc);

/* The text of the next piece: fill it, then call one of the functions below, which empty it. */
static inline struct buffer *doc_text(struct doc *doc)
{
    return &doc->line;
}

enum { DOC_DEPTH_MOST = 6 };
void doc_heading(struct doc *doc, unsigned level); /* 1 … 3 */
void doc_line(struct doc *doc, unsigned depth);
void doc_item(struct doc *doc, unsigned depth);
void doc_note(struct doc *doc,
              unsigned depth); /* said beside the matter: what a result is not, that data are exercise */

/* Shorthands for a piece whose words are ready. */
void doc_say_heading(struct doc *doc, unsigned level, const char *text);
void doc_say_line(struct doc *doc, unsigned depth, const char *text);
void doc_say_item(struct doc *doc, unsigned depth, const char *text);
void doc_say_note(struct doc *doc, unsigned depth, const char *text);

void html_escape(struct buffer *out, struct slice text);

#endif
