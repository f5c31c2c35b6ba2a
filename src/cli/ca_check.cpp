// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>

#include "cli/ca.hpp"
#include "cli/message.hpp"
#include "fs/entry_place.hpp"
#include "fs/output_file.hpp"
#include "fs/read_whole.hpp"
#include "store/address_check.hpp"
#include "store/narinfo.hpp"

namespace reseal::cli {
namespace {

using store::StorePath;

/// What should be true of the tree, as far as it was said.
struct AddressClaim {
    std::string store_dir;
    std::optional<StorePath> path;
    std::optional<store::ContentAddress> address;
    std::optional<std::vector<StorePath>> references;  // besides itself
    std::optional<bool> self_declared;                 // by a .narinfo, which knows
    std::optional<store::Hash> nar_hash;
    std::uint64_t nar_size = 0;
    store::Method method = store::Method::nar;
    HashType algorithm = HashType::sha256;
};

std::optional<StorePath> named(const std::string& path) {
    try {
        return store::parse_store_path(path.substr(path.rfind('/') + 1));
    } catch (const Error&) {
        return {};
    }
}

AddressClaim claim_of(const CaArguments& a) {
    AddressClaim claim;
    if (const std::string defect = store::store_dir_defect(a.store_dir); !defect.empty())
        throw Error(ErrorCode::misuse, defect, "--store-dir");
    claim.store_dir = a.store_dir;
    claim.path = named(a.path);
    claim.method = a.method;
    claim.algorithm = a.algorithm;
    if (!a.self.empty()) claim.path = store::parse_store_path(a.self + "-" + (a.name.empty() ? "x" : a.name));
    if (a.ca) claim.address = store::parse_content_address(*a.ca);
    if (!a.references.empty() || !claim.address) {
        claim.references.emplace();
        for (const std::string& each : a.references) claim.references->push_back(store::parse_store_path(each, a.store_dir));
    }
    if (a.narinfo) {
        const store::NarInfo info = store::parse_narinfo(fs::read_whole(*a.narinfo, store::max_narinfo_size), *a.narinfo);
        claim.store_dir = info.store_dir;
        claim.path = info.path;
        // One of reseal-1 has none: then it is the path that the address and the references have to give.
        if (!info.ca.empty()) claim.address = store::parse_content_address(info.ca);
        store::References references = store::split_references(info.path, info.references);
        claim.self_declared = references.self;
        claim.references = std::move(references.others);
        claim.nar_hash = info.nar_hash;
        claim.nar_size = info.nar_size;
    }
    if (claim.address) {
        claim.method = claim.address->method;
        claim.algorithm = claim.address->hash.type;
    }
    if (!claim.path)
        throw Error(ErrorCode::misuse, "its name is not that of a store path; --self HASHPART, or --narinfo, says what it is",
                    a.path);
    return claim;
}

/// Why this way does not give what was claimed; empty when it does.
std::string difference(const AddressClaim& claim, const store::AddressFacts& facts, const store::AddressFound& found) {
    if (claim.address && found.address != *claim.address)
        return "the content address is " + found.address.text() + ", not " + claim.address->text();
    if (!claim.references) return {};
    const store::References references{*claim.references, claim.self_declared.value_or(facts.self)};
    if (const std::string defect = store::address_defect(found.address, references); !defect.empty()) return defect;
    const StorePath path = store::content_path(claim.store_dir, claim.path->name, found.address, references);
    if (path == *claim.path) return {};
    return "the address and the references give " + path.in(claim.store_dir) + ", not " + claim.path->in(claim.store_dir);
}

void print(const CaArguments& a, const AddressClaim& claim, const store::AddressFacts& facts,
           const store::AddressFound& found) {
    const char* regime = found.positions ? "2.35" : "2.34";
    fs::OutputFile out("-");
    if (a.json) {
        const nlohmann::ordered_json json = {{"path", claim.path->in(claim.store_dir)},
                                             {"ca", found.address.text()},
                                             {"caScheme", name(found.scheme)},
                                             {"derivedUuids", found.derived_uuids},
                                             {"regime", regime},
                                             {"narHash", facts.nar_hash.sri()},
                                             {"narSize", facts.nar_size}};
        out.write(json.dump(2) + "\n");
    } else {
        out.write(a.path + ": " + found.address.text() + " holds (" + std::string(name(found.scheme)) +
                  (found.derived_uuids ? ", UUIDs derived" : "") +
                  (facts.self ? std::string(", Nix ") + (found.positions ? "2.35" : "2.17 to 2.34") : "") + ")\n");
    }
    out.commit();
}

/// The tree is read again, where that may find something.
std::vector<store::AddressFound> with_derived_uuids(const CaArguments& a, const AddressClaim& claim,
                                                    const store::AddressFacts& facts) {
    if (facts.nul_uuids.empty()) return {};
    store::DerivedUuidCheck check(claim.algorithm, claim.path->hash_part, facts);
    dump_nar(a.path, check);
    return check.finish();
}

}  // namespace

ExitStatus check_ca(const CaArguments& a) {
    const AddressClaim claim = claim_of(a);
    store::AddressCheck check(claim.method, claim.algorithm, claim.path->hash_part, a.path);
    dump_nar(a.path, check);
    const store::AddressFacts facts = check.finish();
    if (claim.nar_hash && (facts.nar_hash != *claim.nar_hash || facts.nar_size != claim.nar_size)) {
        message(a.path + ": the NAR hash is " + facts.nar_hash.sri() + " of " + std::to_string(facts.nar_size) +
                " bytes, not " + claim.nar_hash->sri() + " of " + std::to_string(claim.nar_size));
        return refused;
    }
    std::string why = facts.refusal;
    const auto holds = [&](const std::vector<store::AddressFound>& all) {
        for (const store::AddressFound& found : all) {
            if (a.scheme && *a.scheme != found.scheme && !found.both_schemes) continue;
            const std::string differs = difference(claim, facts, found);
            if (differs.empty() && found.not_derived.empty()) {
                print(a, claim, facts, found);
                return true;
            }
            if (differs.empty()) why = fs::entry_place(a.path, found.not_derived) + ": the UUID does not follow from the code";
            if (why.empty()) why = a.path + ": " + differs;
        }
        return false;
    };
    if (holds(facts.found) || (a.scheme != Scheme::nix && holds(with_derived_uuids(a, claim, facts)))) return complete;
    message(why);
    return refused;
}

}  // namespace reseal::cli
