/* Effect, kept up entry by entry so that any size can be asked for as soon as it is reached.
 * Invariants: (1) a void entry has no id here, joins no chain and influences nothing; (2) the answer for 0 … N-1
 * depends on those entries in their order alone; (3) work per entry is constant but for the records that waited for it;
 * (4) an entry that is held (its key was compromised when it came) touches no other until somebody vouches for it.
 */
#include "record/effect.h"
#include "base/table.h"
#include "record/check.h"
#include "record/target.h"

#include <stdlib.h>

#define NOBODY UINT32_MAX

struct entry {
    struct record_id id;
    int64_t seq, written;
    const struct record_kind *kind;
    uint32_t author, key_id;
    uint32_t missing;                     /* records it names, without which it means nothing, that have not arrived */
    uint32_t previous;                    /* the entry that `prev` names, or NOBODY */
    uint32_t same_seq;                    /* the next entry of one author, key and seq, or NOBODY */
    uint32_t chain, size, head;           /* union-find over replacements; size and head hold at the root */
    uint32_t retracted_by, misplaced_for; /* entries, or NOBODY */
    uint32_t target, replaced;            /* those that it names, once they are here; or NOBODY */
    uint32_t vouched_by;                  /* an entry, or NOBODY */
    bool is_void, has_prev, first_of_seq, late, held;
};

/* A reference whose target has not arrived. */
enum wait { WAIT_TARGET, WAIT_ABOUT, WAIT_REPLACES, WAIT_PREV };
struct waiting {
    struct record_id id;
    uint32_t entry;
    uint32_t next; /* the next one that waits for the same id, or NOBODY */
    uint32_t last; /* of those; kept at the first */
    enum wait what;
    uint32_t body; /* the place of its text among the bodies, or NOBODY */
};

/* What became of an author's key. */
struct ending {
    uint32_t author, key_id;
    uint32_t retired_at, compromised_at; /* the first entry that says so, or NOBODY */
    int64_t since;                       /* of the last that says so */
};

/* One record that a vouch names. */
struct vouching {
    struct record_id id;
    uint32_t vouch, key_id;
};

struct effects {
    struct entry *entries;
    struct waiting *waiting;
    struct slice *authors;
    struct slice *bodies;   /* of those whose fitting depends on what they say, while their target has not arrived */
    struct ending *endings; /* few: looked through, as are the vouchings */
    struct vouching *vouchings;
    uint32_t *restored; /* by the last entry added, in their order */
    uint32_t *doubtful; /* few: void, or whose place in their author's chain was not plain when they came */
    size_t count, room, waiting_count, waiting_room, author_count, author_room, body_count, body_room;
    size_t ending_count, ending_room, vouching_count, vouching_room, restored_count, restored_room;
    size_t doubtful_count, doubtful_room;
    size_t followed; /* endings of the members that are known here */
    struct table by_id, by_waiting, by_author, by_seq;
    struct arena arena;
};

enum status effects_open(struct effects **out, struct error *error)
{
    struct effects *effects = calloc(1, sizeof *effects);
    if (effects == NULL) return arena_full(error);
    arena_init(&effects->arena, SIZE_MAX / 4);
    *out = effects;
    return STATUS_DONE;
}

void effects_close(struct effects **effects)
{
    struct effects *e = *effects;
    if (e == NULL) return;
    table_clear(&e->by_id);
    table_clear(&e->by_waiting);
    table_clear(&e->by_author);
    table_clear(&e->by_seq);
    arena_clear(&e->arena);
    free(e->entries);
    free(e->waiting);
    free(e->authors);
    free(e->bodies);
    free(e->endings);
    free(e->vouchings);
    free(e->restored);
    free(e->doubtful);
    free(e);
    *effects = NULL;
}

static void *grown(void *array, size_t *room, size_t count, size_t size)
{
    if (count < *room) return array;
    size_t more = *room == 0 ? 256 : *room * 2;
    void *bigger = more > SIZE_MAX / size ? NULL : realloc(array, more * size);
    if (bigger != NULL) *room = more;
    return bigger;
}

