/* C2SP signed notes and their keys: text, an empty line, and signature lines "— name base64(id ‖ signature)". */
#ifndef TRUCE_CRYPTO_NOTE_H
#define TRUCE_CRYPTO_NOTE_H

#include "base/buffer.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

enum note_algorithm { NOTE_ED25519 = 1, NOTE_COSIGNATURE = 4 };

/* A verifier key: "name+hex8(id)+base64(type ‖ key)". */
struct verifier {
    char name[LIMIT_ORIGIN_BYTES + 1];
    uint32_t id;
    enum note_algorithm algorithm;
    struct public_key key;
};
enum { VERIFIER_TEXT_SIZE = LIMIT_ORIGIN_BYTES + 1 + 8 + 1 + 45 + 1 };

/* A signing key with its name. Wiped by signer_clear. */
struct signer {
    struct verifier verifier;
    struct secret secret;
};

/* Id = first 4 bytes of SHA-256(name ‖ 0A ‖ type ‖ key). */
uint32_t note_key_id(struct slice name, enum note_algorithm algorithm, const struct public_key *key);
MUST_USE enum status verifier_make(struct verifier *out, struct slice name, enum note_algorithm algorithm,
                                   const struct public_key *key, struct error *error);
MUST_USE enum status verifier_parse(struct verifier *out, struct slice text, struct error *error);
void verifier_format(const struct verifier *verifier, char out[VERIFIER_TEXT_SIZE]);

MUST_USE enum status signer_random(struct signer *out, struct slice name, struct error *error); /* of Ed25519 */
MUST_USE enum status signer_from_seed(struct signer *out, struct slice name, const uint8_t seed[SEED_BYTES],
                                      struct error *error);
MUST_USE enum status cosigner_random(struct signer *out, struct slice name, struct error *error); /* of algorithm 04 */
MUST_USE enum status cosigner_from_seed(struct signer *out, struct slice name, const uint8_t seed[SEED_BYTES],
                                        struct error *error);
void signer_clear(struct signer *signer);

/* The secret file's one line: "PRIVATE+KEY+name+hex8+base64(type ‖ seed)", or under a passphrase
 * "TRUCE+ENCRYPTED+KEY+name+hex8+argon2id+ops+memory+base64(salt ‖ nonce ‖ box)". An empty passphrase is none.
 * Parsing says key-passphrase-needed or key-passphrase-wrong where that is the matter. */
MUST_USE enum status signer_format(const struct signer *signer, struct slice passphrase, struct buffer *out,
                                   struct error *error);
MUST_USE enum status signer_parse(struct signer *out, struct slice text, struct slice passphrase, struct error *error);

/* A note taken apart; all slices borrow. */
struct note {
    struct slice text; /* with its final newline */
    size_t signatures;
    struct note_signature {
        struct slice line; /* the whole line without newline */
        struct slice name;
        uint32_t key_id;
        uint8_t bytes[76]; /* 64 for Ed25519, 72 for a cosignature; the beginning of what is longer */
        size_t size;       /* of the whole signature */
    } signature[LIMIT_NOTE_SIGNATURES];
};
MUST_USE enum status note_parse(struct note *out, struct slice note, struct error *error);

/* Notes follow each other: cuts the next one, up to its last signature line, off *rest; false where there is none. */
MUST_USE bool note_next(struct slice *rest, struct slice *note);

/* text must end in a newline, and the key be of Ed25519 (key-algorithm); appends the whole note (text, empty line, one
 * signature line) to out. */
MUST_USE enum status note_sign(struct buffer *out, struct slice text, const struct signer *signer, struct error *error);

/* Appends one signature line (with newline) alone. */
MUST_USE enum status note_sign_line(struct buffer *out, struct slice text, const struct signer *signer,
                                    struct error *error);

/* Is there a signature of this verifier, and does it hold? *present tells the first. */
MUST_USE bool note_verify(const struct note *note, const struct verifier *verifier, bool *present);

/* A C2SP cosignature/v1 of the text by a key of algorithm 04, appended as one signature line: `time` is when, in
 * seconds since 1970. The message signed is "cosignature/v1\ntime N\n" and the text. */
MUST_USE enum status note_cosign_line(struct buffer *out, struct slice text, int64_t time,
                                      const struct signer *cosigner, struct error *error);
/* The same for a cosigner's key: *time is when the latest of its cosignatures says it was made. All must hold. */
MUST_USE bool note_cosigned(const struct note *note, const struct verifier *cosigner, bool *present, int64_t *time);

/* What note_cosigned tells, of a note whose signatures were checked before: nothing is verified here. */
MUST_USE bool note_cosigned_before(const struct note *note, const struct verifier *cosigner, int64_t *time);

#endif
