// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <boost/iostreams/categories.hpp>
#include <boost/iostreams/detail/adapter/non_blocking_adapter.hpp>
#include <boost/iostreams/pipeline.hpp>
#include <boost/iostreams/read.hpp>
#include <boost/iostreams/traits.hpp>
#include <boost/iostreams/write.hpp>
#include <cstring>
#include <exception>
#include <ios>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>

namespace reseal {

/// A Rewriter as a filter of Boost.Iostreams: dual-use (it filters what is written as well as what is read), multichar,
/// closable and pipable.
///
///     #include <boost/iostreams/copy.hpp>
///     #include <boost/iostreams/device/file.hpp>
///     #include <boost/iostreams/filter/gzip.hpp>
///     #include <boost/iostreams/filtering_stream.hpp>
///     #include <fstream>
///     #include <iostream>
///     #include <reseal/filter.hpp>
///
///     namespace io = boost::iostreams;
///
///     // usage: filter IN.gz OUT FROM TO
///     int main(int argc, char** argv) {
///         if (argc != 5) return 1;
///         try {
///             reseal::RewriteFilter rewrite(reseal::Rules({{argv[3], argv[4]}}));
///             std::ifstream in(argv[1], std::ios::binary);
///             in.exceptions(std::ios::badbit | std::ios::failbit);
///             io::filtering_ostream out;
///             out.push(io::gzip_decompressor());
///             out.push(rewrite);
///             out.push(io::file_sink(argv[2], std::ios::binary));
///             io::copy(in, out);  // closes the chain, too: the output is whole, and sealed, only once this has returned
///             std::cout << rewrite.report().hits[0] << " replaced\n";
///         } catch (const std::ios_base::failure& failure) {
///             std::cerr << failure.what() << '\n';
///             return 1;
///         }
///     }
///
/// A sequence begins with the first byte written or the first read() and lasts until close(); then the filter is ready for
/// the next one. Copies share one sequence and its results (Boost copies a filter when it is pushed), so keep one to ask for
/// report(). A flush, std::endl included, does not release the bytes that are held back.
///
/// Failure, writing: an exception of the device below passes through write(), and every later write() throws it again without
/// writing. An image that is refused does not throw from write(): nothing more is written, but the input is still read so
/// that the report names every refused image. In both cases close() raises the first failure, having written nothing more.
/// Close explicitly (io::close(), or reset() of a stream or chain): Boost's destructors swallow what close() raises, and its
/// sync() what write() raises.
///
/// Failure, reading: all bytes that came before it are handed out first, however many are asked for at once; the next read()
/// raises it, and so does every later one, and close(). An image that is refused is met where no more bytes can be handed out;
/// the input is read to its end first.
///
/// When close() is called by the unwinding of a stack, because of an exception thrown since the filter was made or last
/// closed, the sequence is dropped: nothing is written, nothing is raised, report() stays as it was. A sequence that was not
/// read to its end is dropped in the same way.
class RewriteFilter {
public:
    using char_type = char;
    struct category : boost::iostreams::dual_use,
                      boost::iostreams::filter_tag,
                      boost::iostreams::multichar_tag,
                      boost::iostreams::closable_tag,
                      boost::iostreams::optimally_buffered_tag {};

    explicit RewriteFilter(Rules rules, Options options = {})
        : state_(std::make_shared<State>(std::move(rules), std::move(options))) {}

    /// Of the last sequence that came to its end, with or without a failure. One of the device below or above is no end of
    /// the sequence as far as reading goes; closing without a byte written is no sequence.
    const Report& report() const { return state_->report; }
    Work work() const { return state_->work; }

    /// Bytes Boost gathers for one write() or asks of one read(); its own choice for filters is 128.
    std::streamsize optimal_buffer_size() const { return buffer_size; }

    /// Always takes all `n` bytes, or throws.
    template <class Device>
    std::streamsize write(Device& device, const char* bytes, std::streamsize n) {
        if (n <= 0) return 0;
        DeviceSink<Device> sink(device);
        state_->begin(Direction::writing);
        state_->relay.to = &sink;
        state_->rewriter->write({bytes, static_cast<std::size_t>(n)});
        return n;
    }

    /// Fills all `n` bytes but at the end (-1 behind it), or where `device` has nothing to give for now.
    template <class Device>
    std::streamsize read(Device& device, char* bytes, std::streamsize n) {
        if (n <= 0) return 0;
        state_->begin(Direction::reading);
        std::streamsize done = 0;
        while (true) {
            done += state_->take(bytes + done, n - done);
            if (done == n) return done;
            if (state_->failure) {
                if (done != 0) return done;
                std::rethrow_exception(state_->failure);
            }
            if (state_->ended) return done != 0 ? done : -1;
            try {
                std::streamsize got = boost::iostreams::read(device, state_->input.data(), buffer_size);
                if (got == 0) return done;
                state_->feed(got);
            } catch (const std::exception&) {
                state_->failure = std::current_exception();  // raised when what came before it has been handed out
            } catch (...) {
                state_->failure = std::current_exception();
                throw;  // at once: it may be a coroutine's end
            }
        }
    }

