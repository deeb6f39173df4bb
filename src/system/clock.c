#include "system/clock.h"

enum { NS_OF_MS = 1000000, NS_OF_S = 1000000000 };

int64_t clock_steady_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

struct timespec clock_deadline(int64_t ms)
{
    int64_t at = clock_steady_ns() + ms * NS_OF_MS;
    return (struct timespec){.tv_sec = at / NS_OF_S, .tv_nsec = at % NS_OF_S};
}

bool clock_past(const struct timespec *deadline)
{
    return clock_steady_ns() >= deadline->tv_sec * INT64_C(1000000000) + deadline->tv_nsec;
}

void clock_condition(pthread_cond_t *condition)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &steady);
    pthread_condattr_destroy(&steady);
}
