/* Degrees, places, boxes, numbers and times as people type them. */
#include "check.h"

#include "tell/typed.h"

static void degrees(void)
{
    static const struct {
        const char *text;
        int32_t e7;
    } good[] = {
        {"36.2021", 362021000},       {"-0.5", -5000000},         {"+37", 370000000},         {"0", 0},
        {"-0.0000001", -1},           {"12.34567894", 123456789}, {"12.34567895", 123456790}, {"90", 900000000},
        {"-90.00000000", -900000000}, {"007.5", 75000000},        {"1.99999999", 20000000},
    };
    static const char *const bad[] = {"",   "-",          "+",  ".5",   "5.",  "1e3",   "1,5", "0x10", " 1",
                                      "1 ", "90.0000001", "91", "1000", "--1", "1.2.3", "٣٦",  "NaN",  "90.00000005"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        int32_t e7 = 77;
        CHECK(degrees_parse(&e7, slice_from(good[i].text), 90));
        CHECK_INT(e7, good[i].e7);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int32_t e7 = 77;
        if (!CHECK(!degrees_parse(&e7, slice_from(bad[i]), 90))) fprintf(stderr, "    %s\n", bad[i]);
        CHECK_INT(e7, 77);
    }
}

static void there_and_back(void)
{
    char text[DEGREES_TEXT_SIZE];
    uint64_t state = 20160912;
    for (int i = 0; i < 20000; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int32_t wanted = (int32_t)((int64_t)(state >> 20) % 3600000001 - 1800000000), got = 0;
        degrees_format(wanted, text);
        CHECK(degrees_parse(&got, slice_from(text), 180));
        CHECK_INT(got, wanted);
    }
    static const struct {
        int32_t e7;
        const char *text;
    } shown[] = {{-5, "-0.0000005"}, {0, "0"}, {-1800000000, "-180"}, {362021000, "36.2021"}};
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        degrees_format(shown[i].e7, text);
        CHECK_STRING(text, shown[i].text);
    }
}

static void places(void)
{
    int32_t lat = 1, lon = 2, box[4] = {9, 9, 9, 9};
    CHECK(value_point(&lat, &lon, slice_from("36.2021,37.1343")) && lat == 362021000 && lon == 371343000);
    CHECK(!value_point(&lat, &lon, slice_from("91,0")) && lat == 362021000);
    CHECK(!value_point(&lat, &lon, slice_from("1")));
    CHECK(!value_point(&lat, &lon, slice_from("1,2,3")));
    CHECK(value_box(box, slice_from("36.5,36,37.5,-0")) == false && box[0] == 9);
    CHECK(value_box(box, slice_from("36.5,36.0,37.5,36.5")));
    CHECK(box[0] == 365000000 && box[1] == 360000000 && box[2] == 375000000 && box[3] == 365000000);
    CHECK(value_box(box, slice_from("179,-1,-179,1"))); /* over the date line */
    CHECK(!value_box(box, slice_from("1,2,3")));
}

static void numbers(void)
{
    uint64_t number = 5;
    CHECK(value_number(&number, slice_from("18446744073709551615")) && number == UINT64_MAX);
    CHECK(!value_number(&number, slice_from("18446744073709551616")) && number == UINT64_MAX);
    CHECK(!value_number(&number, slice_from("")) && !value_number(&number, slice_from("-1")));
    CHECK(!value_number(&number, slice_from("1 ")) && !value_number(&number, slice_from("0x1")));
    CHECK(value_number(&number, slice_from("007")) && number == 7);
}

static void times(void)
{
    int64_t time = 0;
    CHECK(value_time(&time, slice_from("2016-10-04"), false) && time == 1475539200);
    CHECK(value_time(&time, slice_from("2016-10-04"), true) && time == 1475539200 + 86399);
    CHECK(value_time(&time, slice_from("2016-10-04T12:00:00Z"), true) && time == 1475582400);
    CHECK(!value_time(&time, slice_from("2016-10-04T12:00"), false) &&
          !value_time(&time, slice_from("2016-02-30"), false));
    CHECK(!value_time(&time, slice_from("4 October"), false) && time == 1475582400);
}

static void moments(void)
{
    static const char *const same[] = {"2016-10-04 12:00",  " 2016-10-04T12:00:00Z ", "2016-10-04 12:00:00",
                                       "2016-10-04T12:00Z", "٢٠١٦-١٠-٠٤ ١٢:٠٠",       "۲۰۱۶-۱۰-۰۴ ۱۲:۰۰"};
    static const char *const none[] = {
        "2016-10-04", "2016-10-04 25:00", "2016-10-04 12", "2016-10-04x12:00", "", "2016-10-04 12:00:00:00:00:00:00",
        "Z",          "2016-02-30 12:00", "\xd9"};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        int64_t time = 0;
        CHECK(value_moment(&time, slice_from(same[i])) && time == 1475582400);
    }
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        int64_t time = 7;
        CHECK(!value_moment(&time, slice_from(none[i])) && time == 7);
    }
}

TESTS(degrees, there_and_back, places, numbers, times, moments)
