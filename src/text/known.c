#include "text/known.h"

#include "base/table.h"
#include "text/fold.h"
#include "text/lexicon.h"

#include <pthread.h>

struct entry {
    uint32_t from, size;
    uint8_t flags, seam;
};

/* Lives as long as the process. */
static struct {
    struct buffer bytes, entries;
    struct table table;
    enum status status;
} known;

uint32_t word_hash(struct slice word)
{
    uint32_t hash = WORD_HASH_BEGIN;
    for (size_t i = 0; i < word.size; i++) hash = word_hash_more(hash, word.data[i]);
    return word_hash_end(hash);
}

static struct entry *entry_at(uint32_t i)
{
    return (struct entry *)(void *)known.entries.data + i;
}

static struct entry *entry_find(struct slice word, uint32_t hash)
{
    size_t at = 0;
    for (uint32_t i; (i = table_next(&known.table, hash, &at)) != TABLE_NONE;) {
        struct entry *entry = entry_at(i);
        if (slice_equal(slice_part(buffer_slice(&known.bytes), entry->from, entry->size), word)) return entry;
    }
    return NULL;
}

/* ---- making the table */

static enum status learn(struct slice folded, unsigned flags, size_t seam, struct error *error)
{
    uint32_t hash = word_hash(folded);
    struct entry *there = entry_find(folded, hash);
    if (there != NULL) {
        there->flags |= (uint8_t)flags;
        if (seam > 0) there->seam = (uint8_t)seam;
        return STATUS_DONE;
    }
    struct entry entry = {(uint32_t)known.bytes.size, (uint32_t)folded.size, (uint8_t)flags, (uint8_t)seam};
    buffer_put(&known.bytes, folded);
    TRY(table_put(&known.table, hash, (uint32_t)(known.entries.size / sizeof entry), error));
    buffer_put(&known.entries, slice_of(&entry, sizeof entry));
    TRY(buffer_finish(&known.bytes, error));
    return buffer_finish(&known.entries, error);
}

static bool begins_with_hamza(struct slice word)
{
    return slice_starts(word, "أ") || slice_starts(word, "إ");
}

static enum status learn_line(struct slice line, unsigned flags, struct error *error)
{
    OWN(buffer_clear) struct buffer folded = {0};
    struct slice column;
    size_t seam = 0;
    if (flags == KNOWN_KEPT && line.data[line.size - 1] == '*') {
        line.size--;
        flags = KNOWN_STEM;
    }
    if (flags == KNOWN_SMALL && begins_with_hamza(line)) flags |= KNOWN_HAMZA;
    while (lexicon_column(&line, &column)) {
        if (folded.size > 0) seam = folded.size;
        TRY(text_fold(&folded, NULL, column, error));
    }
    return learn(buffer_slice(&folded), flags, seam, error);
}

static enum status learn_file(const char *path, unsigned flags, struct error *error)
{
    struct slice rest = lexicon_get(path), line;
    while (lexicon_line(&rest, &line)) TRY(learn_line(line, flags, error));
    return STATUS_DONE;
}

static enum status learn_all(struct error *error)
{
    TRY(learn_file("ar/search-small.txt", KNOWN_SMALL, error));
    TRY(learn_file("ar/search-joined.txt", KNOWN_JOINED, error));
    TRY(learn_file("ar/search-kept.txt", KNOWN_KEPT, error));
    TRY(learn_file("ar/search-names.txt", KNOWN_NAME, error));
    TRY(learn_file("ar/search-words.txt", KNOWN_WORD, error));
    TRY(learn_file("en/search-joined.txt", KNOWN_JOINED, error));
    return learn_file("en/search-whole.txt", KNOWN_WHOLE, error);
}

static void make(void)
{
    known.status = learn_all(NULL);
}

enum status known_open(struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make);
    if (known.status == STATUS_DONE) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.",
                     NULL);
}

/* ---- looking up */

unsigned known_find(struct slice word, uint32_t hash)
{
    const struct entry *entry = entry_find(word, hash);
    return entry == NULL ? 0 : entry->flags;
}

size_t known_seam(struct slice word)
{
    const struct entry *entry = entry_find(word, word_hash(word));
    return entry == NULL ? 0 : entry->seam;
}

bool known_kept(struct slice word)
{
    uint32_t hash = WORD_HASH_BEGIN;
    for (size_t i = 0; i < word.size; i++) {
        hash = word_hash_more(hash, word.data[i]);
        unsigned flags = known_find(slice_part(word, 0, i + 1), word_hash_end(hash));
        if ((flags & KNOWN_STEM) != 0 || ((flags & KNOWN_KEPT) != 0 && i + 1 == word.size)) return true;
    }
    return false;
}
