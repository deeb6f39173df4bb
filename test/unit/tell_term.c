/* What a term says, in sentences: every part of the grammar (spec/terms.md) is told, names are told by what they stand
 * for, and an agreement that is no agreement ends the telling and not the program. */
#include "check.h"

#include "tell/change.h"
#include "tell/names.h"
#include "tell/phrase.h"
#include "tell/term.h"

static struct buffer told;
static struct arena arena;
static struct records records;

static const char agreement[] =
    "{\"agreement\":\"truce\",\"anchors\":{\"start\":{\"at\":\"2020-01-01T00:00:00Z\"},\"day-d\":{\"local\":"
    "\"2020-01-02T18:00:00\",\"zone\":\"local\"},\"loop\":\"loop\"},\"channels\":{\"hotline\":{\"name\":{\"ar\":\"الخط "
    "الساخن\",\"en\":\"the hotline\"}}},\"classes\":{\"attacks\":[\"shelling\",\"air-strike\",\"unheard-of\"],"
    "\"heavy-weapons\":{\"any\":[\"mortar\"],\"um\":[82000,300500]}},\"groups\":{\"sides\":[\"north\",\"south\"],"
    "\"again\":["
    "\"again\",\"again\",\"again\"]},\"id\":\"aa\",\"kind\":\"agreement\",\"names\":{\"west\":{\"ar\":\"الغرب\",\"en\":"
    "\"the West\"},"
    "\"mill\":{\"ar\":\"الطاحونة\",\"en\":\"the mill\"},\"stone-throwing\":{\"ar\":\"رشق بالحجارة\",\"en\":\"throwing "
    "of "
    "stones\"}},\"places\":{\"town\":{\"point\":{\"lat_e7\":"
    "0,"
    "\"lon_e7\":0},\"radius_m\":1000},\"bridge\":{\"name\":\"the old bridge\",\"point\":{\"lat_e7\":0,\"lon_e7\":0}},"
    "\"strip\":{\"buffer\":\"town\",\"m\":500,\"side\":\"left\"}},\"prevails\":\"ar\",\"readings\":{},\"terms\":[{"
    "\"clause\":{"
    "\"en\":\"South holds.\"},\"id\":\"south-holds\"}],\"versions\":[{\"lang\":\"ar\"},{\"lang\":\"fr\"}]}";
static const char north[] =
    "{\"kind\":\"party\",\"names\":{\"ar\":\"الشمال\",\"en\":\"the North\"},\"party\":\"north\"}";

/* ---- a voice that shows what it was given: <t:…> a term, <p:…> a party, and so on */

static void put_words(void *context, struct slice words)
{
    buffer_put(context, words);
}

static void put_thing(void *context, struct hole hole)
{
    static const char *const marks[] = {
        [HOLE_TEXT] = "",    [HOLE_CODE] = "",   [HOLE_NUMBER] = "",   [HOLE_TIME] = "",    [HOLE_STAMP] = "",
        [HOLE_PARTY] = "p:", [HOLE_TERM] = "t:", [HOLE_RECORD] = "r:", [HOLE_RESULT] = "v:"};
    buffer_print(context, "<%s", marks[hole.type]);
    buffer_put(context, hole.type == HOLE_PARTY ? tell_party(&records, hole.text) : hole.text);
    buffer_put_byte(context, '>');
}

static void begin(void *context, enum manner manner)
{
    if (manner == MANNER_ITEM) buffer_put_string(context, "- ");
}

static void end(void *context, enum manner manner)
{
    if (manner != MANNER_LIST) buffer_put_byte(context, '\n');
}

static const struct json *parse(const char *text)
{
    const struct json *tree = NULL;
    struct error error = {0};
    if (!CHECK(json_read(&tree, slice_from(text), JSON_RELAXED, &arena, &error) == STATUS_DONE))
        fprintf(stderr, "    %s %s in %s\n", error.code, error.pointer, text);
    return tree;
}

static struct voice voice_of(const struct json *of)
{
    return (struct voice){&told, &records, of, put_words, put_thing, begin, end, 0, NULL};
}

static void set(enum language language)
{
    words_language(language);
    arena_init(&arena, 1 << 24);
    records_open(&records, NULL);
    records_put(&records, parse(north));
    records_put(&records, parse(agreement));
}

static void unset(void)
{
    records_close(&records);
    arena_clear(&arena);
    buffer_clear(&told);
    words_language(LANGUAGE_ENGLISH);
}

