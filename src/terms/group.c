/* Who belongs to a group, then: what governs it is found once, from the records that say so. */
#include "terms/world.h"

#include <stdlib.h>

static bool in_time(int64_t from, int64_t until, int64_t at)
{
    return at >= from && at < until;
}

static void find_time(const struct json *object, int64_t *from, int64_t *until)
{
    if (!time_parse(from, json_find_string(object, "from"))) *from = EVER;
    if (!time_parse(until, json_find_string(object, "until"))) *until = NEVER;
}

/* ---- found once */

static void find_listing(struct matter *matter, const struct entry *entry)
{
    const struct member *author = members_find(matter->view->members, entry->by);
    struct listing *listing = &matter->governing.listings[matter->governing.listing_count];
    struct slice word = json_find_string(entry->body, "designation");
    if (author == NULL || author->role != ROLE_SECRETARIAT) return;
    *listing =
        (struct listing){.group = view_symbol(matter->view, json_find_string(entry->body, "group")),
                         .affiliate_of = view_symbol(matter->view, json_find_string(entry->body, "affiliate_of")),
                         .designates = word.data != NULL,
                         .is_in = slice_is(word, "in")};
    find_time(entry->body, &listing->from, &listing->until);
    matter->governing.listing_count++;
}

/* The last record of a party that says for whom it answers is what holds. */
static void find_answers(struct matter *matter, const struct entry *entry, size_t room)
{
    const struct json *list = json_find(entry->body, "answers_for");
    struct governing *g = &matter->governing;
    symbol who = view_symbol(matter->view, json_find_string(entry->body, "party"));
    size_t kept = 0;
    if (list == NULL) return;
    for (size_t i = 0; i < g->answer_count; i++)
        if (g->answers[i].who != who) g->answers[kept++] = g->answers[i];
    g->answer_count = kept;
    for (const struct json *a = list->first; a != NULL && g->answer_count < room; a = a->next) {
        struct answering *answering = &g->answers[g->answer_count++];
        *answering = (struct answering){.who = who, .other = view_symbol(matter->view, json_find_string(a, "party"))};
        find_time(a, &answering->from, &answering->until);
    }
}

static bool find_area(struct matter *matter, const struct entry *entry)
{
    const struct member *author = members_find(matter->view->members, entry->by);
    struct drawn *drawn = &matter->governing.areas[matter->governing.area_count++];
    drawn->agreed = author != NULL && author->role == ROLE_SECRETARIAT;
    const struct json *where = json_find(entry->body, "where");
    struct error ignored;
    drawn->area = view_symbol(matter->view, json_find_string(entry->body, "area"));
    find_time(entry->body, &drawn->from, &drawn->until);
    if (ground_read(&drawn->where, where, &matter->view->symbols, &ignored) != STATUS_DONE) return false;
    return place_drawn(matter, &drawn->shape, where);
}

struct sizes {
    size_t designations, answers, areas;
};

static bool sort_out(struct matter *matter, struct entries *governing, struct sizes *sizes)
{
    struct governing *g = &matter->governing;
    for (size_t i = 0; i < matter->view->others.count; i++) {
        const struct entry *entry = matter->view->others.list[i];
        if (entry->sort < SORT_STANDING || !entry->counts) continue;
        const struct json *answers = entry->sort == SORT_PARTY ? json_find(entry->body, "answers_for") : NULL;
        sizes->designations += entry->sort == SORT_DESIGNATION;
        sizes->areas += entry->sort == SORT_AREA;
        sizes->answers += answers == NULL ? 0 : answers->size;
        bool kept = true;
        if (entry->sort == SORT_STANDING) kept = entries_put(&g->standings, entry);
        if (entry->sort == SORT_APPROVAL) kept = entries_put(&g->approvals, entry);
        if (entry->sort == SORT_COVERAGE || entry->sort == SORT_RESTRICTION)
            kept = entries_put(&matter->watches, entry);
        if (entry->sort == SORT_DESIGNATION || entry->sort == SORT_AREA || entry->sort == SORT_PARTY)
            kept = entries_put(governing, entry);
        if (!kept) return false;
    }
    return true;
}

