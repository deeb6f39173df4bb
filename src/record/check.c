/* The schema walk: an object's sorted members beside its plan's sorted fields, once. Pointers are built only when
 * something is refused, from the inside out. */
#include "record/check.h"

/* ---- where it is refused */

static size_t escape(char *out, size_t room, struct slice key)
{
    size_t used = 0;
    for (size_t i = 0; i < key.size && used + 2 < room; i++) {
        if (key.data[i] == '~' || key.data[i] == '/') {
            out[used++] = '~';
            out[used++] = key.data[i] == '~' ? '0' : '1';
        } else {
            out[used++] = (char)key.data[i];
        }
    }
    while (used > 0 && ((unsigned char)out[used - 1] & 0xC0U) == 0x80U && used + 2 >= room) used--;
    return used;
}

enum status error_under(struct error *error, enum status status, struct slice key)
{
    if (error == NULL) return status;
    char joined[ERROR_POINTER_SIZE * 2];
    joined[0] = '/';
    size_t used = 1 + escape(joined + 1, ERROR_POINTER_SIZE - 2, key);
    memcpy(joined + used, error->pointer, strlen(error->pointer) + 1);
    return error_at(error, status, joined);
}

enum status error_under_index(struct error *error, enum status status, size_t index)
{
    return error_under(error, status, slice_from(error_number((int64_t)index).text));
}

/* ---- sealed fields */

static enum status sealed_wrong(struct error *error, const char *sentence, struct slice pointer)
{
    return error_set(error, STATUS_REFUSED, "record-sealed", sentence, error_slice(pointer).text, NULL);
}

/* Cuts "/step" off the pointer; steps of field names need no unescaping. */
static struct slice next_step(struct slice *pointer)
{
    *pointer = slice_part(*pointer, 1, SIZE_MAX);
    const uint8_t *slash = pointer->size == 0 ? NULL : memchr(pointer->data, '/', pointer->size);
    struct slice step = slice_part(*pointer, 0, slash == NULL ? pointer->size : (size_t)(slash - pointer->data));
    *pointer = slice_part(*pointer, step.size, SIZE_MAX);
    return step;
}

static bool may_seal(const struct record_kind *kind, const struct plan_field *field)
{
    if (field->enveloped) return slice_is(slice_from(field->field->name), "text");
    bool family = kind->family == FAMILY_SAID || kind->family == FAMILY_SEEN || kind->family == FAMILY_GROUND;
    return family && !field->field->open && field->field->type != FIELD_ID;
}

static enum status resolve(struct sealed_field *out, const struct plan *plan, const struct record_kind *kind,
                           const struct json *record, struct slice pointer, struct error *error)
{
    const struct json *object = record;
    struct slice rest = pointer;
    while (rest.size > 0) {
        struct slice step = next_step(&rest);
        const struct plan_field *field = plan_find(plan, step, &out->field);
        if (field == NULL) return sealed_wrong(error, "\"{0}\" names no field of this kind.", pointer);
        if (!may_seal(kind, field)) return sealed_wrong(error, "\"{0}\" names a field that is never sealed.", pointer);
        out->object = object;
        if (rest.size == 0) return STATUS_DONE;
        if (field->object == NULL || field->field->count != FIELD_SINGLE)
            return sealed_wrong(error, "\"{0}\" leads into a field that is sealed whole or not at all.", pointer);
        plan = field->object;
        object = json_find(object, field->field->name);
        if (object == NULL || object->type != JSON_OBJECT)
            return sealed_wrong(error, "\"{0}\" leads through an object that does not stand in the record.", pointer);
    }
    return sealed_wrong(error, "\"{0}\" names no field of this kind.", pointer);
}

enum status sealing_resolve(struct sealing *out, const struct plan *plan, const struct record_kind *kind,
                            const struct json *record, struct error *error)
{
    const struct json *sealed = json_find(record, "sealed");
    if (sealed->size > LIMIT_SEALED)
        return error_under(error,
                           error_set(error, STATUS_REFUSED, "record-count",
                                     "\"{0}\" must hold 1 to {1} items; it holds {2}.", "sealed",
                                     error_number(LIMIT_SEALED).text, error_number(sealed->size).text, NULL),
                           sealed->key);
    for (const struct json *item = sealed->first; item != NULL; item = item->next) {
        struct sealed_field *next = &out->at[out->count];
        struct slice pointer = json_find_string(item, "pointer");
        next->level = json_find_string(item, "level");
        enum status status = resolve(next, plan, kind, record, pointer, error);
        for (unsigned i = 0; status == STATUS_DONE && i < out->count; i++)
            if (out->at[i].object == next->object && out->at[i].field == next->field &&
                slice_equal(out->at[i].level, next->level))
                status = sealed_wrong(error, "\"{0}\" is sealed twice at one level.", pointer);
        if (status != STATUS_DONE) {
            status = error_under(error, status, slice_from("pointer"));
            return error_under(error, error_under_index(error, status, out->count), sealed->key);
        }
        out->count++;
    }
    return STATUS_DONE;
}

