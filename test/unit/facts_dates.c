/* Dates out of texts: everything that is found in each text, and nothing else. `words = stated > value or other
 * doubts`, with the calendar and the kind before them where they are not Gregorian and stated. */
#include "check.h"
#include "facts.h"
#include "text/hijri.h"

#define TODAY "2016-10-04"

static void render_dates(char *out, size_t size, const char *text, const char *published)
{
    enum date_doubt bit;
    struct prepared prepared;
    struct date_list list = {0};
    struct buffer line = {0};
    CHECK(prepare(&prepared, slice_from(text)));
    CHECK(dates_find(&list, &prepared.tokens, day_of_text(published), &prepared.arena, NULL) == STATUS_DONE);
    for (size_t i = 0; i < list.count; i++) {
        const struct found_date *date = &list.date[i];
        buffer_print(&line, "%s%.*s = ", i > 0 ? "; " : "", (int)(date->end - date->start), text + date->start);
        if (date->calendar != DATE_GREGORIAN) buffer_print(&line, "hijri ");
        if (date->kind != DATE_STATED) buffer_print(&line, "%s ", date_kind_name(date->kind));
        buffer_print(&line, "%s%s> %s", date->stated, date->stated[0] != '\0' ? " " : "", date->value);
        if (date->other[0] != '\0') buffer_print(&line, " or %s", date->other);
        for (size_t k = 0; date_doubt_name(k, &bit) != NULL; k++)
            if ((date->doubts & bit) != 0) buffer_print(&line, " %s", date_doubt_name(k, &bit));
        if (date->certain) buffer_print(&line, " certain");
    }
    snprintf(out, size, "%.*s", SLICE(buffer_slice(&line)));
    buffer_clear(&line);
    discard(&prepared);
}

