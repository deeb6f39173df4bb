/* Every beginning of a phrase of several words is a key too, without values: so a walk stops at the first word that
 * leads nowhere, and most words of a text cost one look. */
#include "facts/phrases.h"

struct phrase_entry {
    uint32_t key_at, key_size;
    uint32_t value;
    int32_t next;  /* under the same key */
    int32_t first; /* the entry of the first word of its phrase */
    bool beginning;
};

void phrases_clear(struct phrases *phrases)
{
    buffer_clear(&phrases->keys);
    buffer_clear(&phrases->entries);
    table_clear(&phrases->table);
    phrases->sieve = (struct sieve){0};
}

static struct phrase_entry *entry_of(const struct phrases *phrases, int32_t i)
{
    return (struct phrase_entry *)(void *)phrases->entries.data + i;
}

static int32_t find_hashed(const struct phrases *phrases, struct slice key, uint32_t hash)
{
    size_t at = 0;
    uint32_t i;
    while ((i = table_next(&phrases->table, hash, &at)) != TABLE_NONE) {
        const struct phrase_entry *entry = entry_of(phrases, (int32_t)i);
        if (slice_equal(slice_part(buffer_slice(&phrases->keys), entry->key_at, entry->key_size), key))
            return (int32_t)i;
    }
    return PHRASE_NONE;
}

static inline int32_t find_sieved(const struct phrases *phrases, struct slice key, uint32_t hash)
{
    return sieve_may_have(&phrases->sieve, hash) ? find_hashed(phrases, key, hash) : PHRASE_NONE;
}

static int32_t find_key(const struct phrases *phrases, struct slice key)
{
    return find_sieved(phrases, key, tokens_hash(key));
}

static enum status add_entry(struct phrases *phrases, struct slice key, struct phrase_entry entry, struct error *error)
{
    int32_t made = (int32_t)(phrases->entries.size / sizeof entry), old = find_key(phrases, key);
    if (old != PHRASE_NONE && entry.beginning) return STATUS_DONE;
    entry.next = PHRASE_NONE;
    if (old != PHRASE_NONE && entry_of(phrases, old)->beginning) {
        entry_of(phrases, old)->value = entry.value;
        entry_of(phrases, old)->beginning = false;
        return STATUS_DONE;
    }
    if (entry.first == PHRASE_NONE) entry.first = old == PHRASE_NONE ? made : old;
    if (old == PHRASE_NONE) {
        entry.key_at = (uint32_t)phrases->keys.size;
        entry.key_size = (uint32_t)key.size;
        buffer_put(&phrases->keys, key);
        sieve_put(&phrases->sieve, tokens_hash(key));
        TRY(table_put(&phrases->table, tokens_hash(key), (uint32_t)made, error));
    }
    buffer_put(&phrases->entries, slice_of(&entry, sizeof entry));
    TRY(buffer_finish(&phrases->entries, error));
    TRY(buffer_finish(&phrases->keys, error));
    if (old == PHRASE_NONE) return STATUS_DONE;
    while (entry_of(phrases, old)->next != PHRASE_NONE) old = entry_of(phrases, old)->next;
    entry_of(phrases, old)->next = made;
    return STATUS_DONE;
}

/* ---- keys */

/* The article as it is heard before the letters of the sun, and as it is written in Egypt. */
static const char *const articles[] = {"al",  "ad", "an", "ar", "as", "ash", "at",
                                       "ath", "az", "ed", "el", "er", "es",  "ez"};
enum { ARTICLE_MOST = 3 };

static struct slice spelling(const struct phrases *phrases, struct slice word)
{
    if (!phrases->romanised || word.size == 0 || word.data[0] >= 0x80) return word;
    bool vowel = word.data[0] == 'a' || word.data[0] == 'e';
    for (size_t i = 0; i < COUNT_OF(articles) && vowel && word.size <= ARTICLE_MOST; i++)
        if (slice_is(word, articles[i])) return slice_from(articles[0]);
    bool mute = word.size > 2 && word.data[word.size - 1] == 'h' && word.data[word.size - 2] == 'a';
    return mute ? slice_part(word, 0, word.size - 1) : word;
}

static const char alef[] = "\xd8\xa7";
enum { KEY_BESIDE = sizeof alef }; /* room for what may stand before a word in a key */

static bool put_word(struct phrase_walk *walk, struct slice word, bool article)
{
    size_t blank = walk->size > 0;
    word = spelling(walk->phrases, word);
    if (walk->size + blank + word.size + KEY_BESIDE > PHRASE_BYTES) return false;
    if (blank) walk->key[walk->size++] = ' ';
    if (article) {
        memcpy(walk->key + walk->size, alef, sizeof alef - 1);
        walk->size += sizeof alef - 1;
    }
    memcpy(walk->key + walk->size, word.data, word.size);
    walk->size += word.size;
    return true;
}

