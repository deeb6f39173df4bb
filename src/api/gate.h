/* The gate: who may come in. Members of the register open sessions (truce.h, "sessions"); operators have tokens, of
 * which a file holds the hashes: lines "NAME HASH", what follows a # is a comment. A browser that was led here by
 * another site's name or form is turned away. */
#ifndef TRUCE_API_GATE_H
#define TRUCE_API_GATE_H

#include "http/http.h"
#include "truce.h"
#include <pthread.h>

enum { MEMBERS_MOST = 1024, GATE_ADDRESSES = 1024, GATE_TRIES = 10, GATE_WINDOW_S = 60 };

struct member {
    char name[TRUCE_TOKEN_NAME_SIZE], hash[TRUCE_TOKEN_HASH_SIZE];
};

/* Who may have what a route gives. */
enum access {
    ACCESS_ALL,   /* anybody: what tells nothing of the register, and the way in */
    ACCESS_READ,  /* members, and anybody where the register's policy makes it public */
    ACCESS_MEMBER /* members alone */
};

/* Who asks. */
struct guest {
    bool known;                       /* by a session, a token, or the socket in the register's directory */
    bool session;                     /* by a session … */
    char name[TRUCE_TOKEN_NAME_SIZE]; /* … of this party, or the name that the file of members gives the token */
    char hash[TRUCE_TOKEN_HASH_SIZE]; /* of a session's token */
    int64_t until;                    /* when the session ends at the latest */
};

struct gate {
    const char *file; /* NULL: there are no tokens, and an exercise on this machine is open to all on it */
    struct truce_door *door;
    bool loopback;
    pthread_rwlock_t lock;
    struct member *members;
    size_t count;
    pthread_mutex_t tries_lock;
    struct tries {
        uint64_t address; /* hashed; two that share a slot share their tries */
        int64_t began_s;
        unsigned failed;
    } tries[GATE_ADDRESSES];
};

MUST_USE enum status gate_open(struct gate *gate, const char *file, bool loopback, struct truce_register *reg,
                               struct error *error);
void gate_close(struct gate *gate);
/* Reads the file again; members-file, members-line, members-none. If that fails, those known before stay. */
MUST_USE enum status gate_read(struct gate *gate, struct error *error);
/* A text of members taken apart, for gate_read. */
MUST_USE enum status members_parse(struct slice text, struct member *out, size_t *count, struct error *error);

/* Who asks, and may they have it? If not, *again is set where their address has failed too often lately. */
bool gate_lets_in(struct gate *gate, const struct http_request *request, enum access access, struct guest *guest,
                  bool *again);
/* The first half alone. */
void gate_know(struct gate *gate, const struct http_request *request, struct guest *guest);
/* Does what let this guest in still hold? For what goes on for long. */
bool gate_still(struct gate *gate, const struct guest *guest);
/* Of a session's cookie; under TLS a browser lets no other host and no unsafe page set it. */
const char *gate_cookie(const struct http_request *request);
/* Requests of one member are of one share, others' are of their address, and those within this machine of none. */
uint64_t gate_share(const struct http_request *request, const struct guest *guest);

/* The port of a Host, or that of its scheme. */
unsigned host_port(struct slice host, bool tls);
/* Without its port and its brackets; false if it does not fit. */
bool host_bare(struct slice host, char *out, size_t size);
/* Is the host named one that only this machine answers to? So no site's name can lead a browser here. */
bool host_is_loopback(struct slice host);
/* Does a POST come from this very site, or from no browser at all? */
bool origin_is_own(const struct http_request *request);

#endif
