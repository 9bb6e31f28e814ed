// Random histories of one endpoint, beside a model of it that is easy to believe.
//
// The lane, the schedule and the classification are driven by hand: a steady clock that jumps, a
// queue of events, answers by chance. The model counts attempts and adds up delays.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "delivery/lane.h"
#include "delivery/rules/schedule.h"

namespace hookreel::delivery {
namespace {

using namespace std::chrono_literals;

class NoRenderer final : public Renderer {
 public:
    Result<http::ClientRequest> render(const model::Endpoint&, const store::Lease&,
                                       TimePoint) const override {
        return http::ClientRequest();
    }
};

// What the model knows of an event.
struct Told {
    int attempts = 0;  // That were charged.
    Duration due{0};   // Not before.
    enum class End { none, delivered, dead } end = End::none;
};

struct Flight {
    Parcel parcel;
    Duration begun{0};
    Duration ends{0};
    Answer answer;
};

// A world of one endpoint, and everything that must hold of it at each step.
class History {
 public:
    explicit History(std::uint32_t seed)
        : random_(seed), lane_(share(endpoint()), &renderer_, rules_) {}

    void run() {
        for (int i = 0; i < 60; ++i)
            events_.emplace(i, Told{});
        for (int step = 0; step < 20'000 && open() > 0; ++step) {
            now_ += Duration(pick(0, 400));
            if (pick(0, 60) == 0) answers_well_ = pick(0, 2) > 0;
            land();
            lease();
            while (lane_.may_send(steady()))
                if (!launch()) break;
            check();
        }
        EXPECT_EQ(open(), 0u) << "some event never ended";
    }

