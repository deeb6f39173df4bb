/* An agreement's texts: what each clause says in each language, which terms stand on it, who wrote it otherwise, what
 * amends it; and the acts by which the agreement and its channels came to stand as they do, with their stated grounds.
 * Invariant: nothing is chosen between texts. Whose each is, and whether it is an earlier one, is told beside it. */
#include "terms/texts.h"

enum { ID_LEAST = 8 };

/* ---- pieces */

void put_name(struct json_writer *out, const char *key, struct slice name)
{
    if (name.size == 0) return;
    json_put_key(out, key);
    json_put_slice(out, name);
}

void put_entry_id(struct json_writer *out, const char *key, const struct entry *entry)
{
    json_put_key(out, key);
    put_id(out, entry);
}

void put_member(struct json_writer *out, const char *key, const struct json *value)
{
    if (value == NULL) return;
    json_put_key(out, key);
    json_put_tree(out, value);
}

void put_true(struct json_writer *out, const char *key, bool value)
{
    if (!value) return;
    json_put_key(out, key);
    json_put_bool(out, true);
}

/* ---- which agreement */

static bool known_at(const struct entry *entry, int64_t at)
{
    return entry->received <= at || entry_time(entry, "written") <= at;
}

static struct slice name_of(const struct entry *entry)
{
    return json_find_string(entry->body, "agreement");
}

static bool begins_with(const struct entry *entry, struct slice digits)
{
    char hex[HASH_HEX_SIZE];
    hash_format(&entry->id.hash, hex);
    return digits.size >= ID_LEAST && digits.size < sizeof hex && memcmp(hex, digits.data, digits.size) == 0;
}

static const struct heard *heard_of(const struct standing *standing, const struct entry *record)
{
    for (size_t i = 0; i < standing->count; i++)
        if (standing->heard[i].hearing->record == record) return &standing->heard[i];
    return NULL;
}

/* Of several under one name the first that came into force; else the newest. */
static const struct heard *find_named(const struct standing *standing, struct slice name)
{
    const struct heard *found = NULL;
    int64_t since;
    for (size_t i = 0; i < standing->count; i++) {
        const struct heard *heard = &standing->heard[i];
        if (!slice_equal(name_of(heard->hearing->record), name)) continue;
        found = heard;
        if (strcmp(standing_of(&heard->hearing->matter, standing->at, &since), stand_name(STAND_NOT_BEGUN)) != 0)
            return heard;
    }
    return found;
}

/* By the record's id, or how it begins: of an earlier version what stands in its place. */
static const struct heard *find_id(const struct standing *standing, struct slice id)
{
    const struct view *view = standing->view;
    const struct heard *found = NULL;
    for (size_t i = 0; i < view->agreed.count; i++) {
        const struct entry *entry = view->agreed.list[i];
        if (entry->sort != SORT_AGREEMENT || !begins_with(entry, id)) continue;
        const struct heard *heard = heard_of(standing, view_head(view, entry));
        if (heard != NULL && found != NULL && found != heard) return NULL;
        if (heard != NULL) found = heard;
    }
    return found;
}

/* ---- which records have its texts */

static bool among(const struct entries *entries, const struct entry *entry)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->list[i] == entry) return true;
    return false;
}

static bool put_parts_of(const struct view *view, const struct entry *record, struct entries *out)
{
    const struct json *parts = json_find(record->body, "parts");
    for (const struct json *m = parts == NULL ? NULL : parts->first; m != NULL; m = m->next) {
        const struct entry *part = view_find(view, m->string);
        bool fits = part != NULL && part->sort == SORT_PART && slice_equal(name_of(part), name_of(record));
        if (fits && !among(out, part) && !entries_put(out, part)) return false;
    }
    return true;
}

static bool find_sources(struct texts *t)
{
    const struct view *view = t->standing->view;
    struct entries versions = {0};
    bool good = entries_put(&t->sources, t->record) && put_parts_of(view, t->record, &t->sources);
    view_versions(view, t->record, &versions);
    entries_sort(&versions);
    good = good && !versions.full;
    for (size_t i = 0; i < versions.count && good; i++) {
        const struct entry *version = versions.list[i];
        if (version == t->record || !version->is_replaced || !known_at(version, t->standing->at)) continue;
        good = entries_put(&t->earlier, version) && put_parts_of(view, version, &t->earlier);
    }
    entries_clear(&versions);
    return good;
}

/* Does this record say that it amends something of the agreement, and what? An item without a slash is a term, or the
 * agreement as a whole. */
static bool item_is_about(const struct texts *t, struct slice item, struct slice *term)
{
    size_t size = t->name.size;
    *term = (struct slice){NULL, 0};
    if (slice_equal(item, t->name)) return true;
    bool named = item.size > size && item.data[size] == '/' && memcmp(item.data, t->name.data, size) == 0;
    *term = named ? slice_part(item, size + 1, item.size) : item;
    return named || memchr(item.data, '/', item.size) == NULL;
}

