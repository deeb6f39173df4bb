#include "intake/arabic_frame.h"

enum {
    SUBJECT_MOST = 40,  /* tokens between a verb and what it opens */
    STRICT_MOST = 16,   /* the same for everyday words */
    COMPANION_NEAR = 6, /* tokens behind the subject in which a companion counts */
    NEXT_NEAR = 12,     /* tokens in which the verb's preposition follows a name that begins like one */
    NAME_WORDS = 3      /* a quotation of so few words may be a name */
};

/* Does this mark quote words that somebody said? Round brackets do if there is enough in them. */
bool frame_quotes(const struct scan *scan, size_t open)
{
    if (!kind_at(scan, open, TOKEN_OPEN)) return false;
    if (!scan->tokens[open].bracket) return true;
    return class_at(scan, open + 1, WORD_COMP | WORD_COMP_PRONOUN) ||
           scan_words_inside(scan, open, BRACKET_WORDS) >= BRACKET_WORDS;
}

/* Steps over a pair of marks that only names or explains something. */
static size_t behind_marks(const struct scan *scan, size_t open)
{
    size_t mate = scan->tokens[open].mate;
    return mate == TOKEN_UNPAIRED ? open + 1 : mate + 1;
}

/* ---- what a verb must have beside it */

static bool has_companion(const struct scan *scan, const struct cue *cue, size_t from, size_t to, size_t *at)
{
    if (cue->with[0].size == 0) return true;
    for (size_t i = from; i < to; i++) {
        if (scan->tokens[i].kind != TOKEN_WORD) continue;
        struct slice word = text_at(scan, i), bare = slice_starts(word, "ال") ? slice_part(word, 4, word.size) : word;
        for (size_t k = 0; k < CUE_COMPANIONS && cue->with[k].size > 0; k++) {
            struct slice with = cue->with[k];
            if (!slice_equal(slice_part(word, 0, with.size), with) &&
                !slice_equal(slice_part(bare, 0, with.size), with))
                continue;
            *at = i;
            return true;
        }
    }
    return false;
}

/* Is this token the preposition, as a word or written to the word? *inside: it is part of the word. */
static bool is_preposition(const struct scan *scan, size_t at, struct slice preposition, bool *inside)
{
    struct slice word = text_at(scan, at);
    *inside = preposition.size <= 2;
    if (!*inside) {
        if (slice_equal(word, preposition)) return true;
        /* إليه, عنها, منهم */
        return false;
    }
    if (word.size == 2 && slice_equal(word, preposition)) {
        *inside = false;
        return true;
    }
    return word.size >= 6 && word.data[0] == preposition.data[0] && word.data[1] == preposition.data[1] &&
           (scan->tokens[at].word == NULL ||
            (scan->tokens[at].word->classes & (WORD_COMP | WORD_ROLE | WORD_BODY)) == 0 ||
            token_is(&scan->tokens[at], WORD_COMP_PRONOUN)) &&
           !slice_is(word, "باسم") && !slice_is(word, "بشان") && !slice_is(word, "بين") && !slice_is(word, "بعد");
}

static bool find_preposition(const struct scan *scan, const struct cue *cue, size_t from, size_t to, size_t *at,
                             bool *inside)
{
    for (size_t i = from; i < to; i++) {
        if (kind_at(scan, i, TOKEN_OPEN) && frame_quotes(scan, i) &&
            scan_words_inside(scan, i, BRACKET_WORDS) > NAME_WORDS)
            return false;
        if (scan->tokens[i].kind != TOKEN_WORD || (i > from && class_at(scan, i - 1, WORD_RELATIVE))) continue;
        for (size_t k = 0; k < CUE_PREPOSITIONS && cue->to[k].size > 0; k++)
            if (is_preposition(scan, i, cue->to[k], inside)) {
                *at = i;
                return true;
            }
    }
    return false;
}

