#include "text/utf8.h"

#include "text/property.h"
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <stdlib.h>

/* Length of the well-formed sequence at p (Unicode table 3-7), or 0. */
static size_t sequence(const uint8_t *p, size_t left)
{
    static const struct {
        uint8_t from, to, second_from, second_to, size;
    } rows[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
                {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    if (*p < 0x80) return 1;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (*p < rows[i].from || *p > rows[i].to) continue;
        if (left < rows[i].size || p[1] < rows[i].second_from || p[1] > rows[i].second_to) return 0;
        for (size_t k = 2; k < rows[i].size; k++)
            if ((p[k] & 0xC0) != 0x80) return 0;
        return rows[i].size;
    }
    return 0;
}

bool utf8_valid(struct slice text, size_t *offset)
{
    for (size_t i = 0; i < text.size;) {
        size_t size = sequence(text.data + i, text.size - i);
        if (size == 0) {
            *offset = i;
            return false;
        }
        i += size;
    }
    return true;
}

uint32_t utf8_next(struct slice text, size_t *at)
{
    const uint8_t *p = text.data + *at;
    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xE0) {
        *at += 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3FU);
    }
    if (p[0] < 0xF0) {
        *at += 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3FU);
    }
    *at += 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 |
           (p[3] & 0x3FU);
}

void utf8_put(struct buffer *out, uint32_t c)
{
    if (c < 0x80) {
        buffer_put_byte(out, (uint8_t)c);
    } else if (c < 0x800) {
        buffer_put_byte(out, (uint8_t)(0xC0 | c >> 6));
        buffer_put_byte(out, (uint8_t)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buffer_put_byte(out, (uint8_t)(0xE0 | c >> 12));
        buffer_put_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
        buffer_put_byte(out, (uint8_t)(0x80 | (c & 0x3F)));
    } else {
        buffer_put_byte(out, (uint8_t)(0xF0 | c >> 18));
        buffer_put_byte(out, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
        buffer_put_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
        buffer_put_byte(out, (uint8_t)(0x80 | (c & 0x3F)));
    }
}

/* ---- what may stand in a record */

enum { ISOLATES_MOST = 64 };

static enum status refuse(struct error *error, const char *code, const char *sentence, size_t offset)
{
    return error_at_offset(error, error_set(error, STATUS_REFUSED, code, sentence, NULL), (int64_t)offset);
}

static const UNormalizer2 *nfc(void)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) abort();
    return normalizer;
}

/* A text in UTF-16, as ICU wants it. */
struct wide {
    UChar *data;
    int32_t size;
};

static void wide_clear(struct wide *wide)
{
    free(wide->data);
}

static enum status widen(struct wide *out, struct slice text, struct error *error)
{
    UErrorCode status = U_ZERO_ERROR;
    if (text.size > INT32_MAX / 4) return arena_full(error);
    out->data = malloc((text.size + 1) * sizeof *out->data);
    if (out->data == NULL) return arena_full(error);
    u_strFromUTF8(out->data, (int32_t)text.size + 1, &out->size, (const char *)text.data, (int32_t)text.size, &status);
    if (U_SUCCESS(status)) return STATUS_DONE;
    return refuse(error, "text-utf8", "The text is not valid UTF-8.", 0);
}

/* Only texts with a mark or a character that could compose come here. */
static enum status check_nfc(struct slice text, struct error *error)
{
    OWN(wide_clear) struct wide wide = {0};
    UErrorCode status = U_ZERO_ERROR;
    TRY(widen(&wide, text, error));
    int32_t good = unorm2_spanQuickCheckYes(nfc(), wide.data, wide.size, &status);
    if (U_SUCCESS(status) && (good == wide.size || unorm2_isNormalized(nfc(), wide.data, wide.size, &status)))
        return STATUS_DONE;
    size_t offset = 0;
    for (int32_t units = 0; units < good && offset < text.size;) units += utf8_next(text, &offset) > 0xFFFF ? 2 : 1;
    return refuse(error, "text-not-nfc",
                  "The text is not in Unicode normalisation form C; normalise it and sign again.", offset);
}

