/* The clauses of an agreement: each sentence once, with the terms that quote it, and what others have in its place; and
 * the languages in which they stand. */
#include "terms/texts.h"

static bool same(const struct json *a, const struct json *b)
{
    if (a == NULL || b == NULL) return a == b;
    if (a->type != b->type || a->size != b->size) return false;
    if (a->type == JSON_INTEGER) return a->integer == b->integer;
    if (a->type == JSON_STRING) return slice_equal(a->string, b->string);
    if (a->type != JSON_ARRAY && a->type != JSON_OBJECT) return true;
    const struct json *m = a->first, *n = b->first;
    for (; m != NULL && n != NULL; m = m->next, n = n->next)
        if (!slice_equal(m->key, n->key) || !same(m, n)) return false;
    return m == n;
}

static const struct json *change_at(const struct json *changes, const char *prefix, struct slice key)
{
    size_t size = strlen(prefix);
    for (const struct json *m = changes->first; m != NULL; m = m->next)
        if (m->key.size == size + key.size && memcmp(m->key.data, prefix, size) == 0 &&
            (key.size == 0 || memcmp(m->key.data + size, key.data, key.size) == 0))
            return m;
    return NULL;
}

/* What the clause says in the rival's text, where the rival changes that too. */
static void put_rival_text(struct json_writer *out, const struct json *clause, const struct json *changes)
{
    const struct json *whole = change_at(changes, "/clause", (struct slice){NULL, 0});
    bool any = false;
    if (whole != NULL) put_member(out, "text", whole);
    if (whole != NULL || clause == NULL || clause->type != JSON_OBJECT) return;
    for (const struct json *m = clause->first; m != NULL && !any; m = m->next)
        any = change_at(changes, "/clause/", m->key) != NULL;
    if (!any) return;
    json_put_key(out, "text");
    json_put_object(out);
    for (const struct json *m = clause->first; m != NULL; m = m->next) {
        const struct json *change = change_at(changes, "/clause/", m->key);
        json_put_key_slice(out, m->key);
        json_put_tree(out, change == NULL ? m : change);
    }
    json_put_close(out);
}

static void put_rivals(struct json_writer *out, const struct json *term)
{
    const struct json *rivals = json_find(term, "rival");
    if (rivals == NULL || rivals->type != JSON_OBJECT) return;
    for (const struct json *rival = rivals->first; rival != NULL; rival = rival->next) {
        if (rival->type != JSON_OBJECT) continue;
        json_put_object(out);
        put_member(out, "changes", rival);
        put_name(out, "name", rival->key);
        put_name(out, "term", json_find_string(term, "id"));
        put_rival_text(out, json_find(term, "clause"), rival);
        json_put_close(out);
    }
}

/* Of another record: the clause as it has it; nothing where it says the very same. Without "text" the words are the
 * same, and what is counted is not. */
static void put_elsewhere(const struct texts *t, const struct entries *records, bool earlier, const struct json *term)
{
    for (size_t i = 0; i < records->count; i++) {
        const struct json *other = texts_term(records->list[i], json_find_string(term, "id"));
        if (other == NULL || same(other, term)) continue;
        const struct json *text = json_find(other, "clause");
        json_put_object(t->out);
        put_name(t->out, "author", records->list[i]->by);
        put_true(t->out, "earlier", earlier);
        put_entry_id(t->out, "id", records->list[i]);
        put_name(t->out, "term", json_find_string(term, "id"));
        if (!same(text, json_find(term, "clause"))) put_member(t->out, "text", text);
        json_put_close(t->out);
    }
}

static void put_amendments(const struct texts *t, const struct json *term)
{
    struct slice id = json_find_string(term, "id"), amended;
    for (size_t i = 0; i < t->amending.count; i++) {
        const struct entry *by = t->amending.list[i];
        for (const struct json *item = texts_amends(by); texts_amended(t, &item, &amended); item = item->next) {
            if (!slice_equal(amended, id)) continue;
            json_put_object(t->out);
            put_entry_id(t->out, "id", by);
            put_name(t->out, "term", id);
            put_member(t->out, "text", json_find(texts_term(by, id), "clause"));
            json_put_close(t->out);
        }
    }
}

/* Walks all terms that quote this sentence, the first of them being `term`; calls put for each. */
struct quoting {
    const struct texts *texts;
    const struct json *clause;
    size_t source;
    const struct json *term; /* the one at hand, or NULL: none yet */
};

static const struct json *first_term(const struct entry *source)
{
    const struct json *terms = json_find(source->body, "terms");
    return terms == NULL || terms->type != JSON_ARRAY ? NULL : terms->first;
}

static bool next_term(struct quoting *q)
{
    const struct entries *sources = &q->texts->sources;
    const struct json *term = q->term == NULL ? first_term(sources->list[q->source]) : q->term->next;
    while (q->source < sources->count) {
        for (; term != NULL; term = term->next)
            if (q->clause == NULL || same(json_find(term, "clause"), q->clause)) {
                q->term = term;
                return true;
            }
        if (++q->source < sources->count) term = first_term(sources->list[q->source]);
    }
    return false;
}

