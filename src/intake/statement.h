/* What intake proposes: one cue, one content, who is said to have said it. Offsets are bytes of the source, end
 * exclusive; a span that is absent has start == end. */
#ifndef TRUCE_INTAKE_STATEMENT_H
#define TRUCE_INTAKE_STATEMENT_H

#include "intake/article.h"

struct span {
    uint32_t start, end;
};

struct statement {
    struct span speaker, cue, content, target;
    struct span name, role, organisation; /* parts of what the speaker is called, anywhere in the text */
    struct span perhaps; /* an earlier name that may be another spelling of this one; offered, never merged */
    bool direct;
    enum act act;
    const struct cue *verb; /* NULL for a quotation that goes on without one */
};

struct statements {
    struct statement *items;
    size_t count, capacity;
    bool failed; /* memory is out: sticky */
};

void statements_clear(struct statements *statements);
struct statement *statements_add(struct statements *statements); /* zeroed, or NULL */

/* All statements of the article in the order of their cues. */
void statements_arabic(const struct article *article, struct statements *out);
void statements_english(const struct article *article, struct statements *out);

#endif
