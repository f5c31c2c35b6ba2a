// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bundles of the tests' own making, signed by a signer that shares nothing with what checks them: it seals what its
// description lists, by the rules that Apple's codesign writes.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/image_spec.hpp"

namespace support {

struct BundleSpec {
    enum class Shape { deep, flat, versioned };
    Shape shape = Shape::deep;
    std::string name = "Tool.app";
    std::string program = "Tool";
    std::map<std::string, std::string> files = {{"Resources/a.txt", "some text"}, {"Resources/sub/b.bin", "more"}};
    std::map<std::string, std::string> links = {{"Resources/link", "a.txt"}};
    std::map<std::string, std::string> loose = {};   ///< files that are there and not sealed
    std::map<std::string, BundleSpec> bundles = {};  ///< nested code, by the folder that it lies in: "Frameworks"
    std::map<std::string, ImageSpec> programs = {};  ///< nested code, by name: "Frameworks/lib.dylib"
    std::vector<std::uint32_t> processors = {cpu_arm64};
    std::vector<std::uint8_t> hash_types = {2};  ///< of the CodeDirectories
    int version = 2;                             ///< of the list: 1 has hashes of SHA-1 only
    bool sealed = true;                          ///< false: signed like a program alone
    std::uint32_t flags = flag_adhoc;
    bool certified = false;  ///< a CMS blob of no certificate, but bound
    bool is_signed = true;
    bool section = false;           ///< its Info.plist stands in the program too
    std::string rules = {};         ///< the dictionary's contents, instead of Apple's
    std::string more_entries = {};  ///< XML, behind those of `files2`
    std::string requirement = {};   ///< what a bundle around it asks of it, instead of its cdhashes
};

/// A deep application with two slices and two CodeDirectories that holds a framework, a library and a flat plug-in.
BundleSpec whole_application();
/// As iOS has it: frameworks are sealed file by file.
BundleSpec flat_application();
BundleSpec framework();

struct SealedCode {
    std::string path;                   ///< of the bundle's folder, or of the program
    std::vector<std::string> cdhashes;  ///< 20 bytes each
};

/// Makes the bundle in `folder`, with everything in it.
SealedCode write_bundle(const std::string& folder, const BundleSpec& spec);

/// Where in the bundle's folder its list, its Info.plist and its program are.
std::string base_of(const BundleSpec& spec);  ///< "" or with a slash behind it
std::string info_plist_of(const BundleSpec& spec);
std::string program_of(const BundleSpec& spec);
inline std::string resources_of(const BundleSpec& spec) { return base_of(spec) + "_CodeSignature/CodeResources"; }

std::string base64(const std::string& bytes);

}  // namespace support
