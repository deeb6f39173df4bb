/* The file that a pouch is: sections in a zstd frame, written and read in one pass with bounded memory (spec/pouch.md).
 * Nothing in it is believed because it is there: who opens it checks each thing as if it had come from the network. */
#ifndef TRUCE_PEER_POUCH_FILE_H
#define TRUCE_PEER_POUCH_FILE_H

#include "base/buffer.h"
#include "crypto/hash.h"
#include "system/system.h"

enum pouch_kind {
    POUCH_HEAD,     /* a signed head of the log, with every signature that the sender knows */
    POUCH_NOTE,     /* a signed record */
    POUCH_PROOF,    /* a tlog-proof of a record that is in the sender's log */
    POUCH_ENTRIES,  /* entries of the log, from `number` on: their lengths in 2 bytes and their bytes */
    POUCH_EVIDENCE, /* a line of spec/evidence.md */
    POUCH_SEALED,   /* the ciphertext of sealed fields */
    POUCH_ARRIVAL,  /* a full copy's stamp */
    POUCH_KINDS
};

struct pouch_section {
    enum pouch_kind kind;
    uint64_t number; /* entries: of the first */
    struct slice bytes;
};

/* ---- writing: PATH.new, then renamed, so that a stick pulled out too early holds no half of a pouch */

struct pouch_writer;
MUST_USE enum status pouch_create(struct pouch_writer **out, const struct system *system, const char *path,
                                  struct slice register_name, struct error *error);
/* pouch-section (STATUS_USAGE) if it is larger than its kind may be. */
MUST_USE enum status pouch_put(struct pouch_writer *writer, const struct pouch_section *section, struct error *error);
MUST_USE enum status pouch_finish(struct pouch_writer *writer, struct error *error); /* durable, under its name */
void pouch_writer_close(struct pouch_writer **writer); /* gives up what was not finished */

/* ---- reading */

struct pouch_reader;
/* pouch-form (STATUS_REFUSED), with the offset in the unpacked text, for whatever is no pouch; as do the others. */
MUST_USE enum status pouch_open_file(struct pouch_reader **out, const struct system *system, const char *path,
                                     struct error *error);
struct slice pouch_register(const struct pouch_reader *reader);
/* The next section; its bytes live until the next call. *more is false at the end, which a whole pouch says itself. */
MUST_USE enum status pouch_next(struct pouch_reader *reader, struct pouch_section *out, bool *more,
                                struct error *error);
void pouch_reader_close(struct pouch_reader **reader);

#endif
