/* A command line taken apart by a table: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, flags, "--" and operands in any
 * order. It says what is wrong and what was probably meant; main.c puts that into words. */
#ifndef TRUCE_CLI_OPTIONS_H
#define TRUCE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct option {
    const char *name;     /* without its dashes; a table ends with NULL */
    char letter;          /* '\0': none */
    const char *argument; /* "FILE"; NULL: a flag */
    const char *help;
};

enum { OPTIONS_MOST = 32, OPERANDS_MOST = 4096, OPTION_TEXT_SIZE = 64 };

struct options {
    const struct option *given[OPTIONS_MOST];
    const char *value[OPTIONS_MOST];
    size_t count;
    char *operand[OPERANDS_MOST];
    size_t operands;
};

enum option_fault_kind { OPTION_UNKNOWN, OPTION_NEEDS_VALUE, OPTION_TAKES_NONE, OPTION_TOO_MANY };
struct option_fault {
    enum option_fault_kind kind;
    char typed[OPTION_TEXT_SIZE]; /* as it was typed, cut */
    const char *meant;            /* the nearest name, or NULL */
};

/* Reads arguments from argv[*at] on, adding to *out. `tables` ends with NULL. With `first_only` it stops at the first
 * operand, so that what follows can be read by a command's own table. *at is moved past what was read. */
bool options_parse(struct options *out, const struct option *const *tables, int argc, char **argv, int *at,
                   bool first_only, struct option_fault *fault);

/* The value given last, or NULL. */
const char *options_value(const struct options *options, const char *name);
/* Every value given, in order, ended by NULL; those that do not fit are left out. */
void options_values(const struct options *options, const char *name, const char *out[], size_t room);
bool options_has(const struct options *options, const char *name);

#endif
