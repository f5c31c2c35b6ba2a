// SPDX-License-Identifier: BSL-1.0
#include "laws/inputs.hpp"

#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/shapes.hpp"
#include "support/testdata.hpp"

namespace laws {
namespace {

using support::build;
using support::Image;
using support::ImageSpec;
using support::path_a;
using support::primary;

std::vector<TwinInput> make_twins() {
    std::vector<TwinInput> out;
    for (const support::NamedFile& file : support::twin_files()) out.push_back({{file.name, file.a, a_to_b(), {}}, file.b});
    reseal::Rules rules(reseal::parse_rules(support::testdata("a-to-b.rules"), "a-to-b.rules"));
    for (const std::string& path : support::testdata_files("a")) {
        std::string name = path.substr(2);
        out.push_back({{path, support::testdata(path), rules, {}}, support::testdata(std::string("b/").append(name))});
    }
    return out;
}

/// A rule that changes one byte of what stands at `at`, where its surroundings stand nowhere else.
reseal::Rules hit(const std::string& bytes, std::uint64_t at, std::size_t length) {
    std::string from = bytes.substr(at, length), to = from;
    to[length / 2] = static_cast<char>(to[length / 2] ^ 0x40);
    return reseal::Rules({{from, to}});
}

std::vector<Input> make_odd() {
    std::vector<Input> out;
    auto add = [&](const std::string& name, std::string bytes, reseal::Rules rules = a_to_b(), reseal::Options options = {}) {
        out.push_back({name, std::move(bytes), std::move(rules), std::move(options)});
    };
    ImageSpec plain = support::with_path_in_code(path_a);
    Image image = build(plain);
    auto changed = [&](auto change) {
        ImageSpec spec = plain;
        change(spec);
        return build(spec).bytes;
    };

    // refused
    auto cms = [](ImageSpec& s) {
        s.signature.blobs = {support::no_requirements(), support::bound_cms("certificates, " + path_a)};
    };
    add("CMS-signed", changed(cms));
    for (reseal::CmsPolicy policy : {reseal::CmsPolicy::adhoc, reseal::CmsPolicy::keep}) {
        reseal::Options options;
        options.cms = policy;
        add("CMS-signed, a path in the CMS blob", changed(cms), a_to_b(), options);
        add("CMS-signed, downgraded or unbound",
            changed([](ImageSpec& s) { s.signature.blobs = {support::no_requirements(), support::bound_cms("certificates")}; }),
            a_to_b(), options);
    }
    add("a stale page", support::poked(image.bytes, 4096, "X"));
    reseal::Options heal;
    heal.stale = reseal::StalePolicy::reseal;
    add("a stale page, to be resealed", support::poked(image.bytes, 4096, "X"), a_to_b(), heal);
    add("encrypted", changed([](ImageSpec& s) { s.cryptid = 1; }));
    add("two signatures", changed([](ImageSpec& s) { s.signature_commands = 2; }));
    add("pages of 8 KiB", changed([](ImageSpec& s) { primary(s).page_shift = 13; }));
    add("16 KiB pages on x86_64", changed([](ImageSpec& s) { primary(s).page_shift = 14, s.cputype = support::cpu_x86_64; }));
    add("an unknown hash", changed([](ImageSpec& s) { primary(s).hash_type = 9; }));
    add("a SuperBlob that is none", support::poked(image.bytes, image.signature, "\x01"));
    add("an edit in LC_CODE_SIGNATURE", image.bytes, hit(image.bytes, image.signature_command + 4, 8));
    add("an edit in the header", image.bytes, hit(image.bytes, 8, 12));
    add("an edit that unmakes the image", image.bytes, hit(image.bytes, 0, 5));
    add("an edit in a slot", image.bytes, hit(image.bytes, image.slot(1), 32));
    add("an edit in the SuperBlob's index", image.bytes, hit(image.bytes, image.signature, 20));
    for (std::uint64_t end :
         {image.commands_end + 5, std::uint64_t{10'000}, image.signature, image.signature + 5, image.trailer - 1})
        add(std::string("truncated at ").append(std::to_string(end)), image.bytes.substr(0, end));

    support::Fat fat = support::fat({image, build([&] {
                                         ImageSpec spec = plain;
                                         spec.cputype = support::cpu_x86_64;
                                         cms(spec);
                                         return spec;
                                     }())});
    add("fat, one slice of two refused", fat.bytes);
    add("fat, an edit in the table", fat.bytes, hit(fat.bytes, 8, 20));
    add("fat, an edit in the magic", fat.bytes, hit(fat.bytes, 0, 12));
    add("fat, truncated in a slice", fat.bytes.substr(0, fat.offsets[1] + 9000));
    add("fat, slices overlap", support::poked(fat.bytes, 8 + 8, support::be32(fat.offsets[1])));
    add("fat, slices overlap and the table is hit", support::poked(fat.bytes, 8 + 8, support::be32(fat.offsets[1])),
        hit(fat.bytes, 12, 12));

    add("fat, a slice that ends in its header",
        support::fat({{image.bytes.substr(0, 20), support::cpu_arm64}, {path_a, 1}}).bytes);
    add("fat, a slice that ends in its load commands",
        support::fat({{image.bytes.substr(0, image.rpath + 30), support::cpu_arm64}, {image.bytes, 1}}).bytes);

    // passed on
    add("unsigned", changed([](ImageSpec& s) { s.has_signature = false; }));
    add("load commands cut short", image.bytes.substr(0, image.commands_end - 1));
    add("a Mach-O magic and nothing else", image.bytes.substr(0, 4));
    add("text", std::string("see ") + path_a + "/bin and " + path_a.substr(0, 30) + path_a + path_a + "\n");
    add("a match at the very end", std::string("x") + path_a);
    add("nearly a match at the very end", std::string("x") + path_a.substr(0, path_a.size() - 1));
    add("nothing", "");
    add("no rules", image.bytes, reseal::Rules());
    add("rules that overlap and chain", std::string(3000, 'f').append("foooobarbazfoobarfoooo").append(5000, 'o'),
        reseal::Rules({{"foo", "bar"}, {"bar", "baz"}, {"fooo", "oooo"}, {"o", "f"}, {"zfoobarf", "12345678"}}));
    add("a swap", std::string("aaaabbbb").append(9000, 'a').append(9001, 'b'),
        reseal::Rules({{"aaaa", "bbbb"}, {"bbbb", "aaaa"}}));
    add("a Java class", support::poked(std::string(9000, 'j'), 0, std::string("\xca\xfe\xba\xbe\0\0\0\x34", 8)).append(path_a));
    add("a dyld shared cache", std::string("dyld_v1  arm64e").append(5000, 'c').append(path_a));
    return out;
}

}  // namespace

reseal::Rules a_to_b() { return reseal::Rules({{support::path_a, support::path_b}}); }

const std::vector<TwinInput>& twins() {
    static const std::vector<TwinInput> inputs = make_twins();
    return inputs;
}

const std::vector<Input>& odd() {
    static const std::vector<Input> inputs = [] {
        std::vector<Input> made = make_odd();
        for (Input& input : made) input.options.positions = input.options.edits = true;
        return made;
    }();
    return inputs;
}

std::vector<Input> all() {
    std::vector<Input> inputs(twins().begin(), twins().end());
    inputs.insert(inputs.end(), odd().begin(), odd().end());
    for (Input& input : inputs) input.options.positions = input.options.edits = true;
    return inputs;
}

}  // namespace laws
