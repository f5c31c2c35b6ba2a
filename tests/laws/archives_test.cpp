// SPDX-License-Identifier: BSL-1.0
// The laws over archives: what holds for a file holds for a tree of files in a stream.
#include <doctest/doctest.h>

#include <map>
#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>

#include "laws/inputs.hpp"
#include "laws/ways.hpp"
#include "support/chunks.hpp"
#include "support/effort.hpp"
#include "support/image_builder.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"
#include "support/tree.hpp"

namespace reseal::archives_test {
using support::path_a;
using support::path_b;
using support::Rewritten;
using support::TarStyle;

namespace {

/// A tree of every twin, with links, of which one is longer than a tar header's field.
support::Node tree(bool b) {
    const std::string& path = b ? path_b : path_a;
    std::vector<support::Node> files;
    int number = 100;
    for (const support::NamedFile& file : support::twin_files()) {
        files.push_back(support::file(std::to_string(number), b ? file.b : file.a, number % 2 == 0));
        ++number;
    }
    return support::folder(
        "top", {support::folder("files", std::move(files)), support::link("link", path + "/lib"),
                support::link("long-link", path + "/" + std::string(120, 'l')), support::link("other", "/elsewhere"),
                support::file("text", "see " + path + "/bin\n" + path)});
}

std::map<std::string, std::string> archives(bool b) {
    return {{"nar", support::nar(tree(b))},
            {"ustar", support::tar(tree(b), TarStyle::ustar)},
            {"pax", support::tar(tree(b), TarStyle::pax)},
            {"gnu", support::tar(tree(b), TarStyle::gnu)}};
}

constexpr std::size_t chunks[] = {1, 2, 3, 7, 511, 513, 4095, 4096, 4097, 16384, 0};

/// Where each write ended.
struct Ends final : Sink {
    void write(std::string_view more) override {
        bytes += more;
        ends.push_back(bytes.size());
    }
    std::string bytes;
    std::vector<std::size_t> ends;
};

Options with_positions() {
    Options options;
    options.positions = options.edits = true;
    return options;
}

std::string pax_record(const std::string& key, const std::string& value) {
    std::size_t size = key.size() + value.size() + 3;
    while (std::to_string(size).size() + key.size() + value.size() + 3 != size) ++size;
    return std::to_string(size) + " " + key + "=" + value + "\n";
}

/// A link whose extended header has the one target, and whose own header the other.
std::string pax_link(const std::string& target, const std::string& field) {
    const std::string bytes = pax_record("linkpath", target);
    return support::tar_header(TarStyle::pax, "x", 'x', bytes.size()) + support::tar_padded(bytes) +
           support::tar_header(TarStyle::pax, "l", '2', 0, field) + std::string(1024, '\0');
}

}  // namespace

TEST_CASE("twin and chunking: an archive of the tree built with A becomes the archive of the tree built with B") {
    std::map<std::string, std::string> twins = archives(true);
    for (const auto& [name, stream] : archives(false)) {
        CAPTURE(name);
        Rewritten whole = support::rewrite(laws::a_to_b(), stream, with_positions());
        CHECK(whole.failure == "");
        CHECK(laws::same(whole.output, twins.at(name)));
        for (std::size_t chunk : chunks) {
            CAPTURE(chunk);
            CHECK((support::rewrite(laws::a_to_b(), stream, with_positions(), chunk) == whole));
        }
    }
}

TEST_CASE("twin: through the filter, in both directions") {
    std::map<std::string, std::string> twins = archives(true);
    for (const auto& [name, stream] : archives(false)) {
        CAPTURE(name);
        CHECK(laws::same(laws::write_filter(laws::a_to_b(), {stream}).output, twins.at(name)));
        CHECK(laws::same(laws::read_filter(laws::a_to_b(), {stream}).output, twins.at(name)));
    }
}

TEST_CASE("length: without a match an archive passes as it is") {
    Rules none({{"no such bytes anywhere", "no such bytes anywher!"}});
    for (const auto& [name, stream] : archives(false)) {
        CAPTURE(name);
        Rewritten out = support::rewrite(none, stream, {}, 1000);
        CHECK(laws::same(out.output, stream));
        CHECK(out.report.entries.empty());
        CHECK(out.report.findings.empty());
    }
}

TEST_CASE("the report names the files and links that were edited, and no others") {
    for (const auto& [name, stream] : archives(false)) {
        CAPTURE(name);
        Rewritten out = support::rewrite(laws::a_to_b(), stream);
        std::string top = name == "nar" ? "" : "top/";
        std::map<std::string, EntryReport> entries;
        for (const EntryReport& entry : out.report.entries) entries[entry.path] = entry;
        CHECK(entries.at(top + "link").substitutions == 1);
        CHECK(entries.at(top + "text").substitutions == 2);
        CHECK(entries.at(top + "files/100").substitutions > 0);
        CHECK(entries.count(top + "other") == 0);
        CHECK(entries.size() == support::twin_files().size() + 3);
    }
}

TEST_CASE("nothing matches across an entry's end, in framing, or between framing and contents") {
    std::string half = path_a.substr(0, path_a.size() / 2), rest = path_a.substr(path_a.size() / 2);
    support::Node split = support::folder("t", {support::file("a", half), support::file("b", rest)});
    Rules framing({{"contents", "CONTENTS"}, {"directory", "DIRECTORY"}, {"ustar", "USTAR"}, {"0000644", "0000755"}});
    for (const std::string& stream : {support::nar(split), support::tar(split, TarStyle::ustar)}) {
        CHECK(laws::same(support::rewrite(laws::a_to_b(), stream).output, stream));
        CHECK(laws::same(support::rewrite(framing, stream).output, stream));
    }
}

TEST_CASE("a rule that matches in a name refuses the entry, or leaves the name") {
    support::Node named =
        support::folder("t", {support::file("!", "text"), support::file(path_a.substr(11, 32), "see " + path_a)});
    Rules hash({{path_a.substr(11, 32), path_b.substr(11, 32)}});
    for (const std::string& stream : {support::nar(named), support::tar(named, TarStyle::ustar)}) {
        Rewritten refused = support::rewrite(hash, stream);
        CHECK(refused.report.findings.at(0).code == Code::name_matched);
        CHECK(refused.refused());
        CHECK(laws::same(refused.output, stream.substr(0, refused.output.size())));
        Options keep;
        keep.names = NamePolicy::keep;
        Rewritten kept = support::rewrite(hash, stream, keep);
        CHECK(kept.failure == "");
        std::string expected = stream;
        expected.replace(stream.rfind(path_a), path_a.size(), path_b.substr(0, 11) + path_b.substr(11, 32) + path_a.substr(43));
        CHECK(laws::same(kept.output, expected));
    }
}

TEST_CASE("a rule puts a NUL into a link's target, and the archive cannot be unpacked") {
    std::string cut = path_b;
    cut[20] = '\0';
    const Rules rules({{path_a, cut}});
    const support::Node root =
        support::folder("t", {support::file("a", path_a), support::link("l", "/x" + path_a), support::link("m", "/x")});
    for (const std::string& stream :
         {support::nar(root), support::tar(root, TarStyle::ustar), support::tar(root, TarStyle::pax)}) {
        Rewritten refused = support::rewrite(rules, stream);
        CHECK(refused.refused());
        REQUIRE(refused.report.findings.size() == 1);
        CHECK(refused.report.findings[0].code == Code::target_nul);
        CHECK(refused.report.findings[0].entry.ends_with("l"));
        CHECK(refused.report.findings[0].offset == 22);
        CHECK(refused.report.entries.at(1).status == EntryStatus::refused);
        CHECK(refused.output.size() < stream.find("/x" + path_a));
        CHECK((support::rewrite(rules, stream, {}, 100) == refused));
        Options hashed;
        hashed.nul_targets = true;
        Rewritten whole = support::rewrite(rules, stream, hashed);
        CHECK(whole.failure == "");
        CHECK(whole.output.find("/x" + cut) != std::string::npos);
        // In a file a NUL is a byte as any other.
        const std::string file = support::nar(support::file("", path_a));
        CHECK(support::rewrite(rules, file).failure == "");
    }
}

TEST_CASE("a rule is refused for a NUL that was in a link's target before") {
    const std::string old = std::string("/x\0", 3) + path_a, now = std::string("/x\0", 3) + path_b;
    const Rewritten out = support::rewrite(laws::a_to_b(), pax_link(old, "/x"));
    CHECK(out.failure == "");
    CHECK(laws::same(out.output, pax_link(now, "/x")));
    // One more is refused where it is.
    std::string cut = path_b;
    cut[20] = '\0';
    const Rewritten refused = support::rewrite(Rules({{path_a, cut}}), pax_link(old, "/x"));
    REQUIRE(refused.report.findings.size() == 1);
    CHECK(refused.report.findings[0].code == Code::target_nul);
    CHECK(refused.report.findings[0].offset == 23);
}

TEST_CASE("a link whose target stands in two forms is edited twice, or refused twice") {
    const std::string stream = pax_link("/\xc3\xa9" + path_a, "/?" + path_a);
    const Rewritten out = support::rewrite(laws::a_to_b(), stream, with_positions());
    CHECK(laws::same(out.output, pax_link("/\xc3\xa9" + path_b, "/?" + path_b)));
    CHECK(out.report.hits == std::vector<std::uint64_t>{1});
    REQUIRE(out.report.entries.size() == 1);
    CHECK(out.report.entries[0].substitutions == 1);
    CHECK(out.report.entries[0].positions == std::vector<std::uint64_t>{3});
    // What was replaced in the stream is more than what was replaced in the link.
    CHECK(out.report.edits == std::vector<Edit>{{stream.find(path_a), 0}, {stream.rfind(path_a), 0}});
    std::string cut = path_b;
    cut[20] = '\0';
    const Rewritten refused = support::rewrite(Rules({{path_a, cut}}), stream);
    REQUIRE(refused.report.findings.size() == 1);
    CHECK(refused.report.findings[0].offset == 23);
    // Where only the other form has it, that one counts.
    CHECK(support::rewrite(laws::a_to_b(), pax_link("/elsewhere", "/?" + path_a)).report.hits == std::vector<std::uint64_t>{1});
}

TEST_CASE("a rule that matches in a global header is passed by") {
    const auto global = [](const std::string& key, const std::string& value) {
        const std::string bytes = pax_record(key, value);
        return support::tar_header(TarStyle::pax, "g", 'g', bytes.size()) + support::tar_padded(bytes);
    };
    const std::string entry = support::tar_header(TarStyle::pax, "l", '2', 0, "/field") + std::string(1024, '\0');
    Options keep;
    keep.names = NamePolicy::keep;
    const Rewritten named = support::rewrite(laws::a_to_b(), global("path", path_a) + entry);
    REQUIRE(named.report.findings.size() == 1);
    CHECK(named.report.findings[0].code == Code::name_matched);
    CHECK(named.refused());
    const Rewritten kept = support::rewrite(laws::a_to_b(), global("path", path_a) + entry, keep);
    CHECK(kept.failure == "");
    CHECK(laws::same(kept.output, global("path", path_a) + entry));
    const std::string aimed = global("linkpath", "/x" + path_a) + entry;
    for (const Options& options : {Options(), keep}) {
        const Rewritten target = support::rewrite(laws::a_to_b(), aimed, options);
        REQUIRE(target.report.findings.size() == 1);
        CHECK(target.report.findings[0].code == Code::target_global);
        CHECK(target.report.findings[0].entry == "l");
        CHECK(target.report.findings[0].offset == 2);
        CHECK(target.report.entries.at(0).status == EntryStatus::refused);
        CHECK(target.refused());
    }
    // With a target of its own the link is not concerned, nor is any entry that is none.
    const std::string own = pax_record("linkpath", "/own");
    const std::string rest = support::tar_header(TarStyle::pax, "x", 'x', own.size()) + support::tar_padded(own) + entry;
    CHECK(support::rewrite(laws::a_to_b(), global("linkpath", path_a) + rest).failure == "");
}

TEST_CASE("an entry behind the end of a tape archive is passed on where it would be refused in front of it") {
    const std::string end(1024, '\0'), first = support::tar_header(TarStyle::ustar, "f", '0', 0) + end;
    const std::string program = support::twin_files().at(0).a;
    const std::string named = support::tar_header(TarStyle::ustar, path_a, '0', 0);
    const std::string cut = support::tar_header(TarStyle::ustar, "exe", '0', program.size()) +
                            program.substr(0, program.rfind(path_a) + path_a.size() + 1);
    const Rewritten name = support::rewrite(laws::a_to_b(), first + named + end);
    REQUIRE(name.report.findings.size() == 1);
    CHECK(name.report.findings[0].code == Code::name_matched);
    CHECK(name.refused());
    const Rewritten image = support::rewrite(laws::a_to_b(), first + cut);
    REQUIRE(image.report.findings.size() == 2);
    CHECK(image.report.findings[0].code == Code::truncated);
    CHECK(image.report.findings[1].code == Code::behind_archive);
    CHECK(image.refused());
}

TEST_CASE("once failed: an archive cut short fails, and what came out is a prefix of the whole output") {
    for (const auto& [name, stream] : archives(false)) {
        CAPTURE(name);
        std::string whole = support::rewrite(laws::a_to_b(), stream).output;
        for (std::size_t size = 600; size < stream.size(); size += support::step(49999)) {
            CAPTURE(size);
            StringSink out;
            Rewriter rewriter(laws::a_to_b(), out);
            rewriter.write(std::string_view(stream).substr(0, size));
            CHECK_THROWS_AS(rewriter.finish(), Error);
            std::size_t at_failure = out.bytes.size();
            CHECK_THROWS_AS(rewriter.write("more"), Error);
            CHECK(out.bytes.size() == at_failure);
            CHECK(whole.starts_with(out.bytes));
            // Else `tar x` behind a pipe may succeed with a part of the entries.
            if (name != "nar" && !out.bytes.empty()) CHECK(out.bytes.size() % 512 != 0);
            for (std::size_t chunk : {1u, 4096u}) {
                StringSink again;
                Rewriter cut(laws::a_to_b(), again);
                for (std::size_t at = 0; at < size; at += chunk)
                    cut.write(std::string_view(stream).substr(at, std::min(chunk, size - at)));
                CHECK_THROWS_AS(cut.finish(), Error);
                CHECK(laws::same(again.bytes, out.bytes));
                CHECK((cut.report() == rewriter.report()));
            }
        }
    }
}

TEST_CASE("what comes out of a tape archive before it fails passes for a whole one") {
    const std::string first = support::tar_header(TarStyle::ustar, "a", '0', 3) + support::tar_padded("abc");
    const std::string named = support::tar_header(TarStyle::ustar, path_a.substr(1, 60), '0', 0), end(1024, '\0');
    std::string wrong = named;
    wrong[0] = 'x';
    const std::string ends_with_one_block = first + std::string(512, '\0');
    const std::string two = first + named + end, two_wrong = first + wrong + end, last = named + end;
    for (const std::string& stream : {two, two_wrong, first, ends_with_one_block, last}) {
        const Rules rules({{path_a.substr(1, 60), path_b.substr(1, 60)}});
        std::string whole;
        for (std::size_t chunk : chunks) {
            CAPTURE(chunk);
            Ends out;
            Rewriter rewriter(rules, out);
            CHECK_THROWS_AS(
                [&] {
                    for (std::string_view each : support::cut(stream, chunk == 0 ? stream.size() : chunk)) rewriter.write(each);
                    rewriter.finish();
                }(),
                Error);
            CHECK(rewriter.report().bytes_out == out.bytes.size());
            for (std::size_t each : out.ends) CHECK(each % 512 != 0);
            if (whole.empty()) whole = out.bytes;
            CHECK(laws::same(out.bytes, whole));
        }
        CHECK(laws::same(whole, stream.substr(0, whole.size())));
        CHECK(whole.size() == (stream == ends_with_one_block ? 1535u : stream.starts_with(first) ? 1023u : 0u));
    }
}

TEST_CASE("a write ends at the end of a block, which whoever gathers writes may take for a place to stop") {
    std::string stream = support::tar_header(TarStyle::ustar, "a", '0', 3) + support::tar_padded("abc") +
                         support::tar_header(TarStyle::ustar, "b", '0', 100'000) +
                         support::tar_padded(std::string(100'000, 'b'));
    stream += std::string(1024, '\0');
    for (std::size_t chunk : chunks) {
        Ends out;
        Rewriter rewriter(laws::a_to_b(), out);
        for (std::string_view each : support::cut(stream, chunk == 0 ? stream.size() : chunk)) rewriter.write(each);
        rewriter.finish();
        CHECK(laws::same(out.bytes, stream));
        for (std::size_t each : out.ends) CHECK((each % 512 != 0 || each == stream.size()));
    }
}

TEST_CASE("a sparse file with a match is refused by name, without one it passes") {
    std::string sparse =
        support::tar_header(TarStyle::gnu, "s", 'S', path_a.size()) + support::tar_padded(path_a) + std::string(1024, '\0');
    Rewritten out = support::rewrite(laws::a_to_b(), sparse);
    REQUIRE(out.refused());
    CHECK(out.report.findings.at(0).code == Code::sparse_edited);
    CHECK(out.report.findings.at(0).entry == "s");
    CHECK(laws::same(support::rewrite(Rules({{"nothing here", "nothing her!"}}), sparse).output, sparse));
}

TEST_CASE("bytes behind an archive pass unsearched, with a note") {
    std::string stream = support::nar(support::file("", "x")) + path_a;
    Rewritten out = support::rewrite(laws::a_to_b(), stream, {}, 50);
    CHECK(out.output == stream);
    REQUIRE(out.report.findings.size() == 1);
    CHECK(out.report.findings[0].code == Code::behind_archive);
}

TEST_CASE("what an older and longer tape archive left behind this one is an error") {
    const std::string whole = support::tar(support::file("f", path_a), TarStyle::ustar);
    const std::string stream =
        whole + support::tar_header(TarStyle::ustar, "stale", '0', 100'000) + path_a + std::string(3000, 'x');
    const Rewritten out = support::rewrite(laws::a_to_b(), stream);
    CHECK(out.failure == "");
    CHECK(out.output.size() == stream.size());
    REQUIRE(out.report.findings.size() == 1);
    CHECK(out.report.findings[0].code == Code::behind_archive);
    CHECK(out.report.findings[0].offset == stream.size());
    for (std::size_t chunk : chunks) CHECK((support::rewrite(laws::a_to_b(), stream, {}, chunk) == out));
}

TEST_CASE("an archive that is told to be plain is searched from end to end") {
    Options plain;
    plain.format = Format::plain;
    std::string stream = support::nar(support::folder("", {support::link("l", path_a)})) + path_a;
    CHECK(support::rewrite(laws::a_to_b(), stream, plain).report.hits.at(0) == 2);
}

TEST_CASE("a match that straddles a block, a page and a chunk at once is lost, or its page forgotten") {
    // The program's first byte stands anywhere in the stream: behind a header in a tape archive, behind names in a Nix archive.
    for (const std::size_t shift : {0u, 1u, 100u, 500u}) {
        CAPTURE(shift);
        const auto tree_of = [&](const std::string& path) {
            support::ImageSpec spec;
            spec.code_size = 60'000;
            for (const std::uint64_t end : {512u, 4096u, 8192u, 16384u, 32768u}) spec.plants.push_back({8192 + end - 20, path});
            return support::folder(
                "t", {support::file("a", std::string(shift, 'x')), support::file("b", support::build(spec).bytes)});
        };
        const support::Node a = tree_of(path_a), b = tree_of(path_b);
        const std::pair<std::string, std::string> both[] = {
            {support::nar(a), support::nar(b)}, {support::tar(a, TarStyle::ustar), support::tar(b, TarStyle::ustar)}};
        for (const auto& [stream, twin] : both) {
            const Rewritten whole = support::rewrite(laws::a_to_b(), stream, with_positions());
            CHECK(laws::same(whole.output, twin));
            // Cut right within each match too.
            const std::size_t program = stream.find("\xcf\xfa\xed\xfe");
            REQUIRE(program != std::string::npos);
            for (const std::uint64_t end : {512u, 4096u, 8192u, 16384u, 32768u}) {
                const std::string_view bytes = stream;
                const std::size_t at = program + 8192 + static_cast<std::size_t>(end);
                CHECK((support::rewrite(laws::a_to_b(), {bytes.substr(0, at), bytes.substr(at)}, with_positions()) == whole));
            }
            for (std::size_t chunk : chunks)
                CHECK((support::rewrite(laws::a_to_b(), stream, with_positions(), chunk) == whole));
        }
    }
}

TEST_CASE("what comes behind a refused program goes out, or a later one is not named") {
    support::ImageSpec good = support::with_path_in_code(path_a);
    const std::string bad = [&] {
        std::string bytes = support::build(good).bytes;
        bytes[5000] = static_cast<char>(bytes[5000] ^ 1);  // a page that was broken before
        return bytes;
    }();
    const std::string right = support::build(good).bytes;
    const support::Node root =
        support::folder("t", {support::file("1", right), support::file("2", bad), support::file("3", path_a),
                              support::file("4", bad), support::file("5", right)});
    for (const bool tape : {false, true}) {
        CAPTURE(tape);
        const std::string stream = tape ? support::tar(root, TarStyle::pax) : support::nar(root);
        const Rewritten out = support::rewrite(laws::a_to_b(), stream);
        CHECK(out.refused());
        CHECK(out.report.bytes_in == stream.size());
        const std::string top = tape ? "t/" : "";
        std::vector<std::string> refused;
        for (const Finding& finding : out.report.findings) {
            CHECK(finding.code == Code::stale_page);
            refused.push_back(finding.entry);
        }
        CHECK(refused == std::vector<std::string>{top + "2", top + "4"});
        std::map<std::string, EntryStatus> status;
        for (const EntryReport& entry : out.report.entries) status[entry.path] = entry.status;
        CHECK(status.at(top + "1") == EntryStatus::resealed);
        CHECK(status.at(top + "2") == EntryStatus::refused);
        CHECK(status.at(top + "3") == EntryStatus::substituted);
        CHECK(status.at(top + "5") == EntryStatus::resealed);
        // Of the first refused program the end is missing.
        CHECK(out.output.size() < stream.find(bad) + bad.size());
        for (std::size_t chunk : {1u, 513u, 4096u}) {
            const Rewritten cut = support::rewrite(laws::a_to_b(), stream, {}, chunk);
            CHECK((cut.report == out.report));
            CHECK(laws::same(cut.output, out.output));
        }
    }
}

TEST_CASE("honest: in an archive too a broken page that nothing touches stays as it is") {
    std::string program = support::build(support::with_path_in_code(path_a)).bytes;
    program[9000] = static_cast<char>(program[9000] ^ 1);
    for (const std::string& stream :
         {support::nar(support::file("", program)), support::tar(support::file("p", program), TarStyle::gnu)}) {
        Options reseal_stale;
        reseal_stale.stale = StalePolicy::reseal;
        const Rewritten out = support::rewrite(laws::a_to_b(), stream, reseal_stale);
        CHECK(out.failure == "");
        CHECK(out.output.find(program.substr(8900, 200)) != std::string::npos);
    }
}

}  // namespace reseal::archives_test
