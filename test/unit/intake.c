/* Statements rule by rule, in sentences written for it: what is found, word for word, and what is left alone. */
#include "check.h"
#include "intake/propose.h"
#include "intake/source.h"
#include "truce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What each statement should be: "act | direct? | cue | speaker | content", in order. The text has no headline unless
 * it has one line before the others. */
struct worked {
    const char *text;
    const char *found[6];
};

static const struct worked arabic[] = {
    /* what opens the content */
    {"قال وزير الدفاع إن الهدوء عاد إلى المدينة.", {"statement|i|قال|وزير الدفاع|الهدوء عاد إلى المدينة"}},
    {"وقالت الوزيرة: سنواصل العمل مع الجميع.", {"commit|i|وقالت|الوزيرة|سنواصل العمل مع الجميع"}},
    {"وأضاف الرئيس «لن نقبل بشروط من أحد».", {"reject|d|وأضاف|الرئيس|لن نقبل بشروط من أحد"}},
    {"وأضاف الرئيس (لن نقبل بشروط من أحد).", {"reject|d|وأضاف|الرئيس|لن نقبل بشروط من أحد"}},
    {"وأضاف الرئيس ”لن نقبل بشروط من أحد“.", {"reject|d|وأضاف|الرئيس|لن نقبل بشروط من أحد"}},
    {"وأضاف الرئيس ''لن نقبل بشروط من أحد''.", {"reject|d|وأضاف|الرئيس|لن نقبل بشروط من أحد"}},
    {"وقال الرئيس إن الوضع «صعب جدا» في الشمال.", {"statement|i|وقال|الرئيس|الوضع «صعب جدا» في الشمال"}},
    {"وأوضح السفير أنه سيعود غدا.", {"statement|i|وأوضح|السفير|أنه سيعود غدا"}},
    {"وصرح المتحدث باسم الجيش بأن الطريق مفتوح.", {"statement|i|وصرح|المتحدث باسم الجيش|الطريق مفتوح"}},
    {"وأشار الوزير إلى أن الطريق مفتوح.", {"statement|i|وأشار|الوزير|الطريق مفتوح"}},
    {"وقال الوزير قبل أن يغادر إن الطريق مفتوح.", {"statement|i|وقال|الوزير|الطريق مفتوح"}},
    {"أضاف الوزير قائلا إن الطريق مفتوح.", {"statement|i|قائلا|الوزير|الطريق مفتوح"}},
    {"«الطريق مفتوح أمام الجميع»، قال الوزير للصحفيين.", {"statement|d|قال|الوزير|الطريق مفتوح أمام الجميع"}},
    {"بحسب وزير الدفاع، فإن الطريق مفتوح.", {"statement|i|بحسب|وزير الدفاع|الطريق مفتوح"}},
    {"ونقلت وكالة الأنباء عن مصدر أمني قوله إن الطريق مفتوح.", {"statement|i|ونقلت|مصدر أمني|الطريق مفتوح"}},
    {"وجاء في بيان للوزارة أن الطريق مفتوح.", {"statement|i|وجاء|بيان للوزارة|الطريق مفتوح"}},
    /* a quotation never closed ends with the next verb */
    {"وقال الوزير (إن الطريق مفتوح اليوم مضيفا أن الجسر سليم.",
     {"statement|d|وقال|الوزير|إن الطريق مفتوح اليوم", "statement|i|مضيفا|الوزير|الجسر سليم"}},
    /* complements without أن */
    {"اتهمت روسيا الولايات المتحدة بعرقلة المحادثات.", {"accuse|i|اتهمت|روسيا|الولايات المتحدة بعرقلة المحادثات"}},
    {"دعت الأمم المتحدة الأطراف إلى ضبط النفس.", {"demand|i|دعت|الأمم المتحدة|الأطراف إلى ضبط النفس"}},
    {"ودعت الأمم المتحدة إلى ضبط النفس.", {"demand|i|ودعت|الأمم المتحدة|إلى ضبط النفس"}},
    {"وطالب المحمود المجتمع الدولي بسرعة التحرك.", {"demand|i|وطالب|المحمود|المجتمع الدولي بسرعة التحرك"}},
    {"نفى الجيش وقوع أي هجوم.", {"deny|i|نفى|الجيش|وقوع أي هجوم"}},
    {"رفضت الحكومة الاقتراح.", {"reject|i|رفضت|الحكومة|الاقتراح"}},
    {"أدان مجلس الأمن الهجوم على القافلة.", {"condemn|i|أدان|مجلس الأمن|الهجوم على القافلة"}},
    {"علقت واشنطن مفاوضاتها مع موسكو.", {"suspend|i|علقت|واشنطن|مفاوضاتها مع موسكو"}},
    {"هدد الوزير بقطع الطريق.", {"threaten|i|هدد|الوزير|بقطع الطريق"}},
    {"تعهدت الحكومة بفتح الطريق.", {"commit|i|تعهدت|الحكومة|بفتح الطريق"}},
    {"أعربت الوزارة عن أسفها لسقوط الضحايا.", {"regret|i|أعربت|الوزارة|أسفها لسقوط الضحايا"}},
    {"رحب الأمين العام بالاتفاق.", {"support|i|رحب|الأمين العام|بالاتفاق"}},
    {"حذر السفير من كارثة وشيكة.", {"warn|i|حذر|السفير|كارثة وشيكة"}},
    {"أقر الوزير بوجود أخطاء.", {"acknowledge|i|أقر|الوزير|بوجود أخطاء"}},
    {"وطالبتها موسكو بتوضيح موقفها.", {"clarify|i|وطالبتها|موسكو|بتوضيح موقفها"}},
    {"أدان الهجوم كل من: مصر، والأردن.", {"condemn|i|أدان|مصر، والأردن|الهجوم"}},
    {"لم يستبعد الوزير عقد اجتماع جديد.", {"statement|i|يستبعد|الوزير|عقد اجتماع جديد"}},
    /* who speaks */
    {"أما وزارة الدفاع فنفت وقوع أي هجوم.", {"deny|i|فنفت|وزارة الدفاع|وقوع أي هجوم"}},
    {"لكن الحركة نفت وقوع أي هجوم.", {"deny|i|نفت|الحركة|وقوع أي هجوم"}},
    {"وكان الجيش قد أعلن أن الطريق مفتوح.", {"statement|i|أعلن|الجيش|الطريق مفتوح"}},
    {"المقرر الأممي، من جهته، ذكر أن الطريق مفتوح.", {"statement|i|ذكر|المقرر الأممي|الطريق مفتوح"}},
    {"قال الوزير إن الطريق مفتوح. وأضاف أن الجسر سليم.",
     {"statement|i|قال|الوزير|الطريق مفتوح", "statement|i|وأضاف|الوزير|الجسر سليم"}},
    {"قال الوزير إن الطريق مفتوح. وقالت السفيرة إن الجسر سليم. وأضاف أنه سيعود.",
     {"statement|i|قال|الوزير|الطريق مفتوح", "statement|i|وقالت|السفيرة|الجسر سليم",
      "statement|i|وأضاف|الوزير|أنه سيعود"}},
    {"قالت المتحدثة باسم الوزارة إن الطريق مفتوح، متهمة الجيش بقطع الجسر.",
     {"statement|i|قالت|المتحدثة باسم الوزارة|الطريق مفتوح", "accuse|i|متهمة|المتحدثة باسم الوزارة|الجيش بقطع الجسر"}},
    {"قالت منظمة الصحة محذرة إن الوضع يسوء.", {"warn|i|قالت|منظمة الصحة|الوضع يسوء"}},
    /* spellings and words run together */
    {"وقالت الولاياتالمتحدة ان الطريق مفتوح.", {"statement|i|وقالت|الولاياتالمتحدة|الطريق مفتوح"}},
    {"واكدت وزاره الدفاع ان الطريق مفتوح.", {"statement|i|واكدت|وزاره الدفاع|الطريق مفتوح"}},
    {"وقــال الوَزِير إنَّ الطريق مفتوح.", {"statement|i|وقــال|الوَزِير|الطريق مفتوح"}},
    /* where contents end, and what they say of the act */
    {"قال الوزير إن الطريق مفتوح، رغم القصف على المدينة.", {"statement|i|قال|الوزير|الطريق مفتوح"}},
    {"قال الوزير إن الطريق مفتوح..في حين غادر السفير.", {"statement|i|قال|الوزير|الطريق مفتوح"}},
    {"واعتبر السفير أن الوضع صعب و(من الممكن استئناف تنفيذ هذا الاتفاق).",
     {"statement|i|واعتبر|السفير|الوضع صعب", "resume|d|واعتبر|السفير|من الممكن استئناف تنفيذ هذا الاتفاق"}},
    {"وقال الوزير إن السؤال بسيط: من يقف هنا؟ ومن يدفع له؟ وغادر.",
     {"statement|i|وقال|الوزير|السؤال بسيط: من يقف هنا؟ ومن يدفع له"}},
    {"قال الوزير إن هذا مكان خطأ للقاء.", {"statement|i|قال|الوزير|هذا مكان خطأ للقاء"}},
    {"قال الوزير إن الجنود وصلوا مساء الجمعة إلى القرية القديمة أسفل الوادي.",
     {"statement|i|قال|الوزير|الجنود وصلوا مساء الجمعة إلى القرية القديمة أسفل الوادي"}},
    {"أعربت الولاياتالمتحدة عن أسفها لذلك.", {"regret|i|أعربت|الولاياتالمتحدة|أسفها لذلك"}},
    {"رفضت الولاياتالمتحدة مقترح موسكو.", {"reject|i|رفضت|الولاياتالمتحدة|مقترح موسكو"}},
    /* left alone */
    {"قصف الجيش المدينة وقتل ثلاثة.", {NULL}},
    {"الرجل الذي قال إن الطريق مفتوح غادر.", {NULL}},
    {"لم يقل الوزير إن الطريق مفتوح.", {NULL}},
    {"عرضت فرقة «نجوم الشرق الجديدة» مسرحيتها.", {NULL}},
    {"تقع المدينة بين جبلين.", {NULL}},
    {"زاد عدد القتلى في المدينة.", {NULL}},
    /* headline */
    {"الوزير: الطريق مفتوح\nقال الوزير إن الجسر سليم.", {"statement|i|قال|الوزير|الجسر سليم"}},
    /* a paragraph that is a quotation goes on with the last speaker's words */
    {"عنوان\nقال الوزير إن الطريق مفتوح.\n«والجسر سليم منذ الأمس».\n",
     {"statement|i|قال|الوزير|الطريق مفتوح", "statement|d|قال|الوزير|والجسر سليم منذ الأمس"}},
};

