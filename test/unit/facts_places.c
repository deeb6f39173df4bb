/* Places out of texts: everything that is found in each text, and nothing else: `name = candidates`, * where a capital
 * is named and its state may be meant. */
#include "check.h"
#include "facts.h"

static void render_places(char *out, size_t size, const char *text)
{
    struct prepared prepared;
    struct place_list list = {0};
    struct buffer line = {0};
    const struct gazetteer *gazetteer = NULL;
    CHECK(prepare(&prepared, slice_from(text)));
    CHECK(gazetteer_builtin(&gazetteer, NULL) == STATUS_DONE);
    CHECK(places_find(&list, &prepared.tokens, gazetteer, &prepared.arena, NULL) == STATUS_DONE);
    for (size_t i = 0; i < list.size; i++) {
        const struct found_place *place = &list.place[i];
        buffer_print(&line, "%s%.*s =", i > 0 ? "; " : "", (int)(place->end - place->start), text + place->start);
        for (size_t k = 0; k < place->candidates; k++)
            buffer_print(&line, " %.*s%s", SLICE(place->candidate[k].place->id),
                         place->candidate[k].metonym ? "*" : "");
    }
    snprintf(out, size, "%.*s", SLICE(buffer_slice(&line)));
    buffer_clear(&line);
    discard(&prepared);
}

