/* What most texts are made of folds letter by letter, from a table and without ICU. Anything else goes to ICU in pieces
 * that begin where a normal form never looks back; what comes of a piece belongs to the whole of it. */
#include "text/fold.h"

#include "base/limits.h"
#include "text/decode.h"
#include "text/run.h"
#include "text/utf8.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Characters that can form a piece: a longer heap of marks is cut, and what is left of it folded away. */
enum { PIECE_MOST = TEXT_MARKS_MOST + 2, PIECE_UNITS = 2 * PIECE_MOST, FOLDED_UNITS = 18 * PIECE_UNITS };

/* From byte `folded` on, source = `source` + the distance; or the whole `size` bytes stand for one piece there. */
struct fold_point {
    uint32_t folded, source;
    uint32_t piece; /* 1: the bytes up to the next point belong together */
};

void fold_map_clear(struct fold_map *map)
{
    buffer_clear(&map->points);
}

static void map_put(struct fold_map *map, size_t folded, size_t source, bool piece)
{
    struct fold_point point = {(uint32_t)folded, (uint32_t)source, piece};
    if (map != NULL) buffer_put(&map->points, slice_of(&point, sizeof point));
}

static struct fold_point map_point(const struct fold_map *map, size_t i)
{
    struct fold_point point;
    memcpy(&point, map->points.data + i * sizeof point, sizeof point);
    return point;
}

