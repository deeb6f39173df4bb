#include "intake/speaker.h"

enum { PHRASE_MOST = 16, NAMES_MOST = 5 };

static uint32_t name_slot(struct slice name)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < name.size; i++) hash = (hash ^ name.data[i]) * 16777619U;
    return hash % SPEAKER_NAMES;
}

bool speakers_know(const struct speakers *speakers, const struct article *article, size_t at)
{
    struct slice text = token_text(article, &article->tokens[at]);
    return text.size >= 4 && slice_equal(speakers->names[name_slot(text)], text);
}

void speakers_say(struct speakers *speakers, const struct article *article, struct speaker speaker)
{
    size_t keep = speakers->count < SPEAKERS_KEPT ? speakers->count : SPEAKERS_KEPT - 1;
    memmove(&speakers->kept[1], &speakers->kept[0], keep * sizeof speakers->kept[0]);
    speakers->kept[0] = speaker;
    speakers->count = keep + 1;
    for (size_t i = speaker.from; i < speaker.end && i < speaker.from + 16; i++) {
        struct slice text = token_text(article, &article->tokens[i]);
        if (article->tokens[i].kind == TOKEN_WORD) speakers->names[name_slot(text)] = text;
    }
}

struct speaker speakers_last(const struct speakers *speakers, enum gender gender)
{
    for (size_t i = 0; i < speakers->count; i++)
        if (gender == GENDER_ANY || speakers->kept[i].gender == GENDER_ANY || speakers->kept[i].gender == gender)
            return speakers->kept[i];
    return speakers->count > 0 ? speakers->kept[0] : (struct speaker){0, 0, GENDER_ANY};
}

static bool starts(const struct article *article, size_t at, const char *with)
{
    return slice_starts(token_text(article, &article->tokens[at]), with);
}

static bool is_definite(const struct article *article, size_t at)
{
    return article->tokens[at].kind == TOKEN_WORD && article->tokens[at].size >= 8 && starts(article, at, "ال");
}

static bool ends(const struct article *article, size_t at, const char *with)
{
    struct slice text = token_text(article, &article->tokens[at]);
    size_t size = strlen(with);
    return text.size >= size + 6 && memcmp(text.data + text.size - size, with, size) == 0;
}

/* Words that are no part of a noun phrase that names somebody. */
static bool is_outside(const struct article *article, size_t at)
{
    const struct token *token = &article->tokens[at];
    if (token->kind != TOKEN_WORD) return true;
    return token_is(token, WORD_COMP | WORD_COMP_PRONOUN | WORD_PREP | WORD_TIME | WORD_ADVERB | WORD_RELATIVE |
                               WORD_CONNECTOR | WORD_LEAD_IN | WORD_BEING | WORD_NEGATION | WORD_QUESTION);
}

static bool letter_is(struct slice text, size_t letter, const char *is)
{
    return slice_equal(slice_part(text, 2 * letter, 2), slice_from(is));
}

/* Nouns of action by their form, all letters being of two bytes: استمرار, تحديد, انسحاب, التزام, استقلالية. */
static bool is_abstract(const struct article *article, size_t at)
{
    struct slice text = token_text(article, &article->tokens[at]);
    size_t letters = text.size / 2;
    if (letters >= 6 && slice_starts(text, "است")) return true;
    if (letters == 5 && letter_is(text, 0, "ت") && letter_is(text, 3, "ي")) return true;
    if (letters == 6 && letter_is(text, 0, "ا") && letter_is(text, 4, "ا") &&
        (letter_is(text, 1, "ن") || letter_is(text, 2, "ت")))
        return true;
    return ends(article, at, "يه") || ends(article, at, "ها") || ends(article, at, "هم");
}

/* رفضه: an everyday noun with a pronoun. */
static bool is_owned_noun(const struct article *article, size_t at)
{
    struct slice text = token_text(article, &article->tokens[at]);
    if (text.size < 8 || !letter_is(text, text.size / 2 - 1, "ه")) return false;
    const struct lexeme *noun = lexis_find(article->lexis, slice_part(text, 0, text.size - 2));
    return noun != NULL && (noun->classes & WORD_STOP_NAME) != 0;
}

/* A name by what it is not: no office, no verb, no word with ال or with letters before it. */
static bool is_name(const struct article *article, size_t at)
{
    const struct token *token = &article->tokens[at];
    if (token->kind != TOKEN_WORD || is_outside(article, at) || is_definite(article, at)) return false;
    if (token_is(token, WORD_NAME_PART)) return true;
    if (token_is(token, WORD_STOP_NAME) || is_abstract(article, at) || is_owned_noun(article, at)) return false;
    if (token->word != NULL && (token->word->form != NULL || (token->word->classes & (WORD_ROLE | WORD_BODY)) != 0))
        return false;
    return !starts(article, at, "بال") && !starts(article, at, "لل") && !starts(article, at, "وال");
}

