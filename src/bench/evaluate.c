/* Where the worked case's arrangement stands with many more reports in its register: all its terms by all its readings,
 * from nothing, after a restart, and when one more record comes. Beside it SQLite, which scans a table of the same
 * records once for each clause and reading. And one clause decided over facts in memory, by the evaluator and by a loop
 * that was written for it. */
#include "bench/measure.h"
#include "geo/geo.h"
#include "json/json.h"
#include "record/schema.h"
#include "terms/terms.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { TURNS = 5 };
static const char as_of[] = "2016-10-04T12:00:00Z";

/* What one clause asks of a record: "the Government ceases attacks … in Syria" (no-attacks-government). */
struct fact {
    int64_t from, to;
    struct point point;
    int32_t radius_m;
    bool placed, attack, actor_known, by_government;
};

struct evaluating {
    const struct run *run;
    char directory[GROUND_PATH];
    struct notes notes, more;
    struct fact *facts;
    sqlite3 *database;
    sqlite3_stmt *scan;
    size_t judged;       /* terms by readings */
    struct view *clause; /* the facts and one agreement of one clause */
    double scratch_s;    /* the standing from nothing */
};
enum { MORE = 64 }; /* records that come one by one */

/* ---- the answer */

static enum status standing(struct truce_register *reg, struct truce_buffer *answer, double *seconds,
                            struct error *error)
{
    struct truce_error why;
    struct truce_moment moment = {.has_as_of = true, .known_by = TRUCE_KNOWN_ALL};
    if (!time_parse(&moment.as_of, slice_from(as_of))) abort();
    double from = now_s();
    enum truce_status status = truce_standing(reg, &moment, answer, &why);
    *seconds = now_s() - from;
    return library_said(status, &why, error);
}

/* Opens the register and asks, with the kept facts or without. */
static enum status opened(struct evaluating *e, bool kept, double *seconds, struct error *error)
{
    struct truce_register *reg;
    struct truce_error why;
    struct truce_buffer answer = {0};
    char facts[GROUND_PATH + 16];
    snprintf(facts, sizeof facts, "%s/index.facts", e->directory);
    if (!kept) (void)remove(facts);
    TRY(library_said(truce_open(&reg, e->directory, TRUCE_READ, &why), &why, error));
    enum status status = library_said(truce_about(reg, &answer, &why), &why, error); /* the index is open by then */
    truce_free(&answer);
    if (status == STATUS_DONE) status = standing(reg, &answer, seconds, error);
    truce_free(&answer);
    (void)!truce_close(&reg, NULL);
    return status;
}

static enum status standing_turn(void *context, double *rate, struct error *error)
{
    struct evaluating *e = context;
    TRY(opened(e, false, &e->scratch_s, error));
    *rate = (double)e->notes.count / e->scratch_s;
    return STATUS_DONE;
}

static enum status scratch_turn(void *context, double *seconds, struct error *error)
{
    return opened(context, false, seconds, error);
}

static enum status restart_turn(void *context, double *seconds, struct error *error)
{
    return opened(context, true, seconds, error);
}

static enum status count_judged(struct evaluating *e, struct error *error)
{
    struct truce_register *reg;
    struct truce_error why;
    struct truce_buffer answer = {0};
    struct arena arena;
    const struct json *root;
    double seconds;
    TRY(library_said(truce_open(&reg, e->directory, TRUCE_READ, &why), &why, error));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = standing(reg, &answer, &seconds, error);
    if (status == STATUS_DONE)
        status = json_read(&root, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, error);
    if (status == STATUS_DONE) {
        const struct json *terms = json_find(json_find(root, "agreements")->first, "terms");
        for (const struct json *term = terms->first; term != NULL; term = term->next)
            e->judged += json_find(term, "readings")->size;
    }
    arena_clear(&arena);
    truce_free(&answer);
    (void)!truce_close(&reg, NULL);
    return status;
}

/* ---- one more record */

static enum status one_more(struct truce_register *reg, struct slice note, double *seconds, struct error *error)
{
    struct truce_error why;
    struct truce_buffer answer = {0};
    TRY(library_said(truce_submit(reg, (const char *)note.data, note.size, line_ignored, NULL, &why), &why, error));
    enum status status = standing(reg, &answer, seconds, error);
    truce_free(&answer);
    return status;
}

static enum status measure_more(struct evaluating *e, struct samples *samples, struct error *error)
{
    struct truce_register *reg;
    struct truce_error why;
    struct truce_buffer answer = {0};
    double seconds;
    TRY(library_said(truce_open(&reg, e->directory, TRUCE_WRITE, &why), &why, error));
    enum status status = standing(reg, &answer, &seconds, error);
    truce_free(&answer);
    for (size_t i = 0; i < e->more.count && status == STATUS_DONE; i++) {
        status = one_more(reg, notes_at(&e->more, i), &seconds, error);
        if (status == STATUS_DONE) status = samples_add(samples, seconds, error);
    }
    (void)!truce_close(&reg, NULL);
    return status;
}

