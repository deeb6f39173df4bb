/* A pouch opened into a register. Nothing is believed because it is in it. */
#include "peer/pouch.h"

#include "json/write.h"
#include "peer/far.h"
#include "register/evidence.h"
#include "register/arrivals.h"
#include "register/heads.h"
#include "register/outbox.h"
#include "register/seal.h"
#include "register/seal_store.h"
#include "register/writing.h"
#include "record/opening.h"

#include <pthread.h>
#include <stdio.h>

enum { GROUP_BYTES = 16 * 1024 * 1024, GROUP_NOTES = 16 * REGISTER_GROUP };

/* What is being handed in, by a thread of its own, while the pouch is read on. */
struct giving {
    const struct truce_pouch_door *door;
    struct buffer notes, sealed; /* ciphers behind the records that name them */
    pthread_t thread;
    bool on;      /* nothing else touches the register now */
    bool refused; /* out: something was */
    bool failed;  /* out */
};

struct unpacking {
    struct truce_register *reg;
    const struct truce_pouch_door *door;
    struct chains *chains;
    struct pouch_counts counts;
    struct buffer group, sealed; /* notes to be taken together, and the ciphers that came with them */
    size_t grouped;
    struct giving giving;
    struct buffer told; /* lines, to be told when the thread is back */
    struct buffer last; /* the note that came last, with which its ciphers come */
    uint64_t kept, held, known, conflicts, missing, forks, taken, voids;
    bool parted;  /* its entries tell another history */
    bool refused; /* something was; the rest was taken all the same */
};

/* A line for whoever looks on: {"pouch":WHAT, …}. Lines come from one thread at a time. */
static enum status tell(struct unpacking *o, struct buffer *text, struct error *error)
{
    TRY(buffer_finish(text, error));
    if (!o->giving.on)
        return public_line(o->door->line, o->door->context, STATUS_UNVERIFIED, buffer_slice(text), error);
    buffer_put(&o->told, buffer_slice(text));
    buffer_put_byte(&o->told, '\n');
    return buffer_finish(&o->told, error);
}

static enum status tell_kept(struct unpacking *o, struct error *error)
{
    struct slice rest = buffer_slice(&o->told);
    while (rest.size > 0) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        struct slice line = slice_part(rest, 0, (size_t)(end - rest.data));
        TRY(public_line(o->door->line, o->door->context, STATUS_UNVERIFIED, line, error));
        rest = slice_part(rest, line.size + 1, SIZE_MAX);
    }
    buffer_reset(&o->told);
    return STATUS_DONE;
}

static enum status tell_what(struct unpacking *o, const char *what, const struct error *fault, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    char message[1024];
    struct json_writer w;
    public_message(fault, message, sizeof message);
    json_write_open(&w, &text);
    json_put_object(&w);
    json_put_key(&w, "code"), json_put_string(&w, fault->code);
    json_put_key(&w, "message"), json_put_string(&w, message);
    json_put_key(&w, "pouch"), json_put_string(&w, what);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    return tell(o, &text, error);
}

static enum status tell_fault(struct unpacking *o, const char *what, const struct error *fault, struct error *error)
{
    o->refused = true;
    return tell_what(o, what, fault, error);
}

static enum status fault_of_entries(void *context, const char *what, const struct error *fault, struct error *error)
{
    return tell_fault(context, what, fault, error);
}

static enum status tell_gap(void *context, const struct chains_gap *gap, struct error *error)
{
    struct unpacking *o = context;
    OWN(buffer_clear) struct buffer text = {0};
    char key[9];
    struct json_writer w;
    snprintf(key, sizeof key, "%08x", gap->key_id);
    o->missing += (uint64_t)(gap->to - gap->from + 1);
    json_write_open(&w, &text);
    json_put_object(&w);
    json_put_key(&w, "by"), json_put_slice(&w, gap->by);
    json_put_key(&w, "from"), json_put_integer(&w, gap->from);
    json_put_key(&w, "key"), json_put_string(&w, key);
    json_put_key(&w, "pouch"), json_put_string(&w, "missing");
    json_put_key(&w, "to"), json_put_integer(&w, gap->to);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    return tell(o, &text, error);
}

