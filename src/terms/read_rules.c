/* Selectors, rules, and what watching they ask for. */
#include "terms/facts.h"
#include "terms/lint.h"

static const struct selector *read_selector(struct reader *r, const struct json *value);

static bool read_any(struct reader *r, struct selector *selector, const struct json *list)
{
    if (list->type != JSON_ARRAY || list->size == 0)
        return reader_fault(r, NULL, "term-shape", "A list of selectors is needed.", slice_from(""));
    if (list->size > TERM_NODES_MOST)
        return reader_limit(r, "More nodes in one term than are allowed: at most {0}.", TERM_NODES_MOST);
    const struct selector **any = reader_get(r, list->size * sizeof(struct selector *));
    if (any == NULL) return false;
    bool good = true;
    for (const struct json *m = list->first; m != NULL; m = m->next, selector->count++) {
        size_t mark = json_path_push_index(&r->path, selector->count);
        any[selector->count] = read_selector(r, m);
        reader_out(r, mark);
        good = good && any[selector->count] != NULL;
    }
    selector->any = any;
    return good;
}

bool read_group_member(struct reader *r, const struct group **out, const struct json *object, const char *key)
{
    const struct json *member = json_find(object, key);
    if (member == NULL) return true;
    size_t mark = reader_in(r, key);
    *out = read_group(r, member);
    reader_out(r, mark);
    return *out != NULL;
}

static bool read_words_member(struct reader *r, struct words *out, const struct json *object, const char *key)
{
    const struct json *member = json_find(object, key);
    if (member == NULL) return true;
    size_t mark = reader_in(r, key);
    bool good = read_words(r, out, member);
    reader_out(r, mark);
    return good;
}

bool read_channel(struct reader *r, struct slice *out, const struct json *object)
{
    const struct json *member = json_find(object, "channel");
    if (member == NULL) return true;
    size_t mark = reader_in(r, "channel");
    bool good = read_slug(r, out, member);
    if (good && r->whole && reader_named(r, "channels", *out) == NULL)
        good = reader_unknown(r, NULL, UNKNOWN_CHANNEL, *out, reader_near_named(r, *out, "channels"));
    reader_out(r, mark);
    return good;
}

static const char *const kinds[] = {"acknowledgement", "answer",  "approval", "attempt",  "finding",
                                    "notice",          "passage", "question", "standing", NULL};

static bool read_class_member(struct reader *r, struct selector *s, const struct json *value)
{
    const struct json *weapon = json_find(value, "weapon");
    if (weapon == NULL) return true;
    size_t mark = reader_in(r, "weapon");
    s->weapon = read_class(r, weapon);
    reader_out(r, mark);
    return s->weapon != NULL;
}

static bool read_acts_member(struct reader *r, struct selector *s, const struct json *value)
{
    const struct json *act = json_find(value, "act");
    if (act == NULL) return true;
    size_t mark = reader_in(r, "act");
    bool good = read_acts(r, &s->act, act);
    reader_out(r, mark);
    return good;
}

static bool read_place_member(struct reader *r, struct selector *s, const struct json *value)
{
    const struct json *place = json_find(value, "place");
    if (place == NULL) return true;
    size_t mark = reader_in(r, "place");
    s->place = read_place(r, place);
    reader_out(r, mark);
    return s->place != NULL;
}

static bool read_kind(struct reader *r, struct selector *s, const struct json *value)
{
    int kind;
    if (!read_word(r, &kind, value, "kind", kinds, COUNT_OF(kinds))) return false;
    if (kind == (int)COUNT_OF(kinds)) return true;
    s->kind = slice_from(kinds[kind]);
    s->sort = sort_of(s->kind);
    return true;
}