/* ---- facts */

static bool is_attack(struct slice act)
{
    static const char *const acts[] = {"air-strike",
                                       "attack",
                                       "fire",
                                       "non-state-violence",
                                       "non-state-violence-summary",
                                       "one-sided-violence",
                                       "one-sided-violence-summary",
                                       "shelling",
                                       "small-arms-fire",
                                       "state-based-violence",
                                       "state-based-violence-summary"};
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (slice_is(act, acts[i])) return true;
    return false;
}

static void take_fact(struct fact *out, const struct record *record)
{
    const struct json *event =
        slice_is(slice_from(record->kind->name), "report") ? record->body : json_find(record->body, "event");
    const struct json *when = json_find(event, "when"), *where = json_find(event, "where");
    const struct json *point = json_find(where, "point");
    struct slice actor = json_find_string(record->body, "actor");
    *out = (struct fact){
        .attack = is_attack(json_find_string(record->body, "act")),
        .actor_known = actor.data != NULL,
        .by_government = slice_is(actor, "syria-government"),
        .placed = point != NULL,
        .point = {(int32_t)json_find_integer(point, "lat_e7", 0), (int32_t)json_find_integer(point, "lon_e7", 0)},
        .radius_m = (int32_t)json_find_integer(where, "radius_m", 0)};
    if (!time_parse(&out->from, json_find_string(when, "from")) || !time_parse(&out->to, json_find_string(when, "to")))
        out->attack = false; /* speaks of no event */
}

static enum status take_facts(struct evaluating *e, struct error *error)
{
    struct arena arena;
    enum status status = STATUS_DONE;
    e->facts = calloc(e->notes.count, sizeof *e->facts);
    if (e->facts == NULL) return arena_full(error);
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    for (size_t i = 0; i < e->notes.count && status == STATUS_DONE; i++) {
        struct record record;
        arena_reset(&arena);
        status = record_decode(&record, notes_at(&e->notes, i), &arena, error);
        if (status == STATUS_DONE) take_fact(&e->facts[i], &record);
    }
    arena_clear(&arena);
    return status;
}

/* ---- one clause in C: how many attacks for sure, and how many perhaps */

struct count {
    uint64_t sure, perhaps;
};

static struct count judge_clause(const struct fact *facts, size_t count, int64_t from, int64_t to)
{
    const struct point middle = {350000000, 385000000};
    const int64_t reach_mm = INT64_C(450000000);
    struct count out = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = &facts[i];
        if (!fact->attack || fact->to < from || fact->from > to || (fact->actor_known && !fact->by_government))
            continue;
        int64_t distance = fact->placed ? geo_distance_mm(middle, fact->point) : 0;
        int64_t doubt = (int64_t)fact->radius_m * 1000 + geo_error_mm(distance);
        if (distance - doubt > reach_mm) continue;
        bool sure =
            fact->actor_known && fact->placed && distance + doubt <= reach_mm && fact->from >= from && fact->to <= to;
        out.sure += sure;
        out.perhaps++;
    }
    return out;
}

static void window(int64_t *from, int64_t *to)
{
    if (!time_parse(from, slice_from("2016-09-12T16:00:00Z")) || !time_parse(to, slice_from(as_of))) abort();
}

static enum status loop_turn(void *context, double *rate, struct error *error)
{
    struct evaluating *e = context;
    enum { ROUNDS = 64 };
    volatile uint64_t kept = 0; /* so that no round is left out */
    int64_t from, to;
    (void)error;
    window(&from, &to);
    double began = now_s();
    for (int i = 0; i < ROUNDS; i++) kept += judge_clause(e->facts, e->notes.count, from, to - i).perhaps;
    *rate = (double)e->notes.count * ROUNDS / (now_s() - began);
    return STATUS_DONE;
}

/* ---- the same clause by the evaluator, over facts that are there */

