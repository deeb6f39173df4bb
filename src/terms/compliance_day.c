/* Days judged one by one. Invariants: (1) a continuity clock's days are its own; (2) a count of none allowed is judged
 * for a day as a clock would judge it, and for a party by what that party did; (3) nobody's share of a number that all
 * have together is made up. */
#include "terms/compliance.h"

#include "terms/tally.h"
#include <stdlib.h>

/* ---- gathered once */

static bool grow(void **list, size_t *room, size_t count, size_t size)
{
    if (count < *room) return true;
    size_t more = *room == 0 ? 64 : *room * 2;
    void *bigger = realloc(*list, more * size);
    if (bigger == NULL) return false;
    *list = bigger;
    *room = more;
    return true;
}

static bool counts_records(const struct trial *t)
{
    enum rule_type type = t->wording->rule->type;
    return type == RULE_CAP || type == RULE_FLOOR || type == RULE_MAY;
}

static void gather_matches(struct compliance *c)
{
    struct cursor cursor = shelf_reaching(c->trial->shelf, c->from);
    for (const struct match *match = shelf_next(&cursor);
         match != NULL && match->from < c->to && match->from <= c->at && !c->full; match = shelf_next(&cursor)) {
        void *list = c->found;
        if (match->to < c->from) continue;
        c->full = !grow(&list, &c->found_room, c->found_count, sizeof *c->found);
        c->found = list;
        if (c->full) return;
        struct found *found = &c->found[c->found_count++];
        *found = (struct found){.match = match};
        for (size_t i = 0; i < c->bound_count; i++) found->by[i] = (uint8_t)match_done_by(c->trial, match, c->bound[i]);
    }
}

static void keep_day(void *context, const struct day *day)
{
    struct compliance *c = context;
    void *list = c->days;
    if (day->to <= c->from || day->from >= c->to || c->full) return;
    c->full = !grow(&list, &c->day_room, c->day_count, sizeof *c->days);
    c->days = list;
    if (!c->full) c->days[c->day_count++] = *day;
}

bool compliance_gather(struct compliance *out, const struct trial *trial, int64_t from, int64_t to, int64_t at,
                       const symbol *bound, size_t bound_count)
{
    *out = (struct compliance){
        .trial = trial, .from = from, .to = to, .at = at, .bound = bound, .bound_count = bound_count};
    if (counts_records(trial)) gather_matches(out);
    if (trial->wording->rule->type == RULE_HELD) held_run(trial, at, keep_day, out);
    return !out->full;
}

void compliance_close(struct compliance *compliance)
{
    free(compliance->found);
    free(compliance->days);
    compliance->found = NULL;
    compliance->days = NULL;
}

/* ---- records of a cell */

static void tell(struct told *told, const struct entry *entry)
{
    for (size_t i = 0; i < told->count && i < TOLD_MOST; i++)
        if (told->list[i] == entry) return;
    if (told->count < TOLD_MOST) told->list[told->count] = entry;
    told->count++;
}

static void tell_match(const struct trial *t, struct told *told, const struct match *match)
{
    struct lone lone;
    tell(told, match->entry);
    const struct event *event = match->several ? match_of(t, match, &lone) : NULL;
    for (size_t i = 0; event != NULL && i < event->part_count; i++)
        if (event->parts[i].usable) tell(told, event->parts[i].entry);
}

static void add(const struct compliance *c, const struct match *match, enum tri time, struct cell *cell)
{
    const struct trial *t = c->trial;
    enum tri fits = tri_both(match->fits, time);
    if (fits == OUT || (!match->counts && !match->credible)) return;
    match_count(t, match, time, c->at, &cell->lo, &cell->hi);
    if (match->excused == IN) {
        cell->is_excused |= fits == IN && match->counts;
        tell_match(t, &cell->excused, match);
    } else {
        bool doubted =
            match->lo < match->hi && match->lo <= t->wording->rule->n; /* its amount, as an explanation says */
        bool sure = fits == IN && match_sure(match, c->at) && match->lo > 0 && !doubted;
        tell_match(t, sure ? &cell->counted : &cell->perhaps, match);
    }
}

/* ---- a piece of a day that is in force */

static enum day_state graver(enum day_state a, enum day_state b)
{
    static const int rank[] = {[DAY_MET] = 0,     [DAY_EXCUSED] = 1, [DAY_UNWATCHED] = 2,
                               [DAY_DOUBTED] = 3, [DAY_RUNNING] = 4, [DAY_BREACHED] = 5};
    return rank[b] > rank[a] ? b : a;
}

