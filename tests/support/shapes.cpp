// SPDX-License-Identifier: BSL-1.0
#include "support/shapes.hpp"

#include <algorithm>
#include <functional>
#include <initializer_list>

#include "config.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"

namespace support {

const std::string path_a = "/nix/store/4jv9ckzqzmvbxdn2ssmr7a5s0lwmpi1k-alpha-1.0";
const std::string path_b = "/nix/store/wd8hs1xrq0hfnl3yx6gcb9zkqv25ap7d-alpha-1.0";

namespace {

bool has_hashes(const Shape& shape) {
    const std::vector<DirectorySpec>& directories = shape.spec.signature.directories;
    return RESEAL_LIBCRYPTO || std::none_of(directories.begin(), directories.end(), [](const DirectorySpec& directory) {
               return directory.hash_type == 1 || directory.hash_type == 4;
           });
}

}  // namespace

ImageSpec with_path_in_code(const std::string& path) {
    ImageSpec spec;
    spec.rpath = path + "/lib";
    spec.plants = {
        {4096 + 100, path},                                // inside page 1
        {2 * 4096 + 300, path + "/bin:" + path + "/lib"},  // two in page 2
        {4 * 4096 - path.size() / 2, path},                // across pages 3 and 4 (and 16 KiB windows 0 and 1)
        {spec.code_size - path.size(), path},              // the last bytes before the signature
    };
    return spec;
}

std::vector<Shape> shapes(const std::string& path) {
    std::vector<Shape> out;
    const auto add = [&](const char* name, const std::function<void(ImageSpec&)>& change) {
        out.push_back({name, with_path_in_code(path)});
        change(out.back().spec);
    };
    const auto alternate = [](std::uint8_t hash_type, std::uint32_t n = 0) {
        DirectorySpec directory;
        directory.slot = slot_alternate + n;
        directory.hash_type = hash_type;
        return directory;
    };

    add("linker-signed", [](ImageSpec& s) {
        primary(s).flags = flag_adhoc | flag_linker_signed;
        primary(s).special_slots = 0;
    });
    add("x86_64", [](ImageSpec& s) { s.cputype = cpu_x86_64; });
    add("dylib", [](ImageSpec& s) { s.filetype = 6; });
    add("32 bit", [](ImageSpec& s) { s.wide = false, s.cputype = cpu_arm; });
    add("32 bit big-endian", [](ImageSpec& s) { s.wide = false, s.big_endian = true, s.cputype = cpu_ppc; });
    add("64 bit big-endian", [](ImageSpec& s) { s.big_endian = true, s.cputype = cpu_ppc64; });
    add("16 KiB pages", [](ImageSpec& s) { primary(s).page_shift = 14; });
    add("SHA-1", [](ImageSpec& s) { primary(s).hash_type = 1; });
    add("SHA-256 truncated", [](ImageSpec& s) { primary(s).hash_type = 3; });
    add("SHA-384", [](ImageSpec& s) { primary(s).hash_type = 4; });
    add("SHA-1 and SHA-256", [&](ImageSpec& s) {
        primary(s).hash_type = 1;
        s.signature.directories.push_back(alternate(2));
    });
    add("SHA-1, SHA-256 in 16 KiB pages, truncated, SHA-384", [&](ImageSpec& s) {
        primary(s).hash_type = 1;
        s.signature.directories.push_back(alternate(2));
        s.signature.directories.back().page_shift = 14;
        s.signature.directories.push_back(alternate(3, 1));
        s.signature.directories.push_back(alternate(4, 2));
    });
    for (std::uint32_t version : {0x20001U, 0x20100U, 0x20200U, 0x20300U, 0x20400U, 0x20500U, 0x20600U}) {
        static const char* const names[] = {"version 0x20001", "version 0x20100", "version 0x20200", "version 0x20300",
                                            "version 0x20400", "version 0x20500", "version 0x20600"};
        add(names[version == 0x20001 ? 0 : version >> 8 & 7], [&](ImageSpec& s) {
            primary(s).version = version;
            primary(s).hole = 5;
        });
    }
    add("flags 0, no CMS", [](ImageSpec& s) { primary(s).flags = 0; });
    add("runtime flag", [](ImageSpec& s) { primary(s).flags = flag_adhoc | flag_runtime, primary(s).version = 0x20500; });
    add("requirements and empty CMS", [](ImageSpec& s) { s.signature.blobs = {no_requirements(), empty_cms()}; });
    add("the path in every blob", [&](ImageSpec& s) {
        s.signature.blobs = {requirements("identifier " + path), entitlements("<plist>" + path + "</plist>"),
                             der_entitlements("der " + path),    constraint(8, "self " + path),
                             constraint(9, "parent " + path),    constraint(10, "responsible " + path),
                             constraint(11, "library " + path),  empty_cms()};
    });
    add("the path in every blob, two CodeDirectories", [&](ImageSpec& s) {
        s.signature.blobs = {requirements(path), entitlements(path), der_entitlements(path), empty_cms()};
        s.signature.directories.push_back(alternate(1));
    });
    add("blobs in reverse order", [&](ImageSpec& s) {
        s.signature.blobs = {requirements(path), entitlements(path), empty_cms()};
        s.signature.reversed = true;
    });
    add("index in reverse order", [&](ImageSpec& s) {
        s.signature.blobs = {requirements(path), entitlements(path), empty_cms()};
        s.signature.index_reversed = true;
    });
    add("the path in the gaps", [&](ImageSpec& s) {
        s.signature.blobs = {requirements(path), empty_cms()};
        s.signature.gap = "gap " + path;
    });
    add("stale padding that holds the path", [&](ImageSpec& s) {
        s.signature.padding = std::string("\xfa\xde\x0c\x02 stale ", 11) + path + std::string(100, '\x5a');
    });
    add("bytes behind the signature", [&](ImageSpec& s) { s.trailer = "payload " + path + " end"; });
    add("the path in the identifier and the team", [&](ImageSpec& s) {
        primary(s).identifier = "id." + path;
        primary(s).team = "team " + path;
    });
    add("__info_plist sealed by slot -1", [&](ImageSpec& s) { s.info_plist = "<plist>" + path + "</plist>"; });
    add("__info_plist, no slot -1", [&](ImageSpec& s) {
        s.info_plist = "<plist>" + path + "</plist>";
        primary(s).special_slots = 0;
    });
    add("slots -3 and -6 seal other files", [&](ImageSpec& s) { primary(s).seals = {{3, "CodeResources"}, {6, "koly"}}; });
    add("codeLimit64, codeLimit saturated", [](ImageSpec& s) { primary(s).limit_field = LimitField::wide_saturated; });
    add("codeLimit64, codeLimit zero", [](ImageSpec& s) { primary(s).limit_field = LimitField::wide_zero; });
    add("scatter", [](ImageSpec& s) { primary(s).scatter = {{2, 0}, {4, 2}}; });
    add("pre-encryption hashes that are equal",
        [](ImageSpec& s) { primary(s).version = 0x20500, primary(s).pre_encrypt = true; });
    add("linkage data", [](ImageSpec& s) { primary(s).version = 0x20600, primary(s).linkage = "linkage"; });
    add("a bare CodeDirectory", [](ImageSpec& s) { s.signature.bare = true; });
    add("code that ends with its page", [&](ImageSpec& s) {
        s.code_size = 5 * 4096;
        s.plants = {{4096, path}, {5 * 4096 - path.size(), path}};
    });
    add("code of less than a page", [&](ImageSpec& s) {
        s.code_size = 2000;
        s.plants = {{1500, path}};
    });
    add("some 50 pages", [&](ImageSpec& s) {
        s.code_size = 200'000;
        s.plants.resize(3);
        s.plants.push_back({16384 * 7 - 10, path});
        s.plants.push_back({150'000, path});
    });
    std::erase_if(out, [](const Shape& shape) { return !has_hashes(shape); });
    return out;
}

std::vector<NamedFile> twin_files() {
    std::vector<NamedFile> out;
    std::vector<SliceSpec> all_a, all_b;
    for (const Shape& shape : shapes()) {
        const Image a = build(shape.spec), b = build(with_path(shape.spec, path_a, path_b));
        out.push_back({shape.name, a.bytes, b.bytes});
        all_a.emplace_back(a);
        all_b.emplace_back(b);
    }
    const auto some = [](const std::vector<SliceSpec>& all, std::initializer_list<std::size_t> which) {
        std::vector<SliceSpec> slices;
        for (std::size_t i : which) slices.push_back(all[i]);
        return slices;
    };
    const auto add = [&](const std::string& name, FatSpec spec, std::initializer_list<std::size_t> which) {
        spec.slices = some(all_a, which);
        Fat a = build(spec);
        spec.slices = some(all_b, which);
        out.push_back({name, a.bytes, build(spec).bytes});
    };
    FatSpec wide, reversed, trailing, dense;
    wide.wide = true;
    reversed.table_reversed = true;
    trailing.trailer = "behind the last slice";
    dense.align = 0;
    add("fat", {}, {0, 1});
    add("fat64", wide, {0, 1});
    add("fat, the table in reverse order", reversed, {1, 0, 3});
    add("fat, 16 KiB and 4 KiB pages", {}, {6, 1});
    add("fat, bytes behind the last slice", trailing, {0, 1});
    add("fat without alignment", dense, {1, 0});
    return out;
}

}  // namespace support
