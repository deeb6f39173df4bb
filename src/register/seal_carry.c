/* Ciphers on their way between registers, and erased from this one. */
#include "register/seal.h"

#include "json/write.h"
#include "record/opening.h"
#include "register/seal_store.h"

/* ---- does an admitted record name it? */

struct naming {
    struct truce_register *reg;
    bool named;
};

static enum status see_entry(void *context, uint64_t entry, struct error *error)
{
    struct naming *naming = context;
    bool is_void;
    TRY(index_is_void(naming->reg->index, entry, &is_void, error));
    naming->named = naming->named || !is_void;
    return STATUS_DONE;
}

enum { NAMING_MOST = 64 }; /* that many records may name one cipher before it is no longer looked for among them */

enum status seal_is_named(struct truce_register *reg, const struct hash *cipher, bool *named, struct error *error)
{
    struct naming naming = {.reg = reg};
    const struct record_id as_id = {*cipher};
    TRY(index_find_references(reg->index, &as_id, 0, NAMING_MOST, see_entry, &naming, error));
    *named = naming.named;
    return STATUS_DONE;
}

/* ---- taking in */

static enum status put_state(const struct hash *cipher, const char *state, struct buffer *out, struct error *error)
{
    char hex[HASH_HEX_SIZE];
    struct json_writer w;
    hash_format(cipher, hex);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "cipher"), json_put_string(&w, hex);
    json_put_key(&w, "state"), json_put_string(&w, state);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status put_refusal(const struct hash *cipher, const struct error *why, struct buffer *out,
                               struct error *error)
{
    char hex[HASH_HEX_SIZE], message[1024];
    struct json_writer w;
    hash_format(cipher, hex);
    public_message(why, message, sizeof message);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "cipher"), json_put_string(&w, hex);
    json_put_key(&w, "message"), json_put_string(&w, message);
    json_put_key(&w, "refused"), json_put_string(&w, why->code);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static bool is_refusal(const struct error *why)
{
    return why->status == STATUS_REFUSED || strcmp(why->code, "seal-waiting") == 0;
}

static enum status take_in(struct truce_register *reg, const struct seal_file *file, truce_line *line, void *context,
                           struct error *first, struct error *error)
{
    const struct seal_store store = {reg->system, reg->directory};
    OWN(buffer_clear) struct buffer text = {0};
    struct hash cipher = hash_of(file->cipher);
    struct error why;
    bool named, changed;
    TRY(seal_is_named(reg, &cipher, &named, error));
    enum status status = seal_store_put(&store, file, named, &changed, &why);
    if (status == STATUS_DONE) {
        TRY(put_state(&cipher, !named ? "waiting" : changed ? "kept" : "known", &text, error));
        return public_line(line, context, STATUS_DONE, buffer_slice(&text), error);
    }
    if (!is_refusal(&why)) {
        if (error != NULL) *error = why;
        return status;
    }
    if (first->status == STATUS_DONE) *first = why;
    TRY(put_refusal(&cipher, &why, &text, error));
    return public_line(line, context, STATUS_REFUSED, buffer_slice(&text), error);
}

static enum status take_all(struct truce_register *reg, struct slice rest, truce_line *line, void *context,
                            struct error *error)
{
    struct error first = {.status = STATUS_DONE};
    TRY(register_catch_up(reg, NULL, NULL, error));
    while (rest.size > 0) {
        struct seal_file file;
        TRY(seal_file_next(&file, &rest, error));
        TRY(take_in(reg, &file, line, context, &first, error));
    }
    if (first.status == STATUS_DONE) return STATUS_DONE;
    if (error != NULL) *error = first;
    return STATUS_REFUSED;
}

enum truce_status truce_sealed_put(struct truce_register *reg, const void *files, size_t size, truce_line *line,
                                   void *context, struct truce_error *error)
{
    struct error why = {.offset = -1};
    return public_status(take_all(reg, slice_of(files, size), line, context, &why), &why, error);
}

size_t truce_sealed_size(const char *files, size_t size)
{
    struct slice rest = slice_of(files, size);
    struct seal_file file;
    return seal_file_next(&file, &rest, NULL) == STATUS_DONE ? size - rest.size : 0;
}

/* ---- giving out */

