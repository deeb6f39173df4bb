/* The facts of a prefix of the log. Invariants: (1) it holds what was added and nothing else, so that the same prefix
 * gives the same view; (2) entries stand in the order of the log and stay where they are; (3) nothing that is kept
 * borrows from the caller; (4) whenever an entry comes to count or ceases to, that is noted once, in order. */
#include "terms/court.h"

#include <stdlib.h>

struct awaited {
    struct record_id id;
    uint32_t by;
    bool replaces;
};

enum status view_open(struct view **out, struct error *error)
{
    struct view *view = calloc(1, sizeof *view);
    if (view == NULL) return arena_full(error);
    arena_init(&view->arena, LIMIT_VIEW_BYTES);
    symbols_open(&view->symbols);
    view->last = EVER;
    enum status status = members_open(&view->members, error);
    if (status == STATUS_DONE) status = effects_open(&view->effects, error);
    if (status != STATUS_DONE) {
        view_close(&view);
        return status;
    }
    *out = view;
    return STATUS_DONE;
}

void view_close(struct view **view)
{
    struct view *v = *view;
    if (v == NULL) return;
    court_close(&v->court);
    members_close(&v->members);
    effects_close(&v->effects);
    symbols_clear(&v->symbols);
    table_clear(&v->by_id);
    table_clear(&v->by_index);
    table_clear(&v->by_awaited);
    arena_clear(&v->arena);
    for (size_t i = 0; i < v->block_count; i++) free(v->blocks[i]);
    free(v->blocks);
    free(v->mentions);
    free(v->awaited);
    free(v->changed);
    free(v->asked);
    entries_clear(&v->asking);
    entries_clear(&v->agreed);
    entries_clear(&v->others);
    free(v);
    *view = NULL;
}

uint64_t view_size(const struct view *view)
{
    return view->size;
}

void view_forget(struct view *view)
{
    court_close(&view->court);
}

uint64_t view_changes(const struct view *view)
{
    return view->changed_count;
}

static const char *const sorts[SORTS] = {
    [SORT_REPORT] = "report",
    [SORT_PASSAGE] = "passage",
    [SORT_CLAIM] = "claim",
    [SORT_FINDING] = "finding",
    [SORT_RESPONSE] = "response",
    [SORT_LINK] = "link",
    [SORT_NOTICE] = "notice",
    [SORT_ACKNOWLEDGEMENT] = "acknowledgement",
    [SORT_QUESTION] = "question",
    [SORT_ANSWER] = "answer",
    [SORT_ATTEMPT] = "attempt",
    [SORT_STANDING] = "standing",
    [SORT_APPROVAL] = "approval",
    [SORT_COVERAGE] = "coverage",
    [SORT_RESTRICTION] = "restriction",
    [SORT_AREA] = "area",
    [SORT_DESIGNATION] = "designation",
    [SORT_PARTY] = "party",
    [SORT_AGREEMENT] = "agreement",
    [SORT_PART] = "part",
    [SORT_REVEAL] = "reveal",
};

enum sort sort_of(struct slice kind)
{
    for (enum sort sort = 0; sort < SORTS; sort++)
        if (kind.size > 0 && kind.data[0] == (uint8_t)sorts[sort][0] && slice_is(kind, sorts[sort])) return sort;
    return SORTS;
}

bool sort_is_act(enum sort sort)
{
    return (sort >= SORT_NOTICE && sort <= SORT_APPROVAL) || sort == SORT_FINDING;
}

static bool tells_in_numbers(enum sort sort)
{
    return sort <= SORT_CLAIM;
}

/* ---- bodies: what evaluation reads of a record, in one piece of memory. Most of a record's bytes are its text and its
 * envelope, which no rule asks for. */

static bool is_unread(struct slice key)
{
    static const char *const names[] = {"basis",    "casualties", "key",    "observer", "prev",
                                        "register", "seq",        "source", "text",     "v"};
    if (key.size == 0 || memchr("bckoprstv", key.data[0], 9) == NULL) return false;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (key.size > 0 && key.data[0] == (uint8_t)names[i][0] && slice_is(key, names[i])) return true;
    return false;
}

struct body {
    size_t nodes, bytes;
    struct json *node; /* the next one's place */
    uint8_t *byte;
};

