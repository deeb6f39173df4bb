#include "register/received.h"

#include "register/evidence.h"
#include "register/register.h"

enum { CLOCKS_MS = EVIDENCE_CLOCKS_S * 1000 };

static enum status wrong(struct error *error, const char *code, const char *sentence, int64_t received_ms,
                         int64_t than_ms)
{
    char received[25], than[25];
    received_format(received_ms, received);
    received_format(than_ms, than);
    return error_set(error, STATUS_UNVERIFIED, code, sentence, received, than, NULL);
}

enum status received_check(const struct members *members, int64_t received_ms, int64_t last_ms, int64_t now_ms,
                           struct error *error)
{
    int64_t witnessed_ms = members_witnessed(members) * 1000;
    if (received_ms < last_ms)
        return wrong(error, "received-back",
                     "The entry says that it was received at {0}; the one before it was received at {1}.", received_ms,
                     last_ms);
    if (received_ms < witnessed_ms - CLOCKS_MS)
        return wrong(error, "received-early",
                     "The entry says that it was received at {0}; cosigners had seen the log without it at {1}.",
                     received_ms, witnessed_ms);
    if (received_ms > now_ms + CLOCKS_MS)
        return wrong(error, "received-ahead", "The entry says that it was received at {0}; it is {1} now.", received_ms,
                     now_ms);
    return STATUS_DONE;
}
