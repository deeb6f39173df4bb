#include "page/result.h"

static void put_readings(struct sheet *sheet, const struct json *readings)
{
    struct html *html = &sheet->html;
    struct slice decides = json_find_string(sheet->agreement, "decides");
    sheet_begin(sheet, TAG_DL, "readings");
    for (const struct json *reading = readings->first; reading != NULL; reading = reading->next) {
        html_begin(html, TAG_DT);
        sheet_hole(sheet, hole(HOLE_TEXT, tell_reading(sheet->agreement, reading->key)));
        if (decides.size > 0 && slice_equal(decides, reading->key)) html_words(html, TR(" (the reading that decides)"));
        html_end(html, TAG_DT);
        html_begin(html, TAG_DD);
        if (reading->type == JSON_STRING) sheet_mark(sheet, LABEL_VERDICT, reading->string, "result");
        html_end(html, TAG_DD);
    }
    html_end(html, TAG_DL);
}

void result_readings(struct sheet *sheet, const struct json *term)
{
    const struct json *was = json_find(term, "was_readings"),
                      *readings = was != NULL ? was : json_find(term, "readings");
    struct slice joint = json_find_string(term, was != NULL ? "was" : "verdict");
    if (readings == NULL || readings->type != JSON_OBJECT) return;
    if (tell_readings_agree(readings, joint)) {
        html_words_in(&sheet->html, TAG_P, "quiet",
                      was != NULL ? TR("Before, the same under every reading.") : TR("The same under every reading."));
        return;
    }
    if (was != NULL) html_words_in(&sheet->html, TAG_P, "quiet", TR("Before, reading by reading:"));
    put_readings(sheet, readings);
}

bool result_speaks_of_breach(const struct json *term)
{
    static const char *const members[] = {"readings", "was_readings"};
    const struct json *rivals = json_find(term, "rivals");
    if (sheet_is_breached(term)) return true;
    for (const struct json *rival = rivals == NULL ? NULL : rivals->first; rival != NULL; rival = rival->next)
        if (sheet_is_breached(rival)) return true;
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const struct json *readings = json_find(term, members[i]);
        for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next)
            if (r->type == JSON_STRING && slice_is(r->string, "breached")) return true;
    }
    return false;
}