static void measure(struct body *body, const struct json *value)
{
    body->nodes++;
    body->bytes += value->key.size + (value->type == JSON_STRING ? value->string.size : 0);
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return;
    for (const struct json *m = value->first; m != NULL; m = m->next)
        measure(body, m); /* as deep as json_read allows */
}

static struct slice keep_slice(struct body *body, struct slice s)
{
    struct slice kept = {body->byte, s.size};
    if (s.size > 0) memcpy(body->byte, s.data, s.size);
    body->byte += s.size;
    return kept;
}

static struct json *keep_value(struct body *body, const struct json *value, bool top)
{
    struct json *kept = body->node++;
    const struct json **link = &kept->first;
    kept->type = value->type;
    kept->key = keep_slice(body, value->key);
    if (value->type == JSON_INTEGER) kept->integer = value->integer;
    if (value->type == JSON_STRING) kept->string = keep_slice(body, value->string);
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return kept;
    for (const struct json *m = value->first; m != NULL; m = m->next) {
        if (top && is_unread(m->key)) continue;
        struct json *member = keep_value(body, m, false);
        *link = member;
        link = &member->next;
        kept->size++;
    }
    return kept;
}

static enum status keep_body(struct view *view, const struct json *value, const struct json **out, struct error *error)
{
    struct body body = {.nodes = 1};
    for (const struct json *m = value->first; m != NULL; m = m->next)
        if (!is_unread(m->key)) measure(&body, m);
    body.node = arena_get(&view->arena, body.nodes * sizeof *body.node + body.bytes);
    if (body.node == NULL) return arena_full(error);
    body.byte = (uint8_t *)(body.node + body.nodes);
    *out = keep_value(&body, value, true);
    return STATUS_DONE;
}

/* ---- ids */

static uint32_t id_hash(const struct record_id *id)
{
    return table_hash(slice_of(id->hash.bytes, 8));
}

const struct entry *view_find_id(const struct view *view, const struct record_id *id)
{
    size_t at = 0;
    uint32_t i;
    while ((i = table_next(&view->by_id, id_hash(id), &at)) != TABLE_NONE)
        if (record_id_equal(&view_entry(view, i)->id, id)) return view_entry(view, i);
    return NULL;
}

const struct entry *view_find(const struct view *view, struct slice hex_id)
{
    struct record_id id;
    return hash_parse(&id.hash, hex_id) ? view_find_id(view, &id) : NULL;
}

static uint32_t index_hash(uint64_t index)
{
    return table_hash(slice_of(&index, sizeof index));
}

static struct entry *find_index(const struct view *view, uint64_t index)
{
    size_t at = 0;
    uint32_t i;
    while ((i = table_next(&view->by_index, index_hash(index), &at)) != TABLE_NONE)
        if (view_entry(view, i)->index == index) return view_entry(view, i);
    return NULL;
}

const struct entry *view_at(const struct view *view, uint64_t index)
{
    return find_index(view, index);
}

const struct effects *view_effects(const struct view *view)
{
    return view->effects;
}

const struct entry *view_head(const struct view *view, const struct entry *entry)
{
    if (!entry->is_replaced) return entry;
    const struct entry *found = find_index(view, effects_head(view->effects, entry->index));
    return found == NULL ? entry : found;
}

uint32_t view_stamp(struct view *view)
{
    if (view->stamp == UINT32_MAX) {
        for (size_t i = 0; i < view->count; i++) view_entry(view, i)->mark = 0;
        view->stamp = 0;
    }
    return ++view->stamp;
}

int64_t entry_time(const struct entry *entry, const char *key)
{
    int64_t at;
    return time_parse(&at, json_find_string(entry->body, key)) ? at : NEVER;
}

symbol view_symbol(const struct view *view, struct slice name)
{
    size_t at = 0;
    uint32_t i;
    if (name.size == 0) return 0;
    while ((i = table_next(&view->symbols.by_name, table_hash(name), &at)) != TABLE_NONE)
        if (slice_equal(view->symbols.names[i], name)) return i + 1;
    return 0;
}

