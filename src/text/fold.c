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
    while (*end < folding->text.size) {
        uint32_t c;
        size_t size = decode_one(folding->text.data + *end, folding->text.size - *end, &c);
        if (size == 0) return run_refuse_utf8(*end, error);
        if (characters > 0 && unorm2_hasBoundaryBefore(folding->form, (UChar32)c)) break;
        if (characters++ < PIECE_MOST) given_size += put_units(&given[given_size], (UChar32)c);
        *end += size;
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
    size_t from, letter_from;
    uint8_t *to, *letter;
};

enum { EIGHT = 8 };

static void store_eight(uint8_t *to, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(to, &word, EIGHT);
}

/* Eight bytes at once, which begin with a character: letters U+0621 … U+063A and U+0641 … U+064A, and ASCII. Gives how
 * many bytes from the first on were such, in whole characters; their folded forms, as long as they are, come first in
 * what is written. Each flag is the high bit of its byte; see skip_letters. */
static size_t fold_eight(const uint8_t *at, uint8_t *to)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
#define AT_LEAST(x, n) ((((x) | high) - ones * (n)) & high) /* of bytes below 0x80 */
#define IS(x, n) (~AT_LEAST((x) ^ (ones * (n)), 1) & high)
    uint64_t word = load_eight(at), other = word & high, low = word & ~high;
    uint64_t first = other & ~AT_LEAST(low ^ (ones * 0x58), 2), second = other & ~(low << 1); /* D8 D9; 80 … BF */
    uint64_t d9 = first & (low << 7), after = first << 8, after_d9 = d9 << 8, after_d8 = after & ~after_d9;
    uint64_t in_d8 = AT_LEAST(low, 0x21) & ~AT_LEAST(low, 0x3B), in_d9 = AT_LEAST(low, 0x01) & ~AT_LEAST(low, 0x0B);
    uint64_t bad = (other & ~(first | second)) | (second ^ after) | (after_d9 & ~in_d9) | (after_d8 & ~in_d8);
    size_t taken = bad == 0 ? EIGHT : (size_t)__builtin_ctzll(bad) / EIGHT;
    if (taken > 0 && (first >> (EIGHT * taken - 1) & 1) != 0) taken--; /* its second byte lies behind */
    uint64_t capital = AT_LEAST(low, 0x41) & ~AT_LEAST(low, 0x5B) & ~other;
    uint64_t teh = after_d8 & IS(low, 0x29);                                               /* D8 A9 to D9 87 */
    word ^= (after_d8 & IS(low, 0x22)) / 0x80 * 5 ^ (after_d8 & IS(low, 0x23)) / 0x80 * 4; /* A2, A3 to A7 */
    word ^= (after_d8 & IS(low, 0x25)) / 0x80 * 2 ^ (after_d9 & IS(low, 0x09)) / 0x80 * 3; /* A5 to A7; 89 to 8A */
    word ^= teh / 0x80 * 0x2e ^ teh >> 15 ^ capital >> 2;
#undef IS
#undef AT_LEAST
    store_eight(to, word);
    return taken;
}

/* Letters by the eight, while there is room to read; stops where one byte must be looked at for itself. */
static void fold_letters(struct slice text, struct place *place)
{
    size_t begin = place->from;
    while (text.size - place->from >= EIGHT) {
        size_t taken = fold_eight(text.data + place->from, place->to);
        place->from += taken;
        place->to += taken;
        if (taken < EIGHT - 1) break;
    }
    if (place->from == begin) return;
    size_t last = is_continuation(text.data[place->from - 1]) ? 2 : 1;
    place->letter_from = place->from - last;
    place->letter = place->to - last;
}

/* One plain character, or nothing. */
static bool fold_one(const struct folding *folding, struct place *place, size_t written)
{
    const uint8_t *at = folding->text.data + place->from;
    uint32_t c, folded;
    size_t size = decode_one(at, folding->text.size - place->from, &c), made = 0;
    if (size == 0) return false;
    folded = c >= PLAIN_FIRST && c <= PLAIN_LAST ? plain[c - PLAIN_FIRST] : BY_ICU;
    if (size == 1 || folds_to_itself(c)) {
        for (; made < size; made++) place->to[made] = at[made];
        if (size == 1 && at[0] >= 'A' && at[0] <= 'Z') place->to[0] = at[0] | 0x20;
    } else if (folded == BY_ICU) {
        return false;
    } else if (folded > AWAY_LETTER && folded < 0x80) {
        place->to[made++] = (uint8_t)folded;
    } else if (folded > AWAY_LETTER) {
        place->to[made++] = (uint8_t)(0xc0U | folded >> 6);
        place->to[made++] = (uint8_t)(0x80U | (folded & 0x3fU));
    }
    if (folded != AWAY_MARK || made > 0) place->letter_from = place->from, place->letter = place->to;
    place->from += size;
    place->to += made;
    if (made != size) map_put(folding->map, written + made, place->from, false);
    return true;
}

/* Folds what is plain, and stops where ICU must take over or at the end. Writes at most as much as it reads, but for
 * seven bytes that count for nothing. */
static void fold_plain(const struct folding *folding, struct place *place, const uint8_t *room)
{
    size_t before = folding->out->size - folding->begin;
    place->letter_from = place->from;
    place->letter = place->to;
    while (place->from < folding->text.size) {
        fold_letters(folding->text, place);
        if (place->from == folding->text.size) break;
        if (!fold_one(folding, place, before + (size_t)(place->to - room))) break;
    }
}

/* Does the next character belong to what stands before it? Then that letter is folded again, with it. */
static bool leans_back(struct folding *folding, size_t at)
{
    UErrorCode failure = U_ZERO_ERROR;
    if (folding->form == NULL) folding->form = unorm2_getNFKCCasefoldInstance(&failure);
    if (U_FAILURE(failure)) return false; /* fold_piece says so */
    uint32_t c;                           /* what is no character leans on nothing: fold_piece says so */
    return decode_one(folding->text.data + at, folding->text.size - at, &c) > 0 &&
           !unorm2_hasBoundaryBefore(folding->form, (UChar32)c);
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
        uint8_t *room = buffer_reserve(folding->out, folding->text.size - place.from + EIGHT);
        if (room == NULL) return no_memory(error);
        place.to = room;
        fold_plain(folding, &place, room);
        size_t made = (size_t)(place.to - room);
        letter = place.from > before;
        if (place.from < folding->text.size && letter && leans_back(folding, place.from)) {
            made = (size_t)(place.letter - room);
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
    pthread_once(&once, make_plain);
    if (text.size > LIMIT_TEXT_FOLDED_BYTES)
        return error_set(error, STATUS_REFUSED, "text-limit", "A text to be folded has at most {0} bytes.",
                         error_number(LIMIT_TEXT_FOLDED_BYTES).text, NULL);
    struct folding folding = {text, out, map, out->size, NULL};
    if (map != NULL) buffer_reset(&map->points);
    enum status status = fold_all(&folding, error);
    if (status != STATUS_DONE) out->size = folding.begin;
    return status;
}
