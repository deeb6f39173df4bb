/* What somebody should have read before making a register. */
#include "cli/cli.h"

#include "cli/wrap.h"
#include <stdio.h>

static const char *const paragraphs[] = {
    N_("This register keeps what each party has signed and computes what the agreement's own rules say about it. It "
       "decides nothing; a result here is not a judgment."),
    N_("What is written cannot be removed: do not write names of victims, eyewitnesses or staff, and seal every exact "
       "place before signing."),
    N_("Persons and places protected by law are protected whether or not they are listed here; confirming receipt "
       "gives "
       "or takes away no right. Only members can read; the parties may widen that in a signed policy record."),
};

enum truce_status first_run(const struct call *call)
{
    OWN(buffer_clear) struct buffer text = {0};
    for (size_t i = 0; i < COUNT_OF(paragraphs); i++)
        wrap_put(&text, slice_from(truce_word(paragraphs[i])), output_width(), 0, "");
    bool waits = output_can_ask() && !call_has(call, "yes");
    buffer_put_byte(&text, '\n');
    if (waits) buffer_put_string(&text, TR("Press Enter to go on, Ctrl-C to stop."));
    say_text(buffer_slice(&text));
    for (int byte = '\0'; waits && byte != '\n' && byte != EOF;) byte = getchar();
    return waits && feof(stdin) ? TRUCE_FAILED : TRUCE_DONE;
}
