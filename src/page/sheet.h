/* A page as it is written: the frame that all pages have, and the pieces that several of them have. The library's ids
 * become words, names and links here, in the same form on every page. */
#ifndef TRUCE_PAGE_SHEET_H
#define TRUCE_PAGE_SHEET_H

#include "page/html.h"
#include "page/page.h"
#include "tell/names.h"
#include "tell/say.h"

/* Where one can go from every page, in the order of the navigation (frame.c). */
enum place {
    PLACE_TODAY,
    PLACE_HANDOVER,
    PLACE_STANDING,
    PLACE_COMPLIANCE,
    PLACE_TEXTS,
    PLACE_CLAIMS,
    PLACE_INCIDENTS,
    PLACE_ACCESS,
    PLACE_MAP,
    PLACE_RECORDS,
    PLACE_FILE,
    PLACE_STATEMENTS,
    PLACE_OUTBOX,
    PLACE_PARTIES,
    PLACE_INTEGRITY,
    PLACE_NONE
};

struct sheet {
    struct html html;
    const struct page *page;
    const struct json *answer;    /* of standing or why: its moment, size and root; or NULL */
    bool known_only;              /* the page shows records as far as they were known, and no moment of the world */
    const char *script;           /* address of the page's own module, or NULL */
    const char *style;            /* address of a style sheet besides the common one, or NULL */
    const struct json *agreement; /* whose terms, readings and channels are named, or NULL */
    struct slice by;              /* the author of the record that is shown, whose own staff see more; or empty */
};

/* Head, banners, navigation; the content follows in <main>. The sheet's page and what the banner must know are set;
 * `title` is in the reader's language. */
void sheet_open(struct sheet *sheet, struct buffer *out, enum place place, struct slice title);
MUST_USE enum status sheet_close(struct sheet *sheet, struct error *error);

/* ---- messages with things in their holes (tell/say.h) */

/* What says such messages on the page: its terms, tables and names are those of the sheet. */
struct voice sheet_voice(struct sheet *sheet);

void sheet_say(struct sheet *sheet, const char *message, const struct hole holes[ERROR_ARGUMENTS]);
#define SAY(sheet, message, ...) sheet_say(sheet, message, (const struct hole[ERROR_ARGUMENTS]){__VA_ARGS__})

void sheet_hole(struct sheet *sheet, struct hole hole);
/* The same as a paragraph with a class or NULL. */
#define SAY_P(sheet, class_name, message, ...)                                                                         \
    do {                                                                                                               \
        sheet_begin(sheet, TAG_P, class_name);                                                                         \
        SAY(sheet, message, __VA_ARGS__);                                                                              \
        html_end(&(sheet)->html, TAG_P);                                                                               \
    } while (0)

/* ---- pieces */

void sheet_begin(struct sheet *sheet, enum html_tag tag, const char *class_name); /* class_name may be NULL */
void sheet_heading(struct sheet *sheet, enum html_tag tag, const char *words);

/* What scripts say on this page (script/words.js), out of sight: between the two, sheet_word for each. */
void sheet_words_begin(struct sheet *sheet);
void sheet_word(struct sheet *sheet, const char *name, const char *words);
void sheet_words_end(struct sheet *sheet);

/* On one's own server (signing.c, script/sign.js): whose key is unlocked, with the way to lock it, in the header; and
 * the dialog that opens a key file, at the end. */
void sheet_signing(struct sheet *sheet);
void sheet_unlock(struct sheet *sheet);
void sheet_signing_words(struct sheet *sheet);
/* Where the notes that a command printed are put, in a form that has its own end. */
void sheet_notes_field(struct sheet *sheet);
/* Where what was signed elsewhere is handed in, as a form of its own: "/outbox" keeps one note first, on one's own
 * server; "/records" takes many. */
void sheet_take_notes(struct sheet *sheet, const char *path);

/* A link that keeps the moment asked for. Between the two: the words of the link. */
void sheet_link(struct sheet *sheet, const char *class_name, struct address *address);
/* The same to a place in the other page. */
void sheet_link_to(struct sheet *sheet, const char *class_name, struct address *address, const char *prefix,
                   struct slice place);
void sheet_link_end(struct sheet *sheet);
/* Opens the address of a record: "/records/ID". */
void record_address(struct address *address, struct slice id);

/* "kind 3f2a91c0, AUTHOR, TIME: its words", the first two linked. `time` may be {NULL,0}: its own. */
void sheet_record(struct sheet *sheet, struct slice id, struct slice time);
/* The first words of a text, for a list of many: cut at a space, with "…". */
void sheet_beginning(struct sheet *sheet, struct slice text, size_t most_bytes);
/* Records, each as above, in a list; at most so many, the others counted. */
void sheet_records(struct sheet *sheet, const struct json *ids, size_t most);
/* Short ids, each a link, at most so many. */
void sheet_ids(struct sheet *sheet, const struct json *ids, size_t most);
void sheet_others(struct sheet *sheet, size_t count);

