/* Any tables of an agreement: they are refused with pointers, or are evaluated over a fixed log at any moment; either
 * way the answers are canonical JSON, and the same when asked again. */
#include "fuzz.h"
#include "terms_log.h"

static const char *const records[] = {
    "{\"kind\":\"standing\",\"by\":\"a\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true},"
    "\"at\":\"2019-12-21T00:00:00Z\"}",
    "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"assent\",\"scope\":{\"whole\":true},"
    "\"at\":\"2019-12-21T00:00:00Z\"}",
    "{\"kind\":\"designation\",\"by\":\"s\",\"group\":\"x\",\"designation\":\"in\",\"from\":\"2020-01-02T00:00:00Z\"}",
    "{\"kind\":\"area\",\"by\":\"s\",\"area\":\"hill\",\"where\":{\"polygon\":[{\"lat_e7\":0,\"lon_e7\":0},{\"lat_e7\":"
    "90000,\"lon_e7\":0},{\"lat_e7\":0,\"lon_e7\":90000}]},\"from\":\"2020-01-01T00:00:00Z\"}",
    "{\"kind\":\"coverage\",\"by\":\"m\",\"how\":\"post\",\"where\":{\"place\":\"town\"},\"when\":{\"from\":\"2020-01-"
    "01T00:00:00Z\",\"to\":\"2020-01-04T00:00:00Z\"}}",
    "{\"kind\":\"restriction\",\"by\":\"m\",\"restriction\":\"denied\",\"where\":{\"place\":\"town\"},\"when\":{"
    "\"from\":\"2020-01-02T00:00:00Z\",\"to\":\"2020-01-02T09:00:00Z\"}}",
    "{\"kind\":\"report\",\"by\":\"m\",\"act\":\"shelling\",\"method\":\"seen\",\"where\":{\"place\":\"town\"},"
    "\"actor\":\"a\",\"target\":\"x\",\"when\":{\"from\":\"2020-01-02T22:00:00Z\",\"to\":\"2020-01-03T02:00:00Z\"},"
    "\"counts\":[{\"kind\":\"man\",\"n\":16,\"exactness\":\"about\"}],\"weapon\":{\"class\":\"gun\",\"calibre_um\":"
    "122000}}",
    "{\"kind\":\"report\",\"by\":\"a\",\"act\":\"presence\",\"method\":\"heard\",\"where\":{\"bearing\":{\"degrees\":"
    "70,\"from\":{\"lat_e7\":0,\"lon_e7\":0},\"least_m\":100,\"most_m\":900}},\"when\":{\"from\":\"2020-01-03T10:00:"
    "00Z\",\"to\":\"2020-01-03T12:00:00Z\"}}",
    "{\"kind\":\"claim\",\"by\":\"b\",\"actor\":\"a\",\"act\":\"shelling\",\"event\":{\"act\":\"shelling\",\"when\":{"
    "\"from\":\"2020-01-01T10:00:00Z\",\"to\":\"2020-01-01T11:00:00Z\"}}}",
    "{\"kind\":\"response\",\"by\":\"a\",\"of\":\"@r8.\",\"response\":\"justify\",\"ground\":\"self-defence\"}",
    "{\"kind\":\"finding\",\"by\":\"s\",\"finding\":\"substantiated\",\"event\":{\"actor\":\"a\"},\"about\":[\"@r6.\"]"
    "}",
    "{\"kind\":\"link\",\"by\":\"m\",\"link\":\"same\",\"about\":[\"@r6.\",\"@r7.\"]}",
    "{\"kind\":\"passage\",\"by\":\"g\",\"passage\":\"p\",\"step\":\"delivered\",\"at\":\"2020-01-04T10:00:00Z\","
    "\"where\":{\"place\":\"hill\"}}",
    "{\"kind\":\"notice\",\"by\":\"g\",\"to\":[\"a\",\"b\"],\"act\":\"hello\",\"channel\":\"line\",\"at\":\"2020-01-"
    "02T10:00:00Z\",\"acknowledge_by\":\"2020-01-02T12:00:00Z\"}",
    "{\"kind\":\"attempt\",\"by\":\"g\",\"of\":\"@r13.\",\"to\":\"a\",\"at\":\"2020-01-02T10:10:00Z\",\"means\":"
    "\"hotline\",\"result\":\"no-answer\"}",
    "{\"kind\":\"acknowledgement\",\"by\":\"a\",\"of\":\"@r13.\",\"at\":\"2020-01-02T11:00:00Z\",\"receipt\":"
    "\"received\"}",
    "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"suspend\",\"scope\":{\"whole\":true},"
    "\"at\":\"2020-01-05T00:00:00Z\"}",
    "{\"kind\":\"standing\",\"by\":\"b\",\"agreement\":\"@agreement\",\"act\":\"resume\",\"scope\":{\"whole\":true},"
    "\"at\":\"2020-01-06T00:00:00Z\"}",
};

static void on_fault(void *context, const struct error *fault)
{
    unsigned *faults = context;
    EXPECT(fault->status == STATUS_REFUSED && fault->code != NULL);
    EXPECT(fault->pointer[0] == '\0' || fault->pointer[0] == '/');
    ++*faults;
}

/* The tables as an agreement's record, or nothing: only JSON comes here. */
static bool as_agreement(struct buffer *json, const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error error;
    const struct json *tree;
    unsigned faults = 0;
    if (size < 2 || size > 20000 || data[0] != '{') return false;
    buffer_put_string(json, "{\"kind\":\"agreement\",\"by\":\"s\",\"agreement\":\"truce\",");
    buffer_put(json, slice_of(data + 1, size - 1));
    if (memchr(json->data, 0, json->size) != NULL || memchr(data, '@', size) != NULL) return false;
    arena_init(&arena, 1 << 24);
    bool good = json_read(&tree, buffer_slice(json), JSON_RELAXED, &arena, &error) == STATUS_DONE;
    if (good) {
        enum status status = terms_check(tree, on_fault, &faults, &error);
        EXPECT(status == (faults > 0 ? STATUS_REFUSED : STATUS_DONE) || json_find(tree, "parts") != NULL);
    }
    arena_clear(&arena);
    buffer_put_byte(json, 0);
    return good;
}

static void why(const struct terms_log *log, struct slice term, int64_t at)
{
    struct answer answer = {0};
    struct json_writer w;
    struct error error;
    json_write_open(&w, &answer.text);
    if (why_write(log->view, term, slice_from(""), at, &w, &error) == STATUS_DONE) answer_read(&answer, &w);
    answer_clear(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer json = {0};
    struct terms_log log;
    if (!as_agreement(&json, data, size)) {
        buffer_clear(&json);
        return 0;
    }
    log_open_empty(&log);
    say(&log, "agreement", "2019-12-20", (const char *)json.data);
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        char label[40];
        snprintf(label, sizeof label, "r%zu.", i);
        say(&log, label, NULL, records[i]);
    }
    static const char *const moments[] = {"2019-12-31", "2020-01-03T11:00:00Z", "2020-01-05T12:00:00Z", "2030-01-01"};
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        struct answer one = ask(&log, time_of(moments[i])), other = ask(&log, time_of(moments[i]));
        EXPECT(slice_equal(buffer_slice(&one.text), buffer_slice(&other.text)));
        const struct json *terms = json_find(first_agreement(&one), "terms");
        if (terms != NULL && terms->first != NULL) why(&log, json_find_string(terms->first, "id"), time_of(moments[i]));
        answer_clear(&one);
        answer_clear(&other);
    }
    view_close(&log.view);
    buffer_clear(&json);
    EXPECT(check_failed == 0);
    return 0;
}
