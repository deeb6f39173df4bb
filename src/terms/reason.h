/* Every reason that an explanation can give, as a stable code. Sentences are made of them elsewhere, in each language;
 * spec/terms.md lists each with its arguments. */
#ifndef TRUCE_TERMS_REASON_H
#define TRUCE_TERMS_REASON_H

#define REASONS(X)                                                                                                     \
    /* why a record counted */                                                                                         \
    X(SIGNED_ACT, "signed-act")                                                                                        \
    X(REPORTED, "reported")                                                                                            \
    X(CLAIMED, "claimed")                                                                                              \
    X(FOUND, "found")                                                                                                  \
    X(ADMITTED, "admitted")                                                                                            \
    X(UNANSWERED, "unanswered")                                                                                        \
    X(ANSWERED_LATE, "answered-late")                                                                                  \
    X(ANSWERED, "answered")                                                                                            \
    /* why one did not */                                                                                              \
    X(NOT_TRUSTED, "not-trusted")                                                                                      \
    X(NEEDS_MORE, "needs-more")                                                                                        \
    X(FOUND_NOT, "found-not")                                                                                          \
    X(DENIED, "denied")                                                                                                \
    X(EXCUSED, "excused")                                                                                              \
    X(OUTSIDE_TIME, "outside-time")                                                                                    \
    X(TIME_STRADDLES, "time-straddles")                                                                                \
    X(TIME_UNKNOWN, "time-unknown")                                                                                    \
    X(NOT_YET, "not-yet")                                                                                              \
    X(ACT_DOUBTED, "act-doubted")                                                                                      \
    X(ACTOR_UNKNOWN, "actor-unknown")                                                                                  \
    X(ACTOR_DOUBTED, "actor-doubted")                                                                                  \
    X(TARGET_UNKNOWN, "target-unknown")                                                                                \
    X(TARGET_DOUBTED, "target-doubted")                                                                                \
    X(WEAPON_UNKNOWN, "weapon-unknown")                                                                                \
    X(WEAPON_DOUBTED, "weapon-doubted")                                                                                \
    X(PLACE_UNKNOWN, "place-unknown")                                                                                  \
    X(PLACE_DOUBTED, "place-doubted")                                                                                  \
    X(AMOUNT_DOUBTED, "amount-doubted")                                                                                \
    X(EXCEPTION_DOUBTED, "exception-doubted")                                                                          \
    X(ANSWER_RUNS, "answer-runs")                                                                                      \
    X(FREED, "freed")                                                                                                  \
    X(PERHAPS_FREED, "perhaps-freed")                                                                                  \
    /* what made the verdict */                                                                                        \
    X(NOT_BEGUN, "not-begun")                                                                                          \
    X(MOMENT_UNDETERMINED, "moment-undetermined")                                                                      \
    X(MORE_THAN_ALLOWED, "more-than-allowed")                                                                          \
    X(PERHAPS_MORE, "perhaps-more")                                                                                    \
    X(NOT_WATCHED, "not-watched")                                                                                      \
    X(WATCH_NOT_DUE, "watch-not-due")                                                                                  \
    X(EXCEPTION, "exception")                                                                                          \
    X(NOTHING_JUDGED, "nothing-judged")                                                                                \
    X(KEPT, "kept")                                                                                                    \
    X(REACHED, "reached")                                                                                              \
    X(NOT_DUE, "not-due")                                                                                              \
    X(PERHAPS_REACHED, "perhaps-reached")                                                                              \
    X(NOT_REACHED, "not-reached")                                                                                      \
    X(RUN_COMPLETE, "run-complete")                                                                                    \
    X(RUN_PERHAPS_COMPLETE, "run-perhaps-complete")                                                                    \
    X(RUN_GOES_ON, "run-goes-on")                                                                                      \
    X(REPLY_MISSED, "reply-missed")                                                                                    \
    X(REPLY_PERHAPS_MISSED, "reply-perhaps-missed")                                                                    \
    X(REPLY_WAITED_FOR, "reply-waited-for")                                                                            \
    X(ALL_ANSWERED, "all-answered")                                                                                    \
    X(NOTHING_ASKED, "nothing-asked")                                                                                  \
    X(OF_TERMS, "of-terms")                                                                                            \
    X(TOO_LONG, "too-long")                                                                                            \
    X(RATIO_OF_NOTHING, "ratio-of-nothing")                                                                            \
    X(RELEASED, "released")                                                                                            \
    X(PERHAPS_RELEASED, "perhaps-released")                                                                            \
    X(PERMITTED, "permitted")                                                                                          \
    X(NOT_IN_FORCE, "not-in-force")                                                                                    \
    /* what would change it */                                                                                         \
    X(TIME_WILL, "time-will")                                                                                          \
    X(TIME_MAY, "time-may")                                                                                            \
    X(FINDING_WOULD, "finding-would")                                                                                  \
    X(COVERAGE_WOULD, "coverage-would")                                                                                \
    X(ANSWER_WOULD, "answer-would")                                                                                    \
    X(CORRECTION_WOULD, "correction-would")                                                                            \
    X(RESUMPTION_WOULD, "resumption-would")

enum reason {
    REASON_NONE,
#define X(name, code) REASON_##name,
    REASONS(X)
#undef X
        REASON_COUNT
};
const char *reason_code(enum reason reason);
/* What, besides time, would change a verdict that has this reason; REASON_NONE: nothing in particular. */
enum reason reason_change(enum reason reason);

#endif