static const struct worked english[] = {
    {"The minister said that the road was open.", {"statement|i|said|The minister|the road was open"}},
    {"The minister said the road was open.", {"statement|i|said|The minister|the road was open"}},
    {"\"The road is open to all,\" the minister said.", {"statement|d|said|the minister|The road is open to all,"}},
    {"\"The road is open to all,\" said the minister.", {"statement|d|said|the minister|The road is open to all,"}},
    {"“The road is open to all,” she told reporters.", {"statement|d|told|she|The road is open to all,"}},
    {"''The road is open to all'', he said.", {"statement|d|said|he|The road is open to all"}},
    {"The road is open, the minister said on Monday.", {"statement|i|said|the minister|The road is open"}},
    {"The minister said on Monday it had opened the road.", {"statement|i|said|The minister|it had opened the road"}},
    {"Col. Jean Mugisha, the spokesman, said the road was open.",
     {"statement|i|said|Col. Jean Mugisha|the road was open"}},
    {"U.S. envoy John Smith accused Russia of breaking the truce.",
     {"accuse|i|accused|U.S. envoy John Smith|Russia of breaking the truce"}},
    {"He called on both sides to show restraint.", {"demand|i|called|He|both sides to show restraint"}},
    {"Moscow denied the charge.", {"deny|i|denied|Moscow|the charge"}},
    {"Moscow rejected the proposal, saying it came too late.",
     {"reject|i|rejected|Moscow|the proposal", "statement|i|saying|Moscow|it came too late"}},
    {"The governor refused to step down and insisted that the city was calm.",
     {"reject|i|refused|The governor|to step down", "statement|i|insisted|The governor|the city was calm"}},
    {"Washington suspended talks with Moscow.", {"suspend|i|suspended|Washington|talks with Moscow"}},
    {"The envoy expressed regret over the deaths.", {"regret|i|expressed|The envoy|regret over the deaths"}},
    {"Both sides have agreed to extend the truce for six months, the two ministries announced Sunday.",
     {"statement|i|announced|the two ministries|Both sides have agreed to extend the truce for six months"}},
    {"According to the ministry, the road is open.", {"statement|i|According to|the ministry|the road is open"}},
    {"He was accused of theft.", {NULL}},
    {"The claims were old.", {NULL}},
    {"The man who said the road was open left.", {NULL}},
    {"Both temples are claimed by both countries.", {NULL}},
    {"The band \"Stars of the New East\" played.", {NULL}},
};

