/* Matching goes piece by piece. A step takes a whole piece of the text and stands afterwards at a place in the query: a
 * word and how many of its bytes are behind. Few such places are open at once, so a start costs at most what the query
 * is long, whatever the text. */
#include "text/seek.h"

#include "text/known.h"
#include <stdlib.h>

enum { QUERY_BYTES_MOST = 1000, QUERY_WORDS_MOST = 32, OPEN_MOST = 8 };

/* A word of the query, and where it may be written apart. */
struct part {
    uint32_t from, to;
    uint16_t seams;
    uint16_t seam[WORD_PIECES_MOST]; /* bytes from its beginning */
};

void seek_clear(struct seek *seek)
{
    words_clear(&seek->words);
    buffer_clear(&seek->typed);
    buffer_clear(&seek->parts);
    *seek = (struct seek){0};
}

static const struct part *part_at(const struct seek *seek, size_t i)
{
    return (const struct part *)(const void *)seek->parts.data + i;
}

static void put_part(struct seek *seek, size_t i)
{
    struct word_piece pieces[WORD_PIECES_MOST];
    struct word word = words_at(&seek->words, i);
    struct part part = {.from = word.from, .to = word.to};
    size_t count = words_cut(&seek->words, i, pieces);
    for (size_t k = 1; k < count; k++) part.seam[part.seams++] = (uint16_t)(pieces[k].from - word.from);
    buffer_put(&seek->parts, slice_of(&part, sizeof part));
}

enum status seek_compile(struct seek *seek, struct slice query, struct error *error)
{
    buffer_reset(&seek->typed);
    buffer_reset(&seek->parts);
    if (query.size > QUERY_BYTES_MOST)
        return error_set(error, STATUS_USAGE, "text-query-long", "What is looked for has at most {0} bytes.",
                         error_number(QUERY_BYTES_MOST).text, NULL);
    buffer_put(&seek->typed, query);
    TRY(buffer_finish(&seek->typed, error));
    TRY(words_take(&seek->words, buffer_slice(&seek->typed), error));
    seek->count = seek->words.count;
    if (seek->count == 0)
        return error_set(error, STATUS_USAGE, "text-no-words", "\"{0}\" holds no word to look for.",
                         error_slice(query).text, NULL);
    if (seek->count > QUERY_WORDS_MOST)
        return error_set(error, STATUS_USAGE, "text-query-words", "What is looked for has at most {0} words.",
                         error_number(QUERY_WORDS_MOST).text, NULL);
    for (size_t i = 0; i < seek->count; i++) put_part(seek, i);
    return buffer_finish(&seek->parts, error);
}

/* ---- one piece against the query */

/* A place in the query, and how the text came there. */
struct place {
    uint16_t word, behind; /* bytes of the word that are behind */
    bool apart;            /* this word was already written apart where no rule takes it apart */
};

struct places {
    struct place at[OPEN_MOST];
    size_t count;
};

static void put_place(struct places *places, struct place place)
{
    for (size_t i = 0; i < places->count; i++)
        if (places->at[i].word == place.word && places->at[i].behind == place.behind) return;
    if (places->count < OPEN_MOST) places->at[places->count++] = place;
}

/* Letters of a form, one after the other: an article's alef, then the text. */
struct form_text {
    struct slice before, text;
};

static struct form_text form_text(const struct words *words, struct word_form form, uint32_t to)
{
    return (struct form_text){form.article ? slice_from("ا") : slice_of("", 0), words_slice(words, form.from, to)};
}

/* Takes `part` off the beginning of the form. */
static bool take_off(struct form_text *form, struct slice part)
{
    size_t size = part.size < form->before.size ? part.size : form->before.size;
    if (memcmp(form->before.data, part.data, size) != 0) return false;
    form->before = slice_part(form->before, size, SIZE_MAX);
    part = slice_part(part, size, SIZE_MAX);
    if (part.size > form->text.size || (part.size > 0 && memcmp(form->text.data, part.data, part.size) != 0))
        return false;
    form->text = slice_part(form->text, part.size, SIZE_MAX);
    return true;
}

