/* Counts of people out of texts: everything that is found in each text, and nothing else: `words = what low best high`,
 * -1 where the text gives none. */
#include "check.h"
#include "facts.h"

static void render_counts(char *out, size_t size, const char *text)
{
    struct prepared prepared;
    struct count_list list = {0};
    struct buffer line = {0};
    CHECK(prepare(&prepared, slice_from(text)));
    CHECK(counts_find(&list, &prepared.tokens, &prepared.arena, NULL) == STATUS_DONE);
    for (size_t i = 0; i < list.size; i++) {
        const struct found_count *count = &list.count[i];
        buffer_print(&line, "%s%.*s = %s", i > 0 ? "; " : "", (int)(count->end - count->start), text + count->start,
                     count_of_name(count->of));
        buffer_print(&line, " %d %d %d", (int)count->low, (int)count->best, (int)count->high);
    }
    snprintf(out, size, "%.*s", SLICE(buffer_slice(&line)));
    buffer_clear(&line);
    discard(&prepared);
}

static void counts_are_found_with_their_bounds(void)
{
    static const struct {
        const char *text, *found;
    } cases[] = {
        {"مقتل أربعة وعشرين شخصا", "أربعة وعشرين شخصا = killed 24 24 24"},
        {"11 قتيلا", "11 قتيلا = killed 11 11 11"},
        {"١١ قتيلًا", "١١ قتيلًا = killed 11 11 11"},
        {"عشرات القتلى", "عشرات القتلى = killed 20 -1 -1"},
        {"عشرات الآلاف من القتلى", "عشرات الآلاف من القتلى = killed 20000 -1 -1"},
        {"نحو 1.5 مليون شخص", "نحو 1.5 مليون شخص = people -1 1500000 -1"},
        {"قتل 3 مدنيين وأصيب عشرة", "3 مدنيين = killed 3 3 3; عشرة = injured 10 10 10"},
        {"مقتل 11 قتيلا و20 جريحا", "11 قتيلا = killed 11 11 11; 20 جريحا = injured 20 20 20"},
        {"قتيلان وثلاثة جرحى", "قتيلان = killed 2 2 2; ثلاثة جرحى = injured 3 3 3"},
        {"سقط قتيلين", "قتيلين = killed 2 2 2"},
        {"مقتل شخصين", "شخصين = killed 2 2 2"},
        {"قتيل واحد", "قتيل واحد = killed 1 1 1"},
        {"مقتل مئة وخمسة وعشرين مدنيا", "مئة وخمسة وعشرين مدنيا = killed 125 125 125"},
        {"مئتا قتيل", "مئتا قتيل = killed 200 200 200"},
        {"مائتي قتيل", "مائتي قتيل = killed 200 200 200"},
        {"ألفا نازح", "ألفا نازح = displaced 2000 2000 2000"},
        {"ألف نازح", "ألف نازح = displaced 1000 1000 1000"},
        {"ثلاثة آلاف وخمسمئة نازح", "ثلاثة آلاف وخمسمئة نازح = displaced 3500 3500 3500"},
        {"مقتل ما لا يقل عن عشرة أشخاص", "ما لا يقل عن عشرة أشخاص = killed 10 -1 -1"},
        {"أكثر من 360.000 قتيل", "أكثر من 360.000 قتيل = killed 360000 -1 -1"},
        {"بين 10 و20 قتيلا", "بين 10 و20 قتيلا = killed 10 -1 20"},
        {"10-20 قتيلا", "10-20 قتيلا = killed 10 -1 20"},
        {"10 إلى 20 قتيلا", "10 إلى 20 قتيلا = killed 10 -1 20"},
        {"مقتل ثلاثة عشر جنديا", "ثلاثة عشر جنديا = killed 13 13 13"},
        {"اثنا عشر قتيلا", "اثنا عشر قتيلا = killed 12 12 12"},
        {"إحدى عشرة امرأة", "إحدى عشرة امرأة = people 11 11 11"},
        {"سبعة وثلاثون قتيلا وواحد وعشرون جريحا",
         "سبعة وثلاثون قتيلا = killed 37 37 37; واحد وعشرون جريحا = injured 21 21 21"},
        {"عشرون ألفا من النازحين", "عشرون ألفا من النازحين = displaced 20000 20000 20000"},
        {"3 صواريخ", ""},
        {"إصابة 4 مواقع عسكرية", ""},
        {"مقتل 3 وإصابة 10", "3 = killed 3 3 3; 10 = injured 10 10 10"},
        {"فقد وصل 3 أشخاص", "3 أشخاص = people 3 3 3"},
        {"إصابة 4 مدنيين", "4 مدنيين = injured 4 4 4"},
        {"executed 3 airstrikes", ""},
        {"executed 3 soldiers", "3 soldiers = killed 3 3 3"},
        {"إصابة 15 منزلا", ""},
        {"قتل في القصف 5 مدنيين", "5 مدنيين = killed 5 5 5"},
        {"نزح 40 ألف شخص", "40 ألف شخص = displaced 40000 40000 40000"},
        {"1400 جرافة", ""},
        {"10 قتلى على الأقل", "10 قتلى على الأقل = killed 10 -1 -1"},
        {"10% من السكان", ""},
        {"خمسة ملايين لاجئ", "خمسة ملايين لاجئ = displaced 5000000 5000000 5000000"},
        {"مقتل 4 بينهم طفل", "4 = killed 4 4 4"},
        {"وفاة 12 شخصًا وجرح ٤٥ آخرين", "12 شخصًا = killed 12 12 12; ٤٥ = injured 45 45 45"},
        {"وفاة \"5\" آلاف شخص", "5\" آلاف شخص = killed 5000 5000 5000"},
        {"اعتقال 30 شخصا", "30 شخصا = detained 30 30 30"},
        {"حصيلة القتلى 98", "98 = killed 98 98 98"},
        {"ارتفع عدد القتلى إلى 30", "30 = killed 30 30 30"},
        {"أكثر من 5.5 ملايين سوري فروا من البلاد", "أكثر من 5.5 ملايين سوري فروا = displaced 5500000 -1 -1"},
        {"نحو أربعة ملايين من سكانه", "نحو أربعة ملايين من سكانه = people -1 4000000 -1"},
        {"مليونا لاجئ", "مليونا لاجئ = displaced 2000000 2000000 2000000"},
        {"أحد عشر مليونا من السكان", "أحد عشر مليونا من السكان = people 11000000 11000000 11000000"},
        {"مئات الجرحى", "مئات الجرحى = injured 200 -1 -1"},
        {"360,000 people", "360,000 people = people 360000 360000 360000"},
        {"at least twenty-one people were killed", "at least twenty-one people were killed = killed 21 -1 -1"},
        {"dozens wounded", "dozens wounded = injured 20 -1 -1"},
        {"killed 21 people and wounded 40", "21 people = killed 21 21 21; 40 = injured 40 40 40"},
        {"21 killed and 40 wounded", "21 killed = killed 21 21 21; 40 wounded = injured 40 40 40"},
        {"At least 21 people were killed and dozens wounded",
         "At least 21 people were killed = killed 21 -1 -1; dozens wounded = injured 20 -1 -1"},
        {"killed at least 21 people, injuring 40", "at least 21 people = killed 21 -1 -1; 40 = injured 40 40 40"},
        {"two hundred and five people died", "two hundred and five people died = killed 205 205 205"},
        {"one hundred twenty-five dead", "one hundred twenty-five dead = killed 125 125 125"},
        {"tens of thousands of displaced", "tens of thousands of displaced = displaced 20000 -1 -1"},
        {"up to 300 refugees", "up to 300 refugees = displaced -1 -1 300"},
        {"between 10 and 20 civilians were killed", "between 10 and 20 civilians were killed = killed 10 -1 20"},
        {"two soldiers died", "two soldiers died = killed 2 2 2"},
        {"one person was killed", "one person was killed = killed 1 1 1"},
        {"some 2,000 troops", "some 2,000 troops = people -1 2000 -1"},
        {"a dozen people were wounded", "a dozen people were wounded = injured 12 12 12"},
        {"15 innocent Syrian civilians were killed", "15 innocent Syrian civilians were killed = killed 15 15 15"},
        {"hundreds of people were detained", "hundreds of people were detained = detained 200 -1 -1"},
        {"more than a million people fled", "more than a million people fled = displaced 1000000 -1 -1"},
        {"three million people", "three million people = people 3000000 3000000 3000000"},
        {"30 missing", "30 missing = missing 30 30 30"},
        {"death toll rose to 45", "45 = killed 45 45 45"},
        {"killing 90 soldiers and wounding more than 100 others",
         "90 soldiers = killed 90 90 90; more than 100 others = injured 100 -1 -1"},
        {"12 rockets were fired", ""},
        {"in 2016, killed", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char found[512];
        render_counts(found, sizeof found, cases[i].text);
        CHECK_STRING(found, cases[i].found);
    }
}

static void the_word_of_harm_is_told(void)
{
    struct prepared prepared;
    struct count_list list = {0};
    const char *text = "\xd9\x88\xd9\x82\xd8\xaa\xd9\x84 3 \xd8\xac\xd9\x86\xd9\x88\xd8\xaf"; /* وقتل 3 جنود */
    CHECK(prepare(&prepared, slice_from(text)));
    CHECK(counts_find(&list, &prepared.tokens, &prepared.arena, NULL) == STATUS_DONE);
    CHECK_INT(list.size, 1);
    if (list.size == 1) {
        CHECK_INT(list.count[0].cue_start, 2); /* without the و */
        CHECK_INT(list.count[0].cue_end, 8);
        CHECK_INT(list.count[0].start, 9);
        CHECK_INT(list.count[0].end, strlen(text));
    }
    discard(&prepared);
}

TESTS(counts_are_found_with_their_bounds, the_word_of_harm_is_told)
