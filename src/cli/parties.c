#include "cli/cli.h"

#include "cli/answer.h"
#include "cli/tell.h"
#include "tell/parties.h"

static void put_party(struct doc *doc, const struct voice *voice, const struct json *answer, const struct json *party)
{
    words_isolate(doc_text(doc), tell_text(json_find(party, "names")));
    doc_heading(doc, 2);
    tell_party_about(voice, answer, party);
    (void)tell_party_answers(voice, answer, party);
    tell_party_keys(voice, party);
}

static void tell_parties(struct doc *doc, const struct json *answer, struct records *records)
{
    struct doc_voice in = {doc, records, 0};
    const struct voice voice = doc_voice(&in, NULL);
    const struct json *list = json_find(answer, "parties");
    tell_moment(doc, answer);
    for (const struct json *party = list->first; party != NULL; party = party->next)
        put_party(doc, &voice, answer, party);
    if (list->size == 0) doc_say_line(doc, 0, TR("Nobody takes part so far as the log was known then."));
    doc_say_heading(doc, 2, TR("The policy in force"));
    tell_policy(&voice, answer);
    if (json_find(answer, "waiting")->size == 0) return;
    doc_say_heading(doc, 2, TR("Waiting for the founders"));
    (void)tell_enrolments(&voice, answer);
}

static enum truce_status parties(struct call *call)
{
    struct truce_error error;
    struct truce_moment moment;
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    enum truce_status status = call_moment(call, &moment);
    if (status == TRUCE_DONE) status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_parties(reg, &moment, &answer, &error);
    status = status == TRUCE_DONE ? answer_give(call, reg, slice_of(answer.data, answer.size), tell_parties)
                                  : say_error(&error);
    truce_free(&answer);
    return call_close(&reg, status);
}

static const struct option options[] = {
    {"as-of", '\0', "TIME", call_as_of_help},
    {"known", '\0', "N|TIME", call_known_help},
    END_OF_OPTIONS,
};
const struct command command_parties = {
    .name = "parties",
    .usage = "[--as-of T] [--known N|T]",
    .does = N_("Shows who takes part: names, roles, keys, who answers for whom, and the policy in force."),
    .more = N_("A party bears the names that its own record gives it. Each fact names the record that made it. With "
               "--known, the members as the log had them then."),
    .example = "truce parties\n  truce parties --known 2016-09-18 --json",
    .options = options,
    .reading = true,
    .run = parties,
};
