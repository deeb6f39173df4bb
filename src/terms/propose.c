/* Effects: what an agreement proposes to somebody when a term's joint verdict is so. A proposal waits until one of
 * those asked takes it up: by a record about what made the verdict, or by the act itself. Nothing is done by the
 * program. */
#include "terms/write.h"

struct proposed {
    const struct standing *standing;
    const struct heard *heard;
    const struct judged *judged;
    const struct proposal *proposal;
    struct ruling because; /* all that made the verdict */
};

/* It is about one of the records that made the verdict, or names the term. */
static bool about_it(const struct proposed *p, const struct entry *entry)
{
    for (uint32_t k = 0; k < entry->name_count; k++) {
        const struct entry *named = view_named(p->standing->view, entry, k);
        for (size_t i = 0; named != NULL && i < p->because.because_count; i++)
            if (p->because.because[i] == named) return true;
    }
    struct slice term = json_find_string(entry->body, "term");
    size_t slash = 0;
    while (slash < term.size && term.data[slash] != '/') slash++;
    if (slash < term.size) term = slice_part(term, slash + 1, term.size);
    return term.size > 0 && slice_equal(term, p->judged->term->id);
}

/* The act itself: extending is renewing. */
static bool is_the_act(const struct proposed *p, const struct entry *entry)
{
    char id[HASH_HEX_SIZE];
    struct slice act = json_find_string(entry->body, "act"), wanted = p->proposal->act;
    hash_format(&p->heard->hearing->record->id.hash, id);
    return entry->sort == SORT_STANDING && slice_is(json_find_string(entry->body, "agreement"), id) &&
           (slice_equal(act, wanted) || (slice_is(wanted, "extend") && slice_is(act, "renew")));
}

static int64_t came_about(const struct judged *j)
{
    int64_t since = EVER;
    for (size_t i = 0; i < j->readings * j->wordings; i++)
        if (j->rulings[i].verdict == j->verdict && j->rulings[i].since != NEVER && j->rulings[i].since > since)
            since = j->rulings[i].since;
    return since;
}

static bool taken_up(const struct proposed *p)
{
    const struct matter *matter = &p->heard->hearing->matter;
    int64_t since = came_about(p->judged);
    for (size_t i = 0; i < matter->view->others.count; i++) {
        const struct entry *entry = matter->view->others.list[i];
        if (!entry->counts || entry->sort == SORT_COVERAGE) continue;
        if (entry->act_time > p->standing->at || entry->act_time < since) continue;
        if (!about_it(p, entry) && !is_the_act(p, entry)) continue;
        bool made_it = false; /* what made the verdict does not answer it */
        for (size_t k = 0; k < p->because.because_count; k++) made_it |= p->because.because[k] == entry;
        if (!made_it && group_has(matter, p->proposal->ask, entry->author, entry->act_time) == IN) return true;
    }
    return false;
}

static void put_asked(struct json_writer *out, const struct proposed *p)
{
    const struct group *ask = p->proposal->ask;
    const struct members *members = p->standing->view->members;
    json_put_key(out, "ask");
    json_put_array(out);
    for (size_t i = 0; ask->type == GROUP_NAMES && i < ask->names.count; i++) json_put_slice(out, ask->names.list[i]);
    for (size_t i = 0; ask->type != GROUP_NAMES && i < members_count(members); i++)
        if (group_has(&p->heard->hearing->matter, ask, view_symbol(p->standing->view, members_at(members, i)->party),
                      p->standing->at) == IN)
            json_put_slice(out, members_at(members, i)->party);
    json_put_close(out);
}

static bool asks(const struct proposed *p, const struct parties *to)
{
    const struct matter *matter = &p->heard->hearing->matter;
    bool any = to == NULL;
    for (size_t i = 0; to != NULL && i < to->count && !any; i++)
        any = group_has(matter, p->proposal->ask, view_symbol(matter->view, to->list[i]), p->standing->at) == IN;
    return any;
}

static void put_proposal(struct json_writer *out, struct proposed *p, const struct parties *to)
{
    const struct judged *j = p->judged;
    enum stand stand = course_at(&p->heard->hearing->matter.whole, p->standing->at)->stand;
    if ((p->proposal->on >> j->verdict & 1) == 0 || stand == STAND_NOT_BEGUN || stand >= STAND_LAPSED) return;
    p->because = rulings_because(j->rulings, j->readings * j->wordings, j->verdict);
    if (!asks(p, to) || taken_up(p)) return;
    json_put_object(out);
    json_put_key(out, "agreement");
    json_put_slice(out, p->heard->hearing->agreement->name);
    put_asked(out, p);
    put_because(out, j->rulings, j->readings * j->wordings, j->verdict);
    json_put_key(out, "do");
    json_put_slice(out, p->proposal->act);
    json_put_key(out, "on");
    json_put_string(out, verdict_name(j->verdict));
    put_time(out, "since", came_about(j));
    json_put_key(out, "term");
    json_put_slice(out, j->term->id);
    if (p->proposal->what != NULL) {
        json_put_key(out, "what");
        json_put_tree(out, p->proposal->what);
    }
    json_put_close(out);
}

void put_proposals(struct json_writer *out, const struct standing *standing, const struct parties *to)
{
    json_put_array(out);
    for (size_t a = 0; a < standing->count; a++) {
        const struct heard *heard = &standing->heard[a];
        for (size_t t = 0; t < heard->hearing->agreement->term_count; t++) {
            const struct term *term = &heard->hearing->agreement->terms[t];
            for (size_t i = 0; i < term->proposal_count; i++) {
                struct proposed p = {standing, heard, &heard->judged[t], &term->proposals[i], {0}};
                put_proposal(out, &p, to);
            }
        }
    }
    json_put_close(out);
}
