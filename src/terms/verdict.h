/* A term before all readings and wordings: each one's ruling, the joint verdict, and when it changes by itself. */
#ifndef TRUCE_TERMS_VERDICT_H
#define TRUCE_TERMS_VERDICT_H

#include "terms/court.h"
#include "terms/trial.h"

struct judged {
    const struct term *term;
    size_t readings, wordings;
    struct ruling *rulings; /* [reading * wordings + wording] */
    struct ruling *was;     /* the same, where was_known */
    bool *was_known;
    enum verdict verdict, joint_was;
    bool has_was;
    int64_t changes_at; /* NEVER if it does not */
    int64_t looked_to;  /* up to when that was looked for; NEVER: to the end */
    enum verdict becomes;
};

/* What they give lives in `arena`. The clock (changes_at, becomes, looked_to) is found apart: that takes longer. */
MUST_USE enum status term_judge(struct judged *out, struct matter *matter, size_t term, int64_t at, struct arena *arena,
                                struct error *error);
MUST_USE enum status term_clock(struct judged *judged, struct matter *matter, size_t term, int64_t at,
                                struct arena *arena, struct error *error);

/* The joint verdict alone, without what it rests on. */
enum verdict term_verdict(struct matter *matter, size_t term, int64_t at);

/* Joint over a column of verdicts, as rule 10 says. */
enum verdict verdict_joint(const enum verdict *verdicts, size_t count);
enum verdict judged_joint(const struct judged *judged, const struct matter *matter, size_t wording);
enum verdict judged_was(const struct judged *judged, const struct matter *matter, size_t wording);
const struct ruling *judged_at(const struct judged *judged, size_t reading, size_t wording);

/* One agreement opened against a view; `arena` holds all of it but what grows. */
struct hearing {
    struct arena arena;
    struct matter matter;
    const struct agreement *agreement;
    const struct entry *record;
    size_t faults;
    struct error fault; /* the first */
    bool missing;       /* a part has not arrived */
};
struct court {
    struct hearing **hearings; /* in the order of the log */
    size_t count, room;
    size_t heard; /* of view->changed */
};
/* Every agreement that counts, heard up to now. */
MUST_USE enum status court_sit(struct court **out, struct view *view, struct error *error);

#endif
