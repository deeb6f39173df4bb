/* What is stored and what is asked for are taken apart by src/text/words.h and by nothing else: FTS5 gets terms with
 * one space between them, and its tokenizer "ascii" cuts at spaces alone. */
#include "index/words.h"

#include "text/quoted.h"

#include <stdlib.h>

/* ---- texts of a record */

/* Strings that hold words people look for, whatever kind they stand in. */
static const char *const worded[] = {"clause",       "cue",     "exact", "function", "name",
                                     "organisation", "speaker", "title", "whom"};
/* Members that say where a record is from or how it is sealed: technical, the same on every imported row. */
static const char *const unworded[] = {"basis", "sealed", "source"};

static bool listed(struct slice key, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(key, list[i])) return true;
    return false;
}

/* Is this member of `object` one language of a text? */
static bool is_language(const struct json *object, struct slice key)
{
    if (slice_is(key, "ar") || slice_is(key, "en")) return true;
    return key.size <= 3 && json_find(object, "original") != NULL;
}

static enum status visit_texts(const struct json *value, words_visit *visit, void *context, bool *more,
                               struct error *error)
{
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return STATUS_DONE;
    for (const struct json *member = value->first; member != NULL && *more; member = member->next) {
        bool text = member->type == JSON_STRING && value->type == JSON_OBJECT;
        if (text && (listed(member->key, worded, COUNT_OF(worded)) || is_language(value, member->key)))
            TRY(visit(context, member->string, more, error));
        else if (value->type != JSON_OBJECT || !listed(member->key, unworded, COUNT_OF(unworded)))
            TRY(visit_texts(member, visit, context, more, error)); /* as deep as json_read allows */
    }
    return STATUS_DONE;
}

enum status words_texts(const struct json *body, words_visit *visit, void *context, struct error *error)
{
    bool more = true;
    return visit_texts(body, visit, context, &more, error);
}

struct terms {
    struct buffer *out;
    struct words *scratch;
};

static enum status put_text(void *context, struct slice text, bool *more, struct error *error)
{
    struct terms *terms = context;
    (void)more;
    TRY(words_take(terms->scratch, text, error));
    return words_put_terms(terms->scratch, terms->out, error);
}

enum status words_of_record(struct buffer *out, struct words *scratch, const struct json *body, struct error *error)
{
    struct terms terms = {out, scratch};
    TRY(words_texts(body, put_text, &terms, error));
    return buffer_finish(out, error);
}

/* ---- a query of FTS5: for each word what it may stand as, one look-up each */

enum { ASKED_WORDS_MOST = 64 };

void asked_clear(struct asked *asked)
{
    buffer_clear(&asked->match);
    for (size_t i = 0; i < asked->phrases; i++) seek_clear(&asked->phrase[i]);
    free(asked->phrase);
    *asked = (struct asked){0};
}

static struct slice word_slice(const struct words *words, size_t i)
{
    struct word word = words_at(words, i);
    return words_slice(words, word.from, word.to);
}

/* Words i and i + 1 as one: in the text they may stand without a space. */
static void put_joined(struct buffer *out, const struct words *words, size_t i, struct buffer *scratch)
{
    if (i + 1 >= words->count) return;
    struct slice first = word_slice(words, i), second = word_slice(words, i + 1);
    if (words_at(words, i + 1).gap != WORD_GAP_HYPHEN && !words_may_join(first, second)) return;
    buffer_reset(scratch);
    buffer_put(scratch, first);
    buffer_put(scratch, second);
    buffer_put_string(out, " OR \"");
    if (!scratch->failed) word_put_key(out, buffer_slice(scratch));
    buffer_put_byte(out, '"');
}

/* The words that were typed as one. */
static void put_pieces(struct buffer *out, const struct words *words, const struct word_piece *pieces, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        buffer_put_string(out, k == 0 ? " OR (\"" : " AND \"");
        word_put_key(out, words_slice(words, pieces[k].from, pieces[k].to));
        buffer_put_byte(out, '"');
    }
    buffer_put_byte(out, ')');
}

static void put_word(struct buffer *out, const struct words *words, size_t i, struct buffer *scratch)
{
    struct word_piece pieces[WORD_PIECES_MOST];
    size_t count = words_cut(words, i, pieces);
    buffer_put_string(out, out->size > 0 ? " AND (\"" : "(\"");
    word_put_key(out, word_slice(words, i));
    buffer_put_byte(out, '"');
    if (count > 1) put_pieces(out, words, pieces, count);
    if (i > 0) put_joined(out, words, i - 1, scratch);
    put_joined(out, words, i, scratch);
    buffer_put_byte(out, ')');
}

/* ---- what was typed */

struct reading {
    struct asked *asked;
    struct words words;
    struct buffer scratch;
    size_t count; /* words so far */
};

static void reading_clear(struct reading *reading)
{
    words_clear(&reading->words);
    buffer_clear(&reading->scratch);
}

static enum status add_phrase(struct asked *asked, struct slice phrase, struct error *error)
{
    struct seek *more = realloc(asked->phrase, (asked->phrases + 1) * sizeof *more);
    if (more == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    asked->phrase = more;
    asked->phrase[asked->phrases] = (struct seek){0};
    return seek_compile(&asked->phrase[asked->phrases++], phrase, error);
}

static enum status read_words(struct reading *reading, struct slice typed, bool quoted, struct error *error)
{
    struct words *words = &reading->words;
    TRY(words_take(words, typed, error));
    reading->count += words->count;
    if (reading->count > ASKED_WORDS_MOST)
        return error_set(error, STATUS_USAGE, "index-words-many", "At most {0} words can be looked for at once.",
                         error_number(ASKED_WORDS_MOST).text, NULL);
    for (size_t i = 0; i < words->count; i++) put_word(&reading->asked->match, words, i, &reading->scratch);
    return quoted && words->count > 0 ? add_phrase(reading->asked, typed, error) : STATUS_DONE;
}

static enum status read_all(struct reading *reading, struct slice typed, struct error *error)
{
    struct slice rest = typed, before, inside;
    while (quoted_next(&rest, &before, &inside)) {
        TRY(read_words(reading, before, false, error));
        TRY(read_words(reading, inside, true, error));
    }
    TRY(read_words(reading, rest, false, error));
    TRY(buffer_finish(&reading->scratch, error));
    return buffer_finish(&reading->asked->match, error);
}

enum status asked_read(struct asked *out, struct slice typed, struct error *error)
{
    OWN(reading_clear) struct reading reading = {.asked = out};
    TRY(read_all(&reading, typed, error));
    if (reading.count > 0) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "index-no-words", "\"{0}\" holds no word to look for.",
                     error_slice(typed).text, NULL);
}

/* ---- asking a record's own texts */

struct holding {
    const struct seek *phrase;
    struct words *scratch;
    bool found;
};

static enum status seek_text(void *context, struct slice text, bool *more, struct error *error)
{
    struct holding *holding = context;
    TRY(seek_any(holding->phrase, holding->scratch, text, &holding->found, error));
    *more = !holding->found;
    return STATUS_DONE;
}

enum status asked_holds(const struct asked *asked, struct words *scratch, const struct json *body, bool *holds,
                        struct error *error)
{
    *holds = true;
    for (size_t i = 0; i < asked->phrases && *holds; i++) {
        struct holding holding = {&asked->phrase[i], scratch, false};
        TRY(words_texts(body, seek_text, &holding, error));
        *holds = holding.found;
    }
    return STATUS_DONE;
}
