/* Why: the tree behind a verdict, of codes and arguments alone. Whoever tells it in a language needs nothing else but
 * the records it names. */
#include "terms/account.h"
#include "terms/write.h"

#include "record/check.h"
#include <stdlib.h>

enum { LISTED_MOST = 100, GAPS_MOST = 60 };

struct telling {
    struct json_writer *out;
    const struct trial *trial;
    int64_t at; /* the as-of time, or the last moment in force */
};

static void put_word(struct json_writer *out, const char *key, const char *word)
{
    json_put_key(out, key);
    json_put_string(out, word);
}

static void put_number(struct json_writer *out, const char *key, int64_t number)
{
    json_put_key(out, key);
    json_put_integer(out, number);
}

static void put_name(struct json_writer *out, const char *key, struct slice name)
{
    if (name.size == 0) return;
    json_put_key(out, key);
    json_put_slice(out, name);
}

/* ---- records that counted, and those that did not */

static enum reason why_counted(const struct trial *t, const struct match *match)
{
    struct lone lone;
    const struct event *event = match_of(t, match, &lone);
    if (event == NULL) return REASON_SIGNED_ACT;
    if (event->found && (t->reading->need & NEED_FOUND) != 0) return REASON_FOUND;
    if (event->admitted && (t->reading->need & NEED_ADMITTED) != 0) return REASON_ADMITTED;
    return event->reported && (t->reading->need & NEED_REPORT) != 0 ? REASON_REPORTED : REASON_CLAIMED;
}

/* REASON_NONE: it counted. */
static enum reason why_not(const struct trial *t, const struct match *match, int64_t at)
{
    struct lone lone;
    const struct event *event = match_of(t, match, &lone);
    enum tri time = match_time(t, match, at);
    if (match->from > at) return REASON_NOT_YET;
    if (time == OUT) return match->from >= t->freed ? REASON_FREED : REASON_OUTSIDE_TIME;
    if (!match->counts) {
        if (event == NULL || !match->credible)
            return event != NULL && event->not_found ? REASON_FOUND_NOT : REASON_NOT_TRUSTED;
        return event->denied && (t->reading->unless & UNLESS_DENY) != 0 ? REASON_DENIED : REASON_NEEDS_MORE;
    }
    if (match->excused == IN) return REASON_EXCUSED;
    if (match->excused == MAYBE) return REASON_EXCEPTION_DOUBTED;
    if (match->ripe > at) return REASON_ANSWER_RUNS;
    if (time == MAYBE && match->to >= t->freed_perhaps) return REASON_PERHAPS_FREED;
    if (time == MAYBE) return match->from == TIME_LEAST ? REASON_TIME_UNKNOWN : REASON_TIME_STRADDLES;
    if (match->fits == MAYBE) return match->doubt;
    return match->lo < match->hi && match->lo <= t->wording->rule->n ? REASON_AMOUNT_DOUBTED : REASON_NONE;
}

static void put_match(const struct telling *telling, const struct match *match, enum reason why)
{
    struct json_writer *out = telling->out;
    struct lone lone;
    const struct event *event = match_of(telling->trial, match, &lone);
    const struct entry *excusing = match_excusing(telling->trial, match);
    json_put_object(out);
    if (match->from != TIME_LEAST) put_time(out, "at", match->from);
    put_name(out, "by", match->entry->by);
    if (excusing != NULL && (why == REASON_EXCUSED || why == REASON_EXCEPTION_DOUBTED)) {
        json_put_key(out, "excused_by");
        put_id(out, excusing);
    }
    if (why == REASON_EXCUSED && excusing != NULL)
        put_name(out, "ground", symbols_name(&telling->trial->matter->view->symbols, excusing->ground));
    json_put_key(out, "id");
    put_id(out, match->entry);
    if (telling->trial->wording->rule->measure != MEASURE_EVENTS) {
        put_number(out, "least", match->lo);
        put_number(out, "most", match->hi);
    }
    if (match->from != TIME_LEAST) put_time(out, "to", match->to);
    put_word(out, "why", reason_code(why));
    if (event != NULL && event->part_count > 1) {
        json_put_key(out, "with");
        json_put_array(out);
        for (size_t i = 1; i < event->part_count; i++) put_id(out, event->parts[i].entry);
        json_put_close(out);
    }
    json_put_close(out);
}

