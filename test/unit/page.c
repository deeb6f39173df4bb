/* Pages: text can never become markup, every address is this site's own, and what must stand beside what does, in both
 * languages. */
#include "check.h"
#include "markup.h"

#include "base/time.h"
#include "json/write.h"
#include "page/days.h"
#include "page/sheet.h"
#include "base/limits.h"
#include "tell/words.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ID_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define ID_D "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

static struct buffer written;

static bool says(const char *what)
{
    bool there = memmem(written.data, written.size, what, strlen(what)) != NULL;
    if (!there) fprintf(stderr, "    not said: %s\n", what);
    return there;
}

static bool silent_on(const char *what)
{
    bool there = memmem(written.data, written.size, what, strlen(what)) != NULL;
    if (there) fprintf(stderr, "    said: %s\n", what);
    return !there;
}

static bool holds(void)
{
    struct markup m = markup_read(buffer_slice(&written));
    if (m.fault != NULL)
        fprintf(stderr, "    %s at byte %zu: %.60s\n", m.fault, m.at, (const char *)written.data + m.at);
    return m.fault == NULL;
}

/* ---- the writer */

static void begin_body(struct html *html)
{
    buffer_reset(&written);
    html_open(html, &written);
    html_begin(html, TAG_HTML);
    html_begin(html, TAG_BODY);
}

static enum status end_body(struct html *html)
{
    html_end(html, TAG_BODY);
    html_end(html, TAG_HTML);
    return html_finish(html, NULL);
}

static void text_is_escaped(void)
{
    struct html html;
    begin_body(&html);
    html_begin(&html, TAG_P);
    html_set(&html, ATTR_TITLE, "<a href='x' title=\"y\">&amp;");
    html_text(&html, slice_from("<script>alert('1' + \"2\")</script> & &lt;"));
    html_end(&html, TAG_P);
    CHECK(end_body(&html) == STATUS_DONE);
    CHECK(says("title=\"&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp;\""));
    CHECK(says(">&lt;script&gt;alert(&#39;1&#39; + &quot;2&quot;)&lt;/script&gt; &amp; &amp;lt;</p>"));
    CHECK(holds());
}

/* Every byte there is, alone and as UTF-8, as text and as a value. */
static void every_byte_is_harmless(void)
{
    struct html html;
    begin_body(&html);
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t alone[1] = {(uint8_t)byte}, pair[2] = {(uint8_t)(0xC0 | byte >> 6), (uint8_t)(0x80 | (byte & 0x3F))};
        html_begin(&html, TAG_P);
        html_set_slice(&html, ATTR_VALUE, slice_of(alone, 1));
        html_set_slice(&html, ATTR_TITLE, slice_of(pair, 2));
        html_text(&html, slice_of(alone, 1));
        html_text(&html, slice_of(pair, 2));
        html_words_slice(&html, slice_of(alone, 1));
        html_message(&html, slice_of(pair, 2));
        html_end(&html, TAG_P);
    }
    CHECK(end_body(&html) == STATUS_DONE);
    CHECK(holds());
}

static void bad_text_is_shown_as_such(void)
{
    struct html html;
    begin_body(&html);
    html_begin(&html, TAG_P);
    html_text(&html, slice_from("a\xFF\xC3(b\x01\x7F\xE2\x82"));
    html_end(&html, TAG_P);
    CHECK(end_body(&html) == STATUS_DONE);
    CHECK(says("a\uFFFD\uFFFD(b\uFFFD\uFFFD\uFFFD"));
}

static void direction_is_shown(void)
{
    struct html html;
    begin_body(&html);
    html_begin(&html, TAG_P);
    html_text(&html, slice_from("a\u200Fb\u202Ec\u2069\u061Cd"));
    html_end(&html, TAG_P);
    html_begin(&html, TAG_SELECT);
    html_begin(&html, TAG_OPTION);
    html_text(&html, slice_from("\u2067x"));
    html_end(&html, TAG_OPTION);
    html_end(&html, TAG_SELECT);
    html_words_in(&html, TAG_P, NULL, "\u200Fown");
    CHECK(end_body(&html) == STATUS_DONE);
    CHECK(says("a<bdi class=\"unseen\" dir=\"ltr\">RLM</bdi>b<bdi class=\"unseen\" dir=\"ltr\">RLO</bdi>c"));
    CHECK(says("<bdi class=\"unseen\" dir=\"ltr\">PDI</bdi><bdi class=\"unseen\" dir=\"ltr\">ALM</bdi>d"));
    CHECK(says("[RLI]x</option>"));
    CHECK(says("<p>\u200Fown</p>"));
    CHECK(silent_on("\u202E") && silent_on("\u2069") && silent_on("\u2067"));
}

/* Isolates of a message become elements; what closes none, or never closes, does nothing. */
static void messages_keep_their_isolates(void)
{
    struct html html;
    begin_body(&html);
    html_begin(&html, TAG_P);
    html_message(&html, slice_from("x \u2068y\u202E\u2069 z\u2069 \u2066w"));
    html_end(&html, TAG_P);
    html_begin(&html, TAG_P);
    for (int i = 0; i < 100; i++)
        html_message(&html, slice_from("\u2068\u2068\u2068\u2068\u2068\u2068\u2068\u2068\u2068a"));
    html_end(&html, TAG_P);
    CHECK(end_body(&html) == STATUS_DONE);
    CHECK(says("<p>x <bdi>y<bdi class=\"unseen\" dir=\"ltr\">RLO</bdi></bdi> z <bdi dir=\"ltr\">w</bdi></p>"));
    CHECK(holds());
}

