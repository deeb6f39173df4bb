/* Pages for people: HTML made of the library's answers, in the calling thread's language (tell/words.h). Every page
 * works without JavaScript. Text and attributes pass through one writer (page/html.h) that cannot emit them unescaped.
 * Addresses of pages are those of the API: what a browser asks for as HTML, a program gets as JSON. */
#ifndef TRUCE_PAGE_PAGE_H
#define TRUCE_PAGE_PAGE_H

#include "base/buffer.h"
#include "json/json.h"
#include "tell/records.h"
#include "tell/words.h"

/* Where the reader is: what every page shows and every link keeps. */
struct page {
    struct records *records;   /* lookups of what is named */
    const char *address;       /* of this page, encoded, without its query: "/records" */
    const char *query;         /* its query, encoded, without "?": "kind=report&known=2016-09-18"; or "" */
    const char *as_of, *known; /* as asked for (ask.h), or NULL: kept on every link */
    const char *register_name; /* origin#hash */
    uint64_t size;             /* entries of the log now */
    const char *root;          /* of the tree of that size, 64 hex, or NULL */
    bool exercise;
    const char *print; /* the form for paper, in these languages: "ar,en"; or NULL */
    bool own;          /* this server is the reader's own, on loopback: what is secret may be used in the page */
    /* Is the reader of that party, as far as this server can tell? NULL: of none. */
    bool (*is_of)(void *reader, struct slice party);
    void *reader;
};

/* The agreement, clause by clause: answer of truce_standing. */
MUST_USE enum status page_standing(struct buffer *out, const struct page *page, const struct json *answer,
                                   struct error *error);
/* Its texts beside each other, with amendments, rival texts and the acts about it: answer of truce_agreement. */
MUST_USE enum status page_agreement(struct buffer *out, const struct page *page, const struct json *answer,
                                    struct error *error);
/* The way to each agreement's texts: answer of truce_standing. */
MUST_USE enum status page_agreements(struct buffer *out, const struct page *page, const struct json *answer,
                                     struct error *error);
/* What waits for whom: answer of truce_waiting. */
MUST_USE enum status page_today(struct buffer *out, const struct page *page, const struct json *answer,
                                struct error *error);
/* What a shift hands over: answer of truce_shift. */
MUST_USE enum status page_handover(struct buffer *out, const struct page *page, const struct json *answer,
                                   struct error *error);
/* Changes that led there, {"after","as_of"?,"changes","more","most","reached"}: what truce_changes gave, in an array,
 * and of which part of the log, of at most `most` entries. */
MUST_USE enum status page_changes(struct buffer *out, const struct page *page, const struct json *answer,
                                  struct error *error);
/* What lies between the moment and now: answer of truce_difference. */
MUST_USE enum status page_difference(struct buffer *out, const struct page *page, const struct json *answer,
                                     struct error *error);
/* One term's explanation, its days among it: answer of truce_why. */
MUST_USE enum status page_why(struct buffer *out, const struct page *page, const struct json *answer,
                              struct error *error);

/* Each commitment day by day: answer of truce_compliance. Of one commitment party by party, of one day of it with its
 * records. What was asked for is in the page's query. */
MUST_USE enum status page_compliance(struct buffer *out, const struct page *page, const struct json *answer,
                                     struct error *error);
/* The same where what was asked for makes no sense: the form, with what is wrong. `what`: the name of the field, or the
 * code of the error. */
MUST_USE enum status page_compliance_refused(struct buffer *out, const struct page *page, const char *what,
                                             const char *wrong, struct error *error);

/* The list of records with its filters as a form. Where the moment says until when things were known, it is the
 * caller who leaves out what was received later; the page says so. */
struct page_list {
    const struct json *const *records; /* as truce_find gives them */
    size_t count;
    bool more;                                             /* others follow … */
    uint64_t next;                                         /* … from this index on: what "after" is then */
    const char *(*asked)(void *context, const char *name); /* the filters as asked for, or NULL each */
    void *context;
    const char *wrong; /* a sentence about a filter that made no sense, or NULL; what was typed stays in the form */
    const char *wrong_name; /* of the filter; if the form has no such field, the sentence stands above it */
};
MUST_USE enum status page_records(struct buffer *out, const struct page *page, const struct page_list *list,
                                  struct error *error);

