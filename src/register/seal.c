#include "register/seal.h"

#include "crypto/reader_secret.h"
#include "json/write.h"
#include "record/opening.h"
#include "register/seal_store.h"
#include "register/plain_words.h"
#include <stdlib.h>

/* ---- whom a value can be sealed to */

static bool can_read(const struct sealer *sealer, struct slice party)
{
    return members_reader(sealer->members, party, 0) != NULL;
}

static enum status no_key(struct slice party, struct error *error)
{
    return error_set(
        error, STATUS_REFUSED, "seal-reader",
        "\"{0}\" has announced no reader's key here: a record of kind \"key\" with change \"reader\" does.",
        error_slice(party).text, NULL);
}

static bool has_box(struct slice boxes, uint32_t id)
{
    for (size_t at = 0; at + SEAL_BOX_BYTES <= boxes.size; at += SEAL_BOX_BYTES)
        if (seal_box_id(boxes.data + at) == id) return true;
    return false;
}

enum status seal_boxes_for(struct buffer *boxes, const struct members *members, struct slice party,
                           const struct seal_key *key, struct error *error)
{
    return seal_boxes_missing(boxes, members, party, (struct slice){NULL, 0}, key, error);
}

enum status seal_boxes_missing(struct buffer *boxes, const struct members *members, struct slice party,
                               struct slice known, const struct seal_key *key, struct error *error)
{
    const struct reader_key *reader;
    for (size_t n = 0; (reader = members_reader(members, party, n)) != NULL; n++) {
        if (has_box(known, reader->id)) continue;
        uint8_t box[SEAL_BOX_BYTES];
        const struct seal_reader whom = reader_key_seal(reader);
        if (!seal_box(box, &whom, key)) return no_key(party, error);
        buffer_put(boxes, slice_of(box, sizeof box));
    }
    return STATUS_DONE;
}

static void add_reader(struct seal_request *request, struct slice party)
{
    for (size_t i = 0; i < request->readers; i++)
        if (slice_equal(request->reader[i], party)) return;
    if (request->readers < SEAL_READERS_MOST) request->reader[request->readers++] = party;
}

/* ---- what is asked for */

static struct slice cut_at(struct slice *rest, char end)
{
    const uint8_t *at = rest->size == 0 ? NULL : memchr(rest->data, end, rest->size);
    size_t size = at == NULL ? rest->size : (size_t)(at - rest->data);
    struct slice piece = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size + 1, SIZE_MAX);
    return piece;
}

static enum status wrong_request(struct slice text, struct error *error)
{
    return error_set(error, STATUS_USAGE, "seal-request",
                     "\"{0}\" is not POINTER[=LEVEL][:READER,…], with level exact, 1km, 10km or hash.",
                     error_slice(text).text, NULL);
}

/* POINTER[=LEVEL][:READER,…] */
static enum status read_request(struct sealer *sealer, struct slice text, struct error *error)
{
    struct slice readers = text, pointer = cut_at(&readers, ':'), level = pointer;
    pointer = cut_at(&level, '=');
    if (sealer->requests == SEAL_REQUESTS_MOST || pointer.size < 2 || pointer.data[0] != '/')
        return wrong_request(text, error);
    struct seal_request *request = &sealer->request[sealer->requests];
    *request = (struct seal_request){.pointer = pointer, .must = true, .others = readers.size > 0};
    request->level = level_find(level.size == 0 ? slice_from("exact") : level);
    if (request->level == NULL) return wrong_request(text, error);
    while (readers.size > 0) add_reader(request, cut_at(&readers, ','));
    sealer->requests++;
    return STATUS_DONE;
}

static bool is_listed(const char *const *list, struct slice text)
{
    for (; list != NULL && *list != NULL; list++)
        if (slice_is(text, *list)) return true;
    return false;
}

static bool is_asked(const struct sealer *sealer, struct slice pointer, bool exactly)
{
    for (size_t i = 0; i < sealer->requests; i++)
        if (slice_equal(sealer->request[i].pointer, pointer) && (!exactly || !level_is_cell(sealer->request[i].level)))
            return true;
    return false;
}

static const struct json *policy_list(const struct sealer *sealer)
{
    const struct policy *policy = members_policy(sealer->members);
    return policy == NULL ? NULL : policy->sealed_by_default;
}

