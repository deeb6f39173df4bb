/* A text made ready for the finders, and what they found written down in one line, for tests of src/facts. */
#ifndef TRUCE_TEST_FACTS_H
#define TRUCE_TEST_FACTS_H

#include "base/time.h"
#include "facts/counts.h"
#include "facts/dates.h"
#include "facts/places.h"
#include "facts/vocabulary.h"

struct prepared {
    struct buffer folded;
    struct fold_map map;
    struct tokens tokens;
    struct arena arena;
};

static inline bool prepare(struct prepared *prepared, struct slice text)
{
    *prepared = (struct prepared){0};
    arena_init(&prepared->arena, (size_t)1 << 30);
    if (text_fold(&prepared->folded, &prepared->map, text, NULL) != STATUS_DONE) return false;
    if (tokens_cut(&prepared->tokens, text, buffer_slice(&prepared->folded), &prepared->map, NULL) != STATUS_DONE)
        return false;
    vocabulary_look_up(&prepared->tokens);
    return true;
}

static inline void discard(struct prepared *prepared)
{
    tokens_clear(&prepared->tokens);
    fold_map_clear(&prepared->map);
    buffer_clear(&prepared->folded);
    arena_clear(&prepared->arena);
}

static inline struct text_day day_of_text(const char *text)
{
    int64_t seconds;
    if (text == NULL || !time_parse_day(&seconds, slice_from(text))) return (struct text_day){false, 0};
    return (struct text_day){true, seconds / 86400};
}

/* Is it a run of whole characters of the text, behind the one before it? (Two may share one character that folds to
 * several.) */
static inline bool is_sound_span(struct slice text, size_t start, size_t end, struct span *last)
{
    bool whole = start < end && end <= text.size && (text.data[start] & 0xc0) != 0x80 &&
                 (end == text.size || (text.data[end] & 0xc0) != 0x80);
    bool ordered = start >= last->start && end >= last->end;
    *last = (struct span){start, end};
    return whole && ordered;
}

static inline bool are_dates_sound(struct slice text, const struct date_list *list)
{
    struct span last = {0, 0};
    for (size_t i = 0; i < list->count; i++) {
        const struct found_date *date = &list->date[i];
        if (!is_sound_span(text, date->start, date->end, &last)) return false;
        if (date->weekday < -1 || date->weekday > 6 || (date->certain && date->value[0] == '\0')) return false;
        if (date->kind == DATE_STATED ? date->stated[0] == '\0' : date->stated[0] != '\0') return false;
        if (date->kind == DATE_VAGUE && date->value[0] != '\0') return false;
    }
    return true;
}

static inline bool are_counts_sound(struct slice text, const struct count_list *list)
{
    struct span last = {0, 0}, any;
    for (size_t i = 0; i < list->size; i++) {
        const struct found_count *count = &list->count[i];
        any = (struct span){0, 0};
        if (!is_sound_span(text, count->start, count->end, &last)) return false;
        if (count->cue_end > 0 && !is_sound_span(text, count->cue_start, count->cue_end, &any)) return false;
        if (count->low < 0 && count->best < 0 && count->high < 0) return false;
        if (count->low >= 0 && count->high >= 0 && count->low > count->high) return false;
    }
    return true;
}

static inline bool are_places_sound(struct slice text, const struct place_list *list)
{
    struct span last = {0, 0};
    for (size_t i = 0; i < list->size; i++) {
        const struct found_place *place = &list->place[i];
        if (!is_sound_span(text, place->start, place->end, &last) || place->candidates == 0) return false;
        for (size_t k = 0; k < place->candidates; k++)
            if (place->candidate[k].place == NULL || place->candidate[k].place->id.size == 0) return false;
    }
    return true;
}

#endif
