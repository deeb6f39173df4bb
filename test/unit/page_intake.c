/* The pages of statements and of the outbox: the source whole with its marks, what was typed kept, hostile text inert.
 */
#include "check.h"

#include "base/buffer.h"
#include "json/write.h"
#include "markup.h"
#include "page/page.h"
#include "tell/words.h"

static struct buffer out;
static struct arena arena;
static struct records records;
static struct page page;

static bool says(const char *part)
{
    bool there = memmem(out.data, out.size, part, strlen(part)) != NULL;
    if (!there) fprintf(stderr, "  not there: %s\n", part);
    return there;
}

static bool silent_on(const char *part)
{
    return memmem(out.data, out.size, part, strlen(part)) == NULL;
}

static const struct json *parse(const char *text)
{
    const struct json *tree = NULL;
    CHECK(json_read(&tree, slice_from(text), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    return tree;
}

static void set(enum language language)
{
    buffer_reset(&out);
    words_language(language);
    arena_init(&arena, 1 << 24);
    records_open(&records, NULL);
    page =
        (struct page){.records = &records, .address = "/statements", .query = "", .register_name = "r#1", .own = true};
}

static struct markup unset(void)
{
    struct markup m = markup_read(buffer_slice(&out));
    CHECK(m.fault == NULL);
    records_close(&records);
    arena_clear(&arena);
    return m;
}

/* "Leila said that the road is open; he denied it." */
static const char source[] = "Leila said that the road is open; he denied it.";
static const char answer[] =
    "{\"counts\":[{\"best\":3}],\"dates\":[{\"calendar\":\"gregorian\",\"certain\":false,\"value\":\"2016-10-02\"}],"
    "\"lang\":\"en\",\"places\":[{\"candidates\":[{\"id\":\"sy/"
    "a\",\"names\":{\"ar\":\"حلب\",\"en\":\"Aleppo\"}},{\"id\":"
    "\"sy/b\"}]}],\"statements\":[{\"act\":\"statement\",\"content\":\"the road is open\",\"content_end\":32,"
    "\"content_start\":16,\"counts\":[0,9],\"cue\":\"said\",\"dates\":[0],\"direct\":false,\"end\":5,\"offers\":{"
    "\"parties\":[\"side-a\"],\"records\":[{\"id\":\"aabbccddeeff\",\"why\":\"earlier\"}]},\"places\":[0],"
    "\"speaker_name\":\"Leila\",\"start\":0},{\"act\":\"deny\",\"content\":\"it\",\"content_end\":46,\"content_start\":"
    "44,\"cue\":\"denied\",\"direct\":true,\"end\":36,\"speaker\":\"he\",\"start\":34}]}";

static const char *typed(void *context, const char *name, size_t number)
{
    (void)context;
    if (number == 1 && strcmp(name, "speaker") == 0) return "Leila \"I\"";
    return number == 0 && strcmp(name, "at") == 0 ? "2016-10-03 17:00" : NULL;
}

static bool chosen(void *context, size_t number, struct slice id)
{
    (void)context;
    return number == 1 && slice_is(id, "aabbccddeeff");
}

static void render(struct page_statement *items)
{
    const struct page_statements what = {.answer = parse(answer),
                                         .shown = slice_from(source),
                                         .kept = slice_from("Leila%0Asaid"),
                                         .items = items,
                                         .count = 2,
                                         .asked = typed,
                                         .chosen = chosen};
    CHECK(page_statements(&out, &page, &what, NULL) == STATUS_DONE);
}

static void a_text_is_asked_for(void)
{
    const struct page_statements first = {.text_most = 2048};
    struct page_statements wrong = first;
    wrong.asked = typed, wrong.wrong = "It is \u2068<b>\u2069.", wrong.wrong_field = "day";
    set(LANGUAGE_ENGLISH);
    CHECK(page_statements(&out, &page, &first, NULL) == STATUS_DONE);
    CHECK(says("enctype=\"multipart/form-data\"") && says("name=\"text\"") && says("type=\"file\""));
    CHECK(says("data-most=\"2048\"") && silent_on("id=\"fault\""));
    (void)unset();
    set(LANGUAGE_ARABIC);
    CHECK(page_statements(&out, &page, &wrong, NULL) == STATUS_DONE);
    CHECK(says("It is <bdi>&lt;b&gt;</bdi>.") &&
          says("name=\"day\" type=\"text\" dir=\"ltr\" autocomplete=\"off\" spellcheck=\"false\" value=\"\" "
               "aria-invalid=\"true\""));
    (void)unset();
}

static void proposals_stand_in_the_source(void)
{
    struct page_statement items[2] = {0};
    set(LANGUAGE_ENGLISH);
    render(items);
    CHECK(says(
        "<div class=\"source\" lang=\"en\" dir=\"ltr\"><span class=\"who\">Leila</span> said that <a class=\"nr\" "
        "id=\"in-text-1\" href=\"#statement-1\" dir=\"ltr\">1</a><mark class=\"reported\">the road is open</mark>; "
        "<span class=\"who\">he</span> denied <a class=\"nr\" id=\"in-text-2\" href=\"#statement-2\" "
        "dir=\"ltr\">2</a><mark class=\"direct\">it</mark>.</div>"));
    CHECK(says("Classified by truce</dt><dd>denial") && says("<dt>Verb</dt><dd><bdi>denied</bdi>"));
    CHECK(says("(proposed)") && says("<bdi>Aleppo</bdi> or <bdi>sy/b</bdi>"));
    CHECK(says("value=\"Leila &quot;I&quot;\"") && says("name=\"kept\" value=\"Leila%0Asaid\""));
    CHECK(says("value=\"aabbccddeeff\" checked") && says("<mark class=\"direct\">"));
    CHECK(says("data-hold=\"yes\"") && silent_on("id=\"accepted\""));
    CHECK(memmem(out.data, out.size, "value=\"read\"", 12) < memmem(out.data, out.size, "value=\"accept-1\"", 16));
    (void)unset();
}

static void what_was_decided_is_carried(void)
{
    struct page_statement items[2] = {
        {.state = STATEMENT_ACCEPTED,
         .object =
             slice_from("{\"act\":\"statement\",\"at\":\"2016-10-03T17:00:00Z\",\"cue\":\"said\",\"party\":\"side-a\","
                        "\"words\":{\"exact\":\"the <road>\",\"lang\":\"en\"}}")},
        {.state = STATEMENT_REFUSED}};
    set(LANGUAGE_ARABIC);
    render(items);
    CHECK(says("name=\"is-1\" value=\"accepted\"") && says("name=\"is-2\" value=\"refused\""));
    CHECK(says("name=\"at-1\" value=\"2016-10-03 17:00\"")); /* the one for all is its own now */
    CHECK(says("the &lt;road&gt;</blockquote>") && says("data-statement=\"{&quot;act&quot;"));
    CHECK(says("class=\"nr taken\" id=\"in-text-1\"") && silent_on("in-text-2") && silent_on("id=\"statement-2\""));
    CHECK(says("id=\"sign\" hidden") && says("truce write statement --from -"));
    (void)unset();
    items[0].state = STATEMENT_PROPOSED, items[0].wrong = "No.", items[0].wrong_field = "/at";
    set(LANGUAGE_ENGLISH);
    page.own = false;
    render(items);
    CHECK(says("id=\"fault-1\">No.") && says("aria-invalid=\"true\" aria-describedby=\"fault-1\""));
    CHECK(silent_on("id=\"sign\""));
    (void)unset();
}

/* ---- hostile text */

static const char *const hostile[] = {"<script>1</script>",
                                      "</textarea><img src=x onerror=1>",
                                      "\"><svg onload=1>",
                                      "</div>",
                                      "\u202E\u2066x",
                                      "javascript:1",
                                      "]]><!--"};

static const char *hostile_typed(void *context, const char *name, size_t number)
{
    (void)name;
    (void)number;
    return context;
}

static bool text_is_clean(const char *string)
{
    return strstr(string, "\u202E") == NULL;
}

static struct markup render_hostile(const char *string)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct json_writer w;
    struct page_statement items[1] = {{.wrong_field = "/act"}};
    union {
        const char *in;
        void *out;
    } context = {string};
    static const char *const names[] = {"act",     "content", "cue",          "organisation",
                                        "perhaps", "role",    "speaker_name", "target"};
    const char *said = text_is_clean(string) ? string : "x"; /* answer and sentences hold no such controls */
    items[0].wrong = said;
    set(LANGUAGE_ARABIC);
    json_write_open(&w, &text);
    json_put_object(&w);
    json_put_key(&w, "lang"), json_put_string(&w, "ar");
    json_put_key(&w, "statements");
    json_put_array(&w);
    json_put_object(&w);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        json_put_key(&w, names[i]), json_put_string(&w, strlen(string) > 1000 && i > 1 ? "x" : said);
    json_put_close(&w);
    json_put_close(&w);
    json_put_close(&w);
    CHECK(json_write_finish(&w, NULL) == STATUS_DONE);
    buffer_put_byte(&text, '\0');
    const struct page_statements what = {.answer = parse((const char *)text.data),
                                         .shown = slice_from(string),
                                         .kept = slice_from(string),
                                         .items = items,
                                         .count = 1,
                                         .asked = hostile_typed,
                                         .context = context.out};
    CHECK(page_statements(&out, &page, &what, NULL) == STATUS_DONE);
    CHECK(silent_on("<script>1") && silent_on("<img") && silent_on("<svg onload"));
    return unset();
}

static void hostile_text_is_inert(void)
{
    static char word[50001];
    struct markup harmless = render_hostile("harmless");
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct markup m = render_hostile(hostile[i]);
        CHECK_INT(m.elements, harmless.elements);
        if (!CHECK(m.shape == harmless.shape)) fprintf(stderr, "    %s\n", hostile[i]);
    }
    memset(word, 'w', sizeof word - 1);
    CHECK_INT(render_hostile(word).elements, harmless.elements);
}

