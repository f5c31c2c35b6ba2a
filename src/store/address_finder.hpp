// SPDX-License-Identifier: BSL-1.0
#pragma once
// The content address that a path follows from, found out from the archive as it goes by, the way Nix finds it out.
#include <optional>
#include <reseal/hash_modulo.hpp>
#include <reseal/sink.hpp>
#include <reseal/store.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "store/contents_sink.hpp"

namespace reseal::store {

class AddressFinder final : public Sink {
public:
    /// `like`: the method and the type of hash of the address.
    AddressFinder(const ContentAddress& like, std::string store_dir, StorePath path);
    AddressFinder(const AddressFinder&) = delete;
    AddressFinder& operator=(const AddressFinder&) = delete;

    /// Bytes of the Nix archive. Throws Error (ErrorCode::malformed) where it is none and the method looks into it.
    void write(std::string_view bytes) override;
    /// The address, with the hash of what came by, that together with `references` gives the path; none when it does not, by
    /// the rules of any version of Nix.
    std::optional<ContentAddress> finish(const std::vector<StorePath>& references);

private:
    template <class Action>
    void unless_other(Action action);

    ContentAddress like_;
    std::string store_dir_;
    StorePath path_;
    HashModulo modulo_;
    std::optional<ContentsSink> contents_;  // for other methods than nar
    bool other_ = false;                    // a tree that the method does not allow
};

}  // namespace reseal::store
