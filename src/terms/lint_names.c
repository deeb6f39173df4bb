/* Names that nobody else bears. What a name stands for is often not in the agreement at all (a monitor, an act), so
 * that a strange name is no fault; but one that stands in a single place, or is nearly another, was perhaps mistyped.
 */
#include "terms/lint.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is known */

struct names {
    struct reader *reader;
    struct slice *list;
    size_t count, room;
};

static bool names_add(struct names *names, struct slice name)
{
    if (names->count == names->room) {
        size_t room = names->room == 0 ? 256 : names->room * 2;
        struct slice *more = reader_get(names->reader, room * sizeof *more);
        if (more == NULL) return false;
        if (names->count > 0) memcpy(more, names->list, names->count * sizeof *more);
        names->list = more;
        names->room = room;
    }
    names->list[names->count++] = name;
    return true;
}

/* Every string in the tree, but the roles that groups are of. */
static bool names_add_all(struct names *names, const struct json *tree)
{
    if (tree == NULL) return true;
    if (tree->type == JSON_STRING) return slice_is(tree->key, "role") || names_add(names, tree->string);
    bool good = true;
    if (tree->type == JSON_ARRAY || tree->type == JSON_OBJECT)
        for (const struct json *m = tree->first; m != NULL && good; m = m->next) good = names_add_all(names, m);
    return good;
}

