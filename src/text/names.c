#include "text/names.h"

#include "text/known.h"
#include "text/utf8.h"

enum { NAME_LETTERS_LEAST = 4, NAME_LETTERS_MOST = 40, OFFERS_MOST = 16 };

struct name {
    uint32_t letter[NAME_LETTERS_MOST];
    size_t count;
};

static bool read_name(struct name *out, struct slice word)
{
    out->count = 0;
    for (size_t at = 0; at < word.size;) {
        if (out->count == NAME_LETTERS_MOST) return false;
        out->letter[out->count++] = utf8_next(word, &at);
    }
    return out->count >= NAME_LETTERS_LEAST;
}

/* Letters that stand for one foreign sound, by one of the pair. */
static uint32_t sound_of(uint32_t letter)
{
    switch (letter) {
    case 0x62e: return 0x643; /* خ as ك */
    case 0x63a: return 0x62c; /* غ as ج */
    case 0x634: return 0x633; /* ش as س */
    default: return letter;
    }
}

static bool is_one_swap(const struct name *a, const struct name *b)
{
    size_t i = 0;
    while (i < a->count && a->letter[i] == b->letter[i]) i++;
    if (i + 1 >= a->count || a->letter[i] != b->letter[i + 1] || a->letter[i + 1] != b->letter[i]) return false;
    return memcmp(&a->letter[i + 2], &b->letter[i + 2], (a->count - i - 2) * sizeof a->letter[0]) == 0;
}

static bool is_one_sound(const struct name *a, const struct name *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (sound_of(a->letter[i]) != sound_of(b->letter[i])) return false;
    return true;
}

bool names_may_be_one(struct slice a, struct slice b)
{
    struct name first, second;
    if (a.size != b.size || slice_equal(a, b) || !read_name(&first, a) || !read_name(&second, b)) return false;
    return first.count == second.count && (is_one_swap(&first, &second) || is_one_sound(&first, &second));
}

/* ---- in a text */

static bool is_common(struct slice word)
{
    return (known_find(word, word_hash(word)) & (KNOWN_WORD | KNOWN_SMALL)) != 0;
}

static bool is_offered(const struct words *query, struct slice word)
{
    if (is_common(word)) return false;
    bool offered = false;
    for (size_t i = 0; i < query->count; i++) {
        struct word asked = words_at(query, i);
        struct slice name = words_slice(query, asked.from, asked.to);
        if (slice_equal(name, word)) return false;
        offered = offered || (!is_common(name) && names_may_be_one(name, word));
    }
    return offered;
}

struct offering {
    const struct words *text, *query;
    struct buffer seen; /* folded spellings, each with a zero behind */
    size_t offers;
    names_visit *visit;
    void *context;
};

static bool was_seen(const struct offering *offering, struct slice word)
{
    const uint8_t *found = NULL;
    for (size_t at = 0; at < offering->seen.size; at = (size_t)(found - offering->seen.data) + 1) {
        found = memchr(offering->seen.data + at, '\0', offering->seen.size - at);
        if (slice_equal(slice_part(buffer_slice(&offering->seen), at, (size_t)(found - offering->seen.data) - at),
                        word))
            return true;
    }
    return false;
}

static enum status offer_word(struct offering *offering, struct word word, struct error *error)
{
    struct word_form forms[WORD_FORMS_MOST];
    size_t count = words_forms(offering->text, (struct word_piece){word.from, word.to}, forms);
    for (size_t i = 0; i < count && offering->offers < OFFERS_MOST; i++) {
        struct slice form = words_slice(offering->text, forms[i].from, word.to);
        if (forms[i].article || !is_offered(offering->query, form) || was_seen(offering, form)) continue;
        offering->offers++;
        buffer_put(&offering->seen, form);
        buffer_put_byte(&offering->seen, '\0');
        TRY(buffer_finish(&offering->seen, error));
        TRY(offering->visit(offering->context, fold_source_start(&offering->text->map, forms[i].from),
                            fold_source_end(&offering->text->map, word.to), error));
    }
    return STATUS_DONE;
}

static enum status offer_all(struct offering *offering, struct error *error)
{
    for (size_t at = 0; at < offering->text->unique.size; at += sizeof(uint32_t)) {
        uint32_t i;
        memcpy(&i, offering->text->unique.data + at, sizeof i);
        TRY(offer_word(offering, words_at(offering->text, i), error));
    }
    return STATUS_DONE;
}

enum status names_offer(const struct words *text, const struct words *query, names_visit *visit, void *context,
                        struct error *error)
{
    struct offering offering = {.text = text, .query = query, .visit = visit, .context = context};
    enum status status = offer_all(&offering, error);
    buffer_clear(&offering.seen);
    return status;
}
