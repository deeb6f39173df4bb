/* Answers of any shape, as no library would give them, to every page in both languages: nothing stops, and what comes
 * out is markup that a strict reader takes, with no address but this site's own. The input chooses between JSON that is
 * read and a tree that is grown from it, out of the names and values that pages look for. */
#include "fuzz.h"

#include "markup.h"
#include "page/page.h"
#include "tell/words.h"

#include <string.h>

enum { DEPTH_MOST = 12, NODES_MOST = 400, ARENA_BYTES = 64 << 20 };

static const char *const keys[] = {
    "about",        "act",
    "agreement",    "agreements",
    "answer",       "answers",
    "ar",           "as_of",
    "at",           "attempts",
    "because",      "becomes",
    "by",           "calm",
    "changes",      "channel",
    "channels",     "clause",
    "clock",        "code",
    "counted",      "days",
    "decides",      "due",
    "en",           "fault",
    "founders",     "from",
    "ground",       "held",
    "held_s",       "id",
    "index",        "kind",
    "known",        "lat_e7",
    "later",        "lon_e7",
    "machine",      "name",
    "names",        "north",
    "not_counted",  "notices",
    "of",           "of_s",
    "open",         "original",
    "parties",      "party",
    "parts",        "place",
    "point",        "questions",
    "radius_m",     "reading",
    "readings",     "reason",
    "record",       "records",
    "replies",      "reset_at",
    "reset_by",     "rival",
    "rivals",       "root",
    "rule",         "run",
    "runs",         "since",
    "standing",     "state",
    "strict",       "sure_s",
    "term",         "terms",
    "text",         "title",
    "to",           "translated_by",
    "verdict",      "void",
    "was",          "was_readings",
    "watched",      "watched_permille",
    "when",         "where",
    "why",          "window",
    "with",         "written",
    "all",          "any",
    "reply",        "at_most",
    "may",          "statements",
    "content",      "content_start",
    "content_end",  "start",
    "end",          "target_start",
    "target_end",   "speaker",
    "speaker_name", "cue",
    "direct",       "offers",
    "dates",        "counts",
    "places",       "candidates",
    "low",          "high",
    "best",         "outbox",
    "promises",     "arrivals",
    "sealed",       "missing",
    "message",      "level",
    "refusals",     "taken",
    "told",         "pouch",
    "seq",
};
static const char *const values[] = {
    "",
    "met",
    "breached",
    "void",
    "disputed",
    "notice",
    "site",
    "statement",
    "claim",
    "agreement",
    "party",
    "genesis",
    "2016-10-04T12:00:00Z",
    "2016-10-05T12:00:00Z",
    "2016-09-30T21:00:00Z",
    "2016-10-04T12:00:00.000Z",
    "2016-10-04",
    "P7D",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "north",
    "side-a",
    "<b>&\"'</b>",
    "javascript:alert(1)",
    "..",
    ".",
    "//x",
    "\u202E\u2069\u2066\u200F",
    "قصف",
    "\xFF\xC3",
    "{0}",
    "suspended",
    "overdue",
    "unwatched",
    "ar",
    "en",
    "held",
};

/* The bytes of the input, one after another; nought when they are used up. */
struct seed {
    const uint8_t *data;
    size_t size, at, nodes;
    struct arena *arena;
};

static uint8_t next(struct seed *seed)
{
    return seed->at < seed->size ? seed->data[seed->at++] : 0;
}

static struct json *grow(struct seed *seed, unsigned depth)
{
    static const int64_t numbers[] = {0, 1, -1, 1000, 604800, JSON_INTEGER_MOST, -JSON_INTEGER_MOST, 900000001};
    struct json *node = arena_get(seed->arena, sizeof *node);
    uint8_t choice = next(seed);
    if (node == NULL || seed->nodes++ > NODES_MOST) return NULL;
    node->source = slice_from("<source>");
    node->type = (enum json_type)(depth >= DEPTH_MOST ? choice % 4 : choice % 8 > 5 ? JSON_OBJECT : choice % 6);
    if (node->type == JSON_INTEGER) node->integer = numbers[next(seed) % COUNT_OF(numbers)];
    if (node->type == JSON_STRING) node->string = slice_from(values[next(seed) % COUNT_OF(values)]);
    if (node->type != JSON_ARRAY && node->type != JSON_OBJECT) return node;
    const struct json **end = &node->first;
    for (unsigned members = choice / 8 % 12; members > 0; members--) {
        uint8_t key = next(seed);
        struct json *member = grow(seed, depth + 1);
        if (member == NULL) break;
        if (node->type == JSON_OBJECT)
            member->key = slice_from(key == 255 ? values[next(seed) % COUNT_OF(values)] : keys[key % COUNT_OF(keys)]);
        *end = member;
        end = &member->next;
        node->size++;
    }
    return node;
}