/* What the reading does not use at all is told of too, among the rest in time. */
struct unused {
    const struct trial *trial;
    struct match *list;
    size_t count;
};

static void on_event(void *context, const struct event *event)
{
    struct unused *unused = context;
    struct match match;
    if (unused->count == LISTED_MOST || event->credible || event_counts(unused->trial->reading, event)) return;
    if (trial_match(unused->trial, event, NULL, &match)) unused->list[unused->count++] = match;
}

static int in_time_order(const void *a, const void *b)
{
    const struct match *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return entry_order(x->entry, y->entry);
}

static void put_matches(const struct telling *telling, const char *key, bool counted, struct unused *unused)
{
    size_t listed = 0, next = 0;
    json_put_key(telling->out, key);
    json_put_array(telling->out);
    struct cursor c = shelf_from(telling->trial->shelf, EVER);
    for (const struct match *match = shelf_next(&c); listed < LISTED_MOST; listed++) {
        const struct match *other = !counted && next < unused->count ? &unused->list[next] : NULL;
        while (match != NULL && (why_not(telling->trial, match, telling->at) == REASON_NONE) != counted)
            match = shelf_next(&c);
        if (match == NULL && other == NULL) break;
        bool takes_other = match == NULL || (other != NULL && in_time_order(other, match) < 0);
        const struct match *told = takes_other ? other : match;
        put_match(telling, told,
                  counted ? why_counted(telling->trial, told) : why_not(telling->trial, told, telling->at));
        if (takes_other)
            next++;
        else
            match = shelf_next(&c);
    }
    json_put_close(telling->out);
}

/* ---- links that might be missing: the customary window. They are suggested, and never applied. */

enum { NEAR_S = 86400, NEAR_MM = 1000000, SUGGESTED_MOST = 20, COMPARED_MOST = 400 };

static const struct tale *tale_of(const struct match *match)
{
    const struct tale *own = match->entry->own;
    return own != NULL && own->placed ? own : match->entry->told;
}

static bool linked(const struct view *view, const struct entry *a, const struct entry *b)
{
    struct entries naming = {0};
    bool found = false;
    view_naming(view, a, &naming);
    for (size_t i = 0; i < naming.count && !found; i++)
        for (uint32_t k = 0; naming.list[i]->sort == SORT_LINK && k < naming.list[i]->name_count && !found; k++)
            found = view_named(view, naming.list[i], k) == b;
    entries_clear(&naming);
    return found;
}

static bool may_be_one(const struct view *view, const struct match *a, const struct match *b)
{
    const struct tale *x = tale_of(a), *y = tale_of(b);
    if (x == NULL || y == NULL || x->act != y->act || !x->placed || !y->placed) return false;
    if (!x->where.told || !y->where.told || x->where.name != y->where.name) return false;
    bool near = x->where.name != 0 || geo_distance_mm(x->where.disc.centre, y->where.disc.centre) <= NEAR_MM;
    return near && !linked(view, a->entry, b->entry);
}