/* ---- looking */

static uint32_t id_hash(const struct record_id *id)
{
    return table_hash(slice_of(id->hash.bytes, 8));
}

static uint32_t find_id(const struct effects *effects, const struct record_id *id)
{
    size_t at = 0;
    uint32_t i, hash = id_hash(id);
    while ((i = table_next(&effects->by_id, hash, &at)) != TABLE_NONE)
        if (record_id_equal(&effects->entries[i].id, id)) return i;
    return NOBODY;
}

static uint32_t find_waiting(const struct effects *effects, const struct record_id *id)
{
    size_t at = 0;
    uint32_t i, hash = id_hash(id);
    while ((i = table_next(&effects->by_waiting, hash, &at)) != TABLE_NONE)
        if (record_id_equal(&effects->waiting[i].id, id)) return i;
    return NOBODY;
}

static enum status find_author(struct effects *effects, struct slice by, uint32_t *author, struct error *error)
{
    size_t at = 0;
    uint32_t i, hash = table_hash(by);
    while ((i = table_next(&effects->by_author, hash, &at)) != TABLE_NONE) {
        if (!slice_equal(effects->authors[i], by)) continue;
        *author = i;
        return STATUS_DONE;
    }
    void *authors = grown(effects->authors, &effects->author_room, effects->author_count, sizeof *effects->authors);
    struct slice name = arena_copy(&effects->arena, by);
    if (authors != NULL) effects->authors = authors;
    if (authors == NULL || name.data == NULL) return arena_full(error);
    effects->authors[effects->author_count] = name;
    *author = (uint32_t)effects->author_count++;
    return table_put(&effects->by_author, hash, *author, error);
}

static uint32_t seq_hash(uint32_t author, uint32_t key_id, int64_t seq)
{
    uint64_t mixed = ((uint64_t)author << 32 | key_id) * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)seq;
    return table_hash(slice_of(&mixed, sizeof mixed));
}

/* The first entry of that place in an author's chain. */
static uint32_t find_seq(const struct effects *effects, const struct entry *like, int64_t seq)
{
    size_t at = 0;
    uint32_t i, hash = seq_hash(like->author, like->key_id, seq);
    while ((i = table_next(&effects->by_seq, hash, &at)) != TABLE_NONE) {
        const struct entry *entry = &effects->entries[i];
        if (entry->author == like->author && entry->key_id == like->key_id && entry->seq == seq) return i;
    }
    return NOBODY;
}

/* ---- keys that ended */

static struct ending *find_ending(const struct effects *effects, uint32_t author, uint32_t key_id)
{
    for (size_t i = 0; i < effects->ending_count; i++)
        if (effects->endings[i].author == author && effects->endings[i].key_id == key_id) return &effects->endings[i];
    return NULL;
}

static enum status take_ending(struct effects *effects, const struct key_ending *told, struct error *error)
{
    uint32_t author;
    TRY(find_author(effects, told->party, &author, error));
    struct ending *ending = find_ending(effects, author, told->key_id);
    if (ending == NULL) {
        void *more = grown(effects->endings, &effects->ending_room, effects->ending_count, sizeof *effects->endings);
        if (more == NULL) return arena_full(error);
        effects->endings = more;
        ending = &effects->endings[effects->ending_count++];
        *ending = (struct ending){author, told->key_id, NOBODY, NOBODY, 0};
    }
    uint32_t *at = told->compromised ? &ending->compromised_at : &ending->retired_at;
    if (*at == NOBODY) *at = (uint32_t)told->at;
    if (told->compromised) ending->since = told->since;
    return STATUS_DONE;
}

enum status effects_follow(struct effects *effects, const struct members *members, struct error *error)
{
    const struct key_ending *ending;
    for (; (ending = members_ending(members, effects->followed)) != NULL; effects->followed++)
        TRY(take_ending(effects, ending, error));
    return STATUS_DONE;
}

