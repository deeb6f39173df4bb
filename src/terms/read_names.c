/* Groups, classes and acts: who and what a name stands for. */
#include "terms/reader.h"

/* A list of nothing but names is one group of them. */
static const struct group *name_all(struct reader *r, struct group *group)
{
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (group->parts[i]->type != GROUP_NAMES) return group;
        count += group->parts[i]->names.count;
    }
    if (count > NAMES_MOST) return reader_limit(r, "More names than are allowed: at most {0}.", NAMES_MOST), NULL;
    struct slice *list = reader_get(r, count * sizeof *list);
    if (list == NULL) return NULL;
    count = 0;
    for (size_t i = 0; i < group->count; i++)
        for (size_t j = 0; j < group->parts[i]->names.count; j++) list[count++] = group->parts[i]->names.list[j];
    *group = (struct group){.type = GROUP_NAMES, .names = {list, count}};
    return group;
}

static const struct group *group_list(struct reader *r, enum group_type type, const struct json *list)
{
    struct group *group = reader_get(r, sizeof *group);
    const struct group **parts = reader_get(r, (list->size + 1) * sizeof(struct group *));
    if (group == NULL || parts == NULL) return NULL;
    if (list->size > NAMES_MOST) return reader_limit(r, "More names than are allowed: at most {0}.", NAMES_MOST), NULL;
    size_t i = 0;
    for (const struct json *m = list->first; m != NULL; m = m->next, i++) {
        size_t mark = json_path_push_index(&r->path, i);
        parts[i] = read_group(r, m);
        reader_out(r, mark);
        if (parts[i] == NULL) return NULL;
    }
    *group = (struct group){.type = type, .parts = parts, .count = i};
    return name_all(r, group);
}

static const struct group *group_object(struct reader *r, const struct json *value)
{
    static const char *const members[] = {"affiliate_of", "answered_for", "assented", "designated",
                                          "not",          "role",         NULL};
    if (!reader_members(r, value, members)) return NULL;
    struct group *group = reader_get(r, sizeof *group);
    if (group == NULL) return NULL;
    const struct json *not = json_find(value, "not"), *role = json_find(value, "role");
    if (value->size != 1)
        return reader_fault(r, NULL, "term-shape",
                            "Exactly one of affiliate_of, answered_for, assented, designated, not, role.",
                            slice_from("")),
               NULL;
    const struct json *affiliate = json_find(value, "affiliate_of"), *answered = json_find(value, "answered_for");
    if (affiliate != NULL || answered != NULL) {
        group->type = affiliate != NULL ? GROUP_AFFILIATE : GROUP_ANSWERED;
        const struct json *name = affiliate != NULL ? affiliate : answered;
        size_t mark = reader_in(r, affiliate != NULL ? "affiliate_of" : "answered_for");
        bool good = name->type == JSON_STRING && read_words(r, &group->names, name);
        if (name->type != JSON_STRING)
            reader_fault(r, NULL, "term-shape", "A name is needed here: a-z, 0-9 and -, at most 64.", slice_from(""));
        reader_out(r, mark);
        return good ? group : NULL;
    }
    if (json_find_bool(value, "assented")) {
        group->type = GROUP_ASSENTED;
    } else if (json_find_bool(value, "designated")) {
        group->type = GROUP_DESIGNATED;
    } else if (role != NULL) {
        group->type = GROUP_ROLE;
        group->role = role->type == JSON_STRING ? role_parse(role->string) : (enum role)0;
        if (group->role == 0) return reader_fault(r, "role", "term-shape", "No such role.", slice_from("")), NULL;
    } else if (not != NULL) {
        const struct group **part = reader_get(r, sizeof(struct group *));
        if (part == NULL) return NULL;
        size_t mark = reader_in(r, "not");
        part[0] = read_group(r, not );
        reader_out(r, mark);
        if (part[0] == NULL) return NULL;
        *group = (struct group){.type = GROUP_NOT, .parts = part, .count = 1};
    } else {
        return reader_fault(r, NULL, "term-shape", "The members assented and designated are true or absent.",
                            slice_from("")),
               NULL;
    }
    return group;
}

static const struct group *group_named(struct reader *r, const struct json *value)
{
    struct group *group = reader_get(r, sizeof *group);
    if (group == NULL) return NULL;
    if (slice_is(value->string, "*")) {
        group->type = GROUP_ALL;
        return group;
    }
    const struct json *named = reader_named(r, "groups", value->string);
    if (named != NULL && named != value) {
        r->quiet++;
        const struct group *read = read_group(r, named);
        r->quiet--;
        return read;
    }
    if (!read_words(r, &group->names, value)) return NULL;
    return group;
}

const struct group *read_group(struct reader *r, const struct json *value)
{
    const struct group *group = NULL;
    if (!reader_enter(r)) {
        reader_leave(r);
        return NULL;
    }
    if (value == NULL)
        reader_fault(r, NULL, "term-shape", "A group is needed here.", slice_from(""));
    else if (value->type == JSON_STRING)
        group = group_named(r, value);
    else if (value->type == JSON_ARRAY && value->size > 0)
        group = group_list(r, GROUP_ANY, value);
    else
        group = group_object(r, value);
    reader_leave(r);
    return group;
}

/* ---- classes: a list of names, or names with a range of calibres */

const struct class *read_class(struct reader *r, const struct json *value)
{
    struct class *class = reader_get(r, sizeof *class);
    if (class == NULL) return NULL;
    const struct json *named =
        value != NULL && value->type == JSON_STRING ? reader_named(r, "classes", value->string) : value;
    if (named == NULL) named = value;
    if (named == NULL || named->type != JSON_OBJECT) return read_words(r, &class->names, named) ? class : NULL;
    static const char *const members[] = {"any", "um", NULL};
    const struct json *um = json_find(named, "um");
    if (!reader_members(r, named, members) || !read_words(r, &class->names, json_find(named, "any"))) return NULL;
    if (um == NULL) return class;
    if (um->type != JSON_ARRAY || um->size != 2 || um->first->type != JSON_INTEGER ||
        um->first->next->type != JSON_INTEGER || um->first->integer > um->first->next->integer)
        return reader_fault(r, "um", "term-shape", "Two calibres in micrometres, the lesser first.", slice_from("")),
               NULL;
    class->sized = true;
    class->least_um = um->first->integer;
    class->most_um = um->first->next->integer;
    return class;
}

bool read_acts(struct reader *r, struct words *out, const struct json *value)
{
    if (value == NULL || value->type != JSON_STRING) return read_words(r, out, value);
    const struct json *named = reader_named(r, "classes", value->string);
    if (named == NULL) return read_words(r, out, value);
    if (named->type == JSON_OBJECT) named = json_find(named, "any");
    r->quiet++;
    bool good = read_words(r, out, named);
    r->quiet--;
    return good;
}