static void places_are_found_with_every_candidate(void)
{
    static const struct {
        const char *text, *found;
    } cases[] = {
        {"الولاياتالمتحدة", "الولاياتالمتحدة = us"},
        {"للولايات المتحدة", "لولايات المتحدة = us"},
        {"الولايات المتحدة الأمريكية", "الولايات المتحدة الأمريكية = us"},
        {"موسكووواشنطن", "موسكو = ru/moscow ru*; واشنطن = us/washington us*"},
        {"موسكوحتى", "موسكو = ru/moscow ru*"},
        {"موسكو وواشنطن", "موسكو = ru/moscow ru*; واشنطن = us/washington us*"},
        {"روسيا(اما", "روسيا = ru"},
        {"ولبنان وإيران", "لبنان = lb; إيران = ir"},
        {"بحلب", "حلب = sy/aleppo sy/aleppo-governorate"},
        {"وفي ريف حلب الغربي", "ريف حلب الغربي = sy/western-aleppo-countryside"},
        {"في ريف حلب", "ريف حلب = sy/aleppo-governorate"},
        {"ريف دمشق", "ريف دمشق = sy/rif-dimashq-governorate"},
        {"في صور", "صور = lb/tyre"},
        {"صور الضحايا", ""},
        {"دعم مالي", ""},
        {"في مالي", "مالي = ml"},
        {"مدينة الباب", "مدينة الباب = sy/al-bab"},
        {"فتح الباب", ""},
        {"دير الزور", "دير الزور = sy/deir-ez-zor sy/deir-ez-zor-governorate"},
        {"وديرالزور", "ديرالزور = sy/deir-ez-zor sy/deir-ez-zor-governorate"},
        {"الغوطة الشرقية", "الغوطة الشرقية = sy/eastern-ghouta"},
        {"معبر باب الهوى", "معبر باب الهوى = sy/bab-al-hawa"},
        {"قال حلبي", ""},
        {"مسقط رأسه", ""},
        {"العراقوسوريا", "العراق = iq; سوريا = sy"},
        {"القاهرةوالرياض", "القاهرة = eg/cairo eg*; الرياض = sa/riyadh sa*"},
        {"لليمن", "ليمن = ye"},
        {"طرابلس", "طرابلس = ly/tripoli lb/tripoli ly*"},
        {"حسكة", "حسكة = sy/hasakah sy/hasakah-governorate"},
        {"الحسكة", "الحسكة = sy/hasakah sy/hasakah-governorate"},
        {"كسرت", ""},
        {"أريحا", "أريحا = sy/ariha ps/jericho"},
        {"تونس", "تونس = tn tn/tunis"},
        {"الأممالمتحدة", ""},
        {"كوريا الشمالية", "كوريا الشمالية = kp"},
        {"جمهورية الكونغو الديمقراطية", "جمهورية الكونغو الديمقراطية = cd"},
        {"جنوب السودان", "جنوب السودان = ss"},
        {"السودان", "السودان = sd"},
        {"دونيتسك ولوغانسك", "دونيتسك = ua/donetsk ua/donetsk-oblast; لوغانسك = ua/luhansk ua/luhansk-oblast"},
        {"لدمشق", "دمشق = sy/damascus sy*"},
        {"فدمشق", "دمشق = sy/damascus sy*"},
        {"عمان", "عمان = om jo/amman jo*"},
        {"قطاع غزة", "قطاع غزة = ps/gaza-strip"},
        {"غزة", "غزة = ps/gaza-strip ps/gaza-city"},
        {"حِمْص", "حِمْص = sy/homs sy/homs-governorate"},
        {"حماه", "حماه = sy/hama sy/hama-governorate"},
        {"أورم الكبرى", "أورم الكبرى = sy/urum-al-kubra"},
        {"طريق الكاستيلو", "طريق الكاستيلو = sy/castello-road"},
        {"البيت الابيض", ""},
        {"السوريين", ""},
        {"سوريافي", ""},
        {"Al-Bab", "Al-Bab = sy/al-bab"},
        {"al-Bab", "al-Bab = sy/al-bab"},
        {"the bab", ""},
        {"Deir ez-Zor", "Deir ez-Zor = sy/deir-ez-zor sy/deir-ez-zor-governorate"},
        {"Deir Ezzor", "Deir Ezzor = sy/deir-ez-zor sy/deir-ez-zor-governorate"},
        {"Deir al-Zour", "Deir al-Zour = sy/deir-ez-zor sy/deir-ez-zor-governorate"},
        {"ar-Raqqah", "ar-Raqqah = sy/raqqa sy/raqqa-governorate"},
        {"Ra's al-Ayn", "Ra's al-Ayn = sy/ras-al-ayn"},
        {"Urum al-Kubra", "Urum al-Kubra = sy/urum-al-kubra"},
        {"US troops", "US = us"},
        {"help us", ""},
        {"Urum el-Kubra", "Urum el-Kubra = sy/urum-al-kubra"},
        {"Us and them", ""},
        {"مدينة وجدة", "وجدة = ma/oujda"},
        {"الرياض وجدة", "الرياض = sa/riyadh sa*; جدة = sa/jeddah"},
        {"ورقة", ""},
        {"والرقة", "الرقة = sy/raqqa sy/raqqa-governorate"},
        {"في آب", ""},
        {"Bab Sharqi", ""},
        {"تل أبيب والقدس", "تل أبيب = il/tel-aviv il*; القدس = world/jerusalem"},
        {"وساطة قطر", "قطر = qa"},
        {"مدينة القدس", "القدس = world/jerusalem"},
        {"غرب حلب", "غرب حلب = sy/western-aleppo"},
        {"سوريا،لبنان", "سوريا = sy; لبنان = lb"},
        {"ولاية الوحدة", "ولاية الوحدة = ss/unity-state"},
        {"حلب\n\nالشرقية", "حلب = sy/aleppo sy/aleppo-governorate"},
        {"HELP US", "US = us"},
        {"U.S. forces", "U.S = us"},
        {"UK", "UK = gb"},
        {"turkey dinner", ""},
        {"Turkey", "Turkey = tr"},
        {"the Duma", ""},
        {"in Duma", "Duma = sy/douma"},
        {"Syria's", "Syria = sy"},
        {"Idlib-based", "Idlib = sy/idlib sy/idlib-governorate"},
        {"Tripoli", "Tripoli = ly/tripoli lb/tripoli ly*"},
        {"N'Djamena", "N'Djamena = td/ndjamena td*"},
        {"Bogota and Medellin", "Bogota = co/bogota co*; Medellin = co/medellin"},
        {"washington", ""},
        {"Syrian", ""},
        {"South Sudan", "South Sudan = ss"},
        {"Khan Shaykhun", "Khan Shaykhun = sy/khan-shaykhun"},
        {"El Fasher", "El Fasher = sd/el-fasher"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char found[512];
        render_places(found, sizeof found, cases[i].text);
        CHECK_STRING(found, cases[i].found);
    }
}

static bool is_place_there(const struct gazetteer *gazetteer, struct slice id)
{
    for (size_t i = 0; i < gazetteer_size(gazetteer); i++)
        if (slice_equal(gazetteer_place(gazetteer, i)->id, id)) return true;
    return false;
}

static void the_gazetteer_is_whole(void)
{
    static const char *const kinds[] = {"country", "capital", "seat", "city", "town", "governorate", "region", "site"};
    const struct gazetteer *gazetteer;
    CHECK(gazetteer_builtin(&gazetteer, NULL) == STATUS_DONE);
    CHECK(gazetteer_size(gazetteer) >= 400);
    for (size_t i = 0; i < gazetteer_size(gazetteer); i++) {
        const struct place *place = gazetteer_place(gazetteer, i);
        size_t k = 0;
        while (k < COUNT_OF(kinds) && !slice_is(place->kind, kinds[k])) k++;
        CHECK(k < COUNT_OF(kinds));
        CHECK(place->country.size == 0 || place->country.size == 2);
        CHECK(place->within.size == 0 || is_place_there(gazetteer, place->within));
        CHECK(place->has_point || slice_is(place->kind, "region"));
    }
}

static enum status add(struct gazetteer *gazetteer, const char *text, struct error *error)
{
    return gazetteer_add(gazetteer, slice_from(text), error);
}

/* A register may know more places: a second file adds to the first, and shares names with it. */
static void a_second_file_adds_to_the_first(void)
{
    struct gazetteer *gazetteer = NULL;
    struct prepared prepared;
    struct place_list list = {0};
    CHECK(gazetteer_open(&gazetteer, NULL) == STATUS_DONE);
    CHECK(add(gazetteer, "aa/x | capital | AA | aa | 1.5, -2 | | Xanadu\n", NULL) == STATUS_DONE);
    CHECK(add(gazetteer, "# more\naa | country | AA | | | | Aland\nbb/x | town | BB | | | | Xanadu; New Xanadu\n",
              NULL) == STATUS_DONE);
    CHECK_INT(gazetteer_size(gazetteer), 3);
    CHECK_INT(gazetteer_place(gazetteer, 0)->lat_e7, 15000000);
    CHECK_INT(gazetteer_place(gazetteer, 0)->lon_e7, -20000000);
    CHECK(!gazetteer_place(gazetteer, 1)->has_point);
    CHECK(prepare(&prepared, slice_from("From Xanadu to New Xanadu")));
    CHECK(places_find(&list, &prepared.tokens, gazetteer, &prepared.arena, NULL) == STATUS_DONE);
    CHECK_INT(list.size, 2);
    if (list.size == 2) {
        CHECK_INT(list.place[0].candidates, 2);
        CHECK_INT(list.place[1].candidates, 1);
        CHECK_INT(list.place[1].start, 15);
    }
    discard(&prepared);
    gazetteer_close(&gazetteer);
    CHECK(gazetteer == NULL);
}

static void what_is_no_place_is_refused_with_its_line(void)
{
    static const char *const lines[] = {
        "aa | town | AA",                                           /* columns are missing */
        "aa | town | AA | | | |",                                   /* no name */
        " | town | AA | | | | Name",                                /* no id */
        "aa | town | AA | | 91, 0 | | Name",                        /* no point */
        "aa | town | AA | | 9 | | Name",                            /* half a point */
        "aa | town | AA | | | | Name | more",                       /* a column too many */
        "aa | town | AA | | | | Name\naa | town | AA | | | | Name", /* an id twice */
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct gazetteer *gazetteer = NULL;
        struct error error = {0};
        CHECK(gazetteer_open(&gazetteer, NULL) == STATUS_DONE);
        CHECK(add(gazetteer, lines[i], &error) == STATUS_REFUSED);
        CHECK_STRING(error.code == NULL ? "" : error.code, "lexicon-place");
        gazetteer_close(&gazetteer);
    }
    struct gazetteer *gazetteer = NULL;
    struct error error = {0};
    CHECK(gazetteer_open(&gazetteer, NULL) == STATUS_DONE);
    CHECK(add(gazetteer, "aa | town | AA | | | | ...", &error) == STATUS_REFUSED);
    CHECK_STRING(error.code == NULL ? "" : error.code, "lexicon-phrase");
    gazetteer_close(&gazetteer);
}

TESTS(places_are_found_with_every_candidate, the_gazetteer_is_whole, a_second_file_adds_to_the_first,
      what_is_no_place_is_refused_with_its_line)
