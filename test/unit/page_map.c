/* The page of map and timeline, made of an answer as the library gives it: to scale, in both directions, inert; and the
 * same answer as GeoJSON. */
#include "check.h"
#include "markup.h"
#include "page/page.h"
#include "tell/export.h"
#include "tell/forms.h"
#include "tell/words.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ID_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define ID_D "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
#define HOSTILE "</li><script>alert(1)</script>\\\" onload='x'"

static const char agreement[] =
    "{\"agreement\":\"north\",\"id\":\"" ID_A "\",\"kind\":\"agreement\",\"names\":{\"road\":{\"ar\":\"" HOSTILE
    "\",\"en\":\"" HOSTILE "\",\"original\":\"en\"}},\"parties\":[],\"terms\":[]}";
static const char report[] =
    "{\"by\":\"side-a\",\"id\":\"" ID_B "\",\"index\":7,\"kind\":\"report\",\"text\":{\"en\":\"" HOSTILE
    "\",\"original\":\"en\"},\"when\":{\"from\":\"2016-09-17T14:00:00Z\"}}";

#define POINT "{\"lat_e7\":362520000,\"lon_e7\":371280000}"
#define LINE "[{\"lat_e7\":362368000,\"lon_e7\":370920000},{\"lat_e7\":362395000,\"lon_e7\":371640000}]"
#define RING "[" POINT ",{\"lat_e7\":362400000,\"lon_e7\":371280000},{\"lat_e7\":362400000,\"lon_e7\":371380000}]"
#define ANSWER                                                                                                         \
    "\"as_of\":\"2016-10-04T12:00:00Z\",\"exercise\":%s,\"known\":3,\"later\":2,\"lines\":[{\"agreement\":\"" ID_A     \
    "\",\"bands\":[{\"m\":500,\"outline\":" RING ",\"places\":[\"road\"],\"side\":\"both\",\"terms\":[]},{\"m\":3500," \
    "\"outline\":" RING ",\"places\":[],\"side\":\"left\",\"terms\":[\"quiet\"]}],\"left\":\"north\",\"line\":" LINE   \
    ",\"place\":\"road\"}],\"places\":[{\"agreement\":\"" ID_A "\",\"place\":\"road\",\"shapes\":[{\"line\":" LINE     \
    "}]}],\"records\":["
#define REPORT                                                                                                         \
    "{\"act\":\"presence\",\"by\":\"side-a\",\"distances\":[{\"at_m\":1536,\"least_m\":1236,\"line\":0,\"most_m\":"    \
    "1837,\"side\":\"left\"}],\"id\":\"" ID_B "\",\"index\":7,\"kind\":\"report\",\"shapes\":[{\"point\":" POINT       \
    ",\"radius_m\":300}],\"when\":{\"from\":\"2016-09-17T14:00:00Z\",\"to\":\"2016-09-18T14:00:00Z\"}}"
#define SITE                                                                                                           \
    "{\"by\":\"side-a\",\"distances\":[],\"id\":\"" ID_C                                                               \
    "\",\"index\":8,\"kind\":\"site\",\"shapes\":[{\"cell\":" POINT                                                    \
    ",\"radius_m\":8100}],\"when\":{\"from\":\"2016-09-16T00:00:00Z\",\"to\":\"2016-12-01T00:00:00Z\"}}"
#define WATCH                                                                                                          \
    "{\"by\":\"side-a\",\"distances\":[],\"id\":\"" ID_D                                                               \
    "\",\"index\":9,\"kind\":\"coverage\",\"shapes\":[],\"when\":"                                                     \
    "{\"from\":\"2016-09-19T00:00:00Z\",\"to\":\"2016-09-19T12:00:00Z\"},\"withheld\":true}"

static struct buffer written;
static struct arena arena;
static struct records records;

static bool says(const char *what)
{
    return memmem(written.data, written.size, what, strlen(what)) != NULL;
}

