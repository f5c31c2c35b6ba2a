// SPDX-License-Identifier: BSL-1.0
#include "cli/choice.hpp"

namespace reseal::cli {

void add_cms(Command command, CmsPolicy& value) {
    add_choice<CmsPolicy>(command, "--cms", value,
                          "An image with a CMS signature that a rule touches:\n"
                          "refuse it, make the signature ad-hoc, or keep the\nCMS blob unbound [refuse]",
                          cms_choices);
}

void add_stale(Command command, StalePolicy& value) {
    add_choice<StalePolicy>(command, "--stale", value,
                            "A touched page whose hash was wrong before:\nrefuse the image, or reseal the page [refuse]",
                            stale_choices);
}

void add_names(Command command, NamePolicy& value) {
    add_choice<NamePolicy>(command, "--names", value,
                           "A rule that matches in the name of an archive's\n"
                           "entry: refuse the entry, or leave the name [refuse]",
                           names_choices);
}

void add_unsealable(Command command, UnsealablePolicy& value) {
    add_choice<UnsealablePolicy>(command, "--unsealable", value,
                                 "A touched image that cannot be sealed, because its\n"
                                 "signature is malformed or of an unknown kind: refuse\n"
                                 "it, or replace the bytes and keep its hashes, which\nno longer hold [refuse]",
                                 unsealable_choices);
}

}  // namespace reseal::cli