/* Between the words of a phrase: white space, a hyphen, an apostrophe, or the point of an abbreviation. */
static bool is_inside_phrase(const struct tokens *tokens, size_t at)
{
    static const uint32_t marks[] = {'-', '\'', '`', '.', 0x2019, 0x2018, 0x2010, 0x2011, 0x2bb, 0x2bc, 0x2be, 0x2bf};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (tokens_is_mark(tokens, at, marks[i])) return !tokens->token[at].spaced;
    return false;
}

void phrase_walk_open(struct phrase_walk *walk, const struct phrases *phrases, const struct tokens *tokens, size_t at,
                      struct clitic clitic)
{
    walk->phrases = phrases;
    walk->tokens = tokens;
    walk->at = walk->end = at;
    walk->clitic = clitic;
    walk->size = 0;
    walk->entry = PHRASE_NONE;
}

/* Takes the next word; false if there is none in reach. */
static bool take_word(struct phrase_walk *walk)
{
    const struct tokens *tokens = walk->tokens;
    size_t at = walk->end;
    bool first = at == walk->at;
    if (!first && is_inside_phrase(tokens, at)) at++;
    if (at >= tokens->count || tokens->token[at].kind == TOKEN_MARK) return false;
    struct slice word = tokens_text(tokens, at);
    if (first) word = slice_part(word, walk->clitic.skip, word.size);
    if (!put_word(walk, word, first && walk->clitic.article)) return false;
    walk->end = at + 1;
    return true;
}

bool phrase_walk_next(struct phrase_walk *walk)
{
    if (!take_word(walk)) return false;
    walk->entry = find_key(walk->phrases, slice_of(walk->key, walk->size));
    if (walk->entry == PHRASE_NONE) return false;
    if (entry_of(walk->phrases, walk->entry)->beginning) walk->entry = PHRASE_NONE;
    return true;
}

/* Without a walk's copy of the word, where the key is the word as it stands in the text. */
int32_t phrases_begin(const struct phrases *phrases, const struct tokens *tokens, size_t at, struct clitic clitic)
{
    struct phrase_walk walk;
    struct slice word = tokens_text(tokens, at);
    if (!clitic.article && word.size + KEY_BESIDE <= PHRASE_BYTES) {
        struct slice key = spelling(phrases, slice_part(word, clitic.skip, word.size));
        bool whole = key.data == word.data && key.size == word.size;
        return find_sieved(phrases, key, whole ? tokens->token[at].hash : tokens_hash(key));
    }
    phrase_walk_open(&walk, phrases, tokens, at, clitic);
    return take_word(&walk) ? find_key(phrases, slice_of(walk.key, walk.size)) : PHRASE_NONE;
}

int32_t phrases_first(const struct phrases *phrases, int32_t entry)
{
    return entry_of(phrases, entry)->first;
}

size_t phrases_count(const struct phrases *phrases)
{
    return phrases->entries.size / sizeof(struct phrase_entry);
}

bool phrases_is_beginning(const struct phrases *phrases, int32_t entry)
{
    return entry_of(phrases, entry)->beginning;
}

int32_t phrases_find(const struct phrases *phrases, struct slice folded_word)
{
    int32_t found = find_key(phrases, folded_word);
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

/* ---- putting */

static enum status no_phrase(struct slice phrase, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "lexicon-phrase",
                     "\"{0}\" is no phrase of a lexicon: it has no word, or is too long.", error_slice(phrase).text,
                     NULL);
}

static enum status put_words(struct phrases *phrases, const struct tokens *tokens, uint32_t value, struct error *error)
{
    struct phrase_walk walk;
    int32_t first = PHRASE_NONE;
    phrase_walk_open(&walk, phrases, tokens, 0, (struct clitic){0, false});
    while (take_word(&walk)) {
        struct phrase_entry entry = {.value = value, .first = first, .beginning = walk.end < tokens->count};
        if (walk.end + 1 == tokens->count && is_inside_phrase(tokens, walk.end)) entry.beginning = false;
        TRY(add_entry(phrases, slice_of(walk.key, walk.size), entry, error));
        if (!entry.beginning) return STATUS_DONE;
        if (first == PHRASE_NONE) first = find_key(phrases, slice_of(walk.key, walk.size));
    }
    return no_phrase(tokens->source, error);
}

static enum status put_together(struct phrases *phrases, const struct tokens *tokens, uint32_t value,
                                struct error *error)
{
    char key[PHRASE_BYTES];
    size_t size = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        struct slice word = tokens_text(tokens, i);
        if (tokens->token[i].kind == TOKEN_MARK) continue;
        if (size + word.size > sizeof key) return no_phrase(tokens->source, error);
        memcpy(key + size, word.data, word.size);
        size += word.size;
    }
    return add_entry(phrases, slice_of(key, size), (struct phrase_entry){.value = value, .first = PHRASE_NONE}, error);
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
