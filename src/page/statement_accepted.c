/* A statement that was accepted: what will be signed, and what the form carries of it. */
#include "page/intake.h"

#include <stdio.h>

/* What the card had, so that it comes back as it was; the moment and the source that were common are its own now. */
static void carry_all(const struct intake *in, size_t number)
{
    static const char *const names[] = {"act",   "addressed", "cue",     "organisation", "others",
                                        "party", "role",      "speaker", "words"};
    static const char *const common[] = {"at", "reported"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct slice value = intake_typed(in, names[i], number, (struct slice){NULL, 0});
        if (value.data != NULL) intake_carry(in, names[i], number, value);
    }
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        struct slice value = intake_typed(in, common[i], number, (struct slice){NULL, 0});
        if (value.size == 0) value = intake_typed(in, common[i], 0, slice_from(""));
        if (value.size > 0) intake_carry(in, common[i], number, value);
    }
}

static void put_ids(const struct intake *in, size_t number, const struct json *about)
{
    for (const struct json *id = about == NULL ? NULL : about->first; id != NULL; id = id->next)
        if (id->type == JSON_STRING) intake_carry(in, "about", number, id->string);
    if (about == NULL || about->first == NULL) return;
    sheet_field(in->sheet, TR("Records that it is about"));
    sheet_ids(in->sheet, about, 16);
    sheet_field_end(in->sheet);
}

static void put_record(const struct intake *in, size_t number, const struct json *record)
{
    struct sheet *sheet = in->sheet;
    char id[40];
    snprintf(id, sizeof id, "act=%.*s", SLICE(json_find_string(record, "act")));
    sheet_begin(sheet, TAG_BLOCKQUOTE, "words");
    html_set_slice(&sheet->html, ATTR_LANG, json_find_string(json_find(record, "words"), "lang"));
    html_set(&sheet->html, ATTR_DIR, "auto");
    html_text(&sheet->html, json_find_string(json_find(record, "words"), "exact"));
    html_end(&sheet->html, TAG_BLOCKQUOTE);
    sheet_begin(sheet, TAG_DL, "fields");
    intake_value(in, TR("Verb"), json_find_string(record, "cue"));
    sheet_field(sheet, TR("Act"));
    html_words(&sheet->html, words_label(LABEL_VALUE, id));
    sheet_field_end(sheet);
    intake_value(in, TR("Speaker"), json_find_string(record, "speaker"));
    intake_value(in, TR("Role"), json_find_string(record, "role"));
    intake_value(in, TR("Organisation"), json_find_string(record, "organisation"));
    sheet_field(sheet, TR("When it was said"));
    sheet_hole(sheet, hole(HOLE_TIME, json_find_string(record, "at")));
    sheet_field_end(sheet);
    intake_value(in, TR("Reported by"), json_find_string(json_find(record, "basis"), "source"));
    for (int i = 0; i < 2; i++) {
        struct slice party = json_find_string(record, i == 0 ? "party" : "addressed");
        if (party.size == 0) continue;
        sheet_field(sheet, i == 0 ? TR("Party that spoke") : TR("Party that was addressed"));
        sheet_party(sheet, party);
        sheet_field_end(sheet);
    }
    put_ids(in, number, json_find(record, "about"));
    html_end(&sheet->html, TAG_DL);
}

void intake_accepted(const struct intake *in, size_t number)
{
    struct html *html = &in->sheet->html;
    struct slice object = in->what->items[number - 1].object;
    struct arena arena;
    const struct json *record;
    arena_init(&arena, 16 * 1024 * 1024);
    sheet_begin(in->sheet, TAG_LI, "statement");
    intake_name(html, ATTR_ID, "statement", number);
    html_data(html, "item", slice_from(""));
    html_data(html, "statement", object);
    intake_title(in, number, in->statement[number - 1]);
    if (json_read(&record, object, JSON_RELAXED, &arena, NULL) == STATUS_DONE) put_record(in, number, record);
    arena_clear(&arena);
    intake_carry(in, "is", number, slice_from("accepted"));
    carry_all(in, number);
    sheet_begin(in->sheet, TAG_P, "buttons");
    intake_button(in, number, "back", TR("Take back"), true);
    html_end(html, TAG_P);
    html_end(html, TAG_LI);
}