int entry_order(const struct entry *a, const struct entry *b)
{
    if (a->received_ms != b->received_ms) return a->received_ms < b->received_ms ? -1 : 1;
    int by = a->author == b->author ? 0 : slice_compare(a->by, b->by);
    if (by != 0) return by;
    if (a->key_id != b->key_id) return a->key_id < b->key_id ? -1 : 1;
    if (a->seq != b->seq) return a->seq < b->seq ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static int in_order(const void *a, const void *b)
{
    return entry_order(*(const struct entry *const *)a, *(const struct entry *const *)b);
}

void entries_sort(struct entries *entries)
{
    if (entries->count > 1) qsort(entries->list, entries->count, sizeof(struct entry *), in_order);
}

/* ---- walks */

void entries_clear(struct entries *entries)
{
    if (entries->list != entries->few) free(entries->list);
    entries->list = NULL;
    entries->count = entries->room = 0;
    entries->full = false;
}

bool entries_put(struct entries *entries, const struct entry *entry)
{
    if (entries->room == 0) {
        entries->list = entries->few;
        entries->room = COUNT_OF(entries->few);
    }
    if (entries->count == entries->room) {
        bool few = entries->list == entries->few;
        size_t room = entries->room * 2;
        const struct entry **list = realloc(few ? NULL : entries->list, room * sizeof(struct entry *));
        if (list == NULL) return !(entries->full = true);
        if (few) memcpy(list, entries->few, sizeof entries->few);
        entries->list = list;
        entries->room = room;
    }
    entries->list[entries->count++] = entry;
    return true;
}

static bool among(const struct entries *entries, const struct entry *entry)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->list[i] == entry) return true;
    return false;
}

void view_versions(const struct view *view, const struct entry *entry, struct entries *out)
{
    if (!entries_put(out, entry)) return;
    for (size_t i = out->count - 1; i < out->count && !out->full; i++) {
        const struct entry *e = out->list[i];
        const struct entry *older = e->has_replaces ? view_find_id(view, &e->replaces) : NULL;
        if (older != NULL && older->sort == e->sort && older->author == e->author && !among(out, older))
            entries_put(out, older);
        for (uint32_t m = e->mentions; m > 0; m = view->mentions[m - 1].next) {
            const struct entry *by = view_entry(view, view->mentions[m - 1].by);
            if (view->mentions[m - 1].replaces && by->sort == e->sort && by->author == e->author && !among(out, by))
                entries_put(out, by);
        }
    }
}

void view_naming(const struct view *view, const struct entry *entry, struct entries *out)
{
    struct entries versions = {0};
    if (entry->mentions == 0 && !entry->has_replaces) return;
    view_versions(view, entry, &versions);
    for (size_t i = 0; i < versions.count; i++)
        for (uint32_t m = versions.list[i]->mentions; m > 0; m = view->mentions[m - 1].next)
            if (!view->mentions[m - 1].replaces && view_entry(view, view->mentions[m - 1].by)->sort != SORT_REVEAL)
                entries_put(out, view_entry(view, view->mentions[m - 1].by));
    out->full = out->full || versions.full;
    entries_clear(&versions);
}

const struct entry *view_named(const struct view *view, const struct entry *entry, size_t i)
{
    const struct entry *named = view_find_id(view, &entry->names[i]);
    return named == NULL || named == entry ? NULL : view_head(view, named);
}

/* ---- who names whom */

static enum status note_mention(struct view *view, struct entry *target, uint32_t by, bool replaces,
                                struct error *error)
{
    if (view->mention_count == view->mention_room) {
        size_t room = view->mention_room == 0 ? 256 : view->mention_room * 2;
        struct mention *more = realloc(view->mentions, room * sizeof *more);
        if (more == NULL) return arena_full(error);
        view->mentions = more;
        view->mention_room = room;
    }
    view->mentions[view->mention_count++] = (struct mention){by, target->mentions, replaces};
    target->mentions = (uint32_t)view->mention_count;
    return STATUS_DONE;
}

static enum status await(struct view *view, const struct record_id *id, uint32_t by, bool replaces, struct error *error)
{
    if (view->awaited_count == view->awaited_room) {
        size_t room = view->awaited_room == 0 ? 64 : view->awaited_room * 2;
        struct awaited *more = realloc(view->awaited, room * sizeof *more);
        if (more == NULL) return arena_full(error);
        view->awaited = more;
        view->awaited_room = room;
    }
    view->awaited[view->awaited_count] = (struct awaited){*id, by, replaces};
    return table_put(&view->by_awaited, id_hash(id), (uint32_t)view->awaited_count++, error);
}

