// SPDX-License-Identifier: BSL-1.0
#include <reseal/relocation.hpp>

namespace reseal {

DialectOptions options_of(Dialect dialect) {
    switch (dialect) {
        case Dialect::conda: return {{Padding::nul, Tail::left, true, Boundary::none}, ShebangStyle::env};
        case Dialect::conda_pack: return {{Padding::nul, Tail::left, false, Boundary::none}, ShebangStyle::keep};
        case Dialect::rattler: return {{Padding::nul, Tail::patched, false, Boundary::none}, ShebangStyle::automatic};
        case Dialect::brew: return {{Padding::nul, Tail::patched, false, Boundary::none}, ShebangStyle::keep};
        case Dialect::spack: return {{Padding::spack, Tail::slash, false, Boundary::path}, ShebangStyle::keep};
    }
    return {};
}

}  // namespace reseal