/* Two notes for one place of a chain: both stay, as evidence, and nobody chooses between them here. */
static enum status keep_conflict(struct unpacking *o, const struct record *record, struct slice other,
                                 struct error *error)
{
    struct error why;
    const struct verifier *key = members_key(o->reg->members, record->by, record->key_id);
    o->conflicts++;
    (void)!error_set(&why, STATUS_UNVERIFIED, "pouch-conflict",
                     "Two records by \"{0}\" claim one place of its chain. Both are kept; neither is chosen.",
                     error_slice(record->by).text, NULL);
    TRY(evidence_keep_both(o->reg->system, o->reg->directory, key, other, record->note, error));
    return tell_fault(o, "conflict", &why, error);
}

static enum status keep_note(struct unpacking *o, const struct record *record, struct error *error)
{
    OWN(buffer_clear) struct buffer other = {0};
    enum outbox_kept kept;
    bool found, is_void;
    uint64_t entry;
    TRY(index_find_id(o->reg->index, &record->id, &found, &entry, &is_void, error));
    if (found) {
        o->known++;
        return STATUS_DONE;
    }
    TRY(outbox_keep(o->reg, record, &kept, &other, error));
    switch (kept) {
    case OUTBOX_KEPT: o->kept++; return STATUS_DONE;
    case OUTBOX_HELD: o->held++; return STATUS_DONE;
    case OUTBOX_OTHER: return keep_conflict(o, record, buffer_slice(&other), error);
    }
    return STATUS_DONE;
}

static void give(struct giving *g, truce_take *take, struct buffer *bytes)
{
    if (bytes->size == 0 || g->failed) return;
    enum truce_status status = take(g->door->context, (const char *)bytes->data, bytes->size);
    g->refused = g->refused || status == TRUCE_REFUSED;
    g->failed = status != TRUCE_DONE && status != TRUCE_REFUSED;
}

static void *give_all(void *context)
{
    struct giving *g = context;
    give(g, g->door->notes, &g->notes);
    give(g, g->door->sealed, &g->sealed);
    return NULL;
}

/* Until what was given is in. */
static enum status give_wait(struct unpacking *o, struct error *error)
{
    struct giving *g = &o->giving;
    if (!g->on) return STATUS_DONE;
    pthread_join(g->thread, NULL);
    g->on = false;
    buffer_reset(&g->notes);
    buffer_reset(&g->sealed);
    o->refused = o->refused || g->refused;
    TRY(tell_kept(o, error));
    if (!g->failed) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "pouch-taken",
                     "Not all of the pouch could be handed in. Open it again: nothing is taken twice.", NULL);
}

static void swap(struct buffer *a, struct buffer *b)
{
    struct buffer kept = *a;
    *a = *b;
    *b = kept;
}

static enum status give_group(struct unpacking *o, struct error *error)
{
    struct giving *g = &o->giving;
    TRY(give_wait(o, error));
    TRY(buffer_finish(&o->group, error));
    TRY(buffer_finish(&o->sealed, error));
    if (o->group.size == 0 && o->sealed.size == 0) return STATUS_DONE;
    o->grouped = 0;
    g->door = o->door;
    swap(&g->notes, &o->group);
    swap(&g->sealed, &o->sealed);
    g->on = true;
    if (pthread_create(&g->thread, NULL, give_all, g) == 0) return STATUS_DONE;
    g->on = false;
    return error_set(error, STATUS_FAILED, "thread", "A thread could not be started.", NULL);
}

/* Where the log's key is, form is judged with everything else; here it is asked only where the note stands. */
static enum status gather_note(struct unpacking *o, struct slice note, const struct record_place *place,
                               struct error *error)
{
    if (!chains_know(o->chains, place)) TRY(give_wait(o, error)); /* the register is asked for its head */
    TRY(chains_add(o->chains, o->reg, place, error));
    buffer_put(&o->group, note);
    return ++o->grouped == GROUP_NOTES || o->group.size >= GROUP_BYTES ? give_group(o, error) : STATUS_DONE;
}

static bool is_one_note(struct slice bytes)
{
    struct slice rest = bytes, note;
    return record_next_note(&rest, &note) && rest.size == 0;
}

