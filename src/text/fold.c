#include "text/fold.h"

#include "base/limits.h"
#include "text/run.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static void free_units(UChar **units)
{
    free(*units);
}

static enum status no_memory(struct error *error)
{
    return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.",
                     NULL);
}

/* UTF-16 of valid UTF-8 never has more units than the text has bytes. */
static enum status to_units(UChar **units, int32_t *size, struct slice text, struct error *error)
{
    UErrorCode failure = U_ZERO_ERROR;
    *units = malloc((text.size + 1) * sizeof **units);
    if (*units == NULL) return no_memory(error);
    u_strFromUTF8(*units, (int32_t)text.size + 1, size, (const char *)text.data, (int32_t)text.size, &failure);
    return U_FAILURE(failure) ? run_no_data(error) : STATUS_DONE;
}

static enum status put_units(struct buffer *out, const UChar *units, int32_t size, struct error *error)
{
    uint8_t *room = buffer_reserve(out, 3 * (size_t)size + 1);
    if (room == NULL) return no_memory(error);
    UErrorCode failure = U_ZERO_ERROR;
    int32_t bytes;
    u_strToUTF8((char *)room, 3 * size + 1, &bytes, units, size, &failure);
    if (U_FAILURE(failure)) return run_no_data(error);
    buffer_advance(out, (size_t)bytes);
    return STATUS_DONE;
}

/* Folds in[0 … in_size) to a new *folded: measured first, for one ligature may become eighteen letters. */
static enum status fold_units(UChar **folded, int32_t *size, const UChar *in, int32_t in_size, struct error *error)
{
    UErrorCode failure = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&failure);
    if (U_FAILURE(failure)) return run_no_data(error);
    int32_t need = unorm2_normalize(form, in, in_size, NULL, 0, &failure);
    *folded = malloc(((size_t)need + 1) * sizeof **folded);
    if (*folded == NULL) return no_memory(error);
    failure = U_ZERO_ERROR;
    *size = unorm2_normalize(form, in, in_size, *folded, need + 1, &failure);
    return U_FAILURE(failure) ? run_no_data(error) : STATUS_DONE;
}

/* ---- what most texts are made of folds letter by letter, without ICU */

/* Beside ASCII: characters that NFKC_Casefold leaves as they are, whatever of this list stands beside them. No marks.
 */
static bool folds_to_itself(uint32_t c)
{
    if (c >= 0x0621 && c <= 0x064a) return c != 0x0640; /* Arabic letters */
    if (c >= 0x0660 && c <= 0x0669) return true;        /* and digits */
    switch (c) {
    case 0x00ab:
    case 0x00bb:
    case 0x060c:
    case 0x061b:
    case 0x061f:
    case 0x2013:
    case 0x2014:
    case 0x2018:
    case 0x2019:
    case 0x201c:
    case 0x201d: return true;
    default: return false;
    }
}

/* False, and nothing put, if anything else occurs. */
static bool fold_plainly(struct buffer *out, struct slice text)
{
    uint8_t *room = buffer_reserve(out, text.size);
    if (room == NULL) return false;
    for (size_t i = 0; i < text.size;) {
        uint8_t byte = text.data[i];
        if (byte < 0x80) {
            room[i++] = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
            continue;
        }
        size_t next = i;
        if (!folds_to_itself(utf8_next(text, &next))) return false;
        for (; i < next; i++) room[i] = text.data[i];
    }
    buffer_advance(out, text.size);
    return true;
}

enum status text_fold(struct buffer *out, struct slice text, struct error *error)
{
    size_t offset;
    if (!utf8_valid(text, &offset)) return run_refuse_utf8(offset, error);
    if (text.size > LIMIT_JSON_BYTES)
        return error_set(error, STATUS_REFUSED, "text-limit", "A text to be folded has at most {0} bytes.",
                         error_number(LIMIT_JSON_BYTES).text, NULL);
    if (text.size == 0 || fold_plainly(out, text)) return buffer_finish(out, error);
    OWN(free_units) UChar *units = NULL;
    OWN(free_units) UChar *folded = NULL;
    int32_t size = 0, folded_size = 0;
    TRY(to_units(&units, &size, text, error));
    TRY(fold_units(&folded, &folded_size, units, size, error));
    TRY(put_units(out, folded, folded_size, error));
    return buffer_finish(out, error);
}
