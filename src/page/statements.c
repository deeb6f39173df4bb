/* Statements out of a news text: the source whole with what is proposed marked in it, and a card for each proposal. One
 * form carries everything that was decided; the page needs nothing else to go on. */
#include "page/asset.h"
#include "page/intake.h"

#include <inttypes.h>
#include <stdio.h>

enum { SHOWN_MOST = 50, LISTS_ARENA_BYTES = 256 * 1024 * 1024, COMMAND_BYTES = 200 };

static void begin_form(struct sheet *sheet, const char *class_name)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/statements");
    sheet_begin(sheet, TAG_FORM, class_name);
    html_set(&sheet->html, ATTR_METHOD, "post");
    html_set(&sheet->html, ATTR_ENCTYPE, "multipart/form-data");
    html_address(&sheet->html, ATTR_ACTION, &address);
}

static bool is_wrong(const struct page_statements *what, const char *field)
{
    return what->wrong != NULL && strcmp(what->wrong_field, field) == 0;
}

/* ---- a text to be given */

static void put_fault(struct sheet *sheet, const struct page_statements *what)
{
    sheet_begin(sheet, TAG_P, "fault");
    html_set(&sheet->html, ATTR_ID, "fault");
    html_set(&sheet->html, ATTR_ROLE, "alert");
    html_message(&sheet->html, slice_from(what->wrong));
    html_end(&sheet->html, TAG_P);
}

static void put_line(const struct intake *in, const char *name, const char *label, const char *hint, bool machine)
{
    sheet_line(in->sheet, &(struct line){.name = name,
                                         .label = label,
                                         .hint = hint,
                                         .value = intake_typed(in, name, 0, slice_from("")),
                                         .words = !machine,
                                         .is_wrong = is_wrong(in->what, name)});
}

static void put_text_field(const struct intake *in)
{
    struct html *html = &in->sheet->html;
    sheet_begin(in->sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("Text"));
    html_begin(html, TAG_TEXTAREA);
    html_set(html, ATTR_NAME, "text");
    html_set(html, ATTR_ID, "text");
    html_set(html, ATTR_ROWS, "14");
    html_set(html, ATTR_DIR, "auto");
    html_set(html, ATTR_AUTOCOMPLETE, "off");
    html_set(html, ATTR_SPELLCHECK, "false");
    if (is_wrong(in->what, "text")) sheet_mark_wrong(in->sheet);
    html_text(html, intake_typed(in, "text", 0, slice_from("")));
    html_end(html, TAG_TEXTAREA);
    html_end(html, TAG_LABEL);
}

static void put_file_field(const struct intake *in)
{
    struct html *html = &in->sheet->html;
    char most[24];
    snprintf(most, sizeof most, "%zu", in->what->text_most / 1024);
    sheet_begin(in->sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("Or a file"));
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "file");
    html_set(html, ATTR_NAME, "file");
    html_set(html, ATTR_ACCEPT, ".txt,.html,.htm,text/plain,text/html");
    sheet_begin(in->sheet, TAG_SPAN, "hint");
    SAY(in->sheet, TR("Plain text or HTML in UTF-8, Arabic or English, at most {0} KiB."),
        hole(HOLE_NUMBER, slice_from(most)));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_LABEL);
}

static void put_first(const struct intake *in)
{
    struct sheet *sheet = in->sheet;
    char most[24];
    snprintf(most, sizeof most, "%zu", in->what->text_most);
    html_words_in(&sheet->html, TAG_P, NULL,
                  TR("A news text is read for what it attributes to somebody. Each statement that is found is proposed "
                     "beside its place in the text; nothing becomes a record until it was read, accepted and signed."));
    if (in->what->wrong != NULL) put_fault(sheet, in->what);
    begin_form(sheet, "given");
    html_data(&sheet->html, "most", slice_from(most));
    html_data(&sheet->html, "too-large",
              slice_from(TR("The file is larger than is taken here. The command line takes "
                            "larger ones.")));
    put_text_field(in);
    put_file_field(in);
    put_line(in, "day", TR("Day of the text"), TR("YYYY-MM-DD; by it \"yesterday\" is counted. May be left empty."),
             true);
    sheet_submit(sheet, TR("Find statements"));
    html_end(&sheet->html, TAG_FORM);
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("What is pasted goes to this server alone, and is not kept by it. On the command line: truce "
                     "intake FILE."));
}

