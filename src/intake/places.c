#include "intake/places.h"

#include "base/degrees.h"
#include "intake/phrases.h"
#include "intake/vocabulary.h"
#include "text/lexicon.h"

#include <pthread.h>
#include <stdlib.h>

/* Names that words were run together at have four letters at least: shorter ones lie within other words by chance. */
enum { NAME_JOINED_BYTES = 8, JOINED_MOST = PHRASE_BYTES, GAZETTEER_BYTES = 64 * 1024 * 1024 };

struct name {
    uint32_t place;
    bool metonym;  /* it is the name of the capital, and this is the state */
    bool doubtful; /* it is also an ordinary word: a word such as "town" or "in" must stand before it */
    bool capitals; /* it stands in capital letters throughout */
};

struct gazetteer {
    struct arena texts;
    struct buffer places, names;
    struct table ids;
    struct phrases phrases, together; /* the second without blanks */
    struct table starts;              /* of the second: the first NAME_JOINED_BYTES of each */
    struct phrases between;           /* words that names are run together with */
};

/* ---- reading */

static struct place *place_at(const struct gazetteer *gazetteer, size_t i)
{
    return (struct place *)(void *)gazetteer->places.data + i;
}

size_t gazetteer_size(const struct gazetteer *gazetteer)
{
    return gazetteer->places.size / sizeof(struct place);
}

const struct place *gazetteer_place(const struct gazetteer *gazetteer, size_t i)
{
    return place_at(gazetteer, i);
}

static uint32_t find_id(const struct gazetteer *gazetteer, struct slice id)
{
    size_t at = 0;
    uint32_t i;
    while ((i = table_next(&gazetteer->ids, table_hash(id), &at)) != TABLE_NONE)
        if (slice_equal(place_at(gazetteer, i)->id, id)) return i;
    return TABLE_NONE;
}

static enum status refuse_line(struct slice line, struct error *error)
{
    return error_set(
        error, STATUS_REFUSED, "lexicon-place",
        "\"{0}\" is no place: id | kind | country | within | latitude, longitude | names in Arabic | names "
        "in English, with an id that is not there yet.",
        error_slice(line).text, NULL);
}

static struct slice trim(struct slice s)
{
    while (s.size > 0 && s.data[0] == ' ') s = slice_part(s, 1, s.size);
    while (s.size > 0 && s.data[s.size - 1] == ' ') s.size--;
    return s;
}

/* What stands before the next `mark`. */
static bool cut(struct slice *rest, char mark, struct slice *part)
{
    if (rest->size == 0) return false;
    const uint8_t *found = memchr(rest->data, mark, rest->size);
    size_t size = found == NULL ? rest->size : (size_t)(found - rest->data);
    *part = trim(slice_part(*rest, 0, size));
    *rest = slice_part(*rest, size + 1, rest->size);
    return true;
}

enum { COLUMN_ID, COLUMN_KIND, COLUMN_COUNTRY, COLUMN_WITHIN, COLUMN_POINT, COLUMN_ARABIC, COLUMN_ENGLISH, COLUMNS };

static bool read_columns(struct slice line, struct slice column[COLUMNS])
{
    size_t count = 0;
    struct slice rest = line, more;
    for (size_t i = 0; i < COLUMNS; i++) column[i] = (struct slice){line.data, 0};
    while (count < COLUMNS && lexicon_column(&rest, &column[count])) count++;
    return count >= COLUMN_ENGLISH && !lexicon_column(&rest, &more) && column[COLUMN_ID].size > 0 &&
           column[COLUMN_ARABIC].size + column[COLUMN_ENGLISH].size > 0;
}

enum { LATITUDE_MOST = 90, LONGITUDE_MOST = 180 };

static bool read_point(struct place *place, struct slice text)
{
    struct slice latitude, rest = text;
    if (text.size == 0) return true;
    place->has_point = cut(&rest, ',', &latitude) && degrees_parse(&place->lat_e7, latitude, LATITUDE_MOST) &&
                       degrees_parse(&place->lon_e7, trim(rest), LONGITUDE_MOST);
    return place->has_point;
}

