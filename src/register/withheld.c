#include "register/withheld.h"

enum { DAY_S = 86400 };

bool withheld_kind(const struct record_kind *kind)
{
    return strcmp(kind->name, "coverage") == 0 || strcmp(kind->name, "passage") == 0;
}

bool withheld_yet(bool exercise, int64_t ended, int64_t until)
{
    return !exercise && ended > until - DAY_S;
}

enum status withheld_until(struct truce_register *reg, const struct moment *moment, int64_t *until, struct error *error)
{
    struct moment now;
    TRY(register_moment(reg, &(struct truce_moment){0}, &now, error));
    *until = moment->as_of < now.as_of ? moment->as_of : now.as_of;
    return STATUS_DONE;
}
