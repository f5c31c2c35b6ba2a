// SPDX-License-Identifier: BSL-1.0
#include "built_bundle.hpp"

#include <filesystem>
#include <fstream>

#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/plain_sha.hpp"

namespace support {
namespace {

namespace stdfs = std::filesystem;

const std::string apples_rules = R"(<key>^.*</key><true/>
<key>.*\.dSYM($|/)</key><dict><key>weight</key><real>11</real></dict>
<key>^(.*/)?\.DS_Store$</key><dict><key>omit</key><true/><key>weight</key><real>2000</real></dict>
<key>^(Frameworks|SharedFrameworks|PlugIns|Plug-ins|XPCServices|Helpers|MacOS|Library/(Automator|Spotlight|LoginItems))/</key>
<dict><key>nested</key><true/><key>weight</key><real>10</real></dict>
<key>^Info\.plist$</key><dict><key>omit</key><true/><key>weight</key><real>20</real></dict>
<key>^PkgInfo$</key><dict><key>omit</key><true/><key>weight</key><real>20</real></dict>
<key>^Resources/</key><dict><key>weight</key><real>20</real></dict>
<key>^Resources/.*\.lproj/</key><dict><key>optional</key><true/><key>weight</key><real>1000</real></dict>
<key>^[^/]+$</key><dict><key>nested</key><true/><key>weight</key><real>10</real></dict>)";

const std::string flat_rules = R"(<key>^.*</key><true/><key>^Info\.plist$</key><dict><key>omit</key><true/>
<key>weight</key><real>20</real></dict>
<key>^(.*/)?\.DS_Store$</key><dict><key>omit</key><true/><key>weight</key><real>2000</real></dict>)";

const std::string first_rules = "<key>^Resources/</key><true/><key>^version.plist$</key><true/>";

void write(const stdfs::path& path, const std::string& bytes) {
    stdfs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else out += c;
    }
    return out;
}

std::string hex(const std::string& bytes) {
    std::string out;
    for (const char c : bytes) {
        out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::string data(const std::string& bytes) { return "<data>" + base64(bytes) + "</data>"; }

std::vector<std::string> cdhashes_of(const Image& image, const ImageSpec& spec) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < image.directories.size(); ++i) {
        const BuiltDirectory& each = image.directories[i];
        all.push_back(
            plain_hash(spec.signature.directories[i].hash_type, image.bytes.substr(each.at, each.length)).substr(0, 20));
    }
    return all;
}

std::string asked_of(const std::vector<std::string>& cdhashes) {
    std::string text;
    for (const std::string& each : cdhashes) text.append(text.empty() ? "" : " or ").append("cdhash H\"" + hex(each) + "\"");
    return text;
}

/// What a bundle says in its list of the code in it.
std::string nested_entry(const std::string& name, const std::vector<std::string>& cdhashes, const std::string& requirement) {
    return "<key>" + escaped(name) + "</key><dict><key>cdhash</key>" + data(cdhashes.front()) +
           "<key>requirement</key><string>" + escaped(requirement.empty() ? asked_of(cdhashes) : requirement) +
           "</string></dict>\n";
}

std::string list_of(const BundleSpec& spec, const std::map<std::string, std::string>& files, const std::string& nested) {
    std::string first, second;
    for (const auto& [name, bytes] : files) {
        first += "<key>" + escaped(name) + "</key>" + data(plain_sha1(bytes)) + "\n";
        second += "<key>" + escaped(name) + "</key><dict><key>hash</key>" + data(plain_sha1(bytes)) + "<key>hash2</key>" +
                  data(plain_sha256(bytes)) + "</dict>\n";
    }
    for (const auto& [name, target] : spec.links)
        second += "<key>" + escaped(name) + "</key><dict><key>symlink</key><string>" + escaped(target) + "</string></dict>\n";
    const std::string rules = !spec.rules.empty()                     ? spec.rules
                              : spec.shape == BundleSpec::Shape::flat ? flat_rules
                                                                      : apples_rules;
    std::string list = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>\n<key>files</key><dict>\n" +
                       first + (spec.version == 1 ? spec.more_entries : "") + "</dict><key>rules</key><dict>" +
                       (spec.version == 1 && !spec.rules.empty() ? spec.rules : first_rules) + "</dict>\n";
    if (spec.version == 2)
        list += "<key>files2</key><dict>\n" + second + nested + spec.more_entries + "</dict><key>rules2</key><dict>" + rules +
                "</dict>\n";
    return list + "</dict></plist>\n";
}

ImageSpec program_spec(const BundleSpec& spec, std::uint32_t processor, const std::string& information,
                       const std::string& list) {
    ImageSpec image;
    image.code_size = 4096 + 700;
    image.cputype = processor;
    image.has_signature = spec.is_signed;
    if (spec.section) image.info_plist = information;
    image.signature.blobs = {no_requirements(), spec.certified ? bound_cms("somebody") : empty_cms()};
    image.signature.directories.clear();
    for (const std::uint8_t type : spec.hash_types) {
        DirectorySpec directory;
        directory.slot = image.signature.directories.empty()
                             ? 0
                             : slot_alternate + static_cast<std::uint32_t>(image.signature.directories.size()) - 1;
        directory.hash_type = type;
        directory.flags = spec.flags;
        directory.identifier = "org.example." + spec.program;
        if (spec.sealed) directory.seals = {{1, information}, {3, list}};
        image.signature.directories.push_back(directory);
    }
    return image;
}

}  // namespace

