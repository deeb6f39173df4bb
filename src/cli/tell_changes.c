/* How the standing came to be what it is: moment by moment, what changed, and the record that made it so. */
#include "cli/tell.h"

#include "tell/change.h"

static void put_head(struct doc *doc, struct records *records, const struct json *change)
{
    OWN(buffer_clear) struct buffer at = {0};
    struct slice by = json_find_string(change, "by");
    words_time(&at, json_find_string(change, "at"));
    words_isolate(doc_text(doc), buffer_slice(&at));
    buffer_put_string(doc_text(doc), by.size > 0 ? TR(", by: ") : TR(", by time alone"));
    if (by.size > 0) tell_record_line(doc, records, by, (struct slice){NULL, 0});
    doc_heading(doc, 2);
}

void tell_changes(struct doc *doc, const struct json *answer, struct records *records)
{
    struct doc_voice in = {doc, records, 0};
    const struct voice voice = doc_voice(&in, NULL);
    const struct json *changes = json_find(answer, "changes");
    const struct json *change = changes == NULL || changes->type != JSON_ARRAY ? NULL : changes->first;
    bool several = changes_of_several(changes), breach = false;
    if (json_find_bool(json_find(answer, "about"), "exercise")) doc_say_note(doc, 0, TR("Exercise data"));
    if (change == NULL) doc_say_line(doc, 0, TR("Nothing has changed: the register holds no agreement yet."));
    while (change != NULL) {
        size_t together = changes_together(change);
        put_head(doc, records, change);
        tell_changes_together(&voice, change, together, several);
        for (; together > 0; together--, change = change->next)
            breach |= slice_is(json_find_string(change, "becomes"), "breached");
    }
    if (breach) tell_not_a_finding(doc, 0);
}