/* Does it touch others? */
static bool active(const struct entry *entry)
{
    return !entry->held || entry->vouched_by != NOBODY;
}

/* ---- replacements: chains with one head */

static uint32_t chain_of(const struct effects *effects, uint32_t i)
{
    while (effects->entries[i].chain != i) i = effects->entries[i].chain;
    return i;
}

/* Which of two heads stands when `later` replaces `target` of the other's chain. Replacing the head itself always does;
 * where a chain branches, the last to arrive, unless the same key wrote it before the other. */
static uint32_t choose_head(const struct effects *effects, uint32_t target, uint32_t head, uint32_t later)
{
    const struct entry *a = &effects->entries[head], *b = &effects->entries[later];
    if (target == head) return later;
    return a->key_id == b->key_id && b->seq < a->seq ? head : later;
}

static void join(struct effects *effects, uint32_t target, uint32_t replacing)
{
    struct entry *entries = effects->entries;
    uint32_t into = chain_of(effects, target), from = chain_of(effects, replacing);
    if (into == from) return;
    uint32_t head = choose_head(effects, target, entries[into].head, entries[from].head);
    if (entries[into].size < entries[from].size) {
        uint32_t swapped = into;
        into = from;
        from = swapped;
    }
    entries[from].chain = into;
    entries[into].size += entries[from].size;
    entries[into].head = head;
}

/* ---- references */

static void misplace(struct effects *effects, uint32_t i, uint32_t target)
{
    if (effects->entries[i].misplaced_for == NOBODY) effects->entries[i].misplaced_for = target;
}

/* A retraction, once it and its target are here and fit. */
static void retract(struct effects *effects, uint32_t retraction, uint32_t target)
{
    const struct entry *entry = &effects->entries[retraction];
    bool retracts = active(entry) && strcmp(entry->kind->name, "retraction") == 0;
    if (retracts && effects->entries[target].retracted_by == NOBODY) effects->entries[target].retracted_by = retraction;
}

static void replace(struct effects *effects, uint32_t replacing, uint32_t target)
{
    const struct entry *a = &effects->entries[target], *b = &effects->entries[replacing];
    if (a->kind != b->kind || a->author != b->author)
        misplace(effects, replacing, target);
    else if (active(b))
        join(effects, target, replacing);
}

static enum status wait_for(struct effects *effects, const struct record_id *id, uint32_t entry, enum wait what,
                            struct error *error)
{
    void *waiting = grown(effects->waiting, &effects->waiting_room, effects->waiting_count, sizeof *effects->waiting);
    if (waiting == NULL) return arena_full(error);
    effects->waiting = waiting;
    uint32_t first = find_waiting(effects, id), number = (uint32_t)effects->waiting_count++;
    effects->waiting[number] =
        (struct waiting){.id = *id, .entry = entry, .next = NOBODY, .last = number, .what = what, .body = NOBODY};
    if (what != WAIT_PREV) effects->entries[entry].missing++;
    if (first == NOBODY) return table_put(&effects->by_waiting, id_hash(id), number, error);
    effects->waiting[effects->waiting[first].last].next = number; /* in the log's order */
    effects->waiting[first].last = number;
    return STATUS_DONE;
}

/* A reference of an entry that has just come to one that is here: admission has judged what it may be about. */
static void refer(struct effects *effects, uint32_t entry, uint32_t target, enum wait what)
{
    struct entry *referring = &effects->entries[entry];
    switch (what) {
    case WAIT_TARGET:
        referring->target = target;
        retract(effects, entry, target);
        break;
    case WAIT_ABOUT: break;
    case WAIT_REPLACES:
        referring->replaced = target;
        replace(effects, entry, target);
        break;
    case WAIT_PREV: referring->previous = target; break;
    }
}

static enum status reference(struct effects *effects, uint32_t entry, const struct record_id *id, enum wait what,
                             struct error *error)
{
    uint32_t target = find_id(effects, id);
    if (target == NOBODY) return wait_for(effects, id, entry, what, error);
    refer(effects, entry, target, what);
    return STATUS_DONE;
}

