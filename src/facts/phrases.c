/* A phrase is a path of words: each entry knows the one before it, and is found by that and its own word. So a walk
 * stops at the first word that leads nowhere, and most words of a text cost one look. */
#include "facts/phrases.h"

struct phrase_entry {
    uint32_t word_at, word_size;
    int32_t before; /* the path that its word goes on from, or PHRASE_NONE */
    int32_t first;  /* of its path */
    int32_t next;   /* under the same words */
    uint32_t value;
    bool beginning; /* of longer phrases alone: it has no value */
    bool goes_on;   /* longer phrases begin with it */
};

void phrases_clear(struct phrases *phrases)
{
    buffer_clear(&phrases->words);
    buffer_clear(&phrases->entries);
    table_clear(&phrases->table);
    phrases->sieve = (struct sieve){0};
}

static inline struct phrase_entry *entry_of(const struct phrases *phrases, int32_t i)
{
    return (struct phrase_entry *)(void *)phrases->entries.data + i;
}

/* A word's hash where it begins a phrase, else mixed with the path before it. */
static inline uint32_t step_hash(int32_t before, uint32_t hash)
{
    return before == PHRASE_NONE ? hash : (uint32_t)(hash_mix(hash, (uint64_t)before + 1) >> 32);
}

static int32_t find_hashed(const struct phrases *phrases, int32_t before, struct slice word, uint32_t hash)
{
    size_t at = 0;
    uint32_t i;
    while ((i = table_next(&phrases->table, hash, &at)) != TABLE_NONE) {
        const struct phrase_entry *entry = entry_of(phrases, (int32_t)i);
        if (entry->before == before &&
            slice_equal(slice_of(phrases->words.data + entry->word_at, entry->word_size), word))
            return (int32_t)i;
    }
    return PHRASE_NONE;
}

/* Where `word`, of that hash, leads from `before`. */
static inline int32_t find_step(const struct phrases *phrases, int32_t before, struct slice word, uint32_t hash)
{
    hash = step_hash(before, hash);
    return sieve_may_have(&phrases->sieve, hash) ? find_hashed(phrases, before, word, hash) : PHRASE_NONE;
}

/* ---- words */

/* The article as it is heard before the letters of the sun, and as it is written in Egypt. */
static const char *const articles[] = {"al",  "ad", "an", "ar", "as", "ash", "at",
                                       "ath", "az", "ed", "el", "er", "es",  "ez"};

static struct slice respell(struct slice word)
{
    for (size_t i = 0; i < COUNT_OF(articles) && word.size <= ARTICLE_MOST; i++)
        if (slice_is(word, articles[i])) return slice_from(articles[0]);
    bool mute = word.size > 2 && word.data[word.size - 1] == 'h' && word.data[word.size - 2] == 'a';
    return mute ? slice_part(word, 0, word.size - 1) : word;
}

static inline struct slice spelling(const struct phrases *phrases, struct slice word)
{
    bool latin = word.size > 0 && word.data[0] < 0x80;
    return phrases->romanised && latin && phrase_may_be_respelled(word) ? respell(word) : word;
}

/* Between the words of a phrase: white space, a hyphen, an apostrophe, or the point of an abbreviation. */
static bool is_inside_phrase(const struct tokens *tokens, size_t at)
{
    static const uint32_t marks[] = {'-', '\'', '`', '.', 0x2019, 0x2018, 0x2010, 0x2011, 0x2bb, 0x2bc, 0x2be, 0x2bf};
    if (!tokens_is(tokens, at, TOKEN_MARK) || tokens->token[at].spaced) return false;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (tokens->token[at].number == marks[i]) return true;
    return false;
}

/* ---- looking up */

/* Where the text's word at a token leads, as it stands but for its spelling. */
static int32_t step_over(const struct phrases *phrases, int32_t before, const struct tokens *tokens, size_t at,
                         size_t skip)
{
    struct slice whole = tokens_text(tokens, at), word = whole;
    word.data += skip;
    word.size -= skip;
    word = spelling(phrases, word);
    bool stands = word.size == whole.size && word.data == whole.data;
    return find_step(phrases, before, word, stands ? tokens->token[at].hash : tokens_hash(word));
}

