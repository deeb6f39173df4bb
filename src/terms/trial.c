/* What a term's verdict rests on: its window, the days of it that are in force, and what answers its selector.
 * Invariant: nothing here depends on the as-of time. */
#include "terms/trial.h"

#include <stdlib.h>

static const char *const verdicts[] = {"pending", "met", "breached", "disputed", "excused", "not-observed", "void"};

const char *verdict_name(enum verdict verdict)
{
    return verdicts[verdict];
}

void ruling_because(struct ruling *ruling, const struct entry *entry)
{
    size_t i = ruling->because_count;
    for (size_t j = 0; j < i; j++)
        if (ruling->because[j] == entry) return;
    if (i == BECAUSE_MOST) return;
    for (; i > 0 && ruling->because[i - 1]->index > entry->index; i--) ruling->because[i] = ruling->because[i - 1];
    ruling->because[i] = entry;
    ruling->because_count++;
}

/* ---- moments */

static bool moment_find(struct matter *matter, size_t reading, struct slice channel, const struct moment *moment,
                        int64_t *out)
{
    int64_t at = moment->type == MOMENT_FIRST ? NEVER : EVER;
    if (moment->type == MOMENT_AT) at = moment->at;
    if (moment->type == MOMENT_DONE) {
        const struct trial *trial = trial_get(matter, moment->term, reading, 0);
        at = trial == NULL ? NEVER : trial_done(trial);
    }
    for (size_t i = 0; i < moment->count; i++) {
        int64_t part;
        bool known = moment_find(matter, reading, channel, moment->parts[i], &part);
        if (!known && moment->type == MOMENT_LAST) return false;
        if (known && (moment->type == MOMENT_FIRST ? part < at : part > at)) at = part;
    }
    if (at == NEVER || at == EVER) return false;
    if (moment->days != 0) {
        int64_t day = zone_day(moment->zone, at), of_day = at + zone_offset(moment->zone, at) - day * 86400;
        at = zone_day_start(moment->zone, day + moment->days) + of_day;
    }
    at += moment->plus_s;
    *out = moment->renew.count > 0 ? renewed_until(matter, channel, &moment->renew, at) : at;
    return true;
}

/* ---- the window */

static int64_t course_begins(const struct course *course)
{
    for (size_t i = 0; i < course->count; i++)
        if (course->stages[i].stand == STAND_IN_FORCE) return course->stages[i].at;
    return NEVER;
}

static void find_window(struct trial *t, size_t reading)
{
    const struct wording *w = t->wording;
    const struct moment *end = w->by != NULL ? w->by : w->until;
    struct slice channel = t->term->channel;
    t->from = w->anywhere ? EVER : course_begins(t->course);
    t->to = NEVER;
    t->begins = w->from == NULL ? t->from != NEVER : moment_find(t->matter, reading, channel, w->from, &t->from);
    t->ends = end == NULL || moment_find(t->matter, reading, channel, end, &t->to);
}

/* What stands under another term binds while that one is kept. */
static void find_freedom(struct trial *t, size_t reading)
{
    t->freed = t->freed_perhaps = NEVER;
    if (t->own_right || t->wording->while_term == SIZE_MAX) return;
    t->under = trial_get_own(t->matter, t->wording->while_term, reading);
    if (t->under != NULL) trial_broken(t->under, &t->freed, &t->freed_perhaps);
}

/* What must be done by a time may be done before the agreement is in force, where the term says from when. */
static void find_segments(struct trial *t)
{
    const struct course *course = t->course;
    t->segments = matter_get(t->matter, (course->count + 1) * sizeof *t->segments);
    if (t->segments == NULL || !t->begins || !t->ends) return;
    enum rule_type type = t->wording->rule->type;
    if (type == RULE_FLOOR || t->wording->anywhere) {
        t->segments[t->segment_count++] = (struct segment){t->from, t->to == NEVER ? NEVER : t->to + 1};
        return;
    }
    for (size_t i = 0; i < course->count; i++) {
        int64_t from = course->stages[i].at, to = i + 1 < course->count ? course->stages[i + 1].at : NEVER;
        if (course->stages[i].stand != STAND_IN_FORCE) continue;
        if (from < t->from) from = t->from;
        if (to > t->to) to = t->to;
        if (to > t->freed) to = t->freed;
        if (from < to) t->segments[t->segment_count++] = (struct segment){from, to};
    }
}

/* After the last thing known nothing differs from one day to the next: pieces need not go on. */
static int64_t horizon(const struct trial *t)
{
    int64_t last = t->from;
    const struct matter *matter = t->matter;
    for (size_t i = 0; i < matter->counted_count; i++)
        if (matter->counted[i]->last > last) last = matter->counted[i]->last;
    return last + 3 * 86400 + t->wording->watch.grace_s + t->wording->rule->held_s;
}