/* The entry that came last in waiting is one whose text will be asked for. */
static enum status keep_body(struct effects *effects, const struct record *record, struct error *error)
{
    void *bodies = grown(effects->bodies, &effects->body_room, effects->body_count, sizeof *effects->bodies);
    struct slice text = arena_copy(&effects->arena, slice_part(record->text, 0, record->text.size - 1));
    if (bodies != NULL) effects->bodies = bodies;
    if (bodies == NULL || text.data == NULL) return arena_full(error);
    effects->waiting[effects->waiting_count - 1].body = (uint32_t)effects->body_count;
    effects->bodies[effects->body_count++] = text;
    return STATUS_DONE;
}

static enum status references(struct effects *effects, uint32_t entry, const struct record *record, struct error *error)
{
    struct record_id id;
    const char *field = target_field(record->kind);
    if (field != NULL && hash_parse(&id.hash, json_find_string(record->body, field)))
        TRY(reference(effects, entry, &id, WAIT_TARGET, error));
    if (target_asks_body(record->kind) && effects->entries[entry].missing > 0) TRY(keep_body(effects, record, error));
    const struct json *about = record->kind->needs_about ? json_find(record->body, "about") : NULL;
    for (const struct json *item = about == NULL ? NULL : about->first; item != NULL; item = item->next)
        if (hash_parse(&id.hash, item->string)) TRY(reference(effects, entry, &id, WAIT_ABOUT, error));
    if (record->has_replaces) TRY(reference(effects, entry, &record->replaces, WAIT_REPLACES, error));
    if (record->has_prev) TRY(reference(effects, entry, &record->prev, WAIT_PREV, error));
    return STATUS_DONE;
}

static enum target_fault judge_late(const struct effects *effects, const struct waiting *waiting,
                                    const struct record *target)
{
    const struct entry *entry = &effects->entries[waiting->entry];
    const struct json *body = NULL;
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (waiting->body != NOBODY &&
        json_read(&body, effects->bodies[waiting->body], JSON_CANONICAL, &arena, NULL) != STATUS_DONE)
        body = NULL;
    enum target_fault fault = target_judge(entry->kind, effects->authors[entry->author], body, target);
    arena_clear(&arena);
    return fault;
}

/* Those who waited for this record; what they may be about is judged now. */
static void arrive(struct effects *effects, uint32_t target, const struct record *record)
{
    uint32_t i = find_waiting(effects, &record->id);
    for (; i != NOBODY; i = effects->waiting[i].next) {
        const struct waiting *waiting = &effects->waiting[i];
        if (waiting->what != WAIT_PREV) effects->entries[waiting->entry].missing--;
        if (waiting->what == WAIT_TARGET && judge_late(effects, waiting, record) != TARGET_FITS)
            misplace(effects, waiting->entry, target);
        else
            refer(effects, waiting->entry, target, waiting->what);
    }
}

/* ---- vouching. What a vouch restores takes effect at once, which may bring further vouches into force: they are
 * worked off in order. */

static enum status restore(struct effects *effects, const struct vouching *vouching, uint32_t target,
                           struct error *error)
{
    const struct entry *vouch = &effects->entries[vouching->vouch];
    struct entry *entry = &effects->entries[target];
    bool fits = entry->author == vouch->author && entry->key_id == vouching->key_id;
    if (!active(vouch) || !fits || entry->vouched_by != NOBODY || entry->kind->family == FAMILY_WHO) return STATUS_DONE;
    entry->vouched_by = vouching->vouch;
    if (!entry->held) return STATUS_DONE;
    void *more = grown(effects->restored, &effects->restored_room, effects->restored_count, sizeof *effects->restored);
    if (more == NULL) return arena_full(error);
    effects->restored = more;
    effects->restored[effects->restored_count++] = target;
    return STATUS_DONE;
}

