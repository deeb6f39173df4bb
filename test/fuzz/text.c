/* The judge of text against ICU's own normaliser, and its promises to writers. */
#include "fuzz.h"
#include "text/fold.h"
#include "text/utf8.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static bool icu_says_normal(struct slice text)
{
    UErrorCode failure = U_ZERO_ERROR;
    int32_t size = 0;
    UChar *units = malloc((text.size + 1) * sizeof *units);
    EXPECT(units != NULL);
    u_strFromUTF8(units, (int32_t)text.size + 1, &size, (const char *)text.data, (int32_t)text.size, &failure);
    bool normal = unorm2_isNormalized(unorm2_getNFCInstance(&failure), units, size, &failure);
    EXPECT(U_SUCCESS(failure));
    free(units);
    return normal;
}

static void check_refusal(enum status status, const struct error *error, struct slice text)
{
    size_t bad;
    EXPECT(status == STATUS_REFUSED && strncmp(error->code, "text-", 5) == 0);
    EXPECT(error->offset >= 0 && (size_t)error->offset <= text.size);
    if (strcmp(error->code, "text-utf8") == 0) EXPECT(!utf8_valid(text, &bad) && (int64_t)bad == error->offset);
    if (strcmp(error->code, "text-not-nfc") == 0 && utf8_valid(text, &bad)) EXPECT(!icu_says_normal(text));
}

static void check_normalised(struct slice text, bool was_normal)
{
    struct buffer normal = {0};
    EXPECT(text_normalise(&normal, text, NULL) == STATUS_DONE);
    EXPECT(text_check(buffer_slice(&normal), NULL) == STATUS_DONE);
    EXPECT(slice_equal(buffer_slice(&normal), text) == was_normal);
    buffer_clear(&normal);
}

static void check_folded(struct slice text)
{
    struct buffer once = {0}, twice = {0};
    EXPECT(text_fold(&once, NULL, text, NULL) == STATUS_DONE);
    EXPECT(text_fold(&twice, NULL, buffer_slice(&once), NULL) == STATUS_DONE);
    EXPECT(slice_equal(buffer_slice(&once), buffer_slice(&twice)));
    buffer_clear(&once);
    buffer_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    struct error error;
    size_t bad;
    enum status strict = text_check(text, &error);
    if (strict != STATUS_DONE) check_refusal(strict, &error, text);
    if (strict == STATUS_DONE) EXPECT(icu_says_normal(text));
    enum status loose = text_check_unnormalised(text, &error);
    if (loose != STATUS_DONE) check_refusal(loose, &error, text);
    EXPECT(strict != STATUS_DONE || loose == STATUS_DONE);
    if (loose == STATUS_DONE) check_normalised(text, strict == STATUS_DONE);
    if (!utf8_valid(text, &bad)) {
        struct buffer folded = {0};
        EXPECT(text_fold(&folded, NULL, text, &error) == STATUS_REFUSED && strcmp(error.code, "text-utf8") == 0);
        EXPECT(error.offset == (int64_t)bad && folded.size == 0);
        buffer_clear(&folded);
        return 0;
    }
    EXPECT(text_columns(text) <= 2 * size);
    check_folded(text);
    return 0;
}
