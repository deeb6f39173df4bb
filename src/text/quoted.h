/* Words in quotation marks, in what a person types to look for. */
#ifndef TRUCE_TEXT_QUOTED_H
#define TRUCE_TEXT_QUOTED_H

#include "base/slice.h"

/* Cuts off *rest what stands before the next quotation that is closed, and what is inside of it. False: there is none
 * any more, and *rest is left as it was. */
bool quoted_next(struct slice *rest, struct slice *before, struct slice *inside);

#endif
