#include "text/property.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

enum { PAGE = 256, PAGES = 0x110000 / PAGE };

static _Atomic(uint8_t *) pages[PAGES];

/* Private use is refused with the unassigned: what it means is agreed outside the record, so nobody could check it. */
static enum property look_up(uint32_t c, const UNormalizer2 *nfc)
{
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return PROPERTY_CONTROL;
    if (c >= 0x202A && c <= 0x202E) return PROPERTY_OVERRIDE;
    if (c >= 0x2066 && c <= 0x2068) return PROPERTY_OPENS;
    if (c == 0x2069) return PROPERTY_CLOSES;
    UVersionInfo age;
    u_charAge((UChar32)c, age);
    int8_t category = u_charType((UChar32)c);
    if (age[0] == 0 || age[0] > 15 || (age[0] == 15 && age[1] > 0) || category == U_UNASSIGNED ||
        category == U_SURROGATE || category == U_PRIVATE_USE_CHAR)
        return PROPERTY_UNASSIGNED;
    return unorm2_isInert(nfc, (UChar32)c) ? PROPERTY_PLAIN : PROPERTY_COMPOSES;
}

static uint8_t *fill(uint32_t page)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    uint8_t *made = malloc(PAGE), *other = NULL;
    if (made == NULL || U_FAILURE(status)) abort(); /* without ICU's data no text can be judged */
    for (uint32_t i = 0; i < PAGE; i++) made[i] = (uint8_t)look_up(page * PAGE + i, nfc);
    if (atomic_compare_exchange_strong(&pages[page], &other, made)) return made;
    free(made); /* another thread was quicker */
    return other;
}

enum property property_of(uint32_t c)
{
    uint32_t page = c / PAGE;
    uint8_t *known = atomic_load_explicit(&pages[page], memory_order_acquire);
    if (known == NULL) known = fill(page);
    return (enum property)known[c % PAGE];
}