static void put_suggestions(const struct telling *telling)
{
    const struct match *seen[COMPARED_MOST];
    size_t count = 0, told = 0;
    struct cursor c = shelf_from(telling->trial->shelf, EVER);
    json_put_key(telling->out, "suggested");
    json_put_array(telling->out);
    for (const struct match *match = shelf_next(&c); match != NULL && count < COMPARED_MOST && told < SUGGESTED_MOST;
         match = shelf_next(&c)) {
        if (match->act || match->from > telling->at) continue;
        for (size_t i = count; i > 0 && seen[i - 1]->from >= match->from - NEAR_S && told < SUGGESTED_MOST; i--) {
            if (!may_be_one(telling->trial->matter->view, seen[i - 1], match)) continue;
            json_put_array(telling->out);
            put_id(telling->out, seen[i - 1]->entry);
            put_id(telling->out, match->entry);
            json_put_close(telling->out);
            told++;
        }
        seen[count++] = match;
    }
    json_put_close(telling->out);
}

/* ---- replies, days, terms */

static void put_replies(const struct telling *telling)
{
    struct json_writer *out = telling->out;
    if (telling->trial->wording->rule->type != RULE_REPLY) return;
    json_put_key(out, "replies");
    json_put_array(out);
    for (size_t i = 0; i < telling->trial->reply_count; i++) {
        const struct reply *reply = &telling->trial->replies[i];
        if (reply->start > telling->at || !reply_bound(telling->trial, reply)) continue;
        bool come = reply->answered <= telling->at, in_time = reply->answered <= reply->due;
        json_put_object(out);
        if (come) {
            json_put_key(out, "answer");
            put_id(out, reply->answer);
            put_time(out, "answered", reply->answered);
        }
        put_time(out, "at", reply->start);
        put_time(out, "due", reply->due);
        json_put_key(out, "id");
        put_id(out, reply->trigger);
        json_put_key(out, "sure");
        json_put_bool(out, reply->sure);
        put_name(out, "to", symbols_name(&telling->trial->matter->view->symbols, reply->to));
        put_word(out, "why",
                 reason_code(come                       ? (in_time ? REASON_ANSWERED : REASON_ANSWERED_LATE)
                             : telling->at < reply->due ? REASON_REPLY_WAITED_FOR
                                                        : REASON_UNANSWERED));
        json_put_close(out);
    }
    json_put_close(out);
}

static void put_terms(const struct telling *telling)
{
    const struct rule *rule = telling->trial->wording->rule;
    if (rule->count == 0) return;
    json_put_key(telling->out, "terms");
    json_put_array(telling->out);
    for (size_t i = 0; i < rule->count; i++) {
        struct ruling ruling = trial_rule(telling->trial->parts[i], telling->at);
        json_put_object(telling->out);
        put_name(telling->out, "id", telling->trial->parts[i]->term->id);
        put_word(telling->out, "reason", reason_code(ruling.reason));
        put_word(telling->out, "verdict", verdict_name(ruling.verdict));
        json_put_close(telling->out);
    }
    json_put_close(telling->out);
}

/* ---- watching */

struct gaps {
    struct json_writer *out;
    size_t count;
};

static void on_gap(void *context, struct slice place, int64_t from, int64_t to)
{
    struct gaps *gaps = context;
    if (gaps->count++ >= GAPS_MOST) return;
    json_put_object(gaps->out);
    put_time(gaps->out, "from", from);
    put_name(gaps->out, "place", place);
    put_time(gaps->out, "to", to);
    json_put_close(gaps->out);
}

static void put_watched(const struct telling *telling)
{
    const struct trial *t = telling->trial;
    if (t->wording->watch.log || !t->begins || t->from >= telling->at) return;
    int64_t to = t->ends && t->to < telling->at ? t->to : telling->at;
    if (to <= t->from) return;
    watchers_version(&t->watch); /* put together what was watched */
    struct watching watching = watchers_look(&t->watch, t->from, to);
    struct gaps gaps = {.out = telling->out};
    json_put_key(telling->out, "watched");
    json_put_object(telling->out);
    json_put_key(telling->out, "enough");
    json_put_bool(telling->out, watching.enough);
    json_put_key(telling->out, "gaps");
    json_put_array(telling->out);
    watchers_gaps(&t->watch, t->from, to, on_gap, &gaps);
    json_put_close(telling->out);
    put_number(telling->out, "needed_permille", watching.needed_permille);
    put_number(telling->out, "of_s", watching.of_s);
    put_name(telling->out, "place", watching.place);
    put_number(telling->out, "watched_permille", watching.watched_permille);
    json_put_close(telling->out);
}

