#include "bench/asking.h"

#include "bench/making.h"
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 400, P50 = 500, P99 = 990 };

enum status asking_sqlite(const struct asking *asking, int code, struct error *error)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "bench-sqlite", "SQLite failed where it was to be measured: {0}.",
                     asking->database == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(asking->database), NULL);
}

uint64_t asking_draw(struct asking *asking, uint64_t most)
{
    struct chance chance = {asking->chance};
    uint64_t drawn = chance_below(&chance, most);
    asking->chance = chance.state;
    return drawn;
}

/* ---- the lines, as the register gives them */

struct keeping {
    sqlite3_stmt *insert;
    sqlite3_int64 next; /* all are found, in the order of the log */
};

static int keep_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct keeping *keeping = context;
    (void)status;
    sqlite3_bind_int64(keeping->insert, 1, keeping->next++);
    sqlite3_bind_text(keeping->insert, 2, line, (int)size, SQLITE_STATIC);
    int code = sqlite3_step(keeping->insert);
    sqlite3_reset(keeping->insert);
    return code == SQLITE_DONE ? 0 : 1;
}

static enum status keep_lines(struct asking *asking, struct error *error)
{
    struct keeping keeping = {.next = 0};
    struct truce_error why;
    const struct truce_query all = {.limit = 0};
    TRY(asking_sqlite(asking,
                      sqlite3_exec(asking->database,
                                   "BEGIN; CREATE TABLE line(entry INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT",
                                   NULL, NULL, NULL),
                      error));
    TRY(asking_sqlite(asking,
                      sqlite3_prepare_v2(asking->database, "INSERT INTO line VALUES(?1,?2)", -1, &keeping.insert, NULL),
                      error));
    enum status status = library_said(truce_find(asking->reg, &all, keep_line, &keeping, &why), &why, error);
    sqlite3_finalize(keeping.insert);
    TRY(status);
    return asking_sqlite(asking, sqlite3_exec(asking->database, "COMMIT", NULL, NULL, NULL), error);
}

static enum status open_lines(struct asking *asking, struct error *error)
{
    char path[GROUND_PATH], index[GROUND_PATH];
    sqlite3_stmt *attach;
    ground_path(&asking->run->ground, "lines.sqlite", path);
    ground_path(&asking->run->ground, "register/index.sqlite", index);
    TRY(asking_sqlite(asking, sqlite3_open(path, &asking->database), error));
    TRY(asking_sqlite(asking, sqlite3_prepare_v2(asking->database, "ATTACH ?1 AS x", -1, &attach, NULL), error));
    sqlite3_bind_text(attach, 1, index, -1, SQLITE_STATIC);
    sqlite3_step(attach);
    TRY(asking_sqlite(asking, sqlite3_finalize(attach), error));
    TRY(asking_sqlite(
        asking,
        sqlite3_exec(asking->database, "PRAGMA main.cache_size=-65536; PRAGMA x.cache_size=-65536", NULL, NULL, NULL),
        error));
    return keep_lines(asking, error);
}

enum status asking_open(struct asking *out, const struct run *run, struct error *error)
{
    struct truce_error why;
    *out = (struct asking){.run = run, .chance = run->options->seed};
    ground_path(&run->ground, "register", out->directory);
    TRY(register_make(run, out->directory, run->options->records, &out->notes, error));
    TRY(library_said(truce_open(&out->reg, out->directory, TRUCE_READ, &why), &why, error));
    return open_lines(out, error);
}

void asking_close(struct asking *asking)
{
    (void)!truce_close(&asking->reg, NULL);
    sqlite3_close(asking->database);
    notes_clear(&asking->notes);
    buffer_clear(&asking->line);
}

/* ---- asking */

/* Both ways end with the lines in a buffer. */
static int take_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct asking *asking = context;
    (void)status;
    buffer_put(&asking->line, slice_of(line, size));
    return 0;
}

static enum status ask_register(struct asking *asking, const struct question *question, struct error *error)
{
    struct truce_error why;
    struct truce_buffer answer = {0};
    if (question->id[0] == '\0')
        return library_said(truce_find(asking->reg, &question->query, take_line, asking, &why), &why, error);
    enum truce_status status = truce_show(asking->reg, question->id, TRUCE_JSON, &answer, &why);
    if (status == TRUCE_DONE) buffer_put(&asking->line, slice_of(answer.data, answer.size));
    truce_free(&answer);
    return library_said(status, &why, error);
}

static enum status ask_sqlite(struct asking *asking, sqlite3_stmt *statement, struct error *error)
{
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        buffer_put(&asking->line,
                   slice_of(sqlite3_column_text(statement, 0), (size_t)sqlite3_column_bytes(statement, 0)));
    sqlite3_reset(statement);
    return asking_sqlite(asking, code, error);
}

static enum status ask_both(struct asking *asking, const struct way *way, sqlite3_stmt *statement, struct samples *ours,
                            struct samples *bare, struct error *error)
{
    struct question question = {.query = {.limit = ANSWERS_MOST}};
    sqlite3_clear_bindings(statement);
    TRY(way->draw(asking, &question, statement, error));
    buffer_reset(&asking->line);
    double from = now_s();
    TRY(ask_register(asking, &question, error));
    TRY(samples_add(ours, (now_s() - from) * 1e6, error));
    buffer_reset(&asking->line);
    from = now_s();
    TRY(ask_sqlite(asking, statement, error));
    TRY(samples_add(bare, (now_s() - from) * 1e6, error));
    return buffer_finish(&asking->line, error);
}

enum status asking_measure(struct asking *asking, const struct way *way, struct error *error)
{
    OWN(samples_clear) struct samples ours = {0}, bare = {0};
    sqlite3_stmt *statement;
    TRY(asking_sqlite(asking, sqlite3_prepare_v2(asking->database, way->sql, -1, &statement, NULL), error));
    enum status status = STATUS_DONE;
    for (int i = 0; i < ROUNDS && status == STATUS_DONE; i++)
        status = ask_both(asking, way, statement, &ours, &bare, error);
    sqlite3_finalize(statement);
    TRY(status);
    uint64_t records = asking->run->options->records;
    const char *limit = way->limit == NULL ? "sqlite-statement" : way->limit;
    figure_time(asking->run, way->figure, "us", samples_at(&ours, P50),
                (struct limit){limit, samples_at(&bare, P50), way->bar}, records);
    figure_time(asking->run, way->figure_p99, "us", samples_at(&ours, P99),
                (struct limit){limit, samples_at(&bare, P99), way->bar}, records);
    return STATUS_DONE;
}

enum status asking_all(const struct run *run, const struct way *ways, size_t count, struct error *error)
{
    struct asking asking;
    enum status status = asking_open(&asking, run, error);
    for (size_t i = 0; i < count && status == STATUS_DONE; i++) status = asking_measure(&asking, &ways[i], error);
    asking_close(&asking);
    return status;
}