static bool read_fields(struct reader *r, struct selector *s, const struct json *value)
{
    bool good = read_kind(r, s, value);
    good = read_acts_member(r, s, value) && good;
    good = read_class_member(r, s, value) && good;
    good = read_place_member(r, s, value) && good;
    good = read_words_member(r, &s->step, value, "step") && good;
    good = read_words_member(r, &s->result, value, "result") && good;
    good = read_words_member(r, &s->receipt, value, "receipt") && good;
    good = read_group_member(r, &s->actor, value, "actor") && good;
    good = read_group_member(r, &s->target, value, "target") && good;
    good = read_group_member(r, &s->to, value, "to") && good;
    good = read_group_member(r, &s->by, value, "by") && good;
    good = read_channel(r, &s->channel, value) && good;
    if (good) lint_selector(r, s, value);
    return good;
}

static const struct selector *read_selector(struct reader *r, const struct json *value)
{
    static const char *const members[] = {"act",     "actor",  "any",  "by",     "channel", "kind",   "place",
                                          "receipt", "result", "step", "target", "to",      "weapon", NULL};
    struct selector *selector = reader_get(r, sizeof *selector);
    bool good = selector != NULL && reader_enter(r);
    if (selector != NULL) selector->sort = SORTS;
    const struct json *any = json_find(value, "any");
    if (good && any != NULL && value->size > 1)
        good =
            reader_fault(r, NULL, "term-shape", "A selector is a list of others, or fields; not both.", slice_from(""));
    if (good && any != NULL) {
        good = reader_members(r, value, members);
        size_t mark = reader_in(r, "any");
        good = read_any(r, selector, any) && good;
        reader_out(r, mark);
    } else if (good) {
        good = reader_members(r, value, members);
        if (value->type == JSON_OBJECT) good = read_fields(r, selector, value) && good;
    }
    reader_leave(r);
    return good ? selector : NULL;
}

const struct selector *read_selector_member(struct reader *r, const struct json *rule, const char *key)
{
    size_t mark = reader_in(r, key);
    const struct json *member = json_find(rule, key);
    const struct selector *out = NULL;
    if (member == NULL)
        reader_fault(r, NULL, "term-shape", "A selector is needed here.", slice_from(""));
    else
        out = read_selector(r, member);
    reader_out(r, mark);
    return out;
}

/* ---- rules */

static bool read_measure(struct reader *r, struct rule *rule, const struct json *value)
{
    const struct json *measure = json_find(value, "measure");
    if (measure == NULL || (measure->type == JSON_STRING && slice_is(measure->string, "events"))) return true;
    const struct json *sum = json_find(measure, "sum"), *max = json_find(measure, "max");
    rule->measure = sum != NULL ? MEASURE_SUM : MEASURE_MAX;
    if (measure->type != JSON_OBJECT || measure->size != 1 || (sum == NULL && max == NULL))
        return reader_fault(r, "measure", "term-shape", "A measure is events, or sum or max of a kind of count.",
                            slice_from(""));
    size_t mark = reader_in(r, "measure");
    size_t inner = reader_in(r, sum != NULL ? "sum" : "max");
    bool good = read_slug(r, &rule->unit, sum != NULL ? sum : max);
    rule->unit_number = good ? reader_symbol(r, rule->unit) : 0;
    reader_out(r, inner);
    reader_out(r, mark);
    return good;
}

