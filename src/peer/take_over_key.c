/* The new key comes into force by records like any others; until it has, nobody signs what stands behind the base. */
#include "peer/take_over.h"

#include "log/checkpoint.h"
#include "register/judge.h"
#include "register/mirrored.h"
#include <errno.h>
#include <stdlib.h>

enum { RECORDS_MOST = 64 };

struct founding {
    struct arena arena;
    struct record record[RECORDS_MOST];
    const struct record *group[RECORDS_MOST]; /* those that are not in the log yet */
    size_t records, grouped, here;            /* here: behind the base already, from a call that was cut short */
    struct buffer entries[RECORDS_MOST];
    int64_t received_ms;
    struct index *index; /* of all that the log has */
    struct members *members;
};

static void founding_clear(struct founding *f)
{
    for (size_t i = 0; i < f->grouped; i++) buffer_clear(&f->entries[i]);
    if (f->index != NULL) index_read_end(f->index);
    index_close(&f->index);
    members_close(&f->members);
    arena_clear(&f->arena);
}

static enum status read_records(struct founding *f, struct slice notes, struct error *error)
{
    struct slice note;
    while (record_next_note(&notes, &note)) {
        if (f->records == RECORDS_MOST)
            return error_set(error, STATUS_REFUSED, "take-over-record",
                             "The records that put the new key in force are at most {0}.",
                             error_number(RECORDS_MOST).text, NULL);
        TRY(record_decode(&f->record[f->records], note, &f->arena, error));
        f->records++;
    }
    return STATUS_DONE;
}

static enum status know(struct take_over *t, struct founding *f, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice note;
    int64_t last_ms;
    uint64_t size = log_size(t->reg->log);
    TRY(register_path(path, t->reg->directory, "index.sqlite", error));
    TRY(register_indexed(t->reg, error));
    TRY(index_open_read_only(&f->index, path, error));
    TRY(index_read_begin(f->index, error));
    TRY(register_members(t->reg, f->index, size, &f->members, error));
    TRY(log_read(t->reg->log, size - 1, &entry, error));
    TRY(entry_parse(&last_ms, &note, buffer_slice(&entry), error));
    f->received_ms = t->system->now_ms(t->system->context);
    if (f->received_ms < last_ms) f->received_ms = last_ms;
    return STATUS_DONE;
}

/* ---- admission, as a host admits */

static enum status admit(struct take_over *t, struct founding *f, struct judge *judge, const struct record *record,
                         struct error *error)
{
    struct signature_job job = {.record = record};
    bool found;
    uint64_t entry;
    TRY(judge_find(judge, &record->id, &found, &entry, error));
    f->here += found && entry >= t->ballot.base;
    if (found) return STATUS_DONE;
    judge_signatures(f->members, &job, 1, 1);
    TRY(judge_one(judge, record, f->received_ms, &job, error));
    TRY(members_add(f->members, log_size(t->reg->log) + f->grouped, f->received_ms, record, error));
    entry_format(&f->entries[f->grouped], f->received_ms, record->note);
    f->group[f->grouped] = record;
    judge->grouped = ++f->grouped;
    return buffer_finish(&f->entries[f->grouped - 1], error);
}

static enum status admit_all(struct take_over *t, struct founding *f, struct error *error)
{
    struct judge judge;
    enum status status = STATUS_DONE;
    judge_open(&judge, t->reg, f->index, f->members, log_size(t->reg->log), f->group);
    for (size_t i = 0; i < f->records && status == STATUS_DONE; i++) status = admit(t, f, &judge, &f->record[i], error);
    judge_close(&judge);
    return status;
}

static enum status check_in_force(struct take_over *t, const struct founding *f, struct error *error)
{
    const struct verifier *key = members_log_key(f->members);
    if (key != NULL && memcmp(&key->key, &t->ballot.new_key.key, sizeof key->key) == 0) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "take-over-key",
                     "These records do not put the new key in force: that takes a record of kind \"key\" with change "
                     "\"log\", and as many founders behind it as the register asks for. The directory is a full copy "
                     "of {0} entries now; call again with all of the records.",
                     error_number((int64_t)t->ballot.base).text, NULL);
}

