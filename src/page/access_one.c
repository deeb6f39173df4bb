/* One convoy or protected site: every step with the record behind it, every notice of it, and what each who was told
 * answered. */
#include "page/access.h"

#include "base/time.h"

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

static void begin_cell(struct sheet *sheet, const char *head)
{
    html_begin(&sheet->html, TAG_TD);
    html_words_in(&sheet->html, TAG_SPAN, "cell-head", head);
}

static void put_word(struct sheet *sheet, const char *field, struct slice word)
{
    const char *label = tell_word(slice_from(field), word);
    sheet_hole(sheet, label != NULL ? hole_words(label) : hole(HOLE_TEXT, word));
}

/* ---- what it is now */

static void put_field_of(struct sheet *sheet, const struct json *access, const char *field)
{
    const struct json *value = json_find(access, field);
    if (value == NULL) return;
    sheet_field(sheet, words_label(LABEL_FIELD, field));
    sheet_value(sheet, slice_from(field), value);
    sheet_field_end(sheet);
}

static void put_now(struct sheet *sheet, const struct json *access)
{
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_field(sheet, TR("State"));
    access_put_state(sheet, access);
    sheet_field_end(sheet);
    put_field_of(sheet, access, "protects");
    put_field_of(sheet, access, "sharing");
    put_field_of(sheet, access, "expires");
    sheet_field(sheet, TR("Where"));
    access_put_where(sheet, access);
    sheet_field_end(sheet);
    sheet_field(sheet, TR("Who was told of it"));
    access_put_counts(sheet, access);
    sheet_field_end(sheet);
    html_end(&sheet->html, TAG_DL);
}

/* ---- what its listing is to become */

static void put_command(struct sheet *sheet, struct slice id)
{
    OWN(buffer_clear) struct buffer command = {0};
    buffer_put_string(&command, "truce erase ");
    buffer_put(&command, slice_part(id, 0, 8));
    buffer_put_string(&command, " --key FILE --submit");
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("What it seals is destroyed here, and others are asked to do the same, by: "));
    sheet_hole(sheet, hole(HOLE_CODE, buffer_slice(&command)));
    html_end(&sheet->html, TAG_P);
}

static bool is_gone(const struct json *access)
{
    struct slice state = json_find_string(access, "state");
    return slice_is(state, "erased") || slice_is(state, "withdrawn");
}

static void put_end(struct sheet *sheet, const struct json *access)
{
    if (!access_is_site(access) || is_gone(access)) return;
    sheet_heading(sheet, TAG_H2, TR("What the listing is to become"));
    if (access_asks(access))
        SAY_P(sheet, NULL,
              TR("It asks now, for it ends at {0}: is it to be renewed, was it moved, or is it to be erased?"),
              hole(HOLE_TIME, json_find_string(access, "expires")));
    else
        SAY_P(sheet, "quiet", TR("It ends at {0}, and asks seven days before."),
              hole(HOLE_TIME, json_find_string(access, "expires")));
    access_put_asks(sheet, access);
    put_command(sheet, json_find_string(access, "holds"));
}

/* ---- its steps, or versions */

static void put_effect(struct sheet *sheet, const struct json *step)
{
    struct slice effect = json_find_string(step, "effect"), of = json_find_string(step, "effect_of");
    if (effect.size == 0) return;
    sheet_begin(sheet, TAG_SPAN, "under");
    if (slice_is(effect, "retracted"))
        SAY(sheet, TR("Withdrawn by its author: {0}"), hole(HOLE_RECORD, of));
    else
        SAY(sheet, TR("Its author replaced it by {0}"), hole(HOLE_RECORD, of));
    html_end(&sheet->html, TAG_SPAN);
}

static void put_places(struct sheet *sheet, const struct json *access, const struct json *step)
{
    static const char *const fields[] = {"where", "route"};
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const struct json *value = json_find(step, fields[i]);
        if (value == NULL) continue;
        html_begin(&sheet->html, TAG_P);
        if (i > 0) {
            sheet_label(sheet, LABEL_FIELD, slice_from(fields[i]));
            html_words(&sheet->html, TR(": "));
        }
        told_value(sheet, slice_from("where"), value);
        html_end(&sheet->html, TAG_P);
        any = true;
    }
    if (any) return;
    html_words_in(&sheet->html, TAG_SPAN, "quiet",
                  json_find_bool(access, "withheld") ? TR("not told yet")
                  : json_find_bool(step, "sealed")   ? TR("sealed")
                                                     : TR("not told"));
}

static void put_load(struct sheet *sheet, const struct json *step)
{
    const struct json *counts = json_find(step, "counts");
    if (counts != NULL) told_value(sheet, slice_from("counts"), counts);
    if (json_find_bool(step, "sealed_load")) html_words_in(&sheet->html, TAG_P, NULL, TR("sealed load"));
}

