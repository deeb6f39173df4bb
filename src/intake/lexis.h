/* What intake knows of a language's words: lexicon/LANGUAGE/, folded and laid out for look-up. Made once, read-only. */
#ifndef TRUCE_INTAKE_LEXIS_H
#define TRUCE_INTAKE_LEXIS_H

#include "base/slice.h"
#include "text/catalogue.h"

/* Acts in the order of the record's own list (spec/record.md). */
enum act {
    ACT_ACCUSE,
    ACT_DENY,
    ACT_REJECT,
    ACT_DEMAND,
    ACT_CLARIFY,
    ACT_SUSPEND,
    ACT_THREATEN,
    ACT_REGRET,
    ACT_RESUME,
    ACT_COMMIT,
    ACT_CONDEMN,
    ACT_WARN,
    ACT_SUPPORT,
    ACT_ACKNOWLEDGE,
    ACT_STATEMENT,
    ACTS
};
extern const char *const act_names[ACTS];

/* What a small word does (words.txt) and who a word may name (roles.txt). */
enum word_class {
    WORD_COMP = 1 << 0,
    WORD_COMP_PRONOUN = 1 << 1,
    WORD_NOT_COMP = 1 << 2,
    WORD_CONNECTOR = 1 << 3,
    WORD_ENDER = 1 << 4,
    WORD_HARD_ENDER = 1 << 5,
    WORD_PREP = 1 << 6,
    WORD_TIME = 1 << 7,
    WORD_ADVERB = 1 << 8,
    WORD_ADJUNCT = 1 << 9,
    WORD_RELATIVE = 1 << 10,
    WORD_NEGATION = 1 << 11,
    WORD_QUESTION = 1 << 12,
    WORD_BEING = 1 << 13,
    WORD_ROLE = 1 << 14,
    WORD_BODY = 1 << 15,
    WORD_NAME_PART = 1 << 16,
    WORD_PRONOUN = 1 << 17,
    WORD_ARTICLE = 1 << 18,
    WORD_STOP_NAME = 1 << 19, /* never part of a name */
    WORD_ADJECTIVE = 1 << 20,
    WORD_MANNER = 1 << 21,
    WORD_STATE = 1 << 22, /* a body whose name is one word */
    WORD_LEAD_IN = 1 << 23,
    WORD_TITLED = 1 << 24,
};

enum gender { GENDER_ANY, GENDER_M, GENDER_F, GENDER_PLURAL };

enum cue_rule {
    CUE_SAY = 1 << 0,
    CUE_BARE = 1 << 1,
    CUE_NP = 1 << 2,
    CUE_OBJECT = 1 << 3,
    CUE_NEED = 1 << 4,
    CUE_STRICT = 1 << 5,
    CUE_START = 1 << 6,
    CUE_THAT = 1 << 7,
    CUE_NOUN = 1 << 8,
    CUE_QUOTE = 1 << 9,
    CUE_NEGATED = 1 << 10,
    CUE_SOURCE = 1 << 11,
    CUE_JUDGED = 1 << 12,
    CUE_NO_TO = 1 << 13,
};

enum { CUE_PREPOSITIONS = 6, CUE_COMPANIONS = 32 };

struct cue {
    struct slice lemma;    /* as the file has it */
    struct slice particle; /* of an English verb: ruled out */
    enum act act;
    unsigned rules;
    struct slice to[CUE_PREPOSITIONS], with[CUE_COMPANIONS]; /* folded; ended by an empty one unless full */
};

enum cue_tense { TENSE_PAST, TENSE_PRESENT, TENSE_PARTICIPLE, TENSE_PASSIVE, TENSE_NOUN };

/* One form of one cue; forms that are spelled alike are chained. */
struct cue_form {
    const struct cue *cue;
    enum cue_tense tense;
    enum gender gender;
    const struct cue_form *next;
};

struct lexeme {
    struct slice folded;
    unsigned classes; /* of enum word_class */
    enum gender gender;
    const struct cue_form *form; /* NULL if it is no cue */
};

struct lexis;
struct patterns;

const struct lexis *lexis_of(enum language language);
const struct lexeme *lexis_find(const struct lexis *lexis, struct slice folded);

/* The act that the words of a content speak for (acts.txt), or ACT_STATEMENT. `folded` begins and ends between words.
 */
enum act lexis_act(const struct lexis *lexis, struct slice folded);
/* Are these the first words of what an act's "start" lines list? For complements like الأسف behind أعرب عن. */

#endif