/* The last point at or before `folded`: there always is one, the first stands at 0. */
static size_t map_find(const struct fold_map *map, size_t folded)
{
    size_t low = 0, high = map->points.size / sizeof(struct fold_point);
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (map_point(map, middle).folded <= folded)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static size_t start_at(const struct fold_map *map, size_t i, size_t folded)
{
    struct fold_point point = map_point(map, i);
    return point.piece ? point.source : point.source + (folded - point.folded);
}

static size_t end_at(const struct fold_map *map, size_t i, size_t folded)
{
    struct fold_point point = map_point(map, i);
    if (folded == point.folded) return point.source;
    return point.piece ? map_point(map, i + 1).source : point.source + (folded - point.folded);
}

size_t fold_source_start(const struct fold_map *map, size_t folded)
{
    return start_at(map, map_find(map, folded), folded);
}

size_t fold_source_end(const struct fold_map *map, size_t folded)
{
    return end_at(map, map_find(map, folded), folded);
}

static size_t walk_to(const struct fold_map *map, size_t *walk, size_t folded)
{
    size_t count = map->points.size / sizeof(struct fold_point);
    while (*walk + 1 < count && map_point(map, *walk + 1).folded <= folded) ++*walk;
    return *walk;
}

size_t fold_walk_start(const struct fold_map *map, size_t *walk, size_t folded)
{
    return start_at(map, walk_to(map, walk, folded), folded);
}

size_t fold_walk_end(const struct fold_map *map, size_t *walk, size_t folded)
{
    return end_at(map, walk_to(map, walk, folded), folded);
}

/* ---- one code point */

/* Marks of Arabic that are folded away; they never separate what else is written. */
static bool is_folded_mark(uint32_t c)
{
    return (c >= 0x064b && c <= 0x065f) || c == 0x0670 || (c >= 0x06d6 && c <= 0x06ed) || (c >= 0x0300 && c <= 0x036f);
}

static bool is_folded_away(uint32_t c)
{
    return is_folded_mark(c) || c == 0x0640 || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Letters and digits that are written in more than one way. */
static uint32_t folded_letter(uint32_t c)
{
    if ((c >= 0x0660 && c <= 0x0669) || (c >= 0x06f0 && c <= 0x06f9)) return '0' + (c & 0xfU);
    switch (c) {
    case 0x0622:               /* alef with madda */
    case 0x0623:               /* with hamza above */
    case 0x0625:               /* with hamza below */
    case 0x0671: return 0x627; /* wasla */
    case 0x0649:               /* alef maksura */
    case 0x06cc: return 0x64a; /* yeh of Persian */
    case 0x0629: return 0x647; /* teh marbuta */
    case 0x06a9: return 0x643; /* keheh */
    default: return c;
    }
}

/* The letter of Latin without its accents. */
static uint32_t bare_letter(uint32_t c)
{
    if (c < 0xc0 || c >= 0x2000 || (c >= 0x250 && c < 0x1e00)) return c;
    UErrorCode failure = U_ZERO_ERROR;
    UChar whole[8];
    const UNormalizer2 *form = unorm2_getNFDInstance(&failure);
    if (U_FAILURE(failure)) return c;
    int32_t size = unorm2_getDecomposition(form, (UChar32)c, whole, (int32_t)COUNT_OF(whole), &failure);
    return U_FAILURE(failure) || size <= 0 || whole[0] >= 0x250 ? c : whole[0];
}

/* ---- pieces */

struct folding {
    struct slice text;
    struct buffer *out;
    struct fold_map *map;
    size_t begin; /* of out */
    const UNormalizer2 *form;
};

static enum status no_memory(struct error *error)
{
    return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.",
                     NULL);
}

static UChar32 next_point(const UChar *units, int32_t size, int32_t *i)
{
    UChar first = units[(*i)++];
    return U16_IS_LEAD(first) && *i < size ? U16_GET_SUPPLEMENTARY(first, units[(*i)++]) : first;
}

/* Puts the piece as ICU made it, less what is folded away. What leaned on something that was folded away goes with it:
 * else it would lean on what stands before that when the text is folded again. */
static void put_folded(struct folding *folding, const UChar *units, int32_t size)
{
    bool away = false, orphaned = false;
    for (int32_t i = 0; i < size;) {
        UChar32 c = next_point(units, size, &i);
        bool leans = !unorm2_hasBoundaryBefore(folding->form, c);
        if (u_getCombiningClass(c) == 0) orphaned = is_folded_away((uint32_t)c) || (away && leans);
        away = is_folded_away((uint32_t)c) || (orphaned && leans);
        if (!away) utf8_put(folding->out, folded_letter(bare_letter((uint32_t)c)));
    }
}

static int32_t put_units(UChar *units, UChar32 c)
{
    if (c > 0xffff) {
        units[0] = U16_LEAD(c);
        units[1] = U16_TRAIL(c);
        return 2;
    }
    units[0] = (UChar)c;
    return 1;
}

/* Folds the piece that begins at byte `from`; *end is where the next begins. */
static enum status fold_piece(struct folding *folding, size_t from, size_t *end, struct error *error)
{
    UErrorCode failure = U_ZERO_ERROR;
    UChar given[PIECE_UNITS], made[FOLDED_UNITS];
    int32_t given_size = 0;
    size_t characters = 0;
    if (folding->form == NULL) folding->form = unorm2_getNFKCCasefoldInstance(&failure);
    if (U_FAILURE(failure)) return run_no_data(error);
    *end = from;
    for (size_t next = from; *end < folding->text.size; *end = next) {
        UChar32 c = (UChar32)utf8_next(folding->text, &next);
        if (characters > 0 && unorm2_hasBoundaryBefore(folding->form, c)) break;
        if (characters++ < PIECE_MOST) given_size += put_units(&given[given_size], c);
    }
    int32_t size = unorm2_normalize(folding->form, given, given_size, made, FOLDED_UNITS, &failure);
    if (U_FAILURE(failure)) return run_no_data(error);
    map_put(folding->map, folding->out->size - folding->begin, from, true);
    put_folded(folding, made, size);
    map_put(folding->map, folding->out->size - folding->begin, *end, false);
    return STATUS_DONE;
}

/* ---- letter by letter */

enum { PLAIN_FIRST = 0x600, PLAIN_LAST = 0x6ff, BY_ICU = 0, AWAY_MARK = 1, AWAY_LETTER = 2 };

/* What a code point of U+0600 … U+06FF folds to if neither it nor anything plain beside it is ICU's business. The marks
 * that compose (0653 … 0655) are. */
static uint16_t plain_of(uint32_t c)
{
    if (c >= 0x0653 && c <= 0x0655) return BY_ICU;
    if (c == 0x0640 || is_folded_mark(c)) return u_getCombiningClass((UChar32)c) != 0 ? AWAY_MARK : AWAY_LETTER;
    if (c == 0x060c || c == 0x061b || c == 0x061f || (c >= 0x0621 && c <= 0x064a)) return (uint16_t)folded_letter(c);
    if ((c >= 0x0660 && c <= 0x066d) || c == 0x06d4 || (c >= 0x06f0 && c <= 0x06f9)) return (uint16_t)folded_letter(c);
    return c == 0x0671 || c == 0x06a9 || c == 0x06cc ? (uint16_t)folded_letter(c) : BY_ICU;
}

/* Outside the table: marks of writing that fold to themselves, three bytes each but the guillemets. */
static bool folds_to_itself(uint32_t c)
{
    return c == 0xab || c == 0xbb || c == 0x2013 || c == 0x2014 || (c >= 0x2018 && c <= 0x201a) ||
           (c >= 0x201c && c <= 0x201e) || c == 0x2022;
}

static uint16_t plain[PLAIN_LAST - PLAIN_FIRST + 1];

static void make_plain(void)
{
    for (uint32_t c = PLAIN_FIRST; c <= PLAIN_LAST; c++) plain[c - PLAIN_FIRST] = plain_of(c);
}

/* Where folding stands: what is read, what is written, and the last letter that a mark could still change. */
struct place {
    size_t from, letter_from, letter_to;
    uint8_t *to;
};

/* Folds what is plain, and stops where ICU must take over or at the end. Writes at most as much as it reads. */
static void fold_plain(const struct folding *folding, struct place *place, const uint8_t *room)
{
    const uint8_t *data = folding->text.data;
    size_t size = folding->text.size, i = place->from, letter_from = i;
    uint8_t *to = place->to, *letter_to = to;
#define WRITTEN ((size_t)(to - room) + (folding->out->size - folding->begin))
    while (i < size) {
        uint8_t byte = data[i];
        if (byte < 0x80) {
            letter_from = i++;
            letter_to = to;
            *to++ = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
            continue;
        }
        if ((byte & 0xfcU) == 0xd8) {
            uint32_t c = (byte & 0x1fU) << 6 | (data[i + 1] & 0x3fU), folded = plain[c - PLAIN_FIRST];
            if (folded == BY_ICU) break;
            if (folded <= AWAY_LETTER) {
                if (folded == AWAY_LETTER) letter_from = i, letter_to = to;
                i += 2;
                map_put(folding->map, WRITTEN, i, false);
                continue;
            }
            letter_from = i;
            letter_to = to;
            i += 2;
            if (folded < 0x80) {
                *to++ = (uint8_t)folded;
                map_put(folding->map, WRITTEN, i, false);
                continue;
            }
            *to++ = (uint8_t)(0xc0U | folded >> 6);
            *to++ = (uint8_t)(0x80U | (folded & 0x3fU));
            continue;
        }
        size_t next = i;
        if (!folds_to_itself(utf8_next(folding->text, &next))) break;
        letter_from = i;
        letter_to = to;
        for (; i < next; i++) *to++ = data[i];
    }
#undef WRITTEN
    place->from = i;
    place->to = to;
    place->letter_from = letter_from;
    place->letter_to = (size_t)(letter_to - room);
}

/* Does the next character belong to what stands before it? Then that letter is folded again, with it. */
static bool leans_back(struct folding *folding, size_t at)
{
    UErrorCode failure = U_ZERO_ERROR;
    if (folding->form == NULL) folding->form = unorm2_getNFKCCasefoldInstance(&failure);
    if (U_FAILURE(failure)) return false; /* fold_piece says so */
    return !unorm2_hasBoundaryBefore(folding->form, (UChar32)utf8_next(folding->text, &at));
}

/* Takes back the points of the map behind what is left of `out`. */
static void map_cut(struct fold_map *map, size_t folded)
{
    while (map != NULL && map->points.size > sizeof(struct fold_point)) {
        struct fold_point last = map_point(map, map->points.size / sizeof last - 1);
        if (last.folded <= folded) break;
        map->points.size -= sizeof last;
    }
}

static enum status fold_all(struct folding *folding, struct error *error)
{
    struct place place = {0};
    bool letter = false; /* a plain letter stands before `from` */
    map_put(folding->map, 0, 0, false);
    while (place.from < folding->text.size) {
        size_t before = place.from;
        uint8_t *room = buffer_reserve(folding->out, folding->text.size - place.from + 1);
        if (room == NULL) return no_memory(error);
        place.to = room;
        fold_plain(folding, &place, room);
        size_t made = (size_t)(place.to - room);
        letter = place.from > before;
        if (place.from < folding->text.size && letter && leans_back(folding, place.from)) {
            made = place.letter_to;
            place.from = place.letter_from;
        }
        buffer_advance(folding->out, made);
        map_cut(folding->map, folding->out->size - folding->begin);
        if (place.from < folding->text.size) TRY(fold_piece(folding, place.from, &place.from, error));
    }
    if (folding->map != NULL) {
        map_put(folding->map, folding->out->size - folding->begin, folding->text.size, false);
        folding->map->source_size = folding->text.size;
        TRY(buffer_finish(&folding->map->points, error));
    }
    return buffer_finish(folding->out, error);
}

enum status text_fold(struct buffer *out, struct fold_map *map, struct slice text, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t offset;
    pthread_once(&once, make_plain);
    if (!utf8_valid(text, &offset)) return run_refuse_utf8(offset, error);
    if (text.size > LIMIT_TEXT_FOLDED_BYTES)
        return error_set(error, STATUS_REFUSED, "text-limit", "A text to be folded has at most {0} bytes.",
                         error_number(LIMIT_TEXT_FOLDED_BYTES).text, NULL);
    struct folding folding = {text, out, map, out->size, NULL};
    if (map != NULL) buffer_reset(&map->points);
    return fold_all(&folding, error);
}