static size_t names_end(const struct article *article, size_t at, size_t to, size_t most)
{
    size_t names = 0;
    for (; at < to && names < most; at++, names++) {
        bool part = at > 0 && token_is(&article->tokens[at - 1], WORD_NAME_PART);
        if (!is_name(article, at) && !(part && is_definite(article, at)) && !(names == 1 && is_definite(article, at)))
            break;
    }
    return at;
}

/* A pair of marks right behind a name or an office: (حماس), "بنيامين نتنياهو". */
static size_t marks_end(const struct article *article, size_t at, size_t to)
{
    const struct token *token = &article->tokens[at];
    if (at >= to || token->kind != TOKEN_OPEN || token->mate == TOKEN_UNPAIRED || token->mate >= to ||
        token->mate - at > 4)
        return at;
    return token->mate + 1;
}

static bool is_adjective(const struct article *article, size_t at)
{
    if (token_is(&article->tokens[at], WORD_STOP_NAME)) return false;
    return token_is(&article->tokens[at], WORD_ADJECTIVE) || ends(article, at, "ي") || ends(article, at, "يه") ||
           ends(article, at, "ين");
}

/* An office or a body: its words in the genitive, its adjectives, its place behind a preposition, then perhaps a name.
 */
static size_t office_end(const struct article *article, size_t at, size_t to, bool prepositions)
{
    size_t names = 0, placed = 0;             /* placed: words since a preposition */
    bool genitive = is_definite(article, at); /* what belongs to the office was said: only adjectives go on with it */
    bool body = token_is(&article->tokens[at], WORD_BODY) && !token_is(&article->tokens[at], WORD_ROLE), place = false;
    bool state = token_is(&article->tokens[at], WORD_STATE);
    for (at++; at < to; at++) {
        const struct token *token = &article->tokens[at];
        bool joined = token->lead > 0 && token_is(token, WORD_BODY); /* مصر والأردن */
        if (state && !joined && !(is_definite(article, at) && is_adjective(article, at))) break;
        size_t behind = marks_end(article, at, to);
        if (behind > at) {
            at = behind;
            break;
        }
        if (token->kind != TOKEN_WORD ||
            token_is(token, WORD_RELATIVE | WORD_TIME | WORD_ADVERB | WORD_COMP | WORD_COMP_PRONOUN))
            break;
        if (is_definite(article, at)) {
            if (names > 1 || (place && placed > 0 && !is_definite(article, at - 1))) break;
            if (names == 0 && genitive && !is_adjective(article, at) && !token_is(token, WORD_ROLE)) break;
            if (names > 0) names++; /* a family's name */
            genitive = true;
            placed++;
            continue;
        }
        if (token_is(token, WORD_ROLE | WORD_BODY)) {
            genitive = false;
            placed++;
            continue;
        }
        bool of = starts(article, at, "باسم") || starts(article, at, "لشؤون") || starts(article, at, "لشئون");
        if (of || starts(article, at, "لل") || (starts(article, at, "بال") && !body) || starts(article, at, "وال")) {
            genitive = !of;
            continue;
        }
        if (token_is(token, WORD_PREP)) {
            bool inner = prepositions && names == 0 && at + 1 < to && !token_is(token + 1, WORD_ADJUNCT | WORD_TIME) &&
                         (starts(article, at, "في") || starts(article, at, "لدي") || starts(article, at, "من") ||
                          starts(article, at, "الي")) &&
                         (is_definite(article, at + 1) || is_name(article, at + 1) || token_is(token + 1, WORD_BODY));
            if (!inner) break;
            place = true;
            placed = 0;
            genitive = false;
            continue;
        }
        if (!is_name(article, at) || (body && names >= 3)) break;
        placed++;
        if (++names > NAMES_MOST) break;
    }
    return at;
}

size_t noun_phrase_end(const struct article *article, size_t from, size_t to, bool prepositions)
{
    if (to > from + PHRASE_MOST) to = from + PHRASE_MOST;
    if (from >= to) return from;
    size_t behind = marks_end(article, from, to);
    if (behind > from) return behind;
    if (is_outside(article, from)) return from;
    const struct token *token = &article->tokens[from];
    if (token_is(token, WORD_ROLE | WORD_BODY)) return office_end(article, from, to, prepositions);
    if (is_definite(article, from)) {
        size_t at = from + 1;
        while (at < to && is_definite(article, at) && is_adjective(article, at)) at++;
        return marks_end(article, at, to);
    }
    size_t at = names_end(article, from, to, NAMES_MOST);
    if (at > from && at < to && token_is(&article->tokens[at], WORD_ROLE))
        return office_end(article, at, to, prepositions);
    return at;
}

