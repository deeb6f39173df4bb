#include "terms/reason.h"

const char *reason_code(enum reason reason)
{
    static const char *const codes[REASON_COUNT] = {"",
#define X(name, code) code,
                                                    REASONS(X)
#undef X
    };
    return codes[reason];
}
