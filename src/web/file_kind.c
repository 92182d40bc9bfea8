#include "web/file_kind.h"

#include <magic.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#include "base/check.h"

enum {
    HEAD_BYTES = 256 * 1024,
    PARTS_MAX = 10000,
    RATIO_MAX = 200,        /* of one part, once it is not small */
    RATIO_ALL_MAX = 100,    /* of the whole file */
    SMALL_BYTES = 16 << 20, /* below this a part may be packed as tightly as it likes */
    UNPACKED_MAX_BYTES = 1 << 30
};

enum packed { PACKED_DOCX, PACKED_XLSX, PACKED_PPTX, PACKED_OFD, PACKED_COUNT };

static const struct {
    const char *part; /* that only this kind has */
    const char *type;
} PACKED[PACKED_COUNT] = {
    [PACKED_DOCX] = {"word/document.xml",
                     "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    [PACKED_XLSX] = {"xl/workbook.xml",
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [PACKED_PPTX] = {"ppt/presentation.xml",
                     "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    [PACKED_OFD] = {"OFD.xml", "application/ofd"},
};

static const char *const PDF[] = {"pdf", NULL};
static const char *const JPEG[] = {"jpg", "jpeg", NULL};
static const char *const PNG[] = {"png", NULL};
static const char *const GIF[] = {"gif", NULL};
static const char *const BMP[] = {"bmp", NULL};
static const char *const TIFF[] = {"tif", "tiff", NULL};
static const char *const HEIC[] = {"heic", "heif", NULL};
static const char *const WEBP[] = {"webp", NULL};
static const char *const DOC[] = {"doc", "wps", NULL};
static const char *const XLS[] = {"xls", "et", NULL};
static const char *const DOCX[] = {"docx", NULL};
static const char *const XLSX[] = {"xlsx", NULL};
static const char *const PPTX[] = {"pptx", NULL};
static const char *const OFD[] = {"ofd", NULL};
static const char *const TEXT[] = {"txt", NULL};
static const char *const MP4[] = {"mp4", "m4v", NULL};
static const char *const MOV[] = {"mov", NULL};
static const char *const AVI[] = {"avi", NULL};
static const char *const MP3[] = {"mp3", NULL};
static const char *const WAV[] = {"wav", NULL};
static const char *const M4A[] = {"m4a", NULL};

static const struct file_kind KINDS[] = {
    {"application/pdf", PDF, true, true},
    {"image/jpeg", JPEG, true, true},
    {"image/png", PNG, true, true},
    {"image/gif", GIF, true, true},
    {"image/bmp", BMP, true, true},
    {"image/tiff", TIFF, false, true},
    {"image/heic", HEIC, false, true},
    {"image/webp", WEBP, true, true},
    {"application/msword", DOC, false, false},
    {"application/vnd.ms-excel", XLS, false, false},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", DOCX, false, false},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XLSX, false, false},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", PPTX, false,
     false},
    {"application/ofd", OFD, false, false},
    {"text/plain", TEXT, true, false},
    {"video/mp4", MP4, true, false},
    {"video/quicktime", MOV, true, false},
    {"video/x-msvideo", AVI, false, false},
    {"audio/mpeg", MP3, true, false},
    {"audio/wav", WAV, true, false},
    {"audio/mp4", M4A, true, false},
};

const struct file_kind *file_kind_of_type(Str type)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (str_is(type, KINDS[i].type)) {
            return &KINDS[i];
        }
    }
    return NULL;
}

static bool is_named(Str name, const char *const *extensions)
{
    const char *dot = memrchr(name.p, '.', name.n);
    for (const char *const *each = extensions; dot != NULL && *each != NULL; each++) {
        if (strcasecmp(dot + 1, *each) == 0) {
            return true;
        }
    }
    return false;
}

/* --- libmagic: a handle is one thread's --- */

static pthread_key_t magic_key;
static pthread_once_t magic_once = PTHREAD_ONCE_INIT;

static void magic_end(void *magic)
{
    magic_close(magic);
}

static void magic_begin(void)
{
    check(pthread_key_create(&magic_key, magic_end) == 0);
}

static enum status magic_get(struct cx *cx, magic_t *out)
{
    check(pthread_once(&magic_once, magic_begin) == 0);
    *out = pthread_getspecific(magic_key);
    if (*out != NULL) {
        return OK;
    }
    magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                               MAGIC_NO_CHECK_APPTYPE | MAGIC_NO_CHECK_TOKENS);
    check(magic != NULL);
    if (magic_load(magic, NULL) != 0) {
        enum status status =
            FAIL(cx, E_BUG, "bug", "libmagic has no database: %s", magic_error(magic));
        magic_close(magic);
        return status;
    }
    check(pthread_setspecific(magic_key, magic) == 0);
    *out = magic;
    return OK;
}

