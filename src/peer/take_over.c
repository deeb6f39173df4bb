/* A change of host: a full copy goes on under another key, from the last entry that cosigners answer for. */
#include "peer/take_over.h"

#include "json/write.h"
#include "register/arrivals.h"
#include "register/evidence.h"
#include "register/mirrored.h"
#include "register/outbox.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { APPEND_ENTRIES = 4096, APPEND_BYTES = 16 * 1024 * 1024 };

/* ---- the keys and the base */

static enum status know_new_key(struct take_over *t, struct error *error)
{
    if (t->options->key != NULL)
        t->ballot.new_key = t->options->key->signer.verifier;
    else if (t->ballot.votes > 0)
        t->ballot.new_key = t->ballot.vote[0].vote.new_key;
    else
        return error_set(error, STATUS_USAGE, "take-over-nothing",
                         "A change of host is made from votes, or with the new key; neither is given.", NULL);
    return STATUS_DONE;
}

/* The head in the vote and the copy's own are of no one log: whoever signed both lies, and the votes alone cannot say
 * which is to go on. */
static enum status forked(struct take_over *t, const struct ballot_vote *vote, const struct hash *own,
                          struct error *error)
{
    OWN(buffer_clear) struct buffer head = {0}, line = {0};
    char path[REGISTER_PATH_SIZE];
    uint64_t published = log_published(t->copy->log);
    struct evidence evidence = {.kind = EVIDENCE_FORK,
                                .first = buffer_slice(&vote->vote.checkpoint),
                                .has_other = vote->vote.size != published,
                                .other = *own,
                                .key = {t->ballot.old_key},
                                .keys = 1};
    TRY(register_path(path, t->copy->directory, "log/checkpoint", error));
    TRY(file_read_all(t->copy->system, path, LIMIT_RECORD_NOTE_BYTES, &head, error));
    evidence.second = buffer_slice(&head);
    if (vote->vote.size <= published) {
        if (evidence.has_other)
            TRY(log_prove_consistency(t->copy->log, vote->vote.size, published, &evidence.proof, error));
        TRY(directory_make(t->system, t->options->directory, error));
        if (evidence_write(&line, &evidence, NULL) == STATUS_DONE)
            TRY(evidence_keep(t->system, t->options->directory, buffer_slice(&line), error));
    }
    return error_set(error, STATUS_UNVERIFIED, "take-over-fork",
                     "The head of {0} entries that \"{1}\" cosigned is of another history than this copy. What proves "
                     "it is kept in {2}/peers/evidence. Compare copies before you go on from one of them; the vote "
                     "can be left out on purpose (--set-aside {1}).",
                     error_number((int64_t)vote->vote.size).text, error_slice(vote->name).text, t->options->directory,
                     NULL);
}

static enum status check_votes(struct take_over *t, struct error *error)
{
    struct hash own;
    for (size_t i = 0; i < t->ballot.votes; i++) {
        const struct ballot_vote *vote = &t->ballot.vote[i];
        if (vote->fate != BALLOT_COUNTS || vote->vote.size == 0) continue;
        TRY(log_root(t->copy->log, vote->vote.size, &own, error));
        if (!hash_equal(&own, &vote->root)) return forked(t, vote, &own, error);
    }
    return STATUS_DONE;
}

static enum status choose_base(struct take_over *t, struct error *error)
{
    TRY(ballot_read(&t->ballot, slice_of(t->options->votes, t->options->votes_size), error));
    TRY(know_new_key(t, error));
    TRY(ballot_count(&t->ballot, t->copy, log_published(t->copy->log), t->options->aside, t->options->aside_count,
                     error));
    return check_votes(t, error);
}

/* ---- T1: entries before the base */

struct appending {
    struct take_over *t;
    struct buffer bytes;
    size_t end[APPEND_ENTRIES], count;
};

static enum status append_group(struct appending *a, struct error *error)
{
    struct slice *entries = calloc(a->count + 1, sizeof *entries);
    uint64_t first;
    if (entries == NULL) return arena_full(error);
    for (size_t i = 0; i < a->count; i++) {
        size_t from = i == 0 ? 0 : a->end[i - 1];
        entries[i] = slice_part(buffer_slice(&a->bytes), from, a->end[i] - from);
    }
    enum status status = a->count == 0 ? STATUS_DONE : log_append(a->t->reg->log, entries, a->count, &first, error);
    free(entries);
    a->count = 0;
    buffer_reset(&a->bytes);
    return status;
}

