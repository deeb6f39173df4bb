/* The tables, and every statement there is. spec/index.md says what each is for. */
#include "index/database.h"

const char *const schema_sql[] = {
    "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one=1), applied INTEGER NOT NULL, root BLOB) STRICT",
    "INSERT INTO state VALUES(1,0,NULL)",

    "CREATE TABLE entry(entry INTEGER PRIMARY KEY, id BLOB NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,"
    " time_from INTEGER NOT NULL, time_to INTEGER NOT NULL, span INTEGER NOT NULL, is_void INTEGER NOT NULL) STRICT",
    "CREATE INDEX entry_id ON entry(id)",
    "CREATE INDEX entry_kind ON entry(kind)",
    "CREATE INDEX entry_author ON entry(author)",
    "CREATE INDEX entry_time ON entry(span,time_from)",
    "CREATE INDEX entry_void ON entry(entry) WHERE is_void<>0",
    "CREATE TABLE span(span INTEGER PRIMARY KEY, longest INTEGER NOT NULL) STRICT",

    "CREATE TABLE head(author TEXT, key_id INTEGER, seq INTEGER NOT NULL, id BLOB NOT NULL,"
    " PRIMARY KEY(author,key_id)) STRICT, WITHOUT ROWID",
    "CREATE TABLE day(author TEXT, day INTEGER, records INTEGER NOT NULL, PRIMARY KEY(author,day)) STRICT,"
    " WITHOUT ROWID",
    "CREATE TABLE source(author TEXT, name TEXT, line TEXT, entry INTEGER NOT NULL, id BLOB NOT NULL,"
    " sha256 BLOB NOT NULL, PRIMARY KEY(author,name,line)) STRICT, WITHOUT ROWID",
    "CREATE TABLE reference(target BLOB, entry INTEGER, field TEXT, PRIMARY KEY(target,entry,field)) STRICT,"
    " WITHOUT ROWID",
    "CREATE TABLE term(term TEXT, entry INTEGER, PRIMARY KEY(term,entry)) STRICT, WITHOUT ROWID",

    "CREATE TABLE course(entry INTEGER PRIMARY KEY, first INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,"
    " author TEXT NOT NULL) STRICT",
    "CREATE INDEX course_first ON course(first)",
    "CREATE INDEX course_name ON course(kind,name,author,first)",

    "CREATE VIRTUAL TABLE words USING fts5(folded, content='', detail=none, columnsize=0, tokenize='ascii')",
    "CREATE VIRTUAL TABLE words_list USING fts5vocab(words, instance)",

    "CREATE TABLE point(band INTEGER, lon INTEGER, lat INTEGER, entry INTEGER, PRIMARY KEY(band,lon,lat,entry))"
    " STRICT, WITHOUT ROWID",
    "CREATE INDEX point_entry ON point(entry)",
    "CREATE TABLE extent(extent INTEGER PRIMARY KEY, entry INTEGER NOT NULL, shape BLOB NOT NULL) STRICT",
    "CREATE INDEX extent_entry ON extent(entry)",
    "CREATE VIRTUAL TABLE extent_box USING rtree_i32(extent, west, east, south, north)",
    NULL,
};

/* What every way of finding asks of an entry besides its own condition. ?1 kind, ?2 author, ?3 latest beginning,
 * ?4 earliest end, ?5 void ones too, ?6 from this entry on, ?7 below this one, ?8 term, ?9 how many, ?10 the way's own.
 */
#define THE_REST                                                                                                       \
    " (?1 IS NULL OR e.kind=?1) AND (?2 IS NULL OR e.author=?2) AND e.time_from<=?3 AND e.time_to>=?4"                 \
    " AND (?5 OR e.is_void=0)"                                                                                         \
    " AND (?8 IS NULL OR EXISTS(SELECT 1 FROM term t WHERE t.term=?8 AND t.entry=e.entry))"