static void memory_held_out_is_told_once(void)
{
    struct html html;
    struct error error = {0};
    begin_body(&html);
    written.failed = true;
    html_begin(&html, TAG_P);
    html_text(&html, slice_from("lost"));
    html_end(&html, TAG_P);
    html_end(&html, TAG_BODY);
    html_end(&html, TAG_HTML);
    CHECK(html_finish(&html, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "out-of-memory");
    written.failed = false;
}

/* ---- what is a bug stops: each runs in a process of its own */

static bool stops(void (*wrong)(struct html *html))
{
    pid_t child = fork();
    int state = 0;
    if (child == 0) {
        struct html html;
        fclose(stderr);
        begin_body(&html);
        wrong(&html);
        _exit(0);
    }
    return waitpid(child, &state, 0) == child && WIFSIGNALED(state) && WTERMSIG(state) == SIGABRT;
}

static void ends_another(struct html *html)
{
    html_begin(html, TAG_P);
    html_end(html, TAG_DIV);
}
static void leaves_open(struct html *html)
{
    html_begin(html, TAG_P);
    (void)!html_finish(html, NULL);
}
static void sets_after_text(struct html *html)
{
    html_begin(html, TAG_P);
    html_words(html, "x");
    html_set(html, ATTR_CLASS, "y");
}
static void sets_an_address(struct html *html)
{
    html_begin(html, TAG_A);
    html_set(html, ATTR_HREF, "javascript:alert(1)");
}
static void puts_block_in_paragraph(struct html *html)
{
    html_begin(html, TAG_P);
    html_begin(html, TAG_DIV);
}
static void puts_text_in_list(struct html *html)
{
    html_begin(html, TAG_UL);
    html_words(html, "x");
}
static void puts_link_in_link(struct html *html)
{
    html_begin(html, TAG_A);
    html_begin(html, TAG_SPAN);
    html_begin(html, TAG_A);
}
static void puts_row_in_division(struct html *html)
{
    html_begin(html, TAG_TR);
}
static void addresses_another_host(struct html *html)
{
    struct address address;
    (void)html;
    address_open(&address, "//example.org/");
}
static void addresses_a_scheme(struct html *html)
{
    struct address address;
    (void)html;
    address_open(&address, "javascript:");
}
static void is_no_bug(struct html *html)
{
    html_begin(html, TAG_P);
    html_end(html, TAG_P);
}

static void bugs_stop(void)
{
    void (*const wrong[])(struct html *) = {
        ends_another,      leaves_open,       sets_after_text,      sets_an_address,        puts_block_in_paragraph,
        puts_text_in_list, puts_link_in_link, puts_row_in_division, addresses_another_host, addresses_a_scheme};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) CHECK(stops(wrong[i]));
    CHECK(!stops(is_no_bug));
}

/* ---- addresses */

static const char *const nothing[] = {NULL}, *const no_lang[] = {"lang", NULL};

static bool reads(struct address *address, const char *wanted)
{
    bool same = !address->lost && slice_is(buffer_slice(&address->text), wanted);
    if (!same) fprintf(stderr, "    %s\"%.*s\"\n", address->lost ? "lost " : "", SLICE(buffer_slice(&address->text)));
    address_clear(address);
    return same;
}

static void addresses_are_built_of_parts(void)
{
    struct address a;
    address_open(&a, "/why");
    address_part(&a, slice_from("javascript:alert(1)"));
    address_part(&a, slice_from("a/b?c#d&e f%"));
    address_ask(&a, "as-of", slice_from("2016-10-04T00:00:00Z"));
    address_ask(&a, "text", slice_from("\"<سلام>\""));
    address_place(&a, "day-", slice_from("x y"));
    CHECK(reads(&a, "/why/javascript%3Aalert%281%29/a%2Fb%3Fc%23d%26e%20f%25?as-of=2016-10-04T00%3A00%3A00Z&text=%22%3C"
                    "%D8%B3%D9%84%D8%A7%D9%85%3E%22#day-x%20y"));
    for (const char *const *part = (const char *const[]){"", ".", "..", NULL}; *part != NULL; part++) {
        address_open(&a, "/records");
        address_part(&a, slice_from(*part));
        CHECK(a.lost);
        address_clear(&a);
    }
}

static void addresses_from_outside_are_made_anew(void)
{
    struct address a;
    address_again(&a, "//evil.example/x", "a=1&lang=ar&b=%3Cb%3E+c&lang=en", no_lang);
    CHECK(reads(&a, "/evil.example/x?a=1&b=%3Cb%3E%20c"));
    address_again(&a, "/records/%2e%2e/x", "", nothing);
    CHECK(a.lost);
    address_clear(&a);
    address_again(&a, "/", "=x&&y&z=%zz&w=%ff&n=%00&q", nothing);
    CHECK(reads(&a, "/?y=&z=%25zz&q="));
    address_again(&a, "/\\evil", "x=1#y", nothing);
    CHECK(reads(&a, "/%5Cevil?x=1%23y"));
}

static void lost_addresses_are_left_out(void)
{
    struct html html;
    struct address a;
    begin_body(&html);
    address_open(&a, "/records");
    address_part(&a, slice_from(".."));
    html_begin(&html, TAG_A);
    html_address(&html, ATTR_HREF, &a);
    html_words(&html, "x");
    html_end(&html, TAG_A);
    address_clear(&a);
    CHECK(end_body(&html) == STATUS_DONE);
    CHECK(says("<a>x</a>"));
}

/* ---- pages */

static const char agreement[] =
    "{\"agreement\":\"north\",\"by\":\"side-a\",\"channels\":{\"hotline\":{\"name\":{\"ar\":\"الخط الساخن\",\"en\":"
    "\"hotline\",\"original\":\"en\"}}},\"id\":\"" ID_A "\",\"kind\":\"agreement\",\"parties\":[\"side-b\",\"side-a\"],"
    "\"readings\":{\"strict\":{\"name\":{\"ar\":\"احتساب كل ادعاء\",\"en\":\"every claim "
    "counts\",\"original\":\"en\"}}},"
    "\"terms\":[{\"clause\":{\"ar\":\"لا قصف.\",\"en\":\"No "
    "<shelling>.\",\"original\":\"en\",\"translated_by\":{\"ar\":"
    "\"A. Translator\"}},\"id\":\"quiet\"}],\"title\":{\"ar\":\"اتفاق\",\"en\":\"Agreement N\",\"original\":\"en\"}}";
static const char suspension[] =
    "{\"act\":\"suspend\",\"agreement\":\"" ID_A "\",\"by\":\"side-a\",\"id\":\"" ID_B "\",\"kind\":\"standing\"}";
static const char report[] =
    "{\"by\":\"side-a\",\"id\":\"" ID_C "\",\"index\":7,\"kind\":\"report\",\"text\":{\"en\":\"A "
    "shell & a <crater>\",\"original\":\"en\"},\"when\":{\"from\":\"2016-09-17T14:00:00Z\"}}";
static const char notice[] = "{\"at\":\"2016-10-03T17:00:00Z\",\"by\":\"side-a\",\"id\":\"" ID_D
                             "\",\"kind\":\"notice\",\"text\":{\"en\":\"A convoy\",\"original\":\"en\"}}";
static const char party[] = "{\"kind\":\"party\",\"names\":{\"ar\":\"الطرف أ\",\"en\":\"Side A\",\"original\":\"en\"},"
                            "\"party\":\"side-a\"}";

