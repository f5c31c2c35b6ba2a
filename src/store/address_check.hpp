// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a tree is what its content address says, found out from the bytes that lie there: by every version of Nix and by both
// schemes at once, in one reading.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <reseal/hash_modulo.hpp>
#include <reseal/store.hpp>
#include <string>
#include <vector>

#include "bytes/fan.hpp"
#include "store/contents_sink.hpp"
#include "store/hash_sink.hpp"

namespace reseal::store {

/// One way to compute the address, and what it gave.
struct AddressFound {
    Scheme scheme = Scheme::nix;
    bool both_schemes = false;  ///< the other one gives the same
    bool positions = true;      ///< see hashes_positions()
    ContentAddress address;
    bool derived_uuids = false;    ///< modulo the UUIDs of signed images with the own hash part in them, too: see ModuloUuid
    std::string not_derived = {};  ///< with it: an image whose UUID does not follow from its code, so that it does not hold
};

struct AddressFacts {
    std::vector<AddressFound>
        found;          ///< Nix first, of today first; those that give the same address as an earlier one left out
    bool self = false;  ///< the own hash part occurs
    /// Of images with the own hash part in their code, as NULs. Where there are any, DerivedUuidCheck tells what the address
    /// would be if they were derived.
    std::map<ImagePlace, std::string> nul_uuids;
    /// Why reseal-1 gives none, naming the file: a slot that does not hold, a name with the hash part in it.
    std::string refusal;
    Hash nar_hash;  ///< sha256, of the archive as it is
    std::uint64_t nar_size = 0;
};

class AddressCheck final : public Sink {
public:
    /// `self`: the path's own hash part, empty where it has none. `blame` names the tree in errors.
    AddressCheck(Method method, HashType algorithm, const std::string& self, const std::string& blame);
    AddressCheck(const AddressCheck&) = delete;
    AddressCheck& operator=(const AddressCheck&) = delete;

    /// Bytes of the tree's Nix archive. Throws Error: misuse where the method does not allow the tree, malformed.
    void write(std::string_view bytes) override;
    AddressFacts finish();

private:
    Method method_;
    std::string blame_;
    HashModulo nix_, reseal1_;
    bytes::Fan both_;
    std::optional<ContentsSink> contents_;  // for other methods than nar
    HashSink nar_;
};

/// Another reading of the same tree, with UUIDs as NULs and compared with what they should be.
class DerivedUuidCheck final : public Sink {
public:
    /// `first`: of the first reading, of the method nar.
    DerivedUuidCheck(HashType algorithm, const std::string& self, const AddressFacts& first);

    void write(std::string_view bytes) override;
    /// Throws Error (ErrorCode::io) when it was not the same tree. Empty when the tree has no such address.
    std::vector<AddressFound> finish();

private:
    Hash nar_hash_;  // of the first reading
    HashModulo modulo_;
    HashSink nar_;
};

}  // namespace reseal::store
