#include "tell/parties.h"

#include "tell/names.h"

static const struct json *items(const struct json *object, const char *name)
{
    const struct json *list = json_find(object, name);
    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

static struct hole number_of(const struct json *object, const char *name)
{
    return hole_integer(HOLE_INTEGER, json_find_integer(object, name, 0));
}

static struct hole record_of(const struct json *object, const char *name)
{
    return hole(HOLE_RECORD, json_find_string(object, name));
}

const struct json *parties_find(const struct json *answer, struct slice name)
{
    const struct json *party = items(answer, "parties");
    while (party != NULL && !slice_equal(json_find_string(party, "party"), name)) party = party->next;
    return party;
}

/* ---- a party */

static void say_role(const struct voice *voice, const struct json *party)
{
    say_word(voice, "role", json_find_string(party, "role"));
}

void tell_party_about(const struct voice *voice, const struct json *answer, const struct json *party)
{
    const struct json *names = json_find(party, "names");
    struct slice arabic = json_find_string(names, "ar"), english = json_find_string(names, "en");
    struct slice until = json_find_string(party, "until");
    if (arabic.size > 0) TELL_AS(voice, MANNER_LINE, TR("Its name in Arabic: {0}"), hole(HOLE_TEXT, arabic));
    if (english.size > 0) TELL_AS(voice, MANNER_LINE, TR("Its name in English: {0}"), hole(HOLE_TEXT, english));
    voice->begin(voice->context, MANNER_LINE);
    TELL(voice, TR("In records: {0}. Role: "), hole(HOLE_CODE, json_find_string(party, "party")));
    say_role(voice, party);
    voice->end(voice->context, MANNER_LINE);
    if (json_find_bool(party, "founder"))
        TELL_AS(voice, MANNER_LINE, TR("Founder of the register, by its first record {0}; its names by {1}."),
                record_of(answer, "genesis"), record_of(party, "record"));
    else
        TELL_AS(voice, MANNER_LINE, TR("Member since entry {0} of the log; its names and role by record {1}."),
                number_of(party, "since"), record_of(party, "record"));
    if (until.size > 0) TELL_AS(voice, MANNER_LINE, TR("End of its membership: {0}."), hole(HOLE_TIME, until));
}

static void tell_answering(const struct voice *voice, const struct json *answers, struct slice who)
{
    struct slice until = json_find_string(answers, "until");
    struct slice other = who.size > 0 ? who : json_find_string(answers, "party");
    bool by_other = who.size > 0;
    voice->begin(voice->context, MANNER_ITEM);
    if (until.size > 0)
        TELL(voice,
             by_other ? TR("Answered for by {0}, from {1} until {2}; record {3}.")
                      : TR("Answers for {0}, from {1} until {2}; record {3}."),
             hole(HOLE_PARTY, other), hole(HOLE_TIME, json_find_string(answers, "from")), hole(HOLE_TIME, until),
             record_of(answers, "record"));
    else
        TELL(voice,
             by_other ? TR("Answered for by {0}, from {1}; record {2}.") : TR("Answers for {0}, from {1}; record {2}."),
             hole(HOLE_PARTY, other), hole(HOLE_TIME, json_find_string(answers, "from")), record_of(answers, "record"));
    if (!json_find_bool(answers, "now")) {
        say_words(voice, " ");
        say_words(voice, TR("Not at this moment."));
    }
    voice->end(voice->context, MANNER_ITEM);
}

static bool any_answers(const struct json *answer, const struct json *party)
{
    if (items(party, "answers_for") != NULL) return true;
    for (const struct json *other = items(answer, "parties"); other != NULL; other = other->next)
        for (const struct json *a = items(other, "answers_for"); a != NULL; a = a->next)
            if (slice_equal(json_find_string(a, "party"), json_find_string(party, "party"))) return true;
    return false;
}

bool tell_party_answers(const struct voice *voice, const struct json *answer, const struct json *party)
{
    struct slice name = json_find_string(party, "party");
    if (!any_answers(answer, party)) return false;
    voice->begin(voice->context, MANNER_LIST);
    for (const struct json *a = items(party, "answers_for"); a != NULL; a = a->next)
        tell_answering(voice, a, (struct slice){NULL, 0});
    for (const struct json *other = items(answer, "parties"); other != NULL; other = other->next)
        for (const struct json *a = items(other, "answers_for"); a != NULL; a = a->next)
            if (slice_equal(json_find_string(a, "party"), name))
                tell_answering(voice, a, json_find_string(other, "party"));
    voice->end(voice->context, MANNER_LIST);
    return true;
}

/* ---- keys */

static const char *key_named(const struct json *key)
{
    struct slice use = json_find_string(key, "use");
    if (slice_is(use, "recovery")) return TR("Recovery key {0}:");
    return slice_is(use, "read") ? TR("Reader key {0}:") : TR("Signing key {0}:");
}

static void tell_state(const struct voice *voice, const struct json *key)
{
    struct slice state = json_find_string(key, "state");
    if (slice_is(state, "compromised"))
        TELL(voice, TR("compromised since {0}, by record {1}; what it signed later is contested."),
             hole(HOLE_TIME, json_find_string(key, "compromised_since")), record_of(key, "ended_by"));
    else if (slice_is(state, "retired"))
        TELL(voice, TR("retired at entry {0} of the log, by record {1}."), number_of(key, "retired_at"),
             record_of(key, "ended_by"));
    else
        say_words(voice, slice_is(state, "replaced") ? TR("another took its place.") : TR("in force."));
}

static void tell_key(const struct voice *voice, const struct json *key)
{
    voice->begin(voice->context, MANNER_ITEM);
    TELL(voice, key_named(key), hole(HOLE_CODE, json_find_string(key, "id")));
    say_words(voice, " ");
    tell_state(voice, key);
    say_words(voice, " ");
    if (json_find_string(key, "record").size > 0)
        TELL(voice, TR("Known since entry {0}, by record {1}, which {2} signed."), number_of(key, "since"),
             record_of(key, "record"), hole(HOLE_PARTY, json_find_string(key, "by")));
    voice->end(voice->context, MANNER_ITEM);
}

void tell_party_keys(const struct voice *voice, const struct json *party)
{
    voice->begin(voice->context, MANNER_LIST);
    for (const struct json *key = items(party, "keys"); key != NULL; key = key->next) tell_key(voice, key);
    voice->end(voice->context, MANNER_LIST);
}

/* ---- the policy */

static void tell_sealed(const struct voice *voice, const struct json *policy)
{
    struct hole by = record_of(json_find(policy, "records"), "sealed_by_default");
    if (items(policy, "sealed_by_default") == NULL) {
        TELL_AS(voice, MANNER_ITEM, TR("Sealed by default: nothing; record {0}."), by);
        return;
    }
    for (const struct json *rule = items(policy, "sealed_by_default"); rule != NULL; rule = rule->next) {
        voice->begin(voice->context, MANNER_ITEM);
        say_words(voice, TR("Sealed by default, to the readers that the writer names: "));
        say_label(voice, LABEL_KIND, json_find_string(rule, "kind"));
        say_words(voice, TR(": "));
        for (const struct json *pointer = items(rule, "pointers"); pointer != NULL; pointer = pointer->next) {
            say_hole(voice, hole(HOLE_CODE, pointer->string));
            if (pointer->next != NULL) say_words(voice, TR(", "));
        }
        TELL(voice, TR("; record {0}."), by);
        voice->end(voice->context, MANNER_ITEM);
    }
}

static void tell_quota(const struct voice *voice, const struct json *policy, const struct json *records)
{
    const struct json *quota = json_find(policy, "quota");
    if (quota == NULL) return;
    TELL_AS(
        voice, MANNER_ITEM,
        TR("Records of a party in a day, at most: {0}; kept besides for notices, answers and keys: {1}; record {2}."),
        number_of(quota, "per_day"), number_of(quota, "reserve"), record_of(records, "quota"));
}

static void tell_cosigning(const struct voice *voice, const struct json *policy)
{
    const struct json *watching = json_find(policy, "witnessing"), *cosigners = json_find(watching, "cosigners");
    if (cosigners == NULL || cosigners->size == 0)
        TELL_AS(voice, MANNER_ITEM, TR("Cosigners of the log: none; record {0}."), record_of(watching, "record"));
    else
        TELL_AS(voice, MANNER_ITEM, TR("Cosigners of the log: {0}; a quorum: {1}; may be at fault: {2}; record {3}."),
                hole_integer(HOLE_INTEGER, (int64_t)cosigners->size), number_of(watching, "quorum"),
                number_of(watching, "faults"), record_of(watching, "record"));
}

void tell_policy(const struct voice *voice, const struct json *answer)
{
    const struct json *policy = json_find(answer, "policy"), *records = json_find(policy, "records");
    const struct json *thresholds = json_find(policy, "thresholds");
    if (policy == NULL) return;
    voice->begin(voice->context, MANNER_LIST);
    TELL_AS(voice, MANNER_ITEM,
            TR("Founders who must agree to enrol or to change keys: {0}; to change the policy: {1}; record {2}."),
            number_of(thresholds, "enrol"), number_of(thresholds, "policy"), record_of(records, "thresholds"));
    TELL_AS(voice, MANNER_ITEM,
            json_find_bool(policy, "public") ? TR("Reading is open to everyone; record {0}.")
                                             : TR("Members alone read; record {0}."),
            record_of(records, "public"));
    tell_sealed(voice, policy);
    tell_quota(voice, policy, records);
    tell_cosigning(voice, policy);
    TELL_AS(voice, MANNER_ITEM,
            TR("Every member may link reports as one event or tell them apart; whose links are followed, each reading "
               "of the agreement says."),
            {0});
    voice->end(voice->context, MANNER_LIST);
}

bool tell_enrolments(const struct voice *voice, const struct json *answer)
{
    if (items(answer, "waiting") == NULL) return false;
    voice->begin(voice->context, MANNER_LIST);
    for (const struct json *waiting = items(answer, "waiting"); waiting != NULL; waiting = waiting->next) {
        voice->begin(voice->context, MANNER_ITEM);
        say_label(voice, LABEL_KIND, json_find_string(waiting, "kind"));
        say_words(voice, " ");
        say_hole(voice, record_of(waiting, "record"));
        say_words(voice, TR(": "));
        say_words(voice, json_find_bool(waiting, "decided")
                             ? TR("approved; it takes effect once the quorum of cosigners has seen it.")
                             : TR("not approved by enough founders so far."));
        voice->end(voice->context, MANNER_ITEM);
    }
    voice->end(voice->context, MANNER_LIST);
    return true;
}