static enum status gather(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct appending *a = context;
    (void)index;
    buffer_put(&a->bytes, entry);
    TRY(buffer_finish(&a->bytes, error));
    a->end[a->count++] = a->bytes.size;
    return a->count == APPEND_ENTRIES || a->bytes.size >= APPEND_BYTES ? append_group(a, error) : STATUS_DONE;
}

/* What stands here from a call that was cut short must be the same. */
static enum status check_own(struct take_over *t, struct error *error)
{
    struct hash own, wanted;
    uint64_t size = log_size(t->reg->log), at = size < t->ballot.base ? size : t->ballot.base;
    if (at == 0) return STATUS_DONE;
    TRY(log_root(t->reg->log, at, &own, error));
    TRY(log_root(t->copy->log, at, &wanted, error));
    if (hash_equal(&own, &wanted)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "take-over-other",
                     "The log in {0} is of another history than this copy. Take a new directory.",
                     t->options->directory, NULL);
}

static enum status take_entries(struct take_over *t, struct error *error)
{
    struct appending a = {.t = t};
    TRY(check_own(t, error));
    enum status status = log_walk(t->copy->log, log_size(t->reg->log), t->ballot.base, gather, &a, error);
    if (status == STATUS_DONE) status = append_group(&a, error);
    buffer_clear(&a.bytes);
    return status;
}

/* The head at the base, as a vote or the copy has it. */
static enum status publish_base(struct take_over *t, struct error *error)
{
    OWN(buffer_clear) struct buffer head = {0};
    char path[REGISTER_PATH_SIZE];
    if (log_published(t->reg->log) >= t->ballot.base) return STATUS_DONE;
    for (size_t i = 0; i < t->ballot.votes; i++)
        if (t->ballot.vote[i].fate == BALLOT_COUNTS && t->ballot.vote[i].vote.size == t->ballot.base)
            return log_publish_signed(t->reg->log, buffer_slice(&t->ballot.vote[i].vote.checkpoint), &t->ballot.old_key,
                                      error);
    TRY(register_path(path, t->copy->directory, "log/checkpoint", error));
    TRY(file_read_all(t->copy->system, path, LIMIT_RECORD_NOTE_BYTES, &head, error));
    return log_publish_signed(t->reg->log, buffer_slice(&head), &t->ballot.old_key, error);
}

static enum status keep_votes(struct take_over *t, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    if (t->ballot.votes == 0) return STATUS_DONE;
    TRY(register_path(path, t->reg->directory, "peers", error));
    TRY(directory_make(t->system, path, error));
    TRY(register_path(path, t->reg->directory, "peers/votes", error));
    return file_replace(t->system, path, buffer_slice(&t->ballot.text), 0644, error);
}

/* ---- T3: everything else that the copy has */

/* Two records for one place of a chain are their author's affair: both are kept, as evidence. */
static enum status keep_both(struct take_over *t, const struct record *record, struct slice other, struct error *error)
{
    const struct members *members = register_judged_members(t->reg);
    const struct verifier *key = members == NULL ? NULL : members_key(members, record->by, record->key_id);
    t->beside++;
    return evidence_keep_both(t->system, t->reg->directory, key, other, record->note, error);
}

static enum status hand_on(void *context, struct slice note, struct error *error)
{
    struct take_over *t = context;
    OWN(arena_clear) struct arena arena;
    OWN(buffer_clear) struct buffer other = {0};
    struct record record;
    enum outbox_kept kept;
    bool found, is_void;
    uint64_t entry;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (record_decode(&record, note, &arena, NULL) != STATUS_DONE) return STATUS_DONE; /* nobody could admit it */
    TRY(index_find_id(t->copy->index, &record.id, &found, &entry, &is_void, error));
    if (found && !is_void && entry < t->ballot.base) return STATUS_DONE;
    if (found && is_void) {
        t->is_void++;
        return STATUS_DONE;
    }
    TRY(outbox_keep(t->reg, &record, &kept, &other, error));
    if (kept == OUTBOX_OTHER) return keep_both(t, &record, buffer_slice(&other), error);
    t->waiting++;
    const struct record_place place = {record.by, record.key_id, record.seq};
    return chains_add(t->chains, t->reg, &place, error);
}

