/* Integrity: the newest signed head, who stands behind it, what in this copy does not fit, and how to check all of it
 * without this page. */
#include "page/asset.h"
#include "page/sheet.h"

#include "tell/evidence.h"
#include "tell/heads.h"
#include <inttypes.h>
#include <stdio.h>

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

static struct hole integer(const struct json *of, const char *key)
{
    return hole_integer(HOLE_INTEGER, json_find_integer(of, key, 0));
}

static struct hole code(const struct json *of, const char *key)
{
    return hole(HOLE_CODE, json_find_string(of, key));
}

static void put_way(struct sheet *sheet, const char *path, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    html_begin(&sheet->html, TAG_LI);
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_LI);
}

/* "… and others", where a list was cut. */
static void put_more(struct sheet *sheet, const struct json *of)
{
    int64_t more = json_find_integer(of, "more", 0);
    if (more <= 0) return;
    html_begin(&sheet->html, TAG_LI);
    sheet_others(sheet, (size_t)more);
    html_end(&sheet->html, TAG_LI);
}

/* ---- the head */

/* The records that a head of so many covers are those that were known then. */
static void put_covered(struct sheet *sheet, int64_t size)
{
    char text[24];
    OWN(address_clear) struct address address;
    snprintf(text, sizeof text, "%" PRId64, size);
    address_open(&address, "/records");
    address_ask(&address, "known", slice_from(text));
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    sheet_count(sheet, NOUN_RECORD, (uint64_t)size);
    html_end(&sheet->html, TAG_A);
}

static void put_code_field(struct sheet *sheet, const char *label, struct slice text)
{
    if (text.size == 0) return;
    sheet_field(sheet, label);
    sheet_hole(sheet, hole(HOLE_CODE, text));
    sheet_field_end(sheet);
}

static void put_head(struct sheet *sheet, const struct json *answer)
{
    const struct json *head = json_find(answer, "head");
    int64_t size = json_find_integer(head, "size", 0), behind = json_find_integer(answer, "size", 0) - size;
    sheet_heading(sheet, TAG_H2, TR("Signed head"));
    if (head == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("No head is signed here yet: the first one comes with the log's next checkpoint."));
        return;
    }
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_field(sheet, TR("Records covered"));
    put_covered(sheet, size);
    sheet_field_end(sheet);
    put_code_field(sheet, TR("Root"), json_find_string(head, "root"));
    if (json_find(head, "at") != NULL) {
        sheet_field(sheet, TR("Its last record was received"));
        sheet_hole(sheet, hole(HOLE_TIME, json_find_string(head, "at")));
        sheet_field_end(sheet);
    }
    put_code_field(sheet, TR("Check phrase"), json_find_string(head, "phrase"));
    html_end(&sheet->html, TAG_DL);
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("Two people with copies of as many records read the check phrase to each other, by radio or "
                     "telephone: if it is the same, so is everything before."));
    if (behind > 0)
        SAY_P(sheet, NULL, TR("Received since, and in no signed head yet: {0}."), hole_integer(HOLE_INTEGER, behind));
    sheet_begin(sheet, TAG_UL, "ways-on");
    put_way(sheet, "/checkpoint", TR("The head as it was signed, byte for byte"));
    html_end(&sheet->html, TAG_UL);
}

/* ---- who stands behind it */

static void put_cosigners(struct sheet *sheet, const struct json *answer)
{
    const struct voice voice = sheet_voice(sheet);
    const struct json *heads = json_find(answer, "heads");
    html_begin(&sheet->html, TAG_H2);
    html_set(&sheet->html, ATTR_ID, "heads");
    html_words(&sheet->html, TR("Who stands behind the log"));
    html_end(&sheet->html, TAG_H2);
    if (heads != NULL) tell_heads(&voice, heads);
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("A cosigner confirms that the log only grew since it saw it last; it says nothing about what the "
                     "records say."));
    sheet_begin(sheet, TAG_UL, "ways-on");
    put_way(sheet, "/parties", TR("The policy that names cosigners and full copies, and the record that set it"));
    html_end(&sheet->html, TAG_UL);
}

/* ---- what does not fit */

static void put_fork(struct sheet *sheet, const struct json *file)
{
    for (const struct json *head = items(json_find(file, "heads")); head != NULL; head = head->next)
        SAY_P(sheet, NULL, TR("Records: {0}; root: {1}."), integer(head, "size"), code(head, "root"));
}

/* What was never in the log has no page to lead to. */
static void put_both(struct sheet *sheet, const struct json *file)
{
    for (const struct json *id = items(json_find(file, "records")); id != NULL; id = id->next) {
        html_begin(&sheet->html, TAG_P);
        if (records_get(sheet->page->records, id->string) != NULL)
            sheet_record(sheet, id->string, (struct slice){NULL, 0});
        else
            SAY(sheet, TR("{0}: not in this log."), hole(HOLE_CODE, id->string));
        html_end(&sheet->html, TAG_P);
    }
}