#define ANSWER "\"as_of\":\"2016-10-04T12:00:00Z\",\"known\":3,\"later\":2,\"register\":\"r#1\",\"root\":\"" ID_B "\""
static const char standing[] =
    "{\"agreements\":[{\"by\":[\"" ID_B "\"],\"channels\":[{\"id\":\"hotline\",\"since\":\"2016-09-12T16:00:00Z\","
    "\"standing\":\"in-force\"}],\"id\":\"north\",\"record\":\"" ID_A "\",\"since\":\"2016-10-03T17:10:00Z\","
    "\"standing\":\"suspended\",\"terms\":[{\"because\":[\"" ID_C "\"],\"clock\":{\"at\":\"2016-10-05T00:00:00Z\","
    "\"becomes\":\"met\"},\"id\":\"quiet\",\"readings\":{\"monitor\":\"not-observed\",\"strict\":\"breached\"},"
    "\"verdict\":\"disputed\"},{\"because\":[\"" ID_B "\"],\"clock\":{},\"id\":\"calm\",\"readings\":{\"strict\":"
    "\"void\"},\"verdict\":\"void\",\"was\":\"breached\",\"was_readings\":{\"strict\":\"breached\"}},{\"because\":[],"
    "\"clock\":{},\"id\":\"open\",\"readings\":{\"strict\":\"met\"},\"verdict\":\"met\"}],\"title\":{\"en\":"
    "\"Agreement N\",\"original\":\"en\"}}]," ANSWER ",\"open\":{\"proposals\":[{\"agreement\":\"north\",\"ask\":["
    "\"side-c\",\"side-d\"],\"because\":[\"" ID_C
    "\"],\"do\":\"suspend\",\"on\":\"disputed\",\"since\":\"2016-09-17T14:00:00Z\",\"term\":\"quiet\",\"what\":{"
    "\"whole\":"
    "true}}]},\"waiting\":{\"notices\":[{\"agreement\":\"" ID_A
    "\",\"at\":\"2016-10-03T17:00:00Z\",\"channel\":\"hotline\",\"due\":"
    "\"2016-10-04T10:00:00Z\",\"from\":\"side-a\",\"id\":\"" ID_D "\",\"state\":\"overdue\",\"to\":\"side-c\"},"
    "{\"agreement\":\"" ID_A "\",\"at\":\"2016-10-03T17:00:00Z\",\"due\":\"2016-10-04T13:00:00Z\",\"from\":\"side-a\","
    "\"id\":\"" ID_D "\",\"state\":\"waiting\",\"to\":\"side-b\"}],\"proposals\":[{\"agreement\":\"north\",\"ask\":["
    "\"side-c\",\"side-d\"],\"because\":[\"" ID_C
    "\"],\"do\":\"suspend\",\"on\":\"disputed\",\"since\":\"2016-09-17T14:00:00Z\",\"term\":\"quiet\",\"what\":{"
    "\"whole\":"
    "true}}],\"questions\":[{\"from\":\"side-b\",\"id\":\"" ID_D "\",\"state\":\"waiting\",\"to\":\"side-c\"}]}}";
static const char why[] =
    "{" ANSWER
    ",\"why\":{\"agreement\":\"north\",\"clause\":{\"ar\":\"لا قصف.\",\"en\":\"No <shelling>.\",\"original\":"
    "\"ar\",\"machine\":[\"en\"]},\"readings\":{\"strict\":{\"changes\":[{\"code\":\"correction-would\",\"records\":["
    "\"" ID_C "\"]}],\"counted\":[{\"at\":\"2016-09-17T14:00:00Z\",\"id\":\"" ID_C
    "\",\"why\":\"reported\"}],\"days\":[{\"days\":1,"
    "\"from\":\"2016-09-12T16:00:00Z\",\"state\":\"unwatched\",\"to\":\"2016-09-12T21:00:00Z\"},{\"by\":[\"" ID_C
    "\"],\"days\":1,\"from\":\"2016-09-12T21:00:00Z\",\"state\":\"breached\",\"term\":\"calm\",\"to\":"
    "\"2016-09-13T21:00:00Z\"}],\"not_counted\":[{\"id\":\"" ID_B "\",\"why\":\"place-doubted\"}],\"reason\":"
    "\"more-than-allowed\",\"verdict\":\"breached\"}},\"rule\":{\"held\":\"P7D\",\"of\":[\"calm\",\"convoys\"]},"
    "\"term\":"
    "\"quiet\",\"verdict\":\"breached\",\"who\":\"side-a\"}}";

static struct arena arena;
static struct records records;
static struct page page;

static const struct json *parse(const char *text)
{
    const struct json *tree = NULL;
    struct error error = {0};
    if (!CHECK(json_read(&tree, slice_from(text), JSON_RELAXED, &arena, &error) == STATUS_DONE))
        fprintf(stderr, "    %s %s\n", error.code, error.pointer);
    return tree;
}

static const struct json *named_by; /* the record that is shown next; NULL: nobody */

static enum status shows(const struct json *record, struct slice note, struct slice proof)
{
    const struct page_shown shown = {record, named_by, note, proof};
    return page_record(&written, &page, &shown, NULL);
}

static void set(enum language language)
{
    static const char *const known[] = {agreement, suspension, report, notice, party};
    buffer_reset(&written);
    words_language(language);
    arena_init(&arena, 1 << 24);
    records_open(&records, NULL);
    for (size_t i = 0; i < COUNT_OF(known); i++) records_put(&records, parse(known[i]));
    page = (struct page){.records = &records,
                         .address = "/standing",
                         .query = "",
                         .register_name = "truce.example/x#0011223344556677",
                         .size = 5,
                         .root = ID_A};
}

static void unset(void)
{
    CHECK(holds());
    records_close(&records);
    arena_clear(&arena);
}

static void standing_in_english(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(page_standing(&written, &page, parse(standing), NULL) == STATUS_DONE);
    CHECK(says("<html lang=\"en\" dir=\"ltr\">"));
    CHECK(says("Agreement N") && says("No &lt;shelling&gt;."));
    CHECK(says("suspension, by: <bdi>Side A</bdi>, record <a href=\"/records/" ID_B "\">"));
    CHECK(says("since <time datetime=\"2016-10-03T17:10:00Z\">"));
    CHECK(says("readings differ") && says("every claim counts"));
    CHECK(says("not in force") && says("before: "));
    CHECK(says("at <time datetime=\"2016-10-05T00:00:00Z\">"));
    CHECK(says("href=\"/why/north/quiet\""));
    CHECK(says("report <bdi class=\"code\" dir=\"ltr\">cccccccc</bdi></a>, <bdi>Side A</bdi>, <time"));
    CHECK(says("A shell &amp; a &lt;crater&gt;"));
    CHECK(says("Root: <bdi class=\"code\" dir=\"ltr\">" ID_B));
    CHECK(says("It decides nothing") && silent_on("Exercise data") && silent_on("as-known"));
    unset();
}

