/* The API: a register served over HTTP, as JSON for programs and as pages for people, by one table of routes. */
#ifndef TRUCE_API_API_H
#define TRUCE_API_API_H

#include "base/buffer.h"
#include "truce.h"

struct api_options {
    const char *address;                       /* numeric */
    uint16_t port;                             /* 0: any that is free */
    const char *socket;                        /* the path of a second door on this machine, or NULL */
    const char *certificate, *certificate_key; /* PEM files, or NULL */
    const char *members;                       /* a file of names and hashes of operators' tokens (gate.h), or NULL */
    const char
        *called; /* "register.example:8443", as clients call it; NULL: what the certificate proves, and the port */
    const struct truce_tiles *tiles;   /* a base map that outlives the server, or NULL … */
    const char *tiles_by;              /* … and who made it */
    unsigned connections, per_address; /* at once; 0: the defaults of http.h */
};

struct api;
/* Serves `reg`, which is open for writing and stays the caller's; returns once it can be connected to. An address that
 * is not loopback is refused without TLS (serve-address). */
MUST_USE enum status api_start(struct api **out, struct truce_register *reg, const struct api_options *options,
                               struct error *error);
/* "http://127.0.0.1:8080/" */
void api_url(const struct api *api, struct buffer *out);
/* Reads the file of members and the certificate again; what fails stays as it was before. */
MUST_USE enum status api_renew(struct api *api, struct error *error);
/* The same for the certificate, if its files have changed. Not for two threads at once. */
MUST_USE enum status api_look(struct api *api, struct error *error);
/* Gives out every receipt that is owed, then ends. The register stays open. */
void api_stop(struct api **api);

#endif
