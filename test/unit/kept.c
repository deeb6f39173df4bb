/* Facts kept in a file beside the log: they answer as the log does; what is damaged, cut short or of another log is as
 * if it were not there. */
#include "check.h"
#include "register/sight.h"
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct truce_register *opened(const char *directory)
{
    struct truce_register *reg;
    struct truce_error error;
    CHECK(truce_open(&reg, directory, TRUCE_READ, &error) == TRUCE_DONE);
    return reg;
}

static struct buffer standing_by(struct truce_register *reg, struct view *view)
{
    struct buffer out = {0};
    struct error error;
    struct moment at = {.size = view_size(view)};
    CHECK(time_parse(&at.as_of, slice_from("2016-10-04T12:00:00Z")));
    CHECK(register_standing(reg, view, &at, &out, &error) == STATUS_DONE);
    return out;
}

static void load(const char *directory)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    CHECK(truce_case_load("syria-2016", directory, &answer, &error) == TRUCE_DONE);
    truce_free(&answer);
}

/* Looks once, so that the index is open, and keeps what was seen. Gives how many entries there are. */
static uint64_t keep(const char *directory, struct buffer *answer)
{
    struct truce_register *reg = opened(directory);
    struct truce_moment asked = {.known_by = TRUCE_KNOWN_ALL};
    struct look look;
    struct error error;
    CHECK(look_begin(reg, &asked, &look, &error) == STATUS_DONE);
    uint64_t size = view_size(look.view);
    *answer = standing_by(reg, look.view);
    kept_write(reg, look.view);
    look_end(&look);
    (void)!truce_close(&reg, NULL);
    return size;
}

/* Each stretch goes on where the last ended, and the first question finds all read. */
static void what_is_read_ahead_is_not_read_again(const char *directory, uint64_t size, const struct buffer *wanted)
{
    struct truce_register *reg = opened(directory);
    struct truce_moment asked = {.known_by = TRUCE_KNOWN_ALL};
    struct truce_error why;
    struct look look;
    struct error error;
    bool more = true;
    uint64_t stretches = 0;
    for (; more && stretches <= size; stretches++) CHECK(truce_read_ahead(reg, 3, &more, &why) == TRUCE_DONE);
    CHECK_INT(stretches, (size + 2) / 3);
    CHECK(truce_read_ahead(reg, 3, &more, &why) == TRUCE_DONE && !more);
    CHECK(look_begin(reg, &asked, &look, &error) == STATUS_DONE);
    struct buffer answer = standing_by(reg, look.view);
    CHECK(slice_equal(buffer_slice(&answer), buffer_slice(wanted)));
    look_end(&look);
    buffer_clear(&answer);
    (void)!truce_close(&reg, NULL);
}

static void forget(const char *directory)
{
    char path[600];
    snprintf(path, sizeof path, "%s/index.facts", directory);
    CHECK(unlink(path) == 0);
}

static struct view *read_kept(struct truce_register *reg, uint64_t most)
{
    struct truce_buffer about = {0};
    CHECK(truce_about(reg, &about, NULL) == TRUCE_DONE); /* opens the index */
    truce_free(&about);
    return kept_read(reg, most);
}

static void it_answers_as_the_log_does(const char *directory, uint64_t size, const struct buffer *wanted)
{
    struct truce_register *reg = opened(directory);
    struct view *view = read_kept(reg, size);
    CHECK(view != NULL && view_size(view) == size);
    struct buffer answer = standing_by(reg, view);
    CHECK(slice_equal(buffer_slice(&answer), buffer_slice(wanted)));
    view_close(&view);
    view = read_kept(reg, size - 1); /* more than is asked about */
    CHECK(view == NULL);
    buffer_clear(&answer);
    (void)!truce_close(&reg, NULL);
}

static void damage_is_noticed(const char *directory, uint64_t size)
{
    char path[600];
    struct buffer whole = {0};
    struct error error;
    snprintf(path, sizeof path, "%s/index.facts", directory);
    CHECK(file_read_all(&system_real, path, 1 << 28, &whole, &error) == STATUS_DONE);
    struct truce_register *reg = opened(directory);
    for (size_t i = 0; i < 40; i++) {
        struct buffer bad = {0};
        size_t at = i * (whole.size - 1) / 39;
        buffer_put(&bad, slice_part(buffer_slice(&whole), 0, i % 2 == 0 ? SIZE_MAX : at));
        if (i % 2 == 0) bad.data[at] ^= 1;
        CHECK(file_replace(&system_real, path, buffer_slice(&bad), 0600, &error) == STATUS_DONE);
        struct view *view = read_kept(reg, size);
        CHECK(view == NULL);
        view_close(&view);
        buffer_clear(&bad);
    }
    CHECK(file_replace(&system_real, path, buffer_slice(&whole), 0600, &error) == STATUS_DONE);
    (void)!truce_close(&reg, NULL);
    buffer_clear(&whole);
}

static void another_log_is_another(const char *directory, const char *other)
{
    char from[600], to[600];
    struct buffer whole = {0};
    struct error error;
    struct truce_buffer answer = {0};
    struct truce_error why;
    snprintf(from, sizeof from, "%s/index.facts", directory);
    snprintf(to, sizeof to, "%s/index.facts", other);
    CHECK(truce_case_load("village", other, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(file_read_all(&system_real, from, 1 << 28, &whole, &error) == STATUS_DONE);
    CHECK(file_replace(&system_real, to, buffer_slice(&whole), 0600, &error) == STATUS_DONE);
    struct truce_register *reg = opened(other);
    struct view *view = read_kept(reg, 1000000);
    CHECK(view == NULL);
    view_close(&view);
    (void)!truce_close(&reg, NULL);
    buffer_clear(&whole);
}

static void kept_facts(void)
{
    char *root = scratch("kept"), directory[500], other[500];
    struct buffer wanted = {0};
    snprintf(directory, sizeof directory, "%s/r", root);
    snprintf(other, sizeof other, "%s/o", root);
    load(directory);
    uint64_t size = keep(directory, &wanted);
    it_answers_as_the_log_does(directory, size, &wanted);
    damage_is_noticed(directory, size);
    it_answers_as_the_log_does(directory, size, &wanted);
    another_log_is_another(directory, other);
    forget(directory);
    what_is_read_ahead_is_not_read_again(directory, size, &wanted);
    buffer_clear(&wanted);
    scratch_remove(root);
}

TESTS(kept_facts)
