/* Invariants: (1) what is kept is what hearing everything from the beginning would give; (2) a record that nothing
 * hangs on and no link names takes no memory here. */
#include "terms/account.h"

#include <stdlib.h>

static struct event merged; /* its address marks a record whose event stands under an earlier one */

static bool among(const struct entries *entries, const struct entry *entry)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->list[i] == entry) return true;
    return false;
}

/* ---- which records a change can touch */

/* The records that tell the events which this one speaks of, in every version. */
static void find_roots(const struct view *view, const struct entry *entry, struct entries *out)
{
    struct entries climbed = {0};
    entries_put(&climbed, entry);
    for (size_t i = 0; i < climbed.count && !climbed.full; i++) {
        const struct entry *e = climbed.list[i];
        if (e->tells_event) {
            if (!among(out, e)) view_versions(view, e, out);
            continue;
        }
        for (size_t k = 0; k < e->name_count; k++) {
            const struct entry *named = view_find_id(view, &e->names[k]);
            if (named == NULL) continue;
            const struct entry *head = view_head(view, named);
            if (!among(&climbed, named)) entries_put(&climbed, named);
            if (!among(&climbed, head)) entries_put(&climbed, head);
        }
    }
    out->full = out->full || climbed.full;
    entries_clear(&climbed);
}

/* With everything that links can have joined to them. */
static void find_linked(const struct view *view, struct entries *roots)
{
    for (size_t i = 0; i < roots->count && !roots->full; i++) {
        struct entries naming = {0};
        view_naming(view, roots->list[i], &naming);
        for (size_t k = 0; k < naming.count; k++)
            if (naming.list[k]->sort == SORT_LINK) find_roots(view, naming.list[k], roots);
        roots->full = roots->full || naming.full;
        entries_clear(&naming);
    }
}

/* ---- what a reading makes one of them */

bool links_so(const struct matter *matter, const struct reading *reading, const struct entry *link, const char *word)
{
    return link->sort == SORT_LINK && link->counts && slice_is(json_find_string(link->body, "link"), word) &&
           group_has(matter, reading->links, link->author, link->written) == IN;
}

size_t cluster_top(const struct cluster *c, size_t i)
{
    while (c->parent[i] != i) i = c->parent[i];
    return i;
}

static size_t place_in(const struct cluster *c, const struct entry *entry)
{
    for (size_t i = 0; entry != NULL && i < c->roots.count; i++)
        if (c->roots.list[i] == entry) return i;
    return SIZE_MAX;
}

static bool names_top(const struct matter *matter, const struct cluster *c, const struct entry *link, size_t wanted)
{
    for (size_t k = 0; k < link->name_count; k++) {
        size_t i = place_in(c, view_named(matter->view, link, k));
        if (i != SIZE_MAX && cluster_top(c, i) == wanted) return true;
    }
    return false;
}

static bool held_apart(const struct matter *matter, const struct reading *reading, const struct cluster *c, size_t one,
                       size_t other)
{
    for (size_t i = 0; i < c->links.count; i++)
        if (links_so(matter, reading, c->links.list[i], "distinct") && names_top(matter, c, c->links.list[i], one) &&
            names_top(matter, c, c->links.list[i], other))
            return true;
    return false;
}

static void join(const struct matter *matter, const struct reading *reading, struct cluster *c,
                 const struct entry *link)
{
    size_t first = SIZE_MAX;
    for (size_t k = 0; k < link->name_count; k++) {
        size_t i = place_in(c, view_named(matter->view, link, k));
        if (i == SIZE_MAX) continue;
        if (first == SIZE_MAX) first = i;
        size_t one = cluster_top(c, first), other = cluster_top(c, i);
        if (one != other && !held_apart(matter, reading, c, one, other))
            c->parent[one < other ? other : one] = one < other ? one : other;
    }
}