static size_t watcher_count(const struct trial *t)
{
    return t->wording->rule->type == RULE_HELD ? t->wording->rule->count : 1;
}

static uint64_t darkness(const struct trial *t, int64_t from, int64_t to)
{
    uint64_t dark = 0;
    if (t->wording->rule->type != RULE_HELD) return watcher_look(t->watcher, from, to).enough ? 0 : 1;
    for (size_t i = 0; i < watcher_count(t); i++)
        if (!watcher_look(t->parts[i]->watcher, from, to).enough) dark |= UINT64_C(1) << i;
    return dark;
}

static void cut_pieces(struct trial *t)
{
    enum rule_type type = t->wording->rule->type;
    int64_t end = horizon(t);
    if (type != RULE_CAP && type != RULE_HELD) return;
    size_t room = 0;
    for (size_t i = 0; i < t->segment_count; i++) {
        int64_t to = t->segments[i].to < end ? t->segments[i].to : end;
        room += to > t->segments[i].from ? (size_t)((to - t->segments[i].from) / 82800) + 3 : 0;
    }
    if (room > PIECES_MOST) room = PIECES_MOST;
    t->pieces = matter_get(t->matter, (room + 1) * sizeof *t->pieces);
    for (size_t i = 0; t->pieces != NULL && i < t->segment_count; i++) {
        int64_t at = t->segments[i].from, to = t->segments[i].to < end ? t->segments[i].to : end;
        while (at < to && t->piece_count < room) {
            int64_t next = zone_day_start(t->term->zone, zone_day(t->term->zone, at) + 1);
            if (next <= at) next = at + 86400;
            if (next > to) next = to;
            t->pieces[t->piece_count++] = (struct piece){at, next, darkness(t, at, next)};
            at = next;
        }
    }
}

/* ---- what answers the selector */

static void measure(const struct trial *t, struct match *match)
{
    const struct rule *rule = t->wording->rule;
    match->lo = match->hi = 1;
    if (rule->measure == MEASURE_EVENTS || match->event == NULL) return;
    event_amount(match->event, rule->unit, rule->measure == MEASURE_MAX, &match->lo, &match->hi);
}

static enum tri noticed(const struct trial *t, const struct exception *exception, int64_t from)
{
    const struct trial *notices = trial_get(t->matter, exception->notices, t->reading_index, 0);
    enum tri out = OUT;
    for (size_t i = 0; notices != NULL && i < notices->match_count; i++) {
        const struct match *notice = &notices->matches[i];
        if (notice->to <= from - exception->lead_s &&
            group_has(t->matter, t->wording->who, notice->entry->by, notice->to) == IN)
            out = tri_either(out, notice->fit.fits);
    }
    return out;
}

static void excuse(const struct trial *t, struct match *match)
{
    for (size_t i = 0; i < t->wording->exception_count; i++) {
        const struct exception *x = &t->wording->exceptions[i];
        const struct event *event = match->event;
        enum tri holds = OUT;
        if (x->type == EXCEPTION_JUSTIFIED)
            holds = tri_of(event != NULL && event->justified != NULL && slice_equal(event->ground, x->ground));
        if (x->type == EXCEPTION_IF)
            holds = event == NULL ? act_fits(t->matter, x->selector, NULL, match->entry).fits
                                  : event_fits(t->matter, t->reading, x->selector, NULL, event).fits;
        if (x->type == EXCEPTION_NOTIFIED) holds = noticed(t, x, match->from);
        if (x->type == EXCEPTION_JUSTIFIED && holds == IN) match->ground = event->ground;
        match->excused = tri_either(match->excused, holds);
    }
}

static void match_event(struct trial *t, const struct event *event)
{
    struct match match = {.event = event, .entry = event->first, .from = event->from, .to = event->to, .ripe = EVER};
    if (!event->timed) return;
    match.fit = event_fits(t->matter, t->reading, t->wording->rule->of, t->wording->who, event);
    if (match.fit.fits == OUT) return;
    match.counts = event_counts(t->reading, event);
    if (t->wording->finding.by != NULL)
        match.counts = event_decided(t->matter, &t->wording->finding, event, &match.ripe) && match.counts;
    match.credible = event->credible && !((t->reading->unless & UNLESS_NOT_FOUND) != 0 && event->not_found);
    excuse(t, &match);
    measure(t, &match);
    t->matches[t->match_count++] = match;
}

