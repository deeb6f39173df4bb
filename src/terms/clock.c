/* When a verdict changes by itself. The moments at which anything it rests on can change are all known: the edges of
 * the window, of force, of each day and its grace, of what happened, and the due times. So they are tried in order, and
 * nothing is searched for. */
#include "terms/trial.h"

#include <stdlib.h>

static void put(struct moments *m, int64_t at, int64_t after)
{
    if (at <= after || at == NEVER) return;
    if (m->count == m->room) {
        size_t room = m->room == 0 ? 256 : m->room * 2;
        int64_t *list = realloc(m->list, room * sizeof *list);
        if (list == NULL) return;
        m->list = list;
        m->room = room;
    }
    m->list[m->count++] = at;
}

static void put_match(const struct trial *t, const struct match *match, int64_t after, struct moments *m)
{
    if (t->wording->rule->type == RULE_FLOOR && match->from > t->to) return;
    put(m, match->from, after);
    put(m, match->to, after);
    if (match->ripe != EVER) put(m, match->ripe, after);
}

/* Of those that go on, or wait, beyond `after`. */
static void put_matches(const struct trial *t, int64_t after, struct moments *m)
{
    for (size_t r = 0; r < SHELF_ROWS; r++)
        for (size_t b = 0; b < t->shelf->rows[r].block_count; b++) {
            const struct shelf_block *block = shelf_sums(t->shelf->rows[r].blocks[b]);
            if (block->last_to <= after && block->plain) continue;
            for (size_t i = 0; i < block->count; i++) put_match(t, &block->matches[i], after, m);
        }
}

static void put_periods(const struct trial *t, int64_t after, struct moments *m)
{
    int64_t every = t->wording->every_s, at = t->from, end = after > at ? after : at;
    if (every == 0 || !t->begins) return;
    end = shelf_last(t->shelf, end);
    if (t->to != NEVER && t->to < end + 2 * every) end = t->to;
    if (at < after) at += (after - at) / every * every;
    for (size_t i = 0; i < PIECES_MOST && at <= end + 2 * every; i++, at += every) {
        put(m, at, after);
        put(m, at - 1, after);
        put(m, at - 1 + t->wording->watch.grace_s, after);
    }
}

void trial_moments(const struct trial *t, int64_t after, struct moments *m)
{
    int64_t grace = t->wording->watch.grace_s;
    for (size_t i = 0; i < t->course->count; i++) put(m, t->course->stages[i].at, after);
    if (t->begins) put(m, t->from, after);
    if (t->ends && t->to != NEVER) put(m, t->to, after), put(m, t->to + grace, after);
    if (t->freed != NEVER) put(m, t->freed, after);
    if (t->base != NULL) put_matches(t->base, after, m);
    for (size_t i = 0; i < t->segment_count; i++) {
        put(m, t->segments[i].from, after);
        if (t->segments[i].to != NEVER) put(m, t->segments[i].to, after), put(m, t->segments[i].to - 1, after);
    }
    if (t->wording->rule->type == RULE_CAP) {
        const int64_t turns[] = {t->lo_at, t->hi_at, t->excused_at, t->judged_at, t->dark_at};
        for (size_t i = 0; i < COUNT_OF(turns); i++) put(m, turns[i], after);
        return;
    }
    for (size_t i = 0; i < t->piece_count; i++) {
        if (t->wording->rule->type == RULE_HELD) put(m, t->pieces[i].from, after);
        put(m, t->pieces[i].to, after);
        put(m, t->pieces[i].to + grace, after);
        for (size_t p = 0; t->wording->rule->type == RULE_HELD && p < t->wording->rule->count; p++)
            put(m, t->pieces[i].to + t->parts[p]->wording->watch.grace_s, after);
    }
    put_matches(t, after, m);
    for (size_t i = 0; i < t->reply_count; i++) {
        put(m, t->replies[i].start, after);
        put(m, t->replies[i].due, after);
        if (t->replies[i].answered != NEVER) put(m, t->replies[i].answered, after);
    }
    put_periods(t, after, m);
    for (size_t i = 0; i < t->wording->rule->count; i++)
        for (size_t w = 0; w < t->parts[i]->term->count; w++) trial_moments(trial_sibling(t->parts[i], w), after, m);
    for (size_t i = 0; t->wording->rule->type == RULE_HELD && i < t->wording->rule->count; i++)
        put_matches(t->parts[i], after, m);
}
