/* An answer of the library given out: as the JSON it is, or told to people on the terminal or on a page. */
#ifndef TRUCE_CLI_ANSWER_H
#define TRUCE_CLI_ANSWER_H

#include "cli/cli.h"
#include "cli/doc.h"
#include "tell/records.h"

typedef void answer_teller(struct doc *doc, const struct json *answer, struct records *records);

enum truce_status answer_give(const struct call *call, struct truce_register *reg, struct slice answer,
                              answer_teller *tell);
/* One self-contained HTML file. */
enum truce_status answer_page(struct truce_register *reg, struct slice answer, const char *title, answer_teller *tell,
                              struct buffer *page);

#endif
