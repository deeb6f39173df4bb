/* The course of a convoy or of a protected site: the records that tell its steps or versions, the state that they make
 * of it at a moment, and the notices that name any of them or that they name. Private to truce_access (access.c,
 * course.c, course_put.c). */
#ifndef TRUCE_REGISTER_COURSE_H
#define TRUCE_REGISTER_COURSE_H

#include "register/sight.h"

enum {
    COURSE_STEPS_MOST = 64, /* the last ones */
    COURSE_NOTICES_MOST = 32,
    COURSE_NAMING_MOST = 512,     /* records that name one of its own */
    COURSE_EXPIRING_S = 7 * 86400 /* so long before its end a site asks what is to become of it */
};

/* A record read; its memory is the course's. */
struct told {
    struct buffer entry;
    struct record record;
    int64_t received_ms;
    uint64_t index;
};
struct step {
    struct told told;
    enum effect effect; /* EFFECT_COUNTS, _REPLACED or _RETRACTED */
    uint64_t cause;     /* the entry that made it so */
    int64_t at;         /* of a passage, what it states; of a site, when it was received */
    const char *state;  /* what it says of the passage, or made of the site */
    bool erased;        /* its author asked the others to erase what it seals */
};
struct course {
    struct truce_register *reg;
    const struct view *view;
    struct moment moment;
    int64_t until; /* nothing later is told */
    bool exercise;
    struct arena arena;
    uint64_t first;
    bool site, cut;    /* cut: there are more steps or notices */
    struct step *step; /* in their order in time */
    size_t steps;
    struct told *notice; /* in the order of the log */
    size_t notices;
    const struct step *now; /* the one that holds; NULL: all were taken back */
    const char *state;
    int64_t since;
    uint64_t behind; /* the entry that made the state */
    bool withheld;   /* its places are not told yet */
    bool over;       /* of a site: it is listed no longer */
};

MUST_USE enum status course_open(struct course *out, struct truce_register *reg, const struct look *look,
                                 struct error *error);
void course_close(struct course *course);

/* The course that begins with that entry. Without any step that may be told, `steps` is 0. */
MUST_USE enum status course_read(struct course *course, uint64_t first, struct error *error);
/* Does anybody of that name tell a step, have a part in it, give a notice of it or get one? */
bool course_concerns(const struct course *course, struct slice party);
/* "open" stands for all that go on. */
bool course_is(const struct course *course, const char *state);
bool course_state_known(const char *state);

/* As an object (spec/http.md). */
MUST_USE enum status course_put(const struct course *course, struct json_writer *w, struct error *error);

#endif