/* ---- what would change it */

static void put_changes(struct json_writer *out, const struct judged *j, const struct ruling *ruling)
{
    json_put_key(out, "changes");
    json_put_array(out);
    if (j->changes_at != NEVER) {
        json_put_object(out);
        put_time(out, "at", j->changes_at);
        put_word(out, "becomes", verdict_name(j->becomes));
        put_word(out, "code", reason_code(REASON_TIME_WILL));
        json_put_close(out);
    }
    if (j->looked_to != NEVER) {
        json_put_object(out);
        put_time(out, "at", j->looked_to);
        put_word(out, "code", reason_code(REASON_TIME_MAY));
        json_put_close(out);
    }
    enum reason change = reason_change(ruling->reason);
    if (change != REASON_NONE) {
        json_put_object(out);
        put_word(out, "code", reason_code(change));
        json_put_key(out, "records");
        json_put_array(out);
        for (size_t k = 0; k < ruling->because_count; k++) put_id(out, ruling->because[k]);
        json_put_close(out);
        json_put_close(out);
    }
    json_put_close(out);
}

/* ---- one reading of one wording */

static int64_t last_in_force(const struct trial *t, int64_t at)
{
    const struct stage *stage = course_at(t->course, at);
    while (stage > t->course->stages && stage->stand != STAND_IN_FORCE) stage--;
    if (stage->stand != STAND_IN_FORCE || stage == &t->course->stages[t->course->count - 1]) return at;
    return stage[1].at <= at ? stage[1].at - 1 : at;
}

static void put_reading(struct json_writer *out, struct matter *matter, const struct judged *j, size_t term, size_t r,
                        size_t w, int64_t at)
{
    const struct trial *trial = trial_get(matter, term, r, w);
    const struct ruling *ruling = judged_at(j, r, w);
    size_t i = r * j->wordings + w;
    enum rule_type type = trial->wording->rule->type;
    bool is_void = ruling->verdict == VERDICT_VOID;
    struct telling telling = {out, trial, is_void ? last_in_force(trial, at) : at};
    struct match found[LISTED_MOST];
    struct unused unused = {trial, found, 0};
    if (type == RULE_CAP || type == RULE_FLOOR || type == RULE_MAY) account_walk(matter, r, on_event, &unused);
    if (unused.count > 1) qsort(unused.list, unused.count, sizeof *unused.list, in_time_order);
    const struct ruling *inner = j->was_known[i] ? &j->was[i] : ruling;
    json_put_object(out);
    put_because(out, ruling, 1, ruling->verdict);
    put_changes(out, j, ruling);
    put_matches(&telling, "counted", true, &unused);
    if (type == RULE_HELD) {
        json_put_key(out, "days");
        put_days(out, trial, telling.at);
    }
    put_number(out, "least", inner->lo);
    put_number(out, "most", inner->hi);
    if (inner->need_hi > 0) {
        json_put_key(out, "needed");
        json_put_object(out);
        put_number(out, "least", inner->need_lo);
        put_number(out, "most", inner->need_hi);
        json_put_close(out);
    }
    put_matches(&telling, "not_counted", false, &unused);
    put_word(out, "reason", reason_code(ruling->reason));
    put_replies(&telling);
    if (type == RULE_HELD) {
        json_put_key(out, "run");
        put_run(out, trial, telling.at);
    }
    put_time(out, "since", ruling->since);
    if (type == RULE_CAP || type == RULE_FLOOR || type == RULE_MAY) put_suggestions(&telling);
    put_terms(&telling);
    put_word(out, "verdict", verdict_name(ruling->verdict));
    if (j->was_known[i]) {
        put_word(out, "was", verdict_name(j->was[i].verdict));
        put_word(out, "was_reason", reason_code(j->was[i].reason));
    }
    put_watched(&telling);
    if (trial->begins && trial->from != NEVER) {
        json_put_key(out, "window");
        json_put_object(out);
        put_time(out, "from", trial->from);
        if (trial->ends) put_time(out, "to", trial->freed < trial->to ? trial->freed : trial->to);
        json_put_close(out);
    }
    json_put_close(out);
}

