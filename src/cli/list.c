#include "cli/cli.h"

#include "cli/table.h"
#include "tell/export.h"
#include "tell/names.h"
#include <inttypes.h>
#include <stdio.h>

struct listing {
    struct export export;
    struct arena arena;
    struct table table;
    struct buffer text;
    bool marked; /* a record whose key ended was among them */
};

static int export_put(void *context, enum truce_status status, const char *line, size_t size)
{
    struct listing *listing = context;
    (void)status;
    buffer_reset(&listing->text);
    if (!export_line(&listing->export, slice_of(line, size), &listing->text)) return 1;
    return output_put(buffer_slice(&listing->text)) ? 0 : 1;
}

static int table_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct listing *listing = context;
    const struct json *record;
    char number[24], kind[80];
    (void)status;
    arena_reset(&listing->arena);
    if (json_read(&record, slice_of(line, size), JSON_RELAXED, &listing->arena, NULL) != STATUS_DONE) return 1;
    const struct json *marks = json_find(record, "marks");
    snprintf(number, sizeof number, "%" PRId64 "%s", json_find_integer(record, "index", 0), marks != NULL ? " *" : "");
    listing->marked = listing->marked || marks != NULL;
    snprintf(kind, sizeof kind, "%.*s", SLICE(json_find_string(record, "kind")));
    const struct slice cells[] = {
        slice_from(number),
        slice_part(json_find_string(record, "id"), 0, 8),
        slice_part(tell_when(record), 0, 10),
        slice_from(words_label(LABEL_KIND, kind)),
        json_find_string(record, "by"),
        tell_gist(record),
    };
    table_row(&listing->table, cells);
    return 0;
}

/* ---- the command */

static enum truce_status find(struct truce_register *reg, const struct truce_query *query, truce_line *line,
                              struct listing *listing)
{
    struct truce_error error;
    enum truce_status status = truce_find(reg, query, line, listing, &error);
    return status == TRUCE_DONE ? status : say_error(&error);
}

static bool is_exercise(struct truce_register *reg)
{
    struct truce_buffer answer = {0};
    struct arena arena;
    const struct json *about;
    bool exercise = false;
    if (truce_about(reg, &answer, NULL) != TRUCE_DONE) return false;
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&about, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        exercise = json_find_bool(about, "exercise");
    arena_clear(&arena);
    truce_free(&answer);
    return exercise;
}

static void say_left_out(const struct export *export)
{
    OWN(buffer_clear) struct buffer count = {0};
    if (export->left_out == 0) return;
    words_count(&count, NOUN_RECORD, export->left_out);
    buffer_put_byte(&count, '\0');
    say(TR("Left out of the export, to protect people: {0} (sites, passages, coverage)."),
        count.failed ? "" : (const char *)count.data, NULL);
}

static enum truce_status list_export(struct truce_register *reg, const struct truce_query *query, enum export_form form,
                                     struct listing *listing)
{
    OWN(buffer_clear) struct buffer frame = {0};
    export_open(&listing->export, form, form != EXPORT_JSON && is_exercise(reg));
    export_begin(&listing->export, &frame);
    output_put(buffer_slice(&frame));
    enum truce_status status = find(reg, query, export_put, listing);
    buffer_reset(&frame);
    export_end(&listing->export, &frame);
    output_put(buffer_slice(&frame));
    say_left_out(&listing->export);
    export_close(&listing->export);
    return status;
}

static enum truce_status list_table(struct truce_register *reg, const struct truce_query *query,
                                    struct listing *listing)
{
    const struct table_column columns[] = {
        {.title = TR("No."), .right = true},
        {.title = TR("Id")},
        {.title = TR("Date")},
        {.title = TR("Kind"), .least = 8},
        {.title = TR("By"), .least = 8},
        {.title = TR("What it says"), .least = 16},
    };
    OWN(buffer_clear) struct buffer text = {0};
    table_open(&listing->table, columns, COUNT_OF(columns), words_arabic());
    enum truce_status status = find(reg, query, table_line, listing);
    if (status == TRUCE_DONE && listing->table.first == NULL) {
        say(TR("No record fits."), NULL);
    } else if (status == TRUCE_DONE) {
        table_write(&listing->table, &text, output_width(), output_bold(), output_plain());
        output_put(buffer_slice(&text));
        if (listing->marked)
            say(TR("* The key that signed it has ended: it is contested, late or without effect. truce show ID tells "
                   "which."),
                NULL);
    }
    table_close(&listing->table);
    return status;
}

static enum truce_status list(struct call *call)
{
    static struct listing listing;
    struct truce_query query;
    struct truce_register *reg;
    int forms = call_has(call, "csv") + call_has(call, "geojson") + call->json;
    if (forms > 1) return call_wrong(call, TR("Only one of --json, --csv and --geojson can be asked for."), NULL);
    struct ask_fault fault;
    if (!ask_query(&query, call_ask, call, &fault)) return call_wrong(call, fault.message, fault.value, NULL);
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    arena_init(&listing.arena, 64 * 1024 * 1024);
    if (forms == 0)
        status = list_table(reg, &query, &listing);
    else
        status = list_export(reg, &query,
                             call->json              ? EXPORT_JSON
                             : call_has(call, "csv") ? EXPORT_CSV
                                                     : EXPORT_GEOJSON,
                             &listing);
    arena_clear(&listing.arena);
    buffer_clear(&listing.text);
    return call_close(&reg, status);
}

static const struct option options[] = {
    {"kind", '\0', "KIND", N_("Records of this kind: report, notice, claim …")},
    {"by", '\0', "NAME", N_("Records of this author.")},
    {"from", '\0', "TIME", N_("What was at this time or later; a day begins at 00:00 UTC.")},
    {"to", '\0', "TIME", N_("What was at this time or earlier; a day ends at its last second.")},
    {"bbox", '\0', "W,S,E,N", N_("What was inside this box, in degrees.")},
    {"near", '\0', "LAT,LON", N_("What was near this place …")},
    {"within", '\0', "M", N_("… within so many metres.")},
    {"text", '\0', "Q", N_("Records whose text has these words; words in quotation marks stand together.")},
    {"term", '\0', "ID", N_("Records that name this term.")},
    {"limit", '\0', "N", N_("At most so many records.")},
    {"after", '\0', "N", N_("Records behind this number in the log.")},
    {"csv", '\0', NULL, N_("Give CSV.")},
    {"geojson", '\0', NULL, N_("Give GeoJSON: records with places.")},
    END_OF_OPTIONS,
};
const struct command command_list = {
    .name = "list",
    .usage = "[--kind K] [--by NAME] [--from T] [--to T] […]",
    .does = N_("Finds records, in the order of the log."),
    .more =
        N_("CSV and GeoJSON leave out sites, passages and coverage, unless the register is an exercise: such a file "
           "travels. In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe."),
    .example = "truce list --kind report --from 2016-09-19 --to 2016-09-20 --near 36.2,36.9 --within 10000",
    .options = options,
    .reading = true,
    .run = list,
};
