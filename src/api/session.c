/* /session: how a member of the register comes in, and goes (spec/http.md). */
#include "api/internal.h"

#include "base/time.h"
#include "json/write.h"
#include <stdio.h>
#include <strings.h>

enum { CALLED_SIZE = 300, COOKIE_SIZE = 256 };

/* ---- how this client calls the server */

/* Is the Host of this request the server's own? A challenge is worth nothing elsewhere only if the server signs for no
 * other name: what is passed on by somebody in between bears theirs, or another port. */
static bool is_own_host(const struct visit *visit, struct slice host)
{
    char name[256];
    const struct api *api = visit->api;
    if (http_over_socket(visit->request)) return true;
    if (api->called != NULL)
        return host.size == strlen(api->called) && strncasecmp((const char *)host.data, api->called, host.size) == 0;
    if (host_port(host, api->tls) != http_port(api->server)) return false;
    return api->tls ? host_bare(host, name, sizeof name) && http_certifies(api->server, name) : host_is_loopback(host);
}

static bool called(struct visit *visit, char out[CALLED_SIZE])
{
    struct error why;
    struct slice host = http_header(visit->request, "Host");
    bool tls = http_over_tls(visit->request);
    int size = snprintf(out, CALLED_SIZE, "%s://%.*s", tls ? "https" : "http", SLICE(host));
    if (size > 0 && size < CALLED_SIZE && host.size > 0 && is_own_host(visit, host)) return true;
    (void)!error_set(&why, STATUS_USAGE, "host-other",
                     "A session is opened under the server's own name and port, not under \"{0}\".",
                     error_slice(host).text, NULL);
    visit_fault(visit, 421, &why);
    return false;
}

static bool new_challenge(struct visit *visit, const char *host, struct truce_buffer *out)
{
    struct truce_error error;
    if (truce_door_challenge(visit->api->gate.door, host, out, &error) == TRUCE_DONE) return true;
    visit_problem(visit, &error);
    return false;
}

void get_session_challenge(struct visit *visit)
{
    char host[CALLED_SIZE];
    struct truce_buffer challenge = {0};
    if (!called(visit, host) || !new_challenge(visit, host, &challenge)) return;
    visit_cache(visit, "no-store", NULL);
    visit_give_answer(visit, "text/plain; charset=utf-8", &challenge);
}

/* ---- who one is */

static void put_session(struct buffer *out, const char *party, const char *token, int64_t until)
{
    char time[TIME_TEXT_SIZE];
    struct json_writer w;
    time_format(until, time);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "party"), json_put_string(&w, party);
    if (token != NULL) json_put_key(&w, "token"), json_put_string(&w, token);
    json_put_key(&w, "until"), json_put_string(&w, time);
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) out->failed = true;
    buffer_put_byte(out, '\n');
}

static void give_page(struct visit *visit)
{
    char host[CALLED_SIZE];
    struct error why;
    struct buffer body = {0};
    struct truce_buffer challenge = {0};
    if (!called(visit, host) || !new_challenge(visit, host, &challenge)) return;
    const struct page page = {.address = "/session", .query = ""};
    const struct page_door door = {.challenge = challenge.data,
                                   .host = host,
                                   .party = visit->guest.session ? visit->guest.name : NULL,
                                   .until = visit->guest.until};
    enum status status = page_session(&body, &page, &door, &why);
    visit_cache(visit, "no-store", NULL);
    truce_free(&challenge);
    visit_give_page(visit, status, &why, &body);
}

void get_session(struct visit *visit)
{
    struct error why;
    struct buffer body = {0};
    if (visit->form == FORM_HTML) {
        give_page(visit);
    } else if (!visit->guest.session) {
        (void)!error_set(&why, STATUS_USAGE, "session-none", "There is no session, or it has ended.", NULL);
        visit_fault(visit, 404, &why);
    } else {
        put_session(&body, visit->guest.name, NULL, visit->guest.until);
        visit_cache(visit, "no-store", NULL);
        visit_give(visit, "application/json", &body);
    }
}

/* ---- coming in */

/* Without a lifetime of its own: the server knows when it ends, and the browser forgets it when it is closed. */
static void put_cookie(struct visit *visit, const char *token, const char *ends)
{
    char cookie[COOKIE_SIZE];
    snprintf(cookie, sizeof cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", gate_cookie(visit->request), token,
             ends, http_over_tls(visit->request) ? "; Secure" : "");
    http_add(visit->response, "Set-Cookie", cookie);
}

static void give_session(struct visit *visit, const struct truce_buffer *token, const struct truce_visitor *visitor)
{
    struct buffer body = {0};
    visit_cache(visit, "no-store", NULL);
    if (visit->form == FORM_HTML) {
        http_status(visit->response, 303);
        http_add(visit->response, "Location", "/standing");
        put_cookie(visit, token->data, "");
        return;
    }
    put_session(&body, visitor->party, token->data, visitor->until);
    http_status(visit->response, 201);
    visit_give(visit, "application/json", &body);
}

void post_session(struct visit *visit)
{
    char host[CALLED_SIZE];
    OWN(buffer_clear) struct buffer unix_lines = {0};
    struct truce_buffer token = {0};
    struct truce_visitor visitor;
    struct truce_error error;
    if (!called(visit, host)) return;
    struct slice notes = visit_notes(visit->request, &unix_lines);
    enum truce_status status =
        truce_door_enter(visit->api->gate.door, host, (const char *)notes.data, notes.size, &token, &visitor, &error);
    if (status == TRUCE_DONE) {
        give_session(visit, &token, &visitor);
    } else {
        counts_gate_failure(&visit->api->counts);
        visit_problem(visit, &error);
    }
    if (token.data != NULL) explicit_bzero(token.data, token.size);
    truce_free(&token);
}

/* ---- going */

void post_session_end(struct visit *visit)
{
    if (visit->guest.session) truce_door_leave(visit->api->gate.door, visit->guest.hash);
    visit_cache(visit, "no-store", NULL);
    http_add(visit->response, "Clear-Site-Data", "\"cache\""); /* no page stays behind on the machine */
    put_cookie(visit, "", "; Max-Age=0");
    http_status(visit->response, visit->form == FORM_HTML ? 303 : 204);
    if (visit->form == FORM_HTML) http_add(visit->response, "Location", "/session");
}
