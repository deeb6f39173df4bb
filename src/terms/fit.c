/* Does it answer the selector? Each field is in, out or in doubt; the least of them decides. What weighs most speaks
 * first: a finding's field, then what was admitted, then what was reported or claimed. */
#include "terms/world.h"

/* ---- what the parts say of one field */

struct opinion {
    unsigned weight, in, out, maybe;
};

/* What the reading does not use weighs nothing; but of an event of which it uses nothing at all, what is told by those
 * whom it trusts says what the event is about, or else what anybody tells. */
static unsigned part_weight(const struct event *event, const struct part *part)
{
    if (event->hearsay) return part->said <= SAID_CLAIM && (part->trusted || !event->credible) ? 1 : 0;
    if (!part->usable) return 0;
    return part->said == SAID_FINDING ? 3 : part->said == SAID_RESPONSE ? 2 : 1;
}

enum fact { FACT_ACT, FACT_ACTOR, FACT_TARGET, FACT_WEAPON, FACT_WHERE, FACT_STEP };

static bool states(const struct tale *tale, enum fact fact)
{
    if (tale == NULL) return false;
    switch (fact) {
    case FACT_ACT: return tale->act != 0;
    case FACT_ACTOR: return tale->actor != 0;
    case FACT_TARGET: return tale->target != 0;
    case FACT_WEAPON: return tale->weapon != 0;
    case FACT_WHERE: return tale->placed;
    case FACT_STEP: break;
    }
    return tale->step != 0;
}

/* A field where this kind of part states it: reports in themselves, the others in `event`; a claim also names actor and
 * act in itself. */
static const struct tale *stated(const struct part *part, enum fact fact)
{
    const struct entry *entry = part->entry;
    if (part->said <= SAID_CLAIM && states(entry->own, fact)) return entry->own;
    return states(entry->told, fact) ? entry->told : NULL;
}

static void hear(struct opinion *opinion, unsigned weight, enum tri says)
{
    if (weight < opinion->weight) return;
    if (weight > opinion->weight) *opinion = (struct opinion){.weight = weight};
    opinion->in += says == IN;
    opinion->out += says == OUT;
    opinion->maybe += says == MAYBE;
}

/* A part that is sure settles one that is in doubt; two that are sure and differ are the reading's to judge. */
static enum tri settled(const struct opinion *opinion, const struct reading *reading)
{
    if (opinion->in > 0 && opinion->out > 0) return reading->conflict;
    return opinion->in > 0 ? IN : opinion->out > 0 ? OUT : MAYBE;
}

static enum tri judge_weapon(const struct class *class, const struct tale *tale)
{
    if (!words_have(&class->names, tale->weapon)) return OUT;
    if (!class->sized) return IN;
    return tale->calibre_um < 0 ? MAYBE
                                : tri_of(tale->calibre_um >= class->least_um && tale->calibre_um <= class->most_um);
}

static enum tri judge(const struct matter *matter, enum fact fact, const void *wanted, const struct tale *tale,
                      const struct event *event)
{
    switch (fact) {
    case FACT_ACT: return tri_of(words_have(wanted, tale->act));
    case FACT_ACTOR: return group_has_during(matter, wanted, tale->actor, event->from, event->to);
    case FACT_TARGET: return group_has_during(matter, wanted, tale->target, event->from, event->to);
    case FACT_WEAPON: return judge_weapon(wanted, tale);
    case FACT_WHERE: return place_has(matter, wanted, &tale->where, event->from, event->to);
    case FACT_STEP: break;
    }
    return tri_of(words_have(wanted, tale->step));
}

static struct fit field_fits(const struct matter *matter, const struct reading *reading, const struct event *event,
                             enum fact fact, const void *wanted, enum reason unknown, enum reason doubted)
{
    struct opinion opinion = {0};
    for (size_t i = 0; i < event->part_count; i++) {
        unsigned weight = part_weight(event, &event->parts[i]);
        const struct tale *tale = weight == 0 ? NULL : stated(&event->parts[i], fact);
        if (tale != NULL && weight >= opinion.weight) hear(&opinion, weight, judge(matter, fact, wanted, tale, event));
    }
    if (opinion.weight == 0) return (struct fit){MAYBE, unknown};
    enum tri fits = settled(&opinion, reading);
    return (struct fit){fits, fits == MAYBE ? doubted : REASON_NONE};
}

