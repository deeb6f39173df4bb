/* A term: its own wording, and the rivals': the same term with fields put in place of others. */
#include "terms/lint.h"

/* ---- a copy of a tree with other values at some pointers */

static const struct json *replaced_at(const struct json *patches, struct slice pointer)
{
    for (const struct json *p = patches->first; p != NULL; p = p->next)
        if (slice_equal(p->key, pointer)) return p;
    return NULL;
}

static const struct json *copy_with(struct reader *r, const struct json *tree, const struct json *patches,
                                    struct json_path *path, unsigned depth)
{
    const struct json *from = replaced_at(patches, slice_of(path->text, path->size));
    struct json *copy = reader_get(r, sizeof *copy);
    if (copy == NULL || depth > LIMIT_JSON_DEPTH) return NULL;
    *copy = from != NULL ? *from : *tree;
    copy->key = tree->key;
    copy->next = NULL;
    if (from != NULL) return copy;
    const struct json **link = &copy->first;
    size_t i = 0;
    copy->first = NULL;
    for (const struct json *m = tree->first; m != NULL; m = m->next, i++) {
        size_t mark = tree->type == JSON_OBJECT ? json_path_push(path, m->key) : json_path_push_index(path, i);
        const struct json *member = copy_with(r, m, patches, path, depth + 1);
        json_path_pop(path, mark);
        if (member == NULL) return NULL;
        *link = member;
        link = &((struct json *)(uintptr_t)member)->next;
    }
    return copy;
}

/* ---- one wording */

static bool moment_member(struct reader *r, const struct moment **out, const struct json *term, const char *key)
{
    const struct json *member = json_find(term, key);
    if (member == NULL) return true;
    size_t mark = reader_in(r, key);
    *out = read_moment(r, member);
    reader_out(r, mark);
    return *out != NULL;
}

static bool read_ground(struct reader *r, struct slice *out, const struct json *value)
{
    size_t mark = reader_in(r, "justify");
    bool good = read_slug(r, out, value);
    reader_out(r, mark);
    return good;
}

static bool read_exception(struct reader *r, struct exception *out, const struct json *value)
{
    static const char *const members[] = {"if", "justify", "lead", "notified", NULL};
    const struct json *justify = json_find(value, "justify"), *notified = json_find(value, "notified");
    struct rule notice = {.type = RULE_FLOOR, .n = 1};
    bool good = reader_members(r, value, members);
    bool one = (justify != NULL) + (notified != NULL) + (json_find(value, "if") != NULL) == 1;
    if (!one || (json_find(value, "lead") != NULL) != (notified != NULL))
        return good && reader_fault(r, NULL, "term-shape", "An exception is justify, or if, or notified with its lead.",
                                    slice_from(""));
    if (justify != NULL) {
        good = read_ground(r, &out->ground, justify) && good;
        out->ground_number = good ? reader_symbol(r, out->ground) : 0;
        return good;
    }
    out->type = notified == NULL ? EXCEPTION_IF : EXCEPTION_NOTIFIED;
    if (notified == NULL) return (out->selector = read_selector_member(r, value, "if")) != NULL && good;
    good = read_hidden(r, &out->notices, &notice, value, "notified") && good;
    return read_duration(r, &out->lead_s, value, "lead") && good;
}

static bool read_exceptions(struct reader *r, struct wording *wording, const struct json *list)
{
    if (list == NULL) return true;
    if (list->type != JSON_ARRAY || list->size == 0)
        return reader_fault(r, "except", "term-shape", "A list of exceptions is needed.", slice_from(""));
    size_t mark = reader_in(r, "except"), i = 0;
    bool good = list->size <= PARTS_MOST ||
                reader_limit(r, "More exceptions of one term than are allowed: at most {0}.", PARTS_MOST);
    struct exception *exceptions = good ? reader_get(r, list->size * sizeof *exceptions) : NULL;
    for (const struct json *m = list->first; m != NULL && exceptions != NULL; m = m->next, i++) {
        size_t inner = json_path_push_index(&r->path, i);
        good = read_exception(r, &exceptions[i], m) && good;
        reader_out(r, inner);
    }
    reader_out(r, mark);
    wording->exceptions = exceptions;
    wording->exception_count = i;
    return good && exceptions != NULL;
}

/* ---- who decides whether an event counts */

