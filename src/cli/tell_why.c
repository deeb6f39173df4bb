#include "cli/tell.h"

void tell_why(struct doc *doc, const struct json *answer)
{
    tell_moment(doc, answer);
}
