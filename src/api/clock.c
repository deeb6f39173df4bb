#include "api/clock.h"

#include <assert.h>
#include <time.h>

int64_t clock_wall_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

int64_t clock_steady_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

void clock_condition(pthread_cond_t *condition)
{
    pthread_condattr_t steady;
    int failed = pthread_condattr_init(&steady);
    failed |= pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    failed |= pthread_cond_init(condition, &steady);
    assert(failed == 0);
    pthread_condattr_destroy(&steady);
}

bool clock_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t us)
{
    int64_t until = clock_steady_us() + us;
    const struct timespec end = {.tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000};
    return pthread_cond_timedwait(condition, mutex, &end) == 0;
}
