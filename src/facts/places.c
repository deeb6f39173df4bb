#include "facts/places.h"

#include "facts/vocabulary.h"

#include <assert.h>

struct search {
    const struct tokens *tokens;
    const struct gazetteer *gazetteer;
    struct arena *arena;
    struct buffer found;
};

/* A name of Latin letters stands with a capital letter, its article aside (al-Bab). */
static bool has_capital(const struct tokens *tokens, size_t at, size_t end)
{
    if (!name_is_latin(tokens_text(tokens, at)) || tokens_is_capital(tokens, at)) return true;
    for (size_t i = at + 1; i < end; i++)
        if (tokens->token[i].kind == TOKEN_WORD)
            return tokens_text(tokens, at).size <= 3 && tokens_is_capital(tokens, i);
    return false;
}

static bool is_spoken_for(const struct tokens *tokens, size_t at)
{
    struct word_found found;
    for (size_t back = 1; back <= 2 && back <= at; back++)
        if (vocabulary_find_behind(&found, tokens, at - back, WORD_PLACE_CUE) && found.end == at) return true;
    return false;
}

static bool name_fits(const struct search *search, const struct name *name, size_t at, size_t end)
{
    const struct tokens *tokens = search->tokens;
    if (name->capitals) {
        struct span span = tokens_span(tokens, at, 0, end - 1);
        if (name_has_small_letter(slice_part(tokens->source, span.start, span.end - span.start))) return false;
    }
    return !name->doubtful || is_spoken_for(tokens, at);
}

struct match {
    size_t at, end; /* tokens */
    size_t skip;    /* bytes */
    int32_t entry;
};

static bool entry_fits(const struct search *search, int32_t entry, size_t at, size_t end)
{
    const struct phrases *phrases = &search->gazetteer->phrases;
    for (; entry != PHRASE_NONE; entry = phrases_next(phrases, entry))
        if (name_fits(search, gazetteer_name(search->gazetteer, phrases_value(phrases, entry)), at, end)) return true;
    return false;
}

/* The name with the most words that begins at the token; of equals the one with the fewest letters before it. */
static bool match_name(const struct search *search, struct match *out, size_t at)
{
    struct clitic ways[CLITICS_MOST];
    size_t count = tokens_clitics(search->tokens, at, ways);
    out->end = at;
    for (size_t i = 0; i < count; i++) {
        struct phrase_walk walk;
        int32_t begin = phrases_begin(&search->gazetteer->phrases, search->tokens, at, &ways[i]);
        if (begin == PHRASE_NONE) continue;
        phrase_walk_open(&walk, &search->gazetteer->phrases, search->tokens, at, begin);
        while (phrase_walk_next(&walk)) {
            if (walk.entry == PHRASE_NONE || walk.end <= out->end) continue;
            if (!has_capital(search->tokens, at, walk.end) || !entry_fits(search, walk.entry, at, walk.end)) continue;
            *out = (struct match){at, walk.end, ways[i].skip, walk.entry};
        }
    }
    return out->end > at;
}

/* ---- words that were run together */

/* How a place of the token was reached: by the piece from `from`, of whose name `start` is the first byte. */
struct step {
    bool reached;
    uint8_t from, start;
    int32_t entry; /* of a name, or PHRASE_NONE for a word between names */
};

struct joined {
    const struct gazetteer *gazetteer;
    struct slice word;
    struct step step[JOINED_MOST + 1];
};

static void reach(struct joined *joined, size_t from, size_t start, size_t end, int32_t entry)
{
    if (!joined->step[end].reached) joined->step[end] = (struct step){true, (uint8_t)from, (uint8_t)start, entry};
}

/* May a name, or a word between names, begin at that byte? */
static bool may_start_name(const struct gazetteer *gazetteer, struct slice word, size_t start)
{
    return start + NAME_JOINED_BYTES <= word.size &&
           sieve_may_have(&gazetteer->starts, tokens_hash(slice_of(word.data + start, NAME_JOINED_BYTES)));
}

