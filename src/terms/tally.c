#include "terms/tally.h"

enum tri period_has(struct period period, const struct match *match)
{
    if (match->from >= period.to || match->to < period.from) return OUT;
    return (period.by_end || match->from >= period.from) && match->to < period.to ? IN : MAYBE;
}

enum tri match_within(const struct trial *t, const struct match *match, struct period period, int64_t at)
{
    return tri_both(match_time(t, match, at), period_has(period, match));
}

void tally_one(const struct trial *t, const struct match *match, struct period period, int64_t at, struct tally *tally)
{
    if (match->to < period.from) return;
    tally_turns(tally, match->from, at);
    tally_turns(tally, match->to, at);
    tally_turns(tally, match->ripe, at);
    enum tri time = match_within(t, match, period, at);
    match_count(t, match, time, at, &tally->lo, &tally->hi);
    if (tri_both(time, match->fits) == IN && match->counts && match->excused == IN) tally->excused = true;
}

/* Does the whole block lie in one stretch of the window, before `at`, where nothing is in doubt but by itself? */
static bool lies_within(const struct trial *t, const struct shelf_head *block, struct period period, int64_t at)
{
    int64_t from = block->from, to = block->last_to;
    if (!block->plain || to > at || from < period.from || to >= period.to || to >= t->freed_perhaps) return false;
    for (size_t i = 0; i < t->segment_count; i++)
        if (from >= t->segments[i].from && to < t->segments[i].to) return true;
    return false;
}

static void add_sums(const struct trial *t, const struct shelf_head *block, struct tally *tally)
{
    bool largest = t->wording->rule->measure == MEASURE_MAX;
    tally->lo = largest ? (block->lo_most > tally->lo ? block->lo_most : tally->lo) : tally->lo + block->lo_sum;
    tally->hi = largest ? (block->hi_most > tally->hi ? block->hi_most : tally->hi) : tally->hi + block->hi_sum;
    tally->excused = tally->excused || block->excused > 0;
    if (block->last_to > tally->since) tally->since = block->last_to;
}

static void add_row(const struct trial *t, size_t row, struct period period, int64_t at, struct tally *tally)
{
    const struct shelf_row *r = &t->shelf->rows[row];
    struct cursor c = shelf_reaching(t->shelf, period.from);
    for (; c.block[row] < r->head_count; c.block[row]++, c.i[row] = 0) {
        struct shelf_head *block = &r->heads[c.block[row]];
        size_t i = c.i[row];
        if (shelf_sums(block)->last_to < period.from) continue;
        if (i == 0 && lies_within(t, block, period, at)) {
            add_sums(t, block, tally);
            continue;
        }
        for (; i < block->count; i++) {
            const struct match *match = &block->block->matches[i];
            if (match->from >= period.to) return;
            if (match->from > at) {
                tally_turns(tally, match->from, at);
                return;
            }
            tally_one(t, match, period, at, tally);
        }
    }
}

struct tally tally_of(const struct trial *t, struct period period, int64_t at)
{
    struct tally tally = {.since = EVER, .until = NEVER};
    for (size_t row = 0; row < SHELF_ROWS; row++) add_row(t, row, period, at, &tally);
    return tally;
}
