/* The tests' only framework: CHECK counts, says where, and goes on; a test file that asserted nothing fails.
 *
 *     static void adds(void) { CHECK(1 + 1 == 2); }
 *     TESTS(adds)
 */
#ifndef TRUCE_TEST_CHECK_H
#define TRUCE_TEST_CHECK_H

#include "base/macro.h"
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Atomic unsigned long check_done, check_failed; /* tests may have threads */

static inline bool check_that(bool held, const char *what, const char *file, int line)
{
    check_done++;
    if (!held) {
        check_failed++;
        fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    }
    return held;
}
#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)

/* Numbers and strings that show themselves when they differ. */
#define CHECK_INT(got, wanted)                                                                                         \
    do {                                                                                                               \
        int64_t got_ = (int64_t)(got), wanted_ = (int64_t)(wanted);                                                    \
        if (!check_that(got_ == wanted_, #got " == " #wanted, __FILE__, __LINE__))                                     \
            fprintf(stderr, "    got %" PRId64 ", wanted %" PRId64 "\n", got_, wanted_);                               \
    } while (0)
#define CHECK_STRING(got, wanted)                                                                                      \
    do {                                                                                                               \
        const char *got_ = (got), *wanted_ = (wanted);                                                                 \
        if (!check_that(strcmp(got_, wanted_) == 0, #got " is " #wanted, __FILE__, __LINE__))                          \
            fprintf(stderr, "    got \"%s\", wanted \"%s\"\n", got_, wanted_);                                         \
    } while (0)

static inline int check_end(const char *file)
{
    if (check_done == 0) {
        fprintf(stderr, "%s asserts nothing\n", file);
        return 1;
    }
    printf("%lu checks, %lu failed\n", check_done, check_failed);
    return check_failed == 0 ? 0 : 1;
}

#define TESTS(...)                                                                                                     \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        void (*tests[])(void) = {__VA_ARGS__};                                                                         \
        for (size_t i = 0; i < COUNT_OF(tests); i++) tests[i]();                                                       \
        return check_end(__FILE__);                                                                                    \
    }

#endif
