/* The continuity clock: a sure run and a possible run side by side, day by day. Invariants: (1) the sure run never
 * exceeds the possible one; (2) the running day adds to neither; (3) what surely happened across midnight has broken
 * the run by the day in which it ended. */
#include "terms/tally.h"

#include <stdlib.h>

static const char *const names[] = {"met", "breached", "unwatched", "doubted", "excused", "running"};

const char *day_name(enum day_state state)
{
    return names[state];
}

static void later(int64_t *out, int64_t at)
{
    if (at > *out) *out = at;
}

/* From when on enough that began in the day itself surely breaks it: then it is broken for good, and no run can have
 * begun anew in it, whatever else happened. It may be so earlier. NEVER: it is not, or not by that. */
static int64_t broken_within(const struct trial *cap, struct period day)
{
    int64_t lo = 0, ignored = 0, from = EVER;
    struct cursor c = shelf_from(cap->shelf, day.from);
    c.loose = true;
    for (const struct match *match = shelf_next_of(&c, block_holds_sure); match != NULL && match->from < day.to;
         match = shelf_next_of(&c, block_holds_sure)) {
        int64_t ripe = match->ripe > match->to ? match->ripe : match->to, before = lo;
        if (match_within(cap, match, day, ripe) != IN) continue;
        match_count(cap, match, IN, ripe, &lo, &ignored);
        if (lo > before) later(&from, ripe);
        if (lo > cap->wording->rule->n) return from;
    }
    return NEVER;
}

/* Of a day that is surely broken: since when enough happened to break it, at the latest; the possible run can have
 * begun anew then. NEVER, if enough began in the day itself. */
static int64_t anew_from(const struct trial *cap, struct period day, int64_t total, int64_t at)
{
    bool largest = cap->wording->rule->measure == MEASURE_MAX;
    int64_t before = 0, from = NEVER, n = cap->wording->rule->n;
    struct cursor c = shelf_reaching(cap->shelf, day.from);
    c.loose = true;
    for (const struct match *match = shelf_next_of(&c, block_holds_sure);
         match != NULL && match->from < day.to && match->from <= at; match = shelf_next_of(&c, block_holds_sure)) {
        int64_t lo = 0, ignored = 0;
        if (match->from >= day.from && !largest) return total - before > n ? NEVER : from;
        if (match_within(cap, match, day, at) != IN) continue;
        match_count(cap, match, IN, at, &lo, &ignored);
        if ((largest ? lo : total - before) > n) from = match->from;
        if (from >= day.from && from != NEVER) return NEVER;
        before += lo;
    }
    return from;
}

/* A day as it was judged, and between which moments it is that, with the same records. */
struct judged_day {
    struct day day;
    int64_t restart; /* if it is surely broken: from when on the run can have begun anew; by several, the last */
    int64_t since, until;
    size_t blames; /* 1 + the cap by which it is that and whose records are still to be looked for; or 0 */
};

/* The first that make a day what it is: those that add to what is sure or excuse, or to what may be. Looked for when
 * somebody is told: a clock tries hundreds of moments, and tells of none. */
static void blame_first(const struct trial *t, struct judged_day *judged, int64_t at)
{
    if (judged->blames == 0) return;
    const struct trial *cap = t->parts[judged->blames - 1];
    struct day *day = &judged->day;
    bool doubted = day->state == DAY_DOUBTED;
    struct period period = {day->from, day->to, true};
    struct tally tally = {.since = EVER, .until = NEVER};
    block_holds *holds = doubted ? block_holds_any : block_holds_telling;
    struct cursor c = shelf_reaching(cap->shelf, period.from);
    for (const struct match *match = shelf_next_of(&c, holds);
         match != NULL && match->from < period.to && match->from <= at && day->by_count < COUNT_OF(day->by);
         match = shelf_next_of(&c, holds)) {
        struct tally before = tally;
        tally.excused = false;
        tally_one(cap, match, period, at, &tally);
        if (doubted ? tally.hi > before.hi : tally.excused || tally.lo > before.lo)
            day->by[day->by_count++] = match->entry;
    }
    judged->blames = 0;
}

