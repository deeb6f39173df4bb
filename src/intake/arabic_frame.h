/* A verb of saying and what stands around it: who, what opens the content, where the content begins. For arabic.c. */
#ifndef TRUCE_INTAKE_ARABIC_FRAME_H
#define TRUCE_INTAKE_ARABIC_FRAME_H

#include "intake/scan.h"

enum {
    CONTENT_MOST = 400, /* tokens */
    BRACKET_WORDS = 4   /* round brackets of fewer words explain; of more they quote */
};

/* What stands where, once a verb was parsed; all are tokens. */
struct frame {
    const struct cue *cue; /* NULL: no verb says it */
    const struct cue_form *form;
    const struct cue *manner; /* of a participle that only says how: قالت محذرة إن */
    size_t verb, verb_end;
    size_t subject, subject_end; /* where the subject may stand; equal if it is dropped */
    size_t content;              /* where the content begins */
    size_t object_end;           /* of an object that begins the content, or 0 */
    bool opened;                 /* by أن/إن, a colon or a quotation mark */
};

/* Does the word at `at` say something? Bounded look ahead; the scan is not changed. */
bool frame_parse(const struct scan *scan, size_t at, struct frame *frame);
/* The same, and it begins a clause of its own: what was said before it ends. */
bool frame_begins(const struct scan *scan, size_t at);

/* Who says it. */
struct speaker frame_speaker(const struct scan *scan, const struct frame *frame);

/* Does this mark quote words that somebody said? Round brackets do if there is enough in them. */
bool frame_quotes(const struct scan *scan, size_t open);

#endif