/* libmagic's names that are not ours, and what they are. */
static const char *our_name(Str type)
{
    static const struct {
        const char *theirs;
        const char *ours;
    } rows[] = {
        {"image/x-ms-bmp", "image/bmp"}, {"image/heif", "image/heic"},
        {"audio/x-wav", "audio/wav"},    {"audio/x-m4a", "audio/mp4"},
        {"video/x-m4v", "video/mp4"},    {"application/x-ole-storage", "application/CDFV2"},
        {"video/3gpp", "video/mp4"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_is(type, rows[i].theirs)) {
            return rows[i].ours;
        }
    }
    return type.p;
}

/* --- packed documents --- */

struct packed_file {
    struct cx *cx;
    const struct file_source *source;
    int64_t offset;
    zip_error_t error;
};

static zip_int64_t source_stat(struct packed_file *file, void *data, zip_uint64_t size)
{
    zip_stat_t *about = ZIP_SOURCE_GET_ARGS(zip_stat_t, data, size, &file->error);
    if (about == NULL) {
        return -1;
    }
    zip_stat_init(about);
    about->size = (zip_uint64_t)file->source->size_bytes;
    about->valid = ZIP_STAT_SIZE;
    return (zip_int64_t)sizeof *about;
}

static zip_int64_t source_read(struct packed_file *file, void *data, zip_uint64_t size)
{
    size_t got = 0;
    if (file->source->read(file->cx, file->source->arg, file->offset, data, (size_t)size, &got) !=
        OK) {
        zip_error_set(&file->error, ZIP_ER_READ, 0);
        return -1;
    }
    file->offset += (int64_t)got;
    return (zip_int64_t)got;
}

static zip_int64_t source_seek(struct packed_file *file, void *data, zip_uint64_t size)
{
    zip_int64_t offset = zip_source_seek_compute_offset((zip_uint64_t)file->offset,
                                                        (zip_uint64_t)file->source->size_bytes,
                                                        data, size, &file->error);
    if (offset < 0) {
        return -1;
    }
    file->offset = offset;
    return 0;
}

static zip_int64_t source_call(void *arg, void *data, zip_uint64_t size,
                               enum zip_source_cmd command)
{
    struct packed_file *file = arg;
    if (command == ZIP_SOURCE_OPEN) {
        file->offset = 0;
        return 0;
    }
    switch ((int)command) {
    case ZIP_SOURCE_READ: return source_read(file, data, size);
    case ZIP_SOURCE_STAT: return source_stat(file, data, size);
    case ZIP_SOURCE_SEEK: return source_seek(file, data, size);
    case ZIP_SOURCE_TELL: return file->offset;
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&file->error, data, size);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE: return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(
            ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
            ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
    default: zip_error_set(&file->error, ZIP_ER_OPNOTSUPP, 0); return -1;
    }
}

/* Programs, scripts and archives have no business inside a document. */
static bool is_forbidden(const char *part)
{
    static const char *const names[] = {"exe", "dll", "com", "scr", "pif", "msi", "bat", "cmd",
                                        "ps1", "vbs", "vbe", "js",  "jse", "wsf", "hta", "lnk",
                                        "jar", "apk", "sh",  "zip", "rar", "7z",  "gz",  "bz2",
                                        "xz",  "tar", "cab", "iso", NULL};
    const char *slash = strrchr(part, '/');
    const char *last = slash == NULL ? part : slash + 1;
    return is_named(str_of(last), names) || strcasecmp(last, "vbaProject.bin") == 0 ||
           part[0] == '/' || strstr(part, "..") != NULL || strchr(part, '\\') != NULL;
}

struct packed_sum {
    zip_uint64_t packed;
    zip_uint64_t unpacked;
    bool has[PACKED_COUNT];
    const char *why; /* NULL: nothing wrong so far */
};

