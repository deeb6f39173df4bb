/* GET /parties, /parties/NAME: who takes part, with whose keys, and the policy in force. */
#include "api/internal.h"
#include "json/write.h"
#include "tell/parties.h"

enum { PARTIES_ARENA_BYTES = 256 * 1024 * 1024 };

static struct slice name_asked(const struct visit *visit)
{
    return slice_from(visit->segment[0]);
}

static bool is_member(struct visit *visit, const struct json *answer)
{
    struct error why;
    struct slice name = name_asked(visit);
    if (name.size == 0 || parties_find(answer, name) != NULL) return true;
    (void)!error_set(&why, STATUS_USAGE, "party-absent",
                     "No party \"{0}\" takes part, so far as the log was known then; /parties names all.",
                     error_slice(name).text, NULL);
    visit_fault(visit, 404, &why);
    return false;
}

static void give_page(struct visit *visit, const struct json *answer)
{
    struct visit_page page;
    struct truce_error error;
    struct buffer body = {0};
    struct error why;
    struct now now;
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    visit_page_open(visit, &now, &page);
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    enum status status = name_asked(visit).size > 0 ? page_party(&body, &page.page, answer, name_asked(visit), &why)
                                                    : page_parties(&body, &page.page, answer, &why);
    visit_give_page(visit, status, &why, &body);
    visit_page_close(&page);
}

/* The answer as it is; of one party, with that party alone. */
static void give_json(struct visit *visit, const struct json *answer)
{
    struct json_writer w;
    struct error why;
    struct buffer body = {0};
    struct slice name = name_asked(visit);
    json_write_open(&w, &body);
    json_put_object(&w);
    for (const struct json *member = answer->first; member != NULL; member = member->next) {
        json_put_key_slice(&w, member->key);
        if (name.size > 0 && slice_is(member->key, "parties")) {
            json_put_array(&w);
            json_put_tree(&w, parties_find(answer, name));
            json_put_close(&w);
        } else {
            json_put_tree(&w, member);
        }
    }
    json_put_close(&w);
    if (json_write_finish(&w, &why) != STATUS_DONE) {
        buffer_clear(&body);
        visit_fault(visit, 0, &why);
        return;
    }
    buffer_put_byte(&body, '\n');
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    visit_give(visit, "application/json", &body);
}

static void give(struct visit *visit, struct slice text)
{
    struct arena arena;
    const struct json *answer;
    struct error why;
    arena_init(&arena, PARTIES_ARENA_BYTES);
    if (json_read(&answer, text, JSON_RELAXED, &arena, &why) != STATUS_DONE)
        visit_fault(visit, 0, &why);
    else if (is_member(visit, answer)) {
        if (visit->form == FORM_HTML)
            give_page(visit, answer);
        else
            give_json(visit, answer);
    }
    arena_clear(&arena);
}

void get_parties(struct visit *visit)
{
    struct truce_moment moment;
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct ask_fault fault;
    if (!ask_moment(&moment, visit_value, visit, &fault)) {
        visit_ask_fault(visit, &fault);
        return;
    }
    if (truce_parties(visit->reader, &moment, &answer, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    give(visit, slice_of(answer.data, answer.size));
    truce_free(&answer);
}
