#include "facts/gazetteer.h"

#include "base/degrees.h"
#include "text/lexicon.h"

#include <pthread.h>
#include <stdlib.h>

enum { GAZETTEER_BYTES = 64 * 1024 * 1024 };

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

bool name_is_latin(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) /* Arabic begins with D8 … DB, accented Latin with C3 … C9 */
        if (text.data[i] >= 0xd8) return false;
    return true;
}

bool name_has_small_letter(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= 'a' && text.data[i] <= 'z') return true;
    return false;
}

static enum status put_start(struct sieve *starts, struct slice name, size_t bytes, struct error *error)
{
    OWN(buffer_clear) struct buffer folded = {0};
    struct buffer together = {0};
    TRY(text_fold(&folded, NULL, name, error));
    for (size_t i = 0; i < folded.size; i++)
        if (folded.data[i] >= 0x80) buffer_put_byte(&together, folded.data[i]);
    OWN(buffer_clear) struct buffer kept = together;
    TRY(buffer_finish(&kept, error));
    if (kept.size >= bytes) sieve_put(starts, tokens_hash(slice_part(buffer_slice(&kept), 0, bytes)));
    return STATUS_DONE;
}

static enum status put_name(struct gazetteer *gazetteer, struct slice text, struct name name, struct error *error)
{
    uint32_t made = (uint32_t)(gazetteer->names.size / sizeof name);
    name.capitals = name_is_latin(text) && !name_has_small_letter(text);
    buffer_put(&gazetteer->names, slice_of(&name, sizeof name));
    TRY(buffer_finish(&gazetteer->names, error));
    TRY(phrases_put(&gazetteer->phrases, text, made, error));
    if (name_is_latin(text) || name.doubtful) return STATUS_DONE;
    TRY(put_start(&gazetteer->starts, text, NAME_JOINED_BYTES, error));
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
    struct slice rest = lexicon_get("ar/search-small.txt"), line, word;
    while (lexicon_line(&rest, &line)) {
        if (!lexicon_column(&line, &word)) continue;
        TRY(phrases_put(&gazetteer->between, word, 0, error));
        TRY(put_start(&gazetteer->between_starts, word, BETWEEN_LEAST_BYTES, error));
    }
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

const struct name *gazetteer_name(const struct gazetteer *gazetteer, uint32_t i)
{
    return (const struct name *)(const void *)gazetteer->names.data + i;
}
