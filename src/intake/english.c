/* Statements in English news: the verb stands behind its subject, or between a quotation and its speaker. One walk from
 * left to right, every look ahead and back bounded. spec/intake.md has the rules in words. */
#include "intake/scan.h"

enum {
    SUBJECT_MOST = 24,
    CONTENT_MOST = 240,
    ASIDE_MOST = 24,  /* tokens between commas behind a subject */
    OBJECT_MOST = 12, /* words of an object before its preposition */
    JUDGED_MOST = 12,
    PLACE_MOST = 10, /* words that say where something was said */
    QUOTE_WORDS = 3  /* a quotation of fewer words may be a name */
};

static bool is_capital(const struct scan *scan, size_t at)
{
    uint8_t byte = scan->article->source.data[scan->tokens[at].start];
    return byte >= 'A' && byte <= 'Z';
}

static bool is_quote(const struct scan *scan, size_t at)
{
    return kind_at(scan, at, TOKEN_OPEN) && !scan->tokens[at].bracket;
}

static bool is_quote_end(const struct scan *scan, size_t at)
{
    return kind_at(scan, at, TOKEN_CLOSE) && !scan->tokens[at].bracket && scan->tokens[at].mate != TOKEN_UNPAIRED;
}

/* ---- the subject before a verb */

/* Steps back over what may stand between a subject and its verb: has, also, did. */
static size_t back_over_helpers(const struct scan *scan, size_t at)
{
    for (size_t from = SIZE_MAX; at != from;) {
        from = at;
        while (at > scan->sentence_from && class_at(scan, at - 1, WORD_STOP_NAME | WORD_ADVERB | WORD_TIME)) at--;
        if (at < from && at > scan->sentence_from && class_at(scan, from - 1, WORD_TIME) &&
            class_at(scan, at - 1, WORD_PREP))
            at--; /* on Sunday */
    }
    return at;
}

/* A subject may be followed by an aside between commas: Moualem, who also serves as …, said. */
static size_t back_over_aside(const struct scan *scan, size_t at)
{
    if (at == 0 || at <= scan->sentence_from || !kind_at(scan, at - 1, TOKEN_COMMA)) return at;
    for (size_t i = at - 1; i-- > scan->sentence_from && at - i < ASIDE_MOST;) {
        if (scan->tokens[i].kind == TOKEN_COMMA && i > scan->sentence_from) return i;
        if (scan->tokens[i].kind != TOKEN_WORD && scan->tokens[i].kind != TOKEN_NUMBER &&
            scan->tokens[i].kind != TOKEN_MARK && scan->tokens[i].kind != TOKEN_STOP)
            break;
    }
    return at;
}

/* Can this token be inside a subject's words? */
static bool in_subject(const struct scan *scan, size_t at)
{
    const struct token *token = &scan->tokens[at];
    if (token->kind == TOKEN_NUMBER || token->kind == TOKEN_MARK) return true;
    if (token->kind == TOKEN_STOP) /* Gen. Smith */
        return at > 0 && (class_at(scan, at - 1, WORD_NAME_PART) || token[-1].size == 1);
    if (token->kind != TOKEN_WORD) return false;
    if (token_is(token, WORD_COMP | WORD_RELATIVE | WORD_NEGATION | WORD_BEING | WORD_STOP_NAME)) return false;
    if (token_is(token, WORD_CONNECTOR)) return word_at(scan, at, "and") && at > 0 && is_capital(scan, at - 1);
    return true;
}

/* On Monday the ministry …: what stands before the subject proper. */
static size_t skip_lead(const struct scan *scan, size_t from, size_t end)
{
    while (from < end &&
           (class_at(scan, from, WORD_CONNECTOR | WORD_ADVERB | WORD_TIME) || scan->tokens[from].kind == TOKEN_MARK))
        from++;
    if (from < end && class_at(scan, from, WORD_PREP)) {
        size_t i = from + 1;
        while (i < end && (class_at(scan, i, WORD_TIME | WORD_ARTICLE) || scan->tokens[i].kind == TOKEN_NUMBER)) i++;
        if (i > from + 1 && i < end) return i;
        return from;
    }
    return from;
}