/* ---- events */

static struct fit lesser(struct fit a, struct fit b)
{
    return b.fits < a.fits ? b : a;
}

static struct fit greatest(struct fit a, struct fit b)
{
    return b.fits > a.fits ? b : a;
}

static const struct fit fits_in = {IN, REASON_NONE}, fits_out = {OUT, REASON_NONE};

static struct fit passage_fits(const struct matter *matter, const struct reading *reading, const struct selector *s,
                               const struct event *event)
{
    struct fit fit = fits_in;
    if (s->step.count > 0)
        fit = lesser(fit,
                     field_fits(matter, reading, event, FACT_STEP, &s->step, REASON_ACT_DOUBTED, REASON_ACT_DOUBTED));
    if (s->by != NULL)
        fit = lesser(fit, (struct fit){group_has_during(matter, s->by, event->first->author, event->from, event->to),
                                       REASON_ACTOR_DOUBTED});
    return fit;
}

struct fit event_fits(const struct matter *matter, const struct reading *reading, const struct selector *s,
                      const struct group *who, const struct event *event)
{
    struct fit fit = fits_out;
    bool passage = event->first->sort == SORT_PASSAGE;
    for (size_t i = 0; i < s->count; i++) fit = greatest(fit, event_fits(matter, reading, s->any[i], who, event));
    if (s->count > 0) return fit;
    if (passage ? s->sort != SORT_PASSAGE : s->sort != SORTS) return fits_out;
    fit = passage ? passage_fits(matter, reading, s, event) : fits_in;
    if (s->act.count > 0)
        fit =
            lesser(fit, field_fits(matter, reading, event, FACT_ACT, &s->act, REASON_ACT_DOUBTED, REASON_ACT_DOUBTED));
    if (fit.fits == OUT) return fit;
    const struct group *actor = s->actor != NULL ? s->actor : passage ? NULL : who;
    if (actor != NULL && actor->type != GROUP_ALL)
        fit = lesser(fit,
                     field_fits(matter, reading, event, FACT_ACTOR, actor, REASON_ACTOR_UNKNOWN, REASON_ACTOR_DOUBTED));
    if (s->target != NULL)
        fit = lesser(fit, field_fits(matter, reading, event, FACT_TARGET, s->target, REASON_TARGET_UNKNOWN,
                                     REASON_TARGET_DOUBTED));
    if (s->weapon != NULL)
        fit = lesser(fit, field_fits(matter, reading, event, FACT_WEAPON, s->weapon, REASON_WEAPON_UNKNOWN,
                                     REASON_WEAPON_DOUBTED));
    if (fit.fits == OUT || s->place == NULL) return fit;
    return lesser(fit,
                  field_fits(matter, reading, event, FACT_WHERE, s->place, REASON_PLACE_UNKNOWN, REASON_PLACE_DOUBTED));
}

enum tri event_done_by(const struct matter *matter, const struct reading *reading, const struct event *event,
                       symbol name)
{
    const struct group one = {.type = GROUP_NAMES, .names = {.symbols = &name, .count = 1}};
    return field_fits(matter, reading, event, FACT_ACTOR, &one, REASON_NONE, REASON_NONE).fits;
}

symbol event_actor(const struct event *event)
{
    symbol actor = 0;
    unsigned best = 0;
    for (size_t i = 0; i < event->part_count; i++) {
        const struct tale *tale = stated(&event->parts[i], FACT_ACTOR);
        unsigned weight = part_weight(event, &event->parts[i]);
        if (tale != NULL && weight > best) actor = tale->actor, best = weight;
    }
    return actor;
}

/* ---- signed acts: they prove themselves, and state all that they mean */

