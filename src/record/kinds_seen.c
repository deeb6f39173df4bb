/* What was seen, claimed, answered and found: never one merged into the other. */
#include "record/fields.h"

static const char *const words_method[] = {"seen", "heard", "imagery", "sensor", "document", "told", "compiled", NULL};

static const struct field observer_fields[] = {
    STRING("function", MAY, 200), /* patrol 3, duty officer …; a name is sealed or left out */
    OBJECT("where", MAY, shape_where),
    END_OF_FIELDS,
};
static const struct shape shape_observer = {"observer", observer_fields, NULL};

static const struct field report_fields[] = {
    PLAIN("act", FIELD_SLUG, NEED), /* air-strike, shelling, shot, presence, withdrawal, obstruction … */
    OBJECT("when", NEED, shape_when),
    OBJECT("where", MAY, shape_where),
    WORD("method", NEED, words_method),
    OBJECT("observer", MAY, shape_observer),
    PLAIN("actor", FIELD_SLUG, MAY), /* only where the observer saw who; attribution by others is a claim */
    PLAIN("target", FIELD_SLUG, MAY),
    OBJECT("weapon", MAY, shape_weapon),
    OBJECTS("counts", MAY, FIELD_LIST, shape_count),
    OBJECTS("casualties", MAY, FIELD_LIST, shape_casualty),
    END_OF_FIELDS,
};
const struct shape shape_report = {"report", report_fields, NULL};

static const char *const words_custody[] = {"collected", "received", "examined", "stored", "handed-over", NULL};
static const struct field custody_fields[] = {
    PLAIN("at", FIELD_TIME, NEED),
    STRING("by", NEED, 200),
    WORD("act", NEED, words_custody),
    END_OF_FIELDS,
};
static const struct shape shape_custody = {"custody", custody_fields, NULL};
static const struct field evidence_fields[] = {
    PLAIN("sha256", FIELD_HASH, NEED),
    INTEGER("size_bytes", NEED, 0, JSON_INTEGER_MOST),
    STRING("media_type", NEED, 100),
    OBJECT("when", MAY, shape_when),
    OBJECT("where", MAY, shape_where),
    OBJECTS("custody", MAY, FIELD_LIST, shape_custody),
    END_OF_FIELDS,
};
const struct shape shape_evidence = {"evidence", evidence_fields, NULL};

static const char *const words_confidence[] = {"low", "medium", "high", NULL};
static const struct field claim_fields[] = {
    PLAIN("actor", FIELD_SLUG, NEED), /* to whom it is attributed */
    PLAIN("act", FIELD_SLUG, MAY),
    PLAIN("term", FIELD_TERM, MAY),
    WORD("confidence", MAY, words_confidence),
    OBJECT("event", MAY, shape_event), /* without `about`: the event as the claimant tells it */
    END_OF_FIELDS,
};
const struct shape shape_claim = {"claim", claim_fields, NULL};

static const char *const words_response[] = {"deny", "admit", "justify", "partly", NULL};
static const struct field response_fields[] = {
    PLAIN("of", FIELD_ID, NEED), /* a claim, report, finding, notice */
    WORD("response", NEED, words_response),
    PLAIN("ground", FIELD_SLUG, MAY), /* justify: self-defence, notified-exercise, excluded-group … */
    OBJECT("event", MAY, shape_event),
    END_OF_FIELDS,
};
const struct shape shape_response = {"response", response_fields, NULL};

static const char *const words_finding[] = {"substantiated", "not-substantiated", "inconclusive", "no-access", NULL};
static const char *const words_standard[] = {"highly-probable", "probable", "plausible", NULL};
static const char *const words_source[] = {"A", "B", "C", "D", "E", "F", NULL};
static const struct field grade_fields[] = {
    WORD("source", NEED, words_source),
    INTEGER("information", NEED, 1, 6),
    END_OF_FIELDS,
};
static const struct shape shape_grade = {"grade", grade_fields, NULL};
static const struct field finding_fields[] = {
    WORD("finding", NEED, words_finding), WORD("standard", MAY, words_standard), PLAIN("term", FIELD_TERM, MAY),
    OBJECT("event", MAY, shape_event), /* gives only the fields that it finds */
    OBJECT("grade", MAY, shape_grade),    PLAIN("dissent", FIELD_TEXT, MAY),     END_OF_FIELDS,
};
const struct shape shape_finding = {"finding", finding_fields, NULL};

static const char *const words_link[] = {"same", "distinct", NULL};
static enum status link_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    const struct json *about = json_find(object, "about");
    if (about != NULL && about->size >= 2) return STATUS_DONE;
    return error_at(error, error_set(error, STATUS_REFUSED, "record-shape", "A link names at least two records.", NULL),
                    "/about");
}
static const struct field link_fields[] = {
    WORD("link", NEED, words_link), /* the reason stands in `text` */
    END_OF_FIELDS,
};
const struct shape shape_link = {"link", link_fields, link_rule};

static const char *const words_watch[] = {"post", "patrol", "camera", "flight", "satellite", "remote", NULL};
static const struct field coverage_fields[] = {
    OBJECT("where", NEED, shape_where),
    OBJECT("when", NEED, shape_when),
    WORD("how", NEED, words_watch),
    INTEGER("uptime_permille", MAY, 0, 1000), /* absent: the whole time */
    MANY("acts", FIELD_SLUG, MAY, FIELD_SET), /* what could be noticed; absent: all */
    END_OF_FIELDS,
};
const struct shape shape_coverage = {"coverage", coverage_fields, NULL};

static const char *const words_restriction[] = {"denied", "delayed", "conditional", "jammed", "danger", NULL};
static const struct field restriction_fields[] = {
    PLAIN("party", FIELD_SLUG, MAY), /* by whom */
    WORD("restriction", NEED, words_restriction),
    OBJECT("where", NEED, shape_where),
    OBJECT("when", NEED, shape_when),
    INTEGER("minutes", MAY, 0, 100000),
    END_OF_FIELDS,
};
const struct shape shape_restriction = {"restriction", restriction_fields, NULL};

static const struct field tally_fields[] = {
    OBJECT("when", NEED, shape_when),
    PLAIN("term", FIELD_TERM, MAY),
    PLAIN("actor", FIELD_SLUG, MAY),
    PLAIN("rule", FIELD_TEXT, NEED), /* how it was counted */
    OBJECTS("counts", SOME, FIELD_LIST, shape_count),
    OBJECTS("casualties", SOME, FIELD_LIST, shape_casualty),
    END_OF_FIELDS,
};
const struct shape shape_tally = {"tally", tally_fields, NULL};
