/* Places and their names. A name is made of a beginning, stems of syllables and the word for its sort, in numbers and
 * lengths as the dataset's names have them; none is a place's name on purpose. */
#include "bench/making.h"
#include "bench/shares.h"

uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t chance_below(struct chance *chance, uint64_t most)
{
    return chance_next(chance) % most;
}

bool chance_permille(struct chance *chance, unsigned permille)
{
    return chance_below(chance, 1000) < permille;
}

size_t chance_pick(struct chance *chance, const uint16_t *weights, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += weights[i];
    uint64_t drawn = chance_below(chance, sum);
    size_t i = 0;
    for (; drawn >= weights[i]; i++) drawn -= weights[i];
    return i;
}

/* ---- names */

struct pair {
    const char *english, *arabic;
};
static const struct pair beginnings[BEGINNINGS] = {
    {"", ""},           {"Al ", "ال"},    {"Tall ", "تل "}, {"Abu ", "أبو "}, {"Kafr ", "كفر "},     {"Dayr ", "دير "},
    {"Jabal ", "جبل "}, {"Ayn ", "عين "}, {"Umm ", "أم "},  {"Bir ", "بئر "}, {"Khirbat ", "خربة "}, {"Wadi ", "وادي "},
};
/* English puts the sort behind the name, Arabic before it. */
static const struct pair sorts[SORTS] = {
    {"", ""},
    {" village", "قرية "},
    {" town", "بلدة "},
    {" Governorate", "محافظة "},
    {" city", "مدينة "},
    {" district", "ناحية "},
    {" area", "منطقة "},
    {" suburb", "ضاحية "},
    {" Road", "طريق "},
    {" field", "حقل "},
    {" mountain", "جبل "},
    {" Base", "قاعدة "},
};
static const struct pair syllables[] = {
    {"ba", "با"}, {"bi", "بي"},  {"da", "دا"}, {"du", "دو"}, {"far", "فر"}, {"ha", "حا"},  {"hil", "هل"},
    {"ja", "جا"}, {"kam", "كم"}, {"la", "لا"}, {"li", "لي"}, {"mu", "مو"},  {"mar", "مر"}, {"na", "نا"},
    {"nu", "نو"}, {"qa", "قا"},  {"ra", "را"}, {"ri", "ري"}, {"sa", "سا"},  {"shi", "شي"}, {"sul", "سل"},
    {"ta", "تا"}, {"tu", "تو"},  {"wa", "وا"}, {"ya", "يا"}, {"za", "زا"},  {"ghi", "غي"}, {"khan", "خان"},
};

/* About as many letters as drawn; the first one large in English. */
static void put_stem(struct buffer *english, struct buffer *arabic, struct chance *chance)
{
    size_t letters = 1 + chance_pick(chance, letter_shares, LETTERS), from = english->size;
    do {
        const struct pair *syllable = &syllables[chance_below(chance, COUNT_OF(syllables))];
        buffer_put_string(english, syllable->english);
        buffer_put_string(arabic, syllable->arabic);
    } while (english->size - from + 1 < letters);
    if (!english->failed) english->data[from] = (uint8_t)(english->data[from] - 'a' + 'A');
}

static enum status make_name(struct made_place *place, struct chance *chance, struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer english = {0}, arabic = {0};
    const struct pair *beginning = &beginnings[chance_pick(chance, beginning_shares, BEGINNINGS)];
    const struct pair *sort = &sorts[chance_pick(chance, sort_shares, SORTS)];
    size_t stems = 1 + chance_pick(chance, stem_shares, STEMS);
    buffer_put_string(&english, beginning->english);
    buffer_put_string(&arabic, sort->arabic);
    buffer_put_string(&arabic, beginning->arabic);
    for (size_t i = 0; i < stems; i++) {
        if (i > 0) buffer_put_byte(&english, ' ');
        if (i > 0) buffer_put_byte(&arabic, ' ');
        put_stem(&english, &arabic, chance);
    }
    buffer_put_string(&english, sort->english);
    buffer_put_byte(&english, '\0');
    buffer_put_byte(&arabic, '\0');
    TRY(buffer_finish(&english, error));
    TRY(buffer_finish(&arabic, error));
    place->english = (const char *)arena_copy(arena, buffer_slice(&english)).data;
    place->arabic = (const char *)arena_copy(arena, buffer_slice(&arabic)).data;
    return place->english == NULL || place->arabic == NULL ? arena_full(error) : STATUS_DONE;
}

/* ---- where they lie, and how often each is named */

enum { QUARTER_E7 = 2500000, FINE = 1024 };

/* Within a cell the most frequent place has its own share of the events; the others share out the rest as 1, 1/2, 1/3.
 */
static void weigh(uint32_t *until, const struct cell_share *cell)
{
    const uint64_t whole = 1 << 20, rest = (uint64_t)(cell->events - cell->top) * FINE;
    uint64_t parts = 1, sum = 0;
    for (unsigned i = 1; i < cell->places; i++) parts += whole / i;
    for (unsigned i = 0; i < cell->places; i++) {
        sum += i == 0 ? (uint64_t)cell->top * FINE : rest * (whole / i) / parts + 1;
        until[i] = (uint32_t)sum;
    }
}

enum status places_make(struct made_places *out, struct chance chance, struct arena *arena, struct error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < CELLS; i++) count += cell_shares[i].places;
    *out = (struct made_places){.place = arena_get(arena, count * sizeof *out->place),
                                .until = arena_get(arena, count * sizeof *out->until)};
    if (out->place == NULL || out->until == NULL) return arena_full(error);
    for (size_t i = 0; i < CELLS; i++) {
        const struct cell_share *cell = &cell_shares[i];
        out->first[i] = out->count;
        weigh(out->until + out->count, cell);
        for (unsigned k = 0; k < cell->places; k++) {
            struct made_place *place = &out->place[out->count++];
            place->lat_e7 = cell->south * QUARTER_E7 + (int32_t)chance_below(&chance, QUARTER_E7);
            place->lon_e7 = cell->west * QUARTER_E7 + (int32_t)chance_below(&chance, QUARTER_E7);
            TRY(make_name(place, &chance, arena, error));
        }
    }
    out->first[CELLS] = out->count;
    return STATUS_DONE;
}

const struct made_place *places_pick(const struct made_places *places, struct chance *chance)
{
    uint64_t drawn = chance_below(chance, SHARED_EVENTS);
    size_t cell = 0;
    for (; drawn >= cell_shares[cell].events; cell++) drawn -= cell_shares[cell].events;
    size_t i = places->first[cell], last = places->first[cell + 1] - 1;
    drawn = chance_below(chance, places->until[last]);
    while (i < last && drawn >= places->until[i]) i++;
    return &places->place[i];
}
