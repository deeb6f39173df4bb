/* GET /, /welcome and /assets/…: where a browser begins, and what its pages need. */
#include "api/internal.h"

#include "api/prefer.h"

static const char read_cookie[] = "first-run";

void get_root(struct visit *visit)
{
    struct slice read;
    bool known = http_cookie(visit->request, read_cookie, &read) && slice_is(read, "read");
    http_status(visit->response, 303);
    http_add(visit->response, "Location", known ? "/today" : "/welcome");
    visit_cache(visit, "no-store", NULL);
}

void get_welcome(struct visit *visit)
{
    struct error why;
    struct buffer body = {0};
    const struct page page = {.address = "/welcome", .query = ""};
    enum status status = page_welcome(&body, &page, &why);
    visit_cache(visit, "no-store", NULL);
    visit_give_page(visit, status, &why, &body);
}

void post_welcome(struct visit *visit)
{
    visit_keep(visit, read_cookie, "read");
    http_status(visit->response, 303);
    http_add(visit->response, "Location", "/today");
    visit_cache(visit, "no-store", NULL);
}

/* The address of an asset holds its hash: it is kept for good. */
void get_asset(struct visit *visit)
{
    struct error why;
    const struct asset *asset = page_asset(http_path(visit->request));
    if (asset == NULL) {
        struct error_text typed = error_slice(http_path(visit->request));
        (void)!error_set(&why, STATUS_FAILED, "route-absent", "There is nothing at {0}.", typed.text, NULL);
        visit_fault(visit, 404, &why);
        return;
    }
    bool packed = asset->gzip.data != NULL && prefer_gzip(http_header(visit->request, "Accept-Encoding"));
    if (packed) http_add(visit->response, "Content-Encoding", "gzip");
    visit_cache(visit, "public, max-age=31536000, immutable", "Accept-Encoding");
    http_give(visit->response, asset->type, packed ? asset->gzip : asset->plain);
}
