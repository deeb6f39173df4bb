/* A check phrase: what two people who hold copies of a register read to each other, by radio or telephone, to know that
 * both have the same record at the same place. Digits in threes are read in any language. */
#ifndef TRUCE_REGISTER_PHRASE_H
#define TRUCE_REGISTER_PHRASE_H

#include "crypto/hash.h"

enum { PHRASE_GROUPS = 7, PHRASE_SIZE = 4 * PHRASE_GROUPS }; /* with the NUL; 21 digits, above 69 bits */

/* SHA-256("truce-phrase/v1" 00 register 00 index as 8 bytes, leaf hash): its first 16 bytes modulo 10^21. */
void phrase_format(char out[PHRASE_SIZE], struct slice register_name, uint64_t index, const struct hash *leaf);
/* The same of a head, for two who hold copies of one size: SHA-256("truce-head-phrase/v1" 00 register 00 size, root).
 */
void phrase_format_head(char out[PHRASE_SIZE], struct slice register_name, uint64_t size, const struct hash *root);

#endif
