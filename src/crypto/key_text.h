/* What the written forms of keys share: "name+hex8(id)+base64(key)", the id being that of name and key. For this room.
 */
#ifndef TRUCE_CRYPTO_KEY_TEXT_H
#define TRUCE_CRYPTO_KEY_TEXT_H

#include "base/error.h"

/* A name that may stand on a signature line. */
MUST_USE bool key_name_good(struct slice name);
MUST_USE enum status key_name_check(struct slice name, struct error *error);

/* First 4 bytes of SHA-256(name ‖ 0A ‖ key), where `key` begins with its type. */
uint32_t key_text_id(struct slice name, struct slice key);
enum status key_text_id_wrong(struct slice name, struct error *error);

/* Takes the text apart; false if it is not of this form or the key has not `size` bytes. */
MUST_USE bool key_text_cut(struct slice text, struct slice *name, uint32_t *id, uint8_t *key, size_t size);

#endif
