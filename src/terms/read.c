/* An agreement's tables, read once: zones, then what names stand for, then the terms. Invariants: (1) what was read
 * holds every limit of model.h; (2) no term waits for itself (read_waits.c). */
#include "terms/reader.h"

static bool read_zone_entry(struct reader *r, struct zone *zone, const struct json *list)
{
    static const char *const members[] = {"from", "offset_s", NULL};
    zone->name = list->key;
    if (list->type != JSON_ARRAY || list->size == 0)
        return reader_fault(r, NULL, "term-shape", "A zone is a list of {\"from\", \"offset_s\"}.", slice_from(""));
    if (list->size > PARTS_MOST)
        return reader_limit(r, "More changes of one zone's offset than are allowed: at most {0}.", PARTS_MOST);
    int64_t *from = reader_get(r, list->size * sizeof *from), *offset = reader_get(r, list->size * sizeof *offset);
    if (from == NULL || offset == NULL) return false;
    bool all = true;
    for (const struct json *m = list->first; m != NULL; m = m->next, zone->count++) {
        size_t mark = json_path_push_index(&r->path, zone->count);
        int64_t s = json_find_integer(m, "offset_s", INT64_MAX);
        bool good = reader_members(r, m, members);
        if (good && (!time_parse(&from[zone->count], json_find_string(m, "from")) || s < -64800 || s > 64800 ||
                     s % 60 != 0 || (zone->count > 0 && from[zone->count] <= from[zone->count - 1])))
            good = reader_fault(r, NULL, "term-zone",
                                "Times in rising order, offsets in whole minutes within 18 hours.", slice_from(""));
        reader_out(r, mark);
        offset[zone->count] = s;
        all = all && good;
    }
    zone->from = from;
    zone->offset_s = offset;
    return all;
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
        reader_in_source(r, s);
        reader_in(r, name);
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
        reader_out(r, 0);
    }
    if (count != NULL) *count = i;
    return good;
}

static size_t table_size(const struct reader *r, const char *name, size_t most)
{
    size_t size = 0;
    for (size_t s = 0; s < r->agreement->source_count; s++) {
        const struct json *table = json_find(r->agreement->sources[s], name);
        if (table != NULL) size += table->size;
    }
    return size < most ? size : most;
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
    if (entry->type == JSON_STRING)
        return reader_fault(r, NULL, "term-shape", "A class is a list of names, or {\"any\", \"um\"}.", slice_from(""));
    return read_class(r, entry) != NULL;
}
static bool entry_place(struct reader *r, size_t i, const struct json *entry)
{
    (void)i;
    if (entry->type == JSON_STRING) return reader_fault(r, NULL, "term-shape", "A place is an object.", slice_from(""));
    return read_place(r, entry) != NULL || !r->whole;
}
static bool entry_anchor(struct reader *r, size_t i, const struct json *entry)
{
    (void)i;
    return read_moment(r, entry) != NULL || !r->whole;
}

/* What a name is called by people: read aloud, never compared. */
static bool entry_name(struct reader *r, size_t i, const struct json *entry)
{
    (void)i;
    bool good = entry->type == JSON_OBJECT && entry->size > 0;
    for (const struct json *text = good ? entry->first : NULL; text != NULL; text = text->next)
        good = good && text->type == JSON_STRING && text->string.size > 0;
    return good ||
           reader_fault(r, NULL, "term-shape", "What a name is called, by language: {\"ar\", \"en\"}.", slice_from(""));
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
    good = read_group_member(r, suspend, release, "suspend") && good;
    good = read_group_member(r, withdraw, release, "withdraw") && good;
    reader_out(r, mark);
    return good;
}