static const struct json *parse(const char *text)
{
    const struct json *tree = NULL;
    CHECK(json_read(&tree, slice_from(text), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    return tree;
}

static const struct json *answer(bool exercise, const char *list)
{
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put_byte(&text, '{');
    buffer_print(&text, ANSWER, exercise ? "true" : "false");
    buffer_put_string(&text, list);
    buffer_put_string(&text, "],\"register\":\"r#1\",\"root\":\"" ID_B "\"}");
    buffer_put_byte(&text, '\0');
    return parse((const char *)arena_copy(&arena, buffer_slice(&text)).data);
}

static void begin(enum language language)
{
    buffer_reset(&written);
    words_language(language);
    arena_init(&arena, 1 << 24);
    records_open(&records, NULL);
    records_put(&records, parse(agreement));
    records_put(&records, parse(report));
}

static void end(void)
{
    records_close(&records);
    arena_clear(&arena);
}

static void put_page(const char *list)
{
    struct page page = {
        .records = &records, .address = "/map", .query = "kind=report&text=%3Cb%3E", .size = 5, .root = ID_A};
    const struct page_list filters = {.count = 0};
    CHECK(page_map(&written, &page, &filters, answer(true, list), NULL, NULL) == STATUS_DONE);
    struct markup m = markup_read(buffer_slice(&written));
    if (!CHECK(m.fault == NULL)) fprintf(stderr, "    %s at %zu\n", m.fault, m.at);
}

static void the_page_is_to_scale(void)
{
    begin(LANGUAGE_ENGLISH);
    put_page(REPORT "," SITE "," WATCH);
    CHECK(says("cx=\"31.715%\"")); /* 1,536 m to the left, of 4,200 on each side */
    CHECK(says("x=\"28.131%\"") && says("width=\"7.155%\""));
    CHECK(says("on the side: north") && says(">south</text>"));
    CHECK(says("href=\"/why/north/quiet\""));
    CHECK(says("Boundaries not authoritative"));
    CHECK(says("data-shapes=\"[{&quot;point&quot;:{&quot;lat_e7&quot;:362520000"));
    CHECK(says("sealed; somewhere around "));
    CHECK(says("told 24 hours after its end"));
    CHECK(says("aria-label=\"report, 2016-09-17: 1 record\""));
    CHECK(says("<table class=\"list drawn\">"));
    end();
    begin(LANGUAGE_ARABIC);
    put_page(REPORT "," SITE "," WATCH);
    CHECK(says("cx=\"31.715%\"")); /* left of the line is left of it in any language */
    CHECK(says("الحدود المبيّنة لا تنطوي على أي رأي بشأن المركز القانوني"));
    end();
}

static void days_run_as_the_language_does(void)
{
    static const char second[] = REPORT ",{\"by\":\"a\",\"distances\":[],\"id\":\"" ID_C
                                        "\",\"index\":8,\"kind\":\"claim\",\"shapes\":[],\"when\":{\"from\":"
                                        "\"2016-09-20T00:00:00Z\",\"to\":\"2016-09-20T00:00:00Z\"}}";
    static const enum language languages[] = {LANGUAGE_ENGLISH, LANGUAGE_ARABIC};
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        begin(languages[i]);
        put_page(second);
        CHECK(says("viewBox=\"0 0 80 80\"")); /* four days, two lanes under two rows of days */
        CHECK(says(i == 0 ? "<circle cx=\"70\" cy=\"70\"" : "<circle cx=\"10\" cy=\"70\""));
        CHECK(says("data-from=\"2016-09-18T00:00:00Z\" data-to=\"2016-09-18T23:59:59Z\""));
        CHECK(says("kind=claim&amp;from=2016-09-20T00%3A00%3A00Z&amp;to=2016-09-20T23%3A59%3A59Z"));
        end();
    }
}

static void nothing_leads_on(void)
{
    begin(LANGUAGE_ENGLISH);
    put_page("");
    CHECK(says("No record that could be drawn fits.") && !says("<table"));
    CHECK(says("No report of this time can be placed on it."));
    end();
}

static void files_leave_out_what_could_harm(void)
{
    begin(LANGUAGE_ENGLISH);
    geojson_map(&written, answer(false, REPORT "," SITE "," WATCH));
    CHECK(says("\"kind\":\"report\"") && says("[37.128,36.252]") && says("\"kind\":\"distance\""));
    CHECK(!says("site") && !says("coverage"));
    CHECK(says("{\"as_of\":\"2016-10-04T12:00:00Z\",\"features\":[") && says("],\"known\":3,"));
    buffer_reset(&written);
    geojson_map(&written, answer(true, REPORT "," SITE "," WATCH));
    CHECK(says("\"kind\":\"site\""));
    end();
    buffer_clear(&written);
}

/* A file that travels says of which moment it is. */
static void files_bear_their_moment(void)
{
    struct export export;
    struct buffer out = {0};
    const struct truce_moment moment = {.has_as_of = true,
                                        .as_of = 1474243199,
                                        .known_by = TRUCE_KNOWN_SIZE,
                                        .known_size = 132},
                              none = {.has_as_of = false};
    static const char line[] =
        "{\"id\":\"x\",\"index\":1,\"kind\":\"report\",\"received\":\"2016-09-18T10:00:00.000Z\","
        "\"where\":{\"point\":{\"lat_e7\":1,\"lon_e7\":2}}}";
    for (int form = EXPORT_CSV; form <= EXPORT_GEOJSON; form++)
        for (int asked = 0; asked < 2; asked++) {
            buffer_reset(&out);
            export_open(&export, (enum export_form)form, true);
            export_moment(&export, asked ? &moment : &none);
            export_begin(&export, &out);
            CHECK(export_line(&export, slice_from(line), &out));
            export_end(&export, &out);
            buffer_put_byte(&out, '\0');
            const char *text = (const char *)out.data;
            if (form == EXPORT_CSV) {
                CHECK((strstr(text, ",text_en,as_of,known\r\nx,1,") != NULL) == (asked == 1));
                CHECK((strstr(text, ",2016-09-18T23:59:59Z,132\r\n") != NULL) == (asked == 1));
                CHECK((strstr(text, ",text_en\r\n") != NULL) == (asked == 0));
            } else {
                CHECK((strstr(text, "\"as_of\":\"2016-09-18T23:59:59Z\",\"known\":\"132\",\"features\"") != NULL) ==
                      (asked == 1));
                CHECK(strstr(text, "\"as_of\"") != NULL || asked == 0);
            }
            export_close(&export);
        }
    buffer_clear(&out);
}

TESTS(the_page_is_to_scale, days_run_as_the_language_does, nothing_leads_on, files_leave_out_what_could_harm,
      files_bear_their_moment)
