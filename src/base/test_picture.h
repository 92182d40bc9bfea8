/* base/test_picture.h - pictures made by hand, for *_test.c only.
 *
 * A JPEG of one grey with a dark corner of 8 by 8 dots at its upper left, as a camera may store it:
 * baseline, one component, with an Exif orientation; and PNG of all sorts.
 */
#ifndef BASE_TEST_PICTURE_H
#define BASE_TEST_PICTURE_H

#include <string.h>
#include <zlib.h>

#include "base/check.h"
#include "base/text.h"

enum { MADE_BYTES_MAX = 64 << 20 };

static inline void made_number(struct buf *out, uint32_t number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        buf_char(out, (char)(number >> (8 * i)));
    }
}

/* --- JPEG --- */

struct made_bits {
    struct buf *out;
    uint32_t held, count;
};

static inline void made_bits_put(struct made_bits *bits, uint32_t value, uint32_t count)
{
    for (uint32_t i = count; i > 0; i--) {
        bits->held = bits->held << 1 | (value >> (i - 1) & 1);
        bits->count++;
        if (bits->count == 8) {
            buf_char(bits->out, (char)bits->held);
            if ((bits->held & 0xff) == 0xff) {
                buf_char(bits->out, '\0');
            }
            bits->held = 0;
            bits->count = 0;
        }
    }
}

static inline void made_exif(struct buf *out, int orientation)
{
    static const char head[] = "\xff\xe1\0\x22"
                               "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0";
    buf_add(out, head, sizeof head - 1);
    buf_char(out, (char)orientation);
    buf_add(out, "\0\0\0\0\0\0\0", 7);
}

/* frame: the marker of its frame, 0xc0 for an ordinary one. orientation 0: does not say. */
static inline Str made_jpeg_as(struct arena *arena, uint32_t width, uint32_t height,
                               int orientation, unsigned frame)
{
    /* Differences of 0 and of seven bits; every block ends at once: the shortest tables there are.
     */
    static const char tables[] = "\xff\xc4\0\x15\0\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07"
                                 "\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    static const char scan[] = "\xff\xda\0\x08\x01\x01\0\0\x3f\0";
    struct buf out;
    buf_init(&out, arena, MADE_BYTES_MAX);
    buf_add(&out, "\xff\xd8", 2);
    if (orientation > 0) {
        made_exif(&out, orientation);
    }
    buf_add(&out, "\xff\xdb\0\x43\0", 5);
    for (int i = 0; i < 64; i++) {
        buf_char(&out, 8);
    }
    made_number(&out, 0xff00U | frame, 2);
    made_number(&out, 11, 2);
    buf_char(&out, 8);
    made_number(&out, height, 2);
    made_number(&out, width, 2);
    buf_add(&out, "\x01\x01\x11\0", 4);
    buf_add(&out, tables, sizeof tables - 1);
    buf_add(&out, scan, sizeof scan - 1);
    struct made_bits bits = {.out = &out};
    uint64_t blocks = (uint64_t)((width + 7) / 8) * ((height + 7) / 8);
    made_bits_put(&bits, 2, 2); /* the corner: 100 below the middle */
    made_bits_put(&bits, 127 - 100, 7);
    made_bits_put(&bits, 0, 1);
    for (uint64_t i = 1; i < blocks; i++) {
        made_bits_put(&bits, i == 1 ? 2 : 0, i == 1 ? 2 : 1); /* the rest: no difference, but one */
        if (i == 1) {
            made_bits_put(&bits, 127, 7);
        }
        made_bits_put(&bits, 0, 1);
    }
    made_bits_put(&bits, 0x7f, (8 - bits.count) % 8);
    buf_add(&out, "\xff\xd9", 2);
    return buf_done(&out);
}

static inline Str made_jpeg(struct arena *arena, uint32_t width, uint32_t height, int orientation)
{
    return made_jpeg_as(arena, width, height, orientation, 0xc0);
}

/* --- PNG --- */

static inline void made_chunk(struct buf *out, const char *type, const void *data, size_t size)
{
    uLong sum = crc32(crc32(0, (const Bytef *)type, 4), data, (uInt)size);
    made_number(out, (uint32_t)size, 4);
    buf_text(out, type);
    buf_add(out, data, size);
    made_number(out, (uint32_t)(size == 0 ? crc32(0, (const Bytef *)type, 4) : sum), 4);
}

/* packed: the compressed rows, whatever they are. type: 0 grey, 2 colours, 6 colours with alpha. */
static inline Str made_png_of(struct arena *arena, uint32_t width, uint32_t height, int depth,
                              int type, Str packed)
{
    struct buf out;
    struct buf head;
    buf_init(&out, arena, MADE_BYTES_MAX);
    buf_init(&head, arena, 64);
    made_number(&head, width, 4);
    made_number(&head, height, 4);
    made_number(&head, (uint32_t)depth << 24 | (uint32_t)type << 16, 4);
    buf_char(&head, '\0');
    buf_add(&out, "\x89PNG\r\n\x1a\n", 8);
    made_chunk(&out, "IHDR", head.p, head.n);
    made_chunk(&out, "IDAT", packed.p, packed.n);
    made_chunk(&out, "IEND", NULL, 0);
    return buf_done(&out);
}

/* Rows of `row` bytes, each of them `fill`, as zlib packs them. */
static inline Str made_rows(struct arena *arena, size_t row, uint32_t rows, unsigned fill)
{
    z_stream z = {0};
    struct buf out;
    char *one = arena_alloc(arena, row + 1);
    Bytef piece[16384];
    memset(one + 1, (int)fill, row);
    buf_init(&out, arena, MADE_BYTES_MAX);
    check(deflateInit(&z, 6) == Z_OK);
    for (uint32_t i = 0; i <= rows; i++) {
        z.next_in = (Bytef *)one;
        z.avail_in = i < rows ? (uInt)row + 1 : 0;
        do {
            z.next_out = piece;
            z.avail_out = sizeof piece;
            (void)deflate(&z, i < rows ? Z_NO_FLUSH : Z_FINISH);
            buf_add(&out, piece, sizeof piece - z.avail_out);
        } while (z.avail_out == 0);
    }
    (void)deflateEnd(&z);
    return buf_done(&out);
}

static inline Str made_png(struct arena *arena, uint32_t width, uint32_t height, int type,
                           unsigned fill)
{
    size_t row = (size_t)width * (type == 6 ? 4 : type == 2 ? 3 : 1);
    return made_png_of(arena, width, height, 8, type, made_rows(arena, row, height, fill));
}

#endif