static struct speaker subject_before(const struct scan *scan, size_t verb)
{
    struct speaker nobody = {0, 0, GENDER_ANY};
    size_t end = back_over_helpers(scan, verb);
    end = back_over_aside(scan, end);
    if (class_before(scan, end, WORD_PRONOUN)) {
        bool relative = end > 1 && class_at(scan, end - 2, WORD_RELATIVE); /* what it described */
        return relative ? nobody : (struct speaker){end - 1, end, GENDER_ANY};
    }
    size_t from = end;
    while (from > scan->sentence_from && from > scan->done && end - from < SUBJECT_MOST && in_subject(scan, from - 1))
        from--;
    from = skip_lead(scan, from, end);
    if (from >= end) return nobody;
    if (scan->tokens[from].kind != TOKEN_WORD && scan->tokens[from].kind != TOKEN_NUMBER) return nobody;
    if (class_at(scan, from, WORD_PREP)) return nobody;
    if (from > scan->sentence_from && class_at(scan, from - 1, WORD_RELATIVE)) return nobody; /* which Athens says */
    /* only the nearest verb's subject: what stands behind an earlier verb of saying is its content */
    for (size_t i = from; i < end; i++)
        if (form_at(scan, i) != NULL && form_at(scan, i)->tense == TENSE_PAST && i + 1 < end) from = i + 1;
    return from < end ? (struct speaker){from, end, GENDER_ANY} : nobody;
}

/* The speaker behind the verb: "…," said Ivan Petrov, the minister. */
static struct speaker subject_behind(const struct scan *scan, size_t verb)
{
    size_t from = verb + 1, limit = least(sentence_end(scan, verb), verb + 1 + SUBJECT_MOST), end = from;
    while (end < limit) {
        const struct token *token = &scan->tokens[end];
        bool inner = token_is(token, WORD_PREP) && end > from && end + 1 < limit &&
                     (word_at(scan, end, "of") || word_at(scan, end, "for"));
        bool stop = token->kind == TOKEN_STOP && class_at(scan, end - 1, WORD_NAME_PART);
        if (!stop && token->kind != TOKEN_WORD && token->kind != TOKEN_MARK) break;
        if (!inner && token_is(token, WORD_PREP | WORD_COMP | WORD_RELATIVE | WORD_TIME | WORD_CONNECTOR | WORD_BEING |
                                          WORD_STOP_NAME))
            break;
        end++;
    }
    return (struct speaker){from, end, GENDER_ANY};
}

/* ---- frames */

struct frame {
    const struct cue *cue;
    const struct cue_form *form;
    size_t verb, behind; /* behind: the token after the verb and its particle */
    size_t content;
    struct speaker speaker;
    bool opened; /* by that or a quotation mark */
};

static bool word_in(struct slice word, const struct slice *list, size_t most)
{
    for (size_t i = 0; i < most && list[i].size > 0; i++)
        if (slice_equal(word, list[i])) return true;
    return false;
}

/* Steps over when, where and how it was said, up to what opens the content. */
static size_t skip_adjuncts(const struct scan *scan, size_t at, size_t to)
{
    while (at < to && (class_at(scan, at, WORD_TIME | WORD_ADVERB) ||
                       (class_at(scan, at, WORD_PREP) && class_at(scan, at + 1, WORD_TIME)))) /* on Friday */
        at++;
    return at;
}

/* Looks for "that" or a quotation mark within a few words that only say when, where or to whom. */
static size_t find_opening(const struct scan *scan, size_t at, size_t to, size_t most)
{
    for (size_t i = at; i < to && i < at + most; i++) {
        if (class_at(scan, i, WORD_COMP) && !(i > at && class_at(scan, i - 1, WORD_PREP))) return i;
        if (is_quote(scan, i)) return i;
        if (kind_at(scan, i, TOKEN_COLON)) return i;
        if (scan->tokens[i].kind == TOKEN_STOP || scan->tokens[i].kind == TOKEN_CLOSE) return to;
        if (i > at && form_at(scan, i) != NULL && form_at(scan, i)->tense == TENSE_PAST && i + 1 < to &&
            !class_at(scan, i - 1, WORD_ARTICLE))
            return to;
    }
    return to;
}

static bool is_possessive(const struct scan *scan, size_t at)
{
    struct slice text = text_at(scan, at);
    return text.size > 2 && text.data[text.size - 1] == 's' && text.data[text.size - 2] != 's' &&
           (text.data[text.size - 2] == '\'' || text.data[text.size - 2] >= 0x80);
}

