/* What was signed elsewhere comes back: checked, and kept in the outbox like what was written here. */
#include "register/outbox.h"

#include <inttypes.h>

static enum status refuse(const char *code, const char *sentence, const char *pointer, struct error *error)
{
    return error_at(error, error_set(error, STATUS_REFUSED, code, sentence, NULL), pointer);
}

/* Is it of this register, and by a key that the register knows? Whether it is admitted is the log's matter. */
static enum status check_author(const struct truce_register *reg, const struct record *record, struct error *error)
{
    if (!slice_equal(record->register_name, members_register(reg->members)))
        return refuse("keep-register", "This record is for another register.", "/register", error);
    const struct verifier *key = members_key(reg->members, record->by, record->key_id);
    if (key == NULL) return refuse("keep-key", "The register knows no such signing key of this author.", "/key", error);
    if (!record_verify(record, key))
        return refuse("keep-signature", "The signature of this record does not hold.", "", error);
    return STATUS_DONE;
}

static enum status taken_place(struct error *error)
{
    return refuse("keep-place",
                  "Another record of this author has come to this place since the text was made. Make the text again, "
                  "and sign that.",
                  "/seq", error);
}

/* Its place in the author's chain: the next behind what log and outbox have. */
static enum status check_place(struct truce_register *reg, const struct record *record, struct error *error)
{
    struct record_id prev = {.hash = {{0}}};
    int64_t seq;
    const struct verifier *key = members_key(reg->members, record->by, record->key_id);
    TRY(register_head(reg, key, &seq, &prev, error));
    TRY(outbox_head(reg, key, &seq, &prev, error));
    bool follows = seq == 0 ? !record->has_prev : record->has_prev && record_id_equal(&record->prev, &prev);
    return record->seq == seq && follows ? STATUS_DONE : taken_place(error);
}

static enum status is_here(struct truce_register *reg, const struct record *record, bool *here, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    OWN(buffer_clear) struct buffer kept = {0};
    const struct verifier *key = members_key(reg->members, record->by, record->key_id);
    uint64_t entry;
    bool is_void, there;
    TRY(index_find_id(reg->index, &record->id, here, &entry, &is_void, error));
    if (*here) return STATUS_DONE;
    TRY(outbox_path(path, reg, key, record->seq, error));
    TRY(file_read_if_there(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &kept, &there, error));
    *here = there && slice_equal(buffer_slice(&kept), record->note);
    return STATUS_DONE;
}

static enum status keep_record(struct truce_register *reg, const struct record *record, struct error *error)
{
    OWN(buffer_clear) struct buffer other = {0};
    enum outbox_kept kept;
    bool here;
    TRY(register_know(reg, error));
    TRY(check_author(reg, record, error));
    TRY(is_here(reg, record, &here, error));
    if (here) return STATUS_DONE;
    TRY(check_place(reg, record, error));
    TRY(outbox_keep(reg, record, &kept, &other, error));
    return kept == OUTBOX_OTHER ? taken_place(error) : STATUS_DONE;
}

static enum status keep_held(struct truce_register *reg, const struct record *record, struct error *error)
{
    int held;
    TRY(outbox_hold(reg, &held, error));
    enum status status = keep_record(reg, record, error);
    outbox_let_go(reg, held);
    return status;
}

static enum status keep_note(struct truce_register *reg, struct slice note, struct error *error)
{
    struct arena arena;
    struct record record;
    TRY(crypto_start(error));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = record_decode(&record, note, &arena, error);
    if (status == STATUS_DONE) status = keep_held(reg, &record, error);
    arena_clear(&arena);
    return status;
}

enum truce_status truce_keep(struct truce_register *reg, const char *note, size_t size, struct truce_error *error)
{
    struct error why;
    return public_status(keep_note(reg, slice_of(note, size), &why), &why, error);
}

static enum status unkeep(struct truce_register *reg, struct slice note, struct error *error)
{
    struct arena arena;
    struct record record;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = record_decode(&record, note, &arena, error);
    if (status == STATUS_DONE) outbox_remove(reg, &record);
    arena_clear(&arena);
    return status;
}

enum truce_status truce_unkeep(struct truce_register *reg, const char *note, size_t size, struct truce_error *error)
{
    struct error why;
    return public_status(unkeep(reg, slice_of(note, size), &why), &why, error);
}
