#include "tell/change.h"

#include "tell/names.h"

static bool same(const struct json *a, const struct json *b, const char *key)
{
    return slice_equal(json_find_string(a, key), json_find_string(b, key));
}

size_t changes_together(const struct json *first)
{
    size_t count = 1;
    for (const struct json *next = first->next; next != NULL; next = next->next, count++)
        if (!same(first, next, "at") || !same(first, next, "by") ||
            json_find_integer(first, "known", 0) != json_find_integer(next, "known", 0))
            break;
    return count;
}

bool changes_of_several(const struct json *list)
{
    const struct json *first = list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
    for (const struct json *change = first; change != NULL; change = change->next)
        if (!same(first, change, "agreement")) return true;
    return false;
}

static enum label_table table_of(const struct json *change)
{
    if (json_find(change, "term") != NULL) return LABEL_VERDICT;
    return json_find(change, "channel") != NULL ? LABEL_CHANNEL : LABEL_STANDING;
}

static void say_value(const struct voice *voice, const struct json *change, const char *key)
{
    struct slice id = json_find_string(change, key);
    if (table_of(change) == LABEL_VERDICT)
        say_hole(voice, hole(HOLE_RESULT, id));
    else
        say_label(voice, table_of(change), id);
}

static void say_was(const struct voice *voice, const struct json *change)
{
    say_value(voice, change, "was");
}

static void say_becomes(const struct voice *voice, const struct json *change)
{
    say_value(voice, change, "becomes");
}

static void say_subject(const struct voice *voice, const struct json *change)
{
    struct slice term = json_find_string(change, "term"), channel = json_find_string(change, "channel");
    if (term.size > 0)
        say_hole(voice, hole(HOLE_TERM, term));
    else if (channel.size > 0)
        TELL(voice, TR("the channel {0}"), hole(HOLE_TEXT, tell_channel(voice->agreement, channel)));
    else
        say_words(voice, TR("the agreement"));
}

static void tell_change(const struct voice *voice, const struct json *change)
{
    TELL_AS(voice, MANNER_ITEM, json_find(change, "was") == NULL ? TR("{0}: {2}") : TR("{0}: from {1} to {2}"),
            hole_phrase(say_subject, change), hole_phrase(say_was, change), hole_phrase(say_becomes, change));
}

static void tell_title(const struct voice *voice, struct slice agreement)
{
    struct slice title = tell_text(json_find(voice->agreement, "title"));
    TELL_AS(voice, MANNER_LINE, "{0}", hole(HOLE_TEXT, title.size > 0 ? title : agreement));
}

void tell_changes_together(const struct voice *voice, const struct json *first, size_t count, bool several)
{
    struct voice of = *voice;
    const struct json *change = first;
    while (count > 0) {
        struct slice agreement = json_find_string(change, "agreement");
        if (!slice_equal(json_find_string(of.agreement, "agreement"), agreement))
            of.agreement = records_agreement(voice->records, agreement);
        if (several) tell_title(&of, agreement);
        of.begin(of.context, MANNER_LIST);
        for (; count > 0 && slice_equal(json_find_string(change, "agreement"), agreement);
             change = change->next, count--)
            tell_change(&of, change);
        of.end(of.context, MANNER_LIST);
    }
}