/* ---- what was decided */

static size_t count_state(const struct page_statements *what, enum statement_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < what->count; i++) count += what->items[i].state == state;
    return count;
}

static void say_count(struct sheet *sheet, const char *message, size_t count)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", count);
    SAY(sheet, message, hole(HOLE_NUMBER, slice_from(digits)));
    html_words(&sheet->html, " ");
}

static void put_sums(const struct intake *in)
{
    struct sheet *sheet = in->sheet;
    size_t refused = count_state(in->what, STATEMENT_REFUSED), sent = count_state(in->what, STATEMENT_SENT);
    sheet_begin(sheet, TAG_P, "quiet");
    html_set(&sheet->html, ATTR_ID, "sums");
    say_count(sheet, TR("Proposed: {0}."), count_state(in->what, STATEMENT_PROPOSED));
    say_count(sheet, TR("Accepted: {0}."), count_state(in->what, STATEMENT_ACCEPTED));
    if (refused > 0) say_count(sheet, TR("Refused: {0}."), refused);
    if (sent > 0) say_count(sheet, TR("Sent: {0}."), sent);
    html_end(&sheet->html, TAG_P);
}

static void put_submit(struct sheet *sheet, const char *value, const char *words, const char *class_name)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_BUTTON, class_name);
    html_set(html, ATTR_TYPE, "submit");
    html_set(html, ATTR_NAME, "do");
    html_set(html, ATTR_VALUE, value);
    html_words(html, words);
    html_end(html, TAG_BUTTON);
}

/* The first button of the form is the one that Enter means: it changes nothing that was decided. */
static void put_common(const struct intake *in)
{
    struct sheet *sheet = in->sheet;
    sheet_begin(sheet, TAG_DIV, "fields");
    put_line(in, "at", TR("When it was said"), TR("A day and an hour in UTC, as in 2016-10-03 17:00; for all of them."),
             true);
    put_line(in, "reported", TR("Reported by"), TR("Who reported it and when: a newspaper, an agency, its day."),
             false);
    put_line(in, "day", TR("Day of the text"), TR("YYYY-MM-DD; by it \"yesterday\" is counted."), true);
    html_end(&sheet->html, TAG_DIV);
    sheet_begin(sheet, TAG_P, "buttons");
    put_submit(sheet, "read", TR("Apply"), "second");
    html_end(&sheet->html, TAG_P);
}

static void carry_decided(const struct intake *in)
{
    intake_carry(in, "kept", 0, in->what->kept);
    for (size_t i = 0; i < in->what->count; i++) {
        if (in->what->items[i].state == STATEMENT_REFUSED) intake_carry(in, "is", i + 1, slice_from("refused"));
        if (in->what->items[i].state != STATEMENT_SENT) continue;
        intake_carry(in, "is", i + 1, slice_from("sent"));
        intake_carry(in, "id", i + 1, intake_typed(in, "id", i + 1, slice_from("")));
    }
}

/* ---- cards */

static void put_proposed(struct intake *in)
{
    struct sheet *sheet = in->sheet;
    size_t left = count_state(in->what, STATEMENT_PROPOSED);
    if (left == 0) return;
    html_begin(&sheet->html, TAG_H2);
    html_words(&sheet->html, TR("Proposed"));
    html_end(&sheet->html, TAG_H2);
    sheet_begin(sheet, TAG_OL, "proposals");
    for (size_t i = 0; i < in->what->count && in->shown < SHOWN_MOST; i++) {
        if (in->what->items[i].state != STATEMENT_PROPOSED) continue;
        intake_card(in, i + 1);
        in->shown++;
    }
    html_end(&sheet->html, TAG_OL);
    if (left > in->shown) {
        html_begin(&sheet->html, TAG_P);
        say_count(sheet, TR("Others follow when these are decided: {0}."), left - in->shown);
        html_end(&sheet->html, TAG_P);
    }
    sheet_begin(sheet, TAG_P, "buttons");
    put_submit(sheet, "accept-picked", TR("Accept what is picked"), NULL);
    put_submit(sheet, "refuse-picked", TR("Refuse what is picked"), "second");
    html_end(&sheet->html, TAG_P);
}