/* A word that is also a noun is a verb behind a pronoun, a name, or a noun phrase with its article. */
static bool is_verb_here(const struct scan *scan, size_t at)
{
    size_t before = back_over_helpers(scan, at);
    if (before == scan->sentence_from || before < at || class_before(scan, before, WORD_PRONOUN)) return true;
    if (is_possessive(scan, before - 1)) return false;
    if (scan->tokens[before - 1].kind != TOKEN_WORD || is_capital(scan, before - 1)) return true;
    struct speaker subject = subject_before(scan, at);
    return subject.from < subject.end && (class_at(scan, subject.from, WORD_ARTICLE) || is_capital(scan, subject.from));
}

/* What a noun or an adjective looks like: a claim, their demands, the suspended talks. */
static bool is_noun_here(const struct scan *scan, size_t at)
{
    if (class_before(scan, at, WORD_CONNECTOR)) return false; /* before adding */
    return at > 0 && (class_at(scan, at - 1, WORD_ARTICLE | WORD_PREP) || kind_at(scan, at - 1, TOKEN_NUMBER) ||
                      kind_at(scan, at - 1, TOKEN_MARK)); /* Russian-backed */
}

/* Does the complement judge or quote? called the bloodshed unacceptable */
static bool judges(const struct scan *scan, size_t at, size_t to)
{
    size_t end = at;
    while (end < to && end < at + JUDGED_MOST && scan->tokens[end].kind != TOKEN_COMMA &&
           scan->tokens[end].kind != TOKEN_STOP) {
        if (is_quote(scan, end)) return true;
        end++;
    }
    if (end < at + 2 || class_at(scan, at, WORD_PREP)) return false;
    enum act act = lexis_act(scan->article->lexis, scan_folded(scan, at, end));
    return act != ACT_STATEMENT;
}

/* Steps over where it was said: said in a Facebook post he would. */
static size_t skip_place(const struct scan *scan, size_t at, size_t to)
{
    if (!class_at(scan, at, WORD_PREP)) return at;
    for (size_t i = at + 2; i < to && i < at + PLACE_MOST && scan->tokens[i].kind == TOKEN_WORD; i++)
        if (class_at(scan, i, WORD_PRONOUN | WORD_COMP) ||
            (class_at(scan, i, WORD_ARTICLE) && !class_at(scan, i - 1, WORD_PREP)) ||
            (is_capital(scan, i) && !is_capital(scan, i - 1) && !class_at(scan, i - 1, WORD_PREP | WORD_ARTICLE)))
            return i;
    return at;
}

static bool parse_content(const struct scan *scan, struct frame *frame)
{
    const struct cue *cue = frame->cue;
    size_t to = sentence_end(scan, frame->verb), at = skip_adjuncts(scan, frame->behind, to);
    if (kind_at(scan, at, TOKEN_COMMA)) /* acknowledged, though, that */
        for (size_t i = at + 1; i < to && i < at + 6; i++)
            if (kind_at(scan, i, TOKEN_COMMA)) {
                at = i + 1;
                break;
            }
    size_t opening = find_opening(scan, at, to, (cue->rules & (CUE_OBJECT | CUE_SAY)) != 0 ? 14 : 1);
    bool told = (cue->rules & CUE_SAY) != 0 && (cue->rules & CUE_OBJECT) != 0; /* told the assembly that */
    if (at >= to || word_at(scan, at, "by")) return false;                     /* a temple claimed by both */
    if ((cue->rules & (CUE_SAY | CUE_NP)) == CUE_SAY && opening >= to) at = skip_place(scan, at, to);
    if ((cue->rules & CUE_SAY) != 0 && opening < to &&
        (opening == at || told || (cue->rules & CUE_THAT) != 0 || class_at(scan, at, WORD_PREP))) {
        bool that = class_at(scan, opening, WORD_COMP);
        frame->content = that || kind_at(scan, opening, TOKEN_COLON) ? opening + 1 : opening;
        frame->opened = true;
        return frame->content < to;
    }
    if ((cue->rules & (CUE_THAT | CUE_QUOTE)) != 0 || (told && opening >= to)) return false;
    if (cue->with[0].size > 0 && !word_in(text_at(scan, at), cue->with, CUE_COMPANIONS)) return false;
    bool prepared = word_in(text_at(scan, at), cue->to, CUE_PREPOSITIONS), later = false;
    for (size_t i = at + 1;
         i < to && i < at + OBJECT_MOST && (cue->rules & CUE_OBJECT) != 0 && scan->tokens[i].kind == TOKEN_WORD; i++)
        later |= word_in(text_at(scan, i), cue->to, CUE_PREPOSITIONS); /* described it as */
    if ((cue->rules & CUE_NEED) != 0 && !prepared && !(later && (cue->rules & CUE_NP) != 0)) return false;
    if ((cue->rules & CUE_JUDGED) != 0 && !judges(scan, at, to)) return false;
    if ((cue->rules & CUE_NO_TO) != 0 && word_at(scan, at, "to")) return false;
    if (cue->to[0].size == 0 && (cue->rules & CUE_SAY) == 0 && class_at(scan, at, WORD_PREP) &&
        !word_at(scan, at, "to"))
        return false;
    if (cue->to[0].size > 0 && prepared && (cue->rules & CUE_OBJECT) != 0) at++; /* called on X */
    if (kind_at(scan, at, TOKEN_COMMA) || kind_at(scan, at, TOKEN_STOP) || kind_at(scan, at, TOKEN_CLOSE)) return false;
    frame->content = at;
    return at + 1 < to;
}

