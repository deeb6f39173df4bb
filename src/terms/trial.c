/* What a term's verdict rests on: its window, the days of it that are in force, and what answers its selector.
 * Invariants: (1) nothing here depends on the as-of time; (2) what is kept up is what beginning anew would give. */
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
    for (; i > 0 && entry_order(ruling->because[i - 1], entry) > 0; i--) ruling->because[i] = ruling->because[i - 1];
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
    at = zone_days_later(moment->zone, at, moment->days) + moment->plus_s;
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

static void find_window(struct trial *t)
{
    const struct wording *w = t->wording;
    const struct moment *end = w->by != NULL ? w->by : w->until;
    struct slice channel = t->term->channel;
    t->from = w->anywhere ? EVER : course_begins(t->course);
    t->to = NEVER;
    t->begins =
        w->from == NULL ? t->from != NEVER : moment_find(t->matter, t->reading_index, channel, w->from, &t->from);
    t->ends = end == NULL || moment_find(t->matter, t->reading_index, channel, end, &t->to);
}

/* What stands under another term binds while that one is kept. */
static void find_freedom(struct trial *t)
{
    t->freed = t->freed_perhaps = NEVER;
    if (t->own_right || t->wording->while_term == SIZE_MAX) return;
    t->under = trial_get_own(t->matter, t->wording->while_term, t->reading_index);
    if (t->under != NULL) trial_broken(t->under, &t->freed, &t->freed_perhaps);
}