static void find_links(const struct view *view, struct cluster *c)
{
    for (size_t i = 0; i < c->roots.count; i++) {
        struct entries naming = {0};
        view_naming(view, c->roots.list[i], &naming);
        for (size_t k = 0; k < naming.count; k++)
            if (naming.list[k]->sort == SORT_LINK && !among(&c->links, naming.list[k]))
                entries_put(&c->links, naming.list[k]);
        entries_clear(&naming);
    }
    entries_sort(&c->links);
}

/* ---- events and the terms that they answer */

static bool account_room(struct matter *matter, struct account *account, size_t count)
{
    if (count <= account->room) return true;
    size_t room = account->room == 0 ? 1024 : account->room;
    while (room < count) room *= 2;
    struct event **more = calloc(room, sizeof(struct event *));
    if (more == NULL) return !(matter->full = true);
    if (account->room > 0) memcpy(more, account->several, account->room * sizeof(struct event *));
    free(account->several);
    account->several = more;
    account->room = room;
    return true;
}

/* Those of the reading's terms that ask for what one record alone can be: found once for each act. */
static size_t who_asks(struct matter *matter, struct account *account, const struct event *event,
                       struct trial *const **out)
{
    symbol act = event->first->sort != SORT_PASSAGE && event->first->told == NULL && event->first->own != NULL
                     ? event->first->own->act
                     : 0;
    *out = account->trials;
    if (event->part_count > 1 || act == 0) return account->trial_count;
    if (act >= account->act_room) {
        size_t room = account->act_room == 0 ? 256 : account->act_room;
        while (room <= act) room *= 2;
        struct trial ***rows = calloc(room, sizeof(struct trial **));
        size_t *counts = calloc(room, sizeof *counts);
        if (rows == NULL || counts == NULL) {
            free(rows);
            free(counts);
            return account->trial_count;
        }
        if (account->act_room > 0) {
            memcpy(rows, account->by_act, account->act_room * sizeof(struct trial **));
            memcpy(counts, account->by_act_count, account->act_room * sizeof *counts);
        }
        free(account->by_act);
        free(account->by_act_count);
        account->by_act = rows;
        account->by_act_count = counts;
        account->act_room = room;
    }
    if (account->by_act[act] == NULL) {
        account->by_act[act] = matter_get(matter, (account->trial_count + 1) * sizeof(struct trial *));
        for (size_t i = 0; account->by_act[act] != NULL && i < account->trial_count; i++)
            if (trial_may_ask(account->trials[i], act))
                account->by_act[act][account->by_act_count[act]++] = account->trials[i];
    }
    if (account->by_act[act] == NULL) return account->trial_count;
    *out = account->by_act[act];
    return account->by_act_count[act];
}

static void put_event(struct matter *matter, struct account *account, const struct event *event,
                      struct heard_fit *heard)
{
    struct trial *const *asking;
    if (!event->credible && !event_counts(account->reading, event)) return;
    size_t count = who_asks(matter, account, event, &asking);
    for (size_t i = 0; i < count; i++) trial_hear_event(asking[i], event, heard == NULL ? NULL : &heard[i]);
}

static void take_event(struct matter *matter, struct account *account, const struct event *event)
{
    struct trial *const *asking;
    size_t count = who_asks(matter, account, event, &asking);
    for (size_t i = 0; i < count; i++) trial_forget(asking[i], event->from, event->first);
}

static void forget(struct matter *matter, struct account *account, const struct entry *root)
{
    struct lone lone;
    struct event *several = root->number < account->room ? account->several[root->number] : NULL;
    if (several == &merged) {
        account->several[root->number] = NULL;
        return;
    }
    take_event(matter, account, several != NULL ? several : event_lone(matter, account->reading, root, &lone));
    if (several == NULL) return;
    account->several[root->number] = NULL;
    free(several);
}

