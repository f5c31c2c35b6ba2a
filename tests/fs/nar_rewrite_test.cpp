// SPDX-License-Identifier: BSL-1.0
// Rewriting while restoring: the tree built with A, dumped, rewritten and restored, is the tree built with B.
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/nar.hpp>
#include <reseal/rewriter.hpp>

#include "fs/folder.hpp"
#include "support/disk.hpp"
#include "support/shapes.hpp"
#include "support/tree.hpp"

namespace reseal::nar_rewrite_test {
using support::Folder;
using ::support::path_a;
using ::support::path_b;

namespace {

::support::Node tree(bool b) {
    const std::string& path = b ? path_b : path_a;
    std::vector<::support::Node> files;
    int number = 100;
    for (const ::support::NamedFile& file : ::support::twin_files()) {
        files.push_back(::support::file(std::to_string(number), b ? file.b : file.a, number % 2 == 0));
        ++number;
    }
    return ::support::folder("", {::support::folder("bin", std::move(files)), ::support::link("link", path + "/lib"),
                                  ::support::file("text", "see " + path + "/bin\n" + path)});
}

Rules a_to_b() { return Rules(std::vector<Rule>{{path_a, path_b}}); }

}  // namespace

TEST_CASE("twin: the tree built with A becomes the tree built with B on its way to the disk") {
    Folder scratch;
    ::support::put_on_disk(scratch / "a", tree(false));
    NarRestore restore(scratch / "b");
    Rewriter rewriter(a_to_b(), restore);
    dump_nar(scratch / "a", rewriter);
    rewriter.finish();
    restore.finish();
    CHECK(rewriter.report().entries.size() > 10);
    CHECK((::support::nar(::support::read_from_disk(scratch / "b")) == ::support::nar(tree(true))));
}

TEST_CASE("what is refused leaves no tree") {
    Folder scratch;
    const std::string stream = ::support::nar(
        ::support::folder("", {::support::file("first", "x"), ::support::folder("middle", {}), ::support::file("next", "x")}));
    {
        NarRestore restore(scratch / "out");
        Rewriter rewriter(Rules(std::vector<Rule>{{"middle", "muddle"}}), restore);
        rewriter.write(stream);
        CHECK_THROWS_AS(rewriter.finish(), Error);
        CHECK(scratch.names().size() == 1);
        CHECK_THROWS_AS(restore.finish(), Error);  // the stream broke off
        CHECK(scratch.names().empty());
    }
    CHECK(scratch.names().empty());
}

}  // namespace reseal::nar_rewrite_test
