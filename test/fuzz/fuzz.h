/* What every fuzz target shares. A target is test/fuzz/NAME.c with LLVMFuzzerTestOneInput, listed in test/meson.build,
 * and test/fuzz/corpus/NAME/ with a few small inputs. `meson setup -Dfuzz=true` with clang builds fuzz-NAME, which
 * searches; the ordinary build replays the corpus and some thousand mutations of it in the test run (replay.c). */
#ifndef TRUCE_TEST_FUZZ_H
#define TRUCE_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for any input. */
#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

#endif
