/* The catalogue's reader: what is there, what is not, the six Arabic forms, and a damaged file. */
#include "check.h"

#include "text/catalogue.h"
#include "text/catalogue_data.h"

static void languages(void)
{
    enum language language = LANGUAGE_ENGLISH;
    CHECK(language_parse(&language, slice_from("ar")) && language == LANGUAGE_ARABIC);
    CHECK(language_parse(&language, slice_from("en_GB.UTF-8")) && language == LANGUAGE_ENGLISH);
    CHECK(language_parse(&language, slice_from("ar_SY.UTF-8")) && language == LANGUAGE_ARABIC);
    CHECK(language_parse(&language, slice_from("AR@latin")) && language == LANGUAGE_ARABIC);
    CHECK(!language_parse(&language, slice_from("C")));
    CHECK(!language_parse(&language, slice_from("C.UTF-8")));
    CHECK(!language_parse(&language, slice_from("arc")));
    CHECK(!language_parse(&language, slice_from("")));
    CHECK(language == LANGUAGE_ARABIC);
    CHECK_STRING(language_code(LANGUAGE_ARABIC), "ar");
}

static void sentences(void)
{
    const char *there = "The end is earlier than the beginning.", *not_there = "A sentence that nobody says.";
    CHECK_STRING(catalogue_find(LANGUAGE_ARABIC, there), "وقت النهاية أسبق من وقت البداية.");
    CHECK(catalogue_find(LANGUAGE_ENGLISH, there) == there);
    CHECK(catalogue_find(LANGUAGE_ARABIC, not_there) == not_there);
    CHECK_STRING(catalogue_find(LANGUAGE_ARABIC, ""), "");
}

static void holes_are_isolated(void)
{
    CHECK_STRING(catalogue_find(LANGUAGE_ARABIC, "Could not {0} {1}: {2}."),
                 "تعذّر \u2068{0}\u2069 \u2068{1}\u2069: \u2068{2}\u2069.");
}

static void meanings(void)
{
    CHECK_STRING(catalogue_find_context(LANGUAGE_ARABIC, "agreement", "in force"), "سارٍ");
    CHECK_STRING(catalogue_find_context(LANGUAGE_ARABIC, "channel", "in force"), "سارية");
    CHECK_STRING(catalogue_find_context(LANGUAGE_ARABIC, "sky", "in force"), "in force");
    CHECK_STRING(catalogue_find_context(LANGUAGE_ENGLISH, "channel", "in force"), "in force");
}

static void six_forms(void)
{
    static const struct {
        uint64_t count;
        const char *wanted;
    } arabic[] = {
        {0, "لا وثائق"},
        {1, "وثيقة واحدة"},
        {2, "وثيقتان"},
        {3, "\u2068{0}\u2069 وثائق"},
        {10, "\u2068{0}\u2069 وثائق"},
        {11, "\u2068{0}\u2069 وثيقةً"},
        {99, "\u2068{0}\u2069 وثيقةً"},
        {100, "\u2068{0}\u2069 وثيقة"},
        {101, "\u2068{0}\u2069 وثيقة"},
        {102, "\u2068{0}\u2069 وثيقة"},
        {103, "\u2068{0}\u2069 وثائق"},
        {1000, "\u2068{0}\u2069 وثيقة"},
    };
    for (size_t i = 0; i < COUNT_OF(arabic); i++)
        CHECK_STRING(catalogue_find_plural(LANGUAGE_ARABIC, "{0} record", "{0} records", arabic[i].count),
                     arabic[i].wanted);
    CHECK_STRING(catalogue_find_plural(LANGUAGE_ENGLISH, "{0} record", "{0} records", 1), "{0} record");
    CHECK_STRING(catalogue_find_plural(LANGUAGE_ENGLISH, "{0} record", "{0} records", 0), "{0} records");
    CHECK_STRING(catalogue_find_plural(LANGUAGE_ENGLISH, "{0} record", "{0} records", 2), "{0} records");
    CHECK_STRING(catalogue_find_plural(LANGUAGE_ARABIC, "a thing", "things", 2), "things");
}

/* No byte of the file, changed or cut off, makes the reader leave it. */
static void damaged(void)
{
    static uint8_t copy[1 << 20];
    size_t size = catalogue_ar_size;
    if (!CHECK(size <= sizeof copy)) return;
    const char *message = "The end is earlier than the beginning.";
    for (size_t i = 0; i < size; i += i < 4096 ? 1 : 97) {
        memcpy(copy, catalogue_ar, size);
        copy[i] ^= 0xFF;
        struct slice mo = slice_of(copy, size), found = catalogue_in(mo, message);
        CHECK(found.data == NULL || (found.data >= mo.data && found.data + found.size < mo.data + mo.size));
        CHECK(catalogue_in(slice_of(catalogue_ar, i), "no such message").data == NULL);
    }
}

TESTS(languages, sentences, holes_are_isolated, meanings, six_forms, damaged)