static size_t times(const char *what)
{
    size_t count = 0;
    for (const uint8_t *at = written.data;
         (at = memmem(at, (size_t)(written.data + written.size - at), what, strlen(what))) != NULL; at++)
        count++;
    return count;
}

/* Of three clauses one is breached under a reading and one was before; the third is not. At a glance one was. */
static void no_breach_without_its_sentence(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(page_standing(&written, &page, parse(standing), NULL) == STATUS_DONE);
    CHECK_INT(times("<p class=\"not-a-finding\">Computed from signed records; not a finding of responsibility.</p>"),
              3);
    unset();
    set(LANGUAGE_ARABIC); /* the clause, its reading, its days */
    CHECK(page_why(&written, &page, parse(why), NULL) == STATUS_DONE);
    CHECK_INT(times("نتيجة محسوبة من وثائق موقَّعة، وليست استنتاجاً بالمسؤولية."), 3);
    unset();
}

static void standing_in_arabic(void)
{
    set(LANGUAGE_ARABIC);
    page.exercise = true;
    CHECK(page_standing(&written, &page, parse(standing), NULL) == STATUS_DONE);
    CHECK(says("<html lang=\"ar\" dir=\"rtl\">"));
    CHECK(says("بيانات تدريبية") && says("محل خلاف") && says("خرق"));
    CHECK(says("تشرين الأول/أكتوبر"));
    CHECK(says("ترجمة غير رسمية، من إعداد: <bdi>A. Translator</bdi>"));
    CHECK(says("<bdi>الطرف أ</bdi>") && says("lang=en"));
    unset();
}

/* The moment asked for stands in the banner and on every link. */
static void the_moment_is_kept(void)
{
    set(LANGUAGE_ENGLISH);
    page.as_of = "2016-10-04", page.known = "2016-09-18";
    page.query = "as-of=2016-10-04&known=2016-09-18&lang=ar&x=%22%3E";
    CHECK(page_standing(&written, &page, parse(standing), NULL) == STATUS_DONE);
    CHECK(says("As of <time datetime=\"2016-10-04T12:00:00Z\">"));
    CHECK(says("as known on <time datetime=\"2016-09-18\">"));
    CHECK(says("Later records not shown: <bdi class=\"number\" dir=\"ltr\">2</bdi>."));
    CHECK(says("href=\"/standing?x=%22%3E\">Show now</a>"));
    CHECK(says("href=\"/why/north/quiet?as-of=2016-10-04&amp;known=2016-09-18\""));
    CHECK(says("href=\"/records/" ID_B "?as-of=2016-10-04&amp;known=2016-09-18\""));
    CHECK(says("href=\"/today?as-of=2016-10-04&amp;known=2016-09-18\""));
    CHECK(says("href=\"/standing?as-of=2016-10-04&amp;known=2016-09-18&amp;x=%22%3E&amp;lang=ar\""));
    CHECK(says("<input type=\"hidden\" name=\"x\" value=\"&quot;&gt;\">"));
    unset();
    set(LANGUAGE_ENGLISH);
    page.known = "2";
    CHECK(page_standing(&written, &page, parse(standing), NULL) == STATUS_DONE);
    CHECK(says("Known: 2 records."));
    unset();
}

static size_t place_of(const char *what)
{
    const uint8_t *at = memmem(written.data, written.size, what, strlen(what));
    return at == NULL ? SIZE_MAX : (size_t)(at - written.data);
}

/* Parties stand in the agreement's order, those it does not name after them. */
#define DELIVERED                                                                                                      \
    "{\"anchor\":9,\"apart\":\"PT2H\",\"at\":\"2016-10-04T08:00:00Z\",\"mirror\":\"side-b\",\"received\":"             \
    "\"2016-10-04T10:00:00Z\"}"

/* A notice that a full copy had, by two clocks that disagree; and records whose key ended. */
static void delivery_and_ended_keys(void)
{
    static const char waiting[] = "{" ANSWER ",\"waiting\":{\"notices\":[{\"delivered\":" DELIVERED
                                  ",\"from\":\"side-a\",\"id\":\"" ID_D "\",\"state\":\"waiting\",\"to\":\"side-b\"}],"
                                  "\"questions\":[]}}";
    static const char shown[] =
        "{\"by\":\"side-a\",\"delivery\":[{\"delivered\":" DELIVERED
        ",\"read\":{\"at\":\"2016-10-04T09:00:00Z\",\"by\":"
        "\"side-b\",\"id\":\"" ID_D "\",\"received\":\"2016-10-04T09:30:00Z\",\"written\":\"2016-10-04T09:00:00Z\"},"
        "\"to\":\"side-b\"},{\"to\":\"side-c\"}],\"id\":\"" ID_D
        "\",\"kind\":\"notice\",\"marks\":[\"contested\",\"late\"],"
        "\"written\":\"2016-10-04T08:00:00Z\"}";
    static const char marked[] =
        "{\"agreements\":[]," ANSWER ",\"marked\":{\"unvouched\":[\"" ID_D "\"]},\"waiting\":{}}";
    set(LANGUAGE_ENGLISH);
    CHECK(page_today(&written, &page, parse(waiting), NULL) == STATUS_DONE);
    CHECK(says("had it at") && says("The two times disagree"));
    unset();
    set(LANGUAGE_ENGLISH);
    CHECK(shows(parse(shown), slice_from("n"), slice_from("p")) == STATUS_DONE);
    CHECK(says("had it at") && says("read it back at") && says("The log does not tell that it was delivered or read."));
    CHECK(says("Contested: the key that signed this") && says("Late: this was received"));
    unset();
    set(LANGUAGE_ARABIC);
    CHECK(page_standing(&written, &page, parse(marked), NULL) == STATUS_DONE);
    CHECK(says("لا أثر لها: وردت بعد إعلان انكشاف المفتاح"));
    unset();
}

static void waiting_is_by_who_must_act(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(page_today(&written, &page, parse(standing), NULL) == STATUS_DONE);
    CHECK(place_of("<h2><bdi>side-b</bdi>") < place_of("<h2><bdi>side-c</bdi>"));
    CHECK(silent_on("<h2><bdi>Side A</bdi>"));
    CHECK(says("Late by</dt><dd>2 hours") && says("Time left</dt><dd>1 hour"));
    CHECK(silent_on("1 notice") && says("no answer so far") && says("A convoy"));
    CHECK(says("<bdi>hotline</bdi>"));
    CHECK(place_of("<h2><bdi>side-c</bdi>") < place_of("<h2><bdi>side-d</bdi>"));
    CHECK(says("Proposal: a suspension, concerning the agreement as a whole</h3>") &&
          says("href=\"/why/north/quiet\""));
    CHECK(says("No &lt;shelling&gt;.") && says("Nothing is done by itself"));
    unset();
    set(LANGUAGE_ARABIC);
    CHECK(page_today(&written, &page, parse("{" ANSWER ",\"waiting\":{\"notices\":[],\"questions\":[]}}"), NULL) ==
          STATUS_DONE);
    CHECK(says("href=\"/standing\"") && silent_on("<h2>"));
    unset();
}

