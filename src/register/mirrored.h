/* A register that follows another's log. Whoever copies the log brings entries in; here they are judged, all of them
 * and once, and the follower (follow.h) brings the index up to what was judged. What is admitted is the host's
 * business, but whether it should have been is found out here: an entry that nobody could admit is void, and told.
 *
 *     log (copied, durable) → judged (signature, admission) → index
 *
 * M1  The index holds nothing that was not judged here.
 * M2  Opened again, judging goes on where the index stands. */
#ifndef TRUCE_REGISTER_MIRRORED_H
#define TRUCE_REGISTER_MIRRORED_H

#include "register/register.h"

/* All may be NULL; called from the thread that judges, but for handed_in. */
struct mirrored_hooks {
    void (*found_void)(void *context, uint64_t entry, const struct error *why);
    /* The entry counts, and the time that it bears cannot be (received.h). */
    void (*found_time)(void *context, uint64_t entry, const struct error *why);
    /* Two records of one author in one place of its chain: their notes. */
    void (*found_again)(void *context, struct slice first, struct slice second);
    void (*progress)(void *context, uint64_t done, uint64_t total);
    /* What truce_submit does here; from any thread. */
    enum status (*handed_in)(void *context, struct slice notes, truce_line *line, void *line_context,
                             struct error *error);
    void *context;
};

/* DIRECTORY, made if it is not there, with a log that follows the one of this origin; close it as any register. The
 * hooks are kept. */
MUST_USE enum status register_mirror(struct truce_register **out, const struct system *system, const char *directory,
                                     struct slice origin, const struct mirrored_hooks *hooks, struct error *error);

/* Judges what the log has grown by. One thread at a time; others may append beside it. `more`: much more is on its way,
 * and until that is judged too the index, which is derived, waits. */
MUST_USE enum status register_judge(struct truce_register *reg, bool more, struct error *error);
uint64_t register_judged(const struct truce_register *reg); /* so many */
/* Waits until the index has what was judged. */
MUST_USE enum status register_indexed(struct truce_register *reg, struct error *error);
/* As of what was judged; NULL before the genesis. Good until the next judging. */
const struct members *register_judged_members(const struct truce_register *reg);

/* ---- inside this room */
MUST_USE enum status mirrored_open(struct mirrored **out, struct error *error);
void mirrored_close(struct mirrored **mirrored);
uint64_t mirrored_shown(const struct mirrored *mirrored); /* to the follower and to readers */
/* Was the entry found void by this process? Of a register that is no mirror: no. From any thread. */
bool mirrored_is_void(const struct truce_register *reg, uint64_t entry);
MUST_USE enum status mirrored_hand_in(struct truce_register *reg, struct slice notes, truce_line *line, void *context,
                                      struct error *error);

#endif
