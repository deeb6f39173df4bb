#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "check.h"

static void times_are_exact(void)
{
    int64_t t;
    char text[TIME_TEXT_SIZE];
    CHECK(time_parse(&t, slice_from("1970-01-01T00:00:00Z")) && t == 0);
    CHECK(time_parse(&t, slice_from("2016-09-12T16:00:00Z")) && t == 1473696000);
    static const char *const bad[] = {"2016-02-30T00:00:00Z",
                                      "2015-02-29T00:00:00Z",
                                      "2016-13-01T00:00:00Z",
                                      "2016-09-12T24:00:00Z",
                                      "2016-09-12T23:60:00Z",
                                      "2016-09-12T23:59:60Z",
                                      "2016-09-12 23:59:59Z",
                                      "2016-09-12T23:59:59",
                                      "0000-01-01T00:00:00Z",
                                      "2016-9-12T23:59:59Z",
                                      ""};
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK(!time_parse(&t, slice_from(bad[i])));
    for (int64_t day = TIME_LEAST; day < TIME_MOST; day += 86400 * 97 + 86399) {
        time_format(day, text);
        CHECK(time_parse(&t, slice_from(text)) && t == day);
    }
}

static void durations_have_one_form(void)
{
    int64_t d;
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {{"PT0S", 0},     {"PT90S", 90},   {"PT1M", 60},   {"PT48H", 0},
                {"P2D", 172800}, {"PT27M", 1620}, {"P7D", 604800}};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        bool ok = duration_parse(&d, slice_from(good[i].text));
        if (strcmp(good[i].text, "PT48H") == 0)
            CHECK(!ok); /* P2D is its largest exact unit */
        else
            CHECK(ok && d == good[i].seconds);
    }
    static const char *const bad[] = {"",     "P",   "PT",     "P1",     "PT60S", "PT24H",        "P01D",
                                      "P-1D", "P1W", "P1DT1H", "PT1.5H", "P0D",   "P9999999999D", "1D"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK(!duration_parse(&d, slice_from(bad[i])));
}

static void sentences_show_their_arguments(void)
{
    struct error error;
    char out[64];
    CHECK(error_set(&error, STATUS_REFUSED, "x", "The key \"{0}\" stands {1} times.", "by", "2", NULL) ==
          STATUS_REFUSED);
    error_format(&error, NULL, out, sizeof out);
    CHECK_STRING(out, "The key \"by\" stands 2 times.");
    error_format(&error, "{1} {9} {0", out, sizeof out);
    CHECK_STRING(out, "2 {9} {0");
    error_format(&error, NULL, out, 9);
    CHECK_STRING(out, "The key ");
    struct error_text shown = error_slice(slice_of("a\0\n\xd8\xb9", 5));
    CHECK_STRING(shown.text, "a\\u0000\\u000a\xd8\xb9");
    uint8_t longer[400];
    memset(longer, 0x85, sizeof longer);
    shown = error_slice(slice_of(longer, sizeof longer));
    CHECK(strlen(shown.text) < sizeof shown.text);
    CHECK(strncmp(shown.text, "\\u0085\\u0085", 12) == 0); /* a stray byte is shown, never passed on */
    shown = error_slice(slice_of("\xED\xA0\x80", 3));
    CHECK_STRING(shown.text, "\\u00ed\\u00a0\\u0080");
}

static void arenas_keep_their_cap(void)
{
    struct arena arena;
    arena_init(&arena, 100000);
    size_t taken = 0;
    uint8_t *got;
    while ((got = arena_get(&arena, 1000)) != NULL) {
        CHECK(got[0] == 0 && got[999] == 0);
        memset(got, 0xFF, 1000);
        taken += 1000;
    }
    CHECK(taken > 90000 && taken <= 100000);
    arena_reset(&arena);
    got = arena_get(&arena, 16);
    CHECK(got != NULL && got[0] == 0);
    CHECK(arena_get(&arena, SIZE_MAX) == NULL);
    arena_clear(&arena);
}

static void buffers_stay_failed(void)
{
    OWN(buffer_clear) struct buffer buffer = {0};
    buffer_print(&buffer, "%d,%s", 7, "x");
    buffer_put_u16be(&buffer, 0x4142);
    CHECK(slice_is(buffer_slice(&buffer), "7,xAB"));
    CHECK(buffer_reserve(&buffer, SIZE_MAX) == NULL);
    buffer_put_string(&buffer, "lost");
    CHECK(buffer_finish(&buffer, NULL) == STATUS_FAILED);
    CHECK(slice_is(buffer_slice(&buffer), "7,xAB"));
}

TESTS(times_are_exact, durations_have_one_form, sentences_show_their_arguments, arenas_keep_their_cap,
      buffers_stay_failed)
