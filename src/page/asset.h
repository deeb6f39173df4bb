/* What the build embeds (tools/embed-assets): for src/page alone. */
#ifndef TRUCE_PAGE_ASSET_H
#define TRUCE_PAGE_ASSET_H

#include "page/page.h"

extern const struct asset assets[]; /* ends with a NULL address */

/* Their addresses. */
extern const char asset_page_css[];
extern const char asset_icon_svg[];
extern const char asset_room_js[];
extern const char asset_map_js[], asset_leaflet_css[], asset_world_json[], asset_licences_txt[];
extern const char asset_statements_js[];
extern const char asset_outbox_js[];
extern const char asset_confirm_js[];
extern const char asset_file_js[];
extern const char asset_today_js[];
extern const char asset_check_js[], asset_copy_js[];

#endif
