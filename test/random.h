/* Numbers at random for property tests: the same seed gives the same numbers on every machine. */
#ifndef TRUCE_TEST_RANDOM_H
#define TRUCE_TEST_RANDOM_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *random) /* SplitMix64 */
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline uint64_t random_below(struct random *random, uint64_t most)
{
    return random_next(random) % most;
}

static inline bool random_chance(struct random *random, unsigned percent)
{
    return random_below(random, 100) < percent;
}

/* The seed that was given to the test, or a new one; printed, so that a failure can be had again. */
static inline struct random random_start(int count, char **arguments)
{
    struct random random = {count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)time(NULL)};
    printf("seed %" PRIu64 "\n", random.state);
    return random;
}

#endif