static enum status open_note(struct unpacking *o, struct slice note, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct record_place place;
    struct error why;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    o->counts.notes++;
    if (o->door->notes != NULL && is_one_note(note) && record_glance(&place, note))
        return gather_note(o, note, &place, error);
    if (record_decode(&record, note, &arena, &why) != STATUS_DONE) return tell_fault(o, "note", &why, error);
    place = (struct record_place){record.by, record.key_id, record.seq};
    if (o->door->notes != NULL) return gather_note(o, note, &place, error);
    TRY(chains_add(o->chains, o->reg, &place, error));
    buffer_reset(&o->last);
    buffer_put(&o->last, note);
    return keep_note(o, &record, error);
}

/* The log's key signed more than this log has, and more is about to be signed here: it was set back. */
static enum status check_set_back(const struct unpacking *o, const struct checkpoint *head, struct error *error)
{
    const struct truce_register *writer = o->reg->writer != NULL ? o->reg->writer : o->reg;
    if (writer->mode != TRUCE_WRITE || writer->mirrored != NULL || head->size <= log_size(o->reg->log))
        return STATUS_DONE;
    return error_set(
        error, STATUS_UNVERIFIED, "pouch-set-back",
        "The pouch brings a head of {0} records that this log's key signed, and the log has only {1}: it "
        "was set back, as from an old copy. Nothing was taken, for whatever is signed here now makes a second "
        "history. Put the log back as a full copy has it.",
        error_number((int64_t)head->size).text, error_number((int64_t)log_size(o->reg->log)).text, NULL);
}

/* Signed by the key of its size, and of this history; with cosigners' lines it may become the newest of its level. */
static enum status check_head(const struct unpacking *o, struct slice bytes, struct checkpoint *head,
                              struct error *error)
{
    struct note note;
    bool present;
    TRY(note_parse(&note, bytes, error));
    TRY(checkpoint_parse(head, note.text, error));
    const struct verifier *key = members_log_key_at(o->reg->members, head->size);
    if (key == NULL || !slice_is(head->origin, key->name) || !note_verify(&note, key, &present))
        return error_set(error, STATUS_UNVERIFIED, "verify-head", "The signed head does not bear this log's signature.",
                         NULL);
    if (head->size > log_size(o->reg->log)) return STATUS_DONE;
    /* Where a server has the register, cosigners' lines are its own affair. */
    bool served = o->door->notes != NULL && o->reg->mode == TRUCE_READ;
    enum status status = served ? heads_check(o->reg, bytes, error) : heads_offer(o->reg, bytes, error);
    return status == STATUS_REFUSED && strcmp(error->code, "heads-unknown") == 0 ? STATUS_DONE : status;
}

/* Of another history: then two exist, and heads.h has kept both as evidence. */
static enum status open_head(struct unpacking *o, struct slice bytes, struct error *error)
{
    struct error why;
    struct checkpoint head = {.size = 0};
    o->counts.heads++;
    TRY(give_wait(o, error));
    enum status status = check_head(o, bytes, &head, &why);
    if (status == STATUS_DONE) return check_set_back(o, &head, error);
    if (status == STATUS_FAILED && error != NULL) *error = why;
    if (status == STATUS_FAILED) return status;
    if (strcmp(why.code, "heads-other") == 0) o->forks++;
    return tell_fault(o, "head", &why, error);
}

static enum status open_evidence(struct unpacking *o, struct slice line, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct evidence evidence;
    struct error why;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    o->counts.evidence++;
    enum status status = evidence_read(&evidence, line, &arena, &why);
    if (status == STATUS_DONE) status = evidence_check(&evidence, &why);
    if (status != STATUS_DONE) return tell_fault(o, "evidence", &why, error);
    return evidence_keep(o->reg->system, o->reg->directory, line, error);
}

/* The record that came last in the pouch: who keeps it in the outbox keeps its ciphers too. */
static bool last_names(const struct unpacking *o, const struct hash *cipher)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct sealed_item item;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (o->last.size == 0 || record_decode(&record, buffer_slice(&o->last), &arena, NULL) != STATUS_DONE) return false;
    for (const struct json *at = NULL; sealed_next(record.body, &at, &item);)
        if (item.has_cipher && hash_equal(&item.cipher, cipher)) return true;
    return false;
}

