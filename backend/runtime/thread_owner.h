// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace runtime {

// The threads of a program: started, named and joined in one place, by main (or by a test). Rooms give bodies, never
// threads. Each body must end once its room is stopped: joining waits without limit. Used from one thread.
class ThreadOwner {
public:
    // A body threw: the callback gets the thread's name and what was thrown, on that thread, and the thread ends.
    // Without one the program ends (std::terminate), as with a plain std::thread.
    using Failure = std::function<void(std::string_view name, std::string_view what)>;

    explicit ThreadOwner(Failure onFailure = {});
    ~ThreadOwner(); // joins
    ThreadOwner(const ThreadOwner&) = delete;
    ThreadOwner& operator=(const ThreadOwner&) = delete;

    // Where the machine is busy:
    enum class Turn : std::uint8_t {
        AtOnce,    // runs as soon as it is woken, before who runs then, where its share allows
        Promptly,  // … and is given its share in small pieces, and so sooner
        InBatches, // waits until who runs has come to rest or used its share: for who serves many at once, and each for
                   // less the more it finds
        Background // … and gets a tenth of the others' share
    };
    // The name is shown by top and debuggers, cut to the 15 bytes that Linux takes.
    void start(std::string name, std::function<void()> body, Turn turn = Turn::AtOnce);
    // Waits for all threads, in the order of their start.
    void join();

private:
    Failure m_onFailure;
    std::vector<std::thread> m_threads;
};

} // namespace runtime