static void dates_are_found_with_their_values(void)
{
    static const struct {
        const char *text, *published, *found;
    } cases[] = {
        {"٩ أيلول/سبتمبر 2016", TODAY, "٩ أيلول/سبتمبر 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"٩ سبتمبر ٢٠١٦", TODAY, "٩ سبتمبر ٢٠١٦ = 2016-09-09 > 2016-09-09 certain"},
        {"في 9 أيلول (سبتمبر) 2016 وقع", TODAY, "9 أيلول (سبتمبر) 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"9 أيلول - سبتمبر 2016", TODAY, "9 أيلول - سبتمبر 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"9 أيلول/أكتوبر 2016", TODAY,
         "9 أيلول = --09-09 > 2016-09-09 no-year; أكتوبر 2016 = 2016-10 > 2016-10 certain"},
        {"التاسع من سبتمبر", TODAY, "التاسع من سبتمبر = --09-09 > 2016-09-09 no-year"},
        {"التاسع والعشرين من أيلول 2016", TODAY, "التاسع والعشرين من أيلول 2016 = 2016-09-29 > 2016-09-29 certain"},
        {"الحادي عشر من سبتمبر 2001", TODAY, "الحادي عشر من سبتمبر 2001 = 2001-09-11 > 2001-09-11 certain"},
        {"الأول من تشرين الأول", TODAY, "الأول من تشرين الأول = --10-01 > 2016-10-01 no-year"},
        {"الثاني من تشرين الثاني عام 2015", TODAY, "الثاني من تشرين الثاني عام 2015 = 2015-11-02 > 2015-11-02 certain"},
        {"يوم الجمعة 9 سبتمبر 2016", TODAY, "الجمعة 9 سبتمبر 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"يوم الجمعة 10 سبتمبر 2016", TODAY, "الجمعة 10 سبتمبر 2016 = 2016-09-10 > 2016-09-10 or 2016-09-09 weekday"},
        {"الجمعة، 9 سبتمبر", TODAY, "الجمعة، 9 سبتمبر = --09-09 > 2016-09-09 no-year"},
        {"الاثنين الماضي", TODAY, "الاثنين الماضي = relative > 2016-10-03 nearest"},
        {"الأربعاء المقبل", TODAY, "الأربعاء المقبل = relative > 2016-10-05 nearest"},
        {"يحتفل الأربعاء بالذكرى", TODAY, "الأربعاء = relative > 2016-09-28 nearest"},
        {"أول أمس", TODAY, "أول أمس = relative > 2016-10-02 certain"},
        {"أمس الأول الأحد", TODAY, "أمس الأول الأحد = relative > 2016-10-02 certain"},
        {"أمس الأحد", TODAY, "أمس الأحد = relative > 2016-10-03 or 2016-10-02 weekday"},
        {"أمس الاثنين", NULL, "أمس الاثنين = relative > "},
        {"أمس", NULL, "أمس = relative > "},
        {"غدا الأربعاء", TODAY, "غدا الأربعاء = relative > 2016-10-05 certain"},
        {"اليوم الأحد", "2012-07-29", "اليوم الأحد = relative > 2012-07-29 certain"},
        {"اليوم الاثنين", TODAY, "اليوم الاثنين = relative > 2016-10-04 or 2016-10-03 weekday"},
        {"وأمس الاثنين", TODAY, "أمس الاثنين = relative > 2016-10-03 certain"},
        {"بالأمس", TODAY, "الأمس = relative > 2016-10-03 certain"},
        {"لامس الخبير الموضوع", TODAY, ""},
        {"9 محرم 1438هـ", TODAY, "9 محرم 1438هـ = hijri 1438-01-09 > 2016-10-10 certain"},
        {"9 محرم 1438 هـ الموافق 10 أكتوبر 2016", TODAY,
         "9 محرم 1438 هـ = hijri 1438-01-09 > 2016-10-10 certain; 10 أكتوبر 2016 = 2016-10-10 > 2016-10-10 certain"},
        {"شهر رمضان 1437 هجرية", TODAY, "رمضان 1437 هجرية = hijri 1437-09 > "},
        {"10 ذي الحجة", TODAY, "10 ذي الحجة = hijri --12-10 > 2016-09-11 no-year"},
        {"10 ذي الحجة", NULL, "10 ذي الحجة = hijri --12-10 >  no-year"},
        {"30 صفر 1438هـ", TODAY, "30 صفر 1438هـ = hijri 1438-02-30 >  absent"},
        {"1 محرم 2016", TODAY, "1 محرم = hijri --01-01 > 2016-10-02 no-year"},
        {"صفر خسائر", TODAY, ""},
        {"عام 2011", TODAY, "2011 = 2011 > 2011 certain"},
        {"عام 2011م", TODAY, "2011م = 2011 > 2011 certain"},
        {"سنة 1438 هجرية", TODAY, "1438 هجرية = hijri 1438 > "},
        {"1438هـ", TODAY, "1438هـ = hijri 1438 > "},
        {"في 2011 قرية", TODAY, ""},
        {"مارس ضغوطا", TODAY, ""},
        {"في مارس 2011", TODAY, "مارس 2011 = 2011-03 > 2011-03 certain"},
        {"شهر مارس الماضي", TODAY, "مارس الماضي = --03 > 2016-03 no-year"},
        {"12 جويلية 2016", TODAY, "12 جويلية 2016 = 2016-07-12 > 2016-07-12 certain"},
        {"3 جانفي 2016", TODAY, "3 جانفي 2016 = 2016-01-03 > 2016-01-03 certain"},
        {"14 فيفري", TODAY, "14 فيفري = --02-14 > 2016-02-14 no-year"},
        {"15 أوت", TODAY, "15 أوت = --08-15 > 2016-08-15 no-year"},
        {"5 ماي 2016", TODAY, "5 ماي 2016 = 2016-05-05 > 2016-05-05 certain"},
        {"4 جوان 2016", TODAY, "4 جوان 2016 = 2016-06-04 > 2016-06-04 certain"},
        {"20 غشت 2016", TODAY, "20 غشت 2016 = 2016-08-20 > 2016-08-20 certain"},
        {"17 يونيه", TODAY, "17 يونيه = --06-17 > 2016-06-17 no-year"},
        {"9 و10 سبتمبر", TODAY, "9 = --09-09 > 2016-09-09 no-year; 10 سبتمبر = --09-10 > 2016-09-10 no-year"},
        {"9-12 سبتمبر 2016", TODAY,
         "9 = 2016-09-09 > 2016-09-09 certain; 12 سبتمبر 2016 = 2016-09-12 > 2016-09-12 certain"},
        {"من 9 إلى 12 سبتمبر", TODAY, "9 = --09-09 > 2016-09-09 no-year; 12 سبتمبر = --09-12 > 2016-09-12 no-year"},
        {"9/9/2016", TODAY, "9/9/2016 = 2016-09-09 > 2016-09-09 certain"},
        {"9/10/2016", TODAY, "9/10/2016 = 2016-10-09 > 2016-10-09 or 2016-09-10 order"},
        {"19/9/2016", TODAY, "19/9/2016 = 2016-09-19 > 2016-09-19 certain"},
        {"9/19/2016", TODAY, "9/19/2016 = 2016-09-19 > 2016-09-19 certain"},
        {"2016/9/9", TODAY, "2016/9/9 = 2016-09-09 > 2016-09-09 certain"},
        {"2016-09-09", TODAY, "2016-09-09 = 2016-09-09 > 2016-09-09 certain"},
        {"16-09-09", TODAY, ""},
        {"31/2/2016", TODAY, "31/2/2016 = 2016-02-31 >  absent"},
        {"30 فبراير 2016", TODAY, "30 فبراير 2016 = 2016-02-30 >  absent"},
        {"29 فبراير 2015", TODAY, "29 فبراير 2015 = 2015-02-29 >  absent"},
        {"9.9.2016", TODAY, "9.9.2016 = 2016-09-09 > 2016-09-09 certain"},
        {"1.9 سبتمبر", TODAY, "سبتمبر = --09 > 2016-09 no-year"},
        {"29 شباط/فبراير", TODAY, "29 شباط/فبراير = --02-29 > 2016-02-29 no-year"},
        {"كانون الأول/ديسمبر المقبل", TODAY, "كانون الأول/ديسمبر المقبل = --12 > 2016-12 no-year"},
        {"ديسمبر الماضي", "2014-07-09", "ديسمبر الماضي = --12 > 2013-12 no-year"},
        {"الشهر الماضي", TODAY, "الشهر الماضي = relative > 2016-09 certain"},
        {"الشهر الجاري", TODAY, "الشهر الجاري = relative > 2016-10 certain"},
        {"العام المقبل", TODAY, "العام المقبل = relative > 2017 certain"},
        {"الأسبوع الماضي", TODAY, "الأسبوع الماضي = vague > "},
        {"قبل ثلاثة أيام", TODAY, "قبل ثلاثة أيام = relative > 2016-10-01 certain"},
        {"قبل يومين", TODAY, "قبل يومين = relative > 2016-10-02 certain"},
        {"منذ نحو سبعة أشهر", TODAY, "منذ نحو سبعة أشهر = vague > "},
        {"الساعات الأربع والعشرين الماضية", TODAY, "الساعات الأربع والعشرين الماضية = vague > "},
        {"خلال الأيام العشرة المقبلة", TODAY, "الأيام العشرة المقبلة = vague > "},
        {"خلال الايام القليلة الماضية", TODAY, "الايام القليلة الماضية = vague > "},
        {"خلال أسابيع", TODAY, "خلال أسابيع = vague > "},
        {"في غضون أسبوع", TODAY, "في غضون أسبوع = vague > "},
        {"في اليوم التالي", TODAY, "اليوم التالي = vague > "},
        {"خلال الـ24 ساعة الماضية", TODAY, "الـ24 ساعة الماضية = vague > "},
        {"بين أيلول/سبتمبر وتشرين الأول/أكتوبر", TODAY,
         "أيلول/سبتمبر = --09 > 2016-09 no-year; تشرين الأول/أكتوبر = --10 > 2016-10 no-year"},
        {"في آب", TODAY, "آب = --08 > 2016-08 no-year"},
        {"قال آب", TODAY, ""},
        {"9 كانون الثاني يناير 2016", TODAY, "9 كانون الثاني يناير 2016 = 2016-01-09 > 2016-01-09 certain"},
        {"أيلول (سبتمبر) الماضي", TODAY, "أيلول (سبتمبر) الماضي = --09 > 2016-09 no-year"},
        {"9 أيلول\n\nسبتمبر", TODAY, "9 أيلول = --09-09 > 2016-09-09 no-year; سبتمبر = --09 > 2016-09 no-year"},
        {"9 سبتمبر المقبل", TODAY, "9 سبتمبر المقبل = --09-09 > 2017-09-09 no-year"},
        {"5 تشرين الأول الماضي", TODAY, "5 تشرين الأول الماضي = --10-05 > 2015-10-05 no-year"},
        {"في رمضان", "2024-03-20", "رمضان = hijri --09 > "},
        {"ففي غضون يومين", TODAY, "في غضون يومين = vague > "},
        {"خلال الساعات الـ48 الماضية", TODAY, "الساعات الـ48 الماضية = vague > "},
        {"تشرين الأول الماضي", TODAY, "تشرين الأول الماضي = --10 > 2015-10 no-year"},
        {"Sat with them", TODAY, ""},
        {"in may talks", TODAY, ""},
        {"قبل ثلاثة أيام من الهجوم", TODAY, "قبل ثلاثة أيام = vague > "},
        {"9 May, since 2014", TODAY, "9 May = --05-09 > 2016-05-09 no-year; 2014 = 2014 > 2014 certain"},
        {"9 سبتمبر من عام 2016", TODAY, "9 سبتمبر من عام 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"9 أيلول سنة 2016م", TODAY, "9 أيلول سنة 2016م = 2016-09-09 > 2016-09-09 certain"},
        {"كل يوم", TODAY, ""},
        {"منذ عام 2011", TODAY, "2011 = 2011 > 2011 certain"},
        {"9 September 2016", TODAY, "9 September 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"9 September 2016", NULL, "9 September 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"September 9, 2016", TODAY, "September 9, 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"September 9, 20 people", TODAY, "September 9 = --09-09 > 2016-09-09 no-year"},
        {"Sept. 9", TODAY, "Sept. 9 = --09-09 > 2016-09-09 no-year"},
        {"9 Sep", TODAY, "9 Sep = --09-09 > 2016-09-09 no-year"},
        {"Sep 9th", TODAY, "Sep 9th = --09-09 > 2016-09-09 no-year"},
        {"the ninth of September 2016", TODAY, "ninth of September 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"twenty-first of June", TODAY, "twenty-first of June = --06-21 > 2016-06-21 no-year"},
        {"Friday, September 9, 2016", TODAY, "Friday, September 9, 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"Friday, 9 September 2016", TODAY, "Friday, 9 September 2016 = 2016-09-09 > 2016-09-09 certain"},
        {"Thursday 9 September 2016", TODAY,
         "Thursday 9 September 2016 = 2016-09-09 > 2016-09-09 or 2016-09-08 weekday"},
        {"on Saturday", TODAY, "Saturday = relative > 2016-10-01 nearest"},
        {"on Saturday", NULL, "Saturday = relative >  nearest"},
        {"last Saturday", TODAY, "last Saturday = relative > 2016-10-01 nearest"},
        {"next Friday", TODAY, "next Friday = relative > 2016-10-07 nearest"},
        {"last week", TODAY, "last week = vague > "},
        {"last month", TODAY, "last month = relative > 2016-09 certain"},
        {"next year", TODAY, "next year = relative > 2017 certain"},
        {"in recent days", TODAY, "recent days = vague > "},
        {"three days ago", TODAY, "three days ago = relative > 2016-10-01 certain"},
        {"two weeks ago", TODAY, "two weeks ago = vague > "},
        {"within hours", TODAY, "within hours = vague > "},
        {"in May", TODAY, "May = --05 > 2016-05 no-year"},
        {"may go", TODAY, ""},
        {"they may march in March", TODAY, "March = --03 > 2016-03 no-year"},
        {"May 2016", TODAY, "May 2016 = 2016-05 > 2016-05 certain"},
        {"the march of May", TODAY, "May = --05 > 2016-05 no-year"},
        {"in 2011", TODAY, "2011 = 2011 > 2011 certain"},
        {"since 2011, when", TODAY, "2011 = 2011 > 2011 certain"},
        {"in 2011 people", TODAY, ""},
        {"10-12 September 2016", TODAY,
         "10 = 2016-09-10 > 2016-09-10 certain; 12 September 2016 = 2016-09-12 > 2016-09-12 certain"},
        {"9 and 10 September", TODAY, "9 = --09-09 > 2016-09-09 no-year; 10 September = --09-10 > 2016-09-10 no-year"},
        {"yesterday", TODAY, "yesterday = relative > 2016-10-03 certain"},
        {"yesterday", NULL, "yesterday = relative > "},
        {"the day before yesterday", TODAY, "the day before yesterday = relative > 2016-10-02 certain"},
        {"the next day", TODAY, "the next day = vague > "},
        {"1 Muharram 1438 AH", TODAY, "1 Muharram 1438 AH = hijri 1438-01-01 > 2016-10-02 certain"},
        {"31 December", TODAY, "31 December = --12-31 > 2016-12-31 no-year"},
        {"5 January", TODAY, "5 January = --01-05 > 2016-01-05 no-year"},
        {"6 January", TODAY, "6 January = --01-06 > 2016-01-06 no-year"},
        {"9 September", NULL, "9 September = --09-09 > --09-09 no-year"},
        {"1 Jan", TODAY, "1 Jan = --01-01 > 2017-01-01 no-year"},
        {"over the past three months", TODAY, "past three months = vague > "},
        {"Sun 9 Oct", TODAY, "Sun 9 Oct = --10-09 > 2016-10-09 no-year"},
        {"the sun sat", TODAY, ""},
        {"يوم 9سبتمبر", TODAY, "9سبتمبر = --09-09 > 2016-09-09 no-year"},
        {"مطلع أيلول", TODAY, "أيلول = --09 > 2016-09 no-year"},
        {"أَمْسِ الاثنيـن", TODAY, "أَمْسِ الاثنيـن = relative > 2016-10-03 certain"},
        {"version 1.9.2016.4", TODAY, ""},
        {"10% in 2011", TODAY, "2011 = 2011 > 2011 certain"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char found[512];
        render_dates(found, sizeof found, cases[i].text, cases[i].published);
        CHECK_STRING(found, cases[i].found);
    }
}

static int64_t hijri_year(int64_t days)
{
    struct hijri date;
    return hijri_of(days, &date) ? date.year : 0;
}

/* First days of months by the calendar of Umm al-Qura as it is published. */
static void hijri_days_are_those_of_umm_al_qura(void)
{
    static const struct {
        int year, month, day;
        const char *gregorian;
    } cases[] = {
        {1438, 1, 1, "2016-10-02"}, {1437, 9, 1, "2016-06-06"}, {1440, 1, 1, "2018-09-11"},
        {1442, 1, 1, "2020-08-20"}, {1445, 9, 1, "2024-03-11"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t days = 0;
        CHECK(hijri_days(&days, cases[i].year, cases[i].month, cases[i].day));
        CHECK_INT(days, day_of_text(cases[i].gregorian).days);
        CHECK_INT(hijri_year(days), cases[i].year);
        CHECK_INT(hijri_year(days - 1), cases[i].day == 1 && cases[i].month == 1 ? cases[i].year - 1 : cases[i].year);
    }
    int64_t days;
    CHECK(!hijri_days(&days, 1299, 1, 1));
    CHECK(!hijri_days(&days, 1601, 1, 1));
    CHECK(!hijri_days(&days, 1438, 13, 1));
    CHECK(!hijri_days(&days, 1438, 1, 31));
    CHECK(!hijri_days(&days, 1438, 2, 30));
    CHECK_INT(hijri_year(-100000), 0);
}

TESTS(dates_are_found_with_their_values, hijri_days_are_those_of_umm_al_qura)
