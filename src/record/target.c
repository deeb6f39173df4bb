#include "record/target.h"

#include "record/opening.h"

/* Kinds whose target must be of certain kinds; the others may be about any. */
static const struct {
    const char *kind, *targets[3];
} fitting[] = {
    {"acknowledgement", {"notice", "question"}},
    {"answer", {"question"}},
    {"standing", {"agreement"}},
};

const char *target_field(const struct record_kind *kind)
{
    for (const struct field *field = kind->shape->fields; field->name != NULL; field++)
        if (field->type == FIELD_ID && field->need == FIELD_REQUIRED && field->count == FIELD_SINGLE)
            return field->name;
    return NULL;
}

static bool kind_fits(const struct record_kind *kind, const struct record_kind *target)
{
    /* What founds the register is changed by its own kinds, and what was taken back or vouched for stays so. */
    if (slice_is(slice_from(kind->name), "retraction"))
        return target->family != FAMILY_WHO && strcmp(target->name, "retraction") != 0 &&
               strcmp(target->name, "vouch") != 0;
    for (size_t i = 0; i < COUNT_OF(fitting); i++) {
        if (strcmp(fitting[i].kind, kind->name) != 0) continue;
        for (size_t j = 0; j < COUNT_OF(fitting[i].targets) && fitting[i].targets[j] != NULL; j++)
            if (strcmp(fitting[i].targets[j], target->name) == 0) return true;
        return false;
    }
    return true;
}

static bool names(const struct json *list, struct slice party)
{
    for (const struct json *item = list == NULL ? NULL : list->first; item != NULL; item = item->next)
        if (slice_equal(item->string, party)) return true;
    return false;
}

bool target_asks_body(const struct record_kind *kind)
{
    return strcmp(kind->name, "reveal") == 0;
}

static bool reveals(const struct json *body, const struct record *target)
{
    struct opening opening;
    return opening_of_reveal(&opening, body) && opening_check(&opening, target, NULL) == STATUS_DONE;
}

enum target_fault target_judge(const struct record_kind *kind, struct slice by, const struct json *body,
                               const struct record *target)
{
    if (!kind_fits(kind, target->kind)) return TARGET_WRONG_KIND;
    if (kind->condition == SAY_OWN && !slice_equal(by, target->by)) return TARGET_NOT_OWN;
    if (kind->condition == SAY_ADDRESSEE && !names(json_find(target->body, "to"), by) &&
        !names(json_find(target->body, "alternates"), by))
        return TARGET_NOT_ADDRESSED;
    if (target_asks_body(kind) && !reveals(body, target)) return TARGET_NOT_SEALED;
    return TARGET_FITS;
}