static enum tri one_of(const struct words *words, const struct json *body, const char *field)
{
    if (words->count == 0) return IN;
    struct slice value = json_find_string(body, field);
    for (size_t i = 0; value.data != NULL && i < words->count; i++)
        if (slice_equal(words->list[i], value)) return IN;
    return OUT;
}

static enum tri any_of(const struct matter *matter, const struct group *group, const struct json *to, int64_t at)
{
    enum tri out = OUT;
    if (to == NULL) return OUT;
    if (to->type == JSON_STRING) return group_has(matter, group, view_symbol(matter->view, to->string), at);
    for (const struct json *m = to->first; m != NULL; m = m->next)
        out = tri_either(out, group_has(matter, group, view_symbol(matter->view, m->string), at));
    return out;
}

struct fit act_fits(const struct matter *matter, const struct selector *s, const struct group *who,
                    const struct entry *entry)
{
    struct fit fit = fits_out;
    const struct json *body = entry->body;
    for (size_t i = 0; i < s->count; i++) fit = greatest(fit, act_fits(matter, s->any[i], who, entry));
    if (s->count > 0 || s->sort != entry->sort || entry->body == NULL) return fit;
    const struct group *by = s->by != NULL ? s->by : who;
    int64_t at = entry->act_time;
    enum tri fits = by == NULL ? IN : group_has(matter, by, entry->author, at);
    if (fits == OUT) return fit;
    bool approval = s->sort == SORT_APPROVAL;
    const struct json *agreement = json_find(body, approval ? "of" : "agreement");
    char id[HASH_HEX_SIZE];
    if (agreement != NULL) hash_format(&matter->record->id.hash, id);
    if (agreement != NULL && !slice_is(agreement->string, id)) return fit;
    const char *result = approval ? "decision" : s->sort == SORT_FINDING ? "finding" : "result";
    fits = tri_both(fits, tri_both(one_of(&s->act, body, "act"), one_of(&s->result, body, result)));
    fits = tri_both(fits, one_of(&s->receipt, body, "receipt"));
    if (s->to != NULL) fits = tri_both(fits, any_of(matter, s->to, json_find(body, "to"), at));
    const struct json *says = entry->sort == SORT_STANDING ? json_find(body, "scope") : body;
    if (s->channel.size > 0) fits = tri_both(fits, tri_of(slice_equal(json_find_string(says, "channel"), s->channel)));
    return (struct fit){fits, fits == MAYBE ? REASON_ACTOR_DOUBTED : REASON_NONE};
}

/* ---- amounts */

static bool part_amount(const struct part *part, symbol unit, bool largest, int64_t *lo, int64_t *hi)
{
    const struct entry *entry = part->entry;
    bool own = part->said <= SAID_CLAIM && entry->own != NULL && entry->own->amount_count > 0;
    const struct tale *tale = own ? entry->own : entry->told;
    bool any = false;
    *lo = *hi = 0;
    for (uint32_t i = 0; tale != NULL && i < tale->amount_count; i++) {
        const struct amount_told *a = &tale->amounts[i];
        if (a->kind != unit) continue;
        *lo = largest ? (a->lo > *lo ? a->lo : *lo) : *lo + a->lo;
        *hi = largest ? (a->hi > *hi ? a->hi : *hi) : *hi + a->hi;
        any = true;
    }
    return any;
}

void event_amount(const struct event *event, symbol unit, bool largest, int64_t *lo, int64_t *hi)
{
    unsigned best = 0;
    *lo = 0;
    *hi = AMOUNT_UNBOUNDED;
    for (size_t i = 0; i < event->part_count; i++) {
        int64_t a, b;
        unsigned weight = part_weight(event, &event->parts[i]);
        if (weight == 0 || weight < best || !part_amount(&event->parts[i], unit, largest, &a, &b)) continue;
        *lo = weight == best && *lo < a ? *lo : a; /* two that differ: from the least of one to the most of the other */
        *hi = weight == best && *hi > b ? *hi : b;
        best = weight;
    }
}
