/* What waits for somebody: their notices and questions by when they are due, what is proposed to them, and the results
 * that time alone will change. */
#include "terms/write.h"

#include <stdlib.h>

/* ---- for whom: the party asked for, and whom it answers for, by what it said itself or by what a term says */

static bool term_binds(const struct matter *matter, const struct term *term, symbol who, int64_t at)
{
    const struct group *group = term->count > 0 ? term->wordings[0].who : NULL;
    return group != NULL && group_has(matter, group, who, at) == IN;
}

static bool is_answered_for(const struct heard *heard, struct slice party, struct slice other, int64_t at)
{
    const struct matter *matter = &heard->hearing->matter;
    const struct agreement *agreement = heard->hearing->agreement;
    symbol who = view_symbol(matter->view, party), whom = view_symbol(matter->view, other);
    if (answers_for(matter, who, whom, at)) return true;
    for (size_t t = 0; t < agreement->term_count; t++)
        if (slice_equal(agreement->terms[t].answers, party) && term_binds(matter, &agreement->terms[t], whom, at))
            return true;
    return false;
}

bool standing_parties(const struct standing *standing, struct slice party, struct parties *out)
{
    const struct members *members = standing->view->members;
    out->list = calloc(members_count(members) + 1, sizeof *out->list);
    if (out->list == NULL) return false;
    out->list[out->count++] = party;
    for (size_t i = 0; i < members_count(members); i++) {
        struct slice other = members_at(members, i)->party;
        bool answered = false;
        for (size_t a = 0; a < standing->count && !answered; a++)
            answered = is_answered_for(&standing->heard[a], party, other, standing->at);
        if (answered && !slice_equal(other, party)) out->list[out->count++] = other;
    }
    return true;
}

bool parties_have(const struct parties *parties, struct slice party)
{
    if (parties == NULL) return true;
    for (size_t i = 0; i < parties->count; i++)
        if (slice_equal(parties->list[i], party)) return true;
    return false;
}

/* ---- notices and questions, the most urgent first */

struct urgent {
    const struct entry *asked;
    struct slice to;
    int64_t due;
    size_t order; /* among those that it was given to */
};