static enum status name_one(struct view *view, const struct record_id *id, uint32_t by, bool replaces,
                            struct error *error)
{
    const struct entry *target = view_find_id(view, id);
    if (target == NULL) return await(view, id, by, replaces, error);
    return note_mention(view, view_entry(view, target->number), by, replaces, error);
}

static enum status name_all(struct view *view, struct entry *entry, struct error *error)
{
    size_t at = 0;
    uint32_t i;
    for (uint32_t k = 0; k < entry->name_count; k++) TRY(name_one(view, &entry->names[k], entry->number, false, error));
    if (entry->has_replaces) TRY(name_one(view, &entry->replaces, entry->number, true, error));
    while ((i = table_next(&view->by_awaited, id_hash(&entry->id), &at)) != TABLE_NONE) {
        const struct awaited *awaited = &view->awaited[i];
        if (record_id_equal(&awaited->id, &entry->id))
            TRY(note_mention(view, entry, awaited->by, awaited->replaces, error));
    }
    return STATUS_DONE;
}

/* ---- what counts */

static enum status note_counting(struct view *view, struct entry *entry, bool is_new, struct error *error)
{
    enum effect effect = effects_of(view->effects, entry->index, NULL);
    bool counted = entry->counts;
    entry->counts = effect == EFFECT_COUNTS;
    entry->is_replaced = effects_head(view->effects, entry->index) != entry->index;
    if (entry->counts == counted && !is_new) return STATUS_DONE;
    if (view->changed_count == view->changed_room) {
        size_t room = view->changed_room == 0 ? 256 : view->changed_room * 2;
        uint32_t *more = realloc(view->changed, room * sizeof *more);
        if (more == NULL) return arena_full(error);
        view->changed = more;
        view->changed_room = room;
    }
    view->changed[view->changed_count++] = entry->number;
    const struct entry *revealed = entry->sort == SORT_REVEAL ? unseal_target(view, entry) : NULL;
    return revealed == NULL ? STATUS_DONE : view_unsealed(view, view_entry(view, revealed->number), error);
}

/* An entry has come: itself, its other versions, and those that waited for it may count now, or no longer. */
static enum status settle(struct view *view, struct entry *entry, struct error *error)
{
    struct entries touched = {0};
    enum status status = note_counting(view, entry, true, error);
    if (entry->mentions > 0 || entry->has_replaces) {
        view_versions(view, entry, &touched);
        for (uint32_t m = entry->mentions; m > 0; m = view->mentions[m - 1].next)
            entries_put(&touched, view_entry(view, view->mentions[m - 1].by));
    }
    for (size_t i = 0; i < touched.count && status == STATUS_DONE; i++)
        if (touched.list[i] != entry)
            status = note_counting(view, view_entry(view, touched.list[i]->number), false, error);
    if (touched.full && status == STATUS_DONE) status = arena_full(error);
    entries_clear(&touched);
    return status;
}

/* ---- what is said, in numbers */

static struct point point_of(const struct json *value)
{
    return (struct point){(int32_t)json_find_integer(value, "lat_e7", 0),
                          (int32_t)json_find_integer(value, "lon_e7", 0)};
}

static struct disc disc_of_points(const struct json *list)
{
    struct point points[LIMIT_LIST_ITEMS];
    size_t count = 0;
    for (const struct json *m = list->first; m != NULL && count < COUNT_OF(points); m = m->next)
        points[count++] = point_of(m);
    return disc_around(points, count, 0);
}

/* What was heard lies somewhere in a sector: its middle, and half its depth and breadth. A bearing is taken to be wrong
 * by up to ten degrees. */
static struct disc disc_of_bearing(const struct json *bearing)
{
    int64_t least = json_find_integer(bearing, "least_m", 0) * 1000,
            most = json_find_integer(bearing, "most_m", 0) * 1000;
    int degrees = (int)json_find_integer(bearing, "degrees", 0);
    struct point centre = geo_bearing(point_of(json_find(bearing, "from")), degrees, (least + most) / 2);
    return (struct disc){centre, (most - least) / 2 + most * 175 / 1000};
}