/* A name as it is written, without the signs before it. */
static struct slice bare_name(struct slice name)
{
    static const char optional[] = "(\xd8\xa7\xd9\x84)"; /* (ال) */
    if (slice_starts(name, "?")) name = trim(slice_part(name, 1, name.size));
    if (!slice_starts(name, optional)) return name;
    return slice_part(name, sizeof optional - 1, name.size);
}

static struct slice first_name(struct slice names)
{
    struct slice name;
    return cut(&names, ';', &name) ? bare_name(name) : names;
}

static enum status read_place(struct gazetteer *gazetteer, struct slice line, struct error *error)
{
    struct slice column[COLUMNS];
    if (!read_columns(line, column)) return refuse_line(line, error);
    struct place place = {.id = column[COLUMN_ID],
                          .kind = column[COLUMN_KIND],
                          .country = column[COLUMN_COUNTRY],
                          .within = column[COLUMN_WITHIN],
                          .name_ar = first_name(column[COLUMN_ARABIC]),
                          .name_en = first_name(column[COLUMN_ENGLISH])};
    if (!read_point(&place, column[COLUMN_POINT]) || find_id(gazetteer, place.id) != TABLE_NONE)
        return refuse_line(line, error);
    uint32_t made = (uint32_t)gazetteer_size(gazetteer);
    buffer_put(&gazetteer->places, slice_of(&place, sizeof place));
    TRY(buffer_finish(&gazetteer->places, error));
    return table_put(&gazetteer->ids, table_hash(place.id), made, error);
}

/* ---- names */

static bool is_latin(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) /* Arabic begins with D8 … DB, accented Latin with C3 … C9 */
        if (text.data[i] >= 0xd8) return false;
    return true;
}

static bool has_small_letter(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= 'a' && text.data[i] <= 'z') return true;
    return false;
}

static enum status put_start(struct gazetteer *gazetteer, struct slice name, struct error *error)
{
    OWN(buffer_clear) struct buffer folded = {0};
    struct buffer together = {0};
    TRY(text_fold(&folded, NULL, name, error));
    for (size_t i = 0; i < folded.size; i++)
        if (folded.data[i] >= 0x80) buffer_put_byte(&together, folded.data[i]);
    OWN(buffer_clear) struct buffer kept = together;
    TRY(buffer_finish(&kept, error));
    if (kept.size < NAME_JOINED_BYTES) return STATUS_DONE;
    struct slice start = slice_part(buffer_slice(&kept), 0, NAME_JOINED_BYTES);
    return table_put(&gazetteer->starts, table_hash(start), 0, error);
}

static enum status put_name(struct gazetteer *gazetteer, struct slice text, struct name name, struct error *error)
{
    uint32_t made = (uint32_t)(gazetteer->names.size / sizeof name);
    name.capitals = is_latin(text) && !has_small_letter(text);
    buffer_put(&gazetteer->names, slice_of(&name, sizeof name));
    TRY(buffer_finish(&gazetteer->names, error));
    TRY(phrases_put(&gazetteer->phrases, text, made, error));
    if (is_latin(text) || name.doubtful) return STATUS_DONE;
    TRY(put_start(gazetteer, text, error));
    return phrases_put_joined(&gazetteer->together, text, made, error);
}

/* The name with its article and, if that may be left out, without; a short one in Latin letters keeps it (Al-Bab). */
enum { BARE_LEAST = 5 };

static enum status put_forms(struct gazetteer *gazetteer, struct slice text, struct name name, struct error *error)
{
    static const char *const latin_articles[] = {"Al-", "Ad-", "An-", "Ar-", "As-", "Ash-", "At-", "Az-", "El-"};
    OWN(buffer_clear) struct buffer whole = {0};
    struct slice bare = bare_name(text);
    name.doubtful = slice_starts(text, "?");
    TRY(put_name(gazetteer, bare, name, error));
    for (size_t i = 0; i < COUNT_OF(latin_articles); i++)
        if (slice_starts(bare, latin_articles[i]) && bare.size >= strlen(latin_articles[i]) + BARE_LEAST)
            return put_name(gazetteer, slice_part(bare, strlen(latin_articles[i]), bare.size), name, error);
    if (!slice_starts(slice_part(text, name.doubtful, text.size), "(")) return STATUS_DONE;
    buffer_put_string(&whole, "\xd8\xa7\xd9\x84");
    buffer_put(&whole, bare);
    TRY(buffer_finish(&whole, error));
    return put_name(gazetteer, buffer_slice(&whole), name, error);
}

