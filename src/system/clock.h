/* The steady clock, for waiting and measuring: it knows no date and is never set. Records get their times from the
 * table in system.h. */
#ifndef TRUCE_SYSTEM_CLOCK_H
#define TRUCE_SYSTEM_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

int64_t clock_steady_ns(void);

struct timespec clock_deadline(int64_t ms); /* so many milliseconds from now */
bool clock_past(const struct timespec *deadline);
void clock_condition(pthread_cond_t *condition); /* initialised to wait for such deadlines */

#endif
