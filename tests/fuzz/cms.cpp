// SPDX-License-Identifier: BSL-1.0
// CMS and provisioning profiles of any bytes: a value within its bounds, or a fault in words; and the same each time.
#include "diagnose/cms.hpp"

#include <algorithm>

#include "diagnose/profile.hpp"
#include "fuzz/feed.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace reseal;
    using diagnose::Reading;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const diagnose::CmsReading reading = diagnose::read_cms_contents(bytes);
    fuzz::require(reading.state != Reading::absent, "bytes that are absent");
    fuzz::require((reading.state == Reading::malformed) == !reading.fault.empty(),
                  "a fault without words, or words without one");
    const diagnose::Cms& cms = reading.cms;
    fuzz::require(cms.certificates.size() <= diagnose::max_cms_certificates, "more certificates than there may be");
    fuzz::require(cms.digests.size() <= diagnose::max_cms_digests, "more digests than there may be");
    fuzz::require(cms.cdhashes.size() <= diagnose::max_cms_digests, "more cdhashes than there may be");
    fuzz::require(!cms.has_signer || !cms.certificates.empty(), "a signer without a certificate");
    fuzz::require(!cms.attributes_hold || cms.has_signer, "attributes that nobody signed hold");
    fuzz::require(diagnose::read_cms_contents(bytes).cms.certificates == cms.certificates,
                  "CMS reads otherwise the second time");

    const diagnose::ProfileReading profile = diagnose::read_profile(bytes, "fuzzed");
    fuzz::require(profile.state != Reading::absent, "a profile that is absent");
    fuzz::require((profile.state == Reading::malformed) == !profile.fault.empty(), "a profile's fault without words");
    fuzz::require(profile.state != Reading::malformed || profile.fault.starts_with("fuzzed: "), "a fault without a file");
    fuzz::require(profile.state != Reading::read || reading.state == Reading::read, "a profile that is no CMS");
    for (const plist::Entry& each : profile.profile.entitlements.entries)
        if (each.value.as<std::string>())
            fuzz::require(diagnose::allows(profile.profile, each.key, each.value), "a profile does not allow what it lists");
    return 0;
}
