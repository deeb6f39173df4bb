/* One agreement, its texts and the acts about it. */
#include "register/answer.h"

static enum status agreement_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                                   const void *which, struct json_writer *w, struct error *error)
{
    (void)reg;
    return texts_write(view, slice_from(which), moment->as_of, w, error);
}

enum truce_status truce_agreement(struct truce_register *reg, const char *agreement, const struct truce_moment *moment,
                                  struct truce_buffer *answer, struct truce_error *error)
{
    return answer_value_at(reg, moment, "agreement", agreement_value, agreement, answer, error);
}
