/* One question asked in two ways, in turns: of the register, and of SQLite alone. What SQLite is asked is the
 * register's own index, and a table with the very lines that the register gives: whoever kept records in SQLite alone
 * would read them so. */
#ifndef TRUCE_BENCH_ASKING_H
#define TRUCE_BENCH_ASKING_H

#include "bench/measure.h"
#include <sqlite3.h>

enum { ANSWERS_MOST = 50 }; /* records of one answer: a page */

struct asking {
    const struct run *run;
    char directory[GROUND_PATH];
    struct notes notes;
    struct truce_register *reg;
    sqlite3 *database;
    uint64_t chance; /* state of the numbers that choose what is asked */
    struct buffer line;
};
MUST_USE enum status asking_open(struct asking *out, const struct run *run, struct error *error);
void asking_close(struct asking *asking);

/* A number below `most`. */
uint64_t asking_draw(struct asking *asking, uint64_t most);

/* Draws a question: fills the query (or `id`: then the record of that id is asked for), and binds the same to the
 * statement. */
struct question {
    struct truce_query query;
    char id[65];
    char text[256];
};
struct way {
    const char *figure, *figure_p99;
    const char *sql; /* gives lines */
    enum status (*draw)(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error);
    double bar;        /* of both figures */
    const char *limit; /* what the statement is called; NULL: one over the index itself */
};
/* The same for a statement that the caller runs. */
MUST_USE enum status asking_sqlite(const struct asking *asking, int code, struct error *error);
/* Median and 99th percentile in microseconds, beside SQLite's. */
MUST_USE enum status asking_measure(struct asking *asking, const struct way *way, struct error *error);
/* All of them over one register. */
MUST_USE enum status asking_all(const struct run *run, const struct way *ways, size_t count, struct error *error);

#endif
