/* Which terms wait for which: through `done`, and through held, all and any. Invariant: of what was read without a
 * fault no term waits for itself, so that evaluation ends. */
#include "terms/reader.h"

#include "base/buffer.h"

struct search {
    const struct reader *reader;
    size_t to;
    bool needed_alone; /* only what cannot be done without: not one of several in `first` */
    bool seen[TERMS_MOST];
    size_t path[TERMS_MOST], size;
};

static bool reaches(struct search *s, size_t from);

static bool leads(struct search *s, size_t term)
{
    return term == s->to || (!s->seen[term] && reaches(s, term));
}

static bool moment_leads(struct search *s, const struct moment *m)
{
    if (m == NULL) return false;
    if (m->type == MOMENT_DONE) return m->term < TERMS_MOST && leads(s, m->term);
    if (m->type == MOMENT_FIRST && m->count > 1 && s->needed_alone) return false;
    for (size_t i = 0; i < m->count; i++)
        if (moment_leads(s, m->parts[i])) return true;
    return false;
}

static bool wording_leads(struct search *s, const struct wording *w)
{
    if (moment_leads(s, w->from) || moment_leads(s, w->until) || moment_leads(s, w->by)) return true;
    for (size_t i = 0; i < w->rule->count; i++)
        if (leads(s, w->rule->terms[i])) return true;
    return false;
}

static bool reaches(struct search *s, size_t from)
{
    const struct term *term = &s->reader->agreement->terms[from];
    s->seen[from] = true;
    if (!s->reader->term_good[from]) return false;
    s->path[s->size++] = from;
    for (size_t w = 0; w < term->count; w++)
        if (wording_leads(s, &term->wordings[w])) return true;
    s->size--;
    return false;
}

/* "a → b → a", cut where it is too long to be said. */
static void tell_circle(struct reader *r, const struct search *s)
{
    OWN(buffer_clear) struct buffer names = {0};
    static const char *const alone = "The term \"{0}\" waits for itself, so that it can never be due.";
    static const char *const together = "The terms {0} wait for each other, so that none of them can ever be due. "
                                        "Give one of them a moment that is no other's completion.";
    static const char *const perhaps = "The terms {0} wait for each other, so that it cannot be computed when any of "
                                       "them is due. Give one of them a moment that is no other's completion.";
    for (size_t i = 0; i < s->size; i++)
        buffer_print(&names, "%.*s%s", SLICE(r->agreement->terms[s->path[i]].id), s->size > 1 ? " → " : "");
    if (s->size > 1) buffer_print(&names, "%.*s", SLICE(r->agreement->terms[s->to].id));
    r->circular = true;
    reader_fault(r, NULL, "term-cycle",
                 s->size == 1      ? alone
                 : s->needed_alone ? together
                                   : perhaps,
                 buffer_slice(&names));
}

static bool waits_for_itself(struct reader *r, size_t i, bool *told)
{
    for (unsigned all = 0; all < 2; all++) {
        struct search s = {.reader = r, .to = i, .needed_alone = all == 0};
        if (!reaches(&s, i)) continue;
        tell_circle(r, &s);
        for (size_t k = 0; k < s.size; k++) told[s.path[k]] = true;
        return true;
    }
    return false;
}

/* ---- what may be done, broken and held */

static bool is_good(const struct reader *r, size_t term)
{
    return term >= TERMS_MOST || r->term_good[term];
}

static bool can_be_done(const struct reader *r, const struct moment *m)
{
    if (m == NULL) return true;
    if (m->type == MOMENT_DONE && is_good(r, m->term)) {
        enum rule_type type = agreement_term(r->agreement, m->term)->wordings[0].rule->type;
        return type == RULE_HELD || type == RULE_FLOOR;
    }
    for (size_t i = 0; i < m->count; i++)
        if (!can_be_done(r, m->parts[i])) return false;
    return true;
}

static bool days_can_be_held(const struct reader *r, const struct rule *rule)
{
    for (size_t i = 0; rule->type == RULE_HELD && i < rule->count; i++) {
        const struct wording *part = &r->agreement->terms[rule->terms[i]].wordings[0];
        if (is_good(r, rule->terms[i]) && (part->rule->type != RULE_CAP || part->every_s != 0)) return false;
    }
    return true;
}

static bool wording_fits(struct reader *r, const struct wording *w)
{
    bool good = true;
    if (!can_be_done(r, w->from) || !can_be_done(r, w->until) || !can_be_done(r, w->by))
        good = reader_fault(r, NULL, "term-done", "A `done` needs a term that completes: held or at_least.",
                            slice_from(""));
    if (w->while_term != SIZE_MAX && is_good(r, w->while_term) &&
        r->agreement->terms[w->while_term].wordings[0].rule->type > RULE_FLOOR)
        good =
            reader_fault(r, "while", "term-while", "What may be broken is an at_most or an at_least.", slice_from(""));
    if (!days_can_be_held(r, w->rule))
        good = reader_fault(r, "rule", "term-held",
                            "Days are held on which caps are kept: the terms of `held` are at_most, without `every`.",
                            slice_from(""));
    return good;
}

bool read_waits(struct reader *r)
{
    bool good = true, told[TERMS_MOST] = {false};
    for (size_t i = 0; i < r->agreement->term_count; i++) {
        if (!r->term_good[i]) continue;
        reader_in_term(r, i);
        bool fits = told[i] ? false : !waits_for_itself(r, i, told);
        for (size_t w = 0; fits && w < r->agreement->terms[i].count; w++)
            fits = wording_fits(r, &r->agreement->terms[i].wordings[w]);
        reader_out(r, 0);
        good = good && fits;
    }
    return good;
}
