#include "intake/lexis.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "intake/patterns.h"
#include "text/fold.h"
#include "text/lexicon.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

const char *const act_names[ACTS] = {"accuse",  "deny",     "reject",  "demand",      "clarify",
                                     "suspend", "threaten", "regret",  "resume",      "commit",
                                     "condemn", "warn",     "support", "acknowledge", "statement"};

enum { CUES_MOST = 256, FORMS_MOST = 8192, WORDS_BITS = 14, WORDS_MOST = 1 << WORDS_BITS, SIEVE_BITS = 17 };

struct lexis {
    struct lexeme words[WORDS_MOST];       /* open addressing */
    uint64_t sieve[1 << (SIEVE_BITS - 6)]; /* a bit for each hash that occurs: most words of a text are in no list */
    struct cue cues[CUES_MOST];
    struct cue_form forms[FORMS_MOST];
    size_t word_count, cue_count, form_count;
    struct patterns *acts;
    struct arena text;
    enum act act_of[ACTS * 8]; /* by line of acts.txt */
    bool start_of[ACTS * 8];
    unsigned lines;
};

/* The lexicon is part of the program: what is wrong with it is a bug, and memory for it is taken once. */
static void *must(void *memory)
{
    assert(memory != NULL);
    return memory;
}

/* Lives as long as the lexis. */
static struct slice folded_copy(struct lexis *lexis, struct slice text)
{
    OWN(buffer_clear) struct buffer folded = {0};
    enum status status = text_fold(&folded, NULL, text, NULL);
    assert(status == STATUS_DONE);
    (void)status;
    struct slice kept = arena_copy(&lexis->text, buffer_slice(&folded));
    assert(kept.data != NULL);
    return kept;
}

static uint64_t hash_of(struct slice s)
{
    uint64_t h = s.size * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = 0;
    for (; i + 8 <= s.size; i += 8) {
        uint64_t part;
        memcpy(&part, s.data + i, 8);
        h = (h ^ part) * UINT64_C(0xD6E8FEB86659FD93);
        h ^= h >> 32;
    }
    uint64_t rest = 0;
    if (s.size >= 8) { /* the last eight bytes: some are hashed twice, none is left out */
        memcpy(&rest, s.data + s.size - 8, 8);
    } else {
        for (; i < s.size; i++) rest = rest << 8 | s.data[i];
    }
    h = (h ^ rest) * UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 29;
}

static bool sieve_has(const struct lexis *lexis, uint64_t hash)
{
    uint64_t bit = hash & ((1U << SIEVE_BITS) - 1);
    return (lexis->sieve[bit >> 6] >> (bit & 63) & 1) != 0;
}

static const struct lexeme *slot_of(const struct lexis *lexis, struct slice folded, uint64_t hash)
{
    size_t at = hash >> (64 - WORDS_BITS);
    while (lexis->words[at].folded.size > 0 && !slice_equal(lexis->words[at].folded, folded))
        at = (at + 1) & (WORDS_MOST - 1);
    return &lexis->words[at];
}

const struct lexeme *lexis_find(const struct lexis *lexis, struct slice folded)
{
    uint64_t hash = hash_of(folded);
    if (!sieve_has(lexis, hash)) return NULL;
    const struct lexeme *word = slot_of(lexis, folded, hash);
    return word->folded.size > 0 ? word : NULL;
}

/* ---- making */

static struct lexeme *word_add(struct lexis *lexis, struct slice folded)
{
    uint64_t hash = hash_of(folded), bit = hash & ((1U << SIEVE_BITS) - 1);
    struct lexeme *word = &lexis->words[slot_of(lexis, folded, hash) - lexis->words];
    lexis->sieve[bit >> 6] |= UINT64_C(1) << (bit & 63);
    if (word->folded.size == 0) {
        assert(folded.size > 0 && ++lexis->word_count < WORDS_MOST / 2);
        word->folded = folded;
    }
    return word;
}

