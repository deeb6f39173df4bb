/* Records out of a writer's hands: completed, sealed, signed, and durable in the outbox before they are shown. */
#include "register/outbox.h"
#include "register/seal.h"

#include "terms/terms.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- heads */

enum status register_head(struct truce_register *reg, const struct verifier *author, int64_t *next_seq,
                          struct record_id *prev, struct error *error)
{
    bool found;
    int64_t seq;
    TRY(index_find_head(reg->index, slice_from(author->name), author->id, &found, &seq, prev, error));
    *next_seq = found ? seq + 1 : 0;
    return STATUS_DONE;
}

/* ---- writing */

/* Terms that cannot be evaluated are caught while they can still be mended; the log would keep them for good. */
static void first_fault(void *context, const struct error *fault)
{
    struct error *first = context;
    if (first->status == STATUS_DONE) *first = *fault;
}

static enum status check_terms(const struct completion *completion, struct error *error)
{
    struct error first = {.status = STATUS_DONE};
    if (strcmp(completion->kind->name, "agreement") != 0) return STATUS_DONE;
    if (terms_check(completion->object, first_fault, &first, error) == STATUS_DONE) return STATUS_DONE;
    if (first.status != STATUS_DONE && error != NULL) *error = first;
    return STATUS_REFUSED;
}

static enum status kind_find(const char *name, const struct record_kind **out, struct error *error)
{
    *out = record_kind_find(slice_from(name));
    if (*out != NULL) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_USAGE, "write-kind",
                              "There is no kind of record \"{0}\"; truce help write lists them.",
                              error_slice(slice_from(name)).text, NULL),
                    "/kind");
}

/* A record of this seq may have come into the log, and left the outbox, since we read the head: then ours is taken back
 * and written anew, for two of one seq would stand against their author. */
static enum status take_back_late(struct truce_register *reg, struct completion *completion, struct slice note,
                                  const char *path, bool *taken, struct error *error)
{
    const struct verifier *author = completion->author;
    struct record_id prev, ours;
    struct note parsed;
    int64_t seq;
    bool submitted, is_void;
    uint64_t entry;
    TRY(log_refresh(reg->log, error));
    TRY(register_catch_up(reg, NULL, NULL, error));
    TRY(register_head(reg, author, &seq, &prev, error));
    if (seq <= completion->seq) return STATUS_DONE;
    TRY(note_parse(&parsed, note, error));
    ours.hash = hash_of(parsed.text);
    TRY(index_find_id(reg->index, &ours, &submitted, &entry, &is_void, error));
    if (submitted) return STATUS_DONE; /* it is ours that came */
    *taken = true;
    completion->seq = seq;
    completion->prev = prev;
    if (reg->system->remove(reg->system->context, path) != 0) return error_system(error, "remove", path, errno);
    return STATUS_DONE;
}

/* What somebody wants written, how, and by whom. */
struct writing_of {
    struct truce_register *reg;
    const struct signer *signer; /* NULL: `author` signs elsewhere */
    const struct truce_author *author;
    const char *kind;
    struct slice object;
    const struct truce_write_options *options;
};

static enum status write_held(const struct writing_of *what, struct completion *completion, struct arena *arena,
                              struct buffer *note, bool *taken, struct error *error)
{
    struct truce_register *reg = what->reg;
    char path[REGISTER_PATH_SIZE];
    TRY(outbox_head(reg, completion->author, &completion->seq, &completion->prev, error));
    TRY(complete_and_sign(note, completion, what->signer, arena, error));
    TRY(seal_keep(completion->sealer, reg, error)); /* what a record names is there before the record is */
    TRY(outbox_path(path, reg, completion->author, completion->seq, error));
    enum status status = file_create(reg->system, path, buffer_slice(note), 0644, error);
    *taken =
        status == STATUS_REFUSED; /* one that does not know of the lock was quicker, be its note still here or not */
    return status != STATUS_DONE ? status : take_back_late(reg, completion, buffer_slice(note), path, taken, error);
}