static bool read_quorum(struct reader *r, struct finding_rule *out, const struct json *value)
{
    const struct json *quorum = json_find(value, "quorum");
    out->quorum = quorum == NULL ? 1 : quorum->integer;
    if (quorum == NULL || (quorum->type == JSON_INTEGER && quorum->integer >= 1 && quorum->integer <= NAMES_MOST))
        return true;
    return reader_fault(r, "quorum", "term-shape", "A quorum is a whole number from 1.", slice_from(""));
}

static bool read_finding_rule(struct reader *r, struct finding_rule *out, const struct json *value)
{
    static const char *const members[] = {"by", "quorum", "reply", "standard", NULL};
    static const char *const standards[] = {"none", "plausible", "probable", "highly-probable", NULL};
    int standard;
    if (value == NULL) return true;
    bool good = reader_members(r, value, members);
    if (value->type != JSON_OBJECT) return false;
    if (json_find(value, "by") == NULL)
        good = reader_fault(r, NULL, "term-shape", "Who decides is needed: `by`.", slice_from(""));
    good = read_group_member(r, &out->by, value, "by") && good;
    good = read_word(r, &standard, value, "standard", standards, STANDARD_NONE) && good;
    out->standard = (enum standard)standard;
    good = read_quorum(r, out, value) && good;
    return read_duration(r, &out->reply_s, value, "reply") && good;
}

static bool read_while(struct reader *r, size_t *out, const struct json *value)
{
    *out = SIZE_MAX;
    if (value == NULL) return true;
    size_t mark = reader_in(r, "while");
    bool good = find_term(r, out, value);
    reader_out(r, mark);
    return good;
}

/* A floor without an end can never be broken. A cap's window may stay open. */
static bool wording_makes_sense(struct reader *r, const struct wording *w)
{
    bool floor = w->rule->type == RULE_FLOOR, counts = floor || w->rule->type == RULE_CAP, good = true;
    if (floor && w->by == NULL && w->every_s == 0)
        good = reader_fault(r, "rule", "term-floor", "A floor needs `by` or `every`: without it, it can never be due.",
                            slice_from(""));
    if (floor && w->until != NULL)
        good = reader_fault(r, "until", "term-floor", "A floor ends with `by`.", slice_from(""));
    if (!floor && (w->by != NULL || w->each))
        good = reader_fault(r, "rule", "term-floor", "Only at_least has `by` and `each`.", slice_from(""));
    if (!counts && w->every_s != 0)
        good = reader_fault(r, "every", "term-floor", "Only at_least and at_most have `every`.", slice_from(""));
    if (!counts && (w->exception_count > 0 || w->finding.by != NULL))
        good = reader_fault(r, "rule", "term-floor", "Only at_least and at_most have `except` and `finding`.",
                            slice_from(""));
    if (w->each && w->who->type != GROUP_NAMES)
        good = reader_fault(r, "who", "term-floor", "With `each`, `who` lists names.", slice_from(""));
    if (w->every_s != 0 && w->every_s < 3600)
        good = reader_fault(r, "every", "term-limit", "A period is an hour at least.", slice_from(""));
    return good;
}

static bool read_times(struct reader *r, struct wording *w, const struct json *term)
{
    bool good = moment_member(r, &w->from, term, "from");
    good = moment_member(r, &w->until, term, "until") && good;
    good = moment_member(r, &w->by, term, "by") && good;
    return read_duration(r, &w->every_s, term, "every") && good;
}

static bool read_who_and_rule(struct reader *r, struct wording *w, const struct json *term)
{
    size_t mark = reader_in(r, "who");
    w->who = read_group(r, json_find(term, "who"));
    reader_out(r, mark);
    mark = reader_in(r, "rule");
    w->rule = read_rule(r, json_find(term, "rule"));
    reader_out(r, mark);
    mark = reader_in(r, "watch");
    bool watch = read_watch(r, &w->watch, json_find(term, "watch"));
    reader_out(r, mark);
    return watch && w->who != NULL && w->rule != NULL;
}

static bool read_wording(struct reader *r, struct wording *w, const struct json *term)
{
    static const char *const members[] = {"answers", "by",      "channel", "clause", "each",  "effect", "every",
                                          "except",  "finding", "from",    "id",     "rival", "rule",   "until",
                                          "watch",   "while",   "who",     "zone",   NULL};
    bool good = reader_members(r, term, members);
    good = read_who_and_rule(r, w, term) && good;
    good = reader_flag(r, &w->each, term, "each") && good;
    good = read_times(r, w, term) && good;
    size_t mark = reader_in(r, "finding");
    good = read_finding_rule(r, &w->finding, json_find(term, "finding")) && good;
    reader_out(r, mark);
    good = read_while(r, &w->while_term, json_find(term, "while")) && good;
    good = read_exceptions(r, w, json_find(term, "except")) && good;
    return w->who != NULL && w->rule != NULL && wording_makes_sense(r, w) && good;
}