/* What was erased here is not taken in again, whichever pouch still has it: that is as it should be, and no fault. */
static enum status keep_sealed(struct unpacking *o, const struct seal_file *file, struct error *error)
{
    const struct seal_store store = {o->reg->system, o->reg->directory};
    struct hash cipher = hash_of(file->cipher);
    struct error why;
    bool named, changed;
    TRY(seal_is_named(o->reg, &cipher, &named, error));
    enum status status = seal_store_put(&store, file, named || last_names(o, &cipher), &changed, &why);
    if (status == STATUS_DONE || strcmp(why.code, "seal-erased") == 0) return STATUS_DONE;
    if (status == STATUS_REFUSED || strcmp(why.code, "seal-waiting") == 0) return tell_fault(o, "sealed", &why, error);
    if (error != NULL) *error = why;
    return status;
}

static enum status open_sealed(struct unpacking *o, struct slice bytes, struct error *error)
{
    struct seal_file file;
    struct slice rest = bytes;
    struct error why;
    o->counts.sealed++;
    if (seal_file_next(&file, &rest, &why) != STATUS_DONE) return tell_fault(o, "sealed", &why, error);
    if (o->door->sealed == NULL) return keep_sealed(o, &file, error);
    buffer_put(&o->sealed, slice_part(bytes, 0, bytes.size - rest.size));
    return o->sealed.size >= GROUP_BYTES ? give_group(o, error) : STATUS_DONE;
}

/* Who signed the stamp, if it is a full copy that the policy knows; of others nobody here can say what it is worth. */
static const struct verifier *stamped_by(const struct unpacking *o, const struct note *note)
{
    const struct witness_policy *policy = members_witnessing(o->reg->members);
    bool present;
    int64_t time;
    for (size_t i = 0; policy != NULL && i < policy->mirror_count; i++)
        if (note_cosigned(note, &policy->mirror[i].key, &present, &time)) return &policy->mirror[i].key;
    return NULL;
}

/* When a full copy had a record: told, for it shows up a host that sits on it. */
static enum status open_arrival(struct unpacking *o, struct slice bytes, struct error *error)
{
    struct note note;
    struct arrival_stamp stamp;
    struct error why;
    char at[25], id[HASH_HEX_SIZE];
    o->counts.arrivals++;
    enum status status = note_parse(&note, bytes, &why);
    if (status == STATUS_DONE) status = arrival_parse(&stamp, note.text, &why);
    if (status != STATUS_DONE) return tell_fault(o, "arrival", &why, error);
    const struct verifier *mirror = stamped_by(o, &note);
    if (mirror == NULL) return STATUS_DONE;
    received_format(stamp.at_ms, at);
    hash_format(&stamp.id.hash, id);
    (void)!error_set(
        &why, STATUS_UNVERIFIED, "pouch-arrival",
        "The full copy \"{0}\" was handed the record {1} at {2}, and found it in no log when this was packed.",
        mirror->name, error_slice(slice_part(slice_from(id), 0, 8)).text, at, NULL);
    return tell_what(o, "arrival", &why, error);
}

static uint64_t count_entries(struct slice rest)
{
    uint64_t count = 0;
    for (struct slice entry; far_entry(&rest, &entry);) count++;
    return count;
}

static enum status open_section(struct unpacking *o, const struct pouch_section *section, struct error *error)
{
    switch (section->kind) {
    case POUCH_HEAD: return open_head(o, section->bytes, error);
    case POUCH_NOTE: return open_note(o, section->bytes, error);
    case POUCH_EVIDENCE: return open_evidence(o, section->bytes, error);
    case POUCH_PROOF: o->counts.proofs++; return STATUS_DONE;
    case POUCH_ENTRIES: o->counts.entries += count_entries(section->bytes); return STATUS_DONE;
    case POUCH_SEALED: return open_sealed(o, section->bytes, error);
    case POUCH_ARRIVAL: return open_arrival(o, section->bytes, error);
    case POUCH_KINDS: break;
    }
    return STATUS_DONE;
}

