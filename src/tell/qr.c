#include "tell/qr.h"

#include "base/macro.h"

#include <limits.h>
#include <qrencode.h>

enum { QUIET = 4 }; /* modules of white around it, as the standard asks */

static bool dark(const QRcode *code, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < code->width && y < code->width;
    return inside && (code->data[y * code->width + x] & 1) != 0;
}

/* A run of dark modules is one rectangle of the path. */
static void put_svg(struct buffer *out, const QRcode *code)
{
    int side = code->width + 2 * QUIET;
    buffer_print(out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                 "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path d=\"",
                 side, side, side, side);
    for (int y = 0; y < code->width; y++)
        for (int x = 0, end; x < code->width; x = end + 1) {
            for (end = x; dark(code, end, y);) end++;
            if (end > x) buffer_print(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, end - x, end - x);
        }
    buffer_put_string(out, "\"/></svg>\n");
}

static void put_blocks(struct buffer *out, const QRcode *code, bool terminal)
{
    static const char *const block[] = {" ", "▀", "▄", "█"};
    for (int y = -QUIET; y < code->width + QUIET; y += 2) {
        if (terminal) buffer_put_string(out, "\033[30;107m");
        for (int x = -QUIET; x < code->width + QUIET; x++)
            buffer_put_string(out, block[dark(code, x, y) | dark(code, x, y + 1) << 1]);
        buffer_put_string(out, terminal ? "\033[0m\n" : "\n");
    }
}

bool qr_put(struct buffer *out, struct slice bytes, enum qr_form form)
{
    static const QRecLevel levels[] = {QR_ECLEVEL_Q, QR_ECLEVEL_M, QR_ECLEVEL_L};
    QRcode *code = NULL;
    if (bytes.size == 0 || bytes.size > QR_BYTES_MOST) return false;
    for (size_t i = 0; code == NULL && i < COUNT_OF(levels); i++)
        code = QRcode_encodeData((int)bytes.size, bytes.data, 0, levels[i]);
    if (code == NULL) return false;
    if (form == QR_SVG)
        put_svg(out, code);
    else
        put_blocks(out, code, form == QR_TERMINAL);
    QRcode_free(code);
    return !out->failed;
}
