/* The two texts by which a member comes in at a server's door (spec/http.md), as signed notes: the letter, by which a
 * party's signing key lets a session key speak for it, and the challenge, which that key answers by signing it. Their
 * first lines are neither a bare origin nor JSON, and their second ones no numbers, so that none can be read as a
 * checkpoint or a record. */
#ifndef TRUCE_REGISTER_SESSION_H
#define TRUCE_REGISTER_SESSION_H

#include "base/buffer.h"
#include "crypto/note.h"

enum {
    SESSION_NOTE_BYTES = 4096, /* of either note */
    SESSION_HOST_SIZE = 300,   /* "https://host:port", with NUL */
    LETTER_DAYS_MOST = 366
};

/* ORIGIN/session-key/v1, register, party, verifier, from, until; slices borrow from the text. */
struct letter {
    struct slice register_name, party;
    struct verifier key; /* the session key; its name is the party's */
    int64_t from, until;
};
void letter_format(struct buffer *out, const struct letter *letter);
/* session-letter; session-letter-time where it holds for no time at all, or for too long. */
MUST_USE enum status letter_parse(struct letter *out, struct slice text, struct error *error);

/* ORIGIN/session/v1, register, host, challenge, until. */
struct challenge {
    struct slice register_name, host;
    uint8_t bytes[HASH_BYTES];
    int64_t until;
};
void challenge_format(struct buffer *out, const struct challenge *challenge);
MUST_USE enum status challenge_parse(struct challenge *out, struct slice text,
                                     struct error *error); /* session-answer */

/* "https://Register.example" as the texts have it: lower case, with its port. False if it is no such address. */
MUST_USE bool session_host(char out[SESSION_HOST_SIZE], struct slice url);

#endif
