/* The judge of text against a plain, slow one that is written from spec/json.md: every code point, alone and after
 * others, from two threads at once; and random texts out of characters that matter. */
#include "check.h"
#include "random.h"
#include "text/fold.h"
#include "text/utf8.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { LAST_CODE_POINT = 0x10FFFF, TEXT_POINTS_MOST = 40, RANDOM_TEXTS = 100000 };

static struct random random_;

static uint64_t draw(uint64_t most)
{
    return random_below(&random_, most);
}

static const UNormalizer2 *nfc(void)
{
    UErrorCode failure = U_ZERO_ERROR;
    const UNormalizer2 *found = unorm2_getNFCInstance(&failure);
    if (U_FAILURE(failure)) abort();
    return found;
}

/* ── the slow judge ── */

static bool is_character(UChar32 c)
{
    UVersionInfo age;
    u_charAge(c, age);
    bool allowed = (U_GET_GC_MASK(c) & (U_GC_CN_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_CC_MASK)) == 0;
    return allowed && age[0] * 256 + age[1] <= 15 * 256 && !(c >= 0x202A && c <= 0x202E);
}

static bool joins(UChar32 c)
{
    static const UChar32 foreign[] = {0x340, 0x341, 0x343, 0x344, 0xF73, 0xF75, 0xF81};
    for (size_t i = 0; i < COUNT_OF(foreign); i++)
        if (c == foreign[i]) return true;
    return u_getCombiningClass(c) != 0 || u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) == UNORM_MAYBE;
}

static bool may_stand_once_normalised(const UChar32 *points, size_t count)
{
    int open = 0, joined = 0;
    for (size_t i = 0; i < count; i++) {
        joined = joins(points[i]) ? joined + 1 : 0;
        open += points[i] >= 0x2066 && points[i] <= 0x2068;
        open -= points[i] == 0x2069;
        if (!is_character(points[i]) || open < 0 || joined > 30) return false;
    }
    return open == 0;
}

static bool is_normal(const UChar32 *points, size_t count)
{
    UChar units[2 * TEXT_POINTS_MOST];
    int32_t size = 0;
    UErrorCode failure = U_ZERO_ERROR;
    u_strFromUTF32(units, (int32_t)COUNT_OF(units), &size, points, (int32_t)count, &failure);
    bool normal = unorm2_isNormalized(nfc(), units, size, &failure);
    if (U_FAILURE(failure)) abort();
    return normal;
}

/* ── both judges agree ── */

static bool agree(const UChar32 *points, size_t count)
{
    OWN(buffer_clear) struct buffer text = {0};
    for (size_t i = 0; i < count; i++) utf8_put(&text, (uint32_t)points[i]);
    bool loose = may_stand_once_normalised(points, count), strict = loose && is_normal(points, count);
    return (text_check(buffer_slice(&text), NULL) == STATUS_DONE) == strict &&
           (text_check_unnormalised(buffer_slice(&text), NULL) == STATUS_DONE) == loose;
}

