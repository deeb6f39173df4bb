/* Dates, counts and places out of any text: what is found lies in it, in order, on whole characters. The first byte
 * says on which day the text was published, or that nobody knows. */
#include "fuzz.h"

#include "facts.h"
#include "text/utf8.h"

static struct text_day first_byte(const uint8_t *data, size_t size)
{
    if (size == 0 || data[0] == '?') return (struct text_day){false, 0};
    return (struct text_day){true, (data[0] - 128) * 3000};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_part(slice_of(data, size), 1, size);
    struct prepared prepared;
    struct date_list dates;
    struct count_list counts;
    struct place_list places;
    const struct gazetteer *gazetteer;
    size_t bad;
    if (!utf8_valid(text, &bad)) return 0;
    EXPECT(prepare(&prepared, text));
    EXPECT(dates_find(&dates, &prepared.tokens, first_byte(data, size), &prepared.arena, NULL) == STATUS_DONE);
    EXPECT(are_dates_sound(text, &dates));
    EXPECT(counts_find(&counts, &prepared.tokens, &prepared.arena, NULL) == STATUS_DONE);
    EXPECT(are_counts_sound(text, &counts));
    EXPECT(gazetteer_builtin(&gazetteer, NULL) == STATUS_DONE);
    EXPECT(places_find(&places, &prepared.tokens, gazetteer, &prepared.arena, NULL) == STATUS_DONE);
    EXPECT(are_places_sound(text, &places));
    discard(&prepared);
    return 0;
}
