/* Events: reports, what is claimed of them, found and answered, and which reports tell of the same. Invariants: (1)
 * only those whom the reading trusts to link make two reports one; (2) a response speaks only for whoever made it or
 * whom they answer for; (3) a finding or response gives the fields that it states, never its own time; (4) what an
 * event is depends on which records count and not on the order in which they came to. */
#include "terms/account.h"

#include <stdlib.h>

/* ---- what hangs on a record that tells an event: claims, then findings, then responses, each on what comes before */

static enum said said_of(const struct entry *entry)
{
    return entry->tells_event            ? SAID_ROOT
           : entry->sort == SORT_CLAIM   ? SAID_CLAIM
           : entry->sort == SORT_FINDING ? SAID_FINDING
                                         : SAID_RESPONSE;
}

static bool can_hang(const struct entry *entry)
{
    return !entry->tells_event &&
           (entry->sort == SORT_CLAIM || entry->sort == SORT_FINDING || entry->sort == SORT_RESPONSE);
}

bool hangs_on(const struct entry *entry, const struct entry *target)
{
    return can_hang(entry) && (target->tells_event || (can_hang(target) && said_of(target) <= said_of(entry)));
}

static bool among(const struct entries *entries, const struct entry *entry)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->list[i] == entry) return true;
    return false;
}

static int in_order(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
    enum said s = said_of(x), t = said_of(y);
    if (s != t) return s < t ? -1 : 1;
    return entry_order(x, y);
}

/* Everything that counts and hangs on what is in the list already, with it. */
void event_hang(const struct view *view, struct entries *out)
{
    for (size_t i = 0; i < out->count && !out->full; i++) {
        struct entries naming = {0};
        view_naming(view, out->list[i], &naming);
        for (size_t k = 0; k < naming.count; k++)
            if (naming.list[k]->counts && hangs_on(naming.list[k], out->list[i]) && !among(out, naming.list[k]))
                entries_put(out, naming.list[k]);
        out->full = out->full || naming.full;
        entries_clear(&naming);
    }
    if (out->count > 1) qsort(out->list, out->count, sizeof(struct entry *), in_order);
}

/* ---- what an event's parts make of it */

static symbol claimed_actor(const struct entry *entry)
{
    if (entry->own != NULL && entry->own->actor != 0) return entry->own->actor;
    return entry->told == NULL ? 0 : entry->told->actor;
}

static const struct entry *responded_to(const struct matter *matter, const struct entry *response)
{
    return response->has_of ? view_named(matter->view, response, response->name_count - 1) : NULL;
}

static bool speaks_for(const struct matter *matter, const struct entry *response)
{
    const struct entry *of = responded_to(matter, response);
    symbol accused = of == NULL ? 0 : claimed_actor(of);
    if (accused == 0 && response->told != NULL) accused = response->told->actor;
    return accused != 0 && answers_for(matter, response->author, accused, response->written);
}

static bool trusts(const struct matter *matter, const struct reading *reading, const struct entry *entry)
{
    return group_has(matter, reading->trust, entry->author, entry->written) == IN;
}

static bool justification_found(const struct matter *matter, const struct reading *reading,
                                const struct entry *response)
{
    struct entries naming = {0};
    bool found = false;
    view_naming(matter->view, response, &naming);
    for (size_t i = 0; i < naming.count; i++)
        found = found || (naming.list[i]->counts && naming.list[i]->sort == SORT_FINDING &&
                          naming.list[i]->word == FINDING_SUBSTANTIATED && trusts(matter, reading, naming.list[i]));
    entries_clear(&naming);
    return found;
}

static void weigh_response(const struct matter *matter, struct event *event, struct part *part)
{
    const struct entry *response = part->entry;
    if (!speaks_for(matter, response)) return;
    bool partly = response->word == RESPONSE_PARTLY && response->told != NULL;
    if (response->word == RESPONSE_ADMIT || partly) event->admitted = part->usable = true;
    if (response->word == RESPONSE_ADMIT) event->borne_out = true;
    if (response->word == RESPONSE_DENY) event->denied = true;
}

const struct entry *event_justified(const struct matter *matter, const struct reading *reading,
                                    const struct event *event, symbol ground)
{
    for (size_t i = 0; reading->excuse != EXCUSE_NEVER && i < event->part_count; i++) {
        const struct part *part = &event->parts[i];
        const struct entry *response = part->entry;
        if (part->said != SAID_RESPONSE || response->ground != ground || !speaks_for(matter, response)) continue;
        if (reading->excuse == EXCUSE_CLAIMED ? part->trusted : justification_found(matter, reading, response))
            return response;
    }
    return NULL;
}

static void weigh_finding(struct event *event, struct part *part)
{
    uint8_t word = part->entry->word;
    if (!part->trusted) return;
    part->usable = word == FINDING_SUBSTANTIATED;
    if (part->usable) event->found = true, event->not_found = false;
    if (part->usable && part->entry->told == NULL) event->borne_out = true;
    if (word == FINDING_NOT) event->found = false, event->not_found = true;
}

/* Who admits what was reported, claimed or found admits what that says; what others respond is their own. */
static void admit_claims(const struct matter *matter, struct event *event)
{
    for (size_t i = 0; i < event->part_count; i++) {
        const struct part *part = &event->parts[i];
        if (part->said != SAID_RESPONSE || !part->usable || part->entry->word != RESPONSE_ADMIT) continue;
        const struct entry *of = responded_to(matter, part->entry);
        for (size_t k = 0; k < event->part_count; k++)
            if (event->parts[k].entry == of && event->parts[k].said != SAID_RESPONSE) event->parts[k].usable = true;
    }
}

