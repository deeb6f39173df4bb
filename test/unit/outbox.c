/* What was written here is told with what became of it: what waits and why, what was refused, what is in the log. */
#include "check.h"
#include "scratch.h"

#include "base/buffer.h"
#include "truce.h"

#include <unistd.h>

enum { LINES_MOST = 512 };
static char *top, home[600], *line[LINES_MOST];
static size_t lines;
static struct truce_error why;

static int take(void *context, enum truce_status status, const char *text, size_t size)
{
    (void)context;
    (void)status;
    if (lines < LINES_MOST) line[lines++] = strndup(text, size);
    return 0;
}

static void forget(void)
{
    while (lines > 0) free(line[--lines]);
}

static struct truce_register *opened(enum truce_mode mode)
{
    struct truce_register *reg = NULL;
    CHECK(truce_open(&reg, home, mode, &why) == TRUCE_DONE);
    return reg;
}

static void told(uint64_t most)
{
    struct truce_register *reg = opened(TRUCE_READ);
    forget();
    CHECK(truce_outbox(reg, most, take, NULL, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
}

static bool says(size_t i, const char *part)
{
    bool good = i < lines && strstr(line[i], part) != NULL;
    if (!good) fprintf(stderr, "  %s\n", i < lines ? line[i] : "no such line");
    return good;
}

static struct truce_buffer written(const char *name, const char *kind, const char *object)
{
    char path[700];
    struct truce_key *key = NULL;
    struct truce_buffer note = {0};
    struct truce_register *reg = opened(TRUCE_READ);
    snprintf(path, sizeof path, "%s/keys/%s.key", home, name);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_write(reg, key, kind, object, strlen(object), &note, &why) == TRUCE_DONE);
    truce_key_close(&key);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    return note;
}

static const char said[] = "{\"act\":\"statement\",\"at\":\"2016-10-04T10:00:00Z\",\"speaker\":\"X\","
                           "\"words\":{\"exact\":\"a <b>\",\"lang\":\"en\"}}";

static void what_is_in_the_log_comes_newest_first(void)
{
    unsigned long long before = 1000000, index;
    told(3);
    CHECK_INT(lines, 3);
    for (size_t i = 0; i < lines; i++) {
        const char *at = strstr(line[i], "\"index\":");
        CHECK(says(i, "\"state\":\"in\"") && says(i, "\"level\":\"checkpoint\""));
        CHECK(strstr(line[i], "\"record\":") == NULL);
        CHECK(at != NULL && sscanf(at, "\"index\":%llu", &index) == 1 && index < before);
        before = index;
    }
    told(0);
    CHECK_INT(lines, 0);
}

static void what_was_written_waits(void)
{
    for (int i = 0; i < 2; i++) {
        struct truce_buffer note = written("russia", "statement", said);
        truce_free(&note);
    }
    told(1);
    CHECK_INT(lines, 3);
    for (size_t i = 0; i < 2; i++) {
        CHECK(says(i, "\"by\":\"russia\"") && says(i, "\"state\":\"waiting\"") && says(i, "\"kind\":\"statement\""));
        CHECK(says(i, "\"record\":{\"act\":") && says(i, "\"exact\":\"a <b>\""));
    }
    CHECK(says(2, "\"state\":\"in\""));
}

/* The first of the two is gone: what is missing before the second is named. */
static void a_gap_is_told(void)
{
    char path[900], key[16] = "";
    long long seq = -1;
    told(0);
    const char *at = strstr(line[0], "\"key\":\""), *number = strstr(line[0], ",\"seq\":");
    CHECK(at != NULL && sscanf(at, "\"key\":\"%8[0-9a-f]", key) == 1);
    CHECK(number != NULL && sscanf(number, ",\"seq\":%lld", &seq) == 1);
    snprintf(path, sizeof path, "%s/outbox/russia.%s.%010lld.note", home, key, seq);
    CHECK(unlink(path) == 0);
    told(0);
    char missing[64];
    snprintf(missing, sizeof missing, "\"missing\":{\"from\":%lld,\"to\":%lld}", seq, seq);
    CHECK(lines == 1 && says(0, "\"state\":\"gap\"") && says(0, missing));
}

static const char *own_of(const char *name, char id[65])
{
    struct truce_register *reg = opened(TRUCE_READ);
    const struct truce_query query = {.by = name, .limit = 1};
    forget();
    (void)!truce_find(reg, &query, take, NULL, &why);
    const char *at = lines == 0 ? NULL : strstr(line[0], "\"id\":\"");
    CHECK(at != NULL && sscanf(at, "\"id\":\"%64[0-9a-f]", id) == 1);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    return id;
}

/* Nobody takes back what another wrote: that is told before it is sent, in a sentence. */
static void what_would_be_refused_says_why(void)
{
    char id[65] = "", object[200];
    snprintf(object, sizeof object, "{\"of\":\"%s\"}", own_of("united-states", id));
    struct truce_buffer note = written("russia", "retraction", object);
    told(0);
    CHECK(lines == 2 && says(0, "\"state\":\"refused\"") && says(0, "\"code\":\"admission-") &&
          says(0, "\"message\":\""));
    CHECK(says(1, "\"state\":\"waiting\"")); /* it stands in the place that was free */
    truce_free(&note);
}

/* Where the log's own key refused it, that stands, whatever this copy would say. */
static void a_signed_refusal_is_remembered(void)
{
    OWN(buffer_clear) struct buffer answer = {0};
    char id[65] = "", object[200];
    snprintf(object, sizeof object, "{\"of\":\"%s\"}", own_of("russia", id));
    struct truce_buffer note = written("united-states", "retraction", object);
    struct truce_register *reg = opened(TRUCE_WRITE);
    forget();
    CHECK(truce_submit(reg, note.data, note.size, take, NULL, &why) == TRUCE_REFUSED && lines == 1);
    buffer_put_string(&answer, line[0]);
    buffer_put_byte(&answer, '\n');
    CHECK(truce_said_keep(reg, note.data, note.size, (const char *)answer.data, answer.size, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    told(0);
    CHECK(lines == 3 && says(2, "\"by\":\"united-states\"") && says(2, "\"state\":\"refused\""));
    truce_free(&note);
}

static void what_is_no_record_says_so(void)
{
    char path[700];
    snprintf(path, sizeof path, "%s/outbox/zz.note", home);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs("not a note\n", file) >= 0 && fclose(file) == 0);
    told(0);
    CHECK(lines == 4 && says(3, "\"state\":\"unreadable\"") && says(3, "\"message\":\""));
    CHECK(unlink(path) == 0);
}

static void sending_hands_in_what_can_be(void)
{
    struct truce_register *reg = opened(TRUCE_WRITE);
    forget();
    CHECK(truce_outbox_send(reg, take, NULL, &why) == TRUCE_REFUSED);
    CHECK(lines == 3 && says(0, "\"refused\":\"admission-") && says(1, "{\"id\":\"") && says(2, "\"refused\":"));
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    told(0);
    CHECK_INT(lines, 2);
    reg = opened(TRUCE_WRITE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
}

int main(void)
{
    struct truce_buffer answer = {0};
    top = scratch("outbox");
    snprintf(home, sizeof home, "%s/r", top);
    CHECK(truce_case_load("syria-2016", home, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    what_is_in_the_log_comes_newest_first();
    what_was_written_waits();
    a_gap_is_told();
    what_would_be_refused_says_why();
    a_signed_refusal_is_remembered();
    what_is_no_record_says_so();
    sending_hands_in_what_can_be();
    forget();
    scratch_remove(top);
    return check_end(__FILE__);
}
