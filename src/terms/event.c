/* Events: reports, what is claimed of them, found and answered, and which reports tell of the same. Invariants: (1)
 * only those whom the reading trusts to link make two reports one; (2) a response speaks only for whoever made it or
 * whom they answer for; (3) a finding or response gives the fields that it states, never its own time. */
#include "terms/world.h"

/* ---- building: nodes are roots; attachments hang on nodes; links join nodes */

struct node {
    const struct entry *entry;
    size_t parent;
};
struct attachment {
    const struct entry *entry;
    enum said said;
    size_t node;
    size_t next; /* of the same entry, + 1 */
};
struct place_of_entry {
    size_t node, attachment; /* + 1 */
};
struct build {
    struct matter *matter;
    const struct reading *reading;
    struct node *nodes;
    size_t node_count;
    struct attachment *attachments;
    size_t attachment_count, room;
    struct place_of_entry *of; /* by the entry's place in the view */
};

static struct place_of_entry *place_of(const struct build *b, const struct entry *entry)
{
    return &b->of[entry - b->matter->view->entries];
}

static size_t top(const struct build *b, size_t node)
{
    while (b->nodes[node].parent != node) node = b->nodes[node].parent;
    return node;
}

static bool trusts(const struct build *b, const struct entry *entry)
{
    return group_has(b->matter, b->reading->trust, entry->by, entry->written) == IN;
}

static bool is_root(const struct entry *entry)
{
    if (entry_is(entry, "report") || entry_is(entry, "passage")) return true;
    if (!entry_is(entry, "claim") || json_find(entry->body, "about") != NULL) return false;
    return entry->facts.told[FACT_ACT] != NULL ||
           (entry->facts.own[FACT_ACT] != NULL && json_find(entry->body, "event") != NULL);
}

static void attach(struct build *b, const struct entry *entry, enum said said, size_t node)
{
    if (b->attachment_count == b->room) {
        size_t room = b->room == 0 ? 64 : b->room * 2;
        struct attachment *more = matter_get(b->matter, room * sizeof *more);
        if (more == NULL) return;
        if (b->attachment_count > 0) memcpy(more, b->attachments, b->attachment_count * sizeof *more);
        b->attachments = more;
        b->room = room;
    }
    struct place_of_entry *place = place_of(b, entry);
    b->attachments[b->attachment_count++] = (struct attachment){entry, said, node, place->attachment};
    place->attachment = b->attachment_count;
}

/* Whoever speaks of a record that was corrected speaks of what stands in its place. */
static const struct entry *target_of(const struct build *b, struct slice id)
{
    const struct entry *target = view_find(b->matter->view, id);
    return target == NULL ? NULL : view_head(b->matter->view, target);
}

/* Hangs `entry` on every node that the record of that id is, or hangs on. */
static void attach_to(struct build *b, const struct entry *entry, enum said said, struct slice id)
{
    const struct entry *target = target_of(b, id);
    if (target == NULL || target == entry) return;
    struct place_of_entry place = *place_of(b, target);
    if (place.node > 0) attach(b, entry, said, place.node - 1);
    for (size_t i = place.attachment; i > 0; i = b->attachments[i - 1].next)
        attach(b, entry, said, b->attachments[i - 1].node);
}

static void attach_about(struct build *b, const struct entry *entry, enum said said)
{
    const struct json *about = json_find(entry->body, "about");
    struct slice of = json_find_string(entry->body, "of");
    for (const struct json *m = about == NULL ? NULL : about->first; m != NULL; m = m->next)
        attach_to(b, entry, said, m->string);
    if (of.data != NULL) attach_to(b, entry, said, of);
}

/* The node that the record of that id is, or SIZE_MAX. */
static size_t node_of(const struct build *b, struct slice id)
{
    const struct entry *target = target_of(b, id);
    size_t node = target == NULL ? 0 : place_of(b, target)->node;
    return node > 0 ? node - 1 : SIZE_MAX;
}