/* ---- the outbox */

static const char lists[] =
    "{\"arrivals\":[{\"at\":\"2016-10-03T17:00:00.000Z\",\"id\":\"aabbccddeeff\",\"state\":\"withheld\"}],\"outbox\":[{"
    "\"by\":\"side-a\",\"id\":\"0011223344556677\",\"key\":\"01020304\",\"kind\":\"statement\",\"missing\":{\"from\":4,"
    "\"to\":6},"
    "\"record\":{\"kind\":\"statement\",\"words\":{\"exact\":\"the "
    "<road>\",\"lang\":\"en\"}},\"seq\":7,\"state\":\"gap\",\"written\":"
    "\"2016-10-03T17:00:00Z\"},{\"by\":\"side-a\",\"code\":\"admission-x\",\"id\":\"1011223344556677\",\"kind\":"
    "\"claim\","
    "\"message\":\"It is "
    "\u2068<b>\u2069.\",\"seq\":8,\"state\":\"refused\",\"written\":\"2016-10-03T17:00:00Z\"},{\"by\":\"side-a\","
    "\"id\":\"2011223344556677\",\"index\":7,\"kind\":\"report\",\"level\":\"cosigned\",\"state\":\"in\"}],"
    "\"promises\":[{\"evidence\":"
    "\"peers/evidence/"
    "x.json\",\"id\":\"3011223344556677\",\"index\":9,\"merge_by\":\"2016-10-04T17:00:00.000Z\",\"state\":"
    "\"missed\"}],\"sealed\":[{\"cipher\":\"ab\",\"state\":\"waiting\"}]}";

