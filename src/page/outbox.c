/* Outbox and pouch: what was written here, how far it came, what waits and why; and what is carried by hand. */
#include "page/asset.h"
#include "page/sheet.h"
#include "tell/handed.h"

#include <inttypes.h>
#include <stdio.h>

static const struct json *items(const struct json *answer, const char *name)
{
    const struct json *list = json_find(answer, name);
    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

static struct hole number(char digits[24], int64_t value)
{
    snprintf(digits, 24, "%" PRId64, value);
    return hole(HOLE_NUMBER, slice_from(digits));
}

static bool is_in(const struct json *line)
{
    struct slice state = json_find_string(line, "state");
    return slice_is(state, "in") || slice_is(state, "void");
}

static bool any_of(const struct json *answer, bool in)
{
    const struct json *line = items(answer, "outbox");
    while (line != NULL && is_in(line) != in) line = line->next;
    return line != NULL;
}

static void begin_form(struct sheet *sheet, const char *path, const char *class_name)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    sheet_begin(sheet, TAG_FORM, class_name);
    html_set(&sheet->html, ATTR_METHOD, "post");
    html_set(&sheet->html, ATTR_ENCTYPE, "multipart/form-data");
    html_address(&sheet->html, ATTR_ACTION, &address);
}

static void put_command(struct sheet *sheet, const char *command)
{
    html_begin(&sheet->html, TAG_PRE);
    html_set(&sheet->html, ATTR_DIR, "ltr");
    html_set(&sheet->html, ATTR_TABINDEX, "0");
    html_text(&sheet->html, slice_from(command));
    html_end(&sheet->html, TAG_PRE);
}

/* ---- what waits */

static void put_state(struct sheet *sheet, const struct json *line)
{
    OWN(buffer_clear) struct buffer words = {0};
    outbox_words(&words, line);
    sheet_begin(sheet, TAG_P, "state");
    html_message(&sheet->html, buffer_slice(&words));
    html_end(&sheet->html, TAG_P);
}

/* A record that no other page shows yet: what it is, by whom, and its first words. */
static void put_waiting(struct sheet *sheet, const struct json *line)
{
    struct html *html = &sheet->html;
    char digits[24];
    struct slice id = json_find_string(line, "id"), gist = tell_gist(json_find(line, "record"));
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from(""));
    if (id.size > 0) {
        html_begin(html, TAG_H3);
        sheet_label(sheet, LABEL_KIND, json_find_string(line, "kind"));
        html_words(html, " ");
        sheet_hole(sheet, hole(HOLE_CODE, slice_part(id, 0, 8)));
        html_end(html, TAG_H3);
        html_begin(html, TAG_P);
        SAY(sheet, TR("{0}, number {1} of its key, written {2}"), hole(HOLE_PARTY, json_find_string(line, "by")),
            number(digits, json_find_integer(line, "seq", 0)), hole(HOLE_TIME, json_find_string(line, "written")));
        html_end(html, TAG_P);
    }
    if (gist.size > 0) {
        sheet_begin(sheet, TAG_P, "words");
        sheet_beginning(sheet, gist, 400);
        html_end(html, TAG_P);
    }
    put_state(sheet, line);
    html_end(html, TAG_LI);
}

static void put_waits(struct sheet *sheet, const struct json *answer)
{
    struct html *html = &sheet->html;
    sheet_heading(sheet, TAG_H2, TR("Waiting here"));
    if (!any_of(answer, false)) {
        html_words_in(html, TAG_P, NULL, TR("Nothing waits: what was written here is in the log."));
        return;
    }
    sheet_begin(sheet, TAG_UL, "kept");
    for (const struct json *line = items(answer, "outbox"); line != NULL; line = line->next)
        if (!is_in(line)) put_waiting(sheet, line);
    html_end(html, TAG_UL);
    begin_form(sheet, "/outbox/send", "send");
    sheet_submit(sheet, TR("Hand in what waits"));
    html_end(html, TAG_FORM);
    html_words_in(html, TAG_P, "quiet",
                  TR("It is handed in once, unchanged, to the log that this server holds or copies. Where the host is "
                     "not reached, it goes by pouch."));
}