static enum status check_alone(struct take_over *t, const struct founding *f, struct error *error)
{
    if (log_size(t->reg->log) - t->ballot.base == f->here) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "take-over-other",
                     "The log in {0} is of another history than this copy. Take a new directory.",
                     t->options->directory, NULL);
}

/* All or none: nothing stands behind the base that the new key could not sign. */
static enum status append_all(struct take_over *t, const struct founding *f, struct error *error)
{
    struct slice entries[RECORDS_MOST];
    uint64_t first;
    if (f->grouped == 0) return STATUS_DONE;
    for (size_t i = 0; i < f->grouped; i++) entries[i] = buffer_slice(&f->entries[i]);
    TRY(log_append(t->reg->log, entries, f->grouped, &first, error));
    return register_judge(t->reg, false, error);
}

static enum status found(struct take_over *t, struct founding *f, struct error *error)
{
    TRY(read_records(f, slice_of(t->options->records, t->options->records_size), error));
    TRY(know(t, f, error));
    TRY(admit_all(t, f, error));
    TRY(check_alone(t, f, error));
    TRY(check_in_force(t, f, error));
    return append_all(t, f, error);
}

/* ---- the new key signs */

static enum status sign_head(struct take_over *t, struct error *error)
{
    const struct signer *signer = &t->options->key->signer;
    struct checkpoint head = {.origin = slice_from(signer->verifier.name), .size = log_size(t->reg->log)};
    OWN(buffer_clear) struct buffer text = {0}, note = {0};
    TRY(log_root(t->reg->log, head.size, &head.root, error));
    checkpoint_format(&text, &head);
    TRY(buffer_finish(&text, error));
    TRY(note_sign(&note, buffer_slice(&text), signer, error));
    return log_publish_signed(t->reg->log, buffer_slice(&note), &signer->verifier, error);
}

/* Whole or not at all, for a half of it would be in the way for ever. */
static enum status keep_key(struct take_over *t, struct error *error)
{
    OWN(signer_clear) struct signer kept = {0};
    OWN(secret_wipe) struct buffer secret = {0};
    char path[REGISTER_PATH_SIZE];
    struct error why;
    TRY(register_path(path, t->reg->directory, "log.key", error));
    if (key_file_read(t->system, path, NULL, NULL, &kept, &why) == STATUS_DONE)
        return memcmp(&kept.verifier.key, &t->ballot.new_key.key, sizeof kept.verifier.key) == 0
                   ? STATUS_DONE /* from a call that was cut short */
                   : error_set(error, STATUS_REFUSED, "take-over-other", "There is another log key in {0}.", path,
                               NULL);
    TRY(signer_format(&t->options->key->signer, slice_from(""), &secret, error));
    return file_replace(t->system, path, buffer_slice(&secret), 0600, error);
}

/* From here on the log is written to, and follows nobody. */
static enum status follow_nobody(struct take_over *t, struct error *error)
{
    char path[REGISTER_PATH_SIZE], folder[REGISTER_PATH_SIZE];
    TRY(register_path(folder, t->reg->directory, "log", error));
    TRY(register_path(path, folder, "following", error));
    return file_let_go(t->system, path, error);
}

enum status take_over_key(struct take_over *t, struct error *error)
{
    struct founding *f = calloc(1, sizeof *f);
    if (f == NULL) return arena_full(error);
    arena_init(&f->arena, LIMIT_REQUEST_BYTES);
    enum status status = found(t, f, error);
    founding_clear(f);
    free(f);
    TRY(status);
    TRY(sign_head(t, error));
    TRY(keep_key(t, error));
    return follow_nobody(t, error);
}
