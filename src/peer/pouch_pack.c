/* A pouch packed from a register: what waits here and what proves it, for somebody whom no network reaches. */
#include "peer/pouch.h"

#include "json/write.h"
#include "register/evidence.h"
#include "register/arrivals.h"
#include "register/heads.h"
#include "register/outbox.h"
#include "register/seal.h"
#include "register/seal_store.h"

#include <errno.h>

struct packing {
    struct truce_register *reg;
    struct pouch_writer *writer;
    struct pouch_counts counts;
};

static enum status put(struct packing *p, enum pouch_kind kind, struct slice bytes, uint64_t *count,
                       struct error *error)
{
    const struct pouch_section section = {.kind = kind, .bytes = bytes};
    ++*count;
    return pouch_put(p->writer, &section, error);
}

static enum status pack_heads(struct packing *p, struct error *error)
{
    for (enum head_level level = HEAD_MIRRORED; level > HEAD_DURABLE; level--) {
        OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
        TRY(heads_newest(p->reg, level, &head, error));
        if (head.level != HEAD_DURABLE) TRY(put(p, POUCH_HEAD, buffer_slice(&head.note), &p->counts.heads, error));
    }
    return STATUS_DONE;
}

/* What the note seals, as far as it is kept here, behind it: so that whoever opens the pouch knows what names it. */
static enum status pack_sealed(struct packing *p, struct slice note, struct error *error)
{
    const struct seal_store store = {p->reg->system, p->reg->directory};
    OWN(buffer_clear) struct buffer files = {0};
    struct seal_file file;
    TRY(seal_gather(&store, note, &files, error));
    for (struct slice rest = buffer_slice(&files); rest.size > 0;) {
        struct slice before = rest;
        TRY(seal_file_next(&file, &rest, error));
        TRY(put(p, POUCH_SEALED, slice_part(before, 0, before.size - rest.size), &p->counts.sealed, error));
    }
    return STATUS_DONE;
}

enum { ENTRIES_A_SECTION = 256 };
struct bundle {
    struct packing *packing;
    struct buffer bytes;
    uint64_t first;
    unsigned count;
};

static enum status bundle_put(struct bundle *bundle, struct error *error)
{
    struct pouch_section section = {
        .kind = POUCH_ENTRIES, .number = bundle->first, .bytes = buffer_slice(&bundle->bytes)};
    if (bundle->count == 0) return STATUS_DONE;
    TRY(buffer_finish(&bundle->bytes, error));
    TRY(pouch_put(bundle->packing->writer, &section, error));
    bundle->packing->counts.entries += bundle->count;
    bundle->first += bundle->count;
    bundle->count = 0;
    buffer_reset(&bundle->bytes);
    return STATUS_DONE;
}

static enum status bundle_add(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct bundle *bundle = context;
    (void)index;
    buffer_put_u16be(&bundle->bytes, (uint16_t)entry.size);
    buffer_put(&bundle->bytes, entry);
    return ++bundle->count == ENTRIES_A_SECTION ? bundle_put(bundle, error) : STATUS_DONE;
}

/* What is published: entries that no head covers prove nothing to whoever gets them. */
static enum status pack_entries(struct packing *p, uint64_t from, struct error *error)
{
    struct bundle bundle = {.packing = p, .first = from};
    uint64_t size = log_published(p->reg->log);
    enum status status = from < size ? log_walk(p->reg->log, from, size, bundle_add, &bundle, error) : STATUS_DONE;
    if (status == STATUS_DONE) status = bundle_put(&bundle, error);
    buffer_clear(&bundle.bytes);
    return status;
}

static enum status pack_sealed_of_entry(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct slice note;
    int64_t received_ms;
    (void)index;
    return entry_parse(&received_ms, &note, entry, NULL) == STATUS_DONE ? pack_sealed(context, note, error)
                                                                        : STATUS_DONE;
}

static enum status pack_sealed_of_entries(struct packing *p, uint64_t from, struct error *error)
{
    uint64_t size = log_published(p->reg->log);
    return from < size ? log_walk(p->reg->log, from, size, pack_sealed_of_entry, p, error) : STATUS_DONE;
}

static enum status pack_waiting(void *context, struct slice note, struct error *error)
{
    struct packing *p = context;
    struct note parsed;
    struct record_id id;
    bool found, is_void;
    uint64_t entry;
    if (note_parse(&parsed, note, NULL) != STATUS_DONE) return STATUS_DONE; /* verify tells of it */
    id.hash = hash_of(parsed.text);
    TRY(index_find_id(p->reg->index, &id, &found, &entry, &is_void, error));
    if (found) return STATUS_DONE;
    TRY(put(p, POUCH_NOTE, note, &p->counts.notes, error));
    return pack_sealed(p, note, error);
}

