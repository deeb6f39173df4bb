/* The check of an agreement before it is signed: every fault is told, with its place and what was perhaps meant; what
 * can be read and was hardly meant is warned of; every limit of src/terms/model.h is refused by name; and agreements
 * that are sound are told nothing. */
#include "base/buffer.h"
#include "check.h"
#include "json/json.h"
#include "truce.h"

#include <glob.h>
#include <stdarg.h>

/* ---- an answer, and what it says */

struct told {
    struct truce_buffer text;
    struct arena arena;
    const struct json *agreement; /* the first */
    enum truce_status status;
    struct truce_error error;
};

static struct told check_text(const char *text, size_t size)
{
    struct told told = {.status = TRUCE_FAILED};
    const struct json *tree;
    arena_init(&told.arena, 1 << 26);
    told.status = truce_terms_check(text, size, &told.text, &told.error);
    if (told.text.data == NULL) return told;
    CHECK(json_read(&tree, slice_of(told.text.data, told.text.size), JSON_CANONICAL, &told.arena, NULL) == STATUS_DONE);
    told.agreement = json_find(tree, "agreements")->first;
    CHECK(told.agreement != NULL);
    CHECK_INT(told.status, json_find_integer(tree, "errors", -1) == 0 ? TRUCE_DONE : TRUCE_REFUSED);
    return told;
}

static void forget(struct told *told)
{
    arena_clear(&told->arena);
    truce_free(&told->text);
}

static size_t count_of(const struct told *told, const char *list)
{
    return told->agreement == NULL ? 0 : json_find(told->agreement, list)->size;
}

static void count_is(const struct told *told, const char *list, size_t count)
{
    if (CHECK(count_of(told, list) == count)) return;
    fprintf(stderr, "    %zu %s are wanted: %s\n", count, list,
            told->text.data == NULL ? told->error.message : told->text.data);
}

/* The remark of that code at that pointer, or NULL; complains and shows what was told instead. */
static const struct json *remark(const struct told *told, const char *list, const char *code, const char *pointer)
{
    const struct json *all = told->agreement == NULL ? NULL : json_find(told->agreement, list);
    for (const struct json *m = all == NULL ? NULL : all->first; m != NULL; m = m->next)
        if (slice_is(json_find_string(m, "code"), code) && slice_is(json_find_string(m, "pointer"), pointer)) return m;
    CHECK(!"the remark is told");
    fprintf(stderr, "    wanted %s at %s\n    got %.*s\n", code, pointer, (int)told->text.size,
            told->text.data == NULL ? told->error.message : told->text.data);
    return NULL;
}

static void says(const struct json *remark, const char *part)
{
    char message[1024];
    snprintf(message, sizeof message, "%.*s", SLICE(json_find_string(remark, "message")));
    if (!CHECK(strstr(message, part) != NULL)) fprintf(stderr, "    %s\n    should say %s\n", message, part);
}

/* ---- an agreement around what is tried */

static const char head[] =
    "{\"kind\":\"agreement\",\"agreement\":\"truce\",\"title\":{\"en\":\"T\"},\"parties\":[\"north\","
    "\"south\"],";
static const char zones[] = "\"zones\":{\"local\":[{\"from\":\"2019-01-01T00:00:00Z\",\"offset_s\":7200}]},";
static const char groups[] = "\"groups\":{\"sides\":[\"north\",\"south\"],\"watchers\":[\"monitor\"]},";
static const char classes[] = "\"classes\":{\"attacks\":[\"shelling\",\"air-strike\"],\"heavy\":{\"any\":[\"gun\"],"
                              "\"um\":[100000,200000]}},";
static const char places[] =
    "\"places\":{\"town\":{\"point\":{\"lat_e7\":0,\"lon_e7\":0},\"radius_m\":1000},\"road\":{\"line\":[{\"lat_e7\":0,"
    "\"lon_e7\":0},{\"lat_e7\":0,\"lon_e7\":1000000}]}},";
static const char anchors[] = "\"anchors\":{\"start\":{\"local\":\"2020-01-01T02:00:00\",\"zone\":\"local\"}},";
static const char channels[] = "\"channels\":{\"talks\":{}},";
static const char readings[] = "\"readings\":{\"monitor\":{\"trust\":\"watchers\",\"links\":\"watchers\",\"need\":["
                               "\"report\",\"found\"]}},";
static const char force[] = "\"force\":{\"assent\":\"sides\",\"from\":\"start\"},";

#define FRAME(...)                                                                                                     \
    head, zones, groups, classes, places, anchors, channels, readings, force, "\"terms\":[", __VA_ARGS__, "]}", NULL

static struct told check_pieces(const char *first, ...)
{
    OWN(buffer_clear) struct buffer text = {0};
    va_list pieces;
    buffer_put_string(&text, first);
    va_start(pieces, first);
    for (const char *piece = va_arg(pieces, const char *); piece != NULL; piece = va_arg(pieces, const char *))
        buffer_put_string(&text, piece);
    va_end(pieces);
    return check_text((const char *)text.data, text.size);
}

static struct told check_terms(const char *terms)
{
    return check_pieces(FRAME(terms));
}

#define TERM(id, who, rest) "{\"id\":\"" id "\",\"clause\":{\"en\":\"c\"},\"who\":" who "," rest "}"
#define LOG "\"watch\":\"log\""
#define CAP(n, of) "\"rule\":{\"at_most\":" n ",\"of\":" of "}"
#define FLOOR(n, of) "\"rule\":{\"at_least\":" n ",\"of\":" of "}"
#define SIDES "\"sides\""
#define SHELLING "{\"act\":\"shelling\"}"
#define ALARM TERM("alarm", SIDES, FLOOR("1", "{\"kind\":\"notice\"}") ",\"by\":\"start\"," LOG)

