/* judge-entries: reads "RECEIVED BASE64 [slip]" lines from the standard input, each a note that is handed in, and says
 * of each "admitted" or the refusal's code and pointer; one that is refused is logged all the same if it is slipped in.
 * At an empty line: what every entry counts for, whose mirror is known to have had it, and what is in force; then a new
 * log. */
#include "in_force.h"
#include "small_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena arena;
static struct small_log entries;
static struct members *members;
static struct effects *effects;

static void begin(void)
{
    struct error error;
    entries.size = 0;
    arena_reset(&arena);
    members_close(&members);
    effects_close(&effects);
    if (members_open(&members, &error) != STATUS_DONE || effects_open(&effects, &error) != STATUS_DONE) abort();
}

static void put_deliveries(struct buffer *out, uint64_t index)
{
    for (size_t i = 0; i < members_count(members); i++) {
        const struct delivery *delivery = members_delivery(members, members_at(members, i)->party, index);
        if (delivery != NULL)
            buffer_print(out, " %.*s:%" PRIu64 ":%" PRId64, SLICE(delivery->party), delivery->anchor,
                         delivery->cosigned);
    }
}

static void tell(void)
{
    OWN(buffer_clear) struct buffer out = {0};
    for (uint64_t i = 0; i < entries.size; i++) {
        put_effect(&out, effects, i);
        put_deliveries(&out, i);
        buffer_put_byte(&out, '\n');
    }
    if (members_policy(members) != NULL) put_in_force(&out, members);
    printf("%.*s\n", SLICE(buffer_slice(&out)));
}

static struct slice note_of(const char *base64)
{
    size_t size, room = strlen(base64);
    uint8_t *bytes = arena_get(&arena, room);
    if (bytes == NULL || !base64_parse(bytes, room, &size, slice_from(base64))) abort();
    return slice_of(bytes, size);
}

static void judge(int64_t received_ms, const char *base64, bool slips)
{
    struct record record;
    struct error error = {.code = ""};
    const struct admission_log asked = small_log_asked(&entries);
    if (record_decode(&record, note_of(base64), &arena, &error) != STATUS_DONE) {
        printf("%s %s\n", error.code, error.pointer);
        return;
    }
    enum status status = admission_check(members, &record, received_ms, &asked, &error);
    printf(status == STATUS_DONE ? "admitted\n" : "%s %s\n", error.code, error.pointer);
    if ((status != STATUS_DONE && !slips) || entries.size == SMALL_LOG_MOST) return;
    uint64_t index = entries.size;
    small_log_add(&entries, &record, received_ms, status != STATUS_DONE);
    if (status == STATUS_DONE && members_add(members, index, received_ms, &record, &error) != STATUS_DONE) abort();
    if (effects_follow(effects, members, &error) != STATUS_DONE) abort();
    if (effects_add(effects, index, &record, status != STATUS_DONE, &error) != STATUS_DONE) abort();
}

int main(void)
{
    static char line[128 * 1024], base64[128 * 1024], slip[16];
    struct error error;
    if (crypto_start(&error) != STATUS_DONE) return 1;
    arena_init(&arena, (size_t)1 << 30);
    begin();
    while (fgets(line, sizeof line, stdin) != NULL) {
        int64_t received_ms;
        int got = sscanf(line, "%" SCNd64 " %131000s %15s", &received_ms, base64, slip);
        if (got >= 2)
            judge(received_ms, base64, got == 3);
        else
            tell(), begin();
    }
    members_close(&members);
    effects_close(&effects);
    arena_clear(&arena);
    return 0;
}
