/* Convoys and protected sites, one and many, through their states: who was told of them, who confirmed that they were,
 * and for whom silence lasts. */
#include "register/answer.h"
#include "register/beside.h"
#include "register/course.h"

enum { COURSES_AT_ONCE = 64 };

/* ---- what is looked for */

struct asked {
    struct slice kind, party;
    const char *state;
};

static enum status read_asked(struct asked *out, const struct truce_sought *sought, struct error *error)
{
    const char *kind = sought->query.kind, *party = sought->party;
    *out = (struct asked){.state = sought->state};
    if (kind != NULL && strcmp(kind, "site") != 0 && strcmp(kind, "passage") != 0)
        return error_set(error, STATUS_USAGE, "access-kind",
                         "\"{0}\" is neither of the two kinds that are listed: passage, site.",
                         error_slice(slice_from(kind)).text, NULL);
    if (out->state != NULL && !course_state_known(out->state))
        return error_set(error, STATUS_USAGE, "access-state", "\"{0}\" is no state of a passage or site.",
                         error_slice(slice_from(out->state)).text, NULL);
    if (kind != NULL) out->kind = slice_from(kind);
    if (party != NULL) out->party = slice_from(party);
    return STATUS_DONE;
}

static bool fits(const struct course *course, const struct asked *asked)
{
    if (course->steps == 0) return false;
    if (asked->state != NULL && !course_is(course, asked->state)) return false;
    return asked->party.size == 0 || course_concerns(course, asked->party);
}

/* ---- many */

struct listed {
    struct course course;
    struct asked asked;
    truce_line *line;
    void *context;
    uint64_t left;
    struct buffer out;
};

static enum status give(struct listed *listed, uint64_t first, struct error *error)
{
    struct json_writer w;
    TRY(course_read(&listed->course, first, error));
    if (!fits(&listed->course, &listed->asked)) return STATUS_DONE;
    buffer_reset(&listed->out);
    json_write_open(&w, &listed->out);
    json_put_object(&w);
    json_put_key(&w, "access");
    TRY(course_put(&listed->course, &w, error));
    json_put_key(&w, "index"), json_put_integer(&w, (int64_t)first);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    listed->left--;
    return public_line(listed->line, listed->context, STATUS_DONE, buffer_slice(&listed->out), error);
}

static enum status walk(struct listed *listed, uint64_t after, struct error *error)
{
    uint64_t firsts[COURSES_AT_ONCE];
    size_t count = COURSES_AT_ONCE;
    while (listed->left > 0 && count == COURSES_AT_ONCE) {
        TRY(index_courses(listed->course.reg->index, listed->asked.kind, after, listed->course.moment.size, firsts,
                          COURSES_AT_ONCE, &count, error));
        for (size_t i = 0; i < count && listed->left > 0; i++) TRY(give(listed, firsts[i], error));
        if (count > 0) after = firsts[count - 1] + 1;
    }
    return STATUS_DONE;
}

enum truce_status truce_access(struct truce_register *reg, const struct truce_sought *sought,
                               const struct truce_moment *moment, truce_line *line, void *context,
                               struct truce_error *error)
{
    struct error why;
    struct look look;
    struct listed listed = {.line = line, .context = context};
    listed.left = sought->query.limit == 0 ? UINT64_MAX : sought->query.limit;
    enum status status = read_asked(&listed.asked, sought, &why);
    if (status == STATUS_DONE) status = look_begin(reg, moment, &look, &why);
    if (status == STATUS_DONE) {
        status = course_open(&listed.course, reg, &look, &why);
        if (status == STATUS_DONE) status = walk(&listed, sought->query.after, &why);
        course_close(&listed.course);
        look_end(&look);
    }
    buffer_clear(&listed.out);
    return public_status(status, &why, error);
}

/* ---- one */

static enum status no_course(struct error *error)
{
    return error_set(error, STATUS_FAILED, "access-none",
                     "This record is neither a passage nor a protected site that can be told of at that moment.", NULL);
}

static enum status course_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                                const void *id, struct json_writer *w, struct error *error)
{
    const struct look look = {.moment = *moment, .view = view};
    struct course course;
    uint64_t index, first;
    bool is_void, found;
    TRY(register_find(reg, id, &index, &is_void, error));
    TRY(index_find_course(reg->index, index, &found, &first, error));
    if (!found || first >= moment->size) return no_course(error);
    enum status status = course_open(&course, reg, &look, error);
    if (status == STATUS_DONE) status = course_read(&course, first, error);
    if (status == STATUS_DONE) status = course.steps == 0 ? no_course(error) : course_put(&course, w, error);
    course_close(&course);
    return status;
}

enum truce_status truce_access_one(struct truce_register *reg, const char *id, const struct truce_moment *moment,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    return answer_value_at(reg, moment, "access", course_value, id, answer, error);
}
