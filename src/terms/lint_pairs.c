/* Terms that say two things of one matter: what one demands or permits and another forbids, and two lines for one rule.
 * Terms in the same time alone: a later stage may say otherwise. */
#include "terms/lint.h"

struct pair {
    const struct term *one, *other;
    const struct wording *w, *v; /* their own wordings */
};

/* ---- in the same time? */

static bool same_value(const struct json *x, const struct json *y)
{
    return x == NULL ? y == NULL : y != NULL && slice_equal(x->source, y->source);
}

static bool same_member(const struct term *a, const struct term *b, const char *key)
{
    return same_value(json_find(a->json, key), json_find(b->json, key));
}

static bool has_end(const struct wording *w)
{
    return w->by != NULL || w->until != NULL;
}

/* Where one begins or ends with what is not dated, they are in the same time only if they say it in the same words. */
static bool same_time(const struct reader *r, const struct pair *p)
{
    struct span from = lint_from(r, p->w), to = lint_end(r, p->w), other_from = lint_from(r, p->v),
                other_to = lint_end(r, p->v);
    bool dated = (p->w->from == NULL || is_fixed(from)) && (p->v->from == NULL || is_fixed(other_from)) &&
                 (!has_end(p->w) || is_fixed(to)) && (!has_end(p->v) || is_fixed(other_to));
    if (!dated)
        return same_member(p->one, p->other, "from") && same_member(p->one, p->other, "until") &&
               same_member(p->one, p->other, "by");
    return from.least < other_to.most && other_from.least < to.most;
}

/* ---- what the pair says */

static bool forbids(const struct wording *w)
{
    return w->rule->type == RULE_CAP && w->rule->n == 0 && w->finding.by == NULL;
}

static bool is_within(struct reader *r, const struct wording *a, const struct wording *b, bool places)
{
    return lint_within(r, a->rule->of, a->who, b->rule->of, b->who, places);
}

/* Does an exception of the cap already let through what is permitted? */
static bool lets_through(struct reader *r, const struct wording *cap, const struct wording *may)
{
    for (size_t i = 0; i < cap->exception_count; i++)
        if (cap->exceptions[i].type == EXCEPTION_IF &&
            lint_within(r, may->rule->of, may->who, cap->exceptions[i].selector, cap->who, true))
            return true;
    return false;
}

static void check_forbidden(struct reader *r, const struct pair *p)
{
    const struct wording *cap = p->w, *other = p->v;
    enum rule_type type = other->rule->type;
    if (!forbids(cap) || (type != RULE_FLOOR && type != RULE_MAY) || !is_within(r, other, cap, true)) return;
    if (!same_time(r, p) || lets_through(r, cap, other)) return;
    if (type == RULE_FLOOR)
        lint_warn(
            r, "rule", "check-contradiction",
            "The term \"{0}\" demands what \"{1}\" forbids at the same time: one of them will be broken. Narrow one of "
            "them, or except it there.",
            error_slice(p->other->id).text, error_slice(p->one->id).text, NULL);
    else
        lint_warn(
            r, "rule", "check-permission",
            "What \"{0}\" permits \"{1}\" forbids, and a permission excepts nothing. Say it there as an exception "
            "(`except` with `if`).",
            error_slice(p->other->id).text, error_slice(p->one->id).text, NULL);
}

/* A cap below a floor, of the same things in the same window. */
static bool squeezes(struct reader *r, const struct pair *p)
{
    const struct rule *cap = p->w->rule, *floor = p->v->rule;
    return cap->type == RULE_CAP && floor->type == RULE_FLOOR && cap->n > 0 && cap->n < floor->n &&
           floor->times[0] == 0 && cap->measure == floor->measure && slice_equal(cap->unit, floor->unit) &&
           p->w->every_s == 0 && p->v->every_s == 0 && is_within(r, p->v, p->w, true) &&
           same_member(p->one, p->other, "from") &&
           (!has_end(p->w) || same_value(json_find(p->one->json, "until"), json_find(p->other->json, "by")));
}

static void check_squeezed(struct reader *r, const struct pair *p)
{
    if (!squeezes(r, p)) return;
    lint_warn(r, "rule", "check-contradiction",
              "The term \"{0}\" demands more than \"{1}\" allows at the same time: one of them will be broken.",
              error_slice(p->other->id).text, error_slice(p->one->id).text, NULL);
}

/* Two caps or two floors, of the same, but for the number or the distance: which holds? Floors with different ends are
 * stages. */
static bool two_lines(struct reader *r, const struct pair *p)
{
    const struct rule *a = p->w->rule, *b = p->v->rule;
    bool counts = a->type == RULE_CAP || a->type == RULE_FLOOR;
    if (!counts || a->type != b->type || a->measure != b->measure || !slice_equal(a->unit, b->unit)) return false;
    if (a->times[0] > 0 || b->times[0] > 0 || p->w->every_s != p->v->every_s) return false;
    if (p->w->while_term != p->v->while_term || !slice_equal(p->one->channel, p->other->channel)) return false;
    if (p->w->each != p->v->each || !same_member(p->one, p->other, "finding")) return false;
    if (a->type == RULE_FLOOR && !same_member(p->one, p->other, "by")) return false;
    return is_within(r, p->w, p->v, false) && is_within(r, p->v, p->w, false) && same_time(r, p);
}

static void check_two_lines(struct reader *r, const struct pair *p)
{
    if (!two_lines(r, p)) return;
    lint_warn(r, "rule", "check-two-lines",
              "The terms \"{0}\" and \"{1}\" draw two lines for one matter: which holds? Keep one; where the texts "
              "differ, make "
              "the other a rival text of it.",
              error_slice(p->one->id).text, error_slice(p->other->id).text, NULL);
}

void lint_pairs(struct reader *r)
{
    const struct agreement *a = r->agreement;
    for (size_t i = 0; i < a->term_count && !r->circular; i++)
        for (size_t j = 0; j < a->term_count; j++) {
            if (i == j || !r->term_good[i] || !r->term_good[j]) continue;
            struct pair pair = {&a->terms[i], &a->terms[j], a->terms[i].wordings, a->terms[j].wordings};
            reader_in_term(r, j);
            check_forbidden(r, &pair);
            check_squeezed(r, &pair);
            if (i < j) check_two_lines(r, &pair);
            reader_out(r, 0);
        }
}