/* All that one entry vouches for, as far as it is here. */
static enum status vouch(struct effects *effects, uint32_t by, struct error *error)
{
    for (size_t i = 0; i < effects->vouching_count; i++) {
        const struct vouching *vouching = &effects->vouchings[i];
        uint32_t target = vouching->vouch == by ? find_id(effects, &vouching->id) : NOBODY;
        if (target != NOBODY) TRY(restore(effects, vouching, target, error));
    }
    return STATUS_DONE;
}

/* All who vouched for this one before it came. */
static enum status find_vouch(struct effects *effects, uint32_t target, struct error *error)
{
    const struct record_id *id = &effects->entries[target].id;
    for (size_t i = 0; effects->entries[target].held && i < effects->vouching_count; i++)
        if (record_id_equal(&effects->vouchings[i].id, id))
            TRY(restore(effects, &effects->vouchings[i], target, error));
    return STATUS_DONE;
}

static enum status note_vouching(struct effects *effects, uint32_t i, const struct record *record, struct error *error)
{
    struct vouching vouching = {.vouch = i};
    if (strcmp(record->kind->name, "vouch") != 0) return STATUS_DONE;
    if (!key_id_parse(&vouching.key_id, json_find_string(record->body, "of"))) return STATUS_DONE;
    for (const struct json *id = json_find(record->body, "records")->first; id != NULL; id = id->next) {
        void *more =
            grown(effects->vouchings, &effects->vouching_room, effects->vouching_count, sizeof *effects->vouchings);
        if (more == NULL) return arena_full(error);
        effects->vouchings = more;
        if (hash_parse(&vouching.id.hash, id->string)) effects->vouchings[effects->vouching_count++] = vouching;
    }
    return vouch(effects, i, error);
}

static enum status work_off(struct effects *effects, struct error *error)
{
    for (size_t k = 0; k < effects->restored_count; k++) {
        uint32_t i = effects->restored[k];
        const struct entry *entry = &effects->entries[i];
        if (entry->target != NOBODY) retract(effects, i, entry->target);
        if (entry->replaced != NOBODY) replace(effects, i, entry->replaced);
        TRY(vouch(effects, i, error));
    }
    return STATUS_DONE;
}

/* ---- adding */

/* Did it come after its key had ended? */
static void hold(struct effects *effects, uint32_t i)
{
    struct entry *entry = &effects->entries[i];
    const struct ending *ending = find_ending(effects, entry->author, entry->key_id);
    if (ending == NULL) return;
    entry->late = ending->retired_at != NOBODY && i > ending->retired_at;
    entry->held = ending->compromised_at != NOBODY && i > ending->compromised_at;
}

static enum status place_in_chain(struct effects *effects, uint32_t i, struct error *error)
{
    struct entry *entry = &effects->entries[i];
    uint32_t first = find_seq(effects, entry, entry->seq);
    entry->first_of_seq = first == NOBODY;
    if (first == NOBODY)
        return table_put(&effects->by_seq, seq_hash(entry->author, entry->key_id, entry->seq), i, error);
    entry->same_seq = effects->entries[first].same_seq;
    effects->entries[first].same_seq = i;
    return STATUS_DONE;
}

/* Does one of the entries before it in its chain bear the id that `prev` names? */
static bool follows(const struct effects *effects, const struct entry *entry, uint32_t before)
{
    for (; before != NOBODY; before = effects->entries[before].same_seq)
        if (entry->previous == before) return true;
    return false;
}

/* What comes later can make a place plain, and none doubtful: those that are plain need not be looked at again. */
static enum status doubt(struct effects *effects, uint32_t i, struct error *error)
{
    const struct entry *entry = &effects->entries[i];
    bool plain = !entry->is_void && entry->first_of_seq &&
                 (entry->seq == 0 || follows(effects, entry, find_seq(effects, entry, entry->seq - 1)));
    if (plain) return STATUS_DONE;
    void *more = grown(effects->doubtful, &effects->doubtful_room, effects->doubtful_count, sizeof *effects->doubtful);
    if (more == NULL) return arena_full(error);
    effects->doubtful = more;
    effects->doubtful[effects->doubtful_count++] = i;
    return STATUS_DONE;
}