static void tell(struct matter *matter, struct account *account, struct cluster *c, size_t i)
{
    struct entries roots = {0};
    struct lone lone;
    bool alone = true;
    for (size_t k = 0; k < c->roots.count; k++)
        if (cluster_top(c, k) == i) {
            alone = alone && k == i && c->roots.list[k]->mentions == 0 && !c->roots.list[k]->has_replaces;
            entries_put(&roots, c->roots.list[k]);
            if (k != i && account_room(matter, account, matter->view->count))
                account->several[c->roots.list[k]->number] = &merged;
        }
    if (alone && roots.count == 1) {
        put_event(matter, account, event_lone(matter, account->reading, roots.list[0], &lone), NULL);
    } else if (account_room(matter, account, matter->view->count)) {
        event_hang(matter->view, &roots);
        struct event *event = event_make(matter, account->reading, &roots);
        if (event != NULL) put_event(matter, account, account->several[event->first->number] = event, NULL);
    }
    entries_clear(&roots);
}

bool cluster_join(const struct matter *matter, const struct reading *reading, struct cluster *c)
{
    if (c->parent == NULL) c->parent = malloc((c->roots.count + 1) * sizeof *c->parent);
    if (c->parent == NULL) return false;
    for (size_t i = 0; i < c->roots.count; i++) c->parent[i] = i;
    for (size_t i = 0; i < c->links.count; i++)
        if (links_so(matter, reading, c->links.list[i], "same")) join(matter, reading, c, c->links.list[i]);
    return true;
}

static void tell_all(struct matter *matter, struct account *account, struct cluster *c)
{
    if (!cluster_join(matter, account->reading, c)) {
        matter->full = true;
        return;
    }
    for (size_t i = 0; i < c->roots.count; i++)
        if (cluster_top(c, i) == i) tell(matter, account, c, i);
}

static void find_cluster(const struct view *view, const struct entry *entry, struct entries *touched,
                         struct cluster *out)
{
    find_roots(view, entry, touched);
    find_linked(view, touched);
    entries_sort(touched);
    for (size_t i = 0; i < touched->count; i++)
        if (touched->list[i]->counts && touched->list[i]->tells_event) entries_put(&out->roots, touched->list[i]);
    find_links(view, out);
    out->roots.full = out->roots.full || touched->full;
}

bool cluster_find(const struct view *view, const struct entry *entry, struct cluster *out)
{
    struct entries touched = {0};
    find_cluster(view, entry, &touched, out);
    entries_clear(&touched);
    return !out->roots.full && !out->links.full;
}

void cluster_clear(struct cluster *cluster)
{
    entries_clear(&cluster->roots);
    entries_clear(&cluster->links);
    free(cluster->parent);
    cluster->parent = NULL;
}

/* ---- hearing */

void accounts_hear(struct matter *matter, const struct entry *entry)
{
    struct entries touched = {0};
    struct cluster c = {0};
    find_cluster(matter->view, entry, &touched, &c);
    matter->full = matter->full || c.roots.full || c.links.full;
    for (size_t r = 0; r < matter->agreement->reading_count; r++) {
        struct account *account = &matter->accounts[r];
        for (size_t i = 0; i < touched.count; i++) forget(matter, account, touched.list[i]);
        tell_all(matter, account, &c);
    }
    entries_clear(&touched);
    cluster_clear(&c);
}

/* A record that nothing names is an event alone. What it tells fits a term in the same way before every reading: so it
 * is fitted once. The terms that ask are the same for each reading, in the same order. */
static bool hear_alone(struct matter *matter, const struct entry *entry)
{
    struct lone lone;
    if (entry->mentions > 0 || entry->has_replaces) return false;
    size_t most = matter->agreement->reading_count == 0 ? 0 : matter->accounts[0].trial_count;
    if (most > 0) memset(matter->heard, 0, most * sizeof *matter->heard);
    for (size_t r = 0; r < matter->agreement->reading_count; r++)
        put_event(matter, &matter->accounts[r], event_lone(matter, matter->accounts[r].reading, entry, &lone),
                  matter->heard);
    return true;
}