static enum status write_once(const struct writing_of *what, struct completion *completion, struct arena *arena,
                              struct buffer *note, bool *taken, struct error *error)
{
    int held;
    TRY(outbox_hold(what->reg, &held, error));
    enum status status = write_held(what, completion, arena, note, taken, error);
    outbox_let_go(what->reg, held);
    return status;
}

/* A key of the register that may sign now. */
static enum status author_known(const struct writing_of *what, const struct verifier **out, struct error *error)
{
    const struct truce_author *author = what->author;
    int64_t now = what->reg->system->now_ms(what->reg->system->context) / 1000;
    uint8_t id[4] = {0};
    bool good = hex_parse(id, sizeof id, slice_from(author->key));
    uint32_t key_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    *out = good ? members_key_in_force(what->reg->members, slice_from(author->by), key_id, now) : NULL;
    if (*out != NULL) return STATUS_DONE;
    return error_at(
        error,
        error_set(error, STATUS_REFUSED, "draft-key", "The key {1} is not a signing key in force of \"{0}\" here.",
                  error_slice(slice_from(author->by)).text, error_slice(slice_from(author->key)).text, NULL),
        "/key");
}

static enum status prepare(const struct writing_of *what, struct completion *completion, char written[TIME_TEXT_SIZE],
                           struct arena *arena, struct error *error)
{
    struct truce_register *reg = what->reg;
    TRY(kind_find(what->kind, &completion->kind, error));
    TRY(json_read(&completion->object, what->object, JSON_RELAXED, arena, error));
    TRY(register_know(reg, error));
    if (what->signer != NULL) completion->author = &what->signer->verifier;
    if (what->signer == NULL) TRY(author_known(what, &completion->author, error));
    completion->register_name = members_register(reg->members);
    time_format(reg->system->now_ms(reg->system->context) / 1000, written);
    completion->written = slice_from(written);
    TRY(check_terms(completion, error));
    TRY(sealer_open(completion->sealer, reg->members, slice_from(completion->author->name), completion->kind,
                    what->options, error));
    return register_head(reg, completion->author, &completion->seq, &completion->prev, error);
}

static enum status write_record(const struct writing_of *what, struct completion *completion, struct buffer *note,
                                struct arena *arena, struct error *error)
{
    char written[TIME_TEXT_SIZE], outbox[REGISTER_PATH_SIZE];
    TRY(prepare(what, completion, written, arena, error));
    TRY(register_path(outbox, what->reg->directory, "outbox", error));
    TRY(directory_make(what->reg->system, outbox, error));
    for (unsigned tries = 0;; tries++) {
        bool taken = false;
        buffer_reset(note);
        enum status status = write_once(what, completion, arena, note, &taken, error);
        if (!taken || tries == 1000) return status;
    }
}

/* The text as it would be signed, in the place that the author's chain has now. */
static enum status draft_text(const struct writing_of *what, struct completion *completion, struct buffer *text,
                              struct arena *arena, struct error *error)
{
    char written[TIME_TEXT_SIZE];
    TRY(prepare(what, completion, written, arena, error));
    TRY(outbox_head(what->reg, completion->author, &completion->seq, &completion->prev, error));
    return complete(text, completion, arena, error);
}

static enum status draft_record(const struct writing_of *what, struct completion *completion, struct buffer *text,
                                struct arena *arena, struct error *error)
{
    TRY(draft_text(what, completion, text, arena, error));
    return seal_keep(completion->sealer, what->reg, error); /* the note that comes back brings no ciphers */
}

static enum status view_record(const struct writing_of *what, struct completion *completion, struct buffer *out,
                               struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    TRY(draft_text(what, completion, &text, arena, error));
    return seal_view(completion->sealer, buffer_slice(&text), out, error);
}

typedef enum status written_as(const struct writing_of *what, struct completion *completion, struct buffer *out,
                               struct arena *arena, struct error *error);

