/* How fast Arabic text is folded with its map, beside ICU's bare NFC of the same text: from UTF-16 to UTF-16, as ICU
 * has it, and from UTF-8 to UTF-8, as a program has it. */
#ifndef TRUCE_BENCH_FOLDING_H
#define TRUCE_BENCH_FOLDING_H

#include "bench/measure.h"

MUST_USE enum status bench_folding(struct run *run, struct error *error);

#endif