static bool parse_form(const struct scan *scan, size_t at, const struct cue_form *form, struct frame *frame)
{
    const struct cue *cue = form->cue;
    *frame = (struct frame){.cue = cue, .form = form, .verb = at, .behind = at + 1};
    if (cue->particle.size > 0) {
        if (!slice_equal(text_at(scan, at + 1), cue->particle)) return false;
        frame->behind++;
    }
    if (form->tense == TENSE_PASSIVE || is_noun_here(scan, at)) {
        if (form->tense != TENSE_PASSIVE || !class_at(scan, back_over_helpers(scan, at), WORD_STOP_NAME)) return false;
    }
    if (at > scan->sentence_from && class_at(scan, at - 1, WORD_NEGATION | WORD_RELATIVE)) return false;
    if (at > scan->sentence_from && is_capital(scan, at)) return false; /* The Washington Post */
    if ((cue->rules & CUE_NOUN) != 0 && form->tense == TENSE_PRESENT && !is_verb_here(scan, at)) return false;
    return parse_content(scan, frame);
}

/* What the sentence begins with, up to its first verb as far as its form tells: The governor refused and insisted. */
static struct speaker subject_of_sentence(const struct scan *scan, size_t verb)
{
    size_t from = scan->sentence_from, end;
    if (class_at(scan, from, WORD_PREP)) { /* In Najaf, a cleric … */
        while (from < verb && from < scan->sentence_from + SUBJECT_MOST && scan->tokens[from].kind == TOKEN_WORD)
            from++;
        if (!kind_at(scan, from, TOKEN_COMMA)) return (struct speaker){0, 0, GENDER_ANY};
        from++;
    }
    from = skip_lead(scan, from, verb);
    for (end = from; end < verb && end < from + SUBJECT_MOST && in_subject(scan, end); end++) {
        struct slice word = text_at(scan, end);
        bool past = end > from && !is_capital(scan, end) && word.size > 4 && word.data[word.size - 1] == 'd' &&
                    word.data[word.size - 2] == 'e';
        if (past || (end > from && class_at(scan, end, WORD_STOP_NAME | WORD_PREP) && !slice_is(word, "of") &&
                     !slice_is(word, "for")))
            break;
    }
    return (struct speaker){from, end, GENDER_ANY};
}

/* Reuters cited a diplomat as saying: who stands between. */
static bool find_cited(const struct scan *scan, struct frame *frame)
{
    size_t end = frame->verb - 1, from = end;
    while (from > scan->sentence_from && end - from < SUBJECT_MOST && scan->tokens[from - 1].kind == TOKEN_WORD &&
           !word_at(scan, from - 1, "cited") && !word_at(scan, from - 1, "quoted") &&
           !word_at(scan, from - 1, "citing") && !word_at(scan, from - 1, "quoting"))
        from--;
    bool cited = from < end && from > scan->sentence_from && scan->tokens[from - 1].kind == TOKEN_WORD &&
                 end - from < SUBJECT_MOST;
    frame->speaker = (struct speaker){from, end, GENDER_ANY};
    return cited;
}