static int more_urgent(const void *a, const void *b)
{
    const struct urgent *x = a, *y = b;
    if (x->due != y->due) return x->due < y->due ? -1 : 1;
    int order = entry_order(x->asked, y->asked);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

struct urgents {
    struct urgent *list;
    size_t count, room;
};

static bool urgents_put(struct urgents *urgents, const struct urgent *urgent)
{
    if (urgents->count == urgents->room) {
        size_t room = urgents->room == 0 ? 64 : urgents->room * 2;
        struct urgent *more = realloc(urgents->list, room * sizeof *more);
        if (more == NULL) return false;
        urgents->list = more;
        urgents->room = room;
    }
    urgents->list[urgents->count++] = *urgent;
    return true;
}

/* Whose it is: those who were asked, and who asked where that is wanted. */
struct whose {
    const struct parties *parties; /* NULL: everybody */
    bool given;
};

static bool is_whose(const struct whose *whose, const struct entry *asked, struct slice to)
{
    return parties_have(whose->parties, to) || (whose->given && parties_have(whose->parties, asked->by));
}

const struct asked *asked_at(struct view *view, size_t i)
{
    const struct entry *entry = view->asking.list[i];
    if (i >= view->asked_room) {
        size_t room = view->asking.count * 2;
        struct asked *more = realloc(view->asked, room * sizeof *more);
        if (more == NULL) return NULL;
        memset(&more[view->asked_room], 0, (room - view->asked_room) * sizeof *more);
        view->asked = more;
        view->asked_room = room;
    }
    struct asked *asked = &view->asked[i];
    if (asked->body != entry->body)
        *asked = (struct asked){entry->body, json_find(entry->body, "to"), waiting_due(entry)};
    return asked;
}

/* What waits of one notice or question, a line for each who was addressed. */
static bool gather_one(struct waiting *waiting, const struct entry *entry, const struct asked *asked,
                       const struct whose *whose, struct urgents *out)
{
    struct urgent urgent = {.asked = entry, .due = asked->due};
    if (!waiting_begin(waiting, entry)) return false;
    for (const struct json *m = asked->to->first; m != NULL; m = m->next, urgent.order++) {
        urgent.to = m->string;
        if (!is_whose(whose, entry, m->string) || !waiting_is(waiting, entry, m->string)) continue;
        if (!urgents_put(out, &urgent)) return false;
    }
    return true;
}

/* Looks at every one that was ever given, and so at as little of each as will do. */
static bool gather(const struct standing *standing, struct waiting *waiting, const struct whose *whose,
                   struct urgents *notices, struct urgents *questions)
{
    struct view *view = standing->view;
    for (size_t i = 0; i < view->asking.count; i++) {
        const struct entry *entry = view->asking.list[i];
        if (!entry->counts || entry->act_time > standing->at) continue;
        const struct asked *asked = asked_at(view, i);
        struct urgents *out = entry->sort == SORT_NOTICE ? notices : questions;
        if (asked == NULL || !gather_one(waiting, entry, asked, whose, out)) return false;
    }
    if (notices->count > 1) qsort(notices->list, notices->count, sizeof *notices->list, more_urgent);
    if (questions->count > 1) qsort(questions->list, questions->count, sizeof *questions->list, more_urgent);
    return true;
}

static bool put_urgents(struct json_writer *out, struct waiting *waiting, const struct urgents *urgents, size_t most)
{
    json_put_array(out);
    for (size_t i = 0; i < urgents->count && i < most; i++) {
        if (!waiting_begin(waiting, urgents->list[i].asked)) return false;
        waiting_put(out, waiting, urgents->list[i].asked, urgents->list[i].to);
    }
    json_put_close(out);
    return true;
}

/* ---- what time alone changes */

struct window {
    const struct heard *heard;
    size_t term;
};

static int sooner(const void *a, const void *b)
{
    const struct window *x = a, *y = b;
    int64_t at = x->heard->judged[x->term].changes_at, other = y->heard->judged[y->term].changes_at;
    if (at != other) return at < other ? -1 : 1;
    if (x->heard != y->heard) return x->heard < y->heard ? -1 : 1;
    return x->term < y->term ? -1 : x->term > y->term;
}

static bool window_is_for(const struct window *window, const struct parties *to, int64_t at)
{
    const struct matter *matter = &window->heard->hearing->matter;
    const struct term *term = window->heard->judged[window->term].term;
    if (to == NULL) return true;
    for (size_t i = 0; i < to->count; i++)
        if (term_binds(matter, term, view_symbol(matter->view, to->list[i]), at)) return true;
    return false;
}

static void put_window(struct json_writer *out, const struct window *window)
{
    const struct judged *judged = &window->heard->judged[window->term];
    json_put_object(out);
    json_put_key(out, "agreement"), json_put_slice(out, window->heard->hearing->agreement->name);
    put_time(out, "at", judged->changes_at);
    json_put_key(out, "becomes"), json_put_string(out, verdict_name(judged->becomes));
    json_put_key(out, "term"), json_put_slice(out, judged->term->id);
    json_put_key(out, "verdict"), json_put_string(out, verdict_name(judged->verdict));
    json_put_close(out);
}

static bool put_windows(struct json_writer *out, const struct standing *standing, const struct parties *to)
{
    size_t count = 0, room = 0;
    for (size_t a = 0; a < standing->count; a++) room += standing->heard[a].hearing->agreement->term_count;
    struct window *windows = calloc(room + 1, sizeof *windows);
    if (windows == NULL) return false;
    for (size_t a = 0; a < standing->count; a++)
        for (size_t t = 0; t < standing->heard[a].hearing->agreement->term_count; t++) {
            const struct window window = {&standing->heard[a], t};
            const struct judged *judged = &window.heard->judged[t];
            if (judged->changes_at == NEVER || judged->becomes == judged->verdict) continue;
            if (window_is_for(&window, to, standing->at)) windows[count++] = window;
        }
    if (count > 1) qsort(windows, count, sizeof *windows, sooner);
    json_put_array(out);
    for (size_t i = 0; i < count; i++) put_window(out, &windows[i]);
    json_put_close(out);
    free(windows);
    return true;
}

/* ---- the answer */

static void put_left_off(struct json_writer *out, const struct urgents *notices, const struct urgents *questions,
                         size_t most)
{
    json_put_object(out);
    json_put_key(out, "notices");
    json_put_integer(out, notices->count > most ? (int64_t)(notices->count - most) : 0);
    json_put_key(out, "questions");
    json_put_integer(out, questions->count > most ? (int64_t)(questions->count - most) : 0);
    json_put_close(out);
}

static bool put_all(struct json_writer *out, const struct standing *standing, const struct waiting_query *query,
                    const struct parties *to, struct waiting *waiting, struct urgents urgents[2])
{
    const struct whose whose = {to, query->given};
    bool good = gather(standing, waiting, &whose, &urgents[0], &urgents[1]);
    json_put_key(out, "left_off"), put_left_off(out, &urgents[0], &urgents[1], query->most);
    json_put_key(out, "notices");
    good = good && put_urgents(out, waiting, &urgents[0], query->most);
    if (good) json_put_key(out, "proposals"), put_proposals(out, standing, to);
    if (good) json_put_key(out, "questions");
    good = good && put_urgents(out, waiting, &urgents[1], query->most);
    if (good) json_put_key(out, "windows");
    good = good && put_windows(out, standing, to);
    return good;
}

static void put_for(struct json_writer *out, const struct parties *to)
{
    if (to == NULL) return;
    json_put_key(out, "for"), json_put_array(out);
    for (size_t i = 0; i < to->count; i++) json_put_slice(out, to->list[i]);
    json_put_close(out);
}

enum status standing_write_waiting(struct standing *standing, const struct waiting_query *query,
                                   struct json_writer *out, struct error *error)
{
    struct parties parties = {0}, *to = query->party.size > 0 ? &parties : NULL;
    struct waiting waiting = {.view = standing->view, .at = standing->at};
    struct urgents urgents[2] = {{0}, {0}};
    bool good = to == NULL || standing_parties(standing, query->party, &parties);
    json_put_object(out);
    put_for(out, to);
    good = good && put_all(out, standing, query, to, &waiting, urgents);
    if (good) json_put_close(out);
    entries_clear(&waiting.naming);
    for (size_t i = 0; i < COUNT_OF(urgents); i++) free(urgents[i].list);
    free(parties.list);
    return good ? STATUS_DONE : arena_full(error);
}