/* Cuts at blanks. */
static bool next_part(struct slice *rest, struct slice *part, const char *ends)
{
    size_t from = 0, to;
    while (from < rest->size && strchr(ends, rest->data[from]) != NULL) from++;
    for (to = from; to < rest->size && strchr(ends, rest->data[to]) == NULL;) to++;
    *part = slice_part(*rest, from, to - from);
    *rest = slice_part(*rest, to, rest->size);
    return part->size > 0;
}

static enum act act_parse(struct slice name)
{
    for (unsigned i = 0; i < ACTS; i++)
        if (slice_is(name, act_names[i])) return (enum act)i;
    assert(!"an act that records do not know");
    return ACT_STATEMENT;
}

static void form_add(struct lexis *lexis, const struct cue *cue, struct slice text, const char *ending,
                     enum cue_tense tense, enum gender gender)
{
    struct buffer whole = {0};
    buffer_put(&whole, text);
    buffer_put_string(&whole, ending);
    struct lexeme *word = word_add(lexis, folded_copy(lexis, buffer_slice(&whole)));
    buffer_clear(&whole);
    for (const struct cue_form *form = word->form; form != NULL; form = form->next)
        if (form->cue == cue && form->tense == tense) return;
    assert(lexis->form_count < FORMS_MOST);
    struct cue_form *form = &lexis->forms[lexis->form_count++];
    *form = (struct cue_form){cue, tense, gender, NULL};
    const struct cue_form **last = &word->form;
    while (*last != NULL) last = (const struct cue_form **)(uintptr_t) & (*last)->next;
    *last = form;
}

static bool ends_with(struct slice s, const char *ending)
{
    size_t size = strlen(ending);
    return s.size >= size && memcmp(s.data + s.size - size, ending, size) == 0;
}

static struct slice cut_end(struct slice s, const char *ending)
{
    return slice_part(s, 0, s.size - strlen(ending));
}

/* The persons of Arabic verbs that news use. A verb that ends in a long vowel loses it before the plural's and the
 * feminine's. */
static void add_arabic_past(struct lexis *lexis, const struct cue *cue, struct slice he)
{
    bool weak = ends_with(he, "ى") || ends_with(he, "ا");
    struct slice stem = weak ? slice_part(he, 0, he.size - 2) : he;
    const char *dual = ends_with(he, "ى") ? "يا" : weak ? "وا" : "ا";
    form_add(lexis, cue, he, "", TENSE_PAST, GENDER_M);
    form_add(lexis, cue, stem, "ت", TENSE_PAST, GENDER_F);
    form_add(lexis, cue, stem, "وا", TENSE_PAST, GENDER_PLURAL);
    form_add(lexis, cue, stem, dual, TENSE_PAST, GENDER_PLURAL);
    form_add(lexis, cue, stem, "تا", TENSE_PAST, GENDER_PLURAL);
}

static void add_arabic_present(struct lexis *lexis, const struct cue *cue, struct slice he)
{
    assert(slice_starts(he, "ي"));
    struct buffer she = {0};
    buffer_put_string(&she, "ت");
    buffer_put(&she, slice_part(he, 2, he.size));
    bool weak = ends_with(he, "ي") || ends_with(he, "و") || ends_with(he, "ى");
    form_add(lexis, cue, he, "", TENSE_PRESENT, GENDER_M);
    form_add(lexis, cue, buffer_slice(&she), "", TENSE_PRESENT, GENDER_F);
    form_add(lexis, cue, weak ? slice_part(he, 0, he.size - 2) : he, "ون", TENSE_PRESENT, GENDER_PLURAL);
    form_add(lexis, cue, he, "ان", TENSE_PRESENT, GENDER_PLURAL);
    form_add(lexis, cue, buffer_slice(&she), "ان", TENSE_PRESENT, GENDER_PLURAL);
    buffer_clear(&she);
}