/* ---- what is in the log */

static const char *level_digit(struct slice level)
{
    static const char *const levels[] = {"durable", "checkpoint", "cosigned", "mirrored"};
    static const char *const digits[] = {"1", "2", "3", "4"};
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (slice_is(level, levels[i])) return digits[i];
    return "0";
}

static void put_logged(struct sheet *sheet, const struct json *line)
{
    struct html *html = &sheet->html;
    struct slice level = json_find_string(line, "level");
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from(""));
    sheet_record(sheet, json_find_string(line, "id"), (struct slice){NULL, 0});
    sheet_begin(sheet, TAG_P, "quiet");
    if (slice_is(json_find_string(line, "state"), "in")) {
        SAY(sheet, TR("Level {0} of 4: "), hole(HOLE_NUMBER, slice_from(level_digit(level))));
        sheet_label(sheet, LABEL_LEVEL, level);
    } else {
        OWN(buffer_clear) struct buffer words = {0};
        outbox_words(&words, line);
        html_message(html, buffer_slice(&words));
    }
    html_end(html, TAG_P);
    html_end(html, TAG_LI);
}

static void put_log(struct sheet *sheet, const struct json *answer)
{
    if (!any_of(answer, true)) return;
    sheet_heading(sheet, TAG_H2, TR("Written here, in the log"));
    html_words_in(
        &sheet->html, TAG_P, "quiet",
        TR("The newest records that were signed with this register's keys, with the level of their receipts: "
           "0 kept here, 1 kept by the host, 2 in a signed head, 3 cosigned by a quorum, 4 copied by others."));
    sheet_begin(sheet, TAG_UL, "records");
    for (const struct json *line = items(answer, "outbox"); line != NULL; line = line->next)
        if (is_in(line)) put_logged(sheet, line);
    html_end(&sheet->html, TAG_UL);
}

/* ---- what a host promised, what came in at this copy, what came before its record */

static void put_promise(struct sheet *sheet, const struct json *promise)
{
    struct slice evidence = json_find_string(promise, "evidence"), state = json_find_string(promise, "state");
    const char *words = promise_words(state);
    char digits[24];
    html_begin(&sheet->html, TAG_LI);
    html_data(&sheet->html, "item", slice_from(""));
    html_begin(&sheet->html, TAG_P);
    SAY(sheet, TR("Record {0}, promised as number {1} of the log until {2}: "),
        hole(HOLE_RECORD, json_find_string(promise, "id")), number(digits, json_find_integer(promise, "index", 0)),
        hole(HOLE_TIME, json_find_string(promise, "merge_by")));
    if (words != NULL) SAY(sheet, truce_word(words), hole(HOLE_CODE, evidence));
    html_end(&sheet->html, TAG_P);
    html_end(&sheet->html, TAG_LI);
}

static void put_promises(struct sheet *sheet, const struct json *answer)
{
    if (items(answer, "promises") == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("What the host promised"));
    sheet_begin(sheet, TAG_UL, "kept");
    for (const struct json *line = items(answer, "promises"); line != NULL; line = line->next) put_promise(sheet, line);
    html_end(&sheet->html, TAG_UL);
}

