// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a path is what its content address says, found out from the archive as it goes by, the way Nix finds it out.
#include <optional>
#include <reseal/hash_modulo.hpp>
#include <reseal/sink.hpp>
#include <reseal/store.hpp>
#include <string>

#include "fs/nar_reader.hpp"

namespace reseal::cli {

class AddressCheck final : public Sink {
public:
    /// `like`: the method and the type of hash of the address.
    AddressCheck(const store::ContentAddress& like, std::string store_dir, store::StorePath path);
    AddressCheck(const AddressCheck&) = delete;
    AddressCheck& operator=(const AddressCheck&) = delete;

    /// Bytes of the Nix archive.
    void write(std::string_view bytes) override;
    /// The address, with the hash of what came by, that together with `references` gives the path; none when it does not, by
    /// the rules of any version of Nix.
    std::optional<store::ContentAddress> finish(const std::vector<store::StorePath>& references);

private:
    void read_contents();

    store::ContentAddress like_;
    std::string store_dir_;
    store::StorePath path_;
    HashModulo modulo_;
    fs::NarReader reader_;  // for other methods than nar
    bool one_file_ = true;
};

}  // namespace reseal::cli
