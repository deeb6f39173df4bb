/* Caps and floors. A cap is broken by presence, a floor by absence: so a cap needs watching to be met, a floor to be
 * broken. */
#include "terms/tally.h"

#include <stdlib.h>

static void give_ids(const struct trial *t, struct ruling *ruling, const struct match *match)
{
    struct lone lone;
    if (ruling->because_count == BECAUSE_MOST) return;
    ruling_because(ruling, match->entry);
    if (match->excused == IN && match->excusing > 0) ruling_because(ruling, match_excusing(t, match));
    const struct event *event = match->several ? match_of(t, match, &lone) : NULL;
    for (size_t i = 0; event != NULL && i < event->part_count; i++)
        if (event->parts[i].usable) ruling_because(ruling, event->parts[i].entry);
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

/* Was the term that it stands under broken before this one bound at all? */
static bool freed_unbegun(const struct trial *t, int64_t at)
{
    return t->begins && t->ends && t->segment_count == 0 && t->freed <= at && t->from <= at;
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

/* What lies beyond the window cannot count: whoever counts need not come by it. */
static struct period in_window(const struct trial *t, struct period period)
{
    int64_t from = t->segments[0].from, to = t->segments[t->segment_count - 1].to;
    return (struct period){period.from > from ? period.from : from, period.to < to ? period.to : to, period.by_end};
}

/* The periods in which anything happened up to `at`, in order: nothing is to be said of the others. */
struct periods {
    const struct trial *trial;
    struct cursor cursor;
    int64_t at, next, last; /* numbers of periods: the next to give, and up to which they are known */
    bool whole, given;
};

static struct periods periods_until(const struct trial *t, int64_t at)
{
    struct periods p = {.trial = t, .at = at, .last = -1, .whole = t->wording->every_s == 0};
    p.cursor = shelf_reaching(t->shelf, t->from);
    return p;
}

static bool periods_next(struct periods *p, struct period *out)
{
    const struct trial *t = p->trial;
    int64_t every = t->wording->every_s;
    if (t->segment_count == 0) return false;
    if (p->whole) {
        *out = in_window(t, (struct period){EVER, NEVER, false});
        return !p->given && (p->given = true);
    }
    while (p->next > p->last) {
        const struct match *match = shelf_next(&p->cursor);
        if (match == NULL || match->from > p->at || match->from >= t->to) return false;
        int64_t to = match->to < p->at ? match->to : p->at;
        int64_t first = match->from <= t->from ? 0 : (match->from - t->from) / every, last = (to - t->from) / every;
        if (to < t->from || last <= p->last) continue;
        p->next = first > p->last ? first : p->last + 1;
        p->last = last;
    }
    *out = in_window(t, (struct period){t->from + p->next * every, t->from + (p->next + 1) * every, false});
    p->next++;
    return true;
}

/* ---- which records those are: the first of them in time, as many as fit */

typedef bool is_wanted(const struct match *match, enum tri fits, int64_t at);
static bool is_sure(const struct match *match, enum tri fits, int64_t at)
{
    return fits == IN && match_sure(match, at) && match->lo > 0;
}
static bool is_doubted(const struct match *match, enum tri fits, int64_t at)
{
    bool certain = fits == IN && match_sure(match, at);
    return match->excused != IN && (!certain || match->hi > match->lo) && (match->counts || match->credible);
}
static bool is_excused(const struct match *match, enum tri fits, int64_t at)
{
    (void)at;
    return fits == IN && match->counts && match->excused == IN;
}

static struct ruling find_because(const struct trial *t, struct period period, int64_t at, block_holds *holds,
                                  is_wanted *wanted)
{
    struct ruling out = {0};
    struct cursor c = shelf_reaching(t->shelf, period.from);
    for (const struct match *match = shelf_next_of(&c, holds);
         match != NULL && match->from <= at && match->from < period.to && out.because_count < BECAUSE_MOST;
         match = shelf_next_of(&c, holds)) {
        enum tri fits = tri_both(match_within(t, match, period, at), match->fits);
        if (fits != OUT && wanted(match, fits, at)) give_ids(t, &out, match);
    }
    return out;
}

/* When the one came that made it more than allowed. */
static int64_t broken_at(const struct trial *t, struct period period, int64_t at)
{
    struct tally tally = {.lo = 0};
    struct cursor c = shelf_reaching(t->shelf, period.from);
    for (const struct match *match = shelf_next_of(&c, block_holds_sure); match != NULL;
         match = shelf_next_of(&c, block_holds_sure)) {
        tally_one(t, match, period, at, &tally);
        if (tally.lo > t->wording->rule->n) return match->from;
    }
    return EVER;
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
    struct tally tally = tally_of(t, period, at);
    if (tally.lo > t->wording->rule->n)
        return decided(find_because(t, period, at, block_holds_sure, is_sure), VERDICT_BREACHED,
                       REASON_MORE_THAN_ALLOWED, broken_at(t, period, at), tally);
    if (tally.hi > t->wording->rule->n)
        return decided(find_because(t, period, at, block_holds_any, is_doubted), VERDICT_NOT_OBSERVED,
                       REASON_PERHAPS_MORE, EVER, tally);
    if (tally.excused)
        return decided(find_because(t, period, at, block_holds_excused, is_excused), VERDICT_EXCUSED, REASON_EXCEPTION,
                       EVER, tally);
    return decided((struct ruling){0}, VERDICT_MET, REASON_KEPT, EVER, tally);
}

static void graver(struct ruling *worst, const struct ruling *next, bool first);

static struct ruling cap_periods(const struct trial *t, int64_t at)
{
    struct ruling worst = {.verdict = VERDICT_MET, .reason = REASON_KEPT, .since = EVER};
    struct periods periods = periods_until(t, at);
    struct period period;
    for (bool first = true; periods_next(&periods, &period); first = false) {
        struct ruling next = cap_period(t, period, at);
        graver(&worst, &next, first);
    }
    return worst;
}

struct ruling rule_cap(const struct trial *t, int64_t at)
{
    size_t judged = 0, waiting = 0;
    int64_t dark = NEVER;
    if (freed_unbegun(t, at)) return freed(t);
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
    if (t->unjudged_at <= at && dark == NEVER)
        return decided(none, VERDICT_NOT_OBSERVED, REASON_TOO_LONG, t->unjudged_at, tally);
    if (dark != NEVER) return decided(none, VERDICT_NOT_OBSERVED, REASON_NOT_WATCHED, dark, tally);
    if (seen.verdict == VERDICT_EXCUSED) return seen;
    if (judged == 0 && waiting == 0 && t->freed <= at) return freed(t);
    if (judged == 0)
        return decided(none, VERDICT_PENDING, waiting > 0 ? REASON_WATCH_NOT_DUE : REASON_NOTHING_JUDGED, EVER, tally);
    return decided(none, VERDICT_MET, REASON_KEPT, EVER, tally);
}

/* ---- from when: the moments at which a cap can only get worse */

struct amount {
    int64_t at, n;
};
/* The earliest amounts that together, or the largest of which, pass n; no more than are needed. */
struct passing {
    struct amount *list;
    size_t count, room;
    int64_t sum, n, at; /* at: from when they pass, or NEVER */
    bool largest, full;
};

static void pass_largest(struct passing *p, int64_t at, int64_t n)
{
    if (n > p->n && at < p->at) p->at = at;
}

static void pass(struct passing *p, int64_t at, int64_t n)
{
    if (at >= p->at || n <= 0) return;
    if (p->largest) {
        pass_largest(p, at, n);
        return;
    }
    if (p->count == p->room) {
        size_t room = p->room == 0 ? 16 : p->room * 2;
        struct amount *more = realloc(p->list, room * sizeof *more);
        if (more == NULL) {
            p->full = true;
            return;
        }
        p->list = more;
        p->room = room;
    }
    size_t i = p->count++;
    for (; i > 0 && p->list[i - 1].at > at; i--) p->list[i] = p->list[i - 1];
    p->list[i] = (struct amount){at, n};
    p->sum += n;
    while (p->count > 0 && p->sum - p->list[p->count - 1].n > p->n) p->sum -= p->list[--p->count].n;
    if (p->sum > p->n) p->at = p->list[p->count - 1].at;
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

struct turning {
    struct passing lo, hi;
    int64_t excused_at;
};

static void turn_one(const struct trial *t, const struct match *match, struct period period, struct turning *out)
{
    enum tri inside = period_has(period, match);
    bool fits = tri_both(tri_both(match->fits, inside), match_time(t, match, NEVER - 1)) == IN;
    int64_t from = match->to > match->ripe ? match->to : match->ripe, seen = seen_from(t, match);
    if (fits && match->counts && match->excused == IN && match->to < out->excused_at) out->excused_at = match->to;
    if (inside == OUT || match->excused == IN) return;
    if (fits && match->counts && match->excused == OUT) pass(&out->lo, from, match->lo);
    if (seen != NEVER && (match->counts || match->credible))
        pass(&out->hi, seen > period.from ? seen : period.from, match->hi);
}

/* Nothing that begins later than what was found can change it; a block that has nothing of a kind has none of it; and
 * what began before the period does not lie in it for sure. */
static bool can_turn(const struct turning *out, const struct shelf_head *block, struct period period)
{
    int64_t from = block->from > period.from ? block->from : period.from;
    bool perhaps = from < out->hi.at && block->hi_most > 0,
         surely = (from < out->lo.at && (block->sure > 0 || !block->plain)) ||
                  (from < out->excused_at && block->excused > 0);
    return perhaps || (surely && block->block->matches[block->count - 1].from >= period.from);
}

static void turn_row(struct trial *t, size_t row, struct period period, struct turning *out)
{
    const struct shelf_row *r = &t->shelf->rows[row];
    struct cursor c = shelf_reaching(t->shelf, period.from);
    for (; c.block[row] < r->head_count; c.block[row]++, c.i[row] = 0) {
        struct shelf_head *block = &r->heads[c.block[row]];
        size_t i = c.i[row];
        if (i >= block->count || !can_turn(out, shelf_sums(block), period)) continue;
        if (block->from >= period.to) break;
        for (; i < block->count; i++) turn_one(t, &block->block->matches[i], period, out);
    }
}

void cap_thresholds(struct trial *t)
{
    const struct rule *rule = t->wording->rule;
    struct turning out = {.excused_at = NEVER};
    int64_t last = t->wording->every_s > 0 ? shelf_last(t->shelf, EVER) : EVER;
    t->lo_at = t->hi_at = t->judged_at = t->dark_at = NEVER;
    struct periods periods = periods_until(t, last);
    struct period period;
    while (t->begins && t->ends && periods_next(&periods, &period)) {
        out.lo = (struct passing){.list = out.lo.list, .room = out.lo.room, .n = rule->n, .at = NEVER};
        out.hi = (struct passing){.list = out.hi.list, .room = out.hi.room, .n = rule->n, .at = NEVER};
        out.lo.largest = out.hi.largest = rule->measure == MEASURE_MAX;
        for (size_t row = 0; row < SHELF_ROWS; row++) turn_row(t, row, period, &out);
        if (out.lo.at < t->lo_at) t->lo_at = out.lo.at;
        if (out.hi.at < t->hi_at) t->hi_at = out.hi.at;
        if (out.lo.full || out.hi.full) t->matter->full = true;
    }
    free(out.lo.list);
    free(out.hi.list);
    t->excused_at = out.excused_at;
    for (size_t i = 0; i < t->piece_count; i++) {
        const struct piece *piece = &t->pieces[i];
        int64_t due = piece->to + t->wording->watch.grace_s;
        if (piece->dark == 0 && piece->to < t->judged_at) t->judged_at = piece->to;
        if (piece->dark != 0 && due < t->dark_at) t->dark_at = due;
    }
    if (t->unjudged_at < t->dark_at) t->dark_at = t->unjudged_at;
}

/* The same as rule_cap's. */
enum verdict cap_verdict(const struct trial *t, int64_t at)
{
    if (freed_unbegun(t, at)) return VERDICT_EXCUSED;
    if (!begun(t, at)) return VERDICT_PENDING;
    if (t->lo_at <= at) return VERDICT_BREACHED;
    if (t->hi_at <= at || t->dark_at <= at) return VERDICT_NOT_OBSERVED;
    if (t->excused_at <= at) return VERDICT_EXCUSED;
    if (t->judged_at <= at) return VERDICT_MET;
    return t->freed <= at && t->dark_at == NEVER ? VERDICT_EXCUSED : VERDICT_PENDING;
}

/* ---- floors: one period to `by`, or one after the other */

enum tri match_done_by(const struct trial *t, const struct match *match, symbol name)
{
    struct lone lone;
    if (name == 0) return IN;
    const struct event *event = match_of(t, match, &lone);
    return event == NULL ? tri_of(match->entry->author == name) : event_done_by(t->matter, t->reading, event, name);
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
    struct cursor c = shelf_reaching(t->base->shelf, from);
    for (const struct match *match = shelf_next(&c); match != NULL && match->from <= last; match = shelf_next(&c)) {
        if (match->to < from) continue;
        match_count(t->base, match, match->from >= from && match->to <= last ? IN : MAYBE, at, &lo, &hi);
    }
    return (struct needed){part_of(rule, lo), part_of(rule, hi), hi == 0};
}

/* When it was reached, or NEVER: what surely came by then, in whatever order it began, is n. */
static int64_t reached_at(const struct trial *t, int64_t from, int64_t to, symbol name, int64_t n, int64_t at,
                          struct ruling *because)
{
    struct passing passing = {.n = n - 1, .at = NEVER, .largest = t->wording->rule->measure == MEASURE_MAX};
    struct cursor c = shelf_from(t->shelf, from);
    for (const struct match *match = shelf_next(&c); match != NULL && match->from <= to && match->from < passing.at;
         match = shelf_next(&c)) {
        int64_t came = match->to > match->ripe ? match->to : match->ripe, lo = 0, hi = 0;
        if (match->to > to || came > at || match_done_by(t, match, name) != IN) continue;
        match_count(t, match, IN, at, &lo, &hi);
        pass(&passing, came, lo);
    }
    if (passing.full) t->matter->full = true;
    free(passing.list);
    c = shelf_from(t->shelf, from);
    for (const struct match *match = shelf_next(&c);
         passing.at != NEVER && match != NULL && match->from <= passing.at && because->because_count < BECAUSE_MOST;
         match = shelf_next(&c)) {
        int64_t came = match->to > match->ripe ? match->to : match->ripe, lo = 0, hi = 0;
        if (match->to > to || came > passing.at || match_done_by(t, match, name) != IN) continue;
        match_count(t, match, IN, at, &lo, &hi);
        if (lo > 0) give_ids(t, because, match);
    }
    return passing.at;
}

static struct tally perhaps(const struct trial *t, int64_t from, int64_t to, symbol name, int64_t at,
                            struct ruling *because)
{
    struct tally out = {.lo = 0};
    int64_t last = at < to ? at : to;
    struct cursor c = shelf_reaching(t->shelf, from);
    for (const struct match *match = shelf_next(&c); match != NULL && match->from <= last; match = shelf_next(&c)) {
        int64_t before = out.hi;
        enum tri time = match->from >= from && match->to <= last ? IN : MAYBE;
        if (match->to < from) continue;
        match_count(t, match, tri_both(time, match_done_by(t, match, name)), at, &out.lo, &out.hi);
        if (out.hi > before) give_ids(t, because, match);
    }
    return out;
}

/* What counts came up to `to`; it is due then, or a moment later, when a period has passed. */
static struct ruling floor_period(const struct trial *t, int64_t from, int64_t to, int64_t due, symbol name, int64_t at)
{
    struct needed needed = needed_at(t, from, to, at);
    struct ruling none = {.need_lo = needed.lo, .need_hi = needed.hi}, sure = none, doubted = none;
    int64_t reached = needed.of_nothing ? NEVER : reached_at(t, from, to, name, needed.hi, at, &sure);
    struct tally tally = perhaps(t, from, to, name, at, &doubted);
    if (reached != NEVER) return decided(sure, VERDICT_MET, REASON_REACHED, reached, tally);
    if (t->freed <= to && t->freed <= at) return freed(t);
    if (at < due) return decided(none, VERDICT_PENDING, REASON_NOT_DUE, EVER, tally);
    if (needed.of_nothing) return decided(none, VERDICT_PENDING, REASON_RATIO_OF_NOTHING, EVER, tally);
    if (tally.hi >= needed.lo) return decided(doubted, VERDICT_NOT_OBSERVED, REASON_PERHAPS_REACHED, due, tally);
    if (t->freed_perhaps <= to)
        return decided(none, VERDICT_NOT_OBSERVED, REASON_PERHAPS_RELEASED, t->freed_perhaps, tally);
    if (watchers_look(&t->watch, from, due).enough)
        return decided(none, VERDICT_BREACHED, REASON_NOT_REACHED, due, tally);
    if (at < due + t->wording->watch.grace_s) return decided(none, VERDICT_PENDING, REASON_WATCH_NOT_DUE, EVER, tally);
    return decided(none, VERDICT_NOT_OBSERVED, REASON_NOT_WATCHED, due, tally);
}

/* A breach is gravest, then what cannot be told, then what is not due. */
static const int gravity[] = {
    [VERDICT_MET] = 0,      [VERDICT_EXCUSED] = 1,  [VERDICT_PENDING] = 2, [VERDICT_NOT_OBSERVED] = 3,
    [VERDICT_DISPUTED] = 3, [VERDICT_BREACHED] = 4, [VERDICT_VOID] = 0};

static void graver(struct ruling *worst, const struct ruling *next, bool first)
{
    if (first || gravity[next->verdict] > gravity[worst->verdict]) {
        *worst = *next;
    } else if (next->verdict == worst->verdict) {
        for (size_t i = 0; i < next->because_count; i++) ruling_because(worst, next->because[i]);
        if (next->since > worst->since && next->verdict == VERDICT_MET) worst->since = next->since;
    }
}

/* One of them is enough: while one may still be met, none of the others breaks it. */
static void lighter(struct ruling *best, const struct ruling *next, bool first)
{
    if (first || gravity[next->verdict] < gravity[best->verdict])
        *best = *next;
    else if (next->verdict == best->verdict && next->verdict != VERDICT_MET)
        graver(best, next, false);
}

static void join(const struct rule *rule, struct ruling *out, const struct ruling *next, bool first)
{
    (rule->type == RULE_ANY ? lighter : graver)(out, next, first);
}

/* The whole window, or the period that begins then: of all in `who` together, or the gravest of each; or of `only`. */
static struct ruling floor_due(const struct trial *t, int64_t from, symbol only, int64_t at)
{
    struct ruling worst = {0};
    int64_t every = t->wording->every_s, due = every == 0 ? t->to : from + every, to = every == 0 ? due : due - 1;
    const struct words *who = &t->wording->who->names;
    if (!t->wording->each || only != 0) return floor_period(t, from, to, due, only, at);
    for (size_t i = 0; i < who->count; i++) {
        struct ruling next = floor_period(t, from, to, due, who->symbols[i], at);
        graver(&worst, &next, i == 0);
    }
    return worst;
}

/* Each period that has passed is judged; while none has, the first as it runs. */
static struct ruling floor_ruling(const struct trial *t, symbol only, int64_t at)
{
    struct ruling worst = {0};
    int64_t every = t->wording->every_s, from = t->from, last = t->to < at ? t->to : at;
    if (!begun(t, at)) return undetermined(t, at);
    if (every > 0 && t->to - t->from < every)
        return decided(worst, VERDICT_PENDING, REASON_NOT_DUE, EVER, (struct tally){0});
    if (every == 0 || last - from < every) return floor_due(t, from, only, at);
    for (size_t i = 0; i < PIECES_MOST && last - from >= every; i++, from += every) {
        struct ruling next = floor_due(t, from, only, at);
        graver(&worst, &next, i == 0);
    }
    if (last - from >= every && worst.verdict != VERDICT_BREACHED)
        worst = (struct ruling){.verdict = VERDICT_NOT_OBSERVED, .reason = REASON_TOO_LONG, .since = from};
    return worst;
}

struct ruling rule_floor(const struct trial *t, int64_t at)
{
    return floor_ruling(t, 0, at);
}

enum verdict floor_verdict_of(const struct trial *t, symbol name, int64_t at)
{
    return floor_ruling(t, name, at).verdict;
}

int64_t floor_last(const struct trial *t, int64_t at)
{
    at = watchers_last(&t->watch, shelf_last(t->shelf, at));
    return t->base == NULL ? at : shelf_last(t->base->shelf, at);
}

void floor_moments(const struct trial *t, int64_t after,
                   void (*put)(struct moments *moments, int64_t at, int64_t after), struct moments *moments)
{
    const struct words *who = &t->wording->who->names;
    int64_t to = t->wording->every_s == 0 ? t->to : t->from + t->wording->every_s - 1;
    size_t names = t->wording->each ? who->count : 1;
    for (size_t i = 0; t->begins && t->ends && t->base == NULL && i < names; i++) {
        struct ruling ignored = {0};
        symbol name = t->wording->each ? who->symbols[i] : 0;
        int64_t at = reached_at(t, t->from, to, name, t->wording->rule->n, NEVER - 1, &ignored);
        if (at != NEVER) put(moments, at, after);
    }
}

/* Before its due time a floor can only be reached. */
enum verdict floor_verdict(const struct trial *t, int64_t at)
{
    struct ruling ignored = {0};
    bool simple = t->wording->every_s == 0 && !t->wording->each && t->base == NULL && t->freed == NEVER;
    if (!simple || !begun(t, at) || at >= t->to) return rule_floor(t, at).verdict;
    int64_t n = t->wording->rule->n;
    return reached_at(t, t->from, t->to, 0, n, at, &ignored) != NEVER ? VERDICT_MET : VERDICT_PENDING;
}

/* What a term of several is, in all of its texts that decide: where they differ, the readings of the text differ. */
static struct ruling part_rule(const struct trial *part, int64_t at)
{
    const struct term *term = part->term;
    struct ruling out = {0};
    bool any = false;
    for (size_t w = 0; w < term->count; w++) {
        const struct trial *t = term->wordings[w].shown_only ? NULL : trial_sibling(part, w);
        if (t == NULL) continue;
        struct ruling next = trial_rule(t, at);
        if (any && next.verdict != out.verdict) out.verdict = VERDICT_DISPUTED;
        if (!any) out = next;
        for (size_t i = 0; i < next.because_count; i++) ruling_because(&out, next.because[i]);
        any = true;
    }
    return out;
}

static enum verdict part_verdict(const struct trial *part, int64_t at)
{
    return part->term->count == 1 ? trial_verdict(part, at) : part_rule(part, at).verdict;
}

enum verdict terms_verdict(const struct trial *t, int64_t at)
{
    const struct rule *rule = t->wording->rule;
    struct ruling out = {0};
    for (size_t i = 0; i < rule->count; i++) {
        struct ruling next = {.verdict = part_verdict(t->parts[i], at)};
        join(rule, &out, &next, i == 0);
    }
    return out.verdict;
}

int64_t floor_done(const struct trial *t)
{
    struct ruling ruling = rule_floor(t, t->to == NEVER ? NEVER - 1 : t->to);
    return ruling.verdict == VERDICT_MET ? ruling.since : NEVER;
}

/* A floor is broken when it is due, or when the first of its periods is. */
void floor_broken(const struct trial *t, int64_t *surely, int64_t *doubtfully)
{
    int64_t every = t->wording->every_s, grace = t->wording->watch.grace_s;
    int64_t due = every == 0 ? t->to : t->from + every, last = floor_last(t, t->from) + 2 * every;
    for (size_t i = 0; i < PIECES_MOST && due != NEVER && due <= t->to && *surely == NEVER; i++, due += every) {
        if (!begun(t, due + grace)) return;
        enum verdict verdict = floor_due(t, every == 0 ? t->from : due - every, 0, due + grace).verdict;
        if (verdict == VERDICT_BREACHED) *surely = due;
        if (verdict == VERDICT_NOT_OBSERVED && due < *doubtfully) *doubtfully = due;
        if (every == 0 || due > last + grace) return; /* nothing differs from one period to the next */
    }
}

/* ---- of several terms, and what is allowed */

struct ruling rule_terms(const struct trial *t, int64_t at)
{
    const struct rule *rule = t->wording->rule;
    struct ruling out = {0};
    for (size_t i = 0; i < rule->count; i++) {
        struct ruling next = part_rule(t->parts[i], at);
        join(rule, &out, &next, i == 0);
    }
    out.reason = REASON_OF_TERMS;
    return out;
}

struct ruling rule_may(const struct trial *t, int64_t at)
{
    struct ruling used = {.verdict = VERDICT_MET, .reason = REASON_PERMITTED, .since = EVER};
    if (!begun(t, at)) return undetermined(t, at);
    struct cursor c = shelf_reaching(t->shelf, t->segments[0].from);
    for (const struct match *match = shelf_next_of(&c, block_holds_fitting);
         match != NULL && match->from <= at && used.because_count < BECAUSE_MOST;
         match = shelf_next_of(&c, block_holds_fitting))
        if (tri_both(match->fits, match_time(t, match, at)) == IN) give_ids(t, &used, match);
    return used;
}