static void put_wording(struct json_writer *out, struct matter *matter, const struct judged *j, size_t term, size_t w,
                        struct slice only, int64_t at)
{
    struct slice last = {NULL, 0};
    json_put_object(out);
    for (size_t r = reading_next(matter->agreement, &last); r != SIZE_MAX; r = reading_next(matter->agreement, &last)) {
        if (only.size > 0 && !slice_equal(only, matter->agreement->readings[r].name)) continue;
        json_put_key_slice(out, matter->agreement->readings[r].name);
        put_reading(out, matter, j, term, r, w, at);
    }
    json_put_close(out);
}

static void put_tree(struct json_writer *out, const char *key, const struct json *tree)
{
    if (tree == NULL) return;
    json_put_key(out, key);
    json_put_tree(out, tree);
}

static void put_rival_texts(struct json_writer *out, struct matter *matter, const struct judged *j, size_t term,
                            struct slice only, int64_t at)
{
    if (j->wordings < 2) return;
    const struct json *rival = json_find(j->term->json, "rival");
    json_put_key(out, "rival");
    json_put_object(out);
    for (size_t w = 1; w < j->wordings; w++) {
        const struct json *changed = rival->first;
        while (!slice_equal(changed->key, j->term->wordings[w].name)) changed = changed->next;
        json_put_key_slice(out, j->term->wordings[w].name);
        json_put_object(out);
        put_tree(out, "changes", changed);
        json_put_key(out, "readings");
        put_wording(out, matter, j, term, w, only, at);
        put_word(out, "verdict", verdict_name(judged_joint(j, matter, w)));
        json_put_close(out);
    }
    json_put_close(out);
}

static void put_standing(struct json_writer *out, const struct trial *trial, int64_t at)
{
    const struct stage *stage = course_at(trial->course, at);
    json_put_key(out, "standing");
    json_put_object(out);
    json_put_key(out, "by");
    json_put_array(out);
    for (size_t i = 0; i < stage->count; i++) put_id(out, stage->acts[i]);
    json_put_close(out);
    put_time(out, "since", stage->at);
    put_word(out, "standing", stand_name(stage->stand));
    json_put_close(out);
}

/* What the term says, as it says it. */
static const char *const said_before[] = {"each", "effect", "every", "except", "finding", "from"};

static enum status explain(struct json_writer *out, struct matter *matter, size_t term, struct slice only, int64_t at,
                           struct arena *arena, struct error *error)
{
    struct judged j;
    TRY(term_judge(&j, matter, term, at, arena, error));
    TRY(term_clock(&j, matter, term, at, arena, error));
    json_put_object(out);
    put_name(out, "agreement", matter->agreement->name);
    put_name(out, "answers", j.term->answers);
    put_time(out, "as_of", at);
    put_because(out, j.rulings, j.readings * j.wordings, j.verdict);
    put_tree(out, "by", json_find(j.term->json, "by"));
    put_name(out, "channel", j.term->channel);
    put_tree(out, "clause", j.term->clause);
    json_put_key(out, "clock");
    put_clock(out, matter, &j, term, at);
    if (matter->agreement->decides != NULL) put_name(out, "decides", matter->agreement->decides->name);
    for (size_t i = 0; i < COUNT_OF(said_before); i++)
        put_tree(out, said_before[i], json_find(j.term->json, said_before[i]));
    json_put_key(out, "readings");
    put_wording(out, matter, &j, term, 0, only, at);
    put_rival_texts(out, matter, &j, term, only, at);
    put_tree(out, "rule", json_find(j.term->json, "rule"));
    put_standing(out, trial_get(matter, term, 0, 0), at);
    put_name(out, "term", j.term->id);
    put_tree(out, "until", json_find(j.term->json, "until"));
    put_word(out, "verdict", verdict_name(j.verdict));
    if (j.has_was) put_word(out, "was", verdict_name(j.joint_was));
    put_tree(out, "watch", json_find(j.term->json, "watch"));
    put_tree(out, "while", json_find(j.term->json, "while"));
    put_tree(out, "who", json_find(j.term->json, "who"));
    json_put_close(out);
    return STATUS_DONE;
}