const char *const statement_sql[STATEMENTS] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_BEGIN_READ] = "BEGIN",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_APPLIED] = "SELECT applied,root FROM state",
    [STATEMENT_SET_APPLIED] = "UPDATE state SET applied=?1,root=?2",

    [STATEMENT_ADD_ENTRY] = "INSERT INTO entry VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
    [STATEMENT_ADD_SPAN] = "INSERT OR IGNORE INTO span VALUES(?1,?2)",
    [STATEMENT_ADD_HEAD] = "INSERT INTO head VALUES(?1,?2,?3,?4) ON CONFLICT DO UPDATE SET seq=excluded.seq,"
                           " id=excluded.id WHERE excluded.seq>head.seq",
    [STATEMENT_ADD_DAY] = "INSERT INTO day VALUES(?1,?2,1) ON CONFLICT DO UPDATE SET records=records+1",
    [STATEMENT_ADD_SOURCE] = "REPLACE INTO source VALUES(?1,?2,?3,?4,?5,?6)",
    [STATEMENT_ADD_REFERENCE] = "INSERT OR IGNORE INTO reference VALUES(?1,?2,?3)",
    [STATEMENT_ADD_TERM] = "INSERT OR IGNORE INTO term VALUES(?1,?2)",
    /* The first of its course is the first of that name; itself, where there is none before it. */
    [STATEMENT_ADD_COURSE] =
        "INSERT OR IGNORE INTO course SELECT ?1,coalesce((SELECT min(first) FROM course WHERE kind=?2"
        " AND name=?3 AND author=?4),?1),?2,?3,?4",
    [STATEMENT_ADD_WORDS] = "INSERT INTO words(rowid,folded) VALUES(?1,?2)",
    [STATEMENT_ADD_POINT] = "INSERT OR IGNORE INTO point VALUES(?1,?2,?3,?4)",
    [STATEMENT_ADD_EXTENT] = "INSERT INTO extent(entry,shape) VALUES(?1,?2)",
    [STATEMENT_ADD_EXTENT_BOX] = "INSERT INTO extent_box VALUES(last_insert_rowid(),?1,?2,?3,?4)",

    [STATEMENT_ID] = "SELECT entry,is_void FROM entry WHERE id=?1 ORDER BY is_void,entry LIMIT 1",
    [STATEMENT_PREFIX] = "SELECT DISTINCT id FROM entry WHERE id>=?1 AND id<=?2 ORDER BY id LIMIT 2",
    [STATEMENT_HEAD] = "SELECT seq,id FROM head WHERE author=?1 AND key_id=?2",
    [STATEMENT_SOURCE] = "SELECT entry,id,sha256 FROM source WHERE author=?1 AND name=?2 AND line=?3",
    [STATEMENT_DAY] = "SELECT records FROM day WHERE author=?1 AND day=?2",
    [STATEMENT_VOID] = "SELECT is_void FROM entry WHERE entry=?1",
    [STATEMENT_NEXT_VOID] = "SELECT entry FROM entry WHERE entry>=?1 AND is_void<>0 ORDER BY entry LIMIT 1",
    [STATEMENT_REFERENCES] =
        "SELECT DISTINCT entry FROM reference WHERE target=?1 AND entry>=?2 ORDER BY entry LIMIT ?3",

    [STATEMENT_COURSE] = "SELECT first FROM course WHERE entry=?1",
    [STATEMENT_COURSES] = "SELECT entry FROM course WHERE entry=first AND entry>=?1 AND entry<?2"
                          " AND (?3 IS NULL OR kind=?3) ORDER BY entry LIMIT ?4",
    [STATEMENT_COURSE_LAST] = "SELECT entry FROM course WHERE first=?1 AND entry<?2 ORDER BY entry DESC LIMIT ?3",

    [STATEMENT_FIND_ONE] =
        "SELECT e.entry FROM entry e WHERE e.entry=?10 AND e.entry>=?6 AND e.entry<?7 AND" THE_REST " LIMIT ?9",
    [STATEMENT_FIND_ALL] = "SELECT e.entry FROM entry e NOT INDEXED WHERE e.entry>=?6 AND e.entry<?7 AND" THE_REST
                           " ORDER BY e.entry LIMIT ?9",
    [STATEMENT_FIND_KIND] = "SELECT e.entry FROM entry e INDEXED BY entry_kind WHERE e.kind=?1 AND e.entry>=?6 AND"
                            " e.entry<?7 AND" THE_REST " ORDER BY e.entry LIMIT ?9",
    [STATEMENT_FIND_AUTHOR] = "SELECT e.entry FROM entry e INDEXED BY entry_author WHERE e.author=?2 AND e.entry>=?6"
                              " AND e.entry<?7 AND" THE_REST " ORDER BY e.entry LIMIT ?9",
    [STATEMENT_FIND_TERM] = "SELECT e.entry FROM term f CROSS JOIN entry e ON e.entry=f.entry WHERE f.term=?8"
                            " AND f.entry>=?6 AND f.entry<?7 AND" THE_REST " ORDER BY f.entry LIMIT ?9",
    [STATEMENT_FIND_TEXT] = "SELECT e.entry FROM words f CROSS JOIN entry e ON e.entry=f.rowid WHERE words MATCH ?10"
                            " AND f.rowid>=?6 AND f.rowid<?7 AND" THE_REST " ORDER BY f.rowid LIMIT ?9",
    /* The same where nothing else is asked of an entry: its row, which lies elsewhere, need not be read. */
    [STATEMENT_FIND_WORDS] = "SELECT f.rowid FROM words f WHERE words MATCH ?10 AND f.rowid>=?6 AND f.rowid<?7"
                             " AND (?5 OR NOT EXISTS(SELECT 1 FROM entry e INDEXED BY entry_void"
                             " WHERE e.entry=f.rowid AND e.is_void<>0)) ORDER BY f.rowid LIMIT ?9",
    [STATEMENT_WALK_KIND] = "SELECT entry FROM entry INDEXED BY entry_kind WHERE kind=?1 AND entry>=?2 AND entry<?3"
                            " ORDER BY entry LIMIT ?4",

    /* ?1 latest beginning, ?2 earliest end, ?3 from this entry on, ?4 below this one. Each class of lengths is one
     * range of beginnings: an interval that reaches ?2 cannot have begun earlier than the longest of its class allows.
     */
    [STATEMENT_TIMES] = "SELECT e.entry FROM span s CROSS JOIN entry e INDEXED BY entry_time WHERE e.span=s.span"
                        " AND e.time_from>=?2-s.longest AND e.time_from<=?1 AND e.time_to>=?2"
                        " AND e.entry>=?3 AND e.entry<?4",
    /* ?1 lowest band, ?2 highest, ?3 west, ?4 east, ?5 from this entry on, ?6 below: steps from one band that has
     * points to the next, so that a tall box costs what it holds. */
    [STATEMENT_POINTS] = "WITH RECURSIVE b(band) AS (SELECT min(band) FROM point WHERE band>=?1 UNION ALL"
                         " SELECT (SELECT min(p.band) FROM point p WHERE p.band>b.band) FROM b WHERE b.band<=?2)"
                         " SELECT p.entry,p.lat,p.lon FROM b CROSS JOIN point p WHERE b.band<=?2 AND p.band=b.band"
                         " AND p.lon>=?3 AND p.lon<=?4 AND p.entry>=?5 AND p.entry<?6",
    [STATEMENT_EXTENTS] = "SELECT x.entry,x.shape FROM extent_box b CROSS JOIN extent x ON x.extent=b.extent"
                          " WHERE b.west<=?4 AND b.east>=?3 AND b.south<=?2 AND b.north>=?1"
                          " AND x.entry>=?5 AND x.entry<?6",
    [STATEMENT_POINTS_OF] = "SELECT entry,lat,lon FROM point INDEXED BY point_entry WHERE entry=?1",
    [STATEMENT_EXTENTS_OF] = "SELECT entry,shape FROM extent WHERE entry=?1 ORDER BY extent",

    [STATEMENT_DUMP_STATE] = "SELECT * FROM state",
    [STATEMENT_DUMP_ENTRY] = "SELECT * FROM entry ORDER BY entry",
    [STATEMENT_DUMP_SPAN] = "SELECT * FROM span ORDER BY span",
    [STATEMENT_DUMP_HEAD] = "SELECT * FROM head ORDER BY author,key_id",
    [STATEMENT_DUMP_DAY] = "SELECT * FROM day ORDER BY author,day",
    [STATEMENT_DUMP_SOURCE] = "SELECT * FROM source ORDER BY author,name,line",
    [STATEMENT_DUMP_REFERENCE] = "SELECT * FROM reference ORDER BY target,entry,field",
    [STATEMENT_DUMP_TERM] = "SELECT * FROM term ORDER BY term,entry",
    [STATEMENT_DUMP_COURSE] = "SELECT * FROM course ORDER BY entry",
    /* FTS5 keeps the entries of a term in order; asked for it, SQLite would sort them all again (dump.c looks). */
    [STATEMENT_DUMP_WORDS] = "SELECT term,doc FROM words_list ORDER BY term",
    [STATEMENT_DUMP_POINT] = "SELECT * FROM point ORDER BY band,lon,lat,entry",
    [STATEMENT_DUMP_EXTENT] = "SELECT * FROM extent ORDER BY extent",
    [STATEMENT_DUMP_EXTENT_BOX] = "SELECT * FROM extent_box ORDER BY extent",
};
