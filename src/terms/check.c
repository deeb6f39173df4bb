/* Is an agreement record's tables what can be evaluated? Asked before it is signed. */
#include "terms/model.h"

enum status terms_check(const struct json *agreement, terms_fault *fault, void *context, struct error *error)
{
    struct arena arena;
    const struct agreement *read;
    size_t faults = 0;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = agreement_read(&read, &agreement, 1, json_find(agreement, "parts") == NULL, fault, context,
                                        &faults, NULL, &arena, error);
    arena_clear(&arena);
    if (status != STATUS_DONE || faults == 0) return status;
    return error_set(error, STATUS_REFUSED, "agreement-refused", "The agreement's tables have {0} faults.",
                     error_number((int64_t)faults).text, NULL);
}
