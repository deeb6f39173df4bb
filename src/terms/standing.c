/* Where an agreement and its channels stand, at every moment. Invariants: (1) an act counts from the later of what it
 * states and when it was received; (2) who has no right changes nothing; (3) `whole` does not reach channels; (4) each
 * suspender lifts its own. */
#include "terms/world.h"

static const char *const names[] = {"not-begun", "in-force", "suspended", "lapsed", "withdrawn"};

const char *stand_name(enum stand stand)
{
    return names[stand];
}

const struct stage *course_at(const struct course *course, int64_t at)
{
    size_t i = course->count - 1;
    while (i > 0 && course->stages[i].at > at) i--;
    return &course->stages[i];
}

/* ---- one course: acts in the order in which they take effect */

struct track {
    struct matter *matter;
    struct slice channel; /* empty: the whole */
    const struct group *suspend, *withdraw;
    const struct entry **acts;
    size_t count;
    int64_t begins; /* NEVER until all assented */
    bool assented;
    const struct entry **assents; /* one a party, as in the agreement */
    const struct entry **holding; /* suspensions that hold */
    size_t holding_count;
    const struct entry *withdrawn;
    struct stage *stages;
    size_t stage_count;
};

static bool names_agreement(const struct matter *matter, const struct entry *entry)
{
    char id[HASH_HEX_SIZE];
    hash_format(&matter->record->id.hash, id);
    return slice_is(json_find_string(entry->body, "agreement"), id);
}

static void sort_acts(const struct entry **acts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && acts[j - 1]->act_time > acts[j]->act_time; j--) {
            const struct entry *swap = acts[j];
            acts[j] = acts[j - 1];
            acts[j - 1] = swap;
        }
}

static bool gather(struct track *t)
{
    struct matter *matter = t->matter;
    size_t room = matter->governing.standings.count + 1, parties = matter->agreement->force.assent.count;
    t->acts = matter_get(matter, room * sizeof(struct entry *));
    t->holding = matter_get(matter, room * sizeof(struct entry *));
    t->assents = matter_get(matter, (parties + 1) * sizeof(struct entry *));
    t->stages = matter_get(matter, (2 * room + 4) * sizeof *t->stages);
    if (t->acts == NULL || t->holding == NULL || t->assents == NULL || t->stages == NULL) return false;
    for (size_t i = 0; i < matter->governing.standings.count; i++)
        if (names_agreement(matter, matter->governing.standings.list[i]))
            t->acts[t->count++] = matter->governing.standings.list[i];
    sort_acts(t->acts, t->count);
    return true;
}

static bool in_scope(struct slice channel, const struct entry *act)
{
    const struct json *scope = json_find(act->body, "scope");
    if (channel.size == 0) return json_find_bool(scope, "whole");
    return slice_equal(json_find_string(scope, "channel"), channel);
}

/* A right to withdraw is one to suspend. */
static bool has_right(const struct matter *matter, const struct group *suspend, const struct group *withdraw,
                      const struct entry *act)
{
    int64_t at = act->act_time;
    bool may_withdraw = withdraw != NULL && group_has(matter, withdraw, act->author, at) == IN;
    if (may_withdraw || slice_is(json_find_string(act->body, "act"), "withdraw")) return may_withdraw;
    return suspend != NULL && group_has(matter, suspend, act->author, at) == IN;
}

bool act_has_right(const struct matter *matter, const struct entry *act)
{
    const struct agreement *agreement = matter->agreement;
    const struct force *force = &agreement->force;
    struct slice what = json_find_string(act->body, "act"),
                 channel = json_find_string(json_find(act->body, "scope"), "channel");
    if (!slice_is(what, "suspend") && !slice_is(what, "withdraw")) return true;
    for (size_t i = 0; i < agreement->channel_count; i++)
        if (slice_equal(agreement->channels[i].name, channel))
            return has_right(matter, agreement->channels[i].suspend, agreement->channels[i].withdraw, act);
    return has_right(matter, force->suspend, force->withdraw, act);
}

static void lift(struct track *t, struct slice by)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->holding_count; i++)
        if (!slice_equal(t->holding[i]->by, by)) t->holding[kept++] = t->holding[i];
    t->holding_count = kept;
}

/* Assent is to the whole; it is what every course begins with. */
static void note_assent(struct track *t, const struct entry *act)
{
    const struct words *parties = &t->matter->agreement->force.assent;
    if (!json_find_bool(json_find(act->body, "scope"), "whole")) return;
    for (size_t i = 0; i < parties->count; i++)
        if (slice_equal(parties->list[i], act->by) && t->assents[i] == NULL) t->assents[i] = act;
    if (t->withdrawn != NULL && slice_equal(t->withdrawn->by, act->by)) t->withdrawn = NULL;
}

