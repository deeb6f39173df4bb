/* Did you mean …: the nearest of some names to one that was mistyped. */
#ifndef TRUCE_TELL_NEAREST_H
#define TRUCE_TELL_NEAREST_H

/* Of the names considered, the one nearest to what was typed, if it is near enough to have been meant. */
struct nearest {
    const char *typed, *best;
    unsigned distance;
};
void nearest_consider(struct nearest *nearest, const char *name);

#endif