static bool is_surrogate(UChar32 c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

struct sweep {
    UChar32 from, step;
    unsigned long wrong, seen;
};

static void *sweep_all(void *context)
{
    struct sweep *sweep = context;
    for (UChar32 c = sweep->from; c >= 0 && c <= LAST_CODE_POINT; c += sweep->step) {
        if (is_surrogate(c)) continue;
        const UChar32 after[] = {'e', c}, among[] = {0x1100, 0x323, c, 0x301};
        /* in the middle of eight bytes of letters, at an even and at an odd place */
        const UChar32 even[] = {0x645, 0x644, c, 0x627, ' ', 0x648, 0x64A},
                      odd[] = {'a', 0x645, c, 0x63A, 0x641, 0x621};
        bool right = agree(&c, 1) && agree(after, COUNT_OF(after)) && agree(among, COUNT_OF(among)) &&
                     agree(even, COUNT_OF(even)) && agree(odd, COUNT_OF(odd));
        if (!right) sweep->wrong++;
        sweep->seen++;
    }
    return sweep;
}

static void every_code_point_is_judged_right(void)
{
    struct sweep up = {.from = 0, .step = 1}, down = {.from = LAST_CODE_POINT, .step = -1};
    pthread_t other;
    if (!CHECK(pthread_create(&other, NULL, sweep_all, &down) == 0)) return;
    sweep_all(&up);
    CHECK(pthread_join(other, NULL) == 0);
    CHECK_INT(up.wrong, 0);
    CHECK_INT(down.wrong, 0);
    CHECK_INT(up.seen, LAST_CODE_POINT + 1 - 2048);
    CHECK_INT(down.seen, up.seen);
}

/* Every byte in every place of a text of letters: what is no UTF-8 is refused, the rest judged as ever. */
static void every_byte_is_judged_right(void)
{
    static const char letters[] = "سلام على غرب x المدينة";
    unsigned long accepted = 0;
    for (size_t at = 0; at + 1 < sizeof letters; at++)
        for (unsigned byte = 0; byte < 256; byte++) {
            char text[sizeof letters];
            UChar32 points[sizeof letters];
            size_t offset, count = 0;
            memcpy(text, letters, sizeof letters);
            text[at] = (char)byte;
            struct slice whole = slice_of(text, sizeof letters - 1);
            bool good = utf8_valid(whole, &offset);
            for (size_t next = 0; good && next < whole.size;) points[count++] = (UChar32)utf8_next(whole, &next);
            CHECK(good ? agree(points, count) : text_check(whole, NULL) == STATUS_REFUSED);
            accepted += text_check(whole, NULL) == STATUS_DONE;
        }
    CHECK(accepted > 1000);
}

static UChar32 draw_point(void)
{
    static const UChar32 telling[] = {
        'a',     'e',     ' ',    0x300,  0x301,  0x308,  0x316,  0x323, 0x327,   0x338,   0x340,  0x344,
        0x1D15E, 0x1D165, 0xF71,  0xF72,  0xF73,  0x627,  0x628,  0x64E, 0x651,   0x653,   0x654,  0x655,
        0x1100,  0x1161,  0x11A8, 0xAC00, 0xAC01, 0x915,  0x93C,  0x958, 0xB95,   0xBC6,   0xBBE,  0x212B,
        0xE9,    0x1E69,  0x2066, 0x2067, 0x2069, 0x2069, 0x200D, 0x61C, 0x11099, 0x110BA, 0x1F600};
    static const UChar32 never[] = {0x7F, 0x202E, 0x378, 0xE000, 0x1C89, 0xFFFE};
    uint64_t kind = draw(400);
    if (kind == 0) return never[draw(COUNT_OF(never))];
    if (kind > 40) return telling[draw(COUNT_OF(telling))];
    UChar32 any = (UChar32)draw(0x30000);
    return is_surrogate(any) ? 'x' : any;
}

static void random_texts_are_judged_right(void)
{
    unsigned long accepted = 0, refused = 0;
    for (int i = 0; i < RANDOM_TEXTS; i++) {
        UChar32 points[TEXT_POINTS_MOST];
        size_t count = (size_t)draw(draw(8) == 0 ? TEXT_POINTS_MOST : 6) + 1;
        uint64_t from = random_.state;
        bool heap = draw(50) == 0; /* marks of one class, more or less than may stand */
        for (size_t k = 0; k < count; k++) points[k] = heap ? (k == 0 ? 'q' : 0x301) : draw_point();
        if (!CHECK(agree(points, count))) fprintf(stderr, "    seed %" PRIu64 "\n", from);
        *(may_stand_once_normalised(points, count) ? &accepted : &refused) += 1;
    }
    CHECK(accepted > RANDOM_TEXTS / 10 && refused > RANDOM_TEXTS / 10);
}

/* NFC as ICU makes it from the whole, against ours, which goes run by run. */
static void normal_forms_are_icu_s(void)
{
    for (int i = 0; i < RANDOM_TEXTS / 4; i++) {
        UChar32 points[TEXT_POINTS_MOST];
        size_t count = (size_t)draw(20) + 1;
        uint64_t from = random_.state;
        OWN(buffer_clear) struct buffer text = {0};
        OWN(buffer_clear) struct buffer normal = {0};
        for (size_t k = 0; k < count; k++) utf8_put(&text, (uint32_t)(points[k] = draw_point()));
        UChar units[2 * TEXT_POINTS_MOST], wanted[6 * TEXT_POINTS_MOST];
        int32_t size = 0, bytes = 0;
        char expected[18 * TEXT_POINTS_MOST];
        UErrorCode failure = U_ZERO_ERROR;
        u_strFromUTF32(units, (int32_t)COUNT_OF(units), &size, points, (int32_t)count, &failure);
        size = unorm2_normalize(nfc(), units, size, wanted, (int32_t)COUNT_OF(wanted), &failure);
        u_strToUTF8(expected, (int32_t)sizeof expected, &bytes, wanted, size, &failure);
        CHECK(U_SUCCESS(failure));
        bool same = text_normalise(&normal, buffer_slice(&text), NULL) == STATUS_DONE &&
                    slice_equal(buffer_slice(&normal), slice_of(expected, (size_t)bytes));
        if (!CHECK(same)) fprintf(stderr, "    seed %" PRIu64 "\n", from);
    }
}

/* ── folding: the whole string through ICU, then letter by letter as spec/text.md says, whatever short way there is ──
 */

static UChar32 some_letter(bool common)
{
    static const UChar32 odd[] = {0x0640, 0x0653, 0x0654, 0x0655, 0x064B, 0x0651, 0x0670, 0xFE8D, 0xFEFB,
                                  0x2026, 0x00A0, 0x200F, 0x0301, 0x00C9, 0x0130, 0x1E9E, 0xFF21, 0x06CC,
                                  0x06A9, 0x0675, 0x0671, 0x06D6, 0x06DD, 0x06F4, 0x2067, 0x05B0, 0x05BF,
                                  0x0439, 0xFE71, 0x0327, 0x1EA5, 0xAC00, 0x1161, 0x11A8, 0x06D5, 0x06C2};
    static const UChar32 plain[] = {0x00AB, 0x00BB, 0x060C, 0x061B, 0x061F, 0x2013,
                                    0x2014, 0x2018, 0x2019, 0x201C, 0x201D};
    switch (draw(common ? 4 : 5)) {
    case 0: return (UChar32)(0x20 + draw(0x5F));
    case 1: return (UChar32)(0x0621 + draw(0x2A));
    case 2: return (UChar32)(0x0660 + draw(10));
    case 3: return plain[draw(COUNT_OF(plain))];
    default: return odd[draw(COUNT_OF(odd))];
    }
}

static bool is_away(UChar32 c)
{
    return (c >= 0x064B && c <= 0x065F) || c == 0x0670 || (c >= 0x06D6 && c <= 0x06ED) || c == 0x0640 || c == 0x061C ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0x0300 && c <= 0x036F);
}

