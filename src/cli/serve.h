/* Serving a register until it is told to stop: what truce serve and truce mirror share. */
#ifndef TRUCE_CLI_SERVE_H
#define TRUCE_CLI_SERVE_H

#include "api/api.h"
#include "cli/cli.h"
#include <signal.h>

/* What both may be called with, besides --listen. */
#define OPTIONS_SERVING                                                                                                \
    {"tls-cert", '\0', "FILE", N_("The server's certificate, and those above it (PEM).")},                             \
        {"tls-key", '\0', "FILE", N_("The certificate's secret key (PEM).")},                                          \
        {"members", '\0', "FILE", N_("Let in those too whose tokens FILE knows (truce member add).")},                 \
        {"host", '\0', "HOST[:PORT]",                                                                                  \
         N_("What clients call the server, if not by its certificate's names and its port.")},                         \
        {"peers-ca", '\0', "FILE",                                                                                     \
         N_("Trust the certificates of witnesses by those in FILE (PEM), not by the system's.")},                      \
        {"tiles", '\0', "FILE", N_("Draw maps on the pictures in FILE (PMTiles), not on the land that comes along.")}, \
        {"tiles-by", '\0', "TEXT", N_("Who made that map, as its licence wants it said.")},                            \
        {"connections", '\0', "N", N_("At most so many connections at once.")},                                        \
    {                                                                                                                  \
        "per-address", '\0', "N", N_("At most so many of them from one address.")                                      \
    }

struct serving {
    struct api_options options;
    char address[64], socket[4096];
};

/* --listen and what goes with it; the socket is of the register in `directory`. */
enum truce_status serving_read(const struct call *call, const char *directory, struct serving *out);
/* The signals that end it, blocked: before the first thread is there, so that none of them is interrupted. */
void serving_signals(sigset_t *signals);
/* Serves until a signal ends it. */
enum truce_status serving_run(const struct call *call, struct serving *serving, struct truce_register *reg,
                              const sigset_t *signals);

#endif
