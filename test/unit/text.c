#include "check.h"
#include "text/collate.h"
#include "text/fold.h"
#include "text/utf8.h"

static void only_well_formed_utf8_is_valid(void)
{
    static const struct {
        const char *bytes;
        int64_t offset; /* of the first bad byte, -1 when all is good */
    } cases[] = {
        {"", -1},
        {"abc", -1},
        {"\xD8\xB9\xE2\x82\xAC\xF0\x9F\x98\x80", -1},
        {"\xF4\x8F\xBF\xBF", -1},
        {"\xEE\x80\x80", -1},
        {"\xED\x9F\xBF", -1},
        {"a\x80", 1},            /* a continuation alone */
        {"ab\xC0\xAF", 2},       /* overlong */
        {"\xC1\xBF", 0},         /* overlong */
        {"\xE0\x9F\xBF", 0},     /* overlong */
        {"\xF0\x8F\xBF\xBF", 0}, /* overlong */
        {"\xED\xA0\x80", 0},     /* surrogate */
        {"\xED\xBF\xBF", 0},     /* surrogate */
        {"\xF4\x90\x80\x80", 0}, /* past U+10FFFF */
        {"\xF5\x80\x80\x80", 0},
        {"\xFF", 0},
        {"\xD8\xB9\xD8", 2}, /* cut */
        {"12345678\xE2\x82", 8},
        {"\xF0\x9F\x98", 0},
        {"\xE2\x28\xA1", 0},
        {"\xF0\x9F\x28\x80", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t offset = 0;
        bool valid = utf8_valid(slice_from(cases[i].bytes), &offset);
        CHECK_INT(valid ? -1 : (int64_t)offset, cases[i].offset);
        struct error error;
        enum status status = text_check(slice_from(cases[i].bytes), &error);
        if (valid && cases[i].bytes[0] != '\xEE') CHECK(status == STATUS_DONE || strcmp(error.code, "text-utf8") != 0);
        if (!valid)
            CHECK(status == STATUS_REFUSED && strcmp(error.code, "text-utf8") == 0 && error.offset == (int64_t)offset);
    }
}

static void names_sort_as_readers_look_for_them(void)
{
    static const char *const arabic[] = {"أحمد", "احمد", "إدلب", "ادلب", "أسطول", "بيروت", "حلب", "حلبي", "يافا"};
    for (size_t i = 1; i < COUNT_OF(arabic); i++)
        for (size_t k = 0; k < i; k++) {
            CHECK(collate_compare(LANGUAGE_ARABIC, slice_from(arabic[k]), slice_from(arabic[i])) < 0);
            CHECK(collate_compare(LANGUAGE_ARABIC, slice_from(arabic[i]), slice_from(arabic[k])) > 0);
        }
    static const char *const english[] = {"aleppo", "Aleppo", "Élysée", "Zurich", "حلب"};
    for (size_t i = 1; i < COUNT_OF(english); i++)
        CHECK(collate_compare(LANGUAGE_ENGLISH, slice_from(english[i - 1]), slice_from(english[i])) < 0);
    /* In Arabic what is in Arabic comes first. */
    CHECK(collate_compare(LANGUAGE_ARABIC, slice_from("حلب"), slice_from("Aleppo")) < 0);
    CHECK_INT(collate_compare(LANGUAGE_ENGLISH, slice_from("a"), slice_from("a")), 0);
    CHECK(collate_compare(LANGUAGE_ENGLISH, slice_from("e\xcc\x81"), slice_from("\xc3\xa9")) != 0); /* a total order */
}

/* Folding checks on its way: it refuses what is no UTF-8, at the same byte. */
static void folding_refuses_what_is_no_utf8(void)
{
    static const char text[] = "مدرسة Aleppo قرية، حَلب";
    char bytes[sizeof text];
    for (size_t i = 0; i + 1 < sizeof text; i++)
        for (int byte = 0; byte < 256; byte++) {
            struct error error = {.offset = -1};
            OWN(buffer_clear) struct buffer folded = {0};
            size_t offset = 0;
            memcpy(bytes, text, sizeof text);
            bytes[i] = (char)byte;
            struct slice changed = slice_of(bytes, sizeof text - 1);
            bool valid = utf8_valid(changed, &offset);
            CHECK((text_fold(&folded, NULL, changed, &error) == STATUS_DONE) == valid);
            if (!valid) CHECK(error.offset == (int64_t)offset && folded.size == 0);
        }
}

TESTS(only_well_formed_utf8_is_valid, names_sort_as_readers_look_for_them, folding_refuses_what_is_no_utf8)
