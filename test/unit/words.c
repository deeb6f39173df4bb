/* What a text is found by: forms, words run together, keys; phrases in texts; names in two spellings. The rules are
 * those of spec/text.md, in its order. */
#include "check.h"
#include "text/names.h"
#include "text/seek.h"
#include "text/utf8.h"

/* ---- words, forms and cuts as text: "a|b" for a cut, forms with spaces between */

static const char *text_of(struct buffer *out)
{
    buffer_put_byte(out, '\0');
    return (const char *)out->data;
}

static const char *words_in(const char *text)
{
    static struct buffer out;
    OWN(words_clear) struct words words = {0};
    buffer_reset(&out);
    CHECK(words_take(&words, slice_from(text), NULL) == STATUS_DONE);
    for (size_t i = 0; i < words.count; i++) {
        struct word word = words_at(&words, i);
        if (i > 0) buffer_put_byte(&out, word.gap == WORD_GAP_HYPHEN ? '-' : ' ');
        buffer_put(&out, words_slice(&words, word.from, word.to));
    }
    return text_of(&out);
}

/* The pieces of the text's first word. */
static const char *cut(const char *text)
{
    static struct buffer out;
    OWN(words_clear) struct words words = {0};
    struct word_piece pieces[WORD_PIECES_MOST];
    buffer_reset(&out);
    CHECK(words_take(&words, slice_from(text), NULL) == STATUS_DONE);
    size_t count = words_cut(&words, 0, pieces);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buffer_put_byte(&out, '|');
        buffer_put(&out, words_slice(&words, pieces[i].from, pieces[i].to));
    }
    return text_of(&out);
}

/* The forms of the text's first word, without itself. */
static const char *forms(const char *text)
{
    static struct buffer out;
    OWN(words_clear) struct words words = {0};
    struct word_form list[WORD_FORMS_MOST];
    buffer_reset(&out);
    CHECK(words_take(&words, slice_from(text), NULL) == STATUS_DONE);
    struct word word = words_at(&words, 0);
    size_t count = words_forms(&words, (struct word_piece){word.from, word.to}, list);
    for (size_t i = 1; i < count; i++) {
        if (i > 1) buffer_put_byte(&out, ' ');
        if (list[i].article) buffer_put_string(&out, "ا");
        buffer_put(&out, words_slice(&words, list[i].from, word.to));
    }
    return text_of(&out);
}

static const char *key(const char *word)
{
    static struct buffer out;
    OWN(words_clear) struct words words = {0}; /* for the words that it knows */
    buffer_reset(&out);
    CHECK(words_take(&words, slice_from(""), NULL) == STATUS_DONE);
    word_put_key(&out, slice_from(word));
    return text_of(&out);
}

static const char *terms(const char *text)
{
    static struct buffer out;
    OWN(words_clear) struct words words = {0};
    buffer_reset(&out);
    CHECK(words_take(&words, slice_from(text), NULL) == STATUS_DONE);
    CHECK(words_put_terms(&words, &out, NULL) == STATUS_DONE);
    return text_of(&out);
}

/* The matches as they stand in the text, with slashes between. */
static enum status put_match(void *context, size_t from, size_t to, struct error *error)
{
    struct buffer *out = context;
    (void)error;
    if (out->size > 0) buffer_put_byte(out, '/');
    buffer_print(out, "%zu-%zu", from, to);
    return STATUS_DONE;
}
struct places {
    struct slice text;
    struct buffer *out;
};
static enum status put_text(void *context, size_t from, size_t to, struct error *error)
{
    struct places *places = context;
    (void)error;
    if (places->out->size > 0) buffer_put_byte(places->out, '/');
    buffer_put(places->out, slice_part(places->text, from, to - from));
    return STATUS_DONE;
}
static const char *sought(const char *phrase, const char *text)
{
    static struct buffer out;
    OWN(seek_clear) struct seek seek = {0};
    OWN(words_clear) struct words words = {0};
    struct places places = {slice_from(text), &out};
    buffer_reset(&out);
    CHECK(seek_compile(&seek, slice_from(phrase), NULL) == STATUS_DONE);
    CHECK(seek_all(&seek, &words, slice_from(text), put_text, &places, NULL) == STATUS_DONE);
    return text_of(&out);
}