static void put_arrivals(struct sheet *sheet, const struct json *answer)
{
    if (items(answer, "arrivals") == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("Handed in at this full copy"));
    sheet_begin(sheet, TAG_UL, "kept");
    for (const struct json *line = items(answer, "arrivals"); line != NULL; line = line->next) {
        const char *words = arrival_words(json_find_string(line, "state"));
        html_begin(&sheet->html, TAG_LI);
        html_data(&sheet->html, "item", slice_from(""));
        html_begin(&sheet->html, TAG_P);
        SAY(sheet, TR("Record {0}, {1}: "), hole(HOLE_RECORD, json_find_string(line, "id")),
            hole(HOLE_TIME, json_find_string(line, "at")));
        if (words != NULL) html_words(&sheet->html, truce_word(words));
        html_end(&sheet->html, TAG_P);
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
}

static void put_sealed(struct sheet *sheet, const struct json *answer)
{
    const struct json *list = json_find(answer, "sealed");
    char digits[24];
    if (items(answer, "sealed") == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("Sealed contents whose record has not come"));
    html_begin(&sheet->html, TAG_P);
    SAY(sheet, TR("Kept until the record comes that names them: {0}."), number(digits, (int64_t)list->size));
    html_end(&sheet->html, TAG_P);
}

/* ---- what came of a pouch, or of sending */

static void put_message(struct sheet *sheet, const char *class_name, struct slice message)
{
    sheet_begin(sheet, TAG_P, class_name);
    html_message(&sheet->html, message);
    html_end(&sheet->html, TAG_P);
}

static void put_told(struct sheet *sheet, const struct json *line)
{
    char from[24], to[24];
    html_begin(&sheet->html, TAG_LI);
    if (slice_is(json_find_string(line, "pouch"), "missing"))
        SAY(sheet, TR("Still missing of {0} (key {1}): the records of numbers {2} to {3}."),
            hole(HOLE_PARTY, json_find_string(line, "by")), hole(HOLE_CODE, json_find_string(line, "key")),
            number(from, json_find_integer(line, "from", 0)), number(to, json_find_integer(line, "to", 0)));
    else
        html_message(&sheet->html, json_find_string(line, "message"));
    html_end(&sheet->html, TAG_LI);
}

static void put_sums(struct sheet *sheet, const struct json *opened)
{
    const struct json *counts = json_find(opened, "counts"), *refusals = json_find(opened, "refusals");
    char digits[4][24];
    int64_t refused = refusals == NULL ? 0 : (int64_t)refusals->size;
    html_begin(&sheet->html, TAG_P);
    if (counts != NULL)
        SAY(sheet,
            TR("Records in the pouch: {0}. With a receipt now: {1}. Newly kept to be handed in: {2}. Refused: {3}."),
            number(digits[0], json_find_integer(counts, "notes", 0)),
            number(digits[1], json_find_integer(opened, "receipts", 0)),
            number(digits[2], json_find_integer(counts, "kept", 0)), number(digits[3], refused));
    else
        SAY(sheet, TR("With a receipt now: {0}. Refused: {1}."),
            number(digits[0], json_find_integer(opened, "receipts", 0)), number(digits[1], refused));
    html_end(&sheet->html, TAG_P);
    if (json_find_integer(counts, "taken", 0) > 0)
        SAY_P(sheet, NULL, TR("Entries that this copy went on by: {0}."),
              number(digits[0], json_find_integer(counts, "taken", 0)));
}

static void put_opened(struct sheet *sheet, const struct json *opened)
{
    struct html *html = &sheet->html;
    struct slice message = json_find_string(opened, "message");
    sheet_begin(sheet, TAG_SECTION, "opened");
    html_set(html, ATTR_ID, "opened");
    html_set(html, ATTR_ROLE, "status");
    html_data(html, "hold", slice_from("yes"));
    sheet_heading(sheet, TAG_H2,
                  json_find(opened, "counts") != NULL ? TR("What came of the pouch") : TR("What came of it"));
    put_sums(sheet, opened);
    if (message.size > 0) put_message(sheet, "problem", message);
    sheet_begin(sheet, TAG_UL, "parts");
    for (const struct json *line = items(opened, "told"); line != NULL; line = line->next) put_told(sheet, line);
    for (const struct json *line = items(opened, "refusals"); line != NULL; line = line->next) {
        html_begin(html, TAG_LI);
        html_message(html, json_find_string(line, "message"));
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
    sheet_records(sheet, json_find(opened, "taken"), 50);
    html_end(html, TAG_SECTION);
}

/* ---- pouches */

static void put_packing(struct sheet *sheet)
{
    sheet_heading(sheet, TAG_H3, TR("Pack a pouch"));
    html_words_in(&sheet->html, TAG_P, NULL,
                  TR("One file with all that waits here, evidence and the newest signed heads, to be carried by hand. "
                     "It may be opened anywhere and any number of times: nothing is taken twice."));
    begin_form(sheet, "/outbox/pouch", "pack");
    sheet_line(sheet, &(struct line){.name = "from",
                                     .label = TR("The log from this entry on"),
                                     .hint = TR("For a copy that was cut off: its number of records. Empty: none of "
                                                "it.")});
    sheet_line(sheet, &(struct line){.name = "ids",
                                     .label = TR("Records to take along, with their proofs"),
                                     .hint = TR("Their ids, or the first eight digits of each.")});
    sheet_submit(sheet, TR("Pack a pouch"));
    html_end(&sheet->html, TAG_FORM);
}

static void put_opening(struct sheet *sheet, size_t most)
{
    struct html *html = &sheet->html;
    char digits[24];
    sheet_heading(sheet, TAG_H3, TR("Open a pouch"));
    html_words_in(html, TAG_P, NULL,
                  TR("Nothing in it is believed because it is there: each record is taken as if it had come by the "
                     "wire, and what is missing or contradicts itself is told."));
    begin_form(sheet, "/outbox/open", "open");
    snprintf(digits, sizeof digits, "%zu", most);
    html_data(html, "most", slice_from(digits));
    html_data(html, "too-large",
              slice_from(TR("The file is larger than is taken here. The command line takes larger "
                            "ones.")));
    sheet_begin(sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("Pouch"));
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "file");
    html_set(html, ATTR_NAME, "pouch");
    html_flag(html, ATTR_REQUIRED);
    sheet_begin(sheet, TAG_SPAN, "hint");
    SAY(sheet, TR("At most {0} MiB here; truce pouch open takes larger ones."),
        number(digits, (int64_t)(most / (1024 * 1024))));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_LABEL);
    sheet_submit(sheet, TR("Open a pouch"));
    html_end(html, TAG_FORM);
}

