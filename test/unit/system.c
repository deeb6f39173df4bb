/* The real machine and the helpers on it, in a directory of its own. */
#include "system/system.h"
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char place[] = "/tmp/truce-system-XXXXXX";

static const char *in_place(const char *name)
{
    static char path[4][256];
    static unsigned next;
    char *out = path[next++ % 4];
    snprintf(out, 256, "%s/%s", place, name);
    return out;
}

static void starts(void)
{
    CHECK(mkdtemp(place) != NULL);
}

static void replaces_and_reads_whole_files(void)
{
    const struct system *s = &system_real;
    struct error error;
    OWN(buffer_clear) struct buffer out = {0};
    CHECK(file_replace(s, in_place("a"), slice_from("one"), 0644, &error) == STATUS_DONE);
    CHECK(file_replace(s, in_place("a"), slice_from("two, longer"), 0600, &error) == STATUS_DONE);
    CHECK(file_read_all(s, in_place("a"), 100, &out, &error) == STATUS_DONE);
    CHECK(slice_is(buffer_slice(&out), "two, longer"));
    CHECK(access(in_place("a.new"), F_OK) != 0);
    struct stat about;
    CHECK(stat(in_place("a"), &about) == 0 && (about.st_mode & 0777) == 0600);
    CHECK(file_read_all(s, in_place("a"), 10, &out, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "file-too-large");
    CHECK(file_read_all(s, in_place("none"), 10, &out, &error) == STATUS_FAILED);
    bool there = true;
    CHECK(file_read_if_there(s, in_place("none"), 10, &out, &there, &error) == STATUS_DONE && !there);
    CHECK(file_replace(s, in_place("none/none"), slice_from("x"), 0644, &error) == STATUS_FAILED);
}

static int knows_no_exchange(void *context, const char *from, const char *to)
{
    (void)context;
    (void)from;
    (void)to;
    errno = EINVAL;
    return -1;
}

/* Over what a crash left beside it, on a file system that exchanges and on one that does not; never over a directory.
 */
static void takes_the_place_of_files_alone(void)
{
    struct system plain = system_real;
    plain.exchange = knows_no_exchange;
    const struct system *const systems[] = {&system_real, &plain};
    struct error error;
    struct stat about;
    OWN(buffer_clear) struct buffer out = {0};
    for (size_t i = 0; i < COUNT_OF(systems); i++) {
        const struct system *s = systems[i];
        bool moved;
        CHECK(file_replace(s, in_place("p"), slice_from("old"), 0644, &error) == STATUS_DONE);
        CHECK(file_put(s, in_place("p.new"), slice_from("left by a crash, and longer"), 0644, &error) == STATUS_DONE);
        CHECK(file_replace(s, in_place("p"), slice_from("now"), 0644, &error) == STATUS_DONE);
        buffer_reset(&out);
        CHECK(file_read_all(s, in_place("p"), 9, &out, &error) == STATUS_DONE && slice_is(buffer_slice(&out), "now"));
        CHECK(access(in_place("p.new"), F_OK) != 0);
        CHECK(file_let_go(s, in_place("p"), &error) == STATUS_DONE);
        CHECK(access(in_place("p"), F_OK) != 0 && access(in_place("p.new"), F_OK) != 0);
        CHECK(file_let_go(s, in_place("p"), &error) == STATUS_FAILED);
        CHECK(directory_make(s, in_place("p"), &error) == STATUS_DONE);
        CHECK(file_replace(s, in_place("p"), slice_from("x"), 0644, &error) == STATUS_FAILED);
        CHECK(stat(in_place("p"), &about) == 0 && S_ISDIR(about.st_mode) && access(in_place("p.new"), F_OK) != 0);
        CHECK(file_take_place(s, in_place("none"), in_place("p"), &moved, &error) == STATUS_FAILED && !moved);
        CHECK(rmdir(in_place("p")) == 0);
    }
}

static void creates_once(void)
{
    const struct system *s = &system_real;
    struct error error;
    OWN(buffer_clear) struct buffer out = {0};
    CHECK(file_create(s, in_place("new"), slice_from("1"), 0600, &error) == STATUS_DONE);
    CHECK(file_create(s, in_place("new"), slice_from("2"), 0600, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "file-exists");
    CHECK(file_read_all(s, in_place("new"), 9, &out, &error) == STATUS_DONE && slice_is(buffer_slice(&out), "1"));
    CHECK(directory_make(s, in_place("d"), &error) == STATUS_DONE);
    CHECK(directory_make(s, in_place("d"), &error) == STATUS_DONE);
    CHECK(directory_make(s, in_place("no/d"), &error) == STATUS_FAILED);
}

static void one_holds_the_lock(void)
{
    const struct system *s = &system_real;
    int a = s->open(s->context, in_place("lock"), O_RDWR | O_CREAT, 0644);
    int b = s->open(s->context, in_place("lock"), O_RDWR | O_CREAT, 0644);
    CHECK(a >= 0 && b >= 0);
    CHECK(s->lock(s->context, a) == 0);
    CHECK(s->lock(s->context, b) == -1 && errno == EWOULDBLOCK);
    s->close(s->context, a);
    CHECK(s->lock(s->context, b) == 0);
    s->close(s->context, b);
}

static void lists_and_tells_the_time(void)
{
    const struct system *s = &system_real;
    OWN(buffer_clear) struct buffer names = {0};
    CHECK(s->list(s->context, place, &names) == 0);
    size_t count = 0;
    for (size_t at = 0; at < names.size; at += strlen((char *)names.data + at) + 1) count++;
    CHECK_INT(count, 4); /* a, new, d, lock */
    CHECK(s->list(s->context, in_place("none"), &names) == -1 && errno == ENOENT);
    CHECK(s->now_ms(s->context) > INT64_C(1700000000000));
    static const char *const files[] = {"a", "new", "lock"};
    for (size_t i = 0; i < COUNT_OF(files); i++) CHECK(s->remove(s->context, in_place(files[i])) == 0);
    CHECK(rmdir(in_place("d")) == 0 && rmdir(place) == 0);
}

TESTS(starts, replaces_and_reads_whole_files, takes_the_place_of_files_alone, creates_once, one_holds_the_lock,
      lists_and_tells_the_time)