/* ---- words */

static void words_end_at_separators(void)
{
    CHECK_STRING(words_in("«Aleppo», road; حلب، ٣٠٠ متر"), "aleppo road حلب 300 متر");
    CHECK_STRING(words_in("war-wracked U.S. -x- well - done"), "war-wracked u-s x well done");
    CHECK_STRING(words_in("Syria's army, the armies' own"), "syria army the armies own");
    CHECK_STRING(words_in("x's's's y"), "x s y");
    CHECK_STRING(words_in(" \n…"), "");
}

/* ---- forms */

static void what_stands_before_a_word_is_no_part_of_it(void)
{
    CHECK_STRING(forms("وبالولايات"), "بالولايات الولايات ولايات");
    CHECK_STRING(forms("للولايات"), "الولايات ولايات");
    CHECK_STRING(forms("وللولايات"), "للولايات الولايات ولايات");
    CHECK_STRING(forms("الولايات"), "ولايات");
    CHECK_STRING(forms("فبموسكو"), "بموسكو موسكو");
    CHECK_STRING(forms("كالمعارضة"), "المعارضه معارضه");
    CHECK_STRING(forms("ووزير"), "وزير");
    CHECK_STRING(forms("لباريس"), "باريس");
    CHECK_STRING(forms("للجنة"), "اللجنه لجنه");
    CHECK_STRING(forms("للبنان"), "اللبنان لبنان");
}

static void what_only_looks_so_stays(void)
{
    static const char *const kept[] = {"واشنطن", "بكين",     "بيروت",    "بغداد",   "باريس", "لندن",  "لبنان", "ليبيا",
                                       "كيري",   "كيربي",    "فرنسا",    "فلسطين",  "فيينا", "وزير",  "وفد",   "وكالة",
                                       "كوريا",  "بريطانيا", "وزارة",    "كان",     "بيان",  "بعد",   "كل",    "وال",
                                       "ورق",    "ألغام",    "التزامات", "ألمانيا", "إلغاء", "آليات", "ألقاب"};
    for (size_t i = 0; i < COUNT_OF(kept); i++) CHECK_STRING(forms(kept[i]), "");
    /* Long enough to be a word must be what is left. */
    CHECK_STRING(forms("وحلب"), "حلب");
    CHECK_STRING(forms("بيد"), "");
}

/* ---- words run together */

static void words_run_together_are_cut(void)
{
    static const char *const cuts[][2] = {
        {"الولاياتالمتحدة", "الولايات|المتحده"},
        {"موسكووواشنطن", "موسكو|وواشنطن"},
        {"موسكوحتى", "موسكو|حتي"},
        {"9سبتمبر", "9|سبتمبر"},
        {"أبوابالعودة", "ابواب|العوده"},
        {"منالبلادالتي", "من|البلاد|التي"},
        {"سيرالحياة", "سير|الحياه"},
        {"المُعلمبإن وقال المعلم", "المعلم|بان"},
        {"وزارةالخارجية", "وزاره|الخارجيه"},
        {"القاهرةوأنقرة", "القاهره|وانقره"},
        {"حلبوحمص", "حلب|وحمص"},
        {"فيسوريا", "في|سوريا"},
        {"كيريقال", "كيري|قال"},
        {"شاحنةمحملة", "شاحنه|محمله"},
        {"مستشفىميداني", "مستشفي|ميداني"},
        {"قناةSky", "قناه|sky"},
        {"2016م", "2016|م"},
        {"ceasefires", "cease|fires"},
        {"عبدالله", "عبد|الله"},
        {"مفوضسوريا", "مفوض|سوريا"},
        {"وفدالمنظمات", "وفد|المنظمات"},
        {"العراقواساءة", "العراق|واساءه"},
        {"وليدالمعلم", "وليد|المعلم"},
        {"فيغزة", "في|غزه"},
        {"لوقفاطلاق", "لوقف|اطلاق"},
        {"قطاعغزة", "قطاع|غزه"},
        {"بتخفيفالعقوبات", "بتخفيف|العقوبات"},
        {"غريفيثدوجاريك دوجاريك غريفيث", "غريفيث|دوجاريك"}, /* it stands in the text */
    };
    for (size_t i = 0; i < COUNT_OF(cuts); i++) CHECK_STRING(cut(cuts[i][0]), cuts[i][1]);
}

