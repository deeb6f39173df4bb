/* Who there is: genesis, parties, keys, policy, approvals, anchors. */
#include "record/fields.h"

static const struct field founder_fields[] = {
    PLAIN("party", FIELD_SLUG, NEED),   PLAIN("names", FIELD_TEXT, NEED),        WORD("role", NEED, words_role),
    PLAIN("key", FIELD_VERIFIER, NEED), PLAIN("recovery", FIELD_VERIFIER, NEED), END_OF_FIELDS,
};
static const struct shape shape_founder = {"founder", founder_fields, NULL};

/* How many founders must agree: to enrol or retire, and to change policy. The author of the record counts as one. */
static const struct field threshold_fields[] = {
    INTEGER("enrol", NEED, 1, 64),
    INTEGER("policy", NEED, 1, 64),
    END_OF_FIELDS,
};
static const struct shape shape_thresholds = {"thresholds", threshold_fields, NULL};

static const struct field witness_fields[] = {
    PLAIN("key", FIELD_VERIFIER, NEED), /* algorithm 04: cosignature */
    STRING("url", MAY, 300),
    END_OF_FIELDS,
};
static const struct shape shape_witness = {"witness", witness_fields, NULL};

static const struct field mirror_fields[] = {
    PLAIN("key", FIELD_VERIFIER, NEED), /* algorithm 04; another than any witness's */
    STRING("url", MAY, 300),
    PLAIN("party", FIELD_SLUG, MAY), /* whose mirror it is: what it has cosigned was delivered to that party */
    END_OF_FIELDS,
};
static const struct shape shape_mirror = {"mirror", mirror_fields, NULL};

static const struct field witnessing_fields[] = {
    INTEGER("faults", NEED, 0, 63), /* f in 2k > n + f */
    INTEGER("quorum", NEED, 1, 64), /* k */
    OBJECTS("witnesses", NEED, FIELD_LIST, shape_witness),
    OBJECTS("mirrors", MAY, FIELD_LIST, shape_mirror),
    INTEGER("mirror_quorum", MAY, 1, 64), /* 1 where it is left out */
    END_OF_FIELDS,
};
static const struct shape shape_witnessing = {"witnessing", witnessing_fields, witnessing_rule};

/* Records per party and UTC day of `received`; the reserve is kept for notices, acknowledgements, questions, answers,
 * standing and keys. */
static const struct field quota_fields[] = {
    INTEGER("per_day", NEED, 1, 10000000),
    INTEGER("reserve", NEED, 0, 1000000),
    END_OF_FIELDS,
};
static const struct shape shape_quota = {"quota", quota_fields, NULL};

static const struct field default_fields[] = {
    PLAIN("kind", FIELD_SLUG, NEED),
    MANY("pointers", FIELD_POINTER, NEED, FIELD_SET),
    END_OF_FIELDS,
};
static const struct shape shape_sealed_default = {"sealed-default", default_fields, sealed_default_rule};

#define POLICY_FIELDS                                                                                                  \
    OBJECT("thresholds", NEED_POLICY, shape_thresholds), OBJECT("witnessing", MAY_POLICY, shape_witnessing),           \
        OBJECT("quota", MAY_POLICY, shape_quota),                                                                      \
        OBJECTS("sealed_by_default", MAY_POLICY, FIELD_LIST, shape_sealed_default),                                    \
        INTEGER("grace_entries", MAY_POLICY, 0, JSON_INTEGER_MOST), PLAIN("merge_within", FIELD_DURATION, MAY_POLICY), \
        BOOL("public", MAY_POLICY)

#define NEED_POLICY NEED
#define MAY_POLICY MAY
static const struct field genesis_fields[] = {
    PLAIN("nonce", FIELD_HASH, NEED),
    PLAIN("log_key", FIELD_VERIFIER, NEED),
    OBJECTS("founders", NEED, FIELD_LIST, shape_founder),
    BOOL("exercise", MAY),
    POLICY_FIELDS,
    END_OF_FIELDS,
};
const struct shape shape_genesis = {"genesis", genesis_fields, genesis_rule};
#undef NEED_POLICY
#undef MAY_POLICY

#define NEED_POLICY SOME
#define MAY_POLICY SOME
static const struct field policy_fields[] = {POLICY_FIELDS, END_OF_FIELDS};
const struct shape shape_policy = {"policy", policy_fields, NULL};

static const struct field answers_fields[] = {
    PLAIN("party", FIELD_SLUG, NEED), /* a party or group */
    PLAIN("from", FIELD_TIME, NEED),
    PLAIN("until", FIELD_TIME, MAY),
    END_OF_FIELDS,
};
static const struct shape shape_answers = {"answers-for", answers_fields, NULL};

static const struct field party_fields[] = {
    PLAIN("party", FIELD_SLUG, NEED),
    PLAIN("names", FIELD_TEXT, NEED),
    WORD("role", NEED, words_role),
    MANY("keys", FIELD_VERIFIER, NEED, FIELD_LIST), /* one per device */
    PLAIN("recovery", FIELD_VERIFIER, MAY),
    OBJECTS("answers_for", MAY, FIELD_LIST, shape_answers),
    PLAIN("until", FIELD_TIME, MAY), /* membership ended */
    END_OF_FIELDS,
};
const struct shape shape_party = {"party", party_fields, party_rule};

static const char *const words_key[] = {"add", "retire", "compromised", "log", "recovery", "reader", NULL};
static const struct field key_fields[] = {
    PLAIN("party", FIELD_SLUG, NEED),
    WORD("change", NEED, words_key),
    PLAIN("verifier", FIELD_ANY_KEY, PICK), /* add, log, recovery; reader */
    PLAIN("of", FIELD_KEY_ID, PICK),        /* retire, compromised */
    PLAIN("successor", FIELD_KEY_ID, MAY),  /* compromised: the key that may vouch */
    PLAIN("since", FIELD_TIME, MAY),        /* compromised */
    END_OF_FIELDS,
};
const struct shape shape_key = {"key", key_fields, key_rule};

static const char *const words_decision[] = {"approve", "object", NULL};
static const struct field approval_fields[] = {
    PLAIN("of", FIELD_ID, NEED),
    WORD("decision", NEED, words_decision),
    END_OF_FIELDS,
};
const struct shape shape_approval = {"approval", approval_fields, NULL};

/* A past cosigned checkpoint; its note text is origin, size and root on a line each. */
static const struct field anchor_fields[] = {
    INTEGER("size", NEED, 0, JSON_INTEGER_MOST),
    STRING("root", NEED, 44),                    /* base64 */
    STRINGS("signatures", NEED, FIELD_SET, 400), /* whole signature lines, without newlines */
    END_OF_FIELDS,
};
const struct shape shape_anchor = {"anchor", anchor_fields, anchor_rule};
