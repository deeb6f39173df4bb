/* The host's side of cosigning: each newly published head is handed to every witness of the policy, in rounds, each in
 * a thread of its own, so that one that is slow or gone holds up nobody. What they sign is offered to the register
 * (register/heads.h), which decides when a quorum stands. A head that nothing follows is handed out anew now and then,
 * so that its times stay young. */
#ifndef TRUCE_PEER_COLLECTOR_H
#define TRUCE_PEER_COLLECTOR_H

#include "register/register.h"

struct collector;
/* `reg` is open for writing and stays open until collector_stop. */
MUST_USE enum status collector_start(struct collector **out, struct truce_register *reg, const char *authority,
                                     struct error *error);
void collector_stop(struct collector **collector); /* waits for requests under way, at most some seconds */

#endif