static enum status get(struct truce_register *reg, const char *hex, struct buffer *out, struct error *error)
{
    const struct seal_store store = {reg->system, reg->directory};
    enum seal_state state = SEAL_ABSENT;
    struct hash cipher;
    bool named = false;
    if (!hash_parse(&cipher, slice_from(hex)))
        return error_set(error, STATUS_USAGE, "seal-name",
                         "A sealed value is asked for by the 64 digits of its cipher's hash.", NULL);
    TRY(seal_store_get(&store, &cipher, out, &state, error));
    if (state == SEAL_WAITING) TRY(register_look(reg, error));
    if (state == SEAL_WAITING) TRY(seal_is_named(reg, &cipher, &named, error));
    if (state == SEAL_HERE || named) return STATUS_DONE;
    if (state == SEAL_ERASED)
        return error_set(error, STATUS_REFUSED, "seal-erased",
                         "This sealed value was erased here; it is not taken in again.", NULL);
    return error_set(error, STATUS_FAILED, "seal-none-here", "This sealed value is not kept here.", NULL);
}

enum truce_status truce_sealed_get(struct truce_register *reg, const char *cipher, struct truce_buffer *file,
                                   struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = get(reg, cipher, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(file, &out, &why);
    return public_status(status, &why, error);
}

struct listing {
    truce_line *line;
    void *context;
};

static enum status list_one(void *context, const struct hash *cipher, enum seal_state state, struct error *error)
{
    static const char *const names[] = {
        [SEAL_ABSENT] = "absent", [SEAL_HERE] = "here", [SEAL_WAITING] = "waiting", [SEAL_ERASED] = "erased"};
    const struct listing *listing = context;
    OWN(buffer_clear) struct buffer text = {0};
    TRY(put_state(cipher, names[state], &text, error));
    return public_line(listing->line, listing->context, STATUS_DONE, buffer_slice(&text), error);
}

enum truce_status truce_sealed_list(struct truce_register *reg, truce_line *line, void *context,
                                    struct truce_error *error)
{
    struct error why;
    const struct seal_store store = {reg->system, reg->directory};
    struct listing listing = {line, context};
    return public_status(seal_store_list(&store, list_one, &listing, &why), &why, error);
}

/* Most notes seal nothing, and need not be read for that. */
enum status seal_gather(const struct seal_store *store, struct slice note, struct buffer *out, struct error *error)
{
    static const char member[] = "\"cipher\":\"";
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct sealed_item item;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (memmem(note.data, note.size, member, sizeof member - 1) == NULL) return STATUS_DONE;
    if (record_decode(&record, note, &arena, NULL) != STATUS_DONE) return STATUS_DONE; /* refused by whoever gets it */
    for (const struct json *at = NULL; sealed_next(record.body, &at, &item);) {
        OWN(buffer_clear) struct buffer file = {0};
        enum seal_state state = SEAL_ABSENT;
        if (item.has_cipher) TRY(seal_store_get(store, &item.cipher, &file, &state, error));
        if (state == SEAL_HERE || state == SEAL_WAITING) buffer_put(out, buffer_slice(&file));
    }
    return buffer_finish(out, error);
}

enum truce_status truce_sealed_gather(const char *directory, const char *notes, size_t size, struct truce_buffer *files,
                                      struct truce_error *error)
{
    const struct seal_store store = {&system_real, directory};
    OWN(buffer_clear) struct buffer out = {0};
    struct error why;
    struct slice rest = slice_of(notes, size), note;
    enum status status = STATUS_DONE;
    while (status == STATUS_DONE && record_next_note(&rest, &note)) status = seal_gather(&store, note, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(files, &out, &why);
    return public_status(status, &why, error);
}

/* ---- erasing */

static bool is_asked(const char *const *pointers, struct slice pointer)
{
    if (pointers == NULL || *pointers == NULL) return true;
    for (; *pointers != NULL; pointers++) {
        struct slice wanted = slice_from(*pointers);
        bool below = slice_starts(pointer, *pointers) && pointer.size > wanted.size && pointer.data[wanted.size] == '/';
        if (slice_equal(pointer, wanted) || below) return true;
    }
    return false;
}

static enum status erase_items(const struct seal_store *store, const struct record *record, const char *const *pointers,
                               struct json_writer *w, size_t *count, struct error *error)
{
    struct sealed_item item;
    char hex[HASH_HEX_SIZE];
    for (const struct json *at = NULL; sealed_next(record->body, &at, &item);) {
        bool was = false;
        if (!item.has_cipher || !is_asked(pointers, item.pointer)) continue;
        TRY(seal_store_erase(store, &item.cipher, &was, error));
        hash_format(&item.cipher, hex);
        json_put_object(w);
        json_put_key(w, "cipher"), json_put_string(w, hex);
        json_put_key(w, "level"), json_put_slice(w, item.level);
        json_put_key(w, "pointer"), json_put_slice(w, item.pointer);
        json_put_key(w, "was"), json_put_bool(w, was);
        json_put_close(w);
        ++*count;
    }
    return STATUS_DONE;
}

static enum status erase(struct truce_register *reg, const char *id, const char *const *pointers, struct arena *arena,
                         struct buffer *out, struct error *error)
{
    const struct seal_store store = {reg->system, reg->directory};
    OWN(buffer_clear) struct buffer note = {0};
    struct record record;
    struct json_writer w;
    char hex[HASH_HEX_SIZE];
    size_t count = 0;
    TRY(register_note(reg, id, &note, error));
    TRY(record_decode(&record, buffer_slice(&note), arena, error));
    hash_format(&record.id.hash, hex);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "erased");
    json_put_array(&w);
    TRY(erase_items(&store, &record, pointers, &w, &count, error));
    json_put_close(&w);
    json_put_key(&w, "id"), json_put_string(&w, hex);
    json_put_close(&w);
    if (count == 0)
        return error_set(error, STATUS_FAILED, "seal-nothing", "This record has sealed nothing that could be erased.",
                         NULL);
    TRY(index_scrub(reg->index, error));
    return json_write_finish(&w, error);
}

enum truce_status truce_erase(struct truce_register *reg, const char *id, const char *const *pointers,
                              struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = erase(reg, id, pointers, &arena, &out, &why);
    arena_clear(&arena);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}

/* ---- asking others to erase: a notice, for it has addressees, a time to answer by and an acknowledgement */

static void put_text(struct json_writer *w, const char *const *pointers)
{
    static const char *const before[] = {"يُرجى إتلاف القيم المحجوبة في هذه الوثيقة وتأكيد ذلك",
                                         "Please erase the sealed values of this record and confirm it"};
    static const char *const languages[] = {"ar", "en"};
    json_put_object(w);
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        OWN(buffer_clear) struct buffer text = {0};
        buffer_put_string(&text, before[i]);
        for (const char *const *p = pointers; p != NULL && *p != NULL; p++)
            buffer_print(&text, "%s %s", p == pointers ? ":" : "", *p);
        buffer_put_byte(&text, '.');
        json_put_key(w, languages[i]), json_put_slice(w, buffer_slice(&text));
    }
    json_put_key(w, "machine");
    json_put_array(w);
    json_put_string(w, "ar");
    json_put_close(w);
    json_put_key(w, "original"), json_put_string(w, "en");
    json_put_close(w);
}

