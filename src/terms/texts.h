/* What the files that write an agreement's texts share. */
#ifndef TRUCE_TERMS_TEXTS_H
#define TRUCE_TERMS_TEXTS_H

#include "terms/write.h"

struct texts {
    const struct standing *standing;
    const struct heard *heard;
    const struct entry *record;
    struct slice name;
    struct entries sources; /* the record and those of its parts that are there, in their order */
    struct entries earlier; /* versions that the record took the place of, and their parts, in the order of the log */
    struct entries others;  /* records of other authors or lines under the same name, in the order of the log */
    struct entries amending;
    struct json_writer *out;
};

/* ---- texts.c */
const struct json *texts_term(const struct entry *source, struct slice id); /* that source's term, or NULL */
/* The next item of `amends`, from *item on, that speaks of this agreement; *term: of which term, empty for all. */
bool texts_amended(const struct texts *texts, const struct json **item, struct slice *term);
const struct json *texts_amends(const struct entry *entry);                 /* the first item, or NULL */
void put_name(struct json_writer *out, const char *key, struct slice name); /* nothing for an empty one */
void put_entry_id(struct json_writer *out, const char *key, const struct entry *entry);
void put_member(struct json_writer *out, const char *key, const struct json *value); /* nothing for NULL */
void put_true(struct json_writer *out, const char *key, bool value);                 /* nothing for false */

/* ---- clauses.c: the members "clauses" and "languages" */
void put_clauses(const struct texts *texts);
void put_languages(const struct texts *texts);

#endif
