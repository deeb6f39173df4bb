#include "terms/reader.h"
#include "record/check.h"

#include <stdio.h>

/* ---- telling */

/* In a rival text the path is that of the term as it would be: the fault stands in the patch that put it there. */
static bool point_to_patch(const struct reader *r, char pointer[ERROR_POINTER_SIZE])
{
    char inside[ERROR_POINTER_SIZE];
    struct json_path path = {.size = r->patches_from};
    if (r->patches_from > strlen(pointer)) return !r->patches_only;
    memcpy(inside, pointer + r->patches_from, strlen(pointer + r->patches_from) + 1);
    pointer[r->patches_from] = '\0';
    memcpy(path.text, pointer, r->patches_from + 1);
    for (const struct json *p = r->patches->first; p != NULL; p = p->next) {
        size_t size = p->key.size;
        if (size >= sizeof inside || memcmp(inside, p->key.data, size) != 0) continue;
        if (inside[size] != '\0' && inside[size] != '/') continue;
        json_path_push(&path, p->key);
        size_t end = strlen(path.text), rest = strlen(inside + size);
        memcpy(pointer, path.text, end + 1);
        if (end + rest < ERROR_POINTER_SIZE) memcpy(pointer + end, inside + size, rest + 1);
        return true;
    }
    return !r->patches_only;
}

static bool same(const struct error *a, const struct error *b)
{
    return a->sentence == b->sentence && strcmp(a->pointer, b->pointer) == 0 &&
           memcmp(a->argument, b->argument, sizeof a->argument) == 0;
}

/* At the path, or (size < SIZE_MAX) at what it was then. */
static bool tell(struct reader *r, struct error *error, size_t size)
{
    char pointer[ERROR_POINTER_SIZE];
    if (size > r->path.size) size = strlen(r->path.text);
    snprintf(pointer, sizeof pointer, "%.*s", (int)size, r->path.text);
    if (r->patches != NULL && !point_to_patch(r, pointer)) return false;
    enum status ignored = error_at(error, error->status, pointer);
    (void)ignored;
    if (r->told > 0 && same(error, &r->last)) return false;
    r->faults++;
    r->last = *error;
    if (r->fault == NULL || r->told == FAULTS_TOLD_MOST) return false;
    r->told++;
    r->fault(r->context, error);
    return false;
}

bool reader_fault(struct reader *r, const char *key, const char *code, const char *sentence, struct slice argument)
{
    struct error error;
    if (r->quiet > 0) return false;
    size_t mark = key == NULL ? r->path.size : reader_in(r, key);
    enum status ignored = error_set(&error, STATUS_REFUSED, code, sentence, error_slice(argument).text, NULL);
    (void)ignored;
    tell(r, &error, SIZE_MAX);
    if (key != NULL) reader_out(r, mark);
    return false;
}

static const struct {
    const char *plain, *near;
} unknowns[] = {
    [UNKNOWN_MEMBER] = {"There is no member \"{0}\" here.", "There is no member \"{0}\" here. Did you mean \"{1}\"?"},
    [UNKNOWN_WORD] = {"The word \"{0}\" is not known here.",
                      "The word \"{0}\" is not known here. Did you mean \"{1}\"?"},
    [UNKNOWN_PLACE] = {"The agreement has no place \"{0}\".",
                       "The agreement has no place \"{0}\". Did you mean \"{1}\"?"},
    [UNKNOWN_CHANNEL] = {"The agreement has no channel \"{0}\".",
                         "The agreement has no channel \"{0}\". Did you mean \"{1}\"?"},
    [UNKNOWN_TERM] = {"The agreement has no term \"{0}\".", "The agreement has no term \"{0}\". Did you mean \"{1}\"?"},
    [UNKNOWN_READING] = {"The agreement has no reading \"{0}\".",
                         "The agreement has no reading \"{0}\". Did you mean \"{1}\"?"},
    [UNKNOWN_ZONE] = {"The agreement has no time zone \"{0}\".",
                      "The agreement has no time zone \"{0}\". Did you mean \"{1}\"?"},
    [UNKNOWN_ANCHOR] = {"The agreement has no anchor \"{0}\".",
                        "The agreement has no anchor \"{0}\". Did you mean \"{1}\"?"},
};