static enum status request(struct truce_register *reg, const struct truce_key *key, const char *id,
                           const char *const *pointers, struct buffer *out, struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0};
    struct note parsed;
    struct json_writer w;
    char hex[HASH_HEX_SIZE], at[TIME_TEXT_SIZE];
    size_t others = 0;
    TRY(register_note(reg, id, &note, error));
    TRY(note_parse(&parsed, buffer_slice(&note), error));
    TRY(register_know(reg, error));
    struct hash hash = hash_of(parsed.text);
    hash_format(&hash, hex);
    time_format(reg->system->now_ms(reg->system->context) / 1000, at);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "about"), json_put_array(&w), json_put_string(&w, hex), json_put_close(&w);
    json_put_key(&w, "act"), json_put_string(&w, "erase-sealed");
    json_put_key(&w, "at"), json_put_string(&w, at);
    json_put_key(&w, "text"), put_text(&w, pointers);
    json_put_key(&w, "to"), json_put_array(&w);
    for (size_t i = 0; i < members_count(reg->members); i++) {
        const struct member *member = members_at(reg->members, i);
        if (slice_is(member->party, key->signer.verifier.name) || member->until != INT64_MAX) continue;
        json_put_slice(&w, member->party);
        others++;
    }
    json_put_close(&w);
    json_put_close(&w);
    if (others > 0) return json_write_finish(&w, error);
    return error_set(error, STATUS_FAILED, "seal-alone", "There is no other member who could be asked to erase.", NULL);
}

enum truce_status truce_erase_request(struct truce_register *reg, const struct truce_key *key, const char *id,
                                      const char *const *pointers, struct truce_buffer *object,
                                      struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = request(reg, key, id, pointers, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(object, &out, &why);
    return public_status(status, &why, error);
}
