/* The labels of stable ids, as words.md has them; the context tells translators which noun each describes. */
#include "tell/labels.h"
#include "tell/words.h"

#define N_IN(context, message) message

static const struct label kinds[] = {
    {"genesis", N_IN("kind", "genesis")},
    {"party", N_IN("kind", "party")},
    {"key", N_IN("kind", "signing key")},
    {"policy", N_IN("kind", "rules of the register")},
    {"approval", N_IN("kind", "approval")},
    {"anchor", N_IN("kind", "anchor")},
    {"agreement", N_IN("kind", "agreement")},
    {"part", N_IN("kind", "part of an agreement")},
    {"standing", N_IN("kind", "act of standing")},
    {"notice", N_IN("kind", "notice")},
    {"attempt", N_IN("kind", "attempt to reach")},
    {"acknowledgement", N_IN("kind", "confirmation of receipt")},
    {"question", N_IN("kind", "question")},
    {"answer", N_IN("kind", "answer")},
    {"statement", N_IN("kind", "statement")},
    {"report", N_IN("kind", "report")},
    {"evidence", N_IN("kind", "evidence")},
    {"claim", N_IN("kind", "claim")},
    {"response", N_IN("kind", "response")},
    {"finding", N_IN("kind", "finding")},
    {"link", N_IN("kind", "link")},
    {"coverage", N_IN("kind", "coverage")},
    {"restriction", N_IN("kind", "restriction")},
    {"tally", N_IN("kind", "tally")},
    {"area", N_IN("kind", "area")},
    {"site", N_IN("kind", "protected site")},
    {"passage", N_IN("kind", "passage")},
    {"designation", N_IN("kind", "designation")},
    {"retraction", N_IN("kind", "retraction")},
    {"reveal", N_IN("kind", "opening of a sealed field")},
    {"vouch", N_IN("kind", "vouching")},
    {NULL, NULL},
};

static const struct label verdicts[] = {
    {"pending", N_IN("verdict", "pending")},           {"met", N_IN("verdict", "met")},
    {"breached", N_IN("verdict", "breached")},         {"disputed", N_IN("verdict", "readings differ")},
    {"excused", N_IN("verdict", "exception applies")}, {"not-observed", N_IN("verdict", "not enough watching")},
    {"void", N_IN("verdict", "not in force")},         {NULL, NULL},
};

static const struct label standings[] = {
    {"not-begun", N_IN("agreement", "not begun")},
    {"in-force", N_IN("agreement", "in force")},
    {"partly-suspended", N_IN("agreement", "partly suspended")},
    {"suspended", N_IN("agreement", "suspended")},
    {"lapsed", N_IN("agreement", "lapsed")},
    {"withdrawn", N_IN("agreement", "ended by withdrawal")},
    {NULL, NULL},
};

static const struct label channels[] = {
    {"not-begun", N_IN("channel", "not begun")},           {"in-force", N_IN("channel", "in force")},
    {"suspended", N_IN("channel", "suspended")},           {"lapsed", N_IN("channel", "lapsed")},
    {"withdrawn", N_IN("channel", "ended by withdrawal")}, {NULL, NULL},
};

static const struct label acts[] = {
    {"assent", N_IN("act", "assent")},      {"reservation", N_IN("act", "reservation")},
    {"suspend", N_IN("act", "suspension")}, {"resume", N_IN("act", "resumption")},
    {"renew", N_IN("act", "renewal")},      {"withdraw", N_IN("act", "withdrawal from the agreement")},
    {"lapse", N_IN("act", "lapse")},        {NULL, NULL},
};

static const struct label days[] = {
    {"met", N_IN("day", "met")},
    {"breached", N_IN("day", "breach")},
    {"unwatched", N_IN("day", "not watched")},
    {"doubted", N_IN("day", "cannot be told")},
    {"excused", N_IN("day", "exception applies")},
    {"running", N_IN("day", "still running")},
    {NULL, NULL},
};

