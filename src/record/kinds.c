/* Every kind there is, and who may say it: the matrix that spec/record.md publishes. */
#include "record/fields.h"

const struct record_kind record_kinds[] = {
    {"genesis", FAMILY_WHO, &shape_genesis, 0, SAY_FIRST, false},
    {"party", FAMILY_WHO, &shape_party, 0, SAY_ENROLMENT, false},
    {"key", FAMILY_WHO, &shape_key, 0, SAY_ENROLMENT, false},
    {"policy", FAMILY_WHO, &shape_policy, 0, SAY_ENROLMENT, false},
    {"approval", FAMILY_WHO, &shape_approval, ROLE_ANY, SAY_ALWAYS, false},
    {"anchor", FAMILY_WHO, &shape_anchor, ROLE_ANY, SAY_ALWAYS, false},

    {"agreement", FAMILY_AGREED, &shape_agreement, ROLE_SECRETARIAT, SAY_FOUNDER, false},
    {"part", FAMILY_AGREED, &shape_part, ROLE_SECRETARIAT, SAY_FOUNDER, false},
    {"standing", FAMILY_AGREED, &shape_standing, ROLE_PARTY | ROLE_GUARANTOR, SAY_ALWAYS, false},

    {"notice", FAMILY_SAID, &shape_notice, ROLE_ANY, SAY_ALWAYS, false},
    {"attempt", FAMILY_SAID, &shape_attempt, ROLE_ANY, SAY_ALWAYS, false},
    {"acknowledgement", FAMILY_SAID, &shape_acknowledgement, ROLE_ANY, SAY_ADDRESSEE, false},
    {"question", FAMILY_SAID, &shape_question, ROLE_ANY, SAY_ALWAYS, false},
    {"answer", FAMILY_SAID, &shape_answer, ROLE_ANY, SAY_ALWAYS, false},
    {"statement", FAMILY_SAID, &shape_statement, ROLE_ANY, SAY_ALWAYS, false},

    {"report", FAMILY_SEEN, &shape_report, ROLE_ANY, SAY_ALWAYS, false},
    {"evidence", FAMILY_SEEN, &shape_evidence, ROLE_ANY, SAY_ALWAYS, false},
    {"claim", FAMILY_SEEN, &shape_claim, ROLE_ANY, SAY_ALWAYS, false},
    {"response", FAMILY_SEEN, &shape_response, ROLE_PARTY | ROLE_GUARANTOR, SAY_ALWAYS, false},
    {"finding", FAMILY_SEEN, &shape_finding, ROLE_MONITOR | ROLE_SECRETARIAT, SAY_ALWAYS, true},
    {"link", FAMILY_SEEN, &shape_link, ROLE_ANY, SAY_ALWAYS, true},
    {"coverage", FAMILY_SEEN, &shape_coverage, ROLE_ANY, SAY_ALWAYS, false},
    {"restriction", FAMILY_SEEN, &shape_restriction, ROLE_ANY, SAY_ALWAYS, false},
    {"tally", FAMILY_SEEN, &shape_tally, ROLE_ANY, SAY_ALWAYS, false},

    {"area", FAMILY_GROUND, &shape_area, ROLE_PARTY | ROLE_SECRETARIAT, SAY_ALWAYS, false},
    {"site", FAMILY_GROUND, &shape_site, ROLE_PARTY | ROLE_HUMANITARIAN, SAY_ALWAYS, false},
    {"passage", FAMILY_GROUND, &shape_passage, ROLE_PARTY | ROLE_HUMANITARIAN, SAY_ALWAYS, false},
    {"designation", FAMILY_GROUND, &shape_designation, ROLE_PARTY | ROLE_SECRETARIAT, SAY_ALWAYS, false},

    {"retraction", FAMILY_HOUSEKEEPING, &shape_retraction, ROLE_ANY, SAY_OWN, false},
    {"reveal", FAMILY_HOUSEKEEPING, &shape_reveal, ROLE_ANY, SAY_OWN, false},
    {"vouch", FAMILY_HOUSEKEEPING, &shape_vouch, ROLE_ANY, SAY_SUCCESSOR, false},
    {.name = NULL},
};

const struct record_kind *record_kind_find(struct slice name)
{
    uint8_t first = name.size == 0 ? 0 : name.data[0];
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++)
        if ((uint8_t)kind->name[0] == first && slice_is(name, kind->name)) return kind;
    return NULL;
}

const char *const words_role[] = {"party", "guarantor", "monitor", "humanitarian", "secretariat", "source", NULL};

enum role role_parse(struct slice word)
{
    for (unsigned i = 0; words_role[i] != NULL; i++)
        if (slice_is(word, words_role[i])) return (enum role)(1U << i);
    return (enum role)0;
}

const char *role_name(enum role role)
{
    for (unsigned i = 0; words_role[i] != NULL; i++)
        if ((unsigned)role == 1U << i) return words_role[i];
    return "";
}
