/* A trust policy as C2SP's tlog-policy writes it: which logs, which witnesses, and which of them together are enough.
 */
#ifndef TRUCE_LOG_POLICY_H
#define TRUCE_LOG_POLICY_H

#include "crypto/note.h"

enum { POLICY_LOGS_MOST = 32, POLICY_WITNESSES_MOST = 64, POLICY_GROUPS_MOST = 32, POLICY_MEMBERS_MOST = 96 };

struct policy_group {
    struct slice name;
    unsigned least; /* so many of its members */
    size_t count;
    unsigned member[POLICY_MEMBERS_MOST]; /* below POLICY_WITNESSES_MOST: a witness; else a group */
};
struct policy {
    size_t logs, witnesses, groups;
    struct verifier log[POLICY_LOGS_MOST];
    struct {
        struct slice name, url;
        struct verifier key;
    } witness[POLICY_WITNESSES_MOST];
    struct policy_group group[POLICY_GROUPS_MOST];
    bool none;       /* "quorum none" */
    unsigned quorum; /* as a group's member */
};

/* Borrows from the text. STATUS_REFUSED policy-form, with the offset of the line. */
MUST_USE enum status policy_read(struct policy *out, struct slice text, struct error *error);

/* Is the checkpoint signed by a log of the policy (where it names any; else that is the caller's to check), and
 * cosigned by its quorum? The signatures of known keys must all hold. *cosignatures: how many of its witnesses cosigned
 * it. */
MUST_USE bool policy_trusts(const struct policy *policy, const struct note *checkpoint, size_t *cosignatures);

#endif