static void why_tells_all_of_it(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(page_why(&written, &page, parse(why), NULL) == STATUS_DONE);
    CHECK(says("Unofficial translation, made by a machine"));
    CHECK(says("Rule: 7 days, continuous") && says("href=\"/why/north/calm\"") && says("href=\"/why/north/convoys\""));
    CHECK(says("a report that this reading counts") && says("with its error the place may be inside or outside"));
    CHECK(says("A correction or a finding, by those entitled to it.") && says("no reading that decides"));
    CHECK(says("How the term is counted</h2>") && says("It binds: <bdi>Side A</bdi>."));
    CHECK(says("<tr id=\"day-2016-09-12T21:00:00Z\">") && says("<td class=\"day-broken\">"));
    CHECK(says("href=\"/standing#term-quiet\""));
    unset();
}

/* With the moment that was computed, so that it is the same result whenever it is fetched. */
static void why_has_its_bundle(void)
{
    set(LANGUAGE_ENGLISH);
    page.query = "reading=strict", page.known = "2016-09-18";
    CHECK(page_why(&written, &page, parse(why), NULL) == STATUS_DONE);
    CHECK(says("/bundle?as-of=2016-10-04T12%3A00%3A00Z&amp;known=3&amp;reading=strict\">Download the bundle"));
    CHECK(says("--as-of 2016-10-04T12:00:00Z --known 3 --reading strict --bundle ") && says(">truce verify "));
    unset();
    set(LANGUAGE_ENGLISH);
    page.query = "reading=x%3B%20rm";
    CHECK(page_why(&written, &page, parse(why), NULL) == STATUS_DONE);
    CHECK(silent_on("--reading"));
    unset();
    set(LANGUAGE_ARABIC); /* nobody said what was known: as known at the newest signed head */
    CHECK(page_why(&written, &page, parse(why), NULL) == STATUS_DONE);
    CHECK(says("/bundle?as-of=2016-10-04T12%3A00%3A00Z\">تنزيل الحزمة"));
    unset();
}

static void a_proposal_stands_with_its_term(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(page_standing(&written, &page, parse(standing), NULL) == STATUS_DONE);
    CHECK(place_of("id=\"term-quiet\"") < place_of("Proposed to <bdi>side-c</bdi>; <bdi>side-d</bdi>: a suspension"));
    CHECK(place_of("Proposed to <bdi>side-c</bdi>") < place_of("id=\"term-calm\""));
    CHECK(says("href=\"/changes\""));
    unset();
}

static void changes_last_first(void)
{
    static const char changes[] =
        "{\"as_of\":\"2016-10-04T12:00:00Z\",\"changes\":[{\"agreement\":\"north\",\"at\":\"2016-09-12T16:00:00Z\","
        "\"becomes\":\"in-force\",\"by\":\"" ID_B "\",\"known\":4},{\"agreement\":\"north\",\"at\":"
        "\"2016-09-13T16:00:00Z\",\"becomes\":\"breached\",\"known\":4,\"term\":\"quiet\",\"was\":\"pending\"},{"
        "\"agreement\":\"other\",\"at\":\"2016-09-13T16:00:00Z\",\"becomes\":\"met\",\"known\":4,\"term\":\"x\"}]}";
    set(LANGUAGE_ENGLISH);
    CHECK(page_changes(&written, &page, parse(changes), NULL) == STATUS_DONE);
    CHECK(place_of("By time alone") < place_of("act of standing") && says("href=\"/why/north/quiet\""));
    CHECK(says("not a finding of responsibility") && says("<p><bdi>Agreement N</bdi></p>") && says("<bdi>other</bdi>"));
    CHECK(silent_on("Earlier moments"));
    unset();
    set(LANGUAGE_ARABIC);
    CHECK(page_changes(&written, &page, parse("{\"changes\":[]}"), NULL) == STATUS_DONE);
    CHECK(says("لم يتغيّر شيء"));
    unset();
}

static void a_difference_has_its_records_and_ways(void)
{
    static const char told[] =
        "{\"as_of\":\"2016-09-18T23:59:59Z\",\"known\":3,\"later\":2,\"makers\":true,\"now\":{\"as_of\":"
        "\"2016-10-04T12:00:00Z\",\"known\":"
        "5},\"standing\":[{\"agreement\":\"north\",\"learned\":\"in-force\",\"learned_by\":[],\"now\":\"suspended\","
        "\"now_by\":[\"" ID_B
        "\"],\"was\":\"in-force\"},{\"agreement\":\"north\",\"learned\":\"breached\",\"learned_by\":"
        "[\"" ID_C
        "\"],\"now\":\"breached\",\"now_by\":[],\"term\":\"quiet\",\"was\":\"met\"},{\"agreement\":\"north\","
        "\"learned\":\"met\",\"learned_by\":[],\"now\":\"void\",\"now_by\":[],\"reading\":\"strict\",\"term\":"
        "\"quiet\","
        "\"was\":\"met\"},{\"agreement\":\"north\",\"learned\":\"met\",\"learned_by\":[],\"now\":\"void\",\"now_by\":[]"
        ","
        "\"reading\":\"<b>other\",\"term\":\"quiet\",\"was\":\"met\"}],\"waiting\":{\"notices\":[{\"by\":[\"" ID_A
        "\"],\"id\":\"" ID_D "\",\"learned\":\"waiting\",\"to\":\"side-a\",\"was\":\"waiting\"}],\"questions\":[],"
        "\"without\":{\"notices\":70,"
        "\"questions\":0}}}";
    set(LANGUAGE_ENGLISH);
    page.as_of = "2016-09-18", page.known = "3", page.address = "/difference";
    page.query = "as-of=2016-09-18&known=3&back=%2Fwhy%2Fnorth%2Fquiet%3Freading%3Dstrict%26known%3D9";
    CHECK(page_difference(&written, &page, parse(told), NULL) == STATUS_DONE);
    CHECK(says("href=\"/why/north/quiet?as-of=2016-09-18&amp;known=3\">Why</a>"));
    CHECK(says("href=\"/why/north/quiet?as-of=2016-09-18T23%3A59%3A59Z\">Why</a>"));
    CHECK(says("href=\"/why/north/quiet\">Why</a>") && says("href=\"/records/" ID_C "?"));
    CHECK_INT(times("<tr data-item"), 4); /* the two readings in one row; and what waits */
    CHECK(says("&lt;b&gt;other") && says("By time alone") && says("Waits no longer"));
    CHECK(says("Not shown here: ") && says(">70<") && silent_on("Many records came since"));
    CHECK_INT(times("not a finding of responsibility"), 1);
    CHECK(
        says("href=\"/why/north/quiet?reading=strict&amp;as-of=2016-09-18&amp;known=3\" data-key=\"difference\">Back"));
    unset();
    set(LANGUAGE_ARABIC);
    page.as_of = "2016-09-18", page.address = "/difference", page.query = "as-of=2016-09-18&back=//evil.example/x";
    CHECK(page_difference(&written, &page, parse(told), NULL) == STATUS_DONE);
    CHECK(says("href=\"/evil.example/x?as-of=2016-09-18\"") && says("لم يعد منتظراً"));
    unset();
    set(LANGUAGE_ENGLISH);
    page.as_of = "2016-09-18", page.address = "/records", page.query = "as-of=2016-09-18&text=a%26b&lang=ar";
    CHECK(page_changes(&written, &page, parse("{\"changes\":[]}"), NULL) == STATUS_DONE);
    CHECK(says("/difference?back=%2Frecords%3Ftext%3Da%2526b&amp;as-of=2016-09-18\" data-key=\"difference\""));
    unset();
    set(LANGUAGE_ENGLISH);
    CHECK(page_difference(&written, &page, parse(told), NULL) == STATUS_DONE);
    CHECK(says("No moment is chosen.") && silent_on("<table"));
    unset();
}