typedef void put_of_term(const struct texts *t, const struct json *term);

static void put_list(const struct quoting *from, const char *key, put_of_term *put)
{
    struct quoting q = *from;
    json_put_key(q.texts->out, key);
    json_put_array(q.texts->out);
    do put(q.texts, q.term);
    while (next_term(&q));
    json_put_close(q.texts->out);
}

static void put_term_id(const struct texts *t, const struct json *term)
{
    json_put_slice(t->out, json_find_string(term, "id"));
}

static void put_term_rivals(const struct texts *t, const struct json *term)
{
    put_rivals(t->out, term);
}

static void put_term_elsewhere(const struct texts *t, const struct json *term)
{
    put_elsewhere(t, &t->earlier, true, term);
    put_elsewhere(t, &t->others, false, term);
}

static void put_clause(const struct quoting *first)
{
    struct json_writer *out = first->texts->out;
    json_put_object(out);
    put_list(first, "amended_by", put_amendments);
    put_list(first, "elsewhere", put_term_elsewhere);
    put_entry_id(out, "record", first->texts->sources.list[first->source]);
    put_list(first, "rivals", put_term_rivals);
    put_list(first, "terms", put_term_id);
    put_member(out, "text", first->clause);
    json_put_close(out);
}

/* Was the sentence quoted by a term before this one? */
static bool was_quoted(const struct quoting *q, const struct json *clause)
{
    struct quoting before = {.texts = q->texts, .clause = clause};
    return next_term(&before) && before.term != q->term;
}

void put_clauses(const struct texts *t)
{
    struct quoting all = {.texts = t};
    json_put_key(t->out, "clauses");
    json_put_array(t->out);
    while (next_term(&all)) {
        const struct json *clause = json_find(all.term, "clause");
        if (clause != NULL && was_quoted(&all, clause)) continue;
        const struct quoting first = {.texts = t, .clause = clause, .source = all.source, .term = all.term};
        if (clause != NULL) put_clause(&first);
    }
    json_put_close(t->out);
}

/* ---- languages: those of its versions, then those in which any clause stands */

struct tongue {
    struct slice lang;
    const struct json *version;
    bool original;
};

static bool is_language(struct slice key)
{
    return key.size == 2 || key.size == 3;
}

static struct tongue *tongue_of(struct tongue *tongues, size_t room, size_t *count, struct slice lang)
{
    for (size_t i = 0; i < *count; i++)
        if (slice_equal(tongues[i].lang, lang)) return &tongues[i];
    if (*count == room) return NULL;
    tongues[*count] = (struct tongue){.lang = lang};
    return &tongues[(*count)++];
}

enum { TONGUES_MOST = 64 };

static size_t find_tongues(const struct texts *t, struct tongue tongues[TONGUES_MOST])
{
    const struct json *versions = json_find(t->record->body, "versions");
    struct quoting q = {.texts = t};
    size_t count = 0;
    for (const struct json *v = versions == NULL ? NULL : versions->first; v != NULL; v = v->next) {
        struct tongue *tongue = tongue_of(tongues, TONGUES_MOST, &count, json_find_string(v, "lang"));
        if (tongue != NULL && tongue->version == NULL) tongue->version = v;
    }
    while (next_term(&q)) {
        const struct json *clause = json_find(q.term, "clause");
        for (const struct json *m = clause == NULL ? NULL : clause->first; m != NULL; m = m->next) {
            struct tongue *tongue =
                is_language(m->key) && m->type == JSON_STRING ? tongue_of(tongues, TONGUES_MOST, &count, m->key) : NULL;
            if (tongue != NULL) tongue->original |= slice_equal(json_find_string(clause, "original"), m->key);
        }
    }
    return count;
}

void put_languages(const struct texts *t)
{
    struct tongue tongues[TONGUES_MOST];
    size_t count = find_tongues(t, tongues);
    struct slice prevails = json_find_string(t->record->body, "prevails");
    json_put_key(t->out, "languages");
    json_put_array(t->out);
    for (size_t i = 0; i < count; i++) {
        const struct json *version = tongues[i].version;
        json_put_object(t->out);
        put_name(t->out, "lang", tongues[i].lang);
        put_true(t->out, "original", tongues[i].original);
        put_true(t->out, "prevails", slice_equal(prevails, tongues[i].lang));
        put_name(t->out, "sha256", json_find_string(version, "sha256"));
        put_name(t->out, "title", json_find_string(version, "title"));
        put_true(t->out, "translation", json_find_bool(version, "translation"));
        put_true(t->out, "version", version != NULL);
        json_put_close(t->out);
    }
    json_put_close(t->out);
}