static void describe(struct buffer *out, const struct proposal *proposal, const struct statement *statement)
{
    const uint8_t *text = proposal->source.data;
    buffer_print(out, "%s|%c|%.*s|%.*s|%.*s", act_names[statement->act], statement->direct ? 'd' : 'i',
                 (int)(statement->cue.end - statement->cue.start), text + statement->cue.start,
                 (int)(statement->speaker.end - statement->speaker.start), text + statement->speaker.start,
                 (int)(statement->content.end - statement->content.start), text + statement->content.start);
    buffer_put_byte(out, '\0');
}

static void check_worked(const struct worked *worked)
{
    struct proposal proposal;
    size_t expected = 0;
    if (!CHECK(proposal_make(&proposal, slice_from(worked->text), NULL, NULL) == STATUS_DONE)) return;
    while (expected < COUNT_OF(worked->found) && worked->found[expected] != NULL) expected++;
    if (!CHECK(proposal.statements.count == expected)) fprintf(stderr, "    %s\n", worked->text);
    for (size_t i = 0; i < expected && i < proposal.statements.count; i++) {
        OWN(buffer_clear) struct buffer got = {0};
        describe(&got, &proposal, &proposal.statements.items[i]);
        CHECK_STRING((const char *)got.data, worked->found[i]);
    }
    proposal_clear(&proposal);
}

