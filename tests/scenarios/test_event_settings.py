"""DescribeEventConfig and ModifyEventConfig."""

import pytest

SWITCHES = ["UploadMediaCompleteEventSwitch", "DeleteMediaCompleteEventSwitch",
            "PersistenceCompleteEventSwitch"]


def config(client):
    response = client.call("DescribeEventConfig")
    response.pop("RequestId")
    return response


def test_a_new_application_pushes_to_nobody(client):
    assert config(client) == {"Mode": "PUSH", "NotificationUrl": "",
                              **dict.fromkeys(SWITCHES, "OFF")}


def test_what_is_left_out_stays_as_it_was(client):
    client.call("ModifyEventConfig", Mode="PULL", NotificationUrl="http://127.0.0.1:1/a")
    client.call("ModifyEventConfig", DeleteMediaCompleteEventSwitch="ON")
    client.call("ModifyEventConfig")
    expected = {"Mode": "PULL", "NotificationUrl": "http://127.0.0.1:1/a",
                **dict.fromkeys(SWITCHES, "OFF"), "DeleteMediaCompleteEventSwitch": "ON"}
    assert config(client) == expected


def test_an_empty_address_clears_it(client):
    client.call("ModifyEventConfig", NotificationUrl="http://127.0.0.1:1/a")
    client.call("ModifyEventConfig", NotificationUrl="")
    assert config(client)["NotificationUrl"] == ""


def test_null_counts_as_left_out(client):
    client.call("ModifyEventConfig", Mode="PULL", NotificationUrl=None)
    assert config(client)["Mode"] == "PULL"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a?b=c%20d", "https://example.com/",
                                 "http://[::1]:80/x", "http://example.com"])
def test_addresses_come_back_as_they_were_set(client, url):
    client.call("ModifyEventConfig", NotificationUrl=url)
    assert config(client)["NotificationUrl"] == url


def test_the_application_can_be_named(client):
    applications = client.call("DescribeSubAppIds")
    assert applications["TotalCount"] == 1
    default = applications["SubAppIdInfoSet"][0]
    assert default["Status"] == "On"
    client.call("ModifyEventConfig", SubAppId=default["SubAppId"], Mode="PULL")
    assert config(client)["Mode"] == "PULL"