static void note_act(struct track *t, const struct entry *act)
{
    struct slice what = json_find_string(act->body, "act");
    if (slice_is(what, "assent")) note_assent(t, act);
    if (!in_scope(t->channel, act)) return;
    if (slice_is(what, "suspend") && has_right(t->matter, t->suspend, t->withdraw, act)) {
        lift(t, act->by);
        t->holding[t->holding_count++] = act;
    }
    if (slice_is(what, "resume")) lift(t, act->by);
    if (slice_is(what, "withdraw") && has_right(t->matter, t->suspend, t->withdraw, act) && t->withdrawn == NULL)
        t->withdrawn = act;
}

static int64_t assented_at(const struct track *t)
{
    const struct words *parties = &t->matter->agreement->force.assent;
    int64_t at = EVER;
    for (size_t i = 0; i < parties->count; i++) {
        if (t->assents[i] == NULL) return NEVER;
        if (t->assents[i]->act_time > at) at = t->assents[i]->act_time;
    }
    return at;
}

static const struct entry *const *kept(struct track *t, const struct entry *const *acts, size_t count)
{
    const struct entry **copy = matter_get(t->matter, (count + 1) * sizeof(struct entry *));
    if (copy != NULL && count > 0) memcpy(copy, acts, count * sizeof(struct entry *));
    return copy;
}

static void put_stage(struct track *t, int64_t at, int64_t lapses)
{
    struct stage stage = {.at = at, .stand = STAND_IN_FORCE};
    const struct entry *one[1] = {t->withdrawn};
    if (t->withdrawn != NULL) {
        stage.stand = STAND_WITHDRAWN;
        stage.acts = kept(t, one, stage.count = 1);
    } else if (at < t->begins) {
        stage.stand = STAND_NOT_BEGUN;
    } else if (at >= lapses) {
        stage.stand = STAND_LAPSED;
    } else if (t->holding_count > 0) {
        stage.stand = STAND_SUSPENDED;
        stage.acts = kept(t, t->holding, stage.count = t->holding_count);
    } else {
        stage.acts =
            kept(t, t->assents, stage.count = t->begins == NEVER ? 0 : t->matter->agreement->force.assent.count);
    }
    struct stage *last = t->stage_count > 0 ? &t->stages[t->stage_count - 1] : NULL;
    if (last != NULL && last->stand == stage.stand) {
        last->acts = stage.acts;
        last->count = stage.count;
        return;
    }
    if (last != NULL && last->at == at) t->stage_count--;
    t->stages[t->stage_count++] = stage;
}

/* The n-th signed act that surely fits, by when it took effect. */
static int64_t act_came(const struct matter *matter, const struct wording *wording)
{
    const struct entries *acts = &matter->acts;
    int64_t last = EVER;
    for (int64_t n = 0; n < wording->rule->n; n++) {
        int64_t next = NEVER;
        size_t here = 0;
        for (size_t i = 0; i < acts->count; i++) {
            const struct entry *entry = acts->list[i];
            if (!entry->counts || act_fits(matter, wording->rule->of, wording->who, entry).fits != IN) continue;
            if (entry->act_time <= last) here++; /* came before, or at the same moment */
            if (entry->act_time > last && entry->act_time < next) next = entry->act_time;
        }
        if ((int64_t)here > n) continue;
        if (next == NEVER) return NEVER;
        last = next;
    }
    return last;
}

/* What brings into force, or ends it: times, and signed acts. */
static bool fixed_moment(const struct matter *matter, struct slice channel, const struct moment *moment, int64_t *out)
{
    int64_t at = moment->type == MOMENT_FIRST ? NEVER : EVER;
    if (moment->type == MOMENT_AT) at = moment->at;
    if (moment->type == MOMENT_DONE && moment->term < TERMS_MOST) return false;
    if (moment->type == MOMENT_DONE) at = act_came(matter, agreement_term(matter->agreement, moment->term)->wordings);
    for (size_t i = 0; i < moment->count; i++) {
        int64_t part;
        bool known = fixed_moment(matter, channel, moment->parts[i], &part);
        if (!known && moment->type == MOMENT_LAST) return false;
        if (known && (moment->type == MOMENT_FIRST ? part < at : part > at)) at = part;
    }
    if (at == NEVER || at == EVER) return false;
    at = zone_days_later(moment->zone, at, moment->days) + moment->plus_s;
    *out = moment->renew.count > 0 ? renewed_until(matter, channel, &moment->renew, at) : at;
    return true;
}