static bool tells(const char *term, const char *wanted)
{
    struct voice voice = voice_of(parse(agreement));
    buffer_reset(&told);
    tell_term(&voice, parse(term));
    buffer_put_byte(&told, '\0');
    bool holds = strcmp((const char *)told.data, wanted) == 0;
    if (!holds) fprintf(stderr, "    %s\n    told: %s    wanted: %s", term, (const char *)told.data, wanted);
    return holds;
}

/* ---- what each rule says */

static void rules_in_english(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(tells("{\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\",\"place\":\"town\"}}}",
                "Rule: this must not happen: attacks (shelling, air strike, <unheard-of>), at <town>.\n"));
    CHECK(tells("{\"rule\":{\"at_most\":2,\"of\":{\"act\":[\"shelling\",\"air-strike\"]}}}",
                "Rule: at most <2> of this: shelling or air strike.\n"));
    CHECK(tells("{\"every\":\"P7D\",\"rule\":{\"at_most\":2,\"of\":{\"act\":\"shelling\"}}}",
                "Rule: at most <2> of this in each period: shelling. Length of a period: 7 days.\n"));
    CHECK(tells("{\"rule\":{\"at_least\":1,\"of\":{\"act\":\"withdrawal\"}}}",
                "Rule: this is to be done in time: pull-back.\n"));
    CHECK(
        tells("{\"rule\":{\"at_least\":20,\"of\":{\"act\":\"release\"},\"measure\":{\"sum\":\"person\"}}}",
              "Rule: at least <20> (persons) of this in time: release of persons. The numbers stated are added up.\n"));
    CHECK(
        tells("{\"rule\":{\"at_least\":{\"times\":[3,10],\"of\":{\"act\":\"arms-registered\"}},\"of\":{\"act\":"
              "\"arms-stored\"},\"measure\":{\"max\":\"arm\"}}}",
              "Rule: at least <3> (arms) of this in time: storage of arms; for every <10> (arms) of this: registration "
              "of arms. The largest number stated holds.\n"));
    CHECK(tells("{\"rule\":{\"at_least\":{\"times\":[1,1],\"of\":{\"act\":\"list\"}},\"of\":{\"act\":\"arrival\"}}}",
                "Rule: as many of this in time: arrival; as of this: list handed over.\n"));
    CHECK(tells("{\"rule\":{\"held\":\"P3D\",\"of\":[\"quiet\",\"calm\"],\"unwatched\":\"reset\"}}",
                "Rule: 3 days, continuous, in which these terms are kept: <t:quiet>, <t:calm>. A day without enough "
                "watching ends the count.\n"));
    CHECK(tells(
        "{\"rule\":{\"reply\":{\"kind\":\"question\"},\"stated\":true,\"with\":{\"kind\":\"answer\"},\"within\":"
        "\"PT2H\"}}",
        "Rule: this is to be answered: question. The answer: answer. Time to answer: 2 hours. Where what is to be "
        "answered states a time itself, that holds.\n"));
    CHECK(tells("{\"rule\":{\"any\":[\"a\",\"b\"]}}", "Rule: one of these terms is met: <t:a>, <t:b>.\n"));
    CHECK(tells("{\"rule\":{\"may\":{\"kind\":\"standing\",\"act\":[\"renew\"]}}}",
                "Rule: this is permitted: act of standing: renewal.\n"));
    unset();
}

