#include "peer/pouch_entries.h"

#include "peer/far.h"
#include "record/admission.h"
#include "register/evidence.h"
#include "register/heads.h"

enum status pouch_entries_open(struct pouch_entries *out, struct truce_register *reg, struct error *error)
{
    *out = (struct pouch_entries){.reg = reg, .size = log_size(reg->log)};
    out->base = out->size;
    log_edge(reg->log, &out->edge);
    return register_members(reg, reg->index, reg->seen, &out->then, error);
}

void pouch_entries_close(struct pouch_entries *e)
{
    for (size_t i = 0; i < e->heads; i++) buffer_clear(&e->head[i].note);
    buffer_clear(&e->leaves);
    members_close(&e->then);
    e->heads = 0;
}

/* ---- heads */

static void reach_heads(struct pouch_entries *e)
{
    struct hash root;
    bool known = false;
    for (size_t i = 0; i < e->heads; i++) {
        if (e->head[i].checkpoint.size != e->edge.size) continue;
        if (!known) root = tree_edge_root(&e->edge), known = true;
        if (hash_equal(&root, &e->head[i].checkpoint.root)) e->head[i].reached = true;
    }
}

static enum status see_head(struct pouch_entries *e, struct slice bytes, struct error *error)
{
    struct note note;
    struct pouch_head *head = &e->head[e->heads];
    if (e->heads == POUCH_HEADS_MOST) return STATUS_DONE; /* the newest come first */
    *head = (struct pouch_head){.reached = false};
    buffer_put(&head->note, bytes);
    TRY(buffer_finish(&head->note, error));
    if (note_parse(&note, buffer_slice(&head->note), NULL) == STATUS_DONE &&
        checkpoint_parse(&head->checkpoint, note.text, NULL) == STATUS_DONE)
        e->heads++;
    else
        buffer_clear(&head->note);               /* who opens the pouch tells of it */
    if (e->edge.size == e->size) reach_heads(e); /* where taking it was cut short, all of it may be here */
    return STATUS_DONE;
}

/* ---- entries */

/* MTH of the pouch's history. */
static enum status nodes(void *context, uint64_t from, uint64_t count, struct hash *out, struct error *error)
{
    const struct pouch_entries *e = context;
    struct tree_edge edge = {.size = 0};
    for (uint64_t i = from; i < from + count; i++) {
        struct hash ours;
        if (i < e->base) TRY(log_leaf(e->reg->log, i, &ours, error));
        tree_edge_add(&edge, i < e->base ? &ours : pouch_entries_leaf(e, i));
    }
    *out = tree_edge_root(&edge);
    return STATUS_DONE;
}

static const struct record *find_none(void *context, const struct record_id *id)
{
    (void)context;
    (void)id;
    return NULL;
}

static uint64_t count_none(void *context, struct slice by, int64_t day)
{
    (void)context;
    (void)by;
    (void)day;
    return 0;
}

static bool root_then(void *context, uint64_t size, struct hash *out)
{
    const struct pouch_entries *e = context;
    return size <= e->edge.size && nodes(context, 0, size, out, NULL) == STATUS_DONE;
}

/* Cheap, and never wrong the other way: most entries change no members. */
static bool may_be_of_who(struct slice entry)
{
    static const char before[] = "\"kind\":\"";
    struct slice rest = entry;
    for (const uint8_t *at; (at = memmem(rest.data, rest.size, before, sizeof before - 1)) != NULL;) {
        rest = slice_part(entry, (size_t)(at - entry.data) + sizeof before - 1, SIZE_MAX);
        for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++)
            if (kind->family == FAMILY_WHO && slice_starts(rest, kind->name)) return true;
    }
    return false;
}

/* As far as admission can be told before the entry is here; what it gets wrong is found when the copy is judged. */
static enum status see_member(struct pouch_entries *e, uint64_t index, struct slice entry, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    const struct admission_log log = {e, index, find_none, count_none, root_then};
    struct record record;
    struct slice note;
    int64_t received_ms;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (e->differs || !may_be_of_who(entry)) return STATUS_DONE;
    if (entry_parse(&received_ms, &note, entry, NULL) != STATUS_DONE ||
        record_decode(&record, note, &arena, NULL) != STATUS_DONE || record.kind->family != FAMILY_WHO ||
        admission_check(e->then, &record, received_ms, &log, NULL) != STATUS_DONE)
        return STATUS_DONE;
    return members_add(e->then, index, received_ms, &record, error);
}

static enum status add(struct pouch_entries *e, struct slice entry, const struct hash *leaf, struct error *error)
{
    tree_edge_add(&e->edge, leaf);
    buffer_put(&e->leaves, slice_of(leaf, sizeof *leaf));
    TRY(buffer_finish(&e->leaves, error));
    reach_heads(e);
    return see_member(e, e->edge.size - 1, entry, error);
}

