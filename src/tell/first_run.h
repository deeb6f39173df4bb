/* What everybody should have read before using a register, said at the terminal and in the page. */
#ifndef TRUCE_TELL_FIRST_RUN_H
#define TRUCE_TELL_FIRST_RUN_H

extern const char *const first_run_paragraphs[]; /* to be looked up (truce_word); ended by NULL */

#endif
