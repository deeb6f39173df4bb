/* Short names for the kinds' tables. */
#ifndef TRUCE_RECORD_FIELDS_H
#define TRUCE_RECORD_FIELDS_H

#include "base/limits.h"
#include "record/schema.h"

#define END_OF_FIELDS                                                                                                  \
    {                                                                                                                  \
        .name = NULL                                                                                                   \
    }
#define BOOL(n, need_)                                                                                                 \
    {                                                                                                                  \
        .name = (n), .type = FIELD_BOOL, .need = (need_)                                                               \
    }
#define INTEGER(n, need_, from, to)                                                                                    \
    {                                                                                                                  \
        .name = (n), .type = FIELD_INTEGER, .need = (need_), .least = (from), .most = (to)                             \
    }
#define STRING(n, need_, most_)                                                                                        \
    {                                                                                                                  \
        .name = (n), .type = FIELD_STRING, .need = (need_), .most = (most_)                                            \
    }
#define PLAIN(n, type_, need_)                                                                                         \
    {                                                                                                                  \
        .name = (n), .type = (type_), .need = (need_)                                                                  \
    }
#define MANY(n, type_, need_, count_)                                                                                  \
    {                                                                                                                  \
        .name = (n), .type = (type_), .need = (need_), .count = (count_)                                               \
    }
#define OPEN_MANY(n, type_, need_, count_)                                                                             \
    {                                                                                                                  \
        .name = (n), .type = (type_), .need = (need_), .count = (count_), .open = true                                 \
    }
#define STRINGS(n, need_, count_, most_)                                                                               \
    {                                                                                                                  \
        .name = (n), .type = FIELD_STRING, .need = (need_), .count = (count_), .most = (most_)                         \
    }
#define WORD(n, need_, words_)                                                                                         \
    {                                                                                                                  \
        .name = (n), .type = FIELD_WORD, .need = (need_), .words = (words_)                                            \
    }
#define OBJECT(n, need_, shape_)                                                                                       \
    {                                                                                                                  \
        .name = (n), .type = FIELD_OBJECT, .need = (need_), .object = &(shape_)                                        \
    }
#define OBJECTS(n, need_, count_, shape_)                                                                              \
    {                                                                                                                  \
        .name = (n), .type = FIELD_OBJECT, .need = (need_), .count = (count_), .object = &(shape_)                     \
    }

#define NEED FIELD_REQUIRED
#define MAY FIELD_OPTIONAL
#define PICK FIELD_PICK
#define SOME FIELD_SOME

/* Shapes that several kinds share, in kinds_shared.c. */
extern const struct shape shape_casualty, shape_count, shape_weapon, shape_event, shape_words;
extern const char *const words_role[];

/* Rules of rules_who.c. */
extern shape_rule genesis_rule, party_rule, key_rule, witnessing_rule, sealed_default_rule;

/* anchor.c */
extern shape_rule anchor_rule;

/* The kinds of each family, in kinds_<family>.c. */
extern const struct shape shape_genesis, shape_party, shape_key, shape_policy, shape_approval, shape_anchor;
extern const struct shape shape_agreement, shape_part, shape_standing;
extern const struct shape shape_notice, shape_attempt, shape_acknowledgement, shape_question, shape_answer,
    shape_statement;
extern const struct shape shape_report, shape_evidence, shape_claim, shape_response, shape_finding, shape_link,
    shape_coverage, shape_restriction, shape_tally;
extern const struct shape shape_area, shape_site, shape_passage, shape_designation;
extern const struct shape shape_retraction, shape_reveal, shape_vouch;

#endif