/* May أن stand here for the verb's content? Not after بعد, يمكن …, and after a preposition only if it is the verb's. */
static bool opens_clause(const struct scan *scan, const struct cue *cue, size_t at, size_t verb)
{
    if (!class_at(scan, at, WORD_COMP | WORD_COMP_PRONOUN)) return false;
    if (at == 0 || at - 1 == verb) return true;
    if (class_at(scan, at - 1, WORD_NOT_COMP)) return false;
    if (!class_at(scan, at - 1, WORD_PREP)) return true;
    bool inside;
    for (size_t k = 0; k < CUE_PREPOSITIONS && cue->to[k].size > 0; k++)
        if (is_preposition(scan, at - 1, cue->to[k], &inside)) return true;
    return word_at(scan, at - 1, "الي") || word_at(scan, at - 1, "علي") || class_at(scan, at - 1, WORD_TIME);
}

/* ---- where clauses begin */

static bool is_participle(const struct scan *scan, size_t at)
{
    return at < scan->end && scan->tokens[at].word != NULL && scan->tokens[at].word->form != NULL &&
           scan->tokens[at].word->form->tense == TENSE_PARTICIPLE;
}

static bool is_verb(const struct scan *scan, size_t at)
{
    return at < scan->end && scan->tokens[at].word != NULL && scan->tokens[at].word->form != NULL;
}

/* غير أن, إلا أن: a connector of two words. */
static bool is_connecting_comp(const struct scan *scan, size_t at)
{
    return at > 0 && class_at(scan, at, WORD_COMP) &&
           (word_at(scan, at - 1, "غير") || word_at(scan, at - 1, "الا") || word_at(scan, at - 1, "بيد"));
}

/* Before this token a clause can begin: the sentence's begin, a mark of writing, a connector, or و and ف on the word.
 */
static bool at_clause(const struct scan *scan, size_t at)
{
    if (at == 0 || at == scan->sentence_from) return true;
    const struct token *token = &scan->tokens[at], *before = token - 1;
    if (token->lead > 0 && !slice_starts(token_text(scan->article, token), "س")) return true;
    if (before->kind != TOKEN_WORD && before->kind != TOKEN_NUMBER) return true;
    return token_is(before, WORD_CONNECTOR | WORD_LEAD_IN) || is_connecting_comp(scan, at - 1);
}

static bool is_object_of_relative(const struct scan *scan, size_t at)
{
    return at > 0 && (class_at(scan, at - 1, WORD_RELATIVE | WORD_NEGATION) ||
                      (at > 1 && class_at(scan, at - 1, WORD_CONNECTOR) && word_at(scan, at - 1, "قد") &&
                       class_at(scan, at - 2, WORD_RELATIVE)));
}

static bool ends_in_alef(const struct scan *scan, size_t at)
{
    struct slice text = text_at(scan, at);
    return text.size >= 6 && memcmp(text.data + text.size - 2, "ا", 2) == 0;
}

/* ---- parsing a frame */

enum { SOON = 4 };

/* Does أن/إن, a colon or a quotation follow within a few words? قالت محذرة إن */
static bool opens_soon(const struct scan *scan, const struct cue *cue, size_t at, size_t to)
{
    for (size_t i = at + 1; i < to && i <= at + SOON; i++)
        if (opens_clause(scan, cue, i, at) || kind_at(scan, i, TOKEN_COLON) ||
            (kind_at(scan, i, TOKEN_OPEN) && frame_quotes(scan, i)))
            return true;
    return false;
}

static size_t subject_behind(const struct scan *scan, const struct frame *frame, size_t to);
static size_t skip_adjuncts(const struct scan *scan, size_t at, size_t to);

/* Stands nothing but the subject and its circumstances between the verb and `at`? Verbs without a complement but a
 * clause have nothing else there. */
static bool said_nothing_yet(const struct scan *scan, const struct frame *frame, size_t at)
{
    if ((frame->cue->rules & (CUE_NP | CUE_OBJECT)) == 0 || frame->form->tense == TENSE_PARTICIPLE) return true;
    size_t from = subject_behind(scan, frame, at), words = 0;
    if (from < at && class_at(scan, from, WORD_PREP)) return true;
    for (size_t i = skip_adjuncts(scan, from, at); i < at; i++) words += scan->tokens[i].kind == TOKEN_WORD;
    return words < 2;
}