static bool names_node(const struct build *b, const struct entry *link, size_t node_top)
{
    const struct json *about = json_find(link->body, "about");
    for (const struct json *m = about == NULL ? NULL : about->first; m != NULL; m = m->next) {
        size_t node = node_of(b, m->string);
        if (node != SIZE_MAX && top(b, node) == node_top) return true;
    }
    return false;
}

static bool links_trusted(const struct build *b, const struct entry *entry, const char *word)
{
    return entry_is(entry, "link") && slice_is(json_find_string(entry->body, "link"), word) &&
           group_has(b->matter, b->reading->links, entry->by, entry->written) == IN;
}

static bool held_apart(const struct build *b, size_t one, size_t other)
{
    for (size_t i = 0; i < b->matter->few_count; i++) {
        const struct entry *link = b->matter->few[i];
        if (links_trusted(b, link, "distinct") && names_node(b, link, one) && names_node(b, link, other)) return true;
    }
    return false;
}

static void join(struct build *b, const struct entry *link)
{
    size_t first = SIZE_MAX;
    for (const struct json *m = json_find(link->body, "about")->first; m != NULL; m = m->next) {
        size_t node = node_of(b, m->string);
        if (node == SIZE_MAX) continue;
        if (first == SIZE_MAX) first = node;
        size_t one = top(b, first), other = top(b, node);
        if (one != other && !held_apart(b, one, other))
            b->nodes[one < other ? other : one].parent = one < other ? one : other;
    }
}

/* ---- what an event's parts make of it */

static struct slice claimed_actor(const struct entry *entry)
{
    struct slice actor = json_find_string(entry->body, "actor");
    return actor.data != NULL ? actor : json_find_string(json_find(entry->body, "event"), "actor");
}

static bool speaks_for(const struct build *b, const struct entry *response)
{
    const struct entry *of = view_find(b->matter->view, json_find_string(response->body, "of"));
    struct slice stated = json_find_string(json_find(response->body, "event"), "actor");
    struct slice accused = of == NULL ? (struct slice){NULL, 0} : claimed_actor(of);
    if (accused.data == NULL) accused = stated;
    return accused.data != NULL && answers_for(b->matter, response->by, accused, response->written);
}

static bool justification_found(const struct build *b, const struct entry *response)
{
    for (size_t i = 0; i < b->matter->counted_count; i++) {
        const struct entry *entry = b->matter->counted[i];
        const struct json *about = json_find(entry->body, "about");
        if (!entry_is(entry, "finding") || !trusts(b, entry)) continue;
        if (!slice_is(json_find_string(entry->body, "finding"), "substantiated")) continue;
        for (const struct json *m = about == NULL ? NULL : about->first; m != NULL; m = m->next)
            if (view_find(b->matter->view, m->string) == response) return true;
    }
    return false;
}

static void weigh_response(const struct build *b, struct event *event, struct part *part)
{
    const struct entry *response = part->entry;
    struct slice word = json_find_string(response->body, "response"),
                 ground = json_find_string(response->body, "ground");
    if (!speaks_for(b, response)) return;
    bool partly = slice_is(word, "partly") && json_find(response->body, "event") != NULL;
    if (slice_is(word, "admit") || partly) event->admitted = part->usable = true;
    if (slice_is(word, "deny")) event->denied = true;
    enum excuse excuse = b->reading->excuse;
    if (ground.data == NULL || excuse == EXCUSE_NEVER || event->justified != NULL || !part->trusted) return;
    if (excuse == EXCUSE_FOUND && !justification_found(b, response)) return;
    event->ground = ground;
    event->justified = response;
}

static void weigh_finding(struct event *event, struct part *part)
{
    struct slice word = json_find_string(part->entry->body, "finding");
    if (!part->trusted) return;
    part->usable = slice_is(word, "substantiated");
    if (part->usable) event->found = true, event->not_found = false;
    if (slice_is(word, "not-substantiated")) event->found = false, event->not_found = true;
}

