#include "api/form.h"

#include "text/utf8.h"
#include <stdio.h>

enum { FORM_ARENA_BYTES = 64 * 1024 * 1024, NAME_SIZE = 64 };

static const char *copy_text(struct form_body *form, struct slice text)
{
    size_t bad, size = 0;
    char *out = arena_get(&form->arena, text.size + 1);
    if (out == NULL || !utf8_valid(text, &bad) || (text.size > 0 && memchr(text.data, '\0', text.size) != NULL))
        return NULL;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != '\r' || i + 1 == text.size || text.data[i + 1] != '\n') out[size++] = (char)text.data[i];
    return out;
}

static bool take_field(struct form_body *form, const struct http_field *field)
{
    struct form_field *out = &form->fields[form->count++];
    out->name = copy_text(form, field->name);
    out->bytes = field->value;
    if (!field->is_file) out->value = copy_text(form, field->value);
    return out->name != NULL && (field->is_file || out->value != NULL);
}

static bool take_all(struct form_body *form, const struct http_request *request)
{
    struct http_fields count = {0}, walk = {0};
    struct http_field field;
    size_t room = 0;
    while (http_next_field(request, &count, &field)) room++;
    form->fields = arena_get(&form->arena, (room + 1) * sizeof *form->fields);
    if (count.bad || form->fields == NULL) return false;
    while (http_next_field(request, &walk, &field))
        if (!take_field(form, &field)) return false;
    return true;
}

bool form_read(struct form_body *form, struct visit *visit)
{
    struct error why;
    *form = (struct form_body){.count = 0};
    arena_init(&form->arena, FORM_ARENA_BYTES);
    if (take_all(form, visit->request)) return true;
    (void)!error_set(&why, STATUS_USAGE, "form-body",
                     "The form cannot be read: it breaks off, has too many fields, or holds what is no text.", NULL);
    visit_fault(visit, 400, &why);
    return false;
}

void form_close(struct form_body *form)
{
    arena_clear(&form->arena);
}

const char *form_next(const struct form_body *form, const char *name, size_t number, size_t *at)
{
    char whole[NAME_SIZE];
    snprintf(whole, sizeof whole, number == 0 ? "%s" : "%s-%zu", name, number);
    while (*at < form->count) {
        const struct form_field *field = &form->fields[(*at)++];
        if (field->value != NULL && strcmp(field->name, whole) == 0) return field->value;
    }
    return NULL;
}

const char *form_value(const struct form_body *form, const char *name, size_t number)
{
    size_t at = 0;
    const char *value = form_next(form, name, number, &at);
    while (value != NULL && value[0] == '\0') value = form_next(form, name, number, &at);
    return value;
}

struct slice form_file(const struct form_body *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (form->fields[i].value == NULL && strcmp(form->fields[i].name, name) == 0 && form->fields[i].bytes.size > 0)
            return form->fields[i].bytes;
    return (struct slice){NULL, 0};
}
