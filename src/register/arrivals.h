/* What was handed in at a mirror: each note with the stamp that says when it came, kept before anybody was told, so
 * that a host that sits on it is shown up. The file peers/arrivals is appended to alone:
 *
 *     4   bytes of payload
 *     32  SHA-256 of the payload
 *     …   payload: 'A', 4 bytes of stamp, stamp, note; or 'R', 32 bytes of id, the host's refusal
 *
 * A1  A stamp is durable before it leaves. A2  What is damaged in the middle is named and never cut; an item at the end
 * that is not whole was never acknowledged. */
#ifndef TRUCE_REGISTER_ARRIVALS_H
#define TRUCE_REGISTER_ARRIVALS_H

#include "register/register.h"

enum { ARRIVALS_BYTES_MOST = 512 * 1024 * 1024 };

/* ORIGIN/arrival/v1\nid HEX\nsubmitted b64(sha256)\nat MS\n, cosigned by a mirror's key */
struct arrival_stamp {
    struct slice origin;
    struct record_id id;
    struct hash submitted; /* of the note's bytes as they came */
    int64_t at_ms;
};
MUST_USE enum status arrival_sign(struct buffer *out, const struct arrival_stamp *stamp, const struct signer *mirror,
                                  struct error *error);
MUST_USE enum status arrival_parse(struct arrival_stamp *out, struct slice note_text, struct error *error);

struct arrival {
    struct arrival_stamp stamp;                          /* its slices borrow from the file */
    size_t stamp_from, stamp_size, note_from, note_size; /* in bytes */
    bool refused, settled; /* by the host, with its signature; settled: refused, or known to be in the log */
};
struct arrivals {
    const struct system *system;
    char path[REGISTER_PATH_SIZE];
    int file;            /* -1: read alone */
    bool closed;         /* a write or sync failed */
    struct buffer bytes; /* the file */
    struct arrival *at;
    size_t count, room;
};

/* DIRECTORY/peers/arrivals, made with its folder where `writes`; no file is no arrivals. arrivals-damaged. */
MUST_USE enum status arrivals_open(struct arrivals *out, const struct system *system, const char *directory,
                                   bool writes, struct error *error);
void arrivals_close(struct arrivals *arrivals);

static inline struct slice arrivals_stamp(const struct arrivals *arrivals, size_t i)
{
    return slice_part(buffer_slice(&arrivals->bytes), arrivals->at[i].stamp_from, arrivals->at[i].stamp_size);
}
static inline struct slice arrivals_note(const struct arrivals *arrivals, size_t i)
{
    return slice_part(buffer_slice(&arrivals->bytes), arrivals->at[i].note_from, arrivals->at[i].note_size);
}

/* The arrival of these very bytes, or SIZE_MAX. */
size_t arrivals_find(const struct arrivals *arrivals, const struct record_id *id, const struct hash *submitted);

/* Durable on return, or not there: all of them. */
struct arriving {
    struct slice stamp, note;
};
MUST_USE enum status arrivals_add(struct arrivals *arrivals, const struct arriving *arriving, size_t count,
                                  struct error *error);
/* The host refused it, and signed that. */
MUST_USE enum status arrivals_refuse(struct arrivals *arrivals, size_t i, struct slice refusal, struct error *error);

#endif