std::string base64(const std::string& bytes) {
    static const char* const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0);
        for (std::size_t i = 0; i < 4; ++i) out += i <= count ? digits[group >> (18 - 6 * i) & 63] : '=';
    }
    return out;
}

std::string base_of(const BundleSpec& spec) {
    switch (spec.shape) {
        case BundleSpec::Shape::deep: return "Contents/";
        case BundleSpec::Shape::versioned: return "Versions/A/";
        case BundleSpec::Shape::flat: break;
    }
    return "";
}

std::string info_plist_of(const BundleSpec& spec) {
    return base_of(spec) + (spec.shape == BundleSpec::Shape::versioned ? "Resources/Info.plist" : "Info.plist");
}

std::string program_of(const BundleSpec& spec) {
    return base_of(spec) + (spec.shape == BundleSpec::Shape::deep ? "MacOS/" : "") + spec.program;
}

BundleSpec framework() {
    BundleSpec spec;
    spec.shape = BundleSpec::Shape::versioned;
    spec.name = "Part.framework";
    spec.program = "Part";
    spec.files = {{"Resources/part.txt", "of a part"}};
    spec.links = {};
    return spec;
}

BundleSpec flat_application() {
    BundleSpec spec;
    spec.shape = BundleSpec::Shape::flat;
    spec.files = {{"a.txt", "some text"}, {"sub/b.bin", std::string("\0\1\2", 3)}};
    spec.links = {{"sub/link", "../a.txt"}};
    return spec;
}

BundleSpec whole_application() {
    BundleSpec spec;
    spec.processors = {cpu_x86_64, cpu_arm64};
    spec.hash_types = {1, 2};
    spec.files["Resources/en.lproj/words.strings"] = "words";
    spec.files["Resources/empty"] = "";
    spec.loose = {{"Resources/.DS_Store", "x"}, {"PkgInfo", "APPL????"}};
    spec.bundles["Frameworks"] = framework();
    BundleSpec plug_in = flat_application();
    plug_in.name = "In.appex";
    plug_in.program = "In";
    spec.bundles["PlugIns"] = plug_in;
    ImageSpec library;
    library.filetype = 6;
    library.code_size = 900;
    spec.programs["Frameworks/lib.dylib"] = library;
    return spec;
}

SealedCode write_bundle(const std::string& folder, const BundleSpec& spec) {
    const std::string path = folder + "/" + spec.name, base = path + "/" + base_of(spec);
    std::map<std::string, std::string> files = spec.files;
    std::string nested;
    for (const auto& [where, inner] : spec.bundles) {
        const SealedCode code = write_bundle(base + where, inner);
        nested += nested_entry(where + "/" + inner.name, code.cdhashes, inner.requirement);
    }
    for (const auto& [name, program] : spec.programs) {
        const Image image = build(program);
        write(base + name, image.bytes);
        nested += nested_entry(name, cdhashes_of(image, program), "");
    }
    for (const auto& [name, bytes] : files) write(base + name, bytes);
    for (const auto& [name, bytes] : spec.loose) write(base + name, bytes);
    for (const auto& [name, target] : spec.links) {
        stdfs::create_directories(stdfs::path(base + name).parent_path());
        stdfs::create_symlink(target, base + name);
    }

    const std::string information = "<plist version=\"1.0\"><dict><key>CFBundleIdentifier</key><string>org.example." +
                                    spec.program + "</string><key>CFBundleExecutable</key><string>" + spec.program +
                                    "</string></dict></plist>\n";
    write(path + "/" + info_plist_of(spec), information);
    if (spec.shape == BundleSpec::Shape::versioned) {
        files["Resources/Info.plist"] = information;
        stdfs::create_symlink("A", path + "/Versions/Current");
        stdfs::create_symlink("Versions/Current/" + spec.program, path + "/" + spec.program);
        stdfs::create_symlink("Versions/Current/Resources", path + "/Resources");
    }
    const std::string list = list_of(spec, files, nested);
    if (spec.sealed) write(path + "/" + resources_of(spec), list);

    SealedCode code{path, {}};
    std::vector<SliceSpec> slices;
    for (const std::uint32_t processor : spec.processors) {
        const ImageSpec program = program_spec(spec, processor, information, list);
        const Image image = build(program);
        for (const std::string& each : cdhashes_of(image, program)) code.cdhashes.push_back(each);
        slices.emplace_back(image);
    }
    write(path + "/" + program_of(spec), slices.size() == 1 ? slices.front().bytes : fat(slices).bytes);
    return code;
}

}  // namespace support