/* Finds what opens the content: أن/إن, a colon, a quotation. *at is the token behind it. */
static bool find_opening(const struct scan *scan, struct frame *frame, size_t to)
{
    for (size_t i = frame->verb_end; i < to; i++) {
        const struct token *token = &scan->tokens[i];
        if (opens_clause(scan, frame->cue, i, frame->verb)) {
            frame->content = token_is(token, WORD_COMP_PRONOUN) ? i : i + 1;
            frame->opened = true;
            frame->subject_end = i;
            return true;
        }
        bool titled = token->kind == TOKEN_OPEN && class_before(scan, i, WORD_TITLED) && token->mate != TOKEN_UNPAIRED;
        bool name = titled || (token->kind == TOKEN_OPEN && scan_words_inside(scan, i, BRACKET_WORDS) <= NAME_WORDS);
        if ((token->kind == TOKEN_COLON || (token->kind == TOKEN_OPEN && frame_quotes(scan, i) && !name)) &&
            (frame->cue->rules & CUE_NP) != 0 && (frame->cue->rules & CUE_BARE) == 0 &&
            !said_nothing_yet(scan, frame, i))
            return false;
        if (token->kind == TOKEN_COLON) {
            frame->content = class_at(scan, i + 1, WORD_COMP) ? i + 2 : i + 1;
            frame->opened = true;
            frame->subject_end = i;
            return true;
        }
        if (token->kind == TOKEN_OPEN) {
            size_t behind = behind_marks(scan, i);
            name = name && behind < to && !kind_at(scan, behind, TOKEN_STOP) && !kind_at(scan, behind, TOKEN_BREAK);
            if (frame_quotes(scan, i) && !name) {
                frame->content = i;
                frame->opened = true;
                frame->subject_end = i;
                return true;
            }
            i = behind - 1;
            continue;
        }
        if (token->kind == TOKEN_STOP || token->kind == TOKEN_DOTS || token->kind == TOKEN_CLOSE) return false;
        /* أضاف قائلا: the participle is the nearer cue. Another verb of saying begins a frame of its own. */
        if (is_participle(scan, i) && !token_is(token, WORD_ROLE)) {
            bool plain = (token->word->form->cue->rules & CUE_BARE) != 0;
            if (!opens_soon(scan, frame->cue, i, to) || !said_nothing_yet(scan, frame, i)) return false;
            if (plain)
                frame->verb = i, frame->verb_end = i + 1;
            else if (token->word->form->gender == frame->form->gender)
                frame->manner = token->word->form->cue;
            else
                return false;
            continue;
        }
        if (i > frame->verb_end && is_verb(scan, i) && at_clause(scan, i) &&
            !token_is(token, WORD_ROLE | WORD_BODY | WORD_PREP))
            return false;
    }
    return false;
}

/* Steps over when and where it was said. */
static size_t skip_adjuncts(const struct scan *scan, size_t at, size_t to)
{
    for (size_t from = SIZE_MAX; at < to && from != at;) {
        from = at;
        if (scan->tokens[at].kind == TOKEN_COMMA) at++;
        while (at < to && class_at(scan, at, WORD_TIME | WORD_ADVERB)) at++;
        if (at + 2 < to && class_at(scan, at, WORD_RELATIVE) && /* الملقب بـ"…"، المعروف باسم … */
            (word_at(scan, at + 1, "ب") || word_at(scan, at + 1, "باسم")))
            at = kind_at(scan, at + 2, TOKEN_OPEN) ? behind_marks(scan, at + 2) : at + 3;
        if (at + 1 < to && class_at(scan, at, WORD_PREP) && class_at(scan, at + 1, WORD_ADJUNCT)) {
            size_t i = at + 2;
            while (i < to && i < at + 16 && scan->tokens[i].kind != TOKEN_COMMA) i++;
            at = i < to && scan->tokens[i].kind == TOKEN_COMMA ? i + 1 : at + 2;
        }
    }
    return at;
}