static void part_add(struct packed_sum *sum, const zip_stat_t *part)
{
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((part->valid & needed) != needed) {
        sum->why = "a part without name or size";
        return;
    }
    if ((part->valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && part->encryption_method != ZIP_EM_NONE) {
        sum->why = "a locked part";
    } else if (part->size > UNPACKED_MAX_BYTES || part->comp_size > UNPACKED_MAX_BYTES) {
        sum->why = "a part too large";
    } else if (part->size > SMALL_BYTES && part->size / RATIO_MAX > part->comp_size) {
        sum->why = "a part packed too tightly";
    } else if (is_forbidden(part->name)) {
        sum->why = "a program or an archive inside";
    }
    sum->packed += part->comp_size;
    sum->unpacked += part->size;
    for (size_t i = 0; i < PACKED_COUNT; i++) {
        sum->has[i] = sum->has[i] || strcmp(part->name, PACKED[i].part) == 0;
    }
}

static void packed_sum(zip_t *zip, int64_t size_bytes, struct packed_sum *sum)
{
    zip_int64_t count = zip_get_num_entries(zip, 0);
    if (count > PARTS_MAX) {
        sum->why = "too many parts";
        return;
    }
    for (zip_int64_t i = 0; i < count && sum->why == NULL; i++) {
        zip_stat_t part;
        if (zip_stat_index(zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW, &part) != 0) {
            sum->why = "a part that cannot be read";
            return;
        }
        part_add(sum, &part);
    }
    zip_uint64_t size = (zip_uint64_t)size_bytes;
    if (sum->why == NULL && sum->packed > size) {
        sum->why = "parts lie over each other";
    } else if (sum->why == NULL &&
               (sum->unpacked > UNPACKED_MAX_BYTES ||
                (sum->unpacked > SMALL_BYTES && sum->unpacked / RATIO_ALL_MAX > size))) {
        sum->why = "it unpacks to too much";
    }
}

static enum status packed_find(struct cx *cx, const struct file_source *source,
                               const struct file_kind **out)
{
    struct packed_file file = {.cx = cx, .source = source};
    struct packed_sum sum = {.packed = 0};
    zip_error_t error;
    zip_error_init(&error);
    zip_error_init(&file.error);
    zip_source_t *from = zip_source_function_create(source_call, &file, &error);
    check(from != NULL);
    zip_t *zip = zip_open_from_source(from, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (zip == NULL) {
        zip_source_free(from);
        sum.why = "no directory";
    } else {
        packed_sum(zip, source->size_bytes, &sum);
        zip_discard(zip);
    }
    zip_error_fini(&error);
    zip_error_fini(&file.error);
    if (cx->failure.status != OK) {
        return cx->failure.status; /* the source broke */
    }
    *out = NULL;
    for (size_t i = 0; i < PACKED_COUNT; i++) {
        *out = sum.has[i] && *out == NULL ? file_kind_of_type(str_of(PACKED[i].type)) : *out;
    }
    if (*out == NULL) {
        return FAIL(cx, E_TYPE, "file-type", "an archive, no document");
    }
    return sum.why == NULL ? OK : FAIL(cx, E_INPUT, "file-unsafe", "packed: %s", sum.why);
}

/* --- the answer --- */

static bool is_packed(const char *type)
{
    return strcmp(type, "application/zip") == 0 ||
           strncmp(type, "application/vnd.openxmlformats", 30) == 0 ||
           strcmp(type, "application/ofd") == 0;
}

/* What a browser, a shell or an old system would take for something to run, whatever libmagic calls
 * it: markup, "#!", and zero bytes outside UTF-16. */
static bool is_markup(const char *head, size_t size)
{
    bool wide = size >= 2 && (memcmp(head, "\xff\xfe", 2) == 0 || memcmp(head, "\xfe\xff", 2) == 0);
    if (!wide && memchr(head, '\0', size) != NULL) {
        return true;
    }
    size_t at = size >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < size && strchr(" \t\r\n\f\v", head[at]) != NULL && head[at] != '\0') {
        at++;
    }
    return at < size &&
           (head[at] == '<' || (head[at] == '#' && at + 1 < size && head[at + 1] == '!'));
}

static enum status head_type(struct cx *cx, const struct file_source *source, const char **out)
{
    magic_t magic = NULL;
    size_t got = 0;
    struct arena_mark mark = arena_mark(cx->arena);
    char *head = arena_alloc(cx->arena, HEAD_BYTES);
    TRY(magic_get(cx, &magic));
    TRY(source->read(cx, source->arg, 0, head, HEAD_BYTES, &got));
    const char *type = magic_buffer(magic, head, got);
    if (type == NULL) {
        return FAIL(cx, E_TYPE, "file-type", "libmagic: %s", magic_error(magic));
    }
    bool is_text = strcmp(type, "text/plain") == 0;
    type = is_text && is_markup(head, got) ? "text/markup" : type;
    arena_rewind(cx->arena, mark);
    *out = our_name(str_copy(cx->arena, type, strlen(type)));
    return OK;
}

enum status file_kind_find(struct cx *cx, const struct file_source *source, Str name,
                           const struct file_kind **out)
{
    const char *type = "";
    if (source->size_bytes == 0) {
        return FAIL(cx, E_INPUT, "file-empty", "no bytes");
    }
    TRY(head_type(cx, source, &type));
    if (is_packed(type)) {
        return packed_find(cx, source, out);
    }
    if (strcmp(type, "application/CDFV2") == 0) {
        type = is_named(name, XLS) ? "application/vnd.ms-excel" : "application/msword";
        if (!is_named(name, XLS) && !is_named(name, DOC)) {
            type = "";
        }
    }
    *out = file_kind_of_type(str_of(type));
    if (*out != NULL && (*out)->extensions == TEXT && !is_named(name, TEXT)) {
        *out = NULL;
    }
    return *out != NULL ? OK : FAIL(cx, E_TYPE, "file-type", "content is \"%s\"", type);
}