static void put_sent(const struct intake *in)
{
    struct sheet *sheet = in->sheet;
    if (count_state(in->what, STATEMENT_SENT) == 0) return;
    sheet_heading(sheet, TAG_H2, TR("Signed and sent"));
    sheet_begin(sheet, TAG_UL, "records");
    for (size_t i = 0; i < in->what->count; i++) {
        if (in->what->items[i].state != STATEMENT_SENT) continue;
        html_begin(&sheet->html, TAG_LI);
        sheet_record(sheet, intake_typed(in, "id", i + 1, slice_from("")), (struct slice){NULL, 0});
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
}

static void put_command(struct sheet *sheet, const char *command)
{
    html_begin(&sheet->html, TAG_PRE);
    html_set(&sheet->html, ATTR_DIR, "ltr");
    html_set(&sheet->html, ATTR_TABINDEX, "0");
    html_text(&sheet->html, slice_from(command));
    html_end(&sheet->html, TAG_PRE);
}

/* With a key that the browser has unlocked, where scripts run on the reader's own server. */
static void put_signing(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    if (!sheet->page->own) return;
    sheet_begin(sheet, TAG_P, "buttons");
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "button");
    html_set(html, ATTR_ID, "sign");
    html_flag(html, ATTR_HIDDEN);
    html_words(html, TR("Sign and send"));
    html_end(html, TAG_BUTTON);
    html_end(html, TAG_P);
    sheet_begin(sheet, TAG_P, "fault");
    html_set(html, ATTR_ID, "sign-fault");
    html_set(html, ATTR_ROLE, "alert");
    html_flag(html, ATTR_HIDDEN);
    html_end(html, TAG_P);
}

/* Signed elsewhere, with the key where it lies. */
static void put_elsewhere(const struct intake *in)
{
    struct sheet *sheet = in->sheet;
    sheet_heading(sheet, TAG_H3, TR("Signing on the command line"));
    html_words_in(&sheet->html, TAG_P, NULL,
                  TR("One file holds all that was accepted, a record a line. The command completes, signs and hands in "
                     "each of them; it asks for the passphrase of the key."));
    sheet_begin(sheet, TAG_P, "buttons");
    put_submit(sheet, "lines", TR("Take the file statements.jsonl"), "second");
    html_end(&sheet->html, TAG_P);
    put_command(sheet, "while IFS= read -r line; do printf '%s\\n' \"$line\" |\n"
                       "  truce write statement --from - --key FILE --submit || break; done < statements.jsonl");
    if (sheet->page->own) return;
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("From there, what waits goes to this server: truce submit --to URL."));
}

/* Where the command cannot reach the register, what it signed comes back as it was printed. Behind the form of the
 * text: it is one of its own. */
static void put_return(const struct intake *in)
{
    struct sheet *sheet = in->sheet;
    if (count_state(in->what, STATEMENT_ACCEPTED) == 0) return;
    sheet_begin(sheet, TAG_SECTION, "returned");
    sheet_heading(sheet, TAG_H2, TR("Signed elsewhere"));
    html_words_in(&sheet->html, TAG_P, NULL,
                  TR("Without --submit the command prints each signed note and hands nothing in. All that it printed "
                     "is handed in here."));
    sheet_take_notes(sheet, "/records"); /* each is in the outbox of the command that wrote it */
    html_end(&sheet->html, TAG_SECTION);
}

static void put_accepted(const struct intake *in)
{
    struct sheet *sheet = in->sheet;
    if (count_state(in->what, STATEMENT_ACCEPTED) == 0) return;
    sheet_begin(sheet, TAG_SECTION, "accepted");
    html_set(&sheet->html, ATTR_ID, "accepted");
    sheet_heading(sheet, TAG_H2, TR("Accepted, to be signed"));
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("The speaker's own words and verb are kept with their place in the source and its hash, so that "
                     "they can be checked for ever. Whoever signs says that the text was read, not that it is true."));
    sheet_begin(sheet, TAG_OL, "statements");
    for (size_t i = 0; i < in->what->count; i++)
        if (in->what->items[i].state == STATEMENT_ACCEPTED) intake_accepted(in, i + 1);
    html_end(&sheet->html, TAG_OL);
    put_signing(sheet);
    put_elsewhere(in);
    html_end(&sheet->html, TAG_SECTION);
}