/* The base map of an operator's own, at /map/tiles/ZOOM/X/Y. */
struct page_tiles {
    unsigned zoom_least, zoom_most;
    const char *by; /* who made it */
};
enum { PAGE_MAP_RECORDS = 300 }; /* that a page is asked to draw at most */
/* What can be drawn: map, strips of distances, timeline and list. `list` has the filters; the answer of truce_map, or
 * NULL where they made no sense; `tiles`: NULL for the map that comes along. */
MUST_USE enum status page_map(struct buffer *out, const struct page *page, const struct page_list *list,
                              const struct json *answer, const struct page_tiles *tiles, struct error *error);

/* Claims, incidents, or convoys and sites, with their filters as a form. Later records than the moment knew are left
 * out by the caller. */
struct page_events {
    const struct json *const *lines; /* as truce_claims, truce_incidents or truce_access gives them */
    size_t count;
    bool more;                                             /* others follow … */
    uint64_t next;                                         /* … from this entry on */
    const char *(*asked)(void *context, const char *name); /* the filters as asked for, or NULL each */
    void *context;
    const char *wrong, *wrong_name; /* as in a list of records */
};
MUST_USE enum status page_claims(struct buffer *out, const struct page *page, const struct page_events *list,
                                 struct error *error);
MUST_USE enum status page_incidents(struct buffer *out, const struct page *page, const struct page_events *list,
                                    struct error *error);
/* Convoys and protected sites: what truce_access gives. */
MUST_USE enum status page_access(struct buffer *out, const struct page *page, const struct page_events *list,
                                 struct error *error);
/* Answers of truce_access_one, truce_claim, truce_incident and truce_tallies. */
MUST_USE enum status page_access_one(struct buffer *out, const struct page *page, const struct json *answer,
                                     struct error *error);
MUST_USE enum status page_claim(struct buffer *out, const struct page *page, const struct json *answer,
                                struct error *error);
MUST_USE enum status page_incident(struct buffer *out, const struct page *page, const struct json *answer,
                                   struct error *error);
MUST_USE enum status page_tallies(struct buffer *out, const struct page *page, const struct json *answer,
                                  struct error *error);

/* One record, with the records that name it (the answer of truce_named_by), its note, and its proof if a checkpoint
 * covers it ({NULL,0} if not). */
struct page_shown {
    const struct json *record, *named_by;
    struct slice note, proof;
};
MUST_USE enum status page_record(struct buffer *out, const struct page *page, const struct page_shown *shown,
                                 struct error *error);

/* A page and the same in another language, as one for paper. */
void page_both(struct buffer *out, struct slice first, struct slice second, enum language language);

/* Who takes part: answer of truce_parties; and one of them, who is in it. */
MUST_USE enum status page_parties(struct buffer *out, const struct page *page, const struct json *answer,
                                  struct error *error);
MUST_USE enum status page_party(struct buffer *out, const struct page *page, const struct json *answer,
                                struct slice name, struct error *error);
/* What stands behind the register: answer of truce_integrity. `server`: where a full copy can be made from, or NULL. */
MUST_USE enum status page_integrity(struct buffer *out, const struct page *page, const struct json *answer,
                                    const char *server, struct error *error);

/* Confirming the receipt of a notice: answer of truce_read_back, the notice, and what was typed (NULL each: nothing).
 */
struct page_confirm {
    const struct json *notice, *answer;
    const char *(*typed)(void *context, const char *pointer);
    void *context;
};
MUST_USE enum status page_confirm(struct buffer *out, const struct page *page, const struct page_confirm *confirm,
                                  struct error *error);

/* Filing a record (spec/http.md): a form, who would see what of it, the text to be signed. */
struct page_filing {
    const char *kind;
    const struct json *kinds;                              /* truce_kinds */
    const struct json *authors;                            /* truce_authors */
    const struct filing *filing;                           /* what was typed; without pairs nothing was yet */
    const struct json *corrected;                          /* the record that this one is to replace, or NULL */
    const char *(*asked)(void *context, const char *name); /* what the address fills in, or NULL each */
    void *context;
    const char *fault, *pointer; /* what was wrong and of which field, or NULL */
    const char *watch;           /* "start" and "end" of a watch, or NULL */
    const struct json *view;     /* truce_draft_view, or NULL */
    struct slice text;           /* to be signed, with its newline */
    int64_t now;
};
/* Tiles for what is filed often, and the other kinds. */
MUST_USE enum status page_file(struct buffer *out, const struct page *page, const struct page_filing *filing,
                               struct error *error);
