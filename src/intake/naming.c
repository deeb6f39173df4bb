#include "intake/naming.h"

#include "text/names.h"

enum { NAMES_KEPT = 128, ORDER_KEPT = 64, MENTION_MOST = 24 };

/* The fullest mention so far of a name that ends with this word. */
struct known_name {
    struct slice last; /* folded */
    struct span name, role, organisation, perhaps;
};

struct naming {
    const struct article *article;
    struct known_name known[NAMES_KEPT]; /* by hash; a newer one takes an older one's place */
    uint16_t order[ORDER_KEPT];          /* the first of them, as they came */
    size_t lasts;
};

static size_t token_at(const struct article *article, uint32_t start)
{
    size_t low = 0, high = article->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (article->tokens[middle].start <= start)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static struct span span_of(const struct article *article, size_t from, size_t end)
{
    struct span span = {0, 0};
    if (from < end) span = (struct span){article->tokens[from].start, article->tokens[end - 1].end};
    return span;
}

static bool text_is(const struct article *article, size_t at, const char *text)
{
    return slice_is(token_text(article, &article->tokens[at]), text);
}

static bool is_definite(const struct article *article, size_t at)
{
    return slice_starts(token_text(article, &article->tokens[at]), "ال");
}

static bool is_capital(const struct article *article, size_t at)
{
    uint8_t byte = article->source.data[article->tokens[at].start];
    return (byte >= 'A' && byte <= 'Z') || byte >= 0xc3;
}

/* ---- the parts of one mention */

struct parts {
    size_t name, name_end, role, role_end, body, body_end; /* tokens */
};

static bool names_in_arabic(const struct article *article, size_t at)
{
    const struct token *token = &article->tokens[at];
    if (token->kind != TOKEN_WORD || is_definite(article, at)) return false;
    return !token_is(token, WORD_ROLE | WORD_BODY | WORD_PREP | WORD_CONNECTOR) &&
           !slice_starts(token_text(article, token), "لل") && !text_is(article, at, "باسم") &&
           !text_is(article, at, "باسمها");
}

static struct parts part_arabic(const struct article *article, size_t from, size_t end)
{
    struct parts parts = {0};
    size_t at = from;
    /* a name before the office: جون كيربي المتحدث باسم … */
    while (at < end && (names_in_arabic(article, at) || (at > from && is_definite(article, at) &&
                                                         !token_is(&article->tokens[at], WORD_ROLE | WORD_BODY))))
        at++;
    parts.name = from, parts.name_end = at;
    if (at == end) return parts;
    size_t office = at, office_end = end;
    if (at == from) { /* behind it: المتحدث باسم البيت الأبيض جوش إيرنست */
        for (at = end; at > from && (names_in_arabic(article, at - 1) ||
                                     (at < end && at - 1 > from && is_definite(article, at - 1) &&
                                      names_in_arabic(article, at - 2)));
             at--) {}
        size_t marks = end;
        if (at == end && article->tokens[end - 1].kind == TOKEN_CLOSE &&
            article->tokens[end - 1].mate != TOKEN_UNPAIRED && article->tokens[end - 1].mate > from &&
            !article->tokens[end - 1].bracket) {
            at = article->tokens[end - 1].mate + 1; /* رئيس الوزراء "فلان" */
            marks = end - 1;
            office_end = at - 1;
        } else {
            office_end = at;
        }
        parts.name = at, parts.name_end = marks;
    }
    bool role = token_is(&article->tokens[office], WORD_ROLE);
    size_t body = role ? office_end : office;
    for (size_t i = office + 1; role && i < office_end; i++) {
        if (text_is(article, i, "باسم")) {
            body = i + 1;
            break;
        }
        if (token_is(&article->tokens[i], WORD_PREP) ||
            (token_is(&article->tokens[i], WORD_BODY) && !token_is(&article->tokens[i], WORD_ROLE) &&
             !is_definite(article, i))) {
            body = token_is(&article->tokens[i], WORD_PREP) ? i + 1 : i;
            break;
        }
    }
    parts.role = office, parts.role_end = role ? body : office;
    parts.body = body, parts.body_end = office_end;
    return parts;
}

static struct parts part_english(const struct article *article, size_t from, size_t end)
{
    struct parts parts = {0};
    size_t at = end;
    while (from < end && token_is(&article->tokens[from], WORD_ARTICLE)) from++;
    if (from < end && token_is(&article->tokens[from], WORD_PRONOUN)) return parts;
    while (at > from && (is_capital(article, at - 1) || article->tokens[at - 1].kind == TOKEN_MARK ||
                         (at < end && article->tokens[at - 1].kind == TOKEN_STOP)))
        at--;
    bool office = false; /* "foreign minister Walid …": lower-case words stand before the name */
    for (size_t i = from; i < at; i++) office |= article->tokens[i].kind == TOKEN_WORD;
    parts.name = at, parts.name_end = end;
    if (office) parts.role = from, parts.role_end = at;
    return parts;
}

/* ---- the same name elsewhere */

static struct known_name *slot_of(struct naming *naming, struct slice last)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < last.size; i++) hash = (hash ^ last.data[i]) * 16777619U;
    return &naming->known[hash % NAMES_KEPT];
}

static uint32_t size_of(struct span span)
{
    return span.end - span.start;
}

/* An earlier name whose last word may be another spelling of this one. */
static struct span other_spelling(const struct naming *naming, struct slice last)
{
    for (size_t i = 0; i < naming->lasts; i++) {
        const struct known_name *other = &naming->known[naming->order[i]];
        if (names_may_be_one(other->last, last)) return other->name;
    }
    return (struct span){0, 0};
}

static void name_one(struct naming *naming, struct statement *statement)
{
    const struct article *article = naming->article;
    if (statement->speaker.start == statement->speaker.end) return;
    size_t from = token_at(article, statement->speaker.start), end = from;
    while (end < article->count && end < from + MENTION_MOST && article->tokens[end].end <= statement->speaker.end)
        end++;
    if (end == from) return;
    struct parts parts =
        article->language == LANGUAGE_ARABIC ? part_arabic(article, from, end) : part_english(article, from, end);
    statement->name = span_of(article, parts.name, parts.name_end);
    statement->role = span_of(article, parts.role, parts.role_end);
    statement->organisation = span_of(article, parts.body, parts.body_end);
    if (parts.name == parts.name_end) return;
    struct slice last = token_text(article, &article->tokens[parts.name_end - 1]);
    struct known_name *known = slot_of(naming, last);
    if (!slice_equal(known->last, last)) {
        *known = (struct known_name){.last = last, .perhaps = other_spelling(naming, last)};
        if (naming->lasts < ORDER_KEPT) naming->order[naming->lasts++] = (uint16_t)(known - naming->known);
    }
    statement->perhaps = known->perhaps;
    if (size_of(statement->name) > size_of(known->name)) known->name = statement->name;
    if (size_of(statement->role) > 0) known->role = statement->role, known->organisation = statement->organisation;
    statement->name = known->name;
    if (size_of(statement->role) == 0) {
        statement->role = known->role;
        if (size_of(statement->organisation) == 0) statement->organisation = known->organisation;
    }
}

void name_speakers(const struct article *article, struct statements *statements)
{
    struct naming naming = {.article = article};
    for (size_t i = 0; i < statements->count; i++) name_one(&naming, &statements->items[i]);
}
