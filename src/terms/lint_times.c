/* Windows in which nothing can be due. What is not said in dates (the completion of a term, an event) may come at any
 * moment from the least to the most that the dates around it allow. */
#include "terms/lint.h"

enum { DAY_S = 86400, ZONES_S = 129600 /* no two offsets are farther apart */ };

/* ---- spans */

static int64_t later(int64_t at, int64_t by)
{
    if (at == NO_LEAST || at == NO_MOST) return at;
    if (by > 0 && at > NO_MOST - 1 - by) return NO_MOST - 1;
    if (by < 0 && at < NO_LEAST + 1 - by) return NO_LEAST + 1;
    return at + by;
}

static struct span on_days(struct span span, const struct moment *m)
{
    if (m->days == 0) return span;
    if (is_fixed(span)) {
        span.least = span.most = zone_days_later(m->zone, span.least, m->days);
        return span;
    }
    span.least = later(span.least, m->days * DAY_S - ZONES_S);
    span.most = later(span.most, m->days * DAY_S + ZONES_S);
    return span;
}

static struct span done_span(const struct reader *r, size_t term);

static struct span moment_span(const struct reader *r, const struct moment *m)
{
    bool first = m->type == MOMENT_FIRST;
    struct span span = {first ? NO_MOST : NO_LEAST, first ? NO_MOST : NO_LEAST};
    if (m->type == MOMENT_AT) span = (struct span){m->at, m->at};
    if (m->type == MOMENT_DONE) span = done_span(r, m->term);
    for (size_t i = 0; i < m->count; i++) {
        struct span part = moment_span(r, m->parts[i]);
        if (first ? part.least < span.least : part.least > span.least) span.least = part.least;
        if (first ? part.most < span.most : part.most > span.most) span.most = part.most;
    }
    span = on_days(span, m);
    span = (struct span){later(span.least, m->plus_s), later(span.most, m->plus_s)};
    if (m->renew.count > 0) span.most = NO_MOST;
    return span;
}

static struct span force_from(const struct reader *r)
{
    const struct moment *from = r->agreement->force.from;
    return from == NULL ? (struct span){NO_LEAST, NO_MOST} : moment_span(r, from);
}

/* If nobody renews. */
static int64_t force_ends(const struct reader *r)
{
    const struct moment *until = r->agreement->force.until;
    struct span span = until == NULL ? (struct span){NO_MOST, NO_MOST} : moment_span(r, until);
    return until != NULL && until->renew.count > 0 ? span.least : span.most;
}

static bool has_end(const struct wording *w)
{
    return w->by != NULL || w->until != NULL;
}

static bool is_floor(const struct wording *w)
{
    return w->rule->type == RULE_FLOOR;
}

/* What is not a floor is cut by force: it begins with it at the earliest. */
struct span lint_from(const struct reader *r, const struct wording *w)
{
    struct span force = force_from(r), from = w->from == NULL ? force : moment_span(r, w->from);
    if (w->from == NULL) from.most = NO_MOST;
    if (w->from != NULL && !is_floor(w) && from.least < force.least) from.least = force.least;
    if (from.most < from.least) from.most = from.least;
    return from;
}

struct span lint_end(const struct reader *r, const struct wording *w)
{
    const struct moment *end = w->by != NULL ? w->by : w->until;
    return end == NULL ? (struct span){NO_MOST, NO_MOST} : moment_span(r, end);
}

/* ---- why nothing can be due */

enum never { NEVER_NOT, NEVER_WAITS, NEVER_EMPTY, NEVER_BEFORE, NEVER_AFTER, NEVER_HELD, NEVER_EVERY };

static bool is_impossible(struct span span)
{
    return span.least == NO_MOST;
}

static enum never why_never(const struct reader *r, const struct wording *w)
{
    struct span from = lint_from(r, w), end = lint_end(r, w);
    const struct moment *stated = w->by != NULL ? w->by : w->until;
    int64_t force_least = force_from(r).least, until = force_ends(r);
    int64_t last = end.most < until ? end.most : until;
    if (w->from != NULL && is_impossible(moment_span(r, w->from))) return NEVER_WAITS;
    if (stated != NULL && is_impossible(end)) return NEVER_WAITS;
    int64_t begins = w->from == NULL ? NO_LEAST : moment_span(r, w->from).least;
    if (stated != NULL && w->from != NULL && (is_floor(w) ? end.most < begins : end.most <= begins)) return NEVER_EMPTY;
    if (stated != NULL && (is_floor(w) ? end.most < force_least : end.most <= force_least)) return NEVER_BEFORE;
    if (w->from != NULL && begins >= until) return NEVER_AFTER;
    if (w->rule->type == RULE_HELD && later(from.least, w->rule->held_s) > last && last != NO_MOST) return NEVER_HELD;
    if (w->every_s > 0 && later(from.least, w->every_s) > last && last != NO_MOST) return NEVER_EVERY;
    return NEVER_NOT;
}