bool reader_unknown(struct reader *r, const char *key, enum unknown what, struct slice name, struct slice nearest)
{
    struct error error;
    if (r->quiet > 0) return false;
    size_t mark = key == NULL ? r->path.size : reader_in(r, key);
    enum status ignored = error_set(&error, STATUS_REFUSED, "term-unknown-name",
                                    nearest.size > 0 ? unknowns[what].near : unknowns[what].plain,
                                    error_slice(name).text, error_slice(nearest).text, NULL);
    (void)ignored;
    tell(r, &error, SIZE_MAX);
    if (key != NULL) reader_out(r, mark);
    return false;
}

static bool tell_limit(struct reader *r, const char *sentence, int64_t most, size_t size)
{
    struct error error;
    enum status ignored = error_set(&error, STATUS_REFUSED, "term-limit", sentence, error_number(most).text, NULL);
    (void)ignored;
    return tell(r, &error, size);
}

bool reader_limit(struct reader *r, const char *sentence, int64_t most)
{
    return r->quiet > 0 ? false : tell_limit(r, sentence, most, SIZE_MAX);
}

/* ---- walking */

size_t reader_in(struct reader *r, const char *key)
{
    return json_path_push(&r->path, slice_from(key));
}

void reader_in_source(struct reader *r, size_t source)
{
    if (r->bases != NULL)
        snprintf(r->path.text, sizeof r->path.text, "%s", r->bases[source]);
    else if (source == 0)
        r->path.text[0] = '\0';
    else
        snprintf(r->path.text, sizeof r->path.text, "/parts/%zu", source - 1);
    r->path.size = strlen(r->path.text);
}

struct term_place reader_term(const struct reader *r, size_t i)
{
    for (size_t s = 0; s < r->agreement->source_count; s++) {
        const struct json *list = json_find(r->agreement->sources[s], "terms");
        if (list == NULL || list->type != JSON_ARRAY) continue;
        if (i >= list->size) {
            i -= list->size;
            continue;
        }
        const struct json *term = list->first;
        for (size_t k = 0; k < i; k++) term = term->next;
        return (struct term_place){term, s, i};
    }
    return (struct term_place){NULL, 0, 0};
}

void reader_in_term(struct reader *r, size_t i)
{
    struct term_place place = reader_term(r, i);
    reader_in_source(r, place.source);
    reader_in(r, "terms");
    json_path_push_index(&r->path, place.i);
}

void *reader_get(struct reader *r, size_t size)
{
    void *memory = arena_get(r->arena, size);
    if (memory == NULL) r->full = true;
    return memory;
}

bool reader_enter(struct reader *r)
{
    size_t at = r->quiet > 0 ? r->quiet_from : SIZE_MAX;
    r->depth++;
    r->nodes++;
    if (r->depth > TERM_DEPTH_MOST)
        return tell_limit(r, "More levels than are allowed: at most {0}.", TERM_DEPTH_MOST, at);
    if (r->nodes > TERM_NODES_MOST)
        return tell_limit(r, "More nodes in one term than are allowed: at most {0}.", TERM_NODES_MOST, at);
    return true;
}

void reader_leave(struct reader *r)
{
    r->depth--;
}

/* ---- names */

void near_consider(struct near *near, struct slice name)
{
    char text[LIMIT_NAME_BYTES + 1];
    struct suggestion suggestion = {.typed = near->typed};
    size_t gap = name.size > near->typed.size ? name.size - near->typed.size : near->typed.size - name.size;
    if (gap > 2 || name.size >= sizeof text || name.size == 0) return;
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    suggestion_consider(&suggestion, text);
    if (suggestion.best == NULL || (near->best.size > 0 && suggestion.distance >= near->distance)) return;
    near->best = name;
    near->distance = suggestion.distance;
}