/* Does this word carry the verb's own preposition, بقيام behind صرح? A name may begin with that letter, too: right
 * behind the verb it is one if another word with the preposition follows (رحب بوتين بقرار). */
static bool carries_preposition(const struct scan *scan, const struct frame *frame, size_t at, size_t to)
{
    bool inside;
    size_t next;
    struct slice word = text_at(scan, at);
    for (size_t k = 0; k < CUE_PREPOSITIONS && frame->cue->to[k].size > 0; k++) {
        if (frame->cue->to[k].size > 2 || !is_preposition(scan, at, frame->cue->to[k], &inside)) continue;
        struct slice rest = slice_part(word, 2, word.size);
        const struct lexeme *noun = lexis_find(scan->article->lexis, rest);
        bool name = !slice_starts(rest, "ال") && !slice_starts(word, "لل") &&
                    (noun == NULL || (noun->classes & WORD_STOP_NAME) == 0) &&
                    (speakers_know(&scan->speakers, scan->article, at) ||
                     find_preposition(scan, frame->cue, at + 1, least(to, at + NEXT_NEAR), &next, &inside));
        return !name;
    }
    return false;
}

static bool carries_object(const struct scan *scan, size_t verb)
{
    return scan->tokens[verb].word->folded.size < token_base(scan->article, &scan->tokens[verb]).size;
}

/* The subject right before the verb: لكن الحركة نفت, أما الوزارة فطالبت. */
static struct speaker subject_before(const struct scan *scan, const struct frame *frame)
{
    struct speaker before = speaker_before(scan->article, scan->sentence_from, frame->verb, frame->form->gender, true);
    if (before.from < before.end && !can_speak(&scan->speakers, scan->article, before.from)) before.end = before.from;
    return before;
}

/* Where the subject behind the verb ends, if what stands there can speak; else there is none. */
static size_t subject_behind(const struct scan *scan, const struct frame *frame, size_t to)
{
    size_t at = frame->verb_end;
    struct speaker before = subject_before(scan, frame);
    if (frame->form->tense == TENSE_PARTICIPLE || before.from < before.end) return at;
    while (at < to && class_at(scan, at, WORD_ADVERB | WORD_TIME)) at++;
    if (carries_object(scan, frame->verb) && !class_at(scan, at, WORD_ROLE | WORD_BODY) &&
        !(at < to && speakers_know(&scan->speakers, scan->article, at)))
        return frame->verb_end;
    if (at >= to || carries_preposition(scan, frame, at, to)) return frame->verb_end;
    size_t end = noun_phrase_end(scan->article, at, to, true);
    bool two = (frame->cue->rules & CUE_OBJECT) != 0 && end > at &&
               slice_starts(text_at(scan, end), "ال"); /* طالب المحمود المجتمع */
    if (!two && !can_speak(&scan->speakers, scan->article, at)) return frame->verb_end;
    if (kind_at(scan, end, TOKEN_COMMA) && class_at(scan, end + 1, WORD_ROLE)) { /* فلان، رئيس المجلس، */
        size_t behind = noun_phrase_end(scan->article, end + 1, to, true);
        if (kind_at(scan, behind, TOKEN_COMMA)) return behind;
    }
    for (size_t i = at + 1; i < end; i++) {
        bool inside;
        bool office =
            class_before(scan, i, WORD_ROLE) && slice_starts(text_at(scan, i), "بال"); /* وزير الدولة بالشؤون */
        if (carries_preposition(scan, frame, i, to) && !office) return i;
        for (size_t k = 0; k < CUE_PREPOSITIONS && frame->cue->to[k].size > 2; k++)
            if (is_preposition(scan, i, frame->cue->to[k], &inside)) return i;
    }
    return end;
}

static bool has_words(const struct scan *scan, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (scan->tokens[i].kind == TOKEN_WORD) return true;
    return false;
}

