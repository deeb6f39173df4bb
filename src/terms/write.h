/* What the standing and the explanations write alike. */
#ifndef TRUCE_TERMS_WRITE_H
#define TRUCE_TERMS_WRITE_H

#include "terms/terms.h"
#include "terms/verdict.h"

/* An agreement heard, and its terms judged as of one moment. */
struct heard {
    struct hearing *hearing;
    struct judged *judged;
};
struct standing {
    struct view *view;
    struct arena arena;
    int64_t at;
    bool clocks; /* when verdicts change by themselves was looked for */
    struct heard *heard;
    size_t count;
};

/* One of the standing's agreements. */
void put_agreement(struct json_writer *out, const struct heard *heard, int64_t at);
/* The agreement's standing as a word, and since when. */
const char *standing_of(const struct matter *matter, int64_t at, int64_t *since);
void put_proposals(struct json_writer *out, const struct standing *standing, const struct parties *to);
void put_time(struct json_writer *out, const char *key, int64_t at); /* nothing for NEVER and EVER */
void put_id(struct json_writer *out, const struct entry *entry);
/* What made those of the verdict so (of a dispute: all of them), each once. */
struct ruling rulings_because(const struct ruling *rulings, size_t count, enum verdict of);
void put_because(struct json_writer *out, const struct ruling *rulings, size_t count, enum verdict of);
void put_days(struct json_writer *out, const struct trial *trial, int64_t at);
void put_run(struct json_writer *out, const struct trial *trial, int64_t at);
void put_clock(struct json_writer *out, struct matter *matter, const struct judged *judged, size_t term, int64_t at);

/* Walks the readings in the order of their names; SIZE_MAX ends. */
size_t reading_next(const struct agreement *agreement, struct slice *last);

/* ---- what waits: notices and questions (open.c) */
struct waiting {
    const struct view *view;
    int64_t at;
    struct entries naming; /* who names the one at hand, in order; cleared by the owner */
};
bool waiting_begin(struct waiting *waiting, const struct entry *asked); /* for those below; false: memory is out */
int64_t waiting_due(const struct entry *asked);                         /* or NEVER */
const char *waiting_state(const struct waiting *waiting, const struct entry *asked, struct slice to, int64_t due);
/* Of the i-th of view->asking; NULL when memory is out. */
const struct asked *asked_at(struct view *view, size_t i);
bool waiting_is(struct waiting *waiting, const struct entry *asked, struct slice to);
void waiting_put(struct json_writer *out, const struct waiting *waiting, const struct entry *asked, struct slice to);

bool names_alternate(const struct entry *asked, struct slice by);
/* {"delivered":{…}} as a member, if a mirror of the recipient or of an alternate is known at `at` to have had it. */
void put_delivered(struct json_writer *out, const struct view *view, const struct entry *asked, struct slice to,
                   int64_t at);

#endif