static struct span find_done_span(const struct reader *r, const struct wording *w)
{
    struct span from = lint_from(r, w), end = lint_end(r, w);
    enum never never = why_never(r, w);
    bool goes_on = is_floor(w) && (never == NEVER_BEFORE || never == NEVER_EVERY);
    if (never == NEVER_HELD) goes_on = later(from.least, w->rule->held_s) <= end.most; /* if it is renewed */
    if (never != NEVER_NOT && never != NEVER_AFTER && !goes_on) return (struct span){NO_MOST, NO_MOST};
    return (struct span){later(from.least, w->rule->held_s), is_floor(w) ? end.most : NO_MOST};
}

/* When it may be completed: what `done` waits for. Found once, for many may wait. */
static struct span done_span(const struct reader *r, size_t term)
{
    if (term >= TERMS_MOST || !r->term_good[term]) return (struct span){NO_LEAST, NO_MOST};
    struct lint *lint = r->lint;
    if (!lint->done_known[term]) lint->done[term] = find_done_span(r, &r->agreement->terms[term].wordings[0]);
    lint->done_known[term] = true;
    return lint->done[term];
}

/* The term that never completes, for which the moment waits. */
static struct slice waited_for(const struct reader *r, const struct moment *m)
{
    struct slice name = {NULL, 0};
    if (m == NULL) return name;
    if (m->type == MOMENT_DONE && m->term < TERMS_MOST && is_impossible(done_span(r, m->term)))
        return r->agreement->terms[m->term].id;
    for (size_t i = 0; i < m->count && name.size == 0; i++) name = waited_for(r, m->parts[i]);
    return name;
}

static const char *shown(int64_t at, char out[TIME_TEXT_SIZE])
{
    time_format(at, out);
    return out;
}

static void tell_never(struct reader *r, const struct wording *w, enum never never)
{
    char a[TIME_TEXT_SIZE], b[TIME_TEXT_SIZE], length[DURATION_TEXT_SIZE];
    const char *end_key = w->by != NULL ? "by" : "until";
    struct span end = lint_end(r, w);
    int64_t until = force_ends(r), last = end.most < until ? end.most : until;
    struct slice name = waited_for(r, w->from);
    if (name.size == 0) name = waited_for(r, w->by != NULL ? w->by : w->until);
    if (never == NEVER_WAITS)
        lint_warn(r, NULL, "check-waits",
                  "It waits for the completion of \"{0}\", which can never come: it will never be due.",
                  error_slice(name).text, NULL, NULL);
    if (never == NEVER_EMPTY)
        lint_warn(
            r, end_key, "check-window",
            "Its window ends at {0} and begins at {1} at the earliest: nothing can ever happen in it. Move one of "
            "them.",
            shown(end.most, a), shown(moment_span(r, w->from).least, b), NULL);
    if (never == NEVER_BEFORE)
        lint_warn(
            r, end_key, "check-window-before",
            "Its window ends at {0}, before the agreement comes into force ({1} at the earliest): nobody is bound "
            "by it. Move its end, or `from` in `force`.",
            shown(end.most, a), shown(force_from(r).least, b), NULL);
    if (never == NEVER_AFTER)
        lint_warn(r, "from", "check-window-after",
                  "Its window begins at {0} at the earliest, when the agreement has ended ({1}): it binds only if the "
                  "agreement is renewed. Move its beginning, or `until` in `force`.",
                  shown(moment_span(r, w->from).least, a), shown(until, b), NULL);
    if (never == NEVER_HELD) {
        duration_format(w->rule->held_s, length);
        lint_warn(r, "rule", "check-held",
                  "It asks for {0} on end, and its window, from {1} at the earliest to {2}, is shorter: it cannot be "
                  "complete in it. Ask for less, or move the window.",
                  length, shown(lint_from(r, w).least, a), shown(last, b));
    }
    if (never == NEVER_EVERY) {
        duration_format(w->every_s, length);
        lint_warn(r, "every", "check-every",
                  "Its window, from {1} at the earliest to {2}, is shorter than one period of {0}: none is ever judged "
                  "whole. Shorten the period, or move the window.",
                  length, shown(lint_from(r, w).least, a), shown(last, b));
    }
}

/* Days and periods are judged up to a number of them. */
static void check_length(struct reader *r, const struct wording *w)
{
    struct span from = lint_from(r, w), end = lint_end(r, w);
    int64_t piece = w->every_s > 0 ? w->every_s : DAY_S;
    bool cut = w->every_s > 0 || w->rule->type == RULE_CAP || w->rule->type == RULE_HELD;
    bool open = !has_end(w) && w->every_s > 0 && w->every_s < DAY_S; /* hours go on for some months */
    bool dated = from.least != NO_LEAST && end.least != NO_MOST && end.least > from.least;
    if (cut && (open || (dated && end.least > from.least + piece * PIECES_MOST)))
        lint_warn(
            r, NULL, "check-long",
            "Its window holds more than {0} days or periods, and what comes after them is not judged. Make several "
            "terms of it.",
            error_number(PIECES_MOST).text, NULL, NULL);
}

void lint_times(struct reader *r)
{
    for (size_t i = 0; i < r->agreement->term_count && !r->circular; i++) {
        const struct wording *w = r->agreement->terms[i].wordings;
        if (!r->term_good[i]) continue;
        reader_in_term(r, i);
        tell_never(r, w, why_never(r, w));
        check_length(r, w);
        reader_out(r, 0);
    }
}