static void check(struct buffer *out, enum status status)
{
    EXPECT(status == STATUS_DONE);
    struct markup m = markup_read(buffer_slice(out));
    if (m.fault != NULL) fprintf(stderr, "%s at %zu: %.80s\n", m.fault, m.at, (const char *)out->data + m.at);
    EXPECT(m.fault == NULL);
    buffer_reset(out);
}

static const char *asked(void *context, const char *name)
{
    (void)name;
    return context;
}

static const char *asked_of(void *context, const char *name, size_t number)
{
    return number % 2 == 0 ? asked(context, name) : NULL;
}

/* Every state that a statement can be in, by turns. */
static void render_intake(struct buffer *out, const struct page *page, const struct json *answer, struct slice bytes,
                          const char *string, void *context)
{
    struct page_statement items[64] = {0};
    const struct json *statements = json_find(answer, "statements");
    struct page_statements what = {.answer = answer,
                                   .shown = bytes,
                                   .markup = bytes.size % 2 == 0,
                                   .kept = slice_from(string),
                                   .items = items,
                                   .count = statements == NULL || statements->type != JSON_ARRAY ? 0 : statements->size,
                                   .asked = asked_of,
                                   .context = context};
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        items[i].state = (enum statement_state)((i + bytes.size) % 4);
        items[i].object = bytes;
        if (items[i].state == STATEMENT_PROPOSED && i % 2 == 0) items[i].wrong = string, items[i].wrong_field = "/at";
    }
    if (what.count <= COUNT_OF(items)) check(out, page_statements(out, page, &what, NULL));
    what.answer = NULL, what.wrong = string, what.wrong_field = "text";
    check(out, page_statements(out, page, &what, NULL));
    const struct page_outbox outbox = {.shown = bytes.size % 2 == 0, .answer = answer, .opened = answer};
    check(out, page_outbox(out, page, &outbox, NULL));
}

static void render(const struct page *page, const struct json *answer, struct slice bytes, const char *string)
{
    static struct buffer out;
    union {
        const char *in;
        void *out;
    } context = {string};
    const struct page_list list = {
        .records = &answer, .count = 1, .more = true, .asked = asked, .context = context.out};
    struct page_list wrong = list;
    wrong.wrong = string, wrong.wrong_name = "from";
    check(&out, page_standing(&out, page, answer, NULL));
    check(&out, page_today(&out, page, answer, NULL));
    check(&out, page_why(&out, page, answer, NULL));
    check(&out, page_records(&out, page, &list, NULL));
    check(&out, page_records(&out, page, &wrong, NULL));
    check(&out, page_record(&out, page, &(const struct page_shown){answer, answer, bytes, bytes}, NULL));
    check(&out, page_problem(&out, page, 404, string, string, NULL));
    render_intake(&out, page, answer, bytes, string, context.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char string[512];
    struct slice bytes = slice_of(data, size);
    const struct json *answer = NULL;
    struct arena arena;
    struct records records;
    snprintf(string, sizeof string, "%.*s", (int)(size < 511 ? size : 511), size == 0 ? "" : (const char *)data);
    arena_init(&arena, ARENA_BYTES);
    records_open(&records, NULL);
    if (size > 0 && data[0] == '{') {
        if (json_read(&answer, bytes, JSON_RELAXED, &arena, NULL) != STATUS_DONE) answer = NULL;
    } else {
        struct seed seed = {data, size, 0, 0, &arena};
        answer = grow(&seed, 0);
    }
    for (int language = 0; answer != NULL && language < LANGUAGES; language++) {
        const struct page page = {.records = &records,
                                  .address = string,
                                  .query = string,
                                  .as_of = size % 2 == 0 ? NULL : string,
                                  .known = size % 3 == 0 ? NULL : string,
                                  .register_name = string,
                                  .root = string,
                                  .exercise = size % 2 == 0};
        words_language((enum language)language);
        if (language == 0) records_put(&records, answer);
        render(&page, answer, bytes, string);
    }
    records_close(&records);
    arena_clear(&arena);
    return 0;
}
