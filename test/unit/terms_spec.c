/* spec/terms.md says what the program does: its example is replayed, and it lists every reason, and no other. */
#include "terms/reason.h"
#include "terms_log.h"

static char *spec;

static void read_spec(void)
{
    FILE *file = fopen(SOURCE_ROOT "/spec/terms.md", "rb");
    spec = calloc(1, 1 << 20);
    CHECK(file != NULL && spec != NULL && fread(spec, 1, (1 << 20) - 1, file) > 1000);
    if (file != NULL) fclose(file);
}

/* The n-th fenced block of JSON, NUL-terminated. */
static void block(struct buffer *out, unsigned n)
{
    const char *at = strstr(spec, "\n```json\n");
    while (n-- > 0 && at != NULL) at = strstr(at + 1, "\n```json\n");
    CHECK(at != NULL);
    if (at == NULL) return;
    at += strlen("\n```json\n");
    buffer_put(out, slice_of(at, (size_t)(strstr(at, "\n```\n") - at)));
    buffer_put_byte(out, 0);
}

static void replay(struct terms_log *log)
{
    OWN(buffer_clear) struct buffer agreement = {0};
    OWN(buffer_clear) struct buffer records = {0};
    struct arena arena;
    struct error error;
    const struct json *list;
    unsigned i = 0;
    block(&agreement, 0);
    block(&records, 1);
    log_open_empty(log);
    say(log, "agreement", "2019-12-20", (const char *)agreement.data);
    arena_init(&arena, 1 << 20);
    CHECK(json_read(&list, slice_from((const char *)records.data), JSON_RELAXED, &arena, &error) == STATUS_DONE);
    for (const struct json *record = list->first; record != NULL; record = record->next, i++) {
        char label[20], text[1000];
        snprintf(label, sizeof label, "r%u.", i);
        snprintf(text, sizeof text, "%.*s", SLICE(record->source));
        say(log, label, NULL, text);
    }
    CHECK(i > 3);
    arena_clear(&arena);
}

static void the_example_holds(void)
{
    struct terms_log log;
    unsigned rows = 0;
    read_spec();
    replay(&log);
    for (const char *row = strstr(spec, "\n| 20"); row != NULL; row = strstr(row + 1, "\n| 20"), rows++) {
        char at[32], term[32], monitor[32], strict[32], joint[32];
        int cells = sscanf(row, "\n| %31s | %31s | %31s | %31s | %31s |", at, term, monitor, strict, joint);
        CHECK_INT(cells, 5);
        CHECK_STRING(verdict_at(&log, at, term, "monitor"), monitor);
        CHECK_STRING(verdict_at(&log, at, term, "strict"), strict);
        CHECK_STRING(verdict_at(&log, at, term, NULL), joint);
    }
    CHECK(rows > 5);
    view_close(&log.view);
}

static void every_reason_is_listed_once(void)
{
    unsigned listed = 0;
    for (const char *row = strstr(spec, "## Explanations"); row != NULL && (row = strstr(row + 1, "\n| `")) != NULL;)
        listed++;
    CHECK_INT(listed, REASON_COUNT - 1);
    for (int reason = 1; reason < REASON_COUNT; reason++) {
        char row[80];
        snprintf(row, sizeof row, "\n| `%s` | ", reason_code((enum reason)reason));
        if (!CHECK(strstr(spec, row) != NULL)) fprintf(stderr, "    %s\n", row);
    }
    free(spec);
}

TESTS(the_example_holds, every_reason_is_listed_once)