static void the_rest_in_english(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(tells("{\"who\":\"*\"}", "It binds everyone.\n"));
    CHECK(tells("{\"each\":true,\"who\":\"sides\"}",
                "It binds: <p:the North>; <p:south>.\nEach of them is judged alone, "
                "and the gravest result holds.\n"));
    CHECK(tells("{\"from\":\"start\",\"by\":{\"of\":\"day-d\",\"days\":-1,\"plus\":\"PT12H\",\"renew\":\"sides\"}}",
                "It begins at: <2020-01-01T00:00:00Z>.\nIt is due at: <2020-01-02 18:00> local time (<local>), plus 12 "
                "hours, less 1 day, or whatever later moment all of these renew it to: <p:the North>; <p:south>.\n"));
    CHECK(
        tells("{\"until\":{\"first\":[{\"done\":\"x\"},{\"event\":{\"kind\":\"notice\"},\"nth\":2}]}}",
              "It ends at: the first of these times: the time when the term <t:x> is reached; occurrence number <2> of "
              "this: notice.\n"));
    CHECK(tells("{\"while\":\"south-holds\"}",
                "It binds only while the term <t:south-holds> is kept.\n<South holds.>\n"));
    CHECK(tells(
        "{\"finding\":{\"by\":{\"role\":\"monitor\"},\"quorum\":2,\"reply\":\"P1D\",\"standard\":\"probable\"}}",
        "Only what was found substantiated counts. Findings needed: <2>, by: whoever has the role: monitor. Least "
        "standard of proof: probable. Time to respond to a finding before it counts: 1 day.\n"));
    CHECK(tells(
        "{\"except\":[{\"justify\":\"self-defence\"},{\"if\":{\"actor\":{\"designated\":true}}},{\"lead\":\"P1D\","
        "\"notified\":{\"kind\":\"notice\",\"act\":\"movement\",\"to\":{\"not\":\"sides\"}}}]}",
        "Excepted:\n- what is justified as self-defence, where the reading accepts that\n- what is also this: any "
        "act, by a designated group\n- what was preceded by this: notice: movement, to anyone but <p:the North> or "
        "<p:south>; by at least: 1 day\n"));
    CHECK(tells(
        "{\"watch\":{\"grace\":\"P2D\",\"of\":[\"town\",\"strip\"],\"share\":[2,3]}}",
        "Watching needed: <66.6%> of the time, at each of: <town>; <strip> (within <500> m of <town>, on its left "
        "side). Time for records of watching to come in: 2 days.\n"));
    CHECK(tells("{\"effect\":[{\"ask\":\"sides\",\"do\":\"suspend\",\"on\":[\"breached\",\"disputed\"],\"what\":{"
                "\"channel\":\"hotline\"}}]}",
                "While the result is <v:breached> or <v:disputed>, this is proposed to <p:the North>; <p:south>: a "
                "suspension, concerning the channel <the hotline>.\n"));
    unset();
}

static void selectors_and_places(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(tells(
        "{\"rule\":{\"at_most\":0,\"of\":{\"act\":\"presence\",\"weapon\":\"heavy-weapons\",\"place\":{\"buffer\":"
        "\"town\",\"m\":3500}}}}",
        "Rule: this must not happen: presence, with heavy weapons (mortars; calibre in mm: <82> to <300.5>), within "
        "<3500> m of <town>.\n"));
    CHECK(tells(
        "{\"rule\":{\"may\":{\"any\":[{\"kind\":\"passage\",\"step\":[\"refused\",\"turned-back\"]},{\"kind\":"
        "\"notice\",\"by\":{\"answered_for\":\"north\"},\"channel\":\"hotline\"}]}}}",
        "Rule: this is permitted: passage: not allowed or turned back; or: notice, from <p:the North> and those for "
        "whom it answers, through the channel <the hotline>.\n"));
    CHECK(tells(
        "{\"rule\":{\"may\":{\"act\":\"fire\",\"actor\":{\"affiliate_of\":\"south\"},\"target\":{\"assented\":true},"
        "\"place\":{\"any\":[\"bridge\",{\"area\":\"zone\"},{\"sealed\":\"00\"},{\"line\":[]},{\"polygon\":[]}]}}}}",
        "Rule: this is permitted: fire, by an affiliate of <p:south>, against whoever has assented, at <the old "
        "bridge> or the area <zone>, as last drawn or a sealed place or a line drawn in the text or an area drawn "
        "in the text.\n"));
    unset();
}

/* An agreement's own names stand before the program's, and before ids. */
static void what_an_agreement_calls_things(void)
{
    static const char term[] =
        "{\"from\":{\"local\":\"2020-01-02T18:00:00\",\"zone\":\"west\"},\"rule\":{\"at_most\":0,\"of\":{\"act\":["
        "\"stone-throwing\",\"fire\"],\"actor\":\"west\",\"place\":\"mill\"}}}";
    set(LANGUAGE_ENGLISH);
    CHECK(tells(term, "Rule: this must not happen: <throwing of stones> or fire, by <the West>, at <the mill>.\n"
                      "It begins at: <2020-01-02 18:00> local time (<the West>).\n"));
    unset();
    set(LANGUAGE_ARABIC);
    CHECK(tells(term, "القاعدة: يجب ألا يقع ما يلي: <رشق بالحجارة> أو إطلاق نار، من جانب <الغرب>، في <الطاحونة>.\n"
                      "بداية البند: <2020-01-02 18:00> بالتوقيت المحلي (<الغرب>).\n"));
    unset();
}

