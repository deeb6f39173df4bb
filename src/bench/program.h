/* The truce program as a server of its own: started, its address read from what it prints, stopped. */
#ifndef TRUCE_BENCH_PROGRAM_H
#define TRUCE_BENCH_PROGRAM_H

#include "bench/measure.h"

#include <sys/types.h>

struct program {
    pid_t process; /* 0: it does not run */
    int output;    /* of the server, until it is stopped */
    uint16_t port;
};
/* `arguments` as the shell would give them, from "truce" on, ended by NULL; it must print {…"url":"http://…:PORT/"…}.
 */
MUST_USE enum status program_start(struct program *out, const struct run *run, const char *const *arguments,
                                   struct error *error);
MUST_USE enum status program_failed(struct error *error); /* bench-serve */
void program_stop(struct program *program);

#endif