/* Where only one noun stands behind a verb that wants an object, is it the object and the subject dropped? So if their
 * genders differ, or if the verb goes on with "و" in a sentence where somebody already spoke. */
static bool is_object(const struct scan *scan, const struct frame *frame)
{
    const struct lexeme *noun = scan->tokens[frame->verb_end].word;
    if (noun != NULL && noun->gender != GENDER_ANY && noun->gender != GENDER_PLURAL &&
        noun->gender != frame->form->gender)
        return true;
    if (scan->tokens[frame->verb].lead == 0 || frame->verb == scan->sentence_from) return false;
    struct speaker before = speaker_of_sentence(scan->article, scan->sentence_from, frame->verb);
    return scan->spoken_in == scan->sentence_from || (before.from < before.end && before.gender == frame->form->gender);
}

/* Without أن: the complement itself is the content. */
static bool find_complement(const struct scan *scan, struct frame *frame, size_t to)
{
    const struct cue *cue = frame->cue;
    size_t preposition = to, companion = to;
    bool inside = false, found = false, object = (cue->rules & CUE_OBJECT) != 0 && !carries_object(scan, frame->verb);
    frame->subject_end = subject_behind(scan, frame, to);
    if (!has_companion(scan, cue, frame->verb_end, least(to, frame->subject_end + COMPANION_NEAR), &companion))
        return false;
    if (cue->with[0].size > 0 && companion < frame->subject_end) frame->subject_end = companion;
    bool at_preposition =
        find_preposition(scan, cue, frame->subject_end, least(to, frame->subject_end + 1), &preposition, &inside);
    frame->content = at_preposition ? frame->subject_end : skip_adjuncts(scan, frame->subject_end, to);
    if (cue->to[0].size > 0)
        found = find_preposition(scan, cue, object ? frame->content : frame->subject_end, to, &preposition, &inside);
    bool alone = object && frame->subject_end > frame->verb_end &&
                 (cue->to[0].size > 0 ? !found || preposition == frame->content : companion == frame->content);
    if ((alone && (is_object(scan, frame) || (!found && cue->to[0].size > 0))) ||
        !has_words(scan, frame->content, to)) {
        frame->content = frame->subject_end = frame->verb_end;
        if (cue->to[0].size > 0) found = find_preposition(scan, cue, frame->verb_end, to, &preposition, &inside);
    }
    if ((cue->rules & CUE_NEED) != 0 && !found) return false;
    if (!object && found && ((cue->rules & CUE_NEED) != 0 || preposition <= frame->content + 1))
        frame->content = inside ? preposition : preposition + 1;
    if (object && found && preposition > frame->content) frame->object_end = preposition;
    return has_words(scan, frame->content, to);
}

static size_t clause_limit(const struct scan *scan, size_t from, size_t most)
{
    size_t to = least(sentence_end(scan, from), from + most);
    return to;
}

/* A verb in the past with somebody who speaks right behind it, or right before it at a clause's begin, is no part of
 * another clause. */
static bool has_subject_beside(const struct scan *scan, size_t at, const struct cue_form *form)
{
    size_t next = at + 1;
    if (form->tense != TENSE_PAST) return false;
    struct speaker before = speaker_before(scan->article, scan->sentence_from, at, form->gender, true);
    if (before.from < before.end && before.from > 0) {
        if (class_at(scan, before.from - 1, WORD_COMP) && !is_connecting_comp(scan, before.from - 1))
            return false; /* what was said tells of another saying */
        if (at_clause(scan, before.from) && can_speak(&scan->speakers, scan->article, before.from)) return true;
    }
    while (class_at(scan, next, WORD_ADVERB)) next++;
    if (class_at(scan, next, WORD_ROLE | WORD_BODY)) return true;
    return next < scan->end && scan->tokens[next].kind == TOKEN_WORD &&
           speakers_know(&scan->speakers, scan->article, next) &&
           !class_at(scan, next, WORD_PREP | WORD_TIME | WORD_STOP_NAME);
}

