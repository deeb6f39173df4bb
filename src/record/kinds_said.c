/* What was said: notices and what became of them, questions and answers, statements. */
#include "record/fields.h"

static const struct field notice_fields[] = {
    OPEN_MANY("to", FIELD_SLUG, NEED, FIELD_LIST),
    PLAIN("at", FIELD_TIME, NEED),
    PLAIN("act", FIELD_SLUG, MAY), /* what it gives notice of: air-operation, convoy, suspension, exercise … */
    PLAIN("channel", FIELD_SLUG, MAY),
    PLAIN("agreement", FIELD_ID, MAY),
    PLAIN("acknowledge_by", FIELD_TIME, MAY),
    MANY("read_back", FIELD_POINTER, MAY, FIELD_SET), /* fields that the recipient returns without seeing them */
    OPEN_MANY("alternates", FIELD_SLUG, MAY, FIELD_LIST),
    OBJECT("event", MAY, shape_event), /* what is foreseen, or what happened */
    END_OF_FIELDS,
};
const struct shape shape_notice = {"notice", notice_fields, NULL};

static const char *const words_means[] = {"hotline", "telephone", "radio", "message", "in-person", "other", NULL};
static const char *const words_reached[] = {"reached", "no-answer", "wrong-person", "line-cut", NULL};
static const struct field attempt_fields[] = {
    PLAIN("of", FIELD_ID, MAY), /* the notice, where there is one */
    PLAIN("to", FIELD_SLUG, NEED),
    PLAIN("at", FIELD_TIME, NEED),
    WORD("means", NEED, words_means),
    WORD("result", NEED, words_reached),
    PLAIN("waited", FIELD_DURATION, MAY),
    PLAIN("channel", FIELD_SLUG, MAY),
    STRING("whom", MAY, 200), /* a function, never a name */
    END_OF_FIELDS,
};
const struct shape shape_attempt = {"attempt", attempt_fields, NULL};

static const char *const words_receipt[] = {"read-back", "received", "refused", "unreadable", NULL};
static const struct field read_back_fields[] = {
    PLAIN("pointer", FIELD_POINTER, NEED),
    PLAIN("value", FIELD_TREE, NEED),
    END_OF_FIELDS,
};
static const struct shape shape_read_back = {"read-back", read_back_fields, NULL};
static const struct field acknowledgement_fields[] = {
    PLAIN("of", FIELD_ID, NEED),
    PLAIN("at", FIELD_TIME, NEED),
    WORD("receipt", NEED, words_receipt),
    OBJECTS("read_back", MAY, FIELD_SET, shape_read_back),
    END_OF_FIELDS,
};
const struct shape shape_acknowledgement = {"acknowledgement", acknowledgement_fields, NULL};

static const struct field question_fields[] = {
    OPEN_MANY("to", FIELD_SLUG, NEED, FIELD_LIST),
    PLAIN("at", FIELD_TIME, NEED),
    PLAIN("answer_by", FIELD_TIME, MAY),
    PLAIN("channel", FIELD_SLUG, MAY),
    PLAIN("agreement", FIELD_ID, MAY),
    PLAIN("term", FIELD_TERM, MAY),
    END_OF_FIELDS,
};
const struct shape shape_question = {"question", question_fields, NULL};

static const struct field answer_fields[] = {
    PLAIN("of", FIELD_ID, NEED),
    PLAIN("at", FIELD_TIME, NEED),
    END_OF_FIELDS,
};
const struct shape shape_answer = {"answer", answer_fields, NULL};

static const char *const words_act[] = {"accuse",   "deny",        "reject",    "demand", "clarify", "suspend",
                                        "threaten", "regret",      "resume",    "commit", "condemn", "warn",
                                        "support",  "acknowledge", "statement", NULL};
static const struct field statement_fields[] = {
    STRING("speaker", MAY, 200), /* a public speaker's name as the source gives it */
    STRING("role", MAY, 200),
    STRING("organisation", MAY, 200),
    PLAIN("party", FIELD_SLUG, MAY), /* the party spoken for */
    PLAIN("at", FIELD_TIME, NEED),
    OBJECT("words", NEED, shape_words),
    STRING("cue", MAY, 100), /* the source's own verb, always shown beside the act */
    WORD("act", NEED, words_act),
    STRING("cameo", MAY, 8),
    PLAIN("addressed", FIELD_SLUG, MAY),
    END_OF_FIELDS,
};
const struct shape shape_statement = {"statement", statement_fields, NULL};