static void add_arabic_participle(struct lexis *lexis, const struct cue *cue, struct slice accusative)
{
    form_add(lexis, cue, accusative, "", TENSE_PARTICIPLE, GENDER_M);
    if (!ends_with(accusative, "ا")) return;
    struct slice stem = cut_end(accusative, "ا");
    form_add(lexis, cue, stem, "ة", TENSE_PARTICIPLE, GENDER_F);
    form_add(lexis, cue, stem, ends_with(stem, "ي") ? "ن" : "ين", TENSE_PARTICIPLE, GENDER_PLURAL);
    form_add(lexis, cue, stem, "تين", TENSE_PARTICIPLE, GENDER_PLURAL);
}

static void add_list(struct lexis *lexis, struct slice list, struct slice *out, size_t most)
{
    struct slice part;
    for (size_t i = 0; next_part(&list, &part, ","); i++) {
        assert(i < most);
        out[i] = folded_copy(lexis, part);
    }
}

static void add_rules(struct lexis *lexis, struct cue *cue, struct slice rules)
{
    static const struct {
        const char *name;
        enum cue_rule rule;
    } known[] = {{"say", CUE_SAY},       {"bare", CUE_BARE},     {"np", CUE_NP},           {"object", CUE_OBJECT},
                 {"need", CUE_NEED},     {"strict", CUE_STRICT}, {"start", CUE_START},     {"that", CUE_THAT},
                 {"noun", CUE_NOUN},     {"quote", CUE_QUOTE},   {"negated", CUE_NEGATED}, {"source", CUE_SOURCE},
                 {"judged", CUE_JUDGED}, {"noto", CUE_NO_TO}};
    struct slice rule;
    while (next_part(&rules, &rule, " ")) {
        bool found = false;
        for (size_t i = 0; i < COUNT_OF(known); i++)
            if (slice_is(rule, known[i].name)) cue->rules |= known[i].rule, found = true;
        if (slice_starts(rule, "to:"))
            add_list(lexis, slice_part(rule, 3, rule.size), cue->to, CUE_PREPOSITIONS), found = true;
        if (slice_starts(rule, "with:"))
            add_list(lexis, slice_part(rule, 5, rule.size), cue->with, CUE_COMPANIONS), found = true;
        assert(found);
        (void)found;
    }
}

static struct slice column_of(struct slice *line)
{
    struct slice column = {NULL, 0};
    bool there = lexicon_column(line, &column);
    assert(there);
    (void)there;
    return column;
}

static struct cue *cue_add(struct lexis *lexis, struct slice lemma)
{
    assert(lexis->cue_count < CUES_MOST);
    struct cue *cue = &lexis->cues[lexis->cue_count++];
    cue->lemma = lemma;
    return cue;
}

static void add_arabic_cues(struct lexis *lexis)
{
    struct slice file = lexicon_get("ar/cues.txt"), line;
    while (lexicon_line(&file, &line)) {
        struct slice past = column_of(&line), present = column_of(&line), participle = column_of(&line);
        struct cue *cue = cue_add(lexis, past);
        cue->act = act_parse(column_of(&line));
        add_rules(lexis, cue, column_of(&line));
        if (!slice_is(past, "-")) add_arabic_past(lexis, cue, past);
        if (!slice_is(present, "-")) add_arabic_present(lexis, cue, present);
        if (!slice_is(participle, "-")) add_arabic_participle(lexis, cue, participle);
    }
    file = lexicon_get("ar/nouns_of_saying.txt");
    while (lexicon_line(&file, &line)) {
        struct slice forms = column_of(&line), form;
        struct cue *cue = cue_add(lexis, forms);
        cue->act = act_parse(column_of(&line));
        cue->rules = CUE_SAY | CUE_STRICT;
        while (next_part(&forms, &form, " ")) form_add(lexis, cue, form, "", TENSE_NOUN, GENDER_ANY);
    }
}