static bool is_heard(const struct reader *r)
{
    return r->fault != NULL && r->quiet == 0 && r->told < FAULTS_TOLD_MOST;
}

struct slice reader_near(const struct reader *r, struct slice typed, const char *const *names)
{
    struct near near = {.typed = typed};
    for (; is_heard(r) && *names != NULL; names++) near_consider(&near, slice_from(*names));
    return near.best;
}

struct slice reader_near_named(const struct reader *r, struct slice typed, const char *table)
{
    struct near near = {.typed = typed};
    for (size_t s = 0; is_heard(r) && s < r->agreement->source_count; s++) {
        const struct json *object = json_find(r->agreement->sources[s], table);
        if (object == NULL || object->type != JSON_OBJECT) continue;
        for (const struct json *m = object->first; m != NULL; m = m->next) near_consider(&near, m->key);
    }
    return near.best;
}

static const struct json *find_slice(const struct json *object, struct slice key)
{
    if (object == NULL || object->type != JSON_OBJECT) return NULL;
    for (const struct json *m = object->first; m != NULL; m = m->next)
        if (slice_equal(m->key, key)) return m;
    return NULL;
}

const struct json *reader_named(struct reader *r, const char *table, struct slice name)
{
    for (size_t i = 0; i < r->agreement->source_count; i++) {
        const struct json *found = find_slice(json_find(r->agreement->sources[i], table), name);
        if (found != NULL) return found;
    }
    return NULL;
}

/* Told where the first of the names stands: inside what they stand for nothing is told. */
static bool tell_named_circle(struct reader *r, struct slice name)
{
    struct error error;
    enum status ignored = error_set(&error, STATUS_REFUSED, "term-cycle", "The name \"{0}\" stands for itself.",
                                    error_slice(name).text, NULL);
    (void)ignored;
    return tell(r, &error, r->quiet > 0 ? r->quiet_from : SIZE_MAX);
}

bool reader_name_in(struct reader *r, const struct json *named, struct slice name)
{
    for (unsigned i = 0; i < r->naming_count; i++)
        if (r->naming[i] == named) return tell_named_circle(r, name);
    if (r->naming_count == COUNT_OF(r->naming)) return false; /* the limit of depth was passed before */
    r->naming[r->naming_count++] = named;
    if (r->quiet++ == 0) r->quiet_from = r->path.size;
    return true;
}

void reader_name_out(struct reader *r)
{
    r->quiet--;
    r->naming_count--;
}

bool reader_members(struct reader *r, const struct json *object, const char *const *names)
{
    if (object == NULL || object->type != JSON_OBJECT)
        return reader_fault(r, NULL, "term-shape", "An object is needed here.", slice_from(""));
    bool good = true;
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        const char *const *name = names;
        while (*name != NULL && !slice_is(m->key, *name)) name++;
        if (*name != NULL) continue;
        size_t mark = json_path_push(&r->path, m->key);
        good = reader_unknown(r, NULL, UNKNOWN_MEMBER, m->key, reader_near(r, m->key, names));
        reader_out(r, mark);
    }
    return good;
}

/* ---- small values */

bool reader_flag(struct reader *r, bool *out, const struct json *object, const char *key)
{
    const struct json *value = json_find(object, key);
    *out = value != NULL && value->type == JSON_TRUE;
    if (value == NULL || *out) return true;
    return reader_fault(r, key, "term-shape", "This is true, or is left out.", slice_from(""));
}

