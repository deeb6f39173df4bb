/* What waits for an answer: notices whose receipt was not confirmed and questions without an answer, one line for each
 * who was addressed. */
#include "terms/write.h"

bool names_alternate(const struct entry *asked, struct slice by)
{
    const struct json *alternates = json_find(asked->body, "alternates");
    for (const struct json *m = alternates == NULL ? NULL : alternates->first; m != NULL; m = m->next)
        if (slice_equal(m->string, by)) return true;
    return false;
}

/* NULL: answered. Else the state that it is in. */
const char *waiting_state(const struct waiting *waiting, const struct entry *asked, struct slice to, int64_t due)
{
    int64_t at = waiting->at;
    const char *state = due != NEVER && due <= at ? "overdue" : "waiting";
    enum sort wanted = asked->sort == SORT_NOTICE ? SORT_ACKNOWLEDGEMENT : SORT_ANSWER;
    for (size_t i = 0; i < waiting->naming.count; i++) {
        const struct entry *reply = waiting->naming.list[i];
        if (reply->sort != wanted || !reply->has_of || reply->act_time > at || !reply->counts) continue;
        if (!slice_equal(reply->by, to) && !names_alternate(asked, reply->by)) continue;
        if (reply->word == RECEIPT_HAD) return NULL;
        state = reply->word == RECEIPT_REFUSED ? "refused" : "unreadable";
    }
    return state;
}

static void put_slice(struct json_writer *out, const char *key, struct slice value)
{
    if (value.data == NULL) return;
    json_put_key(out, key);
    json_put_slice(out, value);
}

/* Whom an attempt by then was made to reach about what was asked; {NULL, 0} of any other record. */
static struct slice tried_by_then(const struct waiting *waiting, const struct entry *attempt)
{
    bool tells = attempt->sort == SORT_ATTEMPT && attempt->counts && entry_time(attempt, "at") <= waiting->at;
    return tells ? json_find_string(attempt->body, "to") : (struct slice){NULL, 0};
}

/* To reach the addressee, or whoever may stand in for it. */
static void put_attempts(struct json_writer *out, const struct waiting *waiting, const struct entry *asked,
                         struct slice to)
{
    bool any = false;
    for (size_t i = 0; i < waiting->naming.count; i++) {
        const struct entry *attempt = waiting->naming.list[i];
        struct slice tried = tried_by_then(waiting, attempt);
        if (tried.data == NULL || (!slice_equal(tried, to) && !names_alternate(asked, tried))) continue;
        if (!any) {
            json_put_key(out, "attempts");
            json_put_array(out);
        }
        any = true;
        put_id(out, attempt);
    }
    if (any) json_put_close(out);
}

static bool was_tried(const struct waiting *waiting, struct slice name)
{
    for (size_t i = 0; i < waiting->naming.count; i++)
        if (slice_equal(tried_by_then(waiting, waiting->naming.list[i]), name)) return true;
    return false;
}

/* Who is to be reached when the time is over: the first alternate whom nobody has tried to reach. */
static void put_next(struct json_writer *out, const struct waiting *waiting, const struct entry *asked)
{
    const struct json *alternates = json_find(asked->body, "alternates");
    const struct json *m = alternates == NULL ? NULL : alternates->first;
    while (m != NULL && was_tried(waiting, m->string)) m = m->next;
    if (m != NULL) put_slice(out, "next", m->string);
}

int64_t waiting_due(const struct entry *asked)
{
    return entry_time(asked, asked->sort == SORT_NOTICE ? "acknowledge_by" : "answer_by");
}

bool waiting_is(struct waiting *waiting, const struct entry *asked, struct slice to)
{
    return waiting_state(waiting, asked, to, NEVER) != NULL;
}

bool waiting_begin(struct waiting *waiting, const struct entry *asked)
{
    entries_clear(&waiting->naming);
    view_naming(waiting->view, asked, &waiting->naming);
    entries_sort(&waiting->naming);
    return !waiting->naming.full;
}

void waiting_put(struct json_writer *out, const struct waiting *waiting, const struct entry *asked, struct slice to)
{
    int64_t due = waiting_due(asked);
    const char *state = waiting_state(waiting, asked, to, due);
    if (state == NULL) return;
    json_put_object(out);
    put_slice(out, "act", json_find_string(asked->body, "act"));
    put_slice(out, "agreement", json_find_string(asked->body, "agreement"));
    put_time(out, "at", asked->act_time);
    put_attempts(out, waiting, asked, to);
    put_slice(out, "channel", json_find_string(asked->body, "channel"));
    put_delivered(out, waiting->view, asked, to, waiting->at);
    put_time(out, "due", due);
    put_slice(out, "from", asked->by);
    json_put_key(out, "id");
    put_id(out, asked);
    put_next(out, waiting, asked);
    json_put_key(out, "state");
    json_put_string(out, state);
    put_slice(out, "to", to);
    json_put_close(out);
}