static void put_step(struct sheet *sheet, const struct json *access, const struct json *step)
{
    struct html *html = &sheet->html;
    struct slice actor = json_find_string(step, "actor"), id = json_find_string(step, "id");
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    sheet_mark(sheet, LABEL_ACCESS, json_find_string(step, "state"), NULL);
    put_effect(sheet, step);
    html_end(html, TAG_TH);
    begin_cell(sheet, TR("When"));
    sheet_hole(sheet, hole(HOLE_STAMP, json_find_string(step, "at")));
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Told by"));
    sheet_party(sheet, json_find_string(step, "by"));
    if (actor.size > 0) {
        sheet_begin(sheet, TAG_SPAN, "under");
        SAY(sheet, TR("{0}: {1}"), hole_words(words_label(LABEL_FIELD, "actor")), hole(HOLE_PARTY, actor));
        html_end(html, TAG_SPAN);
    }
    html_end(html, TAG_TD);
    begin_cell(sheet, access_is_site(access) ? TR("Expires") : TR("Load"));
    if (access_is_site(access))
        sheet_hole(sheet, hole(HOLE_STAMP, json_find_string(step, "expires")));
    else
        put_load(sheet, step);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Where"));
    put_places(sheet, access, step);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Record"));
    told_link(sheet, "/records", json_find_string(access, "kind"), id);
    sheet_begin(sheet, TAG_SPAN, "under");
    SAY(sheet, TR("Received: {0}"), hole(HOLE_STAMP, json_find_string(step, "received")));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static void put_next_step(struct sheet *sheet, const struct json *access)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/file/passage");
    if (access_is_site(access)) return;
    address_ask(&address, "passage", json_find_string(access, "name"));
    sheet_begin(sheet, TAG_P, "ways-on");
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, TR("File its next step"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static void put_history(struct sheet *sheet, const struct json *access)
{
    struct html *html = &sheet->html;
    bool site = access_is_site(access);
    const char *const heads[] = {TR("State"), TR("When"),  TR("Told by"), site ? TR("Expires") : TR("Load"),
                                 TR("Where"), TR("Record")};
    sheet_heading(sheet, TAG_H2, site ? TR("Versions of the listing") : TR("Steps"));
    if (json_find_bool(access, "cut"))
        html_words_in(html, TAG_P, "quiet", TR("Only the last steps, and not every notice, have room here."));
    sheet_begin(sheet, TAG_TABLE, "events");
    sheet_heads(sheet, heads, COUNT_OF(heads));
    html_begin(html, TAG_TBODY);
    for (const struct json *step = items(json_find(access, "history")); step != NULL; step = step->next)
        put_step(sheet, access, step);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    put_next_step(sheet, access);
}

/* ---- notices */

static void put_confirm(struct sheet *sheet, struct slice id)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/notices");
    address_part(&address, id);
    address_part(&address, slice_from("confirm"));
    sheet_begin(sheet, TAG_P, "confirm");
    sheet_link(sheet, "button", &address);
    html_words(&sheet->html, TR("Confirm receipt"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

/* "2016-09-12 10:00 UTC, telephone: no answer, Red Crescent (3f2a91c0)"; whom, where it was an alternate. */
static void put_attempt(struct sheet *sheet, const struct json *attempt, struct slice to)
{
    struct slice tried = json_find_string(attempt, "to");
    html_begin(&sheet->html, TAG_LI);
    if (!slice_equal(tried, to)) {
        sheet_party(sheet, tried);
        html_words(&sheet->html, TR(": "));
    }
    sheet_hole(sheet, hole(HOLE_STAMP, json_find_string(attempt, "at")));
    html_words(&sheet->html, TR(", "));
    put_word(sheet, "means", json_find_string(attempt, "means"));
    html_words(&sheet->html, TR(": "));
    put_word(sheet, "result", json_find_string(attempt, "result"));
    html_words(&sheet->html, TR(", "));
    SAY(sheet, TR("{0} ({1})"), hole(HOLE_PARTY, json_find_string(attempt, "by")),
        hole(HOLE_RECORD, json_find_string(attempt, "id")));
    html_end(&sheet->html, TAG_LI);
}

static void put_silence(struct sheet *sheet, struct slice since)
{
    int64_t from, now;
    SAY(sheet, TR("No answer since {0}"), hole(HOLE_STAMP, since));
    if (!time_parse(&from, since) || !time_parse(&now, json_find_string(sheet->answer, "as_of")) || now <= from) return;
    html_words(&sheet->html, TR(": "));
    sheet_duration(sheet, now - from);
}

static void put_reply(struct sheet *sheet, const struct json *recipient)
{
    const struct json *reply = json_find(recipient, "reply");
    struct slice since = json_find_string(recipient, "silent_since");
    if (since.size > 0) put_silence(sheet, since);
    if (reply == NULL) return;
    put_word(sheet, "receipt", json_find_string(reply, "receipt"));
    sheet_begin(sheet, TAG_SPAN, "under");
    SAY(sheet, TR("{0}, {1}, record {2}"), hole(HOLE_PARTY, json_find_string(reply, "by")),
        hole(HOLE_STAMP, json_find_string(reply, "at")), hole(HOLE_RECORD, json_find_string(reply, "id")));
    html_end(&sheet->html, TAG_SPAN);
}

/* Where it is told that somebody was tried with whom silence lasts. */
static void put_try(struct sheet *sheet, const struct json *notice, struct slice to)
{
    struct slice channel = json_find_string(notice, "channel");
    OWN(address_clear) struct address address;
    address_open(&address, "/file/attempt");
    address_ask(&address, "of", json_find_string(notice, "id"));
    address_ask(&address, "to", to);
    if (channel.size > 0) address_ask(&address, "channel", channel);
    sheet_begin(sheet, TAG_P, "ways-on");
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, TR("Log an attempt to reach"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static void put_recipient(struct sheet *sheet, const struct json *notice, const struct json *recipient)
{
    struct html *html = &sheet->html;
    const struct json *attempt = items(json_find(recipient, "attempts"));
    struct slice to = json_find_string(recipient, "to");
    html_begin(html, TAG_TR);
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    sheet_party(sheet, to);
    html_end(html, TAG_TH);
    begin_cell(sheet, TR("Receipt"));
    sheet_mark(sheet, LABEL_RECEIPT, json_find_string(recipient, "state"), "result");
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Answer"));
    put_reply(sheet, recipient);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Attempts to reach"));
    if (attempt == NULL) html_words_in(html, TAG_SPAN, "quiet", TR("none recorded"));
    if (attempt != NULL) sheet_begin(sheet, TAG_UL, "told");
    for (const struct json *one = attempt; one != NULL; one = one->next) put_attempt(sheet, one, to);
    if (attempt != NULL) html_end(html, TAG_UL);
    if (json_find(recipient, "silent_since") != NULL) put_try(sheet, notice, to);
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static bool any_state(const struct json *notice, bool confirmed)
{
    for (const struct json *to = items(json_find(notice, "recipients")); to != NULL; to = to->next)
        if (slice_is(json_find_string(to, "state"), "confirmed") == confirmed) return true;
    return false;
}

static void put_about(struct sheet *sheet, const struct json *notice)
{
    const struct notice_told told = {.from = json_find_string(notice, "by"),
                                     .given = json_find_string(notice, "at"),
                                     .due = json_find_string(notice, "acknowledge_by")};
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_notice_fields(sheet, &told);
    html_end(&sheet->html, TAG_DL);
}

static void put_notice(struct sheet *sheet, const struct json *notice)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(notice, "id");
    const char *const heads[] = {TR("To"), TR("Receipt"), TR("Answer"), TR("Attempts to reach")};
    html_begin(html, TAG_LI);
    html_data(html, "item", id);
    html_begin(html, TAG_H3);
    told_link(sheet, "/records", slice_from("notice"), id);
    html_end(html, TAG_H3);
    put_about(sheet, notice);
    sheet_begin(sheet, TAG_TABLE, "events");
    sheet_heads(sheet, heads, COUNT_OF(heads));
    html_begin(html, TAG_TBODY);
    for (const struct json *to = items(json_find(notice, "recipients")); to != NULL; to = to->next)
        put_recipient(sheet, notice, to);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    sheet_protective(sheet, any_state(notice, true));
    if (any_state(notice, false)) put_confirm(sheet, id);
    html_end(html, TAG_LI);
}

static void put_notices(struct sheet *sheet, const struct json *access)
{
    struct html *html = &sheet->html;
    const struct json *notices = json_find(access, "notices");
    html_begin(html, TAG_H2);
    html_set(html, ATTR_ID, "notices");
    html_words(html, TR("Notices of it"));
    html_end(html, TAG_H2);
    if (items(notices) == NULL) {
        html_words_in(html, TAG_P, NULL,
                      TR("No notice names it so far: the register does not show that anybody was told of it."));
    } else {
        html_words_in(html, TAG_P, "quiet",
                      TR("Silence is counted from the moment a notice was given, until its recipient or an alternate "
                         "answers; an attempt to reach somebody does not end it."));
        sheet_begin(sheet, TAG_UL, "links");
        for (const struct json *notice = items(notices); notice != NULL; notice = notice->next)
            put_notice(sheet, notice);
        html_end(html, TAG_UL);
    }
    access_put_notify(sheet, access);
}

/* ---- the page */

enum status page_access_one(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    struct sheet sheet = {.page = page, .answer = answer};
    const struct json *access = json_find(answer, "access");
    struct slice name = json_find_string(access, "name");
    OWN(buffer_clear) struct buffer title = {0};
    buffer_put_string(&title, words_label(LABEL_KIND, access_is_site(access) ? "site" : "passage"));
    buffer_put_byte(&title, ' ');
    buffer_put(&title, name);
    sheet.agreement = told_agreement(&sheet, slice_from(""));
    sheet_open(&sheet, out, PLACE_ACCESS, buffer_slice(&title));
    html_begin(&sheet.html, TAG_H1);
    SAY(&sheet, access_is_site(access) ? TR("Protected site {0}") : TR("Passage {0}"), hole(HOLE_CODE, name));
    html_end(&sheet.html, TAG_H1);
    sheet_moment(&sheet);
    sheet_protective(&sheet, json_find_integer(json_find(access, "receipts"), "confirmed", 0) > 0);
    put_now(&sheet, access);
    put_end(&sheet, access);
    put_history(&sheet, access);
    put_notices(&sheet, access);
    return sheet_close(&sheet, error);
}
