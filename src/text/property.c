#include "text/property.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

_Atomic uint16_t property_table[CODE_POINTS];

/* Assigned in Unicode 15.0, which is what the rules were written against. A later ICU knows more code points and tells
 * their age; what was assigned then never changes its normal form. */
static bool is_assigned(UChar32 c)
{
    int8_t category = u_charType(c);
    if (category == U_UNASSIGNED || category == U_SURROGATE || category == U_PRIVATE_USE_CHAR) return false;
    UVersionInfo age;
    u_charAge(c, age);
    return age[0] < 15 || (age[0] == 15 && age[1] == 0);
}

static enum property_class normal_class(UChar32 c)
{
    UErrorCode failure = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&failure);
    if (U_FAILURE(failure)) return PROPERTY_UNKNOWN;
    bool starts = unorm2_hasBoundaryBefore(nfc, c);
    switch (u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK)) {
    case UNORM_NO: return starts ? PROPERTY_FOREIGN : PROPERTY_FOREIGN_MARK;
    case UNORM_MAYBE: return PROPERTY_MAYBE;
    default: return starts ? PROPERTY_PLAIN : PROPERTY_MARK;
    }
}

static enum property_class class_of(UChar32 c)
{
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return PROPERTY_CONTROL;
    if (c >= 0x202A && c <= 0x202E) return PROPERTY_OVERRIDE;
    if (c >= 0x2066 && c <= 0x2068) return PROPERTY_ISOLATE;
    if (c == 0x2069) return PROPERTY_ISOLATE_END;
    return is_assigned(c) ? normal_class(c) : PROPERTY_UNASSIGNED;
}

uint16_t property_learn(uint32_t code_point)
{
    UChar32 c = (UChar32)code_point;
    enum property_class class = class_of(c);
    if (class == PROPERTY_UNKNOWN) return 0;
    uint16_t property = (uint16_t)((unsigned)u_getCombiningClass(c) << 8 | (unsigned)class);
    atomic_store_explicit(&property_table[code_point], property, memory_order_relaxed);
    return property;
}
