#include "render/sheet_file.h"

enum sheet_format sheet_format_of(Str bytes)
{
    if (str_starts(bytes, "PK\x03\x04")) {
        return SHEET_XLSX;
    }
    if (str_starts(bytes, "\xD0\xCF\x11\xE0")) {
        return SHEET_XLS;
    }
    return str_starts(bytes, "%PDF") || str_starts(bytes, "\x89PNG") ? SHEET_OTHER : SHEET_CSV;
}

enum status sheet_file_read(struct cx *cx, struct helper_pool *pool, Str bytes, struct sheet *out)
{
    (void)pool;
    switch (sheet_format_of(bytes)) {
    case SHEET_CSV: return sheet_read_csv(cx, bytes, out);
    case SHEET_XLSX:
    case SHEET_XLS:
    case SHEET_OTHER: break;
    }
    return FAIL(cx, E_INPUT, "sheet-old", "neither text nor a table we read");
}