enum status ground_read(struct ground *out, const struct json *where, struct symbols *symbols, struct error *error)
{
    const struct json *point = NULL, *list = NULL, *bearing = NULL;
    struct slice name = {NULL, 0};
    int64_t radius_mm = 0;
    *out = (struct ground){.told = true};
    for (const struct json *m = where == NULL ? NULL : where->first; m != NULL; m = m->next) {
        if (slice_is(m->key, "point") || slice_is(m->key, "cell")) point = m;
        if (slice_is(m->key, "line") || slice_is(m->key, "polygon")) list = m;
        if (slice_is(m->key, "bearing")) bearing = m;
        if (slice_is(m->key, "place")) name = m->string;
        if (slice_is(m->key, "radius_m")) radius_mm += m->integer * 1000;
        if (slice_is(m->key, "cell")) radius_mm += json_find_integer(m, "reach_m", 0) * 1000;
    }
    if (point != NULL)
        out->disc = (struct disc){point_of(point), 0};
    else if (list != NULL && list->first != NULL)
        out->disc = disc_of_points(list);
    else if (bearing != NULL)
        out->disc = disc_of_bearing(bearing);
    else if (name.data != NULL)
        return symbols_put(symbols, name, &out->name, error);
    else
        out->told = false;
    out->disc.radius_mm += radius_mm;
    return STATUS_DONE;
}

/* "About" is taken to be wrong by up to a quarter either way. */
static enum status read_amount(struct amount_told *out, const struct json *line, struct symbols *symbols,
                               struct error *error)
{
    int64_t n = json_find_integer(line, "n", 0);
    struct slice word = json_find_string(line, "exactness");
    out->lo = slice_is(word, "at-most") ? 0 : slice_is(word, "about") ? n - n / 4 : n;
    out->hi = slice_is(word, "at-least") ? AMOUNT_UNBOUNDED : slice_is(word, "about") ? n + n / 4 : n;
    return symbols_put(symbols, json_find_string(line, "kind"), &out->kind, error);
}

static enum status read_amounts(struct view *view, struct tale *tale, const struct json *counts, struct error *error)
{
    struct amount_told *amounts = arena_get(&view->arena, counts->size * sizeof *amounts);
    if (amounts == NULL) return arena_full(error);
    for (const struct json *line = counts->first; line != NULL; line = line->next)
        TRY(read_amount(&amounts[tale->amount_count++], line, &view->symbols, error));
    tale->amounts = amounts;
    return STATUS_DONE;
}

static bool read_span(struct tale *tale, const struct json *span)
{
    return time_parse(&tale->from, json_find_string(span, "from")) &&
           time_parse(&tale->to, json_find_string(span, "to"));
}

static enum status read_member(struct view *view, struct tale *tale, const struct json *m, struct error *error)
{
    struct symbols *symbols = &view->symbols;
    if (slice_is(m->key, "act")) return symbols_put(symbols, m->string, &tale->act, error);
    if (slice_is(m->key, "actor")) return symbols_put(symbols, m->string, &tale->actor, error);
    if (slice_is(m->key, "target")) return symbols_put(symbols, m->string, &tale->target, error);
    if (slice_is(m->key, "step")) return symbols_put(symbols, m->string, &tale->step, error);
    if (slice_is(m->key, "counts")) return read_amounts(view, tale, m, error);
    if (slice_is(m->key, "weapon")) {
        tale->calibre_um = (int32_t)json_find_integer(m, "calibre_um", -1);
        return symbols_put(symbols, json_find_string(m, "class"), &tale->weapon, error);
    }
    if (slice_is(m->key, "where")) {
        tale->placed = true;
        return ground_read(&tale->where, m, symbols, error);
    }
    if (slice_is(m->key, "when"))
        tale->timed = read_span(tale, json_find(m, "exact")) || read_span(tale, m); /* exact: where it is not sealed */
    return STATUS_DONE;
}

/* `all`: else only who did what, which is all that a claim says in itself. */
static enum status read_tale(struct view *view, const struct tale **out, const struct json *object, bool all,
                             struct error *error)
{
    struct tale tale = {.calibre_um = -1};
    bool any = false;
    if (object == NULL) return STATUS_DONE;
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        uint8_t c = m->key.size > 0 ? m->key.data[0] : 0;
        if (c != 'a' && (!all || (c != 'c' && c != 's' && c != 't' && c != 'w'))) continue;
        TRY(read_member(view, &tale, m, error));
        any = true;
    }
    struct tale *kept = any ? arena_get(&view->arena, sizeof *kept) : NULL;
    if (any && kept == NULL) return arena_full(error);
    if (any) *kept = tale;
    *out = kept;
    return STATUS_DONE;
}