/* The verb's subject must stand there: before it in its clause, or the one of the clause before "and". */
static bool find_speaker(const struct scan *scan, struct frame *frame)
{
    size_t helpers = back_over_helpers(scan, frame->verb);
    if (frame->form->tense == TENSE_PARTICIPLE) {
        if (word_at(scan, frame->verb - (frame->verb > 0), "as")) return find_cited(scan, frame);
        bool spoken = scan->spoken_in == scan->sentence_from,
             joined = word_at(scan, frame->verb - (frame->verb > 0), "and");
        bool parted =
            kind_before(scan, frame->verb, TOKEN_COMMA) || (frame->verb > 0 && is_quote_end(scan, frame->verb - 1));
        if (!parted && !(class_before(scan, frame->verb, WORD_CONNECTOR) && (spoken || !joined))) return false;
        if (spoken) frame->speaker = speakers_last(&scan->speakers, GENDER_ANY);
        for (size_t i = scan->sentence_from;
             frame->speaker.end == 0 && i < frame->verb && i < scan->sentence_from + SUBJECT_MOST; i++)
            if (scan->tokens[i].kind == TOKEN_WORD && is_capital(scan, i) &&
                !class_at(scan, i, WORD_PREP | WORD_TIME)) {
                size_t end = i;
                while (end < frame->verb && scan->tokens[end].kind == TOKEN_WORD && is_capital(scan, end)) end++;
                frame->speaker = (struct speaker){i, end, GENDER_ANY};
            }
        return frame->speaker.end > 0;
    }
    bool joined = helpers > scan->sentence_from && class_at(scan, helpers - 1, WORD_CONNECTOR);
    if (joined || kind_before(scan, helpers, TOKEN_COMMA)) {
        size_t aside = back_over_aside(scan, helpers);
        if (!joined && aside < helpers) {
            frame->speaker = subject_before(scan, frame->verb);
            if (frame->speaker.end > 0) return true;
        }
        if (scan->spoken_in == scan->sentence_from)
            frame->speaker = speakers_last(&scan->speakers, GENDER_ANY);
        else if (joined)
            frame->speaker = subject_of_sentence(scan, frame->verb);
        return frame->speaker.end > frame->speaker.from;
    }
    frame->speaker = subject_before(scan, frame->verb);
    return frame->speaker.end > frame->speaker.from;
}

static bool parses(const struct scan *scan, size_t at)
{
    struct frame frame;
    for (const struct cue_form *form = form_at(scan, at); form != NULL; form = form->next)
        if (parse_form(scan, at, form, &frame)) return true;
    return false;
}

static bool parse_frame(const struct scan *scan, size_t at, struct frame *frame)
{
    for (const struct cue_form *form = form_at(scan, at); form != NULL; form = form->next)
        if (parse_form(scan, at, form, frame) && find_speaker(scan, frame)) return true;
    return false;
}

/* ---- where the content ends */

/* Does a clause of its own begin here that says something else? ", and he blamed", "and warned", ", adding that". */
static bool begins_statement(const struct scan *scan, size_t at, size_t verb_before)
{
    const struct cue_form *form = form_at(scan, at);
    if (form == NULL || at <= verb_before + 1) return false;
    size_t helpers = back_over_helpers(scan, at);
    if (helpers <= verb_before + 1) return false;
    bool begins = false;
    if (form->tense == TENSE_PARTICIPLE) {
        begins = kind_at(scan, helpers - 1, TOKEN_COMMA) || is_quote_end(scan, helpers - 1);
    } else if (class_at(scan, helpers - 1, WORD_CONNECTOR)) {
        begins = !word_at(scan, helpers - 1, "that");
    } else {
        size_t from = helpers;
        while (from > verb_before && helpers - from < 6 && scan->tokens[from - 1].kind == TOKEN_WORD &&
               !class_at(scan, from - 1, WORD_CONNECTOR | WORD_COMP))
            from--;
        begins = from > verb_before + 1 && class_at(scan, from - 1, WORD_CONNECTOR) && from < helpers &&
                 (kind_at(scan, from - 2, TOKEN_COMMA) || class_at(scan, from, WORD_PRONOUN));
    }
    return begins && parses(scan, at);
}

/* The begin of the clause that the verb at `at` stands in. */
static size_t clause_begin(const struct scan *scan, size_t at, size_t least_at)
{
    size_t i = back_over_helpers(scan, at);
    while (i > least_at && scan->tokens[i - 1].kind == TOKEN_WORD && !class_at(scan, i - 1, WORD_CONNECTOR)) i--;
    return i;
}

static size_t content_end(const struct scan *scan, size_t verb, size_t begin, size_t from)
{
    size_t limit = least(sentence_end(scan, begin), begin + CONTENT_MOST);
    for (size_t i = from; i < limit; i++) {
        const struct token *token = &scan->tokens[i];
        if (token->kind == TOKEN_OPEN && token->mate != TOKEN_UNPAIRED && token->mate < limit) {
            i = token->mate;
            continue;
        }
        if (token->kind == TOKEN_CLOSE && (token->mate == TOKEN_UNPAIRED || token->mate < begin)) return i;
        if (i > begin && token->kind == TOKEN_COLON && is_quote(scan, i + 1)) return i;
        if (i > begin && token_is(token, WORD_ENDER) && kind_at(scan, i - 1, TOKEN_COMMA)) return i;
        if (i > begin && begins_statement(scan, i, verb)) return clause_begin(scan, i, begin + 1);
    }
    return limit;
}