static void match_act(struct trial *t, const struct entry *entry)
{
    struct match match = {
        .entry = entry, .from = entry->act_time, .to = entry->act_time, .ripe = EVER, .counts = true, .credible = true};
    if (entry->kind->family != FAMILY_SAID && !entry_is(entry, "standing") && !entry_is(entry, "approval") &&
        !entry_is(entry, "finding"))
        return;
    match.fit = act_fits(t->matter, t->wording->rule->of, t->wording->who, entry);
    if (match.fit.fits == OUT) return;
    if (entry_is(entry, "attempt"))
        match.counts = group_has(t->matter, t->reading->trust, entry->by, entry->written) == IN;
    excuse(t, &match);
    measure(t, &match);
    t->matches[t->match_count++] = match;
}

static int in_time_order(const void *a, const void *b)
{
    const struct match *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return x->entry->index < y->entry->index ? -1 : x->entry->index > y->entry->index;
}

static void find_matches(struct trial *t, size_t reading)
{
    const struct account *account = account_get(t->matter, reading);
    if (account == NULL) return;
    struct match *all = malloc((account->count + t->matter->counted_count + 1) * sizeof *all);
    if (all == NULL) {
        t->matter->full = true;
        return;
    }
    t->matches = all;
    for (size_t i = 0; i < account->count; i++) match_event(t, &account->events[i]);
    for (size_t i = 0; i < t->matter->counted_count; i++) match_act(t, t->matter->counted[i]);
    t->matches = matter_get(t->matter, (t->match_count + 1) * sizeof *t->matches);
    if (t->matches != NULL) memcpy(t->matches, all, t->match_count * sizeof *t->matches);
    free(all);
    if (t->matches != NULL) qsort(t->matches, t->match_count, sizeof *t->matches, in_time_order);
}

static void find_parts(struct trial *t, size_t reading)
{
    const struct rule *rule = t->wording->rule;
    t->parts = matter_get(t->matter, (rule->count + 1) * sizeof(struct trial *));
    for (size_t i = 0; t->parts != NULL && i < rule->count; i++) {
        t->parts[i] = trial_get(t->matter, rule->terms[i], reading, 0);
        if (t->parts[i] == NULL) return;
    }
}

static bool fill(struct trial *t, size_t reading)
{
    struct matter *matter = t->matter;
    enum rule_type type = t->wording->rule->type;
    t->course = matter_course(matter, t->term->channel);
    t->watcher = watcher_make(matter, t->reading, t->wording);
    find_window(t, reading);
    find_freedom(t, reading);
    find_segments(t);
    find_parts(t, reading);
    if (t->wording->rule->times[0] > 0) t->base = trial_get(matter, t->wording->rule->base, reading, 0);
    if (matter->full) return false;
    if (type == RULE_CAP || type == RULE_FLOOR || type == RULE_MAY) find_matches(t, reading);
    if (type == RULE_REPLY) replies_find(t);
    if (!matter->full) cut_pieces(t);
    for (size_t i = 0; i < t->match_count && !matter->full; i++)
        if (t->matches[i].to - t->matches[i].from > t->longest_s) t->longest_s = t->matches[i].to - t->matches[i].from;
    if (type == RULE_CAP && !matter->full && !cap_thresholds(t)) return false;
    return type != RULE_HELD || matter->full || held_settle(t);
}

static const struct trial *get(struct matter *matter, size_t term, size_t reading, size_t wording, bool own_right)
{
    const struct agreement *a = matter->agreement;
    size_t row = term < TERMS_MOST ? term : a->term_count + (term - TERMS_MOST);
    struct trial **slot =
        &matter->trials[((row * a->reading_count + reading) * (RIVALS_MOST + 1) + wording) * 2 + own_right];
    if (*slot != NULL || matter->full) return matter->full ? NULL : *slot;
    struct trial *t = matter_get(matter, sizeof *t);
    if (t == NULL) return NULL;
    *t = (struct trial){.matter = matter,
                        .term = agreement_term(a, term),
                        .wording = &agreement_term(a, term)->wordings[wording],
                        .reading = &a->readings[reading],
                        .reading_index = reading,
                        .own_right = own_right};
    if (!fill(t, reading)) return NULL;
    *slot = t;
    return matter->full ? NULL : t;
}

const struct trial *trial_get(struct matter *matter, size_t term, size_t reading, size_t wording)
{
    bool own_right = agreement_term(matter->agreement, term)->wordings[wording].while_term == SIZE_MAX;
    return get(matter, term, reading, wording, own_right);
}

const struct trial *trial_get_own(struct matter *matter, size_t term, size_t reading)
{
    return get(matter, term, reading, 0, true);
}

/* ---- asked at a moment */

enum tri match_time(const struct trial *t, const struct match *match, int64_t at)
{
    enum tri out = OUT;
    for (size_t i = 0; i < t->segment_count; i++) {
        const struct segment *s = &t->segments[i];
        int64_t last = s->to == NEVER || s->to - 1 > at ? at : s->to - 1;
        if (match->from > last || match->to < s->from) continue;
        out = tri_either(out, match->from >= s->from && match->to <= last ? IN : MAYBE);
    }
    return match->to >= t->freed_perhaps ? tri_both(out, MAYBE) : out;
}