static void weigh(const struct build *b, struct event *event)
{
    for (struct part *part = event->parts; part != NULL; part = (struct part *)(uintptr_t)part->next) {
        part->trusted = trusts(b, part->entry);
        bool claim = entry_is(part->entry, "claim");
        if (part->said == SAID_FINDING) weigh_finding(event, part);
        if (part->said == SAID_RESPONSE) weigh_response(b, event, part);
        if (part->said > SAID_CLAIM || !part->trusted) continue;
        event->credible = true;
        if (claim)
            event->claimed = true;
        else
            event->reported = true;
    }
    for (struct part *part = event->parts; part != NULL; part = (struct part *)(uintptr_t)part->next) {
        bool claim = entry_is(part->entry, "claim");
        if (part->said > SAID_CLAIM) continue;
        part->usable = part->trusted && (!claim || (b->reading->need & NEED_CLAIM) != 0);
        if (!claim && (event->found || event->admitted)) part->usable = true;
    }
    /* who admits what was claimed admits what the claim says */
    for (const struct part *part = event->parts; part != NULL; part = part->next)
        for (struct part *other = event->parts; part->said == SAID_RESPONSE && part->usable && other != NULL;
             other = (struct part *)(uintptr_t)other->next)
            if (slice_is(json_find_string(part->entry->body, "response"), "admit") &&
                view_find(b->matter->view, json_find_string(part->entry->body, "of")) == other->entry)
                other->usable = true;
}

/* ---- when it happened: a finding's time, else an admission's, else the narrowest of the reports' */

static bool told_when(const struct part *part, int64_t *from, int64_t *to)
{
    const struct facts *facts = &part->entry->facts;
    if (part->said == SAID_ROOT && entry_is(part->entry, "passage")) {
        *from = *to = entry_time(part->entry, "at");
        return *from != NEVER;
    }
    bool own = part->said == SAID_ROOT && !entry_is(part->entry, "claim");
    const struct json *when = own ? facts->own[FACT_WHEN] : facts->told[FACT_WHEN];
    return time_parse(from, json_find_string(when, "from")) && time_parse(to, json_find_string(when, "to"));
}

static unsigned weight(const struct part *part)
{
    return part->said == SAID_FINDING ? 3 : part->said == SAID_RESPONSE ? 2 : part->usable ? 1 : 0;
}

static void date(struct event *event)
{
    unsigned best = 0;
    for (const struct part *part = event->parts; part != NULL; part = part->next) {
        int64_t from, to;
        unsigned w = weight(part);
        if (part->said >= SAID_FINDING && !part->usable) continue;
        if (!told_when(part, &from, &to)) continue;
        bool narrower = w == best && to - from < event->to - event->from;
        if (event->timed && w <= best && !narrower) continue;
        event->timed = true;
        event->from = from;
        event->to = to;
        best = w;
    }
}

/* ---- together */

static void append(struct build *b, struct event *event, const struct entry *entry, enum said said)
{
    struct part **link = &event->parts;
    while (*link != NULL) {
        if ((*link)->entry == entry) return;
        link = (struct part **)(uintptr_t) & (*link)->next;
    }
    *link = matter_get(b->matter, sizeof **link);
    if (*link != NULL) **link = (struct part){.entry = entry, .said = said};
}

static bool gather(struct build *b)
{
    static const char *const hung[] = {"claim", "finding", "response"};
    struct matter *matter = b->matter;
    b->nodes = matter_get(matter, (matter->counted_count + 1) * sizeof *b->nodes);
    b->of = matter_get(matter, (matter->view->count + 1) * sizeof *b->of);
    if (b->nodes == NULL || b->of == NULL) return false;
    for (size_t i = 0; i < matter->counted_count; i++)
        if (is_root(matter->counted[i])) {
            b->nodes[b->node_count] = (struct node){matter->counted[i], b->node_count};
            place_of(b, matter->counted[i])->node = ++b->node_count;
        }
    for (size_t k = 0; k < COUNT_OF(hung); k++)
        for (size_t i = 0; i < matter->counted_count; i++)
            if (entry_is(matter->counted[i], hung[k]) && !is_root(matter->counted[i]))
                attach_about(b, matter->counted[i], (enum said)(SAID_CLAIM + k));
    for (size_t i = 0; i < matter->few_count; i++)
        if (links_trusted(b, matter->few[i], "same")) join(b, matter->few[i]);
    return !matter->full;
}

