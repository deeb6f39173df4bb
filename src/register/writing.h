/* What the writers of one opened register share. Many threads may hand in at once: each decodes its notes and checks
 * their signatures by itself, then joins the group that gathers. The first of a group leads it when its turn comes: it
 * judges them in the order in which they came, appends them with one write and one sync, and lets all go. No thread is
 * needed for that.
 *
 *     submission: decoded, checked → in a group → (led by its first | leads) → done
 *     group: gathers → has its turn, closed → done
 *
 * W1  A submission is done only when its records are durable, or refused, or have failed.
 * W2  One leads at a time; only who leads touches the register's index, members, recent ids and last time.
 * W3  What is judged sees every entry before it, whether the index has it yet or not. */
#ifndef TRUCE_REGISTER_WRITING_H
#define TRUCE_REGISTER_WRITING_H

#include "register/follow.h"
#include "register/judge.h"
#include "register/shown.h"
#include "system/latch.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

/* One caller's notes on their way in; it lives as long as the call. */
struct submission {
    const struct slice *notes;
    size_t count;
    const int64_t *received_ms; /* NULL: now */
    struct outcome *outcomes;
    struct arena arena;
    struct record *record; /* kind NULL: refused when decoded */
    struct signature_job *job;
    size_t *job_of;
    bool wants_checkpoint;
    struct receipts receipts;
    struct error error; /* what failed; status DONE if nothing did */
    bool in_outbox;     /* its records may stand in the outbox still */
    struct submission *next;
};

/* The two halves of a submission (admit.c): by its caller alone, form and signatures, which may be done ahead of its
 * turn; then in its turn, until its records are durable. Cleared in every case. */
MUST_USE enum status register_can_admit(const struct truce_register *reg, struct error *error);
MUST_USE enum status submission_prepare(struct truce_register *reg, struct submission *submission, struct error *error);
MUST_USE enum status submission_pass(struct truce_register *reg, struct submission *submission, struct error *error);
void submission_clear(struct submission *submission);

/* Submissions that are written together. */
struct group {
    struct submission *first, *last;
    size_t notes;
    sem_t turn; /* posted once for its first, which leads */
    struct latch done;
    atomic_uint staying; /* the last to leave frees it */
    struct group *next;
};

/* Records by one author received on one day, counted once and kept up: quotas ask for each record. */
struct day_count {
    char by[72];
    int64_t day;
    uint64_t count;
};
enum { DAY_COUNTS = 256 };

struct writing {
    pthread_mutex_t mutex;      /* guards the queue */
    struct group *first, *last; /* the last one gathers */
    atomic_bool led;            /* somebody is at it; the follower looks without the mutex */
    atomic_uint bulk;           /* callers whose next group follows this one: until then the follower waits longer */

    pthread_rwlock_t members_lock; /* who leads changes members, the others look up keys */
    struct recent recent;
    struct follower *follower; /* NULL until the first group, and where the index is in memory alone */
    uint64_t indexed;          /* entries that the index has at least */
    unsigned generation;       /* of the index file that the register has open */
    struct shown *shown;       /* what readers beside were told */
    atomic_uint beside;        /* readers beside: while there are any, the follower stays */
    _Atomic int64_t outbox_ns; /* when the outbox changed last, if it was seen empty then */
    struct day_count day[DAY_COUNTS];
    size_t days;

    /* The group on its way in. */
    uint64_t base;
    size_t admitted;
    const struct record *in[REGISTER_GROUP]; /* in the order of their entries */
    int64_t received_ms[REGISTER_GROUP];
    struct buffer entries; /* one after the other */
    size_t entry_end[REGISTER_GROUP];

    void (*grown)(void *context, uint64_t size); /* truce_watch */
    void *context;
};

MUST_USE enum status writing_open(struct writing **out, struct error *error);
void writing_close(struct writing **writing); /* stops the follower */

/* Waits for its turn, leads or is led. */
void writing_pass(struct truce_register *reg, struct submission *submission);

/* Judges and appends a group's submissions; who leads calls it (admit.c). */
void admit_group(struct truce_register *reg, struct submission *first);

#endif