static void of_many_moments_the_last_are_shown(void)
{
    struct buffer many = {0};
    set(LANGUAGE_ENGLISH);
    buffer_put_string(&many, "{\"changes\":[");
    for (int i = 0; i < 450; i++)
        buffer_print(&many,
                     "%s{\"agreement\":\"north\",\"at\":\"2016-10-04T12:00:00Z\",\"becomes\":\"met\",\"known\":%d,"
                     "\"term\":\"t%d\"}",
                     i == 0 ? "" : ",", i, i);
    buffer_put_string(&many, "]}");
    buffer_put_byte(&many, '\0');
    CHECK(page_changes(&written, &page, parse((const char *)many.data), NULL) == STATUS_DONE);
    CHECK(says("href=\"/why/north/t449\"") && says("href=\"/why/north/t250\"") &&
          silent_on("href=\"/why/north/t249\""));
    CHECK(says("their number: <bdi class=\"number\" dir=\"ltr\">250</bdi>"));
    unset();
    buffer_clear(&many);
}

/* ---- days */

static const char runs[] =
    "{\"a\":[{\"from\":\"2016-09-12T16:00:00Z\",\"to\":\"2016-09-14T21:00:00Z\",\"state\":\"met\"},"
    "{\"from\":\"2016-09-14T21:00:00Z\",\"to\":\"2016-09-16T21:00:00Z\",\"state\":\"unwatched\"}],"
    "\"b\":[{\"from\":\"2016-09-13T21:00:00Z\",\"to\":\"2016-09-14T21:00:00Z\",\"state\":\"breached\"},"
    "{\"from\":\"2016-09-14T21:00:00Z\",\"to\":\"2016-09-17T10:00:00Z\",\"state\":\"met\"}]}";

/* Days told together come apart at midnights, the first and last of them shorter; readings stand beside each other. */
static void days_come_apart(void)
{
    static const struct {
        const char *from, *a, *b;
    } wanted[] = {{"2016-09-12T16:00:00Z", "met", ""},          {"2016-09-12T21:00:00Z", "met", ""},
                  {"2016-09-13T21:00:00Z", "met", "breached"},  {"2016-09-14T21:00:00Z", "unwatched", "met"},
                  {"2016-09-15T21:00:00Z", "unwatched", "met"}, {"2016-09-16T21:00:00Z", "", "met"}};
    struct days days;
    char from[TIME_TEXT_SIZE];
    arena_init(&arena, 1 << 20);
    days_open(&days, parse(runs));
    CHECK_INT(days.readings, 2);
    if (CHECK(days.rows == COUNT_OF(wanted)))
        for (size_t i = 0; i < COUNT_OF(wanted); i++) {
            time_format(days.row[i].from, from);
            CHECK_STRING(from, wanted[i].from);
            CHECK(slice_is(json_find_string(days.row[i].span[0], "state"), wanted[i].a));
            CHECK(slice_is(json_find_string(days.row[i].span[1], "state"), wanted[i].b));
        }
    days_close(&days);
    days_open(&days, NULL);
    CHECK(days.rows == 0);
    days_close(&days);
    arena_clear(&arena);
}

/* A day of 23 or 25 hours is not guessed at. */
static void odd_days_stay_together(void)
{
    struct days days;
    arena_init(&arena, 1 << 20);
    days_open(&days,
              parse("{\"a\":[{\"from\":\"2016-03-24T22:00:00Z\",\"to\":\"2016-03-25T22:00:00Z\"},{\"from\":"
                    "\"2016-03-25T22:00:00Z\",\"to\":\"2016-03-27T21:00:00Z\"},{\"from\":\"2016-03-27T21:00:00Z\","
                    "\"to\":\"2016-03-28T21:00:00Z\"}]}"));
    CHECK_INT(days.rows, 3);
    days_close(&days);
    arena_clear(&arena);
}

/* ---- records */

static const char *asked_value(void *context, const char *name)
{
    const char *const *pairs = context;
    for (; *pairs != NULL; pairs += 2)
        if (strcmp(*pairs, name) == 0) return pairs[1];
    return NULL;
}

static void list_keeps_what_was_typed(void)
{
    static const char *asked[] = {"kind", "nonsense", "by", "side-a", "from", "\"yesterday\"", "near", "x", NULL};
    set(LANGUAGE_ENGLISH);
    const struct page_list list = {
        .asked = asked_value, .context = asked, .wrong = "A time is a day, not \"yesterday\".", .wrong_name = "from"};
    CHECK(page_records(&written, &page, &list, NULL) == STATUS_DONE);
    CHECK(says("<option value=\"nonsense\" selected>nonsense</option>"));
    CHECK(says("<option value=\"side-a\" selected>Side A</option>"));
    CHECK(says("value=\"&quot;yesterday&quot;\" aria-invalid=\"true\" aria-describedby=\"fault\""));
    CHECK(says("<span class=\"fault\" id=\"fault\">A time is a day, not &quot;yesterday&quot;.</span>"));
    CHECK(says("<details open>") && silent_on("<table"));
    unset();
}

