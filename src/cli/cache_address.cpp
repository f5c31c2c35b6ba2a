// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_address.hpp"

#include <reseal/error.hpp>

namespace reseal::cli {

using store::Method;

namespace {

/// As one plain file: Nix knows of no images, and an archive is none.
Options as_nix() {
    Options options = modulo_options(Scheme::nix);
    options.format = Format::plain;
    return options;
}

}  // namespace

AddressCheck::AddressCheck(const store::ContentAddress& like, std::string store_dir, store::StorePath path)
    : like_(like),
      store_dir_(std::move(store_dir)),
      path_(std::move(path)),
      modulo_(like.hash.type, like.method == Method::nar ? path_.hash_part : "", {}, as_nix()) {}

void AddressCheck::write(std::string_view bytes) {
    if (like_.method == Method::nar) return modulo_.write(bytes);
    reader_.feed(bytes);
    read_contents();
}

void AddressCheck::read_contents() {
    for (fs::NarEvent event; reader_.next(event);) {
        const bool contents = event.kind == fs::NarEvent::Kind::contents && !event.executable;
        if (contents) modulo_.write(event.bytes);
        else if (event.kind != fs::NarEvent::Kind::behind) one_file_ = false;
    }
}

std::optional<store::ContentAddress> AddressCheck::finish(const std::vector<store::StorePath>& references) {
    if (like_.method != Method::nar) {
        reader_.end();
        read_contents();
        if (!one_file_) return {};
    }
    const ModuloHash value = modulo_.finish();
    store::References known;
    for (const store::StorePath& each : references) {
        if (each == path_) known.self = true;
        else known.others.push_back(each);
    }
    for (const bool positions : {true, false}) {
        store::ContentAddress address{like_.method, value.hash(positions)};
        if (!store::address_defect(address, known).empty()) return {};
        if (store::content_path(store_dir_, path_.name, address, known) == path_) return address;
    }
    return {};
}

}  // namespace reseal::cli
