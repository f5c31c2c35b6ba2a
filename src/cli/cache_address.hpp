// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a path is what its content address says, found out from the archive as it goes by, the way Nix finds it out.
#include <cstdint>
#include <memory>
#include <optional>
#include <reseal/rewriter.hpp>
#include <reseal/sink.hpp>
#include <reseal/store.hpp>
#include <string>

#include "digest/digest.hpp"
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
    struct Hashed final : Sink {
        explicit Hashed(HashType type) : hasher(type) {}
        void write(std::string_view bytes) override { hasher.update(bytes); }
        digest::Hasher hasher;
    };

    void read_contents();

    store::ContentAddress like_;
    std::string store_dir_;
    store::StorePath path_;
    Hashed hashed_;
    std::unique_ptr<Rewriter> zeroing_;  // of the path's own hash part; for the method nar
    fs::NarReader reader_;               // for the others
    bool one_file_ = true;
};

}  // namespace reseal::cli
