#define ZLIB_CONST /* inflate() reads its input through const */
#include "base/picture.h"

#include <string.h>
#include <zlib.h>

#include "base/check.h"

static unsigned byte_at(Str s, size_t at)
{
    return (unsigned char)s.p[at];
}

/* Numbers of `count` bytes, the greatest first. */
static uint32_t number_at(Str s, size_t at, int count)
{
    uint32_t number = 0;
    for (int i = 0; i < count; i++) {
        number = number << 8 | byte_at(s, at + (size_t)i);
    }
    return number;
}

static enum picture_fault size_check(const struct picture *picture, uint32_t pixels_max)
{
    if (picture->width == 0 || picture->height == 0) {
        return PICTURE_BROKEN;
    }
    bool is_wide = picture->width > PICTURE_SIDE_MAX || picture->height > PICTURE_SIDE_MAX;
    return is_wide || (uint64_t)picture->width * picture->height > pixels_max ? PICTURE_TOO_LARGE
                                                                              : PICTURE_GOOD;
}

/* --- which way up --- */

enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, IFD_ENTRY_BYTES = 12 };

/* Numbers of a TIFF, in the order its head says. */
static uint32_t tiff_number(Str tiff, size_t at, int count)
{
    uint32_t number = 0;
    if (tiff.p[0] == 'M') {
        return number_at(tiff, at, count);
    }
    for (int i = count; i > 0; i--) {
        number = number << 8 | byte_at(tiff, at + (size_t)i - 1);
    }
    return number;
}

/* What cannot be made out leaves the page as it is stored. */
static int orientation_of(Str tiff)
{
    if (tiff.n < 8 || (memcmp(tiff.p, "II*\0", 4) != 0 && memcmp(tiff.p, "MM\0*", 4) != 0)) {
        return 1;
    }
    size_t at = tiff_number(tiff, 4, 4);
    if (at > tiff.n - 2) {
        return 1;
    }
    uint32_t count = tiff_number(tiff, at, 2);
    at += 2;
    for (uint32_t i = 0; i < count && tiff.n - at >= IFD_ENTRY_BYTES; i++, at += IFD_ENTRY_BYTES) {
        if (tiff_number(tiff, at, 2) == TAG_ORIENTATION &&
            tiff_number(tiff, at + 2, 2) == TYPE_SHORT) {
            uint32_t turn = tiff_number(tiff, at + 8, 2);
            return turn >= 1 && turn <= 8 ? (int)turn : 1;
        }
    }
    return 1;
}

/* --- JPEG --- */

enum {
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    APP1 = 0xe1,
    TEM = 0x01,
    FRAME_BYTES = 8, /* of a frame's head up to the number of components, with its length */
};

static bool is_restart(unsigned marker)
{
    return marker >= 0xd0 && marker <= 0xd7;
}

/* Baseline, extended and progressive, by Huffman codes: what PDF's DCTDecode reads. */
static bool is_known_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xc2;
}

static bool is_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* The next marker at or behind *at, which moves behind it; false at the end. */
static bool next_marker(Str s, size_t *at, unsigned *marker)
{
    while (*at + 1 < s.n) {
        const char *found = memchr(s.p + *at, 0xff, s.n - *at - 1);
        if (found == NULL) {
            return false;
        }
        *at = (size_t)(found - s.p) + 1;
        unsigned next = byte_at(s, *at);
        if (next != 0xff && next != 0) { /* fill, and an 0xff of the data */
            *at += 1;
            *marker = next;
            return true;
        }
    }
    return false;
}

static enum picture_fault frame_read(Str segment, struct picture *out)
{
    if (segment.n < FRAME_BYTES) {
        return PICTURE_BROKEN;
    }
    unsigned components = byte_at(segment, 7);
    out->height = number_at(segment, 3, 2);
    out->width = number_at(segment, 5, 2);
    if (segment.n != FRAME_BYTES + (size_t)3 * components) {
        return PICTURE_BROKEN;
    }
    if (byte_at(segment, 2) != 8 || (components != 1 && components != 3 && components != 4)) {
        return PICTURE_UNKNOWN;
    }
    return size_check(out, PICTURE_JPEG_PIXELS_MAX);
}

