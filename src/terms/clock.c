/* When a verdict changes by itself. The moments at which anything it rests on can change are all known: the edges of
 * the window, of force, of each day and its grace, of what happened, and the due times. So they are tried in order, and
 * nothing is searched for. */
#include "terms/trial.h"

#include <stdlib.h>

/* Much begins and ends with the same midnights. */
static bool just_put(const struct moments *m, int64_t at)
{
    for (size_t i = m->count; i > 0 && i + 4 > m->count; i--)
        if (m->list[i - 1] == at) return true;
    return false;
}

static void put(struct moments *m, int64_t at, int64_t after)
{
    if (at <= after || at == NEVER || just_put(m, at)) return;
    if (m->count == m->room) {
        size_t room = m->room == 0 ? 256 : m->room * 2;
        int64_t *list = realloc(m->list, room * sizeof *list);
        if (list == NULL) return;
        m->list = list;
        m->room = room;
    }
    m->list[m->count++] = at;
}

/* All that it counts, of which any may change a ratio. */
static void put_matches(const struct trial *t, int64_t after, struct moments *m)
{
    struct cursor c = shelf_from(t->shelf, EVER);
    for (const struct match *match = shelf_next(&c); match != NULL; match = shelf_next(&c)) {
        if (match->from > t->to) return;
        put(m, match->from, after);
        put(m, match->to, after);
        if (match->ripe != EVER) put(m, match->ripe, after);
    }
}

static void put_across(const struct trial *t, const struct match *match, int64_t after, struct moments *m)
{
    bool one_day = zone_day(t->term->zone, match->from) == zone_day(t->term->zone, match->to);
    if (one_day && match->ripe == EVER) return;
    put(m, match->from, after);
    put(m, match->to, after);
    if (match->ripe != EVER) put(m, match->ripe, after);
}

/* A day is what it is once it has ended, but for what goes on across midnight and what the accused may still answer. */
static void put_days(const struct trial *t, int64_t after, struct moments *m)
{
    for (size_t p = 0; p < t->wording->rule->count; p++) {
        const struct trial *cap = t->parts[p];
        for (size_t r = 0; r < SHELF_ROWS; r++)
            for (size_t b = 0; b < cap->shelf->rows[r].head_count; b++) {
                const struct shelf_head *head = shelf_sums(&cap->shelf->rows[r].heads[b]);
                if (head->last_to <= after && head->plain) continue;
                for (uint32_t i = 0; i < head->count; i++) put_across(t, &head->block->matches[i], after, m);
            }
        for (size_t i = 0; i < t->piece_count; i++) put(m, t->pieces[i].to + cap->wording->watch.grace_s, after);
    }
    for (size_t i = 0; i < t->piece_count; i++) {
        put(m, t->pieces[i].from, after);
        put(m, t->pieces[i].to, after);
    }
}

/* What the accused may still answer changes a period that has passed. */
static void put_ripe(const struct trial *t, int64_t after, struct moments *m)
{
    for (size_t r = 0; r < SHELF_ROWS; r++)
        for (size_t b = 0; b < t->shelf->rows[r].head_count; b++) {
            const struct shelf_head *head = shelf_sums(&t->shelf->rows[r].heads[b]);
            for (uint32_t i = 0; !head->plain && i < head->count; i++)
                if (head->block->matches[i].ripe != EVER) put(m, head->block->matches[i].ripe, after);
        }
}

static void put_periods(const struct trial *t, int64_t after, struct moments *m)
{
    int64_t every = t->wording->every_s, grace = t->wording->watch.grace_s, at = t->from;
    if (every == 0 || !t->begins) return;
    int64_t end = floor_last(t, after > at ? after : at) + 2 * every;
    if (t->to < end) end = t->to;
    if (at + grace < after) at += (after - grace - at) / every * every;
    for (size_t i = 0; i < PIECES_MOST && at <= end; i++, at += every) {
        put(m, at, after);
        put(m, at + grace, after);
    }
    put_ripe(t, after, m);
}

static void put_window(const struct trial *t, int64_t after, struct moments *m)
{
    for (size_t i = 0; i < t->course->count; i++) put(m, t->course->stages[i].at, after);
    if (t->begins) put(m, t->from, after);
    if (t->ends && t->to != NEVER) put(m, t->to, after), put(m, t->to + t->wording->watch.grace_s, after);
    if (t->freed != NEVER) put(m, t->freed, after);
    for (size_t i = 0; i < t->segment_count; i++) {
        put(m, t->segments[i].from, after);
        if (t->segments[i].to != NEVER) put(m, t->segments[i].to, after), put(m, t->segments[i].to - 1, after);
    }
}

static void put_rule(const struct trial *t, int64_t after, struct moments *m)
{
    const int64_t turns[] = {t->lo_at, t->hi_at, t->excused_at, t->judged_at, t->dark_at};
    switch (t->wording->rule->type) {
    case RULE_CAP:
        for (size_t i = 0; i < COUNT_OF(turns); i++) put(m, turns[i], after);
        break;
    case RULE_FLOOR:
        floor_moments(t, after, put, m);
        if (t->base != NULL) put_matches(t->base, after, m), put_matches(t, after, m);
        put_periods(t, after, m);
        break;
    case RULE_HELD: put_days(t, after, m); break;
    case RULE_REPLY:
        for (size_t i = 0; i < t->reply_count; i++) {
            put(m, t->replies[i].start, after);
            put(m, t->replies[i].due, after);
            if (t->replies[i].answered != NEVER) put(m, t->replies[i].answered, after);
        }
        break;
    case RULE_ALL:
    case RULE_ANY:
    case RULE_MAY: break;
    }
}

/* What a moment costs is told by what is there, not by what is kept of it: so that the clock is the same after any
 * history. */
static uint64_t cost_of(const struct trial *t)
{
    switch (t->wording->rule->type) {
    case RULE_FLOOR: return t->shelf->count + (t->base == NULL ? 0 : t->base->shelf->count);
    case RULE_HELD: return t->piece_count;
    case RULE_REPLY: return t->reply_count;
    case RULE_CAP:
    case RULE_ALL:
    case RULE_ANY:
    case RULE_MAY: break;
    }
    return 1;
}

/* Each term once, however many are made of it. */
static void walk(const struct trial *t, int64_t after, struct moments *m)
{
    if (t->ruled->walk == t->matter->walk) return;
    t->ruled->walk = t->matter->walk;
    put_window(t, after, m);
    put_rule(t, after, m);
    m->cost += cost_of(t);
    for (size_t i = 0; i < t->wording->rule->count; i++)
        for (size_t w = 0; w < t->parts[i]->term->count; w++) walk(trial_sibling(t->parts[i], w), after, m);
}

void trial_moments(const struct trial *t, int64_t after, struct moments *m)
{
    t->matter->walk++;
    walk(t, after, m);
}
