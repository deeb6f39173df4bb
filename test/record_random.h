/* Records made at random from the tables of the kinds: what the schema allows, no more. For property tests and seeds of
 * fuzzing. The same seed gives the same record on every machine. */
#ifndef TRUCE_TEST_RECORD_RANDOM_H
#define TRUCE_TEST_RECORD_RANDOM_H

#include "base/time.h"
#include "crypto/note.h"
#include "json/write.h"
#include "random.h"
#include "record/record.h"

/* Who says it, and in which register. */
struct random_author {
    struct random random;
    const struct signer *signer;
    const char *register_name;
    const char *change; /* of a record of kind "key" */

    /* What references are drawn from, if not NULL: ids of records, names and keys of parties. */
    const struct record_id *ids;
    const char *const *names;
    const uint32_t *key_ids;
    size_t id_count, name_count, key_id_count;
    const char *subject;         /* the party that a who-record is about; NULL: the author */
    const struct signer *brings; /* the first key that it brings, if not NULL */
};

/* Writes a whole record of that kind as relaxed JSON: keys in the tables' order, sets unsorted. */
void random_record(struct buffer *out, struct random_author *author, const struct record_kind *kind, int64_t seq);

/* A signer whose keys are the hash of its name and use. */
void random_signer(struct signer *out, const char *name, const char *use);

#endif