static enum status hand_on_entry(void *context, uint64_t index, struct slice entry, struct error *error)
{
    int64_t received_ms;
    struct slice note;
    (void)index;
    return entry_parse(&received_ms, &note, entry, NULL) == STATUS_DONE ? hand_on(context, note, error) : STATUS_DONE;
}

static enum status hand_on_arrivals(struct take_over *t, struct error *error)
{
    struct arrivals arrivals;
    TRY(arrivals_open(&arrivals, t->copy->system, t->copy->directory, false, error));
    enum status status = STATUS_DONE;
    for (size_t i = 0; i < arrivals.count && status == STATUS_DONE; i++)
        status = hand_on(t, arrivals_note(&arrivals, i), error);
    arrivals_close(&arrivals);
    return status;
}

static enum status hand_on_all(struct take_over *t, struct error *error)
{
    TRY(log_walk(t->copy->log, t->ballot.base, t->copy->seen, hand_on_entry, t, error));
    TRY(hand_on_arrivals(t, error));
    return outbox_walk(t->copy, hand_on, t, error);
}

/* ---- handing in, in the order in which it stood in the copy */

struct handing_in {
    struct take_over *t;
    struct truce_register *host;
    struct buffer notes;
    size_t count;
};

static int receipt_line(void *context, enum truce_status status, const char *text, size_t size)
{
    struct take_over *t = context;
    *(status == TRUCE_REFUSED ? &t->refused : &t->receipts) += 1;
    return t->options->line == NULL ? 0 : t->options->line(t->options->context, status, text, size);
}

static enum status give_group(struct handing_in *h, struct error *error)
{
    struct truce_error why;
    if (h->count == 0) return STATUS_DONE;
    enum truce_status status =
        truce_submit(h->host, (const char *)h->notes.data, h->notes.size, receipt_line, h->t, &why);
    buffer_reset(&h->notes);
    h->count = 0;
    if (status == TRUCE_DONE || status == TRUCE_REFUSED) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "take-over-waiting",
                     "This is the log's host now, but not all that waits in the outbox could be handed in: {0} Hand it "
                     "in with truce submit; nothing is taken twice.",
                     why.message, NULL);
}

static enum status give_note(void *context, struct slice note, struct error *error)
{
    struct handing_in *h = context;
    buffer_put(&h->notes, note);
    TRY(buffer_finish(&h->notes, error));
    return ++h->count == REGISTER_GROUP ? give_group(h, error) : STATUS_DONE;
}

static enum status give_entry(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct handing_in *h = context;
    OWN(arena_clear) struct arena arena;
    struct record record;
    int64_t received_ms;
    struct slice note;
    bool is_void;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(index_is_void(h->t->copy->index, index, &is_void, error));
    return !is_void && entry_parse(&received_ms, &note, entry, NULL) == STATUS_DONE &&
                   record_decode(&record, note, &arena, NULL) == STATUS_DONE
               ? give_note(h, note, error)
               : STATUS_DONE;
}

static enum status hand_in_all(struct take_over *t, struct error *error)
{
    struct handing_in h = {.t = t};
    TRY(register_open(&h.host, t->system, t->options->directory, TRUCE_WRITE, error));
    enum status status = log_walk(t->copy->log, t->ballot.base, t->copy->seen, give_entry, &h, error);
    if (status == STATUS_DONE) status = give_group(&h, error);
    t->refused = 0; /* it waits with the rest, and is tried once more: it may have needed what came behind it */
    if (status == STATUS_DONE) status = outbox_walk(h.host, give_note, &h, error);
    if (status == STATUS_DONE) status = give_group(&h, error);
    buffer_clear(&h.notes);
    enum status closed = register_close(&h.host, status == STATUS_DONE ? error : NULL);
    return status == STATUS_DONE ? closed : status;
}

/* ---- what is told */

static void put_votes(struct json_writer *w, const struct ballot *b)
{
    json_put_key(w, "votes");
    json_put_array(w);
    for (size_t i = 0; i < b->votes; i++) {
        json_put_object(w);
        json_put_key(w, "fate"), json_put_string(w, ballot_fate_name(b->vote[i].fate));
        json_put_key(w, "size"), json_put_integer(w, (int64_t)b->vote[i].vote.size);
        json_put_key(w, "witness"), json_put_slice(w, b->vote[i].name);
        json_put_close(w);
    }
    json_put_close(w);
}

