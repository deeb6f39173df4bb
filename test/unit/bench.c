/* The records made for measuring: the same from the same seed, admitted by anybody's admission, spread as the dataset
 * is. And each measurement once with few records, not timed: that it gives its figures, with units and finite shares.
 */
#include "bench/bench.h"
#include "bench/made.h"
#include "check.h"
#include "crypto/sign.h"
#include "json/json.h"
#include "record/record.h"
#include "scratch.h"
#include "truce.h"

#include <math.h>

/* ---- making */

static void make(struct notes *out, uint64_t seed, size_t count, size_t a_call)
{
    struct made *made;
    struct error error;
    const struct made_options options = {.seed = seed, .total = count};
    char *directory = scratch("made"), path[600];
    snprintf(path, sizeof path, "%s/register", directory);
    if (!CHECK(made_open(&made, &options, &error) == STATUS_DONE)) exit(1);
    CHECK(made_found(made, path, &error) == STATUS_DONE);
    while (out->count < count && CHECK(made_notes(made, a_call, out, &error) == STATUS_DONE)) {}
    made_close(&made);
    scratch_remove(directory);
}

static void same_seed_gives_same_bytes(void)
{
    struct notes one = {0}, again = {0}, other = {0};
    make(&one, 7, 3000, 3000);
    make(&again, 7, 3000, 500); /* however many are asked for at once */
    make(&other, 8, 3000, 3000);
    CHECK_INT(one.count, 3000);
    CHECK(slice_equal(buffer_slice(&one.bytes), buffer_slice(&again.bytes)));
    CHECK(!slice_equal(buffer_slice(&one.bytes), buffer_slice(&other.bytes)));
    for (size_t i = 0; i < one.count; i += 97) CHECK(slice_equal(notes_at(&one, i), notes_at(&again, i)));
    CHECK(slice_equal(notes_part(&one, 0, one.count), buffer_slice(&one.bytes)));
    notes_clear(&one);
    notes_clear(&again);
    notes_clear(&other);
}

/* ---- admitted */

static int count_refused(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)line, (void)size;
    if (status != TRUCE_DONE) ++*(size_t *)context;
    return 0;
}

static void admission_takes_them_all(void)
{
    struct made *made;
    struct notes notes = {0};
    struct error error;
    struct truce_error why;
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    size_t refused = 0;
    char *directory = scratch("made"), path[600];
    snprintf(path, sizeof path, "%s/register", directory);
    if (!CHECK(made_open(&made, &(struct made_options){.seed = 3, .total = 4000}, &error) == STATUS_DONE)) exit(1);
    CHECK(made_found(made, path, &error) == STATUS_DONE);
    CHECK(made_notes(made, 4000, &notes, &error) == STATUS_DONE);
    if (CHECK(truce_open(&reg, path, TRUCE_WRITE, &why) == TRUCE_DONE)) {
        struct slice all = buffer_slice(&notes.bytes);
        CHECK(truce_submit(reg, (const char *)all.data, all.size, count_refused, &refused, &why) == TRUCE_DONE);
        CHECK_INT(refused, 0);
        CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    }
    const struct truce_verify_options options = {.path = path};
    CHECK(truce_verify(&options, count_refused, NULL, &refused, &answer, &why) == TRUCE_DONE);
    CHECK(answer.data != NULL && strstr(answer.data, "\"entries\":4010,\"faults\":0") != NULL);
    truce_free(&answer);
    notes_clear(&notes);
    made_close(&made);
    scratch_remove(directory);
}

/* ---- spread */

enum { NOTES = 26000, GROUP_KEY = 400 }; /* with about as many reports as the dataset has events */

struct spread {
    char (*group)[GROUP_KEY]; /* place, day and dyad of each report */
    char (*place)[GROUP_KEY];
    size_t reports, kinds, texts, arabic, ordered, best_zero;
    char kind[16][40];
};

static bool find_kind(struct spread *spread, const char *kind)
{
    for (size_t i = 0; i < spread->kinds; i++)
        if (strcmp(spread->kind[i], kind) == 0) return true;
    return false;
}

static void see_report(struct spread *spread, const struct json *body)
{
    struct slice place = json_find_string(json_find(body, "where"), "name");
    struct slice day = slice_part(json_find_string(json_find(body, "when"), "from"), 0, 10);
    struct slice english = json_find_string(json_find(body, "text"), "en");
    const uint8_t *dyad = memmem(english.data, english.size, "dyad \"", 6);
    const uint8_t *end = dyad == NULL ? NULL : memchr(dyad + 6, '"', english.size - (size_t)(dyad + 6 - english.data));
    if (!CHECK(end != NULL)) return;
    snprintf(spread->place[spread->reports], GROUP_KEY, "%.*s", SLICE(place));
    snprintf(spread->group[spread->reports], GROUP_KEY, "%.*s|%.*s|%.*s", SLICE(place), SLICE(day), (int)(end - dyad),
             (const char *)dyad);
    spread->reports++;
    const struct json *casualties = json_find(body, "casualties");
    for (const struct json *line = casualties == NULL ? NULL : casualties->first; line != NULL; line = line->next) {
        int64_t best = json_find_integer(line, "best", -1);
        spread->ordered +=
            json_find_integer(line, "low", best) <= best && best <= json_find_integer(line, "high", best);
        spread->best_zero += best < 0;
    }
}

