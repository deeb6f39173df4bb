/* Bytes by which whoever made them knows them again: keyed BLAKE2b by libsodium. For what a process says to itself,
 * never for what others must be able to check. */
#ifndef TRUCE_CRYPTO_MAC_H
#define TRUCE_CRYPTO_MAC_H

#include "base/slice.h"

enum { MAC_KEY_BYTES = 32, MAC_BYTES = 16 };

struct mac_key {
    uint8_t bytes[MAC_KEY_BYTES];
};
void mac_key_random(struct mac_key *out);
void mac_of(const struct mac_key *key, struct slice message, uint8_t out[MAC_BYTES]);
/* In a time that tells nothing. */
bool mac_holds(const struct mac_key *key, struct slice message, const uint8_t mac[MAC_BYTES]);

#endif
