#include "crypto/reader_key.h"
#include "crypto/key_text.h"

#include <stdio.h>

enum { TYPE = sizeof READER_KEY_TYPE - 1 };

static void put_typed(uint8_t out[READER_KEY_TYPED], const uint8_t key[READER_KEY_BYTES])
{
    memcpy(out, READER_KEY_TYPE, TYPE);
    memcpy(out + TYPE, key, READER_KEY_BYTES);
}

enum status reader_key_make(struct reader_key *out, struct slice name, const uint8_t bytes[READER_KEY_BYTES],
                            struct error *error)
{
    uint8_t typed[READER_KEY_TYPED];
    TRY(key_name_check(name, error));
    put_typed(typed, bytes);
    *out = (struct reader_key){.id = key_text_id(name, slice_of(typed, sizeof typed))};
    memcpy(out->name, name.data, name.size);
    memcpy(out->bytes, bytes, READER_KEY_BYTES);
    return STATUS_DONE;
}

enum status reader_key_parse(struct reader_key *out, struct slice text, struct error *error)
{
    struct slice name;
    uint8_t typed[READER_KEY_TYPED];
    uint32_t id;
    struct reader_key made;
    if (!key_text_cut(text, &name, &id, typed, sizeof typed) || memcmp(typed, READER_KEY_TYPE, TYPE) != 0)
        return error_set(error, STATUS_REFUSED, "key-form",
                         "This is not a reader's key (name+8 hex digits+base64 of its type and 32 bytes).", NULL);
    TRY(reader_key_make(&made, name, typed + TYPE, error));
    if (made.id != id) return key_text_id_wrong(name, error);
    *out = made;
    return STATUS_DONE;
}

void reader_key_format(const struct reader_key *key, char out[READER_KEY_TEXT_SIZE])
{
    uint8_t typed[READER_KEY_TYPED];
    char text[BASE64_SIZE(sizeof typed)];
    put_typed(typed, key->bytes);
    base64_format(text, sizeof text, slice_of(typed, sizeof typed));
    snprintf(out, READER_KEY_TEXT_SIZE, "%s+%08x+%s", key->name, key->id, text);
}
