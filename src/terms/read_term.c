/* A term: its own wording, and the rivals': the same term with fields put in place of others. */
#include "terms/reader.h"

/* ---- a copy of a tree with other values at some pointers */

static const struct json *replaced_at(const struct json *patches, struct slice pointer)
{
    for (const struct json *p = patches->first; p != NULL; p = p->next)
        if (slice_equal(p->key, pointer)) return p;
    return NULL;
}

static const struct json *copy_with(struct reader *r, const struct json *tree, const struct json *patches,
                                    struct json_path *path, unsigned depth)
{
    const struct json *from = replaced_at(patches, slice_of(path->text, path->size));
    struct json *copy = reader_get(r, sizeof *copy);
    if (copy == NULL || depth > LIMIT_JSON_DEPTH) return NULL;
    *copy = from != NULL ? *from : *tree;
    copy->key = tree->key;
    copy->next = NULL;
    if (from != NULL) return copy;
    const struct json **link = &copy->first;
    size_t i = 0;
    copy->first = NULL;
    for (const struct json *m = tree->first; m != NULL; m = m->next, i++) {
        size_t mark = tree->type == JSON_OBJECT ? json_path_push(path, m->key) : json_path_push_index(path, i);
        const struct json *member = copy_with(r, m, patches, path, depth + 1);
        json_path_pop(path, mark);
        if (member == NULL) return NULL;
        *link = member;
        link = &((struct json *)(uintptr_t)member)->next;
    }
    return copy;
}

/* ---- one wording */

static bool moment_member(struct reader *r, const struct moment **out, const struct json *term, const char *key)
{
    const struct json *member = json_find(term, key);
    if (member == NULL) return true;
    size_t mark = reader_in(r, key);
    *out = read_moment(r, member);
    reader_out(r, mark);
    return *out != NULL;
}

static bool read_grounds(struct reader *r, struct wording *wording, const struct json *list)
{
    static const char *const members[] = {"justify", NULL};
    if (list == NULL) return true;
    if (list->type != JSON_ARRAY || list->size == 0 || list->size > PARTS_MOST)
        return reader_fault(r, "except", "term-shape", "A list of exceptions is needed.", slice_from(""));
    struct slice *grounds = reader_get(r, list->size * sizeof *grounds);
    size_t mark = reader_in(r, "except"), i = 0;
    bool good = grounds != NULL;
    for (const struct json *m = list->first; m != NULL && good; m = m->next, i++) {
        size_t inner = json_path_push_index(&r->path, i);
        good = reader_members(r, m, members) && read_slug(r, &grounds[i], json_find(m, "justify"));
        reader_out(r, inner);
    }
    reader_out(r, mark);
    wording->grounds = (struct words){grounds, i};
    return good;
}

/* A floor without an end can never be broken. A cap's window may stay open. */
static bool wording_makes_sense(struct reader *r, const struct wording *w)
{
    if (w->rule->type == RULE_FLOOR && w->by == NULL && w->every_s == 0)
        return reader_fault(r, "rule", "term-floor", "A floor needs `by` or `every`: without it, it can never be due.",
                            slice_from(""));
    if (w->rule->type == RULE_FLOOR && w->until != NULL)
        return reader_fault(r, "until", "term-floor", "A floor ends with `by`.", slice_from(""));
    if (w->rule->type != RULE_FLOOR && (w->by != NULL || w->every_s != 0 || w->each))
        return reader_fault(r, "rule", "term-floor", "Only at_least has `by`, `every` and `each`.", slice_from(""));
    if (w->each && w->who->type != GROUP_NAMES)
        return reader_fault(r, "who", "term-floor", "With `each`, `who` lists names.", slice_from(""));
    if (w->every_s != 0 && w->every_s < 3600)
        return reader_fault(r, "every", "term-limit", "A period is an hour at least.", slice_from(""));
    return true;
}

static bool read_wording(struct reader *r, struct wording *w, const struct json *term)
{
    static const char *const members[] = {"answers", "by",    "channel", "clause", "each",  "every", "except", "from",
                                          "id",      "rival", "rule",    "until",  "watch", "who",   "zone",   NULL};
    if (!reader_members(r, term, members)) return false;
    size_t mark = reader_in(r, "who");
    w->who = read_group(r, json_find(term, "who"));
    reader_out(r, mark);
    mark = reader_in(r, "rule");
    w->rule = read_rule(r, json_find(term, "rule"));
    reader_out(r, mark);
    mark = reader_in(r, "watch");
    bool watch = read_watch(r, &w->watch, json_find(term, "watch"));
    reader_out(r, mark);
    w->each = json_find_bool(term, "each");
    bool times = moment_member(r, &w->from, term, "from") && moment_member(r, &w->until, term, "until") &&
                 moment_member(r, &w->by, term, "by") && read_duration(r, &w->every_s, term, "every");
    return w->who != NULL && w->rule != NULL && watch && times && read_grounds(r, w, json_find(term, "except")) &&
           wording_makes_sense(r, w);
}

static bool read_rival(struct reader *r, struct wording *w, const struct json *term, const struct json *patches)
{
    struct json_path path = {.size = 0};
    if (patches->type != JSON_OBJECT || patches->size == 0)
        return reader_fault(r, NULL, "term-rival", "A rival text names what it changes by JSON pointers.",
                            slice_from(""));
    for (const struct json *p = patches->first; p != NULL; p = p->next)
        if (json_at(term, p->key) == NULL || p->key.size == 0 || slice_starts(p->key, "/rival") ||
            slice_starts(p->key, "/id"))
            return reader_fault(r, NULL, "term-rival", "There is nothing at \"{0}\" that a rival text could change.",
                                p->key);
    const struct json *changed = copy_with(r, term, patches, &path, 0);
    w->name = patches->key;
    return changed != NULL && read_wording(r, w, changed);
}

bool read_term(struct reader *r, struct term *out, const struct json *value)
{
    const struct json *rivals = json_find(value, "rival"), *clause = json_find(value, "clause"), *answers;
    size_t count = rivals == NULL ? 0 : rivals->size, i = 1;
    if (value->type != JSON_OBJECT) return reader_fault(r, NULL, "term-shape", "A term is an object.", slice_from(""));
    if (count > RIVALS_MOST) return reader_limit(r, "More rival texts than are allowed: at most {0}.", RIVALS_MOST);
    struct wording *wordings = reader_get(r, (count + 1) * sizeof *wordings);
    if (wordings == NULL) return false;
    r->nodes = 0;
    *out = (struct term){.clause = clause, .json = value, .wordings = wordings, .count = count + 1};
    size_t mark = reader_in(r, "id");
    bool good = read_slug(r, &out->id, json_find(value, "id"));
    reader_out(r, mark);
    if (clause == NULL || clause->type != JSON_OBJECT)
        good = reader_fault(r, "clause", "term-shape", "A term quotes its clause: {\"ar\", \"en\", \"original\"}.",
                            slice_from(""));
    if ((answers = json_find(value, "answers")) != NULL) good = read_slug(r, &out->answers, answers) && good;
    out->zone = read_zone(r, value);
    good = read_channel(r, &out->channel, value) && good;
    good = read_wording(r, &wordings[0], value) && good;
    mark = reader_in(r, "rival");
    for (const struct json *p = rivals == NULL ? NULL : rivals->first; p != NULL && good; p = p->next, i++) {
        size_t inner = json_path_push(&r->path, p->key);
        r->nodes = 0;
        good = read_rival(r, &wordings[i], value, p);
        reader_out(r, inner);
    }
    reader_out(r, mark);
    return good;
}
