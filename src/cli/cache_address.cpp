// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_address.hpp"

#include <reseal/error.hpp>

namespace reseal::cli {

using store::Method;

AddressCheck::AddressCheck(const store::ContentAddress& like, std::string store_dir, store::StorePath path)
    : like_(like), store_dir_(std::move(store_dir)), path_(std::move(path)), hashed_(like.hash.type) {
    if (like_.method != Method::nar) return;
    // As one plain file: Nix knows of no images, and an archive is none.
    zeroing_ = std::make_unique<Rewriter>(Rules({{path_.hash_part, std::string(store::hash_part_size, '\0')}}), hashed_,
                                          Options{.format = Format::plain, .positions = true});
}

void AddressCheck::write(std::string_view bytes) {
    if (zeroing_) {
        zeroing_->write(bytes);
        return;
    }
    reader_.feed(bytes);
    read_contents();
}

void AddressCheck::read_contents() {
    for (fs::NarEvent event; reader_.next(event);) {
        const bool contents = event.kind == fs::NarEvent::Kind::contents && !event.executable;
        if (contents) hashed_.write(event.bytes);
        else if (event.kind != fs::NarEvent::Kind::behind) one_file_ = false;
    }
}

std::optional<store::ContentAddress> AddressCheck::finish(const std::vector<store::StorePath>& references) {
    std::vector<std::uint64_t> positions;
    if (zeroing_) {
        zeroing_->finish();
        if (!zeroing_->report().entries.empty()) positions = zeroing_->report().entries.front().positions;
    } else {
        reader_.end();
        read_contents();
        if (!one_file_) return {};
    }
    store::References known;
    for (const store::StorePath& each : references) {
        if (each == path_) known.self = true;
        else known.others.push_back(each);
    }
    digest::Hasher with_positions = hashed_.hasher;
    for (const std::uint64_t position : positions) {
        with_positions.update("|");
        with_positions.update(std::to_string(position));
    }
    for (digest::Hasher* hasher : {&with_positions, &hashed_.hasher}) {
        store::ContentAddress address{like_.method, {like_.hash.type, std::string(hasher->finish().bytes())}};
        if (!store::address_defect(address, known).empty()) return {};
        if (store::content_path(store_dir_, path_.name, address, known) == path_) return address;
    }
    return {};
}

}  // namespace reseal::cli
