/* Parties and keys: who takes part under which names, whose keys speak for them and who signed for those, who answers
 * for whom, and the policy in force; for the secretariat, the way to enrol. */
#include "page/sheet.h"
#include "tell/parties.h"

static const struct json *items(const struct json *answer, const char *name)
{
    const struct json *list = json_find(answer, name);
    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

static void put_link(struct sheet *sheet, struct address *address, const char *words)
{
    html_begin(&sheet->html, TAG_LI);
    sheet_link(sheet, NULL, address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_LI);
}

/* ---- a party */

static void put_ways(struct sheet *sheet, struct slice name)
{
    OWN(address_clear) struct address today, records;
    address_open(&today, "/today");
    address_ask(&today, "party", name);
    address_open(&records, "/records");
    address_ask(&records, "by", name);
    sheet_begin(sheet, TAG_UL, "ways");
    put_link(sheet, &today, TR("As this party: what waits for it and for those it answers for"));
    put_link(sheet, &records, TR("Records that it signed"));
    html_end(&sheet->html, TAG_UL);
}

static void put_facts(struct sheet *sheet, const struct json *answer, const struct json *party, enum html_tag heading)
{
    const struct voice voice = sheet_voice(sheet);
    tell_party_about(&voice, answer, party);
    sheet_heading(sheet, heading, TR("Who answers for whom"));
    if (!tell_party_answers(&voice, answer, party))
        html_words_in(&sheet->html, TAG_P, NULL, TR("No record says that it answers for another, or another for it."));
    sheet_heading(sheet, heading, TR("Keys"));
    tell_party_keys(&voice, party);
    put_ways(sheet, json_find_string(party, "party"));
}

static void put_party(struct sheet *sheet, const struct json *answer, const struct json *party)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address own;
    address_open(&own, "/parties");
    address_part(&own, json_find_string(party, "party"));
    sheet_begin(sheet, TAG_SECTION, "party");
    html_data(html, "item", slice_from(""));
    html_begin(html, TAG_H2);
    sheet_link(sheet, NULL, &own);
    sheet_text(sheet, json_find(party, "names"));
    sheet_link_end(sheet);
    html_end(html, TAG_H2);
    put_facts(sheet, answer, party, TAG_H3);
    html_end(html, TAG_SECTION);
}

/* ---- how somebody is enrolled */

static void put_command(struct sheet *sheet, const char *command)
{
    html_begin(&sheet->html, TAG_PRE);
    html_set(&sheet->html, ATTR_DIR, "ltr");
    html_set(&sheet->html, ATTR_TABINDEX, "0");
    html_text(&sheet->html, slice_from(command));
    html_end(&sheet->html, TAG_PRE);
}

static void put_step(struct sheet *sheet, const char *words, const char *command, const char *path, const char *link)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address address;
    address_open(&address, path == NULL ? "/" : path);
    html_begin(html, TAG_LI);
    html_words_in(html, TAG_P, NULL, words);
    if (command != NULL) put_command(sheet, command);
    if (path != NULL) {
        html_begin(html, TAG_P);
        sheet_link(sheet, NULL, &address);
        html_words(html, link);
        sheet_link_end(sheet);
        html_end(html, TAG_P);
    }
    html_end(html, TAG_LI);
}

static void put_steps(struct sheet *sheet)
{
    html_words_in(&sheet->html, TAG_P, NULL,
                  TR("For example a new local commander, who is to sign as a party of its own. Secret keys never leave "
                     "the machine on which they were made."));
    sheet_begin(sheet, TAG_OL, "steps");
    put_step(sheet,
             TR("On the new member's own machine, two keys are made: one to sign with, and one that replaces it "
                "should it be lost. NAME is the short name by which records will call the member."),
             "truce key new NAME --out NAME.key\ntruce key new NAME --out NAME-recovery.key", NULL, NULL);
    put_step(sheet, TR("Their public halves are handed over, and read aloud by telephone to compare them."),
             "truce key public NAME.key\ntruce key public NAME-recovery.key", NULL, NULL);
    put_step(sheet,
             TR("A founder writes the record of the party, with the names as the member itself gives them in both "
                "languages, its role and the public keys."),
             "truce write party party=NAME names.ar=… names.en=… role=party keys=KEY recovery=KEY --key FOUNDER.key "
             "--submit",
             "/file/party", TR("Write it in the page"));
    put_step(sheet,
             TR("As many founders as the policy asks for approve that record; whoever wrote it counts as one. Until "
                "then it waits under this heading: Waiting for the founders."),
             "truce write approval of=ID decision=approve --key FOUNDER.key --submit", NULL, NULL);
    put_step(sheet,
             TR("Whoever answers for the member says so in a record of its own party, with the day from which it does: "
                "the last such record of a party holds."),
             NULL, NULL, NULL);
    put_step(sheet,
             TR("A key for another device is added, and one that is lost or stolen is ended, by a record of kind key."),
             "truce write key party=NAME change=add verifier=KEY --key FOUNDER.key --submit\n"
             "truce write key party=NAME change=compromised of=KEYID since=TIME --key NAME-recovery.key --submit",
             "/file/key", TR("Write it in the page"));
    html_end(&sheet->html, TAG_OL);
}

/* ---- the pages */

static void put_waiting(struct sheet *sheet, const struct json *answer)
{
    const struct voice voice = sheet_voice(sheet);
    sheet_heading(sheet, TAG_H2, TR("Waiting for the founders"));
    if (!tell_enrolments(&voice, answer))
        html_words_in(&sheet->html, TAG_P, NULL, TR("Nothing: every such record was approved."));
}

enum status page_parties(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_PARTIES, slice_from(TR("Parties and keys")));
    const struct voice voice = sheet_voice(&sheet);
    sheet_heading(&sheet, TAG_H1, TR("Parties and keys"));
    sheet_moment(&sheet);
    for (const struct json *party = items(answer, "parties"); party != NULL; party = party->next)
        put_party(&sheet, answer, party);
    if (items(answer, "parties") == NULL)
        html_words_in(&sheet.html, TAG_P, NULL, TR("Nobody takes part so far as the log was known then."));
    sheet_heading(&sheet, TAG_H2, TR("The policy in force"));
    tell_policy(&voice, answer);
    put_waiting(&sheet, answer);
    sheet_heading(&sheet, TAG_H2, TR("Enrolling a member"));
    put_steps(&sheet);
    return sheet_close(&sheet, error);
}

enum status page_party(struct buffer *out, const struct page *page, const struct json *answer, struct slice name,
                       struct error *error)
{
    const struct json *party = parties_find(answer, name);
    struct sheet sheet = {.page = page, .answer = answer};
    struct slice title = tell_text(json_find(party, "names"));
    OWN(address_clear) struct address all;
    sheet_open(&sheet, out, PLACE_PARTIES, title.size > 0 ? title : name);
    html_begin(&sheet.html, TAG_H1);
    sheet_party(&sheet, name);
    html_end(&sheet.html, TAG_H1);
    sheet_moment(&sheet);
    put_facts(&sheet, answer, party, TAG_H2);
    address_open(&all, "/parties");
    sheet_begin(&sheet, TAG_P, "onward");
    sheet_link(&sheet, NULL, &all);
    html_words(&sheet.html, TR("All parties and keys"));
    sheet_link_end(&sheet);
    html_end(&sheet.html, TAG_P);
    return sheet_close(&sheet, error);
}