static size_t form_size(const struct form_text *form)
{
    return form->before.size + form->text.size;
}

/* Is what is left the last word's rest, but for the number? */
static bool is_same_key(const struct form_text *form, struct slice word, size_t behind, struct slice whole_text)
{
    struct word_key wanted = word_key(word), given = word_key(whole_text);
    size_t taken = whole_text.size - form->text.size;
    if (form->before.size > 0 || given.size < taken || wanted.size < behind) return false;
    struct slice a = slice_part(form->text, 0, given.size - taken);
    struct slice b = slice_part(word, behind, wanted.size - behind);
    return slice_equal(a, b) && strcmp(wanted.after, given.after) == 0;
}

static struct slice typed_word(const struct seek *seek, size_t i)
{
    const struct part *part = part_at(seek, i);
    return words_slice(&seek->words, part->from, part->to);
}

/* May this word of the query be written in one with the word before it? */
static bool may_be_joined(const struct seek *seek, size_t word)
{
    return words_at(&seek->words, word).gap == WORD_GAP_HYPHEN ||
           words_may_join(typed_word(seek, word - 1), typed_word(seek, word));
}

/* Where the query stands once this form is behind, if it fits there. */
static void step(const struct seek *seek, struct form_text form, struct place place, struct places *out)
{
    struct slice whole = form.text;
    for (bool first = true; place.word < seek->count; first = false) {
        struct slice word = typed_word(seek, place.word);
        struct slice rest = slice_part(word, place.behind, SIZE_MAX);
        if (is_same_key(&form, word, place.behind, whole)) {
            put_place(out, (struct place){(uint16_t)(place.word + 1), 0, false});
            return;
        }
        if (form_size(&form) < rest.size) {
            size_t size = form_size(&form);
            if (size > 0 && take_off(&form, slice_part(rest, 0, size)))
                put_place(out, (struct place){place.word, (uint16_t)(place.behind + size), first && place.apart});
            return;
        }
        if (!take_off(&form, rest)) return;
        place.word++;
        place.behind = 0;
        if (form_size(&form) == 0) {
            put_place(out, (struct place){place.word, 0, false});
            return;
        }
        if (place.word < seek->count && !may_be_joined(seek, place.word)) return;
    }
}

/* ---- the pieces of the text, one after the other */

struct piece {
    struct word_piece span;
    enum word_gap gap; /* before the word it belongs to */
    bool first;        /* of its word */
};

/* Pieces of the text from the word at hand on, cut when they are needed and kept for the next start. */
struct reading {
    const struct words *words;
    size_t word, at, count;
    struct word_piece pieces[WORD_PIECES_MOST];
};

static bool read_piece(struct reading *reading, struct piece *out)
{
    if (reading->at == reading->count) {
        if (reading->word == reading->words->count) return false;
        reading->count = words_cut(reading->words, reading->word++, reading->pieces);
        reading->at = 0;
    }
    out->span = reading->pieces[reading->at++];
    out->gap = (enum word_gap)words_at(reading->words, reading->word - 1).gap;
    out->first = reading->at == 1;
    return true;
}

static bool is_seam(const struct seek *seek, struct place place)
{
    const struct part *part = part_at(seek, place.word);
    for (size_t i = 0; i < part->seams; i++)
        if (part->seam[i] == place.behind) return true;
    return false;
}

/* Two words of the text in one of the query that no rule takes apart. */
static bool is_long_enough(const struct seek *seek, struct place place)
{
    struct slice word = typed_word(seek, place.word);
    return words_may_join(slice_part(word, 0, place.behind), slice_part(word, place.behind, SIZE_MAX));
}

/* May this piece of the text go on inside a word of the query? */
static bool goes_on(const struct seek *seek, struct place *place, const struct piece *piece)
{
    if (place->behind == 0 || !piece->first) return true;
    if (is_seam(seek, *place)) return true;
    if (place->apart || (piece->gap != WORD_GAP_HYPHEN && !is_long_enough(seek, *place))) return false;
    place->apart = true;
    return true;
}