/* What one cap makes of one day, whether by its records, and whether by its watching. */
struct capped {
    enum day_state state;
    bool by_records, by_watch;
};
static struct capped cap_day(const struct trial *cap, const struct piece *piece, bool dark, int64_t at,
                             struct judged_day *judged)
{
    struct period period = {piece->from, piece->to, true};
    struct tally tally = tally_of(cap, period, at);
    int64_t n = cap->wording->rule->n, due = piece->to + cap->wording->watch.grace_s;
    tally_turns(&tally, piece->to, at);
    tally_turns(&tally, due, at);
    if (tally.since > judged->since) judged->since = tally.since;
    if (tally.until < judged->until) judged->until = tally.until;
    if (tally.lo > n) {
        if (judged->restart != NEVER) later(&judged->restart, anew_from(cap, period, tally.lo, at));
        return (struct capped){.state = DAY_BREACHED, .by_records = true};
    }
    if (piece->to > at) return (struct capped){.state = DAY_RUNNING};
    if (tally.hi > n) return (struct capped){.state = DAY_DOUBTED, .by_records = true};
    if (dark) return (struct capped){.state = due > at ? DAY_RUNNING : DAY_UNWATCHED, .by_watch = true};
    return tally.excused ? (struct capped){.state = DAY_EXCUSED, .by_records = true}
                         : (struct capped){.state = DAY_MET};
}

static enum day_state graver(enum day_state a, enum day_state b)
{
    static const int rank[] = {[DAY_MET] = 0,     [DAY_EXCUSED] = 1, [DAY_UNWATCHED] = 2,
                               [DAY_DOUBTED] = 3, [DAY_RUNNING] = 4, [DAY_BREACHED] = 5};
    return rank[b] > rank[a] ? b : a;
}

static struct judged_day judge_day(const struct trial *t, const struct piece *piece, bool broken, int64_t at)
{
    struct judged_day out = {.day = {.from = piece->from, .to = piece->to, .state = DAY_MET},
                             .restart = broken ? NEVER : EVER,
                             .since = EVER,
                             .until = NEVER};
    for (size_t i = 0; i < t->wording->rule->count; i++) {
        struct capped next = cap_day(t->parts[i], piece, (piece->dark >> i & 1) != 0, at, &out);
        if (graver(out.day.state, next.state) == out.day.state) continue;
        out.day.state = next.state;
        out.day.term = next.by_records || next.by_watch ? t->parts[i]->term : NULL;
        out.blames = next.by_records ? 1 + i : 0;
    }
    return out;
}

static void step(const struct trial *t, struct run *run, struct day *day, int64_t restart)
{
    int64_t length = day->to - day->from;
    bool doubted = day->state == DAY_DOUBTED, unsure = day->state == DAY_UNWATCHED || doubted;
    enum unwatched unwatched = doubted ? UNWATCHED_RESET : t->wording->rule->unwatched;
    if (day->state == DAY_BREACHED) {
        run->sure_s = 0;
        run->possible_s =
            restart == NEVER ? 0 : day->to - zone_day_start(t->term->zone, zone_day(t->term->zone, restart) + 1);
        run->reset_at = day->from;
    } else if (day->state != DAY_RUNNING) {
        run->possible_s += length;
        if (!unsure || unwatched == UNWATCHED_COUNT) run->sure_s += length;
        if (unsure && unwatched == UNWATCHED_RESET) run->sure_s = 0;
    }
    int64_t held = t->wording->rule->held_s;
    if (run->sure_s > run->longest_s) run->longest_s = run->sure_s;
    if (run->sure_s >= held && run->sure_done == NEVER) run->sure_done = day->to - (run->sure_s - held);
    if (run->possible_s >= held && run->possible_done == NEVER) run->possible_done = day->to - (run->possible_s - held);
    day->sure_s = run->sure_s;
    day->possible_s = run->possible_s;
}

/* ---- a day is judged once for as long as it stays the same; for the few moments that are asked for again and again */

enum { JUDGED = 3 };
struct settled_day {
    uint8_t count, order[JUDGED]; /* of what was judged, the last that was asked for first */
    bool searched;
    int64_t broken; /* broken_within, by any of its caps */
    struct judged_day judged[JUDGED];
};

static void forget(struct settled_day *day)
{
    day->count = 0;
    day->searched = false;
}

static void put_first(struct settled_day *day, size_t i)
{
    uint8_t j = day->order[i];
    memmove(&day->order[1], &day->order[0], i);
    day->order[0] = j;
}

static bool broken_at(const struct trial *t, size_t i, int64_t at)
{
    struct settled_day *day = &t->days[i];
    struct period period = {t->pieces[i].from, t->pieces[i].to, true};
    if (!day->searched) {
        day->broken = NEVER;
        for (size_t p = 0; p < t->wording->rule->count; p++) {
            int64_t from = broken_within(t->parts[p], period);
            if (from < day->broken) day->broken = from;
        }
        day->searched = true;
    }
    return day->broken <= at;
}

