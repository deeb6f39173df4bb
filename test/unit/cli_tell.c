/* Answers told to people: what must always stand beside what, in both languages and both forms. */
#include "check.h"

#include "cli/tell.h"
#include "terms/reason.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ID_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

static const char agreement[] =
    "{\"agreement\":\"north\",\"channels\":{\"hotline\":{\"name\":{\"ar\":\"الخط "
    "الساخن\",\"en\":\"hotline\"}}},\"id\":\"" ID_A
    "\",\"kind\":\"agreement\",\"readings\":{\"strict\":{\"name\":{\"ar\":\"احتساب كل ادعاء\",\"en\":\"every claim "
    "counts\"}}},\"terms\":[{\"clause\":{\"ar\":\"لا قصف.\",\"en\":\"No <shelling>.\"},\"id\":\"quiet\"}]}";
static const char suspension[] = "{\"act\":\"suspend\",\"by\":\"side-a\",\"id\":\"" ID_B "\",\"kind\":\"standing\"}";
static const char report[] = "{\"at\":\"2016-09-17T14:00:00Z\",\"by\":\"side-a\",\"id\":\"" ID_C
                             "\",\"kind\":\"report\",\"text\":{\"en\":\"A shell & a <crater>\",\"original\":\"en\"}}";
static const char party[] =
    "{\"kind\":\"party\",\"names\":{\"ar\":\"الطرف أ\",\"en\":\"Side A\"},\"party\":\"side-a\"}";

static const char standing[] =
    "{\"agreements\":[{\"by\":[\"" ID_B "\"],\"channels\":[{\"id\":\"hotline\",\"since\":\"2016-09-12T16:00:00Z\","
    "\"standing\":\"in-force\"}],\"id\":\"north\",\"record\":\"" ID_A "\",\"since\":\"2016-10-03T17:10:00Z\","
    "\"standing\":\"suspended\",\"terms\":[{\"because\":[\"" ID_C
    "\"],\"clock\":{\"at\":\"2016-10-05T00:00:00Z\",\"becomes\":\"met\",\"would\":[\"finding-would\",\"correction-"
    "would\"]},\"id\":\"quiet\",\"readings\":"
    "{\"monitor\":\"not-observed\",\"strict\":\"breached\"},\"verdict\":\"breached\"}]}],\"as_of\":\"2016-10-04T12:00:"
    "00Z\","
    "\"exercise\":true,\"known\":3,\"later\":2,\"open\":{\"notices\":[{\"due\":\"2016-10-04T10:00:00Z\",\"from\":"
    "\"side-a\","
    "\"id\":\"" ID_C "\",\"state\":\"overdue\",\"to\":\"side-b\"}],\"proposals\":[{\"agreement\":\"north\",\"ask\":["
    "\"side-a\",\"side-b\"],"
    "\"because\":[\"" ID_C
    "\"],\"do\":\"refer\",\"on\":\"breached\",\"since\":\"2016-09-17T14:00:00Z\",\"term\":\"quiet\","
    "\"what\":{\"channel\":\"hotline\"}}],\"questions\":[]}}";

static const char why[] =
    "{\"as_of\":\"2016-10-04T12:00:00Z\",\"exercise\":false,\"known\":3,\"later\":0,\"why\":{\"agreement\":\"north\","
    "\"clause\":{\"ar\":\"لا قصف.\",\"en\":\"No <shelling>.\"},\"readings\":{\"strict\":{\"changes\":[{\"code\":"
    "\"correction-would\",\"records\":[\"" ID_C "\"]}],\"counted\":[{\"at\":\"2016-09-17T14:00:00Z\",\"id\":\"" ID_C
    "\",\"why\":\"reported\"}],\"not_counted\":[{\"id\":\"" ID_B "\",\"why\":\"place-doubted\"}],\"reason\":"
    "\"more-than-allowed\",\"verdict\":\"breached\"}},\"rule\":{\"at_most\":0,\"of\":{\"act\":\"shelling\"}},\"term\":"
    "\"quiet\",\"verdict\":"
    "\"breached\",\"who\":[\"side-a\"]}}";

static struct buffer told;

