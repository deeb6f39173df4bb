/* A folder of one's own for the time of a verification: others may not look into it, and nothing of it stays. */
#ifndef TRUCE_REGISTER_SCRATCH_H
#define TRUCE_REGISTER_SCRATCH_H

#include "register/register.h"

/* In $TMPDIR, else in /tmp. */
MUST_USE enum status scratch_make(char directory[REGISTER_PATH_SIZE], struct error *error);
void scratch_remove(const char *directory); /* with all that is in it */

#endif