/* One segment at `at`, its length first. */
static enum picture_fault segment_read(Str s, size_t at, unsigned marker, size_t *length,
                                       bool *has_frame, struct picture *out)
{
    *length = s.n - at < 2 ? 0 : number_at(s, at, 2);
    if (s.n - at < 2 || *length > s.n - at) {
        return PICTURE_CUT_OFF;
    }
    Str segment = {s.p + at, *length};
    if (*length < 2) {
        return PICTURE_BROKEN;
    }
    if (is_frame(marker)) {
        bool first = !*has_frame;
        *has_frame = true;
        return !is_known_frame(marker) ? PICTURE_UNKNOWN
               : first                 ? frame_read(segment, out)
                                       : PICTURE_BROKEN;
    }
    if (marker == APP1 && *length > 8 && memcmp(segment.p + 2, "Exif\0\0", 6) == 0) {
        out->orientation = orientation_of((Str){segment.p + 8, *length - 8});
    }
    return marker == SOS && !*has_frame ? PICTURE_BROKEN : PICTURE_GOOD;
}

static enum picture_fault jpeg_read(Str s, struct picture *out)
{
    bool has_frame = false;
    bool has_scan = false;
    size_t at = 2;
    unsigned marker = 0;
    while (next_marker(s, &at, &marker)) {
        size_t length = 0;
        if (marker == EOI) {
            return has_scan ? PICTURE_GOOD : PICTURE_BROKEN;
        }
        if (is_restart(marker) || marker == TEM) {
            continue;
        }
        if (marker == SOI) {
            return PICTURE_BROKEN;
        }
        enum picture_fault fault = segment_read(s, at, marker, &length, &has_frame, out);
        if (fault != PICTURE_GOOD) {
            return fault;
        }
        has_scan = has_scan || marker == SOS;
        at += length;
    }
    return PICTURE_CUT_OFF;
}

/* --- PNG --- */

enum { CHUNK_FRAME_BYTES = 12, HEAD_BYTES = 13 };

static const char png_mark[] = "\x89PNG\r\n\x1a\n";

static bool is_depth_of_type(unsigned depth, unsigned type)
{
    bool small = depth == 1 || depth == 2 || depth == 4;
    switch (type) {
    case 0: return small || depth == 8 || depth == 16;
    case 3: return small || depth == 8;
    case 2:
    case 4:
    case 6: return depth == 8 || depth == 16;
    default: return false;
    }
}

static enum picture_fault head_read(Str data, struct picture *out)
{
    if (data.n != HEAD_BYTES) {
        return PICTURE_BROKEN;
    }
    out->width = number_at(data, 0, 4);
    out->height = number_at(data, 4, 4);
    bool known = is_depth_of_type(byte_at(data, 8), byte_at(data, 9)) && byte_at(data, 10) == 0 &&
                 byte_at(data, 11) == 0 && byte_at(data, 12) <= 1;
    return known ? size_check(out, PICTURE_PNG_PIXELS_MAX) : PICTURE_BROKEN;
}

static enum picture_fault png_read(Str s, struct picture *out)
{
    bool has_head = false;
    bool has_data = false;
    for (size_t at = sizeof png_mark - 1; s.n - at >= CHUNK_FRAME_BYTES;) {
        size_t length = number_at(s, at, 4);
        Str type = {s.p + at + 4, 4};
        if (length > s.n - at - CHUNK_FRAME_BYTES) {
            return PICTURE_CUT_OFF;
        }
        uLong sum = crc32(0, (const Bytef *)type.p, (uInt)length + 4);
        if (sum != number_at(s, at + 8 + length, 4)) {
            return PICTURE_BROKEN;
        }
        bool is_head = memcmp(type.p, "IHDR", 4) == 0;
        if (is_head == has_head) {
            return PICTURE_BROKEN; /* the head comes first, and once */
        }
        if (is_head) {
            enum picture_fault fault = head_read((Str){type.p + 4, length}, out);
            if (fault != PICTURE_GOOD) {
                return fault;
            }
            has_head = true;
        }
        has_data = has_data || memcmp(type.p, "IDAT", 4) == 0;
        if (memcmp(type.p, "IEND", 4) == 0) {
            return has_data ? PICTURE_GOOD : PICTURE_BROKEN;
        }
        at += length + CHUNK_FRAME_BYTES;
    }
    return PICTURE_CUT_OFF;
}

/* ISO base media with a brand of coded pictures. */
static bool is_heic(Str bytes)
{
    static const char *const brands[] = {"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1"};
    bool is = false;
    for (size_t i = 0; i < sizeof brands / sizeof brands[0] && bytes.n >= 12; i++) {
        is = is || (memcmp(bytes.p + 4, "ftyp", 4) == 0 && memcmp(bytes.p + 8, brands[i], 4) == 0);
    }
    return is;
}

