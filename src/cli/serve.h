/* Serving a register until it is told to stop: what truce serve and truce mirror share. */
#ifndef TRUCE_CLI_SERVE_H
#define TRUCE_CLI_SERVE_H

#include "api/api.h"
#include "cli/cli.h"
#include <signal.h>

struct serving {
    struct api_options options;
    char address[64], socket[4096];
};

/* --listen and what goes with it; the socket is of the register in `directory`. */
enum truce_status serving_read(const struct call *call, const char *directory, struct serving *out);
/* The signals that end it, blocked: before the first thread is there, so that none of them is interrupted. */
void serving_signals(sigset_t *signals);
/* Serves until a signal ends it. */
enum truce_status serving_run(const struct call *call, const struct serving *serving, struct truce_register *reg,
                              const sigset_t *signals);

#endif