static void put_key(struct json_writer *w, const char *name, const struct verifier *key)
{
    char text[VERIFIER_TEXT_SIZE];
    verifier_format(key, text);
    json_put_key(w, name), json_put_string(w, text);
}

static enum status put_gap(void *context, const struct chains_gap *gap, struct error *error)
{
    struct json_writer *w = context;
    char key[9];
    (void)error;
    snprintf(key, sizeof key, "%08x", gap->key_id);
    json_put_object(w);
    json_put_key(w, "by"), json_put_slice(w, gap->by);
    json_put_key(w, "from"), json_put_integer(w, gap->from);
    json_put_key(w, "key"), json_put_string(w, key);
    json_put_key(w, "to"), json_put_integer(w, gap->to);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status tell(struct take_over *t, struct buffer *out, struct error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "base"), json_put_integer(&w, (int64_t)t->ballot.base);
    json_put_key(&w, "beside"), json_put_integer(&w, (int64_t)t->beside);
    json_put_key(&w, "entries"), json_put_integer(&w, (int64_t)t->entries);
    json_put_key(&w, "host"), json_put_bool(&w, t->options->key != NULL);
    json_put_key(&w, "missing");
    json_put_array(&w);
    enum status status = chains_gaps(t->chains, put_gap, &w, error);
    json_put_close(&w);
    json_put_key(&w, "needed"), json_put_integer(&w, (int64_t)t->ballot.needed);
    put_key(&w, "new_key", &t->ballot.new_key);
    put_key(&w, "old_key", &t->ballot.old_key);
    json_put_key(&w, "receipts"), json_put_integer(&w, (int64_t)t->receipts);
    json_put_key(&w, "refused"), json_put_integer(&w, (int64_t)t->refused);
    json_put_key(&w, "void"), json_put_integer(&w, (int64_t)t->is_void);
    put_votes(&w, &t->ballot);
    json_put_key(&w, "waiting"), json_put_integer(&w, (int64_t)t->waiting);
    json_put_close(&w);
    TRY(status);
    return json_write_finish(&w, error);
}

/* ---- all of it */

static enum status become(struct take_over *t, struct error *error)
{
    TRY(take_entries(t, error));
    TRY(keep_votes(t, error));
    TRY(publish_base(t, error));
    TRY(register_judge(t->reg, false, error));
    TRY(register_indexed(t->reg, error));
    TRY(register_know(t->reg, error));
    TRY(hand_on_all(t, error));
    if (t->options->key != NULL) TRY(take_over_key(t, error));
    t->entries = log_size(t->reg->log);
    return STATUS_DONE;
}

static enum status take_over_into(struct take_over *t, struct error *error)
{
    const struct mirrored_hooks hooks = {.context = t};
    TRY(choose_base(t, error));
    TRY(register_mirror(&t->reg, t->system, t->options->directory, slice_from(t->ballot.old_key.name), &hooks, error));
    enum status status = become(t, error);
    enum status closed = register_close(&t->reg, status == STATUS_DONE ? error : NULL);
    return status == STATUS_DONE ? closed : status;
}

enum status take_over_directory(struct take_over *t, const struct system *system, const struct truce_take_over *options,
                                struct error *error)
{
    *t = (struct take_over){.system = system, .options = options};
    TRY(register_open(&t->copy, &system_real, options->copy, TRUCE_READ, error));
    TRY(register_know(t->copy, error));
    TRY(chains_open(&t->chains, error));
    return take_over_into(t, error);
}

void take_over_end(struct take_over *t)
{
    chains_close(&t->chains);
    ballot_clear(&t->ballot);
    if (t->copy != NULL) (void)register_close(&t->copy, NULL);
}

static enum status take_over(struct take_over *t, const struct truce_take_over *options, struct buffer *out,
                             struct error *error)
{
    TRY(take_over_directory(t, &system_real, options, error));
    if (options->key != NULL) TRY(hand_in_all(t, error));
    return tell(t, out, error);
}

enum truce_status truce_take_over(const struct truce_take_over *options, struct truce_buffer *answer,
                                  struct truce_error *error)
{
    struct take_over t;
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = take_over(&t, options, &out, &why);
    take_over_end(&t);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