static unsigned class_parse(struct slice name)
{
    static const struct {
        const char *name;
        unsigned class;
    } known[] = {{"comp", WORD_COMP},
                 {"comp-pronoun", WORD_COMP_PRONOUN},
                 {"not-comp", WORD_NOT_COMP},
                 {"connector", WORD_CONNECTOR},
                 {"ender", WORD_ENDER},
                 {"hard-ender", WORD_HARD_ENDER},
                 {"prep", WORD_PREP},
                 {"time", WORD_TIME},
                 {"adverb", WORD_ADVERB},
                 {"adjunct", WORD_ADJUNCT},
                 {"relative", WORD_RELATIVE},
                 {"negation", WORD_NEGATION},
                 {"question", WORD_QUESTION},
                 {"being", WORD_BEING},
                 {"role", WORD_ROLE},
                 {"body", WORD_BODY},
                 {"name-part", WORD_NAME_PART},
                 {"pronoun", WORD_PRONOUN},
                 {"article", WORD_ARTICLE},
                 {"no-name", WORD_STOP_NAME},
                 {"adjective", WORD_ADJECTIVE},
                 {"manner", WORD_MANNER},
                 {"lead-in", WORD_LEAD_IN},
                 {"titled", WORD_TITLED},
                 {"state", WORD_BODY | WORD_STATE}};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (slice_is(name, known[i].name)) return known[i].class;
    assert(!"a class of words that nothing asks for");
    return 0;
}

static void add_words(struct lexis *lexis, const char *path, bool gendered)
{
    struct slice file = lexicon_get(path), line;
    while (lexicon_line(&file, &line)) {
        unsigned class = class_parse(column_of(&line));
        struct slice gender = gendered ? column_of(&line) : slice_from(""), words = column_of(&line), text;
        while (next_part(&words, &text, " ")) {
            struct lexeme *word = word_add(lexis, folded_copy(lexis, text));
            word->classes |= class;
            if (gendered && word->gender == GENDER_ANY)
                word->gender = slice_is(gender, "m") ? GENDER_M : slice_is(gender, "f") ? GENDER_F : GENDER_PLURAL;
        }
    }
}

static void add_acts(struct lexis *lexis, const char *path)
{
    struct slice file = lexicon_get(path), line;
    lexis->acts = must(patterns_new());
    while (lexicon_line(&file, &line)) {
        unsigned number = lexis->lines++;
        assert(number < COUNT_OF(lexis->act_of));
        lexis->act_of[number] = act_parse(column_of(&line));
        lexis->start_of[number] = slice_is(column_of(&line), "start");
        struct slice list = column_of(&line), phrase;
        while (next_part(&list, &phrase, ",")) {
            while (phrase.size > 0 && phrase.data[0] == ' ') phrase = slice_part(phrase, 1, phrase.size);
            bool open = ends_with(phrase, "*"), added;
            added = patterns_add(lexis->acts, folded_copy(lexis, open ? cut_end(phrase, "*") : phrase), open, number);
            assert(added);
            (void)added;
        }
    }
    bool built = patterns_build(lexis->acts);
    assert(built);
    (void)built;
}