static void nothing_is_told_of_what_is_sound(void)
{
    static const char *const sound[] = {
        TERM("quiet", SIDES, CAP("0", "{\"act\":\"attacks\",\"place\":\"town\",\"weapon\":\"heavy\"}") "," LOG),
        /* each stands under the other: if one is broken, the other binds no longer */
        TERM("one", "\"north\"", CAP("0", SHELLING) ",\"while\":\"two\"," LOG) "," TERM(
            "two", "\"south\"", CAP("0", SHELLING) ",\"while\":\"one\"," LOG),
        /* stages: more, later */
        TERM("some", SIDES, FLOOR("1", "{\"kind\":\"notice\"}") ",\"by\":{\"of\":\"start\",\"days\":1}," LOG) "," TERM(
            "more", SIDES, FLOOR("5", "{\"kind\":\"notice\"}") ",\"by\":{\"of\":\"start\",\"days\":9}," LOG),
        /* one line until a day, and another from then on */
        TERM("near", SIDES, CAP("9", SHELLING) ",\"until\":{\"of\":\"start\",\"days\":3}," LOG) "," TERM(
            "far", SIDES, CAP("0", SHELLING) ",\"from\":{\"of\":\"start\",\"days\":3}," LOG),
        /* what is permitted is excepted where it is forbidden */
        TERM("none", SIDES,
             CAP("0",
                 SHELLING) ",\"except\":[{\"if\":{\"act\":\"shelling\",\"place\":\"town\"}}]," LOG) "," TERM("there",
                                                                                                             SIDES,
                                                                                                             "\"rule\":"
                                                                                                             "{\"may\":"
                                                                                                             "{\"act\":"
                                                                                                             "\"shellin"
                                                                                                             "g\","
                                                                                                             "\"place\""
                                                                                                             ":\"town\""
                                                                                                             "}}," LOG),
        /* done, and a day after */
        ALARM "," TERM("then", SIDES,
                       FLOOR("1", "{\"kind\":\"answer\"}") ",\"from\":{\"done\":\"alarm\"},\"by\":{\"done\":"
                                                           "\"alarm\",\"plus\":\"P1D\"}," LOG),
    };
    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        struct told told = check_terms(sound[i]);
        CHECK_INT(told.status, TRUCE_DONE);
        count_is(&told, "warnings", 0);
        forget(&told);
    }
}

/* The worked cases hold agreements as they were signed. */
static void the_worked_cases_are_sound(void)
{
    glob_t files;
    unsigned agreements = 0;
    CHECK_INT(glob(SOURCE_ROOT "/cases/*/*.json", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        FILE *file = fopen(files.gl_pathv[i], "rb");
        char *text = malloc(1 << 22);
        CHECK(file != NULL && text != NULL);
        struct told told = check_text(text, fread(text, 1, 1 << 22, file));
        if (!CHECK(told.status != TRUCE_REFUSED)) fprintf(stderr, "    %s: %s\n", files.gl_pathv[i], told.text.data);
        agreements += told.status == TRUCE_DONE;
        forget(&told);
        free(text);
        fclose(file);
    }
    globfree(&files);
    CHECK(agreements > 0);
}

/* ---- names that are not known, and what was meant */

static void every_unknown_name_has_a_suggestion(void)
{
    static const struct {
        const char *terms, *pointer, *meant;
    } cases[] = {
        {TERM("t", SIDES, CAP("0", "{\"plaec\":\"town\"}") "," LOG), "/terms/0/rule/of/plaec", "\"place\""},
        {TERM("t", SIDES, "\"rule\":{\"at_msot\":0,\"of\":{}}," LOG), "/terms/0/rule/at_msot", "\"at_most\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"untill\":\"start\"," LOG), "/terms/0/untill", "\"until\""},
        {TERM("t", SIDES, CAP("0", "{\"kind\":\"notise\"}") "," LOG), "/terms/0/rule/of/kind", "\"notice\""},
        {TERM("t", SIDES, CAP("0", "{\"place\":\"twon\"}") "," LOG), "/terms/0/rule/of/place", "\"town\""},
        {TERM("t", SIDES, CAP("0", "{\"place\":{\"bufer\":\"road\",\"m\":5}}") "," LOG), "/terms/0/rule/of/place/bufer",
         "\"buffer\""},
        {TERM("t", SIDES, CAP("0", "{\"place\":{\"buffer\":\"raod\",\"m\":5}}") "," LOG),
         "/terms/0/rule/of/place/buffer", "\"road\""},
        {TERM("t", SIDES, CAP("0", "{\"place\":{\"buffer\":\"road\",\"m\":5,\"side\":\"lft\"}}") "," LOG),
         "/terms/0/rule/of/place/side", "\"left\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"channel\":\"talk\"," LOG), "/terms/0/channel", "\"talks\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"zone\":\"lokal\"," LOG), "/terms/0/zone", "\"local\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"from\":\"strat\"," LOG), "/terms/0/from", "\"start\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"from\":{\"of\":\"start\",\"dayz\":1}," LOG), "/terms/0/from/dayz",
         "\"days\""},
        {ALARM "," TERM("t", SIDES, CAP("0", "{}") ",\"from\":{\"done\":\"alrm\"}," LOG), "/terms/1/from/done",
         "\"alarm\""},
        {ALARM "," TERM("t", SIDES, CAP("0", "{}") ",\"while\":\"allarm\"," LOG), "/terms/1/while", "\"alarm\""},
        {ALARM "," TERM("t", SIDES, "\"rule\":{\"all\":[\"alarm\",\"alarn\"]}," LOG), "/terms/1/rule/all/1",
         "\"alarm\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"effect\":[{\"on\":\"breachd\",\"do\":\"refer\",\"ask\":\"sides\"}]," LOG),
         "/terms/0/effect/0/on", "\"breached\""},
        {TERM("t", SIDES,
              CAP("0", "{}") ",\"effect\":[{\"on\":[\"met\",\"viod\"],\"do\":\"refer\",\"ask\":\"sides\"}]," LOG),
         "/terms/0/effect/0/on/1", "\"void\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"effect\":[{\"on\":\"met\",\"do\":\"sspend\",\"ask\":\"sides\"}]," LOG),
         "/terms/0/effect/0/do", "\"suspend\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"finding\":{\"by\":\"watchers\",\"standard\":\"probabel\"}," LOG),
         "/terms/0/finding/standard", "\"probable\""},
        {TERM("t", SIDES, CAP("0", "{}") ",\"watch\":\"lgo\""), "/terms/0/watch", "\"log\""},
        {TERM("t", "{\"role\":\"gaurantor\"}", CAP("0", "{}") "," LOG), "/terms/0/who/role", "\"guarantor\""},
        {TERM("t", "{\"asented\":true}", CAP("0", "{}") "," LOG), "/terms/0/who/asented", "\"assented\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = check_terms(cases[i].terms);
        CHECK_INT(told.status, TRUCE_REFUSED);
        count_is(&told, "errors", 1);
        const struct json *found = remark(&told, "errors", "term-unknown-name", cases[i].pointer);
        if (found != NULL) says(found, "Did you mean"), says(found, cases[i].meant);
        forget(&told);
    }
}