static uint64_t sealed_in(const struct sealing *sealing, const struct json *object)
{
    uint64_t fields = 0;
    for (unsigned i = 0; i < sealing->count; i++)
        if (sealing->at[i].object == object) fields |= UINT64_C(1) << sealing->at[i].field;
    return fields;
}

/* ---- the walk */

static enum status object_check(const struct plan *plan, const struct json *object, const struct sealing *sealing,
                                struct error *error);

static enum status unknown_field(const struct plan *plan, struct slice key, struct error *error)
{
    struct suggestion near = {.typed = key};
    for (unsigned i = 0; i < plan->count; i++) suggestion_consider(&near, plan->field[i].field->name);
    struct error_text typed = error_slice(key);
    if (near.best != NULL)
        return error_set(error, STATUS_REFUSED, "record-unknown-field",
                         "There is no field \"{0}\" in \"{1}\". Did you mean \"{2}\"?", typed.text,
                         plan->rules[0]->name, near.best, NULL);
    return error_set(error, STATUS_REFUSED, "record-unknown-field", "There is no field \"{0}\" in \"{1}\".", typed.text,
                     plan->rules[0]->name, NULL);
}

static enum status item_check(const struct plan_field *field, const struct json *value, const struct sealing *sealing,
                              struct error *error)
{
    if (field->field->type != FIELD_OBJECT) return value_check(field->field, value, error);
    if (value->type == JSON_OBJECT) return object_check(field->object, value, sealing, error);
    return error_set(error, STATUS_REFUSED, "record-type", MUST_BE_OBJECT, field->field->name, NULL);
}

static enum status list_check(const struct plan_field *field, const struct json *list, const struct sealing *sealing,
                              struct error *error)
{
    const char *name = field->field->name;
    if (list->type != JSON_ARRAY)
        return error_set(error, STATUS_REFUSED, "record-type", "The field \"{0}\" must be a list.", name, NULL);
    if (list->size < 1 || list->size > LIMIT_LIST_ITEMS)
        return error_set(error, STATUS_REFUSED, "record-count", "\"{0}\" must hold 1 to {1} items; it holds {2}.", name,
                         error_number(LIMIT_LIST_ITEMS).text, error_number(list->size).text, NULL);
    const struct json *last = NULL;
    size_t index = 0;
    for (const struct json *item = list->first; item != NULL; last = item, item = item->next, index++) {
        enum status status = item_check(field, item, sealing, error);
        if (status == STATUS_DONE && field->field->count == FIELD_SET && last != NULL &&
            slice_compare(last->source, item->source) >= 0)
            status = error_set(error, STATUS_REFUSED, "record-set",
                               "\"{0}\" is a set: its items stand sorted by their bytes, each once.", name, NULL);
        if (status != STATUS_DONE) return error_under_index(error, status, index);
    }
    return STATUS_DONE;
}

static enum status missing(const struct plan *plan, uint64_t fields, struct error *error)
{
    unsigned i = 0;
    while ((fields >> i & 1) == 0) i++;
    const char *name = plan->field[i].field->name;
    return error_under(error,
                       error_set(error, STATUS_REFUSED, "record-missing", "The field \"{0}\" is missing.", name, NULL),
                       slice_from(name));
}

static bool many(uint64_t bits)
{
    return (bits & (bits - 1)) != 0;
}

/* Which of the fields that belong together stand, in the clear or sealed. */
static enum status choice_check(const struct plan *plan, uint64_t stands, uint64_t sealed, struct error *error)
{
    const char *name = plan->rules[0]->name;
    uint64_t open = stands & plan->pick, hidden = sealed & plan->pick;
    if (plan->pick != 0 && ((open | hidden) == 0 || many(open) || many(hidden)))
        return error_set(error, STATUS_REFUSED, "record-pick", "Exactly one of the ways to give \"{0}\" must stand.",
                         name, NULL);
    if (plan->some != 0 && ((stands | sealed) & plan->some) == 0)
        return error_set(error, STATUS_REFUSED, "record-some", "At least one field of \"{0}\" must stand.", name, NULL);
    return STATUS_DONE;
}

