#include "terms/verdict.h"

#include <stdlib.h>

/* All equal; else what cannot be told without a breach or an excuse stays so; any other difference is disputed. */
enum verdict verdict_joint(const enum verdict *verdicts, size_t count)
{
    bool grave = false, unseen = false, same = true;
    for (size_t i = 0; i < count; i++) {
        same = same && verdicts[i] == verdicts[0];
        grave = grave || verdicts[i] == VERDICT_BREACHED || verdicts[i] == VERDICT_EXCUSED ||
                verdicts[i] == VERDICT_DISPUTED;
        unseen = unseen || verdicts[i] == VERDICT_NOT_OBSERVED;
    }
    if (count == 0) return VERDICT_PENDING;
    if (same) return verdicts[0];
    return unseen && !grave ? VERDICT_NOT_OBSERVED : VERDICT_DISPUTED;
}

const struct ruling *judged_at(const struct judged *judged, size_t reading, size_t wording)
{
    return &judged->rulings[reading * judged->wordings + wording];
}

static bool decides(const struct matter *matter, size_t reading)
{
    const struct agreement *a = matter->agreement;
    return a->decides == NULL || a->decides == &a->readings[reading];
}

/* Joint of one wording, or of all (wording = SIZE_MAX). */
static enum verdict joint(const struct judged *judged, const struct matter *matter, const struct ruling *rulings,
                          size_t wording)
{
    enum verdict verdicts[READINGS_MOST * (RIVALS_MOST + 1)];
    size_t count = 0;
    for (size_t r = 0; r < judged->readings; r++)
        for (size_t w = 0; w < judged->wordings; w++)
            if (decides(matter, r) && (wording == w || (wording == SIZE_MAX && !judged->term->wordings[w].shown_only)))
                verdicts[count++] = rulings[r * judged->wordings + w].verdict;
    return verdict_joint(verdicts, count);
}

enum verdict judged_joint(const struct judged *judged, const struct matter *matter, size_t wording)
{
    return joint(judged, matter, judged->rulings, wording);
}

enum verdict judged_was(const struct judged *judged, const struct matter *matter, size_t wording)
{
    return joint(judged, matter, judged->was, wording);
}

enum verdict term_verdict(struct matter *matter, size_t term, int64_t at)
{
    enum verdict verdicts[READINGS_MOST * (RIVALS_MOST + 1)];
    const struct term *of = &matter->agreement->terms[term];
    size_t count = 0;
    for (size_t r = 0; r < matter->agreement->reading_count; r++)
        for (size_t w = 0; w < of->count; w++) {
            const struct trial *trial =
                decides(matter, r) && !of->wordings[w].shown_only ? trial_get(matter, term, r, w) : NULL;
            if (trial != NULL) verdicts[count++] = trial_stand_verdict(trial, at);
        }
    return verdict_joint(verdicts, count);
}

static void judge_at(struct judged *j, struct matter *matter, size_t term, int64_t at)
{
    j->has_was = true;
    for (size_t r = 0; r < j->readings; r++)
        for (size_t w = 0; w < j->wordings; w++) {
            size_t i = r * j->wordings + w;
            const struct trial *trial = trial_get(matter, term, r, w);
            if (trial == NULL) return;
            j->rulings[i] = trial_stand(trial, at, &j->was_known[i], &j->was[i]);
            if (!j->was_known[i]) j->has_was = false;
        }
    j->verdict = joint(j, matter, j->rulings, SIZE_MAX);
    j->has_was = j->has_was && j->verdict == VERDICT_VOID;
    if (j->has_was) j->joint_was = joint(j, matter, j->was, SIZE_MAX);
}

/* The joint verdict alone. */
static void judge_fast(struct judged *j, struct matter *matter, size_t term, int64_t at)
{
    for (size_t r = 0; r < j->readings; r++)
        for (size_t w = 0; w < j->wordings; w++)
            j->rulings[r * j->wordings + w].verdict = trial_stand_verdict(trial_get(matter, term, r, w), at);
    j->verdict = joint(j, matter, j->rulings, SIZE_MAX);
}

/* So many matches and days may be looked at to find when a verdict changes by itself, or so many moments. */
enum { CLOCK_COST_MOST = 1 << 25, CLOCK_MOMENTS_LEAST = 64 };

static size_t moments_most(const struct moments *moments)
{
    uint64_t most = CLOCK_COST_MOST / (moments->cost + 1);
    return most > CLOCK_MOMENTS_LEAST ? (size_t)most : CLOCK_MOMENTS_LEAST;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static enum status judged_make(struct judged *out, const struct matter *matter, size_t term, struct arena *arena,
                               struct error *error)
{
    *out = (struct judged){.term = &matter->agreement->terms[term],
                           .readings = matter->agreement->reading_count,
                           .changes_at = NEVER,
                           .looked_to = NEVER};
    out->wordings = out->term->count;
    size_t cells = out->readings * out->wordings + 1;
    out->rulings = arena_get(arena, cells * sizeof *out->rulings);
    out->was = arena_get(arena, cells * sizeof *out->was);
    out->was_known = arena_get(arena, cells * sizeof *out->was_known);
    return out->rulings == NULL || out->was == NULL || out->was_known == NULL ? arena_full(error) : STATUS_DONE;
}

enum status term_judge(struct judged *out, struct matter *matter, size_t term, int64_t at, struct arena *arena,
                       struct error *error)
{
    TRY(judged_make(out, matter, term, arena, error));
    judge_at(out, matter, term, at);
    return matter->full ? arena_full(error) : STATUS_DONE;
}

enum status term_clock(struct judged *out, struct matter *matter, size_t term, int64_t at, struct arena *arena,
                       struct error *error)
{
    struct judged later;
    struct moments moments = {0};
    TRY(judged_make(&later, matter, term, arena, error));
    for (size_t r = 0; r < out->readings; r++)
        for (size_t w = 0; w < out->wordings && !matter->full; w++)
            trial_moments(trial_get(matter, term, r, w), at, &moments);
    if (moments.count > 0) qsort(moments.list, moments.count, sizeof *moments.list, by_number);
    size_t most = moments_most(&moments), tried = 0;
    for (size_t i = 0; i < moments.count && !matter->full; i++) {
        if (i > 0 && moments.list[i] == moments.list[i - 1]) continue;
        if (tried++ == most) {
            out->looked_to = moments.list[i - 1];
            break;
        }
        judge_fast(&later, matter, term, moments.list[i]);
        if (later.verdict == out->verdict) continue;
        out->changes_at = moments.list[i];
        out->becomes = later.verdict;
        break;
    }
    free(moments.list);
    return matter->full ? arena_full(error) : STATUS_DONE;
}