enum picture_fault picture_read(Str bytes, struct picture *out)
{
    *out = (struct picture){.orientation = 1};
    if (bytes.n >= 3 && memcmp(bytes.p, "\xff\xd8\xff", 3) == 0) {
        return jpeg_read(bytes, out);
    }
    if (bytes.n >= sizeof png_mark - 1 && memcmp(bytes.p, png_mark, sizeof png_mark - 1) == 0) {
        out->kind = PICTURE_PNG;
        return png_read(bytes, out);
    }
    return is_heic(bytes) ? PICTURE_HEIC : PICTURE_UNKNOWN;
}

/* --- what a PNG unpacks to --- */

enum {
    AT_DEPTH = 24,
    AT_TYPE = 25,
    AT_INTERLACE = 28,
    FILTER_MAX = 4,
    SAMPLE_BYTES_MAX = 8,
    ROW_BYTES_MAX = PICTURE_DRAWN_SIDE_MAX * SAMPLE_BYTES_MAX + 1,
};

struct unpacking {
    z_stream z;
    Bytef row[ROW_BYTES_MAX];
    uInt row_bytes; /* its filter in front */
    uint32_t rows;  /* that are still to come */
    bool ended;
};

static void row_begin(struct unpacking *u)
{
    u->z.next_out = u->row;
    u->z.avail_out = u->row_bytes;
}

/* One IDAT. */
static bool data_unpack(struct unpacking *u, Str data)
{
    u->z.next_in = (const Bytef *)data.p;
    u->z.avail_in = (uInt)data.n;
    while (!u->ended) {
        int got = inflate(&u->z, Z_NO_FLUSH);
        if (got == Z_BUF_ERROR) { /* goes on in the next one */
            return true;
        }
        if (got != Z_OK && got != Z_STREAM_END) {
            return false;
        }
        u->ended = got == Z_STREAM_END;
        if (u->z.avail_out == 0) {
            if (u->rows == 0 || u->row[0] > FILTER_MAX) {
                return false;
            }
            u->rows--;
            row_begin(u);
        }
    }
    return u->z.avail_in == 0;
}

/* A chunk that a reader does not know stops it, unless its name begins with a small letter. */
static bool chunk_unpack(struct unpacking *u, Str type, Str data)
{
    if (memcmp(type.p, "IDAT", 4) == 0) {
        return data_unpack(u, data);
    }
    for (size_t i = 0; i < type.n; i++) {
        unsigned letter = byte_at(type, i) | 0x20U;
        if (letter < 'a' || letter > 'z') {
            return false;
        }
    }
    return (byte_at(type, 0) & 0x20U) != 0 || memcmp(type.p, "IHDR", 4) == 0;
}

/* Its chunks have been walked once: their lengths hold. */
static bool chunks_unpack(struct unpacking *u, Str s)
{
    bool good = true;
    for (size_t at = sizeof png_mark - 1; good && memcmp(s.p + at + 4, "IEND", 4) != 0;) {
        size_t length = number_at(s, at, 4);
        good = chunk_unpack(u, (Str){s.p + at + 4, 4}, (Str){s.p + at + 8, length});
        at += length + CHUNK_FRAME_BYTES;
    }
    return good && u->ended && u->rows == 0 && u->z.avail_out == u->row_bytes;
}

bool picture_png_draws(Str bytes, uint32_t side_max)
{
    static const unsigned channels[] = {1, 0, 3, 0, 2, 0, 4}; /* by type; 0: a palette, or none */
    struct picture picture;
    struct unpacking u = {.ended = false};
    check(side_max <= PICTURE_DRAWN_SIDE_MAX);
    if (picture_read(bytes, &picture) != PICTURE_GOOD || picture.kind != PICTURE_PNG ||
        picture.width > side_max || picture.height > side_max ||
        byte_at(bytes, AT_INTERLACE) != 0 || channels[byte_at(bytes, AT_TYPE)] == 0 ||
        inflateInit(&u.z) != Z_OK) {
        return false;
    }
    unsigned bits = channels[byte_at(bytes, AT_TYPE)] * byte_at(bytes, AT_DEPTH);
    u.row_bytes = (picture.width * bits + 7) / 8 + 1;
    u.rows = picture.height;
    row_begin(&u);
    bool draws = chunks_unpack(&u, bytes);
    (void)inflateEnd(&u.z);
    return draws;
}
