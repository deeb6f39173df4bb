/* How the standing came to be so, told in parts: together they are the whole, whatever the size of a part. */
#include "check.h"
#include "scratch.h"
#include "truce.h"

#include "base/buffer.h"

#include <stdio.h>

static struct truce_register *reg;
static struct truce_error why;

static int keep(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)status;
    buffer_put(context, slice_of(line, size));
    buffer_put_byte(context, '\n');
    return 0;
}

static void tell(struct truce_part *part, struct buffer *out)
{
    const struct truce_moment now = {.has_as_of = false};
    CHECK(truce_changes(reg, &now, part, keep, out, &why) == TRUCE_DONE);
}

static uint64_t size_of(void)
{
    struct truce_part all = {.after = 0};
    OWN(buffer_clear) struct buffer out = {0};
    tell(&all, &out);
    return all.reached;
}

static void parts_are_the_whole(uint64_t most)
{
    OWN(buffer_clear) struct buffer whole = {0}, parts = {0};
    struct truce_part part = {.most = most};
    uint64_t size = size_of();
    unsigned told = 0;
    tell(NULL, &whole);
    for (bool more = true; more; told++) {
        tell(&part, &parts);
        more = part.reached < size;
        CHECK(part.reached == (part.after + most < size ? part.after + most : size) && part.more == more);
        part.after = part.reached;
    }
    CHECK(told > 1 && whole.size > 0);
    CHECK(slice_equal(buffer_slice(&whole), buffer_slice(&parts)));
}

static void of_the_last(void)
{
    OWN(buffer_clear) struct buffer whole = {0}, last = {0};
    struct truce_part part = {.last = true, .most = 40};
    tell(NULL, &whole);
    tell(&part, &last);
    CHECK(part.reached == size_of() && part.after == part.reached - 40 && !part.more);
    CHECK(last.size > 0 && last.size < whole.size);
    CHECK(slice_equal(slice_part(buffer_slice(&whole), whole.size - last.size, last.size), buffer_slice(&last)));
    part = (struct truce_part){.last = true, .most = 100000};
    buffer_reset(&last);
    tell(&part, &last);
    CHECK(part.after == 0 && slice_equal(buffer_slice(&whole), buffer_slice(&last)));
    part = (struct truce_part){.after = 100000};
    buffer_reset(&last);
    tell(&part, &last);
    CHECK(last.size == 0 && part.after == part.reached);
}

static void told_in_parts(void)
{
    char path[1024], *folder = scratch("changes");
    struct truce_buffer answer = {0};
    snprintf(path, sizeof path, "%s/r", folder);
    CHECK(truce_case_load("syria-2016", path, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_open(&reg, path, TRUCE_READ, &why) == TRUCE_DONE);
    static const uint64_t sizes[] = {3, 100};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) parts_are_the_whole(sizes[i]);
    of_the_last();
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    scratch_remove(folder);
}

TESTS(told_in_parts)