/* ---- who has assented, and not withdrawn */

static void find_assent(struct matter *matter, const struct entry *act)
{
    struct governing *g = &matter->governing;
    const struct group *may = matter->agreement->force.withdraw;
    struct slice what = json_find_string(act->body, "act");
    struct assenting *open = NULL;
    for (size_t i = 0; i < g->assent_count; i++)
        if (g->assents[i].who == act->author && g->assents[i].until == NEVER) open = &g->assents[i];
    if (open == NULL && slice_is(what, "assent"))
        g->assents[g->assent_count++] = (struct assenting){act->author, act->act_time, NEVER};
    if (open != NULL && slice_is(what, "withdraw") && may != NULL &&
        group_has(matter, may, act->author, act->act_time) == IN)
        open->until = act->act_time;
}

/* In the order in which they take effect: a right may hang on who has assented up to then. */
static bool find_assents(struct matter *matter)
{
    struct governing *g = &matter->governing;
    char id[HASH_HEX_SIZE];
    hash_format(&matter->record->id.hash, id);
    const struct entry **acts = matter_get(matter, (g->standings.count + 1) * sizeof(struct entry *));
    size_t count = 0;
    g->assents = matter_get(matter, (g->standings.count + 1) * sizeof *g->assents);
    if (acts == NULL || g->assents == NULL) return false;
    for (size_t i = 0; i < g->standings.count; i++) {
        const struct entry *entry = g->standings.list[i];
        if (!slice_is(json_find_string(entry->body, "agreement"), id) ||
            !json_find_bool(json_find(entry->body, "scope"), "whole"))
            continue;
        size_t j = count++;
        for (; j > 0 && acts[j - 1]->act_time > entry->act_time; j--) acts[j] = acts[j - 1];
        acts[j] = entry;
    }
    for (size_t i = 0; i < count; i++) find_assent(matter, acts[i]);
    return true;
}

/* ---- when any of it changes */

