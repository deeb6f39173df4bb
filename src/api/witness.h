/* A witness served over HTTP: POST /add-checkpoint, GET /HASH/checkpoint, GET /healthz. No membership is asked: each
 * request bears a log's signature. */
#ifndef TRUCE_API_WITNESS_H
#define TRUCE_API_WITNESS_H

#include "api/api.h"

struct witness_api;
/* Serves the witness, which stays the caller's; `socket` and `members` of the options are not used. An address that is
 * not loopback is refused without TLS (witness-address). */
MUST_USE enum status witness_api_start(struct witness_api **out, struct truce_witness *witness,
                                       const struct api_options *options, struct error *error);
void witness_api_url(const struct witness_api *api, struct buffer *out);
/* Reads the certificate again; with `anyhow` also if its files have not changed. One that cannot be used leaves the old
 * one in place. */
MUST_USE enum status witness_api_renew(struct witness_api *api, bool anyhow, struct error *error);
void witness_api_stop(struct witness_api **api);

#endif