static bool patches_fit(struct reader *r, const struct json *term, const struct json *patches)
{
    bool good = true;
    for (const struct json *p = patches->first; p != NULL; p = p->next) {
        if (p->key.size > 0 && json_at(term, p->key) != NULL && !slice_starts(p->key, "/rival") &&
            !slice_starts(p->key, "/id") && !slice_starts(p->key, "/effect"))
            continue;
        size_t mark = json_path_push(&r->path, p->key);
        good =
            reader_fault(r, NULL, "term-rival", "There is nothing at \"{0}\" that a rival text could change.", p->key);
        reader_out(r, mark);
    }
    return good;
}

/* `own_good`: the agreement's own wording has no fault; then all that this one has are the rival's. */
static bool read_rival(struct reader *r, struct wording *w, const struct json *term, const struct json *patches,
                       bool own_good)
{
    struct json_path path = {.size = 0};
    w->name = patches->key;
    if (patches->type != JSON_OBJECT || patches->size == 0)
        return reader_fault(r, NULL, "term-rival", "A rival text names what it changes by JSON pointers.",
                            slice_from(""));
    if (!patches_fit(r, term, patches)) return false;
    const struct json *changed = copy_with(r, term, patches, &path, 0);
    if (changed == NULL) return false;
    r->patches = patches;
    r->patches_from = r->path.size;
    r->patches_only = !own_good;
    bool good = read_wording(r, w, changed);
    r->patches = NULL;
    return good;
}

/* ---- effects: proposals to somebody */

static bool read_on(struct reader *r, unsigned *on, const struct json *value)
{
    const char *words[VERDICT_COUNT + 1] = {NULL};
    for (enum verdict v = 0; v < VERDICT_COUNT; v++) words[v] = verdict_name(v);
    if (value == NULL)
        return reader_fault(r, "on", "term-effect", "On which verdict, or verdicts, is needed.", slice_from(""));
    size_t mark = reader_in(r, "on");
    bool good = read_flags(r, on, value, words, true);
    reader_out(r, mark);
    return good;
}

static bool read_what_term(struct reader *r, const struct json *value)
{
    const struct json *of = json_find(value, "term");
    size_t term, mark;
    if (of == NULL) return true;
    mark = reader_in(r, "term");
    bool good = find_term(r, &term, of);
    reader_out(r, mark);
    return good;
}

static bool read_what_party(struct reader *r, const struct json *value)
{
    struct slice name;
    const struct json *of = json_find(value, "party");
    if (of == NULL) return true;
    size_t mark = reader_in(r, "party");
    bool good = read_slug(r, &name, of);
    if (good) lint_use(r, USE_PARTY, name);
    reader_out(r, mark);
    return good;
}

static bool read_what(struct reader *r, const struct json **out, const struct json *value)
{
    static const char *const members[] = {"channel", "party", "term", "whole", NULL};
    bool whole;
    *out = value;
    if (value == NULL) return true;
    if (!reader_members(r, value, members)) return false;
    if (value->size != 1)
        return reader_fault(r, NULL, "term-effect", "Exactly one of channel, party, term, whole.", slice_from(""));
    return reader_flag(r, &whole, value, "whole") && read_what_term(r, value) && read_what_party(r, value) &&
           read_channel(r, &(struct slice){NULL, 0}, value);
}

static bool read_proposal(struct reader *r, struct proposal *out, const struct json *value)
{
    static const char *const members[] = {"ask", "do", "on", "what", NULL};
    static const char *const acts[] = {"request",  "refer",  "extend",  "lapse", "suspend",
                                       "withdraw", "resume", "exclude", NULL};
    int act;
    bool good = reader_members(r, value, members);
    if (value->type != JSON_OBJECT) return false;
    if (!read_word(r, &act, value, "do", acts, -1))
        good = false;
    else
        out->act = slice_from(acts[act]);
    good = read_on(r, &out->on, json_find(value, "on")) && good;
    if (json_find(value, "ask") == NULL)
        good = reader_fault(r, "ask", "term-effect", "To whom it is proposed is needed: `ask`.", slice_from(""));
    good = read_group_member(r, &out->ask, value, "ask") && good;
    size_t mark = reader_in(r, "what");
    good = read_what(r, &out->what, json_find(value, "what")) && good;
    reader_out(r, mark);
    return good;
}