static enum status pack_record(struct packing *p, const char *id, struct error *error)
{
    struct truce_error why;
    struct truce_buffer note = {0}, proof = {0};
    enum truce_status status = truce_show(p->reg, id, TRUCE_NOTE, &note, &why);
    if (status == TRUCE_DONE) status = truce_show(p->reg, id, TRUCE_PROOF, &proof, &why);
    enum status done = status == TRUCE_DONE ? STATUS_DONE : (enum status)status;
    if (done == STATUS_DONE)
        done = put(p, POUCH_NOTE, slice_of(note.data, note.size), &p->counts.notes, error);
    else
        done = error_set(error, done, "record-absent", "No record of this register has an id that begins {0}.",
                         error_slice(slice_from(id)).text, NULL);
    if (done == STATUS_DONE) done = pack_sealed(p, slice_of(note.data, note.size), error);
    if (done == STATUS_DONE) done = put(p, POUCH_PROOF, slice_of(proof.data, proof.size), &p->counts.proofs, error);
    truce_free(&note);
    truce_free(&proof);
    return done;
}

static enum status pack_evidence(struct packing *p, struct error *error)
{
    char folder[REGISTER_PATH_SIZE], path[REGISTER_PATH_SIZE];
    const struct system *s = p->reg->system;
    OWN(buffer_clear) struct buffer names = {0};
    TRY(register_path(folder, p->reg->directory, "peers/evidence", error));
    if (s->list(s->context, folder, &names) != 0)
        return errno == ENOENT ? STATUS_DONE : error_system(error, "list", folder, errno);
    TRY(buffer_finish(&names, error));
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.data + at) + 1) {
        OWN(buffer_clear) struct buffer line = {0};
        if (file_is_unfinished((const char *)names.data + at)) continue;
        TRY(register_path(path, folder, (const char *)names.data + at, error));
        TRY(file_read_all(s, path, EVIDENCE_BYTES_MOST, &line, error));
        if (evidence_is(buffer_slice(&line)))
            TRY(put(p, POUCH_EVIDENCE, buffer_slice(&line), &p->counts.evidence, error));
    }
    return STATUS_DONE;
}

/* What was handed in at this copy and is not in the log, each with the stamp that says when it came. */
static enum status pack_arrivals(struct packing *p, struct error *error)
{
    struct arrivals arrivals;
    TRY(arrivals_open(&arrivals, p->reg->system, p->reg->directory, false, error));
    enum status status = STATUS_DONE;
    for (size_t i = 0; i < arrivals.count && status == STATUS_DONE; i++) {
        uint64_t before = p->counts.notes;
        if (arrivals.at[i].refused) continue;
        status = pack_waiting(p, arrivals_note(&arrivals, i), error);
        if (status == STATUS_DONE && p->counts.notes > before)
            status = put(p, POUCH_ARRIVAL, arrivals_stamp(&arrivals, i), &p->counts.arrivals, error);
    }
    arrivals_close(&arrivals);
    return status;
}

static enum status pack_all(struct packing *p, const struct truce_pouch_options *options, struct error *error)
{
    TRY(pack_heads(p, error));
    if (options->has_from) {
        TRY(pack_entries(p, options->from, error));
        TRY(pack_sealed_of_entries(p, options->from, error));
    }
    TRY(outbox_walk(p->reg, pack_waiting, p, error));
    TRY(pack_arrivals(p, error));
    for (const char *const *id = options->ids; id != NULL && *id != NULL; id++) TRY(pack_record(p, *id, error));
    TRY(pack_evidence(p, error));
    return pouch_finish(p->writer, error);
}

static enum status counts_answer(const struct pouch_counts *counts, struct buffer *out, struct error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    pouch_put_count(&w, "arrivals", counts->arrivals);
    pouch_put_count(&w, "entries", counts->entries);
    pouch_put_count(&w, "evidence", counts->evidence);
    pouch_put_count(&w, "heads", counts->heads);
    pouch_put_count(&w, "notes", counts->notes);
    pouch_put_count(&w, "proofs", counts->proofs);
    pouch_put_count(&w, "sealed", counts->sealed);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status pack(struct truce_register *reg, const struct truce_pouch_options *options, struct buffer *out,
                        struct error *error)
{
    struct packing p = {.reg = reg};
    TRY(register_know(reg, error));
    TRY(pouch_create(&p.writer, reg->system, options->path, members_register(reg->members), error));
    enum status status = pack_all(&p, options, error);
    pouch_writer_close(&p.writer);
    TRY(status);
    return counts_answer(&p.counts, out, error);
}

enum truce_status truce_pouch_pack(struct truce_register *reg, const struct truce_pouch_options *options,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = pack(reg, options, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