/* What was looked for is marked where it stands, however it is written there, and escaped like anything else. */
static void list_marks_what_was_found(void)
{
    set(LANGUAGE_ENGLISH);
    static const char *asked[] = {"text", "agreement \"calm <days>\"", NULL};
    const struct json *shown[] = {
        parse("{\"at\":\"2016-10-03T17:00:00Z\",\"by\":\"a\",\"id\":\"" ID_A
              "\",\"index\":1,\"kind\":\"question\",\"text\":{\"en\":\"The Agreements: <calm, "
              "days> of calm.\",\"original\":\"en\"}}")};
    const struct page_list list = {.asked = asked_value, .context = asked, .records = shown, .count = 1};
    CHECK(page_records(&written, &page, &list, NULL) == STATUS_DONE);
    CHECK(says("The <mark>Agreements</mark>: &lt;<mark>calm, days</mark>&gt; of calm."));
    unset();
}

/* A fault of what the form has no field for stands above it. */
static void list_tells_every_fault(void)
{
    set(LANGUAGE_ENGLISH);
    const struct page_list list = {.wrong = "The limit is 1 or more.", .wrong_name = "limit"};
    CHECK(page_records(&written, &page, &list, NULL) == STATUS_DONE);
    CHECK(place_of("The limit is 1 or more.") < place_of("<form class=\"filters\""));
    unset();
}

static void records_say_what_was_known(void)
{
    const struct page_list list = {.count = 0};
    set(LANGUAGE_ENGLISH);
    page.known = "7", page.query = "known=7";
    CHECK(page_records(&written, &page, &list, NULL) == STATUS_DONE);
    CHECK(says("Known: 7 records.") && says("Records that were received later are not shown here."));
    CHECK(says("href=\"/records?known=7\">all records"));
    unset();
    set(LANGUAGE_ENGLISH);
    page.known = "7";
    CHECK(shows(parse(report), slice_from("n"), slice_from("p")) == STATUS_DONE);
    CHECK(says("This record was not known then"));
    unset();
    set(LANGUAGE_ENGLISH);
    page.known = "8";
    CHECK(shows(parse(report), slice_from("n"), slice_from("p")) == STATUS_DONE);
    CHECK(silent_on("not known then"));
    unset();
}

static void list_counts_and_goes_on(void)
{
    static const char *asked[] = {NULL};
    set(LANGUAGE_ARABIC);
    page.query = "kind=report&after=3&lang=ar";
    const struct json *const found[] = {parse(report), parse(suspension)};
    const struct page_list list = {
        .records = found, .count = 2, .more = true, .next = 7, .asked = asked_value, .context = asked};
    CHECK(page_records(&written, &page, &list, NULL) == STATUS_DONE);
    CHECK(says("المعروض هنا: وثيقتان"));
    CHECK(says("href=\"/records?kind=report&amp;after=7\"") && says("href=\"/records?kind=report&amp;f=csv\""));
    CHECK(says("href=\"/records/" ID_C "\""));
    unset();
}

static void record_tells_what_became_of_it(void)
{
    set(LANGUAGE_ENGLISH);
    named_by = parse("{\"named_by\":[{\"by\":\"side-a\",\"id\":\"" ID_A "\",\"kind\":\"response\",\"received\":"
                     "\"2016-09-12T12:00:00Z\",\"replaces\":false},{\"by\":\"side-a\",\"id\":\"" ID_B
                     "\",\"kind\":\"retraction\",\"received\":\"2016-09-12T12:00:00Z\",\"replaces\":false}],"
                     "\"truncated\":true}");
    CHECK(shows(parse(report), slice_from("n"), slice_from("p")) == STATUS_DONE);
    CHECK(says("Its author withdrew it: <a href=\"/records/" ID_B "\">") && silent_on("Its author replaced it"));
    CHECK(says("Records that name it") && says("href=\"/records/" ID_A "\"") && says("There are more."));
    unset();
    set(LANGUAGE_ARABIC);
    named_by = parse("{\"named_by\":[{\"by\":\"side-a\",\"id\":\"" ID_A "\",\"kind\":\"report\",\"received\":"
                     "\"2016-09-12T12:00:00Z\",\"replaces\":true}]}");
    CHECK(shows(parse(report), slice_from("n"), slice_from("p")) == STATUS_DONE);
    CHECK(says("استبدلها محرّرها بموجب: ") && silent_on("سحبها محرّرها"));
    named_by = NULL;
    unset();
}

static void record_shows_what_it_is(void)
{
    static const char site[] =
        "{\"by\":\"side-a\",\"id\":\"" ID_D "\",\"index\":3,\"kind\":\"site\",\"protects\":\"hospital\",\"received\":"
        "\"2016-09-12T12:00:00.250Z\",\"about\":\"" ID_C "\",\"text\":{\"ar\":\"مستشفى\",\"en\":\"A hospital\","
        "\"original\":\"ar\",\"translated_by\":{\"en\":\"N. N.\"}},\"void\":true,\"where\":{\"point\":{\"lat_e7\":"
        "362000000,\"lon_e7\":371800000},\"radius_m\":1000},\"written\":\"2016-09-12T11:56:00Z\"}";
    set(LANGUAGE_ENGLISH);
    CHECK(shows(parse(site), slice_from("note <&>\n"), slice_from("proof\n")) == STATUS_DONE);
    CHECK(says("does not make a place or journey safe. The law protects it whether or not it is listed here."));
    CHECK(says("36.2, 37.18</bdi>, with an error of up to <bdi class=\"number\" dir=\"ltr\">1000</bdi> m"));
    CHECK(says("<dd>hospital</dd>"));
    CHECK(place_of("Original (") < place_of("made by: <bdi>N. N.</bdi>"));
    CHECK(says("<p class=\"words\" lang=\"ar\" dir=\"auto\">مستشفى</p>"));
    CHECK(says("was not admissible") && says("The host let it in"));
    CHECK(says("<pre dir=\"ltr\">note &lt;&amp;&gt;") && says("truce show " ID_D " --proof"));
    CHECK(says("href=\"/records/" ID_D "/note\"") && says("href=\"/records/" ID_C "\">report"));
    CHECK(says("datetime=\"2016-09-12T12:00:00Z\""));
    unset();
    set(LANGUAGE_ARABIC);
    CHECK(shows(parse(report), slice_from("n"), (struct slice){NULL, 0}) == STATUS_DONE);
    CHECK(says("ولا يشملها رأس موقَّع بعد") && silent_on("/proof\"") && silent_on("تأكيد الاستلام"));
    unset();
}

/* ---- a hostile record: the page has the elements of a harmless one, no more and no less */

