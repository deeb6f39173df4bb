/* The gate: who may come in. Members are known by tokens, of which a file holds the hashes: lines "NAME HASH", what
 * follows a # is a comment. A browser that was led here by another site's name or form is turned away. */
#ifndef TRUCE_API_GATE_H
#define TRUCE_API_GATE_H

#include "http/http.h"
#include "truce.h"
#include <pthread.h>

enum { MEMBERS_MOST = 1024, GATE_ADDRESSES = 1024, GATE_TRIES = 10, GATE_WINDOW_S = 60 };

struct member {
    char name[TRUCE_TOKEN_NAME_SIZE], hash[TRUCE_TOKEN_HASH_SIZE];
};

struct gate {
    const char *file; /* NULL: whoever can connect is in */
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

MUST_USE enum status gate_open(struct gate *gate, const char *file, struct error *error);
void gate_close(struct gate *gate);
/* Reads the file again; members-file, members-line, members-none. If that fails, those known before stay. */
MUST_USE enum status gate_read(struct gate *gate, struct error *error);
/* A text of members taken apart, for gate_read. */
MUST_USE enum status members_parse(struct slice text, struct member *out, size_t *count, struct error *error);

/* May this request in? If not, *again is set where its address has failed too often lately. */
bool gate_lets_in(struct gate *gate, const struct http_request *request, bool *again);

/* Is the host named one that only this machine answers to? So no site's name can lead a browser here. */
bool host_is_loopback(struct slice host);
/* Does a POST come from this very site, or from no browser at all? */
bool origin_is_own(const struct http_request *request);

#endif