    /// Ends the sequence if its direction is `which`; Boost calls this for directions that were never used, too.
    template <class Device>
    void close(Device& device, std::ios_base::openmode which) {
        if (which == std::ios_base::in && state_->direction == Direction::reading) state_->close_reading();
        if constexpr (std::is_convertible_v<typename boost::iostreams::category_of<Device>::type, boost::iostreams::output>) {
            if (which == std::ios_base::out && state_->direction == Direction::writing) {
                DeviceSink<Device> sink(device);
                state_->close_writing(sink);
            }
        }
    }

private:
    static constexpr std::streamsize buffer_size = std::streamsize{64} * 1024;
    enum class Direction { none, reading, writing };

    /// A device as a sink. Devices may take fewer bytes than they are given, none for a while too; one that takes none for as
    /// long as this is not busy but broken (a std::ostream on a full disk answers like that for ever).
    template <class Device>
    class DeviceSink final : public Sink {
    public:
        explicit DeviceSink(Device& device) : device_(device) {}
        void write(std::string_view bytes) override {
            for (int refused = 0; !bytes.empty();) {
                std::streamsize taken = pass(device_, bytes);
                if (taken > 0) {
                    bytes.remove_prefix(static_cast<std::size_t>(taken));
                    refused = 0;
                } else if (++refused == patience) {
                    throw Error(ErrorCode::io, "the device below takes no more bytes");
                }
            }
        }

    private:
        static constexpr int patience = 4096;  // Boost's own test device takes none in one call of six
        template <class D>
        static std::streamsize pass(D& device, std::string_view bytes) {
            return boost::iostreams::write(device, bytes.data(), static_cast<std::streamsize>(bytes.size()));
        }
        // Boost hands close() such an adapter, whose own loop never ends on a device that takes nothing.
        template <class D>
        static std::streamsize pass(boost::iostreams::non_blocking_adapter<D>& adapter, std::string_view bytes) {
            return pass(adapter.device_, bytes);
        }
        Device& device_;
    };

    /// The rewriter's sink for a whole sequence: each call brings its own device.
    struct Relay final : Sink {
        void write(std::string_view bytes) override { to->write(bytes); }
        Sink* to = nullptr;
    };

    struct State {
        State(Rules r, Options o) : rules(std::move(r)), options(std::move(o)) {}

        void begin(Direction wanted) {
            if (direction == wanted) return;
            if (failure) std::rethrow_exception(failure);
            if (direction != Direction::none)
                throw Error(ErrorCode::misuse, "a filter cannot be read from and written to at once");
            rewriter.emplace(rules, relay, options);
            if (wanted == Direction::reading) {
                input.resize(static_cast<std::size_t>(buffer_size));
                relay.to = &output;
            }
            calm = std::min(calm, std::uncaught_exceptions());
            direction = wanted;
        }

        /// What read() has ready.
        std::streamsize take(char* to, std::streamsize most) {
            std::size_t count = std::min(output.bytes.size() - taken, static_cast<std::size_t>(most));
            std::memcpy(to, output.bytes.data() + taken, count);
            taken += count;
            if (taken == output.bytes.size()) {
                output.bytes.clear();
                taken = 0;
            }
            return static_cast<std::streamsize>(count);
        }

        /// `got` bytes of `input`; negative: the end.
        void feed(std::streamsize got) {
            try {
                if (got > 0) return rewriter->write({input.data(), static_cast<std::size_t>(got)});
            } catch (...) {
                finish(*rewriter);  // completes the report and throws the same again
            }
            ended = true;
            finish(*rewriter);
        }

        void close_reading() {
            std::exception_ptr first = unwinding() ? nullptr : failure;
            reset();
            if (first) std::rethrow_exception(first);
        }

        void close_writing(Sink& sink) {
            bool dropped = unwinding();
            std::optional<Rewriter> last = std::exchange(rewriter, std::nullopt);
            reset();
            relay.to = &sink;
            if (!dropped) finish(*last);
        }

        void finish(Rewriter& last) {
            try {
                last.finish();
            } catch (...) {
                keep(last);
                throw;
            }
            keep(last);
        }

        void keep(const Rewriter& last) {
            report = last.report();
            work = last.work();
        }

        /// Compared with when the filter became ready, not with the first write: a stream's destructor may well be what
        /// flushes the first bytes down to us.
        bool unwinding() const { return std::uncaught_exceptions() > calm; }

        void reset() {
            direction = Direction::none;
            rewriter.reset();
            failure = nullptr;
            ended = false;
            input = {};
            output = {};
            taken = 0;
            calm = std::uncaught_exceptions();
        }

        Rules rules;
        Options options;
        Report report;
        Work work;
        int calm = std::uncaught_exceptions();
        Direction direction = Direction::none;
        Relay relay;
        std::optional<Rewriter> rewriter;
        // reading only
        std::exception_ptr failure;
        bool ended = false;
        std::string input;
        StringSink output;
        std::size_t taken = 0;
    };

    std::shared_ptr<State> state_;
};
BOOST_IOSTREAMS_PIPABLE(RewriteFilter, 0)

}  // namespace reseal