/* What policy seals for this kind, unless the writer said expressly that it stands. */
static void add_policy(struct sealer *sealer, const struct record_kind *kind, const char *const *unsealed)
{
    const struct json *list = policy_list(sealer);
    for (const struct json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next) {
        const struct json *pointers = json_find(one, "pointers");
        if (!slice_is(json_find_string(one, "kind"), kind->name) || pointers == NULL) continue;
        for (const struct json *p = pointers->first; p != NULL; p = p->next) {
            bool stands = is_listed(unsealed, p->string) || is_asked(sealer, p->string, true);
            if (stands || sealer->requests == SEAL_REQUESTS_MOST) continue;
            sealer->request[sealer->requests++] = (struct seal_request){.pointer = p->string, .level = "exact"};
        }
    }
}

static bool policy_names(const struct sealer *sealer, const struct record_kind *kind, struct slice pointer)
{
    const struct json *list = policy_list(sealer);
    for (const struct json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next) {
        const struct json *pointers = json_find(one, "pointers");
        if (!slice_is(json_find_string(one, "kind"), kind->name) || pointers == NULL) continue;
        for (const struct json *p = pointers->first; p != NULL; p = p->next)
            if (slice_equal(p->string, pointer)) return true;
    }
    return false;
}

/* What is given out coarsely is sealed exactly as well, for its author at least: nothing is lost. */
static void add_exact(struct sealer *sealer)
{
    size_t count = sealer->requests;
    for (size_t i = 0; i < count && sealer->requests < SEAL_REQUESTS_MOST; i++)
        if (!is_asked(sealer, sealer->request[i].pointer, true))
            sealer->request[sealer->requests++] =
                (struct seal_request){.pointer = sealer->request[i].pointer, .level = "exact", .others = true};
}

static enum status add_readers(struct sealer *sealer, const char *const *readers, struct error *error)
{
    for (size_t i = 0; i < sealer->requests; i++) {
        struct seal_request *request = &sealer->request[i];
        bool hash = strcmp(request->level, "hash") == 0; /* for its author alone, unless somebody is named */
        for (const char *const *r = readers; r != NULL && *r != NULL && !request->others && !hash; r++)
            add_reader(request, slice_from(*r));
        for (size_t k = 0; k < request->readers; k++)
            if (!can_read(sealer, request->reader[k])) return no_key(request->reader[k], error);
        bool exact = !level_is_cell(request->level) || request->readers == 0;
        if (exact && can_read(sealer, sealer->author)) add_reader(request, sealer->author);
    }
    return STATUS_DONE;
}

enum status sealer_open(struct sealer *out, const struct members *members, struct slice author,
                        const struct record_kind *kind, const struct truce_write_options *options, struct error *error)
{
    static const struct truce_write_options none;
    if (options == NULL) options = &none;
    *out = (struct sealer){.members = members, .author = author};
    for (const char *const *s = options->seal; s != NULL && *s != NULL; s++)
        TRY(read_request(out, slice_from(*s), error));
    for (const char *const *u = options->unsealed; u != NULL && *u != NULL; u++)
        if (!policy_names(out, kind, slice_from(*u)))
            return error_set(error, STATUS_USAGE, "seal-unsealed",
                             "\"{0}\" is not sealed by default in a record of kind \"{1}\".", *u, kind->name, NULL);
    if (!members_exercise(members)) add_policy(out, kind, options->unsealed);
    add_exact(out);
    return add_readers(out, options->readers, error);
}

static void wipe(struct buffer *buffer)
{
    if (buffer->data != NULL) crypto_wipe(buffer->data, buffer->capacity);
    buffer_clear(buffer);
}

void sealer_clear(struct sealer *sealer)
{
    buffer_clear(&sealer->files);
    wipe(&sealer->openings);
}

/* ---- making one seal */

struct making {
    struct sealer *sealer;
    struct sealed_by by;
    struct json_writer items; /* of `sealed` */
    struct json_writer openings;
    struct error *error;
};

static enum status put_boxes(struct buffer *boxes, const struct making *m, const struct seal_request *request,
                             const struct seal_key *key)
{
    for (size_t i = 0; i < request->readers; i++)
        TRY(seal_boxes_for(boxes, m->sealer->members, request->reader[i], key, m->error));
    if (request->readers > 0) return buffer_finish(boxes, m->error);
    return error_set(
        m->error, STATUS_REFUSED, "seal-nobody",
        "Nobody could open what is sealed at \"{0}\": name a reader, or announce a reader's key of your own.",
        error_slice(request->pointer).text, NULL);
}

