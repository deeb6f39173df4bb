/* Words are runs of what is no separator after folding. Both sides, what is stored and what is asked for, are cut here
 * and by nothing else: FTS5 gets words with one space between them, and its tokenizer "ascii" cuts at spaces alone. */
#include "index/words.h"
#include "text/fold.h"
#include "text/utf8.h"

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

/* What stands between words besides ASCII that is no letter or digit. Written down and not asked of a library, so that
 * every machine cuts alike. Compatibility forms and invisible characters were folded away before. */
static const struct {
    uint32_t first, last;
} separators[] = {
    {0x0080, 0x00a9}, {0x00ab, 0x00b4}, {0x00b6, 0x00b9}, {0x00bb, 0x00bf}, {0x00d7, 0x00d7}, {0x00f7, 0x00f7},
    {0x0600, 0x060f}, {0x061b, 0x061f}, {0x066a, 0x066d}, {0x06d4, 0x06d4}, {0x06dd, 0x06de}, {0x06e9, 0x06e9},
    {0x0700, 0x070d}, {0x2000, 0x206f}, {0x20a0, 0x20cf}, {0x2190, 0x2bff}, {0x2e00, 0x2e7f}, {0x3000, 0x3004},
    {0x3008, 0x3020}, {0x3030, 0x3030}, {0xfd3e, 0xfd3f},
};

static bool is_separator(uint32_t c)
{
    if (c < 0x80) return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    for (size_t i = 0; i < COUNT_OF(separators) && c >= separators[i].first; i++)
        if (c <= separators[i].last) return true;
    return false;
}

static bool next_word(struct slice *rest, struct slice *word)
{
    size_t from = 0, to, next = 0;
    while (from < rest->size && is_separator(utf8_next(*rest, &next))) from = next;
    for (to = next = from; to < rest->size && !is_separator(utf8_next(*rest, &next));) to = next;
    *word = slice_part(*rest, from, to - from);
    *rest = slice_part(*rest, to, rest->size);
    return word->size > 0;
}

static enum status add_words(struct buffer *out, struct buffer *scratch, struct slice text, struct error *error)
{
    buffer_reset(scratch);
    TRY(text_fold(scratch, NULL, text, error));
    struct slice rest = buffer_slice(scratch), word;
    while (next_word(&rest, &word)) {
        if (out->size > 0) buffer_put_byte(out, ' ');
        buffer_put(out, word);
    }
    return STATUS_DONE;
}

static enum status add_value(struct buffer *out, struct buffer *scratch, const struct json *value, struct error *error)
{
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return STATUS_DONE;
    for (const struct json *member = value->first; member != NULL; member = member->next) {
        bool text = member->type == JSON_STRING && value->type == JSON_OBJECT;
        if (text && (listed(member->key, worded, COUNT_OF(worded)) || is_language(value, member->key)))
            TRY(add_words(out, scratch, member->string, error));
        else if (value->type != JSON_OBJECT || !listed(member->key, unworded, COUNT_OF(unworded)))
            TRY(add_value(out, scratch, member, error)); /* as deep as json_read allows */
    }
    return STATUS_DONE;
}

enum status words_of_record(struct buffer *out, struct buffer *scratch, const struct json *body, struct error *error)
{
    TRY(add_value(out, scratch, body, error));
    return buffer_finish(out, error);
}

enum status words_of_query(struct buffer *out, struct buffer *scratch, struct slice typed, struct error *error)
{
    TRY(text_fold(scratch, NULL, typed, error));
    struct slice rest = buffer_slice(scratch), word;
    while (next_word(&rest, &word)) {
        buffer_put_string(out, out->size > 0 ? " \"" : "\"");
        buffer_put(out, word);
        buffer_put_byte(out, '"');
    }
    if (out->size == 0)
        return error_set(error, STATUS_USAGE, "index-no-words", "\"{0}\" holds no word to look for.",
                         error_slice(typed).text, NULL);
    return buffer_finish(out, error);
}