static bool parse_form(const struct scan *scan, size_t at, const struct cue_form *form, struct frame *frame)
{
    const struct cue *cue = form->cue;
    size_t companion, to = clause_limit(scan, at, SUBJECT_MOST);
    *frame = (struct frame){.cue = cue, .form = form, .verb = at, .verb_end = at + 1, .subject = at + 1};
    if ((cue->rules & CUE_STRICT) != 0)
        return find_opening(scan, frame, clause_limit(scan, at, STRICT_MOST)) &&
               has_companion(scan, cue, at + 1, frame->content, &companion);
    bool clause = at_clause(scan, at) || class_before(scan, at, WORD_NEGATION) || has_subject_beside(scan, at, form) ||
                  (cue->with[0].size > 0 && form->tense == TENSE_PAST &&
                   has_companion(scan, cue, at + 1, least(to, at + 3), &companion));
    if (form->tense == TENSE_PARTICIPLE)
        clause =
            scan->tokens[at - (at > 0)].kind != TOKEN_WORD || (form->gender == GENDER_M && !ends_in_alef(scan, at - 1));
    if ((cue->rules & CUE_SAY) != 0 && find_opening(scan, frame, to))
        return clause || form->tense == TENSE_PARTICIPLE || (cue->rules & CUE_START) == 0;
    if (!clause) return false;
    if ((cue->rules & CUE_BARE) != 0) {
        frame->subject_end = subject_behind(scan, frame, to);
        frame->content = skip_adjuncts(scan, frame->subject_end, to);
        return frame->content + 3 < to;
    }
    if ((cue->rules & (CUE_NP | CUE_OBJECT)) == 0) return false;
    return find_complement(scan, frame, to);
}

bool frame_parse(const struct scan *scan, size_t at, struct frame *frame)
{
    if (!is_verb(scan, at)) return false;
    bool inner = is_object_of_relative(scan, at),
         negated = class_before(scan, at, WORD_NEGATION) && !class_at(scan, at - 1, WORD_RELATIVE);
    for (const struct cue_form *form = scan->tokens[at].word->form; form != NULL; form = form->next)
        if ((!inner || (negated && (form->cue->rules & CUE_NEGATED) != 0)) && parse_form(scan, at, form, frame))
            return true;
    return false;
}

/* A verb of saying that begins a clause of its own ends what was said before it. */
bool frame_begins(const struct scan *scan, size_t at)
{
    struct frame frame;
    if (!is_verb(scan, at)) return false;
    if (is_participle(scan, at)) {
        if (class_before(scan, at, WORD_BEING | WORD_NEGATION)) return false;
    } else if (!at_clause(scan, at) && !has_subject_beside(scan, at, scan->tokens[at].word->form)) {
        return false;
    }
    return frame_parse(scan, at, &frame);
}

/* ---- who says it */

/* Steps over "أيضا", "أمس", and over what stands between two commas. */
static size_t skip_said(const struct scan *scan, size_t at, size_t to)
{
    while (at < to && class_at(scan, at, WORD_TIME | WORD_ADVERB) && !class_at(scan, at, WORD_PREP)) at++;
    if (kind_at(scan, at, TOKEN_COMMA)) {
        size_t end = at + 1;
        while (end < to && scan->tokens[end].kind != TOKEN_COMMA) end++;
        if (end < to) return end + 1;
    }
    return at;
}

/* بنبرة حادة, لوكالة الأنباء: how and to whom, not who. */
static bool is_manner(const struct scan *scan, size_t at, size_t to)
{
    if (at >= to || scan->tokens[at].kind != TOKEN_WORD) return false;
    struct slice word = text_at(scan, at);
    if (slice_starts(word, "لل")) return true;
    if (!slice_starts(word, "ب") && !slice_starts(word, "ل")) return false;
    if (scan->tokens[at].word != NULL) return false;
    const struct lexeme *rest = lexis_find(scan->article->lexis, slice_part(word, 2, word.size));
    return slice_starts(word, "بال") || slice_starts(slice_part(word, 2, word.size), "ال") ||
           (rest != NULL &&
            (rest->classes & (WORD_MANNER | WORD_ADJUNCT | WORD_STOP_NAME | WORD_BODY | WORD_ROLE)) != 0);
}

