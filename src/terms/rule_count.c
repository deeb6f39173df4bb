/* Caps and floors. A cap is broken by presence, a floor by absence: so a cap needs watching to be met, a floor to be
 * broken. */
#include "terms/trial.h"

static void give_ids(struct ruling *ruling, const struct match *match)
{
    ruling_because(ruling, match->entry);
    if (match->event == NULL) return;
    for (const struct part *part = match->event->parts; part != NULL; part = part->next)
        if (part->usable) ruling_because(ruling, part->entry);
}

static struct ruling undetermined(const struct trial *t, int64_t at)
{
    if (!t->begins || !t->ends)
        return (struct ruling){.verdict = VERDICT_PENDING, .reason = REASON_MOMENT_UNDETERMINED, .since = EVER};
    (void)at;
    return (struct ruling){.verdict = VERDICT_PENDING, .reason = REASON_NOT_BEGUN, .since = EVER};
}

static bool begun(const struct trial *t, int64_t at)
{
    return t->begins && t->ends && t->segment_count > 0 && t->segments[0].from <= at;
}

/* ---- caps */

struct tally {
    int64_t lo, hi, broken_at;
    bool excused;
};

static struct tally count(const struct trial *t, int64_t at, struct ruling *sure, struct ruling *doubted)
{
    struct tally tally = {.broken_at = EVER};
    for (size_t i = 0; i < t->match_count; i++) {
        const struct match *match = &t->matches[i];
        enum tri time = match_time(t, match, at), fits = tri_both(time, match->fit.fits);
        int64_t before = tally.lo;
        match_count(t, match, time, &tally.lo, &tally.hi);
        if (fits == IN && match->counts && match->excused) tally.excused = true, give_ids(sure, match);
        if (fits == OUT || match->excused) continue;
        if (fits == IN && match->counts && match->lo > 0) give_ids(sure, match);
        if ((fits == MAYBE || !match->counts || match->hi > match->lo) && (match->counts || match->credible))
            give_ids(doubted, match);
        if (tally.lo > t->wording->rule->n && before <= t->wording->rule->n) tally.broken_at = match->from;
    }
    return tally;
}

static struct ruling decided(struct ruling ruling, enum verdict verdict, enum reason reason, int64_t since,
                             struct tally tally)
{
    ruling.verdict = verdict;
    ruling.reason = reason;
    ruling.since = since;
    ruling.lo = tally.lo;
    ruling.hi = tally.hi;
    return ruling;
}

struct ruling rule_cap(const struct trial *t, int64_t at)
{
    struct ruling sure = {0}, doubted = {0}, none = {0};
    size_t judged = 0, waiting = 0;
    int64_t dark = NEVER;
    if (!begun(t, at)) return undetermined(t, at);
    struct tally tally = count(t, at, &sure, &doubted);
    if (tally.lo > t->wording->rule->n)
        return decided(sure, VERDICT_BREACHED, REASON_MORE_THAN_ALLOWED, tally.broken_at, tally);
    if (tally.hi > t->wording->rule->n) return decided(doubted, VERDICT_NOT_OBSERVED, REASON_PERHAPS_MORE, EVER, tally);
    for (size_t i = 0; i < t->piece_count && t->pieces[i].to <= at; i++) {
        bool due = t->pieces[i].to + t->wording->watch.grace_s <= at;
        if (t->pieces[i].dark != 0 && due && dark == NEVER) dark = t->pieces[i].from;
        judged += t->pieces[i].dark == 0;
        waiting += t->pieces[i].dark != 0 && !due;
    }
    if (dark != NEVER) return decided(none, VERDICT_NOT_OBSERVED, REASON_NOT_WATCHED, dark, tally);
    if (tally.excused) return decided(sure, VERDICT_EXCUSED, REASON_EXCEPTION, EVER, tally);
    if (judged == 0)
        return decided(none, VERDICT_PENDING, waiting > 0 ? REASON_WATCH_NOT_DUE : REASON_NOTHING_JUDGED, EVER, tally);
    return decided(none, VERDICT_MET, REASON_KEPT, EVER, tally);
}

/* ---- floors: one period to `by`, or one after the other */

static bool done_by(const struct match *match, struct slice name)
{
    if (name.size == 0) return true;
    return slice_equal(match->event == NULL ? match->entry->by : event_actor(match->event), name);
}

/* When the n-th came, or NEVER. */
static int64_t reached_at(const struct trial *t, int64_t from, int64_t to, struct slice name, int64_t at,
                          struct ruling *because)
{
    int64_t lo = 0, hi = 0, reached = NEVER;
    for (size_t i = 0; i < t->match_count && reached == NEVER; i++) {
        const struct match *match = &t->matches[i];
        bool inside = match->from >= from && match->to <= to && match->to <= at;
        if (!inside || !done_by(match, name)) continue;
        int64_t before = lo;
        match_count(t, match, IN, &lo, &hi);
        if (lo > before) give_ids(because, match);
        if (lo >= t->wording->rule->n) reached = match->to;
    }
    return reached;
}

