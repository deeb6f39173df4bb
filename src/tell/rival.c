/* Another text of a term: whose it is, whether it decides, and what it says otherwise, so that it can be followed by
 * ear: what is spoken of, what this text says, what the text above says. */
#include "tell/term.h"

#include "base/time.h"
#include "tell/names.h"
#include "tell/phrase.h"

/* ---- values, each as what its place in the term makes it */

static void say_number(const struct voice *voice, const struct json *value)
{
    if (value->type == JSON_INTEGER) say_hole(voice, hole_integer(HOLE_INTEGER, value->integer));
}

static void say_days(const struct voice *voice, const struct json *value)
{
    if (value->type == JSON_INTEGER) say_hole(voice, hole_integer(HOLE_DAYS, value->integer));
}

static void say_duration(const struct voice *voice, const struct json *value)
{
    int64_t seconds;
    if (value->type == JSON_STRING && duration_parse(&seconds, value->string))
        say_hole(voice, hole_integer(HOLE_DURATION, seconds));
}

static void say_term(const struct voice *voice, const struct json *value)
{
    if (value->type == JSON_STRING) say_hole(voice, hole(HOLE_TERM, value->string));
}

static void say_terms(const struct voice *voice, const struct json *value)
{
    say_hole(voice, hole_terms(value));
}

static void say_time(const struct voice *voice, const struct json *value)
{
    if (value->type == JSON_STRING) say_hole(voice, hole(HOLE_TIME, value->string));
}

static void say_standard(const struct voice *voice, const struct json *value)
{
    if (value->type == JSON_STRING) say_word(voice, "standard", value->string);
}

static void say_ground(const struct voice *voice, const struct json *value)
{
    if (value->type == JSON_STRING) say_called_word(voice, "ground", value->string);
}

static void say_exceptions(const struct voice *voice, const struct json *value)
{
    phrase_list(voice, value, TR("; "), phrase_exception);
}

static void say_ratio(const struct voice *voice, const struct json *value)
{
    if (value->type == JSON_ARRAY && value->size == 2)
        TELL(voice, TR("{0} for every {1}"), hole_phrase(say_number, value->first),
             hole_phrase(say_number, value->first->next));
}

static void say_as_written(const struct voice *voice, const struct json *value)
{
    say_hole(voice, hole(HOLE_CODE, value->source));
}

/* ---- what a pointer points at, by its last name */

struct place_of {
    const char *name; /* the last of the pointer that is no number; with a slash: the whole pointer */
    const char *label;
    phrase *phrase;
};
static const struct place_of places_of[] = {
    {"/by", N_("Due at"), phrase_moment},
    {"/from", N_("Begins at"), phrase_moment},
    {"/until", N_("Ends at"), phrase_moment},
    {"/rule/of", N_("What is counted"), phrase_selector},
    {"/rule/reply", N_("What is to be answered"), phrase_selector},
    {"/rule/with", N_("The answer"), phrase_selector},
    {"/rule/held", N_("Continuous time"), say_duration},
    {"/watch/of", N_("Places to be watched"), phrase_places},
    {"/finding/reply", N_("Time to respond to a finding"), say_duration},
    {"act", N_("Acts"), phrase_acts},
    {"actor", N_("By whom"), phrase_group},
    {"all", N_("Terms"), say_terms},
    {"any", N_("Any of these"), NULL},
    {"at", N_("Moment"), say_time},
    {"at_least", N_("Least number"), say_number},
    {"at_most", N_("Largest number"), say_number},
    {"by", N_("From whom"), phrase_group},
    {"days", N_("Number of days"), say_days},
    {"every", N_("Length of a period"), say_duration},
    {"except", N_("Exceptions"), say_exceptions},
    {"grace", N_("Time for records of watching to come in"), say_duration},
    {"justify", N_("Ground"), say_ground},
    {"lead", N_("Notice beforehand"), say_duration},
    {"m", N_("Distance in metres"), say_number},
    {"place", N_("Place"), phrase_place},
    {"plus", N_("Time added"), say_duration},
    {"quorum", N_("Findings needed"), say_number},
    {"radius_m", N_("Radius in metres"), say_number},
    {"share", N_("Watching needed"), phrase_share},
    {"standard", N_("Least standard of proof"), say_standard},
    {"target", N_("Against whom"), phrase_group},
    {"times", N_("Ratio"), say_ratio},
    {"to", N_("To whom"), phrase_group},
    {"weapon", N_("Weapons"), phrase_weapons},
    {"while", N_("Binds only while this term is kept"), say_term},
    {"who", N_("Whom it binds"), phrase_group},
    {"within", N_("Time to answer"), say_duration},
};

static bool is_number(struct slice token)
{
    for (size_t i = 0; i < token.size; i++)
        if (token.data[i] < '0' || token.data[i] > '9') return false;
    return token.size > 0;
}