static void words_that_only_hold_others_are_not_cut(void)
{
    static const char *const whole[] = {"استخدام خدام",
                                        "كيربي كير كيري",
                                        "عنوان وان عن",
                                        "منظمة ظمة من",
                                        "البرتغالية",
                                        "استقلالية",
                                        "معالجة مع",
                                        "شمالية شم",
                                        "طالبان طالب",
                                        "اليمن من إلى",
                                        "احتمالاتها تهم",
                                        "اتصالاتهم اتهم",
                                        "الطالباني",
                                        "الباليستية",
                                        "انتقال أنت قال",
                                        "معارضة أرضه مع",
                                        "منقولة قوله",
                                        "عملياتي عمل يأتي",
                                        "الصحفي الصح",
                                        "احتمالية إليه",
                                        "معاليها إليها",
                                        "الرأسمالية",
                                        "احتفالان الآن",
                                        "عندما",
                                        "يمددانها أنها يمدد",
                                        "كاتالونيا",
                                        "شيءيء",
                                        "شىء",
                                        "3f2a91c0",
                                        "ديبالتسيفي",
                                        "بحالتهم",
                                        "لدىهم",
                                        "المشاركان المشار",
                                        "بالإعلان",
                                        "سوريون",
                                        "لبنانوفر",
                                        "مصروفات",
                                        "الجيران إيران",
                                        "معالجتهم"};
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        const char *got = cut(whole[i]);
        if (!CHECK(strchr(got, '|') == NULL)) fprintf(stderr, "    %s\n", got);
    }
}

static void a_long_word_is_one(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    for (int i = 0; i < 8; i++) buffer_put_string(&text, "موسكو");
    CHECK(strchr(cut(text_of(&text)), '|') != NULL); /* 40 letters */
    text.size--;
    for (int i = 8; i < 60; i++) {
        buffer_put_string(&text, "موسكو");
        CHECK(strchr(cut(text_of(&text)), '|') == NULL);
        text.size--;
    }
}

/* ---- keys and terms */

static void english_has_a_singular(void)
{
    static const char *const same[][2] = {{"attacks", "attack"}, {"armies", "army"},     {"convoys", "convoy"},
                                          {"buses", "bus"},      {"churches", "church"}, {"clashes", "clash"},
                                          {"houses", "house"},   {"boxes", "box"},       {"states", "state"},
                                          {"causes", "cause"},   {"sizes", "size"},      {"processes", "process"}};
    static const char *const other[][2] = {{"process", "proces"}, {"crisis", "crisi"}, {"damascus", "damascu"},
                                           {"news", "new"},       {"gas", "ga"},       {"us", "u"}};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        char first[32];
        snprintf(first, sizeof first, "%s", key(same[i][0]));
        CHECK_STRING(key(same[i][1]), first);
    }
    for (size_t i = 0; i < COUNT_OF(other); i++) {
        char first[32];
        snprintf(first, sizeof first, "%s", key(other[i][0]));
        CHECK(strcmp(key(other[i][1]), first) != 0);
    }
    CHECK_STRING(key("حلبs"), "حلبs");
}

static void each_term_is_stored_once(void)
{
    CHECK_STRING(terms("وحلب حلب، وحلب"), "وحلب حلب حلب");
    CHECK_STRING(terms("الولاياتالمتحدة"), "الولاياتالمتحده ولاياتالمتحده الولايات ولايات المتحده متحده");
    CHECK_STRING(terms("cease-fire"), "ceas fire ceasefire");
    CHECK_STRING(terms("للولايات"), "للولايات الولايات ولايات");
}

/* ---- phrases */