static const char clause[] =
    "{\"kind\":\"agreement\",\"by\":\"russia\",\"agreement\":\"clause\",\"title\":{\"en\":\"One clause\"},\"parties\":["
    "\"russia\"],\"written\":\"2016-09-12T16:00:00Z\",\"places\":{\"syria\":{\"point\":{\"lat_e7\":350000000,\"lon_"
    "e7\":"
    "385000000},\"radius_m\":450000}},\"readings\":{\"all\":{\"trust\":\"*\",\"links\":\"russia\",\"need\":[\"report\","
    "\"claim\"]}},\"force\":{\"assent\":[\"russia\"],\"from\":{\"at\":\"2016-09-12T16:00:00Z\"}},\"terms\":[{\"id\":"
    "\"attacks\",\"clause\":{\"en\":\"No "
    "attacks.\"},\"who\":\"syria-government\",\"rule\":{\"at_most\":0,\"of\":{\"act\":["
    "\"air-strike\",\"attack\",\"fire\",\"non-state-violence\",\"non-state-violence-summary\",\"one-sided-violence\","
    "\"one-sided-violence-summary\",\"shelling\",\"small-arms-fire\",\"state-based-violence\","
    "\"state-based-violence-summary\"],\"actor\":\"syria-government\",\"place\":\"syria\"}},\"watch\":\"log\"}]}";
static const char assent[] =
    "{\"kind\":\"standing\",\"by\":\"russia\",\"agreement\":\"%s\",\"act\":\"assent\",\"scope\":{"
    "\"whole\":true},\"at\":\"2016-09-12T16:00:00Z\"}";

/* An unsigned record straight into the view: nothing but evaluation sees it. */
static enum status put_plain(struct evaluating *e, const char *json, struct record_id *id, struct error *error)
{
    struct arena arena;
    struct record record = {.register_name = slice_from("bench"), .by = slice_from("russia")};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = json_read(&record.body, slice_from(json), JSON_RELAXED, &arena, error);
    if (status == STATUS_DONE) {
        record.text = slice_from(json);
        record.id.hash = hash_of(record.text);
        record.kind = record_kind_find(json_find_string(record.body, "kind"));
        record.seq = (int64_t)view_size(e->clause);
        int64_t at = INT64_C(1473696000); /* 2016-09-12T16:00:00Z */
        record.written = at;
        status = view_add(e->clause, view_size(e->clause), at * 1000, &record, false, error);
        *id = record.id;
    }
    arena_clear(&arena);
    return status;
}

static enum status put_note(struct evaluating *e, struct slice note, struct arena *arena, struct error *error)
{
    struct record record;
    arena_reset(arena);
    TRY(record_decode(&record, note, arena, error));
    return view_add(e->clause, view_size(e->clause), INT64_C(1473696000000), &record, false, error);
}

static enum status make_clause(struct evaluating *e, struct error *error)
{
    struct record_id id;
    struct arena arena;
    char hex[HASH_HEX_SIZE], text[sizeof assent + HASH_HEX_SIZE];
    TRY(view_open(&e->clause, error));
    TRY(put_plain(e, clause, &id, error));
    hash_format(&id.hash, hex);
    snprintf(text, sizeof text, assent, hex);
    TRY(put_plain(e, text, &id, error));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = STATUS_DONE;
    for (size_t i = 0; i < e->notes.count && status == STATUS_DONE; i++)
        status = put_note(e, notes_at(&e->notes, i), &arena, error);
    arena_clear(&arena);
    return status;
}

static enum status decide_turn(void *context, double *rate, struct error *error)
{
    struct evaluating *e = context;
    struct standing *decided;
    int64_t from, to;
    window(&from, &to);
    view_forget(e->clause);
    double began = now_s();
    TRY(standing_open(&decided, e->clause, to, error));
    *rate = (double)e->notes.count / (now_s() - began);
    standing_close(&decided);
    return STATUS_DONE;
}

/* ---- the same clause by SQLite; the disc as a box, which asks less */

static enum status sqlite_said(struct evaluating *e, int code, struct error *error)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "bench-sqlite", "SQLite failed where it was to be measured: {0}.",
                     e->database == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(e->database), NULL);
}

static enum status insert_facts(struct evaluating *e, struct error *error)
{
    sqlite3_stmt *insert;
    TRY(sqlite_said(
        e, sqlite3_prepare_v2(e->database, "INSERT INTO fact VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)", -1, &insert, NULL),
        error));
    for (size_t i = 0; i < e->notes.count; i++) {
        const struct fact *fact = &e->facts[i];
        const int64_t values[] = {(int64_t)i,   fact->from,         fact->to,
                                  fact->placed, fact->point.lat_e7, fact->point.lon_e7,
                                  fact->attack, fact->actor_known,  fact->by_government};
        for (int k = 0; k < (int)COUNT_OF(values); k++) sqlite3_bind_int64(insert, k + 1, values[k]);
        sqlite3_step(insert);
        sqlite3_reset(insert);
    }
    return sqlite_said(e, sqlite3_finalize(insert), error);
}

