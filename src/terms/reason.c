#include "terms/reason.h"
#include "base/error.h"

const char *reason_code(enum reason reason)
{
    static const char *const codes[REASON_COUNT] = {"",
#define X(name, code) code,
                                                    REASONS(X)
#undef X
    };
    return codes[reason];
}

enum reason reason_change(enum reason reason)
{
    static const struct {
        enum reason made_it, would;
    } changes[] = {
        {REASON_MORE_THAN_ALLOWED, REASON_CORRECTION_WOULD},  {REASON_PERHAPS_MORE, REASON_FINDING_WOULD},
        {REASON_NOT_WATCHED, REASON_COVERAGE_WOULD},          {REASON_WATCH_NOT_DUE, REASON_COVERAGE_WOULD},
        {REASON_PERHAPS_REACHED, REASON_FINDING_WOULD},       {REASON_NOT_REACHED, REASON_CORRECTION_WOULD},
        {REASON_RUN_PERHAPS_COMPLETE, REASON_COVERAGE_WOULD}, {REASON_REPLY_WAITED_FOR, REASON_ANSWER_WOULD},
        {REASON_REPLY_PERHAPS_MISSED, REASON_FINDING_WOULD},  {REASON_NOT_IN_FORCE, REASON_RESUMPTION_WOULD},
        {REASON_PERHAPS_RELEASED, REASON_FINDING_WOULD},      {REASON_RELEASED, REASON_CORRECTION_WOULD},
        {REASON_RUN_GOES_ON, REASON_CORRECTION_WOULD},        {REASON_EXCEPTION, REASON_CORRECTION_WOULD},
        {REASON_REPLY_MISSED, REASON_CORRECTION_WOULD},
    };
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        if (changes[i].made_it == reason) return changes[i].would;
    return REASON_NONE;
}