/* ---- giving it out */

static void give(struct scan *scan, const struct cue *cue, struct span at, struct speaker speaker, size_t from,
                 size_t end, bool direct)
{
    if (from >= end) return;
    struct statement *statement = statements_add(scan->out);
    if (statement == NULL) return;
    enum act said = lexis_act(scan->article->lexis, scan_folded(scan, from, end));
    statement->speaker = scan_span(scan, speaker.from, speaker.end);
    statement->cue = at;
    statement->content = scan_span(scan, from, end);
    statement->verb = cue;
    statement->direct = direct;
    statement->act =
        cue == NULL || cue->act == ACT_STATEMENT || (cue->act == ACT_DEMAND && said == ACT_CLARIFY) ? said : cue->act;
    scan->spoken_in = scan->sentence_from;
    scan->last = cue;
    scan->last_cue = at;
    if (speaker.end > speaker.from) speakers_say(&scan->speakers, scan->article, speaker);
}

static struct span cue_span(const struct scan *scan, const struct frame *frame)
{
    return scan_span(scan, frame->verb, frame->behind);
}

/* What a quotation mark opens: all of it, with its last comma or stop. */
static size_t quote_content_end(const struct scan *scan, size_t open, size_t limit)
{
    size_t mate = scan->tokens[open].mate;
    return mate != TOKEN_UNPAIRED ? mate : limit;
}

static size_t give_frame(struct scan *scan, const struct frame *frame)
{
    size_t from = frame->content;
    if (is_quote(scan, from) && scan_words_inside(scan, from, QUOTE_WORDS) >= QUOTE_WORDS) {
        size_t limit = content_end(scan, frame->verb, from, from + 1), close = quote_content_end(scan, from, limit);
        size_t behind = scan->tokens[from].mate != TOKEN_UNPAIRED ? close + 1 : close;
        size_t end = content_end(scan, frame->verb, from, behind);
        if (scan_trim_end(scan, behind - 1, end) <= behind) {
            give(scan, frame->cue, cue_span(scan, frame), frame->speaker, from + 1, close, true);
            return behind;
        }
        give(scan, frame->cue, cue_span(scan, frame), frame->speaker, from, scan_trim_end(scan, from, end), false);
        return end;
    }
    size_t end = content_end(scan, frame->verb, from, from);
    give(scan, frame->cue, cue_span(scan, frame), frame->speaker, from, scan_trim_end(scan, from, end), false);
    return end > from ? end : from + 1;
}

enum { MIDDLE_MOST = 9 };

/* Behind a verb that only says who spoke, steps over when, where and to whom, as long as no clause begins. */
static size_t clause_rest(const struct scan *scan, size_t at, size_t to)
{
    size_t words = 0;
    while (at < to && words < PLACE_MOST &&
           (scan->tokens[at].kind == TOKEN_WORD || scan->tokens[at].kind == TOKEN_NUMBER)) {
        if (class_at(scan, at, WORD_COMP | WORD_STOP_NAME | WORD_BEING | WORD_PRONOUN) || form_at(scan, at) != NULL)
            break;
        if (words == 0 && !class_at(scan, at, WORD_TIME | WORD_ADVERB | WORD_PREP)) break;
        at++, words++;
    }
    return at;
}