static enum status read_passage(struct view *view, struct entry *entry, const struct json *body, struct error *error)
{
    struct tale *own = arena_get(&view->arena, sizeof *own);
    if (own == NULL) return arena_full(error);
    TRY(read_tale(view, &entry->own, body, true, error));
    *own = entry->own == NULL ? (struct tale){.calibre_um = -1} : *entry->own;
    own->timed = time_parse(&own->from, json_find_string(body, "at"));
    own->to = own->from;
    entry->own = own;
    return STATUS_DONE;
}

static enum status read_tales(struct view *view, struct entry *entry, const struct json *body, struct error *error)
{
    const struct json *event = json_find(body, "event");
    if (entry->sort == SORT_PASSAGE) return read_passage(view, entry, body, error);
    if (entry->sort == SORT_REPORT) return read_tale(view, &entry->own, body, true, error);
    if (entry->sort == SORT_CLAIM) TRY(read_tale(view, &entry->own, body, false, error));
    return read_tale(view, &entry->told, event, true, error);
}

/* ---- words of findings, responses and acknowledgements */

static uint8_t word_among(struct slice word, const char *const *words)
{
    for (uint8_t i = 1; words[i] != NULL; i++)
        if (slice_is(word, words[i])) return i;
    return 0;
}

static enum status read_words_of(struct view *view, struct entry *entry, const struct json *body, struct error *error)
{
    static const char *const findings[] = {"", "substantiated", "not-substantiated", NULL};
    static const char *const standards[] = {"", "plausible", "probable", "highly-probable", NULL};
    static const char *const receipts[] = {"", "refused", "unreadable", NULL};
    static const char *const responses[] = {"", "deny", "admit", "justify", "partly", NULL};
    if (entry->sort == SORT_FINDING) {
        entry->word = word_among(json_find_string(body, "finding"), findings);
        entry->standard = word_among(json_find_string(body, "standard"), standards);
    }
    if (entry->sort == SORT_ACKNOWLEDGEMENT) entry->word = word_among(json_find_string(body, "receipt"), receipts);
    if (entry->sort != SORT_RESPONSE) return STATUS_DONE;
    entry->word = word_among(json_find_string(body, "response"), responses);
    return symbols_put(&view->symbols, json_find_string(body, "ground"), &entry->ground, error);
}

/* ---- one entry */

static enum status read_names(struct view *view, struct entry *entry, const struct json *body, struct error *error)
{
    const struct json *about = json_find(body, "about"), *of = json_find(body, "of");
    size_t room = (about == NULL ? 0 : about->size) + (of != NULL);
    if (room == 0) return STATUS_DONE;
    struct record_id *names = arena_get(&view->arena, room * sizeof *names);
    if (names == NULL) return arena_full(error);
    for (const struct json *m = about == NULL ? NULL : about->first; m != NULL; m = m->next)
        entry->name_count += hash_parse(&names[entry->name_count].hash, m->string);
    entry->has_of = of != NULL && hash_parse(&names[entry->name_count].hash, of->string);
    entry->name_count += entry->has_of;
    entry->names = names;
    return STATUS_DONE;
}

/* Names that groups may be asked for, whoever has them: so that each has its number. */
static enum status number_names(struct view *view, const struct json *body, struct error *error)
{
    static const char *const keys[] = {"affiliate_of", "alternates", "answers_for", "area", "group", "party", "to"};
    symbol ignored;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct json *value = json_find(body, keys[i]);
        if (value == NULL) continue;
        if (value->type == JSON_STRING) TRY(symbols_put(&view->symbols, value->string, &ignored, error));
        if (value->type != JSON_ARRAY) continue;
        for (const struct json *m = value->first; m != NULL; m = m->next) {
            struct slice name = m->type == JSON_STRING ? m->string : json_find_string(m, "party");
            TRY(symbols_put(&view->symbols, name, &ignored, error));
        }
    }
    return STATUS_DONE;
}