bool read_hidden(struct reader *r, size_t *out, const struct rule *rule, const struct json *object, const char *key)
{
    struct agreement *a = r->agreement;
    const struct json *from = json_find(object, key);
    for (size_t i = 0; i < a->hidden_count; i++)
        if (r->hidden_from[i] == from && a->hidden[i]->wordings->rule->n == rule->n) return *out = TERMS_MOST + i, true;
    if (a->hidden_count == HIDDEN_MOST)
        return reader_limit(r, "More events, ratios and notices than are allowed: at most {0}.", HIDDEN_MOST);
    if (r->hidden == NULL) r->hidden = reader_get(r, HIDDEN_MOST * sizeof(struct term *));
    struct term *term = reader_get(r, sizeof *term);
    struct wording *wording = reader_get(r, sizeof *wording);
    struct rule *copy = reader_get(r, sizeof *copy);
    struct group *everybody = reader_get(r, sizeof *everybody);
    if (r->hidden == NULL || term == NULL || wording == NULL || copy == NULL || everybody == NULL) return false;
    everybody->type = GROUP_ALL;
    *copy = *rule;
    copy->of = read_selector_member(r, object, key);
    if (copy->of == NULL) return false;
    *wording = (struct wording){
        .who = everybody, .rule = copy, .watch = {.log = true}, .while_term = SIZE_MAX, .anywhere = true};
    *term = (struct term){.wordings = wording, .count = 1};
    r->hidden_from[a->hidden_count] = from;
    r->hidden[a->hidden_count] = term;
    a->hidden = r->hidden;
    *out = TERMS_MOST + a->hidden_count++;
    return true;
}

/* "At least a of b of those." */
static bool read_ratio(struct reader *r, struct rule *rule, const struct json *value)
{
    static const char *const members[] = {"of", "times", NULL};
    const struct json *times = json_find(value, "times"), *a = times == NULL ? NULL : times->first;
    struct rule base = {
        .type = RULE_FLOOR, .n = 1, .measure = rule->measure, .unit = rule->unit, .unit_number = rule->unit_number};
    bool good = reader_members(r, value, members);
    if (times == NULL || times->type != JSON_ARRAY || times->size != 2 || a->type != JSON_INTEGER ||
        a->next->type != JSON_INTEGER || a->integer < 1 || a->next->integer < 1 || a->integer > 1000000 ||
        a->next->integer > 1000000)
        return reader_fault(r, "times", "term-shape", "A ratio is [a, b]: whole numbers from 1.", slice_from(""));
    rule->times[0] = a->integer;
    rule->times[1] = a->next->integer;
    return read_hidden(r, &rule->base, &base, value, "of") && good;
}

static bool read_number(struct reader *r, struct rule *rule, const struct json *n, const char *key)
{
    bool most = rule->type == RULE_CAP;
    if (!most && n->type == JSON_OBJECT) {
        size_t mark = reader_in(r, key);
        bool good = read_ratio(r, rule, n);
        reader_out(r, mark);
        return good;
    }
    if (n->type != JSON_INTEGER || n->integer < (most ? 0 : 1) || n->integer > 1000000000)
        return reader_fault(r, key, "term-shape", "A whole number is needed: from 0 in at_most, from 1 in at_least.",
                            slice_from(""));
    rule->n = n->integer;
    return true;
}

static bool read_count(struct reader *r, struct rule *rule, const struct json *value, const char *key)
{
    static const char *const cap[] = {"at_most", "measure", "of", NULL}, *const floor[] = {"at_least", "measure", "of",
                                                                                           NULL};
    const struct json *n = json_find(value, key);
    bool most = rule->type == RULE_CAP;
    bool good = reader_members(r, value, most ? cap : floor);
    rule->of = read_selector_member(r, value, "of");
    good = read_measure(r, rule, value) && good;
    return read_number(r, rule, n, key) && rule->of != NULL && good;
}

bool find_term(struct reader *r, size_t *out, const struct json *value)
{
    if (value->type == JSON_STRING)
        for (size_t i = 0; i < r->term_count; i++)
            if (slice_equal(r->term_names[i], value->string)) return *out = i, true;
    if (!r->whole) return false;
    struct near near = {.typed = value->type == JSON_STRING ? value->string : slice_from("")};
    for (size_t i = 0; i < r->term_count && r->told < FAULTS_TOLD_MOST; i++) near_consider(&near, r->term_names[i]);
    return reader_unknown(r, NULL, UNKNOWN_TERM, near.typed, near.best);
}

