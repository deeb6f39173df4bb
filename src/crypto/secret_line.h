/* The one line of a secret file, whatever key it keeps: "PRIVATE+KEY+name+hex8+base64(secret)", or under a passphrase
 * "TRUCE+ENCRYPTED+KEY+name+hex8+argon2id+ops+memory+base64(salt ‖ nonce ‖ box)". An empty passphrase is none. Not for
 * other rooms. */
#ifndef TRUCE_CRYPTO_SECRET_LINE_H
#define TRUCE_CRYPTO_SECRET_LINE_H

#include "base/buffer.h"

enum { SECRET_LINE_MOST = 64 }; /* bytes of secret: a type and a key */

/* What a line says; `name` borrows from it. */
struct secret_line {
    struct slice name;
    uint32_t id;
    size_t size;
    uint8_t bytes[SECRET_LINE_MOST];
};

MUST_USE enum status secret_line_format(struct buffer *out, const struct secret_line *line, struct slice passphrase,
                                        struct error *error);
/* Says key-passphrase-needed or key-passphrase-wrong where that is the matter, else key-file-form. */
MUST_USE enum status secret_line_parse(struct secret_line *out, struct slice text, struct slice passphrase,
                                       struct error *error);
void secret_line_clear(struct secret_line *line);            /* wipes; works with OWN() */
MUST_USE enum status secret_line_wrong(struct error *error); /* key-file-form */

#endif
