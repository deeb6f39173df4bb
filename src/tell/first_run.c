#include "tell/first_run.h"

#include "tell/words.h"

const char *const first_run_paragraphs[] = {
    N_("This register keeps what each party has signed and computes what the agreement's own rules say about it. It "
       "decides nothing; a result here is not a judgment."),
    N_("What is written cannot be removed: do not write names of victims, eyewitnesses or staff, and seal every exact "
       "place before signing."),
    N_("Persons and places protected by law are protected whether or not they are listed here; confirming receipt "
       "gives "
       "or takes away no right. Only members can read; the parties may widen that in a signed policy record."),
    NULL,
};
