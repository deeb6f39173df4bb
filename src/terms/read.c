/* An agreement's tables, read once: zones, then what names stand for, then the terms. Invariants: (1) what was read
 * holds every limit of model.h; (2) no term waits for itself through `done`, `held`, `all` or `any`. */
#include "terms/reader.h"

static bool read_zone_entry(struct reader *r, struct zone *zone, const struct json *list)
{
    static const char *const members[] = {"from", "offset_s", NULL};
    if (list->type != JSON_ARRAY || list->size == 0 || list->size > PARTS_MOST)
        return reader_fault(r, NULL, "term-shape", "A zone is a list of {\"from\", \"offset_s\"}.", slice_from(""));
    int64_t *from = reader_get(r, list->size * sizeof *from), *offset = reader_get(r, list->size * sizeof *offset);
    if (from == NULL || offset == NULL) return false;
    for (const struct json *m = list->first; m != NULL; m = m->next, zone->count++) {
        size_t mark = json_path_push_index(&r->path, zone->count);
        int64_t s = json_find_integer(m, "offset_s", INT64_MAX);
        bool good = reader_members(r, m, members);
        if (good && (!time_parse(&from[zone->count], json_find_string(m, "from")) || s < -64800 || s > 64800 ||
                     s % 60 != 0 || (zone->count > 0 && from[zone->count] <= from[zone->count - 1])))
            good = reader_fault(r, NULL, "term-zone",
                                "Times in rising order, offsets in whole minutes within 18 hours.", slice_from(""));
        reader_out(r, mark);
        if (!good) return false;
        offset[zone->count] = s;
    }
    zone->name = list->key;
    zone->from = from;
    zone->offset_s = offset;
    return true;
}

/* ---- tables: walked in whichever source has them */

typedef bool read_entry(struct reader *r, size_t i, const struct json *entry);

static bool read_table(struct reader *r, const char *name, size_t most, read_entry *read, size_t *count)
{
    size_t i = 0;
    bool good = true;
    for (size_t s = 0; s < r->agreement->source_count; s++) {
        const struct json *table = json_find(r->agreement->sources[s], name);
        if (table == NULL) continue;
        size_t mark = reader_in(r, name);
        if (table->type != JSON_OBJECT)
            good = reader_fault(r, NULL, "term-shape", "An object of names is needed.", slice_from(""));
        for (const struct json *m = table->type == JSON_OBJECT ? table->first : NULL; m != NULL; m = m->next, i++) {
            size_t inner = json_path_push(&r->path, m->key);
            r->nodes = 0;
            if (i >= most) {
                good = reader_limit(r, "More entries of a table than are allowed: at most {0}.", (int64_t)most);
                reader_out(r, inner);
                break;
            }
            good = read(r, i, m) && good;
            reader_out(r, inner);
        }
        reader_out(r, mark);
    }
    if (count != NULL) *count = i;
    return good;
}

static size_t table_size(const struct reader *r, const char *name)
{
    size_t size = 0;
    for (size_t s = 0; s < r->agreement->source_count; s++) {
        const struct json *table = json_find(r->agreement->sources[s], name);
        if (table != NULL) size += table->size;
    }
    return size;
}

static bool entry_zone(struct reader *r, size_t i, const struct json *entry)
{
    struct zone *zones = (struct zone *)(uintptr_t)r->agreement->zones;
    return read_zone_entry(r, &zones[i], entry);
}
static bool entry_group(struct reader *r, size_t i, const struct json *entry)
{
    (void)i;
    return read_group(r, entry) != NULL || !r->whole;
}
static bool entry_class(struct reader *r, size_t i, const struct json *entry)
{
    (void)i;
    return read_class(r, entry) != NULL;
}
static bool entry_place(struct reader *r, size_t i, const struct json *entry)
{
    (void)i;
    return read_place(r, entry) != NULL || !r->whole;
}
static bool entry_anchor(struct reader *r, size_t i, const struct json *entry)
{
    (void)i;
    return read_moment(r, entry) != NULL || !r->whole;
}

/* ---- force and channels */

static bool read_release(struct reader *r, const struct group **suspend, const struct group **withdraw,
                         const struct json *object)
{
    static const char *const members[] = {"suspend", "withdraw", NULL};
    const struct json *release = json_find(object, "release");
    if (release == NULL) return true;
    size_t mark = reader_in(r, "release");
    bool good = reader_members(r, release, members);
    if (good && json_find(release, "suspend") != NULL)
        good = (*suspend = read_group(r, json_find(release, "suspend"))) != NULL;
    if (good && json_find(release, "withdraw") != NULL)
        good = (*withdraw = read_group(r, json_find(release, "withdraw"))) != NULL && good;
    reader_out(r, mark);
    return good;
}

