/* Where things go: data to the standard output, everything that is said about it to the standard error. One place knows
 * about terminals, NO_COLOR, a reader that went away and a disk that is full. */
#ifndef TRUCE_CLI_OUTPUT_H
#define TRUCE_CLI_OUTPUT_H

#include "base/buffer.h"
#include "truce.h"

/* Before anything else: keeps file numbers 0 to 2 from being given to a register's files, and SIGPIPE from ending work
 * that is under way. */
void output_start(void);

/* Data. False once it cannot be written: the work should stop, and output_finish says why. */
bool output_put(struct slice data);
bool output_line(struct slice line);     /* and a newline */
bool output_line_now(struct slice line); /* and at once: a receipt that was given out must be seen */

/* Flushes. A reader that went away (head, less) is no fault when only reading was done; a full disk always is. Gives
 * the exit status: `status` itself unless that was done and the output failed. */
enum truce_status output_finish(enum truce_status status, bool reading);

/* Columns of the terminal on the standard output; 80 where there is none. */
size_t output_width(void);
/* "" unless the standard output is a terminal that may be styled. */
const char *output_bold(void);
const char *output_plain(void);

/* On the standard error. `message` is already in the reader's language. */
void say(const char *message, ...) __attribute__((sentinel)); /* "truce: …" with {0} … filled */
void say_text(struct slice text);                             /* as it is */
/* "truce: MESSAGE (code, at POINTER)"; nothing where the work was stopped because nobody reads any more. */
enum truce_status say_error(const struct truce_error *error);

/* May somebody be asked? The standard input and error are both terminals. */
bool output_can_ask(void);

#endif
