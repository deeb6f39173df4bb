#include "cli/tell.h"

#include <inttypes.h>
#include <stdio.h>

void tell_value(struct doc *doc, unsigned depth, const char *label, struct slice value)
{
    OWN(buffer_clear) struct buffer copy = {0};
    if (value.size == 0) return;
    words_fill(doc_text(doc), label, text_of_slice(&copy, value), NULL);
    doc_line(doc, depth);
}

void tell_moment(struct doc *doc, const struct json *answer)
{
    OWN(buffer_clear) struct buffer time = {0}, known = {0}, later = {0};
    int64_t later_records = json_find_integer(answer, "later", 0);
    words_time(&time, json_find_string(answer, "as_of"));
    words_count(&known, NOUN_RECORD, (uint64_t)json_find_integer(answer, "known", 0));
    words_count(&later, NOUN_RECORD, (uint64_t)later_records);
    if (json_find_bool(answer, "exercise")) doc_say_note(doc, 0, TR("Exercise data"));
    words_fill(doc_text(doc), TR("As of {0}. Known: {1}."), text_of(&time), text_of(&known), NULL);
    if (later_records > 0) {
        buffer_put_byte(doc_text(doc), ' ');
        words_fill(doc_text(doc), TR("Later records are not shown: {0}."), text_of(&later), NULL);
    }
    doc_line(doc, 0);
}

void tell_not_a_finding(struct doc *doc, unsigned depth)
{
    doc_say_note(doc, depth, TR("Computed from signed records; not a finding of responsibility."));
}
