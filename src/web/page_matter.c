/* Views of the pages around matters. */
#include "web/pages.h"

const struct page_extra pages_matter[] = {
    {NULL, NULL},
};
