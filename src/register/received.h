/* The time that an entry bears is the host's word. What contradicts it stands in the log: the entry before it, and the
 * anchors, each of which brings in a moment by which witnesses had seen the log without what follows. */
#ifndef TRUCE_REGISTER_RECEIVED_H
#define TRUCE_REGISTER_RECEIVED_H

#include "record/members.h"

/* Of an entry that counts, with the members as of behind it; `last_ms` is of the last before it that counted.
 * STATUS_UNVERIFIED: received-back, received-early (than a moment that an anchor tells), received-ahead (of `now_ms`,
 * the reader's clock). Clocks may be as far apart as evidence allows. Nothing is void by that. */
MUST_USE enum status received_check(const struct members *members, int64_t received_ms, int64_t last_ms, int64_t now_ms,
                                    struct error *error);

#endif