/* "…," he said / said Ivan Petrov; and …, the minister said. At the verb, what was said stands before it. */
static bool give_backwards(struct scan *scan, size_t verb)
{
    const struct cue_form *form = form_at(scan, verb);
    if (is_noun_here(scan, verb)) return false;
    if (form == NULL || (form->cue->rules & CUE_SAY) == 0 || form->tense == TENSE_PARTICIPLE ||
        form->tense == TENSE_PASSIVE)
        return false;
    size_t helpers = back_over_helpers(scan, verb);
    bool inverted = helpers == verb && helpers > 0 &&
                    (is_quote_end(scan, helpers - 1) ||
                     (kind_at(scan, helpers - 1, TOKEN_COMMA) && (form->cue->rules & CUE_NP) == 0));
    struct speaker speaker = inverted ? subject_behind(scan, verb) : subject_before(scan, verb);
    if (speaker.from == speaker.end) return false;
    size_t begin = inverted ? helpers : speaker.from;
    while (begin > scan->sentence_from &&
           (kind_at(scan, begin - 1, TOKEN_COMMA) || class_at(scan, begin - 1, WORD_CONNECTOR | WORD_ARTICLE)))
        begin--;
    if (begin <= scan->done || begin == scan->sentence_from) {
        if (begin == 0 || !is_quote_end(scan, begin - 1)) return false;
    }
    if (is_quote_end(scan, begin - 1)) {
        size_t open = scan->tokens[begin - 1].mate;
        if (open < scan->done || scan_words_inside(scan, open, QUOTE_WORDS) < QUOTE_WORDS) return false;
        give(scan, form->cue, scan_span(scan, verb, verb + 1), speaker, open + 1, begin - 1, true);
        return true;
    }
    bool comma = begin < scan->end && kind_at(scan, begin, TOKEN_COMMA);
    size_t end = sentence_end(scan, verb), next = clause_rest(scan, inverted ? speaker.end : verb + 1, end);
    bool ends = next >= end || kind_at(scan, next, TOKEN_STOP) || kind_at(scan, next, TOKEN_BREAK),
         goes_on = kind_at(scan, next, TOKEN_COMMA);
    size_t from = scan->sentence_from > scan->done ? scan->sentence_from : scan->done;
    if (!comma || class_at(scan, begin + 1, WORD_CONNECTOR) || (!ends && !goes_on) || begin < from + 2) return false;
    if (goes_on && begin < from + MIDDLE_MOST && !class_at(scan, next + 1, WORD_CONNECTOR | WORD_PREP | WORD_RELATIVE))
        begin = end; /* Only eight, he said, have paid */
    if (begin < from + 3) return false;
    give(scan, form->cue, scan_span(scan, verb, verb + 1), speaker, from, scan_trim_end(scan, from, begin), false);
    scan->done = begin;
    return true;
}

enum { TAIL_MOST = 28 };

/* "…, the coast guard said on Monday.": the verb by which a whole sentence is said, or SIZE_MAX. */
static size_t find_tail(const struct scan *scan, size_t end)
{
    size_t last = end, from;
    while (last > scan->sentence_from && scan->tokens[last - 1].kind != TOKEN_WORD &&
           scan->tokens[last - 1].kind != TOKEN_NUMBER)
        last--;
    for (from = last; from > scan->sentence_from && last - from < TAIL_MOST; from--) {
        const struct token *token = &scan->tokens[from - 1];
        if (token->kind == TOKEN_COMMA) break;
        if (token->kind == TOKEN_OPEN || token->kind == TOKEN_CLOSE) return SIZE_MAX;
    }
    if (from <= scan->sentence_from + 3 || from == last || !kind_at(scan, from - 1, TOKEN_COMMA)) return SIZE_MAX;
    for (size_t i = from; i < last; i++) {
        const struct cue_form *form = form_at(scan, i);
        if (form == NULL || (form->cue->rules & CUE_SAY) == 0 ||
            (form->tense != TENSE_PAST && form->tense != TENSE_PRESENT))
            continue;
        if (is_noun_here(scan, i)) return SIZE_MAX;
        size_t behind = i + 1;
        while (behind < last && class_at(scan, behind, WORD_TIME | WORD_ADVERB)) behind++;
        bool complete = behind == last || class_at(scan, behind, WORD_PREP);
        if (i == from) { /* …, said the minister */
            size_t subject = subject_behind(scan, i).end;
            complete = subject >= last || class_at(scan, subject, WORD_PREP | WORD_TIME);
        }
        if (i > from && class_at(scan, from, WORD_ARTICLE) && !word_at(scan, from, "the"))
            return SIZE_MAX; /* his spokesperson */
        return complete && !class_at(scan, from, WORD_CONNECTOR | WORD_RELATIVE | WORD_PREP) ? i : SIZE_MAX;
    }
    return SIZE_MAX;
}

