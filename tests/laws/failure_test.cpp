// SPDX-License-Identifier: BSL-1.0
// Law 7: once failed, stays failed. Nothing is written after the first failure, and every later call raises it again.
#include <doctest/doctest.h>

#include <boost/iostreams/close.hpp>
#include <reseal/error.hpp>
#include <reseal/filter.hpp>
#include <reseal/rewriter.hpp>

#include "laws/inputs.hpp"
#include "support/chunks.hpp"
#include "support/effort.hpp"
#include "support/octets.hpp"
#include "support/rewritten.hpp"
#include "support/substitute.hpp"

namespace reseal::failure_test {
using laws::Input;
using laws::TwinInput;
using support::Rewritten;

namespace {

struct Full : std::ios_base::failure {
    Full() : std::ios_base::failure("full") {}
};

/// Takes what fits into `room` bytes, throws at the first write that does not, and notes whether it is written to again.
struct NarrowSink final : reseal::Sink {
    explicit NarrowSink(std::size_t bytes) : room(bytes) {}
    void write(std::string_view bytes) override {
        written_after_failure = written_after_failure || failed;
        if (got.size() + bytes.size() > room) {
            failed = true;
            throw Full();
        }
        got += bytes;
    }
    std::size_t room;
    std::string got;
    bool failed = false, written_after_failure = false;
};

/// The same as a device.
struct NarrowDevice {
    using char_type = char;
    struct category : boost::iostreams::sink_tag {};
    NarrowSink* sink;
    std::streamsize write(const char* bytes, std::streamsize n) {
        sink->write({bytes, static_cast<std::size_t>(n)});
        return n;
    }
};

/// How often a call out of `calls` threw Full.
template <class... Calls>
int failures(Calls... calls) {
    int count = 0;
    auto one = [&](auto call) {
        try {
            call();
        } catch (const Full&) {
            ++count;
        }
    };
    (one(calls), ...);
    return count;
}

/// Every place where a sink can fail, for a program of some pages a sample of them.
std::size_t step(const TwinInput& input) { return input.bytes.size() < 4000 ? 1 : 1 + input.bytes.size() / 67; }

}  // namespace

TEST_CASE("a sink that fails is written to again, or its failure is forgotten") {
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        for (std::size_t room = 0; room < input.bytes.size(); room += step(input)) {
            NarrowSink sink(room);
            reseal::Rewriter rewriter(input.rules, sink);
            int first = failures([&] {
                for (std::string_view chunk : support::cut(input.bytes, 4097)) rewriter.write(chunk);
                rewriter.finish();
            });
            CAPTURE(room);
            REQUIRE(first == 1);
            REQUIRE(failures([&] { rewriter.write("more"); }, [&] { rewriter.finish(); }, [&] { rewriter.write(""); },
                             [&] { rewriter.finish(); }) == 4);
            REQUIRE_FALSE(sink.written_after_failure);
            REQUIRE(input.twin.compare(0, sink.got.size(), sink.got) == 0);
            REQUIRE(rewriter.report().bytes_out == sink.got.size());
        }
    }
}

TEST_CASE("a device that fails under the filter is written to again, or its failure is forgotten") {
    namespace io = boost::iostreams;
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        reseal::RewriteFilter filter(input.rules);
        for (std::size_t room = 0; room < input.bytes.size(); room += step(input)) {
            NarrowSink sink(room);
            NarrowDevice device{&sink};
            auto write = [&](std::string_view bytes) {
                filter.write(device, bytes.data(), static_cast<std::streamsize>(bytes.size()));
            };
            auto close = [&] { io::close(filter, device, std::ios_base::out); };
            auto writes = [&] {
                for (std::string_view chunk : support::cut(input.bytes, 4097)) write(chunk);
            };
            CAPTURE(room);
            // Met in a write or in the close; a close that raised it leaves a filter that is ready again.
            int in_writes = failures(writes, [&] { write("more"); });
            REQUIRE(failures(close) == 1);
            if (in_writes != 0) REQUIRE(in_writes == 2);
            REQUIRE_FALSE(sink.written_after_failure);
            if (in_writes != 0) REQUIRE(input.twin.compare(0, sink.got.size(), sink.got) == 0);
            REQUIRE(failures(close) == 0);
        }
    }
}

