// SPDX-License-Identifier: BSL-1.0
#include "store/address_check.hpp"

#include <algorithm>
#include <reseal/error.hpp>

namespace reseal::store {
namespace {

Options options(Method method, Scheme scheme) {
    Options options = modulo_options(scheme);
    options.format = method == Method::nar ? Format::nar : Format::plain;
    return options;
}

}  // namespace

AddressCheck::AddressCheck(Method method, HashType algorithm, const std::string& self, const std::string& blame)
    : method_(method),
      nix_(algorithm, self, {}, options(method, Scheme::nix)),
      reseal1_(algorithm, self, {}, options(method, Scheme::reseal1)),
      nar_(HashType::sha256) {
    if (method == Method::nar) return;
    nix_contents_.emplace(nix_, blame);
    reseal1_contents_.emplace(reseal1_, blame);
}

void AddressCheck::write(std::string_view bytes) {
    nar_.write(bytes);
    nix_contents_ ? nix_contents_->write(bytes) : nix_.write(bytes);
    reseal1_contents_ ? reseal1_contents_->write(bytes) : reseal1_.write(bytes);
}

AddressFacts AddressCheck::finish() {
    AddressFacts facts;
    facts.nar_size = nar_.size();
    facts.nar_hash = nar_.finish();
    const auto add = [&](HashModulo& modulo, Scheme scheme) {
        try {
            const ModuloHash value = modulo.finish();
            facts.self = facts.self || !value.self_references.empty();
            for (const bool positions : {true, false}) {
                const AddressFound found{scheme, positions, {method_, value.hash(positions)}};
                if (std::none_of(facts.found.begin(), facts.found.end(),
                                 [&](const AddressFound& each) { return each.address == found.address; }))
                    facts.found.push_back(found);
            }
        } catch (const Error& error) {
            if (error.error() != ErrorCode::refused) throw;
            facts.refusal = error.what();
        }
    };
    add(nix_, Scheme::nix);
    add(reseal1_, Scheme::reseal1);
    return facts;
}

}  // namespace reseal::store