static bool entry_channel(struct reader *r, size_t i, const struct json *entry)
{
    static const char *const members[] = {"name", "release", NULL};
    struct channel *channels = (struct channel *)(uintptr_t)r->agreement->channels;
    struct channel *channel = &channels[i];
    *channel = (struct channel){entry->key, r->agreement->force.suspend, r->agreement->force.withdraw};
    return reader_members(r, entry, members) && read_release(r, &channel->suspend, &channel->withdraw, entry);
}

/* What brings an agreement into force, or ends it, must not depend on how one counts. */
static bool signed_alone(const struct selector *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (!signed_alone(s->any[i])) return false;
    return s->count > 0 || (s->kind.size > 0 && !slice_is(s->kind, "passage") && !slice_is(s->kind, "attempt"));
}

static bool fit_for_force(struct reader *r, const struct moment *m, const char *key)
{
    if (m->type == MOMENT_DONE &&
        (m->term < TERMS_MOST || !signed_alone(agreement_term(r->agreement, m->term)->wordings[0].rule->of)))
        return reader_fault(r, key, "term-force", "What brings into force, or ends it, is a time or a signed act.",
                            slice_from(""));
    for (size_t i = 0; i < m->count; i++)
        if (!fit_for_force(r, m->parts[i], key)) return false;
    return true;
}

static bool read_force(struct reader *r, const struct json *value)
{
    static const char *const members[] = {"assent", "from", "release", "until", NULL};
    struct force *force = &r->agreement->force;
    size_t mark = reader_in(r, "force");
    r->nodes = 0;
    bool good = reader_members(r, value, members);
    const struct group *assent = good ? read_group(r, json_find(value, "assent")) : NULL;
    if (assent != NULL && assent->type == GROUP_NAMES)
        force->assent = assent->names;
    else
        good = reader_fault(r, "assent", "term-force",
                            "Whose assent brings it into force: named parties, or a group of them.", slice_from(""));
    const struct json *from = json_find(value, "from"), *until = json_find(value, "until");
    if (from != NULL) good = (force->from = read_moment(r, from)) != NULL && good;
    if (until != NULL) good = (force->until = read_moment(r, until)) != NULL && good;
    good = good && (force->from == NULL || fit_for_force(r, force->from, "from")) &&
           (force->until == NULL || fit_for_force(r, force->until, "until"));
    good = good && read_release(r, &force->suspend, &force->withdraw, value);
    reader_out(r, mark);
    return good;
}

/* ---- readings */

static bool read_flags(struct reader *r, unsigned *out, const struct json *value, const char *key,
                       const char *const *words)
{
    const struct json *list = json_find(value, key);
    if (list == NULL) return true;
    if (list->type != JSON_ARRAY) return reader_fault(r, key, "term-shape", "A list is needed.", slice_from(""));
    for (const struct json *m = list->first; m != NULL; m = m->next) {
        unsigned i = 0;
        while (words[i] != NULL && !(m->type == JSON_STRING && slice_is(m->string, words[i]))) i++;
        if (words[i] == NULL)
            return reader_unknown(r, key, UNKNOWN_WORD, m->type == JSON_STRING ? m->string : slice_from(""),
                                  (struct slice){NULL, 0});
        *out |= 1U << i;
    }
    return true;
}

static bool entry_reading(struct reader *r, size_t i, const struct json *value)
{
    static const char *const members[] = {"conflict", "excuse", "links", "name", "need", "trust", "unless", NULL};
    static const char *const needs[] = {"report", "claim", "found", "admitted", NULL}, *const unless[] = {"not-found",
                                                                                                          "deny", NULL};
    static const char *const conflicts[] = {"out", "maybe", "in", NULL}, *const excuses[] = {"never", "claimed",
                                                                                             "found", NULL};
    struct reading *reading = &((struct reading *)(uintptr_t)r->agreement->readings)[i];
    int conflict, excuse;
    bool good = reader_members(r, value, members) && read_flags(r, &reading->need, value, "need", needs) &&
                read_flags(r, &reading->unless, value, "unless", unless) &&
                read_word(r, &conflict, value, "conflict", conflicts, MAYBE) &&
                read_word(r, &excuse, value, "excuse", excuses, EXCUSE_NEVER);
    if (!good) return false;
    reading->name = value->key;
    reading->conflict = (enum tri)conflict;
    reading->excuse = (enum excuse)excuse;
    if (reading->need == 0)
        return reader_fault(r, "need", "term-reading", "What an event must have to count: one word at least.",
                            slice_from(""));
    size_t mark = reader_in(r, "trust");
    reading->trust = read_group(r, json_find(value, "trust"));
    reader_out(r, mark);
    mark = reader_in(r, "links");
    reading->links = read_group(r, json_find(value, "links"));
    reader_out(r, mark);
    return reading->trust != NULL && reading->links != NULL;
}