/* A capital, or what the press takes for one, speaks for its state, whose id is the country's code in small letters. */
static uint32_t state_of(const struct gazetteer *gazetteer, uint32_t i)
{
    char id[8];
    const struct place *place = place_at(gazetteer, i);
    bool speaks = slice_is(place->kind, "capital") || slice_is(place->kind, "seat");
    if (!speaks || place->country.size >= sizeof id) return TABLE_NONE;
    for (size_t at = 0; at < place->country.size; at++) id[at] = (char)(place->country.data[at] | 0x20);
    return find_id(gazetteer, slice_of(id, place->country.size));
}

static enum status put_names(struct gazetteer *gazetteer, uint32_t place, struct slice names, struct error *error)
{
    struct slice text;
    uint32_t state = state_of(gazetteer, place);
    while (cut(&names, ';', &text)) {
        if (text.size == 0) continue;
        TRY(put_forms(gazetteer, text, (struct name){.place = place}, error));
        if (state == TABLE_NONE) continue;
        TRY(put_forms(gazetteer, text, (struct name){.place = state, .metonym = true}, error));
    }
    return STATUS_DONE;
}

/* Places first, then their names: a capital may stand before its state. */
enum status gazetteer_add(struct gazetteer *gazetteer, struct slice text, struct error *error)
{
    struct slice line, column[COLUMNS], kept = arena_copy(&gazetteer->texts, text), rest = kept;
    uint32_t i = (uint32_t)gazetteer_size(gazetteer);
    if (kept.data == NULL && text.size > 0) return arena_full(error);
    while (lexicon_line(&rest, &line)) TRY(read_place(gazetteer, line, error));
    for (rest = kept; lexicon_line(&rest, &line); i++) {
        read_columns(line, column);
        TRY(put_names(gazetteer, i, column[COLUMN_ARABIC], error));
        TRY(put_names(gazetteer, i, column[COLUMN_ENGLISH], error));
    }
    return STATUS_DONE;
}

static enum status read_between(struct gazetteer *gazetteer, struct error *error)
{
    struct slice rest = lexicon_get("ar/joined.txt"), line, word;
    while (lexicon_line(&rest, &line))
        if (lexicon_column(&line, &word)) TRY(phrases_put(&gazetteer->between, word, 0, error));
    return STATUS_DONE;
}

enum status gazetteer_open(struct gazetteer **out, struct error *error)
{
    struct gazetteer *gazetteer = calloc(1, sizeof *gazetteer);
    if (gazetteer == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    arena_init(&gazetteer->texts, GAZETTEER_BYTES);
    gazetteer->phrases.romanised = true;
    enum status status = read_between(gazetteer, error);
    if (status != STATUS_DONE)
        gazetteer_close(&gazetteer);
    else
        *out = gazetteer;
    return status;
}

void gazetteer_close(struct gazetteer **gazetteer)
{
    struct gazetteer *old = *gazetteer;
    if (old == NULL) return;
    buffer_clear(&old->places);
    buffer_clear(&old->names);
    table_clear(&old->ids);
    table_clear(&old->starts);
    phrases_clear(&old->phrases);
    phrases_clear(&old->together);
    phrases_clear(&old->between);
    arena_clear(&old->texts);
    free(old);
    *gazetteer = NULL;
}

static struct {
    struct gazetteer *gazetteer;
    enum status status;
    struct error error;
} builtin;

static void read_builtin(void)
{
    builtin.status = gazetteer_open(&builtin.gazetteer, &builtin.error);
    if (builtin.status != STATUS_DONE) return;
    builtin.status = gazetteer_add(builtin.gazetteer, lexicon_get("any/places.txt"), &builtin.error);
    if (builtin.status != STATUS_DONE) gazetteer_close(&builtin.gazetteer);
}

enum status gazetteer_builtin(const struct gazetteer **out, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_builtin);
    if (builtin.status == STATUS_DONE)
        *out = builtin.gazetteer;
    else if (error != NULL)
        *error = builtin.error;
    return builtin.status;
}