static void state(struct cell *cell, enum day_state next)
{
    cell->state = cell->has_state ? graver(cell->state, next) : next;
    cell->has_state = true;
}

/* As a continuity clock's days are judged (rule_held.c), by what `more` says may and does exceed. */
struct exceeded {
    bool surely, perhaps;
};
static enum day_state judge(const struct compliance *c, const struct piece *piece, struct exceeded more, bool excused)
{
    bool due = piece->to + c->trial->wording->watch.grace_s <= c->at;
    if (more.surely) return DAY_BREACHED;
    if (piece->to > c->at) return DAY_RUNNING;
    if (more.perhaps) return DAY_DOUBTED;
    if (piece->dark != 0) return due ? DAY_UNWATCHED : DAY_RUNNING;
    return excused ? DAY_EXCUSED : DAY_MET;
}

/* Of a number that is allowed in the whole window or a period: the day breaks it that adds to what is too many by its
 * end. */
static struct exceeded exceeds(const struct compliance *c, const struct piece *piece, const struct cell *day)
{
    const struct trial *t = c->trial;
    int64_t n = t->wording->rule->n, every = t->wording->every_s, start = t->from;
    if (n == 0 || t->wording->rule->measure == MEASURE_MAX) return (struct exceeded){day->lo > n, day->hi > n};
    if (every > 0 && piece->from > start) start += (piece->from - start) / every * every;
    struct tally tally = tally_of(t, (struct period){start, piece->to, true}, c->at);
    return (struct exceeded){day->lo > 0 && tally.lo > n, day->hi > 0 && tally.hi > n};
}

static void judge_cap(const struct compliance *c, const struct piece *piece, const struct cell *of, struct cell *out,
                      bool party)
{
    if (c->trial->wording->rule->type != RULE_CAP || (party && c->trial->wording->rule->n > 0)) return;
    struct exceeded more = party ? (struct exceeded){of->lo > 0, of->hi > 0} : exceeds(c, piece, of);
    state(out, judge(c, piece, more, of->is_excused));
}

static void join(struct told *into, const struct told *from)
{
    size_t listed = from->count < TOLD_MOST ? from->count : TOLD_MOST;
    for (size_t i = 0; i < listed; i++) tell(into, from->list[i]);
    into->count += from->count - listed;
}

static void take(struct cell *out, const struct cell *piece)
{
    out->lo += piece->lo;
    out->hi += piece->hi;
    out->is_excused |= piece->is_excused;
    join(&out->counted, &piece->counted);
    join(&out->perhaps, &piece->perhaps);
    join(&out->excused, &piece->excused);
}

/* Of all together (party SIZE_MAX), or one of those that are bound. */
static void count_piece(const struct compliance *c, const struct piece *piece, size_t party, struct cell *out)
{
    struct period period = {piece->from, piece->to, true};
    struct cell cell = {0};
    for (size_t i = 0; i < c->found_count; i++) {
        const struct found *found = &c->found[i];
        enum tri time = match_within(c->trial, found->match, period, c->at);
        if (party != SIZE_MAX) time = tri_both(time, (enum tri)found->by[party]);
        if (time != OUT) add(c, found->match, time, &cell);
    }
    judge_cap(c, piece, &cell, out, party != SIZE_MAX);
    take(out, &cell);
}

/* ---- replies: those asked, due or answered in the day */

static bool in_day(const struct piece *piece, int64_t at)
{
    return at >= piece->from && at < piece->to;
}

static void tell_reply(const struct compliance *c, const struct reply *reply, struct cell *cell)
{
    bool answered = reply->answered <= c->at, late = !answered && reply->due <= c->at;
    tell(late && !reply->sure ? &cell->perhaps : &cell->counted, reply->trigger);
    if (answered) tell(&cell->counted, reply->answer);
}

static void tell_replies(const struct compliance *c, const struct piece *piece, struct compliance_day *out)
{
    for (size_t i = 0; i < c->trial->reply_count; i++) {
        const struct reply *reply = &c->trial->replies[i];
        bool here = in_day(piece, reply->start) || in_day(piece, reply->due) ||
                    (reply->answered != NEVER && in_day(piece, reply->answered));
        if (!here || reply->start > c->at || !reply_bound(c->trial, reply)) continue;
        tell_reply(c, reply, &out->all);
        for (size_t k = 0; k < c->bound_count; k++)
            if (c->bound[k] == reply->to) tell_reply(c, reply, &out->party[k]);
    }
}

/* ---- watching */