static void tell(const char *answer, enum language language, enum doc_form form,
                 void (*teller)(struct doc *, const struct json *, struct records *))
{
    static const char *const known[] = {agreement, suspension, report, party};
    struct arena arena;
    struct records records;
    struct doc doc;
    const struct json *tree;
    buffer_reset(&told);
    words_language(language);
    arena_init(&arena, 1 << 22);
    records_open(&records, NULL);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        CHECK(json_read(&tree, slice_from(known[i]), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
        records_put(&records, tree);
    }
    if (CHECK(json_read(&tree, slice_from(answer), JSON_RELAXED, &arena, NULL) == STATUS_DONE)) {
        doc_open(&doc, &told, form, language_code(language), "title & more");
        teller(&doc, tree, &records);
        doc_close(&doc);
    }
    buffer_put_byte(&told, '\0');
    records_close(&records);
    arena_clear(&arena);
}

static bool says(const char *what)
{
    bool there = strstr((const char *)told.data, what) != NULL;
    if (!there) fprintf(stderr, "    not said: %s\n", what);
    return there;
}

static bool silent_on(const char *what)
{
    return strstr((const char *)told.data, what) == NULL;
}

static void standing_in_english(void)
{
    tell(standing, LANGUAGE_ENGLISH, DOC_TEXT, tell_standing);
    CHECK(says("Exercise data\n"));
    CHECK(says("As of 2016-10-04 12:00 UTC. Known: 3 records. Later records are not shown: 2\nrecords."));
    CHECK(says("suspended, since 2016-10-03 17:10 UTC (suspension, by: Side A, record bbbbbbbb)"));
    CHECK(says("- hotline: in force, since"));
    CHECK(says("- quiet: breached\n    No <shelling>.\n"));
    CHECK(says("monitor: not enough watching; every claim counts: breached"));
    CHECK(says("Computed from signed records; not a finding of responsibility."));
    CHECK(says("Notice cccccccc from Side A to side-b: receipt not confirmed."));
    CHECK(says("Late by: 2 hours."));
    CHECK(says(
        "Time alone: at 2016-10-05 00:00 UTC the result becomes: met.\n    What would change it: A finding on what"));
    CHECK(says(
        "- Proposed to Side A; side-b: a referral, concerning the channel hotline.\n    Reason: the term quiet; its "
        "result: breached, since 2016-09-17 14:00 UTC.\n      - report cccccccc, Side A"));
    CHECK(says("Nothing is done by itself"));
    CHECK(silent_on("\u2068"));
}

static void standing_in_arabic(void)
{
    tell(standing, LANGUAGE_ARABIC, DOC_TEXT, tell_standing);
    CHECK(says("بيانات تدريبية\n"));
    CHECK(says("معلَّق، منذ"));
    CHECK(says("\u2068الخط الساخن\u2069: سارية"));
    CHECK(says("- \u2068quiet\u2069: خرق\n"));
    CHECK(says("رصد غير كافٍ"));
    CHECK(says("وليست استنتاجاً بالمسؤولية"));
    CHECK(says("لم يرد تأكيد الاستلام"));
    CHECK(says("\u2068ساعتان\u2069"));
    words_language(LANGUAGE_ENGLISH);
}

static void why_as_text(void)
{
    tell(why, LANGUAGE_ENGLISH, DOC_TEXT, tell_why);
    CHECK(silent_on("Exercise data"));
    CHECK(says("Rule: this must not happen: shelling.\nIt binds: Side A.\n"));
    CHECK(says("The agreement names no reading that decides."));
    CHECK(says("every claim counts: breached\nMore was counted than the term allows.\n"));
    CHECK(says("- report cccccccc, Side A, 2016-09-17 14:00 UTC: A shell & a <crater>"));
    CHECK(says("a report that this reading counts"));
    CHECK(says("with its error the place may be inside or outside"));
    CHECK(says("A correction or a finding, by those entitled to it. (cccccccc)"));
    CHECK(says("not a finding of responsibility"));
}

/* One escape for everything: nothing that a record says becomes markup. */
static void why_as_a_page(void)
{
    tell(why, LANGUAGE_ARABIC, DOC_HTML, tell_why);
    CHECK(says("<html lang=\"ar\" dir=\"rtl\">"));
    CHECK(says("<title>title &amp; more</title>"));
    CHECK(says("A shell &amp; a &lt;crater&gt;"));
    CHECK(silent_on("<crater>") && silent_on("<shelling>") && silent_on("<script"));
    CHECK(says("المحتسب أكثر مما يسمح به البند."));
    CHECK(says("</html>\n"));
    words_language(LANGUAGE_ENGLISH);
}

/* Readings that say the same are told once, under all their names. */
static void readings_alike_are_told_together(void)
{
    tell("{\"why\":{\"agreement\":\"north\",\"readings\":{\"a\":{\"reason\":\"kept\",\"verdict\":\"met\"},\"b\":{"
         "\"reason\":"
         "\"not-watched\",\"verdict\":\"not-observed\"},\"strict\":{\"reason\":\"kept\",\"verdict\":\"met\"}}}}",
         LANGUAGE_ENGLISH, DOC_TEXT, tell_why);
    CHECK(says("a; every claim counts: met\nWhat the term asks was kept"));
    CHECK(says("\nb: not enough watching\n") && silent_on("\nevery claim counts: met"));
}

static void what_excuses_is_told(void)
{
    tell("{\"why\":{\"readings\":{\"strict\":{\"not_counted\":[{\"excused_by\":\"" ID_C
         "\",\"ground\":\"self-defence\",\"id\":"
         "\"" ID_B "\",\"least\":4,\"most\":6,\"why\":\"excused\"},{\"excused_by\":\"" ID_C "\",\"id\":\"" ID_B
         "\",\"least\":4,\"most\":1000000000,\"why\":\"exception-doubted\"}]}}}}",
         LANGUAGE_ENGLISH, DOC_TEXT, tell_why);
    CHECK(says("an exception applies: self-defence; number: 4 to 6\n      Excused by: report cccccccc, Side A"));
    CHECK(says("whether an exception applies cannot be told; number: at least 4\n      Perhaps excused by: report"));
}

static void changes_are_told_by_moment(void)
{
    static const char changes[] =
        "{\"about\":{\"exercise\":true},\"changes\":[{\"agreement\":\"north\",\"at\":\"2016-09-12T16:00:00Z\","
        "\"becomes\":"
        "\"in-force\",\"by\":\"" ID_B "\",\"known\":4,\"was\":\"not-begun\"},{\"agreement\":\"north\",\"at\":"
        "\"2016-09-12T16:00:00Z\",\"becomes\":\"pending\",\"by\":\"" ID_B "\",\"known\":4,\"term\":\"quiet\"},{"
        "\"agreement\":\"north\",\"at\":\"2016-09-13T16:00:00Z\",\"becomes\":\"breached\",\"known\":4,\"term\":"
        "\"quiet\","
        "\"was\":\"pending\"}]}";
    tell(changes, LANGUAGE_ENGLISH, DOC_TEXT, tell_changes);
    CHECK(says("Exercise data\n\n2016-09-12 16:00 UTC, by: act of standing bbbbbbbb, Side A, "));
    CHECK(says(
        "  - the agreement: from not begun to in force\n  - quiet: pending\n\n2016-09-13 16:00 UTC, by time alone\n  - "
        "quiet: from pending to breached\nComputed from signed records"));
    tell(changes, LANGUAGE_ARABIC, DOC_HTML, tell_changes);
    CHECK(says("، بمرور الوقت وحده</h2>") && says(": من قيد الانتظار إلى خرق</p>"));
    tell("{\"changes\":[]}", LANGUAGE_ENGLISH, DOC_TEXT, tell_changes);
    CHECK(says("Nothing has changed"));
}

/* Every code that an explanation can give has words, in both languages. */
static void every_reason_has_words(void)
{
    static const enum label_table tables[] = {LABEL_COUNTED, LABEL_NOT_COUNTED, LABEL_REASON, LABEL_CHANGE};
    for (int reason = 1; reason < REASON_COUNT; reason++) {
        const char *code = reason_code((enum reason)reason), *english = NULL, *arabic = NULL;
        for (size_t i = 0; i < COUNT_OF(tables); i++) {
            words_language(LANGUAGE_ENGLISH);
            const char *label = words_label(tables[i], code);
            if (strcmp(label, code) == 0) continue;
            english = label;
            words_language(LANGUAGE_ARABIC);
            arabic = words_label(tables[i], code);
        }
        if (!CHECK(english != NULL && arabic != NULL && strcmp(english, arabic) != 0))
            fprintf(stderr, "    %s\n", code);
    }
    words_language(LANGUAGE_ENGLISH);
}

/* An answer with nothing in it, or with other things than expected, is told without a fall. */
static void strange_answers(void)
{
    static const char *const answers[] = {"{}",
                                          "[]",
                                          "7",
                                          "{\"agreements\":[{}],\"open\":{\"notices\":[{}]}}",
                                          "{\"why\":{\"readings\":{\"x\":{\"counted\":[{}],\"run\":{}}}}}",
                                          "{\"agreements\":[{\"terms\":[{}],\"channels\":[{}]}]}",
                                          "{\"open\":{\"proposals\":[{},{\"ask\":7}]},\"changes\":[{},7]}"};
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        tell(answers[i], LANGUAGE_ARABIC, DOC_TEXT, tell_standing);
        CHECK(says("ما ينتظر إجراءً"));
        tell(answers[i], LANGUAGE_ENGLISH, DOC_HTML, tell_why);
        CHECK(says("</html>"));
        tell(answers[i], LANGUAGE_ENGLISH, DOC_HTML, tell_changes);
        CHECK(says("</html>"));
    }
    buffer_clear(&told);
}

TESTS(standing_in_english, standing_in_arabic, why_as_text, why_as_a_page, readings_alike_are_told_together,
      what_excuses_is_told, changes_are_told_by_moment, every_reason_has_words, strange_answers)