bool match_sure(const struct match *match, int64_t at)
{
    return match->counts && match->ripe <= at && match->excused == OUT;
}

void match_count(const struct trial *t, const struct match *match, enum tri time, int64_t at, int64_t *lo, int64_t *hi)
{
    enum tri fits = tri_both(match->fit.fits, time);
    bool largest = t->wording->rule->measure == MEASURE_MAX;
    if (fits == OUT || match->excused == IN || (!match->counts && !match->credible)) return;
    int64_t sure = fits == IN && match_sure(match, at) ? match->lo : 0;
    *lo = largest ? (sure > *lo ? sure : *lo) : *lo + sure;
    *hi = largest ? (match->hi > *hi ? match->hi : *hi) : *hi + match->hi;
}

struct ruling trial_rule(const struct trial *trial, int64_t at)
{
    static struct ruling (*const rules[])(const struct trial *trial, int64_t at) = {
        [RULE_CAP] = rule_cap,   [RULE_FLOOR] = rule_floor, [RULE_HELD] = rule_held, [RULE_REPLY] = rule_reply,
        [RULE_ALL] = rule_terms, [RULE_ANY] = rule_terms,   [RULE_MAY] = rule_may};
    return rules[trial->wording->rule->type](trial, at);
}

enum verdict trial_verdict(const struct trial *trial, int64_t at)
{
    enum rule_type type = trial->wording->rule->type;
    if (type == RULE_CAP) return cap_verdict(trial, at);
    if (type == RULE_FLOOR) return floor_verdict(trial, at);
    if (type == RULE_ALL || type == RULE_ANY) return terms_verdict(trial, at);
    return trial_rule(trial, at).verdict;
}

/* In force, not begun, or the stage that it ceased with. */
static bool closed_while_in_force(const struct trial *t, int64_t ended)
{
    return t->begins && t->ends && t->to != NEVER && t->to <= ended;
}

static const struct stage *ceased(const struct course *course, const struct stage *now)
{
    const struct stage *last = now;
    while (last > course->stages && last->stand != STAND_IN_FORCE) last--;
    return last->stand == STAND_IN_FORCE ? &last[1] : NULL;
}

enum verdict trial_stand_verdict(const struct trial *t, int64_t at)
{
    const struct stage *now = course_at(t->course, at);
    if (now->stand == STAND_IN_FORCE) return trial_verdict(t, at);
    if (now->stand == STAND_NOT_BEGUN) return t->course->assented ? VERDICT_PENDING : VERDICT_VOID;
    const struct stage *end = ceased(t->course, now);
    return end != NULL && closed_while_in_force(t, end->at) ? trial_verdict(t, at) : VERDICT_VOID;
}

/* Not in force: void, with what it was when it ceased; but a window that closed while in force keeps its verdict. */
struct ruling trial_stand(const struct trial *t, int64_t at, bool *was_known, struct ruling *was)
{
    const struct course *course = t->course;
    const struct stage *now = course_at(course, at);
    struct ruling out = {.verdict = VERDICT_VOID, .reason = REASON_NOT_IN_FORCE, .since = now->at};
    *was_known = false;
    if (now->stand == STAND_IN_FORCE) return trial_rule(t, at);
    if (now->stand == STAND_NOT_BEGUN) {
        if (course->assented)
            out = (struct ruling){.verdict = VERDICT_PENDING, .reason = REASON_NOT_BEGUN, .since = EVER};
        return out;
    }
    const struct stage *end = ceased(course, now);
    if (end == NULL) return out;
    int64_t ended = end->at;
    if (closed_while_in_force(t, ended)) return trial_rule(t, at);
    for (size_t i = 0; i < now->count; i++) ruling_because(&out, now->acts[i]);
    out.since = ended;
    *was = trial_rule(t, ended - 1);
    *was_known = true;
    return out;
}

void trial_broken(const struct trial *trial, int64_t *surely, int64_t *perhaps)
{
    *surely = *perhaps = NEVER;
    if (trial->wording->rule->type == RULE_CAP) {
        *surely = trial->lo_at;
        *perhaps = trial->hi_at;
    } else if (trial->begins && trial->ends) {
        floor_broken(trial, surely, perhaps);
    }
    if (*surely < *perhaps) *perhaps = *surely;
}

int64_t trial_done(const struct trial *trial)
{
    return trial->wording->rule->type == RULE_HELD    ? held_done(trial)
           : trial->wording->rule->type == RULE_FLOOR ? floor_done(trial)
                                                      : NEVER;
}
