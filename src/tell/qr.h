/* Bytes as a QR code (ISO/IEC 18004, by libqrencode): for a screen that is photographed, or a sheet that is carried. */
#ifndef TRUCE_TELL_QR_H
#define TRUCE_TELL_QR_H

#include "base/buffer.h"

enum { QR_BYTES_MOST = 2953 }; /* of the largest code at its lowest level of correction */

enum qr_form {
    QR_SVG,     /* one path, black on white, with its quiet zone */
    QR_BLOCKS,  /* half blocks of text, dark ones drawn */
    QR_TERMINAL /* the same, told to be black on white */
};
/* With as much correction as there is room for. False: it does not fit, or memory is out. */
bool qr_put(struct buffer *out, struct slice bytes, enum qr_form form);

#endif