static void what_waits_says_why(void)
{
    set(LANGUAGE_ENGLISH);
    const struct page_outbox what = {.shown = true, .answer = parse(lists), .pouch_most = 4 << 20};
    CHECK(page_outbox(&out, &page, &what, NULL) == STATUS_DONE);
    CHECK(says("the numbers 4 to 6") && says("not taken: It is <bdi>&lt;b&gt;</bdi>."));
    CHECK(says("the &lt;road&gt;") &&
          says("Level <bdi class=\"number\" dir=\"ltr\">3</bdi> of 4: cosigned by a quorum"));
    CHECK(says("peers/evidence/x.json") && says("withheld: longer than a host may take"));
    CHECK(says("action=\"/outbox/pouch\"") && says("action=\"/outbox/open\"") && says("action=\"/outbox/send\""));
    CHECK(says("names them: <bdi class=\"number\" dir=\"ltr\">1</bdi>"));
    (void)unset();
}

static void elsewhere_nothing_is_shown(void)
{
    static const enum language languages[] = {LANGUAGE_ENGLISH, LANGUAGE_ARABIC};
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        set(languages[i]);
        const struct page_outbox what = {.answer = parse(lists)};
        CHECK(page_outbox(&out, &page, &what, NULL) == STATUS_DONE);
        CHECK(silent_on("<form class") && silent_on("road") && silent_on("00112233") && says("truce outbox -C DIR"));
        (void)unset();
    }
}

static void what_came_of_a_pouch_is_told(void)
{
    set(LANGUAGE_ENGLISH);
    const struct page_outbox what = {
        .shown = true,
        .answer = parse("{\"outbox\":[]}"),
        .opened = parse(
            "{\"code\":\"pouch-refused\",\"counts\":{\"kept\":1,\"notes\":5,\"taken\":12},\"message\":\"Some <i>.\","
            "\"receipts\":3,\"refusals\":[{\"message\":\"Not "
            "\u2068this\u2069.\"}],\"taken\":[\"aabbccddeeff\"],\"told\":[{\"by\":"
            "\"side-a\",\"from\":2,\"key\":\"01020304\",\"pouch\":\"missing\",\"to\":3},{\"code\":\"pouch-history\","
            "\"message\":\"Another <history>.\",\"pouch\":\"entries\"}]}")};
    CHECK(page_outbox(&out, &page, &what, NULL) == STATUS_DONE);
    CHECK(says("Some &lt;i&gt;.") && says("Not <bdi>this</bdi>.") && says("Another &lt;history&gt;."));
    CHECK(says("Still missing of") && says("href=\"/records/aabbccddeeff\"") && says("Nothing waits"));
    (void)unset();
}

TESTS(a_text_is_asked_for, proposals_stand_in_the_source, what_was_decided_is_carried, hostile_text_is_inert,
      what_waits_says_why, elsewhere_nothing_is_shown, what_came_of_a_pouch_is_told)