static void weigh(const struct matter *matter, const struct reading *reading, struct event *event)
{
    for (size_t i = 0; i < event->part_count; i++) {
        struct part *part = &event->parts[i];
        part->trusted = trusts(matter, reading, part->entry);
        if (part->said == SAID_FINDING) weigh_finding(event, part);
        if (part->said == SAID_RESPONSE) weigh_response(matter, event, part);
        if (part->said > SAID_CLAIM || !part->trusted) continue;
        event->credible = true;
        if (part->entry->sort == SORT_CLAIM)
            event->claimed = true;
        else
            event->reported = true;
    }
    bool any = false;
    for (size_t i = 0; i < event->part_count; i++) {
        struct part *part = &event->parts[i];
        bool claim = part->entry->sort == SORT_CLAIM;
        if (part->said <= SAID_CLAIM) {
            part->usable = part->trusted && (!claim || (reading->need & NEED_CLAIM) != 0);
            if (!claim && event->borne_out) part->usable = true;
        }
        any = any || part->usable;
    }
    event->hearsay = !any;
    if (event->admitted) admit_claims(matter, event);
}

/* ---- when it happened: a finding's time, else an admission's, else the narrowest of the reports'; where nobody tells,
 * at some time before it was received */

static bool told_when(const struct part *part, int64_t *from, int64_t *to)
{
    const struct entry *entry = part->entry;
    bool own = part->said == SAID_ROOT && entry->sort != SORT_CLAIM;
    const struct tale *tale = own ? entry->own : entry->told;
    if (tale == NULL || !tale->timed) return false;
    *from = tale->from;
    *to = tale->to;
    return true;
}

static unsigned weight(const struct part *part)
{
    return part->said == SAID_FINDING ? 3 : part->said == SAID_RESPONSE ? 2 : part->usable ? 1 : 0;
}

static void date(struct event *event)
{
    bool timed = false;
    unsigned best = 0;
    event->from = TIME_LEAST;
    event->to = event->first->received;
    for (size_t i = 0; i < event->part_count; i++) {
        const struct part *part = &event->parts[i];
        int64_t from, to;
        unsigned w = weight(part);
        if (part->said >= SAID_FINDING && !part->usable) continue;
        if (!told_when(part, &from, &to)) continue;
        bool narrower = w == best && to - from < event->to - event->from;
        if (timed && w <= best && !narrower) continue;
        timed = true;
        event->from = from;
        event->to = to;
        best = w;
    }
}

const struct event *event_lone(const struct matter *matter, const struct reading *reading, const struct entry *entry,
                               struct lone *out)
{
    out->part = (struct part){.entry = entry, .said = SAID_ROOT};
    out->event = (struct event){.parts = &out->part, .part_count = 1, .first = entry};
    weigh(matter, reading, &out->event);
    date(&out->event);
    return &out->event;
}

struct event *event_make(struct matter *matter, const struct reading *reading, const struct entries *roots)
{
    struct event *event = malloc(sizeof *event + roots->count * sizeof(struct part));
    if (event == NULL || roots->full) {
        matter->full = true;
        free(event);
        return NULL;
    }
    struct part *parts = (struct part *)(void *)(event + 1);
    *event = (struct event){.parts = parts, .part_count = roots->count, .first = roots->list[0]};
    for (size_t i = 0; i < roots->count; i++)
        parts[i] = (struct part){.entry = roots->list[i], .said = said_of(roots->list[i])};
    weigh(matter, reading, event);
    date(event);
    return event;
}

/* ---- where a term says who decides */

/* An author's last finding on it is what that author finds. */
static bool is_last_of_author(const struct event *event, size_t i)
{
    for (size_t k = i + 1; k < event->part_count; k++)
        if (event->parts[k].said == SAID_FINDING && event->parts[k].entry->author == event->parts[i].entry->author)
            return false;
    return true;
}

/* When whoever it is attributed to (or answers for them) first answered after that; NEVER. */
static int64_t answered_after(const struct matter *matter, const struct event *event, int64_t after)
{
    symbol accused = event_actor(event);
    int64_t at = NEVER;
    for (size_t i = 0; i < event->part_count; i++) {
        const struct entry *entry = event->parts[i].entry;
        bool answers = event->parts[i].said == SAID_RESPONSE &&
                       (accused == 0 || answers_for(matter, entry->author, accused, entry->written));
        if (answers && entry->received > after && entry->received < at) at = entry->received;
    }
    return at;
}

bool event_decided(const struct matter *matter, const struct finding_rule *rule, const struct event *event,
                   int64_t *ripe)
{
    int64_t found = 0, at = EVER;
    for (size_t i = 0; i < event->part_count; i++) {
        const struct entry *entry = event->parts[i].entry;
        if (event->parts[i].said != SAID_FINDING || entry->word != FINDING_SUBSTANTIATED ||
            entry->standard < rule->standard || !is_last_of_author(event, i) ||
            group_has(matter, rule->by, entry->author, entry->written) != IN)
            continue;
        if (++found == rule->quorum) at = entry->received;
    }
    if (found < rule->quorum) return false;
    int64_t answered = answered_after(matter, event, at), due = at + rule->reply_s;
    if (rule->reply_s > 0) *ripe = answered < due ? answered : due;
    return true;
}

bool event_counts(const struct reading *reading, const struct event *event)
{
    if ((reading->unless & UNLESS_NOT_FOUND) != 0 && event->not_found) return false;
    if ((reading->unless & UNLESS_DENY) != 0 && event->denied && !event->found && !event->admitted) return false;
    return ((reading->need & NEED_REPORT) != 0 && event->reported) ||
           ((reading->need & NEED_CLAIM) != 0 && event->claimed) ||
           ((reading->need & NEED_FOUND) != 0 && event->found) ||
           ((reading->need & NEED_ADMITTED) != 0 && event->admitted);
}