/* ---- the text with its proposals */

static void put_hint(const struct intake *in)
{
    struct html *html = &in->sheet->html;
    if (in->what->count == 0) {
        html_words_in(html, TAG_P, NULL,
                      TR("No statement that is attributed to somebody was found in the text. What somebody said can "
                         "still be written as a record of its own."));
        return;
    }
    sheet_begin(in->sheet, TAG_P, "quiet legend");
    sheet_begin(in->sheet, TAG_SPAN, "who");
    html_words(html, TR("who speaks"));
    html_end(html, TAG_SPAN);
    html_words(html, TR(", "));
    sheet_begin(in->sheet, TAG_MARK, "direct");
    html_words(html, TR("in direct speech"));
    html_end(html, TAG_MARK);
    html_words(html, TR(", "));
    sheet_begin(in->sheet, TAG_MARK, "reported");
    html_words(html, TR("reported"));
    html_end(html, TAG_MARK);
    html_words(html, TR(", "));
    sheet_begin(in->sheet, TAG_SPAN, "whom");
    html_words(html, TR("addressed or accused"));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_P);
}

static void put_another(struct sheet *sheet)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/statements");
    html_begin(&sheet->html, TAG_P);
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, TR("Another text"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static enum status put_read(struct intake *in, struct error *error)
{
    struct sheet *sheet = in->sheet;
    put_sums(in);
    begin_form(sheet, "reading");
    html_data(&sheet->html, "hold", slice_from("yes"));
    carry_decided(in);
    put_common(in);
    sheet_begin(sheet, TAG_DIV, "beside");
    sheet_begin(sheet, TAG_SECTION, "in-source");
    sheet_heading(sheet, TAG_H2, TR("The text"));
    put_hint(in);
    TRY(intake_source(in, error));
    html_end(&sheet->html, TAG_SECTION);
    sheet_begin(sheet, TAG_DIV, "decided");
    put_accepted(in);
    put_proposed(in);
    html_end(&sheet->html, TAG_DIV);
    html_end(&sheet->html, TAG_DIV);
    html_end(&sheet->html, TAG_FORM);
    put_return(in);
    put_sent(in);
    put_another(sheet);
    return STATUS_DONE;
}

/* ---- the lists of the answer, by position */

static const struct json **by_position(struct arena *arena, const struct json *list, size_t *count)
{
    *count = list == NULL || list->type != JSON_ARRAY ? 0 : list->size;
    const struct json **out = arena_get(arena, (*count + 1) * sizeof *out);
    size_t i = 0;
    for (const struct json *one = *count == 0 ? NULL : list->first; one != NULL && out != NULL; one = one->next)
        out[i++] = one;
    return out;
}

static bool know(struct intake *in, struct arena *arena)
{
    size_t statements;
    const struct json *answer = in->what->answer;
    in->statement = by_position(arena, json_find(answer, "statements"), &statements);
    in->date = by_position(arena, json_find(answer, "dates"), &in->dates);
    in->count = by_position(arena, json_find(answer, "counts"), &in->counts);
    in->place = by_position(arena, json_find(answer, "places"), &in->places);
    return in->statement != NULL && in->date != NULL && in->count != NULL && in->place != NULL &&
           statements == in->what->count;
}

enum status page_statements(struct buffer *out, const struct page *page, const struct page_statements *what,
                            struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct sheet sheet = {.page = page, .script = asset_statements_js};
    struct intake in = {.sheet = &sheet, .what = what};
    arena_init(&arena, LISTS_ARENA_BYTES);
    if (what->answer != NULL && !know(&in, &arena)) return arena_full(error);
    sheet_open(&sheet, out, PLACE_STATEMENTS, slice_from(TR("Statements")));
    sheet_heading(&sheet, TAG_H1, TR("Statements"));
    if (what->answer == NULL)
        put_first(&in);
    else
        TRY(put_read(&in, error));
    return sheet_close(&sheet, error);
}
