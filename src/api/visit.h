/* A visit: one request on its way to its answer. Whoever answers a route finds here what was asked, in which form and
 * language, and the register to ask. */
#ifndef TRUCE_API_VISIT_H
#define TRUCE_API_VISIT_H

#include "api/gate.h"
#include "api/now.h"
#include "http/http.h"
#include "page/page.h"
#include "tell/ask.h"
#include "tell/words.h"

/* Forms that an answer can have; a route lists those it gives, and gives the first of this order if it may choose. */
enum form { FORM_TEXT = 1, FORM_EVENTS = 2, FORM_JSON = 4, FORM_CSV = 8, FORM_GEOJSON = 16, FORM_HTML = 32 };

enum { SEGMENTS_MOST = 4, SEGMENT_SIZE = 1024 };

struct visit;
struct route {
    enum http_method method; /* HTTP_GET or HTTP_POST */
    const char *pattern;     /* "/records/{id}/note": {…} is any one segment, {…...} at the end any rest */
    enum http_where where;   /* pages are made aside in any case */
    size_t body_most;
    unsigned forms;
    const char *const *names; /* of the query, ended by NULL; others are refused */
    enum access access;
    bool reads; /* with a reader of the register */
    void (*answer)(struct visit *visit);
};

struct visit {
    struct api *api;
    const struct http_request *request;
    struct http_response *response;
    const struct route *route;
    char segment[SEGMENTS_MOST][SEGMENT_SIZE]; /* what stands where the pattern has {…} */
    enum form form;
    bool pages;                    /* problems are told as pages */
    struct truce_register *reader; /* where the route reads */
    bool borrowed;                 /* it is one of those shared */
    struct guest guest;
    struct buffer *aside; /* the page goes here, and no header is set: its other language is to follow; or NULL */
    struct buffer beside; /* … as which it stands here */
    enum language beside_language;
};

/* A value of the query; NULL if it is absent or empty. An ask_value, with the visit as context. */
const char *visit_value(void *visit, const char *name);

/* Signed notes as they came in the body, or in the field "notes" of a form; then written into the buffer. */
struct slice visit_notes(const struct http_request *request, struct buffer *unix_lines);

/* Is the server the reader's own? On loopback, and not because somebody in front of it serves others: those call it by
 * a name of its own. */
bool visit_is_own(const struct visit *visit);
/* Is whoever reads of that party, as far as can be told here? The context is the visit. */
bool visit_reader_is_of(void *context, struct slice party);

/* ---- answering: each is the last call of a handler */

/* Takes the body. */
void visit_give(struct visit *visit, const char *type, struct buffer *body);
/* An answer of the library as it is, or with a newline behind JSON; frees it. */
void visit_give_answer(struct visit *visit, const char *type, struct truce_buffer *answer);
/* How this reader is answered: language, digits, calendar; part of what a kept page is known by. */
enum { MANNER_SIZE = 24 };
const char *visit_manner(char out[static MANNER_SIZE]);
/* Sets a cookie of a reader's choice, for a year. */
void visit_keep(const struct visit *visit, const char *name, const char *value);

/* How long it may be kept, and what it depends on besides its address. */
void visit_cache(struct visit *visit, const char *control, const char *vary);
/* Its validator: the tag with the visit's form and language. */
void visit_tag(struct visit *visit, const char *tag);

/* An error as application/problem+json, or as a page where that is wanted. The status follows from the error, or is
 * given. */
void visit_problem(struct visit *visit, const struct truce_error *error);
void visit_fault(struct visit *visit, unsigned status, const struct error *error);
/* A moment or filter that made no sense. */
void visit_ask_fault(struct visit *visit, const struct ask_fault *fault);

/* What every page is given. */
struct visit_page {
    struct page page;
    struct records records;
    struct buffer address, query;
};
void visit_page_open(struct visit *visit, const struct now *now, struct visit_page *out); /* borrows `now` */
void visit_page_close(struct visit_page *page);
/* Gives the page that `status` tells of. */
void visit_give_page(struct visit *visit, enum status status, const struct error *error, struct buffer *body);

#endif