/* ---- finding */

struct search {
    const struct tokens *tokens;
    const struct gazetteer *gazetteer;
    struct arena *arena;
    struct buffer found;
};

static const struct name *name_at(const struct gazetteer *gazetteer, uint32_t i)
{
    return (const struct name *)(const void *)gazetteer->names.data + i;
}

/* A name of Latin letters stands with a capital letter, its article aside (al-Bab). */
static bool has_capital(const struct tokens *tokens, size_t at, size_t end)
{
    if (!is_latin(tokens_text(tokens, at)) || tokens_is_capital(tokens, at)) return true;
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
    struct span span = tokens_span(tokens, at, 0, end - 1);
    struct slice source = slice_part(tokens->source, span.start, span.end - span.start);
    if (name->capitals && has_small_letter(source)) return false;
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
        if (name_fits(search, name_at(search->gazetteer, phrases_value(phrases, entry)), at, end)) return true;
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
        phrase_walk_open(&walk, &search->gazetteer->phrases, search->tokens, at, ways[i]);
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

static bool may_start(const struct joined *joined, size_t start)
{
    size_t at = 0;
    struct slice first = slice_part(joined->word, start, NAME_JOINED_BYTES);
    return first.size == NAME_JOINED_BYTES &&
           table_next(&joined->gazetteer->starts, table_hash(first), &at) != TABLE_NONE;
}

static void try_names(struct joined *joined, size_t from, size_t start)
{
    if (!may_start(joined, start)) return;
    for (size_t end = joined->word.size; end >= start + NAME_JOINED_BYTES; end -= 2) {
        int32_t entry = phrases_find(&joined->gazetteer->together, slice_part(joined->word, start, end - start));
        if (entry != PHRASE_NONE) reach(joined, from, start, end, entry);
    }
}

static void try_between(struct joined *joined, size_t from)
{
    enum { LEAST = 6, MOST = 16 };
    for (size_t size = LEAST; size <= MOST && from + size <= joined->word.size; size += 2)
        if (phrases_find(&joined->gazetteer->between, slice_part(joined->word, from, size)) != PHRASE_NONE)
            reach(joined, from, from, from + size, PHRASE_NONE);
}

/* و and ف, and ب ك ل behind them or alone. */
static size_t skip_clitics(struct slice word, size_t from, size_t skips[3])
{
    static const char *const letters[2][3] = {{"\xd9\x88", "\xd9\x81", NULL}, {"\xd8\xa8", "\xd9\x83", "\xd9\x84"}};
    size_t count = 0;
    skips[count++] = from;
    for (size_t rank = 0; rank < 2; rank++) {
        struct slice rest = slice_part(word, skips[count - 1], word.size);
        for (size_t i = 0; i < 3 && letters[rank][i] != NULL; i++) {
            if (!slice_starts(rest, letters[rank][i])) continue;
            skips[count] = skips[count - 1] + 2;
            count++;
            break;
        }
    }
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
            const struct name *name = name_at(search->gazetteer, phrases_value(phrases, i));
            const struct place *place = place_at(search->gazetteer, name->place);
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
    if (word.size <= NAME_JOINED_BYTES || word.size > JOINED_MOST || !is_arabic_word(word)) return STATUS_DONE;
    struct joined joined = {.gazetteer = search->gazetteer, .word = word};
    return take_apart(&joined) ? put_joined(search, &joined, at, error) : STATUS_DONE;
}

enum status places_find(struct place_list *out, const struct tokens *tokens, const struct gazetteer *gazetteer,
                        struct arena *arena, struct error *error)
{
    struct search search = {.tokens = tokens, .gazetteer = gazetteer, .arena = arena};
    struct match match;
    enum status status = STATUS_DONE;
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
