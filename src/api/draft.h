/* A draft on its way: what came, the object that it becomes, who would see what, and the text. */
#ifndef TRUCE_API_DRAFT_H
#define TRUCE_API_DRAFT_H

#include "api/internal.h"
#include "tell/filing.h"

struct drafting {
    struct visit *visit;
    struct records records;
    struct filing filing;
    struct truce_buffer object; /* of a form */
    struct buffer written;      /* of JSON */
    struct slice whole;         /* the one of the two */
    struct truce_error error;   /* what was wrong, where one of the functions below gave false */
};

/* Takes the body, as a form or as JSON; nothing of it is judged. False: nothing could be taken. */
bool drafting_open(struct drafting *drafting, struct visit *visit);
void drafting_close(struct drafting *drafting); /* wipes */
/* What was typed becomes the object of a record. */
bool drafting_read(struct drafting *drafting);
/* Then: who would see what; and the text to be signed, whose ciphers are kept. */
bool drafting_view(struct drafting *drafting, struct truce_buffer *answer);
bool drafting_text(struct drafting *drafting, struct truce_buffer *text);

#endif
