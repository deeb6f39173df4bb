#include "intake/statement.h"
void statements_english(const struct article *article, struct statements *out)
{
    (void)article, (void)out;
}