/* للرقة: the alef of the article is lost to the ل before it, and stands in the dictionary. */
static int32_t begin_with_article(const struct phrases *phrases, struct slice rest)
{
    static const char alef[LETTER_BYTES + 1] = "\xd8\xa7";
    char word[PHRASE_BYTES];
    if (rest.size + LETTER_BYTES > sizeof word) return PHRASE_NONE;
    memcpy(word, alef, LETTER_BYTES);
    memcpy(word + LETTER_BYTES, rest.data, rest.size);
    struct slice whole = slice_of(word, rest.size + LETTER_BYTES);
    return find_step(phrases, PHRASE_NONE, whole, tokens_hash(whole));
}

int32_t phrases_begin_as(const struct phrases *phrases, const struct tokens *tokens, size_t at, const struct clitic *as)
{
    struct slice word = tokens_text(tokens, at);
    if (as->article) return begin_with_article(phrases, slice_part(word, as->skip, word.size));
    return step_over(phrases, PHRASE_NONE, tokens, at, as->skip);
}

void phrase_walk_open(struct phrase_walk *walk, const struct phrases *phrases, const struct tokens *tokens, size_t at,
                      int32_t begin)
{
    *walk = (struct phrase_walk){phrases, tokens, at, begin, PHRASE_NONE, false};
}

/* Steps to the next word of a phrase; false, and no step, if there is none in reach. */
static bool next_word(const struct tokens *tokens, size_t *at)
{
    size_t next = *at + is_inside_phrase(tokens, *at);
    bool found = next < tokens->count && tokens->token[next].kind != TOKEN_MARK;
    if (found) *at = next;
    return found;
}

bool phrase_walk_next(struct phrase_walk *walk)
{
    size_t at = walk->end;
    if (walk->path == PHRASE_NONE) return false;
    if (walk->begun) {
        if (!entry_of(walk->phrases, walk->path)->goes_on || !next_word(walk->tokens, &at)) return false;
        walk->path = step_over(walk->phrases, walk->path, walk->tokens, at, 0);
        if (walk->path == PHRASE_NONE) return false;
    }
    walk->begun = true;
    walk->end = at + 1;
    walk->entry = entry_of(walk->phrases, walk->path)->beginning ? PHRASE_NONE : walk->path;
    return true;
}

int32_t phrases_find(const struct phrases *phrases, struct slice folded_word)
{
    int32_t found = find_step(phrases, PHRASE_NONE, folded_word, tokens_hash(folded_word));
    return found == PHRASE_NONE || entry_of(phrases, found)->beginning ? PHRASE_NONE : found;
}

uint32_t phrases_value(const struct phrases *phrases, int32_t entry)
{
    return entry_of(phrases, entry)->value;
}

int32_t phrases_next(const struct phrases *phrases, int32_t entry)
{
    return entry_of(phrases, entry)->next;
}

size_t phrases_count(const struct phrases *phrases)
{
    return phrases->entries.size / sizeof(struct phrase_entry);
}

int32_t phrases_first(const struct phrases *phrases, int32_t entry)
{
    return entry_of(phrases, entry)->first;
}

bool phrases_is_one_word(const struct phrases *phrases, int32_t entry)
{
    return entry_of(phrases, entry)->before == PHRASE_NONE;
}

bool phrases_is_beginning(const struct phrases *phrases, int32_t entry)
{
    return entry_of(phrases, entry)->beginning;
}

/* ---- putting */

static enum status add_entry(struct phrases *phrases, struct phrase_entry entry, int32_t *made, struct error *error)
{
    *made = (int32_t)phrases_count(phrases);
    entry.next = PHRASE_NONE;
    entry.first = entry.before == PHRASE_NONE ? *made : entry_of(phrases, entry.before)->first;
    buffer_put(&phrases->entries, slice_of(&entry, sizeof entry));
    return buffer_finish(&phrases->entries, error);
}