/* Gives a sentence with such a tail whole; false if it has none. */
static bool give_tailed(struct scan *scan, size_t end)
{
    size_t verb = find_tail(scan, end), from = verb;
    if (verb == SIZE_MAX) return false;
    while (!kind_at(scan, from - 1, TOKEN_COMMA)) from--;
    struct speaker speaker = from == verb ? subject_behind(scan, verb) : subject_before(scan, verb);
    if (speaker.from == speaker.end || is_quote_end(scan, from - 2)) return false;
    size_t begin = scan->sentence_from;
    for (size_t i = begin; i < from && i < begin + TAIL_MOST / 2; i++) /* ATHENS, May 4 (Reuters) - */
        if (scan->tokens[i].kind == TOKEN_MARK && scan->tokens[i].end < scan->tokens[i + 1].start &&
            scan->tokens[i].start > scan->tokens[i - (i > 0)].end)
            begin = i + 1;
    give(scan, form_at(scan, verb)->cue, scan_span(scan, verb, verb + 1), speaker, begin,
         scan_trim_end(scan, begin, from), false);
    return true;
}

/* According to X, …: what was said is the rest of the sentence. */
static size_t give_source(struct scan *scan, size_t at)
{
    size_t limit = sentence_end(scan, at), from = at + 2, end = from;
    while (end < limit && end < from + SUBJECT_MOST && scan->tokens[end].kind != TOKEN_COMMA &&
           scan->tokens[end].kind != TOKEN_STOP && scan->tokens[end].kind != TOKEN_BREAK &&
           !class_at(scan, end, WORD_RELATIVE | WORD_CONNECTOR | WORD_COMP))
        end++;
    if (end == from) return at + 1;
    struct speaker speaker = {from, end, GENDER_ANY};
    struct span cue = scan_span(scan, at, at + 2);
    if (at == scan->sentence_from) {
        size_t begin = kind_at(scan, end, TOKEN_COMMA) ? end + 1 : end;
        give(scan, NULL, cue, speaker, begin, scan_trim_end(scan, begin, limit), false);
        return limit;
    }
    size_t begin = scan->sentence_from > scan->done ? scan->sentence_from : scan->done;
    if (at < begin + 3) return at + 1;
    give(scan, NULL, cue, speaker, begin, scan_trim_end(scan, begin, at), false);
    return end;
}

/* A quotation that stands alone goes on with what the last speaker said. */
static size_t give_standing_quote(struct scan *scan, size_t open)
{
    size_t mate = scan->tokens[open].mate;
    struct speaker speaker = speakers_last(&scan->speakers, GENDER_ANY);
    if (mate == TOKEN_UNPAIRED || speaker.from == speaker.end ||
        scan_words_inside(scan, open, QUOTE_WORDS) < QUOTE_WORDS)
        return open + 1;
    size_t behind = mate + 1;
    while (kind_at(scan, behind, TOKEN_STOP)) behind++;
    bool alone = behind >= scan->end || kind_at(scan, behind, TOKEN_BREAK) || kind_at(scan, mate - 1, TOKEN_STOP);
    if (!alone) return SIZE_MAX;
    give(scan, scan->last, scan->last_cue, speaker, open + 1, mate, true);
    return mate + 1;
}

static size_t step(struct scan *scan, size_t at)
{
    struct frame frame;
    const struct token *token = &scan->tokens[at];
    if (at == scan->sentence_from && give_tailed(scan, sentence_end(scan, at))) return sentence_end(scan, at);
    if (token->kind == TOKEN_COLON && scan->done == at && is_quote(scan, at + 1)) { /* conceded …: "…" */
        size_t next = give_standing_quote(scan, at + 1);
        if (next != SIZE_MAX) return next;
    }
    if (is_quote(scan, at)) {
        size_t next = at == scan->sentence_from ? give_standing_quote(scan, at) : SIZE_MAX;
        if (next != SIZE_MAX) return next;
        return token->mate != TOKEN_UNPAIRED ? token->mate + 1 : at + 1;
    }
    if (word_at(scan, at, "according") && word_at(scan, at + 1, "to")) return give_source(scan, at);
    if (token->word == NULL || token->word->form == NULL) return at + 1;
    if (give_backwards(scan, at)) return at + 1;
    return parse_frame(scan, at, &frame) ? give_frame(scan, &frame) : at + 1;
}

void statements_english(const struct article *article, struct statements *out)
{
    struct scan scan = {
        .article = article, .tokens = article->tokens, .end = article->count, .out = out, .spoken_in = SIZE_MAX};
    for (size_t i = 0; i < scan.end;) {
        while (i >= sentence_end(&scan, scan.sentence_from))
            scan.sentence_from = sentence_end(&scan, scan.sentence_from);
        size_t given = out->count, next = step(&scan, i);
        if (out->count > given) scan.done = next;
        i = next;
    }
}