MUST_USE enum status page_form(struct buffer *out, const struct page *page, const struct page_filing *filing,
                               struct error *error);
/* Who sees what, before anything is signed. */
MUST_USE enum status page_look(struct buffer *out, const struct page *page, const struct page_filing *filing,
                               struct error *error);
/* Does something in the clear need a second confirmation? */
bool page_look_is_wide(const struct json *view);
MUST_USE enum status page_sign(struct buffer *out, const struct page *page, const struct page_filing *filing,
                               struct error *error);
/* Watches that were begun and not ended. */
MUST_USE enum status page_watches(struct buffer *out, const struct page *page, const struct json *const *coverage,
                                  size_t count, struct error *error);

/* What everybody should have read before using a register, to be confirmed. */
MUST_USE enum status page_welcome(struct buffer *out, const struct page *page, struct error *error);

/* An error in the reader's words: HTTP status, code, sentence. Register and records may be absent from `page`. */
MUST_USE enum status page_problem(struct buffer *out, const struct page *page, unsigned status, const char *code,
                                  const char *message, struct error *error);

/* The way in at a server's door: a challenge to be answered, or the session that there is. */
struct page_door {
    const char *challenge, *host; /* as the server gives it, and how it is called here */
    const char *party;            /* whose session there is, or NULL */
    int64_t until;                /* of that session */
};
MUST_USE enum status page_session(struct buffer *out, const struct page *page, const struct page_door *door,
                                  struct error *error);

/* Statements that a text attributes to somebody, to be accepted, mended or refused one by one. */
enum statement_state { STATEMENT_PROPOSED, STATEMENT_ACCEPTED, STATEMENT_REFUSED, STATEMENT_SENT };
struct page_statement {
    enum statement_state state;
    const char *wrong, *wrong_field; /* why it could not be accepted, and the pointer of what is wrong; or NULL */
    struct slice object;             /* accepted: the record's own fields */
};
struct page_statements {
    const struct json *answer;    /* of truce_intake; NULL: a text is to be given yet */
    struct slice shown;           /* of truce_intake_text */
    bool markup;                  /* … of a page */
    struct slice kept;            /* the source, for the form to carry on */
    struct page_statement *items; /* in the order of the answer */
    size_t count;
    /* What was typed in a field of that statement, from 1; 0: of all. NULL: the form had no such field. */
    const char *(*asked)(void *context, const char *name, size_t number);
    bool (*chosen)(void *context, size_t number, struct slice id); /* was this record, as what it is about? */
    void *context;
    const char *wrong, *wrong_field; /* a sentence about "text" or "day", or NULL */
    size_t text_most;                /* bytes that are taken */
};
MUST_USE enum status page_statements(struct buffer *out, const struct page *page, const struct page_statements *what,
                                     struct error *error);

/* What was written here and waits, and pouches. */
struct page_outbox {
    bool shown; /* to the reader, on their own server: else the page says what it is, and how it is done */
    const struct json *answer; /* {"arrivals":[…],"outbox":[…],"promises":[…],"sealed":[…]}: the library's lines */
    const struct json *opened; /* what came of a pouch or of sending: {"code","counts","message","receipts",
                                * "refusals":[…],"taken":[ids],"told":[…]}; or NULL */
    size_t pouch_most;         /* bytes of one that is opened here */
};
MUST_USE enum status page_outbox(struct buffer *out, const struct page *page, const struct page_outbox *what,
                                 struct error *error);

/* ---- assets: embedded at build, at addresses that hold their hash */

struct asset {
    const char *address;      /* "/assets/page-3f2a91c0.css" */
    const char *type;         /* "text/css; charset=utf-8" */
    struct slice plain, gzip; /* gzip is {NULL,0} where it would not be smaller */
};
/* NULL if there is none. */
const struct asset *page_asset(struct slice address);

#endif