/* English verbs are given with all their forms; of two words (rule out) the first is the key and the second a need. */
static void add_english_cues(struct lexis *lexis)
{
    static const enum cue_tense tenses[] = {TENSE_PRESENT, TENSE_PRESENT, TENSE_PAST, TENSE_PASSIVE, TENSE_PARTICIPLE};
    struct slice file = lexicon_get("en/cues.txt"), line;
    while (lexicon_line(&file, &line)) {
        struct slice forms[COUNT_OF(tenses)];
        for (size_t i = 0; i < COUNT_OF(tenses); i++) forms[i] = column_of(&line);
        struct cue *cue = cue_add(lexis, forms[0]);
        cue->act = act_parse(column_of(&line));
        add_rules(lexis, cue, column_of(&line));
        if (slice_is(forms[0], "-")) cue->lemma = forms[1];
        const uint8_t *blank = memchr(forms[0].data, ' ', forms[0].size);
        if (blank != NULL) cue->particle = slice_part(forms[0], (size_t)(blank - forms[0].data) + 1, forms[0].size);
        for (size_t i = 0; i < COUNT_OF(tenses); i++) {
            struct slice first, rest = forms[i];
            if (slice_is(forms[i], "-") || !next_part(&rest, &first, " ")) continue;
            if (tenses[i] == TENSE_PASSIVE && slice_equal(forms[i], forms[2]))
                continue; /* told from the past by what stands before */
            form_add(lexis, cue, first, "", tenses[i], i == 1 ? GENDER_M : GENDER_ANY);
        }
    }
}

static struct lexis *lexes[LANGUAGES];

static void make_all(void)
{
    for (unsigned i = 0; i < LANGUAGES; i++) {
        lexes[i] = must(calloc(1, sizeof *lexes[i]));
        arena_init(&lexes[i]->text, LIMIT_REQUEST_BYTES);
    }
    add_arabic_cues(lexes[LANGUAGE_ARABIC]);
    add_words(lexes[LANGUAGE_ARABIC], "ar/words.txt", false);
    add_words(lexes[LANGUAGE_ARABIC], "ar/roles.txt", true);
    add_acts(lexes[LANGUAGE_ARABIC], "ar/acts.txt");
    add_english_cues(lexes[LANGUAGE_ENGLISH]);
    add_words(lexes[LANGUAGE_ENGLISH], "en/words.txt", false);
    add_acts(lexes[LANGUAGE_ENGLISH], "en/acts.txt");
}

const struct lexis *lexis_of(enum language language)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_all);
    return lexes[language];
}

/* ---- the act of a content */

enum { START_BYTES = 48 }; /* about four words of Arabic */

struct weighing {
    const struct lexis *lexis;
    struct slice text;
    unsigned line; /* the uppermost so far */
};

/* Does a mark of writing or a blank end right before `at`? */
static bool behind_mark(struct slice text, size_t at)
{
    uint8_t last = text.data[at - 1];
    if (last < 0x80) return !(last >= 'a' && last <= 'z') && !(last >= '0' && last <= '9');
    return (at >= 2 && text.data[at - 2] == 0xc2) || (at >= 3 && text.data[at - 3] == 0xe2); /* « » “ ” */
}

enum { CLITICS_MOST = 5 };

/* May a phrase begin at `from`? Only و ف ب ك ل ال may stand before it in its word. */
static bool begins_word(struct slice text, size_t from)
{
    static const char *const clitics[] = {"ال", "و", "ف", "ب", "ك", "ل"};
    for (size_t left = CLITICS_MOST; left > 0; left--) {
        if (from == 0 || behind_mark(text, from)) return true;
        size_t before = from;
        for (size_t i = 0; i < COUNT_OF(clitics) && before == from; i++) {
            size_t size = strlen(clitics[i]);
            if (from >= size && memcmp(text.data + from - size, clitics[i], size) == 0) from -= size;
        }
        if (before == from) return false;
    }
    return false;
}

static void weigh(void *context, size_t from, size_t end, unsigned line)
{
    struct weighing *weighing = context;
    (void)end;
    if (line >= weighing->line || (weighing->lexis->start_of[line] && from > START_BYTES)) return;
    if (begins_word(weighing->text, from)) weighing->line = line;
}

enum act lexis_act(const struct lexis *lexis, struct slice folded)
{
    struct weighing weighing = {lexis, folded, lexis->lines};
    patterns_find(lexis->acts, folded, weigh, &weighing);
    return weighing.line < lexis->lines ? lexis->act_of[weighing.line] : ACT_STATEMENT;
}
