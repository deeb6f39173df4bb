#include "tell/heads.h"

bool heads_watched(const struct json *heads)
{
    const struct json *cosigners = json_find(heads, "cosigners");
    return cosigners != NULL && cosigners->size > 0;
}

static bool there(const struct json *heads, const char *level)
{
    const struct json *head = json_find(heads, level);
    return head != NULL && head->type == JSON_OBJECT;
}

static struct hole size_of(const struct json *head)
{
    return hole_integer(HOLE_INTEGER, json_find_integer(head, "size", 0));
}

static void tell_level(const struct voice *voice, const struct json *heads, const char *level, const char *sentence)
{
    const struct json *head = json_find(heads, level);
    if (!there(heads, level)) return;
    TELL_AS(voice, MANNER_LINE, sentence, size_of(head),
            hole_integer(HOLE_INTEGER, json_find_integer(heads, "records", 0)),
            hole(HOLE_TIME, json_find_string(head, "at")));
}

static void tell_cosigner(const struct voice *voice, const struct json *cosigner)
{
    bool copy = slice_is(json_find_string(cosigner, "kind"), "mirror"), late = json_find_bool(cosigner, "late");
    struct slice at = json_find_string(cosigner, "at"), party = json_find_string(cosigner, "party");
    struct hole name = hole(HOLE_CODE, json_find_string(cosigner, "name"));
    voice->begin(voice->context, MANNER_ITEM);
    if (at.size == 0)
        TELL(voice,
             copy ? TR("Full copy {0}: has cosigned nothing yet.") : TR("Cosigner {0}: has cosigned nothing yet."),
             name);
    else if (late)
        TELL(voice,
             copy ? TR("Full copy {0}: nothing since {1}; records covered then: {2}.")
                  : TR("Cosigner {0}: nothing since {1}; records covered then: {2}."),
             name, hole(HOLE_TIME, at), size_of(cosigner));
    else
        TELL(voice,
             copy ? TR("Full copy {0}: {1}; records covered: {2}.") : TR("Cosigner {0}: {1}; records covered: {2}."),
             name, hole(HOLE_TIME, at), size_of(cosigner));
    if (party.size > 0) {
        say_words(voice, " ");
        TELL(voice, TR("Of: {0}."), hole(HOLE_PARTY, party));
    }
    voice->end(voice->context, MANNER_ITEM);
}

void tell_heads(const struct voice *voice, const struct json *heads)
{
    if (!heads_watched(heads)) {
        TELL_AS(voice, MANNER_LINE,
                TR("The policy names no cosigners: for the log's past, its host is taken at its word."), {0});
        return;
    }
    if (json_find_bool(heads, "stale"))
        TELL_AS(voice, MANNER_LINE,
                TR("Stale: no quorum has cosigned for more than an hour. What came since, the host alone vouches for."),
                {0});
    if (!there(heads, "cosigned"))
        TELL_AS(voice, MANNER_LINE, TR("No quorum has cosigned a head of this log yet."), {0});
    tell_level(voice, heads, "cosigned", TR("Cosigned by a quorum: {0} of {1} records, {2}."));
    tell_level(voice, heads, "mirrored", TR("Copied in full by others too: {0} of {1} records, {2}."));
    voice->begin(voice->context, MANNER_LIST);
    for (const struct json *cosigner = json_find(heads, "cosigners")->first; cosigner != NULL;
         cosigner = cosigner->next)
        tell_cosigner(voice, cosigner);
    voice->end(voice->context, MANNER_LIST);
}
