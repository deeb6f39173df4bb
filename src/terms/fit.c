/* Does it answer the selector? Each field is in, out or in doubt; the least of them decides. What weighs most speaks
 * first: a finding's field, then what was admitted, then what was reported or claimed. */
#include "terms/world.h"

/* ---- what the parts say of one field */

struct opinion {
    unsigned weight, in, out, maybe;
};

static unsigned part_weight(const struct part *part)
{
    if (!part->usable) return 0;
    return part->said == SAID_FINDING ? 3 : part->said == SAID_RESPONSE ? 2 : 1;
}

/* A field where this kind of part states it: reports in themselves, the others in `event`; a claim also names actor and
 * act in itself. */
static const struct json *stated(const struct part *part, enum fact fact)
{
    const struct facts *facts = &part->entry->facts;
    return part->said <= SAID_CLAIM && facts->own[fact] != NULL ? facts->own[fact] : facts->told[fact];
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

typedef enum tri judge(const struct matter *matter, const void *wanted, const struct json *value,
                       const struct event *event);

static struct fit field_fits(const struct matter *matter, const struct reading *reading, const struct event *event,
                             enum fact fact, judge *judges, const void *wanted, enum reason unknown,
                             enum reason doubted)
{
    struct opinion opinion = {0};
    for (const struct part *part = event->parts; part != NULL; part = part->next) {
        unsigned weight = part_weight(part);
        const struct json *value = weight == 0 ? NULL : stated(part, fact);
        if (value != NULL) hear(&opinion, weight, judges(matter, wanted, value, event));
    }
    if (opinion.weight == 0) return (struct fit){MAYBE, unknown};
    enum tri fits = settled(&opinion, reading);
    return (struct fit){fits, fits == MAYBE ? doubted : REASON_NONE};
}

static enum tri judge_words(const struct matter *matter, const void *wanted, const struct json *value,
                            const struct event *event)
{
    (void)matter;
    (void)event;
    return tri_of(words_have(wanted, value->string));
}

static enum tri judge_group(const struct matter *matter, const void *wanted, const struct json *value,
                            const struct event *event)
{
    return group_has(matter, wanted, value->string, event->from);
}

static enum tri judge_place(const struct matter *matter, const void *wanted, const struct json *value,
                            const struct event *event)
{
    return place_has(matter, wanted, value, event->from);
}

static enum tri judge_weapon(const struct matter *matter, const void *wanted, const struct json *value,
                             const struct event *event)
{
    const struct class *class = wanted;
    (void)matter;
    (void)event;
    if (!words_have(&class->names, json_find_string(value, "class"))) return OUT;
    int64_t um = json_find_integer(value, "calibre_um", -1);
    if (!class->sized) return IN;
    return um < 0 ? MAYBE : tri_of(um >= class->least_um && um <= class->most_um);
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
        fit = lesser(fit, field_fits(matter, reading, event, FACT_STEP, judge_words, &s->step, REASON_ACT_DOUBTED,
                                     REASON_ACT_DOUBTED));
    if (s->by != NULL)
        fit = lesser(fit, (struct fit){group_has(matter, s->by, event->first->by, event->from), REASON_NONE});
    return fit;
}

struct fit event_fits(const struct matter *matter, const struct reading *reading, const struct selector *s,
                      const struct group *who, const struct event *event)
{
    struct fit fit = fits_out;
    bool passage = entry_is(event->first, "passage");
    for (size_t i = 0; i < s->count; i++) fit = greatest(fit, event_fits(matter, reading, s->any[i], who, event));
    if (s->count > 0) return fit;
    if (passage ? !slice_is(s->kind, "passage") : s->kind.size > 0) return fits_out;
    fit = passage ? passage_fits(matter, reading, s, event) : fits_in;
    if (s->act.count > 0)
        fit = lesser(fit, field_fits(matter, reading, event, FACT_ACT, judge_words, &s->act, REASON_ACT_DOUBTED,
                                     REASON_ACT_DOUBTED));
    if (fit.fits == OUT) return fit;
    const struct group *actor = s->actor != NULL ? s->actor : passage ? NULL : who;
    if (actor != NULL && actor->type != GROUP_ALL)
        fit = lesser(fit, field_fits(matter, reading, event, FACT_ACTOR, judge_group, actor, REASON_ACTOR_UNKNOWN,
                                     REASON_ACTOR_DOUBTED));
    if (s->target != NULL)
        fit = lesser(fit, field_fits(matter, reading, event, FACT_TARGET, judge_group, s->target, REASON_TARGET_UNKNOWN,
                                     REASON_TARGET_DOUBTED));
    if (s->weapon != NULL)
        fit = lesser(fit, field_fits(matter, reading, event, FACT_WEAPON, judge_weapon, s->weapon,
                                     REASON_WEAPON_UNKNOWN, REASON_WEAPON_DOUBTED));
    if (fit.fits == OUT || s->place == NULL) return fit;
    return lesser(fit, field_fits(matter, reading, event, FACT_WHERE, judge_place, s->place, REASON_PLACE_UNKNOWN,
                                  REASON_PLACE_DOUBTED));
}

struct slice event_actor(const struct event *event)
{
    const struct json *actor = NULL;
    unsigned best = 0;
    for (const struct part *part = event->parts; part != NULL; part = part->next) {
        const struct json *value = stated(part, FACT_ACTOR);
        unsigned weight = part_weight(part);
        if (value != NULL && weight > best) actor = value, best = weight;
    }
    return actor == NULL ? (struct slice){NULL, 0} : actor->string;
}

/* ---- signed acts: they prove themselves, and state all that they mean */

static enum tri one_of(const struct words *words, const struct json *body, const char *field)
{
    struct slice value = json_find_string(body, field);
    return words->count == 0 ? IN : value.data == NULL ? OUT : tri_of(words_have(words, value));
}

static enum tri any_of(const struct matter *matter, const struct group *group, const struct json *to, int64_t at)
{
    enum tri out = OUT;
    if (group == NULL) return IN;
    if (to == NULL) return OUT;
    if (to->type == JSON_STRING) return group_has(matter, group, to->string, at);
    for (const struct json *m = to->first; m != NULL; m = m->next)
        out = tri_either(out, group_has(matter, group, m->string, at));
    return out;
}

struct fit act_fits(const struct matter *matter, const struct selector *s, const struct group *who,
                    const struct entry *entry)
{
    struct fit fit = fits_out;
    const struct json *body = entry->body;
    for (size_t i = 0; i < s->count; i++) fit = greatest(fit, act_fits(matter, s->any[i], who, entry));
    if (s->count > 0 || s->kind.size == 0 || !slice_is(s->kind, entry->kind->name)) return fit;
    bool approval = slice_is(s->kind, "approval");
    const struct json *agreement = json_find(body, approval ? "of" : "agreement");
    char id[HASH_HEX_SIZE];
    hash_format(&matter->record->id.hash, id);
    if (agreement != NULL && !slice_is(agreement->string, id)) return fit;
    const char *result = approval ? "decision" : slice_is(s->kind, "finding") ? "finding" : "result";
    int64_t at = entry->act_time;
    const struct group *by = s->by != NULL ? s->by : who;
    enum tri fits = tri_both(one_of(&s->act, body, "act"), one_of(&s->result, body, result));
    fits = tri_both(fits,
                    tri_both(one_of(&s->receipt, body, "receipt"), any_of(matter, s->to, json_find(body, "to"), at)));
    if (s->channel.size > 0) fits = tri_both(fits, tri_of(slice_equal(json_find_string(body, "channel"), s->channel)));
    if (by != NULL) fits = tri_both(fits, group_has(matter, by, entry->by, at));
    return (struct fit){fits, fits == MAYBE ? REASON_ACTOR_DOUBTED : REASON_NONE};
}

/* ---- amounts */

enum { UNBOUNDED = 1000000000 };

/* "About" is taken to be wrong by up to a quarter either way. */
static void line_amount(const struct json *line, int64_t *lo, int64_t *hi)
{
    int64_t n = json_find_integer(line, "n", 0);
    struct slice word = json_find_string(line, "exactness");
    *lo = slice_is(word, "at-most") ? 0 : slice_is(word, "about") ? n - n / 4 : n;
    *hi = slice_is(word, "at-least") ? UNBOUNDED : slice_is(word, "about") ? n + n / 4 : n;
}

static bool part_amount(const struct part *part, struct slice unit, bool largest, int64_t *lo, int64_t *hi)
{
    const struct json *counts = stated(part, FACT_COUNTS);
    bool any = false;
    *lo = *hi = 0;
    for (const struct json *line = counts == NULL ? NULL : counts->first; line != NULL; line = line->next) {
        int64_t a, b;
        if (!slice_equal(json_find_string(line, "kind"), unit)) continue;
        line_amount(line, &a, &b);
        *lo = largest ? (a > *lo ? a : *lo) : *lo + a;
        *hi = largest ? (b > *hi ? b : *hi) : *hi + b;
        any = true;
    }
    return any;
}

void event_amount(const struct event *event, struct slice unit, bool largest, int64_t *lo, int64_t *hi)
{
    unsigned best = 0;
    *lo = 0;
    *hi = UNBOUNDED;
    for (const struct part *part = event->parts; part != NULL; part = part->next) {
        int64_t a, b;
        unsigned weight = part_weight(part);
        if (weight == 0 || weight < best || !part_amount(part, unit, largest, &a, &b)) continue;
        *lo = weight == best && *lo < a ? *lo : a; /* two that differ: from the least of one to the most of the other */
        *hi = weight == best && *hi > b ? *hi : b;
        best = weight;
    }
}
