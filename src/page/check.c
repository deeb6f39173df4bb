#include "page/check.h"

#include <inttypes.h>
#include <stdio.h>

bool check_is_here(const struct page *page)
{
    return page->own && page->print == NULL;
}

struct word {
    const char *name, *words;
};

/* A plain sentence for each thing that can be wrong. */
static const struct word told[] = {
    {"check-holds", N_("What was checked holds.")},
    {"check-next", N_("Something between the log and this page is not as it was signed: truce verify names what.")},
    {"check-silent", N_("The server does not give {0}. Nothing was checked.")},
    {"check-cannot", N_("This browser cannot check Ed25519 signatures. truce verify can.")},
    {"check-note-form", N_("A note is not of the form of a signed record.")},
    {"check-note", N_("A note is not the record that was asked for: its SHA-256 is another.")},
    {"check-genesis", N_("The genesis is not the one in the register's name.")},
    {"check-key", N_("No record names the key {0} by which it is signed.")},
    {"check-author", N_("The author's signature on the note does not hold.")},
    {"check-proof-form", N_("The proof is not of the form of a proof.")},
    {"check-proof", N_("The proof does not lead from this record to the signed head.")},
    {"check-proof-head", N_("The head that the proof leads to does not bear the signature of the log's key.")},
    {"check-head-form", N_("The newest head is not of the form of a signed head.")},
    {"check-head", N_("The newest head does not bear the signature of the log's key.")},
    {"check-head-other", N_("The newest head and that of the proof cannot be of one log.")},
};

/* What holds stands in the page already, out of sight until the script has found it so. */
static const struct word found[] = {
    {"check-is-note", N_("The SHA-256 of the note is the record's id, {0}.")},
    {"check-is-author", N_("It is signed by the key {0} of {1}, which the record {2} names.")},
    {"check-is-entry", N_("It is entry {0} of the log: the proof leads from it to the root {2} (records: {1}).")},
    {"check-is-head", N_("That head and the newest (records: {0}) are signed by the log's key {1}.")},
    {"check-is-genesis", N_("The genesis {0} names that key, and the register's name begins the genesis's id.")},
    {"check-is-later", N_("The genesis {0} names another key: a later record changed it, which was not checked.")},
};

static void put_found(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_UL, "values");
    html_data(html, "words", slice_from(""));
    html_flag(html, ATTR_HIDDEN);
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        html_begin(html, TAG_LI);
        html_data(html, "word", slice_from(found[i].name));
        html_flag(html, ATTR_HIDDEN);
        html_words(html, truce_word(found[i].words));
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

void check_put(struct sheet *sheet, const struct json *record)
{
    struct html *html = &sheet->html;
    if (!check_is_here(sheet->page)) return;
    html_begin(html, TAG_SECTION);
    html_set(html, ATTR_ID, "check");
    html_set(html, ATTR_ARIA_LABELLEDBY, "check-title");
    html_data(html, "id", json_find_string(record, "id"));
    html_data(html, "received", json_find_string(record, "received"));
    html_data(html, "keep", slice_from(""));
    html_flag(html, ATTR_HIDDEN);
    html_begin(html, TAG_H3);
    html_set(html, ATTR_ID, "check-title");
    html_words(html, TR("Checked in this browser"));
    html_end(html, TAG_H3);
    html_begin(html, TAG_P);
    html_set(html, ATTR_ROLE, "status");
    html_end(html, TAG_P);
    put_found(sheet);
    html_words_in(html, TAG_P, "quiet",
                  TR("Not checked here: that nobody was shown another log (compare the check phrase), who holds the "
                     "keys, cosignatures, whether the record was admissible, and what it counts for. Program and data "
                     "are those of this machine; truce verify checks all of the copy."));
    sheet_words_begin(sheet);
    for (size_t i = 0; i < COUNT_OF(told); i++) sheet_word(sheet, told[i].name, truce_word(told[i].words));
    sheet_words_end(sheet);
    html_end(html, TAG_SECTION);
}
