/* Statements in Arabic news. One walk from left to right: at a verb of saying the frame is parsed (who, what opens the
 * content, where it ends), and the walk goes on behind the content. Nothing is tried twice and every look ahead is
 * bounded, so that the work is linear in the text. spec/intake.md has the rules in words. */
#include "intake/arabic_frame.h"

enum { EACH_NEAR = 8, SOURCE_MOST = 5 };

/* ---- where the content ends */

/* أدانت الهجوم كل من الولايات المتحدة و… */
static bool is_each_of(const struct scan *scan, size_t at)
{
    return at + 3 < scan->end && word_at(scan, at, "كل") && word_at(scan, at + 1, "من") &&
           (kind_at(scan, at + 2, TOKEN_COLON) || class_at(scan, at + 2, WORD_BODY | WORD_ROLE));
}

/* Narration goes on: "، رغم …", "، في حين …". What follows a colon is quoted and goes on itself. */
static bool narrates(const struct scan *scan, size_t begin, size_t at)
{
    if (!kind_before(scan, at, TOKEN_COMMA) || kind_before(scan, begin, TOKEN_COLON)) return false;
    return class_at(scan, at, WORD_ENDER) || (class_at(scan, at, WORD_PREP) && class_at(scan, at + 1, WORD_ENDER));
}

/* Does what was said end before `at`? */
static bool ends_before(const struct scan *scan, size_t begin, size_t at)
{
    bool clause = class_before(scan, begin, WORD_COMP) || kind_before(scan, begin, TOKEN_COLON);
    if (at == begin) return false;
    if (kind_at(scan, at, TOKEN_DOTS)) return true;
    if (kind_at(scan, at, TOKEN_COLON)) return !clause && frame_quotes(scan, at + 1);
    return narrates(scan, begin, at) || (at < begin + EACH_NEAR && is_each_of(scan, at)) || frame_begins(scan, at);
}

/* Where the content that began at `begin` ends, looking from `from` on. */
static size_t content_end(const struct scan *scan, size_t begin, size_t from)
{
    size_t limit = least(sentence_end(scan, begin), begin + CONTENT_MOST);
    for (size_t i = from; i < limit; i++) {
        const struct token *token = &scan->tokens[i];
        if (token->kind == TOKEN_OPEN && token->mate != TOKEN_UNPAIRED && token->mate < limit) {
            if (token->bracket && frame_begins(scan, i + 1)) return i;
            i = token->mate;
            continue;
        }
        if (token->kind == TOKEN_CLOSE && (token->mate == TOKEN_UNPAIRED || token->mate < begin)) return i;
        if (ends_before(scan, begin, i)) return i;
    }
    return limit;
}

/* ---- giving it out */

static enum act act_of(const struct scan *scan, const struct frame *frame, size_t from, size_t end)
{
    enum act act = frame->cue == NULL ? ACT_STATEMENT : frame->cue->act;
    if (from >= end) return act;
    enum act said = lexis_act(scan->article->lexis, scan_folded(scan, from, end));
    bool negated =
        frame->cue != NULL && (frame->cue->rules & CUE_NEGATED) != 0 && class_before(scan, frame->verb, WORD_NEGATION);
    if (negated) return said; /* لم يستبعد rejects nothing */
    if (act == ACT_STATEMENT && frame->manner != NULL && frame->manner->act != ACT_STATEMENT) return frame->manner->act;
    if (act == ACT_STATEMENT) return said;
    return act == ACT_DEMAND && said == ACT_CLARIFY ? ACT_CLARIFY : act;
}

static void give(struct scan *scan, const struct frame *frame, struct speaker speaker, size_t from, size_t end,
                 bool direct)
{
    struct statement *statement = from < end ? statements_add(scan->out) : NULL;
    if (statement == NULL) return;
    if (frame->verb < frame->verb_end) { /* else a quotation goes on without a verb of its own */
        scan->last = frame->cue;
        scan->last_cue = scan_span(scan, frame->verb, frame->verb_end);
    }
    statement->speaker = scan_span(scan, speaker.from, speaker.end);
    statement->cue = scan->last_cue;
    statement->content = scan_span(scan, from, end);
    statement->verb = scan->last;
    statement->direct = direct;
    statement->act = act_of(scan, frame, from, end);
    if (frame->object_end > from) statement->target = scan_span(scan, from, least(frame->object_end, end));
    if (speaker.end > speaker.from) speakers_say(&scan->speakers, scan->article, speaker);
    scan->spoken_in = scan->sentence_from;
}

