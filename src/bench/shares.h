/* How places, days, duplicates and numbers of the UCDP dataset are spread; shares.c names source and licence. Counts
 * are weights, quantiles stand in equal steps. */
#ifndef TRUCE_BENCH_SHARES_H
#define TRUCE_BENCH_SHARES_H

#include <stdint.h>

enum {
    CELLS = 245,
    MONTHS = 47,
    QUANTILES_DAY = 32,
    GROUPS = 9,
    DYADS = 120,
    VIOLENCES = 6,
    PLACE_PRECISIONS = 7,
    DATE_PRECISIONS = 5,
    QUANTILES = 16,
    QUANTILES_BEST = 63,
    DEATHS = 4,
    SORTS = 12,
    BEGINNINGS = 12,
    STEMS = 3,
    LETTERS = 14,
    SHARED_EVENTS = 16566, /* counted in all */
    SHARED_LOW_HIGH = 1947 /* of them with low and high that differ */
};

struct cell_share {
    int16_t south, west;
    uint16_t events, places, top;
};
extern const struct cell_share cell_shares[CELLS];
extern const uint16_t month_shares[MONTHS], day_percents[QUANTILES_DAY], group_shares[GROUPS], dyad_shares[DYADS],
    violence_shares[VIOLENCES], place_precision_shares[PLACE_PRECISIONS], date_precision_shares[DATE_PRECISIONS],
    span_days[QUANTILES], best_deaths[QUANTILES_BEST], best_deaths_last[QUANTILES], low_percents[QUANTILES],
    high_percents[QUANTILES], death_shares[DEATHS], sort_shares[SORTS], beginning_shares[BEGINNINGS],
    stem_shares[STEMS], letter_shares[LETTERS];

#endif