static bool read_effects(struct reader *r, struct term *term, const struct json *list)
{
    if (list == NULL) return true;
    if (list->type != JSON_ARRAY || list->size == 0)
        return reader_fault(r, "effect", "term-effect", "A list of effects is needed.", slice_from(""));
    size_t mark = reader_in(r, "effect");
    bool good = list->size <= PARTS_MOST ||
                reader_limit(r, "More effects of one term than are allowed: at most {0}.", PARTS_MOST);
    struct proposal *proposals = good ? reader_get(r, list->size * sizeof *proposals) : NULL;
    for (const struct json *m = list->first; m != NULL && proposals != NULL; m = m->next, term->proposal_count++) {
        size_t inner = json_path_push_index(&r->path, term->proposal_count);
        good = read_proposal(r, &proposals[term->proposal_count], m) && good;
        reader_out(r, inner);
    }
    reader_out(r, mark);
    term->proposals = proposals;
    return good && proposals != NULL;
}

/* ---- the texts of several languages */

static bool is_language(const struct reader *r, struct slice name)
{
    const struct json *versions = json_find(r->agreement->record, "versions");
    for (const struct json *v = versions == NULL ? NULL : versions->first; v != NULL; v = v->next)
        if (slice_equal(json_find_string(v, "lang"), name)) return true;
    return false;
}

/* Where one language prevails, the others' texts are evaluated and shown, and do not decide. */
static void find_prevailing(const struct reader *r, struct wording *wordings, size_t count)
{
    struct slice prevails = json_find_string(r->agreement->record, "prevails");
    for (size_t w = 1; w < count && prevails.data != NULL; w++) {
        if (!is_language(r, wordings[w].name)) continue;
        if (slice_equal(wordings[w].name, prevails))
            wordings[0].shown_only = true;
        else
            wordings[w].shown_only = true;
    }
}

/* What is said of a term besides its wordings. */
static bool read_frame(struct reader *r, struct term *out, const struct json *value)
{
    const struct json *answers = json_find(value, "answers");
    size_t mark = reader_in(r, "id");
    bool good = read_slug(r, &out->id, json_find(value, "id"));
    reader_out(r, mark);
    if (out->clause == NULL || out->clause->type != JSON_OBJECT)
        good = reader_fault(r, "clause", "term-shape", "A term quotes its clause: {\"ar\", \"en\", \"original\"}.",
                            slice_from(""));
    mark = reader_in(r, "answers");
    if (answers != NULL) good = read_slug(r, &out->answers, answers) && good;
    if (out->answers.size > 0) lint_use(r, USE_PARTY, out->answers);
    reader_out(r, mark);
    good = read_zone(r, &out->zone, value) && good;
    return read_channel(r, &out->channel, value) && good;
}

static bool read_rivals(struct reader *r, struct term *term, struct wording *wordings, const struct json *rivals,
                        bool own_good)
{
    size_t mark = reader_in(r, "rival"), i = 1;
    bool good =
        rivals->type == JSON_OBJECT ||
        reader_fault(r, NULL, "term-rival", "Rival texts have names: an object of them is needed.", slice_from(""));
    if (good && rivals->size > RIVALS_MOST)
        good = reader_limit(r, "More rival texts than are allowed: at most {0}.", RIVALS_MOST);
    for (const struct json *p = good ? rivals->first : NULL; p != NULL; p = p->next, i++) {
        size_t inner = json_path_push(&r->path, p->key);
        r->nodes = 0;
        good = read_rival(r, &wordings[i], term->json, p, own_good) && good;
        reader_out(r, inner);
    }
    reader_out(r, mark);
    term->count = i;
    return good;
}

bool read_term(struct reader *r, struct term *out, const struct json *value)
{
    const struct json *rivals = json_find(value, "rival");
    if (value->type != JSON_OBJECT) return reader_fault(r, NULL, "term-shape", "A term is an object.", slice_from(""));
    struct wording *wordings = reader_get(r, (RIVALS_MOST + 1) * sizeof *wordings);
    if (wordings == NULL) return false;
    r->nodes = 0;
    *out = (struct term){.clause = json_find(value, "clause"), .json = value, .wordings = wordings, .count = 1};
    bool good = read_frame(r, out, value);
    bool own = read_wording(r, &wordings[0], value);
    if (rivals != NULL) good = read_rivals(r, out, wordings, rivals, own) && good;
    find_prevailing(r, wordings, out->count);
    return read_effects(r, out, json_find(value, "effect")) && own && good;
}
