/* Verdicts, days and states as shapes: told apart by form alone, in the ink of the text, on paper and screen. */
#include "page/sheet.h"

#define DISC "M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19z"
#define RING "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z"

/* Each is at most a filled and a drawn path in a field of 24 by 24. */
static const struct {
    const char *name, *filled, *drawn, *dashes;
} shapes[] = {
    {"whole", DISC, NULL, NULL},
    {"broken", "M10.5 1.5L1 12l9.5 10.5l-1.4-6.3l2.6-3.6l-3.2-4.4zM13.5 22.5L23 12L13.5 1.5l-1.6 6.7l3.2 4.4l-2.6 3.6z",
     NULL, NULL},
    {"split", "M12 2.5a9.5 9.5 0 1 0 0 19z", RING, NULL},
    {"open", NULL, RING, "3.2 3"},
    {"doubt", NULL, RING "M6.5 11.5l5-5M7 17L17 7M12.5 17.5l5-5", "3.2 1.6"},
    {"gate", "M7 10.4h10v3.2H7z", "M4 4h16v16H4z", NULL},
    {"clock", NULL, RING "M12 7v5.2l3.6 2.4", NULL},
    {"late", NULL, RING "M12 7v5.2l3.6 2.4M3 3l3 2.4M21 3l-3 2.4", NULL},
    {"out", NULL, RING "M6 18L18 6", NULL},
    {"pause", "M8.2 7.5h2.6v9H8.2zM13.2 7.5h2.6v9h-2.6z", RING, NULL},
    {"part", "M8.2 7.5h2.6v9H8.2z", RING "M14.5 8v8", NULL},
};

static const struct {
    enum label_table table;
    const char *id, *shape;
} uses[] = {
    {LABEL_VERDICT, "met", "whole"},        {LABEL_VERDICT, "breached", "broken"},
    {LABEL_VERDICT, "disputed", "split"},   {LABEL_VERDICT, "not-observed", "open"},
    {LABEL_VERDICT, "excused", "gate"},     {LABEL_VERDICT, "pending", "clock"},
    {LABEL_VERDICT, "void", "out"},         {LABEL_DAY, "met", "whole"},
    {LABEL_DAY, "breached", "broken"},      {LABEL_DAY, "unwatched", "open"},
    {LABEL_DAY, "doubted", "doubt"},        {LABEL_DAY, "excused", "gate"},
    {LABEL_DAY, "running", "clock"},        {LABEL_STATE, "waiting", "clock"},
    {LABEL_STATE, "overdue", "late"},       {LABEL_STANDING, "not-begun", "clock"},
    {LABEL_STANDING, "in-force", "whole"},  {LABEL_STANDING, "partly-suspended", "part"},
    {LABEL_STANDING, "suspended", "pause"}, {LABEL_STANDING, "lapsed", "out"},
    {LABEL_STANDING, "withdrawn", "out"},   {LABEL_CHANNEL, "not-begun", "clock"},
    {LABEL_CHANNEL, "in-force", "whole"},   {LABEL_CHANNEL, "suspended", "pause"},
    {LABEL_ACCESS, "asked", "clock"},       {LABEL_ACCESS, "allowed", "gate"},
    {LABEL_ACCESS, "refused", "out"},       {LABEL_ACCESS, "under-way", "part"},
    {LABEL_ACCESS, "roadblock", "pause"},   {LABEL_ACCESS, "delivered", "whole"},
    {LABEL_ACCESS, "turned-back", "split"}, {LABEL_ACCESS, "listed", "whole"},
    {LABEL_ACCESS, "expiring", "clock"},    {LABEL_ACCESS, "expired", "late"},
    {LABEL_ACCESS, "renewed", "whole"},     {LABEL_ACCESS, "moved", "split"},
    {LABEL_ACCESS, "corrected", "whole"},   {LABEL_ACCESS, "erased", "open"},
    {LABEL_ACCESS, "withdrawn", "out"},     {LABEL_RECEIPT, "confirmed", "whole"},
    {LABEL_RECEIPT, "refused", "out"},      {LABEL_RECEIPT, "unreadable", "doubt"},
    {LABEL_RECEIPT, "waiting", "clock"},    {LABEL_RECEIPT, "overdue", "late"},
    {LABEL_CHANNEL, "lapsed", "out"},       {LABEL_CHANNEL, "withdrawn", "out"},
};

