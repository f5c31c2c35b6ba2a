// SPDX-License-Identifier: BSL-1.0
// Makes the seeds of the corpus, but those of `inside` and `cms` (meson.build says why): the same files each time. What a
// fuzzer finds is put beside them by hand. usage: make-seeds tests/fuzz/corpus
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/random.hpp"
#include "support/tree.hpp"

namespace {

using namespace support;

std::filesystem::path root;

void write(const std::string& target, const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(root / target);
    std::ofstream file(root / target / name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error("cannot write " + (root / target / name).string());
}

/// As fuzz::pick() reads it: options, and rules of 12 bytes that begin at these places of the payload.
std::string picks(std::uint8_t options, const std::vector<std::uint64_t>& at) {
    const std::uint8_t length = 12, flip_a_byte = 5;
    std::string out = integer(options, 1, true) + integer(at.size(), 1, true);
    for (std::uint64_t each : at) out += integer(each, 2, true) + integer(length - 1, 1, true) + integer(flip_a_byte, 1, true);
    return out;
}

/// For each target whose payload is a file.
void write_file(const std::string& name, const std::string& bytes, const std::vector<std::uint64_t>& at,
                std::uint8_t options = 0) {
    const std::string input = picks(options, at) + bytes;
    write("chunking", name, be32(0x01000205) + integer(7, 1, true) + input);
    write("length", name, input);
    write("parser", name, input);
}

/// The smallest program there is: less than a page of code.
ImageSpec small() {
    ImageSpec spec;
    spec.code_size = 560;
    return spec;
}

template <class Change>
Image small(Change change) {
    ImageSpec spec = small();
    change(spec);
    return build(spec);
}

void write_programs() {
    const Image thin = build(small());
    write_file("thin", thin.bytes, {500});
    write_file("untouched", thin.bytes, {});
    write_file("hit-in-header", thin.bytes, {4, 500});
    write_file("hit-in-load-command", thin.bytes, {thin.signature_command});
    write_file("hit-in-superblob", thin.bytes, {thin.signature + 4});
    write_file("hit-in-slots", thin.bytes, {thin.slot(0)});
    write_file("hit-in-identifier", thin.bytes, {thin.directories[0].identifier});
    write_file("stale", poked(thin.bytes, 480, "?"), {500});
    write_file("stale-resealed", poked(thin.bytes, 480, "?"), {500}, 4);
    write_file("truncated", thin.bytes.substr(0, thin.bytes.size() - 9), {500});
    write_file("two-pages", small([](ImageSpec& s) { s.code_size = 4500; }).bytes, {4090});
    write_file("pages-of-16-kib", small([](ImageSpec& s) { primary(s).page_shift = 14; }).bytes, {500});
    write_file("big-endian", small([](ImageSpec& s) { s.big_endian = true, s.wide = false, s.cputype = cpu_ppc; }).bytes,
               {500});
    write_file("unsigned", small([](ImageSpec& s) { s.has_signature = false; }).bytes, {500});
    write_file("encrypted", small([](ImageSpec& s) { s.cryptid = 1; }).bytes, {500});
    write_file("info-plist", small([](ImageSpec& s) { s.info_plist = "<plist>some text</plist>"; }).bytes, {350, 360, 500});
    auto two_directories = [](ImageSpec& s) {
        primary(s).hash_type = 1;
        s.signature.directories.push_back({.slot = slot_alternate, .hash_type = 4});
    };
    write_file("two-codedirectories", small(two_directories).bytes, {500});
    const Image blobs = small([](ImageSpec& s) {
        s.signature.blobs = {requirements("some text"), entitlements("some text"), der_entitlements("some text"), empty_cms()};
    });
    write_file("blobs", blobs.bytes, {blobs.blobs.at(2) + 8, blobs.blobs.at(5) + 8, blobs.blobs.at(7) + 7});
    const Image cms = small([](ImageSpec& s) { s.signature.blobs = {requirements("some text"), bound_cms("certificates")}; });
    for (std::uint8_t policy = 0; policy < 3; ++policy) write_file("cms-" + std::to_string(policy), cms.bytes, {500}, policy);
    const Image scatter = small([](ImageSpec& s) { s.code_size = 4500, primary(s).scatter = {{1, 0}, {1, 1}}; });
    write_file("scatter", scatter.bytes, {4000});
    const Image bare = small([](ImageSpec& s) { s.signature.bare = true; });
    write_file("bare", bare.bytes, {500});

    FatSpec fat;
    fat.slices = {build(small()), small([](ImageSpec& s) { s.cputype = cpu_x86_64; })};
    fat.align = 4;
    write_file("fat", build(fat).bytes, {560});
    write_file("fat-hit-in-table", build(fat).bytes, {9});
    fat.wide = fat.table_reversed = true;
    write_file("fat64", build(fat).bytes, {1000});
    fat.wide = false, fat.hidden_last = true;
    write_file("fat-hidden-slice", build(fat).bytes, {1000});
    write_file("text", "#!/nix/store/some/bin/sh\nexec /nix/store/some/bin/else\n", {2, 9});
    write_file("overlapping", "aaaaaaaaaaaaaaaaaaaaaaaabaaaaaaaaaaaab", {0, 20});
    write_file("java", std::string("\xca\xfe\xba\xbe\0\0\0\x34", 8) + "class of some kind", {10});
}

void write_descriptions() {
    Random random(1);
    for (int i = 0; i < 24; ++i) {
        std::string bytes(40 + 10 * static_cast<std::size_t>(i), '\0');
        for (char& byte : bytes) byte = static_cast<char>(random.next());
        bytes[0] = static_cast<char>(i % 3);
        write("seal", "random-" + std::to_string(i), bytes);
    }
    write("seal", "nothing", "");
}

/// For `demux`: format, chunk size, the stream.
void write_archives() {
    const Node tree = folder("top", {file("a", "text", true), folder("b", {file("c", std::string(520, 'c'))}),
                                     link("d", "/" + std::string(120, 'l'))});
    write("demux", "nar", std::string("\1\0\6", 3) + nar(tree));
    write("demux", "nar-of-a-link", std::string("\0\0\6", 3) + nar(link("", "target")));
    write("demux", "nar-and-more", std::string("\0\0\6", 3) + nar(file("", "x")) + "more");
    for (TarStyle style : {TarStyle::v7, TarStyle::ustar, TarStyle::pax, TarStyle::gnu})
        write("demux", "tar-" + std::to_string(static_cast<int>(style)), std::string("\2\2\0", 3) + tar(tree, style));
    const std::string sparse = tar_header(TarStyle::gnu, "s", 'S', 5) + tar_padded("bytes") + std::string(1024, '\0');
    write("demux", "tar-sparse", std::string("\2\2\0", 3) + sparse);
    Random random(2);
    for (int i = 0; i < 24; ++i) {
        std::string bytes(20 + 4 * static_cast<std::size_t>(i), '\0');
        for (char& byte : bytes) byte = static_cast<char>(random.next());
        bytes[0] = static_cast<char>(i % 3);
        bytes[3] = static_cast<char>(i % 4);  // what is damaged
        bytes[6] = 3;                         // a folder
        write("archive", "random-" + std::to_string(i), bytes);
    }
}

void write_rules() {
    write("rules", "plain", "/nix/store/a\t/nix/store/b\nfoo\tbar\n");
    write("rules", "comments", "# a comment\n\n#\tanother\n\\x23no\t\\x23ot\n");
    write("rules", "escapes", "a\\\\b\tc\\x09d\r\n\\x00\t\\xff\n");
    write("rules", "no-newline", "one\ttwo");
    write("rules", "unequal", "a\tbc\n");
    write("rules", "empty", "");
    write("rules", "empty-from", "\t\n");
    write("rules", "two-tabs", "a\tb\tc\n");
    write("rules", "bad-escape", "\\y\tab\n\\x4");
    write("rules", "twice", "aa\tbb\naa\tcc\n");
}

/// As the target reads them: options, then pairs, each prefix behind its length.
void write_texts() {
    const auto prefix = [](const std::string& text) { return integer(text.size(), 1, true) + text; };
    const auto head = [&](std::uint64_t wide, std::uint64_t boundary, std::uint64_t style, const std::string& to) {
        return integer(6, 1, true) + integer(wide, 1, true) + integer(boundary, 1, true) + integer(style, 1, true) +
               integer(0, 1, true) + integer(1, 1, true) + prefix("/old") + prefix(to) + prefix("/old/x") + prefix("/y");
    };
    write("text", "plain", head(0, 0, 0, "/new/place") + "/old/lib:/old/x/lib and /older\n");
    write("text", "boundary", head(0, 1, 0, "/n") + "-I/old /a/old /old/xx /old/x old/old");
    write("text", "exec", head(0, 0, 0, "/a b") + "#!/old/bin/python3 -u\nimport sys  # /old\n");
    write("text", "env", head(0, 0, 1, "/a b") + "#! /old/x/bin/perl -w\r\n/old\r\n");
    write("text", "exec-or-env", head(0, 0, 2, "/a '$") + "#!/old/bin/pypy3");
    write("text", "keep", head(0, 0, 3, "/a b") + "#!/old/bin/python3 -u\n");
    write("text", "wide",
          head(1, 0, 0, "/n") + std::string("x\0/\0o\0l\0d\0/\0\0/\0o\0l\0d\0\0\0/\0\0\0o\0\0\0l\0\0\0d\0\0\0", 38));
    write("text", "bytes", head(0, 0, 0, "/\xff") + "#!/old/\xfe\n\x80/old\xff");
    write("text", "no-text", head(0, 0, 0, "/n"));
}

/// As the target reads them: where it is cut, options, one pair, each prefix behind its length.
void write_relocations() {
    using namespace std::string_literals;
    const auto head = [](std::uint64_t padding, std::uint64_t tail, std::uint64_t wide, std::uint64_t boundary,
                         const std::string& to) {
        const std::string from = "/old/pfx_pfx";
        return integer(3, 2, true) + integer(padding, 1, true) + integer(tail, 1, true) + integer(wide, 1, true) +
               integer(boundary, 1, true) + integer(0, 1, true) + integer(from.size(), 1, true) + from +
               integer(to.size(), 1, true) + to;
    };
    const std::string list = "P=/old/pfx_pfx/a:/old/pfx_pfx/b:\0Z/old/pfx_pfx-x\0/old/pfx_pfx"s;
    const std::string wide = "/\0o\0l\0d\0/\0p\0f\0x\0_\0p\0f\0x\0/\0x\0\0\0\0/\0o\0l\0d\0/\0p\0f\0x\0_\0p\0f\0x\0\0"s;
    for (std::uint64_t padding = 0; padding < 4; ++padding)
        write("relocate", "list-" + std::to_string(padding), head(padding, padding % 3, 0, 0, "/new") + list);
    write("relocate", "left", head(1, 0, 0, 0, "/new") + list);
    write("relocate", "longer", head(0, 0, 0, 0, "/much/longer/prefix") + list);
    write("relocate", "equal", head(3, 0, 0, 0, "/new/pfx_new") + list);
    write("relocate", "boundary", head(0, 0, 0, 1, "/new") + "/home/old/pfx_pfx -I/old/pfx_pfx /old/pfx_pfxx");
    write("relocate", "wide-slash", head(0, 0, 1, 0, "/new") + wide);
    write("relocate", "wide-nul", head(1, 1, 1, 0, "/new") + wide + list + wide);
    ImageSpec spec;
    spec.code_size = 6000;
    spec.rpath = "/old/pfx_pfx/lib";
    spec.plants = {{5000, "/old/pfx_pfx/share"}};
    write("relocate", "image", head(0, 0, 0, 0, "/new") + build(spec).bytes);
    write("relocate", "image-nul", head(1, 0, 0, 0, "/n") + build(spec).bytes);
    ImageSpec other = spec;
    other.cputype = cpu_x86_64;
    write("relocate", "fat", head(0, 0, 1, 0, "/new") + fat({build(spec), build(other)}).bytes);
}

void write_narinfos() {
    const std::string base = "q90l54failm8zmbsbw8x7pxhvhzrqpzp-two",
                      hash = "sha256:0c4ysadxbvhgpwm9gyc9g258k5mx2dikrb5wdx1fc5a2flw5596x";
    const std::string least = "StorePath: /nix/store/" + base + "\nURL: nar/x.nar\nNarHash: " + hash + "\nNarSize: 208\n";
    write("narinfo", "least", least);
    write("narinfo", "all",
          least + "Compression: xz\nFileHash: " + hash + "\nFileSize: 172\nReferences: " + base +
              " 12wigjpizrn8axaqxj288q1b751qmwya-a\nDeriver: 5lraq0xxbgj2qfy4v5d37nzca1j1clil-two.drv\nSig: test-1:AAAA\nSig: "
              "b:c\n" +
              "System: x86_64-linux\nCA: text:sha256:1nvjayjbvladswg4lxilw3akh543g57bgk6l80pszzg38gw24374\n");
    write("narinfo", "unknown-deriver", least + "Deriver: unknown-deriver\nReferences: \n");
    write("narinfo", "twice", least + least);
    write("narinfo", "cut", least.substr(0, least.size() - 1));
    write("narinfo", "nul", least + std::string("X: \0\n", 5));
    write("narinfo", "out", "URL: nar/../../x\n");
    write("narinfo", "empty", "");
}

/// For `records`: lines or not, the text.
void write_records() {
    const std::string python = std::string(1, '\0') + "#!/usr/bin/env python\n_prefix_records = [\n", lines(1, '\1');
    write("records", "conda-pack",
          python + "('bin/a', '/bld/_h_env_placehold', 'text'),\n(\"it's\", '/p', 'binary')\n]\n\nif x:\n");
    write("records", "literals", python + R"((b'\xff\101\q' rB"\x", u'/\u00e9\U0001F600\udcff' '\a\7', """te"""'xt',),# c
    \
    ]#)");
    write("records", "code", python + "('a', '/p', f('text')),]");
    write("records", "twice", python + "]\n_prefix_records = []");
    write("records", "out", python + "('../a', '/p', 'text')]");
    write("records", "cut", python + "('a', '/p");
    write("records", "empty", "");
    write("records", "lines", lines + "lib/a\n# c\n/bld/p text 'lib/b c'\n\"/b d\" binary lib/d\n");
    write("records", "lines-windows", lines + "C:\\b text Lib\\b\n");
    write("records", "lines-quote", lines + "'a\n");
}

/// For `metadata`: its kind, the text.
void write_metadata() {
    const auto kind = [](int which) { return std::string(1, static_cast<char>(which)); };
    const std::string digest(64, 'a');
    const std::string path =
        R"({"_path":"bin/a","path_type":"hardlink","file_mode":"text","prefix_placeholder":"/p","sha256":")" + digest +
        R"(","size_in_bytes":9,"x":[1.5,null],"shebang_length":4,"offsets":)" + R"([{"encoding":"utf-8","ranges":[5,7]}]})";
    const std::string link = R"({"_path":"a/./b","path_type":"softlink","no_link":true})";
    write("metadata", "paths", kind(0) + R"({"paths_version":1,"paths":[)" + path + "," + link + R"(],"more":{"y":"\u00e9"}})");
    write("metadata", "paths-version", kind(0) + R"({"paths_version":2,"paths":[]})");
    write("metadata", "paths-out", kind(0) + R"({"paths_version":1,"paths":[{"_path":"/a","path_type":"directory"}]})");
    write("metadata", "prefix-record",
          kind(1) + R"({"name":"a","version":"1","build":"0","subdir":"linux-64","files":["bin/a"],)" +
              R"("paths_data":{"paths":[)" + path + R"(,{"_path":"b","path_type":"new"}]},"link":null})");
    write("metadata", "memory",
          kind(2) + R"({"version":1,"platform":"osx","prefixes":[{"placeholder":"/p","at":"/q","pending":"/r"}],"files":[)" +
              R"({"path":"a\\xff","mode":"binary","pad":"nul","size":90,"sha256":")" + digest +
              R"(","offsets":[{"encoding":"utf-16-le","command":true,"ranges":[[1,5,9],[20,90]]}]},)" +
              R"({"path":"b","mode":"text","shebang":"#!/p/x\n","size":9,"sha256":")" + digest + R"("}],)" +
              R"("links":[{"path":"l","target":"/p"}]})");
    write("metadata", "index",
          kind(3) + R"({"name":"a","version":"1","build":"0","build_number":0,"noarch":"python","depends":[]})");
    write("metadata", "link",
          kind(4) + R"({"noarch":{"type":"python","entry_points":["a = b.c:d.e"]},"package_metadata_version":1})");
    write("metadata", "key-twice", kind(1) + R"({"name":"a","name":"a"})");
    write("metadata", "deep", kind(0) + std::string(70, '['));
    write("metadata", "empty", "");
}

/// For `log`: a program or a log, where it is asked or cut, the bytes.
void write_logs() {
    const auto text = [](std::uint64_t cut) { return integer(0, 1, true) + integer(cut, 2, true); };
    const std::string status =
        "CODE SIGNING: cs_invalid_page(0x104b00000): p=3[a] final status 0x23020200, denying page sending SIGKILL\n";
    const std::string page =
        "CODE SIGNING: process 3[a]: rejecting invalid page at address 0x104b00000 from offset 0x8000 in file \"/b/.../a\" "
        "(cs_mtime:17.5 != mtime:18.2) (signed:1 validated:1 tainted:1 nx:0 wpmapped:0 dirty:0 depth:2)\n";
    write(
        "log", "kernel",
        text(40) + status + page + "CODE SIGNING: a[3]: invalid initial page at offset 0 validated:1 tainted:1 csflags:0x1\n");
    write(
        "log", "errors",
        text(99) + "[ 1.5] proc 3: load code signature error 2 for file \"a\"\r\ncheck_signature[pid: 3]: error = 85\n" +
            "disallowing unsupported code signature page shift: 13\nmultiple hash=2 CodeDirectories in signature; rejecting\n" +
            "unable to validate security-critical blob: 1 [8|1]\nload_code_signature: embedded signature doesn't match "
            "attached "
            "signature\nCODESIGNING: can not re-validate a previously invalidated blob, reboot or create a new file.\n");
    write("log", "policy",
          text(30) +
              "AMFI: '/a' has no CMS blob?\nAMFI: hook..execve() killing a (pid 3): unsigned\nASP: Security policy would not "
              "allow process: 3, /a\nmac_vnode_check_signature: /a: code signature validation failed fatally\n");
    write("log", "json",
          text(20) + "{\"formatString\":\"AMFI: \",\"eventMessage\":\"AMFI: '\\/\\ud83d\\ude00\\u00e9' \\\"b\\\"\\n\"}\n");
    write(
        "log", "crash",
        text(60) +
            "Process: a [3]\nPath: /a\nCode Type: ARM-64 (Native)\nException Type: EXC_BAD_ACCESS (Code Signature Invalid)\n" +
            "Exception Codes: 0x32, 0x104b08000\nTermination Reason: Namespace CODESIGNING, Code 0x2\nBinary Images:\n" +
            " 0x104b00000 - 0x104b0ffff +a (0) <1> /a/b\n" + status);
    write("log", "no-log", text(7) + std::string("\0\n\r\n\xff CODE SIGNING: \n", 21));
    write("log", "empty", "");
    const auto asked = [](std::uint64_t offset) { return integer(1, 1, true) + integer(offset, 2, true); };
    ImageSpec spec = small();
    spec.code_size = 4500;
    spec.plants = {{4200, std::string("\0/a/path/there\0", 15)}};
    const Image image = build(spec);
    write("log", "program", asked(4205) + image.bytes);
    write("log", "program-stale", asked(4300) + poked(image.bytes, 4200, "?"));
    write("log", "program-fat", asked(16384 + 600) + fat({image}).bytes);
    write("log", "program-cut", asked(100) + image.bytes.substr(0, image.signature + 40));
}

/// For `report`: whether it is a report or a log, the text.
void write_reports() {
    const auto report = [](const std::string& body) {
        return integer(1, 1, true) + R"({"app_name":"a","bug_type":"309"})" + "\n" + body;
    };
    const std::string image = R"({"source":"P","arch":"arm64e","base":4096,"size":65536,"path":"\/b\/a"})";
    write("report", "invalid-page",
          report(R"json({"pid":3,"cpuType":"ARM-64","procName":"a","procPath":"\/b\/a","codeSigningFlags":587334144,)json"
                 R"json("exception":{"codes":"0x32, 0x2000","type":"EXC_BAD_ACCESS",)json"
                 R"json("signal":"SIGKILL (Code Signature Invalid)"},)json"
                 R"json("termination":{"code":2,"namespace":"CODESIGNING","indicator":"Invalid Page"},"usedImages":[)json" +
                 image + "]}\n"));
    write("report", "constraint", report(R"({"procPath":"/a","termination":{"namespace":"CODESIGNING","code":4}})"));
    write("report", "segment", report(R"({"procName":"\u001b[31m","exception":{"subtype":"at 0x1","signal":"SIGSEGV"}})"));
    write("report", "other-kind", report(R"({"uptime":1})"));
    write("report", "cut", report(R"({"pid":3,"exception":{)"));
    write("report", "deep", report(R"({"exception":)" + std::string(70, '[') + "}"));
    write("report", "no-report", integer(1, 1, true) + "{\"a\":1}\n{}");
    write("report", "log",
          integer(0, 1, true) + "CODE SIGNING: cs_invalid_page(0x1000): p=3[a\x1b] final status 0x23020200, denying page\n" +
              "proc 3: load code signature error 2 for file \"/\x07\"\nAMFI: '/a' has no CMS blob?\n");
}

/// For `view`: programs.
void write_views() {
    const std::string der = std::string("\x70\x0d\x02\x01\x01\xb0\x08\x30\x06\x0c\x01") + "a" + "\x01\x01\xff";
    const Image all = small([&](ImageSpec& s) {
        s.signature.blobs = {requirements("text"),     entitlements("<plist version=\"1.0\"><dict/></plist>"),
                             der_entitlements(der),    constraint(8, der),
                             constraint(11, "no DER"), bound_cms("filler")};
        primary(s).version = 0x20600;
        primary(s).linkage = "linkage";
        primary(s).team = "TEAM";
        primary(s).identifier = "\x1b[31m<&>";
    });
    write("view", "all", all.bytes);
    write("view", "all-stale", poked(all.bytes, 300, "?"));
    write("view", "all-cut", all.bytes.substr(0, all.blobs.at(8) + 5));
    write("view", "no-magic", poked(all.bytes, all.blobs.at(5), "x"));
    write("view", "too-many-slots", poked(all.bytes, all.blobs.at(0) + 28, be32(0x7fffffff)));
    write("view", "too-many-blobs", poked(all.bytes, all.signature + 8, be32(0xffffffff)));
    write("view", "blob-twice", poked(all.bytes, all.signature + 20, be32(0)));
    write("view", "pages", build(ImageSpec{}).bytes);
    write("view", "fat", fat({small([](ImageSpec& s) { s.info_plist = "<plist/>"; }), all}).bytes);
    write("view", "scatter", small([](ImageSpec& s) {
                                 s.code_size = 4 * 4096;
                                 primary(s).scatter = {{1, 1}, {1, 3}};
                             }).bytes);
    write("view", "unsigned", small([](ImageSpec& s) { s.has_signature = false; }).bytes);
    write("view", "empty", "");
}

/// The smallest ELF file with an interpreter.
std::string small_elf(const std::string& interpreter) {
    const auto u16 = [](std::uint64_t value) { return integer(value, 2, false); };
    const auto u32 = [](std::uint64_t value) { return integer(value, 4, false); };
    const auto u64 = [](std::uint64_t value) { return integer(value, 8, false); };
    std::string out = "\x7f" + std::string("ELF\2\1\1") + std::string(9, '\0') + u16(3) + u16(62) + u32(1);
    out += u64(0) + u64(64) + u64(0) + u32(0) + u16(64) + u16(56) + u16(1) + u16(0) + u16(0) + u16(0);
    out += u32(3) + u32(4) + u64(120) + u64(120) + u64(0) + u64(interpreter.size() + 1) + u64(interpreter.size() + 1) + u64(1);
    return out + interpreter + '\0';
}

/// How long the new prefix is, and a program.
void write_linkage() {
    const auto program = [](std::uint64_t gap, bool big) {
        return small([&](ImageSpec& s) {
            s.rpath = "@P@/lib/x";
            s.header_gap = gap;
            if (big) s.big_endian = true, s.wide = false, s.cputype = cpu_ppc;
        });
    };
    const auto put = [](const std::string& name, std::uint8_t length, const std::string& bytes) {
        write("linkage", name, integer(length, 1, true) + bytes);
    };
    const Image roomy = program(64, false);
    put("grows", 20, roomy.bytes);
    put("shrinks", 0, roomy.bytes);
    put("full", 200, roomy.bytes);
    put("no-gap", 20, program(0, false).bytes);
    put("big-endian", 20, program(64, true).bytes);
    put("fat", 20, fat({roomy}).bytes);
    put("truncated", 20, roomy.bytes.substr(0, roomy.commands_end + 10));
    put("stale", 20, poked(roomy.bytes, roomy.commands_end + 70, "?"));
    put("elf", 0, small_elf("@P@/ld.so"));
    put("elf-too-long", 20, small_elf("@P@/ld.so"));
}

/// For `requirement`: its kind, the blob.
void write_requirements() {
    const auto kind = [](int which) { return std::string(1, static_cast<char>(which)); };
    const auto data = [](const std::string& bytes) {
        return be32(bytes.size()) + bytes + std::string((4 - bytes.size() % 4) % 4, '\0');
    };
    const auto one = [](const std::string& expression) { return blob(0xfade0c00, be32(1) + expression); };
    const std::string oid = "\x2a\x86\x48\x86\xf7\x63\x64\x06\x01\x0d";
    const std::string developer_id =
        one(be32(6) + be32(6) + be32(6) + be32(2) + data("com.example.app") + be32(15) + be32(14) + be32(1) + data(oid) +
            be32(0) + be32(11) + be32(0) + data("subject.OU") + be32(1) + data("7F"));
    write("requirement", "developer-id", kind(0) + developer_id);
    write("requirement", "or-and-not",
          kind(0) + one(be32(6) + be32(7) + be32(0) + be32(9) + be32(3) + be32(8) + data("\xab\xcd")));
    write("requirement", "dates", kind(0) + one(be32(22) + be32(0) + data(oid) + be32(13) + be64(644328000)));
    write("requirement", "matches",
          kind(0) + one(be32(7) + be32(10) + data("a.b") + be32(3) + data("\"c\\") + be32(16) + data("d") + be32(14)));
    write("requirement", "later", kind(0) + one(be32(0x40000063) + data("x") + be32(0x80000064) + data("")));
    write("requirement", "cut", kind(0) + developer_id.substr(0, 60));
    write("requirement", "set",
          kind(1) + blob(0xfade0c01, be32(2) + be32(3) + be32(28) + be32(1) + be32(44) + one(be32(3)) + one(be32(1))));
    write("requirement", "set-of-none", kind(1) + blob(0xfade0c01, be32(0)));
    const std::string pair = std::string("\x30\x06\x0c\x01") + "a" + "\x01\x01\xff";
    write("requirement", "der", kind(2) + blob(0xfade7172, "\x70\x0d\x02\x01\x01\xb0\x08" + pair));
    write("requirement", "der-deep",
          kind(2) + blob(0xfade7172, "\x70\x16\x02\x01\x01\xb0\x11\x30\x0f\x0c\x01z\x30\x0a\xb0\x08" + pair));
    write("requirement", "der-set", kind(2) + blob(0xfade7172, "\x31\x08" + pair));
    write("requirement", "der-none", kind(2) + blob(0xfade7172, ""));
}

/// For `coderesources`: the length of a path, the path, the list.
void write_code_resources() {
    auto list = [](const std::string& files, const std::string& rules) {
        return "<plist><dict><key>files2</key><dict>" + files + "</dict><key>rules2</key><dict>" + rules +
               "</dict></dict></plist>";
    };
    auto seed = [](const std::string& name, const std::string& path, const std::string& bytes) {
        write("coderesources", name, integer(path.size(), 1, true) + path + bytes);
    };
    const std::string hash =
        "<dict><key>hash2</key><data>" + std::string(43, 'A') + "=</data><key>optional</key><true/></dict>";
    const std::string rules =
        "<key>^.*</key><true/><key>.*\\.dSYM($|/)</key><dict><key>weight</key><real>11</real></dict><key>^(.*/)?\\.DS_Store$</"
        "key>"
        "<dict><key>omit</key><true/><key>weight</key><integer>2000</integer></dict><key>^[^/]+$</key><dict><key>nested</key>"
        "<true/></dict><key>^(A|B+|C?)*/</key><false/>";
    seed("usual", "a.dSYM/x",
         list("<key>a</key>" + hash + "<key>b</key><dict><key>symlink</key><string>a</string></dict>", rules));
    seed("nested", "B/.DS_Store",
         list("<key>F.framework</key><dict><key>cdhash</key><data>" + std::string(27, 'A') +
                  "=</data><key>requirement</key><string>identifier \"x\" and (anchor apple generic or cdhash H\"" +
                  std::string(40, '0') + "\") and ! certificate leaf[subject.OU] = A /* exists */</string></dict>",
              rules));
    seed("odd-entries", "a",
         list("<key>a</key><true/><key>b</key><dict/><key>c</key><data>AAAA</data><key>d</key><dict><key>requirement</key>"
              "<string>( identifier</string></dict>",
              "<key>a{2}</key><true/><key>[b-</key><true/><key>c</key><string/><key>(((</key><true/>"));
    seed("old", "x",
         "<plist><dict><key>files</key><dict><key>a</key><data>" + std::string(27, 'A') +
             "=</data></dict><key>rules</key><dict><key>^</key><true/></dict></dict></plist>");
    seed("no-rules", "", "<plist><dict><key>files2</key><dict/></dict></plist>");
}

void write_plists() {
    const auto xml = [](const std::string& value) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
               "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n" +
               value + "\n</plist>\n";
    };
    write("plist", "all",
          xml("<dict><key>a</key><array><true/><integer>-42</integer><real>1.5</real></array><key>b &amp;</key>"
              "<string>x<![CDATA[<y>]]>&#228;</string><!-- c --><key>d</key><data>AAEC\n/w==</data>"
              "<key>e</key><date>2021-06-01T12:00:00Z</date><key>f</key><dict/></dict>"));
    write("plist", "twice", xml("<dict><key>a</key><true/><key>a</key><false/></dict>"));
    write("plist", "deep", xml("<array><array><array><array><string/></array></array></array></array>"));
    write("plist", "cut", xml("<dict><key>a</key>"));
    write("plist", "empty", "");
    const auto binary = [](const std::vector<std::string>& objects) {
        std::string out = "bplist00", table;
        for (const std::string& each : objects) table += static_cast<char>(out.size()), out += each;
        const std::size_t at = out.size();
        return out + table + std::string(6, '\0') + "\1\1" + be64(objects.size()) + be64(0) + be64(at);
    };
    write("plist", "binary",
          binary({"\xd2\1\2\3\4", "\x51\x61", std::string("\x61\0\xe4", 3), std::string("\xa3\5\6\7"), "\x09", "\x10\x2a",
                  "\x42xy", std::string("\x33\x41\xc3\x30\x37\xe0\0\0\0", 9)}));
    write("plist", "binary-within-itself", binary({std::string("\xa1\0", 2)}));
    write("plist", "binary-doubled", binary({"\xa2\1\1", "\xa2\2\2", "\xa2\3\3", "\x08"}));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    root = argv[1];
    write_programs();
    write_descriptions();
    write_archives();
    write_rules();
    write_texts();
    write_narinfos();
    write_relocations();
    write_linkage();
    write_plists();
    write_code_resources();
    write_records();
    write_requirements();
    write_metadata();
    write_logs();
    write_reports();
    write_views();
}