static void put_file(struct sheet *sheet, const struct json *file)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_LI);
    html_data(html, "evidence", json_find_string(file, "evidence"));
    html_words_in(html, TAG_P, NULL, tell_evidence(json_find_string(file, "evidence")));
    put_fork(sheet, file);
    put_both(sheet, file);
    if (json_find(file, "index") != NULL) SAY_P(sheet, NULL, TR("Entry of the log: {0}."), integer(file, "index"));
    if (json_find(file, "code") != NULL) SAY_P(sheet, NULL, TR("Refused as: {0}."), code(file, "code"));
    SAY_P(sheet, "quiet", TR("Kept beside the log in {0}; it proves itself to anybody: truce verify FILE."),
          code(file, "file"));
    html_end(html, TAG_LI);
}

static void put_evidence(struct sheet *sheet, const struct json *answer)
{
    const struct json *evidence = json_find(answer, "evidence"), *file = items(json_find(evidence, "files"));
    sheet_heading(sheet, TAG_H2, TR("Forks and other evidence"));
    if (file == NULL)
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("This copy keeps no evidence of a fork, of a broken promise or of an author's two records for "
                         "one place. A fork shows only where two copies meet: compare the check phrase with others."));
    sheet_begin(sheet, TAG_UL, "values");
    for (; file != NULL; file = file->next) put_file(sheet, file);
    put_more(sheet, evidence);
    html_end(&sheet->html, TAG_UL);
}

static void put_void(struct sheet *sheet, const struct json *entry)
{
    struct slice id = json_find_string(entry, "record");
    html_begin(&sheet->html, TAG_LI);
    html_data(&sheet->html, "void", slice_from(""));
    SAY(sheet, TR("Entry {0}:"), integer(entry, "index"));
    html_words(&sheet->html, " ");
    if (id.size > 0)
        sheet_record(sheet, id, (struct slice){NULL, 0});
    else
        html_words(&sheet->html, TR("no record at all"));
    if (json_find(entry, "message") != NULL) {
        sheet_begin(sheet, TAG_P, "differs");
        html_words(&sheet->html, TR("Reason: "));
        html_message(&sheet->html, json_find_string(entry, "message"));
        html_words(&sheet->html, " ");
        sheet_hole(sheet, code(entry, "code"));
        html_end(&sheet->html, TAG_P);
    }
    html_end(&sheet->html, TAG_LI);
}

static void put_voids(struct sheet *sheet, const struct json *answer)
{
    const struct json *voids = json_find(answer, "void"), *entry = items(json_find(voids, "entries"));
    sheet_heading(sheet, TAG_H2, TR("Void entries"));
    html_words_in(&sheet->html, TAG_P, entry == NULL ? NULL : "quiet",
                  entry == NULL ? TR("None: every entry of the log was admissible where it stands.")
                                : TR("They stand in the log and were not admissible where they stand: they have no "
                                     "effect. Whoever has the log finds the same reasons: truce verify."));
    sheet_begin(sheet, TAG_UL, "values");
    for (; entry != NULL; entry = entry->next) put_void(sheet, entry);
    put_more(sheet, voids);
    html_end(&sheet->html, TAG_UL);
}

static void put_chain_fault(struct sheet *sheet, const struct json *fault)
{
    struct html *html = &sheet->html;
    struct slice what = json_find_string(fault, "fault");
    html_begin(html, TAG_LI);
    html_data(html, "chain", what);
    html_begin(html, TAG_P);
    sheet_record(sheet, json_find_string(fault, "record"), (struct slice){NULL, 0});
    html_end(html, TAG_P);
    if (slice_is(what, "gap"))
        SAY_P(sheet, NULL, TR("Key {0}, number {1}: the record before it is not in this log."), code(fault, "key"),
              integer(fault, "seq"));
    else if (slice_is(what, "prev"))
        SAY_P(sheet, NULL, TR("Key {0}, number {1}: it names another record as the one before it."), code(fault, "key"),
              integer(fault, "seq"));
    else
        SAY_P(sheet, NULL, TR("Key {0}, number {1}: another record, {2}, bears the same number."), code(fault, "key"),
              integer(fault, "seq"), hole(HOLE_RECORD, json_find_string(fault, "other")));
    html_end(html, TAG_LI);
}

static void put_chains(struct sheet *sheet, const struct json *answer)
{
    const struct json *chains = json_find(answer, "chains"), *fault = items(json_find(chains, "faults"));
    sheet_heading(sheet, TAG_H2, TR("Chains of authors"));
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("Whoever signs numbers their records key by key, each naming the one before, so that nobody can "
                     "leave one out unseen. What does not fit does not show who did so, or why."));
    if (fault == NULL)
        html_words_in(&sheet->html, TAG_P, NULL, TR("No chain lacks a record, and none has two for one number."));
    sheet_begin(sheet, TAG_UL, "values");
    for (; fault != NULL; fault = fault->next) put_chain_fault(sheet, fault);
    put_more(sheet, chains);
    html_end(&sheet->html, TAG_UL);
}