static const char *const hostile[] = {
    "</p></dd></dl><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "//evil.example/",
    "<!--",
    "]]>",
    "<![CDATA[",
    "&lt;script&gt;",
    "&#x3c;b&#x3e;",
    "\u2066\u2067\u2068txt.exe\u2069\u2069\u2069\u200F\u061C",
    "<style>*{display:none}</style>",
    "</title><base href=//evil.example/>",
    "{0}{1}{2}{3}",
    "data:text/html,<script>1</script>",
};

static struct markup render_record(const char *string, size_t nesting)
{
    OWN(buffer_clear) struct buffer text = {0}, note = {0};
    struct json_writer w;
    set(LANGUAGE_ARABIC);
    json_write_open(&w, &text);
    json_put_object(&w);
    json_put_key(&w, "act"), json_put_string(&w, string);
    json_put_key(&w, "by"), json_put_string(&w, string);
    json_put_key(&w, "deep");
    for (size_t i = 0; i < nesting; i++) json_put_array(&w);
    json_put_string(&w, string);
    for (size_t i = 0; i < nesting; i++) json_put_close(&w);
    json_put_key(&w, "id"), json_put_string(&w, string);
    json_put_key(&w, "index"), json_put_integer(&w, -1);
    json_put_key(&w, "kind"), json_put_string(&w, string);
    json_put_key(&w, "text");
    json_put_object(&w);
    json_put_key(&w, "ar"), json_put_string(&w, string);
    json_put_key(&w, "original"), json_put_string(&w, "ar");
    json_put_close(&w);
    json_put_key(&w, "written"), json_put_string(&w, string);
    json_put_close(&w);
    CHECK(json_write_finish(&w, NULL) == STATUS_DONE);
    buffer_put_byte(&text, '\0');
    const struct json *record = parse((const char *)text.data);
    page.query = "a=%3Cscript%3E&b=%22";
    page.as_of = string, page.known = string;
    buffer_put_string(&note, "\u202E\u2069");
    buffer_put_string(&note, string);
    CHECK(shows(record, buffer_slice(&note), slice_from(string)) == STATUS_DONE);
    struct markup m = markup_read(buffer_slice(&written));
    unset();
    return m;
}

static void hostile_records_are_inert(void)
{
    struct markup harmless = render_record("harmless", 4);
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct markup m = render_record(hostile[i], 4);
        CHECK_INT(m.elements, harmless.elements);
        if (!CHECK(m.shape == harmless.shape)) fprintf(stderr, "    %s\n", hostile[i]);
        CHECK(silent_on("<script>") && silent_on("<img") && silent_on("<base") && silent_on("\u202E"));
    }
}

static void long_and_deep_records_are_shown(void)
{
    static char word[50001];
    memset(word, 'w', sizeof word - 1);
    CHECK(render_record(word, 4).fault == NULL);
    CHECK_INT(times("wwwwwwwwwwwwwwww") > 3000, true);
    CHECK(render_record("deep", LIMIT_JSON_DEPTH - 2).fault == NULL);
}

/* ---- integrity */

static void void_entries_have_their_reasons(void)
{
    static const char whole[] =
        "{\"chains\":{\"faults\":[],\"more\":0},\"evidence\":{\"files\":[],\"more\":0},\"genesis\":\"" ID_A
        "\",\"head\":{\"phrase\":\"907 851 129\",\"root\":\"" ID_A
        "\",\"size\":5},\"key\":\"k\",\"policy\":[\"log k\"],\"void\":{\"entries\":[{\"code\":\"entry-received\","
        "\"index\":3,\"message\":\"No "
        "<b>record</b>.\"},{\"code\":\"admission-signature\",\"index\":4,\"message\":\"Not "
        "signed so.\",\"record\":\"" ID_C "\"}],\"more\":0}}";
    set(LANGUAGE_ENGLISH);
    CHECK(page_integrity(&written, &page, parse(whole), NULL, NULL) == STATUS_DONE);
    CHECK(says("no record at all") && says("No &lt;b&gt;record&lt;/b&gt;.") && says("entry-received"));
    CHECK(says("Not signed so.") && says("admission-signature") && says("/records/" ID_C));
    unset();
}

/* ---- problems and assets */

static void problems_are_told(void)
{
    set(LANGUAGE_ARABIC);
    const struct page bare = {.address = "/x", .query = ""};
    CHECK(page_problem(&written, &bare, 404, "record-absent", "لا \u2068<b>\u2069.", NULL) == STATUS_DONE);
    CHECK(says("لا <bdi>&lt;b&gt;</bdi>.") && says("record-absent") && says("404"));
    unset();
    set(LANGUAGE_ENGLISH);
    CHECK(page_problem(&written, &page, 418, "x", "A <sentence>.", NULL) == STATUS_DONE);
    CHECK(says("Something went wrong") && says("A &lt;sentence&gt;."));
    unset();
}

static void assets_have_addresses_of_their_own(void)
{
    set(LANGUAGE_ENGLISH);
    CHECK(page_problem(&written, &page, 404, "x", "y", NULL) == STATUS_DONE);
    unset();
    const char *at = strstr((const char *)written.data, "/assets/page-");
    if (!CHECK(at != NULL)) return;
    const struct asset *asset = page_asset(slice_of(at, strcspn(at, "\"")));
    if (!CHECK(asset != NULL)) return;
    CHECK_STRING(asset->type, "text/css; charset=utf-8");
    CHECK(asset->gzip.size > 18 && asset->gzip.size < asset->plain.size);
    CHECK(memcmp(asset->gzip.data, "\x1F\x8B\x08\x00\x00\x00\x00\x00", 8) == 0); /* no name, no time */
    CHECK(memmem(asset->plain.data, asset->plain.size, "url(", 4) == NULL);
    CHECK(page_asset(slice_from("/assets/page.css")) == NULL);
}

TESTS(text_is_escaped, every_byte_is_harmless, bad_text_is_shown_as_such, direction_is_shown,
      messages_keep_their_isolates, memory_held_out_is_told_once, bugs_stop, addresses_are_built_of_parts,
      addresses_from_outside_are_made_anew, lost_addresses_are_left_out, standing_in_english,
      no_breach_without_its_sentence, standing_in_arabic, the_moment_is_kept, waiting_is_by_who_must_act,
      delivery_and_ended_keys, why_tells_all_of_it, why_has_its_bundle, a_proposal_stands_with_its_term,
      changes_last_first, of_many_moments_the_last_are_shown, a_difference_has_its_records_and_ways, days_come_apart,
      odd_days_stay_together, list_keeps_what_was_typed, list_marks_what_was_found, list_tells_every_fault,
      records_say_what_was_known, list_counts_and_goes_on, record_tells_what_became_of_it, record_shows_what_it_is,
      hostile_records_are_inert, long_and_deep_records_are_shown, void_entries_have_their_reasons, problems_are_told,
      assets_have_addresses_of_their_own)