static int by_moment(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void turn(struct governing *g, int64_t from, int64_t until)
{
    if (from != EVER) g->turns[g->turn_count++] = from;
    if (until != NEVER) g->turns[g->turn_count++] = until;
}

static bool find_turns(struct matter *matter)
{
    struct governing *g = &matter->governing;
    size_t most = g->listing_count + g->answer_count + g->area_count + g->assent_count;
    g->turns = matter_get(matter, (2 * most + 1) * sizeof *g->turns);
    if (g->turns == NULL) return false;
    for (size_t i = 0; i < g->listing_count; i++) turn(g, g->listings[i].from, g->listings[i].until);
    for (size_t i = 0; i < g->answer_count; i++) turn(g, g->answers[i].from, g->answers[i].until);
    for (size_t i = 0; i < g->area_count; i++) turn(g, g->areas[i].from, g->areas[i].until);
    for (size_t i = 0; i < g->assent_count; i++) turn(g, g->assents[i].from, g->assents[i].until);
    qsort(g->turns, g->turn_count, sizeof *g->turns, by_moment);
    return true;
}

int64_t governing_turn(const struct matter *matter, int64_t after)
{
    const struct governing *g = &matter->governing;
    size_t low = 0, high = g->turn_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g->turns[middle] <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low < g->turn_count ? g->turns[low] : NEVER;
}

bool governing_find(struct matter *matter)
{
    struct entries found = {0};
    struct sizes sizes = {0};
    struct governing *g = &matter->governing;
    bool good = sort_out(matter, &found, &sizes);
    entries_sort(&found);
    entries_sort(&g->standings);
    entries_sort(&g->approvals);
    g->listings = matter_get(matter, (sizes.designations + 1) * sizeof *g->listings);
    g->answers = matter_get(matter, (sizes.answers + 1) * sizeof *g->answers);
    g->areas = matter_get(matter, (sizes.areas + 1) * sizeof *g->areas);
    for (size_t i = 0; good && !matter->full && i < found.count; i++) {
        const struct entry *entry = found.list[i];
        if (entry->sort == SORT_DESIGNATION) find_listing(matter, entry);
        if (entry->sort == SORT_PARTY) find_answers(matter, entry, sizes.answers);
        if (entry->sort == SORT_AREA) good = find_area(matter, entry);
    }
    entries_clear(&found);
    return good && !matter->full && find_assents(matter) && find_turns(matter);
}

/* ---- asked */

/* What the secretariat's records say of a name: the last one that speaks of it and holds then. */
static const struct listing *last_listing(const struct matter *matter, symbol name, bool affiliation, int64_t at)
{
    const struct listing *last = NULL;
    for (size_t i = 0; i < matter->governing.listing_count; i++) {
        const struct listing *l = &matter->governing.listings[i];
        bool speaks = affiliation ? l->affiliate_of != 0 : l->designates;
        if (l->group == name && speaks && in_time(l->from, l->until, at)) last = l;
    }
    return last;
}

static enum tri designated(const struct matter *matter, symbol name, int64_t at)
{
    for (unsigned hop = 0; hop < TERM_DEPTH_MOST; hop++) {
        const struct listing *listed = last_listing(matter, name, false, at);
        if (listed != NULL) return tri_of(listed->is_in);
        const struct listing *affiliate = last_listing(matter, name, true, at);
        if (affiliate == NULL) return OUT;
        name = affiliate->affiliate_of;
    }
    return MAYBE;
}

static enum tri affiliate(const struct matter *matter, symbol of, symbol name, int64_t at)
{
    for (unsigned hop = 0; hop < TERM_DEPTH_MOST; hop++) {
        const struct listing *last = last_listing(matter, name, true, at);
        if (last == NULL) return OUT;
        name = last->affiliate_of;
        if (name == of) return IN;
    }
    return MAYBE;
}

static enum tri assented(const struct matter *matter, symbol name, int64_t at)
{
    for (size_t i = 0; i < matter->governing.assent_count; i++) {
        const struct assenting *a = &matter->governing.assents[i];
        if (a->who == name && in_time(a->from, a->until, at)) return IN;
    }
    return OUT;
}

static enum tri has_role(const struct matter *matter, enum role role, symbol name)
{
    const struct member *member = members_find(matter->view->members, symbols_name(&matter->view->symbols, name));
    return tri_of(member != NULL && member->role == role);
}

/* Who belongs to it may change with time. */
static enum tri governed(const struct matter *matter, const struct group *group, symbol name, int64_t at)
{
    if (group->type == GROUP_DESIGNATED) return designated(matter, name, at);
    if (group->type == GROUP_ASSENTED) return assented(matter, name, at);
    if (group->type == GROUP_AFFILIATE) return affiliate(matter, group->names.symbols[0], name, at);
    return tri_of(answers_for(matter, group->names.symbols[0], name, at));
}

enum tri group_has_during(const struct matter *matter, const struct group *group, symbol name, int64_t from, int64_t to)
{
    enum tri out = OUT;
    switch (group->type) {
    case GROUP_NAMES: return tri_of(words_have(&group->names, name));
    case GROUP_ALL: return IN;
    case GROUP_ROLE: return has_role(matter, group->role, name);
    case GROUP_NOT: return tri_not(group_has_during(matter, group->parts[0], name, from, to));
    case GROUP_ANY:
        for (size_t i = 0; i < group->count; i++)
            out = tri_either(out, group_has_during(matter, group->parts[i], name, from, to));
        return out;
    case GROUP_DESIGNATED:
    case GROUP_ASSENTED:
    case GROUP_AFFILIATE:
    case GROUP_ANSWERED: break;
    }
    out = governed(matter, group, name, from);
    for (int64_t at = governing_turn(matter, from); at <= to && at != NEVER; at = governing_turn(matter, at))
        if (governed(matter, group, name, at) != out) return MAYBE;
    return out;
}

enum tri group_has(const struct matter *matter, const struct group *group, symbol name, int64_t at)
{
    return group_has_during(matter, group, name, at, at);
}

bool answers_for(const struct matter *matter, symbol who, symbol other, int64_t at)
{
    if (who == other) return true;
    for (size_t i = 0; i < matter->governing.answer_count; i++) {
        const struct answering *a = &matter->governing.answers[i];
        if (a->who == who && a->other == other && in_time(a->from, a->until, at)) return true;
    }
    return false;
}