static void counts_and_suggestions(void)
{
    static const struct {
        const char *reading, *wanted;
    } counts[] = {
        {"{\"least\":3,\"most\":3,\"needed\":{\"least\":5,\"most\":5}}", "Counted: <3>. Needed: <5>.\n"},
        {"{\"least\":3,\"most\":7,\"needed\":{\"least\":4,\"most\":6}}", "Counted: <3> to <7>. Needed: <4> to <6>.\n"},
        {"{\"least\":3,\"most\":1000000000,\"needed\":{\"least\":5,\"most\":5}}",
         "Counted: at least <3>. Needed: <5>.\n"},
        {"{\"least\":0,\"most\":1000000000,\"needed\":{\"least\":5,\"most\":5}}",
         "Counted: a number that is not stated. Needed: <5>.\n"},
        {"{\"least\":0,\"most\":1,\"needed\":{\"least\":1,\"most\":1}}", ""},
        {"{\"least\":2,\"most\":2}", ""},
    };
    set(LANGUAGE_ENGLISH);
    struct voice voice = voice_of(parse(agreement));
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        buffer_reset(&told);
        tell_count(&voice, parse(counts[i].reading));
        if (!CHECK(slice_is(buffer_slice(&told), counts[i].wanted)))
            fprintf(stderr, "    %.*s\n", (int)told.size, (const char *)told.data);
    }
    buffer_reset(&told);
    tell_suggested(&voice, parse("[[\"aa\",\"bb\"],[\"aa\"],7,[\"cc\",\"dd\"]]"));
    CHECK(slice_is(buffer_slice(&told), "Perhaps one event told twice; no record links or parts them:\n"
                                        "- <r:aa> and <r:bb>\n- <r:cc> and <r:dd>\n"));
    buffer_reset(&told);
    tell_suggested(&voice, parse("[]"));
    CHECK_INT(told.size, 0);
    unset();
}

static void in_arabic(void)
{
    set(LANGUAGE_ARABIC);
    CHECK(tells(
        "{\"rule\":{\"at_most\":0,\"of\":{\"act\":\"attacks\",\"actor\":\"north\",\"place\":\"town\"}}}",
        "القاعدة: يجب ألا يقع ما يلي: هجمات (قصف مدفعي، ضربة جوية، <unheard-of>)، من جانب <p:الشمال>، في <town>.\n"));
    CHECK(tells(
        "{\"every\":\"P2D\",\"rule\":{\"at_least\":4,\"of\":{\"act\":\"trucks-entered\"},\"measure\":{\"sum\":"
        "\"truck\"}}}",
        "القاعدة: لا يقل ما يلي عن <4> (شاحنات) في كل مدة: دخول شاحنات. طول المدة: يومان. وتُجمع الأعداد المذكورة.\n"));
    CHECK(tells("{\"by\":{\"of\":\"start\",\"days\":11}}",
                "موعد الاستحقاق: <2020-01-01T00:00:00Z>، مضافاً إليه \u206811\u2069 يوماً.\n"));
    CHECK(tells("{\"while\":\"other\"}", "يظل هذا البند مُلزماً ما لم يُخرق البند <t:other>.\n"));
    unset();
}

/* ---- other texts of a term */

static bool tells_rival(const char *term, const char *rival, const char *wanted)
{
    struct voice voice = voice_of(parse(agreement));
    const struct json *rivals = parse(rival);
    buffer_reset(&told);
    tell_rival_name(&voice, rivals->first->key);
    buffer_put_byte(&told, '\n');
    tell_rival(&voice, parse(term), rivals->first);
    buffer_put_byte(&told, '\0');
    bool holds = strcmp((const char *)told.data, wanted) == 0;
    if (!holds) fprintf(stderr, "    told: %s    wanted: %s", (const char *)told.data, wanted);
    return holds;
}

static void rival_texts(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(tells_rival(
        "{\"rule\":{\"of\":{\"place\":{\"buffer\":\"town\",\"m\":3500}}}}",
        "{\"transcript\":{\"changes\":{\"/rule/of/place/m\":500,\"/while\":\"south-holds\",\"/odd/9\":[1]}}}",
        "Rival transcription: <transcript>\nIt counts beside the text above: a result stands where both give "
        "it.\nWhere it differs:\n- </odd/9>: <[1]>; in the text above: nothing said.\n"
        "- Distance in metres: <500>; in the text above: <3500>.\n- Binds only while this term is kept: "
        "<t:south-holds>; in the text above: nothing said.\n"));
    CHECK(tells_rival(
        "{\"rule\":{\"within\":\"P1D\"}}", "{\"fr\":{\"changes\":{\"/rule/within\":\"P2D\"}}}",
        "The text in another language: French\nThe text that prevails is that in: Arabic. This one is shown "
        "and does not decide.\nWhere it differs:\n- Time to answer: 2 days; in the text above: 1 day.\n"));
    CHECK(tells_rival(
        "{\"except\":[{\"justify\":\"safety\"}]}",
        "{\"ar\":{\"changes\":{\"/except/0\":{\"justify\":\"security\"},\"/finding/by\":\"sides\"}}}",
        "The text in another language: Arabic\nThis is the text that prevails; the one above is shown and does "
        "not decide.\nWhere it differs:\n- Exceptions: what is justified as security, where the reading "
        "accepts that; in the text above: what is justified as safety, where the reading accepts that.\n- "
        "From whom: <p:the North> or <p:south>; in the text above: nothing said.\n"));
    unset();
}