TEST_CASE("bytes go out after an image was refused") {
    for (const Input& input : laws::odd()) {
        std::string longer = input.bytes + std::string(70'000, 'z');
        NarrowSink sink(longer.size());
        reseal::Rewriter rewriter(input.rules, sink, input.options);
        std::size_t at_failure = 0;
        bool refused = false;
        try {
            for (std::string_view chunk : support::cut(longer, 1000)) rewriter.write(chunk);
            rewriter.finish();
        } catch (const reseal::Error& error) {
            refused = error.error() == reseal::ErrorCode::refused;
            at_failure = sink.got.size();
        }
        CAPTURE(input.name);
        if (!refused) {
            CHECK(sink.got.size() == longer.size());
            CHECK_THROWS_AS(rewriter.write("more"), reseal::Error);
            CHECK_THROWS_AS(rewriter.finish(), reseal::Error);
            CHECK(sink.got.size() == longer.size());
            continue;
        }
        CHECK(rewriter.report().bytes_in == longer.size());  // read to its end all the same
        // Of what comes behind the refused image nothing goes out. (Where it was the end that was missing, it may be code.)
        if (input.name.find("truncated") == std::string::npos) CHECK(sink.got.find(std::string(100, 'z')) == std::string::npos);
        CHECK(rewriter.report().bytes_out == at_failure);
        CHECK_THROWS_AS(rewriter.write("more"), reseal::Error);
        CHECK_THROWS_AS(rewriter.finish(), reseal::Error);
        CHECK(sink.got.size() == at_failure);
    }
}

TEST_CASE("what came out before a refusal is not the beginning of the rewritten stream") {
    for (const Input& input : laws::odd()) {
        Rewritten run = support::rewrite(input.rules, input.bytes, input.options, 1000);
        if (!run.refused()) continue;
        CAPTURE(input.name);
        std::string expected = support::substitute(input.rules.rules(), input.bytes).bytes;
        if (input.name == "fat, one slice of two refused" || input.name == "fat, truncated in a slice") {
            std::size_t second = support::big32(input.bytes, 8 + 20 + 8);  // the first slice has been resealed by then
            expected.replace(0, second, support::rewrite(input.rules, std::string_view(input.bytes).substr(0, second)).output);
        }
        CHECK(expected.compare(0, run.output.size(), run.output) == 0);
    }
}

TEST_CASE("what has gone out where an input breaks off depends on the chunks") {
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        for (std::size_t size = 0; size < input.bytes.size(); size += support::step(1 + input.bytes.size() / 17)) {
            CAPTURE(size);
            std::string whole;
            for (const std::size_t chunk : {std::size_t{1} << 30, std::size_t{1}, std::size_t{1000}, std::size_t{4097}}) {
                reseal::StringSink out;
                reseal::Rewriter rewriter(input.rules, out);
                for (std::string_view each : support::cut(std::string_view(input.bytes).substr(0, size), chunk))
                    rewriter.write(each);
                rewriter.settle();
                if (chunk > size) whole = out.bytes;
                CHECK((out.bytes == whole));
                CHECK(rewriter.report().bytes_out == whole.size());
                // And it may go on all the same.
                rewriter.write(std::string_view(input.bytes).substr(size));
                rewriter.finish();
                CHECK((out.bytes == input.twin));
            }
        }
    }
}

TEST_CASE("a refused image hides the next one from the report") {
    // Both slices are refused, each for its own reason; the report must name both.
    for (const Input& input : laws::odd()) {
        if (input.name != "fat, one slice of two refused") continue;
        std::string both = input.bytes;
        std::size_t first = both.find(input.rules[0].from, 16384 + 4096);
        both[first - 50] = static_cast<char>(both[first - 50] ^ 1);
        Rewritten run = support::rewrite(input.rules, both, input.options);
        std::size_t errors = 0;
        for (const reseal::Finding& finding : run.report.findings)
            errors += finding.severity == reseal::Severity::error ? 1 : 0;
        CHECK(errors == 2);
        REQUIRE(run.report.entries.size() == 1);
        REQUIRE(run.report.entries[0].images.size() == 2);
        CHECK(run.report.entries[0].images[0].status == reseal::ImageStatus::refused);
        CHECK(run.report.entries[0].images[1].status == reseal::ImageStatus::refused);
    }
}

}  // namespace reseal::failure_test