static void names_around_the_terms_are_suggested_too(void)
{
    struct told told = check_pieces(head, zones, groups, classes, "\"palces\":{},", anchors, channels,
                                    "\"readings\":{\"monitor\":{\"trust\":\"*\",\"links\":\"*\",\"need\":[\"reprt\"],"
                                    "\"unless\":[\"denny\"],\"conflict\":\"mabye\",\"excus\":\"never\"}},"
                                    "\"decides\":\"moniter\",",
                                    "\"force\":{\"assent\":\"sides\",\"form\":\"start\"},\"terms\":[]}", NULL);
    says(remark(&told, "errors", "term-unknown-name", "/palces"), "\"places\"");
    says(remark(&told, "errors", "term-unknown-name", "/readings/monitor/need/0"), "\"report\"");
    says(remark(&told, "errors", "term-unknown-name", "/readings/monitor/unless/0"), "\"deny\"");
    says(remark(&told, "errors", "term-unknown-name", "/readings/monitor/conflict"), "\"maybe\"");
    says(remark(&told, "errors", "term-unknown-name", "/readings/monitor/excus"), "\"excuse\"");
    says(remark(&told, "errors", "term-unknown-name", "/decides"), "\"monitor\"");
    says(remark(&told, "errors", "term-unknown-name", "/force/form"), "\"from\"");
    forget(&told);
}

