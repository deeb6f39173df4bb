#include "terms/reader.h"
#include "record/check.h"

bool reader_fault(struct reader *r, const char *key, const char *code, const char *sentence, struct slice argument)
{
    size_t mark = key == NULL ? r->path.size : reader_in(r, key);
    r->faults++;
    if (r->fault != NULL && r->quiet == 0) {
        struct error error;
        struct error_text shown = error_slice(argument);
        enum status ignored = error_set(&error, STATUS_REFUSED, code, sentence, shown.text, NULL);
        error_at(&error, ignored, r->path.text);
        r->fault(r->context, &error);
    }
    if (key != NULL) reader_out(r, mark);
    return false;
}

/* Where a like name may be suggested, the second sentence does: {1}. */
static const struct {
    const char *plain, *near;
} unknowns[] = {
    [UNKNOWN_MEMBER] = {"There is no member \"{0}\" here.", "There is no member \"{0}\" here. Did you mean \"{1}\"?"},
    [UNKNOWN_WORD] = {"The word \"{0}\" is not known here.",
                      "The word \"{0}\" is not known here. Did you mean \"{1}\"?"},
    [UNKNOWN_PLACE] = {"The agreement has no place \"{0}\".",
                       "The agreement has no place \"{0}\". Did you mean \"{1}\"?"},
    [UNKNOWN_CHANNEL] = {"The agreement has no channel \"{0}\".", NULL},
    [UNKNOWN_TERM] = {"The agreement has no term \"{0}\".", NULL},
    [UNKNOWN_READING] = {"The agreement has no reading \"{0}\".", NULL},
    [UNKNOWN_ZONE] = {"The agreement has no time zone \"{0}\".", NULL},
    [UNKNOWN_ANCHOR] = {"The agreement has no anchor \"{0}\".", NULL},
};

bool reader_unknown(struct reader *r, const char *key, enum unknown what, struct slice name, struct slice nearest)
{
    size_t mark = key == NULL ? r->path.size : reader_in(r, key);
    r->faults++;
    if (r->fault != NULL && r->quiet == 0) {
        struct error error;
        struct error_text typed = error_slice(name), near = error_slice(nearest);
        bool suggested = nearest.size > 0 && unknowns[what].near != NULL;
        enum status ignored =
            error_set(&error, STATUS_REFUSED, "term-unknown-name",
                      suggested ? unknowns[what].near : unknowns[what].plain, typed.text, near.text, NULL);
        error_at(&error, ignored, r->path.text);
        r->fault(r->context, &error);
    }
    if (key != NULL) reader_out(r, mark);
    return false;
}

bool reader_limit(struct reader *r, const char *sentence, int64_t most)
{
    r->faults++;
    if (r->fault != NULL && r->quiet == 0) {
        struct error error;
        enum status ignored = error_set(&error, STATUS_REFUSED, "term-limit", sentence, error_number(most).text, NULL);
        error_at(&error, ignored, r->path.text);
        r->fault(r->context, &error);
    }
    return false;
}

size_t reader_in(struct reader *r, const char *key)
{
    return json_path_push(&r->path, slice_from(key));
}

void *reader_get(struct reader *r, size_t size)
{
    void *memory = arena_get(r->arena, size);
    if (memory == NULL) r->full = true;
    return memory;
}

static struct slice nearest_of(struct reader *r, const char *const *names, struct slice typed)
{
    (void)r;
    struct suggestion suggestion = {.typed = typed};
    for (; *names != NULL; names++) suggestion_consider(&suggestion, *names);
    return suggestion.best == NULL ? (struct slice){NULL, 0} : slice_from(suggestion.best);
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
        good = reader_unknown(r, NULL, UNKNOWN_MEMBER, m->key, nearest_of(r, names, m->key));
        reader_out(r, mark);
    }
    return good;
}

bool reader_enter(struct reader *r)
{
    r->depth++;
    r->nodes++;
    if (r->depth > TERM_DEPTH_MOST)
        return reader_limit(r, "More levels than are allowed: at most {0}.", TERM_DEPTH_MOST);
    if (r->nodes > TERM_NODES_MOST)
        return reader_limit(r, "More nodes in one term than are allowed: at most {0}.", TERM_NODES_MOST);
    return true;
}

void reader_leave(struct reader *r)
{
    r->depth--;
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
    for (const struct json *m = value->first; m != NULL; m = m->next, i++) {
        size_t mark = json_path_push_index(&r->path, i);
        bool good = read_slug(r, &list[i], m);
        reader_out(r, mark);
        if (!good) return false;
    }
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

bool read_word(struct reader *r, int *out, const struct json *object, const char *key, const char *const *words,
               int fallback)
{
    const struct json *value = json_find(object, key);
    *out = fallback;
    if (value == NULL && fallback >= 0) return true;
    for (int i = 0; value != NULL && value->type == JSON_STRING && words[i] != NULL; i++)
        if (slice_is(value->string, words[i])) return *out = i, true;
    struct slice typed = value != NULL && value->type == JSON_STRING ? value->string : slice_from("");
    return reader_unknown(r, key, UNKNOWN_WORD, typed, nearest_of(r, words, typed));
}