static void put_readers(struct json_writer *w, const struct seal_request *request)
{
    json_put_array(w);
    for (size_t i = 0; i < request->readers; i++) json_put_slice(w, request->reader[i]);
    json_put_close(w);
}

static void put_hash(struct json_writer *w, const char *key, const struct hash *hash)
{
    char hex[HASH_HEX_SIZE];
    hash_format(hash, hex);
    json_put_key(w, key), json_put_string(w, hex);
}

static void put_item(struct making *m, const struct taken *taken, const struct hash *hash, struct slice cipher)
{
    struct json_writer *w = &m->items;
    const struct seal_request *request = &m->sealer->request[taken->request];
    struct hash cipher_hash = hash_of(cipher);
    json_put_object(w);
    put_hash(w, "cipher", &cipher_hash);
    put_hash(w, "hash", hash);
    json_put_key(w, "level"), json_put_string(w, taken->level);
    json_put_key(w, "pointer"), json_put_slice(w, taken->pointer);
    json_put_key(w, "readers"), put_readers(w, request);
    json_put_key(w, "size"), json_put_integer(w, (int64_t)cipher.size);
    json_put_close(w);
    w = &m->openings;
    json_put_object(w);
    json_put_key(w, "level"), json_put_string(w, taken->level);
    json_put_key(w, "pointer"), json_put_slice(w, taken->pointer);
    json_put_key(w, "readers"), put_readers(w, request);
    json_put_key(w, "value"), json_put_tree(w, taken->value);
    json_put_close(w);
}

static enum status make_seal(struct making *m, const struct taken *taken)
{
    OWN(wipe) struct buffer text = {0};
    OWN(buffer_clear) struct buffer cipher = {0}, boxes = {0};
    OWN(seal_key_clear) struct seal_key key;
    struct opening opening = {.level = slice_from(taken->level), .pointer = taken->pointer, .value = taken->value};
    struct hash hash;
    crypto_random(opening.salt, sizeof opening.salt);
    seal_key_random(&key);
    TRY(opening_commit(&hash, &m->by, &opening, m->error));
    TRY(opening_write(&text, &opening, m->error));
    TRY(seal_encrypt(&cipher, buffer_slice(&text), &hash, &key, m->error));
    TRY(put_boxes(&boxes, m, &m->sealer->request[taken->request], &key));
    TRY(seal_file_format(&m->sealer->files, buffer_slice(&cipher), buffer_slice(&boxes), m->error));
    put_item(m, taken, &hash, buffer_slice(&cipher));
    crypto_wipe(&opening.salt, sizeof opening.salt);
    return STATUS_DONE;
}

/* ---- the record */

/* Exact ones first: what they take is then known when the coarser ones come. */
static enum status take_all(struct sealer *sealer, struct taking *taking, struct error *error)
{
    for (size_t i = 0; i < sealer->requests; i++) {
        const struct seal_request *request = &sealer->request[i];
        bool found;
        TRY(taking_take(taking, request->pointer, request->level, (unsigned)i, &found, error));
        if (found || !request->must) continue;
        return error_set(error, STATUS_REFUSED, "seal-absent", "There is nothing at \"{0}\" that could be sealed.",
                         error_slice(request->pointer).text, NULL);
    }
    return STATUS_DONE;
}

static enum status make_all(struct sealer *sealer, const struct taking *taking, struct buffer *items,
                            struct error *error)
{
    struct making m = {.sealer = sealer,
                       .by = {json_find_string(taking->whole, "register"), json_find_string(taking->whole, "by"),
                              json_find_integer(taking->whole, "seq", 0)},
                       .error = error};
    const struct json *before = json_find(taking->whole, "sealed");
    json_write_open(&m.items, items);
    json_write_open(&m.openings, &sealer->openings);
    json_put_array(&m.items);
    json_put_array(&m.openings);
    for (const struct json *item = before == NULL ? NULL : before->first; item != NULL; item = item->next)
        json_put_tree(&m.items, item);
    for (size_t i = 0; i < taking->count; i++) TRY(make_seal(&m, &taking->taken[i]));
    json_put_close(&m.items);
    json_put_close(&m.openings);
    TRY(json_write_finish(&m.openings, error));
    return json_write_finish(&m.items, error);
}