/* Asked for once a term, reading and record: found once. */
static void find_moments(struct entry *entry, const struct json *body)
{
    int64_t to, at = 0;
    bool stated = time_parse(&at, json_find_string(body, "at"));
    bool takes_effect = entry->sort != SORT_ATTEMPT; /* a call that somebody tells of was made when it was made */
    entry->act_time = !stated || (takes_effect && at < entry->received) ? entry->received : at;
    entry->last = sort_is_act(entry->sort) ? entry->act_time : EVER;
    if (entry->own != NULL && entry->own->timed) entry->last = entry->own->to;
    if (entry->told != NULL && entry->told->timed && entry->told->to > entry->last) entry->last = entry->told->to;
    if (entry->body == NULL) return;
    if (time_parse(&to, json_find_string(json_find(body, "when"), "to")) && to > entry->last) entry->last = to;
}

/* A claim about no record tells an event of its own, if it says what happened. */
static bool tells_event(const struct entry *entry, const struct json *body)
{
    if (entry->sort == SORT_REPORT || entry->sort == SORT_PASSAGE) return true;
    if (entry->sort != SORT_CLAIM || json_find(body, "about") != NULL) return false;
    return (entry->told != NULL && entry->told->act != 0) ||
           (entry->own != NULL && entry->own->act != 0 && json_find(body, "event") != NULL);
}

enum status view_grow(struct view *view, struct error *error)
{
    struct entry **blocks = realloc(view->blocks, (view->block_count + 1) * sizeof(struct entry *));
    if (blocks == NULL) return arena_full(error);
    view->blocks = blocks;
    blocks[view->block_count] = malloc(ENTRY_BLOCK * sizeof(struct entry));
    if (blocks[view->block_count] == NULL) return arena_full(error);
    view->block_count++;
    return STATUS_DONE;
}

static enum status new_entry(struct view *view, struct entry **out, struct error *error)
{
    if (view->count == view->block_count * ENTRY_BLOCK) TRY(view_grow(view, error));
    *out = view_entry(view, view->count);
    return STATUS_DONE;
}

/* It can be found, and what it is in this process. */
enum status view_known(struct view *view, struct entry *entry, struct error *error)
{
    entry->by = symbols_name(&view->symbols, entry->author);
    entry->kind = record_kind_find(slice_from(sorts[entry->sort]));
    TRY(table_put(&view->by_id, id_hash(&entry->id), entry->number, error));
    TRY(table_put(&view->by_index, index_hash(entry->index), entry->number, error));
    if ((entry->sort >= SORT_LINK || entry->sort == SORT_FINDING) && !entries_put(&view->others, entry))
        return arena_full(error);
    bool agreed = entry->sort == SORT_AGREEMENT || entry->sort == SORT_PART || entry->sort == SORT_STANDING;
    if (agreed && !entries_put(&view->agreed, entry)) return arena_full(error);
    bool asks = entry->sort == SORT_NOTICE || entry->sort == SORT_QUESTION;
    return asks && !entries_put(&view->asking, entry) ? arena_full(error) : STATUS_DONE;
}

enum status view_body(struct view *view, const struct json *body, const struct json **out, struct error *error)
{
    return keep_body(view, body, out, error);
}

enum status view_rooms(struct view *view, size_t mentions, size_t awaited, struct error *error)
{
    view->mentions = malloc((mentions + 1) * sizeof *view->mentions);
    view->awaited = malloc((awaited + 1) * sizeof *view->awaited);
    view->mention_room = mentions + 1;
    view->awaited_room = awaited + 1;
    return view->mentions == NULL || view->awaited == NULL ? arena_full(error) : STATUS_DONE;
}

size_t view_awaited_size(void)
{
    return sizeof(struct awaited);
}

enum status view_await_again(struct view *view, size_t mentions, size_t awaited, struct error *error)
{
    view->mention_count = mentions;
    for (; view->awaited_count < awaited; view->awaited_count++)
        TRY(table_put(&view->by_awaited, id_hash(&view->awaited[view->awaited_count].id), (uint32_t)view->awaited_count,
                      error));
    return STATUS_DONE;
}

struct members *view_give_members(struct view *view)
{
    struct members *members = view->members;
    view->members = NULL;
    return members;
}

void view_members(struct view *view, struct members *members)
{
    members_close(&view->members);
    view->members = members;
}

