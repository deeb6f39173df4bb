/* What somebody should have read before making a register. */
#include "cli/cli.h"

#include "cli/wrap.h"
#include "tell/first_run.h"
#include <stdio.h>

enum truce_status first_run(const struct call *call)
{
    OWN(buffer_clear) struct buffer text = {0};
    for (const char *const *words = first_run_paragraphs; *words != NULL; words++)
        wrap_put(&text, slice_from(truce_word(*words)), output_width(), 0, "");
    bool waits = output_can_ask() && !call_has(call, "yes");
    buffer_put_byte(&text, '\n');
    if (waits) buffer_put_string(&text, TR("Press Enter to go on, Ctrl-C to stop."));
    say_text(buffer_slice(&text));
    for (int byte = '\0'; waits && byte != '\n' && byte != EOF;) byte = getchar();
    return waits && feof(stdin) ? TRUCE_FAILED : TRUCE_DONE;
}
