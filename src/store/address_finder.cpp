// SPDX-License-Identifier: BSL-1.0
#include "store/address_finder.hpp"

#include <reseal/error.hpp>
#include <utility>

namespace reseal::store {
namespace {

/// As one plain file: Nix knows of no images, and an archive is none.
Options as_nix() {
    Options options = modulo_options(Scheme::nix);
    options.format = Format::plain;
    return options;
}

}  // namespace

AddressFinder::AddressFinder(const ContentAddress& like, std::string store_dir, StorePath path)
    : like_(like),
      store_dir_(std::move(store_dir)),
      path_(std::move(path)),
      modulo_(like.hash.type, like.method == Method::nar ? path_.hash_part : "", {}, as_nix()) {
    if (like.method != Method::nar) contents_.emplace(modulo_, path_.base());
}

void AddressFinder::write(std::string_view bytes) {
    if (!contents_) return modulo_.write(bytes);
    unless_other([&] { contents_->write(bytes); });
}

template <class Action>
void AddressFinder::unless_other(Action action) {
    if (other_) return;
    try {
        action();
    } catch (const Error& error) {
        if (error.error() != ErrorCode::misuse) throw;
        other_ = true;
    }
}

std::optional<ContentAddress> AddressFinder::finish(const std::vector<StorePath>& references) {
    if (contents_) unless_other([&] { contents_->finish(); });
    if (other_) return {};
    const ModuloHash value = modulo_.finish();
    References known;
    for (const StorePath& each : references) {
        if (each == path_) known.self = true;
        else known.others.push_back(each);
    }
    for (const bool positions : {true, false}) {
        ContentAddress address{like_.method, value.hash(positions)};
        if (!address_defect(address, known).empty()) return {};
        if (content_path(store_dir_, path_.name, address, known) == path_) return address;
    }
    return {};
}

}  // namespace reseal::store