 private:
    static constexpr Duration timeout{1'000};

    int pick(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random_);
    }
    Instant steady() const { return Instant(1h + now_); }
    TimePoint wall() const { return from_unix_seconds(1'800'000'000) + now_; }

    model::Endpoint endpoint() {
        model::Endpoint made;
        made.url = "http://a/";
        made.in_flight_max = pick(1, 6);
        made.schedule.timeout = timeout;
        made.schedule.success = model::Success::any_2xx;
        made.schedule.jitter_percent = pick(0, 1) * 50;
        made.schedule.follows_answer = model::Switch::on;
        for (int i = pick(0, 5); i > 0; --i)
            made.schedule.delays.emplace_back(pick(0, 3) * 1'000);
        return made;
    }

    Answer answer() {
        const auto with = [](int status, std::string after) {
            http::ClientResponse response{.status = status, .headers = {}, .body = {}};
            if (!after.empty()) response.headers.add("Retry-After", std::move(after));
            return Answer(std::move(response));
        };
        if (answers_well_ && pick(0, 9) > 0) return with(204, "");
        switch (pick(0, 5)) {
            case 0:
                return with(500, "");
            case 1:
                return with(503, std::to_string(pick(0, 20)));
            case 2:
                return fail(Code::timed_out, "timeout: 1 s");
            case 3:
                return fail(Code::network, "ours: no name server answers");
            case 4:
                return fail(Code::cancelled, "stopping");
            default:
                return fail(Code::network, "connect: refused");
        }
    }

    std::size_t open() const {
        return static_cast<std::size_t>(std::ranges::count_if(
            events_, [](const auto& item) { return item.second.end == Told::End::none; }));
    }

    // The store: what is due and nobody has.
    void lease() {
        std::vector<store::Lease> leases;
        int room = lane_.room(steady());
        for (auto& [number, told] : events_) {
            if (room == 0) break;
            if (told.end != Told::End::none || told.due > now_ || held_.contains(number)) continue;
            store::Lease lease;
            lease.event = model::EventId(std::to_string(number));
            lease.attempt = told.attempts + 1;
            leases.push_back(std::move(lease));
            held_.insert({number, true});
            --room;
        }
        lane_.add(std::move(leases));
        for (const store::Lease& back : lane_.take_unsendable(steady()))
            held_.erase(std::stoi(back.event.text()));
    }

    bool launch() {
        std::optional<Parcel> parcel = lane_.begin(slots_, steady());
        if (!parcel) return false;
        EXPECT_EQ(parcel->leases.size(), 1u);
        slots_.take(parcel->turn);
        const Duration took(pick(1, static_cast<int>(timeout.count())));
        flights_.push_back({std::move(*parcel), now_, now_ + took, answer()});
        return true;
    }

    void land() {
        for (auto flight = flights_.begin(); flight != flights_.end();) {
            if (flight->ends > now_) {
                ++flight;
                continue;
            }
            end(*flight);
            flight = flights_.erase(flight);
        }
    }

    void end(const Flight& flight) {
        const store::Lease& lease = flight.parcel.leases.front();
        const int number = std::stoi(lease.event.text());
        Told& told = events_.at(number);
        const model::Schedule& schedule = lane_.endpoint().schedule;
        const double random = pick(0, 100) / 100.0;
        const Outcome result =
            outcome(schedule, {lease.attempt, lane_.own_faults(), random, wall()}, flight.answer);
        const Verdict said = verdict(schedule, flight.answer);
        expect(told, schedule, result, said);
        lane_.heard({said, Instant(1h + flight.begun), Instant(1h + flight.ends)}, wall());
        lane_.end(flight.parcel.keys);
        slots_.give(flight.parcel.turn);
        held_.erase(number);
        failures_in_a_row_ = said == Verdict::taken ? 0 : failures_in_a_row_ + 1;
    }

    // The model's own words on what must come of a send.
    void expect(Told& told, const model::Schedule& schedule, const Outcome& result, Verdict said) {
        const auto* retry = std::get_if<Retry>(&result);
        if (is_charged(said)) ++told.attempts;
        if (said == Verdict::taken) {
            EXPECT_TRUE(std::holds_alternative<Delivered>(result));
            told.end = Told::End::delivered;
        } else if (!is_charged(said)) {
            ASSERT_NE(retry, nullptr) << "a fault of ours must not end an event";
            EXPECT_EQ(retry->counted, Retry::Counted::no);
        } else if (static_cast<std::size_t>(told.attempts) > schedule.delays.size()) {
            EXPECT_TRUE(std::holds_alternative<Dead>(result));
            told.end = Told::End::dead;
        } else {
            ASSERT_NE(retry, nullptr) << "it has sends left";
            const Duration step = schedule.delays[static_cast<std::size_t>(told.attempts) - 1];
            EXPECT_GE(retry->delay, step);
            EXPECT_LE(retry->delay, 2 * step);
            EXPECT_EQ(retry->counted, Retry::Counted::yes);
        }
        if (retry != nullptr) told.due = now_ + retry->delay;
    }

    void check() {
        EXPECT_LE(lane_.in_flight(), lane_.endpoint().in_flight_max);
        EXPECT_EQ(lane_.in_flight(), static_cast<int>(flights_.size()));
        // Who failed seldom is never held back.
        if (failures_in_a_row_ < Breaker::failures_max) {
            EXPECT_NE(lane_.state(), Lane::State::held_back);
        }
        if (lane_.state() == Lane::State::held_back) {
            EXPECT_LE(lane_.pause(steady()), 60s);
        }
    }

    std::mt19937 random_;
    NoRenderer renderer_;
    HealthRules rules_{.disable_after = 0ms};
    Lane lane_;
    Slots slots_{4};
    Duration now_{0};
    std::map<int, Told> events_;
    std::map<int, bool> held_;
    std::vector<Flight> flights_;
    int failures_in_a_row_ = 0;
    bool answers_well_ = true;
};

TEST(Histories, EndAsTheModelSays) {
    for (std::uint32_t seed = 1; seed <= 300 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        History(seed).run();
    }
}

}  // namespace
}  // namespace hookreel::delivery