/* The path that goes on from `before` with that word; it is made if it is not there yet. */
static enum status make_step(struct phrases *phrases, int32_t before, struct slice word, int32_t *path,
                             struct error *error)
{
    uint32_t hash = tokens_hash(word);
    *path = find_step(phrases, before, word, hash);
    if (*path != PHRASE_NONE) return STATUS_DONE;
    struct phrase_entry entry = {.word_at = (uint32_t)phrases->words.size,
                                 .word_size = (uint32_t)word.size,
                                 .before = before,
                                 .beginning = true};
    buffer_put(&phrases->words, word);
    TRY(buffer_finish(&phrases->words, error));
    TRY(add_entry(phrases, entry, path, error));
    if (before != PHRASE_NONE) entry_of(phrases, before)->goes_on = true;
    sieve_put(&phrases->sieve, step_hash(before, hash));
    return table_put(&phrases->table, step_hash(before, hash), (uint32_t)*path, error);
}

/* Puts the value behind those that the path has. */
static enum status put_value(struct phrases *phrases, int32_t path, uint32_t value, struct error *error)
{
    struct phrase_entry *entry = entry_of(phrases, path);
    if (entry->beginning) {
        entry->value = value;
        entry->beginning = false;
        return STATUS_DONE;
    }
    int32_t made, last = path;
    while (phrases_next(phrases, last) != PHRASE_NONE) last = phrases_next(phrases, last);
    TRY(add_entry(phrases, (struct phrase_entry){.before = entry->before, .value = value}, &made, error));
    entry_of(phrases, made)->first = phrases_first(phrases, path);
    entry_of(phrases, last)->next = made;
    return STATUS_DONE;
}

static enum status no_phrase(struct slice phrase, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "lexicon-phrase",
                     "\"{0}\" is no phrase of a lexicon: it has no word, or is too long.", error_slice(phrase).text,
                     NULL);
}

static enum status put_words(struct phrases *phrases, const struct tokens *tokens, uint32_t value, struct error *error)
{
    int32_t path = PHRASE_NONE;
    size_t size = LETTER_BYTES, at = 0; /* room for the alef of an article */
    while (path == PHRASE_NONE ? tokens_is_word(tokens, at) || tokens_is_number(tokens, at) : next_word(tokens, &at)) {
        struct slice word = spelling(phrases, tokens_text(tokens, at++));
        size += word.size + 1;
        if (size > PHRASE_BYTES) return no_phrase(tokens->source, error);
        TRY(make_step(phrases, path, word, &path, error));
    }
    bool whole = at + is_inside_phrase(tokens, at) == tokens->count;
    return whole && path != PHRASE_NONE ? put_value(phrases, path, value, error) : no_phrase(tokens->source, error);
}

static enum status put_together(struct phrases *phrases, const struct tokens *tokens, uint32_t value,
                                struct error *error)
{
    char word[PHRASE_BYTES];
    int32_t path;
    size_t size = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        struct slice part = tokens_text(tokens, i);
        if (tokens->token[i].kind == TOKEN_MARK) continue;
        if (size + part.size > sizeof word) return no_phrase(tokens->source, error);
        memcpy(word + size, part.data, part.size);
        size += part.size;
    }
    TRY(make_step(phrases, PHRASE_NONE, slice_of(word, size), &path, error));
    return put_value(phrases, path, value, error);
}

typedef enum status put_function(struct phrases *, const struct tokens *, uint32_t, struct error *);

static enum status put_folded(struct phrases *phrases, struct slice phrase, uint32_t value, put_function *put,
                              struct error *error)
{
    OWN(buffer_clear) struct buffer folded = {0};
    OWN(fold_map_clear) struct fold_map map = {0};
    OWN(tokens_clear) struct tokens tokens = {0};
    TRY(text_fold(&folded, &map, phrase, error));
    TRY(tokens_cut(&tokens, phrase, buffer_slice(&folded), &map, error));
    return put(phrases, &tokens, value, error);
}

enum status phrases_put(struct phrases *phrases, struct slice phrase, uint32_t value, struct error *error)
{
    return put_folded(phrases, phrase, value, put_words, error);
}

enum status phrases_put_joined(struct phrases *phrases, struct slice phrase, uint32_t value, struct error *error)
{
    return put_folded(phrases, phrase, value, put_together, error);
}
