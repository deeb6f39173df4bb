#include "facts/facts.h"

#include "facts/counts.h"
#include "facts/dates.h"
#include "facts/places.h"
#include "facts/vocabulary.h"

#include <stdlib.h>

const char *const fact_names[FACT_SORTS] = {"counts", "dates", "places"};

struct facts {
    struct count_list counts;
    struct date_list dates;
    struct place_list places;
};

static enum status find(struct facts *facts, const struct tokens *tokens, struct text_day day, struct arena *arena,
                        struct error *error)
{
    const struct gazetteer *gazetteer;
    TRY(gazetteer_builtin(&gazetteer, error));
    TRY(dates_find(&facts->dates, tokens, day, arena, error));
    TRY(counts_find(&facts->counts, tokens, arena, error));
    return places_find(&facts->places, tokens, gazetteer, arena, error);
}

enum status facts_find(struct facts **out, struct slice source, struct slice folded, const struct fold_map *map,
                       const int64_t *day, struct arena *arena, struct error *error)
{
    OWN(tokens_clear) struct tokens tokens = {0};
    struct text_day published = {day != NULL, day != NULL ? *day : 0};
    struct facts *facts = arena_get(arena, sizeof *facts);
    if (facts == NULL) return arena_full(error);
    TRY(tokens_cut(&tokens, source, folded, map, error));
    vocabulary_look_up(&tokens);
    TRY(find(facts, &tokens, published, arena, error));
    *out = facts;
    return STATUS_DONE;
}

/* ---- as JSON */

static void put_number(struct json_writer *writer, const char *key, size_t number)
{
    json_put_key(writer, key), json_put_integer(writer, (int64_t)number);
}

static void put_text(struct json_writer *writer, const char *key, const char *text)
{
    if (text[0] != '\0') json_put_key(writer, key), json_put_string(writer, text);
}

static void put_count(struct json_writer *writer, const struct found_count *count)
{
    if (count->best >= 0) json_put_key(writer, "best"), json_put_integer(writer, count->best);
    put_number(writer, "end", count->end);
    if (count->high >= 0) json_put_key(writer, "high"), json_put_integer(writer, count->high);
    if (count->low >= 0) json_put_key(writer, "low"), json_put_integer(writer, count->low);
    put_text(writer, "of", count_of_name(count->of));
    put_number(writer, "start", count->start);
}

static void put_date(struct json_writer *writer, const struct found_date *date)
{
    enum date_doubt bit;
    put_text(writer, "calendar", date_calendar_name(date->calendar));
    json_put_key(writer, "certain"), json_put_bool(writer, date->certain);
    if (date->doubts != 0) {
        json_put_key(writer, "doubts");
        json_put_array(writer);
        for (size_t i = 0; date_doubt_name(i, &bit) != NULL; i++)
            if ((date->doubts & bit) != 0) json_put_string(writer, date_doubt_name(i, &bit));
        json_put_close(writer);
    }
    put_number(writer, "end", date->end);
    put_text(writer, "kind", date_kind_name(date->kind));
    put_text(writer, "other", date->other);
    put_number(writer, "start", date->start);
    put_text(writer, "stated", date->stated);
    put_text(writer, "value", date->value);
}

static void put_candidate(struct json_writer *writer, const struct place_candidate *candidate)
{
    const struct place *place = candidate->place;
    json_put_object(writer);
    json_put_key(writer, "id"), json_put_slice(writer, place->id);
    json_put_key(writer, "kind"), json_put_slice(writer, place->kind);
    if (candidate->metonym) json_put_key(writer, "metonym"), json_put_bool(writer, true);
    json_put_key(writer, "names");
    json_put_object(writer);
    if (place->name_ar.size > 0) json_put_key(writer, "ar"), json_put_slice(writer, place->name_ar);
    if (place->name_en.size > 0) json_put_key(writer, "en"), json_put_slice(writer, place->name_en);
    json_put_close(writer);
    if (candidate->ordinary) json_put_key(writer, "ordinary"), json_put_bool(writer, true);
    json_put_close(writer);
}

static void put_place(struct json_writer *writer, const struct found_place *place)
{
    json_put_key(writer, "candidates");
    json_put_array(writer);
    for (size_t i = 0; i < place->candidates; i++) put_candidate(writer, &place->candidate[i]);
    json_put_close(writer);
    put_number(writer, "end", place->end);
    put_number(writer, "start", place->start);
}

static size_t count_of_sort(const struct facts *facts, enum fact_sort sort)
{
    return sort == FACT_COUNTS ? facts->counts.size : sort == FACT_DATES ? facts->dates.count : facts->places.size;
}

static size_t start_of(const struct facts *facts, enum fact_sort sort, size_t i)
{
    return sort == FACT_COUNTS  ? facts->counts.count[i].start
           : sort == FACT_DATES ? facts->dates.date[i].start
                                : facts->places.place[i].start;
}

void facts_put(struct json_writer *writer, const struct facts *facts, enum fact_sort sort)
{
    json_put_key(writer, fact_names[sort]);
    json_put_array(writer);
    for (size_t i = 0; i < count_of_sort(facts, sort); i++) {
        json_put_object(writer);
        if (sort == FACT_COUNTS) put_count(writer, &facts->counts.count[i]);
        if (sort == FACT_DATES) put_date(writer, &facts->dates.date[i]);
        if (sort == FACT_PLACES) put_place(writer, &facts->places.place[i]);
        json_put_close(writer);
    }
    json_put_close(writer);
}

/* The first finding that begins at `start` or behind it: they stand in the order of the text. */
static size_t first_from(const struct facts *facts, enum fact_sort sort, size_t start)
{
    size_t low = 0, high = count_of_sort(facts, sort);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (start_of(facts, sort, middle) < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void facts_put_within(struct json_writer *writer, const struct facts *facts, enum fact_sort sort, size_t start,
                      size_t end)
{
    size_t count = count_of_sort(facts, sort), low = first_from(facts, sort, start);
    if (low == count || start_of(facts, sort, low) >= end) return;
    json_put_key(writer, fact_names[sort]);
    json_put_array(writer);
    for (size_t i = low; i < count && start_of(facts, sort, i) < end; i++) json_put_integer(writer, (int64_t)i);
    json_put_close(writer);
}

static bool has_slice(const struct slice *list, size_t count, struct slice one)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(list[i], one)) return true;
    return false;
}

size_t facts_states(const struct facts *facts, size_t start, size_t end, struct slice *out, size_t most)
{
    size_t count = 0;
    for (size_t i = first_from(facts, FACT_PLACES, start); i < facts->places.size && facts->places.place[i].start < end;
         i++) {
        const struct found_place *place = &facts->places.place[i];
        for (size_t k = 0; k < place->candidates; k++) {
            struct slice id = place->candidate[k].place->id;
            bool state = slice_is(place->candidate[k].place->kind, "country") && !place->candidate[k].ordinary;
            if (state && count < most && !has_slice(out, count, id)) out[count++] = id;
        }
    }
    return count;
}
