#include "tell/delivery.h"

#include "base/time.h"

/* Two clocks that tell of one moment, where they disagree. */
static void say_apart(const struct voice *voice, const struct json *of)
{
    int64_t seconds;
    if (!duration_parse(&seconds, json_find_string(of, "apart"))) return;
    say_words(voice, " ");
    TELL(voice, TR("The two times disagree: they are {0} apart."), hole_integer(HOLE_DURATION, seconds));
}

void phrase_delivered(const struct voice *voice, const struct json *delivered)
{
    TELL(voice, TR("Delivered: the full copy of {0} had it at {1} by its own clock; the log learned of it at {2}."),
         hole(HOLE_PARTY, json_find_string(delivered, "mirror")), hole(HOLE_STAMP, json_find_string(delivered, "at")),
         hole(HOLE_STAMP, json_find_string(delivered, "received")));
    say_apart(voice, delivered);
}

void phrase_read(const struct voice *voice, const struct json *read)
{
    TELL(voice, TR("Read: {0} read it back at {1} by its own account; the log received that at {2}."),
         hole(HOLE_PARTY, json_find_string(read, "by")), hole(HOLE_STAMP, json_find_string(read, "at")),
         hole(HOLE_STAMP, json_find_string(read, "received")));
    say_apart(voice, read);
}

/* ---- marks */

const char *const mark_names[] = {"contested", "late", "unvouched", NULL};

static const struct {
    const char *mark, *heading, *sentence;
} marks[] = {
    {"contested", N_("Contested: signed by a key that was called compromised"),
     N_("Contested: the key that signed this was called compromised since before it was written, and nobody has "
        "vouched "
        "for it. It still counts.")},
    {"late", N_("Late: received after the key was retired"),
     N_("Late: this was received after the key that signed it was retired. It counts.")},
    {"unvouched", N_("Without effect: received after the key was called compromised"),
     N_("Without effect: this was received after the key that signed it was called compromised, and the key's "
        "successor has "
        "not vouched for it. Nothing counts it.")},
};

const char *mark_sentence(struct slice mark)
{
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (slice_is(mark, marks[i].mark)) return TR(marks[i].sentence);
    return NULL;
}

const char *mark_heading(const char *mark)
{
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (strcmp(mark, marks[i].mark) == 0) return TR(marks[i].heading);
    return mark;
}
