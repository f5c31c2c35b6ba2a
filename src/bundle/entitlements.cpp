// SPDX-License-Identifier: BSL-1.0
#include "bundle/entitlements.hpp"

#include <reseal/error.hpp>

#include "bundle/plist.hpp"
#include "macho/constants.hpp"
#include "macho/der_entitlements.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::bundle {
namespace {

constexpr std::size_t entitlements_header = 8;

void read_xml(Entitlements& found, std::string_view blob) {
    found.has_xml = blob.size() > entitlements_header;
    if (!found.has_xml) return;
    if (!plists_available()) {
        found.unread = true;
        return;
    }
    try {
        plist::Value value = parse_plist(blob.substr(entitlements_header), "entitlements");
        if (auto* dict = std::get_if<plist::Dict>(&value.it)) found.xml = std::move(*dict);
        else found.xml_fault = "entitlements: no dictionary";
    } catch (const Error& error) {
        found.xml_fault = error.what();
    }
}

void read_der(Entitlements& found, std::string_view blob) {
    found.has_der = blob.size() > entitlements_header;
    if (!found.has_der) return;
    macho::Parsed<plist::Dict> parsed = macho::parse_der_entitlements(blob);
    if (parsed) found.der = std::move(*parsed);
    else found.der_fault = parsed.defect().what;
}

}  // namespace

const plist::Dict* Entitlements::claimed() const {
    if (der) return &*der;
    return xml ? &*xml : nullptr;
}

bool Entitlements::differ() const { return xml && der && !(*xml == *der); }

Entitlements entitlements_of(const macho::SuperBlob& super, std::string_view signature) {
    Entitlements found;
    if (const macho::Blob* blob = super.find(macho::slot_entitlements)) read_xml(found, seal::slice(signature, blob->range));
    if (const macho::Blob* blob = super.find(macho::slot_der_entitlements))
        read_der(found, seal::slice(signature, blob->range));
    return found;
}

}  // namespace reseal::bundle
