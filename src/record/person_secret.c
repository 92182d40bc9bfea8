#include "record/person_secret.h"

#include "base/check.h"

enum status person_key_make(struct cx *cx, struct keys *keys, struct person *person)
{
    SealKey key;
    check(person->wrapped_key.n == 0);
    return seal_key_new(cx, keys, &key, &person->wrapped_key);
}

enum status person_identity_set(struct cx *cx, struct keys *keys, struct person *person, Str type,
                                Str number)
{
    SealKey key;
    person->identity_type = type;
    person->identity_sealed = (Str){"", 0};
    person->identity_blind = (Hash){{0}};
    if (number.n == 0) {
        person->identity_type = (Str){"", 0};
        return OK;
    }
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    person->identity_sealed = seal_text(cx->arena, &key, STR("identity"), number);
    person->identity_blind = keys_blind(keys, "identity", number);
    return OK;
}

enum status person_phone_set(struct cx *cx, struct keys *keys, struct person *person, Str phone)
{
    SealKey key;
    person->phone_sealed = (Str){"", 0};
    if (phone.n == 0) {
        return OK;
    }
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    person->phone_sealed = seal_text(cx->arena, &key, STR("phone"), phone);
    return OK;
}

static enum status open_text(struct cx *cx, struct keys *keys, const struct person *person,
                             Str place, Str sealed, Str *out)
{
    SealKey key;
    *out = (Str){"", 0};
    if (sealed.n == 0) {
        return OK;
    }
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    return seal_open_text(cx, &key, place, sealed, out);
}

enum status person_identity_open(struct cx *cx, struct keys *keys, const struct person *person,
                                 Str *out)
{
    return open_text(cx, keys, person, STR("identity"), person->identity_sealed, out);
}

enum status person_phone_open(struct cx *cx, struct keys *keys, const struct person *person,
                              Str *out)
{
    return open_text(cx, keys, person, STR("phone"), person->phone_sealed, out);
}