enum status effects_add(struct effects *effects, uint64_t index, const struct record *record, bool is_void,
                        struct error *error)
{
    if (index != effects->count || index >= NOBODY)
        return error_set(error, STATUS_USAGE, "effect-order", "Entries must be given in order; {0} is not the next.",
                         error_number((int64_t)index).text, NULL);
    void *entries = grown(effects->entries, &effects->room, effects->count, sizeof *effects->entries);
    if (entries == NULL) return arena_full(error);
    effects->entries = entries;
    uint32_t i = (uint32_t)index;
    struct entry *entry = &effects->entries[effects->count];
    *entry = (struct entry){.id = record->id,
                            .seq = record->seq,
                            .written = record->written,
                            .kind = record->kind,
                            .key_id = record->key_id,
                            .previous = NOBODY,
                            .same_seq = NOBODY,
                            .chain = i,
                            .size = 1,
                            .head = i,
                            .retracted_by = NOBODY,
                            .misplaced_for = NOBODY,
                            .target = NOBODY,
                            .replaced = NOBODY,
                            .vouched_by = NOBODY,
                            .is_void = is_void,
                            .has_prev = record->has_prev};
    effects->count++;
    effects->restored_count = 0;
    if (is_void) return doubt(effects, i, error);
    TRY(find_author(effects, record->by, &entry->author, error));
    hold(effects, i);
    TRY(references(effects, i, record, error));
    TRY(table_put(&effects->by_id, id_hash(&record->id), i, error));
    arrive(effects, i, record);
    TRY(place_in_chain(effects, i, error));
    TRY(doubt(effects, i, error));
    TRY(find_vouch(effects, i, error));
    TRY(note_vouching(effects, i, record, error));
    return work_off(effects, error);
}

/* ---- asking */

uint64_t effects_size(const struct effects *effects)
{
    return effects->count;
}

static enum effect judge(const struct effects *effects, uint32_t i, uint32_t *cause)
{
    const struct entry *entry = &effects->entries[i];
    uint32_t head = effects->entries[chain_of(effects, i)].head;
    *cause = i;
    if (entry->is_void) return EFFECT_VOID;
    if (entry->misplaced_for != NOBODY) {
        *cause = entry->misplaced_for;
        return EFFECT_OUT_OF_PLACE;
    }
    if (entry->retracted_by != NOBODY) {
        *cause = entry->retracted_by;
        return EFFECT_RETRACTED;
    }
    if (head != i) {
        *cause = head;
        return EFFECT_REPLACED;
    }
    if (!active(entry)) {
        *cause = find_ending(effects, entry->author, entry->key_id)->compromised_at;
        return EFFECT_UNVOUCHED;
    }
    return entry->missing > 0 ? EFFECT_WAITING : EFFECT_COUNTS;
}

enum effect effects_of(const struct effects *effects, uint64_t index, uint64_t *cause)
{
    uint32_t made_so;
    enum effect effect = judge(effects, (uint32_t)index, &made_so);
    if (cause != NULL) *cause = made_so;
    return effect;
}

bool effects_any_ended(const struct effects *effects)
{
    return effects->ending_count > 0;
}

unsigned effects_marks(const struct effects *effects, uint64_t index)
{
    const struct entry *entry = &effects->entries[index];
    const struct ending *ending = entry->is_void ? NULL : find_ending(effects, entry->author, entry->key_id);
    bool contested = ending != NULL && ending->compromised_at != NOBODY && !entry->held &&
                     entry->vouched_by == NOBODY && entry->written > ending->since;
    return (entry->late ? EFFECT_LATE : 0U) | (contested ? EFFECT_CONTESTED : 0U);
}

bool effects_restored(const struct effects *effects, size_t n, uint64_t *index, uint64_t *target)
{
    if (n >= effects->restored_count) return false;
    const struct entry *entry = &effects->entries[effects->restored[n]];
    *index = effects->restored[n];
    *target = entry->target == NOBODY ? *index : entry->target;
    return true;
}

