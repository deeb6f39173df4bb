/* Groups, classes and acts: who and what a name stands for. */
#include "terms/lint.h"

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
    symbol *symbols = reader_get(r, count * sizeof *symbols);
    if (list == NULL || symbols == NULL) return NULL;
    count = 0;
    for (size_t i = 0; i < group->count; i++)
        for (size_t j = 0; j < group->parts[i]->names.count; j++, count++) {
            list[count] = group->parts[i]->names.list[j];
            symbols[count] = group->parts[i]->names.symbols[j];
        }
    *group = (struct group){.type = GROUP_NAMES, .names = {list, symbols, count}};
    return group;
}

static const struct group *group_list(struct reader *r, enum group_type type, const struct json *list)
{
    struct group *group = reader_get(r, sizeof *group);
    if (list->size > NAMES_MOST) return reader_limit(r, "More names than are allowed: at most {0}.", NAMES_MOST), NULL;
    const struct group **parts = reader_get(r, (list->size + 1) * sizeof(struct group *));
    if (group == NULL || parts == NULL) return NULL;
    size_t i = 0;
    bool good = true;
    for (const struct json *m = list->first; m != NULL; m = m->next, i++) {
        size_t mark = json_path_push_index(&r->path, i);
        parts[i] = read_group(r, m);
        good = good && parts[i] != NULL;
        reader_out(r, mark);
    }
    if (!good) return NULL;
    *group = (struct group){.type = type, .parts = parts, .count = i};
    return name_all(r, group);
}

/* The one whose affiliates, or those answered for, are meant. */
static bool group_of_one(struct reader *r, struct group *group, const struct json *value, const char *key,
                         enum group_type type)
{
    const struct json *name = json_find(value, key);
    size_t mark = reader_in(r, key);
    group->type = type;
    bool good =
        name->type == JSON_STRING
            ? read_words(r, &group->names, name)
            : reader_fault(r, NULL, "term-shape", "A name is needed here: a-z, 0-9 and -, at most 64.", slice_from(""));
    if (good) lint_use(r, USE_PARTY, group->names.list[0]);
    reader_out(r, mark);
    return good;
}

static bool group_not(struct reader *r, struct group *group, const struct json *value)
{
    const struct group **part = reader_get(r, sizeof(struct group *));
    if (part == NULL) return false;
    size_t mark = reader_in(r, "not");
    part[0] = read_group(r, json_find(value, "not"));
    reader_out(r, mark);
    *group = (struct group){.type = GROUP_NOT, .parts = part, .count = 1};
    return part[0] != NULL;
}

static bool group_role(struct reader *r, struct group *group, const struct json *value)
{
    static const char *const roles[] = {"guarantor", "humanitarian", "monitor", "party", "secretariat", "source", NULL};
    const struct json *role = json_find(value, "role");
    struct slice word = role->type == JSON_STRING ? role->string : slice_from("");
    group->type = GROUP_ROLE;
    group->role = role_parse(word);
    return group->role != 0 || reader_unknown(r, "role", UNKNOWN_WORD, word, reader_near(r, word, roles));
}

static const struct group *group_object(struct reader *r, const struct json *value)
{
    static const char *const members[] = {"affiliate_of", "answered_for", "assented", "designated",
                                          "not",          "role",         NULL};
    bool designated, good;
    struct group *group = reader_get(r, sizeof *group);
    if (!reader_members(r, value, members) || group == NULL) return NULL;
    if (value->size != 1)
        return reader_fault(r, NULL, "term-shape",
                            "Exactly one of affiliate_of, answered_for, assented, designated, not, role.",
                            slice_from("")),
               NULL;
    if (json_find(value, "affiliate_of") != NULL)
        good = group_of_one(r, group, value, "affiliate_of", GROUP_AFFILIATE);
    else if (json_find(value, "answered_for") != NULL)
        good = group_of_one(r, group, value, "answered_for", GROUP_ANSWERED);
    else if (json_find(value, "role") != NULL)
        good = group_role(r, group, value);
    else if (json_find(value, "not") != NULL)
        good = group_not(r, group, value);
    else {
        good = reader_flag(r, &designated, value, "designated") && reader_flag(r, &designated, value, "assented");
        group->type = json_find(value, "designated") != NULL ? GROUP_DESIGNATED : GROUP_ASSENTED;
    }
    return good ? group : NULL;
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
        const struct group *read = NULL;
        if (!reader_name_in(r, named, value->string)) return NULL;
        read = read_group(r, named);
        reader_name_out(r);
        return read;
    }
    if (!read_words(r, &group->names, value)) return NULL;
    lint_use(r, USE_PARTY, value->string);
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
    else if (value->type == JSON_OBJECT)
        group = group_object(r, value);
    else
        reader_fault(r, NULL, "term-shape", "A group is a name, a list of groups, \"*\", or an object.",
                     slice_from(""));
    reader_leave(r);
    return group;
}

/* ---- classes: a list of names, or names with a range of calibres */

static bool read_calibres(struct reader *r, struct class *class, const struct json *um)
{
    if (um == NULL) return true;
    const struct json *least = um->first, *most = least == NULL ? NULL : least->next;
    bool good = um->type == JSON_ARRAY && um->size == 2 && least->type == JSON_INTEGER && most->type == JSON_INTEGER &&
                least->integer <= most->integer;
    if (!good)
        return reader_fault(r, "um", "term-shape", "Two calibres in micrometres, the lesser first.", slice_from(""));
    class->sized = true;
    class->least_um = least->integer;
    class->most_um = most->integer;
    return true;
}

static bool read_class_object(struct reader *r, struct class *class, const struct json *value)
{
    static const char *const members[] = {"any", "um", NULL};
    bool good = reader_members(r, value, members);
    size_t mark = reader_in(r, "any");
    good = read_words(r, &class->names, json_find(value, "any")) && good;
    reader_out(r, mark);
    return read_calibres(r, class, json_find(value, "um")) && good;
}

static const struct json *class_named(struct reader *r, const struct json *value)
{
    return value != NULL && value->type == JSON_STRING ? reader_named(r, "classes", value->string) : NULL;
}

const struct class *read_class(struct reader *r, const struct json *value)
{
    const struct json *named = class_named(r, value);
    if (named != NULL) {
        if (!reader_name_in(r, named, value->string)) return NULL;
        const struct class *read = read_class(r, named);
        reader_name_out(r);
        return read;
    }
    struct class *class = reader_get(r, sizeof *class);
    if (class == NULL) return NULL;
    bool object = value != NULL && value->type == JSON_OBJECT;
    bool good = object ? read_class_object(r, class, value) : read_words(r, &class->names, value);
    return good ? class : NULL;
}

bool read_acts(struct reader *r, struct words *out, const struct json *value)
{
    const struct json *named = class_named(r, value);
    if (named == NULL) return read_words(r, out, value);
    if (named->type == JSON_OBJECT) named = json_find(named, "any");
    if (r->quiet++ == 0) r->quiet_from = r->path.size;
    bool good = read_words(r, out, named);
    r->quiet--;
    return good;
}