/* ---- terms */

/* Which terms a wording waits for: through `done`, and through held, all and any. */
static bool reaches(const struct agreement *a, size_t from, size_t to, uint8_t *seen);

static bool moment_reaches(const struct agreement *a, const struct moment *m, size_t to, uint8_t *seen)
{
    if (m == NULL) return false;
    if (m->type == MOMENT_DONE && m->term < TERMS_MOST) return m->term == to || reaches(a, m->term, to, seen);
    for (size_t i = 0; i < m->count; i++)
        if (moment_reaches(a, m->parts[i], to, seen)) return true;
    return false;
}

static bool reaches(const struct agreement *a, size_t from, size_t to, uint8_t *seen)
{
    if (seen[from]) return false;
    seen[from] = 1;
    const struct term *term = &a->terms[from];
    for (size_t w = 0; w < term->count; w++) {
        const struct wording *wording = &term->wordings[w];
        if (moment_reaches(a, wording->from, to, seen) || moment_reaches(a, wording->until, to, seen) ||
            moment_reaches(a, wording->by, to, seen))
            return true;
        for (size_t i = 0; i < wording->rule->count; i++)
            if (wording->rule->terms[i] == to || reaches(a, wording->rule->terms[i], to, seen)) return true;
    }
    return false;
}

/* `done` needs something that completes, `held` something that each day can break. */
static bool uses_fit(const struct agreement *a, const struct moment *m)
{
    if (m == NULL) return true;
    if (m->type == MOMENT_DONE) {
        enum rule_type type = agreement_term(a, m->term)->wordings[0].rule->type;
        return type == RULE_HELD || type == RULE_FLOOR;
    }
    for (size_t i = 0; i < m->count; i++)
        if (!uses_fit(a, m->parts[i])) return false;
    return true;
}

static bool term_fits(struct reader *r, size_t i)
{
    const struct agreement *a = r->agreement;
    uint8_t *seen = reader_get(r, a->term_count);
    if (seen == NULL) return false;
    if (reaches(a, i, i, seen))
        return reader_fault(r, NULL, "term-cycle", "The term \"{0}\" waits for itself.", a->terms[i].id);
    for (size_t w = 0; w < a->terms[i].count; w++) {
        const struct wording *wording = &a->terms[i].wordings[w];
        if (!uses_fit(a, wording->from) || !uses_fit(a, wording->until) || !uses_fit(a, wording->by))
            return reader_fault(r, NULL, "term-done", "A `done` needs a term that completes: held or at_least.",
                                slice_from(""));
        size_t other = wording->while_term;
        if (other != SIZE_MAX && a->terms[other].wordings[0].rule->type > RULE_FLOOR)
            return reader_fault(r, "while", "term-while", "What may be broken is an at_most or an at_least.",
                                slice_from(""));
        for (size_t t = 0; wording->rule->type == RULE_HELD && t < wording->rule->count; t++)
            if (a->terms[wording->rule->terms[t]].wordings[0].rule->type != RULE_CAP ||
                a->terms[wording->rule->terms[t]].wordings[0].every_s != 0)
                return reader_fault(r, "rule", "term-held",
                                    "Days are held on which caps are kept: the terms of `held` are at_most, without `every`.",
                                    slice_from(""));
    }
    return true;
}

static const struct json *term_at(const struct reader *r, size_t i)
{
    for (size_t s = 0; s < r->agreement->source_count; s++) {
        const struct json *list = json_find(r->agreement->sources[s], "terms");
        if (list == NULL || list->type != JSON_ARRAY) continue;
        for (const struct json *m = list->first; m != NULL; m = m->next)
            if (i-- == 0) return m;
    }
    return NULL;
}

static bool name_terms(struct reader *r)
{
    for (size_t i = 0; i < r->term_count; i++) {
        r->term_names[i] = json_find_string(term_at(r, i), "id");
        for (size_t j = 0; j < i; j++)
            if (r->term_names[i].size > 0 && slice_equal(r->term_names[i], r->term_names[j]))
                return reader_fault(r, "terms", "term-twice", "Two terms are called \"{0}\".", r->term_names[i]);
    }
    return true;
}