static const struct label access[] = {
    {"asked", N_IN("access", "asked for")},          {"allowed", N_IN("access", "allowed")},
    {"refused", N_IN("access", "not allowed")},      {"under-way", N_IN("access", "under way")},
    {"roadblock", N_IN("access", "at a roadblock")}, {"delivered", N_IN("access", "delivered")},
    {"turned-back", N_IN("access", "turned back")},  {"listed", N_IN("access", "listed")},
    {"expiring", N_IN("access", "soon to expire")},  {"expired", N_IN("access", "expired")},
    {"renewed", N_IN("access", "renewed")},          {"moved", N_IN("access", "moved")},
    {"corrected", N_IN("access", "corrected")},      {"erased", N_IN("access", "erased; proof kept")},
    {"withdrawn", N_IN("access", "withdrawn")},      {NULL, NULL},
};

static const struct label receipts[] = {
    {"confirmed", N_IN("receipt", "confirmed")},
    {"refused", N_IN("receipt", "receipt refused")},
    {"unreadable", N_IN("receipt", "received, but unreadable")},
    {"waiting", N_IN("receipt", "no confirmation so far")},
    {"overdue", N_IN("receipt", "no confirmation so far; overdue")},
    {NULL, NULL},
};

static const struct label levels[] = {
    {"durable", N_IN("level", "kept durably by the host; not yet in a signed head")},
    {"checkpoint", N_IN("level", "in a signed head; not yet cosigned")},
    {"cosigned", N_IN("level", "cosigned by a quorum")},
    {"mirrored", N_IN("level", "copied in full by others")},
    {NULL, NULL},
};

static const struct label states[] = {
    {"waiting", N_IN("state", "waiting")},
    {"overdue", N_IN("state", "overdue")},
    {"refused", N_IN("state", "receipt refused")},
    {"unreadable", N_IN("state", "received, but unreadable")},
    {NULL, NULL},
};

static const struct label effects[] = {
    {"request", N_IN("effect", "a request")},
    {"refer", N_IN("effect", "a referral")},
    {"extend", N_IN("effect", "an extension")},
    {"lapse", N_IN("effect", "letting it lapse")},
    {"suspend", N_IN("effect", "a suspension")},
    {"withdraw", N_IN("effect", "a withdrawal from the agreement")},
    {"resume", N_IN("effect", "a resumption")},
    {"exclude", N_IN("effect", "an exclusion")},
    {NULL, NULL},
};

static const struct {
    const char *context;
    const struct label *labels;
} tables[LABEL_TABLES] = {
    [LABEL_KIND] = {"kind", kinds},
    [LABEL_VERDICT] = {"verdict", verdicts},
    [LABEL_STANDING] = {"agreement", standings},
    [LABEL_CHANNEL] = {"channel", channels},
    [LABEL_ACT] = {"act", acts},
    [LABEL_DAY] = {"day", days},
    [LABEL_STATE] = {"state", states},
    [LABEL_ACCESS] = {"access", access},
    [LABEL_RECEIPT] = {"receipt", receipts},
    [LABEL_LEVEL] = {"level", levels},
    [LABEL_FIELD] = {"field", labels_field},
    [LABEL_COUNTED] = {"counted", labels_counted},
    [LABEL_NOT_COUNTED] = {"not-counted", labels_not_counted},
    [LABEL_REASON] = {"reason", labels_reason},
    [LABEL_CHANGE] = {"change", labels_change},
    [LABEL_VALUE] = {"value", labels_value},
    [LABEL_EVENT] = {"event", labels_event},
    [LABEL_EFFECT] = {"effect", effects},
};

const struct label *labels_of(enum label_table table)
{
    return tables[table].labels;
}

const char *words_label(enum label_table table, const char *id)
{
    for (const struct label *label = tables[table].labels; label->id != NULL; label++)
        if (strcmp(label->id, id) == 0) return word_in(tables[table].context, label->label);
    return id;
}