static bool can_lead(const struct article *article, size_t at)
{
    return token_is(&article->tokens[at], WORD_ROLE | WORD_BODY) || is_definite(article, at) || is_name(article, at);
}

bool can_speak(const struct speakers *speakers, const struct article *article, size_t at)
{
    const struct token *token = &article->tokens[at];
    if (at >= article->count) return false;
    if (token->kind == TOKEN_OPEN) return token->mate != TOKEN_UNPAIRED && token->mate - at <= 4 && !token->bracket;
    if (is_outside(article, at)) return false;
    if (token_is(token, WORD_ROLE | WORD_BODY | WORD_NAME_PART) || speakers_know(speakers, article, at)) return true;
    if (token_is(token, WORD_STOP_NAME) || is_definite(article, at) || is_abstract(article, at)) return false;
    return is_name(article, at);
}

/* المقرر الأممي، من جهته، ذكر أن: back over a short aside between commas. */
static size_t before_aside(const struct article *article, size_t sentence, size_t verb)
{
    if (verb <= sentence || article->tokens[verb - 1].kind != TOKEN_COMMA) return verb;
    for (size_t i = verb - 1; i-- > sentence && verb - i < 8;)
        if (article->tokens[i].kind == TOKEN_COMMA)
            return token_is(&article->tokens[i + 1], WORD_PREP | WORD_CONNECTOR) ? i : verb;
    return verb;
}

struct speaker speaker_before(const struct article *article, size_t sentence, size_t verb, enum gender gender,
                              bool adjacent)
{
    struct speaker nobody = {0, 0, gender};
    size_t from = verb;
    if (slice_is(token_text(article, &article->tokens[sentence]), "اما")) { /* أما الرئيس فقد أعلن */
        size_t end = noun_phrase_end(article, sentence + 1, verb, true);
        if (end > sentence + 1 && end + 2 >= verb) return (struct speaker){sentence + 1, end, gender};
    }
    if (article->tokens[verb].lead > 0 && !slice_starts(token_text(article, &article->tokens[verb]), "س"))
        return nobody;
    while (from > sentence && token_is(&article->tokens[from - 1], WORD_ADVERB)) from--; /* أنقرة بدورها أيدت */
    from = before_aside(article, sentence, from);
    if (from > sentence && slice_is(token_text(article, &article->tokens[from - 1]), "قد"))
        from--; /* كان الجيش قد أعلن */
    verb = from;
    /* back to where the clause begins */
    while (from > sentence && verb - from < PHRASE_MOST) {
        const struct token *before = &article->tokens[from - 1];
        if (before->kind != TOKEN_WORD && before->kind != TOKEN_NUMBER) break;
        if (token_is(before, WORD_CONNECTOR | WORD_LEAD_IN | WORD_COMP)) break;
        from--;
    }
    if (from == verb) return nobody;
    if (!can_lead(article, from)) return nobody;
    size_t end = noun_phrase_end(article, from, verb, true);
    if (end == from || (adjacent && end != verb)) return nobody;
    return (struct speaker){from, end, gender};
}

struct speaker speaker_of_sentence(const struct article *article, size_t sentence, size_t verb)
{
    for (size_t i = sentence; i < verb && i < sentence + 2 * PHRASE_MOST; i++) {
        const struct token *token = &article->tokens[i];
        if (token->kind != TOKEN_WORD || is_outside(article, i) || (token->word != NULL && token->word->form != NULL))
            continue;
        if (!token_is(token, WORD_ROLE | WORD_BODY) && !is_definite(article, i)) continue;
        if (i > sentence && token_is(token - 1, WORD_PREP)) continue;
        return (struct speaker){i, noun_phrase_end(article, i, verb, true),
                                token->word != NULL ? token->word->gender : GENDER_ANY};
    }
    return (struct speaker){0, 0, GENDER_ANY};
}

struct speaker speaker_after_source(const struct article *article, size_t sentence, size_t verb)
{
    size_t clause = verb;
    while (clause > sentence && verb - clause < 2 * PHRASE_MOST && article->tokens[clause - 1].kind != TOKEN_COMMA)
        clause--;
    for (size_t i = verb; i-- > sentence && verb - i < 2 * PHRASE_MOST;)
        if (slice_is(token_text(article, &article->tokens[i]), "عن")) {
            size_t end = noun_phrase_end(article, i + 1, verb, true);
            if (end == i + 1) continue;
            return (struct speaker){i + 1, end, GENDER_ANY};
        }
    return speaker_of_sentence(article, clause, verb); /* اكتفت المتحدثة بالقول إن */
}
