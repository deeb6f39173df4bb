/* The tables of spec/record.md are those of src/record: printed here as Markdown and compared with what stands between
 * the marks. `record-tables print` shows what belongs there. */
#include "check.h"
#include "record/schema.h"
#include "vectors.h"

enum { SHAPES = 96 };
static const struct shape *shapes[SHAPES];
static size_t shape_count;

static void collect(const struct shape *shape)
{
    for (const struct field *field = shape->fields; field->name != NULL; field++) {
        bool known = field->object == NULL;
        for (size_t i = 0; i < shape_count && !known; i++) known = shapes[i] == field->object;
        if (known) continue;
        if (shape_count == SHAPES) abort();
        shapes[shape_count++] = field->object;
        collect(field->object);
    }
}

static void put_type(struct buffer *out, const struct field *field)
{
    static const char *const names[] = {[FIELD_BOOL] = "boolean",
                                        [FIELD_STRING] = "string",
                                        [FIELD_SLUG] = "name",
                                        [FIELD_TERM] = "term",
                                        [FIELD_POINTER] = "pointer",
                                        [FIELD_HASH] = "hash",
                                        [FIELD_ID] = "id",
                                        [FIELD_KEY_ID] = "key id",
                                        [FIELD_VERIFIER] = "verifier key",
                                        [FIELD_ANY_KEY] = "verifier or reader key",
                                        [FIELD_TIME] = "time",
                                        [FIELD_DURATION] = "duration",
                                        [FIELD_TEXT] = "text",
                                        [FIELD_TREE] = "any JSON"};
    if (field->count != FIELD_SINGLE) buffer_put_string(out, field->count == FIELD_SET ? "set of " : "list of ");
    if (field->type == FIELD_OBJECT) {
        buffer_print(out, "*%s*", field->object->name);
    } else if (field->type == FIELD_WORD) {
        for (unsigned i = 0; field->words[i] != NULL; i++)
            buffer_print(out, "%s`%s`", i == 0 ? "" : " ", field->words[i]);
    } else if (field->type == FIELD_INTEGER) {
        buffer_print(out, "integer %" PRId64 " to %" PRId64, field->least, field->most);
    } else {
        buffer_put_string(out, names[field->type]);
        if (field->type == FIELD_STRING)
            buffer_print(out, " of 1 to %d bytes", field->most != 0 ? (int)field->most : 4096);
    }
}

static void put_shape(struct buffer *out, const struct shape *shape)
{
    static const char *const needs[] = {
        [FIELD_OPTIONAL] = "", [FIELD_REQUIRED] = "yes", [FIELD_PICK] = "one of", [FIELD_SOME] = "some of"};
    buffer_put_string(out, "\n| field | needed | value |\n|---|---|---|\n");
    for (const struct field *field = shape->fields; field->name != NULL; field++) {
        buffer_print(out, "| `%s` | %s | ", field->name, needs[field->need]);
        put_type(out, field);
        if (field->open) buffer_put_string(out, "; never sealed");
        buffer_put_string(out, " |\n");
    }
}

static void put_roles(struct buffer *out, unsigned roles)
{
    bool any = false;
    if (roles == ROLE_ANY) {
        buffer_put_string(out, "any");
        return;
    }
    for (unsigned bit = 1; bit < ROLE_ANY; bit <<= 1) {
        if ((roles & bit) == 0) continue;
        buffer_print(out, "%s%s", any ? ", " : "", role_name((enum role)bit));
        any = true;
    }
    if (!any) buffer_put_string(out, "none by role");
}

static const char *const families[] = {"who", "agreed", "said", "seen", "ground", "housekeeping"};

static void put_matrix(struct buffer *out)
{
    static const char *const conditions[] = {
        [SAY_ALWAYS] = "",
        [SAY_FOUNDER] = "and founders whatever their role",
        [SAY_ENROLMENT] = "founders; kind `key` also the party itself, by its recovery key",
        [SAY_ADDRESSEE] = "who stands in `to` or `alternates` of the record that `of` names",
        [SAY_OWN] = "the author of the record that `of` names",
        [SAY_SUCCESSOR] = "the key named `successor` of the author's compromised key that `of` names",
        [SAY_FIRST] = "the first founder, as entry 0"};
    buffer_put_string(out, "\n| kind | family | roles | who else, or who alone |\n|---|---|---|---|\n");
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++) {
        buffer_print(out, "| `%s` | %s | ", kind->name, families[kind->family]);
        put_roles(out, kind->roles);
        buffer_print(out, " | %s |\n", conditions[kind->condition]);
    }
}

static void put_all(struct buffer *out)
{
    put_matrix(out);
    buffer_put_string(out, "\n### Fields of every kind\n");
    put_shape(out, &shape_envelope);
    collect(&shape_envelope);
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++) {
        buffer_print(out, "\n### `%s`%s\n", kind->name, kind->needs_about ? " (needs `about`)" : "");
        put_shape(out, kind->shape);
        collect(kind->shape);
    }
    buffer_put_string(out, "\n### Objects\n");
    for (size_t i = 0; i < shape_count; i++) {
        buffer_print(out, "\n*%s*\n", shapes[i]->name);
        put_shape(out, shapes[i]);
    }
}

/* What stands between the marks. */
static struct slice between(struct slice text)
{
    static const char begin[] = "<!-- tables -->\n", end[] = "\n<!-- end of tables -->";
    const uint8_t *from = memmem(text.data, text.size, begin, sizeof begin - 1);
    const uint8_t *to = memmem(text.data, text.size, end, sizeof end - 1);
    if (from == NULL || to == NULL) return (struct slice){NULL, 0};
    from += sizeof begin - 1;
    return slice_of(from, (size_t)(to - from));
}

int main(int count, char **arguments)
{
    struct arena arena;
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&arena, 16U << 20);
    put_all(&out);
    if (count > 1 && strcmp(arguments[1], "print") == 0) {
        fwrite(out.data, 1, out.size, stdout);
        return 0;
    }
    struct slice told = between(source_file(&arena, "spec/record.md"));
    if (!CHECK(slice_equal(told, buffer_slice(&out))))
        fprintf(stderr, "    put the output of `record-tables print` between the marks of spec/record.md\n");
    arena_clear(&arena);
    return check_end(__FILE__);
}
