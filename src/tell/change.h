/* Every change of the standing (truce_changes), told in groups: what changed at one moment, by one record or by time
 * alone. */
#ifndef TRUCE_TELL_CHANGE_H
#define TRUCE_TELL_CHANGE_H

#include "tell/say.h"

/* How many changes, from `first` on in its list, came about together. */
size_t changes_together(const struct json *first);
/* Do the changes of a list concern more than one agreement? */
bool changes_of_several(const struct json *list);
/* So many changes from `first` on, as a list; with a line for each agreement if they may be of several. */
void tell_changes_together(const struct voice *voice, const struct json *first, size_t count, bool several);

#endif
