/* A server that takes notes: one that has the register of the call open, through the socket in the register's
 * directory, or one that is named by its URL. */
#ifndef TRUCE_CLI_REMOTE_H
#define TRUCE_CLI_REMOTE_H

#include "cli/cli.h"

struct remote {
    const char *url;               /* "http://localhost" through a socket */
    const char *authority;         /* PEM file, or NULL */
    char socket[4096];             /* "" over the network */
    struct truce_buffer said;      /* for Authorization; empty if none */
    const char *session;           /* the file of a session key, or NULL */
    struct truce_register *keeper; /* keeps what the server promises and refuses; or NULL */
};

/* Does a server hold the call's register? */
bool remote_beside(const struct call *call, struct remote *out);
/* The server at `url`, with --session, or --member and --token-file, and --tls-ca. */
enum truce_status remote_read(const struct call *call, const char *url, struct remote *out);
/* The server of --to, and a session is opened. */
enum truce_status remote_open(const struct call *call, struct remote *out);
/* Lets the call's directory keep what the server promises and refuses, if it has the register and is not the host. */
enum truce_status remote_keep(const struct call *call, struct remote *remote);
void remote_close(struct remote *remote); /* ends the session */
/* For the library, which opens sessions by `remote` when it needs them. */
struct truce_access remote_access(struct remote *remote);

/* Hands notes in as truce_submit does; says what went wrong, but for refusals, which are lines. */
enum truce_status remote_submit(struct remote *remote, struct slice notes, truce_line *line, void *context);

/* The same with ciphers of sealed values, as truce_sealed_put takes them. */
enum truce_status remote_put_sealed(struct remote *remote, struct slice files, truce_line *line, void *context);

/* Where the server listens for this machine: DIRECTORY/server.lock. False if the path is too long. */
bool remote_socket(const char *directory, char *out, size_t size);

#endif
