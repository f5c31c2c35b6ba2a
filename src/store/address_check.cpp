// SPDX-License-Identifier: BSL-1.0
#include "store/address_check.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "fs/entry_place.hpp"

namespace reseal::store {
namespace {

Options options(Method method, Scheme scheme) {
    Options options = modulo_options(scheme);
    // Nix knows of no archives there: it replaces wherever the hash part stands, in names too.
    options.format = method == Method::nar && scheme == Scheme::reseal1 ? Format::nar : Format::plain;
    options.name = std::string(".");
    return options;
}

Options options(const std::map<ImagePlace, std::string>& uuids) {
    Options options = store::options(Method::nar, Scheme::reseal1);
    options.uuids = uuids;
    return options;
}

std::string refusal(const Report& report, const std::string& blame) {
    for (const Finding& each : report.findings)
        if (each.severity == Severity::error)
            return Error(ErrorCode::refused, each.what, fs::entry_place(blame, each.entry), each.offset).what();
    return blame;
}

}  // namespace

AddressCheck::AddressCheck(Method method, HashType algorithm, const std::string& self, const std::string& blame)
    : method_(method),
      blame_(blame),
      nix_(algorithm, self, {}, options(method, Scheme::nix)),
      reseal1_(algorithm, self, {}, options(method, Scheme::reseal1)),
      nar_(HashType::sha256) {
    both_.add(nix_);
    both_.add(reseal1_);
    if (method != Method::nar) contents_.emplace(both_, blame);
}

void AddressCheck::write(std::string_view bytes) {
    nar_.write(bytes);
    contents_ ? contents_->write(bytes) : both_.write(bytes);
}

AddressFacts AddressCheck::finish() {
    AddressFacts facts;
    facts.nar_size = nar_.size();
    facts.nar_hash = nar_.finish();
    if (contents_) contents_->finish();
    const auto add = [&](HashModulo& modulo, Scheme scheme) {
        try {
            const ModuloHash value = modulo.finish();
            facts.self = facts.self || !value.self_references.empty();
            if (method_ == Method::nar) facts.nul_uuids = value.nul_uuids();
            for (const bool positions : {true, false}) {
                AddressFound found;
                found.scheme = scheme;
                found.positions = positions;
                found.address = {method_, value.hash(positions)};
                const auto same = std::find_if(facts.found.begin(), facts.found.end(),
                                               [&](const AddressFound& each) { return each.address == found.address; });
                if (same == facts.found.end()) facts.found.push_back(found);
                else if (same->scheme != scheme) same->both_schemes = true;
            }
        } catch (const Error& error) {
            if (error.error() != ErrorCode::refused) throw;
            facts.refusal = refusal(modulo.report(), blame_);
        }
    };
    add(nix_, Scheme::nix);
    add(reseal1_, Scheme::reseal1);
    return facts;
}

DerivedUuidCheck::DerivedUuidCheck(HashType algorithm, const std::string& self, const AddressFacts& first)
    : nar_hash_(first.nar_hash), modulo_(algorithm, self, {}, options(first.nul_uuids)), nar_(HashType::sha256) {}

void DerivedUuidCheck::write(std::string_view bytes) {
    nar_.write(bytes);
    modulo_.write(bytes);
}

std::vector<AddressFound> DerivedUuidCheck::finish() {
    if (nar_.finish() != nar_hash_) throw Error(ErrorCode::io, "the tree changed while it was read");
    ModuloHash value;
    try {
        value = modulo_.finish();
    } catch (const Error& error) {
        if (error.error() != ErrorCode::refused) throw;
        return {};
    }
    std::string not_derived;
    for (const auto& [place, uuid] : value.uuids)
        if (uuid.before != uuid.derived && not_derived.empty()) not_derived = place.path;
    std::vector<AddressFound> found;
    for (const bool positions : {true, false}) {
        AddressFound& each = found.emplace_back();
        each.scheme = Scheme::reseal1;
        each.positions = positions;
        each.address = {Method::nar, value.hash(positions)};
        each.derived_uuids = true;
        each.not_derived = not_derived;
    }
    return found;
}

}  // namespace reseal::store
