/* web/area.h - whose figures a caller may see: a court's, a province's, the country's.
 *
 * (1) A supervisor at the Supreme Court sees everything, one at a high court his province, one
 * elsewhere his court and all units below it; a leader sees what concerns his own court. (2) Nobody
 * else sees anything: E_DENIED.
 */
#ifndef WEB_AREA_H
#define WEB_AREA_H

#include "web/app.h"

struct area {
    bool whole;   /* the country */
    Str province; /* its character; "" unless it is a province */
    Str court;    /* code; "" unless it is a court */
    Str courts; /* of a supervisor there: ",沪01,沪0101,沪0101-01,", his court and all below; or ""
                 */
};

enum status area_of(struct call *call, struct area *out);
/* What filters of record/ take for the area's courts: the list, else the one, else "". */
Str area_courts(const struct area *area);
/* Is the code in such a list? */
bool area_list_has(Str courts, Str code);
bool area_has(const struct area *area, Str province, Str court);
/* "北京市" of 京; the name of the court where no place is its own. */
Str area_province_name(const struct call *call, Str province);
Str area_court_name(const struct call *call, Str court);

#endif