static bool put_kind(struct json_writer *out, struct waiting *waiting, const struct entries *all, enum sort sort)
{
    json_put_array(out);
    for (size_t i = 0; i < all->count; i++) {
        const struct entry *asked = all->list[i];
        if (asked->sort != sort) continue;
        if (!waiting_begin(waiting, asked)) return false;
        const struct json *to = json_find(asked->body, "to");
        for (const struct json *m = to->first; m != NULL; m = m->next) waiting_put(out, waiting, asked, m->string);
    }
    json_put_close(out);
    return true;
}

/* Notices and questions that count, as of then. */
static bool asked_by_then(const struct standing *standing, struct entries *out)
{
    const struct view *view = standing->view;
    for (size_t i = 0; i < view->asking.count; i++) {
        const struct entry *entry = view->asking.list[i];
        if (entry->counts && entry->act_time <= standing->at && !entries_put(out, entry)) return false;
    }
    entries_sort(out);
    return true;
}

static bool put_all(struct json_writer *out, const struct standing *standing, const struct entries *asked)
{
    struct waiting waiting = {.view = standing->view, .at = standing->at};
    json_put_object(out);
    json_put_key(out, "notices");
    bool good = put_kind(out, &waiting, asked, SORT_NOTICE);
    json_put_key(out, "proposals");
    put_proposals(out, standing, NULL);
    json_put_key(out, "questions");
    good = good && put_kind(out, &waiting, asked, SORT_QUESTION);
    json_put_close(out);
    entries_clear(&waiting.naming);
    return good;
}

void standing_write_proposals(struct standing *standing, struct json_writer *out)
{
    json_put_object(out);
    json_put_key(out, "proposals");
    put_proposals(out, standing, NULL);
    json_put_close(out);
}

enum status standing_write_open(struct standing *standing, struct json_writer *out, struct error *error)
{
    struct entries asked = {0};
    bool good = asked_by_then(standing, &asked) && put_all(out, standing, &asked);
    entries_clear(&asked);
    return good ? STATUS_DONE : arena_full(error);
}

/* ---- line by line */

struct walk {
    struct waiting waiting;
    const int64_t *at;
    size_t moments;
    waits_visit *visit;
    void *context;
};

static bool walk_one(struct walk *walk, const struct entry *entry, const struct asked *asked)
{
    struct waits_line line = {.index = entry->index, .question = entry->sort == SORT_QUESTION};
    if (!waiting_begin(&walk->waiting, entry)) return false;
    for (const struct json *m = asked->to->first; m != NULL; m = m->next, line.place++) {
        bool waits = false;
        for (size_t i = 0; i < walk->moments; i++) {
            walk->waiting.at = walk->at[i];
            bool given = entry->act_time <= walk->at[i];
            line.state[i] = given ? waiting_state(&walk->waiting, entry, m->string, asked->due) : NULL;
            waits = waits || line.state[i] != NULL;
        }
        if (waits && !walk->visit(walk->context, &line)) return false;
    }
    return true;
}

enum status waits_walk(struct view *view, const int64_t *at, size_t moments, waits_visit *visit, void *context,
                       struct error *error)
{
    struct walk walk = {{.view = view}, at, moments, visit, context};
    int64_t last = EVER;
    bool good = true;
    for (size_t i = 0; i < moments; i++) last = at[i] > last ? at[i] : last;
    for (size_t i = 0; good && i < view->asking.count; i++) {
        const struct entry *entry = view->asking.list[i];
        if (!entry->counts || entry->act_time > last) continue;
        const struct asked *asked = asked_at(view, i);
        good = asked != NULL && walk_one(&walk, entry, asked);
    }
    entries_clear(&walk.waiting.naming);
    return good ? STATUS_DONE : arena_full(error);
}

const struct entry *waits_asked(const struct view *view, uint64_t index)
{
    return view_at(view, index);
}

void waits_tell(const struct entry *asked, size_t place, struct waits_told *out)
{
    const struct json *to = json_find(asked->body, "to")->first;
    for (; place > 0; place--) to = to->next;
    *out = (struct waits_told){.id = asked->id,
                               .act = json_find_string(asked->body, "act"),
                               .agreement = json_find_string(asked->body, "agreement"),
                               .from = asked->by,
                               .to = to->string,
                               .at = asked->act_time,
                               .due = waiting_due(asked)};
}

int waits_order(const struct entry *a, const struct entry *b)
{
    return entry_order(a, b);
}