static void step_all(const struct seek *seek, const struct words *words, const struct places *from,
                     const struct piece *piece, struct places *out)
{
    struct word_form forms[WORD_FORMS_MOST];
    size_t count = words_forms(words, piece->span, forms);
    out->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        struct place place = from->at[i];
        if (place.word == seek->count || !goes_on(seek, &place, piece)) continue;
        for (size_t k = 0; k < (place.behind == 0 ? count : 1); k++)
            step(seek, form_text(words, forms[k], piece->span.to), place, out);
    }
}

static bool is_finished(const struct seek *seek, const struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        if (places->at[i].word == seek->count) return true;
    return false;
}

/* From one form of one piece on: gives where the match ends, in folded bytes; `reading` stands behind it then. */
static bool match_from(const struct seek *seek, struct reading *reading, const struct piece *begin,
                       struct word_form form, uint32_t *end)
{
    struct places now = {.count = 0}, next;
    struct piece piece = *begin;
    step(seek, form_text(reading->words, form, begin->span.to), (struct place){0, 0, false}, &now);
    while (now.count > 0) {
        if (is_finished(seek, &now)) {
            *end = piece.span.to;
            return true;
        }
        if (!read_piece(reading, &piece)) return false;
        step_all(seek, reading->words, &now, &piece, &next);
        now = next;
    }
    return false;
}

/* Can the query begin with this form? Answers for most of them, at the first letters. */
static bool may_begin(const struct seek *seek, const struct words *words, struct word_form form, uint32_t to)
{
    struct slice text = words_slice(words, form.from, to);
    const struct part *part = part_at(seek, 0);
    const uint8_t *wanted = seek->words.folded.data + part->from;
    size_t least = part->to - part->from < 2 ? 1 : 2;
    if (form.article) return wanted[0] == 0xd8;
    return text.size >= 1 && text.data[0] == wanted[0] && (text.size < 2 || least < 2 || text.data[1] == wanted[1]);
}

static bool match_piece(const struct seek *seek, struct reading *reading, const struct piece *piece, uint32_t *from,
                        uint32_t *to)
{
    struct word_form forms[WORD_FORMS_MOST];
    size_t count = words_forms(reading->words, piece->span, forms);
    for (size_t i = 0; i < count; i++) {
        if (!may_begin(seek, reading->words, forms[i], piece->span.to)) continue;
        struct reading ahead = *reading;
        if (!match_from(seek, &ahead, piece, forms[i], to)) continue;
        *from = forms[i].shown;
        *reading = ahead;
        return true;
    }
    return false;
}

static enum status tell_words(const struct seek *seek, struct words *words, struct error *error)
{
    enum { LETTERS_LEAST = 4, LETTER = 2 };
    for (size_t i = 0; i < seek->count; i++) {
        struct slice word = typed_word(seek, i);
        if (word.size >= LETTERS_LEAST * LETTER && part_at(seek, i)->seams == 0) TRY(words_tell(words, word, error));
    }
    return STATUS_DONE;
}

enum status seek_all(const struct seek *seek, struct words *words, struct slice text, seek_visit *visit, void *context,
                     struct error *error)
{
    struct piece piece;
    uint32_t from, to;
    TRY(words_take(words, text, error));
    TRY(tell_words(seek, words, error));
    struct reading reading = {.words = words};
    while (read_piece(&reading, &piece))
        if (match_piece(seek, &reading, &piece, &from, &to))
            TRY(visit(context, fold_source_start(&words->map, from), fold_source_end(&words->map, to), error));
    return STATUS_DONE;
}

static enum status note_one(void *context, size_t from, size_t to, struct error *error)
{
    (void)from;
    (void)to;
    *(bool *)context = true;
    return error_set(error, STATUS_FAILED, "stopped", "The work was stopped by its caller.", NULL);
}

enum status seek_any(const struct seek *seek, struct words *words, struct slice text, bool *found, struct error *error)
{
    *found = false;
    enum status status = seek_all(seek, words, text, note_one, found, error);
    return *found ? STATUS_DONE : status;
}
