/* Compliance as an answer: what the terms say of each day, and the moment, size and root that it rests on. */
#include "register/answer.h"

static enum status compliance_json(struct truce_register *reg, const struct moment *moment, struct view *view,
                                   const void *asked, struct buffer *out, struct error *error)
{
    const struct compliance_query *query = asked;
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "agreements");
    TRY(compliance_write(view, query, moment->as_of, &w, error));
    answer_put_moment(reg, moment, &w);
    TRY(marked_write(view, &w, error));
    answer_put_register(reg, &w);
    TRY(answer_put_root(reg, moment->size, &w, error));
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static struct slice asked_name(const char *name)
{
    return slice_from(name == NULL ? "" : name);
}

enum truce_status truce_compliance(struct truce_register *reg, const struct truce_days *days,
                                   const struct truce_moment *asked, struct truce_buffer *answer,
                                   struct truce_error *error)
{
    const struct compliance_query query = {.has_from = days->has_from,
                                           .has_to = days->has_to,
                                           .from = days->from,
                                           .to = days->to,
                                           .agreement = asked_name(days->agreement),
                                           .term = asked_name(days->term),
                                           .reading = asked_name(days->reading),
                                           .party = asked_name(days->party)};
    return answer_at(reg, asked, compliance_json, &query, answer, error);
}