static void every_rule_holds(void)
{
    for (size_t i = 0; i < COUNT_OF(arabic); i++) check_worked(&arabic[i]);
    for (size_t i = 0; i < COUNT_OF(english); i++) check_worked(&english[i]);
}

/* ---- what the speaker is called */

static void span_is(const struct proposal *proposal, struct span span, const char *expected)
{
    OWN(buffer_clear) struct buffer words = {0};
    CHECK(proposal_words(&words, proposal, span, NULL) == STATUS_DONE);
    buffer_put_byte(&words, '\0');
    CHECK_STRING((const char *)words.data, expected);
}

static void who_is_accused_is_named(void)
{
    struct proposal proposal;
    static const char text[] = "اتهمت روسيا الجيش بعرقلة المحادثات، ودعت الأطراف إلى ضبط النفس.";
    CHECK(proposal_make(&proposal, slice_from(text), NULL, NULL) == STATUS_DONE);
    if (!CHECK(proposal.statements.count == 2)) return;
    span_is(&proposal, proposal.statements.items[0].target, "الجيش");
    span_is(&proposal, proposal.statements.items[1].target, "الأطراف");
    proposal_clear(&proposal);
}

static void speakers_have_names(void)
{
    struct proposal proposal;
    static const char text[] = "قال المتحدث باسم وزارة الدفاع سمير حداد إن الطريق مفتوح. وقال حداد إن الجسر سليم. "
                               "وقالت ليلى خوري رئيسة اللجنة إن الوضع هادئ.";
    CHECK(proposal_make(&proposal, slice_from(text), NULL, NULL) == STATUS_DONE);
    if (!CHECK(proposal.statements.count == 3)) return;
    for (size_t i = 0; i < 2; i++) { /* the second mention is known from the first */
        span_is(&proposal, proposal.statements.items[i].name, "سمير حداد");
        span_is(&proposal, proposal.statements.items[i].role, "المتحدث باسم");
        span_is(&proposal, proposal.statements.items[i].organisation, "وزارة الدفاع");
    }
    span_is(&proposal, proposal.statements.items[2].name, "ليلى خوري");
    span_is(&proposal, proposal.statements.items[2].role, "رئيسة اللجنة");
    proposal_clear(&proposal);
}

static void other_spellings_are_offered(void)
{
    struct proposal proposal;
    static const char text[] =
        "قال الوزير سيرغي ريابكوف إن الطريق مفتوح. وأوضح ريباكوف أن الجسر سليم. وقال كيري إنه راض.";
    CHECK(proposal_make(&proposal, slice_from(text), NULL, NULL) == STATUS_DONE);
    if (!CHECK(proposal.statements.count == 3)) return;
    span_is(&proposal, proposal.statements.items[0].perhaps, "");
    span_is(&proposal, proposal.statements.items[1].perhaps, "سيرغي ريابكوف");
    span_is(&proposal, proposal.statements.items[1].name, "ريباكوف"); /* offered, not merged */
    span_is(&proposal, proposal.statements.items[2].perhaps, "");
    proposal_clear(&proposal);
}

/* ---- pages and what is no text */