static struct slice last_name(struct slice pointer)
{
    size_t from = 0, end = pointer.size;
    for (;;) {
        from = end;
        while (from > 0 && pointer.data[from - 1] != '/') from--;
        struct slice token = slice_part(pointer, from, end - from);
        if (from == 0 || !is_number(token)) return token;
        end = from - 1;
    }
}

static const struct place_of *find_place(struct slice pointer)
{
    struct slice name = last_name(pointer);
    for (size_t i = 0; i < COUNT_OF(places_of); i++)
        if (slice_is(places_of[i].name[0] == '/' ? pointer : name, places_of[i].name)) return &places_of[i];
    return NULL;
}

/* An item of a list ("/except/1") is told as it is written, but for what its list's name says of it. */
static phrase *phrase_of(const struct place_of *place, struct slice pointer, const struct json *value)
{
    bool item = !slice_equal(last_name(pointer),
                             slice_part(pointer, pointer.size - last_name(pointer).size, last_name(pointer).size));
    if (place == NULL || place->phrase == NULL) return say_as_written;
    if (item && place->phrase == say_exceptions) return phrase_exception;
    if (item && place->phrase == phrase_places) return phrase_place;
    if (place->phrase == say_number && value->type != JSON_INTEGER) return say_as_written;
    return place->phrase;
}

static void say_value(const struct voice *voice, const struct place_of *place, struct slice pointer,
                      const struct json *value)
{
    if (value == NULL)
        say_words(voice, TR("nothing said"));
    else
        say_hole(voice, hole_phrase(phrase_of(place, pointer, value), value));
}

/* "Distance in metres: 3000; in the text above: 3500." */
static void tell_change(const struct voice *voice, const struct json *term, const struct json *change)
{
    const struct place_of *place = find_place(change->key);
    voice->begin(voice->context, MANNER_ITEM);
    if (place != NULL)
        say_words(voice, truce_word(place->label));
    else
        say_hole(voice, hole(HOLE_CODE, change->key));
    say_words(voice, ": ");
    say_value(voice, place, change->key, change);
    say_words(voice, TR("; in the text above: "));
    say_value(voice, place, change->key, json_at(term, change->key));
    say_words(voice, ".");
    voice->end(voice->context, MANNER_ITEM);
}

/* ---- whose text it is */

bool rival_is_language(const struct json *agreement, struct slice name)
{
    const struct json *versions = json_find(agreement, "versions");
    const struct json *version = versions == NULL || versions->type != JSON_ARRAY ? NULL : versions->first;
    while (version != NULL && !slice_equal(json_find_string(version, "lang"), name)) version = version->next;
    return version != NULL;
}

static void say_language(const struct voice *voice, const struct json *name)
{
    if (name->type == JSON_STRING) say_word(voice, "lang", name->string);
}

static void say_name(const struct voice *voice, const struct json *rival)
{
    say_word(voice, "lang", rival->key);
}

static void say_rival(const struct voice *voice, const struct json *rival)
{
    say_called(voice, rival->key, HOLE_CODE);
}

void tell_rival_name(const struct voice *voice, struct slice name)
{
    const struct json rival = {.key = name};
    if (rival_is_language(voice->agreement, name))
        TELL(voice, TR("The text in another language: {0}"), hole_phrase(say_name, &rival));
    else
        TELL(voice, TR("Rival transcription: {0}"), hole_phrase(say_rival, &rival));
}

static void tell_force(const struct voice *voice, struct slice name)
{
    const struct json *prevails = json_find(voice->agreement, "prevails");
    bool language = rival_is_language(voice->agreement, name);
    if (!language)
        TELL_AS(voice, MANNER_LINE, TR("It counts beside the text above: a result stands where both give it."), {0});
    else if (prevails == NULL)
        TELL_AS(voice, MANNER_LINE,
                TR("No language prevails: a result stands where the texts of all languages give it."), {0});
    else if (prevails->type == JSON_STRING && !slice_equal(prevails->string, name))
        TELL_AS(voice, MANNER_LINE,
                TR("The text that prevails is that in: {0}. This one is shown and does not decide."),
                hole_phrase(say_language, prevails));
    else
        TELL_AS(voice, MANNER_LINE, TR("This is the text that prevails; the one above is shown and does not decide."),
                {0});
}

void tell_rival(const struct voice *voice, const struct json *term, const struct json *rival)
{
    const struct json *changes = json_find(rival, "changes");
    tell_force(voice, rival->key);
    if (changes == NULL || changes->type != JSON_OBJECT || changes->size == 0) return;
    TELL_AS(voice, MANNER_LINE, TR("Where it differs:"), {0});
    voice->begin(voice->context, MANNER_LIST);
    for (const struct json *change = changes->first; change != NULL; change = change->next)
        tell_change(voice, term, change);
    voice->end(voice->context, MANNER_LIST);
}