enum status text_check(struct slice text, struct error *error)
{
    size_t bad, opened[ISOLATES_MOST], open = 0;
    bool composes = false;
    if (!utf8_valid(text, &bad)) return refuse(error, "text-utf8", "The text is not valid UTF-8.", bad);
    for (size_t at = 0; at < text.size;) {
        size_t from = at;
        if (text.data[at] >= 0x20 && text.data[at] < 0x7F) {
            at++;
            continue;
        }
        switch (property_of(utf8_next(text, &at))) {
        case PROPERTY_PLAIN: break;
        case PROPERTY_COMPOSES: composes = true; break;
        case PROPERTY_CONTROL: return refuse(error, "text-control", "The text holds a control character.", from);
        case PROPERTY_OVERRIDE:
            return refuse(error, "text-override",
                          "The text holds a directional override or embedding, which can make it read otherwise.",
                          from);
        case PROPERTY_UNASSIGNED:
            return refuse(error, "text-unassigned", "The text holds a character that Unicode 15.0 does not assign.",
                          from);
        case PROPERTY_OPENS:
            if (open == ISOLATES_MOST) return refuse(error, "text-isolate", "The text nests too many isolates.", from);
            opened[open++] = from;
            break;
        case PROPERTY_CLOSES:
            if (open == 0) return refuse(error, "text-isolate", "A directional isolate ends that never began.", from);
            open--;
            break;
        }
    }
    if (open > 0) return refuse(error, "text-isolate", "A directional isolate is not closed.", opened[open - 1]);
    return composes ? check_nfc(text, error) : STATUS_DONE;
}

enum status text_normalise(struct buffer *out, struct slice text, struct error *error)
{
    OWN(wide_clear) struct wide wide = {0}, normal = {0};
    UErrorCode status = U_ZERO_ERROR;
    bool composes = false;
    for (size_t at = 0; at < text.size && !composes;) composes = property_of(utf8_next(text, &at)) == PROPERTY_COMPOSES;
    if (!composes) {
        buffer_put(out, text);
        return buffer_finish(out, error);
    }
    TRY(widen(&wide, text, error));
    int32_t capacity = wide.size * 3 + 16, size = 0; /* NFC grows UTF-16 by at most three */
    normal.data = malloc((size_t)capacity * sizeof *normal.data);
    if (normal.data == NULL) return arena_full(error);
    normal.size = unorm2_normalize(nfc(), wide.data, wide.size, normal.data, capacity, &status);
    uint8_t *room = buffer_reserve(out, (size_t)normal.size * 3 + 1);
    if (U_FAILURE(status) || room == NULL) return arena_full(error);
    u_strToUTF8((char *)room, normal.size * 3 + 1, &size, normal.data, normal.size, &status);
    if (U_FAILURE(status)) return arena_full(error);
    buffer_advance(out, (size_t)size);
    return buffer_finish(out, error);
}

size_t text_columns(struct slice text)
{
    size_t columns = 0;
    for (size_t at = 0; at < text.size;) {
        UChar32 c = (UChar32)utf8_next(text, &at);
        int8_t category = u_charType(c);
        if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR ||
            category == U_CONTROL_CHAR)
            continue;
        int32_t width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
        columns += width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
    }
    return columns;
}

int text_compare_utf16(struct slice a, struct slice b)
{
    size_t i = 0;
    while (i < a.size && i < b.size && a.data[i] == b.data[i]) i++;
    if (i == a.size || i == b.size) return (a.size > b.size) - (a.size < b.size);
    /* Bytes of UTF-8 sort as code points do; only characters beyond U+FFFF (leading byte F0 and up) stand, as
     * surrogates, before U+E000 … FFFF (EE, EF). */
    uint8_t x = a.data[i], y = b.data[i];
    if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0)) return x >= 0xF0 ? -1 : 1;
    return x < y ? -1 : 1;
}
