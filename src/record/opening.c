#include "record/opening.h"

#include "crypto/sign.h"
#include "json/write.h"

/* ---- items */

static void read_item(struct sealed_item *out, const struct json *item)
{
    *out = (struct sealed_item){.pointer = json_find_string(item, "pointer"),
                                .level = json_find_string(item, "level"),
                                .readers = json_find(item, "readers"),
                                .size = json_find_integer(item, "size", 0)};
    out->has_cipher = hash_parse(&out->cipher, json_find_string(item, "cipher"));
    if (!hash_parse(&out->hash, json_find_string(item, "hash"))) out->hash = (struct hash){{0}};
}

bool sealed_next(const struct json *body, const struct json **at, struct sealed_item *out)
{
    const struct json *sealed = json_find(body, "sealed");
    *at = *at != NULL ? (*at)->next : sealed == NULL ? NULL : sealed->first;
    if (*at != NULL) read_item(out, *at);
    return *at != NULL;
}

bool sealed_find(const struct json *body, struct slice pointer, struct slice level, struct sealed_item *out)
{
    for (const struct json *at = NULL; sealed_next(body, &at, out);)
        if (slice_equal(out->pointer, pointer) && slice_equal(out->level, level)) return true;
    return false;
}

/* ---- openings */

static void put_salt(struct json_writer *w, const struct opening *opening)
{
    char hex[2 * SEAL_SALT_BYTES + 1];
    hex_format(hex, slice_of(opening->salt, sizeof opening->salt));
    json_put_string(w, hex);
    crypto_wipe(hex, sizeof hex);
}

enum status opening_write(struct buffer *out, const struct opening *opening, struct error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "level"), json_put_slice(&w, opening->level);
    json_put_key(&w, "pointer"), json_put_slice(&w, opening->pointer);
    json_put_key(&w, "salt"), put_salt(&w, opening);
    json_put_key(&w, "value"), json_put_tree(&w, opening->value);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

bool opening_of_reveal(struct opening *out, const struct json *body)
{
    *out = (struct opening){.level = json_find_string(body, "level"),
                            .pointer = json_find_string(body, "pointer"),
                            .value = json_find(body, "value")};
    return out->value != NULL && out->level.data != NULL && out->pointer.data != NULL &&
           hex_parse(out->salt, sizeof out->salt, json_find_string(body, "salt"));
}

enum status opening_read(struct opening *out, struct slice text, struct arena *arena, struct error *error)
{
    const struct json *whole;
    if (json_read(&whole, text, JSON_CANONICAL, arena, NULL) == STATUS_DONE && whole->type == JSON_OBJECT &&
        whole->size == 4 && opening_of_reveal(out, whole))
        return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "seal-opening",
                     "This is no opening: an object with \"level\", \"pointer\", \"salt\" and \"value\", canonical.",
                     NULL);
}

enum status opening_commit(struct hash *out, const struct sealed_by *by, const struct opening *opening,
                           struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct json_writer w;
    json_write_open(&w, &text);
    json_put_array(&w);
    json_put_slice(&w, by->register_name);
    json_put_slice(&w, by->by);
    json_put_integer(&w, by->seq);
    json_put_slice(&w, opening->pointer);
    json_put_tree(&w, opening->value);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    *out = seal_commit(opening->salt, buffer_slice(&text));
    crypto_wipe(text.data, text.size);
    return STATUS_DONE;
}

enum status opening_check(const struct opening *opening, const struct record *record, struct error *error)
{
    const struct sealed_by by = {record->register_name, record->by, record->seq};
    struct sealed_item item;
    struct hash hash;
    TRY(opening_commit(&hash, &by, opening, error));
    bool there = sealed_find(record->body, opening->pointer, opening->level, &item);
    if (there && hash_equal(&hash, &item.hash) &&
        schema_check_sealed(record->kind, opening->pointer, opening->value, NULL) == STATUS_DONE)
        return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "seal-fit",
                     "This is not what the record sealed at \"{0}\" ({1}): place, level, hash or form differs.",
                     error_slice(opening->pointer).text, error_slice(opening->level).text, NULL);
}