static bool read_all_terms(struct reader *r)
{
    struct agreement *a = r->agreement;
    r->term_count = 0;
    for (size_t s = 0; s < a->source_count; s++) {
        const struct json *list = json_find(a->sources[s], "terms");
        if (list != NULL && list->type == JSON_ARRAY) r->term_count += list->size;
        if (list != NULL && list->type != JSON_ARRAY)
            reader_fault(r, "terms", "term-shape", "A list of terms is needed.", slice_from(""));
    }
    if (r->term_count > TERMS_MOST) return reader_limit(r, "More terms than are allowed: at most {0}.", TERMS_MOST);
    struct term *terms = reader_get(r, (r->term_count + 1) * sizeof *terms);
    r->term_names = reader_get(r, (r->term_count + 1) * sizeof *r->term_names);
    if (terms == NULL || r->term_names == NULL || !name_terms(r)) return false;
    a->terms = terms;
    bool good = true;
    size_t mark = reader_in(r, "terms");
    for (size_t i = 0; i < r->term_count; i++) {
        size_t inner = json_path_push_index(&r->path, i);
        good = read_term(r, &terms[i], term_at(r, i)) && good;
        reader_out(r, inner);
    }
    a->term_count = r->term_count;
    for (size_t i = 0; good && i < r->term_count; i++) {
        size_t inner = json_path_push_index(&r->path, i);
        good = term_fits(r, i);
        reader_out(r, inner);
    }
    reader_out(r, mark);
    return good;
}

static bool find_decides(struct reader *r)
{
    struct slice name = json_find_string(r->agreement->record, "decides");
    for (size_t i = 0; i < r->agreement->reading_count; i++)
        if (name.data != NULL && slice_equal(name, r->agreement->readings[i].name))
            r->agreement->decides = &r->agreement->readings[i];
    if (name.data == NULL || r->agreement->decides != NULL || !r->whole) return true;
    return reader_unknown(r, "decides", UNKNOWN_READING, name, (struct slice){NULL, 0});
}

static bool read_tables(struct reader *r)
{
    struct agreement *a = r->agreement;
    a->zones = reader_get(r, (table_size(r, "zones") + 1) * sizeof *a->zones);
    a->channels = reader_get(r, (table_size(r, "channels") + 1) * sizeof *a->channels);
    a->readings = reader_get(r, (table_size(r, "readings") + 1) * sizeof *a->readings);
    if (a->zones == NULL || a->channels == NULL || a->readings == NULL) return false;
    bool good = read_table(r, "zones", PARTS_MOST, entry_zone, &a->zone_count);
    good = read_table(r, "groups", NAMES_MOST, entry_group, NULL) && good;
    good = read_table(r, "classes", NAMES_MOST, entry_class, NULL) && good;
    good = read_table(r, "places", LIMIT_LIST_ITEMS, entry_place, NULL) && good;
    good = read_force(r, json_find(a->record, "force")) && good;
    good = read_table(r, "channels", CHANNELS_MOST, entry_channel, &a->channel_count) && good;
    good = read_table(r, "readings", READINGS_MOST, entry_reading, &a->reading_count) && good;
    good = read_all_terms(r) && good;
    good = read_table(r, "anchors", NAMES_MOST, entry_anchor, NULL) && good;
    if (r->whole && a->term_count > 0 && a->reading_count == 0)
        good = reader_fault(r, NULL, "term-reading", "Terms need a reading at least: how their events are counted.",
                            slice_from(""));
    return find_decides(r) && good;
}

enum status agreement_read(const struct agreement **out, const struct json *const *sources, size_t count, bool whole,
                           terms_fault *fault, void *context, size_t *faults, struct arena *arena, struct error *error)
{
    struct agreement *agreement = arena_get(arena, sizeof *agreement);
    struct reader r = {.agreement = agreement, .arena = arena, .fault = fault, .context = context, .whole = whole};
    if (agreement == NULL) return arena_full(error);
    agreement->record = sources[0];
    agreement->sources = sources;
    agreement->source_count = count;
    agreement->name = json_find_string(sources[0], "agreement");
    bool good = read_tables(&r);
    if (r.full) return arena_full(error);
    if (!good && r.faults == 0 && whole) r.faults = 1;
    *faults = r.faults;
    *out = agreement;
    return STATUS_DONE;
}