static enum truce_status write_as(written_as *as, const struct writing_of *what, struct truce_buffer *answer,
                                  struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct arena arena;
    struct sealer *sealer = calloc(1, sizeof *sealer);
    if (sealer == NULL) return public_status(arena_full(&why), &why, error);
    struct completion completion = {.sealer = sealer};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = as(what, &completion, &out, &arena, &why);
    arena_clear(&arena);
    sealer_clear(sealer);
    free(sealer);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}

enum truce_status truce_write_sealed(struct truce_register *reg, const struct truce_key *key, const char *kind,
                                     const char *object, size_t size, const struct truce_write_options *options,
                                     struct truce_buffer *note, struct truce_error *error)
{
    const struct writing_of what = {reg, &key->signer, NULL, kind, slice_of(object, size), options};
    return write_as(write_record, &what, note, error);
}

enum truce_status truce_write_view(struct truce_register *reg, const struct truce_key *key, const char *kind,
                                   const char *object, size_t size, const struct truce_write_options *options,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    const struct writing_of what = {reg, &key->signer, NULL, kind, slice_of(object, size), options};
    return write_as(view_record, &what, answer, error);
}

enum truce_status truce_draft(struct truce_register *reg, const struct truce_author *author, const char *kind,
                              const char *object, size_t size, const struct truce_write_options *options,
                              struct truce_buffer *text, struct truce_error *error)
{
    const struct writing_of what = {reg, NULL, author, kind, slice_of(object, size), options};
    return write_as(draft_record, &what, text, error);
}

enum truce_status truce_draft_view(struct truce_register *reg, const struct truce_author *author, const char *kind,
                                   const char *object, size_t size, const struct truce_write_options *options,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    const struct writing_of what = {reg, NULL, author, kind, slice_of(object, size), options};
    return write_as(view_record, &what, answer, error);
}

enum truce_status truce_write(struct truce_register *reg, const struct truce_key *key, const char *kind,
                              const char *object, size_t size, struct truce_buffer *note, struct truce_error *error)
{
    return truce_write_sealed(reg, key, kind, object, size, NULL, note, error);
}

/* ---- signing what is complete already */

static enum status required(const struct json *object, const char *field, struct error *error)
{
    char pointer[32];
    if (json_find(object, field) != NULL) return STATUS_DONE;
    snprintf(pointer, sizeof pointer, "/%s", field);
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "sign-missing",
                              "A record to be signed says its \"{0}\"; truce write fills it in.", field, NULL),
                    pointer);
}

static enum status sign_record(const struct truce_key *key, struct slice object, struct buffer *note,
                               struct arena *arena, struct error *error)
{
    struct completion completion = {.sealer = NULL};
    TRY(json_read(&completion.object, object, JSON_RELAXED, arena, error));
    static const char *const needed[] = {"kind", "register", "seq", "written"};
    for (size_t i = 0; i < COUNT_OF(needed); i++) TRY(required(completion.object, needed[i], error));
    struct slice kind = json_find_string(completion.object, "kind"), prev = json_find_string(completion.object, "prev");
    completion.kind = record_kind_find(kind);
    if (completion.kind == NULL)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "write-kind",
                                  "There is no kind of record \"{0}\"; truce help write lists them.",
                                  error_slice(kind).text, NULL),
                        "/kind");
    completion.register_name = json_find_string(completion.object, "register");
    completion.seq = json_find_integer(completion.object, "seq", -1);
    if (completion.seq > 0 && !hash_parse(&completion.prev.hash, prev)) return required(NULL, "prev", error);
    return complete_and_sign(note, &completion, &key->signer, arena, error);
}

enum truce_status truce_sign(const struct truce_key *key, const char *object, size_t size, struct truce_buffer *note,
                             struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = sign_record(key, slice_of(object, size), &out, &arena, &why);
    arena_clear(&arena);
    if (status == STATUS_DONE) status = public_buffer(note, &out, &why);
    return public_status(status, &why, error);
}