static enum status open_scan(struct evaluating *e, struct error *error)
{
    char path[GROUND_PATH];
    ground_path(&e->run->ground, "scan.sqlite", path);
    TRY(sqlite_said(e, sqlite3_open(path, &e->database), error));
    TRY(sqlite_said(e,
                    sqlite3_exec(e->database,
                                 "PRAGMA cache_size=-262144; BEGIN;"
                                 "CREATE TABLE fact(entry INTEGER PRIMARY KEY, time_from INTEGER, time_to INTEGER,"
                                 " placed INTEGER, lat INTEGER, lon INTEGER, attack INTEGER, actor_known INTEGER,"
                                 " by_government INTEGER) STRICT",
                                 NULL, NULL, NULL),
                    error));
    TRY(insert_facts(e, error));
    TRY(sqlite_said(e, sqlite3_exec(e->database, "COMMIT", NULL, NULL, NULL), error));
    return sqlite_said(
        e,
        sqlite3_prepare_v2(
            e->database,
            "SELECT sum(actor_known AND placed AND time_from>=?1 AND time_to<=?2), count(*) FROM fact WHERE attack AND"
            " time_to>=?1 AND time_from<=?2 AND (by_government OR NOT actor_known) AND (NOT placed OR"
            " (lat BETWEEN 310000000 AND 390000000 AND lon BETWEEN 336000000 AND 434000000))",
            -1, &e->scan, NULL),
        error);
}

static enum status scan_turn(void *context, double *rate, struct error *error)
{
    struct evaluating *e = context;
    int64_t from, to;
    window(&from, &to);
    sqlite3_bind_int64(e->scan, 1, from);
    sqlite3_bind_int64(e->scan, 2, to);
    double began = now_s();
    int code = sqlite3_step(e->scan);
    *rate = (double)e->notes.count / (now_s() - began);
    sqlite3_reset(e->scan);
    return sqlite_said(e, code, error);
}

/* ---- the whole */

static enum status measure(struct evaluating *e, struct error *error)
{
    double rate, limit, seconds, scratch;
    struct samples more = {0};
    size_t count = e->notes.count;
    TRY(take_facts(e, error));
    TRY(make_clause(e, error));
    TRY(take_turns(TURNS, decide_turn, loop_turn, e, &rate, &limit, error));
    figure_rate(e->run, "decide", "records/s", rate, (struct limit){"c-loop", limit, 0.4}, count);
    TRY(open_scan(e, error));
    TRY(count_judged(e, error));
    TRY(take_turns(TURNS, standing_turn, scan_turn, e, &rate, &limit, error));
    figure_rate(e->run, "standing", "records/s", rate,
                (struct limit){"sqlite-scans", limit / (double)e->judged, 1.0 / 3}, count);
    figure_rate(e->run, "standing-once", "records/s", rate, (struct limit){"sqlite-scan", limit, 0}, count);
    TRY(opened(e, false, &scratch, error)); /* leaves the facts kept */
    TRY(take_turns(TURNS, restart_turn, restart_turn, e, &seconds, &limit, error));
    TRY(take_turns(TURNS, scratch_turn, scratch_turn, e, &scratch, &limit, error));
    figure_time(e->run, "restart", "ms", seconds * 1000, (struct limit){"from-nothing-tenth", scratch * 100, 1}, count);
    enum status status = measure_more(e, &more, error);
    if (status == STATUS_DONE)
        figure_time(e->run, "one-more", "ms", samples_at(&more, 500) * 1000,
                    (struct limit){"from-nothing-thousandth", scratch, 1}, count);
    samples_clear(&more);
    return status;
}

static enum status make(struct evaluating *e, struct error *error)
{
    struct truce_error why;
    struct truce_buffer answer = {0};
    struct made *made;
    const struct made_options options = {.seed = e->run->options->seed,
                                         .total = e->run->options->records + MORE,
                                         .from_day = time_days_from_civil(2016, 9, 9),
                                         .to_day = time_days_from_civil(2016, 10, 23)};
    enum status status = library_said(truce_case_load("syria-2016", e->directory, &answer, &why), &why, error);
    truce_free(&answer);
    TRY(status);
    TRY(made_open(&made, &options, error));
    status = made_join(made, e->directory, error);
    if (status == STATUS_DONE) status = made_notes(made, (size_t)options.total - MORE, &e->notes, error);
    if (status == STATUS_DONE) status = made_notes(made, MORE, &e->more, error);
    made_close(&made);
    return status == STATUS_DONE ? register_fill(e->directory, &e->notes, error) : status;
}

enum status bench_evaluate(struct run *run, struct error *error)
{
    struct evaluating e = {.run = run};
    ground_path(&run->ground, "register", e.directory);
    enum status status = make(&e, error);
    if (status == STATUS_DONE) status = measure(&e, error);
    view_close(&e.clause);
    notes_clear(&e.more);
    sqlite3_finalize(e.scan);
    sqlite3_close(e.database);
    free(e.facts);
    notes_clear(&e.notes);
    return status;
}