static enum status open_all(struct unpacking *o, const char *path, struct error *error)
{
    struct pouch_reader *reader = NULL;
    struct pouch_section section;
    bool more = true;
    TRY(pouch_open_file(&reader, o->reg->system, path, error));
    enum status status = STATUS_DONE;
    if (!slice_equal(pouch_register(reader), members_register(o->reg->members)))
        status = error_at(error,
                          error_set(error, STATUS_REFUSED, "pouch-register",
                                    "The pouch is of the register \"{0}\"; this is \"{1}\".",
                                    error_slice(pouch_register(reader)).text,
                                    error_slice(members_register(o->reg->members)).text, NULL),
                          path);
    struct error broken = {.status = STATUS_DONE};
    while (status == STATUS_DONE && more) {
        status = pouch_next(reader, &section, &more, &broken);
        if (status != STATUS_DONE || !more) break;
        status = open_section(o, &section, error);
    }
    pouch_reader_close(&reader);
    /* What was whole before the damage is taken all the same. */
    if (status == STATUS_DONE || broken.status == STATUS_REFUSED) {
        enum status given = give_group(o, error);
        if (given == STATUS_DONE) given = give_wait(o, error);
        if (given == STATUS_DONE) given = chains_gaps(o->chains, tell_gap, o, error);
        if (given != STATUS_DONE) return given;
    }
    if (broken.status != STATUS_DONE && error != NULL) *error = broken;
    return status;
}

/* The entries first: what they bring need not wait in the outbox. */
static enum status open_entries(struct unpacking *o, const char *path, struct error *error)
{
    struct pouch_extending x = {.reg = o->reg, .path = path, .fault = fault_of_entries, .context = o};
    TRY(pouch_extend(&x, error));
    o->parted = x.forks > 0;
    o->taken = x.taken;
    o->voids = x.voids;
    return STATUS_DONE;
}

static enum status opened_answer(const struct unpacking *o, struct buffer *out, struct error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    pouch_put_count(&w, "arrivals", o->counts.arrivals);
    pouch_put_count(&w, "conflicts", o->conflicts);
    pouch_put_count(&w, "entries", o->counts.entries);
    pouch_put_count(&w, "evidence", o->counts.evidence);
    pouch_put_count(&w, "forks", o->forks == 0 && o->parted ? 1 : o->forks);
    pouch_put_count(&w, "heads", o->counts.heads);
    pouch_put_count(&w, "held", o->held);
    pouch_put_count(&w, "kept", o->kept);
    pouch_put_count(&w, "known", o->known);
    pouch_put_count(&w, "missing", o->missing);
    pouch_put_count(&w, "notes", o->counts.notes);
    pouch_put_count(&w, "proofs", o->counts.proofs);
    pouch_put_count(&w, "sealed", o->counts.sealed);
    pouch_put_count(&w, "taken", o->taken);
    pouch_put_count(&w, "void", o->voids);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status open_pouch(struct unpacking *o, const char *path, struct buffer *out, struct error *error)
{
    TRY(register_know(o->reg, error));
    struct writing *writing = o->reg->writing;
    TRY(open_entries(o, path, error));
    TRY(chains_open(&o->chains, error));
    if (writing != NULL) writing->bulk++; /* the index waits until it is in */
    enum status status = open_all(o, path, error);
    if (writing != NULL) writing->bulk--;
    if (o->giving.on) pthread_join(o->giving.thread, NULL);
    chains_close(&o->chains);
    buffer_clear(&o->giving.notes);
    buffer_clear(&o->giving.sealed);
    buffer_clear(&o->group);
    buffer_clear(&o->sealed);
    buffer_clear(&o->told);
    buffer_clear(&o->last);
    TRY(status);
    TRY(opened_answer(o, out, error));
    if (o->forks > 0 || o->parted)
        return error_set(error, STATUS_UNVERIFIED, "pouch-fork",
                         "The pouch brings a signed head of another history than this log's.", NULL);
    if (o->voids > 0)
        return error_set(error, STATUS_UNVERIFIED, "pouch-void",
                         "The log in the pouch has entries that nobody could have admitted. They were taken with the "
                         "others, and count for nothing.",
                         NULL);
    if (!o->refused) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "pouch-refused", "Something in the pouch was refused; the rest was taken.",
                     NULL);
}

enum truce_status truce_pouch_open(struct truce_register *reg, const char *path, const struct truce_pouch_door *door,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct unpacking o = {.reg = reg, .door = door};
    enum status status = open_pouch(&o, path, &out, &why);
    if (out.size > 0) {
        enum status kept = public_buffer(answer, &out, status == STATUS_DONE ? &why : NULL);
        if (status == STATUS_DONE) status = kept;
    }
    return public_status(status, &why, error);
}
