#include "text/utf8.h"

#include <unicode/uchar.h>

/* Arabic number and verse signs (U+0600 …) are format characters that are seen; so is the soft hyphen in a terminal. */
static bool takes_no_column(UChar32 c)
{
    int8_t category = u_charType(c);
    if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK) return true;
    if (category == U_FORMAT_CHAR) return c != 0xAD && !u_hasBinaryProperty(c, UCHAR_PREPENDED_CONCATENATION_MARK);
    if (category == U_CONTROL_CHAR) return true;
    int32_t syllable = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
    return syllable == U_HST_VOWEL_JAMO || syllable == U_HST_TRAILING_JAMO; /* drawn into the leading one's two */
}

static size_t columns_of(UChar32 c)
{
    if (c >= 0x20 && c < 0x7F) return 1;
    if (takes_no_column(c)) return 0;
    int32_t width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t text_columns(struct slice text)
{
    size_t columns = 0;
    for (size_t at = 0; at < text.size;) columns += columns_of((UChar32)utf8_next(text, &at));
    return columns;
}