static void a_phrase_is_found_where_its_words_stand_together(void)
{
    static const char *const cases[][3] = {
        {"الولايات المتحدة", "الولاياتالمتحدة للولايات المتحدة", "الولاياتالمتحدة/للولايات المتحدة"},
        {"الأممالمتحدة", "الأمم المتحدة", "الأمم المتحدة"},
        {"المتحدة", "الولاياتالمتحدة", "المتحدة"},
        {"موسكو وواشنطن", "أن موسكووواشنطن في", "موسكووواشنطن"},
        {"موسكو واشنطن", "موسكو وواشنطن", "موسكو وواشنطن"},
        {"واشنطن", "موسكووواشنطن", "واشنطن"},
        {"موسكو", "موسكووواشنطن", "موسكو"},
        {"وَقْفُ إطلاقِ النار", "وقف اطلاق النـــار", "وقف اطلاق النـــار"},
        {"9 سبتمبر", "يوم 9سبتمبر ويوم ٩ سبتمبر", "9سبتمبر/٩ سبتمبر"},
        {"cease fire", "ceasefire cease-fire Cease Fires", "ceasefire/cease-fire/Cease Fires"},
        {"ceasefire", "ceasefire cease-fire Cease Fires", "ceasefire/cease-fire/Cease Fires"},
        {"cease-fire", "ceasefire cease-fire Cease Fires", "ceasefire/cease-fire/Cease Fires"},
        {"us", "US, U.S. and u s", "US/U.S"},
        {"U.S.", "the US", "US"},
        {"syrian government", "the Syrian government's, Syrian-Government", "Syrian government/Syrian-Government"},
        {"unitedstates", "United States", "United States"},
        {"جون كيربي", "جونكيربي", "جونكيربي"},
        {"اليمن", "إلى من", ""},
        {"إلى من", "اليمن", ""},
        {"النار وقف", "وقف النار", ""},
        {"وقف النار", "وقف إطلاق النار", ""},
        {"كير", "كيري كيربي", ""},
        {"كيري", "كيربي", ""},
        {"خدام", "استخدام", ""},
        {"كين", "بكين وبكين", ""},
        {"اشنطن", "واشنطن وواشنطن", ""},
        {"قاهرة", "القاهرة", "قاهرة"},
        {"القاهرة", "قاهرة", ""},
        {"a a", "a a a a", "a a/a a"},
        {"غريفيث", "غريفيثأن", "غريفيث"}, /* what is looked for is known */
        {"country", "the countries", "countries"},
        {"convoys", "a convoy", "convoy"},
        {"9سبتمبر", "9 سبتمبر", "9 سبتمبر"},
        {"abc", "a-b-c", ""},
        {"ab", "a-b", "a-b"},
        {"الأممالمتحدة", "الأمم والمتحدة", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *got = sought(cases[i][0], cases[i][1]);
        if (!CHECK(strcmp(got, cases[i][2]) == 0)) fprintf(stderr, "    %s in %s: %s\n", cases[i][0], cases[i][1], got);
    }
}

static void places_are_bytes_of_the_text(void)
{
    static const char text[] = "\xef\xbb\xbf"
                               "x حَلَبُ، ﻻ";
    OWN(seek_clear) struct seek seek = {0};
    OWN(words_clear) struct words words = {0};
    OWN(buffer_clear) struct buffer out = {0};
    CHECK(seek_compile(&seek, slice_from("حلب"), NULL) == STATUS_DONE);
    CHECK(seek_all(&seek, &words, slice_from(text), put_match, &out, NULL) == STATUS_DONE);
    CHECK_STRING(text_of(&out), "5-17");
    buffer_reset(&out);
    CHECK(seek_compile(&seek, slice_from("لا"), NULL) == STATUS_DONE);
    CHECK(seek_all(&seek, &words, slice_from(text), put_match, &out, NULL) == STATUS_DONE);
    CHECK_STRING(text_of(&out), "20-23"); /* the ligature as a whole */
}

static void what_cannot_be_looked_for_is_refused(void)
{
    OWN(seek_clear) struct seek seek = {0};
    OWN(buffer_clear) struct buffer many = {0};
    struct error error;
    CHECK(seek_compile(&seek, slice_from(" ، "), &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "text-no-words");
    for (int i = 0; i < 33; i++) buffer_put_string(&many, "a ");
    CHECK(seek_compile(&seek, buffer_slice(&many), &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "text-query-words");
    for (int i = 0; i < 500; i++) buffer_put_string(&many, "a ");
    CHECK(seek_compile(&seek, buffer_slice(&many), &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "text-query-long");
    CHECK(seek_compile(&seek, slice_from("\xff"), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "text-utf8");
}

static void files_that_are_no_text_are_named(void)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *code;
        int64_t offset;
    } cases[] = {{"\xff\xfe"
                  "a",
                  3, "text-utf16", 0},
                 {"\xfe\xff", 2, "text-utf16", 0},
                 {"ab\0c", 4, "text-binary", 2},
                 {"abc\xc7\xe1", 5, "text-encoding", 3},
                 {"\xd8\xad\xd8", 3, "text-encoding", 2}};
    struct error error = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK(text_plain(slice_of(cases[i].bytes, cases[i].size), &error) == STATUS_REFUSED);
        CHECK_STRING(error.code, cases[i].code);
        CHECK_INT(error.offset, cases[i].offset);
    }
    CHECK(text_plain(slice_from("\xef\xbb\xbf"
                                "حلب\r\n\t"),
                     &error) == STATUS_DONE);
    CHECK(text_plain(slice_of("", 0), &error) == STATUS_DONE);
}

/* ---- names */

static void spellings_of_a_name_are_offered(void)
{
    CHECK(names_may_be_one(slice_from("ريابكوف"), slice_from("ريباكوف")));
    CHECK(names_may_be_one(slice_from("زاكاروفا"), slice_from("زاخاروفا")));
    CHECK(names_may_be_one(slice_from("غورباتشوف"), slice_from("جورباتشوف")));
    CHECK(names_may_be_one(slice_from("شوارتز"), slice_from("سوارتز")));
    CHECK(!names_may_be_one(slice_from("كيري"), slice_from("كيربي")));
    CHECK(!names_may_be_one(slice_from("كيري"), slice_from("كيري")));
    CHECK(!names_may_be_one(slice_from("كير"), slice_from("كري"))); /* too short to tell */
    CHECK(!names_may_be_one(slice_from("لافروف"), slice_from("لافروق")));
    CHECK(!names_may_be_one(slice_from("ريابكوف"), slice_from("رياكبفو"))); /* two swaps */
}

static const char *offered(const char *query, const char *text)
{
    static struct buffer out;
    OWN(words_clear) struct words words = {0}, asked = {0};
    struct places places = {slice_from(text), &out};
    buffer_reset(&out);
    CHECK(words_take(&words, slice_from(text), NULL) == STATUS_DONE);
    CHECK(words_take(&asked, slice_from(query), NULL) == STATUS_DONE);
    CHECK(names_offer(&words, &asked, put_text, &places, NULL) == STATUS_DONE);
    return text_of(&out);
}

static void a_text_offers_its_own_spellings(void)
{
    CHECK_STRING(offered("ريابكوف", "وأوضح ريباكوف، وريباكوف، ريابكوف"), "ريباكوف");
    CHECK_STRING(offered("سيرغي ريابكوف", "ريباكوف زاخاروفا"), "ريباكوف");
    CHECK_STRING(offered("كيري", "كيربي"), "");
    CHECK_STRING(offered("هدنة", "هندة"), ""); /* a common word is no name */
    CHECK_STRING(offered("هندة", "هدنة"), "");
}

TESTS(words_end_at_separators, what_stands_before_a_word_is_no_part_of_it, what_only_looks_so_stays,
      words_run_together_are_cut, words_that_only_hold_others_are_not_cut, a_long_word_is_one, english_has_a_singular,
      each_term_is_stored_once, a_phrase_is_found_where_its_words_stand_together, places_are_bytes_of_the_text,
      what_cannot_be_looked_for_is_refused, files_that_are_no_text_are_named, spellings_of_a_name_are_offered,
      a_text_offers_its_own_spellings)