static bool may_start_between(const struct gazetteer *gazetteer, struct slice word, size_t start)
{
    return start + BETWEEN_LEAST_BYTES <= word.size &&
           sieve_may_have(&gazetteer->between_starts, tokens_hash(slice_of(word.data + start, BETWEEN_LEAST_BYTES)));
}

static void try_names(struct joined *joined, size_t from, size_t start)
{
    if (!may_start_name(joined->gazetteer, joined->word, start)) return;
    for (size_t end = joined->word.size; end >= start + NAME_JOINED_BYTES; end -= 2) {
        int32_t entry = phrases_find(&joined->gazetteer->together, slice_part(joined->word, start, end - start));
        if (entry != PHRASE_NONE) reach(joined, from, start, end, entry);
    }
}

static void try_between(struct joined *joined, size_t from)
{
    enum { MOST = 16 };
    if (!may_start_between(joined->gazetteer, joined->word, from)) return;
    for (size_t size = BETWEEN_LEAST_BYTES; size <= MOST && from + size <= joined->word.size; size += 2)
        if (phrases_find(&joined->gazetteer->between, slice_part(joined->word, from, size)) != PHRASE_NONE)
            reach(joined, from, from, from + size, PHRASE_NONE);
}

static unsigned letter_at(struct slice word, size_t at)
{
    return word.size >= at + LETTER_BYTES ? (unsigned)word.data[at] << 8 | word.data[at + 1] : 0;
}

/* و and ف, and ب ك ل behind them or alone. */
static size_t skip_clitics(struct slice word, size_t from, size_t skips[3])
{
    size_t count = 0;
    skips[count++] = from;
    unsigned letter = letter_at(word, from);
    if (letter == WAW || letter == FEH) {
        skips[count++] = from += LETTER_BYTES;
        letter = letter_at(word, from);
    }
    if (letter == BEH || letter == KAF || letter == LAM) skips[count++] = from + LETTER_BYTES;
    return count;
}

static bool is_arabic_word(struct slice word)
{
    for (size_t i = 0; i < word.size; i += 2)
        if (word.data[i] < 0xd8 || word.data[i] > 0xdb) return false;
    return word.size % 2 == 0;
}

/* Can the whole word be taken apart into names and words between them? */
static bool take_apart(struct joined *joined)
{
    size_t skips[3];
    joined->step[0].reached = true;
    for (size_t from = 0; from < joined->word.size; from += 2) {
        if (!joined->step[from].reached) continue;
        size_t count = skip_clitics(joined->word, from, skips);
        for (size_t i = 0; i < count; i++) try_names(joined, from, skips[i]);
        try_between(joined, from);
    }
    return joined->step[joined->word.size].reached;
}

/* Most words begin with no name and no such word: they are taken apart no further. */
static bool may_be_joined(const struct gazetteer *gazetteer, struct slice word)
{
    size_t skips[3], count = skip_clitics(word, 0, skips);
    for (size_t i = 0; i < count; i++)
        if (may_start_name(gazetteer, word, skips[i])) return true;
    return may_start_between(gazetteer, word, 0);
}

/* ---- candidates */

static bool is_offered(const struct place_candidate *candidates, size_t count, const struct place *place)
{
    for (size_t i = 0; i < count; i++)
        if (candidates[i].place == place) return true;
    return false;
}