/* A record's fields under their labels, its text before them (record.c), without those of `without` (ended by NULL). */
void sheet_record_fields(struct sheet *sheet, const struct json *record, const char *const *without);
/* A field's value alone. */
void sheet_value(struct sheet *sheet, struct slice field, const struct json *value);

/* A text in the reader's language. */
void sheet_text(struct sheet *sheet, const struct json *text);
/* The head of a table: what each column is called. */
void sheet_heads(struct sheet *sheet, const char *const *heads, size_t count);
/* Beside a translation, whose it is, as a paragraph; nothing beside the original. `language` may be NULL: the one that
 * sheet_text shows. */
void sheet_translator(struct sheet *sheet, const struct json *text, const char *language);

/* The label of an id; an id without one is shown as it was written. */
void sheet_label(struct sheet *sheet, enum label_table table, struct slice id);
/* A term's id, linked to its explanation where it is known which agreement is spoken of. */
void sheet_term(struct sheet *sheet, struct slice term);
void sheet_party(struct sheet *sheet, struct slice party);
void sheet_parties(struct sheet *sheet, const struct json *names); /* one or several */
void sheet_count(struct sheet *sheet, enum noun noun, uint64_t count);
void sheet_duration(struct sheet *sheet, int64_t seconds);

/* <dt>label</dt><dd> … </dd> */
void sheet_field(struct sheet *sheet, const char *label);
void sheet_field_end(struct sheet *sheet);
/* Of a list of fields: who gave a notice to whom, when, and by when its receipt is due; without what is not there. */
struct notice_told {
    struct slice from, given, due;
    const struct json *to, *alternates;
};
void sheet_notice_fields(struct sheet *sheet, const struct notice_told *notice);

/* The result of a clause or reading, and the one before where it is out of force, as a paragraph. */
void sheet_verdict(struct sheet *sheet, const struct json *thing);
/* The moment that the answer is of, as a paragraph. */
void sheet_moment(struct sheet *sheet);
/* Opens "/why/AGREEMENT/TERM". */
void why_address(struct address *address, struct slice agreement, struct slice term);

/* Is its result, or the one before, a breach? Then the sentence below stands with it. */
bool sheet_is_breached(const struct json *thing);
/* "Computed from signed records; not a finding of responsibility." */
/* Records whose key ended, so that nobody takes them for undisputed: what "marked" says. */
void sheet_marked(struct sheet *sheet, const struct json *marked);
void sheet_not_a_finding(struct sheet *sheet);
/* On every notice, site and passage: what a receipt does not do; that there was one only where it was confirmed. */
void sheet_protective(struct sheet *sheet, bool confirmed);

/* ---- forms (fields.c): each field under its label */

/* A line to type in. */
struct line {
    const char *name, *label, *hint; /* `hint` may be NULL */
    struct slice value;
    bool words;        /* in a reader's language: it runs as what is typed does */
    bool searched;     /* where the key of searching leads */
    bool is_wrong;     /* what is in it makes no sense, as an element "fault" says: … */
    const char *wrong; /* … this sentence below it, or NULL where that element stands elsewhere */
};
void sheet_line(struct sheet *sheet, const struct line *line);
/* The element "fault": what makes no sense in a form. */
void sheet_fault(struct sheet *sheet, const char *wrong);

/* Marks the field just begun as the one that "fault" speaks of. */
void sheet_mark_wrong(struct sheet *sheet);

/* A choice; between the two its options. `wrong`: as of a line, or NULL. */
void sheet_choice(struct sheet *sheet, const char *name, const char *label);
void sheet_choice_end(struct sheet *sheet, const char *wrong);
/* `words` is the program's own, NULL: `text`. Tells whether it is the one asked for. */
bool sheet_option(struct sheet *sheet, struct slice value, const char *words, struct slice text, struct slice asked);
/* All parties of the register, in the order in which the reader's language looks for names. What was asked for stays to
 * be seen, even if it is no party; {NULL,0}: nobody. */
void sheet_party_options(struct sheet *sheet, struct slice asked);
/* The choice "as party": `whose` is the list of the party asked for and those it answers for, or NULL. */
void sheet_whose(struct sheet *sheet, const struct json *whose);

/* A value that a form carries along; nothing for NULL. */
void sheet_kept(struct sheet *sheet, const char *name, const char *value);
/* The button that sends a form. */
void sheet_submit(struct sheet *sheet, const char *words);

/* ---- shapes: what a word says, drawn in one ink; never without its word (mark.c) */

void mark_all(struct html *html); /* the shapes themselves, once a page */
void mark_put(struct html *html, enum label_table table, struct slice id);
/* Shape and word. */
void sheet_mark(struct sheet *sheet, enum label_table table, struct slice id, const char *class_name);
/* The name of an id's shape, or NULL: hatches go with it. */
const char *mark_shape(enum label_table table, struct slice id);
/* What each shape says, at the end of a page that has them. */
void mark_legend(struct sheet *sheet, enum label_table table);
void mark_legends(struct sheet *sheet, const enum label_table *tables, size_t count); /* of several, in one */

#endif