enum status seal_record(struct sealer *sealer, const struct record_kind *kind, const struct json **whole,
                        struct arena *arena, struct error *error)
{
    OWN(wipe) struct buffer text = {0};
    OWN(buffer_clear) struct buffer items = {0}, left = {0};
    struct taking taking;
    const struct json *complete, *list;
    struct json_writer w;
    sealer_clear(sealer);
    if (sealer->requests == 0) {
        buffer_put_string(&sealer->openings, "[]");
        return buffer_finish(&sealer->openings, error);
    }
    TRY(record_encode(&text, *whole, error)); /* what is sealed is a record that could stand */
    struct slice kept = arena_copy(arena, slice_part(buffer_slice(&text), 0, text.size - 1));
    if (kept.data == NULL) return arena_full(error);
    TRY(json_read(&complete, kept, JSON_CANONICAL, arena, error));
    TRY(taking_begin(&taking, kind, complete, arena, error));
    TRY(take_all(sealer, &taking, error));
    TRY(make_all(sealer, &taking, &items, error));
    if (taking.count == 0) return STATUS_DONE;
    struct slice listed = arena_copy(arena, buffer_slice(&items));
    if (listed.data == NULL) return arena_full(error);
    TRY(json_read(&list, listed, JSON_RELAXED, arena, error));
    TRY(taking_put(&taking, "sealed", list, error));
    json_write_open(&w, &left);
    json_put_tree(&w, taking.left);
    TRY(json_write_finish(&w, error));
    struct slice stays = arena_copy(arena, buffer_slice(&left));
    if (stays.data == NULL) return arena_full(error);
    return json_read(whole, stays, JSON_RELAXED, arena, error);
}

enum status seal_keep(const struct sealer *sealer, const struct truce_register *reg, struct error *error)
{
    const struct seal_store store = {reg->system, reg->directory};
    struct slice rest = buffer_slice(&sealer->files);
    while (rest.size > 0) {
        struct seal_file file;
        bool changed;
        TRY(seal_file_next(&file, &rest, error));
        TRY(seal_store_put(&store, &file, true, &changed, error));
    }
    return STATUS_DONE;
}

/* ---- who sees what */

static bool has_reader(const struct json *opening, struct slice reader)
{
    const struct json *readers = json_find(opening, "readers");
    for (const struct json *r = readers->first; r != NULL; r = r->next)
        if (slice_equal(r->string, reader)) return true;
    return false;
}

static void put_sees(struct json_writer *w, const struct json *openings, struct slice reader)
{
    json_put_object(w);
    json_put_key(w, "reader"), json_put_slice(w, reader);
    json_put_key(w, "sees");
    json_put_array(w);
    for (const struct json *o = openings->first; o != NULL; o = o->next) {
        if (!has_reader(o, reader)) continue;
        json_put_object(w);
        json_put_key(w, "level"), json_put_tree(w, json_find(o, "level"));
        json_put_key(w, "pointer"), json_put_tree(w, json_find(o, "pointer"));
        json_put_key(w, "value"), json_put_tree(w, json_find(o, "value"));
        json_put_close(w);
    }
    json_put_close(w);
    json_put_close(w);
}

static void put_all_readers(struct json_writer *w, const struct sealer *sealer, const struct json *openings)
{
    json_put_array(w);
    for (size_t i = 0; i < members_count(sealer->members); i++) {
        struct slice party = members_at(sealer->members, i)->party;
        bool sees = false;
        for (const struct json *o = openings->first; o != NULL; o = o->next) sees |= has_reader(o, party);
        if (sees) put_sees(w, openings, party);
    }
    json_put_close(w);
}

static enum status view(const struct sealer *sealer, struct slice text, struct arena *arena, struct buffer *out,
                        struct error *error)
{
    const struct json *openings, *record;
    struct json_writer w;
    TRY(json_read(&openings, buffer_slice(&sealer->openings), JSON_RELAXED, arena, error));
    TRY(json_read(&record, text, JSON_RELAXED, arena, error));
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "everyone"), json_put_tree(&w, record);
    json_put_key(&w, "readers"), put_all_readers(&w, sealer, openings);
    json_put_key(&w, "warnings"), plain_words_put(&w, record);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum status seal_view(const struct sealer *sealer, struct slice text, struct buffer *out, struct error *error)
{
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = view(sealer, text, &arena, out, error);
    arena_clear(&arena);
    return status;
}