static void see(struct spread *spread, struct slice note, struct arena *arena)
{
    struct record record;
    struct error error;
    arena_reset(arena);
    if (!CHECK(record_decode(&record, note, arena, &error) == STATUS_DONE)) return;
    spread->texts += record.text.size;
    spread->arabic += json_find_string(json_find(record.body, "text"), "ar").size;
    if (!find_kind(spread, record.kind->name) && spread->kinds < COUNT_OF(spread->kind))
        snprintf(spread->kind[spread->kinds++], sizeof spread->kind[0], "%s", record.kind->name);
    if (strcmp(record.kind->name, "report") == 0) see_report(spread, record.body);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* How many of `count` sorted keys stand alone, and how many different there are. */
static void count_alone(char (*keys)[GROUP_KEY], size_t count, size_t *alone, size_t *different)
{
    *alone = *different = 0;
    qsort(keys, count, GROUP_KEY, compare_keys);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && strcmp(keys[from], keys[to]) == 0;) to++;
        ++*different;
        *alone += to - from == 1;
    }
}

/* The dataset: 16,566 events at 2,020 places, 785 of them named once; 14,895 groups, 1,132 of more than one. */
static void they_are_spread_as_the_dataset(void)
{
    struct notes notes = {0};
    struct arena arena;
    struct spread spread = {.group = calloc(NOTES, GROUP_KEY), .place = calloc(NOTES, GROUP_KEY)};
    size_t alone, different;
    if (spread.group == NULL || spread.place == NULL) exit(1);
    arena_init(&arena, 1 << 24);
    make(&notes, 1, NOTES, NOTES);
    for (size_t i = 0; i < notes.count; i++) see(&spread, notes_at(&notes, i), &arena);
    CHECK(spread.texts / NOTES > 970 && spread.texts / NOTES < 1080); /* about 1 KiB */
    CHECK(spread.arabic / NOTES > 200);
    CHECK_INT(spread.kinds, 8);
    CHECK(spread.reports > NOTES * 60 / 100 && spread.reports < NOTES * 68 / 100);
    CHECK(spread.ordered > spread.reports && spread.best_zero == 0);
    count_alone(spread.group, spread.reports, &alone, &different);
    double shared = 1 - (double)alone / (double)different;
    CHECK(shared > 0.055 && shared < 0.10);
    count_alone(spread.place, spread.reports, &alone, &different);
    CHECK(different > 1300 && different < 2020);
    CHECK(alone > 150 && alone < 785);
    arena_clear(&arena);
    notes_clear(&notes);
    free(spread.group);
    free(spread.place);
}

/* ---- each measurement once */

struct figures {
    const char *bench;
    size_t count, bad;
};

static void take_figure(void *context, const struct bench_figure *figure)
{
    struct figures *figures = context;
    figures->count++;
    bool good = strcmp(figure->bench, figures->bench) == 0 && figure->figure[0] != '\0' && figure->unit[0] != '\0' &&
                isfinite(figure->value) && figure->value >= 0 && figure->records > 0;
    if (figure->limit != NULL)
        good = good && figure->limit[0] != '\0' && isfinite(figure->ratio) && figure->ratio > 0 &&
               figure->limit_value > 0 && figure->value > 0;
    if (!good)
        fprintf(stderr, "%s %s: %g %s, %g\n", figure->bench, figure->figure, figure->value, figure->unit,
                figure->ratio);
    figures->bad += !good;
}

static void each_gives_its_figures(const char *program)
{
    static const size_t wanted[] = {4, 9, 2, 3, 2, 5, 14, 22, 6, 2, 4, 17}; /* as bench_names */
    char *directory = scratch("bench");
    const struct bench_options options = {
        .directory = directory, .program = program, .records = 300, .seed = 5, .rounds = 3};
    size_t i = 0;
    for (; bench_names[i] != NULL && CHECK(i < COUNT_OF(wanted)); i++) {
        struct figures figures = {.bench = bench_names[i]};
        struct error error;
        if (!CHECK(bench_run(bench_names[i], &options, take_figure, &figures, &error) == STATUS_DONE))
            fprintf(stderr, "%s: %s %s %s\n", bench_names[i], error.code, error.argument[0], error.pointer);
        CHECK_INT(figures.count, wanted[i]);
        CHECK_INT(figures.bad, 0);
    }
    CHECK_INT(i, COUNT_OF(wanted));
    CHECK(rmdir(directory) == 0); /* nothing was left in it */
    free(directory);
}

static void nonsense_is_refused(void)
{
    struct error error;
    struct bench_options options = {.directory = "/tmp", .records = 1};
    CHECK(bench_run("appendix", &options, take_figure, NULL, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "bench-unknown");
    CHECK(bench_run("append", &options, take_figure, NULL, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "bench-records");
    options = (struct bench_options){.directory = "/nowhere/at/all", .records = 100};
    CHECK(bench_run("append", &options, take_figure, NULL, &error) == STATUS_FAILED);
}

int main(int count, char **arguments)
{
    struct error error;
    if (count < 2 || crypto_start(&error) != STATUS_DONE) return 1;
    same_seed_gives_same_bytes();
    admission_takes_them_all();
    they_are_spread_as_the_dataset();
    nonsense_is_refused();
    each_gives_its_figures(arguments[1]);
    return check_end(__FILE__);
}