static bool is_nobody(struct speaker speaker)
{
    return speaker.from == speaker.end;
}

/* The noun phrase behind the verb, unless it says how or to whom, or is what the verb's pronoun or preposition is
 * about. */
static struct speaker speaker_behind(const struct scan *scan, const struct frame *frame)
{
    size_t to = frame->subject_end, from = skip_said(scan, frame->subject, to);
    struct speaker nobody = {0, 0, frame->form->gender};
    if (from >= to || is_manner(scan, from, to) || carries_preposition(scan, frame, from, to)) return nobody;
    if (carries_object(scan, frame->verb) && !class_at(scan, from, WORD_ROLE | WORD_BODY) &&
        !speakers_know(&scan->speakers, scan->article, from))
        return nobody;
    return (struct speaker){from, noun_phrase_end(scan->article, from, to, true), frame->form->gender};
}

/* ورد في بيان صادر عن الوزارة: the paper speaks. */
static struct speaker speaker_of_paper(const struct scan *scan, const struct frame *frame)
{
    size_t paper = 0;
    bool strict = (frame->cue->rules & CUE_STRICT) != 0 && frame->cue->with[0].size > 0;
    if (!strict || !has_companion(scan, frame->cue, frame->verb_end, frame->subject_end, &paper))
        return (struct speaker){0, 0, GENDER_ANY};
    return (struct speaker){paper, frame->subject_end, GENDER_ANY};
}

/* Before the verb, behind it, or somewhere in its clause. */
static struct speaker speaker_beside(const struct scan *scan, const struct frame *frame)
{
    struct speaker speaker = subject_before(scan, frame);
    if (is_nobody(speaker)) speaker = speaker_behind(scan, frame);
    if (is_nobody(speaker)) speaker = speaker_of_paper(scan, frame);
    if (!is_nobody(speaker)) return speaker;
    speaker = speaker_before(scan->article, scan->sentence_from, frame->verb, frame->form->gender, false);
    if (!is_nobody(speaker) && !can_speak(&scan->speakers, scan->article, speaker.from)) speaker.end = speaker.from;
    return speaker;
}

/* A participle, or a verb joined by و, goes on with the sentence's own subject where nobody has spoken in it yet. */
static struct speaker speaker_carried_on(const struct scan *scan, const struct frame *frame)
{
    bool participle = frame->form->tense == TENSE_PARTICIPLE;
    bool joined = frame->verb > scan->sentence_from && scan->tokens[frame->verb].lead > 0;
    struct speaker speaker = {0, 0, frame->form->gender};
    if (scan->spoken_in == scan->sentence_from || (!participle && !joined)) return speaker;
    speaker = speaker_of_sentence(scan->article, scan->sentence_from, frame->verb);
    bool agrees = speaker.gender == frame->form->gender || speaker.gender == GENDER_PLURAL;
    if (!participle && (!agrees || !class_at(scan, speaker.from, WORD_ROLE | WORD_BODY))) speaker.end = speaker.from;
    return speaker;
}

struct speaker frame_speaker(const struct scan *scan, const struct frame *frame)
{
    struct speaker speaker = {0, 0, frame->form->gender};
    if (frame->form->tense == TENSE_NOUN)
        speaker = speaker_after_source(scan->article, scan->sentence_from, frame->verb);
    else if ((frame->cue->rules & CUE_SOURCE) != 0)
        speaker = speaker_after_source(scan->article, frame->verb, frame->subject_end);
    else if (frame->form->tense != TENSE_PARTICIPLE)
        speaker = speaker_beside(scan, frame);
    if (is_nobody(speaker)) speaker = speaker_carried_on(scan, frame);
    if (is_nobody(speaker)) speaker = speakers_last(&scan->speakers, frame->form->gender);
    if (speaker.gender == GENDER_ANY) speaker.gender = frame->form->gender;
    return speaker;
}