static void look(const struct watchers *watchers, int64_t from, int64_t to, struct day_watch *out)
{
    if (watchers->watch->log || watchers->watch->count == 0 || from >= to) return;
    struct watching watching = watchers_look(watchers, from, to);
    if (!out->asked)
        *out = (struct day_watch){
            .asked = true, .enough = true, .needed_permille = watching.needed_permille, .place = watching.place};
    out->of_s += watching.of_s;
    out->watched_s += watching.watched_s;
    out->enough = out->enough && watching.enough;
}

/* Of a clock: the one of its terms whose places were watched least. */
static void look_held(const struct trial *t, int64_t from, int64_t to, struct day_watch *out)
{
    for (size_t i = 0; i < t->wording->rule->count; i++) {
        struct day_watch next = {.asked = false};
        look(&t->parts[i]->watch, from, to, &next);
        if (!next.asked) continue;
        bool enough = next.enough && (!out->asked || out->enough);
        if (!out->asked || next.watched_s < out->watched_s) *out = next;
        out->enough = enough;
    }
}

/* ---- a day */

static void tell_held(const struct compliance *c, int64_t from, int64_t to, struct compliance_day *out)
{
    int64_t begins = NEVER, ends = EVER;
    for (size_t i = 0; i < c->day_count; i++) {
        const struct day *day = &c->days[i];
        if (day->from < from || day->from >= to) continue;
        if (!out->all.has_state || graver(out->all.state, day->state) != out->all.state) out->all.term = day->term;
        state(&out->all, day->state);
        struct told *told = day->state == DAY_DOUBTED   ? &out->all.perhaps
                            : day->state == DAY_EXCUSED ? &out->all.excused
                                                        : &out->all.counted;
        for (size_t k = 0; k < day->by_count; k++) tell(told, day->by[k]);
        out->has_run = true;
        out->sure_s = day->sure_s;
        out->possible_s = day->possible_s;
        if (day->from < begins) begins = day->from;
        if (day->to > ends) ends = day->to;
    }
    if (ends > c->at) ends = c->at;
    if (begins < ends) look_held(c->trial, begins, ends, &out->watch);
}

static void tell_piece(const struct compliance *c, int64_t from, int64_t to, struct compliance_day *out)
{
    const struct trial *t = c->trial;
    bool caps = t->wording->rule->type == RULE_CAP;
    struct piece piece = {from, to, caps && !watchers_look(&t->watch, from, to).enough};
    if (t->wording->rule->type == RULE_REPLY) {
        tell_replies(c, &piece, out);
    } else if (counts_records(t)) {
        count_piece(c, &piece, SIZE_MAX, &out->all);
        for (size_t k = 0; k < c->bound_count; k++) count_piece(c, &piece, k, &out->party[k]);
    }
    look(&t->watch, from, to < c->at ? to : c->at, &out->watch);
}

/* What one of them is for itself at the end of the day; where the term is out of force, nobody is anything. */
static void judge_parties(const struct compliance *c, int64_t end, struct compliance_day *out)
{
    const struct trial *t = c->trial;
    enum rule_type type = t->wording->rule->type;
    bool each = (type == RULE_FLOOR && t->wording->each) || type == RULE_REPLY;
    enum verdict all = out->all.verdict;
    bool in_force = all != VERDICT_VOID && course_at(t->course, end)->stand != STAND_NOT_BEGUN;
    for (size_t k = 0; each && k < c->bound_count; k++) {
        out->party[k].has_verdict = true;
        out->party[k].verdict = !in_force            ? all
                                : type == RULE_FLOOR ? floor_verdict_of(t, c->bound[k], end)
                                                     : reply_verdict_of(t, c->bound[k], end);
    }
}

void compliance_tell(const struct compliance *c, int64_t from, int64_t to, struct compliance_day *out)
{
    const struct trial *t = c->trial;
    int64_t end = to - 1 < c->at ? to - 1 : c->at;
    *out = (struct compliance_day){0};
    if (t->wording->rule->type == RULE_HELD) tell_held(c, from, to, out);
    for (size_t i = 0; t->wording->rule->type != RULE_HELD && i < t->segment_count; i++) {
        int64_t begins = t->segments[i].from > from ? t->segments[i].from : from;
        int64_t ends = t->segments[i].to < to ? t->segments[i].to : to;
        if (begins < ends && begins <= c->at) tell_piece(c, begins, ends, out);
    }
    out->all.verdict = trial_stand_verdict(t, end);
    judge_parties(c, end, out);
}
