#include "bench/folding.h"

#include "bench/making.h"
#include "text/fold.h"

#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { TEXT_BYTES = 1 << 20, TURNS = 21 };

struct folding {
    struct buffer text, folded;
    struct fold_map map;
    UChar *units, *normal; /* the text in UTF-16, and room for three times as much */
    char *bytes;
    int32_t count;
};

static void folding_clear(struct folding *folding)
{
    buffer_clear(&folding->text);
    buffer_clear(&folding->folded);
    fold_map_clear(&folding->map);
    free(folding->units);
    free(folding->normal);
    free(folding->bytes);
}

static enum status icu_failed(UErrorCode failure, struct error *error)
{
    if (U_SUCCESS(failure)) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "bench-icu", "ICU failed where it was to be measured: {0}.",
                     u_errorName(failure), NULL);
}

/* The Arabic texts of made records, one behind the other. */
static enum status make_text(struct folding *out, const struct run *run, struct error *error)
{
    OWN(buffer_clear) struct buffer english = {0}, arabic = {0};
    struct chance chance = {run->options->seed};
    const struct made_place place = {0, 0, "Place", "المكان"}, other = {0, 0, "Other", "الموضع الآخر"};
    while (out->text.size < TEXT_BYTES) {
        struct telling telling = {&place, &other, (int64_t)chance_below(&chance, 86400), 1, 3};
        words_make(&english, &arabic, (enum topic)chance_below(&chance, TOPIC_QUESTION + 1), &telling, &chance);
        buffer_put(&out->text, buffer_slice(&arabic));
        buffer_put_byte(&out->text, '\n');
    }
    return buffer_finish(&out->text, error);
}

static enum status make_room(struct folding *out, struct error *error)
{
    UErrorCode failure = U_ZERO_ERROR;
    int32_t size = (int32_t)out->text.size;
    out->units = malloc((out->text.size + 1) * sizeof *out->units);
    out->normal = malloc((3 * out->text.size + 1) * sizeof *out->normal);
    out->bytes = malloc(3 * out->text.size + 1);
    if (out->units == NULL || out->normal == NULL || out->bytes == NULL)
        return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    u_strFromUTF8(out->units, size + 1, &out->count, (const char *)out->text.data, size, &failure);
    return icu_failed(failure, error);
}

static double rate(const struct folding *folding, double seconds)
{
    return (double)folding->text.size / seconds / 1e6;
}

static enum status fold(void *context, double *value, struct error *error)
{
    struct folding *folding = context;
    double from = now_s();
    buffer_reset(&folding->folded);
    TRY(text_fold(&folding->folded, &folding->map, buffer_slice(&folding->text), error));
    *value = rate(folding, now_s() - from);
    return STATUS_DONE;
}

static enum status normalise_utf16(void *context, double *value, struct error *error)
{
    struct folding *folding = context;
    UErrorCode failure = U_ZERO_ERROR;
    double from = now_s();
    unorm2_normalize(unorm2_getNFCInstance(&failure), folding->units, folding->count, folding->normal,
                     3 * (int32_t)folding->text.size, &failure);
    *value = rate(folding, now_s() - from);
    return icu_failed(failure, error);
}

static enum status normalise_utf8(void *context, double *value, struct error *error)
{
    struct folding *folding = context;
    UErrorCode failure = U_ZERO_ERROR;
    int32_t size = (int32_t)folding->text.size, count = 0, made, bytes;
    double from = now_s();
    u_strFromUTF8(folding->units, size + 1, &count, (const char *)folding->text.data, size, &failure);
    made =
        unorm2_normalize(unorm2_getNFCInstance(&failure), folding->units, count, folding->normal, 3 * size, &failure);
    u_strToUTF8(folding->bytes, 3 * size, &bytes, folding->normal, made, &failure);
    *value = rate(folding, now_s() - from);
    return icu_failed(failure, error);
}

enum status bench_folding(struct run *run, struct error *error)
{
    static const char unit[] = "MB/s";
    OWN(folding_clear) struct folding folding = {.count = 0};
    double ours, bare;
    TRY(make_text(&folding, run, error));
    TRY(make_room(&folding, error));
    TRY(take_turns(TURNS, fold, normalise_utf16, &folding, &ours, &bare, error));
    figure_rate(run, "fold", unit, ours, (struct limit){"icu-nfc-utf16", bare, 0.5}, run->options->records);
    TRY(take_turns(TURNS, fold, normalise_utf8, &folding, &ours, &bare, error));
    figure_rate(run, "fold-again", unit, ours, (struct limit){"icu-nfc-utf8", bare, 1}, run->options->records);
    return STATUS_DONE;
}