static enum status rules_check(const struct plan *plan, const struct json *object, struct error *error)
{
    for (unsigned i = 0; i < COUNT_OF(plan->rules); i++) {
        if (plan->rules[i] == NULL || plan->rules[i]->rule == NULL) continue;
        struct json_path path;
        path.text[0] = '\0';
        path.size = 0;
        TRY(plan->rules[i]->rule(object, &path, error));
    }
    return STATUS_DONE;
}

/* Like slice_compare of the member's key with the field's name. */
static int compare_names(uint64_t head, struct slice key, const struct plan_field *field)
{
    if (head != field->head) return head < field->head ? -1 : 1;
    if (key.size <= 8 && field->name_size <= 8) return (key.size > field->name_size) - (key.size < field->name_size);
    return slice_compare(key, slice_of(field->field->name, field->name_size));
}

static enum status object_check(const struct plan *plan, const struct json *object, const struct sealing *sealing,
                                struct error *error)
{
    uint64_t stands = 0, sealed = sealing->count == 0 ? 0 : sealed_in(sealing, object);
    unsigned at = 0;
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        const struct plan_field *field = NULL;
        int order = 1;
        uint64_t head = name_head(member->key);
        for (; at < plan->count && order > 0; at++) {
            field = &plan->field[at];
            order = compare_names(head, member->key, field);
        }
        if (order != 0) return error_under(error, unknown_field(plan, member->key, error), member->key);
        uint64_t bit = UINT64_C(1) << (at - 1);
        stands |= bit;
        enum status status = STATUS_DONE;
        if ((sealed & bit) != 0)
            status = sealed_wrong(error, "\"{0}\" stands in the record although it is sealed.", member->key);
        else if (field->field->count == FIELD_SINGLE)
            status = item_check(field, member, sealing, error);
        else
            status = list_check(field, member, sealing, error);
        if (status != STATUS_DONE) return error_under(error, status, member->key);
    }
    uint64_t absent = plan->required & ~(stands | sealed);
    if (absent != 0) return missing(plan, absent, error);
    TRY(choice_check(plan, stands, sealed, error));
    return rules_check(plan, object, error);
}

/* The list of sealed fields is checked before it is believed. */
static enum status sealed_form(const struct plan *plan, const struct json *list, struct error *error)
{
    unsigned at = 0;
    const struct sealing none = {.count = 0};
    const struct plan_field *field = plan_find(plan, list->key, &at);
    enum status status = list_check(field, list, &none, error);
    return status == STATUS_DONE ? status : error_under(error, status, list->key);
}

enum status schema_check_sealed(const struct record_kind *kind, struct slice pointer, const struct json *value,
                                struct error *error)
{
    const struct sealing none = {.count = 0};
    const struct plan *plan = plan_of_kind(kind);
    const struct plan_field *field = NULL;
    unsigned at;
    for (struct slice rest = pointer; rest.size > 0; plan = field->object) {
        field = plan == NULL ? NULL : plan_find(plan, next_step(&rest), &at);
        bool through = field != NULL && rest.size > 0 && field->field->count != FIELD_SINGLE;
        if (field == NULL || through) return sealed_wrong(error, "\"{0}\" names no field of this kind.", pointer);
        if (!may_seal(kind, field)) return sealed_wrong(error, "\"{0}\" names a field that is never sealed.", pointer);
    }
    if (field == NULL) return sealed_wrong(error, "\"{0}\" names no field of this kind.", pointer);
    return field->field->count == FIELD_SINGLE ? item_check(field, value, &none, error)
                                               : list_check(field, value, &none, error);
}

enum status schema_check(const struct record_kind *kind, const struct json *object, struct error *error)
{
    if (object->type != JSON_OBJECT)
        return error_set(error, STATUS_REFUSED, "record-type", "A record must be a JSON object.", NULL);
    const struct plan *plan = plan_of_kind(kind);
    struct sealing sealing;
    sealing.count = 0;
    const struct json *sealed = json_find(object, "sealed");
    if (sealed != NULL) {
        TRY(sealed_form(plan, sealed, error));
        TRY(sealing_resolve(&sealing, plan, kind, object, error));
    }
    TRY(object_check(plan, object, &sealing, error));
    if (!kind->needs_about || json_find(object, "about") != NULL) return STATUS_DONE;
    return error_under(
        error, error_set(error, STATUS_REFUSED, "record-missing", "The field \"{0}\" is missing.", "about", NULL),
        slice_from("about"));
}