bool read_slug(struct reader *r, struct slice *out, const struct json *value)
{
    bool good =
        value != NULL && value->type == JSON_STRING && value->string.size > 0 && value->string.size <= LIMIT_NAME_BYTES;
    for (size_t i = 0; good && i < value->string.size; i++) {
        uint8_t c = value->string.data[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    if (!good)
        return reader_fault(r, NULL, "term-shape", "A name is needed here: a-z, 0-9 and -, at most 64.",
                            slice_from(""));
    *out = value->string;
    return true;
}

symbol reader_symbol(struct reader *r, struct slice name)
{
    symbol number = 0;
    if (r->symbols != NULL && symbols_put(r->symbols, name, &number, NULL) != STATUS_DONE) r->full = true;
    return number;
}

static bool number_words(struct reader *r, struct words *words)
{
    symbol *symbols = reader_get(r, words->count * sizeof *symbols);
    for (size_t i = 0; symbols != NULL && i < words->count; i++) symbols[i] = reader_symbol(r, words->list[i]);
    words->symbols = symbols;
    return symbols != NULL;
}

bool read_words(struct reader *r, struct words *out, const struct json *value)
{
    if (value != NULL && value->type == JSON_STRING) {
        struct slice *one = reader_get(r, sizeof *one);
        if (one == NULL || !read_slug(r, one, value)) return false;
        *out = (struct words){.list = one, .count = 1};
        return number_words(r, out);
    }
    if (value == NULL || value->type != JSON_ARRAY || value->size == 0)
        return reader_fault(r, NULL, "term-shape", "A name or a list of names is needed here.", slice_from(""));
    if (value->size > NAMES_MOST) return reader_limit(r, "More names than are allowed: at most {0}.", NAMES_MOST);
    struct slice *list = reader_get(r, value->size * sizeof *list);
    if (list == NULL) return false;
    size_t i = 0;
    bool good = true;
    for (const struct json *m = value->first; m != NULL; m = m->next, i++) {
        size_t mark = json_path_push_index(&r->path, i);
        good = read_slug(r, &list[i], m) && good;
        reader_out(r, mark);
    }
    if (!good) return false;
    *out = (struct words){.list = list, .count = i};
    return number_words(r, out);
}

bool read_duration(struct reader *r, int64_t *out, const struct json *object, const char *key)
{
    const struct json *value = json_find(object, key);
    if (value == NULL) return true;
    if (value->type == JSON_STRING && duration_parse(out, value->string)) return true;
    return reader_fault(r, key, "term-duration",
                        "A duration is needed: PnD, PTnH, PTnM or PTnS, in its largest exact unit.", slice_from(""));
}

/* A value that should have been a word, as it is shown. */
static struct slice typed_of(const struct json *value)
{
    return value != NULL && value->type == JSON_STRING ? value->string : slice_from("");
}

static bool which_word(unsigned *out, const struct json *value, const char *const *words)
{
    for (unsigned i = 0; value != NULL && value->type == JSON_STRING && words[i] != NULL; i++)
        if (slice_is(value->string, words[i])) return *out = i, true;
    return false;
}

bool read_word(struct reader *r, int *out, const struct json *object, const char *key, const char *const *words,
               int fallback)
{
    const struct json *value = json_find(object, key);
    unsigned which;
    *out = fallback;
    if (value == NULL && fallback >= 0) return true;
    if (which_word(&which, value, words)) return *out = (int)which, true;
    return reader_unknown(r, key, UNKNOWN_WORD, typed_of(value), reader_near(r, typed_of(value), words));
}

bool read_flags(struct reader *r, unsigned *out, const struct json *list, const char *const *words, bool one)
{
    bool alone = one && list->type == JSON_STRING, good = true;
    if (!alone && (list->type != JSON_ARRAY || (one && list->size == 0)))
        return reader_fault(r, NULL, "term-shape", "A list of words is needed here.", slice_from(""));
    size_t i = 0;
    for (const struct json *m = alone ? list : list->first; m != NULL; m = alone ? NULL : m->next, i++) {
        unsigned which;
        size_t mark = alone ? r->path.size : json_path_push_index(&r->path, i);
        if (which_word(&which, m, words))
            *out |= 1U << which;
        else
            good = reader_unknown(r, NULL, UNKNOWN_WORD, typed_of(m), reader_near(r, typed_of(m), words));
        reader_out(r, mark);
    }
    return good;
}
