/* Did you mean …: the nearest name to a mistyped one. */
#include "base/limits.h"
#include "record/check.h"

enum { FARTHEST = 2, LONGEST = LIMIT_NAME_BYTES };

/* Edits between two short names: insert, delete, change, swap of neighbours. */
static unsigned edits(struct slice a, struct slice b)
{
    unsigned row[3][LONGEST + 1];
    for (size_t j = 0; j <= b.size; j++) row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a.size; i++) {
        unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b.size; j++) {
            unsigned best = last[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1];
            if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[a.size % 3][b.size];
}

void suggestion_consider(struct suggestion *suggestion, const char *name)
{
    struct slice known = slice_from(name);
    if (suggestion->typed.size > LONGEST || known.size > LONGEST) return;
    unsigned distance = edits(suggestion->typed, known);
    unsigned most = known.size <= 3 ? 1 : FARTHEST;
    if (distance > most || (suggestion->best != NULL && distance >= suggestion->distance)) return;
    suggestion->best = name;
    suggestion->distance = distance;
}
