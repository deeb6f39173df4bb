/* The codes of explanations (spec/terms.md) as words: phrases behind a record, sentences behind a result. */
#include "tell/labels.h"

#define N_IN(context, message) message

const struct label labels_counted[] = {
    {"signed-act", N_IN("counted", "a signed act, which proves itself")},
    {"reported", N_IN("counted", "a report that this reading counts")},
    {"claimed", N_IN("counted", "a claim that this reading counts")},
    {"found", N_IN("counted", "the monitor's finding bears it out")},
    {"admitted", N_IN("counted", "admitted by the party to which it is attributed")},
    {"unanswered", N_IN("counted", "no answer came in time")},
    {"answered-late", N_IN("counted", "the answer came late")},
    {"answered", N_IN("counted", "answered in time")},
    {"reply-waited-for", N_IN("counted", "the answer is not due yet")},
    {"term", N_IN("counted", "the result of a term")},
    {NULL, NULL},
};

const struct label labels_not_counted[] = {
    {"not-trusted", N_IN("not-counted", "this reading does not rely on its author")},
    {"needs-more", N_IN("not-counted", "this reading asks for more than was brought")},
    {"found-not", N_IN("not-counted", "a finding did not substantiate it")},
    {"denied", N_IN("not-counted", "denied by the party to which it is attributed")},
    {"excused", N_IN("not-counted", "an exception applies")},
    {"outside-time", N_IN("not-counted", "outside the time that the term covers")},
    {"time-straddles", N_IN("not-counted", "its hours lie across the limit of the term's time")},
    {"not-yet", N_IN("not-counted", "later than the moment asked for")},
    {"act-doubted", N_IN("not-counted", "whether it is such an act cannot be told")},
    {"actor-unknown", N_IN("not-counted", "no actor is named")},
    {"actor-doubted", N_IN("not-counted", "accounts of the actor differ")},
    {"target-unknown", N_IN("not-counted", "no target is named")},
    {"target-doubted", N_IN("not-counted", "accounts of who was hit differ")},
    {"weapon-unknown", N_IN("not-counted", "no weapon or asset is named")},
    {"weapon-doubted", N_IN("not-counted", "accounts of the weapon or asset differ")},
    {"place-unknown", N_IN("not-counted", "no place is given")},
    {"place-doubted", N_IN("not-counted", "with its error the place may be inside or outside")},
    {"amount-doubted", N_IN("not-counted", "the number lies on both sides of the limit")},
    {NULL, NULL},
};

const struct label labels_reason[] = {
    {"not-begun", N_IN("reason", "The term's time has not begun.")},
    {"moment-undetermined", N_IN("reason", "A moment on which the term depends is not determined yet.")},
    {"more-than-allowed", N_IN("reason", "More was counted than the term allows.")},
    {"perhaps-more",
     N_IN("reason", "Perhaps more happened than the term allows: what is doubtful cannot be told either way.")},
    {"not-watched", N_IN("reason", "There was not enough watching to say. Silence is not compliance.")},
    {"watch-not-due", N_IN("reason", "Records of watching may still come in time.")},
    {"exception", N_IN("reason", "An exception of the agreement applies.")},
    {"nothing-judged", N_IN("reason", "Nothing has been judged yet: the first day is still running.")},
    {"kept", N_IN("reason", "What the term asks was kept wherever there was enough watching.")},
    {"reached", N_IN("reason", "What the term asks for was reached.")},
    {"not-due", N_IN("reason", "What the term asks for is not due yet.")},
    {"perhaps-reached",
     N_IN("reason", "What the term asks for was perhaps reached: what is doubtful cannot be told either way.")},
    {"not-reached", N_IN("reason", "What the term asks for was not reached in time.")},
    {"run-complete", N_IN("reason", "The continuous days are complete.")},
    {"run-perhaps-complete",
     N_IN("reason", "The continuous days are perhaps complete: some days were not watched enough to say.")},
    {"run-goes-on", N_IN("reason", "The continuous days are not complete; the count goes on.")},
    {"reply-missed", N_IN("reason", "An answer did not come in time.")},
    {"reply-perhaps-missed", N_IN("reason", "An answer perhaps did not come in time.")},
    {"reply-waited-for", N_IN("reason", "An answer is waited for; its time is still running.")},
    {"all-answered", N_IN("reason", "Everything that asked for an answer was answered in time.")},
    {"nothing-asked", N_IN("reason", "Nothing has asked for an answer so far.")},
    {"of-terms", N_IN("reason", "It follows from the terms below.")},
    {"permitted", N_IN("reason", "This is a permission: nothing can breach it.")},
    {"not-in-force", N_IN("reason", "What the term rests on is not in force.")},
    {NULL, NULL},
};

const struct label labels_change[] = {
    {"time-will", N_IN("change", "Time alone: at {0} the result becomes: {1}.")},
    {"finding-would", N_IN("change", "A finding of the monitor on what is doubtful.")},
    {"coverage-would", N_IN("change", "Records of watching for the hours and places that were not watched.")},
    {"answer-would", N_IN("change", "The answer that is waited for.")},
    {"correction-would",
     N_IN("change", "A correction or retraction of a record that counted, or a finding against it.")},
    {"resumption-would", N_IN("change", "The resumption of what stands suspended.")},
    {NULL, NULL},
};
