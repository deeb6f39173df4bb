/* The words of lexicon/ that the search knows, folded, in one table made once. For src/text alone. */
#ifndef TRUCE_TEXT_KNOWN_H
#define TRUCE_TEXT_KNOWN_H

#include "base/error.h"

enum known {
    KNOWN_NAME = 1,    /* of a place, a body, a person */
    KNOWN_WORD = 2,    /* common in news */
    KNOWN_SMALL = 4,   /* a small word: only beside a known one */
    KNOWN_HAMZA = 8,   /* begins with أ or إ, and must in the text as well */
    KNOWN_KEPT = 16,   /* nothing is taken off its beginning */
    KNOWN_STEM = 32,   /* nor off what begins with it */
    KNOWN_JOINED = 64, /* two words in one: known_seam says where */
    KNOWN_WHOLE = 128  /* English, ends in s and is no plural */
};

/* A hash that grows byte by byte, so that every beginning of a word is looked up in one go. */
#define WORD_HASH_BEGIN UINT32_C(2166136261)
static inline uint32_t word_hash_more(uint32_t hash, uint8_t byte)
{
    return (hash ^ byte) * UINT32_C(16777619);
}
static inline uint32_t word_hash_end(uint32_t hash)
{
    hash ^= hash >> 15;
    return hash * UINT32_C(0x2c1b3c6d);
}
uint32_t word_hash(struct slice word);

/* Makes the table if nobody did yet; before any of the others. */
MUST_USE enum status known_open(struct error *error);
/* What is known of a folded word: flags of enum known, 0 for a stranger. `hash` is word_hash(word). */
unsigned known_find(struct slice word, uint32_t hash);
/* Bytes of the first of the two words in a KNOWN_JOINED. */
size_t known_seam(struct slice word);
/* Is it, or how it begins, among the words that nothing is taken off? */
bool known_kept(struct slice word);

#endif
