/* A trust policy as C2SP's tlog-policy writes it: which logs, which witnesses, and which of them together are enough.
 */
#ifndef TRUCE_LOG_TRUST_H
#define TRUCE_LOG_TRUST_H

#include "crypto/note.h"

enum { TRUST_LOGS_MOST = 32, TRUST_WITNESSES_MOST = 64, TRUST_GROUPS_MOST = 32, TRUST_MEMBERS_MOST = 96 };

struct trust_group {
    struct slice name;
    unsigned least; /* so many of its members */
    size_t count;
    unsigned member[TRUST_MEMBERS_MOST]; /* below TRUST_WITNESSES_MOST: a witness; else a group */
};
struct trust {
    size_t logs, witnesses, groups;
    struct verifier log[TRUST_LOGS_MOST];
    struct {
        struct slice name, url;
        struct verifier key;
    } witness[TRUST_WITNESSES_MOST];
    struct trust_group group[TRUST_GROUPS_MOST];
    bool none;       /* "quorum none" */
    unsigned quorum; /* as a group's member */
};

/* Borrows from the text. STATUS_REFUSED policy-form, with the offset of the line. */
MUST_USE enum status trust_read(struct trust *out, struct slice text, struct error *error);

/* Is the checkpoint signed by a log of the policy (where it names any; else that is the caller's to check), and
 * cosigned by its quorum? The signatures of known keys must all hold. *cosignatures: how many of its witnesses cosigned
 * it. */
MUST_USE bool trust_allows(const struct trust *trust, const struct note *checkpoint, size_t *cosignatures);

#endif
