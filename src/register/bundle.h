/* A verdict with all that it was computed from, in one file that whoever has this program can compute again without any
 * network (spec/bundle.md): the question, its answer, every entry that the log had by then, and a signed head that they
 * lead to. Nothing in it is believed because it is there. */
#ifndef TRUCE_REGISTER_BUNDLE_H
#define TRUCE_REGISTER_BUNDLE_H

#include "log/log.h"
#include "register/register.h"

enum { BUNDLE_BYTES_MOST = 1024 * 1024 * 1024 };

/* The file taken apart, as it stands: everything borrows from it. */
struct bundle {
    struct slice question, answer; /* lines of canonical JSON, without their ends */
    struct slice head;             /* a signed note */
    struct log_proof proof;        /* from the entries to the head */
    uint64_t count;                /* of entries */
    struct slice entries;          /* each behind its length in two bytes */
};

/* Appends the file. */
MUST_USE enum status bundle_write(struct buffer *out, const struct bundle *bundle, struct error *error);
/* Is it to be read as one? */
bool bundle_is(struct slice file);
/* STATUS_REFUSED with the offset: bundle-form; bundle-damaged where all is of its form and the sum is another. There is
 * one way to write what is read. */
MUST_USE enum status bundle_read(struct bundle *out, struct slice file, struct error *error);
/* The next entry; false at the end, and where none can be cut off. */
bool bundle_entry(struct slice *rest, struct slice *entry);

/* What was asked. The names borrow from the line, or from the arena. */
struct bundle_question {
    char term[2 * LIMIT_NAME_BYTES + 2]; /* AGREEMENT/TERM */
    char reading[LIMIT_NAME_BYTES + 1];  /* "": all */
    int64_t as_of;
    uint64_t known;
};
MUST_USE enum status bundle_question_read(struct bundle_question *out, struct slice line, struct error *error);
/* The answer by the register's own log: of the moment, as if nothing had come later. */
MUST_USE enum status bundle_answer(struct truce_register *reg, const struct bundle_question *question,
                                   struct buffer *out, struct error *error);

#endif
