/* GET /healthz and /metrics: how the server is. */
#include "api/internal.h"

#include "json/write.h"
#include "system/clock.h"
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

void get_healthz(struct visit *visit)
{
    struct stewarded told = steward_tell(&visit->api->steward);
    struct buffer body = {0};
    struct json_writer w;
    json_write_open(&w, &body);
    json_put_object(&w);
    json_put_key(&w, "published"), json_put_integer(&w, (int64_t)told.published);
    json_put_key(&w, "size"), json_put_integer(&w, (int64_t)told.size);
    json_put_key(&w, "status"), json_put_string(&w, told.closed ? "log-closed" : "ok");
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) body.failed = true;
    buffer_put_byte(&body, '\n');
    if (told.closed) http_status(visit->response, 503);
    visit_cache(visit, "no-store", NULL);
    visit_give(visit, "application/json", &body);
}

/* ---- metrics */

static uint64_t resident_bytes(void)
{
    uint64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%*u %" SCNu64, &pages) != 1) pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void put_log(struct visit *visit, struct buffer *out)
{
    struct now now;
    struct truce_error error;
    struct stewarded told = steward_tell(&visit->api->steward);
    bool known = api_now(visit->api, visit->reader, &now, &error) == TRUCE_DONE;
    metric_put(out, "truce_log_entries", "gauge", "Entries of the log", told.size);
    metric_put(out, "truce_log_published_entries", "gauge", "Entries that the published checkpoint covers",
               told.published);
    metric_put(out, "truce_index_lag_entries", "gauge", "Entries of the log that the index does not have yet",
               !known                 ? told.size
               : now.size < told.size ? told.size - now.size
                                      : 0);
    metric_put(out, "truce_log_closed", "gauge", "1 if the log takes no more records", told.closed);
}

static void put_wire(struct api *api, struct buffer *out)
{
    struct http_counts c;
    http_count(api->server, &c);
    metric_head(out, "truce_http_requests_total", "counter", "Requests answered, by the class of their status");
    for (unsigned class = 1; class < COUNT_OF(c.by_class); class ++)
        buffer_print(out, "truce_http_requests_total{class=\"%uxx\"} %" PRIu64 "\n", class, c.by_class[class]);
    const struct {
        const char *name, *type, *help;
        uint64_t value;
    } rows[] = {
        {"truce_http_connections_total", "counter", "Connections taken", c.connections},
        {"truce_http_connections_refused_total", "counter", "Connections refused, being too many",
         c.connections_refused},
        {"truce_http_connections", "gauge", "Connections that are open", c.open},
        {"truce_http_streams", "gauge", "Streams that are open", c.streams},
        {"truce_http_received_bytes_total", "counter", "Bytes of bodies received", c.bytes_in},
        {"truce_http_sent_bytes_total", "counter", "Bytes of bodies sent", c.bytes_out},
        {"truce_http_cut_off_total", "counter", "Connections closed for taking too long", c.cut_off},
        {"truce_http_busy_total", "counter", "Requests refused because no worker was free", c.refused_busy},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        metric_put(out, rows[i].name, rows[i].type, rows[i].help, rows[i].value);
}

static void put_process(struct api *api, struct buffer *out)
{
    int64_t up_ns = clock_steady_ns() - api->began_ns;
    metric_put(out, "process_resident_memory_bytes", "gauge", "Memory in use", resident_bytes());
    metric_put(out, "truce_uptime_seconds", "gauge", "Since the server began", (uint64_t)(up_ns / 1000000000));
}

void get_metrics(struct visit *visit)
{
    struct buffer body = {0};
    struct api *api = visit->api;
    put_log(visit, &body);
    put_wire(api, &body);
    counts_write(&api->counts, &body);
    metric_put(&body, "truce_sessions", "gauge", "Sessions of members that are open", truce_door_count(api->gate.door));
    cache_counts(&api->cache, &body);
    put_process(api, &body);
    visit_cache(visit, "no-store", NULL);
    visit_give(visit, "text/plain; version=0.0.4; charset=utf-8", &body);
}