static void put_promises(struct sheet *sheet, const struct json *answer)
{
    const struct json *promises = json_find(answer, "promises");
    if (promises == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("What the host promised to those who write here"));
    struct hole waiting = integer(promises, "waiting"), kept = integer(promises, "kept"),
                late = integer(promises, "late"), missed = integer(promises, "missed");
    if (waiting.integer + kept.integer + late.integer + missed.integer == 0)
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("No promise is open: those that were kept are put away, and one that is missed is evidence."));
    else
        SAY_P(sheet, NULL, TR("Waiting: {0}. Kept: {1}. Their time is over, and nothing shows yet: {2}. Missed: {3}."),
              waiting, kept, late, missed);
    sheet_begin(sheet, TAG_UL, "ways-on");
    put_way(sheet, "/outbox", TR("Each of them, in the outbox"));
    html_end(&sheet->html, TAG_UL);
}

/* ---- check it yourself */

static void put_command(struct sheet *sheet, const char *words, struct slice command)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_LI);
    html_words_in(html, TAG_P, NULL, words);
    html_begin(html, TAG_PRE);
    html_set(html, ATTR_DIR, "ltr");
    html_set(html, ATTR_TABINDEX, "0");
    html_text(html, command);
    html_end(html, TAG_PRE);
    sheet_begin(sheet, TAG_BUTTON, "copy");
    html_set(html, ATTR_TYPE, "button");
    html_flag(html, ATTR_HIDDEN);
    html_words(html, TR("Copy"));
    html_end(html, TAG_BUTTON);
    html_end(html, TAG_LI);
}

static void put_commands(struct sheet *sheet, const struct json *answer, const char *server)
{
    struct slice genesis = json_find_string(answer, "genesis");
    OWN(buffer_clear) struct buffer copy = {0}, verify = {0}, policy = {0};
    for (const struct json *line = items(json_find(answer, "policy")); line != NULL; line = line->next) {
        buffer_put(&policy, line->string);
        if (line->next != NULL) buffer_put_byte(&policy, '\n');
    }
    buffer_print(&copy, "truce mirror %s DIR --genesis %.*s", server == NULL ? "URL" : server, SLICE(genesis));
    buffer_print(&verify, "truce verify DIR --genesis %.*s --policy policy.txt", SLICE(genesis));
    sheet_begin(sheet, TAG_OL, "steps");
    put_command(sheet,
                server == NULL ? TR("A full copy is made of what the host serves; URL is its address.")
                               : TR("A full copy is made of what this host serves."),
                buffer_slice(&copy));
    put_command(sheet, TR("The policy is kept as policy.txt: whose signatures a head must bear."),
                buffer_slice(&policy));
    put_command(sheet, TR("Every signature, hash and proof of the copy is checked, and every result computed anew."),
                buffer_slice(&verify));
    put_command(sheet, TR("One record with its signature and its proof, for another program to check."),
                slice_from("truce show ID -C DIR --note\ntruce show ID -C DIR --proof"));
    html_end(&sheet->html, TAG_OL);
}

static void put_check(struct sheet *sheet, const struct json *answer, const char *server)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_H2);
    html_set(html, ATTR_ID, "check-it");
    html_words(html, TR("Check it yourself"));
    html_end(html, TAG_H2);
    if (sheet->page->own)
        html_words_in(html, TAG_P, NULL,
                      TR("This page comes from the copy on this machine. Each record's own page checks its note, its "
                         "proof and the log's heads in the browser; all of the copy is checked by these commands."));
    else
        html_words_in(html, TAG_P, NULL,
                      TR("This page is the host's word and proves nothing by itself. A copy of one's own, checked on "
                         "one's own machine, asks nobody:"));
    put_commands(sheet, answer, server);
    html_words_in(
        html, TAG_P, NULL,
        TR("Genesis and key are worth what the way is worth by which they came. They are compared with what a "
           "founder gave in person, on paper or by telephone:"));
    sheet_begin(sheet, TAG_DL, "fields");
    put_code_field(sheet, TR("Genesis"), json_find_string(answer, "genesis"));
    put_code_field(sheet, TR("Key of the log"), json_find_string(answer, "key"));
    html_end(html, TAG_DL);
}

enum status page_integrity(struct buffer *out, const struct page *page, const struct json *answer, const char *server,
                           struct error *error)
{
    struct sheet sheet = {.page = page, .script = asset_copy_js};
    const char *title = TR("Integrity");
    sheet_open(&sheet, out, PLACE_INTEGRITY, slice_from(title));
    sheet_heading(&sheet, TAG_H1, title);
    put_head(&sheet, answer);
    put_cosigners(&sheet, answer);
    put_evidence(&sheet, answer);
    put_voids(&sheet, answer);
    put_chains(&sheet, answer);
    put_promises(&sheet, answer);
    put_check(&sheet, answer, server);
    sheet_words_begin(&sheet);
    sheet_word(&sheet, "copied", TR("Copied"));
    sheet_words_end(&sheet);
    return sheet_close(&sheet, error);
}