/* Whoever bears the name itself comes before whoever is meant by it. */
static enum status offer(struct search *search, struct found_place *out, const struct phrases *phrases, int32_t entry,
                         size_t at, size_t end, struct error *error)
{
    size_t names = 0, count = 0;
    for (int32_t i = entry; i != PHRASE_NONE; i = phrases_next(phrases, i)) names++;
    struct place_candidate *made = arena_get(search->arena, names * sizeof *made);
    if (made == NULL) return arena_full(error);
    for (int metonym = 0; metonym <= 1; metonym++) {
        for (int32_t i = entry; i != PHRASE_NONE; i = phrases_next(phrases, i)) {
            const struct name *name = gazetteer_name(search->gazetteer, phrases_value(phrases, i));
            const struct place *place = gazetteer_place(search->gazetteer, name->place);
            if (name->metonym != metonym || is_offered(made, count, place)) continue;
            if (name_fits(search, name, at, end))
                made[count++] = (struct place_candidate){place, name->metonym, name->doubtful};
        }
    }
    out->candidate = made;
    out->candidates = count;
    return STATUS_DONE;
}

static enum status put_match(struct search *search, const struct match *match, struct error *error)
{
    struct span span = tokens_span(search->tokens, match->at, match->skip, match->end - 1);
    struct found_place found = {.start = span.start, .end = span.end};
    TRY(offer(search, &found, &search->gazetteer->phrases, match->entry, match->at, match->end, error));
    buffer_put(&search->found, slice_of(&found, sizeof found));
    return STATUS_DONE;
}

/* Puts the names of a word that was taken apart, the first first. */
static enum status put_joined(struct search *search, const struct joined *joined, size_t at, struct error *error)
{
    const struct tokens *tokens = search->tokens;
    size_t ends[JOINED_MOST], count = 0, from = tokens->token[at].from;
    for (size_t end = joined->word.size; end > 0; end = joined->step[end].from) ends[count++] = end;
    while (count-- > 0) {
        const struct step *step = &joined->step[ends[count]];
        if (step->entry == PHRASE_NONE) continue;
        struct found_place found = {.start = fold_source_start(tokens->map, from + step->start),
                                    .end = fold_source_end(tokens->map, from + ends[count]),
                                    .joined = true};
        TRY(offer(search, &found, &search->gazetteer->together, step->entry, at, at + 1, error));
        buffer_put(&search->found, slice_of(&found, sizeof found));
    }
    return STATUS_DONE;
}

static enum status search_inside(struct search *search, size_t at, struct error *error)
{
    struct slice word = tokens_text(search->tokens, at);
    if (word.size <= NAME_JOINED_BYTES || word.size > JOINED_MOST || word.data[0] < 0xd8) return STATUS_DONE;
    if (!may_be_joined(search->gazetteer, word) || !is_arabic_word(word)) return STATUS_DONE;
    struct joined joined;
    joined.gazetteer = search->gazetteer;
    joined.word = word;
    for (size_t i = 0; i <= word.size; i += LETTER_BYTES) joined.step[i].reached = false; /* of many a short word's */
    return take_apart(&joined) ? put_joined(search, &joined, at, error) : STATUS_DONE;
}

enum status places_find(struct place_list *out, const struct tokens *tokens, const struct gazetteer *gazetteer,
                        struct arena *arena, struct error *error)
{
    struct search search = {.tokens = tokens, .gazetteer = gazetteer, .arena = arena};
    struct match match = {0};
    enum status status = STATUS_DONE;
    assert(tokens->begins != NULL && "words that were looked up");
    for (size_t at = 0; at < tokens->count && status == STATUS_DONE;) {
        bool word = tokens->token[at].kind == TOKEN_WORD, named = word && match_name(&search, &match, at);
        if (named)
            status = put_match(&search, &match, error);
        else if (word)
            status = search_inside(&search, at, error);
        at = named ? match.end : at + 1;
    }
    OWN(buffer_clear) struct buffer found = search.found;
    TRY(status);
    TRY(buffer_finish(&found, error));
    struct slice kept = arena_copy(arena, buffer_slice(&found));
    if (kept.data == NULL && found.size > 0) return arena_full(error);
    *out = (struct place_list){(const struct found_place *)(const void *)kept.data,
                               found.size / sizeof(struct found_place)};
    return STATUS_DONE;
}