/* ---- changes */

static void changes_stand_together(void)
{
    set(LANGUAGE_ENGLISH);
    const struct json *list =
        parse("[{\"agreement\":\"truce\",\"at\":\"2020-01-01T00:00:00Z\",\"becomes\":\"in-force\","
              "\"by\":\"bb\",\"known\":4,\"was\":\"not-begun\"},{\"agreement\":\"truce\",\"at\":"
              "\"2020-01-01T00:00:00Z\",\"becomes\":\"in-force\",\"by\":\"bb\",\"channel\":\"hotline\","
              "\"known\":4},{\"agreement\":\"truce\",\"at\":\"2020-01-01T00:00:00Z\",\"becomes\":"
              "\"met\",\"by\":\"bb\",\"known\":4,\"term\":\"quiet\",\"was\":\"void\"},{\"agreement\":"
              "\"truce\",\"at\":\"2020-01-01T00:00:00Z\",\"becomes\":\"pending\",\"known\":4,"
              "\"term\":\"quiet\",\"was\":\"met\"}]");
    struct voice voice = voice_of(NULL);
    CHECK_INT(changes_together(list->first), 3);
    CHECK(!changes_of_several(list) && !changes_of_several(NULL));
    tell_changes_together(&voice, list->first, 3, false);
    buffer_put_byte(&told, '\0');
    CHECK_STRING((const char *)told.data,
                 "- the agreement: from not begun to in force\n- the channel <the hotline>: in "
                 "force\n- <t:quiet>: from <v:void> to <v:met>\n");
    unset();
}

/* ---- what is none */

/* Every member with every shape; what goes round in circles. */
static void strange_terms(void)
{
    static const char *const members[] = {"rule",    "who",    "from",   "until", "by",      "every",   "while",
                                          "finding", "except", "effect", "watch", "channel", "answers", "each"};
    static const char *const values[] = {
        "7",
        "\"\"",
        "\"x\"",
        "\"again\"",
        "\"loop\"",
        "true",
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "{\"any\":\"x\"}",
        "{\"at_least\":{\"times\":[1]}}",
        "{\"at_least\":{\"times\":[\"a\",\"b\"]}}",
        "{\"at_most\":\"x\",\"of\":7}",
        "{\"of\":{\"of\":{\"of\":{}}}}",
        "{\"share\":[1,0],\"of\":7}",
        "{\"share\":[9007199254740991,3],\"of\":[7]}",
        "{\"by\":[[[[]]]],\"quorum\":-1,\"reply\":\"P\"}",
        "[{\"justify\":{}},{\"if\":7},{\"notified\":[]}]",
        "{\"held\":[],\"of\":7,\"unwatched\":{}}",
        "{\"all\":7}",
        "{\"may\":{\"any\":{\"any\":[]}}}",
        "{\"may\":{\"act\":{\"um\":[1,\"x\"]},\"place\":{\"any\":[]},\"weapon\":7,\"step\":[7]}}",
        "{\"first\":\"x\",\"local\":\"2020\",\"days\":-9007199254740991,\"plus\":\"P1D\"}"};
    char term[512];
    set(LANGUAGE_ARABIC);
    struct voice voice = voice_of(parse(agreement));
    for (size_t m = 0; m < COUNT_OF(members); m++)
        for (size_t i = 0; i < COUNT_OF(values); i++) {
            snprintf(term, sizeof term, "{\"%s\":%s}", members[m], values[i]);
            const struct json *tree = parse(term);
            tell_term(&voice, tree);
            tell_rival(&voice, tree, tree->first);
            tell_proposal(&voice, tree);
            snprintf(term, sizeof term, "{\"x\":{\"changes\":{\"/%s\":%s}}}", members[m], values[i]);
            tell_rival(&voice, tree, parse(term)->first);
        }
    CHECK(!told.failed && told.size < 4 * 1024 * 1024);
    unset();
}

TESTS(rules_in_english, the_rest_in_english, selectors_and_places, what_an_agreement_calls_things,
      counts_and_suggestions, in_arabic, rival_texts, changes_stand_together, strange_terms)