static UChar32 letter_of(UChar32 c)
{
    static const UChar32 same[][2] = {{0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}, {0x671, 0x627},
                                      {0x649, 0x64A}, {0x6CC, 0x64A}, {0x629, 0x647}, {0x6A9, 0x643}};
    for (size_t i = 0; i < COUNT_OF(same); i++)
        if (same[i][0] == c) return same[i][1];
    int32_t digit = u_charDigitValue(c);
    if ((c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9)) return '0' + digit;
    UErrorCode failure = U_ZERO_ERROR;
    UChar apart[8];
    int32_t size = unorm2_getDecomposition(unorm2_getNFDInstance(&failure), c, apart, 8, &failure);
    bool latin = (c >= 0xC0 && c < 0x250) || (c >= 0x1E00 && c < 0x2000);
    return latin && size > 0 && apart[0] < 0x250 ? apart[0] : c;
}

/* The slow, plain way: all of ICU's form first, then one code point after another. */
static void fold_slowly(struct buffer *out, struct slice text)
{
    UChar units[4 * TEXT_POINTS_MOST], made[64 * TEXT_POINTS_MOST];
    int32_t size = 0;
    UErrorCode failure = U_ZERO_ERROR;
    u_strFromUTF8(units, (int32_t)COUNT_OF(units), &size, (const char *)text.data, (int32_t)text.size, &failure);
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&failure);
    size = unorm2_normalize(form, units, size, made, (int32_t)COUNT_OF(made), &failure);
    CHECK(U_SUCCESS(failure));
    bool away = false, orphan = false;
    for (int32_t i = 0; i < size;) {
        UChar32 c = made[i++];
        if (U16_IS_LEAD((uint32_t)c)) c = U16_GET_SUPPLEMENTARY(c, made[i++]);
        bool leans = !unorm2_hasBoundaryBefore(form, c);
        if (u_getCombiningClass(c) == 0) orphan = is_away(c) || (away && leans);
        away = is_away(c) || (orphan && leans);
        if (!away) utf8_put(out, (uint32_t)letter_of(c));
    }
}

/* Every byte of the folded text points at a whole character of the text, in order, and what is cut out anywhere folds
 * to what was cut there, where nothing beside it leans over the cut. */
static void map_points_back(const struct fold_map *map, struct slice text, struct slice folded)
{
    size_t last = 0;
    for (size_t i = 0; i <= folded.size; i++) {
        size_t start = fold_source_start(map, i), end = fold_source_end(map, i);
        CHECK(start >= last && start <= text.size && end <= text.size);
        last = start;
        if (i < folded.size && (folded.data[i] & 0xC0) == 0x80) continue; /* inside a character */
        CHECK(start == text.size || (text.data[start] & 0xC0) != 0x80);
        CHECK(end == text.size || (text.data[end] & 0xC0) != 0x80);
    }
    CHECK_INT(fold_source_end(map, folded.size), text.size);
}

static void folds_as_icu_does(void)
{
    for (unsigned n = 0; n < RANDOM_TEXTS; n++) {
        OWN(buffer_clear) struct buffer text = {0}, folded = {0}, again = {0}, slow = {0};
        OWN(fold_map_clear) struct fold_map map = {0};
        bool common = draw(2) == 0;
        for (uint64_t left = 1 + draw(TEXT_POINTS_MOST - 1); left > 0; left--)
            utf8_put(&text, (uint32_t)some_letter(common));
        fold_slowly(&slow, buffer_slice(&text));
        CHECK(text_fold(&folded, &map, buffer_slice(&text), NULL) == STATUS_DONE);
        CHECK(text_fold(&again, NULL, buffer_slice(&folded), NULL) == STATUS_DONE);
        if (!CHECK(slice_equal(buffer_slice(&folded), buffer_slice(&slow)))) fprintf(stderr, "    text %u\n", n);
        if (!CHECK(slice_equal(buffer_slice(&folded), buffer_slice(&again))))
            fprintf(stderr, "    %.*s\n", SLICE(buffer_slice(&text)));
        map_points_back(&map, buffer_slice(&text), buffer_slice(&folded));
    }
}

int main(int count, char **arguments)
{
    random_ = random_start(count, arguments);
    every_code_point_is_judged_right();
    every_byte_is_judged_right();
    random_texts_are_judged_right();
    normal_forms_are_icu_s();
    folds_as_icu_does();
    return check_end(__FILE__);
}