static bool read_terms(struct reader *r, struct rule *rule, const struct json *value, const char *key)
{
    const struct json *list = json_find(value, key);
    if (list == NULL || list->type != JSON_ARRAY || list->size == 0)
        return reader_fault(r, key, "term-shape", "A list of terms is needed.", slice_from(""));
    size_t mark = reader_in(r, key);
    bool good = list->size <= TERM_NODES_MOST ||
                reader_limit(r, "More terms in one rule than are allowed: at most {0}.", TERM_NODES_MOST);
    size_t *terms = good ? reader_get(r, list->size * sizeof *terms) : NULL;
    if (terms == NULL) return reader_out(r, mark), false;
    for (const struct json *m = list->first; m != NULL; m = m->next, rule->count++) {
        size_t inner = json_path_push_index(&r->path, rule->count);
        good = find_term(r, &terms[rule->count], m) && good;
        reader_out(r, inner);
    }
    reader_out(r, mark);
    rule->terms = terms;
    return good;
}

static bool read_cap(struct reader *r, struct rule *rule, const struct json *value)
{
    rule->type = RULE_CAP;
    return read_count(r, rule, value, "at_most");
}

static bool read_floor(struct reader *r, struct rule *rule, const struct json *value)
{
    rule->type = RULE_FLOOR;
    return read_count(r, rule, value, "at_least");
}

static bool read_held(struct reader *r, struct rule *rule, const struct json *value)
{
    static const char *const members[] = {"held", "of", "unwatched", "void", NULL};
    static const char *const unwatched[] = {"stop", "reset", "count", NULL}, *const voids[] = {"reset", "stop", NULL};
    int word, what;
    rule->type = RULE_HELD;
    bool good = reader_members(r, value, members);
    good = read_duration(r, &rule->held_s, value, "held") && good;
    good = read_word(r, &word, value, "unwatched", unwatched, -1) && good;
    good = read_word(r, &what, value, "void", voids, 0) && good;
    rule->unwatched = (enum unwatched)word;
    rule->void_resets = what == 0;
    return read_terms(r, rule, value, "of") && good;
}

static bool read_within(struct reader *r, struct rule *rule, const struct json *value)
{
    if (json_find(value, "within") == NULL)
        return reader_fault(r, "within", "term-duration", "A reply needs a time limit.", slice_from(""));
    return read_duration(r, &rule->within_s, value, "within");
}

static bool read_reply(struct reader *r, struct rule *rule, const struct json *value)
{
    static const char *const members[] = {"reply", "stated", "with", "within", NULL};
    rule->type = RULE_REPLY;
    bool good = reader_members(r, value, members);
    good = read_within(r, rule, value) && good;
    good = reader_flag(r, &rule->stated, value, "stated") && good;
    rule->of = read_selector_member(r, value, "reply");
    rule->with = read_selector_member(r, value, "with");
    return rule->of != NULL && rule->with != NULL && good;
}

static bool read_all(struct reader *r, struct rule *rule, const struct json *value)
{
    static const char *const members[] = {"all", NULL};
    rule->type = RULE_ALL;
    bool good = reader_members(r, value, members);
    return read_terms(r, rule, value, "all") && good;
}

static bool read_one_of(struct reader *r, struct rule *rule, const struct json *value)
{
    static const char *const members[] = {"any", NULL};
    rule->type = RULE_ANY;
    bool good = reader_members(r, value, members);
    return read_terms(r, rule, value, "any") && good;
}

static bool read_may(struct reader *r, struct rule *rule, const struct json *value)
{
    static const char *const members[] = {"may", NULL};
    rule->type = RULE_MAY;
    bool good = reader_members(r, value, members);
    rule->of = read_selector_member(r, value, "may");
    return rule->of != NULL && good;
}

