/* Finding by words: one word in either language, two together, two that were typed without the space between, a page of
 * records at a time; beside FTS5 with its own tokenizer over the same texts. How much larger the index of words is than
 * that, and how fast text is folded beside ICU's normal form of it. */
#include "bench/asking.h"
#include "bench/folding.h"
#include "index/index.h"
#include "index/words.h"
#include "json/json.h"
#include "record/record.h"

#include <stdio.h>

enum { WORDS_MOST = 64, LETTERS_LEAST = 4 };

/* ---- plain FTS5 and the index's own table, each alone in a file: the same rows, put in alike */

struct tables {
    struct asking *asking;
    struct arena arena;
    struct words words;
    struct buffer texts, terms;
    uint64_t text_bytes;
    sqlite3_stmt *plain, *ours;
};

static const char make_sql[] =
    "PRAGMA p.cache_size=-65536; PRAGMA o.cache_size=-65536;"
    "CREATE VIRTUAL TABLE p.plain USING fts5(text, content='', detail=none, columnsize=0, tokenize='unicode61');"
    "CREATE VIRTUAL TABLE o.words USING fts5(folded, content='', detail=none, columnsize=0, tokenize='ascii'); BEGIN";

static enum status run_sql(const struct asking *asking, const char *sql, struct error *error)
{
    return asking_sqlite(asking, sqlite3_exec(asking->database, sql, NULL, NULL, NULL), error);
}

static enum status attach(struct asking *asking, const char *sql, const char *name, struct error *error)
{
    char path[GROUND_PATH];
    sqlite3_stmt *statement;
    ground_path(&asking->run->ground, name, path);
    TRY(asking_sqlite(asking, sqlite3_prepare_v2(asking->database, sql, -1, &statement, NULL), error));
    sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    sqlite3_step(statement);
    return asking_sqlite(asking, sqlite3_finalize(statement), error);
}

static enum status put_text(void *context, struct slice text, bool *more, struct error *error)
{
    struct tables *tables = context;
    (void)more, (void)error;
    tables->text_bytes += text.size;
    buffer_put(&tables->texts, text);
    buffer_put_byte(&tables->texts, '\n');
    return STATUS_DONE;
}