/* From here on the pouch tells another history: its tree grows on what is common to both. */
static enum status part_ways(struct pouch_entries *e, uint64_t index, struct error *error)
{
    struct hash leaf;
    e->differs = true;
    e->base = index;
    e->edge = (struct tree_edge){.size = 0};
    buffer_reset(&e->leaves);
    for (uint64_t i = 0; i < index; i++) {
        TRY(log_leaf(e->reg->log, i, &leaf, error));
        tree_edge_add(&e->edge, &leaf);
    }
    return STATUS_DONE;
}

static enum status see_entry(struct pouch_entries *e, uint64_t index, struct slice entry, struct error *error)
{
    struct hash ours, leaf = tree_leaf(entry);
    if (index < e->edge.size && index >= e->base) { /* it came before */
        if (!hash_equal(pouch_entries_leaf(e, index), &leaf)) e->broken = true;
        return STATUS_DONE;
    }
    if (index < e->base) {
        TRY(log_leaf(e->reg->log, index, &ours, error));
        if (hash_equal(&ours, &leaf)) return STATUS_DONE;
        TRY(part_ways(e, index, error));
    }
    if (index == e->edge.size) return add(e, entry, &leaf, error);
    e->gap = true;
    return STATUS_DONE;
}

enum status pouch_entries_see(struct pouch_entries *e, const struct pouch_section *section, struct error *error)
{
    struct slice rest = section->bytes, entry;
    uint64_t index = section->number;
    if (section->kind == POUCH_HEAD) return see_head(e, section->bytes, error);
    if (section->kind != POUCH_ENTRIES) return STATUS_DONE;
    while (!e->gap && far_entry(&rest, &entry)) TRY(see_entry(e, index++, entry, error));
    if (!e->gap && rest.size > 0) e->broken = true;
    return STATUS_DONE;
}

/* ---- which head */

/* Where the pouch tells another history, what it says of keys is not asked: only a key that is known here convicts. */
static bool signed_by_log(const struct pouch_entries *e, const struct pouch_head *head, struct verifier *key)
{
    struct note note;
    bool present;
    const struct members *members = e->differs ? e->reg->members : e->then;
    const struct verifier *wanted = members_log_key_at(members, head->checkpoint.size);
    if (wanted == NULL || !slice_is(head->checkpoint.origin, wanted->name)) return false;
    *key = *wanted;
    return note_parse(&note, buffer_slice(&head->note), NULL) == STATUS_DONE && note_verify(&note, wanted, &present);
}

const struct pouch_head *pouch_entries_head(const struct pouch_entries *e, struct verifier *key)
{
    const struct pouch_head *best = NULL;
    struct verifier signer;
    for (size_t i = 0; i < e->heads; i++) {
        const struct pouch_head *head = &e->head[i];
        bool larger = best == NULL || head->checkpoint.size > best->checkpoint.size;
        if (!head->reached || !larger || !signed_by_log(e, head, &signer)) continue;
        best = head;
        *key = signer;
    }
    return best;
}

/* ---- two histories */

/* Of these two the smaller is first; what the tree of the larger was at that size says the rest. */
static enum status hold_against(const struct pouch_entries *e, const struct pouch_head *head, struct slice ours,
                                const struct checkpoint *known, struct evidence *evidence, struct error *error)
{
    uint64_t size = head->checkpoint.size;
    bool smaller = size <= known->size;
    evidence->first = smaller ? buffer_slice(&head->note) : ours;
    evidence->second = smaller ? ours : buffer_slice(&head->note);
    evidence->has_other = size != known->size;
    if (size == known->size) return STATUS_DONE;
    if (smaller) {
        TRY(log_root(e->reg->log, size, &evidence->other, error));
        return log_prove_consistency(e->reg->log, size, known->size, &evidence->proof, error);
    }
    TRY(nodes((void *)(uintptr_t)e, 0, known->size, &evidence->other, error));
    return tree_prove_consistency(known->size, size, nodes, (void *)(uintptr_t)e, &evidence->proof, error);
}

enum status pouch_entries_fork(const struct pouch_entries *e, const struct pouch_head *head, const struct verifier *key,
                               bool *kept, struct error *error)
{
    OWN(head_clear) struct head ours = {.level = HEAD_DURABLE};
    OWN(buffer_clear) struct buffer line = {0};
    struct evidence evidence = {.kind = EVIDENCE_FORK, .key = {*key}, .keys = 1};
    struct checkpoint known;
    struct note note;
    *kept = false;
    TRY(heads_newest(e->reg, HEAD_CHECKPOINT, &ours, error));
    if (ours.level == HEAD_DURABLE) return STATUS_DONE;
    TRY(note_parse(&note, buffer_slice(&ours.note), error));
    TRY(checkpoint_parse(&known, note.text, error));
    const struct verifier *other = members_log_key_at(e->reg->members, known.size);
    if (other != NULL && memcmp(&other->key, &key->key, sizeof key->key) != 0) evidence.key[evidence.keys++] = *other;
    TRY(hold_against(e, head, buffer_slice(&ours.note), &known, &evidence, error));
    *kept = evidence_write(&line, &evidence, NULL) == STATUS_DONE; /* they may agree as far as ours goes */
    return *kept ? evidence_keep(e->reg->system, e->reg->directory, buffer_slice(&line), error) : STATUS_DONE;
}
