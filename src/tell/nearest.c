#include "tell/nearest.h"

#include <string.h>

enum { NEAREST_NAME_MOST = 40 };

/* Insertions, deletions, substitutions and swaps of neighbours that turn a into b. */
static unsigned edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    unsigned row[3][NEAREST_NAME_MOST + 1];
    for (unsigned j = 0; j <= b_size; j++) row[0][j] = j;
    for (unsigned i = 1; i <= a_size; i++) {
        unsigned *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= b_size; j++) {
            unsigned best = before[j - 1] + (a[i - 1] != b[j - 1]);
            if (before[j] + 1 < best) best = before[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < best)
                best = earlier[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[a_size % 3][b_size];
}

void nearest_consider(struct nearest *nearest, const char *name)
{
    size_t typed = strlen(nearest->typed), size = strlen(name);
    if (typed == 0 || typed > NEAREST_NAME_MOST || size > NEAREST_NAME_MOST) return;
    unsigned most = typed <= 2 ? 1 : typed <= 5 ? 2 : 3;
    unsigned distance = edit_distance(nearest->typed, typed, name, size);
    if (typed >= 3 && strncmp(nearest->typed, name, typed) == 0) distance = 1; /* a beginning of it */
    if (distance > most || (nearest->best != NULL && distance >= nearest->distance)) return;
    nearest->best = name;
    nearest->distance = distance;
}
