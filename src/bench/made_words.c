/* What made records say: sentences in both languages with holes for places, hours, numbers and sides. Neutral, and of
 * nothing that happened. Full stops are put by the code. */
#include "bench/making.h"
#include <inttypes.h>

/* @p the place, @q another, @h an hour, @n a number, @m minutes, @d a direction, @s the two sides */
struct sentence {
    const char *english, *arabic;
};

static const struct sentence reports[] = {
    {"@n explosions were heard near @p from about @h on", "سُمع @n من الانفجارات قرب @p منذ الساعة @h تقريبا"},
    {"The post at @q saw smoke rise in the @d and heard shots for @m minutes",
     "شاهدت نقطة المراقبة في @q دخانا يرتفع في اتجاه @d وسمعت طلقات مدة @m دقيقة"},
    {"The team could not reach the place, since the road to @q was closed",
     "لم يتمكن الفريق من الوصول إلى المكان لأن الطريق إلى @q كان مغلقا"},
    {"Two residents of @q described the same by telephone", "وصف اثنان من سكان @q الأمر نفسه هاتفيا"},
    {"A photograph of @n impact points is kept with the report", "حُفظت مع التقرير صورة تُظهر @n من مواضع السقوط"},
    {"The firing came from the @d of @q and stopped at @h", "جاء إطلاق النار من جهة @d من @q وتوقف في الساعة @h"},
    {"At @h the line was quiet again", "عاد الهدوء إلى الخط في الساعة @h"},
    {"A water tank, @n houses and the school of @p were hit", "أصيب خزان مياه و@n من المنازل ومدرسة @p"},
    {"Ambulances went from @p to the clinic of @q", "توجهت سيارات إسعاف من @p إلى عيادة @q"},
    {"The source of the fire is not known to the team", "لا يعرف الفريق مصدر النيران"},
    {"The account was told by the municipal office of @q and was not checked on the ground",
     "نقل الرواية المكتب البلدي في @q ولم يجر التحقق منها ميدانيا"},
    {"The joint office was told by telephone at @h", "أُبلغ المكتب المشترك هاتفيا في الساعة @h"},
};
static const struct sentence claims[] = {
    {"According to our forces @n rounds fell on @p after @h", "وفقا لقواتنا سقطت @n من القذائف على @p بعد الساعة @h"},
    {"The fire came from positions @d of @q", "جاءت النيران من مواقع تقع في جهة @d من @q"},
    {"Nobody had told us of it beforehand", "لم يبلغنا أحد بذلك مسبقا"},
    {"We ask that the monitor look at the place within @m minutes of daylight",
     "نطلب أن تعاين جهة الرصد المكان خلال @m دقيقة من ضوء النهار"},
    {"The times are those of our own post at @q", "الأوقات هي أوقات نقطتنا في @q"},
};
static const struct sentence responses[] = {
    {"No unit of ours fired in the direction of @p that day", "لم تطلق أي من وحداتنا النار باتجاه @p في ذلك اليوم"},
    {"Our log shows no movement between @h and midnight", "لا يُظهر سجلنا أي تحرك بين الساعة @h ومنتصف الليل"},
    {"The unit near @q returned fire for @m minutes and reported it",
     "ردت الوحدة القريبة من @q على النيران مدة @m دقيقة وأبلغت بذلك"},
    {"An inquiry of our own goes on", "لا يزال تحقيق من جانبنا مستمرا"},
};
static const struct sentence coverages[] = {
    {"The post watched @p and the road to @q without a break", "راقبت النقطة @p والطريق إلى @q دون انقطاع"},
    {"Sight was poor for @m minutes because of fog in the @d", "كانت الرؤية ضعيفة مدة @m دقيقة بسبب الضباب في جهة @d"},
    {"The camera at @q failed at @h and was back @m minutes later",
     "تعطلت الكاميرا في @q في الساعة @h وعادت بعد @m دقيقة"},
    {"@n observers took turns", "تناوب @n من المراقبين"},
};
static const struct sentence notices[] = {
    {"A convoy of @n trucks passes @p from @h on", "تمر قافلة من @n شاحنة عبر @p منذ الساعة @h"},
    {"It goes on by the road to @q and rests there for @m minutes",
     "تواصل السير على الطريق إلى @q وتتوقف هناك @m دقيقة"},
    {"Receipt is to be confirmed by the duty officer", "يُرجى أن يؤكد الضابط المناوب الاستلام"},
    {"Heavy vehicles within sight of @q will be parked in the @d", "ستُركن المركبات الثقيلة المرئية من @q في جهة @d"},
};
static const struct sentence receipts[] = {
    {"Received and read back at @h", "جرى الاستلام وأعيدت القراءة في الساعة @h"},
    {"The posts near @p and @q were told within @m minutes", "أُبلغت النقاط القريبة من @p ومن @q خلال @m دقيقة"},
};
static const struct sentence questions[] = {
    {"Which units were near @p at @h", "أي الوحدات كانت قرب @p في الساعة @h"},
    {"Were the @n vehicles seen at @q yours", "هل كانت المركبات وعددها @n التي شوهدت في @q تابعة لكم"},
    {"We ask for the log of the @d sector", "نطلب سجل القطاع الواقع في جهة @d"},
};