const struct json *texts_term(const struct entry *entry, struct slice id)
{
    const struct json *terms = json_find(entry->body, "terms");
    const struct json *term = terms == NULL ? NULL : terms->first;
    while (term != NULL && !slice_equal(json_find_string(term, "id"), id)) term = term->next;
    return term;
}

static const struct json *own_term(const struct entries *sources, struct slice id)
{
    const struct json *term = NULL;
    for (size_t i = 0; i < sources->count && term == NULL; i++) term = texts_term(sources->list[i], id);
    return term;
}

bool texts_amended(const struct texts *t, const struct json **item, struct slice *term)
{
    for (; *item != NULL; *item = (*item)->next)
        if (item_is_about(t, (*item)->string, term) && (term->size == 0 || own_term(&t->sources, *term) != NULL))
            return true;
    return false;
}

const struct json *texts_amends(const struct entry *entry)
{
    const struct json *amends = json_find(entry->body, "amends");
    return amends == NULL ? NULL : amends->first;
}

static bool find_others(struct texts *t)
{
    const struct view *view = t->standing->view;
    for (size_t i = 0; i < view->agreed.count; i++) {
        const struct entry *entry = view->agreed.list[i];
        struct slice term;
        if (entry->sort != SORT_AGREEMENT && entry->sort != SORT_PART) continue;
        if (!entry->counts || !known_at(entry, t->standing->at) || among(&t->sources, entry)) continue;
        const struct json *item = texts_amends(entry);
        bool amends = entry->sort == SORT_AGREEMENT && texts_amended(t, &item, &term);
        bool other = slice_equal(name_of(entry), t->name) && !among(&t->earlier, entry);
        if ((amends || other) && !entries_put(amends ? &t->amending : &t->others, entry)) return false;
    }
    entries_sort(&t->others);
    entries_sort(&t->amending);
    return true;
}

/* Another record of an agreement, and where that stands, if it is one that counts. */
static void put_other(const struct texts *t, const struct entry *entry, bool earlier, const struct json *amends)
{
    const struct heard *heard = heard_of(t->standing, entry);
    int64_t since = 0;
    const char *standing = heard == NULL ? NULL : standing_of(&heard->hearing->matter, t->standing->at, &since);
    struct slice term;
    json_put_object(t->out);
    put_name(t->out, "agreement", name_of(entry));
    put_name(t->out, "author", entry->by);
    put_true(t->out, "earlier", earlier);
    put_entry_id(t->out, "id", entry);
    put_true(t->out, "part", entry->sort == SORT_PART);
    put_time(t->out, "received", entry->received);
    if (standing != NULL) {
        put_time(t->out, "since", since);
        put_name(t->out, "standing", slice_from(standing));
    }
    if (amends != NULL) {
        json_put_key(t->out, "terms");
        json_put_array(t->out);
        for (; texts_amended(t, &amends, &term); amends = amends->next)
            if (term.size > 0) json_put_slice(t->out, term);
        json_put_close(t->out);
    }
    put_member(t->out, "title", json_find(entry->body, "title"));
    json_put_close(t->out);
}

/* ---- acts */

static bool speaks_of(const struct texts *t, const struct entry *act, const struct entry **of)
{
    const struct entry *named = view_find(t->standing->view, json_find_string(act->body, "agreement"));
    *of = named;
    return named == t->record || (named != NULL && named->sort == SORT_AGREEMENT && among(&t->earlier, named));
}

static void put_act(const struct texts *t, const struct entry *act, const struct entry *of)
{
    json_put_object(t->out);
    put_name(t->out, "act", json_find_string(act->body, "act"));
    put_name(t->out, "at", json_find_string(act->body, "at"));
    put_name(t->out, "author", act->by);
    put_time(t->out, "from", act->act_time);
    put_member(t->out, "grounds", json_find(act->body, "grounds"));
    put_entry_id(t->out, "id", act);
    if (of != t->record) put_entry_id(t->out, "of", of);
    put_member(t->out, "scope", json_find(act->body, "scope"));
    put_name(t->out, "until", json_find_string(act->body, "until"));
    put_true(t->out, "without_right", !act_has_right(&t->heard->hearing->matter, act));
    json_put_close(t->out);
}

static bool find_acts(const struct texts *t, struct entries *out)
{
    const struct view *view = t->standing->view;
    const struct entry *of;
    for (size_t i = 0; i < view->agreed.count; i++) {
        const struct entry *entry = view->agreed.list[i];
        if (entry->sort == SORT_STANDING && entry->counts && entry->act_time <= t->standing->at &&
            speaks_of(t, entry, &of) && !entries_put(out, entry))
            return false;
    }
    entries_sort(out);
    return true;
}

static void put_acts(const struct texts *t, const struct entries *acts)
{
    const struct entry *of;
    json_put_key(t->out, "acts");
    json_put_array(t->out);
    for (size_t i = 0; i < acts->count; i++)
        if (speaks_of(t, acts->list[i], &of)) put_act(t, acts->list[i], of);
    json_put_close(t->out);
}

