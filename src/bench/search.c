/* Finding by words: one word in either language, two together, a page of records at a time; beside FTS5 alone over the
 * same words. */
#include "bench/asking.h"
#include "index/words.h"
#include "json/json.h"
#include "record/record.h"

#include <stdio.h>

enum { WORDS_MOST = 64, LETTERS_LEAST = 4 };

/* The words of a text that are long enough to be asked for. */
static size_t cut_words(struct slice text, struct slice words[WORDS_MOST])
{
    size_t count = 0;
    for (size_t from = 0, at = 0; at <= text.size && count < WORDS_MOST; at++) {
        if (at < text.size && text.data[at] != ' ') continue;
        if (at - from >= LETTERS_LEAST) words[count++] = slice_part(text, from, at - from);
        from = at + 1;
    }
    return count;
}

static enum status draw_words(struct asking *asking, const char *language, unsigned count, struct question *out,
                              sqlite3_stmt *statement, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    OWN(buffer_clear) struct buffer typed = {0};
    OWN(asked_clear) struct asked asked = {0};
    struct slice words[WORDS_MOST];
    struct record record;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(record_decode(&record, notes_at(&asking->notes, asking_draw(asking, asking->notes.count)), &arena, error));
    size_t found = cut_words(json_find_string(json_find(record.body, "text"), language), words);
    for (unsigned i = 0; i < count && found > 0; i++) {
        if (i > 0) buffer_put_byte(&typed, ' ');
        buffer_put(&typed, words[asking_draw(asking, found)]);
    }
    TRY(buffer_finish(&typed, error));
    snprintf(out->text, sizeof out->text, "%.*s", SLICE(buffer_slice(&typed)));
    out->query.text = out->text;
    TRY(asked_read(&asked, slice_from(out->text), error));
    sqlite3_bind_text(statement, 1, (const char *)asked.match.data, (int)asked.match.size, SQLITE_TRANSIENT);
    return STATUS_DONE;
}

static enum status draw_arabic(struct asking *asking, struct question *out, sqlite3_stmt *statement,
                               struct error *error)
{
    return draw_words(asking, "ar", 1, out, statement, error);
}

static enum status draw_english(struct asking *asking, struct question *out, sqlite3_stmt *statement,
                                struct error *error)
{
    return draw_words(asking, "en", 1, out, statement, error);
}

static enum status draw_two(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    return draw_words(asking, asking_draw(asking, 2) == 0 ? "ar" : "en", 2, out, statement, error);
}

static const char match_sql[] = "SELECT l.line FROM x.words w JOIN line l ON l.entry=w.rowid WHERE w.words MATCH ?1"
                                " ORDER BY w.rowid LIMIT 50";
_Static_assert(ANSWERS_MOST == 50, "match_sql gives as many");

static const struct way ways[] = {
    {"word-arabic", "word-arabic-p99", match_sql, draw_arabic, 0},
    {"word-english", "word-english-p99", match_sql, draw_english, 0},
    {"two-words", "two-words-p99", match_sql, draw_two, 0},
};

enum status bench_search(struct run *run, struct error *error)
{
    return asking_all(run, ways, COUNT_OF(ways), error);
}