static void put_path(struct html *html, const char *d, bool filled, const char *dashes)
{
    if (d == NULL) return;
    html_begin(html, TAG_PATH);
    html_set(html, ATTR_D, d);
    html_set(html, ATTR_FILL, filled ? "currentColor" : "none");
    if (!filled) {
        html_set(html, ATTR_STROKE, "currentColor");
        html_set(html, ATTR_STROKE_WIDTH, "2");
        if (dashes != NULL) html_set(html, ATTR_STROKE_DASHARRAY, dashes);
    }
    html_end(html, TAG_PATH);
}

void mark_all(struct html *html)
{
    html_begin(html, TAG_SVG);
    html_set(html, ATTR_CLASS, "shapes");
    html_set(html, ATTR_ARIA_HIDDEN, "true");
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        char id[32] = "mark-";
        strncat(id, shapes[i].name, sizeof id - 6);
        html_begin(html, TAG_SYMBOL);
        html_set(html, ATTR_ID, id);
        html_set(html, ATTR_VIEWBOX, "0 0 24 24");
        put_path(html, shapes[i].filled, true, NULL);
        put_path(html, shapes[i].drawn, false, shapes[i].dashes);
        html_end(html, TAG_SYMBOL);
    }
    html_end(html, TAG_SVG);
}

const char *mark_shape(enum label_table table, struct slice id)
{
    for (size_t i = 0; i < COUNT_OF(uses); i++)
        if (uses[i].table == table && slice_is(id, uses[i].id)) return uses[i].shape;
    return NULL;
}

void mark_put(struct html *html, enum label_table table, struct slice id)
{
    const char *shape = mark_shape(table, id);
    OWN(address_clear) struct address at;
    address_open(&at, "");
    if (shape == NULL) return;
    address_place(&at, "mark-", slice_from(shape));
    html_begin(html, TAG_SVG);
    html_set(html, ATTR_CLASS, "mark");
    html_set(html, ATTR_ARIA_HIDDEN, "true");
    html_begin(html, TAG_USE);
    html_address(html, ATTR_HREF, &at);
    html_end(html, TAG_USE);
    html_end(html, TAG_SVG);
}

void sheet_mark(struct sheet *sheet, enum label_table table, struct slice id, const char *class_name)
{
    sheet_begin(sheet, TAG_SPAN, class_name);
    mark_put(&sheet->html, table, id);
    html_words(&sheet->html, " ");
    sheet_label(sheet, table, id);
    html_end(&sheet->html, TAG_SPAN);
}

/* The sentences behind the labels (words.h has those). */
static const struct {
    enum label_table table;
    const char *id, *sentence;
} meanings[] = {
    {LABEL_VERDICT, "met", N_("What the term asks was done, or was kept wherever there was enough watching.")},
    {LABEL_VERDICT, "breached", N_("The records that count tell of a breach.")},
    {LABEL_VERDICT, "disputed", N_("The readings differ; none is put before the others unless the agreement says so.")},
    {LABEL_VERDICT, "not-observed", N_("There was not enough watching to say. Silence is not compliance.")},
    {LABEL_VERDICT, "excused", N_("An exception of the agreement applies.")},
    {LABEL_VERDICT, "pending", N_("Its time has not come, or is still running.")},
    {LABEL_VERDICT, "void", N_("What the term rests on is not in force; the result before stands beside it.")},
    {LABEL_DAY, "met", N_("Watched enough, and kept.")},
    {LABEL_DAY, "breached", N_("The records that count tell of a breach; the count begins anew.")},
    {LABEL_DAY, "unwatched", N_("Not watched enough to say. Silence is not compliance.")},
    {LABEL_DAY, "doubted", N_("What was recorded cannot be told either way.")},
    {LABEL_DAY, "excused", N_("An exception of the agreement applies.")},
    {LABEL_DAY, "running", N_("The day is not over, or records may still come in time.")},
};

static void put_meanings(struct sheet *sheet, enum label_table table)
{
    struct html *html = &sheet->html;
    for (size_t i = 0; i < COUNT_OF(meanings); i++) {
        if (meanings[i].table != table) continue;
        html_begin(html, TAG_DT);
        sheet_mark(sheet, table, slice_from(meanings[i].id), "result");
        html_end(html, TAG_DT);
        html_words_in(html, TAG_DD, NULL, truce_word(meanings[i].sentence));
    }
}

void mark_legends(struct sheet *sheet, const enum label_table *tables, size_t count)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_DETAILS, "legend");
    html_words_in(html, TAG_SUMMARY, NULL, TR("What the shapes say"));
    for (size_t i = 0; i < count; i++) {
        html_begin(html, TAG_DL);
        put_meanings(sheet, tables[i]);
        html_end(html, TAG_DL);
    }
    html_end(html, TAG_DETAILS);
}

void mark_legend(struct sheet *sheet, enum label_table table)
{
    mark_legends(sheet, &table, 1);
}