static bool account_rooms(struct matter *matter)
{
    for (size_t r = 0; r < matter->agreement->reading_count; r++)
        if (!account_room(matter, &matter->accounts[r], matter->view->count)) return false;
    return true;
}

/* One record that no link names and that is no version of another: what hangs on it is the same for every reading. */
static bool hear_unlinked(struct matter *matter, const struct entry *entry)
{
    const struct view *view = matter->view;
    struct entries all = {0};
    if (entry->has_replaces || !account_rooms(matter)) return false;
    for (uint32_t m = entry->mentions; m > 0; m = view->mentions[m - 1].next)
        if (view->mentions[m - 1].replaces || view_entry(view, view->mentions[m - 1].by)->sort == SORT_LINK)
            return false;
    entries_put(&all, entry);
    event_hang(view, &all);
    for (size_t r = 0; r < matter->agreement->reading_count; r++) {
        struct account *account = &matter->accounts[r];
        struct event *event = event_make(matter, account->reading, &all);
        if (event != NULL) put_event(matter, account, account->several[entry->number] = event, NULL);
    }
    entries_clear(&all);
    return true;
}

void accounts_hear_all(struct matter *matter)
{
    struct view *view = matter->view;
    uint32_t heard = view_stamp(view);
    for (size_t i = 0; i < view->count && !matter->full; i++) {
        struct entry *entry = view_entry(view, i);
        struct entries touched = {0};
        if (!entry->tells_event || !entry->counts || entry->mark == heard) continue;
        if (hear_alone(matter, entry) || hear_unlinked(matter, entry)) continue;
        find_roots(view, entry, &touched);
        find_linked(view, &touched);
        for (size_t k = 0; k < touched.count; k++) view_entry(view, touched.list[k]->number)->mark = heard;
        entries_clear(&touched);
        accounts_hear(matter, entry);
    }
}

bool accounts_open(struct matter *matter)
{
    size_t readings = matter->agreement->reading_count;
    matter->accounts = matter_get(matter, (readings + 1) * sizeof *matter->accounts);
    for (size_t r = 0; matter->accounts != NULL && r < readings; r++) {
        struct account *account = &matter->accounts[r];
        account->reading = &matter->agreement->readings[r];
        account->trials = matter_get(matter, (matter->trial_count + 1) * sizeof(struct trial *));
        for (size_t i = 0; account->trials != NULL && i < matter->trial_count; i++) {
            struct trial *trial = matter->trials[i];
            if (trial != NULL && trial->reading == account->reading && trial_asks_of_events(trial))
                account->trials[account->trial_count++] = trial;
        }
    }
    matter->heard = matter_get(matter, (matter->trial_count + 1) * sizeof *matter->heard);
    return !matter->full;
}

void accounts_close(struct matter *matter)
{
    for (size_t r = 0; matter->accounts != NULL && r < matter->agreement->reading_count; r++) {
        struct account *account = &matter->accounts[r];
        for (size_t i = 0; i < account->room; i++)
            if (account->several[i] != &merged) free(account->several[i]);
        free(account->several);
        free(account->by_act);
        free(account->by_act_count);
    }
}

/* ---- asked */

const struct event *event_of(const struct matter *matter, size_t reading, const struct entry *first, struct lone *lone)
{
    const struct account *account = &matter->accounts[reading];
    const struct event *several = first->number < account->room ? account->several[first->number] : NULL;
    return several != NULL ? several : event_lone(matter, account->reading, first, lone);
}

void account_walk(const struct matter *matter, size_t reading, event_visit *visit, void *context)
{
    const struct account *account = &matter->accounts[reading];
    for (size_t i = 0; i < matter->view->count; i++) {
        const struct entry *entry = view_entry(matter->view, i);
        struct lone lone;
        if (!entry->tells_event || !entry->counts) continue;
        const struct event *several = i < account->room ? account->several[i] : NULL;
        if (several == &merged) continue;
        visit(context, several != NULL ? several : event_lone(matter, account->reading, entry, &lone));
    }
}