static enum status insert(const struct tables *tables, sqlite3_stmt *statement, sqlite3_int64 row, struct slice text,
                          struct error *error)
{
    sqlite3_bind_int64(statement, 1, row);
    sqlite3_bind_text(statement, 2, (const char *)text.data, (int)text.size, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return asking_sqlite(tables->asking, code, error);
}

static enum status put_line(struct tables *tables, sqlite3_stmt *line, struct error *error)
{
    const struct json *record;
    sqlite3_int64 row = sqlite3_column_int64(line, 0);
    struct slice text = slice_of(sqlite3_column_text(line, 1), (size_t)sqlite3_column_bytes(line, 1));
    arena_reset(&tables->arena);
    buffer_reset(&tables->texts);
    buffer_reset(&tables->terms);
    TRY(json_read(&record, text, JSON_RELAXED, &tables->arena, error));
    TRY(words_texts(record, put_text, tables, error));
    TRY(buffer_finish(&tables->texts, error));
    TRY(words_of_record(&tables->terms, &tables->words, record, error));
    if (tables->texts.size == 0) return STATUS_DONE;
    TRY(insert(tables, tables->plain, row, buffer_slice(&tables->texts), error));
    return insert(tables, tables->ours, row, buffer_slice(&tables->terms), error);
}

static enum status put_lines(struct tables *tables, struct error *error)
{
    sqlite3_stmt *lines;
    int code;
    enum status status = STATUS_DONE;
    sqlite3 *database = tables->asking->database;
    TRY(asking_sqlite(tables->asking, sqlite3_prepare_v2(database, "SELECT entry,line FROM line", -1, &lines, NULL),
                      error));
    while (status == STATUS_DONE && (code = sqlite3_step(lines)) == SQLITE_ROW) status = put_line(tables, lines, error);
    code = sqlite3_finalize(lines);
    TRY(status);
    return asking_sqlite(tables->asking, code, error);
}

static void tables_clear(struct tables *tables)
{
    sqlite3_finalize(tables->plain);
    sqlite3_finalize(tables->ours);
    arena_clear(&tables->arena);
    words_clear(&tables->words);
    buffer_clear(&tables->texts);
    buffer_clear(&tables->terms);
}

static enum status prepare(struct tables *tables, struct error *error)
{
    struct asking *asking = tables->asking;
    sqlite3 *database = asking->database;
    TRY(attach(asking, "ATTACH ?1 AS p", "plain.sqlite", error));
    TRY(attach(asking, "ATTACH ?1 AS o", "words.sqlite", error));
    TRY(run_sql(asking, make_sql, error));
    TRY(asking_sqlite(
        asking, sqlite3_prepare_v2(database, "INSERT INTO p.plain(rowid,text) VALUES(?1,?2)", -1, &tables->plain, NULL),
        error));
    return asking_sqlite(
        asking,
        sqlite3_prepare_v2(database, "INSERT INTO o.words(rowid,folded) VALUES(?1,?2)", -1, &tables->ours, NULL),
        error);
}

static enum status file_bytes(const struct asking *asking, const char *sql, uint64_t *bytes, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(asking_sqlite(asking, sqlite3_prepare_v2(asking->database, sql, -1, &statement, NULL), error));
    sqlite3_step(statement);
    *bytes = (uint64_t)sqlite3_column_int64(statement, 0) * 4096;
    return asking_sqlite(asking, sqlite3_finalize(statement), error);
}

static enum status tell_growth(const struct tables *tables, struct error *error)
{
    uint64_t plain, ours, records = tables->asking->run->options->records;
    TRY(file_bytes(tables->asking, "PRAGMA p.page_count", &plain, error));
    TRY(file_bytes(tables->asking, "PRAGMA o.page_count", &ours, error));
    double text = (double)tables->text_bytes, grown = ours > plain ? (double)(ours - plain) : 0;
    figure_value(tables->asking->run, "words-bytes", "bytes/record", (double)ours / (double)records, 0, records);
    figure_value(tables->asking->run, "plain-bytes", "bytes/record", (double)plain / (double)records, 0, records);
    figure_value(tables->asking->run, "text-bytes", "bytes/record", text / (double)records, 0, records);
    figure_value(tables->asking->run, "words-growth", "%", 100 * grown / text, 60, records);
    return STATUS_DONE;
}

static enum status make_tables(struct asking *asking, struct error *error)
{
    OWN(tables_clear) struct tables tables = {.asking = asking};
    arena_init(&tables.arena, LIMIT_REQUEST_BYTES);
    TRY(prepare(&tables, error));
    TRY(put_lines(&tables, error));
    TRY(run_sql(asking, "COMMIT", error));
    return tell_growth(&tables, error);
}

/* ---- what is asked */

struct drawn {
    struct slice text;
    struct words words;
    size_t usable[WORDS_MOST], count; /* words that can be asked for */
};

static void drawn_clear(struct drawn *drawn)
{
    words_clear(&drawn->words);
}

/* A word as it stands in the text: FTS5 folds in its own way. */
static struct slice raw_word(const struct drawn *drawn, size_t i)
{
    struct word word = words_at(&drawn->words, i);
    size_t from = fold_source_start(&drawn->words.map, word.from), to = fold_source_end(&drawn->words.map, word.to);
    return slice_part(drawn->text, from, to - from);
}

/* FTS5's own tokenizer cuts words at vowel signs. */
static bool is_usable(const struct drawn *drawn, size_t i)
{
    struct word word = words_at(&drawn->words, i);
    size_t size = raw_word(drawn, i).size;
    return size >= LETTERS_LEAST && size == word.to - word.from;
}

static enum status draw_text(struct asking *asking, struct arena *arena, const char *language, struct drawn *out,
                             struct error *error)
{
    struct record record;
    TRY(record_decode(&record, notes_at(&asking->notes, asking_draw(asking, asking->notes.count)), arena, error));
    out->text = json_find_string(json_find(record.body, "text"), language);
    TRY(words_take(&out->words, out->text, error));
    for (size_t i = 0; i < out->words.count && out->count < WORDS_MOST; i++)
        if (is_usable(out, i)) out->usable[out->count++] = i;
    return STATUS_DONE;
}

static void put_both(struct buffer *typed, struct buffer *match, struct slice word, const char *between)
{
    if (typed->size > 0) buffer_put_string(typed, between);
    buffer_put(typed, word);
    buffer_put_string(match, match->size > 0 ? " \"" : "\"");
    buffer_put(match, word);
    buffer_put_byte(match, '"');
}

/* `count` words of a text: anywhere in it, or (together) that follow each other and are typed without a space. */
static enum status draw_words(struct asking *asking, const char *language, unsigned count, bool together,
                              struct question *out, sqlite3_stmt *statement, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    OWN(drawn_clear) struct drawn drawn = {.count = 0};
    OWN(buffer_clear) struct buffer match = {0}, typed = {0};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(draw_text(asking, &arena, language, &drawn, error));
    size_t first = drawn.count == 0 ? 0 : (size_t)asking_draw(asking, drawn.count);
    while (together && first + 1 < drawn.count && !slice_starts(raw_word(&drawn, drawn.usable[first + 1]), "ال"))
        first++;
    for (unsigned i = 0; i < count && drawn.count > 0; i++) {
        size_t at = together ? first + i : i == 0 ? first : (size_t)asking_draw(asking, drawn.count);
        if (at < drawn.count) put_both(&typed, &match, raw_word(&drawn, drawn.usable[at]), together ? "" : " ");
    }
    TRY(buffer_finish(&typed, error));
    TRY(buffer_finish(&match, error));
    snprintf(out->text, sizeof out->text, "%.*s", SLICE(buffer_slice(&typed)));
    out->query.text = out->text;
    sqlite3_bind_text(statement, 1, (const char *)match.data, (int)match.size, SQLITE_TRANSIENT);
    return STATUS_DONE;
}

static enum status draw_arabic(struct asking *asking, struct question *out, sqlite3_stmt *statement,
                               struct error *error)
{
    return draw_words(asking, "ar", 1, false, out, statement, error);
}

static enum status draw_english(struct asking *asking, struct question *out, sqlite3_stmt *statement,
                                struct error *error)
{
    return draw_words(asking, "en", 1, false, out, statement, error);
}

static enum status draw_two(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    return draw_words(asking, asking_draw(asking, 2) == 0 ? "ar" : "en", 2, false, out, statement, error);
}

static enum status draw_together(struct asking *asking, struct question *out, sqlite3_stmt *statement,
                                 struct error *error)
{
    return draw_words(asking, "ar", 2, true, out, statement, error);
}

static const char match_sql[] = "SELECT l.line FROM p.plain w JOIN line l ON l.entry=w.rowid WHERE w.plain MATCH ?1"
                                " ORDER BY w.rowid LIMIT 50";
_Static_assert(ANSWERS_MOST == 50, "match_sql gives as many");

/* ---- the search alone: which entries, without reading them */

static const char entries_sql[] = "SELECT rowid FROM p.plain WHERE plain MATCH ?1 ORDER BY rowid LIMIT 50";

enum { ROUNDS = 400, P50 = 500, P99 = 990 };
static const double third = 1.0 / 3;

struct counting {
    struct asking *asking;
    struct index *index;
    sqlite3_stmt *statement;
    struct samples ours, bare;
    uint64_t found;
};

static void counting_clear(struct counting *counting)
{
    samples_clear(&counting->ours);
    samples_clear(&counting->bare);
    sqlite3_finalize(counting->statement);
    index_close(&counting->index);
}

static enum status count_entry(void *context, uint64_t entry, struct error *error)
{
    struct counting *counting = context;
    (void)error;
    counting->found += entry;
    return STATUS_DONE;
}

typedef enum status draw(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error);

static enum status count_both(struct counting *counting, draw *draw_one, struct error *error)
{
    struct question question = {.query = {.limit = ANSWERS_MOST}};
    int code;
    TRY(draw_one(counting->asking, &question, counting->statement, error));
    struct query query = {.text = slice_from(question.text), .known = UINT64_MAX, .limit = ANSWERS_MOST};
    double from = now_s();
    TRY(index_find(counting->index, &query, count_entry, counting, error));
    TRY(samples_add(&counting->ours, (now_s() - from) * 1e6, error));
    from = now_s();
    while ((code = sqlite3_step(counting->statement)) == SQLITE_ROW)
        counting->found += (uint64_t)sqlite3_column_int64(counting->statement, 0);
    sqlite3_reset(counting->statement);
    TRY(samples_add(&counting->bare, (now_s() - from) * 1e6, error));
    return asking_sqlite(counting->asking, code, error);
}

static enum status measure_search(struct asking *asking, const char *figure, const char *figure_p99, draw *draw_one,
                                  struct error *error)
{
    OWN(counting_clear) struct counting counting = {.asking = asking};
    char path[GROUND_PATH];
    ground_path(&asking->run->ground, "register/index.sqlite", path);
    TRY(index_open_read_only(&counting.index, path, error));
    TRY(asking_sqlite(asking, sqlite3_prepare_v2(asking->database, entries_sql, -1, &counting.statement, NULL), error));
    for (int i = 0; i < ROUNDS; i++) TRY(count_both(&counting, draw_one, error)); /* both files become warm */
    counting.ours.count = counting.bare.count = 0;
    for (int i = 0; i < ROUNDS; i++) TRY(count_both(&counting, draw_one, error));
    uint64_t records = asking->run->options->records;
    figure_time(asking->run, figure, "us", samples_at(&counting.ours, P50),
                (struct limit){"plain-fts5", samples_at(&counting.bare, P50), third}, records);
    figure_time(asking->run, figure_p99, "us", samples_at(&counting.ours, P99),
                (struct limit){"plain-fts5", samples_at(&counting.bare, P99), third}, records);
    return STATUS_DONE;
}

static const struct {
    const char *search, *search_p99, *figure, *figure_p99;
    draw *draw;
} ways[] = {
    {"search-arabic", "search-arabic-p99", "word-arabic", "word-arabic-p99", draw_arabic},
    {"search-english", "search-english-p99", "word-english", "word-english-p99", draw_english},
    {"search-two", "search-two-p99", "two-words", "two-words-p99", draw_two},
    {"search-together", "search-together-p99", "run-together", "run-together-p99", draw_together},
};

enum status bench_search(struct run *run, struct error *error)
{
    struct asking asking;
    TRY(bench_folding(run, error));
    enum status status = asking_open(&asking, run, error);
    if (status == STATUS_DONE) status = make_tables(&asking, error);
    for (size_t i = 0; i < COUNT_OF(ways) && status == STATUS_DONE; i++) {
        struct way way = {.figure = ways[i].figure,
                          .figure_p99 = ways[i].figure_p99,
                          .sql = match_sql,
                          .draw = ways[i].draw,
                          .limit = "plain-fts5-lines"};
        status = measure_search(&asking, ways[i].search, ways[i].search_p99, ways[i].draw, error);
        if (status == STATUS_DONE) status = asking_measure(&asking, &way, error);
    }
    asking_close(&asking);
    return status;
}
