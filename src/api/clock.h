/* Time for a server: seconds for what is asked "now", and a clock that only goes forward for waiting and measuring. */
#ifndef TRUCE_API_CLOCK_H
#define TRUCE_API_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

int64_t clock_wall_s(void);    /* since 1970 */
int64_t clock_steady_us(void); /* since some moment */

/* A condition that clock_wait can wait on. */
void clock_condition(pthread_cond_t *condition);
/* Waits at most so long; false if it was that long. */
bool clock_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t us);

#endif