static const struct json *channel_name(const struct texts *t, struct slice channel)
{
    const struct json *name = NULL;
    for (size_t i = 0; i < t->sources.count && name == NULL; i++) {
        const struct json *table = json_find(t->sources.list[i]->body, "channels");
        const struct json *m = table == NULL ? NULL : table->first;
        while (m != NULL && !slice_equal(m->key, channel)) m = m->next;
        name = json_find(m, "name");
    }
    return name;
}

static void put_channels(const struct texts *t, const struct entries *acts)
{
    const struct agreement *agreement = t->heard->hearing->agreement;
    json_put_key(t->out, "channels");
    json_put_array(t->out);
    for (size_t i = 0; i < agreement->channel_count; i++) {
        struct slice id = agreement->channels[i].name;
        json_put_object(t->out);
        json_put_key(t->out, "acts");
        json_put_array(t->out);
        for (size_t k = 0; k < acts->count; k++)
            if (slice_equal(json_find_string(json_find(acts->list[k]->body, "scope"), "channel"), id))
                put_id(t->out, acts->list[k]);
        json_put_close(t->out);
        put_name(t->out, "id", id);
        put_member(t->out, "name", channel_name(t, id));
        json_put_close(t->out);
    }
    json_put_close(t->out);
}

/* ---- the whole */

static void put_others(const struct texts *t, const char *key, const struct entries *list, bool earlier)
{
    json_put_key(t->out, key);
    json_put_array(t->out);
    for (size_t i = 0; i < list->count; i++) put_other(t, list->list[i], earlier, NULL);
    json_put_close(t->out);
}

static void put_amended_by(const struct texts *t)
{
    json_put_key(t->out, "amended_by");
    json_put_array(t->out);
    for (size_t i = 0; i < t->amending.count; i++)
        put_other(t, t->amending.list[i], false, texts_amends(t->amending.list[i]));
    json_put_close(t->out);
}

static void put_parts(const struct texts *t)
{
    const struct json *parts = json_find(t->record->body, "parts");
    json_put_key(t->out, "parts");
    json_put_array(t->out);
    for (const struct json *m = parts == NULL ? NULL : parts->first; m != NULL; m = m->next) {
        const struct entry *part = view_find(t->standing->view, m->string);
        bool there = part != NULL && among(&t->sources, part);
        json_put_object(t->out);
        if (there) put_name(t->out, "author", part->by);
        put_name(t->out, "id", m->string);
        if (there) put_time(t->out, "received", part->received);
        json_put_close(t->out);
    }
    json_put_close(t->out);
}

static void put_texts(const struct texts *t, const struct entries *acts)
{
    const struct json *body = t->record->body;
    json_put_object(t->out);
    put_acts(t, acts);
    put_amended_by(t);
    put_member(t->out, "amends", json_find(body, "amends"));
    put_name(t->out, "author", t->record->by);
    put_channels(t, acts);
    put_clauses(t);
    put_name(t->out, "decides", json_find_string(body, "decides"));
    put_others(t, "earlier", &t->earlier, true);
    put_name(t->out, "id", t->name);
    put_languages(t);
    put_others(t, "others", &t->others, false);
    put_member(t->out, "parties", json_find(body, "parties"));
    put_parts(t);
    put_name(t->out, "prevails", json_find_string(body, "prevails"));
    put_time(t->out, "received", t->record->received);
    put_entry_id(t->out, "record", t->record);
    json_put_key(t->out, "standing");
    put_agreement(t->out, t->heard, t->standing->at);
    put_member(t->out, "title", json_find(body, "title"));
    json_put_close(t->out);
}

static enum status write_texts(const struct standing *standing, struct slice which, struct json_writer *out,
                               struct error *error)
{
    struct texts texts = {.standing = standing, .out = out};
    struct entries acts = {0};
    texts.heard = find_named(standing, which);
    if (texts.heard == NULL) texts.heard = find_id(standing, which);
    if (texts.heard == NULL)
        return error_set(error, STATUS_USAGE, "agreement-unknown", "There is no agreement \"{0}\".",
                         error_slice(which).text, NULL);
    texts.record = texts.heard->hearing->record;
    texts.name = name_of(texts.record);
    bool good = find_sources(&texts) && find_others(&texts) && find_acts(&texts, &acts);
    if (good) put_texts(&texts, &acts);
    struct entries *const lists[] = {&texts.sources, &texts.earlier, &texts.others, &texts.amending, &acts};
    for (size_t i = 0; i < COUNT_OF(lists); i++) entries_clear(lists[i]);
    return good && !texts.heard->hearing->matter.full ? STATUS_DONE : arena_full(error);
}

enum status texts_write(struct view *view, struct slice which, int64_t as_of, struct json_writer *out,
                        struct error *error)
{
    struct standing *standing;
    TRY(standing_open(&standing, view, as_of, error));
    enum status status = write_texts(standing, which, out, error);
    standing_close(&standing);
    return status;
}
