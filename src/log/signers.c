/* Which key signs which size, where the log's key was changed. Readers need no lock: what they may hold is freed last.
 */
#include "log/internal.h"

#include <stdlib.h>

enum status log_sign_from(struct log *log, uint64_t size, const struct signer *signer, struct error *error)
{
    struct later_signer *later = calloc(1, sizeof *later);
    if (later == NULL)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
    later->from = size;
    later->known = signer != NULL;
    if (signer != NULL) later->signer = *signer;
    later->before = log->later;
    log->later = later;
    return STATUS_DONE;
}

void log_sign_as_before(struct log *log)
{
    struct later_signer *last = log->later;
    if (last == NULL) return;
    log->later = last->before;
    last->dropped = log->dropped;
    log->dropped = last;
}

const struct signer *log_signer(const struct log *log, uint64_t size)
{
    const struct later_signer *later = log->later;
    while (later != NULL && later->from > size) later = later->before;
    if (later == NULL) return &log->signer;
    return later->known ? &later->signer : NULL;
}

void signers_clear(struct log *log)
{
    while (log->later != NULL) log_sign_as_before(log);
    while (log->dropped != NULL) {
        struct later_signer *last = log->dropped;
        log->dropped = last->dropped;
        signer_clear(&last->signer);
        free(last);
    }
}