static void pages_keep_their_offsets(void)
{
    static const char page[] =
        "<!DOCTYPE html><html><head><title>عنوان الخبر</title><style>p{x:1}</style></head><body>"
        "<script>var a = 'قال الوزير إن السر هنا.';</script><!-- قال الوزير إن السر هنا. -->"
        "<p>قال <b>الوزير</b> إن &quot;الطريق&nbsp;مفتوح &amp; آمن&quot; اليوم.</p></body></html>";
    struct proposal proposal;
    CHECK(proposal_make(&proposal, slice_from(page), NULL, NULL) == STATUS_DONE);
    if (!CHECK(proposal.statements.count == 1)) return;
    const struct statement *statement = &proposal.statements.items[0];
    const char *begin = strstr(page, "&quot;");
    CHECK_INT(statement->content.start, begin - page);
    span_is(&proposal, statement->content, "\"الطريق مفتوح & آمن\" اليوم");
    span_is(&proposal, statement->speaker, "الوزير");
    proposal_clear(&proposal);
}

static void entities_fold_away_what_fills_them(void)
{
    OWN(buffer_clear) struct buffer blanked = {0}, read_out = {0};
    static const char page[] = "<p>&#1602;&#1575;&#x644; &lt;a&gt; &unknown; AT&T &#0; &";
    CHECK(source_blank_html(&blanked, slice_from(page), NULL) == STATUS_DONE);
    CHECK_INT(blanked.size, sizeof page - 1);
    source_read_out(&read_out, buffer_slice(&blanked));
    buffer_put_byte(&read_out, '\0');
    CHECK_STRING((const char *)read_out.data, "قال <a> &unknown; AT&T &#0; &");
}

static void no_text_is_refused(void)
{
    static const struct {
        const char *text;
        size_t size;
        const char *code;
        int64_t offset;
    } wrong[] = {
        {"", 0, "intake-empty", -1},
        {"\xff\xfe"
         "a\0b\0",
         6, "text-utf16", 0},
        {"\xfe\xff\0a", 4, "text-utf16", 0},
        {"abc\0def", 7, "text-binary", 3},
        {"abc\xE9 def", 8, "text-encoding", 3},
        {"<html>\xE9", 7, "text-encoding", 6},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct truce_buffer answer = {0};
        struct truce_error error;
        CHECK(truce_intake(wrong[i].text, wrong[i].size, NULL, &answer, &error) == TRUCE_REFUSED);
        CHECK_STRING(error.code, wrong[i].code);
        CHECK_INT(error.offset, wrong[i].offset);
        CHECK(answer.data == NULL);
    }
}

/* ---- bounded answers */

static void heaps_end(void)
{
    static const char *const heaps[] = {"(",  "«",      "\"", "'",    "قال ",  "قال إن ",  "وقال الوزير: ", "أن ",
                                        "، ", "<",      "&",  "<!--", "said ", "he said ", "according to ", "\n",
                                        "..", "بالقول "};
    for (size_t i = 0; i < COUNT_OF(heaps); i++) {
        OWN(buffer_clear) struct buffer text = {0};
        struct proposal proposal;
        while (text.size < 400000) buffer_put_string(&text, heaps[i]);
        CHECK(proposal_make(&proposal, buffer_slice(&text), NULL, NULL) == STATUS_DONE);
        proposal_clear(&proposal);
    }
}

/* ---- what a person accepts */

static void accepted_words_can_be_checked(void)
{
    static const char text[] = "قال الوزير إن الطريق مفتوح.";
    static const char *const about[] = {"aa", NULL};
    struct truce_acceptance acceptance = {.number = 1, .at = "2016-10-03T17:00:00Z", .party = "russia", .about = about};
    struct truce_buffer object = {0};
    struct truce_error error;
    CHECK(truce_intake_record(text, strlen(text), &acceptance, &object, &error) == TRUCE_DONE);
    CHECK_STRING(
        object.data,
        "{\"about\":[\"aa\"],\"act\":\"statement\",\"at\":\"2016-10-03T17:00:00Z\",\"cameo\":\"010\",\"cue\":\"قال\","
        "\"party\":\"russia\","
        "\"role\":\"الوزير\",\"speaker\":\"الوزير\",\"words\":{\"end\":48,\"exact\":\"الطريق مفتوح\",\"lang\":\"ar\","
        "\"sha256\":\"5a62a606d109be7eb39469289ce3649a9c4c7b69bd4ce56166b5b70fb4141e21\",\"start\":25}}");
    truce_free(&object);
    acceptance.number = 2;
    CHECK(truce_intake_record(text, strlen(text), &acceptance, &object, &error) == TRUCE_USAGE);
    CHECK_STRING(error.code, "intake-number");
}

