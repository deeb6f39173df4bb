/* Caps and floors. A cap is broken by presence, a floor by absence: so a cap needs watching to be met, a floor to be
 * broken. */
#include "terms/trial.h"

#include <stdlib.h>

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

struct amount {
    int64_t at, n;
};

static int by_time(const void *a, const void *b)
{
    const struct amount *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* The moment from which the amounts, together or the largest of them, pass n. */
static int64_t passes(struct amount *amounts, size_t count, bool largest, int64_t n)
{
    int64_t sum = 0;
    if (count > 0) qsort(amounts, count, sizeof *amounts, by_time);
    for (size_t i = 0; i < count; i++) {
        sum = largest ? (amounts[i].n > sum ? amounts[i].n : sum) : sum + amounts[i].n;
        if (sum > n) return amounts[i].at;
    }
    return NEVER;
}

/* The first moment at which the match lies in the window, perhaps. */
static int64_t seen_from(const struct trial *t, const struct match *match)
{
    int64_t first = NEVER;
    for (size_t i = 0; i < t->segment_count; i++) {
        const struct segment *s = &t->segments[i];
        if (match->to < s->from || match->from >= s->to) continue;
        int64_t at = match->from > s->from ? match->from : s->from;
        if (at < first) first = at;
    }
    return first;
}

bool cap_thresholds(struct trial *t)
{
    bool largest = t->wording->rule->measure == MEASURE_MAX;
    struct amount *lo = malloc((t->match_count + 1) * sizeof *lo), *hi = malloc((t->match_count + 1) * sizeof *hi);
    size_t lo_count = 0, hi_count = 0;
    t->lo_at = t->hi_at = t->excused_at = t->judged_at = t->dark_at = NEVER;
    for (size_t i = 0; lo != NULL && hi != NULL && i < t->match_count; i++) {
        const struct match *match = &t->matches[i];
        bool sure = match->counts && tri_both(match->fit.fits, match_time(t, match, NEVER - 1)) == IN;
        if (match->excused && sure && match->to < t->excused_at) t->excused_at = match->to;
        if (match->excused) continue;
        if (sure) lo[lo_count++] = (struct amount){match->to, match->lo};
        int64_t seen = seen_from(t, match);
        if (seen != NEVER && (match->counts || match->credible)) hi[hi_count++] = (struct amount){seen, match->hi};
    }
    if (lo != NULL && hi != NULL) {
        t->lo_at = passes(lo, lo_count, largest, t->wording->rule->n);
        t->hi_at = passes(hi, hi_count, largest, t->wording->rule->n);
    } else {
        t->matter->full = true;
    }
    free(lo);
    free(hi);
    for (size_t i = 0; i < t->piece_count; i++) {
        const struct piece *piece = &t->pieces[i];
        int64_t due = piece->to + t->wording->watch.grace_s;
        if (piece->dark == 0 && piece->to < t->judged_at) t->judged_at = piece->to;
        if (piece->dark != 0 && due < t->dark_at) t->dark_at = due;
    }
    return !t->matter->full;
}

/* The same as rule_cap's. */
enum verdict cap_verdict(const struct trial *t, int64_t at)
{
    if (!begun(t, at)) return VERDICT_PENDING;
    if (t->lo_at <= at) return VERDICT_BREACHED;
    if (t->hi_at <= at || t->dark_at <= at) return VERDICT_NOT_OBSERVED;
    if (t->excused_at <= at) return VERDICT_EXCUSED;
    return t->judged_at <= at ? VERDICT_MET : VERDICT_PENDING;
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

/* Before its due time a floor can only be reached. */
enum verdict floor_verdict(const struct trial *t, int64_t at)
{
    struct ruling ignored = {0};
    bool simple = t->wording->every_s == 0 && !t->wording->each;
    if (!simple || !begun(t, at) || at >= t->to) return rule_floor(t, at).verdict;
    return reached_at(t, t->from, t->to, (struct slice){NULL, 0}, at, &ignored) != NEVER ? VERDICT_MET
                                                                                         : VERDICT_PENDING;
}

enum verdict terms_verdict(const struct trial *t, int64_t at)
{
    const struct rule *rule = t->wording->rule;
    struct ruling worst = {0};
    for (size_t i = 0; i < rule->count; i++) {
        struct ruling next = {.verdict = trial_verdict(t->parts[i], at)};
        if (rule->type == RULE_ANY && next.verdict == VERDICT_MET) return VERDICT_MET;
        graver(&worst, &next, i == 0);
    }
    return worst.verdict;
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