/* A quotation of the last speaker's without a verb of its own. */
static size_t give_more(struct scan *scan, size_t open)
{
    struct speaker speaker = speakers_last(&scan->speakers, GENDER_ANY);
    struct frame frame = {.verb = open, .verb_end = open};
    size_t mate = scan->tokens[open].mate;
    give(scan, &frame, speaker, open + 1, mate, true);
    return mate + 1;
}

/* Two things joined by و under one verb are one statement unless what they do differs; the second is a quotation. */
static void give_parted(struct scan *scan, const struct frame *frame, struct speaker speaker, size_t from, size_t next)
{
    size_t end = scan_trim_end(scan, from, next), open = end;
    if (end > from && kind_at(scan, end - 1, TOKEN_CLOSE) && scan->tokens[end - 1].mate != TOKEN_UNPAIRED)
        open = scan->tokens[end - 1].mate;
    bool parted = open > from + 2 && open < end && word_at(scan, open - 1, "و") && frame_quotes(scan, open) &&
                  scan_words_inside(scan, open, BRACKET_WORDS) >= BRACKET_WORDS;
    for (size_t i = from; parted && i < open; i++) parted = scan->tokens[i].kind != TOKEN_OPEN;
    enum act first = parted ? act_of(scan, frame, from, open - 1) : ACTS;
    enum act second = parted ? act_of(scan, frame, open + 1, end - 1) : ACTS;
    parted = parted && first != second && second != ACT_STATEMENT;
    give(scan, frame, speaker, from, parted ? open - 1 : end, false);
    if (parted) give(scan, frame, speaker, open + 1, end - 1, true);
}

/* What opens with a quotation mark: the quotation alone if the clause ends with it or nothing else opened it, else the
 * whole clause. */
static size_t give_quoted(struct scan *scan, const struct frame *frame, struct speaker speaker)
{
    size_t open = frame->content, mate = scan->tokens[open].mate;
    size_t inner = mate == TOKEN_UNPAIRED ? content_end(scan, open + 1, open + 1) : mate;
    size_t behind = mate == TOKEN_UNPAIRED ? inner : mate + 1, end = content_end(scan, open, behind);
    if (end < behind) end = behind;
    bool alone = behind >= scan_trim_end(scan, behind - 1, end) || kind_at(scan, behind, TOKEN_COMMA) ||
                 (frame->opened && !class_before(scan, open, WORD_COMP));
    if (alone) end = behind;
    if (alone)
        give(scan, frame, speaker, open + 1, mate == TOKEN_UNPAIRED ? scan_trim_end(scan, open + 1, inner) : inner,
             true);
    else
        give(scan, frame, speaker, open, scan_trim_end(scan, open, end), false);
    return end;
}

/* Each of what follows gives out what begins at its place and returns the token at which the walk goes on, or the same
 * place where nothing of its kind begins. */

static size_t give_frame(struct scan *scan, size_t at)
{
    struct frame frame;
    if (!frame_parse(scan, at, &frame)) return at;
    struct speaker speaker = frame_speaker(scan, &frame);
    size_t from = frame.content, end;
    if (kind_at(scan, from, TOKEN_OPEN) && (frame_quotes(scan, from) || !scan->tokens[from].bracket))
        return give_quoted(scan, &frame, speaker);
    end = content_end(scan, from, from);
    if (!is_each_of(scan, end)) {
        give_parted(scan, &frame, speaker, from, end);
        return end > from ? end : from + 1;
    }
    speaker.from = end + 2 + kind_at(scan, end + 2, TOKEN_COLON); /* the subject stands behind */
    speaker.end = scan_trim_end(scan, end, sentence_end(scan, end));
    speaker.gender = GENDER_PLURAL;
    give(scan, &frame, speaker, from, scan_trim_end(scan, from, end), false);
    return speaker.end;
}

/* "…"، كما قال فلان: what was said stands before the verb, and only who said it behind. */
static size_t give_backwards(struct scan *scan, size_t at)
{
    const struct cue_form *form = form_at(scan, at);
    size_t before = at;
    if (form == NULL || (form->cue->rules & CUE_SAY) == 0 || form->tense > TENSE_PRESENT) return at;
    while (before > scan->sentence_from &&
           (class_before(scan, before, WORD_CONNECTOR) || kind_before(scan, before, TOKEN_COMMA)))
        before--;
    if (before == scan->sentence_from || !kind_before(scan, before, TOKEN_CLOSE)) return at;
    size_t close = before - 1, open = scan->tokens[close].mate;
    if (open == TOKEN_UNPAIRED || open < scan->done || !frame_quotes(scan, open) ||
        scan_words_inside(scan, open, BRACKET_WORDS) < BRACKET_WORDS ||
        !can_speak(&scan->speakers, scan->article, at + 1))
        return at;
    struct frame frame = {.cue = form->cue,
                          .form = form,
                          .verb = at,
                          .verb_end = at + 1,
                          .subject = at + 1,
                          .subject_end = sentence_end(scan, at)};
    give(scan, &frame, frame_speaker(scan, &frame), open + 1, close, true);
    return at + 1;
}