/* ---- finding the term */

struct search {
    struct slice agreement, term; /* agreement may be empty */
    struct hearing *found;
    size_t index, count;
    char near[LIMIT_NAME_BYTES + 1];
    struct suggestion suggestion;
};

static void look(struct search *search, struct hearing *hearing)
{
    const struct agreement *agreement = hearing->agreement;
    if (search->agreement.size > 0 && !slice_equal(search->agreement, agreement->name)) return;
    for (size_t i = 0; i < agreement->term_count; i++) {
        struct slice id = agreement->terms[i].id;
        char name[LIMIT_NAME_BYTES + 1] = {0};
        memcpy(name, id.data, id.size);
        if (slice_equal(id, search->term)) search->found = hearing, search->index = i, search->count++;
        search->suggestion.best = NULL;
        suggestion_consider(&search->suggestion, name);
        if (search->suggestion.best != NULL && search->near[0] == '\0') memcpy(search->near, name, sizeof name);
    }
}

static enum status refuse(const struct search *search, struct error *error)
{
    struct error_text term = error_slice(search->term);
    if (search->count > 1)
        return error_set(error, STATUS_USAGE, "term-ambiguous",
                         "More than one agreement has a term \"{0}\". Name it as AGREEMENT/{0}.", term.text, NULL);
    if (search->near[0] != '\0')
        return error_set(error, STATUS_USAGE, "term-unknown", "There is no term \"{0}\". Did you mean \"{1}\"?",
                         term.text, search->near, NULL);
    return error_set(error, STATUS_USAGE, "term-unknown", "There is no term \"{0}\".", term.text, NULL);
}

static bool has_reading(const struct agreement *agreement, struct slice name)
{
    if (name.size == 0) return true;
    for (size_t i = 0; i < agreement->reading_count; i++)
        if (slice_equal(agreement->readings[i].name, name)) return true;
    return false;
}

static enum status why(struct view *view, struct search *search, struct slice reading, int64_t as_of,
                       struct json_writer *out, struct arena *arena, struct error *error)
{
    struct court *court;
    TRY(court_sit(&court, view, error));
    for (size_t i = 0; i < court->count; i++) look(search, court->hearings[i]);
    if (search->count != 1) return refuse(search, error);
    if (!has_reading(search->found->agreement, reading))
        return error_set(error, STATUS_USAGE, "reading-unknown", "The agreement has no reading \"{0}\".",
                         error_slice(reading).text, NULL);
    return explain(out, &search->found->matter, search->index, reading, as_of, arena, error);
}

enum status why_write(struct view *view, struct slice term, struct slice reading, int64_t as_of,
                      struct json_writer *out, struct error *error)
{
    struct search search = {.term = term};
    struct arena arena;
    for (size_t i = 0; i < term.size; i++)
        if (term.data[i] == '/') {
            search.agreement = slice_part(term, 0, i);
            search.term = slice_part(term, i + 1, term.size);
        }
    search.suggestion.typed = search.term;
    arena_init(&arena, LIMIT_EVALUATION_BYTES);
    enum status status = why(view, &search, reading, as_of, out, &arena, error);
    arena_clear(&arena);
    return status;
}