static void put_pouches(struct sheet *sheet, size_t most)
{
    sheet_heading(sheet, TAG_H2, TR("Pouch"));
    sheet_begin(sheet, TAG_DIV, "beside");
    sheet_begin(sheet, TAG_SECTION, "packing");
    put_packing(sheet);
    html_end(&sheet->html, TAG_SECTION);
    sheet_begin(sheet, TAG_SECTION, "opening");
    put_opening(sheet, most);
    html_end(&sheet->html, TAG_SECTION);
    html_end(&sheet->html, TAG_DIV);
}

/* ---- where nothing is shown */

static void put_elsewhere(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    html_words_in(html, TAG_P, NULL,
                  TR("What was written and waits to be sent lies on the machine where it was signed, and only that "
                     "machine shows it. There, with a copy of the register:"));
    put_command(sheet, "truce serve -C DIR\ntruce outbox -C DIR");
    html_words_in(html, TAG_P, NULL,
                  TR("A pouch carries it by hand where there is no network, and is opened at any other copy:"));
    put_command(sheet, "truce pouch pack FILE -C DIR\ntruce pouch open FILE -C DIR");
}

enum status page_outbox(struct buffer *out, const struct page *page, const struct page_outbox *what,
                        struct error *error)
{
    struct sheet sheet = {.page = page, .script = asset_outbox_js};
    sheet_open(&sheet, out, PLACE_OUTBOX, slice_from(TR("Outbox and pouch")));
    sheet_heading(&sheet, TAG_H1, TR("Outbox and pouch"));
    if (what->opened != NULL) put_opened(&sheet, what->opened);
    if (what->shown) {
        put_waits(&sheet, what->answer);
        put_promises(&sheet, what->answer);
        put_arrivals(&sheet, what->answer);
        put_sealed(&sheet, what->answer);
        put_pouches(&sheet, what->pouch_most);
        put_log(&sheet, what->answer);
    } else {
        put_elsewhere(&sheet);
    }
    return sheet_close(&sheet, error);
}
