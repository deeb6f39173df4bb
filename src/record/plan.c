/* Shapes prepared for checking, once in the process: the tables are constants, so their plans are too. */
#include "base/limits.h"
#include "record/check.h"

#include <assert.h>
#include <threads.h>

enum { PLANS = 80, KINDS = 40 };

/* Plans of nested shapes, found again by shape; a kind's own plan stands at its place in record_kinds. */
static struct plan nested[PLANS], kinds[KINDS];
static unsigned nested_count;
static once_flag made = ONCE_FLAG_INIT;

static const struct plan *plan_of_shape(const struct shape *shape);

static void insert(struct plan *plan, const struct field *field, bool enveloped)
{
    assert(plan->count < PLAN_FIELDS);
    unsigned at = plan->count++;
    for (; at > 0 && strcmp(plan->field[at - 1].field->name, field->name) > 0; at--)
        plan->field[at] = plan->field[at - 1];
    assert(at == 0 || strcmp(plan->field[at - 1].field->name, field->name) != 0); /* no name twice */
    plan->field[at] = (struct plan_field){.field = field,
                                          .object = field->object == NULL ? NULL : plan_of_shape(field->object),
                                          .head = name_head(slice_from(field->name)),
                                          .name_size = (uint32_t)strlen(field->name),
                                          .enveloped = enveloped};
}

static void mark(struct plan *plan)
{
    for (unsigned i = 0; i < plan->count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        switch (plan->field[i].field->need) {
        case FIELD_REQUIRED: plan->required |= bit; break;
        case FIELD_PICK: plan->pick |= bit; break;
        case FIELD_SOME: plan->some |= bit; break;
        case FIELD_OPTIONAL: break;
        }
    }
}

static const struct plan *plan_of_shape(const struct shape *shape)
{
    for (unsigned i = 0; i < nested_count; i++)
        if (nested[i].rules[0] == shape) return &nested[i];
    assert(nested_count < PLANS);
    struct plan *plan = &nested[nested_count++];
    plan->rules[0] = shape;
    for (const struct field *field = shape->fields; field->name != NULL; field++) insert(plan, field, false);
    mark(plan);
    return plan;
}

static void make(void)
{
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++) {
        assert(kind - record_kinds < KINDS);
        struct plan *plan = &kinds[kind - record_kinds];
        plan->rules[0] = kind->shape;
        plan->rules[1] = &shape_envelope;
        for (const struct field *field = shape_envelope.fields; field->name != NULL; field++) insert(plan, field, true);
        for (const struct field *field = kind->shape->fields; field->name != NULL; field++) insert(plan, field, false);
        mark(plan);
    }
}

const struct plan *plan_of_kind(const struct record_kind *kind)
{
    call_once(&made, make);
    return &kinds[kind - record_kinds];
}

const struct plan_field *plan_find(const struct plan *plan, struct slice name, unsigned *at)
{
    for (unsigned i = 0; i < plan->count; i++) {
        if (!slice_equal(name, slice_of(plan->field[i].field->name, plan->field[i].name_size))) continue;
        *at = i;
        return &plan->field[i];
    }
    return NULL;
}
