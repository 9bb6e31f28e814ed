// Deliveries and attempts of the native API as people read them, and which of them are news.
//
// Pure functions of the API's JSON; what is missing is left out, and what strangers sent is made
// harmless.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/client/screen/terminal.h"
#include "base/clock.h"
#include "base/json.h"

namespace hookreel::app::client {

// The head of a table of deliveries, and a line of it.
Row delivery_head();
Row delivery_row(const json::object& delivery, const Terminal& terminal, TimePoint now);

// Why it is where it is: "next in 4 min 3 s", "its endpoint is paused", the reason of a dead one.
std::string delivery_note(const json::object& delivery, TimePoint now);

// What to say of a delivery that was made due by hand: "5-12  retrying  to ep_x". When something
// holds it, what that is; of a pause also the command that ends it.
std::string retry_text(const json::object& delivery, TimePoint now);

// What to say of a delivery that was not tried for so long: "it is still waiting after 1 min: its
// endpoint is paused", and the error of the last attempt at its endpoint, unless that is empty.
std::string untried_text(const json::object& delivery, const json::object& last_attempt,
                         Duration waited, TimePoint now);

// A delivery as pairs of name and value.
std::vector<Row> delivery_facts(const json::object& delivery, const Terminal& terminal,
                                TimePoint now);

// The head of a table of attempts, and a line of it.
Row attempt_head();
Row attempt_row(const json::object& attempt, const Terminal& terminal);

// What went over the wire in an attempt: the heads, and the beginning of the answer's body, with
// empty lines between them. The others are indented by two.
std::vector<std::string> exchange_lines(const json::object& attempt);

// The time in a member; nothing when it is null or none.
std::optional<TimePoint> time_of(const json::object& object, std::string_view name);
// In local time, "-" when there is none.
std::string shown_time(const json::object& object, std::string_view name);

// Which deliveries changed since they were last looked at.
class DeliveryWatch {
 public:
    // Those of `newest_first` that are new or in another state or attempt than before, oldest
    // first. What is no longer in it is forgotten.
    std::vector<json::object> news(std::vector<json::object> newest_first);

 private:
    std::map<std::string, std::string> seen_;  // By id, what of it would be news.
};

}  // namespace hookreel::app::client