static void strange_names_are_warned_of(void)
{
    static const struct {
        const char *terms, *code, *pointer, *meant;
    } cases[] = {
        {TERM("t", "\"sidez\"", CAP("0", SHELLING) "," LOG), "check-name", "/terms/0/who", "\"sides\""},
        {TERM("t", SIDES, CAP("0", "{\"act\":\"shelling\",\"actor\":[\"north\",\"sotuh\"]}") "," LOG), "check-name",
         "/terms/0/rule/of/actor/1", "\"south\""},
        {TERM("t", SIDES, CAP("0", "{\"act\":\"shelling\",\"target\":{\"affiliate_of\":\"brigade\"}}") "," LOG),
         "check-name", "/terms/0/rule/of/target/affiliate_of", "nowhere else"},
        {TERM("t", SIDES, CAP("0", SHELLING) ",\"answers\":\"nort\"," LOG), "check-name", "/terms/0/answers",
         "\"north\""},
        {TERM("t", SIDES, CAP("0", "{\"act\":\"attcks\"}") "," LOG), "check-act", "/terms/0/rule/of/act",
         "\"attacks\""},
        {TERM("t", SIDES, CAP("0", "{\"act\":[\"shelling\",\"air-strkie\"]}") "," LOG), "check-act",
         "/terms/0/rule/of/act/1", "\"air-strike\""},
        {TERM("t", SIDES, CAP("0", "{\"weapon\":{\"any\":[\"gun\",\"shellnig\"]}}") "," LOG), "check-act",
         "/terms/0/rule/of/weapon/any/1", "\"shelling\""},
        {TERM("t", SIDES, CAP("0", "{\"act\":[\"attacks\",\"shelling\"]}") "," LOG), "check-class",
         "/terms/0/rule/of/act/0", "name the class alone"},
        {TERM("t", SIDES, CAP("0", "{\"kind\":\"standing\",\"act\":\"suspnd\"}") "," LOG), "check-word",
         "/terms/0/rule/of/act", "\"suspend\""},
        {TERM("t", SIDES,
              FLOOR("1", "{\"kind\":\"passage\",\"step\":[\"asked\",\"deliverd\"]}") ",\"by\":\"start\"," LOG),
         "check-word", "/terms/0/rule/of/step/1", "\"delivered\""},
        {TERM("t", SIDES, CAP("0", "{\"kind\":\"notice\",\"place\":\"town\"}") "," LOG), "check-field",
         "/terms/0/rule/of/place", "\"notice\""},
        {TERM("t", SIDES, CAP("0", "{\"step\":\"asked\"}") "," LOG), "check-field", "/terms/0/rule/of/step", "`kind`"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = check_terms(cases[i].terms);
        CHECK_INT(told.status, TRUCE_DONE);
        count_is(&told, "warnings", 1);
        const struct json *found = remark(&told, "warnings", cases[i].code, cases[i].pointer);
        if (found != NULL) says(found, cases[i].meant);
        forget(&told);
    }
    /* What is used more often is known as well. */
    struct told typed = check_terms(TERM("t", SIDES,
                                         CAP("0", "{\"any\":[{\"act\":\"inspection\"},{\"act\":\"looting\"},{"
                                                  "\"act\":\"inspection\"},{\"act\":\"inspecton\"}]}") "," LOG));
    says(remark(&typed, "warnings", "check-act", "/terms/0/rule/of/any/3/act"), "\"inspection\"");
    count_is(&typed, "warnings", 1);
    forget(&typed);
    /* Twice is no slip. */
    struct told told = check_terms(TERM("t", "\"brigade\"", CAP("0", "{\"act\":\"looting\"}") "," LOG) "," TERM(
        "u", "\"brigade\"",
        FLOOR("1", "{\"act\":\"looting\"}") ",\"by\":\"start\",\"from\":{\"of\":\"start\",\"days\":-1}," LOG));
    count_is(&told, "errors", 0);
    forget(&told);
}

/* ---- all faults at once, each at its place */

static void all_faults_are_told(void)
{
    struct told told = check_terms(
        TERM("t", "{\"role\":\"nobody\",\"not\":\"north\"}",
             "\"rule\":{\"at_most\":-1,\"of\":{\"place\":\"nowhere\",\"channel\":\"none\",\"colour\":\"red\"}},"
             "\"from\":\"noon\",\"until\":{\"at\":\"soon\"},\"every\":\"1 day\",\"except\":[{\"if\":{\"act\":7}},{}],"
             "\"rival\":{\"other\":{\"/rule/at_most\":\"none\",\"/rule/nothing\":1}},"
             "\"effect\":[{\"on\":\"met\",\"do\":\"extend\"}]") "," TERM("u", "7", CAP("0", "{}") ",\"each\":7," LOG));
    CHECK_INT(told.status, TRUCE_REFUSED);
    remark(&told, "errors", "term-shape", "/terms/0/who");
    remark(&told, "errors", "term-shape", "/terms/0/rule/at_most");
    remark(&told, "errors", "term-unknown-name", "/terms/0/rule/of/place");
    remark(&told, "errors", "term-unknown-name", "/terms/0/rule/of/channel");
    remark(&told, "errors", "term-unknown-name", "/terms/0/rule/of/colour");
    remark(&told, "errors", "term-unknown-name", "/terms/0/from");
    remark(&told, "errors", "term-time", "/terms/0/until/at");
    remark(&told, "errors", "term-duration", "/terms/0/every");
    remark(&told, "errors", "term-shape", "/terms/0/except/0/if/act");
    remark(&told, "errors", "term-shape", "/terms/0/except/1");
    remark(&told, "errors", "term-watch", "/terms/0/watch");
    remark(&told, "errors", "term-effect", "/terms/0/effect/0/ask");
    remark(&told, "errors", "term-rival", "/terms/0/rival/other/~1rule~1nothing");
    remark(&told, "errors", "term-shape", "/terms/1/who");
    remark(&told, "errors", "term-shape", "/terms/1/each");
    count_is(&told, "errors", 15);
    forget(&told);
}

static void a_rival_texts_fault_stands_in_its_patch(void)
{
    struct told told =
        check_terms(TERM("t", SIDES,
                         CAP("0", "{\"place\":{\"buffer\":\"road\",\"m\":500}}") ",\"rival\":{\"other\":{"
                                                                                 "\"/rule/of/place/m\":-3}}," LOG));
    remark(&told, "errors", "term-shape", "/terms/0/rival/other/~1rule~1of~1place~1m");
    count_is(&told, "errors", 1);
    forget(&told);
    told =
        check_terms(TERM("t", SIDES,
                         CAP("0", "{\"place\":\"nowhere\",\"act\":\"shelling\"}") ",\"rival\":{\"other\":{"
                                                                                  "\"/rule/at_most\":\"no\"}}," LOG));
    remark(&told, "errors", "term-unknown-name", "/terms/0/rule/of/place");
    remark(&told, "errors", "term-shape", "/terms/0/rival/other/~1rule~1at_most");
    count_is(&told, "errors", 2);
    forget(&told);
}

static void what_a_record_needs_is_asked_for(void)
{
    static const char bare[] = "{\"force\":{\"assent\":\"a\"},\"frce\":1}";
    struct told told = check_text(bare, sizeof bare - 1);
    remark(&told, "errors", "record-missing", "/agreement");
    remark(&told, "errors", "record-missing", "/title");
    remark(&told, "errors", "record-missing", "/parties");
    remark(&told, "errors", "term-unknown-name", "/frce");
    count_is(&told, "errors", 4);
    forget(&told);
}

/* ---- terms that wait for each other */

static void a_deadlock_names_its_terms(void)
{
#define WAITS(id, other)                                                                                               \
    TERM(id, SIDES,                                                                                                    \
         FLOOR("1", "{}") ",\"from\":{\"done\":\"" other "\"},\"by\":{\"done\":\"" other "\",\"plus\":\"P1D\"}," LOG)
    struct told told = check_terms(WAITS("one", "two") "," WAITS("two", "three") "," WAITS("three", "one") "," ALARM);
    says(remark(&told, "errors", "term-cycle", "/terms/0"), "one → two → three → one");
    says(remark(&told, "errors", "term-cycle", "/terms/0"), "none of them can ever be due");
    count_is(&told, "errors", 1);
    forget(&told);
    told = check_terms(WAITS("one", "one"));
    says(remark(&told, "errors", "term-cycle", "/terms/0"), "\"one\" waits for itself");
    forget(&told);
    told = check_terms(WAITS("one", "two") "," TERM(
        "two", SIDES, FLOOR("1", "{}") ",\"by\":{\"first\":[{\"done\":\"one\"},\"start\"]}," LOG));
    says(remark(&told, "errors", "term-cycle", "/terms/0"), "cannot be computed");
    forget(&told);
    told =
        check_terms(TERM("t", "\"sides\"", "\"rule\":{\"held\":\"P7D\",\"of\":[\"t\"],\"unwatched\":\"stop\"}," LOG));
    remark(&told, "errors", "term-cycle", "/terms/0");
    forget(&told);
}

static void a_name_may_not_stand_for_itself(void)
{
    struct told told = check_pieces(head, "\"groups\":{\"one\":\"two\",\"two\":[\"one\",\"a\"],\"sides\":\"north\"},",
                                    "\"places\":{\"here\":{\"any\":[\"there\"]},\"there\":{\"any\":[\"here\"]}},",
                                    "\"anchors\":{\"then\":{\"of\":\"now\"},\"now\":{\"of\":\"then\"}},",
                                    "\"force\":{\"assent\":\"sides\"},\"terms\":[]}", NULL);
    remark(&told, "errors", "term-cycle", "/groups/one");
    remark(&told, "errors", "term-cycle", "/groups/two/0");
    remark(&told, "errors", "term-cycle", "/places/here/any/0");
    remark(&told, "errors", "term-cycle", "/places/there/any/0");
    remark(&told, "errors", "term-cycle", "/anchors/then/of");
    remark(&told, "errors", "term-cycle", "/anchors/now/of");
    count_is(&told, "errors", 6);
    forget(&told);
}

/* ---- windows in which nothing can be due */

static void what_is_never_due_is_warned_of(void)
{
    static const struct {
        const char *terms, *code, *pointer, *part;
    } cases[] = {
        {TERM(
             "t", SIDES,
             CAP("0", SHELLING) ",\"from\":{\"of\":\"start\",\"days\":5},\"until\":{\"of\":\"start\",\"days\":2}," LOG),
         "check-window", "/terms/0/until", "2020-01-03T00:00:00Z"},
        {TERM("t", SIDES,
              FLOOR("1", SHELLING) ",\"from\":{\"of\":\"start\",\"days\":5},\"by\":{\"of\":\"start\",\"days\":2}," LOG),
         "check-window", "/terms/0/by", "2020-01-06T00:00:00Z"},
        {TERM("t", SIDES, FLOOR("1", SHELLING) ",\"by\":{\"at\":\"2019-12-01T00:00:00Z\"}," LOG), "check-window-before",
         "/terms/0/by", "2020-01-01T00:00:00Z"},
        {TERM("t", SIDES, CAP("0", SHELLING) ",\"from\":{\"at\":\"2021-02-01T00:00:00Z\"}," LOG), "check-window-after",
         "/terms/0/from", "2021-01-01T00:00:00Z"},
        {TERM("q", SIDES,
              CAP("0", SHELLING) "," LOG) "," TERM("t", SIDES,
                                                   "\"rule\":{\"held\":\"P7D\",\"of\":[\"q\"],\"unwatched\":\"stop\"},"
                                                   "\"until\":{\"of\":\"start\",\"days\":6}," LOG),
         "check-held", "/terms/1/rule", "P7D"},
        {TERM("q", SIDES, CAP("0", SHELLING) "," LOG) "," TERM(
             "t", SIDES, "\"rule\":{\"held\":\"P400D\",\"of\":[\"q\"],\"unwatched\":\"stop\"}," LOG),
         "check-held", "/terms/1/rule", "2021-01-01T00:00:00Z"},
        {TERM("t", SIDES, CAP("3", SHELLING) ",\"every\":\"P7D\",\"until\":{\"of\":\"start\",\"days\":6}," LOG),
         "check-every", "/terms/0/every", "P7D"},
        {TERM("q", SIDES, CAP("0", SHELLING) "," LOG) "," TERM(
             "long", SIDES,
             "\"rule\":{\"held\":\"P7D\",\"of\":[\"q\"],\"unwatched\":\"stop\"},\"until\":{\"of\":\"start\",\"days\":6}"
             "," LOG) "," TERM("t", SIDES,
                               FLOOR("1", "{\"kind\":\"notice\"}") ",\"from\":{\"done\":\"long\"},\"by\":{\"done\":"
                                                                   "\"long\",\"plus\":\"P1D\"}," LOG),
         "check-waits", "/terms/2", "\"long\""},
        /* what is at least seven days away cannot be within five */
        {TERM("q", SIDES, CAP("0", SHELLING) "," LOG) "," TERM(
             "week", SIDES,
             "\"rule\":{\"held\":\"P7D\",\"of\":[\"q\"],\"unwatched\":\"stop\"}"
             "," LOG) "," TERM("t", SIDES,
                               FLOOR("1", "{\"kind\":\"notice\"}") ",\"from\":{\"done\":"
                                                                   "\"week\"},\"by\":{"
                                                                   "\"of\":\"start\","
                                                                   "\"days\":5}," LOG),
         "check-window", "/terms/2/by", "2020-01-08T00:00:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told =
            check_pieces(head, zones, groups, classes, places, anchors, channels, readings,
                         "\"force\":{\"assent\":\"sides\",\"from\":\"start\",\"until\":{\"at\":\"2021-01-01T"
                         "00:00:00Z\"}},\"terms\":[",
                         cases[i].terms, "]}", NULL);
        CHECK_INT(told.status, TRUCE_DONE);
        const struct json *found = remark(&told, "warnings", cases[i].code, cases[i].pointer);
        if (found != NULL) says(found, cases[i].part);
        forget(&told);
    }
}

static void what_is_too_long_to_judge_is_warned_of(void)
{
    struct told told =
        check_terms(TERM("t", SIDES, CAP("0", SHELLING) ",\"until\":{\"at\":\"2031-01-01T00:00:00Z\"}," LOG) "," TERM(
            "u", SIDES,
            FLOOR("1", SHELLING) ",\"every\":\"PT1H\",\"by\":{\"at\":\"2020-07-01T00:00:00Z\"},"
                                 "\"from\":{\"at\":\"2020-01-02T00:00:00Z\"}," LOG));
    says(remark(&told, "warnings", "check-long", "/terms/0"), "3660");
    remark(&told, "warnings", "check-long", "/terms/1");
    forget(&told);
    told = check_terms(TERM("t", SIDES, CAP("3", SHELLING) ",\"every\":\"PT12H\"," LOG));
    remark(&told, "warnings", "check-long", "/terms/0");
    forget(&told);
}

static void what_owes_and_decides_is_looked_at(void)
{
    struct told told = check_terms(TERM(
        "t", "[\"north\",\"monitor\"]",
        FLOOR("1",
              "{\"kind\":\"notice\"}") ",\"each\":true,\"by\":\"start\"," LOG) "," TERM("u", SIDES,
                                                                                        CAP("0",
                                                                                            SHELLING) ",\"finding\":{"
                                                                                                      "\"by\":"
                                                                                                      "\"watchers\","
                                                                                                      "\"quorum\":2}"
                                                                                                      "," LOG));
    says(remark(&told, "warnings", "check-each", "/terms/0/who"), "\"monitor\"");
    says(remark(&told, "warnings", "check-quorum", "/terms/1/finding"), "A quorum of 2 is asked of 1");
    count_is(&told, "warnings", 2);
    forget(&told);
    told =
        check_pieces(head,
                     "\"zones\":{\"east\":[{\"from\":\"2019-01-01T00:00:00Z\",\"offset_s\":7200}],\"west\":[{"
                     "\"from\":\"2019-01-01T00:00:00Z\",\"offset_s\":3600}]},\"anchors\":{\"unused\":{\"at\":"
                     "\"2020-01-01T00:00:00Z\"}},\"names\":{\"t\":{\"en\":\"the term\"},\"wset\":{\"en\":\"West\"}},",
                     readings,
                     "\"groups\":{\"watchers\":[\"monitor\"]},"
                     "\"force\":{\"assent\":[\"north\",\"south\"]},\"terms\":[",
                     TERM("t", "\"*\"", CAP("0", SHELLING) "," LOG), "]}", NULL);
    remark(&told, "warnings", "check-zone", "/terms/0");
    remark(&told, "warnings", "check-unused", "/anchors/unused");
    says(remark(&told, "warnings", "check-called", "/names/wset"), "Did you mean \"west\"?");
    count_is(&told, "warnings", 3);
    forget(&told);
    told = check_pieces(head, zones, groups, classes, places, anchors, channels,
                        "\"names\":{\"town\":\"Town\",\"north\":{},\"south\":{\"en\":7}},", readings, force,
                        "\"terms\":[", TERM("t", "\"*\"", CAP("0", SHELLING) "," LOG), "]}", NULL);
    remark(&told, "errors", "term-shape", "/names/town");
    remark(&told, "errors", "term-shape", "/names/north");
    remark(&told, "errors", "term-shape", "/names/south");
    count_is(&told, "errors", 3);
    forget(&told);
}

/* ---- terms against each other */

static void contradictions_are_warned_of(void)
{
    static const struct {
        const char *terms, *code, *pointer;
    } cases[] = {
        {TERM("never", SIDES, CAP("0", "{\"act\":\"attacks\"}") "," LOG) "," TERM(
             "must", "\"north\"", FLOOR("1", SHELLING) ",\"by\":{\"of\":\"start\",\"days\":4}," LOG),
         "check-contradiction", "/terms/1/rule"},
        {TERM("few", SIDES, CAP("2", SHELLING) ",\"until\":{\"of\":\"start\",\"days\":4}," LOG) "," TERM(
             "many", SIDES, FLOOR("3", SHELLING) ",\"by\":{\"of\":\"start\",\"days\":4}," LOG),
         "check-contradiction", "/terms/1/rule"},
        {TERM("never", SIDES, CAP("0", "{\"act\":\"attacks\",\"place\":\"town\"}") "," LOG) "," TERM(
             "may", "\"north\"", "\"rule\":{\"may\":{\"act\":\"shelling\",\"place\":\"town\"}}," LOG),
         "check-permission", "/terms/1/rule"},
        {TERM(
             "near", SIDES,
             CAP("0",
                 "{\"act\":\"shelling\",\"place\":{\"buffer\":\"road\",\"m\":500}}") "," LOG) "," TERM("far", SIDES,
                                                                                                       CAP("0",
                                                                                                           "{\"act\":"
                                                                                                           "\"shelling"
                                                                                                           "\","
                                                                                                           "\"place\":{"
                                                                                                           "\"buffer\":"
                                                                                                           "\"road\","
                                                                                                           "\"m\":900}"
                                                                                                           "}") "," LOG),
         "check-two-lines", "/terms/1/rule"},
        {TERM("few", SIDES, CAP("2", SHELLING) "," LOG) "," TERM("none", "[\"south\",\"north\"]",
                                                                 CAP("0", SHELLING) "," LOG),
         "check-two-lines", "/terms/1/rule"},
        {TERM("one", SIDES, FLOOR("1", "{\"kind\":\"notice\"}") ",\"by\":{\"of\":\"start\",\"days\":4}," LOG) "," TERM(
             "two", SIDES, FLOOR("2", "{\"kind\":\"notice\"}") ",\"by\":{\"of\":\"start\",\"days\":4}," LOG),
         "check-two-lines", "/terms/1/rule"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = check_terms(cases[i].terms);
        CHECK_INT(told.status, TRUCE_DONE);
        remark(&told, "warnings", cases[i].code, cases[i].pointer);
        count_is(&told, "warnings", 1);
        forget(&told);
    }
}

/* ---- parts */

static void parts_are_read_with_their_agreement(void)
{
    static const char one[] =
        "[{\"kind\":\"party\",\"party\":\"monitor\"},"
        "{\"kind\":\"part\",\"$id\":\"p\",\"agreement\":\"truce\",\"places\":{\"town\":{\"point\":{\"lat_e7\":0,\"lon_"
        "e7\":0}}},"
        "\"terms\":[" TERM(
            "t", "\"north\"",
            CAP("0", "{\"place\":\"twon\"}") "," LOG) "]},"
                                                      "{\"kind\":\"agreement\",\"agreement\":\"truce\",\"title\":{"
                                                      "\"en\":\"T\"},\"parties\":[\"north\"],\"parts\":[\"@p\"%s],"
                                                      "\"readings\":{\"r\":{\"trust\":\"monitor\",\"links\":\"*\","
                                                      "\"need\":[\"report\"]}},\"force\":{\"assent\":\"north\"},"
                                                      "\"terms\":[" TERM(
                                                          "u", "\"north\"",
                                                          CAP("0", "{\"place\":\"twon\"}") "," LOG) "]}]";
    char text[sizeof one + 20];
    snprintf(text, sizeof text, one, "");
    struct told told = check_text(text, strlen(text));
    says(remark(&told, "errors", "term-unknown-name", "/1/terms/0/rule/of/place"), "\"town\"");
    says(remark(&told, "errors", "term-unknown-name", "/2/terms/0/rule/of/place"), "\"town\"");
    count_is(&told, "errors", 2);
    count_is(&told, "warnings", 0);
    CHECK_INT(json_find_integer(told.agreement, "terms", 0), 2); /* its own and the part's */
    forget(&told);
    snprintf(text, sizeof text, one, ",\"@q\"");
    told = check_text(text, strlen(text));
    says(remark(&told, "warnings", "check-part", "/2/parts"), "Of 2 parts");
    count_is(&told, "errors", 0); /* the missing one may have it */
    forget(&told);
}

static void what_is_no_agreement_is_said_to_be_none(void)
{
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"", "json-syntax"},           {"[]", "check-none"},           {"{}", "check-none"},
        {"7", "check-none"},           {"{\"force\":", "json-syntax"}, {"[{\"kind\":\"report\"}]", "check-none"},
        {"\"\\ud800\"", "json-escape"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = check_text(cases[i].text, strlen(cases[i].text));
        CHECK_INT(told.status, TRUCE_FAILED);
        CHECK_STRING(told.error.code, cases[i].code);
        CHECK(told.text.data == NULL);
        forget(&told);
    }
}

/* ---- limits: each is named, with its number */

static void many(struct buffer *out, unsigned count, const char *form)
{
    for (unsigned i = 0; i < count; i++) {
        if (i > 0) buffer_put_byte(out, ',');
        buffer_print(out, form, i);
    }
}

struct limit {
    const char *before, *form, *after; /* `form` has %u; as many as fit, and one more */
    unsigned fit;
    unsigned most; /* the number that is named */
    const char *pointer;
};

static struct told check_many(const struct limit *limit, unsigned count, bool in_terms)
{
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put_string(&text, limit->before);
    many(&text, count, limit->form);
    buffer_put_string(&text, limit->after);
    buffer_put_byte(&text, '\0');
    if (in_terms) return check_terms((const char *)text.data);
    return check_pieces(head, (const char *)text.data, "\"force\":{\"assent\":\"north\"},\"terms\":[]}", NULL);
}

static void limit_holds(const struct limit *limit, bool in_terms)
{
    char number[24];
    struct told told = check_many(limit, limit->fit, in_terms);
    snprintf(number, sizeof number, "at most %u.", limit->most);
    size_t besides = count_of(&told, "errors"); /* so many points are too many for one record */
    CHECK(besides == 0 || (besides == 1 && remark(&told, "errors", "record-size", "") != NULL));
    forget(&told);
    told = check_many(limit, limit->fit + 1, in_terms);
    says(remark(&told, "errors", "term-limit", limit->pointer), number);
    count_is(&told, "errors", besides + 1);
    forget(&told);
}

#define BEGIN(rest) "{\"id\":\"t\",\"clause\":{\"en\":\"c\"},\"who\":\"*\"," rest
#define COUNTS CAP("0", "{}") "," LOG

static void limits_of_terms_are_named(void)
{
    static const struct limit limits[] = {
        {"", TERM("t%u", "\"*\"", COUNTS), "", 256, 256, "/terms"},
        /* the list, its items and the selector are nodes */
        {"{\"id\":\"t\",\"clause\":{\"en\":\"c\"},\"who\":[", "\"n%u\"", "]," COUNTS "}", 62, 64, "/terms/0/rule/of"},
        {BEGIN(LOG ",\"rule\":{\"at_most\":0,\"of\":{\"any\":["), "{\"act\":\"a%u\"}", "]}}}", 62, 64,
         "/terms/0/rule/of/any/62"},
        {BEGIN(LOG ",\"rule\":{\"at_most\":0,\"of\":{\"act\":["), "\"a%u\"", "]}}}", 256, 256, "/terms/0/rule/of/act"},
        {BEGIN(COUNTS ",\"rival\":{"), "\"r%u\":{\"/rule/at_most\":1}", "}}", 4, 4, "/terms/0/rival"},
        {BEGIN(COUNTS ",\"except\":["), "{\"justify\":\"g%u\"}", "]}", 64, 64, "/terms/0/except"},
        {BEGIN(COUNTS ",\"effect\":["), "{\"on\":\"met\",\"do\":\"refer\",\"ask\":\"*\",\"what\":{\"party\":\"p%u\"}}",
         "]}", 62, 64, "/terms/0/effect/62/ask"},
        {BEGIN(COUNTS ",\"until\":{\"last\":["), "{\"at\":\"20%02u-01-01T00:00:00Z\"}", "]}}", 61, 64,
         "/terms/0/until/last/61"},
    };
    for (size_t i = 0; i < COUNT_OF(limits); i++) limit_holds(&limits[i], true);
}

static void limits_of_tables_are_named(void)
{
    static const struct limit limits[] = {
        {"\"readings\":{", "\"r%u\":{\"trust\":\"*\",\"links\":\"*\",\"need\":[\"report\"]}", "},", 16, 16,
         "/readings/r9"},
        {"\"channels\":{", "\"c%u\":{}", "},", 64, 64, "/channels/c9"},
        {"\"groups\":{", "\"g%u\":\"a\"", "},", 256, 256, "/groups/g99"},
        {"\"classes\":{", "\"c%u\":[\"a\"]", "},", 256, 256, "/classes/c99"},
        {"\"anchors\":{", "\"a%u\":{\"at\":\"2020-01-01T00:00:00Z\"}", "},", 256, 256, "/anchors/a99"},
        {"\"zones\":{", "\"z%u\":[{\"from\":\"2019-01-01T00:00:00Z\",\"offset_s\":0}]", "},", 64, 64, "/zones/z9"},
        {"\"zones\":{\"z\":[", "{\"from\":\"20%02u-01-01T00:00:00Z\",\"offset_s\":0}", "]},", 64, 64, "/zones/z"},
        {"\"places\":{", "\"p%u\":{\"point\":{\"lat_e7\":0,\"lon_e7\":0}}", "},", 1024, 1024, "/places/p999"},
        {"\"names\":{", "\"n%u\":{\"en\":\"a\"}", "},", 1024, 1024, "/names/n999"},
        {"\"places\":{\"p\":{\"line\":[", "{\"lat_e7\":%u,\"lon_e7\":0}", "]}},", 4096, 4096, "/places/p/line"},
        {"\"places\":{\"p\":{\"polygon\":[", "{\"lat_e7\":%u,\"lon_e7\":0}", "]}},", 4096, 4096, "/places/p/polygon"},
        {"\"places\":{\"p\":{\"any\":[", "{\"area\":\"a%u\"}", "]}},", 63, 64, "/places/p/any/63"},
        {"\"classes\":{\"c\":[", "\"a%u\"", "]},", 256, 256, "/classes/c"},
        {"\"classes\":{\"c\":{\"any\":[", "\"a%u\"", "]}},", 256, 256, "/classes/c/any"},
    };
    for (size_t i = 0; i < COUNT_OF(limits); i++) limit_holds(&limits[i], false);
}

/* Longer than fits by itself: the list is refused before its items are. */
static void limits_of_lists_are_named(void)
{
    static const struct limit limits[] = {
        {BEGIN(COUNTS ",\"until\":{\"first\":["), "{\"at\":\"20%02u-01-01T00:00:00Z\"}", "]}}", 0, 64,
         "/terms/0/until/first"},
        {BEGIN(COUNTS ",\"effect\":["), "{\"on\":\"met\",\"do\":\"refer\",\"ask\":\"*%u\"}", "]}", 0, 64,
         "/terms/0/effect"},
        {BEGIN(CAP("0", "{}") ",\"watch\":{\"share\":[1,2],\"of\":["), "{\"area\":\"a%u\"}", "]}}", 0, 64,
         "/terms/0/watch/of"},
        {BEGIN(LOG ",\"rule\":{\"all\":["), "\"t%u\"", "]}}", 0, 64, "/terms/0/rule/all"},
        {BEGIN(LOG ",\"rule\":{\"held\":\"P1D\",\"unwatched\":\"stop\",\"of\":["), "\"t%u\"", "]}}", 0, 64,
         "/terms/0/rule/of"},
        {BEGIN(LOG ",\"rule\":{\"at_most\":0,\"of\":{\"any\":["), "{\"act\":\"a%u\"}", "]}}}", 0, 64,
         "/terms/0/rule/of/any"},
        {BEGIN(LOG ",\"rule\":{\"at_most\":0,\"of\":{\"place\":{\"any\":["), "{\"area\":\"a%u\"}", "]}}}}", 0, 64,
         "/terms/0/rule/of/place/any"},
    };
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        char number[24];
        struct told told = check_many(&limits[i], 65, true);
        snprintf(number, sizeof number, "at most %u.", limits[i].most);
        says(remark(&told, "errors", "term-limit", limits[i].pointer), number);
        forget(&told);
    }
}

static void limits_of_depth_and_numbers_are_named(void)
{
    static const struct {
        const char *terms, *pointer, *part;
    } cases[] = {
        {TERM("t", "{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":\"a\"}}}}}}}}", COUNTS),
         "/terms/0/who/not/not/not/not/not/not/not/not", "at most 8."},
        {TERM("t", "\"*\"", COUNTS ",\"until\":{\"of\":\"start\",\"days\":3661}"), "/terms/0/until/days",
         "at most 3660."},
        {TERM("t", "\"*\"", COUNTS ",\"until\":{\"of\":\"start\",\"days\":-3661}"), "/terms/0/until/days",
         "at most 3660."},
        {TERM("t", "\"*\"", COUNTS ",\"every\":\"PT59M\""), "/terms/0/every", "an hour at least"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = check_terms(cases[i].terms);
        says(remark(&told, "errors", "term-limit", cases[i].pointer), cases[i].part);
        count_is(&told, "errors", 1);
        forget(&told);
    }
}

/* A group is as deep as the names that it is made of, wherever it is used. */
static void names_do_not_hide_depth(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put_string(&text, "\"groups\":{\"g0\":[\"north\",\"*\"]");
    for (unsigned i = 1; i < 6; i++) buffer_print(&text, ",\"g%u\":[\"g%u\",\"south\"]", i, i - 1);
    buffer_put_string(&text, "},");
    buffer_put_byte(&text, '\0');
    struct told told = check_pieces(head, readings, "\"force\":{\"assent\":\"north\"},", (const char *)text.data,
                                    "\"terms\":[", TERM("t", "[{\"not\":\"g5\"}]", COUNTS), "]}", NULL);
    says(remark(&told, "errors", "term-limit", "/terms/0/who/0/not"), "at most 8.");
    forget(&told);
}

static void limits_of_names_count_what_groups_hold(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put_string(&text, "\"groups\":{");
    for (unsigned i = 0; i < 5; i++) {
        buffer_print(&text, "%s\"g%u\":[", i > 0 ? "," : "", i);
        many(&text, 60, "\"n%u\"");
        buffer_put_byte(&text, ']');
    }
    buffer_put_string(&text, "},");
    buffer_put_byte(&text, '\0');
    struct told told = check_pieces(head, readings, (const char *)text.data,
                                    "\"force\":{\"assent\":[\"g0\",\"g1\",\"g2\",\"g3\",\"g4\"]},\"terms\":[]}", NULL);
    CHECK_INT(told.status, TRUCE_REFUSED);
    forget(&told);
}

static void what_is_counted_without_a_name_is_limited(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    for (unsigned t = 0; t < 9; t++) {
        buffer_print(&text, "%s{\"id\":\"t%u\",\"clause\":{\"en\":\"c\"},\"who\":\"*\"," COUNTS ",\"except\":[",
                     t > 0 ? "," : "", t);
        many(&text, t < 8 ? 60 : 33, "{\"lead\":\"P9%uD\",\"notified\":{\"kind\":\"notice\"}}");
        buffer_put_string(&text, "]}");
    }
    buffer_put_byte(&text, '\0');
    struct told told = check_terms((const char *)text.data);
    says(remark(&told, "errors", "term-limit", "/terms/8/except/32"), "at most 512.");
    count_is(&told, "errors", 1);
    forget(&told);
}

/* ---- hostile texts */

static void a_thousand_faults_are_counted_and_not_all_told(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put_string(&text, "{\"id\":\"t\",\"clause\":{\"en\":\"c\"},\"who\":\"*\"," COUNTS);
    for (unsigned i = 0; i < 1000; i++) buffer_print(&text, ",\"x%u\":1", i);
    buffer_put_string(&text, "}");
    buffer_put_byte(&text, '\0');
    struct told told = check_terms((const char *)text.data);
    count_is(&told, "errors", 200);
    CHECK(strstr(told.text.data, "\"errors\":1000,") != NULL);
    forget(&told);
}

static void a_record_has_its_size(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put_string(&text, "\"places\":{");
    many(&text, 1000, "\"a-place-with-a-long-name-%u\":{\"point\":{\"lat_e7\":100000000,\"lon_e7\":100000000}}");
    buffer_put_string(&text, "},");
    buffer_put_byte(&text, '\0');
    struct told told =
        check_pieces(head, (const char *)text.data, "\"force\":{\"assent\":\"north\"},\"terms\":[]}", NULL);
    says(remark(&told, "errors", "record-size", ""), "60000");
    forget(&told);
}

TESTS(nothing_is_told_of_what_is_sound, the_worked_cases_are_sound, every_unknown_name_has_a_suggestion,
      names_around_the_terms_are_suggested_too, strange_names_are_warned_of, all_faults_are_told,
      a_rival_texts_fault_stands_in_its_patch, what_a_record_needs_is_asked_for, a_deadlock_names_its_terms,
      a_name_may_not_stand_for_itself, what_is_never_due_is_warned_of, what_is_too_long_to_judge_is_warned_of,
      what_owes_and_decides_is_looked_at, contradictions_are_warned_of, parts_are_read_with_their_agreement,
      what_is_no_agreement_is_said_to_be_none, limits_of_terms_are_named, limits_of_tables_are_named,
      limits_of_lists_are_named, limits_of_depth_and_numbers_are_named, names_do_not_hide_depth,
      limits_of_names_count_what_groups_hold, what_is_counted_without_a_name_is_limited,
      a_thousand_faults_are_counted_and_not_all_told, a_record_has_its_size)