static bool no_such_rule(struct reader *r, const struct json *value)
{
    static const char *const keys[] = {"all", "any", "at_least", "at_most", "held", "may", "reply", NULL};
    const struct json *m = value != NULL && value->type == JSON_OBJECT ? value->first : NULL;
    for (; m != NULL; m = m->next) {
        struct slice near = reader_near(r, m->key, keys);
        if (near.size == 0) continue;
        size_t mark = json_path_push(&r->path, m->key);
        reader_unknown(r, NULL, UNKNOWN_MEMBER, m->key, near);
        reader_out(r, mark);
        return false;
    }
    return reader_fault(r, NULL, "term-rule", "A rule is one of at_most, at_least, held, reply, all, any, may.",
                        slice_from(""));
}

const struct rule *read_rule(struct reader *r, const struct json *value)
{
    static const struct {
        const char *key;
        bool (*read)(struct reader *r, struct rule *rule, const struct json *value);
    } rules[] = {{"at_most", read_cap}, {"at_least", read_floor}, {"held", read_held}, {"reply", read_reply},
                 {"all", read_all},     {"any", read_one_of},     {"may", read_may}};
    struct rule *rule = reader_get(r, sizeof *rule);
    if (rule == NULL) return NULL;
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (json_find(value, rules[i].key) != NULL) return rules[i].read(r, rule, value) ? rule : NULL;
    no_such_rule(r, value);
    return NULL;
}

/* ---- watching */

static bool read_share(struct reader *r, struct watch *watch, const struct json *share)
{
    const struct json *a = share == NULL ? NULL : share->first, *b = a == NULL ? NULL : a->next;
    bool good = b != NULL && share->type == JSON_ARRAY && share->size == 2 && a->type == JSON_INTEGER &&
                b->type == JSON_INTEGER && a->integer >= 1 && b->integer >= a->integer && b->integer <= 1000;
    if (!good)
        return reader_fault(r, "share", "term-shape", "A share is [part, whole], from [1,1000] to [1,1].",
                            slice_from(""));
    watch->share[0] = a->integer;
    watch->share[1] = b->integer;
    return true;
}

static bool read_watched_places(struct reader *r, struct watch *watch, const struct json *list)
{
    if (list == NULL || list->type != JSON_ARRAY || list->size == 0)
        return reader_fault(r, "of", "term-shape", "The places that must be watched are needed, as a list.",
                            slice_from(""));
    size_t mark = reader_in(r, "of");
    bool good =
        list->size <= PARTS_MOST || reader_limit(r, "More places to watch than are allowed: at most {0}.", PARTS_MOST);
    const struct place **places = good ? reader_get(r, list->size * sizeof(struct place *)) : NULL;
    if (places == NULL) return reader_out(r, mark), false;
    for (const struct json *m = list->first; m != NULL; m = m->next, watch->count++) {
        size_t inner = json_path_push_index(&r->path, watch->count);
        places[watch->count] = read_place(r, m);
        good = good && places[watch->count] != NULL;
        reader_out(r, inner);
    }
    reader_out(r, mark);
    watch->places = places;
    return good;
}

bool read_watch(struct reader *r, struct watch *out, const struct json *value)
{
    static const char *const members[] = {"grace", "of", "share", NULL};
    if (value == NULL)
        return reader_fault(r, NULL, "term-watch", "What watching the term needs: \"log\", or a share of places.",
                            slice_from(""));
    if (value->type == JSON_STRING && slice_is(value->string, "log")) {
        out->log = true;
        return true;
    }
    if (value->type == JSON_STRING) {
        static const char *const words[] = {"log", NULL};
        return reader_unknown(r, NULL, UNKNOWN_WORD, value->string, reader_near(r, value->string, words));
    }
    if (value->type != JSON_OBJECT) return reader_members(r, value, members);
    bool good = reader_members(r, value, members);
    good = read_share(r, out, json_find(value, "share")) && good;
    good = read_duration(r, &out->grace_s, value, "grace") && good;
    return read_watched_places(r, out, json_find(value, "of")) && good;
}
