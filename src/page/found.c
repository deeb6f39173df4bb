#include "page/found.h"

#include "text/quoted.h"

#include <stdlib.h>

enum { PLACES_MOST = 256 };

struct stretch {
    size_t from, to;
};
struct places {
    struct stretch at[PLACES_MOST];
    size_t count;
};

static void look_for(struct found *found, struct slice words)
{
    if (found->count == FOUND_WORDS_MOST) return;
    struct seek *seek = &found->seek[found->count];
    if (seek_compile(seek, words, NULL) == STATUS_DONE)
        found->count++;
    else
        seek_clear(seek); /* no word, or too many: nothing to mark */
}

static void look_for_each(struct found *found, struct slice typed)
{
    for (size_t at = 0, end; at < typed.size; at = end + 1) {
        for (end = at; end < typed.size && typed.data[end] != ' ';) end++;
        if (end > at) look_for(found, slice_part(typed, at, end - at));
    }
}

void found_open(struct found *found, const char *asked)
{
    struct slice rest = asked == NULL ? (struct slice){NULL, 0} : slice_from(asked), before, inside;
    *found = (struct found){.count = 0};
    while (quoted_next(&rest, &before, &inside)) {
        look_for_each(found, before);
        look_for(found, inside);
    }
    look_for_each(found, rest);
}

void found_clear(struct found *found)
{
    for (size_t i = 0; i < found->count; i++) seek_clear(&found->seek[i]);
    words_clear(&found->words);
    found->count = 0;
}

static enum status take_place(void *context, size_t from, size_t to, struct error *error)
{
    struct places *places = context;
    (void)error;
    if (places->count < PLACES_MOST) places->at[places->count++] = (struct stretch){from, to};
    return STATUS_DONE;
}

static int by_place(const void *a, const void *b)
{
    const struct stretch *left = a, *right = b;
    return left->from != right->from ? (left->from > right->from) - (left->from < right->from)
                                     : (left->to > right->to) - (left->to < right->to);
}

void found_put(struct found *found, struct sheet *sheet, struct slice text)
{
    struct places places = {.count = 0};
    size_t done = 0;
    for (size_t i = 0; i < found->count; i++)
        if (seek_all(&found->seek[i], &found->words, text, take_place, &places, NULL) != STATUS_DONE) break;
    qsort(places.at, places.count, sizeof places.at[0], by_place);
    html_begin(&sheet->html, TAG_BDI);
    for (size_t i = 0; i < places.count; i++) {
        struct stretch place = places.at[i];
        if (place.from < done) continue; /* two words found one place */
        html_text(&sheet->html, slice_part(text, done, place.from - done));
        html_begin(&sheet->html, TAG_MARK);
        html_text(&sheet->html, slice_part(text, place.from, place.to - place.from));
        html_end(&sheet->html, TAG_MARK);
        done = place.to;
    }
    html_text(&sheet->html, slice_part(text, done, text.size));
    html_end(&sheet->html, TAG_BDI);
}
