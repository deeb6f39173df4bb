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

/* The term that it stands under was broken: it binds no longer. */
static struct ruling freed(const struct trial *t)
{
    struct ruling ruling = {.verdict = VERDICT_EXCUSED, .reason = REASON_RELEASED, .since = t->freed};
    struct ruling other = trial_rule(t->under, t->freed);
    for (size_t i = 0; i < other.because_count; i++) ruling_because(&ruling, other.because[i]);
    return ruling;
}

/* ---- periods: the whole window, or one after the other */

struct period {
    int64_t from, to; /* to is not in it */
};

static struct period period_at(const struct trial *t, size_t i)
{
    int64_t every = t->wording->every_s, from = t->from + (int64_t)i * every;
    return every == 0 ? (struct period){EVER, NEVER} : (struct period){from, from + every};
}

/* How many there are to look at up to `at`. */
static size_t period_count(const struct trial *t, int64_t at)
{
    int64_t every = t->wording->every_s, end = t->to < at ? t->to - 1 : at;
    if (every == 0) return 1;
    if (end < t->from) return 0;
    int64_t count = (end - t->from) / every + 1;
    return count < PIECES_MOST ? (size_t)count : PIECES_MOST;
}

static enum tri match_in(const struct match *match, struct period period)
{
    if (match->from >= period.to || match->to < period.from) return OUT;
    return match->from >= period.from && match->to < period.to ? IN : MAYBE;
}

/* ---- caps */

struct tally {
    int64_t lo, hi, broken_at;
    bool excused;
};