uint64_t effects_head(const struct effects *effects, uint64_t index)
{
    return effects->entries[chain_of(effects, (uint32_t)index)].head;
}

void effects_voids(const struct effects *effects, void_visit *visit, void *context)
{
    for (size_t i = 0; i < effects->doubtful_count; i++)
        if (effects->entries[effects->doubtful[i]].is_void) visit(context, effects->doubtful[i]);
}

void effects_chains(const struct effects *effects, chain_visit *visit, void *context)
{
    for (size_t n = 0; n < effects->doubtful_count; n++) {
        uint32_t i = effects->doubtful[n];
        const struct entry *entry = &effects->entries[i];
        if (entry->is_void) continue;
        if (!entry->first_of_seq) visit(context, CHAIN_EQUIVOCATION, i, find_seq(effects, entry, entry->seq));
        if (entry->seq == 0) continue;
        uint32_t before = find_seq(effects, entry, entry->seq - 1);
        if (before == NOBODY)
            visit(context, CHAIN_GAP, i, i);
        else if (!follows(effects, entry, before))
            visit(context, CHAIN_PREV, i, before);
    }
}

const char *effect_name(enum effect effect)
{
    static const char *const names[] = {[EFFECT_COUNTS] = "counts",
                                        [EFFECT_VOID] = "void",
                                        [EFFECT_REPLACED] = "replaced",
                                        [EFFECT_RETRACTED] = "retracted",
                                        [EFFECT_UNVOUCHED] = "unvouched",
                                        [EFFECT_WAITING] = "waiting",
                                        [EFFECT_OUT_OF_PLACE] = "out-of-place"};
    return names[effect];
}

/* ---- kept, and taken again. A kind is kept as its place in the table of kinds. */

enum { KEPT_TABLES = 4, KEPT_COUNTS = 8 };

static struct table *kept_table(struct effects *e, size_t i)
{
    struct table *tables[KEPT_TABLES] = {&e->by_id, &e->by_waiting, &e->by_author, &e->by_seq};
    return tables[i];
}

static bool keep_tables(struct effects *e, effects_sink *sink, void *context)
{
    for (size_t i = 0; i < KEPT_TABLES; i++) {
        const struct table *table = kept_table(e, i);
        const uint64_t sizes[2] = {table->used, table->capacity};
        if (!sink(context, sizes, sizeof sizes)) return false;
        if (table->capacity > 0 && !sink(context, table->slots, table->capacity * sizeof *table->slots)) return false;
    }
    return true;
}

static bool keep_slices(const struct slice *slices, size_t count, effects_sink *sink, void *context)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t size = slices[i].size;
        if (!sink(context, &size, sizeof size) || !sink(context, slices[i].data, size)) return false;
    }
    return true;
}

static bool keep_array(effects_sink *sink, void *context, const void *array, size_t count, size_t size)
{
    return count == 0 || sink(context, array, count * size);
}

bool effects_keep(const struct effects *effects, effects_sink *sink, void *context)
{
    struct effects copy = *effects; /* its tables, not what stands in them */
    const uint64_t counts[KEPT_COUNTS] = {effects->count,        effects->waiting_count,  effects->author_count,
                                          effects->ending_count, effects->vouching_count, effects->followed,
                                          effects->body_count,   effects->doubtful_count};
    if (!sink(context, counts, sizeof counts)) return false;
    for (size_t i = 0; i < effects->count; i++) {
        struct entry entry = effects->entries[i];
        entry.kind = (const struct record_kind *)(uintptr_t)(entry.kind - record_kinds);
        if (!sink(context, &entry, sizeof entry)) return false;
    }
    return keep_array(sink, context, effects->waiting, effects->waiting_count, sizeof *effects->waiting) &&
           keep_array(sink, context, effects->endings, effects->ending_count, sizeof *effects->endings) &&
           keep_array(sink, context, effects->vouchings, effects->vouching_count, sizeof *effects->vouchings) &&
           keep_array(sink, context, effects->doubtful, effects->doubtful_count, sizeof *effects->doubtful) &&
           keep_slices(effects->authors, effects->author_count, sink, context) &&
           keep_slices(effects->bodies, effects->body_count, sink, context) && keep_tables(&copy, sink, context);
}