static struct judged_day *day_at(const struct trial *t, size_t i, int64_t at)
{
    struct settled_day *day = &t->days[i];
    for (size_t k = 0; k < day->count; k++) {
        struct judged_day *judged = &day->judged[day->order[k]];
        if (judged->since > at || at >= judged->until) continue;
        put_first(day, k);
        return judged;
    }
    if (day->count < JUDGED) day->order[day->count] = day->count, day->count++;
    put_first(day, day->count - 1U);
    struct judged_day *judged = &day->judged[day->order[0]];
    *judged = judge_day(t, &t->pieces[i], broken_at(t, i, at), at);
    return judged;
}

static const struct run no_run = {.sure_done = NEVER, .possible_done = NEVER, .reset_at = EVER};

bool held_room(struct trial *t, size_t kept)
{
    struct settled_day *days = realloc(t->days, (t->piece_count + 1) * sizeof *days);
    if (days == NULL) return false;
    t->days = days;
    for (size_t i = kept; i < t->piece_count; i++) forget(&days[i]);
    return true;
}

void held_unsettle(struct trial *t, int64_t from, int64_t to)
{
    size_t low = 0, high = t->days == NULL ? 0 : t->piece_count;
    while (low < high) { /* the first day that ends after it began */
        size_t middle = low + (high - low) / 2;
        if (t->pieces[middle].to <= from)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; t->days != NULL && i < t->piece_count && t->pieces[i].from <= to; i++) forget(&t->days[i]);
}

/* What is settled only saves work and never changes an answer. `broken`: the last day that was, or NULL where it only
 * matters when the run was long enough. */
static struct run run_through(const struct trial *t, int64_t at, struct judged_day **broken, day_visit *visit,
                              void *context)
{
    struct run run = no_run;
    if (broken != NULL) *broken = NULL;
    for (size_t i = 0; i < t->piece_count && t->pieces[i].from <= at; i++) {
        const struct piece *piece = &t->pieces[i];
        bool gap = i > 0 && t->pieces[i - 1].to < piece->from;
        if (gap && t->wording->rule->void_resets) run.sure_s = run.possible_s = 0;
        if (broken == NULL && broken_at(t, i, at)) {
            run.sure_s = run.possible_s = 0;
            continue;
        }
        struct judged_day *judged = day_at(t, i, at);
        if (visit != NULL) blame_first(t, judged, at);
        if (broken != NULL && judged->day.state == DAY_BREACHED) *broken = judged;
        struct day day = judged->day;
        step(t, &run, &day, judged->restart);
        if (visit != NULL) visit(context, &day);
    }
    return run;
}

struct run held_run(const struct trial *t, int64_t at, day_visit *visit, void *context)
{
    struct judged_day *broken;
    struct run run = run_through(t, at, &broken, visit, context);
    if (broken == NULL) return run;
    blame_first(t, broken, at);
    run.reset_by = broken->day.by_count > 0 ? broken->day.by[0] : NULL;
    return run;
}

static bool running(const struct trial *t, int64_t at)
{
    return t->begins && t->ends && t->piece_count > 0 && t->pieces[0].from <= at;
}

enum verdict held_verdict(const struct trial *t, int64_t at)
{
    if (!running(t, at)) return VERDICT_PENDING;
    struct run run = run_through(t, at, NULL, NULL, NULL);
    return run.sure_done <= at ? VERDICT_MET : run.possible_done <= at ? VERDICT_NOT_OBSERVED : VERDICT_PENDING;
}

struct ruling rule_held(const struct trial *t, int64_t at)
{
    struct ruling ruling = {.verdict = VERDICT_PENDING, .reason = REASON_RUN_GOES_ON, .since = EVER};
    if (!running(t, at)) {
        ruling.reason = t->begins && t->ends ? REASON_NOT_BEGUN : REASON_MOMENT_UNDETERMINED;
        return ruling;
    }
    struct run run = held_run(t, at, NULL, NULL);
    ruling.lo = run.sure_s;
    ruling.hi = run.possible_s;
    if (run.reset_by != NULL) ruling_because(&ruling, run.reset_by);
    if (run.sure_done <= at) {
        ruling = (struct ruling){.verdict = VERDICT_MET, .reason = REASON_RUN_COMPLETE, .since = run.sure_done};
    } else if (run.possible_done <= at) {
        ruling.verdict = VERDICT_NOT_OBSERVED;
        ruling.reason = REASON_RUN_PERHAPS_COMPLETE;
        ruling.since = run.possible_done;
    }
    return ruling;
}

int64_t held_done(const struct trial *t)
{
    int64_t grace = 0; /* a day is told when all of its watching is due */
    if (!t->begins || !t->ends || t->piece_count == 0) return NEVER;
    for (size_t i = 0; i < t->wording->rule->count; i++) later(&grace, t->parts[i]->wording->watch.grace_s);
    return held_run(t, t->pieces[t->piece_count - 1].to + grace, NULL, NULL).sure_done;
}