static struct tally count(const struct trial *t, struct period period, int64_t at, struct ruling *sure,
                          struct ruling *doubted)
{
    struct tally tally = {.broken_at = EVER};
    for (size_t i = 0; i < t->match_count; i++) {
        const struct match *match = &t->matches[i];
        enum tri time = tri_both(match_time(t, match, at), match_in(match, period));
        enum tri fits = tri_both(time, match->fit.fits);
        int64_t before = tally.lo;
        match_count(t, match, time, at, &tally.lo, &tally.hi);
        if (fits == IN && match->counts && match->excused == IN) tally.excused = true, give_ids(sure, match);
        if (fits == OUT || match->excused == IN) continue;
        bool certain = fits == IN && match_sure(match, at);
        if (certain && match->lo > 0) give_ids(sure, match);
        if ((!certain || match->hi > match->lo) && (match->counts || match->credible)) give_ids(doubted, match);
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

/* By presence alone: broken, perhaps broken, excused, or (verdict met) neither. */
static struct ruling cap_period(const struct trial *t, struct period period, int64_t at)
{
    struct ruling sure = {0}, doubted = {0}, none = {0};
    struct tally tally = count(t, period, at, &sure, &doubted);
    if (tally.lo > t->wording->rule->n)
        return decided(sure, VERDICT_BREACHED, REASON_MORE_THAN_ALLOWED, tally.broken_at, tally);
    if (tally.hi > t->wording->rule->n) return decided(doubted, VERDICT_NOT_OBSERVED, REASON_PERHAPS_MORE, EVER, tally);
    if (tally.excused) return decided(sure, VERDICT_EXCUSED, REASON_EXCEPTION, EVER, tally);
    return decided(none, VERDICT_MET, REASON_KEPT, EVER, tally);
}

static void graver(struct ruling *worst, const struct ruling *next, bool first);

static struct ruling cap_periods(const struct trial *t, int64_t at)
{
    struct ruling worst = {.verdict = VERDICT_MET, .reason = REASON_KEPT, .since = EVER};
    size_t periods = period_count(t, at);
    for (size_t i = 0; i < periods; i++) {
        struct ruling next = cap_period(t, period_at(t, i), at);
        graver(&worst, &next, i == 0);
    }
    return worst;
}

struct ruling rule_cap(const struct trial *t, int64_t at)
{
    size_t judged = 0, waiting = 0;
    int64_t dark = NEVER;
    if (!begun(t, at)) return undetermined(t, at);
    struct ruling seen = cap_periods(t, at);
    struct tally tally = {.lo = seen.lo, .hi = seen.hi};
    if (seen.verdict == VERDICT_BREACHED || seen.verdict == VERDICT_NOT_OBSERVED) return seen;
    for (size_t i = 0; i < t->piece_count && t->pieces[i].to <= at; i++) {
        bool due = t->pieces[i].to + t->wording->watch.grace_s <= at;
        if (t->pieces[i].dark != 0 && due && dark == NEVER) dark = t->pieces[i].from;
        judged += t->pieces[i].dark == 0;
        waiting += t->pieces[i].dark != 0 && !due;
    }
    struct ruling none = {0};
    if (dark != NEVER) return decided(none, VERDICT_NOT_OBSERVED, REASON_NOT_WATCHED, dark, tally);
    if (seen.verdict == VERDICT_EXCUSED) return seen;
    if (judged == 0 && t->freed <= at) return freed(t);
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

/* Of one period: from when it is surely, and perhaps, more than allowed. */
static void period_thresholds(struct trial *t, struct period period, struct amount *lo, struct amount *hi)
{
    bool largest = t->wording->rule->measure == MEASURE_MAX;
    size_t lo_count = 0, hi_count = 0;
    for (size_t i = 0; i < t->match_count; i++) {
        const struct match *match = &t->matches[i];
        enum tri inside = match_in(match, period);
        bool fits = tri_both(tri_both(match->fit.fits, inside), match_time(t, match, NEVER - 1)) == IN;
        int64_t from = match->to > match->ripe ? match->to : match->ripe, seen = seen_from(t, match);
        if (fits && match->counts && match->excused == IN && match->to < t->excused_at) t->excused_at = match->to;
        if (inside == OUT || match->excused == IN) continue;
        if (fits && match->counts && match->excused == OUT) lo[lo_count++] = (struct amount){from, match->lo};
        if (seen != NEVER && (match->counts || match->credible)) {
            int64_t begins = seen > period.from ? seen : period.from;
            hi[hi_count++] = (struct amount){begins, match->hi};
        }
    }
    int64_t surely = passes(lo, lo_count, largest, t->wording->rule->n),
            perhaps = passes(hi, hi_count, largest, t->wording->rule->n);
    if (surely < t->lo_at) t->lo_at = surely;
    if (perhaps < t->hi_at) t->hi_at = perhaps;
}

bool cap_thresholds(struct trial *t)
{
    struct amount *lo = malloc((t->match_count + 1) * sizeof *lo), *hi = malloc((t->match_count + 1) * sizeof *hi);
    t->lo_at = t->hi_at = t->excused_at = t->judged_at = t->dark_at = NEVER;
    int64_t last = EVER;
    for (size_t i = 0; i < t->match_count; i++)
        if (t->matches[i].to > last) last = t->matches[i].to;
    size_t periods = t->begins && t->ends && t->match_count > 0 ? period_count(t, last) : 0;
    for (size_t i = 0; lo != NULL && hi != NULL && i < periods; i++) period_thresholds(t, period_at(t, i), lo, hi);
    if (lo == NULL || hi == NULL) t->matter->full = true;
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
    if (t->judged_at <= at) return VERDICT_MET;
    return t->freed <= at ? VERDICT_EXCUSED : VERDICT_PENDING;
}

/* ---- floors: one period to `by`, or one after the other */

static bool done_by(const struct match *match, struct slice name)
{
    if (name.size == 0) return true;
    return slice_equal(match->event == NULL ? match->entry->by : event_actor(match->event), name);
}

/* ---- how many are needed: a number, or a ratio to what another selector counts */

struct needed {
    int64_t lo, hi;
    bool of_nothing;
};

static int64_t part_of(const struct rule *rule, int64_t n)
{
    const int64_t most = INT64_C(1) << 40;
    if (n > most) n = most;
    return (n * rule->times[0] + rule->times[1] - 1) / rule->times[1];
}

static struct needed needed_at(const struct trial *t, int64_t from, int64_t to, int64_t at)
{
    const struct rule *rule = t->wording->rule;
    int64_t lo = 0, hi = 0, last = at < to ? at : to;
    if (t->base == NULL) return (struct needed){rule->n, rule->n, false};
    for (size_t i = 0; i < t->base->match_count; i++) {
        const struct match *match = &t->base->matches[i];
        if (match->from > last || match->to < from) continue;
        match_count(t->base, match, match->from >= from && match->to <= last ? IN : MAYBE, at, &lo, &hi);
    }
    return (struct needed){part_of(rule, lo), part_of(rule, hi), hi == 0};
}

/* When the n-th came, or NEVER. */
static int64_t reached_at(const struct trial *t, int64_t from, int64_t to, struct slice name, int64_t n, int64_t at,
                          struct ruling *because)
{
    int64_t lo = 0, hi = 0, reached = NEVER;
    for (size_t i = 0; i < t->match_count && reached == NEVER; i++) {
        const struct match *match = &t->matches[i];
        int64_t came = match->to > match->ripe ? match->to : match->ripe;
        bool inside = match->from >= from && match->to <= to && came <= at;
        if (!inside || !done_by(match, name)) continue;
        int64_t before = lo;
        match_count(t, match, IN, at, &lo, &hi);
        if (lo > before) give_ids(because, match);
        if (lo >= n) reached = came;
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
        match_count(t, match, match->from >= from && match->to <= last ? IN : MAYBE, at, &lo, &hi);
        if (hi > before) give_ids(because, match);
    }
    return hi;
}

static struct ruling floor_period(const struct trial *t, int64_t from, int64_t to, struct slice name, int64_t at)
{
    struct ruling sure = {0}, doubted = {0}, none = {0};
    struct tally tally = {0};
    struct needed needed = needed_at(t, from, to, at);
    int64_t reached = needed.of_nothing ? NEVER : reached_at(t, from, to, name, needed.hi, at, &sure);
    tally.hi = perhaps(t, from, to, name, at, &doubted);
    if (reached != NEVER) return decided(sure, VERDICT_MET, REASON_REACHED, reached, tally);
    if (t->freed <= to && t->freed <= at) return freed(t);
    if (at < to) return decided(none, VERDICT_PENDING, REASON_NOT_DUE, EVER, tally);
    if (needed.of_nothing) return decided(none, VERDICT_PENDING, REASON_RATIO_OF_NOTHING, EVER, tally);
    if (tally.hi >= needed.lo) return decided(doubted, VERDICT_NOT_OBSERVED, REASON_PERHAPS_REACHED, to, tally);
    if (t->freed_perhaps <= to)
        return decided(none, VERDICT_NOT_OBSERVED, REASON_PERHAPS_RELEASED, t->freed_perhaps, tally);
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
    bool simple = t->wording->every_s == 0 && !t->wording->each && t->base == NULL && t->freed == NEVER;
    if (!simple || !begun(t, at) || at >= t->to) return rule_floor(t, at).verdict;
    int64_t n = t->wording->rule->n;
    return reached_at(t, t->from, t->to, (struct slice){NULL, 0}, n, at, &ignored) != NEVER ? VERDICT_MET
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

/* A floor is broken when it is due, or when the first of its periods is. */
void floor_broken(const struct trial *t, int64_t *surely, int64_t *doubtfully)
{
    int64_t every = t->wording->every_s;
    size_t periods = every == 0 ? 1 : period_count(t, t->to == NEVER ? t->from + every * PIECES_MOST : t->to);
    for (size_t i = 0; i < periods && *surely == NEVER; i++) {
        int64_t due = every == 0 ? t->to : period_at(t, i).to;
        if (due == NEVER || due > t->to) return;
        enum verdict verdict = rule_floor(t, due + t->wording->watch.grace_s).verdict;
        if (verdict == VERDICT_BREACHED) *surely = due;
        if (verdict == VERDICT_NOT_OBSERVED && due < *doubtfully) *doubtfully = due;
    }
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
