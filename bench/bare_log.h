// The yardstick of the store: the least that makes an event durable.
//
// A file that was written full of zeros beforehand, one thread that appends what waits and syncs
// once for all of it, and an index of places in memory. It knows no records, leases, retries or
// limits, and cannot be reopened. Threads: one loop and its own.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "store/sqlite/mail/inbox.h"
#include "store/sqlite/mail/outbox.h"

namespace hookreel::bench {

class BareLog {
 public:
    BareLog(const std::string& path, std::size_t bytes) : bytes_(bytes) {
        descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        const std::string zeros(1 << 20, '\0');
        for (std::size_t at = 0; at < bytes; at += zeros.size())
            write(zeros, at);
        if (::fdatasync(descriptor_) != 0) throw std::runtime_error("sync failed");
        thread_ = std::thread([this] { run(); });
    }
    ~BareLog() {
        inbox_.close();
        thread_.join();
        ::close(descriptor_);
    }
    BareLog(const BareLog&) = delete;
    BareLog& operator=(const BareLog&) = delete;

    // Durable when it returns. A record that is `due` can be leased then.
    enum class Use { due, note };
    Task<int> append(std::string_view bytes, Use use) {
        const auto start = [this, bytes, use](store::Reply<int> reply) {
            const Executor loop = reply.loop();
            static_cast<void>(
                inbox_.put(loop, std::make_unique<Pending>(std::move(reply), bytes, use)));
        };
        co_return co_await store::await_reply<int>(start);
    }

    struct Place {
        std::size_t at = 0;
        std::size_t size = 0;
    };
    // Up to `count` records that are due, oldest first, read from the file.
    std::vector<std::string> lease(std::size_t count) {
        std::vector<Place> places;
        {
            const std::lock_guard lock(mutex_);
            for (; count > 0 && !due_.empty(); --count) {
                places.push_back(due_.front());
                due_.pop_front();
            }
        }
        std::vector<std::string> bodies;
        for (const Place& place : places) {
            std::string& body = bodies.emplace_back(place.size, '\0');
            if (::pread(descriptor_, body.data(), place.size, static_cast<off_t>(place.at)) < 0)
                throw std::runtime_error("read failed");
        }
        return bodies;
    }

 private:
    struct Pending {
        store::Reply<int> reply;
        std::string_view bytes;
        Use use;
    };

    void write(std::string_view bytes, std::size_t at) const {
        if (::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at)) < 0)
            throw std::runtime_error("write failed");
    }

    void run() {
        std::string group;
        std::vector<Place> due;
        store::Outbox outbox;
        while (true) {
            std::vector<std::unique_ptr<Pending>> work = inbox_.take(1024, std::nullopt);
            if (work.empty()) return;
            group.clear();
            due.clear();
            for (const std::unique_ptr<Pending>& pending : work) {
                const std::uint64_t size = pending->bytes.size();
                group.append(reinterpret_cast<const char*>(&size), sizeof size);
                if (pending->use == Use::due) due.push_back({end_ + group.size(), size});
                group += pending->bytes;
            }
            if (end_ + group.size() > bytes_) throw std::runtime_error("the log is too short");
            write(group, end_);
            if (::fdatasync(descriptor_) != 0) throw std::runtime_error("sync failed");
            end_ += group.size();
            {
                const std::lock_guard lock(mutex_);
                due_.insert(due_.end(), due.begin(), due.end());
            }
            for (const std::unique_ptr<Pending>& pending : work)
                pending->reply.send(outbox, 0);
            outbox.send();
        }
    }

    const std::size_t bytes_;
    int descriptor_ = -1;
    std::size_t end_ = 0;
    std::mutex mutex_;
    std::deque<Place> due_;
    store::Inbox<std::unique_ptr<Pending>> inbox_;
    std::thread thread_;
};

}  // namespace hookreel::bench