static const char *accepted(const char *text, struct truce_acceptance acceptance, struct truce_buffer *object)
{
    static struct truce_error error;
    acceptance.number = 1;
    acceptance.at = "2016-10-03T17:00:00Z";
    error.code[0] = '\0';
    truce_free(object);
    (void)!truce_intake_record(text, strlen(text), &acceptance, object, &error);
    return error.code;
}

static bool has(const struct truce_buffer *object, const char *part)
{
    return object->data != NULL && strstr(object->data, part) != NULL;
}

static void what_was_mended_stands(void)
{
    static const char text[] = "قال الوزير إن الطريق  مفتوح\nأمام القوافل. الطريق مفتوح.";
    struct truce_buffer object = {0};
    CHECK_STRING(
        accepted(text,
                 (struct truce_acceptance){
                     .speaker = " سالم ", .role = "", .cue = "أكد", .act = "deny", .organisation = "وزارة النقل"},
                 &object),
        "");
    CHECK(has(&object, "\"speaker\":\"سالم\"") && has(&object, "\"cue\":\"أكد\"") && !has(&object, "\"role\""));
    CHECK(has(&object, "\"act\":\"deny\"") && has(&object, "\"organisation\":\"وزارة النقل\""));
    CHECK(has(&object, "\"cameo\":") && !has(&object, "\"cameo\":\"010\""));
    CHECK_STRING(accepted(text, (struct truce_acceptance){.act = "whisper"}, &object), "intake-act");
    char longer[202];
    memset(longer, 'x', sizeof longer);
    longer[201] = '\0';
    CHECK_STRING(accepted(text, (struct truce_acceptance){.speaker = longer}, &object), "intake-long");
    CHECK_STRING(accepted(text, (struct truce_acceptance){.speaker = "a\u202Eb"}, &object), "text-override");
    truce_free(&object);
}

/* The span is of the source, whatever its blanks; the nearest place is meant. */
static void mended_words_are_a_quotation(void)
{
    static const char text[] = "قال الوزير إن الطريق  مفتوح\nأمام القوافل. الطريق مفتوح.";
    static const char page[] = "<p>The minister said that <b>the road</b> is&nbsp;open for all.</p>";
    struct truce_buffer object = {0};
    CHECK_STRING(accepted(text, (struct truce_acceptance){.words = " الطريق مفتوح\r\n"}, &object), "");
    CHECK(has(&object, "\"start\":25") && has(&object, "\"end\":49"));
    CHECK_STRING(accepted(text, (struct truce_acceptance){.words = "الطريق مغلق"}, &object), "intake-words");
    CHECK_STRING(accepted(text, (struct truce_acceptance){.words = " "}, &object), "intake-words");
    CHECK_STRING(accepted(page, (struct truce_acceptance){.words = "the road is open"}, &object), "");
    CHECK(has(&object, "\"exact\":\"the road is open\"") && has(&object, "\"start\":29"));
    CHECK_STRING(accepted(page, (struct truce_acceptance){.words = "the road</b> is"}, &object), "intake-words");
    truce_free(&object);
}

static void a_source_is_shown_at_its_offsets(void)
{
    static const char page[] = "<p>a&amp;b<script>x</script></p>", plain[] = "a <b>\n";
    struct truce_buffer shown = {0};
    struct truce_error error;
    bool is_page;
    CHECK(truce_intake_text(page, strlen(page), &shown, &is_page, &error) == TRUCE_DONE && is_page);
    CHECK(shown.size == strlen(page) && memcmp(shown.data + 3, "a&", 2) == 0 && strchr(shown.data, '<') == NULL);
    truce_free(&shown);
    CHECK(truce_intake_text(plain, strlen(plain), &shown, &is_page, &error) == TRUCE_DONE && !is_page);
    CHECK_STRING(shown.data, plain);
    truce_free(&shown);
}

int main(void)
{
    every_rule_holds();
    who_is_accused_is_named();
    speakers_have_names();
    other_spellings_are_offered();
    pages_keep_their_offsets();
    entities_fold_away_what_fills_them();
    no_text_is_refused();
    heaps_end();
    accepted_words_can_be_checked();
    what_was_mended_stands();
    mended_words_are_a_quotation();
    a_source_is_shown_at_its_offsets();
    return check_end(__FILE__);
}
