#include "flow/by_hand.h"

#include "base/date.h"

bool by_hand_is_photo(const struct matter *m, const struct material *material)
{
    Instant signed_at = 0;
    const struct value *last = value_get(m->values, "visitor-signature");
    bool first = !instant_parse(value_get_str(last, "at"), &signed_at); /* to the second */
    bool later =
        first || (material->at >= signed_at && material->n > value_get_int(last, "material"));
    return later && material->removed == 0 && material->pages == 0 &&
           str_is(material->kind, SIGNATURE_PHOTO) && !str_is(material->status, "refused");
}

const struct material *by_hand_photo(const struct matter *m, const struct value *signature)
{
    int64_t n = value_get_int(signature, "material");
    if (!str_is(value_get_str(signature, "method"), "photo")) {
        return NULL;
    }
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n && by_hand_is_photo(m, &m->materials[i])) {
            return &m->materials[i];
        }
    }
    return NULL;
}

bool by_hand_is_signed(const struct matter *m, const struct value *signature)
{
    return str_is(value_get_str(signature, "method"), "drawn") ||
           by_hand_photo(m, signature) != NULL;
}