/* What must be done by a time may be done before the agreement is in force, where the term says from when. */
static void find_segments(struct trial *t)
{
    const struct course *course = t->course;
    t->segment_count = 0;
    if (!t->begins || !t->ends) return;
    if (t->wording->rule->type == RULE_FLOOR || t->wording->anywhere) {
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

/* ---- its days */

/* After the last thing known nothing differs from one day to the next: pieces need not go on. Whole days, so that what
 * is known a little later changes nothing. */
static int64_t horizon(const struct trial *t)
{
    int64_t last = t->matter->view->last > t->from ? t->matter->view->last : t->from;
    if (t->segment_count > 0 && t->segments[t->segment_count - 1].from > last)
        last = t->segments[t->segment_count - 1].from;
    last += 3 * 86400 + t->wording->watch.grace_s + t->wording->rule->held_s;
    return zone_day_start(t->term->zone, zone_day(t->term->zone, last) + 1);
}

static uint64_t darkness(const struct trial *t, int64_t from, int64_t to)
{
    uint64_t dark = 0;
    if (t->wording->rule->type != RULE_HELD) return watchers_look(&t->watch, from, to).enough ? 0 : 1;
    for (size_t i = 0; i < t->wording->rule->count; i++)
        if (!watchers_look(&t->parts[i]->watch, from, to).enough) dark |= UINT64_C(1) << i;
    return dark;
}

static bool piece_room(struct trial *t)
{
    if (t->piece_count < t->piece_room) return true;
    size_t room = t->piece_room == 0 ? 64 : t->piece_room * 2;
    struct piece *more = realloc(t->pieces, room * sizeof *more);
    if (more == NULL) return !(t->matter->full = true);
    t->pieces = more;
    t->piece_room = room;
    return true;
}

/* Those that stay as they were keep what was found for them: *kept is how many, from the first. */
static void cut_pieces(struct trial *t, size_t *kept)
{
    int64_t end = t->cut_to;
    size_t before = t->piece_count;
    bool same = true;
    *kept = t->piece_count = 0;
    t->unjudged_at = NEVER;
    for (size_t i = 0; i < t->segment_count; i++) {
        int64_t at = t->segments[i].from, to = t->segments[i].to < end ? t->segments[i].to : end;
        while (at < to && t->piece_count < PIECES_MOST && piece_room(t)) {
            int64_t next = zone_day_start(t->term->zone, zone_day(t->term->zone, at) + 1);
            if (next <= at) next = at + 86400;
            if (next > to) next = to;
            struct piece *piece = &t->pieces[t->piece_count];
            uint64_t dark = darkness(t, at, next);
            same = same && t->piece_count < before && piece->from == at && piece->to == next && piece->dark == dark;
            *piece = (struct piece){at, next, dark};
            *kept += same;
            t->piece_count++;
            at = next;
        }
        if (t->matter->full) return;
        if (at < to) {
            t->unjudged_at = at;
            return;
        }
    }
}

/* ---- what answers the selector */

/* Where a notice says when, what it announces must lie in that time. */
static enum tri announced(const struct match *notice, int64_t from, int64_t to)
{
    const struct json *when = json_find(json_find(notice->entry->body, "event"), "when");
    int64_t begins, ends;
    if (!time_parse(&begins, json_find_string(when, "from")) || !time_parse(&ends, json_find_string(when, "to")))
        return IN;
    if (from > ends || to < begins) return OUT;
    return from >= begins && to <= ends ? IN : MAYBE;
}

static enum tri noticed(const struct trial *t, const struct exception *exception, struct match *of)
{
    const struct trial *notices = trial_get(t->matter, exception->notices, t->reading_index, 0);
    enum tri out = OUT;
    if (notices == NULL) return MAYBE;
    struct cursor c = shelf_from(notices->shelf, EVER);
    int64_t latest = of->from - exception->lead_s;
    for (const struct match *m = shelf_next(&c); m != NULL && m->from <= latest; m = shelf_next(&c)) {
        enum tri holds = act_fits(t->matter, notices->wording->rule->of, t->wording->who, m->entry).fits;
        holds = tri_both(holds, announced(m, of->from, of->to));
        if (holds > out) out = holds, of->excusing = m->entry->number + 1;
    }
    return out;
}

static void excuse(const struct trial *t, const struct event *event, struct match *match)
{
    for (size_t i = 0; i < t->wording->exception_count; i++) {
        const struct exception *x = &t->wording->exceptions[i];
        const struct entry *justified = NULL;
        enum tri holds = OUT;
        if (x->type == EXCEPTION_JUSTIFIED && event != NULL)
            justified = event_justified(t->matter, t->reading, event, x->ground_number);
        if (x->type == EXCEPTION_IF)
            holds = event == NULL ? act_fits(t->matter, x->selector, NULL, match->entry).fits
                                  : event_fits(t->matter, t->reading, x->selector, NULL, event).fits;
        if (x->type == EXCEPTION_NOTIFIED) holds = noticed(t, x, match);
        if (justified != NULL) holds = IN, match->excusing = justified->number + 1;
        match->excused = (uint8_t)tri_either(match->excused, holds);
    }
}

static void measure(const struct trial *t, const struct event *event, struct match *match)
{
    const struct rule *rule = t->wording->rule;
    match->lo = match->hi = 1;
    if (rule->measure != MEASURE_EVENTS && event != NULL)
        event_amount(event, rule->unit_number, rule->measure == MEASURE_MAX, &match->lo, &match->hi);
}

bool trial_match(const struct trial *t, const struct event *event, struct heard_fit *heard, struct match *out)
{
    if (heard != NULL && heard->known && heard->fit.fits == OUT) return false;
    struct match match = {.entry = event->first, .from = event->from, .to = event->to, .ripe = EVER};
    struct fit fit = heard != NULL && heard->known
                         ? heard->fit
                         : event_fits(t->matter, t->reading, t->wording->rule->of, t->wording->who, event);
    if (heard != NULL) *heard = (struct heard_fit){true, fit};
    if (fit.fits == OUT) return false;
    match.fits = (uint8_t)fit.fits;
    match.doubt = (uint8_t)fit.doubt;
    match.several = event->part_count > 1;
    bool counts = event_counts(t->reading, event);
    match.counts = counts && (t->wording->finding.by == NULL ||
                              event_decided(t->matter, &t->wording->finding, event, &match.ripe));
    match.credible = event->credible && !((t->reading->unless & UNLESS_NOT_FOUND) != 0 && event->not_found);
    match.credible = match.credible || (counts && !match.counts); /* not decided yet: perhaps */
    excuse(t, event, &match);
    measure(t, event, &match);
    *out = match;
    return true;
}

static void tell_listeners(const struct trial *t, int64_t from, int64_t to)
{
    for (size_t i = 0; i < t->listener_count; i++) held_unsettle(t->listeners[i], from, to);
}

static void put(struct trial *t, const struct match *match)
{
    if (!shelf_put(t->shelf, match)) t->matter->full = true;
    tell_listeners(t, match->from, match->to);
}

void trial_hear_event(struct trial *t, const struct event *event, struct heard_fit *heard)
{
    struct match match;
    if (trial_match(t, event, heard, &match) && (match.counts || match.credible)) put(t, &match);
}

void trial_forget(struct trial *t, int64_t from, const struct entry *entry)
{
    struct match taken;
    if (shelf_take(t->shelf, from, entry, &taken)) tell_listeners(t, taken.from, taken.to);
}

/* ---- what it asks for */

static bool asks(const struct selector *s, bool (*wanted)(const struct selector *s, symbol name), symbol name)
{
    if (s == NULL) return false;
    for (size_t i = 0; i < s->count; i++)
        if (asks(s->any[i], wanted, name)) return true;
    return s->count == 0 && wanted(s, name);
}

static bool of_events(const struct selector *s, symbol name)
{
    (void)name;
    return s->sort == SORTS || s->sort == SORT_PASSAGE;
}

static bool of_act(const struct selector *s, symbol act)
{
    return s->sort == SORTS && (s->act.count == 0 || words_have(&s->act, act));
}

static bool of_sort(const struct selector *s, symbol sort)
{
    return s->sort == sort;
}

static bool counts_matches(const struct trial *t)
{
    enum rule_type type = t->wording->rule->type;
    return t->shelf == &t->kept && (type == RULE_CAP || type == RULE_FLOOR || type == RULE_MAY);
}

bool trial_asks_of_events(const struct trial *t)
{
    return counts_matches(t) && asks(t->wording->rule->of, of_events, 0);
}

bool trial_may_ask(const struct trial *t, symbol act)
{
    return asks(t->wording->rule->of, of_act, act);
}

static void hear_act(struct trial *t, const struct entry *entry)
{
    struct match match = {.entry = entry,
                          .from = entry->act_time,
                          .to = entry->act_time,
                          .ripe = EVER,
                          .counts = true,
                          .credible = true,
                          .act = true};
    trial_forget(t, entry->act_time, entry);
    if (!entry->counts) return;
    struct fit fit = act_fits(t->matter, t->wording->rule->of, t->wording->who, entry);
    if (fit.fits == OUT) return;
    match.fits = (uint8_t)fit.fits;
    match.doubt = (uint8_t)fit.doubt;
    if (entry->sort == SORT_ATTEMPT)
        match.counts = group_has(t->matter, t->reading->trust, entry->author, entry->written) == IN;
    excuse(t, NULL, &match);
    measure(t, NULL, &match);
    put(t, &match);
}

static void listen(struct trial *t, const struct entry *entry)
{
    uint64_t before = t->shelf->version;
    if (t->wording->rule->type == RULE_REPLY)
        replies_hear(t, entry);
    else if (asks(t->wording->rule->of, of_sort, entry->sort))
        hear_act(t, entry);
    if (t->excuses && t->shelf->version != before) t->matter->unsettled = true;
}

void trials_hear_act(struct matter *matter, const struct entry *entry)
{
    for (size_t i = 0; i < matter->act_trial_count; i++) listen(matter->act_trials[i], entry);
}

/* First those that may excuse others: what takes effect later may have come before. */
void trials_hear_acts(struct matter *matter)
{
    for (int excuses = 1; excuses >= 0; excuses--)
        for (size_t t = 0; t < matter->act_trial_count; t++)
            for (size_t i = 0; matter->act_trials[t]->excuses == excuses && i < matter->acts.count && !matter->full;
                 i++)
                listen(matter->act_trials[t], matter->acts.list[i]);
}

const struct event *match_of(const struct trial *t, const struct match *match, struct lone *lone)
{
    return match->act ? NULL : event_of(t->matter, t->reading_index, match->entry, lone);
}

const struct entry *match_excusing(const struct trial *t, const struct match *match)
{
    return match->excusing == 0 ? NULL : view_entry(t->matter->view, match->excusing - 1);
}

/* ---- all of them */

static size_t row_of(const struct agreement *a, size_t term)
{
    return term < TERMS_MOST ? term : a->term_count + (term - TERMS_MOST);
}

static struct trial **slot_of(const struct matter *matter, size_t term, size_t reading, size_t wording, bool own_right)
{
    const struct agreement *a = matter->agreement;
    size_t cell = (row_of(a, term) * a->reading_count + reading) * (RIVALS_MOST + 1) + wording;
    return &matter->trials[cell * 2 + own_right];
}

static bool stands_alone(const struct agreement *a, size_t term, size_t wording)
{
    return agreement_term(a, term)->wordings[wording].while_term == SIZE_MAX;
}

static bool make(struct matter *matter, size_t term, size_t reading, size_t wording, bool own_right)
{
    const struct agreement *a = matter->agreement;
    struct trial *t = matter_get(matter, sizeof *t);
    if (t == NULL) return false;
    *t = (struct trial){.matter = matter,
                        .term = agreement_term(a, term),
                        .wording = &agreement_term(a, term)->wordings[wording],
                        .reading = &a->readings[reading],
                        .reading_index = reading,
                        .own_right = own_right,
                        .shelf_seen = UINT64_MAX,
                        .watch_seen = UINT64_MAX,
                        .replies_stale = true};
    const struct trial *twin = own_right ? *slot_of(matter, term, reading, wording, false) : NULL;
    t->shelf = twin != NULL ? twin->shelf : &t->kept;
    t->course = matter_course(matter, t->term->channel);
    t->segments = matter_get(matter, (t->course->count + 1) * sizeof *t->segments);
    t->parts = matter_get(matter, (t->wording->rule->count + 1) * sizeof(struct trial *));
    t->ruled = matter_get(matter, sizeof *t->ruled);
    *slot_of(matter, term, reading, wording, own_right) = t;
    return !matter->full && watchers_find(matter, t->reading, t->wording, &t->watch);
}

static bool make_all(struct matter *matter, size_t term)
{
    const struct agreement *a = matter->agreement;
    for (size_t r = 0; r < a->reading_count; r++)
        for (size_t w = 0; w < agreement_term(a, term)->count; w++) {
            bool alone = stands_alone(a, term, w);
            if (!alone && !make(matter, term, r, w, false)) return false;
            if ((alone || w == 0) && !make(matter, term, r, w, true)) return false;
        }
    return true;
}

static void find_excusing(struct matter *matter, size_t term)
{
    const struct agreement *a = matter->agreement;
    for (size_t w = 0; w < agreement_term(a, term)->count; w++) {
        const struct wording *wording = &agreement_term(a, term)->wordings[w];
        for (size_t i = 0; i < wording->exception_count; i++)
            for (size_t r = 0; wording->exceptions[i].type == EXCEPTION_NOTIFIED && r < a->reading_count; r++)
                (*slot_of(matter, wording->exceptions[i].notices, r, 0, true))->excuses = true;
    }
}

static bool of_acts(const struct selector *s, symbol name)
{
    (void)name;
    return s->sort < SORTS && sort_is_act((enum sort)s->sort);
}

/* Who hears of acts, and which clocks count whose days. */
static bool find_hearers(struct matter *matter)
{
    const struct agreement *a = matter->agreement;
    matter->act_trials = matter_get(matter, (matter->trial_count + 1) * sizeof(struct trial *));
    for (size_t i = 0; !matter->full && i < matter->trial_count; i++) {
        struct trial *t = matter->trials[i];
        if (t == NULL) continue;
        bool replies = t->wording->rule->type == RULE_REPLY;
        if (replies || (counts_matches(t) && asks(t->wording->rule->of, of_acts, 0)))
            matter->act_trials[matter->act_trial_count++] = t;
        for (size_t p = 0; t->wording->rule->type == RULE_HELD && p < t->wording->rule->count; p++) {
            size_t term = t->wording->rule->terms[p];
            bool alone = stands_alone(a, term, 0);
            struct trial *cap = *slot_of(matter, term, t->reading_index, 0, alone);
            if (cap->listeners == NULL)
                cap->listeners =
                    matter_get(matter, (a->term_count + 1) * (RIVALS_MOST + 1) * 2 * sizeof(struct trial *));
            if (cap->listeners == NULL) return false;
            cap->listeners[cap->listener_count++] = t;
        }
    }
    return !matter->full;
}

bool trials_open(struct matter *matter)
{
    const struct agreement *a = matter->agreement;
    matter->trial_count = (a->term_count + a->hidden_count) * a->reading_count * (RIVALS_MOST + 1) * 2;
    matter->trials = matter_get(matter, (matter->trial_count + 1) * sizeof(struct trial *));
    if (matter->trials == NULL) return false;
    for (size_t i = 0; i < a->hidden_count; i++)
        if (!make_all(matter, TERMS_MOST + i)) return false;
    for (size_t i = 0; i < a->term_count; i++)
        if (!make_all(matter, i)) return false;
    for (size_t i = 0; i < a->term_count; i++) find_excusing(matter, i);
    return find_hearers(matter);
}

void trials_close(struct matter *matter)
{
    for (size_t i = 0; matter->trials != NULL && i < matter->trial_count; i++) {
        struct trial *t = matter->trials[i];
        if (t == NULL) continue;
        shelf_clear(&t->kept);
        free(t->replies);
        free(t->pieces);
        free(t->days);
    }
}

/* ---- ready to be asked */

static void find_parts(struct trial *t)
{
    const struct rule *rule = t->wording->rule;
    for (size_t i = 0; i < rule->count; i++) t->parts[i] = trial_get(t->matter, rule->terms[i], t->reading_index, 0);
    if (rule->times[0] > 0) t->base = trial_get(t->matter, rule->base, t->reading_index, 0);
}

static uint64_t watched_version(const struct trial *t)
{
    uint64_t version = watchers_version(&t->watch);
    for (size_t i = 0; t->wording->rule->type == RULE_HELD && i < t->wording->rule->count; i++)
        version += watchers_version(&t->parts[i]->watch);
    return version;
}

/* What the window was, to tell whether it is another. */
struct window {
    int64_t from, to, freed, freed_perhaps;
    bool begins, ends;
};

static struct window window_of(const struct trial *t)
{
    return (struct window){t->from, t->to, t->freed, t->freed_perhaps, t->begins, t->ends};
}

static bool same_window(const struct window *a, const struct window *b)
{
    return a->from == b->from && a->to == b->to && a->freed == b->freed && a->freed_perhaps == b->freed_perhaps &&
           a->begins == b->begins && a->ends == b->ends;
}

static bool since(const struct trial *other, uint64_t version)
{
    return other != NULL && other->changed > version;
}

/* Did anything change that it is made of, since it was last ready? */
static bool parts_changed(const struct trial *t, uint64_t last)
{
    if (since(t->base, last) || since(t->under, last)) return true;
    for (size_t i = 0; i < t->wording->rule->count; i++)
        for (size_t w = 0; w < t->parts[i]->term->count; w++)
            if (since(trial_sibling(t->parts[i], w), last)) return true;
    return false;
}

static void make_ready(struct trial *t, uint64_t last)
{
    enum rule_type type = t->wording->rule->type;
    struct window before = window_of(t);
    int64_t cut_to = t->cut_to;
    bool first = t->watch_seen == UINT64_MAX;
    find_parts(t);
    if (t->matter->full) return;
    find_window(t);
    find_freedom(t);
    if (type == RULE_REPLY && t->replies_stale) replies_find(t);
    uint64_t watched = watched_version(t);
    struct window now = window_of(t);
    bool moved = first || !same_window(&before, &now), looked = watched != t->watch_seen;
    t->watch_seen = watched;
    if (moved) find_segments(t);
    if (moved && !first) tell_listeners(t, EVER, NEVER);
    t->cut_to = type == RULE_CAP || type == RULE_HELD ? horizon(t) : 0;
    moved = moved || t->cut_to != cut_to;
    if ((type == RULE_CAP || type == RULE_HELD) && (moved || looked)) {
        size_t kept;
        cut_pieces(t, &kept);
        if (now.freed_perhaps != before.freed_perhaps) kept = 0;
        if (type == RULE_HELD && !held_room(t, kept)) t->matter->full = true;
    }
    bool heard = t->shelf_seen != t->shelf->version;
    if (type == RULE_CAP && !t->matter->full && (moved || looked || heard)) cap_thresholds(t);
    if (moved || looked || heard || t->replies_new || parts_changed(t, last)) t->changed = t->matter->version;
    t->shelf_seen = t->shelf->version;
    t->replies_new = false;
}

static const struct trial *get(struct matter *matter, size_t term, size_t reading, size_t wording, bool own_right)
{
    struct trial *t = matter->full ? NULL : *slot_of(matter, term, reading, wording, own_right);
    if (t != NULL && t->version != matter->version) {
        uint64_t last = t->version;
        t->version = matter->version;
        make_ready(t, last);
    }
    return matter->full ? NULL : t;
}

const struct trial *trial_get(struct matter *matter, size_t term, size_t reading, size_t wording)
{
    return get(matter, term, reading, wording, stands_alone(matter->agreement, term, wording));
}

const struct trial *trial_sibling(const struct trial *trial, size_t wording)
{
    size_t term = (size_t)(trial->term - trial->matter->agreement->terms);
    return trial_get(trial->matter, term, trial->reading_index, wording);
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

void match_count(const struct trial *t, const struct match *match, enum tri time, int64_t at, int64_t *lo, int64_t *hi)
{
    enum tri fits = tri_both(match->fits, time);
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
    struct ruled *ruled = trial->ruled;
    if (ruled->version != trial->changed || ruled->at != at)
        ruled->ruling = rules[trial->wording->rule->type](trial, at), ruled->version = trial->changed, ruled->at = at;
    return ruled->ruling;
}

enum verdict trial_verdict(const struct trial *trial, int64_t at)
{
    enum rule_type type = trial->wording->rule->type;
    if (type == RULE_CAP) return cap_verdict(trial, at);
    if (type == RULE_FLOOR) return floor_verdict(trial, at);
    if (type == RULE_HELD) return held_verdict(trial, at);
    if (type == RULE_ALL || type == RULE_ANY) {
        struct ruled *ruled = trial->ruled;
        if (ruled->fast_version != trial->changed || ruled->fast_at != at)
            ruled->fast = terms_verdict(trial, at), ruled->fast_version = trial->changed, ruled->fast_at = at;
        return ruled->fast;
    }
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