static struct account *build(struct matter *matter, const struct reading *reading)
{
    struct build b = {.matter = matter, .reading = reading};
    struct account *account = matter_get(matter, sizeof *account);
    if (account == NULL || !gather(&b)) return NULL;
    size_t *event_of = matter_get(matter, (b.node_count + 1) * sizeof *event_of);
    *account = (struct account){.reading = reading,
                                .events = matter_get(matter, (b.node_count + 1) * sizeof *account->events)};
    if (event_of == NULL || account->events == NULL) return NULL;
    for (size_t i = 0; i < b.node_count; i++) {
        size_t root = top(&b, i);
        event_of[i] = root == i ? account->count++ : event_of[root];
        struct event *event = &account->events[event_of[i]];
        if (root == i) event->first = b.nodes[i].entry;
        append(&b, event, b.nodes[i].entry, SAID_ROOT);
    }
    for (size_t i = 0; i < b.attachment_count; i++)
        append(&b, &account->events[event_of[b.attachments[i].node]], b.attachments[i].entry, b.attachments[i].said);
    for (size_t i = 0; i < account->count; i++) {
        weigh(&b, &account->events[i]);
        date(&account->events[i]);
    }
    return matter->full ? NULL : account;
}

/* ---- where a term says who decides */

static enum standard standard_of(const struct entry *finding)
{
    static const char *const words[] = {"plausible", "probable", "highly-probable"};
    struct slice word = json_find_string(finding->body, "standard");
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (slice_is(word, words[i])) return (enum standard)(STANDARD_PLAUSIBLE + i);
    return STANDARD_NONE;
}

/* An author's last finding on it is what that author finds. */
static bool is_last_of_author(const struct part *part)
{
    for (const struct part *later = part->next; later != NULL; later = later->next)
        if (later->said == SAID_FINDING && slice_equal(later->entry->by, part->entry->by)) return false;
    return true;
}

/* When whoever it is attributed to (or answers for them) first answered; NEVER. */
static int64_t answered_at(const struct matter *matter, const struct event *event)
{
    struct slice accused = event_actor(event);
    int64_t at = NEVER;
    for (const struct part *part = event->parts; part != NULL; part = part->next) {
        const struct entry *entry = part->entry;
        bool answers = part->said == SAID_RESPONSE &&
                       (accused.data == NULL || answers_for(matter, entry->by, accused, entry->written));
        if (answers && entry->received < at) at = entry->received;
    }
    return at;
}

bool event_decided(const struct matter *matter, const struct finding_rule *rule, const struct event *event,
                   int64_t *ripe)
{
    int64_t found = 0, at = EVER;
    for (const struct part *part = event->parts; part != NULL; part = part->next) {
        const struct entry *entry = part->entry;
        if (part->said != SAID_FINDING || !slice_is(json_find_string(entry->body, "finding"), "substantiated") ||
            standard_of(entry) < rule->standard || !is_last_of_author(part) ||
            group_has(matter, rule->by, entry->by, entry->written) != IN)
            continue;
        if (++found == rule->quorum) at = entry->received;
    }
    if (found < rule->quorum) return false;
    int64_t answered = answered_at(matter, event), due = at + rule->reply_s;
    if (rule->reply_s > 0) *ripe = answered > due ? due : answered > at ? answered : at;
    return true;
}

const struct account *account_get(struct matter *matter, size_t reading)
{
    if (matter->accounts[reading] == NULL)
        matter->accounts[reading] = build(matter, &matter->agreement->readings[reading]);
    return matter->accounts[reading];
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
