/* Records whose key ended: told beside the standing, so that nobody takes them for undisputed. */
#include "terms/write.h"

enum mark { MARK_CONTESTED, MARK_LATE, MARK_UNVOUCHED, MARKS };
static const char *const mark_names[MARKS] = {"contested", "late", "unvouched"};

static bool has_mark(const struct view *view, const struct entry *entry, enum mark mark)
{
    unsigned marks = effects_marks(view->effects, entry->index);
    switch (mark) {
    case MARK_CONTESTED: return (marks & EFFECT_CONTESTED) != 0;
    case MARK_LATE: return (marks & EFFECT_LATE) != 0;
    case MARK_UNVOUCHED: return effects_of(view->effects, entry->index, NULL) == EFFECT_UNVOUCHED;
    case MARKS: break;
    }
    return false;
}

static bool find_marked(const struct view *view, struct entries out[MARKS])
{
    bool good = true;
    for (uint32_t i = 0; i < view->count; i++)
        for (enum mark mark = 0; mark < MARKS; mark++) {
            const struct entry *entry = view_entry(view, i);
            if (has_mark(view, entry, mark)) good = entries_put(&out[mark], entry) && good;
        }
    return good;
}

enum status marked_write(const struct view *view, struct json_writer *out, struct error *error)
{
    struct entries marked[MARKS] = {0};
    bool good = !effects_any_ended(view->effects) || find_marked(view, marked), any = false;
    for (enum mark mark = 0; mark < MARKS && good; mark++) {
        if (marked[mark].count == 0) continue;
        if (!any) json_put_key(out, "marked"), json_put_object(out);
        any = true;
        json_put_key(out, mark_names[mark]);
        json_put_array(out);
        for (size_t i = 0; i < marked[mark].count; i++) put_id(out, marked[mark].list[i]);
        json_put_close(out);
    }
    if (any) json_put_close(out);
    for (enum mark mark = 0; mark < MARKS; mark++) entries_clear(&marked[mark]);
    return good ? STATUS_DONE : arena_full(error);
}