static int64_t perhaps(const struct trial *t, int64_t from, int64_t to, struct slice name, int64_t at,
                       struct ruling *because)
{
    int64_t lo = 0, hi = 0;
    for (size_t i = 0; i < t->match_count; i++) {
        const struct match *match = &t->matches[i];
        int64_t last = at < to ? at : to, before = hi;
        bool unsure = match->fit.doubt == REASON_ACTOR_UNKNOWN || match->fit.doubt == REASON_ACTOR_DOUBTED;
        if (match->from > last || match->to < from || (!done_by(match, name) && !unsure)) continue;
        match_count(t, match, match->from >= from && match->to <= last ? IN : MAYBE, &lo, &hi);
        if (hi > before) give_ids(because, match);
    }
    return hi;
}

static struct ruling floor_period(const struct trial *t, int64_t from, int64_t to, struct slice name, int64_t at)
{
    struct ruling sure = {0}, doubted = {0}, none = {0};
    struct tally tally = {0};
    int64_t reached = reached_at(t, from, to, name, at, &sure);
    tally.hi = perhaps(t, from, to, name, at, &doubted);
    if (reached != NEVER) return decided(sure, VERDICT_MET, REASON_REACHED, reached, tally);
    if (at < to) return decided(none, VERDICT_PENDING, REASON_NOT_DUE, EVER, tally);
    if (tally.hi >= t->wording->rule->n)
        return decided(doubted, VERDICT_NOT_OBSERVED, REASON_PERHAPS_REACHED, to, tally);
    if (watcher_look(t->watcher, from, to).enough)
        return decided(none, VERDICT_BREACHED, REASON_NOT_REACHED, to, tally);
    if (at < to + t->wording->watch.grace_s) return decided(none, VERDICT_PENDING, REASON_WATCH_NOT_DUE, EVER, tally);
    return decided(none, VERDICT_NOT_OBSERVED, REASON_NOT_WATCHED, to, tally);
}

/* The gravest of two: a breach, then what cannot be told, then what is not due. */
static void graver(struct ruling *worst, const struct ruling *next, bool first)
{
    static const int rank[] = {
        [VERDICT_MET] = 0,      [VERDICT_EXCUSED] = 1,  [VERDICT_PENDING] = 2, [VERDICT_NOT_OBSERVED] = 3,
        [VERDICT_DISPUTED] = 3, [VERDICT_BREACHED] = 4, [VERDICT_VOID] = 0};
    if (first || rank[next->verdict] > rank[worst->verdict]) {
        *worst = *next;
    } else if (next->verdict == worst->verdict) {
        for (size_t i = 0; i < next->because_count; i++) ruling_because(worst, next->because[i]);
        if (next->since > worst->since && next->verdict == VERDICT_MET) worst->since = next->since;
    }
}

/* Each closed period is judged; the one that runs only says that nothing is due while none has closed. */
static struct ruling floor_named(const struct trial *t, struct slice name, int64_t at)
{
    struct ruling worst = {0};
    int64_t every = t->wording->every_s, from = t->from;
    if (every == 0) return floor_period(t, t->from, t->to, name, at);
    for (size_t i = 0; i < PIECES_MOST && from + every <= (t->to < at ? t->to : at); i++, from += every) {
        struct ruling next = floor_period(t, from, from + every - 1, name, at);
        graver(&worst, &next, i == 0);
    }
    if (from == t->from) return floor_period(t, from, from + every - 1, name, at);
    return worst;
}

struct ruling rule_floor(const struct trial *t, int64_t at)
{
    struct ruling worst = {0};
    const struct group *who = t->wording->who;
    if (!begun(t, at)) return undetermined(t, at);
    if (!t->wording->each) return floor_named(t, (struct slice){NULL, 0}, at);
    for (size_t i = 0; i < who->names.count; i++) {
        struct ruling next = floor_named(t, who->names.list[i], at);
        graver(&worst, &next, i == 0);
    }
    return worst;
}

int64_t floor_done(const struct trial *t)
{
    struct ruling ruling = rule_floor(t, t->to == NEVER ? NEVER - 1 : t->to);
    return ruling.verdict == VERDICT_MET ? ruling.since : NEVER;
}

/* ---- of several terms, and what is allowed */

struct ruling rule_terms(const struct trial *t, int64_t at)
{
    const struct rule *rule = t->wording->rule;
    struct ruling worst = {0}, best = {0};
    bool have_best = false;
    for (size_t i = 0; i < rule->count; i++) {
        struct ruling next = trial_rule(t->parts[i], at);
        graver(&worst, &next, i == 0);
        if (!have_best && next.verdict == VERDICT_MET) best = next, have_best = true;
    }
    if (rule->type == RULE_ANY && have_best) worst = best;
    worst.reason = REASON_OF_TERMS;
    return worst;
}

struct ruling rule_may(const struct trial *t, int64_t at)
{
    struct ruling used = {.verdict = VERDICT_MET, .reason = REASON_PERMITTED, .since = EVER};
    if (!begun(t, at)) return undetermined(t, at);
    for (size_t i = 0; i < t->match_count; i++)
        if (tri_both(t->matches[i].fit.fits, match_time(t, &t->matches[i], at)) == IN) give_ids(&used, &t->matches[i]);
    return used;
}