static enum status cut_short(struct error *error)
{
    return error_set(error, STATUS_FAILED, "facts-kept", "The facts that were kept beside the log are cut short.",
                     NULL);
}

static enum status take_slices(struct effects *e, struct slice *slices, size_t count, size_t most,
                               effects_source *source, void *context, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t size;
        if (!source(context, &size, sizeof size) || size > most) return cut_short(error);
        uint8_t *bytes = arena_get(&e->arena, size + 1);
        if (bytes == NULL) return arena_full(error);
        if (size > 0 && !source(context, bytes, size)) return cut_short(error);
        slices[i] = slice_of(bytes, size);
    }
    return STATUS_DONE;
}

static enum status take_tables(struct effects *e, effects_source *source, void *context, struct error *error)
{
    for (size_t i = 0; i < KEPT_TABLES; i++) {
        struct table *table = kept_table(e, i);
        uint64_t sizes[2];
        if (!source(context, sizes, sizeof sizes)) return cut_short(error);
        *table = (struct table){.used = sizes[0], .capacity = sizes[1]};
        if (table->capacity == 0) continue;
        table->slots = malloc(table->capacity * sizeof *table->slots);
        if (table->slots == NULL) {
            *table = (struct table){.used = 0};
            return arena_full(error);
        }
        if (!source(context, table->slots, table->capacity * sizeof *table->slots)) return cut_short(error);
    }
    return STATUS_DONE;
}

/* An array with room for one more. */
static enum status take_array(void *out, size_t *room, size_t count, size_t size, effects_source *source, void *context,
                              struct error *error)
{
    void *array = count >= SIZE_MAX / size ? NULL : malloc((count + 1) * size);
    if (array == NULL) return arena_full(error);
    memcpy(out, &array, sizeof array); /* a pointer of any type */
    *room = count + 1;
    return count == 0 || source(context, array, count * size) ? STATUS_DONE : cut_short(error);
}

enum status effects_take(struct effects *effects, effects_source *source, void *context, struct error *error)
{
    struct effects *e = effects;
    uint64_t counts[KEPT_COUNTS];
    if (!source(context, counts, sizeof counts)) return cut_short(error);
    TRY(take_array(&e->entries, &e->room, counts[0], sizeof *e->entries, source, context, error));
    TRY(take_array(&e->waiting, &e->waiting_room, counts[1], sizeof *e->waiting, source, context, error));
    TRY(take_array(&e->endings, &e->ending_room, counts[3], sizeof *e->endings, source, context, error));
    TRY(take_array(&e->vouchings, &e->vouching_room, counts[4], sizeof *e->vouchings, source, context, error));
    TRY(take_array(&e->doubtful, &e->doubtful_room, counts[7], sizeof *e->doubtful, source, context, error));
    e->authors = malloc((counts[2] + 1) * sizeof *e->authors);
    e->bodies = malloc((counts[6] + 1) * sizeof *e->bodies);
    if (e->authors == NULL || e->bodies == NULL) return arena_full(error);
    e->body_room = counts[6] + 1;
    e->author_room = counts[2] + 1;
    e->count = counts[0];
    e->waiting_count = counts[1];
    e->author_count = counts[2];
    e->ending_count = counts[3];
    e->vouching_count = counts[4];
    e->followed = counts[5];
    e->body_count = counts[6];
    e->doubtful_count = counts[7];
    for (size_t i = 0; i < e->count; i++) e->entries[i].kind = record_kinds + (uintptr_t)e->entries[i].kind;
    TRY(take_slices(e, e->authors, e->author_count, LIMIT_NAME_BYTES, source, context, error));
    TRY(take_slices(e, e->bodies, e->body_count, LIMIT_RECORD_TEXT_BYTES, source, context, error));
    return take_tables(e, source, context, error);
}