static bool names_add_keys(struct names *names, const struct json *table)
{
    bool good = true;
    if (table != NULL && table->type == JSON_OBJECT)
        for (const struct json *m = table->first; m != NULL && good; m = m->next) good = names_add(names, m->key);
    return good;
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static void names_keep(struct names *names, enum use use)
{
    struct lint *lint = names->reader->lint;
    if (names->count > 0) qsort(names->list, names->count, sizeof *names->list, by_bytes);
    lint->known[use] = names->list;
    lint->known_count[use] = names->count;
}

/* Members that stand in other records of the same file: those whom a genesis or a `party` enrols. */
static bool add_members(struct names *names, const struct json *beside)
{
    bool good = true;
    for (const struct json *m = beside == NULL ? NULL : beside->first; m != NULL && good; m = m->next) {
        struct slice party = json_find_string(m, "party");
        const struct json *founders = json_find(m, "founders");
        if (party.data != NULL) good = names_add(names, party);
        for (const struct json *f = founders == NULL ? NULL : founders->first; f != NULL && good; f = f->next)
            good = names_add(names, json_find_string(f, "party"));
    }
    return good;
}

bool lint_know(struct reader *r, const struct draft *draft)
{
    struct names parties = {.reader = r}, words = {.reader = r};
    bool good =
        names_add_all(&parties, json_find(draft->sources[0], "parties")) && add_members(&parties, draft->beside);
    for (size_t s = 0; s < draft->count; s++) {
        const struct json *groups = json_find(draft->sources[s], "groups"),
                          *classes = json_find(draft->sources[s], "classes");
        good = good && names_add_all(&parties, groups) && names_add_keys(&parties, groups);
        good = good && names_add_all(&words, classes) && names_add_keys(&words, classes);
    }
    names_keep(&parties, USE_PARTY);
    names_keep(&words, USE_WORD);
    return good;
}

static bool is_known(const struct lint *lint, enum use use, struct slice name)
{
    return lint->known_count[use] > 0 &&
           bsearch(&name, lint->known[use], lint->known_count[use], sizeof name, by_bytes) != NULL;
}

/* ---- what is used */

void lint_use(struct reader *r, enum use use, struct slice name)
{
    struct lint *lint = r->lint;
    if (lint == NULL || r->quiet > 0 || r->defining || r->patches != NULL) return;
    if (lint->use_count == LINT_USES_MOST || is_known(lint, use, name)) return;
    struct slice pointer = arena_copy(r->arena, slice_of(r->path.text, strlen(r->path.text) + 1));
    if (pointer.data == NULL) {
        r->full = true;
        return;
    }
    lint->uses[lint->use_count].name = name;
    lint->uses[lint->use_count].use = use;
    lint->uses[lint->use_count++].pointer = (const char *)pointer.data;
}

void lint_used(struct reader *r, const struct json *named)
{
    struct lint *lint = r->lint;
    if (lint == NULL) return;
    for (size_t i = 0; i < lint->used_count; i++)
        if (lint->used[i] == named) return;
    if (lint->used_count < NAMES_MOST) lint->used[lint->used_count++] = named;
}

static size_t times_used(const struct lint *lint, size_t use)
{
    size_t times = 0;
    for (size_t i = 0; i < lint->use_count; i++)
        times += lint->uses[i].use == lint->uses[use].use && slice_equal(lint->uses[i].name, lint->uses[use].name);
    return times;
}

/* The nearest of those that are known, or are used more often. A short name is nearly every other: in few letters one
 * may differ, in eight two. */
static struct slice nearest(struct reader *r, size_t use)
{
    const struct lint *lint = r->lint;
    enum use sort = lint->uses[use].use;
    struct near near = {.typed = lint->uses[use].name};
    if (near.typed.size < 4 || lint->told == FAULTS_TOLD_MOST) return near.best;
    if (!lint_work(r, lint->known_count[sort] + 2 * lint->use_count)) return near.best;
    for (size_t i = 0; i < lint->known_count[sort]; i++) near_consider(&near, lint->known[sort][i]);
    size_t times = times_used(lint, use);
    for (size_t i = 0; i < lint->use_count && times == 1; i++)
        if (lint->uses[i].use == sort && !slice_equal(lint->uses[i].name, near.typed) && times_used(lint, i) > 1)
            near_consider(&near, lint->uses[i].name);
    return near.distance > 1 && near.typed.size < 8 ? (struct slice){NULL, 0} : near.best;
}

static void tell_party(struct reader *r, struct slice name, struct slice near)
{
    if (near.size > 0)
        lint_warn(r, NULL, "check-name",
                  "The name \"{0}\" is none of the agreement's parties and stands in no group. Did you mean \"{1}\"?",
                  error_slice(name).text, error_slice(near).text, NULL);
    else
        lint_warn(r, NULL, "check-name",
                  "The name \"{0}\" is none of the agreement's parties, stands in no group, and nowhere else. If it is "
                  "meant, put "
                  "it into a group.",
                  error_slice(name).text, NULL, NULL);
}

/* Acts and weapons are what reports call them: that one stands in no class says nothing by itself. */
static void tell_word(struct reader *r, struct slice name, struct slice near)
{
    if (near.size > 0)
        lint_warn(r, NULL, "check-act", "The word \"{0}\" stands in no class of the agreement. Did you mean \"{1}\"?",
                  error_slice(name).text, error_slice(near).text, NULL);
}

void lint_names(struct reader *r)
{
    const struct lint *lint = r->lint;
    for (size_t i = 0; i < lint->use_count; i++) {
        struct slice name = lint->uses[i].name, near = nearest(r, i);
        if (near.size == 0 && times_used(lint, i) > 1) continue;
        r->path.size = (size_t)snprintf(r->path.text, sizeof r->path.text, "%s", lint->uses[i].pointer);
        if (lint->uses[i].use == USE_PARTY)
            tell_party(r, name, near);
        else
            tell_word(r, name, near);
        reader_out(r, 0);
    }
}

/* ---- anchors that nothing waits for. Groups and classes may stand there to say that a name is meant; places, for
 * records to name. */

static bool is_used(const struct lint *lint, const struct json *entry)
{
    for (size_t i = 0; i < lint->used_count; i++)
        if (lint->used[i] == entry) return true;
    return false;
}

typedef void look_at(struct reader *r, const struct json *entry, const void *context);

static void each_entry(struct reader *r, const char *name, size_t most, look_at *look, const void *context)
{
    for (size_t s = 0; s < r->agreement->source_count; s++) {
        const struct json *table = json_find(r->agreement->sources[s], name);
        if (table == NULL || table->type != JSON_OBJECT) continue;
        reader_in_source(r, s);
        reader_in(r, name);
        size_t i = 0;
        for (const struct json *m = table->first; m != NULL && i < most; m = m->next, i++) {
            size_t mark = json_path_push(&r->path, m->key);
            look(r, m, context);
            reader_out(r, mark);
        }
        reader_out(r, 0);
    }
}

static void tell_unused(struct reader *r, const struct json *anchor, const void *context)
{
    (void)context;
    if (!is_used(r->lint, anchor))
        lint_warn(r, NULL, "check-unused", "Nothing waits for the anchor \"{0}\".", error_slice(anchor->key).text, NULL,
                  NULL);
}

void lint_unused(struct reader *r)
{
    each_entry(r, "anchors", NAMES_MOST, tell_unused, NULL);
}

/* ---- what names are called: of names that stand somewhere */

static bool names_add_tree(struct names *names, const struct json *tree)
{
    bool good = tree->type != JSON_STRING || names_add(names, tree->string);
    if (tree->type != JSON_ARRAY && tree->type != JSON_OBJECT) return good;
    for (const struct json *m = tree->first; m != NULL && good; m = m->next)
        good = (tree->type == JSON_ARRAY || names_add(names, m->key)) && names_add_tree(names, m);
    return good;
}

enum { NEAR_AMONG_MOST = 4096 }; /* a slip is looked for among so many names */

static void tell_called(struct reader *r, const struct json *entry, const void *context)
{
    const struct names *standing = context;
    struct slice name = entry->key;
    struct near near = {.typed = name};
    if (bsearch(&name, standing->list, standing->count, sizeof name, by_bytes) != NULL) return;
    for (size_t i = 0; standing->count <= NEAR_AMONG_MOST && i < standing->count; i++)
        near_consider(&near, standing->list[i]);
    if (near.best.size > 0)
        lint_warn(r, NULL, "check-called", "Nothing of the agreement has the name \"{0}\". Did you mean \"{1}\"?",
                  error_slice(name).text, error_slice(near.best).text, NULL);
    else
        lint_warn(r, NULL, "check-called", "Nothing of the agreement has the name \"{0}\".", error_slice(name).text,
                  NULL, NULL);
}

/* Each once, in the order of bytes. */
static void names_sort(struct names *names)
{
    size_t kept = 0;
    if (names->count > 0) qsort(names->list, names->count, sizeof *names->list, by_bytes);
    for (size_t i = 0; i < names->count; i++)
        if (kept == 0 || !slice_equal(names->list[i], names->list[kept - 1])) names->list[kept++] = names->list[i];
    names->count = kept;
}

void lint_called(struct reader *r)
{
    struct names standing = {.reader = r};
    bool good = true;
    for (size_t s = 0; s < r->agreement->source_count; s++)
        for (const struct json *m = r->agreement->sources[s]->first; m != NULL && good; m = m->next)
            if (!slice_is(m->key, "names")) good = names_add_tree(&standing, m);
    names_sort(&standing);
    if (good && standing.count > 0) each_entry(r, "names", LIMIT_LIST_ITEMS, tell_called, &standing);
}

/* ---- selectors: can a record say what is asked for? */

static const struct field *field_of(const struct record_kind *kind, const char *member)
{
    bool approval = strcmp(kind->name, "approval") == 0, finding = strcmp(kind->name, "finding") == 0;
    const char *name = strcmp(member, "place") == 0                ? "where"
                       : strcmp(member, "result") == 0 && approval ? "decision"
                       : strcmp(member, "result") == 0 && finding  ? "finding"
                                                                   : member;
    for (const struct field *f = kind->shape->fields; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0) return f;
    return NULL;
}

static void tell_field_word(struct reader *r, const struct record_kind *kind, struct slice word, struct slice near)
{
    if (near.size > 0)
        lint_warn(r, NULL, "check-word", "No record of the kind \"{0}\" says \"{1}\" there. Did you mean \"{2}\"?",
                  kind->name, error_slice(word).text, error_slice(near).text);
    else
        lint_warn(r, NULL, "check-word", "No record of the kind \"{0}\" says \"{1}\" there.", kind->name,
                  error_slice(word).text, NULL);
}

static void check_field_words(struct reader *r, const struct record_kind *kind, const struct field *field,
                              const struct json *value)
{
    bool one = value->type == JSON_STRING;
    size_t i = 0;
    for (const struct json *m = one ? value : value->first; m != NULL; m = one ? NULL : m->next, i++) {
        const char *const *word = field->words;
        while (*word != NULL && !slice_is(m->string, *word)) word++;
        if (*word != NULL || (one && reader_named(r, "classes", m->string) != NULL)) continue;
        struct near near = {.typed = m->string};
        for (word = field->words; *word != NULL; word++) near_consider(&near, slice_from(*word));
        size_t mark = one ? r->path.size : json_path_push_index(&r->path, i);
        tell_field_word(r, kind, m->string, near.best);
        reader_out(r, mark);
    }
}

static void tell_no_field(struct reader *r, const struct record_kind *kind, bool reports, const char *member)
{
    if (reports)
        lint_warn(r, NULL, "check-field",
                  "What is reported does not say \"{1}\": name the kind of record that does, with `kind`.", kind->name,
                  member, NULL);
    else
        lint_warn(r, NULL, "check-field", "A record of the kind \"{0}\" does not say \"{1}\".", kind->name, member,
                  NULL);
}

static bool holds_itself(const struct json *class)
{
    const struct json *list = class->type == JSON_OBJECT ? json_find(class, "any") : class;
    for (const struct json *m = list == NULL || list->type != JSON_ARRAY ? NULL : list->first; m != NULL; m = m->next)
        if (m->type == JSON_STRING && slice_equal(m->string, class->key)) return true;
    return false;
}

/* In a list a name stands for itself: a class of acts is named alone. */
static void check_events_words(struct reader *r, const struct json *value)
{
    bool one = value->type == JSON_STRING;
    const struct json *list = value->type == JSON_OBJECT ? json_find(value, "any") : value;
    size_t outer = r->path.size, i = 0;
    if (list != value) reader_in(r, "any");
    for (const struct json *m = one                        ? value
                                : list->type == JSON_ARRAY ? list->first
                                                           : NULL;
         m != NULL; m = one ? NULL : m->next, i++) {
        size_t mark = one ? r->path.size : json_path_push_index(&r->path, i);
        const struct json *class = reader_named(r, "classes", m->string);
        if (class == NULL)
            lint_use(r, USE_WORD, m->string);
        else if (!one && !holds_itself(class))
            lint_warn(r, NULL, "check-class",
                      "The name \"{0}\" is a class, but in a list names stand for themselves: name the class alone, or "
                      "list what "
                      "it holds.",
                      error_slice(m->string).text, NULL, NULL);
        reader_out(r, mark);
    }
    reader_out(r, outer);
}

void lint_selector(struct reader *r, const struct selector *selector, const struct json *value)
{
    bool events = selector->kind.size == 0 || slice_is(selector->kind, "passage");
    const struct record_kind *kind = record_kind_find(selector->kind.size == 0 ? slice_from("report") : selector->kind);
    if (r->lint == NULL || r->quiet > 0 || kind == NULL || value->size > TERM_NODES_MOST) return;
    for (const struct json *m = value->first; m != NULL; m = m->next) {
        char member[32];
        if (slice_is(m->key, "kind") || slice_is(m->key, "any") || m->key.size >= sizeof member) continue;
        if (slice_is(m->key, "by") && selector->kind.size > 0) continue; /* every record has its author */
        memcpy(member, m->key.data, m->key.size);
        member[m->key.size] = '\0';
        const struct field *field = field_of(kind, member);
        size_t mark = reader_in(r, member);
        if (field == NULL)
            tell_no_field(r, kind, selector->kind.size == 0, member);
        else if (field->type == FIELD_WORD)
            check_field_words(r, kind, field, m);
        else if (events && (strcmp(member, "act") == 0 || strcmp(member, "weapon") == 0))
            check_events_words(r, m);
        reader_out(r, mark);
    }
}