/* Every party's renewal carries the end on to the least of what they name. */
static int64_t renewed_in(const struct matter *matter, struct slice channel, const struct words *parties, int64_t until)
{
    for (size_t round = 0; round <= matter->governing.standings.count; round++) {
        int64_t next = NEVER;
        for (size_t p = 0; p < parties->count; p++) {
            int64_t longest = until;
            for (size_t i = 0; i < matter->governing.standings.count; i++) {
                const struct entry *act = matter->governing.standings.list[i];
                bool renews = names_agreement(matter, act) && in_scope(channel, act) &&
                              slice_is(json_find_string(act->body, "act"), "renew");
                int64_t named = entry_time(act, "until");
                if (renews && slice_equal(act->by, parties->list[p]) && act->act_time <= until && named != NEVER &&
                    named > longest)
                    longest = named;
            }
            if (longest < next) next = longest;
        }
        if (next <= until || next == NEVER) break;
        until = next;
    }
    return until;
}

int64_t renewed_until(const struct matter *matter, struct slice channel, const struct words *parties, int64_t until)
{
    until = renewed_in(matter, (struct slice){NULL, 0}, parties, until); /* the whole carries its channels on */
    return channel.size > 0 ? renewed_in(matter, channel, parties, until) : until;
}

static int64_t lapses_at(struct track *t)
{
    int64_t until;
    const struct moment *moment = t->matter->agreement->force.until;
    const struct words *parties = &t->matter->agreement->force.assent;
    if (moment == NULL || !fixed_moment(t->matter, t->channel, moment, &until)) return NEVER;
    return renewed_until(t->matter, t->channel, parties, until);
}

static int64_t begins_at(struct track *t, bool missing)
{
    const struct moment *from = t->matter->agreement->force.from;
    int64_t at = EVER, assented;
    for (size_t i = 0; i < t->count; i++)
        if (slice_is(json_find_string(t->acts[i]->body, "act"), "assent")) note_assent(t, t->acts[i]);
    assented = assented_at(t);
    t->assented = assented != NEVER;
    if (missing || assented == NEVER || (from != NULL && !fixed_moment(t->matter, t->channel, from, &at))) return NEVER;
    return assented > at ? assented : at;
}

static bool run(struct course *out, struct track *t, bool missing)
{
    if (!gather(t)) return false;
    t->begins = begins_at(t, missing);
    int64_t lapses = lapses_at(t);
    int64_t last = EVER; /* looked at: what never began does not lapse, and then no stage tells of it */
    size_t next = 0;
    put_stage(t, EVER, lapses);
    for (;;) {
        int64_t at = next < t->count ? t->acts[next]->act_time : NEVER;
        if (t->begins < at && t->begins > last && t->stages[t->stage_count - 1].stand == STAND_NOT_BEGUN)
            at = t->begins;
        if (lapses < at && lapses > last && t->stages[t->stage_count - 1].stand < STAND_LAPSED) at = lapses;
        if (at == NEVER) break;
        while (next < t->count && t->acts[next]->act_time <= at) note_act(t, t->acts[next++]);
        put_stage(t, at, lapses);
        last = at;
    }
    *out = (struct course){t->stages, t->stage_count, !missing && t->assented};
    return !t->matter->full;
}

/* ---- the agreement and its channels */

bool courses_find(struct matter *matter, bool missing)
{
    const struct agreement *agreement = matter->agreement;
    struct track whole = {.matter = matter, .suspend = agreement->force.suspend, .withdraw = agreement->force.withdraw};
    matter->channels = matter_get(matter, (agreement->channel_count + 1) * sizeof *matter->channels);
    if (matter->full || !run(&matter->whole, &whole, missing)) return false;
    for (size_t i = 0; i < agreement->channel_count; i++) {
        const struct channel *channel = &agreement->channels[i];
        struct track track = {
            .matter = matter, .channel = channel->name, .suspend = channel->suspend, .withdraw = channel->withdraw};
        if (!run(&matter->channels[i], &track, missing)) return false;
    }
    return true;
}

/* A term that names a channel stands with it; any other with the agreement. */
const struct course *matter_course(const struct matter *matter, struct slice channel)
{
    for (size_t i = 0; channel.size > 0 && i < matter->agreement->channel_count; i++)
        if (slice_equal(matter->agreement->channels[i].name, channel)) return &matter->channels[i];
    return &matter->whole;
}