/* What the dataset codes stands in every report, as an import writes it (src/exchange/ged.c). */
static const struct sentence coded = {"@p: violence, dyad \"@s\"", "@p: عنف بين \"@s\""};

static const struct {
    const struct sentence *sentence;
    unsigned count, least, most; /* how many a record has */
} topics[] = {
    [TOPIC_REPORT] = {reports, COUNT_OF(reports), 1, 2},
    [TOPIC_CLAIM] = {claims, COUNT_OF(claims), 1, 3},
    [TOPIC_RESPONSE] = {responses, COUNT_OF(responses), 1, 3},
    [TOPIC_COVERAGE] = {coverages, COUNT_OF(coverages), 1, 3},
    [TOPIC_NOTICE] = {notices, COUNT_OF(notices), 1, 3},
    [TOPIC_RECEIPT] = {receipts, COUNT_OF(receipts), 1, 2},
    [TOPIC_QUESTION] = {questions, COUNT_OF(questions), 1, 3},
};

static const struct sentence directions[] = {
    {"north", "الشمال"}, {"north-east", "الشمال الشرقي"}, {"east", "الشرق"}, {"south-east", "الجنوب الشرقي"},
    {"south", "الجنوب"}, {"south-west", "الجنوب الغربي"}, {"west", "الغرب"}, {"north-west", "الشمال الغربي"}};

struct filling {
    const struct telling *telling;
    unsigned minutes, direction;
};

static void put_hole(struct buffer *out, char hole, bool arabic, const struct filling *filling)
{
    const struct telling *t = filling->telling;
    switch (hole) {
    case 'p': buffer_put_string(out, arabic ? t->place->arabic : t->place->english); break;
    case 'q': buffer_put_string(out, arabic ? t->other->arabic : t->other->english); break;
    case 'h': buffer_print(out, "%02d:%02d", (int)(t->at / 3600 % 24), (int)(t->at / 60 % 60)); break;
    case 'n': buffer_print(out, "%u", t->number); break;
    case 'm': buffer_print(out, "%u", filling->minutes); break;
    case 'd':
        buffer_put_string(out, arabic ? directions[filling->direction].arabic : directions[filling->direction].english);
        break;
    case 's':
        if (arabic)
            buffer_print(out, "الطرف %u - الطرف %u", t->dyad % 7 + 1, t->dyad + 8);
        else
            buffer_print(out, "side %u - side %u", t->dyad % 7 + 1, t->dyad + 8);
        break;
    }
}

static void put_sentence(struct buffer *out, const char *sentence, bool arabic, bool asks,
                         const struct filling *filling)
{
    if (out->size > 0) buffer_put_byte(out, ' ');
    for (const char *at = sentence; *at != '\0'; at++) {
        if (*at != '@')
            buffer_put_byte(out, (uint8_t)*at);
        else
            put_hole(out, *++at, arabic, filling);
    }
    buffer_put_string(out, !asks ? "." : arabic ? "؟" : "?");
}

static void put_both(struct buffer *english, struct buffer *arabic, const struct sentence *sentence, bool asks,
                     const struct telling *telling, struct chance *chance)
{
    struct filling filling = {telling, 1 + (unsigned)chance_below(chance, 59),
                              (unsigned)chance_below(chance, COUNT_OF(directions))};
    put_sentence(english, sentence->english, false, asks, &filling);
    put_sentence(arabic, sentence->arabic, true, asks, &filling);
}

void words_make(struct buffer *english, struct buffer *arabic, enum topic topic, const struct telling *telling,
                struct chance *chance)
{
    unsigned spread = topics[topic].most - topics[topic].least + 1;
    unsigned count = topics[topic].least + (unsigned)chance_below(chance, spread);
    unsigned next = (unsigned)chance_below(chance, topics[topic].count); /* each once, from a place of its own on */
    buffer_reset(english);
    buffer_reset(arabic);
    if (topic == TOPIC_REPORT) put_both(english, arabic, &coded, false, telling, chance);
    for (unsigned i = 0; i < count; i++, next++)
        put_both(english, arabic, &topics[topic].sentence[next % topics[topic].count], topic == TOPIC_QUESTION, telling,
                 chance);
}