/* Where the one ends that بحسب or وفقا ل names; `at` if they name nobody. */
static size_t source_end(const struct scan *scan, size_t at, struct speaker *speaker)
{
    size_t from = at + 1, limit = sentence_end(scan, at), end;
    if (!class_at(scan, at, WORD_HARD_ENDER)) return at;
    struct slice word = text_at(scan, from), bare = slice_part(word, 2, word.size);
    const struct lexeme *known = lexis_find(scan->article->lexis, bare);
    bool to_body = slice_starts(word, "ل") && known != NULL && (known->classes & (WORD_ROLE | WORD_BODY)) != 0;
    if (slice_starts(word, "لل") || to_body) { /* وفقا للوزارة */
        for (end = from + 1; end < limit && end < from + SOURCE_MOST && slice_starts(text_at(scan, end), "ال");) end++;
    } else {
        end =
            can_speak(&scan->speakers, scan->article, from) ? noun_phrase_end(scan->article, from, limit, true) : from;
        if (end == from) return at;
    }
    *speaker = (struct speaker){from, end, GENDER_ANY};
    return end;
}

/* بحسب فلان، …: the rest of the sentence was said, where something parts it from who said it. */
static size_t give_source(struct scan *scan, size_t at)
{
    struct speaker speaker;
    size_t end = at == scan->sentence_from ? source_end(scan, at, &speaker) : at, from = end;
    if (kind_at(scan, from, TOKEN_COMMA)) from++;
    if (class_at(scan, from, WORD_COMP)) from++;
    if (end == at || from == end) return at;
    struct frame frame = {.verb = at, .verb_end = at + 1};
    size_t behind = content_end(scan, from, from);
    give(scan, &frame, speaker, from, scan_trim_end(scan, from, behind), false);
    return behind;
}

/* "…: «…»" right behind a content: the same speaker's words. */
static size_t give_quote_behind(struct scan *scan, size_t at)
{
    size_t open = at + 1;
    if (scan->done != at || scan->speakers.count == 0 || !kind_at(scan, at, TOKEN_COLON) || !frame_quotes(scan, open) ||
        scan->tokens[open].mate == TOKEN_UNPAIRED)
        return at;
    return give_more(scan, open);
}

/* A paragraph that is one quotation goes on with what the last speaker said. Other quotations are names. */
static size_t give_standing_quote(struct scan *scan, size_t open)
{
    size_t mate = scan->tokens[open].mate;
    if (!kind_at(scan, open, TOKEN_OPEN)) return open;
    size_t next = scan->tokens[open].bracket || mate == TOKEN_UNPAIRED ? open : mate + 1, behind = mate + 1;
    bool paragraph = open == 0 || kind_before(scan, open, TOKEN_BREAK);
    if (!paragraph || mate == TOKEN_UNPAIRED || scan->speakers.count == 0 || !frame_quotes(scan, open) ||
        scan_words_inside(scan, open, BRACKET_WORDS) < BRACKET_WORDS)
        return next;
    while (kind_at(scan, behind, TOKEN_COMMA) || kind_at(scan, behind, TOKEN_STOP)) behind++;
    return behind < scan->end && !kind_at(scan, behind, TOKEN_BREAK) ? next : give_more(scan, open);
}

void statements_arabic(const struct article *article, struct statements *out)
{
    typedef size_t giver(struct scan * scan, size_t at);
    static giver *const givers[] = {give_standing_quote, give_quote_behind, give_source, give_backwards, give_frame};
    struct scan scan = {
        .article = article, .tokens = article->tokens, .end = article->count, .out = out, .spoken_in = SIZE_MAX};
    for (size_t at = 0, next; at < scan.end; at = next) {
        size_t given = out->count;
        scan_enter(&scan, at);
        next = at;
        for (size_t i = 0; i < COUNT_OF(givers) && next == at; i++) next = givers[i](&scan, at);
        if (next <= at) next = at + 1;
        if (out->count > given) scan.done = next;
    }
}