static bool entry_channel(struct reader *r, size_t i, const struct json *entry)
{
    static const char *const members[] = {"name", "release", NULL};
    struct channel *channels = (struct channel *)(uintptr_t)r->agreement->channels;
    struct channel *channel = &channels[i];
    *channel = (struct channel){.name = entry->key};
    if (json_find(entry, "release") == NULL) {
        channel->suspend = r->agreement->force.suspend;
        channel->withdraw = r->agreement->force.withdraw;
    }
    bool good = reader_members(r, entry, members);
    return read_release(r, &channel->suspend, &channel->withdraw, entry) && good;
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

static bool read_force_moment(struct reader *r, const struct moment **out, const struct json *value, const char *key)
{
    const struct json *member = json_find(value, key);
    if (member == NULL) return true;
    size_t mark = reader_in(r, key);
    *out = read_moment(r, member);
    reader_out(r, mark);
    return *out != NULL && fit_for_force(r, *out, key);
}

static bool read_assent(struct reader *r, const struct json *value)
{
    size_t mark = reader_in(r, "assent");
    const struct group *assent = read_group(r, json_find(value, "assent"));
    reader_out(r, mark);
    if (assent == NULL) return false;
    if (assent->type != GROUP_NAMES)
        return reader_fault(r, "assent", "term-force",
                            "Whose assent brings it into force: named parties, or a group of them.", slice_from(""));
    r->agreement->force.assent = assent->names;
    return true;
}

static bool read_force(struct reader *r, const struct json *value)
{
    static const char *const members[] = {"assent", "from", "release", "until", NULL};
    struct force *force = &r->agreement->force;
    reader_in_source(r, 0);
    reader_in(r, "force");
    r->nodes = 0;
    bool good = reader_members(r, value, members);
    if (value != NULL && value->type == JSON_OBJECT) {
        good = read_assent(r, value) && good;
        good = read_force_moment(r, &force->from, value, "from") && good;
        good = read_force_moment(r, &force->until, value, "until") && good;
        good = read_release(r, &force->suspend, &force->withdraw, value) && good;
    }
    reader_out(r, 0);
    return good;
}

/* ---- readings */

static bool read_flags_member(struct reader *r, unsigned *out, const struct json *value, const char *key,
                              const char *const *words)
{
    const struct json *list = json_find(value, key);
    if (list == NULL) return true;
    size_t mark = reader_in(r, key);
    bool good = read_flags(r, out, list, words, false);
    reader_out(r, mark);
    return good;
}

static bool read_needed_group(struct reader *r, const struct group **out, const struct json *value, const char *key)
{
    size_t mark = reader_in(r, key);
    *out = read_group(r, json_find(value, key));
    reader_out(r, mark);
    return *out != NULL;
}

static bool entry_reading(struct reader *r, size_t i, const struct json *value)
{
    static const char *const members[] = {"conflict", "excuse", "links", "name", "need", "trust", "unless", NULL};
    static const char *const needs[] = {"report", "claim", "found", "admitted", NULL}, *const unless[] = {"not-found",
                                                                                                          "deny", NULL};
    static const char *const conflicts[] = {"out", "maybe", "in", NULL}, *const excuses[] = {"never", "claimed",
                                                                                             "found", NULL};
    struct reading *reading = &((struct reading *)(uintptr_t)r->agreement->readings)[i];
    int conflict = MAYBE, excuse = EXCUSE_NEVER;
    reading->name = value->key;
    bool good = reader_members(r, value, members);
    if (value->type != JSON_OBJECT) return false;
    bool need = read_flags_member(r, &reading->need, value, "need", needs);
    if (need && reading->need == 0)
        need = reader_fault(r, "need", "term-reading", "What an event must have to count: one word at least.",
                            slice_from(""));
    good = read_flags_member(r, &reading->unless, value, "unless", unless) && need && good;
    good = read_word(r, &conflict, value, "conflict", conflicts, MAYBE) && good;
    good = read_word(r, &excuse, value, "excuse", excuses, EXCUSE_NEVER) && good;
    reading->conflict = (enum tri)conflict;
    reading->excuse = (enum excuse)excuse;
    good = read_needed_group(r, &reading->trust, value, "trust") && good;
    return read_needed_group(r, &reading->links, value, "links") && good;
}

/* ---- terms */

static bool name_terms(struct reader *r)
{
    bool good = true;
    for (size_t i = 0; i < r->term_count; i++) {
        r->term_names[i] = json_find_string(reader_term(r, i).term, "id");
        for (size_t j = 0; j < i; j++)
            if (r->term_names[i].size > 0 && slice_equal(r->term_names[i], r->term_names[j])) {
                reader_in_source(r, reader_term(r, i).source);
                good = reader_fault(r, "terms", "term-twice", "Two terms are called \"{0}\".", r->term_names[i]);
                reader_out(r, 0);
                break;
            }
    }
    return good;
}

static bool count_terms(struct reader *r)
{
    bool good = true;
    r->term_count = 0;
    for (size_t s = 0; s < r->agreement->source_count; s++) {
        const struct json *list = json_find(r->agreement->sources[s], "terms");
        if (list == NULL) continue;
        reader_in_source(r, s);
        if (list->type == JSON_ARRAY)
            r->term_count += list->size;
        else
            good = reader_fault(r, "terms", "term-shape", "A list of terms is needed.", slice_from(""));
        if (list->type == JSON_ARRAY && r->term_count > TERMS_MOST) {
            reader_in(r, "terms");
            good = reader_limit(r, "More terms than are allowed: at most {0}.", TERMS_MOST);
            r->term_count = TERMS_MOST;
            reader_out(r, 0);
            return good;
        }
        reader_out(r, 0);
    }
    return good;
}

static bool read_term_names(struct reader *r)
{
    bool good = count_terms(r);
    r->term_names = reader_get(r, (r->term_count + 1) * sizeof *r->term_names);
    return r->term_names != NULL && name_terms(r) && good;
}

static bool read_all_terms(struct reader *r)
{
    struct agreement *a = r->agreement;
    struct term *terms = reader_get(r, (r->term_count + 1) * sizeof *terms);
    bool good = true;
    if (terms == NULL) return false;
    a->terms = terms;
    for (size_t i = 0; i < r->term_count; i++) {
        reader_in_term(r, i);
        r->term_good[i] = read_term(r, &terms[i], reader_term(r, i).term);
        good = r->term_good[i] && good;
        reader_out(r, 0);
    }
    a->term_count = r->term_count;
    return read_waits(r) && good;
}

static bool find_decides(struct reader *r)
{
    struct slice name = json_find_string(r->agreement->record, "decides");
    for (size_t i = 0; i < r->agreement->reading_count; i++)
        if (name.data != NULL && slice_equal(name, r->agreement->readings[i].name))
            r->agreement->decides = &r->agreement->readings[i];
    if (name.data == NULL || r->agreement->decides != NULL || !r->whole) return true;
    reader_in_source(r, 0);
    bool good = reader_unknown(r, "decides", UNKNOWN_READING, name, reader_near_named(r, name, "readings"));
    reader_out(r, 0);
    return good;
}

/* Names stand in these two for others to use. */
static bool read_definitions(struct reader *r)
{
    r->defining = true;
    bool good = read_table(r, "groups", NAMES_MOST, entry_group, NULL);
    good = read_table(r, "classes", NAMES_MOST, entry_class, NULL) && good;
    r->defining = false;
    return good;
}

static bool read_tables(struct reader *r)
{
    struct agreement *a = r->agreement;
    a->zones = reader_get(r, (table_size(r, "zones", PARTS_MOST) + 1) * sizeof *a->zones);
    a->channels = reader_get(r, (table_size(r, "channels", CHANNELS_MOST) + 1) * sizeof *a->channels);
    a->readings = reader_get(r, (table_size(r, "readings", READINGS_MOST) + 1) * sizeof *a->readings);
    if (a->zones == NULL || a->channels == NULL || a->readings == NULL) return false;
    bool good = read_term_names(r);
    if (r->full) return false;
    good = read_table(r, "zones", PARTS_MOST, entry_zone, &a->zone_count) && good;
    good = read_definitions(r) && good;
    good = read_table(r, "places", LIMIT_LIST_ITEMS, entry_place, NULL) && good;
    good = read_force(r, json_find(a->record, "force")) && good;
    good = read_table(r, "channels", CHANNELS_MOST, entry_channel, &a->channel_count) && good;
    good = read_table(r, "readings", READINGS_MOST, entry_reading, &a->reading_count) && good;
    good = read_all_terms(r) && good;
    good = read_table(r, "anchors", NAMES_MOST, entry_anchor, NULL) && good;
    good = read_table(r, "names", LIMIT_LIST_ITEMS, entry_name, NULL) && good;
    reader_in_source(r, 0);
    if (r->whole && a->term_count > 0 && a->reading_count == 0)
        good = reader_fault(r, NULL, "term-reading", "Terms need a reading at least: how their events are counted.",
                            slice_from(""));
    reader_out(r, 0);
    return find_decides(r) && good;
}

enum status reader_read(struct reader *r, const struct json *const *sources, size_t count, struct error *error)
{
    r->agreement = arena_get(r->arena, sizeof *r->agreement);
    if (r->agreement == NULL) return arena_full(error);
    r->agreement->record = sources[0];
    r->agreement->sources = sources;
    r->agreement->source_count = count;
    r->agreement->name = json_find_string(sources[0], "agreement");
    bool good = read_tables(r);
    if (r->full) return arena_full(error);
    if (!good && r->faults == 0 && r->whole) r->faults = 1;
    return STATUS_DONE;
}

enum status agreement_read(const struct agreement **out, const struct json *const *sources, size_t count, bool whole,
                           terms_fault *fault, void *context, size_t *faults, struct symbols *symbols,
                           struct arena *arena, struct error *error)
{
    struct reader r = {.arena = arena, .fault = fault, .context = context, .symbols = symbols, .whole = whole};
    TRY(reader_read(&r, sources, count, error));
    *faults = r.faults;
    *out = r.agreement;
    return STATUS_DONE;
}
