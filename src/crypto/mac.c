#include "crypto/mac.h"

#include <sodium.h>

void mac_key_random(struct mac_key *out)
{
    crypto_generichash_keygen(out->bytes);
}

void mac_of(const struct mac_key *key, struct slice message, uint8_t out[MAC_BYTES])
{
    crypto_generichash(out, MAC_BYTES, message.data, message.size, key->bytes, MAC_KEY_BYTES);
}

bool mac_holds(const struct mac_key *key, struct slice message, const uint8_t mac[MAC_BYTES])
{
    uint8_t own[MAC_BYTES];
    mac_of(key, message, own);
    return sodium_memcmp(own, mac, MAC_BYTES) == 0;
}
