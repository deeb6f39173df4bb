/* How fast statements, days, numbers and places are taken out of news in Arabic, beside how fast the same bytes are
 * folded; and whether a text of ten megabytes takes as long for each byte as one article does. */
#include "bench/making.h"
#include "bench/measure.h"
#include "text/fold.h"

#include <stdlib.h>

enum { ARTICLE_BYTES = 4000, LARGE_BYTES = 10000000, TURNS = 15, ARTICLES = 32 };

/* @s stands where a made sentence goes. */
static const char *const said[] = {
    "قال وزير الخارجية إن @s.",
    "وأضاف الوزير «@s».",
    "وأكدت المتحدثة باسم البعثة أن @s.",
    "من جهته نفى قائد الجيش وقوع أي هجوم، مشيرا إلى أن @s.",
    "ودعت الأمم المتحدة الأطراف إلى ضبط النفس. @s.",
    "@s. ويقع المكان شمال المدينة.",
    "وحذر السفير من تداعيات ما حدث أمس، معتبرا أن @s.",
    "@s.",
};

struct reading {
    struct buffer small, large, folded;
    struct fold_map map;
};

static void reading_clear(struct reading *reading)
{
    buffer_clear(&reading->small);
    buffer_clear(&reading->large);
    buffer_clear(&reading->folded);
    fold_map_clear(&reading->map);
}

static void put_said(struct buffer *out, const char *form, struct slice sentence)
{
    const char *hole = strstr(form, "@s");
    buffer_put(out, slice_of(form, (size_t)(hole - form)));
    buffer_put(out, sentence);
    buffer_put_string(out, hole + 2);
    buffer_put_byte(out, ' ');
}

static enum status write_news(struct buffer *out, size_t size, struct chance *chance, struct error *error)
{
    OWN(buffer_clear) struct buffer english = {0}, arabic = {0};
    const struct made_place place = {0, 0, "Place", "المكان"}, other = {0, 0, "Other", "الموضع الآخر"};
    size_t paragraph = 0;
    buffer_put_string(out, "عنوان الخبر في سطر\n");
    while (out->size < size && !out->failed) {
        struct telling telling = {&place, &other, (int64_t)chance_below(chance, 86400), 1, 3};
        buffer_reset(&english), buffer_reset(&arabic);
        words_make(&english, &arabic, (enum topic)chance_below(chance, TOPIC_QUESTION + 1), &telling, chance);
        struct slice sentence = buffer_slice(&arabic);
        while (sentence.size > 0 &&
               (sentence.data[sentence.size - 1] == '.' || sentence.data[sentence.size - 1] == ' '))
            sentence.size--;
        put_said(out, said[chance_below(chance, COUNT_OF(said))], sentence);
        if (++paragraph % 3 == 0) buffer_put_byte(out, '\n');
    }
    return buffer_finish(out, error);
}

static enum status read_text(struct slice text, unsigned times, double *value, struct error *error)
{
    double from = now_s();
    for (unsigned i = 0; i < times; i++) {
        struct truce_buffer answer = {0};
        struct truce_error why;
        TRY(library_said(truce_intake((const char *)text.data, text.size, NULL, &answer, &why), &why, error));
        truce_free(&answer);
    }
    *value = (double)text.size * times / (now_s() - from) / 1e6;
    return STATUS_DONE;
}

static enum status read_small(void *context, double *value, struct error *error)
{
    struct reading *reading = context;
    return read_text(buffer_slice(&reading->small), ARTICLES, value, error);
}

static enum status read_large(void *context, double *value, struct error *error)
{
    struct reading *reading = context;
    return read_text(buffer_slice(&reading->large), 1, value, error);
}

static enum status fold_small(void *context, double *value, struct error *error)
{
    struct reading *reading = context;
    double from = now_s();
    for (unsigned i = 0; i < ARTICLES; i++) {
        buffer_reset(&reading->folded);
        TRY(text_fold(&reading->folded, &reading->map, buffer_slice(&reading->small), error));
    }
    *value = (double)reading->small.size * ARTICLES / (now_s() - from) / 1e6;
    return STATUS_DONE;
}

enum status bench_intake(struct run *run, struct error *error)
{
    static const char unit[] = "MB/s";
    OWN(reading_clear) struct reading reading = {0};
    struct chance chance = {run->options->seed};
    uint64_t articles = run->options->records;
    double ours, other;
    TRY(write_news(&reading.small, ARTICLE_BYTES, &chance, error));
    TRY(write_news(&reading.large, LARGE_BYTES, &chance, error));
    TRY(take_turns(TURNS, read_small, fold_small, &reading, &ours, &other, error));
    figure_rate(run, "intake", unit, ours, (struct limit){"fold", other, 0.1}, articles);
    TRY(take_turns(3, read_large, read_small, &reading, &ours, &other, error));
    figure_rate(run, "intake-10-megabytes", unit, ours, (struct limit){"intake-of-an-article", other, 0.8}, articles);
    return STATUS_DONE;
}