static enum status keep(struct view *view, uint64_t index, int64_t received_ms, const struct record *record,
                        enum sort sort, struct error *error)
{
    struct entry *entry = NULL;
    const struct json *body = record->body;
    int64_t ms = received_ms >= 0 ? received_ms : received_ms - 999;
    TRY(new_entry(view, &entry, error));
    *entry = (struct entry){.index = index,
                            .number = (uint32_t)view->count,
                            .sort = sort,
                            .kind = record->kind,
                            .id = record->id,
                            .received_ms = received_ms,
                            .seq = record->seq,
                            .key_id = record->key_id,
                            .received = ms / 1000,
                            .written = record->written,
                            .replaces = record->replaces,
                            .has_replaces = record->has_replaces};
    if (json_find(body, "sealed") != NULL) {
        TRY(keep_body(view, body, &entry->sealed, error));
        TRY(unseal(view, entry, &body, error));
    }
    if (!tells_in_numbers(sort)) TRY(keep_body(view, body, &entry->body, error));
    if (!tells_in_numbers(sort)) TRY(number_names(view, body, error));
    TRY(symbols_put(&view->symbols, json_find_string(record->body, "by"), &entry->author, error));
    entry->by = symbols_name(&view->symbols, entry->author);
    if (sort <= SORT_RESPONSE) TRY(read_tales(view, entry, body, error));
    TRY(read_words_of(view, entry, body, error));
    TRY(read_names(view, entry, body, error));
    entry->tells_event = tells_event(entry, body);
    find_moments(entry, body);
    TRY(view_known(view, entry, error));
    view->count++;
    if (entry->last > view->last) view->last = entry->last;
    TRY(name_all(view, entry, error));
    return settle(view, entry, error);
}

/* What was found out about the entry rests on what it said before: all is heard anew. */
enum status view_unsealed(struct view *view, struct entry *entry, struct error *error)
{
    const struct json *body;
    if (entry->sealed == NULL) return STATUS_DONE;
    TRY(unseal(view, entry, &body, error));
    if (!tells_in_numbers(entry->sort)) TRY(keep_body(view, body, &entry->body, error));
    if (!tells_in_numbers(entry->sort)) TRY(number_names(view, body, error));
    entry->own = entry->told = NULL;
    if (entry->sort <= SORT_RESPONSE) TRY(read_tales(view, entry, body, error));
    TRY(read_words_of(view, entry, body, error));
    entry->tells_event = tells_event(entry, body);
    find_moments(entry, body);
    if (entry->last > view->last) view->last = entry->last;
    view_forget(view);
    return STATUS_DONE;
}

/* A retraction is no fact of its own: it only takes one away. */
static enum status take_away(struct view *view, const struct record *record, struct error *error)
{
    const struct entry *of = view_find(view, json_find_string(record->body, "of"));
    return of == NULL ? STATUS_DONE : note_counting(view, view_entry(view, of->number), false, error);
}

/* What somebody vouched for takes effect: itself, and what it replaces or takes away. */
static enum status restore(struct view *view, struct error *error)
{
    uint64_t index, target;
    for (size_t n = 0; effects_restored(view->effects, n, &index, &target); n++) {
        const struct entry *entry = find_index(view, index), *other = find_index(view, target);
        if (entry != NULL) TRY(settle(view, view_entry(view, entry->number), error));
        if (other != NULL && other != entry) TRY(note_counting(view, view_entry(view, other->number), false, error));
    }
    return STATUS_DONE;
}

enum status view_add(struct view *view, uint64_t entry, int64_t received_ms, const struct record *record, bool is_void,
                     struct error *error)
{
    enum sort sort = sort_of(slice_from(record->kind->name));
    if (!is_void && record->kind->family == FAMILY_WHO) {
        TRY(members_add(view->members, entry, received_ms, record, error));
        TRY(effects_follow(view->effects, view->members, error));
    }
    TRY(effects_add(view->effects, entry, record, is_void, error));
    if (!is_void && sort < SORTS) TRY(keep(view, entry, received_ms, record, sort, error));
    if (!is_void && strcmp(record->kind->name, "retraction") == 0) TRY(take_away(view, record, error));
    TRY(restore(view, error));
    view->size = entry + 1;
    return STATUS_DONE;
}
