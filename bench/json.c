/* How fast a bilingual record is read: canonical JSON of about 1 KiB in Arabic and English, and its text alone.
 * Built on request: ninja -C build bench/bench-json && build/bench/bench-json */
#include "json/json.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char record[] =
    "{\"about\":[\"0b2f6c1d8e94a7350b2f6c1d8e94a7350b2f6c1d8e94a7350b2f6c1d8e94a735\"],\"act\":\"explosion\","
    "\"by\":\"un-monitor\",\"count\":[{\"exactness\":\"at-least\",\"kind\":\"explosion\",\"n\":2}],\"key\":"
    "\"5f1c9a07\","
    "\"kind\":\"report\",\"method\":\"heard\",\"prev\":"
    "\"9c7ada982782877d9c7ada982782877d9c7ada982782877d9c7ada982782877d\",\"register\":"
    "\"truce.example/syria-2016#9f0c33d1a2b47e58\",\"seq\":41,\"text\":{\"ar\":\"سمع الفريق من موقعه غرب المدينة "
    "انفجارين "
    "على الأقل بفارق دقيقتين تقريبا، ثم رأى دخانا أبيض فوق الحي الشمالي. لم يتمكن الفريق من الوصول إلى المكان بسبب "
    "إغلاق "
    "الطريق، ولا يعرف مصدر الانفجارين. أُبلغ مركز الاتصال بالأمر هاتفيا في الساعة نفسها، وسيعود الفريق صباح "
    "الغد.\",\"en\":"
    "\"From its site west of the city the team heard at least two explosions about two minutes apart, then saw white "
    "smoke above the northern quarter. The road was closed, so the team could not reach the place and does not know "
    "the source.\",\"original\":\"ar\",\"translated_by\":\"un-monitor\"},\"v\":1,\"when\":{\"from\":"
    "\"2016-09-20T05:58:00Z\",\"to\":\"2016-09-20T06:00:00Z\"},\"where\":{\"lat_e7\":362012345,\"lon_e7\":371543210,"
    "\"radius_m\":2500},\"written\":\"2016-09-20T06:12:00Z\"}";

enum { ROUNDS = 100, ROUND_BYTES = 2000000 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const struct error *error)
{
    fprintf(stderr, "%s at %s, byte %lld\n", error->code, error->pointer, (long long)error->offset);
    exit(1);
}

static void read_record(struct slice text, struct arena *arena)
{
    const struct json *tree;
    struct error error;
    arena_reset(arena);
    if (json_read(&tree, text, JSON_CANONICAL, arena, &error) != STATUS_DONE) fail(&error);
}

static void read_relaxed(struct slice text, struct arena *arena)
{
    const struct json *tree;
    struct error error;
    arena_reset(arena);
    if (json_read(&tree, text, JSON_RELAXED, arena, &error) != STATUS_DONE) fail(&error);
}

static void check_text(struct slice text, struct arena *arena)
{
    (void)arena;
    struct error error;
    if (text_check(text, &error) != STATUS_DONE) fail(&error);
}

/* The best of many short rounds: what the machine can do while nothing else runs. */
static void measure(const char *name, void (*work)(struct slice, struct arena *), struct slice text)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    size_t times = ROUND_BYTES / text.size;
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double from = seconds_now();
        for (size_t i = 0; i < times; i++) work(text, &arena);
        double rate = (double)(times * text.size) / (seconds_now() - from);
        if (rate > best) best = rate;
    }
    printf("%-28s %5zu bytes %8.1f MB/s\n", name, text.size, best / 1e6);
    arena_clear(&arena);
}

int main(void)
{
    struct arena arena;
    const struct json *tree;
    struct error error;
    struct slice text = slice_from(record);
    arena_init(&arena, 1 << 20);
    if (json_read(&tree, text, JSON_CANONICAL, &arena, &error) != STATUS_DONE) fail(&error);
    measure("canonical record", read_record, text);
    measure("relaxed record", read_relaxed, text);
    measure("text check, Arabic", check_text, json_find_string(json_find(tree, "text"), "ar"));
    measure("text check, English", check_text, json_find_string(json_find(tree, "text"), "en"));
    arena_clear(&arena);
    return 0;
}
